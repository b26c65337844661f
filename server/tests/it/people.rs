//! Referral, transfers and merges over HTTP, with `verify` at the end of each.

use crate::support::{Shop, receipt};
use serde_json::{Value, json};
use symbolon::store::Transaction;
use symbolon::store::nouns::derived::{self, WaitingActivity};
use symbolon_core::values::MemberId;

const ANA: &str = "+12025550001";
const BEN: &str = "+12025550002";
const CEM: &str = "+12025550003";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn balance(shop: &Shop, member: &str) -> (String, String) {
    let shown = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    let points = &shown["balances"][0];
    (text(&points["available"]), text(&points["pending"]))
}

/// The member page, as somebody who has signed in reads it.
fn page(shop: &Shop, member: &str) -> String {
    let reader = shop.stranger(None).header("cookie", &format!("symbolon_key={}", shop.key()));
    let shown = reader.get(&format!("/console/members/{member}"));
    assert_eq!(shown.status.as_u16(), 200);
    shown.text()
}

fn evening(number: &str, phone: &str, price: &str) -> Value {
    receipt(number).of(phone).line("beer", "2", price).json()
}

/// R1, R2: a code for friends is shown, used at enrolment, and shares follow until the return.
#[test]
fn r2_a_friend_comes_with_a_code() {
    let shop = Shop::open("killfish");
    let ana = shop.enrol(ANA);
    let shown = shop.till().get(&format!("/v1/members/{ana}")).expect(200);
    let code = text(&shown["referral"]["code"]);
    assert_eq!(code.len(), 15, "{code}");
    assert_eq!(shown["identifiers"].as_array().map(Vec::len), Some(1), "a code finds nobody");
    let typed = code.to_lowercase().replace('-', " ");
    let friend = json!({ "phone": BEN, "referrer": { "code": typed } });
    let ben = text(&shop.till().post("/v1/members", &friend).expect(201)["id"]);
    let again = shop.till().get(&format!("/v1/members/{ben}")).expect(200);
    assert_eq!(again["referral"]["line"], json!([ana]));
    assert_ne!(again["referral"]["code"], shown["referral"]["code"]);
    let by_phone = json!({ "phone": CEM, "referrer": { "phone": BEN } });
    let cem = text(&shop.till().post("/v1/members", &by_phone).expect(201)["id"]);
    let booked = shop.till().post("/v1/receipts", &evening("R1", CEM, "500.00")).expect(201);
    assert_eq!(balance(&shop, &ben), ("50".to_owned(), "50".to_owned()));
    assert_eq!(balance(&shop, &ana), ("50".to_owned(), "20".to_owned()));
    let id = text(&booked["id"]);
    let back = json!({ "number": "A", "lines": [{ "line": 1, "quantity": 1 }] });
    shop.till().post(&format!("/v1/receipts/{id}/returns"), &back).expect(201);
    assert_eq!(balance(&shop, &ben).1, "25");
    shop.till().once("v").post(&format!("/v1/receipts/{id}/void"), &json!({})).expect(201);
    assert_eq!((balance(&shop, &ben).1, balance(&shop, &ana).1), ("0".into(), "0".into()));
    assert_eq!(balance(&shop, &cem).0, "50");
    let page = page(&shop, &cem);
    assert!(page.contains(&ben) && page.contains(&ana), "the page shows the line");
    shop.assert_clean();
}

/// Case 62: what a mistyped, unknown or own code, phone or address is answered with.
#[test]
fn case_62_nobody_brings_himself() {
    let shop = Shop::open("killfish");
    let ana = shop.enrol(ANA);
    let enrol = |body: Value| shop.till().post("/v1/members", &body);
    let own = json!({ "phone": ANA, "referrer": { "phone": ANA } });
    enrol(own).refused(409, "identifier-taken");
    let unknown = json!({ "phone": BEN, "referrer": { "phone": CEM } });
    enrol(unknown).refused(404, "other-member-not-found");
    let mistyped = json!({ "phone": BEN, "referrer": { "code": "2222-2222-2222-3" } });
    enrol(mistyped).refused(422, "code-mistyped");
    assert_eq!(shop.counts()["member_state"], 1);
    // One box is one person, however it is written.
    let eva = enrol(json!({ "email": "Eva.Adam+1@GoogleMail.com" })).expect(201);
    for same in ["evaadam@gmail.com", "e.v.a.adam+bar@gmail.com", " EVAADAM@gmail.com "] {
        let friend = json!({ "email": same, "referrer": { "id": eva["id"] } });
        enrol(friend).refused(409, "identifier-taken");
    }
    enrol(json!({ "email": "not an address@x.org" })).refused(422, "identifier-invalid");
    enrol(json!({ "email": "evaadam@example.org" })).expect(201);
    // Afterwards, with a reason; a ring is none (R4).
    let ben = shop.enrol(BEN);
    let attribute = |of: &str, by: &str, key: &str| {
        let body = json!({ "referrer": { "id": by }, "reason": "a letter" });
        shop.till().once(key).post(&format!("/v1/members/{of}/attribution"), &body)
    };
    attribute(&ben, &ana, "1").expect(201);
    attribute(&ana, &ben, "2").refused(422, "referral-cycle");
    attribute(&ana, &ana, "3").refused(422, "referral-cycle");
    attribute(&ben, &ana, "4").refused(422, "already-referred");
    // The line is followed as it is now, not as it was when each one joined.
    let cem = shop.enrol(CEM);
    attribute(&cem, &ben, "5").expect(201);
    attribute(&ana, &cem, "6").refused(422, "referral-cycle");
    shop.assert_clean();
}

/// Case 34: points for another member, once whatever is repeated, and back.
#[test]
fn case_34_points_for_another_member() {
    let shop = Shop::open("killfish");
    let (ana, ben) = (shop.enrol(ANA), shop.enrol(BEN));
    let path = format!("/v1/members/{ana}/transfers");
    let body = json!({ "to": { "phone": BEN }, "points": "points", "amount": "50" });
    let transfer = shop.till().once("t").post(&path, &body).expect(201);
    assert!(shop.till().once("t").post(&path, &body).is_replayed());
    let other = json!({ "to": { "phone": ANA }, "points": "points", "amount": "50" });
    shop.till().once("t").post(&path, &other).refused(422, "idempotency-key-reused");
    shop.till().once("u").post(&path, &other).refused(422, "transfer-to-oneself");
    shop.till().post(&path, &body).refused(400, "idempotency-key-missing");
    assert_eq!((balance(&shop, &ana).0, balance(&shop, &ben).0), ("0".into(), "100".into()));
    shop.assert_clean();
    let void = format!("/v1/transfers/{}/void", text(&transfer["id"]));
    shop.till().once("v").post(&void, &json!({})).expect(201);
    assert_eq!((balance(&shop, &ana).0, balance(&shop, &ben).0), ("50".into(), "50".into()));
    shop.assert_clean();
}

/// Case 54, I20: two members become one; whoever names the old one reaches the new one, and what
/// the old one had bought comes back there.
#[test]
fn case_54_two_members_become_one() {
    let shop = Shop::open("killfish");
    let (ana, ben, cem) = (shop.enrol(ANA), shop.enrol(BEN), shop.enrol(CEM));
    let booked = shop.till().post("/v1/receipts", &evening("R1", BEN, "500.00")).expect(201);
    assert_eq!(balance(&shop, &ben).0, "80");
    let merge = |of: &str, into: &str, key: &str| {
        let body = json!({ "into": { "id": into } });
        shop.till().once(key).post(&format!("/v1/members/{of}/merge"), &body)
    };
    merge(&ben, &ben, "0").refused(422, "merge-into-itself");
    merge(&ben, &ana, "1").expect(201);
    assert!(merge(&ben, &ana, "1").is_replayed());
    merge(&ben, &ana, "2").refused(422, "member-merged");
    merge(&ana, &ben, "3").refused(422, "merge-into-itself");
    assert_eq!(balance(&shop, &ana).0, "130");
    let closed = shop.till().get(&format!("/v1/members/{ben}")).expect(200);
    assert_eq!((&closed["merged_into"], &closed["identifiers"]), (&json!(ana), &json!([])));
    let shown = shop.till().get(&format!("/v1/members/{ana}")).expect(200);
    assert_eq!(shown["absorbed"], json!([ben]));
    assert_eq!(shown["identifiers"].as_array().map(Vec::len), Some(2));
    // By the old phone, by the old id.
    let second = shop.till().post("/v1/receipts", &evening("R2", BEN, "500.00")).expect(201);
    assert_eq!(second["member"], json!(ana));
    let by_id = receipt("R3").with("member", json!({ "id": ben })).line("beer", "1", "100.00");
    let third = shop.till().post("/v1/receipts", &by_id.json()).expect(201);
    assert_eq!(third["member"], json!(ana));
    assert_eq!(balance(&shop, &ana).0, "163");
    shop.assert_clean();
    let void = format!("/v1/receipts/{}/void", text(&booked["id"]));
    shop.till().once("v").post(&void, &json!({})).expect(201);
    assert_eq!(balance(&shop, &ana).0, "133");
    // And once more: the survivor is merged, too.
    merge(&ana, &cem, "4").expect(201);
    assert_eq!(balance(&shop, &cem).0, "183");
    let void = format!("/v1/receipts/{}/void", text(&second["id"]));
    shop.till().once("w").post(&void, &json!({})).expect(201);
    assert_eq!(balance(&shop, &cem).0, "153");
    let page = page(&shop, &ben);
    assert!(page.contains(&ana), "the page says with whom the member is one");
    assert!(ben.parse::<MemberId>().is_ok());
    shop.assert_clean();
}

/// Case 25: what a receipt means for somebody else is delivered, the news of it is lost, and it is
/// delivered again. It has the same id both times, so it is booked once.
#[test]
fn case_25_what_is_delivered_twice_is_booked_once() {
    let (shop, ana, waiting) = (1..40).find_map(left_waiting).expect("a moment to stop at");
    let shop = shop.another();
    assert_eq!(balance(&shop, &ana), ("50".to_owned(), "50".to_owned()), "the next start delivers");
    let counts = shop.counts();
    for _ in 0..3 {
        let again = |transaction: &mut Transaction<'_>| {
            derived::derived_add(transaction, shop.app.business, &waiting)
        };
        shop.app.store.write(again).expect("it waits again");
        shop.app.pipeline().follow(&shop.app.programmes()).expect("it is delivered again");
        assert_eq!(shop.counts(), counts);
    }
    assert_eq!(balance(&shop, &ana), ("50".to_owned(), "50".to_owned()));
    shop.assert_clean();
}

/// A shop that stopped after so many transactions of a friend's receipt, with what waits there for
/// whoever brought the friend, if it is only that.
fn left_waiting(writes: u64) -> Option<(Shop, String, Vec<WaitingActivity>)> {
    let shop = Shop::in_file("killfish");
    let ana = shop.enrol(ANA);
    let friend = json!({ "phone": BEN, "referrer": { "phone": ANA } });
    shop.till().post("/v1/members", &friend).expect(201);
    shop.app.store.end_after(writes);
    shop.till().post("/v1/receipts", &evening("R1", BEN, "500.00"));
    let (store, business) = (&shop.app.store, shop.app.business);
    let waiting = store.read(|reader| derived::derived_waiting(reader, business, 10));
    let waiting = waiting.expect("what waits");
    (!waiting.is_empty()).then_some((shop, ana, waiting))
}
