//! One condition asked of many lines.
//!
//! Most conditions on lines begin with a text: `line.category == "shoes" && …`. These are
//! recognised once, when the condition is compiled, so that most lines are ruled out by one
//! comparison. The answers are those of [`Condition::evaluate`], errors included.

use super::evaluate::{EvaluateError, Facts};
use super::fact::{Fact, Literal};
use super::program::{Comparison, Condition, Node, NodeIndex};
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::Range;

/// A number by which texts are told apart without looking at them: equal texts have the same
/// mark, and others nearly always another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextMark(u32);

impl TextMark {
    /// The mark of no text at all.
    pub const ABSENT: Self = Self(0);

    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        // Half of the hash tells texts apart nearly as well, and is half as long.
        Self(u32::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or(0))
    }

    /// One of so many slots; equal marks have the same one.
    #[inline]
    #[must_use]
    pub fn slot(self, slots: usize) -> usize {
        usize::try_from(self.0).unwrap_or(0) % slots
    }
}

/// The texts of which a line must have one: `line.category in ["shoes", "boots"]`.
#[derive(Debug, Clone, PartialEq)]
pub struct LineTexts {
    /// The part of the condition that says so.
    node: NodeIndex,
    pub fact: Fact,
    texts: Box<[Box<str>]>,
    marks: Box<[TextMark]>,
}

impl LineTexts {
    /// Every such part of a condition.
    pub(super) fn among(nodes: &[Node]) -> Box<[Self]> {
        let places = (0..=u16::MAX).map(NodeIndex).take(nodes.len());
        places.filter_map(|node| Self::recognise(nodes, node)).collect()
    }

    fn recognise(nodes: &[Node], node: NodeIndex) -> Option<Self> {
        let at = |index: NodeIndex| nodes.get(usize::from(index.0));
        let (fact, any_of) = match at(node)? {
            Node::Compare { comparison: Comparison::Equal, left, right } => {
                let Node::Literal(literal) = at(*right)? else { return None };
                (*left, std::slice::from_ref(literal))
            }
            Node::Within { value, list } => (*value, &**list),
            _ => return None,
        };
        let Node::Fact(fact) = at(fact)? else { return None };
        // An empty list would answer before it saw that a value is of a wrong type.
        if !fact.is_of_line() || any_of.is_empty() {
            return None;
        }
        let text = |literal: &Literal| match literal {
            Literal::Text(text) => Some(text.as_str().into()),
            _ => None,
        };
        let texts: Box<[Box<str>]> = any_of.iter().map(text).collect::<Option<_>>()?;
        let marks = texts.iter().map(|text| TextMark::of(text)).collect();
        Some(Self { node, fact: *fact, texts, marks })
    }

    #[inline]
    pub fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|one| same_text(one, text))
    }

    /// The mark of the text, where there is only one.
    #[inline]
    pub fn only_mark(&self) -> Option<TextMark> {
        match &*self.marks {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whether a text with this mark may be one of them.
    #[inline]
    pub fn may_have(&self, mark: TextMark) -> bool {
        self.marks.contains(&mark)
    }
}

/// A condition, prepared to be asked of one line after another.
#[derive(Debug)]
pub struct LineTest<'a, F> {
    facts: &'a F,
    /// The texts of which a line must have one for the condition to hold.
    first: Option<&'a LineTexts>,
    rest: Rest<'a>,
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
    #[inline]
    pub fn on_lines<'a, F: Facts>(&'a self, facts: &'a F) -> LineTest<'a, F> {
        let first = self.conjuncts.first().and_then(|first| self.line_texts(first.root));
        let alone = !self.is_number && self.conjuncts.len() == 1;
        let rest = match &first {
            Some(_) if alone => Rest::Nothing,
            _ => Rest::Condition(self),
        };
        LineTest { facts, first: first.filter(|_| !self.is_number), rest }
    }

    #[inline]
    fn line_texts(&self, node: NodeIndex) -> Option<&LineTexts> {
        self.line_texts.iter().find(|texts| texts.node == node)
    }
}

impl<'a, F: Facts> LineTest<'a, F> {
    /// The body of `exists` or `all` as a test of lines.
    pub(super) fn of_body(condition: &'a Condition, body: NodeIndex, facts: &'a F) -> Self {
        if let Some(first) = condition.line_texts(body) {
            return LineTest { facts, first: Some(first), rest: Rest::Nothing };
        }
        let first = match condition.node(body) {
            // What the first part decides, the others cannot change.
            Node::All(parts) => parts.first().and_then(|part| condition.line_texts(*part)),
            _ => None,
        };
        LineTest { facts, first, rest: Rest::Part(condition, body) }
    }

    /// Whether the condition holds for a line.
    #[inline]
    pub fn holds(&self, line: usize) -> Result<bool, EvaluateError> {
        if let Some(first) = self.first
            && !self.facts.line_text(&first.fact, line)?.is_some_and(|text| first.has(text))
        {
            return Ok(false);
        }
        self.rest_holds(line)
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

    /// Adds the lines of the receipt that the condition holds for to a list, in order.
    #[inline]
    pub fn push_lines(&self, lines: &mut Vec<u32>) -> Result<(), EvaluateError> {
        if let (Some(first), Rest::Nothing) = (self.first, &self.rest) {
            return self.facts.push_lines(first, lines);
        }
        for line in self.lines() {
            lines.push(u32::try_from(line?).map_err(|_| EvaluateError::Overflow)?);
        }
        Ok(())
    }

    /// The first line from `from` on that the condition holds for.
    fn next(&self, from: usize) -> Result<Option<usize>, EvaluateError> {
        // What is the same for all lines is told apart before the loop, which must be short.
        let Some(first) = self.first else {
            return find(from..self.facts.line_count(), |line| self.rest_holds(line));
        };
        let mut from = from;
        while let Some(line) = self.facts.find_line(first, from)? {
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

/// Whether two texts are the same. Names on receipts tend to begin alike and to end
/// differently, so that their length and their last byte tell nearly all of them apart.
#[inline]
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}
