//! What members are told of before it begins: rules with `announce`, never hidden ones.

use super::problem::Problem;
use super::{ApiState, Integration};
use crate::words::Speaker;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use symbolon_core::engine::announcements;

/// The announcements of this moment, the soonest first.
pub async fn list(
    State(state): State<ApiState>,
    caller: Integration,
) -> Result<Json<Value>, Problem> {
    let now = state.moments(None).recorded;
    let programmes = state.app.programmes();
    let Some(version) = programmes.at(now) else {
        return Ok(Json(json!({ "announcements": [] })));
    };
    let say = Speaker::new(caller.language, &version.programme);
    let told = announcements(&version.programme, now).map_err(|error| Problem::internal(&error))?;
    let told: Vec<Value> = told
        .iter()
        .map(|told| {
            json!({
                "rule": told.rule,
                "name": say.giver(&told.rule),
                "from": told.from.to_string(),
                "until": told.until.map(|until| until.to_string()),
            })
        })
        .collect();
    Ok(Json(json!({ "announcements": told })))
}
