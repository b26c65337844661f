//! What reaches a member because of somebody else: received once, taken back, never more than given.

use crate::support::{Desk, POINTS, in_dollars, key, points, why};
use symbolon_core::engine::{Activity, Decision, Effect, Incoming, Sent, Shares, derived_of};
use symbolon_core::values::{ActivityId, MemberId};

const CAUSE: ActivityId = ActivityId::new(0x0190_0000_0000_7000_8000_0000_0000_0001);
const ANA: MemberId = MemberId::new(0x0190_0000_0000_7000_8000_0000_0000_0105);
const BEN: MemberId = MemberId::new(0x0190_0000_0000_7000_8000_0000_0000_0206);

fn incoming(what: Sent) -> Activity {
    Activity::Incoming(Incoming {
        cause: CAUSE,
        effect: 3,
        from: Some(BEN),
        by: key("friend"),
        what,
    })
}

fn gift(amount: i64) -> Activity {
    incoming(Sent::Points { points: key("points"), amount: points(amount) })
}

#[test]
fn what_is_sent_is_earned_and_can_be_taken_back_once() {
    let mut desk = Desk::with_member(&in_dollars(POINTS), "2027-01-01 10:00:00Z");
    let (id, given) = desk.does("2027-01-02 10:00:00Z", gift(30));
    assert_eq!(why(&given, "friend"), ["received"]);
    assert_eq!(desk.has("points", "2027-01-02 10:01:00Z"), 30);
    let back = |amount: i64| {
        incoming(Sent::TakeBack { of: id, points: key("points"), amount: points(amount) })
    };
    desk.does("2027-01-03 10:00:00Z", back(10));
    assert_eq!(desk.has("points", "2027-01-03 10:01:00Z"), 20);
    // More than was given cannot be taken back (I6).
    desk.does("2027-01-04 10:00:00Z", back(100));
    assert_eq!(desk.has("points", "2027-01-04 10:01:00Z"), 0);
    let (_, nothing) = desk.does("2027-01-05 10:00:00Z", back(1));
    assert_eq!(nothing.effects, []);
    assert_eq!(desk.refuses("2027-01-06 10:00:00Z", gift(0)), "amount-zero");
}

#[test]
fn the_ids_of_what_follows_differ_repeat_and_lie_with_their_member() {
    let send = |to: MemberId| Effect::Send {
        to,
        by: key("friend"),
        what: Sent::Points { points: key("points"), amount: points(5) },
        shares: Shares::None,
    };
    let desk = Desk::with_member(&in_dollars(POINTS), "2027-01-01 10:00:00Z");
    let moment = crate::support::at("2027-01-02 10:00:00Z");
    let empty = desk.decide(moment, &Activity::Settlement).expect("a decision");
    let decision = Decision { effects: vec![send(ANA), send(BEN), send(ANA)], ..empty };
    let once = derived_of(CAUSE, Some(BEN), &decision);
    assert_eq!(once, derived_of(CAUSE, Some(BEN), &decision));
    let ids: std::collections::BTreeSet<ActivityId> = once.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 3);
    for one in &once {
        assert_eq!(one.id.bucket(), one.to.bucket());
        assert_eq!(one.id.number() >> 80, CAUSE.number() >> 80, "in the order of time");
    }
}

#[test]
fn neighbouring_causes_have_no_common_followers() {
    let mut ids = std::collections::BTreeSet::new();
    for cause in 0..200_u128 {
        for effect in 0..20 {
            for to in [ANA, BEN] {
                ids.insert(ActivityId::derived(ActivityId::new(cause << 16), effect, to));
            }
        }
    }
    assert_eq!(ids.len(), 200 * 20 * 2);
}
