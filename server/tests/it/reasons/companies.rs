//! Samples of companies, their people, staff and gifts.

use super::key;
use jiff::civil::date;
use std::collections::BTreeSet;
use symbolon_core::engine::{Effect, Outcome, Refusal, Sent, Shares};
use symbolon_core::member::{Contact, InTeam, TeamAward, TeamPart};
use symbolon_core::values::{ActivityId, MemberId, Money, Points};

pub fn reasons_about_companies() -> Vec<(&'static str, Outcome, &'static str)> {
    let by = MemberId::new(1);
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
        (
            "together",
            Outcome::TeamCounted { unit: key("times"), total: 1, target: 3 },
            "Together – the team has come to 1 of 3",
        ),
        (
            "together",
            Outcome::TeamCounted { unit: key("points:points"), total: 16, target: 30 },
            "Together – the team has come to 16~points of 30~points",
        ),
        (
            "together",
            Outcome::TeamGoalReached { members: 2, points: key("points"), amount: Points::new(20) },
            "Together – the team has reached the goal: 20~points in all, for 2 members of it",
        ),
        (
            "together",
            Outcome::TeamGoalLost,
            "Together – so much came back that the team reaches the goal no longer",
        ),
        (
            "enrolment",
            Outcome::EnrolmentCarried { by },
            "New member enrolled – mem_00000000000000000000000001 enrolled the member that was \
             merged, and is credited with a receipt of this one",
        ),
        (
            "enrolment",
            Outcome::EnrolmentLapsed { by },
            "New member enrolled – mem_00000000000000000000000001 is not credited: this member \
             had bought before and is no newcomer",
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
    let since = date(2027, 1, 1);
    let score = |change| {
        let (goal, member) = (key("together"), MemberId::new(1));
        Effect::TeamScore { goal, from: since, member, change }
    };
    let part = TeamPart { effect: 1, to: by, amount: Points::new(16) };
    let award =
        TeamAward { activity: ActivityId::new(1), points: key("points"), parts: vec![part] };
    let to_team = |what| {
        let (to, by) = (MemberId::new(1), key("together"));
        Effect::Send { to, by, what, shares: Shares::None }
    };
    vec![
        Effect::SetContact { contact: contact.clone(), details: Some(details) },
        Effect::SetContact { contact: contact.clone(), details: None },
        Effect::EnrolledBy { by },
        Effect::SetTeam { team: Some(InTeam { team: by, since }) },
        Effect::SetTeam { team: None },
        Effect::Crew { member: by, since: Some(since) },
        Effect::Crew { member: by, since: None },
        score(1),
        score(-1),
        Effect::TeamGoal { goal: key("together"), from: since, award: Some(award) },
        Effect::TeamGoal { goal: key("together"), from: since, award: None },
        to_team(Sent::Crew { since: Some(since) }),
        to_team(Sent::Crew { since: None }),
        to_team(Sent::Score { unit: key("times"), from: since, change: 1 }),
        to_team(Sent::Score { unit: key("points:points"), from: since, change: -16 }),
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
        Refusal::NotATeam,
        Refusal::TeamNotMerged,
    ]
}
