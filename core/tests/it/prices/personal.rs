//! D13: something new to try for nothing for a while, special terms for one service, and terms
//! for one person.

use crate::support::{in_dollars, tell};

#[test]
fn d13_a_free_trial_terms_for_one_service_and_for_one_person() {
    tell(
        &in_dollars(
            "[attribute.taster]\ntype = \"boolean\"\n[attribute.terms]\ntype = \"text\"\n\
             [[rule]]\nid = \"trial\"\non = \"purchase\"\nfrom = 2027-03-01\nuntil = 2027-03-14\n\
             when = 'member.taster'\n\
             discount = { percent = 100, pieces = 1, where = 'line.product == \"oat-latte\"' }\n\
             limit = { per_member = 1, every = \"day\" }\n\
             [[rule]]\nid = \"engraving\"\non = \"purchase\"\nwhen = 'member.terms == \"partner\"'\n\
             discount = { prices = { engraving = \"2.00\" } }\n\
             [[rule]]\nid = \"carriage\"\non = \"purchase\"\nwhen = 'member.terms == \"partner\"'\n\
             discount = { percent = 100, where = 'line.kind == \"delivery\"' }\n",
        ),
        "
story: new, for nothing, once a day, as long as the trial lasts
2027-02-01  Ana joins with taster=true
2027-02-01  Ben joins
2027-02-28  Ana buys 1 oat-latte at 4.00
    pays 4.00
2027-03-01 08:00  Ana buys 2 oat-latte at 4.00
    pays 4.00
2027-03-01 17:00  Ana buys 1 oat-latte at 4.00
    pays 4.00
    trial gives nothing: limit-reached
2027-03-01  Ben buys 1 oat-latte at 4.00
    pays 4.00
2027-03-14 23:59:59  Ana buys 1 oat-latte at 4.00
    pays 0.00
2027-03-15 00:00  Ana buys 1 oat-latte at 4.00
    pays 4.00

story: terms for one service and for one person
2027-02-01  Cleo joins with terms=partner
2027-02-01  Dan joins
2027-02-02  Cleo buys 1 pen at 20.00, 1 engraving at 6.00, 1 courier at 5.00 as delivery
    pays 22.00
    gets 4.00 off from engraving
    gets 5.00 off from carriage
2027-02-02  Dan buys 1 pen at 20.00, 1 engraving at 6.00, 1 courier at 5.00 as delivery
    pays 31.00
",
    );
}
