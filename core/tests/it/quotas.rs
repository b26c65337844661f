//! Limits for all, for places and persons, of money and points: how much is given, and to whom.

#![expect(clippy::unwrap_used, reason = "what cannot be booked here ends the test")]

use crate::support::{POINTS, always, at, in_dollars, line};
use proptest::prelude::*;
use symbolon_core::engine::{
    Activity, Book, Candidates, Decision, Effect, Outcome, Purchase, Refusal, Returned, Shared,
};
use symbolon_core::member::MemberKind;
use symbolon_core::programme::{Programmes, QuotaMost};
use symbolon_core::values::{ActivityId, Key, Quantity};

/// A shop: members with a book each, and what they share.
struct Shop {
    programmes: Programmes,
    books: Vec<Book>,
    shared: Shared,
    number: u128,
}

/// Where a receipt is written.
#[derive(Debug, Clone, Copy, Default)]
struct Where {
    location: Option<&'static str>,
    till: Option<&'static str>,
    cashier: Option<&'static str>,
}

const ANYWHERE: Where = Where { location: None, till: None, cashier: None };

impl Shop {
    fn new(text: &str, members: usize) -> Self {
        let programmes = always(text);
        let books = vec![Book::default(); members];
        let mut shop = Self { programmes, books, shared: Shared::default(), number: 0 };
        for member in 0..members {
            let joining = Activity::Joining {
                kind: MemberKind::Person,
                attributes: Default::default(),
                line: Vec::new(),
            };
            shop.does(member, "2027-01-01T00:00:00Z", joining).unwrap();
        }
        shop
    }

    fn does(
        &mut self,
        member: usize,
        when: &str,
        activity: Activity,
    ) -> Result<(ActivityId, Decision), Refusal> {
        self.number += 1;
        let id = ActivityId::new(self.number << 16);
        let book = &mut self.books[member];
        std::mem::swap(&mut book.shared, &mut self.shared);
        let decided = book.decide(&self.programmes, id, at(when), &activity, Candidates::All);
        let booked = decided.map(|(version, decision)| {
            book.book(id, version, activity, decision.clone()).unwrap();
            (id, decision)
        });
        std::mem::swap(&mut book.shared, &mut self.shared);
        booked
    }

    /// Buys one thing for so many cents.
    fn buys(
        &mut self,
        member: usize,
        when: &str,
        place: Where,
        cents: i64,
    ) -> (ActivityId, Decision) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let purchase = Purchase {
            location: own(place.location),
            till: own(place.till),
            cashier: own(place.cashier),
            lines: vec![line("a", "4", cents / 4)],
            ..Purchase::default()
        };
        self.does(member, when, Activity::Purchase(purchase)).unwrap()
    }

    fn returns(&mut self, member: usize, when: &str, receipt: ActivityId, quantity: i64) {
        let lines = vec![(0, Quantity::new(quantity))];
        let returned = Returned::OfReceipt { receipt, lines };
        self.does(member, when, Activity::Return { returned }).unwrap();
    }

    fn used(&self, of: &str) -> i64 {
        let counters = self.shared.counters.iter().filter(|(key, _)| key.of.as_str() == of);
        counters.map(|(_, counter)| counter.used).sum()
    }
}

fn paid(decision: &Decision) -> i64 {
    decision.net.iter().map(|net| net.units()).sum()
}

fn has(decision: &Decision, name: &str) -> bool {
    decision.reasons.iter().any(|reason| reason.outcome.name() == name)
}

fn half(limit: &str) -> String {
    in_dollars(&format!(
        "[[rule]]\nid = \"half\"\non = \"purchase\"\ndiscount = {{ percent = 50 }}\n\
         limit = {limit}\n"
    ))
}

#[test]
fn case_8_d6_i7_a_total_is_for_all_and_each_member_has_a_counter_of_his_own() {
    let mut shop = Shop::new(&half("{ per_member = 2, total = 3 }"), 3);
    let day = "2027-01-02T10:00:00Z";
    let mut pays: Vec<i64> = Vec::new();
    for member in [0, 0, 0, 1, 2, 2] {
        pays.push(paid(&shop.buys(member, day, ANYWHERE, 1_000).1));
    }
    // Ana has had her two, Ben takes the third of all, Cleo comes too late.
    assert_eq!(pays, [500, 500, 1_000, 500, 1_000, 1_000]);
    assert_eq!(shop.used("half"), 3);
}

#[test]
fn choice_over_a_budget_the_award_falls_away_or_is_cut_to_the_rest() {
    // A budget of 7.00, receipts of 10.00 at half price: 5.00, then 2.00 are left.
    for (over, pays, name) in [
        ("stop", [500, 1_000, 1_000], "quota-too-small"),
        ("cut", [500, 800, 1_000], "quota-cut"),
        ("alert", [500, 500, 500], "discounted"),
    ] {
        let mut shop = Shop::new(&half(&format!("{{ budget = 7, over = \"{over}\" }}")), 1);
        let mut second = None;
        for expected in pays {
            let (_, decision) = shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000);
            assert_eq!(paid(&decision), expected, "{over}");
            second = second.or((expected != 500 || over == "alert").then_some(decision));
        }
        assert!(second.is_some_and(|decision| has(&decision, name)), "{over}");
    }
    // The setting of the programme holds where the limit does not say it.
    let text = half("{ budget = 7 }").replacen(
        "[[rule]]",
        "[settings]\nover_budget = \"cut\"\n[[rule]]",
        1,
    );
    let mut shop = Shop::new(&text, 1);
    shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000);
    assert_eq!(paid(&shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000).1), 800);
}

#[test]
fn places_and_persons_count_apart() {
    let first = Where { location: Some("centre"), till: Some("1"), cashier: Some("Eva") };
    let other_till = Where { till: Some("2"), ..first };
    let same_till_elsewhere = Where { location: Some("station"), ..first };
    let other_cashier = Where { cashier: Some("Jon"), ..first };
    for (per, second, gives) in [
        ("location", other_till, false),
        ("location", same_till_elsewhere, true),
        ("till", other_cashier, false),
        ("till", other_till, true),
        // A till is one of its location: there is a till 1 in each.
        ("till", same_till_elsewhere, true),
        ("cashier", other_till, false),
        ("cashier", other_cashier, true),
        // Who is not said cannot be counted.
        ("cashier", ANYWHERE, true),
        ("all", ANYWHERE, false),
    ] {
        let limit = format!("[{{ per = \"{per}\", times = 1, every = \"day\" }}]");
        let mut shop = Shop::new(&half(&limit), 2);
        shop.buys(0, "2027-01-02T10:00:00Z", first, 1_000);
        let (_, decision) = shop.buys(1, "2027-01-02T11:00:00Z", second, 1_000);
        assert_eq!(paid(&decision), if gives { 500 } else { 1_000 }, "{per} {second:?}");
        assert_eq!(has(&decision, "quota-reached"), !gives, "{per} {second:?}");
        // The next day is a new one.
        let (_, decision) = shop.buys(1, "2027-01-03T11:00:00Z", second, 1_000);
        assert_eq!(paid(&decision), 500, "{per} {second:?}");
    }
}

#[test]
fn case_65_a_cashier_is_watched_before_he_is_stopped() {
    let text = in_dollars(&format!(
        "{POINTS}[[rule]]\nid = \"points\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = 1 }}\n\
         limit = [{{ per = \"cashier\", points = {{ points = 25 }}, every = \"day\", alert = 20, \
         over = \"cut\" }}]\n"
    ));
    let mut shop = Shop::new(&text, 3);
    let eva = Where { cashier: Some("Eva"), ..ANYWHERE };
    let mut told = Vec::new();
    for member in [0, 1, 2, 0] {
        let (_, decision) = shop.buys(member, "2027-01-02T10:00:00Z", eva, 1_000);
        let earned: i64 = decision
            .effects
            .iter()
            .map(|effect| match effect {
                Effect::Earn { amount, .. } => amount.units(),
                _ => 0,
            })
            .sum();
        told.push((earned, has(&decision, "quota-alert"), has(&decision, "quota-cut")));
    }
    let expected = [(10, false, false), (10, true, false), (5, true, true), (0, false, false)];
    assert_eq!(told, expected);
}

#[test]
fn rules_of_a_campaign_share_its_budget_and_a_receipt_is_one_use() {
    let text = in_dollars(
        "[campaign.spring]\nname = \"Spring\"\n\
         limit = [{ per = \"all\", amount = 12, over = \"cut\" }, { per = \"all\", times = 2 }]\n\
         [[rule]]\nid = \"one\"\non = \"purchase\"\ncampaign = \"spring\"\ndiscount = { sum = 3 }\n\
         [[rule]]\nid = \"two\"\non = \"purchase\"\ncampaign = \"spring\"\ndiscount = { sum = 4 }\n",
    );
    let mut shop = Shop::new(&text, 1);
    let pays = |shop: &mut Shop| paid(&shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 2_000).1);
    // 7.00 of 12.00; then 3.00 and the 2.00 that are left; then both uses are gone.
    assert_eq!([pays(&mut shop), pays(&mut shop), pays(&mut shop)], [1_300, 1_500, 2_000]);
    let used: Vec<i64> = shop.shared.counters.values().map(|counter| counter.used).collect();
    assert_eq!(used, [1_200, 2]);
}

#[test]
fn the_best_set_knows_that_a_budget_is_nearly_spent() {
    // Of the group, ten per cent of 10.00 is more than the 0.40 that the budget leaves of five.
    let text = in_dollars(
        "[[rule]]\nid = \"half\"\non = \"purchase\"\ngroup = \"g\"\ndiscount = { percent = 50 }\n\
         limit = { budget = \"5.40\", over = \"cut\" }\n\
         [[rule]]\nid = \"tenth\"\non = \"purchase\"\ngroup = \"g\"\ndiscount = { percent = 10 }\n",
    );
    let mut shop = Shop::new(&text, 1);
    let pays = |shop: &mut Shop| paid(&shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000).1);
    assert_eq!([pays(&mut shop), pays(&mut shop)], [500, 900]);
}

#[test]
fn case_36_returns_give_back_money_by_the_share_and_a_use_with_the_last_piece() {
    let limit = "[{ per = \"all\", amount = 10 }, { per = \"member\", times = 1 }]";
    let mut shop = Shop::new(&half(limit), 1);
    let (receipt, decision) = shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000);
    assert_eq!(paid(&decision), 500);
    let state = |shop: &Shop| {
        let member = shop.books[0].member.clone().unwrap();
        (shop.used("half"), member.quotas.iter().map(|count| count.used).sum::<i64>())
    };
    assert_eq!(state(&shop), (500, 1));
    shop.returns(0, "2027-01-03T10:00:00Z", receipt, 1_000);
    assert_eq!(state(&shop), (375, 1));
    shop.returns(0, "2027-01-04T10:00:00Z", receipt, 3_000);
    assert_eq!(state(&shop), (0, 0));
    assert_eq!(paid(&shop.buys(0, "2027-01-05T10:00:00Z", ANYWHERE, 1_000).1), 500);
}

#[test]
fn case_12_a_reward_that_is_sold_out_is_refused_whatever_points_there_are() {
    let text = in_dollars(&format!(
        "{POINTS}[[rule]]\nid = \"points\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = 1 }}\n\
         [[reward]]\nid = \"mug\"\nname = \"Mug\"\ncost = {{ points = 5 }}\ngives = {{ item = {{}} }}\n\
         limit = {{ total = 2 }}\n"
    ));
    let mut shop = Shop::new(&text, 3);
    for member in 0..3 {
        shop.buys(member, "2027-01-02T10:00:00Z", ANYWHERE, 2_000);
    }
    let mug = || Activity::Redemption { reward: Key::new("mug"), contact: None };
    shop.does(0, "2027-01-03T10:00:00Z", mug()).unwrap();
    let (second, _) = shop.does(1, "2027-01-03T10:00:00Z", mug()).unwrap();
    let refused = shop.does(2, "2027-01-03T10:00:00Z", mug()).unwrap_err();
    let Refusal::RewardNotPossible { reason } = refused else { panic!("{refused:?}") };
    assert!(
        matches!(&reason.outcome, Outcome::QuotaReached { most: QuotaMost::Times(2), .. }),
        "{reason:?}"
    );
    // What is taken back can be had again.
    shop.does(1, "2027-01-04T10:00:00Z", Activity::Void { of: second }).unwrap();
    shop.does(2, "2027-01-05T10:00:00Z", mug()).unwrap();
    assert_eq!(shop.used("mug"), 2);
}

#[test]
fn what_was_looked_at_is_recorded_and_enough_to_decide_again() {
    let mut shop = Shop::new(&half("{ budget = 7, over = \"cut\" }"), 2);
    shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_000);
    let before = shop.books[1].clone();
    let (id, decision) = shop.buys(1, "2027-01-02T10:00:00Z", ANYWHERE, 1_000);
    let mut alone = before;
    alone.shared = shop.books[1].records[&id].shared_seen();
    let activity = shop.books[1].records[&id].activity.clone();
    let (_, again) = alone
        .decide(&shop.programmes, id, at("2027-01-02T10:00:00Z"), &activity, Candidates::All)
        .unwrap();
    assert_eq!(again, decision);
    // Without it, the budget would look untouched.
    alone.shared = Shared::default();
    let (_, other) = alone
        .decide(&shop.programmes, id, at("2027-01-02T10:00:00Z"), &activity, Candidates::All)
        .unwrap();
    assert_ne!(other, decision);
    // A counter that nobody read is not taken for an unused one.
    alone.shared.counters_are_partial = true;
    let refused = alone
        .decide(&shop.programmes, id, at("2027-01-02T10:00:00Z"), &activity, Candidates::All)
        .unwrap_err();
    assert!(matches!(refused, Refusal::CounterNotAtHand { .. }), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Case 7, I7: whatever members buy and return in whatever order, no limit is ever passed; and
    /// when all came back, nothing is used.
    #[test]
    fn i7_no_order_of_receipts_and_returns_passes_a_limit(
        steps in prop::collection::vec((0_usize..3, 0_i64..4, 1_i64..3_000, prop::bool::ANY), 1..40),
        over in prop::sample::select(vec!["stop", "cut"]),
    ) {
        let text = in_dollars(&format!(
            "{POINTS}[campaign.c]\nname = \"C\"\nlimit = [\
             {{ per = \"all\", amount = 40, over = \"{over}\" }}, \
             {{ per = \"member\", times = 4 }}, \
             {{ per = \"all\", points = {{ points = 50 }}, over = \"{over}\" }}]\n\
             [[rule]]\nid = \"off\"\non = \"purchase\"\ncampaign = \"c\"\ndiscount = {{ percent = 30 }}\n\
             earn = {{ points = \"points\", give = 1, per = 2 }}\n"
        ));
        let mut shop = Shop::new(&text, 3);
        let mut receipts: Vec<(usize, ActivityId, i64)> = Vec::new();
        for (member, back, cents, returns) in steps {
            if let (true, Some(open)) = (returns, receipts.last_mut()) {
                let quantity = (back.max(1) * 1_000).min(open.2);
                open.2 -= quantity;
                let (member, receipt, left) = *open;
                shop.returns(member, "2027-01-03T10:00:00Z", receipt, quantity);
                if left == 0 {
                    receipts.pop();
                }
            } else {
                let (id, _) = shop.buys(member, "2027-01-02T10:00:00Z", ANYWHERE, cents * 4);
                receipts.push((member, id, 4_000));
            }
            for (key, counter) in &shop.shared.counters {
                let most = if key.unit.as_str() == "money" { 4_000 } else { 50 };
                prop_assert!((0..=most).contains(&counter.used), "{key:?} {counter:?}");
            }
            for book in &shop.books {
                let counts = &book.member.as_ref().unwrap().quotas;
                prop_assert!(counts.iter().all(|count| (1..=4).contains(&count.used)));
            }
        }
        for (member, receipt, left) in receipts {
            shop.returns(member, "2027-01-04T10:00:00Z", receipt, left);
        }
        prop_assert!(shop.shared.counters.values().all(|counter| counter.used == 0));
        prop_assert!(shop.books.iter().all(|book| book.member.as_ref().unwrap().quotas.is_empty()));
    }
}

#[test]
fn money_is_never_given_back_twice() {
    let mut shop = Shop::new(&half("{ budget = 100 }"), 1);
    let (receipt, _) = shop.buys(0, "2027-01-02T10:00:00Z", ANYWHERE, 1_001 / 4 * 4);
    shop.does(0, "2027-01-03T10:00:00Z", Activity::Void { of: receipt }).unwrap();
    assert_eq!(shop.used("half"), 0);
    let again = shop.does(0, "2027-01-03T10:00:00Z", Activity::Void { of: receipt });
    assert!(matches!(again, Err(Refusal::AlreadyVoided { .. })));
    assert_eq!(shop.used("half"), 0);
}
