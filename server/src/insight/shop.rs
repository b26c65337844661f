//! A shop as a simulation sees it: its customers' rhythm, its baskets, its newcomers.
//!
//! It is learnt from a past, or it is a stated trade where there is none yet.

use super::past::History;
use super::rhythm::{Rhythm, Seen};
use jiff::Timestamp;
use symbolon_core::engine::{Activity, Line, Purchase};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Money, Quantity};

const WEEK_SECONDS: f64 = 7.0 * 86_400.0;

/// A shop at one moment.
#[derive(Debug, Clone)]
pub struct Shop {
    pub now: Timestamp,
    pub rhythm: Rhythm,
    pub customers: Vec<Customer>,
    pub newcomers_a_week: f64,
    /// Every receipt that may be bought again.
    pub baskets: Vec<Purchase>,
    /// How far the model was from the truth where it could be tried on this past: the spread of
    /// the logarithm of the ratio after one week. Over time it grows like a walk, by the root.
    pub doubt_a_week: f64,
    /// What the goods leave of their price, in per cent, where receipts say what goods cost.
    pub margin_per_cent: Option<f64>,
    /// What the shop was learnt from, in words.
    pub learnt_from: String,
}

/// One customer so far.
#[derive(Debug, Clone)]
pub struct Customer {
    pub seen: Seen,
    /// The places of his own receipts among the baskets.
    pub own: Vec<usize>,
}

/// However well a model did on the past, no year is like the one before: two per cent in a year.
const DOUBT_LEAST: f64 = 0.003;

impl Shop {
    /// Learns a shop from its past up to a moment.
    #[must_use]
    pub fn learn(history: &History, programme: &Programme, until: Timestamp) -> Option<Self> {
        let (baskets, customers, firsts) = watch(history, programme, until);
        let seen: Vec<Seen> = customers.iter().map(|customer| customer.seen).collect();
        let rhythm = Rhythm::fit(&seen)?;
        let (begin, _) = history.span()?;
        let weeks = weeks_between(begin, until);
        // Newcomers of the last quarter of what was seen: a club that filled up at its start is
        // not taken to fill up for ever.
        let recent = until - jiff::SignedDuration::from_secs_f64(weeks / 4.0 * WEEK_SECONDS);
        let newcomers = firsts.iter().filter(|first| **first > recent).count();
        let newcomers_a_week = newcomers as f64 / (weeks / 4.0).max(1.0);
        // The largest error of three trials: two of them may have been lucky.
        let trials = [1, 2, 3].map(|quarter| doubt(history, programme, (begin, until), quarter));
        let doubt_a_week = trials.into_iter().flatten().fold(DOUBT_LEAST, f64::max);
        let margin_per_cent = margin(&baskets);
        let learnt_from = format!(
            "{} receipts of {} customers in {weeks:.0} weeks",
            baskets.len(),
            customers.len()
        );
        let now = until;
        Some(Self {
            now,
            rhythm,
            customers,
            newcomers_a_week,
            baskets,
            doubt_a_week,
            margin_per_cent,
            learnt_from,
        })
    }
}

pub(super) fn weeks_between(from: Timestamp, until: Timestamp) -> f64 {
    until.duration_since(from).as_secs_f64() / WEEK_SECONDS
}

/// What was seen of every member up to a moment. Several receipts of one day are one purchase,
/// as in the literature. Guests have no rhythm; nobody knows whether they came again.
fn watch(
    history: &History,
    programme: &Programme,
    until: Timestamp,
) -> (Vec<Purchase>, Vec<Customer>, Vec<Timestamp>) {
    let (mut baskets, mut customers, mut firsts) = (Vec::new(), Vec::new(), Vec::new());
    for member in history.members.iter().filter(|member| member.member.is_some()) {
        let mut own = Vec::new();
        let mut days: Vec<(jiff::civil::Date, Timestamp)> = Vec::new();
        for past in member.activities.iter().filter(|past| past.at <= until) {
            let Activity::Purchase(purchase) = &past.activity else { continue };
            own.push(baskets.len());
            baskets.push(plain(purchase));
            let day = programme.zone.day(past.at);
            if days.iter().all(|(known, _)| *known != day) {
                days.push((day, past.at));
            }
        }
        let moments = || days.iter().map(|(_, at)| *at);
        let (Some(first), Some(last)) = (moments().min(), moments().max()) else { continue };
        let again = u32::try_from(days.len() - 1).unwrap_or(u32::MAX);
        let watched = weeks_between(first, until);
        let seen = Seen { again, last: weeks_between(first, last), watched };
        customers.push(Customer { seen, own });
        firsts.push(first);
    }
    (baskets, customers, firsts)
}

/// The receipt alone, without what was asked of another programme.
fn plain(purchase: &Purchase) -> Purchase {
    let (lines, location) = (purchase.lines.clone(), purchase.location.clone());
    let mut lines: Vec<Line> = lines;
    lines.iter_mut().for_each(|line| line.sells = None);
    Purchase { lines, location, till: purchase.till.clone(), ..Purchase::default() }
}

/// Fits on some quarters of the past and foretells the rest: how far off is it?
fn doubt(
    history: &History,
    programme: &Programme,
    (begin, until): (Timestamp, Timestamp),
    quarters: i32,
) -> Option<f64> {
    let middle = begin + until.duration_since(begin) / 4 * quarters;
    let (_, early, _) = watch(history, programme, middle);
    let seen: Vec<Seen> = early.iter().map(|customer| customer.seen).collect();
    let rhythm = Rhythm::fit(&seen)?;
    let ahead = weeks_between(middle, until);
    let mut chance = fastrand::Rng::with_seed(1);
    let (mut foretold, rounds) = (0_u64, 5);
    for _ in 0..rounds {
        for one in &seen {
            if let Some(own) = rhythm.draw_seen(one, &mut chance) {
                own.purchases(0.0, ahead, &mut chance, |_| foretold += 1);
            }
        }
    }
    let mut bought = 0_u64;
    for member in history.members.iter().filter(|member| member.member.is_some()) {
        let receipts = || {
            let all = member.activities.iter();
            all.filter(|past| matches!(past.activity, Activity::Purchase(_)))
        };
        if receipts().any(|past| past.at <= middle) {
            let later = receipts().filter(|past| past.at > middle && past.at <= until);
            let mut days: Vec<_> = later.map(|past| programme.zone.day(past.at)).collect();
            days.sort_unstable();
            days.dedup();
            bought += days.len() as u64;
        }
    }
    let ratio = bought as f64 * f64::from(rounds) / foretold as f64;
    let is_number = ratio.is_finite() && ratio > 0.0 && ahead > 0.0;
    is_number.then(|| ratio.ln().abs() / ahead.sqrt())
}

fn margin(baskets: &[Purchase]) -> Option<f64> {
    let (mut price, mut cost) = (0_i128, 0_i128);
    for line in baskets.iter().flat_map(|basket| &basket.lines) {
        if let Some(unit_cost) = line.unit_cost {
            let pieces = i128::from(line.quantity.units());
            price += pieces * i128::from(line.unit_price.units());
            cost += pieces * i128::from(unit_cost.units());
        }
    }
    (price > 0).then(|| (price - cost) as f64 * 100.0 / price as f64)
}

/// A trade whose rhythm is stated, for shops without a past. The figures are round on purpose:
/// they are assumptions, and the output says so.
#[derive(Debug)]
pub struct Trade {
    pub name: &'static str,
    pub customers: u32,
    pub rhythm: Rhythm,
    pub newcomers_a_week: f64,
    /// Receipts in hundredths of the currency; all are equally likely.
    pub baskets: &'static [i64],
    pub margin_per_cent: f64,
}

pub const TRADES: [Trade; 4] = [
    Trade {
        name: "cafe",
        customers: 800,
        rhythm: Rhythm { shape: 0.9, scale_weeks: 1.2, stop_a: 0.5, stop_b: 18.0 },
        newcomers_a_week: 12.0,
        baskets: &[320, 380, 450, 520, 640, 780, 950, 1_250, 1_600, 2_400],
        margin_per_cent: 65.0,
    },
    Trade {
        name: "grocer",
        customers: 1_500,
        rhythm: Rhythm { shape: 1.1, scale_weeks: 1.0, stop_a: 0.4, stop_b: 30.0 },
        newcomers_a_week: 10.0,
        baskets: &[450, 800, 1_150, 1_600, 2_100, 2_800, 3_700, 4_900, 6_800, 11_000],
        margin_per_cent: 22.0,
    },
    Trade {
        name: "clothes",
        customers: 2_000,
        rhythm: Rhythm { shape: 0.6, scale_weeks: 9.0, stop_a: 0.8, stop_b: 4.0 },
        newcomers_a_week: 25.0,
        baskets: &[1_500, 2_400, 3_200, 3_900, 4_900, 5_900, 7_500, 9_900, 14_000, 22_000],
        margin_per_cent: 50.0,
    },
    Trade {
        name: "wholesale",
        customers: 250,
        rhythm: Rhythm { shape: 1.3, scale_weeks: 4.0, stop_a: 0.5, stop_b: 14.0 },
        newcomers_a_week: 0.8,
        baskets: &[
            12_000, 20_000, 28_000, 36_000, 45_000, 60_000, 80_000, 110_000, 180_000, 400_000,
        ],
        margin_per_cent: 14.0,
    },
];

impl Trade {
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TRADES.iter().find(|trade| trade.name == name)
    }

    /// A shop of the trade that opens its programme at a moment. Its customers have been coming
    /// for a while, but nothing is known of any one of them.
    #[must_use]
    pub fn shop(&self, now: Timestamp, customers: Option<u32>, exponent: u8) -> Shop {
        let customers = customers.unwrap_or(self.customers);
        let larger = f64::from(customers) / f64::from(self.customers);
        let unit = |amount: i64| match exponent {
            0 => amount / 100,
            2 => amount,
            more => amount * 10_i64.pow(u32::from(more).saturating_sub(2)),
        };
        let basket = |amount: &i64| Purchase {
            lines: vec![Line {
                product: "purchase".to_owned(),
                quantity: Quantity::ONE,
                unit_price: Money::new(unit(*amount)),
                ..Line::default()
            }],
            ..Purchase::default()
        };
        let nobody_yet = Seen { again: 0, last: 0.0, watched: 0.0 };
        Shop {
            now,
            rhythm: self.rhythm,
            customers: (0..customers)
                .map(|_| Customer { seen: nobody_yet, own: Vec::new() })
                .collect(),
            newcomers_a_week: self.newcomers_a_week * larger,
            baskets: self.baskets.iter().map(basket).collect(),
            doubt_a_week: 0.02,
            margin_per_cent: Some(self.margin_per_cent),
            learnt_from: format!(
                "the trade `{}`, as stated, with {customers} customers",
                self.name
            ),
        }
    }
}
