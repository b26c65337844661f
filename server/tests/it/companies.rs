//! Companies with their people, staff and partners over HTTP.

use crate::support::{Folder, Shop, open_app, programme_text, receipt, symbolon};
use axum::http::Method;
use jiff::civil::date;
use serde_json::{Value, json};
use symbolon::app::settlement;
use symbolon_core::values::{Key, Money};

const ACME: &str = "+12025550001";
const KARI: &str = "+12025550002";
const OLA: &str = "+12025550003";
const LIV: &str = "+12025550004";

const TEXT: &str = r#"
format = 1
id = "shop"
name = "Shop"
currency = "USD"
timezone = "UTC"
[points.points]
name.en = { one = "point", other = "points" }
[points.thanks]
name.en = { one = "thanks", other = "thanks" }
[gifts]
per_person = "100.00"
every = "year"
approval_above = "50.00"
[rebate]
points = "points"
every = "year"
steps = [{ from = "10.00", percent = "10" }]
[recognition]
points = "thanks"
allowance = 100
every = "month"
[enrolment]
points = "thanks"
give = 5
after = "first-purchase"
[partner.bank]
name = "Bank"
issued = { points = "0.01" }
redeemed = { points = "0.007" }
[partner.hotel]
name = "Hotel"
redeemed = { points = "0.0075" }
[[rule]]
id = "per-dollar"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
split = { person = "30" }
[[reward]]
id = "set"
name = "Coffee set"
cost = { points = 10 }
gives = { item = {} }
gift = { worth = "60.00" }
[[reward]]
id = "night"
name = "A night"
cost = { points = 20 }
gives = { item = {} }
partner = "hotel"
"#;

fn enrol(shop: &Shop, phone: &str, kind: &str) -> String {
    let body = json!({ "phone": phone, "kind": kind });
    let made = shop.till().post("/v1/members", &body).expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

fn member(shop: &Shop, id: &str) -> Value {
    shop.till().get(&format!("/v1/members/{id}")).expect(200)
}

fn available(shop: &Shop, id: &str, kind: usize) -> String {
    member(shop, id)["balances"][kind]["available"].as_str().expect("a balance").to_owned()
}

#[test]
fn b1_b2_a_company_buys_through_its_people_who_get_their_part() {
    let shop = Shop::with_text(TEXT);
    let (acme, kari) = (enrol(&shop, ACME, "company"), enrol(&shop, KARI, "person"));
    let contacts = format!("/v1/members/{acme}/contacts");
    let body = json!({
        "contact": "kari", "person": { "phone": KARI }, "name": "Kari Nordmann",
        "roles": ["decision-maker"], "unit": "oslo",
    });
    shop.till().post(&contacts, &body).expect(201);
    let stranger = json!({ "contact": "x", "person": { "phone": "+12025550099" } });
    shop.till().post(&contacts, &stranger).refused(404, "member-not-found");
    shop.till()
        .post(&contacts, &json!({ "contact": "x", "roles": ["boss"] }))
        .refused(422, "unknown-role");
    shop.till()
        .post(&format!("/v1/members/{kari}/contacts"), &json!({ "contact": "x" }))
        .refused(422, "no-contacts");
    let shown = &member(&shop, &acme)["contacts"][0];
    assert_eq!(shown["name"], "Kari Nordmann");
    assert_eq!(shown["person"], kari.as_str());
    assert_eq!(shown["may_spend"], true);
    let bought = receipt("R1").of(ACME).with("contact", json!("kari")).line("desk", "1", "100.00");
    let booked = shop.till().post("/v1/receipts", &bought.json()).expect(201);
    assert_eq!(
        (available(&shop, &acme, 0), available(&shop, &kari, 0)),
        ("70".into(), "30".into())
    );
    let again = shop.till().post("/v1/receipts", &bought.json()).expect(200);
    assert_eq!(again["id"], booked["id"]);
    assert_eq!(available(&shop, &kari, 0), "30", "once, however often it comes (I8)");
    let receipt_id = booked["id"].as_str().expect("an id");
    shop.till().once("v").post(&format!("/v1/receipts/{receipt_id}/void"), &json!({})).expect(201);
    assert_eq!((available(&shop, &acme, 0), available(&shop, &kari, 0)), ("0".into(), "0".into()));
    let delete = || {
        let path = format!("{contacts}/kari");
        shop.till().send(Method::DELETE, &path, "application/json", Vec::new())
    };
    delete().expect(200);
    assert_eq!(member(&shop, &acme)["contacts"], json!([]));
    delete().refused(422, "unknown-contact");
    shop.assert_clean();
}

#[test]
fn b11_gifts_are_capped_approved_and_disclosed() {
    let shop = Shop::with_text(TEXT);
    let acme = enrol(&shop, ACME, "company");
    shop.till()
        .post(&format!("/v1/members/{acme}/contacts"), &json!({ "contact": "kari" }))
        .expect(201);
    shop.till()
        .post("/v1/receipts", &receipt("R1").of(ACME).line("desk", "1", "100.00").json())
        .expect(201);
    let gifts = format!("/v1/members/{acme}/gifts");
    let gift = |approved_by: Value| json!({ "reward": "set", "to": "kari", "asked_by": "Ola", "approved_by": approved_by });
    shop.till().post(&gifts, &gift(json!("Liv"))).refused(400, "idempotency-key-missing");
    shop.till().once("g0").post(&gifts, &gift(Value::Null)).refused(422, "gift-needs-approval");
    shop.till().once("g1").post(&gifts, &gift(json!("ola"))).refused(422, "approved-by-asker");
    shop.till().once("g2").post(&gifts, &gift(json!("Liv"))).expect(201);
    shop.till().once("g2").post(&gifts, &gift(json!("Liv"))).expect(200);
    shop.till().once("g3").post(&gifts, &gift(json!("Liv"))).refused(422, "reward-not-possible");
    let list = shop.till().get(&gifts).expect(200);
    assert_eq!(list["gifts"].as_array().map(Vec::len), Some(1));
    let disclosed = &list["gifts"][0];
    assert_eq!(disclosed["worth"], "60.00");
    assert_eq!((&disclosed["asked_by"], &disclosed["approved_by"]), (&json!("Ola"), &json!("Liv")));
    assert_eq!(disclosed["contact"], "kari");
    shop.assert_clean();
}

#[test]
fn w9_e4_staff_thank_each_other_and_are_credited_for_enrolments() {
    let shop = Shop::with_text(TEXT);
    let (ola, liv) = (enrol(&shop, OLA, "employee"), enrol(&shop, LIV, "employee"));
    let body = json!({ "phone": KARI, "enrolled_by": { "phone": OLA } });
    let kari = shop.till().once("k").post("/v1/members", &body).expect(201);
    shop.till().once("k").post("/v1/members", &body).expect(200);
    let wrong = json!({ "phone": ACME, "enrolled_by": { "phone": KARI } });
    shop.till().post("/v1/members", &wrong).refused(422, "not-staff");
    assert_eq!(available(&shop, &ola, 1), "0");
    let bought = receipt("R1").of(KARI).line("tea", "1", "5.00").json();
    shop.till().post("/v1/receipts", &bought).expect(201);
    assert_eq!(available(&shop, &ola, 1), "5");
    let path = format!("/v1/members/{ola}/recognitions");
    let thanks = |to: &str, amount: i64| json!({ "to": { "phone": to }, "amount": amount, "reason": "the night shift" });
    shop.till().once("t1").post(&path, &thanks(LIV, 60)).expect(201);
    shop.till().once("t1").post(&path, &thanks(LIV, 60)).expect(200);
    shop.till().once("t2").post(&path, &thanks(LIV, 41)).refused(422, "allowance-used");
    shop.till().once("t3").post(&path, &thanks(KARI, 1)).refused(422, "not-staff");
    assert_eq!(available(&shop, &liv, 1), "60");
    assert!(kari["id"].is_string());
    shop.assert_clean();
}

#[test]
fn e4_nobody_joins_where_an_enrolment_cannot_be_credited() {
    let plain = TEXT
        .replace("[enrolment]\npoints = \"thanks\"\ngive = 5\nafter = \"first-purchase\"\n", "");
    assert_ne!(plain, TEXT);
    let shop = Shop::with_text(&plain);
    enrol(&shop, OLA, "employee");
    let body = json!({ "phone": KARI, "enrolled_by": { "phone": OLA } });
    shop.till().post("/v1/members", &body).refused(422, "no-enrolment");
    // What was refused made nobody: the number is free.
    enrol(&shop, KARI, "person");
    shop.assert_clean();
}

#[test]
fn case_54_b11_a_merged_company_leaves_its_people_names_and_gifts_to_the_survivor() {
    let shop = Shop::with_text(TEXT);
    let (acme, twin) = (enrol(&shop, ACME, "company"), enrol(&shop, LIV, "company"));
    let set = |company: &str, contact: Value| {
        shop.till().post(&format!("/v1/members/{company}/contacts"), &contact).expect(201);
    };
    set(&acme, json!({ "contact": "kari", "name": "Kari Nordmann" }));
    set(&twin, json!({ "contact": "kari", "name": "K. Nordmann" }));
    set(&twin, json!({ "contact": "ola", "name": "Ola Nordmann" }));
    shop.till()
        .post("/v1/receipts", &receipt("R1").of(LIV).line("desk", "1", "100.00").json())
        .expect(201);
    let gift = json!({ "reward": "set", "to": "ola", "asked_by": "Per", "approved_by": "Liv" });
    shop.till().once("g").post(&format!("/v1/members/{twin}/gifts"), &gift).expect(201);
    let into = json!({ "into": { "id": acme } });
    shop.till().once("m").post(&format!("/v1/members/{twin}/merge"), &into).expect(201);
    let named = |company: &str| -> Vec<Value> {
        let contacts = member(&shop, company)["contacts"].clone();
        contacts.as_array().expect("a list").iter().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(named(&acme), ["Kari Nordmann", "Ola Nordmann"]);
    // The old number leads to the survivor, and so does a name that is given under it.
    set(&twin, json!({ "contact": "ola", "name": "Ola N." }));
    assert_eq!(named(&acme), ["Kari Nordmann", "Ola N."]);
    let gifts = shop.till().get(&format!("/v1/members/{acme}/gifts")).expect(200);
    assert_eq!((&gifts["gifts"][0]["contact"], &gifts["gifts"][1]), (&json!("ola"), &Value::Null));
    shop.assert_clean();
}

#[test]
fn e13_p5_partners_settle_to_the_unit_by_what_the_ledger_says() {
    let shop = Shop::with_text(TEXT);
    let kari = enrol(&shop, KARI, "person");
    let bought = receipt("R1").of(KARI).with("partner", json!("bank")).line("tea", "1", "50.00");
    shop.till().post("/v1/receipts", &bought.json()).expect(201);
    let stranger = receipt("R2").of(KARI).with("partner", json!("x")).line("tea", "1", "50.00");
    shop.till().post("/v1/receipts", &stranger.json()).refused(422, "unknown-partner");
    let night = json!({ "member": { "id": kari }, "reward": "night" });
    shop.till().once("n").post("/v1/redemptions", &night).expect(201);
    let today = date(2027, 3, 2);
    let settled = settlement(&shop.app, today, today).expect("a statement");
    // 50 points at a cent are paid by the bank, 20 at three quarters of a cent to the hotel.
    assert_eq!(settled.house, Money::new(50 - 15));
    let partners: Vec<_> = settled.lines.iter().map(|line| line.partner.clone()).collect();
    assert_eq!(partners, [Some(Key::new("bank")), Some(Key::new("hotel"))]);
    let before = settlement(&shop.app, date(2027, 3, 1), date(2027, 3, 1)).expect("a statement");
    assert_eq!((before.lines.len(), before.house), (0, Money::ZERO));
}

#[test]
fn e13_the_settlement_is_printed_for_people_and_for_programs() {
    let folder = Folder::new();
    let database = folder.database("shop.db");
    drop(open_app(&database, &programme_text("co-branded-card"), 7));
    let asked = |more: &[&str]| {
        let mut all = vec!["settlement", "--database", &database, "--from", "2027-03-01"];
        all.extend(["--until", "2027-03-31"]);
        all.extend(more);
        symbolon(&all)
    };
    assert_eq!(asked(&[]).exits(0).out().trim(), "The house receives 0.00 EUR in all.");
    let csv = asked(&["--csv"]).exits(0).out();
    assert!(csv.starts_with("partner,points,issued,taken_back,redeemed,given_back,pays"), "{csv}");
    let json = asked(&["--format", "json"]).exits(0).json();
    assert_eq!((&json["house_receives"], &json["lines"]), (&json!("0.00"), &json!([])));
    let wrong = ["settlement", "--database", &database, "--from", "2027-03-02"];
    symbolon(&[&wrong[..], &["--until", "2027-03-01"]].concat()).exits(2);
}

#[test]
fn b1_b11_the_page_of_a_company_lists_its_people_and_their_gifts() {
    let shop = Shop::with_text(TEXT);
    let acme = enrol(&shop, ACME, "company");
    let contact = json!({ "contact": "kari", "name": "Kari Nordmann", "roles": ["user"] });
    shop.till().post(&format!("/v1/members/{acme}/contacts"), &contact).expect(201);
    shop.till()
        .post("/v1/receipts", &receipt("R1").of(ACME).line("desk", "1", "100.00").json())
        .expect(201);
    let gift = json!({ "reward": "set", "to": "kari", "asked_by": "Ola", "approved_by": "Liv" });
    shop.till().once("g").post(&format!("/v1/members/{acme}/gifts"), &gift).expect(201);
    let page = shop.visitor().get(&format!("/console/members/{acme}")).text();
    for text in ["Kari Nordmann", "Coffee set", "asked for by Ola, approved by Liv", "$60.00"] {
        assert!(page.contains(text), "{text} is not on the page:\n{page}");
    }
}
