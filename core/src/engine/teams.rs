//! Teams and their goals: what an employee does counts for his team, and the team decides.
//!
//! A team is a member with a book of its own. What its people do reaches it as activities that
//! follow from theirs, one after another, so that a goal is reached by exactly one of them
//! however many people act at once; what the goal gives goes to each by an activity that follows
//! from that one. Nothing here changes a member other than the one it decides about.

use super::Context;
use super::activity::Activity;
use super::book::Recorded;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::derived::{Incoming, Sent};
use crate::member::{InTeam, MemberKind, MemberState, TeamAward, TeamPart, TeamScore};
use crate::programme::{GoalCounts, GoalGives, GoalMembers, GoalReturn, Programme, TeamGoal};
use crate::values::{ActivityId, Key, MemberId, Overflow, Points, spread};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What the reasons about teams are filed under; no rule can have it.
pub(crate) const TEAM: &str = "team";

/// Puts an employee into a team, into another one, or into none.
pub(super) fn decide_team(
    context: Context<'_>,
    team: Option<MemberId>,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if member.kind != MemberKind::Employee {
        return Err(Refusal::NotStaff);
    }
    let day = context.programme.zone.day(context.at);
    let mut effects = Vec::new();
    if team != member.team.map(|known| known.team) {
        let into = team.map(|team| InTeam { team, since: day });
        move_to(member.team, into, &mut effects);
    }
    Ok(decided(&context, day, effects, Vec::new()))
}

fn move_to(from: Option<InTeam>, into: Option<InTeam>, effects: &mut Vec<Effect>) {
    effects.push(Effect::SetTeam { team: into });
    if let Some(InTeam { team, .. }) = from.filter(|from| Some(from.team) != into.map(|t| t.team)) {
        effects.push(crew(team, None));
    }
    effects.extend(into.map(|into| crew(into.team, Some(into.since))));
}

fn crew(to: MemberId, since: Option<Date>) -> Effect {
    Effect::Send { to, by: Key::new(TEAM), what: Sent::Crew { since }, shares: Shares::None }
}

fn decided(
    context: &Context<'_>,
    day: Date,
    effects: Vec<Effect>,
    reasons: Vec<Reason>,
) -> Decision {
    let (net, counters) = (Vec::new(), Vec::new());
    Decision { at: context.at, day, net, counters, effects, reasons }
}

/// Whoever is merged into another leaves the team; the survivor takes the place.
pub(super) fn leave(member: &MemberState) -> Option<Effect> {
    member.team.map(|known| crew(known.team, None))
}

/// The place in a team that came with a merged member. The survivor's own team stays.
pub(super) fn take_place(member: &MemberState, came: Option<InTeam>, effects: &mut Vec<Effect>) {
    let Some(came) = came.filter(|_| member.kind == MemberKind::Employee) else { return };
    let is_better = match member.team {
        None => true,
        Some(own) => own.team == came.team && came.since < own.since,
    };
    if is_better {
        move_to(member.team, Some(came), effects);
    }
}

/// What counts towards one goal of one team in one period.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Counting {
    to: MemberId,
    goal: Key,
    unit: Key,
    from: Date,
}

/// Adds to a decision what it counts for the team of its member, and what it no longer counts
/// for the team that it had counted for.
pub(super) fn count_for_team(
    context: &Context<'_>,
    records: &BTreeMap<ActivityId, Recorded>,
    activity: &Activity,
    mut decision: Decision,
) -> Result<Decision, Refusal> {
    let Some(member) = context.member else { return Ok(decision) };
    let mut changes: BTreeMap<Counting, i64> = BTreeMap::new();
    let goals = &context.programme.staff.goals;
    // Of a programme that ends, nothing is earned any more, by nobody and by no team.
    let counts = !goals.is_empty() && super::ending::earning_over(context).is_none();
    if let (Some(InTeam { team, .. }), true) = (member.team, counts) {
        for goal in goals {
            let units = counted(context.programme, goal, activity, &decision.effects)?;
            if units > 0 {
                let (key, unit) = (goal.key.clone(), goal.counts.unit(context.programme));
                let from = goal.every.first_day(decision.day)?;
                changes.insert(Counting { to: team, goal: key, unit, from }, units);
            }
        }
    }
    let takes_back =
        matches!(activity, Activity::Return { .. } | Activity::Void { .. } | Activity::Incoming(_));
    if takes_back {
        let carried = match activity {
            Activity::Incoming(Incoming { what: Sent::Carried { record, .. }, .. }) => {
                Some(record.as_ref())
            }
            _ => None,
        };
        for effect in &decision.effects {
            uncount(context.programme, (records, carried), effect, &mut changes)?;
        }
    }
    for (Counting { to, goal, unit, from }, change) in changes {
        if change != 0 {
            let what = Sent::Score { unit, from, change };
            decision.effects.push(Effect::Send { to, by: goal, what, shares: Shares::None });
        }
    }
    Ok(decision)
}

/// So much of an activity counts towards a goal. What goals themselves give does not: no goal is
/// reached by another one.
fn counted(
    programme: &Programme,
    goal: &TeamGoal,
    activity: &Activity,
    effects: &[Effect],
) -> Result<i64, Overflow> {
    match goal.counts {
        GoalCounts::Action(position) => {
            let Activity::Action { action, .. } = activity else { return Ok(0) };
            let is_it = programme.actions.get(position).is_some_and(|kind| kind.key == *action);
            Ok(i64::from(is_it))
        }
        GoalCounts::Points(position) => {
            let Some(kind) = programme.points.get(position) else { return Ok(0) };
            let earned = effects.iter().filter_map(|effect| match effect {
                Effect::Earn { by, points, amount, .. } if *points == kind.key => {
                    programme.staff.find_goal(by).is_none().then_some(*amount)
                }
                _ => None,
            });
            Points::sum(earned).map(Points::units)
        }
    }
}

/// What comes back counts no longer, for the team and the period that it had counted for.
fn uncount(
    programme: &Programme,
    (records, carried): (&BTreeMap<ActivityId, Recorded>, Option<&Recorded>),
    effect: &Effect,
    changes: &mut BTreeMap<Counting, i64>,
) -> Result<(), Refusal> {
    let (of, taken) = match effect {
        Effect::Voided { of } => (of, None),
        Effect::Reverse { of, effect, points, amount, .. } => (of, Some((effect, points, amount))),
        _ => return Ok(()),
    };
    let record = records.get(of).or(carried.filter(|record| record.id == *of));
    let Some(record) = record else { return Ok(()) };
    if let Some((position, ..)) = taken
        && let Some(Effect::Earn { by, .. }) = record.decision.effects.get(*position as usize)
        && programme.staff.find_goal(by).is_some()
    {
        return Ok(());
    }
    for sent in &record.decision.effects {
        let Effect::Send { to, by, what: Sent::Score { unit, from, change }, .. } = sent else {
            continue;
        };
        let back = match (unit.as_str().strip_prefix("points:"), taken) {
            (Some(kind), Some((_, points, amount))) if kind == points.as_str() => amount.units(),
            (None, None) => *change,
            _ => continue,
        };
        let counting = Counting { to: *to, goal: by.clone(), unit: unit.clone(), from: *from };
        let sum = changes.entry(counting).or_default();
        *sum = sum.checked_sub(back).ok_or(Overflow)?;
    }
    Ok(())
}

/// Somebody joins the team, or leaves it.
pub(super) fn receive_crew(
    context: Context<'_>,
    incoming: &Incoming,
    since: Option<Date>,
) -> Result<Decision, Refusal> {
    let (_, member) = team_and_member(&context, incoming)?;
    let day = context.programme.zone.day(context.at);
    Ok(decided(&context, day, vec![Effect::Crew { member, since }], Vec::new()))
}

fn team_and_member<'c>(
    context: &Context<'c>,
    incoming: &Incoming,
) -> Result<(&'c MemberState, MemberId), Refusal> {
    let team = context.member.ok_or(Refusal::NoMember)?;
    if team.kind != MemberKind::Team {
        return Err(Refusal::NotATeam);
    }
    Ok((team, incoming.from.ok_or(Refusal::NoMember)?))
}

/// Something that counts towards a goal, or no longer does.
pub(super) fn receive_score(
    context: Context<'_>,
    incoming: &Incoming,
    (unit, from, change): (&Key, Date, i64),
) -> Result<Decision, Refusal> {
    let (team, member) = team_and_member(&context, incoming)?;
    let day = context.programme.zone.day(context.at);
    let key = &incoming.by;
    if team.forgot_score(key, from) {
        return Ok(decided(&context, day, Vec::new(), Vec::new()));
    }
    let mut effects = vec![Effect::TeamScore { goal: key.clone(), from, member, change }];
    let mut reasons = Vec::new();
    let Some(goal) = context.programme.staff.find_goal(key) else {
        return Ok(decided(&context, day, effects, reasons));
    };
    let mut score = team.team_score(key, from).cloned().unwrap_or_else(|| TeamScore {
        goal: key.clone(),
        from,
        by: BTreeMap::new(),
        award: None,
    });
    let own = score.by.entry(member).or_default();
    *own = own.checked_add(change).ok_or(Overflow)?;
    let (total, target) = (score.total()?, goal.target);
    let outcome = Outcome::TeamCounted { unit: unit.clone(), total, target };
    reasons.push(Reason { about: key.clone(), outcome });
    let said = (&mut effects, &mut reasons);
    match &score.award {
        None if change > 0 && total >= target => award(&context, team, goal, &score, said)?,
        Some(given) if change < 0 && total < target && goal.on_return == GoalReturn::TakeBack => {
            take_back(goal, from, given, said);
        }
        _ => {}
    }
    Ok(decided(&context, day, effects, reasons))
}

/// Gives each member of the team what the goal gives, and keeps in mind what it was.
fn award(
    context: &Context<'_>,
    team: &MemberState,
    goal: &TeamGoal,
    score: &TeamScore,
    (effects, reasons): (&mut Vec<Effect>, &mut Vec<Reason>),
) -> Result<(), Refusal> {
    let Some(kind) = context.programme.points.get(goal.points) else { return Ok(()) };
    let counts = |since: Date| goal.members == GoalMembers::Everybody || since <= score.from;
    let mut members: Vec<(Date, MemberId)> = team
        .crew
        .iter()
        .filter(|(_, since)| counts(**since))
        .map(|(member, since)| (*since, *member))
        .collect();
    // Of what is left over of a pot, whoever is in the team longer gets first.
    members.sort_unstable();
    let mut parts = Vec::new();
    for ((_, to), amount) in members.iter().zip(amounts(goal, score, &members)?) {
        if amount.is_positive() {
            let effect = u32::try_from(effects.len()).map_err(|_| Overflow)?;
            let what = Sent::Points { points: kind.key.clone(), amount };
            let (to, by) = (*to, goal.key.clone());
            effects.push(Effect::Send { to, by, what, shares: Shares::None });
            parts.push(TeamPart { effect, to, amount });
        }
    }
    let outcome = Outcome::TeamGoalReached {
        members: u32::try_from(parts.len()).map_err(|_| Overflow)?,
        points: kind.key.clone(),
        amount: Points::sum(parts.iter().map(|part| part.amount))?,
    };
    reasons.push(Reason { about: goal.key.clone(), outcome });
    let award = TeamAward { activity: context.activity, points: kind.key.clone(), parts };
    let (goal, from) = (goal.key.clone(), score.from);
    effects.push(Effect::TeamGoal { goal, from, award: Some(award) });
    Ok(())
}

/// What each gets. A pot is shared to the unit, by largest remainder.
fn amounts(
    goal: &TeamGoal,
    score: &TeamScore,
    members: &[(Date, MemberId)],
) -> Result<Vec<Points>, Overflow> {
    let (pot, by_score) = match goal.gives {
        GoalGives::Each(amount) => return Ok(vec![amount; members.len()]),
        GoalGives::Pot { amount, by_score } => (amount, by_score),
    };
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let own = |(_, member): &(Date, MemberId)| score.by.get(member).map_or(0, |own| (*own).max(0));
    let mut weights: Vec<i64> = members.iter().map(own).collect();
    if !by_score || weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    Ok(spread(pot.units(), &weights)?.into_iter().map(Points::new).collect())
}

/// Takes back from everybody what the goal gave.
fn take_back(
    goal: &TeamGoal,
    from: Date,
    given: &TeamAward,
    (effects, reasons): (&mut Vec<Effect>, &mut Vec<Reason>),
) {
    for TeamPart { effect, to, amount } in given.parts.iter().copied() {
        let (of, by, points) = (given.activity, goal.key.clone(), given.points.clone());
        effects.push(Effect::Recall { of, effect, to, by, points, amount, lines: Vec::new() });
    }
    reasons.push(Reason { about: goal.key.clone(), outcome: Outcome::TeamGoalLost });
    effects.push(Effect::TeamGoal { goal: goal.key.clone(), from, award: None });
}

/// A team is not merged: what counts for it is on its way to it alone.
pub(super) fn check_merge(member: &MemberState) -> Result<(), Refusal> {
    if member.kind == MemberKind::Team { Err(Refusal::TeamNotMerged) } else { Ok(()) }
}
