//! Benefits as entitlements: who has which, how often it can still be used, and what somebody has
//! to do for it.

use super::activity::NAME_BYTES_MAX;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::purchase::{Checkout, Matched};
use super::tenure::days_between;
use super::working::WorkingLots;
use super::{Context, facts};
use crate::member::{GrantedBenefit, MemberState};
use crate::programme::{Benefit, BenefitUses, Granting, Programme, Reward, Rule};
use crate::values::{ActivityId, CalendarUnit, Key, Money, Period};
use jiff::Timestamp;
use jiff::civil::Date;

/// A benefit that a member has, and how often it can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    pub benefit: Key,
    /// It is had by tier, tenure, membership or the like, and not only by single uses.
    pub standing: bool,
    /// How often it can be used in a period, how often it was, and the first day of that period.
    pub quota: Option<(u32, u32, Date)>,
    /// Single uses that rules and rewards gave.
    pub single_uses: u32,
}

impl Entitlement {
    /// How often it can still be used; nothing, where that has no end.
    #[must_use]
    pub fn left(&self) -> Option<u32> {
        match (self.standing, self.quota) {
            (true, None) => None,
            (true, Some((most, used, _))) => {
                Some(most.saturating_sub(used).saturating_add(self.single_uses))
            }
            (false, _) => Some(self.single_uses),
        }
    }
}

/// The benefits that a member has at a moment, in the order of the programme.
pub fn entitlements(
    programme: &Programme,
    member: &MemberState,
    at: Timestamp,
) -> Result<Vec<Entitlement>, Refusal> {
    let all = programme.benefits.iter();
    let all = all.map(|benefit| entitlement(programme, member, at, benefit));
    all.filter_map(Result::transpose).collect()
}

/// What a member has of one benefit, if anything.
fn entitlement(
    programme: &Programme,
    member: &MemberState,
    at: Timestamp,
    benefit: &Benefit,
) -> Result<Option<Entitlement>, Refusal> {
    let mut single_uses = 0_u32;
    let mut standing = false;
    let mut granted = false;
    for grant in member.benefits_at(at).filter(|grant| grant.benefit == benefit.key) {
        granted = true;
        match grant.uses_left {
            Some(uses) => single_uses = single_uses.saturating_add(uses),
            None => standing = true,
        }
    }
    let day = programme.zone.day(at);
    standing = standing || is_had(programme, member, at, day, benefit)?;
    if !standing && !granted {
        return Ok(None);
    }
    let quota = match quota_of(programme, benefit) {
        Some(Counted { of, quota, every }) => {
            let from = period(member, day, every)?;
            Some((quota, member.used(&of, from), from))
        }
        None => None,
    };
    Ok(Some(Entitlement { benefit: benefit.key.clone(), standing, quota, single_uses }))
}

/// Whether a tier, a membership or its own condition gives a benefit.
fn is_had(
    programme: &Programme,
    member: &MemberState,
    at: Timestamp,
    day: Date,
    benefit: &Benefit,
) -> Result<bool, Refusal> {
    let place = programme.benefits.iter().position(|known| known.key == benefit.key);
    let Some(place) = place else { return Ok(false) };
    let by_membership = programme.memberships.iter().any(|membership| {
        membership.benefits.contains(&place) && member.has_membership(membership.key.as_str(), day)
    });
    if by_membership {
        return Ok(true);
    }
    for ladder in &programme.ladders {
        let gives = |tier: &crate::programme::Tier| tier.benefits.contains(&place);
        if ladder.tiers.iter().any(gives) {
            let rank = facts::tier_on(programme, ladder, member, day)?;
            if ladder.tiers.get(usize::from(rank)).is_some_and(gives) {
                return Ok(true);
            }
        }
    }
    match &benefit.when {
        Some(condition) => {
            let facts = DecisionFacts::new(programme, Some(member), at);
            Ok(condition.first_failing(&facts, None)?.is_none())
        }
        None => Ok(false),
    }
}

/// What uses of a benefit are counted under, and how many there are.
struct Counted {
    of: Key,
    quota: u32,
    every: Option<CalendarUnit>,
}

fn quota_of(programme: &Programme, benefit: &Benefit) -> Option<Counted> {
    match benefit.uses {
        BenefitUses::Unlimited => None,
        // Rules and rewards count by their ids alone, so these differ from all of them.
        BenefitUses::AtMost { quota, every } => {
            let of = Key::new(&format!("benefit:{}", benefit.key));
            Some(Counted { of, quota, every })
        }
        BenefitUses::ByChoice(choice) => {
            let choice = programme.choices.get(choice)?;
            let of = Key::new(&format!("choice:{}", choice.key));
            Some(Counted { of, quota: choice.quota, every: choice.every })
        }
    }
}

fn period(member: &MemberState, day: Date, every: Option<CalendarUnit>) -> Result<Date, Refusal> {
    match every {
        Some(unit) => Ok(unit.first_day(day)?),
        None => Ok(member.joined),
    }
}

/// A use of a benefit: what a period leaves goes first, then single uses, those that end soonest
/// before the others.
pub(super) fn decide_benefit_use(
    context: Context<'_>,
    benefit: &Key,
    note: &str,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    if note.len() > NAME_BYTES_MAX {
        return Err(Refusal::NameTooLong { what: "note".to_owned() });
    }
    let benefit = programme
        .find_benefit(benefit.as_str())
        .ok_or_else(|| Refusal::UnknownBenefit { benefit: benefit.clone() })?;
    let had = entitlement(programme, member, context.at, benefit)?
        .ok_or_else(|| Refusal::NotEntitled { benefit: benefit.key.clone() })?;
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let day = facts.day;
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    WorkingLots::new(programme, member, context.at).expire(&mut effects, &mut reasons)?;
    let key = benefit.key.clone();
    let within = had.quota.is_none_or(|(most, used, _)| used < most);
    if had.standing && within {
        if let (Some(counted), Some((.., from))) = (quota_of(programme, benefit), had.quota) {
            effects.push(Effect::Count { of: counted.of, from, change: 1 });
        }
        effects.push(Effect::UseBenefit { benefit: key.clone(), granted: None, change: 1 });
    } else if let Some(grant) = soonest_to_end(member, context.at, &key) {
        let granted = Some(grant.activity);
        effects.push(Effect::UseBenefit { benefit: key.clone(), granted, change: 1 });
    } else {
        let (times, from) = match (had.standing, had.quota) {
            (true, Some((most, _, from))) => (most, Some(from)),
            _ => (0, None),
        };
        return Err(Refusal::BenefitUsedUp { benefit: key, times, from });
    }
    let left = had.left().map(|left| left.saturating_sub(1));
    reasons.push(Reason { about: key.clone(), outcome: Outcome::BenefitUsed { left } });
    open_task(day, &key, benefit.fulfil, None, &mut effects, &mut reasons)?;
    effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

fn soonest_to_end<'a>(
    member: &'a MemberState,
    at: Timestamp,
    benefit: &Key,
) -> Option<&'a GrantedBenefit> {
    let single = member
        .benefits_at(at)
        .filter(|grant| grant.benefit == *benefit && grant.uses_left.is_some_and(|uses| uses > 0));
    single.min_by_key(|grant| (grant.ends_at.is_none(), grant.ends_at, grant.granted_at))
}

/// Asks somebody to do something, where the programme says within which time.
pub(super) fn open_task(
    day: Date,
    about: &Key,
    fulfil: Option<Period>,
    partner: Option<&Key>,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let Some(within) = fulfil else { return Ok(()) };
    let due = within.after(day)?;
    let (about, partner) = (about.clone(), partner.cloned());
    reasons.push(Reason { about: about.clone(), outcome: Outcome::TaskOpened { due } });
    effects.push(Effect::OpenTask { about, due, partner });
    Ok(())
}

/// The task of a reward that somebody hands over later.
pub(super) fn open_task_of(
    programme: &Programme,
    day: Date,
    reward: &Reward,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let partner = reward.partner.and_then(|position| programme.partners.get(position));
    let partner = partner.map(|partner| &partner.key);
    open_task(day, &reward.key, reward.fulfil, partner, effects, reasons)
}

/// What was asked for is done. It is no activity of the member.
pub(super) fn decide_fulfilment(
    context: Context<'_>,
    of: ActivityId,
    effect: u32,
    note: &str,
    actor: &str,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if actor.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if note.len() > NAME_BYTES_MAX || actor.len() > NAME_BYTES_MAX {
        return Err(Refusal::NameTooLong { what: "note".to_owned() });
    }
    let task = member.tasks.iter().find(|task| task.activity == of && task.effect == effect);
    let task = task.ok_or(Refusal::UnknownTask { activity: of })?;
    let day = context.programme.zone.day(context.at);
    let late = u32::try_from(days_between(task.due, day)).unwrap_or(0);
    let (about, note, actor) = (task.about.clone(), note.to_owned(), actor.to_owned());
    let outcome = Outcome::TaskDone { note, actor, late };
    let reasons = vec![Reason { about: about.clone(), outcome }];
    let effects = vec![Effect::CloseTask { of, effect, about, done: true }];
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// Grants the benefit of a rule.
pub(super) fn grant(
    context: &Context<'_>,
    day: Date,
    rule: &Rule,
    granting: &Granting,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let Some(benefit) = context.programme.benefits.get(granting.benefit) else { return Ok(false) };
    let by = rule.key.clone();
    if context.member.is_none() {
        reasons.push(Reason { about: by, outcome: Outcome::NotForGuests });
        return Ok(false);
    }
    let ends_at = match granting.lasts {
        Some(period) => Some(context.programme.zone.end_of_day(period.after(day)?)?),
        None => None,
    };
    let (benefit, uses) = (benefit.key.clone(), granting.uses);
    let outcome = Outcome::BenefitGranted { benefit: benefit.clone(), uses, ends_at };
    reasons.push(Reason { about: by.clone(), outcome });
    effects.push(Effect::GrantBenefit { by, benefit, ends_at, uses });
    Ok(true)
}

/// Grants the benefits of the rules of a receipt.
pub(super) fn grant_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        let rule = candidate.rule;
        let Some(granting) = &rule.benefit else { continue };
        let does_more = rule.discount.is_some() || !rule.earn.is_empty();
        if does_more && !candidate.gave {
            continue;
        }
        let (effects, reasons) = (&mut checkout.effects, &mut checkout.reasons);
        let day = checkout.facts.day;
        candidate.gave |= grant(&checkout.context, day, rule, granting, effects, reasons)?;
    }
    Ok(())
}
