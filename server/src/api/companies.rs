//! The people of companies and staff: contacts, gifts, rebates, recognition.

use super::body::{Body, DecimalText};
use super::members::MemberRef;
use super::problem::{Code, Problem, of_failure};
use super::receipts::created;
use super::{ApiState, Integration, blocking, ids, views};
use crate::app::{
    MemberFound, contact_name_set, contact_names, gifts_of, member_fetch, member_named,
};
use crate::pipeline::{Answer, Intent, Subject};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use symbolon_core::engine::{Activity, NAME_BYTES_MAX, Refusal};
use symbolon_core::member::{Contact, MemberKind};
use symbolon_core::values::{Key, MemberId, format_decimal};

/// A contact as it shall be from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactIn {
    contact: String,
    /// The member that the person is, if any.
    person: Option<MemberRef>,
    /// It is kept apart from the ledger. Without one, a name that was given is removed.
    name: Option<String>,
    #[serde(default)]
    roles: BTreeSet<String>,
    unit: Option<String>,
    share_percent: Option<DecimalText>,
    may_spend: Option<bool>,
    at: Option<Timestamp>,
}

pub async fn set_contact(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<ContactIn>,
) -> Result<Response, Problem> {
    let member = ids::parse_member(&id)?;
    if body.name.as_ref().is_some_and(|name| name.len() > NAME_BYTES_MAX) {
        let refusal = Refusal::NameTooLong { what: "name".to_owned() };
        return Err(of_failure(&state.app, caller.language, &refusal.into()));
    }
    let person = match &body.person {
        Some(person) => Some(named(&state, person).await?.member),
        None => None,
    };
    let share = body.share_percent.map(|share| share.percent("share_percent")).transpose()?;
    let details = Contact {
        person,
        roles: body.roles.iter().map(|role| Key::new(role)).collect(),
        unit: body.unit.as_deref().map(Key::new),
        share,
        may_spend: body.may_spend.unwrap_or(true),
    };
    let activity = Activity::ContactSet { contact: Key::new(&body.contact), details };
    let answer = book(&state, &caller, member, &activity, body.at).await?;
    // Whoever was merged goes on as the survivor, and so do the names.
    let member = answer.member.unwrap_or(member);
    let (app, contact, name) = (state.app.clone(), body.contact, body.name);
    blocking(move || contact_name_set(&app, member, &contact, name.as_deref())).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

pub async fn remove_contact(
    State(state): State<ApiState>,
    caller: Integration,
    Path((id, contact)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let member = ids::parse_member(&id)?;
    let activity = Activity::ContactRemoved { contact: Key::new(&contact) };
    let answer = book(&state, &caller, member, &activity, None).await?;
    let (app, member) = (state.app.clone(), answer.member.unwrap_or(member));
    blocking(move || contact_name_set(&app, member, &contact, None)).await?;
    let programmes = state.app.programmes();
    let view = views::answer(&programmes, &answer, &activity, caller.language);
    Ok((StatusCode::OK, Json(view)).into_response())
}

/// A reward of worth for a person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiftIn {
    reward: String,
    /// The contact; nobody where the member is a person.
    to: Option<String>,
    asked_by: String,
    approved_by: Option<String>,
    at: Option<Timestamp>,
}

pub async fn give(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<GiftIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let activity = Activity::Gift {
        reward: Key::new(&body.reward),
        to: body.to.as_deref().map(Key::new),
        person: None,
        asked_by: body.asked_by,
        approved_by: body.approved_by,
    };
    booked(&state, &caller, ids::parse_member(&id)?, activity, body.at).await
}

/// Every gift to the people of a company, for whoever has to know of them.
pub async fn gifts(
    State(state): State<ApiState>,
    _caller: Integration,
    ids::PathId(id): ids::PathId,
) -> Result<Json<Value>, Problem> {
    let member = ids::parse_member(&id)?;
    let found = fetched(&state, member).await?;
    let app = state.app.clone();
    let found = blocking(move || gifts_of(&app, &found)).await?;
    let programmes = state.app.programmes();
    let currency = programmes.latest().map(|latest| latest.programme.currency);
    let items: Vec<Value> = found
        .into_iter()
        .map(|gift| {
            json!({
                "id": gift.activity,
                "at": gift.at,
                "reward": gift.reward,
                "contact": gift.contact,
                "person": gift.person,
                "worth": currency.map(|currency| currency.format(gift.worth)),
                "asked_by": gift.asked_by,
                "approved_by": gift.approved_by,
                "voided": gift.voided,
            })
        })
        .collect();
    Ok(Json(json!({ "gifts": items })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RebateIn {
    from: Date,
    until: Date,
    at: Option<Timestamp>,
}

/// The rebate of a company for a period that is over.
pub async fn rebate(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<RebateIn>,
) -> Result<Response, Problem> {
    let activity = Activity::Rebate { from: body.from, until: body.until };
    booked(&state, &caller, ids::parse_member(&id)?, activity, body.at).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecognitionIn {
    to: MemberRef,
    amount: DecimalText,
    reason: String,
    at: Option<Timestamp>,
}

/// Points from an employee for a colleague.
pub async fn recognise(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<RecognitionIn>,
) -> Result<Response, Problem> {
    caller.require_idempotency()?;
    let to = employee(&state, &caller, &body.to).await?;
    let programmes = state.app.programmes();
    let decimals = programmes.latest().map_or(0, |latest| {
        let rules = latest.programme.staff.recognition.as_ref();
        let kind = rules.and_then(|rules| latest.programme.points.get(rules.points));
        kind.map_or(0, |kind| kind.decimals)
    });
    let amount = body.amount.points("amount", decimals)?;
    let activity = Activity::Recognition { to, amount, reason: body.reason };
    booked(&state, &caller, ids::parse_member(&id)?, activity, body.at).await
}

/// The employee who enrols a member, where the programme credits anybody for it. It is asked
/// before the member joins: what is refused must change nothing.
pub async fn enroller(
    state: &ApiState,
    caller: &Integration,
    reference: &MemberRef,
    at: Option<Timestamp>,
) -> Result<MemberId, Problem> {
    let programmes = state.app.programmes();
    let version = programmes.at(at.unwrap_or_else(|| state.app.world.now()));
    if version.is_some_and(|version| version.programme.staff.enrolment.is_none()) {
        return Err(of_failure(&state.app, caller.language, &Refusal::NoEnrolment.into()));
    }
    employee(state, caller, reference).await
}

/// The member whom a caller names, who has to be an employee.
async fn employee(
    state: &ApiState,
    caller: &Integration,
    reference: &MemberRef,
) -> Result<MemberId, Problem> {
    let found = named(state, reference).await?;
    if found.state.kind == MemberKind::Employee {
        return Ok(found.member);
    }
    Err(of_failure(&state.app, caller.language, &Refusal::NotStaff.into()))
}

/// Books who enrolled a member, once for ever.
pub async fn enrolled_by(
    state: &ApiState,
    caller: &Integration,
    member: MemberId,
    by: MemberId,
    at: Option<Timestamp>,
) -> Result<(), Problem> {
    let natural = crate::app::natural_key("enrolment", [&member.to_string(), "", "", ""]);
    let activity = Activity::Enrolment { by };
    let intent = Intent { activity, natural: Some(natural), label: None };
    // The caller's key stands for the joining, and this follows from it.
    let plain = Integration { idempotency: None, ..caller.clone() };
    let command = state.command(&plain, Subject::Member(member), intent, state.moments(at))?;
    state.submit(caller, command).await.map(|_| ())
}

/// The contacts of a member with their names.
pub async fn contacts_view(state: &ApiState, found: &MemberFound) -> Result<Value, Problem> {
    if found.state.contacts.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    let (app, member) = (state.app.clone(), found.member);
    let names = blocking(move || contact_names(&app, member)).await?;
    let contacts = found.state.contacts.iter().map(|(key, contact)| {
        json!({
            "contact": key,
            "name": names.get(key.as_str()),
            "person": contact.person,
            "roles": contact.roles,
            "unit": contact.unit,
            "share_percent": contact.share.map(|share| format_decimal(share.units(), 6)),
            "may_spend": contact.may_spend,
        })
    });
    Ok(contacts.collect())
}

async fn fetched(state: &ApiState, member: MemberId) -> Result<MemberFound, Problem> {
    let app = state.app.clone();
    let found = blocking(move || member_fetch(&app, member)).await?;
    found.ok_or_else(|| Problem::new(Code::MemberNotFound, "there is no member with this id"))
}

pub(super) async fn named(state: &ApiState, reference: &MemberRef) -> Result<MemberFound, Problem> {
    let subject = reference.subject()?;
    let app = state.app.clone();
    let found = blocking(move || member_named(&app, &subject)).await?;
    found.ok_or_else(|| {
        Problem::new(Code::MemberNotFound, "enrol the person first: POST /v1/members")
    })
}

async fn book(
    state: &ApiState,
    caller: &Integration,
    member: MemberId,
    activity: &Activity,
    at: Option<Timestamp>,
) -> Result<Answer, Problem> {
    let intent = Intent { activity: activity.clone(), natural: None, label: None };
    let command = state.command(caller, Subject::Member(member), intent, state.moments(at))?;
    state.submit(caller, command).await
}

pub(super) async fn booked(
    state: &ApiState,
    caller: &Integration,
    member: MemberId,
    activity: Activity,
    at: Option<Timestamp>,
) -> Result<Response, Problem> {
    let answer = book(state, caller, member, &activity, at).await?;
    Ok(created(state, caller, &answer, &activity))
}
