//! Spreading a total over lines by largest remainder, so that the parts are the whole.

use super::{Money, Overflow};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Totals are nearly always spread over few lines.
const PARTS_EXPECTED: usize = 12;

/// Spreads `total` (not negative) in proportion to `weights` (not negative).
///
/// Every part gets the floor of its share; the units left over go to the largest
/// remainders, the earlier line first among equals (Hamilton's method). The parts
/// always sum to `total`. Where every weight is zero, the first line takes all.
pub fn spread(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    let mut parts: Vec<(usize, Money)> =
        weights.iter().copied().map(Money::new).enumerate().collect();
    spread_in_place(Money::new(total), &mut parts, usize::cmp)?;
    Ok(parts.into_iter().map(|(_, part)| part.units()).collect())
}

/// The same where each weight stands beside what it belongs to: the part takes its place.
/// `rank` says which of two equal remainders comes first.
pub(crate) fn spread_in_place<T>(
    total: Money,
    parts: &mut [(T, Money)],
    rank: impl Fn(&T, &T) -> Ordering,
) -> Result<(), Overflow> {
    let total = total.units();
    let (mut whole, mut heaviest, mut lightest) = (0_i128, 0, 0);
    for (_, weight) in parts.iter() {
        whole += i128::from(weight.units());
        heaviest = heaviest.max(weight.units());
        lightest = lightest.min(weight.units());
    }
    if total < 0 || lightest < 0 {
        return Err(Overflow);
    }
    if whole == 0 || total == 0 || parts.len() == 1 {
        parts.iter_mut().for_each(|(_, part)| *part = Money::ZERO);
        return match parts.first_mut() {
            Some((_, first)) => {
                *first = Money::new(total);
                Ok(())
            }
            None if total == 0 => Ok(()),
            None => Err(Overflow),
        };
    }
    let mut left = total;
    // Most receipts fit 64 bits, where the machine divides several times faster.
    if let (Ok(whole), Some(_)) = (i64::try_from(whole), total.checked_mul(heaviest)) {
        let mut remainders = SmallVec::<[i64; PARTS_EXPECTED]>::with_capacity(parts.len());
        for (_, part) in parts.iter_mut() {
            let product = total * part.units();
            let share = product / whole;
            remainders.push(product - share * whole);
            left -= share;
            *part = Money::new(share);
        }
        give_rest(left, parts, &remainders, rank)
    } else {
        let mut remainders = Vec::with_capacity(parts.len());
        for (_, part) in parts.iter_mut() {
            let product = i128::from(total) * i128::from(part.units());
            let share = i64::try_from(product / whole).map_err(|_| Overflow)?;
            remainders.push(product % whole);
            left -= share;
            *part = Money::new(share);
        }
        give_rest(left, parts, &remainders, rank)
    }
}

/// As many parts as units are left get one more: those with the largest remainders. Which ones
/// is all that matters, not their order, so they are selected and not sorted.
fn give_rest<T, R: Ord>(
    left: i64,
    parts: &mut [(T, Money)],
    remainders: &[R],
    rank: impl Fn(&T, &T) -> Ordering,
) -> Result<(), Overflow> {
    let extra = usize::try_from(left).map_err(|_| Overflow)?;
    let order = |a: &usize, b: &usize| {
        let by_rank = || rank(&parts[*a].0, &parts[*b].0);
        remainders[*b].cmp(&remainders[*a]).then_with(by_rank)
    };
    let more = |part: &mut Money| *part = Money::new(part.units() + 1);
    if extra == 1 {
        // Of two lines there is never more than one unit left.
        let first = (1..remainders.len()).fold(0, |first, place| match order(&first, &place) {
            Ordering::Greater => place,
            _ => first,
        });
        more(&mut parts[first].1);
    } else if extra > 1 {
        let mut places: SmallVec<[usize; PARTS_EXPECTED]> = (0..remainders.len()).collect();
        if extra < places.len() {
            places.select_nth_unstable_by(extra, order);
        }
        places.into_iter().take(extra).for_each(|place| more(&mut parts[place].1));
    }
    Ok(())
}

/// Spreads by floors; the units left over go one each to the first parts.
pub(crate) fn spread_first(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    let (mut parts, left) = floors(total, weights)?;
    let first = usize::try_from(left).map_err(|_| Overflow)?;
    // Fewer units are left over than there are parts.
    parts.iter_mut().take(first).for_each(|part| *part += 1);
    Ok(parts)
}

/// Spreads by floors; the last part takes all that is left over.
pub(crate) fn spread_last(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    let (mut parts, left) = floors(total, weights)?;
    match parts.last_mut() {
        Some(last) => *last = last.checked_add(left).ok_or(Overflow)?,
        None if left == 0 => {}
        None => return Err(Overflow),
    }
    Ok(parts)
}

/// The floors of all shares, and what they leave over.
fn floors(total: i64, weights: &[i64]) -> Result<(Vec<i64>, i64), Overflow> {
    let whole: i128 = weights.iter().copied().map(i128::from).sum();
    if total < 0 || weights.iter().any(|weight| *weight < 0) {
        return Err(Overflow);
    }
    let share = |weight: &i64| {
        let product = i128::from(total) * i128::from(*weight);
        i64::try_from(product / whole.max(1)).map_err(|_| Overflow)
    };
    let parts = weights.iter().map(share).collect::<Result<Vec<i64>, Overflow>>()?;
    let left = total - parts.iter().sum::<i64>();
    Ok((parts, left))
}
