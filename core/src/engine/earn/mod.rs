//! The earn stage: points for what was bought.
//!
//! Every award is worked out exactly, first, and then rounded and booked: what a group of rules
//! would give can be asked without giving it. What a line counts for is in `base`, what tiers and
//! rules multiply by in `multipliers`, the bounds of the programme in `bounds`.

mod base;
mod bounds;
mod fraction;
mod groups;
mod multipliers;
mod recount;
mod share;

use super::award::{Bound, Recount};
use super::contacts;
use super::decision::{Arithmetic, Effect, Outcome, Reason, Refusal, Shares, add};
use super::derived::Sent;
use super::purchase::{Checkout, Matched};
use super::quotas::Quotas;
use super::working::WorkingLots;
use super::{Context, facts::DecisionFacts, games};
use crate::member::{Lot, LotLife};
use crate::programme::{
    EarnAmount, EarnedPointsOnReturn, Earning, FixedPoints, OwnPoints, PointKind, PointsRounding,
    Rule,
};
use crate::values::{Key, MemberId, Money, Overflow, Points, Rate};
use base::{Bases, Basis};
pub(super) use fraction::Fraction;
use fraction::share_out;
pub(super) use groups::settle_action_groups;
use jiff::civil::Date;
use multipliers::{Multiplier, Use, factor_of};
pub(super) use recount::recounted;
pub use share::ShareHow;
pub(super) use share::share_on_receipt;

pub(super) fn earn_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    if checkout.working.is_none() {
        for candidate in matched.iter().filter(|candidate| !candidate.rule.earn.is_empty()) {
            checkout.say(&candidate.rule.key, Outcome::NotForGuests);
        }
        return Ok(());
    }
    groups::settle(checkout, matched)?;
    let plan = plan(checkout, matched, &|position| matched[position].excluded)?;
    let Plan { mut drafts, multipliers } = plan;
    for draft in &mut drafts {
        let (rule, points) = (matched[draft.candidate].rule, draft.earning.points);
        if let Some(outcome) = draft.why_nothing() {
            checkout.say(&rule.key, outcome);
            continue;
        }
        let candidate = draft.candidate;
        let mut award = draft.take_award(checkout, &rule.key);
        if let Some(person) = checkout.person {
            let programme = checkout.context.programme;
            let share = contacts::share_of(programme, rule, &programme.points[points], person);
            award.person = share.map(|share| (person.id, share));
        }
        matched[candidate].gave |= book_on_receipt(checkout, points, &mut award)?;
    }
    for multiplier in multipliers {
        let points = checkout.context.programme.points[multiplier.points].key.clone();
        let outcome = match multiplier.used {
            Use::Used => {
                matched[multiplier.candidate].gave = true;
                Outcome::Multiplied { points, times: multiplier.times }
            }
            Use::Outdone(by) => Outcome::Outdone { by },
            Use::Unused => Outcome::NothingToCount,
        };
        checkout.say(multiplier.rule, outcome);
    }
    Ok(())
}

/// What the rules give on a receipt, before anything of it is booked.
struct Plan<'a> {
    drafts: Vec<Draft<'a>>,
    multipliers: Vec<Multiplier<'a>>,
}

/// One earning of one rule, worked out. There is one for every award of every receipt, so it is
/// kept small; what is said of it is put together when it is booked.
struct Draft<'a> {
    /// The position of its rule among the matched ones.
    candidate: usize,
    earning: &'a Earning,
    exact: Fraction,
    /// What it was computed on.
    basis: Money,
    /// Whether there is anything that it counts on.
    counts: bool,
    amount: Points,
    shares: Shares,
    /// Each tier or rule that multiplies, and by how much.
    multipliers: Vec<(Key, Rate)>,
    bound: Option<(Bound, Points)>,
    recount: Option<Box<Recount>>,
    /// How often a fixed amount is given.
    times: i64,
}

impl<'a> Draft<'a> {
    const fn empty(candidate: usize, earning: &'a Earning) -> Self {
        Self {
            candidate,
            earning,
            exact: Fraction::ZERO,
            basis: Money::ZERO,
            counts: false,
            amount: Points::ZERO,
            shares: Shares::None,
            multipliers: Vec::new(),
            bound: None,
            recount: None,
            times: 1,
        }
    }

    /// Why there is no award, where there is none.
    const fn why_nothing(&self) -> Option<Outcome> {
        if self.counts && !self.amount.is_zero() {
            return None;
        }
        Some(match self.earning.amount {
            EarnAmount::PerAmount { per, .. } if self.counts => {
                Outcome::BelowStep { basis: self.basis, step: per }
            }
            _ => Outcome::NothingToCount,
        })
    }

    /// The award that it becomes; what is long is moved there and not copied.
    fn take_award<'r>(&mut self, checkout: &Checkout<'_>, rule: &'r Key) -> Award<'r> {
        let Self { earning, basis, amount, bound, times, .. } = *self;
        let shares = std::mem::replace(&mut self.shares, Shares::None);
        let multipliers = std::mem::take(&mut self.multipliers);
        let recount = self.recount.take();
        let kind = &checkout.context.programme.points[earning.points];
        let given = match earning.amount {
            // What is given for pieces was computed with them already, so this fits.
            EarnAmount::Fixed(give) => {
                EarnAmount::Fixed(Points::new(give.units().saturating_mul(times)))
            }
            other => other,
        };
        let arithmetic = arithmetic_of(checkout, kind, given, basis, multipliers);
        Award { rule, amount, shares, arithmetic, bound, recount, person: None }
    }
}

/// Points about to be booked.
struct Award<'a> {
    rule: &'a Key,
    amount: Points,
    shares: Shares,
    arithmetic: Arithmetic,
    /// The bound that changed the amount, and what it was before.
    bound: Option<(Bound, Points)>,
    recount: Option<Box<Recount>>,
    /// Whose a part of it is, and how much of it in per cent.
    person: Option<(MemberId, Rate)>,
}

impl<'a> Award<'a> {
    const fn fixed(rule: &'a Key, amount: Points) -> Self {
        let (shares, arithmetic) = (Shares::None, Arithmetic::Fixed);
        Self { rule, amount, shares, arithmetic, bound: None, recount: None, person: None }
    }
}

/// Works out what the rules would give, without those that are skipped.
fn plan<'a>(
    checkout: &Checkout<'a>,
    matched: &[Matched<'a>],
    skip: &dyn Fn(usize) -> bool,
) -> Result<Plan<'a>, Refusal> {
    let bases = Bases::of(checkout, matched)?;
    let mut multipliers = multipliers::among(matched, skip);
    let earnings = matched.iter().map(|candidate| candidate.rule.earn.len()).sum();
    let mut drafts = Vec::with_capacity(earnings);
    for (candidate, Matched { rule, .. }) in matched.iter().enumerate() {
        for earning in &rule.earn {
            if skip(candidate) || matches!(earning.amount, EarnAmount::Times(_)) {
                continue;
            }
            let basis = Basis::of(checkout, &bases, earning)?;
            add(&mut drafts, || Draft::empty(candidate, earning));
            if let (Some(basis), Some(draft)) = (basis, drafts.last_mut()) {
                work_out(checkout, draft, basis, &bases, &mut multipliers)?;
            }
        }
    }
    round(checkout, &mut drafts)?;
    Ok(Plan { drafts, multipliers })
}

/// Works one award out, exactly.
fn work_out(
    checkout: &Checkout<'_>,
    draft: &mut Draft<'_>,
    basis: Basis,
    bases: &Bases<'_>,
    multipliers: &mut [Multiplier<'_>],
) -> Result<(), Refusal> {
    let programme = checkout.context.programme;
    let earning = draft.earning;
    let kind = &programme.points[earning.points];
    let settings = &programme.settings;
    let mut pieces = None;
    if earning.per_piece {
        let lines = basis.positions(checkout.net.len());
        let of_lines = games::pieces_of(checkout.purchase, lines);
        let sum = of_lines.iter().try_fold(0_i64, |sum, (_, pieces)| sum.checked_add(*pieces));
        draft.times = sum.ok_or(Overflow)?;
        pieces = Some(of_lines);
    }
    let (is_fixed, base) = match earning.amount {
        EarnAmount::Fixed(_) if basis.is_paid_with_points(checkout) => return Ok(()),
        EarnAmount::Fixed(amount) => {
            let units = amount.units().checked_mul(draft.times).ok_or(Overflow)?;
            (true, Fraction::whole(units))
        }
        _ => (false, rate_of(checkout, kind, earning.amount, basis.amount)?),
    };
    draft.basis = basis.amount;
    draft.counts = true;
    draft.exact = base;
    let mut weights = None;
    let amounts = bases.amounts(basis.base);
    if !(is_fixed && settings.fixed_points == FixedPoints::NotMultiplied) {
        let factor = factor_of(checkout, (&basis, amounts), earning.points, multipliers)?;
        draft.exact = base.times(factor.of_award)?;
        draft.multipliers = factor.named;
        weights = factor.weights;
    }
    let keeps = settings.earned_points_on_return == EarnedPointsOnReturn::OnWhatIsKept;
    if keeps && !is_fixed {
        draft.recount =
            Some(recount::record(checkout, kind, earning, (&basis, amounts), multipliers)?);
    }
    draft.bound = bounds::of_earning(kind, earning, &mut draft.exact, basis.amount)?;
    let weights = pieces.or(weights);
    draft.shares = weights.map_or_else(|| basis.into_shares(bases), Shares::Weights);
    Ok(())
}

fn arithmetic_of(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    amount: EarnAmount,
    basis: Money,
    multipliers: Vec<(Key, Rate)>,
) -> Arithmetic {
    let settings = &checkout.context.programme.settings;
    let (rounding, combined) = (kind.rounding, settings.multipliers.into());
    match amount {
        EarnAmount::Percent(percent) => {
            Arithmetic::Percent { basis, percent, multipliers, combined, rounding }
        }
        EarnAmount::PerAmount { give, per, steps } => {
            Arithmetic::PerAmount { basis, give, per, steps, multipliers, combined, rounding }
        }
        EarnAmount::Fixed(give) if !multipliers.is_empty() => {
            Arithmetic::FixedTimes { give, multipliers, combined, rounding }
        }
        EarnAmount::Fixed(_) | EarnAmount::Times(_) => Arithmetic::Fixed,
    }
}

/// Rounds every award, or all awards of a kind together.
fn round(checkout: &Checkout<'_>, drafts: &mut [Draft<'_>]) -> Result<(), Refusal> {
    let programme = checkout.context.programme;
    match programme.settings.points_rounding {
        PointsRounding::EachAward => {
            for draft in drafts.iter_mut() {
                let rounding = programme.points[draft.earning.points].rounding;
                draft.amount = Points::new(draft.exact.rounded(rounding)?);
            }
        }
        PointsRounding::Receipt => {
            for (points, kind) in programme.points.iter().enumerate() {
                let of_kind = |draft: &&mut Draft<'_>| draft.earning.points == points;
                let exact: Vec<Fraction> =
                    drafts.iter_mut().filter(of_kind).map(|draft| draft.exact).collect();
                let amounts = share_out(&exact, kind.rounding)?;
                for (draft, amount) in drafts.iter_mut().filter(of_kind).zip(amounts) {
                    draft.amount = Points::new(amount);
                }
            }
        }
    }
    Ok(())
}

/// What the rate gives on an amount, before any multiplier.
fn rate_of(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    amount: EarnAmount,
    basis: Money,
) -> Result<Fraction, Overflow> {
    let (give, per, steps) = rate_parts(checkout, kind, amount)?;
    let basis = i128::from(basis.units());
    if steps {
        return Ok(Fraction { numerator: basis / per * give, divisor: 1 });
    }
    Ok(Fraction { numerator: basis.checked_mul(give).ok_or(Overflow)?, divisor: per })
}

/// How many smallest units of points for how many of money, and whether for full steps only.
fn rate_parts(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    amount: EarnAmount,
) -> Result<(i128, i128, bool), Overflow> {
    match amount {
        EarnAmount::PerAmount { give, per, steps } => {
            Ok((i128::from(give.units()), i128::from(per.units()), steps))
        }
        EarnAmount::Percent(rate) => {
            // One unit of money is worth one point of the same face value.
            let points_unit = 10_i128.pow(u32::from(kind.decimals));
            let exponent = checkout.context.programme.currency.exponent();
            let money_unit = 10_i128.pow(u32::from(exponent));
            Ok((i128::from(rate.units()) * points_unit, 100_000_000 * money_unit, false))
        }
        EarnAmount::Fixed(_) | EarnAmount::Times(_) => Ok((0, 1, false)),
    }
}

fn book_on_receipt(
    checkout: &mut Checkout<'_>,
    points: usize,
    award: &mut Award<'_>,
) -> Result<bool, Refusal> {
    let Some(working) = checkout.working.as_mut() else { return Ok(false) };
    let day = checkout.facts.day;
    let kind = &checkout.context.programme.points[points].key;
    let kept = checkout.quotas.keep_points(award.rule, kind, &mut award.amount)?;
    if let Some(outcome) = kept {
        checkout.reasons.push(Reason { about: award.rule.clone(), outcome });
        if award.amount.is_zero() {
            return Ok(false);
        }
    }
    book(
        working,
        &checkout.context,
        day,
        points,
        award,
        &mut checkout.effects,
        &mut checkout.reasons,
    )
}

/// Books an award as far as the bounds of its kind let it. Says whether anything was given.
fn book(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    day: Date,
    position: usize,
    award: &mut Award<'_>,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let kind = &context.programme.points[position];
    bounds::of_kind(context, day, kind, effects, award)?;
    let Award { rule, amount, bound, person, .. } = *award;
    let shares = std::mem::replace(&mut award.shares, Shares::None);
    let arithmetic = std::mem::replace(&mut award.arithmetic, Arithmetic::Fixed);
    let recount = award.recount.take();
    let points = kind.key.clone();
    let outcome = match bound {
        Some((bound, computed)) => {
            Outcome::Bounded { points, computed, arithmetic, given: amount, bound }
        }
        None => Outcome::Earned { points, amount, arithmetic },
    };
    add(reasons, || Reason { about: rule.clone(), outcome });
    if amount.is_zero() {
        return Ok(false);
    }
    let mut amount = amount;
    if let Some((to, share)) = person {
        let part = contacts::part_of(amount, share)?;
        amount = amount.minus(part)?;
        send(to, rule, (&kind.key, part), &shares, effects, reasons);
        if amount.is_zero() {
            return Ok(true);
        }
    }
    let (available_at, expires) = working.life(position, day)?;
    let awaits = kind.pending.event().cloned();
    let granted = working.grant(kind, amount)?;
    let settings = &context.programme.settings;
    if settings.own_points == OwnPoints::SameReceipt && !matches!(shares, Shares::None) {
        let activity = context.activity;
        let awaits = awaits.clone();
        let granted_life =
            LotLife { granted: amount, available_at, awaits, expires, earned_on: day, activity };
        let remaining = amount.minus(granted.repaid)?;
        if !remaining.is_zero() {
            let (number, points) = (granted.number, kind.key.clone());
            working.open(Lot { number, points, remaining, life: granted_life });
        }
    }
    add(effects, || Effect::Earn {
        by: rule.clone(),
        points: kind.key.clone(),
        amount,
        lot: granted.number,
        available_at,
        awaits,
        expires,
        shares,
        recount,
    });
    if !granted.repaid.is_zero() {
        effects.push(Effect::Repay {
            points: kind.key.clone(),
            amount: granted.repaid,
            lot: granted.number,
        });
        reasons.push(Reason {
            about: kind.key.clone(),
            outcome: Outcome::DebtRepaid { amount: granted.repaid },
        });
    }
    Ok(true)
}

/// Sends the part of a person on its way.
fn send(
    to: MemberId,
    by: &Key,
    (points, amount): (&Key, Points),
    shares: &Shares,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) {
    if amount.is_zero() {
        return;
    }
    let (by, points) = (by.clone(), points.clone());
    let outcome = Outcome::Sent { to, points: points.clone(), amount };
    reasons.push(Reason { about: by.clone(), outcome });
    let what = Sent::Points { points, amount };
    effects.push(Effect::Send { to, by, what, shares: shares.clone() });
}

/// What earning on an action changes besides the effects.
pub(super) struct OnAction<'o, 'w, 'q> {
    pub working: &'o mut WorkingLots<'w>,
    pub quotas: &'o mut Quotas<'q>,
}

/// Books what a rule gives for an action: fixed amounts only, which nothing multiplies.
pub(super) fn earn_on_action(
    earning_on: &mut OnAction<'_, '_, '_>,
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    rule: &Rule,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let mut gave = false;
    for earning in &rule.earn {
        if let EarnAmount::Fixed(amount) = earning.amount {
            let mut award = Award::fixed(&rule.key, amount);
            let kind = &context.programme.points[earning.points].key;
            let kept = earning_on.quotas.keep_points(&rule.key, kind, &mut award.amount)?;
            if let Some(outcome) = kept {
                reasons.push(Reason { about: rule.key.clone(), outcome });
                if award.amount.is_zero() {
                    continue;
                }
            }
            let working = &mut *earning_on.working;
            let award = &mut award;
            gave |= book(working, context, facts.day, earning.points, award, effects, reasons)?;
        }
    }
    Ok(gave)
}
