//! `/v1/instruments` and `/v1/codes`: making coupons, certificates and cards, and asking about
//! their codes. A code stands in bodies only, never in an address.

use super::body::{Body, CodeText, DecimalText};
use super::problem::{Code, Problem};
use super::{ApiState, Integration, blocking, ids};
use crate::app::{Emission, InstrumentError, MadeCode, Mark, definition_of};
use crate::store::nouns::directories::fingerprint_of;
use crate::store::nouns::instruments::BatchRow;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::instrument::{Instrument, Status};
use symbolon_core::values::{InstrumentId, Money};

/// The most codes of one answer. More are made with `symbolon emit`.
const MADE_MAX: u32 = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmissionIn {
    instrument: String,
    count: u32,
    /// What certificates are worth.
    value: Option<DecimalText>,
    /// Certificates that are given away count at once; others wait for their sale.
    #[serde(default)]
    active: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeIn {
    code: CodeText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkIn {
    code: CodeText,
    reason: String,
}

pub async fn make(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<EmissionIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let Some(key) = caller.idempotency_key() else {
        return Err(Problem::new(Code::IdempotencyKeyMissing, "send an Idempotency-Key"));
    };
    let programmes = state.app.programmes();
    let currency = programmes.latest().map(|latest| latest.programme.currency);
    let value = match (body.value, currency) {
        (Some(value), Some(currency)) => Some(value.money("value", currency)?),
        _ => None,
    };
    if body.count == 0 || body.count > MADE_MAX {
        let detail = format!("count is from 1 to {MADE_MAX}; `symbolon emit` makes more");
        return Err(Problem::new(Code::BodyInvalid, detail));
    }
    let (instrument, count, is_active) = (body.instrument, body.count, body.active);
    let emission = Emission { instrument, count, value, is_active };
    let asked = (&emission.instrument, emission.count, value.map(Money::units), is_active);
    let request = fingerprint_of(&asked).map_err(|error| Problem::internal(&error))?;
    let app = state.app.clone();
    let made = run(move || app.make_once(&emission, &key, request)).await?;
    let (batch, codes, is_repeated) = made;
    let mut view = batch_view(&state, &batch);
    let codes: Vec<Value> = codes.iter().map(code_view).collect();
    if let Some(view) = view.as_object_mut() {
        view.insert("codes".to_owned(), codes.into());
    }
    let status = if is_repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(view)).into_response())
}

pub async fn fetch(
    State(state): State<ApiState>,
    _caller: Integration,
    ids::PathId(id): ids::PathId,
) -> Result<Json<Value>, Problem> {
    let missing = || Problem::new(Code::NotFound, "there is no batch with this id");
    let batch = ids::parse_batch(&id).ok_or_else(missing)?;
    let app = state.app.clone();
    let found = blocking(move || app.batch(batch)).await?;
    Ok(Json(batch_view(&state, &found.ok_or_else(missing)?)))
}

/// What a code is and what it still holds. Whatever does not hold looks alike.
pub async fn check(
    State(state): State<ApiState>,
    _caller: Integration,
    Body(body): Body<CodeIn>,
) -> Result<Json<Value>, Problem> {
    let programmes = state.app.programmes();
    let public =
        programmes.latest().and_then(|latest| latest.programme.find_public_code(body.code.text()));
    let now = state.app.world.now();
    if let Some(definition) = public {
        let coupon = definition.coupon();
        let begun = coupon.and_then(|coupon| coupon.from).is_none_or(|from| from <= now);
        let over = coupon.and_then(|coupon| coupon.until).is_some_and(|until| until <= now);
        if !begun || over {
            return Err(of_error(&InstrumentError::UnknownCode));
        }
        return Ok(Json(json!({ "kind": "coupon", "instrument": definition.key })));
    }
    let app = state.app.clone();
    let found = run(move || app.instrument_of_code(body.code.text())).await?;
    if !matches!(found.1.status(now), Status::Active | Status::PartlyUsed) {
        return Err(of_error(&InstrumentError::UnknownCode));
    }
    Ok(Json(instrument_view(&state, found.0, &found.1)))
}

pub async fn block(
    state: State<ApiState>,
    caller: Integration,
    body: Body<MarkIn>,
) -> Result<Json<Value>, Problem> {
    mark(state, caller, body, Mark::Block).await
}

pub async fn unblock(
    state: State<ApiState>,
    caller: Integration,
    body: Body<MarkIn>,
) -> Result<Json<Value>, Problem> {
    mark(state, caller, body, Mark::Unblock).await
}

pub async fn activate(
    state: State<ApiState>,
    caller: Integration,
    body: Body<MarkIn>,
) -> Result<Json<Value>, Problem> {
    mark(state, caller, body, Mark::Activate).await
}

async fn mark(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<MarkIn>,
    mark: Mark,
) -> Result<Json<Value>, Problem> {
    let reason = body.reason.trim().to_owned();
    if reason.is_empty() || reason.len() > symbolon_core::engine::NAME_BYTES_MAX {
        return Err(Problem::new(Code::BodyInvalid, "reason: say why, in at most 200 bytes"));
    }
    let app = state.app.clone();
    let done = run(move || app.mark_instrument(body.code.text(), mark, &reason, &caller.key_name));
    let (id, instrument) = done.await?;
    Ok(Json(instrument_view(&state, id, &instrument)))
}

/// Runs a use case beside the threads that serve requests.
async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, InstrumentError> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| of_error(&error)),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// The problem of an error. None of them repeats a code.
fn of_error(error: &InstrumentError) -> Problem {
    let code = match error {
        InstrumentError::Store(error) => return Problem::internal(error),
        InstrumentError::NoProgramme => Code::Busy,
        InstrumentError::Mistyped => Code::CodeMistyped,
        InstrumentError::UnknownCode => Code::CodeNotValid,
        InstrumentError::KeyReused => Code::IdempotencyKeyReused,
        InstrumentError::NotAllowed { .. } => Code::CodeNotChanged,
        InstrumentError::UnknownBatch => Code::NotFound,
        InstrumentError::UnknownInstrument
        | InstrumentError::PublicCoupon
        | InstrumentError::WrongValue { .. }
        | InstrumentError::WrongCount
        | InstrumentError::ValueMissing
        | InstrumentError::ValueNotWanted
        | InstrumentError::NumbersExhausted
        | InstrumentError::Calendar(_) => Code::InstrumentNotPossible,
    };
    Problem::new(code, error.to_string())
}

fn code_view(made: &MadeCode) -> Value {
    json!({ "code": made.code, "printed": made.printed })
}

fn batch_view(state: &ApiState, batch: &BatchRow) -> Value {
    let programmes = state.app.programmes();
    let currency = programmes.latest().map(|latest| latest.programme.currency);
    let face = batch.template.face;
    let value = currency.filter(|_| face.is_positive()).map(|currency| currency.format(face));
    json!({
        "id": ids::batch(batch.batch),
        "instrument": batch.instrument,
        "kind": batch.template.kind,
        "value": value,
        "ends_at": batch.template.ends_at,
        "wanted": batch.wanted,
        "made": batch.made,
        "created_at": batch.created_at,
    })
}

fn instrument_view(state: &ApiState, id: InstrumentId, instrument: &Instrument) -> Value {
    let programmes = state.app.programmes();
    let definition = definition_of(&programmes, instrument.of.as_str());
    let money = |amount| definition.map(|(programme, _)| programme.currency.format(amount));
    let is_certificate = instrument.face.is_positive();
    json!({
        "id": id,
        "instrument": instrument.of,
        "kind": instrument.kind,
        "status": instrument.status(state.app.world.now()).name(),
        "value": is_certificate.then(|| money(instrument.face)).flatten(),
        "value_left": is_certificate.then(|| money(instrument.value_left)).flatten(),
        "uses_left": instrument.most_uses.map(|most| most.saturating_sub(instrument.used)),
        "ends_at": instrument.ends_at,
    })
}
