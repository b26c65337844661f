//! The past that a database holds, read once into memory.
//!
//! Only what happened is taken; what was decided then stays where it is.

use super::past::{History, Past, PastMember};
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::businesses::BusinessId;
use crate::store::nouns::members;
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Returned};
use symbolon_core::values::{ActivityId, BUCKETS};

const PAGE: u32 = 500;

/// Reads all members and guests of a business. `progress` is told how many activities came.
pub fn history_of_database(
    store: &Store,
    business: BusinessId,
    mut progress: impl FnMut(u64),
) -> Result<History, StoreError> {
    let mut history = History::default();
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            // Members and their activities of one moment, so that a till may go on meanwhile.
            let page = store.read(|reader| {
                let page = members::members_after(reader, business, bucket, after, PAGE)?;
                let mut read = Vec::with_capacity(page.len());
                for walked in page {
                    let rows = activities::history_of_member(reader, business, walked.member)?;
                    read.push((walked.member, rows));
                }
                Ok::<_, StoreError>(read)
            })?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (member, rows) in page {
                progress(rows.len() as u64);
                let activities = rows.into_iter().map(past).collect();
                let name = Some(member.to_string());
                history.members.push(PastMember { member: Some(member), name, activities });
            }
        }
        read_guests(store, business, bucket, &mut history, &mut progress)?;
    }
    Ok(history)
}

/// A guest is his receipt, and what came of it later.
fn read_guests(
    store: &Store,
    business: BusinessId,
    bucket: u8,
    history: &mut History,
    progress: &mut impl FnMut(u64),
) -> Result<(), StoreError> {
    let mut guests: BTreeMap<ActivityId, Vec<ActivityRow>> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = store.read(|reader| {
            activities::guest_activities_after(reader, business, bucket, after, PAGE)
        })?;
        let Some(last) = page.last() else { break };
        after = Some(last.recorded.id);
        progress(page.len() as u64);
        for row in page {
            let of = match &row.recorded.activity {
                Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => *receipt,
                Activity::Void { of } | Activity::Event { of, .. } => *of,
                _ => row.recorded.id,
            };
            guests.entry(of).or_default().push(row);
        }
    }
    for mut rows in guests.into_values() {
        rows.sort_by_key(|row| (row.recorded_at, row.recorded.id));
        let activities = rows.into_iter().map(past).collect();
        history.members.push(PastMember { member: None, name: None, activities });
    }
    Ok(())
}

fn past(row: ActivityRow) -> Past {
    Past {
        at: row.recorded.decision.at,
        id: row.recorded.id,
        label: row.label,
        activity: row.recorded.activity,
        shown: row.recorded.seen.instruments.into_iter().collect(),
    }
}
