//! What a member did, day by day: the ground that tiers and conditions stand on.
//!
//! A return takes its share out of the day of the purchase, as if that part had never
//! been bought. Tiers are questions to this history, so they follow by themselves.

use super::MemberState;
use crate::condition::Window;
use crate::values::{Key, Money, Overflow, Points};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How many days are kept apart. It is more than the longest window of a condition, and
/// keeps the state of the most faithful member small.
pub const HISTORY_DAYS_MAX: usize = 1_200;

/// What one day holds. Zero everywhere is never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub day: Date,
    /// Receipts.
    #[serde(default, skip_serializing_if = "is_none")]
    pub visits: u32,
    /// Everything that keeps points from ending for idleness.
    #[serde(default, skip_serializing_if = "is_none")]
    pub activities: u32,
    #[serde(default, skip_serializing_if = "Money::is_zero_ref")]
    pub spent: Money,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earned: Vec<(Key, Points)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Everything before the days that are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// The last day that was added up.
    pub until: Date,
    pub visits: u32,
    pub spent: Money,
    pub earned: Vec<(Key, Points)>,
    pub last_activity: Option<Date>,
}

/// The sums of a window: of visits and money, or of what was earned of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measures {
    pub visits: i64,
    /// In minor units of money; wide enough for any number of days.
    pub spent: i128,
    pub earned: i128,
}

/// The first day of a window that ends with `until`, both included.
fn first_day(window: Window, until: Date) -> Option<Date> {
    let one = |span: Span| until.checked_sub(span).and_then(Date::tomorrow).ok();
    match window {
        Window::AllTime => None,
        Window::Days(n) => one(Span::new().days(n)),
        Window::Weeks(n) => one(Span::new().weeks(n)),
        Window::Months(n) => one(Span::new().months(n)),
        Window::Years(n) => one(Span::new().years(n)),
    }
}

impl MemberState {
    /// Sums over the window that ends with `until`: of what was earned of `points`, or else of
    /// visits and money.
    #[must_use]
    pub fn measures(&self, window: Window, until: Date, points: Option<&Key>) -> Measures {
        let first = first_day(window, until);
        let earlier = self.earlier.as_ref().filter(|_| first.is_none());
        let days = self.days_between(first, until);
        let mut sums = Measures::default();
        if let Some(points) = points {
            let before = earlier.map_or(0, |earlier| earned_of([&earlier.earned], points, all));
            sums.earned = before + earned_of(days.iter().map(|day| &day.earned), points, all);
            return sums;
        }
        if let Some(earlier) = earlier {
            sums.visits = i64::from(earlier.visits);
            sums.spent = i128::from(earlier.spent.units());
        }
        for day in days {
            sums.visits += i64::from(day.visits);
            sums.spent += i128::from(day.spent.units());
        }
        sums
    }

    /// At least as much as [`measures`](Self::measures) is for any window that ends between
    /// `first_end` and `last_end`: everything in all of these windows, without what lowers a sum.
    /// `None` is as long ago as there are days.
    pub(crate) fn measures_at_most(
        &self,
        window: Window,
        (first_end, last_end): (Option<Date>, Date),
        points: Option<&Key>,
    ) -> Measures {
        let first = first_end.and_then(|end| first_day(window, end));
        let earlier = self.earlier.as_ref().filter(|_| first.is_none());
        let mut most = Measures::default();
        let days = self.days_between(first, last_end).iter();
        let days = days.map(|day| (day.visits, day.spent, &day.earned));
        let earlier = earlier.map(|earlier| (earlier.visits, earlier.spent, &earlier.earned));
        if let Some(points) = points {
            let earned = earlier.map_or(0, |(.., earned)| earned_of([earned], points, positive));
            most.earned = earned + earned_of(days.map(|(.., earned)| earned), points, positive);
            return most;
        }
        for (visits, spent, _) in earlier.into_iter().chain(days) {
            most.visits += i64::from(visits);
            most.spent += i128::from(spent.units()).max(0);
        }
        most
    }

    /// What was earned of a kind from `first` to `last`, both included. Days that are no longer
    /// kept apart are not counted.
    pub(crate) fn earned_between(
        &self,
        first: Date,
        last: Date,
        points: &Key,
    ) -> Result<Points, Overflow> {
        let days = self.days_between(Some(first), last);
        let earned = earned_of(days.iter().map(|day| &day.earned), points, all);
        i64::try_from(earned).map(Points::new).map_err(|_| Overflow)
    }

    /// What was spent from `first` to `last`, both included, on days that are still kept apart.
    pub(crate) fn spent_between(&self, first: Date, last: Date) -> Result<Money, Overflow> {
        Money::sum(self.days_between(Some(first), last).iter().map(|day| day.spent))
    }

    /// The days kept apart from `first` to `until`, both included.
    fn days_between(&self, first: Option<Date>, until: Date) -> &[Day] {
        let end = self.days.partition_point(|day| day.day <= until);
        let days = &self.days[..end];
        let begin = first.map_or(0, |first| days.partition_point(|day| day.day < first));
        &days[begin..]
    }

    /// The last day on which the member did something; joining counts.
    #[must_use]
    pub fn last_activity(&self) -> Date {
        let kept = self.days.iter().rev().find(|day| day.activities > 0).map(|day| day.day);
        let earlier = || self.earlier.as_ref().and_then(|earlier| earlier.last_activity);
        kept.or_else(earlier).unwrap_or(self.joined).max(self.joined)
    }

    /// Changes one day. What is older than the days kept apart changes the sum of them.
    pub(crate) fn change_day(
        &mut self,
        day: Date,
        change: impl FnOnce(&mut Day) -> Result<(), Overflow>,
    ) -> Result<(), Overflow> {
        if let Some(earlier) = self.earlier.as_mut().filter(|earlier| day <= earlier.until) {
            let mut all = Day {
                day,
                visits: earlier.visits,
                activities: u32::from(earlier.last_activity.is_some()),
                spent: earlier.spent,
                earned: std::mem::take(&mut earlier.earned),
            };
            change(&mut all)?;
            (earlier.visits, earlier.spent, earlier.earned) = (all.visits, all.spent, all.earned);
            return Ok(());
        }
        match self.days.binary_search_by_key(&day, |kept| kept.day) {
            Ok(position) => {
                change(&mut self.days[position])?;
                if self.days[position].is_empty() {
                    self.days.remove(position);
                }
            }
            Err(position) => {
                let mut new =
                    Day { day, visits: 0, activities: 0, spent: Money::ZERO, earned: Vec::new() };
                change(&mut new)?;
                if !new.is_empty() {
                    self.days.insert(position, new);
                    self.forget_oldest_day()?;
                }
            }
        }
        Ok(())
    }

    fn forget_oldest_day(&mut self) -> Result<(), Overflow> {
        if self.days.len() <= HISTORY_DAYS_MAX {
            return Ok(());
        }
        let oldest = self.days.remove(0);
        let earlier = self.earlier.get_or_insert_with(|| Earlier {
            until: oldest.day,
            visits: 0,
            spent: Money::ZERO,
            earned: Vec::new(),
            last_activity: None,
        });
        earlier.until = oldest.day;
        earlier.visits = earlier.visits.checked_add(oldest.visits).ok_or(Overflow)?;
        earlier.spent = earlier.spent.plus(oldest.spent)?;
        if oldest.activities > 0 {
            earlier.last_activity = Some(oldest.day);
        }
        for (key, amount) in oldest.earned {
            add_earned(&mut earlier.earned, &key, amount)?;
        }
        Ok(())
    }
}

impl MemberState {
    /// Adds the history of another member, day by day.
    pub(super) fn take_over_history(
        &mut self,
        days: &[Day],
        earlier: Option<&Earlier>,
    ) -> Result<(), Overflow> {
        if let Some(other) = earlier {
            let own = self.earlier.get_or_insert_with(|| Earlier {
                until: other.until,
                visits: 0,
                spent: Money::ZERO,
                earned: Vec::new(),
                last_activity: None,
            });
            own.visits = own.visits.checked_add(other.visits).ok_or(Overflow)?;
            own.spent = own.spent.plus(other.spent)?;
            own.last_activity = own.last_activity.max(other.last_activity);
            for (key, amount) in &other.earned {
                add_earned(&mut own.earned, key, *amount)?;
            }
            own.until = own.until.max(other.until);
            // What lies before the end of the sum is found in the sum and nowhere else.
            let until = own.until;
            let summed = self.days.partition_point(|day| day.day <= until);
            let summed: Vec<Day> = self.days.drain(..summed).collect();
            for day in &summed {
                self.add_day(day)?;
            }
        }
        days.iter().try_for_each(|day| self.add_day(day))
    }

    fn add_day(&mut self, added: &Day) -> Result<(), Overflow> {
        if let Some(earlier) = self.earlier.as_mut().filter(|earlier| added.day <= earlier.until)
            && added.activities > 0
        {
            earlier.last_activity = earlier.last_activity.max(Some(added.day));
        }
        self.change_day(added.day, |day| {
            day.visits = day.visits.checked_add(added.visits).ok_or(Overflow)?;
            day.activities = day.activities.checked_add(added.activities).ok_or(Overflow)?;
            day.spent = day.spent.plus(added.spent)?;
            added.earned.iter().try_for_each(|(key, amount)| day.add_earned(key, *amount))
        })
    }
}

impl Day {
    fn is_empty(&self) -> bool {
        self.visits == 0 && self.activities == 0 && self.spent.is_zero() && self.earned.is_empty()
    }

    pub(crate) fn add_earned(&mut self, key: &Key, amount: Points) -> Result<(), Overflow> {
        add_earned(&mut self.earned, key, amount)
    }
}

/// What was earned of a kind, as far as it is counted. Each list names it once, and nearly always
/// in the same place as the list before, so that it is looked for there first.
#[inline]
fn earned_of<'a>(
    lists: impl IntoIterator<Item = &'a Vec<(Key, Points)>>,
    points: &Key,
    counted: impl Fn(i64) -> i64,
) -> i128 {
    let (mut place, mut sum) = (0, 0_i128);
    for list in lists {
        let amount = match list.get(place) {
            Some((key, amount)) if key == points => *amount,
            _ => {
                let Some(found) = list.iter().position(|(key, _)| key == points) else { continue };
                place = found;
                list[found].1
            }
        };
        sum += i128::from(counted(amount.units()));
    }
    sum
}

const fn all(units: i64) -> i64 {
    units
}

fn positive(units: i64) -> i64 {
    units.max(0)
}

fn add_earned(earned: &mut Vec<(Key, Points)>, key: &Key, amount: Points) -> Result<(), Overflow> {
    match earned.binary_search_by(|(known, _)| known.cmp(key)) {
        Ok(position) => {
            earned[position].1 = earned[position].1.plus(amount)?;
            if earned[position].1.is_zero() {
                earned.remove(position);
            }
        }
        Err(position) if !amount.is_zero() => earned.insert(position, (key.clone(), amount)),
        Err(_) => {}
    }
    Ok(())
}
