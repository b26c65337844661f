//! B8, T3: credit in advance as a service, and fast transfer after half a year.

use crate::support::{Desk, always, at, in_dollars, joining, key, points, tell};
use proptest::prelude::*;
use symbolon_core::engine::{Activity, SetOffAgainst};
use symbolon_core::ledger::Account;

const SHOP: &str = "
[points.account]
name.en = { one = \"dollar\", other = \"dollars\" }
decimals = 2
worth = 1
[ladder.standing]
measure = 'spent(months(12))'
tier = [{ id = \"new\" }, { id = \"good\", from = 1000 }]
[benefit.fast-transfer]
name = \"Fast transfer\"
when = 'member.tenure_months >= 6'
[credit.fast-transfer]
name = \"Money for sent orders before buyers pay\"
points = \"account\"
limits = [
  { when = 'member.tenure_months >= 6', amount = \"500.00\" },
  { when = 'member.tenure_months >= 6 && member.tier(\"standing\") >= \"good\"', amount = \"2000.00\" },
]
";

/// B8, T3: nothing before half a year, then up to the limit; set off when buyers pay.
#[test]
fn b8_t3_credit_by_tenure_and_tier_with_set_off() {
    let stories = "
story: a shop after half a year
2027-01-15  Shop joins as company
2027-07-14  Shop is advanced 100.00 on fast-transfer
    is refused: over-credit
    lacks benefit fast-transfer
2027-07-15  Shop is advanced 400.00 on fast-transfer
    has 400.00 account
    has 400.00 advanced on fast-transfer
    has benefit fast-transfer
2027-07-16  Shop is advanced 100.01 on fast-transfer
    is refused: over-credit
2027-07-16  Shop is advanced 100.00 on fast-transfer
    has 500.00 account
2027-07-20  Shop sets off 300.00 on fast-transfer against payment
    has 500.00 account
    has 200.00 advanced on fast-transfer
2027-07-25  Shop sets off 350.00 on fast-transfer against payment
    has 650.00 account
    has 0.00 advanced on fast-transfer
    earns 150.00 account

story: a good shop has a higher limit
2027-01-15  Shop joins as company
2027-07-15  Shop buys 1 pallet at 1000.00
2027-07-16  Shop is advanced 2000.00 on fast-transfer
    has 2000.00 advanced on fast-transfer
2027-07-17  Shop is advanced 0.01 on fast-transfer
    is refused: over-credit

story: what was advanced can be given back from the account, and no more than that
2027-01-15  Shop joins as company
2027-07-15  Shop is advanced 400.00 on fast-transfer as A
2027-07-16  Shop sets off 400.01 on fast-transfer against balance
    is refused: nothing-advanced
2027-07-16  Shop is-given -100.00 account because paid out
2027-07-17  Shop sets off 400.00 on fast-transfer against balance
    is refused: not-enough-to-take
2027-07-18  Shop sets off 300.00 on fast-transfer against balance
    has 0.00 account
    has 100.00 advanced on fast-transfer
2027-07-19  Shop voids A
    is refused: not-reversible

story: unknown, and nothing
2027-01-15  Shop joins as company
2027-07-15  Shop is advanced 0.00 on fast-transfer
    is refused: amount-zero
";
    tell(&in_dollars(SHOP), stories);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// I1, I2: what is open is the sum of entries and never above the limit; what came in and what
    /// was advanced is on the account, less what was set off.
    #[test]
    fn i1_i2_advances_and_set_offs_balance(
        steps in prop::collection::vec((0_u8..3, 1_i64..60_000), 1..40),
    ) {
        let mut desk = Desk::new(always(&in_dollars(SHOP)));
        desk.does("2027-01-15 10:00:00Z", joining());
        let now = at("2027-08-01 10:00:00Z");
        let (mut open, mut has) = (0_i64, 0_i64);
        for (what, amount) in steps {
            let (credit, units) = (key("fast-transfer"), points(amount));
            let (activity, possible) = match what {
                0 => (Activity::Advance { credit, amount: units }, open + amount <= 50_000),
                1 => {
                    let against = SetOffAgainst::Payment;
                    (Activity::SetOff { credit, amount: units, against }, true)
                }
                _ => {
                    let against = SetOffAgainst::Balance;
                    let activity = Activity::SetOff { credit, amount: units, against };
                    (activity, amount <= open && amount <= has)
                }
            };
            prop_assert_eq!(desk.try_at(now, activity).is_ok(), possible);
            if possible {
                let off = if what == 0 { -amount } else { amount.min(open) };
                has += match what { 0 => amount, 1 => amount - off, _ => -off };
                open -= off;
            }
            prop_assert!(open <= 50_000);
            prop_assert_eq!(desk.state().advanced("fast-transfer").units(), open);
            prop_assert_eq!(desk.balance("account", now).available.units(), has);
            let of = |account: Account| -> i64 {
                let moved = desk.entries.iter().map(|entry| {
                    let amount = entry.amount.units();
                    i64::from(entry.to == account) * amount - i64::from(entry.from == account) * amount
                });
                moved.sum()
            };
            prop_assert_eq!(of(Account::Advanced), -open);
            prop_assert_eq!(of(Account::Lots), has);
            prop_assert_eq!(of(Account::Lots) + of(Account::Advanced) + of(Account::Issued), 0);
        }
    }
}
