//! How many points a receipt earns: rates, steps, multipliers, rounding and pending points.

use crate::support::{
    Desk, POINTS, earned, headed, in_dollars, line, line_in, outcomes, purchase, return_of, tell,
    why,
};
use symbolon_core::engine::{Arithmetic, Combined, Line, Outcome};
use symbolon_core::values::{Money, Rate, Rounding};

/// A programme whose one rule earns so, on a kind with these settings.
fn earning(kind: &str, earn: &str) -> String {
    format!(
        "{POINTS}{kind}[[rule]]\nid = \"earn\"\non = \"purchase\"\nearn = {{ points = \"points\", {earn} }}\n"
    )
}

fn earned_on(text: &str, lines: Vec<Line>) -> i64 {
    let mut desk = Desk::with_member(text, "2027-01-03T10:00:00Z");
    let (_, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
    earned(&decision, "points")
}

#[test]
fn points_per_amount_count_full_steps_or_shares() {
    let full = "give = 1, per = \"1.00\"";
    let of_ten = "give = 3, per = \"10.00\"";
    let shares = "give = 3, per = \"10.00\", steps = \"proportional\"";
    for (earn, rounding, price, expected) in [
        (full, "down", 99, 0),
        (full, "down", 100, 1),
        (full, "down", 1_099, 10),
        // Full steps leave nothing to round.
        (full, "up", 1_099, 10),
        (of_ten, "down", 999, 0),
        (of_ten, "down", 1_000, 3),
        (of_ten, "up", 2_999, 6),
        (shares, "down", 2_999, 8),
        (shares, "half-up", 2_999, 9),
        (shares, "up", 2_999, 9),
        (shares, "up", 1, 1),
        (shares, "down", 1, 0),
        (shares, "half-up", 500, 2),
        (shares, "half-even", 500, 2),
        (shares, "half-even", 1_500, 4),
        (shares, "half-up", 1_500, 5),
        (shares, "down", 1_500, 4),
        (shares, "up", 1_500, 5),
        (shares, "up", 0, 0),
    ] {
        let text = in_dollars(&earning(&format!("rounding = \"{rounding}\"\n"), earn));
        let found = earned_on(&text, vec![line("a", "1", price)]);
        assert_eq!(found, expected, "{earn} {rounding} {price}");
    }
}

#[test]
fn percentages_are_points_of_the_same_face_value() {
    for (currency, decimals, percent, rounding, price, expected) in [
        ("USD", 0, "5", "down", 1_050, 0),
        ("USD", 0, "5", "up", 1_050, 1),
        ("USD", 0, "5", "half-up", 1_050, 1),
        ("USD", 0, "5", "half-even", 1_000, 0),
        ("USD", 0, "5", "half-even", 3_000, 2),
        ("USD", 2, "5", "down", 1_050, 52),
        ("USD", 2, "5", "up", 1_050, 53),
        ("USD", 2, "5", "half-up", 1_050, 53),
        ("USD", 2, "5", "half-even", 1_050, 52),
        ("USD", 2, "100", "down", 1_050, 1_050),
        ("USD", 6, "0.000001", "down", 10_000, 1),
        ("JPY", 0, "1", "down", 1_050, 10),
        ("JPY", 2, "1", "down", 1_050, 1_050),
        ("KWD", 0, "10", "down", 10_500, 1),
        ("KWD", 2, "10", "down", 10_500, 105),
    ] {
        let kind = format!("decimals = {decimals}\nrounding = \"{rounding}\"\n");
        let text = headed(currency, "UTC", &earning(&kind, &format!("percent = \"{percent}\"")));
        let found = earned_on(&text, vec![line("a", "1", price)]);
        assert_eq!(found, expected, "{currency} {decimals} {percent} {rounding} {price}");
    }
}

/// Half as much again on the tier, and what rules multiply besides.
fn multiplied(earn: &str, rules: &str, rounding: &str) -> String {
    in_dollars(&format!(
        "{}[ladder.club]\nmeasure = 'spent()'\ntier = [{{ id = \"basic\", multiplies = {{ points = \"1.5\" }} }}]\n{rules}",
        earning(&format!("rounding = \"{rounding}\"\n"), earn)
    ))
}

fn times(id: &str, times: &str, filter: &str) -> String {
    let filter = if filter.is_empty() { String::new() } else { format!(", where = '{filter}'") };
    format!(
        "[[rule]]\nid = \"{id}\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", times = \"{times}\"{filter} }}\n"
    )
}

#[test]
fn tiers_and_rules_multiply_and_the_product_is_rounded_once() {
    let per = "give = 1, per = \"10.00\"";
    let double = times("double", "2", "");
    let drinks = times("drinks", "2", "line.category == \"drink\"");
    let third = times("third", "0.333333", "");
    let none: String = times("none", "2", "line.category == \"toys\"");
    let lines = || vec![line_in("drink", "tea", "1", 1_000), line_in("food", "bread", "1", 1_500)];
    for (earn, rules, rounding, expected) in [
        // Two full steps of 25.00, times 1.5 by the tier.
        (per, String::new(), "down", 3),
        (per, double.clone(), "down", 6),
        // The mean multiplier is (10 × 2 + 15) ÷ 25 = 1.4: 2 × 1.5 × 1.4 = 4.2.
        (per, drinks.clone(), "down", 4),
        (per, drinks.clone(), "up", 5),
        (per, format!("{double}{drinks}"), "down", 8),
        (per, none.clone(), "down", 3),
        (per, third.clone(), "half-up", 1),
        (per, third.clone(), "up", 1),
        (per, third, "down", 0),
        ("percent = 10", String::new(), "down", 3),
        ("percent = 10", String::new(), "up", 4),
        ("percent = 10", drinks.clone(), "half-up", 5),
        // What is given at once for a receipt is not multiplied.
        ("give = 7", format!("{double}{drinks}"), "down", 7),
        // The rule counts drinks only, and so does what multiplies it.
        ("give = 1, per = \"1.00\", where = 'line.category == \"drink\"'", drinks, "down", 30),
        ("give = 1, per = \"1.00\", where = 'line.category == \"food\"'", double, "down", 45),
        ("give = 1, per = \"1.00\", where = 'line.category == \"toys\"'", none, "down", 0),
    ] {
        let text = multiplied(earn, &rules, rounding);
        assert_eq!(earned_on(&text, lines()), expected, "{earn} {rules} {rounding}");
    }
}

#[test]
fn the_arithmetic_is_told() {
    let rules =
        format!("{}{}", times("double", "2", ""), times("toys", "9", "line.category == \"toys\""));
    let text = multiplied("give = 1, per = \"10.00\"", &rules, "down");
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    let bought = purchase(vec![line_in("drink", "tea", "1", 2_599)]);
    let (_, decision) = desk.does("2027-01-03T11:00:00Z", bought);
    let [Outcome::Earned { amount, arithmetic, .. }] = outcomes(&decision, "earn")[..] else {
        panic!("{decision:?}");
    };
    assert_eq!(amount.units(), 6);
    let rate = |millionths: i64| Rate::new(millionths);
    let multipliers = vec![
        (crate::support::key("basic"), rate(1_500_000)),
        (crate::support::key("double"), rate(2_000_000)),
    ];
    assert_eq!(
        *arithmetic,
        Arithmetic::PerAmount {
            basis: Money::new(2_599),
            give: symbolon_core::values::Points::new(1),
            per: Money::new(1_000),
            steps: true,
            multipliers,
            combined: Combined::Multiplied,
            rounding: Rounding::Down,
        }
    );
    assert_eq!(why(&decision, "double"), ["multiplied"]);
    assert_eq!(why(&decision, "toys"), ["nothing-to-count"]);
    let (_, decision) =
        desk.does("2027-01-03T12:00:00Z", purchase(vec![line_in("drink", "tea", "1", 999)]));
    let below = Outcome::BelowStep { basis: Money::new(999), step: Money::new(1_000) };
    assert_eq!(outcomes(&decision, "earn"), [&below]);
}

/// The lines give back what they gave: the doubled drink twice as much.
#[test]
fn each_line_takes_back_what_it_earned() {
    let rules = times("drinks", "2", "line.category == \"drink\"");
    let text = multiplied("give = 1, per = \"1.00\"", &rules, "down");
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    let lines = vec![line_in("drink", "tea", "1", 400), line_in("food", "bread", "1", 600)];
    let (receipt, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
    assert_eq!(earned(&decision, "points"), 21, "(4 × 2 + 6) × 1.5");
    desk.does("2027-01-04T11:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.has("points", "2027-01-05T11:00:00Z"), 9);
    desk.does("2027-01-05T11:00:00Z", return_of(receipt, &[(1, "1")]));
    assert_eq!(desk.has("points", "2027-01-06T11:00:00Z"), 0);
}

/// I21: many multipliers on an ordinary receipt stay within the numbers, and are exact.
#[test]
fn i21_many_multipliers_are_exact() {
    let tea = |id: usize| times(&format!("times-{id}"), "1.1", "line.category == \"tea\"");
    let pot = |id: usize| times(&format!("times-{id}"), "0.5", "line.category == \"pot\"");
    let rules: String = (0..6).map(tea).chain((6..8).map(pot)).collect();
    let text =
        in_dollars(&format!("{}{rules}", earning("decimals = 2\n", "percent = \"33.333333\"")));
    // A third of 10,000.00 × 1.1⁶ and of 0.03 ÷ 4: 17,715.61 × a third and 0.0075 × a third.
    let lines = vec![line_in("tea", "tea", "1", 1_000_000), line_in("pot", "pot", "1", 3)];
    assert_eq!(earned_on(&text, lines), 590_520);
    // 12.03 ÷ 4 is 3.0075, a third of it 1.0025: half cents are not lost on the way.
    let lines = vec![line_in("pot", "pot", "1", 1_203), line_in("tea", "tea", "1", 0)];
    assert_eq!(earned_on(&text, lines), 100);
}

#[test]
fn one_rule_may_earn_several_kinds() {
    let text = in_dollars(&format!(
        "{POINTS}[points.stars]\nname.en = {{ one = \"star\", other = \"stars\" }}\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\nearn = [\n\
         {{ points = \"points\", give = 1, per = \"1.00\" }},\n\
         {{ points = \"stars\", give = 1, per = \"10.00\", where = 'line.category == \"tea\"' }},\n\
         {{ points = \"stars\", give = 2 }} ]\n{}",
        times("double", "2", "")
    ));
    tell(
        &text,
        "
story: points for all, stars for tea and for coming
2027-01-03  Ana joins
2027-01-03  Ana buys 1 a at 25.00 in tea, 1 b at 5.00 as R
    earns 60 points
    earns 4 stars
2027-01-03  Ana buys 1 b at 5.00
    earns 10 points
    earns 2 stars
2027-01-03  Guest buys 1 b at 5.00
    earns nothing
    earn gives nothing: not-for-guests
",
    );
}

/// Points wait from the day of earning to the beginning of their day, and can be taken back
/// meanwhile, but not spent (case 66).
#[test]
fn case_66_pending_points_wait() {
    let reward = "[[reward]]\nid = \"lounge\"\nname = \"L\"\ncost = { points = 10 }\n\
                  gives = { item = {} }\n";
    let text = headed(
        "USD",
        "America/New_York",
        &format!("{}{reward}", earning("pending = \"14 days\"\n", "give = 1, per = \"1.00\"")),
    );
    tell(
        &text,
        "
story: two weeks of patience
2027-02-28 23:59  Ana joins
2027-02-28 23:59  Ana buys 1 coat at 30.00 as R
    earns 30 points
    has 0 points
    waits for 30 points
2027-03-01 10:00  Ana takes lounge
    is refused: reward-not-possible
2027-03-13 23:59  Ana waits
    has 0 points
    waits for 30 points
2027-03-14 00:00  Ana waits
    has 30 points
    waits for 0 points
2027-03-14 00:00  Ana takes lounge
    spends 10 points
    has 20 points

story: returned while they wait
2027-02-28  Ben joins
2027-02-28  Ben buys 3 coat at 10.00 as R
2027-03-01  Ben returns 1 coat of R
    loses 10 points
    waits for 20 points
2027-03-02  Ben is-given 5 points because sorry
    has 5 points
    waits for 20 points
2027-03-02  Ben is-given -15 points because mistake
    has 0 points
    waits for 10 points
2027-03-03  Ben voids R
    owes 10 points
    waits for 0 points
2027-03-04  Ben buys 1 coat at 30.00
    owes 0 points
    waits for 20 points
",
    );
}
