//! Once and only once: retries, natural keys, races, a full queue.

use crate::support::{
    Answer, Caller, RUNTIME, Shop, moment, on_postgres, receipt, receipt_without_number,
};
use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{Barrier, mpsc};
use std::time::Duration;
use symbolon::app::{Moments, command_for, natural_key};
use symbolon::pipeline::{Answer as Booked, Command, Failure, Intent, QueueError, Subject};
use symbolon::store::StoreError;
use symbolon::store::nouns::directories::{IdempotencyKey, Identifier};
use symbolon_core::engine::{Activity, Line, Purchase};
use symbolon_core::values::{Key, MemberId, Money, Quantity};
use tokio::task::JoinSet;

const ANA: &str = "+12025550001";

fn tea(number: &str) -> Value {
    receipt(number).of(ANA).line("tea", "1", "5.00").json()
}

fn balance(shop: &Shop, member: &str) -> String {
    let member = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    member["balances"][0]["available"].as_str().expect("a balance").to_owned()
}

/// Case 15: confirmed twice after a network fault, it counts once and says the same.
#[test]
fn case_15_the_same_key_and_body_get_the_same_answer() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let body = receipt_without_number().of(ANA).line("tea", "1", "5.00").json();
    let first = shop.till().once("k").post("/v1/receipts", &body);
    assert!(!first.is_replayed());
    let counts = shop.counts();
    // Much later, when much has happened, the first answer still stands.
    shop.later(SignedDuration::from_hours(24 * 20));
    shop.till().post("/v1/receipts", &tea("between")).expect(201);
    let again = shop.till().once("k").post("/v1/receipts", &body);
    assert!(again.is_replayed());
    assert_eq!(again.expect(200), first.expect(201));
    assert_eq!(shop.counts()["activity"], counts["activity"] + 1);
    assert_eq!(balance(&shop, &member), "10");
    // The draft writes keys as quoted strings; both spellings are one key.
    assert!(shop.till().once("\"k\"").post("/v1/receipts", &body).is_replayed());
    shop.assert_clean();
}

/// Case 17.
#[test]
fn case_17_the_same_key_with_another_body_is_refused() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    shop.enrol("+12025550002");
    let till = shop.till().once("k");
    let path = "/v1/receipts";
    let first = receipt("R1").of(ANA).line("tea", "1", "5.00");
    till.post(path, &first.json()).expect(201);
    let counts = shop.counts();
    let others = [
        first.clone().line("cake", "1", "4.00").json(),
        first.clone().of("+12025550002").json(),
        first.clone().with("at", json!("2027-03-02T16:59:00Z")).json(),
        first.clone().with("till", json!("2")).json(),
        // Two coffees are two receipts with the same content: the number tells them apart.
        first.clone().with("number", json!("R2")).json(),
        first.clone().with("business_date", json!("2027-03-01")).json(),
    ];
    for other in others {
        till.post(path, &other).refused(422, "idempotency-key-reused");
    }
    let redeemed = json!({ "member": { "phone": ANA }, "reward": "any-item" });
    till.post("/v1/redemptions", &redeemed).refused(422, "idempotency-key-reused");
    till.post("/v1/members", &json!({ "phone": "+12025550003" }))
        .refused(422, "idempotency-key-reused");
    assert_eq!(shop.counts(), counts);
    assert_eq!(balance(&shop, &member), "5");
}

#[test]
fn a_refusal_leaves_its_key_free() {
    let shop = Shop::open("boloco-card");
    let till = shop.till().once("k");
    let body = receipt_without_number().of(ANA).line("tea", "1", "5.00").json();
    till.post("/v1/receipts", &body).refused(404, "member-not-found");
    shop.enrol(ANA);
    till.post("/v1/receipts", &body).expect(201);
}

#[test]
fn keys_are_checked_where_there_is_no_other_name() {
    let shop = Shop::open("action-points");
    shop.enrol(ANA);
    let nameless = [
        ("/v1/receipts", receipt_without_number().of(ANA).line("tea", "1", "5.00").json()),
        ("/v1/actions", json!({ "action": "review", "member": { "phone": ANA } })),
        ("/v1/redemptions", json!({ "member": { "phone": ANA }, "reward": "ten-dollars-off" })),
        (
            "/v1/returns",
            json!({ "member": { "phone": ANA }, "products": [
            { "product": "tea", "quantity": 1 }] }),
        ),
    ];
    let before = shop.counts();
    for (path, body) in nameless {
        shop.till().post(path, &body).refused(400, "idempotency-key-missing");
        for key in ["", "   ", "\"\"", &"k".repeat(201)] {
            shop.till().once(key).post(path, &body).refused(400, "idempotency-key-invalid");
        }
    }
    assert_eq!(shop.counts(), before);
}

/// Case 19: one receipt under two keys, from two callers or a till and a file, is one receipt.
#[test]
fn case_19_the_natural_key_wins_over_two_idempotency_keys() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let first = shop.till().once("till-1").post("/v1/receipts", &tea("R1")).expect(201);
    let second = shop.till().once("import-7").post("/v1/receipts", &tea("R1"));
    assert!(second.is_replayed());
    assert_eq!(second.expect(200), first);
    assert_eq!(balance(&shop, &member), "5");
    // What is named differently is another receipt.
    for (field, value) in [("till", "2"), ("location", "downtown"), ("business_date", "2027-03-01")]
    {
        let mut other = tea("R1");
        other[field] = json!(value);
        shop.till().post("/v1/receipts", &other).expect(201);
    }
    assert_eq!(balance(&shop, &member), "20");
    shop.assert_clean();
}

#[test]
fn the_same_natural_key_with_another_content_is_a_conflict() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    shop.enrol("+12025550002");
    let booked = shop.till().post("/v1/receipts", &tea("R1")).expect(201);
    let counts = shop.counts();
    let others = [
        receipt("R1").of(ANA).line("tea", "1", "5.01").json(),
        receipt("R1").of(ANA).line("tea", "2", "5.00").json(),
        receipt("R1").of("+12025550002").line("tea", "1", "5.00").json(),
        receipt("R1").line("tea", "1", "5.00").json(),
    ];
    for (position, other) in others.iter().enumerate() {
        for path in ["/v1/quotes", "/v1/receipts"] {
            let till = shop.till().once(&format!("k{position}"));
            let problem = till.post(path, other).refused(409, "booked-differently");
            let id = booked["id"].as_str().expect("an id");
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(id)));
        }
    }
    assert_eq!(shop.counts(), counts);
    assert_eq!(balance(&shop, &member), "5");
}

/// A retry comes later. Where the caller gave no moment, it is still the same request.
#[test]
fn a_retry_without_a_moment_is_the_same_receipt() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let first = shop.till().once("k").post("/v1/receipts", &tea("R1")).expect(201);
    shop.later(SignedDuration::from_hours(2));
    let retried = shop.till().post("/v1/receipts", &tea("R1"));
    assert!(retried.is_replayed());
    assert_eq!(retried.expect(200), first);
    // After midnight the number alone would be another day's receipt; the key still knows.
    shop.later(SignedDuration::from_hours(12));
    let retried = shop.till().once("k").post("/v1/receipts", &tea("R1"));
    assert!(retried.is_replayed());
    assert_eq!(retried.expect(200), first);
    assert_eq!(balance(&shop, &member), "5");
}

/// Case 16: made offline, sent a day later, twice, after its refund.
#[test]
fn case_16_a_late_receipt_counts_once_even_after_its_return() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    shop.later(SignedDuration::from_hours(24));
    let mut late = tea("R1");
    late["at"] = json!("2027-03-02T18:00:00Z");
    let booked = shop.till().post("/v1/receipts", &late).expect(201);
    let id = booked["id"].as_str().expect("an id");
    shop.till().post(&format!("/v1/receipts/{id}/void"), &json!({})).expect(201);
    let again = shop.till().once("other").post("/v1/receipts", &late);
    assert!(again.is_replayed());
    assert_eq!(again.expect(200)["id"], id);
    assert_eq!(balance(&shop, &member), "0");
    shop.assert_clean();
}

fn phone(number: &str) -> Identifier {
    Identifier { kind: "phone".to_owned(), value: number.to_owned() }
}

fn purchase(cents: i64) -> Activity {
    let line = Line {
        product: "tea".to_owned(),
        category: None,
        brand: None,
        quantity: Quantity::ONE,
        unit_price: Money::new(cents),
        ..Line::default()
    };
    Activity::Purchase(Purchase { lines: vec![line], ..Purchase::default() })
}

fn command(shop: &Shop, subject: Subject, activity: Activity, number: Option<&str>) -> Command {
    let natural = number.map(|number| natural_key("receipt", ["", "", number, "2027-03-02"]));
    let intent = Intent { activity, natural, label: number.map(ToOwned::to_owned) };
    let moments = Moments { given: None, recorded: shop.now() };
    command_for(&shop.app, subject, intent, moments, None).expect("a command")
}

/// Case 22: one bad command within a batch fails alone.
#[test]
fn case_22_a_bad_command_fails_alone() {
    let shop = Shop::open("boloco-card");
    let ana = shop.enrol(ANA);
    let known = || Subject::Identified(phone(ANA));
    let new = |number: &str| Subject::IdentifiedOrNew(phone(number));
    let redemption = || Activity::Redemption { reward: Key::new("any-item"), contact: None };
    let commands = [
        command(&shop, known(), purchase(4_900), Some("1")),
        command(&shop, Subject::Identified(phone("+19")), purchase(500), Some("2")),
        command(&shop, known(), purchase(-1), Some("3")),
        command(&shop, known(), redemption(), None),
        command(&shop, known(), purchase(200), Some("1")),
        command(&shop, new("+12025550002"), purchase(-5), Some("4")),
        command(&shop, new("+12025550002"), purchase(700), Some("5")),
        command(&shop, Subject::Guest, purchase(300), Some("6")),
        command(&shop, Subject::Guest, purchase(i64::MAX), Some("7")),
        command(&shop, known(), purchase(100), Some("8")),
        // Now that there are fifty points, the same question has another answer.
        command(&shop, known(), redemption(), None),
        command(&shop, known(), purchase(4_900), Some("1")),
    ];
    let answers = shop.app.pipeline().run(&shop.app.programmes(), &commands).expect("a batch");
    let told: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Ok(booked) if booked.replayed => "replayed".to_owned(),
            Ok(_) => "booked".to_owned(),
            Err(failure) => symbolon::app::failure_name(failure),
        })
        .collect();
    let expected = [
        "booked",
        "member-not-found",
        "negative-price",
        "reward-not-possible",
        "booked-differently",
        "negative-price",
        "booked",
        "booked",
        "booked",
        "booked",
        "booked",
        "replayed",
    ];
    assert_eq!(told, expected);
    assert_eq!(balance(&shop, &ana), "0");
    let counts = shop.counts();
    // Ana joins, pays twice and takes a reward; the new one joins and pays; two guests pay.
    assert_eq!(counts["activity"], 4 + 2 + 2);
    assert_eq!((counts["member_state"], counts["identifier"]), (2, 2));
    assert_eq!(counts["natural_key"], 5);
    shop.assert_clean();
}

const THREADS: usize = 32;

/// Submits one command per thread, all released together.
fn race(shop: &Shop, commands: Vec<Command>) -> Vec<Result<Booked, Failure>> {
    let barrier = Barrier::new(commands.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = commands
            .into_iter()
            .map(|command| {
                let (queue, barrier) = (shop.queue.clone(), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    RUNTIME.block_on(queue.submit(command)).expect("an answer")
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// I8 and case 18: the same receipt under the same key, from everywhere at once.
#[test]
fn i8_the_same_receipt_at_once_is_booked_once() {
    let shop = Shop::in_file("boloco-card");
    let member = shop.enrol(ANA);
    let keyed = |number: usize| {
        let key =
            if number.is_multiple_of(2) { "shared".to_owned() } else { format!("own-{number}") };
        let key = IdempotencyKey { principal: "first".to_owned(), key };
        let command = command(&shop, Subject::Identified(phone(ANA)), purchase(500), Some("1"));
        Command { idempotency: Some(key), ..command }
    };
    let answers = race(&shop, (0..THREADS).map(keyed).collect());
    let booked: Vec<&Booked> =
        answers.iter().map(|answer| answer.as_ref().expect("booked")).collect();
    assert_eq!(booked.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(booked.iter().all(|answer| answer.activity == booked[0].activity));
    assert_eq!(balance(&shop, &member), "5");
    assert_eq!(shop.counts()["activity"], 2);
    shop.assert_clean();
}

/// I7 and case 1: points for one reward, and everybody wants it.
#[test]
fn i7_points_for_one_reward_buy_exactly_one() {
    let shop = Shop::in_file("boloco-card");
    let member = shop.enrol(ANA);
    let body = receipt("R1").of(ANA).line("catering", "1", "99.00").json();
    shop.till().post("/v1/receipts", &body).expect(201);
    let wanted = |_| {
        let activity = Activity::Redemption { reward: Key::new("any-item"), contact: None };
        command(&shop, Subject::Identified(phone(ANA)), activity, None)
    };
    let answers = race(&shop, (0..THREADS).map(wanted).collect());
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for failure in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(symbolon::app::failure_name(failure), "reward-not-possible");
    }
    assert_eq!(balance(&shop, &member), "49");
    shop.assert_clean();
}

/// I7 and case 2: a limit of one per member holds in any interleaving.
#[test]
fn i7_a_limit_per_member_is_never_exceeded() {
    let shop = Shop::in_file("action-points");
    let member = shop.enrol(ANA);
    let review = |_| {
        let activity = Activity::Action {
            action: Key::new("review"),
            fields: std::collections::BTreeMap::new(),
        };
        command(&shop, Subject::Identified(phone(ANA)), activity, None)
    };
    let answers = race(&shop, (0..THREADS).map(review).collect());
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(balance(&shop, &member), "100");
    shop.assert_clean();
}

/// Case 14: one phone enrols everywhere at once and is one member.
#[test]
fn case_14_one_phone_at_once_is_one_member() {
    let shop = Shop::in_file("boloco-card");
    let joining = |_| {
        let subject = Subject::New { identifiers: vec![phone(ANA)], name: None };
        let activity = Activity::Joining {
            kind: symbolon_core::member::MemberKind::Person,
            attributes: std::collections::BTreeMap::new(),
            line: Vec::new(),
        };
        command(&shop, subject, activity, None)
    };
    let answers = race(&shop, (0..THREADS).map(joining).collect());
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!((shop.counts()["member_state"], shop.counts()["identifier"]), (1, 1));
    shop.assert_clean();
}

async fn pay(till: Caller, number: usize) -> Answer {
    let body = receipt(&format!("Q{number}")).line("tea", "1", "5.00").json();
    let body = body.to_string().into_bytes();
    till.sending(Method::POST, "/v1/receipts", "application/json", body).await
}

/// A full queue turns callers away at once, with nothing booked, and serves them when they
/// come again. The writer is held meanwhile, so nothing has to be waited for.
#[test]
fn a_full_queue_says_come_back() {
    // The bound of the queue, and the largest batch that may have left it before the writer.
    const HELD: usize = 4_096 + symbolon::pipeline::BATCH_COMMANDS_MAX;
    let shop = Shop::in_file("boloco-card");
    let (holding, is_held) = mpsc::channel::<()>();
    let (release, released) = mpsc::channel::<()>();
    let store = shop.app.store.clone();
    let writer = std::thread::spawn(move || {
        store.write(|transaction| {
            if on_postgres() {
                // There, others may write meanwhile, unless they are kept out.
                transaction.execute("lock table member_state in access exclusive mode", &[])?;
            }
            holding.send(()).expect("the test waits");
            released.recv().expect("the test releases");
            Ok::<_, StoreError>(())
        })
    });
    is_held.recv().expect("the writer holds");
    RUNTIME.block_on(async {
        // These fail as soon as they are looked at, so that they cost nothing afterwards.
        let nobody = || Subject::Member(MemberId::new(1));
        let unknown = command(&shop, nobody(), purchase(1), None);
        let mut waiting = JoinSet::new();
        for _ in 0..=HELD {
            let (queue, command) = (shop.queue.clone(), unknown.clone());
            waiting.spawn(async move { queue.submit(command).await });
        }
        // One more than can ever be held: at least one comes back although the writer is held.
        let first = waiting.join_next().await.expect("a task").expect("no panic");
        assert!(matches!(first, Err(QueueError::Full)), "{first:?}");
        // The batch on its way may have made room once, for fewer than these.
        let mut paying = JoinSet::new();
        for number in 0..symbolon::pipeline::BATCH_COMMANDS_MAX + 8 {
            paying.spawn(pay(shop.till(), number));
        }
        let turned_away = paying.join_next().await.expect("a task").expect("no panic");
        turned_away.refused(503, "busy");
        assert_eq!(turned_away.header("retry-after"), Some("1"));
        release.send(()).expect("the writer waits");
        let mut paid = 0;
        while let Some(answer) = paying.join_next().await {
            let answer = answer.expect("no panic");
            match answer.status.as_u16() {
                201 => paid += 1,
                _ => drop(answer.refused(503, "busy")),
            }
        }
        while let Some(answer) = waiting.join_next().await {
            match answer.expect("no panic") {
                Ok(Err(Failure::MemberNotFound)) | Err(QueueError::Full) => {}
                other => panic!("{other:?}"),
            }
        }
        pay(shop.till(), 9_999).await.expect(201);
        assert_eq!(shop.counts()["activity"], paid + 1);
    });
    writer.join().expect("no panic").expect("nothing was written");
    shop.assert_clean();
}

#[test]
fn the_order_of_receipts_of_one_moment_is_the_order_in_which_they_came() {
    // Case 26: the clock steps back, and the order stays that of booking.
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    shop.till().post("/v1/receipts", &tea("R1")).expect(201);
    shop.app.world.set_now(moment("2027-03-02T16:30:00Z"));
    shop.till().post("/v1/receipts", &tea("R2")).expect(201);
    // A guest's void may even have an id that is older than its receipt's.
    let guest = receipt("G1").line("tea", "1", "5.00").with("at", json!("2027-03-02T16:00:00Z"));
    let guest = shop.till().post("/v1/receipts", &guest.json()).expect(201);
    let id = guest["id"].as_str().expect("an id");
    shop.app.world.set_now(moment("2027-03-02T16:10:00Z"));
    shop.till().post(&format!("/v1/receipts/{id}/void"), &json!({})).expect(201);
    let shown = shop.till().get(&format!("/v1/receipts/{id}")).expect(200);
    assert_eq!(shown["returns"].as_array().map(Vec::len), Some(1));
    let entries = shop.till().get(&format!("/v1/members/{member}/entries")).expect(200);
    let at: Vec<&str> = entries["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["at"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(at, ["2027-03-02T16:30:00Z", "2027-03-02T17:00:00Z"]);
    shop.assert_clean();
}

/// Case 24: callers go away at any moment of their request. Nothing stays locked: the same members'
/// next receipts are answered, and what was asked is booked once, when it is asked again at the
/// latest.
#[test]
fn case_24_a_caller_who_goes_away_leaves_nothing_locked() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let receipts: Vec<Value> = (0..60).map(|number| tea(&format!("gone-{number}"))).collect();
    RUNTIME.block_on(async {
        for (number, body) in (0..).zip(&receipts) {
            let till = shop.till();
            let body = body.to_string().into_bytes();
            let asked = till.sending(Method::POST, "/v1/receipts", "application/json", body);
            // From before anything was done to after all of it was.
            drop(tokio::time::timeout(Duration::from_micros(number * 150), asked).await);
        }
    });
    for body in &receipts {
        let answer = shop.till().post("/v1/receipts", body);
        assert!([200, 201].contains(&answer.status.as_u16()), "{}", answer.text());
    }
    assert_eq!(balance(&shop, &member), (60 * 5).to_string());
    shop.assert_clean();
}
