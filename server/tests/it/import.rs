//! Taking members over from a list: what is understood, what is refused, and that nobody is there
//! twice, however often and however abruptly it is done.

use crate::support::{Folder, moment, symbolon};
use std::process::{Command, Stdio};
use symbolon::app::{App, IDENTIFIER_KINDS, identifier_parse, member_fetch, verify};
use symbolon::store::DatabaseUrl;
use symbolon::store::nouns::directories::identifiers_find;
use symbolon::store::nouns::members::members_count;
use symbolon::world::World;

const TEXT: &str = r#"
format = 1
id = "import"
name = "Import"
currency = "NOK"
timezone = "Europe/Oslo"

[points.bonus]
name.en = { one = "point", other = "points" }
decimals = 2
expires = "12 months after earning"

[attribute.city]
type = "text"

[attribute.children]
type = "integer"

[[rule]]
id = "welcome"
name = "Welcome"
on = "joining"
earn = { points = "bonus", give = 50 }
"#;

const MAP: &str = "phone=Mobile email=Mail external=Id name=Name since=Joined points.bonus=Balance \
                   attribute.city=Town attribute.children=Children";

/// Row by row: what becomes of it. The line of column names is row 1.
const LIST: &[(&[u8], &str)] = &[
    (b"Id,Mobile,Mail,Name,Joined,Balance,Town,Children", ""),
    (b"1,912 34 567,ana@example.org,Ana,03.05.2019,120.50,Oslo,2", "added"),
    (b"2,+4791234567,,Another,,,,", "known"),
    (b"3,(0047) 987-65-432,,\"=cmd()\",01.01.2020,0,,", "added"),
    (b"4,,boris@example.org,,,,,", "added"),
    (b"5,91234567,boris@example.org,,,,,", "its identifiers are those of two members"),
    (b",,,Nobody,,,,", "there is nothing to find the member by"),
    (b"6,call me,,,,,,", "phone: it is no phone number"),
    (b"7,,no address,,,,,", "email: it is not written like ana@example.org"),
    (b"8,,,,2019-05-03,,,", "a date is not written as %d.%m.%Y"),
    (b"9,,,,,-1,,", "the points are less than nothing"),
    (b"10,,,,,1.005,,", "the points are wrong"),
    (b"11,,,,,,,two", "children: the value has another type"),
    (b"12,,,\xff\xfe,,,,", "the row is not UTF-8"),
    (b"13,,", "the row has another number of columns than the first one"),
    (b"14,,,\"two\nlines\",,,,", "a field holds a character that nobody can see"),
    (b"15,,,Late,01.01.2099,,,", "the day of joining is still to come"),
    (b"16,,,\xd0\x9e\xd0\xbb\xd1\x8f,29.02.2024,0.01,,", "added"),
];

/// The program asks the real clock, so the programme has been in force for a while.
fn open_long_ago(address: &str) -> App {
    let url = DatabaseUrl::parse(address).expect("an address");
    let then = moment("2026-01-01T12:00:00Z");
    let app = App::open(&url, World::staged(then, 3)).expect("a database");
    app.publish("import.toml", TEXT, then).expect("a programme");
    app
}

/// Case 72 and screens.md 11: a list as people keep it. Each row is taken or refused by itself, the
/// forms of one phone number are one number, and the second time nobody is new.
#[test]
fn case_72_a_list_is_taken_over_row_by_row() {
    let folder = Folder::new();
    let address = folder.shop_database();
    let app = open_long_ago(&address);
    let bytes: Vec<&[u8]> = LIST.iter().map(|(row, _)| *row).collect();
    let list = folder.write("members.csv", bytes.join(&b"\n"[..])).display().to_string();
    let report = folder.file("report.csv");
    let out = report.display().to_string();
    let import = |extra: &[&str]| {
        let arguments = [
            &["--format", "json", "import", "--database", &address, "--members", &list][..],
            &["--map", MAP, "--date-format", "%d.%m.%Y", "--country-code", "47"],
            &["--report", &out],
            extra,
        ];
        symbolon(&arguments.concat())
    };
    let counts = |said: serde_json::Value| {
        ["rows", "added", "known", "refused"].map(|name| said[name].as_u64().expect("a count"))
    };
    let said = import(&["--check"]).exits(1).json();
    assert_eq!((counts(said.clone()), said["checked"].as_u64()), ([17, 0, 0, 10], Some(7)));
    assert_eq!(app.store.read(|reader| members_count(reader, app.business)).expect("a count"), 0);

    assert_eq!(counts(import(&[]).exits(1).json()), [17, 4, 1, 12]);
    let text = std::fs::read_to_string(&report).expect("the report");
    let told: Vec<&str> = text.lines().skip(1).collect();
    for (number, (_, expected)) in (1..).zip(LIST).skip(1) {
        let begins = format!("{number},");
        let row = told.iter().find(|row| row.starts_with(&begins)).expect("every row is told");
        assert!(row.contains(expected), "{row}: {expected}");
    }
    assert!(!text.contains("cmd"), "nothing of the list stands in the report");

    // Nobody is welcomed who was there for years; what he had is his.
    let find = |kind: &str, value: &str| {
        let identifier = [identifier_parse(kind, value).expect("an identifier")];
        let found = app.store.read(|reader| identifiers_find(reader, app.business, &identifier));
        let member = found.expect("it can be read")[0].expect("a member");
        member_fetch(&app, member).expect("it can be read").expect("the member")
    };
    for (kind, value, name, since, points) in [
        ("external", "1", Some("Ana"), Some("2019-05-03"), 12_050),
        ("phone", "+4798765432", Some("=cmd()"), Some("2020-01-01"), 0),
        ("email", "boris@example.org", None, None, 0),
        ("external", "16", Some("Оля"), Some("2024-02-29"), 1),
    ] {
        let found = find(kind, value);
        assert_eq!(found.name.as_deref(), name);
        let joined = found.state.joined.to_string();
        assert!(since.is_none_or(|since| since == joined), "{value}: {joined}");
        let lots = found.state.lots.iter().map(|lot| lot.remaining.units());
        assert_eq!(lots.sum::<i64>(), points, "{value}");
    }
    assert_eq!(counts(import(&[]).exits(1).json()), [17, 0, 5, 12]);
    assert!(verify(&app, |_| {}).expect("it can be read").is_clean());

    // A file or a map that is not understood takes nobody over.
    for (map, problem) in [
        ("name=Name", "to find members by"),
        ("phone=Phone", "no column `Phone`"),
        ("points.stars=Balance external=Id", "no points `stars`"),
        ("attribute.colour=Town external=Id", "no attribute `colour`"),
        ("birthday=Joined external=Id", "`birthday` is not one of"),
    ] {
        let ran = symbolon(&["import", "--database", &address, "--members", &list, "--map", map]);
        assert!(ran.exits(2).error().contains(problem), "{map}");
    }
    assert_eq!(IDENTIFIER_KINDS.len(), 4, "the documents name them");
}

/// Case 57: the import is killed in the middle and begun again: everybody is there once, with his
/// points once.
#[test]
fn case_57_an_import_that_is_killed_goes_on_and_makes_nobody_twice() {
    const ROWS: i64 = 9_000;
    let folder = Folder::new();
    let address = folder.shop_database();
    let app = open_long_ago(&address);
    let mut text = "Id,Balance\n".to_owned();
    for number in 0..ROWS {
        text.push_str(&format!("{number},{}\n", number % 3));
    }
    let list = folder.write("members.csv", text).display().to_string();
    let map = ["--map", "external=Id points.bonus=Balance"];
    let arguments =
        [&["--format", "json", "import", "--database", &address, "--members", &list], &map[..]]
            .concat();
    let count = || app.store.read(|reader| members_count(reader, app.business)).expect("a count");
    let mut child = Command::new(env!("CARGO_BIN_EXE_symbolon"))
        .args(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while count() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let before = count();
    let said = symbolon(&arguments).exits(0).json();
    assert_eq!(said["added"].as_i64().expect("a count") + before, ROWS);
    assert_eq!((said["known"].as_i64(), count()), (Some(before), ROWS));
    let report = verify(&app, |_| {}).expect("it can be read");
    assert_eq!(report.differences, Vec::<String>::new());
    let sql = "select cast(sum(amount) as bigint) as points from entry where business_id = $1";
    let sum = |row: symbolon::store::Row| row.get::<i64>("points");
    let points =
        app.store.read(|reader| reader.query_one(sql, &[app.business.into()]).and_then(sum));
    assert_eq!(points.expect("a sum"), ROWS / 3 * (100 + 200));
}
