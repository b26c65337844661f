//! Entries of the ledger. They are only ever added.

use super::businesses::BusinessId;
use super::{member_values, uuid};
use crate::store::{Missing, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::ledger::{Account, Entry};
use symbolon_core::values::{ActivityId, Key, MemberId, Points};

pub fn entries_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    entries: &[(MemberId, Entry)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|(member, entry)| {
            let mut row = member_values(business, *member).to_vec();
            row.extend([
                i64::try_from(entry.number).unwrap_or(i64::MAX).into(),
                uuid(entry.activity.number()).into(),
                entry.effect.into(),
                entry.points.as_str().into(),
                entry.from.name().into(),
                entry.to.name().into(),
                entry.amount.units().into(),
                entry.lot.map(i64::from).into(),
                entry.at.into(),
            ]);
            row
        })
        .collect();
    transaction.post_each(
        "insert into entry
         (bucket, member_id, business_id, number, activity_id, effect, points, from_account,
          to_account, amount, lot, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        rows,
        Missing::IsFine,
    )
}

fn account(row: &Row, column: &str) -> Result<Account, StoreError> {
    let name: &str = row.get(column)?;
    Account::parse(name).ok_or_else(|| StoreError::Inconsistent {
        column: column.to_owned(),
        expected: "the name of an account",
        statement: "select from entry".to_owned(),
    })
}

/// Entries of a member below a number, the newest first.
pub fn entries_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let mut values = member_values(business, member).to_vec();
    values.extend([before.into(), most.into()]);
    let rows = reader.query(
        "select number, activity_id, effect, points, from_account, to_account, amount, lot, at
         from entry where bucket = $1 and member_id = $2 and business_id = $3 and number < $4
         order by number desc limit $5",
        &values,
    )?;
    rows.iter()
        .map(|row| {
            let number: i64 = row.get("number")?;
            Ok(Entry {
                number: u64::try_from(number).unwrap_or(0),
                activity: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
                effect: row.get("effect")?,
                points: Key::new(row.get::<&str>("points")?),
                from: account(row, "from_account")?,
                to: account(row, "to_account")?,
                amount: Points::new(row.get("amount")?),
                lot: row.get("lot")?,
                at: row.get("at")?,
            })
        })
        .collect()
}

/// How many entries there are for members who have no state. There should be none.
pub fn entries_of_nobody_count(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as entries from entry e where e.business_id = $1 and not exists
         (select 1 from member_state s where s.bucket = e.bucket and s.member_id = e.member_id)",
        &[business.into()],
    )?;
    row.get("entries")
}

/// Sums of all entries by point kind and accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySum {
    pub points: String,
    pub from: Account,
    pub to: Account,
    pub amount: i64,
}

pub fn entries_sum(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<EntrySum>, StoreError> {
    let rows = reader.query(
        "select points, from_account, to_account, cast(sum(amount) as bigint) as amount
         from entry where business_id = $1
         group by points, from_account, to_account order by points, from_account, to_account",
        &[business.into()],
    )?;
    rows.iter().map(read_sum).collect()
}

/// The same of the entries from a moment on.
pub fn entries_sum_since(
    reader: &mut Reader<'_>,
    business: BusinessId,
    since: Timestamp,
) -> Result<Vec<EntrySum>, StoreError> {
    let rows = reader.query(
        "select points, from_account, to_account, cast(sum(amount) as bigint) as amount
         from entry where business_id = $1 and at >= $2
         group by points, from_account, to_account order by points, from_account, to_account",
        &[business.into(), since.into()],
    )?;
    rows.iter().map(read_sum).collect()
}

fn read_sum(row: &Row) -> Result<EntrySum, StoreError> {
    Ok(EntrySum {
        points: row.get("points")?,
        from: account(row, "from_account")?,
        to: account(row, "to_account")?,
        amount: row.get("amount")?,
    })
}
