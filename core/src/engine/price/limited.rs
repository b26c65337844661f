//! Discounts within limits of money: what a budget leaves is cut to, or nothing is given.
//!
//! It must never count: what was taken is counted once, at the end of the decision.

use super::desk::{Desk, Offered};
use super::marks::Marks;
use crate::engine::decision::Outcome;
use crate::engine::purchase::Checkout;
use crate::programme::{QuotaMost, Rule};
use crate::values::{Key, Overflow};

/// Keeps a discount to what limits of money leave: cut, or not given at all.
pub(super) fn keep_to_quotas(
    desk: &Desk<'_, '_>,
    marks: &Marks,
    rule: &Rule,
    offered: &mut Offered,
) -> Result<Option<Outcome>, Overflow> {
    if !rule.is_under_quotas() {
        return Ok(None);
    }
    let left = desk.quotas.money_left(&rule.key, &marks.drawn);
    let Some((left, cuts)) = left else { return Ok(None) };
    if offered.amount <= left {
        return Ok(None);
    }
    let wanted = QuotaMost::Money(offered.amount);
    let left_words = QuotaMost::Money(left);
    if !cuts || left.is_zero() {
        *offered = Offered::default();
        return Ok(Some(Outcome::QuotaTooSmall { wanted, left: left_words }));
    }
    let cut = offered.cut();
    desk.cut(offered, left)?;
    // It is told as what a limit left, and not as what the rule may give at most.
    offered.more_mut().cut = cut;
    Ok(Some(Outcome::QuotaCut { wanted, given: left_words }))
}

/// What a limit of money leaves is too little for a reward that is claimed.
pub(in crate::engine) fn claim_beyond_quotas(
    checkout: &Checkout<'_>,
    by: &Key,
    offered: &Offered,
) -> Option<Outcome> {
    let (left, _) = checkout.quotas.money_left(by, &checkout.marks.drawn)?;
    (offered.amount > left).then_some(Outcome::QuotaTooSmall {
        wanted: QuotaMost::Money(offered.amount),
        left: QuotaMost::Money(left),
    })
}
