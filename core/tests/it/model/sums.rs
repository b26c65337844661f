//! Arithmetic of the model: fractions kept in lowest terms, rounding told by cases, and
//! sharing out unit by unit.

use symbolon_core::values::Rounding;

/// A positive fraction.
#[derive(Debug, Clone, Copy)]
pub struct Fraction(pub i128, pub i128);

impl Fraction {
    pub fn times(self, top: i128, bottom: i128) -> Self {
        let (one, two) = (Self(self.0, bottom).reduced(), Self(top, self.1).reduced());
        Self(one.0 * two.0, one.1 * two.1)
    }

    pub fn plus(self, other: Self) -> Self {
        let (one, two) = (self.reduced(), other.reduced());
        Self(one.0 * two.1 + two.0 * one.1, one.1 * two.1).reduced()
    }

    fn reduced(self) -> Self {
        let (mut a, mut b) = (self.0.max(1), self.1);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(self.0 / a, self.1 / a)
    }
}

/// A quotient of two numbers that are not negative.
pub fn rounded(top: i128, bottom: i128, rounding: Rounding) -> i64 {
    let (whole, rest) = (top / bottom, top % bottom);
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::HalfUp => rest * 2 >= bottom,
        Rounding::HalfEven => rest * 2 > bottom || (rest * 2 == bottom && whole % 2 == 1),
    };
    i64::try_from(whole + i128::from(up)).unwrap()
}

/// Shares a total out by weights: to each the whole units of its share, and what is left one
/// by one to whom most is lacking.
pub fn shared(total: i64, weights: &[i128]) -> Vec<i64> {
    let by_place: Vec<usize> = (0..weights.len()).collect();
    shared_by(total, weights, &by_place)
}

/// The same; of those to whom equally much is lacking, the one with the smallest rank first.
pub fn shared_by(total: i64, weights: &[i128], ranks: &[usize]) -> Vec<i64> {
    let mut shares = vec![0; weights.len()];
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        if let Some(first) = shares.first_mut() {
            *first = total;
        }
        return shares;
    }
    let exact = |weight: i128| i128::from(total) * weight;
    for (share, weight) in shares.iter_mut().zip(weights) {
        *share = i64::try_from(exact(*weight) / sum).unwrap();
    }
    while shares.iter().sum::<i64>() < total {
        let lacking = |place: usize| exact(weights[place]) - i128::from(shares[place]) * sum;
        let places = 0..weights.len();
        let neediest = places.min_by_key(|place| (-lacking(*place), ranks[*place])).unwrap();
        shares[neediest] += 1;
    }
    shares
}
