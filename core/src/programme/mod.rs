//! The programme: a versioned text, read into a checked value or a list of problems.
//!
//! Reading never yields half a programme, and nothing of a programme lives elsewhere.
//! A `Programme` is immutable; what is asked of it in the hot path is found by index.

mod companies;
mod credit;
mod discount;
mod document;
mod ending;
mod entitlement;
mod findings;
mod games;
mod index;
mod occasion;
mod partner;
mod people;
mod problem;
mod quota;
mod reader;
mod settings;
mod staff;
mod timeline;

pub use companies::*;
pub use credit::{Credit, CreditLimit};
pub use discount::*;
pub use document::{Reading, read};
pub use ending::{Conversion, Ending, Remainder};
pub use entitlement::{
    Benefit, BenefitChoice, BenefitUses, Granting, Membership, MembershipRefund,
};
pub use games::*;
pub use occasion::Occasion;
pub use partner::Partner;
pub use people::*;
pub use problem::{Problem, Severity};
pub use quota::{Campaign, Quota, QuotaMost, QuotaOver, QuotaPer};
pub use settings::*;
pub use staff::*;
pub use timeline::{Programmes, Version};

pub(crate) use index::RuleIndex;

use crate::condition::{Condition, Environment, Scope, Type};
use crate::instrument::{InstrumentKind, plain_text};
use crate::values::{
    CalendarUnit, Currency, Key, Money, Period, Points, Rate, Rounding, Texts, Zone,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// A checked programme.
#[derive(Debug)]
pub struct Programme {
    pub key: Key,
    pub name: Texts,
    pub currency: Currency,
    pub zone: Zone,
    /// How long after its moment an activity may still be booked.
    pub backdating: Period,
    pub settings: Settings,
    pub stacking: Stacking,
    pub points: Vec<PointKind>,
    pub attributes: Vec<Attribute>,
    pub actions: Vec<ActionKind>,
    pub events: Vec<EventKind>,
    pub benefits: Vec<Benefit>,
    pub instruments: Vec<InstrumentDefinition>,
    pub ladders: Vec<Ladder>,
    /// In the order in which they are applied: by priority, then by id, never by place in the file.
    pub rules: Vec<Rule>,
    pub rewards: Vec<Reward>,
    pub campaigns: Vec<Campaign>,
    /// What is said of companies and their people.
    pub companies: Companies,
    pub staff: Staff,
    pub partners: Vec<Partner>,
    /// How many members one may bring; without it, any number.
    pub referral: Option<ReferralCap>,
    pub games: Games,
    /// The attribute from whose date tenure counts; from joining, where there is none.
    pub tenure_from: Option<Key>,
    /// What of the calendar some rule waits for.
    pub occasions: Vec<Occasion>,
    pub choices: Vec<BenefitChoice>,
    pub memberships: Vec<Membership>,
    pub credits: Vec<Credit>,
    /// How the programme ends, where it does.
    pub ending: Option<Ending>,
    pub(crate) index: RuleIndex,
    /// Prices are computed as they are where no setting says otherwise.
    pub(crate) prices_by_default: bool,
    /// The text that this was read from.
    pub text: String,
}

/// One kind of points with its own decimals, life and debts.
#[derive(Debug)]
pub struct PointKind {
    pub key: Key,
    pub name: Texts,
    pub decimals: u8,
    pub spendable: bool,
    pub expires: ExpiryRule,
    /// What earned points wait for before they can be spent.
    pub pending: PendingRule,
    pub shortfall: Shortfall,
    pub rounding: Rounding,
    /// How much money one point is worth, in units of the currency such as dollars.
    pub worth: Option<Rate>,
    /// How points of this kind pay for receipts; without it they do not.
    pub pays: Option<PointPayment>,
    pub at_most: MostPoints,
    /// Whether what was earned stays when the product comes back.
    pub on_return: OnReturn,
    /// How long points that ended meanwhile live on when they are given back.
    pub restored_grace: Option<Period>,
    /// The share of the contact person of a company in what is earned, in per cent.
    pub split: Option<Rate>,
    /// How points go to other members; without it they do not.
    pub transfer: Option<TransferRule>,
    /// Whether these points are stamps, and what a full card of them is.
    pub card: Option<Card>,
}

/// How points pay for a part of a receipt. What they are worth says their kind.
#[derive(Debug)]
pub struct PointPayment {
    /// Only whole multiples of this are taken.
    pub step: Points,
    /// The largest share of the lines that points may pay for, in per cent.
    pub at_most: Rate,
    /// On which lines; `None` is the whole receipt.
    pub filter: Option<Condition>,
}

impl PointKind {
    pub(crate) fn stays(&self) -> bool {
        self.on_return == OnReturn::Kept
    }
}

/// What a return does to what was earned with the product. A void always takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnReturn {
    TakenBack,
    Kept,
}

/// The most of a kind that rules give; what lies beyond is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MostPoints {
    pub per_receipt: Option<Points>,
    pub per_day: Option<Points>,
    /// By the month of the calendar.
    pub per_month: Option<Points>,
}

impl MostPoints {
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryRule {
    Never,
    /// At the end of the day that lies this long after earning.
    AfterEarning(Period),
    /// At the end of the day that lies `then` after the end of the calendar period of earning.
    AfterCalendar {
        unit: CalendarUnit,
        then: Period,
    },
    /// At the end of the day that lies this long after the member's last activity.
    AfterActivity(Period),
}

/// What earned points wait for before they can be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingRule {
    Nothing,
    /// The first instant of the day that lies this long after earning.
    For(Period),
    /// The first instant of a day.
    UntilDay(Date),
    /// The end of the calendar period of earning.
    UntilEndOf(CalendarUnit),
    /// An event of the receipt; where `then` is more than nothing, the first instant of the day
    /// that lies so long after it.
    AfterEvent {
        event: Key,
        then: Period,
    },
}

impl PendingRule {
    /// The event that points wait for.
    #[must_use]
    pub const fn event(&self) -> Option<&Key> {
        match self {
            Self::AfterEvent { event, .. } => Some(event),
            _ => None,
        }
    }
}

/// What happens when a return takes back more points than are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The member owes them; the next points earned pay first.
    Debt,
    /// They are let go, and the loss is on record.
    Forgiven,
    /// Their worth is kept back from the refund; what it does not cover is owed.
    Withheld,
}

/// A declared property of members.
#[derive(Debug)]
pub struct Attribute {
    pub key: Key,
    pub name: Texts,
    pub value_type: Type,
}

/// Something other than a purchase that a member may do.
#[derive(Debug)]
pub struct ActionKind {
    pub key: Key,
    pub name: Texts,
    pub fields: Vec<(Key, Type)>,
}

/// Something that happens to a receipt later, and that its points may wait for.
#[derive(Debug)]
pub struct EventKind {
    pub key: Key,
    pub name: Texts,
}

/// A kind of coupon, gift certificate or card that the programme issues.
#[derive(Debug)]
pub struct InstrumentDefinition {
    pub key: Key,
    pub name: Texts,
    /// What the codes of it begin with; it may be empty.
    pub prefix: String,
    /// How long one counts, from its issue or from its activation.
    pub lasts: Option<Period>,
    pub form: InstrumentForm,
}

#[derive(Debug)]
pub enum InstrumentForm {
    Coupon(CouponForm),
    Certificate(CertificateForm),
    Card,
}

#[derive(Debug)]
pub struct CouponForm {
    /// One code that anybody may type; nothing is issued then.
    pub public: Option<String>,
    /// Only whom it was issued to may use it.
    pub personal: bool,
    /// How often each can be used; `None` is any number of times.
    pub most_uses: Option<u32>,
    pub from: Option<Timestamp>,
    /// The first instant at which none of them counts.
    pub until: Option<Timestamp>,
}

#[derive(Debug)]
pub struct CertificateForm {
    pub values: CertificateValues,
    /// Whether the sale alone makes one count.
    pub active_at_sale: bool,
}

/// What certificates may be worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateValues {
    OneOf(Vec<Money>),
    Between { smallest: Money, largest: Money },
}

impl CertificateValues {
    #[must_use]
    pub fn contains(&self, value: Money) -> bool {
        match self {
            Self::OneOf(values) => values.contains(&value),
            Self::Between { smallest, largest } => (*smallest..=*largest).contains(&value),
        }
    }
}

impl InstrumentDefinition {
    #[must_use]
    pub const fn kind(&self) -> InstrumentKind {
        match self.form {
            InstrumentForm::Coupon(_) => InstrumentKind::Coupon,
            InstrumentForm::Certificate(_) => InstrumentKind::Certificate,
            InstrumentForm::Card => InstrumentKind::Card,
        }
    }

    #[must_use]
    pub const fn coupon(&self) -> Option<&CouponForm> {
        match &self.form {
            InstrumentForm::Coupon(coupon) => Some(coupon),
            _ => None,
        }
    }

    #[must_use]
    pub const fn certificate(&self) -> Option<&CertificateForm> {
        match &self.form {
            InstrumentForm::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub struct Ladder {
    pub key: Key,
    pub name: Texts,
    pub measure: Condition,
    /// From the lowest to the highest; the first is everybody's.
    pub tiers: Vec<Tier>,
    pub keep: Keep,
    /// How long a tier is kept beyond `keep`.
    pub grace: Period,
    pub by_hand: ByHand,
}

/// What a tier that a person set means beside the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByHand {
    /// The higher of the two holds.
    Floor,
    /// The tier that was set holds, whatever the measure says.
    Frozen,
}

#[derive(Debug)]
pub struct Tier {
    pub key: Key,
    pub name: Texts,
    /// The measure from which the tier is reached, in millionths.
    pub from: i128,
    /// Multipliers by position of the point kind.
    pub multiplies: Vec<(usize, Rate)>,
    /// Positions of the benefits.
    pub benefits: Vec<usize>,
}

/// How long a tier that was reached is kept when the measure falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not at all: the tier is what the measure says.
    AtOnce,
    /// To the end of the calendar period in which it was reached, and `following` more of them.
    Until {
        unit: CalendarUnit,
        following: u8,
    },
    Always,
}

#[derive(Debug)]
pub struct Rule {
    pub key: Key,
    pub name: Texts,
    pub on: Trigger,
    pub audience: Audience,
    pub schedule: Schedule,
    pub when: Option<Condition>,
    pub earn: Vec<Earning>,
    pub discount: Option<Discounting>,
    /// What to offer, in words, to whoever stands at the till.
    pub offer: Option<Texts>,
    /// The position of the coupon without which the rule does not hold.
    pub coupon: Option<usize>,
    pub issue: Option<Issuing>,
    /// What those get who brought the member.
    pub share: Option<Box<Sharing>>,
    /// A prize by chance.
    pub win: Option<Winning>,
    /// A gift by the member's taste, among these.
    pub surprise: Vec<Prize>,
    /// A benefit that it grants.
    pub benefit: Option<Granting>,
    /// Rules of one group exclude each other on a receipt.
    pub group: Option<Key>,
    /// Its discount stands with no other.
    pub exclusive: bool,
    /// Nobody is told of it before it strikes.
    pub hidden: bool,
    /// How long before `from` members are told of it.
    pub announce: Option<Period>,
    /// Smaller numbers come first.
    pub priority: i64,
    pub limit: Option<Limit>,
    /// Limits beyond a count for one member.
    pub quotas: Vec<Quota>,
    /// The position of the campaign whose limits it shares.
    pub campaign: Option<usize>,
    /// The share of the contact person of a company in what it earns, in per cent.
    pub split: Option<Rate>,
}

impl Rule {
    /// Whether it stands under limits beyond a count for one member.
    pub fn is_under_quotas(&self) -> bool {
        !self.quotas.is_empty() || self.campaign.is_some()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    Purchase,
    /// The position of the action.
    Action(usize),
    /// Somebody becomes a member.
    Joining,
    /// The position of the occasion.
    Occasion(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Members,
    Guests,
    Everyone,
}

/// When a rule is in force, in the programme's time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    pub from: Option<Timestamp>,
    /// The first instant at which the rule is over.
    pub until: Option<Timestamp>,
    /// Monday first; `None` is every day.
    pub weekdays: Option<[bool; 7]>,
    /// Spans of minutes since midnight, the end excluded; an end at or before its beginning
    /// means that the span goes on past midnight. Empty is the whole day.
    pub hours: Vec<(u16, u16)>,
}

#[derive(Debug)]
pub struct Earning {
    /// The position of the point kind.
    pub points: usize,
    pub amount: EarnAmount,
    /// On which lines; `None` is the whole receipt.
    pub filter: Option<Condition>,
    /// What it is computed on, where that is not what the settings say.
    pub base: Option<EarningBase>,
    /// The least and the most that it gives on one receipt.
    pub at_least: Option<Points>,
    pub at_most: Option<Points>,
    /// A fixed amount is given for each whole piece.
    pub per_piece: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarnAmount {
    Fixed(Points),
    /// `give` for every `per`; with `steps` only for every full one.
    PerAmount {
        give: Points,
        per: Money,
        steps: bool,
    },
    /// A share of the amount in money, as points of the same face value.
    Percent(Rate),
    /// Multiplies what the other rules give in this kind.
    Times(Rate),
}

/// A coupon that a rule gives.
#[derive(Debug)]
pub struct Issuing {
    /// The position of the instrument.
    pub coupon: usize,
    /// How long it counts, where that is another time than the instrument says.
    pub lasts: Option<Period>,
}

/// At most `times` per member and period, or for ever where there is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub times: u32,
    pub every: Option<CalendarUnit>,
}

/// Something that points buy.
#[derive(Debug)]
pub struct Reward {
    pub key: Key,
    pub name: Texts,
    /// Amounts by position of the point kind.
    pub cost: Vec<(usize, Points)>,
    pub gives: Gives,
    pub when: Option<Condition>,
    pub limit: Option<Limit>,
    /// Limits beyond a count for one member.
    pub quotas: Vec<Quota>,
    /// What it is worth to a person who gets it as a gift.
    pub gift: Option<Money>,
    /// The position of the partner at which it is redeemed, and who hands it over.
    pub partner: Option<usize>,
    /// Within which time somebody has to hand it over.
    pub fulfil: Option<Period>,
}

#[derive(Debug)]
pub enum Gives {
    /// Money off a receipt.
    Discount(Box<Discounting>),
    /// One piece of a matching line for nothing; without a receipt, a piece handed over.
    FreeItem { filter: Option<Condition> },
    /// The position of a benefit, and how long it lasts.
    Benefit { benefit: usize, lasts: Option<Period>, uses: Option<u32> },
    /// Points of another kind, such as money on an account: the position of the kind.
    Points { points: usize, amount: Points },
}

impl Programme {
    /// What conditions of this programme may speak of, within a scope.
    #[must_use]
    pub fn environment(&self, scope: Scope, action: Option<usize>) -> Environment {
        document::environment_of(
            scope,
            &self.points,
            &self.attributes,
            &self.ladders,
            &self.memberships,
            action.and_then(|action| self.actions.get(action)),
        )
    }

    /// Whether members have friends to bring.
    #[must_use]
    pub fn shares_with_friends(&self) -> bool {
        self.referral.is_some() || self.rules.iter().any(|rule| rule.share.is_some())
    }

    #[must_use]
    pub fn find_points(&self, key: &str) -> Option<(usize, &PointKind)> {
        self.points.iter().enumerate().find(|(_, kind)| kind.key.as_str() == key)
    }

    #[must_use]
    pub fn find_reward(&self, key: &str) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.key.as_str() == key)
    }

    #[must_use]
    pub fn find_action(&self, key: &str) -> Option<(usize, &ActionKind)> {
        self.actions.iter().enumerate().find(|(_, action)| action.key.as_str() == key)
    }

    #[must_use]
    pub fn find_benefit(&self, key: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|benefit| benefit.key.as_str() == key)
    }

    #[must_use]
    pub fn find_instrument(&self, key: &str) -> Option<(usize, &InstrumentDefinition)> {
        self.instruments.iter().enumerate().find(|(_, definition)| definition.key.as_str() == key)
    }

    /// The coupon whose public code somebody typed.
    #[must_use]
    pub fn find_public_code(&self, text: &str) -> Option<&InstrumentDefinition> {
        let case = self.settings.code_case;
        let plain = plain_text(text, case);
        self.instruments.iter().find(|definition| {
            let public = definition.coupon().and_then(|coupon| coupon.public.as_deref());
            public.is_some_and(|public| plain_text(public, case) == plain)
        })
    }

    /// What codes of this programme may begin with.
    #[must_use]
    pub fn code_prefixes(&self) -> Vec<&str> {
        let prefixes = self.instruments.iter().map(|definition| definition.prefix.as_str());
        prefixes.filter(|prefix| !prefix.is_empty()).collect()
    }

    #[must_use]
    pub fn find_partner(&self, key: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.key.as_str() == key)
    }

    #[must_use]
    pub fn find_rule(&self, key: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.key.as_str() == key)
    }
}
