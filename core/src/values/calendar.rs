//! Days, periods and the programme's time zone. Moments come from outside, always.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A date beyond what the calendar can hold (the years -9999 to 9999).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarError;

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the date is out of the calendar's range")
    }
}

impl std::error::Error for CalendarError {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodUnit {
    Days,
    Weeks,
    Months,
    Years,
}

/// A length of time on the calendar, such as `36 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub count: u16,
    pub unit: PeriodUnit,
}

impl Period {
    pub const NONE: Self = Self { count: 0, unit: PeriodUnit::Days };

    /// Reads `14 days`, `1 month`, `2 years`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        if !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count: u16 = count.parse().ok().filter(|count| (1..=9999).contains(count))?;
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "day" => PeriodUnit::Days,
            "week" => PeriodUnit::Weeks,
            "month" => PeriodUnit::Months,
            "year" => PeriodUnit::Years,
            _ => return None,
        };
        Some(Self { count, unit })
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        match self.unit {
            PeriodUnit::Days => Span::new().days(count),
            PeriodUnit::Weeks => Span::new().weeks(count),
            PeriodUnit::Months => Span::new().months(count),
            PeriodUnit::Years => Span::new().years(count),
        }
    }

    /// The day that lies this period after `day`. Where the month is too short, its last day:
    /// one year after 29 February is 28 February (case 50).
    pub fn after(self, day: Date) -> Result<Date, CalendarError> {
        day.checked_add(self.span()).map_err(|_| CalendarError)
    }

    /// The day that lies this period before `day`.
    pub fn before(self, day: Date) -> Result<Date, CalendarError> {
        day.checked_sub(self.span()).map_err(|_| CalendarError)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Days => "day",
            PeriodUnit::Weeks => "week",
            PeriodUnit::Months => "month",
            PeriodUnit::Years => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// A period of the calendar that begins and ends for everybody at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl CalendarUnit {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The first day of the period that `day` lies in. Weeks begin on Monday (ISO 8601).
    pub fn first_day(self, day: Date) -> Result<Date, CalendarError> {
        match self {
            Self::Day => Ok(day),
            Self::Week => {
                let since_monday = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(Span::new().days(since_monday)).map_err(|_| CalendarError)
            }
            Self::Month => Ok(day.first_of_month()),
            Self::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).map_err(|_| CalendarError)
            }
            Self::Year => Ok(day.first_of_year()),
        }
    }

    /// The last day of the period that `day` lies in.
    pub fn last_day(self, day: Date) -> Result<Date, CalendarError> {
        let first = self.first_day(day)?;
        let next = match self {
            Self::Day => first.checked_add(Span::new().days(1)),
            Self::Week => first.checked_add(Span::new().days(7)),
            Self::Month => first.checked_add(Span::new().months(1)),
            Self::Quarter => first.checked_add(Span::new().months(3)),
            Self::Year => first.checked_add(Span::new().years(1)),
        };
        next.and_then(Date::yesterday).map_err(|_| CalendarError)
    }
}

/// A time zone of the IANA database, by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
    /// Between which moments its clocks are not changed. The database answers the same, and the
    /// rules of daylight saving time are slow to work out for every receipt.
    steady: Arc<[Steady]>,
}

/// A time in which the clocks of a zone are not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Steady {
    from: Timestamp,
    /// The first moment after it.
    until: Timestamp,
    offset: Offset,
}

/// The years of which the changes of clocks are looked up beforehand, 2020 to 2039. Any other
/// moment is asked of the database.
const KNOWN_FROM: Timestamp = Timestamp::constant(1_577_836_800, 0);
const KNOWN_UNTIL: Timestamp = Timestamp::constant(2_208_988_800, 0);
/// No offset comes near so many seconds.
const TWO_DAYS: i64 = 172_800;

fn steady_times(zone: &TimeZone) -> Arc<[Steady]> {
    let mut times = Vec::new();
    let (mut from, mut offset) = (KNOWN_FROM, zone.to_offset(KNOWN_FROM));
    for change in zone.following(KNOWN_FROM) {
        let until = change.timestamp().min(KNOWN_UNTIL);
        times.push(Steady { from, until, offset });
        (from, offset) = (until, change.offset());
        if until == KNOWN_UNTIL {
            return times.into();
        }
    }
    times.push(Steady { from, until: KNOWN_UNTIL, offset });
    times.into()
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl Zone {
    /// Finds a zone such as `Europe/Oslo` in the database that the program brings along.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        // Zone names are compared without regard to case by the database; the programme
        // names them as IANA spells them, so that every reader sees one spelling.
        let zone = TimeZone::get(name).ok()?;
        if zone.iana_name() != Some(name) {
            return None;
        }
        let steady = steady_times(&zone);
        Some(Self { name: name.to_owned(), zone, steady })
    }

    /// The time around a moment in which clocks are not changed, where it is known.
    fn steady_at(&self, at: Timestamp) -> Option<&Steady> {
        let place = self.steady.partition_point(|steady| steady.until <= at);
        self.steady.get(place).filter(|steady| steady.from <= at)
    }

    /// The instant of a midnight, where clocks are changed neither shortly before nor after it.
    fn steady_midnight(&self, day: Date) -> Option<Timestamp> {
        let as_utc = Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()?;
        let Steady { from, until, offset } = self.steady_at(as_utc)?;
        let second = as_utc.as_second();
        let is_far = second - from.as_second() > TWO_DAYS && until.as_second() - second > TWO_DAYS;
        let instant = Timestamp::from_second(second - i64::from(offset.seconds()));
        instant.ok().filter(|_| is_far)
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a clock on the wall shows at `at`.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        match self.steady_at(at) {
            Some(steady) => steady.offset.to_datetime(at),
            None => self.zone.to_datetime(at),
        }
    }

    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The first instant of a day; where midnight is skipped, the instant that follows the gap.
    pub fn start_of_day(&self, day: Date) -> Result<Timestamp, CalendarError> {
        if let Some(instant) = self.steady_midnight(day) {
            return Ok(instant);
        }
        day.to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| CalendarError)
    }

    /// The instant after the last of a day: a lot that ends on the 31st counts all of the 31st (case 48).
    pub fn end_of_day(&self, day: Date) -> Result<Timestamp, CalendarError> {
        self.start_of_day(day.tomorrow().map_err(|_| CalendarError)?)
    }

    /// The instant at which a clock on the wall shows `local`; the earlier one where it shows it twice.
    pub fn instant(&self, local: DateTime) -> Result<Timestamp, CalendarError> {
        local.to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| CalendarError)
    }
}
