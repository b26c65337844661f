//! Several things together at one price.
//!
//! Parts of a bundle may mean the same lines, so how many bundles fit is a question of
//! matching. By Hall's theorem it is answered by looking at every set of parts: `k` bundles fit
//! if and only if for each set the lines that any of its parts means hold `k` times the pieces
//! that the set needs. The dearest pieces go in first; that this gives the most is the greedy
//! theorem for transversal matroids (Edmonds and Fulkerson 1965). Pieces are never taken one by
//! one.

use super::desk::{Desk, Offered, Portions, Room, View};
use super::lines::Lines;
use super::plain;
use crate::engine::decision::{DiscountHow, Refusal};
use crate::programme::{Bundle, DiscountAmount, SetPieces};
use crate::values::{Money, Overflow};
use smallvec::SmallVec;

/// A line that some parts of the bundle mean.
#[derive(Debug, Clone, Copy)]
struct Run {
    line: u32,
    pieces: i64,
    /// A bit for each part that means the line.
    parts: usize,
    /// What is left to pay of the pieces.
    net: Money,
}

/// A bundle is nearly always made of a few lines, and of two or three parts.
type Runs = SmallVec<[Run; 6]>;
type Pieces = SmallVec<[(u32, i64); 6]>;
/// By set of parts, with a bit for each of them.
type Needs = SmallVec<[i64; 8]>;

pub(super) fn bundle(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: Lines<'_>,
    bundle: &Bundle,
) -> Result<Offered, Refusal> {
    let again = desk.programme.settings.set_pieces == SetPieces::Again;
    let runs = runs_of(desk, view, lines, again)?;
    let needs = needs_of(bundle);
    let fitting = bundles_fitting(&runs, &needs)?;
    let most = bundle.times.map_or(fitting, |times| fitting.min(i64::from(times)));
    let times = worthwhile(desk, view, &runs, &needs, bundle.amount, most)?;
    if times <= 0 {
        return Ok(Offered::default());
    }
    let mut taken = taken_for(&runs, &needs, times);
    taken.sort_unstable();
    let (mut basis, mut rooms) = (Money::ZERO, SmallVec::<[Room; 6]>::new());
    let mut portions = Portions::new();
    for (line, pieces) in taken {
        let portion = desk.set_portion(line, pieces, view, again)?;
        let net = portion.net()?;
        basis = basis.plus(net)?;
        let line_net = view.net.get(line as usize).copied().unwrap_or_default();
        let most = desk.capacity(line, line_net)?.min(net);
        rooms.push(Room { line, weight: net.units(), net, most });
        if !again && desk.pieces_matter {
            portions.push(portion);
        }
    }
    let amount = gain(desk, bundle.amount, basis, times)?.max(Money::ZERO);
    let (lines, floored) = desk.spread_within(amount, &rooms, plain::is_moved(desk, true))?;
    let times = u32::try_from(times).map_err(|_| Overflow)?;
    let how = Some(DiscountHow::Bundle { times });
    let mut offered = Offered { basis, amount: amount.minus(floored)?, lines, how, more: None };
    if !portions.is_empty() {
        offered.more_mut().portions = portions;
    }
    offered.set_floored(floored);
    Ok(offered)
}

/// The lines that the parts mean, the dearest pieces first.
fn runs_of(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: Lines<'_>,
    again: bool,
) -> Result<Runs, Overflow> {
    let mut runs = Runs::new();
    for (part, lines) in lines.parts().enumerate() {
        for line in lines {
            match runs.iter_mut().find(|run| run.line == *line) {
                Some(run) => run.parts |= 1 << part,
                None => {
                    let pieces = desk.pieces_left(*line, view, again);
                    runs.push(Run { line: *line, pieces, parts: 1 << part, net: Money::ZERO });
                }
            }
        }
    }
    runs.retain(|run| run.pieces > 0);
    for run in &mut runs {
        run.net = desk.set_portion(run.line, run.pieces, view, again)?.net()?;
    }
    // By what is left to pay of a piece, as fractions; so the order is that of the gain.
    let times = |net: Money, pieces: i64| i128::from(net.units()) * i128::from(pieces);
    runs.sort_by(|a, b| {
        let (left, right) = (times(a.net, b.pieces), times(b.net, a.pieces));
        right.cmp(&left).then_with(|| desk.rank(a.line, b.line))
    });
    Ok(runs)
}

/// What one bundle needs, by set of its parts.
fn needs_of(bundle: &Bundle) -> Needs {
    let mut needs = Needs::with_capacity(1 << bundle.parts.len());
    needs.push(0);
    for part in &bundle.parts {
        // The sets with a part are those before it, each with that part added.
        for set in 0..needs.len() {
            let without = needs[set];
            needs.push(without + i64::from(part.pieces));
        }
    }
    needs
}

/// How many whole bundles the pieces make.
fn bundles_fitting(runs: &[Run], needs: &[i64]) -> Result<i64, Overflow> {
    let mut fitting = i64::MAX;
    for (parts, need) in needs.iter().enumerate().skip(1) {
        let meant = runs.iter().filter(|run| run.parts & parts != 0);
        let pieces = meant
            .map(|run| run.pieces)
            .try_fold(0_i64, |all, pieces| all.checked_add(pieces).ok_or(Overflow))?;
        fitting = fitting.min(pieces / (*need).max(1));
    }
    Ok(fitting)
}

/// The pieces of each line that go into so many bundles.
fn taken_for(runs: &[Run], needs: &[i64], times: i64) -> Pieces {
    // By set of parts, how much more there may be of lines that no other part means.
    let mut room: Needs = needs.iter().map(|need| times.saturating_mul(*need)).collect();
    let mut taken = Pieces::new();
    for run in runs {
        let holding = |(parts, _): &(usize, &mut i64)| parts & run.parts == run.parts;
        let rooms = room.iter_mut().enumerate().skip(1).filter(holding);
        let least = rooms.map(|(_, room)| *room).min().unwrap_or(0);
        let pieces = run.pieces.min(least.max(0));
        if pieces > 0 {
            let rooms = room.iter_mut().enumerate().skip(1).filter(holding);
            rooms.for_each(|(_, room)| *room -= pieces);
            taken.push((run.line, pieces));
        }
    }
    taken
}

/// How many bundles give most. Each further one takes cheaper pieces, so the gain of a further
/// bundle only falls, and the last one worth it is found by halving.
fn worthwhile(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    runs: &[Run],
    needs: &[i64],
    amount: DiscountAmount,
    most: i64,
) -> Result<i64, Refusal> {
    if most <= 0 || !matches!(amount, DiscountAmount::UnitPrice(_)) {
        return Ok(most);
    }
    let again = desk.programme.settings.set_pieces == SetPieces::Again;
    let gain_of = |times: i64| -> Result<Money, Refusal> {
        let mut net = Money::ZERO;
        for (line, pieces) in taken_for(runs, needs, times) {
            net = net.plus(desk.set_portion(line, pieces, view, again)?.net()?)?;
        }
        Ok(gain(desk, amount, net, times)?)
    };
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if gain_of(middle)? > gain_of(middle - 1)? {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

/// What so many bundles take off pieces of which `net` is left to pay; below zero where the
/// bundle is dearer. A bundle has one price, so a percentage of it is rounded once.
fn gain(
    desk: &Desk<'_, '_>,
    amount: DiscountAmount,
    net: Money,
    times: i64,
) -> Result<Money, Overflow> {
    let all = |money: Money| money.units().checked_mul(times).map(Money::new).ok_or(Overflow);
    match amount {
        DiscountAmount::Percent(rate) => {
            let direction = desk.programme.settings.rounding_direction;
            plain::part_of(net, rate, plain::direction(direction))
        }
        DiscountAmount::Sum(sum) => Ok(all(sum)?.min(net)),
        DiscountAmount::UnitPrice(price) => net.minus(all(price)?),
    }
}
