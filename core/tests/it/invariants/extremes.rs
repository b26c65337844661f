//! I21: amounts near the ends of 64 bits.
#![expect(clippy::unwrap_used, reason = "what was booked can be asked for")]

use crate::random::Shape;
use crate::support::{Desk, NotBooked, adjustment, always, at, joining, key, line_in};
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::select;
use symbolon_core::engine::{Activity, Claim, Line, Purchase, Refusal, Returned};
use symbolon_core::values::{Money, Points, Quantity};

/// Quantity and price of lines, or an amount to adjust by.
#[derive(Debug, Clone)]
pub enum Extreme {
    Buy(Vec<(i64, i64)>, bool),
    Adjust(i64),
    ReturnAll(usize),
    Void(usize),
    Redeem(usize),
    Wave,
}

const NUMBERS: [i64; 14] = [
    1,
    999,
    1_000,
    1_000_000,
    1 << 31,
    1 << 53,
    i64::MAX / 1_000_000,
    i64::MAX / 1_001,
    i64::MAX / 1_000,
    i64::MAX / 2,
    i64::MAX - 1,
    i64::MAX,
    0,
    -1,
];

pub fn deeds() -> impl Strategy<Value = Extreme> {
    let number = || select(NUMBERS.to_vec());
    let lines = prop::collection::vec((number(), number()), 1..4);
    prop_oneof![
        4 => (lines, any::<bool>()).prop_map(|(lines, claims)| Extreme::Buy(lines, claims)),
        2 => prop_oneof![4 => number(), 1 => number().prop_map(i64::saturating_neg), 1 => Just(i64::MIN)]
            .prop_map(Extreme::Adjust),
        1 => (0_usize..9).prop_map(Extreme::ReturnAll),
        1 => (0_usize..9).prop_map(Extreme::Void),
        1 => (0_usize..4).prop_map(Extreme::Redeem),
        1 => Just(Extreme::Wave),
    ]
}

fn activity(shape: &Shape, desk: &Desk, deed: &Extreme) -> Option<Activity> {
    let ids: Vec<_> = desk.book.records.keys().copied().collect();
    let reward = |which: usize| {
        (!shape.rewards.is_empty()).then(|| key(&format!("reward-{}", which % shape.rewards.len())))
    };
    Some(match deed {
        Extreme::Buy(lines, claims) => Activity::Purchase(Purchase {
            lines: lines
                .iter()
                .map(|(quantity, price)| Line {
                    quantity: Quantity::new(*quantity),
                    unit_price: Money::new(*price),
                    ..line_in("drink", "tea", "1", 0)
                })
                .collect(),
            rewards: reward(0)
                .filter(|_| *claims)
                .map(|reward| Claim { reward, line: None })
                .into_iter()
                .collect(),
            ..Purchase::default()
        }),
        Extreme::Adjust(amount) => adjustment("k0", *amount),
        Extreme::ReturnAll(which) => {
            let receipt = ids[which % ids.len()];
            let Activity::Purchase(purchase) = &desk.book.records[&receipt].activity else {
                return None;
            };
            let lines = (0_u32..).zip(purchase.lines.iter().map(|line| line.quantity)).collect();
            Activity::Return { returned: Returned::OfReceipt { receipt, lines } }
        }
        Extreme::Void(which) => Activity::Void { of: ids[which % ids.len()] },
        Extreme::Redeem(which) => Activity::Redemption { reward: reward(*which)?, contact: None },
        Extreme::Wave => Activity::Action { action: key("wave"), fields: Default::default() },
    })
}

pub fn check(shape: &Shape, deeds: &[Extreme]) {
    let mut desk = Desk::new(always(&shape.text()));
    let mut moment = at("2027-01-25T10:30:00Z");
    desk.try_at(moment, joining()).unwrap();
    for deed in deeds {
        moment += 7.hours();
        let Some(activity) = activity(shape, &desk, deed) else { continue };
        let before = desk.clone();
        let told = format!("{activity:?}\n{}", shape.text());
        match desk.try_at(moment, activity) {
            Ok(_) => {}
            Err(NotBooked::Overflow(_)) => assert_eq!(before.book, desk.book, "{told}"),
            Err(NotBooked::Refused(refusal)) => {
                assert_ne!(refusal, Refusal::CalendarRange, "{told}");
                assert_eq!(before.book, desk.book, "{told}");
            }
        }
        // I2 also here: nothing saturates, nothing is lost.
        for kind in 0..shape.kinds.len() {
            let name = format!("k{kind}");
            let state = desk.state();
            let lots = state.lots.iter().filter(|lot| lot.points.as_str() == name);
            let open: Points = Points::sum(lots.map(|lot| lot.remaining)).unwrap();
            let entries = desk.entries.iter().filter(|entry| entry.points.as_str() == name);
            let changes: i128 = entries.map(symbolon_core::ledger::Entry::change).sum();
            let debt = i128::from(state.debt(&name).units());
            assert_eq!(changes, i128::from(open.units()) - debt, "{told}");
        }
    }
}
