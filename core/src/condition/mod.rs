//! The typed condition language: what rules, ladders, offers and audiences ask.
//!
//! A condition is written in a subset of CEL syntax over a closed list of facts. It is read
//! and type-checked once, when the programme is read, and evaluated many times from a compact
//! form. It must never read a clock, chance or the outside world, never use floats, never
//! loop without a bound and never panic: whatever the text, the answer is a condition or a
//! list of problems with positions; whatever the facts, the answer is a value or an error.
//!
//! **What is absent.** A fact may be [`Value::Absent`], for example the category of a line
//! without one. Every comparison with it is false, except `!=`, which is true; `in` and the
//! text methods are false; arithmetic with it is absent; where true or false is needed it
//! counts as false, so `!` of an absent fact is true. A number that is absent as a whole is 0.
//! A consequence to remember: `!(a < b)` is not the same as `a >= b` when `a` may be absent.
//!
//! **Numbers.** Whole numbers are 64 bits wide, decimals are exact millionths. A whole number
//! becomes a decimal where one is needed, which loses nothing. Overflow is an error.
//!
//! **Order.** `&&` and `||` go from left to right; what the left side decides, the right side
//! cannot spoil with an error.

mod calls;
mod check;
mod evaluate;
mod fact;
mod lines;
mod names;
mod never;
mod parse;
mod program;
mod required;
mod sentence;
mod token;
mod words;

use std::fmt;

pub use evaluate::{EvaluateError, Facts};
pub use fact::{Environment, Fact, Literal, MEMBER_NAMES, Scope, Type, Value, Window};
pub use lines::{LineTest, LineTexts, TextMark};
pub use program::{Condition, Conjunct};
pub use required::Requirement;

/// The longest text of a condition, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// How deep parentheses, arguments, `!`, `-` and `? :` may stand in one another.
pub const DEPTH_MAX: usize = 40;
/// How many literals, names, calls and operators a condition may have.
pub const NODES_MAX: usize = 1_000;

/// What the place where a condition stands needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Bool,
    Number,
}

/// One reason why a text is not a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionProblem {
    /// Byte offset in the text.
    pub at: usize,
    /// In bytes; 0 only at the end of the text.
    pub length: usize,
    pub message: String,
    /// What to do about it; empty when the message says it all.
    pub hint: String,
}

impl fmt::Display for ConditionProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.message)?;
        if !self.hint.is_empty() {
            write!(formatter, "; {}", self.hint)?;
        }
        Ok(())
    }
}

/// Reads and checks a text.
///
/// A text that cannot be read gives the first problem with its syntax; a text that can be
/// read but makes no sense gives all problems with names and types, in order of position.
pub fn compile(
    text: &str,
    environment: &Environment,
    expected: Expected,
) -> Result<Condition, Vec<ConditionProblem>> {
    let expression = parse::parse(text)?;
    check::check(text, &expression, environment, expected)
}

/// Bytes of the text that something was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    at: usize,
    end: usize,
}

impl Span {
    fn to(self, other: Span) -> Span {
        Span { at: self.at, end: other.end }
    }

    fn problem(self, message: impl Into<String>, hint: impl Into<String>) -> ConditionProblem {
        ConditionProblem {
            at: self.at,
            length: self.end - self.at,
            message: message.into(),
            hint: hint.into(),
        }
    }
}
