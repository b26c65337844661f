//! What a contract gives a company back for the volume of a period (D14), and never a person.

use super::problems_of;
use crate::support::{in_dollars, tell};

fn rebates() -> String {
    in_dollars(
        "[points.credit]
name.en = { one = \"credit\", other = \"credits\" }
decimals = 2
[rebate]
points = \"credit\"
every = \"year\"
steps = [{ from = \"1000.00\", percent = \"1.5\" }, { from = \"5000.00\", percent = \"3\" }]
",
    )
}

#[test]
fn d14_a_rebate_goes_to_the_company_once_for_each_period() {
    tell(
        &rebates(),
        "story: three per cent of all of it, once (D14)
2026-05-01 Acme joins as company
2026-06-01 Acme buys 1 desk at 9999.00
2027-03-01 Acme buys 1 desk at 4000.00
2027-12-31 Acme buys 1 desk at 1111.11 as R
2027-12-31 Acme settles 2027-01-01 until 2027-12-31
    is refused: rebate-period
2028-01-01 Acme settles 2027-01-01 until 2027-12-30
    is refused: rebate-period
2028-01-01 Acme settles 2027-02-01 until 2028-01-31
    is refused: rebate-period
2028-01-01 Acme settles 2027-01-01 until 2027-12-31 as Y
    earns 153.33 credit
2028-01-02 Acme settles 2027-01-01 until 2027-12-31
    is refused: rebate-given
2028-01-03 Acme returns 1 desk of R
2028-01-03 Acme voids Y
    has 0.00 credit
2028-01-03 Acme settles 2027-01-01 until 2027-12-31
    earns 60.00 credit
2028-01-04 Acme settles 2026-01-01 until 2026-12-31
    earns 299.97 credit

story: below the first step there is nothing (D14)
2027-01-01 Acme joins as company
2027-03-01 Acme buys 1 desk at 999.99
2028-01-01 Acme settles 2027-01-01 until 2027-12-31
    earns nothing
    rebate gives nothing: rebate-below-step

story: a person gets no rebate, and no household (D14, B11)
2027-01-01 Ana joins
2027-01-01 Home joins as household
2027-01-01 Ola joins as employee
2027-03-01 Ana buys 1 desk at 9999.99
2028-01-01 Ana settles 2027-01-01 until 2027-12-31
    is refused: rebate-for-companies
2028-01-01 Home settles 2027-01-01 until 2027-12-31
    is refused: rebate-for-companies
2028-01-01 Ola settles 2027-01-01 until 2027-12-31
    is refused: rebate-for-companies
",
    );
    tell(
        &in_dollars(""),
        "story: where there is none
2027-01-01 Acme joins as company
2028-01-01 Acme settles 2027-01-01 until 2027-12-31
    is refused: no-rebate
",
    );
}

#[test]
fn what_is_wrong_with_a_rebate_is_said() {
    for (from, to) in [
        ("points = \"credit\"", "points = \"miles\""),
        ("every = \"year\"", "every = \"week\""),
        ("from = \"5000.00\"", "from = \"1000.00\""),
        ("percent = \"3\"", "percent = \"101\""),
        ("[rebate]", "[[rule]]\nid = \"rebate\"\non = \"purchase\"\noffer = \"x\"\n[rebate]"),
    ] {
        assert_eq!(problems_of(&rebates().replace(from, to)).len(), 1, "{to}");
    }
    let none = rebates().replace("steps = [{ from = \"1000.00\", percent = \"1.5\" }, { from = \"5000.00\", percent = \"3\" }]", "steps = []");
    assert_eq!(problems_of(&none).len(), 1);
}
