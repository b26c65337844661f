//! Rules that never strike: conditions that contradict themselves, or that ask of guests what
//! only members have; and groups that exclude nothing.

use super::Search;
use crate::condition::{Condition, Fact, Literal, Requirement};
use crate::programme::{Audience, Gives, Rule};
use std::collections::BTreeMap;

pub fn find(search: &Search<'_, '_>) {
    for rule in &search.programme.rules {
        contradictions(search, rule);
        wrong_audience(search, rule);
    }
    for reward in &search.programme.rewards {
        let key = reward.key.as_str();
        let filters = match &reward.gives {
            Gives::Discount(discounting) => discounting.needed_filters(),
            Gives::FreeItem { filter } => filter.iter().collect(),
            Gives::Benefit { .. } | Gives::Points { .. } => Vec::new(),
        };
        for (part, conditions) in
            [("when", reward.when.iter().collect::<Vec<_>>()), ("gives", filters)]
        {
            if conditions.into_iter().any(Condition::is_never_true) {
                let message = format!("nobody can ever take `{key}`: {NEVER}");
                search.reader.finding(search.places.of_part(key, part), message, HINT);
            }
        }
    }
    groups(search);
}

const NEVER: &str = "its condition can never be true";
const HINT: &str =
    "look for comparisons that exclude each other, or for a number that there is not";

fn contradictions(search: &Search<'_, '_>, rule: &Rule) {
    if rule.when.as_ref().is_some_and(Condition::is_never_true) {
        let message = format!("`{}` never strikes: {NEVER}", rule.key);
        search.about_part(rule, "when", message, HINT);
    }
    let discount = rule.discount.as_ref();
    let discount_filters = discount.map(|discount| discount.needed_filters()).unwrap_or_default();
    let earn_filters = rule.earn.iter().filter_map(|earning| earning.filter.as_ref()).collect();
    for (part, filters) in [("discount", discount_filters), ("earn", earn_filters)] {
        if filters.into_iter().any(Condition::is_never_true) {
            let message = format!("`{}` finds no line: {NEVER}", rule.key);
            search.about_part(rule, part, message, HINT);
        }
    }
}

fn wrong_audience(search: &Search<'_, '_>, rule: &Rule) {
    let Some(when) = &rule.when else { return };
    if when.is_never_true() {
        return;
    }
    let unfit = when.required().iter().any(|requirement| {
        let (fact, known_only_if) = match requirement {
            Requirement::AnyOf { fact: Fact::MemberKnown, any_of } => {
                (Fact::MemberKnown, any_of.first().cloned())
            }
            Requirement::AnyOf { fact, .. } | Requirement::AtLeast { fact, .. } => (*fact, None),
        };
        match (rule.audience, fact) {
            (Audience::Guests, Fact::MemberKnown) => known_only_if == Some(Literal::Bool(true)),
            (Audience::Members, Fact::MemberKnown) => known_only_if == Some(Literal::Bool(false)),
            (Audience::Guests, fact) => is_of_member(fact),
            _ => false,
        }
    });
    if !unfit {
        return;
    }
    let message = if rule.audience == Audience::Guests {
        format!(
            "`{}` never strikes: it is for guests and asks for what only members have",
            rule.key
        )
    } else {
        format!("`{}` never strikes: it is for members and asks for guests", rule.key)
    };
    search.about_part(rule, "when", message, "change `for`, or leave that part out");
}

const fn is_of_member(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::MemberTier(_)
            | Fact::MemberVisits(_)
            | Fact::MemberSpent(_)
            | Fact::MemberEarned { .. }
            | Fact::MemberBalance(_)
            | Fact::MemberJoined
            | Fact::MemberTenureDays
            | Fact::MemberTenureMonths
            | Fact::MemberTenureYears
            | Fact::MemberLacks(_)
            | Fact::MemberHasMembership(_)
            | Fact::MemberKind
            | Fact::MemberReferred
            | Fact::MemberAttribute(_)
    )
}

/// A group needs two rules to exclude anything.
fn groups(search: &Search<'_, '_>) {
    let mut groups: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &search.programme.rules {
        if let Some(group) = &rule.group {
            groups.entry(group.as_str()).or_default().push(rule);
        }
    }
    for (group, rules) in groups {
        if let [only] = rules.as_slice() {
            let message = format!("`{}` is alone in the group `{group}`", only.key);
            let hint = "rules of one group exclude each other: name the same group in the others";
            search.about_part(only, "group", message, hint);
            continue;
        }
        if !rules.iter().all(|rule| rule.discount.is_some()) {
            continue;
        }
        for rule in rules.iter().filter(|rule| rule.exclusive) {
            let message = format!(
                "`{}` is exclusive and stands with no other discount anyway: the group `{group}` \
                 adds nothing",
                rule.key
            );
            search.about_part(rule, "group", message, "leave `exclusive` or `group` out");
        }
    }
}
