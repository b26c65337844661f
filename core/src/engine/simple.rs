//! The decisions about what is neither a receipt nor taken back: actions, redemptions,
//! adjustments, settlement.

use super::activity::NAME_BYTES_MAX;
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::purchase::{limit_period, why_not};
use super::quotas::{Place, Quotas, quotas_of};
use super::working::{WorkingLots, lot_life};
use super::{Candidates, Context, codes, earn, ending, entitlement, games, gifts, pay};
use crate::condition::Type;
use crate::member::{AttributeValue, MemberState};
use crate::programme::{Gives, Rule, Shortfall, Trigger};
use crate::values::{Key, Money, Points};
use std::collections::BTreeMap;

pub(super) fn check_type(key: &Key, value: &AttributeValue, wanted: Type) -> Result<(), Refusal> {
    let fits = match value {
        AttributeValue::Text(text) => {
            if text.len() > NAME_BYTES_MAX {
                return Err(Refusal::NameTooLong { what: key.to_string() });
            }
            wanted == Type::Text
        }
        AttributeValue::Integer(_) => wanted == Type::Int,
        AttributeValue::Decimal(_) => wanted == Type::Decimal,
        AttributeValue::Boolean(_) => wanted == Type::Bool,
        AttributeValue::Date(_) => wanted == Type::Date,
    };
    if fits { Ok(()) } else { Err(Refusal::WrongAttributeType { attribute: key.clone() }) }
}

pub fn decide_action(
    context: Context<'_>,
    action: &Key,
    fields: &BTreeMap<Key, AttributeValue>,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let (position, declared) = programme
        .find_action(action.as_str())
        .ok_or_else(|| Refusal::UnknownAction { action: action.clone() })?;
    for (key, value) in fields {
        let field = declared.fields.iter().find(|(name, _)| name == key);
        let (_, wanted) =
            field.ok_or_else(|| Refusal::UnknownAttribute { attribute: key.clone() })?;
        check_type(key, value, *wanted)?;
    }
    let facts =
        DecisionFacts::new(programme, Some(member), context.at).with_action(position, fields);
    let found = match candidates {
        Candidates::Indexed => programme.index.action_candidates(position, &facts),
        Candidates::All => programme.index.all_of(Trigger::Action(position)),
    };
    let (effects, reasons) = (Vec::new(), Vec::new());
    let happening = Happening { member, facts, found, is_activity: true, effects, reasons };
    decide_happening(context, happening, candidates)
}

/// Something other than a receipt that rules wait for.
pub(super) struct Happening<'a> {
    pub member: &'a MemberState,
    pub facts: DecisionFacts<'a>,
    /// The rules that may hold.
    pub found: Vec<u32>,
    /// The member did it, so that it keeps points from ending for idleness.
    pub is_activity: bool,
    /// What is decided of it already.
    pub effects: Vec<Effect>,
    pub reasons: Vec<Reason>,
}

/// Lets the rules that hold give what they give without a receipt.
pub(super) fn decide_happening(
    context: Context<'_>,
    happening: Happening<'_>,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    let Happening { member, facts, found, is_activity, mut effects, mut reasons } = happening;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    working.expire(&mut effects, &mut reasons)?;
    let rules = Found { context: &context, facts: &facts, found, candidates };
    let counters = follow_rules(rules, &mut working, &mut effects, &mut reasons)?;
    let day = facts.day;
    if is_activity {
        effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    }
    tier_changes(&context, Before { member, facts: &facts }, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}

/// Rules that may hold for something other than a receipt, and what they are judged by.
pub(super) struct Found<'f, 'a> {
    pub context: &'f Context<'a>,
    pub facts: &'f DecisionFacts<'a>,
    /// By their place in the programme, in its order.
    pub found: Vec<u32>,
    pub candidates: Candidates,
}

/// Gives what the rules give that hold. Says which shared counters were looked at.
pub(super) fn follow_rules<'a>(
    rules: Found<'_, 'a>,
    working: &mut WorkingLots<'a>,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<Vec<(CounterKey, i64)>, Refusal> {
    let Found { context, facts, found, candidates } = rules;
    let programme = context.programme;
    let (mut quotas, mut looked_at) = (Quotas::default(), Vec::new());
    let holding = holding_rules((context, facts), &found, candidates, reasons)?;
    let outdone = earn::settle_action_groups(programme, &holding)?;
    for rule in holding {
        let told = !rule.hidden || candidates == Candidates::All;
        let by = outdone.iter().find(|(outdone, _)| **outdone == rule.key).map(|(_, by)| *by);
        if let (Some(by), Some(group)) = (by, &rule.group) {
            let outcome = Outcome::Excluded { group: group.clone(), by: by.clone() };
            if told {
                reasons.push(Reason { about: rule.key.clone(), outcome });
            }
            continue;
        }
        if ending::only_offers(context, rule, candidates, effects, reasons) {
            continue;
        }
        let counted = quotas_of(context, &rule.key, &rule.quotas, rule.campaign);
        let place = Place::default();
        if let Some(outcome) = quotas.open(context, &place, facts.day, &rule.key, counted)? {
            if told {
                reasons.push(Reason { about: rule.key.clone(), outcome });
            }
            continue;
        }
        let mut earning = earn::OnAction { working: &mut *working, quotas: &mut quotas };
        let gave = earn::earn_on_action(&mut earning, context, facts, rule, effects, reasons)?;
        if rule.offer.is_some() {
            reasons.push(Reason { about: rule.key.clone(), outcome: Outcome::Offered });
            effects.push(Effect::Offer { by: rule.key.clone() });
        }
        let mut gave = gave || rule.offer.is_some();
        if let Some(issuing) = &rule.issue {
            let issue = codes::Issue { rule, issuing, day: facts.day };
            gave |= codes::issue_coupon(context, &issue, effects, reasons)?;
        }
        if rule.plays() {
            gave |= games::Play {
                context,
                day: facts.day,
                working: Some(&mut *working),
                quotas: &mut quotas,
                seen: &mut looked_at,
                shares: Shares::None,
                effects,
                reasons,
            }
            .play_on_action(rule, gave || told)?;
        }
        if let Some(granting) = &rule.benefit {
            gave |= entitlement::grant(context, facts.day, rule, granting, effects, reasons)?;
        }
        if gave {
            quotas.take(&rule.key, Money::ZERO)?;
        }
        if let (Some(limit), true) = (rule.limit, gave) {
            let from = limit_period(context, facts.day, limit)?;
            effects.push(Effect::Count { of: rule.key.clone(), from, change: 1 });
        }
    }
    games::fill_on_action(context, facts.day, working, (effects, reasons))?;
    let mut counters = quotas.seen();
    counters.append(&mut looked_at);
    quotas.count(effects, reasons);
    Ok(counters)
}

/// The rules that hold for an action, with a reason for each that does not.
fn holding_rules<'a>(
    (context, facts): (&Context<'a>, &DecisionFacts<'_>),
    found: &[u32],
    candidates: Candidates,
    reasons: &mut Vec<Reason>,
) -> Result<Vec<&'a Rule>, Refusal> {
    let mut holding = Vec::new();
    for position in found {
        let Some(rule) = context.programme.rules.get(*position as usize) else { continue };
        match why_not(context, facts, rule)? {
            Some(_) if rule.hidden && candidates == Candidates::Indexed => {}
            Some(outcome) => reasons.push(Reason { about: rule.key.clone(), outcome }),
            None => holding.push(rule),
        }
    }
    Ok(holding)
}

pub fn decide_redemption(context: Context<'_>, reward: &Key) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let reward = programme
        .find_reward(reward.as_str())
        .ok_or_else(|| Refusal::UnknownReward { reward: reward.clone() })?;
    if matches!(reward.gives, Gives::Discount(_)) {
        return Err(Refusal::RewardNeedsReceipt { reward: reward.key.clone() });
    }
    gifts::refuse_gift(reward)?;
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let mut working = WorkingLots::new(programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    pay::check_reward(&context, &facts, reward, 0)?;
    let mut quotas = Quotas::default();
    pay::open_quotas(&mut quotas, &context, &Place::default(), facts.day, reward)?;
    quotas.take_reward(&reward.key, Money::ZERO)?;
    pay::spend(&mut working, &context, reward, &[], &mut effects, &mut reasons)?;
    pay::hand_over(&mut working, &context, facts.day, reward, &mut effects, &mut reasons)?;
    let counters = quotas.seen();
    quotas.count(&mut effects, &mut reasons);
    let day = facts.day;
    effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}

/// Points given or taken by a person.
pub struct Adjusting<'a> {
    pub points: &'a Key,
    pub amount: Points,
    pub reason: &'a str,
    pub actor: &'a str,
}

pub fn decide_adjustment(
    context: Context<'_>,
    adjusting: &Adjusting<'_>,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let Adjusting { points, amount, reason, actor } = adjusting;
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    if reason.trim().is_empty() || actor.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.len() > NAME_BYTES_MAX || actor.len() > NAME_BYTES_MAX {
        return Err(Refusal::NameTooLong { what: "reason".to_owned() });
    }
    let (position, kind) = context
        .programme
        .find_points(points.as_str())
        .ok_or_else(|| Refusal::UnknownPoints { points: (*points).clone() })?;
    ending::check_kind(&context, position)?;
    let day = context.programme.zone.day(context.at);
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let (reason, actor) = ((*reason).to_owned(), (*actor).to_owned());
    reasons.push(Reason {
        about: kind.key.clone(),
        outcome: Outcome::Adjusted {
            points: kind.key.clone(),
            amount: *amount,
            reason: reason.clone(),
            actor: actor.clone(),
        },
    });
    let points = kind.key.clone();
    if amount.is_positive() {
        let (_, expires) = lot_life(context.programme, kind, day)?;
        let granted = working.grant(kind, *amount)?;
        let lot = granted.number;
        effects.push(Effect::Give {
            points: points.clone(),
            amount: *amount,
            lot,
            expires,
            reason,
            actor,
        });
        if !granted.repaid.is_zero() {
            effects.push(Effect::Repay { points, amount: granted.repaid, lot });
        }
    } else {
        let wanted = amount.negated()?;
        let taking = working.take(&kind.key, wanted, true)?;
        if !taking.missing.is_zero() && kind.shortfall == Shortfall::Forgiven {
            let available = wanted.minus(taking.missing)?;
            return Err(Refusal::NotEnoughToTake { available });
        }
        let (parts, owed) = (taking.parts, taking.missing);
        effects.push(Effect::Take { points, amount: wanted, parts, owed, reason, actor });
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// Books what has run out and nothing else. It changes no answer, only where it is written.
pub fn decide_settlement(context: Context<'_>) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let day = context.programme.zone.day(context.at);
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}
