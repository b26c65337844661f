//! Draws and challenges: who takes part, who won, and prizes on their way.
//!
//! A draw is closed and drawn, and a challenge ended, in one transaction with the prizes that
//! follow; each can be asked for again and gives what was given before.

use super::App;
use crate::store::nouns::derived::{WaitingActivity, derived_add};
use crate::store::nouns::games::{self, GameRun};
use crate::store::nouns::members;
use crate::store::{Reader, StoreError, Transaction};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_core::draw::{Drawn, Problem, Publication, Tickets, hex};
use symbolon_core::engine::{
    Awarded, Placed, awards_of, derived_prizes, drawn_awards, published_prizes, ranked, score_of,
    tickets_of,
};
use symbolon_core::member::MemberState;
use symbolon_core::programme::{Challenge, DrawDefinition, Programme, Score};
use symbolon_core::values::{ActivityId, BUCKETS, CalendarError, Key, MemberId};

/// How many members are read at once.
const PAGE: u32 = 500;

/// The hash of draws.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Why a game does not go on.
#[derive(Debug, thiserror::Error)]
pub enum GameError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the programme has no {what} `{game}`")]
    Unknown { what: &'static str, game: String },
    #[error("there is no programme yet")]
    NoProgramme,
    #[error("{0}")]
    Draw(&'static str),
    #[error("it goes on until {0}")]
    NotOver(Timestamp),
    #[error("the draw is not open: symbolon draw open")]
    NotOpen,
    #[error("a date is out of range")]
    Calendar,
    #[error("what is stored of the game cannot be read: {0}")]
    Stored(#[from] serde_json::Error),
}

impl From<Problem> for GameError {
    fn from(problem: Problem) -> Self {
        Self::Draw(problem.sentence())
    }
}

impl From<CalendarError> for GameError {
    fn from(_: CalendarError) -> Self {
        Self::Calendar
    }
}

/// What stands in the end of a challenge for anybody to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub challenge: String,
    /// The first and the last day of the period.
    pub from: Date,
    pub until: Date,
    /// How many decimals a score has for people; it is kept in its smallest unit.
    #[serde(default)]
    pub decimals: u8,
    pub placed: Vec<Placed>,
    /// The hash of the places, once they are frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// The word of a member in a draw: with the id of the member anybody finds it, and from the word
/// nobody finds the member.
#[must_use]
pub fn holder_word(draw: &str, member: MemberId) -> String {
    hex(&sha256(format!("symbolon holder 1\n{draw}\n{member}\n").as_bytes())[..16])
}

/// Looks at every member.
fn each_member(
    app: &App,
    reader: &mut Reader<'_>,
    mut look: impl FnMut(MemberId, &MemberState) -> Result<(), GameError>,
) -> Result<(), GameError> {
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            let page = members::members_after(reader, app.business, bucket, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.member);
            for walked in &page {
                look(walked.member, &walked.state.state)?;
            }
        }
    }
    Ok(())
}

/// The programme in force, with its number.
fn programme_of(app: &App, at: Timestamp) -> Result<(u32, Arc<Programme>), GameError> {
    let programmes = app.programmes();
    let version = programmes.at(at).ok_or(GameError::NoProgramme)?;
    Ok((version.number, Arc::clone(&version.programme)))
}

/// The programme that a run goes by.
fn programme_by(app: &App, run: &GameRun) -> Result<Arc<Programme>, GameError> {
    let programmes = app.programmes();
    let version = programmes.number(run.version).ok_or(GameError::NoProgramme)?;
    Ok(Arc::clone(&version.programme))
}

fn draw_in<'p>(programme: &'p Programme, draw: &str) -> Result<&'p DrawDefinition, GameError> {
    let unknown = || GameError::Unknown { what: "draw", game: draw.to_owned() };
    programme.find_draw(draw).ok_or_else(unknown)
}

fn challenge_in<'p>(programme: &'p Programme, of: &str) -> Result<&'p Challenge, GameError> {
    let unknown = || GameError::Unknown { what: "challenge", game: of.to_owned() };
    programme.find_challenge(of).ok_or_else(unknown)
}

/// Opens a draw: makes its seed and commits to it. One that is open stays as it is.
pub fn draw_open(app: &App, draw: &str) -> Result<Publication, GameError> {
    let now = app.world.now();
    let (version, programme) = programme_of(app, now)?;
    let definition = draw_in(&programme, draw)?;
    let (mut seed, run) = ([0; 32], app.world.new_id(now));
    app.world.fill(&mut seed);
    let prizes = published_prizes(definition, "en");
    let (per_holder, entropy) = (definition.per_holder, definition.entropy.as_str());
    let opened = Publication::open(draw, per_holder, prizes, entropy, (sha256, seed))?;
    app.store.write(|transaction| {
        if let Some(known) = games::game_run_find(transaction, app.business, draw, "")? {
            return Ok(serde_json::from_str(&known.publication)?);
        }
        let run = GameRun {
            run,
            game: draw.to_owned(),
            period: String::new(),
            version,
            publication: serde_json::to_string(&opened)?,
            secret: Some(seed.to_vec()),
            holders: BTreeMap::new(),
            awards: None,
            awards_sent: None,
            opened_at: now,
            ended_at: None,
        };
        games::game_run_write(transaction, app.business, &run)?;
        Ok::<_, GameError>(opened.clone())
    })
}

/// What a draw has published so far.
pub fn draw_publication(app: &App, draw: &str) -> Result<Publication, GameError> {
    app.store.read(|reader| {
        let run = games::game_run_find(reader, app.business, draw, "")?;
        Ok(serde_json::from_str(&run.ok_or(GameError::NotOpen)?.publication)?)
    })
}

/// Closes a draw: fixes who has which tickets. Nothing that happens later changes them. One that
/// is closed stays as it is.
pub fn draw_close(app: &App, draw: &str) -> Result<Publication, GameError> {
    let now = app.world.now();
    app.store.write(|transaction| {
        let mut run =
            games::game_run_find(transaction, app.business, draw, "")?.ok_or(GameError::NotOpen)?;
        let mut publication: Publication = serde_json::from_str(&run.publication)?;
        if publication.tickets_digest.is_some() {
            return Ok(publication);
        }
        let programme = programme_by(app, &run)?;
        let definition = draw_in(&programme, draw)?;
        if let Some(until) = definition.until.filter(|until| now < *until) {
            return Err(GameError::NotOver(until));
        }
        let mut tickets = Vec::new();
        let mut holders = BTreeMap::new();
        each_member(app, transaction, |member, state| {
            let count = tickets_of(&programme, definition, state, now)?;
            if count > 0 {
                let holder = holder_word(draw, member);
                holders.insert(holder.clone(), member);
                tickets.push(Tickets { holder, count });
            }
            Ok(())
        })?;
        publication.close(sha256, tickets)?;
        run.publication = serde_json::to_string(&publication)?;
        run.holders = holders;
        games::game_run_write(transaction, app.business, &run)?;
        Ok(publication)
    })
}

/// Shows the seed, draws, and sends the prizes. One that is drawn stays as it is.
pub fn draw_reveal(app: &App, draw: &str, entropy: &str) -> Result<Publication, GameError> {
    let now = app.world.now();
    let drawn = app.store.write(|transaction| {
        let mut run =
            games::game_run_find(transaction, app.business, draw, "")?.ok_or(GameError::NotOpen)?;
        let mut publication: Publication = serde_json::from_str(&run.publication)?;
        let secret = run.secret.take();
        let Some(seed) = secret.and_then(|secret| <[u8; 32]>::try_from(secret).ok()) else {
            return Ok(publication);
        };
        publication.draw(sha256, seed, entropy)?;
        let programme = programme_by(app, &run)?;
        let definition = draw_in(&programme, draw)?;
        let day = programme.zone.day(now);
        let member_of = |holder: &str| run.holders.get(holder).copied();
        let awards = drawn_awards(&programme, definition, (&publication, day), member_of)?;
        run.publication = serde_json::to_string(&publication)?;
        finish(app, transaction, (&mut run, awards), now)?;
        Ok::<_, GameError>(publication)
    })?;
    awards_send(app)?;
    app.pipeline().follow(&app.programmes())?;
    Ok(drawn)
}

/// Writes that a game ended, with what follows for its winners.
fn finish(
    app: &App,
    transaction: &mut Transaction<'_>,
    (run, awards): (&mut GameRun, Vec<Awarded>),
    now: Timestamp,
) -> Result<(), GameError> {
    run.awards = Some(awards);
    run.ended_at = Some(now);
    if app.lanes.is_some() {
        // They lie in other buckets, so they are sent by themselves.
        run.awards_sent = Some(false);
        return Ok(games::game_run_write(transaction, app.business, run)?);
    }
    games::game_run_write(transaction, app.business, run)?;
    derived_add(transaction, app.business, &prizes_of(run))?;
    Ok(())
}

/// What a game that ended means for its winners.
fn prizes_of(run: &GameRun) -> Vec<WaitingActivity> {
    let awards = run.awards.as_deref().unwrap_or_default();
    let at = run.ended_at.unwrap_or(run.opened_at);
    derived_prizes(ActivityId::new(run.run), &Key::new(&run.game), awards)
        .into_iter()
        .map(|derived| WaitingActivity::new(derived, at, at))
        .collect()
}

/// Sends the prizes of games that ended, where that is a step of its own. However often it runs,
/// each prize is booked once.
pub(super) fn awards_send(app: &App) -> Result<(), StoreError> {
    if app.lanes.is_none() {
        return Ok(());
    }
    let runs = app.store.read(|reader| games::game_runs_list(reader, app.business))?;
    for mut run in runs.into_iter().filter(|run| run.awards_sent == Some(false)) {
        app.pipeline().send(&prizes_of(&run))?;
        run.awards_sent = Some(true);
        app.store.write(|transaction| games::game_run_write(transaction, app.business, &run))?;
    }
    Ok(())
}

/// How a challenge stands in the period that holds `day`: as it was frozen, or as it is now.
pub fn challenge_standing(
    app: &App,
    challenge: &str,
    day: Option<Date>,
) -> Result<Standing, GameError> {
    let now = app.world.now();
    let (_, programme) = programme_of(app, now)?;
    let of = challenge_in(&programme, challenge)?;
    let day = day.unwrap_or_else(|| programme.zone.day(now));
    let period = of.every.first_day(day)?.to_string();
    app.store.read(|reader| {
        if let Some(run) = games::game_run_find(reader, app.business, challenge, &period)? {
            return Ok(serde_json::from_str(&run.publication)?);
        }
        standing(app, reader, (&programme, of), day)
    })
}

fn decimals_of(programme: &Programme, score: Score) -> u8 {
    match score {
        Score::Visits => 0,
        Score::Spent => programme.currency.exponent(),
        Score::Earned(kind) => programme.points.get(kind).map_or(0, |kind| kind.decimals),
    }
}

fn standing(
    app: &App,
    reader: &mut Reader<'_>,
    (programme, challenge): (&Programme, &Challenge),
    day: Date,
) -> Result<Standing, GameError> {
    let mut scored = Vec::new();
    each_member(app, reader, |member, state| {
        scored.extend(score_of(programme, challenge, day, (member, state))?);
        Ok(())
    })?;
    Ok(Standing {
        challenge: challenge.key.to_string(),
        from: challenge.every.first_day(day)?,
        until: challenge.every.last_day(day)?,
        decimals: decimals_of(programme, challenge.score),
        placed: ranked(challenge.ties, scored),
        digest: None,
    })
}

/// Ends a period of a challenge: freezes the places and sends the prizes. One that ended stays as
/// it is.
pub fn challenge_end(app: &App, challenge: &str, day: Date) -> Result<Standing, GameError> {
    let now = app.world.now();
    let (version, programme) = programme_of(app, now)?;
    let of = challenge_in(&programme, challenge)?;
    let end = programme.zone.end_of_day(of.every.last_day(day)?)?;
    if now < end {
        return Err(GameError::NotOver(end));
    }
    let period = of.every.first_day(day)?.to_string();
    let run = app.world.new_id(now);
    let ended = app.store.write(|transaction| {
        if let Some(run) = games::game_run_find(transaction, app.business, challenge, &period)? {
            return Ok(serde_json::from_str(&run.publication)?);
        }
        let mut standing = standing(app, transaction, (&programme, of), day)?;
        let places = serde_json::to_string(&standing.placed)?;
        standing.digest = Some(hex(&sha256(places.as_bytes())));
        let awards = awards_of(&programme, of, day, &standing.placed)?;
        let mut run = GameRun {
            run,
            game: challenge.to_owned(),
            period: period.clone(),
            version,
            publication: serde_json::to_string(&standing)?,
            secret: None,
            holders: BTreeMap::new(),
            awards: None,
            awards_sent: None,
            opened_at: now,
            ended_at: None,
        };
        finish(app, transaction, (&mut run, awards), now)?;
        Ok::<_, GameError>(standing)
    })?;
    awards_send(app)?;
    app.pipeline().follow(&app.programmes())?;
    Ok(ended)
}

/// What is wrong with a game that ended, and what it sent.
pub(super) fn game_checked(
    app: &App,
    run: &GameRun,
) -> Result<(Vec<ActivityId>, Option<String>), GameError> {
    let Some(awards) = &run.awards else { return Ok((Vec::new(), None)) };
    let sent = derived_prizes(ActivityId::new(run.run), &Key::new(&run.game), awards);
    let sent = sent.into_iter().map(|derived| derived.id).collect();
    let programme = programme_by(app, run)?;
    let expected = if run.period.is_empty() {
        let file: Publication = serde_json::from_str(&run.publication)?;
        if file.check(sha256) != Ok(Drawn::Drawn) {
            return Ok((sent, Some(format!("the draw {} does not hold", run.game))));
        }
        let day = programme.zone.day(run.ended_at.unwrap_or(run.opened_at));
        let member_of = |holder: &str| run.holders.get(holder).copied();
        drawn_awards(&programme, draw_in(&programme, &run.game)?, (&file, day), member_of)?
    } else {
        let standing: Standing = serde_json::from_str(&run.publication)?;
        let places = serde_json::to_string(&standing.placed)?;
        if standing.digest != Some(hex(&sha256(places.as_bytes()))) {
            return Ok((sent, Some(format!("the places of {} were changed", run.game))));
        }
        awards_of(
            &programme,
            challenge_in(&programme, &run.game)?,
            standing.from,
            &standing.placed,
        )?
    };
    let wrong = (expected != *awards)
        .then(|| format!("the prizes of {} are not those that follow", run.game));
    Ok((sent, wrong))
}
