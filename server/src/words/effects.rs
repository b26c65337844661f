//! Effects in words: what was booked.

use super::{
    Arg, Speaker, companies, ending, games, instruments, number, others, people, quantity, quotas,
    teams, time,
};
use jiff::Timestamp;
use jiff::civil::Date;
use symbolon_core::engine::{Effect, Sent};
use symbolon_core::member::{Expiry, MemberKind};
use symbolon_core::values::{Key, Money, Points};

/// Says what an effect did.
#[must_use]
#[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without words")]
pub fn effect_sentence(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::Join { kind, .. } => {
            say.text("effect-join", &[("kind", member_kind(say, *kind).into())])
        }
        Effect::Visit { day, visits, activities: _, spent } => {
            visit(say, *day, i64::from(*visits), *spent)
        }
        Effect::Discount { by, amount, .. } => {
            let amount = say.money(*amount);
            by_someone(say, "effect-discount", say.giver(by), &[("amount", amount.into())])
        }
        Effect::Offer { by } => by_someone(say, "effect-offer", say.giver(by), &[]),
        Effect::Earn { by, points, amount, awaits: Some(event), expires, .. } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("event", say.event(event).into()),
                ("expiry", say.expiry(expires).into()),
            ];
            by_someone(say, "effect-earn-awaiting", say.giver(by), &args)
        }
        Effect::Earn { by, points, amount, available_at, expires, .. } => {
            earn(say, by, say.points(points, *amount), (*available_at, expires))
        }
        Effect::SetTier { ladder, tier, until, reason, actor } => {
            let keys = ["effect-tier-set", "effect-tier-set-until", "effect-tier-set-free"];
            tier_set(say, keys, ladder, tier.as_ref(), *until, [reason, actor])
        }
        Effect::Repay { points, amount, .. } => amount_of(say, "effect-repay", points, *amount),
        Effect::Spend { by, points, amount, .. } => {
            let amount = say.points(points, *amount);
            // Points that pay for a receipt are spent by themselves, not by a reward.
            let by = if by == points { say.points_title(points) } else { say.reward(by) };
            by_someone(say, "effect-spend", by, &[("amount", amount.into())])
        }
        Effect::FreeItem { by, products, pieces, .. } if !products.is_empty() => {
            let args = [
                ("products", Arg::from(products.join(", "))),
                ("pieces", Arg::Count((*pieces).into())),
            ];
            by_someone(say, "effect-free-gift", say.giver(by), &args)
        }
        Effect::FreeItem { by, .. } => by_someone(say, "effect-free-item", say.reward(by), &[]),
        Effect::GrantBenefit { benefit, ends_at, .. } => grant_benefit(say, benefit, *ends_at),
        Effect::RevokeBenefit { benefit, .. } => {
            say.text("effect-benefit-revoked", &[("benefit", say.benefit(benefit).into())])
        }
        Effect::Hold { ends_at, .. } => {
            say.text("effect-hold", &[("until", say.moment(*ends_at).into())])
        }
        Effect::EndHold { .. } => say.text("effect-end-hold", &[]),
        Effect::CountShared { counter, change } => quotas::counted(say, counter, *change),
        Effect::Count { of, from, change } => {
            let change = signed(say, i64::from(*change));
            let args = [("change", change.into()), ("from", say.date(*from).into())];
            by_someone(say, "effect-count", say.giver(of), &args)
        }
        Effect::Expire { points, amount, at, .. } => {
            let amount = ("amount", Arg::from(say.points(points, *amount)));
            say.text("effect-expire", &[amount, ("date", say.last_day(*at).into())])
        }
        Effect::ReturnLine { .. } | Effect::Release { .. } | Effect::Tier { .. } => {
            moved(say, effect)
        }
        Effect::Voided { of } => say.text("effect-voided", &[("of", of.to_string().into())]),
        Effect::Reverse { points, amount, .. } => amount_of(say, "effect-reverse", points, *amount),
        Effect::Restore { points, amount, .. } => amount_of(say, "effect-restore", points, *amount),
        Effect::Give { points, amount, reason, actor, .. } => {
            by_hand(say, "effect-give", say.points(points, *amount), [reason, actor])
        }
        Effect::Take { points, amount, reason, actor, .. } => {
            by_hand(say, "effect-take", say.points(points, *amount), [reason, actor])
        }
        Effect::UseCoupon { .. }
        | Effect::IssueCoupon { .. }
        | Effect::SellCertificate { .. }
        | Effect::Pay { .. }
        | Effect::Refill { .. }
        | Effect::TakeBackInstrument { .. } => instruments::effect(say, effect),
        Effect::Send { .. } | Effect::Recall { .. } => others::effect(say, effect),
        Effect::SetContact { .. } | Effect::EnrolledBy { .. } | Effect::Gift { .. } => {
            companies::effect(say, effect)
        }
        Effect::SetTeam { .. }
        | Effect::Crew { .. }
        | Effect::TeamScore { .. }
        | Effect::TeamGoal { .. } => teams::effect(say, effect),
        Effect::Attribute { .. }
        | Effect::HandOver { .. }
        | Effect::Arrive { .. }
        | Effect::CallBack { .. }
        | Effect::Carry { .. }
        | Effect::Close { .. }
        | Effect::Absorb { .. } => people::effect(say, effect),
        Effect::Taste { .. } => games::effect(say, effect),
        Effect::Occasion { .. }
        | Effect::UseBenefit { .. }
        | Effect::OpenTask { .. }
        | Effect::CloseTask { .. }
        | Effect::PayMembership { .. }
        | Effect::EndMembership { .. }
        | Effect::Advance { .. }
        | Effect::SetOff { .. } => time::effect(say, effect),
        Effect::Convert { .. } | Effect::EndDebt { .. } => ending::effect(say, effect),
    }
}

/// What came back, what may be spent now, and who stands on another tier.
fn moved(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::ReturnLine { line, quantity: returned, refund, .. } => {
            let args = [
                ("line", Arg::from(number(say.language, i64::from(*line) + 1, 0))),
                ("quantity", quantity(say.language, *returned).into()),
                ("amount", say.money(*refund).into()),
            ];
            say.text("effect-return-line", &args)
        }
        Effect::Release { event, points, lot: _, available_at } => {
            let args = [
                ("event", Arg::from(say.event(event))),
                ("points", say.points_title(points).into()),
                ("from", say.moment(*available_at).into()),
            ];
            say.text("effect-release", &args)
        }
        Effect::Tier { ladder, from, to } => {
            let args = [
                ("ladder", Arg::from(say.ladder(ladder))),
                ("from", say.tier(ladder, from).into()),
                ("to", say.tier(ladder, to).into()),
            ];
            say.text("effect-tier", &args)
        }
        _ => String::new(),
    }
}

fn visit(say: &Speaker<'_>, day: Date, visits: i64, spent: Money) -> String {
    let args = [
        ("date", Arg::from(say.date(day))),
        ("visits", signed(say, visits).into()),
        ("spent", say.money(spent).into()),
    ];
    say.text("effect-visit", &args)
}

fn by_someone(say: &Speaker<'_>, key: &str, by: String, others: &[(&str, Arg<'_>)]) -> String {
    let mut args = vec![("by", Arg::from(by))];
    args.extend_from_slice(others);
    say.text(key, &args)
}

fn earn(
    say: &Speaker<'_>,
    by: &Key,
    amount: String,
    (available_at, expires): (Option<Timestamp>, &Expiry),
) -> String {
    let mut args = vec![("amount", Arg::from(amount)), ("expiry", say.expiry(expires).into())];
    let key = match available_at {
        None => "effect-earn",
        Some(at) => {
            args.push(("from", say.moment(at).into()));
            "effect-earn-pending"
        }
    };
    by_someone(say, key, say.giver(by), &args)
}

fn grant_benefit(say: &Speaker<'_>, benefit: &Key, ends_at: Option<Timestamp>) -> String {
    let benefit = ("benefit", Arg::from(say.benefit(benefit)));
    match ends_at {
        None => say.text("effect-benefit", &[benefit]),
        Some(end) => {
            let date = ("date", Arg::from(say.last_day(end)));
            say.text("effect-benefit-until", &[benefit, date])
        }
    }
}

/// `person`, `company`, `employee`.
#[must_use]
pub fn member_kind(say: &Speaker<'_>, kind: MemberKind) -> String {
    say.text(
        match kind {
            MemberKind::Person => "member-kind-person",
            MemberKind::Company => "member-kind-company",
            MemberKind::Employee => "member-kind-employee",
            MemberKind::Household => "member-kind-household",
            MemberKind::Team => "member-kind-team",
        },
        &[],
    )
}

fn signed(say: &Speaker<'_>, change: i64) -> String {
    let sign = if change > 0 { "+" } else { "" };
    format!("{sign}{}", number(say.language, change, 0))
}

fn amount_of(say: &Speaker<'_>, key: &str, points: &Key, amount: Points) -> String {
    say.text(key, &[("amount", say.points(points, amount).into())])
}

fn by_hand(say: &Speaker<'_>, key: &str, amount: String, [reason, actor]: [&String; 2]) -> String {
    let args = [
        ("amount", Arg::from(amount)),
        ("reason", reason.as_str().into()),
        ("actor", actor.as_str().into()),
    ];
    say.text(key, &args)
}

/// A tier set by hand, for as long as nobody takes it back or until a day; or no longer set.
pub(super) fn tier_set(
    say: &Speaker<'_>,
    [for_good, for_a_time, free]: [&str; 3],
    ladder: &Key,
    tier: Option<&Key>,
    until: Option<Date>,
    [reason, actor]: [&String; 2],
) -> String {
    let mut args = vec![
        ("ladder", Arg::from(say.ladder(ladder))),
        ("reason", reason.as_str().into()),
        ("actor", actor.as_str().into()),
    ];
    let Some(tier) = tier else { return say.text(free, &args) };
    args.push(("tier", say.tier(ladder, tier).into()));
    let Some(until) = until else { return say.text(for_good, &args) };
    args.push(("date", say.date(until).into()));
    say.text(for_a_time, &args)
}

/// What a decision does to the member's points, by kind, in the order of the programme.
///
/// Points that went to a debt count, because the member owes less; what is owed after a
/// return counts, because it was taken. The sum is the change of "what I have, less what I owe".
#[must_use]
pub fn points_changes(say: &Speaker<'_>, effects: &[Effect]) -> Vec<(Key, Points)> {
    let mut changes = Vec::new();
    for kind in &say.programme.points {
        let of_kind = effects.iter().filter_map(|effect| change_of(effect, &kind.key));
        // A sum beyond 64 bits was never booked; the line stays without a figure.
        if let Ok(sum) = Points::sum(of_kind)
            && !sum.is_zero()
        {
            changes.push((kind.key.clone(), sum));
        }
    }
    changes
}

fn change_of(effect: &Effect, kind: &Key) -> Option<Points> {
    match effect {
        Effect::Earn { points, amount, .. }
        | Effect::Restore { points, amount, .. }
        | Effect::Arrive { points, amount, .. }
        | Effect::Give { points, amount, .. }
        | Effect::Advance { points, amount, .. } => (points == kind).then_some(*amount),
        // A payment that came settles what was advanced, and moves nothing of the member's.
        Effect::SetOff { parts, .. } if parts.is_empty() => None,
        Effect::Spend { points, amount, .. }
        | Effect::Expire { points, amount, .. }
        | Effect::SetOff { points, amount, .. }
        | Effect::HandOver { points, amount, .. }
        | Effect::Take { points, amount, .. } => (points == kind).then(|| amount.negated().ok())?,
        // What had run out, was let go or was kept back in money never left the member a second
        // time.
        Effect::Reverse { points, amount, lapsed, forgiven, withheld, .. } => (points == kind)
            .then(|| {
                let rest = amount.minus(*lapsed)?.minus(*forgiven)?;
                rest.minus(*withheld)?.negated()
            })?
            .ok(),
        Effect::Convert { .. } | Effect::EndDebt { .. } => ending::change_of(effect, kind),
        Effect::Absorb { holdings } => people::points_of(holdings, kind),
        Effect::Send { what: Sent::Holdings(holdings), .. } => {
            people::points_of(holdings, kind)?.negated().ok()
        }
        Effect::Join { .. }
        | Effect::Attribute { .. }
        | Effect::CallBack { .. }
        | Effect::Carry { .. }
        | Effect::Close { .. }
        | Effect::Visit { .. }
        | Effect::Discount { .. }
        | Effect::Offer { .. }
        | Effect::Repay { .. }
        | Effect::FreeItem { .. }
        | Effect::GrantBenefit { .. }
        | Effect::RevokeBenefit { .. }
        | Effect::Count { .. }
        | Effect::CountShared { .. }
        | Effect::Hold { .. }
        | Effect::EndHold { .. }
        | Effect::ReturnLine { .. }
        | Effect::Voided { .. }
        | Effect::UseCoupon { .. }
        | Effect::IssueCoupon { .. }
        | Effect::SellCertificate { .. }
        | Effect::Pay { .. }
        | Effect::Refill { .. }
        | Effect::TakeBackInstrument { .. }
        | Effect::Release { .. }
        | Effect::SetTier { .. }
        | Effect::SetContact { .. }
        | Effect::EnrolledBy { .. }
        | Effect::SetTeam { .. }
        | Effect::Crew { .. }
        | Effect::TeamScore { .. }
        | Effect::TeamGoal { .. }
        | Effect::Gift { .. }
        | Effect::Send { .. }
        | Effect::Recall { .. }
        | Effect::Taste { .. }
        | Effect::Occasion { .. }
        | Effect::UseBenefit { .. }
        | Effect::OpenTask { .. }
        | Effect::CloseTask { .. }
        | Effect::PayMembership { .. }
        | Effect::EndMembership { .. }
        | Effect::Tier { .. } => None,
    }
}
