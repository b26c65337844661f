//! The names of contacts, which decisions never see.

use super::businesses::BusinessId;
use super::member_values;
use crate::store::{Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;
use symbolon_core::values::MemberId;

/// Sets the name of a contact, or removes it where there is none.
pub fn contact_name_set(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    member: MemberId,
    (contact, name): (&str, Option<&str>),
    now: Timestamp,
) -> Result<(), StoreError> {
    let [bucket, member, business] = member_values(business, member);
    let Some(name) = name else {
        transaction.execute(
            "delete from contact_profile
             where bucket = $1 and member_id = $2 and business_id = $3 and contact = $4",
            &[bucket, member, business, contact.into()],
        )?;
        return Ok(());
    };
    transaction.execute(
        "insert into contact_profile (bucket, member_id, business_id, contact, name, changed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (bucket, member_id, contact) do update
         set name = excluded.name, changed_at = excluded.changed_at",
        &[bucket, member, business, contact.into(), name.into(), now.into()],
    )?;
    Ok(())
}

/// The names of a member's contacts, by contact.
pub fn contact_names_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = reader.query(
        "select contact, name from contact_profile
         where bucket = $1 and member_id = $2 and business_id = $3 order by contact",
        &member_values(business, member),
    )?;
    rows.iter().map(|row| Ok((row.get("contact")?, row.get("name")?))).collect()
}

/// Moves the names of contacts with the members that were merged. A name that the survivor gave
/// stays, and the other is forgotten.
pub fn contact_names_move(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    moved: &[(MemberId, MemberId)],
) -> Result<(), StoreError> {
    for (from, to) in moved {
        let [from_bucket, from, _] = member_values(business, *from);
        let [to_bucket, to, business] = member_values(business, *to);
        let of = [from_bucket, from, business];
        transaction.execute(
            "update contact_profile set bucket = $4, member_id = $5
             where bucket = $1 and member_id = $2 and business_id = $3
             and contact not in (
                 select contact from contact_profile where bucket = $4 and member_id = $5
             )",
            &[&of[..], &[to_bucket, to]].concat(),
        )?;
        transaction.execute(
            "delete from contact_profile
             where bucket = $1 and member_id = $2 and business_id = $3",
            &of,
        )?;
    }
    Ok(())
}

/// A contact, its name, and when that was given.
pub type ContactName = (String, String, Timestamp);

/// The names of a member's contacts, as they are stored.
pub fn contact_names_read(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Vec<ContactName>, StoreError> {
    let rows = reader.query(
        "select contact, name, changed_at from contact_profile
         where bucket = $1 and member_id = $2 and business_id = $3 order by contact",
        &member_values(business, member),
    )?;
    rows.iter()
        .map(|row| Ok((row.get("contact")?, row.get("name")?, row.get("changed_at")?)))
        .collect()
}

/// Adds names to those that a member's contacts have. A name that is there stays.
pub fn contact_names_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    member: MemberId,
    names: &[ContactName],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = names
        .iter()
        .map(|(contact, name, at)| {
            let mut row = member_values(business, member).to_vec();
            row.extend([contact.as_str().into(), name.as_str().into(), (*at).into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into contact_profile (bucket, member_id, business_id, contact, name, changed_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (bucket, member_id, contact) do nothing",
        &rows,
    )?;
    Ok(())
}

/// Forgets the names of all contacts of a member.
pub fn contact_names_remove(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<(), StoreError> {
    transaction.execute(
        "delete from contact_profile
         where bucket = $1 and member_id = $2 and business_id = $3",
        &member_values(business, member),
    )?;
    Ok(())
}
