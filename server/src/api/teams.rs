//! Teams of employees: who is in which, and how far their goals are.

use super::body::Body;
use super::companies::{booked, named};
use super::members::MemberRef;
use super::problem::{Problem, of_failure};
use super::{ApiState, Integration, ids};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use symbolon_core::engine::{Activity, Refusal};
use symbolon_core::member::{MemberKind, MemberState};
use symbolon_core::programme::{GoalCounts, Programme};
use symbolon_core::values::format_decimal;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamIn {
    team: MemberRef,
    at: Option<Timestamp>,
}

/// An employee is in a team from now on.
pub async fn join(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
    Body(body): Body<TeamIn>,
) -> Result<Response, Problem> {
    let team = named(&state, &body.team).await?;
    if team.state.kind != MemberKind::Team {
        return Err(of_failure(&state.app, caller.language, &Refusal::NotATeam.into()));
    }
    let activity = Activity::TeamSetting { team: Some(team.member) };
    booked(&state, &caller, ids::parse_member(&id)?, activity, body.at).await
}

/// An employee is in no team any longer.
pub async fn leave(
    State(state): State<ApiState>,
    caller: Integration,
    ids::PathId(id): ids::PathId,
) -> Result<Response, Problem> {
    let activity = Activity::TeamSetting { team: None };
    booked(&state, &caller, ids::parse_member(&id)?, activity, None).await
}

/// What a member has to do with teams: its own one, or its people and what they have done.
pub fn team_view(programme: &Programme, state: &MemberState) -> Option<Value> {
    if state.kind != MemberKind::Team {
        let own = state.team?;
        return Some(json!({ "id": own.team, "since": own.since }));
    }
    let members = state.crew.iter().map(|(member, since)| json!({ "id": member, "since": since }));
    let goals = state.team_scores.iter().filter_map(|score| {
        let goal = programme.staff.find_goal(&score.goal)?;
        let decimals = match goal.counts {
            GoalCounts::Action(_) => 0,
            GoalCounts::Points(position) => programme.points.get(position)?.decimals,
        };
        Some(json!({
            "goal": score.goal,
            "from": score.from,
            "total": format_decimal(score.total().ok()?, decimals),
            "target": format_decimal(goal.target, decimals),
            "reached": score.award.is_some(),
        }))
    });
    let (members, goals): (Vec<Value>, Vec<Value>) = (members.collect(), goals.collect());
    Some(json!({ "members": members, "goals": goals }))
}
