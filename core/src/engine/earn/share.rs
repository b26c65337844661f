//! Shares of a receipt for those who brought the member, level by level.
//!
//! What is shared is worked out once, rounded once and spread over the levels by largest
//! remainder, so that the levels and what nobody gets are the whole. It travels to each by an
//! activity of its own; nobody gets a share of what he bought himself.

use super::super::decision::{Effect, Outcome, Reason, Refusal, Shares};
use super::super::derived::Sent;
use super::super::purchase::{Checkout, Matched};
use super::super::returns::points::shares_by_line;
use super::base::{Bases, Basis};
use crate::condition::Window;
use crate::member::MemberState;
use crate::programme::{ShareOf, SharedPurchases, Sharing};
use crate::values::{Key, MemberId, Money, Overflow, Points, Rate, divide, spread};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const HUNDRED_PER_CENT: i128 = 100_000_000;

/// How the share of one level came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareHow {
    OfPaid { percent: Rate, basis: Money },
    OfPoints { percent: Rate, basis: Points },
    Fixed,
}

/// A share worked out: the whole, and how it is taken back with the lines of the receipt.
struct Worked {
    whole: Points,
    shares: Shares,
    how: Vec<ShareHow>,
}

pub(in crate::engine) fn share_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    for place in 0..matched.len() {
        let rule = matched[place].rule;
        let Some(share) = rule.share.as_deref().filter(|_| !matched[place].excluded) else {
            continue;
        };
        let outcome = match why_not(checkout, share)? {
            Some(outcome) => Some(outcome),
            None => match work_out(checkout, matched, share)? {
                Some(worked) => {
                    matched[place].gave |= send(checkout, &rule.key, share, worked)?;
                    None
                }
                None => Some(Outcome::NothingToCount),
            },
        };
        if let Some(outcome) = outcome {
            checkout.reasons.push(Reason { about: rule.key.clone(), outcome });
        }
    }
    Ok(())
}

/// Why nothing of the receipt is shared, where that is so.
fn why_not(checkout: &Checkout<'_>, share: &Sharing) -> Result<Option<Outcome>, Refusal> {
    let Some(member) = checkout.context.member else { return Ok(Some(Outcome::NotForGuests)) };
    let Some(referral) = &member.referral else { return Ok(Some(Outcome::NotReferred)) };
    let bought = || member.measures(Window::AllTime, Date::MAX, None).visits > 0;
    if share.purchases == SharedPurchases::First && bought() {
        return Ok(Some(Outcome::NotFirstPurchase));
    }
    if let Some(within) = share.within {
        let until = within.after(referral.since)?;
        if until < checkout.facts.day {
            return Ok(Some(Outcome::ShareOver { until }));
        }
    }
    Ok(None)
}

fn work_out(
    checkout: &Checkout<'_>,
    matched: &[Matched<'_>],
    share: &Sharing,
) -> Result<Option<Worked>, Refusal> {
    let programme = checkout.context.programme;
    let kind = &programme.points[share.earning.points];
    let bases = Bases::of(checkout, matched)?;
    let sum = |levels: &[Rate]| -> i128 { levels.iter().map(|r| i128::from(r.units())).sum() };
    let (whole, shares, how) = match &share.of {
        ShareOf::Points(levels) => {
            let (basis, weights) = earned(checkout, &kind.key)?;
            let product = i128::from(basis.units()) * sum(levels);
            let whole = Points::new(divide(product, HUNDRED_PER_CENT, kind.rounding)?);
            let how = |percent: &Rate| ShareHow::OfPoints { percent: *percent, basis };
            (whole, Shares::Weights(weights), levels.iter().map(how).collect())
        }
        of => {
            let Some(basis) = Basis::of(checkout, &bases, &share.earning)? else {
                return Ok(None);
            };
            let paid = basis.amount;
            let shares = basis.into_shares(&bases);
            match of {
                ShareOf::Fixed(levels) if paid.is_positive() => {
                    let whole = Points::sum(levels.iter().copied())?;
                    (whole, shares, vec![ShareHow::Fixed; levels.len()])
                }
                ShareOf::Paid(levels) => {
                    let points_unit = 10_i128.pow(u32::from(kind.decimals));
                    let money_unit = 10_i128.pow(u32::from(programme.currency.exponent()));
                    let product = i128::from(paid.units())
                        .checked_mul(sum(levels))
                        .and_then(|product| product.checked_mul(points_unit))
                        .ok_or(Overflow)?;
                    let whole = divide(product, HUNDRED_PER_CENT * money_unit, kind.rounding)?;
                    let how = |percent: &Rate| ShareHow::OfPaid { percent: *percent, basis: paid };
                    (Points::new(whole), shares, levels.iter().map(how).collect())
                }
                _ => return Ok(None),
            }
        }
    };
    let whole = share.at_most.map_or(whole, |most| whole.min(most));
    Ok((!whole.is_zero()).then_some(Worked { whole, shares, how }))
}

/// The points of a kind that the receipt earns, by line.
fn earned(checkout: &Checkout<'_>, kind: &Key) -> Result<(Points, Vec<(u32, i64)>), Overflow> {
    let (mut sum, mut weights) = (Points::ZERO, BTreeMap::<u32, i64>::new());
    for effect in &checkout.effects {
        let Effect::Earn { points, amount, shares, .. } = effect else { continue };
        if points != kind {
            continue;
        }
        sum = sum.plus(*amount)?;
        for (line, part) in shares_by_line(*amount, shares, &checkout.net)? {
            let weight = weights.entry(line).or_default();
            *weight = weight.checked_add(part).ok_or(Overflow)?;
        }
    }
    Ok((sum, weights.into_iter().collect()))
}

/// Sends each level its part. Says whether anything was sent.
fn send(
    checkout: &mut Checkout<'_>,
    rule: &Key,
    share: &Sharing,
    worked: Worked,
) -> Result<bool, Refusal> {
    let programme = checkout.context.programme;
    let points = programme.points[share.earning.points].key.clone();
    let weights: Vec<i64> = match &share.of {
        ShareOf::Paid(levels) | ShareOf::Points(levels) => {
            levels.iter().map(|level| level.units()).collect()
        }
        ShareOf::Fixed(levels) => levels.iter().map(|level| level.units()).collect(),
    };
    let mut parts = spread(worked.whole.units(), &weights)?;
    let line = receivers(checkout.context.member, checkout.context.member_id);
    let nobodys = parts.split_off(parts.len().min(line.len()));
    let wanted = Points::sum(parts.iter().copied().map(Points::new))?;
    let mut given = wanted;
    if let Some(outcome) = checkout.quotas.keep_points(rule, &points, &mut given)? {
        checkout.reasons.push(Reason { about: rule.clone(), outcome });
        parts = spread(given.units(), &parts)?;
    }
    let available_at = waits_until(checkout, share)?;
    for ((level, to), (part, how)) in (1_u8..).zip(line).zip(parts.iter().zip(&worked.how)) {
        let amount = Points::new(*part);
        if amount.is_zero() {
            continue;
        }
        let (points, how) = (points.clone(), *how);
        let outcome = Outcome::Shared { to, level, points: points.clone(), amount, how };
        checkout.reasons.push(Reason { about: rule.clone(), outcome });
        let cap = share.per_receiver;
        let what = Sent::Share { points, amount, level, available_at, cap };
        let (by, shares) = (rule.clone(), worked.shares.clone());
        checkout.effects.push(Effect::Send { to, by, what, shares });
    }
    let kept = Points::sum(nobodys.iter().copied().map(Points::new))?;
    if !kept.is_zero() {
        let outcome = Outcome::ShareOfNobody { points, amount: kept };
        checkout.reasons.push(Reason { about: rule.clone(), outcome });
    }
    Ok(!given.is_zero())
}

/// Those who brought the member; never the member itself, nor what was merged into it.
fn receivers(member: Option<&MemberState>, own: Option<MemberId>) -> Vec<MemberId> {
    let Some(member) = member else { return Vec::new() };
    let is_other = |other: &MemberId| Some(*other) != own && !member.was(*other);
    member.line().iter().copied().filter(is_other).collect()
}

fn waits_until(checkout: &Checkout<'_>, share: &Sharing) -> Result<Option<Timestamp>, Refusal> {
    let Some(after) = share.after else { return Ok(None) };
    let day = after.after(checkout.facts.day)?;
    Ok(Some(checkout.context.programme.zone.start_of_day(day)?))
}
