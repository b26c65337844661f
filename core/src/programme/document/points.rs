//! Point kinds: `[points.miles]`.

use super::companies::read_split;
use super::people::read_transfer;
use super::{environment_of, read_condition};
use crate::condition::{Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    EventKind, ExpiryRule, MostPoints, OnReturn, OwnPoints, PendingRule, PointKind, PointPayment,
    Settings, Shortfall,
};
use crate::values::{CalendarUnit, Period, Points, Rate, Rounding};
use std::ops::Range;
use toml::de::DeTable;

/// More decimals than this serve no programme and bring sums near to the limits of 64 bits.
const DECIMALS_MAX: i64 = 6;
/// Ends of ranges are there to keep sums within 64 bits.
const POINTS_MAX: i64 = 1_000_000_000_000;

/// Reads the kinds, and where it is said of some what fills a card: that is read when all that it
/// may name is there.
pub fn read_points<'a>(
    reader: &Reader<'a>,
    fields: &mut Fields<'_, 'a>,
    events: &[EventKind],
    settings: Settings,
) -> (Vec<PointKind>, Vec<(usize, Node<'a>)>) {
    let (mut kinds, mut cards) = (Vec::new(), Vec::new());
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
        let pending = table
            .optional("pending")
            .and_then(|node| read_pending(reader, node, events))
            .unwrap_or(PendingRule::Nothing);
        let shortfall = table
            .optional("shortfall")
            .and_then(|node| {
                let words = [
                    ("debt", Shortfall::Debt),
                    ("forgiven", Shortfall::Forgiven),
                    ("withheld", Shortfall::Withheld),
                ];
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
        let at_most = table
            .optional("at_most")
            .map_or_else(MostPoints::default, |node| read_most(reader, node, decimals));
        let on_return = table.optional("on_return").and_then(|node| {
            reader.choice(node, &[("taken-back", OnReturn::TakenBack), ("kept", OnReturn::Kept)])
        });
        let restored_grace = table.optional("restored_grace").and_then(|node| reader.period(node));
        let split = table.optional("split").and_then(|node| read_split(reader, node));
        let transfer = table
            .optional("transfer")
            .and_then(|node| read_transfer(reader, node, decimals, spendable));
        check_shortfall(reader, table.span(), settings, shortfall, worth);
        cards.extend(table.optional("card").map(|node| (kinds.len(), node)));
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
            at_most,
            on_return: on_return.unwrap_or(OnReturn::TakenBack),
            restored_grace,
            split,
            transfer,
            card: None,
        });
    }
    (kinds, cards)
}

/// Whether what a return does to missing points fits the rest of what the kind says.
fn check_shortfall(
    reader: &Reader<'_>,
    span: Range<usize>,
    settings: Settings,
    shortfall: Shortfall,
    worth: Option<Rate>,
) {
    // A part that comes back before what its points had paid for would find them spent, and
    // what is let go then would be there when the rest comes back.
    if settings.own_points == OwnPoints::SameReceipt && shortfall != Shortfall::Debt {
        reader.error(
            span.clone(),
            "points that pay on the receipt that earns them must be owed at a return",
            "with own_points = \"same-receipt\" write shortfall = \"debt\", or leave it out",
        );
    }
    if shortfall == Shortfall::Withheld && worth.is_none() {
        reader.error(
            span,
            "points of unknown worth cannot be kept back from money",
            "say what one is worth: worth = \"0.01\"",
        );
    }
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
    let environment = environment_of(scope, &[], &[], &[], &[], None);
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

fn read_most<'a>(reader: &Reader<'a>, node: Node<'a>, decimals: u8) -> MostPoints {
    let Some(mut table) = reader.fields(node, "the most points") else {
        return MostPoints::default();
    };
    let mut most = |name| {
        let node = table.optional(name)?;
        reader.decimal_within(node, decimals, 1..=POINTS_MAX, "above zero").map(Points::new)
    };
    let [per_receipt, per_day, per_month] = ["per_receipt", "per_day", "per_month"].map(&mut most);
    let most = MostPoints { per_receipt, per_day, per_month };
    if most.is_none() && node.get_ref().as_table().is_some_and(DeTable::is_empty) {
        reader.error(node.span(), "it is not said of how much", "write { per_day = 500 }");
    }
    table.finish();
    most
}

/// What points wait for: a time, a date, the end of a period, or a declared event.
fn read_pending<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    events: &[EventKind],
) -> Option<PendingRule> {
    let text = reader.text(node)?;
    let until = text.strip_prefix("until ");
    let (then, event) = match text.split_once(" after ") {
        Some((period, event)) => (Period::parse(period), Some(event)),
        None => (Some(Period::NONE), until),
    };
    let declared = event.and_then(|event| events.iter().find(|known| known.key.as_str() == event));
    let unit = until.and_then(|until| until.strip_prefix("the end of the "));
    let pending = if let Some(period) = Period::parse(text) {
        Some(PendingRule::For(period))
    } else if let Some(day) = until.and_then(|until| until.parse().ok()) {
        Some(PendingRule::UntilDay(day))
    } else if let Some(unit) = unit.and_then(CalendarUnit::parse) {
        Some(PendingRule::UntilEndOf(unit))
    } else {
        let event = declared.map(|event| event.key.clone());
        event.zip(then).map(|(event, then)| PendingRule::AfterEvent { event, then })
    };
    if pending.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` does not say what points wait for"),
            "one of: 14 days; until 2027-01-15; until the end of the month (or year, quarter, \
             week, day); until delivered; 14 days after delivered, where [event.delivered] is \
             declared",
        );
    }
    pending
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
