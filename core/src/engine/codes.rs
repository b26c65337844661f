//! Codes on a receipt: which of them hold, which rules they open, and what is issued.
//!
//! The engine never sees a code: it is told which instrument was presented, or that nobody
//! knows the code. A code that does not hold gives nothing and says why.

use super::activity::Presented;
use super::code_problem::CodeProblem;
use super::decision::{Effect, Outcome, Reason, Refusal, add};
use super::purchase::{Checkout, Matched};
use super::{Context, shared};
use crate::instrument::{Instrument, InstrumentKind, Status};
use crate::programme::{
    CertificatesPerReceipt, CouponForm, InstrumentDefinition, InvalidCode, Issuing, Rule,
};
use crate::values::{InstrumentId, Key, Money, Period, Quantity};
use jiff::civil::Date;

/// A code that holds.
pub(super) struct Valid<'a> {
    /// Its place among the presented ones.
    pub place: u32,
    /// The position of its instrument in the programme.
    pub definition: usize,
    /// Nothing for a public code, which anybody may type.
    pub instrument: Option<(InstrumentId, &'a Instrument)>,
    pub used: bool,
}

impl<'a> Valid<'a> {
    pub fn certificate(&self) -> Option<(InstrumentId, &'a Instrument)> {
        let is_certificate = |known: &&Instrument| known.kind == InstrumentKind::Certificate;
        self.instrument.filter(|(_, instrument)| is_certificate(instrument))
    }
}

/// Sorts the codes into those that hold and those that do not.
pub(super) fn check_codes<'a>(
    context: &Context<'a>,
    codes: &[Presented],
    reasons: &mut Vec<Reason>,
) -> Result<Vec<Valid<'a>>, Refusal> {
    let mut valid: Vec<Valid<'a>> = Vec::with_capacity(codes.len());
    for (position, code) in codes.iter().enumerate() {
        let place = u32::try_from(position).map_err(|_| Refusal::Overflow)?;
        let twice = codes[..position].contains(code) && *code != Presented::Unknown;
        let found = if twice {
            Err((about(context, code), CodeProblem::Twice))
        } else {
            check_code(context, code, &valid)
        };
        match found {
            Ok((definition, instrument)) => {
                valid.push(Valid { place, definition, instrument, used: false });
            }
            Err((about, why)) => refuse_code(context, place, about, why, reasons)?,
        }
    }
    Ok(valid)
}

/// What a reason about a code is filed under: its instrument where that is known.
fn about(context: &Context<'_>, code: &Presented) -> Key {
    match code {
        Presented::Instrument(id) => context.shared.instruments.get(id).map(|i| i.of.clone()),
        Presented::Public(key) => Some(key.clone()),
        Presented::Unknown => None,
    }
    .unwrap_or_else(|| Key::new("code"))
}

/// Writes down that a code does not hold, or refuses the receipt, as the programme says.
pub(super) fn refuse_code(
    context: &Context<'_>,
    position: u32,
    about: Key,
    why: CodeProblem,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    match context.programme.settings.invalid_code {
        InvalidCode::RefuseReceipt => Err(Refusal::CodeRefused { position, why }),
        InvalidCode::OnlyThatCode => {
            reasons.push(Reason { about, outcome: Outcome::CodeRefused { position, why } });
            Ok(())
        }
    }
}

type Found<'a> = (usize, Option<(InstrumentId, &'a Instrument)>);

fn check_code<'a>(
    context: &Context<'a>,
    code: &Presented,
    before: &[Valid<'a>],
) -> Result<Found<'a>, (Key, CodeProblem)> {
    let about = about(context, code);
    let unknown = |about: &Key| (about.clone(), CodeProblem::Unknown);
    let (of, presented) = match code {
        Presented::Unknown => return Err(unknown(&about)),
        Presented::Public(key) => (key, None),
        Presented::Instrument(id) => {
            let shared = context.shared;
            let instrument = shared.instruments.get(id).ok_or_else(|| unknown(&about))?;
            (&instrument.of, Some((*id, instrument)))
        }
    };
    let (position, definition) =
        context.programme.find_instrument(of.as_str()).ok_or_else(|| unknown(&about))?;
    let why = match presented {
        Some((_, instrument)) => why_not_instrument(context, definition, instrument, before),
        None => definition.coupon().and_then(|coupon| why_not_coupon(context, coupon)),
    };
    match why {
        Some(why) => Err((about, why)),
        None => Ok((position, presented)),
    }
}

fn why_not_instrument(
    context: &Context<'_>,
    definition: &InstrumentDefinition,
    instrument: &Instrument,
    before: &[Valid<'_>],
) -> Option<CodeProblem> {
    if definition.kind() != instrument.kind || instrument.kind == InstrumentKind::Card {
        return Some(CodeProblem::NotForThis);
    }
    match instrument.status(context.at) {
        Status::Active | Status::PartlyUsed => {}
        Status::Prepared | Status::Sold => return Some(CodeProblem::NotActive),
        Status::Used => return Some(CodeProblem::Used),
        Status::Expired => return Some(CodeProblem::Expired),
        Status::Blocked => return Some(CodeProblem::Blocked),
        Status::Returned => return Some(CodeProblem::Returned),
    }
    if instrument.active_from.is_some_and(|from| context.at < from) {
        return Some(CodeProblem::NotYet);
    }
    let settings = &context.programme.settings;
    let is_second = instrument.kind == InstrumentKind::Certificate
        && settings.certificates_per_receipt == CertificatesPerReceipt::One
        && before.iter().any(|valid| valid.certificate().is_some());
    if is_second {
        return Some(CodeProblem::OnlyOne);
    }
    let coupon = definition.coupon()?;
    // Whom it was issued to is unknown where nobody is there: a guest is never the holder.
    let is_holder = instrument.holder.is_some_and(|holder| {
        let was = context.member.is_some_and(|member| member.was(holder));
        was || context.member_id == Some(holder)
    });
    if coupon.personal && !is_holder {
        return Some(CodeProblem::NotYours);
    }
    why_not_coupon(context, coupon)
}

fn why_not_coupon(context: &Context<'_>, coupon: &CouponForm) -> Option<CodeProblem> {
    if coupon.from.is_some_and(|from| context.at < from) {
        return Some(CodeProblem::NotYet);
    }
    let is_over = coupon.until.is_some_and(|until| until <= context.at);
    is_over.then_some(CodeProblem::Expired)
}

/// Whether the coupon that a rule asks for was presented and holds.
pub(super) fn has_coupon(checkout: &Checkout<'_>, rule: &Rule) -> bool {
    let Some(coupon) = rule.coupon else { return true };
    checkout.codes.iter().any(|valid| valid.definition == coupon)
}

/// Counts the coupons that opened a rule which gave something. A coupon that opened nothing is
/// not used, and says so.
pub(super) fn use_coupons(
    checkout: &mut Checkout<'_>,
    matched: &[Matched<'_>],
) -> Result<(), Refusal> {
    for valid in &mut checkout.codes {
        let definition = &checkout.context.programme.instruments[valid.definition];
        if definition.kind() != InstrumentKind::Coupon {
            continue;
        }
        let opened = matched
            .iter()
            .find(|candidate| candidate.gave && candidate.rule.coupon == Some(valid.definition));
        let Some(opened) = opened else {
            let (about, why) = (definition.key.clone(), CodeProblem::NotForThis);
            refuse_code(&checkout.context, valid.place, about, why, &mut checkout.reasons)?;
            continue;
        };
        valid.used = true;
        let by = opened.rule.key.clone();
        checkout.reasons.push(Reason {
            about: definition.key.clone(),
            outcome: Outcome::CouponUsed { rule: by.clone() },
        });
        if let Some((instrument, _)) = valid.instrument {
            add(&mut checkout.effects, || Effect::UseCoupon { instrument, by, change: 1 });
        }
    }
    Ok(())
}

/// Whom and when a coupon is issued.
pub(super) struct Issue<'a> {
    pub rule: &'a Rule,
    pub issuing: &'a Issuing,
    pub day: Date,
}

/// Issues a coupon. Its id follows from the activity and from how many came before it.
pub(super) fn issue_coupon(
    context: &Context<'_>,
    issue: &Issue<'_>,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let Issue { rule, issuing, day } = issue;
    let what = (&rule.key, issuing.coupon, issuing.lasts);
    self::issue(context, what, *day, effects, reasons)
}

/// Issues a coupon by what gives it, its position in the programme, and how long it counts where
/// that is another time than it says itself.
pub(super) fn issue(
    context: &Context<'_>,
    (by, coupon, lasts): (&Key, usize, Option<Period>),
    day: Date,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let Some(definition) = context.programme.instruments.get(coupon) else {
        return Ok(false);
    };
    let Some(coupon) = definition.coupon() else { return Ok(false) };
    let by = by.clone();
    if coupon.personal && context.member_id.is_none() {
        reasons.push(Reason { about: by, outcome: Outcome::NotForGuests });
        return Ok(false);
    }
    let lasts = lasts.or(definition.lasts);
    let ends_at = match lasts {
        Some(period) => Some(context.programme.zone.end_of_day(period.after(day)?)?),
        None => None,
    };
    let before = effects.iter().filter(|effect| matches!(effect, Effect::IssueCoupon { .. }));
    let number = u32::try_from(before.count()).map_err(|_| Refusal::Overflow)?;
    effects.push(Effect::IssueCoupon {
        by: by.clone(),
        coupon: definition.key.clone(),
        instrument: InstrumentId::issued_by(context.activity, number),
        holder: context.member_id,
        most_uses: coupon.most_uses,
        ends_at,
    });
    let outcome = Outcome::CouponIssued { coupon: definition.key.clone(), ends_at };
    reasons.push(Reason { about: by, outcome });
    Ok(true)
}

/// Issues what the rules of a receipt give. A rule that does something else as well gives its
/// coupon only where that was given.
pub(super) fn issue_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        let rule = candidate.rule;
        let Some(issuing) = &rule.issue else { continue };
        let does_more = rule.discount.is_some() || !rule.earn.is_empty();
        if does_more && !candidate.gave {
            continue;
        }
        let issue = Issue { rule, issuing, day: checkout.facts.day };
        let (effects, reasons) = (&mut checkout.effects, &mut checkout.reasons);
        candidate.gave |= issue_coupon(&checkout.context, &issue, effects, reasons)?;
    }
    Ok(())
}

/// Sells the certificates of a receipt: each line that names one makes it count.
pub(super) fn sell_certificates(
    checkout: &mut Checkout<'_>,
    amounts: &[Money],
) -> Result<(), Refusal> {
    let lines = &checkout.purchase.lines;
    if lines.iter().all(|line| line.sells.is_none()) {
        return Ok(());
    }
    for (position, line) in lines.iter().enumerate() {
        let Some(id) = line.sells else { continue };
        let number = u32::try_from(position).map_err(|_| Refusal::Overflow)?;
        let refused = Refusal::CertificateNotForSale { line: number };
        let instrument = checkout.context.shared.instruments.get(&id).ok_or(refused.clone())?;
        let (_, definition) = checkout
            .context
            .programme
            .find_instrument(instrument.of.as_str())
            .ok_or(refused.clone())?;
        let form = definition.certificate().ok_or(refused.clone())?;
        let face = amounts[position];
        let is_one = line.quantity == Quantity::new(1_000);
        let is_prepared = instrument.status(checkout.context.at) == Status::Prepared;
        let has_value = instrument.face.is_zero() || instrument.face == face;
        let is_first = !lines[..position].iter().any(|other| other.sells == Some(id));
        let is_certificate = line.kind == super::LineKind::Certificate;
        let fits = form.values.contains(face) && has_value;
        if !(is_one && is_prepared && is_first && is_certificate && fits) {
            return Err(refused);
        }
        let ends_at = match definition.lasts.filter(|_| form.active_at_sale) {
            Some(period) => {
                let day = period.after(checkout.facts.day)?;
                Some(checkout.context.programme.zone.end_of_day(day)?)
            }
            None => None,
        };
        let active = form.active_at_sale;
        checkout.effects.push(Effect::SellCertificate {
            instrument: id,
            line: number,
            face,
            active,
            ends_at,
        });
        checkout.reasons.push(Reason {
            about: definition.key.clone(),
            outcome: Outcome::CertificateSold { face, active },
        });
    }
    Ok(())
}

/// A certificate that was presented and not named by a payment pays as much as it can.
pub(super) fn pays_by_itself(checkout: &Checkout<'_>, valid: &Valid<'_>) -> bool {
    valid.certificate().is_some() && !shared::pays_with(checkout.purchase, valid.place)
}
