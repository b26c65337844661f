//! Random histories: steps that are resolved against what was booked before them.

use super::super::support::{Desk, NotBooked, always, at, joining, key, line, line_in};
use super::shape::{PRODUCTS, Shape, reward_key};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use symbolon_core::engine::{Activity, Claim, Decision, Line, Purchase, Returned};
use symbolon_core::values::{ActivityId, Points, Quantity, Rate};

/// One thing that may happen. Positions are taken modulo what there is, so that every draw
/// and every shrunk draw makes sense.
#[derive(Debug, Clone)]
pub struct Step {
    /// Hours since the step before; negative for what arrives late.
    pub after: i64,
    pub deed: Deed,
}

#[derive(Debug, Clone)]
pub enum Deed {
    /// Product, thousandths, price in the smallest unit; then rewards with their lines.
    Buy(Vec<(usize, i64, i64)>, Vec<(usize, Option<u32>)>),
    /// Which receipt, and per line how many thousandths of what was bought.
    Return(usize, Vec<(usize, i64)>),
    ReturnProducts(Vec<(usize, i64)>),
    Void(usize),
    Wave,
    Redeem(usize),
    Adjust(usize, i64),
    Settle,
}

pub fn histories(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..most)
}

fn step() -> impl Strategy<Value = Step> {
    let after = prop_oneof![
        6 => 0_i64..72,
        3 => 72_i64..1_500,
        1 => 1_500_i64..6_000,
        1 => -200_i64..0,
    ];
    (after, deed()).prop_map(|(after, deed)| Step { after, deed })
}

/// Receipts, half of them with rewards.
pub fn deeds_of_buying() -> impl Strategy<Value = Deed> {
    let thousandths = prop_oneof![
        4 => (1_i64..5).prop_map(|pieces| pieces * 1_000),
        1 => 1_i64..3_000,
    ];
    let lines = prop::collection::vec((0..PRODUCTS.len(), thousandths, 0_i64..3_000), 1..4);
    let claims = prop::collection::vec((0_usize..4, prop::option::weighted(0.3, 0_u32..3)), 0..3);
    prop_oneof![
        5 => lines.clone().prop_map(|lines| Deed::Buy(lines, Vec::new())),
        4 => (lines, claims).prop_map(|(lines, claims)| Deed::Buy(lines, claims)),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let share = prop_oneof![2 => Just(1_000_i64), 2 => 1_i64..1_000, 1 => Just(500_i64)];
    let parts = prop::collection::vec((0_usize..4, share), 1..4);
    let products = prop::collection::vec((0..PRODUCTS.len(), 1_i64..4_000), 1..3);
    prop_oneof![
        9 => deeds_of_buying(),
        5 => (0_usize..8, parts).prop_map(|(which, parts)| Deed::Return(which, parts)),
        1 => products.prop_map(Deed::ReturnProducts),
        2 => (0_usize..20).prop_map(Deed::Void),
        1 => Just(Deed::Wave),
        2 => (0_usize..4).prop_map(Deed::Redeem),
        1 => (0_usize..2, prop_oneof![1_i64..500, -300_i64..0])
            .prop_map(|(kind, amount)| Deed::Adjust(kind, amount)),
        1 => Just(Deed::Settle),
    ]
}

fn sold(product: usize, thousandths: i64, price: i64) -> Line {
    let (name, category) = PRODUCTS[product];
    let plain = match category {
        Some(category) => line_in(category, name, "1", price),
        None => line(name, "1", price),
    };
    // Some prices hold tax: a fifth, an odd part, or nothing that is known.
    let tax = [Some(20_000_000), Some(8_250_000), None, Some(0)][product].map(Rate::new);
    Line { quantity: Quantity::new(thousandths), tax, ..plain }
}

impl Deed {
    /// The activity that the deed is, where there is anything that it could be.
    pub fn resolve(&self, shape: &Shape, desk: &Desk) -> Option<Activity> {
        let reward = |position: usize| {
            (!shape.rewards.is_empty()).then(|| key(&reward_key(position % shape.rewards.len())))
        };
        Some(match self {
            Self::Buy(lines, claims) => Activity::Purchase(Purchase {
                lines: lines.iter().map(|(what, many, price)| sold(*what, *many, *price)).collect(),
                rewards: claims
                    .iter()
                    .filter_map(|(position, line)| {
                        Some(Claim { reward: reward(*position)?, line: *line })
                    })
                    .collect(),
                ..Purchase::default()
            }),
            Self::Return(which, parts) => {
                let receipts: Vec<(ActivityId, &Purchase)> = desk
                    .book
                    .records
                    .values()
                    .filter_map(|record| match &record.activity {
                        Activity::Purchase(purchase) => Some((record.id, purchase)),
                        _ => None,
                    })
                    .collect();
                let (receipt, purchase) = receipts.get(which % receipts.len().max(1))?;
                let lines = parts.iter().map(|(line, share)| {
                    let line = line % purchase.lines.len();
                    let bought = purchase.lines[line].quantity.units();
                    let part = Quantity::new((bought * share / 1_000).max(1));
                    (u32::try_from(line).unwrap_or(0), part)
                });
                let lines = lines.collect();
                Activity::Return { returned: Returned::OfReceipt { receipt: *receipt, lines } }
            }
            Self::ReturnProducts(products) => Activity::Return {
                returned: Returned::WithoutReceipt {
                    products: products
                        .iter()
                        .map(|(what, many)| (PRODUCTS[*what].0.to_owned(), Quantity::new(*many)))
                        .collect(),
                },
            },
            Self::Void(which) => {
                let ids: Vec<&ActivityId> = desk.book.records.keys().collect();
                Activity::Void { of: **ids.get(which % ids.len().max(1))? }
            }
            Self::Wave => Activity::Action { action: key("wave"), fields: Default::default() },
            Self::Redeem(position) => {
                Activity::Redemption { reward: reward(*position)?, contact: None }
            }
            Self::Adjust(kind, amount) => Activity::Adjustment {
                points: key(&format!("k{}", kind % shape.kinds.len())),
                amount: Points::new(*amount),
                reason: "a test".to_owned(),
                actor: "tester".to_owned(),
            },
            Self::Settle => Activity::Settlement,
        })
    }
}

/// A step that was tried, and the desk after it.
pub struct Played<'a> {
    pub desk: &'a Desk,
    pub before: &'a Desk,
    pub at: Timestamp,
    pub activity: &'a Activity,
    pub result: &'a Result<(ActivityId, Decision), NotBooked>,
}

/// Lets a member join and plays all steps; `check` looks at the desk after each.
pub fn play_all(shape: &Shape, steps: &[Step], mut check: impl FnMut(&Played<'_>)) -> Desk {
    let mut desk = Desk::new(always(&shape.text()));
    let joined_at = at("2027-01-25T10:30:00Z");
    let mut now = joined_at;
    let mut try_one = |desk: &mut Desk, now: Timestamp, activity: Activity| {
        let before = desk.clone();
        let result = desk.try_at(now, activity.clone());
        let (before, activity, result) = (&before, &activity, &result);
        check(&Played { desk, before, at: now, activity, result });
    };
    try_one(&mut desk, now, joining());
    for step in steps {
        now = (now + step.after.hours()).max(joined_at);
        if let Some(activity) = step.deed.resolve(shape, &desk) {
            try_one(&mut desk, now, activity);
        }
    }
    desk
}
