//! Directories: from identifiers, natural keys and idempotency keys to what they stand for.
//!
//! Each lies in the bucket of its own key, because who asks does not know the member yet.

use super::businesses::BusinessId;
use super::{fixed_bytes, member_id, to_json, uuid};
use crate::store::{Ask, Json, Missing, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use symbolon_core::values::{ActivityId, Bucket, MemberId};

/// A way to find a member: a phone number, a card number, an external id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Identifier {
    pub kind: String,
    pub value: String,
}

/// What a receipt, a return or an action is called in the world outside. It holds for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaturalKey {
    pub kind: &'static str,
    pub key: String,
}

/// A key that a caller gave, within what that caller may see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdempotencyKey {
    pub principal: String,
    pub key: String,
}

/// A SHA-256 over what was asked, to tell a repetition from another question.
pub type Fingerprint = [u8; 32];

/// Hashes anything that serialises, for telling repetitions from other questions.
pub fn fingerprint_of<T: serde::Serialize>(value: &T) -> Result<Fingerprint, StoreError> {
    Ok(Sha256::digest(to_json(value)?.0.as_bytes()).into())
}

/// The bucket of a key of a directory.
pub(super) fn bucket_of(parts: [&str; 2]) -> Bucket {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let mut number = [0; 16];
    number.copy_from_slice(&digest[..16]);
    Bucket::of(u128::from_be_bytes(number))
}

/// The first columns of every directory: its bucket, its business and its own key.
pub(super) fn key_values(business: BusinessId, parts: [&str; 2]) -> Vec<Value> {
    let bucket = bucket_of(parts);
    vec![bucket.number().into(), business.into(), parts[0].into(), parts[1].into()]
}

/// Reads the row that was found for each key.
fn read_each<T>(
    found: &[Vec<Row>],
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<Option<T>>, StoreError> {
    found.iter().map(|rows| rows.first().map(&read).transpose()).collect()
}

pub fn identifiers_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    identifiers: &[Identifier],
) -> Result<Vec<Option<MemberId>>, StoreError> {
    let ask = identifiers_ask(business, identifiers);
    identifiers_read(&reader.query_each(&ask.sql, &ask.keys)?)
}

/// What `identifiers_read` reads the answer of.
pub fn identifiers_ask(business: BusinessId, identifiers: &[Identifier]) -> Ask {
    Ask {
        sql: "select member_id from identifier
         where bucket = $1 and business_id = $2 and kind = $3 and value = $4"
            .into(),
        keys: identifiers
            .iter()
            .map(|identifier| key_values(business, [&identifier.kind, &identifier.value]))
            .collect(),
    }
}

/// Whose each identifier is.
pub fn identifiers_read(found: &[Vec<Row>]) -> Result<Vec<Option<MemberId>>, StoreError> {
    read_each(found, |row| member_id(row, "member_id"))
}

/// Adds identifiers. One that is taken already is an error that undoes the transaction.
pub fn identifiers_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    identifiers: &[(Identifier, MemberId, Timestamp)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = identifiers
        .iter()
        .map(|(identifier, member, at)| {
            let mut row = key_values(business, [&identifier.kind, &identifier.value]);
            row.extend([uuid(member.number()).into(), (*at).into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into identifier (bucket, business_id, kind, value, member_id, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        &rows,
    )?;
    Ok(())
}

/// Adds an identifier that follows from its member, unless it is there.
pub fn identifier_claim(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    identifier: &Identifier,
    member: MemberId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut row = key_values(business, [&identifier.kind, &identifier.value]);
    row.extend([uuid(member.number()).into(), at.into()]);
    transaction.execute_each(
        "insert into identifier (bucket, business_id, kind, value, member_id, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (bucket, business_id, kind, value) do nothing",
        &[row],
    )?;
    Ok(())
}

/// Lets all that leads to one member lead to another.
pub fn identifiers_move(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    moved: &[(MemberId, MemberId)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = moved
        .iter()
        .map(|(from, to)| {
            vec![business.into(), uuid(from.number()).into(), uuid(to.number()).into()]
        })
        .collect();
    transaction.execute_each(
        "update identifier set member_id = $3 where business_id = $1 and member_id = $2",
        &rows,
    )?;
    Ok(())
}

/// All identifiers of a member, for showing.
pub fn identifiers_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Vec<Identifier>, StoreError> {
    let rows = reader.query(
        "select kind, value from identifier where business_id = $1 and member_id = $2
         order by kind, value",
        &[business.into(), uuid(member.number()).into()],
    )?;
    rows.iter()
        .map(|row| Ok(Identifier { kind: row.get("kind")?, value: row.get("value")? }))
        .collect()
}

/// What is known under a natural key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownActivity {
    pub activity: ActivityId,
    /// `None` for a guest's.
    pub member: Option<MemberId>,
    pub fingerprint: Fingerprint,
}

/// What `natural_keys_read` reads the answer of.
pub fn natural_keys_ask(business: BusinessId, keys: &[NaturalKey]) -> Ask {
    Ask {
        sql: "select activity_id, member_id, fingerprint from natural_key
         where bucket = $1 and business_id = $2 and kind = $3 and key = $4"
            .into(),
        keys: keys.iter().map(|key| key_values(business, [key.kind, &key.key])).collect(),
    }
}

/// What is booked under each natural key.
pub fn natural_keys_read(found: &[Vec<Row>]) -> Result<Vec<Option<KnownActivity>>, StoreError> {
    read_each(found, |row| {
        let member = member_id(row, "member_id")?;
        Ok(KnownActivity {
            activity: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
            member: (member.number() != 0).then_some(member),
            fingerprint: fixed_bytes(row, "fingerprint")?,
        })
    })
}

pub fn natural_keys_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    keys: &[(NaturalKey, KnownActivity)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .map(|(key, known)| {
            let mut row = key_values(business, [key.kind, &key.key]);
            row.extend([
                uuid(known.activity.number()).into(),
                uuid(known.member.map_or(0, MemberId::number)).into(),
                (&known.fingerprint[..]).into(),
            ]);
            row
        })
        .collect();
    transaction.post_each(
        "insert into natural_key
         (bucket, business_id, kind, key, activity_id, member_id, fingerprint)
         values ($1, $2, $3, $4, $5, $6, $7)",
        rows,
        Missing::IsFine,
    )
}

/// The first answer to a key, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub fingerprint: Fingerprint,
    pub answer: String,
}

pub fn answers_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    keys: &[IdempotencyKey],
) -> Result<Vec<Option<StoredAnswer>>, StoreError> {
    let ask = answers_ask(business, keys);
    answers_read(&reader.query_each(&ask.sql, &ask.keys)?)
}

/// What `answers_read` reads the answer of.
pub fn answers_ask(business: BusinessId, keys: &[IdempotencyKey]) -> Ask {
    Ask {
        sql: "select fingerprint, answer from idempotency_key
         where bucket = $1 and business_id = $2 and principal = $3 and key = $4"
            .into(),
        keys: keys.iter().map(|key| key_values(business, [&key.principal, &key.key])).collect(),
    }
}

/// The first answer to each key.
pub fn answers_read(found: &[Vec<Row>]) -> Result<Vec<Option<StoredAnswer>>, StoreError> {
    read_each(found, |row| {
        let answer: Json = row.get("answer")?;
        Ok(StoredAnswer { fingerprint: fixed_bytes(row, "fingerprint")?, answer: answer.0 })
    })
}

pub fn answers_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    answers: &[(IdempotencyKey, StoredAnswer, Timestamp)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = answers
        .iter()
        .map(|(key, stored, at)| {
            let mut row = key_values(business, [&key.principal, &key.key]);
            row.extend([
                (&stored.fingerprint[..]).into(),
                Json(stored.answer.clone()).into(),
                (*at).into(),
            ]);
            row
        })
        .collect();
    transaction.post_each(
        "insert into idempotency_key
         (bucket, business_id, principal, key, fingerprint, answer, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        rows,
        Missing::IsFine,
    )
}
