//! Real purchase histories through `symbolon replay`, checked against sums computed here from
//! the files alone, in whole numbers. The data is not in the repository.

use crate::replay::{VISITS, replay, replay_by, verified};
use crate::support::{Folder, repository, skip};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A file of the data, or the reason why the test cannot run.
pub fn data(test: &str, file: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where the data lies is a setting")]
    let folder = std::env::var("SYMBOLON_DATA")
        .map_or_else(|_| repository().join("../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    skip(test, &format!("{} is not there; set SYMBOLON_DATA", path.display()));
    None
}

fn rows(path: &std::path::Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// `12.5` as 1250: in cents, without a float. More than two decimals do not occur.
fn cents(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= 2, "{text}");
    let negative = whole.starts_with('-');
    let whole: i64 = whole.trim_start_matches('-').parse().expect("a number");
    let fraction: i64 = format!("{fraction:0<2}").parse().expect("a number");
    let cents = whole * 100 + fraction;
    if negative { -cents } else { cents }
}

#[test]
fn online_retail_earns_the_floor_of_every_members_receipt() {
    let Some(path) = data("online-retail", "online-retail-2011.csv") else { return };
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    let mut receipts = BTreeSet::new();
    for row in rows(&path) {
        let quantity: i64 = row["quantity"].parse().expect("a whole number");
        let price = cents(&row["unit_price"]);
        if quantity <= 0 || price < 0 {
            continue;
        }
        receipts.insert(row["invoice"].clone());
        if !row["customer"].is_empty() {
            *totals.entry(row["invoice"].clone()).or_default() += quantity * price;
        }
    }
    let earned: i64 = totals.values().map(|total| total / 100).sum();
    assert!(earned > 100_000, "the file is not what it should be");
    let folder = Folder::new();
    let database = folder.database("shop.db");
    let map = "receipt=invoice sku=sku quantity=quantity unit_price=unit_price at=at \
               member=customer";
    let summary = replay(&database, &path, map, &["--currency", "GBP"]).exits(0).json();
    assert_eq!(summary["in_database"]["points"]["points"]["earned"], earned.to_string());
    assert_eq!(summary["this_run"]["receipts"], receipts.len());
    assert_eq!(summary["this_run"]["documents_refused"], serde_json::json!({}));
    assert_eq!(summary["in_database"]["members"], 215);
    verified(&database);
}

#[test]
fn groceries_are_as_many_visits_as_members_had_days() {
    let Some(path) = data("groceries", "groceries.csv") else { return };
    let visits: BTreeSet<(String, String)> = rows(&path)
        .into_iter()
        .map(|mut row| {
            let mut take = |name: &str| row.remove(name).expect(name);
            (take("Member_number"), take("Date"))
        })
        .collect();
    let members: BTreeSet<&String> = visits.iter().map(|(member, _)| member).collect();
    let folder = Folder::new();
    let programme = folder.write("visits.toml", VISITS);
    let database = folder.database("shop.db");
    let more = ["--as", "action:visit", "--date-format", "%d-%m-%Y"];
    let map = "member=Member_number at=Date";
    let summary = replay_by(&programme, &database, &path, map, &more).exits(0).json();
    assert_eq!(summary["this_run"]["actions"], visits.len());
    assert_eq!(summary["in_database"]["members"], members.len());
    let earned = &summary["in_database"]["points"]["stamps"]["earned"];
    assert_eq!(*earned, visits.len().to_string());
}

#[test]
fn cdnow_earns_the_floor_of_every_purchase() {
    let Some(path) = data("cdnow", "cdnow.csv") else { return };
    let mut rows = rows(&path);
    let folder = Folder::new();
    let mut file = path;
    if cfg!(debug_assertions) {
        // An unoptimised program would take most of a minute for all of it.
        const PREFIX: usize = 3_000;
        eprintln!("cdnow: only the first {PREFIX} of {} rows in a debug build", rows.len());
        let text = std::fs::read_to_string(&file).expect("a file");
        let prefix: Vec<&str> = text.lines().take(PREFIX + 1).collect();
        file = folder.write("cdnow.csv", prefix.join("\n"));
        rows.truncate(PREFIX);
    }
    let earned: i64 = rows.iter().map(|row| cents(&row["amount"]) / 100).sum();
    let members: BTreeSet<&String> = rows.iter().map(|row| &row["customer"]).collect();
    let database = folder.database("shop.db");
    let map = "receipt=#row member=customer at=date amount=amount";
    let summary = replay(&database, &file, map, &[]).exits(0).json();
    assert_eq!(summary["in_database"]["points"]["points"]["earned"], earned.to_string());
    assert_eq!(summary["this_run"]["receipts"], rows.len());
    assert_eq!(summary["in_database"]["members"], members.len());
}
