//! Spreading a total over lines by largest remainder, so that the parts are the whole.

use super::Overflow;
use std::cmp::{Ordering, Reverse};

/// Spreads `total` (not negative) in proportion to `weights` (not negative).
///
/// Every part gets the floor of its share; the units left over go to the largest
/// remainders, the earlier line first among equals (Hamilton's method). The parts
/// always sum to `total`. Where every weight is zero, the first line takes all.
pub fn spread(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    spread_ranked(total, weights.iter().copied(), usize::cmp)
}

/// The same for weights that lie within something else; `rank` says which of two equal
/// remainders comes first.
pub(crate) fn spread_ranked<W>(
    total: i64,
    weights: W,
    rank: impl Fn(&usize, &usize) -> Ordering,
) -> Result<Vec<i64>, Overflow>
where
    W: ExactSizeIterator<Item = i64> + Clone,
{
    let (mut whole, mut heaviest, mut lightest) = (0_i128, 0, 0);
    for weight in weights.clone() {
        whole += i128::from(weight);
        heaviest = heaviest.max(weight);
        lightest = lightest.min(weight);
    }
    if weights.len() == 0 {
        return if total == 0 { Ok(Vec::new()) } else { Err(Overflow) };
    }
    if total < 0 || lightest < 0 {
        return Err(Overflow);
    }
    if whole == 0 || total == 0 || weights.len() == 1 {
        let mut parts = vec![0; weights.len()];
        parts[0] = total;
        return Ok(parts);
    }
    // Most receipts fit 64 bits, where the machine divides several times faster.
    if let (Ok(whole), Some(_)) = (i64::try_from(whole), total.checked_mul(heaviest)) {
        return spread_small(total, whole, weights, rank);
    }
    let share = |weight| {
        let product = i128::from(total) * i128::from(weight);
        Ok((i64::try_from(product / whole).map_err(|_| Overflow)?, product % whole))
    };
    spread_by(total, weights, share, rank)
}

/// Spreads by floors; the units left over go one each to the first parts.
pub(crate) fn spread_first<W>(total: i64, weights: W) -> Result<Vec<i64>, Overflow>
where
    W: ExactSizeIterator<Item = i64> + Clone,
{
    let (mut parts, left) = floors(total, weights)?;
    let first = usize::try_from(left).map_err(|_| Overflow)?;
    // Fewer units are left over than there are parts.
    parts.iter_mut().take(first).for_each(|part| *part += 1);
    Ok(parts)
}

/// Spreads by floors; the last part takes all that is left over.
pub(crate) fn spread_last<W>(total: i64, weights: W) -> Result<Vec<i64>, Overflow>
where
    W: ExactSizeIterator<Item = i64> + Clone,
{
    let (mut parts, left) = floors(total, weights)?;
    match parts.last_mut() {
        Some(last) => *last = last.checked_add(left).ok_or(Overflow)?,
        None if left == 0 => {}
        None => return Err(Overflow),
    }
    Ok(parts)
}

/// The floors of all shares, and what they leave over.
fn floors<W>(total: i64, weights: W) -> Result<(Vec<i64>, i64), Overflow>
where
    W: ExactSizeIterator<Item = i64> + Clone,
{
    let whole: i128 = weights.clone().map(i128::from).sum();
    if total < 0 || weights.clone().any(|weight| weight < 0) {
        return Err(Overflow);
    }
    let share = |weight: i64| {
        let product = i128::from(total) * i128::from(weight);
        i64::try_from(product / whole.max(1)).map_err(|_| Overflow)
    };
    let parts = weights.map(share).collect::<Result<Vec<i64>, Overflow>>()?;
    let left = total - parts.iter().sum::<i64>();
    Ok((parts, left))
}

/// The same where every product of the total with a weight, and their sum, fit 64 bits.
fn spread_small<W>(
    total: i64,
    whole: i64,
    weights: W,
    rank: impl Fn(&usize, &usize) -> Ordering,
) -> Result<Vec<i64>, Overflow>
where
    W: ExactSizeIterator<Item = i64> + Clone,
{
    let count = weights.len();
    // The remainders stand behind the parts, so that there is one list to make and not two.
    let mut parts = Vec::with_capacity(2 * count);
    let mut left = total;
    for weight in weights.clone() {
        let part = total * weight / whole;
        left -= part;
        parts.push(part);
    }
    if left == 0 {
        return Ok(parts);
    }
    for (index, weight) in weights.enumerate() {
        parts.push(total * weight - parts[index] * whole);
    }
    let (shares, remainders) = parts.split_at_mut(count);
    let order = |a: &usize, b: &usize| remainders[*b].cmp(&remainders[*a]).then_with(|| rank(a, b));
    if left == 1 {
        // Of two lines there is never more than one unit left.
        if let Some(index) = (0..count).min_by(order) {
            shares[index] += 1;
        }
    } else {
        // Which parts get one more is all that matters, not their order.
        let extra = usize::try_from(left).map_err(|_| Overflow)?;
        let mut places: Vec<usize> = (0..count).collect();
        if extra < count {
            places.select_nth_unstable_by(extra, order);
        }
        places.into_iter().take(extra).for_each(|index| shares[index] += 1);
    }
    parts.truncate(count);
    Ok(parts)
}

/// `share` gives the floor of the share of a weight and what remains of it.
fn spread_by<R: Ord>(
    total: i64,
    weights: impl ExactSizeIterator<Item = i64>,
    share: impl Fn(i64) -> Result<(i64, R), Overflow>,
    rank: impl Fn(&usize, &usize) -> Ordering,
) -> Result<Vec<i64>, Overflow> {
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = total;
    for (index, weight) in weights.enumerate() {
        let (part, remainder) = share(weight)?;
        parts.push(part);
        left -= part;
        remainders.push((Reverse(remainder), index));
    }
    // As many parts as units are left get one more. Which ones is all that matters, not their
    // order, so they are selected and not sorted.
    let extra = usize::try_from(left).map_err(|_| Overflow)?;
    let order = |a: &(Reverse<R>, usize), b: &(Reverse<R>, usize)| {
        a.0.cmp(&b.0).then_with(|| rank(&a.1, &b.1))
    };
    if 0 < extra && extra < remainders.len() {
        remainders.select_nth_unstable_by(extra, order);
    }
    for (_, index) in remainders.iter().take(extra) {
        parts[*index] += 1;
    }
    Ok(parts)
}
