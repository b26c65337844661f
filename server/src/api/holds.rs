//! Holds: a checkout that is reserved for some minutes, then confirmed or cancelled.

use super::body::Body;
use super::problem::{Code, Problem};
use super::receipts::{ReceiptIn, booked, command_of, created};
use super::{ApiState, Integration, blocking, ids};
use crate::app::{held_purchase, natural_key};
use crate::pipeline::{Command, Intent, Subject};
use crate::store::nouns::directories::fingerprint_of;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use symbolon_core::engine::{Activity, Purchase};

/// How long a checkout is held where nothing is said.
const MINUTES: u32 = 15;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldIn {
    /// For how long; a week at most.
    minutes: Option<u32>,
    /// As for a receipt, without its number.
    receipt: ReceiptIn,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmIn {
    /// The number of the receipt.
    number: Option<String>,
    business_date: Option<Date>,
    at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelIn {
    at: Option<Timestamp>,
}

/// Reserves what a checkout takes, and promises what it gives.
pub async fn hold(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<HoldIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    if body.receipt.has_number() {
        let detail = "the receipt gets its number when the hold is confirmed";
        return Err(Problem::new(Code::BodyInvalid, detail));
    }
    let minutes = body.minutes.unwrap_or(MINUTES);
    let command = command_of(&state, &caller, body.receipt).await?;
    let Activity::Purchase(purchase) = command.intent.activity else {
        return Err(Problem::new(Code::BodyInvalid, "only a checkout can be held"));
    };
    let activity = Activity::Hold { purchase, minutes };
    let intent = Intent { activity, natural: None, label: None };
    let fingerprint = |of| fingerprint_of(&(of, "hold", minutes));
    let content = fingerprint(command.content).map_err(|error| Problem::internal(&error))?;
    let request = fingerprint(command.request).map_err(|error| Problem::internal(&error))?;
    booked(&state, &caller, Command { intent, content, request, ..command }).await
}

/// Books the receipt that was held, with what was promised.
pub async fn confirm(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<ConfirmIn>,
) -> Result<Response, Problem> {
    let hold = ids::parse_activity(&id)?;
    if body.number.is_none() {
        caller.require_idempotency()?;
    }
    let app = state.app.clone();
    let held = blocking(move || held_purchase(&app, hold)).await?;
    let held = held.ok_or_else(|| Problem::new(Code::ActivityNotFound, "there is no such hold"))?;
    let purchase = Purchase { hold: Some(hold), ..held };
    let moments = state.moments(body.at);
    let at = moments.given.unwrap_or(moments.recorded);
    let programmes = state.app.programmes();
    let zone = programmes.latest().map(|latest| &latest.programme.zone);
    let day = body.business_date.or_else(|| zone.map(|zone| zone.day(at)));
    let natural = body.number.as_deref().map(|number| {
        let (location, till) = (purchase.location.as_deref(), purchase.till.as_deref());
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        natural_key("receipt", [location.unwrap_or(""), till.unwrap_or(""), number, &day])
    });
    let activity = Activity::Purchase(purchase);
    let intent = Intent { activity: activity.clone(), natural, label: body.number };
    let command = state.command(&caller, Subject::OwnerOf(hold), intent, moments)?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

/// Gives back all that was reserved. A hold ends once by its nature, so this needs no key.
pub async fn cancel(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<CancelIn>,
) -> Result<Response, Problem> {
    let of = ids::parse_activity(&id)?;
    let app = state.app.clone();
    let held = blocking(move || held_purchase(&app, of)).await?;
    if held.is_none() {
        return Err(Problem::new(Code::ActivityNotFound, "there is no such hold"));
    }
    let activity = Activity::Void { of };
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let command = state.command(&caller, Subject::OwnerOf(of), intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}
