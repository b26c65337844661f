//! The people of a company on its page, and the gifts that they got.

use crate::words::{Arg, Speaker};
use jiff::Timestamp;
use minijinja::{Value, context};
use symbolon_core::member::Contact;
use symbolon_core::values::{Key, MemberId, Money};

/// A contact with the name that it is known by.
#[derive(Debug)]
pub struct Person {
    pub key: Key,
    pub name: Option<String>,
    pub contact: Contact,
}

/// Something of worth that a person got.
#[derive(Debug)]
pub struct Gift {
    pub at: Timestamp,
    pub reward: Key,
    pub contact: Option<Key>,
    pub person: Option<MemberId>,
    pub worth: Money,
    pub asked_by: String,
    pub approved_by: Option<String>,
    pub is_voided: bool,
}

/// Who acts for a member, and what they got as gifts.
#[derive(Debug, Default)]
pub struct People {
    pub persons: Vec<Person>,
    pub gifts: Vec<Gift>,
}

impl People {
    pub(super) fn persons(&self, say: &Speaker<'_>) -> Vec<Value> {
        let person = |person: &Person| {
            let contact = &person.contact;
            let mut details: Vec<String> = contact.roles.iter().map(Key::to_string).collect();
            details.extend(contact.unit.iter().map(Key::to_string));
            if !contact.may_spend {
                details.push(say.text("people-spends-not", &[]));
            }
            context! {
                name => person.name.clone().unwrap_or_else(|| person.key.to_string()),
                details => details.join(", "),
                href => contact.person.map(super::links::member),
            }
        };
        self.persons.iter().map(person).collect()
    }

    pub(super) fn gifts(&self, say: &Speaker<'_>) -> Vec<Value> {
        let gift = |gift: &Gift| {
            let contact = gift.contact.as_ref();
            let named = contact.and_then(|contact| {
                let person = self.persons.iter().find(|person| person.key == *contact)?;
                person.name.clone()
            });
            let to = named
                .or_else(|| contact.map(Key::to_string))
                .or_else(|| gift.person.map(|person| person.to_string()));
            let to = [
                ("to", Arg::from(to.unwrap_or_default())),
                ("worth", say.money(gift.worth).into()),
                ("date", say.date(say.programme.zone.day(gift.at)).into()),
            ];
            let mut by = vec![("asker", Arg::from(gift.asked_by.as_str()))];
            let key = match &gift.approved_by {
                Some(approver) => {
                    by.push(("approver", approver.as_str().into()));
                    "gifts-approved"
                }
                None => "gifts-asked",
            };
            context! {
                name => say.reward(&gift.reward),
                to => say.text("gifts-to", &to),
                by => say.text(key, &by),
                is_voided => gift.is_voided,
            }
        };
        self.gifts.iter().map(gift).collect()
    }
}
