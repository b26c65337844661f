//! Draws and ended challenges.

use super::businesses::BusinessId;
use super::{from_json, to_json, uuid};
use crate::store::{Json, Reader, Row, StoreError, Transaction};
use jiff::Timestamp;
use std::collections::BTreeMap;
use symbolon_core::engine::Awarded;
use symbolon_core::values::MemberId;

/// A draw, or a period of a challenge that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameRun {
    pub run: u128,
    /// The id of the draw or the challenge.
    pub game: String,
    /// The first day of the period; empty for a draw, of which there is one.
    pub period: String,
    /// The version of the programme that it goes by.
    pub version: u32,
    /// What anybody may see, as JSON.
    pub publication: String,
    /// The seed of a draw until it is shown.
    pub secret: Option<Vec<u8>>,
    /// Whose word is whose, once a draw is closed.
    pub holders: BTreeMap<String, MemberId>,
    /// What was sent, once it ended.
    pub awards: Option<Vec<Awarded>>,
    /// Whether the prizes are on their way; nothing where they went with the end itself.
    pub awards_sent: Option<bool>,
    pub opened_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Writes a run, as new or over what was known of it.
pub fn game_run_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    run: &GameRun,
) -> Result<(), StoreError> {
    let awards = match &run.awards {
        Some(awards) => Some(to_json(awards)?),
        None => None,
    };
    transaction.execute(
        "insert into game_run
         (run_id, business_id, game, period, version, publication, secret, holders, awards,
          opened_at, ended_at, awards_sent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (run_id) do update
         set publication = excluded.publication, secret = excluded.secret,
             holders = excluded.holders, awards = excluded.awards, ended_at = excluded.ended_at,
             awards_sent = excluded.awards_sent",
        &[
            uuid(run.run).into(),
            business.into(),
            run.game.as_str().into(),
            run.period.as_str().into(),
            i64::from(run.version).into(),
            Json(run.publication.clone()).into(),
            run.secret.clone().into(),
            to_json(&run.holders)?.into(),
            awards.into(),
            run.opened_at.into(),
            run.ended_at.into(),
            run.awards_sent.into(),
        ],
    )?;
    Ok(())
}

pub fn game_run_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    game: &str,
    period: &str,
) -> Result<Option<GameRun>, StoreError> {
    let row = reader.query_optional(
        "select run_id, game, period, version, publication, secret, holders, awards, opened_at,
                ended_at, awards_sent
         from game_run where business_id = $1 and game = $2 and period = $3",
        &[business.into(), game.into(), period.into()],
    )?;
    row.as_ref().map(read_run).transpose()
}

pub fn game_runs_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<GameRun>, StoreError> {
    let rows = reader.query(
        "select run_id, game, period, version, publication, secret, holders, awards, opened_at,
                ended_at, awards_sent
         from game_run where business_id = $1 order by opened_at, run_id",
        &[business.into()],
    )?;
    rows.iter().map(read_run).collect()
}

fn read_run(row: &Row) -> Result<GameRun, StoreError> {
    let version: i64 = row.get("version")?;
    let publication: Json = row.get("publication")?;
    let awards: Option<Json> = row.get("awards")?;
    Ok(GameRun {
        run: row.get::<uuid::Uuid>("run_id")?.as_u128(),
        game: row.get("game")?,
        period: row.get("period")?,
        version: u32::try_from(version).unwrap_or(0),
        publication: publication.0,
        secret: row.get("secret")?,
        holders: from_json(row, "holders")?,
        awards: match awards {
            Some(_) => Some(from_json(row, "awards")?),
            None => None,
        },
        opened_at: row.get("opened_at")?,
        ended_at: row.get("ended_at")?,
        awards_sent: row.get("awards_sent")?,
    })
}
