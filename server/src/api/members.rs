//! `/v1/members`.

use super::actions::attribute_value;
use super::body::Body;
use super::people::{OtherRef, naming};
use super::problem::{Code, Problem};
use super::views::quantity_text;
use super::{ApiState, Integration, blocking, companies, ids, services, teams};
use crate::app::{
    IdentifierError, MemberFound, catch_up, identifier_parse, member_fetch, standing_of,
};
use crate::pipeline::{Intent, Subject};
use crate::store::nouns::directories::Identifier;
use crate::store::nouns::entries::entries_of_member;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use symbolon_core::engine::Activity;
use symbolon_core::member::{MemberKind, MemberState};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, MemberId, format_decimal};

/// How a caller names a member: by exactly one of these.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRef {
    id: Option<MemberId>,
    phone: Option<String>,
    email: Option<String>,
    card: Option<String>,
    external: Option<String>,
}

impl MemberRef {
    pub fn subject(&self) -> Result<Subject, Problem> {
        let identifiers = identifiers_of([&self.phone, &self.email, &self.card, &self.external])?;
        match (self.id, identifiers.as_slice()) {
            (Some(id), []) => Ok(Subject::Member(id)),
            (None, [identifier]) => Ok(Subject::Identified(identifier.clone())),
            _ => Err(Problem::new(
                Code::IdentifierInvalid,
                "name the member by exactly one of id, phone, email, card, external",
            )),
        }
    }
}

/// Identifiers by their kinds: phone, e-mail, card, external.
fn identifiers_of(values: [&Option<String>; 4]) -> Result<Vec<Identifier>, Problem> {
    let mut identifiers = Vec::new();
    for (kind, value) in ["phone", "email", "card", "external"].into_iter().zip(values) {
        let Some(value) = value else { continue };
        let identifier = identifier_parse(kind, value).map_err(|error| {
            let detail = match error {
                IdentifierError::NotAPhoneNumber => {
                    "a phone number is written with its country code, such as +4791234567"
                }
                IdentifierError::NotAnEmail => "an e-mail address is written like ana@example.org",
                IdentifierError::Empty => "an identifier cannot be empty",
                IdentifierError::TooLong => "an identifier has at most 100 bytes",
                IdentifierError::UnknownKind => {
                    "an identifier is a phone, an e-mail address, a card or external"
                }
            };
            Problem::new(Code::IdentifierInvalid, format!("{kind}: {detail}"))
        })?;
        identifiers.push(identifier);
    }
    Ok(identifiers)
}

/// A new member. A phone number or a card number suffices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberIn {
    phone: Option<String>,
    email: Option<String>,
    card: Option<String>,
    external: Option<String>,
    /// Who brought the member.
    referrer: Option<OtherRef>,
    name: Option<String>,
    #[serde(default)]
    kind: MemberKind,
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    /// The employee who enrolled the member.
    enrolled_by: Option<MemberRef>,
    at: Option<Timestamp>,
}

pub async fn enrol(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<MemberIn>,
) -> Result<Response, Problem> {
    let identifiers = identifiers_of([&body.phone, &body.email, &body.card, &body.external])?;
    if identifiers.is_empty() {
        let detail = "give a phone number, an e-mail address, a card number or an external id";
        return Err(Problem::new(Code::IdentifierInvalid, detail));
    }
    let programmes = state.app.programmes();
    let programme = programmes.latest().map(|latest| &latest.programme);
    let mut attributes = BTreeMap::new();
    for (name, value) in &body.attributes {
        let declared = programme.and_then(|programme| {
            programme.attributes.iter().find(|attribute| attribute.key.as_str() == name)
        });
        let value = attribute_value(name, value, declared.map(|declared| declared.value_type))?;
        attributes.insert(Key::new(name), value);
    }
    let enrolled_by = match &body.enrolled_by {
        Some(employee) => Some(companies::enroller(&state, &caller, employee, body.at).await?),
        None => None,
    };
    let activity = Activity::Joining { kind: body.kind, attributes, line: Vec::new() };
    let intent = Intent { activity, natural: None, label: None };
    let subject = Subject::New { identifiers, name: body.name };
    let mut command = state.command(&caller, subject, intent, state.moments(body.at))?;
    if let Some(referrer) = &body.referrer {
        command = naming(command, referrer.other()?)?;
    }
    let answer = state.submit(&caller, command).await?;
    let member = answer.member.ok_or_else(|| Problem::new(Code::Internal, "no member was made"))?;
    if let Some(by) = enrolled_by {
        companies::enrolled_by(&state, &caller, member, by, body.at).await?;
    }
    let status = if answer.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(show(&state, member).await?)).into_response())
}

pub async fn fetch(
    State(state): State<ApiState>,
    _caller: Integration,
    ids::PathId(id): ids::PathId,
) -> Result<Json<Value>, Problem> {
    show(&state, ids::parse_member(&id)?).await.map(Json)
}

async fn show(state: &ApiState, member: MemberId) -> Result<Value, Problem> {
    let app = state.app.clone();
    let found = blocking(move || {
        catch_up(&app, member)?;
        member_fetch(&app, member)
    })
    .await?;
    let found = found
        .ok_or_else(|| Problem::new(Code::MemberNotFound, "there is no member with this id"))?;
    let now = state.app.world.now();
    let programmes = state.app.programmes();
    let version = programmes.at(now);
    let Some(version) = version else { return Ok(json!({ "id": member })) };
    let mut view = member_view(&version.programme, &found, now);
    let contacts = companies::contacts_view(state, &found).await?;
    if let (Some(view), true) = (view.as_object_mut(), found.state.kind.has_contacts()) {
        view.insert("contacts".to_owned(), contacts);
    }
    let team = teams::team_view(&version.programme, &found.state);
    if let (Some(view), Some(team)) = (view.as_object_mut(), team) {
        view.insert("team".to_owned(), team);
    }
    Ok(view)
}

/// A member with balances, tiers and what comes next.
fn member_view(programme: &Programme, found: &MemberFound, now: Timestamp) -> Value {
    let state = &found.state;
    let identifiers: Vec<Value> = found
        .identifiers
        .iter()
        .map(|identifier| json!({ "kind": identifier.kind, "value": identifier.value }))
        .collect();
    let benefits: Vec<Value> = state
        .benefits_at(now)
        .map(|granted| json!({ "benefit": granted.benefit, "ends_at": granted.ends_at }))
        .collect();
    let mut view = json!({
        "id": found.member,
        "kind": state.kind,
        "joined": state.joined,
        "name": found.name,
        "identifiers": identifiers,
        "attributes": state.attributes,
        "balances": balances(programme, state, now),
        "tiers": tiers(programme, state, now),
        "benefits": benefits,
        "entitlements": services::entitlements_of(programme, state, now),
        "memberships": services::memberships_of(state),
        "advances": services::advances_of(programme, state),
        "tasks": services::tasks_of(state),
        "rewards": rewards(programme, state, now),
        "referral": {
            "code": found.referral_code,
            "line": state.line(),
            "since": state.referral.as_ref().map(|referral| referral.since),
        },
        "merged_into": state.merged_into,
        "absorbed": state.absorbed.iter().map(|one| one.member).collect::<Vec<MemberId>>(),
    });
    if !state.tastes.is_empty() {
        let tastes = state.tastes.iter();
        let tastes = tastes.map(|(category, much)| (category.clone(), quantity_text(*much).into()));
        view["preferences"] = Value::Object(tastes.collect());
    }
    view
}

fn balances(programme: &Programme, state: &MemberState, now: Timestamp) -> Vec<Value> {
    let last_activity = state.last_activity();
    programme
        .points
        .iter()
        .filter_map(|kind| {
            let balance = state.balance(kind.key.as_str(), now, &programme.zone).ok()?;
            let text = |units: i64| format_decimal(units, kind.decimals);
            let next = state
                .lots
                .iter()
                .filter(|lot| lot.points == kind.key)
                .filter_map(|lot| {
                    let ends_at = lot.life.expires_at(last_activity, &programme.zone).ok()??;
                    (now < ends_at).then_some((ends_at, lot.remaining.units()))
                })
                .min();
            let mut view = json!({
                "points": kind.key,
                "available": text(balance.available.units()),
                "pending": text(balance.pending.units()),
                "owed": text(balance.debt.units()),
                "expires_next": next.map(|(at, units)| json!({ "at": at, "amount": text(units) })),
            });
            if let Some((on_card, of)) = kind.on_card(balance.available) {
                let (on_card, of) = (text(on_card.units()), text(of.units()));
                view["card"] = json!({ "stamps": on_card, "of": of });
            }
            Some(view)
        })
        .collect()
}

fn tiers(programme: &Programme, state: &MemberState, now: Timestamp) -> Vec<Value> {
    // Measures are in millionths; two decimals are enough to read, and nothing rests on them.
    let text = |millionths: i128| {
        format_decimal(i64::try_from(millionths / 10_000).unwrap_or(i64::MAX), 2)
    };
    standing_of(programme, state, now)
        .into_iter()
        .map(|standing| {
            let ladder = &programme.ladders[standing.ladder];
            let tier = &ladder.tiers[standing.tier];
            let next = ladder.tiers.get(standing.tier + 1);
            let benefits: Vec<&Key> =
                tier.benefits.iter().map(|at| &programme.benefits[*at].key).collect();
            json!({
                "ladder": ladder.key,
                "tier": tier.key,
                "measure": text(standing.measure),
                "benefits": benefits,
                "next": next.map(|next| json!({
                    "tier": next.key,
                    "from": text(next.from),
                    "missing": text((next.from - standing.measure).max(0)),
                })),
            })
        })
        .collect()
}

/// What the points buy, and how much is missing.
fn rewards(programme: &Programme, state: &MemberState, now: Timestamp) -> Vec<Value> {
    programme
        .rewards
        .iter()
        .map(|reward| {
            let cost: Vec<Value> = reward
                .cost
                .iter()
                .filter_map(|(position, cost)| {
                    let kind = programme.points.get(*position)?;
                    let balance = state.balance(kind.key.as_str(), now, &programme.zone).ok()?;
                    let free = balance.available.units() - balance.debt.units();
                    let missing = (cost.units() - free).max(0);
                    Some(json!({
                        "points": kind.key,
                        "amount": format_decimal(cost.units(), kind.decimals),
                        "missing": format_decimal(missing, kind.decimals),
                    }))
                })
                .collect();
            json!({ "reward": reward.key, "cost": cost })
        })
        .collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntriesQuery {
    /// Entries below this number, from the answer before.
    before: Option<u64>,
    limit: Option<u32>,
}

const PAGE_MAX: u32 = 200;

/// The entries of a member, the newest first.
pub async fn entries(
    State(state): State<ApiState>,
    _caller: Integration,
    ids::PathId(id): ids::PathId,
    query: Result<Query<EntriesQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let member = ids::parse_member(&id)?;
    let Query(query) = query.map_err(|error| Problem::new(Code::BodyInvalid, error.body_text()))?;
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let app = state.app.clone();
    let found = blocking(move || member_fetch(&app, member)).await?;
    if found.is_none() {
        return Err(Problem::new(Code::MemberNotFound, "there is no member with this id"));
    }
    let app = state.app.clone();
    let entries = blocking(move || {
        app.store
            .read(|reader| entries_of_member(reader, app.business, member, query.before, limit))
    })
    .await?;
    let programmes = state.app.programmes();
    let decimals = |points: &str| {
        let latest = programmes.latest();
        let kind = latest.and_then(|latest| latest.programme.find_points(points));
        kind.map_or(0, |(_, kind)| kind.decimals)
    };
    let next = (entries.len() == limit as usize).then(|| entries.last().map(|last| last.number));
    let items: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let decimals = decimals(entry.points.as_str());
            let change = i64::try_from(entry.change()).unwrap_or(i64::MAX);
            json!({
                "number": entry.number,
                "activity": entry.activity,
                "points": entry.points,
                "from": entry.from,
                "to": entry.to,
                "amount": format_decimal(entry.amount.units(), decimals),
                "change": format_decimal(change, decimals),
                "lot": entry.lot,
                "at": entry.at,
            })
        })
        .collect();
    Ok(Json(json!({ "entries": items, "next_before": next.flatten() })))
}
