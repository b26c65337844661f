//! Coupons, certificates and cards through the API, the command line and `verify`.

use crate::support::{Folder, RUNTIME, Shop, by_bucket, damaging, moment, symbolon};
use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use symbolon::app::{Emission, InstrumentError, MadeCode, explain_receipt, verify};
use symbolon::store::StoreError;
use symbolon::store::nouns::instruments::BatchRow;

const TEXT: &str = r#"
format = 1
id = "codes"
name = "Codes"
currency = "USD"
timezone = "America/New_York"

[points.points]
name.en = { one = "point", other = "points" }
worth = "0.01"
pays = { step = 100, at_most_percent = "50" }

[instrument.tenth]
kind = "coupon"
name = "A tenth"
prefix = "TEN"
lasts = "30 days"

[instrument.next]
kind = "coupon"
name = "Next time"
personal = true

[instrument.spring]
kind = "coupon"
name = "Spring"
public = "SPRING10"

[instrument.gift]
kind = "certificate"
name = "Gift certificate"
prefix = "GIFT"
smallest = "5.00"
largest = "500.00"

[instrument.waiting]
kind = "certificate"
name = "By hand"
values = ["20.00"]
activation = "by-hand"

[instrument.card]
kind = "card"
name = "Card"
prefix = "29"

[instrument.short]
kind = "card"
name = "Card with few numbers"
prefix = "290001"

[[rule]]
id = "point-per-dollar"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }

[[rule]]
id = "tenth-off"
on = "purchase"
for = "everyone"
coupon = "tenth"
discount = { percent = "10" }

[[rule]]
id = "spring-off"
on = "purchase"
for = "everyone"
coupon = "spring"
discount = { sum = "5.00" }

[[rule]]
id = "come-back"
on = "purchase"
when = 'receipt.total >= 200.0'
issue = { coupon = "next" }

[[rule]]
id = "come-back-off"
on = "purchase"
coupon = "next"
discount = { sum = "20.00" }
"#;

fn shop() -> Shop {
    Shop::with_text(TEXT)
}

/// Codes of an instrument, made through the API.
fn make(shop: &Shop, key: &str, request: &Value) -> Vec<String> {
    let answer = shop.till().once(key).post("/v1/instruments", request).expect(201);
    let codes = answer["codes"].as_array().expect("codes");
    codes.iter().map(|code| code["code"].as_str().expect("a code").to_owned()).collect()
}

fn gift(shop: &Shop, key: &str, value: &str) -> String {
    let request = json!({ "instrument": "gift", "count": 1, "value": value, "active": true });
    make(shop, key, &request).remove(0)
}

fn cart(number: &str, price: &str, codes: &[&str]) -> Value {
    json!({
        "number": number,
        "lines": [{ "product": "coat", "quantity": 1, "unit_price": price }],
        "codes": codes,
    })
}

fn buy(shop: &Shop, cart: &Value) -> Value {
    shop.till().post("/v1/receipts", cart).expect(201)
}

#[test]
fn a_coupon_is_made_shown_used_and_given_back() {
    let shop = shop();
    let request = json!({ "instrument": "tenth", "count": 3 });
    let codes = make(&shop, "k1", &request);
    let again = shop.till().once("k1").post("/v1/instruments", &request).expect(200);
    let again: Vec<&str> = again["codes"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(|c| c["code"].as_str())
        .collect();
    assert_eq!(again, codes, "a retry gets the same codes");
    let other = json!({ "instrument": "tenth", "count": 4 });
    shop.till().once("k1").post("/v1/instruments", &other).refused(422, "idempotency-key-reused");
    assert!(codes.iter().all(|code| code.starts_with("TEN") && code.len() == 16), "{codes:?}");

    let typed = codes[0].to_lowercase();
    let quoted = shop.till().post("/v1/quotes", &cart("1", "100.00", &[&typed])).expect(200);
    assert_eq!(quoted["to_pay"], "90.00");
    let booked = buy(&shop, &cart("1", "100.00", &[&typed]));
    assert_eq!((&booked["to_pay"], &booked["discount"]), (&json!("90.00"), &json!("10.00")));
    let again = shop.till().post("/v1/receipts", &cart("1", "100.00", &[&typed])).expect(200);
    assert_eq!(again["id"], booked["id"], "I8");
    let activity = booked["id"].as_str().expect("an id").replacen("rcp", "act", 1);
    let activity = activity.parse().expect("an id");
    let explained = explain_receipt(&shop.app, activity).expect("it can be read");
    assert!(explained.expect("it can be decided again").is_same);
    let second = buy(&shop, &cart("2", "100.00", &[&codes[0], &codes[1]]));
    assert_eq!(second["refused_codes"], json!([{ "position": 1, "why": "used" }]));
    assert_eq!(second["to_pay"], "90.00");

    let id = booked["id"].as_str().expect("an id");
    shop.till().post(&format!("/v1/receipts/{id}/void"), &json!({})).expect(201);
    let third = buy(&shop, &cart("3", "50.00", &[&codes[0]]));
    assert_eq!(third["to_pay"], "45.00", "case 36: given back by the void");
    assert!(shop.assert_clean().instruments >= 2);
}

#[test]
fn what_does_not_hold_looks_alike_and_a_typing_mistake_does_not() {
    let shop = shop();
    let codes = make(&shop, "k1", &json!({ "instrument": "tenth", "count": 4 }));
    buy(&shop, &cart("1", "100.00", &[&codes[0]]));
    let block = json!({ "code": codes[1], "reason": "lost" });
    let blocked = shop.till().post("/v1/codes/block", &block).expect(200);
    assert_eq!(blocked["status"], "blocked");
    let elsewhere = make(&self::shop(), "k1", &json!({ "instrument": "tenth", "count": 1 }));
    let mut foreign = elsewhere[0].clone();
    if codes.contains(&foreign) {
        // Two shops with one seed have one secret: any other code will do.
        foreign = symbolon_core::instrument::code_of([7; 16], 12);
    }
    let ask = |code: &str| shop.till().post("/v1/codes/check", &json!({ "code": code }));
    let held = ask(&codes[2]).expect(200);
    assert_eq!((&held["status"], &held["uses_left"]), (&json!("active"), &json!(1)));
    let told: BTreeSet<String> = [&codes[0], &codes[1], &foreign]
        .into_iter()
        .map(|code| ask(code).refused(404, "code-not-valid").to_string())
        .collect();
    assert_eq!(told.len(), 1, "case 63: {told:?}");
    shop.later(SignedDuration::from_hours(24 * 40));
    ask(&codes[2]).refused(404, "code-not-valid");

    let mut mistyped = codes[3].clone().into_bytes();
    mistyped[5] = if mistyped[5] == b'7' { b'8' } else { b'7' };
    let mistyped = String::from_utf8(mistyped).expect("text");
    let problem = ask(&mistyped).refused(422, "code-mistyped");
    assert!(!problem.to_string().contains(&mistyped), "I22: no error repeats a code");
    let cart = cart("2", "10.00", &[&mistyped, "SPRING10", &foreign]);
    let quoted = shop.till().post("/v1/quotes", &cart).expect(200);
    let refused = json!([
        { "position": 1, "why": "mistyped" },
        { "position": 3, "why": "unknown" },
    ]);
    assert_eq!((&quoted["refused_codes"], &quoted["to_pay"]), (&refused, &json!("5.00")));
    let sentences: Vec<&str> = quoted["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .filter(|reason| reason["reason"] == "code-refused")
        .filter_map(|reason| reason["sentence"].as_str())
        .collect();
    assert_eq!(sentences, ["Code 1 – this code is not valid", "Code 3 – this code is not valid"]);

    let unblock = json!({ "code": codes[1], "reason": "found" });
    shop.till().post("/v1/codes/unblock", &unblock).expect(200);
    shop.till().post("/v1/codes/unblock", &unblock).refused(409, "code-not-changed");
    shop.till()
        .post("/v1/codes/block", &json!({ "code": codes[1], "reason": " " }))
        .refused(400, "body-invalid");
    let number = shop.till().post("/v1/codes/check", &json!({ "code": 2_912_345_678_901_i64 }));
    let problem = number.refused(400, "body-invalid");
    assert!(!problem.to_string().contains("2912345678901"), "I22: {problem}");
    shop.assert_clean();
}

#[test]
fn certificates_are_sold_pay_and_are_refilled() {
    let shop = shop();
    let made = make(&shop, "k1", &json!({ "instrument": "gift", "count": 2 }));
    let sale = json!({
        "number": "1",
        "lines": [{
            "kind": "certificate", "product": "gift", "quantity": 1, "unit_price": "50.00",
            "sells_code": made[0],
        }],
    });
    let sold = buy(&shop, &sale);
    assert_eq!(sold["to_pay"], "50.00");
    let again = json!({ "number": "2", "lines": sale["lines"] });
    shop.till().post("/v1/receipts", &again).refused(422, "certificate-not-for-sale");
    let mut wrong = again.clone();
    wrong["lines"][0]["sells_code"] = json!("GIFT-22");
    shop.till().post("/v1/receipts", &wrong).refused(422, "code-mistyped");

    let paid = buy(&shop, &cart("3", "30.00", &[&made[0], &made[1]]));
    assert_eq!((&paid["paid"], &paid["to_pay"]), (&json!("30.00"), &json!("0.00")));
    assert_eq!(paid["payments"][0]["left"], "20.00");
    assert_eq!(paid["refused_codes"], json!([{ "position": 2, "why": "not-active" }]));
    let mut partly = cart("4", "30.00", &[&made[0]]);
    partly["pay"] = json!([{ "code": 1, "at_most": "5.00" }]);
    let partly = buy(&shop, &partly);
    assert_eq!(partly["to_pay"], "25.00");

    let id = paid["id"].as_str().expect("an id");
    let back = json!({ "number": "r", "lines": [{ "line": 1, "quantity": 1 }] });
    shop.till().post(&format!("/v1/receipts/{id}/returns"), &back).expect(201);
    let held = shop.till().post("/v1/codes/check", &json!({ "code": made[0] })).expect(200);
    assert_eq!((&held["value"], &held["value_left"]), (&json!("50.00"), &json!("45.00")));
    let sold = sold["id"].as_str().expect("an id");
    let void = format!("/v1/receipts/{sold}/void");
    shop.till().post(&void, &json!({})).refused(422, "certificate-used");
    let partly = partly["id"].as_str().expect("an id");
    shop.till().post(&format!("/v1/receipts/{partly}/void"), &json!({})).expect(201);
    shop.till().post(&void, &json!({})).expect(201);
    let last = buy(&shop, &cart("5", "30.00", &[&made[0]]));
    assert_eq!(last["refused_codes"], json!([{ "position": 1, "why": "returned" }]));

    let waiting =
        make(&shop, "k2", &json!({ "instrument": "waiting", "count": 1, "value": "20.00" }));
    let waits = buy(&shop, &cart("6", "30.00", &[&waiting[0]]));
    assert_eq!(waits["to_pay"], "30.00");
    let activate = json!({ "code": waiting[0], "reason": "a gift to a customer" });
    shop.till().post("/v1/codes/activate", &activate).expect(200);
    assert_eq!(buy(&shop, &cart("7", "30.00", &[&waiting[0]]))["to_pay"], "10.00");
    for wrong in [
        json!({ "instrument": "gift", "count": 1, "value": "1.00" }),
        json!({ "instrument": "gift", "count": 1, "active": true }),
        json!({ "instrument": "tenth", "count": 1, "value": "5.00" }),
        json!({ "instrument": "spring", "count": 1 }),
        json!({ "instrument": "nothing", "count": 1 }),
    ] {
        let answer = shop.till().once(&wrong.to_string()).post("/v1/instruments", &wrong);
        answer.refused(422, "instrument-not-possible");
    }
    shop.assert_clean();
}

#[test]
fn points_pay_and_a_receipt_issues_a_coupon_once() {
    let shop = shop();
    shop.enrol("+15550000001");
    let member = json!({ "phone": "+15550000001" });
    let mut first = cart("1", "1000.00", &[]);
    first["member"] = member.clone();
    let booked = buy(&shop, &first);
    let code = booked["issued"][0]["code"].as_str().expect("a code").to_owned();
    assert_eq!(booked["issued"][0]["coupon"], "next");
    let again = shop.till().post("/v1/receipts", &first).expect(200);
    assert_eq!(again["issued"][0]["code"], code, "a retry gets the same code");
    let quoted = shop.till().post("/v1/quotes", &{
        let mut other = first.clone();
        other["number"] = json!("2");
        other
    });
    assert!(quoted.expect(200)["issued"][0].get("code").is_none(), "a quote issues nothing");

    let mut second = cart("2", "30.00", &[&code]);
    second["member"] = member.clone();
    second["pay"] = json!([{ "points": "points", "amount": 500 }]);
    let booked = buy(&shop, &second);
    assert_eq!((&booked["to_pay"], &booked["paid"]), (&json!("5.00"), &json!("5.00")));
    assert_eq!(booked["spent"]["points"], "500");
    second["number"] = json!("3");
    second["codes"] = json!([]);
    second["pay"] = json!([{ "points": "points", "amount": 250 }]);
    shop.till().post("/v1/receipts", &second).refused(422, "payment-not-possible");
    second["pay"] = json!([{ "points": "points" }]);
    shop.till().post("/v1/receipts", &second).refused(400, "body-invalid");
    shop.assert_clean();
}

/// Cases 4 and 5, I7: many carts and one certificate, at once. What is spent is what was there.
#[test]
fn case_4_case_5_one_certificate_and_many_carts_at_once() {
    let shop = shop();
    let code = gift(&shop, "k1", "50.00");
    let coupon = make(&shop, "k2", &json!({ "instrument": "tenth", "count": 1 })).remove(0);
    let carts: Vec<_> = (0..24)
        .map(|number| {
            let codes: &[&str] = if number % 2 == 0 { &[&code] } else { &[&coupon] };
            let body = cart(&number.to_string(), "20.00", codes).to_string().into_bytes();
            let till = shop.till();
            RUNTIME.spawn(till.sending(Method::POST, "/v1/receipts", "application/json", body))
        })
        .collect();
    let (mut paid, mut discounted) = (0, 0);
    for cart in carts {
        let answer = RUNTIME.block_on(cart).expect("an answer").expect(201);
        let cents = |name: &str| -> i64 {
            let text = answer[name].as_str().expect("money").replace('.', "");
            text.parse().expect("cents")
        };
        paid += cents("paid");
        discounted += cents("discount");
    }
    assert_eq!((paid, discounted), (5_000, 200), "I7");
    shop.assert_clean();
}

/// C5, E5: a card that was emitted and never seen joins a member without a name.
#[test]
fn c5_e5_an_emitted_card_joins_its_bearer() {
    let shop = shop();
    let cards = make(&shop, "k1", &json!({ "instrument": "card", "count": 2 }));
    assert!(cards.iter().all(|card| card.len() == 13 && card.starts_with("29")), "{cards:?}");
    let mut cart = cart("1", "20.00", &[]);
    cart["member"] = json!({ "card": cards[0] });
    let booked = buy(&shop, &cart);
    assert_eq!(booked["earned"]["points"], "20");
    let member = booked["member"].as_str().expect("a member").to_owned();
    let again = shop.till().post("/v1/receipts", &cart).expect(200);
    assert_eq!(again["member"], member, "a retry finds the same member");
    cart["number"] = json!("2");
    assert_eq!(buy(&shop, &cart)["member"], member);
    cart["number"] = json!("3");
    cart["member"] = json!({ "card": "2900000000001" });
    shop.till().post("/v1/receipts", &cart).refused(404, "member-not-found");
    let block = json!({ "code": cards[0], "reason": "stolen" });
    shop.till().post("/v1/codes/block", &block).expect(200);
    cart["member"] = json!({ "card": cards[0] });
    shop.till().post("/v1/receipts", &cart).refused(404, "code-not-valid");
    shop.assert_clean();
}

/// I22: after all of it, no code stands in the database, in its secret or in what was logged.
#[test]
fn i22_a_code_never_stands_in_the_database() {
    let folder = Folder::new();
    let address = folder.database("codes.db");
    let programme = folder.write("codes.toml", TEXT);
    let app = crate::support::open_app(&address, TEXT, 3);
    let queue = app.start_queue().expect("a queue");
    let router = symbolon::api::router(symbolon::api::ApiState { app: app.clone(), queue });
    let key = app.new_key("till").expect("a key");
    let post = |path: &str, idempotency: &str, body: &Value| -> Value {
        use http_body_util::BodyExt;
        use tower::ServiceExt;
        let request = axum::http::Request::post(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {key}"))
            .header("idempotency-key", idempotency)
            .body(axum::body::Body::from(body.to_string()))
            .expect("a request");
        let answer = RUNTIME.block_on(router.clone().oneshot(request)).expect("an answer");
        let body = RUNTIME.block_on(answer.into_body().collect()).expect("a body").to_bytes();
        serde_json::from_slice(&body).expect("JSON")
    };
    let mut codes: Vec<(String, String)> = Vec::new();
    for (number, request) in [
        json!({ "instrument": "tenth", "count": 5 }),
        json!({ "instrument": "gift", "count": 5, "value": "50.00", "active": true }),
        json!({ "instrument": "card", "count": 5 }),
    ]
    .iter()
    .enumerate()
    {
        let made = post("/v1/instruments", &number.to_string(), request);
        for code in made["codes"].as_array().expect("codes") {
            let text = |name: &str| code[name].as_str().expect("a code").to_owned();
            codes.push((text("code"), text("printed")));
        }
    }
    for (number, (code, printed)) in codes.iter().take(10).enumerate() {
        for (path, typed) in [("/v1/quotes", code), ("/v1/receipts", printed)] {
            let cart = cart(&number.to_string(), "20.00", &[typed]);
            post(path, &format!("{path}{number}"), &cart);
        }
        let mark = json!({ "code": code, "reason": "a test" });
        post("/v1/codes/block", "b", &mark);
    }
    assert!(verify(&app, |_| {}).expect("it can be read").is_clean());
    let mut found = Vec::new();
    let mut looked_at = 0;
    for entry in std::fs::read_dir(programme.parent().expect("a folder")).expect("a folder") {
        let path = entry.expect("an entry").path();
        // The database's own side files come and go.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        looked_at += bytes.len();
        let content = String::from_utf8_lossy(&bytes);
        for (code, printed) in &codes {
            // Without its prefix, too; a card's number is short, and stands nowhere either.
            let body = code.trim_start_matches("TEN").trim_start_matches("GIFT");
            for text in [code.as_str(), printed, body] {
                if content.contains(text) {
                    found.push(format!("{text} in {}", path.display()));
                }
            }
        }
    }
    assert!(found.is_empty() && looked_at > 100_000, "{found:?} {looked_at}");
}

/// The secret lies beside the database, for nobody else to read, and is never made anew for a
/// database that has codes.
#[cfg(unix)]
#[test]
fn the_secret_is_a_file_of_its_own() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let address = folder.database("codes.db");
    crate::support::open_app(&address, TEXT, 3);
    let list = folder.file("codes.csv");
    let emit = |extra: &[&str]| {
        let out = list.display().to_string();
        let mut arguments = vec!["--format", "json", "emit", "--database", &address, "--out", &out];
        arguments.extend_from_slice(extra);
        symbolon(&arguments)
    };
    let wanted = ["--instrument", "tenth", "--count", "5"];
    emit(&wanted).exits(0);
    let secret = folder.file("codes.db.secret");
    let mode = std::fs::metadata(&secret).expect("the secret").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&list).expect("the list").permissions().mode() & 0o777, 0o600);
    let kept = std::fs::read(&secret).expect("the secret");
    std::fs::remove_file(&secret).expect("it was there");
    std::fs::remove_file(&list).expect("the list");
    emit(&wanted).exits(1);
    assert!(!secret.exists(), "no new secret for old codes");
    std::fs::write(&secret, "00".repeat(32)).expect("another secret");
    drop(std::fs::remove_file(&list));
    emit(&wanted).exits(1);
    let elsewhere = folder.write("kept.secret", kept);
    drop(std::fs::remove_file(&list));
    emit(&[&wanted[..], &["--secret-file", &elsewhere.display().to_string()]].concat()).exits(0);
}

/// C5: a batch with its list; a list that was lost is written again with the same codes.
#[test]
fn c5_emit_writes_a_list_and_goes_on_with_a_batch() {
    let folder = Folder::new();
    let address = folder.database("codes.db");
    let app = crate::support::open_app(&address, TEXT, 3);
    let list = folder.file("codes.csv");
    let out = list.display().to_string();
    let emit = |extra: &[&str]| {
        let mut arguments = vec!["--format", "json", "emit", "--database", &address, "--out", &out];
        arguments.extend_from_slice(extra);
        symbolon(&arguments)
    };
    let made = emit(&["--instrument", "gift", "--count", "25000", "--value", "50.00", "--active"]);
    let made = made.exits(0).json();
    assert_eq!(made["made"], 25_000);
    let text = std::fs::read_to_string(&list).expect("the list");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "code,printed,barcode,instrument,value,valid_until");
    assert_eq!(rows.len(), 25_001);
    assert!(rows[1].ends_with(",gift,50.00,"), "{}", rows[1]);
    let codes: BTreeSet<&str> = rows[1..].iter().filter_map(|row| row.split(',').next()).collect();
    assert_eq!(codes.len(), 25_000, "no code twice");

    // As a run leaves it that was killed between two chunks: fewer are made than were wanted.
    let batch = made["batch"].as_str().expect("a batch").to_owned();
    app.store
        .write(|transaction| {
            transaction.execute("update instrument_batch set wanted = wanted + 100", &[])?;
            Ok::<_, StoreError>(())
        })
        .expect("the batch");
    std::fs::remove_file(&list).expect("the list");
    assert_eq!(emit(&["--resume", &batch]).exits(0).json()["made"], 25_100);
    let again = std::fs::read_to_string(&list).expect("the list");
    assert!(again.starts_with(&text), "the same codes first, in their order");
    assert_eq!(again.lines().count(), 25_101);
    emit(&["--resume", "bat_01jzc0000000000000000000zz"]).exits(2);
    // Another batch never writes over a list.
    emit(&["--instrument", "short", "--count", "5"]).exits(2);
    std::fs::remove_file(&list).expect("the list");
    emit(&["--instrument", "spring", "--count", "5"]).exits(2);

    // Card numbers are short and meet; each meeting gets another number.
    let cards = emit(&["--instrument", "short", "--count", "4000"]).exits(0).json();
    let text = std::fs::read_to_string(&list).expect("the list");
    let codes: BTreeSet<&str> = text.lines().filter_map(|row| row.split(',').next()).collect();
    assert_eq!(codes.len(), 4_001);
    let batch = cards["batch"].as_str().expect("a batch").to_owned();
    emit(&["--resume", &batch]).exits(0);
    assert_eq!(std::fs::read_to_string(&list).expect("the list"), text);
}

/// C5, case 55: a batch that stops half-way is gone on with, and no code is there twice. Numbers
/// that meet, within a batch or with an older one, get another try each.
#[test]
fn c5_case_55_a_slice_that_was_interrupted_is_made_again() {
    let shop = Shop::in_file_with_text(TEXT);
    let app = &shop.app;
    let begin = |instrument: &str, count| {
        let instrument = instrument.to_owned();
        let emission = Emission { instrument, count, value: None, is_active: false };
        let batch = app.begin_batch(&emission).expect("a batch");
        app.save_batch(&batch).expect("a batch");
        batch
    };
    let stored = || {
        let sql = "select count(*) as codes from instrument_code";
        app.store.read(|reader| reader.query_one(sql, &[])?.get::<i64>("codes")).expect("a count")
    };
    let reprinted = |batch: &BatchRow| {
        let mut list = Vec::new();
        let each = |codes: Vec<MadeCode>| {
            list.extend(codes);
            Ok(())
        };
        app.reprint(batch, 7_000, each).expect("the codes again");
        list
    };
    let mut batch = begin("tenth", 60_000);
    let id = batch.batch;
    let mut told = 0;
    let interrupted = app.make_slice(&mut batch, 60_000, &mut |count| {
        told += count;
        Err(InstrumentError::UnknownBatch)
    });
    assert!(interrupted.is_err());
    // Where a transaction touches one bucket only, it stores the codes of one bucket.
    let at_once = if by_bucket() { 1 } else { 25_000 };
    assert!(told >= at_once && stored() >= i64::try_from(told).expect("few"), "some are stored");
    let mut batch = app.batch(id).expect("it can be read").expect("the batch");
    assert_eq!(batch.made, 0, "no list of it was made");
    let tries = app.make_slice(&mut batch, 60_000, &mut |_| Ok(())).expect("the codes");
    assert!(tries.is_empty(), "{tries:?}");
    assert_eq!((batch.made, stored()), (60_000, 60_000));
    let list = app.codes_made(&batch, 0..60_000, &tries).expect("the codes");
    assert_eq!(list.iter().map(|made| &made.code).collect::<BTreeSet<_>>().len(), 60_000);
    assert!(list == reprinted(&batch), "the same codes again");

    // 99,999 numbers begin with this prefix.
    let mut numbers = BTreeSet::new();
    for _ in 0..2 {
        let mut cards = begin("short", 5_000);
        let first = app.make_slice(&mut cards, 3_000, &mut |_| Ok(())).expect("the numbers");
        let mut list = app.codes_made(&cards, 0..3_000, &first).expect("the numbers");
        let second = app.make_slice(&mut cards, 3_000, &mut |_| Ok(())).expect("the numbers");
        list.extend(app.codes_made(&cards, 3_000..5_000, &second).expect("the numbers"));
        assert!(!first.is_empty() && !second.is_empty(), "some met");
        assert!(list == reprinted(&cards), "the same numbers again");
        numbers.extend(list.into_iter().map(|made| made.code));
    }
    assert_eq!((numbers.len(), stored()), (10_000, 70_000));
    shop.assert_clean();
}

/// `verify` finds what was tampered with: a state, an entry, an entry that is gone.
#[test]
fn damage_to_instruments_is_found() {
    for damage in [
        "update instrument set state = replace(state, '\"value_left\":2000', '\"value_left\":9000')
         where state is not null",
        "update instrument_entry set amount = 2900",
        "update instrument_entry set activity_id = x'00000000000000000000000000000001'",
        "delete from instrument_entry",
        "update instrument set state = null",
        "update activity set seen = null",
        "update activity set seen = replace(seen, '\"value_left\":5000', '\"value_left\":4000')",
    ] {
        let shop = shop();
        let code = gift(&shop, "k1", "50.00");
        buy(&shop, &cart("1", "30.00", &[&code]));
        shop.assert_clean();
        let done = shop.app.store.write(|transaction| {
            let changed = transaction.execute(&damaging(damage), &[])?;
            Ok::<_, StoreError>(changed)
        });
        assert!(done.expect(damage) > 0, "{damage}");
        let report = verify(&shop.app, |_| {}).expect("it can be read");
        assert!(!report.is_clean(), "{damage} was not found");
    }
}

/// A late receipt is judged by its own moment, and so are its codes.
#[test]
fn case_53_a_late_receipt_with_a_coupon_that_has_ended_since() {
    let shop = shop();
    let codes = make(&shop, "k1", &json!({ "instrument": "tenth", "count": 1 }));
    shop.later(SignedDuration::from_hours(24 * 35));
    let mut late = cart("1", "100.00", &[&codes[0]]);
    late["at"] = json!(moment("2027-03-20T17:00:00Z"));
    assert_eq!(buy(&shop, &late)["to_pay"], "90.00");
    shop.assert_clean();
}
