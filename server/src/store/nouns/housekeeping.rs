//! How far work is that looks at every member.

use super::businesses::BusinessId;
use super::{from_json, to_json};
use crate::store::{Json, Reader, StoreError, Transaction};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use symbolon_core::values::MemberId;

/// Where it goes on: after a member of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub bucket: u8,
    pub after: Option<MemberId>,
}

/// Work of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub day: Date,
    /// The moment by which all members are judged.
    pub judged_at: Timestamp,
    /// None when it is done.
    pub position: Option<Position>,
}

pub fn work_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    job: &str,
) -> Result<Option<Work>, StoreError> {
    let row = reader.query_optional(
        "select day, judged_at, position from housekeeping where business_id = $1 and job = $2",
        &[business.into(), job.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let position = match row.get::<Option<Json>>("position")? {
        Some(_) => Some(from_json(&row, "position")?),
        None => None,
    };
    Ok(Some(Work { day: row.get("day")?, judged_at: row.get("judged_at")?, position }))
}

/// Writes how far work is. Whoever is further already, or in a later day, stays there.
pub fn work_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    job: &str,
    work: &Work,
) -> Result<(), StoreError> {
    let position = work.position.as_ref().map(to_json).transpose()?;
    transaction.execute_each(
        "insert into housekeeping (business_id, job, day, judged_at, position)
         values ($1, $2, $3, $4, $5)
         on conflict (business_id, job) do update
         set day = excluded.day, judged_at = excluded.judged_at, position = excluded.position
         where housekeeping.day <= excluded.day",
        &[vec![
            business.into(),
            job.into(),
            work.day.into(),
            work.judged_at.into(),
            position.into(),
        ]],
    )?;
    Ok(())
}
