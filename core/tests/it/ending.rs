//! The end of a programme (A10): its last days, what becomes of what is left, and that it comes
//! to the same whatever comes late or comes back.

use crate::support::{
    Desk, NotBooked, adjustment, always, at, earned, in_dollars, joining, key, line, net, outcomes,
    points, programme, purchase, purchase_with, return_of, tell, versions, why,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use symbolon_core::engine::{
    Activity, Effect, Outcome, Payment, Purchase, derived_of, has_remainder,
};
use symbolon_core::ledger::Account;
use symbolon_core::member::MemberKind;
use symbolon_core::values::{ActivityId, MemberId};

/// Points that become money, stars that wait and end, money that stays; a discount besides.
fn with(ending: &str) -> String {
    in_dollars(&format!(
        "[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         worth = \"0.01\"\npays = {{ step = 1 }}\n\
         [points.stars]\nname.en = {{ one = \"star\", other = \"stars\" }}\npending = \"14 days\"\n\
         [points.cash]\nname.en = {{ one = \"dollar\", other = \"dollars\" }}\ndecimals = 2\n\
         worth = \"1\"\npays = {{ step = \"0.01\" }}\n\
         [benefit.lounge]\nname = \"Lounge\"\n\
         [action.review]\nname = \"Review\"\n\
         [membership.club]\nname = \"Club\"\nfee = \"10.00\"\nperiod = \"1 year\"\n\
         [[rule]]\nid = \"base\"\non = \"purchase\"\n\
         earn = [{{ points = \"points\", give = 1, per = \"1.00\" }}, \
         {{ points = \"stars\", give = 1, per = \"10.00\" }}]\n\
         [[rule]]\nid = \"off\"\non = \"purchase\"\nwhen = 'receipt.total >= 200'\n\
         discount = {{ percent = 10 }}\n\
         [[rule]]\nid = \"said\"\non = \"action:review\"\nearn = {{ points = \"points\", give = 5 }}\n\
         [[reward]]\nid = \"cup\"\nname = \"Cup\"\ncost = {{ points = 50 }}\ngives = {{ item = {{}} }}\n\
         [[reward]]\nid = \"voucher\"\nname = \"Voucher\"\ncost = {{ cash = \"0.50\" }}\n\
         gives = {{ benefit = \"lounge\" }}\n\
         [[reward]]\nid = \"back\"\nname = \"Back\"\ncost = {{ cash = \"0.50\" }}\n\
         gives = {{ points = {{ points = 50 }} }}\n{ending}"
    ))
}

const ENDING: &str = "[ending]\nannounced = 2027-11-01\nlast_earning_day = 2027-12-31\n\
     last_spending_day = 2028-03-31\n\
     remainder = { points = { to = \"cash\", give = \"0.01\", at_least = 100 } }\n";

fn desk() -> Desk {
    Desk::with_member(&with(ENDING), "2027-01-10T10:00:00Z")
}

/// So much money for tea, in dollars.
fn tea(dollars: i64) -> Activity {
    purchase(vec![line("tea", "1", dollars * 100)])
}

fn paying(dollars: i64, kind: &str, amount: i64) -> Activity {
    let pay = vec![Payment::Points { points: key(kind), amount: points(amount) }];
    let lines = vec![line("tea", "1", dollars * 100)];
    Activity::Purchase(Purchase { lines, pay, ..Purchase::default() })
}

/// Lets the calendar bring what came, and does something then.
fn does(desk: &mut Desk, moment: &str, activity: Activity) -> ActivityId {
    desk.lets_time_pass(at(moment));
    desk.does(moment, activity).0
}

/// The sum of an account over all entries of a kind.
fn account(desk: &Desk, kind: &str, account: Account) -> i64 {
    let of_kind = desk.entries.iter().filter(|entry| entry.points.as_str() == kind);
    let change = |entry: &symbolon_core::ledger::Entry| {
        let amount = entry.amount.units();
        i64::from(entry.to == account) * amount - i64::from(entry.from == account) * amount
    };
    of_kind.map(change).sum()
}

#[test]
fn a10_earning_stops_after_its_last_day_and_prices_go_on() {
    // When, what is earned, what is paid, and what is said of the rule that earns.
    let rows = [
        ("2027-12-31T23:59:59Z", 180, 18_000, "earned"),
        ("2028-01-01T00:00:00Z", 0, 18_000, "earning-over"),
        ("2028-03-31T23:59:59Z", 0, 18_000, "earning-over"),
        ("2028-04-01T00:00:00Z", 0, 18_000, "earning-over"),
    ];
    for (moment, points, paid, reason) in rows {
        let mut desk = desk();
        let (_, decision) = desk.does(moment, tea(200));
        assert_eq!(earned(&decision, "points"), points, "{moment}");
        assert_eq!(net(&decision), [paid], "{moment}");
        assert!(why(&decision, "base").contains(&reason), "{moment}: {:?}", decision.reasons);
    }
    let mut desk = desk();
    let (_, decision) = desk.does(
        "2028-01-01T10:00:00Z",
        Activity::Action { action: key("review"), fields: BTreeMap::new() },
    );
    assert_eq!((earned(&decision, "points"), why(&decision, "said")), (0, vec!["earning-over"]));
}

#[test]
fn a10_members_are_told_from_the_day_of_the_announcement_to_the_last() {
    let rows = [
        ("2027-10-31T23:59:59Z", false),
        ("2027-11-01T00:00:00Z", true),
        ("2028-03-31T23:59:59Z", true),
        ("2028-04-01T00:00:00Z", false),
    ];
    for (moment, told) in rows {
        let (_, decision) = desk().does(moment, tea(1));
        assert_eq!(why(&decision, "ending") == ["ending-announced"], told, "{moment}");
    }
    let (_, decision) = desk().does("2028-01-10T10:00:00Z", tea(1));
    let said = outcomes(&decision, "ending");
    let (last_earning, last_spending) =
        (jiff::civil::date(2027, 12, 31), jiff::civil::date(2028, 3, 31));
    assert_eq!(said, [&Outcome::EndingAnnounced { last_earning, last_spending }]);
    // Without a day, they are told as soon as the version is in force.
    let text = with(&ENDING.replace("announced = 2027-11-01\n", ""));
    let (_, decision) =
        Desk::with_member(&text, "2027-01-10T10:00:00Z").does("2027-02-01T10:00:00Z", tea(1));
    assert_eq!(why(&decision, "ending"), ["ending-announced"]);
}

#[test]
fn a10_spending_stops_after_its_last_day_for_what_ends() {
    let after = "2028-04-01T00:00:00Z";
    let review = |reward: &str| Activity::Redemption { reward: key(reward), contact: None };
    let fee = || Activity::MembershipPayment { membership: key("club") };
    let held = |activity: Activity| match activity {
        Activity::Purchase(purchase) => Activity::Hold { purchase, minutes: 15 },
        other => other,
    };
    let claimed = || purchase_with(vec![line("cup", "1", 500)], &[("cup", None)]);
    let mut desk = desk();
    desk.does("2027-05-01T10:00:00Z", tea(400));
    desk.does("2027-05-01T11:00:00Z", adjustment("cash", 500));
    // On the last day all of it can be had.
    let on_the_last_day = [
        paying(10, "points", 100),
        review("cup"),
        review("back"),
        held(paying(10, "points", 1)),
        fee(),
    ];
    for activity in on_the_last_day {
        let told = format!("{activity:?}");
        let booked = desk.clone().try_at(at("2028-03-31T23:59:59Z"), activity);
        assert!(booked.is_ok(), "{told}: {booked:?}");
    }
    let ended = [
        paying(10, "points", 100),
        review("cup"),
        review("back"),
        claimed(),
        held(paying(10, "points", 100)),
        held(claimed()),
        adjustment("points", 5),
        fee(),
    ];
    for activity in ended.clone() {
        assert_eq!(desk.refuses(after, activity), "programme-ended");
    }
    desk.lets_time_pass(at(after));
    for activity in ended {
        assert_eq!(desk.refuses(after, activity), "programme-ended");
    }
    // What stays goes on being money.
    assert_eq!(net(&desk.does(after, paying(10, "cash", 300)).1), [700]);
    desk.does(after, review("voucher"));
    desk.does(after, held(tea(10)));
}

/// What is left becomes money, in whole cents, from a hundred points on; the rest ends.
#[test]
fn a10_what_is_left_becomes_money() {
    // The points that are left, the conversion, and the cents.
    let rows = [
        (99, "give = \"0.01\", at_least = 100", 0),
        (100, "give = \"0.01\", at_least = 100", 100),
        (101, "give = \"0.01\", at_least = 100", 101),
        (101, "give = \"0.01\", per = 3", 33),
        (2, "give = \"0.01\", per = 3", 0),
        (1_000, "give = \"2.50\", per = 250", 1_000),
    ];
    for (left, conversion, cents) in rows {
        let text = with(&ENDING.replace("give = \"0.01\", at_least = 100", conversion));
        let mut desk = Desk::with_member(&text, "2027-01-10T10:00:00Z");
        desk.does("2027-02-01T10:00:00Z", adjustment("points", left));
        assert_eq!(desk.lets_time_pass(at("2028-03-31T23:59:59Z")), 0);
        assert_eq!(desk.has("points", "2028-03-31T23:59:59Z"), left, "nothing before the end");
        assert_eq!(desk.lets_time_pass(at("2028-04-01T00:00:00Z")), 1);
        assert_eq!(desk.lets_time_pass(at("2031-01-01T00:00:00Z")), 0, "once");
        assert_eq!(desk.has("points", "2028-04-01T00:00:00Z"), 0);
        assert_eq!(desk.has("cash", "2028-04-01T00:00:00Z"), cents, "{left}: {conversion}");
        assert_eq!(account(&desk, "points", Account::Converted), left);
        assert_eq!(account(&desk, "cash", Account::Converted), -cents);
    }
}

/// What ends is let go whether it waits or not; so is what is owed.
#[test]
fn a10_what_waits_and_what_is_owed_end_too() {
    let mut desk = desk();
    let receipt = desk.does("2027-12-31T20:00:00Z", tea(100)).0;
    desk.does("2028-01-20T10:00:00Z", adjustment("stars", -10));
    desk.does("2028-03-30T10:00:00Z", return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.state().debt("stars").units(), 10);
    desk.does("2028-03-31T10:00:00Z", adjustment("points", 7));
    assert_eq!(desk.lets_time_pass(at("2028-05-01T00:00:00Z")), 1);
    assert!(desk.state().debts.is_empty() && desk.state().lots.is_empty());
    assert_eq!(account(&desk, "stars", Account::Forgiven), -10);
    // A new one: earned on the last day with a pending time that reaches beyond the end.
    let text = with(&ENDING.replace("2028-03-31", "2028-01-05"));
    let mut desk = Desk::with_member(&text, "2027-01-10T10:00:00Z");
    desk.does("2027-12-31T20:00:00Z", tea(100));
    assert_eq!(desk.balance("stars", at("2028-01-05T10:00:00Z")).pending.units(), 10);
    desk.lets_time_pass(at("2028-02-01T00:00:00Z"));
    assert_eq!(account(&desk, "stars", Account::Expired), 10);
    assert!(!has_remainder(&programme(&text), desk.state()));
}

/// I5, I6: what comes back after the end ends at once where it would have ended in time, and a
/// full return leaves nothing, whatever was converted meanwhile.
#[test]
fn a10_returns_after_the_end_are_exact() {
    let receipt = |desk: &mut Desk| {
        let lines = vec![line("tea", "3", 10_000)];
        does(desk, "2027-12-01T10:00:00Z", purchase(lines))
    };
    // The discount leaves 270.00: a point for each dollar, a star for each ten.
    let mut sold = desk();
    let of = receipt(&mut sold);
    sold.lets_time_pass(at("2028-04-01T00:00:00Z"));
    assert_eq!(sold.has("cash", "2028-04-02T00:00:00Z"), 270);
    for (returns, cents) in [
        (vec!["1"], 180),
        (vec!["1", "1"], 0),
        (vec!["2"], 0),
        (vec!["3"], 0),
        (vec!["1", "1", "1"], 0),
    ] {
        let mut desk = sold.clone();
        for how_much in &returns {
            desk.does("2028-04-10T10:00:00Z", return_of(of, &[(0, how_much)]));
            assert!(!has_remainder(&programme(&with(ENDING)), desk.state()));
        }
        assert_eq!(desk.has("cash", "2028-04-11T00:00:00Z"), cents, "{returns:?}");
        assert!(desk.state().debts.is_empty(), "{returns:?}");
        // The same returns in time come to the same.
        let mut early = self::desk();
        let of = receipt(&mut early);
        for how_much in &returns {
            early.does("2028-03-10T10:00:00Z", return_of(of, &[(0, how_much)]));
        }
        early.lets_time_pass(at("2028-04-11T00:00:00Z"));
        assert_eq!(early.has("cash", "2028-04-11T00:00:00Z"), cents, "{returns:?} in time");
    }
    // The money was spent: it is owed.
    let mut desk = sold.clone();
    desk.does("2028-04-05T10:00:00Z", paying(10, "cash", 200));
    desk.does("2028-04-10T10:00:00Z", return_of(of, &[(0, "3")]));
    assert_eq!(desk.state().debt("cash").units(), 200);
    assert_eq!(desk.has("cash", "2028-04-11T00:00:00Z"), 0);
}

/// Points that paid for something that comes back after the end become money like the others.
#[test]
fn a10_points_that_come_back_after_the_end_become_money_at_once() {
    let mut desk = desk();
    desk.does("2027-05-01T10:00:00Z", adjustment("points", 150));
    let of = does(&mut desk, "2028-03-01T10:00:00Z", paying(10, "points", 120));
    desk.lets_time_pass(at("2028-04-01T00:00:00Z"));
    assert_eq!(desk.has("cash", "2028-04-02T00:00:00Z"), 0, "30 points are too few");
    let (_, decision) = desk.does("2028-04-20T10:00:00Z", return_of(of, &[(0, "1")]));
    assert_eq!(desk.has("points", "2028-04-20T10:00:00Z"), 0);
    assert_eq!(desk.has("cash", "2028-04-20T10:00:00Z"), 150, "as if they had come in time");
    assert!(decision.effects.iter().any(|effect| matches!(effect, Effect::Convert { .. })));
    assert!(why(&decision, "points").contains(&"converted"));
}

/// I14: a receipt that a till brings late earns what it would have earned, and that is settled
/// with it; the ending itself is not taken back.
#[test]
fn a10_what_comes_late_is_settled_at_once() {
    let mut desk = desk();
    desk.does("2027-05-01T10:00:00Z", tea(150));
    desk.lets_time_pass(at("2028-04-01T00:00:00Z"));
    assert_eq!(desk.has("cash", "2028-04-02T00:00:00Z"), 150);
    let (late, decision) = desk.does("2027-12-30T10:00:00Z", tea(40));
    assert_eq!((earned(&decision, "points"), earned(&decision, "stars")), (40, 4));
    assert_eq!(desk.has("cash", "2028-04-02T00:00:00Z"), 190);
    assert!(desk.state().lots.iter().all(|lot| lot.points.as_str() == "cash"));
    desk.does("2028-04-03T10:00:00Z", Activity::Void { of: late });
    assert_eq!(desk.has("cash", "2028-04-04T00:00:00Z"), 150);
    let is_ending = |record: &&symbolon_core::engine::Recorded| {
        matches!(record.activity, Activity::Occasion { .. })
    };
    let of = desk.book.records.values().find(is_ending).map(|record| record.id);
    let of = of.unwrap_or_else(|| panic!("the ending is booked"));
    assert_eq!(desk.refuses("2028-04-05T10:00:00Z", Activity::Void { of }), "not-reversible");
    // The same late receipt before anything was settled: the calendar settles both.
    let mut desk = self::desk();
    desk.does("2027-12-30T10:00:00Z", tea(40));
    assert_eq!(desk.lets_time_pass(at("2028-06-01T00:00:00Z")), 1);
    assert_eq!(account(&desk, "points", Account::Converted), 40);
}

/// A hold that was promised in time is kept, and what it gives is settled with it (I13).
#[test]
fn a10_a_hold_from_before_the_end_is_confirmed_after_it() {
    let mut desk = desk();
    desk.does("2027-05-01T10:00:00Z", adjustment("points", 300));
    let Activity::Purchase(wanted) = paying(10, "points", 100) else { return };
    let hold = Activity::Hold { purchase: wanted.clone(), minutes: 60 };
    let of = does(&mut desk, "2028-03-31T23:50:00Z", hold);
    let confirmed = Activity::Purchase(Purchase { hold: Some(of), ..wanted });
    does(&mut desk, "2028-04-01T00:10:00Z", confirmed);
    assert_eq!(account(&desk, "points", Account::Redeemed), 100);
    assert_eq!(desk.has("cash", "2028-04-02T00:00:00Z"), 200);
}

/// An end that a later version brings, moves, or takes back.
#[test]
fn a10_the_version_in_force_says_when_it_ends() {
    let prolonged = ENDING.replace("2028-03-31", "2028-06-30");
    let texts = [(with(""), "2026-01-01T00:00:00Z"), (with(ENDING), "2028-01-15T09:00:00Z")];
    let later = [texts[0].clone(), texts[1].clone(), (with(&prolonged), "2028-05-01T09:00:00Z")];
    let mut desk = Desk::new(versions(&later));
    desk.does("2027-01-10T10:00:00Z", joining());
    desk.does("2028-01-10T10:00:00Z", tea(150));
    desk.lets_time_pass(at("2028-04-15T00:00:00Z"));
    assert_eq!(desk.has("cash", "2028-04-15T00:00:00Z"), 150);
    // It goes on after all, and then ends again.
    desk.does("2028-05-10T10:00:00Z", adjustment("points", 20));
    assert_eq!(desk.has("points", "2028-05-10T10:00:00Z"), 20);
    desk.lets_time_pass(at("2028-07-01T00:00:00Z"));
    assert_eq!(desk.has("cash", "2028-07-01T00:00:00Z"), 170);
    // An end that was over when its version came into force is settled on the day after.
    let past = [texts[0].clone(), (with(ENDING), "2028-05-01T09:00:00Z")];
    let mut desk = Desk::new(versions(&past));
    desk.does("2027-01-10T10:00:00Z", joining());
    desk.does("2028-04-10T10:00:00Z", tea(150));
    desk.lets_time_pass(at("2028-05-01T10:00:00Z"));
    assert_eq!(desk.has("points", "2028-05-01T10:00:00Z"), 150);
    desk.lets_time_pass(at("2028-05-02T00:00:00Z"));
    assert_eq!(desk.has("cash", "2028-05-02T00:00:00Z"), 150);
}

#[test]
fn a10_a_programme_is_left_well() {
    let stories = "
story: Ana spends in time, Bo does not
2027-10-01  Ana joins
2027-10-01  Ana buys 1 ring at 150.00 as R
    earns 150 points
2027-10-01  Bo joins
2027-10-01  Bo buys 1 ring at 150.00 as S
2028-02-01  Ana buys 1 tea at 5.00 paying 150 points
    pays 3.50
    base gives nothing: earning-over
2028-04-01 00:00  Ana waits
    has 0 points
    has 0.00 cash
2028-04-01 00:00  Bo waits
    has 0 points
    has 1.50 cash
    has 0 stars
2028-04-02  Bo buys 1 tea at 5.00 paying 1.00 cash
    pays 4.00
2028-04-03  Bo buys 1 tea at 5.00 paying 10 points
    is refused: programme-ended
2028-04-10  Bo returns 1 ring of S
    is refunded 150.00
    has 0.00 cash
    owes 1.00 cash
    owes 0 points
";
    tell(&with(ENDING), stories);
}

/// Brings to others what a decision means for them.
fn sends(from: &mut Desk, to: &mut Desk, moment: &str, activity: Activity) {
    from.lets_time_pass(at(moment));
    let (id, decision) = from.does(moment, activity);
    for derived in derived_of(id, from.book.member_id, &decision) {
        assert_eq!(Some(derived.to), to.book.member_id);
        to.lets_time_pass(at(moment));
        to.does(moment, Activity::Incoming(derived.incoming));
    }
}

/// I20: two who are one have after the end what one would have had, and returns of old receipts
/// follow.
#[test]
fn a10_merging_after_the_end_counts_what_both_had() {
    let (mut one, mut other) = (desk(), desk());
    other.book.member_id = Some(MemberId::new(2));
    let of = does(&mut one, "2027-05-01T10:00:00Z", tea(60));
    does(&mut other, "2027-05-01T10:00:00Z", tea(70));
    let into = MemberId::new(2);
    sends(&mut one, &mut other, "2028-05-01T10:00:00Z", Activity::Merge { into });
    assert_eq!(other.has("cash", "2028-05-01T10:00:00Z"), 0, "each had too few, and both know it");
    other.does("2027-12-30T10:00:00Z", tea(30));
    assert_eq!(other.has("cash", "2028-05-02T10:00:00Z"), 160);
    sends(&mut one, &mut other, "2028-05-03T10:00:00Z", return_of(of, &[(0, "1")]));
    assert_eq!(other.has("cash", "2028-05-04T10:00:00Z"), 100);
    assert!(other.state().debts.is_empty() && one.state().lots.is_empty());
    // Merging before the end is as if there had been one.
    let (mut one, mut other) = (desk(), desk());
    other.book.member_id = Some(MemberId::new(2));
    does(&mut one, "2027-05-01T10:00:00Z", tea(60));
    does(&mut other, "2027-05-01T10:00:00Z", tea(70));
    sends(&mut one, &mut other, "2028-03-01T10:00:00Z", Activity::Merge { into });
    assert_eq!(one.lets_time_pass(at("2028-05-01T00:00:00Z")), 0, "nothing is left here");
    other.lets_time_pass(at("2028-05-01T00:00:00Z"));
    assert_eq!(other.has("cash", "2028-05-01T00:00:00Z"), 130);
}

/// Staff thank each other while thanks can be spent; who enrolled somebody is credited while
/// anything is earned.
#[test]
fn a10_thanks_and_credit_of_staff_end_too() {
    let text = with(&format!(
        "[recognition]\npoints = \"points\"\nallowance = 100\nevery = \"month\"\n\
         [enrolment]\npoints = \"points\"\ngive = 20\nafter = \"joining\"\n{ENDING}"
    ));
    let to = MemberId::new(2);
    let thanks =
        || Activity::Recognition { to, amount: points(10), reason: "a long day".to_owned() };
    let staff = || {
        let mut desk = Desk::new(always(&text));
        let attributes = BTreeMap::new();
        let kind = MemberKind::Employee;
        let line = Vec::new();
        desk.does("2027-01-10T10:00:00Z", Activity::Joining { kind, attributes, line });
        desk
    };
    let (_, decision) = staff().does("2028-03-31T23:59:59Z", thanks());
    assert!(decision.effects.iter().any(|effect| matches!(effect, Effect::Send { .. })));
    assert_eq!(staff().refuses("2028-04-01T00:00:00Z", thanks()), "programme-ended");
    for (joins, sent) in [("2027-12-31T23:00:00Z", true), ("2028-01-01T00:00:00Z", false)] {
        let mut desk = Desk::with_member(&text, joins);
        let (_, decision) = desk.does(joins, Activity::Enrolment { by: to });
        let sends = |effect: &Effect| matches!(effect, Effect::Send { .. });
        assert_eq!(decision.effects.iter().any(sends), sent, "{joins}");
        assert_eq!(why(&decision, "enrolment") == ["earning-over"], !sent, "{joins}");
    }
}

#[derive(Debug, Clone)]
struct Bought {
    /// Minutes after the beginning of December.
    minute: i64,
    pieces: u8,
    cents: i64,
    /// How many of the pieces come back, each time so many minutes later.
    back: Vec<(u8, i64)>,
}

fn bought() -> impl Strategy<Value = Bought> {
    let back = prop::collection::vec((1_u8..3, 1_i64..250_000), 0..3);
    (0_i64..200_000, 1_u8..5, 1_i64..30_000, back)
        .prop_map(|(minute, pieces, cents, back)| Bought { minute, pieces, cents, back })
}

fn moment(minute: i64) -> Timestamp {
    at("2027-12-01T00:00:00Z") + SignedDuration::from_mins(minute)
}

/// Nothing is left of what ends, and every account is balanced.
fn is_settled(desk: &Desk) {
    let mut sums: BTreeMap<(String, Account), i128> = BTreeMap::new();
    for entry in &desk.entries {
        let (kind, amount) = (entry.points.to_string(), i128::from(entry.amount.units()));
        *sums.entry((kind.clone(), entry.from)).or_default() -= amount;
        *sums.entry((kind, entry.to)).or_default() += amount;
    }
    let of = |kind: &str, account| {
        let sum = sums.get(&(kind.to_owned(), account)).copied();
        sum.unwrap_or(0)
    };
    for kind in ["points", "stars", "cash"] {
        let all: i128 = Account::ALL.into_iter().map(|account| of(kind, account)).sum();
        assert_eq!(all, 0, "I1: {kind}: {sums:?}");
    }
    for kind in ["points", "stars"] {
        assert_eq!((of(kind, Account::Lots), of(kind, Account::Debt)), (0, 0), "{sums:?}");
    }
    let cash = desk.balance("cash", at("2029-01-01T00:00:00Z"));
    let (had, owed) = (cash.available.units(), cash.debt.units());
    assert_eq!(of("cash", Account::Lots), i128::from(had));
    assert_eq!(of("cash", Account::Debt), -i128::from(owed));
    assert!(!has_remainder(&programme(&with(ENDING)), desk.state()));
}

/// Books purchases and what comes back of them, and gives what the money is at the end. With
/// `late`, all of it is booked when the programme was settled long ago; with `spending`, some of
/// it is paid with points and money as far as they are there.
fn booked(all: &[Bought], late: bool, spending: bool) -> i64 {
    let mut desk = desk();
    desk.does("2027-11-01T00:00:00Z", adjustment("points", 60));
    if late {
        desk.lets_time_pass(at("2028-12-01T00:00:00Z"));
    }
    // What happened first is booked first, but what came late in the order in which it was sent.
    let mut steps: Vec<(i64, usize, Option<u8>)> = Vec::new();
    for (place, bought) in all.iter().enumerate() {
        steps.push((bought.minute, place, None));
        let mut minute = bought.minute;
        for (pieces, later) in &bought.back {
            minute += later;
            steps.push((minute, place, Some(*pieces)));
        }
    }
    if !late {
        steps.sort_by_key(|(minute, ..)| *minute);
    }
    let mut receipts = BTreeMap::new();
    for (minute, place, back) in steps {
        let activity = match (back, receipts.get(&place)) {
            (None, _) => {
                let bought = &all[place];
                let lines = vec![line("tea", &bought.pieces.to_string(), bought.cents)];
                let moment = moment(minute);
                let mut pay = Vec::new();
                for kind in if spending { &["points", "cash"][..] } else { &[] } {
                    let amount = desk.balance(kind, moment).available.units().min(bought.cents / 3);
                    if amount > 0 {
                        let (points, amount) = (key(kind), points(amount));
                        pay.push(Payment::Points { points, amount });
                    }
                }
                // What ended meanwhile pays no more.
                let paid = Purchase { lines: lines.clone(), pay, ..Purchase::default() };
                let paid = Activity::Purchase(paid);
                if desk.decide(moment, &paid).is_ok() { paid } else { purchase(lines) }
            }
            (Some(pieces), Some(receipt)) => return_of(*receipt, &[(0, &pieces.to_string())]),
            (Some(_), None) => continue,
        };
        if !late {
            desk.lets_time_pass(moment(minute));
        }
        match desk.try_at(moment(minute), activity) {
            Ok((id, _)) if back.is_none() => {
                receipts.insert(place, id);
            }
            // More than was bought cannot come back.
            Ok(_) | Err(NotBooked::Refused(_)) => {}
            Err(why) => panic!("{why:?}"),
        }
    }
    desk.lets_time_pass(at("2029-01-01T00:00:00Z"));
    is_settled(&desk);
    let cash = desk.balance("cash", at("2029-01-01T00:00:00Z"));
    cash.available.units() - cash.debt.units()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A10: whatever order receipts and returns arrive in, nothing is left of what ends, the
    /// accounts are balanced, and the money is the same.
    #[test]
    fn a10_the_end_is_the_same_in_any_order(all in prop::collection::vec(bought(), 1..6)) {
        prop_assert_eq!(booked(&all, false, false), booked(&all, true, false));
    }

    /// A10, I1, I3: nothing is left either where points and money are spent on the way.
    #[test]
    fn a10_nothing_is_left_whatever_was_spent(
        all in prop::collection::vec(bought(), 1..6), late: bool,
    ) {
        booked(&all, late, true);
    }
}

/// I11: a programme that has not come to its end decides as one without an end.
#[test]
fn an_end_far_away_changes_nothing() {
    let text = with(&ENDING.replace("announced = 2027-11-01", "announced = 2027-12-31"));
    let mut ending = Desk::with_member(&text, "2027-01-10T10:00:00Z");
    let mut endless = Desk::with_member(&with(""), "2027-01-10T10:00:00Z");
    for (moment, activity) in [
        ("2027-02-01T10:00:00Z", tea(250)),
        ("2027-02-02T10:00:00Z", paying(9, "points", 30)),
        ("2027-02-03T10:00:00Z", Activity::Redemption { reward: key("cup"), contact: None }),
    ] {
        let one = ending.does(moment, activity.clone()).1;
        assert_eq!(one, endless.does(moment, activity).1);
    }
    assert_eq!(ending.state(), endless.state());
}
