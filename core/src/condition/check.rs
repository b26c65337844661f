//! Gives every part of a syntax tree its type and its compact form, and collects every
//! problem that it meets on the way.
//!
//! A part with a problem has no type. What contains it stays silent about it, so that one
//! mistake is one message.

use std::collections::BTreeSet;

use super::fact::{Environment, Fact, Literal, Type, millionths};
use super::lines::LineTexts;
use super::names::{Unknown, find_fact, nearest};
use super::parse::{Expression, ExpressionKind};
use super::program::{Comparison, Condition, Conjunct, Node, NodeIndex, Operation};
use super::{ConditionProblem, Expected, Span};

/// A checked part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed {
    pub index: NodeIndex,
    pub kind: Type,
}

pub(super) struct Checker<'a> {
    pub environment: &'a Environment,
    pub nodes: Vec<Node>,
    pub problems: Vec<ConditionProblem>,
    pub facts: BTreeSet<Fact>,
    /// The name of the line inside `exists` and `all`.
    pub variable: Option<&'a str>,
}

pub(super) fn check(
    text: &str,
    expression: &Expression,
    environment: &Environment,
    expected: Expected,
) -> Result<Condition, Vec<ConditionProblem>> {
    let mut checker = Checker {
        environment,
        nodes: Vec::new(),
        problems: Vec::new(),
        facts: BTreeSet::new(),
        variable: None,
    };
    let conjuncts = checker.conjuncts(text, expression, expected);
    if !checker.problems.is_empty() {
        checker.problems.sort_by_key(|problem| problem.at);
        return Err(checker.problems);
    }
    let facts: Box<[Fact]> = checker.facts.into_iter().collect();
    let line_texts = LineTexts::among(&checker.nodes);
    Ok(Condition {
        text: text.into(),
        is_only_texts: match (&*line_texts, &*conjuncts) {
            ([texts], [only]) => expected == Expected::Bool && texts.is_at(only.root),
            _ => false,
        },
        line_texts,
        nodes: checker.nodes.into(),
        conjuncts: conjuncts.into(),
        is_number: expected == Expected::Number,
        names: environment.pruned(&facts),
        facts,
    })
}

impl<'a> Checker<'a> {
    fn conjuncts(
        &mut self,
        text: &str,
        expression: &'a Expression,
        expected: Expected,
    ) -> Vec<Conjunct> {
        let parts = match expected {
            Expected::Bool => flattened(expression, "&&"),
            Expected::Number => vec![expression],
        };
        let mut conjuncts = Vec::new();
        for part in &parts {
            let root = match expected {
                Expected::Number => {
                    self.number(part, "a number is needed here").map(|number| number.index)
                }
                Expected::Bool if parts.len() == 1 => {
                    self.truth(part, "a condition must be true or false")
                }
                Expected::Bool => self.truth(part, "both sides of `&&` must be true or false"),
            };
            if let Some(root) = root {
                let text = text.get(part.span.at..part.span.end).unwrap_or_default();
                conjuncts.push(Conjunct { text: text.into(), root });
            }
        }
        conjuncts
    }

    pub(super) fn report<T>(
        &mut self,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        self.problems.push(span.problem(message, hint));
        None
    }

    pub(super) fn unknown<T>(&mut self, span: Span, unknown: Unknown) -> Option<T> {
        self.report(span, unknown.message, unknown.hint)
    }

    pub(super) fn node(&mut self, node: Node, kind: Type) -> Typed {
        // The parser bounds the syntax tree, and checking adds less than one node to each, so
        // that an index always fits.
        let index = NodeIndex(u16::try_from(self.nodes.len()).unwrap_or(u16::MAX));
        self.nodes.push(node);
        Typed { index, kind }
    }

    pub(super) fn fact(&mut self, fact: Fact) -> Typed {
        self.facts.insert(fact);
        self.node(Node::Fact(fact), fact.kind(self.environment))
    }

    pub(super) fn check(&mut self, expression: &'a Expression) -> Option<Typed> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Bool(value) => {
                Some(self.node(Node::Literal(Literal::Bool(*value)), Type::Bool))
            }
            ExpressionKind::Int(value) => {
                Some(self.node(Node::Literal(Literal::Int(*value)), Type::Int))
            }
            ExpressionKind::Decimal(value) => {
                Some(self.node(Node::Literal(Literal::Decimal(*value)), Type::Decimal))
            }
            ExpressionKind::Text(value) => {
                Some(self.node(Node::Literal(Literal::Text(value.clone())), Type::Text))
            }
            ExpressionKind::List(_) => {
                self.report(span, "a list stands only right of `in`", "write `fact in [ … ]`")
            }
            ExpressionKind::Name(_) | ExpressionKind::Member { .. } => self.path(expression),
            ExpressionKind::Call { target, name, name_span, arguments } => {
                self.call(span, target.as_deref(), name, *name_span, arguments)
            }
            ExpressionKind::Not(operand) => {
                let operand = self.truth(operand, "`!` stands before true or false")?;
                Some(self.node(Node::Not(operand), Type::Bool))
            }
            ExpressionKind::Negate(operand) => self.negated(operand),
            ExpressionKind::Choose { condition, then, otherwise } => {
                self.choose(span, condition, then, otherwise)
            }
            ExpressionKind::Binary { operator, left, right } => match *operator {
                "&&" | "||" => self.logical(expression, operator),
                "in" => self.within(left, right),
                "+" => self.calculation(span, Operation::Add, left, right),
                "-" => self.calculation(span, Operation::Subtract, left, right),
                "*" => self.calculation(span, Operation::Multiply, left, right),
                _ => self.comparison(span, operator, left, right),
            },
        }
    }

    /// A part that must be true or false.
    pub(super) fn truth(&mut self, expression: &'a Expression, need: &str) -> Option<NodeIndex> {
        let typed = self.check(expression)?;
        if typed.kind == Type::Bool {
            return Some(typed.index);
        }
        let what = self.describe(typed.kind);
        let hint = match typed.kind {
            Type::Int | Type::Decimal => "compare it, for example with `>= 1`",
            _ => "compare it, for example with `==`",
        };
        self.report(expression.span, format!("{need}, this is {what}"), hint)
    }

    /// A part that must be a number.
    fn number(&mut self, expression: &'a Expression, need: &str) -> Option<Typed> {
        let typed = self.check(expression)?;
        if matches!(typed.kind, Type::Int | Type::Decimal) {
            return Some(typed);
        }
        let what = self.describe(typed.kind);
        let hint = if typed.kind == Type::Bool { "choose numbers: `… ? 1 : 0`" } else { "" };
        self.report(expression.span, format!("{need}, this is {what}"), hint)
    }

    fn path(&mut self, expression: &'a Expression) -> Option<Typed> {
        let Some(path) = path_of(expression) else {
            // Something that is no name has a member: `(…).total` or `member.tier("club").x`.
            let ExpressionKind::Member { object, name } = &expression.kind else {
                return None;
            };
            self.check(object)?;
            let message = format!("`.{name}` can only follow the name of facts");
            return self.report(expression.span, message, "");
        };
        if Some(path.as_str()) == self.variable {
            let message = format!("`{path}` is a line, not a value");
            let hint = format!("name one of its facts, for example `{path}.category`");
            return self.report(expression.span, message, hint);
        }
        match find_fact(self.environment, &path, self.variable) {
            Ok(fact) => Some(self.fact(fact)),
            Err(unknown) => self.unknown(expression.span, unknown),
        }
    }

    fn negated(&mut self, operand: &'a Expression) -> Option<Typed> {
        let Typed { index, kind } = self.number(operand, "`-` stands before a number")?;
        match &mut self.nodes[usize::from(index.0)] {
            // A literal is never the least number, so that negating it cannot overflow.
            Node::Literal(Literal::Int(value)) => *value = -*value,
            Node::Literal(Literal::Decimal(value)) => *value = -*value,
            _ => return Some(self.node(Node::Negate(index), kind)),
        }
        Some(Typed { index, kind })
    }

    fn logical(&mut self, expression: &'a Expression, operator: &str) -> Option<Typed> {
        let need = format!("both sides of `{operator}` must be true or false");
        // All sides are checked before any is missed, so that all problems are told.
        let parts: Vec<Option<NodeIndex>> = flattened(expression, operator)
            .into_iter()
            .map(|part| self.truth(part, &need))
            .collect();
        let parts: Box<[NodeIndex]> = parts.into_iter().collect::<Option<_>>()?;
        let node = if operator == "&&" { Node::All(parts) } else { Node::Any(parts) };
        Some(self.node(node, Type::Bool))
    }

    fn choose(
        &mut self,
        span: Span,
        condition: &'a Expression,
        then: &'a Expression,
        otherwise: &'a Expression,
    ) -> Option<Typed> {
        let condition = self.truth(condition, "before `?` must stand true or false");
        let then = self.check(then);
        let otherwise = self.check(otherwise);
        let (condition, mut then, mut otherwise) = (condition?, then?, otherwise?);
        if !self.unify(&mut then, &mut otherwise) {
            let (first, second) = (self.describe(then.kind), self.describe(otherwise.kind));
            let message =
                format!("both choices must be of one type, these are {first} and {second}");
            return self.report(span, message, "");
        }
        let (kind, then, otherwise) = (then.kind, then.index, otherwise.index);
        Some(self.node(Node::Choose { condition, then, otherwise }, kind))
    }

    fn calculation(
        &mut self,
        span: Span,
        operation: Operation,
        left: &'a Expression,
        right: &'a Expression,
    ) -> Option<Typed> {
        let (left, right) = (self.check(left), self.check(right));
        let (mut left, mut right) = (left?, right?);
        let numbers = [left.kind, right.kind].map(|kind| matches!(kind, Type::Int | Type::Decimal));
        if numbers != [true, true] {
            let (first, second) = (self.describe(left.kind), self.describe(right.kind));
            let message =
                format!("only numbers can be calculated with, these are {first} and {second}");
            return self.report(span, message, "");
        }
        if operation == Operation::Multiply {
            if [left.kind, right.kind] == [Type::Decimal, Type::Decimal] {
                return self.report(
                    span,
                    "two decimals cannot be multiplied exactly",
                    "multiply by a whole number",
                );
            }
        } else {
            self.unify(&mut left, &mut right);
        }
        // A product with a decimal is a decimal; otherwise both sides now have one type.
        let kind = if left.kind == Type::Decimal { left.kind } else { right.kind };
        let (left, right) = (left.index, right.index);
        Some(self.node(Node::Calculate { operation, left, right }, kind))
    }

    fn comparison(
        &mut self,
        span: Span,
        operator: &str,
        left_expression: &'a Expression,
        right_expression: &'a Expression,
    ) -> Option<Typed> {
        let (left, right) = (self.check(left_expression), self.check(right_expression));
        let (mut left, mut right) = (left?, right?);
        if let Type::Tier(ladder) = left.kind {
            self.name_tier(&mut right, right_expression.span, ladder)?;
        } else if let Type::Tier(ladder) = right.kind {
            self.name_tier(&mut left, left_expression.span, ladder)?;
        }
        let comparison = match operator {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            _ => Comparison::GreaterOrEqual,
        };
        if !self.unify(&mut left, &mut right) {
            let (first, second) = (self.describe(left.kind), self.describe(right.kind));
            let hint = match (left.kind, right.kind) {
                (Type::Date, Type::Text) | (Type::Text, Type::Date) => {
                    "write a date as `date(\"2027-01-31\")`"
                }
                (Type::Bool, Type::Int | Type::Decimal)
                    if matches!(left_expression.kind, ExpressionKind::Binary { .. }) =>
                {
                    "compare twice: `a < b && b < c`"
                }
                _ => "",
            };
            let message = format!("{first} cannot be compared with {second}");
            return self.report(span, message, hint);
        }
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !is_equality && matches!(left.kind, Type::Bool | Type::Text) {
            let what = self.describe(left.kind);
            let message = format!("{what} has no order, so `{operator}` cannot compare it");
            return self.report(span, message, "compare with `==` or `!=`");
        }
        // A literal stands right, where evaluation, printing and indexing look for it.
        let is_literal =
            |typed: Typed| matches!(self.nodes[usize::from(typed.index.0)], Node::Literal(_));
        let (left, right, comparison) = if is_literal(left) && !is_literal(right) {
            (right.index, left.index, comparison.flipped())
        } else {
            (left.index, right.index, comparison)
        };
        Some(self.node(Node::Compare { comparison, left, right }, Type::Bool))
    }

    fn within(&mut self, left: &'a Expression, right: &'a Expression) -> Option<Typed> {
        let value = self.check(left);
        let ExpressionKind::List(items) = &right.kind else {
            return self.report(
                right.span,
                "right of `in` stands a list",
                "write `[\"a\", \"b\"]` or `[1, 2]`",
            );
        };
        if items.is_empty() {
            return self.report(right.span, "nothing is in an empty list", "name some values");
        }
        let mut value = value?;
        let mut list: Vec<(Literal, Span)> = Vec::new();
        for item in items {
            let literal = self.list_item(item, value.kind)?;
            list.push((literal, item.span));
        }
        let has_decimal = list.iter().any(|(item, _)| matches!(item, Literal::Decimal(_)));
        if value.kind == Type::Int && has_decimal {
            value = self.widened(value);
        }
        let list: Box<[Literal]> = list
            .into_iter()
            .map(|(literal, _)| match literal {
                Literal::Int(whole) if value.kind == Type::Decimal => {
                    Literal::Decimal(millionths(whole))
                }
                same => same,
            })
            .collect();
        Some(self.node(Node::Within { value: value.index, list }, Type::Bool))
    }

    /// One value of a list, of the type that the left side of `in` needs.
    fn list_item(&mut self, item: &'a Expression, needed: Type) -> Option<Literal> {
        let (sign, bare) = match &item.kind {
            ExpressionKind::Negate(operand) => (-1, &operand.kind),
            kind => (1, kind),
        };
        let literal = match (bare, needed) {
            (ExpressionKind::Int(value), Type::Int | Type::Decimal) => Literal::Int(sign * value),
            (ExpressionKind::Decimal(value), Type::Int | Type::Decimal) => {
                Literal::Decimal(i128::from(sign) * value)
            }
            (ExpressionKind::Text(value), Type::Text) if sign == 1 => Literal::Text(value.clone()),
            (ExpressionKind::Text(value), Type::Tier(ladder)) if sign == 1 => {
                Literal::Tier(self.tier(value, item.span, ladder)?)
            }
            _ => {
                let what = self.describe(needed);
                let message = match needed {
                    Type::Bool | Type::Date => format!("{what} cannot be looked for in a list"),
                    _ => format!("this is not a value that {what} can be compared with"),
                };
                let hint = "a list holds texts or numbers as they are, without calculations";
                return self.report(item.span, message, hint);
            }
        };
        Some(literal)
    }

    /// A text that stands against a tier names a tier.
    fn name_tier(&mut self, typed: &mut Typed, span: Span, ladder: u16) -> Option<()> {
        let Node::Literal(Literal::Text(name)) = &self.nodes[usize::from(typed.index.0)] else {
            return Some(());
        };
        let name = name.clone();
        let rank = self.tier(&name, span, ladder)?;
        self.nodes[usize::from(typed.index.0)] = Node::Literal(Literal::Tier(rank));
        typed.kind = Type::Tier(ladder);
        Some(())
    }

    fn tier(&mut self, name: &str, span: Span, ladder: u16) -> Option<u16> {
        let environment = self.environment;
        let tiers = environment.tiers(ladder);
        let rank = tiers.iter().position(|tier| tier == name);
        if let Some(rank) = rank.and_then(|rank| u16::try_from(rank).ok()) {
            return Some(rank);
        }
        let ladder = environment.ladder_name(ladder);
        let near = nearest(name, tiers.iter().map(String::as_str))
            .map_or_else(String::new, |near| format!("did you mean \"{near}\"? "));
        let message = format!("the ladder `{ladder}` has no tier \"{name}\"");
        self.report(span, message, format!("{near}its tiers are {}", tiers.join(", ")))
    }

    /// Makes both of one type if that loses nothing.
    fn unify(&mut self, left: &mut Typed, right: &mut Typed) -> bool {
        match (left.kind, right.kind) {
            (Type::Int, Type::Decimal) => *left = self.widened(*left),
            (Type::Decimal, Type::Int) => *right = self.widened(*right),
            _ => {}
        }
        left.kind == right.kind
    }

    fn widened(&mut self, typed: Typed) -> Typed {
        let kind = Type::Decimal;
        let node = &mut self.nodes[usize::from(typed.index.0)];
        if let Node::Literal(Literal::Int(value)) = *node {
            *node = Node::Literal(Literal::Decimal(millionths(value)));
            return Typed { index: typed.index, kind };
        }
        self.node(Node::Widen(typed.index), kind)
    }

    /// How problems name a type.
    fn describe(&self, kind: Type) -> String {
        match kind {
            Type::Bool => "true or false".to_owned(),
            Type::Int => "a whole number".to_owned(),
            Type::Decimal => "a number".to_owned(),
            Type::Text => "a text".to_owned(),
            Type::Date => "a date".to_owned(),
            Type::Tier(ladder) => format!("a tier of `{}`", self.environment.ladder_name(ladder)),
        }
    }
}

/// The sides of a chain of one operator, from left to right. It walks instead of recursing,
/// because such a chain may be as long as the text.
fn flattened<'a>(expression: &'a Expression, operator: &str) -> Vec<&'a Expression> {
    let mut parts = Vec::new();
    let mut waiting = vec![expression];
    while let Some(next) = waiting.pop() {
        match &next.kind {
            ExpressionKind::Binary { operator: found, left, right } if *found == operator => {
                waiting.push(right);
                waiting.push(left);
            }
            _ => parts.push(next),
        }
    }
    parts
}

/// `a.b.c` as text, if it is made of names only.
pub(super) fn path_of(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Name(name) => Some(name.clone()),
        ExpressionKind::Member { object, name } => Some(format!("{}.{name}", path_of(object)?)),
        _ => None,
    }
}
