//! Reads games: `card` of a point kind, `win` and `surprise` of a rule, `[milestone.NAME]`,
//! `[challenge.NAME]` and `[draw.NAME]`.

use super::instrument::read_coupon_of;
use super::rule::read_moment;
use super::{Declared, read_condition};
use crate::condition::{Expected, Scope};
use crate::draw::PerHolder;
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Card, Challenge, DrawDefinition, Games, Milestone, Preferences, Prize, PrizeGives, Score,
    Shortfall, Ties, Winning,
};
use crate::values::{Key, Money, Points, Rate, Texts};
use std::collections::BTreeSet;
use std::ops::Range;

/// Ends of ranges are there to keep sums within 64 bits.
const MOST: i64 = 1_000_000_000;
const POINTS_MAX: i64 = 1_000_000_000_000;

type Named<'a> = Vec<(Key, Range<usize>, Node<'a>)>;

/// The tables of games, before what they refer to is read.
pub(super) struct GameNodes<'a> {
    milestones: Named<'a>,
    challenges: Named<'a>,
    draws: Named<'a>,
    /// By position of the point kind.
    cards: Vec<(usize, Node<'a>)>,
}

impl<'a> GameNodes<'a> {
    pub fn of(fields: &mut Fields<'_, 'a>, cards: Vec<(usize, Node<'a>)>) -> Self {
        Self {
            milestones: fields.named("milestone"),
            challenges: fields.named("challenge"),
            draws: fields.named("draw"),
            cards,
        }
    }

    /// Reads the games; `known` are the ids that limits count by already.
    pub fn read(
        self,
        reader: &Reader<'a>,
        declared: &Declared<'_>,
        known: &mut BTreeSet<Key>,
    ) -> (Games, Vec<(usize, Card)>) {
        let mut games = Games::default();
        for (key, span, node) in self.milestones {
            let Some(table) = reader.fields(node, "the milestone") else { continue };
            if super::is_new_key(reader, &key, span, known) {
                games.milestones.extend(read_milestone(reader, key, table, declared));
            }
        }
        for (key, span, node) in self.challenges {
            let Some(table) = reader.fields(node, "the challenge") else { continue };
            if super::is_new_key(reader, &key, span, known) {
                games.challenges.extend(read_challenge(reader, key, table, declared));
            }
        }
        for (key, span, node) in self.draws {
            let Some(table) = reader.fields(node, "the draw") else { continue };
            if super::is_new_key(reader, &key, span, known) {
                games.draws.extend(read_draw(reader, key, table, declared));
            }
        }
        let cards = self.cards.into_iter().filter_map(|(position, node)| {
            Some((position, read_card(reader, node, position, declared)?))
        });
        (games, cards.collect())
    }
}

fn name_of<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>) -> Texts {
    let name = table.required("name", "{ en = \"…\" }");
    name.map(|node| reader.texts(node, false)).unwrap_or_default()
}

/// `card = 10`, or `card = { of = 10, gives = { coupon = "free-coffee" } }`.
fn read_card<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    position: usize,
    declared: &Declared<'_>,
) -> Option<Card> {
    let kind = &declared.points[position];
    let whole = |node| {
        let range = 1..=POINTS_MAX;
        reader.decimal_within(node, kind.decimals, range, "above zero").map(Points::new)
    };
    if node.get_ref().as_table().is_none() {
        return whole(node).map(|of| Card { of, gives: None });
    }
    let mut table = reader.fields(node, "the card")?;
    let of = table.required("of", "10").and_then(whole);
    let gives_node = table.optional("gives");
    let gives = gives_node.map(|node| read_prize(reader, node, declared, In::One(&kind.key)));
    table.finish();
    if let Some(gives_node) = gives_node {
        if let Some(Some(Prize { gives: PrizeGives::Points { .. }, .. })) = &gives {
            let hint = "a coupon, a benefit or an item";
            reader.error(gives_node.span(), "a full card gives no points", hint);
        }
        if kind.shortfall != Shortfall::Debt {
            let hint = "leave `shortfall` out: a stamp that comes back is owed to the next card";
            reader.error(gives_node.span(), "stamps of a card that fills by itself are owed", hint);
        }
    }
    Some(Card {
        of: of?,
        gives: match gives {
            Some(gives) => Some(gives?),
            None => None,
        },
    })
}

/// `win` and `surprise` of a rule, and where one of them stands.
pub(super) fn read_plays<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> (Option<Node<'a>>, Option<Winning>, Vec<Prize>) {
    let (win_node, surprise_node) = (table.optional("win"), table.optional("surprise"));
    let win = win_node.and_then(|node| read_win(reader, node, declared));
    let surprise = surprise_node.map(|node| read_prizes(reader, node, declared, In::Surprise));
    (win_node.or(surprise_node), win, surprise.unwrap_or_default())
}

fn read_win<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Option<Winning> {
    let mut table = reader.fields(node, "the win")?;
    let chance = table.required("chance", "\"5\"").and_then(|node| {
        let range = 1..=100 * Rate::ONE.units();
        let words = "above 0, at most 100 per cent";
        reader.decimal_within(node, Rate::DECIMALS, range, words).map(Rate::new)
    });
    let prizes = table
        .required("prizes", "[{ id = \"mug\", item = \"mug\", count = 100 }]")
        .map(|node| read_prizes(reader, node, declared, In::Win))
        .unwrap_or_default();
    table.finish();
    Some(Winning { chance: chance?, prizes })
}

/// Prizes with ids of their own.
fn read_prizes<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    place: In,
) -> Vec<Prize> {
    let (mut prizes, mut known) = (Vec::new(), BTreeSet::new());
    let nodes = reader.list(node);
    if nodes.is_empty() {
        reader.error(node.span(), "there is no prize", "name at least one");
    }
    for node in nodes {
        let Some(prize) = read_prize(reader, node, declared, place) else { continue };
        if super::is_new_key(reader, &prize.key, node.span(), &mut known) {
            prizes.push(prize);
        }
    }
    prizes
}

/// Where a prize stands: that says which keys it may have.
#[derive(Clone, Copy)]
enum In<'k> {
    Win,
    Surprise,
    Draw,
    /// There is one alone, with the id of its game.
    One(&'k Key),
}

fn read_prize<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    place: In<'_>,
) -> Option<Prize> {
    let mut table = reader.fields(node, "the prize")?;
    let prize = read_prize_of(reader, &mut table, declared, place);
    table.finish();
    prize
}

fn read_prize_of<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
    place: In<'_>,
) -> Option<Prize> {
    let key = match place {
        In::One(key) => Some(key.clone()),
        _ => table.required("id", "\"mug\"").and_then(|node| reader.key(node)),
    };
    let name = table.optional("name").map(|node| reader.texts(node, false));
    let gives = read_gift(reader, table, declared);
    let whole = |node: Option<Node<'a>>| {
        let node = node?;
        let units = reader.decimal_within(node, 0, 1..=MOST, "from 1 to 1000000000")?;
        u32::try_from(units).ok()
    };
    let mut optional = |is_there: bool, name| if is_there { table.optional(name) } else { None };
    let is_played = matches!(place, In::Win | In::Surprise);
    let count = whole(optional(!matches!(place, In::One(_)), "count"));
    let weight = whole(optional(is_played, "weight"));
    let worth_node = optional(is_played, "worth");
    let worth = worth_node.and_then(|node| reader.money(node, declared.currency));
    let category_node = optional(matches!(place, In::Surprise), "category");
    let category = category_node.and_then(|node| reader.text(node));
    if let (Some(node), Preferences::NotKept) = (category_node, declared.settings.preferences) {
        let hint = "write [settings] preferences = \"by-category\"";
        reader.error(node.span(), "nobody knows what members like", hint);
    }
    Some(Prize {
        key: key?,
        name: name.unwrap_or_default(),
        gives: gives?,
        count,
        weight: weight.unwrap_or(1),
        worth: worth.unwrap_or(Money::ZERO),
        category: category.map(str::to_owned),
    })
}

fn read_gift<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<PrizeGives> {
    let (points, benefit) = (table.optional("points"), table.optional("benefit"));
    let (item, coupon) = (table.optional("item"), table.optional("coupon"));
    let lasts_node = table.optional("lasts");
    let count = [points, benefit, item, coupon].iter().flatten().count();
    if count != 1 || (lasts_node.is_some() && benefit.is_none()) {
        let hint = "exactly one of: points, benefit, item, coupon (a benefit may have `lasts`)";
        reader.error(table.span(), "it is not clear what the prize is", hint);
        return None;
    }
    if let Some(node) = points {
        return read_points_of(reader, node, declared);
    }
    if let Some(node) = benefit {
        let benefit = reader.reference(node, "benefit", &declared.benefit_keys());
        let lasts = match lasts_node {
            Some(node) => Some(reader.period(node)?),
            None => None,
        };
        return Some(PrizeGives::Benefit { benefit: benefit?, lasts });
    }
    if let Some(node) = coupon {
        return read_coupon_of(reader, node, declared).map(PrizeGives::Coupon);
    }
    item.and_then(|node| reader.text(node)).map(|item| PrizeGives::Item(item.to_owned()))
}

/// `{ roubles = 20000 }`.
fn read_points_of<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<PrizeGives> {
    let table = node.get_ref().as_table().filter(|table| table.len() == 1);
    let Some((kind, amount)) = table.and_then(|table| table.iter().next()) else {
        reader.error(node.span(), "expected one kind of points", "write points = { stars = 100 }");
        return None;
    };
    let keys = declared.point_keys();
    let points = reader.reference_to(kind.get_ref(), kind.span(), "point kind", &keys)?;
    let decimals = declared.points[points].decimals;
    let amount = reader.decimal_within(amount, decimals, 1..=POINTS_MAX, "above zero")?;
    Some(PrizeGives::Points { points, amount: Points::new(amount) })
}

fn read_milestone<'a>(
    reader: &Reader<'a>,
    key: Key,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Milestone> {
    let name = name_of(reader, &mut table);
    let number = |node: Node<'a>, least| {
        let units = reader.decimal_within(node, 0, least..=MOST, "a whole number")?;
        u32::try_from(units).ok()
    };
    let members_node = table.required("members", "1000");
    let members = members_node.and_then(|node| number(node, 1));
    let already = table.optional("already").map(|node| number(node, 0));
    let prize_node = table.required("prize", "{ benefit = \"party\" }");
    let prize = prize_node.and_then(|node| read_prize(reader, node, declared, In::One(&key)));
    table.finish();
    let (members, already) = (members?, already.unwrap_or(Some(0))?);
    if already >= members {
        let hint = "`already` is below `members`";
        reader.error(members_node?.span(), "the milestone has been passed", hint);
    }
    Some(Milestone { key, name, members, already, prize: prize? })
}

fn read_challenge<'a>(
    reader: &Reader<'a>,
    key: Key,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Challenge> {
    let name = name_of(reader, &mut table);
    let every = table.required("every", "\"month\"").and_then(|node| reader.calendar_unit(node));
    let score =
        table.required("score", "\"spent\"").and_then(|node| read_score(reader, node, declared));
    let least_node = table.optional("at_least");
    let newcomers = table.optional("newcomers").and_then(|node| reader.boolean(node));
    let environment = declared.environment(Scope::MEASURE, None);
    let when_node = table.optional("when");
    let when =
        when_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let ties_node = table.optional("ties");
    let ties = ties_node.and_then(|node| reader.choice(node, &Ties::ALL)).unwrap_or_default();
    let prizes_node = table.required("prizes", "[{ place = 1, item = \"speaker\" }]");
    let prizes = prizes_node.map(|node| read_places(reader, node, declared)).unwrap_or_default();
    table.finish();
    let (every, score) = (every?, score?);
    let decimals = match score {
        Score::Visits => 0,
        Score::Spent => declared.currency.exponent(),
        Score::Earned(points) => declared.points[points].decimals,
    };
    let at_least = match least_node {
        Some(node) => reader.decimal_within(node, decimals, 1..=POINTS_MAX, "above zero")?,
        None => 1,
    };
    let is_shared = |(_, prize): &(u32, Prize)| matches!(prize.gives, PrizeGives::Points { .. });
    if let (Ties::Share, false, Some(node)) = (ties, prizes.iter().all(is_shared), ties_node) {
        let hint = "choose \"earlier\" or \"all\", or prizes in points alone";
        reader.error(node.span(), "what is no number of points cannot be shared", hint);
    }
    let newcomers = newcomers.unwrap_or(false);
    Some(Challenge { key, name, every, score, at_least, newcomers, when, ties, prizes })
}

fn read_score<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Option<Score> {
    let text = reader.text(node)?;
    if let Some(points) = text.strip_prefix("earned:") {
        let keys = declared.point_keys();
        return reader.reference_to(points, node.span(), "point kind", &keys).map(Score::Earned);
    }
    let words = [("visits", Score::Visits), ("spent", Score::Spent)];
    let found = words.into_iter().find(|(word, _)| *word == text).map(|(_, score)| score);
    if found.is_none() {
        let hint = "one of: visits, spent, or `earned:` and a kind of points";
        reader.error(node.span(), format!("`{text}` is no score"), hint);
    }
    found
}

/// Prizes by place: `{ place = 1, points = { roubles = 20000 } }`.
fn read_places<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Vec<(u32, Prize)> {
    let mut prizes = Vec::new();
    let nodes = reader.list(node);
    if nodes.is_empty() {
        reader.error(node.span(), "there is no prize", "name at least one");
    }
    for node in nodes {
        let Some(mut table) = reader.fields(node, "the prize") else { continue };
        let place = table
            .required("place", "1")
            .and_then(|node| reader.decimal_within(node, 0, 1..=10_000, "from 1 to 10000"))
            .and_then(|place| u32::try_from(place).ok());
        let key = Key::new(&format!("place-{}", place.unwrap_or(0)));
        let prize = read_prize_of(reader, &mut table, declared, In::One(&key));
        table.finish();
        prizes.extend(place.zip(prize));
    }
    prizes.sort_by_key(|(place, _)| *place);
    prizes
}

fn read_draw<'a>(
    reader: &Reader<'a>,
    key: Key,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<DrawDefinition> {
    let name = name_of(reader, &mut table);
    let tickets = table.required("tickets", "\"tickets\"").and_then(|node| {
        reader.reference(node, "point kind", &declared.point_keys()).zip(Some(node))
    });
    if let Some((position, node)) = tickets
        && declared.points[position].decimals != 0
    {
        let hint = "the kind of points has no `decimals`";
        reader.error(node.span(), "there are no parts of a ticket", hint);
    }
    let until_node = table.optional("until");
    let until = until_node.map(|node| read_moment(reader, node, declared, true));
    let per_holder =
        table.optional("per_holder").and_then(|node| reader.choice(node, &PerHolder::ALL));
    let entropy = table.optional("entropy").and_then(|node| reader.text(node));
    let prizes = table
        .required("prizes", "[{ id = \"phone\", item = \"phone\", count = 3 }]")
        .map(|node| read_prizes(reader, node, declared, In::Draw))
        .unwrap_or_default();
    table.finish();
    Some(DrawDefinition {
        key,
        name,
        tickets: tickets?.0,
        until: match until {
            Some(until) => Some(until?),
            None => None,
        },
        per_holder: per_holder.unwrap_or_default(),
        entropy: entropy.unwrap_or_default().to_owned(),
        prizes,
    })
}
