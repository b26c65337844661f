//! Sums over the whole ledger.

use super::App;
use crate::store::StoreError;
use crate::store::nouns::activities;
use crate::store::nouns::entries::{self, EntrySum};
use crate::store::nouns::members;
use serde::Serialize;
use symbolon_core::ledger::Account;

/// What happened to the points of one kind since the beginning, in smallest units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PointsOverview {
    pub points: String,
    /// Given by rules.
    pub earned: i64,
    /// Taken back by returns and voids.
    pub reversed: i64,
    /// Spent on rewards, less what was given back.
    pub redeemed: i64,
    /// Run out, less what returns took back of it.
    pub expired: i64,
    /// Given by persons, less what they took.
    pub adjusted: i64,
    /// What others became when the programme ended; negative where these became others.
    #[serde(skip_serializing_if = "is_zero")]
    pub converted: i64,
    /// What members have, less what they owe.
    pub balance: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

/// Counts and sums of a business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LedgerOverview {
    pub members: i64,
    pub receipts: i64,
    pub returns: i64,
    pub points: Vec<PointsOverview>,
}

pub fn ledger_overview(app: &App) -> Result<LedgerOverview, StoreError> {
    super::release_holds(app)?;
    app.store.read(|reader| {
        let counts = activities::activities_count(reader, app.business)?;
        let of = |kind: &str| counts.iter().find(|(name, _)| name == kind).map_or(0, |(_, n)| *n);
        let sums = entries::entries_sum(reader, app.business)?;
        Ok(LedgerOverview {
            members: members::members_count(reader, app.business)?,
            receipts: of("receipt"),
            returns: of("return") + of("void"),
            points: by_kind(app, &sums),
        })
    })
}

/// Sums per point kind. Kinds that nobody has earned yet are listed with zeros.
fn by_kind(app: &App, sums: &[EntrySum]) -> Vec<PointsOverview> {
    let programmes = app.programmes();
    let mut kinds: Vec<String> = sums.iter().map(|sum| sum.points.clone()).collect();
    if let Some(latest) = programmes.latest() {
        kinds.extend(latest.programme.points.iter().map(|kind| kind.key.to_string()));
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(|points| summarise(points, sums)).collect()
}

fn summarise(points: String, sums: &[EntrySum]) -> PointsOverview {
    let mut overview = PointsOverview { points, ..PointsOverview::default() };
    for sum in sums.iter().filter(|sum| sum.points == overview.points) {
        let amount = sum.amount;
        match (sum.from, sum.to) {
            (Account::Issued, _) => overview.earned += amount,
            (_, Account::Issued) => overview.reversed += amount,
            (_, Account::Redeemed) => overview.redeemed += amount,
            (Account::Redeemed, _) => overview.redeemed -= amount,
            (_, Account::Expired) => overview.expired += amount,
            (Account::Adjusted, _) => overview.adjusted += amount,
            (_, Account::Adjusted) => overview.adjusted -= amount,
            (Account::Converted, _) => overview.converted += amount,
            (_, Account::Converted) => overview.converted -= amount,
            _ => {}
        }
        if sum.from == Account::Expired {
            overview.expired -= amount;
        }
        match (sum.from.is_members(), sum.to.is_members()) {
            (false, true) => overview.balance += amount,
            (true, false) => overview.balance -= amount,
            _ => {}
        }
    }
    overview
}
