//! The decision about somebody who becomes a member, and the rules that give something for it.

use super::activity::Activity;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::referral::{Seen, about_referral, count_referral, line_kept};
use super::simple::{self, check_type};
use super::working::WorkingLots;
use super::{Candidates, Context, milestones};
use crate::member::{AttributeValue, MemberKind, MemberState, Referral};
use crate::programme::Trigger;
use crate::values::{Key, MemberId};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Who joins.
struct Joining<'j> {
    kind: MemberKind,
    attributes: &'j BTreeMap<Key, AttributeValue>,
    /// Those who brought him, the nearest first.
    line: &'j [MemberId],
}

/// Decides about somebody who joins, or who was a member elsewhere.
pub(super) fn decide(
    context: Context<'_>,
    activity: &Activity,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    if context.member.is_some() {
        return Err(Refusal::AlreadyMember);
    }
    match activity {
        Activity::Joining { kind, attributes, line } => {
            let joining = Joining { kind: *kind, attributes, line };
            decide_joining(context, &joining, candidates)
        }
        Activity::Import { kind, attributes, since } => {
            decide_import(&context, *kind, attributes, *since)
        }
        _ => Err(Refusal::NoMember),
    }
}

fn decide_joining(
    context: Context<'_>,
    joining: &Joining<'_>,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    let Joining { kind, attributes, line } = *joining;
    check_attributes(&context, attributes)?;
    let day = context.programme.zone.day(context.at);
    let mut effects = vec![Effect::Join { kind, attributes: attributes.clone(), since: None }];
    let (mut reasons, mut counters) = (Vec::new(), Seen::new());
    let mut state = MemberState::new(kind, day);
    state.attributes.clone_from(attributes);
    if let Some(by) = line.first() {
        let own = |other: &MemberId| Some(*other) == context.member_id;
        if line.iter().any(own) {
            return Err(Refusal::ReferralCycle);
        }
        // Whoever joins is welcome, even where whoever brought him has brought enough.
        let outcome = match count_referral(&context, *by, day, &mut counters, &mut effects)? {
            Some(reached) => reached,
            None => {
                let line = line_kept(line);
                effects.push(Effect::Attribute { line: line.clone() });
                state.referral = Some(Referral { line, since: day });
                Outcome::Referred { by: *by }
            }
        };
        reasons.push(Reason { about: about_referral(), outcome });
    }
    let context = Context { member: Some(&state), ..context };
    let facts = DecisionFacts::new(context.programme, Some(&state), context.at);
    let found = match candidates {
        Candidates::Indexed => context.programme.index.joining_candidates(&facts),
        Candidates::All => context.programme.index.all_of(Trigger::Joining),
    };
    let mut working = WorkingLots::new(context.programme, &state, context.at);
    let reached =
        milestones::on_joining(&context, day, &mut working, (&mut effects, &mut reasons))?;
    counters.extend(reached);
    if !found.is_empty() {
        let rules = simple::Found { context: &context, facts: &facts, found, candidates };
        let seen = simple::follow_rules(rules, &mut working, &mut effects, &mut reasons)?;
        counters.extend(seen);
        let before = Before { member: &state, facts: &facts };
        tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}

fn check_attributes(
    context: &Context<'_>,
    attributes: &BTreeMap<Key, AttributeValue>,
) -> Result<(), Refusal> {
    for (key, value) in attributes {
        let declared = context.programme.attributes.iter().find(|declared| declared.key == *key);
        let declared =
            declared.ok_or_else(|| Refusal::UnknownAttribute { attribute: key.clone() })?;
        check_type(key, value, declared.value_type)?;
    }
    Ok(())
}

/// Takes somebody over who is a member already. No rule gives anything for it.
fn decide_import(
    context: &Context<'_>,
    kind: MemberKind,
    attributes: &BTreeMap<Key, AttributeValue>,
    since: Date,
) -> Result<Decision, Refusal> {
    check_attributes(context, attributes)?;
    let day = context.programme.zone.day(context.at);
    if since > day {
        return Err(Refusal::CalendarRange);
    }
    let (attributes, since) = (attributes.clone(), Some(since).filter(|since| *since != day));
    let effects = vec![Effect::Join { kind, attributes, since }];
    let (net, counters, reasons) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Decision { at: context.at, day, net, counters, effects, reasons })
}
