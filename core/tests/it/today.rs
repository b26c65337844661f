//! What the core does today where the design is silent or speaks with two voices. These tests
//! hold the behaviour fast so that a change of it is seen; none of them says that it is right.

use crate::support::{Desk, POINTS, in_dollars, line, purchase, tell};
use symbolon_core::engine::Activity;

fn point_per_dollar(kind: &str) -> String {
    in_dollars(&format!(
        "{POINTS}{kind}[[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n"
    ))
}

/// A full return is as if nothing had been bought, so it also takes the activity away that kept
/// older points from ending for idleness: they are gone at once, and a return is no activity.
#[test]
fn a_full_return_may_end_idle_points() {
    tell(
        &point_per_dollar("expires = \"2 months after the last activity\"\n"),
        "
story: older points lived by the purchase that came back
2027-01-10  Ana joins
2027-01-10  Ana buys 1 coat at 80.00
2027-03-01  Ana buys 1 hat at 20.00 as R
2027-04-01  Ana waits
    has 100 points
2027-04-01  Ana returns 1 hat of R
    loses 20 points
    has 0 points
",
    );
}

/// Points that end for idleness may live on by a receipt that arrives late, unless they were
/// settled before it arrived: here, and only here, the delay of the job changes an answer.
#[test]
fn late_receipts_revive_idle_points_that_were_not_settled() {
    let text = point_per_dollar("expires = \"1 month after the last activity\"\n");
    let mut desk = Desk::with_member(&text, "2027-01-01T10:00:00Z");
    desk.does("2027-01-01T10:00:00Z", purchase(vec![line("a", "1", 900)]));
    let mut settled = desk.clone();
    settled.does("2027-02-15T10:00:00Z", Activity::Settlement);
    for desk in [&mut desk, &mut settled] {
        desk.does("2027-01-20T10:00:00Z", purchase(vec![line("a", "1", 100)]));
    }
    let on_18_february = "2027-02-18T10:00:00Z";
    assert_eq!(desk.has("points", on_18_february), 10);
    assert_eq!(settled.has("points", on_18_february), 1);
}

/// Where what is missing is forgiven, the order of partial returns may tell: the hat takes
/// back points that are spent, before the coat gives back those that points had paid.
#[test]
fn forgiven_points_are_not_asked_for_again() {
    let text = in_dollars(
        "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n\
         shortfall = \"forgiven\"\n\
         [[rule]]\nid = \"visit\"\non = \"purchase\"\nearn = { points = \"points\", give = 10 }\n\
         [[reward]]\nid = \"item\"\nname = \"Item\"\ncost = { points = 10 }\ngives = { item = {} }\n",
    );
    tell(
        &text,
        "
story: at once
2027-01-01  Ana joins
2027-01-01  Ana is-given 10 points because test
2027-01-01  Ana buys 1 coat at 20.00, 1 hat at 10.00 with item as R
2027-01-01  Ana is-given -10 points because spent
2027-01-02  Ana voids R
    has 0 points

story: the hat first
2027-01-01  Ben joins
2027-01-01  Ben is-given 10 points because test
2027-01-01  Ben buys 1 coat at 20.00, 1 hat at 10.00 with item as R
2027-01-01  Ben is-given -10 points because spent
2027-01-02  Ben returns 1 hat of R
    loses 10 points
    has 0 points
2027-01-02  Ben returns 1 coat of R
    gets back 10 points
    has 10 points
",
    );
}
