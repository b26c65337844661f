//! What the model knows of one member: flat lists of all that ever happened. Every answer is
//! added up from them anew.

use super::super::random::{Earn, End, Kept, KindShape, LimitShape, Measure, Shape};
use super::sums::{Fraction, rounded};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::collections::BTreeSet;
use symbolon_core::member::Balance;
use symbolon_core::programme::SpendOrder;
use symbolon_core::values::{ActivityId, CalendarUnit, Period, PeriodUnit, Points, Rounding, Zone};

/// Points given at once. The list of moves says what became of them.
#[derive(Debug, Clone)]
pub struct Grant {
    pub kind: usize,
    pub amount: i64,
    pub waits_until: Option<Timestamp>,
    pub end: GrantEnd,
    pub day: Date,
}

#[derive(Debug, Clone, Copy)]
pub enum GrantEnd {
    Never,
    At(Timestamp),
    Idle(Period),
}

/// What happened to points of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Spent, taken back or paid for a debt.
    Gone,
    Restored,
    Lapsed,
    /// Had lapsed and was then asked back; it is not asked back twice.
    Excused,
}

/// What a day holds, as differences.
#[derive(Debug, Clone)]
pub struct Happening {
    pub day: Date,
    pub visits: i64,
    pub activities: i64,
    pub spent: i64,
    pub earned: Option<(usize, i64)>,
}

/// An activity that was booked.
#[derive(Debug, Clone)]
pub struct Past {
    pub id: ActivityId,
    pub at: Timestamp,
    pub day: Date,
    pub what: What,
    pub awards: Vec<Award>,
    pub spends: Vec<Spend>,
    pub uses: Vec<(String, Date)>,
    pub voided: bool,
}

impl Past {
    pub fn new(id: ActivityId, now: Now, what: What) -> Self {
        Self {
            id,
            at: now.at,
            day: now.day,
            what,
            awards: Vec::new(),
            spends: Vec::new(),
            uses: Vec::new(),
            voided: false,
        }
    }
}

#[derive(Debug, Clone)]
pub enum What {
    Sale(Vec<SoldLine>),
    /// An action or a redemption.
    Deed,
    Final,
}

#[derive(Debug, Clone)]
pub struct SoldLine {
    pub product: String,
    pub bought: i64,
    pub net: i64,
    pub returned: i64,
    pub refunded: i64,
}

#[derive(Debug, Clone)]
pub struct Award {
    pub kind: usize,
    pub amount: i64,
    pub grant: usize,
    /// By line: what it gave, and what of it was taken back.
    pub shares: Vec<(u32, i64, i64)>,
    /// For computing it anew on what is kept.
    pub anew: Option<Anew>,
}

/// An earning by amount, with what each line counted for and was multiplied by.
#[derive(Debug, Clone)]
pub struct Anew {
    pub earn: Earn,
    pub lines: Vec<(u32, i64, Fraction)>,
}

#[derive(Debug, Clone)]
pub struct Spend {
    pub by: String,
    pub kind: usize,
    pub amount: i64,
    pub parts: Vec<(usize, i64)>,
    pub shares: Vec<(u32, i64, i64)>,
    pub restored: i64,
}

#[derive(Debug, Clone)]
pub struct World<'s> {
    pub shape: &'s Shape,
    pub zone: Zone,
    pub joined: Date,
    pub grants: Vec<Grant>,
    pub fates: Vec<(usize, Fate, i64)>,
    /// Kind and change.
    pub debts: Vec<(usize, i64)>,
    pub happenings: Vec<Happening>,
    pub uses: Vec<(String, Date, i64)>,
    /// Who granted it, and when it ends.
    pub benefits: Vec<(ActivityId, Option<Timestamp>)>,
    pub past: Vec<Past>,
}

/// What a decision starts from: its moment, its day, and the day of the last activity then.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub at: Timestamp,
    pub day: Date,
    pub last_activity: Date,
}

impl<'s> World<'s> {
    pub fn new(shape: &'s Shape, joining: ActivityId, joined_at: Timestamp) -> Self {
        let zone = Zone::find(shape.zone).unwrap();
        let mut world = Self {
            shape,
            joined: zone.day(joined_at),
            zone,
            grants: Vec::new(),
            fates: Vec::new(),
            debts: Vec::new(),
            happenings: Vec::new(),
            uses: Vec::new(),
            benefits: Vec::new(),
            past: Vec::new(),
        };
        let now = world.now(joined_at);
        world.past.push(Past::new(joining, now, What::Final));
        world
    }

    pub fn now(&self, at: Timestamp) -> Now {
        Now { at, day: self.zone.day(at), last_activity: self.last_activity() }
    }

    pub fn kind(&self, kind: usize) -> &'s KindShape {
        &self.shape.kinds[kind]
    }

    fn last_activity(&self) -> Date {
        let busy = self.happenings.iter().map(|happening| happening.day).filter(|day| {
            let on_day = self.happenings.iter().filter(|happening| happening.day == *day);
            on_day.map(|happening| happening.activities).sum::<i64>() > 0
        });
        busy.chain([self.joined]).max().unwrap()
    }

    pub fn left(&self, grant: usize) -> i64 {
        let moves =
            self.fates.iter().filter(|(of, fate, _)| *of == grant && *fate != Fate::Excused);
        let change: i64 = moves
            .map(|(_, fate, amount)| if *fate == Fate::Restored { *amount } else { -*amount })
            .sum();
        self.grants[grant].amount + change
    }

    /// What ran out of a grant and was not excused yet.
    pub fn lapsed(&self, grant: usize) -> i64 {
        let of_grant = self.fates.iter().filter(|(of, ..)| *of == grant);
        of_grant
            .map(|(_, fate, amount)| match fate {
                Fate::Lapsed => *amount,
                Fate::Excused => -*amount,
                Fate::Gone | Fate::Restored => 0,
            })
            .sum()
    }

    pub fn end(&self, grant: usize, last_activity: Date) -> Option<Timestamp> {
        match self.grants[grant].end {
            GrantEnd::Never => None,
            GrantEnd::At(at) => Some(at),
            GrantEnd::Idle(period) => {
                let from = last_activity.max(self.grants[grant].day);
                Some(self.zone.end_of_day(period.after(from).unwrap()).unwrap())
            }
        }
    }

    /// The instants at which points that are left will end or begin to count.
    pub fn ends(&self) -> BTreeSet<Timestamp> {
        let last_activity = self.last_activity();
        let open = (0..self.grants.len()).filter(|grant| self.left(*grant) > 0);
        open.flat_map(|grant| [self.end(grant, last_activity), self.grants[grant].waits_until])
            .flatten()
            .collect()
    }

    pub fn waits(&self, grant: usize, at: Timestamp) -> bool {
        self.grants[grant].waits_until.is_some_and(|until| at < until)
    }

    pub fn debt(&self, kind: usize) -> i64 {
        self.debts.iter().filter(|(of, _)| *of == kind).map(|(_, change)| *change).sum()
    }

    pub fn balance(&self, kind: usize, at: Timestamp) -> Balance {
        let last_activity = self.last_activity();
        let (mut available, mut pending) = (0, 0);
        for grant in (0..self.grants.len()).filter(|grant| self.grants[*grant].kind == kind) {
            if self.end(grant, last_activity).is_some_and(|end| end <= at) {
                continue;
            }
            *(if self.waits(grant, at) { &mut pending } else { &mut available }) +=
                self.left(grant);
        }
        Balance {
            available: Points::new(available),
            pending: Points::new(pending),
            debt: Points::new(self.debt(kind)),
        }
    }

    /// Lets run out what has run out; gives kind and amount of each.
    pub fn expire(&mut self, now: Now) -> Vec<(usize, i64)> {
        let mut expired = Vec::new();
        for grant in 0..self.grants.len() {
            let left = self.left(grant);
            if left > 0 && self.end(grant, now.last_activity).is_some_and(|end| end <= now.at) {
                self.fates.push((grant, Fate::Lapsed, left));
                expired.push((self.grants[grant].kind, left));
            }
        }
        expired
    }

    /// Takes points, the soonest to end first; gives the parts.
    pub fn take(
        &mut self,
        now: Now,
        kind: usize,
        amount: i64,
        also_waiting: bool,
    ) -> Vec<(usize, i64)> {
        let mut order: Vec<usize> = (0..self.grants.len())
            .filter(|grant| self.grants[*grant].kind == kind && self.left(*grant) > 0)
            .filter(|grant| also_waiting || !self.waits(*grant, now.at))
            .collect();
        order.sort_by_key(|grant| {
            let end = self.end(*grant, now.last_activity);
            match self.shape.settings.spend_order {
                SpendOrder::SoonestToEnd => {
                    (self.waits(*grant, now.at), Date::MIN, end.unwrap_or(Timestamp::MAX), *grant)
                }
                SpendOrder::Oldest => {
                    let day = self.grants[*grant].day;
                    (self.waits(*grant, now.at), day, Timestamp::MAX, *grant)
                }
            }
        });
        let (mut missing, mut parts) = (amount, Vec::new());
        for grant in order {
            let part = self.left(grant).min(missing);
            if part > 0 {
                self.fates.push((grant, Fate::Gone, part));
                parts.push((grant, part));
                missing -= part;
            }
        }
        parts
    }

    /// Gives points and lets them pay what is owed; gives how much went to that.
    pub fn give(&mut self, now: Now, kind: usize, amount: i64, at_once: bool) -> i64 {
        let (zone, shape) = (self.zone.clone(), self.kind(kind));
        let end = match shape.end {
            End::Never => GrantEnd::Never,
            End::AfterActivity(period) => GrantEnd::Idle(Period::parse(period).unwrap()),
            End::AfterEarning(period) => {
                let day = Period::parse(period).unwrap().after(now.day).unwrap();
                GrantEnd::At(zone.end_of_day(day).unwrap())
            }
            End::AfterCalendar(unit, then) => {
                let day = end_after_calendar(now.day, unit, then);
                GrantEnd::At(zone.end_of_day(day).unwrap())
            }
        };
        let waits_until = shape.pending.filter(|_| !at_once).map(|wait| {
            let day = Period::parse(wait).unwrap().after(now.day).unwrap();
            zone.start_of_day(day).unwrap()
        });
        let grant = self.grants.len();
        self.grants.push(Grant { kind, amount, waits_until, end, day: now.day });
        let repaid = self.debt(kind).min(amount);
        if repaid > 0 {
            self.debts.push((kind, -repaid));
            self.fates.push((grant, Fate::Gone, repaid));
        }
        repaid
    }

    pub fn used(&self, key: &str, from: Date) -> i64 {
        let same = self.uses.iter().filter(|(of, since, _)| of == key && *since == from);
        same.map(|(.., change)| *change).sum()
    }

    pub fn limit_from(&self, limit: LimitShape, day: Date) -> Date {
        limit.every.map_or(self.joined, |unit| unit.first_day(day).unwrap())
    }

    /// Sums over the days from `first` to `last`: visits, money, points of a kind.
    fn sums(&self, first: Option<Date>, last: Date, kind: usize) -> (i64, i64, i64) {
        let mut sums = (0, 0, 0);
        for happening in &self.happenings {
            if happening.day <= last && first.is_none_or(|first| first <= happening.day) {
                sums.0 += happening.visits;
                sums.1 += happening.spent;
                let earned = happening.earned.filter(|(of, _)| *of == kind);
                sums.2 += earned.map_or(0, |(_, amount)| amount);
            }
        }
        sums
    }

    pub fn visits_in_30_days(&self, day: Date) -> i64 {
        self.sums(Some(day.checked_sub(Span::new().days(29)).unwrap()), day, 0).0
    }

    /// The rank of the tier: the highest that any single day reached which is still kept.
    pub fn tier(&self, day: Date) -> usize {
        let Some(ladder) = &self.shape.ladder else { return 0 };
        let grace = ladder.grace.and_then(Period::parse).unwrap_or(Period::NONE);
        let graced = grace.before(day).unwrap();
        let first = match ladder.kept {
            Kept::AtOnce => graced,
            Kept::Until(unit, next) => {
                let this = unit.first_day(graced).unwrap();
                if next { unit.first_day(this.yesterday().unwrap()).unwrap() } else { this }
            }
            Kept::Always => self.joined,
        };
        let mut rank = self.reached(day);
        let mut each = first.max(self.joined);
        while each < day && rank + 1 < ladder.tiers.len() {
            rank = rank.max(self.reached(each));
            each = each.tomorrow().unwrap();
        }
        rank
    }

    fn reached(&self, day: Date) -> usize {
        let ladder = self.shape.ladder.as_ref().unwrap();
        let first = |months: Option<u16>| {
            months.map(|months| {
                let before = day.checked_sub(Span::new().months(months)).unwrap();
                before.tomorrow().unwrap()
            })
        };
        let (measure, unit) = match ladder.measure {
            Measure::Spent(months) => {
                (self.sums(first(months), day, 0).1, 10_i64.pow(u32::from(self.shape.exponent())))
            }
            Measure::Visits(months) => (self.sums(first(months), day, 0).0, 1),
            Measure::EarnedFirstKind(months) => (
                self.sums(first(months), day, 0).2,
                10_i64.pow(u32::from(self.shape.kinds[0].decimals)),
            ),
        };
        ladder.tiers.iter().skip(1).filter(|tier| tier.from * unit <= measure).count()
    }

    /// A line's amount: price times quantity, half up.
    pub fn amount(price: i64, thousandths: i64) -> i64 {
        rounded(i128::from(price) * i128::from(thousandths), 1_000, Rounding::HalfUp)
    }
}

/// One month after the end of June is the end of July; ten days after it are ten days.
fn end_after_calendar(day: Date, unit: CalendarUnit, then: Option<&str>) -> Date {
    let last = unit.last_day(day).unwrap();
    let Some(then) = then.map(|then| Period::parse(then).unwrap()) else { return last };
    let end = then.after(last).unwrap();
    let by_months = matches!(then.unit, PeriodUnit::Months | PeriodUnit::Years);
    let of_months =
        matches!(unit, CalendarUnit::Month | CalendarUnit::Quarter | CalendarUnit::Year);
    if by_months && of_months { end.last_of_month() } else { end }
}
