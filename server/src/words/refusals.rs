//! Refusals in words: why an activity was not booked at all.

use super::instruments::{code_problem, is_hidden};
use super::reasons::explain_reason;
use super::{Arg, Language, Speaker, companies, people, quantity, time, words};
use symbolon_core::engine::{CodeProblem, Refusal};
use symbolon_core::programme::Programme;
use symbolon_core::values::Points;

/// Says why an activity was refused. Without a programme there are no names, only ids.
#[must_use]
#[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without words")]
pub fn refusal_sentence(
    language: Language,
    programme: Option<&Programme>,
    refusal: &Refusal,
) -> String {
    let key = format!("refusal-{}", refusal.code());
    let text = |args: &[(&str, Arg<'_>)]| words().text(language, &key, args);
    let speaker = programme.map(|programme| Speaker::new(language, programme));
    // Positions count from 0, people from 1.
    let line =
        |line: usize| [("line", Arg::from((i128::try_from(line).unwrap_or(0) + 1).to_string()))];
    match refusal {
        Refusal::NoProgramme
        | Refusal::NoMember
        | Refusal::AlreadyMember
        | Refusal::NoLines
        | Refusal::Overflow
        | Refusal::CalendarRange
        | Refusal::NothingReturned
        | Refusal::EndsBeforeToday
        | Refusal::AmountZero
        | Refusal::OneMeansOnly
        | Refusal::CounterNotAtHand { .. }
        | Refusal::ReasonMissing => text(&[]),
        Refusal::HoldTooLong { most } => text(&[("most", Arg::Count(i64::from(*most)))]),
        Refusal::TooManyLines { most } | Refusal::TooManyCodes { most } => {
            text(&[("most", Arg::Count(i64::try_from(*most).unwrap_or(i64::MAX)))])
        }
        Refusal::NegativePrice { line: position }
        | Refusal::QuantityNotPositive { line: position } => text(&line(*position)),
        Refusal::NameTooLong { what } => text(&[("what", Arg::from(what.as_str()))]),
        Refusal::UnknownReward { reward } => text(&[("reward", Arg::from(reward.as_str()))]),
        Refusal::UnknownAction { action } => text(&[("action", Arg::from(action.as_str()))]),
        Refusal::UnknownPoints { points } | Refusal::PaidTwice { points } => {
            text(&[("points", Arg::from(points.as_str()))])
        }
        Refusal::UnknownEvent { event } => text(&[("event", Arg::from(event.as_str()))]),
        Refusal::UnknownLadder { ladder } => text(&[("ladder", Arg::from(ladder.as_str()))]),
        Refusal::UnknownTier { tier } => text(&[("tier", Arg::from(tier.as_str()))]),
        Refusal::UnknownAttribute { attribute } | Refusal::WrongAttributeType { attribute } => {
            text(&[("attribute", Arg::from(attribute.as_str()))])
        }
        Refusal::CodeRefused { position, why } => {
            code_refused(language, speaker.as_ref(), (*position, *why), &key)
        }
        Refusal::RewardNotPossible { reason } | Refusal::PaymentNotPossible { reason } => {
            let sentence = speaker.map_or_else(
                || reason.about.to_string(),
                |say| explain_reason(&say, reason).line(&say),
            );
            text(&[("reason", Arg::from(sentence))])
        }
        Refusal::UnknownActivity { activity }
        | Refusal::NotReversible { activity }
        | Refusal::HoldEnded { activity }
        | Refusal::HoldDiffers { activity }
        | Refusal::AlreadyVoided { activity } => {
            text(&[("activity", Arg::from(activity.to_string()))])
        }
        Refusal::UnknownLine { line: position }
        | Refusal::CertificateNotForSale { line: position }
        | Refusal::CertificateUsed { line: position } => {
            text(&line(usize::try_from(*position).unwrap_or(usize::MAX)))
        }
        Refusal::MoreThanBought { line: position, left } => {
            let [line] = line(usize::try_from(*position).unwrap_or(usize::MAX));
            text(&[line, ("left", Arg::from(quantity(language, *left)))])
        }
        Refusal::NoContacts
        | Refusal::UnknownContact { .. }
        | Refusal::UnknownRole { .. }
        | Refusal::ContactIsMember
        | Refusal::ShareOutOfRange
        | Refusal::ContactMayNotSpend { .. }
        | Refusal::ContactMissing
        | Refusal::GiftNeedsRecipient { .. }
        | Refusal::GiftNeedsApproval { .. }
        | Refusal::RewardNeedsReceipt { .. }
        | Refusal::ApprovedByAsker
        | Refusal::NoRebate
        | Refusal::RebateForCompanies
        | Refusal::RebatePeriod
        | Refusal::RebateGiven { .. }
        | Refusal::UnknownPartner { .. }
        | Refusal::NoRecognition
        | Refusal::NotStaff
        | Refusal::ToOneself
        | Refusal::AllowanceUsed { .. }
        | Refusal::NoEnrolment
        | Refusal::NotATeam
        | Refusal::TeamNotMerged
        | Refusal::EnrolledAlready => companies::refusal(speaker.as_ref(), refusal, &text),
        Refusal::NoReferrer
        | Refusal::ReferralCycle
        | Refusal::AlreadyReferred
        | Refusal::AttributionTooLate
        | Refusal::TooManyReferrals { .. }
        | Refusal::TransferToOneself
        | Refusal::TransferNotAllowed { .. }
        | Refusal::TransferTooSmall { .. }
        | Refusal::TransferNotWholeSteps { .. }
        | Refusal::MergeIntoItself
        | Refusal::MemberMerged { .. } => people::refusal(speaker.as_ref(), refusal, &text),
        Refusal::OccasionNotDue { .. }
        | Refusal::UnknownBenefit { .. }
        | Refusal::NotEntitled { .. }
        | Refusal::BenefitUsedUp { .. }
        | Refusal::UnknownTask { .. }
        | Refusal::UnknownMembership { .. }
        | Refusal::UnknownCredit { .. }
        | Refusal::OverCredit { .. }
        | Refusal::NothingAdvanced { .. } => time::refusal(language, programme, &key, refusal),
        Refusal::ProgrammeEnded { last } => text(&[("date", words().date(language, *last).into())]),
        Refusal::NotEnoughToTake { available } => {
            not_enough_to_take(speaker.as_ref(), *available).unwrap_or_else(|| text(&[]))
        }
    }
}

fn code_refused(
    language: Language,
    speaker: Option<&Speaker<'_>>,
    (position, why): (u32, CodeProblem),
    key: &str,
) -> String {
    let why = match speaker {
        Some(say) if !is_hidden(why) => code_problem(say, why),
        _ => words().text(language, "reason-code-not-valid", &[]),
    };
    let position = (u64::from(position) + 1).to_string();
    words().text(language, key, &[("position", Arg::from(position)), ("why", Arg::from(why))])
}

/// The refusal does not say which kind it was; with one kind there is no doubt.
fn not_enough_to_take(say: Option<&Speaker<'_>>, available: Points) -> Option<String> {
    let say = say?;
    let [kind] = say.programme.points.as_slice() else { return None };
    let available = Arg::from(say.points(&kind.key, available));
    Some(say.text("refusal-not-enough-to-take-of", &[("available", available)]))
}
