//! Every route of the API on its good path, with the figures that matter.

use crate::support::{Shop, moment, receipt, receipt_without_number};
use jiff::SignedDuration;
use serde_json::{Value, json};

const ANA: &str = "+12025550001";

fn first_receipt() -> crate::support::Receipt {
    receipt("R1").of(ANA).line("latte", "2", "3.50").line("burrito", "1", "9.40")
}

/// Takes a field out, for answers in which it cannot be known beforehand.
fn take(value: &mut Value, field: &str) -> Value {
    value.as_object_mut().and_then(|object| object.remove(field)).unwrap_or(Value::Null)
}

fn take_text(value: &mut Value, field: &str) -> String {
    take(value, field).as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_receipt_is_booked_and_shown() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let mut answer = shop.till().post("/v1/receipts", &first_receipt().json()).expect(201);
    let id = take_text(&mut answer, "id");
    assert!(id.starts_with("rcp_"), "{id}");
    let effects = take(&mut answer, "effects");
    assert!(effects.as_array().is_some_and(|effects| !effects.is_empty()));
    let reasons = take(&mut answer, "reasons");
    assert_eq!(reasons[0]["about"], "point-per-dollar");
    assert_eq!(reasons[0]["reason"], "earned");
    let sentence = reasons[0]["sentence"].as_str().unwrap_or_default();
    assert!(sentence.contains("16") && sentence.contains("A point per dollar"), "{sentence}");
    let lines = json!([
        { "line": 1, "product": "latte", "category": null, "brand": null, "quantity": "2",
          "unit_price": "3.50", "amount": "7.00", "discount": "0.00", "paid": "0.00", "to_pay": "7.00",
          "returned_quantity": "0", "refunded": "0.00" },
        { "line": 2, "product": "burrito", "category": null, "brand": null, "quantity": "1",
          "unit_price": "9.40", "amount": "9.40", "discount": "0.00", "paid": "0.00", "to_pay": "9.40",
          "returned_quantity": "0", "refunded": "0.00" },
    ]);
    let decided = json!({
        "member": member, "programme_version": 1, "at": "2027-03-02T17:00:00Z",
        "currency": "USD", "total": "16.40", "discount": "0.00", "paid": "0.00",
        "to_pay": "16.40",
        "lines": lines, "earned": { "points": "16" }, "spent": {}, "reversed": {},
        "restored": {}, "refund": "0.00", "offers": [], "benefits": [],
    });
    let mut booked = decided.clone();
    booked["balances"] =
        json!([{ "points": "points", "available": "16", "pending": "0", "owed": "0" }]);
    assert_eq!(answer, booked);

    let mut shown = shop.till().get(&format!("/v1/receipts/{id}")).expect(200);
    assert_eq!(take(&mut shown, "effects"), effects);
    assert_eq!(take(&mut shown, "reasons"), reasons);
    let mut expected = decided;
    for (field, value) in [
        ("id", json!(id)),
        ("number", json!("R1")),
        ("location", json!("harbour")),
        ("till", json!("1")),
        ("recorded_at", json!("2027-03-02T17:00:00Z")),
        ("voided", json!(false)),
        ("returns", json!([])),
    ] {
        expected[field] = value;
    }
    assert_eq!(shown, expected);
    shop.assert_clean();
}

#[test]
fn reasons_are_told_in_the_callers_language() {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    for (language, expected) in [
        ("en", "A point per dollar"),
        ("ru", "Балл за доллар"),
        ("uk", "Бал за долар"),
        ("nb", "Ett poeng per dollar"),
    ] {
        let till = shop.till().header("accept-language", language);
        let quote = till.post("/v1/quotes", &first_receipt().json()).expect(200);
        let sentence = quote["reasons"][0]["sentence"].as_str().unwrap_or_default();
        assert!(sentence.contains(expected), "{language}: {sentence}");
    }
}

/// I13: what a quote says is what the commit does, and the quote books nothing.
fn quote_equals_commit(shop: &Shop, receipt: &crate::support::Receipt) -> Value {
    let before = shop.counts();
    let quote = shop.till().once("a quote takes no key").post("/v1/quotes", &receipt.json());
    let quote = quote.expect(200);
    assert_eq!(shop.counts(), before, "a quote books nothing");
    let mut committed = shop.till().post("/v1/receipts", &receipt.json()).expect(201);
    take(&mut committed, "id");
    assert_eq!(quote, committed);
    committed
}

#[test]
fn i13_a_quote_equals_the_commit_that_follows() {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    quote_equals_commit(&shop, &first_receipt());
    let saved = receipt("R2").of(ANA).line("catering", "1", "40.00");
    assert_eq!(quote_equals_commit(&shop, &saved)["balances"][0]["available"], "56");
    let free = receipt("R3").of(ANA).line("burrito", "2", "9.40").claims("any-item");
    let free = quote_equals_commit(&shop, &free);
    assert_eq!((&free["to_pay"], &free["discount"]), (&json!("9.40"), &json!("9.40")));
    assert_eq!(free["spent"], json!({ "points": "50" }));
    assert_eq!(free["earned"], json!({ "points": "9" }));
    let guest = quote_equals_commit(&shop, &receipt("R4").line("latte", "1", "3.50"));
    assert_eq!((&guest["member"], &guest["earned"]), (&Value::Null, &json!({})));
    assert_eq!(guest["reasons"][0]["reason"], "not-for-guests");
    shop.assert_clean();
}

#[test]
fn i13_holds_for_discounts_tiers_and_offers() {
    let shop = Shop::open("discount-card");
    let kopiyky = receipt("R0").line("boots", "1", "500.00");
    let offered = quote_equals_commit(&shop, &kopiyky);
    assert_eq!(offered["offers"], json!(["Offer the discount card"]));
    shop.enrol(ANA);
    let coat = quote_equals_commit(&shop, &receipt("R1").of(ANA).line("coat", "1", "5200.00"));
    assert_eq!((&coat["discount"], &coat["to_pay"]), (&json!("156.00"), &json!("5044.00")));
    let belt = quote_equals_commit(&shop, &receipt("R2").of(ANA).line("belt", "1", "100.00"));
    assert_eq!(belt["to_pay"], "95.00", "the level was reached by what was really paid");
    let club = Shop::open("flying-club");
    club.enrol(ANA);
    quote_equals_commit(&club, &receipt("R1").of(ANA).line("charter", "1", "4000.00"));
    let silver = quote_equals_commit(&club, &receipt("R2").of(ANA).line("tea", "1", "1.50"));
    assert_eq!(silver["earned"]["miles"], "1");
    shop.assert_clean();
    club.assert_clean();
}

/// After a quote, something else happens: the commit does what is so then, and says it (I13).
#[test]
fn i13_a_commit_says_what_changed_since_its_quote() {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    shop.till().post("/v1/receipts", &receipt("R1").of(ANA).line("catering", "1", "50").json());
    let wanted = receipt("R2").of(ANA).line("burrito", "1", "9.40").claims("any-item").json();
    assert_eq!(shop.till().post("/v1/quotes", &wanted).expect(200)["to_pay"], "0.00");
    let redeemed = json!({ "member": { "phone": ANA }, "reward": "any-item" });
    shop.till().once("meanwhile").post("/v1/redemptions", &redeemed).expect(201);
    shop.till().post("/v1/receipts", &wanted).refused(422, "reward-not-possible");
    shop.assert_clean();
}

#[test]
fn a_receipt_is_returned_in_parts_until_nothing_is_left() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    let body = receipt("R1").of(ANA).line("mug", "3", "3.50").line("tea", "1", "2.00").json();
    let booked = shop.till().post("/v1/receipts", &body).expect(201);
    assert_eq!(booked["earned"]["points"], "12");
    let id = booked["id"].as_str().expect("an id").to_owned();
    let returns = format!("/v1/receipts/{id}/returns");
    let one = |number: &str| json!({ "number": number, "lines": [{ "line": 1, "quantity": 1 }] });
    let mut taken = Vec::new();
    for number in ["A", "B", "C"] {
        shop.later(SignedDuration::from_mins(1));
        let answer = shop.till().post(&returns, &one(number)).expect(201);
        assert!(answer["id"].as_str().is_some_and(|id| id.starts_with("ret_")), "{answer}");
        assert_eq!((&answer["refund"], &answer["member"]), (&json!("3.50"), &json!(member)));
        taken.push(answer["reversed"]["points"].as_str().unwrap_or("0").to_owned());
    }
    let left = shop.counts();
    shop.till().post(&returns, &one("D")).refused(409, "more-than-bought");
    assert_eq!(shop.counts(), left);
    // The same return again is the same return, whatever its line says is left.
    let again = shop.till().post(&returns, &one("C"));
    assert!(again.is_replayed());
    again.expect(200);
    let void = format!("/v1/receipts/{id}/void");
    let rest = shop.till().post(&void, &json!({})).expect(201);
    assert_eq!(rest["refund"], "2.00");
    taken.push(rest["reversed"]["points"].as_str().unwrap_or("0").to_owned());
    let sum: i64 = taken.iter().map(|text| text.parse::<i64>().expect("a number")).sum();
    assert_eq!(sum, 12, "all of it went back, and no more (I6, case 32): {taken:?}");
    shop.till().post(&void, &json!({})).refused(409, "already-voided");
    let shown = shop.till().get(&format!("/v1/receipts/{id}")).expect(200);
    assert_eq!(shown["voided"], true);
    assert_eq!(shown["returns"].as_array().map(Vec::len), Some(4));
    assert_eq!(shown["returns"][3]["kind"], "void");
    let lines: Vec<(&str, &str)> = (0..2)
        .map(|line| &shown["lines"][line])
        .map(|line| (line["returned_quantity"].as_str(), line["refunded"].as_str()))
        .map(|(quantity, refund)| (quantity.unwrap_or(""), refund.unwrap_or("")))
        .collect();
    assert_eq!(lines, [("3", "10.50"), ("1", "2.00")]);
    let member = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    assert_eq!(member["balances"][0]["available"], "0");
    assert_eq!(member["balances"][0]["owed"], "0");
    shop.assert_clean();
}

#[test]
fn a_guests_receipt_is_returned_and_voided() {
    let shop = Shop::open("boloco-card");
    let body = receipt("R1").line("mug", "2", "4.00").json();
    let booked = shop.till().post("/v1/receipts", &body).expect(201);
    let id = booked["id"].as_str().expect("an id");
    let returned = json!({ "number": "A", "lines": [{ "line": 1, "quantity": "1" }] });
    let answer = shop.till().post(&format!("/v1/receipts/{id}/returns"), &returned).expect(201);
    assert_eq!(answer["refund"], "4.00");
    let void = format!("/v1/receipts/{id}/void");
    assert_eq!(shop.till().post(&void, &json!({})).expect(201)["refund"], "4.00");
    shop.till().post(&void, &json!({})).refused(409, "already-voided");
    let shown = shop.till().get(&format!("/v1/receipts/{id}")).expect(200);
    assert_eq!(shown["lines"][0]["returned_quantity"], "2");
    assert_eq!(shown["returns"].as_array().map(Vec::len), Some(2), "{shown}");
    // The clock stands: the ids of the three say nothing about their order.
    shop.assert_clean();
}

#[test]
fn a_return_without_receipt_names_what_it_could_not_match() {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    for (number, quantity, price) in [("R1", "2", "10.00"), ("R2", "1", "8.00")] {
        shop.later(SignedDuration::from_hours(1));
        let body = receipt(number).of(ANA).line("mug", quantity, price).json();
        shop.till().post("/v1/receipts", &body).expect(201);
    }
    shop.later(SignedDuration::from_hours(1));
    let body = json!({
        "number": "B1", "location": "harbour", "till": "1", "member": { "phone": ANA },
        "products": [{ "product": "mug", "quantity": "4" }, { "product": "hat", "quantity": 1 }],
    });
    let answer = shop.till().post("/v1/returns", &body).expect(201);
    assert_eq!(answer["refund"], "28.00");
    assert_eq!(answer["reversed"]["points"], "28");
    let unmatched: Vec<(&str, &Value)> = answer["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .filter(|reason| reason["reason"] == "unmatched")
        .map(|reason| (reason["about"].as_str().unwrap_or(""), &reason["data"]))
        .collect();
    let quantity = |units: i64| json!({ "unmatched": { "quantity": units } });
    assert_eq!(unmatched, [("hat", &quantity(1_000)), ("mug", &quantity(1_000))]);
    assert!(shop.till().post("/v1/returns", &body).is_replayed());
    shop.assert_clean();
}

#[test]
fn an_action_earns_once_and_its_void_takes_it_back() {
    let shop = Shop::open("action-points");
    let member = shop.enrol(ANA);
    let body = json!({ "action": "review", "member": { "phone": ANA }, "reference": "rev-1" });
    let first = shop.till().post("/v1/actions", &body).expect(201);
    assert!(first["id"].as_str().is_some_and(|id| id.starts_with("act_")));
    assert_eq!((&first["earned"]["points"], &first["member"]), (&json!("100"), &json!(member)));
    let again = shop.till().post("/v1/actions", &body);
    assert!(again.is_replayed());
    again.expect(200);
    let another = json!({ "action": "review", "member": { "phone": ANA }, "reference": "rev-2" });
    let another = shop.till().post("/v1/actions", &another).expect(201);
    assert_eq!(another["earned"], json!({}));
    assert_eq!(another["reasons"][0]["reason"], "limit-reached");
    let id = first["id"].as_str().expect("an id");
    let void = shop.till().post(&format!("/v1/receipts/{id}/void"), &json!({})).expect(201);
    assert_eq!(void["reversed"]["points"], "100");
    shop.assert_clean();
}

#[test]
fn a_redemption_spends_and_its_void_restores() {
    let shop = Shop::open("flying-club");
    let member = shop.enrol(ANA);
    let body = receipt("R1").of(ANA).line("charter", "1", "9500.00").json();
    shop.till().post("/v1/receipts", &body).expect(201);
    let wanted = json!({ "member": { "id": member }, "reward": "car-day" });
    let taken = shop.till().once("car").post("/v1/redemptions", &wanted).expect(201);
    let id = taken["id"].as_str().expect("an id");
    assert!(id.starts_with("red_"), "{id}");
    assert_eq!(taken["spent"]["miles"], "9000");
    assert_eq!(taken["benefits"], json!(["car-rental-day"]));
    let after = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    assert_eq!(after["balances"][0]["available"], "500");
    assert_eq!(after["benefits"][0]["benefit"], "car-rental-day");
    let void = format!("/v1/receipts/{id}/void");
    let restored = shop.till().post(&void, &json!({})).expect(201);
    assert_eq!(restored["restored"]["miles"], "9000");
    shop.till().post(&void, &json!({})).refused(409, "already-voided");
    let after = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    assert_eq!(after["balances"][0]["available"], "9500");
    assert_eq!(after["benefits"], json!([]));
    shop.assert_clean();
}

#[test]
fn a_member_is_shown_with_balances_tiers_and_what_comes_next() {
    let shop = Shop::open("flying-club");
    let body = json!({ "phone": "+1 (202) 555-0001", "card": "C-1", "name": "Ana" });
    let enrolled = shop.till().once("join").post("/v1/members", &body).expect(201);
    let id = enrolled["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("mem_"));
    let body = receipt("R1").of(ANA).line("charter", "1", "4100.00").json();
    shop.till().post("/v1/receipts", &body).expect(201);
    let member = shop.till().get(&format!("/v1/members/{id}")).expect(200);
    let expected = json!({
        "id": id, "kind": "person", "joined": "2027-03-02", "name": "Ana", "attributes": {},
        "identifiers": [
            { "kind": "card", "value": "C-1" },
            { "kind": "phone", "value": "+12025550001" },
        ],
        "balances": [
            { "points": "miles", "available": "4100", "pending": "0", "owed": "0",
              "expires_next": { "at": "2030-03-03T00:00:00Z", "amount": "4100" } },
            { "points": "tier-points", "available": "410", "pending": "0", "owed": "0",
              "expires_next": null },
        ],
        "tiers": [{
            "ladder": "club", "tier": "silver", "measure": "410.00",
            "benefits": ["priority-check-in"],
            "next": { "tier": "gold", "from": "1000.00", "missing": "590.00" },
        }],
        "benefits": [],
        "referral": { "code": null, "line": [], "since": null },
        "merged_into": null,
        "absorbed": [],
        "entitlements": [{
            "benefit": "priority-check-in", "standing": true, "period": null,
            "single_uses": 0, "left": null,
        }],
        "memberships": [],
        "advances": [],
        "tasks": [],
        "rewards": [
            { "reward": "car-day",
              "cost": [{ "points": "miles", "amount": "9000", "missing": "4900" }] },
            { "reward": "hotel-night",
              "cost": [{ "points": "miles", "amount": "12000", "missing": "7900" }] },
            { "reward": "parking-week",
              "cost": [{ "points": "miles", "amount": "6000", "missing": "1900" }] },
        ],
    });
    assert_eq!(member, expected);
    // Enrolling again with the same key is the same member.
    let body = json!({ "phone": "+1 (202) 555-0001", "card": "C-1", "name": "Ana" });
    let again = shop.till().once("join").post("/v1/members", &body).expect(200);
    assert_eq!(again["id"], id);
    shop.app.world.set_now(moment("2030-03-03T00:00:00Z"));
    let member = shop.till().get(&format!("/v1/members/{id}")).expect(200);
    assert_eq!(member["balances"][0]["available"], "0", "a lot counts until its end (I14)");
}

#[test]
fn entries_come_in_pages_newest_first() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol(ANA);
    for number in 1..=5 {
        let price = format!("{number}.00");
        let body = receipt(&format!("R{number}")).of(ANA).line("tea", "1", &price).json();
        shop.till().post("/v1/receipts", &body).expect(201);
    }
    let path = format!("/v1/members/{member}/entries");
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page = shop.till().get(&format!("{path}?limit=2{before}")).expect(200);
        let entries = page["entries"].as_array().expect("entries");
        assert!(entries.len() <= 2);
        seen.extend(entries.iter().map(|entry| {
            assert_eq!((&entry["from"], &entry["to"]), (&json!("issued"), &json!("lots")));
            assert_eq!(entry["amount"], entry["change"]);
            (entry["number"].as_u64(), entry["amount"].as_str().unwrap_or("").to_owned())
        }));
        match page["next_before"].as_u64() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    let expected: Vec<_> =
        (1..=5_u64).rev().map(|number| (Some(number), number.to_string())).collect();
    assert_eq!(seen, expected);
    assert_eq!(shop.till().get(&path).expect(200)["entries"].as_array().map(Vec::len), Some(5));
    shop.till().get(&format!("{path}?size=3")).refused(400, "body-invalid");
}

#[test]
fn a_receipt_without_a_number_is_booked_under_its_key() {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    let body = receipt_without_number().of(ANA).line("tea", "1", "5.00").json();
    shop.till().once("k1").post("/v1/receipts", &body).expect(201);
    let second = shop.till().once("k2").post("/v1/receipts", &body).expect(201);
    assert_eq!(second["balances"][0]["available"], "10", "another key is another receipt");
}

/// Points wait for the delivery of their receipt. It happens once and needs no key: the same
/// event again gets the first answer.
#[test]
fn an_event_of_a_receipt_lets_its_points_be_spent() {
    let text = crate::support::programme_text("boloco-card");
    let kind = "[points.points]\n";
    assert!(text.contains(kind), "the programme has a point kind");
    let waiting = format!("{kind}pending = \"until delivered\"\n");
    let event = "[event.delivered]\nname.en = \"Delivered\"\n";
    let text = format!("{}\n{event}", text.replacen(kind, &waiting, 1));
    let shop = Shop::with_text(&text);
    let member = shop.enrol(ANA);
    let booked = shop.till().post("/v1/receipts", &first_receipt().json()).expect(201);
    let balance = |answer: &Value| {
        let balance = &answer["balances"][0];
        [&balance["available"], &balance["pending"]]
            .map(|text| text.as_str().unwrap_or("").to_owned())
    };
    assert_eq!(balance(&booked), ["0", "16"]);
    let id = booked["id"].as_str().expect("an id");
    let events = format!("/v1/receipts/{id}/events");
    shop.till().post(&events, &json!({ "event": "lost" })).refused(422, "unknown-event");
    shop.till().post(&events, &json!({ "events": "delivered" })).refused(400, "body-invalid");
    shop.later(SignedDuration::from_hours(24));
    let delivered = shop.till().post(&events, &json!({ "event": "delivered" })).expect(201);
    assert_eq!(balance(&delivered), ["16", "0"]);
    assert_eq!(delivered["member"], json!(member));
    assert_eq!(delivered["reasons"][0]["reason"], "released");
    let left = shop.counts();
    shop.later(SignedDuration::from_hours(24));
    let again = shop.till().post(&events, &json!({ "event": "delivered" }));
    assert!(again.is_replayed());
    again.expect(200);
    assert_eq!(shop.counts(), left, "nothing was booked twice");
    let guest = receipt("R2").line("mug", "2", "4.00").json();
    let guest = shop.till().post("/v1/receipts", &guest).expect(201);
    let events = format!("/v1/receipts/{}/events", guest["id"].as_str().expect("an id"));
    shop.till().post(&events, &json!({ "event": "delivered" })).refused(422, "no-member");
    shop.assert_clean();
}
