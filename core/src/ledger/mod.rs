//! The ledger: what effects do to a member's state, and the entries that say so.
//!
//! Every entry moves an amount from one account to another, so each is balanced by its very
//! form (I1). Entries are only ever added; a correction is a further entry (I15).

mod ending;
mod entitlements;
mod people;

use crate::engine::{Decision, Effect, LotPart};
use crate::member::{Counter, ExpiredLot, GrantedBenefit, HandTier, Lot, LotLife, MemberState};
use crate::values::{ActivityId, Key, Overflow, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where points lie. The first two are a member's, the others the business's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// What the member has, in lots.
    Lots,
    /// What the member owes: never above zero.
    Debt,
    /// Where earned points come from; its negative is what was ever issued.
    Issued,
    Redeemed,
    Expired,
    /// Points that persons gave or took.
    Adjusted,
    /// Points that a return should have taken back and could not.
    Forgiven,
    /// Points that a return kept back from the refund, in money.
    Withheld,
    /// Points that left one member and arrive at another: nothing, once all have arrived.
    Moved,
    /// Points that were advanced before what they stand for was paid; its negative is what is
    /// not set off yet.
    Advanced,
    /// Points that became points of another kind when the programme ended.
    Converted,
}

impl Account {
    pub const ALL: [Self; 11] = [
        Self::Lots,
        Self::Debt,
        Self::Issued,
        Self::Redeemed,
        Self::Expired,
        Self::Adjusted,
        Self::Forgiven,
        Self::Withheld,
        Self::Moved,
        Self::Advanced,
        Self::Converted,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lots => "lots",
            Self::Debt => "debt",
            Self::Issued => "issued",
            Self::Redeemed => "redeemed",
            Self::Expired => "expired",
            Self::Adjusted => "adjusted",
            Self::Forgiven => "forgiven",
            Self::Withheld => "withheld",
            Self::Moved => "moved",
            Self::Advanced => "advanced",
            Self::Converted => "converted",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.name() == name)
    }

    #[must_use]
    pub const fn is_members(self) -> bool {
        matches!(self, Self::Lots | Self::Debt)
    }
}

/// One movement of points of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1 within the member.
    pub number: u64,
    pub activity: ActivityId,
    /// The position of its effect within the decision.
    pub effect: u32,
    pub points: Key,
    pub from: Account,
    pub to: Account,
    /// Above zero.
    pub amount: Points,
    /// The lot that it enters or leaves.
    pub lot: Option<u32>,
    /// When it took effect; for an expiry the instant of the expiry.
    pub at: Timestamp,
}

impl Entry {
    /// What the entry does to the member's balance.
    #[must_use]
    pub fn change(&self) -> i128 {
        let amount = i128::from(self.amount.units());
        match (self.from.is_members(), self.to.is_members()) {
            (false, true) => amount,
            (true, false) => -amount,
            _ => 0,
        }
    }
}

/// Applies a decision to the state of its member and gives the entries for it.
///
/// On an error the state is half changed and must be thrown away: callers apply to a copy.
pub fn book(
    state: &mut MemberState,
    activity: ActivityId,
    decision: &Decision,
) -> Result<Vec<Entry>, Overflow> {
    let entries = book_effects(state, activity, decision.at, decision.day, &decision.effects)?;
    state.sequence = state.sequence.checked_add(1).ok_or(Overflow)?;
    Ok(entries)
}

/// Applies effects alone, for asking what the state would be after them.
pub(crate) fn book_effects(
    state: &mut MemberState,
    activity: ActivityId,
    at: Timestamp,
    day: Date,
    effects: &[Effect],
) -> Result<Vec<Entry>, Overflow> {
    let mut booking = Booking { state, activity, at, day, entries: Vec::new(), effect: 0 };
    for (position, effect) in effects.iter().enumerate() {
        booking.effect = u32::try_from(position).map_err(|_| Overflow)?;
        booking.apply(effect)?;
    }
    Ok(booking.entries)
}

/// The state of a new member, made from the effect that let it join.
#[must_use]
pub fn joined(decision: &Decision) -> Option<MemberState> {
    decision.effects.iter().find_map(|effect| match effect {
        Effect::Join { kind, attributes, since } => {
            let mut state = MemberState::new(*kind, since.unwrap_or(decision.day));
            state.attributes.clone_from(attributes);
            Some(state)
        }
        _ => None,
    })
}

struct Booking<'a> {
    state: &'a mut MemberState,
    activity: ActivityId,
    at: Timestamp,
    day: Date,
    entries: Vec<Entry>,
    effect: u32,
}

impl Booking<'_> {
    fn apply(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            // Joining made the state; discounts, offers, refunds and tiers move no points, and
            // what was voided is known to the record of its activity.
            Effect::Join { .. }
            | Effect::Discount { .. }
            | Effect::Offer { .. }
            | Effect::FreeItem { .. }
            | Effect::ReturnLine { .. }
            | Effect::Voided { .. }
            // Instruments belong to no member; what points pay is spent by its own effect.
            | Effect::UseCoupon { .. }
            | Effect::IssueCoupon { .. }
            | Effect::SellCertificate { .. }
            | Effect::Pay { .. }
            | Effect::Refill { .. }
            | Effect::TakeBackInstrument { .. }
            // What is sent is booked where it arrives.
            | Effect::Send { .. }
            | Effect::Recall { .. }
            | Effect::CallBack { .. }
            | Effect::Carry { .. }
            // What a hold takes has effects of its own.
            | Effect::Hold { .. }
            | Effect::EndHold { .. }
            // What a gift costs is spent by its own effect.
            | Effect::Gift { .. }
            | Effect::Tier { .. } => Ok(()),
            Effect::Advance { .. } | Effect::SetOff { .. } => self.advance(effect),
            Effect::Convert { .. } | Effect::EndDebt { .. } => self.end(effect),
            Effect::Earn { points, amount, lot, available_at, awaits, expires, .. } => {
                self.earned(self.day, points, *amount)?;
                let life = LotLife {
                    granted: *amount,
                    available_at: *available_at,
                    awaits: awaits.clone(),
                    expires: *expires,
                    earned_on: self.day,
                    activity: self.activity,
                };
                self.grant(Account::Issued, points, *amount, *lot, life)
            }
            Effect::Give { points, amount, lot, expires, .. } => {
                let life = LotLife {
                    granted: *amount,
                    available_at: None,
                    awaits: None,
                    expires: *expires,
                    earned_on: self.day,
                    activity: self.activity,
                };
                self.grant(Account::Adjusted, points, *amount, *lot, life)
            }
            Effect::Attribute { .. }
            | Effect::SetTeam { .. }
            | Effect::Crew { .. }
            | Effect::TeamScore { .. }
            | Effect::TeamGoal { .. }
            | Effect::HandOver { .. }
            | Effect::Arrive { .. }
            | Effect::Close { .. }
            | Effect::Absorb { .. } => people::apply(self, effect),
            Effect::Repay { points, amount, lot } => self.repay(points, *amount, *lot),
            Effect::Spend { points, parts, .. } => {
                self.take_parts(points, parts, Account::Redeemed)
            }
            Effect::Take { points, parts, owed, .. } => {
                self.take_parts(points, parts, Account::Adjusted)?;
                self.owe(points, *owed, Account::Adjusted)
            }
            Effect::Restore { points, parts, .. } => self.restore(points, parts),
            Effect::Expire { points, lot, amount, at } => self.expire(points, *lot, *amount, *at),
            Effect::Reverse { .. } => self.reverse(effect),
            Effect::Visit { .. }
            | Effect::Release { .. }
            | Effect::SetTier { .. }
            | Effect::SetContact { .. }
            | Effect::EnrolledBy { .. }
            | Effect::Count { .. }
            | Effect::CountShared { .. }
            | Effect::Taste { .. }
            | Effect::GrantBenefit { .. }
            | Effect::RevokeBenefit { .. } => self.mark(effect),
            Effect::Occasion { .. }
            | Effect::UseBenefit { .. }
            | Effect::OpenTask { .. }
            | Effect::CloseTask { .. }
            | Effect::PayMembership { .. }
            | Effect::EndMembership { .. } => self.entitle(effect),
        }
    }

    /// What changes a state and moves no points between accounts.
    fn mark(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            Effect::Visit { day, visits, activities, spent } => {
                self.state.change_day(*day, |day| {
                    day.visits = day.visits.saturating_add_signed(*visits);
                    day.activities = day.activities.saturating_add_signed(*activities);
                    day.spent = day.spent.plus(*spent)?;
                    Ok(())
                })
            }
            Effect::Release { lot, available_at, .. } => self.release(*lot, *available_at),
            Effect::SetTier { .. } => {
                self.set_tier(effect);
                Ok(())
            }
            Effect::SetContact { contact, details: Some(details) } => {
                self.state.contacts.insert(contact.clone(), details.clone());
                Ok(())
            }
            Effect::EnrolledBy { by } => {
                self.state.enrolled_by = Some(*by);
                Ok(())
            }
            Effect::SetContact { contact, details: None } => {
                self.state.contacts.remove(contact);
                Ok(())
            }
            Effect::Count { of, from, change } => {
                self.count(of, *from, *change);
                Ok(())
            }
            Effect::CountShared { counter, change } => self.state.count_quota(counter, *change),
            Effect::Taste { changes } => self.state.change_tastes(changes),
            Effect::GrantBenefit { benefit, ends_at, uses, .. } => {
                self.state.benefits.push(GrantedBenefit {
                    benefit: benefit.clone(),
                    activity: self.activity,
                    granted_at: self.at,
                    ends_at: *ends_at,
                    uses_left: *uses,
                });
                Ok(())
            }
            Effect::RevokeBenefit { benefit, activity } => {
                let found = self.state.benefits.iter().position(|granted| {
                    granted.benefit == *benefit && granted.activity == *activity
                });
                if let Some(position) = found {
                    self.state.benefits.remove(position);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn release(&mut self, number: u32, available_at: Timestamp) -> Result<(), Overflow> {
        let lots = &mut self.state.lots;
        let position =
            lots.binary_search_by_key(&number, |lot| lot.number).map_err(|_| Overflow)?;
        let life = &mut lots[position].life;
        (life.awaits, life.available_at) = (None, Some(available_at));
        Ok(())
    }

    fn set_tier(&mut self, effect: &Effect) {
        let Effect::SetTier { ladder, tier, until, .. } = effect else { return };
        match tier {
            Some(tier) => {
                let set = HandTier { tier: tier.clone(), from: self.day, until: *until };
                self.state.hand_tiers.insert(ladder.clone(), set);
            }
            None => {
                self.state.hand_tiers.remove(ladder);
            }
        }
    }

    fn enter(
        &mut self,
        points: &Key,
        (from, to): (Account, Account),
        amount: Points,
        lot: Option<u32>,
        at: Timestamp,
    ) -> Result<(), Overflow> {
        if amount.is_zero() {
            return Ok(());
        }
        self.state.entries = self.state.entries.checked_add(1).ok_or(Overflow)?;
        self.entries.push(Entry {
            number: self.state.entries,
            activity: self.activity,
            effect: self.effect,
            points: points.clone(),
            from,
            to,
            amount,
            lot,
            at,
        });
        Ok(())
    }

    fn earned(&mut self, day: Date, points: &Key, amount: Points) -> Result<(), Overflow> {
        self.state.change_day(day, |day| day.add_earned(points, amount))
    }

    fn grant(
        &mut self,
        from: Account,
        points: &Key,
        amount: Points,
        number: u32,
        life: LotLife,
    ) -> Result<(), Overflow> {
        if number != self.state.next_lot {
            // The decision was made on another state than this one: its lots are not these.
            return Err(Overflow);
        }
        self.state.next_lot = number.checked_add(1).ok_or(Overflow)?;
        let lot = Lot { number, points: points.clone(), remaining: amount, life };
        self.state.lots.push(lot);
        self.check_total(points)?;
        self.enter(points, (from, Account::Lots), amount, Some(number), self.at)
    }

    /// Whether all open lots of a kind together still are a number of points (I21).
    fn check_total(&self, points: &Key) -> Result<(), Overflow> {
        let lots = &self.state.lots;
        let all: i128 = lots.iter().map(|lot| i128::from(lot.remaining.units())).sum();
        if i64::try_from(all).is_ok() {
            return Ok(());
        }
        let of_kind = lots.iter().filter(|lot| lot.points == *points);
        Points::sum(of_kind.map(|lot| lot.remaining)).map(|_| ())
    }

    /// Takes from an open lot and closes it where nothing is left.
    fn take_from(&mut self, number: u32, amount: Points) -> Result<(), Overflow> {
        let position = self
            .state
            .lots
            .binary_search_by_key(&number, |lot| lot.number)
            .map_err(|_| Overflow)?;
        let lot = &mut self.state.lots[position];
        lot.remaining = lot.remaining.minus(amount)?;
        if lot.remaining < Points::ZERO {
            // More than there is would be points out of nothing: refuse like an overflow (I3).
            return Err(Overflow);
        }
        if lot.remaining.is_zero() {
            self.state.lots.remove(position);
        }
        Ok(())
    }

    fn take_parts(&mut self, points: &Key, parts: &[LotPart], to: Account) -> Result<(), Overflow> {
        for part in parts {
            self.take_from(part.lot, part.amount)?;
            let at = self.at;
            self.enter(points, (Account::Lots, to), part.amount, Some(part.lot), at)?;
        }
        Ok(())
    }

    fn restore(&mut self, points: &Key, parts: &[LotPart]) -> Result<(), Overflow> {
        for part in parts {
            if part.life.activity == self.activity {
                // A lot of its own, with an end of its own.
                if part.lot != self.state.next_lot {
                    return Err(Overflow);
                }
                self.state.next_lot = part.lot.checked_add(1).ok_or(Overflow)?;
            }
            crate::engine::put_back(&mut self.state.lots, points, part)?;
            self.check_total(points)?;
            let accounts = (Account::Redeemed, Account::Lots);
            self.enter(points, accounts, part.amount, Some(part.lot), self.at)?;
        }
        Ok(())
    }

    fn repay(&mut self, points: &Key, amount: Points, lot: u32) -> Result<(), Overflow> {
        self.take_from(lot, amount)?;
        let debt = self.state.debt(points.as_str()).minus(amount)?;
        if debt < Points::ZERO {
            return Err(Overflow);
        }
        self.set_debt(points, debt);
        let accounts = (Account::Lots, Account::Debt);
        self.enter(points, accounts, amount, Some(lot), self.at)
    }

    fn owe(&mut self, points: &Key, amount: Points, to: Account) -> Result<(), Overflow> {
        let debt = self.state.debt(points.as_str()).plus(amount)?;
        self.set_debt(points, debt);
        self.enter(points, (Account::Debt, to), amount, None, self.at)
    }

    fn set_debt(&mut self, points: &Key, debt: Points) {
        if debt.is_zero() {
            self.state.debts.remove(points);
        } else {
            self.state.debts.insert(points.clone(), debt);
        }
    }

    fn expire(
        &mut self,
        points: &Key,
        lot: u32,
        amount: Points,
        at: Timestamp,
    ) -> Result<(), Overflow> {
        self.take_from(lot, amount)?;
        match self.state.expired.binary_search_by_key(&lot, |expired| expired.number) {
            Ok(position) => {
                let known = &mut self.state.expired[position];
                known.amount = known.amount.plus(amount)?;
            }
            Err(position) => {
                self.state.expired.insert(position, ExpiredLot { number: lot, amount });
            }
        }
        self.enter(points, (Account::Lots, Account::Expired), amount, Some(lot), at)
    }

    fn reverse(&mut self, effect: &Effect) -> Result<(), Overflow> {
        let Effect::Reverse {
            points,
            amount,
            day,
            taken,
            lapsed,
            owed,
            forgiven,
            lapsed_lot,
            withheld,
            ..
        } = effect
        else {
            return Ok(());
        };
        self.earned(*day, points, amount.negated()?)?;
        for (lot, part) in taken {
            self.take_from(*lot, *part)?;
            let accounts = (Account::Lots, Account::Issued);
            self.enter(points, accounts, *part, Some(*lot), self.at)?;
        }
        if !lapsed.is_zero() {
            self.lapse(*lapsed_lot, *lapsed)?;
            let accounts = (Account::Expired, Account::Issued);
            self.enter(points, accounts, *lapsed, None, self.at)?;
        }
        self.owe(points, *owed, Account::Issued)?;
        let accounts = (Account::Forgiven, Account::Issued);
        self.enter(points, accounts, *forgiven, None, self.at)?;
        let accounts = (Account::Withheld, Account::Issued);
        self.enter(points, accounts, *withheld, None, self.at)
    }

    /// What ran out of a lot and was taken back afterwards is excused once only.
    fn lapse(&mut self, lot: Option<u32>, amount: Points) -> Result<(), Overflow> {
        let found = self.state.expired.iter().position(|expired| Some(expired.number) == lot);
        if let Some(position) = found {
            let known = &mut self.state.expired[position];
            known.amount = known.amount.minus(amount)?;
            if known.amount.is_zero() {
                self.state.expired.remove(position);
            }
        }
        Ok(())
    }

    fn count(&mut self, of: &Key, from: Date, change: i32) {
        let counters = &mut self.state.counters;
        let found = counters.iter().position(|known| known.from == from && known.of == *of);
        match found {
            Some(position) => {
                let used = counters[position].used.saturating_add_signed(change);
                if used == 0 {
                    counters.remove(position);
                } else {
                    counters[position].used = used;
                }
            }
            None if change > 0 => {
                counters.push(Counter { of: of.clone(), from, used: change.unsigned_abs() });
                counters.sort_by(|a, b| (&a.of, a.from).cmp(&(&b.of, b.from)));
            }
            None => {}
        }
    }
}
