//! The decision about a receipt: candidates, price, pay, earn, progress.

use super::activity::{LINES_MAX, NAME_BYTES_MAX, Purchase, REWARDS_MAX};
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::earn;
use super::facts::DecisionFacts;
use super::pay;
use super::price;
use super::progress;
use super::schedule;
use super::working::WorkingLots;
use super::{Candidates, Context};
use crate::programme::{Audience, Limit, OwnPoints, Rule, Trigger};
use crate::values::{Key, Money, Rounding, line_amount};
use jiff::civil::Date;

/// A receipt while it is decided. The stages fill it in order.
pub(super) struct Checkout<'a> {
    pub context: Context<'a>,
    pub purchase: &'a Purchase,
    pub facts: DecisionFacts<'a>,
    /// What is left to pay of each line.
    pub net: Vec<Money>,
    pub working: Option<WorkingLots<'a>>,
    pub effects: Vec<Effect>,
    pub reasons: Vec<Reason>,
}

/// A rule whose conditions hold, and whether it has given anything yet.
pub(super) struct Matched<'a> {
    pub rule: &'a Rule,
    pub gave: bool,
    pub excluded: bool,
}

pub fn decide_purchase(
    context: Context<'_>,
    purchase: &Purchase,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    let amounts = check_purchase(purchase)?;
    let facts = DecisionFacts::new(context.programme, context.member, context.at)
        .with_receipt(purchase, &amounts);
    let mut checkout = Checkout {
        net: amounts.clone(),
        working: context.member.map(|state| WorkingLots::new(context.programme, state, context.at)),
        context,
        purchase,
        facts,
        effects: Vec::with_capacity(16),
        reasons: Vec::with_capacity(32),
    };
    if let Some(working) = &mut checkout.working {
        working.expire(&mut checkout.effects, &mut checkout.reasons)?;
    }
    let mut matched = match_rules(&mut checkout, candidates)?;
    price::discount(&mut checkout, &mut matched)?;
    // What may be spent on the receipt that earns it is earned before any reward is taken.
    let earns_first = context.programme.settings.own_points == OwnPoints::SameReceipt;
    if earns_first {
        earn::earn_on_receipt(&mut checkout, &mut matched)?;
    }
    pay::redeem_claims(&mut checkout)?;
    if !earns_first {
        earn::earn_on_receipt(&mut checkout, &mut matched)?;
    }
    progress::offer(&mut checkout, &mut matched);
    progress::count_uses(&mut checkout, &matched)?;
    progress::visit(&mut checkout)?;
    let Checkout { facts, net, effects, reasons, .. } = checkout;
    Ok(Decision { at: context.at, day: facts.day, net, effects, reasons })
}

/// Refuses what no till can mean, and prices the lines.
fn check_purchase(purchase: &Purchase) -> Result<Vec<Money>, Refusal> {
    if purchase.lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if purchase.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines { most: LINES_MAX });
    }
    if purchase.rewards.len() > REWARDS_MAX {
        return Err(Refusal::NameTooLong { what: "rewards".to_owned() });
    }
    let too_long =
        |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > NAME_BYTES_MAX);
    if too_long(&purchase.location) || too_long(&purchase.till) || too_long(&purchase.cashier) {
        return Err(Refusal::NameTooLong { what: "location".to_owned() });
    }
    let mut amounts = Vec::with_capacity(purchase.lines.len());
    let mut total = Money::ZERO;
    for (position, line) in purchase.lines.iter().enumerate() {
        if !line.quantity.is_positive() {
            return Err(Refusal::QuantityNotPositive { line: position });
        }
        if line.unit_price < Money::ZERO {
            return Err(Refusal::NegativePrice { line: position });
        }
        if line.product.len() > NAME_BYTES_MAX || too_long(&line.category) || too_long(&line.brand)
        {
            return Err(Refusal::NameTooLong { what: "product".to_owned() });
        }
        let amount = line_amount(line.unit_price, line.quantity, Rounding::HalfUp)?;
        total = total.plus(amount)?;
        amounts.push(amount);
    }
    Ok(amounts)
}

/// The rules that hold for this receipt, in the order in which they apply.
fn match_rules<'a>(
    checkout: &mut Checkout<'a>,
    candidates: Candidates,
) -> Result<Vec<Matched<'a>>, Refusal> {
    let programme = checkout.context.programme;
    let found = match candidates {
        Candidates::Indexed => {
            programme.index.purchase_candidates(&checkout.facts, checkout.purchase)
        }
        Candidates::All => programme.index.all_of(Trigger::Purchase),
    };
    let mut matched = Vec::with_capacity(found.len());
    for position in found {
        let Some(rule) = programme.rules.get(position as usize) else { continue };
        match why_not(&checkout.context, &checkout.facts, rule)? {
            Some(outcome) => {
                checkout.reasons.push(Reason { about: rule.key.clone(), outcome });
            }
            None => matched.push(Matched { rule, gave: false, excluded: false }),
        }
    }
    Ok(matched)
}

/// Why a rule does not hold, or nothing where it does.
pub(super) fn why_not(
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    rule: &Rule,
) -> Result<Option<Outcome>, Refusal> {
    match (rule.audience, context.member) {
        (Audience::Members, None) => return Ok(Some(Outcome::NotForGuests)),
        (Audience::Guests, Some(_)) => return Ok(Some(Outcome::NotForMembers)),
        _ => {}
    }
    if let Some(miss) = schedule::misses(&rule.schedule, &context.programme.zone, context.at) {
        return Ok(Some(Outcome::OutOfSchedule { schedule: miss }));
    }
    if let Some(condition) = &rule.when
        && let Some(part) = condition.first_failing(facts, None)?
    {
        let part = u32::try_from(part).unwrap_or(u32::MAX);
        return Ok(Some(Outcome::ConditionFalse { part }));
    }
    limit_reached(context, facts.day, &rule.key, rule.limit)
}

/// The first day of the period that a limit counts in.
pub(super) fn limit_period(
    context: &Context<'_>,
    day: Date,
    limit: Limit,
) -> Result<Date, Refusal> {
    match limit.every {
        Some(unit) => Ok(unit.first_day(day)?),
        // A limit for ever counts from one day that never changes for a member.
        None => Ok(context.member.map_or(day, |member| member.joined)),
    }
}

pub(super) fn limit_reached(
    context: &Context<'_>,
    day: Date,
    of: &Key,
    limit: Option<Limit>,
) -> Result<Option<Outcome>, Refusal> {
    let (Some(limit), Some(member)) = (limit, context.member) else { return Ok(None) };
    let from = limit_period(context, day, limit)?;
    let reached = member.used(of, from) >= limit.times;
    Ok(reached.then_some(Outcome::LimitReached { times: limit.times, from }))
}
