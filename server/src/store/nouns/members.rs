//! Members: their state, which decisions read and write, and their profile, which they do not.

use super::businesses::BusinessId;
use super::{fixed_bytes, from_json, member_id, member_values, to_json, uuid};
use crate::store::{Ask, Json, Missing, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::member::MemberState;
use symbolon_core::values::{BUCKETS, MemberId};

/// A hash over all of a member's activities in their order.
pub type Chain = [u8; 32];

#[derive(Debug, Clone)]
pub struct StateRow {
    pub state: MemberState,
    pub chain: Chain,
}

pub fn states_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    members: &[MemberId],
) -> Result<Vec<Option<StateRow>>, StoreError> {
    let ask = states_ask(business, members);
    states_read(&reader.query_each(&ask.sql, &ask.keys)?)
}

/// What `states_read` reads the answer of.
pub fn states_ask(business: BusinessId, members: &[MemberId]) -> Ask {
    Ask {
        sql: "select state, chain from member_state
         where bucket = $1 and member_id = $2 and business_id = $3"
            .into(),
        keys: members.iter().map(|member| member_values(business, *member).to_vec()).collect(),
    }
}

/// The state of each member; none where there is no such member.
pub fn states_read(found: &[Vec<Row>]) -> Result<Vec<Option<StateRow>>, StoreError> {
    found
        .iter()
        .map(|rows| {
            let Some(row) = rows.first() else { return Ok(None) };
            let chain = fixed_bytes(row, "chain")?;
            Ok(Some(StateRow { state: from_json(row, "state")?, chain }))
        })
        .collect()
}

/// A state to be written, and the version that it was computed from.
#[derive(Debug)]
pub struct StateChange<'a> {
    pub member: MemberId,
    pub before: u64,
    pub state: &'a MemberState,
    pub chain: Chain,
}

/// Writes states. Where a member moved on meanwhile, it is a conflict.
pub fn states_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    changes: &[StateChange<'_>],
) -> Result<(), StoreError> {
    transaction.post_each(STATES_WRITE, state_rows(business, changes)?, Missing::IsConflict)
}

/// As `states_write`, and says at once whether nobody moved on meanwhile.
pub fn states_replace(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    changes: &[StateChange<'_>],
) -> Result<bool, StoreError> {
    let written = transaction.execute_each(STATES_WRITE, &state_rows(business, changes)?)?;
    Ok(!written.contains(&0))
}

const STATES_WRITE: &str = "insert into member_state
     (bucket, member_id, business_id, version, previous_version, state, chain)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (bucket, member_id) do update
     set version = excluded.version, previous_version = excluded.previous_version,
         state = excluded.state, chain = excluded.chain
     where member_state.version = excluded.previous_version
       and member_state.business_id = excluded.business_id";

fn state_rows(
    business: BusinessId,
    changes: &[StateChange<'_>],
) -> Result<Vec<Vec<Value>>, StoreError> {
    let version = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(changes.len());
    for change in changes {
        let mut row = member_values(business, change.member).to_vec();
        row.extend([
            version(change.state.sequence),
            version(change.before),
            to_json(change.state)?.into(),
            (&change.chain[..]).into(),
        ]);
        rows.push(row);
    }
    Ok(rows)
}

pub fn profiles_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    profiles: &[(MemberId, Option<String>, Timestamp)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = profiles
        .iter()
        .map(|(member, name, at)| {
            let mut row = member_values(business, *member).to_vec();
            row.extend([name.clone().into(), (*at).into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into member_profile (bucket, member_id, business_id, name, created_at)
         values ($1, $2, $3, $4, $5)",
        &rows,
    )?;
    Ok(())
}

/// The name of a member; `None` where there is no such member or no name.
pub fn profile_name_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Option<String>, StoreError> {
    let row = reader.query_optional(
        "select name from member_profile
         where bucket = $1 and member_id = $2 and business_id = $3",
        &member_values(business, member),
    )?;
    Ok(row.map(|row| row.get::<Option<String>>("name")).transpose()?.flatten())
}

/// The newest members before a cursor. Ids begin with their moment, so the newest of each
/// bucket are enough, and no index beside the primary key is needed.
pub fn members_newest(
    reader: &mut Reader<'_>,
    business: BusinessId,
    before: Option<MemberId>,
    most: u32,
) -> Result<Vec<MemberId>, StoreError> {
    let before = before.map_or(u128::MAX, MemberId::number);
    let keys: Vec<Vec<Value>> = (0..BUCKETS)
        .map(|bucket| vec![bucket.into(), uuid(before).into(), business.into(), most.into()])
        .collect();
    let found = reader.query_each(
        "select member_id from member_state
         where bucket = $1 and member_id < $2 and business_id = $3
         order by member_id desc limit $4",
        &keys,
    )?;
    let ids = found.iter().flatten().map(|row| member_id(row, "member_id"));
    let mut members = ids.collect::<Result<Vec<_>, _>>()?;
    members.sort_unstable_by(|a, b| b.cmp(a));
    members.truncate(most as usize);
    Ok(members)
}

pub fn members_count(reader: &mut Reader<'_>, business: BusinessId) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as members from member_state where business_id = $1",
        &[business.into()],
    )?;
    row.get("members")
}

/// A stored member on the walk through a whole database.
#[derive(Debug)]
pub struct WalkedMember {
    pub member: MemberId,
    pub state: StateRow,
    /// The state as it is stored, letter by letter.
    pub text: String,
}

/// Members of a bucket after a cursor, in order.
pub fn members_after(
    reader: &mut Reader<'_>,
    business: BusinessId,
    bucket: u8,
    after: Option<MemberId>,
    most: u32,
) -> Result<Vec<WalkedMember>, StoreError> {
    let after = uuid(after.map_or(0, MemberId::number));
    let rows = reader.query(
        "select member_id, state, chain from member_state
         where bucket = $1 and member_id > $2 and business_id = $3
         order by member_id limit $4",
        &[bucket.into(), after.into(), business.into(), most.into()],
    )?;
    rows.iter().map(read_walked).collect()
}

/// One member as `members_after` gives them.
pub fn member_walked(
    reader: &mut Reader<'_>,
    business: BusinessId,
    member: MemberId,
) -> Result<Option<WalkedMember>, StoreError> {
    let row = reader.query_optional(
        "select member_id, state, chain from member_state
         where bucket = $1 and member_id = $2 and business_id = $3",
        &member_values(business, member),
    )?;
    row.as_ref().map(read_walked).transpose()
}

fn read_walked(row: &Row) -> Result<WalkedMember, StoreError> {
    let text: Json = row.get("state")?;
    let chain = fixed_bytes(row, "chain")?;
    Ok(WalkedMember {
        member: member_id(row, "member_id")?,
        state: StateRow { state: from_json(row, "state")?, chain },
        text: text.0,
    })
}
