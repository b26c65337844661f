//! Occasions: what the calendar brings, when, and that it does so once.

use crate::support::{
    Desk, POINTS, always, at, headed, in_dollars, joining, key, line, purchase, tell, versions,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use symbolon_core::engine::Activity;
use symbolon_core::member::{AttributeValue, MemberKind};
use symbolon_core::values::ActivityId;

/// A programme with one rule that gives points on an occasion.
fn on(occasion: &str) -> String {
    in_dollars(&format!(
        "[attribute.birthday]\ntype = \"date\"\n\
         [ladder.club]\nmeasure = 'earned(\"points\", months(12))'\n\
         keep = \"until the end of the year\"\n\
         tier = [{{ id = \"basic\" }}, {{ id = \"gold\", from = 100 }}]\n\
         [points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         expires = \"60 days after earning\"\n\
         [[rule]]\nid = \"base\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n\
         [[rule]]\nid = \"gift\"\n{occasion}\nearn = {{ points = \"points\", give = 50 }}\n"
    ))
}

#[test]
fn a_birthday_comes_every_year_and_never_twice() {
    let stories = "
story: a birthday in March
2027-01-10  Ana joins with birthday=1990-03-05
2027-03-04 23:59:59  Ana waits
    has 0 points
2027-03-05 00:00:00  Ana waits
    has 50 points
2027-03-05  Ana waits
    has 50 points
2028-03-05  Ana waits
    has 50 points

story: nobody is born again on the day of joining
2027-03-05  Ana joins with birthday=1990-03-05
2027-03-06  Ana waits
    has 0 points

story: who gave no birthday has none
2027-01-10  Ana joins
2028-01-10  Ana waits
    has 0 points
";
    tell(&on("on = \"birthday\""), stories);
}

/// Case 50: what fell on 29 February falls on 28 February in years that do not have it.
#[test]
fn case_50_a_birthday_on_29_february() {
    let stories = "
story: a common year
2027-01-10  Ana joins with birthday=2004-02-29
2027-02-27 23:59  Ana waits
    has 0 points
2027-02-28  Ana waits
    has 50 points

story: a leap year
2028-01-10  Ana joins with birthday=2004-02-29
2028-02-28  Ana waits
    has 0 points
2028-02-29  Ana waits
    has 50 points

story: joined on 29 February
2028-02-29  Ana joins with birthday=1990-07-01
2029-02-28  Ana waits
    has 0 points
";
    tell(&on("on = \"birthday\""), stories);
}

#[test]
fn anniversaries_tenure_and_idleness() {
    let anniversary = "
story: a year after joining, and every year
2028-02-29  Ana joins
2029-02-27  Ana waits
    has 0 points
2029-02-28  Ana waits
    has 50 points
2030-02-28  Ana waits
    has 50 points
2032-02-28  Ana waits
    has 0 points
2032-02-29  Ana waits
    has 50 points
";
    tell(&on("on = \"anniversary\""), anniversary);
    let tenure = "
story: half a year of tenure comes once
2027-01-31  Ana joins
2027-07-30  Ana waits
    has 0 points
2027-07-31  Ana waits
    has 50 points
2029-07-31  Ana waits
    has 0 points
";
    tell(&on("on = \"tenure\"\nafter = \"6 months\""), tenure);
    let idle = "
story: each idle time is told of once
2027-01-01  Ana joins
2027-01-31  Ana waits
    has 50 points
2027-02-20  Ana waits
    has 50 points
2027-02-21  Ana buys 1 tea at 10.00
    has 60 points
2027-03-22  Ana waits
    has 60 points
2027-03-23  Ana waits
    has 110 points
2028-03-23  Ana waits
    has 0 points
";
    tell(&on("on = \"inactive\"\nafter = \"30 days\""), idle);
}

#[test]
fn before_points_end_and_at_the_end_of_a_period() {
    let expiry = "
story: two weeks before the end, once for each day on which points end
2027-01-01  Ana joins
2027-01-01  Ana buys 1 tea at 10.00, 1 cup at 5.00
2027-02-15  Ana waits
    has 15 points
2027-02-16  Ana waits
    has 65 points
2027-03-03  Ana waits
    has 50 points
2027-04-03  Ana waits
    has 100 points

story: points that were spent or taken back are not told of
2027-01-01  Ana joins
2027-01-01  Ana buys 1 tea at 10.00 as R
2027-01-02  Ana voids R
2027-02-20  Ana waits
    has 0 points
";
    let text = on("on = \"before-expiry\"\npoints = \"points\"\nbefore = \"14 days\"");
    tell(&text, expiry);
    let month = "
story: what was bought on the last evening counts for the month
2027-01-10  Ana joins
2027-01-31 23:50  Ana buys 1 tea at 100.00
2027-02-01 00:00  Ana waits
    has 150 points
2027-02-28 23:59:58  Ana waits
    has 150 points
2027-02-28 23:59:59  Ana waits
    has 150 points
";
    let when = "when = 'member.spent(months(1)) >= 100 && today.month == 1'";
    tell(&on(&format!("on = \"month-end\"\n{when}")), month);
}

/// T6, tier review: what a member lost, or kept, is booked on the day of the review.
#[test]
fn a_tier_review_says_who_fell() {
    let mut desk = Desk::new(always(&on("on = \"tier-review\"\nladder = \"club\"")));
    desk.does("2027-05-01 10:00:00Z", joining());
    desk.does("2027-05-02 10:00:00Z", purchase(vec![line("ring", "1", 20_000)]));
    let until = |text: &str| at(text);
    assert_eq!(desk.lets_time_pass(until("2027-12-31 23:59:59Z")), 0);
    assert_eq!(desk.lets_time_pass(until("2028-12-31 00:00:00Z")), 1);
    // Gold to the end of 2028, for 200 points earned within twelve months that reach into it.
    assert_eq!(desk.lets_time_pass(until("2029-01-01 00:00:00Z")), 1);
    let last = desk.book.records.values().max_by_key(|record| record.sequence).unwrap();
    let fell = last.decision.effects.iter().any(|effect| {
        matches!(effect, symbolon_core::engine::Effect::Tier { from, to, .. }
            if from.as_str() == "gold" && to.as_str() == "basic")
    });
    assert!(fell, "{:?}", last.decision.effects);
}

/// Each version is asked about its own time alone, and the day is that of the programme's zone.
#[test]
fn occasions_are_judged_by_the_version_in_force_and_by_its_clock() {
    let rule = |give: u32| {
        headed(
            "NOK",
            "Europe/Oslo",
            &format!(
                "{POINTS}\n[[rule]]\nid = \"gift\"\non = \"month-end\"\n\
                 earn = {{ points = \"points\", give = {give} }}\n"
            ),
        )
    };
    let nothing = headed("NOK", "Europe/Oslo", POINTS);
    let programmes = versions(&[
        (nothing, "2027-01-01 00:00:00Z"),
        (rule(10), "2027-03-15 12:00:00Z"),
        (rule(7), "2027-05-31 21:59:59Z"),
    ]);
    let mut desk = Desk::new(programmes);
    desk.does("2027-01-05 10:00:00Z", joining());
    // 31 March ends at 22:00 UTC, after the clocks were changed.
    assert_eq!(desk.lets_time_pass(at("2027-03-31 21:59:58Z")), 0);
    assert_eq!(desk.lets_time_pass(at("2027-03-31 21:59:59Z")), 1);
    desk.lets_time_pass(at("2027-07-01 00:00:00Z"));
    // March and April by the second version; May and June by the third.
    assert_eq!(desk.has("points", "2027-07-01 00:00:00Z"), 34);
}

#[test]
fn an_occasion_that_was_a_mistake_is_taken_back_and_does_not_come_again() {
    let mut desk = Desk::new(always(&on("on = \"month-end\"")));
    desk.does("2027-01-10 10:00:00Z", joining());
    desk.lets_time_pass(at("2027-02-01 00:00:00Z"));
    let id = *desk.book.records.keys().max().unwrap();
    assert_eq!(desk.has("points", "2027-02-01 00:00:00Z"), 50);
    desk.does("2027-02-02 00:00:00Z", Activity::Void { of: id });
    assert_eq!(desk.lets_time_pass(at("2027-02-03 00:00:00Z")), 0);
    assert_eq!(desk.has("points", "2027-02-03 00:00:00Z"), 0);
    // Nobody can send one that came already, or that no rule waits for.
    let again = |occasion: &str| Activity::Occasion {
        occasion: key(occasion),
        day: jiff::civil::date(2027, 1, 31),
    };
    assert_eq!(desk.refuses("2027-02-03 00:00:00Z", again("month-end")), "occasion-not-due");
    assert_eq!(desk.refuses("2027-02-03 00:00:00Z", again("year-end")), "occasion-not-due");
}

fn busy_programme() -> String {
    let rule = |id: &str, on: &str| {
        format!("[[rule]]\nid = \"{id}\"\n{on}\nearn = {{ points = \"points\", give = 5 }}\n")
    };
    let rules = [
        rule("born", "on = \"birthday\""),
        rule("year", "on = \"anniversary\""),
        rule("half-year", "on = \"tenure\"\nafter = \"6 months\""),
        rule("idle", "on = \"inactive\"\nafter = \"20 days\""),
        rule("month", "on = \"month-end\"\nwhen = 'member.visits(months(1)) >= 1'"),
        rule("ending", "on = \"before-expiry\"\npoints = \"points\"\nbefore = \"10 days\""),
    ];
    headed(
        "EUR",
        "Europe/Kyiv",
        &format!(
            "[attribute.birthday]\ntype = \"date\"\n\
             [points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
             expires = \"90 days after earning\"\n\
             [[rule]]\nid = \"base\"\non = \"purchase\"\n\
             earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n{}",
            rules.concat()
        ),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// I14: whether somebody looks at the calendar every day, or on any days, or only when the
    /// member buys something, the state is the same, and each occasion is booked once.
    #[test]
    fn i14_pauses_change_nothing(
        born in (1_i16..=12, 1_i16..=28),
        mut buys in prop::collection::vec((0_i64..700, 1_i64..5_000), 0..12),
        looks in prop::collection::vec(0_i64..700, 0..30),
    ) {
        buys.sort_unstable();
        let begin = at("2027-01-15 08:00:00Z");
        let moment = |day: i64, hour: i64| {
            begin.checked_add(SignedDuration::from_hours(day * 24 + hour)).unwrap()
        };
        let programmes = always(&busy_programme());
        let birthday = jiff::civil::date(1988, i8::try_from(born.0).unwrap(), i8::try_from(born.1).unwrap());
        let run = |looks: &[Timestamp]| {
            let mut desk = Desk::new(programmes.clone());
            let attributes =
                BTreeMap::from([(key("birthday"), AttributeValue::Date(birthday))]);
            let kind = MemberKind::Person;
            desk.try_at(begin, Activity::Joining { kind, attributes, line: Vec::new() }).unwrap();
            let mut looks = looks.iter().peekable();
            for (day, cents) in &buys {
                let now = moment(*day, 5);
                while let Some(look) = looks.next_if(|look| **look <= now) {
                    desk.lets_time_pass(*look);
                    // Looking again finds nothing.
                    assert_eq!(desk.lets_time_pass(*look), 0);
                }
                desk.lets_time_pass(now);
                desk.try_at(now, purchase(vec![line("tea", "1", *cents)])).unwrap();
            }
            for look in looks {
                desk.lets_time_pass(*look);
            }
            desk.lets_time_pass(moment(800, 0));
            desk
        };
        let daily: Vec<Timestamp> = (0..700).map(|day| moment(day, 3)).collect();
        let mut some: Vec<Timestamp> = looks.iter().map(|day| moment(*day, 11)).collect();
        some.sort_unstable();
        let never = run(&[]);
        for other in [run(&daily), run(&some)] {
            prop_assert_eq!(never.state(), other.state());
            prop_assert_eq!(&never.entries, &other.entries);
            prop_assert_eq!(&never.book.records, &other.book.records);
        }
        let came: Vec<ActivityId> = never.book.records.values()
            .filter(|record| matches!(record.activity, Activity::Occasion { .. }))
            .map(|record| record.id)
            .collect();
        prop_assert!(came.len() >= 23, "month ends alone are more than {}", came.len());
    }
}
