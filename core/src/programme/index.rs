//! The index of candidates: rules are found by what the receipt holds, not by trying them all.
//!
//! Each rule is filed under one necessary condition of its own, the one that fewest rules
//! share. A rule without any is always a candidate. Leaving a rule out must never change an
//! answer (I16): the index asks only for conditions that must hold for the rule to do anything.

use super::{Rule, Trigger};
use crate::condition::{Condition, Fact, Facts, Literal, Requirement, Value};
use crate::engine::{DecisionFacts, Purchase};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Rules by their position in the programme's order.
type Positions = Vec<u32>;

/// Room for the candidates of most receipts, so that the list of them need not grow.
const CANDIDATES_EXPECTED: usize = 32;

#[derive(Debug, Default)]
pub struct RuleIndex {
    purchase: TriggerIndex,
    actions: BTreeMap<usize, TriggerIndex>,
}

#[derive(Debug, Default)]
struct TriggerIndex {
    all: Positions,
    always: Positions,
    by_product: FxHashMap<Box<str>, Positions>,
    by_category: FxHashMap<Box<str>, Positions>,
    by_brand: FxHashMap<Box<str>, Positions>,
    /// Rules that need a coupon, by the position of the coupon: without it, they cost nothing.
    by_coupon: BTreeMap<usize, Positions>,
    /// Facts of the member, the receipt or the action.
    by_fact: BTreeMap<Fact, ByValue>,
    /// Rules that need a receipt of at least so many millionths, in order of that.
    by_total: Vec<(i128, u32)>,
}

/// Rules by the value that a fact must have. Texts lie apart, so that they are looked up as
/// they are.
#[derive(Debug, Default)]
struct ByValue {
    texts: FxHashMap<Box<str>, Positions>,
    others: FxHashMap<Filed, Positions>,
}

/// A value that rules are filed under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Filed {
    Text(Box<str>),
    Rank(u16),
    Bool(bool),
    Int(i64),
}

impl Filed {
    fn of(literal: &Literal) -> Option<Self> {
        match literal {
            Literal::Text(text) => Some(Self::Text(text.as_str().into())),
            Literal::Tier(rank) => Some(Self::Rank(*rank)),
            Literal::Bool(value) => Some(Self::Bool(*value)),
            Literal::Int(number) => Some(Self::Int(*number)),
            Literal::Decimal(_) | Literal::Date(_) => None,
        }
    }
}

impl ByValue {
    fn of(&self, value: Value<'_>) -> Option<&Positions> {
        let other = match value {
            Value::Text(text) => return self.texts.get(text),
            Value::Tier(rank) => Filed::Rank(rank),
            Value::Bool(value) => Filed::Bool(value),
            Value::Int(number) => Filed::Int(number),
            Value::Decimal(_) | Value::Date(_) | Value::Absent => return None,
        };
        self.others.get(&other)
    }
}

/// One way to file a rule.
#[derive(Debug)]
enum Access {
    Values { fact: Fact, values: Vec<Filed> },
    TotalAtLeast(i128),
}

impl RuleIndex {
    pub fn build(rules: &[Rule]) -> Self {
        let mut shared: FxHashMap<(Fact, Filed), usize> = FxHashMap::default();
        let ways: Vec<Vec<Access>> = rules.iter().map(ways_to_file).collect();
        for way in ways.iter().flatten() {
            if let Access::Values { fact, values } = way {
                for value in values {
                    *shared.entry((*fact, value.clone())).or_default() += 1;
                }
            }
        }
        let mut index = Self::default();
        for (position, (rule, ways)) in rules.iter().zip(ways).enumerate() {
            let Ok(position) = u32::try_from(position) else { break };
            let trigger = match rule.on {
                Trigger::Purchase => &mut index.purchase,
                Trigger::Action(action) => index.actions.entry(action).or_default(),
            };
            if let Some(coupon) = rule.coupon {
                trigger.all.push(position);
                trigger.by_coupon.entry(coupon).or_default().push(position);
                continue;
            }
            // How many rules a receipt with one of the values would have to look at.
            let cost = |way: &Access| match way {
                Access::Values { fact, values } => {
                    let of = |value: &Filed| shared.get(&(*fact, value.clone())).copied();
                    values.iter().filter_map(of).sum()
                }
                Access::TotalAtLeast(_) => usize::MAX,
            };
            let best = ways.into_iter().min_by_key(cost);
            trigger.file(position, best);
        }
        index.purchase.by_total.sort_unstable();
        index
    }

    /// Every rule of a trigger, for explaining.
    pub fn all_of(&self, trigger: Trigger) -> Positions {
        match trigger {
            Trigger::Purchase => self.purchase.all.clone(),
            Trigger::Action(action) => {
                self.actions.get(&action).map_or_else(Vec::new, |index| index.all.clone())
            }
        }
    }

    /// The rules that may hold for a receipt, in the programme's order. `coupons` are the
    /// positions of those that were presented and hold.
    pub fn purchase_candidates(
        &self,
        facts: &DecisionFacts<'_>,
        purchase: &Purchase,
        coupons: impl Iterator<Item = usize>,
    ) -> Positions {
        let index = &self.purchase;
        let mut found = index.by_fact(facts);
        let mut add = |filed: &FxHashMap<Box<str>, Positions>, value: Option<&str>| {
            if let Some(positions) = value.and_then(|value| filed.get(value)) {
                found.extend_from_slice(positions);
            }
        };
        for line in &purchase.lines {
            add(&index.by_product, Some(&line.product));
            add(&index.by_category, line.category.as_deref());
            add(&index.by_brand, line.brand.as_deref());
        }
        if let (false, Value::Decimal(total)) =
            (index.by_total.is_empty(), facts.fact(&Fact::ReceiptTotal, None))
        {
            let reached = index.by_total.partition_point(|(needed, _)| *needed <= total);
            found.extend(index.by_total[..reached].iter().map(|(_, position)| *position));
        }
        for coupon in coupons {
            found.extend(index.by_coupon.get(&coupon).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    pub fn action_candidates(&self, action: usize, facts: &DecisionFacts<'_>) -> Positions {
        let mut found =
            self.actions.get(&action).map_or_else(Vec::new, |index| index.by_fact(facts));
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl TriggerIndex {
    fn file(&mut self, position: u32, access: Option<Access>) {
        self.all.push(position);
        match access {
            None => self.always.push(position),
            Some(Access::TotalAtLeast(total)) => self.by_total.push((total, position)),
            Some(Access::Values { fact, values }) => {
                for value in values {
                    let positions = match (fact, value) {
                        (Fact::LineProduct, Filed::Text(text)) => {
                            self.by_product.entry(text).or_default()
                        }
                        (Fact::LineCategory, Filed::Text(text)) => {
                            self.by_category.entry(text).or_default()
                        }
                        (Fact::LineBrand, Filed::Text(text)) => {
                            self.by_brand.entry(text).or_default()
                        }
                        (fact, Filed::Text(text)) => {
                            self.by_fact.entry(fact).or_default().texts.entry(text).or_default()
                        }
                        (fact, value) => {
                            self.by_fact.entry(fact).or_default().others.entry(value).or_default()
                        }
                    };
                    positions.push(position);
                }
            }
        }
    }

    fn by_fact(&self, facts: &DecisionFacts<'_>) -> Positions {
        let mut found = Vec::with_capacity(self.always.len() + CANDIDATES_EXPECTED);
        found.extend_from_slice(&self.always);
        for (fact, by_value) in &self.by_fact {
            if let Some(positions) = by_value.of(facts.fact(fact, None)) {
                found.extend_from_slice(positions);
            }
        }
        found
    }
}

/// The necessary conditions of a rule that it could be filed under.
fn ways_to_file(rule: &Rule) -> Vec<Access> {
    let mut ways: Vec<Access> = Vec::new();
    let mut add = |condition: &Condition| {
        for requirement in condition.required() {
            match requirement {
                Requirement::AnyOf { fact, any_of } => {
                    let values: Option<Vec<Filed>> = any_of.iter().map(Filed::of).collect();
                    if let Some(values) = values {
                        ways.push(Access::Values { fact, values });
                    }
                }
                Requirement::AtLeast { fact: Fact::ReceiptTotal, value_millionths } => {
                    ways.push(Access::TotalAtLeast(value_millionths));
                }
                Requirement::AtLeast { .. } => {}
            }
        }
    };
    if let Some(when) = &rule.when {
        add(when);
    }
    // Where all that a rule does is done on lines that pass one filter, a receipt without
    // such a line gets nothing from it.
    let mut filters = rule
        .earn
        .iter()
        .map(|earning| earning.filter.as_ref())
        .chain(rule.discount.iter().map(|discounting| discounting.filter.as_ref()));
    if let (None, Some(Some(filter)), None) = (&rule.offer, filters.next(), filters.next()) {
        add(filter);
    }
    ways
}
