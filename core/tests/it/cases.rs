//! The failure cases of other systems, as dated stories: each must end well here.
//!
//! Case 34, a transfer to oneself, has no test: there are no transfers yet.

mod money;
mod returns;
mod time;
