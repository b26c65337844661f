//! Barrier races: many tills of two servers on one database, released together on one thing.
//!
//! Exactly the allowed number succeed, whoever is faster, nobody is told something that is not so,
//! and nobody is turned away for want of luck. The same on SQLite and on PostgreSQL.

use crate::support::{Answer, Caller, Shop, receipt, receipt_without_number};
use serde_json::{Value, json};
use std::sync::Barrier;

/// Half of them at each server.
const TILLS: usize = 64;
const ANA: &str = "+12025550001";

const TEXT: &str = r#"
format = 1
id = "races"
name = "Races"
currency = "USD"
timezone = "UTC"

[points.points]
name.en = { one = "point", other = "points" }

[instrument.tenth]
kind = "coupon"
name = "A tenth"

[instrument.gift]
kind = "certificate"
name = "Gift certificate"
smallest = "5.00"
largest = "500.00"

[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }

[[rule]]
id = "tenth"
on = "purchase"
for = "everyone"
coupon = "tenth"
discount = { percent = 10 }

[[rule]]
id = "hats"
on = "purchase"
for = "everyone"
limit = [{ per = "all", amount = "3.00", over = "cut" }]
discount = { percent = 10, where = 'line.product == "hat"' }

[[rule]]
id = "three-shoes"
on = "purchase"
for = "everyone"
limit = { total = 3 }
discount = { sum = "1.00", where = 'line.product == "shoe"' }

[[rule]]
id = "first-scarf"
on = "purchase"
limit = { per_member = 1 }
discount = { sum = "2.00", where = 'line.product == "scarf"' }

[[reward]]
id = "mug"
name = "A mug"
cost = { points = 60 }
gives = { item = {} }
"#;

/// Two servers on one database.
struct Servers([Shop; 2]);

impl Servers {
    fn open() -> Self {
        let first = Shop::in_file_with_text(TEXT);
        let second = first.another();
        Self([first, second])
    }

    fn first(&self) -> &Shop {
        &self.0[0]
    }

    /// Every till asks once, all at the same moment.
    fn race(&self, ask: impl Fn(Caller, usize) -> Answer + Sync) -> Vec<Answer> {
        let barrier = Barrier::new(TILLS);
        std::thread::scope(|scope| {
            let tills: Vec<_> = (0..TILLS)
                .map(|number| {
                    let (till, barrier, ask) = (self.0[number % 2].till(), &barrier, &ask);
                    scope.spawn(move || {
                        barrier.wait();
                        ask(till, number)
                    })
                })
                .collect();
            tills.into_iter().map(|till| till.join().expect("no panic")).collect()
        })
    }

    /// Every till books a receipt of its own, at the same moment.
    fn buy(&self, body: impl Fn(usize) -> Value + Sync) -> Vec<Value> {
        let answers = self.race(|till, number| till.post("/v1/receipts", &body(number)));
        answers.iter().map(|answer| answer.expect(201)).collect()
    }

    fn make(&self, request: &Value) -> String {
        let made = self.first().till().once("made").post("/v1/instruments", request).expect(201);
        made["codes"][0]["code"].as_str().expect("a code").to_owned()
    }
}

fn number(till: usize) -> String {
    format!("R{till}")
}

fn count(answers: &[Value], field: &str, value: &str) -> usize {
    answers.iter().filter(|answer| answer[field] == value).count()
}

/// Cases 1 and 10, I7: one coupon, and 64 receipts that show it.
#[test]
fn case_1_case_10_one_coupon_is_used_once() {
    let servers = Servers::open();
    let code = servers.make(&json!({ "instrument": "tenth", "count": 1 }));
    let sold = servers.buy(|till| {
        let receipt = receipt(&number(till)).line("coat", "1", "10.00");
        receipt.with("codes", json!([code])).json()
    });
    assert_eq!((count(&sold, "to_pay", "9.00"), count(&sold, "to_pay", "10.00")), (1, TILLS - 1));
    let told = |answer: &&Value| answer["refused_codes"][0]["why"] == "used";
    assert_eq!(sold.iter().filter(told).count(), TILLS - 1);
    servers.first().assert_clean();
}

/// Cases 4 and 5, I7: a certificate of 50.00, and 64 carts of 3.00 each.
#[test]
fn case_4_case_5_one_certificate_pays_what_it_is_worth() {
    let servers = Servers::open();
    let gift = json!({ "instrument": "gift", "count": 1, "value": "50.00", "active": true });
    let code = servers.make(&gift);
    let sold = servers.buy(|till| {
        let receipt = receipt(&number(till)).line("tea", "1", "3.00");
        receipt.with("codes", json!([code])).json()
    });
    // Sixteen whole carts and two thirds of a seventeenth.
    let paid = ["0.00", "1.00", "3.00"].map(|left| count(&sold, "to_pay", left));
    assert_eq!(paid, [16, 1, TILLS - 17]);
    servers.first().assert_clean();
}

/// Cases 2, 3, 7 and 9, I7: a budget of 3.00 and a limit of three, for all.
#[test]
fn case_2_case_3_case_7_case_9_budgets_and_limits_end_where_they_end() {
    let servers = Servers::open();
    let sold = servers.buy(|till| {
        let product = if till < TILLS / 2 { "hat" } else { "shoe" };
        receipt(&number(till)).line(product, "1", "8.00").json()
    });
    let (hats, shoes) = sold.split_at(TILLS / 2);
    let off = ["0.80", "0.60", "0.00"].map(|off| count(hats, "discount", off));
    assert_eq!(off, [3, 1, TILLS / 2 - 4]);
    let off = ["1.00", "0.00"].map(|off| count(shoes, "discount", off));
    assert_eq!(off, [3, TILLS / 2 - 3]);
    servers.first().assert_clean();
}

/// Cases 1, 12 and 13, I4: a lot of 99 points, and 64 who want a mug for 60 of them.
#[test]
fn case_12_case_13_one_lot_pays_for_one_reward() {
    let servers = Servers::open();
    let ana = servers.first().enrol(ANA);
    let body = receipt("R").of(ANA).line("coat", "1", "99.00").json();
    servers.first().till().post("/v1/receipts", &body).expect(201);
    let body = json!({ "member": { "phone": ANA }, "reward": "mug" });
    let answers = servers
        .race(|till, number| till.once(&format!("mug-{number}")).post("/v1/redemptions", &body));
    let taken = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(taken, 1);
    for answer in answers.iter().filter(|answer| answer.status.as_u16() != 201) {
        answer.refused(422, "reward-not-possible");
    }
    let member = servers.first().till().get(&format!("/v1/members/{ana}")).expect(200);
    assert_eq!(member["balances"][0]["available"], "39");
    servers.first().assert_clean();
}

/// Cases 15, 18 and 19, I8: one receipt, sent by all, under one key or under many.
#[test]
fn case_15_case_18_case_19_one_receipt_is_booked_once() {
    let servers = Servers::open();
    servers.first().enrol(ANA);
    let body = receipt("R1").of(ANA).line("coat", "1", "10.00").json();
    let answers = servers.race(|till, number| {
        let key = if number < TILLS / 2 { "one".to_owned() } else { format!("own-{number}") };
        till.once(&key).post("/v1/receipts", &body)
    });
    let booked = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(booked, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let first = answers[0].body.clone();
    let id = |body: &[u8]| serde_json::from_slice::<Value>(body).expect("JSON")["id"].clone();
    assert!(answers.iter().all(|answer| id(&answer.body) == id(&first)));
    assert_eq!(servers.first().counts()["activity"], 2);
    servers.first().assert_clean();
}

/// Case 15 without a number: only the key tells that it is the same.
#[test]
fn case_15_one_key_is_one_receipt() {
    let servers = Servers::open();
    let body = receipt_without_number().line("coat", "1", "10.00").json();
    let answers = servers.race(|till, _| till.once("one").post("/v1/receipts", &body));
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.is_replayed()).count(), TILLS - 1);
    assert_eq!(servers.first().counts()["activity"], 1);
    servers.first().assert_clean();
}

/// Case 6: the first purchases ever of a member, at once; there is no row yet to lock.
#[test]
fn case_6_the_first_purchases_of_a_member_use_a_limit_once() {
    let servers = Servers::open();
    servers.first().enrol(ANA);
    let sold = servers.buy(|till| receipt(&number(till)).of(ANA).line("scarf", "1", "9.00").json());
    assert_eq!(
        (count(&sold, "discount", "2.00"), count(&sold, "discount", "0.00")),
        (1, TILLS - 1)
    );
    servers.first().assert_clean();
}

/// Case 14: one phone joins at 64 tills.
#[test]
fn case_14_one_phone_is_one_member() {
    let servers = Servers::open();
    let answers = servers.race(|till, _| till.post("/v1/members", &json!({ "phone": ANA })));
    let joined = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(joined, 1);
    let counts = servers.first().counts();
    assert_eq!((counts["member_state"], counts["identifier"]), (1, 1));
    servers.first().assert_clean();
}
