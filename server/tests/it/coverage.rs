//! Which tests and stories name which requirement, invariant or case: `docs/coverage.md`.
//!
//! The page is made from what is found; it can neither boast nor forget. With `UPDATE=1` the
//! test writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// More places than this of one id are counted, not listed.
const PLACES_MAX: usize = 4;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

struct Section {
    title: String,
    area: String,
    ids: Vec<(String, String)>,
}

/// The list of ids: `## letter | title | area` and below it `id | wording`.
fn sections() -> Vec<Section> {
    let text = std::fs::read_to_string(repository().join("docs/coverage/ids.txt")).expect("ids");
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        match (line.starts_with("## "), parts.as_slice()) {
            (true, [_, title, area]) => sections.push(Section {
                title: (*title).to_owned(),
                area: (*area).to_owned(),
                ids: Vec::new(),
            }),
            (false, [id, wording]) if !line.starts_with('#') => {
                let section = sections.last_mut().expect("a section before the ids");
                section.ids.push(((*id).to_owned(), (*wording).to_owned()));
            }
            (false, [""]) | (false, _) if line.is_empty() || line.starts_with('#') => {}
            _ => panic!("docs/coverage/ids.txt: {line}"),
        }
    }
    sections
}

/// Where ids are looked for: tests, tables of tests, and stories.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders =
        ["core/tests", "server/tests", "programmes"].map(|f| repository().join(f)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            // This file's own comments show how ids are written.
            let is_this = path.ends_with("tests/it/coverage.rs");
            if path.is_dir() {
                folders.push(path);
            } else if ["rs", "txt", "stories"].contains(&ending) && !is_this {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A letter and a number of at most two digits, such as `D11`.
fn lettered(word: &str) -> Option<(char, u32)> {
    let mut characters = word.chars();
    let letter = characters.next().filter(char::is_ascii_uppercase)?;
    let digits = characters.as_str();
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok().map(|number| (letter, number))).flatten()
}

/// An id as the list has it; cases go by `#` here.
fn written(letter: char, number: u32) -> String {
    if letter == '#' { format!("case {number}") } else { format!("{letter}{number}") }
}

/// The ids that a comment names: `D11`, `I1–I6`, `case 38`, `cases 28, 29 and 36–53`.
fn named_in(comment: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let comment = comment.replace(['–', '-'], " - ");
    let separator = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    let words: Vec<&str> = comment.split(separator).filter(|word| !word.is_empty()).collect();
    let mut in_cases = false;
    let mut previous: Option<(char, u32)> = None;
    let mut is_range = false;
    for word in words {
        let number = word.parse::<u32>().ok().filter(|_| in_cases);
        let id = match number {
            Some(number) => Some(('#', number)),
            None => lettered(word),
        };
        if let Some((letter, number)) = id {
            let first = match previous {
                Some((before, from)) if is_range && before == letter && from < number => from,
                _ => number,
            };
            found.extend((first..=number).map(|number| written(letter, number)));
            previous = id;
        } else if word != "-" {
            previous = None;
            in_cases = matches!(word.to_lowercase().as_str(), "case" | "cases")
                || (in_cases && matches!(word, "and" | "to"));
        }
        is_range = word == "-";
    }
    found
}

/// The ids at the beginning of a test's name: `case_27_…`, `i1_i2_…`, `cases_28_29_…`.
fn named_by(function: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_cases = false;
    let (mut previous, mut is_range) = (None, false);
    for word in function.split('_') {
        let number = word.parse::<u32>().ok().filter(|_| in_cases).map(|number| ('#', number));
        let id = number.or_else(|| lettered(&word.to_uppercase()));
        if matches!(word, "case" | "cases") {
            in_cases = true;
        } else if let Some((letter, number)) = id {
            let first = match previous {
                Some((before, from)) if is_range && before == letter => from,
                _ => number,
            };
            found.extend((first..=number).map(|number| written(letter, number)));
            previous = id;
        } else if !matches!(word, "and" | "to") {
            break;
        }
        is_range = word == "to";
    }
    found
}

type Places = BTreeMap<String, BTreeSet<String>>;

fn scan_tests(name: &str, text: &str, places: &mut Places) {
    let mut within = String::new();
    let mut waiting: BTreeSet<String> = BTreeSet::new();
    let mut put = |id: String, place: String| {
        places.entry(id).or_default().insert(place);
    };
    for line in text.lines() {
        let code = line.trim_start();
        if let Some(comment) = code.strip_prefix("///") {
            waiting.extend(named_in(comment));
        } else if let Some(comment) = code.strip_prefix("//!") {
            named_in(comment).into_iter().for_each(|id| put(id, name.to_owned()));
        } else if let Some(comment) = code.strip_prefix("//") {
            let place =
                if within.is_empty() { name.to_owned() } else { format!("{name}: {within}") };
            named_in(comment).into_iter().for_each(|id| put(id, place.clone()));
        } else if let Some((_, rest)) =
            code.split_once("fn ").filter(|(before, _)| before.len() < 12)
        {
            within = rest
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap_or_default()
                .to_owned();
            let mut ids = named_by(&within);
            ids.append(&mut waiting);
            ids.into_iter().for_each(|id| put(id, format!("{name}: {within}")));
        }
    }
}

fn scan_texts(name: &str, text: &str, places: &mut Places) {
    for line in text.lines() {
        let story = line.strip_prefix("story:");
        let is_table = name.ends_with(".txt");
        let place = match story.or_else(|| line.strip_prefix("# ").filter(|_| is_table)) {
            Some(title) => format!("{name}: {}", title.trim()),
            None => name.to_owned(),
        };
        if let Some(comment) = story.or_else(|| line.strip_prefix('#')) {
            for id in named_in(comment) {
                places.entry(id).or_default().insert(place.clone());
            }
        }
    }
}

fn found() -> Places {
    let mut places = Places::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("a file");
        let name = path.strip_prefix(repository()).expect("inside").display().to_string();
        if name.ends_with(".rs") {
            scan_tests(&name, &text, &mut places);
        } else {
            scan_texts(&name, &text, &mut places);
        }
    }
    places
}

fn page(sections: &[Section], places: &Places) -> String {
    let all: usize = sections.iter().map(|section| section.ids.len()).sum();
    let is_shown = |id: &String| places.contains_key(id);
    let shown = sections.iter().flat_map(|s| &s.ids).filter(|(id, _)| is_shown(id)).count();
    let mut page = format!(
        "# Coverage\n\n\
         What the product must do, what must never break, and what goes wrong elsewhere: each with \
         the tests\nand stories that name it. The page is made from them by a test \
         (`UPDATE=1 cargo test -p symbolon\n--test it coverage`); the list stands in \
         `docs/coverage/ids.txt`. Of {all} ids, {shown} are named.\n"
    );
    for section in sections {
        page.push_str(&format!(
            "\n## {}\n\n| id | what | shown by |\n|---|---|---|\n",
            section.title
        ));
        for (id, wording) in &section.ids {
            let shown = match places.get(id) {
                None => format!("not yet ({})", section.area),
                Some(places) => {
                    let listed: Vec<String> = places
                        .iter()
                        .take(PLACES_MAX)
                        .map(|place| place.replace('|', "/"))
                        .collect();
                    let more = places.len().saturating_sub(PLACES_MAX);
                    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                    listed.join("; ") + &more
                }
            };
            page.push_str(&format!("| {id} | {wording} | {shown} |\n"));
        }
    }
    page
}

#[test]
fn the_page_of_coverage_is_what_the_tests_name() {
    let made = page(&sections(), &found());
    let path = repository().join("docs/coverage.md");
    #[expect(clippy::disallowed_methods, reason = "whether the page is written is a setting")]
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    if update {
        std::fs::write(&path, &made).expect("the page is written");
    }
    let page = std::fs::read_to_string(&path).expect("docs/coverage.md");
    let differs = made.lines().zip(page.lines()).find(|(made, page)| made != page);
    assert!(
        made == page,
        "docs/coverage.md is not what the tests say; UPDATE=1 writes it: {differs:?}"
    );
}

/// The list is whole, and no test names what is not in it.
#[test]
fn the_list_of_ids_has_every_one_of_them() {
    let sections = sections();
    let ids: Vec<&String> = sections.iter().flat_map(|s| &s.ids).map(|(id, _)| id).collect();
    let known: BTreeSet<&String> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "an id is there twice");
    let counts = [
        ("E", 13),
        ("C", 9),
        ("P", 13),
        ("D", 14),
        ("T", 8),
        ("R", 4),
        ("G", 6),
        ("A", 14),
        ("M", 9),
        ("F", 8),
        ("B", 11),
        ("W", 9),
        ("X", 4),
        ("I", 22),
        ("case ", 72),
    ];
    let mut whole = BTreeSet::new();
    for (prefix, count) in counts {
        whole.extend((1..=count).map(|number| format!("{prefix}{number}")));
    }
    let listed: BTreeSet<String> = known.iter().map(|id| (*id).clone()).collect();
    assert_eq!(listed, whole);
}

#[test]
fn ids_are_found_as_people_write_them() {
    let ids = |found: BTreeSet<String>| found.into_iter().collect::<Vec<_>>().join(" ");
    for (comment, named) in [
        ("a quote is what is booked (I13)", "I13"),
        ("I1–I3 and D11", "D11 I1 I2 I3"),
        ("Case 38: a reward earns nothing", "case 38"),
        ("(cases 28 and 29)", "case 28 case 29"),
        ("cases 36–38, 41", "case 36 case 37 case 38 case 41"),
        ("in the case of 12 pieces", ""),
        ("D1, D2; P7", "D1 D2 P7"),
        ("UTF8, ISO 4217, SHA256, A100", ""),
    ] {
        assert_eq!(ids(named_in(comment)), named, "{comment}");
    }
    assert_eq!(ids(named_by("case_27_buy_earn_return")), "case 27");
    assert_eq!(ids(named_by("i1_i2_hold_after_3_steps")), "I1 I2");
    assert_eq!(ids(named_by("cases_28_and_29_hold")), "case 28 case 29");
    assert_eq!(ids(named_by("i1_to_i3_i12_hold")), "I1 I12 I2 I3");
    assert_eq!(ids(named_by("a_case_of_3")), "");
}
