//! Insight: what a programme did, and what it would have done or would do.
//!
//! It decides recorded or invented receipts in memory with the real engine and counts. It may
//! use the store and the core; it never books anything, never serves HTTP, and makes no words.

mod backtest;
mod figures;
mod judge;
mod past;
mod past_database;
mod recount;
mod rhythm;
mod segments;
mod shop;
mod simulate;
mod walk;

pub use backtest::{BackTest, DIFFERENCES_MAX, Difference, Shown, back_test};
pub use figures::{
    Figures, KindFigures, PointFlow, SharedLimits, Worths, decimal, rounded, shared_limits,
};
pub use judge::{Judge, Told};
pub use past::{History, Memory, Past, PastMember};
pub use past_database::history_of_database;
pub use recount::{Recount, recount};
pub use rhythm::{Rhythm, Seen};
pub use segments::{
    Comparison, MemberRow, MemberSide, Segment, segments_by_receipts, segments_by_spend,
};
pub use shop::{Customer, Shop, TRADES, Trade};
pub use simulate::{Assumptions, Simulation, Year, percentile, simulate};
pub use walk::{Walker, has_shared_limits, walk};
