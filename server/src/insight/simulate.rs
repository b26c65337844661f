//! A year ahead, many times over: customers come as their rhythm says, the real engine decides.
//!
//! The same seed gives the same years, on any number of threads. Every assumption is an argument
//! and stands in the output; what came out is exact only about what was put in.

use super::figures::{Figures, Worths};
use super::judge::Judge;
use super::past::{Memory, Past, PastMember};
use super::rhythm::{Own, normal};
use super::shop::Shop;
use super::walk::has_shared_limits;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use symbolon_core::engine::{Activity, Book, Claim, Payment, Purchase};
use symbolon_core::member::MemberKind;
use symbolon_core::programme::{Gives, Programme, Reward};
use symbolon_core::values::{ActivityId, MemberId, Points};

/// What is assumed.
#[derive(Debug, Clone)]
pub struct Assumptions {
    pub months: u32,
    pub years: u32,
    pub seed: u64,
    /// Purchases more than without a programme, in per cent.
    pub uplift_per_cent: f64,
    /// Of those who have enough for a reward, so many in a hundred take it at their next visit.
    pub redeem_per_cent: f64,
    /// For so many customers every receipt is decided; their sums stand for all.
    pub members: usize,
}

impl Assumptions {
    /// How many weeks lie ahead.
    #[must_use]
    pub fn weeks(&self) -> f64 {
        f64::from(self.months) * 365.25 / 12.0 / 7.0
    }
}

/// What came of one imagined year, for the whole shop.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Year {
    pub purchases: u64,
    /// Further purchases of those who were customers at the start.
    pub purchases_of_known: u64,
    /// In the smallest unit of money.
    pub sales: f64,
    pub cost: f64,
    pub liability: f64,
    pub members: u64,
}

/// What came of all of them.
#[derive(Debug)]
pub struct Simulation {
    pub years: Vec<Year>,
    /// Days until a member could have the cheapest reward, of those who could; and of how many.
    pub days_to_reward: Vec<u32>,
    pub members_watched: u64,
    /// Rewards and payments that were taken, and asked for in vain.
    pub taken: u64,
    pub refused: u64,
    /// Figures that do not add up; there are none.
    pub errors: u64,
    pub is_sample: bool,
}

const WEEK_SECONDS: f64 = 7.0 * 86_400.0;

/// Lets the years come. `progress` is told how many are done.
#[must_use]
pub fn simulate(
    shop: &Shop,
    programme: &Arc<Programme>,
    worths: &Worths,
    assumptions: &Assumptions,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Simulation {
    let next = AtomicU64::new(0);
    let years = u64::from(assumptions.years);
    let work = || {
        let mut done: Vec<(u64, YearSums)> = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= years {
                return done;
            }
            done.push((number, one_year(shop, programme, worths, assumptions, number)));
            progress(1);
        }
    };
    let mut all: Vec<(u64, YearSums)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().flat_map(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    });
    all.sort_by_key(|(number, _)| *number);
    let mut simulation = Simulation {
        years: Vec::with_capacity(all.len()),
        days_to_reward: Vec::new(),
        members_watched: 0,
        taken: 0,
        refused: 0,
        errors: 0,
        is_sample: false,
    };
    for (_, sums) in all {
        simulation.years.push(sums.year);
        simulation.days_to_reward.extend(sums.days_to_reward);
        simulation.members_watched += sums.members_watched;
        simulation.taken += sums.taken;
        simulation.refused += sums.refused;
        simulation.errors += sums.errors;
        simulation.is_sample |= sums.is_sample;
    }
    simulation.days_to_reward.sort_unstable();
    simulation
}

#[derive(Default)]
struct YearSums {
    year: Year,
    days_to_reward: Vec<u32>,
    members_watched: u64,
    taken: u64,
    refused: u64,
    errors: u64,
    is_sample: bool,
}

/// Everybody's visits of a year: the weeks, and whose receipts may be bought again.
struct Visits<'s> {
    weeks: Vec<f64>,
    own: &'s [usize],
}

fn one_year(
    shop: &Shop,
    programme: &Arc<Programme>,
    worths: &Worths,
    assumptions: &Assumptions,
    number: u64,
) -> YearSums {
    // Far apart, so that no year is another one a little later.
    let seed = assumptions.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (number << 20);
    let mut chance = Rng::with_seed(seed);
    // What nobody foresees happens to all customers of a year alike.
    let horizon = assumptions.weeks();
    let luck = (normal(&mut chance) * shop.doubt_a_week * horizon.sqrt()).exp();
    let faster = luck * (1.0 + assumptions.uplift_per_cent / 100.0);
    let mut sums = YearSums::default();
    let mut everybody: Vec<Visits<'_>> = Vec::new();
    for customer in &shop.customers {
        let mut weeks = Vec::new();
        if let Some(own) = shop.rhythm.draw_seen(&customer.seen, &mut chance) {
            let own = Own { rate: own.rate * faster, ..own };
            own.purchases(0.0, horizon, &mut chance, |week| weeks.push(week));
        }
        sums.year.purchases_of_known += weeks.len() as u64;
        if !weeks.is_empty() {
            everybody.push(Visits { weeks, own: &customer.own });
        }
    }
    let mut arrival = 0.0;
    let newcomers_come = shop.newcomers_a_week > 0.0;
    while newcomers_come && arrival < horizon {
        arrival += -(1.0 - chance.f64()).ln() / (shop.newcomers_a_week * luck);
        if arrival >= horizon {
            break;
        }
        let mut weeks = vec![arrival];
        let own = shop.rhythm.draw_new(&mut chance);
        let own = Own { rate: own.rate * faster, ..own };
        own.purchases(arrival, horizon, &mut chance, |week| weeks.push(week));
        everybody.push(Visits { weeks, own: &[] });
    }
    sums.year.purchases = everybody.iter().map(|visits| visits.weeks.len() as u64).sum();
    sums.year.members = everybody.len() as u64;
    chance.shuffle(&mut everybody);
    // A limit for all cannot be tried on a few.
    let shares = has_shared_limits(programme);
    if !shares && everybody.len() > assumptions.members {
        sums.is_sample = true;
        everybody.truncate(assumptions.members);
    }
    decide_year(shop, programme, worths, assumptions, everybody, &mut chance, &mut sums);
    sums
}

/// One member while a year is decided.
struct Living {
    book: Book,
    joined: Timestamp,
    redeems: bool,
    could_have: bool,
}

fn decide_year(
    shop: &Shop,
    programme: &Arc<Programme>,
    worths: &Worths,
    assumptions: &Assumptions,
    everybody: Vec<Visits<'_>>,
    chance: &mut Rng,
    sums: &mut YearSums,
) {
    let mut order: Vec<(Timestamp, usize)> = Vec::new();
    for (member, visits) in everybody.iter().enumerate() {
        let at = |week: &f64| shop.now + SignedDuration::from_secs_f64(week * WEEK_SECONDS);
        order.extend(visits.weeks.iter().map(|week| (at(week), member)));
    }
    order.sort_unstable();
    let mut judge = Judge::new(programme, true);
    let mut figures = Figures::new(programme);
    let wishes = wishes(programme);
    let mut living: Vec<Option<Living>> = everybody.iter().map(|_| None).collect();
    for (number, (at, member)) in (1_u128..).zip(order.iter().copied()) {
        let life = living[member].get_or_insert_with(|| {
            let mut life = join(member, at, number, &mut judge, &mut figures);
            life.redeems = chance.f64() * 100.0 < assumptions.redeem_per_cent;
            life
        });
        let own = everybody[member].own;
        // One's own receipts weigh more the more of them there are.
        let is_own = chance.usize(0..own.len() + 2) >= 2;
        let place = if is_own {
            own[chance.usize(0..own.len())]
        } else {
            chance.usize(0..shop.baskets.len())
        };
        let mut purchase = shop.baskets[place].clone();
        let mut benefit = None;
        let reward = affordable(programme, &wishes, &life.book, at);
        let payment = if reward.is_some() { None } else { payment(programme, life, &purchase, at) };
        if (reward.is_some() || payment.is_some()) && !life.could_have {
            life.could_have = true;
            let days = at.duration_since(life.joined).as_hours() / 24;
            sums.days_to_reward.push(u32::try_from(days).unwrap_or(u32::MAX));
        }
        if life.redeems {
            match reward.map(|reward| (reward, &reward.gives)) {
                Some((reward, Gives::Benefit { .. })) => benefit = Some(reward),
                Some((reward, _)) => {
                    purchase.rewards.push(Claim { reward: reward.key.clone(), line: None });
                }
                None => purchase.pay.extend(payment),
            }
        }
        if let Some(reward) = benefit {
            let activity = Activity::Redemption { reward: reward.key.clone(), contact: None };
            let past = past(at, (number << 16) + 1, activity);
            decide(&mut judge, &mut figures, &mut life.book, &past);
        }
        let past = past(at, number << 16, Activity::Purchase(purchase));
        decide(&mut judge, &mut figures, &mut life.book, &past);
    }
    let end = shop.now + SignedDuration::from_hours(i64::from(assumptions.months) * 730);
    for life in living.into_iter().flatten() {
        let mut book = life.book;
        sums.members_watched += 1;
        match judge.settle(&mut book, end) {
            Ok(entries) => figures.follow_entries(programme, &entries),
            Err(_) => figures.errors += 1,
        }
        figures.close(programme, &book, programme.zone.day(end));
    }
    sums.taken = figures.redemptions_tried - figures.redemptions_refused;
    sums.refused = figures.redemptions_refused;
    sums.errors = figures.errors + figures.wrong_balances();
    scale(programme, worths, &figures, order.len(), sums);
}

/// What those who were decided came to stands for all, by purchases.
fn scale(
    programme: &Programme,
    worths: &Worths,
    figures: &Figures,
    decided: usize,
    sums: &mut YearSums,
) {
    if decided == 0 {
        return;
    }
    let times = sums.year.purchases as f64 / decided as f64;
    let liability = figures.points.iter().enumerate().filter_map(|(position, kind)| {
        Figures::worth_of(programme, worths, position, kind.liability)
    });
    sums.year.sales = figures.sales() as f64 * times;
    sums.year.cost = figures.cost(programme, worths) as f64 * times;
    sums.year.liability = liability.sum::<i128>() as f64 * times;
}

fn past(at: Timestamp, id: u128, activity: Activity) -> Past {
    Past { at, id: ActivityId::new(id), label: None, activity, shown: Vec::new() }
}

fn join(
    member: usize,
    at: Timestamp,
    number: u128,
    judge: &mut Judge,
    figures: &mut Figures,
) -> Living {
    let id = MemberId::new((member as u128 + 1) << 16);
    let nobody = PastMember { member: Some(id), name: None, activities: Vec::new() };
    let mut book = Judge::open(&nobody);
    let (kind, attributes) = (MemberKind::Person, BTreeMap::new());
    let joining =
        past(at, (number << 16) - 1, Activity::Joining { kind, attributes, line: Vec::new() });
    decide(judge, figures, &mut book, &joining);
    Living { book, joined: at, redeems: false, could_have: false }
}

fn decide(judge: &mut Judge, figures: &mut Figures, book: &mut Book, past: &Past) {
    match judge.decide(book, past, Memory::Nothing) {
        Ok(told) => figures.follow(judge.programme(), past, &told, book),
        Err(refusal) => figures.refuse(past, refusal.code().to_owned()),
    }
}

/// The rewards from the cheapest on; a cost in several kinds counts by the first.
fn wishes(programme: &Programme) -> Vec<&Reward> {
    let mut wishes: Vec<&Reward> = programme.rewards.iter().collect();
    let cost = |reward: &Reward| reward.cost.first().map_or(i64::MAX, |(_, cost)| cost.units());
    wishes.sort_by(|a, b| cost(a).cmp(&cost(b)).then_with(|| a.key.cmp(&b.key)));
    wishes
}

/// The cheapest reward that a member has enough for.
fn affordable<'p>(
    programme: &Programme,
    wishes: &[&'p Reward],
    book: &Book,
    at: Timestamp,
) -> Option<&'p Reward> {
    let state = book.member.as_ref()?;
    let has = |kind: usize, cost: Points| {
        let kind = programme.points.get(kind);
        let balance =
            kind.and_then(|kind| state.balance(kind.key.as_str(), at, &programme.zone).ok());
        balance.is_some_and(|balance| balance.available >= cost)
    };
    let is_affordable =
        |reward: &&&Reward| reward.cost.iter().all(|(kind, cost)| has(*kind, *cost));
    wishes.iter().find(is_affordable).copied()
}

/// As many points as may pay for a receipt, where points pay.
fn payment(
    programme: &Programme,
    life: &Living,
    purchase: &Purchase,
    at: Timestamp,
) -> Option<Payment> {
    let state = life.book.member.as_ref()?;
    programme.points.iter().find_map(|kind| {
        let (pays, worth) = (kind.pays.as_ref()?, kind.worth?);
        let balance = state.balance(kind.key.as_str(), at, &programme.zone).ok()?;
        let price = |line: &symbolon_core::engine::Line| {
            i128::from(line.unit_price.units()) * i128::from(line.quantity.units()) / 1_000
        };
        let total: i128 = purchase.lines.iter().map(price).sum();
        let may_pay = total * i128::from(pays.at_most.units()) / 100_000_000;
        let minor = 10_i128.pow(u32::from(programme.currency.exponent()));
        let units = 10_i128.pow(u32::from(kind.decimals) + 6);
        let worth = (i128::from(worth.units()) * minor).max(1);
        let most = (may_pay * units / worth).min(i128::from(balance.available.units()));
        let step = i128::from(pays.step.units()).max(1);
        let amount = Points::new(i64::try_from(most / step * step).ok()?);
        amount.is_positive().then(|| Payment::Points { points: kind.key.clone(), amount })
    })
}

/// The value below which `share` of them lie; they are sorted by it.
#[must_use]
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let place = (share * last as f64).round();
    let found = (0..values.len()).find(|position| *position as f64 >= place);
    found.and_then(|position| values.get(position)).copied().unwrap_or(0.0)
}
