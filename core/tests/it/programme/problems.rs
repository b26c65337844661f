//! Every mistake that the reader knows, with its place and what to do about it.
//!
//! The tables are texts. A block is a piece of a programme and, behind `!`, each problem as
//! `line:column: message | hint`. Where it begins with `+`, the named pieces come before it.

use super::{HEAD, errors};

const TABLES: [(&str, &str); 10] = [
    ("whole", include_str!("problems/whole.txt")),
    ("points", include_str!("problems/points.txt")),
    ("ladders", include_str!("problems/ladders.txt")),
    ("rules", include_str!("problems/rules.txt")),
    ("amounts", include_str!("problems/amounts.txt")),
    ("rewards", include_str!("problems/rewards.txt")),
    ("prices", include_str!("problems/prices.txt")),
    ("instruments", include_str!("problems/instruments.txt")),
    ("people", include_str!("problems/people.txt")),
    ("ending", include_str!("problems/ending.txt")),
];

const PIECES: [(&str, &str); 8] = [
    ("head", HEAD),
    ("points", "[points.p]\nname.en = { one = \"point\", other = \"points\" }\n"),
    ("action", "[action.wave]\nname = \"Wave\"\nfields = { hand = \"text\" }\n"),
    ("benefit", "[benefit.lounge]\nname = \"Lounge\"\n"),
    ("ladder", "[ladder.club]\nmeasure = 'spent(months(12))'\n"),
    ("rule", "[[rule]]\nid = \"r\"\non = \"purchase\"\n"),
    ("earn", "earn = { points = \"p\", give = 1 }\n"),
    ("reward", "[[reward]]\nid = \"w\"\nname = \"W\"\ncost = { p = 5 }\n"),
];

fn piece(name: &str) -> &'static str {
    PIECES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or_else(|| panic!("{name}"), |(_, text)| text)
}

/// Each block of a table: the text of a programme and what is told about it.
fn blocks(table: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for block in table.split("\n\n").filter(|block| !block.starts_with("# ")) {
        let (mut text, mut told) = (String::new(), String::new());
        for line in block.lines() {
            if let Some(problem) = line.strip_prefix("! ") {
                told.push_str(problem);
                told.push('\n');
            } else if let Some(pieces) = line.strip_prefix("+ ") {
                text.extend(pieces.split(' ').map(piece));
            } else {
                text.push_str(line);
                text.push('\n');
            }
        }
        assert!(!told.is_empty(), "a block says what is wrong:\n{block}");
        blocks.push((text, told));
    }
    blocks
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_to_do() {
    let mut differences = String::new();
    let mut count = 0;
    for (name, table) in TABLES {
        for (text, told) in blocks(table) {
            count += 1;
            let found = errors(&text);
            if found != told {
                let text = text.replace(HEAD, "");
                differences
                    .push_str(&format!("{name}.txt:\n{text}expected\n{told}found\n{found}\n"));
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(count > 350, "only {count} mistakes are in the tables");
}

/// What no table can hold in a readable way.
#[test]
fn strange_texts_are_told_too() {
    assert_eq!(errors("").lines().count(), 5, "everything is missing");
    let long = format!("{HEAD}[benefit.b]\nname = \"{}\"\n", "x".repeat(2_001));
    assert_eq!(errors(&long), "7:8: the text is longer than 2000 characters | shorten it\n");
    let zero = errors(&format!("{HEAD}\0"));
    assert!(zero.starts_with("6:1: not TOML: "), "{zero}");
    assert!(errors(&format!("{HEAD}x = \n")).starts_with("6:5: not TOML: "));
    let known = "known here: format, id, name, currency, timezone, backdating, settings, stacking, \
                 event, points, attribute, action, tenure_from, choice, benefit, instrument, ladder, \
                 rule, reward, campaign, partner, contacts, gifts, rebate, recognition, enrolment, \
                 team_goal, referral, milestone, challenge, draw, membership, credit, ending";
    let told = format!("6:1: the programme has no key `colour` | {known}\n");
    assert_eq!(errors(&format!("\u{feff}{HEAD}colour = 1\n")), told, "behind a byte order mark");
    assert_eq!(errors(&format!("{HEAD}colour = 1\n").replace('\n', "\r\n")), told);
}

/// Five megabytes are refused before they are read; nesting is bounded.
#[test]
fn case_71_large_and_deep_texts_are_refused() {
    let large = format!("{HEAD}# {}\n", "x".repeat(5_000_000));
    let told = "1:1: the text is longer than 4000000 bytes | split the programme\n";
    assert_eq!(errors(&large), told);
    for deep in [
        format!("a = {}", "[".repeat(20_000)),
        format!("a = {}{}", "[".repeat(20_000), "]".repeat(20_000)),
        format!("a = {}", "{a=".repeat(5_000)),
        format!("{}a = 1", "a.".repeat(50_000)),
        format!("[{}a]", "a.".repeat(50_000)),
    ] {
        assert!(errors(&deep).contains("not TOML: "));
    }
    let condition = format!("{}member.known{}", "(".repeat(1_900), ")".repeat(1_900));
    let rule = "[[rule]]\nid = \"r\"\non = \"purchase\"\noffer = \"x\"\n";
    let told = errors(&format!("{HEAD}{rule}when = '{condition}'\n"));
    assert!(told.starts_with("10:"), "{told}");
}

/// Problems of a condition stand where they stand in the file, however its text is quoted.
#[test]
fn problems_of_conditions_stand_in_their_text() {
    let rule = format!("{}offer = \"x\"\n", piece("rule"));
    let told = "there is no fact `receipt.totl` | did you mean `receipt.total`?\n";
    let cases = [
        ("when = 'receipt.totl > 5'", "10:9"),
        ("when = \"receipt.totl > 5\"", "10:9"),
        ("when = '''receipt.totl > 5'''", "10:11"),
        ("when = '''\nreceipt.totl > 5'''", "11:1"),
        ("when = '''\nreceipt.total > 5 &&\n  receipt.totl > 5'''", "12:3"),
        ("when = \"\"\"\nreceipt.total > 5 &&\n  receipt.totl > 5\"\"\"", "12:3"),
        ("when = 'receipt.location == \"жжж\" && receipt.totl > 5'", "10:38"),
        // Where the quotes know no escapes, a backslash moves nothing.
        (r#"when = 'receipt.location == "a\"b" && receipt.totl > 5'"#, "10:39"),
        // Where they do, the beginning of the value is the honest place.
        (r#"when = "receipt.location == \"a\" && receipt.totl > 5""#, "10:8"),
    ];
    for (when, place) in cases {
        let text = format!("{HEAD}{rule}{when}\n");
        assert_eq!(errors(&text), format!("{place}: {told}"), "{when}");
        let windows = text.replace('\n', "\r\n");
        assert_eq!(errors(&windows), format!("{place}: {told}"), "{when} with CR LF");
    }
}

/// One mistake is one problem: what cannot be read is not also missing or unclear.
#[test]
fn one_mistake_is_one_problem() {
    let points = "[points.p]\nname.en = { one = \"point\", other = \"points\" }\n";
    let rule = format!("{points}[[rule]]\nid = \"r\"\non = \"purchase\"\n");
    let reward = format!("{points}[[reward]]\nid = \"w\"\nname = \"W\"\n");
    let ladder = "[ladder.club]\nmeasure = 'spent()'\n";
    for fragment in [
        format!("{rule}earn = 5\n"),
        format!("{rule}earn = {{ points = \"stars\", give = \"1.50\" }}\n"),
        format!("{rule}earn = {{ points = \"p\", give = \"many\" }}\n"),
        format!("{rule}earn = {{ points = \"p\", give = 1, per = \"0.00\" }}\n"),
        format!("{rule}earn = {{ points = \"p\", percent = 101 }}\n"),
        format!("{rule}earn = {{ points = \"p\", times = 0 }}\n"),
        format!("{rule}earn = {{ points = \"p\" }}\n"),
        format!("{rule}discount = {{ percent = \"5 %\" }}\n"),
        format!("{rule}discount = {{ sum = 0 }}\n"),
        format!("{rule}discount = {{ price = -1, where = 'line.product == \"x\"' }}\n"),
        format!("{rule}offer = {{ en = 5 }}\n"),
        format!("{reward}gives = {{ item = {{}} }}\ncost = {{ stars = 5 }}\n"),
        format!("{reward}gives = {{ item = {{}} }}\ncost = {{ p = 0 }}\n"),
        format!("{reward}cost = {{ p = 5 }}\ngives = {{ discount = {{ percent = 500 }} }}\n"),
        format!("{ladder}tier = \"gold\"\n"),
        format!("{ladder}tier = [\"gold\"]\n"),
        format!("{ladder}tier = [{{ id = \"a\" }}, {{ id = \"b\", from = \"5,5\" }}]\n"),
        format!("{ladder}tier = [{{ id = 5 }}, {{ id = \"b\", from = 5 }}]\n"),
        "[benefit.lounge]\nname = 5\n".to_owned(),
        "[points.q]\nname.en = { one = 5, other = \"points\" }\n".to_owned(),
    ] {
        let told = errors(&format!("{HEAD}{fragment}"));
        assert_eq!(told.lines().count(), 1, "{fragment}\n{told}");
    }
}

/// Limits count by id: a reward must not use up the limit of a rule of the same name.
#[test]
fn rules_and_rewards_share_their_ids() {
    let text = format!(
        "{HEAD}[points.p]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         [[rule]]\nid = \"coffee\"\non = \"purchase\"\nearn = {{ points = \"p\", give = 1 }}\n\
         [[reward]]\nid = \"coffee\"\nname = \"W\"\ncost = {{ p = 5 }}\ngives = {{ item = {{}} }}\n"
    );
    assert_eq!(errors(&text), "12:1: the id `coffee` is used twice | ids are unique\n");
}

/// Case 71: a text of nothing but problems costs no more than a text; the first of them are told.
#[test]
fn case_71_endless_problems_are_not_all_told() {
    let unknown: String = (0..5_000).map(|n| format!("x{n} = 1\n")).collect();
    for text in ["=\n".repeat(20_000), format!("{HEAD}{unknown}")] {
        let told = errors(&text);
        assert_eq!(told.lines().count(), 200);
        assert_eq!(told.matches("more is wrong from here on").count(), 1);
    }
}

/// What says nothing is a mistake, not a programme that does nothing in silence.
#[test]
fn empty_texts_and_lists_are_mistakes() {
    assert_eq!(
        errors(&HEAD.replace("\"Test\"", "{}")),
        "3:8: there is no text here | write { en = \"…\" }\n"
    );
    let rule = "[[rule]]\nid = \"r\"\non = \"purchase\"\noffer = \"x\"\nweekdays = []\n";
    assert_eq!(
        errors(&format!("{HEAD}{rule}")),
        "10:12: the rule is in force on no day | name at least one day, or leave `weekdays` out\n"
    );
}
