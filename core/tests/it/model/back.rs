//! The model takes back: returns of receipts and products, and voids.

use super::Answer;
use super::sums::{Fraction, rounded};
use super::world::{Fate, Happening, Now, Past, What, World};
use std::collections::BTreeMap;
use symbolon_core::engine::Returned;
use symbolon_core::programme::{EarnedPointsOnReturn, OwnPoints};
use symbolon_core::values::ActivityId;

/// Thousandths by line.
type Lines = BTreeMap<u32, i64>;

/// The share of a part of a line in something of which `before` went back already.
fn part_of(whole: i64, before: i64, quantity: i64, bought: i64, is_last: bool) -> i64 {
    if is_last {
        return whole - before;
    }
    let share = i128::from(whole) * i128::from(quantity) / i128::from(bought);
    i64::try_from(share).unwrap().min(whole - before)
}

impl World<'_> {
    fn place_of(&self, id: ActivityId) -> Option<usize> {
        self.past.iter().position(|past| past.id == id)
    }

    pub fn return_lines(
        &mut self,
        id: ActivityId,
        now: Now,
        returned: &Returned,
    ) -> Result<Answer, &'static str> {
        let mut answer = Answer { expired: self.expire(now), ..Answer::default() };
        match returned {
            Returned::OfReceipt { receipt, lines } => {
                let place = self.place_of(*receipt).ok_or("unknown-activity")?;
                let mut wanted = Lines::new();
                for (line, quantity) in lines {
                    *wanted.entry(*line).or_default() += quantity.units();
                }
                self.take_back(now, place, &wanted, &mut answer)?;
            }
            Returned::WithoutReceipt { products } => {
                let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
                for (product, quantity) in products {
                    *wanted.entry(product).or_default() += quantity.units();
                }
                self.match_products(now, &mut wanted, &mut answer)?;
            }
        }
        self.finish(id, now, answer)
    }

    fn finish(&mut self, id: ActivityId, now: Now, answer: Answer) -> Result<Answer, &'static str> {
        self.past.push(Past::new(id, now, What::Final));
        Ok(answer)
    }

    fn match_products(
        &mut self,
        now: Now,
        wanted: &mut BTreeMap<&str, i64>,
        answer: &mut Answer,
    ) -> Result<(), &'static str> {
        let mut places: Vec<usize> = (0..self.past.len())
            .filter(|place| self.past[*place].at <= now.at && !self.past[*place].voided)
            .collect();
        places.sort_by_key(|place| (self.past[*place].at, *place));
        for place in places.into_iter().rev() {
            let What::Sale(sold) = &self.past[place].what else { continue };
            let mut lines = Lines::new();
            for (position, line) in sold.iter().enumerate() {
                let Some(want) = wanted.get_mut(line.product.as_str()) else { continue };
                let part = (line.bought - line.returned).min(*want);
                if part > 0 {
                    *want -= part;
                    lines.insert(u32::try_from(position).unwrap(), part);
                }
            }
            if !lines.is_empty() {
                self.take_back(now, place, &lines, answer)?;
            }
        }
        Ok(())
    }

    pub fn void(
        &mut self,
        id: ActivityId,
        now: Now,
        of: ActivityId,
    ) -> Result<Answer, &'static str> {
        let place = self.place_of(of).ok_or("unknown-activity")?;
        if self.past[place].voided {
            return Err("already-voided");
        }
        let mut answer = Answer { expired: self.expire(now), ..Answer::default() };
        match self.past[place].what.clone() {
            What::Sale(sold) => {
                let rest: Lines = (0..)
                    .zip(&sold)
                    .filter(|(_, line)| line.returned < line.bought)
                    .map(|(position, line)| (position, line.bought - line.returned))
                    .collect();
                if rest.is_empty() {
                    return Err("already-voided");
                }
                self.take_back(now, place, &rest, &mut answer)?;
            }
            What::Deed => {
                for spend in 0..self.past[place].spends.len() {
                    let amount = self.past[place].spends[spend].amount;
                    self.restore(now, place, spend, amount, &mut answer);
                }
                for award in 0..self.past[place].awards.len() {
                    let amount = self.past[place].awards[award].amount;
                    self.reverse(now, place, award, amount, &mut answer);
                }
                self.happens(self.past[place].day, 0, -1, 0);
                self.release(place);
            }
            What::Final => return Err("not-reversible"),
        }
        self.past[place].voided = true;
        self.finish(id, now, answer)
    }

    fn take_back(
        &mut self,
        now: Now,
        place: usize,
        wanted: &Lines,
        answer: &mut Answer,
    ) -> Result<(), &'static str> {
        let What::Sale(mut sold) = self.past[place].what.clone() else {
            return Err("not-reversible");
        };
        if self.past[place].voided {
            return Err("already-voided");
        }
        let mut parts = Vec::new();
        for (line, quantity) in wanted {
            let known = sold.get_mut(*line as usize).ok_or("unknown-line")?;
            let left = known.bought - known.returned;
            if *quantity > left {
                return Err("more-than-bought");
            }
            let is_last = *quantity == left;
            let refund = part_of(known.net, known.refunded, *quantity, known.bought, is_last);
            known.returned += quantity;
            known.refunded += refund;
            parts.push((*line, *quantity, known.bought, is_last));
            answer.refunds.push((self.past[place].id, *line, *quantity, refund));
            self.happens(self.past[place].day, 0, 0, -refund);
        }
        let complete = sold.iter().all(|line| line.returned == line.bought);
        self.past[place].what = What::Sale(sold);
        for spend in 0..self.past[place].spends.len() {
            let back = self.due(place, &parts, |past| &mut past.spends[spend].shares);
            let known = &self.past[place].spends[spend];
            // What bought a benefit on this receipt has no line; it comes back with the last.
            let all = complete && known.shares.is_empty();
            let amount = if all { known.amount - known.restored } else { back };
            self.restore(now, place, spend, amount, answer);
        }
        for award in 0..self.past[place].awards.len() {
            let on_kept =
                self.shape.settings.earned_points_on_return == EarnedPointsOnReturn::OnWhatIsKept;
            let back = if on_kept {
                self.due_on_what_is_kept(place, award)
            } else {
                self.due(place, &parts, |past| &mut past.awards[award].shares)
            };
            self.reverse(now, place, award, back, answer);
        }
        if complete {
            self.happens(self.past[place].day, -1, -1, 0);
            self.release(place);
        }
        Ok(())
    }

    /// What of an award is more than it would be on what is kept; the award remembers it on its
    /// first line.
    fn due_on_what_is_kept(&mut self, place: usize, award: usize) -> i64 {
        let What::Sale(sold) = &self.past[place].what else { return 0 };
        let known = &self.past[place].awards[award];
        let held = known.amount - known.shares.iter().map(|(.., before)| before).sum::<i64>();
        let stays = |line: &u32| {
            let line = &sold[*line as usize];
            line.returned < line.bought
        };
        let kept = match &known.anew {
            None if known.shares.iter().any(|(line, ..)| stays(line)) => held,
            None => 0,
            Some(anew) => {
                let (mut basis, mut weighted) = (0, Fraction(0, 1));
                for (line, base, factor) in anew.lines.iter().filter(|(line, ..)| stays(line)) {
                    let line = &sold[*line as usize];
                    let back = part_of(*base, 0, line.returned, line.bought, false);
                    basis += base - back;
                    weighted = weighted.plus(factor.times(i128::from(base - back), 1));
                }
                let amount = match basis {
                    0 => Fraction(0, 1),
                    _ => self.rate(&anew.earn, basis).times(weighted.0, weighted.1),
                };
                let bottom = amount.1 * i128::from(basis.max(1));
                rounded(amount.0, bottom, self.kind(known.kind).rounding).min(held)
            }
        };
        self.past[place].awards[award].shares[0].2 += held - kept;
        held - kept
    }

    /// What of some shares goes back with these parts of lines; the shares remember it.
    fn due(
        &mut self,
        place: usize,
        parts: &[(u32, i64, i64, bool)],
        shares: impl Fn(&mut Past) -> &mut Vec<(u32, i64, i64)>,
    ) -> i64 {
        let mut sum = 0;
        for (line, whole, before) in shares(&mut self.past[place]) {
            let Some((_, quantity, bought, is_last)) = parts.iter().find(|part| part.0 == *line)
            else {
                continue;
            };
            let part = part_of(*whole, *before, *quantity, *bought, *is_last);
            *before += part;
            sum += part;
        }
        sum
    }

    /// Spent points go back to where they came from, the last ones first. What has run out
    /// there runs out again, and the rest pays what is owed.
    fn restore(&mut self, now: Now, place: usize, spend: usize, amount: i64, answer: &mut Answer) {
        if amount == 0 {
            return;
        }
        let spent = self.past[place].spends[spend].clone();
        let (mut skip, mut want) = (spent.restored, amount);
        for (grant, part) in spent.parts.iter().rev() {
            let skipped = skip.min(*part);
            skip -= skipped;
            let back = want.min(part - skipped);
            want -= back;
            if back > 0 {
                self.fates.push((*grant, Fate::Restored, back));
            }
        }
        assert_eq!(want, 0, "no more comes back than was taken");
        self.past[place].spends[spend].restored += amount;
        answer.restored.push((spent.kind, amount));
        answer.expired.extend(self.expire(now));
        let debt = self.debt(spent.kind);
        let own = self.take_own(place, spent.kind, debt);
        let others = self.take(now, spent.kind, debt - own, true);
        let paid = own + others.iter().map(|(_, part)| *part).sum::<i64>();
        if paid > 0 {
            self.debts.push((spent.kind, -paid));
            answer.repaid(spent.kind, paid);
        }
    }

    /// Takes from what an activity gave itself, where it could spend that.
    fn take_own(&mut self, place: usize, kind: usize, amount: i64) -> i64 {
        if self.shape.settings.own_points == OwnPoints::Later {
            return 0;
        }
        let mut missing = amount;
        for award in self.past[place].awards.clone() {
            let part = if award.kind == kind { self.left(award.grant).min(missing) } else { 0 };
            self.fates.push((award.grant, Fate::Gone, part));
            missing -= part;
        }
        amount - missing
    }

    fn reverse(&mut self, now: Now, place: usize, award: usize, amount: i64, answer: &mut Answer) {
        if amount == 0 {
            return;
        }
        let Past { day, .. } = self.past[place];
        let (kind, grant) =
            (self.past[place].awards[award].kind, self.past[place].awards[award].grant);
        let earned = Some((kind, -amount));
        self.happenings.push(Happening { day, visits: 0, activities: 0, spent: 0, earned });
        let own = self.left(grant).min(amount);
        self.fates.push((grant, Fate::Gone, own));
        let lapsed = self.lapsed(grant).min(amount - own);
        self.fates.push((grant, Fate::Excused, lapsed));
        let mut missing = amount - own - lapsed;
        missing -= self.take_own(place, kind, missing);
        let others: i64 = self.take(now, kind, missing, true).iter().map(|(_, part)| *part).sum();
        let short = missing - others;
        let (owed, forgiven) = if self.kind(kind).forgives { (0, short) } else { (short, 0) };
        self.debts.push((kind, owed));
        answer.reversed.push((kind, amount, lapsed, owed, forgiven));
    }

    /// Limits count it no more, and the benefits that it bought are gone.
    fn release(&mut self, place: usize) {
        let Past { id, uses, .. } = self.past[place].clone();
        self.uses.extend(uses.into_iter().map(|(key, from)| (key, from, -1)));
        self.benefits.retain(|(by, _)| *by != id);
    }
}
