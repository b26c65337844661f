//! Samples of companies, their people, staff and gifts.

use super::key;
use jiff::civil::date;
use std::collections::BTreeSet;
use symbolon_core::engine::{Effect, Outcome, Refusal};
use symbolon_core::member::Contact;
use symbolon_core::values::{MemberId, Money, Points};

pub fn reasons_about_companies() -> Vec<(&'static str, Outcome, &'static str)> {
    let (worth, left, from) = (Money::new(4_000), Money::new(1_500), date(2027, 1, 1));
    vec![
        (
            "coffee",
            Outcome::GiftGiven { worth, approved_by: None },
            "A coffee – a gift worth $40.00",
        ),
        (
            "coffee",
            Outcome::GiftGiven { worth, approved_by: Some("Liv".to_owned()) },
            "A coffee – a gift worth $40.00, approved by Liv",
        ),
        (
            "coffee",
            Outcome::GiftTooMuch { worth, left, from },
            "A coffee – not possible: the gift is worth $40.00, and of what this person may get \
             since 1~January 2027 only $15.00 is left",
        ),
        (
            "rebate",
            Outcome::RebateBelowStep { volume: left, step: worth },
            "Rebate – the volume of $15.00 does not reach $40.00",
        ),
    ]
}

pub fn effects_on_companies() -> Vec<Effect> {
    let (contact, by) = (key("kari"), MemberId::new(1));
    let details = Contact { roles: BTreeSet::from([key("user")]), ..Contact::default() };
    let gift = |contact, approved_by| Effect::Gift {
        by: key("coffee"),
        contact,
        person: Some(MemberId::new(1)),
        worth: Money::new(4_000),
        asked_by: "Ola".to_owned(),
        approved_by,
    };
    vec![
        Effect::SetContact { contact: contact.clone(), details: Some(details) },
        Effect::SetContact { contact: contact.clone(), details: None },
        Effect::EnrolledBy { by },
        gift(Some(contact), None),
        gift(None, Some("Liv".to_owned())),
    ]
}

pub fn refusals_of_companies() -> Vec<Refusal> {
    let (contact, reward) = (key("kari"), key("coffee"));
    vec![
        Refusal::NoContacts,
        Refusal::UnknownContact { contact: contact.clone() },
        Refusal::UnknownRole { role: key("boss") },
        Refusal::ContactIsMember,
        Refusal::ShareOutOfRange,
        Refusal::ContactMayNotSpend { contact },
        Refusal::ContactMissing,
        Refusal::GiftNeedsRecipient { reward: reward.clone() },
        Refusal::GiftNeedsApproval { reward },
        Refusal::ApprovedByAsker,
        Refusal::NoRebate,
        Refusal::RebateForCompanies,
        Refusal::RebatePeriod,
        Refusal::RebateGiven { from: date(2027, 1, 1) },
        Refusal::UnknownPartner { partner: key("bank") },
        Refusal::NoRecognition,
        Refusal::NotStaff,
        Refusal::ToOneself,
        Refusal::AllowanceUsed { points: key("points"), left: Points::new(3) },
        Refusal::NoEnrolment,
        Refusal::EnrolledAlready,
    ]
}
