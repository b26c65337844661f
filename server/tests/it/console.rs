//! Every page is written with every sample in every language, and is sound HTML.

use jiff::civil::date;
use std::collections::BTreeSet;
use std::path::Path;
use symbolon::console::{MemberFacts, Page, links, render, samples};
use symbolon::words::Language;
use symbolon::{assets, console};
use symbolon_core::ledger::Account;
use symbolon_core::member::{Expiry, Lot, LotLife, MemberKind, MemberState};
use symbolon_core::programme::read;
use symbolon_core::values::{ActivityId, Key, Points};

const VOID_ELEMENTS: [&str; 6] = ["meta", "link", "input", "img", "br", "path"];

/// A tag with its attributes.
#[derive(Debug)]
struct Tag {
    name: String,
    is_closing: bool,
    closes_itself: bool,
    attributes: Vec<(String, Option<String>)>,
}

/// Reads the tags of a page. It knows as much of HTML as our templates use, and no more.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').unwrap_or_else(|| panic!("no end: {}", &rest[start..]));
        let inside = &rest[start + 1..start + end];
        rest = &rest[start + end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        let is_closing = inside.starts_with('/');
        let closes_itself = inside.ends_with('/');
        let inside = inside.trim_start_matches('/').trim_end_matches('/');
        let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "a tag without a name: <{inside}>");
        let attributes = attributes(&inside[name.len()..]);
        tags.push(Tag { name, is_closing, closes_itself, attributes });
    }
    tags
}

fn attributes(text: &str) -> Vec<(String, Option<String>)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find([' ', '\n', '=']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let value = rest.strip_prefix("=\"").map(|value| {
            let end = value.find('"').unwrap_or_else(|| panic!("no closing quote: {value}"));
            rest = &value[end + 1..];
            value[..end].to_owned()
        });
        attributes.push((name, value));
        rest = rest.trim_start();
    }
    attributes
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.as_deref())
    }
}

/// Everything that every page must fulfil.
fn check(what: &str, html: &str, language: Language) {
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let tags = tags(html);
    for tag in &tags {
        assert!(
            !open.iter().any(|name| name == "a") || tag.name != "a" || tag.is_closing,
            "{what}"
        );
        if tag.is_closing {
            assert_eq!(open.pop().as_deref(), Some(tag.name.as_str()), "{what}: wrongly nested");
        } else if !tag.closes_itself && !VOID_ELEMENTS.contains(&tag.name.as_str()) {
            open.push(tag.name.clone());
        }
        for (name, value) in &tag.attributes {
            // The content security policy forbids both.
            assert!(name != "style" && !name.starts_with("on"), "{what}: {name} on {}", tag.name);
            if name == "id" {
                assert!(ids.insert(value.clone()), "{what}: two elements with the id {value:?}");
            }
            if matches!(name.as_str(), "href" | "src" | "action") {
                // Templates write a slash as `&#x2f;`, which is the same to a browser.
                let url = value.as_deref().unwrap_or_default().replace("&#x2f;", "/");
                let here = url.starts_with('#') || url.starts_with('/') && !url.starts_with("//");
                assert!(here, "{what}: {value:?} leads elsewhere");
            }
        }
    }
    assert!(open.is_empty(), "{what}: never closed: {open:?}");
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name && !tag.is_closing).count();
    for (name, expected) in [("h1", 1), ("main", 1), ("title", 1), ("style", 0)] {
        assert_eq!(count(name), expected, "{what}: {name}");
    }
    let html_tag = tags.iter().find(|tag| tag.name == "html").expect("an html element");
    assert_eq!(html_tag.attribute("lang"), Some(language.code()), "{what}");
    for script in tags.iter().filter(|tag| tag.name == "script" && !tag.is_closing) {
        assert!(script.attribute("src").is_some(), "{what}: an inline script");
    }
    for input in tags.iter().filter(|tag| tag.name == "input") {
        let id = input.attribute("id");
        let labelled = input.attribute("type") == Some("hidden")
            || tags.iter().any(|tag| tag.name == "label" && tag.attribute("for") == id);
        assert!(labelled, "{what}: an input without a label: {input:?}");
    }
    for unwanted in ["⟦", "undefined", ">none<", ">None<", "  </title>", "{{", "{%", "&amp;amp;"]
    {
        assert!(!html.contains(unwanted), "{what} contains {unwanted}");
    }
}

#[test]
fn every_sample_is_a_sound_page_in_every_language() {
    // The pages stay where a developer can look at them with any web server.
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console");
    std::fs::create_dir_all(directory.join("assets")).expect("a directory");
    for asset in assets::all() {
        std::fs::write(directory.join("assets").join(&asset.file), asset.bytes).expect("a file");
    }
    let samples = samples::all().expect("the samples happen");
    let mut names = BTreeSet::new();
    for sample in &samples {
        assert!(names.insert(sample.name), "two samples are called {}", sample.name);
        for language in Language::ALL {
            let what = format!("{}.{}", sample.name, language.code());
            let html = render(&sample.page, language, &sample.chrome)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            std::fs::write(directory.join(format!("{what}.html")), &html).expect("a file");
            check(&what, &html, language);
        }
    }
}

/// The match has no wildcard: a new page has to get a number, and then a sample.
fn number_of(page: &Page) -> usize {
    match page {
        Page::Overview(_) => 0,
        Page::Members(_) => 1,
        Page::Member(_) => 2,
        Page::Receipt(_) => 3,
        Page::NotFound(_) => 4,
        Page::Error(_) => 5,
        Page::SignIn(_) => 6,
    }
}

#[test]
fn every_page_has_samples() {
    let samples = samples::all().expect("the samples happen");
    let seen: BTreeSet<usize> = samples.iter().map(|sample| number_of(&sample.page)).collect();
    assert_eq!(seen, (0..7).collect());
}

fn sample(name: &str, language: Language) -> String {
    let samples = samples::all().expect("the samples happen");
    let sample = samples.iter().find(|sample| sample.name == name).expect(name);
    render(&sample.page, language, &sample.chrome)
        .expect(name)
        .replace('\u{a0}', "~")
        .replace("&#x2f;", "/")
}

#[test]
fn pages_say_what_is_so() {
    let receipt = sample("receipt", Language::En);
    for expected in [
        "<strong>A point for every 10 kr</strong>",
        "Double points on Tuesday~×2",
        "one piece for free",
        "used once since 12~January 2026, which is the limit",
        "<span class=\"sy-definition\">coffee</span>",
        "Judged by The coffee bar, version 3.",
    ] {
        assert!(receipt.contains(expected), "{expected} is not on the receipt");
    }
    let member = sample("member", Language::Nb);
    for expected in ["+47 ••• •• 567", "igjen til ", "<progress", "rel=\"next\""] {
        assert!(member.contains(expected), "{expected} is not on the member page");
    }
    let wrong = sample("sign-in-wrong", Language::Uk);
    assert!(
        wrong.contains("aria-invalid=\"true\"") && wrong.contains("value=\"/console/members\"")
    );
}

#[test]
fn what_people_typed_is_escaped() {
    let found = sample("not-found-search", Language::En);
    assert!(found.contains("912 34 567 &lt;b&gt;") && !found.contains("<b>"));
}

#[test]
fn the_language_switch_keeps_the_rest_of_the_address() {
    for (here, expected) in [
        ("/console", "/console?lang=nb"),
        ("/console?lang=ru", "/console?lang=nb"),
        ("/console/members?after=a%2Fb&lang=uk&x=1#y", "/console/members?after=a%2Fb&x=1&lang=nb"),
    ] {
        assert_eq!(links::in_language(here, Language::Nb), expected);
    }
    assert_eq!(links::after(links::MEMBERS, "c2Ft/+="), "/console/members?after=c2Ft%2F%2B%3D");
}

#[test]
fn what_is_outstanding_is_what_members_accounts_hold() {
    let mut totals = console::PointTotals::new(Key::new("points"));
    let mut held = 0;
    for (from, to, amount) in [
        (Account::Issued, Account::Lots, 1_000),
        (Account::Lots, Account::Redeemed, 300),
        (Account::Redeemed, Account::Lots, 50),
        (Account::Lots, Account::Expired, 70),
        (Account::Lots, Account::Issued, 20),
        (Account::Debt, Account::Issued, 5),
        // Within the member's accounts, and within the business's: nothing moves.
        (Account::Lots, Account::Debt, 5),
        (Account::Expired, Account::Issued, 11),
        (Account::Forgiven, Account::Issued, 13),
        (Account::Adjusted, Account::Lots, 40),
        (Account::Lots, Account::Adjusted, 90),
    ] {
        totals.add(from, to, Points::new(amount)).expect("small numbers");
        held += amount * (i64::from(to.is_members()) - i64::from(from.is_members()));
    }
    assert_eq!(totals.outstanding().expect("small numbers").units(), held);
    assert_eq!(totals.redeemed.units(), 250);
    assert_eq!(totals.reversed.units(), 25);
    assert_eq!(totals.adjusted.units(), -50);
}

#[test]
fn assets_are_found_by_the_names_that_pages_use() {
    for asset in assets::all() {
        let url = assets::url(asset.name).expect(asset.name);
        let file = url.strip_prefix("/assets/").expect("below /assets/");
        assert_eq!(assets::find(file).map(|found| found.name), Some(asset.name));
        let css = std::str::from_utf8(asset.bytes).expect("our assets are texts");
        // Nothing is fetched from elsewhere, and a stylesheet has only pictures within itself.
        assert!(!css.contains("@import") && !css.contains("url(http") && !css.contains("url(//"));
    }
    assert!(assets::find("tabler.css").is_none());
    assert!(assets::url("missing.css").is_none() && assets::icon("missing").is_none());
}

/// What waits for an event is told with it, and lots stand in the order in which they are spent.
#[test]
fn lots_stand_in_the_order_of_spending_and_say_what_they_wait_for() {
    let text = |order: &str| {
        format!(
            "format = 1\nid = \"t\"\nname = \"T\"\ncurrency = \"USD\"\ntimezone = \"UTC\"\n\
             [settings]\nspend_order = \"{order}\"\n[event.delivered]\nname = \"Delivered\"\n\
             [points.p]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
             pending = \"until delivered\"\n"
        )
    };
    let life = |day: i8, end: Expiry, awaits: Option<&str>| LotLife {
        granted: Points::new(5),
        available_at: None,
        awaits: awaits.map(Key::new),
        expires: end,
        earned_on: date(2027, 1, day),
        activity: ActivityId::new(1),
    };
    let end = "2027-09-01T00:00:00Z".parse().expect("a moment");
    let lives =
        [(1, life(2, Expiry::Never, None)), (2, life(3, Expiry::At(end), Some("delivered")))];
    for (order, expected) in [("soonest-to-end", [2, 1]), ("oldest", [1, 2])] {
        let programme = read("t.toml", &text(order)).programme.expect("a sound programme");
        let mut state = MemberState::new(MemberKind::Person, date(2027, 1, 1));
        state.lots = lives
            .iter()
            .map(|(number, life)| Lot {
                number: *number,
                points: Key::new("p"),
                remaining: Points::new(5),
                life: life.clone(),
            })
            .collect();
        let at = "2027-02-01T00:00:00Z".parse().expect("a moment");
        let facts = MemberFacts::of(&programme, &state, at).expect("within the calendar");
        let numbers: Vec<u32> = facts.lots.iter().map(|lot| lot.number).collect();
        assert_eq!(numbers, expected, "{order}");
        assert_eq!(facts.balances[0].available, Points::new(5));
        assert_eq!(facts.balances[0].awaiting, [(Key::new("delivered"), Points::new(5))]);
    }
}
