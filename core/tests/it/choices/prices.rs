//! Choices about prices. The name of each test is a row of the table of choices; every answer
//! that a programme may give stands there with its figures.

use crate::prices::{decided, gifts, goods, paid, rule, total, with, with_cost};
use crate::support::{POINTS, in_dollars, tell};
use symbolon_core::engine::Line;

/// One setting with each of its answers, and what is left to pay of each line.
fn check(setting: &str, rules: &[String], lines: &[Line], answers: &[(&str, &[i64])]) {
    for (answer, expected) in answers {
        let text = with(&format!("{setting} = \"{answer}\""), rules);
        assert_eq!(paid(&text, lines), *expected, "{setting} = {answer}");
    }
    // What is not said is the first answer.
    assert_eq!(paid(&with("", rules), lines), answers[0].1, "{setting} by default");
}

/// 0.99 off lines of 5.00, 2.00 and 3.00: the exact shares are 0.495, 0.198 and 0.297. Rounded
/// down they are 0.97; the two cents that are left go to the largest remainders (0.198 and
/// 0.297), to the first lines, or all to the last line.
#[test]
fn spare_cent_of_a_spread_amount() {
    let rules = [rule("r", "", "sum = \"0.99\"")];
    let lines = [goods("b", "1", 500), goods("a", "1", 200), goods("c", "1", 300)];
    let answers: &[(&str, &[i64])] = &[
        ("largest-remainder", &[451, 180, 270]),
        ("first-line", &[450, 180, 271]),
        ("last-line", &[451, 181, 269]),
    ];
    check("spare_cent", &rules, &lines, answers);
}

/// Ten per cent of five pieces and of three pieces at 0.25: of 2.00 once it is 0.20; of the
/// lines 0.125 and 0.075, so 0.13 and 0.08; of a piece 0.025, so eight times 0.03; and a piece
/// for 0.225 costs 0.23, eight times 0.02 less.
#[test]
fn where_rounding_happens() {
    let rules = [rule("r", "", "percent = 10")];
    let lines = [goods("a", "5", 25), goods("b", "3", 25)];
    let answers: &[(&str, &[i64])] = &[
        // 0.125 and 0.075 have equal remainders: the cent goes to `a`.
        ("once", &[112, 68]),
        ("line", &[112, 67]),
        ("piece", &[110, 66]),
        ("price", &[115, 69]),
    ];
    check("discount_rounding", &rules, &lines, answers);
    // What is sold by weight has no pieces, so it is rounded as a line: of 0.333 kg at 9.99,
    // which are 3.33, ten per cent are 0.333; the price would be 2.997.
    for (answer, expected) in [("once", 300), ("line", 300), ("piece", 300), ("price", 300)] {
        let text = with(&format!("discount_rounding = \"{answer}\""), &rules);
        assert_eq!(paid(&text, &[goods("cheese", "0.333", 999)]), [expected], "{answer}");
    }
}

/// Of 0.25, 0.24 and 0.21, ten per cent are 0.025, 0.024 and 0.021. Where the price is rounded,
/// 0.225, 0.216 and 0.189 are.
#[test]
fn which_way_it_is_rounded() {
    let rules = [rule("r", "", "percent = 10")];
    let cases: &[(&str, &str, [i64; 3])] = &[
        ("once", "half-up", [22, 22, 19]),
        ("once", "down", [23, 22, 19]),
        ("once", "up", [22, 21, 18]),
        ("line", "half-up", [22, 22, 19]),
        ("line", "down", [23, 22, 19]),
        ("line", "up", [22, 21, 18]),
        ("piece", "half-up", [22, 22, 19]),
        ("piece", "down", [23, 22, 19]),
        ("piece", "up", [22, 21, 18]),
        ("price", "half-up", [23, 22, 19]),
        ("price", "down", [22, 21, 18]),
        ("price", "up", [23, 22, 19]),
    ];
    for (place, way, expected) in cases {
        let settings = format!("discount_rounding = \"{place}\"\nrounding_direction = \"{way}\"");
        let text = with(&settings, &rules);
        let left = [25, 24, 21].map(|cents| total(&text, &[goods("a", "1", cents)]));
        assert_eq!(left, *expected, "{place}, {way}");
    }
}

/// Case 41: 65 pieces at 18.99, ten per cent off. The line is 1,234.35, a tenth of it 123.435. A
/// tenth of a piece is 1.899: rounded it is 1.90, 65 times 123.50. Seven cents lie between.
#[test]
fn case_41_rounding_by_piece_and_by_line() {
    let rules = [rule("r", "", "percent = 10")];
    let cases = [
        ("once", "half-up", 111_091),
        ("once", "down", 111_092),
        ("line", "down", 111_092),
        ("piece", "half-up", 111_085),
        // 17.091 for a piece is 17.09.
        ("price", "half-up", 111_085),
    ];
    for (place, way, expected) in cases {
        let settings = format!("discount_rounding = \"{place}\"\nrounding_direction = \"{way}\"");
        assert_eq!(paid(&with(&settings, &rules), &[goods("a", "65", 1_899)]), [expected]);
    }
}

/// A tea of 10.00 that cost 9.50 can take 0.50. Of 4.00 off (as a sum, or as a fifth of 20.00)
/// its share is 2.00: the other 1.50 go to the pot, or nowhere.
#[test]
fn price_floor_and_receipt_discount() {
    let lines = [with_cost(goods("tea", "1", 1_000), 950), goods("pot", "1", 1_000)];
    let (sum, percent) = ("sum = \"4.00\"", "percent = 20");
    let (moved, lost) = ([950, 650], [950, 800]);
    let cases = [
        ("sums-move", sum, moved),
        ("sums-move", percent, lost),
        ("moves", sum, moved),
        ("moves", percent, moved),
        ("lost", sum, lost),
        ("lost", percent, lost),
        // A set has one price: two for half of one less, 5.00 off, of which the tea takes 0.50.
        ("sums-move", "buy = 1, percent = 50", [950, 550]),
        ("moves", "buy = 1, percent = 50", [950, 550]),
        ("lost", "buy = 1, percent = 50", [950, 750]),
    ];
    for (answer, discount, expected) in cases {
        let floor = "[stacking]\nmargin_floor = 0\n".to_owned();
        let settings = format!("floored_discount = \"{answer}\"");
        let text = with(&settings, &[floor, rule("r", "", discount)]);
        assert_eq!(paid(&text, &lines), expected, "{answer}: {discount}");
    }
}

/// 10.00 off two mugs at 25.00 and a spoon at 8.00. Once: by amount, 8.62 and 1.38. Off each
/// line: the spoon has only 8.00. Off each piece: 20.00 and 8.00. Off one piece at most: the
/// spoon, as it is cheapest.
#[test]
fn ten_off_is_off_what() {
    let lines = [goods("mug", "2", 2_500), goods("spoon", "1", 800)];
    let cases = [
        ("", [4_138, 662]),
        (", each = \"receipt\"", [4_138, 662]),
        (", each = \"line\"", [4_000, 0]),
        (", each = \"piece\"", [3_000, 0]),
        (", each = \"piece\", pieces = 1", [5_000, 0]),
        (", each = \"piece\", pieces = 2", [4_000, 0]),
    ];
    for (each, expected) in cases {
        let text = with("", &[rule("r", "", &format!("sum = 10{each}"))]);
        assert_eq!(paid(&text, &lines), expected, "{each}");
    }
}

/// Ten and twenty per cent on 100.00: one on what the other left, both on the 100.00, or the
/// better one only.
#[test]
fn two_percentages() {
    let rules = [rule("a", "", "percent = 10"), rule("b", "", "percent = 20")];
    let answers: &[(&str, &[i64])] =
        &[("compound", &[7_200]), ("add", &[7_000]), ("best", &[8_000])];
    check("percentages", &rules, &[goods("coat", "1", 10_000)], answers);
    // The order of the two does not matter.
    let turned = [rule("a", "", "percent = 20"), rule("b", "", "percent = 10")];
    check("percentages", &turned, &[goods("coat", "1", 10_000)], answers);
}

/// Ten per cent off the receipt and 20.00 off the coat of 100.00: by priority and id the tenth
/// comes first; where lines come first, it is a tenth of 80.00.
#[test]
fn order_of_application() {
    let rules = [
        rule("a-receipt", "", "percent = 10"),
        rule("b-coat", "", "sum = 20, where = 'line.product == \"coat\"'"),
    ];
    let answers: &[(&str, &[i64])] = &[("priority", &[7_000]), ("lines-first", &[7_200])];
    check("order", &rules, &[goods("coat", "1", 10_000)], answers);
}

/// An exclusive rule against two of ten per cent, which are 19.00 of 100.00 together.
#[test]
fn exclusivity() {
    let against = |sum: i64| {
        vec![
            rule("a", "", "percent = 10"),
            rule("b", "", "percent = 10"),
            rule("only", "exclusive = true", &format!("sum = {sum}")),
        ]
    };
    let coat = [goods("coat", "1", 10_000)];
    check("exclusivity", &against(15), &coat, &[("value", &[8_100]), ("priority", &[8_500])]);
    check("exclusivity", &against(25), &coat, &[("value", &[7_500]), ("priority", &[7_500])]);
    // Priority holds whatever else the programme chooses by.
    for choosing in ["best-for-member", "best-for-shop", "in-order"] {
        let settings = format!("exclusivity = \"priority\"\nchoosing = \"{choosing}\"");
        assert_eq!(paid(&with(&settings, &against(15)), &coat), [8_500], "{choosing}");
    }
    // Among several exclusive rules the first one by priority and id is it.
    let two = [
        rule("y", "exclusive = true", "sum = 30"),
        rule("x", "exclusive = true\npriority = -1", "sum = 5"),
    ];
    check("exclusivity", &two, &coat, &[("value", &[7_000]), ("priority", &[9_500])]);
    // One that has nothing to give on this receipt keeps nobody away.
    let idle = [
        rule("a", "", "percent = 10"),
        rule("only", "exclusive = true", "sum = 5, where = 'line.product == \"hat\"'"),
    ];
    check("exclusivity", &idle, &coat, &[("value", &[9_000]), ("priority", &[9_000])]);
}

/// Which of the sets that may stand together is taken. `a` and `b` are of one group; `c` stands
/// with either: 100.00 − 10 % − 5.00 = 85.00, or 100.00 − 20 % − 5.00 = 75.00.
#[test]
fn which_set_of_discounts_is_taken() {
    let coat = [goods("coat", "1", 10_000)];
    let group = [
        rule("a", "group = \"g\"", "percent = 10"),
        rule("b", "group = \"g\"", "percent = 20"),
        rule("c", "", "sum = 5"),
    ];
    let answers: &[(&str, &[i64])] =
        &[("best-for-member", &[7_500]), ("best-for-shop", &[8_500]), ("in-order", &[7_500])];
    check("choosing", &group, &coat, answers);
    // An exclusive rule that comes first is taken in order; it is not the best.
    let exclusive = [
        rule("a", "exclusive = true", "sum = 10"),
        rule("b", "", "percent = 10"),
        rule("c", "", "percent = 10"),
    ];
    let answers: &[(&str, &[i64])] =
        &[("best-for-member", &[8_100]), ("best-for-shop", &[9_000]), ("in-order", &[9_000])];
    check("choosing", &exclusive, &coat, answers);
}

/// A first rule takes 20.00 off 110.00; does the second one, from 100.00 on, see 110.00 or
/// 90.00? Of three mugs at 40.00 one is free: does it see 120.00, or the 80.00 that are left,
/// or the 80.00 of goods that are paid for?
#[test]
fn threshold_looks_at() {
    let rules =
        [rule("a", "", "sum = 20"), rule("b", "when = 'receipt.total >= 100'", "percent = 10")];
    let answers: &[(&str, &[i64])] =
        &[("handed-in", &[8_100]), ("after-discounts", &[9_000]), ("paid-goods", &[8_100])];
    check("threshold", &rules, &[goods("coat", "1", 11_000)], answers);
    let rules =
        [rule("a", "", "buy = 2, get = 1"), rule("b", "when = 'receipt.total >= 100'", "sum = 5")];
    let answers: &[(&str, &[i64])] =
        &[("handed-in", &[7_500]), ("after-discounts", &[8_000]), ("paid-goods", &[8_000])];
    check("threshold", &rules, &[goods("mug", "3", 4_000)], answers);
}

/// 9.00 off a coat of 20.00 and two hats at 5.00: by amount 6.00 and 3.00; by quantity 3.00 and
/// 6.00; where only the coat earns points, the hats take all of it.
#[test]
fn discount_shared_by_several_products() {
    let earns = format!(
        "{POINTS}[[rule]]\nid = \"points\"\non = \"purchase\"\nearn = {{ points = \"points\", \
         give = 1, per = \"1.00\", where = 'line.product == \"coat\"' }}\n"
    );
    let rules = [earns, rule("r", "", "sum = 9")];
    let lines = [goods("coat", "1", 2_000), goods("hat", "2", 500)];
    let answers: &[(&str, &[i64])] = &[
        ("by-amount", &[1_400, 700]),
        ("by-quantity", &[1_700, 400]),
        ("least-earned", &[2_000, 100]),
    ];
    check("shared_discount", &rules, &lines, answers);
    // What the lines without points cannot take goes to the others; by quantity, too: of 24.00
    // the hats' share is 16.00, of which they have 10.00.
    let earns = rules[0].clone();
    let rules = [earns, rule("r", "", "sum = 24")];
    let answers: &[(&str, &[i64])] =
        &[("by-amount", &[400, 200]), ("by-quantity", &[600, 0]), ("least-earned", &[600, 0])];
    check("shared_discount", &rules, &lines, answers);
}

/// Two rules of half the price of one mug, two mugs at 10.00 on one line or on two: the second
/// rule takes the other mug, or half of what is left of the first: 5.00 + 5.00, or 2.50 + 10.00.
#[test]
fn maximum_quantity_and_a_second_rule() {
    let rules =
        [rule("a", "", "percent = 50, pieces = 1"), rule("b", "", "percent = 50, pieces = 1")];
    let one_line = [goods("mug", "2", 1_000)];
    check("limited_pieces", &rules, &one_line, &[("untouched", &[1_000]), ("lowered", &[1_250])]);
    let two_lines = [goods("mug", "1", 1_000), goods("mug", "1", 1_000)];
    for (answer, expected) in [("untouched", 1_000), ("lowered", 1_250)] {
        let text = with(&format!("limited_pieces = \"{answer}\""), &rules);
        assert_eq!(total(&text, &two_lines), expected, "{answer} on two lines");
    }
}

/// Two rules of three for two, three mugs at 10.00: a mug counts in one set, or in both; then
/// the second set makes a mug free of which 6.67 are left to pay.
#[test]
fn a_piece_in_a_second_set() {
    let rules = [rule("a", "", "buy = 2, get = 1"), rule("b", "", "buy = 2, get = 1")];
    let mugs = [goods("mug", "3", 1_000)];
    check("set_pieces", &rules, &mugs, &[("once", &[2_000]), ("again", &[1_333])]);
}

/// A rule that may be used once finds a mug that is free already. Does that count as its use?
/// A receipt without any mug never does.
#[test]
fn a_rule_with_nothing_left_to_discount() {
    let mug = "where = 'line.product == \"mug\"'";
    let story = |last: &str| {
        format!(
            "
story: the mug is free on Sundays
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 50.00
    pays 50.00
2027-01-03  Ana buys 1 mug at 10.00 in mug
    pays 0.00
    tenth gives nothing: nothing-to-count
2027-01-04  Ana buys 1 mug at 10.00 in mug
    pays {last}
"
        )
    };
    let rules = [
        rule("free", "weekdays = [\"sunday\"]", &format!("percent = 100, {mug}")),
        rule("tenth", "limit = { per_member = 1 }", &format!("percent = 10, {mug}")),
    ];
    tell(&with("", &rules), &story("9.00"));
    tell(&with("empty_rule = \"not-used\"", &rules), &story("9.00"));
    tell(&with("empty_rule = \"used\"", &rules), &story("10.00"));
}

/// Three for two of a scarf of 10.00, a coat of 30.00 and a hat of 20.00, scanned in this order:
/// the scarf is free, the coat, or the hat, which was scanned last. A rule may say it itself.
#[test]
fn buy_x_get_y_which_piece_is_free() {
    let lines = [goods("scarf", "1", 1_000), goods("coat", "1", 3_000), goods("hat", "1", 2_000)];
    let set = [rule("r", "", "buy = 2, get = 1")];
    for (answer, expected) in [("cheapest", 5_000), ("dearest", 3_000), ("receipt-order", 4_000)] {
        let text = with(&format!("free_piece = \"{answer}\""), &set);
        assert_eq!(total(&text, &lines), expected, "{answer}");
        let own = rule("r", "", &format!("buy = 2, get = 1, free = \"{answer}\""));
        assert_eq!(total(&with("free_piece = \"dearest\"", &[own]), &lines), expected, "{answer}");
    }
    assert_eq!(total(&with("", &set), &lines), 5_000, "by default");
}

/// Six pieces for 70, 60, 50, 30, 20 and 10, three for two: in each set the cheapest is free,
/// 50.00 and 10.00; over all sets the two cheapest are, 20.00 and 10.00: 60.00 or 30.00 off.
#[test]
fn buy_x_get_y_free_pieces_by_set_or_over_all() {
    let prices = [7_000, 6_000, 5_000, 3_000, 2_000, 1_000];
    let lines: Vec<Line> =
        prices.iter().map(|price| goods(&format!("p{price}"), "1", *price)).collect();
    let set = [rule("r", "", "buy = 2, get = 1")];
    for (answer, off) in [("each", 6_000), ("together", 3_000)] {
        let text = with(&format!("free_sets = \"{answer}\""), &set);
        assert_eq!(24_000 - total(&text, &lines), off, "{answer}");
        let own = rule("r", "", &format!("buy = 2, get = 1, sets = \"{answer}\""));
        assert_eq!(24_000 - total(&with("", &[own]), &lines), off, "{answer} of the rule");
    }
    assert_eq!(24_000 - total(&with("", &set), &lines), 6_000, "by default");
    // The dearest: the first of each set, 70.00 and 30.00; over all, 70.00 and 60.00.
    for (answer, off) in [("each", 10_000), ("together", 13_000)] {
        let settings = format!("free_piece = \"dearest\"\nfree_sets = \"{answer}\"");
        assert_eq!(24_000 - total(&with(&settings, &set), &lines), off, "dearest, {answer}");
    }
}

/// Two mugs at 10.00 and "buy two, get one": among those on the receipt there is no third, on
/// top one is handed over. Of three, one is free; or all are paid for and one more comes on top.
#[test]
fn buy_x_get_y_is_the_free_piece_extra() {
    let set = [rule("r", "", "buy = 2, get = 1")];
    let cases: &[(&str, &str, i64, u32)] = &[
        ("among", "2", 2_000, 0),
        ("among", "3", 2_000, 0),
        ("added", "2", 2_000, 1),
        ("added", "3", 3_000, 1),
        ("added", "4", 4_000, 2),
    ];
    for (answer, many, left, more) in cases {
        let text = with(&format!("free_pieces = \"{answer}\""), &set);
        let decision = decided(&text, &[goods("mug", many, 1_000)]);
        assert_eq!(decision.net[0].units(), *left, "{answer}, {many}");
        assert_eq!(gifts(&decision).iter().map(|(pieces, _)| pieces).sum::<u32>(), *more);
    }
    // A rule may say it itself; what is not for nothing is on the receipt, whatever is said.
    let own = [rule("r", "", "buy = 2, get = 1, free_pieces = \"among\"")];
    assert_eq!(total(&with("free_pieces = \"added\"", &own), &[goods("mug", "3", 1_000)]), 2_000);
    let half = [rule("r", "", "nth = 2, percent = 50")];
    assert_eq!(total(&with("free_pieces = \"added\"", &half), &[goods("mug", "2", 1_000)]), 1_500);
}

/// Three for two on seven mugs at 10.00: two whole sets, or one. A rule may say it itself; the
/// seventh is in no set. By product: four mugs and three spoons at 1.00 are two sets.
#[test]
fn several_applications() {
    let set = [rule("r", "", "buy = 2, get = 1")];
    let seven = [goods("mug", "7", 1_000)];
    check("set_repeats", &set, &seven, &[("as-often-as-it-fits", &[5_000]), ("once", &[6_000])]);
    for (times, expected) in [("1", 6_000), ("2", 5_000), ("9", 5_000), ("\"any\"", 5_000)] {
        let own = [rule("r", "", &format!("buy = 2, get = 1, times = {times}"))];
        assert_eq!(total(&with("set_repeats = \"once\"", &own), &seven), expected, "{times}");
    }
    let mixed = [goods("mug", "4", 1_000), goods("spoon", "3", 100)];
    // Dearest first: (mug mug mug) (mug spoon spoon): a mug and a spoon are free.
    assert_eq!(total(&with("", &set), &mixed), 4_300 - 1_100);
    let by_product = [rule("r", "", "buy = 2, get = 1, same_product = true")];
    assert_eq!(total(&with("", &by_product), &mixed), 4_300 - 1_100);
    let five = [goods("mug", "2", 1_000), goods("spoon", "3", 100)];
    assert_eq!(total(&with("", &set), &five), 2_300 - 100);
    let apart = [goods("mug", "2", 1_000), goods("spoon", "2", 100)];
    assert_eq!(total(&with("", &set), &apart), 2_200 - 100);
    assert_eq!(total(&with("", &by_product), &apart), 2_200);
}

/// Three for two of 30.00, 20.00 and 10.00: the 10.00 lie on all three by what they cost, 5.00,
/// 3.33 and 1.67, so that each is worth less when it comes back; or on the scarf alone.
#[test]
fn on_which_pieces_the_discount_of_a_set_lies() {
    let lines = [goods("coat", "1", 3_000), goods("hat", "1", 2_000), goods("scarf", "1", 1_000)];
    let answers: &[(&str, &[i64])] =
        &[("whole-set", &[2_500, 1_667, 833]), ("free-pieces", &[3_000, 2_000, 0])];
    check("set_discount", &[rule("r", "", "buy = 2, get = 1")], &lines, answers);
}

/// Every choice of the section of prices has its own test here.
#[test]
fn no_choice_of_prices_is_without_a_table() {
    let source = include_str!("prices.rs");
    let programme = crate::support::programme(&in_dollars(&rule("r", "", "percent = 10")));
    let choices = programme.settings.choices();
    let is_of_prices = |key: &str| {
        let known = [
            "spare_cent",
            "discount_rounding",
            "rounding_direction",
            "floored_discount",
            "percentages",
            "order",
            "choosing",
            "exclusivity",
            "threshold",
            "shared_discount",
            "limited_pieces",
            "set_pieces",
            "empty_rule",
            "free_piece",
            "free_sets",
            "free_pieces",
            "set_repeats",
            "set_discount",
        ];
        known.contains(&key)
    };
    let of_prices: Vec<_> = choices.iter().filter(|choice| is_of_prices(choice.key)).collect();
    assert_eq!(of_prices.len(), 18);
    for choice in of_prices {
        for answer in choice.answers {
            assert!(source.contains(answer), "{}: {answer}", choice.key);
        }
    }
}
