//! Random rules of every form, with groups, and random receipts: for the properties of prices.

use super::{goods, of_kind, rule};
use crate::support::{in_dollars, money};
use proptest::prelude::*;
use proptest::sample::select;
use symbolon_core::engine::{Line, LineKind};

/// A rule as it was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub discount: String,
    pub group: Option<u8>,
    pub exclusive: bool,
    pub priority: i8,
    /// The least total that the receipt must have, in dollars.
    pub from: Option<u32>,
}

impl Drawn {
    pub fn excludes(&self, other: &Self) -> bool {
        let same_group = self.group.is_some() && self.group == other.group;
        same_group || self.exclusive || other.exclusive
    }

    /// The text of the rule; alone, nothing excludes it.
    pub fn text(&self, place: usize, alone: bool) -> String {
        let mut keys = format!("priority = {}\n", self.priority);
        if let (Some(group), false) = (self.group, alone) {
            keys.push_str(&format!("group = \"g{group}\"\n"));
        }
        if self.exclusive && !alone {
            keys.push_str("exclusive = true\n");
        }
        if let Some(from) = self.from {
            keys.push_str(&format!("when = 'receipt.total >= {from}'\n"));
        }
        rule(&format!("r{place:02}"), &keys, &self.discount)
    }
}

/// A programme's settings and caps.
#[derive(Debug, Clone)]
pub struct Policy {
    pub settings: Vec<String>,
    pub threshold: &'static str,
    pub most_percent: Option<u8>,
    pub margin: Option<i8>,
}

impl Policy {
    /// The programme with some rules; `more` are further settings, `caps` further caps.
    pub fn text(&self, more: &str, caps: &str, rules: &[String]) -> String {
        let mut text = format!("[settings]\nthreshold = \"{}\"\n", self.threshold);
        text.push_str(&format!("{}\n{more}\n[stacking]\n{caps}\n", self.settings.join("\n")));
        if let Some(most) = self.most_percent {
            text.push_str(&format!("most_percent = {most}\n"));
        }
        if let Some(margin) = self.margin {
            text.push_str(&format!("margin_floor = {margin}\n"));
        }
        text.push_str(&rules.concat());
        in_dollars(&text)
    }
}

const PRODUCTS: [&str; 4] = ["a", "b", "c", "d"];

fn product() -> impl Strategy<Value = &'static str> {
    select(PRODUCTS.to_vec())
}

/// A filter that means one product, two, or every line.
fn filter() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => product().prop_map(|product| format!("line.product == \"{product}\"")),
        2 => (product(), product())
            .prop_map(|(one, two)| format!("line.product in [\"{one}\", \"{two}\"]")),
        1 => Just("line.unit_price >= 0".to_owned()),
        1 => Just("line.kind == \"delivery\"".to_owned()),
    ]
}

fn amount() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(vec!["5", "10", "12.5", "33.333333", "50", "100"])
            .prop_map(|percent| format!("percent = {percent:?}")),
        2 => (1_u32..900).prop_map(|sum| format!("sum = \"{}.{:02}\"", sum / 100, sum % 100)),
        1 => (0_u32..400).prop_map(|price| format!("price = \"{}.{:02}\"", price / 100, price % 100)),
    ]
}

/// The forms that take pieces together.
pub fn set_forms() -> impl Strategy<Value = String> {
    let times = prop_oneof![Just(String::new()), (1_u32..4).prop_map(|n| format!(", times = {n}"))];
    let which = select(vec!["", ", free = \"cheapest\"", ", free = \"dearest\""]);
    let sets = select(vec!["", ", sets = \"together\"", ", same_product = true"]);
    let same = (1_u32..4, 1_u32..3, prop::option::of(amount()), filter(), sets);
    let same = same.prop_map(|(buy, get, amount, filter, sets)| {
        let amount = amount.map_or(String::new(), |amount| format!(", {amount}"));
        format!("buy = {buy}, get = {get}{amount}{sets}, where = '{filter}'")
    });
    let nth = (2_u32..5, amount()).prop_map(|(nth, amount)| format!("nth = {nth}, {amount}"));
    let other = (1_u32..3, filter(), filter()).prop_map(|(buy, filter, got)| {
        format!("buy = {buy}, where = '{filter}', get_where = '{got}'")
    });
    let bundle = (prop::collection::vec((1_u32..3, filter()), 2..4), amount());
    let bundle = bundle.prop_map(|(parts, amount)| {
        let part = |(pieces, filter): &(u32, String)| {
            format!("{{ pieces = {pieces}, where = '{filter}' }}")
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        format!("bundle = [{}], {amount}", parts.join(", "))
    });
    let sets = prop_oneof![
        (same, which.clone()).prop_map(|(set, which)| format!("{set}{which}")),
        (nth, which.clone()).prop_map(|(set, which)| format!("{set}{which}")),
        (other, which).prop_map(|(set, which)| format!("{set}{which}")),
        bundle,
    ];
    (sets, times).prop_map(|(set, times)| format!("{set}{times}"))
}

fn other_forms() -> impl Strategy<Value = String> {
    let keys = select(vec!["", "", ", pieces = 1", ", pieces = 2"]);
    let plain = (amount(), filter(), keys, select(vec!["", "line", "piece"]));
    let plain = plain.prop_map(|(amount, filter, keys, each)| {
        let is_sum = amount.starts_with("sum") && !each.is_empty();
        let each = if is_sum { format!(", each = {each:?}") } else { String::new() };
        format!("{amount}{each}{keys}, where = '{filter}'")
    });
    let whole = select(vec!["percent = 10", "percent = 15", "sum = 3", "sum = 7", "percent = 100"]);
    let lowest = select(vec!["10", "30"])
        .prop_map(|percent| format!("percent = {percent}, base = \"lowest-price\""));
    let list = (0_u32..500, product()).prop_map(|(cents, product)| {
        format!("prices = {{ {product} = \"{}.{:02}\" }}", cents / 100, cents % 100)
    });
    let steps = (filter(), select(vec!["quantity", "line-quantity", "amount"]), amount(), amount());
    let steps = steps.prop_map(|(filter, by, one, two)| {
        format!(
            "steps = [{{ from = 2, {one} }}, {{ from = 6, {two} }}], by = \"{by}\", where = '{filter}'"
        )
    });
    prop_oneof![
        3 => plain,
        2 => whole.prop_map(str::to_owned),
        1 => lowest,
        1 => list,
        1 => steps,
    ]
}

fn discount() -> impl Strategy<Value = String> {
    let cap = prop::option::weighted(0.15, 1_u32..9);
    let form = prop_oneof![3 => other_forms(), 2 => set_forms()];
    (form, cap).prop_map(|(form, cap)| match cap {
        Some(cap) => format!("{form}, at_most = {cap}"),
        None => form,
    })
}

pub fn rules(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let group = prop::option::weighted(0.6, 0_u8..3);
    let from = prop::option::weighted(0.15, 1_u32..40);
    let rule = (discount(), group, prop::bool::weighted(0.15), -1_i8..2, from).prop_map(
        |(discount, group, exclusive, priority, from)| Drawn {
            discount,
            group,
            exclusive,
            priority,
            from,
        },
    );
    prop::collection::vec(rule, 1..=most)
}

/// Whole pieces only, or weights too.
pub fn lines(pieces_most: i64) -> impl Strategy<Value = Vec<Line>> {
    let many = prop_oneof![
        6 => (1..=pieces_most).prop_map(|pieces| pieces * 1_000),
        1 => 1_i64..3_000,
    ];
    let shop = (prop::option::weighted(0.4, 0_i64..900), prop::option::weighted(0.3, 1_i64..900));
    let line = (product(), many, 0_i64..1_000, shop, prop::bool::weighted(0.1)).prop_map(
        |(product, many, price, (cost, lowest), is_delivery)| {
            let kind = if is_delivery { LineKind::Delivery } else { LineKind::Goods };
            Line {
                quantity: symbolon_core::values::Quantity::new(many),
                unit_cost: cost.map(money),
                lowest_price: lowest.map(money),
                ..of_kind(kind, goods(product, "1", price))
            }
        },
    );
    prop::collection::vec(line, 1..6)
}

/// Every choice of prices at random; those that look at the order of the receipt only where
/// they are wanted.
pub fn policies(by_place: bool) -> impl Strategy<Value = Policy> {
    let any_of = |key: &'static str, answers: &[&'static str]| {
        prop::option::weighted(0.4, select(answers.to_vec()))
            .prop_map(move |answer| answer.map(|answer| format!("{key} = \"{answer}\"")))
    };
    let (cents, pieces): (&[&str], &[&str]) = if by_place {
        (
            &["largest-remainder", "first-line", "last-line"],
            &["cheapest", "dearest", "receipt-order"],
        )
    } else {
        (&["largest-remainder"], &["cheapest", "dearest"])
    };
    let one = (
        any_of("spare_cent", cents),
        any_of("free_piece", pieces),
        any_of("discount_rounding", &["once", "line", "piece", "price"]),
        any_of("rounding_direction", &["half-up", "down", "up"]),
        any_of("floored_discount", &["sums-move", "moves", "lost"]),
        any_of("percentages", &["compound", "add", "best"]),
    );
    let two = (
        any_of("order", &["priority", "lines-first"]),
        any_of("shared_discount", &["by-amount", "by-quantity", "least-earned"]),
        any_of("limited_pieces", &["untouched", "lowered"]),
        any_of("set_pieces", &["once", "again"]),
        any_of("free_sets", &["each", "together"]),
        any_of("set_discount", &["whole-set", "free-pieces"]),
    );
    let threshold = select(vec!["handed-in", "handed-in", "after-discounts", "paid-goods"]);
    let caps = (prop::option::weighted(0.2, 5_u8..80), prop::option::weighted(0.3, -20_i8..60));
    (one, two, threshold, caps).prop_map(|(one, two, threshold, (most_percent, margin))| {
        let (a, b, c, d, e, f) = one;
        let (g, h, i, j, k, l) = two;
        let settings = [a, b, c, d, e, f, g, h, i, j, k, l].into_iter().flatten().collect();
        Policy { settings, threshold, most_percent, margin }
    })
}
