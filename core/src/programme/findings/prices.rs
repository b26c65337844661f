//! Discounts that cost more than their owner thinks: below cost, standing for ever, whole
//! receipts for nothing, steps that go the wrong way; and offers with an entry threshold.

use super::Search;
use super::amounts::{Fraction, HUNDRED_PER_CENT, largest_share, money, per_cent};
use crate::condition::{Condition, Fact};
use crate::programme::{
    Audience, Discount, DiscountAmount, Rule, Stacking, Step, StepFrom, Steps, StepsBy,
};
use crate::values::{Money, Rate};

/// From here on a percentage without a margin floor is told, in per cent.
const DEEP: i64 = 40_000_000;

pub fn find(search: &Search<'_, '_>) {
    for rule in &search.programme.rules {
        if !whole_receipt_for_nothing(search, rule) {
            standing(search, rule);
            below_cost(search, rule);
        }
        never_in_full(search, rule);
        if let Some(Discount::Steps(steps)) = rule.discount.as_ref().map(|d| &d.what) {
            falling_steps(search, rule, steps);
            dead_steps(search, rule, steps);
        }
        entry_threshold(search, rule);
    }
}

/// The least total of a receipt on which the rule holds, where it names one.
pub(super) fn least_total(search: &Search<'_, '_>, rule: &Rule) -> Option<Money> {
    let millionths =
        rule.when.as_ref().and_then(|when: &Condition| when.least(Fact::ReceiptTotal))?;
    let exponent = u32::from(search.programme.currency.exponent());
    let scale = 10_i128.checked_pow(u32::from(Rate::DECIMALS).checked_sub(exponent)?)?;
    i64::try_from(millionths / scale).ok().filter(|units| *units > 0).map(Money::new)
}

/// A sum, or everything, off receipts that may cost no more than that.
fn whole_receipt_for_nothing(search: &Search<'_, '_>, rule: &Rule) -> bool {
    let Some((discounting, plain)) = rule.plain() else { return false };
    let whole = discounting.filter.is_none() && plain.pieces.is_none();
    let programme = search.programme;
    let capped = discounting.at_most.is_some() || programme.stacking.most_percent.is_some();
    // One coupon is one gift.
    if !whole || capped || rule.coupon.is_some() || programme.stacking.margin_floor.is_some() {
        return false;
    }
    let message = match plain.amount {
        DiscountAmount::Percent(rate) if rate.units() == HUNDRED_PER_CENT => {
            if rule.is_limited() {
                return false;
            }
            format!("`{}` takes everything off whole receipts, and has no limit", rule.key)
        }
        DiscountAmount::Sum(sum) if rule.takes_sum_once() => match least_total(search, rule) {
            Some(least) if least >= sum => return false,
            Some(_) => {
                let sum = money(programme, sum);
                format!("a receipt of {sum}, on which `{}` holds, costs nothing", rule.key)
            }
            None if rule.is_limited() || rule.when.is_some() => return false,
            None => {
                let sum = money(programme, sum);
                format!(
                    "`{}` takes {sum} off every receipt: up to {sum} it costs nothing",
                    rule.key
                )
            }
        },
        _ => return false,
    };
    let hint = "ask for more: when = 'receipt.total >= …', or bound it with at_most or a limit";
    search.about_part(rule, "discount", message, hint);
    true
}

/// No standing discount by default (requirement D6).
fn standing(search: &Search<'_, '_>, rule: &Rule) {
    let Some((_, plain)) = rule.plain() else { return };
    let off = match plain.amount {
        DiscountAmount::Percent(rate) => per_cent(rate),
        DiscountAmount::Sum(sum) => money(search.programme, sum),
        DiscountAmount::UnitPrice(_) => return,
    };
    if !rule.is_unbounded() {
        return;
    }
    let whom = match rule.audience {
        Audience::Members => "every member",
        Audience::Guests => "every guest",
        Audience::Everyone => "everybody",
    };
    let message = format!("`{}` gives {whom} {off} off, always: that is a lower price", rule.key);
    let hint = "aim it at a goal: a condition, steps, a time, or a limit";
    search.about_part(rule, "discount", message, hint);
}

/// A discount so large that lines may cost less than they cost the shop.
fn below_cost(search: &Search<'_, '_>, rule: &Rule) {
    let Some(share) = rule.discount.as_ref().and_then(largest_share) else { return };
    let Stacking { margin_floor, .. } = search.programme.stacking;
    let rest = HUNDRED_PER_CENT - share.units();
    let Some(floor) = margin_floor else {
        if share.units() >= DEEP {
            let message = format!(
                "`{}` takes {} off, and nothing keeps these lines above their cost",
                rule.key,
                per_cent(share)
            );
            let hint = "declare a floor: [stacking] margin_floor = 0, and send the cost of goods";
            search.about_part(rule, "discount", message, hint);
        }
        return;
    };
    if share.units() <= HUNDRED_PER_CENT - floor.units() {
        return;
    }
    // The floor of a line is its cost and the margin: cost / (1 - margin).
    let left = [rest, HUNDRED_PER_CENT - floor.units()];
    let cost = Fraction::of(&left, &[HUNDRED_PER_CENT, HUNDRED_PER_CENT]);
    let cost = cost.map_or_else(|| "0 %".to_owned(), Fraction::in_per_cent);
    let message = format!(
        "`{}` takes {} off beside a margin floor of {}: in full only where goods cost the shop \
         at most {cost} of their price",
        rule.key,
        per_cent(share),
        per_cent(floor),
    );
    search.about_part(rule, "discount", message, "lower the percentage, or the margin_floor");
}

fn never_in_full(search: &Search<'_, '_>, rule: &Rule) {
    let Some((discounting, plain)) = rule.plain() else { return };
    let (Some(most), DiscountAmount::Sum(sum)) = (discounting.at_most, plain.amount) else {
        return;
    };
    if most < sum {
        let message = format!(
            "`{}` takes {} off, and at_most allows {}: it is never given in full",
            rule.key,
            money(search.programme, sum),
            money(search.programme, most)
        );
        search.about_part(rule, "discount", message, "raise at_most, or lower the sum");
    }
}

/// Whoever buys more must not pay more.
fn falling_steps(search: &Search<'_, '_>, rule: &Rule, steps: &Steps) {
    if matches!(steps.by, StepsBy::Date) {
        return;
    }
    for pair in steps.steps.windows(2) {
        let [Step { amount: before, .. }, Step { amount: after, .. }] = pair else { continue };
        let currency = |amount: &Money| money(search.programme, *amount);
        let (before, after) = match (before, after) {
            (DiscountAmount::Percent(before), DiscountAmount::Percent(after)) if after < before => {
                (per_cent(*before) + " off", per_cent(*after) + " off")
            }
            (DiscountAmount::Sum(before), DiscountAmount::Sum(after)) if after < before => {
                (currency(before) + " off", currency(after) + " off")
            }
            (DiscountAmount::UnitPrice(before), DiscountAmount::UnitPrice(after))
                if after > before =>
            {
                (currency(before), currency(after))
            }
            _ => continue,
        };
        let message =
            format!("a higher step of `{}` gives less: {after} follows {before}", rule.key);
        search.about_part(rule, "discount", message, "let the steps grow");
    }
}

/// Steps by date that lie outside the time of their rule.
fn dead_steps(search: &Search<'_, '_>, rule: &Rule, steps: &Steps) {
    let mut begins = None;
    for step in &steps.steps {
        let StepFrom::Until(until) = step.from else { return };
        let over_before = rule.schedule.from.is_some_and(|from| until <= from);
        let begins_after = rule.schedule.until.zip(begins).is_some_and(|(end, begin)| end <= begin);
        if over_before || begins_after {
            let message = format!(
                "the step of `{}` that ends at {} lies outside the rule's own `from` and `until`",
                rule.key,
                search.programme.zone.local(until)
            );
            search.about_part(rule, "discount", message, "leave it out, or change the times");
        }
        begins = Some(until);
    }
}

/// A threshold at the entry is a choice (requirement E2); whoever makes it should know it (E1).
fn entry_threshold(search: &Search<'_, '_>, rule: &Rule) {
    if rule.offer.is_none() || rule.audience == Audience::Members {
        return;
    }
    let Some(least) = least_total(search, rule) else { return };
    search.reader.note(
        search.places.of_part(rule.key.as_str(), "when"),
        format!(
            "`{}` is offered from {} on: whoever spends less is not asked",
            rule.key,
            money(search.programme, least)
        ),
        "without the threshold, everybody is asked",
    );
}
