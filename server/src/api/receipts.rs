//! `/v1/quotes` and `/v1/receipts`.

use super::body::{Body, DecimalText};
use super::problem::{Code, Problem, of_failure};
use super::{ApiState, Integration, blocking, ids, members, views};
use crate::app::{natural_key, receipt_fetch};
use crate::pipeline::{Command, Intent, Subject};
use crate::store::nouns::directories::fingerprint_of;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::engine::{Activity, Claim, LINES_MAX, Line, LineKind, Purchase};
use symbolon_core::values::{Currency, Key};

/// A receipt as a till sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptIn {
    /// The number on the receipt; with location, till and business date it is booked once.
    number: Option<String>,
    location: Option<String>,
    till: Option<String>,
    /// The day it counts for in the shop's books; the local day of `at` where it is not given.
    business_date: Option<Date>,
    /// When it happened; now, where it is not given.
    at: Option<Timestamp>,
    currency: Option<String>,
    member: Option<members::MemberRef>,
    cashier: Option<String>,
    lines: Vec<LineIn>,
    #[serde(default)]
    rewards: Vec<ClaimIn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn {
    /// goods, delivery or certificate; goods, where it is not given.
    kind: Option<String>,
    product: String,
    category: Option<String>,
    brand: Option<String>,
    quantity: DecimalText,
    unit_price: DecimalText,
    unit_cost: Option<DecimalText>,
    lowest_price: Option<DecimalText>,
    /// The tax that the price holds, in per cent.
    tax_percent: Option<DecimalText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimIn {
    reward: String,
    /// Which line becomes free, counted from 1.
    line: Option<u32>,
}

/// Decides about a receipt and books nothing.
pub async fn quote(
    State(state): State<ApiState>,
    caller: Integration,
    Body(receipt): Body<ReceiptIn>,
) -> Result<Json<Value>, Problem> {
    let command = command_of(&state, &caller, receipt)?;
    // A quote is no operation: it takes no key and leaves none behind.
    let command = Command { idempotency: None, ..command };
    let (app, asked) = (state.app.clone(), command.clone());
    let answer = blocking(move || app.quote(&asked)).await?;
    let answer = answer.map_err(|failure| of_failure(&state.app, caller.language, &failure))?;
    let mut view = views::answer(&state.app, &answer, &command.intent.activity, caller.language);
    if let Some(view) = view.as_object_mut() {
        // Nothing has this id: it would mislead whoever keeps it.
        view.remove("id");
    }
    Ok(Json(view))
}

pub async fn book(
    State(state): State<ApiState>,
    caller: Integration,
    Body(receipt): Body<ReceiptIn>,
) -> Result<Response, Problem> {
    if receipt.number.is_none() {
        caller.require_idempotency()?;
    }
    let command = command_of(&state, &caller, receipt)?;
    let activity = command.intent.activity.clone();
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

/// 201 for what was booked now, 200 for what was booked before.
pub fn created(
    state: &ApiState,
    caller: &Integration,
    answer: &crate::pipeline::Answer,
    activity: &Activity,
) -> Response {
    let status = if answer.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let view = views::answer(&state.app, answer, activity, caller.language);
    let mut response = (status, Json(view)).into_response();
    if answer.replayed {
        let yes = axum::http::HeaderValue::from_static("true");
        response.headers_mut().insert("idempotent-replayed", yes);
    }
    response
}

fn command_of(
    state: &ApiState,
    caller: &Integration,
    receipt: ReceiptIn,
) -> Result<Command, Problem> {
    let programmes = state.app.programmes();
    let programme = &programmes
        .latest()
        .ok_or_else(|| Problem::new(Code::Busy, "publish a programme first"))?
        .programme;
    let currency = programme.currency;
    if let Some(given) = receipt.currency.as_deref().filter(|given| *given != currency.code()) {
        let detail = format!("the receipt is in {given}, the programme in {}", currency.code());
        return Err(Problem::new(Code::WrongCurrency, detail));
    }
    if receipt.lines.len() > LINES_MAX {
        let refusal = symbolon_core::engine::Refusal::TooManyLines { most: LINES_MAX };
        return Err(of_failure(&state.app, caller.language, &refusal.into()));
    }
    let subject = match &receipt.member {
        Some(member) => member.subject()?,
        None => Subject::Guest,
    };
    let moments = state.moments(receipt.at);
    let at = moments.given.unwrap_or(moments.recorded);
    let day = receipt.business_date.unwrap_or_else(|| programme.zone.day(at));
    let natural = receipt.number.as_deref().map(|number| {
        let (location, till) = (receipt.location.as_deref(), receipt.till.as_deref());
        let day = day.to_string();
        natural_key("receipt", [location.unwrap_or(""), till.unwrap_or(""), number, &day])
    });
    let label = receipt.number.clone();
    let said_day = receipt.business_date;
    let purchase = purchase_of(receipt, currency)?;
    let intent = Intent { activity: Activity::Purchase(purchase), natural, label };
    let command = state.command(caller, subject, intent, moments)?;
    let Some(said_day) = said_day else { return Ok(command) };
    // A day that the caller names is part of what he asks.
    let request =
        fingerprint_of(&(command.request, said_day)).map_err(|error| Problem::internal(&error))?;
    Ok(Command { request, ..command })
}

fn purchase_of(receipt: ReceiptIn, currency: Currency) -> Result<Purchase, Problem> {
    let mut lines = Vec::with_capacity(receipt.lines.len());
    for (position, line) in receipt.lines.into_iter().enumerate() {
        let name = |field: &str| format!("lines[{position}].{field}");
        let kind = match line.kind.as_deref() {
            None => LineKind::Goods,
            Some(kind) => LineKind::parse(kind).ok_or_else(|| {
                let detail = format!("{}: one of goods, delivery, certificate", name("kind"));
                Problem::new(Code::BodyInvalid, detail)
            })?,
        };
        let money = |text: Option<DecimalText>, field: &str| {
            text.map(|text| text.money(&name(field), currency)).transpose()
        };
        lines.push(Line {
            kind,
            product: line.product,
            category: line.category,
            brand: line.brand,
            quantity: line.quantity.quantity(&name("quantity"))?,
            unit_price: line.unit_price.money(&name("unit_price"), currency)?,
            unit_cost: money(line.unit_cost, "unit_cost")?,
            lowest_price: money(line.lowest_price, "lowest_price")?,
            sells: None,
            tax: line.tax_percent.map(|text| text.percent(&name("tax_percent"))).transpose()?,
        });
    }
    let mut rewards = Vec::with_capacity(receipt.rewards.len());
    for claim in receipt.rewards {
        let line = match claim.line {
            Some(0) => return Err(Problem::new(Code::BodyInvalid, "lines are counted from 1")),
            other => other.map(|line| line - 1),
        };
        rewards.push(Claim { reward: Key::new(&claim.reward), line });
    }
    let (location, till, cashier) = (receipt.location, receipt.till, receipt.cashier);
    Ok(Purchase { location, till, cashier, lines, rewards, ..Purchase::default() })
}

/// A receipt as it is now, with its reasons and its returns.
pub async fn fetch(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
) -> Result<Json<Value>, Problem> {
    let id = ids::parse_activity(&id)?;
    let app = state.app.clone();
    let found = blocking(move || receipt_fetch(&app, id)).await?;
    let missing = || Problem::new(Code::ActivityNotFound, "there is no receipt with this id");
    let found = found.ok_or_else(missing)?;
    let row = &found.receipt;
    let Activity::Purchase(purchase) = &row.recorded.activity else { return Err(missing()) };
    let programmes = state.app.programmes();
    let version = programmes.number(row.recorded.version).ok_or_else(missing)?;
    let programme = &version.programme;
    let decision = &row.recorded.decision;
    let mut view = views::totals(programme, purchase, decision);
    view.insert("id".to_owned(), ids::receipt(id).into());
    view.insert("number".to_owned(), json!(row.label));
    view.insert("location".to_owned(), json!(purchase.location));
    view.insert("till".to_owned(), json!(purchase.till));
    view.insert("member".to_owned(), json!(row.member));
    view.insert("recorded_at".to_owned(), json!(row.recorded_at));
    view.insert("programme_version".to_owned(), row.recorded.version.into());
    view.insert("voided".to_owned(), row.recorded.progress.voided.into());
    view.insert("lines".to_owned(), views::lines(programme, purchase, decision, Some(row)).into());
    view.extend(views::decision(programme, decision, caller.language));
    let returns: Vec<Value> = found
        .reversals
        .iter()
        .map(|reversal| {
            let recorded = &reversal.recorded;
            let mut view = views::decision(programme, &recorded.decision, caller.language);
            let id = ids::of_activity(recorded.id, &recorded.activity);
            view.insert("id".to_owned(), id.into());
            view.insert("kind".to_owned(), recorded.activity.name().into());
            view.into()
        })
        .collect();
    view.insert("returns".to_owned(), returns.into());
    Ok(Json(view.into()))
}
