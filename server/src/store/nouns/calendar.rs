//! When the calendar brings something to members next.

use super::businesses::BusinessId;
use super::{member_id, member_values, uuid};
use crate::store::{Missing, Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::values::MemberId;

/// The next moment of a member, as the state with this version has it; nothing, where there is
/// none.
pub type NextMoment = (MemberId, u64, Option<Timestamp>);

pub fn calendar_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    moments: &[NextMoment],
) -> Result<(), StoreError> {
    let (mut written, mut gone) = (Vec::new(), Vec::new());
    for (member, version, next) in moments {
        let mut row = member_values(business, *member).to_vec();
        row.push(i64::try_from(*version).unwrap_or(i64::MAX).into());
        match next {
            Some(next) => {
                row.push((*next).into());
                written.push(row);
            }
            None => gone.push(row),
        }
    }
    // Whoever computed from an older state comes too late.
    transaction.post_each(
        "insert into member_calendar (bucket, member_id, business_id, version, next_at)
         values ($1, $2, $3, $4, $5)
         on conflict (bucket, member_id) do update
         set version = excluded.version, next_at = excluded.next_at
         where member_calendar.version <= excluded.version",
        written,
        Missing::IsFine,
    )?;
    transaction.post_each(
        "delete from member_calendar
         where bucket = $1 and member_id = $2 and business_id = $3 and version <= $4",
        gone,
        Missing::IsFine,
    )
}

/// Members to whom something came by a moment, in the order in which it came.
pub fn calendar_due(
    reader: &mut Reader<'_>,
    business: BusinessId,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<MemberId>, StoreError> {
    let rows = reader.query(
        "select member_id from member_calendar
         where business_id = $1 and next_at <= $2 order by next_at, member_id limit $3",
        &[business.into(), at.into(), i64::from(limit).into()],
    )?;
    rows.iter().map(|row| member_id(row, "member_id")).collect()
}

/// The version of the programme by which every member's calendar was written; 0 before that.
pub fn calendar_version(reader: &mut Reader<'_>, business: BusinessId) -> Result<u32, StoreError> {
    let row = reader.query_optional(
        "select version from calendar_written where business_id = $1",
        &[business.into()],
    )?;
    let version = row.map(|row| row.get::<i64>("version")).transpose()?.unwrap_or(0);
    Ok(u32::try_from(version).unwrap_or(0))
}

pub fn calendar_version_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    version: u32,
) -> Result<(), StoreError> {
    transaction.execute_each(
        "insert into calendar_written (business_id, version) values ($1, $2)
         on conflict (business_id) do update set version = excluded.version",
        &[vec![business.into(), i64::from(version).into()]],
    )?;
    Ok(())
}

/// When something comes to a member next.
pub fn calendar_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = reader.query_optional(
        "select next_at from member_calendar
         where bucket = $1 and member_id = $2 and business_id = $3",
        &[member.bucket().number().into(), uuid(member.number()).into(), business.into()],
    )?;
    row.map(|row| row.get("next_at")).transpose()
}

/// Forgets a moment that was passed and brought nothing, so that it is not looked at for ever.
pub fn calendar_put_off(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    members: &[MemberId],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> =
        members.iter().map(|member| member_values(business, *member).to_vec()).collect();
    transaction.execute_each(
        "delete from member_calendar where bucket = $1 and member_id = $2 and business_id = $3",
        &rows,
    )?;
    Ok(())
}
