//! What the tests of the core share: small programmes, receipts, stories and a desk to book at.

#![expect(clippy::unwrap_used, reason = "these helpers stand in tests only")]

use jiff::Timestamp;
use std::sync::Arc;
use symbolon_core::engine::{
    Activity, Book, Candidates, Claim, Decision, Effect, Line, Outcome, Purchase, Refusal, Returned,
};
use symbolon_core::ledger::Entry;
use symbolon_core::member::{Balance, MemberKind, MemberState};
use symbolon_core::programme::{Programme, Programmes, Severity, Version, read};
use symbolon_core::story;
use symbolon_core::values::{
    ActivityId, Key, MemberId, Money, Overflow, Points, Quantity, parse_decimal,
};

/// One plain point kind, for programmes that are about something else.
pub const POINTS: &str = "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n";

/// The head of a programme in US dollars, judged in UTC.
pub fn in_dollars(rest: &str) -> String {
    headed("USD", "UTC", rest)
}

pub fn headed(currency: &str, zone: &str, rest: &str) -> String {
    format!(
        "format = 1\nid = \"test\"\nname = \"Test\"\ncurrency = \"{currency}\"\n\
         timezone = \"{zone}\"\n{rest}"
    )
}

/// Reads a programme that must be without an error; findings are allowed.
pub fn programme(text: &str) -> Programme {
    let reading = read("test.toml", text);
    let errors: Vec<String> = reading
        .remarks
        .iter()
        .filter(|remark| remark.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    reading.programme.unwrap()
}

/// A programme that was always in force, as version 1.
pub fn always(text: &str) -> Programmes {
    let programme = Arc::new(programme(text));
    Programmes::new(vec![Version { number: 1, from: Timestamp::MIN, programme }])
}

/// Versions of a programme, each with the moment from which it holds.
pub fn versions(texts: &[(String, &str)]) -> Programmes {
    let version = |(number, (text, from)): (u32, &(String, &str))| {
        let programme = Arc::new(programme(text));
        Version { number, from: at(from), programme }
    };
    Programmes::new((1..).zip(texts).map(version).collect())
}

/// Tells stories under a programme; each expectation must come true.
pub fn tell(programme_text: &str, stories: &str) {
    let failures = failures_of(programme_text, stories);
    assert!(failures.is_empty(), "{}\n{programme_text}", failures.join("\n"));
}

pub fn failures_of(programme_text: &str, stories: &str) -> Vec<String> {
    let programmes = always(programme_text);
    let stories = story::parse("test.stories", stories).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", problems.join("\n"))
    });
    assert!(!stories.is_empty(), "there is a story to tell");
    let told = stories.iter().flat_map(|story| {
        let failures = story::run(&programmes, story);
        failures
            .into_iter()
            .map(|failure| format!("line {}: {}: {}", failure.line, story.name, failure.message))
    });
    told.collect()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn key(text: &str) -> Key {
    Key::new(text)
}

pub fn money(cents: i64) -> Money {
    Money::new(cents)
}

pub fn points(units: i64) -> Points {
    Points::new(units)
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::new(parse_decimal(text, Quantity::DECIMALS).unwrap())
}

/// So much of a product at a price in the smallest unit of the currency.
pub fn line(product: &str, how_much: &str, unit_price: i64) -> Line {
    Line {
        product: product.to_owned(),
        category: None,
        brand: None,
        quantity: quantity(how_much),
        unit_price: money(unit_price),
        ..Line::default()
    }
}

pub fn line_in(category: &str, product: &str, how_much: &str, unit_price: i64) -> Line {
    Line { category: Some(category.to_owned()), ..line(product, how_much, unit_price) }
}

pub fn purchase(lines: Vec<Line>) -> Activity {
    purchase_with(lines, &[])
}

pub fn purchase_with(lines: Vec<Line>, rewards: &[(&str, Option<u32>)]) -> Activity {
    let rewards =
        rewards.iter().map(|(reward, line)| Claim { reward: key(reward), line: *line }).collect();
    Activity::Purchase(Purchase { lines, rewards, ..Purchase::default() })
}

pub fn return_of(receipt: ActivityId, lines: &[(u32, &str)]) -> Activity {
    let lines = lines.iter().map(|(line, how_much)| (*line, quantity(how_much))).collect();
    Activity::Return { returned: Returned::OfReceipt { receipt, lines } }
}

pub fn joining() -> Activity {
    Activity::Joining {
        kind: MemberKind::Person,
        attributes: std::collections::BTreeMap::new(),
        line: Vec::new(),
    }
}

pub fn adjustment(kind: &str, amount: i64) -> Activity {
    Activity::Adjustment {
        points: key(kind),
        amount: points(amount),
        reason: "a test".to_owned(),
        actor: "tester".to_owned(),
    }
}

/// What went wrong on the way into a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotBooked {
    Refused(Refusal),
    Overflow(Overflow),
}

/// One member's book with all entries that were ever made, in order.
#[derive(Debug, Clone)]
pub struct Desk {
    pub programmes: Programmes,
    pub book: Book,
    pub entries: Vec<Entry>,
    next: u128,
}

impl Desk {
    pub fn new(programmes: Programmes) -> Self {
        let book = Book { member_id: Some(MemberId::new(1)), ..Book::default() };
        Self { programmes, book, entries: Vec::new(), next: 1 }
    }

    /// A desk whose member joined at that moment.
    pub fn with_member(programme_text: &str, joined_at: &str) -> Self {
        let mut desk = Self::new(always(programme_text));
        desk.does(joined_at, joining());
        desk
    }

    /// The id that the next activity gets.
    pub fn next_id(&self) -> ActivityId {
        ActivityId::new(self.next << 16)
    }

    pub fn decide(&self, moment: Timestamp, activity: &Activity) -> Result<Decision, Refusal> {
        let id = self.next_id();
        let decided = self.book.decide(&self.programmes, id, moment, activity, Candidates::All)?;
        Ok(decided.1)
    }

    /// Decides and books.
    pub fn try_at(
        &mut self,
        moment: Timestamp,
        activity: Activity,
    ) -> Result<(ActivityId, Decision), NotBooked> {
        let id = self.next_id();
        let (version, decision) = self
            .book
            .decide(&self.programmes, id, moment, &activity, Candidates::All)
            .map_err(NotBooked::Refused)?;
        let booked =
            self.book.book(id, version, activity, decision.clone()).map_err(NotBooked::Overflow)?;
        self.entries.extend(booked.entries);
        self.next += 1;
        Ok((id, decision))
    }

    /// Decides and books what must be possible.
    pub fn does(&mut self, moment: &str, activity: Activity) -> (ActivityId, Decision) {
        let told = format!("{moment}: {activity:?}");
        self.try_at(at(moment), activity).unwrap_or_else(|why| panic!("{told}: {why:?}"))
    }

    /// The code of the refusal of what must not be possible; nothing may have changed.
    pub fn refuses(&mut self, moment: &str, activity: Activity) -> &'static str {
        let before = self.book.clone();
        let told = format!("{moment}: {activity:?}");
        match self.try_at(at(moment), activity) {
            Ok(_) => panic!("{told} was booked"),
            Err(why) => {
                assert_eq!(before, self.book, "a refusal changes nothing");
                match why {
                    NotBooked::Refused(refusal) => refusal.code(),
                    NotBooked::Overflow(_) => Refusal::Overflow.code(),
                }
            }
        }
    }

    /// Books what the calendar brought until a moment. Says how many occasions there were.
    pub fn lets_time_pass(&mut self, until: Timestamp) -> usize {
        let mut booked = 0;
        while let Some((id, moment, activity)) = self.book.occasion_due(&self.programmes, until) {
            let decided =
                self.book.decide(&self.programmes, id, moment, &activity, Candidates::Indexed);
            let (version, decision) = decided.unwrap();
            let done = self.book.book(id, version, activity, decision).unwrap();
            self.entries.extend(done.entries);
            booked += 1;
        }
        booked
    }

    pub fn state(&self) -> &MemberState {
        self.book.member.as_ref().unwrap()
    }

    pub fn balance(&self, kind: &str, moment: Timestamp) -> Balance {
        let zone = &self.programmes.latest().unwrap().programme.zone;
        self.state().balance(kind, moment, zone).unwrap()
    }

    /// What can be spent at a moment.
    pub fn has(&self, kind: &str, moment: &str) -> i64 {
        self.balance(kind, at(moment)).available.units()
    }
}

/// Points of a kind that a decision gives, in all.
pub fn earned(decision: &Decision, kind: &str) -> i64 {
    let effects = decision.effects.iter().map(|effect| match effect {
        Effect::Earn { points, amount, .. } if points.as_str() == kind => amount.units(),
        _ => 0,
    });
    effects.sum()
}

/// What is left to pay, line by line.
pub fn net(decision: &Decision) -> Vec<i64> {
    decision.net.iter().map(|net| net.units()).collect()
}

/// The names of the reasons that a decision gives about a rule, a reward or a point kind.
pub fn why(decision: &Decision, about: &str) -> Vec<&'static str> {
    let of_rule = decision.reasons.iter().filter(|reason| reason.about.as_str() == about);
    of_rule.map(|reason| reason.outcome.name()).collect()
}

/// The outcomes that a decision gives about a rule, a reward or a point kind.
pub fn outcomes<'a>(decision: &'a Decision, about: &str) -> Vec<&'a Outcome> {
    let of_rule = decision.reasons.iter().filter(|reason| reason.about.as_str() == about);
    of_rule.map(|reason| &reason.outcome).collect()
}
