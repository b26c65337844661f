//! The receipt page: what was bought, what was given for it and why, what came back.

use super::history::{reasons, refund_of};
use super::{Happened, MemberLabel, links, rows};
use crate::words::{Language, Speaker, effect_sentence, points_changes, quantity};
use minijinja::{Value, context};
use std::sync::Arc;
use symbolon_core::engine::{Activity, Effect, Line, Purchase, Recorded};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Money, Overflow, Points, Rounding, line_amount};

#[derive(Debug)]
pub struct ReceiptPage {
    /// The version that judged it.
    pub programme: Arc<Programme>,
    /// An activity of the kind `Purchase`.
    pub record: Recorded,
    /// As the till numbered it.
    pub number: String,
    /// `None` for a guest.
    pub member: Option<MemberLabel>,
    /// What came back of it, in the order in which it came.
    pub returns: Vec<Happened>,
}

/// The sums of a receipt.
struct Totals {
    gross: Money,
    discount: Money,
    /// What points and certificates paid, below zero like a discount.
    paid: Money,
    to_pay: Money,
    refunded: Money,
}

impl ReceiptPage {
    pub(super) fn values(&self, language: Language) -> Value {
        let say = Speaker::new(language, &self.programme);
        let decision = &self.record.decision;
        let nothing = Purchase::default();
        let purchase = match &self.record.activity {
            Activity::Purchase(purchase) => purchase,
            _ => &nothing,
        };
        let lines: Vec<Value> = purchase
            .lines
            .iter()
            .enumerate()
            .map(|(position, line)| self.line(&say, position, line))
            .collect();
        let returns: Vec<Value> = self
            .returns
            .iter()
            .map(|happened| {
                let speaker = Speaker::new(language, &happened.programme);
                returned(&speaker, happened)
            })
            .collect();
        let changes = points_changes(&say, &decision.effects);
        context! {
            id => self.record.id.to_string(),
            number => &self.number,
            location => &purchase.location,
            till => &purchase.till,
            at => say.moment(decision.at),
            machine_time => decision.at.to_string(),
            member => self.member.as_ref().map(MemberLabel::values),
            lines,
            has_discount => decision.effects.iter().any(is_discount),
            has_returns => !self.record.progress.lines.is_empty(),
            totals => self.totals(purchase).map(|totals| totals.values(&say)).ok(),
            earned => each_kind(&say, &decision.effects, earned_of),
            spent => each_kind(&say, &decision.effects, spent_of),
            changes => rows::changes(&say, &changes),
            reasons => reasons(&say, decision),
            given => given(&say, &decision.effects),
            returns,
            version => self.record.version,
            programme => say.programme_name(),
            is_voided => self.record.progress.voided,
            overview => links::OVERVIEW,
        }
    }

    fn line(&self, say: &Speaker<'_>, position: usize, line: &Line) -> Value {
        let decision = &self.record.decision;
        let number = u32::try_from(position).unwrap_or(u32::MAX);
        let gross = line_amount(line.unit_price, line.quantity, Rounding::HalfUp);
        let net = decision.net.get(position).copied();
        let paid = paid_of(&decision.effects, Some(number)).unwrap_or_default();
        let price = net.and_then(|net| net.plus(paid).ok());
        let discount = gross.ok().zip(price).and_then(|(gross, price)| price.minus(gross).ok());
        let returned = self.record.progress.line(number).returned;
        context! {
            product => &line.product,
            category => &line.category,
            brand => &line.brand,
            quantity => quantity(say.language, line.quantity),
            unit_price => say.money(line.unit_price),
            discount => discount.filter(|amount| !amount.is_zero()).map(|amount| say.money(amount)),
            to_pay => net.map(|amount| say.money(amount)),
            returned => (!returned.is_zero()).then(|| quantity(say.language, returned)),
        }
    }

    fn totals(&self, purchase: &Purchase) -> Result<Totals, Overflow> {
        let mut gross = Money::ZERO;
        for line in &purchase.lines {
            gross = gross.plus(line_amount(line.unit_price, line.quantity, Rounding::HalfUp)?)?;
        }
        let to_pay = Money::sum(self.record.decision.net.iter().copied())?;
        let progress = &self.record.progress;
        let refunded = Money::sum(progress.lines.values().map(|line| line.refunded))?;
        let paid = paid_of(&self.record.decision.effects, None)?;
        let discount = to_pay.plus(paid)?.minus(gross)?;
        Ok(Totals { gross, discount, paid: paid.negated()?, to_pay, refunded })
    }
}

impl Totals {
    fn values(&self, say: &Speaker<'_>) -> Value {
        let unless_zero = |amount: Money| (!amount.is_zero()).then(|| say.money(amount));
        context! {
            gross => say.money(self.gross),
            discount => unless_zero(self.discount),
            paid => unless_zero(self.paid),
            to_pay => say.money(self.to_pay),
            refunded => unless_zero(self.refunded),
        }
    }
}

/// What points and certificates paid of a line, or of all lines.
fn paid_of(effects: &[Effect], line: Option<u32>) -> Result<Money, Overflow> {
    let lines = effects.iter().flat_map(|effect| match effect {
        Effect::Pay { lines, .. } => lines.as_slice(),
        _ => &[],
    });
    let wanted = lines.filter(|(known, _)| line.is_none_or(|line| line == *known));
    Money::sum(wanted.map(|(_, amount)| *amount))
}

const fn is_discount(effect: &Effect) -> bool {
    matches!(effect, Effect::Discount { .. })
}

fn earned_of(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Earn { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}

fn spent_of(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Spend { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}

/// The sum for every point kind that has one.
fn each_kind(
    say: &Speaker<'_>,
    effects: &[Effect],
    part: fn(&Effect) -> Option<(&Key, Points)>,
) -> Vec<String> {
    let of_kind = |key: &Key| {
        let parts = effects.iter().filter_map(part).filter(|(points, _)| *points == key);
        Points::sum(parts.map(|(_, amount)| amount)).ok().filter(|sum| !sum.is_zero())
    };
    let kinds = say.programme.points.iter();
    kinds.filter_map(|kind| Some(say.points(&kind.key, of_kind(&kind.key)?))).collect()
}

/// What was given besides points and money, which the reasons say already.
fn given(say: &Speaker<'_>, effects: &[Effect]) -> Vec<String> {
    let is_service = |effect: &&Effect| matches!(effect, Effect::GrantBenefit { .. });
    effects.iter().filter(is_service).map(|effect| effect_sentence(say, effect)).collect()
}

/// A return with every line of what it took back.
fn returned(say: &Speaker<'_>, happened: &Happened) -> Value {
    let decision = &happened.record.decision;
    let lines = decision.effects.iter().filter_map(|effect| match effect {
        Effect::ReturnLine { .. } | Effect::RevokeBenefit { .. } => {
            Some(effect_sentence(say, effect))
        }
        _ => None,
    });
    context! {
        happened => happened.values(say),
        lines => lines.collect::<Vec<String>>(),
        refund => refund_of(decision).map(|sum| say.money(sum)),
    }
}
