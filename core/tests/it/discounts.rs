//! Discounts: what each form takes off, and how several of them stand together.

use crate::support::{
    Desk, POINTS, headed, in_dollars, line_in, net, outcomes, purchase, tell, why,
};
use symbolon_core::engine::{DiscountHow, Outcome};
use symbolon_core::values::{Money, Rate};

fn rule(id: &str, settings: &str, discount: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\non = \"purchase\"\n{settings}discount = {{ {discount} }}\n")
}

/// Lines of a receipt: category, quantity, price.
type Lines<'a> = &'a [(&'a str, &'a str, i64)];

/// What is left to pay of some lines.
fn left(rules: &str, lines: Lines<'_>) -> Vec<i64> {
    let mut desk = Desk::with_member(&in_dollars(rules), "2027-01-03T10:00:00Z");
    let lines = lines.iter().map(|(category, many, price)| line_in(category, "x", many, *price));
    let (_, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines.collect()));
    net(&decision)
}

#[test]
fn each_discount_is_spread_to_the_cent() {
    let cases: &[(&str, Lines<'_>, &[i64])] = &[
        // Ten per cent of 0.99 are 0.10; the earlier of equal lines gets the cent more.
        ("percent = 10", &[("a", "1", 33), ("a", "1", 33), ("a", "1", 33)], &[29, 30, 30]),
        ("percent = \"12.5\"", &[("a", "1", 4)], &[3]),
        ("percent = \"12.4\"", &[("a", "1", 4)], &[4]),
        ("percent = 100", &[("a", "1", 33), ("a", "3", 1)], &[0, 0]),
        ("percent = \"33.333333\"", &[("a", "1", 100), ("b", "1", 200)], &[67, 133]),
        (
            "percent = 50, where = 'line.category == \"a\"'",
            &[("a", "1", 5), ("b", "1", 5)],
            &[2, 5],
        ),
        (
            "percent = 50, where = 'line.category == \"c\"'",
            &[("a", "1", 5), ("b", "1", 5)],
            &[5, 5],
        ),
        ("sum = \"1.00\"", &[("a", "1", 333), ("b", "2", 333)], &[300, 599]),
        ("sum = \"0.01\"", &[("a", "1", 100), ("b", "1", 200)], &[100, 199]),
        // More than there is takes all there is, and no more.
        ("sum = \"50.00\"", &[("a", "1", 333), ("b", "2", 333)], &[0, 0]),
        (
            "sum = \"5.00\", where = 'line.category == \"a\"'",
            &[("a", "1", 333), ("b", "1", 333)],
            &[0, 333],
        ),
        ("sum = \"1.00\"", &[("a", "1", 0), ("b", "1", 333)], &[0, 233]),
        (
            "price = \"1.50\", where = 'line.category == \"a\"'",
            &[("a", "3", 200), ("b", "1", 200)],
            &[450, 200],
        ),
        // A line that is cheaper already is left alone; a weight is priced by its weight.
        (
            "price = \"1.50\", where = 'line.category == \"a\"'",
            &[("a", "3", 120), ("a", "0.333", 900)],
            &[360, 50],
        ),
        (
            "price = \"0\", where = 'line.category == \"a\"'",
            &[("a", "3", 120), ("b", "1", 5)],
            &[0, 5],
        ),
        (
            "price = \"1.50\", where = 'line.category == \"a\" && line.quantity >= 3'",
            &[("a", "2", 200), ("a", "3", 200)],
            &[400, 450],
        ),
    ];
    for (discount, lines, expected) in cases {
        assert_eq!(left(&rule("r", "", discount), lines), *expected, "{discount}");
    }
}

#[test]
fn discounts_compound_in_the_order_of_priority() {
    let percent = "percent = 10";
    let sum = "sum = \"10.00\"";
    let hundred: Lines<'_> = &[("a", "1", 10_000)];
    for (first, second, expected) in
        [(percent, sum, 8_000), (sum, percent, 8_100), (percent, percent, 8_100), (sum, sum, 8_000)]
    {
        let by_priority = format!(
            "{}{}",
            rule("a", "priority = 2\n", second),
            rule("b", "priority = -2\n", first)
        );
        assert_eq!(left(&by_priority, hundred), [expected], "{first}, then {second}");
        // Of one priority the ids decide, wherever the rules stand.
        let by_id = format!("{}{}", rule("b", "", second), rule("a", "", first));
        assert_eq!(left(&by_id, hundred), [expected], "{first}, then {second}");
    }
}

#[test]
fn of_a_group_the_rule_that_takes_most_off_is_applied() {
    let in_group = |id: &str, priority: i32, discount: &str| {
        rule(id, &format!("group = \"g\"\npriority = {priority}\n"), discount)
    };
    let free = |id: &str, priority: i32, discount: &str| {
        rule(id, &format!("priority = {priority}\n"), discount)
    };
    let cases: &[(Vec<String>, i64, &str)] = &[
        (vec![in_group("a", 0, "percent = 10"), in_group("b", 0, "percent = 20")], 8_000, "b"),
        (vec![in_group("a", 0, "sum = \"15.00\""), in_group("b", 0, "percent = 10")], 8_500, "a"),
        // Equal: the earlier one by priority, then by id.
        (vec![in_group("a", 5, "percent = 10"), in_group("b", 1, "sum = \"10.00\"")], 9_000, "b"),
        (vec![in_group("a", 0, "percent = 10"), in_group("b", 0, "sum = \"10.00\"")], 9_000, "a"),
        // The whole set is compared, not the rule alone: of the 40.00 that are left, ten off are
        // more than a fifth.
        (
            vec![
                free("first", -1, "sum = \"60.00\""),
                in_group("a", 0, "percent = 20"),
                in_group("b", 1, "sum = \"10.00\""),
            ],
            3_000,
            "b",
        ),
        // Two groups and one rule outside any exclude nothing of one another.
        (
            vec![
                in_group("a", 0, "percent = 10"),
                rule("b", "group = \"h\"\npriority = 1\n", "percent = 10"),
                free("c", 2, "percent = 10"),
            ],
            7_290,
            "a",
        ),
    ];
    for (rules, expected, winner) in cases {
        let text = in_dollars(&rules.concat());
        let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
        let lines = vec![line_in("a", "x", "1", 10_000)];
        let (_, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
        assert_eq!(net(&decision), [*expected], "{text}");
        assert_eq!(why(&decision, winner), ["discounted"], "{text}");
        for excluded in ["a", "b"].iter().filter(|id| **id != *winner) {
            let outcome = outcomes(&decision, excluded);
            let by_winner = |outcome: &Outcome| matches!(outcome, Outcome::Excluded { by, .. } if by.as_str() == *winner);
            assert!(
                outcome.iter().all(|o| by_winner(o) || o.name() == "discounted"),
                "{outcome:?}"
            );
        }
    }
}

#[test]
fn a_discount_says_what_it_was_computed_on() {
    let rules = format!(
        "{}{}{}",
        rule("a", "", "percent = 10, where = 'line.category == \"a\"'"),
        rule("b", "", "sum = \"500.00\""),
        rule("c", "", "percent = 5")
    );
    let mut desk = Desk::with_member(&in_dollars(&rules), "2027-01-03T10:00:00Z");
    let lines = vec![line_in("a", "x", "1", 1_000), line_in("b", "x", "1", 500)];
    let (_, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
    let discounted = |amount: i64, basis: i64, how: DiscountHow| Outcome::Discounted {
        amount: Money::new(amount),
        basis: Money::new(basis),
        how,
    };
    let percent = DiscountHow::Percent(Rate::new(10_000_000));
    assert_eq!(outcomes(&decision, "a"), [&discounted(100, 1_000, percent)]);
    let sum = DiscountHow::Sum(Money::new(50_000));
    assert_eq!(outcomes(&decision, "b"), [&discounted(1_400, 1_400, sum)]);
    assert_eq!(outcomes(&decision, "c"), [&Outcome::NothingToCount]);
}

#[test]
fn discounts_are_for_whom_they_are_for() {
    let text = headed(
        "UAH",
        "Europe/Kyiv",
        &format!(
            "{}{}{}",
            rule("a", "", "sum = \"1.00\""),
            rule("b", "for = \"guests\"\n", "sum = \"10.00\""),
            rule("c", "for = \"everyone\"\n", "sum = \"5.00\"")
        ),
    );
    tell(
        &text,
        "
story: a member and a guest
2027-01-03  Ana joins
2027-01-03  Ana buys 1 tea at 100.00
    pays 94.00
    b gives nothing: not-for-members
2027-01-03  Guest buys 1 tea at 100.00
    pays 85.00
    a gives nothing: not-for-guests
",
    );
}

/// I16: a rule of a group that has nothing to give on a receipt excludes nobody, and does not
/// move the place at which another one applies.
#[test]
fn i16_a_rule_of_a_group_with_nothing_to_give_changes_nothing() {
    let text = in_dollars(&format!(
        "{POINTS}{}{}{}[[rule]]\nid = \"points\"\non = \"purchase\"\ngroup = \"g\"\n\
         priority = 6\nearn = {{ points = \"points\", give = 7 }}\n",
        rule(
            "bread-off",
            "group = \"g\"\npriority = -5\n",
            "sum = \"1.00\", where = 'line.category == \"bread\"'"
        ),
        rule("five-off", "", "sum = \"5.00\""),
        rule(
            "tenth-off",
            "group = \"g\"\npriority = 5\nwhen = 'receipt.total >= 100'\n",
            "percent = 10"
        ),
    ));
    tell(
        &text,
        "
story: without bread the rule for bread is not there
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 100.00
    pays 85.50
    points gives nothing: excluded
    bread-off gives nothing: nothing-to-count
2027-01-03  Ana buys 1 hat at 50.00
    pays 45.00
    earns 7 points
2027-01-03  Ana buys 1 coat at 100.00, 1 loaf at 2.00 in bread
    pays 87.30
    bread-off gives nothing: excluded
    points gives nothing: excluded
",
    );
}
