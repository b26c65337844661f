//! The people of a company or a household: who they are, who may spend, and whose a part of what
//! is earned is.
//!
//! A receipt is decided about one member, the company. What belongs to a person leaves it as
//! something that is sent, so that a return recalls it to the unit.

use super::Context;
use super::activity::{NAME_BYTES_MAX, Payment, Purchase};
use super::decision::{Decision, Effect, Refusal};
use crate::member::{Contact, MemberState};
use crate::programme::{CompanyPoints, PointKind, Programme, PurseSpending, Rule};
use crate::values::{Key, MemberId, Overflow, Points, Rate, spread};

/// All of it, as a rate in per cent.
const HUNDRED_PER_CENT: i64 = 100_000_000;

/// Sets a contact, or removes it where there are no details.
pub(super) fn decide_contact(
    context: Context<'_>,
    contact: &Key,
    details: Option<&Contact>,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if !member.kind.has_contacts() {
        return Err(Refusal::NoContacts);
    }
    match details {
        Some(details) => check_details(&context, contact, details)?,
        None if !member.contacts.contains_key(contact) => {
            return Err(Refusal::UnknownContact { contact: contact.clone() });
        }
        None => {}
    }
    let effects = vec![Effect::SetContact { contact: contact.clone(), details: details.cloned() }];
    let day = context.programme.zone.day(context.at);
    let (net, counters, reasons) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Decision { at: context.at, day, net, counters, effects, reasons })
}

fn check_details(context: &Context<'_>, contact: &Key, details: &Contact) -> Result<(), Refusal> {
    let too_long = |key: &Key| key.as_str().is_empty() || key.as_str().len() > NAME_BYTES_MAX;
    if too_long(contact) || details.unit.as_ref().is_some_and(too_long) {
        return Err(Refusal::NameTooLong { what: "contact".to_owned() });
    }
    let known = &context.programme.companies.roles;
    if let Some(role) = details.roles.iter().find(|role| !known.contains(role)) {
        return Err(Refusal::UnknownRole { role: role.clone() });
    }
    if details.person.is_some() && details.person == context.member_id {
        return Err(Refusal::ContactIsMember);
    }
    let range = 0..=HUNDRED_PER_CENT;
    if details.share.is_some_and(|share| !range.contains(&share.units())) {
        return Err(Refusal::ShareOutOfRange);
    }
    Ok(())
}

/// Whose a part of what a receipt earns may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub id: MemberId,
    /// His own share, where it is another than the programme's.
    pub share: Option<Rate>,
}

/// Checks who of the member it was and whether that person may spend, and the partner.
pub(super) fn check_receipt(
    context: &Context<'_>,
    purchase: &Purchase,
) -> Result<Option<Person>, Refusal> {
    if let Some(partner) = &purchase.partner
        && context.programme.find_partner(partner.as_str()).is_none()
    {
        return Err(Refusal::UnknownPartner { partner: partner.clone() });
    }
    let pays = purchase.pay.iter().any(|payment| matches!(payment, Payment::Points { .. }));
    let spends = pays || !purchase.rewards.is_empty();
    let contact = check_contact(context, purchase.contact.as_ref(), spends)?;
    Ok(contact.and_then(|contact| Some(Person { id: contact.person?, share: contact.share })))
}

/// The contact that is named, if it may do what it does.
pub(super) fn check_contact<'a>(
    context: &Context<'a>,
    named: Option<&Key>,
    spends: bool,
) -> Result<Option<&'a Contact>, Refusal> {
    let Some(named) = named else {
        let shared = |member: &MemberState| member.kind.has_contacts();
        let must_be_named = context.programme.settings.purse_spending == PurseSpending::Named;
        if spends && must_be_named && context.member.is_some_and(shared) {
            return Err(Refusal::ContactMissing);
        }
        return Ok(None);
    };
    let found = context.member.and_then(|member| member.contacts.get(named));
    let found = found.ok_or_else(|| Refusal::UnknownContact { contact: named.clone() })?;
    if spends && !found.may_spend {
        return Err(Refusal::ContactMayNotSpend { contact: named.clone() });
    }
    Ok(Some(found))
}

/// The share of a person in what a rule gives, in per cent: the rule's, or the point kind's, or
/// the programme's; and where there is one, the person's own instead.
pub(super) fn share_of(
    programme: &Programme,
    rule: &Rule,
    kind: &PointKind,
    person: Person,
) -> Option<Rate> {
    let by_default = match programme.settings.company_points {
        CompanyPoints::CompanyOwned => Rate::new(0),
        CompanyPoints::PersonOwned => Rate::new(HUNDRED_PER_CENT),
    };
    let share = rule.split.or(kind.split).unwrap_or(by_default);
    // Where nothing is split, nobody has a share of his own.
    if share.is_zero() {
        return None;
    }
    person.share.or(Some(share)).filter(|share| !share.is_zero())
}

/// The person's part of an award; the rest stays. Of an odd half, the company keeps the more.
pub(super) fn part_of(amount: Points, share: Rate) -> Result<Points, Overflow> {
    let rest = HUNDRED_PER_CENT.checked_sub(share.units()).ok_or(Overflow)?;
    let parts = spread(amount.units(), &[rest, share.units()])?;
    parts.last().copied().map(Points::new).ok_or(Overflow)
}
