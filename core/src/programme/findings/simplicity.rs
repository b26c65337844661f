//! Whether a person can follow the way from a purchase to a benefit (requirement P7).
//!
//! "14 points are one dollar, and twenty dollars are half off next April" is right and of no
//! use. The measure counts what one must reckon or remember; the book states it.

use super::Search;
use super::amounts::points_of;
use super::points::earnings;
use crate::condition::{Condition, Fact};
use crate::programme::{
    Discount, DiscountAmount, Discounting, EarnAmount, Gives, Plain, PointKind, Reward,
};

/// From more steps than this on, a programme is told to be too hard to follow.
const STEPS_MAX: usize = 3;
/// More parts of a condition than this are hard to keep in mind.
const PARTS_MAX: usize = 4;
/// So many rules are still a programme that fits a leaflet.
const RULES_MAX: usize = 12;

pub fn find(search: &Search<'_, '_>) {
    let mut steps: Vec<(usize, String)> = Vec::new();
    let kinds = &search.programme.points;
    if kinds.len() > 1 {
        steps.push((kinds.len() - 1, format!("{} kinds of points", kinds.len())));
    }
    for (position, kind) in kinds.iter().enumerate() {
        if kind.decimals > 0 {
            steps.push((1, format!("`{}` have decimals", kind.key)));
        }
        odd_earning(search, position, kind, &mut steps);
    }
    for reward in &search.programme.rewards {
        odd_reward(search, reward, &mut steps);
    }
    long_conditions(search, &mut steps);
    let rules = search.programme.rules.len();
    if rules > RULES_MAX {
        steps.push(((rules - 1) / RULES_MAX, format!("{rules} rules")));
    }
    let sum: usize = steps.iter().map(|(count, _)| count).sum();
    if sum > STEPS_MAX {
        let steps: Vec<String> =
            steps.into_iter().map(|(count, what)| format!("{what} ({count})")).collect();
        search.reader.finding(
            0..0,
            format!(
                "a person has {sum} things to reckon or remember between a purchase and a \
                 benefit, and more than {STEPS_MAX} are hard to follow: {}",
                steps.join(", ")
            ),
            "round the numbers, and say each benefit in one sentence that needs no pencil",
        );
    }
}

fn odd_earning(
    search: &Search<'_, '_>,
    position: usize,
    kind: &PointKind,
    steps: &mut Vec<(usize, String)>,
) {
    let odd = earnings(search, position).find_map(|(rule, earning)| match earning.amount {
        EarnAmount::PerAmount { give, per, .. } => {
            let plain = is_plain(give.units(), 1) && is_plain(per.units(), 1);
            (!plain).then_some((rule, give, per))
        }
        _ => None,
    });
    if let Some((rule, give, per)) = odd {
        let per = search.programme.currency.format(per);
        steps.push((2, format!("`{}` gives {} per {per}", rule.key, points_of(kind, give))));
    }
}

fn odd_reward(search: &Search<'_, '_>, reward: &Reward, steps: &mut Vec<(usize, String)>) {
    let key = &reward.key;
    let odd = reward.cost.iter().find(|(_, cost)| !is_plain(cost.units(), 2));
    if let Some((kind, cost)) =
        odd.and_then(|(position, cost)| Some((search.programme.points.get(*position)?, cost)))
    {
        steps.push((2, format!("`{key}` costs {}", points_of(kind, *cost))));
    }
    if let Gives::Discount(discounting) = &reward.gives {
        let Discounting { what, .. } = &**discounting;
        let share = matches!(
            what,
            Discount::Plain(Plain { amount: DiscountAmount::Percent(_), .. }) | Discount::Steps(_)
        );
        if share {
            steps.push((1, format!("`{key}` is worth what the receipt makes of it")));
        }
    }
    if reward.when.as_ref().is_some_and(is_about_time) {
        steps.push((1, format!("`{key}` can be taken at certain times only")));
    }
}

fn is_about_time(condition: &Condition) -> bool {
    condition.uses().iter().any(|fact| {
        matches!(
            fact,
            Fact::Today
                | Fact::TodayYear
                | Fact::TodayMonth
                | Fact::TodayDay
                | Fact::TodayWeekday
                | Fact::NowHour
        )
    })
}

fn long_conditions(search: &Search<'_, '_>, steps: &mut Vec<(usize, String)>) {
    let rules = search.programme.rules.iter().map(|rule| (&rule.key, rule.when.as_ref()));
    let rewards = search.programme.rewards.iter().map(|reward| (&reward.key, reward.when.as_ref()));
    for (key, when) in rules.chain(rewards) {
        let parts = when.map_or(0, |when| when.conjuncts().len());
        if parts > PARTS_MAX {
            steps.push((1, format!("`{key}` has {parts} conditions")));
        }
    }
}

/// Whether a number has at most so many digits besides zeros at its end. A quarter is plain, too.
fn is_plain(units: i64, digits: u32) -> bool {
    let mut units = units;
    while units != 0 && units % 10 == 0 {
        units /= 10;
    }
    units == 25 || units < 10_i64.pow(digits)
}
