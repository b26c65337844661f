//! Tenure: how long somebody has been a member, or an employee.

use crate::condition::{Fact, Value};
use crate::member::{AttributeValue, MemberState};
use crate::programme::Programme;
use crate::values::{CalendarError, Period, PeriodUnit};
use jiff::civil::Date;

/// The day from which tenure counts.
pub(super) fn tenure_start(programme: &Programme, member: &MemberState) -> Date {
    let attribute = programme.tenure_from.as_ref().and_then(|key| member.attributes.get(key));
    match attribute {
        Some(AttributeValue::Date(date)) => *date,
        _ => member.joined,
    }
}

/// The answer to a fact about tenure. Before tenure begins it is 0.
pub(super) fn tenure_fact(
    programme: &Programme,
    member: &MemberState,
    day: Date,
    fact: &Fact,
) -> Option<Value<'static>> {
    let start = tenure_start(programme, member);
    Some(Value::Int(match fact {
        Fact::MemberTenureDays => days_between(start, day).max(0),
        Fact::MemberTenureMonths => whole_months(start, day).unwrap_or(0),
        Fact::MemberTenureYears => whole_months(start, day).unwrap_or(0) / 12,
        _ => return None,
    }))
}

/// How many days lie between two days; negative where the second comes first.
pub(super) fn days_between(first: Date, second: Date) -> i64 {
    first.duration_until(second).as_hours() / 24
}

/// Full months between two days. One that begins on a day that a shorter month does not have is
/// full on the last day of that month, as everywhere here (case 50).
fn whole_months(start: Date, day: Date) -> Result<i64, CalendarError> {
    if day <= start {
        return Ok(0);
    }
    let years = i64::from(day.year()) - i64::from(start.year());
    let months = years * 12 + i64::from(day.month()) - i64::from(start.month());
    let count = u16::try_from(months).map_err(|_| CalendarError)?;
    let full = Period { count, unit: PeriodUnit::Months }.after(start)? <= day;
    Ok(if full { months } else { months - 1 })
}
