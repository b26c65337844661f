//! Where loyalty systems contradict one another: each offered answer, with figures.
//!
//! One file per topic; the comment of a test names the row of the list of choices.

mod codes;
mod earning;
mod prices;
mod returning;
mod tiers;
mod waiting;
