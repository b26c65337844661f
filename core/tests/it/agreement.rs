//! Random histories over random programmes end alike in the engine and in the naive model.

use crate::model::{World, check_step};
use crate::random::{cases, histories, play_all, shapes};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(256))]

    /// I2, I3, I6, I12 and every amount: model and engine agree after each step.
    #[test]
    fn the_model_and_the_engine_agree(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(16))),
    ) {
        let mut world: Option<World<'_>> = None;
        play_all(&shape, &steps, |played| match &mut world {
            None => world = Some(World::new(&shape, played.before.next_id(), played.at)),
            Some(world) => check_step(world, &shape, played),
        });
    }
}
