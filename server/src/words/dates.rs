//! Dates and times as people write them.
//!
//! The patterns and the names of the months are Fluent texts. `icu_datetime` with its data
//! was measured at 37 s of compile time in a debug build on a machine with 2 cores and 19 MB
//! of debug binary; four patterns and twelve names per language do the same for four languages.

use super::{Arg, Language, Words};
use jiff::civil::{Date, DateTime, Time};

impl Words {
    /// `5 March 2027`.
    #[must_use]
    pub fn date(&self, language: Language, date: Date) -> String {
        self.day_with(language, date, "month-of-date", "date")
    }

    /// `5 Mar 2027`, for tables and narrow screens.
    #[must_use]
    pub fn date_short(&self, language: Language, date: Date) -> String {
        self.day_with(language, date, "month-short", "date-short")
    }

    /// `5 March 2027, 14:05`. The time is what a clock on the wall of the programme's zone shows.
    #[must_use]
    pub fn moment(&self, language: Language, moment: DateTime) -> String {
        let date = self.date(language, moment.date());
        self.with_time(language, date, moment.time())
    }

    /// `5 Mar 2027, 14:05`.
    #[must_use]
    pub fn moment_short(&self, language: Language, moment: DateTime) -> String {
        let date = self.date_short(language, moment.date());
        self.with_time(language, date, moment.time())
    }

    /// `14:05`. All four languages know the clock of 24 hours; it needs no a.m. and no p.m.
    #[must_use]
    pub fn time(&self, time: Time) -> String {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    fn with_time(&self, language: Language, date: String, time: Time) -> String {
        let args = [("date", Arg::from(date)), ("time", Arg::from(self.time(time)))];
        self.text(language, "moment", &args)
    }

    fn day_with(&self, language: Language, date: Date, month: &str, pattern: &str) -> String {
        let month = self.text(language, &format!("{month}-{}", date.month()), &[]);
        // Day and year are texts, so that nobody writes the year as `2,027`.
        let args = [
            ("day", Arg::from(date.day().to_string())),
            ("month", Arg::from(month)),
            ("year", Arg::from(date.year().to_string())),
        ];
        self.text(language, pattern, &args)
    }
}
