//! Activities with their decisions, and how much of them was taken back. Activities are only
//! ever added; what was taken back of them is a sum over later ones.

use super::businesses::BusinessId;
use super::members::Chain;
use super::{fixed_bytes, from_json, member_id, member_values, to_json, uuid};
use crate::store::{Ask, Json, Missing, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::engine::{Progress, Recorded, Shared};
use symbolon_core::values::{ActivityId, BUCKETS, MemberId};

/// An activity as it is stored.
#[derive(Debug, Clone)]
pub struct ActivityRow {
    /// `None` for a guest's.
    pub member: Option<MemberId>,
    pub recorded: Recorded,
    /// The number of the receipt or return, where it has one.
    pub label: Option<String>,
    pub recorded_at: Timestamp,
    pub chain: Chain,
    /// As it was serialised for its link in the chain; none, where the row was read.
    pub texts: Option<ActivityTexts>,
}

/// An activity, its decision and what that looked at, serialised.
#[derive(Debug, Clone)]
pub struct ActivityTexts {
    pub payload: String,
    pub decision: String,
    pub seen: Option<String>,
}

impl ActivityTexts {
    pub fn of(recorded: &Recorded) -> Result<Self, StoreError> {
        // Most decisions look at nothing that is shared, and nothing is written of it then.
        let seen = match recorded.seen.is_empty() {
            true => None,
            false => Some(to_json(&recorded.seen)?.0),
        };
        Ok(Self {
            payload: to_json(&recorded.activity)?.0,
            decision: to_json(&recorded.decision)?.0,
            seen,
        })
    }
}

/// All columns of an activity and of its progress. The statements below only add a `where`.
const SELECT: &str = "select a.member_id, a.activity_id, a.sequence, a.label, a.recorded_at,
    a.programme_version, a.payload, a.decision, a.seen, a.chain, p.progress
    from activity a left join activity_progress p
    on p.bucket = a.bucket and p.member_id = a.member_id and p.activity_id = a.activity_id";

fn read_activity(row: &Row) -> Result<ActivityRow, StoreError> {
    let member = member_id(row, "member_id")?;
    let progress = match row.get::<Option<Json>>("progress")? {
        Some(_) => from_json::<Progress>(row, "progress")?,
        None => Progress::default(),
    };
    let seen = match row.get::<Option<Json>>("seen")? {
        Some(_) => from_json(row, "seen")?,
        None => Shared::default(),
    };
    let sequence: i64 = row.get("sequence")?;
    Ok(ActivityRow {
        member: (member.number() != 0).then_some(member),
        recorded: Recorded {
            id: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
            sequence: u64::try_from(sequence).unwrap_or(0),
            version: row.get("programme_version")?,
            activity: from_json(row, "payload")?,
            decision: from_json(row, "decision")?,
            progress,
            seen,
        },
        label: row.get("label")?,
        recorded_at: row.get("recorded_at")?,
        chain: fixed_bytes(row, "chain")?,
        texts: None,
    })
}

fn read_all(
    reader: &mut Reader<'_>,
    rest: &str,
    values: &[Value],
) -> Result<Vec<ActivityRow>, StoreError> {
    reader.query(&format!("{SELECT} {rest}"), values)?.iter().map(read_activity).collect()
}

/// Activities by id. Their bucket is in the id, their member is in the row.
pub fn activities_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    activities: &[ActivityId],
) -> Result<Vec<Option<ActivityRow>>, StoreError> {
    let ask = activities_ask(business, activities);
    activities_read(&reader.query_each(&ask.sql, &ask.keys)?)
}

/// What `activities_read` reads the answer of.
pub fn activities_ask(business: BusinessId, activities: &[ActivityId]) -> Ask {
    let key = |id: &ActivityId| {
        vec![id.bucket().number().into(), uuid(id.number()).into(), business.into()]
    };
    Ask {
        sql: format!("{SELECT} where a.bucket = $1 and a.activity_id = $2 and a.business_id = $3")
            .into(),
        keys: activities.iter().map(key).collect(),
    }
}

/// Each activity; none where there is no such.
pub fn activities_read(found: &[Vec<Row>]) -> Result<Vec<Option<ActivityRow>>, StoreError> {
    found.iter().map(|rows| rows.first().map(read_activity).transpose()).collect()
}

/// How many of a member's newest receipts a return without receipt is matched to.
pub const RECEIPTS_MATCHED_MAX: u32 = 1_000;

/// The newest receipts of a member, for returns without a receipt.
pub fn receipts_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Vec<ActivityRow>, StoreError> {
    let mut values = member_values(business, member).to_vec();
    values.push(RECEIPTS_MATCHED_MAX.into());
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.business_id = $3 and a.kind = 'receipt'
         order by a.at desc, a.sequence desc limit $4",
        &values,
    )
}

/// The newest activities of a member before a sequence, for the timeline.
pub fn activities_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<ActivityRow>, StoreError> {
    let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let mut values = member_values(business, member).to_vec();
    values.extend([before.into(), most.into()]);
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.business_id = $3 and a.sequence < $4
         order by a.sequence desc limit $5",
        &values,
    )
}

/// The newest activities of a kind of a member.
pub fn activities_of_kind(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
    kind: &str,
    most: u32,
) -> Result<Vec<ActivityRow>, StoreError> {
    let mut values = member_values(business, member).to_vec();
    values.extend([kind.into(), most.into()]);
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.business_id = $3 and a.kind = $4
         order by a.sequence desc limit $5",
        &values,
    )
}

/// All activities of a member in the order in which they were booked.
pub fn history_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Vec<ActivityRow>, StoreError> {
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.business_id = $3 order by a.sequence",
        &member_values(business, member),
    )
}

/// Guests' activities of a bucket after a cursor, in order of id.
pub fn guest_activities_after(
    reader: &mut Reader<'_>,
    business: BusinessId,
    bucket: u8,
    after: Option<ActivityId>,
    most: u32,
) -> Result<Vec<ActivityRow>, StoreError> {
    let after = uuid(after.map_or(0, ActivityId::number));
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.activity_id > $3 and a.business_id = $4
         order by a.activity_id limit $5",
        &[bucket.into(), uuid(0).into(), after.into(), business.into(), most.into()],
    )
}

/// The newest activities of a kind, of everybody. Ids begin with their moment, so the newest
/// of each bucket are enough.
pub fn activities_newest(
    reader: &mut Reader<'_>,
    business: BusinessId,
    kind: &str,
    most: u32,
) -> Result<Vec<ActivityRow>, StoreError> {
    let keys: Vec<Vec<Value>> = (0..BUCKETS)
        .map(|bucket| vec![bucket.into(), business.into(), kind.into(), most.into()])
        .collect();
    let sql = format!(
        "{SELECT} where a.bucket = $1 and a.business_id = $2 and a.kind = $3
         order by a.activity_id desc limit $4"
    );
    let found = reader.query_each(&sql, &keys)?;
    let mut rows = found.iter().flatten().map(read_activity).collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.recorded.decision.at, row.recorded.id)));
    rows.truncate(most as usize);
    Ok(rows)
}

/// Receipts or returns by the number that stands on them.
pub fn activities_by_label(
    reader: &mut Reader<'_>,
    business: BusinessId,
    label: &str,
    most: u32,
) -> Result<Vec<ActivityRow>, StoreError> {
    read_all(
        reader,
        "where a.business_id = $1 and a.label = $2 order by a.activity_id desc limit $3",
        &[business.into(), label.into(), most.into()],
    )
}

/// Returns and voids of a member after one of the member's receipts.
pub fn reversals_of_member(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
    after: u64,
) -> Result<Vec<ActivityRow>, StoreError> {
    let mut values = member_values(business, member).to_vec();
    values.push(i64::try_from(after).unwrap_or(i64::MAX).into());
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.business_id = $3
         and a.sequence > $4 and a.kind in ('return', 'void') order by a.sequence",
        &values,
    )
}

/// Guests' returns and voids since one of their receipts. They lie in its bucket, and ids begin
/// with their moment, so little more than what came later is looked at.
pub fn guest_reversals_since(
    reader: &mut Reader<'_>,
    business: BusinessId,
    receipt: ActivityId,
) -> Result<Vec<ActivityRow>, StoreError> {
    // Above the lower 80 bits are milliseconds. A clock may have stepped back, by an hour at most.
    let since = (receipt.number() >> 80).saturating_sub(3_600_000) << 80;
    let bucket = receipt.bucket().number();
    read_all(
        reader,
        "where a.bucket = $1 and a.member_id = $2 and a.activity_id >= $3 and a.business_id = $4
         and a.kind in ('return', 'void') order by a.recorded_at, a.activity_id",
        &[bucket.into(), uuid(0).into(), uuid(since).into(), business.into()],
    )
}

/// How many activities of each kind there are.
pub fn activities_count(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = reader.query(
        "select kind, count(*) as activities from activity where business_id = $1
         group by kind order by kind",
        &[business.into()],
    )?;
    rows.iter().map(|row| Ok((row.get("kind")?, row.get("activities")?))).collect()
}

/// How many activities there are for members who have no state. There should be none; guests
/// have the id zero and are not counted.
pub fn activities_of_nobody_count(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as activities from activity a
         where a.business_id = $1 and a.member_id <> $2 and not exists
         (select 1 from member_state s where s.bucket = a.bucket and s.member_id = a.member_id)",
        &[business.into(), uuid(0).into()],
    )?;
    row.get("activities")
}

pub fn activities_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    activities: &[ActivityRow],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(activities.len());
    for row in activities {
        rows.push(own_values(business, row)?);
    }
    transaction.post_each(
        "insert into activity
         (bucket, member_id, activity_id, business_id, sequence, kind, label, at, recorded_at,
          programme_version, payload, decision, chain, seen)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        rows,
        Missing::IsFine,
    )
}

/// Adds activities of one bucket with the balances that are answered, as JSON: where lanes go by
/// bucket, the answer to a repetition is found here.
pub fn activities_add_answered(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    activities: &[(ActivityRow, String)],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(activities.len());
    for (row, answered) in activities {
        let mut values = own_values(business, row)?;
        values.push(Json(answered.clone()).into());
        rows.push(values);
    }
    transaction.post_each(
        "insert into activity
         (bucket, member_id, activity_id, business_id, sequence, kind, label, at, recorded_at,
          programme_version, payload, decision, chain, seen, answered)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        rows,
        Missing::IsFine,
    )
}

fn own_values(business: BusinessId, row: &ActivityRow) -> Result<Vec<Value>, StoreError> {
    let recorded = &row.recorded;
    let texts = match &row.texts {
        Some(texts) => texts.clone(),
        None => ActivityTexts::of(recorded)?,
    };
    Ok(vec![
        recorded.id.bucket().number().into(),
        uuid(row.member.map_or(0, MemberId::number)).into(),
        uuid(recorded.id.number()).into(),
        business.into(),
        i64::try_from(recorded.sequence).unwrap_or(i64::MAX).into(),
        recorded.activity.name().into(),
        row.label.clone().into(),
        recorded.decision.at.into(),
        row.recorded_at.into(),
        recorded.version.into(),
        Json(texts.payload).into(),
        Json(texts.decision).into(),
        (&row.chain[..]).into(),
        texts.seen.map(Json).into(),
    ])
}

/// What was taken back of an activity, by the member it belongs to.
pub type ProgressChange = (Option<MemberId>, ActivityId, Progress);

pub fn progress_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    changes: &[ProgressChange],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(changes.len());
    for (member, activity, progress) in changes {
        rows.push(vec![
            activity.bucket().number().into(),
            uuid(member.map_or(0, MemberId::number)).into(),
            uuid(activity.number()).into(),
            business.into(),
            to_json(progress)?.into(),
        ]);
    }
    transaction.execute_each(
        "insert into activity_progress (bucket, member_id, activity_id, business_id, progress)
         values ($1, $2, $3, $4, $5)
         on conflict (bucket, member_id, activity_id) do update
         set progress = excluded.progress",
        &rows,
    )?;
    Ok(())
}

/// Writes what was taken back of a guest's activity, if it is still what it was when that was
/// read: a guest has no state whose version would tell. Says whether it was.
pub fn guest_progress_replace(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    activity: ActivityId,
    (before, after): (&Progress, &Progress),
) -> Result<bool, StoreError> {
    let own = vec![
        activity.bucket().number().into(),
        uuid(0).into(),
        uuid(activity.number()).into(),
        business.into(),
        to_json(before)?.into(),
    ];
    transaction.execute_each(
        "insert into activity_progress (bucket, member_id, activity_id, business_id, progress)
         values ($1, $2, $3, $4, $5) on conflict (bucket, member_id, activity_id) do nothing",
        std::slice::from_ref(&own),
    )?;
    let mut row = own;
    row.push(to_json(after)?.into());
    let replaced = transaction.execute_each(
        "update activity_progress set progress = $6
         where bucket = $1 and member_id = $2 and activity_id = $3 and business_id = $4
         and progress = $5",
        &[row],
    )?;
    Ok(replaced == [1])
}
