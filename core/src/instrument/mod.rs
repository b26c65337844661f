//! Instruments: coupons, gift certificates and cards, all one kind of object (requirement C1).
//!
//! An instrument belongs to nobody's state: it is what a decision may read and change besides
//! its member. It is a fold over changes, never edited in place, and it never knows its code:
//! codes are read and written elsewhere, and the engine sees ids alone.

mod change;
mod code;

pub use change::{
    Change, InstrumentEntry, NotAllowed, ValueAccount, book_changes, changes_of, issued_by,
};
pub use code::{
    ALPHABET, CARD_DIGITS, CERTIFICATE_LENGTH, COUPON_LENGTH, CodeReading, barcode_of,
    card_number_of, code_of, grouped, plain_text, read_code,
};

use crate::values::{Key, MemberId, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an instrument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstrumentKind {
    /// Lets rules hold that ask for it.
    Coupon,
    /// Holds money and pays with it.
    Certificate,
    /// Names a member.
    Card,
}

impl InstrumentKind {
    pub const ALL: [Self; 3] = [Self::Coupon, Self::Certificate, Self::Card];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coupon => "coupon",
            Self::Certificate => "certificate",
            Self::Card => "card",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where an instrument stands in its life. It follows from what happened to it and, for the
/// end of its time, from the moment that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Made, and not yet in anybody's hands.
    Prepared,
    /// Paid for, and not yet activated.
    Sold,
    Active,
    /// Some of its value or of its uses is gone.
    PartlyUsed,
    Used,
    Expired,
    Blocked,
    /// The sale of it was taken back.
    Returned,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Prepared,
        Self::Sold,
        Self::Active,
        Self::PartlyUsed,
        Self::Used,
        Self::Expired,
        Self::Blocked,
        Self::Returned,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sold => "sold",
            Self::Active => "active",
            Self::PartlyUsed => "partly-used",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::Returned => "returned",
        }
    }
}

/// One coupon, certificate or card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// The instrument of the programme that it is one of.
    pub of: Key,
    pub kind: InstrumentKind,
    /// Whom it was issued to; nobody in particular where that is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<MemberId>,
    pub issued_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_from: Option<Timestamp>,
    /// The first instant at which it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// What a certificate is worth at first; a certificate for sale may get it at the sale.
    #[serde(default, skip_serializing_if = "Money::is_zero_ref")]
    pub face: Money,
    /// What of it can still be spent: the sum of its entries.
    #[serde(default, skip_serializing_if = "Money::is_zero_ref")]
    pub value_left: Money,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub used: u32,
    /// How often a coupon can be used; as often as one likes where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_uses: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub blocked: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub returned: bool,
    /// How many changes were booked; the version of this state.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub entries: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Instrument {
    /// A coupon, active from its making.
    #[must_use]
    pub fn coupon(of: Key, issued_at: Timestamp, most_uses: Option<u32>) -> Self {
        let active_from = Some(issued_at);
        Self { most_uses, active_from, ..Self::made(of, InstrumentKind::Coupon, issued_at) }
    }

    /// A certificate that waits for its sale, or one that is given away and counts at once.
    #[must_use]
    pub fn certificate(of: Key, issued_at: Timestamp, face: Money, is_active: bool) -> Self {
        let made = Self::made(of, InstrumentKind::Certificate, issued_at);
        if !is_active {
            return Self { face, ..made };
        }
        Self { face, value_left: face, active_from: Some(issued_at), ..made }
    }

    /// A card that names nobody yet.
    #[must_use]
    pub fn card(of: Key, issued_at: Timestamp) -> Self {
        let active_from = Some(issued_at);
        Self { active_from, ..Self::made(of, InstrumentKind::Card, issued_at) }
    }

    fn made(of: Key, kind: InstrumentKind, issued_at: Timestamp) -> Self {
        Self {
            of,
            kind,
            holder: None,
            issued_at,
            sold_at: None,
            active_from: None,
            ends_at: None,
            face: Money::ZERO,
            value_left: Money::ZERO,
            used: 0,
            most_uses: None,
            blocked: false,
            returned: false,
            entries: 0,
        }
    }

    /// Where it stands at a moment.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> Status {
        if self.returned {
            return Status::Returned;
        }
        if self.blocked {
            return Status::Blocked;
        }
        let standing = self.standing();
        let has_ended = self.ends_at.is_some_and(|ends_at| ends_at <= at);
        // What is used up says so for ever; its end changes nothing any more.
        if has_ended && standing != Status::Used { Status::Expired } else { standing }
    }

    /// Where it stands by what happened to it, whatever the time and whoever blocked it.
    fn standing(&self) -> Status {
        if self.active_from.is_none() {
            return if self.sold_at.is_some() { Status::Sold } else { Status::Prepared };
        }
        match self.kind {
            InstrumentKind::Card => Status::Active,
            InstrumentKind::Certificate if self.value_left.is_zero() => Status::Used,
            InstrumentKind::Certificate if self.value_left < self.face => Status::PartlyUsed,
            InstrumentKind::Certificate => Status::Active,
            InstrumentKind::Coupon => match self.most_uses {
                Some(most) if self.used >= most => Status::Used,
                Some(_) if self.used > 0 => Status::PartlyUsed,
                _ => Status::Active,
            },
        }
    }
}
