//! The command line through the real program: exit codes, words and JSON.

use crate::replay::{MAP, replay_by};
use crate::support::{
    Folder, PROGRAMMES, Ran, assert_clean, open_app, programme_path, programme_text, symbolon,
};
use serde_json::{Value, json};
use std::path::Path;
use symbolon::app::{App, ledger_overview};
use symbolon::store::StoreError;

fn check(files: &[&Path], format: &str) -> Ran {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let mut arguments = vec!["--format", format, "check"];
    arguments.extend(files.iter().map(String::as_str));
    symbolon(&arguments)
}

#[test]
fn the_ready_programmes_are_sound_and_their_stories_hold() {
    let files = PROGRAMMES.map(programme_path);
    let files: Vec<&Path> = files.iter().map(std::path::PathBuf::as_path).collect();
    let report = check(&files, "json").exits(0).json();
    assert_eq!((&report["ok"], &report["errors"]), (&json!(true), &json!(0)));
    let told: usize = PROGRAMMES
        .iter()
        .map(|name| {
            let stories = programme_path(name).with_extension("stories");
            let text = std::fs::read_to_string(stories).expect("stories");
            text.lines().filter(|line| line.starts_with("story:")).count()
        })
        .sum();
    assert!(told > 15);
    assert_eq!(report["stories"], told);
    let said = check(&files, "text").exits(0).out();
    assert!(said.contains("6 checked, 0 errors, 0 findings, 1 notes"), "{said}");
    assert!(said.contains(&format!("{told} stories told")), "{said}");
}

#[test]
fn a_broken_programme_is_told_where() {
    let folder = Folder::new();
    let text = programme_text("boloco-card").replace("give = 1,", "give = \"one\",");
    let line = text.lines().position(|line| line.contains("\"one\"")).expect("the line") + 1;
    let column = text.lines().nth(line - 1).and_then(|line| line.find("\"one\"")).expect("it") + 1;
    let file = folder.write("broken.toml", &text);
    let place = format!("{}:{line}:{column}: error: ", file.display());
    let said = check(&[&file], "text").exits(1).out();
    assert!(said.contains(&place), "{place} is not in {said}");
    let report = check(&[&file], "json").exits(1).json();
    assert_eq!(report["ok"], false);
    let remarks = report["remarks"].as_array().expect("remarks");
    assert!(
        remarks.iter().any(|remark| {
            remark["line"] == line && remark["column"] == column && remark["severity"] == "error"
        }),
        "{report}"
    ); // A sound one beside it does not help, and what is no TOML at all has a place as well.
    let nothing = folder.write("nothing.toml", "format = [");
    check(&[&programme_path("boloco-card"), &nothing], "text").exits(1);
    let said = check(&[&nothing], "text").exits(1).out();
    assert!(said.contains("nothing.toml:1:"), "{said}");
}

#[test]
fn a_story_that_does_not_hold_is_told_where() {
    let folder = Folder::new();
    let file = folder.write("card.toml", programme_text("boloco-card"));
    folder.write(
        "card.stories",
        "story: too much\n2027-01-03 12:10  Ana joins\n2027-01-03 12:10  Ana buys 1 tea at 5.00\n    earns 6 points\n",
    );
    let said = check(&[&file], "text").exits(1).out();
    assert!(said.contains("card.stories:4:1: error: story \"too much\""), "{said}");
    folder.write("card.stories", "story: nonsense\n2027-01-03  Ana flies\n");
    let said = check(&[&file], "text").exits(1).out();
    assert!(said.contains("card.stories:2:"), "{said}");
}

#[test]
fn wrong_use_has_exit_code_two() {
    let folder = Folder::new();
    let missing = folder.file("missing.toml");
    let ran = check(&[&missing], "text").exits(2);
    assert!(ran.error().contains("missing.toml cannot be read"), "{}", ran.error());
    let error = check(&[&missing], "json").exits(2).json();
    assert!(error["error"].as_str().is_some_and(|error| error.contains("cannot be read")));
    let nowhere = folder.database("missing.db");
    let programme = programme_path("boloco-card").display().to_string();
    for arguments in [
        vec![],
        vec!["check"],
        vec!["dance"],
        vec!["--format", "xml", "check", "x"],
        vec!["verify"],
        vec!["verify", "--database", "shop.db"],
        vec!["verify", "--database", "sqlite:"],
        vec!["verify", "--database", "sqlite://shop.db"],
        vec!["verify", "--database", "postgres://me:secret@host"],
        vec!["verify", "--database", &nowhere],
        vec!["explain", "--database", &nowhere, "1"],
        vec!["explain", "--database", "shop.db", "1"],
        vec!["explain", "--database", &nowhere, "1", "--language", "xx"],
        vec!["demo", "--no-server", "--programme", "none"],
        vec!["demo", "--no-server", "--database", "shop.db"],
        vec!["demo", "--no-server", "--until", "today"],
        vec!["serve", "--database", "shop.db"],
        vec!["serve", "--database", &nowhere, "--programme", "missing.toml"],
        vec!["replay", "--programme", &programme],
    ] {
        let ran = symbolon(&arguments).exits(2);
        let told = ran.out() + &ran.error();
        assert!(!told.trim().is_empty() && !told.contains("panicked"), "{arguments:?}: {told}");
        assert!(!told.contains("secret"), "an address may hold a password: {told}");
    }
    symbolon(&["--help"]).exits(0);
    symbolon(&["--version"]).exits(0);
}

/// To look at a database never makes one: a mistyped path is not a shop without faults.
#[test]
fn a_database_that_is_not_there_is_not_made_by_looking() {
    let folder = Folder::new();
    let nowhere = folder.database("mistyped.db");
    let ran = symbolon(&["verify", "--database", &nowhere]).exits(2);
    assert!(ran.error().contains("there is no database"), "{}", ran.error());
    symbolon(&["explain", "--database", &nowhere, "1"]).exits(2);
    assert!(!folder.file("mistyped.db").exists());
}

/// A shop in a file with a member's receipt, a guest's, and a number that occurs twice.
fn shop(folder: &Folder, programme: &str) -> String {
    let rows = "receipt,sku,quantity,unit_price,at,member\n\
        R1,latte,2,3.50,2027-01-04T12:00:00,ana\n\
        R2,tea,1,0.90,2027-01-04T13:00:00,ana\n\
        G1,tea,1,5.00,2027-01-04T14:00:00,\n\
        D,tea,1,5.00,2027-01-05T12:00:00,ana\n\
        D,tea,1,5.00,2027-01-06T12:00:00,ana\n";
    let csv = folder.write("rows.csv", rows);
    let database = folder.database("shop.db");
    replay_by(&programme_path(programme), &database, &csv, MAP, &[]).exits(0);
    database
}

#[test]
fn verify_exits_by_what_it_finds() {
    let folder = Folder::new();
    let database = shop(&folder, "boloco-card");
    let said = symbolon(&["verify", "--database", &database]).exits(0).out();
    assert!(said.contains("1 members, 5 activities"), "{said}");
    assert!(said.contains("1 guest activities folded again: no difference"), "{said}");
    let report = symbolon(&["--format", "json", "verify", "--database", &database]).exits(0).json();
    assert_eq!(report["clean"], true);
    assert_eq!(
        (&report["report"]["members"], &report["report"]["activities"]),
        (&json!(1), &json!(5))
    );
    let app = open_app(&database, &programme_text("boloco-card"), 1);
    let changed: Result<u64, StoreError> = app.store.write(|transaction| {
        transaction.execute("update entry set amount = amount + 1 where number = 1", &[])
    });
    assert_eq!(changed.expect("a statement"), 1);
    let ran = symbolon(&["verify", "--database", &database]).exits(1);
    assert!(
        ran.out().contains("mem_") && ran.out().contains("the entries differ"),
        "{}",
        ran.out()
    );
    let report = symbolon(&["--format", "json", "verify", "--database", &database]).exits(1).json();
    assert_eq!(report["clean"], false);
    assert!(report["report"]["differences"].as_array().is_some_and(|found| !found.is_empty()));
}

fn explain(database: &str, receipt: &str, language: &str) -> Ran {
    symbolon(&["explain", "--database", database, receipt, "--language", language])
}

#[test]
fn explain_says_why_and_why_not_in_each_language() {
    let folder = Folder::new();
    let database = shop(&folder, "boloco-card");
    for (receipt, language, expected) in [
        ("R1", "en", "A point per dollar – 7 points"),
        ("R1", "uk", "Бал за долар"),
        ("R1", "ru", "Балл за доллар"),
        ("R1", "nb", "Ett poeng per dollar"),
        ("R2", "en", "A point per dollar – gave nothing: $0.10 more needed"),
        ("G1", "en", "A point per dollar – not given: only for members"),
        ("G1", "uk", "Бал за долар — не дано: лише для учасників"),
    ] {
        // Figures and their nouns are held together by a space that does not break.
        let said = explain(&database, receipt, language).exits(0).out().replace('\u{a0}', " ");
        assert!(said.contains(expected), "{expected} is not in {said}");
        assert!(said.contains(&format!("{receipt} judged by version 1 at 2027-01-04T1")), "{said}");
        assert!(!said.contains('⟦'), "{said}");
    }
    let explained = symbolon(&["--format", "json", "explain", "--database", &database, "R1"]);
    let explained = explained.exits(0).json();
    assert_eq!(explained["same_as_booked"], true);
    assert_eq!(explained["reasons"][0]["reason"], "earned");
    let id = explained["id"].as_str().expect("an id").to_owned();
    let by_id = symbolon(&["--format", "json", "explain", "--database", &database, &id]);
    assert_eq!(by_id.exits(0).json(), explained);
    let ran = explain(&database, "R9", "en").exits(1);
    assert!(ran.error().contains("there is no receipt `R9`"), "{}", ran.error());
    let ran = explain(&database, "D", "en").exits(1);
    let told = ran.error();
    assert!(told.contains("several receipts") && told.matches("act_").count() == 2, "{told}");
    explain(&database, "rcp_00000000000000000000000000", "en").exits(1);
}

#[test]
fn explain_shows_the_facts_behind_a_condition() {
    let folder = Folder::new();
    let database = shop(&folder, "discount-card");
    let said = explain(&database, "R1", "en").exits(0).out();
    // Every rule is named, also those that an index would never have looked at.
    let rules =
        ["Discount by card", "Closed sale", "Price of the neighbourhood", "Offer of a card"];
    for rule in rules {
        assert!(said.contains(rule), "{rule} is not in {said}");
    }
    let said = explain(&database, "G1", "uk").exits(0).out();
    assert!(said.contains("offer-card: ") && said.contains("receipt.total"), "{said}");
}

fn demo(folder: &Folder, name: &str, programme: &str, seed: &str) -> App {
    let database = folder.database(name);
    let ran = symbolon(&[
        "demo",
        "--no-server",
        "--programme",
        programme,
        "--members",
        "30",
        "--seed",
        seed,
        "--until",
        "2027-03-02T17:00:00Z",
        "--database",
        &database,
    ])
    .exits(0);
    assert!(ran.out().contains(&database), "{}", ran.out());
    open_app(&database, &programme_text(programme), 1)
}

#[test]
fn the_same_seed_gives_the_same_demo() {
    let folder = Folder::new();
    let first = demo(&folder, "first.db", "boloco-card", "7");
    let second = demo(&folder, "second.db", "boloco-card", "7");
    let other = demo(&folder, "other.db", "boloco-card", "8");
    let figures = |app: &App| ledger_overview(app).expect("figures");
    assert_eq!(figures(&first), figures(&second));
    assert_ne!(figures(&first), figures(&other));
    assert_eq!(figures(&first).members, 30);
    assert!(figures(&first).receipts > 100 && figures(&first).returns > 0);
    assert!(figures(&first).points[0].redeemed > 0);
    assert_clean(&first);
    for programme in ["flying-club", "discount-card"] {
        assert_clean(&demo(&folder, &format!("{programme}.db"), programme, "7"));
    }
    // Once more on a shop that is there: nothing is added to it.
    let again = demo(&folder, "first.db", "boloco-card", "9");
    assert_eq!(figures(&first), figures(&again));
}

#[test]
fn the_benchmark_checks_its_answers() {
    let bench = ["bench", "engine", "--rules", "100", "--rounds", "1", "--decisions", "50"];
    let arguments = ["--format", "json"].iter().chain(&bench).copied().collect::<Vec<_>>();
    let measured = symbolon(&arguments).exits(0).json();
    assert_eq!(measured["wrong_answers"], 0);
    assert_eq!(measured["sizes"].as_array().map(Vec::len), Some(1));
    assert_ne!(measured["sizes"][0]["rules"], Value::Null);
    assert!(symbolon(&bench).exits(0).out().contains("wrong answers: 0"));
}

#[test]
fn describe_says_what_a_programme_chooses() {
    let file = programme_path("supplier-b2b");
    let file = file.to_str().expect("a path");
    let said = symbolon(&["describe", file]).exits(0).out();
    assert!(said.starts_with("Supplier of shops\n"), "{said}");
    let differing = "* percentages = \"add\": Several percentages add up: each counts on the price \
                     as it was.\n";
    assert!(said.contains(differing), "{said}");
    assert!(said.contains("\n  threshold = \"handed-in\": "), "{said}");
    assert!(
        said.contains("\n* All discounts together take at most 30% off the goods.\n"),
        "{said}"
    );
    for language in ["ru", "uk", "nb"] {
        let other = symbolon(&["describe", file, "--language", language]).exits(0).out();
        assert_eq!(other.lines().count(), said.lines().count());
        assert_ne!(other, said);
    }
    let told = symbolon(&["describe", file, "--format", "json"]).exits(0).out();
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let settings = told["settings"].as_array().expect("settings");
    assert_eq!(settings.iter().filter(|setting| setting["is_default"] == false).count(), 1);
    symbolon(&["describe", file, "--language", "xx"]).exits(2);
    symbolon(&["describe", "nowhere.toml"]).exits(2);
}
