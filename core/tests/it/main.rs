//! The one integration test binary of the core.
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
mod values;
