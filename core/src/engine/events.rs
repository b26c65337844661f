//! Events: what points of an earlier activity wait for, such as the delivery of a purchase.
//!
//! An event earns nothing and is no activity of the member; it only lets points that are there be
//! spent. The same event twice changes nothing the second time.

use super::book::Recorded;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::derived::Back;
use super::working::WorkingLots;
use super::{Context, merge};
use crate::programme::{PendingRule, Programmes};
use crate::values::{ActivityId, Key, Period};
use std::collections::BTreeMap;

pub(super) fn decide_event(
    context: Context<'_>,
    programmes: &Programmes,
    records: &BTreeMap<ActivityId, Recorded>,
    of: ActivityId,
    event: &Key,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let record = records.get(&of).ok_or(Refusal::UnknownActivity { activity: of })?;
    // The version of the purchase says what its points wait for, and how long then.
    let version = programmes.number(record.version);
    let programme = version.map_or(context.programme, |version| &*version.programme);
    if !programme.events.iter().any(|declared| declared.key == *event) {
        return Err(Refusal::UnknownEvent { event: event.clone() });
    }
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    // What waits lies with whoever the member was merged into.
    effects.extend(merge::carried(&context, record, Back::Event(event.clone())));
    let day = context.programme.zone.day(context.at);
    for lot in working.lots.iter() {
        if lot.life.activity != of || lot.life.awaits.as_ref() != Some(event) {
            continue;
        }
        let kind = programme.find_points(lot.points.as_str()).map(|(_, kind)| &kind.pending);
        let available_at = match kind {
            Some(PendingRule::AfterEvent { then, .. }) if *then != Period::NONE => {
                programme.zone.start_of_day(then.after(day)?)?
            }
            _ => context.at,
        };
        let (points, amount) = (lot.points.clone(), lot.remaining);
        effects.push(Effect::Release {
            event: event.clone(),
            points: points.clone(),
            lot: lot.number,
            available_at,
        });
        let outcome = Outcome::Released { points, amount, available_at };
        reasons.push(Reason { about: event.clone(), outcome });
    }
    let nothing = !effects.iter().any(|effect| matches!(effect, Effect::Release { .. }));
    if nothing {
        reasons.push(Reason { about: event.clone(), outcome: Outcome::NothingToCount });
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}
