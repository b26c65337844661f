//! Giving a prize: points, a benefit, a thing, a coupon. How one comes to win it is decided
//! elsewhere.

use super::Context;
use super::codes::issue;
use super::decision::{Effect, Reason, Refusal, Shares};
use super::working::{WorkingLots, lot_life};
use crate::programme::{Prize, PrizeGives, Programme};
use crate::values::{CalendarError, Key, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A prize as it is recorded and sent: whole in itself, whatever the programme becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gift {
    Points {
        points: Key,
        amount: Points,
    },
    Benefit {
        benefit: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    Item {
        product: String,
    },
    Coupon {
        coupon: Key,
    },
}

/// What a prize is on a day.
pub fn gift_of(programme: &Programme, prize: &Prize, day: Date) -> Result<Gift, CalendarError> {
    let ends_at = match prize.gives {
        PrizeGives::Benefit { lasts: Some(lasts), .. } => {
            Some(programme.zone.end_of_day(lasts.after(day)?)?)
        }
        _ => None,
    };
    Ok(match &prize.gives {
        PrizeGives::Points { points, amount } => {
            Gift::Points { points: programme.points[*points].key.clone(), amount: *amount }
        }
        PrizeGives::Benefit { benefit, .. } => {
            Gift::Benefit { benefit: programme.benefits[*benefit].key.clone(), ends_at }
        }
        PrizeGives::Item(product) => Gift::Item { product: product.clone() },
        PrizeGives::Coupon(coupon) => {
            Gift::Coupon { coupon: programme.instruments[*coupon].key.clone() }
        }
    })
}

/// Where a gift is booked.
pub(super) struct Giving<'g, 'w> {
    pub day: Date,
    /// What gives it.
    pub by: &'g Key,
    /// Nobody has an account where there are none.
    pub working: Option<&'g mut WorkingLots<'w>>,
    /// How points of it are taken back when lines of the receipt come back.
    pub shares: Shares,
    pub effects: &'g mut Vec<Effect>,
    pub reasons: &'g mut Vec<Reason>,
}

/// Books a gift. Says whether anything was given: guests have no account.
pub(super) fn give(
    context: &Context<'_>,
    giving: Giving<'_, '_>,
    gift: &Gift,
) -> Result<bool, Refusal> {
    let Giving { day, by, working, shares, effects, reasons } = giving;
    match gift {
        Gift::Points { points, amount } => {
            let Some(working) = working else { return Ok(false) };
            let (_, kind) = context
                .programme
                .find_points(points.as_str())
                .ok_or_else(|| Refusal::UnknownPoints { points: points.clone() })?;
            let (available_at, expires) = lot_life(context.programme, kind, day)?;
            let granted = working.grant(kind, *amount)?;
            effects.push(Effect::Earn {
                by: by.clone(),
                points: points.clone(),
                amount: *amount,
                lot: granted.number,
                available_at,
                awaits: None,
                expires,
                shares,
                recount: None,
            });
            if !granted.repaid.is_zero() {
                let (points, amount, lot) = (points.clone(), granted.repaid, granted.number);
                effects.push(Effect::Repay { points, amount, lot });
            }
        }
        Gift::Benefit { benefit, ends_at } => {
            if working.is_none() {
                return Ok(false);
            }
            let (by, benefit, ends_at) = (by.clone(), benefit.clone(), *ends_at);
            effects.push(Effect::GrantBenefit { by, benefit, ends_at, uses: None });
        }
        Gift::Item { product } => {
            let (by, products) = (by.clone(), Arc::from([product.clone()]));
            effects.push(Effect::FreeItem { by, line: None, products, pieces: 1 });
        }
        Gift::Coupon { coupon } => {
            let found = context.programme.find_instrument(coupon.as_str());
            let Some((position, _)) = found else {
                return Err(Refusal::UnknownReward { reward: coupon.clone() });
            };
            return issue(context, (by, position, None), day, effects, reasons);
        }
    }
    Ok(true)
}
