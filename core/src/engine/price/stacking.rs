//! Which discounts stand together: the best possible set, solved exactly, or rule by rule.
//!
//! Two rules exclude each other when they are of one group or when one of them is exclusive. A
//! set is possible when no two of its rules exclude each other and no further rule could be
//! added; whatever may stand is taken. Among the possible sets the best one for the member, or
//! for the shop, is found by branch and bound. Each set is judged by taking its discounts off a
//! copy of the receipt, in order. The effort is bounded; where the bound is hit, the answer says
//! how far from the best it can be at most.

use super::desk::{Desk, View};
use super::marks::Marks;
use super::{Lines, allowance, desk_of, fails_late, keeps_best, lower, most_of, offer_on};
use crate::engine::decision::{Outcome, Reason, Refusal};
use crate::engine::purchase::{Checkout, Matched};
use crate::programme::{Choosing, Discounting, Exclusivity, Rule};
use crate::values::{Key, Money};

/// What became of the discounts of a receipt.
pub(super) enum Stood {
    /// Nothing excludes anything.
    All,
    /// Rule by rule.
    InOrder { out: Vec<(usize, Outcome)> },
    /// The best set, and what shows that it is.
    Solved { out: Vec<(usize, Outcome)>, reason: Reason },
}

impl Stood {
    pub fn out_of(&self, position: usize) -> Option<Outcome> {
        let out = match self {
            Self::All => return None,
            Self::InOrder { out } | Self::Solved { out, .. } => out,
        };
        out.iter().find(|(place, _)| *place == position).map(|(_, outcome)| outcome.clone())
    }
}

/// A rule with a discount that may stand.
struct Candidate<'a> {
    /// Its place among the rules that matched.
    position: usize,
    rule: &'a Rule,
    discounting: &'a Discounting,
    lines: Lines,
    /// What it takes off when it stands alone.
    alone: Money,
    /// What it takes off at most, whatever stands before it.
    most: Money,
}

impl Candidate<'_> {
    fn excludes(&self, other: &Self) -> bool {
        let same_group = self.rule.group.is_some() && self.rule.group == other.rule.group;
        same_group || self.rule.exclusive || other.rule.exclusive
    }
}

/// Settles which of the matched rules' discounts stand.
pub(super) fn stand(checkout: &Checkout<'_>, matched: &[Matched<'_>]) -> Result<Stood, Refusal> {
    let programme = checkout.context.programme;
    let most_rules = programme.stacking.most_rules.map_or(usize::MAX, |most| most as usize);
    if !is_choice(matched, most_rules) {
        return Ok(Stood::All);
    }
    let desk = desk_of(checkout, true);
    let candidates = candidates_of(&desk, checkout, matched)?;
    let solver = Solver {
        desk,
        net: &checkout.net,
        marks: &checkout.marks,
        candidates: &candidates,
        most_rules,
    };
    if solver.all_stand() {
        return Ok(Stood::All);
    }
    if programme.settings.choosing == Choosing::InOrder {
        let chosen = solver.in_order()?;
        return Ok(Stood::InOrder { out: solver.outcomes(&chosen) });
    }
    let solution = solver.solve(programme.settings.choosing, programme.stacking.effort)?;
    let out = solver.outcomes(&solution.chosen);
    let outcome = Outcome::Stacked {
        for_shop: programme.settings.choosing == Choosing::BestForShop,
        amount: solution.amount,
        bound: solution.bound,
        tried: solution.tried,
        exact: solution.exact,
    };
    Ok(Stood::Solved { out, reason: Reason { about: Key::new("stacking"), outcome } })
}

/// Whether anything could exclude anything, seen from afar: for nearly every receipt, nothing.
fn is_choice(matched: &[Matched<'_>], most_rules: usize) -> bool {
    let mut discounts = 0_usize;
    let mut exclusive = false;
    for (position, candidate) in matched.iter().enumerate() {
        if candidate.rule.discount.is_none() {
            continue;
        }
        discounts += 1;
        exclusive |= candidate.rule.exclusive;
        if let Some(group) = &candidate.rule.group {
            let is_rival = |other: &Matched<'_>| {
                other.rule.discount.is_some() && other.rule.group.as_ref() == Some(group)
            };
            if matched[position + 1..].iter().any(is_rival) {
                return true;
            }
        }
    }
    (exclusive && discounts > 1) || discounts > most_rules
}

/// The rules that would take something off. One that has nothing to give on this receipt
/// neither wins nor loses: it must change no answer (I16).
fn candidates_of<'a>(
    desk: &Desk<'_, '_>,
    checkout: &Checkout<'_>,
    matched: &[Matched<'a>],
) -> Result<Vec<Candidate<'a>>, Refusal> {
    let view = View { net: &checkout.net, marks: &checkout.marks };
    let mut candidates = Vec::new();
    for (position, candidate) in matched.iter().enumerate() {
        let rule = candidate.rule;
        let Some(discounting) = &rule.discount else { continue };
        let lines = Lines::of(desk, discounting)?;
        let offered = offer_on(desk, view, &lines, discounting)?;
        if !offered.gives() {
            continue;
        }
        let alone = offered.amount;
        let most = most_of(desk, &checkout.net, &lines, discounting, alone)?;
        candidates.push(Candidate { position, rule, discounting, lines, alone, most });
    }
    Ok(candidates)
}

struct Solver<'s, 'a> {
    desk: Desk<'s, 'a>,
    net: &'s [Money],
    marks: &'s Marks,
    candidates: &'s [Candidate<'a>],
    most_rules: usize,
}

/// The best set that was found, and how good a better one could be at most.
struct Solution {
    chosen: Vec<usize>,
    amount: Money,
    bound: Money,
    tried: u32,
    exact: bool,
}

impl Solver<'_, '_> {
    fn all_stand(&self) -> bool {
        let some_exclude = self.candidates.iter().enumerate().any(|(place, candidate)| {
            self.candidates[place + 1..].iter().any(|other| candidate.excludes(other))
        });
        !some_exclude && self.candidates.len() <= self.most_rules
    }

    /// What a set takes off in all.
    fn amount_of(&self, chosen: &[usize]) -> Result<Money, Refusal> {
        let mut net = self.net.to_vec();
        let mut marks = self.marks.clone();
        let before = marks.taken;
        for place in chosen {
            self.take(*place, &mut net, &mut marks)?;
        }
        Ok(marks.taken.minus(before)?)
    }

    /// Takes one discount off a copy of the receipt.
    fn take(&self, place: usize, net: &mut [Money], marks: &mut Marks) -> Result<(), Refusal> {
        let candidate = &self.candidates[place];
        let view = View { net, marks };
        if fails_late(&self.desk, view, candidate.rule)?.is_some() {
            return Ok(());
        }
        let mut offered = offer_on(&self.desk, view, &candidate.lines, candidate.discounting)?;
        if let Some(most) = allowance(&self.desk, marks)? {
            offered.cut_to(most)?;
        }
        let percentages = self.desk.programme.settings.percentages;
        let best = keeps_best(percentages, offered.how);
        Ok(lower(net, marks, &offered, best)?)
    }

    /// Rule by rule, in order. Of a group the rule that gives most at that moment is taken, in
    /// the place of the first.
    fn in_order(&self) -> Result<Vec<usize>, Refusal> {
        let mut net = self.net.to_vec();
        let mut marks = self.marks.clone();
        let mut chosen: Vec<usize> = Vec::new();
        for place in 0..self.candidates.len() {
            if !self.may_join(&chosen, place) {
                continue;
            }
            let mut winner = (place, Money::ZERO);
            for rival in place..self.candidates.len() {
                let group = &self.candidates[place].rule.group;
                let is_rival = rival == place
                    || (group.is_some() && self.candidates[rival].rule.group == *group);
                if !is_rival || !self.may_join(&chosen, rival) {
                    continue;
                }
                let candidate = &self.candidates[rival];
                let view = View { net: &net, marks: &marks };
                let offered = offer_on(&self.desk, view, &candidate.lines, candidate.discounting)?;
                if offered.amount > winner.1 {
                    winner = (rival, offered.amount);
                }
            }
            self.take(winner.0, &mut net, &mut marks)?;
            chosen.push(winner.0);
        }
        chosen.sort_unstable();
        Ok(chosen)
    }

    fn may_join(&self, chosen: &[usize], place: usize) -> bool {
        let candidate = &self.candidates[place];
        let is_free =
            |other: &usize| *other != place && !self.candidates[*other].excludes(candidate);
        chosen.len() < self.most_rules && chosen.iter().all(is_free)
    }

    /// Takes the rules in an order of their own, each that may still join.
    fn greedy(
        &self,
        mut order: Vec<usize>,
        first_is: impl Fn(&Candidate<'_>) -> i64,
    ) -> Vec<usize> {
        order.sort_by_key(|place| (first_is(&self.candidates[*place]), *place));
        let mut chosen = Vec::new();
        for place in order {
            if self.may_join(&chosen, place) {
                chosen.push(place);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    fn solve(&self, choosing: Choosing, effort: u32) -> Result<Solution, Refusal> {
        if self.desk.programme.settings.exclusivity == Exclusivity::Priority
            && let Some(place) = self.candidates.iter().position(|known| known.rule.exclusive)
        {
            let chosen = vec![place];
            let amount = self.amount_of(&chosen)?;
            return Ok(Solution { chosen, amount, bound: amount, tried: 1, exact: true });
        }
        let for_shop = choosing == Choosing::BestForShop;
        let mut search =
            Search { solver: self, for_shop, effort, tried: 0, best: None, open: None };
        // A good set found early cuts most of the others off; and no answer is ever worse.
        let places: Vec<usize> = (0..self.candidates.len()).collect();
        let by_value = |candidate: &Candidate<'_>| {
            if for_shop { candidate.alone.units() } else { -candidate.alone.units() }
        };
        search.try_set(self.in_order()?)?;
        search.try_set(self.greedy(places, by_value))?;
        search.walk(0, &mut Vec::new())?;
        let (amount, chosen) = search.best.unwrap_or_default();
        let exact = search.open.is_none();
        let bound = match search.open {
            Some(open) if for_shop => open.min(amount),
            Some(open) => open.max(amount),
            None => amount,
        };
        Ok(Solution { chosen, amount, bound, tried: search.tried, exact })
    }

    /// Why each candidate that is not chosen stands aside.
    fn outcomes(&self, chosen: &[usize]) -> Vec<(usize, Outcome)> {
        let mut out = Vec::new();
        for (place, candidate) in self.candidates.iter().enumerate() {
            if chosen.contains(&place) {
                continue;
            }
            let rivals = || chosen.iter().map(|other| &self.candidates[*other]);
            let of_group = rivals().find(|other| {
                candidate.rule.group.is_some() && other.rule.group == candidate.rule.group
            });
            let exclusive = rivals().find(|other| other.excludes(candidate));
            let outcome = match (of_group, &candidate.rule.group, exclusive) {
                (Some(other), Some(group), _) => {
                    Outcome::Excluded { group: group.clone(), by: other.rule.key.clone() }
                }
                (_, _, Some(other)) => Outcome::NotCombined { by: other.rule.key.clone() },
                _ => {
                    let most = u32::try_from(self.most_rules).unwrap_or(u32::MAX);
                    Outcome::TooManyDiscounts { most }
                }
            };
            out.push((candidate.position, outcome));
        }
        out
    }

    /// Whether no further rule could be added to a set.
    fn is_full(&self, chosen: &[usize]) -> bool {
        (0..self.candidates.len())
            .all(|place| chosen.contains(&place) || !self.may_join(chosen, place))
    }
}

/// Branch and bound over the possible sets.
struct Search<'s, 'c, 'a> {
    solver: &'s Solver<'c, 'a>,
    for_shop: bool,
    effort: u32,
    tried: u32,
    best: Option<(Money, Vec<usize>)>,
    /// The bound of the best branch that was not walked; there when the effort was spent.
    open: Option<Money>,
}

impl Search<'_, '_, '_> {
    fn is_better(&self, amount: Money) -> bool {
        match &self.best {
            None => true,
            Some((best, _)) if self.for_shop => amount < *best,
            Some((best, _)) => amount > *best,
        }
    }

    /// Judges a set. Among equal ones the first that was found stays.
    fn try_set(&mut self, chosen: Vec<usize>) -> Result<(), Refusal> {
        self.tried = self.tried.saturating_add(1);
        let amount = self.solver.amount_of(&chosen)?;
        if self.is_better(amount) {
            self.best = Some((amount, chosen));
        }
        Ok(())
    }

    /// Walks the sets that agree with `chosen` on the candidates before `place`.
    fn walk(&mut self, place: usize, chosen: &mut Vec<usize>) -> Result<(), Refusal> {
        let bound = self.bound(place, chosen)?;
        if self.best.is_some() && !self.is_better(bound) {
            return Ok(());
        }
        if self.tried >= self.effort {
            self.open = Some(match self.open {
                None => bound,
                Some(open) if self.for_shop => open.min(bound),
                Some(open) => open.max(bound),
            });
            return Ok(());
        }
        let solver = self.solver;
        if place == solver.candidates.len() {
            if solver.is_full(chosen) {
                self.try_set(chosen.clone())?;
            } else {
                // Sets that are not full are no answers, but looking at them is work, too.
                self.tried = self.tried.saturating_add(1);
            }
            return Ok(());
        }
        if solver.may_join(chosen, place) {
            chosen.push(place);
            self.walk(place + 1, chosen)?;
            chosen.pop();
            let candidate = &solver.candidates[place];
            let has_rivals = solver
                .candidates
                .iter()
                .enumerate()
                .any(|(other, rival)| other != place && candidate.excludes(rival));
            let bounded = solver.candidates.len() > solver.most_rules;
            // What nothing excludes is in every set.
            if !has_rivals && !bounded {
                return Ok(());
            }
        }
        self.walk(place + 1, chosen)
    }

    /// How good a set that begins with `chosen` can be: at most so much for the member, at
    /// least so much for the shop.
    fn bound(&self, place: usize, chosen: &[usize]) -> Result<Money, Refusal> {
        let candidates = self.solver.candidates;
        if self.for_shop {
            return self.least(chosen);
        }
        let taken = Money::sum(chosen.iter().map(|place| candidates[*place].most))?;
        let mut groups: Vec<(&Key, Money)> = Vec::new();
        let (mut together, mut alone) = (taken, Money::ZERO);
        for (offset, candidate) in candidates[place..].iter().enumerate() {
            if !self.solver.may_join(chosen, place + offset) {
                continue;
            }
            if candidate.rule.exclusive {
                alone = alone.max(candidate.most);
                continue;
            }
            match &candidate.rule.group {
                None => together = together.plus(candidate.most)?,
                Some(group) => match groups.iter_mut().find(|(known, _)| *known == group) {
                    Some((_, most)) => *most = (*most).max(candidate.most),
                    None => groups.push((group, candidate.most)),
                },
            }
        }
        for (_, most) in groups {
            together = together.plus(most)?;
        }
        let all = Money::sum(self.solver.net.iter().copied())?;
        let mut bound = together.max(alone).min(all);
        if let Some(most) = allowance(&self.solver.desk, self.solver.marks)? {
            bound = bound.min(most);
        }
        Ok(bound)
    }

    /// What the first rule of a set takes off is taken from the untouched receipt, and the
    /// others only take more.
    fn least(&self, chosen: &[usize]) -> Result<Money, Refusal> {
        let desk = &self.solver.desk;
        let Some(first) = chosen.first() else { return Ok(Money::ZERO) };
        let candidate = &self.solver.candidates[*first];
        let view = View { net: self.solver.net, marks: self.solver.marks };
        if fails_late(desk, view, candidate.rule)?.is_some() {
            return Ok(Money::ZERO);
        }
        let most = allowance(desk, self.solver.marks)?;
        Ok(most.map_or(candidate.alone, |most| candidate.alone.min(most)))
    }
}
