//! What returns and voids do to coupons and certificates.
//!
//! A certificate gets back what it paid and never more; the use of a coupon is given back when
//! all that it was used for came back; what was sold or issued is taken back while it is unused.

use super::activity::{Activity, LineKind, Purchase};
use super::book::Recorded;
use super::code_problem::Means;
use super::decision::{Effect, Outcome, Reason, Refusal};
use super::returns::{Part, Returning};
use crate::instrument::{Instrument, Status};
use crate::programme::{CodeUseAfterVoid, InstrumentDefinition, MixedRefund, PaidWithCertificate};
use crate::values::{InstrumentId, Key, Money, Overflow};

/// What a certificate paid on a receipt.
struct CertificatePaid<'a> {
    /// The position of the effect.
    effect: u32,
    instrument: InstrumentId,
    amount: Money,
    lines: &'a [(u32, Money)],
}

impl CertificatePaid<'_> {
    fn of_line(&self, line: u32) -> Money {
        let found = self.lines.iter().find(|(known, _)| *known == line);
        found.map_or(Money::ZERO, |(_, amount)| *amount)
    }
}

/// What comes back for the parts of a receipt.
pub(super) struct MoneyBack {
    /// In money, by part.
    pub refunds: Vec<Money>,
    /// To certificates: by payment, what comes back for each line.
    refills: Vec<Vec<(u32, Money)>>,
}

fn certificates_of(record: &Recorded) -> Result<Vec<CertificatePaid<'_>>, Overflow> {
    let mut payments = Vec::new();
    for (position, effect) in record.decision.effects.iter().enumerate() {
        if let Effect::Pay { means: Means::Certificate { instrument }, amount, lines } = effect {
            let effect = u32::try_from(position).map_err(|_| Overflow)?;
            let (instrument, amount) = (*instrument, *amount);
            payments.push(CertificatePaid { effect, instrument, amount, lines });
        }
    }
    Ok(payments)
}

impl Returning<'_> {
    /// Divides what comes back between money and the certificates that paid with it.
    pub(super) fn money_back(
        &self,
        record: &Recorded,
        purchase: &Purchase,
        parts: &[Part],
    ) -> Result<MoneyBack, Refusal> {
        let net = |line: u32| record.decision.net.get(line as usize).copied().unwrap_or_default();
        let payments = certificates_of(record)?;
        let mixed = self.programme_of(record).map(|programme| programme.settings.mixed_refund);
        let mixed = mixed.unwrap_or_default();
        let is_pooled = |line: u32| {
            let kind = purchase.lines.get(line as usize).map(|line| line.kind);
            mixed != MixedRefund::InProportion && kind != Some(LineKind::Certificate)
        };
        let mut pools = Pools::of(record, purchase, &payments)?;
        let mut back = MoneyBack {
            refunds: Vec::with_capacity(parts.len()),
            refills: vec![Vec::new(); payments.len()],
        };
        for part in parts {
            let refunded = record.progress.line(part.line).refunded;
            if payments.is_empty() || !is_pooled(part.line) {
                back.refunds
                    .push(Money::new(part.share_of(net(part.line).units(), refunded.units())?));
                for (payment, refills) in payments.iter().zip(&mut back.refills) {
                    let before = record.progress.money_of(payment.effect, part.line);
                    let whole = payment.of_line(part.line);
                    let share = Money::new(part.share_of(whole.units(), before.units())?);
                    refills.push((part.line, share));
                }
                continue;
            }
            let (mut whole, mut before) = (net(part.line), refunded);
            for payment in &payments {
                whole = whole.plus(payment.of_line(part.line))?;
                before = before.plus(record.progress.money_of(payment.effect, part.line))?;
            }
            let value = Money::new(part.share_of(whole.units(), before.units())?);
            let (money, shares) = pools.take(value, mixed)?;
            back.refunds.push(money);
            for (share, refills) in shares.into_iter().zip(&mut back.refills) {
                refills.push((part.line, share));
            }
        }
        Ok(back)
    }

    /// Gives certificates back what they paid for these parts.
    pub(super) fn refill(&mut self, record: &Recorded, back: &MoneyBack) -> Result<Money, Refusal> {
        let mut all = Money::ZERO;
        for (payment, refills) in certificates_of(record)?.iter().zip(&back.refills) {
            let lines: Vec<(u32, Money)> =
                refills.iter().copied().filter(|(_, share)| !share.is_zero()).collect();
            let amount = Money::sum(lines.iter().map(|(_, share)| *share))?;
            if amount.is_zero() {
                continue;
            }
            all = all.plus(amount)?;
            let instrument = payment.instrument;
            let held = self.held(instrument)?;
            let (about, has_ended) = (held.of.clone(), has_ended(held, self.context.at));
            self.effects.push(Effect::Refill {
                of: record.id,
                effect: payment.effect,
                instrument,
                amount,
                lines,
            });
            self.reasons.push(Reason { about, outcome: Outcome::Refilled { amount, has_ended } });
        }
        Ok(all)
    }

    /// What these parts take out of what the member has spent.
    pub(super) fn spent_back(
        &self,
        record: &Recorded,
        purchase: &Purchase,
        parts: &[Part],
        back: &MoneyBack,
    ) -> Result<Money, Overflow> {
        let settings = self.programme_of(record).map(|programme| programme.settings);
        let counts =
            settings.unwrap_or_default().paid_with_certificate == PaidWithCertificate::Earns;
        let mut spent = Money::ZERO;
        for (part, refund) in parts.iter().zip(&back.refunds) {
            let kind = purchase.lines.get(part.line as usize).map(|line| line.kind);
            if kind != Some(LineKind::Certificate) {
                spent = spent.plus(*refund)?;
            }
        }
        if counts {
            let refills = back.refills.iter().flatten().map(|(_, share)| *share);
            spent = spent.plus(Money::sum(refills)?)?;
        }
        Ok(spent)
    }

    fn held(&self, instrument: InstrumentId) -> Result<&Instrument, Refusal> {
        // Whoever asks for a decision hands over what it needs; without it nothing is booked.
        self.context.shared.instruments.get(&instrument).ok_or(Refusal::Overflow)
    }

    /// Takes certificates back whose sale comes back. One that was used stays sold.
    pub(super) fn take_back_sold(
        &mut self,
        record: &Recorded,
        purchase: &Purchase,
        parts: &[Part],
    ) -> Result<(), Refusal> {
        for part in parts {
            let line = purchase.lines.get(part.line as usize);
            let Some(instrument) = line.and_then(|line| line.sells) else { continue };
            let held = self.held(instrument)?;
            if !held.is_untouched() {
                return Err(Refusal::CertificateUsed { line: part.line });
            }
            let about = held.of.clone();
            self.take_back(record, instrument, about);
        }
        Ok(())
    }

    fn take_back(&mut self, record: &Recorded, instrument: InstrumentId, about: Key) {
        self.effects.push(Effect::TakeBackInstrument { of: record.id, instrument });
        self.reasons.push(Reason { about, outcome: Outcome::InstrumentTakenBack });
    }

    /// Gives certificates back all that a hold took of them.
    pub(super) fn refill_all(&mut self, record: &Recorded) {
        for (effect, taken) in (0_u32..).zip(&record.decision.effects) {
            if let Effect::Pay { means: Means::Certificate { instrument }, amount, lines } = taken {
                let (of, instrument, amount) = (record.id, *instrument, *amount);
                let lines = lines.clone();
                self.effects.push(Effect::Refill { of, effect, instrument, amount, lines });
            }
        }
    }

    /// Gives uses of coupons back, and takes coupons back that were issued.
    pub(super) fn release_coupons(&mut self, record: &Recorded) -> Result<(), Refusal> {
        for effect in &record.decision.effects {
            match effect {
                Effect::UseCoupon { instrument, by, change: 1 } => {
                    self.give_back(record, *instrument, by)?;
                }
                Effect::IssueCoupon { instrument, coupon, .. } => {
                    if self.held(*instrument)?.is_untouched() {
                        self.take_back(record, *instrument, coupon.clone());
                    } else {
                        let outcome = Outcome::IssuedCouponKept;
                        self.reasons.push(Reason { about: coupon.clone(), outcome });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn give_back(
        &mut self,
        record: &Recorded,
        instrument: InstrumentId,
        by: &Key,
    ) -> Result<(), Refusal> {
        let at = self.context.at;
        let held = self.held(instrument)?;
        let about = held.of.clone();
        let programme = self.programme_of(record);
        let until = programme
            .and_then(|programme| programme.find_instrument(about.as_str()))
            .and_then(|(_, definition)| InstrumentDefinition::coupon(definition)?.until);
        let is_over = has_ended(held, at) || until.is_some_and(|until| until <= at);
        let rule = programme.map(|programme| programme.settings.code_use_after_void);
        // A hold is no purchase: what it only reserved was not used.
        let was_used = !matches!(record.activity, Activity::Hold { .. });
        let is_kept = was_used && rule == Some(CodeUseAfterVoid::Kept);
        if is_over || is_kept {
            let outcome = Outcome::CouponUseKept { has_ended: is_over };
            self.reasons.push(Reason { about, outcome });
            return Ok(());
        }
        self.effects.push(Effect::UseCoupon { instrument, by: by.clone(), change: -1 });
        self.reasons.push(Reason { about, outcome: Outcome::CouponUseGivenBack });
        Ok(())
    }
}

/// Whether its time is over, or it will not count any more for another reason.
fn has_ended(held: &Instrument, at: jiff::Timestamp) -> bool {
    held.ends_at.is_some_and(|ends_at| ends_at <= at)
        || matches!(held.status(at), Status::Blocked | Status::Returned)
}

/// What can still come back of a receipt, to money and to each certificate.
struct Pools {
    money: Money,
    certificates: Vec<Money>,
}

impl Pools {
    fn of(
        record: &Recorded,
        purchase: &Purchase,
        payments: &[CertificatePaid<'_>],
    ) -> Result<Self, Overflow> {
        let mut money = Money::ZERO;
        if !payments.is_empty() {
            for (position, line) in purchase.lines.iter().enumerate() {
                if line.kind == LineKind::Certificate {
                    continue;
                }
                let net = record.decision.net.get(position).copied().unwrap_or_default();
                let line = u32::try_from(position).map_err(|_| Overflow)?;
                money = money.plus(net)?.minus(record.progress.line(line).refunded)?;
            }
        }
        let left = payments
            .iter()
            .map(|payment| payment.amount.minus(record.progress.money_in_all(payment.effect)?));
        Ok(Self { money, certificates: left.collect::<Result<_, _>>()? })
    }

    /// Divides a value, to the side that the programme puts first as far as it goes.
    fn take(&mut self, value: Money, mixed: MixedRefund) -> Result<(Money, Vec<Money>), Overflow> {
        let mut rest = value;
        let mut money = Money::ZERO;
        if mixed == MixedRefund::MoneyFirst {
            money = self.money.min(rest);
            rest = rest.minus(money)?;
        }
        let mut shares = Vec::with_capacity(self.certificates.len());
        for left in &mut self.certificates {
            let share = (*left).min(rest);
            *left = left.minus(share)?;
            rest = rest.minus(share)?;
            shares.push(share);
        }
        // What no certificate had paid was paid in money.
        money = money.plus(rest)?;
        self.money = self.money.minus(money)?;
        Ok((money, shares))
    }
}
