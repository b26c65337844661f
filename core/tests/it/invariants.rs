//! The invariants of the core (failures.md) as properties over random programmes and histories.

mod audit;
mod extremes;
mod replay;
mod reversal;
mod rules;

use crate::random::{cases, histories, play_all, shapes};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(160))]

    /// I1 to I6, I12, I14 and I15 hold after every step, whatever happened.
    #[test]
    fn i1_to_i6_i12_i14_i15_hold_after_every_step(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(16))),
    ) {
        play_all(&shape, &steps, |played| audit::check(&shape, played));
    }

    /// I10 and I11: what was recorded makes the state again, to the byte, and every decision
    /// would be made again as it was.
    #[test]
    fn i10_i11_records_make_the_state_again(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(16))),
    ) {
        let desk = play_all(&shape, &steps, replay::check_step);
        replay::check(&desk);
    }

    /// I16: the order of rules in the text, rules that match nothing and the index of rules
    /// change no effect of any step.
    #[test]
    fn i16_order_and_idle_rules_change_nothing(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(12))),
        order in any::<prop::sample::Index>(),
        group in prop::option::of(0_u8..2),
    ) {
        rules::check(&shape, &steps, order, group);
    }

    /// Buying and returning everything, in whatever parts and order, leaves the state of before.
    #[test]
    fn i6_buying_and_returning_is_the_state_before(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(8))),
        purchase in reversal::purchases(),
        pieces in prop::collection::vec((0_usize..4, 1_i64..1_000), 0..6),
    ) {
        reversal::check_nothing_stays(&shape, &steps, &purchase, &pieces);
    }

    /// Returns of parts in any order end where the return of everything ends, also when points
    /// were spent in between.
    #[test]
    fn i6_parts_in_any_order_end_like_the_whole(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(8))),
        purchase in reversal::purchases(),
        spent in prop::option::of((0_usize..2, 1_i64..300)),
        pieces in prop::collection::vec((0_usize..4, 1_i64..1_000), 0..6),
    ) {
        reversal::check_parts_end_like_the_whole(&shape, &steps, &purchase, spent, &pieces);
    }

    /// I21: extreme amounts are refused or exact; nothing panics, nothing half happens.
    #[test]
    fn i21_extreme_amounts_are_refused_or_exact(
        shape in shapes(),
        deeds in prop::collection::vec(extremes::deeds(), 1..10),
    ) {
        extremes::check(&shape, &deeds);
    }
}
