//! Stories: dated examples in plain text that say what a programme must do.
//!
//! They stand beside a programme, run in memory on the real engine, and fail loudly. A
//! marketer writes them; `symbolon check` runs them. A story never changes a database.
//!
//! ```text
//! story: Ana saves for a free lunch
//! 2027-01-03 12:10  Ana joins
//! 2027-01-03 12:10  Ana buys 2 latte at 3.50 in coffee, 1 burrito at 9.00 as R1
//!     pays 16.00
//!     earns 16 points
//! 2027-01-05        Ana returns 1 latte of R1
//!     is refunded 3.50
//!     has 13 points
//! ```

mod check;
mod companies;
mod games;
mod instruments;
mod parse;
mod people;
mod run;
mod time;

pub use parse::{Expectation, Step, Story, Verb, parse};
pub use run::{Failure, run};
pub use time::{TimeExpectation, TimeVerb};
