//! What partners of the programme owe each other for a time, from what was booked.

use super::App;
use crate::store::StoreError;
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::members;
use jiff::civil::Date;
use symbolon_core::engine::{Clearing, StatementLine, house_of};
use symbolon_core::values::{BUCKETS, Money};

/// A statement for the days from `from` to `until`, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub lines: Vec<StatementLine>,
    /// What all partners together owe the house; negative where it owes them.
    pub house: Money,
}

#[derive(Debug, thiserror::Error)]
pub enum SettlementError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the sums are larger than can be written")]
    Overflow,
}

impl From<symbolon_core::values::Overflow> for SettlementError {
    fn from(_: symbolon_core::values::Overflow) -> Self {
        Self::Overflow
    }
}

/// Settles between the partners. Everything is read twice: what is taken back now may have been
/// given long before.
pub fn settlement(app: &App, from: Date, until: Date) -> Result<Settlement, SettlementError> {
    let programmes = app.programmes();
    let mut clearing = Clearing::new(&programmes, from, until);
    each_activity(app, &mut |row| {
        clearing.know(&row.recorded);
        Ok(())
    })?;
    each_activity(app, &mut |row| Ok(clearing.add(&row.recorded)?))?;
    let lines = clearing.lines()?;
    let house = house_of(&lines)?;
    Ok(Settlement { lines, house })
}

/// Walks over everything that was booked for members: guests have no points.
fn each_activity(
    app: &App,
    look: &mut dyn FnMut(&ActivityRow) -> Result<(), SettlementError>,
) -> Result<(), SettlementError> {
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            let page = app
                .store
                .read(|reader| members::members_after(reader, app.business, bucket, after, 200))?;
            let Some(last) = page.last() else { break };
            after = Some(last.member);
            for walked in &page {
                let member = walked.member;
                let history = app
                    .store
                    .read(|reader| activities::history_of_member(reader, app.business, member))?;
                history.iter().try_for_each(&mut *look)?;
            }
        }
    }
    Ok(())
}
