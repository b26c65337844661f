//! What must hold wherever a condition holds, for an index of rules.
//!
//! It must be sound and need not be complete: a rule may be left out of the index's answer
//! only when its condition cannot be true.

use std::collections::BTreeMap;

use super::fact::{Fact, Literal, ONE, Type, millionths};
use super::program::{Comparison, Condition, Node, NodeIndex, Quantifier};

/// A necessary condition. About a fact of a line it says that at least one line of the
/// receipt satisfies it; two of them may be satisfied by two lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// The fact has one of these values, sorted and of the fact's own type. An empty list
    /// means that the condition is never true.
    AnyOf { fact: Fact, any_of: Vec<Literal> },
    /// The fact, a number, is at least this.
    AtLeast { fact: Fact, value_millionths: i128 },
}

/// What is known of one fact.
#[derive(Clone, Debug, Default)]
struct Known {
    any_of: Option<Vec<Literal>>,
    at_least: Option<i128>,
}

type KnownFacts = BTreeMap<Fact, Vec<Known>>;

impl Condition {
    /// Necessary conditions: if the condition is true, each of them holds.
    pub fn required(&self) -> Vec<Requirement> {
        if self.is_number {
            return Vec::new();
        }
        let mut known = KnownFacts::new();
        for conjunct in &self.conjuncts {
            join(&mut known, self.known(conjunct.root));
        }
        let mut requirements = Vec::new();
        for (fact, parts) in known {
            for part in parts {
                if let Some(any_of) = part.any_of {
                    requirements.push(Requirement::AnyOf { fact, any_of });
                }
                if let Some(value_millionths) = part.at_least {
                    requirements.push(Requirement::AtLeast { fact, value_millionths });
                }
            }
        }
        requirements.sort();
        requirements.dedup();
        requirements
    }

    fn known(&self, index: NodeIndex) -> KnownFacts {
        match self.node(index) {
            Node::All(parts) => {
                let mut known = KnownFacts::new();
                for part in parts {
                    join(&mut known, self.known(*part));
                }
                known
            }
            Node::Any(parts) => {
                let mut parts = parts.iter();
                let mut known = parts.next().map(|part| self.known(*part)).unwrap_or_default();
                for part in parts {
                    known = either(known, &self.known(*part));
                }
                known
            }
            Node::Compare { comparison, left, right } => {
                self.known_by_comparison(*comparison, *left, *right)
            }
            Node::Within { value, list } => {
                self.fact_below(*value).map_or_else(KnownFacts::new, |fact| self.any_of(fact, list))
            }
            // What `exists` finds holds for one line, which is all that is said of lines.
            // `all` holds for a receipt without lines and says nothing.
            Node::Lines { quantifier: Quantifier::Exists, body } => self.known(*body),
            Node::Fact(fact) => self.any_of(*fact, &[Literal::Bool(true)]),
            _ => KnownFacts::new(),
        }
    }

    fn known_by_comparison(
        &self,
        comparison: Comparison,
        left: NodeIndex,
        right: NodeIndex,
    ) -> KnownFacts {
        // The checker puts a literal right.
        let (Some(fact), Node::Literal(literal)) = (self.fact_below(left), self.node(right)) else {
            return KnownFacts::new();
        };
        match (comparison, literal) {
            (Comparison::Equal, literal) => self.any_of(fact, std::slice::from_ref(literal)),
            (Comparison::GreaterOrEqual | Comparison::Greater, Literal::Tier(rank)) => {
                let lowest = usize::from(*rank) + usize::from(comparison == Comparison::Greater);
                let Type::Tier(ladder) = fact.kind(&self.names) else {
                    return KnownFacts::new();
                };
                let count = self.names.tiers(ladder).len();
                let ranks: Vec<Literal> = (lowest..count)
                    .filter_map(|rank| u16::try_from(rank).ok().map(Literal::Tier))
                    .collect();
                self.any_of(fact, &ranks)
            }
            // Of `>` only `at least` is kept, which is weaker and so still necessary.
            (Comparison::GreaterOrEqual | Comparison::Greater, literal) => {
                let least = match literal {
                    Literal::Int(value) => millionths(*value),
                    Literal::Decimal(value) => *value,
                    _ => return KnownFacts::new(),
                };
                let known = Known { at_least: Some(least), ..Known::default() };
                KnownFacts::from([(fact, vec![known])])
            }
            _ => KnownFacts::new(),
        }
    }

    /// The values as a requirement, each of the fact's own type. A decimal that stands against
    /// a whole number becomes whole; one that cannot is a value that the fact never has.
    fn any_of(&self, fact: Fact, list: &[Literal]) -> KnownFacts {
        let is_whole = fact.kind(&self.names) == Type::Int;
        let mut values: Vec<Literal> = list
            .iter()
            .filter_map(|literal| match literal {
                Literal::Decimal(value) if is_whole => (value % ONE == 0)
                    .then(|| i64::try_from(value / ONE).ok().map(Literal::Int))
                    .flatten(),
                _ => Some(literal.clone()),
            })
            .collect();
        values.sort();
        values.dedup();
        let known = Known { any_of: Some(values), ..Known::default() };
        KnownFacts::from([(fact, vec![known])])
    }

    fn fact_below(&self, index: NodeIndex) -> Option<Fact> {
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

fn join(known: &mut KnownFacts, more: KnownFacts) {
    for (fact, parts) in more {
        known.entry(fact).or_default().extend(parts);
    }
}

/// What holds when one of two sides holds: only what both sides know of the same fact.
fn either(left: KnownFacts, right: &KnownFacts) -> KnownFacts {
    let mut both = KnownFacts::new();
    for (fact, parts) in left {
        let Some(others) = right.get(&fact) else {
            continue;
        };
        let left_any = parts.into_iter().fold(Known::default(), Known::first);
        let right_any = others.iter().cloned().fold(Known::default(), Known::first);
        let any_of = match (left_any.any_of, right_any.any_of) {
            (Some(mut values), Some(more)) => {
                values.extend(more);
                values.sort();
                values.dedup();
                Some(values)
            }
            _ => None,
        };
        let at_least = match (left_any.at_least, right_any.at_least) {
            (Some(left), Some(right)) => Some(left.min(right)),
            _ => None,
        };
        if any_of.is_some() || at_least.is_some() {
            both.insert(fact, vec![Known { any_of, at_least }]);
        }
    }
    both
}

impl Known {
    /// Of several requirements on one fact, the first of each kind; dropping some is sound.
    fn first(self, more: Known) -> Known {
        Known { any_of: self.any_of.or(more.any_of), at_least: self.at_least.or(more.at_least) }
    }
}
