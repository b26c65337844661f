//! Buy so many, get so many cheaper: computed with numbers of pieces, never one by one.
//!
//! Pieces stand in runs: one line is one run of equal pieces. Where a set begins and ends
//! within a run is a division, so a line of 5,000 pieces costs as much as a line of one.

use super::desk::{Desk, More, Offered, Portions, Room, View};
use super::plain;
use crate::engine::decision::{DiscountHow, Refusal};
use crate::programme::{
    BuyAndGet, DiscountAmount, DiscountRounding, FreePiece, FreePieces, FreeSets, Got, SetDiscount,
    SetPieces, Threshold,
};
use crate::values::{Money, Overflow, Quantity};
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// Equal pieces of one line.
#[derive(Debug, Clone, Copy)]
struct Run {
    line: u32,
    pieces: i64,
}

/// Sets are nearly always formed of a few lines.
type Runs = SmallVec<[Run; 6]>;
type AllTaken = SmallVec<[Taken; 6]>;

/// How many pieces of a line are in sets, and how many of these one gets.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    line: u32,
    in_sets: i64,
    got: i64,
}

pub(super) fn pieces(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    got_lines: &[u32],
    set: &BuyAndGet,
) -> Result<Offered, Refusal> {
    match &set.got {
        Got::Same(FreePieces::Among) => same_pieces(desk, view, lines, set),
        Got::Same(FreePieces::Added) => added_pieces(desk, view, lines, set),
        Got::Lines { .. } => other_lines(desk, view, lines, got_lines, set),
        Got::Gift(products) => gift(desk, view, lines, set, products),
    }
}

fn again(desk: &Desk<'_, '_>) -> bool {
    desk.programme.settings.set_pieces == SetPieces::Again
}

/// The pieces that a set may use, in the order in which sets are formed: the dearest first, so
/// that the last of each set are its cheapest; or in the order of the receipt.
fn runs_of(desk: &Desk<'_, '_>, view: View<'_>, lines: &[u32], which: FreePiece) -> Runs {
    let mut runs = Runs::new();
    for line in lines {
        let run = Run { line: *line, pieces: desk.pieces_left(*line, view, again(desk)) };
        if run.pieces > 0 {
            runs.push(run);
        }
    }
    if which != FreePiece::ReceiptOrder {
        let price = |run: &Run| desk.line(run.line).map(|line| line.unit_price);
        runs.sort_by(|a, b| price(b).cmp(&price(a)).then_with(|| desk.rank(a.line, b.line)));
    }
    runs
}

/// How many pieces there are in all; more than a number can hold are refused.
fn all_of(runs: &[Run]) -> Result<i64, Overflow> {
    runs.iter().try_fold(0_i64, |all, run| all.checked_add(run.pieces).ok_or(Overflow))
}

fn sets_limit(set: &BuyAndGet, fitting: i64) -> i64 {
    set.times.map_or(fitting, |times| fitting.min(i64::from(times)))
}

/// Three are handed in, two are paid for.
fn same_pieces(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    set: &BuyAndGet,
) -> Result<Offered, Refusal> {
    let runs = runs_of(desk, view, lines, set.which);
    let mut taken = AllTaken::new();
    let mut times = 0;
    if set.same_product {
        let mut products: Vec<&str> = Vec::new();
        for run in &runs {
            let product = desk.line(run.line).map_or("", |line| line.product.as_str());
            if !products.contains(&product) {
                products.push(product);
            }
        }
        products.sort_unstable();
        for product in products {
            let is_of =
                |run: &&Run| desk.line(run.line).is_some_and(|line| line.product == product);
            let of_product: Runs = runs.iter().filter(is_of).copied().collect();
            let rest = sets_limit(set, i64::MAX) - times;
            times += form_sets(&of_product, set, rest, &mut taken)?;
        }
    } else {
        times = form_sets(&runs, set, sets_limit(set, i64::MAX), &mut taken)?;
    }
    settle(desk, view, taken, set, times)
}

/// Forms sets along the runs, at most `most` of them, and says how many there are.
fn form_sets(
    runs: &[Run],
    set: &BuyAndGet,
    most: i64,
    taken: &mut AllTaken,
) -> Result<i64, Overflow> {
    let (buy, get) = (i64::from(set.buy), i64::from(set.get));
    let size = buy + get;
    let all = all_of(runs)?;
    let sets = (all / size).min(most);
    if sets <= 0 {
        return Ok(0);
    }
    let used = sets * size;
    // How many of the first `place` pieces one gets.
    let got_before = |place: i64| -> i64 {
        let place_in_sets = place.min(used);
        match (set.sets, set.which) {
            (FreeSets::Each, FreePiece::Dearest) => {
                place_in_sets / size * get + (place_in_sets % size).min(get)
            }
            (FreeSets::Each, _) => place_in_sets / size * get + (place_in_sets % size - buy).max(0),
            (FreeSets::Together, FreePiece::Dearest) => place.min(sets * get),
            // The last ones of all pieces, those beyond the last set included.
            (FreeSets::Together, _) => (place - (all - sets * get)).max(0),
        }
    };
    let paid_before = |place: i64| -> i64 {
        match (set.sets, set.which) {
            (FreeSets::Each, _) => place.min(used),
            (FreeSets::Together, FreePiece::Dearest) => place.min(used),
            (FreeSets::Together, _) => place.min(sets * buy) + got_before(place),
        }
    };
    let mut place = 0;
    for run in runs {
        let end = place + run.pieces;
        let in_sets = paid_before(end) - paid_before(place);
        if in_sets > 0 {
            let got = got_before(end) - got_before(place);
            taken.push(Taken { line: run.line, in_sets, got });
        }
        place = end;
    }
    Ok(sets)
}

/// Two are handed in, one more of the same is handed over.
fn added_pieces(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    set: &BuyAndGet,
) -> Result<Offered, Refusal> {
    let runs = runs_of(desk, view, lines, set.which);
    let mut by_product: Vec<(&str, i64)> = Vec::new();
    for run in &runs {
        let product = desk.line(run.line).map_or("", |line| line.product.as_str());
        match by_product.iter_mut().find(|(known, _)| *known == product) {
            Some((_, pieces)) => *pieces = pieces.checked_add(run.pieces).ok_or(Overflow)?,
            None => by_product.push((product, run.pieces)),
        }
    }
    by_product.sort_unstable();
    let (mut more, mut times) = (More::default(), 0);
    let mut taken = AllTaken::new();
    for (product, pieces) in by_product {
        let sets = (pieces / i64::from(set.buy)).min(sets_limit(set, i64::MAX) - times);
        if sets <= 0 {
            continue;
        }
        times = sets.checked_add(times).ok_or(Overflow)?;
        let pieces = count(sets.checked_mul(i64::from(set.get)).ok_or(Overflow)?)?;
        more.gifts.push((Arc::from([product.to_owned()]), pieces));
        let is_of = |run: &&Run| desk.line(run.line).is_some_and(|line| line.product == product);
        let of_product: Runs = runs.iter().filter(is_of).copied().collect();
        take_first(&of_product, sets * i64::from(set.buy), &mut taken);
    }
    more.times = count(times)?;
    more.portions = portions(desk, view, &taken)?;
    let how = Some(DiscountHow::Set { buy: set.buy, get: set.get, times: more.times });
    Ok(Offered { how, more: Some(Box::new(more)), ..Offered::default() })
}

fn count(pieces: i64) -> Result<u32, Overflow> {
    u32::try_from(pieces).map_err(|_| Overflow)
}

/// Takes the first `wanted` pieces of the runs as bought ones.
fn take_first(runs: &[Run], wanted: i64, taken: &mut AllTaken) {
    let mut left = wanted;
    for run in runs {
        let in_sets = run.pieces.min(left);
        if in_sets > 0 {
            taken.push(Taken { line: run.line, in_sets, got: 0 });
        }
        left -= in_sets;
    }
}

/// A gift of one of some products for each set that was bought.
fn gift(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    set: &BuyAndGet,
    products: &Arc<[String]>,
) -> Result<Offered, Refusal> {
    let runs = runs_of(desk, view, lines, set.which);
    let sets = sets_limit(set, all_of(&runs)? / i64::from(set.buy));
    if sets <= 0 {
        return Ok(Offered::default());
    }
    let mut taken = AllTaken::new();
    take_first(&runs, sets * i64::from(set.buy), &mut taken);
    let times = count(sets)?;
    let pieces = count(sets.checked_mul(i64::from(set.get)).ok_or(Overflow)?)?;
    let portions = portions(desk, view, &taken)?;
    let gifts = smallvec![(Arc::clone(products), pieces)];
    let more = Box::new(More { portions, times, gifts, ..More::default() });
    let how = Some(DiscountHow::Set { buy: set.buy, get: set.get, times });
    Ok(Offered { how, more: Some(more), ..Offered::default() })
}

/// Some lines are bought, others one gets. A line that may be either is bought only as far as
/// the sets need it, beginning with what one would get last.
fn other_lines(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    got_lines: &[u32],
    set: &BuyAndGet,
) -> Result<Offered, Refusal> {
    let mut bought = runs_of(desk, view, lines, FreePiece::Cheapest);
    // Runs begin with the dearest; one gets from the other end.
    let mut got = runs_of(desk, view, got_lines, set.which);
    if set.which != FreePiece::Dearest {
        got.reverse();
    }
    let is_got = |run: &Run| got.iter().any(|other| other.line == run.line);
    let only_bought: Runs = bought.iter().filter(|run| !is_got(run)).copied().collect();
    let (buy, get) = (i64::from(set.buy), i64::from(set.get));
    let (can_buy, can_get) = (all_of(&bought)?, all_of(&got)?);
    let either = all_of(&only_bought)?.checked_add(can_get).ok_or(Overflow)?;
    let fitting = (can_buy / buy).min(can_get / get).min(either / (buy + get));
    let sets = sets_limit(set, fitting);
    if sets <= 0 {
        return Ok(Offered::default());
    }
    // Pure lines are bought first; of the others, those that one would get last.
    let place_among_got =
        |run: &Run| got.iter().position(|other| other.line == run.line).unwrap_or(usize::MAX);
    bought.sort_by_key(|run| std::cmp::Reverse(place_among_got(run)));
    let mut taken = AllTaken::new();
    take_first(&bought, sets * buy, &mut taken);
    let mut left = sets * get;
    for run in &got {
        let known = taken.iter_mut().find(|taken| taken.line == run.line);
        let free = run.pieces - known.as_ref().map_or(0, |taken| taken.in_sets);
        let more = free.min(left);
        left -= more;
        match known {
            Some(known) => (known.in_sets, known.got) = (known.in_sets + more, known.got + more),
            None if more > 0 => taken.push(Taken { line: run.line, in_sets: more, got: more }),
            None => {}
        }
    }
    settle(desk, view, taken, set, sets)
}

fn portions(desk: &Desk<'_, '_>, view: View<'_>, taken: &[Taken]) -> Result<Portions, Overflow> {
    let mut portions = Portions::new();
    if again(desk) || !desk.pieces_matter {
        return Ok(portions);
    }
    for taken in taken.iter().filter(|taken| taken.in_sets > 0) {
        portions.push(desk.set_portion(taken.line, taken.in_sets, view, false)?);
    }
    Ok(portions)
}

/// What the pieces that one gets cost less, and on which lines that lies.
fn settle(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    mut taken: AllTaken,
    set: &BuyAndGet,
    sets: i64,
) -> Result<Offered, Refusal> {
    if sets <= 0 {
        return Ok(Offered::default());
    }
    let again = again(desk);
    taken.sort_by_key(|taken| taken.line);
    let whole_set = desk.programme.settings.set_discount == SetDiscount::WholeSet;
    let (mut amount, mut basis, mut freed) = (Money::ZERO, Money::ZERO, Money::ZERO);
    let once = match set.amount {
        DiscountAmount::Percent(rate) if is_rounded_once(desk) => Some(rate),
        _ => None,
    };
    let (mut rooms, mut all_got) = (SmallVec::<[Room; 6]>::new(), Money::ZERO);
    let mut portions = Portions::new();
    let counts_freed = desk.programme.settings.threshold == Threshold::PaidGoods;
    for taken in &taken {
        let in_sets = desk.set_portion(taken.line, taken.in_sets, view, again)?;
        let net = in_sets.net()?;
        let got = match taken.got {
            0 => Money::ZERO,
            got if got == taken.in_sets => net,
            got => desk.set_portion(taken.line, got, view, again)?.net()?.min(net),
        };
        let less = less_for(desk, set.amount, got, taken.got)?;
        basis = basis.plus(net)?;
        all_got = all_got.plus(got)?;
        amount = amount.plus(less)?;
        if counts_freed && less == got && taken.got > 0 {
            let price = desk.line(taken.line).map_or(Money::ZERO, |line| line.unit_price);
            let price = price.units().checked_mul(taken.got).ok_or(Overflow)?;
            freed = freed.plus(Money::new(price))?;
        }
        let line_net = view.net.get(taken.line as usize).copied().unwrap_or_default();
        let weight = if once.is_some() { got } else { less };
        let (net, weight) = if whole_set { (net, net) } else { (got, weight) };
        let most = desk.capacity(taken.line, line_net)?.min(net);
        rooms.push(Room { line: taken.line, weight: weight.units(), net, most });
        if !again && desk.pieces_matter {
            portions.push(in_sets);
        }
    }
    if let Some(rate) = once {
        let rounding = plain::direction(desk.programme.settings.rounding_direction);
        amount = plain::part_of(all_got, rate, rounding)?;
    }
    let (lines, floored) = desk.spread_within(amount, &rooms, plain::is_moved(desk, true))?;
    let times = count(sets)?;
    let how = Some(DiscountHow::Set { buy: set.buy, get: set.get, times });
    let mut offered = Offered { basis, amount: amount.minus(floored)?, lines, how, more: None };
    if !portions.is_empty() {
        offered.more_mut().portions = portions;
    }
    offered.set_floored(floored);
    if !freed.is_zero() {
        offered.more_mut().freed = freed;
    }
    Ok(offered)
}

fn is_rounded_once(desk: &Desk<'_, '_>) -> bool {
    desk.programme.settings.discount_rounding == DiscountRounding::Once
}

/// What so many pieces of one line, of which `net` is left to pay, cost less.
fn less_for(
    desk: &Desk<'_, '_>,
    amount: DiscountAmount,
    net: Money,
    pieces: i64,
) -> Result<Money, Overflow> {
    let times = |money: Money| money.units().checked_mul(pieces).map(Money::new).ok_or(Overflow);
    let settings = &desk.programme.settings;
    match amount {
        DiscountAmount::Percent(rate) => {
            let rounding = plain::direction(settings.rounding_direction);
            let quantity = || pieces.checked_mul(Quantity::ONE.units()).map(Quantity::new);
            match settings.discount_rounding {
                DiscountRounding::Once | DiscountRounding::Line => {
                    plain::part_of(net, rate, rounding)
                }
                DiscountRounding::Piece => {
                    plain::by_piece(net, quantity().ok_or(Overflow)?, rate, rounding)
                }
                DiscountRounding::Price => {
                    plain::by_price(net, quantity().ok_or(Overflow)?, rate, rounding)
                }
            }
            .map(|less| less.min(net))
        }
        DiscountAmount::Sum(sum) => Ok(times(sum)?.min(net)),
        DiscountAmount::UnitPrice(price) => net.minus(times(price)?.min(net)),
    }
}
