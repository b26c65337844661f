//! The lines of a receipt that discounts speak of, looked for once and kept in one list.

use super::desk::Desk;
use crate::condition::Condition;
use crate::engine::decision::Refusal;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Discounting, Got};
use smallvec::SmallVec;
use std::borrow::Cow;

/// The lines that one discount speaks of: those by its own filter first, then those by the
/// filters of its parts. The same line may be there by several filters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'l> {
    pub all: &'l [u32],
    main: usize,
    /// Where the lines of each part end; most discounts have no parts.
    part_ends: &'l [usize],
}

impl<'l> Lines<'l> {
    /// By the discount's own filter; a bundle has none.
    pub fn main(&self) -> &'l [u32] {
        &self.all[..self.main]
    }

    /// By the filter of each part.
    pub fn parts(&self) -> impl Iterator<Item = &'l [u32]> {
        let all = self.all;
        let begins = std::iter::once(self.main).chain(self.part_ends.iter().copied());
        begins.zip(self.part_ends).map(move |(begin, end)| &all[begin..*end])
    }

    /// Each line once.
    pub fn distinct(&self) -> Cow<'l, [u32]> {
        if self.part_ends.is_empty() {
            return Cow::Borrowed(self.all);
        }
        let mut distinct = self.all.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        Cow::Owned(distinct)
    }
}

/// The lines of several discounts, one list behind the other.
#[derive(Debug, Default)]
pub(super) struct LineLists {
    lines: Vec<u32>,
    part_ends: SmallVec<[usize; 4]>,
    places: Vec<Option<Place>>,
}

/// Where the lines of one discount stand.
#[derive(Debug, Clone, Copy)]
struct Place {
    begin: usize,
    end: usize,
    main: usize,
    first_part: usize,
    parts: usize,
}

impl LineLists {
    pub fn of_one(desk: &Desk<'_, '_>, discounting: &Discounting) -> Result<Self, Refusal> {
        let mut lists = Self::default();
        lists.add(desk, discounting)?;
        Ok(lists)
    }

    /// Adds those of every rule that matched and has a discount, by the rule's place.
    pub fn add_all(&mut self, desk: &Desk<'_, '_>, matched: &[Matched<'_>]) -> Result<(), Refusal> {
        // Allocators keep room of such a size ready.
        self.lines.reserve_exact((2 * desk.purchase.lines.len()).next_power_of_two());
        self.places.reserve_exact(matched.len());
        for candidate in matched {
            match &candidate.rule.discount {
                Some(discounting) => self.add(desk, discounting)?,
                None => self.places.push(None),
            }
        }
        Ok(())
    }

    /// The lines of the only discount.
    pub fn lines(&self) -> Lines<'_> {
        self.get(0).unwrap_or(Lines { all: &[], main: 0, part_ends: &[] })
    }

    pub fn get(&self, position: usize) -> Option<Lines<'_>> {
        let place = (*self.places.get(position)?)?;
        let all = &self.lines[place.begin..place.end];
        let part_ends = &self.part_ends[place.first_part..][..place.parts];
        Some(Lines { all, main: place.main, part_ends })
    }

    /// All lines that a discount speaks of, as they were looked for.
    pub fn all_of(&self, position: usize) -> &[u32] {
        let place = self.places.get(position).copied().flatten();
        place.map_or(&[], |place| &self.lines[place.begin..place.end])
    }

    fn add(&mut self, desk: &Desk<'_, '_>, discounting: &Discounting) -> Result<(), Refusal> {
        let (begin, first_part) = (self.lines.len(), self.part_ends.len());
        let mut main = 0;
        if let Discount::Bundle(bundle) = &discounting.what {
            for part in &bundle.parts {
                self.add_part(desk, begin, &part.filter, part.any_kind)?;
            }
        } else {
            desk.lines_of(discounting.filter.as_ref(), discounting.any_kind, &mut self.lines)?;
            main = self.lines.len() - begin;
            if let Discount::Pieces(set) = &discounting.what
                && let Got::Lines { filter, any_kind } = &set.got
            {
                self.add_part(desk, begin, filter, *any_kind)?;
            }
        }
        let (end, parts) = (self.lines.len(), self.part_ends.len() - first_part);
        self.places.push(Some(Place { begin, end, main, first_part, parts }));
        Ok(())
    }

    fn add_part(
        &mut self,
        desk: &Desk<'_, '_>,
        begin: usize,
        filter: &Condition,
        any_kind: bool,
    ) -> Result<(), Refusal> {
        desk.lines_of(Some(filter), any_kind, &mut self.lines)?;
        self.part_ends.push(self.lines.len() - begin);
        Ok(())
    }
}
