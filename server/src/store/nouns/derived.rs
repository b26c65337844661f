//! Activities that wait to be booked because of what other members did.

use super::businesses::BusinessId;
use super::{from_json, member_id, to_json, uuid};
use crate::store::{Missing, Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::engine::{Derived, Incoming};
use symbolon_core::values::{ActivityId, MemberId};

/// An activity that waits, the moment by which it is judged, and when its cause was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingActivity {
    pub derived: Derived,
    pub at: Timestamp,
    pub recorded_at: Timestamp,
}

fn key_values(member: MemberId, activity: ActivityId) -> [Value; 3] {
    [member.bucket().number().into(), uuid(member.number()).into(), uuid(activity.number()).into()]
}

pub fn derived_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    waiting: &[WaitingActivity],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(waiting.len());
    for WaitingActivity { derived, at, recorded_at } in waiting {
        let mut row = key_values(derived.to, derived.id).to_vec();
        row.extend([
            business.into(),
            uuid(derived.incoming.cause.number()).into(),
            to_json(&derived.incoming)?.into(),
            (*at).into(),
            (*recorded_at).into(),
        ]);
        rows.push(row);
    }
    transaction.post_each(
        "insert into derived_activity
         (bucket, member_id, activity_id, business_id, cause_id, incoming, at, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        rows,
        Missing::IsFine,
    )
}

/// Forgets activities that were booked.
pub fn derived_remove(
    transaction: &mut Transaction<'_>,
    booked: &[(MemberId, ActivityId)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> =
        booked.iter().map(|(member, activity)| key_values(*member, *activity).to_vec()).collect();
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
    refused: &[(MemberId, ActivityId, String)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = refused
        .iter()
        .map(|(member, activity, reason)| {
            let mut row = key_values(*member, *activity).to_vec();
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
        "select member_id, activity_id, incoming, at, recorded_at from derived_activity
         where business_id = $1 and refused is null
         order by recorded_at, activity_id limit $2",
        &[business.into(), i64::from(limit).into()],
    )?;
    rows.iter()
        .map(|row| {
            let id = ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128());
            let incoming: Incoming = from_json(row, "incoming")?;
            let derived = Derived { id, to: member_id(row, "member_id")?, incoming };
            Ok(WaitingActivity {
                derived,
                at: row.get("at")?,
                recorded_at: row.get("recorded_at")?,
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
