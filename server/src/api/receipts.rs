//! `/v1/quotes` and `/v1/receipts`.

use super::body::{Body, CodeText, DecimalText};
use super::problem::{Code, Problem, of_failure};
use super::views::AnswerView;
use super::{ApiState, Integration, blocking, ids, members, views};
use crate::app::{natural_key, receipt_fetch, with_shown_codes};
use crate::pipeline::{Answer, Command, Intent, ShownCode, ShownCodes, Subject};
use crate::store::nouns::directories::fingerprint_of;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::engine::{
    Activity, CODES_MAX, Claim, LINES_MAX, Line, LineKind, Payment, Purchase,
};
use symbolon_core::programme::{Programme, Programmes};
use symbolon_core::values::Key;

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
    /// Who of a company or a household it was.
    contact: Option<String>,
    /// The partner of the programme at which it was.
    partner: Option<String>,
    lines: Vec<LineIn>,
    #[serde(default)]
    rewards: Vec<ClaimIn>,
    /// The codes that were shown, as they were typed or scanned.
    #[serde(default)]
    codes: Vec<CodeText>,
    /// What points and certificates shall pay.
    #[serde(default)]
    pay: Vec<PayIn>,
}

impl ReceiptIn {
    pub const fn has_number(&self) -> bool {
        self.number.is_some()
    }
}

/// A payment with points, or with a certificate that was shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayIn {
    points: Option<String>,
    amount: Option<DecimalText>,
    /// The place of the certificate's code among `codes`, counted from 1.
    code: Option<u32>,
    at_most: Option<DecimalText>,
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
    /// The code of the certificate that the line sells.
    sells_code: Option<CodeText>,
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
) -> Result<Response, Problem> {
    state.release_holds().await?;
    let command = command_of(&state, &caller, receipt).await?;
    // A quote is no operation: it takes no key and leaves none behind.
    let command = Command { idempotency: None, ..command };
    let (app, asked) = (state.app.clone(), command.clone());
    let answer = blocking(move || app.quote(&asked)).await?;
    let answer = answer.map_err(|failure| of_failure(&state.app, caller.language, &failure))?;
    let programmes = state.app.programmes();
    let activity = &command.intent.activity;
    let mut view = views::answer(&programmes, &answer, activity, caller.language);
    if let Some(view) = &mut view {
        view.id = None;
    }
    tell_mistyped(view.as_mut(), &command.shown);
    Ok(Json(view).into_response())
}

pub async fn book(
    State(state): State<ApiState>,
    caller: Integration,
    Body(receipt): Body<ReceiptIn>,
) -> Result<Response, Problem> {
    if receipt.number.is_none() {
        caller.require_idempotency()?;
    }
    let command = command_of(&state, &caller, receipt).await?;
    booked(&state, &caller, command).await
}

/// Books a command that came with codes, and answers with what became of it.
pub async fn booked(
    state: &ApiState,
    caller: &Integration,
    command: Command,
) -> Result<Response, Problem> {
    let (activity, shown) = (command.intent.activity.clone(), command.shown.clone());
    let answer = state.submit(caller, command).await?;
    let programmes = state.app.programmes();
    let mut view = booked_view(state, &programmes, caller, &answer, &activity);
    tell_mistyped(view.as_mut(), &shown);
    Ok(respond(&answer, view.as_ref()))
}

/// A code that cannot exist is a typing mistake, which a cashier can mend.
fn tell_mistyped(view: Option<&mut AnswerView<'_>>, shown: &ShownCodes) {
    let refused = view.map(|view| view.decision.refused_codes.iter_mut());
    for refused in refused.into_iter().flatten() {
        let code = refused.position.checked_sub(1).and_then(|place| shown.codes.get(place));
        if code == Some(&ShownCode::Mistyped) {
            refused.why = "mistyped";
        }
    }
}

/// What was booked, with the codes of the coupons that it issued.
fn booked_view<'a>(
    state: &ApiState,
    programmes: &'a Programmes,
    caller: &Integration,
    answer: &'a Answer,
    activity: &'a Activity,
) -> Option<AnswerView<'a>> {
    let mut view = views::answer(programmes, answer, activity, caller.language)?;
    for issued in &mut view.decision.issued {
        // The secret was needed to book the coupon, so it is at hand.
        if let Ok(Some(made)) = state.app.code_of_issued(issued.coupon.as_str(), issued.instrument)
        {
            issued.code = Some(made.code);
            issued.printed = Some(made.printed);
        }
    }
    Some(view)
}

/// 201 for what was booked now, 200 for what was booked before.
pub fn created(
    state: &ApiState,
    caller: &Integration,
    answer: &Answer,
    activity: &Activity,
) -> Response {
    let programmes = state.app.programmes();
    respond(answer, booked_view(state, &programmes, caller, answer, activity).as_ref())
}

fn respond(answer: &Answer, view: Option<&AnswerView<'_>>) -> Response {
    let status = if answer.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = (status, Json(view)).into_response();
    if answer.replayed {
        let yes = axum::http::HeaderValue::from_static("true");
        response.headers_mut().insert("idempotent-replayed", yes);
    }
    response
}

pub async fn command_of(
    state: &ApiState,
    caller: &Integration,
    receipt: ReceiptIn,
) -> Result<Command, Problem> {
    let subject = match &receipt.member {
        Some(member) => state.subject(member).await?,
        None => Subject::Guest,
    };
    let shown = shown_codes(state, caller, &receipt).await?;
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
    let purchase = purchase_of(receipt, programme)?;
    let intent = Intent { activity: Activity::Purchase(purchase), natural, label };
    let command = state.command(caller, subject, intent, moments)?;
    let command = with_shown_codes(command, shown).map_err(|error| Problem::internal(&error))?;
    let Some(said_day) = said_day else { return Ok(command) };
    // A day that the caller names is part of what he asks.
    let request =
        fingerprint_of(&(command.request, said_day)).map_err(|error| Problem::internal(&error))?;
    Ok(Command { request, ..command })
}

/// Reads the codes of a receipt as far as that goes without looking them up.
async fn shown_codes(
    state: &ApiState,
    caller: &Integration,
    receipt: &ReceiptIn,
) -> Result<ShownCodes, Problem> {
    let sold = receipt.lines.iter().enumerate().filter_map(|(position, line)| {
        Some((position, line.sells_code.as_ref()?.text().to_owned()))
    });
    let sells: Vec<(usize, String)> = sold.collect();
    if receipt.codes.is_empty() && sells.is_empty() {
        return Ok(ShownCodes::default());
    }
    if receipt.codes.len() > CODES_MAX {
        let refusal = symbolon_core::engine::Refusal::TooManyCodes { most: CODES_MAX };
        return Err(of_failure(&state.app, caller.language, &refusal.into()));
    }
    let codes: Vec<String> = receipt.codes.iter().map(|code| code.text().to_owned()).collect();
    let app = state.app.clone();
    let shown = blocking(move || app.read_all_shown(&codes, &sells)).await?;
    if let Some((position, _)) = shown.sells.iter().find(|(_, code)| *code == ShownCode::Mistyped) {
        let detail = format!("lines[{position}].sells_code is mistyped");
        return Err(Problem::new(Code::CodeMistyped, detail));
    }
    Ok(shown)
}

fn payments_of(pay: Vec<PayIn>, programme: &Programme) -> Result<Vec<Payment>, Problem> {
    let currency = programme.currency;
    let mut payments = Vec::with_capacity(pay.len());
    for (position, pay) in pay.into_iter().enumerate() {
        let name = |field: &str| format!("pay[{position}].{field}");
        payments.push(match (pay.points, pay.amount, pay.code, pay.at_most) {
            (Some(points), Some(amount), None, None) => {
                let found = programme.find_points(&points);
                let decimals = found.map_or(0, |(_, kind)| kind.decimals);
                let amount = amount.points(&name("amount"), decimals)?;
                Payment::Points { points: Key::new(&points), amount }
            }
            (None, None, Some(code), at_most) => {
                let presented = code
                    .checked_sub(1)
                    .ok_or_else(|| Problem::new(Code::BodyInvalid, "codes are counted from 1"))?;
                let at_most = at_most.map(|text| text.money(&name("at_most"), currency));
                Payment::Certificate { presented, at_most: at_most.transpose()? }
            }
            _ => {
                let detail = format!(
                    "pay[{position}]: either points and amount, or code and at most at_most"
                );
                return Err(Problem::new(Code::BodyInvalid, detail));
            }
        });
    }
    Ok(payments)
}

fn purchase_of(receipt: ReceiptIn, programme: &Programme) -> Result<Purchase, Problem> {
    let currency = programme.currency;
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
    let pay = payments_of(receipt.pay, programme)?;
    let (location, till, cashier) = (receipt.location, receipt.till, receipt.cashier);
    let [contact, partner] =
        [receipt.contact, receipt.partner].map(|key| key.as_deref().map(Key::new));
    let none = Purchase::default();
    Ok(Purchase { location, till, cashier, contact, partner, lines, rewards, pay, ..none })
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
    let mut view = views::fields(&views::totals(programme, purchase, decision));
    view.insert("id".to_owned(), ids::receipt(id).into());
    view.insert("number".to_owned(), json!(row.label));
    view.insert("location".to_owned(), json!(purchase.location));
    view.insert("till".to_owned(), json!(purchase.till));
    view.insert("member".to_owned(), json!(row.member));
    view.insert("recorded_at".to_owned(), json!(row.recorded_at));
    view.insert("programme_version".to_owned(), row.recorded.version.into());
    view.insert("voided".to_owned(), row.recorded.progress.voided.into());
    let lines = views::lines(programme, purchase, decision, Some(row));
    view.insert("lines".to_owned(), json!(lines));
    view.extend(views::fields(&views::decision(programme, decision, caller.language)));
    let returns: Vec<Value> = found
        .reversals
        .iter()
        .map(|reversal| {
            let recorded = &reversal.recorded;
            let decision = views::decision(programme, &recorded.decision, caller.language);
            let mut view = views::fields(&decision);
            let id = ids::of_activity(recorded.id, &recorded.activity);
            view.insert("id".to_owned(), id.into());
            view.insert("kind".to_owned(), recorded.activity.name().into());
            view.into()
        })
        .collect();
    view.insert("returns".to_owned(), returns.into());
    Ok(Json(view.into()))
}
