//! Whether a rule is in force at a moment, by the clock on the programme's wall.

use super::decision::ScheduleMiss;
use crate::programme::Schedule;
use crate::values::Zone;
use jiff::Timestamp;

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
