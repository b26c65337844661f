//! Who brought whom: written down when somebody joins, or later by a person with a reason.
//!
//! The line of those who brought each other comes with the activity, looked up by whoever hands
//! it over. Nobody is ever in the line of himself (case 62), and nobody brings more members in a
//! period than the programme says.

use super::Context;
use super::activity::NAME_BYTES_MAX;
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::quotas::period;
use crate::condition::Window;
use crate::member::LINE_MAX;
use crate::programme::{Attribution, QuotaMost, QuotaPer};
use crate::values::{Key, MemberId};
use jiff::civil::Date;

/// The counters that a decision looked at.
pub(super) type Seen = Vec<(CounterKey, i64)>;

/// What the reasons about bringing members are filed under.
pub(super) fn about_referral() -> Key {
    Key::new("referral")
}

/// The line as the member keeps it.
pub(super) fn line_kept(line: &[MemberId]) -> Vec<MemberId> {
    line.iter().copied().take(LINE_MAX).collect()
}

/// Counts the member for whoever brought it; says which limit is used up, if it is.
pub(super) fn count_referral(
    context: &Context<'_>,
    by: MemberId,
    day: Date,
    seen: &mut Seen,
    effects: &mut Vec<Effect>,
) -> Result<Option<Outcome>, Refusal> {
    let Some(cap) = context.programme.referral else { return Ok(None) };
    let counter = CounterKey {
        of: about_referral(),
        per: QuotaPer::Referrer,
        scope: by.to_string(),
        unit: QuotaMost::Times(cap.most).unit(),
        from: period(cap.every, day)?,
    };
    let used = context.shared.used(&counter, context.at)?;
    seen.push((counter.clone(), used));
    if used >= i64::from(cap.most) {
        return Ok(Some(Outcome::QuotaReached {
            per: counter.per,
            scope: counter.scope,
            most: QuotaMost::Times(cap.most),
            from: cap.every.map(|_| counter.from),
        }));
    }
    effects.push(Effect::CountShared { counter, change: 1 });
    Ok(None)
}

/// A member that joined by itself is attributed to somebody afterwards.
pub(super) fn decide_attribution(
    context: Context<'_>,
    line: &[MemberId],
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
    let by = *line.first().ok_or(Refusal::NoReferrer)?;
    let is_self = |other: &MemberId| Some(*other) == context.member_id || member.was(*other);
    if line.iter().any(is_self) {
        return Err(Refusal::ReferralCycle);
    }
    if member.referral.is_some() {
        return Err(Refusal::AlreadyReferred);
    }
    let bought = member.measures(Window::AllTime, Date::MAX, None).visits > 0;
    if bought && context.programme.settings.attribution == Attribution::BeforeFirstPurchase {
        return Err(Refusal::AttributionTooLate);
    }
    let day = context.programme.zone.day(context.at);
    let (mut counters, mut effects) = (Seen::new(), Vec::new());
    let reached = count_referral(&context, by, day, &mut counters, &mut effects)?;
    if let Some(outcome) = reached {
        let reason = Reason { about: about_referral(), outcome };
        return Err(Refusal::TooManyReferrals { reason: Box::new(reason) });
    }
    effects.push(Effect::Attribute { line: line_kept(line) });
    let (reason, actor) = (reason.to_owned(), actor.to_owned());
    let outcome = Outcome::Attributed { by, reason, actor };
    let reasons = vec![Reason { about: about_referral(), outcome }];
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}
