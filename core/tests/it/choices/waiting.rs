//! What earned points wait for: a time, a date, the end of a period, an event. And the order in
//! which what happened to a receipt is judged.

use crate::support::{
    Desk, POINTS, adjustment, at, in_dollars, joining, line, purchase, return_of, tell, why,
};
use symbolon_core::engine::Activity;
use symbolon_core::values::{ActivityId, Points};

fn waiting(kind: &str) -> String {
    in_dollars(&format!(
        "[event.delivered]\nname.en = \"Delivered\"\n[event.paid]\nname.en = \"Paid\"\n\
         {POINTS}{kind}\n\
         [[rule]]\nid = \"r\"\non = \"purchase\"\nearn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n\
         [[reward]]\nid = \"mug\"\nname = \"Mug\"\ncost = {{ points = 5 }}\ngives = {{ item = {{}} }}\n"
    ))
}

/// Row "points of this receipt", pending by time, date or event: bought on 3 January and
/// delivered on the 10th; at midnight of the day that is named the points are there.
#[test]
fn points_wait_for_a_time_a_date_or_an_event() {
    let cases = [
        ("", "2027-01-03 12:00"),
        ("pending = \"14 days\"", "2027-01-17 00:00"),
        ("pending = \"until 2027-01-15\"", "2027-01-15 00:00"),
        ("pending = \"until 2027-01-03\"", "2027-01-03 12:00"),
        ("pending = \"until the end of the month\"", "2027-02-01 00:00"),
        ("pending = \"until the end of the quarter\"", "2027-04-01 00:00"),
        ("pending = \"until delivered\"", "2027-01-10 15:30"),
        ("pending = \"14 days after delivered\"", "2027-01-24 00:00"),
    ];
    for (pending, moment) in cases {
        let mut desk = Desk::with_member(&waiting(pending), "2027-01-03T10:00:00Z");
        let (receipt, _) =
            desk.does("2027-01-03T12:00:00Z", purchase(vec![line("coat", "1", 1_000)]));
        let delivered = Activity::Event { of: receipt, event: crate::support::key("delivered") };
        let (_, told) = desk.does("2027-01-10T15:30:00Z", delivered.clone());
        // The same event again changes nothing.
        let before = desk.state().lots.clone();
        desk.does("2027-01-20T15:30:00Z", delivered);
        assert_eq!(desk.state().lots, before, "{pending}");
        let awaits = pending.contains("delivered");
        assert_eq!(why(&told, "delivered") == ["released"], awaits, "{pending}");
        let moment = at(&format!("{}:00Z", moment.replace(' ', "T")));
        let just_before = moment - jiff::SignedDuration::from_secs(1);
        let all = [just_before, moment].map(|moment| desk.balance("points", moment));
        if moment > at("2027-01-10T15:30:00Z") {
            assert_eq!(all[0].pending, Points::new(10), "{pending}");
        }
        assert_eq!(all[1].available, Points::new(10), "{pending}");
    }
}

/// Points that wait for an event are there, wait, and cannot be spent; an event of another
/// receipt or another name does not help them.
#[test]
fn an_event_lets_the_points_of_its_receipt_be_spent() {
    tell(
        &waiting("pending = \"until delivered\""),
        "
story: two orders
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 10.00 as R
    earns 10 points
    has 0 points
    waits for 10 points
2027-01-04  Ana buys 1 hat at 7.00 as S
    waits for 17 points
2027-01-05  Ana takes mug
    is refused: reward-not-possible
2027-01-06  Ana hears paid of R
    waits for 17 points
    paid gives nothing: nothing-to-count
2027-01-07  Ana hears delivered of S
    has 7 points
    waits for 10 points
2027-01-08  Ana takes mug
    has 2 points
2027-01-09  Ana hears lost of R
    is refused: unknown-event
2028-12-31  Ana waits
    waits for 10 points
",
    );
}

/// Row "points earned, partial return", Bink: pending points of the receipt go first, before
/// any that can be spent; an event after the return finds what is left.
#[test]
fn a_return_before_the_event_takes_the_pending_points_back_first() {
    tell(
        &waiting("pending = \"until delivered\""),
        "
story: one of two comes back before the delivery
2027-01-03  Ana joins
2027-01-03  Ana is-given 50 points because welcome
2027-01-03  Ana buys 2 cup at 10.00 as R
    has 50 points
    waits for 20 points
2027-01-04  Ana returns 1 cup of R
    has 50 points
    waits for 10 points
2027-01-05  Ana hears delivered of R
    has 60 points
2027-01-06  Ana returns 1 cup of R
    has 50 points
    waits for 0 points
",
    );
}

/// A guest's receipt has no points that could wait.
#[test]
fn events_are_of_known_receipts_of_members() {
    let mut desk = Desk::new(crate::support::always(&waiting("pending = \"until delivered\"")));
    let (receipt, _) = desk.does("2027-01-03T12:00:00Z", purchase(vec![line("a", "1", 100)]));
    let event = |of| Activity::Event { of, event: crate::support::key("delivered") };
    assert_eq!(desk.refuses("2027-01-04T12:00:00Z", event(receipt)), "no-member");
    let mut desk = Desk::with_member(&waiting(""), "2027-01-03T10:00:00Z");
    let unknown = event(ActivityId::new(77));
    assert_eq!(desk.refuses("2027-01-04T12:00:00Z", unknown), "unknown-activity");
}

/// Case 26: a clock that went back refuses nothing. What is booked after a purchase and speaks
/// of it is judged by the order of booking: it takes effect at the purchase's moment.
#[test]
fn case_26_a_return_is_judged_in_the_order_of_booking() {
    let text = waiting("pending = \"until delivered\"");
    let mut desk = Desk::with_member(&text, "2027-01-01T10:00:00Z");
    let bought_at = "2027-01-02T10:00:00Z";
    let (receipt, _) = desk.does(bought_at, purchase(vec![line("cup", "3", 300)]));
    let earlier = "2027-01-02T09:59:59Z";
    let (_, event) = desk
        .does(earlier, Activity::Event { of: receipt, event: crate::support::key("delivered") });
    let (_, back) = desk.does(earlier, return_of(receipt, &[(0, "1")]));
    let (_, void) = desk.does("2026-12-31T10:00:00Z", Activity::Void { of: receipt });
    for decision in [&event, &back, &void] {
        assert_eq!(decision.at, at(bought_at), "the moment of the purchase");
    }
    assert_eq!(desk.balance("points", at(bought_at)).total(), 0);
    assert!(desk.entries.iter().all(|entry| entry.at >= at(bought_at)));
    // A return after its purchase keeps its own moment.
    let (receipt, _) = desk.does(bought_at, purchase(vec![line("cup", "1", 300)]));
    let (_, back) = desk.does("2027-01-09T10:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(back.at, at("2027-01-09T10:00:00Z"));
}

/// Case 47 and 26 together: the version of the purchase's moment judges a return whose clock
/// stands before that version began.
#[test]
fn case_26_the_version_is_that_of_the_moment_of_booking() {
    let first = waiting("");
    let versions = [(first.clone(), "2027-01-01T00:00:00Z"), (first, "2027-02-01T00:00:00Z")];
    let mut desk = Desk::new(crate::support::versions(&versions));
    desk.does("2027-01-03T10:00:00Z", joining());
    desk.does("2027-01-03T10:00:00Z", adjustment("points", 1));
    let (receipt, _) = desk.does("2027-02-03T12:00:00Z", purchase(vec![line("a", "1", 900)]));
    let (back, _) = desk.does("2027-01-31T12:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.book.records[&back].version, 2);
}

/// Row "life of points": by lot, on a fixed date a year, or by inactivity, always whole. Earned on
/// 3 January and on 10 March, with nothing after that: what is there at five moments.
#[test]
fn life_of_points() {
    let cases = [
        ("never", [20, 20, 20, 20, 20]),
        ("12 months after earning", [20, 20, 20, 10, 0]),
        ("end of the year", [20, 20, 0, 0, 0]),
        ("3 months after the end of the year", [20, 20, 20, 20, 0]),
        ("6 months after the last activity", [20, 0, 0, 0, 0]),
    ];
    let moments = ["2027-09-10", "2027-09-11", "2028-01-01", "2028-01-04", "2028-04-01"];
    for (expires, there) in cases {
        let text = waiting(&format!("expires = \"{expires}\""));
        let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
        for day in ["2027-01-03", "2027-03-10"] {
            let moment = format!("{day}T12:00:00Z");
            desk.does(&moment, purchase(vec![line("coat", "1", 1_000)]));
        }
        let found = moments.map(|day| desk.has("points", &format!("{day}T00:00:00Z")));
        assert_eq!(found, there, "{expires}");
    }
}
