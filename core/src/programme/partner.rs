//! Partners of one programme, and what each pays for points and is paid for them. Types alone.

use crate::values::{Key, Rate, Texts};

/// Somebody at whom members earn and spend points of the programme.
#[derive(Debug)]
pub struct Partner {
    pub key: Key,
    pub name: Texts,
    /// What the partner pays for a point that is issued at it, in units of the currency, by
    /// position of the point kind.
    pub issued: Vec<(usize, Rate)>,
    /// What the partner is paid for a point that is redeemed at it.
    pub redeemed: Vec<(usize, Rate)>,
}

impl Partner {
    #[must_use]
    pub fn pays_for(&self, points: usize) -> Rate {
        rate_of(&self.issued, points)
    }

    #[must_use]
    pub fn is_paid_for(&self, points: usize) -> Rate {
        rate_of(&self.redeemed, points)
    }
}

fn rate_of(rates: &[(usize, Rate)], points: usize) -> Rate {
    rates.iter().find(|(known, _)| *known == points).map_or(Rate::new(0), |(_, rate)| *rate)
}
