//! A back-test: the same past decided again under two programmes, side by side.
//!
//! It counts what is there. What people would have done differently it cannot know, and does not
//! pretend to: rewards and codes that were asked for are asked for under both.

use super::figures::{Figures, SharedLimits, shared_limits};
use super::judge::{Judge, Told, following_of};
use super::past::{History, Memory, Past, PastMember};
use super::segments::{MemberRow, MemberSide};
use super::walk::{Following, Walker, has_shared_limits, walk};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_core::engine::{Activity, Book, Decision, Effect, Reason, Refusal};
use symbolon_core::programme::Programme;
use symbolon_core::values::{ActivityId, Key, MemberId};

/// So many receipts that differ are shown with their reasons.
pub const DIFFERENCES_MAX: usize = 100;

/// What one programme did with a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Decided { decision: Box<Decision>, without: Option<Refusal> },
    Refused(Refusal),
}

/// A receipt that two programmes judge differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub at: Timestamp,
    pub label: Option<String>,
    pub member: Option<String>,
    pub sides: [Shown; 2],
}

/// All that came of it.
#[derive(Debug)]
pub struct BackTest {
    pub sides: [Figures; 2],
    pub rows: Vec<MemberRow>,
    pub receipts_that_differ: u64,
    /// The first of them in order of time.
    pub differences: Vec<Difference>,
    /// How many threads it ran on, and whether limits that members share were the reason for one.
    pub threads: usize,
    pub in_one_order: bool,
}

/// Decides a past under two programmes. `progress` is told how many activities are done.
#[must_use]
pub fn back_test(
    history: &History,
    programmes: [&Arc<Programme>; 2],
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> BackTest {
    let together =
        programmes.iter().any(|programme| has_shared_limits(programme)) || history.knows_others();
    let threads = if together { 1 } else { threads.max(1) };
    let end = history.span().map_or(Timestamp::MIN, |(_, end)| end);
    let new = || Testing::new(programmes, together, end);
    let walkers = (0..threads).map(|_| new()).collect();
    let mut sum = new();
    for walked in walk(history, walkers, together, progress) {
        sum.lanes.iter_mut().zip(&walked.lanes).for_each(|(sum, part)| {
            sum.figures.add(&part.figures);
        });
        sum.rows.extend(walked.rows);
        sum.receipts_that_differ += walked.receipts_that_differ;
        sum.differences.extend(walked.differences);
    }
    let [first, second] = sum.lanes;
    BackTest {
        sides: [first.figures, second.figures],
        rows: sum.rows,
        receipts_that_differ: sum.receipts_that_differ,
        differences: sum.differences.into_values().take(DIFFERENCES_MAX).collect(),
        threads,
        in_one_order: together,
    }
}

/// One of the two programmes.
struct Lane {
    judge: Judge,
    limits: SharedLimits,
    figures: Figures,
}

struct Testing {
    lanes: [Lane; 2],
    end: Timestamp,
    rows: Vec<MemberRow>,
    receipts_that_differ: u64,
    differences: BTreeMap<(Timestamp, ActivityId), Difference>,
}

/// One member under both programmes.
struct Books {
    sides: [(Book, Figures); 2],
    receipts: u64,
}

impl Testing {
    fn new(programmes: [&Arc<Programme>; 2], together: bool, end: Timestamp) -> Self {
        let lane = |programme: &Arc<Programme>| Lane {
            judge: Judge::new(programme, together),
            limits: shared_limits(programme),
            figures: Figures::new(programme),
        };
        Self {
            lanes: programmes.map(lane),
            end,
            rows: Vec::new(),
            receipts_that_differ: 0,
            differences: BTreeMap::new(),
        }
    }

    fn differ(&mut self, member: &PastMember, past: &Past, told: [Result<Told, Refusal>; 2]) {
        self.receipts_that_differ += 1;
        let place = (past.at, past.id);
        let is_full = self.differences.len() >= DIFFERENCES_MAX;
        if is_full && self.differences.last_key_value().is_some_and(|(last, _)| *last < place) {
            return;
        }
        let sides = told.map(|told| match told {
            Ok(told) => Shown::Decided { decision: Box::new(told.decision), without: told.without },
            Err(refusal) => Shown::Refused(refusal),
        });
        let (label, member) = (past.label.clone(), member.name.clone());
        self.differences.insert(place, Difference { at: past.at, label, member, sides });
        if self.differences.len() > DIFFERENCES_MAX {
            self.differences.pop_last();
        }
    }
}

impl Lane {
    fn decide(
        &mut self,
        past: &Past,
        memory: Memory,
        (book, figures): &mut (Book, Figures),
    ) -> Result<Told, Refusal> {
        let told = self.judge.decide(book, past, memory);
        let programme = self.judge.programme();
        match &told {
            Ok(told) => {
                figures.follow(programme, past, told, book);
                if !self.limits.is_empty() {
                    figures.follow_limits(&self.limits, &told.decision, &self.judge.shared);
                }
            }
            Err(refusal) => figures.refuse(past, refusal.code().to_owned()),
        }
        told
    }

    fn close(&mut self, end: Timestamp, (mut book, mut figures): (Book, Figures)) -> Figures {
        let programme = self.judge.programme();
        if book.member.is_some() {
            match self.judge.settle(&mut book, end) {
                Ok(entries) => figures.follow_entries(programme, &entries),
                Err(_) => figures.errors += 1,
            }
            figures.close(programme, &book, programme.zone.day(end));
        }
        self.figures.add(&figures);
        figures
    }
}

impl Walker for Testing {
    type Books = Books;

    fn open(&mut self, member: &PastMember) -> Books {
        let side = |lane: &Lane| (Judge::open(member), Figures::new(lane.judge.programme()));
        let [first, second] = &self.lanes;
        Books { sides: [side(first), side(second)], receipts: 0 }
    }

    fn step(
        &mut self,
        member: &PastMember,
        place: usize,
        memory: Memory,
        books: &mut Books,
    ) -> Vec<Following> {
        let past = &member.activities[place];
        let [first, second] = &mut self.lanes;
        let [first_books, second_books] = &mut books.sides;
        let told =
            [first.decide(past, memory, first_books), second.decide(past, memory, second_books)];
        if let Activity::Purchase(_) = &past.activity {
            books.receipts += 1;
            let is_same = match &told {
                [Ok(first), Ok(second)] => gives_the_same(&first.decision, &second.decision),
                [Err(first), Err(second)] => first == second,
                _ => false,
            };
            let following = follow_both(past, member.member, &told);
            if !is_same {
                self.differ(member, past, told);
            }
            return following;
        }
        follow_both(past, member.member, &told)
    }

    fn follow(&mut self, following: &Following, books: &mut Books) -> Vec<Following> {
        let Following { side, derived, .. } = following;
        let (Some(lane), Some((book, figures))) =
            (self.lanes.get_mut(*side), books.sides.get_mut(*side))
        else {
            return Vec::new();
        };
        match lane.judge.follow(book, following) {
            Ok((past, told)) => {
                figures.follow(lane.judge.programme(), &past, &told, book);
                following_of(*side, &past, Some(derived.to), &told.decision)
            }
            Err(_) => {
                figures.errors += 1;
                Vec::new()
            }
        }
    }

    fn close(&mut self, member: &PastMember, books: Books) {
        let Books { sides: [first_books, second_books], receipts } = books;
        let end = self.end;
        let [first, second] = &mut self.lanes;
        let first = first.close(end, first_books);
        let second = second.close(end, second_books);
        if let Some(id) = member.member {
            // A receipt that one programme refuses was bought all the same.
            let spent = first.listed.max(second.listed);
            let sides = [MemberSide::of(&first), MemberSide::of(&second)];
            self.rows.push(MemberRow { member: id, spent, receipts, sides });
        }
    }
}

/// What follows for others under each programme.
fn follow_both(
    past: &Past,
    member: Option<MemberId>,
    told: &[Result<Told, Refusal>; 2],
) -> Vec<Following> {
    let of = |(side, told): (usize, &Result<Told, Refusal>)| match told {
        Ok(told) => following_of(side, past, member, &told.decision),
        Err(_) => Vec::new(),
    };
    told.iter().enumerate().flat_map(of).collect()
}

/// Whether a customer gets and pays the same: prices, points, rewards, benefits, coupons. Which
/// rule gave it, and which tier it leads to, is another matter.
#[must_use]
pub fn gives_the_same(first: &Decision, second: &Decision) -> bool {
    if first.net != second.net {
        return false;
    }
    let given = |decision: &Decision| {
        let mut given: Vec<(u8, Key, i64)> = Vec::new();
        for effect in &decision.effects {
            let (what, key, amount) = match effect {
                Effect::Earn { points, amount, .. } => (0, points, amount.units()),
                Effect::Spend { points, amount, .. } => (1, points, amount.units()),
                Effect::FreeItem { by, line: None, pieces, .. } => (2, by, i64::from(*pieces)),
                Effect::GrantBenefit { benefit, .. } => (3, benefit, 1),
                Effect::IssueCoupon { coupon, .. } => (4, coupon, 1),
                _ => continue,
            };
            if amount == 0 {
                continue;
            }
            match given.iter_mut().find(|(known, of, _)| *known == what && of == key) {
                Some((_, _, sum)) => *sum = sum.saturating_add(amount),
                None => given.push((what, key.clone(), amount)),
            }
        }
        given.sort();
        given
    };
    given(first) == given(second)
}

impl Shown {
    /// The reasons, where it was decided.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Decided { decision, .. } => &decision.reasons,
            Self::Refused(_) => &[],
        }
    }
}
