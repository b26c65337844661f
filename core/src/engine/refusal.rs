//! Refusals: why an activity is not booked at all. Nothing changes then.

use super::code_problem::CodeProblem;
use super::counters::CounterKey;
use super::decision::Reason;
use crate::values::{ActivityId, Key, MemberId, Points, Quantity};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why an activity is not booked at all. Nothing changes then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    NoProgramme,
    NoMember,
    AlreadyMember,
    NoLines,
    TooManyLines {
        most: usize,
    },
    NegativePrice {
        line: usize,
    },
    QuantityNotPositive {
        line: usize,
    },
    NameTooLong {
        what: String,
    },
    Overflow,
    CalendarRange,
    UnknownReward {
        reward: Key,
    },
    UnknownAction {
        action: Key,
    },
    UnknownPoints {
        points: Key,
    },
    UnknownAttribute {
        attribute: Key,
    },
    WrongAttributeType {
        attribute: Key,
    },
    /// The reward needs a receipt to take something off.
    RewardNeedsReceipt {
        reward: Key,
    },
    /// The reward cannot be had; the reason says why.
    RewardNotPossible {
        reason: Box<Reason>,
    },
    UnknownActivity {
        activity: ActivityId,
    },
    /// The activity is of a kind that cannot be returned or voided.
    NotReversible {
        activity: ActivityId,
    },
    AlreadyVoided {
        activity: ActivityId,
    },
    UnknownLine {
        line: u32,
    },
    MoreThanBought {
        line: u32,
        left: Quantity,
    },
    NothingReturned,
    UnknownEvent {
        event: Key,
    },
    UnknownLadder {
        ladder: Key,
    },
    UnknownTier {
        tier: Key,
    },
    /// What is set by hand would be over before it begins.
    EndsBeforeToday,
    AmountZero,
    HoldTooLong {
        /// In minutes.
        most: u32,
    },
    /// The hold was confirmed or cancelled, or its time is over.
    HoldEnded {
        activity: ActivityId,
    },
    /// The receipt is not what was held.
    HoldDiffers {
        activity: ActivityId,
    },
    /// The decision needs a counter that was not read; whoever reads it decides again.
    CounterNotAtHand {
        counter: Box<CounterKey>,
    },
    ReasonMissing,
    NotEnoughToTake {
        available: Points,
    },
    TooManyCodes {
        most: usize,
    },
    /// The programme books no receipt with a code that does not hold.
    CodeRefused {
        position: u32,
        why: CodeProblem,
    },
    /// The payment cannot be made; the reason says why.
    PaymentNotPossible {
        reason: Box<Reason>,
    },
    /// The same points were named by two payments.
    PaidTwice {
        points: Key,
    },
    /// The programme lets one means pay for a receipt besides money.
    OneMeansOnly,
    /// The line cannot sell that certificate: for another price, more than one, or sold already.
    CertificateNotForSale {
        line: u32,
    },
    /// The certificate that the line sold was used already.
    CertificateUsed {
        line: u32,
    },
    /// Only companies and households have contacts.
    NoContacts,
    UnknownContact {
        contact: Key,
    },
    UnknownRole {
        role: Key,
    },
    /// The person of a contact is the company itself.
    ContactIsMember,
    ShareOutOfRange,
    /// The purse of all is not this contact's to spend.
    ContactMayNotSpend {
        contact: Key,
    },
    /// Who spends from the purse of all has to be named.
    ContactMissing,
    /// A gift is taken without a receipt, and for a person who is named.
    GiftNeedsRecipient {
        reward: Key,
    },
    /// A gift of that worth is approved by a second person.
    GiftNeedsApproval {
        reward: Key,
    },
    /// Nobody approves what he asked for himself.
    ApprovedByAsker,
    /// The programme has no rebate.
    NoRebate,
    /// A rebate is a company's, never a person's.
    RebateForCompanies,
    /// The days are no whole period of the rebate, or it is not over, or too long ago.
    RebatePeriod,
    RebateGiven {
        from: Date,
    },
    UnknownPartner {
        partner: Key,
    },
    /// The programme has no recognition.
    NoRecognition,
    /// Only employees do that, and only to employees.
    NotStaff,
    /// Nobody gives such points to himself.
    ToOneself,
    /// What an employee may give in the period is given, but for this.
    AllowanceUsed {
        points: Key,
        left: Points,
    },
    /// The programme credits nobody for enrolments.
    NoEnrolment,
    /// Who enrolled a member is said once, on the day of joining.
    EnrolledAlready,
    /// Employees are in teams, and nobody else has any.
    NotATeam,
    /// A team is never merged.
    TeamNotMerged,
    /// It is not said who brought the member.
    NoReferrer,
    /// The member would stand in the line of those who brought it.
    ReferralCycle,
    AlreadyReferred,
    /// The member has bought something already.
    AttributionTooLate,
    /// Whoever brought the member has brought as many as the programme allows.
    TooManyReferrals {
        reason: Box<Reason>,
    },
    TransferToOneself,
    TransferNotAllowed {
        points: Key,
    },
    TransferTooSmall {
        points: Key,
        least: Points,
    },
    TransferNotWholeSteps {
        points: Key,
        step: Points,
    },
    MergeIntoItself,
    /// The member was merged into another one.
    MemberMerged {
        into: MemberId,
    },
    /// No rule waits for it, or it is booked for that day already.
    OccasionNotDue {
        occasion: Key,
    },
    UnknownBenefit {
        benefit: Key,
    },
    /// The member does not have the benefit.
    NotEntitled {
        benefit: Key,
    },
    /// The benefit was used as often as it can be, in the period that began then.
    BenefitUsedUp {
        benefit: Key,
        times: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<jiff::civil::Date>,
    },
    /// Nothing is to be done there, or it is done.
    UnknownTask {
        activity: ActivityId,
    },
    UnknownMembership {
        membership: Key,
    },
    UnknownCredit {
        credit: Key,
    },
    /// More than the limit of the credit leaves.
    OverCredit {
        credit: Key,
        most: Points,
        open: Points,
    },
    /// More than what was advanced and is not set off.
    NothingAdvanced {
        credit: Key,
        open: Points,
    },
    /// Nothing of the kind can be spent or given since that day.
    ProgrammeEnded {
        last: jiff::civil::Date,
    },
}

impl From<crate::values::Overflow> for Refusal {
    fn from(_: crate::values::Overflow) -> Self {
        Self::Overflow
    }
}

impl From<crate::values::CalendarError> for Refusal {
    fn from(_: crate::values::CalendarError) -> Self {
        Self::CalendarRange
    }
}

impl From<crate::condition::EvaluateError> for Refusal {
    fn from(_: crate::condition::EvaluateError) -> Self {
        Self::Overflow
    }
}

impl Refusal {
    /// The stable code of the refusal, as in the table of the API's errors.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProgramme => "no-programme",
            Self::NoMember => "no-member",
            Self::AlreadyMember => "already-member",
            Self::NoLines => "no-lines",
            Self::TooManyLines { .. } => "too-many-lines",
            Self::NegativePrice { .. } => "negative-price",
            Self::QuantityNotPositive { .. } => "quantity-not-positive",
            Self::NameTooLong { .. } => "name-too-long",
            Self::Overflow => "number-too-large",
            Self::CalendarRange => "date-out-of-range",
            Self::UnknownReward { .. } => "unknown-reward",
            Self::UnknownAction { .. } => "unknown-action",
            Self::UnknownPoints { .. } => "unknown-points",
            Self::UnknownAttribute { .. } => "unknown-attribute",
            Self::WrongAttributeType { .. } => "wrong-attribute-type",
            Self::RewardNeedsReceipt { .. } => "reward-needs-receipt",
            Self::RewardNotPossible { .. } => "reward-not-possible",
            Self::UnknownActivity { .. } => "unknown-activity",
            Self::NotReversible { .. } => "not-reversible",
            Self::AlreadyVoided { .. } => "already-voided",
            Self::UnknownLine { .. } => "unknown-line",
            Self::MoreThanBought { .. } => "more-than-bought",
            Self::NothingReturned => "nothing-returned",
            Self::UnknownEvent { .. } => "unknown-event",
            Self::UnknownLadder { .. } => "unknown-ladder",
            Self::UnknownTier { .. } => "unknown-tier",
            Self::EndsBeforeToday => "ends-before-today",
            Self::AmountZero => "amount-zero",
            Self::HoldTooLong { .. } => "hold-too-long",
            Self::HoldEnded { .. } => "hold-ended",
            Self::HoldDiffers { .. } => "hold-differs",
            Self::CounterNotAtHand { .. } => "counter-not-at-hand",
            Self::ReasonMissing => "reason-missing",
            Self::NotEnoughToTake { .. } => "not-enough-to-take",
            Self::TooManyCodes { .. } => "too-many-codes",
            Self::CodeRefused { .. } => "code-refused",
            Self::PaymentNotPossible { .. } => "payment-not-possible",
            Self::PaidTwice { .. } => "paid-twice",
            Self::OneMeansOnly => "one-means-only",
            Self::CertificateNotForSale { .. } => "certificate-not-for-sale",
            Self::CertificateUsed { .. } => "certificate-used",
            Self::NoContacts => "no-contacts",
            Self::UnknownContact { .. } => "unknown-contact",
            Self::UnknownRole { .. } => "unknown-role",
            Self::ContactIsMember => "contact-is-member",
            Self::ShareOutOfRange => "share-out-of-range",
            Self::ContactMayNotSpend { .. } => "contact-may-not-spend",
            Self::ContactMissing => "contact-missing",
            Self::GiftNeedsRecipient { .. } => "gift-needs-recipient",
            Self::GiftNeedsApproval { .. } => "gift-needs-approval",
            Self::ApprovedByAsker => "approved-by-asker",
            Self::NoRebate => "no-rebate",
            Self::RebateForCompanies => "rebate-for-companies",
            Self::RebatePeriod => "rebate-period",
            Self::RebateGiven { .. } => "rebate-given",
            Self::UnknownPartner { .. } => "unknown-partner",
            Self::NoRecognition => "no-recognition",
            Self::NotStaff => "not-staff",
            Self::ToOneself => "to-oneself",
            Self::AllowanceUsed { .. } => "allowance-used",
            Self::NoEnrolment => "no-enrolment",
            Self::EnrolledAlready => "enrolled-already",
            Self::NotATeam => "not-a-team",
            Self::TeamNotMerged => "team-not-merged",
            Self::NoReferrer => "no-referrer",
            Self::ReferralCycle => "referral-cycle",
            Self::AlreadyReferred => "already-referred",
            Self::AttributionTooLate => "attribution-too-late",
            Self::TooManyReferrals { .. } => "too-many-referrals",
            Self::TransferToOneself => "transfer-to-oneself",
            Self::TransferNotAllowed { .. } => "transfer-not-allowed",
            Self::TransferTooSmall { .. } => "transfer-too-small",
            Self::TransferNotWholeSteps { .. } => "transfer-not-whole-steps",
            Self::MergeIntoItself => "merge-into-itself",
            Self::MemberMerged { .. } => "member-merged",
            Self::OccasionNotDue { .. } => "occasion-not-due",
            Self::UnknownBenefit { .. } => "unknown-benefit",
            Self::NotEntitled { .. } => "not-entitled",
            Self::BenefitUsedUp { .. } => "benefit-used-up",
            Self::UnknownTask { .. } => "unknown-task",
            Self::UnknownMembership { .. } => "unknown-membership",
            Self::UnknownCredit { .. } => "unknown-credit",
            Self::OverCredit { .. } => "over-credit",
            Self::NothingAdvanced { .. } => "nothing-advanced",
            Self::ProgrammeEnded { .. } => "programme-ended",
        }
    }
}
