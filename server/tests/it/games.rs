//! Games through the server: wins in a race, milestones, challenges and draws with prizes that
//! arrive once, kits that need no server.

use crate::support::{Folder, Shop, assert_clean, damaging, receipt, symbolon};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Barrier;
use symbolon::app::{
    GameError, challenge_end, challenge_standing, draw_close, draw_open, draw_publication,
    draw_reveal, holder_word, sha256,
};
use symbolon::store::StoreError;
use symbolon_core::draw::Drawn;
use symbolon_core::values::MemberId;

const TEXT: &str = r#"
format = 1
id = "games"
name.en = "Games"
currency = "USD"
timezone = "UTC"

[points.tickets]
name.en = { one = "ticket", other = "tickets" }
spendable = false

[points.stars]
name.en = { one = "star", other = "stars" }
spendable = false

[milestone.third]
name.en = "The third"
members = 3
prize = { points = { stars = 100 } }

[challenge.spring]
name.en = "Spring"
every = "month"
score = "spent"
newcomers = true
prizes = [{ place = 1, points = { stars = 20 } }, { place = 2, points = { stars = 10 } }]

[draw.phones]
name.en = "Two phones"
tickets = "tickets"
until = 2027-03-31
prizes = [{ id = "phone", name.en = "A phone", points = { stars = 1000 }, count = 2 }]

[[rule]]
id = "ticket"
on = "purchase"
earn = { points = "tickets", give = 1, per = "10.00" }

[[rule]]
id = "lucky"
on = "purchase"
when = 'receipt.total < 5.00'
win = { chance = 100, prizes = [{ id = "mug", item = "mug", count = 3 }] }
"#;

const PHONES: [&str; 4] = ["+4790000001", "+4790000002", "+4790000003", "+4790000004"];

fn stars(shop: &Shop, member: &str) -> String {
    let found = shop.till().get(&format!("/v1/members/{member}")).expect(200);
    let all = found["balances"].as_array().cloned().unwrap_or_default();
    let of = all.iter().find(|points| points["points"] == "stars");
    of.map_or(String::new(), |points| points["available"].as_str().unwrap_or_default().to_owned())
}

fn buys(shop: &Shop, number: &str, phone: &str, price: &str) -> Value {
    let body = receipt(number).of(phone).line("thing", "1", price).json();
    shop.till().post("/v1/receipts", &body).expect(201)
}

/// Three mugs, ten at once: exactly three win, and a quote never tells (I7, I13).
#[test]
fn i7_g_instant_win_in_a_race_gives_no_more_than_there_is() {
    let shop = Shop::with_text(TEXT);
    for phone in PHONES {
        shop.enrol(phone);
    }
    let together = Barrier::new(10);
    let won = |said: &Value| said.to_string().contains("won: mug");
    let wins: usize = std::thread::scope(|scope| {
        let sessions: Vec<_> = (0..10)
            .map(|number| {
                let (shop, together) = (&shop, &together);
                scope.spawn(move || {
                    together.wait();
                    let phone = PHONES[number % PHONES.len()];
                    won(&buys(shop, &format!("R{number}"), phone, "4.00"))
                })
            })
            .collect();
        sessions.into_iter().filter_map(|session| session.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(wins, 3);
    shop.assert_clean();
}

/// A quote draws nothing: nobody asks until it wins.
#[test]
fn g_instant_win_is_not_drawn_by_a_quote() {
    let shop = Shop::with_text(TEXT);
    shop.enrol(PHONES[0]);
    let body = receipt("Q1").of(PHONES[0]).line("thing", "1", "4.00").json();
    let said = shop.till().post("/v1/quotes", &body).expect(200).to_string();
    assert!(said.contains("it is drawn when the purchase is booked"), "{said}");
}

/// The third member and nobody else, whatever races; G1: newcomers by result, prizes once.
#[test]
fn g1_milestone_and_challenge_arrive_once() {
    let shop = Shop::with_text(TEXT);
    let together = Barrier::new(4);
    let mut members: Vec<String> = std::thread::scope(|scope| {
        let joins: Vec<_> = PHONES
            .iter()
            .map(|phone| {
                let (shop, together) = (&shop, &together);
                scope.spawn(move || {
                    together.wait();
                    shop.enrol(phone)
                })
            })
            .collect();
        joins.into_iter().filter_map(|join| join.join().ok()).collect()
    });
    let prized = members.iter().filter(|member| stars(&shop, member) == "100").count();
    assert_eq!((members.len(), prized), (4, 1));
    let third = members.iter().find(|member| stars(&shop, member) == "100").cloned();
    members.retain(|member| Some(member) != third.as_ref());
    for (number, price) in ["300.00", "200.00", "100.00", "50.00"].iter().enumerate() {
        buys(&shop, &format!("R{number}"), PHONES[number], price);
    }
    let live = shop.till().get("/v1/challenges/spring").expect(200);
    assert_eq!((&live["ended"], &live["members"]), (&json!(false), &json!(4)));
    assert_eq!(live["places"][0]["score"], "300.00");
    shop.till().get("/v1/challenges/autumn").refused(404, "not-found");
    let day = jiff::civil::date(2027, 3, 5);
    assert!(matches!(challenge_end(&shop.app, "spring", day), Err(GameError::NotOver(_))));
    shop.later(SignedDuration::from_hours(24 * 31));
    let ended = challenge_end(&shop.app, "spring", day).expect("it is over");
    let again = challenge_end(&shop.app, "spring", day).expect("asked again");
    assert_eq!(ended, again);
    assert_eq!(ended, challenge_standing(&shop.app, "spring", Some(day)).expect("frozen"));
    let given = |place: usize| stars(&shop, &ended.placed[place].scored.member.to_string());
    let plus = |place: usize, prize: u32| {
        let is_third = third == Some(ended.placed[place].scored.member.to_string());
        (prize + if is_third { 100 } else { 0 }).to_string()
    };
    assert_eq!((given(0), given(1), given(2)), (plus(0, 20), plus(1, 10), plus(2, 0)));
    shop.assert_clean();
}

/// G3: opened, closed, drawn, each once; the published file holds alone; what comes back after the
/// closing changes nothing; whoever tampers with what is stored is found out.
#[test]
fn g3_a_draw_from_opening_to_prizes() {
    let shop = Shop::with_text(TEXT);
    let app = &shop.app;
    let members: Vec<String> = PHONES.iter().map(|phone| shop.enrol(phone)).collect();
    shop.till().get("/v1/draws/phones").refused(404, "not-found");
    let opened = draw_open(app, "phones").expect("it opens");
    assert_eq!(draw_open(app, "phones").expect("asked again"), opened, "one seed for ever");
    assert_eq!(opened.check(sha256), Ok(Drawn::Open));
    assert!(draw_reveal(app, "phones", "").is_err(), "not closed yet");
    for (number, price) in ["30.00", "20.00", "100.00", "9.00"].iter().enumerate() {
        buys(&shop, &format!("R{number}"), PHONES[number], price);
    }
    assert!(matches!(draw_close(app, "phones"), Err(GameError::NotOver(_))));
    shop.later(SignedDuration::from_hours(24 * 31));
    let closed = draw_close(app, "phones").expect("it closes");
    assert_eq!(closed.tickets.len(), 3, "9.00 buy no ticket");
    let first: MemberId = members[0].parse().expect("an id");
    let word = holder_word("phones", first);
    let of_first = closed.tickets.iter().find(|tickets| tickets.holder == word);
    assert_eq!(of_first.map(|tickets| tickets.count), Some(3));
    buys(&shop, "late", PHONES[3], "500.00");
    assert_eq!(draw_close(app, "phones").expect("asked again"), closed);
    let drawn = draw_reveal(app, "phones", "").expect("it is drawn");
    assert_eq!(drawn.check(sha256), Ok(Drawn::Drawn));
    assert_eq!(drawn.commitment, opened.commitment);
    assert_eq!(draw_reveal(app, "phones", "").expect("asked again"), drawn);
    assert_eq!(draw_publication(app, "phones").expect("published"), drawn);
    let api = shop.till().get("/v1/draws/phones").expect(200);
    assert_eq!(api["winners"].as_array().map(Vec::len), Some(2));
    let won: Vec<String> = members.iter().map(|member| stars(&shop, member)).collect();
    // The third member has a hundred already.
    let phones = won.iter().filter(|stars| ["1000", "1100"].contains(&stars.as_str())).count();
    assert_eq!(phones, 2, "{won:?}");
    assert_clean(app);
    let tampered: Result<(), StoreError> = app.store.write(|transaction| {
        transaction.execute(&damaging("update game_run set publication = replace(publication, '\"ticket\":', '\"ticket\": 1')"), &[])?;
        Ok(())
    });
    tampered.expect("somebody tampers");
    let report = symbolon::app::verify(app, |_| {}).expect("it is read");
    assert!(!report.is_clean());
}

/// G4: a partner gets a kit, hands tickets out among people of his own, and draws; the same check
/// holds for his file, and a changed one is found out.
#[test]
fn g4_a_kit_for_a_partner() {
    let folder = Folder::new();
    let kit = folder.file("kit");
    let kit_text = kit.display().to_string();
    let made = ["draw", "kit", "--draw", "fair", "--tickets", "12", "--out", &kit_text];
    let prizes = ["--prize", "2:mug:A mug", "--prize", "1:tv:A television set"];
    symbolon(&[&made[..], &prizes[..]].concat()).exits(0);
    symbolon(&[&made[..], &prizes[..]].concat()).exits(2);
    let file = kit.join("draw.json").display().to_string();
    symbolon(&["draw", "verify", &file]).exits(0);
    let tickets = kit.join("tickets.csv");
    let list = std::fs::read_to_string(&tickets).expect("the list");
    assert!(list.starts_with("ticket,given_to\n01,\n"), "{list}");
    let given = list.replace("01,", "01,Ana").replace("05,", "05,Ben").replace("12,", "12,Cleo");
    std::fs::write(&tickets, given).expect("handed out");
    let tickets = tickets.display().to_string();
    symbolon(&["draw", "close", "--file", &file, "--tickets", &tickets]).exits(0);
    let seed = kit.join("seed.txt").display().to_string();
    let drawn = symbolon(&["draw", "reveal", "--file", &file, "--seed-file", &seed]).exits(0);
    let drawn: Value = serde_json::from_str(&drawn.out()).expect("the file");
    assert_eq!(drawn["winners"].as_array().map(Vec::len), Some(3));
    let said = symbolon(&["draw", "verify", &file]).exits(0).out();
    assert!(said.contains("holds: fair is drawn, 3 winners"), "{said}");
    let commitment = drawn["commitment"].as_str().expect("it").to_owned();
    symbolon(&["draw", "verify", &file, "--commitment", &commitment]).exits(0);
    symbolon(&["draw", "verify", &file, "--commitment", "00"]).exits(1);
    let text = std::fs::read_to_string(&file).expect("the file");
    std::fs::write(&file, text.replace("\"count\": 2", "\"count\": 1")).expect("tampered with");
    let said = symbolon(&["draw", "verify", &file]).exits(1).out();
    assert!(said.contains("does not hold"), "{said}");
}

/// A second program in another language comes to the same winners.
#[test]
fn g3_draw_again_by_a_program_of_its_own() {
    let python = std::process::Command::new("python3").arg("--version").output();
    if python.is_err() {
        crate::support::skip("g3_draw_again_by_a_program_of_its_own", "there is no python3");
        return;
    }
    let folder = Folder::new();
    let shop = Shop::with_text(TEXT);
    draw_open(&shop.app, "phones").expect("it opens");
    for (number, phone) in PHONES.iter().enumerate() {
        shop.enrol(phone);
        buys(&shop, &format!("R{number}"), phone, "70.00");
    }
    shop.later(SignedDuration::from_hours(24 * 31));
    draw_close(&shop.app, "phones").expect("it closes");
    let drawn = draw_reveal(&shop.app, "phones", "").expect("it is drawn");
    let text = serde_json::to_string(&drawn).expect("JSON");
    let file = folder.write("draw.json", text);
    let script = crate::support::repository().join("docs/using/draw-again.py");
    let ran = std::process::Command::new("python3").arg(&script).arg(&file).output();
    let ran = ran.expect("python3 runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
