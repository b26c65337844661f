//! What holds for every receipt under every rule and setting.
#![expect(clippy::unwrap_used, reason = "sums over answers that must be there")]

use super::draw::{Drawn, Policy, lines, policies, rules, set_forms};
use super::{BOUGHT, JOINED, decided, paid, rule, total};
use crate::random::cases;
use crate::support::{Desk, in_dollars, purchase, return_of};
use proptest::prelude::*;
use symbolon_core::engine::{Decision, Effect, Line, LineKind};
use symbolon_core::values::{Quantity, Rounding, line_amount};

fn texts(rules: &[Drawn]) -> Vec<String> {
    rules.iter().enumerate().map(|(place, rule)| rule.text(place, false)).collect()
}

fn amounts(lines: &[Line]) -> Vec<i64> {
    let amount = |line: &Line| line_amount(line.unit_price, line.quantity, Rounding::HalfUp);
    lines.iter().map(|line| amount(line).unwrap().units()).collect()
}

/// I12: the parts of a discount are its sum, none is negative, none takes more than is left; the
/// receipt is what its lines were less all parts.
fn parts_are_the_whole(decision: &Decision, lines: &[Line]) {
    let mut left = amounts(lines);
    for effect in &decision.effects {
        let Effect::Discount { amount, lines: parts, .. } = effect else { continue };
        assert_eq!(parts.iter().map(|(_, part)| part.units()).sum::<i64>(), amount.units());
        for (line, part) in parts {
            let left = &mut left[*line as usize];
            assert!(part.is_positive() && part.units() <= *left, "{part:?} of {left}");
            *left -= part.units();
        }
        let mut at: Vec<u32> = parts.iter().map(|(line, _)| *line).collect();
        at.dedup();
        assert_eq!(at.len(), parts.len(), "one part for a line");
    }
    assert_eq!(left, crate::support::net(decision));
}

/// D7: a line that was above its floor stays there; one below it is not touched.
fn floors_hold(policy: &Policy, decision: &Decision, lines: &[Line]) {
    let Some(margin) = policy.margin else { return };
    for ((line, net), amount) in lines.iter().zip(&decision.net).zip(amounts(lines)) {
        let Some(cost) = line.unit_cost else { continue };
        let cost = line_amount(cost, line.quantity, Rounding::Up).unwrap().units();
        // The margin is a share of the price: (net − cost) / net >= margin.
        let holds = net.units() * (100 - i64::from(margin)) >= cost * 100;
        assert!(holds || net.units() == amount, "{line:?} {net:?}");
    }
}

/// What a line is, and what is left to pay of it; in an order of its own.
fn by_content(lines: &[Line], net: &[i64]) -> Vec<String> {
    let mut told: Vec<String> =
        lines.iter().zip(net).map(|(line, net)| format!("{line:?} {net}")).collect();
    told.sort();
    told
}

proptest! {
    #![proptest_config(cases(300))]

    /// I12, D7, case 42, case 43: the sums are right and the floors hold.
    #[test]
    fn i12_d7_parts_and_floors(
        policy in policies(true), rules in rules(7), lines in lines(6),
        most in prop::option::weighted(0.3, 1_u32..4),
        choosing in proptest::sample::select(vec!["best-for-member", "best-for-shop", "in-order"]),
    ) {
        let cap = most.map_or(String::new(), |most| format!("most_rules = {most}\n"));
        let more = format!("choosing = \"{choosing}\"");
        let decision = decided(&policy.text(&more, &cap, &texts(&rules)), &lines);
        parts_are_the_whole(&decision, &lines);
        floors_hold(&policy, &decision, &lines);
        if let Some(most) = most {
            let discount = |effect: &&Effect| matches!(effect, Effect::Discount { .. });
            let gave = decision.effects.iter().filter(discount).count();
            prop_assert!(gave <= most as usize, "{gave}");
        }
        if let Some(percent) = policy.most_percent {
            let goods = |(line, _): &(&Line, i64)| line.kind == LineKind::Goods;
            let all: i64 = lines.iter().zip(amounts(&lines)).filter(goods).map(|(_, n)| n).sum();
            let taken: i64 = amounts(&lines).iter().sum::<i64>()
                - decision.net.iter().map(|net| net.units()).sum::<i64>();
            prop_assert!(taken * 100 <= all * i64::from(percent), "{taken} of {all}");
        }
    }

    /// I11, I16: neither the order of the rules in the text nor that of the lines on the receipt
    /// matters, unless a setting names it.
    #[test]
    fn i16_the_order_of_rules_and_lines_is_irrelevant(
        policy in policies(false), rules in rules(7), lines in lines(6),
        turn in any::<prop::sample::Index>(),
    ) {
        let rules = texts(&rules);
        let text = policy.text("", "", &rules);
        let before = paid(&text, &lines);
        let mut turned = rules.clone();
        turned.rotate_left(turn.index(rules.len()));
        turned.reverse();
        prop_assert_eq!(&before, &paid(&policy.text("", "", &turned), &lines));
        let mut scanned = lines.clone();
        scanned.rotate_left(turn.index(lines.len()));
        scanned.reverse();
        let after = paid(&text, &scanned);
        prop_assert_eq!(by_content(&lines, &before), by_content(&scanned, &after), "{}", text);
    }

    /// I16: rules that do not match change nothing, whatever they exclude.
    #[test]
    fn i16_rules_that_do_not_match_change_nothing(
        policy in policies(true), rules in rules(5), lines in lines(6), group in 0_u8..3,
        choosing in proptest::sample::select(vec!["best-for-member", "best-for-shop", "in-order"]),
        most in prop::option::weighted(0.3, 1_u32..4),
    ) {
        let cap = most.map_or(String::new(), |most| format!("most_rules = {most}\n"));
        let more = format!("choosing = \"{choosing}\"");
        let mut rules = texts(&rules);
        let before = decided(&policy.text(&more, &cap, &rules), &lines);
        let keys = format!("priority = -9\ngroup = \"g{group}\"\n");
        let only = format!("priority = -9\nexclusive = true\ngroup = \"g{group}\"\n");
        for (id, keys, discount) in [
            ("x1", only.clone(), "sum = 99, where = 'line.product == \"none\"'"),
            ("x2", keys.clone(), "nth = 2, percent = 99, where = 'line.product == \"none\"'"),
            ("x3", format!("{only}from = 2099-01-01\n"), "percent = 99"),
            ("x4", format!("{keys}when = 'receipt.total > 1000000'\n"), "percent = 99"),
            ("x5", keys.clone(), "buy = 900, gift = \"mug\""),
            ("x6", only, "bundle = [{ pieces = 900, where = 'line.unit_price >= 0' }], sum = 1"),
            ("x7", keys, "steps = [{ from = 9000, percent = 99 }], by = \"quantity\""),
        ] {
            rules.push(rule(id, &keys, discount));
        }
        let after = decided(&policy.text(&more, &cap, &rules), &lines);
        prop_assert_eq!(before.net, after.net);
        prop_assert_eq!(before.effects, after.effects);
    }

    /// The short way for plain discounts answers as the long way does: a cap that nothing
    /// reaches turns it off.
    #[test]
    fn the_short_way_is_the_long_way(rules in rules(6), lines in lines(6)) {
        let plain: Vec<Drawn> =
            rules.into_iter().filter(|rule| !rule.discount.contains("at_most")).collect();
        let capped: Vec<Drawn> = plain
            .iter()
            .map(|rule| Drawn { discount: format!("{}, at_most = 9999999", rule.discount), ..rule.clone() })
            .collect();
        let long = decided(&in_dollars(&texts(&capped).concat()), &lines);
        let short = decided(&in_dollars(&texts(&plain).concat()), &lines);
        prop_assert_eq!(long, short);
    }

    /// A line of many pieces is as many lines of one piece, to sets and bundles.
    #[test]
    fn a_line_of_pieces_is_so_many_lines_of_one(discount in set_forms(), lines in lines(5)) {
        let one = Quantity::ONE;
        let mut apart = Vec::new();
        for line in &lines {
            let pieces = line.quantity.units() / one.units();
            for _ in 0..pieces {
                apart.push(Line { quantity: one, ..line.clone() });
            }
        }
        let whole: Vec<Line> = lines
            .iter()
            .filter(|line| line.quantity.units() >= one.units())
            .map(|line| Line {
                quantity: Quantity::new(line.quantity.units() / one.units() * one.units()),
                ..line.clone()
            })
            .collect();
        prop_assume!(!whole.is_empty());
        let text = in_dollars(&rule("r", "", &discount));
        prop_assert_eq!(total(&text, &whole), total(&text, &apart), "{}", text);
    }

    /// Quantities are numbers: up to a million pieces of a line the sums are right.
    #[test]
    fn i12_many_pieces(policy in policies(true), rules in rules(5), lines in lines(1_000_000)) {
        let decision = decided(&policy.text("", "", &texts(&rules)), &lines);
        parts_are_the_whole(&decision, &lines);
        floors_hold(&policy, &decision, &lines);
    }

    /// I6: whatever the discounts were, everything brought back in parts is all that was paid.
    #[test]
    fn i6_returns_of_discounted_lines_refund_what_was_paid(
        policy in policies(true), rules in rules(5), lines in lines(4),
    ) {
        let mut desk = Desk::with_member(&policy.text("", "", &texts(&rules)), JOINED);
        let before = desk.state().clone();
        let (receipt, sold) = desk.does(BOUGHT, purchase(lines.clone()));
        let mut refunded = 0;
        for (place, line) in lines.iter().enumerate().rev() {
            let half = line.quantity.units() / 2;
            for part in [half, line.quantity.units() - half].into_iter().filter(|part| *part > 0) {
                let part = symbolon_core::values::format_decimal(part, 3);
                let place = u32::try_from(place).unwrap();
                let (_, back) = desk.does("2027-01-04T10:00:00Z", return_of(receipt, &[(place, &part)]));
                refunded += back.effects.iter().map(|effect| match effect {
                    Effect::ReturnLine { refund, .. } => refund.units(),
                    _ => 0,
                }).sum::<i64>();
            }
        }
        prop_assert_eq!(refunded, sold.net.iter().map(|net| net.units()).sum::<i64>());
        prop_assert_eq!(&before.days, &desk.state().days);
    }
}

/// I21: more pieces than a number can hold are refused, not wrapped.
#[test]
fn i21_endless_pieces_are_refused_or_exact() {
    let endless = |product: &str| Line {
        quantity: Quantity::new(i64::MAX / 1_000 * 1_000),
        ..super::goods(product, "1", 0)
    };
    let lines: Vec<Line> = (0..2_000).map(|n| endless(&format!("p{n}"))).collect();
    for discount in [
        "buy = 2, get = 1",
        "nth = 2, percent = 50",
        "buy = 2, free_pieces = \"added\"",
        "buy = 2, gift = \"mug\"",
        "buy = 2, where = 'line.unit_price >= 0', get_where = 'line.product != \"p1\"'",
        "bundle = [{ pieces = 2, where = 'line.unit_price >= 0' }], sum = 1",
        "steps = [{ from = 1, percent = 5 }], by = \"quantity\"",
        "percent = 5, pieces = 3",
        "percent = 5",
    ] {
        let text = crate::prices::with(
            "",
            &[rule("a", "group = \"g\"", discount), rule("b", "group = \"g\"", "sum = 1")],
        );
        let desk = Desk::with_member(&text, JOINED);
        match desk.decide(crate::support::at(BOUGHT), &purchase(lines.clone())) {
            Ok(decision) => assert!(decision.net.iter().all(|net| net.is_zero()), "{discount}"),
            Err(refusal) => assert_eq!(refusal.code(), "number-too-large", "{discount}"),
        }
    }
}
