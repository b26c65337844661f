//! Findings: what is no error in a programme and still hardly what its owner meant.
//!
//! They look at a checked programme and say what follows from its text alone, with figures and
//! places. They must never refuse a programme, never be needed for a decision, and never guess:
//! what cannot be known from the text is not told. The measures stand in
//! `docs/using/findings.md`.

mod amounts;
mod conditions;
mod ending;
mod places;
mod points;
mod prices;
mod rewards;
mod simplicity;
mod together;

use super::reader::Reader;
use super::{Audience, Discount, Each, Programme, Rule, Trigger};
use places::Places;
use toml::de::DeTable;

/// What every search for findings looks at.
struct Search<'s, 'a> {
    reader: &'s Reader<'a>,
    programme: &'s Programme,
    places: Places<'a>,
}

/// Looks for all that is known to go wrong.
pub fn find<'a>(reader: &Reader<'a>, root: &'a DeTable<'a>, programme: &Programme) {
    let search = Search { reader, programme, places: Places::of(root) };
    points::find(&search);
    conditions::find(&search);
    prices::find(&search);
    together::find(&search);
    rewards::find(&search);
    simplicity::find(&search);
    ending::find(&search);
}

impl Search<'_, '_> {
    fn about_rule(&self, rule: &Rule, message: String, hint: impl Into<String>) {
        self.reader.finding(self.places.of_listed(rule.key.as_str()), message, hint);
    }

    /// Points at the value of one key of a rule.
    fn about_part(&self, rule: &Rule, key: &str, message: String, hint: impl Into<String>) {
        self.reader.finding(self.places.of_part(rule.key.as_str(), key), message, hint);
    }
}

impl Rule {
    /// Whether the rule holds on every purchase of whom it is for, at any time, for ever and
    /// without a code.
    fn is_unbounded(&self) -> bool {
        self.on == Trigger::Purchase
            && self.when.is_none()
            && !self.is_limited()
            && self.coupon.is_none()
            && self.schedule == super::Schedule::default()
    }

    /// Whether anything bounds how often, or how much, it gives.
    const fn is_limited(&self) -> bool {
        self.limit.is_some() || !self.quotas.is_empty()
    }

    const fn is_for_members(&self) -> bool {
        matches!(self.audience, Audience::Members | Audience::Everyone)
    }

    /// Whether it is for everybody whom the other one is for.
    fn is_for_all_of(&self, other: &Rule) -> bool {
        self.audience == Audience::Everyone || self.audience == other.audience
    }

    /// Whether both may be for the same person.
    fn shares_audience(&self, other: &Rule) -> bool {
        self.is_for_all_of(other) || other.is_for_all_of(self)
    }

    /// The discount where it is a plain one, with its amounts.
    fn plain(&self) -> Option<(&super::Discounting, super::Plain)> {
        let discounting = self.discount.as_ref()?;
        match discounting.what {
            Discount::Plain(plain) => Some((discounting, plain)),
            _ => None,
        }
    }

    /// A sum off the whole receipt, and not off each line or piece.
    fn takes_sum_once(&self) -> bool {
        self.plain().is_some_and(|(_, plain)| {
            plain.each == Each::Receipt && matches!(plain.amount, super::DiscountAmount::Sum(_))
        })
    }
}
