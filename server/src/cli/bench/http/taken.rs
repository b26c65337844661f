//! What the load was told, and whether the database says the same in the end.

use super::load::Outcome;
use super::shop;
use crate::app::{App, VerifyReport};
use crate::cli::output::CliError;
use crate::store::nouns::activities::activities_count;
use std::collections::BTreeMap;

/// Faults of answers, over all rounds.
#[derive(Debug, Default)]
pub struct Faults {
    pub wrong: u64,
    pub failed: u64,
    pub turned_away: u64,
    pub first: Option<String>,
}

/// All receipts of a run.
pub struct Taken {
    /// What their numbers begin with.
    pub run: String,
    /// How many were begun.
    pub sent: u64,
    /// The points of each that was acknowledged, by its place in the run.
    pub acknowledged: BTreeMap<u64, i64>,
    pub faults: Faults,
    /// The receipts that earlier runs left.
    before: u64,
}

impl Taken {
    pub fn new(app: &App) -> Result<Self, CliError> {
        Ok(Self {
            run: format!("R{:x}-", app.world.now().as_millisecond()),
            sent: 0,
            acknowledged: BTreeMap::new(),
            faults: Faults::default(),
            before: booked_of_kind(app, "receipt")?,
        })
    }

    pub fn take_in(&mut self, outcome: Outcome) {
        self.sent += outcome.sent;
        self.acknowledged.extend(outcome.acknowledged);
        self.faults.wrong += outcome.wrong;
        self.faults.failed += outcome.failed;
        self.faults.turned_away += outcome.turned_away;
        if self.faults.first.is_none() {
            self.faults.first = outcome.first_failure;
        }
    }

    /// How many receipts are missing, there twice, wrong or never acknowledged.
    pub fn compare(&self, app: &App) -> Result<u64, CliError> {
        let booked = shop::booked(app, &self.run).map_err(CliError::caused)?;
        let mut faults = booked.odd;
        // What failed may be there or not; whatever was acknowledged is, and nothing else.
        let may_be_more = self.faults.failed;
        for (number, points) in &self.acknowledged {
            faults += u64::from(booked.points.get(number) != Some(points));
        }
        let unknown = booked.points.keys().filter(|n| !self.acknowledged.contains_key(*n)).count();
        faults += (unknown as u64).saturating_sub(may_be_more);
        let all = booked_of_kind(app, "receipt")?;
        Ok(faults + u64::from(all != self.before + booked.points.len() as u64))
    }

    /// How many differences verifying found; the first of them is told.
    pub fn differences(&mut self, report: &VerifyReport) -> u64 {
        if let Some(first) = report.differences.first() {
            self.faults.first.get_or_insert_with(|| first.clone());
        }
        report.differences.len() as u64 + report.more_differences
    }
}

/// How many activities of a kind there are.
pub fn booked_of_kind(app: &App, kind: &str) -> Result<u64, CliError> {
    let counts = app.store.read(|reader| activities_count(reader, app.business));
    let counts = counts.map_err(CliError::caused)?;
    let of_kind = counts.iter().find(|(name, _)| name == kind);
    Ok(of_kind.map_or(0, |(_, count)| count.unsigned_abs()))
}
