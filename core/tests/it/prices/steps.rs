//! Steps: how large a discount is by how many, how much, when and who.

use super::{goods, paid, rule, total, with};
use crate::support::{headed, in_dollars, tell};

const BY_TEN: &str = "steps = [{ from = 10, percent = 5 }, { from = 50, percent = 10 }, { from = 100, percent = 15 }]";

/// D7: the more pieces of all lines together, or of each line alone, the larger the share.
#[test]
fn d7_steps_by_quantity() {
    let together = rule("r", "", &format!("{BY_TEN}, by = \"quantity\""));
    let alone = rule("r", "", &format!("{BY_TEN}, by = \"line-quantity\""));
    for (many, expected) in [
        ("1", 100),
        ("9", 900),
        ("9.999", 1_000),
        ("10", 950),
        ("49", 4_655),
        ("50", 4_500),
        ("99", 8_910),
        ("100", 8_500),
        ("5000", 425_000),
    ] {
        for by in [&together, &alone] {
            let text = with("", std::slice::from_ref(by));
            assert_eq!(paid(&text, &[goods("nail", many, 100)]), [expected], "{many}");
        }
    }
    let lines = [goods("nail", "60", 100), goods("screw", "40", 100), goods("bolt", "5", 100)];
    // 105 in all: 15 %. Alone: 60 are 10 %, 40 are 5 %, 5 are none.
    assert_eq!(paid(&with("", &[together]), &lines), [5_100, 3_400, 425]);
    assert_eq!(paid(&with("", &[alone]), &lines), [5_400, 3_800, 500]);
}

/// Steps may be sums and prices; they look at their own lines only.
#[test]
fn d6_steps_by_amount() {
    let steps = "steps = [{ from = 50, sum = 5 }, { from = 100, sum = 15 }], by = \"amount\"";
    let whole = with("", &[rule("r", "", steps)]);
    for (price, expected) in
        [(4_999, 4_999), (5_000, 4_500), (9_999, 9_499), (10_000, 8_500), (50_000, 48_500)]
    {
        assert_eq!(paid(&whole, &[goods("coat", "1", price)]), [expected]);
    }
    let drinks = with("", &[rule("r", "", &format!("{steps}, where = 'line.product == \"tea\"'"))]);
    let lines = [goods("tea", "6", 1_000), goods("coat", "1", 9_000)];
    assert_eq!(paid(&drinks, &lines), [5_500, 9_000]);
    let prices = "steps = [{ from = 1, price = \"0.95\" }, { from = 24, price = \"0.80\" }], \
                  by = \"quantity\", where = 'line.product == \"water\"'";
    let text = with("", &[rule("r", "", prices)]);
    assert_eq!(total(&text, &[goods("water", "6", 100)]), 570);
    assert_eq!(total(&text, &[goods("water", "24", 100)]), 1_920);
}

/// D7: the volume ladder of a customer: what was bought within twelve months decides.
#[test]
fn d7_a_volume_ladder_by_a_measure() {
    let text = in_dollars(&rule(
        "volume",
        "",
        "steps = [{ from = 100, percent = 3 }, { from = 1000, percent = 7 }], \
         measure = 'member.spent(months(12))'",
    ));
    tell(
        &text,
        "
story: a year of buying
2027-01-03  Ana joins
2027-01-03  Ana buys 1 stove at 100.00
    pays 100.00
    volume gives nothing: nothing-to-count
2027-02-03  Ana buys 1 stove at 1000.00
    pays 970.00
2027-03-03  Ana buys 1 stove at 100.00
    pays 93.00
2028-02-20  Ana buys 1 stove at 100.00
    pays 100.00
2028-02-21  Ana buys 1 stove at 100.00
    pays 97.00
",
    );
}

/// A discount by tier; a guest stands on no ladder.
#[test]
fn d1_steps_by_tier() {
    let text = in_dollars(&format!(
        "[ladder.club]\nmeasure = 'spent(months(12))'\n\
         tier = [{{ id = \"red\" }}, {{ id = \"silver\", from = 100 }}, {{ id = \"gold\", from = 500 }}]\n{}",
        rule(
            "card",
            "for = \"everyone\"",
            "steps = [{ tier = \"silver\", percent = 5 }, { tier = \"gold\", percent = 10 }], \
             by = \"tier:club\""
        )
    ));
    tell(
        &text,
        "
story: up the ladder
2027-01-03  Guest buys 1 mug at 10.00
    pays 10.00
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 100.00
    pays 100.00
2027-01-04  Ana buys 1 coat at 400.00
    pays 380.00
2027-01-05  Ana buys 1 coat at 20.00
    pays 19.00
2027-01-06  Ana buys 1 coat at 10.00
    pays 9.50
2027-01-07  Ana buys 1 coat at 100.00
    pays 90.00
",
    );
}

/// D11: −15 % until 30 April, −10 % until 21 May, nothing later. A day ends at midnight where
/// the programme is at home, wherever the server stands (case 48).
#[test]
fn d11_early_bird_steps() {
    let steps = "steps = [{ until = 2027-04-30, percent = 15 }, { until = 2027-05-21, percent = 10 }], \
                 by = \"date\", where = 'line.product == \"course\"'";
    let story = "
story: the earlier the cheaper
2027-04-01 10:00  Ana joins
2027-04-01 10:00  Ana buys 1 course at 1000.00, 1 book at 10.00
    pays 860.00
2027-04-30 23:59  Ana buys 1 course at 1000.00
    pays 850.00
2027-05-01 00:00  Ana buys 1 course at 1000.00
    pays 900.00
2027-05-21 23:59  Ana buys 1 course at 1000.00
    pays 900.00
2027-05-22 00:00  Ana buys 1 course at 1000.00
    pays 1000.00
    early gives nothing: nothing-to-count
";
    for zone in ["UTC", "Europe/Kyiv", "America/New_York", "Pacific/Kiritimati"] {
        tell(&headed("USD", zone, &rule("early", "", steps)), story);
    }
}

/// A step may end at an hour.
#[test]
fn d11_a_step_may_end_within_a_day() {
    let steps = "steps = [{ until = 2027-04-30T12:00:00, percent = 15 }, \
                 { until = 2027-04-30, percent = 10 }], by = \"date\"";
    tell(
        &headed("EUR", "Europe/Oslo", &rule("early", "", steps)),
        "
story: before noon
2027-04-30 08:00  Ana joins
2027-04-30 11:59  Ana buys 1 course at 100.00
    pays 85.00
2027-04-30 12:00  Ana buys 1 course at 100.00
    pays 90.00
",
    );
}
