//! Prices: every form of a discount, which of them stand together, and the floors beneath them.

mod book;
mod draw;
mod personal;
mod plain;
mod properties;
mod quiet;
mod returned;
mod sets;
mod solver;
mod stacking;
mod steps;

use crate::support::{Desk, in_dollars, line_in, money, net, purchase};
use symbolon_core::engine::{Decision, Effect, Line, LineKind};

const JOINED: &str = "2027-01-03T10:00:00Z";
const BOUGHT: &str = "2027-01-03T12:00:00Z";

/// A rule with a discount; `keys` are further lines of it.
pub fn rule(id: &str, keys: &str, discount: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\non = \"purchase\"\n{keys}\ndiscount = {{ {discount} }}\n")
}

/// A programme in dollars with settings such as `spare_cent = "first-line"`.
pub fn with(settings: &str, rules: &[String]) -> String {
    in_dollars(&format!("[settings]\n{settings}\n{}", rules.concat()))
}

/// Pieces of a product that is its own category too, at a price in cents.
pub fn goods(product: &str, how_much: &str, cents: i64) -> Line {
    line_in(product, product, how_much, cents)
}

pub fn with_cost(line: Line, cents: i64) -> Line {
    Line { unit_cost: Some(money(cents)), ..line }
}

pub fn of_kind(kind: LineKind, line: Line) -> Line {
    Line { kind, ..line }
}

/// What a member's receipt comes to.
pub fn decided(programme: &str, lines: &[Line]) -> Decision {
    let mut desk = Desk::with_member(programme, JOINED);
    desk.does(BOUGHT, purchase(lines.to_vec())).1
}

/// What is left to pay of each line.
pub fn paid(programme: &str, lines: &[Line]) -> Vec<i64> {
    net(&decided(programme, lines))
}

/// What is left to pay in all.
pub fn total(programme: &str, lines: &[Line]) -> i64 {
    paid(programme, lines).iter().sum()
}

/// What is handed over on top: how many pieces, and the products to choose from.
pub fn gifts(decision: &Decision) -> Vec<(u32, Vec<String>)> {
    let gift = |effect: &Effect| match effect {
        Effect::FreeItem { pieces, products, .. } => Some((*pieces, products.to_vec())),
        _ => None,
    };
    decision.effects.iter().filter_map(gift).collect()
}
