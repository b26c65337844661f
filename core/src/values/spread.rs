//! Spreading a total over lines by largest remainder, so that the parts are the whole.

use super::Overflow;

/// Spreads `total` (not negative) in proportion to `weights` (not negative).
///
/// Every part gets the floor of its share; the units left over go to the largest
/// remainders, the earlier line first among equals (Hamilton's method). The parts
/// always sum to `total`. Where every weight is zero, the first line takes all.
pub fn spread(total: i64, weights: &[i64]) -> Result<Vec<i64>, Overflow> {
    let mut parts = vec![0; weights.len()];
    let Some(first) = parts.first_mut() else {
        return if total == 0 { Ok(parts) } else { Err(Overflow) };
    };
    let whole: i128 = weights.iter().copied().map(i128::from).sum();
    if total < 0 || weights.iter().any(|weight| *weight < 0) {
        return Err(Overflow);
    }
    if whole == 0 || total == 0 {
        *first = total;
        return Ok(parts);
    }
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = total;
    for (index, weight) in weights.iter().enumerate() {
        let product = i128::from(total) * i128::from(*weight);
        let part = i64::try_from(product / whole).map_err(|_| Overflow)?;
        parts[index] = part;
        left -= part;
        remainders.push((product % whole, index));
    }
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let extra = usize::try_from(left).map_err(|_| Overflow)?;
    for (_, index) in remainders.iter().take(extra) {
        parts[*index] += 1;
    }
    Ok(parts)
}
