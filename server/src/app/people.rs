//! The people of companies: their names, the gifts that they got, and who a caller means.

use super::{App, member_fetch};
use crate::app::MemberFound;
use crate::pipeline::Subject;
use crate::store::StoreError;
use crate::store::nouns::{activities, contacts, directories};
use jiff::Timestamp;
use std::collections::BTreeMap;
use symbolon_core::engine::Effect;
use symbolon_core::values::{ActivityId, Key, MemberId, Money};

/// How many gifts are disclosed at once, the latest.
const GIFTS_MAX: u32 = 1_000;

/// A gift to a person, as it is disclosed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftFound {
    pub activity: ActivityId,
    pub at: Timestamp,
    pub reward: Key,
    pub contact: Option<Key>,
    pub person: Option<MemberId>,
    pub worth: Money,
    pub asked_by: String,
    pub approved_by: Option<String>,
    /// It was taken back.
    pub voided: bool,
}

/// The gifts that a company's people, or a person, got; the latest first. Those of members that
/// were merged into it are its own.
pub fn gifts_of(app: &App, found: &MemberFound) -> Result<Vec<GiftFound>, StoreError> {
    let merged = found.state.absorbed.iter().map(|absorbed| absorbed.member);
    let members: Vec<MemberId> = std::iter::once(found.member).chain(merged).collect();
    let rows = app.store.read(|reader| {
        let rows = members.iter().map(|member| {
            activities::activities_of_kind(reader, app.business, *member, "gift", GIFTS_MAX)
        });
        rows.collect::<Result<Vec<_>, _>>()
    })?;
    let mut gifts = Vec::new();
    for row in rows.into_iter().flatten() {
        let record = row.recorded;
        for effect in record.decision.effects {
            let Effect::Gift { by, contact, person, worth, asked_by, approved_by } = effect else {
                continue;
            };
            gifts.push(GiftFound {
                activity: record.id,
                at: record.decision.at,
                reward: by,
                contact,
                person,
                worth,
                asked_by,
                approved_by,
                voided: record.progress.voided,
            });
        }
    }
    gifts.sort_by_key(|gift| std::cmp::Reverse((gift.at, gift.activity)));
    Ok(gifts)
}

/// The names of a company's contacts, by contact.
pub fn contact_names(app: &App, member: MemberId) -> Result<BTreeMap<String, String>, StoreError> {
    app.store.read(|reader| contacts::contact_names_find(reader, app.business, member))
}

/// Sets the name of a contact that is booked, or removes it.
pub fn contact_name_set(
    app: &App,
    member: MemberId,
    contact: &str,
    name: Option<&str>,
) -> Result<(), StoreError> {
    let now = app.world.now();
    app.store.write(|transaction| {
        contacts::contact_name_set(transaction, app.business, member, (contact, name), now)
    })
}

/// The member whom a caller names, if there is one.
pub fn member_named(app: &App, subject: &Subject) -> Result<Option<MemberFound>, StoreError> {
    let member = match subject {
        Subject::Member(member) => Some(*member),
        Subject::Identified(identifier) => {
            let wanted = [identifier.clone()];
            let found = app
                .store
                .read(|reader| directories::identifiers_find(reader, app.business, &wanted))?;
            found.into_iter().next().flatten()
        }
        _ => None,
    };
    match member {
        Some(member) => member_fetch(app, member),
        None => Ok(None),
    }
}
