//! A programme with any number of active rules, ten of which match one receipt.

use std::fmt::Write;
use symbolon_core::engine::{Line, Purchase};
use symbolon_core::values::{Money, Quantity};

/// The rules that match the receipt: every kind of rule and of condition is among them.
const MATCHING: &str = r#"
[[rule]]
id = "m-points"
on = "purchase"
earn = [{ points = "points", give = 1, per = "1.00" }, { points = "status", give = 1, per = "10.00" }]

[[rule]]
id = "m-large-receipt"
on = "purchase"
when = 'receipt.total >= 50.00 && member.tier("club") >= "silver"'
earn = { points = "points", give = 25 }

[[rule]]
id = "m-coffee"
on = "purchase"
discount = { percent = 5, where = 'line.category == "category-1"' }

[[rule]]
id = "m-bakery"
on = "purchase"
discount = { percent = 3, where = 'line.category in ["category-2", "category-3"]' }

[[rule]]
id = "m-price"
on = "purchase"
discount = { price = "2.00", where = 'line.product == "product-4"' }

[[rule]]
id = "m-sum"
on = "purchase"
when = 'receipt.location == "centre" && receipt.quantity >= 5'
discount = { sum = "1.50" }

[[rule]]
id = "m-double"
on = "purchase"
earn = { points = "points", times = 2, where = 'line.category == "category-5"' }

[[rule]]
id = "m-product"
on = "purchase"
when = 'receipt.lines.exists(x, x.product == "product-6" && x.quantity >= 1)'
earn = { points = "points", give = 10 }

[[rule]]
id = "m-regulars"
on = "purchase"
when = 'member.visits(days(90)) >= 3 && receipt.lines.exists(x, x.category == "category-7")'
earn = { points = "points", give = 5 }

[[rule]]
id = "m-percent"
on = "purchase"
earn = { points = "points", percent = 1, where = 'line.category == "category-8"' }
"#;

/// The text of a programme with `rules` active rules.
pub fn programme_text(rules: usize) -> String {
    let mut text = String::from(
        r#"format = 1
id = "bench"
name = { en = "Bench" }
currency = "EUR"
timezone = "Europe/Oslo"

[points.points]
name.en = { one = "point", other = "points" }
expires = "12 months after earning"

[points.status]
name.en = { one = "status point", other = "status points" }
spendable = false

[ladder.club]
measure = 'earned("status", months(12))'
tier = [{ id = "red" }, { id = "silver", from = 20, multiplies = { points = "1.5" } }, { id = "gold", from = 5000 }]

[[reward]]
id = "item"
name = { en = "Item" }
cost = { points = 50 }
gives = { item = {} }
"#,
    );
    text.push_str(MATCHING);
    for number in 0..rules.saturating_sub(10) {
        push_other_rule(&mut text, number);
    }
    text
}

/// A rule that is in force and does not match: another category, product, shop or tier.
fn push_other_rule(text: &mut String, number: usize) {
    let body = match number % 6 {
        0 => format!("discount = {{ percent = 7, where = 'line.category == \"other-{number}\"' }}"),
        1 => format!("discount = {{ percent = 4, where = 'line.product == \"other-{number}\"' }}"),
        2 => format!(
            "when = 'receipt.location == \"shop-{number}\" && receipt.total >= 10.00'\n\
             earn = {{ points = \"points\", give = 10 }}"
        ),
        3 => format!(
            "when = 'receipt.lines.exists(x, x.category == \"other-{number}\" && x.amount >= 5.00)'\n\
             earn = {{ points = \"points\", times = 3 }}"
        ),
        4 => format!(
            "when = 'receipt.total >= {}.00'\ndiscount = {{ sum = \"5.00\" }}",
            5_000 + number
        ),
        _ => format!(
            "when = 'member.tier(\"club\") == \"gold\" && \
             receipt.lines.exists(x, x.product in [\"other-{number}\", \"more-{number}\"])'\n\
             earn = {{ points = \"points\", give = 3 }}"
        ),
    };
    // Writing into a text cannot fail.
    let _ = write!(text, "\n[[rule]]\nid = \"o-{number}\"\non = \"purchase\"\n{body}\n");
}

/// The receipt: each line another product and category.
pub fn purchase(lines: usize) -> Purchase {
    let line = |number: usize| Line {
        product: format!("product-{number}"),
        category: Some(format!("category-{number}")),
        brand: None,
        quantity: Quantity::new(1_000 + 1_000 * i64::try_from(number % 3).unwrap_or(0)),
        unit_price: Money::new(250 + 35 * i64::try_from(number).unwrap_or(0)),
        ..Line::default()
    };
    Purchase {
        location: Some("centre".to_owned()),
        till: Some("1".to_owned()),
        lines: (1..=lines).map(line).collect(),
        ..Purchase::default()
    }
}
