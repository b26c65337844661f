//! Rules of one group that never win, and discounts that leave nothing to pay together.

use super::Search;
use super::amounts::{HUNDRED_PER_CENT, money, trimmed};
use super::prices::least_total;
use crate::condition::{Condition, Fact};
use crate::programme::{
    Choosing, Discount, DiscountAmount, Discounting, Each, Percentages, Plain, Rule, Schedule,
    StepFrom, Steps, StepsBy, Threshold, Trigger,
};
use crate::values::{Money, Rate, Rounding, divide};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// More rules of a group than this are not compared pair by pair, nor more than this added up.
const COMPARED_MAX: usize = 200;
const TOGETHER_MAX: usize = 60;

pub fn find(search: &Search<'_, '_>) {
    never_winning(search);
    free_receipts(search);
}

// ---- rules of a group that never win ----

fn never_winning(search: &Search<'_, '_>) {
    let mut groups: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in search.programme.rules.iter().filter(|rule| rule.plain().is_some()) {
        if let Some(group) = &rule.group {
            groups.entry(group.as_str()).or_default().push(rule);
        }
    }
    let for_shop = search.programme.settings.choosing == Choosing::BestForShop;
    for (group, rules) in groups {
        let rules = rules.get(..COMPARED_MAX).unwrap_or(&rules);
        for (position, loser) in rules.iter().enumerate() {
            let winner = rules.iter().enumerate().find(|(other, winner)| {
                *other != position
                    && holds_whenever(search, winner, loser)
                    && wins(winner, loser, *other < position, for_shop)
            });
            let Some((_, winner)) = winner else { continue };
            let (gives, taken) =
                if for_shop { ("no more", "least") } else { ("at least as much", "most") };
            let message = format!(
                "`{}` can never win: whenever it holds, `{}` holds too and gives {gives}, and of \
                 the group `{group}` the rule that gives {taken} is taken",
                loser.key, winner.key
            );
            let hint = "narrow the other rule, change the amounts, or leave one of them out";
            search.about_rule(loser, message, hint);
        }
    }
}

/// Whether `wide` holds on every receipt on which `narrow` holds.
fn holds_whenever(search: &Search<'_, '_>, wide: &Rule, narrow: &Rule) -> bool {
    let threshold = search.programme.settings.threshold;
    let is_late = |when: &Condition| when.mentions(Fact::ReceiptTotal);
    if threshold != Threshold::HandedIn && wide.when.as_ref().is_some_and(is_late) {
        return false;
    }
    wide.on == Trigger::Purchase
        && narrow.on == Trigger::Purchase
        && !wide.exclusive
        && !narrow.exclusive
        && !wide.is_limited()
        && (wide.coupon.is_none() || wide.coupon == narrow.coupon)
        && wide.is_for_all_of(narrow)
        && is_part_of(wide.when.as_ref(), narrow.when.as_ref())
        && covers(&wide.schedule, &narrow.schedule)
}

/// Whether every part of the one condition stands in the other one.
fn is_part_of(part: Option<&Condition>, whole: Option<&Condition>) -> bool {
    let Some(part) = part else { return true };
    let Some(whole) = whole else { return false };
    let stands = |text: &str| whole.conjuncts().iter().any(|conjunct| conjunct.text() == text);
    part.conjuncts().iter().all(|conjunct| stands(conjunct.text()))
}

fn covers(wide: &Schedule, narrow: &Schedule) -> bool {
    let begins = wide.from.is_none_or(|from| narrow.from.is_some_and(|other| from <= other));
    let ends = wide.until.is_none_or(|until| narrow.until.is_some_and(|other| other <= until));
    let days = wide.weekdays.is_none() || wide.weekdays == narrow.weekdays;
    let hours = wide.hours.is_empty() || wide.hours == narrow.hours;
    begins && ends && days && hours
}

fn wins(winner: &Rule, loser: &Rule, is_first: bool, for_shop: bool) -> bool {
    let (Some(w), Some(l)) = (winner.plain(), loser.plain()) else { return false };
    let lines = |wide: &Discounting, narrow: &Discounting| {
        wide.any_kind == narrow.any_kind && is_part_of(wide.filter.as_ref(), narrow.filter.as_ref())
    };
    let (more, less) = if for_shop { (l, w) } else { (w, l) };
    let same_lines = !for_shop || lines(less.0, more.0);
    // Of two that give the same, the first one stands and the second one is superfluous.
    let settled = is_first || !gives_at_least(less, more);
    lines(more.0, less.0) && same_lines && gives_at_least(more, less) && settled
}

/// Whether on the same lines, or on more, the one takes off at least what the other takes off.
fn gives_at_least(
    (more, more_plain): (&Discounting, Plain),
    (less, less_plain): (&Discounting, Plain),
) -> bool {
    let amount = match (more_plain.amount, less_plain.amount) {
        (DiscountAmount::Percent(more), DiscountAmount::Percent(less)) => more >= less,
        (DiscountAmount::Sum(more), DiscountAmount::Sum(less)) => more >= less,
        (DiscountAmount::UnitPrice(more), DiscountAmount::UnitPrice(less)) => more <= less,
        _ => false,
    };
    let pieces = match (more_plain.pieces, less_plain.pieces) {
        (None, _) => true,
        (Some(more), Some(less)) => more >= less,
        (Some(_), None) => false,
    };
    let cap = match (more.at_most, less.at_most) {
        (None, _) => true,
        (Some(more), Some(less)) => more >= less,
        (Some(_), None) => false,
    };
    amount
        && pieces
        && cap
        && more_plain.base == less_plain.base
        && more_plain.each == less_plain.each
}

// ---- discounts that leave nothing together ----

/// A discount on goods as it may come at its best.
struct Candidate<'p> {
    rule: &'p Rule,
    filter: Option<&'p Condition>,
    amount: DiscountAmount,
    at_most: Option<Money>,
    /// The total from which it holds.
    least: Option<Money>,
}

impl<'p> Candidate<'p> {
    fn of(search: &Search<'_, '_>, rule: &'p Rule) -> Option<Self> {
        let discounting = rule.discount.as_ref().filter(|_| !rule.exclusive)?;
        let (amount, from) = match &discounting.what {
            Discount::Plain(plain) => {
                let whole = plain.pieces.is_none() && plain.each == Each::Receipt;
                (whole.then_some(plain.amount)?, None)
            }
            Discount::Steps(Steps { by, steps }) => {
                let last = steps.last()?;
                let from = match (by, last.from) {
                    (StepsBy::Amount, StepFrom::Measure(from)) => i64::try_from(from).ok(),
                    (StepsBy::Quantity | StepsBy::LineQuantity, _) => None,
                    _ => return None,
                };
                (last.amount, from.map(Money::new))
            }
            _ => return None,
        };
        let least = least_total(search, rule).max(from);
        let filter = discounting.filter.as_ref();
        Some(Self { rule, filter, amount, at_most: discounting.at_most, least })
    }

    /// What it takes off an amount of which others left so much.
    fn takes(&self, total: i64, left: i64, percentages: Percentages) -> i64 {
        let takes = match self.amount {
            DiscountAmount::Percent(rate) => {
                let base = if percentages == Percentages::Add { total } else { left };
                let product = i128::from(base) * i128::from(rate.units());
                divide(product, i128::from(HUNDRED_PER_CENT), Rounding::Down).unwrap_or(0)
            }
            DiscountAmount::Sum(sum) => sum.units(),
            DiscountAmount::UnitPrice(_) => 0,
        };
        takes.min(self.at_most.map_or(i64::MAX, Money::units)).min(left)
    }

    fn is_active(&self, at: Timestamp) -> bool {
        let Schedule { from, until, .. } = self.rule.schedule;
        from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
    }

    /// Whether both may hold for one receipt and one line. Days and hours that differ at all
    /// count as never at once, which says too little rather than too much.
    fn may_stand_with(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.rule.schedule, &other.rule.schedule);
        let days = mine.weekdays.is_none()
            || theirs.weekdays.is_none()
            || mine.weekdays == theirs.weekdays;
        let hours = mine.hours.is_empty() || theirs.hours.is_empty() || mine.hours == theirs.hours;
        let apart = |one: Option<&Condition>, two: Option<&Condition>| {
            one.zip(two).is_some_and(|(one, two)| one.excludes(two))
        };
        let grouped = self.rule.group.is_some() && self.rule.group == other.rule.group;
        days && hours
            && !grouped
            && self.rule.shares_audience(other.rule)
            && !apart(self.rule.when.as_ref(), other.rule.when.as_ref())
            && !apart(self.filter, other.filter)
    }
}

fn free_receipts(search: &Search<'_, '_>) {
    let programme = search.programme;
    let stacking = &programme.stacking;
    // What bounds the sum of discounts, or every line, leaves nothing to tell.
    let bounded = stacking.most_percent.is_some() || stacking.margin_floor.is_some();
    if bounded || programme.settings.choosing == Choosing::BestForShop {
        return;
    }
    let rules = programme.rules.iter().filter(|rule| rule.on == Trigger::Purchase);
    let candidates: Vec<Candidate<'_>> =
        rules.filter_map(|rule| Candidate::of(search, rule)).take(TOGETHER_MAX).collect();
    let starts: BTreeSet<Timestamp> = candidates
        .iter()
        .map(|candidate| candidate.rule.schedule.from.unwrap_or(Timestamp::MIN))
        .collect();
    let totals: BTreeSet<Option<Money>> =
        candidates.iter().map(|candidate| candidate.least).chain([None]).collect();
    let mut told: BTreeSet<Vec<&str>> = BTreeSet::new();
    for start in starts {
        for total in &totals {
            let together = chosen(search, &candidates, start, *total);
            let Some(free) = leaves_nothing(search, &together, *total) else { continue };
            let keys: Vec<&str> = free.iter().map(|one| one.rule.key.as_str()).collect();
            if !told.iter().any(|known| known.iter().all(|key| keys.contains(key))) {
                tell(search, &free, *total);
                told.insert(keys);
            }
        }
    }
}

/// Candidates that may stand together at a moment and a total, the largest first.
fn chosen<'c, 'p>(
    search: &Search<'_, '_>,
    candidates: &'c [Candidate<'p>],
    at: Timestamp,
    total: Option<Money>,
) -> Vec<&'c Candidate<'p>> {
    let percentages = search.programme.settings.percentages;
    let nominal = total.map_or(HUNDRED_PER_CENT, Money::units);
    let mut open: Vec<&Candidate<'_>> = candidates
        .iter()
        .filter(|one| one.is_active(at) && one.least <= total)
        // Sums have no meaning without a total.
        .filter(|one| total.is_some() || matches!(one.amount, DiscountAmount::Percent(_)))
        .filter(|one| {
            let most = one.rule.when.as_ref().and_then(|when| when.most(Fact::ReceiptTotal));
            most.is_none() || total.is_none()
        })
        .collect();
    open.sort_by_key(|one| std::cmp::Reverse(one.takes(nominal, nominal, percentages)));
    // What leaves nothing alone is told of alone.
    open.retain(|one| one.takes(nominal, nominal, percentages) < nominal);
    let mut chosen: Vec<&Candidate<'_>> = Vec::new();
    for one in open {
        if chosen.iter().all(|other| one.may_stand_with(other)) {
            chosen.push(one);
        }
    }
    if percentages == Percentages::Best {
        let mut has_percent = false;
        chosen.retain(|one| match one.amount {
            DiscountAmount::Percent(_) => !std::mem::replace(&mut has_percent, true),
            _ => true,
        });
    }
    let most = search.programme.stacking.most_rules;
    chosen.truncate(most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX));
    chosen
}

/// The first few of them that leave nothing, where there are at least two.
fn leaves_nothing<'c, 'p>(
    search: &Search<'_, '_>,
    together: &[&'c Candidate<'p>],
    total: Option<Money>,
) -> Option<Vec<&'c Candidate<'p>>> {
    let percentages = search.programme.settings.percentages;
    let nominal = total.map_or(HUNDRED_PER_CENT, Money::units);
    for count in 2..=together.len() {
        let mut some = together.get(..count)?.to_vec();
        // They apply by priority and id, which is the order of the programme's rules.
        some.sort_by(|a, b| (a.rule.priority, &a.rule.key).cmp(&(b.rule.priority, &b.rule.key)));
        let mut left = nominal;
        for one in &some {
            left -= one.takes(nominal, left, percentages);
        }
        if left <= 0 {
            return Some(some);
        }
    }
    None
}

fn tell(search: &Search<'_, '_>, free: &[&Candidate<'_>], total: Option<Money>) {
    let keys: Vec<String> = free.iter().map(|one| format!("`{}`", one.rule.key)).collect();
    let (Some((last, others)), Some(place)) = (keys.split_last(), free.first()) else { return };
    let keys = format!("{} and {last}", others.join(", "));
    let message = match total {
        Some(total) => {
            let total = money(search.programme, total);
            format!("{keys} may stand together: a receipt of {total} costs nothing then")
        }
        None => {
            let sum = free.iter().map(|one| match one.amount {
                DiscountAmount::Percent(rate) => rate.units(),
                _ => 0,
            });
            let sum = trimmed(sum.sum(), Rate::DECIMALS);
            format!("{keys} may stand together and take {sum} % off: the goods cost nothing then")
        }
    };
    let hint = "put them into one group, or bound them: [stacking] most_percent, most_rules";
    search.about_part(place.rule, "discount", message, hint);
}
