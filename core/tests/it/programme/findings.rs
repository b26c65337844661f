//! Every finding with its place and figures, and beside it what must stay silent.
//!
//! The tables are texts. A block begins with what it shows and goes on with a piece of a
//! programme; behind `!` stands each remark as `line:column: message | hint`, and a block
//! without one must stay silent. Where a line begins with `+`, the named pieces come first.

use super::{HEAD, remarks};
use symbolon_core::programme::{Severity, read};

const TABLES: [(&str, &str); 6] = [
    ("points", include_str!("findings/points.txt")),
    ("conditions", include_str!("findings/conditions.txt")),
    ("prices", include_str!("findings/prices.txt")),
    ("together", include_str!("findings/together.txt")),
    ("rewards", include_str!("findings/rewards.txt")),
    ("ending", include_str!("findings/ending.txt")),
];

const PIECES: [(&str, &str); 6] = [
    ("points", "[points.p]\nname.en = { one = \"point\", other = \"points\" }\n"),
    (
        "earned",
        "[[rule]]\nid = \"base\"\non = \"purchase\"\n\
         earn = { points = \"p\", give = 1, per = \"1.00\" }\n",
    ),
    ("spent", "[[reward]]\nid = \"item\"\nname = \"W\"\ncost = { p = 5 }\ngives = { item = {} }\n"),
    (
        "club",
        "[ladder.club]\nmeasure = 'spent()'\n\
         tier = [{ id = \"red\" }, { id = \"gold\", from = 100 }]\n",
    ),
    ("action", "[action.review]\nname = \"Review\"\n"),
    ("vip", "[attribute.vip]\ntype = \"boolean\"\n"),
];

/// Each block of a table: what it shows, the text of a programme, and what is told about it.
fn blocks(table: &str) -> Vec<(String, String, String)> {
    let mut blocks = Vec::new();
    for block in table.split("\n\n") {
        let (mut shows, mut text, mut told) = (String::new(), HEAD.to_owned(), String::new());
        for line in block.lines() {
            if let Some(about) = line.strip_prefix("# ") {
                shows.push_str(about);
            } else if let Some(remark) = line.strip_prefix("! ") {
                told.push_str(remark);
                told.push('\n');
            } else if let Some(pieces) = line.strip_prefix("+ ") {
                for name in pieces.split(' ') {
                    let piece = PIECES.iter().find(|(known, _)| *known == name);
                    text.push_str(piece.unwrap_or_else(|| panic!("no piece {name}")).1);
                }
            } else {
                text.push_str(line);
                text.push('\n');
            }
        }
        assert!(!shows.is_empty(), "a block says what it shows:\n{block}");
        blocks.push((shows, text, told));
    }
    blocks
}

#[test]
fn every_finding_is_told_and_its_opposite_stays_silent() {
    let mut differences = String::new();
    let (mut telling, mut silent) = (0, 0);
    for (name, table) in TABLES {
        for (shows, text, told) in blocks(table) {
            let reading = read("findings.toml", &text);
            assert!(reading.programme.is_some(), "{name}: {shows}: {:?}\n{text}", reading.remarks);
            let mut found = remarks(&reading, Severity::Finding);
            found
                .extend(remarks(&reading, Severity::Note).lines().flat_map(|l| ["note ", l, "\n"]));
            if told.is_empty() {
                silent += 1;
            } else {
                telling += 1;
            }
            if found != told {
                let text = text.replace(HEAD, "");
                differences.push_str(&format!(
                    "{name}.txt: {shows}\n{text}expected\n{told}found\n{found}\n"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(telling > 45 && silent > 30, "{telling} tell and {silent} are silent");
}

/// Findings never refuse a programme, and a text that is no programme has none: what could not
/// be read would be told as missing.
#[test]
fn findings_stand_on_whole_programmes_only() {
    let unspent = "[points.p]\nname.en = { one = \"point\", other = \"points\" }\n";
    let reading = read("findings.toml", &format!("{HEAD}{unspent}"));
    assert!(reading.programme.is_some());
    assert_eq!(remarks(&reading, Severity::Finding).lines().count(), 2);
    let reading = read("findings.toml", &format!("{HEAD}{unspent}colour = 1\n"));
    assert!(reading.programme.is_none());
    assert_eq!(remarks(&reading, Severity::Finding), "");
}

/// A programme of ten thousand rules in one group is looked through without comparing all pairs.
#[test]
fn findings_of_many_rules_are_bounded() {
    let rules: String = (0..10_000)
        .map(|n| {
            format!(
                "[[rule]]\nid = \"r{n}\"\non = \"purchase\"\ngroup = \"g\"\n\
                 when = 'receipt.total >= {n}'\ndiscount = {{ percent = 5 }}\n"
            )
        })
        .collect();
    let reading = read("findings.toml", &format!("{HEAD}{rules}"));
    assert!(reading.programme.is_some());
}

/// P7: the example of the sources, told as a programme.
#[test]
fn p7_too_many_steps_for_a_person_to_follow() {
    let text = format!(
        "{HEAD}[points.p]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         [[rule]]\nid = \"fourteen\"\non = \"purchase\"\n\
         earn = {{ points = \"p\", give = 14, per = \"1.00\" }}\n\
         [[reward]]\nid = \"half-off\"\nname = \"W\"\ncost = {{ p = 280 }}\n\
         when = 'today.month == 4'\ngives = {{ discount = {{ percent = 50 }} }}\n"
    );
    let reading = read("findings.toml", &text);
    let told = "1:1: a person has 4 things to reckon or remember between a purchase and a benefit, \
                and more than 3 are hard to follow: `fourteen` gives 14 `p` per 1.00 (2), \
                `half-off` is worth what the receipt makes of it (1), `half-off` can be taken at \
                certain times only (1) | round the numbers, and say each benefit in one sentence \
                that needs no pencil\n";
    assert_eq!(remarks(&reading, Severity::Finding), told);
    let plain = text.replace("give = 14", "give = 10");
    assert_eq!(remarks(&read("findings.toml", &plain), Severity::Finding), "");
}
