//! What must hold for every condition and all facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use cel::extractors::Arguments;
use proptest::prelude::*;
use symbolon_core::condition::{
    Condition, Expected, Fact, Facts, Literal, Requirement, Value, Window, compile,
};

use super::tree::{Language, Tree, conditions, indexable_conditions};
use super::world::{FACTS, LINE_FACTS, World, environment, worlds};

fn compiled(text: &str) -> Condition {
    match compile(text, &environment(), Expected::Bool) {
        Ok(condition) => condition,
        Err(problems) => panic!("{text}\n{problems:?}"),
    }
}

/// The numbers that stand for windows in CEL: `days(90)` is 90, `weeks(2)` is 10002 and so on.
fn window_of(number: i64) -> Window {
    let count = u16::try_from(number % 10_000).expect("windows are short");
    match number / 10_000 {
        0 => Window::Days(count),
        1 => Window::Weeks(count),
        2 => Window::Months(count),
        _ => Window::Years(count),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "CEL has doubles only, and the generated numbers are quarters that fit exactly"
)]
fn cel_value(literal: &Literal) -> cel::Value {
    match literal {
        Literal::Bool(value) => cel::Value::Bool(*value),
        Literal::Int(value) => cel::Value::Int(*value),
        Literal::Decimal(value) => cel::Value::Float(*value as f64 / 1_000_000.0),
        Literal::Text(value) => value.as_str().into(),
        Literal::Date(value) => {
            cel::Value::Int(value.to_string().replace('-', "").parse().expect("a date is digits"))
        }
        Literal::Tier(rank) => cel::Value::Int(i64::from(*rank)),
    }
}

/// The answers as the maps that CEL selects from: `member.kind` is `kind` in `member`.
fn cel_maps(
    facts: &BTreeMap<Fact, Literal>,
) -> BTreeMap<String, Vec<(cel::objects::Key, cel::Value)>> {
    let environment = environment();
    let mut maps: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (fact, value) in facts {
        let text = fact.text(&environment);
        let (root, name) = text.split_once('.').unwrap_or((&text, "number"));
        maps.entry(root.to_owned()).or_default().push((name.into(), cel_value(value)));
    }
    maps
}

fn cel_map(entries: Vec<(cel::objects::Key, cel::Value)>) -> cel::Value {
    cel::Value::Map(cel::objects::Map { map: Arc::new(entries.into_iter().collect()) })
}

fn cel_answer(text: &str, world: &World, line: usize) -> Result<bool, String> {
    let mut context = cel::Context::default();
    let mut maps = cel_maps(&world.facts);
    let lines: Vec<cel::Value> = world
        .lines
        .iter()
        .map(|line| cel_map(cel_maps(line).remove("line").unwrap_or_default()))
        .collect();
    context.add_variable_from_value("line", lines[line].clone());
    maps.entry("receipt".to_owned())
        .or_default()
        .push(("lines".into(), cel::Value::List(Arc::new(lines))));
    for root in ["member", "receipt", "action", "today", "now"] {
        let entries = maps.remove(root).unwrap_or_default();
        context.add_variable_from_value(root, cel_map(entries));
    }
    for (place, unit) in (0..).zip(["days", "weeks", "months", "years"]) {
        context
            .add_function(unit, move |count: i64| count + place * 10_000)
            .expect("CEL has no such function");
    }
    for name in ["tier", "visits", "spent", "earned", "balance", "lacks", "has_membership"] {
        let world = world.clone();
        let function = move |Arguments(arguments): Arguments| -> cel::Value {
            let points = match arguments.first() {
                Some(cel::Value::String(name)) if **name == "tier-points" => 1,
                _ => 0,
            };
            let window = match arguments.last() {
                Some(cel::Value::Int(window)) => window_of(*window),
                _ => Window::AllTime,
            };
            let fact = match name {
                "tier" => Fact::MemberTier(0),
                "lacks" => Fact::MemberLacks(0),
                "has_membership" => Fact::MemberHasMembership(0),
                "visits" => Fact::MemberVisits(window),
                "spent" => Fact::MemberSpent(window),
                "earned" => Fact::MemberEarned { points, window },
                _ => Fact::MemberBalance(points),
            };
            cel_value(&world.facts[&fact])
        };
        context
            .add_function(&format!("member.{name}"), function)
            .expect("CEL has no such function");
    }
    let program = cel::Program::compile(text).map_err(|error| format!("{text}\n{error}"))?;
    match program.execute(&context) {
        Ok(cel::Value::Bool(value)) => Ok(value),
        other => Err(format!("{text}\n{other:?}")),
    }
}

/// Whether a requirement holds, read off the world without any of the condition's code.
fn holds(requirement: &Requirement, world: &World) -> bool {
    let fact = match requirement {
        Requirement::AnyOf { fact, .. } | Requirement::AtLeast { fact, .. } => *fact,
    };
    let is_met = |value: Value<'_>| match (requirement, value) {
        (Requirement::AnyOf { any_of, .. }, value) => {
            any_of.iter().any(|literal| literal.value() == value)
        }
        (Requirement::AtLeast { value_millionths, .. }, Value::Int(value)) => {
            i128::from(value) * 1_000_000 >= *value_millionths
        }
        (Requirement::AtLeast { value_millionths, .. }, Value::Decimal(value)) => {
            value >= *value_millionths
        }
        _ => false,
    };
    if fact.is_of_line() {
        return (0..world.lines.len()).any(|line| is_met(world.fact(&fact, Some(line))));
    }
    is_met(world.fact(&fact, None))
}

/// One of few changes to a text, often leaving something that can almost be read.
fn mutated(text: &str, place: usize, piece: &str, removed: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = place % (characters.len() + 1);
    let end = (start + removed).min(characters.len());
    let mut changed: String = characters[..start].iter().collect();
    changed.push_str(piece);
    changed.extend(&characters[end..]);
    changed
}

fn check_never_panics(text: &str) {
    for expected in [Expected::Bool, Expected::Number] {
        match compile(text, &environment(), expected) {
            Ok(condition) => {
                condition.sentence();
                condition.required();
            }
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in problems {
                    let found = text.get(problem.at..problem.at + problem.length);
                    assert!(found.is_some(), "{text:?} {problem:?}");
                    assert!(!problem.message.is_empty());
                }
            }
        }
    }
}

const PIECES: [&str; 24] = [
    "",
    "(",
    ")",
    "[",
    "]",
    "&&",
    "||",
    "!",
    "-",
    "\"",
    "'",
    "\\",
    ".",
    "?",
    ":",
    ",",
    " in ",
    "1.",
    "0.1234567",
    "é",
    "receipt.lines.exists(x, ",
    "member.tier(",
    "date(\"2027-02-30\")",
    "99999999999999999999",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_cel(tree in conditions(), world in worlds(1)) {
        let ours = compiled(&tree.print(Language::Ours)).evaluate(&world, Some(0));
        let theirs = cel_answer(&tree.print(Language::Cel), &world, 0);
        prop_assert_eq!(ours.map_err(|error| error.to_string()), theirs);
    }

    #[test]
    fn what_is_required_holds(tree in indexable_conditions(), worlds in prop::collection::vec(worlds(0), 8)) {
        check_required(&tree, &worlds);
    }

    #[test]
    fn what_is_required_holds_for_any_condition(tree in conditions(), worlds in prop::collection::vec(worlds(0), 4)) {
        check_required(&tree, &worlds);
    }

    #[test]
    fn lines_asked_together_answer_as_one_by_one(
        tree in prop_oneof![conditions(), indexable_conditions()],
        world in worlds(0),
        wrong in prop::option::weighted(0.2, (prop::sample::select(LINE_FACTS.to_vec()), any::<usize>())),
    ) {
        let mut world = world;
        // An answer of a wrong type must be the same error by every way.
        if let (Some(((fact, _), place)), false) = (wrong, world.lines.is_empty()) {
            let place = place % world.lines.len();
            world.lines[place].insert(fact, Literal::Bool(true));
        }
        check_lines(&compiled(&tree.print(Language::Ours)), &world);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        check_never_panics(&text);
    }

    #[test]
    fn no_heap_of_pieces_panics(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60)) {
        check_never_panics(&pieces.concat());
    }

    #[test]
    fn no_change_to_a_condition_panics(
        tree in conditions(),
        place in any::<usize>(),
        piece in prop::sample::select(PIECES.to_vec()),
        removed in 0_usize..6,
    ) {
        check_never_panics(&mutated(&tree.print(Language::Ours), place, piece, removed));
    }

    #[test]
    fn every_print_means_the_same(tree in conditions(), world in worlds(1)) {
        let plain = compiled(&tree.print(Language::Ours));
        let parenthesised = compiled(&tree.print(Language::OursInParentheses));
        let answer = plain.evaluate(&world, Some(0));
        prop_assert_eq!(answer, parenthesised.evaluate(&world, Some(0)));
        prop_assert_eq!(plain.required(), parenthesised.required());
        prop_assert_eq!(plain.sentence(), parenthesised.sentence());
        prop_assert_eq!(plain.uses(), parenthesised.uses());
        // The parts, read one by one, give the same answer and name the same first failure.
        let parts: Vec<bool> = plain
            .conjuncts()
            .iter()
            .map(|part| compiled(part.text()).evaluate(&world, Some(0)).unwrap())
            .collect();
        prop_assert_eq!(answer, Ok(parts.iter().all(|part| *part)));
        let failing = parts.iter().position(|part| !part);
        prop_assert_eq!(plain.first_failing(&world, Some(0)), Ok(failing));
    }
}

fn check_required(tree: &Tree, worlds: &[World]) {
    let condition = compiled(&tree.print(Language::Ours));
    let required = condition.required();
    for world in worlds {
        // Each line at hand, and none.
        let lines = (0..world.lines.len()).map(Some).chain([None]);
        for line in lines {
            if condition.evaluate(world, line) == Ok(true) {
                for requirement in &required {
                    assert!(holds(requirement, world), "{} {requirement:?}", condition.text());
                }
            }
        }
    }
}

fn check_lines(condition: &Condition, world: &World) {
    let test = condition.on_lines(world);
    let mut expected = Vec::new();
    for line in 0..world.lines.len() {
        let answer = condition.evaluate(world, Some(line));
        assert_eq!(test.holds(line), answer, "{} line {line}", condition.text());
        match answer {
            Ok(true) => expected.push(Ok(line)),
            Ok(false) => {}
            Err(error) => {
                expected.push(Err(error));
                break;
            }
        }
    }
    assert_eq!(test.lines().collect::<Vec<_>>(), expected, "{}", condition.text());
}

#[test]
fn the_text_of_a_fact_gives_the_fact_again() {
    for (fact, _) in FACTS.iter().chain(LINE_FACTS) {
        let text = format!("{0} != {0}", fact.text(&environment()));
        assert_eq!(compiled(&text).uses(), [*fact], "{text}");
        for (other, _) in FACTS.iter().chain(LINE_FACTS) {
            assert_eq!(compiled(&text).mentions(*other), other == fact, "{text} and {other:?}");
        }
    }
}
