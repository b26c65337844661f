//! Holds that are open: when each of them ends.

use super::businesses::BusinessId;
use super::{member_id, uuid};
use crate::store::{Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::values::{ActivityId, MemberId};

/// A hold, whose it is, and when it ends.
pub type OpenHold = (MemberId, ActivityId, Timestamp);

fn key_values(member: MemberId, hold: ActivityId) -> [Value; 3] {
    [member.bucket().number().into(), uuid(member.number()).into(), uuid(hold.number()).into()]
}

pub fn holds_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    holds: &[OpenHold],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = holds
        .iter()
        .map(|(member, hold, ends_at)| {
            let mut row = key_values(*member, *hold).to_vec();
            row.extend([business.into(), (*ends_at).into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into open_hold (bucket, member_id, activity_id, business_id, ends_at)
         values ($1, $2, $3, $4, $5)",
        &rows,
    )?;
    Ok(())
}

/// Forgets holds that ended, whichever way.
pub fn holds_remove(
    transaction: &mut Transaction<'_>,
    holds: &[(MemberId, ActivityId)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> =
        holds.iter().map(|(member, hold)| key_values(*member, *hold).to_vec()).collect();
    transaction.execute_each(
        "delete from open_hold where bucket = $1 and member_id = $2 and activity_id = $3",
        &rows,
    )?;
    Ok(())
}

/// Holds whose time is over, the longest over first.
pub fn holds_over(
    reader: &mut Reader<'_>,
    business: BusinessId,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<OpenHold>, StoreError> {
    let rows = reader.query(
        "select member_id, activity_id, ends_at from open_hold
         where business_id = $1 and ends_at <= $2 order by ends_at, activity_id limit $3",
        &[business.into(), at.into(), i64::from(limit).into()],
    )?;
    rows.iter()
        .map(|row| {
            let hold = ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128());
            Ok((member_id(row, "member_id")?, hold, row.get("ends_at")?))
        })
        .collect()
}

/// How many checkouts are held.
pub fn holds_count(reader: &mut Reader<'_>, business: BusinessId) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as holds from open_hold where business_id = $1",
        &[business.into()],
    )?;
    row.get("holds")
}
