//! What has run out is booked by a job: once, wherever it was stopped, whoever else runs it, and while
//! tills sell. It changes no answer.

use crate::support::{Shop, receipt};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Barrier;
use symbolon::app::{settle_expired, settle_expired_aside};

const TEXT: &str = r#"
format = 1
id = "expiry"
name = "Expiry"
currency = "USD"
timezone = "UTC"
[points.points]
name.en = { one = "point", other = "points" }
expires = "1 month after earning"
[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
[[reward]]
id = "coffee"
name = "Coffee"
cost = { points = 10 }
gives = { item = { where = 'line.product == "coffee"' } }
"#;

const MEMBERS: usize = 30;
/// The same as many entries.
const ENTRIES: i64 = 30;

fn phone(number: usize) -> String {
    format!("+1202555{number:04}")
}

/// A shop with members who have points of March and, since then, points of April.
fn shop_in_may(april: bool) -> (Shop, Vec<String>) {
    let shop = Shop::in_file_with_text(TEXT);
    let members = (0..MEMBERS).map(|number| shop.enrol(&phone(number))).collect();
    for (month, is_sold) in [(0, true), (1, april)] {
        for number in (0..MEMBERS).filter(|_| is_sold) {
            let number_of_receipt = format!("{month}-{number}");
            let cart = receipt(&number_of_receipt).of(&phone(number)).line("tea", "1", "20.00");
            shop.till().post("/v1/receipts", &cart.json()).expect(201);
        }
        shop.later(SignedDuration::from_hours(24 * 20));
    }
    (shop, members)
}

/// Entries by which points ran out, and what they add up to.
fn expired(shop: &Shop) -> (i64, i64) {
    let sql = "select count(*) as entries, cast(coalesce(sum(amount), 0) as bigint) as points
        from entry where to_account = 'expired'";
    let read = shop.app.store.read(|reader| {
        let row = reader.query_one(sql, &[])?;
        Ok::<_, symbolon::store::StoreError>((row.get("entries")?, row.get("points")?))
    });
    read.expect("it can be read")
}

fn available(shop: &Shop, member: &str) -> Value {
    let found = shop.till().get(&format!("/v1/members/{member}"));
    found.expect(200)["balances"][0]["available"].clone()
}

/// Case 52, I14: the job runs twice, and there is one entry for each lot. Nothing is booked on the
/// same day again; what runs out later is booked on a later day.
#[test]
fn case_52_what_ran_out_is_booked_once() {
    let (shop, _) = shop_in_may(true);
    let members = MEMBERS as u64;
    assert_eq!(settle_expired(&shop.app, &mut || true).expect("the job"), members);
    assert_eq!(expired(&shop), (ENTRIES, ENTRIES * 20), "the points of April are still there");
    assert_eq!(settle_expired(&shop.app, &mut || true).expect("the job"), 0);
    shop.later(SignedDuration::from_hours(24 * 20));
    // Two servers at once, on the same day.
    let other = shop.another();
    std::thread::scope(|scope| {
        for app in [&shop.app, &other.app] {
            scope.spawn(move || settle_expired(app, &mut || true).expect("the job"));
        }
    });
    assert_eq!(expired(&shop), (2 * ENTRIES, 2 * ENTRIES * 20));
    shop.assert_clean();
}

/// Case 52: in a server the job lies aside for callers to take along; where nobody calls, it goes alone.
/// That callers do take it along is in `load.rs`.
#[test]
fn case_52_in_a_server_where_nobody_calls_the_job_goes_alone() {
    let (shop, _) = shop_in_may(true);
    let queue = shop.app.start_queue().expect("a queue");
    let job = || settle_expired_aside(&shop.app, &queue, &mut || true).expect("the job");
    assert_eq!(job(), MEMBERS as u64);
    assert_eq!(expired(&shop), (ENTRIES, ENTRIES * 20), "the points of April are still there");
    assert_eq!(job(), 0);
    shop.later(SignedDuration::from_hours(24 * 20));
    assert_eq!(job(), MEMBERS as u64, "the queue still works");
    assert_eq!(expired(&shop), (2 * ENTRIES, 2 * ENTRIES * 20));
    shop.assert_clean();
}

/// Cases 52 and 57: stopped after any page, it goes on where it was, by the moment at which it began.
#[test]
fn case_52_case_57_the_job_goes_on_where_it_was_stopped() {
    let (shop, members) = shop_in_may(false);
    let (mut runs, mut settled) = (0, 0);
    let mut answers_before: Vec<Value> = Vec::new();
    while settled < MEMBERS as u64 {
        let mut pages = 0;
        let mut go_on = || {
            pages += 1;
            pages < 9
        };
        settled += settle_expired(&shop.app, &mut go_on).expect("the job");
        runs += 1;
        let answers: Vec<Value> = members.iter().map(|member| available(&shop, member)).collect();
        assert!(answers_before.is_empty() || answers == answers_before, "no answer changes");
        answers_before = answers;
        assert!(runs < 100, "it ends");
    }
    assert!(runs > 5, "it was stopped on the way: {runs}");
    assert_eq!(expired(&shop), (ENTRIES, ENTRIES * 20));
    // To its end, over members of whom nothing runs out any more.
    assert_eq!(settle_expired(&shop.app, &mut || true).expect("the job"), 0);
    shop.assert_clean();
}

/// Case 52: tills sell and spend while the job runs. Each lot runs out once, nothing is spent that ran
/// out, and nobody is turned away.
#[test]
fn case_52_the_job_and_checkouts_on_the_same_lots() {
    let (shop, members) = shop_in_may(true);
    let barrier = Barrier::new(3);
    std::thread::scope(|scope| {
        let job = scope.spawn(|| {
            barrier.wait();
            settle_expired(&shop.app, &mut || true).expect("the job")
        });
        let tills: Vec<_> = (0..2)
            .map(|till| {
                let (shop, barrier) = (&shop, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    for number in (0..MEMBERS).rev().filter(|number| number % 2 == till) {
                        let mut cart = receipt(&format!("may-{number}"))
                            .of(&phone(number))
                            .line("coffee", "1", "3.00")
                            .json();
                        cart["rewards"] = json!([{ "reward": "coffee" }]);
                        shop.till().post("/v1/receipts", &cart).expect(201);
                    }
                })
            })
            .collect();
        tills.into_iter().for_each(|till| till.join().expect("no panic"));
        job.join().expect("no panic");
    });
    // Each had 40 points, of which 20 ran out, and spent 10 of the others.
    assert_eq!(expired(&shop), (ENTRIES, ENTRIES * 20));
    for member in &members {
        assert_eq!(available(&shop, member), "10", "{member}");
    }
    shop.assert_clean();
}
