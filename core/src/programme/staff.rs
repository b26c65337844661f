//! What a programme says of staff: recognition among colleagues, credit for enrolments, goals of
//! teams. Types alone.

use super::Programme;
use crate::condition::Condition;
use crate::values::{CalendarUnit, Key, Money, Points, Texts};

#[derive(Debug, Default)]
pub struct Staff {
    pub recognition: Option<Recognition>,
    pub enrolment: Option<Enrolment>,
    pub goals: Vec<TeamGoal>,
}

impl Staff {
    #[must_use]
    pub fn find_goal(&self, key: &Key) -> Option<&TeamGoal> {
        self.goals.iter().find(|goal| goal.key == *key)
    }
}

/// What a team does together in a period of the calendar.
#[derive(Debug)]
pub struct TeamGoal {
    pub key: Key,
    pub name: Texts,
    pub counts: GoalCounts,
    /// In the smallest unit of what is counted.
    pub target: i64,
    pub every: CalendarUnit,
    /// The position of the point kind that it gives.
    pub points: usize,
    pub gives: GoalGives,
    pub members: GoalMembers,
    pub on_return: GoalReturn,
}

/// What of its members a team counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoalCounts {
    /// The position of the action; each counts one.
    Action(usize),
    /// The position of the point kind; what is earned counts.
    Points(usize),
}

impl GoalCounts {
    /// The word under which it is counted, as that of a limit.
    #[must_use]
    pub fn unit(self, programme: &Programme) -> Key {
        let kind = match self {
            Self::Action(_) => None,
            Self::Points(position) => programme.points.get(position),
        };
        kind.map_or_else(|| Key::new("times"), |kind| Key::new(&format!("points:{}", kind.key)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoalGives {
    /// The same to everybody.
    Each(Points),
    /// One sum for all, in equal parts or by what each did.
    Pot { amount: Points, by_score: bool },
}

/// Who of a team gets what its goal gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoalMembers {
    /// Whoever is in the team when the goal is reached.
    #[default]
    Everybody,
    /// Of these, who was in it when the period began.
    FromTheStart,
}

/// What becomes of it when so much comes back that the goal is reached no longer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoalReturn {
    #[default]
    TakeBack,
    Keep,
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
