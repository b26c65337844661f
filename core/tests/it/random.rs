//! Random small programmes and random histories of one member, for the model and the
//! properties. A programme is drawn as a `Shape`, which prints itself as a programme text:
//! the reader, the engine and the model all start from the same draw.

mod history;
mod shape;
mod strategy;

pub use history::{Deed, Played, Step, deeds_of_buying, histories, play_all};
pub use shape::{
    Amount, Discount, Earn, End, Filter, Give, Kept, KindShape, LimitShape, Measure, Off,
    RewardShape, RuleShape, Shape, When,
};
pub use strategy::shapes;

/// So many cases, or as many as `PROPTEST_CASES` wants.
pub fn cases(count: u32) -> proptest::test_runner::Config {
    let wanted = proptest::test_runner::Config::default();
    // What the environment leaves alone stands at proptest's own number.
    let untouched = wanted.cases == 256;
    proptest::test_runner::Config { cases: if untouched { count } else { wanted.cases }, ..wanted }
}
