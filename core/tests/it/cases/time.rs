//! Cases 48 to 53: the ends of days, daylight saving, late jobs and late receipts.

use crate::support::{
    Desk, POINTS, adjustment, at, earned, headed, in_dollars, line, purchase, purchase_with,
    return_of, tell,
};
use jiff::{Timestamp, ToSpan};
use symbolon_core::engine::{Activity, Effect};
use symbolon_core::ledger::Account;
use symbolon_core::member::Expiry;

fn point_per_dollar(expires: &str) -> String {
    format!(
        "[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         expires = \"{expires}\"\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n\
         [[reward]]\nid = \"free\"\nname = \"Free\"\ncost = {{ points = 5 }}\n\
         gives = {{ item = {{}} }}\n"
    )
}

/// Case 48: an end on the 31st is the end of the 31st on the clock of the programme's wall.
#[test]
fn case_48_the_last_day_counts_whole() {
    for zone in ["America/Los_Angeles", "UTC", "Europe/Oslo", "Asia/Kolkata", "Pacific/Kiritimati"]
    {
        let text = headed(
            "USD",
            zone,
            &format!(
                "{}[[rule]]\nid = \"january\"\non = \"purchase\"\nfrom = 2028-01-01\n\
                 until = 2028-01-31\ndiscount = {{ percent = 50 }}\n",
                point_per_dollar("12 months after earning")
            ),
        );
        tell(
            &text,
            "
story: the last evening of January
2027-01-31 23:59  Ana joins
2027-01-31 23:59  Ana buys 1 tea at 8.00
    pays 8.00
    earns 8 points
2027-12-31 23:59  Ana buys 1 tea at 8.00
    pays 8.00
2028-01-01 00:00  Ana buys 1 tea at 8.00
    pays 4.00
2028-01-31 23:59  Ana waits
    has 20 points
2028-01-31 23:59  Ana buys 1 tea at 8.00
    pays 4.00
    has 24 points
2028-02-01 00:00  Ana waits
    has 16 points
2028-02-01 00:00  Ana buys 1 tea at 8.00
    pays 8.00
",
        );
    }
}

/// Case 49: nothing that happens to a member moves the end of points that have one.
#[test]
fn case_49_other_activities_do_not_move_an_end() {
    let text = in_dollars(&point_per_dollar("12 months after earning"));
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    desk.does("2027-01-03T11:00:00Z", purchase(vec![line("a", "1", 9_000)]));
    let life = desk.state().lots[0].life.clone();
    assert_eq!(life.expires, Expiry::At(at("2028-01-04T00:00:00Z")));
    let (other, _) = desk.does("2027-03-03T10:00:00Z", purchase(vec![line("b", "2", 1_000)]));
    desk.does("2027-04-03T10:00:00Z", adjustment("points", 3));
    desk.does("2027-05-03T10:00:00Z", Activity::Settlement);
    let wanted = purchase_with(vec![line("b", "1", 1_000)], &[("free", None)]);
    let (spent, _) = desk.does("2027-06-03T10:00:00Z", wanted);
    desk.does("2027-07-03T10:00:00Z", return_of(other, &[(0, "1")]));
    desk.does("2027-08-03T10:00:00Z", Activity::Void { of: spent });
    assert_eq!(desk.state().lots[0].life, life);
    assert_eq!(desk.state().lots[0].remaining.units(), 90);
}

/// Case 50 and I14: a lot counts to the last microsecond of its last local day, and not at the
/// next; over changes of the clock, and one year after 29 February.
#[test]
fn case_50_ends_hold_in_every_zone() {
    let cases = [
        // Earned at, the first instant without the points.
        ("UTC", "6 months", "2027-08-31T10:00:00Z", "2028-03-01T00:00:00Z"),
        ("UTC", "1 year", "2028-02-29T10:00:00Z", "2029-03-01T00:00:00Z"),
        ("UTC", "12 months", "2028-02-29T23:59:59Z", "2029-03-01T00:00:00Z"),
        ("UTC", "4 years", "2028-02-29T10:00:00Z", "2032-03-01T00:00:00Z"),
        ("UTC", "365 days", "2028-02-29T10:00:00Z", "2029-03-01T00:00:00Z"),
        // Oslo: earned in winter, ends in summer, and on the day that has 23 hours.
        ("Europe/Oslo", "6 months", "2027-01-15T10:00:00Z", "2027-07-15T22:00:00Z"),
        ("Europe/Oslo", "14 days", "2027-03-14T10:00:00Z", "2027-03-28T22:00:00Z"),
        ("Europe/Oslo", "13 days", "2027-03-14T10:00:00Z", "2027-03-27T23:00:00Z"),
        // The day that has 25 hours.
        ("Europe/Oslo", "14 days", "2027-10-17T10:00:00Z", "2027-10-31T23:00:00Z"),
        ("Europe/Oslo", "13 days", "2027-10-17T10:00:00Z", "2027-10-30T22:00:00Z"),
        // 23:30 UTC is the next day in Oslo already.
        ("Europe/Oslo", "1 day", "2027-06-01T23:30:00Z", "2027-06-03T22:00:00Z"),
        ("America/New_York", "14 days", "2027-02-28T10:00:00Z", "2027-03-15T04:00:00Z"),
        ("America/New_York", "13 days", "2027-02-28T10:00:00Z", "2027-03-14T05:00:00Z"),
        ("America/New_York", "1 month", "2027-10-07T10:00:00Z", "2027-11-08T05:00:00Z"),
        // Cairo skips midnight: the 30th of April 2027 begins at one o'clock.
        ("Africa/Cairo", "9 days", "2027-04-20T10:00:00Z", "2027-04-29T22:00:00Z"),
        // Havana shows the hour after midnight twice: the day begins with the first one.
        ("America/Havana", "6 days", "2027-10-31T16:00:00Z", "2027-11-07T04:00:00Z"),
        ("America/Havana", "7 days", "2027-10-31T16:00:00Z", "2027-11-08T05:00:00Z"),
        // Samoa had no 30 December 2011.
        ("Pacific/Apia", "1 day", "2011-12-28T20:00:00Z", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2 days", "2011-12-28T20:00:00Z", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "3 days", "2011-12-28T20:00:00Z", "2011-12-31T10:00:00Z"),
        // Half an hour's daylight saving, and an offset of a quarter.
        ("Australia/Lord_Howe", "1 month", "2027-03-04T01:00:00Z", "2027-04-04T13:30:00Z"),
        ("Asia/Kathmandu", "1 week", "2027-03-04T01:00:00Z", "2027-03-11T18:15:00Z"),
    ];
    for (zone, period, earned_at, end) in cases {
        let text = headed("USD", zone, &point_per_dollar(&format!("{period} after earning")));
        let mut desk = Desk::with_member(&text, earned_at);
        desk.does(earned_at, purchase(vec![line("a", "1", 900)]));
        let end = at(end);
        let told = format!("{zone} {period} after {earned_at}");
        assert_eq!(desk.state().lots[0].life.expires, Expiry::At(end), "{told}");
        let before = end - 1.microsecond();
        assert_eq!(desk.balance("points", before).available.units(), 9, "{told}");
        assert_eq!(desk.balance("points", end).available.units(), 0, "{told}");
        // A decision sees the same as a question.
        let redemption =
            Activity::Redemption { reward: crate::support::key("free"), contact: None };
        assert!(desk.decide(before, &redemption).is_ok(), "{told}");
        assert!(desk.decide(end, &redemption).is_err(), "{told}");
    }
}

/// Case 50: each form of expiry ends with the evening that its words say.
#[test]
fn case_50_each_form_of_expiry_has_its_last_day() {
    let cases = [
        ("never", "2027-06-30", None),
        ("1 month after earning", "2027-06-30", Some("2027-07-30")),
        ("1 month after earning", "2027-01-31", Some("2027-02-28")),
        ("end of the day", "2027-06-30", Some("2027-06-30")),
        ("end of the week", "2027-06-30", Some("2027-07-04")),
        ("end of the week", "2027-07-04", Some("2027-07-04")),
        ("end of the month", "2028-02-01", Some("2028-02-29")),
        ("end of the quarter", "2027-06-30", Some("2027-06-30")),
        ("end of the quarter", "2027-07-01", Some("2027-09-30")),
        ("end of the year", "2027-01-01", Some("2027-12-31")),
        // One month after the end of June is the end of July.
        ("1 month after the end of the month", "2027-06-05", Some("2027-07-31")),
        ("2 months after the end of the month", "2027-12-05", Some("2028-02-29")),
        ("2 months after the end of the month", "2027-02-05", Some("2027-04-30")),
        ("1 month after the end of the quarter", "2027-05-05", Some("2027-07-31")),
        ("2 months after the end of the year", "2027-05-05", Some("2028-02-29")),
        ("1 year after the end of the month", "2027-02-05", Some("2028-02-29")),
        // Days and weeks are counted, and so is what follows a day or a week.
        ("30 days after the end of the month", "2027-06-05", Some("2027-07-30")),
        ("2 weeks after the end of the year", "2027-06-05", Some("2028-01-14")),
        ("1 month after the end of the week", "2027-06-24", Some("2027-07-27")),
        ("1 month after the end of the day", "2027-06-30", Some("2027-07-30")),
        ("1 month after the last activity", "2027-06-30", Some("2027-07-30")),
    ];
    for (expires, earned_on, last_day) in cases {
        let text = headed("USD", "Europe/Oslo", &point_per_dollar(expires));
        let earned_at = format!("{earned_on}T10:00:00Z");
        let mut desk = Desk::with_member(&text, &earned_at);
        desk.does(&earned_at, purchase(vec![line("a", "1", 900)]));
        let zone = &desk.programmes.latest().unwrap().programme.zone;
        let lot = &desk.state().lots[0];
        let end = lot.life.expires_at(desk.state().last_activity(), zone).unwrap();
        let last = last_day.map(|day| zone.end_of_day(day.parse().unwrap()).unwrap());
        assert_eq!(end, last, "{expires}, earned on {earned_on}");
    }
}

/// Case 50: the member may be anywhere; the programme's own zone says which day it is.
#[test]
fn case_50_a_receipt_belongs_to_the_programmes_day() {
    let text = headed("USD", "Pacific/Auckland", &point_per_dollar("1 day after earning"));
    let mut desk = Desk::with_member(&text, "2027-06-01T00:00:00Z");
    let (_, bought) = desk.does("2027-06-01T11:59:59Z", purchase(vec![line("a", "1", 900)]));
    assert_eq!(bought.day.to_string(), "2027-06-01");
    let (_, bought) = desk.does("2027-06-01T12:00:00Z", purchase(vec![line("a", "1", 900)]));
    assert_eq!(bought.day.to_string(), "2027-06-02");
    assert_eq!(desk.has("points", "2027-06-02T11:59:59Z"), 18);
    assert_eq!(desk.has("points", "2027-06-02T12:00:00Z"), 9);
    assert_eq!(desk.has("points", "2027-06-03T12:00:00Z"), 0);
}

/// Case 51: what has an end ends, whoever gave it and wherever it had been meanwhile.
#[test]
fn case_51_points_end_whatever_they_came_from() {
    let text = in_dollars(&point_per_dollar("12 months after earning"));
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    desk.does("2027-01-03T10:00:00Z", adjustment("points", 7));
    desk.does("2027-01-03T11:00:00Z", purchase(vec![line("a", "1", 900)]));
    let (taken, _) = desk.does(
        "2027-02-03T11:00:00Z",
        Activity::Redemption { reward: crate::support::key("free"), contact: None },
    );
    desk.does("2027-02-04T11:00:00Z", Activity::Void { of: taken });
    assert_eq!(desk.has("points", "2028-01-03T23:59:59Z"), 16);
    assert_eq!(desk.has("points", "2028-01-04T00:00:00Z"), 0);
    let (_, settled) = desk.does("2028-02-01T00:00:00Z", Activity::Settlement);
    assert_eq!(settled.effects.len(), 2, "one for each lot");
    assert!(desk.state().lots.is_empty());
}

/// Case 52, its half within the core: settling late, twice or never changes no answer, and
/// each expiry is written once, at its own instant.
#[test]
fn case_52_settling_changes_no_answer() {
    let text = in_dollars(&point_per_dollar("1 month after earning"));
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    for day in 10..20 {
        desk.does(&format!("2027-01-{day}T10:00:00Z"), purchase(vec![line("a", "1", 900)]));
    }
    let moments: Vec<Timestamp> =
        (0..60_i64).map(|day| at("2027-01-20T00:00:00Z") + (day * 24).hours()).collect();
    let answers = |desk: &Desk, from: Timestamp| -> Vec<i64> {
        let later = moments.iter().filter(|moment| **moment >= from);
        later.map(|moment| desk.balance("points", *moment).available.units()).collect()
    };
    for settled_at in ["2027-02-11T00:00:00Z", "2027-02-15T12:00:00Z", "2027-05-01T00:00:00Z"] {
        let mut settled = desk.clone();
        settled.does(settled_at, Activity::Settlement);
        let once = settled.entries.len();
        let (_, again) = settled.does(settled_at, Activity::Settlement);
        assert!(again.effects.is_empty());
        assert_eq!(settled.entries.len(), once, "a second run writes nothing");
        let expiries: Vec<_> =
            settled.entries.iter().filter(|entry| entry.to == Account::Expired).collect();
        assert!(!expiries.is_empty());
        for entry in expiries {
            let expired_day = u32::try_from(entry.at.to_string()[8..10].parse::<i64>().unwrap());
            assert_eq!(expired_day, Ok(entry.lot.unwrap() + 10), "each at its own instant");
        }
        assert_eq!(answers(&settled, at(settled_at)), answers(&desk, at(settled_at)));
        // A checkout after the job and a checkout instead of it leave the same points.
        let wanted = || purchase_with(vec![line("b", "1", 100)], &[("free", None)]);
        let mut without = desk.clone();
        let moment = at("2027-02-15T12:00:00Z").max(at(settled_at));
        let first = settled.try_at(moment, wanted()).map(|(_, decision)| decision.net);
        let second = without.try_at(moment, wanted()).map(|(_, decision)| decision.net);
        assert_eq!(first.is_ok(), second.is_ok());
        assert_eq!(answers(&settled, moment), answers(&without, moment));
    }
}

/// Case 53: a late receipt belongs to the day on which it was bought: its points end as
/// early, and its tier counts from that day.
#[test]
fn case_53_late_receipts_belong_to_their_day() {
    let text = in_dollars(&format!(
        "{}[ladder.club]\nmeasure = 'spent(months(12))'\n\
         tier = [{{ id = \"basic\" }}, {{ id = \"gold\", from = 100 }}]\n",
        point_per_dollar("12 months after earning")
    ));
    tell(
        &text,
        "
story: the till was without a line for three weeks
2027-01-01  Ana joins
2027-01-10  Ana buys 1 tea at 60.00
    is on basic in club
2027-02-01  Ana waits
    is on basic in club
2027-01-12  Ana buys 1 tea at 50.00 as R
    earns 50 points
    is on gold in club
2027-02-01  Ana waits
    is on gold in club
2028-01-11  Ana waits
    is on basic in club
2028-01-12 23:59  Ana waits
    has 50 points
2028-01-13 00:00  Ana waits
    has 0 points
",
    );
}

/// Case 53: a late receipt whose points would have ended already gives points that have ended:
/// they are earned on its day, and no answer after their end counts them.
#[test]
fn case_53_late_receipts_give_no_second_life() {
    let text = in_dollars(&point_per_dollar("1 week after earning"));
    let mut desk = Desk::with_member(&text, "2027-01-01T00:00:00Z");
    desk.does("2027-02-01T00:00:00Z", Activity::Settlement);
    let (receipt, late) = desk.does("2027-01-10T00:00:00Z", purchase(vec![line("a", "1", 900)]));
    assert_eq!(earned(&late, "points"), 9);
    assert_eq!(desk.has("points", "2027-01-17T23:59:59Z"), 9);
    assert_eq!(desk.has("points", "2027-02-01T00:00:00Z"), 0);
    let (_, settled) = desk.does("2027-02-02T00:00:00Z", Activity::Settlement);
    assert!(matches!(
        settled.effects[..],
        [Effect::Expire { at: moment, .. }] if moment == at("2027-01-18T00:00:00Z")
    ));
    desk.does("2027-02-03T00:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.balance("points", at("2027-02-04T00:00:00Z")).total(), 0);
}

/// Case 53: the cut-off is declared by the programme and kept by whoever receives activities;
/// the core itself decides about any moment. This holds today's behaviour fast.
#[test]
fn case_53_the_cut_off_is_not_the_cores() {
    let text = in_dollars(&format!(
        "backdating = \"1 day\"\n{POINTS}[[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n"
    ));
    let mut desk = Desk::with_member(&text, "2027-01-01T00:00:00Z");
    assert_eq!(desk.programmes.latest().unwrap().programme.backdating.to_string(), "1 day");
    desk.does("2027-06-01T00:00:00Z", purchase(vec![line("a", "1", 900)]));
    desk.does("2027-01-02T00:00:00Z", purchase(vec![line("a", "1", 900)]));
    assert_eq!(desk.has("points", "2027-06-01T00:00:00Z"), 18);
}
