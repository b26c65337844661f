//! One condition asked of many lines.
//!
//! Most conditions on lines begin with a text: `line.category == "shoes" && …`. These are
//! recognised once, when the condition is compiled, so that most lines are ruled out by one
//! comparison. The answers are those of [`Condition::evaluate`], errors included.

use super::evaluate::{EvaluateError, Facts};
use super::fact::{Fact, Literal};
use super::program::{Comparison, Condition, Node, NodeIndex};
use crate::values::same_text;
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

    /// One of so many slots, which are a power of two; equal marks have the same one.
    #[inline]
    #[must_use]
    pub fn slot(self, slots: usize) -> usize {
        usize::try_from(self.0).unwrap_or(0) & slots.saturating_sub(1)
    }
}

/// Lines are looked for by each of so many texts; where there are more, each line is looked at.
const FEW_TEXTS: usize = 4;

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
        let mut texts: Vec<Box<str>> = any_of.iter().map(text).collect::<Option<_>>()?;
        // Each once, so that a line is found by one of them alone.
        texts.sort_unstable();
        texts.dedup();
        let texts = texts.into_boxed_slice();
        let marks = texts.iter().map(|text| TextMark::of(text)).collect();
        Some(Self { node, fact: *fact, texts, marks })
    }

    /// Whether it is the part of a condition at this place.
    pub(super) fn is_at(&self, node: NodeIndex) -> bool {
        self.node == node
    }

    /// The texts, where they are so few that lines are looked for by each of them.
    #[inline]
    pub fn few(&self) -> Option<impl Iterator<Item = (TextMark, &str)>> {
        let marked = || self.marks.iter().zip(&self.texts).map(|(mark, text)| (*mark, &**text));
        (self.texts.len() <= FEW_TEXTS).then(marked)
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
        if self.is_only_texts {
            return LineTest { facts, first: self.line_texts.first(), rest: Rest::Nothing };
        }
        let first = self.conjuncts.first().and_then(|first| self.line_texts(first.root));
        let rest = Rest::Condition(self);
        LineTest { facts, first: first.filter(|_| !self.is_number), rest }
    }

    /// Adds the lines of the receipt that the condition holds for to a list, in order.
    #[inline]
    pub fn push_lines<F: Facts>(
        &self,
        facts: &F,
        lines: &mut Vec<u32>,
    ) -> Result<(), EvaluateError> {
        if let (true, Some(texts)) = (self.is_only_texts, self.line_texts.first()) {
            return facts.push_lines(texts, lines);
        }
        for line in self.on_lines(facts).lines() {
            lines.push(u32::try_from(line?).map_err(|_| EvaluateError::Overflow)?);
        }
        Ok(())
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
