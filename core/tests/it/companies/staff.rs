//! Staff in the same engine as customers (W1): staff price (W2), recognition, credit for enrolments
//! (E4, W5, W9).

use super::problems_of;
use crate::support::{in_dollars, tell};

fn staff(after: &str) -> String {
    in_dollars(&format!(
        "[points.thanks]
name.en = {{ one = \"thanks\", other = \"thanks\" }}
[points.points]
name.en = {{ one = \"point\", other = \"points\" }}
[attribute.manager]
type = \"boolean\"
[recognition]
points = \"thanks\"
allowance = 100
every = \"month\"
managers = 500
manager = 'member.manager'
[enrolment]
points = \"points\"
give = 50
{after}
[[rule]]
id = \"staff-price\"
on = \"purchase\"
when = 'member.kind == \"employee\"'
discount = {{ percent = 20 }}
limit = [{{ per = \"member\", amount = \"30.00\", every = \"month\", over = \"cut\" }}]
"
    ))
}

#[test]
fn w1_w2_staff_buy_at_their_price_up_to_a_monthly_quota() {
    tell(
        &staff("after = \"joining\""),
        "story: a fifth off, thirty dollars a month (W1, W2)
2027-01-01 Ola joins as employee
2027-01-01 Ana joins
2027-01-02 Ana buys 1 coat at 100.00
    pays 100.00
2027-01-02 Ola buys 1 coat at 100.00
    pays 80.00
2027-01-03 Ola buys 1 coat at 100.00
    gets 10.00 off from staff-price
2027-01-04 Ola buys 1 coat at 100.00
    pays 100.00
2027-02-01 Ola buys 1 coat at 100.00
    pays 80.00
",
    );
}

#[test]
fn w1_colleagues_thank_each_other_within_an_allowance() {
    tell(
        &staff("after = \"joining\""),
        "story: a hundred a month, and five hundred for managers (W1)
2027-01-01 Ola joins as employee
2027-01-01 Kari joins as employee
2027-01-01 Liv joins as employee with manager=true
2027-01-01 Ana joins
2027-01-02 Ola thanks Kari with 60 thanks for the night shift as T
    shares 60 thanks
2027-01-02 Kari waits
    has 60 thanks
2027-01-03 Ola thanks Kari with 41 thanks for more
    is refused: allowance-used
2027-01-03 Ola thanks Liv with 40 thanks for the plan
2027-01-03 Ola thanks Ola with 1 thanks for nothing
    is refused: to-oneself
2027-01-03 Ana thanks Ola with 1 thanks for service
    is refused: not-staff
2027-01-04 Liv thanks Ola with 500 thanks for the year
2027-01-04 Liv thanks Ola with 1 thanks for the year
    is refused: allowance-used
2027-01-05 Ola voids T
    calls-back 60 thanks
2027-01-05 Kari waits
    has 0 thanks
2027-01-05 Ola thanks Kari with 60 thanks for the day shift
2027-02-01 Ola thanks Kari with 100 thanks for February
2027-02-01 Kari waits
    has 160 thanks
",
    );
}

#[test]
fn e4_w5_w9_whoever_enrols_is_credited_after_the_first_real_purchase() {
    tell(
        &staff("after = \"first-purchase\"\nat_least = \"10.00\""),
        "story: a real purchase, once, and not if it comes back (E4, W5, W9)
2027-01-01 Ola joins as employee
2027-01-01 Kari joins as employee
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ana
    is refused: to-oneself
2027-01-02 Ana was-enrolled by Ola
2027-01-02 Ana was-enrolled by Kari
    is refused: enrolled-already
2027-01-03 Ana buys 1 tea at 9.99
    shares 0 points
2027-01-04 Ana buys 1 coat at 10.00 as R
    shares 50 points
2027-01-05 Ana buys 1 coat at 100.00
    shares 0 points
2027-01-05 Ola waits
    has 50 points
2027-01-06 Ana returns 1 coat of R
    calls-back 50 points
2027-01-06 Ola waits
    has 0 points
2027-01-07 Ana buys 1 coat at 10.00
    shares 50 points
2027-01-08 Ben joins
2027-01-09 Ben was-enrolled by Ola
    is refused: enrolled-already
",
    );
    tell(
        &staff("after = \"joining\""),
        "story: at once, where the programme says so (E4)
2027-01-01 Ola joins as employee
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
    shares 50 points
2027-01-03 Ana buys 1 coat at 10.00
    shares 0 points
",
    );
}

#[test]
fn e4_case_54_an_open_credit_goes_with_a_merged_newcomer_unless_the_survivor_had_bought() {
    tell(
        &staff("after = \"first-purchase\"\nat_least = \"10.00\""),
        "story: the same newcomer twice (E4, case 54)
2027-01-01 Ola joins as employee
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
2027-01-02 Anna joins
2027-01-03 Ana merges into Anna
2027-01-04 Anna buys 1 coat at 10.00 as R
    shares 50 points
2027-01-05 Anna buys 1 coat at 10.00
    shares 0 points
2027-01-05 Ola waits
    has 50 points
2027-01-06 Anna voids R
    calls-back 50 points
2027-01-07 Anna buys 1 coat at 10.00
    shares 50 points

story: who had bought before is no newcomer
2027-01-01 Ola joins as employee
2027-01-01 Anna joins
2027-01-02 Anna buys 1 tea at 1.00
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
2027-01-03 Ana merges into Anna
2027-01-04 Anna buys 1 coat at 10.00
    shares 0 points

story: both were enrolled, one was credited, and it stays at one
2027-01-01 Ola joins as employee
2027-01-01 Kari joins as employee
2027-01-01 Anna joins
2027-01-01 Anna was-enrolled by Kari
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
2027-01-03 Ana buys 1 coat at 10.00
    shares 50 points
2027-01-04 Ana merges into Anna
2027-01-05 Anna buys 1 coat at 10.00
    shares 0 points
2027-01-05 Kari waits
    has 0 points

story: one who was credited long ago is not credited again when an older member is merged in
2027-01-01 Old joins
2027-01-01 Ola joins as employee
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
2027-01-03 Ana buys 1 coat at 10.00
    shares 50 points
2027-01-04 Old merges into Ana
2027-01-05 Ana buys 1 coat at 10.00
    shares 0 points

story: nobody is credited for himself
2027-01-01 Ola joins as employee
2027-01-02 Ana joins
2027-01-02 Ana was-enrolled by Ola
2027-01-03 Ana merges into Ola
2027-01-04 Ola buys 1 coat at 20.00
    shares 0 points
",
    );
}

#[test]
fn what_is_not_declared_is_refused_and_what_is_wrong_is_said() {
    tell(
        &in_dollars("[points.thanks]\nname.en = { one = \"t\", other = \"t\" }\n"),
        "story: neither thanks nor credit
2027-01-01 Ola joins as employee
2027-01-01 Kari joins as employee
2027-01-02 Ola thanks Kari with 60 thanks for the night shift
    is refused: no-recognition
2027-01-01 Kari was-enrolled by Ola
    is refused: no-enrolment
",
    );
    let good = staff("after = \"first-purchase\"");
    for (from, to) in [
        ("managers = 500\n", ""),
        ("manager = 'member.manager'\n", ""),
        ("allowance = 100", "allowance = 0"),
        ("points = \"thanks\"\n", "points = \"kudos\"\n"),
        ("after = \"first-purchase\"", "after = \"joining\"\nat_least = \"1.00\""),
        ("after = \"first-purchase\"", "after = \"lunch\""),
        ("staff-price", "recognition"),
    ] {
        assert_eq!(problems_of(&good.replacen(from, to, 1)).len(), 1, "{to}");
    }
}
