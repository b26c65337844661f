//! A village: several members whose activities reach each other in whatever order they are handed
//! over.

use crate::support::{NotBooked, always, at, joining, money};
use std::collections::BTreeMap;
use symbolon_core::engine::{
    Activity, Book, Candidates, Decision, Derived, Line, Purchase, Refusal, derived_of,
};
use symbolon_core::ledger::Entry;
use symbolon_core::member::MemberState;
use symbolon_core::programme::Programmes;
use symbolon_core::values::{ActivityId, MemberId, Points, Quantity};

#[derive(Clone)]
pub struct Village {
    pub programmes: Programmes,
    pub books: BTreeMap<MemberId, Book>,
    pub entries: Vec<Entry>,
    pub waiting: Vec<Derived>,
    next: u128,
}

pub fn id(number: u128) -> MemberId {
    MemberId::new((0x0190_0000_0000_7000_8000_0000_0000_0000) + number * 65)
}

pub const MOMENT: &str = "2027-01-02 10:00:00Z";

impl Village {
    pub fn new(programme: &str) -> Self {
        Self {
            programmes: always(programme),
            books: BTreeMap::new(),
            entries: Vec::new(),
            waiting: Vec::new(),
            next: 1,
        }
    }

    /// A village in which everybody brought the next one.
    pub fn in_line(programme: &str, members: u128) -> Self {
        let mut village = Self::new(programme);
        for number in 0..members {
            village.joins(number, (number > 0).then(|| number - 1));
        }
        village
    }

    pub fn joins(&mut self, number: u128, by: Option<u128>) {
        let member = id(number);
        self.books.insert(member, Book { member_id: Some(member), ..Book::default() });
        let Activity::Joining { kind, attributes, .. } = joining() else { return };
        let line = by.map_or_else(Vec::new, |by| {
            let mut line = vec![id(by)];
            line.extend(self.state(by).line());
            line
        });
        self.does(number, Activity::Joining { kind, attributes, line });
    }

    pub fn decide(&self, number: u128, activity: &Activity) -> Result<Decision, Refusal> {
        let book = &self.books[&id(number)];
        let next = ActivityId::new(self.next << 64).in_bucket(id(number).bucket());
        let decided = book.decide(&self.programmes, next, at(MOMENT), activity, Candidates::All);
        decided.map(|(_, decision)| decision)
    }

    pub fn try_does(
        &mut self,
        number: u128,
        activity: Activity,
    ) -> Result<(ActivityId, Decision), NotBooked> {
        let member = id(number);
        let next = ActivityId::new(self.next << 64).in_bucket(member.bucket());
        self.next += 1;
        self.book(member, next, activity).map(|decision| (next, decision))
    }

    pub fn does(&mut self, number: u128, activity: Activity) -> (ActivityId, Decision) {
        let told = format!("{number} {activity:?}");
        self.try_does(number, activity).unwrap_or_else(|why| panic!("{told}: {why:?}"))
    }

    pub fn refuses(&mut self, number: u128, activity: Activity) -> &'static str {
        match self.try_does(number, activity) {
            Err(NotBooked::Refused(refusal)) => refusal.code(),
            other => panic!("{other:?}"),
        }
    }

    fn book(
        &mut self,
        member: MemberId,
        next: ActivityId,
        activity: Activity,
    ) -> Result<Decision, NotBooked> {
        let book = self.books.get_mut(&member).expect("a book");
        let (version, decision) = book
            .decide(&self.programmes, next, at(MOMENT), &activity, Candidates::All)
            .map_err(NotBooked::Refused)?;
        let booked =
            book.book(next, version, activity, decision.clone()).map_err(NotBooked::Overflow)?;
        self.entries.extend(booked.entries);
        self.waiting.extend(derived_of(next, Some(member), &decision));
        Ok(decision)
    }

    /// Hands one of what waits over, once or again. What comes before what it refers to waits on.
    pub fn deliver(&mut self, place: usize, again: bool) {
        if self.waiting.is_empty() {
            return;
        }
        let place = place % self.waiting.len();
        let derived = self.waiting[place].clone();
        let is_there = self.books[&derived.to].records.contains_key(&derived.id);
        let activity = Activity::Incoming(derived.incoming.clone());
        if !is_there {
            match self.book(derived.to, derived.id, activity.clone()) {
                Err(NotBooked::Refused(Refusal::UnknownActivity { .. })) => return,
                other => drop(other.expect("what was sent can be booked")),
            }
        }
        if again {
            // A second time it changes nothing, whoever brings it.
            let book = self.books.get_mut(&derived.to).expect("a book");
            let before = book.clone();
            let decided =
                book.decide(&self.programmes, derived.id, at(MOMENT), &activity, Candidates::All);
            if let Ok((version, decision)) = decided {
                assert!(book.book(derived.id, version, activity, decision).is_err());
            }
            assert_eq!(*book, before);
            return;
        }
        self.waiting.retain(|waiting| waiting.id != derived.id);
    }

    /// Hands over all that waits, in the order that the numbers say.
    pub fn deliver_all(&mut self, order: &[u16]) {
        let mut numbers = order.iter().copied().cycle();
        let mut tries = 0;
        while !self.waiting.is_empty() {
            let number = numbers.next().unwrap_or(0);
            // By turns one that the number names, and the next in a row, so that all have a turn.
            if tries % 2 == 0 {
                self.deliver(usize::from(number), number % 3 == 0);
            } else {
                self.deliver(tries / 2, false);
            }
            tries += 1;
            assert!(tries < 100_000, "something never arrives: {:?}", self.waiting);
        }
    }

    pub fn state(&self, number: u128) -> &MemberState {
        self.books[&id(number)].member.as_ref().expect("a member")
    }

    /// All that a member has: available, waiting, less what it owes.
    pub fn total(&self, number: u128, kind: &str) -> i64 {
        let state = self.state(number);
        let lots = state.lots.iter().filter(|lot| lot.points.as_str() == kind);
        let sum: i64 = lots.map(|lot| lot.remaining.units()).sum();
        sum - state.debt(kind).units()
    }

    pub fn total_of_all(&self, kind: &str) -> i64 {
        (0..self.books.len()).map(|number| self.total(number as u128, kind)).sum()
    }

    /// What is on its way between members, by the ledger.
    pub fn moved(&self) -> i64 {
        let sum = self.entries.iter().map(|entry| {
            let units = entry.amount.units();
            match (entry.from.name(), entry.to.name()) {
                (_, "moved") => units,
                ("moved", _) => -units,
                _ => 0,
            }
        });
        sum.sum()
    }
}

pub fn buys(lines: &[(&str, i64, i64)]) -> Activity {
    let line = |(product, pieces, price): &(&str, i64, i64)| Line {
        product: (*product).to_owned(),
        quantity: Quantity::new(pieces * 1_000),
        unit_price: money(*price),
        ..Line::default()
    };
    Activity::Purchase(Purchase { lines: lines.iter().map(line).collect(), ..Purchase::default() })
}

pub fn transfer(to: u128, amount: i64) -> Activity {
    let points = crate::support::key("points");
    Activity::Transfer { to: id(to), points, amount: Points::new(amount) }
}
