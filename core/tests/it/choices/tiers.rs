//! Choices about tiers: the measure, how long a tier is kept, and tiers set by hand.

use crate::support::{Desk, POINTS, in_dollars, key, purchase, tell};
use symbolon_core::engine::Activity;
use symbolon_core::programme::read;

fn ladder(measure: &str, rest: &str) -> String {
    in_dollars(&format!(
        "{POINTS}expires = \"6 months after earning\"\n\
         [ladder.club]\nmeasure = '{measure}'\n{rest}\n\
         tier = [{{ id = \"basic\" }}, {{ id = \"silver\", from = 50 }}, {{ id = \"gold\", from = 100 }}]\n\
         [[rule]]\nid = \"r\"\non = \"purchase\"\nearn = {{ points = \"points\", give = 2, per = \"1.00\" }}\n\
         [[reward]]\nid = \"mug\"\nname = \"Mug\"\ncost = {{ points = 100 }}\ngives = {{ item = {{}} }}\n"
    ))
}

/// Row "tier measure": money, points ever earned, or visits, over any window. Spending points
/// demotes nobody: a balance is no measure, and the reader says so.
#[test]
fn tier_measure() {
    let cases = [
        ("spent(months(12))", "silver", "silver"),
        ("earned(\"points\", months(12))", "gold", "gold"),
        ("visits(months(12))", "basic", "basic"),
        ("visits(months(12)) * 60", "silver", "silver"),
        ("spent(days(30))", "silver", "basic"),
    ];
    for (measure, after_buying, later) in cases {
        let story = format!(
            "
story: points are spent, and the tier stays
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 60.00
    is on {after_buying} in club
2027-01-04  Ana takes mug
    is on {after_buying} in club
2027-03-01  Ana waits
    is on {later} in club
"
        );
        tell(&ladder(measure, ""), &story);
    }
    let remarks = read("test.toml", &ladder("member.balance(\"points\")", "")).remarks;
    let told = "a balance of the past is not known, so no tier can stand on it";
    assert!(remarks.iter().any(|remark| remark.message == told), "{remarks:?}");
}

/// Row "tier after expiry or return": how long a tier outlives what reached it. The points that
/// ended change no tier; a purchase that came back was never a ground for one.
#[test]
fn tier_after_expiry_or_return() {
    // The tier in the same year, and in June of the next two; then the tier after the
    // purchase came back.
    let cases = [
        ("", "silver", "basic", "basic"),
        ("keep = \"until the end of the year\"", "silver", "silver", "basic"),
        ("keep = \"until the end of the next year\"", "silver", "silver", "silver"),
        ("keep = \"always\"", "silver", "silver", "silver"),
        ("grace = \"6 months\"", "silver", "silver", "basic"),
    ];
    for (kept, july, june, later) in cases {
        let story = format!(
            "
story: a year of its own
2027-01-03  Ana joins
2027-01-10  Ana buys 1 coat at 60.00 as R
    is on silver in club
2027-12-30  Ana waits
    is on {july} in club
    has 0 points
2028-06-01  Ana waits
    is on {june} in club
2029-06-01  Ana waits
    is on {later} in club
2029-06-01  Ana returns 1 coat of R
    is on basic in club
"
        );
        tell(&ladder("spent(months(12))", kept), &story);
    }
}

/// Row "tier set by hand": a floor under the measure, or frozen; until its last day, or until it
/// is taken back. The measure goes on meanwhile.
#[test]
fn tier_set_by_hand() {
    for (by_hand, after_buying) in [("floor", "gold"), ("frozen", "silver")] {
        let story = format!(
            "
story: silver for goodwill
2027-01-01  Ana joins
2027-01-02  Ana is set to silver in club until 2027-01-31 for goodwill
    is on silver in club
2027-01-10  Ana buys 1 coat at 120.00
    is on {after_buying} in club
2027-01-31 23:59  Ana waits
    is on {after_buying} in club
2027-02-01  Ana waits
    is on gold in club

story: without an end, and taken back
2027-01-01  Ben joins
2027-01-02  Ben is set to gold in club for a lost parcel
2027-12-31  Ben waits
    is on gold in club
2027-12-31  Ben is set to nothing in club for the parcel was found
    is on basic in club

story: below what the measure says
2027-01-01  Cleo joins
2027-01-10  Cleo buys 1 coat at 120.00 as R
2027-01-11  Cleo is set to basic in club for abuse
    is on {below} in club
2027-01-12  Cleo voids R
    is on basic in club
",
            below = if by_hand == "floor" { "gold" } else { "basic" }
        );
        tell(&ladder("spent()", &format!("by_hand = \"{by_hand}\"")), &story);
    }
    // Without a word it is a floor: nobody loses what he has earned by a favour.
    tell(
        &ladder("spent()", ""),
        "
story: the default
2027-01-01  Ana joins
2027-01-02  Ana is set to silver in club for goodwill
2027-01-10  Ana buys 1 coat at 120.00
    is on gold in club
",
    );
}

/// What a person sets is refused where it makes no sense, and is on record where it does.
#[test]
fn tiers_set_by_hand_have_reasons_and_ends() {
    let mut desk = Desk::with_member(&ladder("spent()", ""), "2027-01-03T10:00:00Z");
    let moment = "2027-01-05T10:00:00Z";
    let set = |ladder: &str, tier: Option<&str>, until: Option<&str>, reason: &str| {
        let until = until.map(|day| day.parse().unwrap());
        let (reason, actor) = (reason.to_owned(), "tester".to_owned());
        Activity::TierSetting { ladder: key(ladder), tier: tier.map(key), until, reason, actor }
    };
    let cases = [
        (set("klub", Some("gold"), None, "goodwill"), "unknown-ladder"),
        (set("club", Some("golden"), None, "goodwill"), "unknown-tier"),
        (set("club", Some("gold"), None, "  "), "reason-missing"),
        (set("club", Some("gold"), None, &"x".repeat(201)), "name-too-long"),
        (set("club", Some("gold"), Some("2027-01-04"), "goodwill"), "ends-before-today"),
    ];
    for (activity, code) in cases {
        assert_eq!(desk.refuses(moment, activity), code);
    }
    let good = set("club", Some("gold"), Some("2027-01-05"), "goodwill");
    let (id, decision) = desk.does(moment, good);
    let told: Vec<&str> = crate::support::why(&decision, "club");
    assert_eq!(told, ["tier-set", "tier-reached"]);
    assert_eq!(desk.refuses(moment, Activity::Void { of: id }), "not-reversible");
    // A receipt dated before the day of setting does not see it.
    let late = purchase(vec![crate::support::line("tea", "1", 100)]);
    let (_, decision) = desk.does("2027-01-04T10:00:00Z", late);
    assert!(!crate::support::why(&decision, "club").contains(&"tier-reached"));
}
