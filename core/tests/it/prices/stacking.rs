//! Which discounts stand together: groups, exclusive rules, caps, and what shows the choice.

use super::{decided, goods, rule, total, with};
use crate::support::{outcomes, why};
use symbolon_core::engine::{Decision, Outcome};

/// Whether it was for the shop, what it takes off, the bound, and whether it is the best.
fn certificate(decision: &Decision) -> Option<(bool, i64, i64, bool)> {
    let found = outcomes(decision, "stacking");
    found.first().and_then(|outcome| match outcome {
        Outcome::Stacked { for_shop, amount, bound, exact, .. } => {
            Some((*for_shop, amount.units(), bound.units(), *exact))
        }
        _ => None,
    })
}

fn stacking(keys: &str) -> String {
    format!("[stacking]\n{keys}\n")
}

/// The best set is not always that of the best rules: `a` gives most alone, but stands against
/// both `b` and `c`.
#[test]
fn the_best_set_is_taken_and_shown() {
    let rules = [
        rule("a", "exclusive = true", "percent = 25"),
        rule("b", "group = \"g\"", "percent = 20"),
        rule("c", "", "percent = 10"),
        rule("d", "group = \"g\"", "sum = 19"),
    ];
    let coat = [goods("coat", "1", 10_000)];
    let decision = decided(&with("", &rules), &coat);
    // 20 and 10 per cent are 28.00. 10 per cent and 19.00 are 29.00 (in this order): the best.
    assert_eq!(decision.net[0].units(), 7_100);
    assert_eq!(certificate(&decision), Some((false, 2_900, 2_900, true)));
    assert_eq!(why(&decision, "a"), ["not-combined"]);
    assert_eq!(why(&decision, "b"), ["excluded"]);
    for stands in ["c", "d"] {
        assert_eq!(why(&decision, stands), ["discounted"]);
    }
    let shop = decided(&with("choosing = \"best-for-shop\"", &rules), &coat);
    assert_eq!(certificate(&shop), Some((true, 2_500, 2_500, true)));
    assert_eq!(why(&shop, "b"), ["not-combined"]);
    // Where nothing excludes anything there is no choice, and nothing to show.
    let free = [rule("a", "", "percent = 5"), rule("b", "group = \"g\"", "percent = 5")];
    assert_eq!(certificate(&decided(&with("", &free), &coat)), None);
    // In order nothing is solved.
    assert_eq!(certificate(&decided(&with("choosing = \"in-order\"", &rules), &coat)), None);
}

/// Where rules of different groups touch different lines, the best of each group is the best set,
/// whatever the effort.
#[test]
fn the_best_of_each_group_needs_no_search() {
    let on = |product: &str, what: &str| format!("{what}, where = 'line.product == \"{product}\"'");
    let rules = [
        rule("a1", "group = \"a\"", &on("coat", "percent = 10")),
        rule("a2", "group = \"a\"", &on("coat", "sum = 15")),
        rule("a3", "group = \"a\"", &on("coat", "percent = 15")),
        rule("b1", "group = \"b\"", &on("hat", "percent = 50")),
        rule("b2", "group = \"b\"", &on("hat", "sum = 3")),
        rule("c", "", &on("scarf", "percent = 50")),
    ];
    let lines = [goods("coat", "1", 10_000), goods("hat", "1", 2_000), goods("scarf", "1", 500)];
    let tried = |decision: &Decision| match outcomes(decision, "stacking").first() {
        Some(Outcome::Stacked { tried, .. }) => *tried,
        _ => 0,
    };
    // 15.00 twice, of which the first stands, 10.00 and 2.50; or 10.00, 3.00 and 2.50.
    for (choosing, amount, [coat, hat]) in
        [("best-for-member", 2_750, ["a2", "b1"]), ("best-for-shop", 1_550, ["a1", "b2"])]
    {
        let settings = format!("choosing = \"{choosing}\"");
        let all = [vec![stacking("effort = 1")], rules.to_vec()].concat();
        let decision = decided(&with(&settings, &all), &lines);
        let for_shop = choosing == "best-for-shop";
        assert_eq!(certificate(&decision), Some((for_shop, amount, amount, true)));
        let left: i64 = decision.net.iter().map(|net| net.units()).sum();
        assert_eq!(left, 12_500 - amount);
        // One set, two more for the coat, one more for the hat.
        assert_eq!(tried(&decision), 4);
        for rule in ["a1", "a2", "a3", "b1", "b2", "c"] {
            let stands = rule == coat || rule == hat || rule == "c";
            let told = if stands { "discounted" } else { "excluded" };
            assert_eq!(why(&decision, rule), [told], "{choosing} {rule}");
        }
    }
}

/// At most so many rules: the best of them.
#[test]
fn at_most_so_many_rules_take_something_off() {
    let rules: Vec<String> = [5, 30, 10, 20]
        .iter()
        .map(|percent| rule(&format!("r{percent}"), "", &format!("percent = {percent}")))
        .collect();
    let coat = [goods("coat", "1", 10_000)];
    // 100.00 × 0.7 = 70.00, × 0.8 = 56.00, × 0.9 = 50.40, × 0.95 = 47.88.
    for (most, choosing, expected) in [
        (1, "best-for-member", 7_000),
        (2, "best-for-member", 5_600),
        (3, "best-for-member", 5_040),
        (4, "best-for-member", 4_788),
        (9, "best-for-member", 4_788),
        (1, "best-for-shop", 9_500),
        (2, "best-for-shop", 8_550),
        // By id: r10, r20, r30, r5.
        (1, "in-order", 9_000),
        (2, "in-order", 7_200),
    ] {
        let stacking = stacking(&format!("most_rules = {most}"));
        let settings = format!("choosing = \"{choosing}\"");
        let all = [vec![stacking], rules.clone()].concat();
        let decision = decided(&with(&settings, &all), &coat);
        assert_eq!(decision.net[0].units(), expected, "{most} {choosing}");
        let standing = rules.len().min(most);
        let gave =
            ["r5", "r10", "r20", "r30"].iter().filter(|id| why(&decision, id) == ["discounted"]);
        assert_eq!(gave.count(), standing, "{most} {choosing}");
    }
    let all = [vec![stacking("most_rules = 1")], rules].concat();
    let decision = decided(&with("", &all), &coat);
    assert_eq!(outcomes(&decision, "r20"), [&Outcome::TooManyDiscounts { most: 1 }]);
}

/// A rule without anything to give takes no place among so many.
#[test]
fn i16_idle_rules_take_no_place() {
    let rules = [
        stacking("most_rules = 1"),
        rule("a", "priority = -1", "percent = 50, where = 'line.product == \"hat\"'"),
        rule("b", "", "percent = 10"),
    ];
    let decision = decided(&with("", &rules), &[goods("coat", "1", 10_000)]);
    assert_eq!(decision.net[0].units(), 9_000);
    assert_eq!(why(&decision, "a"), ["nothing-to-count"]);
}

/// D1, D7: all discounts together are at most a share of the goods; the last ones are cut.
#[test]
fn d7_all_discounts_together_are_capped() {
    let coat = [goods("coat", "1", 10_000)];
    let ids = ["a", "b", "c"];
    let rules: Vec<String> = ids.iter().map(|id| rule(id, "", "sum = 12")).collect();
    for (most, expected) in
        [("100", 6_400), ("36", 6_400), ("30", 7_000), ("20", 8_000), ("12.5", 8_750)]
    {
        let all = [vec![stacking(&format!("most_percent = \"{most}\""))], rules.clone()].concat();
        assert_eq!(total(&with("", &all), &coat), expected, "{most}");
    }
    let all = [vec![stacking("most_percent = 20")], rules].concat();
    let decision = decided(&with("", &all), &coat);
    assert_eq!(why(&decision, "a"), ["discounted"]);
    assert_eq!(why(&decision, "b"), ["discounted", "cut"]);
    assert_eq!(why(&decision, "c"), ["nothing-to-count"]);
}

/// With little effort the answer is never worse than in order, and says how good a better one
/// could be: nine groups of three, of which any may be taken.
#[test]
fn little_effort_states_its_gap() {
    let mut rules = Vec::new();
    for group in 0..9 {
        for (place, discount) in ["sum = 3", "percent = 4", "percent = 5"].iter().enumerate() {
            let id = format!("r{place}{group}");
            rules.push(rule(&id, &format!("group = \"g{group}\""), discount));
        }
    }
    let coat = [goods("coat", "1", 10_000)];
    let off = |settings: &str, effort: u32| {
        let all = [vec![stacking(&format!("effort = {effort}"))], rules.clone()].concat();
        let decision = decided(&with(settings, &all), &coat);
        (10_000 - decision.net[0].units(), certificate(&decision))
    };
    let (in_order, _) = off("choosing = \"in-order\"", 1);
    let (best, certified) = off("", 1_000_000);
    assert_eq!(certified, Some((false, best, best, true)));
    for effort in [1, 2, 3, 10, 100] {
        let (found, certified) = off("", effort);
        assert!(in_order <= found && found <= best, "{in_order} {found} {best}");
        let Some((false, amount, bound, exact)) = certified else { panic!("{certified:?}") };
        assert_eq!(amount, found);
        assert!(best <= bound && (!exact || bound == best), "{effort}: {bound} {best}");
    }
}

/// The effort bounds the work, whatever the rules are: 2,000 rules in groups of two that all
/// match, and 2,000 rules of which three may stand. There is no recursion to run out of stack.
#[test]
fn case_71_the_effort_bounds_the_work() {
    let coat = [goods("coat", "1", 1_000_000)];
    let pairs: Vec<String> = (0..2_000)
        .map(|n| {
            rule(
                &format!("r{n}"),
                &format!("group = \"g{}\"", n / 2),
                &format!("sum = \"0.{:02}\"", 1 + n % 90),
            )
        })
        .collect();
    for choosing in ["best-for-member", "best-for-shop", "in-order"] {
        let settings = format!("choosing = \"{choosing}\"");
        let few = [vec![stacking("effort = 20")], pairs.clone()].concat();
        let decision = decided(&with(&settings, &few), &coat);
        let (least, most) = (1..=1_000, 1_000..=100_000);
        assert!(
            !least.contains(&decision.net[0].units())
                && most.contains(&(1_000_000 - decision.net[0].units()))
        );
        let three = [vec![stacking("effort = 20\nmost_rules = 3")], pairs.clone()].concat();
        let decision = decided(&with(&settings, &three), &coat);
        let off = 1_000_000 - decision.net[0].units();
        // The three dearest of different groups, or the three cheapest.
        match choosing {
            "best-for-member" => assert_eq!(off, 270),
            "best-for-shop" => assert!((3..=10).contains(&off), "{off}"),
            _ => assert!((3..=270).contains(&off), "{off}"),
        }
    }
}

/// A rule that finds nothing on the receipt as handed in stands aside for its rivals even if
/// rounding lets it find a cent later: 5 % off three pieces for 0.12 is nothing where the price
/// of a piece is rounded (0.038 is 0.04), off 0.11 it would be two cents.
#[test]
fn i16_a_rival_without_anything_to_give_stays_out() {
    let rules = [
        rule("a", "group = \"g\"", "sum = \"0.01\""),
        rule("b", "group = \"g\"\npriority = 1", "percent = 5"),
    ];
    let text = with("discount_rounding = \"price\"", &rules);
    let decision = decided(&text, &[goods("nail", "3", 4)]);
    assert_eq!(decision.net[0].units(), 11);
    assert_eq!(why(&decision, "b"), ["nothing-to-count"]);
}

/// A rule whose condition looks at what is left, and fails, keeps no rival away: neither in
/// order, nor for the member, nor for the shop, which it would cost nothing.
#[test]
fn i16_a_late_condition_that_fails_excludes_nobody() {
    let rules = |keys: &str| {
        [
            rule(
                "big",
                &format!("{keys}\nwhen = 'receipt.total >= 500'\npriority = -1"),
                "percent = 50",
            ),
            rule("small", "group = \"g\"", "percent = 10"),
        ]
    };
    for choosing in ["best-for-member", "best-for-shop", "in-order"] {
        for threshold in ["handed-in", "after-discounts", "paid-goods"] {
            for exclusivity in ["value", "priority"] {
                for keys in ["group = \"g\"", "exclusive = true"] {
                    let settings = format!(
                        "choosing = \"{choosing}\"\nthreshold = \"{threshold}\"\n\
                         exclusivity = \"{exclusivity}\""
                    );
                    let decision =
                        decided(&with(&settings, &rules(keys)), &[goods("coat", "1", 10_000)]);
                    assert_eq!(decision.net[0].units(), 9_000, "{settings} {keys}");
                    let said = why(&decision, "big");
                    // Where its turn never comes, it stands aside like any other of its group.
                    let known = [["condition-false"], ["nothing-to-count"], ["excluded"]];
                    assert!(known.iter().any(|known| said == known), "{said:?}");
                }
            }
        }
    }
}

/// Thresholds after discounts: a set is possible only when each of its rules holds at its turn.
#[test]
fn late_conditions_are_part_of_the_choice() {
    // `first` would take the receipt below the threshold of `big`, its rival is small enough.
    let rules = [
        rule("first", "group = \"g\"\npriority = -2", "sum = 20"),
        rule("other", "group = \"g\"\npriority = -1", "sum = 5"),
        rule("big", "when = 'receipt.total >= 90'", "percent = 50"),
    ];
    let coat = [goods("coat", "1", 10_000)];
    // 100 − 20 = 80, and no more; or 100 − 5 = 95, half of it: 47.50 are left.
    for (choosing, expected) in
        [("best-for-member", 4_750), ("best-for-shop", 8_000), ("in-order", 8_000)]
    {
        let settings = format!("threshold = \"after-discounts\"\nchoosing = \"{choosing}\"");
        assert_eq!(total(&with(&settings, &rules), &coat), expected, "{choosing}");
    }
}
