//! Holds and shared limits over HTTP: reserved, confirmed, cancelled, over; and never too many.

use crate::support::{Shop, receipt, receipt_without_number};
use jiff::SignedDuration;
use serde_json::{Value, json};

const ANA: &str = "+12025550001";
const BEN: &str = "+12025550002";

const TEXT: &str = r#"
format = 1
id = "shop"
name = "Shop"
currency = "USD"
timezone = "UTC"
[points.points]
name.en = { one = "point", other = "points" }
worth = "0.01"
pays = { step = 1 }
[campaign.opening]
name = "Opening"
limit = [{ per = "all", amount = "3.00", over = "cut" }, { per = "till", times = 5, every = "day", alert = 4 }]
[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 10, per = "1.00" }
[[rule]]
id = "off"
on = "purchase"
campaign = "opening"
for = "everyone"
discount = { percent = 10, where = 'line.product == "hat"' }
"#;

fn body(receipt: &Value, minutes: u32) -> Value {
    json!({ "minutes": minutes, "receipt": receipt })
}

fn available(shop: &Shop, member: &str) -> String {
    let member = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    member["balances"][0]["available"].as_str().expect("a balance").to_owned()
}

#[test]
fn a_hold_reserves_and_its_confirmation_books_what_was_promised() {
    let shop = Shop::with_text(TEXT);
    let ana = shop.enrol(ANA);
    shop.till().post("/v1/receipts", &receipt("R1").of(ANA).line("coat", "1", "10.00").json());
    let asked = receipt_without_number()
        .of(ANA)
        .line("tea", "1", "5.00")
        .with("pay", json!([{ "points": "points", "amount": "80" }]))
        .json();
    shop.till().post("/v1/holds", &body(&asked, 15)).refused(400, "idempotency-key-missing");
    let held = shop.till().once("h1").post("/v1/holds", &body(&asked, 15)).expect(201);
    let id = held["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("hld_"), "{id}");
    assert_eq!(held["ends_at"], "2027-03-02T17:15:00Z");
    assert_eq!(available(&shop, &ana), "20");
    // A retry holds nothing more.
    assert_eq!(
        shop.till().once("h1").post("/v1/holds", &body(&asked, 15)).expect(200)["id"],
        held["id"]
    );
    shop.till()
        .once("h1")
        .post("/v1/holds", &body(&asked, 16))
        .refused(422, "idempotency-key-reused");
    let confirm = format!("/v1/holds/{id}/confirm");
    let booked = shop.till().post(&confirm, &json!({ "number": "R2" })).expect(201);
    assert_eq!(booked["id"].as_str().map(|id| &id[..4]), Some("rcp_"));
    assert_eq!(available(&shop, &ana), "60");
    // The receipt's number makes a retry harmless.
    assert_eq!(
        shop.till().post(&confirm, &json!({ "number": "R2" })).expect(200)["id"],
        booked["id"]
    );
    shop.till().post(&confirm, &json!({ "number": "R3" })).refused(422, "hold-ended");
    let lines = json!({ "number": "B1", "lines": [{ "line": 1, "quantity": "1" }] });
    let returns = format!("/v1/receipts/{}/returns", booked["id"].as_str().expect("an id"));
    shop.till().post(&returns, &lines).expect(201);
    assert_eq!(available(&shop, &ana), "100");
    shop.assert_clean();
}

#[test]
fn case_11_a_hold_that_is_cancelled_or_over_is_as_if_it_had_not_been() {
    let shop = Shop::with_text(TEXT);
    let ana = shop.enrol(ANA);
    shop.enrol(BEN);
    shop.till().post("/v1/receipts", &receipt("R1").of(ANA).line("coat", "1", "10.00").json());
    let asked = receipt_without_number()
        .of(ANA)
        .line("hat", "1", "30.00")
        .with("pay", json!([{ "points": "points", "amount": "80" }]))
        .json();
    let hold = |key: &str| {
        let held = shop.till().once(key).post("/v1/holds", &body(&asked, 10)).expect(201);
        held["id"].as_str().expect("an id").to_owned()
    };
    let ben = |number: &str| {
        let receipt = receipt(number).of(BEN).line("hat", "1", "10.00").json();
        shop.till().post("/v1/quotes", &receipt).expect(200)["discount"].clone()
    };
    assert_eq!(ben("Q"), "1.00");
    let first = hold("a");
    // The hold has taken the whole budget of the campaign.
    assert_eq!(ben("Q"), "0.00");
    shop.till().post(&format!("/v1/holds/{first}/cancel"), &json!({})).expect(201);
    assert_eq!((available(&shop, &ana), ben("Q")), ("100".to_owned(), json!("1.00")));
    hold("b");
    shop.later(SignedDuration::from_secs(9 * 60 + 59));
    assert_eq!((available(&shop, &ana), ben("Q")), ("20".to_owned(), json!("0.00")));
    shop.later(SignedDuration::from_secs(1));
    assert_eq!((available(&shop, &ana), ben("Q")), ("100".to_owned(), json!("1.00")));
    shop.till()
        .post("/v1/holds/hld_00000000000000000000000000/cancel", &json!({}))
        .refused(404, "activity-not-found");
    shop.assert_clean();
}

/// I7: a budget is spent to the cent and no further, by however many members.
#[test]
fn i7_a_budget_is_shared_by_all_and_counted_in_the_database() {
    let shop = Shop::with_text(TEXT);
    let mut off = Vec::new();
    for number in 0..6 {
        let phone = format!("+1202555010{number}");
        shop.enrol(&phone);
        let receipt = receipt(&format!("R{number}")).of(&phone).line("hat", "1", "8.00").json();
        off.push(shop.till().post("/v1/receipts", &receipt).expect(201)["discount"].clone());
    }
    assert_eq!(off, ["0.80", "0.80", "0.80", "0.60", "0.00", "0.00"]);
    let report = shop.assert_clean();
    assert_eq!(report.counters, 2);
}

/// Cases 2, 3, 9 and 13, I7: ten at once, from as many sessions, of three members; exactly three
/// are given, nobody is turned away, and the counter is part of what was booked.
#[test]
fn case_3_case_9_case_13_a_limit_of_three_gives_three_however_many_ask_at_once() {
    let text = TEXT.replace(
        "discount = { percent = 10, where = 'line.product == \"hat\"' }",
        "discount = { percent = 10, where = 'line.product == \"hat\"' }\nlimit = { total = 3 }",
    );
    let shop = Shop::with_text(&text);
    let phones = [ANA, BEN, "+12025550003"];
    phones.iter().for_each(|phone| drop(shop.enrol(phone)));
    let together = std::sync::Barrier::new(10);
    let off: Vec<Value> = std::thread::scope(|scope| {
        let sessions: Vec<_> = (0..10)
            .map(|number| {
                let (shop, together) = (&shop, &together);
                scope.spawn(move || {
                    let phone = phones[number % phones.len()];
                    let receipt = receipt(&format!("R{number}")).of(phone);
                    let body = receipt.line("hat", "1", "8.00").json();
                    let till = shop.till();
                    together.wait();
                    till.post("/v1/receipts", &body).expect(201)["discount"].clone()
                })
            })
            .collect();
        sessions.into_iter().map(|session| session.join().expect("no panic")).collect()
    });
    assert_eq!(off.iter().filter(|off| **off == "0.80").count(), 3, "{off:?}");
    assert_eq!(off.iter().filter(|off| **off == "0.00").count(), 7, "{off:?}");
    shop.assert_clean();
}

/// D4 and D5: a window is announced a week ahead, in the caller's language, and not before.
#[test]
fn d5_a_holiday_window_is_announced_a_week_ahead() {
    let text = format!(
        "{TEXT}[[rule]]\nid = \"easter\"\nname = {{ en = \"Easter\", nb = \"Påske\" }}\n\
         on = \"purchase\"\nfrom = 2027-03-25\nuntil = 2027-03-29\nannounce = \"7 days before\"\n\
         discount = {{ percent = 5, where = 'line.category == \"egg\"' }}\n"
    );
    let shop = Shop::with_text(&text);
    let told = |language: &str| {
        let till = shop.till().header("accept-language", language);
        till.get("/v1/announcements").expect(200)["announcements"].clone()
    };
    assert_eq!(told("en"), json!([]));
    shop.later(SignedDuration::from_hours(24 * 16));
    let easter = json!([{
        "rule": "easter", "name": "Påske",
        "from": "2027-03-25T00:00:00Z", "until": "2027-03-30T00:00:00Z",
    }]);
    assert_eq!(told("nb"), easter);
    shop.later(SignedDuration::from_hours(24 * 7));
    assert_eq!(told("en"), json!([]));
}
