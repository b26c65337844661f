//! The choices about codes, certificates and paying with points.

use crate::support::{always, in_dollars, tell};
use symbolon_core::programme::Programmes;

/// A coupon of ten per cent, a personal one, certificates, and points that pay a cent each.
fn shop(settings: &str) -> String {
    in_dollars(&format!(
        r#"
[settings]
{settings}

[points.points]
name.en = {{ one = "point", other = "points" }}
worth = "0.01"
pays = {{ step = 100, at_most_percent = "50" }}

[instrument.ten-percent]
kind = "coupon"
name = "Ten per cent"

[instrument.spring]
kind = "coupon"
name = "Spring"
public = "SPRING-10"

[instrument.gift]
kind = "certificate"
name = "Gift certificate"
smallest = "1.00"
largest = "500.00"

[[rule]]
id = "point-per-dollar"
on = "purchase"
earn = {{ points = "points", give = 1, per = "1.00" }}

[[rule]]
id = "tenth-off"
on = "purchase"
for = "everyone"
coupon = "ten-percent"
discount = {{ percent = "10", where = 'line.kind == "goods"' }}

[[rule]]
id = "spring-off"
on = "purchase"
for = "everyone"
coupon = "spring"
discount = {{ sum = "5.00" }}
"#
    ))
}

/// "A void and the use of a code", case 36: given back once, unless it has ended.
#[test]
fn case_36_a_void_and_the_use_of_a_code() {
    let story = |after: &str, status: &str| {
        format!(
            "
story: all that the coupon was used for comes back
2027-01-01  the shop issues coupon ten-percent as C1
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 100.00 with code C1 as R
    pays 90.00
    C1 is now used
2027-01-03  Ana voids R
    is refunded 90.00
    ten-percent gives nothing: {after}
    C1 is now {status}
"
        )
    };
    let default = story("coupon-use-given-back", "active");
    tell(&shop(""), &default);
    tell(&shop("code_use_after_void = \"given-back\""), &default);
    tell(&shop("code_use_after_void = \"kept\""), &story("coupon-use-kept", "used"));
}

/// "One of several codes invalid": only that one, or the whole receipt.
#[test]
fn one_of_several_codes_invalid() {
    let only_that = "
story: one code holds, one nobody knows
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 100.00 with code SPRING-10, code NOBODY
    pays 95.00
    code NOBODY fails: unknown
";
    tell(&shop(""), only_that);
    tell(&shop("invalid_code = \"only-that-code\""), only_that);
    let refuse = "
story: one code that nobody knows, and nothing is booked
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 100.00 with code SPRING-10, code NOBODY
    is refused: code-refused
    code NOBODY fails: unknown
2027-01-02  Ana buys 1 coat at 100.00 with code SPRING-10
    pays 95.00
";
    tell(&shop("invalid_code = \"refuse-receipt\""), refuse);
}

/// "Upper and lower case of codes": forgiven with its look-alikes, or not.
#[test]
fn upper_and_lower_case_of_codes() {
    let pays = |code: &str, pays: &str| {
        format!(
            "
story: a code as somebody types it
2027-01-02  Ana buys 1 coat at 100.00 with code {code}
    pays {pays}
"
        )
    };
    for (settings, code, to_pay) in [
        ("", "SPRING-10", "95.00"),
        ("", "spring10", "95.00"),
        ("code_case = \"ignored\"", "Spring.1O", "95.00"),
        ("code_case = \"matters\"", "SPRING-10", "95.00"),
        ("code_case = \"matters\"", "SPRING10", "95.00"),
        ("code_case = \"matters\"", "spring-10", "100.00"),
        ("code_case = \"matters\"", "SPRING-1O", "100.00"),
    ] {
        tell(&shop(settings), &pays(code, to_pay));
    }
}

/// "Gift card": after all discounts, whatever the entry; what it pays for is a choice.
#[test]
fn gift_card_after_all_discounts_and_for_what() {
    use crate::support::{Desk, line, net};
    use symbolon_core::engine::{Activity, Line, LineKind, Presented, Purchase};
    use symbolon_core::instrument::Instrument;
    use symbolon_core::values::{InstrumentId, Key, Money};
    for (settings, to_pay, left) in [
        ("", [0, 0], 480),
        ("certificate_pays = \"all\"", [0, 0], 480),
        ("certificate_pays = \"goods-only\"", [0, 500], 980),
    ] {
        let mut desk = Desk::with_member(&shop(settings), "2027-01-01T10:00:00Z");
        let made = "2027-01-01T10:00:00Z".parse().unwrap();
        let (coupon, gift) = (InstrumentId::new(7), InstrumentId::new(8));
        let instruments = &mut desk.book.shared.instruments;
        instruments.insert(coupon, Instrument::coupon(Key::new("ten-percent"), made, Some(1)));
        let certificate = Instrument::certificate(Key::new("gift"), made, Money::new(10_000), true);
        instruments.insert(gift, certificate);
        let delivery = Line { kind: LineKind::Delivery, ..line("by-post", "1", 500) };
        // The certificate is shown first, and still pays what the coupon left: 90.20 of 100.22.
        let purchase = Purchase {
            lines: vec![line("coat", "1", 10_022), delivery],
            codes: vec![Presented::Instrument(gift), Presented::Instrument(coupon)],
            ..Purchase::default()
        };
        let (_, decision) = desk.does("2027-01-02T10:00:00Z", Activity::Purchase(purchase));
        assert_eq!(net(&decision), to_pay, "{settings}");
        let value = desk.book.shared.instruments[&gift].value_left.units();
        assert_eq!(value, left, "{settings}: the coupon came first");
    }
}

/// "Spree: not together with store credit, one card an order".
#[test]
fn means_of_payment_together_or_one() {
    let story = |points_and_gift: &str, two_gifts: &str| {
        format!(
            "
story: points and a certificate on one receipt
2027-01-01  the shop issues certificate gift 30.00 as G1
2027-01-01  the shop issues certificate gift 20.00 as G2
2027-01-02  Ana joins
2027-01-02  Ana is-given 1000 points because start
2027-01-02  Ana buys 1 coat at 100.00 with code G1 paying 1000 points
    {points_and_gift}
2027-01-03  Ana buys 1 coat at 100.00 with code G1, code G2
    {two_gifts}
"
        )
    };
    let together = "
story: everything together
2027-01-01  the shop issues certificate gift 30.00 as G1
2027-01-01  the shop issues certificate gift 20.00 as G2
2027-01-02  Ana joins
2027-01-02  Ana is-given 1000 points because start
2027-01-02  Ana buys 1 coat at 100.00 with code G1, code G2 paying 1000 points
    pays 40.00
";
    for settings in ["", "payment_means = \"together\"", "certificates_per_receipt = \"any\""] {
        tell(&shop(settings), together);
    }
    tell(
        &shop("payment_means = \"one-means\""),
        &story("is refused: one-means-only", "pays 50.00"),
    );
    tell(
        &shop("certificates_per_receipt = \"one\""),
        &story("pays 60.00", "pays 80.00\n    code G1 fails: used"),
    );
    let one = "
story: the second certificate does not hold
2027-01-01  the shop issues certificate gift 30.00 as G1
2027-01-01  the shop issues certificate gift 20.00 as G2
2027-01-03  Ana buys 1 coat at 100.00 with code G1, code G2
    pays 70.00
    code G2 fails: only-one
    has 20.00 left on G2
";
    tell(&shop("certificates_per_receipt = \"one\""), one);
}

/// "Mixed payment returned": in proportion, or one side first. 80.00 of a receipt of 200.00 was
/// paid with a certificate; one of two coats comes back, then the other.
#[test]
fn mixed_payment_returned() {
    let story = |first: [&str; 2], second: [&str; 2]| {
        format!(
            "
story: two coats, one after the other
2027-01-01  the shop issues certificate gift 80.00 as G1
2027-01-02  Ana joins
2027-01-02  Ana buys 2 coat at 100.00 with code G1 as R
    pays 120.00
    has 0.00 left on G1
2027-01-03  Ana returns 1 coat of R
    is refunded {}
    has {} left on G1
2027-01-04  Ana returns 1 coat of R
    is refunded {}
    has {} left on G1
",
            first[0], first[1], second[0], second[1]
        )
    };
    for (setting, first, second) in [
        ("", ["60.00", "40.00"], ["60.00", "80.00"]),
        ("mixed_refund = \"in-proportion\"", ["60.00", "40.00"], ["60.00", "80.00"]),
        ("mixed_refund = \"certificate-first\"", ["20.00", "80.00"], ["100.00", "80.00"]),
        ("mixed_refund = \"money-first\"", ["100.00", "0.00"], ["20.00", "80.00"]),
    ] {
        tell(&shop(setting), &story(first, second));
    }
}

/// "Earning base", case 37: what points paid earns nothing by default, what a certificate paid
/// earns, because its sale did not.
#[test]
fn case_37_what_was_not_paid_in_money_earns_or_not() {
    for (settings, by_points, by_certificate) in [
        ("", "earns 90 points", "earns 100 points"),
        ("paid_with_points = \"earns\"", "earns 100 points", "earns 100 points"),
        ("paid_with_points = \"earns-nothing\"", "earns 90 points", "earns 100 points"),
        ("paid_with_certificate = \"earns\"", "earns 90 points", "earns 100 points"),
        ("paid_with_certificate = \"earns-nothing\"", "earns 90 points", "earns 70 points"),
    ] {
        let story = format!(
            "
story: a coat with points, a coat with a certificate, and both come back
2027-01-01  the shop issues certificate gift 30.00 as G1
2027-01-02  Ana joins
2027-01-02  Ana is-given 1000 points because start
2027-01-02  Ana buys 1 coat at 100.00 paying 1000 points as P
    pays 90.00
    {by_points}
2027-01-03  Ana buys 1 coat at 100.00 with code G1 as G
    pays 70.00
    {by_certificate}
2027-01-04  Ana voids P
    is refunded 90.00
    gets back 1000 points
2027-01-05  Ana voids G
    is refunded 70.00
    has 30.00 left on G1
    has 1000 points
"
        );
        tell(&shop(settings), &story);
    }
}

/// The default of each is its first answer, and the programme says what it chose.
#[test]
fn defaults_are_the_first_answers() {
    let programmes: Programmes = always(&shop(""));
    let settings = programmes.latest().unwrap().programme.settings;
    for key in [
        "code_use_after_void",
        "invalid_code",
        "code_case",
        "certificate_pays",
        "payment_means",
        "certificates_per_receipt",
        "mixed_refund",
        "paid_with_points",
        "paid_with_certificate",
    ] {
        let choice = settings.choices().into_iter().find(|choice| choice.key == key);
        let choice = choice.unwrap_or_else(|| panic!("{key} is a choice"));
        assert_eq!(choice.chosen, choice.answers[0], "{key}");
    }
}
