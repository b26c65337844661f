//! Limits in words: what is used up, what was left, what came near.
//!
//! It must never compute: every figure stands in the reason.

use super::{Arg, Speaker};
use symbolon_core::engine::{CounterKey, Outcome};
use symbolon_core::programme::{QuotaMost, QuotaPer};
use symbolon_core::values::{Money, Points};

/// `3 times`, `$50.00`, `500 points`.
fn most_words(say: &Speaker<'_>, most: &QuotaMost) -> String {
    match most {
        QuotaMost::Times(times) => {
            say.text("quota-times", &[("times", Arg::Count((*times).into()))])
        }
        QuotaMost::Money(money) => say.money(*money),
        QuotaMost::Points { points, amount } => say.points(points, *amount),
    }
}

/// So many units of what a limit counts.
fn units_words(say: &Speaker<'_>, most: &QuotaMost, units: i64) -> String {
    match most {
        QuotaMost::Times(_) => say.text("quota-times", &[("times", Arg::Count(units))]),
        QuotaMost::Money(_) => say.money(Money::new(units)),
        QuotaMost::Points { points, .. } => say.points(points, Points::new(units)),
    }
}

/// Whose limit it is: `in all`, `for the till centre/1`.
fn per_words(say: &Speaker<'_>, per: QuotaPer, scope: &str) -> String {
    let key = match per {
        QuotaPer::All => "quota-per-all",
        QuotaPer::Member => "quota-per-member",
        QuotaPer::Location => "quota-per-location",
        QuotaPer::Till => "quota-per-till",
        QuotaPer::Cashier => "quota-per-cashier",
        QuotaPer::Code => "quota-per-code",
        QuotaPer::Person => "quota-per-person",
        QuotaPer::Referrer => "quota-per-referrer",
    };
    say.text(key, &[("scope", Arg::from(scope))])
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::QuotaReached { per, scope, most, from } => {
            let args = [
                ("most", Arg::from(most_words(say, most))),
                ("per", per_words(say, *per, scope).into()),
            ];
            let [most, per] = args;
            match from {
                Some(from) => {
                    let from = ("from", say.date(*from).into());
                    say.text("reason-quota-reached-since", &[most, per, from])
                }
                None => say.text("reason-quota-reached", &[most, per]),
            }
        }
        Outcome::QuotaTooSmall { wanted, left } => {
            let args = [
                ("wanted", Arg::from(most_words(say, wanted))),
                ("left", most_words(say, left).into()),
            ];
            say.text("reason-quota-too-small", &args)
        }
        Outcome::QuotaCut { wanted, given } => {
            let args = [
                ("wanted", Arg::from(most_words(say, wanted))),
                ("given", most_words(say, given).into()),
            ];
            say.text("reason-quota-cut", &args)
        }
        Outcome::QuotaAlert { per, scope, most, used, alert_at } => {
            let args = [
                ("used", Arg::from(units_words(say, most, *used))),
                ("alert", units_words(say, most, *alert_at).into()),
                ("most", most_words(say, most).into()),
                ("per", per_words(say, *per, scope).into()),
            ];
            say.text("reason-quota-alert", &args)
        }
        _ => String::new(),
    }
}

/// What was counted on a limit.
pub(super) fn counted(say: &Speaker<'_>, counter: &CounterKey, change: i64) -> String {
    let unit = counter.unit.as_str();
    let most = match unit.strip_prefix("points:") {
        Some(points) => QuotaMost::Points {
            points: symbolon_core::values::Key::new(points),
            amount: Points::ZERO,
        },
        None if unit == "money" => QuotaMost::Money(Money::ZERO),
        None => QuotaMost::Times(0),
    };
    let amount = units_words(say, &most, change.saturating_abs());
    let key = if change < 0 { "effect-count-back" } else { "effect-counted" };
    let args = [
        ("by", Arg::from(say.giver(&counter.of))),
        ("amount", amount.into()),
        ("per", per_words(say, counter.per, &counter.scope).into()),
    ];
    say.text(key, &args)
}
