//! Limits: how often a rule or a reward is for one member, by the programme's calendar.

use crate::support::{Desk, POINTS, headed, in_dollars, line, net, purchase, tell};

fn half_off(limit: &str) -> String {
    format!(
        "[[rule]]\nid = \"half\"\non = \"purchase\"\ndiscount = {{ percent = 50 }}\n\
         limit = {{ {limit} }}\n"
    )
}

#[test]
fn each_period_begins_on_the_programmes_wall() {
    // The last moment of a period and the first of the next, in UTC; Oslo is an hour ahead,
    // two in summer. Before it the one use of the period was taken, so the last moment gets
    // nothing, and the next one does.
    let cases = [
        ("day", "2027-01-03T23:30:00Z", "2027-01-04T22:59:59Z", "2027-01-04T23:00:00Z"),
        ("day", "2027-07-03T23:30:00Z", "2027-07-04T21:59:59Z", "2027-07-04T22:00:00Z"),
        // The day that has 23 hours, and the one that has 25.
        ("day", "2027-03-27T23:00:00Z", "2027-03-28T21:59:59Z", "2027-03-28T22:00:00Z"),
        ("day", "2027-10-30T22:00:00Z", "2027-10-31T22:59:59Z", "2027-10-31T23:00:00Z"),
        // Weeks begin on Monday, also over the new year.
        ("week", "2027-01-03T23:00:00Z", "2027-01-10T22:59:59Z", "2027-01-10T23:00:00Z"),
        ("week", "2027-12-27T10:00:00Z", "2028-01-02T22:59:59Z", "2028-01-02T23:00:00Z"),
        ("month", "2027-01-31T23:00:00Z", "2027-02-28T22:59:59Z", "2027-02-28T23:00:00Z"),
        ("month", "2028-01-31T23:00:00Z", "2028-02-29T22:59:59Z", "2028-02-29T23:00:00Z"),
        ("quarter", "2027-03-31T22:00:00Z", "2027-06-30T21:59:59Z", "2027-06-30T22:00:00Z"),
        ("year", "2026-12-31T23:00:00Z", "2027-12-31T22:59:59Z", "2027-12-31T23:00:00Z"),
    ];
    for (every, first, last, next) in cases {
        let limit = half_off(&format!("per_member = 1, every = \"{every}\""));
        let text = headed("NOK", "Europe/Oslo", &limit);
        let mut desk = Desk::with_member(&text, "2026-12-01T00:00:00Z");
        let mut pays = |moment: &str| {
            let (_, decision) = desk.does(moment, purchase(vec![line("a", "1", 1_000)]));
            net(&decision)[0]
        };
        assert_eq!([first, last, next].map(&mut pays), [500, 1_000, 500], "{every} from {first}");
    }
}

#[test]
fn a_limit_counts_what_was_given_and_only_that() {
    let text = in_dollars(&format!(
        "{POINTS}{}[[rule]]\nid = \"bonus\"\non = \"purchase\"\nlimit = {{ per_member = 2 }}\n\
         earn = {{ points = \"points\", give = 5, where = 'line.category == \"tea\"' }}\n",
        half_off("per_member = 1")
    ));
    tell(
        &text,
        "
story: for ever is for ever, and what gave nothing was not used
2027-01-03  Ana joins
2027-01-03  Ana buys 1 bread at 2.00
    pays 1.00
    earns nothing
2027-01-04  Ana buys 1 bread at 2.00
    pays 2.00
    half gives nothing: limit-reached
2028-01-04  Ana buys 1 green at 2.00 in tea
    earns 5 points
2031-01-04  Ana buys 1 green at 2.00 in tea
    earns 5 points
2035-01-05  Ana buys 1 green at 2.00 in tea
    earns nothing
    bonus gives nothing: limit-reached

story: everybody has a limit of his own
2027-01-03  Ben joins
2027-01-03  Cleo joins
2027-01-03  Ben buys 1 bread at 2.00
    pays 1.00
2027-01-03  Cleo buys 1 bread at 2.00
    pays 1.00
",
    );
}

/// Case 12: points enough, and still no more than the limit; also within one receipt.
#[test]
fn case_12_rewards_have_limits() {
    let text = in_dollars(&format!(
        "{POINTS}[benefit.lounge]\nname = \"Lounge\"\n\
         [[reward]]\nid = \"item\"\nname = \"Item\"\ncost = {{ points = 1 }}\ngives = {{ item = {{}} }}\n\
         limit = {{ per_member = 2, every = \"month\" }}\n\
         [[reward]]\nid = \"lounge\"\nname = \"Lounge\"\ncost = {{ points = 1 }}\n\
         gives = {{ benefit = \"lounge\" }}\nlimit = {{ per_member = 1 }}\n"
    ));
    tell(
        &text,
        "
story: two items a month
2027-01-03  Ana joins
2027-01-03  Ana is-given 100 points because test
2027-01-03  Ana buys 5 tea at 2.00 with item, item, item
    is refused: reward-not-possible
2027-01-03  Ana buys 5 tea at 2.00 with item, item
    pays 6.00
2027-01-31  Ana buys 5 tea at 2.00 with item
    is refused: reward-not-possible
2027-01-31  Ana takes item
    is refused: reward-not-possible
2027-02-01  Ana takes item as T
2027-02-01  Ana buys 5 tea at 2.00 with item as R
    pays 8.00
2027-02-02  Ana takes item
    is refused: reward-not-possible
2027-02-03  Ana voids T
2027-02-04  Ana takes item
    has 96 points
2027-02-05  Ana returns 5 tea of R
    has 97 points
2027-02-06  Ana takes item
    has 96 points
2027-02-07  Ana takes item
    is refused: reward-not-possible
2027-02-08  Ana takes lounge
2099-02-08  Ana takes lounge
    is refused: reward-not-possible
",
    );
}
