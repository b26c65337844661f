//! What a programme says of companies, households and their people. Types alone.

use crate::values::{CalendarUnit, Key, Money, Rate};

/// The roles of contacts where the programme names none, the weightiest first.
pub const CONTACT_ROLES: [&str; 3] = ["decision-maker", "influencer", "user"];

/// What `[contacts]`, `[gifts]` and `[rebate]` say.
#[derive(Debug)]
pub struct Companies {
    /// What contacts may be, the weightiest first.
    pub roles: Vec<Key>,
    pub gifts: Option<Gifts>,
    pub rebate: Option<Rebate>,
}

/// What may be given to a person, so that gifts are no bribes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gifts {
    /// The most that all gifts to one person are worth in a period.
    pub per_person: Money,
    pub every: CalendarUnit,
    /// A gift that is worth more than this needs a second person who approves it.
    pub approval_above: Option<Money>,
}

/// What a company gets back for the volume of a period that is over.
#[derive(Debug)]
pub struct Rebate {
    /// The position of the point kind of the company's account.
    pub points: usize,
    pub every: CalendarUnit,
    /// From which volume on how many per cent of all of it; from the lowest to the highest.
    pub steps: Vec<(Money, Rate)>,
}
