//! `/v1/tasks`: what somebody has to do for members, and that it is done.

use super::body::Body;
use super::problem::{Code, Problem};
use super::receipts::created;
use super::{ApiState, Integration, blocking, ids};
use crate::pipeline::{Intent, Subject};
use crate::store::nouns::directories::NaturalKey;
use crate::store::nouns::tasks::tasks_list;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::engine::Activity;

/// The most tasks of one answer.
const LISTED_MAX: u32 = 500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Only what was due before today.
    #[serde(default)]
    overdue: bool,
}

/// What is to be done, the soonest due first.
pub async fn list(
    State(state): State<ApiState>,
    _caller: Integration,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Problem> {
    let (app, now) = (state.app.clone(), state.app.world.now());
    let programmes = state.app.programmes();
    let version = programmes.at(now);
    let today = version.map(|version| version.programme.zone.day(now)).unwrap_or_default();
    let before = asked.overdue.then_some(today);
    let found = blocking(move || {
        app.store.read(|reader| tasks_list(reader, app.business, before, LISTED_MAX))
    })
    .await?;
    let tasks: Vec<Value> = found
        .iter()
        .map(|task| {
            json!({
                "member": task.member,
                "activity": task.activity,
                "effect": task.effect,
                "about": task.about,
                "partner": task.partner,
                "note": task.note,
                "due": task.due,
                "overdue": task.due < today,
                "opened_at": task.opened_at,
            })
        })
        .collect();
    Ok(Json(json!({ "tasks": tasks })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneIn {
    #[serde(default)]
    note: String,
    /// Who did it.
    actor: String,
    at: Option<Timestamp>,
}

/// A task is done once, so it needs no key: the same again gets the first answer.
pub async fn done(
    State(state): State<ApiState>,
    caller: Integration,
    Path((activity, effect)): Path<(String, String)>,
    Body(body): Body<DoneIn>,
) -> Result<Response, Problem> {
    let of = ids::parse_activity(&activity)?;
    let effect: u32 = effect.parse().map_err(|_| {
        Problem::new(Code::ActivityNotFound, format!("`{effect}` is not the number of a task"))
    })?;
    let key = json!([ids::receipt(of), effect]).to_string();
    let natural = NaturalKey { kind: "task-done", key };
    let activity = Activity::Fulfilment { of, effect, note: body.note, actor: body.actor };
    let intent = Intent { activity: activity.clone(), natural: Some(natural), label: None };
    let command = state.command(&caller, Subject::OwnerOf(of), intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}
