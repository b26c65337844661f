//! The pure core of Symbolon: values, programme, conditions, engine and ledger.
//!
//! It takes values and gives values. It never reads a clock, chance, a file, the
//! environment or a network, never logs, and keeps floats away from every balance.
#![warn(clippy::float_arithmetic)]

pub mod condition;
pub mod draw;
pub mod engine;
pub mod instrument;
pub mod ledger;
pub mod member;
pub mod programme;
pub mod story;
pub mod values;
