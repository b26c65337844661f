//! Events of receipts: what the points of a receipt may wait for, such as its delivery.

use super::body::Body;
use super::problem::Problem;
use super::receipts::created;
use super::{ApiState, Integration, ids};
use crate::pipeline::{Intent, Subject};
use crate::store::nouns::directories::NaturalKey;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use symbolon_core::engine::Activity;
use symbolon_core::values::Key;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventIn {
    /// The id of an event that the programme declares.
    event: String,
    at: Option<Timestamp>,
}

/// An event happens to a receipt once, so it needs no key: the same one again gets the first
/// answer.
pub async fn of_receipt(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<EventIn>,
) -> Result<Response, Problem> {
    let of = ids::parse_activity(&id)?;
    let natural = NaturalKey {
        kind: "event",
        key: serde_json::json!([ids::receipt(of), body.event]).to_string(),
    };
    let activity = Activity::Event { of, event: Key::new(&body.event) };
    let intent = Intent { activity: activity.clone(), natural: Some(natural), label: None };
    let command = state.command(&caller, Subject::OwnerOf(of), intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}
