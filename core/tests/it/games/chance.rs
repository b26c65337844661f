//! Wins by chance, gifts by taste, and the n-th member: never more than there is (I7), the same
//! again from what is recorded (I11).

use crate::support::{
    Desk, always, earned, in_dollars, joining, line_in, outcomes, purchase, return_of, tell, why,
};
use std::collections::BTreeMap;
use symbolon_core::engine::{
    Activity, Book, Candidates, Decision, Effect, Outcome, counters_possible,
};
use symbolon_core::programme::{Programmes, read};
use symbolon_core::values::{ActivityId, MemberId};

const STARS: &str = "[points.stars]\nname.en = { one = \"star\", other = \"stars\" }\n\
                     spendable = false\n";

fn lucky(rest: &str) -> String {
    in_dollars(&format!(
        "{STARS}[[rule]]\nid = \"lucky\"\non = \"purchase\"\nhidden = true\n{rest}\n"
    ))
}

fn tea() -> Activity {
    purchase(vec![line_in("tea", "sencha", "1", 500)])
}

/// Books a receipt with a word of chance; `Indexed` and all rules give the same (I16).
fn play(desk: &mut Desk, chance: u64, activity: Activity) -> (ActivityId, Decision) {
    desk.book.shared.chance = Some(chance);
    let done = desk.does("2027-01-02T00:00:00Z", activity);
    desk.book.shared.chance = None;
    done
}

fn won(decision: &Decision) -> Option<String> {
    outcomes(decision, "lucky").into_iter().find_map(|outcome| match outcome {
        Outcome::Won { prize, .. } => Some(prize.to_string()),
        _ => None,
    })
}

/// About five of a hundred win, as the chance says; the number that was drawn is told.
#[test]
fn g_instant_win_wins_as_often_as_its_chance() {
    let text = lucky("win = { chance = \"5\", prizes = [{ id = \"mug\", item = \"mug\" }] }");
    let mut desk = Desk::with_member(&text, "2027-01-01T00:00:00Z");
    let mut wins = 0;
    for chance in 0..4_000 {
        desk.book.shared.chance = Some(chance);
        let decision = desk.decide("2027-01-02T00:00:00Z".parse().unwrap(), &tea()).unwrap();
        let outcome = outcomes(&decision, "lucky")[0].clone();
        let is_won = match outcome {
            Outcome::Won { number, below, .. } => {
                assert!(number < below);
                true
            }
            Outcome::NotWon { number, below } => {
                assert!(number >= below);
                false
            }
            other => panic!("{other:?}"),
        };
        let handed = decision.effects.iter().any(|e| matches!(e, Effect::FreeItem { .. }));
        assert_eq!(handed, is_won);
        wins += i32::from(is_won);
    }
    // 200 are expected; six standard deviations are 83.
    assert!((117..=283).contains(&wins), "{wins}");
}

/// A question draws nothing: nobody asks until it wins. What is booked does.
#[test]
fn g_instant_win_is_drawn_when_it_is_booked() {
    let text = lucky("win = { chance = 100, prizes = [{ id = \"mug\", item = \"mug\" }] }");
    let mut desk = Desk::with_member(&text, "2027-01-01T00:00:00Z");
    let decision = desk.decide("2027-01-02T00:00:00Z".parse().unwrap(), &tea()).unwrap();
    assert_eq!(why(&decision, "lucky"), ["drawn-when-booked"]);
    let (id, decision) = play(&mut desk, 7, tea());
    assert_eq!(won(&decision).as_deref(), Some("mug"));
    // What it drew is recorded with it, so that it is decided again alone (I10).
    let record = &desk.book.records[&id];
    assert_eq!(record.seen.chance, Some(7));
    let mut alone = Desk::with_member(&text, "2027-01-01T00:00:00Z").book;
    alone.shared = record.shared_seen();
    let at = record.decision.at;
    let again =
        alone.decide(&desk.programmes, id, at, &record.activity, Candidates::Indexed).unwrap();
    assert_eq!(again.1.effects, record.decision.effects);
    // A hold could be held again until it wins.
    let Activity::Purchase(held) = tea() else { unreachable!() };
    let (_, decision) = play(&mut desk, 7, Activity::Hold { purchase: held, minutes: 5 });
    assert_eq!(won(&decision), None);
}

/// Stock and budget are never passed, whatever is drawn; what comes back can be won again, and
/// what was handed over cannot (I7).
#[test]
fn i7_g_instant_win_never_gives_more_than_there_is() {
    let prizes = "win = { chance = 100, prizes = [{ id = \"stars\", points = { stars = 50 }, \
                  count = 3, weight = 2, worth = \"1.00\" }, { id = \"mug\", item = \"mug\", \
                  count = 2, worth = \"4.00\" }] }";
    for (limit, most) in
        [("", 5), ("limit = { budget = \"6.00\" }", 4), ("limit = { total = 2 }", 2)]
    {
        let text = lucky(&format!("{prizes}\n{limit}"));
        let mut desk = Desk::with_member(&text, "2027-01-01T00:00:00Z");
        let (mut given, mut receipts) = (BTreeMap::new(), Vec::new());
        for chance in 0..40 {
            let (id, decision) = play(&mut desk, chance, tea());
            if let Some(prize) = won(&decision) {
                *given.entry(prize.clone()).or_insert(0) += 1;
                receipts.push((id, prize, earned(&decision, "stars")));
            }
        }
        let all: i32 = given.values().sum();
        assert!(all <= most && all >= 2, "{limit}: {given:?}");
        assert!(given.get("stars").is_none_or(|count| *count <= 3), "{given:?}");
        assert!(given.get("mug").is_none_or(|count| *count <= 2), "{given:?}");
        if limit.is_empty() {
            assert_eq!(all, 5, "all of it is given in the end");
            let (id, ..) = receipts.iter().find(|(_, prize, _)| prize == "stars").unwrap();
            let back = desk.does("2027-01-03T00:00:00Z", return_of(*id, &[(0, "1")])).1;
            assert!(back.effects.iter().any(|e| matches!(e, Effect::Reverse { .. })));
            let (id, ..) = receipts.iter().find(|(_, prize, _)| prize == "mug").unwrap();
            desk.does("2027-01-03T00:00:00Z", return_of(*id, &[(0, "1")]));
            assert_eq!(won(&play(&mut desk, 99, tea()).1).as_deref(), Some("stars"));
            let (_, decision) = play(&mut desk, 99, tea());
            assert_eq!(why(&decision, "lucky"), ["prizes-gone"]);
        }
    }
}

/// The counters of prizes are among those that are read before a decision.
#[test]
fn i7_prize_counters_are_foreseen() {
    let text = lucky(
        "win = { chance = 100, prizes = [{ id = \"mug\", item = \"mug\", count = 2 }] }\n\
         [milestone.tenth]\nname.en = \"Tenth\"\nmembers = 10\nprize = { item = \"cake\" }",
    );
    let programmes = always(&text);
    let programme = &programmes.latest().unwrap().programme;
    let none = BTreeMap::new();
    let at = "2027-01-02T00:00:00Z".parse().unwrap();
    // A joining may look at the rules' counters, too: rules may wait for it.
    for (activity, count) in [(tea(), 1), (joining(), 2), (Activity::Settlement, 0)] {
        assert_eq!(counters_possible(programme, &activity, &none, at).len(), count);
    }
}

/// P11, E10: the gift suits what the member buys, strikes once in its time, and nobody reads of it
/// before.
#[test]
fn p11_e10_a_surprise_suits_the_taste() {
    let text = in_dollars(
        "[settings]\npreferences = \"by-category\"\n\
         [[rule]]\nid = \"surprise\"\non = \"purchase\"\nhidden = true\n\
         when = 'member.visits() >= 2'\n\
         surprise = [{ id = \"whisk\", item = \"whisk\", category = \"tea\", count = 1 }, \
         { id = \"rolls\", item = \"rolls\", category = \"sushi\" }, \
         { id = \"card\", item = \"card\" }]\n\
         limit = { per_member = 1, every = \"year\" }\n",
    );
    tell(
        &text,
        "story: each gets what suits\n\
         2027-01-01 Ana joins\n\
         2027-01-01 Ben joins\n\
         2027-01-01 Cleo joins\n\
         2027-01-02 Ana buys 3 sencha at 4.00 in tea, 1 maki at 9.00 in sushi\n\
         \x20   likes tea\n\
         \x20   reads nothing of surprise\n\
         2027-01-03 Ana buys 1 maki at 9.00 in sushi\n\
         2027-01-04 Ana buys 1 maki at 9.00 in sushi\n\
         \x20   is given 1 whisk from surprise\n\
         2027-01-05 Ana buys 1 maki at 9.00 in sushi\n\
         \x20   surprise gives nothing: limit-reached\n\
         2027-01-02 Ben buys 3 sencha at 4.00 in tea, 1 maki at 9.00 in sushi\n\
         2027-01-03 Ben buys 1 bun at 1.00\n\
         2027-01-04 Ben buys 1 bun at 1.00\n\
         \x20   is given 1 rolls from surprise\n\
         2027-01-02 Cleo buys 5 sencha at 4.00 in tea as R1\n\
         2027-01-02 Cleo buys 2 bun at 1.00 in bread\n\
         2027-01-03 Cleo returns 5 sencha of R1\n\
         \x20   likes bread\n",
    );
}

#[test]
fn e10_preferences_are_kept_only_where_the_programme_says_so() {
    let surprise = "[[rule]]\nid = \"s\"\non = \"purchase\"\n\
                    surprise = [{ id = \"a\", item = \"a\", category = \"tea\" }]\n";
    let reading = read("t.toml", &in_dollars(surprise));
    assert!(reading.programme.is_none(), "nobody knows what members like");
    let mut desk = Desk::with_member(&in_dollars(STARS), "2027-01-01T00:00:00Z");
    desk.does("2027-01-02T00:00:00Z", tea());
    assert!(desk.state().tastes.is_empty());
    let kept = in_dollars("[settings]\npreferences = \"by-category\"\n");
    let mut desk = Desk::with_member(&kept, "2027-01-01T00:00:00Z");
    let before = desk.state().clone();
    let (receipt, _) = desk.does("2027-01-02T00:00:00Z", tea());
    assert_eq!(desk.state().taste("tea").units(), 1_000);
    desk.does("2027-01-02T00:00:00Z", Activity::Void { of: receipt });
    assert_eq!(desk.state().tastes, before.tastes);
}

/// Exactly one is the tenth, whoever comes in which order, and whoever is there already.
#[test]
fn exactly_one_member_is_the_tenth() {
    for already in [0, 7] {
        let text = in_dollars(&format!(
            "{STARS}[milestone.tenth]\nname.en = \"The tenth\"\nmembers = 10\nalready = {already}\n\
             prize = {{ points = {{ stars = 1000 }} }}\n"
        ));
        let programmes: Programmes = always(&text);
        let mut shared = Desk::new(always(&text)).book.shared;
        let mut winners = Vec::new();
        for number in 1..=30_u32 {
            let member_id = Some(MemberId::new(u128::from(number)));
            let mut book = Book { member_id, shared, ..Book::default() };
            let id = ActivityId::new(u128::from(number) << 16);
            let at = "2027-01-02T00:00:00Z".parse().unwrap();
            let all = Candidates::Indexed;
            let (version, decision) = book.decide(&programmes, id, at, &joining(), all).unwrap();
            book.book(id, version, joining(), decision).unwrap();
            let zone = &programmes.latest().unwrap().programme.zone;
            let state = book.member.as_ref().unwrap();
            if state.balance("stars", at, zone).unwrap().available.units() == 1000 {
                winners.push(number);
            }
            shared = book.shared;
        }
        assert_eq!(winners, [10 - already]);
        let counted: Vec<i64> = shared.counters.values().map(|counter| counter.used).collect();
        assert_eq!(counted, [i64::from(10 - already)], "then it is counted no more");
    }
}
