//! A server with lanes by bucket that stops between any two of its transactions: another one
//! finishes what is booked and gives up what is not, and whoever asks again is served once.

use crate::chaos::setting;
use crate::lanes::{TEXT, Teller, assert_names_moved, left, plain};
use crate::support::{Folder, Shop, open_with_lanes, skip};
use crate::throwaway;
use jiff::SignedDuration;
use std::sync::Arc;
use symbolon::app::{LaneChoice, finish_lanes};

/// Tells the story with an end after so many transactions, then again on another server. Says
/// whether the end came at all, and what it led to.
fn stopped(address: &str, after: Option<u64>) -> (bool, Vec<String>, Vec<String>) {
    let app = open_with_lanes(address, TEXT, 7, LaneChoice::Bucket);
    let shop = Shop::of(app, address, &Arc::new(Folder::new()));
    let mut teller = Teller::default();
    if let Some(after) = after {
        shop.app.store.end_after(after);
    }
    let came = teller.tell(&shop.till()).is_err();
    // Longer than anything stays set aside.
    shop.later(SignedDuration::from_mins(1));
    let next = shop.another();
    if let Err(answer) = teller.tell(&next.till()) {
        panic!("end after {after:?}, {answer}");
    }
    next.later(SignedDuration::from_mins(1));
    finish_lanes(&next.app).expect("it can be finished");
    // Once more: now everything is a repetition, and is answered as things stand at the end.
    assert!(teller.tell(&next.till()).is_ok());
    next.assert_clean();
    assert_names_moved(&next, &teller);
    // What was asked again was booked a minute later; nothing else may differ.
    let plain = plain(&teller).into_iter().map(|answer| answer.replace(":01:00Z", ":00:00Z"));
    (came, plain.collect(), left(&next))
}

fn every_end(new_database: impl Fn() -> String, from: u64, every: u64) {
    let (_, answers, rest) = stopped(&new_database(), None);
    assert!(rest.iter().any(|line| line == "limits set aside 0"), "{rest:?}");
    let mut after = from;
    loop {
        let (came, answered, left) = stopped(&new_database(), Some(after));
        assert_eq!(left, rest, "end after {after}");
        // A repetition tells the member's balances as they were, so all is as without an end.
        assert_eq!(answered.len(), answers.len());
        for (number, (one, other)) in answered.iter().zip(&answers).enumerate() {
            assert_eq!(one, other, "end after {after}, step {}", number + 1);
        }
        if !came {
            break;
        }
        after += every;
    }
    assert!(after > 60, "the story ended after {after} transactions");
}

fn on_sqlite(from: u64) {
    let folder = Folder::new();
    let count = std::cell::Cell::new(0);
    let new_database = || {
        count.set(count.get() + 1);
        folder.database(&format!("{}.db", count.get()))
    };
    every_end(new_database, from, 3);
}

// Three tests, so that they may run at once; together they take every transaction.
#[test]
fn case_20_i8_i9_an_end_after_every_third_transaction_loses_nothing() {
    on_sqlite(0);
}

#[test]
fn case_20_i8_i9_an_end_after_one_more_loses_nothing() {
    on_sqlite(1);
}

#[test]
fn case_20_i8_i9_an_end_after_two_more_loses_nothing() {
    on_sqlite(2);
}

/// There, several transactions are under way at once. `SYMBOLON_LANES_ENDS=1` takes every one.
#[test]
fn case_20_i8_i9_an_end_between_transactions_loses_nothing_on_postgres() {
    let test = "case_20_i8_i9_an_end_between_transactions_loses_nothing_on_postgres";
    if let Err(why) = throwaway::new_database() {
        return skip(test, &why);
    }
    let every = setting("SYMBOLON_LANES_ENDS", 11);
    every_end(|| throwaway::new_database().expect("a database"), 2, every);
}
