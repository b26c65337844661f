//! Challenges and draws between members: who has which place, and what goes to whom.
//!
//! They read states and change none. A prize travels to its winner as an activity whose id
//! follows from the game and the place, so that it arrives once however often it is sent.

use super::derived::{Derived, Incoming, Sent};
use super::facts::DecisionFacts;
use super::prizes::{Gift, gift_of};
use crate::draw::{Publication, PublishedPrize};
use crate::member::MemberState;
use crate::programme::{Challenge, DrawDefinition, Prize, PrizeGives, Programme, Score, Ties};
use crate::values::{ActivityId, CalendarError, Key, MemberId, Overflow, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A member with a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    pub member: MemberId,
    /// In the smallest unit of what is measured.
    pub score: i64,
    /// The last day that added to it.
    pub reached: Date,
}

/// A member with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// From 1 on. Those who share one have the same.
    pub place: u32,
    #[serde(flatten)]
    pub scored: Scored,
}

/// What goes to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awarded {
    pub member: MemberId,
    pub place: u32,
    pub prize: Key,
    pub gift: Gift,
}

/// The score of a member in the period of the calendar that holds `day`, judged as the period
/// stands; nothing for whom the challenge is not, and for who has too little.
pub fn score_of(
    programme: &Programme,
    challenge: &Challenge,
    day: Date,
    (member, state): (MemberId, &MemberState),
) -> Result<Option<Scored>, CalendarError> {
    let (first, last) = (challenge.every.first_day(day)?, challenge.every.last_day(day)?);
    if challenge.newcomers && !(first..=last).contains(&state.joined) {
        return Ok(None);
    }
    if let Some(when) = &challenge.when {
        let at = programme.zone.start_of_day(last)?;
        let facts = DecisionFacts::new(programme, Some(state), at);
        if when.first_failing(&facts, None).map_err(|_| CalendarError)?.is_some() {
            return Ok(None);
        }
    }
    let kind = match challenge.score {
        Score::Earned(position) => programme.points.get(position).map(|kind| &kind.key),
        _ => None,
    };
    let (mut score, mut reached) = (0_i64, first);
    for kept in state.days.iter().filter(|kept| (first..=last).contains(&kept.day)) {
        let adds = match challenge.score {
            Score::Visits => i64::from(kept.visits),
            Score::Spent => kept.spent.units(),
            Score::Earned(_) => {
                let of_kind = kept.earned.iter().filter(|(points, _)| Some(points) == kind);
                of_kind.map(|(_, amount)| amount.units()).sum()
            }
        };
        score = score.checked_add(adds).ok_or(CalendarError)?;
        if adds > 0 {
            reached = kept.day;
        }
    }
    let enough = score >= challenge.at_least;
    Ok(enough.then_some(Scored { member, score, reached }))
}

/// Everybody in order of places. The order of `scored` does not matter.
#[must_use]
pub fn ranked(ties: Ties, mut scored: Vec<Scored>) -> Vec<Placed> {
    // An id begins with its moment: whoever joined first comes first.
    scored.sort_by_key(|one| (std::cmp::Reverse(one.score), one.reached, one.member));
    let mut placed: Vec<Placed> = Vec::with_capacity(scored.len());
    for (place, scored) in (1_u32..).zip(scored) {
        let same = placed
            .last()
            .filter(|before| ties != Ties::Earlier && before.scored.score == scored.score);
        placed.push(Placed { place: same.map_or(place, |before| before.place), scored });
    }
    placed
}

/// The prizes of a challenge for those who have places in it.
pub fn awards_of(
    programme: &Programme,
    challenge: &Challenge,
    day: Date,
    placed: &[Placed],
) -> Result<Vec<Awarded>, CalendarError> {
    let last = challenge.every.last_day(day)?;
    let mut awards = Vec::new();
    for group in placed.chunk_by(|a, b| a.place == b.place) {
        let Some(place) = group.first().map(|first| first.place) else { continue };
        if challenge.ties == Ties::Share {
            share(programme, challenge, group, &mut awards)?;
            continue;
        }
        for (_, prize) in challenge.prizes.iter().filter(|(of, _)| *of == place) {
            for Placed { scored, .. } in group {
                let gift = gift_of(programme, prize, last)?;
                let (member, prize) = (scored.member, prize.key.clone());
                awards.push(Awarded { member, place, prize, gift });
            }
        }
    }
    Ok(awards)
}

/// Shares the points of all places that a group takes; what is left over goes to the first ones.
fn share(
    programme: &Programme,
    challenge: &Challenge,
    group: &[Placed],
    awards: &mut Vec<Awarded>,
) -> Result<(), CalendarError> {
    let Some(first) = group.first().map(|first| first.place) else { return Ok(()) };
    let count = u32::try_from(group.len()).map_err(|_| CalendarError)?;
    let end = first.checked_add(count).ok_or(CalendarError)?;
    for (position, kind) in programme.points.iter().enumerate() {
        let mut pool = Points::ZERO;
        for (_, prize) in challenge.prizes.iter().filter(|(of, _)| (first..end).contains(of)) {
            if let PrizeGives::Points { points, amount } = prize.gives
                && points == position
            {
                pool = pool.plus(amount).map_err(|Overflow| CalendarError)?;
            }
        }
        let (each, spare) = (pool.units() / i64::from(count), pool.units() % i64::from(count));
        for (number, Placed { scored, place }) in (0_i64..).zip(group) {
            let amount = Points::new(each + i64::from(number < spare));
            if amount.is_positive() {
                let (member, place) = (scored.member, *place);
                let gift = Gift::Points { points: kind.key.clone(), amount };
                let prize = Key::new(&format!("place-{place}"));
                awards.push(Awarded { member, place, prize, gift });
            }
        }
    }
    Ok(())
}

/// How many tickets a member has in a draw.
pub fn tickets_of(
    programme: &Programme,
    draw: &DrawDefinition,
    state: &MemberState,
    at: Timestamp,
) -> Result<u64, CalendarError> {
    let Some(kind) = programme.points.get(draw.tickets) else { return Ok(0) };
    let balance = state.balance(kind.key.as_str(), at, &programme.zone)?;
    Ok(u64::try_from(balance.total()).unwrap_or(0))
}

/// The prizes of a draw as it publishes them, with their names in one language.
#[must_use]
pub fn published_prizes(draw: &DrawDefinition, language: &str) -> Vec<PublishedPrize> {
    let prize = |prize: &Prize| {
        let id = prize.key.as_str().to_owned();
        let name = prize.name.plain(language).unwrap_or(&id).to_owned();
        PublishedPrize { id, name, count: prize.count.unwrap_or(1) }
    };
    draw.prizes.iter().map(prize).collect()
}

/// What the winners of a draw get; `member_of` knows whose word a holder is.
pub fn drawn_awards(
    programme: &Programme,
    draw: &DrawDefinition,
    (file, day): (&Publication, Date),
    member_of: impl Fn(&str) -> Option<MemberId>,
) -> Result<Vec<Awarded>, CalendarError> {
    let mut awards = Vec::new();
    for winner in &file.winners {
        let prize = draw.prizes.iter().find(|prize| prize.key.as_str() == winner.prize);
        let Some((prize, member)) = prize.zip(member_of(&winner.holder)) else { continue };
        let gift = gift_of(programme, prize, day)?;
        let (place, prize) = (winner.place, prize.key.clone());
        awards.push(Awarded { member, place, prize, gift });
    }
    Ok(awards)
}

/// The activities that bring prizes to their winners. `cause` is the game's own id, the same for
/// the same game, so that each prize arrives once.
#[must_use]
pub fn derived_prizes(cause: ActivityId, game: &Key, awards: &[Awarded]) -> Vec<Derived> {
    let sent = (0_u32..).zip(awards).map(|(effect, award)| {
        let (to, place, prize) = (award.member, award.place, award.prize.clone());
        let what = Sent::Prize { place, prize, gift: award.gift.clone() };
        let incoming = Incoming { cause, effect, from: None, by: game.clone(), what };
        Derived { id: ActivityId::derived(cause, effect, to), to, incoming }
    });
    sent.collect()
}
