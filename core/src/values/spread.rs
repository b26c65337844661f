//! Spreading a total over lines by largest remainder, so that the parts are the whole.

use super::Overflow;
use std::cmp::Reverse;

/// Spreads `total` (not negative) in proportion to `weights` (not negative).
///
/// Every part gets the floor of its share; the units left over go to the largest
/// remainders, the earlier line first among equals (Hamilton's method). The parts
/// always sum to `total`. Where every weight is zero, the first line takes all.
pub fn spread(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    spread_over(total, weights.iter().copied())
}

/// The same for weights that lie within something else.
pub(crate) fn spread_over<W>(total: i64, weights: W) -> Result<Vec<i64>, Overflow>
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
        let share = |weight| (total * weight / whole, total * weight % whole);
        return spread_by(total, weights, |weight| Ok(share(weight)));
    }
    spread_by(total, weights, |weight| {
        let product = i128::from(total) * i128::from(weight);
        Ok((i64::try_from(product / whole).map_err(|_| Overflow)?, product % whole))
    })
}

/// `share` gives the floor of the share of a weight and what remains of it.
fn spread_by<R: Ord>(
    total: i64,
    weights: impl ExactSizeIterator<Item = i64>,
    share: impl Fn(i64) -> Result<(i64, R), Overflow>,
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
    if 0 < extra && extra < remainders.len() {
        remainders.select_nth_unstable(extra);
    }
    for (_, index) in remainders.iter().take(extra) {
        parts[*index] += 1;
    }
    Ok(parts)
}
