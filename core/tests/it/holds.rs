//! Holds: what a checkout takes is reserved, until it is confirmed, cancelled, or over.

use crate::support::{POINTS, in_dollars, tell};

fn shop() -> String {
    in_dollars(&format!(
        "{}worth = \"0.01\"\npays = {{ step = 1 }}\n\
         [instrument.gift]\nkind = \"certificate\"\nname = \"Gift\"\nvalues = [\"20.00\"]\n\
         [instrument.ten]\nkind = \"coupon\"\nname = \"Ten\"\n\
         [[rule]]\nid = \"points\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 10, per = \"1.00\" }}\n\
         [[rule]]\nid = \"ten-off\"\non = \"purchase\"\ncoupon = \"ten\"\ndiscount = {{ percent = 10 }}\n\
         [[rule]]\nid = \"first-two\"\non = \"purchase\"\nwhen = 'receipt.lines.exists(l, l.product == \"hat\")'\n\
         discount = {{ sum = \"1.00\" }}\nlimit = {{ total = 2 }}\n\
         [[reward]]\nid = \"mug\"\nname = \"Mug\"\ncost = {{ points = 60 }}\ngives = {{ item = {{}} }}\n",
        POINTS
    ))
}

#[test]
fn points_are_reserved_and_spent_by_the_confirmation() {
    tell(
        &shop(),
        "
story: what is held cannot be spent elsewhere; the confirmation books what was promised
2027-01-01 10:00  Ana joins
2027-01-01 10:00  Ana buys 1 coat at 10.00
    has 100 points
2027-01-02 10:00  Ana holds 1 tea at 5.00 paying 80 points for 15 minutes as H
    pays 4.20
    has 20 points
2027-01-02 10:05  Ana takes mug
    is refused: reward-not-possible
2027-01-02 10:10  Ana confirms H as R
    pays 4.20
    earns 40 points
    has 60 points
2027-01-02 10:11  Ana confirms H
    is refused: hold-ended
2027-01-02 10:12  Ana voids H
    is refused: hold-ended
2027-01-03 10:00  Ana returns 1 tea of R
    is refunded 4.20
    gets back 80 points
    loses 40 points
    has 100 points

story: a hold above the balance fails at the hold, not at the till
2027-01-01 10:00  Ana joins
2027-01-01 10:00  Ana buys 1 coat at 10.00
2027-01-02 10:00  Ana holds 1 tea at 5.00 paying 101 points for 15 minutes
    is refused: payment-not-possible
    has 100 points
",
    );
}

#[test]
fn a_hold_that_is_cancelled_or_over_gives_all_back() {
    tell(
        &shop(),
        "
story: cancelled
2027-01-01 10:00  Ana joins
2027-01-01 10:00  Ana buys 1 coat at 10.00
2027-01-02 10:00  Ana holds 1 tea at 5.00 paying 80 points for 15 minutes as H
    has 20 points
2027-01-02 10:10  Ana voids H
    has 100 points

story: over; to the second, for the member who held it
2027-01-01 10:00  Ana joins
2027-01-01 10:00  Ana buys 1 coat at 10.00
2027-01-02 10:00  Ana holds 1 tea at 5.00 paying 80 points for 15 minutes as H
2027-01-02 10:14:59  Ana waits
    has 20 points
2027-01-02 10:15  Ana waits
    has 100 points
2027-01-02 10:15  Ana confirms H
    is refused: hold-ended
    has 100 points
",
    );
}

#[test]
fn case_11_codes_and_limits_that_are_held_are_free_again_when_the_hold_is_over() {
    tell(
        &shop(),
        "
story: the last use of a coupon, the last of a limit, the money of a certificate
2027-01-01 09:00  the shop issues coupon ten as C
2027-01-01 09:00  the shop issues certificate gift 20.00 as G
2027-01-01 10:00  Ana joins
2027-01-01 10:00  Ben joins
2027-01-01 10:00  Ana buys 1 hat at 9.00
    pays 8.00
2027-01-02 10:00  Ana holds 1 hat at 11.00 with code C, code G for 10 minutes as H
    pays 0.00
2027-01-02 10:05  Ben buys 1 hat at 11.00 with code C
    pays 11.00
    code C fails: used
    first-two gives nothing: quota-reached
2027-01-02 10:06  Ben buys 1 tea at 15.00 with code G
    pays 4.00
2027-01-02 10:10  Ben buys 1 hat at 11.00 with code C
    pays 9.00
2027-01-02 10:11  Ana buys 1 tea at 15.00 with code G
    pays 6.00
    has 0.00 left on G
",
    );
}

#[test]
fn i13_a_confirmation_books_what_was_promised_though_the_member_moved_on() {
    tell(
        &in_dollars(&format!(
            "{POINTS}[ladder.club]\nmeasure = 'spent()'\n\
             tier = [{{ id = \"basic\" }}, {{ id = \"gold\", from = 100 }}]\n\
             [[rule]]\nid = \"points\"\non = \"purchase\"\n\
             earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n\
             [[rule]]\nid = \"gold\"\non = \"purchase\"\nwhen = 'member.tier(\"club\") == \"gold\"'\n\
             discount = {{ percent = 10 }}\n"
        )),
        "
story: the price of the hold is the price of the receipt
2027-01-01 10:00  Ana joins
2027-01-02 10:00  Ana holds 1 tea at 10.00 for 60 minutes as H
    pays 10.00
    earns nothing
2027-01-02 10:05  Ana buys 1 coat at 100.00
    is on gold in club
2027-01-02 10:10  Ana buys 1 tea at 10.00
    pays 9.00
2027-01-02 10:20  Ana confirms H as R
    pays 10.00
    earns 10 points
    has 119 points
2027-01-03 10:00  Ana voids R
    has 109 points
",
    );
}

#[test]
fn bad_holds_are_refused() {
    tell(
        &shop(),
        "
story: too long, not at all, by nobody
2027-01-01 10:00  Ana joins
2027-01-02 10:00  Ana holds 1 tea at 5.00 for 0 minutes
    is refused: hold-too-long
2027-01-02 10:00  Ana holds 1 tea at 5.00 for 10081 minutes
    is refused: hold-too-long
2027-01-02 10:00  Guest holds 1 tea at 5.00 for 10 minutes
    is refused: no-member
",
    );
}
