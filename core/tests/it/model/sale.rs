//! The model sells: discounts, rewards and earnings of one receipt, and the smaller deeds.

use super::super::random::{
    Amount, Discount, Earn, Filter, Give, Off, RewardShape, RuleShape, When,
};
use super::Answer;
use super::standing::Standing;
use super::sums::{rounded, shared, shared_by};
use super::world::{Anew, Award, Happening, Now, Past, SoldLine, Spend, What, World};
use jiff::civil::Date;
use symbolon_core::engine::{Activity, Purchase};
use symbolon_core::programme::OwnPoints;
use symbolon_core::values::{ActivityId, Period, Rounding};

pub const NOT_POSSIBLE: &str = "reward-not-possible";

/// A receipt while the model works it out.
#[derive(Clone)]
pub struct Sale<'w> {
    pub purchase: &'w Purchase,
    amounts: Vec<i64>,
    pub net: Vec<i64>,
    /// Where each line stands among all of them by what it is, whenever it was scanned.
    ranks: Vec<usize>,
    /// Thousandths of each line that were had for nothing.
    free: Vec<i64>,
    pub past: Past,
    pub answer: Answer,
}

/// Of equal spare cents the first goes to the line whose product comes first in the alphabet;
/// of one product, to the cheaper line, then to the shorter one, then to the earlier one.
fn ranks_of(purchase: &Purchase) -> Vec<usize> {
    let what = |line: &usize| {
        let line = &purchase.lines[*line];
        (line.product.clone(), line.unit_price, line.quantity)
    };
    let mut order: Vec<usize> = (0..purchase.lines.len()).collect();
    order.sort_by_key(what);
    let rank = |line: usize| order.iter().position(|other| *other == line).unwrap();
    (0..purchase.lines.len()).map(rank).collect()
}

/// A rule that holds, by its key, and whether it gave anything.
pub type Held<'w> = (String, &'w RuleShape, bool);

fn fixed(earn: &Earn) -> (usize, i64) {
    match earn.amount {
        Amount::Fixed(amount) => (earn.kind, amount),
        _ => (earn.kind, 0),
    }
}

pub fn passes(filter: Option<Filter>, product: &str) -> bool {
    filter.is_none_or(|filter| filter.passes(product))
}

impl World<'_> {
    pub fn sell(
        &mut self,
        id: ActivityId,
        now: Now,
        purchase: &Purchase,
    ) -> Result<Answer, &'static str> {
        let amounts: Vec<i64> = purchase
            .lines
            .iter()
            .map(|line| World::amount(line.unit_price.units(), line.quantity.units()))
            .collect();
        let mut sale = Sale {
            purchase,
            net: amounts.clone(),
            ranks: ranks_of(purchase),
            free: vec![0; amounts.len()],
            amounts,
            past: Past::new(id, now, What::Final),
            answer: Answer { expired: self.expire(now), ..Answer::default() },
        };
        let mut rules: Vec<Held<'_>> = Vec::new();
        for (position, rule) in self.shape.rules_in_order() {
            let key = format!("rule-{position}");
            if !rule.on_action && self.holds(now, &key, rule, Some(&sale)) {
                rules.push((key, rule, false));
            }
        }
        let mut all = rules.clone();
        sale.discount(self, &mut all, &mut rules);
        let earns_first = self.shape.settings.own_points == OwnPoints::SameReceipt;
        if earns_first {
            sale.settle_groups(self, now, &all, &mut rules);
            sale.earn(self, now, &mut rules);
        }
        for (position, claim) in purchase.rewards.iter().enumerate() {
            let same = |other: &&symbolon_core::engine::Claim| other.reward == claim.reward;
            let earlier = purchase.rewards[..position].iter().filter(same).count();
            self.redeem_on(now, &mut sale, claim.reward.as_str(), claim.line, earlier)?;
        }
        // What is earned is compared by what is left to pay, and rewards are taken by now.
        if !earns_first {
            sale.settle_groups(self, now, &all, &mut rules);
            sale.earn(self, now, &mut rules);
        }
        for (key, rule, gave) in &rules {
            if let (Some(limit), true) = (rule.limit, *gave) {
                sale.past.uses.push((key.clone(), self.limit_from(limit, now.day)));
            }
        }
        sale.share_spends(self);
        let spent = sale.net.iter().sum();
        self.happens(now.day, 1, 1, spent);
        let Sale { purchase, net, mut past, mut answer, .. } = sale;
        past.what = What::Sale(
            purchase
                .lines
                .iter()
                .zip(&net)
                .map(|(line, net)| SoldLine {
                    product: line.product.clone(),
                    bought: line.quantity.units(),
                    net: *net,
                    returned: 0,
                    refunded: 0,
                })
                .collect(),
        );
        answer.net = net;
        self.remember(past);
        Ok(answer)
    }

    /// Books what an activity used, and keeps it for returns.
    fn remember(&mut self, past: Past) {
        self.uses.extend(past.uses.iter().map(|(key, from)| (key.clone(), *from, 1)));
        self.past.push(past);
    }

    pub fn happens(&mut self, day: Date, visits: i64, activities: i64, spent: i64) {
        self.happenings.push(Happening { day, visits, activities, spent, earned: None });
    }

    fn holds(&self, now: Now, key: &str, rule: &RuleShape, sale: Option<&Sale<'_>>) -> bool {
        let weekday = now.day.weekday().to_monday_zero_offset();
        if rule.weekdays.is_some_and(|days| i32::from(weekday) >= i32::from(days)) {
            return false;
        }
        let when = rule.when.is_none_or(|when| match when {
            When::TotalAtLeast(total) => sale.is_some_and(|sale| {
                sale.amounts.iter().sum::<i64>()
                    >= total * 10_i64.pow(u32::from(self.shape.exponent()))
            }),
            When::TierAtLeast(tier) => self.tier(now.day) >= tier,
            When::VisitsAtLeast(visits) => self.visits_in_30_days(now.day) >= visits,
            When::Sells(product) => sale.is_some_and(|sale| {
                let mut lines = sale.purchase.lines.iter();
                lines.any(|line| Filter::Product(product).passes(&line.product))
            }),
        });
        let limit_left = rule.limit.is_none_or(|limit| {
            self.used(key, self.limit_from(limit, now.day)) < i64::from(limit.times)
        });
        when && limit_left
    }

    fn redeem_on(
        &mut self,
        now: Now,
        sale: &mut Sale<'_>,
        key: &str,
        line: Option<u32>,
        earlier: usize,
    ) -> Result<(), &'static str> {
        let reward = self.reward(key);
        self.check_limit(now, key, &reward, earlier)?;
        let parts = match reward.gives {
            Give::Discount(discount) => sale.worth(discount),
            Give::Item(filter) => sale.free_piece(filter, line).into_iter().collect(),
            Give::Benefit(_) => Vec::new(),
        };
        if parts.is_empty() && !matches!(reward.gives, Give::Benefit(_)) {
            return Err(NOT_POSSIBLE);
        }
        if !parts.is_empty() {
            sale.take_off(key, &parts);
        }
        self.spend(now, &mut sale.past, &mut sale.answer, key, &reward, &parts)
    }

    fn reward(&self, key: &str) -> RewardShape {
        let position: usize = key.trim_start_matches("reward-").parse().unwrap();
        self.shape.rewards[position].clone()
    }

    fn check_limit(
        &self,
        now: Now,
        key: &str,
        reward: &RewardShape,
        earlier: usize,
    ) -> Result<(), &'static str> {
        let full = reward.limit.is_some_and(|limit| {
            let used = self.used(key, self.limit_from(limit, now.day));
            used + i64::try_from(earlier).unwrap() >= i64::from(limit.times)
        });
        if full { Err(NOT_POSSIBLE) } else { Ok(()) }
    }

    /// Pays a reward with points and gives its benefit.
    fn spend(
        &mut self,
        now: Now,
        past: &mut Past,
        answer: &mut Answer,
        key: &str,
        reward: &RewardShape,
        parts: &[(u32, i64)],
    ) -> Result<(), &'static str> {
        for (kind, cost) in &reward.cost {
            let mut taking = self.clone();
            let lots = taking.take(now, *kind, *cost, false);
            let found: i64 = lots.iter().map(|(_, amount)| *amount).sum();
            let all: i64 = (0..self.grants.len())
                .filter(|grant| self.grants[*grant].kind == *kind && !self.waits(*grant, now.at))
                .map(|grant| self.left(grant))
                .sum();
            if found < *cost || all - self.debt(*kind) < *cost {
                return Err(NOT_POSSIBLE);
            }
            *self = taking;
            let weights: Vec<i128> = parts.iter().map(|(_, part)| i128::from(*part)).collect();
            let shares = shared(*cost, &weights);
            let by_line = parts.iter().zip(shares).filter(|(_, share)| *share > 0);
            past.spends.push(Spend {
                by: key.to_owned(),
                kind: *kind,
                amount: *cost,
                parts: lots,
                shares: by_line.map(|((line, _), share)| (*line, share, 0)).collect(),
                restored: 0,
            });
            answer.spent.push((key.to_owned(), *kind, *cost));
        }
        if let Give::Benefit(lasts) = reward.gives {
            let ends = lasts.map(|lasts| {
                let day = Period::parse(lasts).unwrap().after(now.day).unwrap();
                self.zone.end_of_day(day).unwrap()
            });
            self.benefits.push((past.id, ends));
        }
        if let Some(limit) = reward.limit {
            past.uses.push((key.to_owned(), self.limit_from(limit, now.day)));
        }
        Ok(())
    }

    /// An action, a redemption, an adjustment or a settlement.
    pub fn deed(
        &mut self,
        id: ActivityId,
        now: Now,
        activity: &Activity,
    ) -> Result<Answer, &'static str> {
        let mut answer = Answer { expired: self.expire(now), ..Answer::default() };
        let mut past = Past::new(id, now, What::Deed);
        match activity {
            Activity::Action { .. } => {
                self.act(now, &mut past, &mut answer);
                self.happens(now.day, 0, 1, 0);
            }
            Activity::Redemption { reward: key, .. } => {
                let reward = self.reward(key.as_str());
                if matches!(reward.gives, Give::Discount(_)) {
                    return Err("reward-needs-receipt");
                }
                self.check_limit(now, key.as_str(), &reward, 0)?;
                self.spend(now, &mut past, &mut answer, key.as_str(), &reward, &[])?;
                self.happens(now.day, 0, 1, 0);
            }
            Activity::Adjustment { points, amount, .. } => {
                past.what = What::Final;
                let kind: usize = points.as_str()[1..].parse().unwrap();
                self.adjust(now, kind, amount.units(), &mut answer)?;
            }
            _ => past.what = What::Final,
        }
        self.remember(past);
        Ok(answer)
    }

    fn act(&mut self, now: Now, past: &mut Past, answer: &mut Answer) {
        let rules: Vec<(usize, RuleShape)> = self
            .shape
            .rules_in_order()
            .into_iter()
            .filter(|(_, rule)| rule.on_action)
            .map(|(position, rule)| (position, rule.clone()))
            .collect();
        let before = self.clone();
        let mut holding: Vec<(String, RuleShape)> = Vec::new();
        for (position, rule) in rules {
            let key = format!("rule-{position}");
            if before.holds(now, &key, &rule, None) {
                holding.push((key, rule));
            }
        }
        for (key, rule) in holding.clone() {
            let rivals = holding.iter().filter(|(_, other)| other.group == rule.group);
            let totals: Vec<(String, Vec<(usize, i64)>)> = rivals
                .map(|(key, other)| (key.clone(), other.earn.iter().map(fixed).collect()))
                .collect();
            if rule.group.is_some() && self.most(&totals) != key {
                continue;
            }
            for earn in &rule.earn {
                if let Amount::Fixed(amount) = earn.amount {
                    self.award(now, past, answer, &key, earn.kind, amount, Vec::new(), None);
                }
            }
            if let Some(limit) = rule.limit {
                past.uses.push((key, self.limit_from(limit, now.day)));
            }
        }
    }

    fn adjust(
        &mut self,
        now: Now,
        kind: usize,
        amount: i64,
        answer: &mut Answer,
    ) -> Result<(), &'static str> {
        if amount == 0 {
            return Err("amount-zero");
        }
        if amount > 0 {
            answer.repaid(kind, self.give(now, kind, amount, true));
            return Ok(());
        }
        let taken: i64 = self.take(now, kind, -amount, true).iter().map(|(_, part)| *part).sum();
        let missing = -amount - taken;
        if missing > 0 && self.kind(kind).forgives {
            return Err("not-enough-to-take");
        }
        self.debts.push((kind, missing));
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one award, each named")]
    pub fn award(
        &mut self,
        now: Now,
        past: &mut Past,
        answer: &mut Answer,
        key: &str,
        kind: usize,
        amount: i64,
        shares: Vec<(u32, i64, i64)>,
        anew: Option<Anew>,
    ) {
        let grant = self.grants.len();
        answer.repaid(kind, self.give(now, kind, amount, false));
        answer.earned.push((key.to_owned(), kind, amount));
        past.awards.push(Award { kind, amount, grant, shares, anew });
        let (day, earned) = (now.day, Some((kind, amount)));
        self.happenings.push(Happening { day, visits: 0, activities: 0, spent: 0, earned });
    }
}

impl Sale<'_> {
    pub fn product(&self, line: usize) -> &str {
        &self.purchase.lines[line].product
    }

    pub fn lines_of(&self, filter: Option<Filter>) -> Vec<usize> {
        (0..self.net.len()).filter(|line| passes(filter, self.product(*line))).collect()
    }

    /// A copy to try things on.
    pub fn as_it_is(&self) -> Self {
        let (answer, past) = (Answer::default(), self.past.clone());
        let (amounts, net) = (self.amounts.clone(), self.net.clone());
        let (ranks, free) = (self.ranks.clone(), self.free.clone());
        Self { purchase: self.purchase, amounts, net, ranks, free, past, answer }
    }

    pub fn left(&self) -> i64 {
        self.net.iter().sum()
    }

    /// What a discount takes off, by line, on the prices as they are now.
    pub fn worth(&self, discount: Discount) -> Vec<(u32, i64)> {
        let lines = self.lines_of(discount.filter);
        let basis: i64 = lines.iter().map(|line| self.net[*line]).sum();
        let parts = match discount.off {
            Off::Price(price) => lines
                .iter()
                .map(|line| {
                    let quantity = self.purchase.lines[*line].quantity.units();
                    (self.net[*line] - World::amount(price, quantity)).max(0)
                })
                .collect(),
            Off::Percent(_) | Off::Sum(_) => {
                let amount = match discount.off {
                    Off::Percent(rate) => {
                        rounded(i128::from(basis) * i128::from(rate), 100_000_000, Rounding::HalfUp)
                    }
                    Off::Sum(sum) => sum.min(basis),
                    Off::Price(_) => 0,
                };
                let nets: Vec<i128> =
                    lines.iter().map(|line| i128::from(self.net[*line])).collect();
                let ranks: Vec<usize> = lines.iter().map(|line| self.ranks[*line]).collect();
                shared_by(amount, &nets, &ranks)
            }
        };
        let by_line = lines.into_iter().zip(parts).filter(|(_, part)| *part > 0);
        by_line.map(|(line, part)| (u32::try_from(line).unwrap(), part)).collect()
    }

    pub fn take_off(&mut self, key: &str, parts: &[(u32, i64)]) {
        for (line, part) in parts {
            self.net[*line as usize] -= part;
        }
        self.answer.discounts.push((key.to_owned(), parts.to_vec()));
    }

    /// One piece of what is still paid for, of the line that was named or of the dearest.
    fn free_piece(&mut self, filter: Option<Filter>, named: Option<u32>) -> Option<(u32, i64)> {
        let mut best: Option<(usize, i64)> = None;
        for line in self.lines_of(filter) {
            let rest = self.purchase.lines[line].quantity.units() - self.free[line];
            if named.is_some_and(|named| named as usize != line) || rest <= 0 || self.net[line] == 0
            {
                continue;
            }
            let dearer = best.is_none_or(|(other, other_rest)| {
                let here = i128::from(self.net[line]) * i128::from(other_rest);
                let there = i128::from(self.net[other]) * i128::from(rest);
                here > there || (here == there && self.ranks[line] < self.ranks[other])
            });
            if dearer {
                best = Some((line, rest));
            }
        }
        let (line, rest) = best?;
        let piece = rest.min(1_000);
        self.free[line] += piece;
        let off = rounded(
            i128::from(self.net[line]) * i128::from(piece),
            i128::from(rest),
            Rounding::HalfUp,
        );
        (off > 0).then(|| (u32::try_from(line).unwrap(), off))
    }

    /// Whether a rule has anything to give on this receipt as it is now.
    pub fn can_give(&self, rule: &RuleShape) -> bool {
        let off = rule.discount.is_some_and(|discount| !self.worth(discount).is_empty());
        off || rule.earn.iter().any(|earn| !self.lines_of(earn.filter).is_empty())
    }

    /// Discounts in order, of the rules that stand together; groups without a discount are
    /// settled when points are earned.
    fn discount(&mut self, world: &World<'_>, all: &mut Vec<Held<'_>>, rules: &mut Vec<Held<'_>>) {
        let standing = Standing { sale: self, shape: world.shape, rules };
        let out = standing.settle();
        // Who stands aside for another rule than one of his group is out for good.
        let stands = |group: Option<u8>| {
            let mut kept = rules.iter().enumerate().filter(|(place, _)| !out.contains(place));
            kept.any(|(_, (_, rule, _))| {
                let off = |discount| !self.worth(discount).is_empty();
                group.is_some() && rule.group == group && rule.discount.is_some_and(off)
            })
        };
        let gone: Vec<String> = out
            .iter()
            .filter(|place| !stands(rules[**place].1.group))
            .map(|place| rules[*place].0.clone())
            .collect();
        all.retain(|(key, ..)| !gone.contains(key));
        let mut places = 0..;
        rules.retain(|_| places.next().is_some_and(|place| !out.contains(&place)));
        for (key, rule, gave) in rules.iter_mut() {
            let parts = rule.discount.map(|discount| self.worth(discount)).unwrap_or_default();
            if !parts.is_empty() {
                self.take_off(key, &parts);
                *gave = true;
            }
        }
        let given = rules.iter().filter(|(.., gave)| *gave);
        let mut groups: Vec<u8> = given.filter_map(|(_, rule, _)| rule.group).collect();
        rules.retain(|(_, rule, gave)| {
            let could_earn = rule.earn.iter().any(|earn| !self.lines_of(earn.filter).is_empty());
            let Some(group) = rule.group.filter(|_| !gave && could_earn) else { return true };
            let is_first = !groups.contains(&group);
            groups.push(group);
            is_first
        });
    }
}
