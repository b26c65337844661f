//! The one integration test binary of the core.
mod actions;
mod cases;
mod condition;
mod discounts;
mod earning;
mod invariants;
mod ladders;
mod limits;
mod model;
mod programme;
mod random;
mod rewards;
mod schedules;
mod stories;
mod support;
mod today;
mod values;
