//! The model settles which discounts stand together: it looks at every set there is.

use super::super::random::{RuleShape, Shape};
use super::sale::Sale;
use symbolon_core::programme::Choosing;

/// The matched rules of a receipt whose discounts are yet to be taken.
pub struct Standing<'s, 'w> {
    pub sale: &'s Sale<'w>,
    pub shape: &'s Shape,
    pub rules: &'s [(String, &'s RuleShape, bool)],
}

impl Standing<'_, '_> {
    /// The places of the rules that stand aside.
    pub fn settle(&self) -> Vec<usize> {
        // What would take nothing off alone is no matter of choice.
        let all: Vec<usize> =
            (0..self.rules.len()).filter(|place| self.alone(*place) > 0).collect();
        let full = self.full_sets(&all);
        let chosen = match self.shape.settings.choosing {
            Choosing::InOrder => self.in_order(&all),
            Choosing::BestForMember => self.first_best(&all, &full, 1),
            Choosing::BestForShop => self.first_best(&all, &full, -1),
        };
        all.into_iter().filter(|place| !chosen.contains(place)).collect()
    }

    fn alone(&self, place: usize) -> i64 {
        self.off(&self.sale.as_it_is(), place)
    }

    fn off(&self, sale: &Sale<'_>, place: usize) -> i64 {
        let discount = self.rules[place].1.discount;
        let parts = discount.map(|discount| sale.worth(discount)).unwrap_or_default();
        parts.iter().map(|(_, part)| *part).sum()
    }

    fn exclude(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.rules[one].1, self.rules[other].1);
        one.exclusive || other.exclusive || (one.group.is_some() && one.group == other.group)
    }

    fn may_join(&self, chosen: &[usize], place: usize) -> bool {
        let limit = self.shape.most_rules.unwrap_or(usize::MAX);
        chosen.len() < limit && !chosen.iter().any(|other| self.exclude(*other, place))
    }

    /// Every set in which nothing excludes anything and to which nothing could be added; those
    /// with an earlier rule before those without it.
    fn full_sets(&self, all: &[usize]) -> Vec<Vec<usize>> {
        let subsets = 1_usize << all.len();
        let mut sets: Vec<Vec<usize>> = (0..subsets)
            .rev()
            .map(|bits| {
                let held = |at: &usize| bits >> (all.len() - 1 - at) & 1 == 1;
                (0..all.len()).filter(held).map(|at| all[at]).collect()
            })
            .collect();
        sets.retain(|set| {
            let alone_in = |place: &usize| {
                let others: Vec<usize> = set.iter().copied().filter(|o| o != place).collect();
                self.may_join(&others, *place)
            };
            set.iter().all(alone_in)
                && all.iter().all(|place| set.contains(place) || !self.may_join(set, *place))
        });
        sets
    }

    fn amount(&self, set: &[usize]) -> i64 {
        let mut sale = self.sale.as_it_is();
        let before: i64 = sale.left();
        for place in set {
            if let Some(discount) = self.rules[*place].1.discount {
                let parts = sale.worth(discount);
                sale.take_off("", &parts);
            }
        }
        before - sale.left()
    }

    /// The best set. Of equal ones: the one in order, the one by value, the first.
    fn first_best(&self, all: &[usize], full: &[Vec<usize>], sign: i64) -> Vec<usize> {
        let best = full.iter().map(|set| sign * self.amount(set)).max().unwrap();
        let mut by_value = all.to_vec();
        by_value.sort_by_key(|place| (-sign * self.alone(*place), *place));
        let mut greedy: Vec<usize> = Vec::new();
        for place in by_value {
            if self.may_join(&greedy, place) {
                greedy.push(place);
            }
        }
        greedy.sort_unstable();
        let mut known = vec![self.in_order(all), greedy];
        known.extend(full.iter().cloned());
        known.into_iter().find(|set| sign * self.amount(set) == best).unwrap()
    }

    /// Rule by rule; where the first of a group comes, the one of it that takes most off then.
    fn in_order(&self, all: &[usize]) -> Vec<usize> {
        let mut sale = self.sale.as_it_is();
        let mut chosen: Vec<usize> = Vec::new();
        for place in all {
            if !chosen.contains(place) {
                let group = self.rules[*place].1.group;
                let is_rival =
                    |other: &usize| group.is_some() && self.rules[*other].1.group == group;
                let free = |other: &&usize| self.may_join(&chosen, **other);
                let rivals = all
                    .iter()
                    .filter(|other| *other >= place && (*other == place || is_rival(other)));
                let rivals: Vec<usize> = rivals.filter(free).copied().collect();
                if !rivals.contains(place) {
                    continue;
                }
                let most = rivals.iter().map(|other| self.off(&sale, *other)).max().unwrap();
                let first = rivals.into_iter().find(|other| self.off(&sale, *other) == most);
                chosen.extend(first);
                if first != Some(*place) {
                    continue;
                }
            }
            if let Some(discount) = self.rules[*place].1.discount {
                let parts = sale.worth(discount);
                sale.take_off("", &parts);
            }
        }
        chosen.sort_unstable();
        chosen
    }
}
