//! Which discounts stand together: the best possible set, solved exactly, or rule by rule.
//!
//! Two rules exclude each other when they are of one group or when one of them is exclusive. A
//! set is possible when no two of its rules exclude each other and no further rule could be
//! added; whatever may stand is taken. Among the possible sets the best one for the member, or
//! for the shop, is found by branch and bound. Each set is judged by taking its discounts off a
//! copy of the receipt, in order. The effort is bounded; where the bound is hit, the answer says
//! how far from the best it can be at most.
//! What takes off the same in every set stands apart from all this; and where all that is chosen
//! among does, the best of each group is the best set, and no set is tried.

use super::apart::{ByRule, is_apart, untouched_of};
use super::desk::{Desk, Offered, View};
use super::limited::keep_to_quotas;
use super::lines::{LineLists, Lines};
use super::marks::Marks;
use super::search;
use super::{allowance, desk_of, fails_late, keeps_best, late_condition, lower, offer_on};
use crate::engine::decision::{Outcome, Reason, Refusal, add};
use crate::engine::purchase::{Checkout, Matched};
use crate::programme::{Choosing, Discounting, Exclusivity, Programme, Rule};
use crate::values::{Key, Money, Overflow};
use smallvec::{SmallVec, smallvec};
use std::sync::LazyLock;

/// Most receipts leave few rules to choose among.
const CANDIDATES_EXPECTED: usize = 4;

/// Some candidates, by their places.
type Chosen = SmallVec<[usize; CANDIDATES_EXPECTED]>;

/// What became of the discounts of a receipt.
#[derive(Default)]
pub(super) struct Stood<'c, 'a> {
    /// The rules that were weighed, and what each takes off alone.
    candidates: Vec<Candidate<'c, 'a>>,
    /// Rules that stand aside, by their place among the rules that matched, and why.
    aside: SmallVec<[(usize, Aside); 4]>,
    /// Rules that have nothing to give on the receipt as it was handed in, where others were
    /// chosen among, or one that stands excludes them.
    idle: SmallVec<[usize; 4]>,
    /// Some rule had nothing to give on the receipt as it was handed in, was weighed against
    /// nothing, and may have something to give at its turn.
    any_unweighed: bool,
    /// Of each rule whether it takes off the same in every set that it is in.
    untouched: ByRule<bool>,
    /// What shows that the set is the best one, without what the rules apart take off.
    best: Option<Best>,
}

/// Why a rule stands aside; the other rule by its place among those that matched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aside {
    OfGroup { by: usize },
    NotCombined { by: usize },
    TooMany { most: u32 },
}

impl Aside {
    pub fn outcome(self, matched: &[Matched<'_>], rule: &Rule) -> Outcome {
        let key = |by: usize| matched[by].rule.key.clone();
        match (self, &rule.group) {
            (Self::OfGroup { by }, Some(group)) => {
                Outcome::Excluded { group: group.clone(), by: key(by) }
            }
            (Self::OfGroup { by } | Self::NotCombined { by }, _) => {
                Outcome::NotCombined { by: key(by) }
            }
            (Self::TooMany { most }, _) => Outcome::TooManyDiscounts { most },
        }
    }
}

impl Stood<'_, '_> {
    /// What a rule takes off that stands, where nothing can change it any more.
    pub fn settled(&mut self, position: usize) -> Option<&mut Offered> {
        let is_settled = |known: &&mut Candidate<'_, '_>| known.position == position;
        let known = self.candidates.iter_mut().find(is_settled)?;
        let settled = known.stands && known.untouched && known.uncut;
        settled.then_some(&mut known.alone)
    }

    /// Whether a rule is in every set and takes off the same in each.
    pub fn is_apart(&self, position: usize, rule: &Rule) -> bool {
        self.untouched.get(position) == Some(&true) && is_apart(rule)
    }

    /// What shows that the set is the best one; `taken_apart` is what the rules apart took off.
    pub fn into_reason(self, taken_apart: Money) -> Result<Option<Reason>, Overflow> {
        let Some(Best { for_shop, amount, bound, tried, exact }) = self.best else {
            return Ok(None);
        };
        let (amount, bound) = (amount.plus(taken_apart)?, bound.plus(taken_apart)?);
        let outcome = Outcome::Stacked { for_shop, amount, bound, tried, exact };
        static STACKING: LazyLock<Key> = LazyLock::new(|| Key::new("stacking"));
        Ok(Some(Reason { about: STACKING.clone(), outcome }))
    }

    /// The rules that stand aside, by their place among the rules that matched, and why.
    pub fn take_aside(&mut self) -> impl Iterator<Item = (usize, Aside)> + use<> {
        std::mem::take(&mut self.aside).into_iter()
    }

    /// Which of the rules before it a rule may not stand beside, where it was not settled before.
    pub fn rival_before(&self, position: usize, matched: &[Matched<'_>]) -> Option<Outcome> {
        let before = matched.get(..position).filter(|_| self.any_unweighed)?;
        let rule = matched.get(position)?.rule;
        let took = before.iter().filter(|other| other.gave && other.rule.discount.is_some());
        let rival = took.map(|other| other.rule).find(|other| excludes(other, rule))?;
        let by = rival.key.clone();
        Some(match &rule.group {
            Some(group) if rival.group == rule.group => {
                Outcome::Excluded { group: group.clone(), by }
            }
            _ => Outcome::NotCombined { by },
        })
    }

    pub fn is_idle(&self, position: usize) -> bool {
        self.idle.contains(&position)
    }
}

/// How good the set is that was found, and how good another one could be at most.
pub(super) struct Best {
    pub for_shop: bool,
    pub amount: Money,
    pub bound: Money,
    pub tried: u32,
    pub exact: bool,
}

/// A rule with a discount that may stand.
pub(super) struct Candidate<'c, 'a> {
    /// Its place among the rules that matched.
    pub position: usize,
    pub rule: &'a Rule,
    pub discounting: &'a Discounting,
    pub lines: Lines<'c>,
    /// What it takes off when it stands alone.
    pub alone: Offered,
    /// It takes off the same in every set that it is in.
    pub untouched: bool,
    /// No limit of money cuts what it takes off.
    pub uncut: bool,
    /// Its condition is judged by what the earlier ones left.
    pub late: bool,
    /// Another candidate excludes it.
    pub rivalled: bool,
    /// It is in the set that was chosen.
    pub stands: bool,
}

fn excludes(one: &Rule, other: &Rule) -> bool {
    let same_group = one.group.is_some() && one.group == other.group;
    same_group || one.exclusive || other.exclusive
}

fn most_rules(programme: &Programme) -> usize {
    programme.stacking.most_rules.map_or(usize::MAX, |most| most as usize)
}

/// Settles which of the matched rules' discounts stand, where there is a choice; `lists` are the
/// lines that each of them speaks of.
pub(super) fn stand<'c, 'a>(
    checkout: &Checkout<'_>,
    matched: &[Matched<'a>],
    lists: &'c LineLists,
) -> Result<Stood<'c, 'a>, Refusal> {
    let programme = checkout.context.programme;
    let desk = desk_of(checkout, true);
    let untouched = untouched_of(&desk, matched, lists);
    let (mut candidates, idle) = candidates_of(&desk, checkout, matched, lists, &untouched)?;
    let (net, marks) = (&checkout.net[..], &checkout.marks);
    let most_rules = most_rules(programme);
    let solver = Solver { desk, net, marks, candidates: &candidates, most_rules };
    let choosing = programme.settings.choosing;
    let for_shop = choosing == Choosing::BestForShop;
    let all_stand = solver.all_stand();
    let mut best = None;
    let chosen: Chosen = if all_stand {
        (0..candidates.len()).collect()
    } else if let Some(place) = solver.first_of_all() {
        smallvec![place]
    } else if choosing == Choosing::InOrder {
        solver.in_order()?.into()
    } else {
        let solution = match solver.best_of_each(for_shop)? {
            Some(solution) => solution,
            None => search::solve(&solver, for_shop, programme.stacking.effort)?,
        };
        best = Some(solution.best);
        solution.chosen
    };
    let aside = solver.aside(&chosen);
    let all_idle = idle.len();
    let idle = if idle.is_empty() {
        idle
    } else {
        let standing = solver.standing(&chosen)?;
        let stands_against = |position: &usize| {
            let rule = matched[*position].rule;
            standing.iter().any(|place| excludes(candidates[*place].rule, rule))
        };
        // Where there was a choice, what the set takes off is what was weighed, and nothing else.
        let chose = !all_stand && solver.leaves_out(&chosen)?;
        idle.into_iter().filter(|place| chose || stands_against(place)).collect()
    };
    for place in chosen {
        candidates[place].stands = true;
    }
    let any_unweighed = idle.len() < all_idle;
    Ok(Stood { candidates, aside, idle, any_unweighed, untouched, best })
}

/// Whether anything could exclude anything, seen from afar: for nearly every receipt, nothing.
pub(super) fn is_choice(programme: &Programme, matched: &[Matched<'_>]) -> bool {
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
    (exclusive && discounts > 1) || discounts > most_rules(programme)
}

/// The rules that would take something off, and the places of those that would not. One that
/// has nothing to give on this receipt neither wins nor loses: it must change no answer (I16).
fn candidates_of<'c, 'a>(
    desk: &Desk<'_, '_>,
    checkout: &Checkout<'_>,
    matched: &[Matched<'a>],
    lists: &'c LineLists,
    untouched: &[bool],
) -> Result<(Vec<Candidate<'c, 'a>>, SmallVec<[usize; 4]>), Refusal> {
    let view = View { net: &checkout.net, marks: &checkout.marks };
    let threshold = desk.programme.settings.threshold;
    let untouched_at = |position: usize| untouched.get(position) == Some(&true);
    let is_considered = |(position, candidate): &(usize, &Matched<'_>)| {
        let is_apart = untouched_at(*position) && is_apart(candidate.rule);
        candidate.rule.discount.is_some() && !is_apart
    };
    let mut candidates =
        Vec::<Candidate<'c, 'a>>::with_capacity(matched.len().min(CANDIDATES_EXPECTED));
    let mut idle = SmallVec::new();
    for (position, candidate) in matched.iter().enumerate().filter(is_considered) {
        let rule = candidate.rule;
        let (Some(discounting), Some(lines)) = (&rule.discount, lists.get(position)) else {
            continue;
        };
        let late = late_condition(rule, threshold).is_some();
        add(&mut candidates, || Candidate {
            position,
            rule,
            discounting,
            lines,
            alone: Offered::default(),
            untouched: untouched_at(position),
            uncut: false,
            late,
            rivalled: false,
            stands: false,
        });
        let Some(Candidate { alone, uncut, .. }) = candidates.last_mut() else { continue };
        offer_on(desk, view, lines, discounting, alone)?;
        *uncut = keep_to_quotas(desk, &checkout.marks, rule, alone)?.is_none();
        // An exclusive rule finds the receipt as it is now, or none at all.
        let fails = late && rule.exclusive && fails_late(desk, view, rule)?.is_some();
        if !alone.gives() || fails {
            idle.push(position);
            candidates.truncate(candidates.len() - 1);
        }
    }
    let alone = candidates.len() < 2;
    let any_exclusive = candidates.iter().any(|candidate| candidate.rule.exclusive);
    for place in 0..candidates.len() {
        let group = candidates[place].rule.group.as_ref();
        let is_rival = |(other, rival): (usize, &Candidate<'_, '_>)| {
            other != place && rival.rule.group.as_ref() == group
        };
        let in_group = || group.is_some() && candidates.iter().enumerate().any(is_rival);
        candidates[place].rivalled = !alone && (any_exclusive || in_group());
    }
    Ok((candidates, idle))
}

pub(super) struct Solver<'s, 'a> {
    pub desk: Desk<'s, 'a>,
    pub net: &'s [Money],
    pub marks: &'s Marks,
    pub candidates: &'s [Candidate<'s, 'a>],
    pub most_rules: usize,
}

/// The best set that was found, by the places of its candidates.
pub(super) struct Solution {
    pub chosen: Chosen,
    pub best: Best,
}

/// A copy of the receipt that discounts are taken off to see what comes of it.
struct Trial {
    net: Vec<Money>,
    marks: Marks,
}

impl Trial {
    fn view(&self) -> View<'_> {
        View { net: &self.net, marks: &self.marks }
    }
}

impl Solver<'_, '_> {
    fn is_bounded(&self) -> bool {
        self.candidates.len() > self.most_rules
    }

    fn all_stand(&self) -> bool {
        !self.is_bounded() && !self.candidates.iter().any(|candidate| candidate.rivalled)
    }

    /// Whether a set may do without the rule.
    pub fn is_optional(&self, place: usize) -> bool {
        self.is_bounded() || self.candidates[place].rivalled
    }

    /// The exclusive rule that is taken before all else, where the programme says so.
    fn first_of_all(&self) -> Option<usize> {
        let by_priority = self.desk.programme.settings.exclusivity == Exclusivity::Priority;
        self.candidates.iter().position(|known| by_priority && known.rule.exclusive)
    }

    fn trial(&self) -> Trial {
        Trial { net: self.net.to_vec(), marks: self.marks.clone() }
    }

    fn taken_by(&self, trial: &Trial) -> Result<Money, Refusal> {
        Ok(trial.marks.taken.minus(self.marks.taken)?)
    }

    /// What a set takes off in all, where it is possible: each of its rules holds at its turn,
    /// and no other that holds at its turn could be added.
    pub fn judge(&self, chosen: &[usize]) -> Result<Option<Money>, Refusal> {
        let mut trial = self.trial();
        for (place, candidate) in self.candidates.iter().enumerate() {
            let is_chosen = chosen.binary_search(&place).is_ok();
            if candidate.late {
                let holds = self.holds(place, &trial)?;
                let is_possible = match is_chosen {
                    true => holds || !self.is_optional(place),
                    false => !holds || !self.may_join(chosen, place),
                };
                if !is_possible {
                    return Ok(None);
                }
            }
            if is_chosen {
                self.take(place, &mut trial)?;
            }
        }
        self.taken_by(&trial).map(Some)
    }

    /// Whether a rule that holds at its turn stands aside: only then was there a choice.
    fn leaves_out(&self, chosen: &[usize]) -> Result<bool, Refusal> {
        let stands_aside = |place: &usize| !chosen.contains(place);
        let places = || (0..self.candidates.len()).filter(stands_aside);
        if places().any(|place| !self.candidates[place].late) {
            return Ok(true);
        }
        let mut trial = self.trial();
        for place in 0..self.candidates.len() {
            if chosen.contains(&place) {
                self.take(place, &mut trial)?;
            } else if self.holds(place, &trial)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Those of the chosen rules that hold at their turn: one that does not stands against nobody.
    fn standing(&self, chosen: &[usize]) -> Result<Vec<usize>, Refusal> {
        if !chosen.iter().any(|place| self.candidates[*place].late) {
            return Ok(chosen.to_vec());
        }
        let mut trial = self.trial();
        let mut standing = Vec::with_capacity(chosen.len());
        for place in chosen.iter().copied() {
            if !self.candidates[place].late || self.holds(place, &trial)? {
                standing.push(place);
                self.take(place, &mut trial)?;
            }
        }
        Ok(standing)
    }

    /// What some rules take off, whether or not they are a possible set.
    pub fn amount_of(&self, chosen: &[usize]) -> Result<Money, Refusal> {
        let mut trial = self.trial();
        for place in chosen {
            self.take(*place, &mut trial)?;
        }
        self.taken_by(&trial)
    }

    fn holds(&self, place: usize, trial: &Trial) -> Result<bool, Refusal> {
        Ok(fails_late(&self.desk, trial.view(), self.candidates[place].rule)?.is_none())
    }

    /// Whether the rule holds now, or is in every set anyway.
    fn stays(&self, place: usize, trial: &Trial) -> Result<bool, Refusal> {
        let may_fail = self.candidates[place].late && self.is_optional(place);
        Ok(!may_fail || self.holds(place, trial)?)
    }

    /// Takes one discount off a copy of the receipt.
    fn take(&self, place: usize, trial: &mut Trial) -> Result<(), Refusal> {
        let candidate = &self.candidates[place];
        if candidate.late && !self.holds(place, trial)? {
            return Ok(());
        }
        let most = allowance(&self.desk, &trial.marks)?;
        let anew = match most {
            None if self.is_untouched(candidate, trial) => None,
            most => Some(self.offer(candidate, trial, most)?),
        };
        let offered = anew.as_ref().unwrap_or(&candidate.alone);
        if !offered.gives() {
            // A set that takes nothing off leaves its pieces to the others, as on the receipt.
            return Ok(());
        }
        let percentages = self.desk.programme.settings.percentages;
        let best = keeps_best(percentages, offered.how);
        lower(&mut trial.net, &mut trial.marks, offered, best)?;
        if candidate.rule.is_under_quotas() {
            let key = &candidate.rule.key;
            self.desk.quotas.draw_money(key, offered.amount, &mut trial.marks.drawn);
        }
        Ok(())
    }

    /// Works a discount out on a copy of the receipt.
    fn offer(
        &self,
        candidate: &Candidate<'_, '_>,
        trial: &Trial,
        most: Option<Money>,
    ) -> Result<Offered, Refusal> {
        let (lines, discounting) = (candidate.lines, candidate.discounting);
        let mut offered = Offered::default();
        offer_on(&self.desk, trial.view(), lines, discounting, &mut offered)?;
        if let Some(most) = most {
            self.desk.cut(&mut offered, most)?;
        }
        keep_to_quotas(&self.desk, &trial.marks, candidate.rule, &mut offered)?;
        Ok(offered)
    }

    /// Whether nothing that a discount looks at has changed on a copy of the receipt. It then
    /// takes off what it takes off alone.
    fn is_untouched(&self, candidate: &Candidate<'_, '_>, trial: &Trial) -> bool {
        let is_same = |line: &u32| {
            let place = *line as usize;
            trial.net.get(place) == self.net.get(place) && trial.marks.agrees(self.marks, *line)
        };
        let left = |marks: &Marks| self.desk.quotas.money_left(&candidate.rule.key, &marks.drawn);
        candidate.lines.all.iter().all(is_same) && left(&trial.marks) == left(self.marks)
    }

    /// The best rule of each group, where none changes what another one takes off. Every set is
    /// then as good as its rules are alone, so that no other set can be better. `tried` counts
    /// the first set, and one more for every rule that could be exchanged for another.
    fn best_of_each(&self, for_shop: bool) -> Result<Option<Solution>, Refusal> {
        if !self.candidates.iter().all(|candidate| candidate.untouched) {
            return Ok(None);
        }
        let mut chosen = Chosen::new();
        let mut tried = 1_u32;
        for (place, candidate) in self.candidates.iter().enumerate() {
            let is_rival =
                |other: &&mut usize| excludes(self.candidates[**other].rule, candidate.rule);
            let Some(rival) = chosen.iter_mut().find(is_rival) else {
                chosen.push(place);
                continue;
            };
            tried = tried.saturating_add(1);
            let (amount, best) = (candidate.alone.amount, self.candidates[*rival].alone.amount);
            if if for_shop { amount < best } else { amount > best } {
                *rival = place;
            }
        }
        chosen.sort_unstable();
        let amount = Money::sum(chosen.iter().map(|place| self.candidates[*place].alone.amount))?;
        let best = Best { for_shop, amount, bound: amount, tried, exact: true };
        Ok(Some(Solution { chosen, best }))
    }

    /// Rule by rule, in order. Where the first of a group comes, the one of the group that
    /// gives most at that moment is chosen; it is taken off when its own turn comes.
    pub fn in_order(&self) -> Result<Vec<usize>, Refusal> {
        let mut trial = self.trial();
        let mut chosen: Vec<usize> = Vec::new();
        for place in 0..self.candidates.len() {
            if !chosen.contains(&place) {
                // A rule that does not hold now leaves the choice of its group to the others.
                if !self.may_join(&chosen, place) || !self.stays(place, &trial)? {
                    continue;
                }
                let winner = self.best_of_group(place, &chosen, &trial)?;
                chosen.push(winner);
                if winner != place {
                    continue;
                }
            }
            // Nobody looks at what the last one leaves.
            if place + 1 < self.candidates.len() {
                self.take(place, &mut trial)?;
            }
        }
        chosen.sort_unstable();
        Ok(chosen)
    }

    /// Of the group of a rule that holds now, the one from there on that gives most now.
    fn best_of_group(
        &self,
        place: usize,
        chosen: &[usize],
        trial: &Trial,
    ) -> Result<usize, Refusal> {
        let group = &self.candidates[place].rule.group;
        if group.is_none() {
            return Ok(place);
        }
        let mut winner: Option<(usize, Money)> = None;
        for (rival, candidate) in self.candidates.iter().enumerate().skip(place) {
            let of_group = candidate.rule.group == *group;
            if rival != place && !(of_group && self.may_join(chosen, rival)) {
                continue;
            }
            if !self.stays(rival, trial)? {
                continue;
            }
            let amount = match self.is_untouched(candidate, trial) {
                true => candidate.alone.amount,
                false => self.offer(candidate, trial, None)?.amount,
            };
            if winner.is_none_or(|(_, most)| amount > most) {
                winner = Some((rival, amount));
            }
        }
        Ok(winner.map_or(place, |(winner, _)| winner))
    }

    pub fn may_join(&self, chosen: &[usize], place: usize) -> bool {
        let candidate = &self.candidates[place];
        let is_free = |other: &usize| {
            *other != place && !excludes(self.candidates[*other].rule, candidate.rule)
        };
        chosen.len() < self.most_rules && chosen.iter().all(is_free)
    }

    /// Takes the rules in an order of their own, each that holds at first and may still join.
    pub fn greedy(
        &self,
        first_is: impl Fn(&Candidate<'_, '_>) -> i64,
    ) -> Result<Vec<usize>, Refusal> {
        let untouched = self.trial();
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by_key(|place| (first_is(&self.candidates[*place]), *place));
        let mut chosen = Vec::new();
        for place in order {
            if self.may_join(&chosen, place) && self.stays(place, &untouched)? {
                chosen.push(place);
            }
        }
        chosen.sort_unstable();
        Ok(chosen)
    }

    /// Why each candidate that is not chosen stands aside.
    fn aside(&self, chosen: &[usize]) -> SmallVec<[(usize, Aside); 4]> {
        let mut aside = SmallVec::new();
        for (place, candidate) in self.candidates.iter().enumerate() {
            if chosen.contains(&place) {
                continue;
            }
            let rivals = || chosen.iter().map(|other| &self.candidates[*other]);
            let of_group = rivals().find(|other| {
                candidate.rule.group.is_some() && other.rule.group == candidate.rule.group
            });
            let rival = || rivals().find(|other| excludes(other.rule, candidate.rule));
            let why = if let Some(other) = of_group {
                Aside::OfGroup { by: other.position }
            } else if let Some(other) = rival() {
                Aside::NotCombined { by: other.position }
            } else if chosen.len() < self.most_rules {
                // Its condition fails when its turn comes, and says so then.
                continue;
            } else {
                Aside::TooMany { most: u32::try_from(self.most_rules).unwrap_or(u32::MAX) }
            };
            aside.push((candidate.position, why));
        }
        aside
    }

    /// Whether no further rule could be added to a set, whatever is left of the receipt.
    pub fn is_full(&self, chosen: &[usize]) -> bool {
        let is_out = |place: usize| {
            let late = self.candidates[place].late;
            late || chosen.contains(&place) || !self.may_join(chosen, place)
        };
        (0..self.candidates.len()).all(is_out)
    }
}
