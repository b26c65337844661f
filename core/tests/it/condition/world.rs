//! Facts for the tests: an environment, and worlds that answer its facts from a table.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use symbolon_core::condition::{Environment, Fact, Facts, Literal, Scope, Type, Value, Window};

pub fn environment() -> Environment {
    let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Environment {
        scope: Scope { member: true, receipt: true, line: true, action: true, time: true },
        ladders: vec![
            ("club".to_owned(), strings(&["red", "silver", "gold"])),
            ("tenure".to_owned(), strings(&["new", "old"])),
        ],
        points: strings(&["miles", "tier-points"]),
        attributes: vec![
            ("city".to_owned(), Type::Text),
            ("shoe-size".to_owned(), Type::Int),
            ("height".to_owned(), Type::Decimal),
            ("newsletter".to_owned(), Type::Bool),
            ("birthday".to_owned(), Type::Date),
        ],
        action_fields: vec![("code".to_owned(), Type::Text), ("stars".to_owned(), Type::Int)],
        memberships: strings(&["club"]),
    }
}

/// Facts with their answers; what is not there is absent.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub facts: BTreeMap<Fact, Literal>,
    pub lines: Vec<BTreeMap<Fact, Literal>>,
}

impl Facts for World {
    fn fact(&self, fact: &Fact, line: Option<usize>) -> Value<'_> {
        assert_eq!(line.is_some(), fact.is_of_line(), "{fact:?} was asked with line {line:?}");
        let answers = line.map_or(&self.facts, |line| &self.lines[line]);
        answers.get(fact).map_or(Value::Absent, Literal::value)
    }

    fn line_count(&self) -> usize {
        self.lines.len()
    }
}

/// The facts that random conditions use, and whether they may be absent.
pub const FACTS: &[(Fact, bool)] = &[
    (Fact::MemberKnown, false),
    (Fact::MemberTier(0), false),
    (Fact::MemberVisits(Window::AllTime), false),
    (Fact::MemberVisits(Window::Days(90)), false),
    (Fact::MemberVisits(Window::Weeks(2)), false),
    (Fact::MemberSpent(Window::Months(12)), false),
    (Fact::MemberSpent(Window::AllTime), false),
    (Fact::MemberEarned { points: 0, window: Window::AllTime }, false),
    (Fact::MemberEarned { points: 1, window: Window::Years(1) }, false),
    (Fact::MemberBalance(0), false),
    (Fact::MemberJoined, true),
    (Fact::MemberKind, false),
    (Fact::MemberTenureDays, false),
    (Fact::MemberTenureMonths, false),
    (Fact::MemberTenureYears, false),
    (Fact::MemberLacks(0), false),
    (Fact::MemberHasMembership(0), false),
    (Fact::MemberAttribute(0), true),
    (Fact::MemberAttribute(1), true),
    (Fact::MemberAttribute(2), true),
    (Fact::MemberAttribute(3), true),
    (Fact::MemberAttribute(4), true),
    (Fact::ReceiptTotal, false),
    (Fact::ReceiptQuantity, false),
    (Fact::ReceiptLocation, false),
    (Fact::ReceiptTill, false),
    (Fact::ReceiptCashier, false),
    (Fact::ActionField(0), true),
    (Fact::ActionField(1), true),
    (Fact::Today, false),
    (Fact::TodayYear, false),
    (Fact::TodayMonth, false),
    (Fact::TodayDay, false),
    (Fact::TodayWeekday, false),
    (Fact::NowHour, false),
];

pub const LINE_FACTS: &[(Fact, bool)] = &[
    (Fact::LineProduct, false),
    (Fact::LineCategory, true),
    (Fact::LineBrand, true),
    (Fact::LineQuantity, false),
    (Fact::LineUnitPrice, false),
    (Fact::LineAmount, false),
];

pub fn is_optional(fact: Fact) -> bool {
    FACTS.iter().chain(LINE_FACTS).any(|(other, optional)| *other == fact && *optional)
}

/// Few texts, so that random comparisons are often equal.
pub const TEXTS: [&str; 6] = ["shoes", "bags", "it's", "say \"hi\"", "naïve", "sho"];

pub const DATES: [Date; 4] =
    [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 1), date(2028, 2, 29)];

/// A literal of a type from any number; decimals are quarters, exact in binary too.
pub fn literal(kind: Type, chance: u16) -> Literal {
    let number = i64::from(chance % 41) - 20;
    match kind {
        Type::Bool => Literal::Bool(chance.is_multiple_of(2)),
        Type::Int => Literal::Int(number),
        Type::Decimal => Literal::Decimal(i128::from(number) * 250_000),
        Type::Text => Literal::Text(TEXTS[usize::from(chance) % TEXTS.len()].to_owned()),
        Type::Date => Literal::Date(DATES[usize::from(chance) % DATES.len()]),
        Type::Tier(_) => Literal::Tier(chance % 3),
    }
}

fn answers(facts: &'static [(Fact, bool)]) -> impl Strategy<Value = BTreeMap<Fact, Literal>> {
    prop::collection::vec(any::<u16>(), facts.len()).prop_map(move |chances| {
        let environment = environment();
        facts
            .iter()
            .zip(chances)
            .filter(|((_, optional), chance)| !optional || chance % 4 != 0)
            .map(|((fact, _), chance)| (*fact, literal(fact.kind(&environment), chance / 4)))
            .collect()
    })
}

/// Worlds with at least this many lines.
pub fn worlds(least: usize) -> impl Strategy<Value = World> {
    let lines = prop::collection::vec(answers(LINE_FACTS), least..4);
    (answers(FACTS), lines).prop_map(|(facts, lines)| World { facts, lines })
}
