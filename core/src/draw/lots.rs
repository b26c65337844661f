//! The drum: which ticket is drawn next, by the seed and the digest of the list alone.
//!
//! A number below `n` is taken from words of 64 bits; words at or above the last whole multiple of
//! `n` are thrown away, so that every ticket is as likely as every other, to the bit.

use super::{Hash, PerHolder, Tickets};
use std::collections::BTreeSet;

/// Words of chance: the hash of the seed, the list, the public text and a counter.
pub(super) struct Words {
    hash: Hash,
    /// All but the counter.
    prefix: String,
    block: [u8; 32],
    counter: u64,
    /// How many bytes of the block were used.
    used: usize,
}

impl Words {
    pub fn new(hash: Hash, seed: &str, digest: &str, entropy: &str) -> Self {
        let prefix = format!("symbolon draw 1\n{seed}\n{digest}\n{entropy}\n");
        Self { hash, prefix, block: [0; 32], counter: 0, used: 32 }
    }

    fn next(&mut self) -> u64 {
        if self.used == 32 {
            self.block = (self.hash)(format!("{}{}\n", self.prefix, self.counter).as_bytes());
            self.counter = self.counter.wrapping_add(1);
            self.used = 0;
        }
        let mut word = [0; 8];
        word.copy_from_slice(&self.block[self.used..self.used + 8]);
        self.used += 8;
        u64::from_be_bytes(word)
    }

    /// A number from 0 on, below `count`, each as likely as the other. `count` is not zero.
    pub fn below(&mut self, count: u64) -> u64 {
        // 2^64 modulo `count`: so many words at the end have no whole multiple.
        let odd = (u64::MAX % count).wrapping_add(1) % count;
        loop {
            let word = self.next();
            if odd == 0 || word < u64::MAX - odd + 1 {
                return word % count;
            }
        }
    }
}

/// The tickets that are still in.
pub(super) struct Drum<'t> {
    holders: Vec<Holder<'t>>,
    left: u64,
    per_holder: PerHolder,
}

struct Holder<'t> {
    name: &'t str,
    /// The number of the first ticket.
    first: u64,
    count: u64,
    /// Tickets of this holder that are out, counted from the holder's first.
    out: BTreeSet<u64>,
    left: u64,
}

impl<'t> Drum<'t> {
    /// `None` where there are more tickets than numbers.
    pub fn of(tickets: &'t [Tickets], per_holder: PerHolder) -> Option<Self> {
        let (mut holders, mut left) = (Vec::with_capacity(tickets.len()), 0_u64);
        for Tickets { holder, count } in tickets {
            let first = left.checked_add(1)?;
            left = left.checked_add(*count)?;
            let (name, count) = (holder.as_str(), *count);
            holders.push(Holder { name, first, count, out: BTreeSet::new(), left: count });
        }
        Some(Self { holders, left, per_holder })
    }

    /// Draws a ticket: its number and its holder. Nothing where no ticket is in any more.
    pub fn draw(&mut self, words: &mut Words) -> Option<(u64, &'t str)> {
        if self.left == 0 {
            return None;
        }
        let mut place = words.below(self.left);
        for holder in &mut self.holders {
            if place >= holder.left {
                place -= holder.left;
                continue;
            }
            // The place counts only the tickets that are in.
            let mut ticket = place;
            for out in &holder.out {
                if *out <= ticket {
                    ticket += 1;
                }
            }
            let gone = match self.per_holder {
                PerHolder::One => holder.left,
                PerHolder::Any => 1,
            };
            holder.out.insert(ticket);
            holder.left -= gone;
            self.left -= gone;
            debug_assert!(ticket < holder.count, "a ticket of this holder");
            return Some((holder.first + ticket, holder.name));
        }
        None
    }
}
