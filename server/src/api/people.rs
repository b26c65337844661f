//! Members among each other: who brought whom, points for another member, two members that are one.

use super::body::{Body, DecimalText};
use super::members::MemberRef;
use super::problem::{Code, Problem};
use super::receipts::created;
use super::{ApiState, Integration, ids};
use crate::app::{referral_identifier, with_other};
use crate::pipeline::{Command, Intent, OtherMember, Subject};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use symbolon_core::engine::Activity;
use symbolon_core::values::{Key, MemberId};

/// How a caller names another member: like any member, or by the code that friends pass on.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OtherRef {
    Code(CodeRef),
    Member(MemberRef),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRef {
    code: String,
}

impl OtherRef {
    pub fn other(&self) -> Result<OtherMember, Problem> {
        match self {
            Self::Code(CodeRef { code }) => {
                referral_identifier(code).map(OtherMember::Identified).ok_or_else(|| {
                    let detail = "a code for friends has 13 characters, of which the last is made of \
                                  the others: at least one was mistyped";
                    Problem::new(Code::CodeMistyped, detail)
                })
            }
            Self::Member(member) => match member.subject()? {
                Subject::Member(id) => Ok(OtherMember::Member(id)),
                Subject::Identified(identifier) => Ok(OtherMember::Identified(identifier)),
                _ => Err(Problem::new(Code::IdentifierInvalid, "name the other member")),
            },
        }
    }
}

/// Adds the other member to a command.
pub fn naming(command: Command, other: OtherMember) -> Result<Command, Problem> {
    with_other(command, other).map_err(|error| Problem::internal(&error))
}

/// What is filled in when the other member is looked up.
const NOBODY: MemberId = MemberId::new(0);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributionIn {
    referrer: OtherRef,
    reason: String,
    at: Option<Timestamp>,
}

/// Writes down who brought a member that joined by itself (R4).
pub async fn attribute(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<AttributionIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let (reason, actor) = (body.reason, caller.key_name.clone());
    let activity = Activity::Attribution { line: Vec::new(), reason, actor };
    let subject = Subject::Member(ids::parse_member(&id)?);
    submit(&state, &caller, (subject, body.at), activity, body.referrer.other()?).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferIn {
    to: OtherRef,
    points: String,
    amount: DecimalText,
    at: Option<Timestamp>,
}

/// Points for another member. It is taken back like a receipt: by a void.
pub async fn transfer(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<TransferIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let programmes = state.app.programmes();
    let decimals = programmes
        .latest()
        .and_then(|latest| latest.programme.find_points(&body.points))
        .map_or(0, |(_, kind)| kind.decimals);
    let amount = body.amount.points("amount", decimals)?;
    let activity = Activity::Transfer { to: NOBODY, points: Key::new(&body.points), amount };
    let subject = Subject::Member(ids::parse_member(&id)?);
    submit(&state, &caller, (subject, body.at), activity, body.to.other()?).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeIn {
    into: OtherRef,
    at: Option<Timestamp>,
}

/// The member is the same as another one.
pub async fn merge(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<MergeIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let activity = Activity::Merge { into: NOBODY };
    let subject = Subject::Exactly(ids::parse_member(&id)?);
    submit(&state, &caller, (subject, body.at), activity, body.into.other()?).await
}

async fn submit(
    state: &ApiState,
    caller: &Integration,
    (subject, at): (Subject, Option<Timestamp>),
    activity: Activity,
    other: OtherMember,
) -> Result<Response, Problem> {
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let command = state.command(caller, subject, intent, state.moments(at))?;
    let answer = state.submit(caller, naming(command, other)?).await?;
    Ok(created(state, caller, &answer, &activity))
}
