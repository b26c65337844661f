//! What a return brings back of a price: a bundle that is broken, a free piece that is kept, a
//! sum that was spread.

use crate::support::{in_dollars, tell};

fn three_for_two(settings: &str) -> String {
    in_dollars(&format!(
        "{settings}[[rule]]\nid = \"three\"\non = \"purchase\"\n\
         discount = {{ buy = 2, get = 1, where = 'line.category == \"cup\"' }}\n\
         [[rule]]\nid = \"set\"\non = \"purchase\"\n\
         discount = {{ bundle = [{{ where = 'line.product == \"pot\"' }}, {{ where = 'line.product == \"lid\"' }}], price = \"9.00\" }}\n\
         [[rule]]\nid = \"ten\"\non = \"purchase\"\n\
         discount = {{ sum = \"10.00\", where = 'line.category == \"coat\"' }}\n"
    ))
}

#[test]
fn a_free_piece_that_is_kept_was_paid_for_by_the_set() {
    tell(
        &three_for_two(""),
        "
story: two that were paid come back, the free one is kept: its share of the price stays
2027-01-01  Ana joins
2027-01-01  Ana buys 2 mug at 10.00 in cup, 1 glass at 4.00 in cup as R
    pays 20.00
2027-01-02  Ana returns 2 mug of R
    is refunded 16.67
2027-01-03  Ana returns 1 glass of R
    is refunded 3.33

story: the other way round ends at the same
2027-01-01  Ana joins
2027-01-01  Ana buys 2 mug at 10.00 in cup, 1 glass at 4.00 in cup as R
2027-01-02  Ana returns 1 glass of R
    is refunded 3.33
2027-01-03  Ana returns 1 mug of R
    is refunded 8.33
2027-01-03  Ana returns 1 mug of R
    is refunded 8.34
",
    );
    tell(
        &three_for_two("[settings]\nset_discount = \"free-pieces\"\n"),
        "
story: where the discount lies on the free piece, it was free, whoever keeps it
2027-01-01  Ana joins
2027-01-01  Ana buys 2 mug at 10.00 in cup, 1 glass at 4.00 in cup as R
    pays 20.00
2027-01-02  Ana returns 2 mug of R
    is refunded 20.00
2027-01-03  Ana returns 1 glass of R
    is refunded 0.00
",
    );
}

#[test]
fn case_29_a_broken_bundle_and_a_spread_sum_never_charge_for_a_return() {
    tell(
        &three_for_two(""),
        "
story: pot 8.00 and lid 4.00 together for 9.00; the pot comes back with its share
2027-01-01  Ana joins
2027-01-01  Ana buys 1 pot at 8.00, 1 lid at 4.00 as R
    pays 9.00
2027-01-02  Ana returns 1 pot of R
    is refunded 6.00
2027-01-03  Ana returns 1 lid of R
    is refunded 3.00

story: ten off two coats; each goes with its share of the ten
2027-01-01  Ana joins
2027-01-01  Ana buys 1 cape at 60.00 in coat, 1 parka at 40.00 in coat as R
    pays 90.00
2027-01-02  Ana returns 1 parka of R
    is refunded 36.00
2027-01-03  Ana returns 1 cape of R
    is refunded 54.00
",
    );
}
