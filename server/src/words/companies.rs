//! Companies, their people, staff and gifts in words.

use super::reasons::Tone;
use super::{Arg, Speaker};
use symbolon_core::engine::{Activity, Effect, Outcome, Refusal};
use symbolon_core::values::Key;

/// The name of what gives without being a rule; nothing where it is none of these.
pub(super) fn giver(say: &Speaker<'_>, key: &Key) -> Option<String> {
    let name = match key.as_str() {
        "rebate" => "giver-rebate",
        "recognition" => "giver-recognition",
        "enrolment" => "giver-enrolment",
        "gifts" => "giver-gifts",
        "team" => "giver-team",
        _ => return super::teams::goal_name(say, key),
    };
    Some(say.text(name, &[]))
}

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::SetContact { contact, details: Some(details) } => {
            let roles: Vec<&str> = details.roles.iter().map(Key::as_str).collect();
            let args =
                [("contact", Arg::from(contact.as_str())), ("roles", roles.join(", ").into())];
            say.text("effect-contact-set", &args)
        }
        Effect::SetContact { contact, details: None } => {
            say.text("effect-contact-removed", &[("contact", Arg::from(contact.as_str()))])
        }
        Effect::EnrolledBy { by } => {
            say.text("effect-enrolled-by", &[("member", Arg::from(by.to_string()))])
        }
        Effect::Gift { by, contact, person, worth, asked_by, approved_by } => {
            let person = person.map(|person| person.to_string());
            let to = contact.as_ref().map(Key::to_string).or(person).unwrap_or_default();
            let mut args = vec![
                ("by", Arg::from(say.reward(by))),
                ("to", to.into()),
                ("worth", say.money(*worth).into()),
                ("asker", asked_by.as_str().into()),
            ];
            match approved_by {
                Some(approver) => {
                    args.push(("approver", approver.as_str().into()));
                    say.text("effect-gift-approved", &args)
                }
                None => say.text("effect-gift", &args),
            }
        }
        _ => String::new(),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::GiftGiven { worth, approved_by: None } => {
            say.text("reason-gift-given", &[("worth", say.money(*worth).into())])
        }
        Outcome::GiftGiven { worth, approved_by: Some(approver) } => {
            let args =
                [("worth", Arg::from(say.money(*worth))), ("approver", approver.as_str().into())];
            say.text("reason-gift-approved", &args)
        }
        Outcome::GiftTooMuch { worth, left, from } => {
            let args = [
                ("worth", Arg::from(say.money(*worth))),
                ("left", say.money(*left).into()),
                ("from", say.date(*from).into()),
            ];
            say.text("reason-gift-too-much", &args)
        }
        Outcome::RebateBelowStep { volume, step } => {
            let args =
                [("volume", Arg::from(say.money(*volume))), ("step", say.money(*step).into())];
            say.text("reason-rebate-below-step", &args)
        }
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::GiftGiven { .. } => Tone::Given,
        _ => Tone::NotGiven,
    }
}

/// The text of a refusal with what is put into it.
type Text<'t> = dyn Fn(&[(&str, Arg<'_>)]) -> String + 't;

pub(super) fn refusal(speaker: Option<&Speaker<'_>>, refusal: &Refusal, text: &Text<'_>) -> String {
    match refusal {
        Refusal::UnknownContact { contact } | Refusal::ContactMayNotSpend { contact } => {
            text(&[("contact", Arg::from(contact.as_str()))])
        }
        Refusal::UnknownRole { role } => text(&[("role", Arg::from(role.as_str()))]),
        Refusal::RewardNeedsReceipt { reward }
        | Refusal::GiftNeedsRecipient { reward }
        | Refusal::GiftNeedsApproval { reward } => {
            let name = speaker.map_or_else(|| reward.to_string(), |say| say.reward(reward));
            text(&[("reward", Arg::from(name))])
        }
        Refusal::RebateGiven { from } => {
            let from = speaker.map_or_else(|| from.to_string(), |say| say.date(*from));
            text(&[("from", Arg::from(from))])
        }
        Refusal::UnknownPartner { partner } => text(&[("partner", Arg::from(partner.as_str()))]),
        Refusal::AllowanceUsed { points, left } => {
            let left =
                speaker.map_or_else(|| left.units().to_string(), |say| say.points(points, *left));
            text(&[("left", Arg::from(left))])
        }
        _ => text(&[]),
    }
}

/// The heading of an activity of a company, its people or staff; nothing where it is another's.
#[must_use]
pub fn happened(say: &Speaker<'_>, activity: &Activity) -> String {
    let key = match activity {
        Activity::ContactSet { .. } => "happened-contact-set",
        Activity::ContactRemoved { .. } => "happened-contact-removed",
        Activity::Gift { .. } => "happened-gift",
        Activity::Rebate { .. } => "happened-rebate",
        Activity::Recognition { .. } => "happened-recognition",
        Activity::Enrolment { .. } => "happened-enrolment",
        Activity::TeamSetting { .. } => "happened-team-setting",
        _ => return String::new(),
    };
    say.text(key, &[])
}
