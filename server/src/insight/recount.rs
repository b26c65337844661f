//! A past decided again under one programme: what it comes to, and where it leaves members.

use super::figures::Figures;
use super::judge::{Judge, following_of};
use super::past::{History, Memory, PastMember};
use super::walk::{Following, Walker, has_shared_limits, walk};
use jiff::Timestamp;
use std::sync::Arc;
use symbolon_core::engine::Book;
use symbolon_core::member::MemberState;
use symbolon_core::programme::Programme;

/// What a past came to.
#[derive(Debug)]
pub struct Recount {
    pub figures: Figures,
    /// The members that were asked for, by the shop's name, as they stand at the end.
    pub kept: Vec<(String, MemberState)>,
    pub threads: usize,
}

/// Decides a past under one programme, and keeps the state of every n-th member.
#[must_use]
pub fn recount(
    history: &History,
    programme: &Arc<Programme>,
    threads: usize,
    keep_every: Option<usize>,
    progress: &(dyn Fn(u64) + Sync),
) -> Recount {
    let together = has_shared_limits(programme) || history.knows_others();
    let threads = if together { 1 } else { threads.max(1) };
    let end = history.span().map_or(Timestamp::MIN, |(_, end)| end);
    let new = || Counting {
        judge: Judge::new(programme, together),
        figures: Figures::new(programme),
        end,
        keep_every: keep_every.map(|every| (every as u128) << 16),
        kept: Vec::new(),
    };
    let walkers = (0..threads).map(|_| new()).collect();
    let mut sum = new();
    for walked in walk(history, walkers, together, progress) {
        sum.figures.add(&walked.figures);
        sum.kept.extend(walked.kept);
    }
    Recount { figures: sum.figures, kept: sum.kept, threads }
}

struct Counting {
    judge: Judge,
    figures: Figures,
    end: Timestamp,
    keep_every: Option<u128>,
    kept: Vec<(String, MemberState)>,
}

impl Walker for Counting {
    type Books = Book;

    fn open(&mut self, member: &PastMember) -> Book {
        Judge::open(member)
    }

    fn step(
        &mut self,
        member: &PastMember,
        place: usize,
        memory: Memory,
        book: &mut Book,
    ) -> Vec<Following> {
        let past = &member.activities[place];
        match self.judge.decide(book, past, memory) {
            Ok(told) => {
                self.figures.follow(self.judge.programme(), past, &told, book);
                following_of(0, past, member.member, &told.decision)
            }
            Err(refusal) => {
                self.figures.refuse(past, refusal.code().to_owned());
                Vec::new()
            }
        }
    }

    fn follow(&mut self, following: &Following, book: &mut Book) -> Vec<Following> {
        match self.judge.follow(book, following) {
            Ok((past, told)) => {
                self.figures.follow(self.judge.programme(), &past, &told, book);
                following_of(0, &past, Some(following.derived.to), &told.decision)
            }
            Err(_) => {
                self.figures.errors += 1;
                Vec::new()
            }
        }
    }

    fn close(&mut self, member: &PastMember, mut book: Book) {
        let programme = self.judge.programme();
        if book.member.is_none() {
            return;
        }
        match self.judge.settle(&mut book, self.end) {
            Ok(entries) => self.figures.follow_entries(programme, &entries),
            Err(_) => self.figures.errors += 1,
        }
        self.figures.close(programme, &book, programme.zone.day(self.end));
        let is_kept = match (self.keep_every, member.member) {
            (Some(every), Some(id)) => id.number().checked_rem(every) == Some(0),
            _ => false,
        };
        if let (true, Some(name), Some(state)) = (is_kept, &member.name, book.member) {
            self.kept.push((name.clone(), state));
        }
    }
}
