//! Members among each other, in words: who brought whom, what goes from hand to hand, and two
//! members that are one.

use super::reasons::explain_reason;
use super::{Arg, Speaker, Tone, percent};
use symbolon_core::engine::{Effect, Outcome, Refusal, Sent, ShareHow};
use symbolon_core::member::Holdings;
use symbolon_core::values::{Key, MemberId, Points};

fn member(id: MemberId) -> (&'static str, Arg<'static>) {
    ("member", id.to_string().into())
}

fn amount(say: &Speaker<'_>, points: &Key, amount: Points) -> (&'static str, Arg<'static>) {
    ("amount", say.points(points, amount).into())
}

fn level(level: u8) -> (&'static str, Arg<'static>) {
    ("level", Arg::Count(i64::from(level)))
}

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Attribute { line } => match line.first() {
            Some(by) => say.text("effect-attribute", &[member(*by)]),
            None => String::new(),
        },
        Effect::HandOver { to, points, amount: units, .. } => {
            say.text("effect-hand-over", &[amount(say, points, *units), member(*to)])
        }
        Effect::Arrive { points, amount: units, expires, .. } => {
            let expiry = ("expiry", Arg::from(say.expiry(expires)));
            say.text("effect-arrive", &[amount(say, points, *units), expiry])
        }
        Effect::CallBack { to, points, amount: units, .. } => {
            say.text("effect-call-back", &[amount(say, points, *units), member(*to)])
        }
        Effect::Carry { points, amount: units, .. } => {
            say.text("effect-carry", &[amount(say, points, *units)])
        }
        Effect::Close { into } => say.text("effect-close", &[member(*into)]),
        Effect::Absorb { holdings } => say.text("effect-absorb", &[member(holdings.owner)]),
        _ => String::new(),
    }
}

/// What goes to another member, where it is more than plain points.
pub(super) fn sent(say: &Speaker<'_>, to: MemberId, by: &Key, what: &Sent) -> String {
    match what {
        Sent::Share { points, amount: units, level: on, .. } => {
            let by = ("by", Arg::from(say.giver(by)));
            let args = [by, amount(say, points, *units), member(to), level(*on)];
            say.text("effect-share", &args)
        }
        Sent::Lots { points, lots, .. } => {
            let sum = Points::sum(lots.iter().map(|lot| lot.amount)).unwrap_or(Points::ZERO);
            say.text("effect-hand-over", &[amount(say, points, sum), member(to)])
        }
        Sent::CallBack { points, amount: units, .. } => {
            say.text("effect-call-back", &[amount(say, points, *units), member(to)])
        }
        Sent::Holdings(_) => say.text("effect-send-holdings", &[member(to)]),
        Sent::Carried { .. } => say.text("effect-send-carried", &[member(to)]),
        Sent::Points { .. }
        | Sent::TakeBack { .. }
        | Sent::Prize { .. }
        | Sent::Crew { .. }
        | Sent::Score { .. } => String::new(),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Referred { by } => say.text("reason-referred", &[member(*by)]),
        Outcome::Attributed { by, reason, actor } => {
            let args =
                [member(*by), ("reason", reason.as_str().into()), ("actor", actor.as_str().into())];
            say.text("reason-attributed", &args)
        }
        Outcome::NotReferred => say.text("reason-not-referred", &[]),
        Outcome::NotFirstPurchase => say.text("reason-not-first-purchase", &[]),
        Outcome::ShareOver { until } => {
            say.text("reason-share-over", &[("until", say.date(*until).into())])
        }
        Outcome::Shared { to, level: on, points, amount: units, how } => {
            let mut args = vec![amount(say, points, *units), member(*to), level(*on)];
            let (key, basis) = match how {
                ShareHow::OfPaid { percent: rate, basis } => {
                    ("reason-shared-paid", Some((*rate, say.money(*basis))))
                }
                ShareHow::OfPoints { percent: rate, basis } => {
                    ("reason-shared-points", Some((*rate, say.points(points, *basis))))
                }
                ShareHow::Fixed => ("reason-shared-fixed", None),
            };
            if let Some((rate, basis)) = basis {
                args.push(("percent", percent(say.language, rate).into()));
                args.push(("basis", basis.into()));
            }
            say.text(key, &args)
        }
        Outcome::ShareOfNobody { points, amount: units } => {
            say.text("reason-share-of-nobody", &[amount(say, points, *units)])
        }
        Outcome::TransferFee { points, amount: units } => {
            say.text("reason-transfer-fee", &[amount(say, points, *units)])
        }
        Outcome::GoneMeanwhile { points, amount: units } => {
            say.text("reason-gone-meanwhile", &[amount(say, points, *units)])
        }
        Outcome::MergedInto { into } => say.text("reason-merged-into", &[member(*into)]),
        Outcome::Absorbed { from } => say.text("reason-absorbed", &[member(*from)]),
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::Shared { .. } => Tone::Given,
        Outcome::TransferFee { .. } => Tone::Taken,
        Outcome::NotReferred
        | Outcome::NotFirstPurchase
        | Outcome::ShareOver { .. }
        | Outcome::ShareOfNobody { .. }
        | Outcome::GoneMeanwhile { .. } => Tone::NotGiven,
        _ => Tone::Note,
    }
}

/// What the reasons are about that no rule gives.
pub(super) fn about(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Referred { .. } | Outcome::Attributed { .. } => say.text("about-referral", &[]),
        Outcome::MergedInto { .. } | Outcome::Absorbed { .. } => say.text("about-merge", &[]),
        Outcome::TransferFee { .. } | Outcome::GoneMeanwhile { .. } => say.points_title(about),
        _ => say.giver(about),
    }
}

/// Says a refusal with what is put into its text.
pub(super) type Text<'t> = &'t dyn Fn(&[(&str, Arg<'_>)]) -> String;

pub(super) fn refusal(say: Option<&Speaker<'_>>, refusal: &Refusal, text: Text<'_>) -> String {
    let with_amount = |name: &'static str, points: &Key, units: Points| {
        let units = say.map_or_else(|| units.units().to_string(), |say| say.points(points, units));
        let title = say.map_or_else(|| points.to_string(), |say| say.points_title(points));
        text(&[("points", title.into()), (name, units.into())])
    };
    match refusal {
        Refusal::TooManyReferrals { reason } => {
            let sentence = say.map_or_else(String::new, |say| explain_reason(say, reason).sentence);
            text(&[("reason", sentence.into())])
        }
        Refusal::TransferNotAllowed { points } => {
            let title = say.map_or_else(|| points.to_string(), |say| say.points_title(points));
            text(&[("points", title.into())])
        }
        Refusal::TransferTooSmall { points, least } => with_amount("least", points, *least),
        Refusal::TransferNotWholeSteps { points, step } => with_amount("step", points, *step),
        Refusal::MemberMerged { into } => text(&[member(*into)]),
        _ => text(&[]),
    }
}

/// What a member has of a kind, less what it owes; nothing where it has none.
pub(super) fn points_of(holdings: &Holdings, kind: &Key) -> Option<Points> {
    let lots = holdings.lots.iter().filter(|lot| lot.points == *kind);
    let sum = Points::sum(lots.map(|lot| lot.remaining)).ok()?;
    let debt = holdings.debts.get(kind).copied().unwrap_or(Points::ZERO);
    sum.minus(debt).ok().filter(|sum| !sum.is_zero())
}
