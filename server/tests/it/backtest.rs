//! `symbolon backtest`: small pasts worked out by hand, and real ones worked out again by the
//! independent scripts in `backtest/*.py`, in whole numbers and from the file alone.

use crate::replay::MAP;
use crate::replay_data::data;
use crate::support::{Folder, Ran, Shop, programme_path, programme_text, receipt, skip, symbolon};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

fn back_test(first: &Path, second: &Path, more: &[&str]) -> Ran {
    let (first, second) = (first.display().to_string(), second.display().to_string());
    let mut arguments = vec!["--format", "json", "backtest", "--programme", &first];
    arguments.extend(["--against", &second]);
    arguments.extend(more);
    symbolon(&arguments)
}

/// A copy of a programme in which each of the texts is another one.
fn copy(folder: &Folder, name: &str, changes: &[(&str, &str)]) -> PathBuf {
    let mut text = programme_text(name);
    for (from, to) in changes {
        assert!(text.contains(from), "{name} says no more: {from}");
        text = text.replace(from, to);
    }
    folder.write("copy.toml", text)
}

/// What the independent script says of the first rows of a file.
fn script(test: &str, name: &str, file: &Path, rows: Option<usize>) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/backtest").join(name);
    let mut command = Command::new("python3");
    command.arg(path).arg(file).args(rows.map(|rows| rows.to_string()));
    let Ok(output) = command.output() else {
        skip(test, "there is no python3");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// The first rows of a file where the program is not optimised; all of it otherwise.
fn some_rows(folder: &Folder, test: &str, file: PathBuf, most: usize) -> (PathBuf, Option<usize>) {
    if !cfg!(debug_assertions) {
        return (file, None);
    }
    eprintln!("{test}: only the first {most} rows in a debug build");
    let text = std::fs::read_to_string(&file).expect("a file");
    let prefix: Vec<&str> = text.lines().take(most + 1).collect();
    (folder.write("prefix.csv", prefix.join("\n")), Some(most))
}

/// `12.50` as 1250.
fn cents(value: &Value) -> i64 {
    let text = value.as_str().expect("a decimal").replace('.', "");
    text.parse().expect("cents")
}

/// A8: what another programme would have cost, to the cent.
#[test]
fn a8_the_flying_club_and_a_copy_with_other_rates_cost_what_an_independent_script_says() {
    let test = "backtest-flying-club";
    let Some(file) = data(test, "cdnow.csv") else { return };
    let folder = Folder::new();
    let (file, rows) = some_rows(&folder, test, file, 4_000);
    let Some(expected) = script(test, "flying_club.py", &file, rows) else { return };
    let changes = [
        (
            "{ points = \"miles\", give = 1, per = \"1.00\" }",
            "{ points = \"miles\", give = 3, per = \"2.00\" }",
        ),
        ("from = 400", "from = 15"),
        ("from = 1000", "from = 40"),
    ];
    let copy = copy(&folder, "flying-club", &changes);
    let file = file.display().to_string();
    let more = [
        "--receipts",
        &file,
        "--map",
        "receipt=#row member=customer at=date amount=amount",
        "--worth",
        "miles=0.00125",
    ];
    let found = back_test(&programme_path("flying-club"), &copy, &more).exits(0).json();
    assert_eq!(found["receipts"], expected["receipts"]);
    assert_eq!(found["receipts_that_differ"], expected["receipts_that_differ"]);
    for side in ["programme", "against"] {
        let (found, expected) = (&found[side], &expected[side]);
        assert_eq!(found["points"]["miles"]["issued"], expected["miles"].to_string(), "{side}");
        assert_eq!(found["points"]["miles"]["liability"], expected["miles"].to_string(), "{side}");
        let tier_points = &found["points"]["tier-points"]["issued"];
        assert_eq!(*tier_points, expected["tier_points"].to_string(), "{side}");
        assert_eq!(cents(&found["cost"]), expected["cost_cents"], "{side}");
        let club = &found["tiers"]["club"];
        for (rank, tier) in ["red", "silver", "gold"].iter().enumerate() {
            assert_eq!(club["members_at_the_end"][tier], expected["tiers"][rank], "{side} {tier}");
        }
        let moves = club["moves"].as_array().expect("moves");
        let moves: i64 = moves.iter().filter_map(|moved| moved["times"].as_i64()).sum();
        assert_eq!(moves, expected["moves"], "{side}");
    }
    let shown = found["differences"].as_array().expect("differences");
    assert_eq!(shown.len(), 100);
    let reasons = &shown[0]["against"]["reasons"];
    assert!(reasons.to_string().contains("Miles for flights"), "{reasons}");
}

/// A8, D7: another ladder of discounts, with returns that name no receipt.
#[test]
fn a8_the_supplier_and_a_copy_with_another_ladder_cost_what_an_independent_script_says() {
    let test = "backtest-supplier";
    let Some(file) = data(test, "online-retail-2011.csv") else { return };
    let folder = Folder::new();
    let (file, rows) = some_rows(&folder, test, file, 6_000);
    let Some(expected) = script(test, "supplier_b2b.py", &file, rows) else { return };
    let changes = [
        ("{ from = 10, percent = 4 }", "{ from = 12, percent = 3 }"),
        ("{ from = 50, percent = 7 }", "{ from = 48, percent = 8 }"),
        ("{ from = 200, percent = 10 }", "{ from = 200, percent = 12 }"),
        ("{ from = 50000, percent = 2 }", "{ from = 2000, percent = 1 }"),
        ("{ from = 200000, percent = 4 }", "{ from = 10000, percent = 5 }"),
    ];
    let copy = copy(&folder, "supplier-b2b", &changes);
    let file = file.display().to_string();
    let map = "receipt=invoice sku=sku quantity=quantity unit_price=unit_price at=at \
               member=customer";
    let more = ["--currency", "GBP", "--receipts", &file, "--map", map];
    let found = back_test(&programme_path("supplier-b2b"), &copy, &more).exits(0).json();
    assert_eq!(found["receipts"], expected["receipts"]);
    assert_eq!(found["receipts_that_differ"], expected["receipts_that_differ"]);
    for side in ["programme", "against"] {
        let (found, expected) = (&found[side], &expected[side]);
        let whole = |name: &str| expected[name].as_i64().expect(name);
        assert_eq!(found["refused"], serde_json::json!({}), "{side}");
        assert_eq!(cents(&found["sales"]), whole("listed") - whole("listed_back"), "{side}");
        assert_eq!(cents(&found["paid"]), whole("paid") - whole("refunded"), "{side}");
        assert_eq!(cents(&found["cost"]), whole("cost"), "{side}");
    }
    // The same on one thread, to the letter: sums do not depend on who made them.
    let one = [&more[..], &["--threads", "1"]].concat();
    let mut alone = back_test(&programme_path("supplier-b2b"), &copy, &one).exits(0).json();
    alone["threads"] = found["threads"].clone();
    assert_eq!(alone, found);
}

const SHOP: &str = r#"
format = 1
id = "shop"
name.en = "Shop"
currency = "USD"
timezone = "America/New_York"

[points.points]
expires = "12 months after earning"
worth = "0.05"
name.en = { one = "point", other = "points" }

[[rule]]
id = "points"
name.en = "Points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
"#;

const SMALL: &str = "\
receipt,sku,quantity,unit_price,at,member,cost
1,latte,2,3.50,2027-01-04T12:00:00,ana,1.00
2,mug,1,20.00,2027-01-05T12:00:00,ben,12.00
3,tea,1,5.00,2027-01-05T13:00:00,,1.00
C2,mug,-1,20.00,2027-01-06T12:00:00,ben,12.00
4,latte,4,3.50,2027-02-04T12:00:00,ana,1.00
";

fn small(folder: &Folder) -> Vec<String> {
    let csv = folder.write("small.csv", SMALL).display().to_string();
    ["--receipts".to_owned(), csv, "--map".to_owned(), format!("{MAP} unit_cost=cost")].into()
}

/// A8: cost, liability, margin and who wins, small enough to be worked out by hand.
#[test]
fn a8_profit_and_loss_of_a_small_past_by_hand() {
    let folder = Folder::new();
    let first = folder.write("first.toml", SHOP);
    // Ten per cent off lattes for members, instead of points.
    let second = SHOP.replace(
        "earn = { points = \"points\", give = 1, per = \"1.00\" }",
        "discount = { percent = 10, where = 'line.product == \"latte\"' }",
    );
    let second = folder.write("second.toml", second);
    let more = small(&folder);
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let found = back_test(&first, &second, &more).exits(0).json();
    let (points, discount) = (&found["programme"], &found["against"]);
    // 7 + 14 points for lattes; the 20 for the mug came back with it.
    assert_eq!(points["points"]["points"]["issued"], "41");
    assert_eq!(points["points"]["points"]["taken_back"], "20");
    assert_eq!(points["points"]["points"]["liability"], "21");
    assert_eq!(points["points"]["points"]["liability_in_money"], "1.05");
    assert_eq!(points["cost"], "1.05");
    assert_eq!(points["sales"], "26.00");
    assert_eq!(points["cost_per_cent_of_sales"], "4.04");
    // Lattes for 21.00 less ten per cent.
    assert_eq!(discount["given_at_the_till"], "2.10");
    assert_eq!(discount["cost"], "2.10");
    assert_eq!(discount["paid"], "23.90");
    // 26.00 less two and four lattes and a tea at 1.00 each.
    assert_eq!(discount["margin"]["before_programme"], "19.00");
    assert_eq!(discount["margin"]["after_programme"], "16.90");
    assert_eq!(points["margin"]["after_programme"], "19.00");
    // Receipts of the guest are the same; Ben's mug earned points before it came back.
    assert_eq!(found["receipts_that_differ"], 3);
    let all: Vec<&Value> = found["segments"].as_array().expect("segments").iter().collect();
    let two_to_four = all.iter().find(|s| s["segment"] == "2 to 4 receipts").expect("a segment");
    // Ana gets 2.10 instead of 21 points worth 1.05.
    assert_eq!(two_to_four["members"], 1);
    assert_eq!(two_to_four["get_more"], 1);
    assert_eq!(two_to_four["programme"]["cost"], "1.05");
    assert_eq!(two_to_four["against"]["cost"], "2.10");
    let once = all.iter().find(|s| s["segment"] == "1 receipt").expect("a segment");
    assert_eq!(once["get_the_same"], 1);
}

/// A programme against itself differs in nothing (I11).
#[test]
fn a_programme_does_not_differ_from_itself() {
    let folder = Folder::new();
    let shop = folder.write("shop.toml", SHOP);
    let more = small(&folder);
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let mut found = back_test(&shop, &shop, &more).exits(0).json();
    assert_eq!(found["receipts_that_differ"], 0);
    assert_eq!(found["programme"].take(), found["against"].take());
}

/// Limits for all: one order over all members, and the day on which a budget ends.
#[test]
fn a8_a_budget_is_used_up_on_the_day_that_the_past_says() {
    let folder = Folder::new();
    let first = folder.write("first.toml", SHOP);
    let rule = r#"
[[rule]]
id = "opening"
name.en = "Opening"
on = "purchase"
for = "everyone"
discount = { percent = 50 }
limit = { budget = "13.50" }
"#;
    let second = folder.write("second.toml", format!("{SHOP}{rule}"));
    let more = small(&folder);
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let found = back_test(&first, &second, &more).exits(0).json();
    assert_eq!(found["in_one_order"], true);
    assert_eq!(found["threads"], 1);
    let used_up = &found["against"]["budgets_used_up"];
    // Half of 7.00 and of 20.00; the tea finds nothing left, and the mug comes back a day later.
    assert_eq!(used_up[0]["of"], "opening", "{used_up}");
    assert_eq!(used_up[0]["used_up_on"], "2027-01-05", "{used_up}");
    assert_eq!(found["programme"]["budgets_used_up"], serde_json::json!([]));
    let text = ["backtest", "--programme", &first.display().to_string(), "--against"];
    let second = second.display().to_string();
    let said = symbolon(&[&text[..], &[&second], &more[..]].concat()).exits(0);
    assert!(said.out().contains("opening (money) used up on 2027-"), "{}", said.out());
}

/// A past that a database holds comes to the same as the file it was booked from.
#[test]
fn a_database_and_its_file_come_to_the_same() {
    let folder = Folder::new();
    let shop = folder.write("shop.toml", SHOP);
    let richer = folder.write("richer.toml", SHOP.replace("give = 1", "give = 2"));
    let csv = folder.write("small.csv", SMALL);
    let database = folder.database("shop.db");
    crate::replay::replay_by(&shop, &database, &csv, MAP, &[]).exits(0);
    let from_database = back_test(&shop, &richer, &["--database", &database]).exits(0).json();
    let csv = csv.display().to_string();
    let from_file = back_test(&shop, &richer, &["--receipts", &csv, "--map", MAP]).exits(0).json();
    for side in ["programme", "against"] {
        for figure in ["points", "cost", "sales", "paid", "receipts", "members", "refused"] {
            assert_eq!(from_database[side][figure], from_file[side][figure], "{side} {figure}");
        }
    }
    assert_eq!(from_database["receipts_that_differ"], from_file["receipts_that_differ"]);
}

/// A8, R1: what a purchase means for those who brought the member is decided again, too: with
/// levels twice as high, they get twice as much, and lose it again with the return.
#[test]
fn a8_r1_shares_for_friends_are_decided_again() {
    let shop = Shop::in_file("killfish");
    let till = shop.till();
    let [ana, ben, cem] = ["+12025550001", "+12025550002", "+12025550003"];
    let mut members = vec![shop.enrol(ana)];
    for (friend, by) in [(ben, ana), (cem, ben)] {
        let body = json!({ "phone": friend, "referrer": { "phone": by } });
        let joined = till.post("/v1/members", &body).expect(201);
        members.push(joined["id"].as_str().expect("an id").to_owned());
    }
    let evening = receipt("R1").of(cem).line("beer", "2", "500.00").json();
    let booked = till.post("/v1/receipts", &evening).expect(201);
    let back = json!({ "number": "A", "lines": [{ "line": 1, "quantity": 1 }] });
    let path = format!("/v1/receipts/{}/returns", booked["id"].as_str().expect("an id"));
    till.post(&path, &back).expect(201);
    let held: i64 = members
        .iter()
        .map(|member| {
            let shown = till.get(&format!("/v1/members/{member}")).expect(200);
            let of = |field: &str| shown["balances"][0][field].as_str()?.parse::<i64>().ok();
            of("available").unwrap_or(0) + of("pending").unwrap_or(0)
        })
        .sum();
    let folder = Folder::new();
    let changes = [("levels = [\"5\", \"2\", \"1\"]", "levels = [\"10\", \"4\", \"2\"]")];
    let doubled = copy(&folder, "killfish", &changes);
    let of_database = ["--database", shop.address()];
    let found = back_test(&programme_path("killfish"), &doubled, &of_database).exits(0).json();
    let points = |side: &str, figure: &str| -> i64 {
        let text = found[side]["points"]["points"][figure].as_str();
        text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{figure}: {found}"))
    };
    assert_eq!(points("programme", "liability"), held, "as it was booked");
    // 50 for Ben and 20 for Ana, once more; half of it goes with the return.
    assert_eq!(points("against", "issued") - points("programme", "issued"), 70);
    assert_eq!(points("against", "taken_back") - points("programme", "taken_back"), 35);
    assert_eq!(points("against", "liability") - held, 35);
    assert_eq!(found["in_one_order"], true);
}

/// What is asked wrongly is told before anything is decided.
#[test]
fn wrong_questions_are_told() {
    let folder = Folder::new();
    let shop = folder.write("shop.toml", SHOP);
    let euro = folder.write("euro.toml", SHOP.replace("USD", "EUR"));
    let more = small(&folder);
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let told = back_test(&shop, &euro, &more).exits(2).json();
    assert!(told["error"].to_string().contains("USD and the other in EUR"), "{told}");
    let told = back_test(&shop, &shop, &[]).exits(2).json();
    assert!(told["error"].to_string().contains("--receipts with --map"), "{told}");
    let worth = [&more[..], &["--worth", "stars=1"]].concat();
    let told = back_test(&shop, &shop, &worth).exits(2).json();
    assert!(told["error"].to_string().contains("no points `stars`"), "{told}");
}
