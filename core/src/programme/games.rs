//! Games of a programme: cards of stamps, wins by chance, surprises, milestones, challenges and
//! prize draws. Types alone; nothing is given here.

use super::{PointKind, Programme, Rule};
use crate::condition::Condition;
use crate::draw::PerHolder;
use crate::values::{CalendarUnit, Key, Money, Period, Points, Rate, Texts};
use jiff::Timestamp;

/// Something that a game gives.
#[derive(Debug)]
pub struct Prize {
    /// Unique within its game.
    pub key: Key,
    pub name: Texts,
    pub gives: PrizeGives,
    /// How many there are; any number where it is not said.
    pub count: Option<u32>,
    /// How likely it is beside the others of its game.
    pub weight: u32,
    /// What it costs the shop, for budgets.
    pub worth: Money,
    /// Whom a surprise suits: those who like this category of goods.
    pub category: Option<String>,
}

#[derive(Debug)]
pub enum PrizeGives {
    /// The position of the point kind.
    Points { points: usize, amount: Points },
    /// The position of the benefit, and how long it lasts.
    Benefit { benefit: usize, lasts: Option<Period> },
    /// A thing that is handed over.
    Item(String),
    /// The position of the coupon.
    Coupon(usize),
}

/// Stamps of a kind fill cards.
#[derive(Debug)]
pub struct Card {
    /// How many fill one.
    pub of: Points,
    /// What a full card gives by itself; otherwise a reward is taken for it.
    pub gives: Option<Prize>,
}

/// A rule that gives a prize by chance.
#[derive(Debug)]
pub struct Winning {
    /// In per cent.
    pub chance: Rate,
    pub prizes: Vec<Prize>,
}

/// The n-th member.
#[derive(Debug)]
pub struct Milestone {
    pub key: Key,
    pub name: Texts,
    /// Which member it is.
    pub members: u32,
    /// How many there were before the programme began to count.
    pub already: u32,
    pub prize: Prize,
}

/// Who did most in a period of the calendar.
#[derive(Debug)]
pub struct Challenge {
    pub key: Key,
    pub name: Texts,
    pub every: CalendarUnit,
    pub score: Score,
    /// In the smallest unit of the score; who has less has no place.
    pub at_least: i64,
    /// Only those who joined in the period.
    pub newcomers: bool,
    /// Judged on the last day of the period.
    pub when: Option<Condition>,
    pub ties: Ties,
    /// By place, the first first; several may be for one place.
    pub prizes: Vec<(u32, Prize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    Visits,
    Spent,
    /// The position of the point kind.
    Earned(usize),
}

/// Who is before whom with the same score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ties {
    /// Whoever had it on an earlier day; on the same day, whoever joined earlier.
    #[default]
    Earlier,
    /// Nobody: points of their places are shared, what is left over goes to the earlier one.
    Share,
    /// Nobody: each gets the prize of the place.
    All,
}

impl Ties {
    pub const ALL: [(&'static str, Self); 3] =
        [("earlier", Self::Earlier), ("share", Self::Share), ("all", Self::All)];
}

/// A prize draw among those who have tickets.
#[derive(Debug)]
pub struct DrawDefinition {
    pub key: Key,
    pub name: Texts,
    /// The position of the point kind that the tickets are.
    pub tickets: usize,
    /// The first instant at which it may be closed.
    pub until: Option<Timestamp>,
    pub per_holder: PerHolder,
    /// Which public text is mixed in at the end.
    pub entropy: String,
    /// In the order in which they are drawn.
    pub prizes: Vec<Prize>,
}

/// All games that are no rules.
#[derive(Debug, Default)]
pub struct Games {
    pub milestones: Vec<Milestone>,
    pub challenges: Vec<Challenge>,
    pub draws: Vec<DrawDefinition>,
}

impl Programme {
    #[must_use]
    pub fn find_challenge(&self, key: &str) -> Option<&Challenge> {
        self.games.challenges.iter().find(|challenge| challenge.key.as_str() == key)
    }

    #[must_use]
    pub fn find_draw(&self, key: &str) -> Option<&DrawDefinition> {
        self.games.draws.iter().find(|draw| draw.key.as_str() == key)
    }

    /// The prizes of all games.
    pub fn prizes(&self) -> impl Iterator<Item = &Prize> {
        let Games { milestones, challenges, draws } = &self.games;
        let of_rules = self.rules.iter().flat_map(Rule::prizes);
        let cards = self.points.iter().filter_map(|kind| kind.card.as_ref()?.gives.as_ref());
        of_rules
            .chain(cards)
            .chain(milestones.iter().map(|milestone| &milestone.prize))
            .chain(challenges.iter().flat_map(|game| game.prizes.iter().map(|(_, prize)| prize)))
            .chain(draws.iter().flat_map(|draw| &draw.prizes))
    }

    /// Whether any rule gives something by chance.
    #[must_use]
    pub fn has_wins(&self) -> bool {
        self.rules.iter().any(|rule| rule.win.is_some())
    }
}

impl Prize {
    /// Whether it is points of the kind at this position.
    pub(crate) fn gives_points(&self, position: usize) -> bool {
        matches!(self.gives, PrizeGives::Points { points, .. } if points == position)
    }
}

impl Rule {
    /// Whether it gives anything by chance or by taste.
    #[must_use]
    pub const fn plays(&self) -> bool {
        self.win.is_some() || !self.surprise.is_empty()
    }

    /// All prizes that it may give.
    pub fn prizes(&self) -> impl Iterator<Item = &Prize> {
        let won = self.win.iter().flat_map(|win| &win.prizes);
        won.chain(&self.surprise)
    }
}

impl PointKind {
    /// How many stamps lie on the card at hand, and how many fill it.
    #[must_use]
    pub fn on_card(&self, available: Points) -> Option<(Points, Points)> {
        let of = self.card.as_ref()?.of;
        Some((Points::new(available.units() % of.units()), of))
    }
}
