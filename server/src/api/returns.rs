//! Returns and voids of receipts.

use super::body::{Body, DecimalText};
use super::problem::{Code, Problem};
use super::receipts::created;
use super::{ApiState, Integration, ids, members};
use crate::app::natural_key;
use crate::pipeline::{Intent, Subject};
use crate::store::nouns::directories::NaturalKey;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use symbolon_core::engine::{Activity, Returned};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnIn {
    /// The number of the return; of one receipt, a number is booked once.
    number: Option<String>,
    at: Option<Timestamp>,
    lines: Vec<LineIn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn {
    /// The line of the receipt, counted from 1.
    line: u32,
    quantity: DecimalText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidIn {
    at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnWithoutReceiptIn {
    number: Option<String>,
    location: Option<String>,
    till: Option<String>,
    at: Option<Timestamp>,
    member: members::MemberRef,
    products: Vec<ProductIn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductIn {
    product: String,
    quantity: DecimalText,
}

pub async fn of_receipt(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<ReturnIn>,
) -> Result<Response, Problem> {
    let receipt = ids::parse_activity(&id)?;
    if body.number.is_none() {
        caller.require_idempotency()?;
    }
    let mut lines = Vec::with_capacity(body.lines.len());
    for (position, line) in body.lines.iter().enumerate() {
        let quantity = line.quantity.quantity(&format!("lines[{position}].quantity"))?;
        let number = line
            .line
            .checked_sub(1)
            .ok_or_else(|| Problem::new(Code::BodyInvalid, "lines are counted from 1"))?;
        lines.push((number, quantity));
    }
    let natural = body.number.as_deref().map(|number| NaturalKey {
        kind: "return",
        key: serde_json::json!([ids::receipt(receipt), number]).to_string(),
    });
    let activity = Activity::Return { returned: Returned::OfReceipt { receipt, lines } };
    let intent = Intent { activity: activity.clone(), natural, label: body.number };
    let command =
        state.command(&caller, Subject::OwnerOf(receipt), intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

/// Takes everything back that is left of a receipt, an action or a redemption. Voiding is
/// done once by its nature, so it needs no key.
pub async fn void(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<VoidIn>,
) -> Result<Response, Problem> {
    let of = ids::parse_activity(&id)?;
    let activity = Activity::Void { of };
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let command = state.command(&caller, Subject::OwnerOf(of), intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

pub async fn without_receipt(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<ReturnWithoutReceiptIn>,
) -> Result<Response, Problem> {
    if body.number.is_none() {
        caller.require_idempotency()?;
    }
    let mut products = Vec::with_capacity(body.products.len());
    for (position, product) in body.products.iter().enumerate() {
        let quantity = product.quantity.quantity(&format!("products[{position}].quantity"))?;
        products.push((product.product.clone(), quantity));
    }
    let moments = state.moments(body.at);
    let at = moments.given.unwrap_or(moments.recorded);
    let programmes = state.app.programmes();
    let day = programmes.latest().map(|latest| latest.programme.zone.day(at).to_string());
    let natural = body.number.as_deref().map(|number| {
        let (location, till) = (body.location.as_deref(), body.till.as_deref());
        let day = day.unwrap_or_default();
        natural_key("return", [location.unwrap_or(""), till.unwrap_or(""), number, &day])
    });
    let activity = Activity::Return { returned: Returned::WithoutReceipt { products } };
    let intent = Intent { activity: activity.clone(), natural, label: body.number };
    let subject = state.subject(&body.member).await?;
    let command = state.command(&caller, subject, intent, moments)?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}
