//! One condition asked of many lines.
//!
//! Most conditions on lines begin with a text: `line.category == "shoes" && …`. What is looked
//! up for that is the same for every line, so it is looked up once, and most lines are ruled
//! out by one comparison. The answers are those of [`Condition::evaluate`], errors included.

use super::evaluate::{EvaluateError, Facts};
use super::fact::{Fact, Literal};
use super::program::{Comparison, Condition, Node, NodeIndex};
use std::ops::Range;

/// A condition, prepared to be asked of one line after another.
#[derive(Debug)]
pub struct LineTest<'a, F> {
    facts: &'a F,
    first: Option<FirstTest<'a>>,
    rest: Rest<'a>,
}

/// The text that a line must have for the condition to hold.
#[derive(Debug)]
struct FirstTest<'a> {
    fact: &'a Fact,
    any_of: &'a [Literal],
}

/// What remains to be asked of a line that has such a text.
#[derive(Debug)]
enum Rest<'a> {
    Nothing,
    Condition(&'a Condition),
    Part(&'a Condition, NodeIndex),
}

impl Condition {
    /// The condition as a test of lines.
    pub fn on_lines<'a, F: Facts>(&'a self, facts: &'a F) -> LineTest<'a, F> {
        let first = self.conjuncts.first().and_then(|first| first_test(self, first.root));
        let alone = !self.is_number && self.conjuncts.len() == 1;
        let rest = match &first {
            Some(_) if alone => Rest::Nothing,
            _ => Rest::Condition(self),
        };
        LineTest { facts, first: first.filter(|_| !self.is_number), rest }
    }
}

impl<'a, F: Facts> LineTest<'a, F> {
    /// The body of `exists` or `all` as a test of lines.
    pub(super) fn of_body(condition: &'a Condition, body: NodeIndex, facts: &'a F) -> Self {
        if let Some(first) = first_test(condition, body) {
            return LineTest { facts, first: Some(first), rest: Rest::Nothing };
        }
        let first = match condition.node(body) {
            // What the first part decides, the others cannot change.
            Node::All(parts) => parts.first().and_then(|part| first_test(condition, *part)),
            _ => None,
        };
        LineTest { facts, first, rest: Rest::Part(condition, body) }
    }

    /// Whether the condition holds for a line.
    #[inline]
    pub fn holds(&self, line: usize) -> Result<bool, EvaluateError> {
        match &self.first {
            Some(first) if !first.holds(self.facts, line)? => Ok(false),
            _ => self.rest_holds(line),
        }
    }

    /// The lines of the receipt that the condition holds for, up to the first error.
    pub fn lines(&self) -> impl Iterator<Item = Result<usize, EvaluateError>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let line = self.next(from).transpose()?;
            // After an error there is nothing more to ask.
            from = line.as_ref().map_or(usize::MAX, |line| line + 1);
            Some(line)
        })
    }

    /// The first line from `from` on that the condition holds for.
    fn next(&self, from: usize) -> Result<Option<usize>, EvaluateError> {
        // What is the same for all lines is told apart before the loop, which must be short.
        let Some(first) = &self.first else {
            return find(from..self.facts.line_count(), |line| self.rest_holds(line));
        };
        let mut from = from;
        while let Some(line) = first.find(self.facts, from)? {
            if self.rest_holds(line)? {
                return Ok(Some(line));
            }
            from = line + 1;
        }
        Ok(None)
    }

    #[inline(never)]
    fn rest_holds(&self, line: usize) -> Result<bool, EvaluateError> {
        match self.rest {
            Rest::Nothing => Ok(true),
            Rest::Condition(condition) => condition.evaluate(self.facts, Some(line)),
            Rest::Part(condition, part) => condition.truth(part, self.facts, Some(line)),
        }
    }
}

impl FirstTest<'_> {
    /// The first line from `from` on that has such a text.
    fn find<F: Facts>(&self, facts: &F, from: usize) -> Result<Option<usize>, EvaluateError> {
        match self.any_of {
            [Literal::Text(one)] => facts.find_line(self.fact, from, |text| same_text(one, text)),
            any_of => facts.find_line(self.fact, from, |text| is_any_of(any_of, text)),
        }
    }

    #[inline]
    fn holds<F: Facts>(&self, facts: &F, line: usize) -> Result<bool, EvaluateError> {
        let Some(text) = facts.line_text(self.fact, line)? else { return Ok(false) };
        Ok(is_any_of(self.any_of, text))
    }
}

fn is_any_of(any_of: &[Literal], text: &str) -> bool {
    any_of.iter().any(|one| matches!(one, Literal::Text(one) if same_text(one, text)))
}

fn find(
    mut lines: Range<usize>,
    mut holds: impl FnMut(usize) -> Result<bool, EvaluateError>,
) -> Result<Option<usize>, EvaluateError> {
    lines
        .find_map(|line| match holds(line) {
            Ok(false) => None,
            Ok(true) => Some(Ok(line)),
            Err(error) => Some(Err(error)),
        })
        .transpose()
}

/// Recognises `line.category == "shoes"` and `line.category in ["shoes", "boots"]`.
fn first_test(condition: &Condition, index: NodeIndex) -> Option<FirstTest<'_>> {
    let (fact, any_of) = match condition.node(index) {
        Node::Compare { comparison: Comparison::Equal, left, right } => {
            let Node::Literal(literal) = condition.node(*right) else { return None };
            (*left, std::slice::from_ref(literal))
        }
        Node::Within { value, list } => (*value, &**list),
        _ => return None,
    };
    let is_text = |literal: &Literal| matches!(literal, Literal::Text(_));
    match condition.node(fact) {
        // An empty list would answer before it saw that a value is of a wrong type.
        Node::Fact(fact) if fact.is_of_line() && !any_of.is_empty() => {
            any_of.iter().all(is_text).then_some(FirstTest { fact, any_of })
        }
        _ => None,
    }
}

/// Whether two texts are the same. Names on receipts tend to begin alike and to end
/// differently, so that their length and their last byte tell nearly all of them apart.
#[inline]
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}
