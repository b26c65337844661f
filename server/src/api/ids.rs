//! Ids as callers see them: the prefix says what a thing is.

use super::problem::{Code, Problem};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use symbolon_core::engine::Activity;
use symbolon_core::values::{ActivityId, MemberId};

/// The id in a path, as it was sent. What is no text at all is no id of ours.
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::new(Code::NotFound, "the path is not readable text")),
        }
    }
}

const RECEIPT: &str = "rcp";
const HOLD: &str = "hld";
const RETURN: &str = "ret";
const REDEMPTION: &str = "red";
const BATCH: &str = "bat";

fn with_prefix(id: ActivityId, prefix: &str) -> String {
    let text = id.to_string();
    let digits = text.split_once('_').map_or("", |(_, digits)| digits);
    format!("{prefix}_{digits}")
}

pub fn receipt(id: ActivityId) -> String {
    with_prefix(id, RECEIPT)
}

/// The id of an activity with the prefix of its kind.
pub fn of_activity(id: ActivityId, activity: &Activity) -> String {
    match activity {
        Activity::Purchase(_) => with_prefix(id, RECEIPT),
        Activity::Hold { .. } => with_prefix(id, HOLD),
        Activity::Return { .. } | Activity::Void { .. } => with_prefix(id, RETURN),
        Activity::Redemption { .. } => with_prefix(id, REDEMPTION),
        _ => id.to_string(),
    }
}

/// Reads the id of a receipt, a return, a redemption or another activity.
pub fn parse_activity(text: &str) -> Result<ActivityId, Problem> {
    let digits = text.split_once('_').filter(|(prefix, _)| {
        [RECEIPT, RETURN, REDEMPTION, HOLD, ActivityId::PREFIX].contains(prefix)
    });
    digits
        .and_then(|(_, digits)| format!("{}_{digits}", ActivityId::PREFIX).parse().ok())
        .ok_or_else(|| {
            Problem::new(Code::ActivityNotFound, format!("`{text}` is not the id of a receipt"))
        })
}

/// The id of a batch of instruments.
pub fn batch(number: u128) -> String {
    with_prefix(ActivityId::new(number), BATCH)
}

pub fn parse_batch(text: &str) -> Option<u128> {
    let (prefix, digits) = text.split_once('_')?;
    let id: ActivityId = format!("{}_{digits}", ActivityId::PREFIX).parse().ok()?;
    (prefix == BATCH).then_some(id.number())
}

pub fn parse_member(text: &str) -> Result<MemberId, Problem> {
    text.parse().map_err(|_| {
        Problem::new(Code::MemberNotFound, format!("`{text}` is not the id of a member"))
    })
}
