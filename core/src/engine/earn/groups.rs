//! Of a group of rules one is applied. What they take off is compared at the prices; where none
//! of them takes anything off, the one that gives most points is applied, and here it is found.

use super::super::decision::{Effect, Outcome, Reason, Refusal};
use super::super::purchase::{Checkout, Matched};
use super::base::{Bases, Basis};
use super::plan;
use crate::programme::{EarnAmount, Programme, Rule};
use crate::values::{Key, Overflow};

/// Points by position of their kind.
type Totals = Vec<(usize, i128)>;

/// Excludes the rules of every group but one.
pub(super) fn settle(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    let mut open: Vec<&Key> = Vec::new();
    for Matched { rule, .. } in &*matched {
        let Some(group) = rule.group.as_ref().filter(|_| !rule.earn.is_empty()) else { continue };
        if open.contains(&group) {
            continue;
        }
        let bases = Bases::of(checkout, matched)?;
        if can_give(checkout, &bases, rule)? {
            open.push(group);
        }
    }
    // What the prices have decided is decided: it counts when the others are compared. Those follow
    // in order of the rules that have something to give, so that others change no answer (I16).
    let mut undecided = Vec::with_capacity(open.len());
    for group in open {
        match by_price_of(checkout, matched, group) {
            Some(_) => settle_group(checkout, matched, group, &[])?,
            None => undecided.push(group),
        }
    }
    let mut open = undecided;
    while !open.is_empty() {
        let group = open[0];
        settle_group(checkout, matched, group, &open)?;
        open.remove(0);
    }
    Ok(())
}

fn settle_group(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
    group: &Key,
    open: &[&Key],
) -> Result<(), Refusal> {
    let is_member = |candidate: &Matched<'_>| candidate.rule.group.as_ref() == Some(group);
    let by_price = by_price_of(checkout, matched, group);
    if by_price.is_none() {
        reopen(checkout, matched, group);
    }
    let bases = Bases::of(checkout, matched)?;
    let mut rivals = Vec::new();
    for (position, candidate) in matched.iter().enumerate() {
        let is_rival = is_member(candidate) && !candidate.excluded;
        if is_rival && (by_price == Some(position) || can_give(checkout, &bases, candidate.rule)?) {
            rivals.push(position);
        }
    }
    let winner = match by_price {
        Some(winner) => Some(winner),
        None if rivals.len() < 2 => None,
        None => Some(most_points(checkout, matched, &rivals, open)?),
    };
    let Some(winner) = winner else { return Ok(()) };
    let by = matched[winner].rule.key.clone();
    for position in rivals.into_iter().filter(|position| *position != winner) {
        matched[position].excluded = true;
        let outcome = Outcome::Excluded { group: group.clone(), by: by.clone() };
        let about = matched[position].rule.key.clone();
        checkout.reasons.push(Reason { about, outcome });
    }
    Ok(())
}

/// The rule of a group that took something off, by its place.
fn by_price_of(checkout: &Checkout<'_>, matched: &[Matched<'_>], group: &Key) -> Option<usize> {
    let took_off = |candidate: &Matched<'_>| {
        checkout.effects.iter().any(
            |effect| matches!(effect, Effect::Discount { by, .. } if *by == candidate.rule.key),
        )
    };
    let is_member = |candidate: &Matched<'_>| candidate.rule.group.as_ref() == Some(group);
    matched.iter().position(|candidate| is_member(candidate) && took_off(candidate))
}

/// Forgets what the prices said about a group in which nothing was taken off.
fn reopen(checkout: &mut Checkout<'_>, matched: &mut [Matched<'_>], group: &Key) {
    let is_out = |candidate: &Matched<'_>| {
        candidate.excluded && candidate.rule.group.as_ref() == Some(group)
    };
    if !matched.iter().any(is_out) {
        return;
    }
    let excluded_here = |reason: &Reason| match &reason.outcome {
        Outcome::Excluded { group: of, .. } => of == group,
        _ => false,
    };
    for candidate in matched.iter_mut().filter(|candidate| is_out(candidate)) {
        let mut reasons = checkout.reasons.iter();
        let here =
            reasons.any(|reason| reason.about == candidate.rule.key && excluded_here(reason));
        candidate.excluded = !here;
    }
    checkout.reasons.retain(|reason| !excluded_here(reason));
}

/// Whether a rule has anything to give on this receipt. One that has not neither wins nor loses:
/// it must change no answer (I16).
fn can_give(checkout: &Checkout<'_>, bases: &Bases<'_>, rule: &Rule) -> Result<bool, Refusal> {
    let mut gives = rule.offer.is_some();
    for earning in &rule.earn {
        gives = gives || Basis::of(checkout, bases, earning)?.is_some();
    }
    Ok(gives)
}

/// The rival with which the receipt gives most points; among equals the first.
fn most_points(
    checkout: &Checkout<'_>,
    matched: &[Matched<'_>],
    rivals: &[usize],
    open: &[&Key],
) -> Result<usize, Refusal> {
    let programme = checkout.context.programme;
    let mut best: Option<(usize, i128)> = None;
    let kinds = rivals.iter().flat_map(|rival| &matched[*rival].rule.earn);
    let Some(measure) = Measure::of(programme, kinds.map(|earning| earning.points)) else {
        return Ok(rivals[0]);
    };
    for rival in rivals {
        let skip = |position: usize| {
            let Matched { rule, excluded, .. } = &matched[position];
            let undecided = rule.group.as_ref().is_some_and(|group| open.contains(&group));
            *excluded || (undecided && position != *rival)
        };
        let mut totals = Totals::new();
        for draft in plan(checkout, matched, &skip)?.drafts {
            totals.push((draft.earning.points, i128::from(draft.amount.units())));
        }
        let value = measure.value(programme, &totals)?;
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((*rival, value));
        }
    }
    Ok(best.map_or(rivals[0], |(rival, _)| rival))
}

/// By what points of several rules are compared.
enum Measure {
    OneKind(usize),
    Worth,
}

impl Measure {
    /// `None` where there are several kinds and not all say what they are worth.
    fn of(programme: &Programme, kinds: impl Iterator<Item = usize>) -> Option<Self> {
        let (mut first, mut several, mut all_worth) = (None, false, true);
        for kind in kinds {
            several |= *first.get_or_insert(kind) != kind;
            all_worth &= programme.points[kind].worth.is_some();
        }
        match (several, all_worth) {
            (false, _) => first.map(Self::OneKind),
            (true, true) => Some(Self::Worth),
            (true, false) => None,
        }
    }

    fn value(&self, programme: &Programme, totals: &[(usize, i128)]) -> Result<i128, Overflow> {
        let mut value = 0_i128;
        for (position, amount) in totals {
            let kind = &programme.points[*position];
            let one = match self {
                Self::OneKind(only) if only != position => continue,
                Self::OneKind(_) => 1,
                // Kinds have at most six decimals: this makes their units comparable.
                Self::Worth => {
                    let worth = kind.worth.map_or(0, |worth| i128::from(worth.units()));
                    worth * 10_i128.pow(6_u32.saturating_sub(u32::from(kind.decimals)))
                }
            };
            let part = amount.checked_mul(one).ok_or(Overflow)?;
            value = value.checked_add(part).ok_or(Overflow)?;
        }
        Ok(value)
    }
}

/// Of the rules that hold for an action, by group the one that gives most; the others with the
/// rule that outdid them. Rules without a group are not named.
pub(in crate::engine) fn settle_action_groups<'a>(
    programme: &Programme,
    rules: &[&'a Rule],
) -> Result<Vec<(&'a Key, &'a Key)>, Overflow> {
    let mut winners: Vec<&'a Rule> = Vec::new();
    for rule in rules.iter().copied().filter(|rule| rule.group.is_some()) {
        let known = winners.iter_mut().find(|winner| winner.group == rule.group);
        let Some(winner) = known else {
            winners.push(rule);
            continue;
        };
        let of_group = rules.iter().filter(|other| other.group == rule.group);
        let kinds = of_group.flat_map(|other| &other.earn).map(|earning| earning.points);
        let Some(measure) = Measure::of(programme, kinds) else { continue };
        let value = |rule: &Rule| {
            let fixed = rule.earn.iter().filter_map(|earning| match earning.amount {
                EarnAmount::Fixed(amount) => Some((earning.points, i128::from(amount.units()))),
                _ => None,
            });
            measure.value(programme, &fixed.collect::<Totals>())
        };
        if value(rule)? > value(winner)? {
            *winner = rule;
        }
    }
    let outdone = rules.iter().copied().filter_map(|rule| {
        let winner = winners.iter().find(|winner| winner.group == rule.group)?;
        (rule.group.is_some() && winner.key != rule.key).then_some((&rule.key, &winner.key))
    });
    Ok(outdone.collect())
}
