//! The solver against brute force: every set of rules is decided by a programme of its own, in
//! which nothing excludes anything.
#![expect(clippy::unwrap_used, reason = "a comparison of answers that must be there")]

use super::draw::{Drawn, Policy, lines, policies, rules};
use super::{decided, gifts};
use crate::random::cases;
use crate::support::outcomes;
use proptest::prelude::*;
use symbolon_core::engine::{Decision, Line, Outcome};

/// What discounts take off, and which rules failed by a condition.
struct Tried {
    off: i64,
    failed: Vec<bool>,
    gave: bool,
}

struct Brute<'a> {
    policy: &'a Policy,
    rules: &'a [Drawn],
    lines: &'a [Line],
}

fn off(decision: &Decision) -> i64 {
    let amount = |effect: &symbolon_core::engine::Effect| match effect {
        symbolon_core::engine::Effect::Discount { amount, .. } => amount.units(),
        _ => 0,
    };
    decision.effects.iter().map(amount).sum()
}

impl Brute<'_> {
    fn decide(&self, set: u32) -> Tried {
        let in_set = |place: &usize| set >> place & 1 == 1;
        let texts: Vec<String> = (0..self.rules.len())
            .filter(in_set)
            .map(|place| self.rules[place].text(place, true))
            .collect();
        let decision = decided(&self.policy.text("", "", &texts), self.lines);
        let failed = |place: usize| {
            let about = format!("r{place:02}");
            let told = outcomes(&decision, &about);
            told.iter().any(|outcome| matches!(outcome, Outcome::ConditionFalse { .. }))
        };
        let failed = (0..self.rules.len()).map(failed).collect();
        let gave = off(&decision) > 0 || !gifts(&decision).is_empty();
        Tried { off: off(&decision), failed, gave }
    }

    /// Every set that is possible, with what it takes off.
    fn possible(&self, most_rules: usize) -> Vec<i64> {
        let all = self.rules.len();
        let mut known = 0_u32;
        for place in 0..all {
            // What takes nothing off alone is no matter of choice. Alone means without its
            // condition where that looks at what others leave.
            let mut alone = self.rules[place].clone();
            if self.policy.threshold != "handed-in" && !alone.exclusive {
                alone.from = None;
            }
            let text = alone.text(place, true);
            let alone = decided(&self.policy.text("", "", &[text]), self.lines);
            if off(&alone) > 0 || !gifts(&alone).is_empty() {
                known |= 1 << place;
            }
        }
        let excluded = |set: u32, place: usize| {
            let others = (0..all).filter(|other| *other != place && set >> other & 1 == 1);
            others.clone().count() >= most_rules
                || others.into_iter().any(|other| self.rules[other].excludes(&self.rules[place]))
        };
        let mut found = Vec::new();
        for set in 0..1_u32 << all {
            let members = (0..all).filter(|place| set >> place & 1 == 1);
            if set & !known != 0 || members.clone().any(|place| excluded(set, place)) {
                continue;
            }
            let tried = self.decide(set);
            let choice = |place: usize| {
                known.count_ones() as usize > most_rules
                    || (0..all).any(|other| {
                        other != place
                            && known >> other & 1 == 1
                            && self.rules[other].excludes(&self.rules[place])
                    })
            };
            let holds = members.clone().all(|place| !tried.failed[place] || !choice(place));
            let full = (0..all)
                .filter(|place| known >> place & 1 == 1 && set >> place & 1 == 0)
                .all(|place| excluded(set, place) || self.decide(set | 1 << place).failed[place]);
            if holds && full {
                found.push(tried.off);
            }
        }
        found
    }
}

fn programme(policy: &Policy, rules: &[Drawn], more: &str, caps: &str) -> String {
    let texts: Vec<String> =
        rules.iter().enumerate().map(|(place, rule)| rule.text(place, false)).collect();
    policy.text(more, caps, &texts)
}

fn check(policy: &Policy, rules: &[Drawn], lines: &[Line], most_rules: Option<usize>) {
    let brute = Brute { policy, rules, lines };
    let sets = brute.possible(most_rules.unwrap_or(usize::MAX));
    let cap = most_rules.map_or(String::new(), |most| format!("most_rules = {most}\n"));
    // Rules that take nothing off alone are in no set, but they may take a part of the whole.
    let _ = brute.decide(0).gave;
    for (choosing, best) in
        [("best-for-member", sets.iter().max()), ("best-for-shop", sets.iter().min())]
    {
        let more = format!("choosing = \"{choosing}\"");
        let text = programme(policy, rules, &more, &format!("{cap}effort = 1000000"));
        let decision = decided(&text, lines);
        let told = outcomes(&decision, "stacking");
        let Some(Outcome::Stacked { amount, bound, exact, .. }) = told.first() else { continue };
        assert!(exact, "{text}");
        assert_eq!(amount, bound, "{text}");
        assert_eq!(amount.units(), *best.unwrap(), "{choosing} of {sets:?}\n{text}\n{lines:?}");
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// The set that is taken is the best of all that are possible, for either side, under every
    /// setting and with every form of a discount.
    #[test]
    fn the_solver_finds_what_brute_force_finds(
        policy in policies(true), rules in rules(7), lines in lines(6),
        most_rules in prop::option::weighted(0.3, 1_usize..4),
    ) {
        check(&policy, &rules, &lines, most_rules);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    /// With hardly any effort: never worse than in order, and never better than the bound says.
    #[test]
    fn little_effort_is_never_worse_than_in_order_and_its_bound_is_one(
        policy in policies(true), rules in rules(12), lines in lines(6),
        most_rules in prop::option::weighted(0.3, 1_usize..4), effort in 1_u32..12,
    ) {
        // What a set is worth under late conditions has no order to compare with.
        let policy = Policy { threshold: "handed-in", ..policy };
        let cap = most_rules.map_or(String::new(), |most| format!("most_rules = {most}\n"));
        let decide = |choosing: &str, effort: u32| {
            let more = format!("choosing = \"{choosing}\"");
            let text = programme(&policy, &rules, &more, &format!("{cap}effort = {effort}"));
            decided(&text, &lines)
        };
        let in_order = off(&decide("in-order", 1));
        for choosing in ["best-for-member", "best-for-shop"] {
            let hurried = decide(choosing, effort);
            let best = off(&decide(choosing, 1_000_000));
            let found = off(&hurried);
            let told = outcomes(&hurried, "stacking");
            let Some(Outcome::Stacked { bound, exact, .. }) = told.first() else { continue };
            let bound = bound.units();
            if choosing == "best-for-member" {
                prop_assert!(in_order <= found && found <= best && best <= bound);
            } else {
                prop_assert!(in_order >= found && found >= best && best >= bound);
            }
            prop_assert!(!exact || found == best);
        }
    }
}
