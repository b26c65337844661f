//! The texts are complete in every language, and every figure is written as it should be.

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use jiff::civil::{date, datetime};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use symbolon::words::{self, Arg, Language, setting_key, stacking_sentences, words};
use symbolon_core::programme::{Settings, Stacking};
use symbolon_core::values::{
    Currency, Forms, Money, PLURAL_CATEGORIES, Points, Quantity, Rate, Texts, plural_categories,
};

/// What a message needs from its caller, and what is wrong with its plural selectors.
#[derive(Debug, Default)]
struct Message {
    variables: BTreeSet<String>,
    problems: Vec<String>,
}

fn messages(language: Language) -> BTreeMap<String, Message> {
    let mut found = BTreeMap::new();
    for (name, source) in words::files(language) {
        let resource = fluent_syntax::parser::parse(source)
            .unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name.to_owned();
            let mut seen = Message::default();
            assert!(
                message.attributes.is_empty(),
                "{name}: {key} has attributes; nothing reads them"
            );
            let pattern = message.value.unwrap_or_else(|| panic!("{name}: {key} has no text"));
            walk_pattern(&pattern, language, &mut seen);
            assert!(found.insert(key.clone(), seen).is_none(), "{name}: {key} is there twice");
        }
    }
    found
}

fn walk_pattern(pattern: &Pattern<&str>, language: Language, seen: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            walk(expression, language, seen);
        }
    }
}

fn walk(expression: &Expression<&str>, language: Language, seen: &mut Message) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, language, seen),
        Expression::Select { selector, variants } => {
            walk_inline(selector, language, seen);
            let mut categories = Vec::new();
            for variant in variants {
                if let VariantKey::Identifier { name } = variant.key {
                    categories.push(name);
                }
                walk_pattern(&variant.value, language, seen);
            }
            let plural = categories.iter().any(|name| PLURAL_CATEGORIES.contains(name));
            let wanted = plural_categories(language.code());
            if plural && categories != wanted {
                seen.problems.push(format!("plural forms {categories:?} instead of {wanted:?}"));
            }
        }
    }
}

fn walk_inline(inline: &InlineExpression<&str>, language: Language, seen: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            seen.variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => walk(expression, language, seen),
        InlineExpression::FunctionReference { arguments, .. } => {
            let CallArguments { positional, named } = arguments;
            positional.iter().for_each(|one| walk_inline(one, language, seen));
            named.iter().for_each(|one| walk_inline(&one.value, language, seen));
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {
            seen.problems.push("refers to another text, which hides its variables".to_owned());
        }
    }
}

#[test]
fn the_files_of_all_languages_say_the_same_things() {
    assert_eq!(words().problems(), &[] as &[String]);
    let english = messages(Language::En);
    let mut problems = Vec::new();
    for language in Language::ALL {
        let code = language.code();
        let theirs = messages(language);
        for (key, message) in &theirs {
            problems.extend(message.problems.iter().map(|one| format!("{code}: {key}: {one}")));
            match english.get(key) {
                None => problems.push(format!("{code}: {key} is not in English")),
                Some(original) if original.variables != message.variables => {
                    problems.push(format!("{code}: {key} has other variables than in English"));
                }
                Some(_) => {}
            }
        }
        let missing = english.keys().filter(|key| !theirs.contains_key(*key));
        problems.extend(missing.map(|key| format!("{code}: {key} is missing")));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Keys that the program puts together, by their beginnings.
const COMPOSED: [&str; 7] =
    ["setting-", "month-", "weekday-", "refusal-", "points-", "overview-", "reason-of-that-"];

#[test]
fn every_text_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for directory in ["src", "templates"] {
        read_all(&root.join(directory), &mut sources);
    }
    let unused: Vec<String> = messages(Language::En)
        .into_keys()
        .filter(|key| !COMPOSED.iter().any(|beginning| key.starts_with(beginning)))
        .filter(|key| !sources.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

fn read_all(directory: &Path, into: &mut String) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html")
        {
            into.push_str(&std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

#[test]
fn what_is_missing_is_marked_and_does_not_panic() {
    for language in Language::ALL {
        assert_eq!(words().text(language, "no-such-text", &[]), "⟦no-such-text⟧");
        let marked = words().text(language, "moment", &[("date", Arg::from("x"))]);
        assert!(marked.starts_with("⟦moment: x"), "{marked}");
    }
}

#[test]
fn languages_are_found() {
    for (code, expected) in [
        ("en", Some(Language::En)),
        ("en-US", Some(Language::En)),
        ("RU", Some(Language::Ru)),
        ("uk_UA", Some(Language::Uk)),
        ("no", Some(Language::Nb)),
        ("nb-NO", Some(Language::Nb)),
        ("nn", Some(Language::Nb)),
        // The country's code is not the language's.
        ("ua", None),
        ("de", None),
        ("", None),
    ] {
        assert_eq!(Language::from_code(code), expected, "{code}");
    }
    for (header, expected) in [
        ("", Language::En),
        ("*", Language::En),
        ("de-DE,de;q=0.9", Language::En),
        ("de,uk;q=0.8,ru;q=0.7,en;q=0.6", Language::Uk),
        ("en;q=0.5, ru;q=0.500, uk;q=0.501", Language::Uk),
        ("ru, uk", Language::Ru),
        ("ru;q=0, en;q=0.1", Language::En),
        ("no", Language::Nb),
        ("en;q=0.9,nb-NO", Language::Nb),
        ("ru;q=nonsense, nb;q=0.001", Language::Nb),
    ] {
        assert_eq!(Language::from_accept_language(header), expected, "{header}");
    }
    assert_eq!(Language::choose(Some("xx"), Some("nb"), Some("ru")), Language::Nb);
    assert_eq!(Language::choose(Some("uk"), Some("nb"), Some("ru")), Language::Uk);
    assert_eq!(Language::choose(None, None, None), Language::En);
}

/// What a figure is in all four languages. A `~` stands for a space that does not break.
fn check(expected: [&str; 4], written: impl Fn(Language) -> String) {
    for (language, expected) in Language::ALL.into_iter().zip(expected) {
        let expected = expected.replace('~', "\u{a0}");
        assert_eq!(written(language), expected, "in {}", language.code());
    }
}

#[test]
fn numbers() {
    for (units, decimals, expected) in [
        (0, 0, ["0"; 4]),
        (7, 2, ["0.07", "0,07", "0,07", "0,07"]),
        (999, 0, ["999"; 4]),
        (1_000, 0, ["1,000", "1~000", "1~000", "1~000"]),
        (-1_234_567, 1, ["−123,456.7", "−123~456,7", "−123~456,7", "−123~456,7"]),
        (
            i64::MIN,
            3,
            [
                "−9,223,372,036,854,775.808",
                "−9~223~372~036~854~775,808",
                "−9~223~372~036~854~775,808",
                "−9~223~372~036~854~775,808",
            ],
        ),
    ] {
        check(expected, |language| words::number(language, units, decimals));
    }
    check(["2.5", "2,5", "2,5", "2,5"], |it| words::quantity(it, Quantity::new(2_500)));
    let thousand = ["1,000", "1~000", "1~000", "1~000"];
    check(thousand, |it| words::number_trimmed(it, 100_000, 2));
    check(["×1.5", "×1,5", "×1,5", "×1,5"], |it| words::multiplier(it, Rate::new(1_500_000)));
    check(["×2"; 4], |it| words::multiplier(it, Rate::new(2_000_000)));
    check(["12.5%", "12,5~%", "12,5%", "12,5~%"], |it| words::percent(it, Rate::new(12_500_000)));
}

#[test]
fn amounts_of_money() {
    for (code, units, expected) in [
        ("GBP", 123_450, ["£1,234.50", "1~234,50~£", "1~234,50~£", "1~234,50~£"]),
        ("USD", -5, ["−$0.05", "−0,05~$", "−0,05~$", "−0,05~$"]),
        ("UAH", 123_450, ["₴1,234.50", "1~234,50~₴", "1~234,50~₴", "1~234,50~₴"]),
        ("NOK", 123_450, ["NOK~1,234.50", "1~234,50~NOK", "1~234,50~NOK", "1~234,50~kr"]),
        ("SEK", 100, ["SEK~1.00", "1,00~SEK", "1,00~SEK", "1,00~SEK"]),
        ("JPY", 123_450, ["¥123,450", "123~450~¥", "123~450~¥", "123~450~¥"]),
        ("KWD", -1_234, ["−KWD~1.234", "−1,234~KWD", "−1,234~KWD", "−1,234~KWD"]),
        (
            "RUB",
            100_000_000,
            ["₽1,000,000.00", "1~000~000,00~₽", "1~000~000,00~₽", "1~000~000,00~₽"],
        ),
    ] {
        let currency = Currency::find(code).expect(code);
        check(expected, |language| words::money(language, Money::new(units), currency));
    }
}

#[test]
fn dates_and_moments() {
    check(
        ["5~March 2027", "5~марта 2027~г.", "5~березня 2027~р.", "5.~mars 2027"],
        |it| words().date(it, date(2027, 3, 5)),
    );
    check(["31~Dec~1999", "31~дек.~1999", "31~груд.~1999", "31.~des.~1999"], |it| {
        words().date_short(it, date(1999, 12, 31))
    });
    check(
        [
            "1~May 2027, 09:05",
            "1~мая 2027~г., 09:05",
            "1~травня 2027~р., 09:05",
            "1.~mai 2027 kl.~09:05",
        ],
        |it| words().moment(it, datetime(2027, 5, 1, 9, 5, 59, 0)),
    );
    for month in 1..=12 {
        for language in Language::ALL {
            let day = words().date(language, date(2027, month, 1));
            let short = words().date_short(language, date(2027, month, 1));
            assert!(!day.contains('⟦') && !short.contains('⟦'), "{day} {short}");
        }
    }
}

fn texts(languages: &[(&str, &[(&'static str, &str)])]) -> Texts {
    let mut texts = Texts::default();
    for (language, forms) in languages {
        let by_category =
            forms.iter().map(|(category, form)| (*category, (*form).to_owned())).collect();
        texts.by_language.insert((*language).to_owned(), Forms { by_category });
    }
    texts
}

fn point_name() -> Texts {
    texts(&[
        ("en", &[("one", "point"), ("other", "points")]),
        ("ru", &[("one", "балл"), ("few", "балла"), ("many", "баллов"), ("other", "балла")]),
        ("uk", &[("one", "бал"), ("few", "бали"), ("many", "балів"), ("other", "бала")]),
        ("nb", &[("one", "poeng"), ("other", "poeng")]),
    ])
}

#[test]
fn points_take_the_form_that_their_number_asks_for() {
    let name = point_name();
    for (units, decimals, expected) in [
        (0, 0, ["0~points", "0~баллов", "0~балів", "0~poeng"]),
        (1, 0, ["1~point", "1~балл", "1~бал", "1~poeng"]),
        (2, 0, ["2~points", "2~балла", "2~бали", "2~poeng"]),
        (5, 0, ["5~points", "5~баллов", "5~балів", "5~poeng"]),
        (11, 0, ["11~points", "11~баллов", "11~балів", "11~poeng"]),
        (21, 0, ["21~points", "21~балл", "21~бал", "21~poeng"]),
        (-22, 0, ["−22~points", "−22~балла", "−22~бали", "−22~poeng"]),
        (1_112, 0, ["1,112~points", "1~112~баллов", "1~112~балів", "1~112~poeng"]),
        (25, 1, ["2.5~points", "2,5~балла", "2,5~бала", "2,5~poeng"]),
        // A hundred hundredths are one point, in every respect.
        (100, 2, ["1~point", "1~балл", "1~бал", "1~poeng"]),
    ] {
        check(expected, |it| words::points(it, &name, Points::new(units), decimals));
    }
}

#[test]
fn a_name_in_another_language_keeps_to_the_rules_of_that_language() {
    let only_polish = texts(&[(
        "pl",
        &[("one", "punkt"), ("few", "punkty"), ("many", "punktów"), ("other", "punktu")],
    )]);
    check(["22~punkty"; 4], |it| words::points(it, &only_polish, Points::new(22), 0));
    let only_english = texts(&[("en", &[("one", "mile"), ("other", "miles")])]);
    check(["21~miles"; 4], |it| words::points(it, &only_english, Points::new(21), 0));
    check(["3"; 4], |it| words::points(it, &Texts::default(), Points::new(3), 0));
}

/// Every answer of every choice is printed in words, in every language.
#[test]
fn every_setting_has_words_in_every_language() {
    let (mut missing, mut said) = (Vec::new(), BTreeSet::new());
    let choices = Settings::default().choices();
    for choice in &choices {
        for answer in choice.answers {
            said.insert(setting_key(choice.key, answer));
            for language in Language::ALL {
                let key = setting_key(choice.key, answer);
                if !words().has(language, &key) {
                    missing.push(format!("server/locales/{}/settings.ftl: {key}", language.code()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "these texts are missing:\n{}", missing.join("\n"));
    let written = messages(Language::En).into_keys().filter(|key| key.starts_with("setting-"));
    let unused: Vec<String> = written.filter(|key| !said.contains(key)).collect();
    assert!(unused.is_empty(), "no setting says {unused:?}");
    assert!(choices.len() > 20, "only {} choices", choices.len());
}

#[test]
fn the_bounds_of_discounts_are_said_in_words() {
    let none = Stacking { most_rules: None, most_percent: None, margin_floor: None, effort: 5_000 };
    let some = Stacking {
        most_rules: Some(2),
        most_percent: Some(Rate::new(30_000_000)),
        margin_floor: Some(Rate::new(12_500_000)),
        effort: 100,
    };
    for language in Language::ALL {
        for (stacking, is_set) in [(&none, false), (&some, true)] {
            for (differs, sentence) in stacking_sentences(language, stacking) {
                assert_eq!(differs, is_set, "{sentence}");
                assert!(!sentence.contains('⟦') && sentence.ends_with('.'), "{sentence}");
            }
        }
    }
    let said: Vec<String> =
        stacking_sentences(Language::En, &some).into_iter().map(|(_, said)| said).collect();
    assert_eq!(said[0], "At most 2 discounts stand on a receipt.");
    assert_eq!(said[1], "All discounts together take at most 30% off the goods.");
}
