//! What somebody has to do for members.

use super::businesses::BusinessId;
use super::{member_id, uuid};
use crate::store::{Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use symbolon_core::values::{ActivityId, MemberId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    pub member: MemberId,
    pub activity: ActivityId,
    /// The position of the effect that opened it.
    pub effect: u32,
    /// The benefit or reward.
    pub about: String,
    pub partner: Option<String>,
    pub note: Option<String>,
    pub due: Date,
    pub opened_at: Timestamp,
}

/// Which task: whose, and what opened it.
pub type TaskKey = (MemberId, ActivityId, u32);

fn key_values((member, activity, effect): TaskKey) -> Vec<Value> {
    vec![
        member.bucket().number().into(),
        uuid(member.number()).into(),
        uuid(activity.number()).into(),
        i64::from(effect).into(),
    ]
}

pub fn tasks_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    tasks: &[TaskRow],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = tasks
        .iter()
        .map(|task| {
            let mut row = key_values((task.member, task.activity, task.effect));
            row.extend([
                business.into(),
                task.about.as_str().into(),
                task.partner.clone().into(),
                task.note.clone().into(),
                task.due.into(),
                task.opened_at.into(),
            ]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into open_task
         (bucket, member_id, activity_id, effect, business_id, about, partner, note, due, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &rows,
    )?;
    Ok(())
}

/// Forgets what is done, or no longer to be done.
pub fn tasks_remove(
    transaction: &mut Transaction<'_>,
    tasks: &[TaskKey],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = tasks.iter().map(|task| key_values(*task)).collect();
    transaction.execute_each(
        "delete from open_task
         where bucket = $1 and member_id = $2 and activity_id = $3 and effect = $4",
        &rows,
    )?;
    Ok(())
}

/// What is to be done, the soonest due first; with a day, only what was due before it.
pub fn tasks_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
    due_before: Option<Date>,
    limit: u32,
) -> Result<Vec<TaskRow>, StoreError> {
    let rows = reader.query(
        "select member_id, activity_id, effect, about, partner, note, due, opened_at
         from open_task where business_id = $1 and due < $2
         order by due, activity_id, effect limit $3",
        &[business.into(), due_before.unwrap_or(Date::MAX).into(), i64::from(limit).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(TaskRow {
                member: member_id(row, "member_id")?,
                activity: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
                effect: u32::try_from(row.get::<i64>("effect")?).unwrap_or(u32::MAX),
                about: row.get("about")?,
                partner: row.get("partner")?,
                note: row.get("note")?,
                due: row.get("due")?,
                opened_at: row.get("opened_at")?,
            })
        })
        .collect()
}

/// How many tasks are open.
pub fn tasks_count(reader: &mut Reader<'_>, business: BusinessId) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as tasks from open_task where business_id = $1",
        &[business.into()],
    )?;
    row.get("tasks")
}
