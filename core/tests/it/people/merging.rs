//! Two members that are one (case 54, I20).

use super::village::{Village, buys, id};
use crate::random::cases;
use crate::support::{NotBooked, in_dollars, quantity, tell};
use proptest::collection::vec;
use proptest::prelude::*;
use symbolon_core::engine::{Activity, Refusal, Returned, next_occasion};
use symbolon_core::values::ActivityId;

const PROGRAMME: &str = r#"
[points.points]
name.en = { one = "point", other = "points" }
expires = "12 months after earning"
transfer = {}

[points.status]
name.en = { one = "step", other = "steps" }
spendable = false

[benefit.lounge]
name = "Lounge"

[ladder.club]
measure = 'spent()'
tier = [{ id = "red" }, { id = "gold", from = 100 }]

[[rule]]
id = "per-dollar"
on = "purchase"
earn = [{ points = "points", give = 1, per = "1.00" }, { points = "status", give = 1, per = "10.00" }]

[[rule]]
id = "gift"
on = "purchase"
earn = { points = "points", give = 7 }
limit = { per_member = 2 }

[[rule]]
id = "monthly"
on = "purchase"
earn = { points = "points", give = 3 }
limit = { per_member = 1, every = "month" }

[[rule]]
id = "budget"
on = "purchase"
earn = { points = "points", give = 2 }
limit = [{ per = "member", points = { points = 6 } }]

[[rule]]
id = "friends"
on = "purchase"
share = { points = "points", levels = ["10", "5"] }

[[reward]]
id = "day-in-the-lounge"
name.en = "A day in the lounge"
cost = { points = 5 }
gives = { benefit = "lounge" }
"#;

fn merge(into: u128) -> Activity {
    Activity::Merge { into: id(into) }
}

fn returned(receipt: ActivityId, pieces: i64) -> Activity {
    let lines = vec![(0, quantity(&pieces.to_string()))];
    Activity::Return { returned: Returned::OfReceipt { receipt, lines } }
}

/// Case 54: 50 and 100 are 150, once; a second card is not left over.
#[test]
fn case_54_all_that_one_has_the_other_has() {
    let mut village = Village::in_line(&in_dollars(PROGRAMME), 1);
    village.joins(1, None);
    village.joins(2, Some(0));
    village.does(1, buys(&[("ale", 1, 5_000)]));
    village.does(2, buys(&[("ale", 2, 3_000)]));
    village.deliver_all(&[0]);
    village.does(
        2,
        Activity::Redemption { reward: crate::support::key("day-in-the-lounge"), contact: None },
    );
    let (one, two) = (village.total(1, "points"), village.total(2, "points"));
    village.does(2, merge(1));
    assert_eq!(village.refuses(2, merge(1)), "member-merged");
    assert_eq!(village.refuses(2, buys(&[("ale", 1, 100)])), "member-merged");
    village.deliver_all(&[0]);
    assert_eq!(village.refuses(1, merge(2)), "merge-into-itself");
    assert_eq!(village.refuses(1, merge(1)), "merge-into-itself");
    assert_eq!((village.total(1, "points"), village.total(2, "points")), (one + two, 0));
    let review = format!(
        "{}[[rule]]\nid = \"years\"\non = \"anniversary\"\n\
         earn = {{ points = \"points\", give = 1 }}\n",
        in_dollars(PROGRAMME)
    );
    let programmes = crate::support::always(&review);
    assert!(next_occasion(&programmes, village.state(1)).is_some());
    assert_eq!(next_occasion(&programmes, village.state(2)), None, "a merged member has no days");
    assert_eq!(village.total(1, "status"), 11);
    let state = village.state(1);
    assert_eq!(state.benefits.len(), 1);
    assert_eq!(state.line(), [id(0)], "whoever brought the one brought the other");
    assert_eq!(state.days.iter().map(|day| day.visits).sum::<u32>(), 2);
    // Limits that were used are summed: a third gift is not given.
    let (_, third) = village.does(1, buys(&[("ale", 1, 100)]));
    assert_eq!(crate::support::why(&third, "gift"), ["limit-reached"]);
    assert_eq!(crate::support::why(&third, "monthly"), ["limit-reached"]);
    assert_eq!(village.moved(), 0);
}

/// Returns of what was bought before are decided on its own records, and the survivor settles.
#[test]
fn case_54_old_receipts_come_back_to_the_survivor() {
    let mut village = Village::in_line(&in_dollars(PROGRAMME), 2);
    village.joins(2, Some(1));
    let before = village.total_of_all("points");
    let (receipt, _) = village.does(2, buys(&[("ale", 4, 5_000)]));
    village.joins(3, None);
    village.does(2, merge(3));
    // The return comes even before what the member had has arrived.
    village.does(2, returned(receipt, 1));
    village.deliver_all(&[1, 7, 2]);
    assert_eq!(village.total(3, "points"), 150 + 12 - 1);
    village.does(2, Activity::Void { of: receipt });
    village.deliver_all(&[3, 1]);
    assert_eq!(village.total_of_all("points"), before);
    assert_eq!(village.total_of_all("status"), 0);
    assert!(village.state(3).counters.is_empty() && village.state(3).quotas.is_empty());
    assert!(village.state(3).days.is_empty(), "{:?}", village.state(3).days);
    let more = village.try_does(2, returned(receipt, 1)).expect_err("all is back");
    assert!(matches!(more, NotBooked::Refused(Refusal::AlreadyVoided { .. })));
}

/// Shares and gifts for a closed member reach the survivor, and are taken back from it.
#[test]
fn what_is_sent_to_a_closed_member_goes_on() {
    let mut village = Village::in_line(&in_dollars(PROGRAMME), 2);
    village.joins(2, None);
    village.does(0, merge(2));
    let (receipt, _) = village.does(1, buys(&[("ale", 2, 50_000)]));
    village.deliver_all(&[2, 5]);
    assert_eq!(village.total(2, "points"), 100);
    village.does(1, returned(receipt, 1));
    village.deliver_all(&[2]);
    assert_eq!(village.total(2, "points"), 50);
    // The survivor is merged, too, and the rest comes back.
    village.joins(3, None);
    village.does(2, merge(3));
    village.does(1, returned(receipt, 1));
    village.deliver_all(&[9, 4, 1]);
    assert_eq!((village.total(3, "points"), village.moved()), (0, 0));
}

/// The friend's own bonus is no way to earn on oneself: two that are one share nothing.
#[test]
fn case_62_a_member_merged_with_whom_it_brought_shares_nothing() {
    let mut village = Village::in_line(&in_dollars(PROGRAMME), 2);
    village.does(0, merge(1));
    village.deliver_all(&[0]);
    assert_eq!(village.state(1).line(), []);
    let (_, decision) = village.does(1, buys(&[("ale", 1, 10_000)]));
    assert_eq!(crate::support::why(&decision, "friends"), ["not-referred"]);
}

/// Case 55: a checkout that is open on the loser fails cleanly, and what it held comes back.
#[test]
fn case_55_a_checkout_open_on_the_loser() {
    let programme = in_dollars(
        "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n\
         worth = \"0.01\"\npays = {}\n",
    );
    tell(
        &programme,
        "story: merged at the till
2027-01-01  Ana joins
2027-01-01  Ben joins
2027-01-01  Ana is-given 100 points because of a test
2027-01-02 10:00  Ana holds 1 ale at 5.00 paying 40 points for 15 minutes as H1
2027-01-02 10:01  Ana merges into Ben
2027-01-02 10:02  Ben waits
    has 60 points
2027-01-02 10:03  Ana voids H1
2027-01-02 10:04  Ben waits
    has 100 points
",
    );
}

proptest! {
    #![proptest_config(cases(48))]

    /// I20: points, history and limits of the result are the sums of the sources, whatever
    /// happened before, came back later, and in whatever order it travelled.
    #[test]
    fn i20_a_merge_is_the_sum_of_its_sources(
        deeds in vec((0_u128..3, 1_i64..5, 1_i64..20_000, 0_i64..3), 1..12),
        early in any::<bool>(),
        order in vec(any::<u16>(), 1..30),
    ) {
        let mut village = Village::in_line(&in_dollars(PROGRAMME), 3);
        let mut receipts = Vec::new();
        for (who, pieces, price, back) in &deeds {
            let (receipt, _) = village.does(*who, buys(&[("ale", *pieces, *price)]));
            receipts.push((*who, receipt, *pieces));
            if *back > 0 && back < pieces {
                village.does(*who, returned(receipt, *back));
                receipts.pop();
            }
        }
        if early {
            village.deliver(usize::from(order[0]), false);
        } else {
            village.deliver_all(&order);
        }
        let visits = |village: &Village| -> u32 {
            (0..3).map(|n| village.state(n).days.iter().map(|day| day.visits).sum::<u32>()).sum()
        };
        let used = |village: &Village| -> (u32, i64) {
            let counters = (0..3).flat_map(|n| village.state(n).counters.clone());
            let quotas = (0..3).flat_map(|n| village.state(n).quotas.clone());
            (counters.map(|c| c.used).sum(), quotas.map(|q| q.used).sum())
        };
        let reference = {
            let mut other = village.clone();
            other.deliver_all(&order);
            (other.total_of_all("points"), other.total_of_all("status"), visits(&other), used(&other))
        };
        village.does(1, merge(2));
        village.deliver_all(&order);
        let found = (village.total_of_all("points"), village.total_of_all("status"), visits(&village), used(&village));
        prop_assert_eq!(found, reference);
        prop_assert_eq!((village.total(1, "points"), village.moved()), (0, 0));
        // Everything comes back, whoever bought it.
        for (who, receipt, pieces) in receipts {
            village.does(who, returned(receipt, pieces));
        }
        village.deliver_all(&order);
        prop_assert_eq!(village.moved(), 0);
        prop_assert!(village.state(1).lots.is_empty() && village.state(1).debts.is_empty());
    }
}
