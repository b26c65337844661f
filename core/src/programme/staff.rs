//! What a programme says of staff: recognition among colleagues, credit for enrolments. Types
//! alone.

use crate::condition::Condition;
use crate::values::{CalendarUnit, Money, Points};

#[derive(Debug, Default)]
pub struct Staff {
    pub recognition: Option<Recognition>,
    pub enrolment: Option<Enrolment>,
}

/// Points that colleagues give each other.
#[derive(Debug)]
pub struct Recognition {
    /// The position of the point kind.
    pub points: usize,
    /// The most that one employee gives in a period.
    pub allowance: Points,
    pub every: CalendarUnit,
    /// Who is a manager, and the most that one gives.
    pub managers: Option<(Condition, Points)>,
}

/// What a cashier gets for a new member.
#[derive(Debug)]
pub struct Enrolment {
    /// The position of the point kind.
    pub points: usize,
    pub give: Points,
    /// What the newcomer's first receipt must come to; nothing where joining is enough.
    pub first_purchase: Option<Money>,
}
