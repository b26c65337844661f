//! `symbolon simulate`: the model against published figures, against a future that is known, and
//! the verdict in words.

use crate::replay_data::data;
use crate::support::{Folder, Ran, programme_path, symbolon};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use symbolon::insight::{Rhythm, Seen};

/// Customers' days of purchase, from a file with `customer`, `date`, `in_sample`.
fn days(
    path: &std::path::Path,
    sample_only: bool,
) -> BTreeMap<String, BTreeSet<jiff::civil::Date>> {
    let mut customers: BTreeMap<String, BTreeSet<jiff::civil::Date>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path).expect("a file");
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.expect("a row");
        if !sample_only || row["in_sample"] == "1" {
            let day = row["date"].parse().expect("a date");
            customers.entry(row["customer"].clone()).or_default().insert(day);
        }
    }
    customers
}

fn weeks(from: jiff::civil::Date, until: jiff::civil::Date) -> f64 {
    f64::from(from.until(until).expect("a span").get_days()) / 7.0
}

/// Fader, Hardie and Lee (2005) fit the same model to the same customers: r = 0.243,
/// α = 4.414, a = 0.793, b = 2.426, log-likelihood −9582.4.
#[test]
fn the_rhythm_of_cdnow_is_the_published_one() {
    let Some(path) = data("simulate-published", "cdnow.csv") else { return };
    let end: jiff::civil::Date = "1997-09-30".parse().expect("a date");
    let seen: Vec<Seen> = days(&path, true)
        .values()
        .map(|days| {
            let days: Vec<_> = days.iter().filter(|day| **day <= end).collect();
            let (first, last) = (*days[0], **days.last().expect("a day"));
            let again = u32::try_from(days.len() - 1).expect("a small number");
            Seen { again, last: weeks(first, last), watched: weeks(first, end) }
        })
        .collect();
    assert_eq!(seen.len(), 2_357);
    let rhythm = Rhythm::fit(&seen).expect("somebody bought");
    let near = |found: f64, published: f64, by: f64| {
        assert!((found - published).abs() <= by, "{found} is not {published}: {rhythm:?}");
    };
    near(rhythm.shape, 0.243, 0.001);
    near(rhythm.scale_weeks, 4.414, 0.01);
    near(rhythm.stop_a, 0.793, 0.01);
    near(rhythm.stop_b, 2.426, 0.05);
    near(rhythm.log_likelihood(&seen), -9_582.4, 0.1);
}

fn simulate(programme: &str, more: &[&str]) -> Ran {
    let programme = programme_path(programme).display().to_string();
    let mut arguments = vec!["--format", "json", "simulate", "--programme", &programme];
    arguments.extend(more);
    symbolon(&arguments)
}

/// The first 39 weeks of every customer foretell the purchases of the next 39.
#[test]
fn a8_the_first_half_of_cdnow_foretells_the_second() {
    let Some(path) = data("simulate-second-half", "cdnow.csv") else { return };
    let end: jiff::civil::Date = "1997-09-30".parse().expect("a date");
    let customers = days(&path, false);
    let bought: usize = customers.values().flatten().filter(|day| **day > end).count();
    let path = path.display().to_string();
    let years = if cfg!(debug_assertions) { "40" } else { "200" };
    let map = "receipt=#row member=customer at=date amount=amount";
    let more = ["--receipts", &path, "--map", map, "--until", "1997-09-30", "--months", "9"];
    let more = [&more[..], &["--years", years, "--members", "20", "--margin", "30"]].concat();
    let found = simulate("flying-club", &more).exits(0).json();
    let band = &found["purchases_of_known_customers"];
    let (low, high) = (band["p10"].as_f64().expect("p10"), band["p90"].as_f64().expect("p90"));
    assert!(low <= bought as f64 && bought as f64 <= high, "{bought} is not within {band}");
    // A band that holds everything would foretell nothing.
    assert!(high - low < bought as f64 * 0.5, "{band}");
    eprintln!("simulate-second-half: {bought} purchases, foretold {band}");
}

const SMALL: [&str; 10] = [
    "--trade",
    "cafe",
    "--from",
    "2027-01-01",
    "--years",
    "12",
    "--members",
    "40",
    "--customers",
    "120",
];

#[test]
fn the_same_seed_says_the_same() {
    let first = simulate("boloco-card", &SMALL).exits(0).json();
    let again = simulate("boloco-card", &SMALL).exits(0).json();
    assert_eq!(first, again);
    let other = simulate("boloco-card", &[&SMALL[..], &["--seed", "2"]].concat()).exits(0).json();
    assert_ne!(first["purchases"], other["purchases"]);
}

/// P13: where no programme pays, it says so plainly; and only there.
#[test]
fn p13_no_programme_is_an_answer() {
    let wholesale = ["--trade", "wholesale", "--from", "2027-01-01", "--years", "15"];
    let more = [&wholesale[..], &["--members", "40", "--margin", "6"]].concat();
    let found = simulate("no-programme", &more).exits(0).json();
    assert_eq!(found["pays"], false);
    let verdict = found["verdict"].as_str().expect("a verdict");
    assert!(verdict.starts_with("No programme: it pays only if purchases grow by"), "{verdict}");
    // Two of a hundred given back, of six that the goods leave: more than what is believed.
    let needed: f64 = decimal(&found["break_even_uplift_per_cent"]["p50"]);
    assert!((30.0..60.0).contains(&needed), "{needed}");
    // Nothing at all is left where the goods leave what the programme gives.
    let more = [&wholesale[..], &["--members", "40", "--margin", "1"]].concat();
    let found = simulate("no-programme", &more).exits(0).json();
    let verdict = found["verdict"].as_str().expect("a verdict");
    assert!(verdict.contains("gives away at least as much as the goods leave"), "{verdict}");
    // The same two per cent pay where the goods leave half of their price.
    let more = [&wholesale[..], &["--members", "40", "--margin", "50"]].concat();
    let found = simulate("no-programme", &more).exits(0).json();
    assert_eq!(found["pays"], true, "{}", found["verdict"]);
}

fn decimal(value: &Value) -> f64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value}"))
}

/// C9: what the launch costs is computed from what was said, and counts for the break-even.
#[test]
fn c9_a_launch_is_computed_and_never_quoted() {
    let launch = ["--hardware", "400", "--printing", "200", "--per-month", "10"];
    let found = simulate("boloco-card", &[&SMALL[..], &launch].concat()).exits(0).json();
    assert_eq!(found["launch_cost"], "600.00");
    assert_eq!(found["running_cost"], "120.00");
    let dear = [&SMALL[..], &launch, &["--card-cost", "2"]].concat();
    let dear = simulate("boloco-card", &dear).exits(0).json();
    let members = (decimal(&dear["launch_cost"]) - 600.0) / 2.0;
    assert!(members >= 100.0, "{members}");
    let needed = |found: &Value| decimal(&found["break_even_uplift_per_cent"]["p50"]);
    assert!(needed(&dear) > needed(&found));
}

/// P8: how long it takes to the first reward, and how many ever get there.
#[test]
fn p8_rewards_are_reached_or_they_are_not() {
    let near = simulate("boloco-card", &SMALL).exits(0).json();
    assert!(decimal(&near["reward"]["members_who_reach_one_per_cent"]) > 30.0, "{near}");
    assert!(near["reward"]["median_days_to_the_first"].as_u64().is_some_and(|days| days < 200));
    assert!(near["reward"]["taken"].as_u64().is_some_and(|taken| taken > 0));
    // Nobody drinks coffee for 6,000 miles within a year.
    let far = simulate("flying-club", &SMALL).exits(0).json();
    assert_eq!(far["reward"]["median_days_to_the_first"], Value::Null);
    assert_eq!(far["reward"]["members_who_reach_one_per_cent"], "0.0");
}

/// A past from a file: the margin is what receipts say, and empty pasts are told.
#[test]
fn a_shop_is_learnt_from_its_own_receipts() {
    let folder = Folder::new();
    let mut rows = String::from("receipt,sku,quantity,unit_price,at,member,cost\n");
    for customer in 0..40_u32 {
        for visit in 0..=customer % 7 {
            let day = 1 + (customer * 3 + visit * 4) % 28;
            let month = 1 + (visit + customer % 2) % 6;
            let number = customer * 10 + visit;
            rows.push_str(&format!(
                "{number},latte,2,4.00,2027-{month:02}-{day:02}T10:00:00,m{customer},1.00\n"
            ));
        }
    }
    let csv = folder.write("past.csv", rows).display().to_string();
    let map = "receipt=receipt sku=sku quantity=quantity unit_price=unit_price at=at \
               member=member unit_cost=cost";
    let more = ["--receipts", &csv, "--map", map, "--years", "10"];
    let found = simulate("boloco-card", &more).exits(0).json();
    assert_eq!(found["margin_per_cent"], "75.00");
    assert!(found["purchases"]["p50"].as_f64().is_some_and(|purchases| purchases > 0.0));
    let told = simulate("boloco-card", &[&more[..], &["--until", "2020-01-01"]].concat());
    assert!(told.exits(1).json()["error"].to_string().contains("no rhythm"));
}

#[test]
fn wrong_assumptions_are_told() {
    for (more, expected) in [
        (&["--trade", "bank"][..], "cafe, grocer, clothes, wholesale"),
        (&["--trade", "cafe", "--redeem", "120"], "percentage from 0 to 100"),
        (&["--trade", "cafe", "--years", "0"], "--years from 1"),
        (&[], "name the receipts"),
    ] {
        let told = simulate("boloco-card", more).exits(2).json();
        assert!(told["error"].to_string().contains(expected), "{told}");
    }
}
