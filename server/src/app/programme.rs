//! Publishing versions of the programme. A published version never changes.

use super::{App, AppError};
use crate::store::StoreError;
use crate::store::nouns::businesses::{self, VersionRow};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use symbolon_core::programme::{Problem, Programme, Programmes, Version, read};

/// The first version judges everything that happened before it was published, too: a shop's
/// history is older than its programme.
const FROM_THE_BEGINNING: Timestamp = Timestamp::constant(-2_208_988_800, 0);

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub number: u32,
    /// The same text was the latest version already.
    pub is_unchanged: bool,
}

/// Why a text was not published. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the text is no programme")]
    NotAProgramme(Vec<Problem>),
    #[error("this database holds the programme `{known}`, not `{given}`; use another database")]
    AnotherProgramme { known: String, given: String },
    #[error("{what} cannot change between versions: points and amounts already booked rest on it")]
    Fixed { what: &'static str },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Publishes a text as the next version, in force from `from`; the first version is in
    /// force from the beginning. The same text again changes nothing.
    pub fn publish(
        &self,
        file: &str,
        text: &str,
        from: Timestamp,
    ) -> Result<Published, PublishError> {
        let reading = read(file, text);
        let Some(programme) = reading.programme else {
            return Err(PublishError::NotAProgramme(reading.remarks));
        };
        let programmes = self.programmes();
        let latest = programmes.latest();
        if let Some(latest) = latest {
            if latest.programme.text == text {
                return Ok(Published { number: latest.number, is_unchanged: true });
            }
            check_successor(&latest.programme, &programme)?;
        }
        let number = latest.map_or(1, |latest| latest.number + 1);
        let from = if latest.is_none() { FROM_THE_BEGINNING } else { from };
        let row = VersionRow {
            number,
            programme_id: programme.key.as_str().to_owned(),
            in_force_from: from,
            text: text.to_owned(),
            published_at: self.world.now(),
        };
        let checksum: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        self.store.write(|transaction| {
            businesses::version_add(transaction, self.business, &row, &checksum)
        })?;
        let mut next = Programmes::clone(&programmes);
        next.publish(Version { number, from, programme: Arc::new(programme) });
        match self.programmes.write() {
            Ok(mut shared) => *shared = Arc::new(next),
            Err(poisoned) => *poisoned.into_inner() = Arc::new(next),
        }
        Ok(Published { number, is_unchanged: false })
    }
}

fn check_successor(before: &Programme, after: &Programme) -> Result<(), PublishError> {
    if before.key != after.key {
        return Err(PublishError::AnotherProgramme {
            known: before.key.to_string(),
            given: after.key.to_string(),
        });
    }
    if before.currency != after.currency {
        return Err(PublishError::Fixed { what: "the currency" });
    }
    if before.zone != after.zone {
        return Err(PublishError::Fixed { what: "the time zone" });
    }
    for kind in &before.points {
        let decimals = after.find_points(kind.key.as_str()).map(|(_, kind)| kind.decimals);
        if decimals.is_some_and(|decimals| decimals != kind.decimals) {
            return Err(PublishError::Fixed { what: "the decimals of a point kind" });
        }
    }
    Ok(())
}

pub(super) fn compile_versions(rows: Vec<VersionRow>) -> Result<Programmes, AppError> {
    let mut programmes = Programmes::default();
    for row in rows {
        let reading = read("stored", &row.text);
        let programme = reading.programme.ok_or_else(|| AppError::StoredProgramme {
            number: row.number,
            problem: reading.remarks.iter().map(ToString::to_string).collect(),
        })?;
        let programme = Arc::new(programme);
        programmes.publish(Version { number: row.number, from: row.in_force_from, programme });
    }
    Ok(programmes)
}
