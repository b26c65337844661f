//! `/v1/redemptions`: rewards taken without a receipt.

use super::body::Body;
use super::problem::Problem;
use super::receipts::created;
use super::{ApiState, Integration, members};
use crate::pipeline::Intent;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use symbolon_core::engine::Activity;
use symbolon_core::values::Key;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedemptionIn {
    member: members::MemberRef,
    reward: String,
    /// Who of a company or a household takes it.
    contact: Option<String>,
    at: Option<Timestamp>,
}

pub async fn book(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<RedemptionIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let contact = body.contact.as_deref().map(Key::new);
    let activity = Activity::Redemption { reward: Key::new(&body.reward), contact };
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let subject = state.subject(&body.member).await?;
    let command = state.command(&caller, subject, intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}
