//! Percentages, sums and prices on whole lines, or on so many pieces of them.

use super::desk::{Desk, HUNDRED_PER_CENT, Offered, Portions, Room, View};
use crate::engine::decision::{DiscountHow, Refusal};
use crate::programme::{
    DiscountAmount, DiscountRounding, Each, FlooredDiscount, FreePiece, LimitedPieces, Percentages,
    Plain, PriceBase, RoundingDirection, SharedDiscount,
};
use crate::values::{Money, Overflow, Quantity, Rate, Rounding, divide, line_amount};
use std::cmp::Reverse;

/// A line that a discount is taken from: what is left to pay, what was handed in, how much.
#[derive(Debug, Clone, Copy)]
struct Target {
    line: u32,
    /// What is left to pay of the pieces that are meant.
    net: Money,
    /// What these pieces cost when they were handed in.
    handed_in: Money,
    quantity: Quantity,
    /// How much the floor of the line leaves to take off.
    room: Money,
}

/// Works a plain discount out on what is left of the lines.
pub(super) fn plain(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    plain: &Plain,
) -> Result<Offered, Refusal> {
    let (targets, portions) = match plain.pieces {
        None => (whole_lines(desk, view, lines)?, Portions::new()),
        Some(pieces) => some_pieces(desk, view, lines, i64::from(pieces))?,
    };
    let mut offered = match plain.amount {
        DiscountAmount::Percent(rate) => percent(desk, view, &targets, rate, plain.base)?,
        DiscountAmount::Sum(sum) => sum_off(desk, &targets, sum, plain.each)?,
        DiscountAmount::UnitPrice(price) => {
            let offered = new_prices(&targets, |_| Some(price))?;
            Offered { how: Some(DiscountHow::UnitPrice(price)), ..offered }
        }
    };
    if !portions.is_empty() {
        offered.more_mut().portions = portions;
    }
    Ok(offered)
}

fn whole_lines(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
) -> Result<Vec<Target>, Overflow> {
    let mut targets = Vec::with_capacity(lines.len());
    for line in lines {
        let net = view.net.get(*line as usize).copied().unwrap_or_default();
        if net.is_positive() {
            let (handed_in, quantity) = (desk.amount(*line), desk.quantity(*line));
            let room = desk.capacity(*line, net)?;
            targets.push(Target { line: *line, net, handed_in, quantity, room });
        }
    }
    Ok(targets)
}

/// So many whole pieces of the lines, the cheapest or the dearest first, as the programme says.
fn some_pieces(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    pieces: i64,
) -> Result<(Vec<Target>, Portions), Refusal> {
    let mut order: Vec<u32> = lines.to_vec();
    let price = |line: u32| desk.line(line).map_or(Money::ZERO, |line| line.unit_price);
    match desk.programme.settings.free_piece {
        FreePiece::Cheapest => {
            order.sort_by(|a, b| price(*a).cmp(&price(*b)).then_with(|| desk.rank(*a, *b)));
        }
        FreePiece::Dearest => {
            order.sort_by(|a, b| price(*b).cmp(&price(*a)).then_with(|| desk.rank(*a, *b)));
        }
        FreePiece::ReceiptOrder => order.sort_by_key(|line| Reverse(*line)),
    }
    // Of all lines together: where lines hold untouched pieces, no line gives touched ones.
    let mut available = Vec::with_capacity(order.len());
    for line in order {
        available.push((line, desk.whole_pieces(line, view)?));
    }
    let lowered_first = desk.programme.settings.limited_pieces == LimitedPieces::Lowered;
    let mut taken = vec![(0, 0); available.len()];
    let mut left = pieces;
    for touched in [lowered_first, !lowered_first] {
        for ((_, (untouched, again)), taken) in available.iter().zip(&mut taken) {
            let more = left.min(if touched { *again } else { *untouched });
            *(if touched { &mut taken.1 } else { &mut taken.0 }) = more;
            left -= more;
        }
    }
    let (mut targets, mut portions) = (Vec::new(), Portions::new());
    for ((line, _), taken) in available.into_iter().zip(taken) {
        let portion = desk.portion(line, taken, view)?;
        let (quantity, net) = (portion.quantity()?, portion.net()?);
        if quantity.is_zero() {
            continue;
        }
        let handed_in = line_amount(price(line), quantity, Rounding::HalfUp)?;
        // The floor is that of the whole line, of which these are some pieces.
        let line_net = view.net.get(line as usize).copied().unwrap_or_default();
        let room = desk.capacity(line, line_net)?.min(net);
        targets.push(Target { line, net, handed_in, quantity, room });
        portions.push(portion);
    }
    // Shares and spare cents go by the order of the receipt again.
    targets.sort_by_key(|target| target.line);
    Ok((targets, portions))
}

pub(super) const fn direction(direction: RoundingDirection) -> Rounding {
    match direction {
        RoundingDirection::HalfUp => Rounding::HalfUp,
        RoundingDirection::Down => Rounding::Down,
        RoundingDirection::Up => Rounding::Up,
    }
}

/// A percentage of the lines, by the programme's rounding and reckoning.
fn percent(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    targets: &[Target],
    rate: Rate,
    base: PriceBase,
) -> Result<Offered, Refusal> {
    let settings = &desk.programme.settings;
    let how = Some(match base {
        PriceBase::Price => DiscountHow::Percent(rate),
        PriceBase::LowestPrice => DiscountHow::PercentOfLowest(rate),
    });
    if base == PriceBase::LowestPrice {
        let price = |target: &Target| reduced_price(desk, target, rate);
        return Ok(Offered { how, ..new_prices_by(targets, price)? });
    }
    let of = |target: &Target| match settings.percentages {
        Percentages::Compound => target.net,
        Percentages::Add | Percentages::Best => target.handed_in,
    };
    let basis = Money::sum(targets.iter().map(of))?;
    let rounding = direction(settings.rounding_direction);
    let by_line = settings.percentages == Percentages::Best
        || settings.discount_rounding != DiscountRounding::Once;
    if !by_line {
        let amount = part_of(basis, rate, rounding)?;
        let weights: Vec<(u32, i64)> =
            targets.iter().map(|target| (target.line, of(target).units())).collect();
        let offered = within_rooms(desk, targets, &weights, amount, is_moved(desk, false))?;
        return Ok(Offered { basis, how, ..offered });
    }
    let mut wanted = Vec::with_capacity(targets.len());
    for target in targets {
        let part = match settings.discount_rounding {
            DiscountRounding::Piece => by_piece(of(target), target.quantity, rate, rounding)?,
            DiscountRounding::Price => by_price(of(target), target.quantity, rate, rounding)?,
            DiscountRounding::Once | DiscountRounding::Line => part_of(of(target), rate, rounding)?,
        };
        let had = match settings.percentages {
            Percentages::Best => view.marks.percent(target.line),
            Percentages::Compound | Percentages::Add => Money::ZERO,
        };
        wanted.push(part.minus(had.min(part))?);
    }
    let amount = Money::sum(wanted.iter().copied())?;
    let weights: Vec<(u32, i64)> =
        targets.iter().zip(&wanted).map(|(target, wanted)| (target.line, wanted.units())).collect();
    let offered = within_rooms(desk, targets, &weights, amount, is_moved(desk, false))?;
    Ok(Offered { basis, how, ..offered })
}

pub(super) fn part_of(money: Money, rate: Rate, rounding: Rounding) -> Result<Money, Overflow> {
    let product = i128::from(money.units()) * i128::from(rate.units());
    divide(product, HUNDRED_PER_CENT, rounding).map(Money::new)
}

/// A percentage of each piece, rounded, times the pieces. What is sold by weight has no pieces.
pub(super) fn by_piece(
    money: Money,
    quantity: Quantity,
    rate: Rate,
    rounding: Rounding,
) -> Result<Money, Overflow> {
    let Some(pieces) = pieces_of(quantity) else { return part_of(money, rate, rounding) };
    let product = i128::from(money.units()) * i128::from(rate.units());
    let piece = divide(product, HUNDRED_PER_CENT * i128::from(pieces), rounding)?;
    piece.checked_mul(pieces).map(Money::new).ok_or(Overflow)
}

/// The discount that follows when the new price of a piece is rounded.
pub(super) fn by_price(
    money: Money,
    quantity: Quantity,
    rate: Rate,
    rounding: Rounding,
) -> Result<Money, Overflow> {
    let pieces = pieces_of(quantity).unwrap_or(1);
    let rest = HUNDRED_PER_CENT - i128::from(rate.units());
    let product = i128::from(money.units()) * rest;
    let price = divide(product, HUNDRED_PER_CENT * i128::from(pieces), rounding)?;
    let new = Money::new(price.checked_mul(pieces).ok_or(Overflow)?);
    money.minus(new.min(money))
}

fn pieces_of(quantity: Quantity) -> Option<i64> {
    let whole = quantity.units() % Quantity::ONE.units() == 0 && quantity.is_positive();
    whole.then(|| quantity.units() / Quantity::ONE.units())
}

/// What a line costs when it is reduced from its lowest earlier price, where that is known.
fn reduced_price(
    desk: &Desk<'_, '_>,
    target: &Target,
    rate: Rate,
) -> Result<Option<Money>, Overflow> {
    let Some(line) = desk.line(target.line) else { return Ok(None) };
    let before = line.lowest_price.map_or(line.unit_price, |lowest| lowest.min(line.unit_price));
    let before = line_amount(before, target.quantity, Rounding::HalfUp)?;
    let less = part_of(before, rate, direction(desk.programme.settings.rounding_direction))?;
    before.minus(less).map(Some)
}

/// A sum off: once, off each line, or off each piece.
fn sum_off(
    desk: &Desk<'_, '_>,
    targets: &[Target],
    sum: Money,
    each: Each,
) -> Result<Offered, Refusal> {
    let basis = Money::sum(targets.iter().map(|target| target.net))?;
    let how = Some(DiscountHow::Sum(sum));
    if each == Each::Receipt {
        let amount = sum.min(basis);
        let weights: Vec<(u32, i64)> = match desk.programme.settings.shared_discount {
            SharedDiscount::ByQuantity => {
                targets.iter().map(|target| (target.line, target.quantity.units())).collect()
            }
            SharedDiscount::ByAmount | SharedDiscount::LeastEarned => {
                targets.iter().map(|target| (target.line, target.net.units())).collect()
            }
        };
        if desk.programme.settings.shared_discount == SharedDiscount::LeastEarned {
            let offered = least_earned(desk, targets, &weights, amount)?;
            return Ok(Offered { basis, how, ..offered });
        }
        let offered = within_rooms(desk, targets, &weights, amount, is_moved(desk, true))?;
        return Ok(Offered { basis, how, ..offered });
    }
    let mut lines = Vec::with_capacity(targets.len());
    let (mut amount, mut floored) = (Money::ZERO, Money::ZERO);
    for target in targets {
        let wanted = match each {
            Each::Piece => line_amount(sum, target.quantity, Rounding::HalfUp)?,
            Each::Line | Each::Receipt => sum,
        };
        let wanted = wanted.min(target.net);
        let part = wanted.min(target.room);
        floored = floored.plus(wanted.minus(part)?)?;
        if part.is_positive() {
            lines.push((target.line, part));
            amount = amount.plus(part)?;
        }
    }
    let mut offered = Offered { basis, amount, lines, how, more: None };
    offered.set_floored(floored);
    Ok(offered)
}

/// A new price for each unit of the lines, where `price` names one.
fn new_prices(
    targets: &[Target],
    price: impl Fn(u32) -> Option<Money>,
) -> Result<Offered, Refusal> {
    new_prices_by(targets, |target| match price(target.line) {
        Some(price) => line_amount(price, target.quantity, Rounding::HalfUp).map(Some),
        None => Ok(None),
    })
}

/// New amounts for the lines; a line that is cheaper already is left alone.
fn new_prices_by(
    targets: &[Target],
    wanted: impl Fn(&Target) -> Result<Option<Money>, Overflow>,
) -> Result<Offered, Refusal> {
    let (mut offered, mut floored) = (Offered::default(), Money::ZERO);
    for target in targets {
        let Some(wanted) = wanted(target)? else { continue };
        offered.basis = offered.basis.plus(target.net)?;
        let less = target.net.minus(wanted.min(target.net))?;
        let part = less.min(target.room);
        floored = floored.plus(less.minus(part)?)?;
        if part.is_positive() {
            offered.lines.push((target.line, part));
            offered.amount = offered.amount.plus(part)?;
        }
    }
    offered.set_floored(floored);
    Ok(offered)
}

/// New prices by product.
pub(super) fn price_list(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    prices: &std::collections::BTreeMap<Box<str>, Money>,
) -> Result<Offered, Refusal> {
    let targets = whole_lines(desk, view, lines)?;
    let price = |line: u32| prices.get(desk.line(line)?.product.as_str()).copied();
    let offered = new_prices(&targets, price)?;
    Ok(Offered { how: Some(DiscountHow::PriceList), ..offered })
}

/// Whether what a line cannot take goes to the others.
pub(super) fn is_moved(desk: &Desk<'_, '_>, is_sum: bool) -> bool {
    match desk.programme.settings.floored_discount {
        FlooredDiscount::SumsMove => is_sum,
        FlooredDiscount::Moves => true,
        FlooredDiscount::Lost => false,
    }
}

/// Spreads an amount over the lines, each at most what it may be lowered by.
fn within_rooms(
    desk: &Desk<'_, '_>,
    targets: &[Target],
    weights: &[(u32, i64)],
    amount: Money,
    moves: bool,
) -> Result<Offered, Refusal> {
    let mut rooms = Vec::with_capacity(targets.len());
    for (target, (line, weight)) in targets.iter().zip(weights) {
        let (net, most) = (target.net, target.room);
        rooms.push(Room { line: *line, weight: *weight, net, most });
    }
    let (lines, floored) = desk.spread_within(amount, &rooms, moves)?;
    let amount = amount.minus(floored)?;
    let mut offered = Offered { amount, lines, ..Offered::default() };
    offered.set_floored(floored);
    Ok(offered)
}

/// Lines on which no rule of the programme earns points take a sum first.
fn least_earned(
    desk: &Desk<'_, '_>,
    targets: &[Target],
    weights: &[(u32, i64)],
    amount: Money,
) -> Result<Offered, Refusal> {
    let mut earns = Vec::with_capacity(targets.len());
    for target in targets {
        earns.push(earns_points(desk, target.line)?);
    }
    let (mut all, mut floored) = (Offered::default(), Money::ZERO);
    let mut left = amount;
    for group in [false, true] {
        let keep = |place: &usize| earns[*place] == group;
        let places: Vec<usize> = (0..targets.len()).filter(keep).collect();
        let some: Vec<Target> = places.iter().map(|place| targets[*place]).collect();
        let some_weights: Vec<(u32, i64)> = places.iter().map(|place| weights[*place]).collect();
        let room = Money::sum(some.iter().map(|target| target.net))?;
        let share = left.min(room);
        let offered = within_rooms(desk, &some, &some_weights, share, is_moved(desk, true))?;
        let settled = if is_moved(desk, true) { offered.amount } else { share };
        left = left.minus(settled)?;
        floored = floored.plus(settled)?.minus(offered.amount)?;
        all.amount = all.amount.plus(offered.amount)?;
        all.lines.extend(offered.lines);
    }
    all.set_floored(floored.plus(left)?);
    all.lines.sort_by_key(|(line, _)| *line);
    Ok(all)
}

/// Whether any rule of the programme could earn points on the line.
fn earns_points(desk: &Desk<'_, '_>, line: u32) -> Result<bool, Refusal> {
    for earning in desk.programme.rules.iter().flat_map(|rule| &rule.earn) {
        let passes = match &earning.filter {
            Some(filter) => filter.evaluate(desk.facts, Some(line as usize))?,
            None => desk.is_meant(line as usize, false),
        };
        if passes {
            return Ok(true);
        }
    }
    Ok(false)
}
