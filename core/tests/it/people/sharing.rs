//! Shares of purchases, and points from hand to hand.

use super::village::{Village, buys, id, transfer};
use crate::random::cases;
use crate::support::{POINTS, in_dollars, outcomes, quantity, tell, why};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Decision, Effect, Outcome, Returned};
use symbolon_core::values::{ActivityId, MemberId};

fn sharing(share: &str) -> String {
    in_dollars(&format!("{POINTS}[[rule]]\nid = \"friends\"\non = \"purchase\"\nshare = {share}\n"))
}

const LEVELS: &str = r#"{ points = "points", levels = ["5", "2", "1"] }"#;

fn sent(decision: &Decision) -> BTreeMap<MemberId, i64> {
    let mut sums = BTreeMap::new();
    for effect in &decision.effects {
        if let Effect::Send { to, what, .. } = effect {
            *sums.entry(*to).or_default() += what.given().map_or(0, |(_, amount)| amount.units());
        }
    }
    sums
}

/// R1: who gets how much of a purchase of 40.00 by the fifth of five who brought each other.
#[test]
fn r1_shares_by_level() {
    let percent = r#"[[rule]]
id = "per-dollar"
on = "purchase"
earn = { points = "points", give = 10, per = "1.00" }
"#;
    for (share, expected) in [
        (LEVELS, [0, 0, 1, 2]),
        (r#"{ points = "points", levels = ["50", "25"] }"#, [0, 0, 10, 20]),
        (r#"{ points = "points", levels = ["50", "25"], of = "points" }"#, [0, 0, 100, 200]),
        (
            r#"{ points = "points", levels = ["50", "25"], of = "points", at_most = 30 }"#,
            [0, 0, 10, 20],
        ),
        (r#"{ points = "points", give = [7, 5, 3, 2, 1, 1] }"#, [2, 3, 5, 7]),
        (r#"{ points = "points", give = 7, purchases = "first" }"#, [0, 0, 0, 7]),
        (r#"{ points = "points", levels = "50", where = 'line.product == "tea"' }"#, [0, 0, 0, 0]),
        (r#"{ points = "points", levels = "50", where = 'line.product == "ale"' }"#, [0, 0, 0, 20]),
    ] {
        let mut village = Village::in_line(&format!("{}{percent}", sharing(share)), 5);
        let (_, decision) = village.does(4, buys(&[("ale", 4, 1_000)]));
        let sent = sent(&decision);
        let found = [0, 1, 2, 3].map(|number| sent.get(&id(number)).copied().unwrap_or(0));
        assert_eq!(found, expected, "{share}");
        assert!(!sent.contains_key(&id(4)), "nobody gets a share of his own purchase");
    }
}

/// R1: what nobody on the line gets is named, and the levels with it are the whole.
#[test]
fn r1_levels_without_anybody_are_named() {
    let mut village = Village::in_line(&sharing(LEVELS), 2);
    let (_, decision) = village.does(1, buys(&[("ale", 1, 100_000)]));
    let friends = outcomes(&decision, "friends");
    assert!(matches!(friends[0], Outcome::Shared { amount, level: 1, .. } if amount.units() == 50));
    assert!(matches!(friends[1], Outcome::ShareOfNobody { amount, .. } if amount.units() == 30));
    let (_, alone) = village.does(0, buys(&[("ale", 1, 100_000)]));
    assert_eq!(why(&alone, "friends"), ["not-referred"]);
}

/// Case 62: nobody brings himself, and nobody who was brought brings whom he comes from.
#[test]
fn case_62_nobody_stands_in_his_own_line() {
    let mut village = Village::in_line(&sharing(LEVELS), 3);
    village.joins(3, None);
    let attribution = |line: &[u128]| Activity::Attribution {
        line: line.iter().map(|number| id(*number)).collect(),
        reason: "a letter".to_owned(),
        actor: "tester".to_owned(),
    };
    assert_eq!(village.refuses(3, attribution(&[3])), "referral-cycle");
    assert_eq!(village.refuses(0, attribution(&[2, 1, 0])), "referral-cycle");
    assert_eq!(village.refuses(3, attribution(&[])), "no-referrer");
    assert_eq!(village.refuses(1, attribution(&[3])), "already-referred");
    village.does(3, attribution(&[2, 1, 0]));
    assert_eq!(village.state(3).line(), [id(2), id(1), id(0)]);
    village.does(0, buys(&[("ale", 1, 100)]));
    village.joins(4, None);
    assert_eq!(village.refuses(0, attribution(&[4])), "attribution-too-late");
}

/// Case 62: throwaway accounts bring nothing beyond so many in a month, and are welcome all the
/// same.
#[test]
fn case_62_one_brings_so_many_in_a_month() {
    tell(
        &format!("{}[referral]\nmost = 2\nevery = \"month\"\n", sharing(LEVELS)),
        "story: friends by the dozen
2027-01-01  Ana joins
2027-01-02  Ben joins brought by Ana
2027-01-02  Cem joins brought by Ana
2027-01-03  Dan joins brought by Ana
    referral gives nothing: quota-reached
2027-01-04  Eva joins
2027-01-05  Eva is attributed to Ana for a letter
    is refused: too-many-referrals
2027-02-01  Eva is attributed to Ana for a letter
2027-02-02  Dan buys 1 ale at 100.00
    sends 0 points to Ana
2027-02-03  Eva buys 1 ale at 100.00
    sends 5 points to Ana
",
    );
}

/// R1: only the first purchase, and what a receiver gets at most, cut where it arrives.
#[test]
fn r1_first_purchase_and_most_for_a_receiver() {
    let share = r#"{ points = "points", levels = "10", purchases = "first", per_receiver = { at_most = 15, every = "month" } }"#;
    tell(
        &sharing(share),
        "story: many first purchases
2027-01-01  Ana joins
2027-01-02  Ben joins brought by Ana
2027-01-02  Cem joins brought by Ana
2027-01-03  Ben buys 1 ale at 100.00 as R1
    sends 10 points to Ana
2027-01-03  Ben buys 1 ale at 100.00
    friends gives nothing: not-first-purchase
2027-01-03  Cem buys 1 ale at 100.00
    sends 10 points to Ana
2027-01-04  Ana waits
    has 15 points
2027-01-05  Ben returns 1 ale of R1
2027-01-06  Ana waits
    has 5 points
",
    );
}

/// E1, R1: what rules give for joining, and to whom.
#[test]
fn e1_rules_on_joining() {
    let programme = format!(
        "{}{}",
        in_dollars(POINTS),
        r#"[attribute.student]
type = "boolean"
[[rule]]
id = "welcome"
on = "joining"
earn = { points = "points", give = 5 }
limit = { total = 2 }
[[rule]]
id = "friend"
on = "joining"
when = 'member.referred'
earn = { points = "points", give = 10 }
[[rule]]
id = "student"
on = "joining"
when = 'member.student'
earn = { points = "points", give = 100 }
"#
    );
    tell(
        &programme,
        "story: three who join
2027-01-01  Ana joins
    earns 5 points
    friend gives nothing: condition-false
2027-01-02  Ben joins brought by Ana
    earns 15 points
2027-01-03  Cem joins with student=true brought by Ben
    earns 110 points
    welcome gives nothing: quota-reached
    has 110 points
",
    );
}

/// Case 34: nobody gives to himself; and what else a transfer is refused for.
#[test]
fn case_34_transfers() {
    let programme = in_dollars(
        "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n\
         pending = \"2 days\"\n\
         transfer = { at_least = 10, step = 5, fee = 1, fee_percent = \"10\" }\n\
         [points.stars]\nname.en = { one = \"star\", other = \"stars\" }\n",
    );
    tell(
        &programme,
        "story: from hand to hand
2027-01-01  Ana joins
2027-01-01  Ben joins
2027-01-01  Ana is-given 100 points because of a test
2027-01-01  Ana is-given 10 stars because of a test
2027-01-02  Ana transfers 10 points to Ana
    is refused: transfer-to-oneself
2027-01-02  Ana transfers 10 stars to Ben
    is refused: transfer-not-allowed
2027-01-02  Ana transfers 0 points to Ben
    is refused: amount-zero
2027-01-02  Ana transfers 5 points to Ben
    is refused: transfer-too-small
2027-01-02  Ana transfers 12 points to Ben
    is refused: transfer-not-whole-steps
2027-01-02  Ana transfers 95 points to Ben
    is refused: not-enough-to-take
2027-01-02  Ana transfers 50 points to Ben as T1
    sends 50 points to Ben
    spends 6 points
    has 44 points
2027-01-03  Ben waits
    has 50 points
2027-01-03  Ben transfers 20 points to Ana
2027-01-04  Ben waits
    has 27 points
2027-01-04  Ana voids T1
2027-01-04  Ana voids T1
    is refused: already-voided
2027-01-05  Ana waits
    has 97 points
2027-01-05  Ben waits
    has 0 points
",
    );
}

/// Points that came from another member keep their end, or get a new one.
#[test]
fn transferred_points_keep_their_end() {
    let kind = "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n\
                expires = \"10 days after earning\"\ntransfer = {}\n";
    for (settings, left) in [("", 0), ("[settings]\ntransferred_points = \"new-end\"\n", 30)] {
        tell(
            &in_dollars(&format!("{settings}{kind}")),
            &format!(
                "story: late gifts
2027-01-01  Ana joins
2027-01-01  Ben joins
2027-01-01  Ana is-given 30 points because of a test
2027-01-09  Ana transfers 30 points to Ben
2027-01-10  Ben waits
    has 30 points
2027-01-12  Ben waits
    has {left} points
"
            ),
        );
    }
}

/// A return of so many pieces of each line.
fn returned(receipt: ActivityId, lines: &[(u32, i64)]) -> Activity {
    let lines = lines.iter().map(|(line, n)| (*line, quantity(&n.to_string())));
    Activity::Return { returned: Returned::OfReceipt { receipt, lines: lines.collect() } }
}

proptest! {
    #![proptest_config(cases(64))]

    /// R1, I6: the levels and what nobody gets are the whole; partial returns in any order, brought
    /// late, mixed and twice, end with nothing, and never take more than was given.
    #[test]
    fn r1_shares_sum_and_come_back_to_the_unit(
        levels in vec(1_u32..=3_000, 1..6),
        members in 2_u128..7,
        lines in vec((1_i64..4, 1_i64..100_000), 1..4),
        order in vec(any::<u16>(), 1..40),
    ) {
        let percents: Vec<String> = levels.iter().map(|l| format!("\"{}.{:02}\"", l / 100, l % 100)).collect();
        let programme = sharing(&format!("{{ points = \"points\", levels = [{}] }}", percents.join(", ")));
        let mut village = Village::in_line(&programme, members);
        let bought: Vec<(&str, i64, i64)> = lines.iter().map(|(n, price)| ("ale", *n, *price)).collect();
        let buyer = members - 1;
        let (receipt, decision) = village.does(buyer, buys(&bought));
        let paid: i64 = lines.iter().map(|(n, price)| n * price).sum();
        let whole = paid * i64::from(levels.iter().sum::<u32>()) / 10_000 / 100;
        let kept: i64 = outcomes(&decision, "friends").iter().map(|outcome| match outcome {
            Outcome::ShareOfNobody { amount, .. } => amount.units(),
            _ => 0,
        }).sum();
        let given: i64 = sent(&decision).values().sum();
        prop_assert_eq!(given + kept, whole);
        // Piece by piece, and deliveries in between as they come.
        let pieces = lines.iter().enumerate().flat_map(|(line, (n, _))| vec![u32::try_from(line).unwrap(); usize::try_from(*n).unwrap()]);
        let mut pieces: Vec<u32> = pieces.collect();
        let mut numbers = order.iter().copied().cycle();
        while !pieces.is_empty() {
            let number = usize::from(numbers.next().unwrap_or(0));
            let line = pieces.remove(number % pieces.len());
            village.does(buyer, returned(receipt, &[(line, 1)]));
            village.deliver(number, number % 5 == 0);
            for other in 0..buyer {
                prop_assert!(village.total(other, "points") >= 0);
            }
        }
        village.deliver_all(&order);
        for other in 0..members {
            prop_assert_eq!(village.total(other, "points"), 0);
        }
    }

    /// I1, I8: what goes from hand to hand is somewhere exactly once, whatever is delayed.
    #[test]
    fn transfers_lose_and_double_nothing(
        deeds in vec((0_u128..4, 0_u128..4, 1_i64..60, any::<bool>()), 1..20),
        order in vec(any::<u16>(), 1..40),
    ) {
        let kind = "[points.points]\nname.en = { one = \"point\", other = \"points\" }\ntransfer = {}\n";
        let mut village = Village::new(&in_dollars(kind));
        for number in 0..4 {
            village.joins(number, None);
            village.does(number, crate::support::adjustment("points", 100));
        }
        let mut done = Vec::new();
        for (step, (from, to, amount, voids)) in deeds.into_iter().enumerate() {
            if let Ok((made, _)) = village.try_does(from, transfer(to, amount)) {
                done.push((from, made));
            }
            if voids && !done.is_empty() {
                let (from, of) = done.remove(step % done.len());
                village.does(from, Activity::Void { of });
            }
            prop_assert_eq!(village.total_of_all("points") + village.moved(), 400);
            village.deliver(usize::from(order[step % order.len()]), step % 3 == 0);
        }
        village.deliver_all(&order);
        prop_assert_eq!((village.total_of_all("points"), village.moved()), (400, 0));
    }
}

#[test]
fn what_is_shared_is_sent_to_others_alone() {
    let village = Village::in_line(&sharing(LEVELS), 3);
    let decision = village.decide(2, &buys(&[("ale", 1, 100_000)])).expect("a decision");
    let own = decision.effects.iter().any(|effect| matches!(effect, Effect::Earn { .. }));
    assert!(!own, "{decision:?}");
    assert_eq!(sent(&decision), BTreeMap::from([(id(1), 50), (id(0), 20)]));
}
