//! Who wins and who loses by another programme, by how much they buy and how often.
//!
//! Money and points are compared exactly for every member; only sums are rounded, once.

use super::figures::{Figures, Worths};
use std::cmp::Ordering;
use symbolon_core::programme::Programme;
use symbolon_core::values::MemberId;

/// What one programme gave to one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberSide {
    /// At the till, in the smallest unit of money.
    pub given: i128,
    /// By kind: what he has, owes and took elsewhere, in one number.
    pub kept: Vec<i128>,
    /// By kind: what he earned and was not taken back.
    pub earned: Vec<i128>,
}

impl MemberSide {
    #[must_use]
    pub fn of(figures: &Figures) -> Self {
        let points = figures.points.iter();
        Self {
            given: figures.given(),
            kept: points.clone().map(|k| k.liability - k.debt + k.spent_elsewhere).collect(),
            earned: points.map(|k| k.flow.earned - k.flow.taken_back).collect(),
        }
    }

    fn add(&mut self, other: &Self) {
        self.given += other.given;
        for (sum, part) in [(&mut self.kept, &other.kept), (&mut self.earned, &other.earned)] {
            sum.resize(part.len(), 0);
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
    }
}

/// One member under both programmes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    pub member: MemberId,
    /// At list prices, before returns.
    pub spent: i128,
    pub receipts: u64,
    pub sides: [MemberSide; 2],
}

/// Members who are alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    pub name: &'static str,
    pub members: u64,
    pub spent: i128,
    pub receipts: u64,
    pub sides: [MemberSide; 2],
    /// Who gets more under the second programme, less, the same; or more of one thing and less
    /// of another.
    pub more: u64,
    pub less: u64,
    pub same: u64,
    pub mixed: u64,
}

/// Compares what two programmes give to a member.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    pub programmes: [&'a Programme; 2],
    pub worths: &'a Worths,
}

/// Worths have six decimals, points at most six more; so values are compared in 10⁻¹².
const DECIMALS: u32 = 12;

impl Comparison<'_> {
    /// What a side is worth in 10⁻¹² of the smallest unit of money, and its points that nobody
    /// says the worth of, by name.
    fn value<'p>(
        &self,
        side: &MemberSide,
        programme: &'p Programme,
    ) -> (i128, Vec<(&'p str, i128)>) {
        let mut value = side.given * 10_i128.pow(DECIMALS);
        let mut others = Vec::new();
        let minor = 10_i128.pow(u32::from(programme.currency.exponent()));
        let points = programme.points.iter().zip(side.kept.iter().zip(&side.earned));
        for (kind, (kept, earned)) in points {
            match self.worths.get(&kind.key).copied().or(kind.worth) {
                Some(worth) => {
                    let scale = 10_i128.pow(DECIMALS.saturating_sub(6 + u32::from(kind.decimals)));
                    value += kept * i128::from(worth.units()) * minor * scale;
                }
                None if kind.spendable => others.push((kind.key.as_str(), *earned)),
                None => {}
            }
        }
        (value, others)
    }

    /// How the second programme compares with the first; `None` where some is more and some less.
    fn compare(&self, sides: &[MemberSide; 2]) -> Option<Ordering> {
        let [first, second] = [0, 1].map(|side| self.value(&sides[side], self.programmes[side]));
        let mut orders = vec![second.0.cmp(&first.0)];
        let of = |points: &[(&str, i128)], name: &str| {
            points.iter().find(|(known, _)| *known == name).map_or(0, |(_, amount)| *amount)
        };
        for (name, _) in first.1.iter().chain(&second.1) {
            orders.push(of(&second.1, name).cmp(&of(&first.1, name)));
        }
        let is_more = orders.contains(&Ordering::Greater);
        match (is_more, orders.contains(&Ordering::Less)) {
            (true, true) => None,
            (true, false) => Some(Ordering::Greater),
            (false, true) => Some(Ordering::Less),
            (false, false) => Some(Ordering::Equal),
        }
    }

    fn segment<'r>(
        &self,
        name: &'static str,
        rows: impl IntoIterator<Item = &'r MemberRow>,
    ) -> Segment {
        let mut segment = Segment { name, ..Segment::default() };
        for row in rows {
            segment.members += 1;
            segment.spent += row.spent;
            segment.receipts += row.receipts;
            segment.sides.iter_mut().zip(&row.sides).for_each(|(sum, side)| sum.add(side));
            match self.compare(&row.sides) {
                Some(Ordering::Greater) => segment.more += 1,
                Some(Ordering::Less) => segment.less += 1,
                Some(Ordering::Equal) => segment.same += 1,
                None => segment.mixed += 1,
            }
        }
        segment
    }
}

/// The tenth who spend most, the four tenths after them, and the rest. Sorts the rows.
#[must_use]
pub fn segments_by_spend(rows: &mut [MemberRow], comparison: Comparison<'_>) -> Vec<Segment> {
    rows.sort_by(|a, b| b.spent.cmp(&a.spent).then(a.member.cmp(&b.member)));
    let top = rows.len().div_ceil(10);
    let half = rows.len().div_ceil(2).max(top);
    let parts = [
        ("top tenth by spend", &rows[..top]),
        ("next four tenths", &rows[top..half]),
        ("the other half", &rows[half..]),
    ];
    parts.map(|(name, rows)| comparison.segment(name, rows)).into()
}

/// By the number of receipts.
#[must_use]
pub fn segments_by_receipts(rows: &[MemberRow], comparison: Comparison<'_>) -> Vec<Segment> {
    let spans: [(&str, std::ops::RangeInclusive<u64>); 5] = [
        ("no receipt", 0..=0),
        ("1 receipt", 1..=1),
        ("2 to 4 receipts", 2..=4),
        ("5 to 11 receipts", 5..=11),
        ("12 receipts or more", 12..=u64::MAX),
    ];
    let of = |span: &std::ops::RangeInclusive<u64>| {
        let span = span.clone();
        rows.iter().filter(move |row| span.contains(&row.receipts))
    };
    spans.iter().map(|(name, span)| comparison.segment(name, of(span))).collect()
}
