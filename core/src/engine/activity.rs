//! What happens to a member, as it is handed to a decision and as it is recorded.

use super::derived::Incoming;
use crate::member::{AttributeValue, Contact, MemberKind};
use crate::values::{ActivityId, InstrumentId, Key, MemberId, Money, Points, Quantity, Rate};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most lines of a receipt; a receipt beyond this is refused before anything is computed.
pub const LINES_MAX: usize = 5_000;
/// The most rewards claimed on one receipt.
pub const REWARDS_MAX: usize = 50;
/// The most codes, and the most payments, on one receipt.
pub const CODES_MAX: usize = 50;
/// The longest name of a product, a category, a location; in bytes.
pub const NAME_BYTES_MAX: usize = 200;

/// A receipt, as the till wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub till: Option<String>,
    /// Who stood at the till, by the name that the shop uses; limits may count by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<String>,
    /// Who of a company or a household it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Key>,
    /// The partner of the programme at which it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Key>,
    pub lines: Vec<Line>,
    /// Rewards that the member takes on this receipt and pays for with points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Claim>,
    /// The codes that were shown, in the order in which they were. Never in clear: the edge
    /// looks them up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Presented>,
    /// What points and certificates shall pay. A certificate that was shown and is not named
    /// here pays as much as it can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pay: Vec<Payment>,
    /// The hold that this receipt confirms; all else is as it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<ActivityId>,
}

/// What a code turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presented {
    /// Nobody knows that code.
    Unknown,
    Instrument(InstrumentId),
    /// A code that anybody may type, by the coupon that it stands for.
    Public(Key),
}

/// A payment that is not money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payment {
    Points {
        points: Key,
        amount: Points,
    },
    Certificate {
        /// The place of its code among those that were shown, counted from 0.
        presented: u32,
        /// As much as it can, where no amount is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<Money>,
    },
}

/// What a line sells. Rules touch goods alone unless their filter names `line.kind`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    #[default]
    Goods,
    /// Carriage and its like.
    Delivery,
    /// A gift certificate that is sold: money for money.
    Certificate,
}

impl LineKind {
    pub const ALL: [Self; 3] = [Self::Goods, Self::Delivery, Self::Certificate];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Delivery => "delivery",
            Self::Certificate => "certificate",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over so")]
    fn is_goods(&self) -> bool {
        *self == Self::Goods
    }
}

/// One line of a receipt: so much of a product at a price.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    #[serde(default, skip_serializing_if = "LineKind::is_goods")]
    pub kind: LineKind,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Above zero.
    pub quantity: Quantity,
    /// Zero or more, for one piece or one unit of weight.
    pub unit_price: Money,
    /// What one piece cost the shop, where it is known: the ground of margin floors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
    /// The lowest price of the thirty days before a reduction, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest_price: Option<Money>,
    /// The tax that the price holds, in per cent of the price without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Rate>,
    /// The certificate that the line sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sells: Option<InstrumentId>,
}

/// A reward wanted on a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub reward: Key,
    /// For a free item, the position of the line; the dearest matching piece where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Returned {
    /// Parts of lines of a known receipt.
    OfReceipt { receipt: ActivityId, lines: Vec<(u32, Quantity)> },
    /// Products without a receipt, matched to the latest purchases.
    WithoutReceipt { products: Vec<(String, Quantity)> },
}

/// What an advance is set off against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetOffAgainst {
    /// A payment that came for the member; what it is more than the advance goes to the account.
    Payment,
    /// What the member has on the account.
    Balance,
}

/// Anything that is decided and booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    Joining {
        kind: MemberKind,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<Key, AttributeValue>,
        /// Those who brought the member, the nearest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        line: Vec<MemberId>,
    },
    /// Somebody who was a member elsewhere, or before this program was there. Nothing is given for
    /// joining, because that was long ago.
    Import {
        kind: MemberKind,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<Key, AttributeValue>,
        /// A member since that day.
        since: Date,
    },
    Purchase(Purchase),
    /// A checkout whose takings are reserved for so many minutes, until it is confirmed.
    Hold {
        purchase: Purchase,
        minutes: u32,
    },
    Return {
        returned: Returned,
    },
    /// Takes a whole receipt, action, redemption or adjustment back.
    Void {
        of: ActivityId,
    },
    Action {
        action: Key,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        fields: BTreeMap<Key, AttributeValue>,
    },
    /// A reward taken without a receipt.
    Redemption {
        reward: Key,
        /// Who of a company or a household takes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Key>,
    },
    /// Points given or taken by a person, with a reason and a name.
    Adjustment {
        points: Key,
        /// Negative takes.
        amount: Points,
        reason: String,
        actor: String,
    },
    /// Books what has run out, so that reports need not compute it.
    Settlement,
    /// A tier that a person sets, or no longer sets.
    TierSetting {
        ladder: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Key>,
        /// The last day on which it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        reason: String,
        actor: String,
    },
    /// Something that points of an earlier activity may wait for, such as its delivery.
    Event {
        of: ActivityId,
        event: Key,
    },
    /// What somebody else's activity means for this member. No caller can send one.
    Incoming(Incoming),
    /// A person of a company or a household, as he is from now on.
    ContactSet {
        contact: Key,
        details: Contact,
    },
    ContactRemoved {
        contact: Key,
    },
    /// A reward of worth that a person gets, and who answers for it.
    Gift {
        reward: Key,
        /// The contact of the company; nobody where a person takes it for his own points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Key>,
        /// The member as whom the contact's person goes on, where it was merged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<MemberId>,
        asked_by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<String>,
    },
    /// Points that an employee gives to a colleague.
    Recognition {
        to: MemberId,
        amount: Points,
        reason: String,
    },
    /// The employee is in this team from now on, or in none.
    TeamSetting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<MemberId>,
    },
    /// Who enrolled this member.
    Enrolment {
        by: MemberId,
    },
    /// What the contract gives a company back for a period that is over.
    Rebate {
        from: Date,
        until: Date,
    },
    /// A member that joined by itself is attributed to those who brought it, by a person.
    Attribution {
        /// The nearest first, as far as it is known.
        line: Vec<MemberId>,
        reason: String,
        actor: String,
    },
    /// Points for another member.
    Transfer {
        to: MemberId,
        points: Key,
        amount: Points,
    },
    /// The member is the same as another one, and goes on as that.
    Merge {
        into: MemberId,
    },
    /// What the calendar brings, such as a birthday. No caller can send one.
    Occasion {
        occasion: Key,
        day: Date,
    },
    /// The member uses a benefit.
    BenefitUse {
        benefit: Key,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody did what an earlier activity had asked for.
    Fulfilment {
        of: ActivityId,
        /// The position of the effect that asked for it.
        effect: u32,
        note: String,
        actor: String,
    },
    /// The member paid for a membership.
    MembershipPayment {
        membership: Key,
    },
    /// The member gets something before it is paid.
    Advance {
        credit: Key,
        amount: Points,
    },
    /// What was advanced is set off.
    SetOff {
        credit: Key,
        amount: Points,
        against: SetOffAgainst,
    },
}

impl Activity {
    /// The word that stands for the kind of activity in storage and in the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Joining { .. } => "joining",
            Self::Import { .. } => "import",
            Self::Purchase(_) => "receipt",
            Self::Hold { .. } => "hold",
            Self::Return { .. } => "return",
            Self::Void { .. } => "void",
            Self::Action { .. } => "action",
            Self::Redemption { .. } => "redemption",
            Self::Adjustment { .. } => "adjustment",
            Self::Settlement => "settlement",
            Self::TierSetting { .. } => "tier-setting",
            Self::Event { .. } => "event",
            Self::Incoming(_) => "incoming",
            Self::ContactSet { .. } => "contact-set",
            Self::ContactRemoved { .. } => "contact-removed",
            Self::Gift { .. } => "gift",
            Self::Rebate { .. } => "rebate",
            Self::Recognition { .. } => "recognition",
            Self::TeamSetting { .. } => "team-setting",
            Self::Enrolment { .. } => "enrolment",
            Self::Attribution { .. } => "attribution",
            Self::Transfer { .. } => "transfer",
            Self::Merge { .. } => "merge",
            Self::Occasion { .. } => "occasion",
            Self::BenefitUse { .. } => "benefit-use",
            Self::Fulfilment { .. } => "fulfilment",
            Self::MembershipPayment { .. } => "membership-payment",
            Self::Advance { .. } => "advance",
            Self::SetOff { .. } => "set-off",
        }
    }
}
