//! Limits while one activity is decided: how much is left of each, and what this decision takes.
//!
//! What is counted for one member lies in the member's state; what is counted for all, for a
//! place, a till, a cashier or a code lies in `Shared`. A decision reads the counters, keeps in
//! mind what it takes itself, and counts at its end: a limit is never passed, however activities
//! follow on each other (I7).

use super::Context;
use super::activity::{Activity, Purchase};
use super::book::Recorded;
use super::counters::CounterKey;
use super::decision::{Effect, Outcome, Reason, Refusal, add};
use super::schedule::misses;
use super::{games, milestones};
use crate::programme::{Programme, Quota, QuotaMost, QuotaOver, QuotaPer};
use crate::values::{ActivityId, CalendarUnit, Key, Money, Overflow, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A counter for ever begins on this day.
pub(super) const FOR_EVER: Date = Date::constant(1, 1, 1);

/// A limit that a rule, reward or campaign of this decision stands under.
#[derive(Debug, Clone)]
struct Open<'a> {
    quota: &'a Quota,
    key: CounterKey,
    /// What is used, in the unit of the limit, before this decision.
    used: i64,
    /// What this decision takes.
    taken: i64,
}

impl Open<'_> {
    fn left(&self) -> i64 {
        (self.quota.most.units().saturating_sub(self.used)).max(0)
    }
}

/// The limits of the rules that hold.
#[derive(Debug, Default)]
pub(super) struct Quotas<'a> {
    open: Vec<Open<'a>>,
    /// Each rule or reward with each of the limits that it stands under.
    of: Vec<(&'a Key, usize)>,
}

/// Where an activity happened, as far as limits count by it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'p> {
    location: Option<&'p str>,
    till: Option<&'p str>,
    cashier: Option<&'p str>,
    code: Option<&'p str>,
}

impl<'p> Place<'p> {
    pub fn of(purchase: &'p Purchase, code: Option<&'p str>) -> Self {
        Self {
            location: purchase.location.as_deref(),
            till: purchase.till.as_deref(),
            cashier: purchase.cashier.as_deref(),
            code,
        }
    }

    /// Whose counter it is; nothing where the activity does not say it. A till is one of its
    /// location's.
    fn scope(&self, per: QuotaPer) -> Option<String> {
        match per {
            QuotaPer::All | QuotaPer::Member => Some(String::new()),
            QuotaPer::Location => self.location.map(str::to_owned),
            QuotaPer::Till => {
                self.till.map(|till| format!("{}/{till}", self.location.unwrap_or_default()))
            }
            QuotaPer::Cashier => self.cashier.map(str::to_owned),
            QuotaPer::Code => self.code.map(str::to_owned),
            QuotaPer::Person | QuotaPer::Referrer => None,
        }
    }
}

pub(super) fn period(every: Option<CalendarUnit>, day: Date) -> Result<Date, Refusal> {
    match every {
        Some(unit) => Ok(unit.first_day(day)?),
        None => Ok(FOR_EVER),
    }
}

/// A limit with the id that it counts under: its own of a rule or reward, or its campaign's.
pub(super) type Counted<'a> = (&'a Key, &'a Quota);

/// Every limit that a rule or reward stands under.
pub(super) fn quotas_of<'a>(
    context: &Context<'a>,
    key: &'a Key,
    own: &'a [Quota],
    campaign: Option<usize>,
) -> impl Iterator<Item = Counted<'a>> {
    let programme = context.programme;
    let campaign = campaign.and_then(|campaign| programme.campaigns.get(campaign));
    let shared = campaign
        .into_iter()
        .flat_map(|campaign| campaign.quotas.iter().map(|quota| (&campaign.key, quota)));
    own.iter().map(move |quota| (key, quota)).chain(shared)
}

/// The counter of a limit for an activity; nothing where the activity has no such place.
pub(super) fn counter_key(
    counted: Counted<'_>,
    place: &Place<'_>,
    day: Date,
) -> Result<Option<CounterKey>, Refusal> {
    let (of, quota) = counted;
    let Some(scope) = place.scope(quota.per) else { return Ok(None) };
    Ok(Some(CounterKey {
        of: of.clone(),
        per: quota.per,
        scope,
        unit: quota.most.unit(),
        from: period(quota.every, day)?,
    }))
}

impl<'a> Quotas<'a> {
    /// Opens the limits of a rule or reward; says which of them is used up, if any is.
    pub fn open(
        &mut self,
        context: &Context<'a>,
        place: &Place<'_>,
        day: Date,
        key: &'a Key,
        counted: impl Iterator<Item = Counted<'a>>,
    ) -> Result<Option<Outcome>, Refusal> {
        let begin = self.of.len();
        if self.open.is_empty() {
            // Most receipts find one limited rule, if any.
            let expected = counted.size_hint().0;
            (self.open, self.of) = (Vec::with_capacity(expected), Vec::with_capacity(expected));
        }
        for counted in counted {
            let Some(counter) = counter_key(counted, place, day)? else { continue };
            let known = self.open.iter().position(|open| open.key == counter);
            let position = match known {
                Some(position) => position,
                None => {
                    let used = used(context, &counter)?;
                    self.open.push(Open { quota: counted.1, key: counter, used, taken: 0 });
                    self.open.len() - 1
                }
            };
            let open = &self.open[position];
            if open.left() <= open.taken && open.quota.over != QuotaOver::Alert {
                self.of.truncate(begin);
                return Ok(Some(reached(&self.open[position])));
            }
            self.of.push((key, position));
        }
        Ok(None)
    }

    /// The shared counters that were looked at, with what could not be had of each.
    pub fn seen(&self) -> Vec<(CounterKey, i64)> {
        let shared = self.open.iter().filter(|open| open.key.per != QuotaPer::Member);
        shared.map(|open| (open.key.clone(), open.used)).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The limits that a rule or reward stands under.
    fn mine(&self, key: &Key) -> impl Iterator<Item = &Open<'a>> {
        self.of.iter().filter(move |(known, _)| *known == key).map(|(_, place)| &self.open[*place])
    }

    /// Takes from each of them as much more as is said.
    fn take_more(
        &mut self,
        key: &Key,
        more: impl Fn(&Open<'a>) -> Option<i64>,
    ) -> Result<(), Overflow> {
        for (_, place) in self.of.iter().filter(|(known, _)| *known == key) {
            let open = &mut self.open[*place];
            if let Some(more) = more(open) {
                open.taken = open.taken.checked_add(more).ok_or(Overflow)?;
            }
        }
        Ok(())
    }

    /// How much money the rule may still take off, beyond `drawn` of each limit, and the limit
    /// that says so.
    pub fn money_left(&self, key: &Key, drawn: &[i64]) -> Option<(Money, bool)> {
        let mut least: Option<(i64, bool)> = None;
        for (_, position) in self.of.iter().filter(|(known, _)| *known == key) {
            let open = &self.open[*position];
            if !matches!(open.quota.most, QuotaMost::Money(_))
                || open.quota.over == QuotaOver::Alert
            {
                continue;
            }
            let left = open.left() - drawn.get(*position).copied().unwrap_or(0);
            let cuts = open.quota.over == QuotaOver::Cut;
            if least.is_none_or(|(known, _)| left < known) {
                least = Some((left, cuts));
            }
        }
        least.map(|(left, cuts)| (Money::new(left.max(0)), cuts))
    }

    /// Notes money that a rule took off, in a list with a place for each limit.
    pub fn draw_money(&self, key: &Key, amount: Money, drawn: &mut Vec<i64>) {
        for (_, position) in self.of.iter().filter(|(known, _)| *known == key) {
            drawn.resize(self.open.len(), 0);
            if matches!(self.open[*position].quota.most, QuotaMost::Money(_)) {
                drawn[*position] = drawn[*position].saturating_add(amount.units());
            }
        }
    }

    /// Keeps an award to what limits of points leave, notes it, and says where that is less.
    pub fn keep_points(
        &mut self,
        key: &Key,
        kind: &Key,
        amount: &mut Points,
    ) -> Result<Option<Outcome>, Overflow> {
        if self.mine(key).next().is_none() {
            return Ok(None);
        }
        let words = |amount: Points| QuotaMost::Points { points: kind.clone(), amount };
        let (wanted, given) = (*amount, self.points_left(key, kind, *amount));
        *amount = given;
        self.take_points(key, kind, given)?;
        if given == wanted {
            return Ok(None);
        }
        let (wanted_words, given_words) = (words(wanted), words(given));
        Ok(if given.is_zero() {
            Some(Outcome::QuotaTooSmall { wanted: wanted_words, left: given_words })
        } else {
            Some(Outcome::QuotaCut { wanted: wanted_words, given: given_words })
        })
    }

    /// How many points of a kind the rule may still give of `wanted`; a limit that does not cut
    /// lets all or nothing pass.
    fn points_left(&self, key: &Key, kind: &Key, wanted: Points) -> Points {
        let mut allowed = wanted.units();
        for open in self.mine(key) {
            let QuotaMost::Points { points, .. } = &open.quota.most else { continue };
            if points != kind || open.quota.over == QuotaOver::Alert {
                continue;
            }
            let left = (open.left() - open.taken).max(0);
            if left < wanted.units() {
                allowed = allowed.min(if open.quota.over == QuotaOver::Cut { left } else { 0 });
            }
        }
        Points::new(allowed)
    }

    /// Notes points that a rule gives.
    fn take_points(&mut self, key: &Key, kind: &Key, amount: Points) -> Result<(), Overflow> {
        self.take_more(key, |open| match &open.quota.most {
            QuotaMost::Points { points, .. } if points == kind => Some(amount.units()),
            _ => None,
        })
    }

    /// Notes what a rule or reward took off, and that it was used.
    pub fn take(&mut self, key: &Key, off: Money) -> Result<(), Overflow> {
        self.take_more(key, |open| match open.quota.most {
            // Rules of one campaign on one receipt are one use of it.
            QuotaMost::Times(_) => Some(1 - open.taken),
            QuotaMost::Money(_) => Some(off.units()),
            QuotaMost::Points { .. } => None,
        })
    }

    /// Notes a reward: each one that is claimed is a use of its own.
    pub fn take_reward(&mut self, key: &Key, off: Money) -> Result<(), Overflow> {
        self.take_more(key, |open| match open.quota.most {
            QuotaMost::Times(_) => Some(1),
            QuotaMost::Money(_) => Some(off.units()),
            QuotaMost::Points { .. } => None,
        })
    }

    /// Books what was taken, and tells of limits that came near.
    pub fn count(self, effects: &mut Vec<Effect>, reasons: &mut Vec<Reason>) {
        for open in self.open {
            if open.taken == 0 {
                continue;
            }
            let used = open.used.saturating_add(open.taken);
            if let Some(alert_at) = open.quota.alert_at.filter(|alert_at| used >= *alert_at) {
                let outcome = Outcome::QuotaAlert {
                    per: open.quota.per,
                    scope: open.key.scope.clone(),
                    most: open.quota.most.clone(),
                    used,
                    alert_at,
                };
                reasons.push(Reason { about: open.key.of.clone(), outcome });
            }
            let Open { key: counter, taken: change, .. } = open;
            add(effects, || Effect::CountShared { counter, change });
        }
    }
}

/// What of a counter is used at the moment of the decision.
fn used(context: &Context<'_>, key: &CounterKey) -> Result<i64, Refusal> {
    match (key.per, context.member) {
        (QuotaPer::Member, Some(member)) => Ok(member.used_of(key)),
        (QuotaPer::Member, None) => Ok(0),
        _ => context.shared.used(key, context.at),
    }
}

fn reached(open: &Open<'_>) -> Outcome {
    Outcome::QuotaReached {
        per: open.quota.per,
        scope: open.key.scope.clone(),
        most: open.quota.most.clone(),
        from: open.quota.every.map(|_| open.key.from),
    }
}

/// The shared counters that recorded activities counted on.
fn counted_by(
    records: &BTreeMap<ActivityId, Recorded>,
) -> impl Iterator<Item = CounterKey> + use<'_> {
    let effects = records.values().flat_map(|record| &record.decision.effects);
    let counted = effects.filter_map(|effect| match effect {
        Effect::CountShared { counter, .. } => Some(counter.clone()),
        _ => None,
    });
    counted.filter(|key| key.per != QuotaPer::Member)
}

/// The shared counters that a decision may look at, as far as that can be said before it: those
/// of every limited rule in force, and of the rewards that are claimed. What a return gives back
/// to is among them. Limits for a code are found out by deciding.
pub fn counters_possible(
    programme: &Programme,
    activity: &Activity,
    records: &BTreeMap<ActivityId, Recorded>,
    at: Timestamp,
) -> BTreeSet<CounterKey> {
    let mut keys = BTreeSet::new();
    let (place, claimed): (Place<'_>, Vec<&Key>) = match activity {
        Activity::Purchase(Purchase { hold: Some(_), .. }) => {
            // It gives back what the hold counted, and counts it again.
            keys.extend(counted_by(records));
            return keys;
        }
        Activity::Purchase(purchase) | Activity::Hold { purchase, .. } => {
            let claims = purchase.rewards.iter().map(|claim| &claim.reward);
            (Place::of(purchase, None), claims.collect())
        }
        Activity::Redemption { reward, .. } | Activity::Gift { reward, .. } => {
            (Place::default(), vec![reward])
        }
        Activity::Joining { .. } => {
            keys.extend(milestones::counters_of(programme));
            (Place::default(), Vec::new())
        }
        Activity::Action { .. } | Activity::Occasion { .. } => (Place::default(), Vec::new()),
        Activity::Return { .. } | Activity::Void { .. } => {
            keys.extend(counted_by(records));
            return keys;
        }
        _ => return keys,
    };
    let day = programme.zone.day(at);
    let mut add = |counted: Counted<'_>| {
        if counted.1.per != QuotaPer::Member
            && let Ok(Some(key)) = counter_key(counted, &place, day)
        {
            keys.insert(key);
        }
    };
    for rule in &programme.rules {
        if rule.is_under_quotas() && misses(&rule.schedule, &programme.zone, at).is_none() {
            let campaign = rule.campaign.and_then(|place| programme.campaigns.get(place));
            rule.quotas.iter().for_each(|quota| add((&rule.key, quota)));
            let shared = campaign
                .into_iter()
                .flat_map(|campaign| campaign.quotas.iter().map(|quota| (&campaign.key, quota)));
            shared.for_each(&mut add);
        }
    }
    for reward in &programme.rewards {
        if claimed.contains(&&reward.key) {
            reward.quotas.iter().for_each(|quota| add((&reward.key, quota)));
        }
    }
    for rule in programme.rules.iter().filter(|rule| rule.plays()) {
        if misses(&rule.schedule, &programme.zone, at).is_none() {
            let counted = rule.prizes().filter(|prize| prize.count.is_some());
            keys.extend(counted.map(|prize| games::stock_of(&rule.key, prize)));
        }
    }
    keys
}
