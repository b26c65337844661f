//! Numbers of chance for one activity, each for a use of its own.
//!
//! The engine has no chance: it is handed one word with an activity, which is recorded with the
//! decision. From it follow as many numbers as rules ask for, whatever other rules there are.

use crate::values::{Key, Rate};

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The nth word of a rule.
fn word(chance: u64, rule: &Key, nth: u64) -> u64 {
    // FNV-1a over the name, so that rules do not share their luck.
    let name = rule.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mixed(mixed(chance ^ name).wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(nth + 1)))
}

/// A whole number from 0 on, below `count`.
pub(super) fn below(chance: u64, rule: &Key, nth: u64, count: u64) -> u64 {
    let product = u128::from(word(chance, rule, nth)) * u128::from(count);
    u64::try_from(product >> 64).unwrap_or(0)
}

/// A number from 0 on, below one hundred, with six decimals.
pub(super) fn percentage(chance: u64, rule: &Key) -> Rate {
    const HUNDRED: u64 = 100_000_000;
    Rate::new(i64::try_from(below(chance, rule, 0, HUNDRED)).unwrap_or(0))
}
