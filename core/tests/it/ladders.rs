//! Tiers: what a measure sees, and how long a tier is kept.

use crate::support::{POINTS, in_dollars, tell};

/// A measure may ask what never changes of a member.
#[test]
fn a_measure_may_ask_for_attributes() {
    tell(
        &in_dollars(
            "[attribute.founder]\ntype = \"boolean\"\n[attribute.bonus]\ntype = \"decimal\"\n\
             [ladder.club]\nmeasure = 'spent() + member.bonus + (member.founder ? 100 : 0)'\n\
             tier = [{ id = \"basic\" }, { id = \"gold\", from = 100 }]\n\
             [[rule]]\nid = \"r\"\non = \"purchase\"\noffer = \"x\"\n",
        ),
        "
story: a founder begins on top
2027-01-01  Ana joins with founder=true, bonus=0
    is on gold in club

story: somebody with a bonus is nearer to it
2027-01-01  Ben joins with founder=false, bonus=60.5
    is on basic in club
2027-01-01  Ben buys 1 tea at 39.49
    is on basic in club
2027-01-01  Ben buys 1 tea at 0.01
    is on gold in club
",
    );
}

/// A balance changes by the minute, and tiers are questions about days.
#[test]
fn a_measure_cannot_ask_for_a_balance() {
    let text = in_dollars(&format!(
        "{POINTS}[ladder.club]\nmeasure = 'member.balance(\"points\")'\n\
         tier = [{{ id = \"basic\" }}, {{ id = \"gold\", from = 100 }}]\n"
    ));
    let reading = symbolon_core::programme::read("balance.toml", &text);
    assert!(reading.programme.is_none());
    let told = "a balance of the past is not known, so no tier can stand on it";
    assert!(reading.remarks.iter().any(|remark| remark.message == told));
}
