//! Point kinds: `[points.miles]`.

use super::{environment_of, read_condition};
use crate::condition::{Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{ExpiryRule, PointKind, PointPayment, Shortfall};
use crate::values::{CalendarUnit, Period, Points, Rate, Rounding};

/// More decimals than this serve no programme and bring sums near to the limits of 64 bits.
const DECIMALS_MAX: i64 = 6;

pub fn read_points(reader: &Reader<'_>, fields: &mut Fields<'_, '_>) -> Vec<PointKind> {
    let mut kinds = Vec::new();
    for (key, _, node) in fields.named("points") {
        let Some(mut table) = reader.fields(node, "the point kind") else { continue };
        let name = table
            .required("name", "{ en = { one = \"point\", other = \"points\" } }")
            .map(|node| reader.texts(node, true))
            .unwrap_or_default();
        let decimals = table
            .optional("decimals")
            .and_then(|node| reader.decimal_within(node, 0, 0..=DECIMALS_MAX, "from 0 to 6"))
            .and_then(|decimals| u8::try_from(decimals).ok())
            .unwrap_or(0);
        let spendable =
            table.optional("spendable").and_then(|node| reader.boolean(node)).unwrap_or(true);
        let expires = table
            .optional("expires")
            .and_then(|node| read_expiry(reader, node))
            .unwrap_or(ExpiryRule::Never);
        let pending =
            table.optional("pending").and_then(|node| reader.period(node)).unwrap_or(Period::NONE);
        let shortfall = table
            .optional("shortfall")
            .and_then(|node| {
                let words = [("debt", Shortfall::Debt), ("forgiven", Shortfall::Forgiven)];
                reader.choice(node, &words)
            })
            .unwrap_or(Shortfall::Debt);
        let rounding = table
            .optional("rounding")
            .and_then(|node| {
                let words = Rounding::ALL.map(|rounding| (rounding.name(), rounding));
                reader.choice(node, &words)
            })
            .unwrap_or(Rounding::Down);
        let worth_node = table.optional("worth");
        let worth = worth_node.and_then(|node| read_worth(reader, node));
        let pays_node = table.optional("pays");
        let pays = pays_node.and_then(|node| read_payment(reader, node, decimals));
        if let Some(node) = pays_node {
            check_payment(reader, node, worth_node.is_some(), spendable);
        }
        table.finish();
        kinds.push(PointKind {
            key,
            name,
            decimals,
            spendable,
            expires,
            pending,
            shortfall,
            rounding,
            worth,
            pays,
        });
    }
    kinds
}

/// Units of money for one point, as an exact decimal.
fn read_worth<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Rate> {
    let range = 1..=1_000_000 * Rate::ONE.units();
    let words = "above 0, at most 1000000 units of money for a point";
    reader.decimal_within(node, Rate::DECIMALS, range, words).map(Rate::new)
}

fn check_payment<'a>(reader: &Reader<'a>, node: Node<'a>, has_worth: bool, spendable: bool) {
    if !has_worth {
        let hint = "add worth = \"0.01\" to the point kind: money for one point";
        reader.error(node.span(), "nobody knows what a point pays", hint);
    }
    if !spendable {
        let hint = "leave `spendable = false` out, or `pays`";
        reader.error(node.span(), "points that cannot be spent cannot pay", hint);
    }
}

fn read_payment<'a>(reader: &Reader<'a>, node: Node<'a>, decimals: u8) -> Option<PointPayment> {
    let mut table = reader.fields(node, "how points pay")?;
    let step = table.optional("step").map(|node| {
        let range = 1..=1_000_000_000_000;
        reader.decimal_within(node, decimals, range, "above zero").map(Points::new)
    });
    let at_most = table.optional("at_most_percent").map(|node| {
        let range = 1..=100 * Rate::ONE.units();
        reader.decimal_within(node, Rate::DECIMALS, range, "above 0, at most 100").map(Rate::new)
    });
    // Lines, the receipt and the day are the same for every programme; what a programme declares
    // of its members is read after its points.
    let scope = Scope { member: false, ..Scope::LINES };
    let environment = environment_of(scope, &[], &[], &[], None);
    let filter = table
        .optional("where")
        .map(|node| read_condition(reader, node, &environment, Expected::Bool));
    table.finish();
    Some(PointPayment {
        step: step.unwrap_or(Some(Points::new(1)))?,
        at_most: at_most.unwrap_or(Some(Rate::new(100 * Rate::ONE.units())))?,
        filter: match filter {
            Some(filter) => Some(filter?),
            None => None,
        },
    })
}

fn read_expiry<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<ExpiryRule> {
    let text = reader.text(node)?;
    let expiry = parse_expiry(text);
    if expiry.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` does not say when points expire"),
            "one of: never; 12 months after earning; end of the year; 3 months after the end of \
             the year (or quarter, month, week, day); 36 months after the last activity",
        );
    }
    expiry
}

fn parse_expiry(text: &str) -> Option<ExpiryRule> {
    if text == "never" {
        return Some(ExpiryRule::Never);
    }
    if let Some(unit) = text.strip_prefix("end of the ") {
        let unit = CalendarUnit::parse(unit)?;
        return Some(ExpiryRule::AfterCalendar { unit, then: Period::NONE });
    }
    let (period, event) = text.split_once(" after ")?;
    let period = Period::parse(period)?;
    match event {
        "earning" => Some(ExpiryRule::AfterEarning(period)),
        "the last activity" => Some(ExpiryRule::AfterActivity(period)),
        _ => {
            let unit = CalendarUnit::parse(event.strip_prefix("the end of the ")?)?;
            Some(ExpiryRule::AfterCalendar { unit, then: period })
        }
    }
}
