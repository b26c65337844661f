//! Walking over a past: by member on all cores, or in one order for all on one.
//!
//! What walks here depends on nothing but one member's own past; so every sum is the same
//! however many threads there are. Where a limit is shared, or one member's activity means
//! something for another, members depend on each other, and everything is walked in its order of
//! time; what follows for others is decided anew, and what was recorded of it is left out.

use super::past::{History, Memory, PastMember};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use symbolon_core::engine::{Activity, Derived};
use symbolon_core::programme::{Programme, Quota, QuotaPer};
use symbolon_core::values::{ActivityId, MemberId};

/// So many members are taken at once: enough that threads seldom meet.
const MEMBERS_AT_ONCE: usize = 64;

/// What happens on the way. `Books` is all that is known of one member.
pub trait Walker: Send {
    type Books;

    fn open(&mut self, member: &PastMember) -> Self::Books;

    /// One activity of a member, by its place in his past. Gives what follows for others.
    fn step(
        &mut self,
        member: &PastMember,
        place: usize,
        memory: Memory,
        books: &mut Self::Books,
    ) -> Vec<Following>;

    /// What follows for a member from what another did.
    fn follow(&mut self, following: &Following, books: &mut Self::Books) -> Vec<Following>;

    fn close(&mut self, member: &PastMember, books: Self::Books);
}

/// What a decision means for another member, under one of the programmes that are compared.
#[derive(Debug, Clone)]
pub struct Following {
    pub side: usize,
    pub at: Timestamp,
    pub derived: Derived,
}

/// Whether what one member gets can depend on what another got.
#[must_use]
pub fn has_shared_limits(programme: &Programme) -> bool {
    let rules = programme.rules.iter().flat_map(|rule| &rule.quotas);
    let rewards = programme.rewards.iter().flat_map(|reward| &reward.quotas);
    let campaigns = programme.campaigns.iter().flat_map(|campaign| &campaign.quotas);
    let is_shared = |quota: &Quota| quota.per != QuotaPer::Member;
    rules.chain(rewards).chain(campaigns).any(is_shared)
}

/// Walks over all members, each by itself, on as many threads as there are walkers; in one order
/// for all where there is one walker and `together` is asked for. Gives the walkers back.
pub fn walk<W: Walker>(
    history: &History,
    walkers: Vec<W>,
    together: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<W> {
    if together {
        return walkers.into_iter().map(|walker| in_order(history, walker, progress)).collect();
    }
    if walkers.len() == 1 {
        let next = AtomicUsize::new(0);
        let alone = |walker| by_member(history, walker, &next, progress);
        return walkers.into_iter().map(alone).collect();
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let start = |walker| scope.spawn(|| by_member(history, walker, &next, progress));
        let threads: Vec<_> = walkers.into_iter().map(start).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(walker) => walker,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    })
}

fn by_member<W: Walker>(
    history: &History,
    mut walker: W,
    next: &AtomicUsize,
    progress: &(dyn Fn(u64) + Sync),
) -> W {
    loop {
        let from = next.fetch_add(MEMBERS_AT_ONCE, Ordering::Relaxed);
        let until = (from + MEMBERS_AT_ONCE).min(history.members.len());
        let Some(members) = history.members.get(from..until).filter(|some| !some.is_empty()) else {
            return walker;
        };
        let mut done = 0;
        for member in members {
            let mut books = walker.open(member);
            let (memory, remembered) = member.memory();
            for place in 0..member.activities.len() {
                walker.step(member, place, until_then(memory, place, remembered), &mut books);
            }
            done += member.activities.len() as u64;
            walker.close(member, books);
        }
        progress(done);
    }
}

/// Nothing has to be remembered of what comes at the last look back, or after it.
fn until_then(memory: Memory, place: usize, remembered: usize) -> Memory {
    match memory {
        // The last look back itself still needs what was remembered.
        Memory::NewestReceipts | Memory::Everything if place <= remembered => memory,
        _ => Memory::Nothing,
    }
}

fn id_of(history: &History, member: usize, place: usize) -> ActivityId {
    history.members[member].activities[place].id
}

fn in_order<W: Walker>(history: &History, mut walker: W, progress: &(dyn Fn(u64) + Sync)) -> W {
    let mut order = Vec::with_capacity(history.activities());
    for (position, member) in history.members.iter().enumerate() {
        // One member's own order stays as it is, whatever his clocks and ids say.
        let mut latest = (Timestamp::MIN, ActivityId::new(0));
        for (place, past) in member.activities.iter().enumerate() {
            latest = (latest.0.max(past.at), latest.1.max(past.id));
            order.push((latest, position, place));
        }
    }
    order.sort_by_key(|(latest, _, _)| *latest);
    // What came from others may be called back by them at any time.
    let follows = history.knows_others();
    let memory_of = |member: &PastMember| match follows {
        true => (Memory::Everything, member.activities.len()),
        false => member.memory(),
    };
    let memories: Vec<(Memory, usize)> = history.members.iter().map(memory_of).collect();
    let places: HashMap<MemberId, usize> = (0..)
        .zip(&history.members)
        .filter_map(|(place, member)| Some((member.member?, place)))
        .collect();
    let causes: HashSet<ActivityId> = match follows {
        true => order.iter().map(|&(_, member, place)| id_of(history, member, place)).collect(),
        false => HashSet::new(),
    };
    let mut books: Vec<W::Books> = history.members.iter().map(|m| walker.open(m)).collect();
    for (done, &(_, position, place)) in order.iter().enumerate() {
        let member = &history.members[position];
        let (memory, remembered) = memories[position];
        let memory = until_then(memory, place, remembered);
        let mut waiting = match &member.activities[place].activity {
            // Its cause is decided anew, and so is what follows from it.
            Activity::Incoming(incoming) if causes.contains(&incoming.cause) => VecDeque::new(),
            _ => VecDeque::from(walker.step(member, place, memory, &mut books[position])),
        };
        while let Some(following) = waiting.pop_front() {
            if let Some(to) = places.get(&following.derived.to) {
                waiting.extend(walker.follow(&following, &mut books[*to]));
            }
        }
        if done % 1_024 == 1_023 {
            progress(1_024);
        }
    }
    progress((order.len() % 1_024) as u64);
    for (member, books) in history.members.iter().zip(books) {
        walker.close(member, books);
    }
    walker
}
