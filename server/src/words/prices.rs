//! Prices in words: how large a discount is, and how several of them stand together.
//!
//! It must never compute: every figure stands in the reason.

use super::{Arg, Speaker, percent};
use symbolon_core::engine::{DiscountHow, Outcome};
use symbolon_core::values::Money;

/// `1.60 off: 10 % of 16.00`.
pub(super) fn discounted(
    say: &Speaker<'_>,
    amount: Money,
    basis: Money,
    how: DiscountHow,
) -> String {
    let amount = ("amount", Arg::from(say.money(amount)));
    let basis = ("basis", Arg::from(say.money(basis)));
    match how {
        DiscountHow::Percent(rate) => {
            let rate = ("percent", Arg::from(percent(say.language, rate)));
            say.text("reason-discounted-percent", &[amount, basis, rate])
        }
        DiscountHow::PercentOfLowest(rate) => {
            let rate = ("percent", Arg::from(percent(say.language, rate)));
            say.text("reason-discounted-percent-of-lowest", &[amount, basis, rate])
        }
        DiscountHow::Sum(sum) => {
            let sum = ("sum", Arg::from(say.money(sum)));
            say.text("reason-discounted-sum", &[amount, basis, sum])
        }
        DiscountHow::UnitPrice(price) => {
            let price = ("price", Arg::from(say.money(price)));
            say.text("reason-discounted-price", &[amount, basis, price])
        }
        DiscountHow::PriceList => say.text("reason-discounted-price-list", &[amount, basis]),
        DiscountHow::FreePiece => say.text("reason-discounted-free", &[amount, basis]),
        DiscountHow::Set { buy, get, times } => {
            let sets = [
                ("buy", Arg::Count(buy.into())),
                ("get", Arg::Count(get.into())),
                ("times", Arg::Count(times.into())),
            ];
            let [buy, get, times] = sets;
            say.text("reason-discounted-set", &[amount, basis, buy, get, times])
        }
        DiscountHow::Bundle { times } => {
            let times = ("times", Arg::Count(times.into()));
            say.text("reason-discounted-bundle", &[amount, basis, times])
        }
    }
}

/// What is said of discounts that stand together, or do not.
pub(super) fn stacking(say: &Speaker<'_>, outcome: &Outcome) -> String {
    let money = |amount: Money| Arg::from(say.money(amount));
    match outcome {
        Outcome::NotCombined { by } => {
            say.text("reason-not-combined", &[("by", say.giver(by).into())])
        }
        Outcome::TooManyDiscounts { most } => {
            say.text("reason-too-many-discounts", &[("most", Arg::Count((*most).into()))])
        }
        Outcome::Stacked { for_shop, amount, bound, tried, exact } => {
            let key = match (for_shop, exact) {
                (false, true) => "reason-stacked-for-member",
                (true, true) => "reason-stacked-for-shop",
                (false, false) => "reason-stacked-for-member-bound",
                (true, false) => "reason-stacked-for-shop-bound",
            };
            let args = [
                ("amount", money(*amount)),
                ("bound", money(*bound)),
                ("tried", Arg::Count((*tried).into())),
            ];
            say.text(key, &args)
        }
        Outcome::Floored { amount } => say.text("reason-floored", &[("amount", money(*amount))]),
        Outcome::Cut { amount } => say.text("reason-cut", &[("amount", money(*amount))]),
        Outcome::GiftAdded { times } => {
            say.text("reason-gift-added", &[("times", Arg::Count((*times).into()))])
        }
        Outcome::Announced { from } => {
            say.text("reason-announced", &[("from", say.moment(*from).into())])
        }
        _ => String::new(),
    }
}
