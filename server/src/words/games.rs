//! Stamps, wins, surprises, milestones and prizes in words.

use super::{Arg, Speaker, Tone, percent, quantity};
use symbolon_core::engine::{Effect, Gift, Outcome, Sent};
use symbolon_core::programme::{Prize, Rule};
use symbolon_core::values::Key;

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Taste { changes } => {
            let each = changes
                .iter()
                .map(|(category, much)| format!("{category} {}", quantity(say.language, *much)));
            let list: Vec<String> = each.collect();
            say.text("effect-taste", &[("list", list.join(", ").into())])
        }
        Effect::Send { to, by, what: Sent::Prize { gift: given, .. }, .. } => {
            let args = [
                ("by", Arg::from(say.game(by))),
                ("gift", gift(say, given).into()),
                ("member", to.to_string().into()),
            ];
            say.text("effect-send-prize", &args)
        }
        _ => String::new(),
    }
}

/// A prize as it was sent.
fn gift(say: &Speaker<'_>, gift: &Gift) -> String {
    match gift {
        Gift::Points { points, amount } => say.points(points, *amount),
        Gift::Benefit { benefit, .. } => say.benefit(benefit),
        Gift::Item { product } => product.clone(),
        Gift::Coupon { coupon } => say.instrument(coupon).unwrap_or_else(|| coupon.to_string()),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    let rate = |rate| Arg::from(percent(say.language, rate));
    match outcome {
        Outcome::Stamped { points, on_card, of } => {
            let args = [
                ("stamps", Arg::from(say.points_figure(points, *on_card))),
                ("of", say.points(points, *of).into()),
            ];
            say.text("reason-stamped", &args)
        }
        Outcome::CardFilled { points, of } => {
            say.text("reason-card-filled", &[("of", say.points(points, *of).into())])
        }
        Outcome::Won { prize, number, below } => {
            let prize = ("prize", Arg::from(say.prize(about, prize)));
            say.text("reason-won", &[prize, ("number", rate(*number)), ("below", rate(*below))])
        }
        Outcome::NotWon { number, below } => {
            say.text("reason-not-won", &[("number", rate(*number)), ("below", rate(*below))])
        }
        Outcome::PrizesGone => say.text("reason-prizes-gone", &[]),
        Outcome::DrawnWhenBooked => say.text("reason-drawn-when-booked", &[]),
        Outcome::Surprised { prize, category: Some(category) } => {
            let prize = ("prize", Arg::from(say.prize(about, prize)));
            say.text("reason-surprised-liked", &[prize, ("category", category.as_str().into())])
        }
        Outcome::Surprised { prize, category: None } => {
            say.text("reason-surprised", &[("prize", say.prize(about, prize).into())])
        }
        Outcome::MilestoneReached { members } => {
            say.text("reason-milestone", &[("members", Arg::Count((*members).into()))])
        }
        Outcome::PrizeReceived { place, prize } => {
            let place = ("place", Arg::Count((*place).into()));
            say.text("reason-prize-received", &[place, ("prize", say.prize(about, prize).into())])
        }
        _ => String::new(),
    }
}

/// The name of what a reason is about.
pub(super) fn about(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Stamped { .. } | Outcome::CardFilled { .. } => say.points_title(about),
        _ => say.game(about),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::NotWon { .. } | Outcome::PrizesGone | Outcome::DrawnWhenBooked => Tone::NotGiven,
        _ => Tone::Given,
    }
}

impl Speaker<'_> {
    /// The name of a rule that plays, a milestone, a challenge or a draw.
    fn game(&self, key: &Key) -> String {
        let games = &self.programme.games;
        let milestone = games.milestones.iter().find(|game| game.key == *key);
        let name = milestone
            .map(|game| &game.name)
            .or_else(|| self.programme.find_challenge(key.as_str()).map(|game| &game.name))
            .or_else(|| self.programme.find_draw(key.as_str()).map(|game| &game.name));
        name.map_or_else(|| self.giver(key), |texts| self.name(texts, key))
    }

    /// The name of a prize of a game; where it has none, what it is.
    fn prize(&self, game: &Key, key: &Key) -> String {
        let games = &self.programme.games;
        let rule = self.programme.find_rule(game.as_str()).into_iter();
        let places = games.challenges.iter().filter(|challenge| challenge.key == *game);
        let drawn = games.draws.iter().filter(|draw| draw.key == *game);
        let mut prizes = rule
            .flat_map(Rule::prizes)
            .chain(places.flat_map(|game| game.prizes.iter().map(|(_, prize)| prize)))
            .chain(drawn.flat_map(|game| &game.prizes));
        let found: Option<&Prize> = prizes.find(|prize| prize.key == *key);
        found.map_or_else(|| key.to_string(), |prize| self.name(&prize.name, key))
    }
}
