//! What discounts leave behind on a receipt besides lower prices: which pieces they touched,
//! what percentages took, how much they gave in all. It must never know a rule.

use crate::values::{Money, Overflow, Quantity};

/// Pieces of one line that sets and limited discounts touched, and what is left to pay of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine) struct Touched {
    pub quantity: Quantity,
    pub net: Money,
}

/// The marks on a receipt. The lists are empty until something is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engine) struct Marks {
    touched: Vec<Touched>,
    percent: Vec<Money>,
    /// What the pieces that became free cost when they were handed in.
    pub freed: Money,
    /// What discounts took off in all.
    pub taken: Money,
    /// How many rules took something off.
    pub rules: u32,
    /// What was drawn on each limit of money, by its place; empty where nothing was.
    pub drawn: Vec<i64>,
}

/// Pieces of a line that a discount took, before it was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Portion {
    pub line: u32,
    /// Pieces that nothing had touched, and what was left to pay of them.
    pub untouched: Touched,
    /// Pieces that were touched already, and what was left to pay of them.
    pub again: Touched,
}

impl Portion {
    pub fn quantity(&self) -> Result<Quantity, Overflow> {
        self.untouched.quantity.plus(self.again.quantity)
    }

    pub fn net(&self) -> Result<Money, Overflow> {
        self.untouched.net.plus(self.again.net)
    }
}

impl Marks {
    pub fn touched(&self, line: u32) -> Touched {
        self.touched.get(line as usize).copied().unwrap_or_default()
    }

    /// Whether both have marked a line in the same way.
    pub fn agrees(&self, other: &Self, line: u32) -> bool {
        self.touched(line) == other.touched(line) && self.percent(line) == other.percent(line)
    }

    /// What percentages took off a line already.
    pub fn percent(&self, line: u32) -> Money {
        self.percent.get(line as usize).copied().unwrap_or_default()
    }

    pub fn add_percent(&mut self, line: u32, part: Money, lines: usize) -> Result<(), Overflow> {
        if self.percent.is_empty() {
            self.percent = vec![Money::ZERO; lines];
        }
        if let Some(percent) = self.percent.get_mut(line as usize) {
            *percent = percent.plus(part)?;
        }
        Ok(())
    }

    /// A discount of `part` on a whole line, of which `net` was left to pay, lowers its touched
    /// pieces in proportion.
    pub fn lower_line(&mut self, line: u32, part: Money, net: Money) -> Result<(), Overflow> {
        let Some(touched) = self.touched.get_mut(line as usize) else { return Ok(()) };
        if touched.net.is_zero() || net.is_zero() {
            return Ok(());
        }
        let share = i128::from(part.units()) * i128::from(touched.net.units());
        let share = share / i128::from(net.units());
        touched.net = touched.net.minus(Money::new(i64::try_from(share).map_err(|_| Overflow)?))?;
        Ok(())
    }

    /// A discount of `part` on some pieces of a line; all of them are touched from now on.
    pub fn touch(&mut self, portion: &Portion, part: Money, lines: usize) -> Result<(), Overflow> {
        if self.touched.is_empty() {
            self.touched = vec![Touched::default(); lines];
        }
        let Some(touched) = self.touched.get_mut(portion.line as usize) else { return Ok(()) };
        touched.quantity = touched.quantity.plus(portion.untouched.quantity)?;
        touched.net = touched.net.plus(portion.untouched.net)?.minus(part)?;
        Ok(())
    }
}
