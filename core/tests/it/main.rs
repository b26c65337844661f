//! The one integration test binary of the core.
mod cases;
mod condition;
mod discounts;
mod earning;
mod invariants;
mod ladders;
mod model;
mod programme;
mod random;
mod rewards;
mod stories;
mod support;
mod values;
