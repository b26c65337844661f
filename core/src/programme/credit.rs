//! Credit in advance as a service. Types alone.

use crate::condition::Condition;
use crate::values::{Key, Points, Texts};

/// What members may have before it is paid, on an account in points such as money.
#[derive(Debug)]
pub struct Credit {
    pub key: Key,
    pub name: Texts,
    /// The position of the kind of points that the account is kept in.
    pub points: usize,
    /// The highest of those that hold is the limit; none holds, none is had.
    pub limits: Vec<CreditLimit>,
}

#[derive(Debug)]
pub struct CreditLimit {
    /// For everybody, where there is none.
    pub when: Option<Condition>,
    pub amount: Points,
}
