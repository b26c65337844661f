//! `symbolon replay`: a shop's recorded receipts through the real program, from small files made
//! here. Real histories are in `replay_data`.

use crate::support::{Folder, Ran, open_app, programme_path, programme_text, symbolon};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use symbolon::store::{DatabaseUrl, Store, StoreError};

pub const MAP: &str =
    "receipt=receipt sku=sku quantity=quantity unit_price=unit_price at=at member=member";

/// A programme for shops that know only who came when.
pub const VISITS: &str = r#"
format = 1
id = "visits"
name.en = "Visits"
currency = "USD"
timezone = "America/New_York"

[points.stamps]
expires = "never"
name.en = { one = "stamp", other = "stamps" }

[action.visit]
name.en = "Visit"

[[rule]]
id = "stamp"
name.en = "A stamp a visit"
on = "action:visit"
earn = { points = "stamps", give = 1 }
"#;

/// Replays a file with the boloco card and any further arguments.
pub fn replay(database: &str, csv: &Path, map: &str, more: &[&str]) -> Ran {
    replay_by(&programme_path("boloco-card"), database, csv, map, more)
}

pub fn replay_by(programme: &Path, database: &str, csv: &Path, map: &str, more: &[&str]) -> Ran {
    let (programme, csv) = (programme.display().to_string(), csv.display().to_string());
    let mut arguments = vec!["--format", "json", "replay", "--programme", &programme];
    arguments.extend(["--receipts", &csv, "--database", database, "--map", map]);
    arguments.extend(more);
    symbolon(&arguments)
}

pub fn verified(database: &str) {
    let report = symbolon(&["--format", "json", "verify", "--database", database]).exits(0).json();
    assert_eq!(report["clean"], true, "{report}");
}

const SMALL: &str = "\
receipt,sku,quantity,unit_price,at,member
1,latte,2,3.50,2027-01-04T12:00:00,ana
1,burrito,1,9.40,2027-01-04T12:00:30,ana
2,mug,1,20.00,2027-01-05T12:00:00,ben
3,tea,1,5.00,2027-01-05T13:00:00,
C2,mug,-1,20.00,2027-01-06T12:00:00,ben
C3,tea,-1,5.00,2027-01-06T12:30:00,
4,hat,-2,9.00,2027-01-07T12:00:00,ana
4,latte,-3,3.50,2027-01-07T12:00:00,ana
5,tea,1,-5.00,2027-01-08T12:00:00,ana
5,tea,0,5.00,2027-01-08T12:00:00,ana
5,tea,many,5.00,2027-01-08T12:00:00,ana
5,tea,1,,2027-01-08T12:00:00,ana
,tea,1,5.00,2027-01-08T12:00:00,ana
5,tea,1,5.001,2027-01-08T12:00:00,ana
5,tea,1,5.00,,ana
5,tea,1,5.00,2027-01-08T12:00:00,ana
5,tea,1,6.00,2027-01-08T12:00:00,ben
";

#[test]
fn a_history_is_booked_in_its_order_of_time() {
    let folder = Folder::new();
    let csv = folder.write("small.csv", SMALL);
    let database = folder.database("shop.db");
    let mut summary = replay(&database, &csv, MAP, &[]).exits(0).json();
    assert!(summary["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0));
    let in_database = json!({
        "members": 2, "receipts": 4, "returns": 3, "at": "2027-01-08T17:00:00Z",
        "points": { "points": {
            "earned": "41", "reversed": "27", "redeemed": "0", "expired": "0", "adjusted": "0",
            "balance": "14",
        } },
    });
    assert_eq!(summary["in_database"], in_database);
    let examples = summary["this_run"]["lines_refused_first"].take();
    assert_eq!(examples[0], "row 9: the price is negative");
    assert_eq!(examples.as_array().map(Vec::len), Some(8));
    let refused = json!({
        "the price is negative": 1,
        "the quantity is zero": 1,
        "the quantity is wrong: this is not a plain decimal number such as 12 or 12.50": 1,
        "the price is missing": 1,
        "the receipt number is missing": 1,
        "the price is wrong: not an amount of USD: at most 2 decimals are possible here": 1,
        "the date is missing": 1,
        "the member differs from the receipt's first row": 1,
    });
    let expected = json!({
        "receipts": 4, "returns": 3, "actions": 0, "already_booked": 0,
        "return_lines": { "matched": 1, "partly_matched": 1, "unmatched": 2 },
        "documents_refused": {}, "lines": 17, "lines_refused": refused,
        "lines_refused_first": null,
    });
    assert_eq!(summary["this_run"], expected);
    verified(&database);

    // Once more: nothing is booked that was booked before.
    let again = replay(&database, &csv, MAP, &[]).exits(0).json();
    assert_eq!(again["in_database"], in_database);
    assert_eq!(again["this_run"]["already_booked"], 7);
    for what in ["receipts", "returns", "actions"] {
        assert_eq!(again["this_run"][what], 0);
    }
    verified(&database);
}

#[test]
fn the_summary_is_also_told_in_words() {
    let folder = Folder::new();
    let csv = folder.write("small.csv", SMALL);
    let (programme, csv) = (programme_path("boloco-card"), csv.display().to_string());
    let programme = programme.display().to_string();
    let database = folder.database("shop.db");
    let ran = symbolon(&[
        "replay",
        "--programme",
        &programme,
        "--receipts",
        &csv,
        "--map",
        MAP,
        "--database",
        &database,
    ])
    .exits(0);
    let told = ran.out();
    for expected in [
        "4 receipts, 3 returns and 0 actions booked, 0 were booked already",
        "return lines: 1 matched, 1 partly, 2 unmatched",
        "refused: 1 × the price is negative",
        "row 9: the price is negative",
        "in the database: 2 members, 4 receipts, 3 returns",
        "points: earned 41, reversed 27, redeemed 0, expired 0, balance 14",
    ] {
        assert!(told.contains(expected), "{expected} is not in\n{told}");
    }
}

#[test]
fn every_row_a_receipt_with_an_amount() {
    let folder = Folder::new();
    let rows = "who,day,sum\nana,2027-01-04,10.50\nana,2027-01-04,10.50\nben,2027-01-05,0.99\n";
    let csv = folder.write("rows.csv", rows);
    let database = folder.database("shop.db");
    let map = "receipt=#row member=who at=day amount=sum";
    let summary = replay(&database, &csv, map, &[]).exits(0).json();
    assert_eq!(summary["this_run"]["receipts"], 3);
    assert_eq!(summary["in_database"]["points"]["points"]["earned"], "20");
    // A date without a time is noon in the programme's zone.
    assert_eq!(summary["in_database"]["at"], "2027-01-05T17:00:00Z");
    verified(&database);
}

#[test]
fn rows_as_actions_count_once_a_day() {
    let folder = Folder::new();
    let programme = folder.write("visits.toml", VISITS);
    let rows =
        "who,day\nana,21-07-2026\nana,21-07-2026\nana,22-07-2026\nben,21-07-2026\n,22-07-2026\n";
    let csv = folder.write("visits.csv", rows);
    let database = folder.database("shop.db");
    let more = ["--as", "action:visit", "--date-format", "%d-%m-%Y"];
    let summary =
        replay_by(&programme, &database, &csv, "member=who at=day", &more).exits(0).json();
    assert_eq!(summary["this_run"]["actions"], 3);
    assert_eq!(summary["this_run"]["lines_refused"], json!({ "the member is missing": 1 }));
    assert_eq!(summary["in_database"]["points"]["stamps"]["balance"], "3");
    verified(&database);
    let unknown = ["--as", "action:dance"];
    let ran = replay_by(&programme, &database, &csv, "member=who at=day", &unknown).exits(2);
    assert!(ran.out().contains("declares no action `dance`"), "{}", ran.out());
}

/// A number begins anew each morning in many shops: the day is part of a receipt's name.
#[test]
fn the_same_number_on_another_day_is_another_receipt() {
    let folder = Folder::new();
    let rows = "receipt,sku,quantity,unit_price,at,member\n\
        1,tea,1,5.90,2027-01-04T09:00:00,ana\n\
        1,tea,1,5.90,2027-01-05T09:00:00,ben\n\
        1,tea,1,5.90,2027-01-06T09:00:00,ana\n";
    let csv = folder.write("days.csv", rows);
    let database = folder.database("shop.db");
    let summary = replay(&database, &csv, MAP, &[]).exits(0).json();
    assert_eq!(summary["this_run"]["receipts"], 3, "{summary}");
    assert_eq!(summary["this_run"]["lines_refused"], json!({}));
    assert_eq!(summary["in_database"]["points"]["points"]["earned"], "15");
}

/// A file that cannot be understood is refused whole: exit code 2, a hint, no database.
fn refused_whole(csv: impl AsRef<[u8]>, map: &str, more: &[&str], hint: &str) {
    let folder = Folder::new();
    let csv = folder.write("broken.csv", csv);
    let ran = replay(&folder.database("shop.db"), &csv, map, more).exits(2);
    let error = ran.json();
    let told = format!("{} {}", error["error"], error["hint"]);
    assert!(told.contains(hint), "{told} does not say {hint}");
    assert!(!folder.file("shop.db").exists(), "nothing is made for a file that is refused");
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_a_question() {
    let with = |dates: [&str; 2]| {
        let rows = dates.map(|date| format!("1,tea,1,5.00,{date},ana\n")).concat();
        format!("receipt,sku,quantity,unit_price,at,member\n{rows}")
    };
    refused_whole(with(["03/04/2027", "05/04/2027"]), MAP, &[], "--date-format %d/%m/%Y");
    refused_whole(with(["03-04-2027", "05-04-2027"]), MAP, &[], "two ways");
    refused_whole(with(["2027-01-04", "yesterday"]), MAP, &[], "--date-format %d-%m-%Y");
    refused_whole(with(["2027-01-04", "05.01.2027"]), MAP, &[], "one known form");
    for (dates, format, day) in [
        (["13/01/2027", "05/01/2027"], None, "2027-01-13"),
        (["01/13/2027", "01/05/2027"], None, "2027-01-13"),
        (["13.01.2027", "05.01.2027"], None, "2027-01-13"),
        (["20270113", "20270105"], None, "2027-01-13"),
        (["2027-01-13 10:00:00", "2027-01-05T10:00"], None, "2027-01-13"),
        (["13.01.2027 10:00", "05.01.2027 11:00"], None, "2027-01-13"),
        (["03/04/2027", "05/02/2027"], Some("%d/%m/%Y"), "2027-04-03"),
        (["03/04/2027", "05/02/2027"], Some("%m/%d/%Y"), "2027-05-02"),
    ] {
        let folder = Folder::new();
        let csv = folder.write("dates.csv", with(dates));
        let more = format.map_or(vec![], |format| vec!["--date-format", format]);
        let summary = replay(&folder.database("shop.db"), &csv, MAP, &more).exits(0).json();
        let at = summary["in_database"]["at"].as_str().unwrap_or_default();
        let is_that_noon = at.starts_with(&format!("{day}T1")) && at.ends_with(":00:00Z");
        assert!(is_that_noon, "{dates:?}: {at}");
    }
}

#[test]
fn columns_that_are_missing_are_named() {
    let csv = "receipt,sku,quantity,unit_price,at,member\n1,tea,1,5.00,2027-01-04,ana\n";
    for (map, hint) in [
        ("receipt=receipt at=at", "`quantity=…` is missing"),
        ("receipt=receipt at=at quantity=quantity", "`unit_price=…` is missing"),
        ("receipt=receipt quantity=quantity unit_price=unit_price", "`at=…` is missing"),
        ("at=at quantity=quantity unit_price=unit_price", "`receipt=…` is missing"),
        ("receipt=number at=at", "no column `number`"),
        ("receipt=receipt at=at colour=sku", "`colour` is not one of"),
        ("receipt at=at", "`receipt` is not name=column"),
        ("", "is missing"),
    ] {
        refused_whole(csv, map, &[], hint);
    }
    refused_whole(csv, "at=at", &["--as", "action:visit"], "no action `visit`");
    refused_whole(csv, MAP, &["--as", "sales"], "--as");
    refused_whole("", MAP, &[], "no column");
}

/// Case 72: a broken file books nothing, not even the rows before the break.
#[test]
fn case_72_a_broken_file_books_nothing() {
    let good = "receipt,sku,quantity,unit_price,at,member\n1,tea,1,5.00,2027-01-04,ana\n";
    refused_whole(format!("{good}2,tea,1,5.00\n"), MAP, &[], "is broken");
    refused_whole(format!("{good}2,tea,1,5.00,2027-01-04,ana,x\n"), MAP, &[], "is broken");
    let mut bytes = good.as_bytes().to_vec();
    bytes.extend(b"2,t\xff\xfe,1,5.00,2027-01-04,ana\n");
    refused_whole(bytes, MAP, &[], "UTF-8");
    let folder = Folder::new();
    let missing = folder.file("missing.csv");
    let ran = replay(&folder.database("shop.db"), &missing, MAP, &[]).exits(2);
    assert!(ran.out().contains("cannot be read"), "{}", ran.out());
    // A mark at the beginning and lines that end as on Windows break nothing.
    let windows = format!("\u{feff}{}", good.replace('\n', "\r\n"));
    let csv = folder.write("windows.csv", windows);
    let summary = replay(&folder.database("windows.db"), &csv, MAP, &[]).exits(0).json();
    assert_eq!(summary["in_database"]["points"]["points"]["earned"], "5");
}

#[test]
fn programmes_that_do_not_fit_book_nothing() {
    let folder = Folder::new();
    let csv = folder.write("small.csv", SMALL);
    let database = folder.database("shop.db");
    let broken = folder.write("broken.toml", "format = 1\n");
    replay_by(&broken, &database, &csv, MAP, &[]).exits(1);
    replay_by(&folder.file("missing.toml"), &database, &csv, MAP, &[]).exits(2);
    assert!(!folder.file("shop.db").exists());
    replay(&database, &csv, MAP, &["--currency", "GBP"]).exits(0);
    // The database now holds a programme in another currency.
    let ran = replay(&database, &csv, MAP, &[]).exits(1);
    assert!(ran.out().contains("the currency cannot change"), "{}", ran.out());
    replay_by(&programme_path("flying-club"), &database, &csv, MAP, &[]).exits(1);
    verified(&database);
}

/// Receipts, returns and guests, enough for many batches.
fn long_history() -> String {
    let mut chance = fastrand::Rng::with_seed(11);
    let mut csv = String::from("receipt,sku,quantity,unit_price,at,member\n");
    for number in 0..2_500 {
        let day = 1 + number / 200;
        let minute = number % 200;
        let at = format!("2027-01-{day:02}T{:02}:{:02}:00", 8 + minute / 60, minute % 60);
        let member = chance.u32(0..120);
        let member = if member < 100 { format!("m{member}") } else { String::new() };
        let quantity = if chance.u32(0..10) == 0 { -1 } else { chance.i32(1..4) };
        let cents = chance.u32(1..9_000);
        let price = format!("{}.{:02}", cents / 100, cents % 100);
        let sku = chance.u32(0..20);
        csv += &format!("{number},s{sku},{quantity},{price},{at},{member}\n");
    }
    csv
}

fn receipts_in(store: &Store) -> i64 {
    let counted = store.read(|reader| {
        let row = reader.query_one("select count(*) as n from activity", &[])?;
        row.get::<i64>("n")
    });
    counted.map_err(|error: StoreError| error.to_string()).expect("a count")
}

/// Case 21 and I9: killed in the middle again and again, and replayed to the end, it is as if
/// nothing had happened.
#[test]
fn case_21_killed_in_the_middle_and_replayed_it_ends_in_the_same_state() {
    let folder = Folder::new();
    let csv = folder.write("long.csv", long_history());
    let whole = folder.database("whole.db");
    let expected = replay(&whole, &csv, MAP, &[]).exits(0).json();
    let all = receipts_in(&Store::open(&DatabaseUrl::parse(&whole).expect("whole")).expect("open"));

    let killed = folder.database("killed.db");
    // Made beforehand, so that it can be watched from the beginning.
    let app = open_app(&killed, &programme_text("boloco-card"), 3);
    let (programme, csv_text) = (programme_path("boloco-card"), csv.display().to_string());
    let programme = programme.display().to_string();
    for share in [0, 3, 6] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_symbolon"))
            .args(["replay", "--programme", &programme, "--receipts", &csv_text])
            .args(["--map", MAP, "--database", &killed])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Until it has booked a little more. It ends by itself if the moment is missed.
        while receipts_in(&app.store) <= all * share / 10
            && child.try_wait().expect("a child").is_none()
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("a child");
        child.wait().expect("a child");
        let booked = receipts_in(&app.store);
        assert!(booked > all * share / 10, "it ended too early: {booked} of {all}");
        assert!(booked < all, "it was not killed in the middle: {booked} of {all}");
        verified(&killed);
    }
    let summary = replay(&killed, &csv, MAP, &[]).exits(0).json();
    assert!(summary["this_run"]["already_booked"].as_u64().is_some_and(|booked| booked > 0));
    assert_eq!(summary["in_database"], expected["in_database"]);
    assert_eq!(summary["this_run"]["lines"], expected["this_run"]["lines"]);
    verified(&killed);
    let done = |summary: &Value, what: &str| summary["this_run"][what].as_u64().unwrap_or(0);
    let documents = ["receipts", "returns", "already_booked"].map(|what| done(&summary, what));
    let of_whole = ["receipts", "returns"].map(|what| done(&expected, what));
    assert_eq!(documents.iter().sum::<u64>(), of_whole.iter().sum::<u64>());
}
