//! Discounts: `discount = { … }` of a rule or a reward, and `[stacking]`.
//!
//! What stands there and cannot be read is a problem of its own; what is missing or stands
//! together without a meaning is told once.

use super::rule::read_moment;
use super::{Declared, read_condition};
use crate::condition::{Condition, Expected, Fact, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Bundle, BundlePart, BuyAndGet, Discount, DiscountAmount, Discounting, Each, FreePiece,
    FreePieces, FreeSets, Got, Plain, PriceBase, SetRepeats, Stacking, Step, StepFrom, Steps,
    StepsBy,
};
use crate::values::{Money, Rate};
use std::collections::BTreeMap;

const HUNDRED_PER_CENT: i64 = 100_000_000;
/// More pieces than this are no promotion for people.
const PIECES_MAX: i64 = 1_000_000;
/// Each further part doubles the work of finding out how many bundles fit.
const BUNDLE_PARTS_MAX: usize = 6;
const STEPS_MAX: usize = 100;
const PRICES_MAX: usize = 100_000;

pub(super) fn read_discount<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Discounting> {
    let mut table = reader.fields(node, "the discount")?;
    let nodes = AmountNodes::of(&mut table);
    let at_most = table.optional("at_most").map(|node| reader.money(node, declared.currency));
    let filter = read_filter(reader, &mut table, "where", declared);
    let form = Form::of(&table);
    let what = match form {
        Form::Plain => read_plain(reader, &mut table, &nodes, declared).map(Discount::Plain),
        Form::Prices => read_prices(reader, &mut table, declared).map(Discount::Prices),
        Form::Steps => read_steps(reader, &mut table, declared).map(Discount::Steps),
        Form::Pieces => read_pieces(reader, &mut table, &nodes, declared).map(Discount::Pieces),
        Form::Bundle => read_bundle(reader, &mut table, &nodes, declared).map(Discount::Bundle),
    };
    let span = table.span();
    table.finish();
    if nodes.count() > 0 && matches!(form, Form::Prices | Form::Steps) {
        let hint = "percent, sum and price stand in each step; prices have their own amounts";
        reader.error(span.clone(), "it is not clear how large the discount is", hint);
        return None;
    }
    let is_price = |amount: DiscountAmount| matches!(amount, DiscountAmount::UnitPrice(_));
    let prices_all = match &what {
        Some(Discount::Plain(plain)) => is_price(plain.amount),
        Some(Discount::Steps(steps)) => steps.steps.iter().any(|step| is_price(step.amount)),
        _ => false,
    };
    if prices_all && matches!(filter, Filter::None) {
        reader.error(
            span,
            "a fixed price for every product of the receipt is hardly meant",
            "say which lines: where = 'line.category == \"…\"'",
        );
        return None;
    }
    let (filter, any_kind) = filter.known()?;
    let at_most = match at_most {
        Some(at_most) => Some(at_most?),
        None => None,
    };
    Some(Discounting { what: what?, filter, any_kind, at_most })
}

/// Which form a discount has, by the key that only that form knows.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    Prices,
    Steps,
    Pieces,
    Bundle,
}

impl Form {
    fn of(table: &Fields<'_, '_>) -> Self {
        let forms = [
            ("prices", Self::Prices),
            ("steps", Self::Steps),
            ("buy", Self::Pieces),
            ("nth", Self::Pieces),
            ("bundle", Self::Bundle),
        ];
        let found = forms.into_iter().find(|(key, _)| table.has(key));
        found.map_or(Self::Plain, |(_, form)| form)
    }
}

/// The keys that say how large a discount is.
struct AmountNodes<'a> {
    percent: Option<Node<'a>>,
    sum: Option<Node<'a>>,
    price: Option<Node<'a>>,
}

impl<'a> AmountNodes<'a> {
    fn of(table: &mut Fields<'_, 'a>) -> Self {
        Self {
            percent: table.optional("percent"),
            sum: table.optional("sum"),
            price: table.optional("price"),
        }
    }

    fn count(&self) -> usize {
        [self.percent, self.sum, self.price].iter().flatten().count()
    }

    /// The amount that stands there; `other` where none does.
    fn read(
        &self,
        reader: &Reader<'a>,
        declared: &Declared<'_>,
        span: std::ops::Range<usize>,
        other: Option<DiscountAmount>,
    ) -> Option<DiscountAmount> {
        match (self.percent, self.sum, self.price) {
            (Some(node), None, None) => read_percent(reader, node).map(DiscountAmount::Percent),
            (None, Some(node), None) => {
                reader.money(node, declared.currency).map(DiscountAmount::Sum)
            }
            (None, None, Some(node)) => {
                read_price(reader, node, declared).map(DiscountAmount::UnitPrice)
            }
            (None, None, None) if other.is_some() => other,
            _ => {
                reader.error(
                    span,
                    "it is not clear how large the discount is",
                    "exactly one of: percent, sum, price",
                );
                None
            }
        }
    }
}

pub(super) fn read_percent<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Rate> {
    reader
        .decimal_within(node, Rate::DECIMALS, 1..=HUNDRED_PER_CENT, "above 0, at most 100")
        .map(Rate::new)
}

fn read_price<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Option<Money> {
    let range = 0..=i64::MAX / 1_000_000;
    let exponent = declared.currency.exponent();
    reader.decimal_within(node, exponent, range, "zero or more").map(Money::new)
}

fn read_count<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<u32> {
    let words = "from 1 to 1000000";
    reader.decimal_within(node, 0, 1..=PIECES_MAX, words).and_then(|n| u32::try_from(n).ok())
}

/// A filter of lines as far as it could be read.
#[expect(clippy::large_enum_variant, reason = "it lives while a text is read, and only then")]
enum Filter {
    None,
    Unreadable,
    Known(Condition),
}

impl Filter {
    /// With whether it speaks of the kind of lines; nothing where it could not be read.
    fn known(self) -> Option<(Option<Condition>, bool)> {
        match self {
            Self::None => Some((None, false)),
            Self::Unreadable => None,
            Self::Known(filter) => {
                let any_kind = filter.mentions(Fact::LineKind);
                Some((Some(filter), any_kind))
            }
        }
    }
}

fn read_filter<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    key: &'static str,
    declared: &Declared<'_>,
) -> Filter {
    let Some(node) = table.optional(key) else { return Filter::None };
    let environment = declared.environment(Scope::LINES, None);
    match read_condition(reader, node, &environment, Expected::Bool) {
        Some(filter) => Filter::Known(filter),
        None => Filter::Unreadable,
    }
}

fn read_plain<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    nodes: &AmountNodes<'a>,
    declared: &Declared<'_>,
) -> Option<Plain> {
    let each_node = table.optional("each");
    let each = each_node.map(|node| {
        let words = [("receipt", Each::Receipt), ("line", Each::Line), ("piece", Each::Piece)];
        reader.choice(node, &words)
    });
    let base = table.optional("base").map(|node| {
        let words = [("price", PriceBase::Price), ("lowest-price", PriceBase::LowestPrice)];
        reader.choice(node, &words)
    });
    let pieces = table.optional("pieces").map(|node| read_count(reader, node));
    let span = table.span();
    if each_node.is_some() && nodes.sum.is_none() {
        reader.error(span.clone(), "`each` speaks of a `sum`, which is missing", "");
    }
    let from_lowest = matches!(base, Some(Some(PriceBase::LowestPrice)));
    if from_lowest && nodes.percent.is_none() {
        let hint = "write percent = …, base = \"lowest-price\"";
        reader.error(span.clone(), "only a percentage has a base", hint);
    }
    if from_lowest && pieces.is_some() {
        let hint = "leave `pieces` out";
        reader.error(span.clone(), "a reduced price holds for every piece", hint);
    }
    let amount = nodes.read(reader, declared, span, None)?;
    let pieces = match pieces {
        Some(pieces) => Some(pieces?),
        None => None,
    };
    Some(Plain {
        amount,
        base: base.unwrap_or(Some(PriceBase::Price))?,
        each: each.unwrap_or(Some(Each::Receipt))?,
        pieces,
    })
}

fn read_prices<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<BTreeMap<Box<str>, Money>> {
    let node = table.optional("prices")?;
    let Some(listed) = node.get_ref().as_table() else {
        let hint = "write prices = { milk = \"1.99\" }";
        reader.error(node.span(), "expected a table of prices by product", hint);
        return None;
    };
    if listed.is_empty() || listed.len() > PRICES_MAX {
        reader.error(node.span(), format!("expected 1 to {PRICES_MAX} prices"), "");
        return None;
    }
    let mut prices = BTreeMap::new();
    for (product, price) in listed {
        if let Some(price) = read_price(reader, price, declared) {
            prices.insert(product.get_ref().as_ref().into(), price);
        }
    }
    Some(prices)
}

fn read_steps<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Steps> {
    let steps_node = table.optional("steps")?;
    let by_node = table.optional("by");
    let measure_node = table.optional("measure");
    let by = match (by_node, measure_node) {
        (Some(node), None) => read_steps_by(reader, node, declared)?,
        (None, Some(node)) => {
            let environment = declared.environment(Scope::MEASURE, None);
            let measure = read_condition(reader, node, &environment, Expected::Number)?;
            StepsBy::Measure(Box::new(measure))
        }
        _ => {
            reader.error(
                steps_node.span(),
                "it is not clear what the steps are reached by",
                "exactly one of: by = \"quantity\" (line-quantity, amount, date, tier:NAME); \
                 measure = 'member.spent(months(12))'",
            );
            return None;
        }
    };
    let nodes = reader.list(steps_node);
    let is_list = steps_node.get_ref().as_array().is_some();
    if is_list && (nodes.is_empty() || nodes.len() > STEPS_MAX) {
        reader.error(steps_node.span(), format!("expected 1 to {STEPS_MAX} steps"), "");
        return None;
    }
    let mut steps = Vec::with_capacity(nodes.len());
    for node in nodes {
        let Some(step) = read_step(reader, node, &by, declared) else { continue };
        if let Some(before) = steps.last().map(|before: &Step| before.from)
            && !is_later(before, step.from)
        {
            let hint = "begin with the lowest, or with the earliest";
            reader.error(node.span(), "the steps are not in order", hint);
        }
        steps.push(step);
    }
    is_list.then_some(Steps { by, steps })
}

fn is_later(before: StepFrom, after: StepFrom) -> bool {
    match (before, after) {
        (StepFrom::Measure(before), StepFrom::Measure(after)) => before < after,
        (StepFrom::Until(before), StepFrom::Until(after)) => before < after,
        _ => false,
    }
}

fn read_steps_by<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<StepsBy> {
    let text = reader.text(node)?;
    if let Some(ladder) = text.strip_prefix("tier:") {
        let known: Vec<&str> = declared.ladders.iter().map(|ladder| ladder.key.as_str()).collect();
        return reader.reference_to(ladder, node.span(), "ladder", &known).map(StepsBy::Tier);
    }
    Some(match text {
        "quantity" => StepsBy::Quantity,
        "line-quantity" => StepsBy::LineQuantity,
        "amount" => StepsBy::Amount,
        "date" => StepsBy::Date,
        _ => {
            reader.error(
                node.span(),
                format!("`{text}` is nothing that steps are reached by"),
                "one of: quantity, line-quantity, amount, date, tier:NAME",
            );
            return None;
        }
    })
}

fn read_step<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    by: &StepsBy,
    declared: &Declared<'_>,
) -> Option<Step> {
    let mut table = reader.fields(node, "the step")?;
    let nodes = AmountNodes::of(&mut table);
    let from = match by {
        StepsBy::Date => table
            .required("until", "2027-04-30")
            .and_then(|node| read_moment(reader, node, declared, true))
            .map(StepFrom::Until),
        StepsBy::Tier(ladder) => {
            let tiers: Vec<&str> = declared.ladders.get(*ladder).map_or_else(Vec::new, |ladder| {
                ladder.tiers.iter().map(|tier| tier.key.as_str()).collect()
            });
            table
                .required("tier", "\"gold\"")
                .and_then(|node| reader.reference(node, "tier", &tiers))
                .and_then(|rank| i128::try_from(rank).ok())
                .map(StepFrom::Measure)
        }
        StepsBy::Quantity | StepsBy::LineQuantity | StepsBy::Amount | StepsBy::Measure(_) => {
            let decimals = match by {
                StepsBy::Amount => declared.currency.exponent(),
                StepsBy::Measure(_) => Rate::DECIMALS,
                _ => crate::values::Quantity::DECIMALS,
            };
            table
                .required("from", "10")
                .and_then(|node| {
                    let range = 0..=i64::MAX / 1_000_000;
                    reader.decimal_within(node, decimals, range, "zero or more")
                })
                .map(|from| StepFrom::Measure(i128::from(from)))
        }
    };
    let span = table.span();
    let amount = nodes.read(reader, declared, span, None);
    table.finish();
    Some(Step { from: from?, amount: amount? })
}

fn read_pieces<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    nodes: &AmountNodes<'a>,
    declared: &Declared<'_>,
) -> Option<BuyAndGet> {
    let nth_node = table.optional("nth");
    let (buy_node, get_node) = (table.optional("buy"), table.optional("get"));
    let free_node = table.optional("free");
    let free = free_node.map(|node| reader.choice(node, FreePiece::ANSWERS));
    let sets_node = table.optional("sets");
    let sets = sets_node.map(|node| reader.choice(node, FreeSets::ANSWERS));
    let same_node = table.optional("same_product");
    let same_product = same_node.map(|node| reader.boolean(node));
    let times = read_times(reader, table, declared);
    // What is not for nothing has to be on the receipt; so has the n-th piece.
    let among = nth_node.is_some() || nodes.count() > 0;
    let got = read_got(reader, table, declared, among);
    let (buy, get) = match (nth_node, buy_node) {
        (Some(nth), None) if get_node.is_none() => {
            let nth = read_count(reader, nth)?;
            if nth < 2 {
                let hint = "percent alone makes every piece cheaper";
                reader.error(table.span(), "the first piece is every piece", hint);
                return None;
            }
            (nth - 1, 1)
        }
        (None, Some(buy)) => {
            (read_count(reader, buy)?, get_node.map_or(Some(1), |get| read_count(reader, get))?)
        }
        _ => {
            let hint = "`nth` alone, or `buy` with `get`";
            reader.error(table.span(), "it is not clear how many one gets", hint);
            return None;
        }
    };
    let everything = Some(DiscountAmount::Percent(Rate::new(HUNDRED_PER_CENT)));
    let amount = nodes.read(reader, declared, table.span(), everything)?;
    let got = got?;
    let on_top = matches!(got, Got::Gift(_) | Got::Same(FreePieces::Added));
    if on_top && among {
        let hint = "leave nth, percent, sum and price out; or say which lines: get_where = '…'";
        reader.error(table.span(), "what is handed over on top costs nothing", hint);
    }
    if !matches!(got, Got::Same(FreePieces::Among)) && (sets_node.is_some() || same_node.is_some())
    {
        let hint = "`sets` and `same_product` speak of pieces that are free among the bought ones";
        reader.error(table.span(), "what one gets is not among what is bought", hint);
    }
    if on_top && free_node.is_some() {
        let hint = "leave `free` out";
        reader.error(table.span(), "no piece of the receipt becomes free", hint);
    }
    Some(BuyAndGet {
        buy,
        get,
        amount,
        got,
        times: times?,
        which: free.unwrap_or(Some(declared.settings.free_piece))?,
        sets: sets.unwrap_or(Some(declared.settings.free_sets))?,
        same_product: same_product.unwrap_or(Some(false))?,
    })
}

fn read_times<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Option<u32>> {
    let by_default = match declared.settings.set_repeats {
        SetRepeats::AsOftenAsItFits => None,
        SetRepeats::Once => Some(1),
    };
    match table.optional("times") {
        None => Some(by_default),
        Some(node) if node.get_ref().as_str() == Some("any") => Some(None),
        Some(node) => read_count(reader, node).map(Some),
    }
}

fn read_got<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
    among: bool,
) -> Option<Got> {
    let added = table.optional("free_pieces").map(|node| reader.choice(node, FreePieces::ANSWERS));
    let filter = read_filter(reader, table, "get_where", declared);
    let gift_node = table.optional("gift");
    let span = table.span();
    let filters = !matches!(filter, Filter::None);
    if [gift_node.is_some(), filters, added.is_some()].iter().filter(|said| **said).count() > 1 {
        let hint = "exactly one of: gift, get_where, free_pieces";
        reader.error(span, "it is not clear what one gets", hint);
        return None;
    }
    if let Some(node) = gift_node {
        let nodes = reader.one_or_more(node);
        if nodes.is_empty() {
            reader.error(node.span(), "there is no product to give", "name at least one");
        }
        let products: Option<Vec<String>> =
            nodes.into_iter().map(|node| reader.text(node).map(str::to_owned)).collect();
        return products.map(|products| Got::Gift(products.into()));
    }
    match filter.known()? {
        (Some(filter), any_kind) => Some(Got::Lines { filter, any_kind }),
        (None, _) => {
            let by_default = if among { FreePieces::Among } else { declared.settings.free_pieces };
            added.unwrap_or(Some(by_default)).map(Got::Same)
        }
    }
}

fn read_bundle<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    nodes: &AmountNodes<'a>,
    declared: &Declared<'_>,
) -> Option<Bundle> {
    let node = table.optional("bundle")?;
    let times = read_times(reader, table, declared);
    let amount = nodes.read(reader, declared, table.span(), None);
    if table.has("where") {
        let hint = "each part of the bundle has its own `where`";
        reader.error(table.span(), "a bundle has no lines of its own", hint);
    }
    let part_nodes = reader.list(node);
    let is_list = node.get_ref().as_array().is_some();
    if is_list && (part_nodes.is_empty() || part_nodes.len() > BUNDLE_PARTS_MAX) {
        reader.error(node.span(), format!("a bundle has 1 to {BUNDLE_PARTS_MAX} parts"), "");
        return None;
    }
    let all = part_nodes.len();
    let mut parts = Vec::with_capacity(all);
    for node in part_nodes {
        let mut part = reader.fields(node, "the part of the bundle")?;
        let pieces = part.optional("pieces").map_or(Some(1), |node| read_count(reader, node));
        let filter = read_filter(reader, &mut part, "where", declared);
        if matches!(filter, Filter::None) {
            let hint = "where = 'line.product == \"…\"'";
            reader.error(node.span(), "the part does not say which lines it means", hint);
        }
        part.finish();
        let (Some(filter), any_kind) = filter.known()? else { continue };
        parts.push(BundlePart { pieces: pieces?, filter, any_kind });
    }
    if all > 0 && parts.len() == all && parts.iter().map(|part| part.pieces).sum::<u32>() < 2 {
        let hint = "write price = … with a `where` instead";
        reader.error(node.span(), "one piece is no bundle", hint);
    }
    is_list.then_some(Bundle { parts, amount: amount?, times: times? })
}

/// `[stacking]`: the numbers that bound what discounts may do together.
pub(super) fn read_stacking<'a>(reader: &Reader<'a>, fields: &mut Fields<'_, 'a>) -> Stacking {
    let mut stacking = Stacking {
        most_rules: None,
        most_percent: None,
        margin_floor: None,
        effort: Stacking::EFFORT,
    };
    let node = fields.optional("stacking");
    let Some(mut table) = node.and_then(|node| reader.fields(node, "the stacking")) else {
        return stacking;
    };
    stacking.most_rules = table.optional("most_rules").and_then(|node| read_count(reader, node));
    stacking.most_percent =
        table.optional("most_percent").and_then(|node| read_percent(reader, node));
    stacking.margin_floor =
        table.optional("margin_floor").and_then(|node| read_margin(reader, node));
    if let Some(effort) = table
        .optional("effort")
        .and_then(|node| reader.decimal_within(node, 0, 1..=1_000_000, "from 1 to 1000000"))
    {
        stacking.effort = u32::try_from(effort).unwrap_or(Stacking::EFFORT);
    }
    table.finish();
    stacking
}

/// A margin as a share of the price; below zero, so much of the cost may be given away.
fn read_margin<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Rate> {
    let range = -HUNDRED_PER_CENT..=HUNDRED_PER_CENT - 1;
    reader.decimal_within(node, Rate::DECIMALS, range, "from -100 to below 100").map(Rate::new)
}
