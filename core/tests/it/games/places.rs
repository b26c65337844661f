//! Challenges: places by what was done in a period, ties as they are stated, each prize once.

use crate::support::{in_dollars, key, programme, tell};
use proptest::prelude::*;
use symbolon_core::engine::{Awarded, Gift, Placed, Scored, awards_of, derived_prizes, ranked};
use symbolon_core::programme::{Ties, read};
use symbolon_core::values::{ActivityId, MemberId};

fn turbo(rest: &str) -> String {
    in_dollars(&format!(
        "[points.roubles]\nname.en = {{ one = \"rouble\", other = \"roubles\" }}\n\
         spendable = false\n\
         [challenge.turbo-boost]\nname.en = \"#TurboBoost\"\nevery = \"month\"\nscore = \"spent\"\n\
         {rest}\n"
    ))
}

const PRIZES: &str = "prizes = [{ place = 1, points = { roubles = 20000 } }, \
                      { place = 2, points = { roubles = 10000 } }, { place = 3, item = \"speaker\" }]";

/// G1: only those in their first month, by what they spent, prizes by place.
#[test]
fn g1_newcomers_of_a_month_by_result() {
    tell(
        &turbo(&format!("newcomers = true\n{PRIZES}")),
        "story: January's newcomers\n\
         2026-12-30 Old joins\n\
         2027-01-02 Ana joins\n\
         2027-01-02 Ben joins\n\
         2027-01-02 Cleo joins\n\
         2027-01-02 Dan joins\n\
         2027-01-03 Old buys 1 truck at 9000.00\n\
         2027-01-03 Ana buys 1 thing at 300.00 as R1\n\
         2027-01-04 Ben buys 1 thing at 200.00\n\
         2027-01-05 Cleo buys 1 thing at 100.00\n\
         2027-01-06 Dan buys 1 thing at 50.00\n\
         2027-01-31 23:30 Ana returns 1 thing of R1\n\
         2027-02-01 Ana buys 1 thing at 5000.00\n\
         2027-02-01 the shop ends challenge turbo-boost of 2027-01-31\n\
         2027-02-02 Ana waits\n\
         \x20   has 0 roubles\n\
         2027-02-02 Ben waits\n\
         \x20   has 20000 roubles\n\
         2027-02-02 Cleo waits\n\
         \x20   has 10000 roubles\n\
         2027-02-02 Dan waits\n\
         \x20   has 0 roubles\n\
         2027-02-02 Old waits\n\
         \x20   has 0 roubles\n",
    );
}

#[expect(clippy::unwrap_used, reason = "this helper stands in tests only")]
fn scored(list: &[(u128, i64, &str)]) -> Vec<Scored> {
    let one = |(member, score, reached): &(u128, i64, &str)| Scored {
        member: MemberId::new(*member),
        score: *score,
        reached: reached.parse().unwrap(),
    };
    list.iter().map(one).collect()
}

fn places(placed: &[Placed]) -> Vec<(u32, u128)> {
    placed.iter().map(|one| (one.place, one.scored.member.number())).collect()
}

fn given(awards: &[Awarded]) -> Vec<(u32, u128, i64)> {
    let amount = |gift: &Gift| match gift {
        Gift::Points { amount, .. } => amount.units(),
        _ => 0,
    };
    awards.iter().map(|a| (a.place, a.member.number(), amount(&a.gift))).collect()
}

/// What holds for the same score is what the programme says.
#[test]
fn g1_ties_are_stated() {
    let list = [
        (1, 500, "2027-01-20"),
        (2, 500, "2027-01-10"),
        (3, 500, "2027-01-10"),
        (4, 100, "2027-01-01"),
    ];
    let prizes = "prizes = [{ place = 1, points = { roubles = 20000 } }, \
                  { place = 2, points = { roubles = 10000 } }, \
                  { place = 3, points = { roubles = 1 } }, { place = 4, points = { roubles = 7 } }]";
    type Row = (&'static str, Vec<(u32, u128)>, Vec<(u32, u128, i64)>);
    let table: [Row; 3] = [
        (
            "earlier",
            vec![(1, 2), (2, 3), (3, 1), (4, 4)],
            vec![(1, 2, 20_000), (2, 3, 10_000), (3, 1, 1), (4, 4, 7)],
        ),
        (
            "share",
            vec![(1, 2), (1, 3), (1, 1), (4, 4)],
            // 30,001 among three: one is left over for the earliest.
            vec![(1, 2, 10_001), (1, 3, 10_000), (1, 1, 10_000), (4, 4, 7)],
        ),
        (
            "all",
            vec![(1, 2), (1, 3), (1, 1), (4, 4)],
            vec![(1, 2, 20_000), (1, 3, 20_000), (1, 1, 20_000), (4, 4, 7)],
        ),
    ];
    for (ties, expected, awards) in table {
        let programme = programme(&turbo(&format!("ties = \"{ties}\"\n{prizes}")));
        let challenge = programme.find_challenge("turbo-boost").unwrap();
        let placed = ranked(challenge.ties, scored(&list));
        assert_eq!(places(&placed), expected, "{ties}");
        let day = "2027-01-05".parse().unwrap();
        let found = awards_of(&programme, challenge, day, &placed).unwrap();
        assert_eq!(given(&found), awards, "{ties}");
    }
    let unshared = turbo(&format!("ties = \"share\"\n{PRIZES}"));
    assert!(read("t.toml", &unshared).programme.is_none(), "a speaker cannot be shared");
}

#[test]
fn g1_score_and_condition_and_least() {
    let text = turbo(
        "at_least = \"100.00\"\nwhen = 'member.kind == \"company\"'\n\
                      prizes = [{ place = 1, points = { roubles = 5 } }]",
    );
    tell(
        &text,
        "story: companies that did enough\n\
         2027-01-02 Ana joins\n\
         2027-01-02 Shop joins as company\n\
         2027-01-02 Kiosk joins as company\n\
         2027-01-03 Ana buys 1 thing at 300.00\n\
         2027-01-04 Shop buys 1 thing at 100.00\n\
         2027-01-05 Kiosk buys 1 thing at 99.99\n\
         2027-02-01 the shop ends challenge turbo-boost of 2027-01-01\n\
         2027-02-02 Ana waits\n\
         \x20   has 0 roubles\n\
         2027-02-02 Kiosk waits\n\
         \x20   has 0 roubles\n\
         2027-02-02 Shop waits\n\
         \x20   has 5 roubles\n",
    );
}

/// G3: three equal prizes among those who have tickets; with three of them, each has one. A
/// ticket whose purchase came back before the end is none.
#[test]
fn g3_tickets_are_points_and_prizes_arrive() {
    let text = in_dollars(
        "[points.tickets]\nname.en = { one = \"ticket\", other = \"tickets\" }\nspendable = false\n\
         [benefit.phone]\nname.en = \"A phone\"\n\
         [[rule]]\nid = \"ticket\"\non = \"purchase\"\n\
         earn = { points = \"tickets\", give = 1, per = \"50.00\" }\n\
         [draw.black-friday]\nname.en = \"Three phones\"\ntickets = \"tickets\"\n\
         until = 2027-11-26\nprizes = [{ id = \"phone\", benefit = \"phone\", count = 3 }]\n",
    );
    tell(
        &text,
        "story: three phones\n\
         2027-11-01 Ana joins\n\
         2027-11-01 Ben joins\n\
         2027-11-01 Cleo joins\n\
         2027-11-01 Dan joins\n\
         2027-11-02 Ana buys 1 thing at 150.00\n\
         \x20   earns 3 tickets\n\
         2027-11-02 Ben buys 1 thing at 50.00\n\
         2027-11-02 Cleo buys 1 thing at 60.00\n\
         2027-11-02 Dan buys 1 thing at 600.00 as R1\n\
         2027-11-03 Dan returns 1 thing of R1\n\
         2027-11-27 the shop draws black-friday\n\
         2027-11-28 Ana waits\n\
         \x20   has benefit phone\n\
         2027-11-28 Ben waits\n\
         \x20   has benefit phone\n\
         2027-11-28 Cleo waits\n\
         \x20   has benefit phone\n\
         2027-11-28 Dan waits\n\
         \x20   lacks benefit phone\n",
    );
}

proptest! {
    /// The order in which members are read changes nothing (I11), shares sum to the whole, and
    /// every prize has an id of its own that is the same each time (I8).
    #[test]
    fn g1_places_depend_on_nothing_else(
        scores in prop::collection::vec((0_i64..4, 1_i8..5), 0..12),
        shift in 0_usize..12,
    ) {
        let list: Vec<Scored> = (1_u128..).zip(&scores).map(|(member, (score, day))| Scored {
            member: MemberId::new(member),
            score: *score,
            reached: jiff::civil::date(2027, 1, *day),
        }).collect();
        let prizes = "ties = \"share\"\nprizes = [{ place = 1, points = { roubles = 100 } }, \
                      { place = 2, points = { roubles = 10 } }, \
                      { place = 3, points = { roubles = 1 } }]";
        let programme = programme(&turbo(prizes));
        let challenge = programme.find_challenge("turbo-boost").unwrap();
        for ties in [Ties::Earlier, Ties::Share, Ties::All] {
            let mut turned = list.clone();
            turned.rotate_left(shift % list.len().max(1));
            prop_assert_eq!(ranked(ties, list.clone()), ranked(ties, turned));
        }
        let day = jiff::civil::date(2027, 1, 5);
        let placed = ranked(Ties::Share, list.clone());
        let awards = awards_of(&programme, challenge, day, &placed).unwrap();
        let sum: i64 = given(&awards).iter().map(|(_, _, amount)| amount).sum();
        prop_assert_eq!(sum, [0, 100, 110, 111][list.len().min(3)]);
        let game = key("turbo-boost");
        let sent = derived_prizes(ActivityId::new(1 << 64), &game, &awards);
        let again = derived_prizes(ActivityId::new(1 << 64), &game, &awards);
        prop_assert_eq!(&sent, &again);
        let mut ids: Vec<ActivityId> = sent.iter().map(|derived| derived.id).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), awards.len());
    }
}
