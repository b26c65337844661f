//! What callers read: amounts as decimal texts, names as ids, sentences in their language.

use super::ids;
use crate::app::App;
use crate::pipeline::Answer;
use crate::store::nouns::activities::ActivityRow;
use crate::words::{Language, reason_sentence};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use symbolon_core::engine::{Activity, Decision, Effect, Means, Outcome, Purchase};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Money, Points, Quantity, Rounding, format_decimal, line_amount};

fn points_text(programme: &Programme, points: &str, amount: Points) -> String {
    let decimals = programme.find_points(points).map_or(0, |(_, kind)| kind.decimals);
    format_decimal(amount.units(), decimals)
}

pub fn quantity_text(quantity: Quantity) -> String {
    let text = format_decimal(quantity.units(), Quantity::DECIMALS);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The reasons of a decision: each as data and as a sentence.
fn reasons(programme: &Programme, decision: &Decision, language: Language) -> Vec<Value> {
    decision
        .reasons
        .iter()
        .map(|reason| {
            json!({
                "about": reason.about,
                "reason": reason.outcome.name(),
                "sentence": reason_sentence(language, programme, reason),
                "data": reason.outcome,
            })
        })
        .collect()
}

/// Sums of points by kind for one sort of effect.
fn sums(
    programme: &Programme,
    decision: &Decision,
    of: fn(&Effect) -> Option<(&symbolon_core::values::Key, Points)>,
) -> Map<String, Value> {
    let mut sums: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
    for (points, amount) in decision.effects.iter().filter_map(of) {
        let sum = sums.entry(points.as_str()).or_default();
        *sum = sum.saturating_add(amount.units());
    }
    sums.into_iter()
        .map(|(points, sum)| {
            (points.to_owned(), points_text(programme, points, Points::new(sum)).into())
        })
        .collect()
}

fn money_sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    // Amounts of one receipt were added with checks when it was decided.
    Money::sum(amounts).unwrap_or_default()
}

/// What a decision did, in the words of the API.
pub fn decision(
    programme: &Programme,
    decision: &Decision,
    language: Language,
) -> Map<String, Value> {
    let money = |amount: Money| programme.currency.format(amount);
    let mut view = Map::new();
    view.insert("at".to_owned(), json!(decision.at));
    let earned = sums(programme, decision, |effect| match effect {
        Effect::Earn { points, amount, .. } => Some((points, *amount)),
        _ => None,
    });
    let spent = sums(programme, decision, |effect| match effect {
        Effect::Spend { points, amount, .. } => Some((points, *amount)),
        _ => None,
    });
    let reversed = sums(programme, decision, |effect| match effect {
        Effect::Reverse { points, amount, .. } => Some((points, *amount)),
        _ => None,
    });
    let restored = sums(programme, decision, |effect| match effect {
        Effect::Restore { points, amount, .. } => Some((points, *amount)),
        _ => None,
    });
    for (name, map) in
        [("earned", earned), ("spent", spent), ("reversed", reversed), ("restored", restored)]
    {
        view.insert(name.to_owned(), map.into());
    }
    let refund = decision.refund().ok().flatten().unwrap_or_default();
    view.insert("refund".to_owned(), money(refund).into());
    let offers: Vec<&str> = decision
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Offer { by } => programme.find_rule(by.as_str()),
            _ => None,
        })
        .filter_map(|rule| rule.offer.as_ref()?.plain(language.code()))
        .collect();
    view.insert("offers".to_owned(), json!(offers));
    let benefits: Vec<&str> = decision
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::GrantBenefit { benefit, .. } => Some(benefit.as_str()),
            _ => None,
        })
        .collect();
    view.insert("benefits".to_owned(), json!(benefits));
    view.extend(instruments(programme, decision));
    view.insert("effects".to_owned(), json!(decision.effects));
    view.insert("reasons".to_owned(), reasons(programme, decision, language).into());
    view
}

/// What codes, points and certificates did on a receipt; each list is there where it holds
/// something.
fn instruments(programme: &Programme, decision: &Decision) -> Map<String, Value> {
    let money = |amount: Money| programme.currency.format(amount);
    let (mut refused, mut payments, mut issued) = (Vec::new(), Vec::new(), Vec::new());
    let mut left = decision.reasons.iter().filter_map(|reason| match reason.outcome {
        Outcome::PaidWithCertificate { left, .. } => Some(left),
        _ => None,
    });
    for reason in &decision.reasons {
        if let Outcome::CodeRefused { position, why } = reason.outcome {
            refused.push(json!({ "position": u64::from(position) + 1, "why": why.name() }));
        }
    }
    for effect in &decision.effects {
        match effect {
            Effect::Pay { means: Means::Points { points, amount }, amount: pays, .. } => {
                let amount = points_text(programme, points.as_str(), *amount);
                let pays = money(*pays);
                payments.push(json!({
                    "means": "points", "points": points, "amount": amount, "pays": pays,
                }));
            }
            Effect::Pay { means: Means::Certificate { instrument }, amount, .. } => {
                let (pays, left) = (money(*amount), left.next().map(money));
                payments.push(json!({
                    "means": "certificate", "instrument": instrument, "pays": pays, "left": left,
                }));
            }
            Effect::IssueCoupon { coupon, instrument, ends_at, .. } => {
                issued.push(json!({
                    "coupon": coupon, "instrument": instrument, "ends_at": ends_at,
                }));
            }
            _ => {}
        }
    }
    let lists = [("refused_codes", refused), ("payments", payments), ("issued", issued)];
    let standing = lists.into_iter().filter(|(_, list)| !list.is_empty());
    standing.map(|(name, list)| (name.to_owned(), list.into())).collect()
}

/// What points and certificates paid of a line, or of all.
fn paid_of(decision: &Decision, line: Option<u32>) -> Money {
    let lines = decision.effects.iter().flat_map(|effect| match effect {
        Effect::Pay { lines, .. } => lines.as_slice(),
        _ => &[],
    });
    money_sum(lines.filter(|(known, _)| line.is_none_or(|line| line == *known)).map(|(_, p)| *p))
}

/// The lines of a receipt with what became of them.
pub fn lines(
    programme: &Programme,
    purchase: &Purchase,
    decision: &Decision,
    row: Option<&ActivityRow>,
) -> Vec<Value> {
    let money = |amount: Money| programme.currency.format(amount);
    let mut views = Vec::with_capacity(purchase.lines.len());
    for (position, line) in purchase.lines.iter().enumerate() {
        let amount =
            line_amount(line.unit_price, line.quantity, Rounding::HalfUp).unwrap_or_default();
        let net = decision.net.get(position).copied().unwrap_or_default();
        let number = u32::try_from(position).unwrap_or(u32::MAX);
        let paid = paid_of(decision, Some(number));
        let progress = row.map(|row| row.recorded.progress.line(number)).unwrap_or_default();
        views.push(json!({
            "line": position + 1,
            "product": line.product,
            "category": line.category,
            "brand": line.brand,
            "quantity": quantity_text(line.quantity),
            "unit_price": money(line.unit_price),
            "amount": money(amount),
            "discount": money(amount.minus(net).and_then(|d| d.minus(paid)).unwrap_or_default()),
            "paid": money(paid),
            "to_pay": money(net),
            "returned_quantity": quantity_text(progress.returned),
            "refunded": money(progress.refunded),
        }));
    }
    views
}

/// The sums of a receipt.
pub fn totals(
    programme: &Programme,
    purchase: &Purchase,
    decision: &Decision,
) -> Map<String, Value> {
    let amounts = purchase.lines.iter().map(|line| {
        line_amount(line.unit_price, line.quantity, Rounding::HalfUp).unwrap_or_default()
    });
    let total = money_sum(amounts);
    let to_pay = money_sum(decision.net.iter().copied());
    let money = |amount: Money| Value::from(programme.currency.format(amount));
    let mut view = Map::new();
    view.insert("currency".to_owned(), programme.currency.code().into());
    view.insert("total".to_owned(), money(total));
    let paid = paid_of(decision, None);
    let discount = total.minus(to_pay).and_then(|rest| rest.minus(paid)).unwrap_or_default();
    view.insert("discount".to_owned(), money(discount));
    view.insert("paid".to_owned(), money(paid));
    view.insert("to_pay".to_owned(), money(to_pay));
    view
}

/// The answer to a command that was decided.
/// When a hold ends.
fn ends_at(decision: &Decision) -> Option<Timestamp> {
    decision.effects.iter().find_map(|effect| match effect {
        Effect::Hold { ends_at, .. } => Some(*ends_at),
        _ => None,
    })
}

pub fn answer(app: &App, answer: &Answer, activity: &Activity, language: Language) -> Value {
    let programmes = app.programmes();
    let Some(version) = programmes.number(answer.version) else { return Value::Null };
    let programme = &version.programme;
    let mut view = Map::new();
    view.insert("id".to_owned(), ids::of_activity(answer.activity, activity).into());
    view.insert("member".to_owned(), json!(answer.member));
    view.insert("programme_version".to_owned(), answer.version.into());
    if let Activity::Purchase(purchase) | Activity::Hold { purchase, .. } = activity {
        view.extend(totals(programme, purchase, &answer.decision));
        view.insert("lines".to_owned(), lines(programme, purchase, &answer.decision, None).into());
    }
    view.extend(decision(programme, &answer.decision, language));
    if let Some(ends_at) = ends_at(&answer.decision) {
        view.insert("ends_at".to_owned(), ends_at.to_string().into());
    }
    let balances: Vec<Value> = answer
        .balances
        .iter()
        .map(|balance| {
            let text = |amount| points_text(programme, balance.points.as_str(), amount);
            json!({
                "points": balance.points,
                "available": text(balance.available),
                "pending": text(balance.pending),
                "owed": text(balance.owed),
            })
        })
        .collect();
    view.insert("balances".to_owned(), balances.into());
    view.into()
}
