//! The index of candidates: rules are found by what the receipt holds, not by trying them all.
//!
//! Each rule is filed under conditions that must hold for it to do anything: one about a line
//! (its product, category or brand), up to two about the receipt or the member, and the least
//! total. What a receipt holds is turned into numbers once; the rules that share all of these
//! are found in one step, so that neither rules about other products nor rules for other
//! people cost anything. A rule without such conditions is always a candidate. Leaving a rule
//! out must never change an answer (I16): the index asks only for conditions that must hold.

use super::{Discount, Rule, Trigger};
use crate::condition::{Condition, Fact, Facts, Literal, Requirement, TextMark, Value};
use crate::engine::DecisionFacts;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Rules by their position in the programme's order.
type Positions = Vec<u32>;

/// Room for the candidates of most receipts, so that the list of them need not grow.
const CANDIDATES_EXPECTED: usize = 32;
/// A rule is filed at most so often; beyond that, fewer of its conditions are used.
const FILINGS_MAX: usize = 64;
/// How many conditions about the receipt or the member one rule is filed under.
const FACTS_PER_RULE: usize = 2;
/// As many combinations of conditions as a mask has bits; rules of any further one are filed
/// under their line alone.
const SHAPES_MAX: usize = 64;
/// How many facts about the receipt or the member are asked for; further ones are not used.
const FACTS_MAX: usize = 16;

const LINE_FACTS: [Fact; 3] = [Fact::LineProduct, Fact::LineCategory, Fact::LineBrand];

#[derive(Debug, Default)]
pub struct RuleIndex {
    purchase: TriggerIndex,
    actions: BTreeMap<usize, TriggerIndex>,
    joining: TriggerIndex,
    occasions: BTreeMap<usize, TriggerIndex>,
    /// Rules that need a coupon, by the position of the coupon: without it, they cost nothing.
    by_coupon: BTreeMap<usize, Positions>,
}

/// The rules that wait for one kind of activity.
#[derive(Debug, Default)]
struct TriggerIndex {
    all: Positions,
    shapes: Vec<Shape>,
    /// The combinations that ask for no line.
    without_line: u64,
    /// By line fact: the values that rules are filed under. Two texts with the same mark share
    /// their rules, which is one candidate too many and changes no answer.
    lines: [LineValues; LINE_FACTS.len()],
    facts: Vec<FactValues>,
    drawers: FxHashMap<DrawerKey, Drawer>,
}

/// What the rules of a drawer have conditions about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    /// The position among the line facts.
    line: Option<usize>,
    /// Positions among the facts of the index.
    facts: [Option<usize>; FACTS_PER_RULE],
}

/// The number of a value of a line, and in which shapes it occurs.
#[derive(Debug)]
struct LineValue {
    number: u32,
    shapes: u64,
    /// The rules that are filed under it alone, as most are: they need no drawer to be looked up.
    alone: Drawer,
}

/// The values of a fact of lines by their marks. Every text of every receipt is looked for here,
/// and most are not there, so the marks stand in a table of their own that is never half full.
#[derive(Debug, Default)]
struct LineValues {
    values: Vec<LineValue>,
    /// Marks, each with the place of its value counted from 1; 0 is none. A mark stands at its
    /// own slot, or at the next one that was free.
    slots: Vec<(TextMark, u32)>,
}

impl LineValues {
    const SLOTS_AT_FIRST: usize = 16;

    fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    #[inline]
    fn get(&self, mark: TextMark) -> Option<&LineValue> {
        let mut slot = mark.slot(self.slots.len());
        loop {
            let (known, place) = self.slots.get(slot)?;
            let place = place.checked_sub(1)?;
            if *known == mark {
                return self.values.get(place as usize);
            }
            slot = if slot + 1 == self.slots.len() { 0 } else { slot + 1 };
        }
    }

    /// The value of a mark, which is made where there is none.
    fn entry(&mut self, mark: TextMark) -> Option<&mut LineValue> {
        if 2 * (self.values.len() + 1) > self.slots.len() {
            let slots = (2 * self.slots.len()).max(Self::SLOTS_AT_FIRST);
            let known = std::mem::replace(&mut self.slots, vec![(TextMark::ABSENT, 0); slots]);
            for (mark, place) in known.into_iter().filter(|(_, place)| *place != 0) {
                let slot = self.slot_for(mark);
                self.slots[slot] = (mark, place);
            }
        }
        let slot = self.slot_for(mark);
        if self.slots[slot].1 == 0 {
            let number = u32::try_from(self.values.len()).ok()?.checked_add(1)?;
            self.values.push(LineValue { number, shapes: 0, alone: Drawer::new() });
            self.slots[slot] = (mark, number);
        }
        self.values.get_mut(self.slots[slot].1.checked_sub(1)? as usize)
    }

    /// Where a mark stands, or would stand.
    fn slot_for(&self, mark: TextMark) -> usize {
        let mut slot = mark.slot(self.slots.len());
        while self.slots[slot].1 != 0 && self.slots[slot].0 != mark {
            slot = (slot + 1) % self.slots.len();
        }
        slot
    }
}

/// A fact about the receipt or the member, and the numbers of its values. Texts lie apart, so
/// that they are looked up as they are.
#[derive(Debug)]
struct FactValues {
    fact: Fact,
    texts: FxHashMap<Box<str>, u32>,
    others: FxHashMap<Filed, u32>,
}

/// The number of the value of each fact of an index; 0 where no rule is filed under it.
type Numbers = [u32; FACTS_MAX];

/// Rules that share a shape and all values in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct DrawerKey {
    shape: u32,
    line: u32,
    facts: [u32; FACTS_PER_RULE],
}

/// The rules of a drawer with the least total that each needs, in order of that.
type Drawer = Vec<(i64, u32)>;

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

impl FactValues {
    fn number(&self, value: Value<'_>) -> Option<u32> {
        let other = match value {
            Value::Text(text) => return self.texts.get(text).copied(),
            Value::Tier(rank) => Filed::Rank(rank),
            Value::Bool(value) => Filed::Bool(value),
            Value::Int(number) => Filed::Int(number),
            Value::Decimal(_) | Value::Date(_) | Value::Absent => return None,
        };
        self.others.get(&other).copied()
    }

    fn number_of(&mut self, value: Filed) -> Option<u32> {
        let next = u32::try_from(self.texts.len() + self.others.len()).ok()? + 1;
        Some(match value {
            Filed::Text(text) => *self.texts.entry(text).or_insert(next),
            other => *self.others.entry(other).or_insert(next),
        })
    }
}

/// What must hold for a rule to do anything.
#[derive(Debug, Default)]
struct Needs {
    /// Conditions with a few possible values each.
    values: Vec<(Fact, Vec<Filed>)>,
    total_millionths: Option<i128>,
}

impl RuleIndex {
    pub fn build(rules: &[Rule]) -> Self {
        let needs: Vec<Needs> = rules.iter().map(needs_of).collect();
        let mut shared: FxHashMap<(Fact, Filed), usize> = FxHashMap::default();
        for (fact, values) in needs.iter().flat_map(|needs| &needs.values) {
            for value in values {
                *shared.entry((*fact, value.clone())).or_default() += 1;
            }
        }
        let mut index = Self::default();
        for (position, (rule, needs)) in rules.iter().zip(needs).enumerate() {
            let Ok(position) = u32::try_from(position) else { break };
            let trigger = match rule.on {
                Trigger::Purchase => &mut index.purchase,
                Trigger::Action(action) => index.actions.entry(action).or_default(),
                Trigger::Joining => &mut index.joining,
                Trigger::Occasion(occasion) => index.occasions.entry(occasion).or_default(),
            };
            if let Some(coupon) = rule.coupon {
                trigger.all.push(position);
                index.by_coupon.entry(coupon).or_default().push(position);
                continue;
            }
            // How many rules a receipt with one of the values would have to look at.
            let cost = |(fact, values): &(Fact, Vec<Filed>)| -> usize {
                let of = |value: &Filed| shared.get(&(*fact, value.clone())).copied();
                values.iter().filter_map(of).sum()
            };
            trigger.file(position, needs, cost);
        }
        let values = index.purchase.lines.iter_mut().flat_map(|values| &mut values.values);
        let alone = values.map(|value| &mut value.alone);
        index.purchase.drawers.values_mut().chain(alone).for_each(|drawer| drawer.sort_unstable());
        index
    }

    /// Whether any rule on purchases is filed under a brand.
    pub fn files_brands(&self) -> bool {
        let is_brand = |(fact, _): &(&Fact, &LineValues)| **fact == Fact::LineBrand;
        let mut columns = LINE_FACTS.iter().zip(&self.purchase.lines);
        columns.find(is_brand).is_some_and(|(_, values)| !values.is_empty())
    }

    /// Every rule of a trigger, for explaining.
    pub fn all_of(&self, trigger: Trigger) -> Positions {
        match trigger {
            Trigger::Purchase => self.purchase.all.clone(),
            Trigger::Joining => self.joining.all.clone(),
            Trigger::Action(action) => {
                self.actions.get(&action).map_or_else(Vec::new, |index| index.all.clone())
            }
            Trigger::Occasion(occasion) => {
                self.occasions.get(&occasion).map_or_else(Vec::new, |index| index.all.clone())
            }
        }
    }

    /// The rules that may hold for a receipt, in the programme's order. `coupons` are the
    /// positions of those that were presented and hold.
    pub fn purchase_candidates(
        &self,
        facts: &DecisionFacts<'_>,
        coupons: impl Iterator<Item = usize>,
    ) -> Positions {
        let total = match facts.fact(&Fact::ReceiptTotal, None) {
            Value::Decimal(total) => total,
            _ => 0,
        };
        let of_coupons = coupons.filter_map(|coupon| self.by_coupon.get(&coupon));
        self.purchase.find(facts, total, of_coupons.flatten().copied())
    }

    pub fn joining_candidates(&self, facts: &DecisionFacts<'_>) -> Positions {
        self.joining.find(facts, 0, std::iter::empty())
    }

    pub fn action_candidates(&self, action: usize, facts: &DecisionFacts<'_>) -> Positions {
        let index = self.actions.get(&action);
        index.map_or_else(Vec::new, |index| index.find(facts, 0, std::iter::empty()))
    }

    pub fn occasion_candidates(&self, occasion: usize, facts: &DecisionFacts<'_>) -> Positions {
        let index = self.occasions.get(&occasion);
        index.map_or_else(Vec::new, |index| index.find(facts, 0, std::iter::empty()))
    }
}

impl TriggerIndex {
    /// Files a rule under as many of its conditions as pay.
    fn file(
        &mut self,
        position: u32,
        mut needs: Needs,
        cost: impl Fn(&(Fact, Vec<Filed>)) -> usize,
    ) {
        self.all.push(position);
        needs.values.sort_by_cached_key(|need| (cost(need), need.0));
        let mut line: Option<(usize, Vec<Filed>)> = None;
        let mut facts: Vec<(usize, Vec<Filed>)> = Vec::new();
        let mut filings = 1;
        for (fact, values) in needs.values {
            match LINE_FACTS.iter().position(|known| *known == fact) {
                Some(place) if line.is_none() => {
                    filings *= values.len();
                    line = Some((place, values));
                }
                Some(_) => {}
                None if fact.is_of_line() || facts.len() == FACTS_PER_RULE => {}
                None if values.len() > FILINGS_MAX => {}
                None => {
                    let known = facts.iter().any(|(place, _)| self.facts[*place].fact == fact);
                    if let (false, Some(place)) = (known, self.place_of(fact)) {
                        facts.push((place, values));
                    }
                }
            }
        }
        // The condition that shares its values with fewest rules is used first.
        facts.retain(|(_, values)| {
            let fits = filings * values.len() <= FILINGS_MAX;
            filings *= if fits { values.len() } else { 1 };
            fits
        });
        let mut shape = Shape { line: line.as_ref().map(|(place, _)| *place), facts: [None; 2] };
        for (slot, (place, _)) in shape.facts.iter_mut().zip(&facts) {
            *slot = Some(*place);
        }
        let number = match self.number_of_shape(shape) {
            Some(number) => number,
            None => {
                shape.facts = [None; 2];
                facts.clear();
                match self.number_of_shape(shape) {
                    Some(number) => number,
                    None => return,
                }
            }
        };
        let least = needs.total_millionths.map_or(i64::MIN, clamped);
        self.fill(number, line, facts, (least, position));
    }

    fn place_of(&mut self, fact: Fact) -> Option<usize> {
        if let Some(place) = self.facts.iter().position(|known| known.fact == fact) {
            return Some(place);
        }
        if self.facts.len() == FACTS_MAX {
            return None;
        }
        let (texts, others) = (FxHashMap::default(), FxHashMap::default());
        self.facts.push(FactValues { fact, texts, others });
        Some(self.facts.len() - 1)
    }

    /// The four shapes without any fact always find room.
    fn number_of_shape(&mut self, shape: Shape) -> Option<usize> {
        if let Some(number) = self.shapes.iter().position(|known| *known == shape) {
            return Some(number);
        }
        let is_plain = shape.facts == [None; 2];
        let most = if is_plain { SHAPES_MAX } else { SHAPES_MAX - 1 - LINE_FACTS.len() };
        if self.shapes.len() >= most {
            return None;
        }
        self.shapes.push(shape);
        let number = self.shapes.len() - 1;
        if shape.line.is_none() {
            self.without_line |= 1 << number;
        }
        Some(number)
    }

    /// Puts a rule into every drawer that its values lead to.
    fn fill(
        &mut self,
        shape: usize,
        line: Option<(usize, Vec<Filed>)>,
        facts: Vec<(usize, Vec<Filed>)>,
        filed: (i64, u32),
    ) {
        let Ok(number) = u32::try_from(shape) else { return };
        let put = |drawer: &mut Drawer| {
            if drawer.last() != Some(&filed) {
                drawer.push(filed);
            }
        };
        let mut keys = vec![DrawerKey { shape: number, line: 0, facts: [0; FACTS_PER_RULE] }];
        if let Some((place, values)) = line {
            let numbers = values.into_iter().filter_map(|value| {
                let Filed::Text(text) = value else { return None };
                let known = self.lines[place].entry(TextMark::of(&text))?;
                if facts.is_empty() {
                    put(&mut known.alone);
                    return None;
                }
                known.shapes |= 1 << shape;
                Some(known.number)
            });
            keys = numbers.map(|line| DrawerKey { line, ..keys[0] }).collect();
        }
        for (slot, (place, values)) in facts.into_iter().enumerate() {
            let known = &mut self.facts[place];
            let numbers: Vec<u32> =
                values.into_iter().filter_map(|value| known.number_of(value)).collect();
            keys = keys
                .into_iter()
                .flat_map(|key| {
                    numbers.iter().map(move |number| {
                        let mut key = key;
                        key.facts[slot] = *number;
                        key
                    })
                })
                .collect();
        }
        for key in keys {
            put(self.drawers.entry(key).or_default());
        }
    }

    /// The rules whose conditions the values of a receipt meet, and some more, in order.
    fn find(
        &self,
        facts: &DecisionFacts<'_>,
        total: i128,
        more: impl Iterator<Item = u32>,
    ) -> Positions {
        let mut numbers: Numbers = [0; FACTS_MAX];
        for (number, known) in numbers.iter_mut().zip(&self.facts) {
            *number = known.number(facts.fact(&known.fact, None)).unwrap_or(0);
        }
        let mut found = Vec::with_capacity(CANDIDATES_EXPECTED);
        let total = clamped(total);
        self.open(self.without_line, 0, &numbers, total, &mut found);
        for (fact, values) in LINE_FACTS.iter().zip(&self.lines) {
            if values.is_empty() {
                continue;
            }
            for marked in facts.line_marks(fact) {
                if let Some(value) = values.get(marked.mark) {
                    add_reached(&value.alone, total, &mut found);
                    if value.shapes != 0 {
                        self.open(value.shapes, value.number, &numbers, total, &mut found);
                    }
                }
            }
        }
        found.extend(more);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds the rules of the drawers of some shapes that need no larger total.
    #[inline]
    fn open(&self, shapes: u64, line: u32, numbers: &Numbers, total: i64, found: &mut Positions) {
        let mut left = shapes;
        while left != 0 {
            let number = left.trailing_zeros();
            left &= left - 1;
            let drawer = self.key_of(number, line, numbers).and_then(|key| self.drawers.get(&key));
            if let Some(drawer) = drawer {
                add_reached(drawer, total, found);
            }
        }
    }

    /// The drawer of a shape for the values of a receipt; none where no rule has one of them.
    fn key_of(&self, shape: u32, line: u32, numbers: &Numbers) -> Option<DrawerKey> {
        let mut facts = [0; FACTS_PER_RULE];
        for (slot, place) in facts.iter_mut().zip(self.shapes[shape as usize].facts) {
            if let Some(place) = place {
                *slot = numbers[place];
                if *slot == 0 {
                    return None;
                }
            }
        }
        Some(DrawerKey { shape, line, facts })
    }
}

/// Adds the rules of a drawer that need no larger total.
fn add_reached(drawer: &[(i64, u32)], total: i64, found: &mut Positions) {
    let reached = drawer.iter().take_while(|(least, _)| *least <= total);
    found.extend(reached.map(|(_, position)| *position));
}

/// A total that no receipt reaches is as good as the largest one: the rule's own condition is
/// asked in any case.
fn clamped(millionths: i128) -> i64 {
    i64::try_from(millionths).unwrap_or(if millionths < 0 { i64::MIN } else { i64::MAX })
}

/// The necessary conditions of a rule that it could be filed under.
fn needs_of(rule: &Rule) -> Needs {
    let mut needs = Needs::default();
    let mut add = |condition: &Condition| {
        for requirement in condition.required() {
            match requirement {
                Requirement::AnyOf { fact, any_of } => {
                    let values: Option<Vec<Filed>> = any_of.iter().map(Filed::of).collect();
                    if let Some(values) = values {
                        needs.values.push((fact, values));
                    }
                }
                Requirement::AtLeast { fact: Fact::ReceiptTotal, value_millionths } => {
                    let known = needs.total_millionths.unwrap_or(value_millionths);
                    needs.total_millionths = Some(known.max(value_millionths));
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
    let mut filters = rule.earn.iter().map(|earning| earning.filter.as_ref());
    match (&rule.offer, &rule.discount, filters.next(), filters.next()) {
        // What is shared is computed on lines of its own.
        _ if rule.share.is_some() => {}
        (None, None, Some(Some(filter)), None) => add(filter),
        (None, Some(discounting), None, None) => {
            discounting.needed_filters().into_iter().for_each(&mut add);
            if let Discount::Prices(prices) = &discounting.what {
                let values = prices.keys().cloned().map(Filed::Text).collect();
                needs.values.push((Fact::LineProduct, values));
            }
        }
        _ => {}
    }
    needs
}
