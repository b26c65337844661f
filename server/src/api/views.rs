//! What callers read: amounts as decimal texts, names as ids, sentences in their language.

use super::ids;
use crate::pipeline::{Answer, AnsweredBalance};
use crate::store::nouns::activities::ActivityRow;
use crate::words::{Language, reason_sentence};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Decision, Effect, Means, Outcome, Purchase, Reason};
use symbolon_core::programme::{Programme, Programmes};
use symbolon_core::values::{
    InstrumentId, Key, MemberId, Money, Points, Quantity, Rounding, format_decimal, line_amount,
};

fn points_text(programme: &Programme, points: &str, amount: Points) -> String {
    let decimals = programme.find_points(points).map_or(0, |(_, kind)| kind.decimals);
    format_decimal(amount.units(), decimals)
}

pub fn quantity_text(quantity: Quantity) -> String {
    let text = format_decimal(quantity.units(), Quantity::DECIMALS);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A reason as data and as a sentence.
#[derive(Debug, Serialize)]
struct ReasonView<'a> {
    about: &'a Key,
    reason: &'static str,
    sentence: String,
    data: &'a Outcome,
}

fn reasons<'a>(
    programme: &Programme,
    decision: &'a Decision,
    language: Language,
) -> Vec<ReasonView<'a>> {
    let view = |reason: &'a Reason| ReasonView {
        about: &reason.about,
        reason: reason.outcome.name(),
        sentence: reason_sentence(language, programme, reason),
        data: &reason.outcome,
    };
    decision.reasons.iter().map(view).collect()
}

/// Sums of points by kind for one sort of effect.
fn sums<'a>(
    programme: &Programme,
    decision: &'a Decision,
    of: fn(&Effect) -> Option<(&Key, Points)>,
) -> BTreeMap<&'a str, String> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (points, amount) in decision.effects.iter().filter_map(of) {
        let sum = sums.entry(points.as_str()).or_default();
        *sum = sum.saturating_add(amount.units());
    }
    let text = |(points, sum)| (points, points_text(programme, points, Points::new(sum)));
    sums.into_iter().map(text).collect()
}

fn money_sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    // Amounts of one receipt were added with checks when it was decided.
    Money::sum(amounts).unwrap_or_default()
}

/// What a decision did, in the words of the API.
#[derive(Debug, Serialize)]
pub struct DecisionView<'a> {
    at: Timestamp,
    earned: BTreeMap<&'a str, String>,
    spent: BTreeMap<&'a str, String>,
    reversed: BTreeMap<&'a str, String>,
    restored: BTreeMap<&'a str, String>,
    refund: String,
    offers: Vec<&'a str>,
    benefits: Vec<&'a str>,
    // Each of these lists is there where it holds something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_codes: Vec<RefusedCode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    payments: Vec<PaymentView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<IssuedView<'a>>,
    effects: &'a [Effect],
    reasons: Vec<ReasonView<'a>>,
}

/// A code that did nothing, by its place among those that were shown, counted from 1.
#[derive(Debug, Serialize)]
pub struct RefusedCode {
    pub position: usize,
    pub why: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
enum PaymentView<'a> {
    Points { points: &'a Key, amount: String, pays: String },
    Certificate { instrument: InstrumentId, pays: String, left: Option<String> },
}

/// A coupon that was issued; its code is told only once.
#[derive(Debug, Serialize)]
pub struct IssuedView<'a> {
    pub coupon: &'a Key,
    pub instrument: InstrumentId,
    ends_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
}

pub fn decision<'a>(
    programme: &'a Programme,
    decision: &'a Decision,
    language: Language,
) -> DecisionView<'a> {
    let refund = decision.refund().ok().flatten().unwrap_or_default();
    let offer = |effect: &Effect| match effect {
        Effect::Offer { by } => {
            programme.find_rule(by.as_str())?.offer.as_ref()?.plain(language.code())
        }
        _ => None,
    };
    let benefit = |effect: &'a Effect| match effect {
        Effect::GrantBenefit { benefit, .. } => Some(benefit.as_str()),
        _ => None,
    };
    let effects = &decision.effects;
    DecisionView {
        at: decision.at,
        earned: sums(programme, decision, |effect| match effect {
            Effect::Earn { points, amount, .. } => Some((points, *amount)),
            _ => None,
        }),
        spent: sums(programme, decision, |effect| match effect {
            Effect::Spend { points, amount, .. } => Some((points, *amount)),
            _ => None,
        }),
        reversed: sums(programme, decision, |effect| match effect {
            Effect::Reverse { points, amount, .. } => Some((points, *amount)),
            _ => None,
        }),
        restored: sums(programme, decision, |effect| match effect {
            Effect::Restore { points, amount, .. } => Some((points, *amount)),
            _ => None,
        }),
        refund: programme.currency.format(refund),
        offers: effects.iter().filter_map(offer).collect(),
        benefits: effects.iter().filter_map(benefit).collect(),
        refused_codes: refused_codes(decision),
        payments: payments(programme, decision),
        issued: effects.iter().filter_map(issued).collect(),
        effects,
        reasons: reasons(programme, decision, language),
    }
}

fn refused_codes(decision: &Decision) -> Vec<RefusedCode> {
    let refused = decision.reasons.iter().filter_map(|reason| match reason.outcome {
        Outcome::CodeRefused { position, why } => {
            let position = usize::try_from(position).unwrap_or(usize::MAX).saturating_add(1);
            Some(RefusedCode { position, why: why.name() })
        }
        _ => None,
    });
    refused.collect()
}

/// What points and certificates paid.
fn payments<'a>(programme: &Programme, decision: &'a Decision) -> Vec<PaymentView<'a>> {
    let money = |amount: Money| programme.currency.format(amount);
    let mut left = decision.reasons.iter().filter_map(|reason| match reason.outcome {
        Outcome::PaidWithCertificate { left, .. } => Some(left),
        _ => None,
    });
    let payments = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Pay { means: Means::Points { points, amount }, amount: pays, .. } => {
            let amount = points_text(programme, points.as_str(), *amount);
            Some(PaymentView::Points { points, amount, pays: money(*pays) })
        }
        Effect::Pay { means: Means::Certificate { instrument }, amount, .. } => {
            let left = left.next().map(money);
            let instrument = *instrument;
            Some(PaymentView::Certificate { instrument, pays: money(*amount), left })
        }
        _ => None,
    });
    payments.collect()
}

fn issued(effect: &Effect) -> Option<IssuedView<'_>> {
    match effect {
        Effect::IssueCoupon { coupon, instrument, ends_at, .. } => Some(IssuedView {
            coupon,
            instrument: *instrument,
            ends_at: *ends_at,
            code: None,
            printed: None,
        }),
        _ => None,
    }
}

/// What points and certificates paid of a line, or of all.
fn paid_of(decision: &Decision, line: Option<u32>) -> Money {
    let lines = decision.effects.iter().flat_map(|effect| match effect {
        Effect::Pay { lines, .. } => lines.as_slice(),
        _ => &[],
    });
    money_sum(lines.filter(|(known, _)| line.is_none_or(|line| line == *known)).map(|(_, p)| *p))
}

/// A line of a receipt with what became of it.
#[derive(Debug, Serialize)]
pub struct LineView<'a> {
    line: usize,
    product: &'a str,
    category: Option<&'a str>,
    brand: Option<&'a str>,
    quantity: String,
    unit_price: String,
    amount: String,
    discount: String,
    paid: String,
    to_pay: String,
    returned_quantity: String,
    refunded: String,
}

/// The lines of a receipt.
pub fn lines<'a>(
    programme: &Programme,
    purchase: &'a Purchase,
    decision: &Decision,
    row: Option<&ActivityRow>,
) -> Vec<LineView<'a>> {
    let money = |amount: Money| programme.currency.format(amount);
    let mut views = Vec::with_capacity(purchase.lines.len());
    for (position, line) in purchase.lines.iter().enumerate() {
        let amount =
            line_amount(line.unit_price, line.quantity, Rounding::HalfUp).unwrap_or_default();
        let net = decision.net.get(position).copied().unwrap_or_default();
        let number = u32::try_from(position).unwrap_or(u32::MAX);
        let paid = paid_of(decision, Some(number));
        let progress = row.map(|row| row.recorded.progress.line(number)).unwrap_or_default();
        let discount = amount.minus(net).and_then(|d| d.minus(paid)).unwrap_or_default();
        views.push(LineView {
            line: position + 1,
            product: &line.product,
            category: line.category.as_deref(),
            brand: line.brand.as_deref(),
            quantity: quantity_text(line.quantity),
            unit_price: money(line.unit_price),
            amount: money(amount),
            discount: money(discount),
            paid: money(paid),
            to_pay: money(net),
            returned_quantity: quantity_text(progress.returned),
            refunded: money(progress.refunded),
        });
    }
    views
}

/// The sums of a receipt.
#[derive(Debug, Serialize)]
pub struct TotalsView {
    currency: &'static str,
    total: String,
    discount: String,
    paid: String,
    to_pay: String,
}

pub fn totals(programme: &Programme, purchase: &Purchase, decision: &Decision) -> TotalsView {
    let amounts = purchase.lines.iter().map(|line| {
        line_amount(line.unit_price, line.quantity, Rounding::HalfUp).unwrap_or_default()
    });
    let total = money_sum(amounts);
    let to_pay = money_sum(decision.net.iter().copied());
    let money = |amount: Money| programme.currency.format(amount);
    let paid = paid_of(decision, None);
    let discount = total.minus(to_pay).and_then(|rest| rest.minus(paid)).unwrap_or_default();
    TotalsView {
        currency: programme.currency.code(),
        total: money(total),
        discount: money(discount),
        paid: money(paid),
        to_pay: money(to_pay),
    }
}

/// The fields of a view, to which others are added.
pub fn fields(view: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(view) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// When a hold ends.
fn ends_at(decision: &Decision) -> Option<Timestamp> {
    decision.effects.iter().find_map(|effect| match effect {
        Effect::Hold { ends_at, .. } => Some(*ends_at),
        _ => None,
    })
}

/// The answer to a command that was decided. It is written as it is, without a tree of values
/// between, because every checkout is answered with one.
#[derive(Debug, Serialize)]
pub struct AnswerView<'a> {
    /// None where nothing has the id: it would mislead whoever keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    member: Option<MemberId>,
    programme_version: u32,
    #[serde(flatten)]
    totals: Option<TotalsView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LineView<'a>>>,
    #[serde(flatten)]
    pub decision: DecisionView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<Timestamp>,
    balances: Vec<BalanceView<'a>>,
}

#[derive(Debug, Serialize)]
struct BalanceView<'a> {
    points: &'a Key,
    available: String,
    pending: String,
    owed: String,
}

/// None where the version is unknown that decided.
pub fn answer<'a>(
    programmes: &'a Programmes,
    answer: &'a Answer,
    activity: &'a Activity,
    language: Language,
) -> Option<AnswerView<'a>> {
    let programme = &*programmes.number(answer.version)?.programme;
    let purchase = match activity {
        Activity::Purchase(purchase) | Activity::Hold { purchase, .. } => Some(purchase),
        _ => None,
    };
    let balance = |balance: &'a AnsweredBalance| {
        let text = |amount| points_text(programme, balance.points.as_str(), amount);
        BalanceView {
            points: &balance.points,
            available: text(balance.available),
            pending: text(balance.pending),
            owed: text(balance.owed),
        }
    };
    Some(AnswerView {
        id: Some(ids::of_activity(answer.activity, activity)),
        member: answer.member,
        programme_version: answer.version,
        totals: purchase.map(|purchase| totals(programme, purchase, &answer.decision)),
        lines: purchase.map(|purchase| lines(programme, purchase, &answer.decision, None)),
        decision: decision(programme, &answer.decision, language),
        ends_at: ends_at(&answer.decision),
        balances: answer.balances.iter().map(balance).collect(),
    })
}
