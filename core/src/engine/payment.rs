//! Paying: points and gift certificates pay for a part of what discounts left.
//!
//! Payments come after every discount, whatever the order in which things were entered. They
//! lower what is left to pay in money, never below nothing, and never pay for certificates:
//! money for money would carry a certificate past its end.

use super::activity::{Line, LineKind, Payment};
use super::code_problem::{CodeProblem, Means};
use super::codes::{self, Valid};
use super::decision::{Effect, Outcome, Reason, Refusal};
use super::ending;
use super::purchase::Checkout;
use crate::programme::{
    CertificatePays, PaidWithCertificate, PaidWithPoints, PaymentMeans, PointKind, PointPayment,
};
use crate::values::{Key, Money, Overflow, Points, Rate, Rounding, divide, spread};

const HUNDRED_PER_CENT: i128 = 100_000_000;

/// What points and certificates paid of each line; empty where they paid nothing at all.
#[derive(Debug, Default)]
pub(super) struct Paid {
    points: Vec<Money>,
    certificates: Vec<Money>,
}

impl Paid {
    pub fn is_nothing(&self) -> bool {
        self.points.is_empty() && self.certificates.is_empty()
    }
}

/// What is left to pay of each line that may be paid so; nothing of the others.
type Payable = Vec<Money>;

pub(super) fn pay(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let by_itself = |valid: &Valid<'_>| codes::pays_by_itself(checkout, valid);
    let silent: Vec<usize> = (0..checkout.codes.len())
        .filter(|position| by_itself(&checkout.codes[*position]))
        .collect();
    if checkout.purchase.pay.is_empty() && silent.is_empty() {
        return Ok(());
    }
    let before = checkout.net.clone();
    let mut kinds: Vec<&Key> = Vec::new();
    for payment in &checkout.purchase.pay {
        match payment {
            Payment::Points { points, amount } => {
                if kinds.contains(&points) {
                    return Err(Refusal::PaidTwice { points: points.clone() });
                }
                kinds.push(points);
                pay_with_points(checkout, points, *amount, &before)?;
            }
            Payment::Certificate { presented, at_most } => {
                let named =
                    |valid: &Valid<'_>| valid.place == *presented && valid.certificate().is_some();
                let position = checkout.codes.iter().position(named);
                let why = CodeProblem::NotForThis;
                let position =
                    position.ok_or(Refusal::CodeRefused { position: *presented, why })?;
                pay_with_certificate(checkout, position, *at_most)?;
            }
        }
    }
    for position in silent {
        pay_with_certificate(checkout, position, None)?;
    }
    let together = checkout.context.programme.settings.payment_means == PaymentMeans::Together;
    let means = kinds.len() + usize::from(!checkout.paid.certificates.is_empty());
    if !together && means > 1 {
        return Err(Refusal::OneMeansOnly);
    }
    Ok(())
}

fn pay_with_certificate(
    checkout: &mut Checkout<'_>,
    position: usize,
    at_most: Option<Money>,
) -> Result<(), Refusal> {
    let valid = &checkout.codes[position];
    let (place, definition) = (valid.place, valid.definition);
    let Some((instrument, held)) = valid.certificate() else { return Ok(()) };
    // The same certificate may be named by several payments: it has what they left of it.
    let gone = checkout.effects.iter().map(|effect| match effect {
        Effect::Pay { means: Means::Certificate { instrument: other }, amount, .. }
            if *other == instrument =>
        {
            *amount
        }
        _ => Money::ZERO,
    });
    let has = held.value_left.minus(Money::sum(gone)?)?;
    if at_most.is_some_and(|at_most| !at_most.is_positive()) {
        return Err(Refusal::AmountZero);
    }
    let goods_only =
        checkout.context.programme.settings.certificate_pays == CertificatePays::GoodsOnly;
    let payable: Payable = checkout
        .net
        .iter()
        .zip(&checkout.purchase.lines)
        .map(|(net, line)| match line.kind {
            LineKind::Goods => *net,
            LineKind::Delivery if !goods_only => *net,
            LineKind::Delivery | LineKind::Certificate => Money::ZERO,
        })
        .collect();
    let most = Money::sum(payable.iter().copied())?;
    let amount = has.min(most).min(at_most.unwrap_or(most));
    let about = checkout.context.programme.instruments[definition].key.clone();
    if !amount.is_positive() {
        let why = CodeProblem::NotForThis;
        return codes::refuse_code(&checkout.context, place, about, why, &mut checkout.reasons);
    }
    let lines = take_off(checkout, amount, &payable, |paid| &mut paid.certificates)?;
    checkout.codes[position].used = true;
    let left = has.minus(amount)?;
    checkout.effects.push(Effect::Pay { means: Means::Certificate { instrument }, amount, lines });
    checkout.reasons.push(Reason { about, outcome: Outcome::PaidWithCertificate { amount, left } });
    Ok(())
}

/// Lowers what is left to pay, by largest remainder over what is left of the lines.
fn take_off(
    checkout: &mut Checkout<'_>,
    amount: Money,
    payable: &Payable,
    account: impl Fn(&mut Paid) -> &mut Vec<Money>,
) -> Result<Vec<(u32, Money)>, Refusal> {
    let weights: Vec<i64> = payable.iter().map(|left| left.units()).collect();
    let parts = spread(amount.units(), &weights)?;
    let paid = account(&mut checkout.paid);
    paid.resize(weights.len(), Money::ZERO);
    let mut lines = Vec::new();
    for (position, part) in parts.into_iter().enumerate().filter(|(_, part)| *part != 0) {
        let part = Money::new(part);
        checkout.net[position] = checkout.net[position].minus(part)?;
        paid[position] = paid[position].plus(part)?;
        lines.push((u32::try_from(position).map_err(|_| Overflow)?, part));
    }
    Ok(lines)
}

/// Points that cannot pay refuse the receipt, with the figures: a till must never believe that
/// something is paid which is not.
fn pay_with_points(
    checkout: &mut Checkout<'_>,
    points: &Key,
    amount: Points,
    before: &[Money],
) -> Result<(), Refusal> {
    let refuse = |outcome: Outcome| {
        let reason = Box::new(Reason { about: points.clone(), outcome });
        Refusal::PaymentNotPossible { reason }
    };
    let unknown = || Refusal::UnknownPoints { points: points.clone() };
    let programme = checkout.context.programme;
    let (position, kind) = programme.find_points(points.as_str()).ok_or_else(unknown)?;
    ending::check_kind(&checkout.context, position)?;
    let (Some(payment), Some(worth)) = (&kind.pays, kind.worth) else {
        return Err(refuse(Outcome::PointsDoNotPay));
    };
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    if checkout.working.is_none() {
        return Err(refuse(Outcome::NotForGuests));
    }
    if amount.units() % payment.step.units() != 0 {
        return Err(refuse(Outcome::NotWholeSteps { points: points.clone(), step: payment.step }));
    }
    let money = money_for(checkout, kind, amount, worth)?;
    let (payable, most) = payable_with_points(checkout, payment, before)?;
    if money > most || !money.is_positive() {
        let (percent, pays) = (payment.at_most, money);
        return Err(refuse(Outcome::MoreThanPointsMayPay { pays, most, percent }));
    }
    let working = checkout.working.as_mut().ok_or(Refusal::NoMember)?;
    let (available, pending) = working.available(points)?;
    // Points owed are not there to be spent.
    let owed = working.debts.get(points).copied().unwrap_or(Points::ZERO);
    let free = available.minus(owed.min(available))?;
    if free < amount {
        let (points, needed) = (points.clone(), amount);
        return Err(refuse(Outcome::NotEnoughPoints { points, needed, available: free, pending }));
    }
    let parts = working.take(points, amount, false)?.parts;
    let lines = take_off(checkout, money, &payable, |paid| &mut paid.points)?;
    let weights: Vec<i64> = lines.iter().map(|(_, part)| part.units()).collect();
    let shares = spread(amount.units(), &weights)?.into_iter().map(Points::new);
    let by_line = lines.iter().map(|(line, _)| *line).zip(shares);
    // Points that pay are spent like points for a reward, and come back in the same way.
    checkout.effects.push(Effect::Spend {
        by: points.clone(),
        points: points.clone(),
        amount,
        parts,
        lines: by_line.filter(|(_, share)| !share.is_zero()).collect(),
    });
    let means = Means::Points { points: points.clone(), amount };
    checkout.effects.push(Effect::Pay { means, amount: money, lines });
    checkout.reasons.push(Reason {
        about: points.clone(),
        outcome: Outcome::PaidWithPoints { points: points.clone(), amount, pays: money },
    });
    Ok(())
}

/// What points are worth in money, rounded down.
fn money_for(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    amount: Points,
    worth: Rate,
) -> Result<Money, Overflow> {
    let exponent = checkout.context.programme.currency.exponent();
    let product = i128::from(amount.units())
        .checked_mul(i128::from(worth.units()))
        .and_then(|product| product.checked_mul(10_i128.pow(u32::from(exponent))))
        .ok_or(Overflow)?;
    let divisor = i128::from(Rate::ONE.units()) * 10_i128.pow(u32::from(kind.decimals));
    divide(product, divisor, Rounding::Down).map(Money::new)
}

/// What is left of the lines that points may pay for, and the most that points may pay: their
/// share of what these lines cost after discounts, and never more than is left.
fn payable_with_points(
    checkout: &Checkout<'_>,
    payment: &PointPayment,
    before: &[Money],
) -> Result<(Payable, Money), Refusal> {
    let test = payment.filter.as_ref().map(|filter| filter.on_lines(&checkout.facts));
    let mut payable = Vec::with_capacity(checkout.net.len());
    let (mut basis, mut left) = (Money::ZERO, Money::ZERO);
    for (position, line) in checkout.purchase.lines.iter().enumerate() {
        let passes = match &test {
            Some(test) => test.holds(position)?,
            None => true,
        };
        if !passes || line.kind == LineKind::Certificate {
            payable.push(Money::ZERO);
            continue;
        }
        payable.push(checkout.net[position]);
        left = left.plus(checkout.net[position])?;
        basis = basis.plus(before[position])?;
    }
    let product = i128::from(basis.units()) * i128::from(payment.at_most.units());
    let share = Money::new(divide(product, HUNDRED_PER_CENT, Rounding::Down)?);
    Ok((payable, share.min(left)))
}

/// What of a line earns: what is left to pay in money, and of what was paid otherwise what the
/// programme lets earn.
pub(super) fn earning_base(checkout: &Checkout<'_>, line: usize) -> Result<Money, Overflow> {
    let net = checkout.net[line];
    if checkout.paid.is_nothing() {
        return Ok(net);
    }
    let settings = &checkout.context.programme.settings;
    let of = |paid: &[Money]| paid.get(line).copied().unwrap_or_default();
    let mut base = net;
    if settings.paid_with_points == PaidWithPoints::Earns {
        base = base.plus(of(&checkout.paid.points))?;
    }
    if settings.paid_with_certificate == PaidWithCertificate::Earns {
        base = base.plus(of(&checkout.paid.certificates))?;
    }
    Ok(base)
}

/// What a receipt adds to what the member has spent: money, and certificates where the
/// programme counts them. The sale of a certificate is not spending; what it pays later is.
pub(super) fn spent(checkout: &Checkout<'_>) -> Result<Money, Overflow> {
    let settings = &checkout.context.programme.settings;
    let counts = settings.paid_with_certificate == PaidWithCertificate::Earns;
    let all_goods = checkout.facts.all_goods();
    let counts_line = |(_, line): &(&Money, &Line)| all_goods || line.kind != LineKind::Certificate;
    let lines = checkout.net.iter().zip(&checkout.purchase.lines).filter(counts_line);
    let mut spent = Money::sum(lines.map(|(net, _)| *net))?;
    if counts {
        spent = spent.plus(Money::sum(checkout.paid.certificates.iter().copied())?)?;
    }
    Ok(spent)
}
