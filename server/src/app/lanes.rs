//! Which lanes a database has, and what a stop left unfinished in them.
//!
//! The choice is kept in the database, because all that write to it must go by the same: lanes by
//! bucket leave claims and reservations behind that a server with one lane would not understand.
//! There is no way back.

use super::{App, AppError, games};
use crate::pipeline::{Lanes, SETTLE_AFTER};
use crate::store::nouns::attempts;
use crate::store::nouns::businesses::BusinessId;
use crate::store::{Store, StoreError};
use crate::world::World;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_core::values::Bucket;

/// How a database is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneChoice {
    /// A batch is one transaction, over all buckets.
    One,
    /// Every transaction touches one bucket only.
    Bucket,
}

impl LaneChoice {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Bucket => "bucket",
        }
    }
}

/// Why lanes were not chosen. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum LaneError {
    #[error("this database has lanes by bucket, and stays so")]
    NoWayBack,
    #[error(transparent)]
    App(#[from] AppError),
}

/// A server with one lane that still runs must book nothing any more: what it adds to this table
/// has no answer, and from now on every row needs one.
const REFUSE_ONE_LANE: &str =
    "alter table activity add constraint activity_by_bucket check (answered is not null) not valid";

/// What an open database needs to be written to by bucket; nothing where it has one lane.
pub(super) fn lanes_of(
    store: &Store,
    business: BusinessId,
    world: &Arc<World>,
) -> Result<Option<Lanes>, StoreError> {
    let chosen = store.read(|reader| attempts::lanes_find(reader, business))?;
    if chosen.as_deref() != Some(LaneChoice::Bucket.name()) {
        return Ok(None);
    }
    store.keep_to_buckets();
    Ok(Some(Lanes::new(Arc::clone(world))))
}

/// Chooses the lanes of a database, for ever.
pub fn lanes_choose(app: App, choice: LaneChoice) -> Result<App, LaneError> {
    match (choice, &app.lanes) {
        (LaneChoice::One, None) | (LaneChoice::Bucket, Some(_)) => return Ok(app),
        (LaneChoice::One, Some(_)) => return Err(LaneError::NoWayBack),
        (LaneChoice::Bucket, None) => {}
    }
    let now = app.world.now();
    let name = choice.name();
    let chosen = app.store.write(|transaction| {
        let known = attempts::lanes_find(transaction, app.business)?;
        if known.as_deref() == Some(name) {
            return Ok(());
        }
        // On SQLite one process writes, and that is this one.
        if app.store.is_shared() {
            transaction.execute(REFUSE_ONE_LANE, &[])?;
        }
        attempts::lanes_choose(transaction, app.business, name, now)
    });
    if let Err(error) = chosen {
        // Another server chose the same at the same moment.
        let known = app.store.read(|reader| attempts::lanes_find(reader, app.business));
        if known.map_err(AppError::from)?.as_deref() != Some(name) {
            return Err(AppError::from(error).into());
        }
    }
    let lanes = lanes_of(&app.store, app.business, &app.world).map_err(AppError::from)?;
    Ok(App { lanes, ..app })
}

/// Finishes what servers left that stopped: whoever finds it can. Nothing where there is one lane.
pub fn finish(app: &App) -> Result<(), StoreError> {
    if app.lanes.is_none() {
        return Ok(());
    }
    let now = app.world.now();
    let by = now.saturating_sub(SETTLE_AFTER).unwrap_or(now);
    app.pipeline().settle(by)?;
    games::awards_send(app)
}

/// Things that are written together: all of them, or those of one bucket after the other.
pub(super) fn together<T: Clone>(
    app: &App,
    things: &[T],
    bucket_of: impl Fn(&T) -> Bucket,
) -> Vec<Vec<T>> {
    if app.lanes.is_none() {
        return if things.is_empty() { Vec::new() } else { vec![things.to_vec()] };
    }
    let mut by_bucket: BTreeMap<Bucket, Vec<T>> = BTreeMap::new();
    for thing in things {
        by_bucket.entry(bucket_of(thing)).or_default().push(thing.clone());
    }
    by_bucket.into_values().collect()
}
