//! What a programme came to, in exact sums.
//!
//! Money is in its smallest unit, points in theirs. What something is worth is computed once, at
//! the end, from sums; nothing is rounded on the way.

use super::judge::Told;
use super::past::Past;
use jiff::civil::Date;
use std::collections::BTreeMap;
use symbolon_core::engine::{
    Activity, Book, CounterKey, Decision, Effect, Means, Purchase, Shared, tier_on,
};
use symbolon_core::ledger::{Account, Entry};
use symbolon_core::programme::{Programme, QuotaPer};
use symbolon_core::values::{
    ActivityId, Key, Money, Overflow, Points, Quantity, Rate, Rounding, line_amount,
};

/// Points of one kind, from entry to entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PointFlow {
    pub earned: i128,
    /// Given and taken by a person, together.
    pub adjusted: i128,
    pub spent: i128,
    pub restored: i128,
    pub expired: i128,
    /// Taken back by returns and voids, whatever paid for it.
    pub taken_back: i128,
    pub forgiven: i128,
    pub withheld: i128,
    /// All that entries did to balances.
    pub change: i128,
}

impl PointFlow {
    fn follow(&mut self, entry: &Entry) {
        let amount = i128::from(entry.amount.units());
        self.change += entry.change();
        match (entry.from, entry.to) {
            (Account::Issued, _) => self.earned += amount,
            (Account::Adjusted, _) => self.adjusted += amount,
            (_, Account::Adjusted) => self.adjusted -= amount,
            (_, Account::Redeemed) => self.spent += amount,
            (Account::Redeemed, _) => self.restored += amount,
            (_, Account::Expired) => self.expired += amount,
            _ => {}
        }
        if entry.to == Account::Issued {
            self.taken_back += amount;
            match entry.from {
                Account::Expired => self.expired -= amount,
                Account::Forgiven => self.forgiven += amount,
                Account::Withheld => self.withheld += amount,
                _ => {}
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.earned += other.earned;
        self.adjusted += other.adjusted;
        self.spent += other.spent;
        self.restored += other.restored;
        self.expired += other.expired;
        self.taken_back += other.taken_back;
        self.forgiven += other.forgiven;
        self.withheld += other.withheld;
        self.change += other.change;
    }
}

/// One kind of points at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindFigures {
    pub flow: PointFlow,
    /// What members have at the end: what the shop owes them.
    pub liability: i128,
    /// What members owe.
    pub debt: i128,
    /// Spent on what no receipt shows, such as benefits, and not given back.
    pub spent_elsewhere: i128,
}

/// The sums of one programme. All of them can be added, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub receipts: u64,
    pub returns: u64,
    pub others: u64,
    pub members: u64,
    /// By the code of the refusal.
    pub refused: BTreeMap<String, u64>,
    /// Receipts and redemptions that asked for rewards, codes or payments, and those of them
    /// that could not have them.
    pub redemptions_tried: u64,
    pub redemptions_refused: u64,
    /// At list prices, and what came back of it at the same prices.
    pub listed: i128,
    pub listed_back: i128,
    /// What was paid in money, and what was paid back.
    pub paid: i128,
    pub refunded: i128,
    /// What certificates paid, which had been sold for money before.
    pub certificates: i128,
    /// Discounts by rule or reward, before returns.
    pub discounts: BTreeMap<Key, i128>,
    /// Of lines whose cost is known: what they brought and what they cost, less what came back.
    pub known_listed: i128,
    pub known_paid: i128,
    pub known_cost: i128,
    /// By the programme's order of point kinds.
    pub points: Vec<KindFigures>,
    /// Members by tier at the end, by ladder.
    pub tiers: Vec<Vec<u64>>,
    /// Moves from tier to tier, by ladder.
    pub moves: BTreeMap<(Key, Key, Key), u64>,
    pub used_up: BTreeMap<CounterKey, Date>,
    /// Whatever could not be summed; there is none, or a figure would be wrong.
    pub errors: u64,
}

/// Limits that are not one member's own, by what they count and how much.
pub type SharedLimits = Vec<(Key, QuotaPer, Key, i64)>;

/// All limits of a programme that are not one member's own.
#[must_use]
pub fn shared_limits(programme: &Programme) -> SharedLimits {
    let rules = programme.rules.iter().map(|rule| (&rule.key, &rule.quotas));
    let rewards = programme.rewards.iter().map(|reward| (&reward.key, &reward.quotas));
    let campaigns = programme.campaigns.iter().map(|campaign| (&campaign.key, &campaign.quotas));
    let all = rules.chain(rewards).chain(campaigns);
    all.flat_map(|(key, quotas)| quotas.iter().map(move |quota| (key, quota)))
        .filter(|(_, quota)| quota.per != QuotaPer::Member)
        .map(|(key, quota)| (key.clone(), quota.per, quota.most.unit(), quota.most.units()))
        .collect()
}

impl Figures {
    #[must_use]
    pub fn new(programme: &Programme) -> Self {
        Self {
            points: vec![KindFigures::default(); programme.points.len()],
            tiers: programme.ladders.iter().map(|ladder| vec![0; ladder.tiers.len()]).collect(),
            ..Self::default()
        }
    }

    /// Follows the entries of one booking.
    pub fn follow_entries(&mut self, programme: &Programme, entries: &[Entry]) {
        for entry in entries {
            match programme.find_points(entry.points.as_str()) {
                Some((kind, _)) => self.points[kind].flow.follow(entry),
                None => self.errors += 1,
            }
        }
    }

    /// Follows what came of one activity. `book` is as it is after it.
    pub fn follow(&mut self, programme: &Programme, past: &Past, told: &Told, book: &Book) {
        if told.without.is_some() {
            self.redemptions_tried += 1;
            self.redemptions_refused += 1;
        }
        match &past.activity {
            Activity::Purchase(purchase) => {
                self.receipts += 1;
                if told.without.is_none() && !is_plain(purchase) {
                    self.redemptions_tried += 1;
                }
                if self.receipt(purchase, &told.decision).is_err() {
                    self.errors += 1;
                }
            }
            Activity::Redemption { .. } => {
                self.others += 1;
                self.redemptions_tried += 1;
            }
            Activity::Return { .. } | Activity::Void { .. } => self.returns += 1,
            _ => self.others += 1,
        }
        self.follow_entries(programme, &told.entries);
        for effect in &told.decision.effects {
            if self.effect(programme, past.id, effect, book).is_err() {
                self.errors += 1;
            }
        }
    }

    /// Notes what was refused.
    pub fn refuse(&mut self, past: &Past, code: String) {
        if matches!(past.activity, Activity::Redemption { .. }) {
            self.redemptions_tried += 1;
            self.redemptions_refused += 1;
        }
        *self.refused.entry(code).or_default() += 1;
    }

    fn receipt(&mut self, purchase: &Purchase, decision: &Decision) -> Result<(), Overflow> {
        for (line, net) in purchase.lines.iter().zip(&decision.net) {
            let listed = line_amount(line.unit_price, line.quantity, Rounding::HalfUp)?;
            self.listed += i128::from(listed.units());
            self.paid += i128::from(net.units());
            if let Some(cost) = line.unit_cost {
                let cost = line_amount(cost, line.quantity, Rounding::HalfUp)?;
                self.known_listed += i128::from(listed.units());
                self.known_paid += i128::from(net.units());
                self.known_cost += i128::from(cost.units());
            }
        }
        Ok(())
    }

    fn effect(
        &mut self,
        programme: &Programme,
        activity: ActivityId,
        effect: &Effect,
        book: &Book,
    ) -> Result<(), Overflow> {
        match effect {
            Effect::Discount { by, amount, .. } => {
                *self.discounts.entry(by.clone()).or_default() += i128::from(amount.units());
            }
            Effect::ReturnLine { receipt, line, quantity, refund } => {
                let record = book.records.get(receipt).ok_or(Overflow)?;
                let Activity::Purchase(purchase) = &record.activity else { return Err(Overflow) };
                let bought = purchase.lines.get(*line as usize).ok_or(Overflow)?;
                // What was returned up to and with this part, less up to it: parts sum exactly.
                let after = record.progress.line(*line).returned;
                let before = after.minus(*quantity)?;
                let part = |price: Money| -> Result<i128, Overflow> {
                    let all = |q: Quantity| line_amount(price, q, Rounding::HalfUp);
                    Ok(i128::from(all(after)?.units()) - i128::from(all(before)?.units()))
                };
                let (listed, refund) = (part(bought.unit_price)?, i128::from(refund.units()));
                self.listed_back += listed;
                self.refunded += refund;
                if let Some(cost) = bought.unit_cost {
                    self.known_listed -= listed;
                    self.known_paid -= refund;
                    self.known_cost -= part(cost)?;
                }
            }
            // Points that are missing were kept back from the refund in money.
            Effect::Reverse { money, .. } => self.refunded -= i128::from(money.units()),
            Effect::Pay { means: Means::Certificate { .. }, amount, .. } => {
                self.certificates += i128::from(amount.units());
            }
            Effect::Refill { amount, .. } => self.certificates -= i128::from(amount.units()),
            // What made lines cheaper is seen in what was paid.
            Effect::Spend { points, amount, lines, .. } if lines.is_empty() => {
                self.elsewhere(programme, points, *amount, 1);
            }
            Effect::Restore { of, effect, points, amount, .. } if *of != activity => {
                let spend = book
                    .records
                    .get(of)
                    .and_then(|record| record.decision.effects.get(usize::try_from(*effect).ok()?));
                if let Some(Effect::Spend { lines, .. }) = spend
                    && lines.is_empty()
                {
                    self.elsewhere(programme, points, *amount, -1);
                }
            }
            Effect::Tier { ladder, from, to } => {
                let moved = (ladder.clone(), from.clone(), to.clone());
                *self.moves.entry(moved).or_default() += 1;
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes points that bought what no receipt shows the price of.
    fn elsewhere(&mut self, programme: &Programme, points: &Key, amount: Points, sign: i128) {
        match programme.find_points(points.as_str()) {
            Some((kind, _)) => {
                self.points[kind].spent_elsewhere += sign * i128::from(amount.units());
            }
            None => self.errors += 1,
        }
    }

    /// Notes limits that a booking used up. `shared` is as it is after it.
    pub fn follow_limits(&mut self, limits: &SharedLimits, decision: &Decision, shared: &Shared) {
        for effect in &decision.effects {
            let Effect::CountShared { counter, .. } = effect else { continue };
            let limit = limits.iter().find(|(of, per, unit, _)| {
                *of == counter.of && *per == counter.per && *unit == counter.unit
            });
            let Some((_, _, _, most)) = limit else { continue };
            let known = shared.counters.get(counter);
            if known.is_some_and(|known| known.used >= *most) {
                self.used_up.entry(counter.clone()).or_insert(decision.day);
            }
        }
    }

    /// Takes the standing of a member at the end.
    pub fn close(&mut self, programme: &Programme, book: &Book, day: Date) {
        let Some(state) = &book.member else { return };
        self.members += 1;
        for lot in &state.lots {
            match programme.find_points(lot.points.as_str()) {
                Some((kind, _)) => {
                    self.points[kind].liability += i128::from(lot.remaining.units());
                }
                None => self.errors += 1,
            }
        }
        for (points, owed) in &state.debts {
            match programme.find_points(points.as_str()) {
                Some((kind, _)) => self.points[kind].debt += i128::from(owed.units()),
                None => self.errors += 1,
            }
        }
        for (ladder, counts) in programme.ladders.iter().zip(&mut self.tiers) {
            let rank = tier_on(programme, ladder, state, day).map(usize::from);
            match rank.ok().and_then(|rank| counts.get_mut(rank)) {
                Some(count) => *count += 1,
                None => self.errors += 1,
            }
        }
    }

    /// Adds the sums of another part of the same past under the same programme.
    pub fn add(&mut self, other: &Self) {
        self.receipts += other.receipts;
        self.returns += other.returns;
        self.others += other.others;
        self.members += other.members;
        self.redemptions_tried += other.redemptions_tried;
        self.redemptions_refused += other.redemptions_refused;
        self.listed += other.listed;
        self.listed_back += other.listed_back;
        self.paid += other.paid;
        self.refunded += other.refunded;
        self.certificates += other.certificates;
        self.known_listed += other.known_listed;
        self.known_paid += other.known_paid;
        self.known_cost += other.known_cost;
        self.errors += other.errors;
        for (code, count) in &other.refused {
            *self.refused.entry(code.clone()).or_default() += count;
        }
        for (by, amount) in &other.discounts {
            *self.discounts.entry(by.clone()).or_default() += amount;
        }
        for (sum, part) in self.points.iter_mut().zip(&other.points) {
            sum.flow.add(&part.flow);
            sum.liability += part.liability;
            sum.debt += part.debt;
            sum.spent_elsewhere += part.spent_elsewhere;
        }
        for (sum, part) in self.tiers.iter_mut().zip(&other.tiers) {
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        for (moved, count) in &other.moves {
            *self.moves.entry(moved.clone()).or_default() += count;
        }
        for (counter, day) in &other.used_up {
            let known = self.used_up.entry(counter.clone()).or_insert(*day);
            *known = (*known).min(*day);
        }
    }

    /// How many kinds of points have balances that entries do not explain; there is none (I2).
    #[must_use]
    pub fn wrong_balances(&self) -> u64 {
        let is_wrong = |kind: &&KindFigures| kind.flow.change != kind.liability - kind.debt;
        self.points.iter().filter(is_wrong).count() as u64
    }

    /// What was sold at list prices, less what came back.
    #[must_use]
    pub fn sales(&self) -> i128 {
        self.listed - self.listed_back
    }

    /// What customers got without paying money for it: discounts, rewards on receipts, and
    /// payments with points, less what came back.
    #[must_use]
    pub fn given(&self) -> i128 {
        self.sales() - (self.paid - self.refunded) - self.certificates
    }

    /// What points are worth in the smallest unit of money, by what each kind states; `None`
    /// where a kind says nothing about it.
    #[must_use]
    pub fn worth_of(
        programme: &Programme,
        worths: &Worths,
        kind: usize,
        points: i128,
    ) -> Option<i128> {
        let kind = programme.points.get(kind)?;
        let worth = worths.get(&kind.key).copied().or(kind.worth)?;
        let minor = 10_i128.pow(u32::from(programme.currency.exponent()));
        let numerator = points * i128::from(worth.units()) * minor;
        let divisor = 10_i128.pow(u32::from(kind.decimals) + 6);
        Some(rounded(numerator, divisor))
    }

    /// What the programme cost: what was given at the till, what points bought elsewhere, and
    /// what is still owed, each kind at its worth.
    #[must_use]
    pub fn cost(&self, programme: &Programme, worths: &Worths) -> i128 {
        let valued = self.points.iter().enumerate().filter_map(|(position, kind)| {
            let points = kind.liability - kind.debt + kind.spent_elsewhere;
            Self::worth_of(programme, worths, position, points)
        });
        self.given() + valued.sum::<i128>()
    }
}

/// What points are said to be worth beside what the programme says, by kind.
pub type Worths = BTreeMap<Key, Rate>;

/// Divides and rounds once, halves away from zero.
#[must_use]
pub fn rounded(numerator: i128, divisor: i128) -> i128 {
    let half = divisor / 2;
    let magnitude = (numerator.abs() + half) / divisor;
    if numerator < 0 { -magnitude } else { magnitude }
}

/// Smallest units as a decimal, whatever their size.
#[must_use]
pub fn decimal(units: i128, decimals: u8) -> String {
    let divisor = 10_u128.pow(u32::from(decimals));
    let (whole, fraction) = (units.unsigned_abs() / divisor, units.unsigned_abs() % divisor);
    let sign = if units < 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{fraction:0>width$}", width = usize::from(decimals))
}

fn is_plain(purchase: &Purchase) -> bool {
    purchase.rewards.is_empty() && purchase.codes.is_empty() && purchase.pay.is_empty()
}
