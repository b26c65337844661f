//! What is recorded with an award besides its amount: how multipliers made one, what bounded it,
//! and how it is computed anew. As data; nothing is computed here.

use crate::programme::Multipliers;
use crate::values::{Money, Points, Rounding};
use serde::{Deserialize, Serialize};

/// How an award is computed anew on what is kept of its receipt: smallest units of points for
/// so many of money, each line with what it was multiplied by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    pub give: i64,
    pub per: i64,
    pub steps: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Points>,
    pub rounding: Rounding,
    pub lines: Vec<RecountLine>,
}

/// A line of an award, what it counted for, and its multiplier as a fraction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecountLine {
    pub line: u32,
    pub base: Money,
    pub times: i64,
    pub of: i64,
}

/// How several multipliers made one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Combined {
    #[default]
    Multiplied,
    /// What each adds to one was added up.
    Added,
    Highest,
}

impl Combined {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over so")]
    pub(super) fn is_multiplied(&self) -> bool {
        *self == Self::Multiplied
    }
}

impl From<Multipliers> for Combined {
    fn from(setting: Multipliers) -> Self {
        match setting {
            Multipliers::Multiply => Self::Multiplied,
            Multipliers::Add => Self::Added,
            Multipliers::Highest => Self::Highest,
        }
    }
}

/// What holds an award within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// The least and the most that the earning gives on a receipt.
    AtLeast,
    AtMost,
    /// The most of the kind on a receipt, a day, a calendar month.
    PerReceipt,
    PerDay,
    PerMonth,
}
