//! The end of a programme in words.

use super::{Arg, Speaker, Tone};
use symbolon_core::engine::{Effect, Outcome};
use symbolon_core::programme::Ending;
use symbolon_core::values::{Key, Points};

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Convert { points, amount, to, given, .. } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("given", say.points(to, *given).into()),
            ];
            say.text("effect-convert", &args)
        }
        Effect::EndDebt { points, amount, to, back, .. } => {
            let owed = ("amount", Arg::from(say.points(points, *amount)));
            match to.as_ref().filter(|_| !back.is_zero()) {
                Some(to) => {
                    say.text("effect-end-debt-for", &[owed, ("back", say.points(to, *back).into())])
                }
                None => say.text("effect-end-debt", &[owed]),
            }
        }
        _ => String::new(),
    }
}

/// What an effect of the end does to what a member has of a kind. What is owed counts as less
/// than nothing.
pub(super) fn change_of(effect: &Effect, kind: &Key) -> Option<Points> {
    match effect {
        Effect::Convert { points, amount, .. } if points == kind => amount.negated().ok(),
        Effect::Convert { to, given, .. } if to == kind => Some(*given),
        Effect::EndDebt { points, amount, .. } if points == kind => Some(*amount),
        Effect::EndDebt { to: Some(to), back, forgiven, .. } if to == kind => {
            back.minus(*forgiven).ok()?.negated().ok()
        }
        _ => None,
    }
}

/// The name of what a reason is about.
pub(super) fn about(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::EndingAnnounced { .. } if *about == Ending::name() => {
            say.text("about-ending", &[])
        }
        Outcome::EarningOver { .. } => say.giver(about),
        _ => say.points_title(about),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::EndingAnnounced { last_earning, last_spending } => {
            let args = [
                ("earning", Arg::from(say.date(*last_earning))),
                ("spending", say.date(*last_spending).into()),
            ];
            say.text("reason-ending-announced", &args)
        }
        Outcome::EarningOver { last } => {
            say.text("reason-earning-over", &[("date", say.date(*last).into())])
        }
        Outcome::EndedWithProgramme { points, amount } => say
            .text("reason-ended-with-programme", &[("amount", say.points(points, *amount).into())]),
        Outcome::Converted { points, amount, to, given } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("given", say.points(to, *given).into()),
            ];
            say.text("reason-converted", &args)
        }
        Outcome::TooFewToConvert { points, amount } => {
            say.text("reason-too-few-to-convert", &[("amount", say.points(points, *amount).into())])
        }
        Outcome::DebtEnded { points, amount, to, back } => {
            let owed = ("amount", Arg::from(say.points(points, *amount)));
            match to {
                Some(to) => {
                    let back = ("back", Arg::from(say.points(to, *back)));
                    say.text("reason-debt-ended-for", &[owed, back])
                }
                None => say.text("reason-debt-ended", &[owed]),
            }
        }
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::EarningOver { .. } => Tone::NotGiven,
        Outcome::EndedWithProgramme { .. } | Outcome::TooFewToConvert { .. } => Tone::Taken,
        _ => Tone::Note,
    }
}
