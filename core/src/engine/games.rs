//! Games while one activity is decided: cards that are full, wins by chance, surprises by taste.

use super::Context;
use super::activity::{LineKind, Purchase};
use super::chance;
use super::counters::CounterKey;
use super::decision::{Effect, LotPart, Outcome, Reason, Refusal, Shares};
use super::prizes::{Giving, gift_of, give};
use super::purchase::{Checkout, Matched};
use super::quotas::{FOR_EVER, Quotas};
use super::working::WorkingLots;
use crate::member::{Lot, LotLife};
use crate::programme::{Preferences, Prize, PrizeGives, QuotaPer, Rule};
use crate::values::{Key, Overflow, Points, Quantity, Rate};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The counter of the pieces of a prize. What was handed over does not come back into the drum
/// when the purchase comes back; what was only written on an account does.
pub(super) fn stock_of(rule: &Key, prize: &Prize) -> CounterKey {
    let unit = if matches!(prize.gives, PrizeGives::Item(_)) { "pieces" } else { "times" };
    CounterKey {
        of: rule.clone(),
        per: QuotaPer::All,
        scope: prize.key.as_str().to_owned(),
        unit: Key::new(unit),
        from: FOR_EVER,
    }
}

/// What a rule that plays needs at hand.
pub(super) struct Play<'p, 'a, 'q> {
    pub context: &'p Context<'a>,
    pub day: Date,
    pub working: Option<&'p mut WorkingLots<'a>>,
    pub quotas: &'p mut Quotas<'q>,
    /// Shared counters that were looked at, with what is used of them.
    pub seen: &'p mut Vec<(CounterKey, i64)>,
    /// How points that are won are taken back with a receipt.
    pub shares: Shares,
    pub effects: &'p mut Vec<Effect>,
    pub reasons: &'p mut Vec<Reason>,
}

impl Play<'_, '_, '_> {
    /// Plays what a rule plays. Says whether it gave anything.
    pub fn play(&mut self, rule: &Rule) -> Result<bool, Refusal> {
        let won = match &rule.win {
            Some(win) => self.draw(rule, win.chance, &win.prizes)?,
            None => false,
        };
        let surprised =
            if rule.surprise.is_empty() { false } else { self.surprise(rule, &rule.surprise)? };
        Ok(won || surprised)
    }

    /// The same for an action, where nobody reads of what gave nothing unless it is `told`.
    pub fn play_on_action(mut self, rule: &Rule, told: bool) -> Result<bool, Refusal> {
        let gave = self.play(rule)?;
        if !gave && !told {
            self.reasons.retain(|reason| reason.about != rule.key);
        }
        Ok(gave)
    }

    /// A number below the chance wins one of the prizes that are left.
    fn draw(&mut self, rule: &Rule, below: Rate, prizes: &[Prize]) -> Result<bool, Refusal> {
        let left = self.prizes_left(rule, prizes)?;
        let Some(first) = left.first() else { return Ok(self.say(rule, Outcome::PrizesGone)) };
        let Some(chance) = self.context.shared.chance else {
            return Ok(self.say(rule, Outcome::DrawnWhenBooked));
        };
        let number = chance::percentage(chance, &rule.key);
        if number >= below {
            return Ok(self.say(rule, Outcome::NotWon { number, below }));
        }
        let all = left.iter().map(|prize| u64::from(prize.weight)).sum();
        let mut place = chance::below(chance, &rule.key, 1, all);
        let mut won = *first;
        for prize in left {
            if place < u64::from(prize.weight) {
                won = prize;
                break;
            }
            place -= u64::from(prize.weight);
        }
        self.say(rule, Outcome::Won { prize: won.key.clone(), number, below });
        self.hand_over(rule, won)
    }

    /// The gift whose category the member likes most; among equals the one with more weight, then
    /// the first.
    fn surprise(&mut self, rule: &Rule, gifts: &[Prize]) -> Result<bool, Refusal> {
        let left = self.prizes_left(rule, gifts)?;
        let liking = |gift: &Prize| match (&gift.category, self.context.member) {
            (Some(category), Some(member)) => member.taste(category),
            _ => Quantity::ZERO,
        };
        let mut best: Option<(Quantity, &Prize)> = None;
        for gift in left {
            let likes = liking(gift);
            let is_better = best.is_none_or(|(most, known)| {
                likes > most || (likes == most && gift.weight > known.weight)
            });
            if is_better {
                best = Some((likes, gift));
            }
        }
        let Some((likes, gift)) = best else { return Ok(self.say(rule, Outcome::PrizesGone)) };
        let category = gift.category.clone().filter(|_| likes.is_positive());
        self.say(rule, Outcome::Surprised { prize: gift.key.clone(), category });
        self.hand_over(rule, gift)
    }

    /// The prizes of which some are left, and which the budget of the rule can pay.
    fn prizes_left<'z>(
        &mut self,
        rule: &Rule,
        prizes: &'z [Prize],
    ) -> Result<Vec<&'z Prize>, Refusal> {
        let money = self.quotas.money_left(&rule.key, &[]).map(|(money, _)| money);
        let is_guest = self.working.is_none();
        let mut left = Vec::with_capacity(prizes.len());
        for prize in prizes {
            let needs_account =
                matches!(prize.gives, PrizeGives::Points { .. } | PrizeGives::Benefit { .. });
            if let Some(count) = prize.count {
                let counter = stock_of(&rule.key, prize);
                let used = self.context.shared.used(&counter, self.context.at)?;
                self.seen.push((counter, used));
                if used >= i64::from(count) {
                    continue;
                }
            }
            if money.is_none_or(|money| prize.worth <= money) && !(is_guest && needs_account) {
                left.push(prize);
            }
        }
        Ok(left)
    }

    fn hand_over(&mut self, rule: &Rule, prize: &Prize) -> Result<bool, Refusal> {
        let gift = gift_of(self.context.programme, prize, self.day)?;
        let giving = Giving {
            day: self.day,
            by: &rule.key,
            working: self.working.as_deref_mut(),
            shares: self.shares.clone(),
            effects: self.effects,
            reasons: self.reasons,
        };
        if !give(self.context, giving, &gift)? {
            return Ok(false);
        }
        if prize.count.is_some() {
            let counter = stock_of(&rule.key, prize);
            self.effects.push(Effect::CountShared { counter, change: 1 });
        }
        self.quotas.take(&rule.key, prize.worth)?;
        Ok(true)
    }

    /// Gives a reason; it is none for having given anything.
    fn say(&mut self, rule: &Rule, outcome: Outcome) -> bool {
        self.reasons.push(Reason { about: rule.key.clone(), outcome });
        false
    }
}

/// Plays the rules of a receipt. What is held draws nothing: it could be held again until it wins.
pub(super) fn play_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    for candidate in matched.iter_mut().filter(|candidate| candidate.rule.plays()) {
        let rule = candidate.rule;
        if checkout.is_held {
            let outcome = Outcome::DrawnWhenBooked;
            checkout.reasons.push(Reason { about: rule.key.clone(), outcome });
            continue;
        }
        let mut play = Play {
            context: &checkout.context,
            day: checkout.facts.day,
            working: checkout.working.as_mut(),
            quotas: &mut checkout.quotas,
            seen: &mut checkout.seen,
            shares: Shares::AllLines,
            effects: &mut checkout.effects,
            reasons: &mut checkout.reasons,
        };
        candidate.gave |= play.play(rule)?;
    }
    Ok(())
}

/// How many whole pieces of each of some lines there are, where it is any.
pub(super) fn pieces_of(purchase: &Purchase, lines: impl Iterator<Item = u32>) -> Vec<(u32, i64)> {
    let pieces = lines.filter_map(|line| {
        let bought = purchase.lines.get(line as usize)?;
        Some((line, bought.quantity.units() / 10_i64.pow(u32::from(Quantity::DECIMALS))))
    });
    pieces.filter(|(_, pieces)| *pieces > 0).collect()
}

/// Where the cards of a decision are filled.
pub(super) struct Cards<'c, 'a> {
    pub context: &'c Context<'a>,
    pub day: Date,
    pub working: &'c mut WorkingLots<'a>,
    pub effects: &'c mut Vec<Effect>,
    pub reasons: &'c mut Vec<Reason>,
}

impl Cards<'_, '_> {
    /// Fills cards with the stamps that are there, those that were just given among them.
    pub fn fill(&mut self) -> Result<(), Refusal> {
        let programme = self.context.programme;
        for kind in programme.points.iter().filter(|kind| kind.card.is_some()) {
            let Some(card) = &kind.card else { continue };
            let is_new = |effect: &Effect| match effect {
                Effect::Earn { points, .. } => *points == kind.key,
                _ => false,
            };
            let is_stamped = self.effects.iter().any(is_new);
            if let Some(prize) = &card.gives {
                self.open_new(&kind.key)?;
                while self.working.available(&kind.key)?.0 >= card.of {
                    let parts = self.working.take(&kind.key, card.of, false)?.parts;
                    self.give_full(&kind.key, card.of, parts, prize)?;
                }
            }
            if is_stamped {
                let available = self.stamps(&kind.key)?;
                let on_card = Points::new(available.units() % card.of.units());
                let outcome = Outcome::Stamped { points: kind.key.clone(), on_card, of: card.of };
                self.reasons.push(Reason { about: kind.key.clone(), outcome });
            }
        }
        Ok(())
    }

    /// The stamps that there are after this decision.
    fn stamps(&self, kind: &Key) -> Result<Points, Refusal> {
        let mut stamps = self.working.available(kind)?.0;
        for (_, remaining) in self.new_lots(kind)? {
            stamps = stamps.plus(remaining)?;
        }
        Ok(stamps)
    }

    fn give_full(
        &mut self,
        kind: &Key,
        of: Points,
        parts: Vec<LotPart>,
        prize: &Prize,
    ) -> Result<(), Refusal> {
        self.effects.push(Effect::Spend {
            by: kind.clone(),
            points: kind.clone(),
            amount: of,
            parts,
            lines: Vec::new(),
        });
        let outcome = Outcome::CardFilled { points: kind.clone(), of };
        self.reasons.push(Reason { about: kind.clone(), outcome });
        let gift = gift_of(self.context.programme, prize, self.day)?;
        let giving = Giving {
            day: self.day,
            by: kind,
            working: Some(&mut *self.working),
            shares: Shares::None,
            effects: &mut *self.effects,
            reasons: &mut *self.reasons,
        };
        give(self.context, giving, &gift).map(|_| ())
    }

    /// The lots that this decision gave and that can be spent now, with what is left of each;
    /// without those that joined the others already.
    fn new_lots(&self, kind: &Key) -> Result<Vec<(LotOf, Points)>, Overflow> {
        let mut lots = Vec::new();
        for effect in self.effects.iter() {
            let Effect::Earn { points, amount, lot, available_at, awaits, expires, .. } = effect
            else {
                continue;
            };
            if points != kind || available_at.is_some() || awaits.is_some() {
                continue;
            }
            let mut remaining = *amount;
            for other in self.effects.iter() {
                match other {
                    Effect::Repay { points, amount, lot: of } if (points, of) == (kind, lot) => {
                        remaining = remaining.minus(*amount)?;
                    }
                    Effect::Spend { parts, .. } => {
                        for part in parts.iter().filter(|part| part.lot == *lot) {
                            remaining = remaining.minus(part.amount)?;
                        }
                    }
                    _ => {}
                }
            }
            let joined = self.working.lots.iter().any(|known| known.number == *lot);
            if remaining.is_positive() && !joined {
                lots.push((LotOf { number: *lot, granted: *amount, expires: *expires }, remaining));
            }
        }
        Ok(lots)
    }

    /// Lets stamps of this decision join the others.
    fn open_new(&mut self, kind: &Key) -> Result<(), Overflow> {
        for (LotOf { number, granted, expires }, remaining) in self.new_lots(kind)? {
            let (activity, earned_on) = (self.context.activity, self.day);
            let life =
                LotLife { granted, available_at: None, awaits: None, expires, earned_on, activity };
            self.working.open(Lot { number, points: kind.clone(), remaining, life });
        }
        Ok(())
    }
}

/// A lot that was just granted.
struct LotOf {
    number: u32,
    granted: Points,
    expires: crate::member::Expiry,
}

/// Fills the cards of a receipt. A receipt that is only held fills none: its stamps are not there
/// yet, and the next activity finds them.
pub(super) fn fill_cards(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let has_cards = checkout.context.programme.points.iter().any(|kind| kind.card.is_some());
    if !has_cards || checkout.is_held {
        return Ok(());
    }
    let Some(working) = checkout.working.as_mut() else { return Ok(()) };
    let mut cards = Cards {
        context: &checkout.context,
        day: checkout.facts.day,
        working,
        effects: &mut checkout.effects,
        reasons: &mut checkout.reasons,
    };
    cards.fill()
}

/// Fills the cards of an action.
pub(super) fn fill_on_action<'a>(
    context: &Context<'a>,
    day: Date,
    working: &mut WorkingLots<'a>,
    (effects, reasons): (&mut Vec<Effect>, &mut Vec<Reason>),
) -> Result<(), Refusal> {
    Cards { context, day, working, effects, reasons }.fill()
}

/// Counts what the member buys by category, where the programme keeps preferences (E10).
pub(super) fn count_tastes(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let keeps = checkout.context.programme.settings.preferences == Preferences::ByCategory;
    if !keeps || checkout.context.member.is_none() {
        return Ok(());
    }
    let goods = checkout.purchase.lines.iter().filter(|line| line.kind == LineKind::Goods);
    let tastes = goods.filter_map(|line| Some((line.category.clone()?, line.quantity)));
    let changes = summed(tastes)?;
    if !changes.is_empty() {
        checkout.effects.push(Effect::Taste { changes });
    }
    Ok(())
}

/// Quantities by category, each category once.
pub(super) fn summed(
    tastes: impl Iterator<Item = (String, Quantity)>,
) -> Result<Vec<(String, Quantity)>, Overflow> {
    let mut sums: BTreeMap<String, Quantity> = BTreeMap::new();
    for (category, quantity) in tastes {
        let sum = sums.entry(category).or_default();
        *sum = sum.plus(quantity)?;
    }
    Ok(sums.into_iter().collect())
}
