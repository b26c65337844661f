//! Branch and bound over the possible sets of discounts: the best one is found, or it is said how
//! far from the best the one that was found can be. It must never take anything off.

use super::allowance;
use super::most_of;
use super::stacking::{Best, Candidate, Solution, Solver};
use crate::engine::decision::Refusal;
use crate::values::{Key, Money};

/// For each set that may be judged, so many places in the search may be looked at.
const PLACES_PER_SET: u32 = 16;

/// Finds the best set among all that are possible.
pub(super) fn solve(
    solver: &Solver<'_, '_>,
    for_shop: bool,
    effort: u32,
) -> Result<Solution, Refusal> {
    let mut most = Vec::with_capacity(solver.candidates.len());
    for Candidate { lines, discounting, alone, .. } in solver.candidates {
        most.push(most_of(&solver.desk, solver.net, *lines, discounting, alone.amount)?);
    }
    let mut search = Search {
        solver,
        most,
        for_shop,
        effort,
        places: effort.saturating_mul(PLACES_PER_SET),
        tried: 0,
        best: None,
        open: None,
    };
    // A good set found early cuts most of the others off; and no answer is ever worse.
    let by_value = |candidate: &Candidate<'_, '_>| {
        let alone = candidate.alone.amount.units();
        if for_shop { alone } else { -alone }
    };
    let in_order = solver.in_order()?;
    search.try_set(&in_order)?;
    search.try_set(&solver.greedy(by_value)?)?;
    search.walk()?;
    // Where the effort was spent before a possible set was found, in order is the answer.
    let (amount, chosen) = match search.best {
        Some(best) => best,
        None => (solver.amount_of(&in_order)?, in_order),
    };
    let exact = search.open.is_none();
    let bound = match search.open {
        Some(open) if for_shop => open.min(amount),
        Some(open) => open.max(amount),
        None => amount,
    };
    let tried = search.tried;
    let chosen = chosen.into();
    Ok(Solution { chosen, best: Best { for_shop, amount, bound, tried, exact } })
}

/// Branch and bound over the possible sets.
struct Search<'s, 'c, 'a> {
    solver: &'s Solver<'c, 'a>,
    /// What each candidate takes off at most, whatever stands before it.
    most: Vec<Money>,
    for_shop: bool,
    /// How many sets may be judged.
    effort: u32,
    /// How many more places of the search may be looked at.
    places: u32,
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
    fn try_set(&mut self, chosen: &[usize]) -> Result<(), Refusal> {
        self.tried = self.tried.saturating_add(1);
        // What is the best one already cannot be better than itself.
        if self.best.as_ref().is_some_and(|(_, best)| best == chosen) {
            return Ok(());
        }
        if let Some(amount) = self.solver.judge(chosen)?
            && self.is_better(amount)
        {
            self.best = Some((amount, chosen.to_vec()));
        }
        Ok(())
    }

    /// Walks all sets, those with a rule before those without it. There is no recursion, so the
    /// number of rules is bounded by nothing but the effort.
    fn walk(&mut self) -> Result<(), Refusal> {
        let solver = self.solver;
        let all = solver.candidates.len();
        let mut chosen: Vec<usize> = Vec::new();
        let mut place = 0;
        loop {
            let mut goes_on = self.look(place, &chosen)?;
            // What nothing excludes is in every set, and what something excludes is in none.
            while goes_on && place < all {
                let joins = solver.may_join(&chosen, place);
                if joins {
                    chosen.push(place);
                }
                place += 1;
                if joins && solver.is_optional(place - 1) {
                    goes_on = self.look(place, &chosen)?;
                }
            }
            if goes_on && solver.is_full(&chosen) {
                self.try_set(&chosen)?;
            }
            // Back to the last rule that a set may do without.
            loop {
                let Some(last) = chosen.pop() else { return Ok(()) };
                if solver.is_optional(last) {
                    place = last + 1;
                    break;
                }
            }
        }
    }

    /// Whether sets that begin with `chosen` and agree on the candidates before `place` are
    /// worth looking at. Those that are not for want of effort are remembered by their bound.
    fn look(&mut self, place: usize, chosen: &[usize]) -> Result<bool, Refusal> {
        let bound = self.bound(place, chosen)?;
        if self.best.is_some() && !self.is_better(bound) {
            return Ok(false);
        }
        if self.tried < self.effort && self.places > 0 {
            self.places -= 1;
            return Ok(true);
        }
        self.open = Some(match self.open {
            None => bound,
            Some(open) if self.for_shop => open.min(bound),
            Some(open) => open.max(bound),
        });
        Ok(false)
    }

    /// How good a set that begins with `chosen` can be: at most so much for the member, at
    /// least so much for the shop.
    fn bound(&self, place: usize, chosen: &[usize]) -> Result<Money, Refusal> {
        let solver = self.solver;
        if self.for_shop {
            // They are taken first, and what comes later only takes more.
            return solver.amount_of(chosen);
        }
        let candidates = solver.candidates;
        let taken = Money::sum(chosen.iter().map(|place| self.most[*place]))?;
        let mut alone = Money::ZERO;
        // Of each group one more rule may stand; what is of no group may stand by itself.
        let mut further: Vec<(Option<&Key>, Money)> = Vec::new();
        for (offset, candidate) in candidates[place..].iter().enumerate() {
            if !solver.may_join(chosen, place + offset) {
                continue;
            }
            let (group, most_of_it) = (candidate.rule.group.as_ref(), self.most[place + offset]);
            let known = further.iter_mut().find(|(known, _)| group.is_some() && *known == group);
            match known {
                _ if candidate.rule.exclusive => alone = alone.max(most_of_it),
                Some((_, most)) => *most = (*most).max(most_of_it),
                None => further.push((group, most_of_it)),
            }
        }
        let slots = solver.most_rules - chosen.len().min(solver.most_rules);
        if further.len() > slots {
            further.sort_by_key(|(_, most)| std::cmp::Reverse(*most));
            further.truncate(slots);
        }
        let together = taken.plus(Money::sum(further.into_iter().map(|(_, most)| most))?)?;
        let all = Money::sum(solver.net.iter().copied())?;
        let mut bound = together.max(alone).min(all);
        if let Some(most) = allowance(&solver.desk, solver.marks)? {
            bound = bound.min(most);
        }
        Ok(bound)
    }
}
