//! What companies, their people and staff do in stories.

use super::parse::{read_pairs, split_word};
use crate::engine::{Activity, Effect, Sent};
use crate::member::Contact;
use crate::programme::Programme;
use crate::values::{Key, MemberId, Points, Rate, parse_decimal};
use jiff::civil::Date;

/// Something that happens to a company or with its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompanyVerb {
    /// A contact, with what is said of the person.
    Names {
        contact: String,
        details: Vec<(String, String)>,
    },
    Forgets {
        contact: String,
    },
    /// A gift, to a contact or to the person itself.
    Gives {
        reward: String,
        to: Option<String>,
        asked_by: String,
        approved_by: Option<String>,
    },
    /// Points for a colleague.
    Thanks {
        who: String,
        amount: String,
        points: String,
        reason: String,
    },
    /// Who enrolled the member.
    EnrolledBy {
        who: String,
    },
    /// The employee's team from now on; none, where it is left.
    Teams {
        team: Option<String>,
    },
    /// The rebate of a period.
    Settles {
        from: Date,
        until: Date,
    },
}

/// Reads what no other story tells; nothing where it is not told here either.
pub(super) fn read_verb(verb: &str, rest: &str) -> Option<Result<CompanyVerb, String>> {
    Some(match verb {
        "names" => read_contact(rest),
        "forgets" => Ok(CompanyVerb::Forgets { contact: rest.to_owned() }),
        "gives" => read_gift(rest),
        "settles" => read_rebate(rest),
        "thanks" => read_thanks(rest),
        "joins-team" => Ok(CompanyVerb::Teams { team: Some(rest.trim().to_owned()) }),
        "leaves-team" => Ok(CompanyVerb::Teams { team: None }),
        "was-enrolled" => {
            let who = rest.strip_prefix("by ").ok_or("write: was-enrolled by <name>".to_owned());
            who.map(|who| CompanyVerb::EnrolledBy { who: who.trim().to_owned() })
        }
        _ => return None,
    })
}

/// `kari with person=Kari, role=user, unit=oslo, share=50, spends=no`.
fn read_contact(rest: &str) -> Result<CompanyVerb, String> {
    let (contact, rest) = split_word(rest);
    let details = read_pairs(rest.strip_prefix("with ").unwrap_or(rest))?;
    Ok(CompanyVerb::Names { contact: contact.to_owned(), details })
}

/// `coffee-set to kari asked by Ola approved by Per`.
fn read_gift(rest: &str) -> Result<CompanyVerb, String> {
    let (rest, approved_by) = match rest.split_once(" approved by ") {
        Some((rest, name)) => (rest, Some(name.trim().to_owned())),
        None => (rest, None),
    };
    let (rest, asked_by) = rest.split_once(" asked by ").unwrap_or((rest, ""));
    let (reward, to) = match rest.split_once(" to ") {
        Some((reward, to)) => (reward, Some(to.trim().to_owned())),
        None => (rest, None),
    };
    let [reward, asked_by] = [reward, asked_by].map(|text| text.trim().to_owned());
    Ok(CompanyVerb::Gives { reward, to, asked_by, approved_by })
}

/// `Kari with 20 thanks for the night shift`.
fn read_thanks(rest: &str) -> Result<CompanyVerb, String> {
    let form = "write: thanks <name> with <amount> <points> for <reason>";
    let (who, rest) = rest.split_once(" with ").ok_or(form)?;
    let (what, reason) = rest.split_once(" for ").ok_or(form)?;
    let (amount, points) = split_word(what);
    let [who, amount, points, reason] =
        [who, amount, points, reason].map(|text| text.trim().to_owned());
    Ok(CompanyVerb::Thanks { who, amount, points, reason })
}

/// `2027-01-01 until 2027-12-31`.
fn read_rebate(rest: &str) -> Result<CompanyVerb, String> {
    let form = "write: settles <day> until <day>";
    let (from, until) = rest.split_once(" until ").ok_or(form)?;
    let day = |text: &str| text.trim().parse::<Date>().map_err(|_| form.to_owned());
    Ok(CompanyVerb::Settles { from: day(from)?, until: day(until)? })
}

/// The activity of a verb. `member` finds somebody by the name that the story uses.
pub(super) fn activity(
    verb: &CompanyVerb,
    programme: &Programme,
    member: impl Fn(&str) -> Result<MemberId, String>,
) -> Result<Activity, String> {
    Ok(match verb {
        CompanyVerb::Names { contact, details } => Activity::ContactSet {
            contact: Key::new(contact),
            details: contact_of(details, member)?,
        },
        CompanyVerb::Forgets { contact } => Activity::ContactRemoved { contact: Key::new(contact) },
        CompanyVerb::Gives { reward, to, asked_by, approved_by } => Activity::Gift {
            reward: Key::new(reward),
            to: to.as_deref().map(Key::new),
            person: None,
            asked_by: asked_by.clone(),
            approved_by: approved_by.clone(),
        },
        CompanyVerb::Thanks { who, amount, points, reason } => {
            let (_, kind) =
                programme.find_points(points).ok_or(format!("no point kind `{points}`"))?;
            let amount = parse_decimal(amount, kind.decimals).map_err(|why| why.to_string())?;
            let (to, reason) = (member(who)?, reason.clone());
            Activity::Recognition { to, amount: Points::new(amount), reason }
        }
        CompanyVerb::Teams { team } => {
            Activity::TeamSetting { team: team.as_deref().map(member).transpose()? }
        }
        CompanyVerb::EnrolledBy { who } => Activity::Enrolment { by: member(who)? },
        CompanyVerb::Settles { from, until } => Activity::Rebate { from: *from, until: *until },
    })
}

fn contact_of(
    details: &[(String, String)],
    member: impl Fn(&str) -> Result<MemberId, String>,
) -> Result<Contact, String> {
    let mut contact = Contact::default();
    for (key, value) in details {
        match key.as_str() {
            "person" => contact.person = Some(member(value)?),
            "role" => {
                contact.roles.insert(Key::new(value));
            }
            "unit" => contact.unit = Some(Key::new(value)),
            "share" => {
                let share = parse_decimal(value, Rate::DECIMALS).map_err(|why| why.to_string())?;
                contact.share = Some(Rate::new(share));
            }
            "spends" => contact.may_spend = value != "no",
            _ => return Err(format!("`{key}` is nothing that a contact has")),
        }
    }
    Ok(contact)
}

pub(super) fn sent_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Send { what: Sent::Points { points, amount }, .. } => Some((points, *amount)),
        _ => None,
    }
}

pub(super) fn recalled_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Recall { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}
