//! What one member's activity means for another, in words.

use super::{Arg, Speaker, Tone, games, people, teams};
use symbolon_core::engine::{Effect, Outcome, Sent};
use symbolon_core::values::{Key, MemberId, Points};

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Send { to, by, what, .. } => match what {
            Sent::Points { points, amount } => {
                let by = ("by", Arg::from(say.giver(by)));
                let mut args = with_member(say, *to, points, *amount).to_vec();
                args.push(by);
                say.text("effect-send", &args)
            }
            Sent::Prize { .. } => games::effect(say, effect),
            Sent::TakeBack { points, amount, .. } => {
                say.text("effect-recall", &with_member(say, *to, points, *amount))
            }
            Sent::Crew { .. } | Sent::Score { .. } => teams::sent(say, *to, by, what),
            Sent::Share { .. }
            | Sent::Lots { .. }
            | Sent::CallBack { .. }
            | Sent::Holdings(_)
            | Sent::Carried { .. } => people::sent(say, *to, by, what),
        },
        Effect::Recall { to, points, amount, .. } => {
            say.text("effect-recall", &with_member(say, *to, points, *amount))
        }
        _ => String::new(),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Received { points, amount, from: Some(from) } => {
            say.text("reason-received-from", &with_member(say, *from, points, *amount))
        }
        Outcome::Received { points, amount, from: None } => {
            say.text("reason-received", &[("amount", say.points(points, *amount).into())])
        }
        Outcome::Sent { to, points, amount } => {
            say.text("reason-sent", &with_member(say, *to, points, *amount))
        }
        Outcome::Recalled { from, points, amount } => {
            say.text("reason-recalled", &with_member(say, *from, points, *amount))
        }
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::Recalled { .. } => Tone::Taken,
        _ => Tone::Given,
    }
}

fn with_member<'a>(
    say: &Speaker<'_>,
    member: MemberId,
    points: &Key,
    amount: Points,
) -> [(&'a str, Arg<'a>); 2] {
    [("amount", say.points(points, amount).into()), ("member", member.to_string().into())]
}
