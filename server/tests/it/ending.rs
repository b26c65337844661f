//! The end of a programme (A10) over HTTP and on the command line: what it will cost, that it is
//! settled once, the final audit; and `verify` agrees with all of it.

use crate::support::{Folder, Shop, assert_clean, caller, moment, open_app, receipt, symbolon};
use serde_json::{Value, json};
use symbolon::app::{EndingReport, ending_report, ledger_overview, run_calendar};

const ANA: &str = "+12025550001";
const BEN: &str = "+12025550002";
const CID: &str = "+12025550003";

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
[points.stars]
name.en = { one = "star", other = "stars" }
pending = "14 days"
[points.cash]
name.en = { one = "dollar", other = "dollars" }
decimals = 2
worth = "1"
pays = { step = "0.01" }
[[rule]]
id = "base"
on = "purchase"
earn = [{ points = "points", give = 1, per = "1.00" }, { points = "stars", give = 1, per = "10.00" }]
[[reward]]
id = "cup"
name = "Cup"
cost = { points = 50 }
gives = { item = {} }
[ending]
announced = 2027-03-01
last_earning_day = 2027-06-30
last_spending_day = 2027-09-30
remainder = { points = { to = "cash", give = "0.01", at_least = 100 } }
"#;

fn report(shop: &Shop) -> EndingReport {
    let report = ending_report(&shop.app, |_| {}).expect("the database can be read");
    report.expect("the programme ends")
}

fn at(shop: &Shop, text: &str) {
    shop.app.world.set_now(moment(text));
}

fn available(shop: &Shop, id: &str, kind: &str) -> String {
    let member = shop.till().get(&format!("/v1/members/{id}")).expect(200);
    let balances = member["balances"].as_array().expect("balances").clone();
    let found = balances.iter().find(|balance| balance["points"] == kind);
    found.map_or("0".to_owned(), |found| found["available"].as_str().expect("text").to_owned())
}

fn names(answer: &Value) -> Vec<&str> {
    let reasons = answer["reasons"].as_array().expect("reasons").iter();
    reasons.map(|reason| reason["reason"].as_str().expect("a name")).collect()
}

#[test]
fn a10_what_the_end_costs_and_the_final_audit() {
    let shop = Shop::with_text(TEXT);
    let [ana, ben, cid] = [ANA, BEN, CID].map(|phone| shop.enrol(phone));
    let buys = |number: &str, phone: &str, price: &str| {
        let body = receipt(number).of(phone).line("ring", "1", price).json();
        shop.till().post("/v1/receipts", &body)
    };
    let told = buys("1", ANA, "300.00").expect(201);
    assert!(names(&told).contains(&"ending-announced"), "{told}");
    let returned = buys("2", BEN, "250.00").expect(201)["id"].as_str().expect("id").to_owned();
    buys("3", CID, "60.00").expect(201);
    at(&shop, "2027-05-01T12:00:00Z");
    let paid = receipt("4").of(ANA).line("tea", "1", "5.00");
    let paid = paid.with("pay", json!([{ "points": "points", "amount": "84" }])).json();
    shop.till().post("/v1/receipts", &paid).expect(201);

    let before = report(&shop);
    assert!(!before.is_over && !before.is_settled());
    assert_eq!((before.members, before.days_left, before.unsettled_members), (3, 153, 0));
    let points = &before.kinds[0];
    // 300 + 4 − 84, 250 and 60: the tea left 4.16 to pay in money.
    assert_eq!((points.members, points.available, points.pending), (3, 530, 0));
    assert_eq!((points.worth, points.spent_lately), (Some(530), 84));
    assert_eq!(points.foretold_spent, 153, "84 in 84 days, for 153 days");
    let conversion = points.conversion.as_ref().expect("it is told");
    assert_eq!((conversion.members, conversion.amount, conversion.given), (2, 470, 470));
    assert_eq!((conversion.too_few_members, conversion.too_few), (1, 60));
    assert_eq!(conversion.costs, Some(470));
    assert!(before.kinds.iter().all(|kind| kind.audit.is_balanced), "{before:#?}");

    at(&shop, "2027-07-01T00:00:00Z");
    let nothing = buys("5", ANA, "100.00").expect(201);
    assert!(names(&nothing).contains(&"earning-over"), "{nothing}");
    assert_eq!(available(&shop, &ana, "points"), "220");
    at(&shop, "2027-09-30T23:59:59Z");
    let redeemed = json!({ "member": { "phone": ANA }, "reward": "cup" });
    shop.till().once("cup").post("/v1/redemptions", &redeemed).expect(201);

    // Nobody has looked: all three wait for the calendar.
    at(&shop, "2027-10-01T00:00:00Z");
    let over = report(&shop);
    assert!(over.is_over && !over.is_settled());
    assert_eq!((over.unsettled_members, over.unsettled.len()), (3, 3));
    shop.till().once("late").post("/v1/redemptions", &redeemed).refused(422, "programme-ended");
    assert_eq!(available(&shop, &ana, "cash"), "1.70", "whoever looks sees it settled");
    assert_eq!(report(&shop).unsettled_members, 2);
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 2);
    assert_eq!(run_calendar(&shop.app).expect("a calendar"), 0, "once");

    let settled = report(&shop);
    assert!(settled.is_settled(), "{settled:#?}");
    let audit = settled.kinds[0].audit;
    assert_eq!((audit.granted, audit.spent, audit.taken_back), (614, 134, 0));
    assert_eq!((audit.converted, audit.expired, audit.outstanding), (480, 0, 0));
    let stars = settled.kinds[1].audit;
    assert_eq!((stars.granted, stars.expired, stars.outstanding), (61, 61, 0));
    let cash = settled.kinds[2].audit;
    assert_eq!((cash.converted_to, cash.outstanding), (420, 420));
    assert_eq!(
        (available(&shop, &ben, "cash"), available(&shop, &cid, "cash")),
        ("2.50".into(), "0.00".into())
    );
    shop.assert_clean();

    // What comes back after the end takes back what it had become, at once.
    at(&shop, "2027-10-05T12:00:00Z");
    let lines = json!({ "lines": [{ "line": 1, "quantity": "1" }] });
    let back = shop.till().once("back").post(&format!("/v1/receipts/{returned}/returns"), &lines);
    back.expect(201);
    assert_eq!(available(&shop, &ben, "cash"), "0.00");
    let settled = report(&shop);
    assert!(settled.is_settled(), "{settled:#?}");
    assert_eq!(settled.kinds[2].audit.outstanding, 170);
    shop.assert_clean();
    // The first page shows the same sums.
    let overview = ledger_overview(&shop.app).expect("the database can be read");
    let converted = |kind: &str| {
        let found = overview.points.iter().find(|sum| sum.points == kind);
        found.map(|sum| (sum.converted, sum.balance))
    };
    assert_eq!(converted("points"), Some((-230, 0)));
    assert_eq!(converted("cash"), Some((170, 170)));
}

#[test]
fn a10_the_command_says_it_and_its_exit_code_holds() {
    let folder = Folder::new();
    // The program itself knows only today: one programme ends long after it, one long before.
    let later = TEXT.replace("2027-06-30", "2098-12-31").replace("2027-09-30", "2099-03-31");
    let address = folder.database("later.db");
    let app = open_app(&address, &later, 7);
    let buys = |app: &symbolon::app::App| {
        let queue = app.start_queue().expect("a queue");
        let router = symbolon::api::router(symbolon::api::ApiState { app: app.clone(), queue });
        let key = app.first_key().expect("a key").expect("the first key");
        let till = caller(router, &key);
        till.post("/v1/members", &json!({ "phone": ANA })).expect(201);
        let body = receipt("1").of(ANA).line("ring", "1", "300.00").json();
        till.post("/v1/receipts", &body).expect(201);
    };
    buys(&app);
    drop(app);
    let ran = symbolon(&["ending", "--database", &address]).exits(0);
    for said in [
        "shop: last earning day 2098-12-31, last spending day 2099-03-31",
        "points: what is left becomes cash",
        "  members who have any: 1; together 300 points, of which 0 points wait, worth 3.00 USD",
        "  if it ended today: 300 points become 3.00 cash, worth 3.00 USD; members: 1",
        "stars: what is left expires",
    ] {
        assert!(ran.out().contains(said), "{said}\n{}", ran.out());
    }
    let earlier = TEXT
        .replace("2027-03-01", "2019-01-01")
        .replace("2027-06-30", "2099-06-30")
        .replace("2027-09-30", "2099-09-30");
    let address = folder.database("earlier.db");
    let app = open_app(&address, &earlier, 7);
    buys(&app);
    let over = TEXT
        .replace("2027-03-01", "2019-01-01")
        .replace("2027-06-30", "2020-06-30")
        .replace("2027-09-30", "2020-09-30");
    app.publish("programme.toml", &over, moment("2027-03-05T00:00:00Z")).expect("a version");
    drop(app);
    let ran = symbolon(&["--format", "json", "ending", "--database", &address]).exits(1);
    assert_eq!(ran.json()["ending"]["unsettled_members"], 1);
    assert_eq!(ran.json()["settled"], false);
    let text = symbolon(&["ending", "--database", &address]).exits(1);
    assert!(text.out().contains("`symbolon calendar` settles them"), "{}", text.out());
    // By its version the end is settled when that begins to count.
    let url = symbolon::store::DatabaseUrl::parse(&address).expect("an address");
    let world = symbolon::world::World::staged(moment("2027-03-07T00:00:00Z"), 8);
    let app = symbolon::app::App::open(&url, world).expect("a database");
    assert_eq!(run_calendar(&app).expect("a calendar"), 1);
    assert_clean(&app);
    drop(app);
    let ran = symbolon(&["ending", "--database", &address]).exits(0);
    for said in ["became other points", "verify: 0 differences", "members not settled: 0"] {
        assert!(ran.out().contains(said), "{said}\n{}", ran.out());
    }
    assert!(ran.out().trim_end().ends_with("settled") && !ran.out().contains("not settled\n"));
    // A programme that goes on.
    let address = folder.database("endless.db");
    let endless = TEXT.split("[ending]").next().expect("a head");
    drop(open_app(&address, endless, 7));
    let ran = symbolon(&["ending", "--database", &address]).exits(1);
    assert!(ran.error().contains("does not end"), "{}", ran.error());
}
