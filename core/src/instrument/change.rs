//! What can happen to an instrument, and the ledger of its value.
//!
//! A change that the state does not allow is refused and changes nothing. Every movement of
//! value goes from one account to another, so that the entries of a certificate always sum to
//! what is left on it (I1).

use super::{Instrument, InstrumentKind, Status};
use crate::engine::{Effect, Means};
use crate::values::{InstrumentId, Money, Overflow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// One thing that happens to an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A certificate is paid for. It counts at once, or waits to be activated by hand.
    Sell {
        face: Money,
        active: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    Activate {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// A certificate pays.
    Pay {
        amount: Money,
    },
    /// What a certificate paid comes back to it.
    Refill {
        amount: Money,
    },
    /// A coupon is used.
    Use,
    /// A use of a coupon is given back.
    GiveBack,
    /// Its sale, or what issued it, is taken back.
    TakeBack,
    Block,
    Unblock,
}

impl Change {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sell { .. } => "sell",
            Self::Activate { .. } => "activate",
            Self::Pay { .. } => "pay",
            Self::Refill { .. } => "refill",
            Self::Use => "use",
            Self::GiveBack => "give-back",
            Self::TakeBack => "take-back",
            Self::Block => "block",
            Self::Unblock => "unblock",
        }
    }
}

/// Where the value of certificates lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueAccount {
    /// Where value comes from when a certificate begins to count.
    Issued,
    /// On the certificate.
    Left,
    /// What paid for receipts.
    Paid,
}

impl ValueAccount {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Left => "left",
            Self::Paid => "paid",
        }
    }
}

/// One change as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentEntry {
    pub instrument: InstrumentId,
    /// Counts from 1 within the instrument.
    pub number: u32,
    pub change: Change,
    /// Zero where no value moves.
    pub amount: Money,
    pub from: ValueAccount,
    pub to: ValueAccount,
    pub at: Timestamp,
}

/// The instrument stands where the change cannot be made, or a number does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAllowed {
    pub status: Status,
}

impl From<NotAllowed> for Overflow {
    // A decision is made on the very state that it is booked on, so a change that is not allowed
    // is as impossible there as a sum that does not fit, and refused in the same way.
    fn from(_: NotAllowed) -> Self {
        Self
    }
}

impl Instrument {
    /// Applies a change and gives its entry. On an error nothing has changed.
    pub fn apply(
        &mut self,
        instrument: InstrumentId,
        change: &Change,
        at: Timestamp,
    ) -> Result<InstrumentEntry, NotAllowed> {
        let status = self.status(at);
        let refused = NotAllowed { status };
        let mut after = self.clone();
        let moved = after.change(change, status, at).ok_or(refused)?;
        after.entries = after.entries.checked_add(1).ok_or(refused)?;
        *self = after;
        let (amount, from, to) = moved;
        let (number, change) = (self.entries, change.clone());
        Ok(InstrumentEntry { instrument, number, change, amount, from, to, at })
    }

    /// Makes the change on a copy, and says what value moved; nothing where it is not allowed.
    fn change(
        &mut self,
        change: &Change,
        status: Status,
        at: Timestamp,
    ) -> Option<(Money, ValueAccount, ValueAccount)> {
        use ValueAccount::{Issued, Left, Paid};
        let nothing = Some((Money::ZERO, Issued, Issued));
        let is_certificate = self.kind == InstrumentKind::Certificate;
        let is_live = matches!(status, Status::Active | Status::PartlyUsed);
        match change {
            Change::Sell { face, active, ends_at }
                if is_certificate && status == Status::Prepared && face.is_positive() =>
            {
                (self.sold_at, self.face) = (Some(at), *face);
                if !active {
                    return nothing;
                }
                (self.active_from, self.ends_at, self.value_left) = (Some(at), *ends_at, *face);
                Some((*face, Issued, Left))
            }
            Change::Activate { ends_at }
                if is_certificate
                    && matches!(status, Status::Prepared | Status::Sold)
                    && self.face.is_positive() =>
            {
                (self.active_from, self.ends_at) = (Some(at), *ends_at);
                self.value_left = self.face;
                Some((self.face, Issued, Left))
            }
            Change::Pay { amount } if is_certificate && is_live && amount.is_positive() => {
                self.value_left = self.value_left.minus(*amount).ok()?;
                (self.value_left >= Money::ZERO).then_some((*amount, Left, Paid))
            }
            // What was paid comes back even where the certificate has ended or is blocked
            // meanwhile: the value is its own again, and its end stands.
            Change::Refill { amount }
                if is_certificate && status != Status::Returned && amount.is_positive() =>
            {
                self.active_from?;
                self.value_left = self.value_left.plus(*amount).ok()?;
                (self.value_left <= self.face).then_some((*amount, Paid, Left))
            }
            Change::Use if self.kind == InstrumentKind::Coupon && is_live => {
                self.used = self.used.checked_add(1)?;
                nothing
            }
            Change::GiveBack if self.kind == InstrumentKind::Coupon => {
                self.used = self.used.checked_sub(1)?;
                nothing
            }
            Change::TakeBack => self.take_back(status),
            Change::Block if !matches!(status, Status::Blocked | Status::Returned) => {
                self.blocked = true;
                nothing
            }
            Change::Unblock if status == Status::Blocked => {
                self.blocked = false;
                nothing
            }
            _ => None,
        }
    }

    /// Whether nothing of it was used yet, so that its sale can be taken back.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        !self.returned
            && match self.kind {
                InstrumentKind::Certificate => {
                    self.active_from.is_none() || self.value_left == self.face
                }
                InstrumentKind::Coupon => self.used == 0,
                InstrumentKind::Card => true,
            }
    }

    fn take_back(&mut self, status: Status) -> Option<(Money, ValueAccount, ValueAccount)> {
        let in_hands = match self.kind {
            InstrumentKind::Certificate => status != Status::Prepared,
            InstrumentKind::Coupon => true,
            InstrumentKind::Card => false,
        };
        if !in_hands || !self.is_untouched() {
            return None;
        }
        let amount = std::mem::take(&mut self.value_left);
        self.returned = true;
        Some((amount, ValueAccount::Left, ValueAccount::Issued))
    }
}

/// What an effect does to an instrument, if it does anything to one.
#[must_use]
pub fn changes_of(effect: &Effect) -> Option<(InstrumentId, Change)> {
    Some(match effect {
        Effect::UseCoupon { instrument, change, .. } => {
            (*instrument, if *change < 0 { Change::GiveBack } else { Change::Use })
        }
        Effect::Pay { means: Means::Certificate { instrument }, amount, .. } => {
            (*instrument, Change::Pay { amount: *amount })
        }
        Effect::Refill { instrument, amount, .. } => {
            (*instrument, Change::Refill { amount: *amount })
        }
        Effect::SellCertificate { instrument, face, active, ends_at, .. } => {
            (*instrument, Change::Sell { face: *face, active: *active, ends_at: *ends_at })
        }
        Effect::TakeBackInstrument { instrument, .. } => (*instrument, Change::TakeBack),
        _ => return None,
    })
}

/// Applies effects to the instruments at hand: those that changed, as they are afterwards, and
/// the entries. What is at hand stays as it is, so that on an error nothing has changed.
pub fn book_changes(
    at_hand: &BTreeMap<InstrumentId, Instrument>,
    at: Timestamp,
    effects: &[Effect],
) -> Result<(BTreeMap<InstrumentId, Instrument>, Vec<InstrumentEntry>), Overflow> {
    let mut changed: BTreeMap<InstrumentId, Instrument> = BTreeMap::new();
    let mut entries = Vec::new();
    for effect in effects {
        if let Some((id, coupon)) = issued_by(effect, at) {
            // An id is issued once; the same activity booked twice would issue it twice (I8).
            if at_hand.contains_key(&id) || changed.insert(id, coupon).is_some() {
                return Err(Overflow);
            }
        } else if let Some((id, change)) = changes_of(effect) {
            let instrument = match changed.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(at_hand.get(&id).ok_or(Overflow)?.clone()),
            };
            entries.push(instrument.apply(id, &change, at)?);
        }
    }
    Ok((changed, entries))
}

/// The coupon that an effect issues, as it is at first.
#[must_use]
pub fn issued_by(effect: &Effect, at: Timestamp) -> Option<(InstrumentId, Instrument)> {
    let Effect::IssueCoupon { coupon, instrument, holder, most_uses, ends_at, .. } = effect else {
        return None;
    };
    let mut issued = Instrument::coupon(coupon.clone(), at, *most_uses);
    (issued.holder, issued.ends_at) = (*holder, *ends_at);
    Some((*instrument, issued))
}
