//! What points are worth against what is paid for them: rewards that give more than was paid,
//! and points that cost nothing.

use super::Search;
use super::amounts::{Fraction, money, points_of, power_of_ten};
use super::points::{earnings, is_bought};
use super::prices::least_total;
use crate::programme::{
    Discount, DiscountAmount, Discounting, EarnAmount, Earning, Gives, Plain, PointKind, Reward,
    Rule, Trigger,
};
use crate::values::{Money, Points, Rate};

/// Giving back more than this share of sales is told, in per cent.
const MUCH: i128 = 30;
/// Giving back less than this, in thousandths: hardly anybody saves so long.
const LITTLE: i128 = 5;

pub fn find(search: &Search<'_, '_>) {
    for reward in &search.programme.rewards {
        let Some((position, cost, value)) = sum_for_points(reward) else { continue };
        let Some(kind) = search.programme.points.get(position) else { continue };
        let Some((by, rate)) = points_per_money(search, position, kind) else { continue };
        worth(search, &Worth { reward, position, kind, cost, value, by, rate });
    }
    for (position, kind) in search.programme.points.iter().enumerate() {
        paying(search, position, kind);
    }
    for rule in &search.programme.rules {
        for earning in &rule.earn {
            points_for_nothing(search, rule, earning);
        }
    }
}

/// Points of one kind, and the sum that they take off.
fn sum_for_points(reward: &Reward) -> Option<(usize, Points, Money)> {
    let [(position, cost)] = reward.cost.as_slice() else { return None };
    let Gives::Discount(discounting) = &reward.gives else { return None };
    let Discounting {
        what: Discount::Plain(plain @ Plain { amount: DiscountAmount::Sum(sum), .. }),
        at_most,
        ..
    } = &**discounting
    else {
        return None;
    };
    let is_once = plain.each == crate::programme::Each::Receipt;
    is_once.then(|| (*position, *cost, at_most.map_or(*sum, |most| most.min(*sum))))
}

/// The points of a kind for the smallest unit of money by the rules that always hold, or by
/// the most generous of the others, which is named then.
fn points_per_money<'s>(
    search: &'s Search<'_, '_>,
    position: usize,
    kind: &PointKind,
) -> Option<(Option<&'s Rule>, Fraction)> {
    let rates = earnings(search, position)
        .filter(|(rule, _)| rule.on == Trigger::Purchase && rule.is_for_members())
        .filter_map(|(rule, earning)| Some((rule, earning, rate_of(search, kind, earning)?)));
    let (mut base, mut best): (Option<Fraction>, Option<(&Rule, Fraction)>) = (None, None);
    for (rule, earning, rate) in rates {
        if rule.is_unbounded() && rule.group.is_none() && earning.filter.is_none() {
            base = Some(match base {
                None => rate,
                Some(base) => Fraction {
                    above: base
                        .above
                        .checked_mul(rate.below)?
                        .checked_add(rate.above.checked_mul(base.below)?)?,
                    below: base.below.checked_mul(rate.below)?,
                },
            });
        } else if best.is_none_or(|(_, best)| rate.is_more_than(best.above, best.below)) {
            best = Some((rule, rate));
        }
    }
    base.map(|base| (None, base)).or(best.map(|(rule, rate)| (Some(rule), rate)))
}

fn rate_of(search: &Search<'_, '_>, kind: &PointKind, earning: &Earning) -> Option<Fraction> {
    match earning.amount {
        EarnAmount::PerAmount { give, per, .. } => Fraction::of(&[give.units()], &[per.units()]),
        EarnAmount::Percent(rate) => Fraction::of(
            &[rate.units(), power_of_ten(kind.decimals)],
            &[100, Rate::ONE.units(), power_of_ten(search.programme.currency.exponent())],
        ),
        EarnAmount::Fixed(_) | EarnAmount::Times(_) => None,
    }
}

struct Worth<'s> {
    reward: &'s Reward,
    position: usize,
    kind: &'s PointKind,
    cost: Points,
    value: Money,
    by: Option<&'s Rule>,
    rate: Fraction,
}

fn worth(search: &Search<'_, '_>, worth: &Worth<'_>) {
    let Worth { reward, kind, cost, value, by, rate, .. } = worth;
    // What it gives, over what must be spent to have the points.
    let parts = (
        rate.above.checked_mul(i128::from(value.units())),
        rate.below.checked_mul(i128::from(cost.units())),
    );
    let (Some(above), Some(below)) = parts else { return };
    let back = Fraction { above, below };
    let spent = i128::from(cost.units())
        .checked_mul(rate.below)
        .and_then(|product| i64::try_from(product / rate.above).ok())
        .map_or_else(String::new, |spent| money(search.programme, Money::new(spent)));
    let by = by.map_or_else(String::new, |rule| format!(" by `{}`", rule.key));
    let figures = format!(
        "{} are earned{by} with {spent}, and take {} off",
        points_of(kind, *cost),
        money(search.programme, *value)
    );
    let place = search.places.of_listed(reward.key.as_str());
    let hint = "raise the cost, or let fewer points be earned";
    if back.is_more_than(1, 1) {
        let message = format!(
            "`{}` gives more than was paid: {figures} ({})",
            reward.key,
            back.in_per_cent()
        );
        search.reader.finding(place, message, hint);
    } else if let Some((tier, multiplied)) = on_best_tier(search, worth.position, back)
        && multiplied.is_more_than(1, 1)
    {
        let message = format!(
            "`{}` gives more than was paid to members on `{tier}`, who earn faster: {} ",
            reward.key,
            multiplied.in_per_cent()
        );
        search.reader.finding(place, message.trim_end().to_owned(), hint);
    } else if back.is_more_than(MUCH, 100) {
        let message =
            format!("`{}` gives back {} of sales: {figures}", reward.key, back.in_per_cent());
        search.reader.finding(place, message, hint);
    } else if back.is_less_than(LITTLE, 1_000) {
        let message = format!(
            "`{}` gives back only {} of what is paid: {figures}",
            reward.key,
            back.in_per_cent()
        );
        search.reader.finding(place, message, "a first reward should be near enough to wait for");
    }
}

/// Points that pay for receipts: what they give back of what earned them.
fn paying(search: &Search<'_, '_>, position: usize, kind: &PointKind) {
    let (Some(_), Some(worth)) = (&kind.pays, kind.worth) else { return };
    let Some((_, rate)) = points_per_money(search, position, kind) else { return };
    let worth = Fraction::of(
        &[worth.units(), power_of_ten(search.programme.currency.exponent())],
        &[Rate::ONE.units(), power_of_ten(kind.decimals)],
    );
    let back = worth.and_then(|worth| {
        let above = rate.above.checked_mul(worth.above)?;
        Some(Fraction { above, below: rate.below.checked_mul(worth.below)? })
    });
    let Some(back) = back else { return };
    let message = if back.is_more_than(1, 1) {
        format!("`{}` pay for more than what earned them: {}", kind.key, back.in_per_cent())
    } else if back.is_more_than(MUCH, 100) {
        format!("`{}` give back {} of sales", kind.key, back.in_per_cent())
    } else if back.is_less_than(LITTLE, 1_000) {
        format!("`{}` give back only {} of what is paid", kind.key, back.in_per_cent())
    } else {
        return;
    };
    let place = search.places.of_declared("points", kind.key.as_str());
    search.reader.finding(
        place,
        message,
        "change what they are worth, or how fast they are earned",
    );
}

/// The tier that multiplies most, and what the reward gives back there.
fn on_best_tier<'s>(
    search: &'s Search<'_, '_>,
    position: usize,
    back: Fraction,
) -> Option<(&'s str, Fraction)> {
    let tiers = search.programme.ladders.iter().flat_map(|ladder| &ladder.tiers);
    let multiplied = tiers.filter_map(|tier| {
        let (_, rate) = tier.multiplies.iter().find(|(kind, _)| *kind == position)?;
        Some((tier, *rate))
    });
    let (tier, rate) = multiplied.max_by_key(|(_, rate)| rate.units())?;
    let above = back.above.checked_mul(i128::from(rate.units()))?;
    let below = back.below.checked_mul(i128::from(Rate::ONE.units()))?;
    Some((tier.key.as_str(), Fraction { above, below }))
}

/// A fixed award that any receipt, or the same action again and again, brings.
fn points_for_nothing(search: &Search<'_, '_>, rule: &Rule, earning: &Earning) {
    let EarnAmount::Fixed(give) = earning.amount else { return };
    let Some(kind) = search.programme.points.get(earning.points) else { return };
    let counts = kind.spendable && is_bought(search, earning.points);
    if !counts || rule.is_limited() || rule.coupon.is_some() {
        return;
    }
    let gives = points_of(kind, give);
    let (message, hint) = match rule.on {
        Trigger::Action(_) => (
            format!("`{}` gives {gives} for the same action again and again", rule.key),
            "limit = { per_member = 1 }, or once in every month",
        ),
        // One joins once.
        Trigger::Joining => return,
        // The calendar brings an occasion when it does; nobody can do it again and again.
        Trigger::Occasion(_) => return,
        Trigger::Purchase => {
            let bounded = rule.when.as_ref().is_some_and(crate::condition::Condition::uses_lines);
            if earning.filter.is_some() || bounded || least_total(search, rule).is_some() {
                return;
            }
            let least = money(search.programme, Money::new(1));
            (
                format!(
                    "`{}` gives {gives} for every receipt, even of {least}{}",
                    rule.key,
                    cheapest(search, earning.points, give)
                ),
                "ask for more (when = 'receipt.total >= …'), or set a limit such as once a day",
            )
        }
    };
    search.about_part(rule, "earn", message, hint);
}

/// How many such receipts buy the cheapest reward.
fn cheapest(search: &Search<'_, '_>, position: usize, give: Points) -> String {
    let rewards =
        search.programme.rewards.iter().filter_map(|reward| match reward.cost.as_slice() {
            [(kind, cost)] if *kind == position => Some((*cost, reward)),
            _ => None,
        });
    let Some((cost, reward)) = rewards.min_by_key(|(cost, reward)| (*cost, &reward.key)) else {
        return String::new();
    };
    let receipts = (cost.units() - 1) / give.units() + 1;
    format!("; so many of them buy `{}`: {receipts}", reward.key)
}
