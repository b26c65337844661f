//! When rules are in force: by the clock on the programme's wall.

use crate::support::{Desk, always, at, headed, line, outcomes, purchase};
use symbolon_core::engine::{Outcome, ScheduleMiss};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Holds,
    NotYet,
    Over,
    Weekday,
    Hour,
}

use Found::{Holds, Hour, NotYet, Over, Weekday};

/// Whether a rule with this schedule offers something at a moment, and why not.
fn found(zone: &str, schedule: &str, moment: &str) -> Found {
    let rule = format!(
        "[[rule]]\nid = \"r\"\non = \"purchase\"\nfor = \"everyone\"\noffer = \"x\"\n{schedule}\n"
    );
    let desk = Desk::new(always(&headed("USD", zone, &rule)));
    let decided = desk.decide(at(moment), &purchase(vec![line("a", "1", 1)]));
    let decision = decided.unwrap_or_else(|refusal| panic!("{refusal:?}"));
    match outcomes(&decision, "r")[..] {
        [Outcome::Offered] => Holds,
        [Outcome::OutOfSchedule { schedule }] => match schedule {
            ScheduleMiss::NotYet(_) => NotYet,
            ScheduleMiss::Over(_) => Over,
            ScheduleMiss::Weekday => Weekday,
            ScheduleMiss::Hour => Hour,
        },
        ref other => panic!("{other:?}"),
    }
}

fn check(cases: &[(&str, &str, &str, Found)]) {
    for (zone, schedule, moment, expected) in cases {
        assert_eq!(found(zone, schedule, moment), *expected, "{zone} {schedule:?} {moment}");
    }
}

#[test]
fn dates_count_whole_and_moments_exactly() {
    let days = "from = 2027-02-01\nuntil = 2027-02-14";
    let local = "from = 2027-02-01T10:00:00\nuntil = \"2027-02-01T12:00:00\"";
    let exact = "from = 2027-02-01T10:00:00Z\nuntil = 2027-02-01T13:00:00+01:00";
    let skipped = "from = 2027-03-28T02:30:00";
    let twice = "until = 2027-10-31T02:30:00";
    check(&[
        ("UTC", days, "2027-01-31T23:59:59.999999Z", NotYet),
        ("UTC", days, "2027-02-01T00:00:00Z", Holds),
        ("UTC", days, "2027-02-14T23:59:59.999999Z", Holds),
        ("UTC", days, "2027-02-15T00:00:00Z", Over),
        ("Asia/Tokyo", days, "2027-01-31T14:59:59Z", NotYet),
        ("Asia/Tokyo", days, "2027-01-31T15:00:00Z", Holds),
        ("America/New_York", days, "2027-02-15T04:59:59Z", Holds),
        ("America/New_York", days, "2027-02-15T05:00:00Z", Over),
        ("Europe/Oslo", local, "2027-02-01T08:59:59Z", NotYet),
        ("Europe/Oslo", local, "2027-02-01T09:00:00Z", Holds),
        ("Europe/Oslo", local, "2027-02-01T11:00:00Z", Over),
        ("Europe/Oslo", exact, "2027-02-01T09:59:59Z", NotYet),
        ("Europe/Oslo", exact, "2027-02-01T10:00:00Z", Holds),
        ("Europe/Oslo", exact, "2027-02-01T12:00:00Z", Over),
        // Half past two is skipped that night: an hour later by the clock, the same instant.
        ("Europe/Oslo", skipped, "2027-03-28T01:29:59Z", NotYet),
        ("Europe/Oslo", skipped, "2027-03-28T01:30:00Z", Holds),
        // Half past two comes twice that night: the first one is meant.
        ("Europe/Oslo", twice, "2027-10-31T00:29:59Z", Holds),
        ("Europe/Oslo", twice, "2027-10-31T00:30:00Z", Over),
    ]);
}

#[test]
fn weekdays_are_local() {
    let monday = "weekdays = \"monday\"";
    let weekend = "weekdays = [\"saturday\", \"sunday\"]";
    check(&[
        ("UTC", monday, "2027-02-01T00:00:00Z", Holds),
        ("UTC", monday, "2027-02-01T23:59:59Z", Holds),
        ("UTC", monday, "2027-01-31T23:59:59Z", Weekday),
        ("UTC", monday, "2027-02-02T00:00:00Z", Weekday),
        ("Pacific/Auckland", monday, "2027-01-31T11:00:00Z", Holds),
        ("Pacific/Auckland", monday, "2027-02-01T11:00:00Z", Weekday),
        ("UTC", weekend, "2027-02-06T12:00:00Z", Holds),
        ("UTC", weekend, "2027-02-07T12:00:00Z", Holds),
        ("UTC", weekend, "2027-02-05T12:00:00Z", Weekday),
    ]);
}

#[test]
fn hours_may_go_on_past_midnight() {
    let day = "hours = \"09:00-17:30\"";
    let night = "hours = \"22:00-02:00\"";
    let two = "hours = [\"09:00-10:00\", \"23:30-00:30\"]";
    let whole = "hours = \"00:00-24:00\"";
    let round = "hours = \"06:00-06:00\"";
    check(&[
        ("UTC", day, "2027-02-01T08:59:59Z", Hour),
        ("UTC", day, "2027-02-01T09:00:00Z", Holds),
        ("UTC", day, "2027-02-01T17:29:59Z", Holds),
        ("UTC", day, "2027-02-01T17:30:00Z", Hour),
        ("Asia/Kathmandu", day, "2027-02-01T03:14:59Z", Hour),
        ("Asia/Kathmandu", day, "2027-02-01T03:15:00Z", Holds),
        ("UTC", night, "2027-02-01T21:59:59Z", Hour),
        ("UTC", night, "2027-02-01T22:00:00Z", Holds),
        ("UTC", night, "2027-02-02T01:59:59Z", Holds),
        ("UTC", night, "2027-02-02T02:00:00Z", Hour),
        ("UTC", two, "2027-02-01T09:30:00Z", Holds),
        ("UTC", two, "2027-02-01T10:00:00Z", Hour),
        ("UTC", two, "2027-02-02T00:29:59Z", Holds),
        ("UTC", two, "2027-02-02T00:30:00Z", Hour),
        ("UTC", whole, "2027-02-01T00:00:00Z", Holds),
        ("UTC", whole, "2027-02-01T23:59:59Z", Holds),
        ("UTC", round, "2027-02-01T05:59:59Z", Holds),
        ("UTC", round, "2027-02-01T06:00:00Z", Holds),
        // The clock goes from two to three, and in autumn shows the hour from two twice.
        ("Europe/Oslo", "hours = \"02:00-03:00\"", "2027-03-28T00:59:59Z", Hour),
        ("Europe/Oslo", "hours = \"02:00-03:00\"", "2027-03-28T01:00:00Z", Hour),
        ("Europe/Oslo", "hours = \"02:00-03:00\"", "2027-10-31T00:15:00Z", Holds),
        ("Europe/Oslo", "hours = \"02:00-03:00\"", "2027-10-31T01:15:00Z", Holds),
        ("Europe/Oslo", "hours = \"02:00-03:00\"", "2027-10-31T02:00:00Z", Hour),
    ]);
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_began() {
    let friday_night = "weekdays = \"friday\"\nhours = \"22:00-02:00\"";
    let sunday_night = "weekdays = \"sunday\"\nhours = \"22:00-02:00\"";
    let both = "weekdays = [\"friday\", \"saturday\"]\nhours = [\"22:00-02:00\", \"10:00-11:00\"]";
    check(&[
        ("UTC", friday_night, "2027-02-05T22:00:00Z", Holds),
        ("UTC", friday_night, "2027-02-06T01:59:59Z", Holds),
        ("UTC", friday_night, "2027-02-06T02:00:00Z", Hour),
        ("UTC", friday_night, "2027-02-06T22:00:00Z", Weekday),
        // The hours after midnight of Friday belong to Thursday's night.
        ("UTC", friday_night, "2027-02-05T01:00:00Z", Weekday),
        ("UTC", sunday_night, "2027-02-08T01:00:00Z", Holds),
        ("UTC", sunday_night, "2027-02-07T01:00:00Z", Weekday),
        ("UTC", both, "2027-02-07T01:00:00Z", Holds),
        ("UTC", both, "2027-02-06T10:30:00Z", Holds),
        ("UTC", both, "2027-02-07T10:30:00Z", Weekday),
    ]);
}
