//! Proves the ledger: folds everything again from nothing and compares.
//!
//! Decisions are made again from the recorded activities and the programme versions, states
//! and entries are booked again, balances and lots are summed again from the stored entries
//! alone, and the chain over each member's activities is linked again. It changes nothing.

use super::App;
use super::games::{GameError, game_checked};
use super::verify_instruments::{missing_entries, verify_instruments};
use crate::pipeline::link;
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::attempts::{self, Fate};
use crate::store::nouns::members;
use crate::store::nouns::{counters, derived, entries, games, reservations};
use crate::store::{Reader, StoreError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use symbolon_core::engine::{
    Activity, Book, Candidates, CounterKey, Effect, Recorded, Returned, derived_of,
};
use symbolon_core::ledger::{Account, Entry};
use symbolon_core::member::MemberState;
use symbolon_core::programme::QuotaPer;
use symbolon_core::values::{ActivityId, BUCKETS, MemberId};

/// How many differences are listed before they are only counted.
const LISTED_MAX: usize = 1_000;

/// What was looked at, and every difference that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    pub members: u64,
    pub activities: u64,
    pub entries: u64,
    pub guest_activities: u64,
    /// Coupons, certificates and cards that something happened to.
    pub instruments: u64,
    /// Counters of limits that belong to no member.
    pub counters: u64,
    #[serde(skip)]
    tally: Tally,
    pub differences: Vec<String>,
    /// Differences beyond those that are listed.
    pub more_differences: u64,
}

/// What the activities that were walked over add up to, until it is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Tally {
    counted: BTreeMap<CounterKey, i64>,
    /// What was sent to other members and is not seen to have arrived, by its id; what arrived
    /// before its cause was walked over is taken off when that is.
    sent: BTreeMap<ActivityId, i8>,
    /// Prizes that are about to be sent.
    on_their_way: BTreeSet<ActivityId>,
}

impl Tally {
    fn add(&mut self, id: ActivityId, member: Option<MemberId>, row: &Recorded) {
        for effect in &row.decision.effects {
            if let Effect::CountShared { counter, change } = effect
                && counter.per != QuotaPer::Member
            {
                let sum = self.counted.entry(counter.clone()).or_default();
                *sum = sum.saturating_add(*change);
            }
        }
        for derived in derived_of(id, member, &row.decision) {
            self.moved(derived.id, 1);
        }
        if let Activity::Incoming(_) = row.activity {
            self.moved(id, -1);
        }
    }

    fn moved(&mut self, id: ActivityId, change: i8) {
        let sum = self.sent.entry(id).or_default();
        *sum = sum.saturating_add(change);
        if *sum == 0 {
            self.sent.remove(&id);
        }
    }
}

impl VerifyReport {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    pub(super) fn difference(&mut self, text: String) {
        if self.differences.len() < LISTED_MAX {
            self.differences.push(text);
        } else {
            self.more_differences += 1;
        }
    }
}

/// Verifies a whole business. `progress` is told how many members are done.
pub fn verify(app: &App, mut progress: impl FnMut(u64)) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    for bucket in 0..BUCKETS {
        verify_bucket(app, bucket, &mut report, &mut progress)?;
    }
    verify_instruments(app, &mut report)?;
    verify_counters(app, &mut report)?;
    verify_games(app, &mut report)?;
    verify_sent(app, &mut report)?;
    verify_nobody_is_missing(app, &mut report)?;
    Ok(report)
}

/// Verifies the members and guests of some buckets and nothing that belongs to all: a fair sample,
/// because chance says in which bucket a member is.
pub fn verify_buckets(
    app: &App,
    buckets: Range<u8>,
    mut progress: impl FnMut(u64),
) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    for bucket in buckets {
        verify_bucket(app, bucket, &mut report, &mut progress)?;
    }
    Ok(report)
}

fn verify_bucket(
    app: &App,
    bucket: u8,
    report: &mut VerifyReport,
    progress: &mut impl FnMut(u64),
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = app
            .store
            .read(|reader| members::members_after(reader, app.business, bucket, after, 200))?;
        let Some(last) = page.last() else { break };
        after = Some(last.member);
        for walked in &page {
            verify_member(app, walked.member, report)?;
        }
        progress(page.len() as u64);
    }
    verify_guests(app, bucket, report)
}

/// A counter of a limit is the sum of what all activities counted on it (I7).
fn verify_counters(app: &App, report: &mut VerifyReport) -> Result<(), StoreError> {
    let stored = app.store.read(|reader| counters::counters_list(reader, app.business))?;
    let mut counted = std::mem::take(&mut report.tally.counted);
    counted.retain(|_, used| *used != 0);
    let mut stored: BTreeMap<CounterKey, i64> = stored.into_iter().collect();
    if app.lanes.is_some() {
        let set_aside = app.store.read(|reader| set_aside_of_counters(reader, app))?;
        for (counter, amount) in set_aside {
            *stored.entry(counter).or_default() -= amount;
        }
        stored.retain(|_, used| *used != 0);
    }
    report.counters = stored.len() as u64;
    for key in stored.keys().chain(counted.keys()).collect::<BTreeSet<_>>() {
        if stored.get(key) != counted.get(key) {
            let (of, unit) = (&key.of, &key.unit);
            report
                .difference(format!("the counter of {of} ({unit}) differs from what was counted"));
        }
    }
    Ok(())
}

/// What counters hold that is set aside: for what is not booked, or is to be given back by what is.
fn set_aside_of_counters(
    reader: &mut Reader<'_>,
    app: &App,
) -> Result<Vec<(CounterKey, i64)>, StoreError> {
    let mut amounts = Vec::new();
    for (counter, attempt, taken, given_back) in
        reservations::counter_reservations_list(reader, app.business)?
    {
        let fate = attempts::attempt_fate(reader, app.business, attempt)?;
        amounts.push((counter, if fate == Some(Fate::Booked) { given_back } else { taken }));
    }
    Ok(amounts)
}

/// Places and winners follow from what was published, and their prizes were sent.
fn verify_games(app: &App, report: &mut VerifyReport) -> Result<(), StoreError> {
    let runs = app.store.read(|reader| games::game_runs_list(reader, app.business))?;
    for run in &runs {
        match game_checked(app, run) {
            Ok((sent, wrong)) => {
                for id in sent {
                    report.tally.moved(id, 1);
                    if run.awards_sent == Some(false) {
                        report.tally.on_their_way.insert(id);
                    }
                }
                if let Some(wrong) = wrong {
                    report.difference(wrong);
                }
            }
            Err(GameError::Store(error)) => return Err(error),
            Err(other) => report.difference(format!("the game {}: {other}", run.game)),
        }
    }
    Ok(())
}

/// What was sent to other members arrived once, or waits, and nothing else arrived (I8).
fn verify_sent(app: &App, report: &mut VerifyReport) -> Result<(), StoreError> {
    let waiting = app.store.read(|reader| derived::derived_ids(reader, app.business))?;
    for id in waiting {
        report.tally.moved(id, -1);
    }
    let on_their_way = std::mem::take(&mut report.tally.on_their_way);
    for (id, sum) in std::mem::take(&mut report.tally.sent) {
        if sum > 0 && on_their_way.contains(&id) {
            continue;
        }
        let what = if sum > 0 { "was sent and did not arrive" } else { "arrived and was not sent" };
        report.difference(format!("{id} {what}"));
    }
    Ok(())
}

/// Whoever has no state is not walked over; what is booked for him is a difference.
fn verify_nobody_is_missing(app: &App, report: &mut VerifyReport) -> Result<(), StoreError> {
    let (activities, entries) = app.store.read(|reader| {
        let activities = activities::activities_of_nobody_count(reader, app.business)?;
        Ok::<_, StoreError>((activities, entries::entries_of_nobody_count(reader, app.business)?))
    })?;
    for (what, count) in [("activities", activities), ("entries", entries)] {
        if count > 0 {
            report.difference(format!("{count} {what} belong to nobody"));
        }
    }
    Ok(())
}

fn verify_member(app: &App, member: MemberId, report: &mut VerifyReport) -> Result<(), StoreError> {
    // One snapshot for all of a member, so that a till may go on booking meanwhile.
    let (walked, history, mut stored, missing) = app.store.read(|reader| {
        let walked = members::member_walked(reader, app.business, member)?;
        let history = activities::history_of_member(reader, app.business, member)?;
        let entries = entries::entries_of_member(reader, app.business, member, None, u32::MAX)?;
        let missing = missing_entries(reader, app, &history)?;
        Ok::<_, StoreError>((walked, history, entries, missing))
    })?;
    let Some(walked) = walked else { return Ok(()) };
    stored.reverse();
    report.members += 1;
    for problem in missing {
        report.difference(format!("{member} {problem}"));
    }
    report.activities += history.len() as u64;
    report.entries += stored.len() as u64;
    let mut book = Book { member_id: Some(member), ..Book::default() };
    let mut chain = [0; 32];
    let mut booked = Vec::new();
    for row in &history {
        if let Err(problem) = fold(app, &mut book, row, &mut booked, &mut report.tally) {
            report.difference(format!("{member} {}: {problem}", row.recorded.id));
            return Ok(());
        }
        match link(chain, &row.recorded) {
            Ok(linked) => chain = linked,
            Err(problem) => report.difference(format!("{member}: {problem}")),
        }
        if chain != row.chain {
            report.difference(format!("{member} {}: the chain is broken", row.recorded.id));
            return Ok(());
        }
    }
    for row in &history {
        let folded = book.records.get(&row.recorded.id).map(|record| &record.progress);
        if folded != Some(&row.recorded.progress) {
            let id = row.recorded.id;
            report.difference(format!("{member} {id}: what was taken back differs"));
        }
    }
    if chain != walked.state.chain {
        report.difference(format!("{member}: activities are missing at the end of the chain"));
    }
    // Compared as JSON, because a database may keep its own order of keys; nothing unknown hides.
    let folded = book.member.as_ref().map(serde_json::to_value);
    let stored_state = serde_json::from_str::<serde_json::Value>(&walked.text);
    if !matches!((folded, stored_state), (Some(Ok(folded)), Ok(stored)) if folded == stored) {
        report.difference(format!("{member}: the state differs from the fold of its activities"));
    }
    if booked != stored {
        report.difference(format!("{member}: the entries differ from what was decided"));
    }
    for problem in sums_of_entries(&stored, &walked.state.state) {
        report.difference(format!("{member}: {problem}"));
    }
    Ok(())
}

/// Decides an activity again and books it in a book that began empty.
fn fold(
    app: &App,
    book: &mut Book,
    row: &ActivityRow,
    booked: &mut Vec<Entry>,
    tally: &mut Tally,
) -> Result<(), String> {
    let recorded = &row.recorded;
    let programmes = app.programmes();
    let version = programmes
        .number(recorded.version)
        .ok_or_else(|| format!("version {} of the programme is missing", recorded.version))?;
    // What the decision saw that is nobody's, as it was then.
    book.shared = recorded.shared_seen();
    let decision = book
        .decide_by(
            version,
            &programmes,
            recorded.id,
            recorded.decision.at,
            &recorded.activity,
            Candidates::Indexed,
        )
        .map_err(|refusal| format!("deciding again is refused: {}", refusal.code()))?;
    if decision != recorded.decision {
        return Err("deciding again gives another decision".to_owned());
    }
    tally.add(recorded.id, book.member_id, recorded);
    let entries = book
        .book(recorded.id, recorded.version, recorded.activity.clone(), decision)
        .map_err(|error| error.to_string())?;
    booked.extend(entries.entries);
    Ok(())
}

/// Balances and lots from the entries alone, without the engine (I2, I3).
fn sums_of_entries(entries: &[Entry], state: &MemberState) -> Vec<String> {
    let mut problems = Vec::new();
    let mut lots: BTreeMap<(&str, u32), i128> = BTreeMap::new();
    let mut balances: BTreeMap<&str, i128> = BTreeMap::new();
    for (position, entry) in entries.iter().enumerate() {
        if entry.number != position as u64 + 1 {
            problems.push(format!("entry {} is not where it should be", entry.number));
        }
        let points = entry.points.as_str();
        *balances.entry(points).or_default() += entry.change();
        let amount = i128::from(entry.amount.units());
        if let Some(lot) = entry.lot {
            let left = lots.entry((points, lot)).or_default();
            *left += if entry.to == Account::Lots { amount } else { -amount };
            if *left < 0 {
                problems.push(format!("lot {lot} gave more than it had"));
            }
        }
    }
    let mut stored: BTreeMap<(&str, u32), i128> = BTreeMap::new();
    for lot in &state.lots {
        stored.insert((lot.points.as_str(), lot.number), i128::from(lot.remaining.units()));
    }
    lots.retain(|_, left| *left != 0);
    if lots != stored {
        problems.push("the lots differ from the sums of their entries".to_owned());
    }
    for (points, balance) in balances {
        let in_lots: i128 =
            stored.iter().filter(|((key, _), _)| *key == points).map(|(_, left)| left).sum();
        if balance != in_lots - i128::from(state.debt(points).units()) {
            problems.push(format!("the balance of {points} differs from the sum of its entries"));
        }
    }
    problems
}

/// Guests have no state; their receipts are decided again, and what happened to them later.
fn verify_guests(app: &App, bucket: u8, report: &mut VerifyReport) -> Result<(), StoreError> {
    let mut after = None;
    let mut guests: BTreeMap<ActivityId, Vec<ActivityRow>> = BTreeMap::new();
    loop {
        let page = app.store.read(|reader| {
            activities::guest_activities_after(reader, app.business, bucket, after, 500)
        })?;
        let Some(last) = page.last() else { break };
        after = Some(last.recorded.id);
        for row in page {
            let of = match &row.recorded.activity {
                Activity::Void { of } => *of,
                Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => *receipt,
                _ => row.recorded.id,
            };
            guests.entry(of).or_default().push(row);
        }
    }
    for (receipt, mut rows) in guests {
        report.guest_activities += rows.len() as u64;
        // Ids of one moment are ordered by chance, and a clock may have stepped back: the receipt
        // comes first in any case.
        rows.sort_by_key(|row| (row.recorded.id != receipt, row.recorded_at, row.recorded.id));
        verify_guest(app, receipt, &rows, report);
        let missing = app.store.read(|reader| missing_entries(reader, app, &rows))?;
        for problem in missing {
            report.difference(format!("guest {problem}"));
        }
    }
    Ok(())
}

fn verify_guest(app: &App, receipt: ActivityId, rows: &[ActivityRow], report: &mut VerifyReport) {
    let mut book = Book::default();
    let mut chain = [0; 32];
    for row in rows {
        let id = row.recorded.id;
        if let Err(problem) = fold(app, &mut book, row, &mut Vec::new(), &mut report.tally) {
            report.difference(format!("guest {id}: {problem}"));
            return;
        }
        let linked = link(chain, &row.recorded).unwrap_or_default();
        if linked != row.chain {
            report.difference(format!("guest {id}: the chain is broken"));
        }
        // Whatever happens to a guest's receipt is linked to the receipt itself.
        if id == receipt {
            chain = linked;
        }
    }
    for row in rows {
        let id = row.recorded.id;
        let folded = book.records.get(&id).map(|record| &record.progress);
        if folded != Some(&row.recorded.progress) {
            report.difference(format!("guest {id}: what was taken back differs"));
        }
    }
}
