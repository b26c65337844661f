//! `/v1/challenges` and `/v1/draws`: how a challenge stands, and what a draw has published.

use super::problem::{Code, Problem};
use super::{ApiState, Integration, blocking};
use crate::app::{GameError, challenge_standing, draw_publication};
use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::values::format_decimal;

/// How many places are listed. The rest is counted.
const PLACES_MAX: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodOf {
    /// A day of the period; today where it is not said.
    day: Option<Date>,
}

pub async fn standing(
    State(state): State<ApiState>,
    _caller: Integration,
    Path(challenge): Path<String>,
    Query(period): Query<PeriodOf>,
) -> Result<Json<Value>, Problem> {
    let app = state.app.clone();
    let asked =
        blocking(move || Ok::<_, GameError>(challenge_standing(&app, &challenge, period.day)));
    let standing = asked.await?.map_err(of_game)?;
    let places = standing.placed.iter().take(PLACES_MAX).map(|placed| {
        json!({
            "place": placed.place,
            "member": placed.scored.member,
            "score": format_decimal(placed.scored.score, standing.decimals),
        })
    });
    Ok(Json(json!({
        "challenge": standing.challenge,
        "from": standing.from.to_string(),
        "until": standing.until.to_string(),
        "ended": standing.digest.is_some(),
        "digest": standing.digest,
        "members": standing.placed.len(),
        "places": places.collect::<Vec<_>>(),
    })))
}

pub async fn draw(
    State(state): State<ApiState>,
    _caller: Integration,
    Path(draw): Path<String>,
) -> Result<Json<Value>, Problem> {
    let app = state.app.clone();
    let asked = blocking(move || Ok::<_, GameError>(draw_publication(&app, &draw)));
    let publication = asked.await?.map_err(of_game)?;
    serde_json::to_value(&publication).map(Json).map_err(|error| Problem::internal(&error))
}

fn of_game(error: GameError) -> Problem {
    match error {
        GameError::Unknown { .. } | GameError::NotOpen | GameError::NoProgramme => {
            Problem::new(Code::NotFound, error.to_string())
        }
        other => Problem::internal(&other),
    }
}
