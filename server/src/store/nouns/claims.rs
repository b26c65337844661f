//! Claims: keys that stand in a directory before what they stand for is booked.
//!
//! A claim names the attempt that is to book it. Whether that happened is not said here: it is
//! looked up where the activity or the member would be. Each function that writes is for the keys
//! of one bucket.

use super::attempts::AttemptId;
use super::businesses::BusinessId;
use super::directories::{
    Fingerprint, IdempotencyKey, Identifier, KnownActivity, NaturalKey, key_values,
};
use super::{fixed_bytes, member_id, uuid};
use crate::store::{Json, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::values::{ActivityId, Bucket, MemberId};

fn attempt_of(row: &Row) -> Result<Option<AttemptId>, StoreError> {
    Ok(row.get::<Option<uuid::Uuid>>("attempt_id")?.map(AttemptId::stored))
}

fn bucket_of(parts: [&str; 2]) -> Bucket {
    super::directories::bucket_of(parts)
}

/// A key of one of the directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimKey {
    Natural(NaturalKey),
    Answer(IdempotencyKey),
    Identifier(Identifier),
}

impl ClaimKey {
    fn parts(&self) -> [&str; 2] {
        match self {
            Self::Natural(natural) => [natural.kind, &natural.key],
            Self::Answer(key) => [&key.principal, &key.key],
            Self::Identifier(identifier) => [&identifier.kind, &identifier.value],
        }
    }

    #[must_use]
    pub fn bucket(&self) -> Bucket {
        bucket_of(self.parts())
    }
}

/// What a key stands for, and the attempt that claimed it; none where it was booked at once.
pub type Claim<T> = (T, Option<AttemptId>);

/// Removes a claim of an attempt that was not booked. One of another attempt stays.
pub fn claim_remove(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    key: &ClaimKey,
    attempt: AttemptId,
) -> Result<(), StoreError> {
    let mut row = key_values(business, key.parts());
    row.push(attempt.value());
    let sql = match key {
        ClaimKey::Natural(_) => {
            "delete from natural_key where bucket = $1 and business_id = $2 and kind = $3
             and key = $4 and attempt_id = $5"
        }
        ClaimKey::Answer(_) => {
            "delete from idempotency_key where bucket = $1 and business_id = $2
             and principal = $3 and key = $4 and attempt_id = $5"
        }
        ClaimKey::Identifier(_) => {
            "delete from identifier where bucket = $1 and business_id = $2 and kind = $3
             and value = $4 and attempt_id = $5"
        }
    };
    transaction.execute_each(sql, &[row])?;
    Ok(())
}

pub fn natural_claims_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    keys: &[NaturalKey],
) -> Result<Vec<Option<Claim<KnownActivity>>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        keys.iter().map(|key| key_values(business, [key.kind, &key.key])).collect();
    let found = reader.query_each(
        "select activity_id, member_id, fingerprint, attempt_id from natural_key
         where bucket = $1 and business_id = $2 and kind = $3 and key = $4",
        &keys,
    )?;
    let read = |row: &Row| {
        let member = member_id(row, "member_id")?;
        let known = KnownActivity {
            activity: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
            member: (member.number() != 0).then_some(member),
            fingerprint: fixed_bytes(row, "fingerprint")?,
        };
        Ok((known, attempt_of(row)?))
    };
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

/// Claims natural keys, and says for each whether it was free.
pub fn natural_claims_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    claims: &[(NaturalKey, KnownActivity, AttemptId)],
) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<Vec<Value>> = claims
        .iter()
        .map(|(key, known, attempt)| {
            let mut row = key_values(business, [key.kind, &key.key]);
            row.extend([
                uuid(known.activity.number()).into(),
                uuid(known.member.map_or(0, MemberId::number)).into(),
                (&known.fingerprint[..]).into(),
                attempt.value(),
            ]);
            row
        })
        .collect();
    let added = transaction.execute_each(
        "insert into natural_key
         (bucket, business_id, kind, key, activity_id, member_id, fingerprint, attempt_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (bucket, business_id, kind, key) do nothing",
        &rows,
    )?;
    Ok(added.into_iter().map(|count| count == 1).collect())
}

/// What a caller's key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The answer itself.
    Answer(String),
    /// The activity whose booking was, or will be, the answer.
    Activity(ActivityId, AttemptId),
}

pub fn answer_claims_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    keys: &[IdempotencyKey],
) -> Result<Vec<Option<(Fingerprint, Claimed)>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        keys.iter().map(|key| key_values(business, [&key.principal, &key.key])).collect();
    let found = reader.query_each(
        "select fingerprint, answer, activity_id, attempt_id from idempotency_key
         where bucket = $1 and business_id = $2 and principal = $3 and key = $4",
        &keys,
    )?;
    let read = |row: &Row| {
        let activity = row.get::<Option<uuid::Uuid>>("activity_id")?;
        let claimed = match (activity, attempt_of(row)?) {
            (Some(activity), Some(attempt)) => {
                Claimed::Activity(ActivityId::new(activity.as_u128()), attempt)
            }
            _ => Claimed::Answer(row.get::<Json>("answer")?.0),
        };
        Ok((fixed_bytes(row, "fingerprint")?, claimed))
    };
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

/// A caller's key, what was asked, what it stands for, and when.
pub type AnswerClaim = (IdempotencyKey, Fingerprint, Claimed, Timestamp);

/// Claims callers' keys, and says for each whether it was free.
pub fn answer_claims_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    claims: &[AnswerClaim],
) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<Vec<Value>> = claims
        .iter()
        .map(|(key, fingerprint, claimed, at)| {
            let (answer, activity, attempt) = match claimed {
                Claimed::Answer(answer) => (answer.clone(), None, None),
                Claimed::Activity(activity, attempt) => {
                    ("null".to_owned(), Some(uuid(activity.number())), Some(*attempt))
                }
            };
            let none = || Value::from(None::<uuid::Uuid>);
            let mut row = key_values(business, [&key.principal, &key.key]);
            row.extend([
                (&fingerprint[..]).into(),
                Json(answer).into(),
                (*at).into(),
                activity.into(),
                attempt.map_or_else(none, AttemptId::value),
            ]);
            row
        })
        .collect();
    let added = transaction.execute_each(
        "insert into idempotency_key
         (bucket, business_id, principal, key, fingerprint, answer, recorded_at, activity_id,
          attempt_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (bucket, business_id, principal, key) do nothing",
        &rows,
    )?;
    Ok(added.into_iter().map(|count| count == 1).collect())
}

pub fn identifier_claims_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    identifiers: &[Identifier],
) -> Result<Vec<Option<Claim<MemberId>>>, StoreError> {
    let keys: Vec<Vec<Value>> = identifiers
        .iter()
        .map(|identifier| key_values(business, [&identifier.kind, &identifier.value]))
        .collect();
    let found = reader.query_each(
        "select member_id, attempt_id from identifier
         where bucket = $1 and business_id = $2 and kind = $3 and value = $4",
        &keys,
    )?;
    let read = |row: &Row| Ok((member_id(row, "member_id")?, attempt_of(row)?));
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

/// Claims identifiers, and says for each whether it was free.
pub fn identifier_claims_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    claims: &[(Identifier, MemberId, Timestamp, AttemptId)],
) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<Vec<Value>> = claims
        .iter()
        .map(|(identifier, member, at, attempt)| {
            let mut row = key_values(business, [&identifier.kind, &identifier.value]);
            row.extend([uuid(member.number()).into(), (*at).into(), attempt.value()]);
            row
        })
        .collect();
    let added = transaction.execute_each(
        "insert into identifier
         (bucket, business_id, kind, value, member_id, created_at, attempt_id)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (bucket, business_id, kind, value) do nothing",
        &rows,
    )?;
    Ok(added.into_iter().map(|count| count == 1).collect())
}

/// Lets the identifiers of a bucket that lead to one member lead to another.
pub fn identifiers_move_in(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    bucket: u8,
    (from, to): (MemberId, MemberId),
) -> Result<(), StoreError> {
    transaction.execute_each(
        "update identifier set member_id = $4
         where bucket = $1 and business_id = $2 and member_id = $3",
        &[vec![
            bucket.into(),
            business.into(),
            uuid(from.number()).into(),
            uuid(to.number()).into(),
        ]],
    )?;
    Ok(())
}

/// The answers that activities were booked with: their balances, as JSON. Nothing for what is not
/// booked.
pub fn answered_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    activities: &[ActivityId],
) -> Result<Vec<Option<String>>, StoreError> {
    let keys: Vec<Vec<Value>> = activities
        .iter()
        .map(|id| vec![id.bucket().number().into(), uuid(id.number()).into(), business.into()])
        .collect();
    let found = reader.query_each(
        "select answered from activity
         where bucket = $1 and activity_id = $2 and business_id = $3",
        &keys,
    )?;
    let read = |row: &Row| {
        let answered = row.get::<Option<Json>>("answered")?;
        Ok(answered.map_or_else(|| "[]".to_owned(), |answered| answered.0))
    };
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}
