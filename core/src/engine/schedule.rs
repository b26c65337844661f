//! Whether a rule is in force at a moment, by the clock on the programme's wall.

use super::Context;
use super::decision::{Outcome, ScheduleMiss};
use crate::programme::{Programme, Rule, Schedule};
use crate::values::{CalendarError, Key, Zone};
use jiff::Timestamp;

/// What is said of a rule that is not in force: that it is announced, or why it is not.
pub fn announced(
    rule: &Rule,
    context: &Context<'_>,
    miss: ScheduleMiss,
) -> Result<Outcome, CalendarError> {
    if let (ScheduleMiss::NotYet(from), Some(announce)) = (miss, rule.announce) {
        let zone = &context.programme.zone;
        let told_from = zone.start_of_day(announce.before(zone.day(from))?)?;
        if told_from <= context.at {
            return Ok(Outcome::Announced { from });
        }
    }
    Ok(Outcome::OutOfSchedule { schedule: miss })
}

/// A rule that members are told of before it is in force (requirement D5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub rule: Key,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// What members are told of at a moment, the soonest first. Hidden rules are never among them.
pub fn announcements(
    programme: &Programme,
    at: Timestamp,
) -> Result<Vec<Announcement>, CalendarError> {
    let mut told = Vec::new();
    for rule in programme.rules.iter().filter(|rule| !rule.hidden) {
        let (Some(from), Some(announce)) = (rule.schedule.from, rule.announce) else { continue };
        let told_from = programme.zone.start_of_day(announce.before(programme.zone.day(from))?)?;
        if told_from <= at && at < from {
            let until = rule.schedule.until;
            told.push(Announcement { rule: rule.key.clone(), from, until });
        }
    }
    told.sort_by(|a, b| (a.from, &a.rule).cmp(&(b.from, &b.rule)));
    Ok(told)
}

/// Why a schedule does not hold at `at`, or nothing where it does.
pub fn misses(schedule: &Schedule, zone: &Zone, at: Timestamp) -> Option<ScheduleMiss> {
    if let Some(from) = schedule.from.filter(|from| at < *from) {
        return Some(ScheduleMiss::NotYet(from));
    }
    if let Some(until) = schedule.until.filter(|until| *until <= at) {
        return Some(ScheduleMiss::Over(until));
    }
    if schedule.weekdays.is_none() && schedule.hours.is_empty() {
        return None;
    }
    let local = zone.local(at);
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
    let open_on = |weekday: usize| schedule.weekdays.is_none_or(|days| days[weekday % 7]);
    if schedule.hours.is_empty() {
        return (!open_on(weekday)).then_some(ScheduleMiss::Weekday);
    }
    let mut right_hour = false;
    for (from, to) in &schedule.hours {
        let (from, to) = (i32::from(*from), i32::from(*to));
        let past_midnight = to <= from;
        // A span past midnight belongs to the weekday on which it began.
        let began_today = from <= minute && (past_midnight || minute < to);
        let began_yesterday = past_midnight && minute < to;
        right_hour |= began_today || began_yesterday;
        if (began_today && open_on(weekday)) || (began_yesterday && open_on(weekday + 6)) {
            return None;
        }
    }
    Some(if right_hour { ScheduleMiss::Weekday } else { ScheduleMiss::Hour })
}
