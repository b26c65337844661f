//! Random well-typed conditions, printed in our language and in CEL.
//!
//! Both prints have the same parentheses, as few as possible, so that agreement also shows
//! that both read the same precedence. Where CEL has no counterpart, its print differs:
//!
//! - a whole number where a decimal is needed: `double(…)`, which CEL does not do by itself;
//! - tiers are ranks, and dates are numbers such as 20270131, with `today` as `today.number`;
//! - a comparison with a fact that may be absent is guarded by `has(…)`, since CEL knows only
//!   an error there: `(guard && a == b)`, and `(!guard || a != b)`;
//! - `member.shoe_size` is the same key in the map that CEL is given.

use proptest::prelude::*;
use symbolon_core::condition::{Fact, Literal, Type};

use super::world::{FACTS, LINE_FACTS, environment, is_optional, literal};

#[derive(Clone, Debug)]
pub enum Tree {
    Literal(Literal),
    Fact(Fact),
    /// A whole number where a decimal is needed: invisible in our language.
    Widen(Box<Tree>),
    Not(Box<Tree>),
    Negate(Box<Tree>),
    /// `&&`, `||`, `+`, `-`, `*`.
    Join(&'static str, Box<Tree>, Box<Tree>),
    Compare(&'static str, Box<Tree>, Box<Tree>),
    Within(Fact, Vec<Literal>),
    Choose(Box<Tree>, Box<Tree>, Box<Tree>),
    Text(&'static str, Fact, String),
    Lines(&'static str, Box<Tree>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Ours,
    /// Ours, with every possible parenthesis.
    OursInParentheses,
    Cel,
}

fn precedence(operator: &str) -> u8 {
    match operator {
        "||" => 1,
        "&&" => 2,
        "+" | "-" => 4,
        "*" => 5,
        _ => 3,
    }
}

impl Tree {
    pub fn print(&self, language: Language) -> String {
        self.printed(language, "line", 0)
    }

    /// Prints for a place that needs at least this precedence; 0 is the whole.
    fn printed(&self, language: Language, line: &str, least: u8) -> String {
        let (text, own) = self.bare(language, line);
        let is_needed = own < least || (language == Language::OursInParentheses && own < 7);
        if is_needed { format!("({text})") } else { text }
    }

    fn bare(&self, language: Language, line: &str) -> (String, u8) {
        let print = |tree: &Tree, least| tree.printed(language, line, least);
        match self {
            Tree::Literal(value) => (literal_text(value, language), 6),
            Tree::Fact(fact) => self.bare_fact(*fact, language, line),
            Tree::Widen(inner) if language == Language::Cel => {
                (format!("double({})", print(inner, 0)), 7)
            }
            Tree::Widen(inner) => inner.bare(language, line),
            Tree::Not(inner) => (format!("!{}", print(inner, 6)), 6),
            Tree::Negate(inner) => (format!("-{}", print(inner, 7)), 6),
            Tree::Join(operator, left, right) => {
                let own = precedence(operator);
                let (left, right) = (print(left, own), print(right, own + 1));
                (format!("{left} {operator} {right}"), own)
            }
            Tree::Compare(operator, left, right) => {
                let text = format!("{} {operator} {}", print(left, 4), print(right, 4));
                let guards = [left, right].map(|side| side.guard(line));
                guarded(text, 3, operator, &and(&guards), language)
            }
            Tree::Within(fact, list) => {
                let list: Vec<String> =
                    list.iter().map(|value| literal_text(value, language)).collect();
                let fact = Tree::Fact(*fact);
                let text = format!("{} in [{}]", fact_text(&fact, language, line), list.join(", "));
                guarded(text, 3, "in", &fact.guard(line), language)
            }
            Tree::Choose(condition, then, otherwise) => {
                // The middle must not be a choice itself, as in CEL's grammar.
                let parts = [print(condition, 1), print(then, 1), print(otherwise, 0)];
                (format!("{} ? {} : {}", parts[0], parts[1], parts[2]), 0)
            }
            Tree::Text(method, fact, part) => {
                let fact = Tree::Fact(*fact);
                let part = literal_text(&Literal::Text(part.clone()), language);
                let text = format!("{}.{method}({part})", fact_text(&fact, language, line));
                guarded(text, 7, "in", &fact.guard(line), language)
            }
            Tree::Lines(quantifier, body) => {
                let body = body.printed(language, "x", 0);
                (format!("receipt.lines.{quantifier}(x, {body})"), 7)
            }
        }
    }

    fn bare_fact(&self, fact: Fact, language: Language, line: &str) -> (String, u8) {
        let text = fact_text(self, language, line);
        // Only where truth is needed an absent fact is printed by itself: it is false there.
        if fact.kind(&environment()) == Type::Bool {
            return guarded(text, 7, "in", &self.guard(line), language);
        }
        (text, 7)
    }

    /// CEL that is true when this number, date or text is not absent; empty if it never is.
    fn guard(&self, line: &str) -> String {
        match self {
            Tree::Fact(fact) if is_optional(*fact) => {
                format!("has({})", fact_text(self, Language::Cel, line))
            }
            Tree::Widen(inner) | Tree::Negate(inner) => inner.guard(line),
            Tree::Join("+" | "-" | "*", left, right) => and(&[left.guard(line), right.guard(line)]),
            Tree::Choose(condition, then, otherwise) => {
                let guards = [then, otherwise].map(|side| side.guard(line));
                if guards.iter().all(String::is_empty) {
                    return String::new();
                }
                let [then, otherwise] =
                    guards.map(|guard| if guard.is_empty() { "true".to_owned() } else { guard });
                let condition = condition.printed(Language::Cel, line, 1);
                format!("({condition} ? {then} : {otherwise})")
            }
            _ => String::new(),
        }
    }
}

fn and(guards: &[String; 2]) -> String {
    let present: Vec<&str> =
        guards.iter().map(String::as_str).filter(|guard| !guard.is_empty()).collect();
    present.join(" && ")
}

fn guarded(text: String, own: u8, operator: &str, guard: &str, language: Language) -> (String, u8) {
    if guard.is_empty() || language != Language::Cel {
        return (text, own);
    }
    let text = if operator == "!=" {
        format!("(!({guard}) || {text})")
    } else {
        format!("({guard} && {text})")
    };
    (text, 7)
}

fn fact_text(tree: &Tree, language: Language, line: &str) -> String {
    let Tree::Fact(fact) = tree else {
        return String::new();
    };
    let text = fact.text(&environment());
    match (fact, language) {
        (Fact::Today, Language::Cel) => "today.number".to_owned(),
        _ if fact.is_of_line() => text.replacen("line", line, 1),
        _ => text,
    }
}

fn literal_text(value: &Literal, language: Language) -> String {
    match value {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Decimal(value) => {
            let sign = if *value < 0 { "-" } else { "" };
            let value = value.unsigned_abs();
            format!("{sign}{}.{:06}", value / 1_000_000, value % 1_000_000)
        }
        Literal::Text(value) => {
            format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Literal::Date(value) if language == Language::Cel => value.to_string().replace('-', ""),
        Literal::Date(value) => format!("date(\"{value}\")"),
        Literal::Tier(rank) if language == Language::Cel => rank.to_string(),
        Literal::Tier(rank) => format!("\"{}\"", environment().ladders[0].1[usize::from(*rank)]),
    }
}

fn facts_of(kind: Type, on_lines: bool) -> Vec<Fact> {
    let environment = environment();
    let lines: &[(Fact, bool)] = if on_lines { LINE_FACTS } else { &[] };
    let all = FACTS.iter().chain(lines).map(|(fact, _)| *fact);
    all.filter(|fact| fact.kind(&environment) == kind).collect()
}

fn leaf(kind: Type, on_lines: bool) -> BoxedStrategy<Tree> {
    let literals = any::<u16>().prop_map(move |chance| Tree::Literal(literal(kind, chance)));
    let facts = facts_of(kind, on_lines);
    if facts.is_empty() {
        return literals.boxed();
    }
    prop_oneof![1 => literals, 3 => prop::sample::select(facts).prop_map(Tree::Fact)].boxed()
}

/// Whole numbers and decimals, at most this deep; small enough to stay exact in CEL's doubles.
fn number(kind: Type, depth: u8, on_lines: bool) -> BoxedStrategy<Tree> {
    if depth == 0 {
        return leaf(kind, on_lines);
    }
    let deeper = move |kind| number(kind, depth - 1, on_lines).prop_map(Box::new);
    let same = deeper(kind);
    let sum = (prop::sample::select(vec!["+", "-"]), same.clone(), same.clone())
        .prop_map(|(operator, left, right)| Tree::Join(operator, left, right));
    let chosen = (truth(0, on_lines).prop_map(Box::new), same.clone(), same.clone())
        .prop_map(|(condition, then, otherwise)| Tree::Choose(condition, then, otherwise));
    let negated = same.clone().prop_map(Tree::Negate);
    let plain = leaf(kind, on_lines);
    if kind == Type::Int {
        let product = (same.clone(), same).prop_map(|(left, right)| Tree::Join("*", left, right));
        return prop_oneof![4 => plain, 1 => sum, 1 => chosen, 1 => negated, 1 => product].boxed();
    }
    // CEL multiplies doubles, so the whole side is widened; ours takes it as it is.
    let whole = deeper(Type::Int).prop_map(|whole| Box::new(Tree::Widen(whole)));
    let product = (same, whole.clone(), any::<bool>()).prop_map(|(decimal, whole, turned)| {
        let (left, right) = if turned { (whole, decimal) } else { (decimal, whole) };
        Tree::Join("*", left, right)
    });
    let widened = whole.prop_map(|whole| *whole);
    prop_oneof![4 => plain, 1 => sum, 1 => chosen, 1 => negated, 1 => product, 1 => widened].boxed()
}

const ORDER: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

fn comparison(depth: u8, on_lines: bool) -> BoxedStrategy<Tree> {
    let compare = |operators: Vec<&'static str>, sides: BoxedStrategy<Tree>| {
        let sides = sides.prop_map(Box::new);
        (prop::sample::select(operators), sides.clone(), sides)
            .prop_map(|(operator, left, right)| Tree::Compare(operator, left, right))
    };
    let equality = || vec!["==", "!="];
    let text_facts = || prop::sample::select(facts_of(Type::Text, on_lines));
    let texts = || any::<u16>().prop_map(|chance| literal(Type::Text, chance));
    let tiers = (prop::sample::select(ORDER.to_vec()), any::<u16>(), any::<bool>()).prop_map(
        |(operator, chance, turned)| {
            let fact = Box::new(Tree::Fact(Fact::MemberTier(0)));
            let tier = Box::new(Tree::Literal(literal(Type::Tier(0), chance)));
            let (left, right) = if turned { (tier, fact) } else { (fact, tier) };
            Tree::Compare(operator, left, right)
        },
    );
    let truths = (prop::sample::select(equality()), any::<bool>()).prop_map(|(operator, value)| {
        let fact = Box::new(Tree::Fact(Fact::MemberKnown));
        Tree::Compare(operator, fact, Box::new(Tree::Literal(Literal::Bool(value))))
    });
    let whole_facts = prop::sample::select(facts_of(Type::Int, on_lines));
    let wholes = any::<u16>().prop_map(|chance| literal(Type::Int, chance));
    let method = prop::sample::select(vec!["startsWith", "endsWith", "contains"]);
    let parts = prop::sample::select(vec!["s", "sho", "es", "ï", "\"", "", "bags"]);
    prop_oneof![
        4 => compare(ORDER.to_vec(), number(Type::Int, depth, on_lines)),
        4 => compare(ORDER.to_vec(), number(Type::Decimal, depth, on_lines)),
        3 => compare(equality(), leaf(Type::Text, on_lines)),
        2 => compare(ORDER.to_vec(), leaf(Type::Date, on_lines)),
        2 => tiers,
        1 => truths,
        2 => (text_facts(), prop::collection::vec(texts(), 1..4))
            .prop_map(|(fact, list)| Tree::Within(fact, list)),
        1 => (whole_facts, prop::collection::vec(wholes, 1..4))
            .prop_map(|(fact, list)| Tree::Within(fact, list)),
        2 => (method, text_facts(), parts)
            .prop_map(|(method, fact, part)| Tree::Text(method, fact, part.to_owned())),
        1 => leaf(Type::Bool, on_lines),
    ]
    .boxed()
}

/// Conditions without `exists` and `all`.
fn truth(depth: u8, on_lines: bool) -> BoxedStrategy<Tree> {
    joined(comparison(depth, on_lines), u32::from(depth))
}

fn joined(leaves: BoxedStrategy<Tree>, depth: u32) -> BoxedStrategy<Tree> {
    leaves
        .prop_recursive(depth, 16, 3, |inner| {
            let inner = inner.prop_map(Box::new);
            prop_oneof![
                3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Join("&&", a, b)),
                3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Join("||", a, b)),
                1 => inner.clone().prop_map(Tree::Not),
                1 => (inner.clone(), inner.clone(), inner)
                    .prop_map(|(a, b, c)| Tree::Choose(a, b, c)),
            ]
        })
        .boxed()
}

/// Any condition: with the line at hand, and with `exists` and `all`.
pub fn conditions() -> BoxedStrategy<Tree> {
    let lines = (prop::sample::select(vec!["exists", "all"]), truth(2, true).prop_map(Box::new))
        .prop_map(|(quantifier, body)| Tree::Lines(quantifier, body));
    joined(prop_oneof![3 => truth(2, true), 1 => lines].boxed(), 3)
}

/// Conditions of the shapes that an index understands, mixed with any others. Each is about
/// three facts only, so that both sides of an `||` often speak of the same one.
pub fn indexable_conditions() -> BoxedStrategy<Tree> {
    let all: Vec<Fact> = FACTS.iter().chain(LINE_FACTS).map(|(fact, _)| *fact).collect();
    prop::collection::vec(prop::sample::select(all), 3).prop_flat_map(indexable_about).boxed()
}

fn indexable_about(facts: Vec<Fact>) -> BoxedStrategy<Tree> {
    let operators = prop::sample::select(vec!["==", ">=", ">", "<="]);
    let simple = (prop::sample::select(facts), operators, any::<u16>(), any::<bool>()).prop_map(
        |(fact, operator, chance, turned)| {
            let kind = fact.kind(&environment());
            let has_order = !matches!(kind, Type::Bool | Type::Text);
            let operator = if has_order { operator } else { "==" };
            let fact = Box::new(Tree::Fact(fact));
            let literal = Box::new(Tree::Literal(literal(kind, chance)));
            let (left, right) = if turned { (literal, fact) } else { (fact, literal) };
            Tree::Compare(operator, left, right)
        },
    );
    let leaves = prop_oneof![6 => simple, 1 => comparison(0, true)].boxed();
    let quantifiers = prop::sample::select(vec!["exists", "exists", "all"]);
    let lines = (quantifiers, joined(leaves.clone(), 2))
        .prop_map(|(quantifier, body)| Tree::Lines(quantifier, Box::new(body)));
    joined(prop_oneof![3 => leaves, 1 => lines].boxed(), 3)
}
