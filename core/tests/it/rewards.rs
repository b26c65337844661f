//! What points buy: money off, free items and benefits.

use crate::support::{POINTS, in_dollars, tell};

/// Ten points are any item that passes the filter, twenty are five dollars off.
fn with_rewards(rewards: &str) -> String {
    in_dollars(&format!(
        "{POINTS}[benefit.lounge]\nname = \"Lounge\"\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n{rewards}"
    ))
}

const ITEM: &str =
    "[[reward]]\nid = \"item\"\nname = \"Item\"\ncost = { points = 10 }\ngives = { item = {} }\n";

#[test]
fn each_free_item_is_a_whole_piece() {
    tell(
        &with_rewards(ITEM),
        "
story: two pieces of one line for nothing
2027-01-03  Ana joins
2027-01-03  Ana is-given 100 points because test
2027-01-03  Ana buys 3 latte at 9.50 with item, item
    pays 9.50
    spends 20 points
2027-01-03  Ana buys 2 latte at 9.50, 1 tea at 6.00 with item, item as R
    pays 6.00
2027-01-03  Ana buys 2 latte at 9.50, 1 tea at 6.00 with item, item, item
    pays 0.00
2027-01-03  Ana buys 2 latte at 9.50 with item, item, item
    is refused: reward-not-possible
2027-01-03  Ana buys 1.500 cheese at 8.00 with item
    pays 4.00
2027-01-03  Ana buys 1.500 cheese at 8.00 with item, item
    pays 0.00
    has 19 points
2027-01-04  Ana returns 1 latte of R
    is refunded 0.00
    gets back 10 points
",
    );
}
