//! Prize draws: whoever has the file comes to the same winners, and a changed file is found out.
//!
//! The golden winners were computed by `docs/using/draw-again.py`, which shares no code with this.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::draw::{Drawn, PerHolder, Problem, Publication, PublishedPrize, Tickets};

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn prizes(list: &[(&str, &str, u32)]) -> Vec<PublishedPrize> {
    let prize = |(id, name, count): &(&str, &str, u32)| PublishedPrize {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        count: *count,
    };
    list.iter().map(prize).collect()
}

fn tickets(list: &[(&str, u64)]) -> Vec<Tickets> {
    list.iter().map(|(holder, count)| ticket(holder, *count)).collect()
}

fn ticket(holder: &str, count: u64) -> Tickets {
    Tickets { holder: holder.to_owned(), count }
}

const SOURCE: &str = "the closing figure of the exchange";

#[expect(clippy::unwrap_used, reason = "this helper stands in tests only")]
fn drawn(per_holder: PerHolder) -> Publication {
    let prizes = prizes(&[("iphone", "iPhone", 3), ("mug", "Mug", 2)]);
    let seed = [7; 32];
    let mut file =
        Publication::open("black-friday", per_holder, prizes, SOURCE, (sha256, seed)).unwrap();
    assert_eq!(file.check(sha256), Ok(Drawn::Open));
    // The order in which the tickets come does not matter.
    let list = [("eve", 7), ("ana", 3), ("cleo", 40), ("ben", 1), ("finn", 1), ("dan", 2)];
    file.close(sha256, tickets(&list)).unwrap();
    assert_eq!(file.check(sha256), Ok(Drawn::Closed));
    file.draw(sha256, seed, "1234.56").unwrap();
    assert_eq!(file.check(sha256), Ok(Drawn::Drawn));
    file
}

fn won(file: &Publication) -> Vec<(u32, &str, u64, &str)> {
    let winner = |w: &'_ symbolon_core::draw::Winner| (w.place, w.ticket);
    let all = file.winners.iter().map(|w| (w, winner(w)));
    all.map(|(w, (place, ticket))| (place, w.prize.as_str(), ticket, w.holder.as_str())).collect()
}

#[test]
fn g2_g3_three_equal_prizes_and_others_by_a_second_program() {
    let file = drawn(PerHolder::One);
    assert_eq!(file.commitment, "1305866619d4c07936d496e631018db20bf35f111b5ced419cd2b1273aa3c583");
    assert_eq!(
        file.tickets_digest.as_deref(),
        Some("e38ce78ac89b7a8523d555e717ace26e752ef671b03367b501442a959b4baa51")
    );
    let expected = vec![
        (1, "iphone", 48, "eve"),
        (2, "iphone", 26, "cleo"),
        (3, "iphone", 45, "dan"),
        (4, "mug", 54, "finn"),
        (5, "mug", 3, "ana"),
    ];
    assert_eq!(won(&file), expected);
    let file = drawn(PerHolder::Any);
    let expected = vec![
        (1, "iphone", 48, "eve"),
        (2, "iphone", 22, "cleo"),
        (3, "iphone", 31, "cleo"),
        (4, "mug", 28, "cleo"),
        (5, "mug", 9, "cleo"),
    ];
    assert_eq!(won(&file), expected);
}

/// Whoever changes anything after the fact is found out by the file alone.
#[test]
fn g3_a_changed_list_seed_prize_or_winner_is_detected() {
    let sound = drawn(PerHolder::One);
    type Change = (&'static str, fn(&mut Publication), Problem);
    let changes: [Change; 13] = [
        ("a ticket more", |f| f.tickets[0].count += 1, Problem::TicketsChanged),
        ("a holder more", |f| f.tickets.push(ticket("zoe", 1)), Problem::TicketsChanged),
        ("another name", |f| f.tickets[1].holder = "bob".to_owned(), Problem::TicketsChanged),
        ("another digest", |f| f.tickets_digest = Some("00".to_owned()), Problem::TicketsChanged),
        ("a holder twice", |f| f.tickets[1].holder = "ana".to_owned(), Problem::TicketOrder),
        ("no ticket", |f| f.tickets[1].count = 0, Problem::TicketOrder),
        ("another seed", |f| f.seed = Some("08".repeat(32)), Problem::SeedOrTermsChanged),
        ("a prize fewer", |f| f.prizes[0].count = 2, Problem::SeedOrTermsChanged),
        (
            "a cheaper prize",
            |f| f.prizes[0].name = "iPhone case".to_owned(),
            Problem::SeedOrTermsChanged,
        ),
        ("wins twice", |f| f.per_holder = PerHolder::Any, Problem::SeedOrTermsChanged),
        ("another figure", |f| f.entropy = "1234.57".to_owned(), Problem::WinnersDiffer),
        ("another winner", |f| f.winners[0].holder = "ben".to_owned(), Problem::WinnersDiffer),
        ("no list", |f| f.tickets_digest = None, Problem::OutOfOrder),
    ];
    for (what, change, problem) in changes {
        let mut file = sound.clone();
        change(&mut file);
        assert_eq!(file.check(sha256), Err(problem), "{what}");
    }
}

#[test]
fn g3_a_draw_is_opened_then_closed_then_drawn_and_each_once() {
    let open = || {
        let prizes = prizes(&[("tv", "A television set", 1)]);
        Publication::open("d", PerHolder::One, prizes, "", (sha256, [1; 32])).unwrap()
    };
    let mut file = open();
    assert_eq!(file.draw(sha256, [1; 32], ""), Err(Problem::OutOfOrder), "not closed yet");
    file.close(sha256, tickets(&[("ana", 1)])).unwrap();
    assert_eq!(file.close(sha256, tickets(&[("ben", 9)])), Err(Problem::OutOfOrder));
    assert_eq!(file.draw(sha256, [2; 32], ""), Err(Problem::SeedOrTermsChanged), "not that seed");
    assert_eq!(file.draw(sha256, [1; 32], "7"), Err(Problem::Entropy), "it was not announced");
    file.draw(sha256, [1; 32], "").unwrap();
    assert_eq!(file.draw(sha256, [1; 32], ""), Err(Problem::OutOfOrder), "once");
    // Nobody took part: nothing is won, and that is a result, too.
    let mut file = open();
    file.close(sha256, Vec::new()).unwrap();
    file.draw(sha256, [1; 32], "").unwrap();
    assert_eq!((file.winners.len(), file.check(sha256)), (0, Ok(Drawn::Drawn)));
    let nothing = Publication::open("d", PerHolder::One, Vec::new(), "", (sha256, [1; 32]));
    assert_eq!(nothing, Err(Problem::NoPrizes));
    let many = tickets(&[("a", u64::MAX), ("b", 1)]);
    assert_eq!(open().close(sha256, many), Err(Problem::TooManyTickets));
}

/// With one ticket of ten, a holder wins one draw in ten: not more than chance allows away from
/// it (six standard deviations of 6,000 draws).
#[test]
fn g3_every_ticket_is_as_likely_as_every_other() {
    let list = tickets(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]);
    let mut wins: BTreeMap<String, u32> = BTreeMap::new();
    for number in 0_u32..6_000 {
        let seed = sha256(&number.to_be_bytes());
        let prizes = prizes(&[("p", "P", 1)]);
        let mut file = Publication::open("d", PerHolder::One, prizes, "", (sha256, seed)).unwrap();
        file.close(sha256, list.clone()).unwrap();
        file.draw(sha256, seed, "").unwrap();
        *wins.entry(file.winners[0].holder.clone()).or_default() += 1;
    }
    for (holder, tickets) in [("a", 1_i64), ("b", 2), ("c", 3), ("d", 4)] {
        let (found, expected) = (i64::from(wins[holder]), 600 * tickets);
        assert!((found - expected).abs() < 230, "{holder}: {found} of {expected}");
    }
}

proptest! {
    /// The result follows from the seed and the list alone; nobody wins more often than allowed,
    /// and no more is won than there is.
    #[test]
    fn g3_winners_follow_from_seed_and_list(
        counts in prop::collection::vec(1_u64..30, 0..12),
        stock in prop::collection::vec(1_u32..6, 1..4),
        seed in prop::array::uniform32(any::<u8>()),
        any_ticket in any::<bool>(),
    ) {
        let per_holder = if any_ticket { PerHolder::Any } else { PerHolder::One };
        let offered: Vec<PublishedPrize> = (0..).zip(&stock).map(|(number, count)| {
            PublishedPrize { id: format!("p{number}"), name: String::new(), count: *count }
        }).collect();
        let list: Vec<Tickets> =
            (0..).zip(&counts).map(|(number, count)| ticket(&format!("h{number}"), *count)).collect();
        let draw = |list: Vec<Tickets>| {
            let opened =
                Publication::open("d", per_holder, offered.clone(), "", (sha256, seed));
            let mut file = opened.unwrap();
            file.close(sha256, list).unwrap();
            file.draw(sha256, seed, "").unwrap();
            file
        };
        let file = draw(list.clone());
        let mut turned = list.clone();
        turned.reverse();
        prop_assert_eq!(&file, &draw(turned));
        let (holders, all) = (counts.len() as u64, counts.iter().sum::<u64>());
        let most = if any_ticket { all } else { holders };
        let prizes: u32 = stock.iter().sum();
        prop_assert_eq!(file.winners.len() as u64, u64::from(prizes).min(most));
        let numbers: BTreeSet<u64> = file.winners.iter().map(|winner| winner.ticket).collect();
        prop_assert_eq!(numbers.len(), file.winners.len());
        let winners: BTreeSet<&str> =
            file.winners.iter().map(|winner| winner.holder.as_str()).collect();
        prop_assert!(any_ticket || winners.len() == file.winners.len());
        for winner in &file.winners {
            let mut last = 0;
            let of = file.tickets.iter().find(|tickets| {
                last += tickets.count;
                winner.ticket <= last
            });
            prop_assert_eq!(&of.unwrap().holder, &winner.holder);
        }
        if let Some(first) = list.first() {
            let mut changed = file.clone();
            changed.tickets[0].count = first.count + 1;
            prop_assert_eq!(changed.check(sha256), Err(Problem::TicketsChanged));
        }
    }
}
