//! Challenges and draws in stories.
//!
//! Who wins a real draw follows from a secret seed. A story has none, so it can only expect what
//! holds whoever wins: that all of three holders win three prizes.

use super::parse::Verb;
use super::run::Stage;
use crate::draw::{Publication, Tickets};
use crate::engine::{
    Awarded, awards_of, derived_prizes, drawn_awards, published_prizes, ranked, score_of,
    tickets_of,
};
use crate::programme::Programme;
use crate::values::{ActivityId, Key, MemberId};
use jiff::Timestamp;
use jiff::civil::Date;

/// `ends challenge turbo-boost of 2027-01-31`, `draws black-friday`.
pub(super) fn read_game(verb: &str, rest: &str) -> Result<Verb, String> {
    if verb == "draws" {
        return Ok(Verb::Draws { draw: rest.trim().to_owned() });
    }
    let form = "write: the shop ends challenge <id> of <a day of its period>";
    let (challenge, day) =
        rest.strip_prefix("challenge ").and_then(|rest| rest.split_once(" of ")).ok_or(form)?;
    let day: Date = day.trim().parse().map_err(|_| form)?;
    Ok(Verb::Ends { challenge: challenge.trim().to_owned(), day })
}

/// Not a hash that keeps promises: a stand-in for the one that the server hands over.
fn stirred(bytes: &[u8]) -> [u8; 32] {
    let mut all = [0; 32];
    for (number, part) in (0_u64..).zip(all.chunks_mut(8)) {
        let start = 0xcbf2_9ce4_8422_2325_u64 ^ number;
        let hash = bytes.iter().fold(start, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        });
        part.copy_from_slice(&hash.to_be_bytes());
    }
    all
}

impl Stage<'_> {
    /// Plays a game to its end, if the step is that, and sends its prizes.
    pub(super) fn game(
        &mut self,
        programme: &Programme,
        verb: &Verb,
        at: Timestamp,
    ) -> Result<bool, String> {
        let (game, awards) = match verb {
            Verb::Ends { challenge, day } => {
                (Key::new(challenge), self.ranked_awards(programme, challenge, *day, at)?)
            }
            Verb::Draws { draw } => (Key::new(draw), self.drawn_awards(programme, draw, at)?),
            _ => return Ok(false),
        };
        let cause = ActivityId::new(self.next << 16);
        self.next += 1;
        self.waiting.extend(derived_prizes(cause, &game, &awards));
        Ok(true)
    }

    fn ranked_awards(
        &self,
        programme: &Programme,
        challenge: &str,
        day: Date,
        at: Timestamp,
    ) -> Result<Vec<Awarded>, String> {
        let challenge = programme
            .find_challenge(challenge)
            .ok_or(format!("there is no challenge `{challenge}`"))?;
        let last = challenge.every.last_day(day).map_err(|error| error.to_string())?;
        if programme.zone.day(at) <= last {
            return Err(format!("it goes on until the end of {last}"));
        }
        let mut scored = Vec::new();
        for book in self.books.values() {
            let Some((id, state)) = book.member_id.zip(book.member.as_ref()) else { continue };
            let score = score_of(programme, challenge, day, (id, state));
            scored.extend(score.map_err(|error| error.to_string())?);
        }
        let placed = ranked(challenge.ties, scored);
        awards_of(programme, challenge, day, &placed).map_err(|error| error.to_string())
    }

    fn drawn_awards(
        &self,
        programme: &Programme,
        draw: &str,
        at: Timestamp,
    ) -> Result<Vec<Awarded>, String> {
        let draw = programme.find_draw(draw).ok_or(format!("there is no draw `{draw}`"))?;
        if draw.until.is_some_and(|until| at < until) {
            return Err("tickets are still given".to_owned());
        }
        let mut tickets = Vec::new();
        for book in self.books.values() {
            let Some((id, state)) = book.member_id.zip(book.member.as_ref()) else { continue };
            let count = tickets_of(programme, draw, state, at).map_err(|e| e.to_string())?;
            if count > 0 {
                tickets.push(Tickets { holder: id.to_string(), count });
            }
        }
        let (seed, prizes) = ([1; 32], published_prizes(draw, "en"));
        let id = draw.key.as_str();
        let failed = |problem: crate::draw::Problem| problem.sentence().to_owned();
        let open = Publication::open(id, draw.per_holder, prizes, &draw.entropy, (stirred, seed));
        let mut file = open.map_err(failed)?;
        file.close(stirred, tickets).map_err(failed)?;
        file.draw(stirred, seed, &draw.entropy).map_err(failed)?;
        let member_of = |holder: &str| holder.parse::<MemberId>().ok();
        let day = programme.zone.day(at);
        drawn_awards(programme, draw, (&file, day), member_of).map_err(|error| error.to_string())
    }
}
