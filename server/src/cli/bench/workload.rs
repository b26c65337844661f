//! Programmes with any number of active rules, some of which match one receipt.

use clap::ValueEnum;
use std::fmt::Write;
use symbolon_core::engine::{Line, Presented, Purchase};
use symbolon_core::values::{InstrumentId, Money, Quantity};

/// What the rules are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Every kind of rule, among those that match as among those that do not.
    All,
    /// Earning, percentages, sums and prices alone.
    Plain,
}

/// The coupon that the receipt shows, where its programme has coupons.
pub const SHOWN: InstrumentId = InstrumentId::new(1 << 16);
/// The categories that sets and steps by quantity are about; the first two go over several
/// lines, so that there is a set as soon as each line has one piece.
const SET_CATEGORIES: [usize; 4] = [8, 10, 15, 16];

/// Ten rules of ten kinds that match the receipt.
const MATCHING_OF_ALL_KINDS: &str = r#"
[[rule]]
id = "m-points"
on = "purchase"
earn = [{ points = "points", give = 1, per = "1.00" }, { points = "status", give = 1, per = "10.00" }]

[[rule]]
id = "m-double"
on = "purchase"
earn = { points = "points", times = 2, where = 'line.category == "category-5"' }

[[rule]]
id = "m-group-percent"
on = "purchase"
group = "dairy"
discount = { percent = 5, where = 'line.category == "category-1"' }

[[rule]]
id = "m-group-sum"
on = "purchase"
group = "dairy"
discount = { sum = "1.00", where = 'line.category in ["category-1", "category-2"]' }

[[rule]]
id = "m-price"
on = "purchase"
when = 'receipt.location == "centre" && receipt.quantity >= 5'
limit = { total = 1000000, budget = "1000000.00" }
discount = { price = "2.00", where = 'line.product == "product-4"' }

[[rule]]
id = "m-quantity-steps"
on = "purchase"
discount = { by = "quantity", steps = [{ from = 2, percent = 5 }, { from = 50000, percent = 10 }], where = 'line.category == "category-8"' }

[[rule]]
id = "m-three-for-two"
on = "purchase"
discount = { buy = 2, get = 1, where = 'line.category == "category-10"', times = "any" }

[[rule]]
id = "m-bundle"
on = "purchase"
discount = { percent = 10, bundle = [{ where = 'line.category == "category-15"' }, { where = 'line.category == "category-16"' }] }

[[rule]]
id = "m-gift"
on = "purchase"
discount = { buy = 1, gift = ["mug", "spoon"], where = 'line.product == "product-17"' }

[[rule]]
id = "m-coupon"
on = "purchase"
coupon = "shown"
discount = { percent = 10, where = 'line.category == "category-19"' }
"#;

/// Ten rules of the simple kinds that match the receipt.
const MATCHING_PLAIN: &str = r#"
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

impl Kind {
    const fn matching(self) -> &'static str {
        match self {
            Self::All => MATCHING_OF_ALL_KINDS,
            Self::Plain => MATCHING_PLAIN,
        }
    }

    /// How many rules match the receipt, if it has all its lines.
    pub fn matching_rules(self) -> usize {
        self.matching().matches("[[rule]]").count()
    }

    /// The text of a programme with `rules` active rules.
    pub fn programme_text(self, rules: usize) -> String {
        let mut text = String::from(HEAD);
        if self == Self::All {
            text.push_str(COUPONS);
        }
        text.push_str(self.matching());
        for number in 0..rules.saturating_sub(self.matching_rules()) {
            let body = match self {
                Self::All => other_rule_of_any_kind(number),
                Self::Plain => other_plain_rule(number),
            };
            // Writing into a text cannot fail.
            let _ = write!(text, "\n[[rule]]\nid = \"o-{number}\"\non = \"purchase\"\n{body}\n");
        }
        text
    }

    /// The receipt; the lines of sets have `pieces` each, where that is said.
    pub fn purchase(self, lines: usize, pieces: Option<u32>) -> Purchase {
        let plain = Purchase {
            location: Some("centre".to_owned()),
            till: Some("1".to_owned()),
            lines: (1..=lines).map(line).collect(),
            ..Purchase::default()
        };
        if self == Self::Plain {
            return plain;
        }
        let mut purchase = Purchase {
            cashier: Some("7".to_owned()),
            codes: vec![Presented::Instrument(SHOWN)],
            ..plain
        };
        for (number, line) in (1..).zip(&mut purchase.lines) {
            let category = match number {
                8..=9 => 8,
                10..=12 => 10,
                _ => number,
            };
            line.category = Some(format!("category-{category}"));
            if let (true, Some(pieces)) = (SET_CATEGORIES.contains(&category), pieces) {
                line.quantity = Quantity::new(1_000 * i64::from(pieces));
            }
        }
        purchase
    }
}

const HEAD: &str = r#"format = 1
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
tier = [{ id = "red" }, { id = "silver", from = 20, multiplies = { points = "1.5" } }, { id = "gold", from = 1000000 }]

[[reward]]
id = "item"
name = { en = "Item" }
cost = { points = 50 }
gives = { item = {} }
"#;

const COUPONS: &str = r#"
[instrument.shown]
kind = "coupon"
name.en = "Shown"
uses = "any"

[instrument.other]
kind = "coupon"
name.en = "Other"
"#;

/// A rule of a simple kind that is in force and does not match: another category, product, shop
/// or tier.
pub fn other_plain_rule(number: usize) -> String {
    match number % 6 {
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
    }
}

/// A rule of any kind that is in force and does not match.
fn other_rule_of_any_kind(number: usize) -> String {
    let filter = format!("where = 'line.category == \"other-{number}\"'");
    let discount = |form: &str| format!("discount = {{ {form}, {filter} }}");
    match number % 14 {
        0 => discount(r#"sum = "1.00", each = "piece""#),
        1 => discount(r#"price = "2.00""#),
        2 => format!("discount = {{ prices = {{ other-{number} = \"3.00\" }} }}"),
        3 => discount(r#"by = "quantity", steps = [{ from = 2, percent = 5 }]"#),
        4 => discount("by = \"date\", steps = [{ until = 2027-04-30, percent = 15 }]"),
        5 => discount("buy = 2, get = 1"),
        6 => discount("nth = 2, percent = 50"),
        7 => format!(
            "discount = {{ percent = 10, bundle = [{{ where = 'line.category == \"category-15\"' }}, \
             {{ {filter} }}] }}"
        ),
        8 => discount(r#"buy = 1, gift = ["mug"]"#),
        9 => format!("coupon = \"other\"\n{}", discount("percent = 10")),
        10 => format!("group = \"dairy\"\n{}", discount("percent = 20")),
        11 => {
            format!("limit = {{ total = 100, budget = \"900.00\" }}\n{}", discount("percent = 9"))
        }
        12 => format!(
            "limit = [{{ per = \"cashier\", times = 3, every = \"day\" }}]\n\
             when = 'receipt.location == \"shop-{number}\"'\nearn = {{ points = \"points\", give = 5 }}"
        ),
        _ => other_plain_rule(number),
    }
}

/// A line of the receipt: each has another product and category.
fn line(number: usize) -> Line {
    Line {
        product: format!("product-{number}"),
        category: Some(format!("category-{number}")),
        brand: None,
        quantity: Quantity::new(1_000 + 1_000 * i64::try_from(number % 3).unwrap_or(0)),
        unit_price: Money::new(250 + 35 * i64::try_from(number).unwrap_or(0)),
        ..Line::default()
    }
}
