//! What the API refuses: a clear error, and nothing booked.

use crate::support::{Answer, Caller, Shop, by_bucket, moment, receipt, receipt_without_number};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use symbolon::api::CODES;
use symbolon::store::StoreError;

const ANA: &str = "+12025550001";

/// A programme with whatever the ready ones lack: fields of actions and attributes of members.
const DECLARING: &str = r#"
format = 1
id = "declaring"
name.en = "Declaring"
currency = "USD"
timezone = "America/New_York"

[points.points]
expires = "never"
name.en = { one = "point", other = "points" }

[attribute.staff]
name.en = "Staff"
type = "boolean"

[action.review]
name.en = "Review"
fields = { stars = "integer", text = "text" }

[[rule]]
id = "review"
name.en = "Review"
on = "action:review"
earn = { points = "points", give = 10 }

[[reward]]
id = "five-off"
name.en = "Five off"
cost = { points = 10 }
gives = { discount = { sum = "5.00" } }
"#;

/// Somebody asks for what he cannot have; the shop is afterwards as it was before.
#[track_caller]
fn refused(shop: &Shop, answer: impl FnOnce(&Caller) -> Answer, status: u16, code: &str) -> Value {
    let before = shop.counts();
    let problem = answer(&shop.till()).refused(status, code);
    assert_eq!(shop.counts(), before, "something was booked: {problem}");
    problem
}

fn shop_with_ana() -> Shop {
    let shop = Shop::open("boloco-card");
    shop.enrol(ANA);
    shop
}

fn tea() -> crate::support::Receipt {
    receipt("T").of(ANA).line("tea", "1", "5.00")
}

#[test]
fn codes_are_unique_and_each_has_a_title() {
    let names: BTreeSet<&str> = CODES.iter().map(|(_, name, ..)| *name).collect();
    assert_eq!(names.len(), CODES.len());
    for (position, (code, name, status, title)) in CODES.iter().enumerate() {
        let is_first = CODES.iter().position(|(known, ..)| known == code) == Some(position);
        assert!(is_first, "{name} stands for a code that another name has");
        assert!((400..600).contains(status), "{name} {status}");
        assert!(!title.is_empty(), "{name}");
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(plain, "{name} is not a plain name");
    }
}

#[test]
fn without_a_key_or_with_a_wrong_one_nothing_is_told() {
    let shop = shop_with_ana();
    let body = tea().json();
    let routes = [
        (Method::POST, "/v1/quotes"),
        (Method::POST, "/v1/receipts"),
        (Method::GET, "/v1/receipts/rcp_00000000000000000000000000"),
        (Method::POST, "/v1/receipts/rcp_00000000000000000000000000/returns"),
        (Method::POST, "/v1/receipts/rcp_00000000000000000000000000/void"),
        (Method::POST, "/v1/returns"),
        (Method::POST, "/v1/actions"),
        (Method::POST, "/v1/members"),
        (Method::GET, "/v1/members/mem_00000000000000000000000000"),
        (Method::GET, "/v1/members/mem_00000000000000000000000000/entries"),
        (Method::POST, "/v1/redemptions"),
    ];
    let wrong = format!("Bearer {}0", shop.key());
    let basic = format!("Basic {}", shop.key());
    let callers = [
        (None, "key-missing"),
        (Some(basic.as_str()), "key-missing"),
        (Some("Bearer "), "key-unknown"),
        (Some(wrong.as_str()), "key-unknown"),
    ];
    let before = shop.counts();
    for (method, path) in routes {
        for (authorization, code) in callers {
            let body = body.to_string().into_bytes();
            let stranger = shop.stranger(authorization);
            let answer = stranger.send(method.clone(), path, "application/json", body);
            answer.refused(401, code);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
        }
    }
    assert_eq!(shop.counts(), before);
}

#[test]
fn what_is_not_there_is_a_problem_too() {
    let shop = shop_with_ana();
    shop.till().get("/v1/nothing").refused(404, "not-found");
    shop.till().get("/v1").refused(404, "not-found");
    shop.till().get("/v1/").refused(404, "not-found");
    shop.till().get("/v1/receipts").refused(405, "method-not-allowed");
    shop.till().post("/v1/members/mem_x", &json!({})).refused(405, "method-not-allowed");
    let nobody = "mem_00000000000000000000000000";
    for path in [format!("/v1/members/{nobody}"), format!("/v1/members/{nobody}/entries")] {
        shop.till().get(&path).refused(404, "member-not-found");
    }
    for id in ["mem_x", "x", "%20", "rcp_00000000000000000000000000"] {
        shop.till().get(&format!("/v1/members/{id}")).refused(404, "member-not-found");
    }
    for path in ["/v1/members/%FF", "/v1/members/%FF/entries", "/v1/receipts/%FF"] {
        shop.till().get(path).refused(404, "not-found");
    }
    for id in ["rcp_x", "x", "mem_00000000000000000000000000", "rcp_00000000000000000000000000"] {
        shop.till().get(&format!("/v1/receipts/{id}")).refused(404, "activity-not-found");
        let void = format!("/v1/receipts/{id}/void");
        refused(&shop, |till| till.post(&void, &json!({})), 404, "activity-not-found");
    }
}

/// Case 69: what is not his to set, a client cannot even mention.
#[test]
fn unknown_fields_are_refused() {
    let shop = shop_with_ana();
    for (field, value) in [
        ("points", json!(1_000)),
        ("tier", json!("gold")),
        ("net", json!(["0.00"])),
        ("to_pay", json!("0.00")),
        ("earned", json!({ "points": "1000" })),
        ("programme_version", json!(1)),
        ("id", json!("rcp_00000000000000000000000000")),
        ("recorded_at", json!("2027-03-02T17:00:00Z")),
    ] {
        let body = tea().with(field, value).json();
        for path in ["/v1/quotes", "/v1/receipts"] {
            let problem = refused(&shop, |till| till.post(path, &body), 400, "body-invalid");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(field), "{field}: {detail}");
        }
    }
    let line = json!([{ "product": "tea", "quantity": 1, "unit_price": 1, "discount": "1" }]);
    let others = [
        ("/v1/receipts", tea().with("lines", line).json()),
        ("/v1/receipts", tea().with("member", json!({ "phone": ANA, "tier": "gold" })).json()),
        ("/v1/receipts", tea().with("rewards", json!([{ "reward": "x", "cost": 0 }])).json()),
        ("/v1/members", json!({ "phone": "+12025550002", "points": 5 })),
        ("/v1/members", json!({ "phone": "+12025550002", "id": "mem_1" })),
        ("/v1/actions", json!({ "action": "a", "member": { "phone": ANA }, "points": 9 })),
        ("/v1/redemptions", json!({ "member": { "phone": ANA }, "reward": "x", "cost": 1 })),
        ("/v1/returns", json!({ "member": { "phone": ANA }, "products": [], "refund": "1" })),
    ];
    for (path, body) in others {
        refused(&shop, |till| till.once("k").post(path, &body), 400, "body-invalid");
    }
}

#[test]
fn floats_and_other_numbers_that_are_not_exact_are_refused() {
    let shop = shop_with_ana();
    let with = |quantity: &str, price: &str| {
        let line = format!(r#"{{"product":"t","quantity":{quantity},"unit_price":{price}}}"#);
        format!(r#"{{"number":"F","member":{{"phone":"{ANA}"}},"lines":[{line}]}}"#)
    };
    for (quantity, price) in [
        ("1", "0.1"),
        ("1.5", "\"5.00\""),
        ("1", "5.0"),
        ("1", "1e2"),
        ("1", "\"1e2\""),
        ("1", "\"NaN\""),
        ("1", "\"5,00\""),
        ("1", "\"5.001\""),
        ("1", "\"+5\""),
        ("1", "\" 5\""),
        ("1", "\"\""),
        ("1", "null"),
        ("1", "true"),
        ("1", "\"٣\""),
        ("\"0.0001\"", "1"),
        ("99999999999999999999", "1"),
        ("1", "\"99999999999999999999\""),
    ] {
        let body = with(quantity, price);
        let problem =
            refused(&shop, |till| till.post_text("/v1/receipts", body), 400, "body-invalid");
        assert!(!problem["detail"].as_str().unwrap_or_default().is_empty());
    }
    for body in ["", "{", "[]", "null", "\u{feff}{}", "{\"lines\": []} x", "\"a\""] {
        refused(&shop, |till| till.post_text("/v1/receipts", body), 400, "body-invalid");
    }
    refused(&shop, |till| till.post_text("/v1/receipts", [0xff, 0xfe]), 400, "body-invalid");
    let deep = format!(r#"{{"lines":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    refused(&shop, |till| till.post_text("/v1/receipts", deep), 400, "body-invalid");
    // The same figures, written exactly, are fine.
    shop.till().post_text("/v1/receipts", with("\"1.5\"", "5")).expect(201);
}

#[test]
fn what_no_till_can_mean_is_refused() {
    let shop = shop_with_ana();
    let line = |quantity: &str, price: &str| receipt("L").of(ANA).line("tea", quantity, price);
    let cases = [
        (line("1", "-0.01"), "negative-price"),
        (line("0", "5.00"), "quantity-not-positive"),
        (line("-1", "5.00"), "quantity-not-positive"),
        (line("-0.001", "5.00"), "quantity-not-positive"),
        (line("9000", "90000000000000000.00"), "number-too-large"),
        (line("1", "90000000000000000.00").line("x", "1", "90000000000000000"), "number-too-large"),
        (receipt("L").of(ANA), "no-lines"),
        (receipt("L").of(ANA).line(&"x".repeat(201), "1", "1"), "name-too-long"),
        (line("1", "5.00").with("location", json!("x".repeat(201))), "name-too-long"),
        (line("1", "5.00").claims("free-flight"), "unknown-reward"),
        (line("1", "5.00").claims("any-item"), "reward-not-possible"),
        (receipt("L").line("tea", "1", "5.00").claims("any-item"), "reward-not-possible"),
    ];
    for (body, code) in cases {
        for path in ["/v1/quotes", "/v1/receipts"] {
            refused(&shop, |till| till.post(path, &body.json()), 422, code);
        }
    }
    let zero = line("1", "5.00").with("rewards", json!([{ "reward": "any-item", "line": 0 }]));
    refused(&shop, |till| till.post("/v1/receipts", &zero.json()), 400, "body-invalid");
    shop.assert_clean();
}

#[test]
fn too_many_lines_are_refused_before_anything_is_computed() {
    let shop = shop_with_ana();
    let line = r#"{"product":"p","quantity":1,"unit_price":1}"#;
    let lines =
        |count: usize| format!(r#"{{"number":"M","lines":[{}]}}"#, vec![line; count].join(","));
    refused(&shop, |till| till.post_text("/v1/receipts", lines(5_001)), 422, "too-many-lines");
    // Case 71: 10^6 lines.
    let million = lines(1_000_000);
    refused(&shop, |till| till.post_text("/v1/receipts", million), 413, "body-too-large");
    shop.till().post_text("/v1/quotes", lines(5_000)).expect(200);
}

#[test]
fn moments_that_no_till_has_are_refused() {
    let shop = shop_with_ana();
    let at = |at: &str| tea().with("at", json!(at)).json();
    for (moment, code) in [
        ("2027-03-02T17:10:01Z", "in-future"),
        ("2099-01-01T00:00:00Z", "in-future"),
        ("9999-12-30T00:00:00Z", "in-future"),
        ("1990-01-01T00:00:00Z", "too-old"),
        ("-009000-01-01T00:00:00Z", "too-old"),
    ] {
        refused(&shop, |till| till.post("/v1/receipts", &at(moment)), 422, code);
    }
    for text in ["2027-03-02", "yesterday", "2027-02-30T00:00:00Z", "2027-03-02T17:00:00", ""] {
        refused(&shop, |till| till.post("/v1/receipts", &at(text)), 400, "body-invalid");
    }
    // A till's clock may be a little ahead.
    shop.till().post("/v1/receipts", &at("2027-03-02T17:10:00Z")).expect(201);
    let old = json!({ "phone": "+12025550009", "at": "1990-01-01T00:00:00Z" });
    refused(&shop, |till| till.post("/v1/members", &old), 422, "too-old");
}

#[test]
fn members_are_named_exactly() {
    let shop = shop_with_ana();
    let naming = |member: Value| tea().with("member", member).json();
    for member in [
        json!({}),
        json!({ "phone": ANA, "card": "1" }),
        json!({ "phone": "2025550001" }),
        json!({ "phone": "+0123456789" }),
        json!({ "phone": "+1202555000112345" }),
        json!({ "phone": "+1202555ABCD" }),
        json!({ "card": "" }),
        json!({ "external": "x".repeat(101) }),
    ] {
        let body = naming(member);
        refused(&shop, |till| till.post("/v1/receipts", &body), 422, "identifier-invalid");
    }
    for member in [json!({ "phone": "+12025550002" }), json!({ "card": "4" })] {
        let body = naming(member);
        refused(&shop, |till| till.post("/v1/receipts", &body), 404, "member-not-found");
    }
    let body = naming(json!({ "id": "mem_00000000000000000000000000" }));
    refused(&shop, |till| till.post("/v1/receipts", &body), 404, "member-not-found");
    refused(&shop, |till| till.post("/v1/members", &json!({})), 422, "identifier-invalid");
    let taken = json!({ "card": "9", "phone": ANA });
    let problem = refused(&shop, |till| till.post("/v1/members", &taken), 409, "identifier-taken");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.contains(ANA)), "{problem}");
}

#[test]
fn actions_and_rewards_are_those_of_the_programme() {
    let shop = Shop::with_text(DECLARING);
    let joining = json!({ "phone": ANA, "attributes": { "staff": true } });
    shop.till().post("/v1/members", &joining).expect(201);
    let action = |fields: Value| {
        json!({ "action": "review", "member": { "phone": ANA }, "reference": "1",
                "fields": fields })
    };
    for (fields, status, code) in [
        (json!({ "stars": 4.5 }), 400, "body-invalid"),
        (json!({ "stars": "five" }), 400, "body-invalid"),
        (json!({ "stars": 99_999_999_999_999_999_999_u128 as f64 }), 400, "body-invalid"),
        (json!({ "mood": "good" }), 422, "unknown-attribute"),
        (json!({ "mood": 1 }), 400, "body-invalid"),
        (json!({ "text": "x".repeat(201) }), 422, "name-too-long"),
    ] {
        let body = action(fields);
        refused(&shop, |till| till.post("/v1/actions", &body), status, code);
    }
    let dance = json!({ "action": "dance", "member": { "phone": ANA }, "reference": "1" });
    refused(&shop, |till| till.post("/v1/actions", &dance), 422, "unknown-action");
    for attributes in [json!({ "staff": "yes" }), json!({ "staff": 1 })] {
        let body = json!({ "phone": "+12025550005", "attributes": attributes });
        refused(&shop, |till| till.post("/v1/members", &body), 400, "body-invalid");
    }
    let body = json!({ "phone": "+12025550005", "attributes": { "shoe": "42" } });
    refused(&shop, |till| till.post("/v1/members", &body), 422, "unknown-attribute");
    let reward = |name: &str| json!({ "member": { "phone": ANA }, "reward": name });
    let redeem = |name: &'static str, code: &str| {
        let body = reward(name);
        refused(&shop, |till| till.once("r").post("/v1/redemptions", &body), 422, code);
    };
    redeem("car", "unknown-reward");
    redeem("five-off", "reward-needs-receipt");
    let fine = action(json!({ "stars": 5, "text": "good" }));
    assert_eq!(shop.till().post("/v1/actions", &fine).expect(201)["earned"]["points"], "10");
    shop.assert_clean();
}

#[test]
fn returns_that_cannot_be_are_refused() {
    let shop = shop_with_ana();
    let body = receipt("R").of(ANA).line("mug", "2", "5.00").json();
    let booked = shop.till().post("/v1/receipts", &body).expect(201);
    let id = booked["id"].as_str().expect("an id");
    let path = format!("/v1/receipts/{id}/returns");
    let lines = |lines: Value| json!({ "number": "A", "lines": lines });
    for (lines_in, status, code) in [
        (json!([]), 422, "nothing-returned"),
        (json!([{ "line": 1, "quantity": 0 }]), 422, "quantity-not-positive"),
        (json!([{ "line": 1, "quantity": -1 }]), 422, "quantity-not-positive"),
        (json!([{ "line": 1, "quantity": 3 }]), 409, "more-than-bought"),
        (
            json!([{ "line": 1, "quantity": 1 }, { "line": 1, "quantity": 2 }]),
            409,
            "more-than-bought",
        ),
        (json!([{ "line": 2, "quantity": 1 }]), 422, "unknown-line"),
        (json!([{ "line": 4_294_967_295_u32, "quantity": 1 }]), 422, "unknown-line"),
        (json!([{ "line": 0, "quantity": 1 }]), 400, "body-invalid"),
        (json!([{ "line": 1, "quantity": 1.5 }]), 400, "body-invalid"),
    ] {
        let body = lines(lines_in);
        refused(&shop, |till| till.post(&path, &body), status, code);
    }
    let early = json!({ "number": "E", "at": "2027-03-01T17:00:00Z",
                        "lines": [{ "line": 1, "quantity": 1 }] });
    // A clock that went back is no reason to refuse: what was booked later happened later.
    let early = shop.till().post(&path, &early).expect(201);
    assert_eq!(early["at"], "2027-03-02T17:00:00Z", "the moment of the purchase");
    let empty = json!({ "number": "B", "member": { "phone": ANA }, "products": [] });
    refused(&shop, |till| till.post("/v1/returns", &empty), 422, "nothing-returned");
    let back = lines(json!([{ "line": 1, "quantity": 1 }]));
    let back = shop.till().post(&path, &back).expect(201);
    let void = format!("/v1/receipts/{}/void", back["id"].as_str().expect("an id"));
    refused(&shop, |till| till.post(&void, &json!({})), 422, "not-reversible");
    shop.assert_clean();
}

#[test]
fn a_stored_answer_that_cannot_be_read_is_our_fault_and_says_no_more() {
    let shop = shop_with_ana();
    let body = tea().json();
    shop.till().once("k").post("/v1/receipts", &body).expect(201);
    let damaged = shop.app.store.write(|transaction| {
        let column =
            if by_bucket() { "activity set answered" } else { "idempotency_key set answer" };
        transaction.execute(&format!("update {column} = '{{\"secret\": 1}}'"), &[])
    });
    let damaged = damaged.map_err(|error: StoreError| error.to_string());
    assert!(damaged.is_ok_and(|rows| rows > 0));
    let problem = shop.till().once("k").post("/v1/receipts", &body).refused(500, "internal");
    assert!(!problem.to_string().contains("secret") && !problem.to_string().contains("missing"));
}

/// Each code of the table can be met by a caller. `busy` is met in `api_retries`.
#[test]
fn every_code_is_met() {
    let shop = shop_with_ana();
    let till = shop.till();
    let met = |answer: Answer| {
        let problem: Value = serde_json::from_slice(&answer.body).expect("JSON");
        problem["code"].as_str().expect("a code").to_owned()
    };
    let nameless = receipt_without_number().of(ANA).line("tea", "1", "5.00").json();
    till.once("used").post("/v1/receipts", &nameless).expect(201);
    till.post("/v1/receipts", &tea().json()).expect(201);
    let ancient = moment("1990-01-01T00:00:00Z");
    let mut codes: BTreeSet<String> = [
        till.get("/v1/x"),
        till.post("/v1/receipts/x/y/z", &json!({})),
        till.get("/v1/quotes"),
        shop.stranger(None).get("/v1/members/x"),
        shop.stranger(Some("Bearer x")).get("/v1/members/x"),
        till.post("/v1/receipts", &nameless),
        till.once(&"k".repeat(201)).post("/v1/receipts", &nameless),
        till.once("used")
            .post("/v1/receipts", &receipt_without_number().line("a", "1", "1").json()),
        till.post_text("/v1/receipts", "{"),
        till.post_text("/v1/receipts", " ".repeat(symbolon::api::BODY_BYTES_MAX + 1)),
        till.post("/v1/receipts", &receipt("W").with("currency", json!("EUR")).json()),
        till.post("/v1/receipts", &receipt("W").of("+12025550077").line("a", "1", "1").json()),
        till.post("/v1/members", &json!({ "phone": ANA })),
        till.post("/v1/members", &json!({ "phone": "1" })),
        till.post(
            "/v1/members",
            &json!({ "card": "C-9", "referrer": { "phone": "+12025550077" } }),
        ),
        till.get("/v1/receipts/x"),
        till.post("/v1/receipts", &tea().line("more", "1", "1").json()),
        till.post(
            "/v1/receipts",
            &receipt("O").line("a", "1", "1").with("at", json!(ancient)).json(),
        ),
        till.post(
            "/v1/receipts",
            &receipt("O").line("a", "1", "1").with("at", json!("2099-01-01T00:00:00Z")).json(),
        ),
    ]
    .map(met)
    .into();
    let nobody_knows = symbolon_core::instrument::code_of([9; 16], 12);
    let no_such = json!({ "instrument": "none", "count": 1 });
    codes.extend([
        met(till.post("/v1/codes/check", &json!({ "code": "22" }))),
        met(till.post("/v1/codes/check", &json!({ "code": nobody_knows }))),
        met(till.once("none").post("/v1/instruments", &no_such)),
    ]);
    // These are met in tests of their own.
    codes.extend(["busy", "internal", "code-not-changed"].map(ToOwned::to_owned));
    let table: BTreeSet<String> = CODES.iter().map(|(_, name, ..)| (*name).to_owned()).collect();
    assert_eq!(codes, table);
}
