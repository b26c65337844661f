//! Dated stories about coupons, certificates and points that pay.

use crate::support::{failures_of, in_dollars, tell};

fn beer_and_dish() -> String {
    in_dollars(
        r#"
[instrument.beer-cheaper]
kind = "coupon"
name = "Beer for half"
personal = true
lasts = "14 days"

[[rule]]
id = "beer-with-ribs"
on = "purchase"
when = 'receipt.lines.exists(x, x.product == "ribs")'
discount = { percent = "100", where = 'line.product == "beer"' }
limit = { per_member = 1 }
issue = { coupon = "beer-cheaper" }

[[rule]]
id = "beer-for-half"
on = "purchase"
coupon = "beer-cheaper"
discount = { percent = "50", where = 'line.product == "beer"' }
"#,
    )
}

/// D8: a gift that nobody announced, then the same product again for less.
#[test]
fn d8_a_blind_gift_then_the_same_dish_cheaper() {
    tell(
        &beer_and_dish(),
        "
story: ribs with a beer that nobody asked for
2027-03-01  Ana joins
2027-03-01  Ola joins
2027-03-01  Ana buys 1 beer at 5.00
    pays 5.00
2027-03-02  Ana buys 1 ribs at 15.00
    pays 15.00
    beer-with-ribs gives nothing: nothing-to-count
2027-03-03  Ana buys 1 ribs at 15.00, 1 beer at 5.00 as R
    pays 15.00
    is issued beer-cheaper
2027-03-04  Ola buys 1 beer at 5.00 with code beer-cheaper
    pays 5.00
    code beer-cheaper fails: not-yours
2027-03-04  Guest buys 1 beer at 5.00 with code beer-cheaper
    code beer-cheaper fails: not-yours
2027-03-05  Ana buys 1 soup at 5.00 with code beer-cheaper
    pays 5.00
    code beer-cheaper fails: not-for-this
    beer-cheaper is now active
2027-03-06  Ana buys 2 beer at 5.00
    beer-for-half gives nothing: coupon-not-shown
    pays 10.00
2027-03-17  Ana buys 2 beer at 5.00 with code beer-cheaper
    pays 5.00
    beer-cheaper is now used
2027-03-17  Ana buys 2 beer at 5.00 with code beer-cheaper
    pays 10.00
    code beer-cheaper fails: used
",
    );
}

/// The day of the issue and fourteen more; the end of the last one is the end (case 48).
#[test]
fn case_48_a_coupon_lasts_to_the_end_of_its_last_day() {
    let day = |last: &str, pays: &str| {
        format!(
            "
story: the fourteenth day
2027-03-03  Ana joins
2027-03-03  Ana buys 1 ribs at 15.00, 1 beer at 5.00
    is issued beer-cheaper
{last}  Ana buys 2 beer at 5.00 with code beer-cheaper
    pays {pays}
"
        )
    };
    tell(&beer_and_dish(), &day("2027-03-17 23:59", "5.00"));
    tell(&beer_and_dish(), &day("2027-03-18 00:00", "10.00"));
}

/// When the dish comes back, so does its coupon, unless it was used.
#[test]
fn a_return_takes_back_the_coupon_that_was_issued() {
    tell(
        &beer_and_dish(),
        "
story: ribs and beer come back
2027-03-03  Ana joins
2027-03-03  Ana buys 1 ribs at 15.00, 1 beer at 5.00 as R
2027-03-04  Ana voids R
    is refunded 15.00
    beer-cheaper is now returned
2027-03-05  Ana buys 2 beer at 5.00 with code beer-cheaper
    pays 10.00
    code beer-cheaper fails: returned

story: the coupon was used meanwhile
2027-03-03  Ana joins
2027-03-03  Ana buys 1 ribs at 15.00, 1 beer at 5.00 as R
2027-03-04  Ana buys 2 beer at 5.00 with code beer-cheaper
    pays 5.00
2027-03-05  Ana voids R
    beer-cheaper gives nothing: issued-coupon-kept
    beer-cheaper is now used
",
    );
}

fn certificates(more: &str) -> String {
    in_dollars(&format!(
        r#"
[instrument.gift]
kind = "certificate"
name = "Gift certificate"
values = ["20.00", "50.00"]
lasts = "1 year"
{more}

[points.points]
name.en = {{ one = "point", other = "points" }}

[[rule]]
id = "point-per-dollar"
on = "purchase"
earn = {{ points = "points", give = 1, per = "1.00" }}
"#
    ))
}

/// C1: prepared, sold, active, partly used, used; and expired after a year.
#[test]
fn c1_the_life_of_a_certificate() {
    tell(
        &certificates(""),
        "
story: from the drawer to the last cent
2027-01-01  the shop prepares certificate gift as G1
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 30.00 with code G1
    pays 30.00
    code G1 fails: not-active
2027-01-03  Bea buys 1 gift at 50.00 selling G1
    pays 50.00
    G1 is now active
    has 50.00 left on G1
2027-02-01  Ana buys 1 coat at 30.00 with code G1
    pays 0.00
    G1 is now partly-used
    has 20.00 left on G1
2027-02-02  Ana buys 1 coat at 30.00 with code G1
    pays 10.00
    G1 is now used
2027-02-03  Ana buys 1 coat at 30.00 with code G1
    pays 30.00
    code G1 fails: used

story: a year after the sale, not after the printing
2027-01-01  the shop prepares certificate gift as G1
2027-06-03  Bea buys 1 gift at 20.00 selling G1
2028-06-03  Ana buys 1 coat at 5.00 with code G1
    pays 0.00
2028-06-04  Ana buys 1 coat at 5.00 with code G1
    pays 5.00
    code G1 fails: expired

story: nothing but its own price, once
2027-01-01  the shop prepares certificate gift as G1
2027-01-02  Bea buys 1 gift at 30.00 selling G1
    is refused: certificate-not-for-sale
2027-01-02  Bea buys 2 gift at 20.00 selling G1
    is refused: certificate-not-for-sale
2027-01-02  Bea buys 1 gift at 20.00 selling G1, 1 gift at 20.00 selling G1
    is refused: certificate-not-for-sale
2027-01-02  Bea buys 1 gift at 20.00 selling G1
2027-01-03  Bea buys 1 gift at 20.00 selling G1
    is refused: certificate-not-for-sale

story: blocked, and free again
2027-01-01  the shop issues certificate gift 50.00 as G1
2027-01-02  the shop blocks G1
2027-01-02  Ana buys 1 coat at 30.00 with code G1
    pays 30.00
    code G1 fails: blocked
2027-01-03  the shop unblocks G1
2027-01-03  Ana buys 1 coat at 30.00 with code G1
    pays 0.00
",
    );
}

#[test]
fn certificates_may_wait_for_a_hand() {
    tell(
        &certificates("activation = \"by-hand\""),
        "
story: sold at the till, activated in the office
2027-01-01  the shop prepares certificate gift as G1
2027-01-03  Bea buys 1 gift at 50.00 selling G1
    G1 is now sold
2027-01-04  Ana buys 1 coat at 30.00 with code G1
    pays 30.00
    code G1 fails: not-active
2027-01-05  the shop activates G1
2027-01-06  Ana buys 1 coat at 30.00 with code G1
    pays 0.00
",
    );
}

/// Money for money: a certificate never buys a certificate, and its sale is not spending.
#[test]
fn a_certificate_never_pays_for_a_certificate() {
    tell(
        &certificates(""),
        "
story: a gift for a gift
2027-01-01  the shop issues certificate gift 50.00 as G1
2027-01-01  the shop prepares certificate gift as G2
2027-01-02  Ana buys 1 gift at 20.00 selling G2, 1 pen at 3.00 with code G1
    pays 20.00
    has 47.00 left on G1
    has 20.00 left on G2
",
    );
}

fn points_pay(pays: &str) -> String {
    in_dollars(&format!(
        r#"
[points.points]
name.en = {{ one = "point", other = "points" }}
worth = "0.01"
pays = {pays}

[[rule]]
id = "tenth"
on = "purchase"
discount = {{ percent = "10", where = 'line.product == "coat"' }}
"#
    ))
}

/// P1: points pay for a part of a receipt, in steps, up to a share, for some lines.
#[test]
fn points_pay_for_a_part_of_a_receipt() {
    let pays = "{ step = 100, at_most_percent = \"50\", where = 'line.product != \"wine\"' }";
    tell(
        &points_pay(pays),
        "
story: half of what discounts left, without the wine
2027-01-02  Ana joins
2027-01-02  Ana is-given 9000 points because start
2027-01-02  Ana buys 1 coat at 100.00, 1 wine at 60.00 paying 4500 points
    spends 4500 points
    pays 105.00
2027-01-03  Ana buys 1 coat at 100.00, 1 wine at 60.00 paying 4600 points
    is refused: payment-not-possible
2027-01-03  Ana buys 1 coat at 100.00 paying 4450 points
    is refused: payment-not-possible
2027-01-03  Ana buys 1 wine at 60.00 paying 100 points
    is refused: payment-not-possible
2027-01-03  Ana buys 9 coat at 100.00 paying 4600 points
    is refused: payment-not-possible
2027-01-03  Guest buys 1 coat at 100.00 paying 100 points
    is refused: payment-not-possible
2027-01-03  Ana buys 1 coat at 100.00 paying 4500 points
    pays 45.00
    has 0 points
2027-01-03  Ana buys 1 coat at 100.00 paying 100 points
    is refused: payment-not-possible
",
    );
}

/// A rule that waits for a coupon looks as if it were not there while nobody shows one (I16).
#[test]
fn i16_a_coupon_that_is_not_shown_changes_nothing() {
    let with = beer_and_dish();
    let story = "
story: no coupon
2027-03-01  Ana joins
2027-03-01  Ana buys 2 beer at 5.00
    pays 10.00
    beer-for-half gives nothing: coupon-not-shown
2027-03-01  Ana buys 2 beer at 5.00 with code NOBODY
    pays 10.00
    code NOBODY fails: unknown
";
    tell(&with, story);
    let wrong = failures_of(&with, &story.replace("fails: unknown", "fails: used"));
    assert_eq!(wrong.len(), 1, "{wrong:?}");
}
