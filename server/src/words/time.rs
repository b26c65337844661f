//! The calendar, benefits, tasks, memberships and credit in words.

use super::Language;
use super::{Arg, Speaker, Tone, words};
use symbolon_core::engine::{Effect, Outcome, Refusal};
use symbolon_core::programme::{Occasion, Programme};
use symbolon_core::values::{CalendarUnit, Key};

/// What the calendar brought: `Birthday`, `The end of a month`.
pub fn occasion(say: &Speaker<'_>, name: &Key) -> String {
    let known = say.programme.occasions.iter().find(|known| known.name() == *name);
    let Some(known) = known else { return name.to_string() };
    match known {
        Occasion::Birthday { .. } => say.text("occasion-birthday", &[]),
        Occasion::Anniversary => say.text("occasion-anniversary", &[]),
        Occasion::Tenure { after } => {
            say.text("occasion-tenure", &[("period", say.period(*after).into())])
        }
        Occasion::Inactive { after } => {
            say.text("occasion-inactive", &[("period", say.period(*after).into())])
        }
        Occasion::BeforeExpiry { points, before } => {
            let args = [
                ("points", Arg::from(say.points_title(points))),
                ("period", say.period(*before).into()),
            ];
            say.text("occasion-before-expiry", &args)
        }
        Occasion::EndOf(unit) => say.text(
            match unit {
                CalendarUnit::Day => "occasion-day-end",
                CalendarUnit::Week => "occasion-week-end",
                CalendarUnit::Month => "occasion-month-end",
                CalendarUnit::Quarter => "occasion-quarter-end",
                CalendarUnit::Year => "occasion-year-end",
            },
            &[],
        ),
        Occasion::TierReview { ladder } => {
            say.text("occasion-tier-review", &[("ladder", say.ladder(ladder).into())])
        }
        Occasion::BeforeMembershipEnd { membership: paid, before } => {
            let args = [
                ("membership", Arg::from(membership(say, paid))),
                ("period", say.period(*before).into()),
            ];
            say.text("occasion-before-membership-end", &args)
        }
        Occasion::Ending => say.text("occasion-ending", &[]),
    }
}

/// The name of a membership.
pub fn membership(say: &Speaker<'_>, key: &Key) -> String {
    let found = say.programme.memberships.iter().find(|known| known.key == *key);
    found.map_or_else(|| key.to_string(), |found| say.name(&found.name, key))
}

/// The name of a credit.
pub fn credit(say: &Speaker<'_>, key: &Key) -> String {
    let found = say.programme.credits.iter().find(|known| known.key == *key);
    found.map_or_else(|| key.to_string(), |found| say.name(&found.name, key))
}

/// What is to be done: a benefit, or a reward.
pub fn task(say: &Speaker<'_>, about: &Key) -> String {
    if say.programme.find_reward(about.as_str()).is_some() {
        say.reward(about)
    } else {
        say.benefit(about)
    }
}

pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Occasion { occasion: name, day } => {
            let args = [("what", Arg::from(occasion(say, name))), ("date", say.date(*day).into())];
            say.text("effect-occasion", &args)
        }
        Effect::UseBenefit { benefit, change, .. } => {
            let key = if *change > 0 { "effect-benefit-used" } else { "effect-benefit-use-back" };
            say.text(key, &[("benefit", say.benefit(benefit).into())])
        }
        Effect::OpenTask { about, due, .. } => {
            let args = [("what", Arg::from(task(say, about))), ("date", say.date(*due).into())];
            say.text("effect-task-opened", &args)
        }
        Effect::CloseTask { about, done, .. } => {
            let key = if *done { "effect-task-done" } else { "effect-task-dropped" };
            say.text(key, &[("what", task(say, about).into())])
        }
        Effect::PayMembership { membership: paid, from, until, fee } => {
            let args = [
                ("membership", Arg::from(membership(say, paid))),
                ("fee", say.money(*fee).into()),
                ("from", say.date(*from).into()),
                ("until", say.date(*until).into()),
            ];
            say.text("effect-membership-paid", &args)
        }
        Effect::EndMembership { membership: paid, refund, .. } => {
            let args = [
                ("membership", Arg::from(membership(say, paid))),
                ("amount", say.money(*refund).into()),
            ];
            say.text("effect-membership-ended", &args)
        }
        Effect::Advance { credit: of, points, amount, .. } => {
            let args = [
                ("credit", Arg::from(credit(say, of))),
                ("amount", say.points(points, *amount).into()),
            ];
            say.text("effect-advance", &args)
        }
        Effect::SetOff { credit: of, points, amount, parts } => {
            let args = [
                ("credit", Arg::from(credit(say, of))),
                ("amount", say.points(points, *amount).into()),
            ];
            let by_payment = parts.is_empty();
            let key = if by_payment { "effect-set-off-payment" } else { "effect-set-off-balance" };
            say.text(key, &args)
        }
        _ => String::new(),
    }
}

/// The name of what a reason is about.
pub(super) fn about(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::OccasionCame { .. } => occasion(say, about),
        Outcome::BenefitUsed { .. } => say.benefit(about),
        Outcome::TaskOpened { .. } | Outcome::TaskDone { .. } => task(say, about),
        Outcome::MembershipPaid { .. } | Outcome::MembershipEnded { .. } => membership(say, about),
        Outcome::Advanced { .. } | Outcome::SetOff { .. } => credit(say, about),
        _ => say.giver(about),
    }
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::OccasionCame { day } => {
            say.text("reason-occasion", &[("date", say.date(*day).into())])
        }
        Outcome::BenefitGranted { benefit, uses, ends_at } => {
            let mut args = vec![("benefit", Arg::from(say.benefit(benefit)))];
            let given = match uses {
                Some(uses) => {
                    args.push(("count", Arg::Count(i64::from(*uses))));
                    say.text("reason-benefit-uses", &args)
                }
                None => say.text("reason-benefit-granted", &args),
            };
            match ends_at {
                Some(end) => {
                    let args = [("given", Arg::from(given)), ("date", say.last_day(*end).into())];
                    say.text("reason-benefit-until", &args)
                }
                None => given,
            }
        }
        Outcome::BenefitUsed { left: Some(left) } => {
            say.text("reason-benefit-used-left", &[("count", Arg::Count(i64::from(*left)))])
        }
        Outcome::BenefitUsed { left: None } => say.text("reason-benefit-used", &[]),
        Outcome::TaskOpened { due } => {
            say.text("reason-task-opened", &[("date", say.date(*due).into())])
        }
        Outcome::TaskDone { note, actor, late } => {
            let args = [
                ("actor", Arg::from(actor.as_str())),
                ("note", note.as_str().into()),
                ("count", Arg::Count(i64::from(*late))),
            ];
            let key = match (*late > 0, note.is_empty()) {
                (false, true) => "reason-task-done",
                (false, false) => "reason-task-done-note",
                (true, true) => "reason-task-late",
                (true, false) => "reason-task-late-note",
            };
            say.text(key, &args)
        }
        Outcome::MembershipPaid { fee, from, until } => {
            let args = [
                ("fee", Arg::from(say.money(*fee))),
                ("from", say.date(*from).into()),
                ("until", say.date(*until).into()),
            ];
            say.text("reason-membership-paid", &args)
        }
        Outcome::MembershipEnded { refund } => {
            say.text("reason-membership-ended", &[("amount", say.money(*refund).into())])
        }
        Outcome::Advanced { points, amount, open, most } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("open", say.points(points, *open).into()),
                ("most", say.points(points, *most).into()),
            ];
            say.text("reason-advanced", &args)
        }
        Outcome::SetOff { points, amount, open } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("open", say.points(points, *open).into()),
            ];
            say.text("reason-set-off", &args)
        }
        _ => String::new(),
    }
}

pub(super) const fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::BenefitGranted { .. } | Outcome::Advanced { .. } => Tone::Given,
        Outcome::SetOff { .. } => Tone::Taken,
        _ => Tone::Note,
    }
}

pub(super) fn refusal(
    language: Language,
    programme: Option<&Programme>,
    key: &str,
    refusal: &Refusal,
) -> String {
    let speaker = programme.map(|programme| Speaker::new(language, programme));
    let say = speaker.as_ref();
    let text = |args: &[(&str, Arg<'_>)]| words().text(language, key, args);
    let named = |benefit: &Key| {
        Arg::from(say.map_or_else(|| benefit.to_string(), |say| say.benefit(benefit)))
    };
    match refusal {
        Refusal::OccasionNotDue { occasion } => text(&[("occasion", occasion.as_str().into())]),
        Refusal::UnknownBenefit { benefit } => text(&[("benefit", benefit.as_str().into())]),
        Refusal::NotEntitled { benefit } => text(&[("benefit", named(benefit))]),
        Refusal::BenefitUsedUp { benefit, times, from } => {
            let args = [("benefit", named(benefit)), ("count", Arg::Count(i64::from(*times)))];
            match (say, from) {
                (Some(say), Some(from)) => {
                    let [benefit, count] = args;
                    let from = ("from", Arg::from(say.date(*from)));
                    words().text(language, "refusal-benefit-used-up-from", &[benefit, count, from])
                }
                _ => text(&args),
            }
        }
        Refusal::UnknownTask { activity } => text(&[("activity", activity.to_string().into())]),
        Refusal::UnknownMembership { membership } => {
            text(&[("membership", membership.as_str().into())])
        }
        Refusal::UnknownCredit { credit } => text(&[("credit", credit.as_str().into())]),
        Refusal::OverCredit { credit: of, most, open } => {
            let of_kind = say.and_then(|say| {
                let found = say.programme.credits.iter().find(|known| known.key == *of)?;
                Some((say, &say.programme.points.get(found.points)?.key))
            });
            let Some((say, points)) = of_kind else {
                return text(&[("credit", of.as_str().into())]);
            };
            let args = [
                ("credit", Arg::from(credit(say, of))),
                ("most", say.points(points, *most).into()),
                ("open", say.points(points, *open).into()),
            ];
            words().text(language, "refusal-over-credit-of", &args)
        }
        Refusal::NothingAdvanced { credit: of, .. } => {
            let name = say.map_or_else(|| of.to_string(), |say| credit(say, of));
            text(&[("credit", name.into())])
        }
        _ => String::new(),
    }
}
