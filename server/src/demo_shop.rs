//! A shop that never was, with the habits of real ones: regulars and strangers, busy hours,
//! returns, rewards taken. The same seed and moment give the same shop.
//!
//! Everything goes through the pipeline, like the receipts of any till.

use crate::app::{App, Moments, PublishError, command_for, natural_key};
use crate::pipeline::{Answer, Command, Failure, Intent, Subject};
use crate::store::StoreError;
use crate::store::nouns::directories::Identifier;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Claim, Line, Purchase, Returned};
use symbolon_core::member::MemberKind;
use symbolon_core::values::{ActivityId, Key, MemberId, Money, Quantity};

/// A kind of shop that the demo can be.
#[derive(Debug)]
pub struct Shop {
    pub key: &'static str,
    pub programme: &'static str,
    /// Name, category, price in minor units, how popular.
    goods: &'static [(&'static str, &'static str, i64, u32)],
    /// How many lines a receipt has at most.
    lines_max: usize,
    /// Days between visits of a regular and of a rare customer.
    days_between: (u32, u32),
    /// The reward that members take, and what it costs.
    reward: Option<(&'static str, &'static str, i64)>,
    /// It is taken on a receipt; otherwise by itself.
    reward_on_receipt: bool,
    locations: &'static [&'static str],
}

/// The shops to choose from.
pub const SHOPS: [Shop; 3] = [
    Shop {
        key: "boloco-card",
        programme: include_str!("../../programmes/boloco-card.toml"),
        goods: &[
            ("latte", "coffee", 420, 30),
            ("americano", "coffee", 310, 25),
            ("burrito", "food", 1040, 24),
            ("breakfast-burrito", "food", 780, 14),
            ("rice-bowl", "food", 1125, 16),
            ("smoothie", "drinks", 595, 12),
            ("cookie", "bakery", 225, 20),
            ("banana-bread", "bakery", 340, 10),
        ],
        lines_max: 4,
        days_between: (4, 40),
        reward: Some(("any-item", "points", 50)),
        reward_on_receipt: true,
        locations: &["congress-street", "harbour"],
    },
    Shop {
        key: "flying-club",
        programme: include_str!("../../programmes/flying-club.toml"),
        goods: &[
            ("london-oslo", "europe", 14_900, 30),
            ("london-kyiv", "europe", 21_900, 16),
            ("london-new-york", "long-haul", 64_500, 18),
            ("london-tokyo", "long-haul", 91_000, 8),
            ("seat-choice", "extras", 1_800, 25),
            ("extra-bag", "extras", 4_500, 20),
        ],
        lines_max: 3,
        days_between: (9, 110),
        reward: Some(("parking-week", "miles", 6_000)),
        reward_on_receipt: false,
        locations: &["web", "heathrow"],
    },
    Shop {
        key: "discount-card",
        programme: include_str!("../../programmes/discount-card.toml"),
        goods: &[
            ("boots", "shoes", 289_900, 12),
            ("sneakers", "shoes", 214_900, 18),
            ("coat", "clothes", 459_000, 7),
            ("shirt", "clothes", 89_900, 25),
            ("jeans", "clothes", 124_900, 20),
            ("socks", "clothes", 8_900, 30),
            ("belt", "accessories", 45_000, 10),
            ("shoe-care", "accessories", 21_500, 12),
        ],
        lines_max: 3,
        days_between: (25, 160),
        reward: None,
        reward_on_receipt: false,
        locations: &["khreshchatyk", "podil"],
    },
];

const FIRST_NAMES: [&str; 24] = [
    "Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hanna", "Ivan", "Jo", "Kari", "Lev", "Mia",
    "Nils", "Olena", "Per", "Quin", "Rita", "Sofia", "Taras", "Una", "Vera", "Wim", "Yana",
];

/// One share in a hundred of what is bought comes back, as shops of this kind report.
const RETURNED_IN_HUNDRED: u32 = 3;
/// Receipts of people who are no members.
const GUESTS_IN_HUNDRED: u32 = 15;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("the demo shop was refused something: {0}")]
    Refused(String),
}

/// Something that will happen in the shop.
#[derive(Debug, Clone)]
enum Event {
    Join { member: usize },
    Visit { member: Option<usize> },
    Return { receipt: ActivityId, line: u32, quantity: Quantity },
}

struct Member {
    id: Option<MemberId>,
    days_between: u32,
    points: i64,
}

struct Story<'a> {
    app: &'a App,
    shop: &'a Shop,
    chance: fastrand::Rng,
    members: Vec<Member>,
    /// What is still to come, by moment; the number keeps events of one moment in order.
    events: BTreeMap<(Timestamp, u64), Event>,
    counter: u64,
    end: Timestamp,
}

/// Fills an empty database with a year of the shop. `progress` is told the percentage.
pub fn populate(
    app: &App,
    shop: &Shop,
    members: u32,
    seed: u64,
    end: Timestamp,
    mut progress: impl FnMut(u64),
) -> Result<(), DemoError> {
    let day = SignedDuration::from_hours(24);
    let start = end - day * 365;
    app.publish(shop.key, shop.programme, start)?;
    let mut chance = fastrand::Rng::with_seed(seed);
    let (often, rare) = shop.days_between;
    let people: Vec<Member> = (0..members)
        .map(|_| {
            // Most customers are rare ones; a few come all the time.
            let share = chance.u32(0..100) * chance.u32(0..100) / 100;
            Member { id: None, days_between: rare - (rare - often) * share / 100, points: 0 }
        })
        .collect();
    let events = BTreeMap::new();
    let mut story = Story { app, shop, chance, members: people, events, counter: 0, end };
    for member in 0..story.members.len() {
        // Half of the members were there in the first month, the others came over the year.
        let days = if member % 2 == 0 { 30 } else { 340 };
        let after = day * story.chance.i32(0..days);
        let at = story.opening_hour(start + after);
        story.plan(at, Event::Join { member });
    }
    let whole = end.as_second() - start.as_second();
    let mut guests = start;
    while guests < end {
        guests = guests
            .saturating_add(SignedDuration::from_mins(i64::from(story.chance.u32(60..900))))
            .unwrap_or(end);
        if story.chance.u32(0..100) < GUESTS_IN_HUNDRED * 3 {
            let at = story.opening_hour(guests);
            story.plan(at, Event::Visit { member: None });
        }
    }
    while let Some(((at, _), _)) = story.events.first_key_value() {
        let done = at.as_second() - start.as_second();
        progress(u64::try_from(done * 100 / whole.max(1)).unwrap_or(0).min(100));
        story.play_batch()?;
    }
    Ok(())
}

impl Story<'_> {
    fn plan(&mut self, at: Timestamp, event: Event) {
        if at < self.end {
            self.counter += 1;
            self.events.insert((at, self.counter), event);
        }
    }

    /// A moment of the same day between eight and twenty in the shop, more often in the middle.
    fn opening_hour(&mut self, day: Timestamp) -> Timestamp {
        let minutes = self.chance.i64(0..360) + self.chance.i64(0..360);
        let seconds = self.chance.i64(0..60);
        let programmes = self.app.programmes();
        let Some(latest) = programmes.latest() else { return day };
        let zone = &latest.programme.zone;
        let Ok(midnight) = zone.start_of_day(zone.day(day)) else { return day };
        midnight + SignedDuration::from_secs((8 * 60 + minutes) * 60 + seconds)
    }

    /// Takes some of the next events and books them together.
    fn play_batch(&mut self) -> Result<(), DemoError> {
        let mut batch = Vec::new();
        while batch.len() < 200
            && let Some(((at, _), event)) = self.events.pop_first()
        {
            if let Some(command) = self.command(at, &event)? {
                batch.push((at, event, command));
            }
        }
        let commands: Vec<Command> = batch.iter().map(|(_, _, command)| command.clone()).collect();
        let answers = self.app.pipeline().run(&self.app.programmes(), &commands)?;
        for ((at, event, command), answer) in batch.into_iter().zip(answers) {
            self.follow_up(at, &event, &command, answer)?;
        }
        Ok(())
    }

    fn command(&mut self, at: Timestamp, event: &Event) -> Result<Option<Command>, DemoError> {
        let (subject, activity, natural, label) = match event {
            Event::Join { member } => {
                let name = FIRST_NAMES[member % FIRST_NAMES.len()].to_owned();
                let identifier =
                    |kind: &str, value: String| Identifier { kind: kind.to_owned(), value };
                let identifiers = vec![
                    identifier("phone", format!("+1202555{member:04}")),
                    identifier("card", format!("2000{:08}", 7_919 * (member + 1))),
                ];
                let kind = MemberKind::Person;
                let activity =
                    Activity::Joining { kind, attributes: BTreeMap::new(), line: Vec::new() };
                (Subject::New { identifiers, name: Some(name) }, activity, None, None)
            }
            Event::Visit { member } => {
                let subject = match member {
                    Some(member) => match self.members[*member].id {
                        Some(id) => Subject::Member(id),
                        None => return Ok(None),
                    },
                    None => Subject::Guest,
                };
                let purchase = self.purchase(*member);
                let number = format!("{:06}", self.counter);
                self.counter += 1;
                let location = purchase.location.clone().unwrap_or_default();
                let day = at.to_string();
                let natural = natural_key("receipt", [&location, "1", &number, &day]);
                (subject, Activity::Purchase(purchase), Some(natural), Some(number))
            }
            Event::Return { receipt, line, quantity } => {
                let lines = vec![(*line, *quantity)];
                let returned = Returned::OfReceipt { receipt: *receipt, lines };
                (Subject::OwnerOf(*receipt), Activity::Return { returned }, None, None)
            }
        };
        let intent = Intent { activity, natural, label };
        let moments = Moments { given: Some(at), recorded: at };
        let command = command_for(self.app, subject, intent, moments, None)?;
        Ok(Some(Command { any_age: true, ..command }))
    }

    fn purchase(&mut self, member: Option<usize>) -> Purchase {
        let count = self.chance.usize(1..=self.shop.lines_max);
        let all: u32 = self.shop.goods.iter().map(|(.., popular)| popular).sum();
        let lines = (0..count)
            .map(|_| {
                let mut pick = self.chance.u32(0..all);
                let mut chosen = &self.shop.goods[0];
                for goods in self.shop.goods {
                    if pick < goods.3 {
                        chosen = goods;
                        break;
                    }
                    pick -= goods.3;
                }
                let pieces = if self.chance.u32(0..10) == 0 { 2 } else { 1 };
                Line {
                    product: chosen.0.to_owned(),
                    category: Some(chosen.1.to_owned()),
                    brand: None,
                    quantity: Quantity::new(1_000 * pieces),
                    unit_price: Money::new(chosen.2),
                    ..Line::default()
                }
            })
            .collect();
        let location = self.shop.locations[self.chance.usize(0..self.shop.locations.len())];
        let mut rewards = Vec::new();
        if let (Some((reward, _, cost)), Some(member)) = (self.shop.reward, member)
            && self.shop.reward_on_receipt
            && self.members[member].points >= cost
            && self.chance.u32(0..3) > 0
        {
            rewards.push(Claim { reward: Key::new(reward), line: None });
        }
        Purchase {
            location: Some(location.to_owned()),
            till: Some("1".to_owned()),
            lines,
            rewards,
            ..Purchase::default()
        }
    }

    /// Plans what follows from what was booked: the next visit, a return, a reward.
    fn follow_up(
        &mut self,
        at: Timestamp,
        event: &Event,
        command: &Command,
        answer: Result<Answer, Failure>,
    ) -> Result<(), DemoError> {
        let day = SignedDuration::from_hours(24);
        let answer = match (answer, event) {
            (Ok(answer), _) => answer,
            (Err(_), Event::Visit { member: Some(member) }) => {
                // The points were spent on a receipt just before: the same visit without a reward.
                self.members[*member].points = 0;
                let later = at + SignedDuration::from_secs(30);
                self.plan(later, event.clone());
                return Ok(());
            }
            (Err(failure), _) => return Err(DemoError::Refused(format!("{failure:?}"))),
        };
        if let (Activity::Purchase(purchase), true) =
            (&command.intent.activity, self.chance.u32(0..100) < RETURNED_IN_HUNDRED)
        {
            let line = self.chance.usize(0..purchase.lines.len());
            let quantity = purchase.lines[line].quantity;
            let line = u32::try_from(line).unwrap_or(0);
            let after = day * self.chance.i32(1..14);
            let back = self.opening_hour(at + after);
            self.plan(back, Event::Return { receipt: answer.activity, line, quantity });
        }
        let member = match event {
            Event::Join { member } => *member,
            Event::Visit { member: Some(member) } => *member,
            Event::Visit { member: None } | Event::Return { .. } => return Ok(()),
        };
        let reward = self.shop.reward;
        let person = &mut self.members[member];
        person.id = answer.member;
        if let Some((reward, points, cost)) = reward {
            let balance = answer.balances.iter().find(|balance| balance.points.as_str() == points);
            person.points = balance.map_or(0, |balance| balance.available.units());
            if person.points >= cost && !self.shop.reward_on_receipt {
                self.redeem(at, answer.member, reward)?;
            }
        }
        let pause = self.members[member].days_between;
        let next = if matches!(event, Event::Join { .. }) {
            // People join at the till, with something in their hands.
            at + SignedDuration::from_mins(3)
        } else {
            let later = at + day * self.chance.i32(1..=i32::try_from(pause * 2).unwrap_or(60));
            self.opening_hour(later)
        };
        self.plan(next, Event::Visit { member: Some(member) });
        Ok(())
    }

    /// Takes a reward by itself, right after the visit.
    fn redeem(
        &mut self,
        at: Timestamp,
        member: Option<MemberId>,
        reward: &str,
    ) -> Result<(), DemoError> {
        let (Some(member), true) = (member, self.chance.u32(0..2) == 0) else { return Ok(()) };
        let at = at + SignedDuration::from_mins(5);
        let activity = Activity::Redemption { reward: Key::new(reward), contact: None };
        let intent = Intent { activity, natural: None, label: None };
        let moments = Moments { given: Some(at), recorded: at };
        let command = command_for(self.app, Subject::Member(member), intent, moments, None)?;
        let command = Command { any_age: true, ..command };
        // A refusal only means that the points were spent meanwhile.
        self.app.pipeline().run(&self.app.programmes(), &[command])?;
        Ok(())
    }
}
