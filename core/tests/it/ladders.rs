//! Tiers: what a measure sees, and how long a tier is kept.

use crate::support::{
    Desk, POINTS, at, earned, in_dollars, line, net, outcomes, purchase, return_of, tell,
};
use jiff::civil::{Date, date};
use symbolon_core::engine::{Activity, Outcome, measure_on, tier_on};

/// Silver from 100 spent within the window, gold from 300.
fn club(settings: &str) -> String {
    in_dollars(&format!(
        "{POINTS}[ladder.club]\n{settings}tier = [{{ id = \"red\" }}, \
         {{ id = \"silver\", from = 100, multiplies = {{ points = 2 }} }}, \
         {{ id = \"gold\", from = 300, multiplies = {{ points = 3 }} }}]\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n"
    ))
}

/// The tiers of somebody who spent 100 on 15 March and 200 on 10 June 2027, on some days.
#[expect(clippy::unwrap_used, reason = "the calendar holds these days")]
fn tiers_on(settings: &str, days: &[Date]) -> Vec<u16> {
    let mut desk = Desk::with_member(&club(settings), "2027-01-01T10:00:00Z");
    desk.does("2027-03-15T10:00:00Z", purchase(vec![line("a", "1", 10_000)]));
    desk.does("2027-06-10T10:00:00Z", purchase(vec![line("a", "1", 20_000)]));
    let programme = &desk.programmes.latest().unwrap().programme;
    let tier = |day: &Date| tier_on(programme, &programme.ladders[0], desk.state(), *day);
    days.iter().map(|day| tier(day).unwrap()).collect()
}

#[test]
fn tiers_are_kept_as_long_as_the_programme_says() {
    let window = "measure = 'spent(months(3))'\n";
    // The window of three months holds both purchases from 10 to 14 June.
    let at_once = [
        (date(2027, 3, 14), 0),
        (date(2027, 3, 15), 1),
        (date(2027, 6, 9), 1),
        (date(2027, 6, 10), 2),
        (date(2027, 6, 14), 2),
        (date(2027, 6, 15), 1),
        (date(2027, 9, 9), 1),
        (date(2027, 9, 10), 0),
    ];
    // Gold was last reached on 14 June and silver on 9 September.
    let month = [
        (date(2027, 6, 30), 2),
        (date(2027, 7, 1), 1),
        (date(2027, 9, 30), 1),
        (date(2027, 10, 1), 0),
    ];
    let next_month = [
        (date(2027, 7, 31), 2),
        (date(2027, 8, 1), 1),
        (date(2027, 10, 31), 1),
        (date(2027, 11, 1), 0),
    ];
    let quarter = [(date(2027, 6, 30), 2), (date(2027, 7, 1), 1), (date(2027, 10, 1), 0)];
    let year = [(date(2027, 12, 31), 2), (date(2028, 1, 1), 0)];
    let next_year = [(date(2028, 12, 31), 2), (date(2029, 1, 1), 0)];
    let always = [(date(2027, 3, 14), 0), (date(2027, 6, 9), 1), (date(2099, 1, 1), 2)];
    let grace = [
        (date(2027, 6, 28), 2),
        (date(2027, 6, 29), 1),
        (date(2027, 9, 23), 1),
        (date(2027, 9, 24), 0),
    ];
    let year_and_grace = [(date(2028, 1, 14), 2), (date(2028, 1, 15), 0)];
    let cases: &[(&str, &[(Date, u16)])] = &[
        ("", &at_once),
        ("keep = \"while the measure holds\"\n", &at_once),
        ("keep = \"until the end of the month\"\n", &month),
        ("keep = \"until the end of the next month\"\n", &next_month),
        ("keep = \"until the end of the quarter\"\n", &quarter),
        ("keep = \"until the end of the year\"\n", &year),
        ("keep = \"until the end of the next year\"\n", &next_year),
        ("keep = \"always\"\n", &always),
        ("grace = \"14 days\"\n", &grace),
        ("keep = \"until the end of the year\"\ngrace = \"14 days\"\n", &year_and_grace),
    ];
    for (settings, expected) in cases {
        let days: Vec<Date> = expected.iter().map(|(day, _)| *day).collect();
        let found = tiers_on(&format!("{window}{settings}"), &days);
        let found: Vec<(Date, u16)> = days.into_iter().zip(found).collect();
        assert_eq!(found, *expected, "{settings}");
    }
}

#[test]
fn measures_add_up_what_they_name() {
    let cases = [
        ("spent()", 300_000_000),
        ("spent(months(3))", 200_000_000),
        ("visits()", 2_000_000),
        ("visits(days(88))", 2_000_000),
        ("visits(days(87))", 1_000_000),
        ("visits(weeks(13))", 2_000_000),
        ("visits(years(1))", 2_000_000),
        ("earned(\"points\")", 300_000_000),
        ("earned(\"points\", months(1)) + 2 * visits()", 204_000_000),
    ];
    for (measure, expected) in cases {
        let text = in_dollars(&format!(
            "{POINTS}[ladder.l]\nmeasure = '{measure}'\ntier = [{{ id = \"a\" }}]\n\
             [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
             earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n"
        ));
        let mut desk = Desk::with_member(&text, "2027-01-01T10:00:00Z");
        desk.does("2027-03-15T10:00:00Z", purchase(vec![line("a", "1", 10_000)]));
        desk.does("2027-06-10T10:00:00Z", purchase(vec![line("a", "1", 20_000)]));
        let programme = &desk.programmes.latest().unwrap().programme;
        let ladder = &programme.ladders[0];
        // On 10 June a window of 88 days begins on 15 March.
        let day = if measure == "spent(months(3))" { date(2027, 6, 15) } else { date(2027, 6, 10) };
        assert_eq!(measure_on(programme, ladder, desk.state(), day), Ok(expected), "{measure}");
    }
}

/// A purchase is judged by the tier before it, and says which tier it reaches.
#[test]
fn a_new_tier_multiplies_from_the_next_receipt() {
    let mut desk = Desk::with_member(&club("measure = 'spent()'\n"), "2027-01-01T10:00:00Z");
    let lines = || vec![line("a", "1", 10_000)];
    let (first, decision) = desk.does("2027-01-02T10:00:00Z", purchase(lines()));
    let reached = |from: &str, to: &str| Outcome::TierReached {
        from: crate::support::key(from),
        to: crate::support::key(to),
    };
    assert_eq!(crate::support::earned(&decision, "points"), 100);
    assert_eq!(outcomes(&decision, "club"), [&reached("red", "silver")]);
    let (_, decision) = desk.does("2027-01-03T10:00:00Z", purchase(lines()));
    assert_eq!(crate::support::earned(&decision, "points"), 200);
    assert_eq!(outcomes(&decision, "club"), [] as [&Outcome; 0]);
    let (third, decision) = desk.does("2027-01-04T10:00:00Z", purchase(lines()));
    assert_eq!(outcomes(&decision, "club"), [&reached("silver", "gold")]);
    let (_, decision) = desk.does("2027-01-05T10:00:00Z", return_of(first, &[(0, "0.5")]));
    assert_eq!(outcomes(&decision, "club"), [&reached("gold", "silver")]);
    let (_, decision) = desk.does("2027-01-06T10:00:00Z", Activity::Void { of: third });
    assert_eq!(outcomes(&decision, "club"), [] as [&Outcome; 0]);
    assert_eq!(desk.balance("points", at("2027-01-07T00:00:00Z")).total(), 250);
}

/// A late receipt raises the tier of its own day; what was decided meanwhile stays decided.
#[test]
fn case_53_late_receipts_raise_tiers_from_their_day() {
    tell(
        &club("measure = 'spent(months(1))'\nkeep = \"until the end of the month\"\n"),
        "
story: a receipt of January arrives in March
2027-01-01  Ana joins
2027-02-10  Ana buys 1 tea at 50.00
    earns 50 points
2027-03-05  Ana waits
    is on red in club
2027-01-20  Ana buys 1 tea at 90.00
    earns 90 points
    is on red in club
2027-02-10  Ana waits
    is on silver in club
2027-02-28  Ana waits
    is on silver in club
2027-03-05  Ana waits
    is on red in club
",
    );
}

/// A measure may ask what never changes of a member.
#[test]
fn a_measure_may_ask_for_attributes() {
    tell(
        &in_dollars(
            "[attribute.founder]\ntype = \"boolean\"\n[attribute.bonus]\ntype = \"decimal\"\n\
             [ladder.club]\nmeasure = 'spent() + member.bonus + (member.founder ? 100 : 0)'\n\
             tier = [{ id = \"basic\" }, { id = \"gold\", from = 100 }]\n\
             [[rule]]\nid = \"r\"\non = \"purchase\"\noffer = \"x\"\n",
        ),
        "
story: a founder begins on top
2027-01-01  Ana joins with founder=true, bonus=0
    is on gold in club

story: somebody with a bonus is nearer to it
2027-01-01  Ben joins with founder=false, bonus=60.5
    is on basic in club
2027-01-01  Ben buys 1 tea at 39.49
    is on basic in club
2027-01-01  Ben buys 1 tea at 0.01
    is on gold in club
",
    );
}

/// T7: whoever buys most gets more, and nobody gets less than without it: the same years of three
/// members, under the programme with and without what is for the most valuable.
#[test]
fn t7_the_most_valuable_get_more_and_nobody_is_harmed() {
    let more = "[[rule]]\nid = \"most-valuable\"\non = \"purchase\"\n\
                when = 'member.spent(months(12)) >= 300.0'\n\
                earn = { points = \"points\", give = 1, per = \"2.00\" }\n\
                discount = { percent = 5 }\n";
    let tiers = club("measure = 'spent(months(12))'\n");
    let year = |text: &str, dollars: i64| -> Vec<(i64, i64)> {
        let mut desk = Desk::with_member(text, "2027-01-01T10:00:00Z");
        let months = 1..=6;
        let month = |month| {
            let moment = format!("2027-{month:02}-15T10:00:00Z");
            let (_, decision) = desk.does(&moment, purchase(vec![line("a", "1", dollars * 100)]));
            (net(&decision).iter().sum(), earned(&decision, "points"))
        };
        months.map(month).collect()
    };
    for (dollars, is_valuable) in [(10, false), (49, false), (120, true)] {
        let without = year(&tiers, dollars);
        let with = year(&format!("{tiers}{more}"), dollars);
        for ((paid, earned), (before, earned_before)) in with.iter().zip(&without) {
            assert!(paid <= before && earned >= earned_before, "{dollars}: {with:?} {without:?}");
        }
        assert_eq!(with != without, is_valuable, "{dollars}");
    }
}
