//! Tables of what is wrong with a text, where, and what to do.

use symbolon_core::condition::{
    DEPTH_MAX, Environment, Expected, NODES_MAX, Scope, TEXT_CHARS_MAX, compile,
};

use super::world::environment;

/// Every problem as `place+length message; hint`, one on each line.
fn problems(text: &str, environment: &Environment, expected: Expected) -> String {
    match compile(text, environment, expected) {
        Ok(_) => "no problem".to_owned(),
        Err(problems) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}+{} {problem}", problem.at, problem.length))
                .collect();
            lines.join("\n")
        }
    }
}

fn check_problems(cases: &[(&str, &str)]) {
    for (text, told) in cases {
        assert_eq!(problems(text, &environment(), Expected::Bool), *told, "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_where_and_what_to_do() {
    check_problems(UNREADABLE);
}

const UNREADABLE: &[(&str, &str)] = &[
    ("", "0+0 there is no condition here; write one, or `true`"),
    ("receipt.total >", "15+0 expected a value, found the end"),
    ("receipt.total > 5)", "17+1 expected an operator or the end, found `)`"),
    ("(receipt.total > 5", "18+0 expected `)` to close the parenthesis, found the end"),
    ("receipt.total = 5", "14+1 `=` has no meaning here; write `==` to compare"),
    (
        "receipt.total > 5 and member.known",
        "18+3 expected an operator or the end, found `and`; write `&&`",
    ),
    ("not member.known", "0+3 expected a value, found `not`; write `!`"),
    (
        "receipt.total / 2 > 5",
        "14+1 `/` has no meaning here; there is no division; multiply the other side instead",
    ),
    (
        "receipt.total > 1e3",
        "16+3 `1e3` is neither a number nor a name; write numbers as 12 or 12.50",
    ),
    (
        "receipt.total > 1.1234567",
        "16+9 a decimal has at most 6 places, this one has 7; decimals are exact to the millionth; shorten it",
    ),
    (
        "receipt.total > 99999999999999999999",
        "16+20 this number is too large; the most is 9223372036854775807",
    ),
    (r#"member.kind == "gold"#, r#"15+5 this text is not closed; end it with `"`"#),
    ("member.kind == “gold”", "15+3 `“` has no meaning here; write a text in straight quotes"),
    (
        r#"member.kind == "a\d""#,
        r#"17+2 a `\` in a text stands before `\`, a quote, `n`, `r` or `t`; write `\\` for the character itself"#,
    ),
    ("a ? b", "5+0 expected `:` after the first choice of `?`, found the end"),
    ("receipt.total in [1, 2", "22+0 expected `]` to close the list, found the end"),
];

#[test]
fn unknown_names_say_what_could_be_meant() {
    check_problems(UNKNOWN_NAMES);
}

const UNKNOWN_NAMES: &[(&str, &str)] = &[
    (
        "member.kind == 'é' && receipt.totl > 5",
        "23+12 there is no fact `receipt.totl`; did you mean `receipt.total`?",
    ),
    ("reciept.total > 5", "0+13 there is no fact `reciept.total`; did you mean `receipt.total`?"),
    (
        "receipt.lines",
        "0+13 `receipt.lines` is not a value by itself; ask `receipt.lines.exists(x, …)` or `receipt.lines.all(x, …)`",
    ),
    (
        "receipt.total.amount > 5",
        "0+20 there is no fact `receipt.total.amount`; here are receipt.total, receipt.quantity, receipt.location, receipt.till, receipt.cashier, receipt.partner, receipt.lines.exists(…), receipt.lines.all(…)",
    ),
    (
        r#"member.tier >= "silver""#,
        r#"0+11 `member.tier` needs parentheses; write member.tier("…") with the name of a ladder"#,
    ),
    (
        r#"member.tier("clib") >= "silver""#,
        r#"12+6 there is no ladder "clib"; did you mean "club"?"#,
    ),
    (
        r#"member.tier("club") >= "silve""#,
        r#"23+7 the ladder `club` has no tier "silve"; did you mean "silver"? its tiers are red, silver, gold"#,
    ),
    (
        r#"member.tier("club") >= "platinum""#,
        r#"23+10 the ladder `club` has no tier "platinum"; its tiers are red, silver, gold"#,
    ),
    (
        r#"member.tier("club") >= member.tier("tenure")"#,
        "0+44 a tier of `club` cannot be compared with a tier of `tenure`",
    ),
    (r#"member.tier("club") >= 2"#, "0+24 a tier of `club` cannot be compared with a whole number"),
    (
        r#"member.earned("mils") > 5"#,
        r#"14+6 there is no kind of points "mils"; did you mean "miles"?"#,
    ),
    (
        r#"member.earned("stamps") > 5"#,
        r#"14+8 there is no kind of points "stamps"; declared are miles, tier-points"#,
    ),
    (
        "member.visits(90) > 3",
        "14+2 here stands how far to look back; write days(90), weeks(4), months(12) or years(1)",
    ),
    (
        "member.visits(days(0)) > 3",
        "14+7 `days` takes a whole number above 0; write for example days(3)",
    ),
    (
        "member.visits(months(37)) > 3",
        "14+10 a window is at most 36 months or 1,096 days long; write at most months(36), or nothing for all time",
    ),
    (
        "member.visits(days(1097)) > 3",
        "14+10 a window is at most 36 months or 1,096 days long; write at most days(1096), or nothing for all time",
    ),
    ("member.visit() > 3", "7+5 there is no `member.visit(…)`; did you mean `member.visits(…)`?"),
    (
        "days(3)",
        "0+7 `days(…)` is not a value by itself; it says how far visits(…), spent(…) and earned(…) look back",
    ),
    (
        r#"balance("miles") > 3"#,
        r#"0+7 there is no `balance(…)`; write member.balance("…") with a kind of points"#,
    ),
    (
        r#"member.kind.startWith("a")"#,
        "12+9 there is no `startWith(…)` here; did you mean `startsWith`?",
    ),
    (
        "receipt.lines.exists(x, x.categry == 'a')",
        "24+9 there is no fact `x.categry`; did you mean `x.category`?",
    ),
    (
        "member.shoe-size > 3",
        concat!(
            "0+11 there is no fact `member.shoe`; `shoe-size` is written `member.shoe_size`",
            "\n",
            "12+4 there is no fact `size`; here are member, receipt, contact, line, action, today, now",
        ),
    ),
    (
        "company.name == 'a'",
        "0+12 there is no fact `company.name`; here are member, receipt, contact, line, action, today, now",
    ),
    ("foo(3) > 2", "0+3 there is no `foo(…)`"),
    ("visit() > 3", "0+5 there is no `visit(…)`; did you mean `visits`?"),
];

#[test]
fn wrong_types_are_told_all_at_once() {
    check_problems(WRONG_TYPES);
}

const WRONG_TYPES: &[(&str, &str)] = &[
    (
        "receipt.total",
        "0+13 a condition must be true or false, this is a number; compare it, for example with `>= 1`",
    ),
    (
        "member.kind",
        "0+11 a condition must be true or false, this is a text; compare it, for example with `==`",
    ),
    (
        "member.visits()",
        "0+15 a condition must be true or false, this is a whole number; compare it, for example with `>= 1`",
    ),
    (
        r#"member.kind > "a""#,
        "0+17 a text has no order, so `>` cannot compare it; compare with `==` or `!=`",
    ),
    ("member.kind == 3", "0+16 a text cannot be compared with a whole number"),
    (
        r#"today > "2027-01-31""#,
        r#"0+20 a date cannot be compared with a text; write a date as `date("2027-01-31")`"#,
    ),
    (
        r#"today > date("2027-02-30")"#,
        r#"8+18 this is not a date of the calendar; write year, month and day, as in date("2027-01-31")"#,
    ),
    (
        r#"today > date("20270228")"#,
        r#"8+16 this is not a date of the calendar; write year, month and day, as in date("2027-01-31")"#,
    ),
    (
        "1 < receipt.total < 3",
        "0+21 true or false cannot be compared with a whole number; compare twice: `a < b && b < c`",
    ),
    (
        "receipt.total * receipt.total > 5",
        "0+29 two decimals cannot be multiplied exactly; multiply by a whole number",
    ),
    (
        "receipt.total + member.kind > 5",
        "0+27 only numbers can be calculated with, these are a number and a text",
    ),
    (
        "!receipt.total",
        "1+13 `!` stands before true or false, this is a number; compare it, for example with `>= 1`",
    ),
    ("-member.kind == 3", "1+11 `-` stands before a number, this is a text"),
    (
        "receipt.total ? true : false",
        "0+13 before `?` must stand true or false, this is a number; compare it, for example with `>= 1`",
    ),
    (
        r#"(member.known ? 1 : "a") == 1"#,
        "0+24 both choices must be of one type, these are a whole number and a text",
    ),
    ("[1]", "0+3 a list stands only right of `in`; write `fact in [ … ]`"),
    ("receipt.total in 5", r#"17+1 right of `in` stands a list; write `["a", "b"]` or `[1, 2]`"#),
    ("receipt.total in []", "17+2 nothing is in an empty list; name some values"),
    (
        "member.kind in [1]",
        "16+1 this is not a value that a text can be compared with; a list holds texts or numbers as they are, without calculations",
    ),
    (
        "receipt.total in [1 + 1]",
        "18+5 this is not a value that a number can be compared with; a list holds texts or numbers as they are, without calculations",
    ),
    (
        r#"today in ["2027-01-31"]"#,
        "10+12 a date cannot be looked for in a list; a list holds texts or numbers as they are, without calculations",
    ),
    (
        "member.kind.startsWith(member.kind)",
        "0+35 startsWith, endsWith and contains take one text in quotes",
    ),
    (
        r#"receipt.total.contains("1")"#,
        "0+13 startsWith, endsWith and contains are asked of a text, this is none; compare it with `==`, `<` or `>=`",
    ),
    (
        "receipt.lines.exists(x, receipt.lines.all(y, true))",
        "24+26 `exists` and `all` cannot stand in one another; join two of them with `&&` or `||`",
    ),
    (
        "receipt.lines.exists(x, x)",
        "24+1 `x` is a line, not a value; name one of its facts, for example `x.category`",
    ),
    (
        "receipt.lines.exists(x, x.amount)",
        "24+8 what is asked of a line must be true or false, this is a number; compare it, for example with `>= 1`",
    ),
    (
        "receipt.lines.exists(x, line.amount > 1)",
        "24+11 `line` cannot be used inside `exists` and `all`; here the line is called `x`",
    ),
    (
        "receipt.lines.exists(today, true)",
        "21+5 a line cannot be called `today`, which means something else; call it `x`",
    ),
    (
        "receipt.lines.map(x, x)",
        "14+3 `receipt.lines` has no `map`; ask `receipt.lines.exists(x, …)` or `receipt.lines.all(x, …)`",
    ),
    (
        "receipt.lines.exists(x.amount > 1)",
        "14+6 `exists` and `all` take a name for the line and a condition; for example exists(x, x.quantity >= 2)",
    ),
    (
        "receipt.totl > 1 && member.kind > 3 && line.prise > 2 || member.visits()",
        concat!(
            "0+12 there is no fact `receipt.totl`; did you mean `receipt.total`?",
            "\n",
            "20+15 a text cannot be compared with a whole number",
            "\n",
            "39+10 there is no fact `line.prise`; here are line.kind, line.product, line.category, line.brand, line.quantity, line.unit_price, line.amount",
            "\n",
            "57+15 both sides of `||` must be true or false, this is a whole number; compare it, for example with `>= 1`",
        ),
    ),
];

#[test]
fn a_number_is_asked_for_where_a_number_is_needed() {
    let cases = [
        (
            "member.known",
            "0+12 a number is needed here, this is true or false; choose numbers: `… ? 1 : 0`",
        ),
        ("member.kind", "0+11 a number is needed here, this is a text"),
        ("member.known ? 1 : 0.5", "no problem"),
    ];
    for (text, told) in cases {
        assert_eq!(problems(text, &environment(), Expected::Number), told, "{text}");
    }
}

#[test]
fn every_place_has_its_own_facts() {
    let ladder = Environment { scope: Scope::MEASURE, ..environment() };
    let purchase = Environment { scope: Scope::PURCHASE, ..environment() };
    let lines = Environment { scope: Scope::LINES, ..environment() };
    let action = Environment { scope: Scope::ACTION, ..environment() };
    let anonymous =
        Environment { scope: Scope { member: false, ..Scope::PURCHASE }, ..environment() };
    let cases = [
        (&ladder, "visits(days(90)) > 1", "no problem"),
        (&ladder, "now.hour > 1", "0+8 there is no `now` here; here are member"),
        (&purchase, "receipt.total > 1 && today.month == 2", "no problem"),
        (
            &purchase,
            "line.amount > 1",
            "0+11 there is no `line` here; ask `receipt.lines.exists(x, …)`, where `x` is a line",
        ),
        // The line looked for may be called so, even where no line is at hand.
        (&purchase, "receipt.lines.exists(line, line.amount > 1)", "no problem"),
        (&lines, "line.amount > 1", "no problem"),
        (&action, "action.stars >= 4", "no problem"),
        (
            &action,
            "receipt.total > 1",
            "0+13 there is no `receipt` here; here are member, action, today, now",
        ),
        (
            &action,
            "receipt.lines.exists(x, true)",
            "0+29 there is no `receipt` here; here are member, action, today, now",
        ),
        (
            &anonymous,
            "visits() > 1",
            "0+6 there is no `member` here; here are receipt, contact, today, now",
        ),
    ];
    for (environment, text, told) in cases {
        assert_eq!(problems(text, environment, Expected::Bool), told, "{text}");
    }
}

#[test]
fn texts_are_limited() {
    let longest = format!("{}{}", " ".repeat(TEXT_CHARS_MAX - 4), "true");
    let deepest = |depth: usize| format!("{}true{}", "(".repeat(depth), ")".repeat(depth));
    let chain = |length: usize| vec!["member.known"; length].join(" && ");
    let sum = |length: usize| format!("{} > 0", vec!["1"; length].join("+"));
    let cases = [
        (longest.clone(), "no problem".to_owned()),
        (
            format!(" {longest}"),
            format!(
                "{TEXT_CHARS_MAX}+1 a condition has at most 4000 characters, this one has 4001; \
                 split it into several rules"
            ),
        ),
        (deepest(DEPTH_MAX - 1), "no problem".to_owned()),
        (
            deepest(DEPTH_MAX),
            "40+4 a condition is nested at most 40 deep; split it into several rules".to_owned(),
        ),
        (
            format!("{}true", "!".repeat(DEPTH_MAX)),
            "40+4 a condition is nested at most 40 deep; split it into several rules".to_owned(),
        ),
        // A chain of `&&` is not nested.
        (chain(200), "no problem".to_owned()),
        (sum(140), "no problem".to_owned()),
        (
            sum(160),
            "0+301 at most about 150 operators may follow one another; split it into several rules"
                .to_owned(),
        ),
        (
            format!("receipt.total in [{}]", vec!["1"; NODES_MAX].join(",")),
            "2014+1 a condition has at most 1000 parts; split it into several rules".to_owned(),
        ),
    ];
    for (text, told) in cases {
        assert_eq!(problems(&text, &environment(), Expected::Bool), told, "{text}");
    }
}
