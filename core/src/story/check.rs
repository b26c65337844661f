//! Whether what a step of a story expects came true.
//!
//! It reads what was decided and how all stand, and never plays anything.

use super::companies::{recalled_by, sent_by};
use super::instruments::{Drawer, code_problem};
use super::parse::{Expectation, Verb};
use super::people;
use crate::engine::{Book, Decision, Effect, Outcome, Refusal, announcements, tier_on};
use crate::programme::Programme;
use crate::values::{Key, Money, Points, Quantity, format_decimal, parse_decimal};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What an expectation may look at.
pub(super) struct Scene<'a> {
    pub(super) programme: &'a Programme,
    pub(super) book: &'a Book,
    /// As they were before the step.
    pub(super) books: &'a BTreeMap<String, Book>,
    pub(super) drawer: &'a Drawer,
    pub(super) told: &'a [Key],
    pub(super) verb: &'a Verb,
    pub(super) at: Timestamp,
}

type Played<'a> = Option<&'a Result<Decision, Refusal>>;

impl Scene<'_> {
    pub(super) fn check(
        &self,
        expectation: &Expectation,
        played: Played<'_>,
    ) -> Result<(), String> {
        let decision = played.and_then(|result| result.as_ref().ok());
        let moved = |points: &str, of: fn(&Effect) -> Option<(&Key, Points)>| -> i128 {
            let effects = decision.map_or(&[][..], |decision| &decision.effects);
            let mine = effects.iter().filter_map(of).filter(|(key, _)| key.as_str() == points);
            mine.map(|(_, amount)| i128::from(amount.units())).sum()
        };
        match expectation {
            Expectation::Earns(amount, points) => {
                self.same_points(amount, points, moved(points, earned_by))
            }
            Expectation::Spends(amount, points) => {
                self.same_points(amount, points, moved(points, spent_by))
            }
            Expectation::GetsBack(amount, points) => {
                self.same_points(amount, points, moved(points, restored_by))
            }
            Expectation::Loses(amount, points) => {
                self.same_points(amount, points, moved(points, lost_by))
            }
            Expectation::Shares(amount, points) => {
                self.same_points(amount, points, moved(points, sent_by))
            }
            Expectation::CallsBack(amount, points) => {
                self.same_points(amount, points, moved(points, recalled_by))
            }
            Expectation::Sends { amount, points, to } => {
                let to = people::id_of(self.books, to)?;
                self.same_points(amount, points, people::sent_to(decision, points, to))
            }
            Expectation::EarnsNothing => {
                let earned = decision.is_some_and(|decision| {
                    decision.effects.iter().any(|effect| earned_by(effect).is_some())
                });
                same("nothing", if earned { "something" } else { "nothing" })
            }
            Expectation::Owes(..) | Expectation::Has(..) | Expectation::WaitsFor(..) => {
                self.check_balance(expectation)
            }
            Expectation::Pays(amount) => {
                let net = decision.map_or(&[][..], |decision| &decision.net);
                self.same_money(amount, net.iter().map(|net| i128::from(net.units())).sum())
            }
            Expectation::IsRefunded(amount) => {
                let refund = decision.map(Decision::refund).transpose();
                let refund = refund.map_err(|error| error.to_string())?.flatten();
                self.same_money(amount, i128::from(refund.unwrap_or_default().units()))
            }
            Expectation::IsOn { tier, ladder } => self.check_tier(tier, ladder),
            Expectation::HasBenefit(benefit) => self.check_benefit(benefit, true),
            Expectation::LacksBenefit(benefit) => self.check_benefit(benefit, false),
            Expectation::IsOffered(rule) => {
                let offered = decision.is_some_and(|decision| {
                    decision
                        .effects
                        .iter()
                        .any(|effect| matches!(effect, Effect::Offer { by } if by.as_str() == rule))
                });
                if offered { Ok(()) } else { Err(format!("`{rule}` was not offered")) }
            }
            Expectation::Time(expectation) => self.check_time(expectation),
            Expectation::IsToldOf(rule) => self.check_announcement(rule.as_deref()),
            Expectation::ReadsNothingOf(rule) => self.check_silence(rule, decision),
            Expectation::IsHanded { .. } | Expectation::GetsOff { .. } => {
                self.check_given(expectation, decision)
            }
            Expectation::GaveNothing { about, why } => self.check_reason(about, why, decision),
            Expectation::IsIssued(_)
            | Expectation::HasLeft { .. }
            | Expectation::IsNow { .. }
            | Expectation::CodeFails { .. } => self.check_instrument(expectation, played),
            Expectation::IsRefused(code) => match played {
                Some(Err(refusal)) => same(code, refusal.code()),
                _ => Err(format!("expected a refusal `{code}`, but it was booked")),
            },
            Expectation::Likes(category) => {
                let member = self.book.member.as_ref().ok_or("not a member")?;
                let tastes = member.tastes.iter();
                let most = tastes.max_by_key(|(of, much)| (**much, std::cmp::Reverse(*of)));
                same(category, most.map_or("nothing", |(category, _)| category))
            }
            Expectation::Unmatched(quantity, product) => {
                check_unmatched(quantity, product, decision)
            }
        }
    }

    /// Whether the reasons that till and member read speak of a rule.
    fn check_silence(&self, rule: &str, decision: Option<&Decision>) -> Result<(), String> {
        decision.ok_or("nothing was decided")?;
        // A misspelt rule would be read of nowhere.
        let known = self.programme.find_rule(rule);
        known.ok_or(format!("there is no rule `{rule}`"))?;
        let is_told = self.told.iter().any(|about| about.as_str() == rule);
        if is_told { Err(format!("till and member read of `{rule}`")) } else { Ok(()) }
    }

    fn check_balance(&self, expectation: &Expectation) -> Result<(), String> {
        let (Expectation::Owes(amount, points)
        | Expectation::Has(amount, points)
        | Expectation::WaitsFor(amount, points)) = expectation
        else {
            return Ok(());
        };
        let member = self.book.member.as_ref().ok_or("not a member")?;
        let balance = member
            .balance(points, self.at, &self.programme.zone)
            .map_err(|error| error.to_string())?;
        let found = match expectation {
            Expectation::Owes(..) => balance.debt,
            Expectation::WaitsFor(..) => balance.pending,
            _ => balance.available,
        };
        self.same_points(amount, points, i128::from(found.units()))
    }

    fn check_instrument(
        &self,
        expectation: &Expectation,
        played: Played<'_>,
    ) -> Result<(), String> {
        match expectation {
            Expectation::IsIssued(wanted) => {
                let effects = played.and_then(|result| result.as_ref().ok());
                let effects = effects.map_or(&[][..], |decision| &decision.effects);
                let is_issued = effects.iter().any(|effect| {
                    matches!(effect, Effect::IssueCoupon { coupon, .. } if coupon.as_str() == wanted)
                });
                if is_issued { Ok(()) } else { Err(format!("`{wanted}` was not issued")) }
            }
            Expectation::HasLeft { amount, instrument } => {
                let left = self.drawer.get(instrument)?.value_left;
                self.same_money(amount, i128::from(left.units()))
            }
            Expectation::IsNow { instrument, status } => {
                same(status, self.drawer.get(instrument)?.status(self.at).name())
            }
            Expectation::CodeFails { instrument, why } => {
                let Verb::Buys { codes, .. } = self.verb else {
                    return Err("no code was shown".to_owned());
                };
                if !codes.contains(instrument) {
                    return Err(format!("`{instrument}` was not shown"));
                }
                // A code that was shown twice holds at its first place alone.
                let mut places = codes.iter().enumerate().filter(|(_, code)| *code == instrument);
                let found = places.find_map(|(place, _)| code_problem(played, place));
                same(why, found.map_or("it holds", |problem| problem.name()))
            }
            _ => Ok(()),
        }
    }

    /// What one rule gave: pieces on top, or money off.
    fn check_given(
        &self,
        expectation: &Expectation,
        decision: Option<&Decision>,
    ) -> Result<(), String> {
        let effects = decision.map_or(&[][..], |decision| &decision.effects);
        match expectation {
            Expectation::IsHanded { pieces, product, by } => {
                let handed = effects.iter().map(|effect| match effect {
                    Effect::FreeItem { by: known, line: None, products, pieces }
                        if known.as_str() == by && products.contains(product) =>
                    {
                        u64::from(*pieces)
                    }
                    _ => 0,
                });
                same(pieces, &handed.sum::<u64>().to_string())
            }
            Expectation::GetsOff { amount, by } => {
                let taken = effects.iter().map(|effect| match effect {
                    Effect::Discount { by: known, amount, .. } if known.as_str() == by => {
                        i128::from(amount.units())
                    }
                    _ => 0,
                });
                self.same_money(amount, taken.sum())
            }
            _ => Ok(()),
        }
    }

    fn check_announcement(&self, rule: Option<&str>) -> Result<(), String> {
        let told = announcements(self.programme, self.at).map_err(|error| error.to_string())?;
        let told: Vec<&str> = told.iter().map(|told| told.rule.as_str()).collect();
        let holds = match rule {
            Some(rule) => told.contains(&rule),
            None => told.is_empty(),
        };
        if holds { Ok(()) } else { Err(format!("members are told of {told:?}")) }
    }

    fn check_tier(&self, tier: &str, ladder: &str) -> Result<(), String> {
        let member = self.book.member.as_ref().ok_or("not a member")?;
        let found = self.programme.ladders.iter().find(|known| known.key.as_str() == ladder);
        let found = found.ok_or(format!("there is no ladder `{ladder}`"))?;
        let day = self.programme.zone.day(self.at);
        let rank = tier_on(self.programme, found, member, day).map_err(|e| e.to_string())?;
        same(tier, found.tiers[usize::from(rank)].key.as_str())
    }

    fn check_reason(
        &self,
        about: &str,
        why: &str,
        decision: Option<&Decision>,
    ) -> Result<(), String> {
        let decision = decision.ok_or("nothing was decided")?;
        let of_rule = decision.reasons.iter().filter(|reason| reason.about.as_str() == about);
        let names: Vec<&str> = of_rule.map(|reason| reason.outcome.name()).collect();
        if names.contains(&why) {
            return Ok(());
        }
        Err(format!("expected `{why}` about `{about}`, found {names:?}"))
    }

    pub(super) fn same_points(
        &self,
        expected: &str,
        points: &str,
        found: i128,
    ) -> Result<(), String> {
        let (_, kind) =
            self.programme.find_points(points).ok_or(format!("no point kind `{points}`"))?;
        let expected = parse_decimal(expected, kind.decimals).map_err(|error| error.to_string())?;
        let found = i64::try_from(found).map_err(|_| "the sum does not fit".to_owned())?;
        same(&format_decimal(expected, kind.decimals), &format_decimal(found, kind.decimals))
    }

    fn same_money(&self, expected: &str, found: i128) -> Result<(), String> {
        let currency = self.programme.currency;
        let expected = currency.parse(expected).map_err(|error| error.to_string())?;
        let found = i64::try_from(found).map_err(|_| "the sum does not fit".to_owned())?;
        same(&currency.format(expected), &currency.format(Money::new(found)))
    }
}

/// How much of what came back was found on no receipt.
fn check_unmatched(
    quantity: &str,
    product: &str,
    decision: Option<&Decision>,
) -> Result<(), String> {
    let reasons = decision.map_or(&[][..], |decision| &decision.reasons);
    let found = reasons.iter().find_map(|reason| match reason.outcome {
        Outcome::Unmatched { quantity } if reason.about.as_str() == product => Some(quantity),
        _ => None,
    });
    let found = found.unwrap_or(Quantity::ZERO).units();
    let expected =
        parse_decimal(quantity, Quantity::DECIMALS).map_err(|error| error.to_string())?;
    same(&format_decimal(expected, 3), &format_decimal(found, 3))
}

pub(super) fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected {expected}, found {found}")) }
}

fn earned_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Earn { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}

fn spent_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Spend { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}

fn restored_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Restore { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}

fn lost_by(effect: &Effect) -> Option<(&Key, Points)> {
    match effect {
        Effect::Reverse { points, amount, .. } => Some((points, *amount)),
        _ => None,
    }
}
