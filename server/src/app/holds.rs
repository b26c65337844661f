//! Holds whose time is over: they are cancelled before anything else is looked at or booked, so
//! that how late that happens changes no answer.

use super::{App, Moments, command_for};
use crate::pipeline::{Command, Intent, Subject};
use crate::store::StoreError;
use crate::store::nouns::{activities, holds};
use symbolon_core::engine::{Activity, Purchase};
use symbolon_core::values::ActivityId;

/// How many holds are cancelled at once.
const AT_ONCE: u32 = 256;

/// Cancels every hold whose time is over. Says how many there were.
pub fn release_holds(app: &App) -> Result<usize, StoreError> {
    match &app.lanes {
        None => release_all(app),
        Some(lanes) => lanes.look_for_holds(|| release_all(app)).unwrap_or(Ok(0)),
    }
}

fn release_all(app: &App) -> Result<usize, StoreError> {
    let mut released = 0;
    loop {
        let now = app.world.now();
        let over =
            app.store.read(|reader| holds::holds_over(reader, app.business, now, AT_ONCE))?;
        if over.is_empty() {
            return Ok(released);
        }
        let mut commands: Vec<Command> = Vec::with_capacity(over.len());
        for (_, hold, ends_at) in &over {
            let activity = Activity::Void { of: *hold };
            let intent = Intent { activity, natural: None, label: None };
            let moments = Moments { given: Some(*ends_at), recorded: now };
            let command = command_for(app, Subject::OwnerOf(*hold), intent, moments, None)?;
            commands.push(Command { any_age: true, ..command });
        }
        let answers = app.pipeline().run(&app.programmes(), &commands)?;
        released += answers.iter().filter(|answer| answer.is_ok()).count();
        let refused = answers.iter().filter(|answer| answer.is_err()).count();
        // What cannot be cancelled stays and is told; trying it again here would never end.
        if refused > 0 {
            tracing::error!(refused, "holds could not be cancelled");
            return Ok(released);
        }
    }
}

/// What is held under an id.
pub fn held_purchase(app: &App, hold: ActivityId) -> Result<Option<Purchase>, StoreError> {
    let rows =
        app.store.read(|reader| activities::activities_find(reader, app.business, &[hold]))?;
    Ok(rows.into_iter().flatten().find_map(|row| match row.recorded.activity {
        Activity::Hold { purchase, .. } => Some(purchase),
        _ => None,
    }))
}
