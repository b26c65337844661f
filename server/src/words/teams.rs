//! Teams and their goals in words.
//!
//! It must never compute: every figure stands in the reason or the effect.

use super::reasons::Tone;
use super::{Arg, Speaker, number};
use symbolon_core::engine::{Effect, Outcome, Sent};
use symbolon_core::member::InTeam;
use symbolon_core::programme::TeamGoal;
use symbolon_core::values::{Key, MemberId, Points};

fn member<'a>(member: MemberId) -> (&'a str, Arg<'a>) {
    ("member", Arg::from(member.to_string()))
}

fn goal<'p>(say: &Speaker<'p>, key: &Key) -> Option<&'p TeamGoal> {
    say.programme.staff.find_goal(key)
}

/// So many units of what is counted under a word: points of a kind, or just how often.
fn amount(say: &Speaker<'_>, unit: &Key, units: i64) -> String {
    match unit.as_str().strip_prefix("points:") {
        Some(points) => say.points(&Key::new(points), Points::new(units)),
        None => number(say.language, units, 0),
    }
}

/// The name of a goal; nothing where it is none.
pub(super) fn goal_name(say: &Speaker<'_>, key: &Key) -> Option<String> {
    goal(say, key).map(|goal| say.name(&goal.name, key))
}

fn counted(say: &Speaker<'_>, message: &str, by: &Key, to: MemberId, amount: String) -> String {
    let args = [("by", Arg::from(say.giver(by))), ("amount", amount.into()), member(to)];
    say.text(message, &args)
}

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::SetTeam { team: Some(InTeam { team, since }) } => {
            let args = [("team", Arg::from(team.to_string())), ("from", say.date(*since).into())];
            say.text("effect-team", &args)
        }
        Effect::SetTeam { team: None } => say.text("effect-no-team", &[]),
        Effect::Crew { member: who, since: Some(since) } => {
            say.text("effect-crew", &[member(*who), ("from", say.date(*since).into())])
        }
        Effect::Crew { member: who, since: None } => say.text("effect-crew-left", &[member(*who)]),
        Effect::TeamScore { goal: key, member: who, change, .. } => {
            let unit = goal(say, key).map(|goal| goal.counts.unit(say.programme));
            let unit = unit.unwrap_or_else(|| Key::new("times"));
            let message = if *change < 0 { "effect-team-back" } else { "effect-team-score" };
            counted(say, message, key, *who, amount(say, &unit, change.saturating_abs()))
        }
        Effect::TeamGoal { goal, award, .. } => {
            let message =
                if award.is_some() { "effect-team-goal" } else { "effect-team-goal-lost" };
            say.text(message, &[("by", say.giver(goal).into())])
        }
        _ => String::new(),
    }
}

/// What goes to a team.
pub(super) fn sent(say: &Speaker<'_>, to: MemberId, by: &Key, what: &Sent) -> String {
    match what {
        Sent::Crew { since } => {
            let message =
                if since.is_some() { "effect-team-told" } else { "effect-team-told-left" };
            say.text(message, &[member(to)])
        }
        Sent::Score { unit, change, .. } => {
            let message = if *change < 0 { "effect-for-team-back" } else { "effect-for-team" };
            counted(say, message, by, to, amount(say, unit, change.saturating_abs()))
        }
        _ => String::new(),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::TeamCounted { unit, total, target } => {
            let args = [
                ("total", Arg::from(amount(say, unit, *total))),
                ("target", amount(say, unit, *target).into()),
            ];
            say.text("reason-team-counted", &args)
        }
        Outcome::TeamGoalReached { members, points, amount } => {
            let args = [
                ("members", Arg::Count(i64::from(*members))),
                ("amount", say.points(points, *amount).into()),
            ];
            say.text("reason-team-goal-reached", &args)
        }
        Outcome::TeamGoalLost => say.text("reason-team-goal-lost", &[]),
        Outcome::EnrolmentCarried { by } => say.text("reason-enrolment-carried", &[member(*by)]),
        Outcome::EnrolmentLapsed { by } => say.text("reason-enrolment-lapsed", &[member(*by)]),
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::TeamGoalLost => Tone::Taken,
        Outcome::EnrolmentLapsed { .. } => Tone::NotGiven,
        _ => Tone::Given,
    }
}
