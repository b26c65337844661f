//! The calendar and services over HTTP: what came while nobody looked, benefits and their tasks,
//! memberships, credit; and `verify` agrees with all of it.

use crate::support::{Folder, Shop, assert_clean, moment, open_app, receipt, symbolon};
use jiff::SignedDuration;
use serde_json::{Value, json};
use symbolon::app::run_calendar;
use symbolon::store::Transaction;
use symbolon_core::values::MemberId;

const ANA: &str = "+12025550001";
const BEN: &str = "+12025550002";

const TEXT: &str = r#"
format = 1
id = "shop"
name = "Shop"
currency = "USD"
timezone = "UTC"
[attribute.birthday]
type = "date"
[points.points]
name.en = { one = "point", other = "points" }
[points.account]
name.en = { one = "dollar", other = "dollars" }
decimals = 2
worth = 1
[instrument.birthday-coupon]
kind = "coupon"
name = "A coupon"
[benefit.lounge]
name = "Lounge"
when = 'member.spent() >= 100'
quota = 2
every = "year"
fulfil = "10 days"
[membership.club]
name = "Club"
fee = "29.00"
period = "1 year"
[credit.advance]
name = "Advance"
points = "account"
limits = [{ amount = 500 }]
[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
[[rule]]
id = "birthday-gift"
on = "birthday"
earn = { points = "points", give = 50 }
issue = { coupon = "birthday-coupon" }
[[rule]]
id = "month"
on = "month-end"
limit = { total = 3 }
earn = { points = "points", give = 5 }
[[rule]]
id = "idle"
on = "inactive"
after = "60 days"
earn = { points = "points", give = 7 }
"#;

fn enrol(shop: &Shop, phone: &str) -> String {
    let body = json!({ "phone": phone, "attributes": { "birthday": "1990-04-05" } });
    let answer = shop.till().post("/v1/members", &body).expect(201);
    answer["id"].as_str().expect("an id").to_owned()
}

fn member(shop: &Shop, id: &str) -> Value {
    shop.till().get(&format!("/v1/members/{id}")).expect(200)
}

fn points(shop: &Shop, id: &str) -> String {
    member(shop, id)["balances"][0]["available"].as_str().expect("a balance").to_owned()
}

/// What came is seen by whoever looks, is booked once, and a limit for all holds over all who are
/// looked at together (I7, I8, I14).
#[test]
fn i14_what_the_calendar_brought_is_booked_once_however_late() {
    let shop = Shop::with_text(TEXT);
    let (ana, ben) = (enrol(&shop, ANA), enrol(&shop, BEN));
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 0);
    // 2 March and 30 days: the end of March came, nothing else.
    shop.later(SignedDuration::from_hours(30 * 24));
    assert_eq!(points(&shop, &ana), "5");
    assert_eq!(points(&shop, &ana), "5");
    // 5 April: the birthday. 1 May: the end of April for one of them, three being all there are.
    shop.later(SignedDuration::from_hours(4 * 24));
    assert_eq!(points(&shop, &ana), "55");
    shop.later(SignedDuration::from_hours(26 * 24));
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 2);
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 0);
    let of = |id: &str| points(&shop, id).parse::<i64>().expect("a number");
    let all = of(&ana) + of(&ben);
    assert_eq!(all, 2 * 50 + 3 * 5 + 2 * 7, "three month ends, two birthdays, two idle times");
    let report = shop.assert_clean();
    assert_eq!(report.members, 2);
}

/// A receipt finds what came before it booked, and its own day is not idle.
#[test]
fn a_receipt_after_a_pause_comes_after_what_the_calendar_brought() {
    let shop = Shop::with_text(TEXT);
    let ana = enrol(&shop, ANA);
    shop.later(SignedDuration::from_hours(70 * 24));
    let asked = receipt("R1").of(ANA).line("tea", "1", "10.00").json();
    let quoted = shop.till().post("/v1/quotes", &asked).expect(200);
    let booked = shop.till().post("/v1/receipts", &asked).expect(201);
    assert_eq!(quoted["balances"], booked["balances"], "I13");
    // March and April, the birthday, sixty idle days, and the tea.
    assert_eq!(points(&shop, &ana), (2 * 5 + 50 + 7 + 10).to_string());
    let again = shop.till().post("/v1/receipts", &asked).expect(200);
    assert_eq!(again["id"], booked["id"]);
    assert_eq!(points(&shop, &ana), "77");
    shop.assert_clean();
}

/// A version that waits for something new waits for all who are members already.
#[test]
fn a_new_version_finds_the_members_that_are_there() {
    let folder = Folder::new();
    let address = folder.database("shop.db");
    let before = TEXT.split("[[rule]]\nid = \"birthday-gift\"").next().expect("a head");
    let app = open_app(&address, before, 7);
    assert_eq!(run_calendar(&app).expect("nothing to do"), 0);
    let queue = app.start_queue().expect("a queue");
    let state = symbolon::api::ApiState { app: app.clone(), queue };
    let router = symbolon::api::router(state);
    let key = app.first_key().expect("a key").expect("the first key");
    let caller = crate::support::caller(router, &key);
    let body = json!({ "phone": ANA, "attributes": { "birthday": "1990-04-05" } });
    let id = caller.post("/v1/members", &body).expect(201)["id"].as_str().expect("id").to_owned();
    app.publish("programme.toml", TEXT, moment("2027-03-03T00:00:00Z")).expect("a version");
    app.world.set_now(moment("2027-04-10T00:00:00Z"));
    assert_eq!(run_calendar(&app).expect("a calendar"), 1);
    let found = caller.get(&format!("/v1/members/{id}")).expect(200);
    assert_eq!(found["balances"][0]["available"], "55");
    assert_clean(&app);
    drop(caller);
    drop(app);
    symbolon(&["calendar", "--database", &address]).exits(0);
}

/// T2, G6: a benefit is used, somebody has to see to it, and it shows when that is late.
#[test]
fn t2_g6_benefits_and_tasks() {
    let shop = Shop::with_text(TEXT);
    let ana = enrol(&shop, ANA);
    let uses = format!("/v1/members/{ana}/benefits/lounge/uses");
    let till = shop.till();
    till.post(&uses, &json!({})).refused(400, "idempotency-key-missing");
    till.once("u0").post(&uses, &json!({})).refused(422, "not-entitled");
    till.post("/v1/receipts", &receipt("R1").of(ANA).line("ring", "1", "100.00").json());
    let first = till.once("u1").post(&uses, &json!({ "note": "two guests" })).expect(201);
    assert_eq!(till.once("u1").post(&uses, &json!({ "note": "two guests" })).expect(200), first);
    till.once("u2").post(&uses, &json!({})).expect(201);
    till.once("u3").post(&uses, &json!({})).refused(422, "benefit-used-up");
    let had = member(&shop, &ana)["entitlements"][0].clone();
    assert_eq!(had["left"], 0);
    assert_eq!(had["period"]["used"], 2);

    let tasks = till.get("/v1/tasks").expect(200)["tasks"].clone();
    assert_eq!(tasks.as_array().map(Vec::len), Some(2));
    // They are due on one day and came in one moment, so chance orders them.
    let notes: Vec<&Value> = (0..2).map(|place| &tasks[place]["note"]).collect();
    assert!(notes.contains(&&json!("two guests")), "{tasks}");
    assert_eq!(tasks[0]["due"], "2027-03-12");
    assert_eq!(till.get("/v1/tasks?overdue=true").expect(200)["tasks"], json!([]));
    shop.later(SignedDuration::from_hours(11 * 24));
    let late = till.get("/v1/tasks?overdue=true").expect(200)["tasks"].clone();
    assert_eq!(late.as_array().map(Vec::len), Some(2));
    let (activity, effect) = (tasks[0]["activity"].as_str().expect("an id"), &tasks[0]["effect"]);
    let path = format!("/v1/tasks/{activity}/{effect}/done");
    let done = till.post(&path, &json!({ "actor": "Eva", "note": "came" })).expect(201);
    assert_eq!(done["reasons"][0]["reason"], "task-done");
    assert_eq!(done["reasons"][0]["sentence"], "Lounge – done by Eva, 1 day late: came");
    // The same again is the same; another activity has no such task.
    till.post(&path, &json!({ "actor": "Eva", "note": "came" })).expect(200);
    let wrong = format!("/v1/tasks/{activity}/99/done");
    till.post(&wrong, &json!({ "actor": "Eva" })).refused(422, "unknown-task");
    // What is voided nobody has to do, and it can be used again.
    let second = till.get("/v1/tasks").expect(200)["tasks"][0]["activity"].clone();
    let second = second.as_str().expect("an id");
    till.post(&format!("/v1/activities/{second}/void"), &json!({})).expect(201);
    assert_eq!(till.get("/v1/tasks").expect(200)["tasks"], json!([]));
    assert_eq!(member(&shop, &ana)["entitlements"][0]["left"], 1);
    shop.assert_clean();
}

/// P12, B8: memberships and credit over HTTP.
#[test]
fn p12_b8_memberships_and_credit() {
    let shop = Shop::with_text(TEXT);
    let ana = enrol(&shop, ANA);
    let till = shop.till();
    let pay = format!("/v1/members/{ana}/memberships/club/payments");
    let paid = till.once("m1").post(&pay, &json!({})).expect(201);
    assert_eq!(member(&shop, &ana)["memberships"][0]["until"], "2028-03-01");
    let id = paid["id"].as_str().expect("an id");
    let ended = till.post(&format!("/v1/activities/{id}/void"), &json!({})).expect(201);
    assert_eq!(ended["refund"], "28.92", "365 of 366 days are left");
    let advances = format!("/v1/members/{ana}/credits/advance/advances");
    let set_offs = format!("/v1/members/{ana}/credits/advance/set-offs");
    till.once("a1").post(&advances, &json!({ "amount": "400.00" })).expect(201);
    till.once("a2").post(&advances, &json!({ "amount": "100.01" })).refused(422, "over-credit");
    till.once("a3").post(&advances, &json!({ "amount": "much" })).refused(400, "body-invalid");
    let body = json!({ "amount": "150.00", "against": "payment" });
    till.once("s1").post(&set_offs, &body).expect(201);
    let found = member(&shop, &ana);
    assert_eq!(found["advances"][0]["open"], "250.00");
    assert_eq!(found["balances"][1]["available"], "400.00");
    shop.assert_clean();
}

/// Case 58: to one member, something came that cannot be booked. Everybody else's is booked, and the
/// one is told of and not tried for ever.
#[test]
fn case_58_one_member_in_whose_way_something_is_keeps_nobody_waiting() {
    let shop = Shop::with_text(TEXT);
    let (ana, ben) = (enrol(&shop, ANA), enrol(&shop, BEN));
    let gone: MemberId = ben.parse().expect("an id");
    let remove = |transaction: &mut Transaction<'_>| {
        let key = [gone.bucket().number().into(), uuid::Uuid::from_u128(gone.number()).into()];
        let sql = "delete from member_state where bucket = $1 and member_id = $2";
        transaction.execute(sql, &key)
    };
    assert_eq!(shop.app.store.write(remove).expect("damage"), 1);
    shop.later(SignedDuration::from_hours(30 * 24));
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 1, "and it ends");
    assert_eq!(points(&shop, &ana), "5");
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 0, "nobody is tried again");
}

/// Case 60: more members than are looked at together, to whom something came that a limit leaves
/// nothing of. All of them are looked at, once, and those behind them are reached.
#[test]
fn case_60_a_limit_that_is_used_up_does_not_stop_the_job() {
    let shop = Shop::with_text(TEXT);
    let members: Vec<String> =
        (0..300).map(|number| enrol(&shop, &format!("+1202555{number:04}"))).collect();
    shop.later(SignedDuration::from_hours(30 * 24));
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 300);
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 0);
    let given = members.iter().filter(|member| points(&shop, member) == "5").count();
    assert_eq!(given, 3, "three month ends are all there are");
    // The birthdays, which have no limit, reach every one of them.
    shop.later(SignedDuration::from_hours(5 * 24));
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 300);
    let has_gift = |member: &String| matches!(points(&shop, member).as_str(), "50" | "55");
    assert!(members.iter().all(has_gift));
    shop.assert_clean();
}

/// Case 59: a new version has the calendar written anew, while receipts make the pipeline book the
/// same occasions and two servers run the job. Nobody is left out, nobody gets anything twice.
#[test]
fn case_59_a_new_calendar_and_receipts_at_once_leave_nobody_out() {
    let before = TEXT.split("[[rule]]\nid = \"month\"").next().expect("a head");
    let shop = Shop::in_file_with_text(before);
    let phones: Vec<String> = (0..40).map(|number| format!("+1202555{number:04}")).collect();
    let members: Vec<String> = phones.iter().map(|phone| enrol(&shop, phone)).collect();
    shop.later(SignedDuration::from_hours(24));
    shop.app.publish("programme.toml", TEXT, shop.now()).expect("a version");
    // 6 April: the birthday of all of them came, and the end of March under the new version.
    shop.later(SignedDuration::from_hours(34 * 24));
    let other = shop.another();
    std::thread::scope(|scope| {
        for app in [&shop.app, &other.app] {
            scope.spawn(move || run_calendar(app).expect("a calendar"));
        }
        for (start, served) in [(0, &shop), (1, &other)] {
            let phones = &phones;
            scope.spawn(move || {
                for (number, phone) in phones.iter().enumerate().skip(start).step_by(2) {
                    let cart = receipt(&format!("R{number}")).of(phone).line("tea", "1", "1.00");
                    served.till().post("/v1/receipts", &cart.json()).expect(201);
                }
            });
        }
    });
    run_calendar(&shop.app).expect("a calendar");
    let had: Vec<i64> =
        members.iter().map(|member| points(&shop, member).parse().expect("points")).collect();
    assert!(had.iter().all(|points| *points == 51 || *points == 56), "a birthday each: {had:?}");
    assert_eq!(had.iter().filter(|points| **points == 56).count(), 3, "three month ends: {had:?}");
    shop.assert_clean();
}
