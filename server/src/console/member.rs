//! The member page: the facts on one side, what happened on the other.

use super::facts::{
    BalanceFacts, BenefitFacts, BenefitSource, LotFacts, NextTier, PeopleFacts, RewardFacts,
};
use super::people::People;
use super::{Happened, MeasuredIn, MemberFacts, RewardState, TierFacts, links};
use crate::words::{Arg, Language, Speaker, member_kind, multiplier, number_trimmed};
use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::{Value, context};
use std::sync::Arc;
use symbolon_core::member::MemberKind;
use symbolon_core::programme::{Programme, SpendOrder};
use symbolon_core::values::{Key, MemberId, Money, Points, Rate};

#[derive(Debug)]
pub struct MemberPage {
    /// The version in force now, by which the facts are worked out.
    pub programme: Arc<Programme>,
    /// The moment that the facts are of.
    pub at: Timestamp,
    pub id: MemberId,
    pub identifiers: Vec<Identifier>,
    pub kind: MemberKind,
    pub joined: Date,
    pub facts: MemberFacts,
    pub people: People,
    /// The latest first.
    pub timeline: Vec<Happened>,
    /// Whether the timeline does not begin with the latest.
    pub is_continued: bool,
    /// The cursor behind the last line, if there is more.
    pub next: Option<String>,
}

/// Something by which the member is found, as it may be shown.
#[derive(Debug, Clone)]
pub struct Identifier {
    pub kind: IdentifierKind,
    /// `+47 ••• •• 412`: enough to recognise, too little to use.
    pub masked: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentifierKind {
    /// What the member passes on to friends: no secret, and shown whole.
    Referral,
    Phone,
    Email,
    Card,
    /// The member's number in another system.
    External,
}

impl IdentifierKind {
    const fn key(self) -> &'static str {
        match self {
            Self::Referral => "member-referral-code",
            Self::Phone => "identifier-phone",
            Self::Email => "identifier-email",
            Self::Card => "identifier-card",
            Self::External => "identifier-external",
        }
    }
}

impl MemberPage {
    pub(super) fn values(&self, language: Language) -> Value {
        let say = Speaker::new(language, &self.programme);
        let here = links::member(self.id);
        let facts = &self.facts;
        let identifiers: Vec<Value> = self
            .identifiers
            .iter()
            .map(|one| context! { label => say.text(one.kind.key(), &[]), masked => &one.masked })
            .collect();
        let title = self.identifiers.first().map(|identifier| identifier.masked.clone());
        // Names of a line come from the version that judged it, as does its arithmetic.
        let timeline: Vec<Value> = self
            .timeline
            .iter()
            .map(|happened| happened.values(&Speaker::new(language, &happened.programme)))
            .collect();
        context! {
            id => self.id.to_string(),
            title => title.unwrap_or_else(|| self.id.to_string()),
            members => links::MEMBERS,
            identifiers,
            kind => member_kind(&say, self.kind),
            joined => say.date(self.joined),
            at => say.moment(self.at),
            balances => each(&facts.balances, |one| balance(&say, one)),
            tiers => each(&facts.tiers, |one| tier(&say, one)),
            benefits => each(&facts.benefits, |one| benefit(&say, one)),
            people => people(&say, &facts.people),
            lots => each(&facts.lots, |one| lot(&say, one)),
            lots_order => say.text(lots_order(&self.programme), &[]),
            rewards => each(&facts.rewards, |one| reward(&say, one)),
            contacts => self.people.persons(&say),
            gifts => self.people.gifts(&say),
            timeline,
            first => self.is_continued.then_some(&here),
            next => self.next.as_ref().map(|cursor| links::after(&here, cursor)),
        }
    }
}

/// Who brought the member, and with whom it is one: a label, and the members with their pages.
fn people(say: &Speaker<'_>, facts: &PeopleFacts) -> Vec<Value> {
    let nearest = facts.line.get(..1).unwrap_or_default();
    let before = facts.line.get(1..).unwrap_or_default();
    let into: Vec<MemberId> = facts.merged_into.into_iter().collect();
    let groups = [
        ("member-referrer", nearest),
        ("member-line", before),
        ("member-merged-into", into.as_slice()),
        ("member-absorbed", facts.absorbed.as_slice()),
    ];
    let shown = groups.into_iter().filter(|(_, members)| !members.is_empty());
    shown
        .map(|(key, members)| {
            let members = each(members, |member| {
                context! { id => member.to_string(), href => links::member(*member) }
            });
            context! { label => say.text(key, &[]), members }
        })
        .collect()
}

fn each<T>(all: &[T], values: impl Fn(&T) -> Value) -> Vec<Value> {
    all.iter().map(values).collect()
}

fn balance(say: &Speaker<'_>, facts: &BalanceFacts) -> Value {
    let points = &facts.points;
    let pending = facts.pending.iter().map(|(at, amount)| {
        let args =
            [("amount", Arg::from(say.points(points, *amount))), ("from", say.moment(*at).into())];
        say.text("balance-pending", &args)
    });
    let awaiting = facts.awaiting.iter().map(|(event, amount)| {
        let args = [
            ("amount", Arg::from(say.points(points, *amount))),
            ("event", say.event(event).into()),
        ];
        say.text("balance-awaiting", &args)
    });
    let owed = (!facts.owed.is_zero())
        .then(|| say.text("balance-owed", &[("amount", say.points(points, facts.owed).into())]));
    let expires = facts.expires_next.map(|(end, amount)| {
        let args =
            [("amount", Arg::from(say.points(points, amount))), ("date", say.last_day(end).into())];
        say.text("balance-expires", &args)
    });
    let is_spendable =
        say.programme.find_points(points.as_str()).is_none_or(|(_, kind)| kind.spendable);
    context! {
        title => say.points_title(points),
        available => say.points(points, facts.available),
        meaning => say.text(if is_spendable { "balance-available" } else { "balance-counted" }, &[]),
        pending => pending.chain(awaiting).collect::<Vec<String>>(),
        owed,
        expires,
    }
}

fn tier(say: &Speaker<'_>, facts: &TierFacts) -> Value {
    let multiplies = facts.multiplies.iter().map(|(points, rate)| {
        format!("{} {}", say.points_title(points), multiplier(say.language, *rate))
    });
    context! {
        ladder => say.ladder(&facts.ladder),
        tier => say.tier(&facts.ladder, &facts.tier),
        multiplies => multiplies.collect::<Vec<String>>(),
        next => facts.next.as_ref().map(|next| next_tier(say, &facts.ladder, next)),
    }
}

fn next_tier(say: &Speaker<'_>, ladder: &Key, next: &NextTier) -> Value {
    let missing = (next.from - next.reached).max(0);
    let name = say.tier(ladder, &next.tier);
    let args = [
        ("missing", Arg::from(measured(say, &next.measured_in, missing))),
        ("tier", name.as_str().into()),
    ];
    context! {
        tier => &name,
        sentence => say.text("tier-missing", &args),
        reached => measured(say, &next.measured_in, next.reached),
        from => measured(say, &next.measured_in, next.from),
        percent => per_cent(next.reached, next.from),
    }
}

/// A measure in its unit, rounded up to the smallest one: what is missing must not look less.
fn measured(say: &Speaker<'_>, unit: &MeasuredIn, millionths: i128) -> String {
    let in_units = |decimals: u8| {
        let step = 10_i128.pow(u32::from(Rate::DECIMALS.saturating_sub(decimals)));
        i64::try_from((millionths + step - 1).div_euclid(step)).unwrap_or(i64::MAX)
    };
    match unit {
        MeasuredIn::Money => say.money(Money::new(in_units(say.programme.currency.exponent()))),
        MeasuredIn::Points(key) => {
            let kind = say.programme.find_points(key.as_str());
            say.points(key, Points::new(in_units(kind.map_or(0, |(_, kind)| kind.decimals))))
        }
        MeasuredIn::Number => {
            number_trimmed(say.language, in_units(Rate::DECIMALS), Rate::DECIMALS)
        }
    }
}

/// How much of a whole is reached: 0 to 100, and 100 only where nothing is missing.
fn per_cent(reached: i128, whole: i128) -> i64 {
    let share = reached.clamp(0, whole.max(0)).saturating_mul(100).checked_div(whole);
    i64::try_from(share.unwrap_or(100)).unwrap_or(100)
}

fn benefit(say: &Speaker<'_>, facts: &BenefitFacts) -> Value {
    let source = match &facts.source {
        BenefitSource::Tier { ladder, tier } => {
            say.text("benefit-of-tier", &[("tier", say.tier(ladder, tier).into())])
        }
        BenefitSource::Granted { at } => {
            let day = say.date(say.programme.zone.day(*at));
            say.text("benefit-granted", &[("date", day.into())])
        }
    };
    let until =
        facts.ends_at.map(|end| say.text("expiry-date", &[("date", say.last_day(end).into())]));
    context! { name => say.benefit(&facts.benefit), source, until }
}

fn lots_order(programme: &Programme) -> &'static str {
    match programme.settings.spend_order {
        SpendOrder::SoonestToEnd => "lots-order-soonest-to-end",
        SpendOrder::Oldest => "lots-order-oldest",
    }
}

fn lot(say: &Speaker<'_>, facts: &LotFacts) -> Value {
    let ends = match facts.ends_at {
        None => say.text("expiry-never", &[]),
        Some(end) => say.last_day(end),
    };
    context! {
        number => facts.number,
        kind => say.points_title(&facts.points),
        remaining => say.points_figure(&facts.points, facts.remaining),
        granted => say.points_figure(&facts.points, facts.granted),
        earned_on => say.words.date_short(say.language, facts.earned_on),
        available_at => facts.available_at.map(|at| say.moment(at)),
        awaits => facts.awaits.as_ref().map(|event| say.event(event)),
        ends,
        ends_when_idle => facts.ends_when_idle && facts.ends_at.is_some(),
    }
}

fn reward(say: &Speaker<'_>, facts: &RewardFacts) -> Value {
    let costs = each(&facts.costs, |(points, cost, free)| {
        let have = free.min(cost);
        let args = [
            ("have", Arg::from(say.points_figure(points, *have))),
            ("cost", say.points(points, *cost).into()),
        ];
        context! {
            cost => say.points(points, *cost),
            progress => say.text("reward-progress", &args),
            percent => per_cent(i128::from(have.units()), i128::from(cost.units())),
        }
    });
    context! {
        name => say.reward(&facts.reward),
        is_possible => matches!(facts.state, RewardState::Now),
        costs,
        why_not => facts.explanation(say).map(|explanation| explanation.sentence),
    }
}
