//! Cases 36 to 47 as far as the core has them: rounding, stacking, currencies, versions.

use crate::support::{
    Desk, POINTS, always, at, earned, headed, in_dollars, line, line_in, net, points, programme,
    purchase, purchase_with, return_of, tell,
};
use jiff::Timestamp;
use std::sync::Arc;
use symbolon_core::engine::{Activity, Candidates, Effect};
use symbolon_core::programme::{Programmes, Version};

/// A point for every cent, so that every difference of a cent is seen.
const POINT_PER_CENT: &str = r#"
[[rule]]
id = "point-per-cent"
on = "purchase"
earn = { points = "points", give = 1, per = "0.01" }
"#;

/// Case 36: what a voided receipt had used may be used again, once.
#[test]
fn case_36_a_void_returns_what_limits_counted() {
    let text = in_dollars(
        r#"
[[rule]]
id = "welcome"
on = "purchase"
discount = { percent = 10 }
limit = { per_member = 1 }
"#,
    );
    tell(
        &text,
        "
story: the welcome discount comes back with the receipt, and only once
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 50.00 as R1
    pays 45.00
2027-01-04  Ana buys 1 coat at 50.00
    pays 50.00
    welcome gives nothing: limit-reached
2027-01-05  Ana voids R1
2027-01-05  Ana voids R1
    is refused: already-voided
2027-01-06  Ana buys 1 coat at 50.00 as R3
    pays 45.00
2027-01-07  Ana buys 1 coat at 50.00
    pays 50.00

story: a part of the receipt that stays has used it
2027-01-03  Ben joins
2027-01-03  Ben buys 2 coat at 50.00 as R1
    pays 90.00
2027-01-04  Ben returns 1 coat of R1
2027-01-05  Ben buys 1 coat at 50.00
    pays 50.00
2027-01-06  Ben returns 1 coat of R1
2027-01-07  Ben buys 1 coat at 50.00
    pays 45.00
",
    );
}

/// Cases 37 and 38: points are earned on what is paid: neither on what points paid for nor on
/// gift cards that a filter leaves out.
#[test]
fn case_37_what_points_paid_for_earns_nothing() {
    let text = in_dollars(&format!(
        "{POINTS}
[[rule]]
id = \"points\"
on = \"purchase\"
earn = {{ points = \"points\", give = 1, per = \"1.00\", where = 'line.category != \"gift-card\"' }}

[[reward]]
id = \"free\"
name = \"Free\"
cost = {{ points = 10 }}
gives = {{ item = {{}} }}
"
    ));
    tell(
        &text,
        "
story: a gift card, and then a piece for points
2027-01-03  Ana joins
2027-01-03  Ana buys 1 card at 30.00 in gift-card, 1 mug at 12.00 in kitchen as R1
    earns 12 points
2027-01-04  Ana buys 1 mug at 12.00 in kitchen, 1 tea at 2.00 with free
    pays 2.00
    earns 2 points
2027-01-05  Ana voids R1
    loses 12 points
    owes 8 points
",
    );
}

/// Case 39: lines returned and lines bought are judged apart: a return never removes what a
/// new receipt of the same minute gave.
#[test]
fn case_39_a_return_leaves_new_receipts_alone() {
    let text = in_dollars(&format!("{POINTS}{POINT_PER_CENT}"));
    tell(
        &text,
        "
story: an exchange at the till
2027-01-03 10:00  Ana joins
2027-01-03 10:00  Ana buys 1 coat at 80.00 as R1
2027-01-05 10:00  Ana buys 1 coat at 90.00 as R2
    earns 9000 points
2027-01-05 10:00  Ana returns 1 coat of R1
    loses 8000 points
    has 9000 points
",
    );
}

/// Case 41: amounts are rounded per line, discounts per receipt; never per unit.
#[test]
fn case_41_rounding_is_not_multiplied_by_the_quantity() {
    let text =
        in_dollars("[[rule]]\nid = \"ten\"\non = \"purchase\"\ndiscount = { percent = 10 }\n");
    tell(
        &text,
        "
story: 123 pieces for seven cents
2027-01-03  Ana joins
2027-01-03  Ana buys 123 screw at 0.07
    pays 7.75
2027-01-03  Ana buys 0.333 cheese at 9.99
    pays 3.00
2027-01-03  Ana buys 1000 screw at 0.05, 1 box at 0.05
    pays 45.04
",
    );
}

/// Case 42: the lines are the total, to the cent.
#[test]
fn case_42_lines_sum_to_the_total() {
    let text =
        in_dollars("[[rule]]\nid = \"third\"\non = \"purchase\"\ndiscount = { sum = \"1.00\" }\n");
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    let lines = vec![line("a", "1", 333), line("b", "1", 333), line("c", "1", 333)];
    let (receipt, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
    assert_eq!(net(&decision), [299, 300, 300]);
    let (_, back) = desk.does("2027-01-04T10:00:00Z", return_of(receipt, &[(1, "1")]));
    let refund = back.effects.iter().find_map(|effect| match effect {
        Effect::ReturnLine { refund, .. } => Some(refund.units()),
        _ => None,
    });
    assert_eq!(refund, Some(300));
}

/// Case 43: discounts together never take more than there is, in an order that is defined.
#[test]
fn case_43_nothing_costs_less_than_nothing() {
    let rule = |id: &str, priority: i32, discount: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\non = \"purchase\"\npriority = {priority}\n\
             discount = {discount}\n"
        )
    };
    let all = "{ percent = 100 }";
    let fifteen = "{ percent = 15 }";
    let twenty_off = "{ sum = \"20.00\" }";
    let price = "{ price = \"1.00\", where = 'line.product == \"mug\"' }";
    let cases: &[(&[&str], i64)] = &[
        (&[all, fifteen], 0),
        (&[fifteen, all], 0),
        (&[all, all], 0),
        (&[twenty_off, twenty_off], 0),
        (&[twenty_off], 0),
        (&[fifteen, twenty_off], 0),
        (&[price, twenty_off], 0),
        // 12.00 − 15 % = 10.20, − 15 % = 8.67; the mugs for a dollar each, and 15 % off.
        (&[fifteen, fifteen], 867),
        (&[price, fifteen], 170),
        (&[fifteen, price], 200),
    ];
    for (discounts, paid) in cases {
        let rules: String = discounts
            .iter()
            .zip(1..)
            .map(|(discount, priority)| rule(&format!("r{priority}"), priority, discount))
            .collect();
        let mut desk = Desk::with_member(&in_dollars(&rules), "2027-01-03T10:00:00Z");
        let (receipt, decision) =
            desk.does("2027-01-03T11:00:00Z", purchase(vec![line("mug", "2", 600)]));
        assert_eq!(net(&decision), [*paid], "{discounts:?}");
        let (_, back) = desk.does("2027-01-04T11:00:00Z", return_of(receipt, &[(0, "2")]));
        assert!(back.effects.iter().any(|effect| {
            matches!(effect, Effect::ReturnLine { refund, .. } if refund.units() == *paid)
        }));
    }
}

/// Case 44: a sum of tenths is exactly what it says.
#[test]
fn case_44_tenths_leave_no_residue() {
    let text = in_dollars(
        "[[rule]]\nid = \"offer\"\non = \"purchase\"\nfor = \"everyone\"\n\
         when = 'receipt.total == 0.3 && receipt.total - 0.3 >= 0'\noffer = \"Exactly\"\n\
         [[rule]]\nid = \"all\"\non = \"purchase\"\ndiscount = { percent = 100 }\n",
    );
    tell(
        &text,
        "
story: three tenths
2027-01-03  Ana joins
2027-01-03  Ana buys 1 a at 0.10, 1 b at 0.20
    is offered offer
    pays 0.00
2027-01-03  Ana buys 3 a at 0.10
    is offered offer
2027-01-03  Ana buys 1 a at 0.29
    offer gives nothing: condition-false
",
    );
}

/// Case 45: points are their own unit; the money's smallest unit does not round them away.
#[test]
fn case_45_points_have_their_own_decimals() {
    let kind = |decimals: u8| {
        format!(
            "[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
             decimals = {decimals}\n\
             [[rule]]\nid = \"r\"\non = \"purchase\"\n\
             earn = {{ points = \"points\", percent = \"1\" }}\n"
        )
    };
    for (currency, decimals, price, expected) in [
        ("JPY", 0, 150, 1),
        ("JPY", 2, 150, 150),
        ("KRW", 3, 99, 990),
        ("KWD", 0, 150_000, 1),
        ("KWD", 3, 150_000, 1_500),
        ("USD", 0, 9_999, 0),
        ("USD", 6, 1, 100),
    ] {
        let text = headed(currency, "UTC", &kind(decimals));
        let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
        let (_, decision) =
            desk.does("2027-01-03T11:00:00Z", purchase(vec![line("a", "1", price)]));
        assert_eq!(earned(&decision, "points"), expected, "{currency} {decimals} {price}");
    }
}

/// Case 46: the exponent comes from the currency.
#[test]
fn case_46_currencies_without_and_with_three_decimals() {
    let rules = |per: &str, off: &str| {
        format!(
            "{POINTS}[[rule]]\nid = \"earn\"\non = \"purchase\"\n\
             earn = {{ points = \"points\", give = 1, per = \"{per}\" }}\n\
             [[rule]]\nid = \"off\"\non = \"purchase\"\nwhen = 'receipt.total >= {per}'\n\
             discount = {{ sum = \"{off}\" }}\n"
        )
    };
    let story = "
story: bought and brought back
2027-01-03  Ana joins
2027-01-03  Ana buys 3 tea at PRICE as R
    pays PAID
    earns EARNED points
2027-01-04  Ana returns 1 tea of R
    is refunded FIRST
2027-01-05  Ana returns 2 tea of R
    is refunded REST
    has 0 points
";
    for (currency, per, off, price, paid, earned, first, rest) in [
        ("JPY", "100", "50", "333", "949", "9", "316", "633"),
        ("KWD", "0.500", "0.001", "1.111", "3.332", "6", "1.110", "2.222"),
        ("UAH", "10.00", "0.01", "11.11", "33.32", "3", "11.10", "22.22"),
    ] {
        let told = story
            .replace("PRICE", price)
            .replace("PAID", paid)
            .replace("EARNED", earned)
            .replace("FIRST", first)
            .replace("REST", rest);
        tell(&headed(currency, "UTC", &rules(per, off)), &told);
    }
    let wrong = headed("JPY", "UTC", &rules("0.50", "50"));
    assert!(symbolon_core::programme::read("yen.toml", &wrong).programme.is_none());
}

/// A programme that gives so many points for a dollar.
fn giving(give: u32, shortfall: &str) -> String {
    in_dollars(&format!(
        "{POINTS}shortfall = \"{shortfall}\"\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = {give}, per = \"1.00\" }}\n"
    ))
}

fn version(number: u32, from: Timestamp, text: &str) -> Version {
    Version { number, from, programme: Arc::new(programme(text)) }
}

/// Case 47: a receipt is judged by the version of its moment and returned by what it gave,
/// whatever was published since.
#[test]
fn case_47_each_receipt_keeps_its_version() {
    let first = version(1, Timestamp::MIN, &giving(1, "debt"));
    let second = version(2, at("2027-02-01T00:00:00Z"), &giving(3, "forgiven"));
    let mut desk = Desk::new(Programmes::new(vec![first, second]));
    desk.does("2027-01-03T10:00:00Z", crate::support::joining());
    let (old, bought) = desk.does("2027-01-31T23:59:59Z", purchase(vec![line("a", "1", 1_000)]));
    assert_eq!(earned(&bought, "points"), 10);
    let (new, bought) = desk.does("2027-02-01T00:00:00Z", purchase(vec![line("a", "1", 1_000)]));
    assert_eq!(earned(&bought, "points"), 30);
    // A receipt of January that arrives in February is judged as January's.
    let (late, bought) = desk.does("2027-01-20T10:00:00Z", purchase(vec![line("a", "1", 1_000)]));
    assert_eq!(earned(&bought, "points"), 10);
    let versions: Vec<u32> =
        [old, new, late].iter().map(|id| desk.book.records[id].version).collect();
    assert_eq!(versions, [1, 2, 1]);
    desk.does("2027-02-02T10:00:00Z", crate::support::adjustment("points", -50));
    desk.does("2027-02-03T10:00:00Z", return_of(new, &[(0, "1")]));
    assert_eq!(desk.state().debt("points"), points(0), "version 2 forgives");
    desk.does("2027-02-04T10:00:00Z", return_of(old, &[(0, "1")]));
    assert_eq!(desk.state().debt("points"), points(10), "version 1 does not");
}

/// Case 47 and I13: a quote binds while its version is in force, and a change is seen.
#[test]
fn case_47_a_quote_is_what_is_booked_until_the_version_changes() {
    let first = version(1, Timestamp::MIN, &giving(1, "debt"));
    let mut desk = Desk::new(Programmes::new(vec![first]));
    desk.does("2027-01-03T10:00:00Z", crate::support::joining());
    let activity = purchase(vec![line_in("tea", "a", "1", 1_000)]);
    let moment = at("2027-02-01T10:00:00Z");
    let quote = desk.decide(moment, &activity).unwrap();
    assert_eq!(quote, desk.decide(moment, &activity).unwrap());
    desk.programmes.publish(version(2, at("2027-02-01T00:00:00Z"), &giving(3, "debt")));
    let (number, changed) = desk
        .book
        .decide(&desk.programmes, desk.next_id(), moment, &activity, Candidates::Indexed)
        .unwrap();
    assert_eq!((number, earned(&quote, "points"), earned(&changed, "points")), (2, 10, 30));
    let (_, booked) = desk.does("2027-02-01T10:00:00Z", activity);
    assert_eq!(earned(&booked, "points"), 30);
}

/// Case 40: what points paid for inside a receipt is returned with its line, nothing besides.
#[test]
fn case_40_a_wholly_paid_line_returns_its_points_only() {
    let text = in_dollars(&format!(
        "{POINTS}{POINT_PER_CENT}[[reward]]\nid = \"off\"\nname = \"Off\"\n\
         cost = {{ points = 1000 }}\ngives = {{ discount = {{ sum = \"10.00\" }} }}\n"
    ));
    let mut desk = Desk::new(always(&text));
    desk.does("2027-01-03T10:00:00Z", crate::support::joining());
    desk.does("2027-01-03T10:00:00Z", crate::support::adjustment("points", 1_000));
    let wanted = purchase_with(vec![line("a", "2", 500)], &[("off", None)]);
    let (receipt, decision) = desk.does("2027-01-03T11:00:00Z", wanted);
    assert_eq!((net(&decision), desk.has("points", "2027-01-03T12:00:00Z")), (vec![0], 0));
    assert_eq!(earned(&decision, "points"), 0);
    desk.does("2027-01-04T11:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.has("points", "2027-01-04T12:00:00Z"), 500);
    desk.does("2027-01-05T11:00:00Z", Activity::Void { of: receipt });
    assert_eq!(desk.has("points", "2027-01-05T12:00:00Z"), 1_000);
}
