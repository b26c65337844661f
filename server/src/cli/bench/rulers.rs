//! What the decision of a receipt is laid beside: work of a known size, done in the same moments
//! on the same machine, so that the ratio says the same wherever it is measured.
//!
//! The rulers are not part of the product, and must stay as plain as they are.

use super::checkout::{CartIn, RuleIn};
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;
use symbolon_core::engine::Purchase;

/// Runs a job and says how many nanoseconds it took. What it made is dropped afterwards.
pub fn timed<R>(job: impl FnOnce() -> R) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
    let started = Instant::now();
    let made = black_box(job());
    let elapsed = started.elapsed();
    drop(made);
    u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX)
}

/// A receipt in the form of the neutral workload.
pub fn cart_text(purchase: &Purchase) -> String {
    let line = |(number, line): (usize, &symbolon_core::engine::Line)| {
        let (pieces, price) = (line.quantity.units() / 1_000, line.unit_price.units());
        json!({
            "id": format!("cart-01-l{number}"), "sku": line.product, "category": line.category,
            "quantity": pieces, "unit_price": price, "subtotal": pieces * price,
        })
    };
    let lines: Vec<_> = (1..).zip(&purchase.lines).map(line).collect();
    let subtotal: i64 = lines.iter().filter_map(|line| line["subtotal"].as_i64()).sum();
    json!({
        "id": "cart-01", "group": "", "store": purchase.location, "subtotal": subtotal,
        "lines": lines,
    })
    .to_string()
}

/// Reads a receipt from JSON into a structure, as every server must before it decides anything.
pub fn read_cart(text: &str) -> Option<CartIn> {
    serde_json::from_str(black_box(text)).ok()
}

/// Tries every rule on a receipt, one after the other, and says how many match: what a shop's
/// own program would do at its simplest, without working anything out.
pub fn plain_loop(rules: &[RuleIn], cart: &CartIn) -> usize {
    black_box(rules).iter().filter(|rule| matches(rule, cart)).count()
}

fn matches(rule: &RuleIn, cart: &CartIn) -> bool {
    let among = |names: &Option<Vec<String>>, name: &String| {
        names.as_ref().is_none_or(|names| names.contains(name))
    };
    let named = |names: &Option<Vec<String>>, name: &String| {
        names.as_ref().is_some_and(|names| names.contains(name))
    };
    let target = &rule.target;
    let is_targeted = target.order
        || cart.lines.iter().any(|line| {
            named(&target.categories, &line.category) || named(&target.skus, &line.sku)
        });
    rule.when.min_subtotal.is_none_or(|least| cart.subtotal >= least)
        && among(&rule.when.groups, &cart.group)
        && among(&rule.when.stores, &cart.store)
        && is_targeted
}
