//! Tiers that a person sets, with a reason and a name.
//!
//! The measure goes on as if nothing had been set: what was set stands beside it, and the ladder
//! says which of the two holds.

use super::Context;
use super::activity::NAME_BYTES_MAX;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use crate::values::Key;
use jiff::civil::Date;

/// Which tier of which ladder, and the last day on which it holds.
pub(super) struct TierSetting<'a> {
    pub ladder: &'a Key,
    /// None where nothing is set any longer.
    pub tier: Option<&'a Key>,
    pub until: Option<Date>,
}

pub(super) fn decide_tier_setting(
    context: Context<'_>,
    setting: &TierSetting<'_>,
    reason: &str,
    actor: &str,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if reason.trim().is_empty() || actor.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.len() > NAME_BYTES_MAX || actor.len() > NAME_BYTES_MAX {
        return Err(Refusal::NameTooLong { what: "reason".to_owned() });
    }
    let TierSetting { ladder, tier, until } = *setting;
    let declared = context.programme.ladders.iter().find(|declared| declared.key == *ladder);
    let declared = declared.ok_or_else(|| Refusal::UnknownLadder { ladder: ladder.clone() })?;
    if let Some(tier) = tier.filter(|tier| !declared.tiers.iter().any(|known| known.key == **tier))
    {
        return Err(Refusal::UnknownTier { tier: tier.clone() });
    }
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let day = facts.day;
    if until.is_some_and(|until| until < day) {
        return Err(Refusal::EndsBeforeToday);
    }
    let (tier, reason, actor) = (tier.cloned(), reason.to_owned(), actor.to_owned());
    let outcome = Outcome::TierSet {
        tier: tier.clone(),
        until,
        reason: reason.clone(),
        actor: actor.clone(),
    };
    let mut reasons = vec![Reason { about: ladder.clone(), outcome }];
    let mut effects = vec![Effect::SetTier { ladder: ladder.clone(), tier, until, reason, actor }];
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}
