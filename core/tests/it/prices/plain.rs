//! Percentages, sums, prices and price lists; their caps, floors and kinds of lines.

use super::{BOUGHT, JOINED, decided, goods, of_kind, paid, rule, total, with, with_cost};
use crate::support::{Desk, headed, in_dollars, line_in, money, outcomes, purchase, tell, why};
use symbolon_core::engine::{DiscountHow, Line, LineKind, Outcome};
use symbolon_core::values::{Money, Rate};

/// D1: `at_most` caps what a rule takes off; the cap is spread like a discount of that sum.
#[test]
fn d1_a_discount_may_be_capped() {
    let lines = [goods("a", "1", 6_000), goods("b", "1", 3_000), goods("c", "1", 1_000)];
    let cases: &[(&str, &[i64])] = &[
        // A fifth would be 20.00; 10.00 are spread 6 : 3 : 1.
        ("percent = 20, at_most = 10", &[5_400, 2_700, 900]),
        ("percent = 20, at_most = 20", &[4_800, 2_400, 800]),
        ("percent = 20, at_most = 90", &[4_800, 2_400, 800]),
        ("sum = 5, each = \"line\", at_most = 9", &[5_700, 2_700, 700]),
        ("buy = 2, at_most = 4", &[5_760, 2_880, 960]),
    ];
    for (discount, expected) in cases {
        let text = with("", &[rule("r", "", discount)]);
        assert_eq!(paid(&text, &lines), *expected, "{discount}");
    }
    let text = with("", &[rule("r", "", "percent = 20, at_most = 10")]);
    let decision = decided(&text, &lines);
    assert_eq!(why(&decision, "r"), ["discounted", "cut"]);
    assert_eq!(outcomes(&decision, "r")[1], &Outcome::Cut { amount: money(1_000) });
}

/// So many pieces at most: the cheapest first, or the dearest, or the last ones scanned. Of
/// 1.250 kg one whole kilogram is a piece.
#[test]
fn d1_a_discount_may_be_for_some_pieces_only() {
    let lines = [goods("mug", "3", 1_000), goods("pot", "1", 4_000), goods("cup", "2", 500)];
    let cases = [
        ("", "percent = 50, pieces = 1", 8_000 - 250),
        ("", "percent = 50, pieces = 3", 8_000 - 500 - 500),
        ("", "percent = 50, pieces = 99", 4_000),
        ("", "sum = 3, pieces = 2", 8_000 - 300),
        ("", "price = 1, pieces = 3, where = 'line.unit_price > 0'", 8_000 - 400 - 400 - 900),
        ("free_piece = \"dearest\"", "percent = 50, pieces = 2", 8_000 - 2_000 - 500),
        ("free_piece = \"receipt-order\"", "percent = 50, pieces = 3", 8_000 - 500 - 2_000),
    ];
    for (settings, discount, expected) in cases {
        let text = with(settings, &[rule("r", "", discount)]);
        assert_eq!(total(&text, &lines), expected, "{settings} {discount}");
    }
    let text = with("", &[rule("r", "", "percent = 50, pieces = 1")]);
    // Half of the 10.00 that one kilogram costs; half a kilogram is no piece.
    assert_eq!(paid(&text, &[goods("ham", "1.250", 1_000)]), [750]);
    assert_eq!(paid(&text, &[goods("ham", "0.500", 1_000)]), [500]);
}

/// A price list: new prices by product; what is cheaper already is left alone.
#[test]
fn d9_a_price_list() {
    let prices = "prices = { milk = \"0.89\", tea = \"3.50\", \"oat milk\" = 0 }";
    let text = with("", &[rule("r", "", prices)]);
    let lines = [
        goods("milk", "3", 99),
        goods("tea", "0.250", 1_000),
        goods("tea", "2", 300),
        goods("oat milk", "1", 199),
        goods("bread", "1", 250),
    ];
    assert_eq!(paid(&text, &lines), [267, 88, 600, 0, 250]);
    let decision = decided(&text, &lines);
    let discounted = |outcome: &Outcome| {
        matches!(outcome, Outcome::Discounted { how: DiscountHow::PriceList, amount, .. }
            if *amount == money(30 + 162 + 199))
    };
    assert!(outcomes(&decision, "r").into_iter().any(discounted), "{decision:?}");
}

/// D3: prices for members only, of all members or of some; guests pay what stands there.
#[test]
fn d3_prices_for_members() {
    let text = in_dollars(&format!(
        "[attribute.student]\ntype = \"boolean\"\n{}{}",
        rule("member-price", "", "price = \"8.00\", where = 'line.product == \"tea\"'"),
        rule("students", "when = 'member.student'", "percent = 50"),
    ));
    tell(
        &text,
        "
story: a guest, a member and a student
2027-01-03  Ana joins
2027-01-03  Ben joins with student = true
2027-01-03  Guest buys 1 tea at 10.00
    pays 10.00
    member-price gives nothing: not-for-guests
2027-01-03  Ana buys 1 tea at 10.00, 1 cup at 4.00
    pays 12.00
2027-01-03  Ben buys 1 tea at 10.00, 1 cup at 4.00
    pays 6.00
",
    );
}

/// D9, D10: a targeted reaction to a competitor's price, for those who would go there, of one
/// product; the general price stays.
#[test]
fn d10_a_price_cut_is_met_for_a_segment() {
    let text = in_dollars(&rule(
        "meet-the-rival",
        "from = 2027-03-01\nuntil = 2027-03-14\nwhen = 'member.spent(days(30)) >= 100'",
        "price = \"89.00\", where = 'line.product == \"drill\"'",
    ));
    tell(
        &text,
        "
story: who buys here every month
2027-02-10  Ana joins
2027-02-10  Ana buys 1 saw at 120.00
2027-03-02  Ana buys 1 drill at 99.00, 1 saw at 120.00
    pays 209.00
2027-03-15  Ana buys 1 drill at 99.00
    pays 99.00

story: who comes for the first time
2027-03-02  Ben joins
2027-03-02  Ben buys 1 drill at 99.00
    pays 99.00
    meet-the-rival gives nothing: condition-false
",
    );
}

/// The EU's rule for announced reductions (98/6/EC, article 6a): the percentage is taken from the
/// lowest price of the thirty days before. What is cheaper already stays as it is.
#[test]
fn a_reduction_is_from_the_lowest_prior_price() {
    let text = with("", &[rule("r", "", "percent = 20, base = \"lowest-price\"")]);
    let line = |now: i64, lowest: Option<i64>, many: &str| Line {
        lowest_price: lowest.map(Money::new),
        ..goods("coat", many, now)
    };
    let cases = [
        // Lowest 80.00: a fifth less is 64.00, though it cost 100.00 yesterday.
        (10_000, Some(8_000), "1", 6_400),
        (10_000, Some(10_000), "1", 8_000),
        // Where it is not known, the price itself.
        (10_000, None, "1", 8_000),
        // A lowest price above the present one is none.
        (8_000, Some(9_000), "1", 6_400),
        // 64.00 would be dearer than what it costs now.
        (6_000, Some(8_000), "1", 4_800),
        (10_000, Some(8_000), "3", 19_200),
        (10_000, Some(8_000), "0.500", 3_200),
    ];
    for (now, lowest, many, expected) in cases {
        assert_eq!(paid(&text, &[line(now, lowest, many)]), [expected], "{now} {lowest:?} {many}");
    }
    let decision = decided(&text, &[line(10_000, Some(8_000), "1")]);
    let how = DiscountHow::PercentOfLowest(Rate::new(20_000_000));
    let (amount, basis) = (money(3_600), money(10_000));
    assert_eq!(outcomes(&decision, "r"), [&Outcome::Discounted { amount, basis, how }]);
}

/// Lines that are not goods are touched by no rule that does not name them: neither carriage nor
/// certificates, which are money (case 37). Free delivery names them.
#[test]
fn only_goods_are_discounted_unless_a_rule_names_the_kind() {
    let lines = [
        goods("mug", "1", 1_000),
        of_kind(LineKind::Delivery, goods("post", "1", 500)),
        of_kind(LineKind::Certificate, goods("gift", "1", 5_000)),
    ];
    let cases: &[(&str, &[i64])] = &[
        ("percent = 10", &[900, 500, 5_000]),
        ("sum = 99", &[0, 500, 5_000]),
        ("percent = 10, where = 'line.unit_price > 1'", &[900, 500, 5_000]),
        ("percent = 100, where = 'line.kind == \"delivery\"'", &[1_000, 0, 5_000]),
        ("sum = 3, where = 'line.kind == \"delivery\"'", &[1_000, 200, 5_000]),
        ("percent = 10, where = 'line.kind != \"certificate\"'", &[900, 450, 5_000]),
        ("buy = 1, get = 1", &[1_000, 500, 5_000]),
        ("prices = { gift = 1, mug = 1 }", &[100, 500, 5_000]),
        (
            "bundle = [{ where = 'line.product == \"mug\"' }, { where = 'line.kind == \"delivery\"' }], price = 12",
            // 3.00 off, by 10.00 and 5.00.
            &[800, 400, 5_000],
        ),
    ];
    for (discount, expected) in cases {
        assert_eq!(paid(&with("", &[rule("r", "", discount)]), &lines), *expected, "{discount}");
    }
    // The threshold for free delivery is the goods alone.
    let free = rule(
        "free-delivery",
        "when = 'receipt.total >= 20'",
        "percent = 100, where = 'line.kind == \"delivery\"'",
    );
    let post = || of_kind(LineKind::Delivery, goods("post", "1", 500));
    assert_eq!(
        total(&with("", std::slice::from_ref(&free)), &[goods("mug", "1", 1_900), post()]),
        2_400
    );
    assert_eq!(total(&with("", &[free]), &[goods("mug", "1", 2_000), post()]), 2_000);
}

/// D7: no discount takes a line below its cost and the margin. A margin of 20 % on a cost of
/// 8.00 is a price of 10.00.
#[test]
fn d7_the_margin_floor_holds() {
    let lines = |cost: i64| [with_cost(goods("mug", "2", 1_500), cost), goods("tea", "1", 1_000)];
    let cases: &[(&str, i64, &str, &[i64])] = &[
        ("20", 800, "percent = 50", &[2_000, 500]),
        ("20", 800, "percent = 10", &[2_700, 900]),
        ("20", 800, "percent = 100", &[2_000, 0]),
        ("20", 800, "price = 5, where = 'line.product == \"mug\"'", &[2_000, 1_000]),
        // A sum goes to the tea, which has no known cost: 20.00 off, 10.00 of them the mugs'.
        ("20", 800, "sum = 20", &[2_000, 0]),
        ("20", 800, "sum = 5, each = \"piece\"", &[2_000, 500]),
        ("20", 800, "buy = 1, get = 1", &[2_000, 1_000]),
        // Rounded up, in favour of the shop: a cost of 8.01 needs 10.0125 for a piece.
        ("20", 801, "percent = 50", &[2_003, 500]),
        ("0", 1_400, "percent = 50", &[2_800, 500]),
        // Who may lose a quarter of the cost says so.
        ("-25", 1_000, "percent = 90", &[1_600, 100]),
        // What costs more than it is sold for is not made cheaper.
        ("0", 1_600, "percent = 50", &[3_000, 500]),
    ];
    for (margin, cost, discount, expected) in cases {
        let floor = format!("[stacking]\nmargin_floor = \"{margin}\"\n");
        let text = with("", &[floor, rule("r", "", discount)]);
        assert_eq!(paid(&text, &lines(*cost)), *expected, "{margin} %, {cost}, {discount}");
    }
}

/// D7: the floor is said in the reasons; a discount that has no room at all is no use of it.
#[test]
fn d7_the_floor_is_explained() {
    let floor = "[stacking]\nmargin_floor = 0\n".to_owned();
    let rules = [floor, rule("r", "limit = { per_member = 1 }", "percent = 50")];
    let mut desk = Desk::with_member(&with("", &rules), JOINED);
    let at_cost = vec![with_cost(goods("mug", "1", 1_000), 1_000)];
    let (_, decision) = desk.does(BOUGHT, purchase(at_cost));
    assert_eq!(outcomes(&decision, "r"), [&Outcome::Floored { amount: money(500) }]);
    let (_, decision) = desk.does(BOUGHT, purchase(vec![with_cost(goods("mug", "1", 1_000), 700)]));
    assert_eq!(why(&decision, "r"), ["discounted", "floored"]);
    assert_eq!(outcomes(&decision, "r")[1], &Outcome::Floored { amount: money(200) });
    let (_, decision) = desk.does(BOUGHT, purchase(vec![with_cost(goods("mug", "1", 1_000), 700)]));
    assert_eq!(why(&decision, "r"), ["limit-reached"]);
}

/// A discount on some pieces of a line has the room of the whole line, not of these pieces.
#[test]
fn d7_the_floor_of_a_line_is_that_of_all_its_pieces() {
    let floor = "[stacking]\nmargin_floor = 0\n".to_owned();
    let text = with("", &[floor, rule("r", "", "percent = 100, pieces = 1")]);
    assert_eq!(paid(&text, &[with_cost(goods("mug", "3", 1_000), 500)]), [2_000]);
    assert_eq!(paid(&text, &[with_cost(goods("mug", "3", 1_000), 900)]), [2_700]);
}

/// Case 46: currencies without decimals and with three.
#[test]
fn case_46_discounts_in_yen_and_dinars() {
    let cases = [
        ("JPY", "percent = 10", 995, 895),
        ("JPY", "sum = 100", 995, 895),
        ("JPY", "percent = 10, at_most = 50", 995, 945),
        ("KWD", "percent = 10", 995, 895),
        ("KWD", "sum = \"0.100\"", 995, 895),
        ("KWD", "percent = 10, at_most = \"0.050\"", 995, 945),
    ];
    for (currency, discount, price, expected) in cases {
        let text = headed(currency, "UTC", &rule("r", "", discount));
        assert_eq!(paid(&text, &[line_in("a", "a", "1", price)]), [expected], "{currency}");
    }
}
