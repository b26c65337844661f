//! Lanes by bucket: every transaction touches one bucket, the answers are those of one lane, and
//! servers with the other setting book nothing.

use crate::support::{Answer, Caller, Folder, Shop, open_with_lanes, receipt, skip, start};
use crate::{throwaway, written};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon::app::{App, LaneChoice, LaneError, lanes_choose};
use symbolon::store::{DatabaseUrl, StoreError};
use symbolon::world::World;

pub const TEXT: &str = r#"
format = 1
id = "lanes"
name = "Lanes"
currency = "USD"
timezone = "UTC"

[points.points]
name.en = { one = "point", other = "points" }
transfer = { at_least = 1 }

[gifts]
per_person = "100.00"
every = "year"

[instrument.tenth]
kind = "coupon"
name = "A tenth"

[instrument.next]
kind = "coupon"
name = "Next time"

[instrument.gift]
kind = "certificate"
name = "Gift certificate"
smallest = "5.00"
largest = "500.00"

[[rule]]
id = "welcome"
on = "joining"
earn = { points = "points", give = 50 }

[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
split = { person = "30" }

[[rule]]
id = "friends"
on = "purchase"
share = { points = "points", levels = ["5", "2"] }

[[rule]]
id = "tenth"
on = "purchase"
for = "everyone"
coupon = "tenth"
discount = { percent = 10 }

[[rule]]
id = "next"
on = "purchase"
for = "everyone"
coupon = "next"
discount = { percent = 5 }

[[rule]]
id = "ring"
on = "purchase"
when = 'receipt.lines.exists(l, l.product == "ring")'
issue = { coupon = "next" }

[[rule]]
id = "hats"
on = "purchase"
for = "everyone"
limit = [{ per = "all", amount = "3.00", over = "cut" }]
discount = { percent = 10, where = 'line.product == "hat"' }

[[reward]]
id = "mug"
name = "A mug"
cost = { points = 10 }
limit = { total = 5 }
gives = { item = {} }

[[reward]]
id = "set"
name = "Coffee set"
cost = { points = 10 }
gives = { item = {} }
gift = { worth = "6.00" }
"#;

pub const ANA: &str = "+12025550001";
const BEN: &str = "+12025550002";
const ACME: &str = "+12025550003";
const CEM: &str = "+12025550004";
const TWIN: &str = "+12025550005";

/// One thing that a till asks: its key, where it is sent, and what; `{name}` stands for what an
/// earlier answer named. And what is kept of the answer, by the place where it stands.
struct Step {
    key: &'static str,
    path: &'static str,
    body: Value,
    keep: &'static [(&'static str, &'static str)],
}

const fn step(
    key: &'static str,
    path: &'static str,
    body: Value,
    keep: &'static [(&'static str, &'static str)],
) -> Step {
    Step { key, path, body, keep }
}

/// All kinds of commands, each standing on the ones before it.
fn story() -> Vec<Step> {
    let tenth = json!({ "instrument": "tenth", "count": 2 });
    let gift = json!({ "instrument": "gift", "count": 1, "value": "50.00", "active": true });
    let first = receipt("R1").of(BEN).line("hat", "1", "20.00").line("ring", "1", "100.00");
    let second = receipt("R2").of(ANA).line("coat", "1", "10.00");
    let guest = receipt("R3").line("hat", "1", "15.00").with("codes", json!(["{tenth-2}"]));
    let company = receipt("R4").of(ACME).with("contact", json!("ben")).line("desk", "1", "99.00");
    let late = receipt("R5").of(CEM).line("hat", "1", "8.00");
    let line = |number: &str| json!({ "number": number, "lines": [{ "line": 1, "quantity": 1 }] });
    vec![
        step(
            "1",
            "/v1/instruments",
            tenth,
            &[("tenth", "/codes/0/code"), ("tenth-2", "/codes/1/code")],
        ),
        step("2", "/v1/instruments", gift, &[("gift", "/codes/0/code")]),
        step(
            "3",
            "/v1/members",
            json!({ "phone": ANA, "email": "ana@example.org" }),
            &[("ana", "/id")],
        ),
        step(
            "4",
            "/v1/members",
            json!({ "phone": BEN, "referrer": { "phone": ANA } }),
            &[("ben", "/id")],
        ),
        step(
            "5",
            "/v1/receipts",
            first.with("codes", json!(["{tenth}", "{gift}"])).json(),
            &[("r1", "/id"), ("next", "/issued/0/code")],
        ),
        step("6", "/v1/receipts", second.with("codes", json!(["{next}"])).json(), &[]),
        step("7", "/v1/receipts/{r1}/returns", line("A"), &[]),
        step("8", "/v1/receipts", guest.json(), &[("r3", "/id")]),
        step("9", "/v1/receipts/{r3}/returns", line("B"), &[]),
        step("10", "/v1/receipts/{r1}/void", json!({}), &[]),
        step(
            "11",
            "/v1/members/{ana}/transfers",
            json!({ "to": { "phone": BEN }, "points": "points", "amount": "7" }),
            &[],
        ),
        step("12", "/v1/members", json!({ "phone": ACME, "kind": "company" }), &[("acme", "/id")]),
        step(
            "13",
            "/v1/members/{acme}/contacts",
            json!({ "contact": "ben", "person": { "phone": BEN }, "name": "Ben" }),
            &[],
        ),
        step("14", "/v1/receipts", company.json(), &[]),
        step("15", "/v1/redemptions", json!({ "member": { "phone": ANA }, "reward": "mug" }), &[]),
        step(
            "gift",
            "/v1/members/{acme}/gifts",
            json!({ "reward": "set", "to": "ben", "asked_by": "Ola" }),
            &[],
        ),
        step(
            "16",
            "/v1/members",
            json!({ "phone": CEM, "email": "cem@example.org" }),
            &[("cem", "/id")],
        ),
        step("17", "/v1/members/{cem}/merge", json!({ "into": { "id": "{ana}" } }), &[]),
        step("18", "/v1/members", json!({ "phone": TWIN, "kind": "company" }), &[("twin", "/id")]),
        step(
            "19",
            "/v1/members/{twin}/contacts",
            json!({ "contact": "xenia", "name": "Xenia" }),
            &[],
        ),
        step("20", "/v1/members/{twin}/merge", json!({ "into": { "id": "{acme}" } }), &[]),
        step("21", "/v1/receipts", late.json(), &[]),
    ]
}

/// Somebody who asks all of it, and remembers what was answered.
#[derive(Default)]
pub struct Teller {
    known: BTreeMap<&'static str, String>,
    /// The last answer to each step.
    pub answers: Vec<Value>,
}

impl Teller {
    fn filled(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// Asks step after step, until one is not answered as it should be. Says whether all were.
    pub fn tell(&mut self, till: &Caller) -> Result<(), String> {
        self.answers.clear();
        for step in story() {
            let path = self.filled(step.path);
            let body: Value =
                serde_json::from_str(&self.filled(&step.body.to_string())).expect("JSON");
            let answer = till.once(step.key).post(&path, &body);
            if !matches!(answer.status.as_u16(), 200 | 201) {
                return Err(format!("step {}: {}", step.key, answer.text()));
            }
            let said: Value = serde_json::from_slice(&answer.body).expect("JSON");
            for (name, place) in step.keep {
                let value = said.pointer(place).and_then(Value::as_str);
                let value = value.unwrap_or_else(|| panic!("{name}: {said}")).to_owned();
                let before = self.known.insert(name, value.clone());
                assert!(before.is_none_or(|before| before == value), "{name} is another one now");
            }
            self.answers.push(said);
        }
        Ok(())
    }
}

/// The answers with names instead of ids and codes, which chance makes.
pub fn plain(teller: &Teller) -> Vec<String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let all = teller.answers.iter().map(|answer| {
        let text = answer.to_string();
        let mut out = String::new();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (inside, after) = rest.split_at(end);
            let is_id = inside.len() == 30 && inside.as_bytes().get(3) == Some(&b'_');
            let is_code = inside.len() >= 12
                && inside.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
            if is_id || is_code {
                let number = names.len();
                let name = names.entry(inside.to_owned()).or_insert_with(|| format!("#{number}"));
                out.push_str(name);
            } else {
                out.push_str(inside);
            }
            let next = after.find(is_part).unwrap_or(after.len());
            out.push_str(&after[..next]);
            rest = &after[next..];
        }
        out
    });
    all.collect()
}

/// What is left in the database, without ids.
pub fn left(shop: &Shop) -> Vec<String> {
    let rows = shop.app.store.read(|reader| {
        let mut left = Vec::new();
        let sql =
            "select limit_of, used from limit_counter where used <> 0 order by limit_of, used";
        for row in reader.query(sql, &[])? {
            left.push(format!("{} {}", row.get::<String>("limit_of")?, row.get::<i64>("used")?));
        }
        let sql = "select points, from_account, to_account, cast(sum(amount) as bigint) as sum,
            count(*) as n from entry group by points, from_account, to_account
            order by points, from_account, to_account";
        for row in reader.query(sql, &[])? {
            let (from, to): (String, String) = (row.get("from_account")?, row.get("to_account")?);
            let (sum, n): (i64, i64) = (row.get("sum")?, row.get("n")?);
            left.push(format!("{from} {to} {sum} {n}"));
        }
        for (what, sql) in [
            ("activities", "select count(*) as n from activity"),
            ("numbers", "select count(*) as n from natural_key"),
            ("keys", "select count(*) as n from idempotency_key"),
            ("phones", "select count(*) as n from identifier"),
            ("members", "select count(*) as n from member_state"),
            ("instruments", "select count(*) as n from instrument"),
            ("uses", "select count(*) as n from instrument_entry"),
            ("waiting", "select count(*) as n from derived_activity"),
            ("limits set aside", "select count(*) as n from counter_reservation"),
            ("instruments set aside", "select count(*) as n from instrument_reservation"),
        ] {
            left.push(format!("{what} {}", reader.query_one(sql, &[])?.get::<i64>("n")?));
        }
        Ok::<_, StoreError>(left)
    });
    rows.expect("the database can be read")
}

/// The names of the people of the company that was merged are those of the other one.
pub fn assert_names_moved(shop: &Shop, teller: &Teller) {
    let acme = shop.till().get(&format!("/v1/members/{}", teller.known["acme"])).expect(200);
    let contacts = acme["contacts"].as_array().expect("contacts");
    let names: Vec<&Value> = contacts.iter().map(|contact| &contact["name"]).collect();
    assert_eq!(names, [&json!("Ben"), &json!("Xenia")]);
    let ana = shop.till().get(&format!("/v1/members/{}", teller.known["ana"])).expect(200);
    assert_eq!(ana["identifiers"].as_array().map(Vec::len), Some(4), "{ana}");
}

/// The story on a database of its own, in lanes or not, with what it left and what each
/// transaction wrote.
fn told(lanes: LaneChoice) -> Result<(Shop, Teller, Vec<String>), String> {
    let address = throwaway::new_database()?;
    let app = open_with_lanes(&address, TEXT, 7, lanes);
    written::watch(&app.store);
    let shop = Shop::of(app, &address, &Arc::new(Folder::new()));
    let mut teller = Teller::default();
    if let Err(answer) = teller.tell(&shop.till()) {
        panic!("{lanes:?}, {answer}");
    }
    assert_names_moved(&shop, &teller);
    let left = left(&shop);
    // Many at once, so that batches are larger than one.
    std::thread::scope(|scope| {
        for number in 0..48 {
            let till = shop.till();
            scope.spawn(move || {
                let phone =
                    if number % 2 == 0 { ANA.to_owned() } else { format!("+1303555{number:04}") };
                if number % 4 == 3 {
                    till.post("/v1/members", &json!({ "phone": phone })).expect(201);
                }
                let sold = receipt(&format!("M{number}")).line("hat", "1", "2.00");
                let sold = if number % 4 == 1 { sold } else { sold.of(&phone) };
                till.once(&format!("m{number}")).post("/v1/receipts", &sold.json()).expect(201);
            });
        }
    });
    shop.assert_clean();
    Ok((shop, teller, left))
}

/// By what it wrote, no transaction of lanes by bucket touches two; with one lane, many do, so
/// that this would be seen.
#[test]
fn every_transaction_touches_one_bucket() {
    let (shop, teller, rest) = match told(LaneChoice::Bucket) {
        Ok(told) => told,
        Err(why) => return skip("every_transaction_touches_one_bucket", &why),
    };
    assert_eq!(written::over_buckets(&shop.app.store), Vec::<String>::new());
    assert_eq!(written::rows_over_buckets(&shop.app.store), 0);
    assert!(written::transactions(&shop.app.store) > 100);
    assert!(written::bucket_tables(&shop.app.store).len() > 15);
    let (one, other, other_rest) = told(LaneChoice::One).expect("PostgreSQL");
    assert!(written::over_buckets(&one.app.store).len() > 10);
    assert!(written::rows_over_buckets(&one.app.store) > 10);
    // And the answers are the same.
    for (number, (bucket, one)) in plain(&teller).iter().zip(plain(&other)).enumerate() {
        assert_eq!(*bucket, one, "step {}", number + 1);
    }
    assert_eq!(rest, other_rest);
}

/// A server with one lane that still runs when the lanes are chosen books nothing more, and there
/// is no way back.
#[test]
fn a_server_with_one_lane_cannot_book_beside_lanes_by_bucket() {
    let address = match throwaway::new_database() {
        Ok(address) => address,
        Err(why) => {
            return skip("a_server_with_one_lane_cannot_book_beside_lanes_by_bucket", &why);
        }
    };
    let folder = Arc::new(Folder::new());
    let old = Shop::of(open_with_lanes(&address, TEXT, 7, LaneChoice::One), &address, &folder);
    old.enrol(ANA);
    let sold = |number: &str| receipt(number).of(ANA).line("hat", "1", "10.00").json();
    old.till().once("1").post("/v1/receipts", &sold("R1")).expect(201);
    let new = Shop::of(open_with_lanes(&address, TEXT, 8, LaneChoice::Bucket), &address, &folder);
    let before = old.counts();
    old.till().once("2").post("/v1/receipts", &sold("R2")).refused(500, "internal");
    old.till().post("/v1/members", &json!({ "phone": BEN })).refused(500, "internal");
    assert_eq!(old.counts(), before, "nothing of it is there");
    // What was booked with one lane is known with the others.
    new.till().once("1").post("/v1/receipts", &sold("R1")).expect(200);
    new.till().post("/v1/receipts", &sold("R1")).expect(200);
    new.till().once("2").post("/v1/receipts", &sold("R2")).expect(201);
    new.assert_clean();
    let url = DatabaseUrl::parse(&address).expect("an address");
    let app = App::open(&url, World::staged(start(), 9)).expect("a database");
    assert!(matches!(lanes_choose(app, LaneChoice::One), Err(LaneError::NoWayBack)));
}

/// A batch that is decided together stands on nothing that may still fail: receipts with one
/// number, one key, one coupon and one certificate come in one batch, in an order that is kept.
#[test]
fn what_stands_on_the_same_thing_is_decided_one_after_the_other() {
    let folder = Arc::new(Folder::new());
    let address = folder.shop_database();
    let shop = Shop::of(open_with_lanes(&address, TEXT, 7, LaneChoice::Bucket), &address, &folder);
    let ana = shop.enrol(ANA);
    let made = json!({ "instrument": "tenth", "count": 1 });
    let made = shop.till().once("c").post("/v1/instruments", &made).expect(201);
    let code = made["codes"][0]["code"].as_str().expect("a code").to_owned();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..24)
            .map(|number| {
                let (till, code) = (shop.till(), code.clone());
                scope.spawn(move || {
                    let sold = receipt("SAME").line("coat", "1", "10.00");
                    let sold = sold.with("codes", json!([code]));
                    till.once(&format!("k{}", number % 3)).post("/v1/receipts", &sold.json())
                })
            })
            .collect();
        asked.into_iter().map(|asked| asked.join().expect("no panic")).collect()
    });
    let booked = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(booked, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 201)));
    assert!(ana.starts_with("mem_"));
    shop.assert_clean();
}
