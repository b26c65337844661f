//! An end that leaves members with points that nobody lets them spend.

use super::Search;
use crate::programme::{Ending, PendingRule, PointKind, Remainder};
use crate::values::{CalendarError, Period};
use jiff::civil::Date;

/// Within fewer days than these, members who look in once a month never hear of it.
const DAYS_LEAST: i64 = 30;

pub fn find(search: &Search<'_, '_>) {
    let Some(ending) = &search.programme.ending else { return };
    short_times(search, ending);
    for (position, kind) in search.programme.points.iter().enumerate() {
        if ending.remainder_of(Some(position)) == Remainder::Expires {
            waits_too_long(search, ending, kind);
        }
    }
    begins_too_late(search, ending);
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn short_times(search: &Search<'_, '_>, ending: &Ending) {
    let last = ending.last_spending_day;
    let hint = "give members 30 days at least: who cannot leave well is a hostage";
    let place = |key| search.places.of_key("ending", key);
    let days = days_between(ending.last_earning_day, last);
    if days < DAYS_LEAST {
        let message = format!("what is earned last can be spent for {days} more days only");
        search.reader.finding(place("last_spending_day"), message, hint);
    }
    let Some(announced) = ending.announced else { return };
    let days = days_between(announced, last);
    if days < DAYS_LEAST {
        let message = format!("members hear of the end {days} days before it");
        search.reader.finding(place("announced"), message, hint);
    }
}

/// The first day on which points that were earned on a day can be spent; nothing, where that is
/// not said in days.
fn available_on(kind: &PointKind, earned: Date) -> Result<Option<Date>, CalendarError> {
    Ok(match &kind.pending {
        PendingRule::Nothing => None,
        PendingRule::For(period) => Some(period.after(earned)?),
        PendingRule::UntilDay(day) => Some(*day),
        PendingRule::UntilEndOf(unit) => {
            Some(unit.last_day(earned)?.tomorrow().map_err(|_| CalendarError)?)
        }
        PendingRule::AfterEvent { then, .. } if *then == Period::NONE => None,
        PendingRule::AfterEvent { then, .. } => Some(then.after(earned)?),
    })
}

fn waits_too_long(search: &Search<'_, '_>, ending: &Ending, kind: &PointKind) {
    let day = available_on(kind, ending.last_earning_day).ok().flatten();
    let Some(day) = day.filter(|day| kind.spendable && ending.last_spending_day < *day) else {
        return;
    };
    search.reader.finding(
        search.places.of_declared("points", kind.key.as_str()),
        format!(
            "`{}` of the last earning day wait until {day}, and can be spent until {} only",
            kind.key, ending.last_spending_day
        ),
        "let members spend longer, or stop earning earlier",
    );
}

/// Rules that give something for later and begin when nothing is given for later.
fn begins_too_late(search: &Search<'_, '_>, ending: &Ending) {
    for rule in &search.programme.rules {
        let begins_late = rule.schedule.from.is_some_and(|from| ending.earning_ends_at <= from);
        if begins_late && rule.gives_for_later() {
            let message = format!(
                "`{}` begins after {}, the last day on which anything is earned",
                rule.key, ending.last_earning_day
            );
            let hint = "let it begin earlier, or leave it out";
            search.about_part(rule, "from", message, hint);
        }
    }
}
