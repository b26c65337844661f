//! What partners of one programme owe each other for points.
//!
//! Who lets points be issued pays for them, and where they are redeemed is paid. Everything is
//! counted exactly and rounded once, at the end, so that all sides together are nothing. It reads
//! what was booked and decides nothing.

use super::activity::{Activity, Purchase};
use super::book::Recorded;
use super::decision::Effect;
use crate::programme::{Programme, Programmes};
use crate::values::{ActivityId, Key, Money, Overflow, Points, Rate, Rounding, divide};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One partner and one kind of points; the house itself where there is no partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub partner: Option<Key>,
    pub points: Key,
    pub issued: Points,
    pub taken_back: Points,
    pub redeemed: Points,
    pub given_back: Points,
    /// What the partner pays for what was issued, less what was taken back.
    pub pays: Money,
    /// What the partner is paid for what was redeemed, less what was given back.
    pub is_paid: Money,
}

impl StatementLine {
    /// What the partner owes the house; negative where the house owes.
    pub fn net(&self) -> Result<Money, Overflow> {
        self.pays.minus(self.is_paid)
    }
}

/// A partner, by the version of the programme that judged what happened there.
type At = (Key, u32);

/// Adds up what was booked. Everything is shown to `know` first and to `add` afterwards, in any
/// order: what was taken back may have been given long before.
#[derive(Debug)]
pub struct Clearing<'a> {
    programmes: &'a Programmes,
    from: Date,
    until: Date,
    /// At which partner an activity was.
    places: BTreeMap<ActivityId, At>,
    /// At which partner points were spent that went elsewhere than their activity.
    spends: BTreeMap<(ActivityId, u32), At>,
    /// From which activity points came to another member.
    causes: BTreeMap<ActivityId, ActivityId>,
    sums: BTreeMap<(Option<Key>, Key), Sums>,
}

#[derive(Debug, Default)]
struct Sums {
    issued: i128,
    taken_back: i128,
    redeemed: i128,
    given_back: i128,
    /// In millionths of millionths of the currency's unit.
    pays: i128,
    is_paid: i128,
}

#[derive(Clone, Copy)]
enum Moved {
    Issued,
    TakenBack,
    Redeemed,
    GivenBack,
}

impl<'a> Clearing<'a> {
    /// For the days from `from` to `until`, both included.
    #[must_use]
    pub fn new(programmes: &'a Programmes, from: Date, until: Date) -> Self {
        Self {
            programmes,
            from,
            until,
            places: BTreeMap::new(),
            spends: BTreeMap::new(),
            causes: BTreeMap::new(),
            sums: BTreeMap::new(),
        }
    }

    /// Learns where an activity was.
    pub fn know(&mut self, record: &Recorded) {
        if let Activity::Incoming(incoming) = &record.activity {
            self.causes.insert(record.id, incoming.cause);
        }
        if let Activity::Purchase(Purchase { partner: Some(partner), .. })
        | Activity::Hold { purchase: Purchase { partner: Some(partner), .. }, .. } =
            &record.activity
        {
            self.places.insert(record.id, (partner.clone(), record.version));
        }
        let Some(programme) = self.programme(record.version) else { return };
        if programme.rewards.iter().all(|reward| reward.partner.is_none()) {
            return;
        }
        for (position, effect) in (0_u32..).zip(&record.decision.effects) {
            let Effect::Spend { by, .. } = effect else { continue };
            let reward = programme.find_reward(by.as_str());
            let partner = reward.and_then(|reward| programme.partners.get(reward.partner?));
            if let Some(partner) = partner {
                let at = (partner.key.clone(), record.version);
                self.spends.insert((record.id, position), at);
            }
        }
    }

    /// Adds what an activity moved, where it lies within the days.
    pub fn add(&mut self, record: &Recorded) -> Result<(), Overflow> {
        let day = record.decision.day;
        if day < self.from || self.until < day {
            return Ok(());
        }
        for (position, effect) in (0_u32..).zip(&record.decision.effects) {
            match effect {
                Effect::Earn { points, amount, .. } => {
                    let at = self.place(record.id).cloned();
                    self.count(at, points, *amount, Moved::Issued)?;
                }
                Effect::Reverse { of, points, amount, .. } => {
                    let at = self.place(*of).cloned();
                    self.count(at, points, *amount, Moved::TakenBack)?;
                }
                Effect::Spend { points, amount, .. } => {
                    let at = self.spent_at(record.id, position).cloned();
                    self.count(at, points, *amount, Moved::Redeemed)?;
                }
                Effect::Restore { of, effect, points, amount, .. } => {
                    let at = self.spent_at(*of, *effect).cloned();
                    self.count(at, points, *amount, Moved::GivenBack)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The lines, the house's own first.
    pub fn lines(&self) -> Result<Vec<StatementLine>, Overflow> {
        let exponent =
            self.programmes.latest().map_or(2, |latest| latest.programme.currency.exponent());
        let money = |exact: i128| -> Result<Money, Overflow> {
            let unit = 10_i128.pow(u32::from(exponent));
            let product = exact.checked_mul(unit).ok_or(Overflow)?;
            divide(product, 1_000_000_000_000, Rounding::HalfUp).map(Money::new)
        };
        let points = |sum: i128| i64::try_from(sum).map(Points::new).map_err(|_| Overflow);
        let line = |((partner, kind), sums): (&(Option<Key>, Key), &Sums)| {
            Ok(StatementLine {
                partner: partner.clone(),
                points: kind.clone(),
                issued: points(sums.issued)?,
                taken_back: points(sums.taken_back)?,
                redeemed: points(sums.redeemed)?,
                given_back: points(sums.given_back)?,
                pays: money(sums.pays)?,
                is_paid: money(sums.is_paid)?,
            })
        };
        self.sums.iter().map(line).collect()
    }

    fn programme(&self, version: u32) -> Option<&'a Programme> {
        self.programmes.number(version).map(|version| &*version.programme)
    }

    /// Where an activity was, or the one that it follows from.
    fn place(&self, id: ActivityId) -> Option<&At> {
        let (mut id, mut seen) = (id, BTreeSet::new());
        while !self.places.contains_key(&id) && seen.insert(id) {
            id = *self.causes.get(&id)?;
        }
        self.places.get(&id)
    }

    fn spent_at(&self, id: ActivityId, effect: u32) -> Option<&At> {
        self.spends.get(&(id, effect)).or_else(|| self.places.get(&id))
    }

    fn count(
        &mut self,
        at: Option<At>,
        kind: &Key,
        amount: Points,
        moved: Moved,
    ) -> Result<(), Overflow> {
        let units = i128::from(amount.units());
        let worth = match &at {
            Some((partner, version)) => {
                self.rate(partner, *version, kind, moved).checked_mul(units).ok_or(Overflow)?
            }
            None => 0,
        };
        let partner = at.map(|(partner, _)| partner);
        let sums = self.sums.entry((partner, kind.clone())).or_default();
        let add = |sum: &mut i128, more: i128| -> Result<(), Overflow> {
            *sum = sum.checked_add(more).ok_or(Overflow)?;
            Ok(())
        };
        match moved {
            Moved::Issued => {
                add(&mut sums.issued, units)?;
                add(&mut sums.pays, worth)
            }
            Moved::TakenBack => {
                add(&mut sums.taken_back, units)?;
                add(&mut sums.pays, -worth)
            }
            Moved::Redeemed => {
                add(&mut sums.redeemed, units)?;
                add(&mut sums.is_paid, worth)
            }
            Moved::GivenBack => {
                add(&mut sums.given_back, units)?;
                add(&mut sums.is_paid, -worth)
            }
        }
    }

    /// Money for the smallest unit of a kind, in millionths of millionths.
    fn rate(&self, partner: &Key, version: u32, kind: &Key, moved: Moved) -> i128 {
        let Some(programme) = self.programme(version) else { return 0 };
        let Some(partner) = programme.find_partner(partner.as_str()) else { return 0 };
        let Some((place, kind)) = programme.find_points(kind.as_str()) else { return 0 };
        let rate: Rate = match moved {
            Moved::Issued | Moved::TakenBack => partner.pays_for(place),
            Moved::Redeemed | Moved::GivenBack => partner.is_paid_for(place),
        };
        // Points have at most six decimals.
        let scale = 6_u32.saturating_sub(u32::from(kind.decimals));
        i128::from(rate.units()) * 10_i128.pow(scale)
    }
}

/// What all partners together owe the house, to the unit: the other side of every line.
pub fn house_of(lines: &[StatementLine]) -> Result<Money, Overflow> {
    let mut sum = Money::ZERO;
    for line in lines {
        sum = sum.plus(line.net()?)?;
    }
    Ok(sum)
}
