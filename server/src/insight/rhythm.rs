//! How often customers buy, and when they stop: the BG/NBD model.
//!
//! While a customer is alive he buys at his own rate, gamma-distributed over customers; after each
//! purchase he stops for good with his own probability, beta-distributed (Fader, Hardie and Lee,
//! Marketing Science 24(2), 2005). Fitted by maximum likelihood with the simplex of Nelder and
//! Mead. Floats are at home here: nothing of this ever touches a balance.

use fastrand::Rng;

/// What is known of one customer, in weeks: further purchases after the first, when the last of
/// them was, and how long he has been watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub again: u32,
    pub last: f64,
    pub watched: f64,
}

/// The model: rates are gamma(`shape`, `scale_weeks`), stops are beta(`stop_a`, `stop_b`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    pub shape: f64,
    pub scale_weeks: f64,
    pub stop_a: f64,
    pub stop_b: f64,
}

/// A customer's own rate a week and probability to stop, drawn for one imagined future.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    pub rate: f64,
    pub stop: f64,
}

const ROUNDS_MAX: usize = 600;
const GOOD_ENOUGH: f64 = 1e-7;

impl Rhythm {
    /// The model that makes what was seen most likely. `None` where there is nobody to learn from.
    #[must_use]
    pub fn fit(seen: &[Seen]) -> Option<Self> {
        if seen.is_empty() {
            return None;
        }
        let of = |point: &[f64; 4]| Self {
            shape: point[0].exp(),
            scale_weeks: point[1].exp(),
            stop_a: point[2].exp(),
            stop_b: point[3].exp(),
        };
        // A penalty far out keeps the simplex where numbers are numbers.
        let unlikely = |point: &[f64; 4]| {
            let far: f64 = point.iter().map(|value| (value.abs() - 7.0).max(0.0).powi(2)).sum();
            let likely = of(point).log_likelihood(seen);
            if likely.is_finite() { far * 1e3 - likely } else { f64::MAX / 1e6 }
        };
        Some(of(&simplex([-0.5, 1.5, -0.3, 0.8], unlikely)))
    }

    /// The logarithm of the likelihood of all that was seen.
    #[must_use]
    pub fn log_likelihood(&self, seen: &[Seen]) -> f64 {
        let Self { shape: r, scale_weeks: alpha, stop_a: a, stop_b: b } = *self;
        // Whatever depends on the number of purchases alone is computed once for each number.
        let most = seen.iter().map(|one| one.again).max().unwrap_or(0);
        let by_number: Vec<(f64, f64)> = (0..=most)
            .map(|again| {
                let x = f64::from(again);
                let rate = ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln();
                let stop = ln_gamma(a + b) + ln_gamma(b + x) - ln_gamma(b) - ln_gamma(a + b + x);
                (rate + stop, a.ln() - (b + x - 1.0).max(f64::MIN_POSITIVE).ln())
            })
            .collect();
        let one = |one: &Seen| {
            let x = f64::from(one.again);
            let (both, ratio) = by_number[one.again as usize];
            let alive = -(r + x) * (alpha + one.watched).ln();
            if one.again == 0 {
                return both + alive;
            }
            let gone = ratio - (r + x) * (alpha + one.last).ln();
            let larger = alive.max(gone);
            both + larger + ((alive - larger).exp() + (gone - larger).exp()).ln()
        };
        seen.iter().map(one).sum()
    }

    /// How likely it is that a customer still buys.
    #[must_use]
    pub fn alive(&self, seen: &Seen) -> f64 {
        if seen.again == 0 {
            return 1.0;
        }
        let Self { shape: r, scale_weeks: alpha, stop_a: a, stop_b: b } = *self;
        let x = f64::from(seen.again);
        let odds = ((alpha + seen.watched) / (alpha + seen.last)).powf(r + x) * a / (b + x - 1.0);
        1.0 / (1.0 + odds)
    }

    /// Draws what a customer of whom something was seen will be like; `None` where he is gone.
    #[must_use]
    pub fn draw_seen(&self, seen: &Seen, chance: &mut Rng) -> Option<Own> {
        if chance.f64() >= self.alive(seen) {
            return None;
        }
        let x = f64::from(seen.again);
        let rate = gamma(self.shape + x, chance) / (self.scale_weeks + seen.watched);
        Some(Own { rate, stop: beta(self.stop_a, self.stop_b + x, chance) })
    }

    /// Draws what a new customer will be like.
    #[must_use]
    pub fn draw_new(&self, chance: &mut Rng) -> Own {
        let rate = gamma(self.shape, chance) / self.scale_weeks;
        Own { rate, stop: beta(self.stop_a, self.stop_b, chance) }
    }
}

impl Own {
    /// The weeks of purchases from `from` to `until`.
    pub fn purchases(self, from: f64, until: f64, chance: &mut Rng, mut each: impl FnMut(f64)) {
        let mut at = from;
        loop {
            at += -(1.0 - chance.f64()).ln() / self.rate.max(1e-12);
            if at >= until {
                return;
            }
            each(at);
            if chance.f64() < self.stop {
                return;
            }
        }
    }
}

/// The least value of a function of four numbers, by the simplex of Nelder and Mead.
fn simplex(start: [f64; 4], value: impl Fn(&[f64; 4]) -> f64) -> [f64; 4] {
    let mut corners: Vec<([f64; 4], f64)> = vec![(start, value(&start))];
    for axis in 0..4 {
        let mut corner = start;
        corner[axis] += 0.7;
        corners.push((corner, value(&corner)));
    }
    for _ in 0..ROUNDS_MAX {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (corners[0].1, corners[4].1);
        if (worst - best).abs() <= GOOD_ENOUGH * best.abs().max(1.0) {
            break;
        }
        let middle: [f64; 4] = std::array::from_fn(|axis| {
            corners[..4].iter().map(|(c, _)| c[axis]).sum::<f64>() / 4.0
        });
        let along = |factor: f64| -> ([f64; 4], f64) {
            let point = std::array::from_fn(|axis| {
                middle[axis] + factor * (corners[4].0[axis] - middle[axis])
            });
            (point, value(&point))
        };
        let reflected = along(-1.0);
        if reflected.1 < best {
            let further = along(-2.0);
            corners[4] = if further.1 < reflected.1 { further } else { reflected };
        } else if reflected.1 < corners[3].1 {
            corners[4] = reflected;
        } else {
            let nearer = along(if reflected.1 < worst { -0.5 } else { 0.5 });
            if nearer.1 < worst.min(reflected.1) {
                corners[4] = nearer;
            } else {
                let towards = corners[0].0;
                for (corner, known) in &mut corners[1..] {
                    *corner = std::array::from_fn(|axis| (corner[axis] + towards[axis]) / 2.0);
                    *known = value(corner);
                }
            }
        }
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0].0
}

/// The logarithm of the gamma function above zero: Stirling's series after a few steps up.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series =
        inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - f64::ln(product)
}

/// A draw from gamma(`shape`, 1), by Marsaglia and Tsang (2000).
fn gamma(shape: f64, chance: &mut Rng) -> f64 {
    if shape < 1.0 {
        let less = (1.0 - chance.f64()).powf(1.0 / shape);
        return gamma(shape + 1.0, chance) * less;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let normal = normal(chance);
        let cubed = (1.0 + c * normal).powi(3);
        if cubed <= 0.0 {
            continue;
        }
        let uniform = 1.0 - chance.f64();
        if uniform.ln() < 0.5 * normal * normal + d - d * cubed + d * cubed.ln() {
            return d * cubed;
        }
    }
}

fn beta(a: f64, b: f64, chance: &mut Rng) -> f64 {
    let (x, y) = (gamma(a, chance), gamma(b, chance));
    if x + y > 0.0 { x / (x + y) } else { a / (a + b) }
}

/// A draw from the normal distribution, by Box and Muller.
pub(super) fn normal(chance: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - chance.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * chance.f64()).cos()
}
