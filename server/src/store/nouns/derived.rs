//! Activities that wait to be booked because of what other members did.
//!
//! They lie with their cause, so that they are written in one bucket with it.

use super::businesses::BusinessId;
use super::{from_json, inconsistent, member_id, to_json, uuid};
use crate::store::{Missing, Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::engine::{Derived, Incoming};
use symbolon_core::values::{ActivityId, Bucket, MemberId};

/// Where an activity lies that waits: with the member whose activity caused it; the id zero where
/// that was nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingKey {
    pub bucket: Bucket,
    member: MemberId,
    activity: ActivityId,
}

impl WaitingKey {
    fn values(self) -> [Value; 3] {
        let (member, activity) = (self.member.number(), self.activity.number());
        [self.bucket.number().into(), uuid(member).into(), uuid(activity).into()]
    }
}

/// An activity that waits, the moment by which it is judged, and when its cause was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingActivity {
    pub derived: Derived,
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub key: WaitingKey,
}

impl WaitingActivity {
    #[must_use]
    pub fn new(derived: Derived, at: Timestamp, recorded_at: Timestamp) -> Self {
        let key = WaitingKey {
            bucket: derived.incoming.cause.bucket(),
            member: derived.incoming.from.unwrap_or(MemberId::new(0)),
            activity: derived.id,
        };
        Self { derived, at, recorded_at, key }
    }
}

pub fn derived_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    waiting: &[WaitingActivity],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(waiting.len());
    for WaitingActivity { derived, at, recorded_at, key } in waiting {
        let mut row = key.values().to_vec();
        row.extend([
            business.into(),
            uuid(derived.incoming.cause.number()).into(),
            to_json(&derived.incoming)?.into(),
            (*at).into(),
            (*recorded_at).into(),
            uuid(derived.to.number()).into(),
        ]);
        rows.push(row);
    }
    // One that waits already is the same.
    transaction.post_each(
        "insert into derived_activity
         (bucket, member_id, activity_id, business_id, cause_id, incoming, at, recorded_at,
          to_member_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (bucket, member_id, activity_id) do nothing",
        rows,
        Missing::IsFine,
    )
}

/// Forgets activities that were booked.
pub fn derived_remove(
    transaction: &mut Transaction<'_>,
    booked: &[WaitingKey],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = booked.iter().map(|key| key.values().to_vec()).collect();
    transaction.execute_each(
        "delete from derived_activity where bucket = $1 and member_id = $2 and activity_id = $3",
        &rows,
    )?;
    Ok(())
}

/// Marks activities that cannot be booked, with the name of the reason.
pub fn derived_refuse(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    refused: &[(WaitingKey, String)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = refused
        .iter()
        .map(|(key, reason)| {
            let mut row = key.values().to_vec();
            row.extend([reason.as_str().into(), business.into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "update derived_activity set refused = $4
         where bucket = $1 and member_id = $2 and activity_id = $3 and business_id = $5",
        &rows,
    )?;
    Ok(())
}

/// Activities that wait, the oldest first.
pub fn derived_waiting(
    reader: &mut Reader<'_>,
    business: BusinessId,
    limit: u32,
) -> Result<Vec<WaitingActivity>, StoreError> {
    let rows = reader.query(
        "select bucket, member_id, activity_id, incoming, at, recorded_at, to_member_id
         from derived_activity
         where business_id = $1 and refused is null
         order by recorded_at, activity_id limit $2",
        &[business.into(), i64::from(limit).into()],
    )?;
    rows.iter()
        .map(|row| {
            let id = ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128());
            let incoming: Incoming = from_json(row, "incoming")?;
            let (bucket, member) = (row.get::<i64>("bucket")?, member_id(row, "member_id")?);
            let no_bucket = |_| inconsistent("bucket", "a bucket", bucket.to_string());
            let bucket = Bucket::of(u128::try_from(bucket).map_err(no_bucket)?);
            // Older rows lie with whom they are for.
            let to = row.get::<Option<uuid::Uuid>>("to_member_id")?;
            let to = to.map_or(member, |to| MemberId::new(to.as_u128()));
            Ok(WaitingActivity {
                derived: Derived { id, to, incoming },
                at: row.get("at")?,
                recorded_at: row.get("recorded_at")?,
                key: WaitingKey { bucket, member, activity: id },
            })
        })
        .collect()
}

/// The ids of all activities that wait or were refused.
pub fn derived_ids(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<ActivityId>, StoreError> {
    let rows = reader.query(
        "select activity_id from derived_activity where business_id = $1",
        &[business.into()],
    )?;
    rows.iter()
        .map(|row| Ok(ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128())))
        .collect()
}
