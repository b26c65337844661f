//! What the lines of a receipt are, made into marks once for all that asks for it: a column for
//! products, one for categories and one for brands. A line is found by its text without looking
//! at the others. A mark alone must never be an answer: two texts may have the same one.

use super::activity::Line;
use crate::condition::{Fact, TextMark};

/// Marks are told apart by so many slots; lines of one slot follow each other.
const SLOTS: usize = 32;
const COLUMNS: usize = 3;

#[derive(Debug, Default)]
pub(super) struct LineMarks {
    /// The columns, one behind the other.
    marked: Vec<Marked>,
    lines: usize,
    /// By column and slot, the first line, counted from 1; 0 is none.
    first: [[u32; SLOTS]; COLUMNS],
}

/// The mark of a text of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marked {
    pub mark: TextMark,
    /// The next line of the same slot, counted from 1; 0 is none.
    next: u32,
}

/// The marks of one fact of every line.
#[derive(Clone, Copy)]
pub(super) struct Column<'m> {
    pub marked: &'m [Marked],
    first: &'m [u32; SLOTS],
}

impl LineMarks {
    /// The marks of lines; those of brands where any rule may ask for them.
    pub fn of(lines: &[Line], brands: bool) -> Self {
        let marked = |text: Option<&str>| {
            let mark = text.map_or(TextMark::ABSENT, TextMark::of);
            Marked { mark, next: 0 }
        };
        // Allocators keep room of such a size ready.
        let mut all = Vec::with_capacity((COLUMNS * lines.len()).next_power_of_two());
        all.extend(lines.iter().map(|line| marked(Some(&line.product))));
        all.extend(lines.iter().map(|line| marked(line.category.as_deref())));
        if brands {
            all.extend(lines.iter().map(|line| marked(line.brand.as_deref())));
        }
        let mut marks = Self { marked: all, lines: lines.len(), first: [[0; SLOTS]; COLUMNS] };
        // A receipt has at least one line, and none has as many as do not fit.
        let columns = marks.marked.chunks_exact_mut(lines.len().max(1));
        for (column, first) in columns.zip(&mut marks.first) {
            // From the last line to the first, so that they follow each other in order.
            let mut line = u32::try_from(column.len()).unwrap_or(u32::MAX);
            for marked in column.iter_mut().rev() {
                let first = &mut first[marked.mark.slot(SLOTS)];
                (marked.next, *first) = (*first, line);
                line = line.saturating_sub(1);
            }
        }
        marks
    }

    pub fn column(&self, fact: &Fact) -> Option<Column<'_>> {
        let column = match fact {
            Fact::LineProduct => 0,
            Fact::LineCategory => 1,
            Fact::LineBrand => 2,
            _ => return None,
        };
        let marked = self.marked.get(column * self.lines..(column + 1) * self.lines)?;
        Some(Column { marked, first: &self.first[column] })
    }
}

impl<'m> Column<'m> {
    /// The lines whose mark is that one, in order.
    #[inline]
    pub fn lines_of(self, mark: TextMark) -> impl Iterator<Item = u32> + use<'m> {
        let mut next = self.first[mark.slot(SLOTS)];
        std::iter::from_fn(move || {
            while let Some(line) = next.checked_sub(1) {
                let marked = self.marked.get(line as usize)?;
                next = marked.next;
                if marked.mark == mark {
                    return Some(line);
                }
            }
            None
        })
    }

    /// The lines from `from` on whose mark is that one, in order.
    #[inline]
    pub fn lines_with(self, mark: TextMark, from: usize) -> impl Iterator<Item = u32> + use<'m> {
        let slot = mark.slot(SLOTS);
        let before = from.checked_sub(1).and_then(|before| self.marked.get(before));
        // Whoever asks for one line after another goes on where the last one was found.
        let before = before.filter(|marked| marked.mark.slot(SLOTS) == slot);
        let mut next = before.map_or(self.first[slot], |marked| marked.next);
        let lines = std::iter::from_fn(move || {
            while let Some(line) = next.checked_sub(1) {
                let marked = self.marked.get(line as usize)?;
                next = marked.next;
                if marked.mark == mark {
                    return Some(line);
                }
            }
            None
        });
        lines.skip_while(move |line| (*line as usize) < from)
    }
}
