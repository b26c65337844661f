//! Returns of what coupons, certificates and points did: cases 10, 28, 36, 37 and 40.

use crate::support::{
    Desk, at, in_dollars, key, line, money, net, points, purchase, quantity, return_of, tell,
};
use proptest::prelude::*;
use symbolon_core::engine::{Activity, Effect, Payment, Presented, Purchase};
use symbolon_core::instrument::Instrument;
use symbolon_core::values::InstrumentId;

fn shop(settings: &str) -> String {
    in_dollars(&format!(
        r#"
[settings]
{settings}

[points.points]
name.en = {{ one = "point", other = "points" }}
worth = "0.01"
pays = {{}}

[instrument.third]
kind = "coupon"
name = "A third"
lasts = "10 days"

[instrument.gift]
kind = "certificate"
name = "Gift certificate"
smallest = "0.01"
largest = "1000.00"

[ladder.club]
measure = 'spent(months(12))'
tier = [{{ id = "red" }}, {{ id = "gold", from = 50 }}]

[[rule]]
id = "point-per-dollar"
on = "purchase"
earn = {{ points = "points", give = 1, per = "1.00" }}

[[rule]]
id = "third-off"
on = "purchase"
coupon = "third"
discount = {{ percent = "33.3" }}
"#
    ))
}

/// Case 40: a certificate that was emptied is active again when what it paid comes back.
#[test]
fn case_40_an_emptied_certificate_gets_its_part_back() {
    tell(
        &shop(""),
        "
story: emptied, then a part of it returned
2027-01-01  the shop issues certificate gift 80.00 as G1
2027-01-02  Ana joins
2027-01-02  Ana buys 3 shirt at 20.00, 1 coat at 40.00 with code G1 as R
    pays 20.00
    G1 is now used
    is on gold in club
2027-01-03  Ana returns 1 shirt of R
    is refunded 4.00
    has 16.00 left on G1
    G1 is now partly-used
2027-01-04  Ana returns 1 coat of R
    is refunded 8.00
    has 48.00 left on G1
    is on red in club
2027-01-05  Ana buys 1 sock at 8.00 with code G1
    pays 0.00
    has 40.00 left on G1
2027-01-06  Ana voids R
    is refunded 8.00
    has 72.00 left on G1
2027-01-07  Ana voids R
    is refused: already-voided
",
    );
}

/// Case 36, second half: the use of a coupon that has ended meanwhile is not given back.
#[test]
fn case_36_the_use_of_a_coupon_that_has_ended_stays() {
    tell(
        &shop(""),
        "
story: returned on the last day, and a day later
2027-01-01  the shop issues coupon third as C1
2027-01-01  the shop issues coupon third as C2
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 30.00 with code C1 as R1
    pays 20.01
2027-01-02  Ana buys 2 coat at 30.00 with code C2 as R2
2027-01-03  Ana returns 1 coat of R2
    C2 is now used
2027-01-11  Ana voids R1
    C1 is now active
2027-01-12  Ana returns 1 coat of R2
    third gives nothing: coupon-use-kept
    C2 is now used
",
    );
}

/// Case 28: points that paid come back once, to their lots.
#[test]
fn case_28_points_that_paid_come_back_once() {
    tell(
        &shop(""),
        "
story: two coats, paid with points in part
2027-01-02  Ana joins
2027-01-02  Ana is-given 1001 points because start
2027-01-02  Ana buys 2 coat at 10.00 paying 1001 points as R
    pays 9.99
    earns 9 points
    has 9 points
2027-01-03  Ana returns 1 coat of R
    is refunded 4.99
    gets back 500 points
2027-01-04  Ana voids R
    is refunded 5.00
    gets back 501 points
    has 1001 points
",
    );
}

/// The sale of a certificate comes back while it is untouched, and not a moment longer.
#[test]
fn the_sale_of_a_certificate_is_taken_back_while_it_is_unused() {
    tell(
        &shop(""),
        "
story: a gift that nobody wanted
2027-01-01  the shop prepares certificate gift as G1
2027-01-01  the shop prepares certificate gift as G2
2027-01-02  Ana joins
2027-01-02  Ana buys 1 gift at 50.00 selling G1, 1 gift at 30.00 selling G2 as R
    pays 80.00
    is on red in club
2027-01-03  Bea buys 1 coat at 10.00 with code G1 as B
    pays 0.00
2027-01-04  Ana voids R
    is refused: certificate-used
2027-01-05  Bea voids B
    has 50.00 left on G1
2027-01-06  Ana voids R
    is refunded 80.00
    G1 is now returned
    G2 is now returned
2027-01-07  Bea buys 1 coat at 10.00 with code G1
    pays 10.00
    code G1 fails: returned
",
    );
}

/// Case 10, the half of the engine: what a receipt took of a coupon and of a certificate is taken
/// whole or not at all, and a refusal leaves both as they were.
#[test]
fn case_10_a_refused_receipt_takes_nothing() {
    tell(
        &shop(""),
        "
story: the points are not there, so nothing is paid
2027-01-01  the shop issues certificate gift 50.00 as G1
2027-01-01  the shop issues coupon third as C1
2027-01-02  Ana joins
2027-01-02  Ana buys 1 coat at 90.00 with code G1, code C1 paying 100 points
    is refused: payment-not-possible
    has 50.00 left on G1
    C1 is now active
2027-01-02  Ana buys 1 coat at 90.00 with code G1, code C1
    pays 10.03
",
    );
}

/// What a receipt of these figures is paid with.
#[derive(Debug, Clone)]
struct Mixed {
    prices: Vec<(i64, u8)>,
    gifts: [i64; 2],
    points: i64,
    with_coupon: bool,
    settings: usize,
}

fn mixed() -> impl Strategy<Value = Mixed> {
    let prices = prop::collection::vec((0_i64..5_000, 1_u8..5), 1..5);
    (prices, [1_i64..9_000, 1_i64..9_000], 0_i64..4_000, any::<bool>(), 0_usize..4).prop_map(
        |(prices, gifts, points, with_coupon, settings)| Mixed {
            prices,
            gifts,
            points,
            with_coupon,
            settings,
        },
    )
}

const SETTINGS: [&str; 4] = [
    "",
    "mixed_refund = \"certificate-first\"",
    "mixed_refund = \"money-first\"\npaid_with_points = \"earns\"",
    "paid_with_certificate = \"earns-nothing\"\nmixed_refund = \"certificate-first\"",
];

fn gift(number: u128) -> InstrumentId {
    InstrumentId::new(100 + number)
}

/// A desk with two certificates, a coupon and points, and the receipt that uses them all.
fn desk_and_receipt(mixed: &Mixed) -> (Desk, Purchase) {
    let mut desk = Desk::with_member(&shop(SETTINGS[mixed.settings]), "2027-01-01T10:00:00Z");
    if mixed.points > 0 {
        let given = crate::support::adjustment("points", mixed.points);
        desk.does("2027-01-01T10:00:00Z", given);
    }
    let made = at("2027-01-01T10:00:00Z");
    let instruments = &mut desk.book.shared.instruments;
    for (number, value) in (0..).zip(mixed.gifts) {
        let made = Instrument::certificate(key("gift"), made, money(value), true);
        instruments.insert(gift(number), made);
    }
    instruments.insert(gift(9), Instrument::coupon(key("third"), made, Some(1)));
    let lines: Vec<_> = mixed
        .prices
        .iter()
        .enumerate()
        .map(|(place, (price, pieces))| line(&format!("p{place}"), &pieces.to_string(), *price))
        .collect();
    let mut codes = vec![Presented::Instrument(gift(0)), Presented::Instrument(gift(1))];
    if mixed.with_coupon {
        codes.push(Presented::Instrument(gift(9)));
    }
    let total: i64 = mixed.prices.iter().map(|(price, pieces)| price * i64::from(*pieces)).sum();
    let amount = mixed.points.min(total / 2);
    let pay =
        (amount > 0).then(|| Payment::Points { points: key("points"), amount: points(amount) });
    (desk, Purchase { lines, codes, pay: pay.into_iter().collect(), ..Purchase::default() })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// I6, I12, I1: whatever pays, parts in any order end where the full return ends, and that is
    /// the state before, to the unit; never more back than was given, to any side.
    #[test]
    fn partial_returns_in_any_order_end_where_the_full_return_ends(
        mixed in mixed(),
        turn in 0_usize..16,
        backwards in any::<bool>(),
    ) {
        let (mut desk, receipt) = desk_and_receipt(&mixed);
        let before = desk.clone();
        let bought = Activity::Purchase(receipt.clone());
        let Ok((id, decision)) = desk.try_at(at("2027-01-02T10:00:00Z"), bought) else {
            return Ok(());
        };
        let paid: i64 = decision
            .effects
            .iter()
            .map(|effect| match effect {
                Effect::Pay { amount, lines, .. } => {
                    let sum: i64 = lines.iter().map(|(_, part)| part.units()).sum();
                    assert_eq!(sum, amount.units(), "I12");
                    sum
                }
                Effect::Discount { amount, .. } => amount.units(),
                _ => 0,
            })
            .sum();
        let total: i64 =
            mixed.prices.iter().map(|(price, pieces)| price * i64::from(*pieces)).sum();
        assert_eq!(paid + net(&decision).iter().sum::<i64>(), total, "I12");
        assert!(net(&decision).iter().all(|net| *net >= 0), "I12");

        let mut pieces: Vec<u32> = Vec::new();
        for (place, (_, count)) in (0_u32..).zip(&mixed.prices) {
            pieces.extend(std::iter::repeat_n(place, usize::from(*count)));
        }
        let middle = turn % pieces.len();
        pieces.rotate_left(middle);
        if backwards {
            pieces.reverse();
        }
        let mut refunded = 0;
        let mut bit_by_bit = desk.clone();
        for place in pieces {
            let part = return_of(id, &[(place, "1")]);
            let (_, decision) = bit_by_bit.does("2027-01-03T10:00:00Z", part);
            for effect in &decision.effects {
                if let Effect::ReturnLine { refund, .. } = effect {
                    assert!(refund.units() >= 0);
                    refunded += refund.units();
                }
            }
            for (number, value) in (0..).zip(mixed.gifts) {
                let left = bit_by_bit.book.shared.instruments[&gift(number)].value_left.units();
                assert!((0..=value).contains(&left), "I3: {left} of {value}");
            }
        }
        assert_eq!(refunded, net(&decision).iter().sum::<i64>(), "I6");
        let mut at_once = desk.clone();
        at_once.does("2027-01-03T10:00:00Z", Activity::Void { of: id });
        for after in [&bit_by_bit, &at_once] {
            for (id, instrument) in &before.book.shared.instruments {
                let now = &after.book.shared.instruments[id];
                let same = Instrument { entries: now.entries, ..instrument.clone() };
                assert_eq!(*now, same, "buy and full return is the state before");
            }
            let of = |desk: &Desk| (desk.state().lots.clone(), desk.state().debts.clone(),
                desk.state().days.clone());
            assert_eq!(of(after), of(&before), "buy and full return is the state before");
        }
    }
}

/// A return without a receipt gives the certificate its part back, too.
#[test]
fn a_return_without_a_receipt_refills_the_certificate() {
    let mut desk = Desk::with_member(&shop(""), "2027-01-01T10:00:00Z");
    let made = Instrument::certificate(key("gift"), at("2027-01-01T10:00:00Z"), money(500), true);
    desk.book.shared.instruments.insert(gift(0), made);
    let Activity::Purchase(receipt) = purchase(vec![line("mug", "2", 1_000)]) else {
        panic!("a purchase")
    };
    let codes = vec![Presented::Instrument(gift(0))];
    desk.does("2027-01-02T10:00:00Z", Activity::Purchase(Purchase { codes, ..receipt }));
    let returned = symbolon_core::engine::Returned::WithoutReceipt {
        products: vec![("mug".to_owned(), quantity("1"))],
    };
    desk.does("2027-01-03T10:00:00Z", Activity::Return { returned });
    assert_eq!(desk.book.shared.instruments[&gift(0)].value_left, money(250));
}
