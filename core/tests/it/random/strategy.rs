//! How shapes of programmes are drawn.

use super::shape::{
    Amount, Discount, Earn, End, Filter, Give, Kept, KindShape, LadderShape, LimitShape, Measure,
    Off, PRODUCTS, RewardShape, RuleShape, Shape, TierShape, When,
};
use proptest::prelude::*;
use proptest::sample::select;
use symbolon_core::programme::{
    Choosing, EarnedPointsOnReturn, EarningBase, EarningTax, FixedPoints, Multipliers, OwnPoints,
    PointsOnlyReceipt, PointsRounding, RewardDiscount, Settings, SpendOrder, SpentPointsOnReturn,
};
use symbolon_core::values::{CalendarUnit, Rounding};

const PERIODS: [&str; 5] = ["1 day", "10 days", "3 weeks", "2 months", "1 year"];
const UNITS: [CalendarUnit; 5] = [
    CalendarUnit::Day,
    CalendarUnit::Week,
    CalendarUnit::Month,
    CalendarUnit::Quarter,
    CalendarUnit::Year,
];
const ZONES: [&str; 5] =
    ["UTC", "Europe/Oslo", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati"];
/// Rates in millionths, from a half to three.
const TIMES: [i64; 6] = [500_000, 1_000_000, 1_100_000, 1_250_000, 2_000_000, 3_000_000];
const PERCENTS: [i64; 6] = [1_000_000, 7_500_000, 10_000_000, 33_333_333, 50_000_000, 100_000_000];

pub fn shapes() -> impl Strategy<Value = Shape> {
    let kinds = prop::collection::vec(kind(), 1..=2);
    (kinds, prop::option::weighted(0.4, ladder()), select(ZONES.to_vec())).prop_flat_map(
        |(kinds, ladder, zone)| {
            let count = kinds.len();
            let tiers = ladder.as_ref().map_or(0, |ladder| ladder.tiers.len());
            let rules = prop::collection::vec(rule(count, tiers), 1..6);
            let rewards = prop::collection::vec(reward(count), 0..4);
            let currency = select(vec!["USD", "USD", "JPY", "KWD"]);
            let head = (currency, settings());
            let programme = (Just(kinds), Just(ladder), Just(zone), rules, rewards, head);
            (programme, stacking()).prop_map(
                |(
                    (mut kinds, ladder, zone, rules, rewards, (currency, settings)),
                    (choosing, most_rules),
                )| {
                    // What can be spent at once must be owed at a return.
                    let own = settings.own_points == OwnPoints::SameReceipt;
                    kinds.iter_mut().for_each(|kind| kind.forgives &= !own);
                    let settings = Settings { choosing, ..settings };
                    Shape { currency, zone, settings, kinds, ladder, rules, rewards, most_rules }
                },
            )
        },
    )
}

fn stacking() -> impl Strategy<Value = (Choosing, Option<usize>)> {
    let choosing = prop_oneof![
        4 => Just(Choosing::BestForMember),
        2 => Just(Choosing::BestForShop),
        2 => Just(Choosing::InOrder),
    ];
    (choosing, prop::option::weighted(0.2, 1_usize..4))
}

/// One answer of a choice; in most programmes the default.
fn answer<T: Copy + std::fmt::Debug + 'static>(
    answers: &[(&'static str, T)],
) -> impl Strategy<Value = T> {
    let all: Vec<T> = answers.iter().map(|(_, answer)| *answer).collect();
    prop_oneof![2 => Just(all[0]), 3 => select(all)]
}

fn settings() -> impl Strategy<Value = Settings> {
    let bases = (
        answer(EarningBase::ANSWERS),
        answer(EarningTax::ANSWERS),
        answer(RewardDiscount::ANSWERS),
        answer(PointsOnlyReceipt::ANSWERS),
    );
    let sums = (
        answer(PointsRounding::ANSWERS),
        answer(Multipliers::ANSWERS),
        answer(FixedPoints::ANSWERS),
    );
    let back = (
        answer(SpendOrder::ANSWERS),
        answer(SpentPointsOnReturn::ANSWERS),
        answer(EarnedPointsOnReturn::ANSWERS),
    );
    let own = prop::bool::weighted(0.2);
    let chosen = (bases, sums, back, own).prop_map(|(bases, sums, back, own)| Settings {
        earning_base: bases.0,
        earning_tax: bases.1,
        // What can be spent at once is not lowered by what it is spent on.
        own_points: if own { OwnPoints::SameReceipt } else { OwnPoints::Later },
        reward_discount: if own { RewardDiscount::KeepsBase } else { bases.2 },
        points_only_receipt: if own { PointsOnlyReceipt::Earns } else { bases.3 },
        points_rounding: sums.0,
        multipliers: sums.1,
        fixed_points: sums.2,
        spend_order: back.0,
        spent_points_on_return: back.1,
        earned_points_on_return: back.2,
        ..Settings::default()
    });
    prop_oneof![1 => Just(Settings::default()), 2 => chosen]
}

fn period() -> impl Strategy<Value = &'static str> {
    select(PERIODS.to_vec())
}

fn unit() -> impl Strategy<Value = CalendarUnit> {
    select(UNITS.to_vec())
}

fn kind() -> impl Strategy<Value = KindShape> {
    let end = prop_oneof![
        2 => Just(End::Never),
        3 => period().prop_map(End::AfterEarning),
        2 => (unit(), prop::option::of(period()))
            .prop_map(|(unit, then)| End::AfterCalendar(unit, then)),
        3 => period().prop_map(End::AfterActivity),
    ];
    let pending = prop::option::weighted(0.3, select(vec!["1 day", "2 weeks", "1 month"]));
    let worth = prop::option::of(select(vec![10_000, 250_000, 1_000_000]));
    let numbers = (0_u8..=2, select(Rounding::ALL.to_vec()), worth);
    (numbers, prop::bool::weighted(0.3), pending, end).prop_map(
        |((decimals, rounding, worth), forgives, pending, end)| KindShape {
            decimals,
            rounding,
            forgives,
            pending,
            end,
            worth,
        },
    )
}

fn ladder() -> impl Strategy<Value = LadderShape> {
    let months = prop::option::of(1_u16..=14);
    let measure = (0..3, months).prop_map(|(which, months)| match which {
        0 => Measure::Spent(months),
        1 => Measure::Visits(months),
        _ => Measure::EarnedFirstKind(months),
    });
    let tiers = prop::collection::vec((1_i64..40, prop::option::of(select(TIMES.to_vec()))), 1..3);
    let units = select(vec![CalendarUnit::Month, CalendarUnit::Quarter, CalendarUnit::Year]);
    let kept = prop_oneof![
        Just(Kept::AtOnce),
        (units, any::<bool>()).prop_map(|(unit, next)| Kept::Until(unit, next)),
        Just(Kept::Always),
    ];
    let grace = prop::option::weighted(0.3, select(vec!["1 day", "2 weeks", "1 month"]));
    (measure, tiers, kept, grace).prop_map(|(measure, steps, kept, grace)| {
        let mut tiers = vec![TierShape { from: 0, multiplies: None }];
        let mut from = 0;
        for (step, multiplies) in steps {
            from += step;
            tiers.push(TierShape { from, multiplies });
        }
        LadderShape { measure, tiers, kept, grace }
    })
}

fn filter() -> impl Strategy<Value = Option<Filter>> {
    prop_oneof![
        3 => Just(None),
        2 => select(vec!["drink", "food", "toys"]).prop_map(|name| Some(Filter::Category(name))),
        1 => (0..PRODUCTS.len()).prop_map(|position| Some(Filter::Product(position))),
    ]
}

fn limit() -> impl Strategy<Value = Option<LimitShape>> {
    let some = (1_u32..=2, prop::option::of(unit()));
    prop::option::weighted(0.3, some.prop_map(|(times, every)| LimitShape { times, every }))
}

fn discount() -> impl Strategy<Value = Discount> {
    let off = prop_oneof![
        3 => select(PERCENTS.to_vec()).prop_map(Off::Percent),
        2 => (1_i64..2_000).prop_map(Off::Sum),
        1 => (0_i64..500).prop_map(Off::Price),
    ];
    (off, filter()).prop_map(|(off, filter)| {
        // The reader refuses a price for every product of a receipt.
        let filter = match off {
            Off::Price(_) => filter.or(Some(Filter::Category("drink"))),
            _ => filter,
        };
        Discount { off, filter }
    })
}

fn earn(kinds: usize) -> impl Strategy<Value = Earn> {
    let amount = prop_oneof![
        2 => (1_i64..500).prop_map(Amount::Fixed),
        3 => (1_i64..20, 1_i64..500, any::<bool>())
            .prop_map(|(give, per, steps)| Amount::Per { give, per, steps }),
        2 => select(PERCENTS.to_vec()).prop_map(Amount::Percent),
        3 => select(TIMES.to_vec()).prop_map(Amount::Times),
    ];
    (0..kinds, amount, filter()).prop_map(|(kind, amount, filter)| Earn { kind, amount, filter })
}

fn when(tiers: usize) -> impl Strategy<Value = Option<When>> {
    let some =
        (0..4, 1_i64..30, 0..PRODUCTS.len()).prop_map(
            move |(which, number, product)| match which {
                0 => When::TotalAtLeast(number),
                1 if tiers > 1 => When::TierAtLeast(1 + product % (tiers - 1)),
                2 => When::VisitsAtLeast(number % 4),
                _ => When::Sells(product),
            },
        );
    prop::option::weighted(0.35, some)
}

fn rule(kinds: usize, tiers: usize) -> impl Strategy<Value = RuleShape> {
    let gives = (
        prop::collection::vec(earn(kinds), 0..3),
        prop::option::weighted(0.5, discount()),
        (0..kinds, 1_i64..300),
    );
    let who = (prop::bool::weighted(0.15), prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let order = (prop::option::weighted(0.4, 0_u8..2), -1_i8..=2);
    let times = (when(tiers), prop::option::weighted(0.15, 1_u8..=6), limit());
    (gives, who, order, times).prop_map(
        |((earn, discount, plain), (on_action, everyone, exclusive), (group, priority), times)| {
            let (when, weekdays, limit) = times;
            let plain = Earn { kind: plain.0, amount: Amount::Fixed(plain.1), filter: None };
            let mut rule = RuleShape {
                on_action,
                everyone,
                when,
                weekdays,
                earn,
                discount,
                group,
                exclusive: exclusive && discount.is_some(),
                priority,
                limit,
            };
            if on_action {
                // An action has neither lines nor amounts.
                rule.earn = vec![plain];
                (rule.discount, rule.everyone, rule.exclusive) = (None, false, false);
                rule.when = rule
                    .when
                    .filter(|when| matches!(when, When::TierAtLeast(_) | When::VisitsAtLeast(_)));
            }
            if rule.earn.is_empty() && rule.discount.is_none() {
                rule.earn = vec![plain];
            }
            rule
        },
    )
}

fn reward(kinds: usize) -> impl Strategy<Value = RewardShape> {
    let gives = prop_oneof![
        2 => discount().prop_map(Give::Discount),
        2 => filter().prop_map(Give::Item),
        1 => prop::option::of(period()).prop_map(Give::Benefit),
    ];
    let cost = (1_i64..60, prop::option::weighted(0.3, 1_i64..20));
    (cost, 0..kinds, gives, limit()).prop_map(move |((cost, more), kind, gives, limit)| {
        let mut costs = vec![(kind, cost)];
        if let (Some(more), true) = (more, kinds > 1) {
            costs.push((1 - kind, more));
        }
        costs.sort_unstable();
        RewardShape { cost: costs, gives, limit }
    })
}
