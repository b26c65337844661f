//! Cases 27 to 33 and 35: returns, refunds and what no till can mean.

use crate::support::{
    Desk, POINTS, adjustment, at, earned, in_dollars, joining, key, line, money, points, purchase,
    quantity, return_of, tell,
};
use symbolon_core::engine::{Activity, Line, NAME_BYTES_MAX, Purchase, Returned};
use symbolon_core::programme::{Problem, read};
use symbolon_core::values::{Currency, DecimalError, Money, Points, Quantity, parse_decimal};

/// A point for a dollar; fifty points are any piece of the receipt, or ten dollars off.
fn points_and_rewards(policy: &str) -> String {
    in_dollars(&format!(
        r#"
[points.points]
name.en = {{ one = "point", other = "points" }}
{policy}

[[rule]]
id = "point-per-dollar"
on = "purchase"
earn = {{ points = "points", give = 1, per = "1.00" }}

[[reward]]
id = "any-item"
name = "Any item"
cost = {{ points = 50 }}
gives = {{ item = {{}} }}

[[reward]]
id = "ten-off"
name = "Ten off"
cost = {{ points = 100 }}
gives = {{ discount = {{ sum = "10.00" }} }}
"#
    ))
}

/// Case 27: buy, earn, return, keep the points, and again.
#[test]
fn case_27_returned_purchases_leave_no_points() {
    tell(
        &points_and_rewards(""),
        "
story: three times bought, three times brought back
2027-01-03 10:00  Ana joins
2027-01-03 10:00  Ana buys 1 coat at 80.00 as R1
    earns 80 points
2027-01-04 10:00  Ana returns 1 coat of R1
    loses 80 points
    has 0 points
2027-01-05 10:00  Ana buys 1 coat at 80.00 as R2
2027-01-06 10:00  Ana voids R2
    loses 80 points
    has 0 points
2027-01-07 10:00  Ana buys 1 coat at 80.00
2027-01-08 10:00  Ana returns 1 coat
    loses 80 points
    has 0 points
    owes 0 points
2027-01-08 10:01  Ana returns 1 coat
    unmatched 1 coat
    loses 0 points
    has 0 points
",
    );
}

/// Case 28: what points had paid comes back once, and nothing is deducted a second time.
#[test]
fn case_28_spent_points_come_back_once() {
    tell(
        &points_and_rewards(""),
        "
story: a receipt paid with points is returned in two halves
2027-01-03  Ben joins
2027-01-03  Ben buys 1 catering at 100.00
2027-01-04  Ben buys 2 mug at 10.00 with ten-off as R
    pays 10.00
    spends 100 points
    earns 10 points
    has 10 points
2027-01-05  Ben returns 1 mug of R
    is refunded 5.00
    gets back 50 points
    loses 5 points
    has 55 points
2027-01-06  Ben returns 1 mug of R
    is refunded 5.00
    gets back 50 points
    loses 5 points
    has 100 points
2027-01-07  Ben returns 1 mug of R
    is refused: more-than-bought
2027-01-07  Ben voids R
    is refused: already-voided
    has 100 points
",
    );
}

/// Case 29: a return without the line that the reward made cheaper charges nothing again.
#[test]
fn case_29_partial_returns_are_proportional() {
    tell(
        &points_and_rewards(""),
        "
story: the reward stays with the line it was for
2027-01-03  Cleo joins
2027-01-03  Cleo buys 1 catering at 50.00
2027-01-04  Cleo buys 1 burrito at 9.40, 4 latte at 3.50 with any-item as R
    pays 14.00
    spends 50 points
    earns 14 points
    has 14 points
2027-01-05  Cleo returns 1 latte of R
    is refunded 3.50
    gets back 0 points
    loses 3 points
    has 11 points
2027-01-06  Cleo returns 3 latte of R
    is refunded 10.50
    gets back 0 points
    loses 11 points
    has 0 points
2027-01-07  Cleo returns 1 burrito of R
    is refunded 0.00
    gets back 50 points
    loses 0 points
    has 50 points
",
    );
}

/// Case 30: points that were spent meanwhile are owed, and the next earnings pay first.
#[test]
fn case_30_spent_points_are_owed() {
    tell(
        &points_and_rewards("shortfall = \"debt\""),
        "
story: two small purchases pay the debt
2027-01-03  Dan joins
2027-01-03  Dan buys 1 catering at 60.00 as R
2027-01-04  Dan takes any-item
    has 10 points
2027-01-05  Dan returns 1 catering of R
    is refunded 60.00
    loses 60 points
    has 0 points
    owes 50 points
2027-01-06  Dan buys 1 mug at 20.00
    earns 20 points
    has 0 points
    owes 30 points
2027-01-07  Dan buys 1 bowl at 40.00
    earns 40 points
    has 10 points
    owes 0 points

story: points owed are not there to be spent
2027-01-03  Eva joins
2027-01-03  Eva buys 1 catering at 50.00 as R
2027-01-04  Eva takes any-item
2027-01-05  Eva voids R
    owes 50 points
2027-01-06  Eva takes any-item
    is refused: reward-not-possible
",
    );
}

/// Cases 28, 30 and 31: in whatever order a purchase and what its points had bought come back,
/// nothing is left and nothing is owed; points given back pay what is owed, unless they had
/// run out meanwhile.
#[test]
fn case_30_points_given_back_pay_what_is_owed() {
    tell(
        &points_and_rewards("expires = \"12 months after earning\""),
        "
story: the coat first, then what its points had bought
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 60.00 as R1
2027-01-04  Ana takes any-item as T
2027-01-05  Ana returns 1 coat of R1
    owes 50 points
2027-01-06  Ana voids T
    gets back 50 points
    has 0 points
    owes 0 points
2028-02-01  Ana waits
    has 0 points
    owes 0 points

story: too late, the points had ended
2027-01-03  Ben joins
2027-01-03  Ben buys 1 coat at 60.00 as R1
2027-01-04  Ben takes any-item as T
2027-01-05  Ben returns 1 coat of R1
    owes 50 points
2028-02-01  Ben voids T
    gets back 50 points
    has 0 points
    owes 50 points
",
    );
}

/// Case 30: the other policy lets them go, and says so.
#[test]
fn case_30_spent_points_are_forgiven() {
    tell(
        &points_and_rewards("shortfall = \"forgiven\""),
        "
story: what is not there is not owed
2027-01-03  Finn joins
2027-01-03  Finn buys 1 catering at 60.00 as R
2027-01-04  Finn takes any-item
2027-01-05  Finn returns 1 catering of R
    loses 60 points
    has 0 points
    owes 0 points
2027-01-06  Finn buys 1 mug at 20.00
    has 20 points
",
    );
}

/// Case 31: spent points go back to their own lot with its original end, even a past one.
#[test]
fn case_31_restored_points_keep_their_end() {
    tell(
        &points_and_rewards("expires = \"12 months after earning\""),
        "
story: points of two years, half of them run out before the return
2027-01-10  Gil joins
2027-01-10  Gil buys 1 catering at 30.00
2027-06-10  Gil buys 1 catering at 30.00
2027-12-20  Gil takes any-item as T
    spends 50 points
    has 10 points
2028-01-11  Gil voids T
    gets back 50 points
    has 30 points
2028-06-10 23:59  Gil waits
    has 30 points
2028-06-11 00:00  Gil waits
    has 0 points
",
    );
}

/// Case 31: points that ran out by themselves are not taken a second time by a return.
#[test]
fn case_31_points_that_ran_out_are_not_owed() {
    tell(
        &points_and_rewards("expires = \"12 months after earning\""),
        "
story: a coat comes back after its points had ended
2027-01-10  Hana joins
2027-01-10  Hana buys 2 coat at 30.00 as R
2028-02-01  Hana returns 1 coat of R
    loses 30 points
    owes 0 points
2028-02-02  Hana returns 1 coat of R
    loses 30 points
    has 0 points
    owes 0 points
",
    );
}

/// Case 32: parts of a line go back to the last cent, and one part more is refused.
#[test]
fn case_32_partial_refunds_sum_to_the_original() {
    let text = in_dollars(&format!(
        "{POINTS}
[[rule]]
id = \"seven-off\"
on = \"purchase\"
discount = {{ percent = 7 }}

[[rule]]
id = \"points\"
on = \"purchase\"
earn = {{ points = \"points\", give = 10, per = \"1.00\", steps = \"proportional\" }}
"
    ));
    for pieces in 1..=13_u32 {
        let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
        let lines = vec![line("nut", &pieces.to_string(), 333), line("bolt", "1", 17)];
        let (receipt, bought) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
        let given = earned(&bought, "points");
        for piece in 0..pieces {
            let moment = format!("2027-02-03T10:{piece:02}:00Z");
            desk.does(&moment, return_of(receipt, &[(0, "1")]));
        }
        let more = desk.refuses("2027-03-03T10:00:00Z", return_of(receipt, &[(0, "1")]));
        assert_eq!(more, "more-than-bought");
        let progress = desk.book.records[&receipt].progress.line(0);
        assert_eq!(progress.refunded, bought.net[0], "{pieces} pieces");
        assert_eq!(progress.returned, Quantity::new(i64::from(pieces) * 1_000));
        desk.does("2027-03-04T10:00:00Z", return_of(receipt, &[(1, "1")]));
        assert!(given > 0);
        assert_eq!(desk.has("points", "2027-03-05T10:00:00Z"), 0, "{pieces} pieces");
        assert_eq!(desk.state().debt("points"), Points::ZERO);
    }
}

/// Case 33: what no till can mean is refused, and nothing changes.
#[test]
fn case_33_impossible_amounts_are_refused() {
    let text = points_and_rewards("");
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    let (receipt, _) = desk.does("2027-01-03T11:00:00Z", purchase(vec![line("mug", "2", 1_000)]));
    let with_quantity = |units: i64| Line { quantity: Quantity::new(units), ..line("mug", "1", 1) };
    let long = "x".repeat(NAME_BYTES_MAX + 1);
    let returned = |lines: Vec<(u32, Quantity)>| Activity::Return {
        returned: Returned::OfReceipt { receipt, lines },
    };
    let products = |products: Vec<(String, Quantity)>| Activity::Return {
        returned: Returned::WithoutReceipt { products },
    };
    let minus_one = Quantity::new(-1_000);
    let cases: Vec<(Activity, &str)> = vec![
        (purchase(vec![]), "no-lines"),
        (purchase(vec![line("mug", "1", -1)]), "negative-price"),
        (purchase(vec![line("mug", "1", i64::MIN)]), "negative-price"),
        (purchase(vec![with_quantity(0)]), "quantity-not-positive"),
        (purchase(vec![line("a", "1", 1), with_quantity(-1_000)]), "quantity-not-positive"),
        (purchase(vec![with_quantity(i64::MIN)]), "quantity-not-positive"),
        (purchase(vec![line("mug", "1.001", i64::MAX)]), "number-too-large"),
        (purchase(vec![line("mug", "1", i64::MAX), line("mug", "1", 1)]), "number-too-large"),
        (purchase(vec![line(&long, "1", 1)]), "name-too-long"),
        (purchase(vec![line("a", "1", 1); 5_001]), "too-many-lines"),
        (returned(vec![]), "nothing-returned"),
        (returned(vec![(0, Quantity::ZERO)]), "quantity-not-positive"),
        (returned(vec![(0, minus_one)]), "quantity-not-positive"),
        (returned(vec![(0, Quantity::new(i64::MAX)), (0, Quantity::ONE)]), "number-too-large"),
        (returned(vec![(0, quantity("2.001"))]), "more-than-bought"),
        (returned(vec![(0, Quantity::ONE), (0, Quantity::new(1_001))]), "more-than-bought"),
        (returned(vec![(1, Quantity::ONE)]), "unknown-line"),
        (products(vec![]), "nothing-returned"),
        (products(vec![("mug".to_owned(), Quantity::ZERO)]), "quantity-not-positive"),
        (products(vec![("mug".to_owned(), minus_one)]), "quantity-not-positive"),
        (adjustment("points", 0), "amount-zero"),
        (adjustment("points", i64::MIN), "number-too-large"),
        (adjustment("stars", 1), "unknown-points"),
        (Activity::Redemption { reward: key("nothing"), contact: None }, "unknown-reward"),
        (joining(), "already-member"),
    ];
    for (activity, code) in cases {
        let told = format!("{activity:?}");
        let told = told.get(..200).unwrap_or(&told);
        assert_eq!(desk.refuses("2027-01-04T10:00:00Z", activity), code, "{told}");
    }
    assert_eq!(desk.state().sequence, 2, "joining and one purchase were booked");
}

/// Case 33: nothing is earned, spent or returned by someone who is no member.
#[test]
fn case_33_strangers_have_no_account() {
    let mut desk = Desk::new(crate::support::always(&points_and_rewards("")));
    for activity in [
        adjustment("points", 1),
        Activity::Redemption { reward: key("any-item"), contact: None },
        Activity::Settlement,
    ] {
        assert_eq!(desk.refuses("2027-01-04T10:00:00Z", activity), "no-member");
    }
    let claiming =
        crate::support::purchase_with(vec![line("mug", "1", 100)], &[("any-item", None)]);
    assert_eq!(desk.refuses("2027-01-04T10:00:00Z", claiming), "reward-not-possible");
    let unknown = Activity::Void { of: desk.next_id() };
    assert_eq!(desk.refuses("2027-01-04T10:00:00Z", unknown), "unknown-activity");
}

/// Case 35: a number that cannot be read is an error, never nothing and never zero.
#[test]
fn case_35_numbers_too_large_are_errors() {
    let huge = "99999999999999999999";
    assert_eq!(parse_decimal(huge, 0), Err(DecimalError::TooLarge));
    assert_eq!(parse_decimal("9223372036854775807", 1), Err(DecimalError::TooLarge));
    let currency = Currency::find("USD").unwrap();
    assert!(currency.parse(huge).is_err());
    assert!(currency.parse("").is_err());
    assert!(currency.parse("12.505").is_err());
    assert!(serde_json::from_str::<Money>(huge).is_err());
    assert!(serde_json::from_str::<Points>("1.5").is_err());
    assert!(serde_json::from_str::<Points>("null").is_err());
    assert!(
        serde_json::from_str::<Purchase>(r#"{"lines":[{"product":"a","quantity":1}]}"#).is_err()
    );
    let text = in_dollars(&format!(
        "{POINTS}\n[[rule]]\nid = \"r\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = {huge} }}\n"
    ));
    let reading = read("big.toml", &text);
    assert!(reading.programme.is_none());
    let told = |remark: &Problem| remark.message.contains("the number is too large");
    assert!(reading.remarks.iter().any(told), "{:?}", reading.remarks);
}

/// Case 32: what is not a receipt cannot be returned or voided as one.
#[test]
fn case_32_what_cannot_be_taken_back_says_so() {
    let mut desk = Desk::with_member(&points_and_rewards(""), "2027-01-03T10:00:00Z");
    let (receipt, _) = desk.does("2027-01-03T11:00:00Z", purchase(vec![line("mug", "1", 9_000)]));
    let (given, _) = desk.does("2027-01-03T12:00:00Z", adjustment("points", 5));
    let (back, _) = desk.does("2027-01-04T10:00:00Z", return_of(receipt, &[(0, "1")]));
    let moment = "2027-01-05T10:00:00Z";
    assert_eq!(desk.refuses(moment, return_of(given, &[(0, "1")])), "not-reversible");
    assert_eq!(desk.refuses(moment, Activity::Void { of: back }), "not-reversible");
    // A person takes back what a person gave by a further adjustment, which names its reason.
    assert_eq!(desk.refuses(moment, Activity::Void { of: given }), "not-reversible");
    desk.does(moment, adjustment("points", -5));
    assert_eq!(desk.balance("points", at(moment)).total(), 0);
    assert_eq!(points(0), desk.state().debt("points"));
    assert_eq!(money(9_000), desk.book.records[&receipt].progress.line(0).refunded);
}
