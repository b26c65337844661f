//! What a discount is: how much is taken off, of which pieces, and how several stand together.
//!
//! Types alone. The texts are read in `document::discount`, the amounts worked out in
//! `engine::price`.

use super::{FreePiece, FreePieces, FreeSets};
use crate::condition::Condition;
use crate::values::{Money, Rate};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a rule or a reward takes off.
#[derive(Debug)]
pub struct Discounting {
    pub what: Discount,
    /// On which lines; `None` is the whole receipt.
    pub filter: Option<Condition>,
    /// The filter speaks of `line.kind`, so lines that are not goods count, too.
    pub any_kind: bool,
    /// The most that is taken off in all.
    pub at_most: Option<Money>,
}

impl Discounting {
    /// Filters each of which some line must pass for the discount to give anything.
    #[must_use]
    pub fn needed_filters(&self) -> Vec<&Condition> {
        let mut filters: Vec<&Condition> = self.filter.iter().collect();
        match &self.what {
            Discount::Bundle(bundle) => {
                filters.extend(bundle.parts.iter().map(|part| &part.filter));
            }
            Discount::Pieces(BuyAndGet { got: Got::Lines { filter, .. }, .. }) => {
                filters.push(filter);
            }
            _ => {}
        }
        filters
    }

    /// Whether its parts say which lines they mean.
    #[must_use]
    pub const fn has_parts(&self) -> bool {
        matches!(self.what, Discount::Bundle(_))
    }
}

/// The forms of a discount.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one for a rule, and none is ever moved")]
pub enum Discount {
    /// An amount off each line, off some pieces of them, or off all together.
    Plain(Plain),
    /// What holds depends on how many, how much, when or who.
    Steps(Steps),
    /// Buy so many, get so many cheaper or for nothing.
    Pieces(BuyAndGet),
    /// Several things together at one price.
    Bundle(Bundle),
    /// A new price by product.
    Prices(BTreeMap<Box<str>, Money>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain {
    pub amount: DiscountAmount,
    pub base: PriceBase,
    /// What a sum is taken off: all lines together, each line, each piece.
    pub each: Each,
    /// On how many pieces at most; `None` is all.
    pub pieces: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountAmount {
    /// A share of what is left of each line.
    Percent(Rate),
    /// A sum off.
    Sum(Money),
    /// A new price for each unit; a line that is cheaper already is left alone.
    UnitPrice(Money),
}

/// What a percentage is taken of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PriceBase {
    #[default]
    Price,
    /// The lowest price of the thirty days before, where it is known (Directive 98/6/EC,
    /// article 6a): the price becomes that one less the percentage, and never rises.
    LowestPrice,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Each {
    #[default]
    Receipt,
    Line,
    Piece,
}

/// Steps of one measure; the last one that is reached holds.
#[derive(Debug)]
pub struct Steps {
    pub by: StepsBy,
    /// In the order in which they are reached.
    pub steps: Vec<Step>,
}

/// What steps are reached by.
#[derive(Debug)]
pub enum StepsBy {
    /// How many pieces of the lines together.
    Quantity,
    /// How many pieces of each line alone.
    LineQuantity,
    /// How much the lines cost together.
    Amount,
    /// How early it is: the first step that is not over holds.
    Date,
    /// The tier on the ladder at this position.
    Tier(usize),
    /// A number about the member, in millionths.
    Measure(Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: StepFrom,
    pub amount: DiscountAmount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepFrom {
    /// Thousandths of pieces, smallest units of money, ranks of tiers, or millionths.
    Measure(i128),
    /// The first instant at which the step is over.
    Until(Timestamp),
}

/// Buy `buy`, get `get` of them, or of others, at another price.
#[derive(Debug)]
pub struct BuyAndGet {
    pub buy: u32,
    pub get: u32,
    /// What each piece that one gets costs less.
    pub amount: DiscountAmount,
    pub got: Got,
    /// How often on one receipt at most; `None` is as often as it fits.
    pub times: Option<u32>,
    pub which: FreePiece,
    pub sets: FreeSets,
    /// All pieces of a set are of the same product.
    pub same_product: bool,
}

/// Where the pieces that one gets come from.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one for a rule, and none is ever moved")]
pub enum Got {
    /// Among the pieces that were bought, or one more of them on top.
    Same(FreePieces),
    /// Other lines of the receipt.
    Lines { filter: Condition, any_kind: bool },
    /// One of these products, handed over on top.
    Gift(Arc<[String]>),
}

/// Several things together.
#[derive(Debug)]
pub struct Bundle {
    pub parts: Vec<BundlePart>,
    /// Of one whole bundle: its price, a sum off it, or a percentage.
    pub amount: DiscountAmount,
    pub times: Option<u32>,
}

#[derive(Debug)]
pub struct BundlePart {
    pub pieces: u32,
    pub filter: Condition,
    pub any_kind: bool,
}

/// How discounts stand together on one receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stacking {
    /// At most so many rules may take something off.
    pub most_rules: Option<u32>,
    /// All discounts together are at most this share of the goods, in per cent.
    pub most_percent: Option<Rate>,
    /// No discount takes a line below its cost and this margin, a share of the price in per cent.
    pub margin_floor: Option<Rate>,
    /// How many sets of rules the exact solver may look at before it states a gap.
    pub effort: u32,
}

impl Stacking {
    /// The effort where nothing is said.
    pub const EFFORT: u32 = 5_000;
}
