//! The lots of a member while one activity is decided: what an earlier effect of the same
//! decision took is gone for the next one. The state itself is not touched.

use super::decision::{Effect, LotPart, Outcome, Reason, Refusal};
use crate::member::{Expiry, Lot, LotLife, MemberState};
use crate::programme::{ExpiryRule, PendingRule, PointKind, Programme, SpendOrder};
use crate::values::{
    ActivityId, CalendarError, CalendarUnit, Key, Overflow, Period, PeriodUnit, Points,
};
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A working copy of what an activity may take from and add to.
pub struct WorkingLots<'a> {
    programme: &'a Programme,
    at: Timestamp,
    last_activity: Date,
    pub lots: Cow<'a, [Lot]>,
    pub debts: BTreeMap<Key, Points>,
    next_lot: u32,
    /// When points of a kind earned on the day begin and cease to count: the same for every
    /// award of a decision, and the costliest part of it to work out.
    lives: Vec<Option<(Date, Option<Timestamp>, Expiry)>>,
}

/// What taking points found.
#[derive(Debug, Default)]
pub struct Taking {
    pub parts: Vec<LotPart>,
    /// What could not be found.
    pub missing: Points,
}

impl<'a> WorkingLots<'a> {
    pub fn new(programme: &'a Programme, state: &'a MemberState, at: Timestamp) -> Self {
        Self {
            programme,
            at,
            last_activity: state.last_activity(),
            lots: Cow::Borrowed(&state.lots),
            debts: state.debts.clone(),
            next_lot: state.next_lot,
            lives: vec![None; programme.points.len()],
        }
    }

    /// Books what has run out at the moment of the decision, each at its own moment.
    pub fn expire(
        &mut self,
        effects: &mut Vec<Effect>,
        reasons: &mut Vec<Reason>,
    ) -> Result<(), CalendarError> {
        let mut ended = self.ended()?;
        ended.sort_unstable();
        for (expires_at, number) in ended {
            let Some(position) = self.lots.iter().position(|lot| lot.number == number) else {
                continue;
            };
            let lot = self.lots.to_mut().remove(position);
            let (points, amount) = (lot.points, lot.remaining);
            reasons.push(Reason {
                about: points.clone(),
                outcome: Outcome::Expired { points: points.clone(), amount, at: expires_at },
            });
            effects.push(Effect::Expire { points, lot: number, amount, at: expires_at });
        }
        Ok(())
    }

    /// The lots that have run out, each with its end.
    fn ended(&self) -> Result<Vec<(Timestamp, u32)>, CalendarError> {
        let mut ended = Vec::new();
        // Lots that end for idleness mostly end together, and the calendar is slow.
        let mut idle: Option<(Period, Date, Timestamp)> = None;
        for lot in self.lots.iter() {
            let expires_at = match lot.life.expires {
                Expiry::Never => continue,
                Expiry::At(expires_at) => expires_at,
                Expiry::Idle(period) => {
                    let since = lot.life.idle_since(self.last_activity);
                    let known = idle.filter(|(of, from, _)| *of == period && *from == since);
                    let end = match known {
                        Some((.., end)) => end,
                        None => self.programme.zone.end_of_day(period.after(since)?)?,
                    };
                    idle = Some((period, since, end));
                    end
                }
            };
            if expires_at <= self.at {
                ended.push((expires_at, lot.number));
            }
        }
        Ok(ended)
    }

    /// What can be spent now, and what waits.
    pub fn available(&self, points: &Key) -> Result<(Points, Points), Overflow> {
        let of_kind = |pending: bool| {
            Points::sum(
                self.lots
                    .iter()
                    .filter(|lot| lot.points == *points && lot.is_pending(self.at) == pending)
                    .map(|lot| lot.remaining),
            )
        };
        Ok((of_kind(false)?, of_kind(true)?))
    }

    /// Takes points from the lots that end soonest, of which those that never end come last and
    /// the older one first among equals; or from the oldest, if the programme says so. Pending lots are touched only where `also_pending` says so,
    /// after all others.
    pub fn take(
        &mut self,
        points: &Key,
        amount: Points,
        also_pending: bool,
    ) -> Result<Taking, Refusal> {
        let by_age = self.programme.settings.spend_order == SpendOrder::Oldest;
        let mut order = Vec::new();
        for (position, lot) in self.lots.iter().enumerate() {
            let pending = lot.is_pending(self.at);
            if lot.points == *points && (also_pending || !pending) {
                let end = lot.life.expires_at(self.last_activity, &self.programme.zone)?;
                let end = if by_age { None } else { end };
                let day = if by_age { Some(lot.life.earned_on) } else { None };
                order.push((pending, day, end.is_none(), end, lot.number, position));
            }
        }
        order.sort_unstable();
        let mut taking = Taking { parts: Vec::new(), missing: amount };
        for (.., position) in order {
            if taking.missing.is_zero() {
                break;
            }
            let lot = &mut self.lots.to_mut()[position];
            let part = lot.remaining.min(taking.missing);
            lot.remaining = lot.remaining.minus(part)?;
            taking.missing = taking.missing.minus(part)?;
            taking.parts.push(LotPart { lot: lot.number, amount: part, life: lot.life.clone() });
        }
        self.lots.to_mut().retain(|lot| !lot.remaining.is_zero());
        Ok(taking)
    }

    /// Takes from one lot as much as it still has.
    pub fn take_from_lot(&mut self, number: u32, amount: Points) -> Result<Points, Overflow> {
        let Some(lot) = self.lots.to_mut().iter_mut().find(|lot| lot.number == number) else {
            return Ok(Points::ZERO);
        };
        let part = lot.remaining.min(amount);
        lot.remaining = lot.remaining.minus(part)?;
        self.lots.to_mut().retain(|lot| !lot.remaining.is_zero());
        Ok(part)
    }

    /// Puts a part back into its lot, which is opened again where it was used up.
    pub fn put_back(&mut self, points: &Key, part: &LotPart) -> Result<(), Overflow> {
        put_back(self.lots.to_mut(), points, part)
    }

    pub fn owe(&mut self, points: &Key, amount: Points) -> Result<(), Overflow> {
        let debt = self.debts.entry(points.clone()).or_default();
        *debt = debt.plus(amount)?;
        Ok(())
    }

    /// The pending time and the end of points of a kind earned on a day.
    pub fn life(
        &mut self,
        position: usize,
        day: Date,
    ) -> Result<(Option<Timestamp>, Expiry), CalendarError> {
        if let Some(Some((of, available_at, expires))) = self.lives.get(position)
            && *of == day
        {
            return Ok((*available_at, *expires));
        }
        let kind = &self.programme.points[position];
        let (available_at, expires) = lot_life(self.programme, kind, day)?;
        self.lives[position] = Some((day, available_at, expires));
        Ok((available_at, expires))
    }

    /// Takes from the lots of one activity, in their order, before any others are asked.
    pub fn take_from_activity(
        &mut self,
        points: &Key,
        activity: ActivityId,
        amount: Points,
    ) -> Result<Taking, Overflow> {
        let mut taking = Taking { parts: Vec::new(), missing: amount };
        for lot in self.lots.to_mut() {
            let part = lot.remaining.min(taking.missing);
            if lot.points == *points && lot.life.activity == activity && !part.is_zero() {
                lot.remaining = lot.remaining.minus(part)?;
                taking.missing = taking.missing.minus(part)?;
                let (lot, life) = (lot.number, lot.life.clone());
                taking.parts.push(LotPart { lot, amount: part, life });
            }
        }
        self.lots.to_mut().retain(|lot| !lot.remaining.is_zero());
        Ok(taking)
    }

    /// Takes from the lots what the member owes, as far as it goes; from the lots of `first`
    /// before all others.
    pub fn pay_debt(
        &mut self,
        points: &Key,
        first: Option<ActivityId>,
    ) -> Result<Vec<LotPart>, Refusal> {
        let owed = self.debts.get(points).copied().unwrap_or(Points::ZERO);
        if owed.is_zero() {
            return Ok(Vec::new());
        }
        let mut own = Taking { parts: Vec::new(), missing: owed };
        if let Some(first) = first {
            own = self.take_from_activity(points, first, owed)?;
        }
        let mut taking = self.take(points, own.missing, true)?;
        own.parts.append(&mut taking.parts);
        taking.parts = own.parts;
        self.debts.insert(points.clone(), taking.missing);
        self.debts.retain(|_, debt| !debt.is_zero());
        Ok(taking.parts)
    }

    /// The number of a new lot.
    pub fn number_lot(&mut self) -> Result<u32, Overflow> {
        let number = self.next_lot;
        self.next_lot = number.checked_add(1).ok_or(Overflow)?;
        Ok(number)
    }

    /// When points with this life end, as things stand.
    pub fn ends_of(&self, life: &LotLife) -> Result<Option<Timestamp>, CalendarError> {
        life.expires_at(self.last_activity, &self.programme.zone)
    }

    /// Lets a lot that was just granted join the others, so that it can be spent at once.
    pub fn open(&mut self, lot: Lot) {
        self.lots.to_mut().push(lot);
    }

    /// Numbers a new lot and pays with it what the member owes. What an activity grants it
    /// cannot spend itself, unless the programme says so, so the lot does not join the others.
    pub fn grant(&mut self, kind: &PointKind, amount: Points) -> Result<Granted, Overflow> {
        let number = self.number_lot()?;
        let owed = self.debts.get(&kind.key).copied().unwrap_or(Points::ZERO);
        let repaid = owed.min(amount);
        if !repaid.is_zero() {
            self.debts.insert(kind.key.clone(), owed.minus(repaid)?);
            self.debts.retain(|_, debt| !debt.is_zero());
        }
        Ok(Granted { number, repaid })
    }
}

/// A new lot, and how much of it went to a debt at once.
#[derive(Debug, Clone, Copy)]
pub struct Granted {
    pub number: u32,
    pub repaid: Points,
}

/// Puts a part back into its lot among open lots kept in order of number.
pub fn put_back(lots: &mut Vec<Lot>, points: &Key, part: &LotPart) -> Result<(), Overflow> {
    match lots.binary_search_by_key(&part.lot, |lot| lot.number) {
        Ok(position) => {
            lots[position].remaining = lots[position].remaining.plus(part.amount)?;
        }
        Err(position) => {
            let lot = Lot {
                number: part.lot,
                points: points.clone(),
                remaining: part.amount,
                life: part.life.clone(),
            };
            lots.insert(position, lot);
        }
    }
    Ok(())
}

/// When points of a kind earned on a day can be spent, and when they end.
pub fn lot_life(
    programme: &Programme,
    kind: &PointKind,
    day: Date,
) -> Result<(Option<Timestamp>, Expiry), CalendarError> {
    let zone = &programme.zone;
    let expires = match kind.expires {
        ExpiryRule::Never => Expiry::Never,
        ExpiryRule::AfterEarning(period) => Expiry::At(zone.end_of_day(period.after(day)?)?),
        ExpiryRule::AfterCalendar { unit, then } => {
            let end = then.after(unit.last_day(day)?)?;
            let whole_months = matches!(then.unit, PeriodUnit::Months | PeriodUnit::Years)
                && !matches!(unit, CalendarUnit::Day | CalendarUnit::Week);
            // One month after the end of June is the end of July, not the 30th.
            let end = if whole_months { CalendarUnit::Month.last_day(end)? } else { end };
            Expiry::At(zone.end_of_day(end)?)
        }
        ExpiryRule::AfterActivity(period) => Expiry::Idle(period),
    };
    let available_at = match &kind.pending {
        PendingRule::Nothing | PendingRule::AfterEvent { .. } => None,
        PendingRule::For(period) => Some(zone.start_of_day(period.after(day)?)?),
        // A day that has come holds nothing back.
        PendingRule::UntilDay(until) if *until <= day => None,
        PendingRule::UntilDay(until) => Some(zone.start_of_day(*until)?),
        PendingRule::UntilEndOf(unit) => Some(zone.end_of_day(unit.last_day(day)?)?),
    };
    Ok((available_at, expires))
}
