//! The calendar: which occasion comes to a member next, and what it gives.
//!
//! Nothing here runs by itself. Whoever books for a member first books the occasions that came
//! before, each at its own moment and by the version in force then; so it does not matter when
//! anybody looks, or how long nobody did (I14).

use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::ending;
use super::facts::{self, DecisionFacts};
use super::simple::{Happening, decide_happening};
use super::tenure::tenure_start;
use super::{Candidates, Context};
use crate::member::{AttributeValue, MemberState};
use crate::programme::{Occasion, Programme, Programmes, Trigger, Version};
use crate::values::{ActivityId, CalendarError, Key, MemberId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// An occasion that comes to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueOccasion {
    pub occasion: Key,
    pub day: Date,
    /// The moment by which it is judged: the first of its day; of the end of a period, the last
    /// second of it.
    pub at: Timestamp,
}

impl DueOccasion {
    /// The id of the activity, which follows from whose it is, what it is and when.
    #[must_use]
    pub fn id(&self, member: MemberId) -> ActivityId {
        ActivityId::of_occasion(member, &self.occasion, self.at)
    }
}

/// The next occasion of a member, as things stand. What the member does may move it.
#[must_use]
pub fn next_occasion(programmes: &Programmes, member: &MemberState) -> Option<DueOccasion> {
    if member.merged_into.is_some() {
        // Whoever it became has its days.
        return None;
    }
    let versions = programmes.all();
    let mut next: Option<DueOccasion> = None;
    for (position, version) in versions.iter().enumerate() {
        // A later one takes over from its own moment on.
        let end = versions[position + 1..].iter().map(|later| later.from).min();
        for occasion in &version.programme.occasions {
            let found = in_force(version, end, member, occasion);
            let order = |due: &DueOccasion| (due.at, due.occasion.clone());
            if let Some(found) = found
                && next.as_ref().is_none_or(|known| order(&found) < order(known))
            {
                next = Some(found);
            }
        }
    }
    next
}

/// When an occasion comes next while a version is in force.
fn in_force(
    version: &Version,
    end: Option<Timestamp>,
    member: &MemberState,
    occasion: &Occasion,
) -> Option<DueOccasion> {
    let programme = &version.programme;
    let name = occasion.name();
    // On the day of joining nothing comes but its end.
    let joined = match occasion {
        Occasion::EndOf(_) => member.joined.yesterday().ok()?,
        _ => member.joined,
    };
    let mut after = member.occasions.get(&name).map_or(joined, |booked| joined.max(*booked));
    if let Ok(begins) = programme.zone.day(version.from).yesterday() {
        after = after.max(begins);
    }
    loop {
        let day = next_day(programme, member, occasion, after).ok()??;
        let at = moment_of(programme, occasion, day).ok()?;
        if end.is_some_and(|end| end <= at) {
            return None;
        }
        if version.from <= at {
            return Some(DueOccasion { occasion: name, day, at });
        }
        after = day;
    }
}

fn moment_of(
    programme: &Programme,
    occasion: &Occasion,
    day: Date,
) -> Result<Timestamp, CalendarError> {
    match occasion {
        Occasion::EndOf(_) => {
            let end = programme.zone.end_of_day(day)?;
            end.checked_sub(SignedDuration::from_secs(1)).map_err(|_| CalendarError)
        }
        _ => programme.zone.start_of_day(day),
    }
}

/// The first day after `after` on which an occasion falls.
fn next_day(
    programme: &Programme,
    member: &MemberState,
    occasion: &Occasion,
    after: Date,
) -> Result<Option<Date>, CalendarError> {
    let later = |day: Date| Some(day).filter(|day| *day > after);
    Ok(match occasion {
        Occasion::Birthday { attribute } => match member.attributes.get(attribute) {
            Some(AttributeValue::Date(born)) => next_yearly(*born, after)?,
            _ => None,
        },
        Occasion::Anniversary => next_yearly(tenure_start(programme, member), after)?,
        Occasion::Tenure { after: time } => later(time.after(tenure_start(programme, member))?),
        Occasion::Inactive { after: time } => later(time.after(member.last_activity())?),
        Occasion::BeforeExpiry { points, before } => {
            let mut first: Option<Date> = None;
            for lot in member.lots.iter().filter(|lot| lot.points == *points) {
                let end = lot.life.expires_at(member.last_activity(), &programme.zone)?;
                let Some(end) = end else { continue };
                let last = end.checked_sub(SignedDuration::from_nanos(1));
                let last = programme.zone.day(last.map_err(|_| CalendarError)?);
                let day = before.before(last)?;
                // Points that never live so long are told of when they are earned.
                if day > after && day >= lot.life.earned_on {
                    first = Some(first.map_or(day, |known| known.min(day)));
                }
            }
            first
        }
        Occasion::EndOf(unit) => Some(unit.last_day(after.tomorrow().map_err(|_| CalendarError)?)?),
        Occasion::TierReview { ladder } => {
            let ladder = programme.ladders.iter().find(|known| known.key == *ladder);
            match ladder.map(|ladder| ladder.keep) {
                Some(crate::programme::Keep::Until { unit, .. }) => {
                    Some(unit.last_day(after)?.tomorrow().map_err(|_| CalendarError)?)
                }
                _ => None,
            }
        }
        Occasion::BeforeMembershipEnd { membership, before } => {
            match member.membership_until(membership.as_str()) {
                Some(until) => later(before.before(until)?),
                None => None,
            }
        }
        Occasion::Ending => ending::settled_on(programme, member, after),
    })
}

/// The same day of a later year. What fell on 29 February falls on 28 February in years that do
/// not have it, as one year after 29 February does (case 50).
fn next_yearly(first: Date, after: Date) -> Result<Option<Date>, CalendarError> {
    let mut year = after.year().max(first.year().checked_add(1).ok_or(CalendarError)?);
    loop {
        let day = Date::new(year, first.month(), first.day())
            .or_else(|_| Date::new(year, first.month(), 28))
            .map_err(|_| CalendarError)?;
        if day > after {
            return Ok(Some(day));
        }
        year = year.checked_add(1).ok_or(CalendarError)?;
    }
}

/// What an occasion gives. It is no activity of the member: it keeps nothing from ending.
pub(super) fn decide_occasion(
    context: Context<'_>,
    occasion: &Key,
    day: Date,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let not_due = || Refusal::OccasionNotDue { occasion: occasion.clone() };
    let place = programme.occasions.iter().position(|known| known.name() == *occasion);
    let place = place.ok_or_else(not_due)?;
    if member.occasions.get(occasion).is_some_and(|booked| day <= *booked) {
        return Err(not_due());
    }
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let mut effects = vec![Effect::Occasion { occasion: occasion.clone(), day }];
    let outcome = Outcome::OccasionCame { day };
    let mut reasons = vec![Reason { about: occasion.clone(), outcome }];
    if let Occasion::TierReview { ladder } = &programme.occasions[place] {
        review(programme, member, ladder, day, &mut effects, &mut reasons)?;
    }
    let found = match candidates {
        Candidates::Indexed => programme.index.occasion_candidates(place, &facts),
        Candidates::All => programme.index.all_of(Trigger::Occasion(place)),
    };
    let happening = Happening { member, facts, found, is_activity: false, effects, reasons };
    decide_happening(context, happening, candidates)
}

/// Says which tier was lost, or reached, since the day before.
fn review(
    programme: &Programme,
    member: &MemberState,
    ladder: &Key,
    day: Date,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let Some(ladder) = programme.ladders.iter().find(|known| known.key == *ladder) else {
        return Ok(());
    };
    let before = day.yesterday().map_err(|_| CalendarError)?;
    let old = facts::tier_on(programme, ladder, member, before)?;
    let new = facts::tier_on(programme, ladder, member, day)?;
    let tier = |rank: u16| ladder.tiers.get(usize::from(rank)).map(|tier| tier.key.clone());
    if let (true, Some(from), Some(to)) = (old != new, tier(old), tier(new)) {
        let (about, outcome) =
            (ladder.key.clone(), Outcome::TierReached { from: from.clone(), to: to.clone() });
        reasons.push(Reason { about: about.clone(), outcome });
        effects.push(Effect::Tier { ladder: about, from, to });
    }
    Ok(())
}
