//! I8, I10, I11 and I13: decisions are functions, and the book is a fold over them.
#![expect(clippy::unwrap_used, reason = "what was written is read again")]

use crate::random::Played;
use crate::support::Desk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use symbolon_core::engine::{Book, Candidates, Recorded};
use symbolon_core::values::Overflow;

fn check_round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let bytes = serde_json::to_vec(value).unwrap();
    let again: T = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(&again, value, "I11: read from JSON again");
    assert_eq!(serde_json::to_vec(&again).unwrap(), bytes, "I10: byte for byte");
}

/// I13: what is decided on the book is what was booked; I11: deciding twice is deciding once,
/// also on what was read from JSON; I8: what is booked cannot be booked again.
pub fn check_step(played: &Played<'_>) {
    let (desk, before) = (played.desk, played.before);
    check_round_trip(played.activity);
    let decide = |book: &Book, candidates: Candidates| {
        let id = before.next_id();
        book.decide(&before.programmes, id, played.at, played.activity, candidates)
    };
    let first = decide(&before.book, Candidates::All);
    assert_eq!(first, decide(&before.book, Candidates::All), "I11");
    let indexed = decide(&before.book, Candidates::Indexed).map(|(_, decision)| decision.effects);
    assert_eq!(first.clone().map(|(_, decision)| decision.effects), indexed, "I16: the index");
    let Ok((id, decision)) = played.result else { return };
    assert_eq!(&first.as_ref().unwrap().1, decision, "I13");
    check_round_trip(decision);
    check_round_trip(desk.state());
    check_round_trip(&desk.entries);
    check_round_trip(&desk.book.records.values().cloned().collect::<Vec<Recorded>>());
    if let Some(state) = &before.book.member {
        let read = serde_json::from_slice(&serde_json::to_vec(state).unwrap()).unwrap();
        let book = Book { member: Some(read), ..before.book.clone() };
        assert_eq!(decide(&book, Candidates::All), first, "I11: from a state that was stored");
    }
    let mut twice = desk.book.clone();
    let (activity, decision) = (played.activity.clone(), decision.clone());
    assert_eq!(twice.book(*id, 1, activity, decision), Err(Overflow), "I8: booked twice");
    assert_eq!(twice, desk.book, "I8: the second booking changed something");
}

/// I10: folding what was recorded from nothing gives the same book, and each activity would be
/// decided again as it was.
pub fn check(desk: &Desk) {
    let mut records: Vec<&Recorded> = desk.book.records.values().collect();
    records.sort_by_key(|record| record.sequence);
    let mut book = Book { member_id: desk.book.member_id, ..Book::default() };
    let mut entries = Vec::new();
    for record in records {
        book.shared.instruments.extend(record.seen.instruments.clone());
        let decided = book
            .decide(
                &desk.programmes,
                record.id,
                record.decision.at,
                &record.activity,
                Candidates::All,
            )
            .unwrap();
        assert_eq!(decided, (record.version, record.decision.clone()), "I10: decided again");
        let booked =
            book.book(record.id, record.version, record.activity.clone(), record.decision.clone());
        entries.extend(booked.unwrap().entries);
    }
    assert_eq!(book, desk.book, "I10");
    assert_eq!(entries, desk.entries, "I10");
    let bytes = |book: &Book| serde_json::to_vec(&book.member).unwrap();
    assert_eq!(bytes(&book), bytes(&desk.book), "I10: byte for byte");
}
