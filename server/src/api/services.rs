//! What members have besides points: benefits that they use, memberships that they pay for, and
//! credit in advance.

use super::body::Body;
use super::problem::Problem;
use super::receipts::created;
use super::{ApiState, Integration, ids};
use crate::pipeline::{Intent, Subject};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::engine::{Activity, SetOffAgainst, entitlements};
use symbolon_core::member::MemberState;
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Points, format_decimal, parse_decimal};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseIn {
    /// What whoever has to do it should know.
    #[serde(default)]
    note: String,
    at: Option<Timestamp>,
}

pub async fn use_benefit(
    State(state): State<ApiState>,
    caller: Integration,
    Path((id, benefit)): Path<(String, String)>,
    Body(body): Body<UseIn>,
) -> Result<Response, Problem> {
    let activity = Activity::BenefitUse { benefit: Key::new(&benefit), note: body.note };
    book(&state, &caller, &id, activity, body.at).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentIn {
    at: Option<Timestamp>,
}

pub async fn pay_membership(
    State(state): State<ApiState>,
    caller: Integration,
    Path((id, membership)): Path<(String, String)>,
    Body(body): Body<PaymentIn>,
) -> Result<Response, Problem> {
    let activity = Activity::MembershipPayment { membership: Key::new(&membership) };
    book(&state, &caller, &id, activity, body.at).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdvanceIn {
    amount: String,
    at: Option<Timestamp>,
}

pub async fn advance(
    State(state): State<ApiState>,
    caller: Integration,
    Path((id, credit)): Path<(String, String)>,
    Body(body): Body<AdvanceIn>,
) -> Result<Response, Problem> {
    let amount = amount_on(&state, &credit, &body.amount)?;
    let activity = Activity::Advance { credit: Key::new(&credit), amount };
    book(&state, &caller, &id, activity, body.at).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOffIn {
    amount: String,
    against: SetOffAgainst,
    at: Option<Timestamp>,
}

pub async fn set_off(
    State(state): State<ApiState>,
    caller: Integration,
    Path((id, credit)): Path<(String, String)>,
    Body(body): Body<SetOffIn>,
) -> Result<Response, Problem> {
    let amount = amount_on(&state, &credit, &body.amount)?;
    let against = body.against;
    let activity = Activity::SetOff { credit: Key::new(&credit), amount, against };
    book(&state, &caller, &id, activity, body.at).await
}

async fn book(
    state: &ApiState,
    caller: &Integration,
    member: &str,
    activity: Activity,
    at: Option<Timestamp>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let subject = Subject::Member(ids::parse_member(member)?);
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let command = state.command(caller, subject, intent, state.moments(at))?;
    let answer = state.submit(caller, command).await?;
    Ok(created(state, caller, &answer, &activity))
}

/// An amount in the decimals of the account that a credit is kept in.
fn amount_on(state: &ApiState, credit: &str, amount: &str) -> Result<Points, Problem> {
    let programmes = state.app.programmes();
    let programme = programmes.latest().map(|latest| &latest.programme);
    // A credit that is not there is refused by the engine, which says so in the right words.
    let decimals = programme.and_then(|programme| {
        let found = programme.credits.iter().find(|known| known.key.as_str() == credit)?;
        Some(programme.points.get(found.points)?.decimals)
    });
    parse_decimal(amount, decimals.unwrap_or(0)).map(Points::new).map_err(|error| {
        Problem::new(super::Code::BodyInvalid, format!("amount `{amount}`: {error}"))
    })
}

/// The benefits that a member has, and how often each can still be used.
pub fn entitlements_of(programme: &Programme, state: &MemberState, now: Timestamp) -> Vec<Value> {
    let had = entitlements(programme, state, now).unwrap_or_default();
    had.into_iter()
        .map(|had| {
            let period = had
                .quota
                .filter(|_| had.standing)
                .map(|(most, used, from)| json!({ "most": most, "used": used, "from": from }));
            json!({
                "benefit": had.benefit,
                "standing": had.standing,
                "period": period,
                "single_uses": had.single_uses,
                "left": had.left(),
            })
        })
        .collect()
}

pub fn memberships_of(state: &MemberState) -> Vec<Value> {
    state
        .memberships
        .iter()
        .map(|paid| {
            json!({
                "membership": paid.membership,
                "payment": paid.activity,
                "from": paid.from,
                "until": paid.until,
            })
        })
        .collect()
}

/// What was advanced on each credit and is not set off.
pub fn advances_of(programme: &Programme, state: &MemberState) -> Vec<Value> {
    let open = state.advances.iter().map(|(credit, open)| {
        let found = programme.credits.iter().find(|known| known.key == *credit);
        let kind = found.and_then(|found| programme.points.get(found.points));
        let decimals = kind.map_or(0, |kind| kind.decimals);
        json!({ "credit": credit, "open": format_decimal(open.units(), decimals) })
    });
    open.collect()
}

/// What somebody has to do for a member.
pub fn tasks_of(state: &MemberState) -> Vec<Value> {
    let tasks = state.tasks.iter().map(|task| {
        json!({
            "activity": task.activity,
            "effect": task.effect,
            "about": task.about,
            "due": task.due,
        })
    });
    tasks.collect()
}
