//! The short way for what nearly every rule is: a plain discount under the settings that hold
//! where nothing is said. A test holds that it answers as the long way does.

use super::desk::{Desk, HUNDRED_PER_CENT, Offered, View};
use crate::condition::Condition;
use crate::engine::decision::{DiscountHow, Refusal};
use crate::programme::{Discount, DiscountAmount, Discounting, Each, Plain, PriceBase};
use crate::values::{Money, Overflow, Rounding, divide, line_amount, spread_in_place};

/// Works a discount out where the short way is allowed; `known` are its lines, where somebody
/// has looked for them already. Says whether it was; what is offered is written where it stays.
pub(super) fn offer(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    known: Option<&[u32]>,
    discounting: &Discounting,
    offered: &mut Offered,
) -> Result<bool, Refusal> {
    match &discounting.what {
        Discount::Plain(what) if discounting.at_most.is_none() => {
            let (filter, any_kind) = (discounting.filter.as_ref(), discounting.any_kind);
            plain(desk, view, &Among { known, filter, any_kind }, what, offered)
        }
        _ => Ok(false),
    }
}

/// The same for lines that are known, and without the most that a rule may take off.
pub(super) fn on_lines(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    what: &Plain,
    offered: &mut Offered,
) -> Result<bool, Refusal> {
    plain(desk, view, &Among { known: Some(lines), filter: None, any_kind: true }, what, offered)
}

/// Which lines a discount is taken from.
struct Among<'l> {
    known: Option<&'l [u32]>,
    filter: Option<&'l Condition>,
    any_kind: bool,
}

fn plain(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    among: &Among<'_>,
    what: &Plain,
    offered: &mut Offered,
) -> Result<bool, Refusal> {
    let Plain { amount, base: PriceBase::Price, each, pieces: None } = *what else {
        return Ok(false);
    };
    let floors = desk.floors && desk.programme.stacking.margin_floor.is_some();
    if floors || !desk.programme.prices_by_default {
        return Ok(false);
    }
    if let Some([line]) = among.known {
        on_one_line(desk, view, *line, among.any_kind, (amount, each), offered)?;
        return Ok(true);
    }
    let (mut lines, basis) = choose(desk, view, among)?;
    let (amount, how) = match amount {
        DiscountAmount::Percent(rate) => {
            let product = i128::from(basis.units()) * i128::from(rate.units());
            let amount = Money::new(divide(product, HUNDRED_PER_CENT, Rounding::HalfUp)?);
            (amount, DiscountHow::Percent(rate))
        }
        DiscountAmount::Sum(sum) if each != Each::Receipt => {
            *offered = sum_each(desk, basis, sum, each, lines)?;
            return Ok(true);
        }
        DiscountAmount::Sum(sum) => (sum.min(basis), DiscountHow::Sum(sum)),
        DiscountAmount::UnitPrice(price) => {
            *offered = unit_price(desk, basis, price, lines)?;
            return Ok(true);
        }
    };
    if let [(_, net)] = &mut lines[..] {
        // One line takes all, and there is nothing to spread.
        *net = amount;
    } else {
        spread_in_place(amount, &mut lines, |a, b| desk.rank(*a, *b))?;
    }
    lines.retain(|(_, part)| !part.is_zero());
    (offered.basis, offered.amount) = (basis, amount);
    (offered.lines, offered.how) = (lines, Some(how));
    Ok(true)
}

/// The same for one line, as most discounts find: there is nothing to choose and to spread.
fn on_one_line(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    line: u32,
    any_kind: bool,
    (amount, each): (DiscountAmount, Each),
    offered: &mut Offered,
) -> Result<(), Refusal> {
    let net = view.net[line as usize];
    let is_meant = net.is_positive() && desk.is_meant(line as usize, any_kind);
    let basis = if is_meant { net } else { Money::ZERO };
    let (how, wanted) = match amount {
        DiscountAmount::Percent(rate) => {
            let product = i128::from(basis.units()) * i128::from(rate.units());
            let amount = divide(product, HUNDRED_PER_CENT, Rounding::HalfUp)?;
            (DiscountHow::Percent(rate), Money::new(amount))
        }
        DiscountAmount::Sum(sum) if is_meant && each == Each::Piece => {
            let sums = line_amount(sum, desk.quantity(line), Rounding::HalfUp)?;
            (DiscountHow::Sum(sum), sums.min(basis))
        }
        DiscountAmount::Sum(sum) => (DiscountHow::Sum(sum), sum.min(basis)),
        DiscountAmount::UnitPrice(price) if is_meant => {
            let price_of_all = line_amount(price, desk.quantity(line), Rounding::HalfUp)?;
            (DiscountHow::UnitPrice(price), basis.minus(price_of_all.min(basis))?)
        }
        DiscountAmount::UnitPrice(price) => (DiscountHow::UnitPrice(price), Money::ZERO),
    };
    (offered.basis, offered.amount, offered.how) = (basis, wanted, Some(how));
    if !wanted.is_zero() {
        offered.lines = vec![(line, wanted)];
    }
    Ok(())
}

/// The lines that a discount is taken from, with what is left to pay of each, and of all.
fn choose(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    among: &Among<'_>,
) -> Result<(Vec<(u32, Money)>, Money), Refusal> {
    let Among { known, filter, any_kind } = *among;
    // Filters pass few lines; without one, all are chosen.
    let expected = match (known, filter) {
        (Some(known), _) => known.len(),
        (None, Some(_)) => 0,
        (None, None) => view.net.len(),
    };
    let mut lines = Vec::with_capacity(expected);
    let mut basis = Money::ZERO;
    let mut add = |line: usize| -> Result<(), Refusal> {
        let net = view.net[line];
        if net.is_positive() && desk.is_meant(line, any_kind) {
            lines.push((u32::try_from(line).map_err(|_| Overflow)?, net));
            basis = basis.plus(net)?;
        }
        Ok(())
    };
    match (known, filter) {
        (Some(known), _) => known.iter().try_for_each(|line| add(*line as usize)),
        (None, Some(filter)) => filter.on_lines(desk.facts).lines().try_for_each(|line| add(line?)),
        (None, None) => (0..view.net.len()).try_for_each(add),
    }?;
    Ok((lines, basis))
}

fn sum_each(
    desk: &Desk<'_, '_>,
    basis: Money,
    sum: Money,
    each: Each,
    mut lines: Vec<(u32, Money)>,
) -> Result<Offered, Refusal> {
    let mut amount = Money::ZERO;
    for (line, net) in &mut lines {
        let wanted = match each {
            Each::Piece => line_amount(sum, desk.quantity(*line), Rounding::HalfUp)?,
            Each::Line | Each::Receipt => sum,
        };
        *net = wanted.min(*net);
        amount = amount.plus(*net)?;
    }
    lines.retain(|(_, part)| !part.is_zero());
    let how = Some(DiscountHow::Sum(sum));
    Ok(Offered { basis, amount, lines, how, more: None })
}

fn unit_price(
    desk: &Desk<'_, '_>,
    basis: Money,
    price: Money,
    mut lines: Vec<(u32, Money)>,
) -> Result<Offered, Refusal> {
    let mut amount = Money::ZERO;
    for (line, net) in &mut lines {
        let wanted = line_amount(price, desk.quantity(*line), Rounding::HalfUp)?;
        *net = net.minus(wanted.min(*net))?;
        amount = amount.plus(*net)?;
    }
    lines.retain(|(_, part)| !part.is_zero());
    let how = Some(DiscountHow::UnitPrice(price));
    Ok(Offered { basis, amount, lines, how, more: None })
}
