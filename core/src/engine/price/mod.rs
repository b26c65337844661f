//! The price stage: discounts on lines and on the receipt.
//!
//! Which rules stand together is settled first, by solving for the best set or in order, as the
//! programme says; then each is taken off what the earlier ones left. No line costs less than
//! nothing, or than its floor. A set of rules is judged by doing on a copy what is done at last.

mod apart;
mod bundle;
mod desk;
mod limited;
mod lines;
mod marks;
mod plain;
mod quick;
mod search;
mod sets;
mod stacking;
mod steps;

pub(super) use desk::{Desk, Offered, View};
pub(super) use limited::claim_beyond_quotas;
pub(super) use marks::Marks;

use super::decision::{DiscountHow, Effect, Outcome, Reason, Refusal, add};
use super::purchase::{Checkout, Matched};
use crate::condition::{Condition, Fact};
use crate::programme::{
    Discount, DiscountAmount, Discounting, EmptyRule, Percentages, Rule, Threshold,
};
use crate::values::{Key, Money, Overflow, Rounding, divide};
use limited::keep_to_quotas;
use lines::{LineLists, Lines};
use stacking::Stood;

pub(super) fn discount(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    let (mut lists, mut stood) = (LineLists::default(), Stood::default());
    if stacking::is_choice(checkout.context.programme, matched) {
        lists.add_all(&desk_of(checkout, true), matched)?;
        stood = stacking::stand(checkout, matched, &lists)?;
    }
    for (position, aside) in stood.take_aside() {
        let outcome = aside.outcome(matched, matched[position].rule);
        matched[position].excluded = true;
        checkout.say(&matched[position].rule.key, outcome);
    }
    let mut taken_apart = Money::ZERO;
    for position in 0..matched.len() {
        let Matched { rule, excluded: false, .. } = matched[position] else { continue };
        let Some(discounting) = &rule.discount else { continue };
        let rival = stood.rival_before(position, matched);
        let before = checkout.marks.taken;
        let is_apart = stood.is_apart(position, rule);
        let used = if stood.is_idle(position) {
            gives_nothing(checkout, &rule.key, discounting, Money::ZERO)?
        } else if let (None, Some(offered)) = (&rival, stood.settled(position)) {
            take_off(checkout, &rule.key, rule.is_under_quotas(), offered)?;
            Used::Yes
        } else {
            let turn = Turn { lines: lists.get(position), rival, is_apart };
            apply(checkout, rule, discounting, turn)?
        };
        match used {
            Used::Yes => matched[position].gave = true,
            Used::No => {}
            Used::Excluded => matched[position].excluded = true,
        }
        if is_apart {
            taken_apart = taken_apart.plus(checkout.marks.taken.minus(before)?)?;
        }
    }
    checkout.reasons.extend(stood.into_reason(taken_apart)?);
    judge_late(checkout, matched)?;
    settle_other_rules(checkout, matched)
}

/// Judges the late conditions of rules that do something else than discounting, now that all
/// discounts are taken. What a rule's discount did not get, the rest of it does not get either.
fn judge_late(checkout: &mut Checkout<'_>, matched: &mut [Matched<'_>]) -> Result<(), Refusal> {
    let threshold = checkout.context.programme.settings.threshold;
    if threshold == Threshold::HandedIn {
        return Ok(());
    }
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        let rule = candidate.rule;
        if late_condition(rule, threshold).is_none() || candidate.gave {
            continue;
        }
        if rule.discount.is_some() {
            candidate.excluded = true;
        } else if let Some(part) = fails_now(checkout, rule)? {
            candidate.excluded = true;
            checkout.say(&rule.key, Outcome::ConditionFalse { part });
        }
    }
    Ok(())
}

/// Of a group without a discount, the first rule that has something to give is the one.
fn settle_other_rules(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    let may_settle = |candidate: &Matched<'_>| {
        candidate.rule.group.is_some() && !candidate.gave && !candidate.excluded
    };
    if !matched.iter().any(may_settle) {
        return Ok(());
    }
    let mut winners: Vec<(&Key, &Key)> = Vec::new();
    for candidate in matched.iter().filter(|candidate| candidate.gave) {
        if let Some(group) = &candidate.rule.group {
            winners.push((group, &candidate.rule.key));
        }
    }
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        let rule = candidate.rule;
        let Some(group) = rule.group.as_ref().filter(|_| !candidate.gave) else { continue };
        if !gives_otherwise(checkout, rule)? {
            continue;
        }
        match winners.iter().find(|(known, _)| *known == group) {
            Some((_, by)) => {
                candidate.excluded = true;
                let outcome = Outcome::Excluded { group: group.clone(), by: (*by).clone() };
                checkout.say(&rule.key, outcome);
            }
            None => winners.push((group, &rule.key)),
        }
    }
    Ok(())
}

/// Whether a rule has anything to give besides a discount. One that has nothing must change no
/// answer (I16).
fn gives_otherwise(checkout: &Checkout<'_>, rule: &Rule) -> Result<bool, Refusal> {
    if rule.offer.is_some() {
        return Ok(true);
    }
    for earning in &rule.earn {
        let Some(filter) = &earning.filter else { return Ok(true) };
        for line in 0..checkout.net.len() {
            if filter.evaluate(&checkout.facts, Some(line))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Works a discount out on what is left of the lines, and writes it where it stays: there is
/// nothing there yet.
fn offer_on(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: Lines<'_>,
    discounting: &Discounting,
    offered: &mut Offered,
) -> Result<(), Refusal> {
    if quick::offer(desk, view, Some(lines.main()), discounting, offered)? {
        return Ok(());
    }
    *offered = match &discounting.what {
        Discount::Plain(plain) => plain::plain(desk, view, lines.main(), plain)?,
        Discount::Steps(steps) => steps::steps(desk, view, lines.main(), steps)?,
        Discount::Prices(prices) => plain::price_list(desk, view, lines.main(), prices)?,
        Discount::Pieces(set) => {
            let got = lines.parts().next().unwrap_or_default();
            sets::pieces(desk, view, lines.main(), got, set)?
        }
        Discount::Bundle(bundle) => bundle::bundle(desk, view, lines, bundle)?,
    };
    if let Some(most) = discounting.at_most {
        desk.cut(offered, most)?;
    }
    Ok(())
}

/// Works a discount out for a receipt. Rewards have no floors: points pay for them.
pub(super) fn offer(
    checkout: &Checkout<'_>,
    discounting: &Discounting,
    floors: bool,
    offered: &mut Offered,
) -> Result<(), Refusal> {
    let desk = desk_of(checkout, floors);
    let view = View { net: &checkout.net, marks: &checkout.marks };
    if quick::offer(&desk, view, None, discounting, offered)? {
        return Ok(());
    }
    let lists = LineLists::of_one(&desk, discounting)?;
    offer_on(&desk, view, lists.lines(), discounting, offered)
}

fn desk_of<'d, 'a>(checkout: &'d Checkout<'a>, floors: bool) -> Desk<'d, 'a> {
    let Checkout { context, purchase, facts, quotas, .. } = checkout;
    Desk { programme: context.programme, purchase, facts, quotas, floors, pieces_matter: true }
}

/// How much all discounts together may still take off.
fn allowance(desk: &Desk<'_, '_>, marks: &Marks) -> Result<Option<Money>, Overflow> {
    let Some(share) = desk.programme.stacking.most_percent else { return Ok(None) };
    let product = i128::from(desk.facts.goods().units()) * i128::from(share.units());
    let most = Money::new(divide(product, desk::HUNDRED_PER_CENT, Rounding::Down)?);
    most.minus(marks.taken.min(most)).map(Some)
}

/// The condition of a rule that looks at the receipt's total, where that is not as handed in:
/// it is judged when the rule's turn comes.
pub(super) fn late_condition(rule: &Rule, threshold: Threshold) -> Option<&Condition> {
    if threshold == Threshold::HandedIn {
        return None;
    }
    rule.when.as_ref().filter(|when| when.mentions(Fact::ReceiptTotal))
}

/// The part of a late condition that fails now.
fn fails_late(desk: &Desk<'_, '_>, view: View<'_>, rule: &Rule) -> Result<Option<u32>, Refusal> {
    let threshold = desk.programme.settings.threshold;
    let Some(condition) = late_condition(rule, threshold) else { return Ok(None) };
    let total = match threshold {
        Threshold::HandedIn => return Ok(None),
        Threshold::AfterDiscounts => desk.facts.goods_left(view.net)?,
        Threshold::PaidGoods => desk.facts.goods().minus(view.marks.freed)?,
    };
    desk.facts.set_total_left(Some(total));
    let failing = condition.first_failing(desk.facts, None);
    desk.facts.set_total_left(None);
    Ok(failing?.map(|part| u32::try_from(part).unwrap_or(u32::MAX)))
}

/// The part of a late condition that fails on what discounts have left by now; for rules that
/// do something else than discounting.
pub(super) fn fails_now(checkout: &Checkout<'_>, rule: &Rule) -> Result<Option<u32>, Refusal> {
    let view = View { net: &checkout.net, marks: &checkout.marks };
    fails_late(&desk_of(checkout, true), view, rule)
}

/// What became of a discount at its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Used {
    Yes,
    No,
    /// It would have given something, beside a rule that it may not stand beside.
    Excluded,
}

impl Used {
    const fn of(used: bool) -> Self {
        if used { Self::Yes } else { Self::No }
    }
}

/// What is known of a discount when its turn comes.
struct Turn<'l> {
    lines: Option<Lines<'l>>,
    /// Why it may not stand beside what was taken off before.
    rival: Option<Outcome>,
    /// No other discount looks at its lines.
    is_apart: bool,
}

/// Takes a discount off the lines, if it has something to give and no rival was before it.
fn apply(
    checkout: &mut Checkout<'_>,
    rule: &Rule,
    discounting: &Discounting,
    turn: Turn<'_>,
) -> Result<Used, Refusal> {
    let by = &rule.key;
    if let Some(part) = fails_now(checkout, rule)? {
        checkout.say(by, Outcome::ConditionFalse { part });
        return Ok(Used::No);
    }
    let mut desk = desk_of(checkout, true);
    // Rewards are taken off after all rules, from whatever lines they speak of.
    desk.pieces_matter = !turn.is_apart || !checkout.purchase.rewards.is_empty();
    let mut offered = Offered::default();
    match turn.lines {
        None => offer(checkout, discounting, true, &mut offered)?,
        Some(lines) => {
            let view = View { net: &checkout.net, marks: &checkout.marks };
            offer_on(&desk, view, lines, discounting, &mut offered)?;
        }
    }
    if let (true, Some(outcome)) = (offered.gives(), turn.rival) {
        checkout.say(by, outcome);
        return Ok(Used::Excluded);
    }
    if let Some(most) = allowance(&desk, &checkout.marks)? {
        desk.cut(&mut offered, most)?;
    }
    if let Some(outcome) = keep_to_quotas(&desk, &checkout.marks, rule, &mut offered)? {
        checkout.say(by, outcome);
        if !offered.gives() {
            return Ok(Used::No);
        }
    }
    if !offered.gives() {
        return gives_nothing(checkout, by, discounting, offered.floored());
    }
    take_off(checkout, by, rule.is_under_quotas(), &mut offered)?;
    Ok(Used::Yes)
}

/// Says that a rule has nothing to take off. The programme says whether it counts as used, if
/// there are lines that it speaks of at all.
fn gives_nothing(
    checkout: &mut Checkout<'_>,
    by: &Key,
    discounting: &Discounting,
    floored: Money,
) -> Result<Used, Refusal> {
    let outcome = if floored.is_positive() {
        Outcome::Floored { amount: floored }
    } else {
        Outcome::NothingToCount
    };
    checkout.say(by, outcome);
    if checkout.context.programme.settings.empty_rule == EmptyRule::NotUsed {
        return Ok(Used::No);
    }
    let lists = LineLists::of_one(&desk_of(checkout, true), discounting)?;
    let lines = lists.lines();
    let is_bundle = matches!(discounting.what, Discount::Bundle(_));
    let any = is_bundle || !lines.main().is_empty();
    Ok(Used::of(any && lines.parts().all(|part| !part.is_empty())))
}

/// Lowers what is left to pay, and marks what a discount touched.
fn lower(
    net: &mut [Money],
    marks: &mut Marks,
    offered: &Offered,
    best_percentage: bool,
) -> Result<(), Overflow> {
    let (lines, portions) = (net.len(), offered.portions());
    for (line, part) in &offered.lines {
        let portion = portions.iter().find(|portion| portion.line == *line);
        let left = &mut net[*line as usize];
        match portion {
            Some(portion) => marks.touch(portion, *part, lines)?,
            None => marks.lower_line(*line, *part, *left)?,
        }
        *left = left.minus(*part)?;
        if best_percentage {
            marks.add_percent(*line, *part, lines)?;
        }
    }
    for portion in portions {
        if !offered.lines.iter().any(|(line, _)| *line == portion.line) {
            marks.touch(portion, Money::ZERO, lines)?;
        }
    }
    if let Some(more) = &offered.more {
        marks.freed = marks.freed.plus(more.freed)?;
    }
    marks.taken = marks.taken.plus(offered.amount)?;
    marks.rules = marks.rules.saturating_add(1);
    Ok(())
}

fn keeps_best(percentages: Percentages, how: Option<DiscountHow>) -> bool {
    percentages == Percentages::Best && matches!(how, Some(DiscountHow::Percent(_)))
}

/// Books a discount that was worked out, and leaves nothing of it; money is drawn on the limits of those that have any.
pub(super) fn take_off(
    checkout: &mut Checkout<'_>,
    by: &Key,
    is_limited: bool,
    offered: &mut Offered,
) -> Result<(), Refusal> {
    let best = keeps_best(checkout.context.programme.settings.percentages, offered.how);
    lower(&mut checkout.net, &mut checkout.marks, offered, best)?;
    if is_limited {
        checkout.quotas.draw_money(by, offered.amount, &mut checkout.marks.drawn);
    }
    let Offered { basis, amount, how, .. } = *offered;
    let (mut times, mut floored, mut cut) = (0, Money::ZERO, Money::ZERO);
    if let Some(more) = offered.more.take() {
        (times, floored, cut) = (more.times, more.floored, more.cut);
        for (products, pieces) in more.gifts {
            let by = by.clone();
            add(&mut checkout.effects, || Effect::FreeItem { by, line: None, products, pieces });
        }
    }
    if amount.is_zero() {
        checkout.say(by, Outcome::GiftAdded { times });
        return Ok(());
    }
    let how = how.unwrap_or(DiscountHow::FreePiece);
    let lines = std::mem::take(&mut offered.lines);
    add(&mut checkout.effects, || Effect::Discount { by: by.clone(), amount, lines });
    let about = by.clone();
    let outcome = Outcome::Discounted { amount, basis, how };
    add(&mut checkout.reasons, || Reason { about, outcome });
    if floored.is_positive() {
        checkout.say(by, Outcome::Floored { amount: floored });
    }
    if cut.is_positive() {
        checkout.say(by, Outcome::Cut { amount: cut });
    }
    Ok(())
}

/// One piece of a line for nothing: of the line that was named, or of the dearest that passes.
/// What is left to pay of a line is for the pieces that were not free yet.
pub(super) fn free_piece(
    checkout: &Checkout<'_>,
    filter: Option<&Condition>,
    named: Option<u32>,
) -> Result<Option<(u32, Offered)>, Refusal> {
    let mut best: Option<(u32, i128, i128)> = None;
    let test = filter.map(|filter| filter.on_lines(&checkout.facts));
    let any_kind = filter.is_some_and(|filter| filter.mentions(Fact::LineKind));
    let desk = desk_of(checkout, false);
    for (position, net) in checkout.net.iter().enumerate() {
        let wanted = named.is_none_or(|line| line as usize == position);
        let passes = match &test {
            Some(test) => test.holds(position)?,
            None => true,
        };
        let quantity = still_paid_for(checkout, position);
        let meant = wanted && passes && desk.is_meant(position, any_kind);
        if !meant || !net.is_positive() || quantity <= 0 {
            continue;
        }
        let net = i128::from(net.units());
        let line = u32::try_from(position).map_err(|_| Overflow)?;
        // Prices of a piece are compared as fractions, so that nothing is rounded here.
        let dearer = best.is_none_or(|(known, best_net, best_quantity)| {
            let order = (net * best_quantity).cmp(&(best_net * quantity));
            order.then_with(|| desk.rank(known, line)).is_gt()
        });
        if dearer {
            best = Some((line, net, quantity));
        }
    }
    let Some((line, net, quantity)) = best else { return Ok(None) };
    let one = 1_000.min(quantity);
    let amount = Money::new(divide(net * one, quantity, Rounding::HalfUp)?);
    let basis = Money::new(i64::try_from(net).map_err(|_| Overflow)?);
    let how = Some(DiscountHow::FreePiece);
    let lines = vec![(line, amount)];
    Ok(Some((line, Offered { basis, amount, lines, how, more: None })))
}

/// What of a line is paid for, in thousandths: what was bought without the pieces that earlier
/// rewards of this receipt gave for nothing.
fn still_paid_for(checkout: &Checkout<'_>, position: usize) -> i128 {
    let is_of_line = |effect: &&Effect| match effect {
        Effect::FreeItem { line: Some(line), .. } => *line as usize == position,
        _ => false,
    };
    let pieces = checkout.effects.iter().filter(is_of_line).fold(0_i128, |pieces, _| pieces + 1);
    i128::from(checkout.purchase.lines[position].quantity.units()) - 1_000 * pieces
}

/// The most that a discount may be, whatever others take before it: the solver's bound. It
/// never says too little.
fn most_of(
    desk: &Desk<'_, '_>,
    net: &[Money],
    lines: Lines<'_>,
    discounting: &Discounting,
    alone: Money,
) -> Result<Money, Overflow> {
    let known = lines.distinct();
    let of = |line: &u32| net.get(*line as usize).copied().unwrap_or_default();
    let all = Money::sum(known.iter().map(of))?;
    let most = match &discounting.what {
        Discount::Plain(plain) if plain.pieces.is_none() => {
            // Where pieces or prices are rounded, or a floor cuts shares that are, a lower price
            // may round to a larger discount.
            let has_floors = desk.floors && desk.programme.stacking.margin_floor.is_some();
            let slack = match plain.amount {
                DiscountAmount::Percent(_) => {
                    let pieces = |line: &u32| desk.quantity(*line).units() / 1_000 + 2;
                    known.iter().map(pieces).fold(0, i64::saturating_add)
                }
                DiscountAmount::Sum(_) if has_floors => {
                    i64::try_from(known.len()).map_err(|_| Overflow)?
                }
                DiscountAmount::Sum(_) | DiscountAmount::UnitPrice(_) => 0,
            };
            Money::new(alone.units().saturating_add(slack)).min(all)
        }
        Discount::Prices(_) => alone,
        _ => all,
    };
    Ok(discounting.at_most.map_or(most, |at_most| most.min(at_most)))
}
