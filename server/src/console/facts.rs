//! What a member has at a moment, worked out from the state and the programme.
//!
//! Everything here is a question to the core; nothing is stored, so nothing can be stale.

use crate::words::{Explanation, Speaker, explain_reason};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use symbolon_core::condition::Fact;
use symbolon_core::engine::{DecisionFacts, Outcome, Reason, measure_on, tier_on};
use symbolon_core::member::{Expiry, MemberState};
use symbolon_core::programme::{Ladder, Limit, Programme, Reward, SpendOrder};
use symbolon_core::values::{CalendarError, Key, MemberId, Points, Rate};

/// Everything about a member that follows from the state.
#[derive(Debug)]
pub struct MemberFacts {
    /// One for every point kind, in the order of the programme.
    pub balances: Vec<BalanceFacts>,
    pub tiers: Vec<TierFacts>,
    pub benefits: Vec<BenefitFacts>,
    /// Open lots in the order in which they are spent.
    pub lots: Vec<LotFacts>,
    /// What can be had now comes first, then what lacks least.
    pub rewards: Vec<RewardFacts>,
    pub people: PeopleFacts,
}

/// Who brought the member, and with whom it is one.
#[derive(Debug)]
pub struct PeopleFacts {
    /// The nearest first.
    pub line: Vec<MemberId>,
    pub merged_into: Option<MemberId>,
    pub absorbed: Vec<MemberId>,
}

#[derive(Debug)]
pub struct BalanceFacts {
    pub points: Key,
    pub available: Points,
    /// What becomes available when, the soonest first.
    pub pending: Vec<(Timestamp, Points)>,
    /// What waits for which event.
    pub awaiting: Vec<(Key, Points)>,
    pub owed: Points,
    /// How much ends next, and the first instant at which it no longer counts.
    pub expires_next: Option<(Timestamp, Points)>,
}

#[derive(Debug)]
pub struct TierFacts {
    pub ladder: Key,
    pub tier: Key,
    /// What the tier multiplies.
    pub multiplies: Vec<(Key, Rate)>,
    /// `None` on the highest tier.
    pub next: Option<NextTier>,
}

/// How far it is to the next tier; measures are in millionths.
#[derive(Debug)]
pub struct NextTier {
    pub tier: Key,
    pub measured_in: MeasuredIn,
    pub reached: i128,
    pub from: i128,
}

/// What a ladder measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasuredIn {
    Money,
    Points(Key),
    /// Visits, or something composed.
    Number,
}

#[derive(Debug)]
pub struct BenefitFacts {
    pub benefit: Key,
    pub source: BenefitSource,
    /// The first instant at which it no longer counts.
    pub ends_at: Option<Timestamp>,
}

#[derive(Debug)]
pub enum BenefitSource {
    Tier { ladder: Key, tier: Key },
    Granted { at: Timestamp },
}

#[derive(Debug)]
pub struct LotFacts {
    pub number: u32,
    pub points: Key,
    pub remaining: Points,
    pub granted: Points,
    pub earned_on: Date,
    /// While it is pending.
    pub available_at: Option<Timestamp>,
    /// The event that it waits for.
    pub awaits: Option<Key>,
    /// The first instant at which it no longer counts.
    pub ends_at: Option<Timestamp>,
    /// Whether any activity of the member moves the end.
    pub ends_when_idle: bool,
}

#[derive(Debug)]
pub struct RewardFacts {
    pub reward: Key,
    /// Of each point kind what it costs, and what the member can spend.
    pub costs: Vec<(Key, Points, Points)>,
    pub state: RewardState,
}

#[derive(Debug)]
pub enum RewardState {
    Now,
    NotEnough,
    /// The programme says no, whatever the points.
    No(Reason),
}

impl MemberFacts {
    /// What is so at `at` by `programme`, the version in force then.
    pub fn of(
        programme: &Programme,
        state: &MemberState,
        at: Timestamp,
    ) -> Result<Self, CalendarError> {
        let day = programme.zone.day(at);
        let balances = programme
            .points
            .iter()
            .map(|kind| balance(programme, state, at, &kind.key))
            .collect::<Result<Vec<_>, _>>()?;
        let mut tiers = Vec::new();
        let mut benefits = Vec::new();
        for ladder in &programme.ladders {
            let rank = usize::from(tier_on(programme, ladder, state, day)?);
            let Some(tier) = ladder.tiers.get(rank) else { continue };
            tiers.push(tier_facts(programme, ladder, rank, state, day)?);
            benefits.extend(tier.benefits.iter().filter_map(|position| {
                let benefit = programme.benefits.get(*position)?.key.clone();
                let (ladder, tier) = (ladder.key.clone(), tier.key.clone());
                let source = BenefitSource::Tier { ladder, tier };
                Some(BenefitFacts { benefit, source, ends_at: None })
            }));
        }
        benefits.extend(state.benefits_at(at).map(|granted| BenefitFacts {
            benefit: granted.benefit.clone(),
            source: BenefitSource::Granted { at: granted.granted_at },
            ends_at: granted.ends_at,
        }));
        let rewards = rewards(programme, state, at, &balances)?;
        let people = PeopleFacts {
            line: state.line().to_vec(),
            merged_into: state.merged_into,
            absorbed: state.absorbed.iter().map(|one| one.member).collect(),
        };
        let lots = lots(programme, state, at)?;
        Ok(Self { lots, balances, tiers, benefits, rewards, people })
    }
}

fn balance(
    programme: &Programme,
    state: &MemberState,
    at: Timestamp,
    points: &Key,
) -> Result<BalanceFacts, CalendarError> {
    let balance = state.balance(points.as_str(), at, &programme.zone)?;
    let mut pending: BTreeMap<Timestamp, Points> = BTreeMap::new();
    let mut awaiting: BTreeMap<Key, Points> = BTreeMap::new();
    let mut ends: BTreeMap<Timestamp, Points> = BTreeMap::new();
    let last_activity = state.last_activity();
    for lot in state.lots.iter().filter(|lot| lot.points == *points) {
        let ends_at = lot.life.expires_at(last_activity, &programme.zone)?;
        if ends_at.is_some_and(|ends_at| ends_at <= at) {
            continue;
        }
        if let Some(available_at) = lot.life.available_at.filter(|available_at| at < *available_at)
        {
            add(&mut pending, available_at, lot.remaining);
        }
        if let Some(event) = &lot.life.awaits {
            add(&mut awaiting, event.clone(), lot.remaining);
        }
        if let Some(ends_at) = ends_at {
            add(&mut ends, ends_at, lot.remaining);
        }
    }
    Ok(BalanceFacts {
        points: points.clone(),
        available: balance.available,
        pending: pending.into_iter().collect(),
        awaiting: awaiting.into_iter().collect(),
        owed: balance.debt,
        expires_next: ends.into_iter().next(),
    })
}

fn add<K: Ord>(sums: &mut BTreeMap<K, Points>, of: K, amount: Points) {
    let sum = sums.entry(of).or_default();
    // Lots are granted by checked sums, so their total fits what was granted.
    *sum = sum.plus(amount).unwrap_or(Points::new(i64::MAX));
}

fn tier_facts(
    programme: &Programme,
    ladder: &Ladder,
    rank: usize,
    state: &MemberState,
    day: Date,
) -> Result<TierFacts, CalendarError> {
    let tier = &ladder.tiers[rank];
    let multiplies = tier
        .multiplies
        .iter()
        .filter_map(|(position, rate)| Some((programme.points.get(*position)?.key.clone(), *rate)))
        .collect();
    let next = match ladder.tiers.get(rank + 1) {
        Some(next) => Some(NextTier {
            tier: next.key.clone(),
            measured_in: measured_in(programme, ladder),
            reached: measure_on(programme, ladder, state, day)?,
            from: next.from,
        }),
        None => None,
    };
    Ok(TierFacts { ladder: ladder.key.clone(), tier: tier.key.clone(), multiplies, next })
}

/// The unit of a measure. One that asks for several things at once is a number of its own.
fn measured_in(programme: &Programme, ladder: &Ladder) -> MeasuredIn {
    match ladder.measure.uses() {
        [Fact::MemberSpent(_)] => MeasuredIn::Money,
        [Fact::MemberEarned { .. }] => {
            let text = ladder.measure.text();
            let mut kinds = programme.points.iter().map(|kind| &kind.key);
            let named = kinds.find(|key| text.contains(&format!("\"{key}\"")));
            named.map_or(MeasuredIn::Number, |key| MeasuredIn::Points(key.clone()))
        }
        _ => MeasuredIn::Number,
    }
}

fn lots(
    programme: &Programme,
    state: &MemberState,
    at: Timestamp,
) -> Result<Vec<LotFacts>, CalendarError> {
    let last_activity = state.last_activity();
    let mut lots = Vec::new();
    for lot in &state.lots {
        let ends_at = lot.life.expires_at(last_activity, &programme.zone)?;
        if ends_at.is_some_and(|ends_at| ends_at <= at) {
            continue;
        }
        lots.push(LotFacts {
            number: lot.number,
            points: lot.points.clone(),
            remaining: lot.remaining,
            granted: lot.life.granted,
            earned_on: lot.life.earned_on,
            available_at: lot.life.available_at.filter(|available_at| at < *available_at),
            awaits: lot.life.awaits.clone(),
            ends_at,
            ends_when_idle: matches!(lot.life.expires, Expiry::Idle(_)),
        });
    }
    match programme.settings.spend_order {
        // Lots without an end are spent last.
        SpendOrder::SoonestToEnd => {
            lots.sort_by_key(|lot| (lot.ends_at.is_none(), lot.ends_at, lot.number));
        }
        SpendOrder::Oldest => lots.sort_by_key(|lot| (lot.earned_on, lot.number)),
    }
    Ok(lots)
}

fn rewards(
    programme: &Programme,
    state: &MemberState,
    at: Timestamp,
    balances: &[BalanceFacts],
) -> Result<Vec<RewardFacts>, CalendarError> {
    let mut all = Vec::new();
    for reward in &programme.rewards {
        let costs: Vec<(Key, Points, Points)> = reward
            .cost
            .iter()
            .filter_map(|(position, cost)| {
                let balance = balances.get(*position)?;
                // Points owed are not there to be spent.
                let free = balance.available.minus(balance.owed.min(balance.available)).ok()?;
                Some((balance.points.clone(), *cost, free))
            })
            .collect();
        let state = match refused(programme, state, at, reward)? {
            Some(outcome) => RewardState::No(Reason { about: reward.key.clone(), outcome }),
            None if costs.iter().all(|(_, cost, free)| free >= cost) => RewardState::Now,
            None => RewardState::NotEnough,
        };
        all.push(RewardFacts { reward: reward.key.clone(), costs, state });
    }
    all.sort_by_key(|reward| {
        let order = match &reward.state {
            RewardState::Now => 0,
            RewardState::NotEnough => 1,
            RewardState::No(_) => 2,
        };
        (order, reward.most_lacking())
    });
    Ok(all)
}

/// Why the programme refuses a reward to the member, whatever the points.
fn refused(
    programme: &Programme,
    state: &MemberState,
    at: Timestamp,
    reward: &Reward,
) -> Result<Option<Outcome>, CalendarError> {
    let facts = DecisionFacts::new(programme, Some(state), at);
    if let Some(condition) = &reward.when
        && let Some(part) = condition.first_failing(&facts, None).map_err(|_| CalendarError)?
    {
        return Ok(Some(Outcome::ConditionFalse { part: u32::try_from(part).unwrap_or(u32::MAX) }));
    }
    let Some(Limit { times, every }) = reward.limit else { return Ok(None) };
    let from = match every {
        Some(unit) => unit.first_day(programme.zone.day(at))?,
        None => state.joined,
    };
    Ok((state.used(&reward.key, from) >= times).then_some(Outcome::LimitReached { times, from }))
}

impl RewardFacts {
    /// The largest share that is missing of any of its costs, in per mille.
    fn most_lacking(&self) -> i128 {
        let lacking = |(_, cost, free): &(Key, Points, Points)| {
            let (cost, free) = (i128::from(cost.units()), i128::from(free.units()));
            ((cost - free).max(0) * 1_000).checked_div(cost).unwrap_or(0)
        };
        self.costs.iter().map(lacking).max().unwrap_or(0)
    }

    pub(super) fn explanation(&self, say: &Speaker<'_>) -> Option<Explanation> {
        match &self.state {
            RewardState::No(reason) => Some(explain_reason(say, reason)),
            RewardState::Now | RewardState::NotEnough => None,
        }
    }
}
