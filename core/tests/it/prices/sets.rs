//! Buy so many and get so many, gifts, and bundles.

use super::{decided, gifts, goods, paid, rule, total, with};
use crate::support::{money, outcomes, why};
use symbolon_core::engine::{DiscountHow, Line, Outcome};

fn mugs(many: &str) -> Line {
    goods("mug", many, 1_000)
}

/// D1: "three for two" and its kin on mugs at 10.00.
#[test]
fn d1_buy_some_and_get_some() {
    let cases = [
        // Three for two.
        ("buy = 2, get = 1", "2", 2_000),
        ("buy = 2, get = 1", "3", 2_000),
        ("buy = 2, get = 1", "5", 4_000),
        ("buy = 2, get = 1", "6", 4_000),
        ("buy = 2", "3", 2_000),
        ("buy = 2, get = 2", "3", 3_000),
        ("buy = 2, get = 2", "4", 2_000),
        ("buy = 1, get = 4", "5", 1_000),
        // The second for half; every third one for a dollar, or three dollars cheaper.
        ("nth = 2, percent = 50", "1", 1_000),
        ("nth = 2, percent = 50", "2", 1_500),
        ("nth = 2, percent = 50", "3", 2_500),
        ("nth = 2", "4", 2_000),
        ("nth = 3, price = 1", "6", 4_200),
        ("nth = 3, sum = 3", "6", 5_400),
        // Not more off than it costs, and never dearer.
        ("nth = 3, sum = 30", "6", 4_000),
        ("nth = 3, price = 30", "6", 6_000),
        ("buy = 1, get = 2, percent = 50", "3", 2_000),
        // Quantities are numbers.
        ("buy = 2, get = 1", "5000", 3_334_000),
        ("buy = 2, get = 1", "1000000", 666_667_000),
        ("nth = 2, percent = 50", "1000000", 750_000_000),
        // By weight: 1.250 kg are one piece, 2.999 kg two, of 1.000 kg each.
        ("nth = 2, percent = 50", "1.250", 1_250),
        ("nth = 2, percent = 50", "2.999", 2_499),
    ];
    for (discount, many, expected) in cases {
        let text = with("", &[rule("r", "", discount)]);
        assert_eq!(total(&text, &[mugs(many)]), expected, "{discount}, {many}");
    }
}

/// The n-th piece of lines of different prices: sets are formed from the dearest on, so that the
/// member gets the cheapest of each set for less, and the shop knows what it costs at most.
#[test]
fn d1_the_cheapest_of_each_set() {
    let lines = [goods("a", "1", 500), goods("b", "2", 2_000), goods("c", "1", 1_000)];
    // 20 20 | 10 5: the second of each pair for half: 10.00 + 2.50.
    let text = with("", &[rule("r", "", "nth = 2, percent = 50")]);
    assert_eq!(total(&text, &lines), 5_500 - 1_250);
    // 20 20 10 | 5: one set of three.
    let text = with("", &[rule("r", "", "buy = 2, get = 1")]);
    assert_eq!(total(&text, &lines), 5_500 - 1_000);
    // Its discount lies on the three of the set: 10.00 by 40.00 and 10.00.
    assert_eq!(paid(&text, &lines), [500, 3_200, 800]);
    let decision = decided(&text, &lines);
    let how = DiscountHow::Set { buy: 2, get: 1, times: 1 };
    let (amount, basis) = (money(1_000), money(5_000));
    assert_eq!(outcomes(&decision, "r"), [&Outcome::Discounted { amount, basis, how }]);
}

/// D1: buy of these and get of those; a line may be either.
#[test]
fn d1_other_lines_are_what_one_gets() {
    let shirt_and_tie = "buy = 2, where = 'line.product == \"shirt\"', \
                         get_where = 'line.product == \"tie\"'";
    let tie = |many: &str, price: i64| goods("tie", many, price);
    let shirt = |many: &str| goods("shirt", many, 3_000);
    let cases: &[(&str, Vec<Line>, i64)] = &[
        ("", vec![shirt("2"), tie("1", 1_000)], 1_000),
        ("", vec![shirt("1"), tie("1", 1_000)], 0),
        ("", vec![shirt("2")], 0),
        ("", vec![shirt("4"), tie("1", 1_000)], 1_000),
        // The cheapest tie, unless the rule says otherwise.
        ("", vec![shirt("2"), tie("1", 1_000), goods("tie", "1", 2_000)], 1_000),
        (", free = \"dearest\"", vec![shirt("2"), tie("1", 1_000), tie("1", 2_000)], 2_000),
        (", get = 2", vec![shirt("2"), tie("1", 1_000)], 0),
        (", get = 2", vec![shirt("2"), tie("2", 1_000)], 2_000),
        (", percent = 50", vec![shirt("4"), tie("3", 1_000)], 1_000),
        (", times = 1", vec![shirt("4"), tie("3", 1_000)], 1_000),
        (", sum = 4", vec![shirt("4"), tie("3", 1_000)], 800),
        (", price = 1", vec![shirt("2"), tie("3", 1_000)], 900),
    ];
    for (keys, lines, off) in cases {
        let text = with("", &[rule("r", "", &format!("{shirt_and_tie}{keys}"))]);
        let before: i64 = 3_000 * (lines[0].quantity.units() / 1_000)
            + lines[1..]
                .iter()
                .map(|l| l.unit_price.units() * l.quantity.units() / 1_000)
                .sum::<i64>();
        assert_eq!(before - total(&text, lines), *off, "{keys} {lines:?}");
    }
}

/// Any two shoes, and any piece of leather for nothing; a leather shoe may be either, and is
/// bought only where other shoes are lacking.
#[test]
fn d1_a_line_may_be_bought_or_got() {
    let discount = "buy = 2, where = 'line.category == \"shoe\" || line.product == \"boot\"', \
                    get_where = 'line.category == \"belt\" || line.product == \"boot\"'";
    let text = with("", &[rule("r", "", discount)]);
    let (shoe, belt) = (|n: &str| goods("shoe", n, 5_000), |n: &str| goods("belt", n, 2_000));
    let boot = |n: &str| goods("boot", n, 9_000);
    let cases = [
        // Both shoes are bought, the belt is got.
        (vec![shoe("2"), belt("1")], 2_000),
        // A boot has to be bought with the shoe; the belt is got.
        (vec![shoe("1"), boot("1"), belt("1")], 2_000),
        // Two shoes bought, the boot got.
        (vec![shoe("2"), boot("1")], 9_000),
        // The belt is the cheaper one to get.
        (vec![shoe("2"), boot("1"), belt("1")], 2_000),
        // Three boots: two bought, one got.
        (vec![boot("3")], 9_000),
        (vec![boot("2")], 0),
        // Six may be either: two sets. The belts go first.
        (vec![boot("4"), belt("2")], 4_000),
        (vec![boot("5"), belt("1")], 11_000),
    ];
    for (lines, off) in cases {
        let before: i64 =
            lines.iter().map(|l| l.unit_price.units() * l.quantity.units() / 1_000).sum();
        assert_eq!(before - total(&text, &lines), off, "{lines:?}");
    }
}

/// D8: a gift from a list for every two; it is handed over on top and lowers no price.
#[test]
fn d8_a_gift_to_choose_from_a_list() {
    let beer = |keys: &str| {
        with("", &[rule("r", "", &format!("buy = 2, gift = [\"mug\", \"glass\"]{keys}"))])
    };
    let products = || vec!["mug".to_owned(), "glass".to_owned()];
    for (keys, many, expected) in [
        ("", "1", vec![]),
        ("", "2", vec![(1, products())]),
        ("", "5", vec![(2, products())]),
        (", get = 3", "4", vec![(6, products())]),
        (", times = 1", "5", vec![(1, products())]),
    ] {
        let decision = decided(&beer(keys), &[goods("beer", many, 500)]);
        assert_eq!(gifts(&decision), expected, "{keys} {many}");
        let price = many.parse::<i64>().map(|many| many * 500);
        assert_eq!(Ok(decision.net[0].units()), price);
    }
    let decision = decided(&beer(""), &[goods("beer", "5", 500)]);
    assert_eq!(outcomes(&decision, "r"), [&Outcome::GiftAdded { times: 2 }]);
    assert_eq!(why(&decided(&beer(""), &[goods("beer", "1", 500)]), "r"), ["nothing-to-count"]);
}

/// D1: a bundle has one price; its discount lies on its parts by what they cost.
#[test]
fn d1_a_bundle_at_one_price() {
    let menu = "bundle = [{ where = 'line.category == \"burger\"' }, \
                { where = 'line.category == \"side\"' }, { where = 'line.category == \"drink\"' }], \
                price = 10";
    let text = with("", &[rule("menu", "", menu)]);
    let burger = |many: &str| goods("burger", many, 800);
    let (side, drink) =
        (|many: &str| goods("side", many, 300), |many: &str| goods("drink", many, 200));
    assert_eq!(paid(&text, &[burger("1"), side("1"), drink("1")]), [615, 231, 154]);
    assert_eq!(total(&text, &[burger("1"), side("1")]), 1_100);
    assert_eq!(total(&text, &[burger("3"), side("2"), drink("1")]), 1_000 + 1_600 + 300);
    assert_eq!(total(&text, &[burger("3"), side("2"), drink("2")]), 2_000 + 800);
    let many = [burger("5000"), side("1000000"), drink("4999")];
    let alone = 800 + (1_000_000 - 4_999) * 300;
    assert_eq!(total(&text, &many), 4_999 * 1_000 + alone);
    let decision = decided(&text, &[burger("2"), side("2"), drink("2")]);
    let how = DiscountHow::Bundle { times: 2 };
    let (amount, basis) = (money(600), money(2_600));
    assert_eq!(outcomes(&decision, "menu"), [&Outcome::Discounted { amount, basis, how }]);
    // Off by a sum for each bundle, by a percentage, and not more than twice.
    for (amount, off) in [("sum = 2", 600), ("percent = 10", 390), ("sum = 2, times = 2", 400)] {
        let discount = menu.replace("price = 10", amount);
        let text = with("", &[rule("menu", "", &discount)]);
        let lines = [burger("3"), side("3"), drink("3")];
        assert_eq!(total(&text, &lines), 3_900 - off, "{amount}");
    }
}

/// Of several that fit, the dearest go in, as long as a further bundle is worth its price.
#[test]
fn d1_the_dearest_pieces_go_into_bundles_that_are_worth_it() {
    let any_three = "bundle = [{ pieces = 3, where = 'line.category == \"book\"' }], price = 20";
    let text = with("", &[rule("r", "", any_three)]);
    let book = |product: &str, many: &str, price: i64| Line {
        category: Some("book".to_owned()),
        ..goods(product, many, price)
    };
    // 12, 10, 8 and 3: the three dearest for 20.00, the last for 3.00.
    let lines =
        [book("a", "1", 300), book("b", "1", 1_200), book("c", "1", 800), book("d", "1", 1_000)];
    assert_eq!(total(&text, &lines), 2_300);
    // 6, 6 and 6 cost less than the bundle.
    assert_eq!(total(&text, &[book("a", "3", 600)]), 1_800);
    // 9, 9, 9 are 27 and worth it; the second three, 9, 6 and 3, are not.
    let lines = [book("a", "4", 900), book("b", "1", 600), book("c", "1", 300)];
    assert_eq!(total(&text, &lines), 2_000 + 1_800);
    // 4,999 pieces: 1,666 bundles and one piece.
    assert_eq!(total(&text, &[book("a", "4999", 900)]), 1_666 * 2_000 + 900);
}

/// Parts may mean the same lines: "a drink and anything". A drink serves as anything where there
/// are more drinks than other things.
#[test]
fn d1_parts_of_a_bundle_may_overlap() {
    let discount = "bundle = [{ where = 'line.product == \"tea\"' }, \
                    { where = 'line.unit_price > 0' }], sum = 1";
    let text = with("", &[rule("r", "", discount)]);
    let (tea, cake) = (|many: &str| goods("tea", many, 300), |many: &str| goods("cake", many, 500));
    for (lines, off) in [
        (vec![tea("1"), cake("1")], 100),
        (vec![tea("2")], 100),
        (vec![tea("3")], 100),
        (vec![tea("3"), cake("1")], 200),
        (vec![tea("1"), cake("9")], 100),
        (vec![tea("4"), cake("9")], 400),
        (vec![cake("9")], 0),
    ] {
        let before: i64 =
            lines.iter().map(|l| l.unit_price.units() * l.quantity.units() / 1_000).sum();
        assert_eq!(before - total(&text, &lines), off, "{lines:?}");
    }
    // Hall's theorem where greed fails: 2 of {a, b} and 1 of {b, c} and 1 of {a}.
    let parts = "bundle = [{ pieces = 2, where = 'line.product in [\"a\", \"b\"]' }, \
                 { where = 'line.product in [\"b\", \"c\"]' }, \
                 { where = 'line.product == \"a\"' }], sum = 1";
    let text = with("", &[rule("r", "", parts)]);
    for (a, b, c, bundles) in [
        ("2", "1", "1", 1),
        ("2", "2", "0", 1),
        ("1", "3", "0", 1),
        ("3", "0", "1", 1),
        ("4", "0", "1", 1),
        ("4", "2", "2", 2),
        ("2", "1", "0", 0),
        ("1", "1", "9", 0),
    ] {
        let all = [("a", a), ("b", b), ("c", c)];
        let lines: Vec<Line> = all
            .iter()
            .filter(|(_, many)| *many != "0")
            .map(|(product, many)| goods(product, many, 1_000))
            .collect();
        let before: i64 = lines.iter().map(|l| l.quantity.units()).sum();
        assert_eq!(before - total(&text, &lines), bundles * 100, "{a} {b} {c}");
    }
}

/// A piece that counted in one set is in no other: three for two, and then two for 12.00.
#[test]
fn a_piece_counts_in_one_set() {
    let rules = [
        rule("a", "", "buy = 2, get = 1"),
        rule("b", "", "bundle = [{ pieces = 2, where = 'line.product == \"mug\"' }], price = 12"),
    ];
    for (many, expected) in [("3", 2_000), ("4", 3_000), ("5", 2_000 + 1_200)] {
        assert_eq!(total(&with("", &rules), &[mugs(many)]), expected, "{many}");
    }
    // Five: one set of three and two left; they make a bundle where the sets stop at one.
    let rules = [
        rule("a", "", "buy = 2, get = 1, times = 1"),
        rule("b", "", "bundle = [{ pieces = 2, where = 'line.product == \"mug\"' }], price = 12"),
    ];
    assert_eq!(total(&with("", &rules), &[mugs("5")]), 2_000 + 1_200);
    assert_eq!(total(&with("", &rules), &[mugs("8")]), 2_000 + 2 * 1_200 + 1_000);
    // What is free cannot be had for less: after a whole set is free, percentages find the rest.
    let rules = [rule("a", "", "buy = 2, get = 1"), rule("b", "", "percent = 10")];
    assert_eq!(total(&with("", &rules), &[mugs("3")]), 1_800);
}
