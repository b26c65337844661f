//! Evaluates a condition over facts. It allocates nothing, except for printing in
//! [`Condition::compared`].

use std::cmp::Ordering;
use std::fmt;

use super::fact::{Fact, Literal, Value, decimal_text, millionths};
use super::lines::{LineTest, LineTexts};
use super::program::{Comparison, Condition, Node, NodeIndex, Operation, Quantifier, TextTest};
use crate::values::same_text;

/// Answers the facts of one evaluation.
pub trait Facts {
    /// The value of a fact, of the type that [`Fact::kind`] names, or [`Value::Absent`].
    /// `line` is given exactly for facts of a line, and is less than `line_count`, or what
    /// the caller of `evaluate` said.
    fn fact(&self, fact: &Fact, line: Option<usize>) -> Value<'_>;

    /// The answer to a fact of a line that is a text, or nothing where it is absent.
    fn line_text(&self, fact: &Fact, line: usize) -> Result<Option<&str>, EvaluateError> {
        match self.fact(fact, Some(line)) {
            Value::Text(text) => Ok(Some(text)),
            Value::Absent => Ok(None),
            _ => Err(EvaluateError::WrongType),
        }
    }

    /// The first line from `from` on that has one of some texts.
    fn find_line(&self, texts: &LineTexts, from: usize) -> Result<Option<usize>, EvaluateError> {
        for line in from..self.line_count() {
            if self.line_text(&texts.fact, line)?.is_some_and(|text| texts.has(text)) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Adds the lines that have one of some texts to a list, in order.
    fn push_lines(&self, texts: &LineTexts, lines: &mut Vec<u32>) -> Result<(), EvaluateError> {
        let mut from = 0;
        while let Some(line) = self.find_line(texts, from)? {
            lines.push(u32::try_from(line).map_err(|_| EvaluateError::Overflow)?);
            from = line + 1;
        }
        Ok(())
    }

    /// How many lines `receipt.lines` has; 0 without a receipt.
    fn line_count(&self) -> usize;
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvaluateError {
    /// A number left its range.
    Overflow,
    /// A fact answered with a value of another type than its own. The checker rules out
    /// every other cause.
    WrongType,
    /// A number was asked for its truth, or a condition for its number.
    WrongUse,
}

impl fmt::Display for EvaluateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            EvaluateError::Overflow => "a number in the condition is out of range",
            EvaluateError::WrongType => "a fact has a value of another type than declared",
            EvaluateError::WrongUse => "a number is not a condition, and a condition no number",
        })
    }
}

impl std::error::Error for EvaluateError {}

/// How many lines `compared` shows when no single line decided.
const COMPARED_LINES_MAX: usize = 8;

impl Condition {
    /// Whether the condition holds. `line` is the line at hand, for conditions on lines;
    /// without one, the facts of a line are absent.
    pub fn evaluate<F: Facts>(
        &self,
        facts: &F,
        line: Option<usize>,
    ) -> Result<bool, EvaluateError> {
        Ok(self.first_failing(facts, line)?.is_none())
    }

    /// The first part that does not hold, by its place in [`Condition::conjuncts`].
    pub fn first_failing<F: Facts>(
        &self,
        facts: &F,
        line: Option<usize>,
    ) -> Result<Option<usize>, EvaluateError> {
        if self.is_number {
            return Err(EvaluateError::WrongUse);
        }
        for (place, conjunct) in self.conjuncts.iter().enumerate() {
            if !self.truth(conjunct.root, facts, line)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The number, in millionths. A number that is absent as a whole is 0.
    pub fn evaluate_number<F: Facts>(&self, facts: &F) -> Result<i128, EvaluateError> {
        let Some(whole) = self.conjuncts.first().filter(|_| self.is_number) else {
            return Err(EvaluateError::WrongUse);
        };
        match self.value(whole.root, facts, None)? {
            Value::Int(value) => Ok(millionths(value)),
            Value::Decimal(value) => Ok(value),
            Value::Absent => Ok(0),
            _ => Err(EvaluateError::WrongType),
        }
    }

    /// Whether a part holds. A fact compared with a literal, which nearly all parts are, is
    /// answered here, where the caller pays for no walk of a tree.
    #[inline]
    pub(super) fn truth<F: Facts>(
        &self,
        index: NodeIndex,
        facts: &F,
        line: Option<usize>,
    ) -> Result<bool, EvaluateError> {
        if let Node::Compare { comparison, left, right } = self.node(index)
            && let (Node::Fact(fact), Node::Literal(literal)) =
                (self.node(*left), self.node(*right))
        {
            return compare_with_literal(*comparison, &ask(fact, facts, line), literal);
        }
        self.truth_walked(index, facts, line)
    }

    fn truth_walked<F: Facts>(
        &self,
        index: NodeIndex,
        facts: &F,
        line: Option<usize>,
    ) -> Result<bool, EvaluateError> {
        match self.node(index) {
            Node::Compare { comparison, left, right } => {
                let left = self.value(*left, facts, line)?;
                let right = self.value(*right, facts, line)?;
                compare(*comparison, left, right)
            }
            Node::Within { value, list } => {
                let value = self.value(*value, facts, line)?;
                for literal in list {
                    if compare_with_literal(Comparison::Equal, &value, literal)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Not(operand) => Ok(!self.truth(*operand, facts, line)?),
            Node::All(parts) => {
                for part in parts {
                    if !self.truth(*part, facts, line)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Node::Any(parts) => {
                for part in parts {
                    if self.truth(*part, facts, line)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Text { test, value, part } => {
                text_holds(*test, self.value(*value, facts, line)?, part)
            }
            Node::Lines { quantifier, body } => {
                let decided = self.deciding_line(*quantifier, *body, facts)?.is_some();
                Ok(decided == (*quantifier == Quantifier::Exists))
            }
            Node::Choose { condition, then, otherwise } => {
                let chosen = if self.truth(*condition, facts, line)? { *then } else { *otherwise };
                self.truth(chosen, facts, line)
            }
            Node::Literal(_)
            | Node::Fact(_)
            | Node::Widen(_)
            | Node::Negate(_)
            | Node::Calculate { .. } => match self.value(index, facts, line)? {
                Value::Bool(value) => Ok(value),
                Value::Absent => Ok(false),
                _ => Err(EvaluateError::WrongType),
            },
        }
    }

    /// The first line that makes `exists` true or `all` false.
    fn deciding_line<F: Facts>(
        &self,
        quantifier: Quantifier,
        body: NodeIndex,
        facts: &F,
    ) -> Result<Option<usize>, EvaluateError> {
        let test = LineTest::of_body(self, body, facts);
        if quantifier == Quantifier::Exists {
            return test.lines().next().transpose();
        }
        for line in 0..facts.line_count() {
            if !test.holds(line)? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    fn value<'a, F: Facts>(
        &'a self,
        index: NodeIndex,
        facts: &'a F,
        line: Option<usize>,
    ) -> Result<Value<'a>, EvaluateError> {
        match self.node(index) {
            Node::Literal(literal) => Ok(literal.value()),
            Node::Fact(fact) => Ok(ask(fact, facts, line)),
            Node::Widen(operand) => match self.value(*operand, facts, line)? {
                Value::Int(value) => Ok(Value::Decimal(millionths(value))),
                Value::Absent => Ok(Value::Absent),
                _ => Err(EvaluateError::WrongType),
            },
            Node::Negate(operand) => match self.value(*operand, facts, line)? {
                Value::Int(value) => value.checked_neg().map(Value::Int),
                Value::Decimal(value) => value.checked_neg().map(Value::Decimal),
                Value::Absent => Some(Value::Absent),
                _ => return Err(EvaluateError::WrongType),
            }
            .ok_or(EvaluateError::Overflow),
            Node::Calculate { operation, left, right } => {
                let left = self.value(*left, facts, line)?;
                calculate(*operation, left, self.value(*right, facts, line)?)
            }
            Node::Choose { condition, then, otherwise } => {
                let chosen = if self.truth(*condition, facts, line)? { *then } else { *otherwise };
                self.value(chosen, facts, line)
            }
            _ => Ok(Value::Bool(self.truth(index, facts, line)?)),
        }
    }

    /// The facts that one part compares, each with its value, for reasons and for people.
    ///
    /// Of `exists` and `all` it shows the line that decided; when none did, the first few.
    /// Facts whose value has no answer are shown as `absent`.
    pub fn compared<F: Facts>(
        &self,
        conjunct: usize,
        facts: &F,
        line: Option<usize>,
    ) -> Vec<(String, String)> {
        let mut shown = Vec::new();
        if let Some(conjunct) = self.conjuncts.get(conjunct) {
            self.compared_below(conjunct.root, facts, line, false, &mut shown);
        }
        shown
    }

    fn compared_below<F: Facts>(
        &self,
        index: NodeIndex,
        facts: &F,
        line: Option<usize>,
        within_lines: bool,
        shown: &mut Vec<(String, String)>,
    ) {
        match self.node(index) {
            Node::Fact(fact) => {
                let mut text = fact.text(&self.names);
                if let (true, Some(line), Some(name)) =
                    (within_lines, line, text.strip_prefix("line."))
                {
                    text = format!("receipt.lines[{line}].{name}");
                }
                if shown.iter().all(|(already, _)| *already != text) {
                    let value = self.value_text(fact, ask(fact, facts, line));
                    shown.push((text, value));
                }
            }
            Node::Lines { quantifier, body } => {
                // An error while deciding is the business of `evaluate`, not of printing.
                let lines = match self.deciding_line(*quantifier, *body, facts) {
                    Ok(Some(deciding)) => deciding..deciding + 1,
                    _ => 0..facts.line_count().min(COMPARED_LINES_MAX),
                };
                for line in lines {
                    self.compared_below(*body, facts, Some(line), true, shown);
                }
            }
            node => {
                node.for_each_child(|child| {
                    self.compared_below(child, facts, line, within_lines, shown);
                });
            }
        }
    }

    fn value_text(&self, fact: &Fact, value: Value<'_>) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Decimal(value) => decimal_text(value),
            Value::Text(value) => value.to_owned(),
            Value::Date(value) => value.to_string(),
            Value::Tier(rank) => {
                let tiers = match fact.kind(&self.names) {
                    super::Type::Tier(ladder) => self.names.tiers(ladder),
                    _ => &[],
                };
                tiers.get(usize::from(rank)).cloned().unwrap_or_else(|| rank.to_string())
            }
            Value::Absent => "absent".to_owned(),
        }
    }
}

impl Node {
    pub(super) fn for_each_child(&self, mut visit: impl FnMut(NodeIndex)) {
        match self {
            Node::Literal(_) | Node::Fact(_) => {}
            Node::Widen(child) | Node::Not(child) | Node::Negate(child) => visit(*child),
            Node::All(children) | Node::Any(children) => {
                children.iter().copied().for_each(visit);
            }
            Node::Choose { condition, then, otherwise } => {
                visit(*condition);
                visit(*then);
                visit(*otherwise);
            }
            Node::Compare { left, right, .. } | Node::Calculate { left, right, .. } => {
                visit(*left);
                visit(*right);
            }
            Node::Within { value, .. } | Node::Text { value, .. } => visit(*value),
            Node::Lines { body, .. } => visit(*body),
        }
    }
}

#[inline]
fn ask<'a, F: Facts>(fact: &Fact, facts: &'a F, line: Option<usize>) -> Value<'a> {
    match (fact.is_of_line(), line) {
        (true, None) => Value::Absent,
        (true, Some(_)) => facts.fact(fact, line),
        (false, _) => facts.fact(fact, None),
    }
}

fn text_holds(test: TextTest, value: Value<'_>, part: &str) -> Result<bool, EvaluateError> {
    match (test, value) {
        (TextTest::StartsWith, Value::Text(text)) => Ok(text.starts_with(part)),
        (TextTest::EndsWith, Value::Text(text)) => Ok(text.ends_with(part)),
        (TextTest::Contains, Value::Text(text)) => Ok(text.contains(part)),
        (_, Value::Absent) => Ok(false),
        _ => Err(EvaluateError::WrongType),
    }
}

fn compare(
    comparison: Comparison,
    left: Value<'_>,
    right: Value<'_>,
) -> Result<bool, EvaluateError> {
    let ordering = match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => return Ok(comparison == Comparison::NotEqual),
        (Value::Int(left), Value::Int(right)) => left.cmp(&right),
        (Value::Decimal(left), Value::Decimal(right)) => left.cmp(&right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Tier(left), Value::Tier(right)) => left.cmp(&right),
        (Value::Date(left), Value::Date(right)) => left.cmp(&right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(&right),
        _ => return Err(EvaluateError::WrongType),
    };
    Ok(comparison.holds(ordering))
}

/// The same as [`compare`] for what nearly all comparisons are. It looks at each value where it
/// lies: copying two values to match on both costs several times more than comparing them.
#[inline]
fn compare_with_literal(
    comparison: Comparison,
    value: &Value<'_>,
    literal: &Literal,
) -> Result<bool, EvaluateError> {
    let ordering = match literal {
        Literal::Int(right) => {
            let Value::Int(left) = value else {
                return not_comparable(comparison, value);
            };
            left.cmp(right)
        }
        Literal::Decimal(right) => {
            let Value::Decimal(left) = value else {
                return not_comparable(comparison, value);
            };
            left.cmp(right)
        }
        Literal::Text(right) => {
            let Value::Text(left) = value else {
                return not_comparable(comparison, value);
            };
            // Texts are only compared for equality.
            return Ok(same_text(left, right) == (comparison == Comparison::Equal));
        }
        Literal::Tier(right) => {
            let Value::Tier(left) = value else {
                return not_comparable(comparison, value);
            };
            left.cmp(right)
        }
        Literal::Date(right) => {
            let Value::Date(left) = value else {
                return not_comparable(comparison, value);
            };
            left.cmp(right)
        }
        Literal::Bool(right) => {
            let Value::Bool(left) = value else {
                return not_comparable(comparison, value);
            };
            left.cmp(right)
        }
    };
    Ok(comparison.holds(ordering))
}

fn not_comparable(comparison: Comparison, value: &Value<'_>) -> Result<bool, EvaluateError> {
    match value {
        Value::Absent => Ok(comparison == Comparison::NotEqual),
        _ => Err(EvaluateError::WrongType),
    }
}

impl Comparison {
    #[inline]
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equal => ordering == Ordering::Equal,
            Comparison::NotEqual => ordering != Ordering::Equal,
            Comparison::Less => ordering == Ordering::Less,
            Comparison::LessOrEqual => ordering != Ordering::Greater,
            Comparison::Greater => ordering == Ordering::Greater,
            Comparison::GreaterOrEqual => ordering != Ordering::Less,
        }
    }
}

fn calculate<'a>(
    operation: Operation,
    left: Value<'a>,
    right: Value<'a>,
) -> Result<Value<'a>, EvaluateError> {
    let result = match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => Some(Value::Absent),
        (Value::Int(left), Value::Int(right)) => match operation {
            Operation::Add => left.checked_add(right),
            Operation::Subtract => left.checked_sub(right),
            Operation::Multiply => left.checked_mul(right),
        }
        .map(Value::Int),
        (Value::Decimal(left), Value::Decimal(right)) => match operation {
            Operation::Add => left.checked_add(right),
            Operation::Subtract => left.checked_sub(right),
            Operation::Multiply => return Err(EvaluateError::WrongType),
        }
        .map(Value::Decimal),
        (Value::Decimal(decimal), Value::Int(whole))
        | (Value::Int(whole), Value::Decimal(decimal))
            if operation == Operation::Multiply =>
        {
            decimal.checked_mul(i128::from(whole)).map(Value::Decimal)
        }
        _ => return Err(EvaluateError::WrongType),
    };
    result.ok_or(EvaluateError::Overflow)
}
