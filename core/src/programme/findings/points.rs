//! Points that nobody earns, that buy nothing, or that never suffice; tiers nobody reaches.

use super::Search;
use super::amounts::{days_of, most_days, points, points_of, power_of_ten};
use crate::condition::{Fact, Literal, Requirement};
use crate::programme::{
    EarnAmount, ExpiryRule, FixedPoints, Gives, GoalCounts, PendingRule, PointKind, Remainder,
    Reward, Rule, Shortfall, Trigger,
};
use crate::values::Rate;

pub fn find(search: &Search<'_, '_>) {
    for (position, kind) in search.programme.points.iter().enumerate() {
        unearned_or_unspent(search, position, kind);
        forgiven(search, position, kind);
    }
    too_dear(search);
    unreachable_tiers(search);
    unreachable_goals(search);
}

/// What goals give does not count towards goals: somebody has to earn it.
fn unreachable_goals(search: &Search<'_, '_>) {
    let staff = &search.programme.staff;
    for goal in &staff.goals {
        let GoalCounts::Points(position) = goal.counts else { continue };
        let is_earned = earnings(search, position).next().is_some()
            || search.programme.prizes().any(|prize| prize.gives_points(position))
            || staff.recognition.as_ref().is_some_and(|rules| rules.points == position)
            || staff.enrolment.as_ref().is_some_and(|rules| rules.points == position);
        if !is_earned {
            search.reader.finding(
                search.places.of_declared("team_goal", goal.key.as_str()),
                format!("no team reaches `{}`: nobody earns what it counts", goal.key),
                "count an action, or points that a rule, a prize or colleagues give",
            );
        }
    }
}

/// Whether points come from something that is no rule: a rebate, recognition, an enrolment.
fn gives_besides(search: &Search<'_, '_>, position: usize) -> bool {
    let (companies, staff) = (&search.programme.companies, &search.programme.staff);
    companies.rebate.as_ref().is_some_and(|rebate| rebate.points == position)
        || staff.recognition.as_ref().is_some_and(|rules| rules.points == position)
        || staff.enrolment.as_ref().is_some_and(|rules| rules.points == position)
        || staff.goals.iter().any(|goal| goal.points == position)
}

fn unearned_or_unspent(search: &Search<'_, '_>, position: usize, kind: &PointKind) {
    let place = || search.places.of_declared("points", kind.key.as_str());
    let is_prize = search.programme.prizes().any(|prize| prize.gives_points(position));
    let is_credit = search.programme.credits.iter().any(|credit| credit.points == position);
    let is_reward = |reward: &Reward| matches!(reward.gives, Gives::Points { points, .. } if points == position);
    // What others become at the end of the programme need not be earned before.
    let is_end = search.programme.ending.iter().any(|ending| {
        let becomes = |end: &Remainder| matches!(end, Remainder::Converts(c) if c.to == position);
        ending.remainders.iter().any(becomes)
    });
    let comes = is_end || is_prize || is_credit || search.programme.rewards.iter().any(is_reward);
    let is_given = comes || gives_besides(search, position);
    if earnings(search, position).next().is_none() && !is_given {
        search.reader.finding(
            place(),
            format!("no rule gives points of kind `{}`", kind.key),
            "add a rule that earns them, or leave the kind out",
        );
    }
    // What lies on an account is paid out, by a person or by a set-off.
    if kind.spendable && !comes && !is_bought(search, position) {
        search.reader.finding(
            place(),
            format!("`{}` can be spent, and no reward costs them", kind.key),
            "add a reward, or set spendable = false",
        );
    }
}

/// The rules that give points of a kind, with what they give.
pub(super) fn earnings<'s>(
    search: &'s Search<'_, '_>,
    position: usize,
) -> impl Iterator<Item = (&'s Rule, &'s crate::programme::Earning)> {
    search.programme.rules.iter().flat_map(move |rule| {
        rule.earn.iter().filter(move |earning| earning.points == position).map(move |e| (rule, e))
    })
}

/// Whether points of a kind buy anything: a reward, or a part of a receipt.
pub(super) fn is_bought(search: &Search<'_, '_>, position: usize) -> bool {
    let pays = search.programme.points.get(position).is_some_and(|kind| kind.pays.is_some());
    let costs = search.programme.rewards.iter().flat_map(|reward| &reward.cost);
    let fills = search.programme.points.get(position).and_then(|kind| kind.card.as_ref());
    let buys = pays || fills.is_some_and(|card| card.gives.is_some());
    buys || costs.into_iter().any(|(points, _)| *points == position)
}

/// Buy, spend the points at once, bring the goods back: what is let go was printed.
fn forgiven(search: &Search<'_, '_>, position: usize, kind: &PointKind) {
    let at_once =
        kind.spendable && kind.pending == PendingRule::Nothing && is_bought(search, position);
    if !at_once || kind.shortfall != Shortfall::Forgiven {
        return;
    }
    let mut earnings = earnings(search, position);
    let Some((rule, _)) = earnings.find(|(rule, _)| rule.on == Trigger::Purchase) else { return };
    search.reader.finding(
        search.places.of_declared("points", kind.key.as_str()),
        format!(
            "`{}` can be spent at once, and what a return finds missing is let go: buying, \
             spending and returning what `{}` gave points for leaves the reward for nothing",
            kind.key, rule.key
        ),
        "let them wait (pending = \"14 days\"), or let them be owed (shortfall = \"debt\")",
    );
}

/// The most points of a kind that a member can have at one time, where every rule that gives
/// them gives a fixed number and has a limit.
fn most_at_once(
    search: &Search<'_, '_>,
    position: usize,
    window_days: Option<i64>,
) -> Option<i128> {
    // Where multipliers touch fixed amounts, the text alone knows no most.
    if search.programme.settings.fixed_points == FixedPoints::Multiplied {
        return None;
    }
    let mut most = 0_i128;
    for (rule, earning) in earnings(search, position) {
        let (EarnAmount::Fixed(give), Some(limit)) = (earning.amount, rule.limit) else {
            return None;
        };
        let periods = match limit.every {
            None => 1,
            // A window touches a period more at either end.
            Some(every) => window_days? / days_of(every).0 + 2,
        };
        let times = i128::from(limit.times).checked_mul(i128::from(periods))?;
        most = most.checked_add(i128::from(give.units()).checked_mul(times)?)?;
    }
    Some(most)
}

fn life_in_days(expires: ExpiryRule) -> Option<i64> {
    match expires {
        ExpiryRule::AfterEarning(period) => Some(most_days(period) + 1),
        ExpiryRule::AfterCalendar { unit, then } => Some(days_of(unit).1 + most_days(then) + 1),
        ExpiryRule::Never | ExpiryRule::AfterActivity(_) => None,
    }
}

/// Rewards that cost more than anybody can ever have.
fn too_dear(search: &Search<'_, '_>) {
    for reward in &search.programme.rewards {
        for (position, cost) in &reward.cost {
            let Some(kind) = search.programme.points.get(*position) else { continue };
            if earnings(search, *position).next().is_none() {
                continue;
            }
            let Some(most) = most_at_once(search, *position, life_in_days(kind.expires)) else {
                continue;
            };
            if most < i128::from(cost.units()) {
                search.reader.finding(
                    search.places.of_part(reward.key.as_str(), "cost"),
                    format!(
                        "`{}` costs {}, and the rules give a member at most {} before they end",
                        reward.key,
                        points_of(kind, *cost),
                        points(kind, most)
                    ),
                    "lower the cost, raise a limit, or let the points live longer",
                );
            }
        }
    }
}

/// Tiers that no rule leads to, and what waits for them.
fn unreachable_tiers(search: &Search<'_, '_>) {
    for (ladder_position, ladder) in search.programme.ladders.iter().enumerate() {
        let Some(Fact::MemberEarned { points: position, .. }) = ladder.measure.only_fact() else {
            continue;
        };
        let Some(kind) = search.programme.points.get(usize::from(position)) else { continue };
        let Some(most) = most_at_once(search, usize::from(position), None) else { continue };
        let scale = power_of_ten(Rate::DECIMALS.saturating_sub(kind.decimals));
        let Some(measure) = most.checked_mul(i128::from(scale)) else { continue };
        let Some(lowest) = ladder.tiers.iter().position(|tier| tier.from > measure) else {
            continue;
        };
        for (rank, tier) in ladder.tiers.iter().enumerate().skip(lowest) {
            search.reader.finding(
                search.places.of_tier(ladder.key.as_str(), rank),
                format!(
                    "nobody reaches `{}` of `{}`: the rules give at most {}",
                    tier.key,
                    ladder.key,
                    points(kind, most)
                ),
                "lower `from`, or add a rule that gives more",
            );
        }
        waiting_for(search, ladder_position, lowest);
    }
}

fn waiting_for(search: &Search<'_, '_>, ladder: usize, lowest: usize) {
    for rule in &search.programme.rules {
        let required = rule.when.as_ref().map(crate::condition::Condition::required);
        let waits = required.iter().flatten().any(|requirement| match requirement {
            Requirement::AnyOf { fact: Fact::MemberTier(known), any_of } => {
                let unreachable = |literal: &Literal| {
                    matches!(literal, Literal::Tier(rank) if usize::from(*rank) >= lowest)
                };
                usize::from(*known) == ladder && any_of.iter().all(unreachable)
            }
            _ => false,
        });
        if waits {
            let message = format!("`{}` waits for a tier that nobody reaches", rule.key);
            search.about_part(rule, "when", message, "name a tier that members can reach");
        }
    }
}
