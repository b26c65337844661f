//! The compact form of a checked condition.
//!
//! A tree in one list, with small indexes. Its types are right by construction: only
//! [`check`](super::check) makes it, and nothing changes it afterwards.

use super::fact::{Environment, Fact, Literal, Type};
use super::lines::LineTexts;

/// The place of a node in the list. A condition has far fewer nodes than 65,536.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeIndex(pub u16);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same comparison with its sides exchanged.
    pub(super) fn flipped(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    All,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Literal(Literal),
    Fact(Fact),
    /// A whole number as a decimal.
    Widen(NodeIndex),
    Not(NodeIndex),
    Negate(NodeIndex),
    All(Box<[NodeIndex]>),
    Any(Box<[NodeIndex]>),
    Choose {
        condition: NodeIndex,
        then: NodeIndex,
        otherwise: NodeIndex,
    },
    Compare {
        comparison: Comparison,
        left: NodeIndex,
        right: NodeIndex,
    },
    Within {
        value: NodeIndex,
        list: Box<[Literal]>,
    },
    Calculate {
        operation: Operation,
        left: NodeIndex,
        right: NodeIndex,
    },
    Text {
        test: TextTest,
        value: NodeIndex,
        part: Box<str>,
    },
    Lines {
        quantifier: Quantifier,
        body: NodeIndex,
    },
}

/// One of the parts that must all be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Conjunct {
    pub(super) text: Box<str>,
    pub(super) root: NodeIndex,
}

impl Conjunct {
    /// The part as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A checked condition, or a checked number such as the measure of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub(super) text: Box<str>,
    pub(super) nodes: Box<[Node]>,
    pub(super) conjuncts: Box<[Conjunct]>,
    pub(super) facts: Box<[Fact]>,
    pub(super) line_texts: Box<[LineTexts]>,
    /// It says which texts a line must have, and nothing else.
    pub(super) is_only_texts: bool,
    pub(super) is_number: bool,
    /// Only the names that the condition uses, for printing.
    pub(super) names: Environment,
}

impl Condition {
    /// The condition as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts joined by the outermost `&&`, in order; a number is one part.
    pub fn conjuncts(&self) -> &[Conjunct] {
        &self.conjuncts
    }

    /// Every fact that the condition can ask, each once, in the order of [`Fact`].
    pub fn uses(&self) -> &[Fact] {
        &self.facts
    }

    /// Whether the condition can ask this fact, by itself or of lines through `exists` and `all`.
    pub fn mentions(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }

    /// Whether the condition looks at lines, by itself or through `exists` and `all`.
    pub fn uses_lines(&self) -> bool {
        self.facts.iter().any(Fact::is_of_line)
            || self.nodes.iter().any(|node| matches!(node, Node::Lines { .. }))
    }

    /// Whether it was compiled as a number rather than as true or false.
    pub fn is_number(&self) -> bool {
        self.is_number
    }

    pub(super) fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[usize::from(index.0)]
    }

    /// The type of a node, found again from what it is made of.
    pub(super) fn kind(&self, index: NodeIndex) -> Type {
        let mut index = index;
        loop {
            index = match self.node(index) {
                Node::Literal(Literal::Int(_)) => return Type::Int,
                Node::Literal(Literal::Decimal(_)) | Node::Widen(_) => return Type::Decimal,
                Node::Literal(Literal::Text(_)) => return Type::Text,
                Node::Literal(Literal::Date(_)) => return Type::Date,
                Node::Literal(Literal::Tier(_)) => return Type::Tier(0),
                Node::Fact(fact) => return fact.kind(&self.names),
                Node::Choose { then, .. } => *then,
                Node::Negate(operand) => *operand,
                Node::Calculate { left, right, .. } => {
                    // Only a product mixes the two, and then it is a decimal.
                    if self.kind(*left) == Type::Decimal {
                        return Type::Decimal;
                    }
                    *right
                }
                _ => return Type::Bool,
            };
        }
    }
}
