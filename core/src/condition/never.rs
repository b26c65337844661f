//! Whether a condition can be true at all, and whether two can be true together.
//!
//! For findings about a programme, never for a decision. It must be sound and need not be
//! complete: what it calls impossible is impossible, about the rest it says nothing.

use std::collections::BTreeMap;

use super::fact::{Fact, Literal, ONE, Type, millionths};
use super::program::{Comparison, Condition, Node, NodeIndex, Quantifier};

/// What the parts of a condition leave for one fact.
#[derive(Clone, Debug, Default)]
struct Left {
    /// One of these; `None` is anything.
    any_of: Option<Vec<Literal>>,
    not: Vec<Literal>,
    /// Both ends included; ends that exclude their number are told by the flag.
    low: Option<(i128, bool)>,
    high: Option<(i128, bool)>,
}

type LeftByFact = BTreeMap<Fact, Left>;

impl Condition {
    /// Whether no facts make the condition true.
    #[must_use]
    pub fn is_never_true(&self) -> bool {
        if self.is_number {
            return false;
        }
        let roots: Vec<NodeIndex> = self.conjuncts.iter().map(|part| part.root).collect();
        self.never_all(&roots)
    }

    /// Whether the two are never true of the same facts, and of the same line.
    #[must_use]
    pub fn excludes(&self, other: &Condition) -> bool {
        if self.is_number || other.is_number {
            return false;
        }
        let mut left = LeftByFact::new();
        for condition in [self, other] {
            for part in &condition.conjuncts {
                condition.narrow(part.root, &mut left);
            }
        }
        left.iter().any(|(fact, left)| left.is_empty(fact.kind(&self.names)))
    }

    /// The least number that a fact must have, in millionths, where a condition says one.
    #[must_use]
    pub fn least(&self, fact: Fact) -> Option<i128> {
        let mut left = LeftByFact::new();
        for part in &self.conjuncts {
            self.narrow(part.root, &mut left);
        }
        left.get(&fact).and_then(|left| left.low).map(|(low, _)| low)
    }

    /// The largest number that a fact may have, in millionths, where a condition says one.
    #[must_use]
    pub fn most(&self, fact: Fact) -> Option<i128> {
        let mut left = LeftByFact::new();
        for part in &self.conjuncts {
            self.narrow(part.root, &mut left);
        }
        left.get(&fact).and_then(|left| left.high).map(|(high, _)| high)
    }

    fn never(&self, index: NodeIndex) -> bool {
        match self.node(index) {
            Node::Literal(Literal::Bool(value)) => !value,
            Node::All(parts) => self.never_all(parts),
            Node::Any(parts) => parts.iter().all(|part| self.never(*part)),
            Node::Lines { quantifier: Quantifier::Exists, body } => self.never(*body),
            _ => {
                let mut left = LeftByFact::new();
                self.narrow(index, &mut left);
                left.iter().any(|(fact, left)| left.is_empty(fact.kind(&self.names)))
            }
        }
    }

    fn never_all(&self, parts: &[NodeIndex]) -> bool {
        let mut left = LeftByFact::new();
        for part in parts {
            if self.never(*part) {
                return true;
            }
            self.narrow(*part, &mut left);
        }
        left.iter().any(|(fact, left)| left.is_empty(fact.kind(&self.names)))
    }

    /// Takes from what is left for a fact what a part of the condition rules out. What stands
    /// inside `exists` is of some line, not of the same one, and says nothing here.
    fn narrow(&self, index: NodeIndex, left: &mut LeftByFact) {
        match self.node(index) {
            Node::All(parts) => parts.iter().for_each(|part| self.narrow(*part, left)),
            Node::Fact(fact) => self.of(*fact, left).keep(&[Literal::Bool(true)]),
            Node::Not(inner) => {
                if let Node::Fact(fact) = self.node(*inner) {
                    self.of(*fact, left).not.push(Literal::Bool(true));
                }
            }
            Node::Within { value, list } => {
                if let Some(fact) = self.fact_of(*value) {
                    self.of(fact, left).keep(list);
                }
            }
            Node::Compare { comparison, left: compared, right } => {
                if let (Some(fact), Node::Literal(literal)) =
                    (self.fact_of(*compared), self.node(*right))
                {
                    self.of(fact, left).compare(*comparison, literal);
                }
            }
            _ => {}
        }
    }

    fn of<'l>(&self, fact: Fact, left: &'l mut LeftByFact) -> &'l mut Left {
        left.entry(fact).or_insert_with(|| Left::of(fact, &self.names))
    }

    fn fact_of(&self, index: NodeIndex) -> Option<Fact> {
        match self.node(index) {
            Node::Fact(fact) => Some(*fact),
            Node::Widen(inner) => match self.node(*inner) {
                Node::Fact(fact) => Some(*fact),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Left {
    /// What is left of a fact by its nature.
    fn of(fact: Fact, names: &super::Environment) -> Self {
        let whole = |low: i64, high: Option<i64>| Self {
            low: Some((millionths(low), false)),
            high: high.map(|high| (millionths(high), false)),
            ..Self::default()
        };
        match fact {
            Fact::TodayWeekday => whole(1, Some(7)),
            Fact::TodayMonth => whole(1, Some(12)),
            Fact::TodayDay => whole(1, Some(31)),
            Fact::NowHour => whole(0, Some(23)),
            Fact::MemberVisits(_)
            | Fact::MemberTenureDays
            | Fact::MemberTenureMonths
            | Fact::MemberTenureYears
            | Fact::MemberLacks(_)
            | Fact::ReceiptTotal
            | Fact::ReceiptQuantity
            | Fact::LineQuantity
            | Fact::LineUnitPrice
            | Fact::LineAmount => whole(0, None),
            Fact::MemberTier(ladder) => {
                let highest = names.tiers(ladder).len().saturating_sub(1);
                whole(0, i64::try_from(highest).ok())
            }
            _ => Self::default(),
        }
    }

    fn keep(&mut self, values: &[Literal]) {
        self.any_of = Some(match self.any_of.take() {
            None => values.to_vec(),
            Some(known) => {
                known.into_iter().filter(|one| values.iter().any(|v| same(one, v))).collect()
            }
        });
    }

    fn compare(&mut self, comparison: Comparison, literal: &Literal) {
        match comparison {
            Comparison::Equal => return self.keep(std::slice::from_ref(literal)),
            Comparison::NotEqual => return self.not.push(literal.clone()),
            _ => {}
        }
        let Some(number) = number(literal) else { return };
        let excluded = matches!(comparison, Comparison::Less | Comparison::Greater);
        if matches!(comparison, Comparison::Less | Comparison::LessOrEqual) {
            let tighter = self.high.is_none_or(|(high, _)| number < high);
            let as_tight = self.high.is_some_and(|(high, _)| number == high);
            if tighter || (as_tight && excluded) {
                self.high = Some((number, excluded));
            }
        } else {
            let tighter = self.low.is_none_or(|(low, _)| number > low);
            let as_tight = self.low.is_some_and(|(low, _)| number == low);
            if tighter || (as_tight && excluded) {
                self.low = Some((number, excluded));
            }
        }
    }

    fn is_empty(&self, kind: Type) -> bool {
        let within = |value: i128| {
            self.low.is_none_or(|(low, out)| value > low || (value == low && !out))
                && self.high.is_none_or(|(high, out)| value < high || (value == high && !out))
        };
        if let Some(any_of) = &self.any_of {
            return !any_of.iter().any(|value| {
                !self.not.iter().any(|not| same(not, value)) && number(value).is_none_or(within)
            });
        }
        let (Some((low, low_out)), Some((high, high_out))) = (self.low, self.high) else {
            return false;
        };
        if matches!(kind, Type::Int | Type::Tier(_)) {
            // The first whole number from the low end on must not lie beyond the high end.
            let floor = low.div_euclid(ONE) * ONE;
            let first = if floor == low && !low_out { low } else { floor + ONE };
            return !within(first);
        }
        low > high || (low == high && (low_out || high_out))
    }
}

/// A literal that has an order, in millionths; dates in an order of their own.
fn number(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(value) => Some(millionths(*value)),
        Literal::Decimal(value) => Some(*value),
        Literal::Tier(rank) => Some(millionths(i64::from(*rank))),
        Literal::Date(day) => {
            let in_year = i64::from(day.month()) * 100 + i64::from(day.day());
            Some(millionths(i64::from(day.year()) * 10_000 + in_year))
        }
        Literal::Bool(_) | Literal::Text(_) => None,
    }
}

fn same(one: &Literal, other: &Literal) -> bool {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

impl Condition {
    /// The fact that the whole condition is, where it is nothing else.
    #[must_use]
    pub fn only_fact(&self) -> Option<Fact> {
        match &*self.conjuncts {
            [only] => self.fact_of(only.root),
            _ => None,
        }
    }
}
