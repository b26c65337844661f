//! The condition language: tables of answers, sentences and requirements.

mod problems;
mod properties;
mod tree;
mod world;

use std::collections::BTreeMap;

use symbolon_core::condition::{
    Condition, EvaluateError, Expected, Fact, Literal, Requirement, Value, Window, compile,
};

use world::{DATES, World, environment};

fn compiled(text: &str, expected: Expected) -> Condition {
    match compile(text, &environment(), expected) {
        Ok(condition) => condition,
        Err(problems) => panic!("{text}\n{problems:?}"),
    }
}

/// A silver member who visits on Sunday 31 January 2027 and buys shoes and something else.
fn silver_member_on_a_sunday() -> World {
    let text = |text: &str| Literal::Text(text.to_owned());
    let mut facts = BTreeMap::from([
        (Fact::MemberKnown, Literal::Bool(true)),
        (Fact::MemberTier(0), Literal::Tier(1)),
        (Fact::MemberVisits(Window::Days(90)), Literal::Int(3)),
        (Fact::MemberVisits(Window::AllTime), Literal::Int(i64::MAX)),
        (Fact::MemberSpent(Window::AllTime), Literal::Decimal(i128::MAX)),
        (Fact::MemberKind, text("person")),
        (Fact::MemberAttribute(1), Literal::Int(42)),
        (Fact::MemberAttribute(3), Literal::Bool(false)),
        (Fact::ReceiptTotal, Literal::Decimal(50_250_000)),
        (Fact::ReceiptLocation, text("harbour")),
        // A mistake of whoever answers: a total is a decimal.
        (Fact::ReceiptQuantity, text("three")),
    ]);
    for fact in [Fact::Today, Fact::TodayYear, Fact::TodayWeekday] {
        let value = match fact.of_date(DATES[1]) {
            Some(Value::Int(value)) => Literal::Int(value),
            _ => Literal::Date(DATES[1]),
        };
        facts.insert(fact, value);
    }
    let shoes = BTreeMap::from([
        (Fact::LineProduct, text("SHO-1")),
        (Fact::LineCategory, text("shoes")),
        (Fact::LineQuantity, Literal::Decimal(1_000_000)),
    ]);
    let other = BTreeMap::from([
        (Fact::LineProduct, text("X-2")),
        (Fact::LineQuantity, Literal::Decimal(2_500_000)),
    ]);
    World { facts, lines: vec![shoes, other] }
}

#[test]
fn conditions_answer() {
    let cases = [
        // Exact comparison and widening.
        ("receipt.total > 50", Ok(true)),
        ("receipt.total == 50.25", Ok(true)),
        ("receipt.total * 4 == 201", Ok(true)),
        ("member.visits(days(90)) == 3.0", Ok(true)),
        ("member.visits(days(90)) in [2.5, 3]", Ok(true)),
        ("1 - 2 - 3 == -4 && 2 + 3 * 4 == 14 && -(2) * -3 == 6", Ok(true)),
        ("false || true && false", Ok(false)),
        ("(member.known ? 1 : 2) == 1", Ok(true)),
        // Tiers by rank, dates, texts.
        (r#"member.tier("club") >= "silver""#, Ok(true)),
        (r#""gold" <= member.tier("club")"#, Ok(false)),
        (r#"today == date("2027-01-31") && today.weekday == 7 && today.year == 2027"#, Ok(true)),
        ("member.kind.startsWith('per') && member.kind.endsWith('son')", Ok(true)),
        ("member.kind in ['company', 'person']", Ok(true)),
        // What is absent: every comparison is false, except `!=`.
        ("member.city == 'Bergen'", Ok(false)),
        ("member.city != 'Bergen'", Ok(true)),
        ("!(member.city == 'Bergen')", Ok(true)),
        ("member.city in ['Bergen']", Ok(false)),
        ("member.city.contains('')", Ok(false)),
        ("member.height < 2 || member.height >= 2", Ok(false)),
        ("member.height * 2 + 1 != 3", Ok(true)),
        ("-member.height == -member.height", Ok(false)),
        ("member.newsletter == false", Ok(true)),
        ("(member.known ? member.city : 'x') == 'x'", Ok(false)),
        // Lines.
        ("line.category == 'shoes'", Ok(true)),
        ("receipt.lines.exists(x, x.category == 'shoes' && x.quantity >= 2)", Ok(false)),
        ("receipt.lines.exists(x, x.category != 'shoes' && x.quantity >= 2)", Ok(true)),
        ("receipt.lines.all(x, x.quantity >= 1)", Ok(true)),
        ("receipt.lines.all(x, x.category == 'shoes')", Ok(false)),
        // Errors go on, unless the left side decides.
        ("member.visits() + 1 > 0", Err(EvaluateError::Overflow)),
        ("member.spent() * 2 > 0", Err(EvaluateError::Overflow)),
        ("false && member.visits() + 1 > 0", Ok(false)),
        ("true || member.visits() + 1 > 0", Ok(true)),
        ("member.visits() + 1 > 0 || true", Err(EvaluateError::Overflow)),
        ("receipt.quantity > 1", Err(EvaluateError::WrongType)),
    ];
    for (text, answer) in cases {
        let condition = compiled(text, Expected::Bool);
        let world = silver_member_on_a_sunday();
        assert_eq!(condition.evaluate(&world, Some(0)), answer, "{text}");
    }
}

#[test]
fn numbers_answer_in_millionths() {
    let cases = [
        ("visits(days(90)) * 2", Ok(6_000_000)),
        ("receipt.total - 0.25", Ok(50_000_000)),
        ("member.known ? 1 : 0.5", Ok(1_000_000)),
        // A number that is absent as a whole is 0.
        ("member.height * 2 + 1", Ok(0)),
        ("-member.visits() - 2", Err(EvaluateError::Overflow)),
    ];
    for (text, answer) in cases {
        let number = compiled(text, Expected::Number);
        let world = silver_member_on_a_sunday();
        assert_eq!(number.evaluate_number(&world), answer, "{text}");
        assert_eq!(number.evaluate(&world, None), Err(EvaluateError::WrongUse));
    }
    let condition = compiled("true", Expected::Bool);
    let world = silver_member_on_a_sunday();
    assert_eq!(condition.evaluate_number(&world), Err(EvaluateError::WrongUse));
}

#[test]
fn the_first_failing_part_and_its_facts_are_named() {
    let condition = compiled(
        "member.known && (member.visits(days(90)) >= 3 && member.tier('club') > 'silver') \
         && line.category == member.city && receipt.lines.exists(x, x.quantity > receipt.total) \
         && receipt.lines.all(x, x.category == 'shoes')",
        Expected::Bool,
    );
    let world = silver_member_on_a_sunday();
    assert_eq!(condition.first_failing(&world, Some(0)), Ok(Some(2)));
    let shown: Vec<String> = (0..condition.conjuncts().len())
        .map(|part| {
            let compared = condition.compared(part, &world, Some(0));
            let compared: Vec<String> =
                compared.iter().map(|(fact, value)| format!("{fact} = {value}")).collect();
            format!("{}: {}", condition.conjuncts()[part].text(), compared.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "member.known: member.known = true",
            "member.visits(days(90)) >= 3: member.visits(days(90)) = 3",
            r#"member.tier('club') > 'silver': member.tier("club") = silver"#,
            "line.category == member.city: line.category = shoes, member.city = absent",
            "receipt.lines.exists(x, x.quantity > receipt.total): receipt.lines[0].quantity = 1, \
             receipt.total = 50.25, receipt.lines[1].quantity = 2.5",
            // Only the line that decided is shown.
            "receipt.lines.all(x, x.category == 'shoes'): receipt.lines[1].category = absent",
        ]
    );
}

#[test]
fn conditions_read_as_sentences() {
    for (text, sentence) in SENTENCES {
        assert_eq!(compiled(text, Expected::Bool).sentence(), *sentence, "{text}");
    }
    let measure = compiled("earned('tier-points', months(12)) * 2 + visits()", Expected::Number);
    assert_eq!(
        measure.sentence(),
        "(the tier-points earned by the member in the last 12 months times 2) \
         plus the member's visits"
    );
}

const SENTENCES: &[(&str, &str)] = &[
    (
        r#"member.tier("club") >= "silver" && member.visits(days(90)) >= 3 && line.category == "shoes""#,
        "the member's tier in club is silver or higher, and the member's visits in the last 90 days are at least 3, and the line's category is shoes",
    ),
    ("member.known", "the member is known"),
    ("!member.known", "it is not so that the member is known"),
    ("member.known == false", "that the member is known is false"),
    ("member.newsletter", "the member's newsletter is true"),
    ("member.newsletter != true", "that the member's newsletter is true is not true"),
    (
        "member.known == member.newsletter",
        "that the member is known is as true as that (the member's newsletter is true)",
    ),
    (
        "member.known && (member.newsletter || today.weekday == 6 && now.hour < 12)",
        "the member is known, and either the member's newsletter is true or (both today's day of the week (1 is Monday) is 6 and the hour of the day is less than 12)",
    ),
    (
        "member.known || (member.newsletter || today.weekday == 6) && now.hour < 12",
        "either the member is known or (both (either the member's newsletter is true or today's day of the week (1 is Monday) is 6) and the hour of the day is less than 12)",
    ),
    (
        "!(member.known && member.newsletter && receipt.total > 50.00)",
        "it is not so that (all of the member is known, and the member's newsletter is true, and the receipt's total is more than 50)",
    ),
    (
        "(member.known || member.newsletter) && receipt.total > 50.00",
        "either the member is known or the member's newsletter is true, and the receipt's total is more than 50",
    ),
    ("50 <= receipt.total", "the receipt's total is at least 50"),
    (
        "receipt.total >= member.spent(months(1)) * 2 + 1",
        "the receipt's total is at least ((the member's spending in the last month times 2) plus 1)",
    ),
    (
        "member.earned('miles', years(1)) < 400.5 && member.earned('tier-points') == 0 && member.balance('miles') != 5",
        "the miles earned by the member in the last year are fewer than 400.5, and the tier-points earned by the member are 0, and the member's balance of miles is not 5",
    ),
    (
        "line.category in ['shoes', 'winter boots']",
        "the line's category is one of (shoes, “winter boots”)",
    ),
    ("member.tier('club') in ['red', 'gold']", "the member's tier in club is one of (red, gold)"),
    ("'gold' > member.tier('club')", "the member's tier in club is below gold"),
    (
        "today >= date('2027-02-01') && today < date('2027-02-15') && member.joined > date('2020-01-01')",
        "today's date is 2027-02-01 or later, and today's date is before 2027-02-15, and the member's joining date is after 2020-01-01",
    ),
    (
        "receipt.lines.exists(x, x.category == 'shoes' && x.quantity >= 2) && receipt.lines.all(y, y.amount > -1)",
        "the receipt has a line where (both that line's category is shoes and that line's quantity is at least 2), and on every line of the receipt (that line's amount is more than -1)",
    ),
    (
        "line.brand.startsWith('No') || line.product.endsWith('-x') || line.product.contains('a b')",
        "either the line's brand starts with No or the line's product ends with “-x” or the line's product contains “a b”",
    ),
    (
        "member.known ? receipt.total > 5 : action.stars == 5",
        "the receipt's total is more than 5 if the member is known, otherwise the action's stars is 5",
    ),
    (
        "(member.known ? 5 : 10) < receipt.quantity",
        "(5 if the member is known, otherwise 10) is less than the receipt's quantity",
    ),
    ("-member.shoe_size < 3", "(minus the member's shoe-size) is less than 3"),
    ("true", "true"),
    ("1 < 2", "1 is less than 2"),
    ("member.kind == ''", "the member's kind is “”"),
];

#[test]
fn what_is_required_can_be_indexed() {
    let cases = [
        ("receipt.location == 'harbour'", r#"AnyOf ReceiptLocation [Text("harbour")]"#),
        ("'harbour' == receipt.location", r#"AnyOf ReceiptLocation [Text("harbour")]"#),
        ("member.kind in ['b', 'a', 'b']", r#"AnyOf MemberKind [Text("a"), Text("b")]"#),
        (
            "member.kind == 'a' || (member.kind == 'b' || member.kind in ['c'])",
            r#"AnyOf MemberKind [Text("a"), Text("b"), Text("c")]"#,
        ),
        ("member.kind == 'a' || receipt.total > 5", ""),
        ("member.kind != 'a' && !member.known", ""),
        ("member.known", "AnyOf MemberKnown [Bool(true)]"),
        (
            "receipt.total >= 5 && 2.5 < receipt.quantity",
            "AtLeast ReceiptTotal 5000000\nAtLeast ReceiptQuantity 2500000",
        ),
        ("receipt.total >= 5 || receipt.total >= 3", "AtLeast ReceiptTotal 3000000"),
        ("receipt.total + 1 >= 5", ""),
        ("member.tier('club') >= 'silver'", "AnyOf MemberTier(0) [Tier(1), Tier(2)]"),
        // Nothing is above the highest tier: never true.
        ("member.tier('club') > 'gold'", "AnyOf MemberTier(0) []"),
        // A whole number is looked up as a whole number.
        ("today.weekday in [6, 7.0, 7.5]", "AnyOf TodayWeekday [Int(6), Int(7)]"),
        (
            "receipt.lines.exists(x, x.category == 'shoes' && x.amount >= 50 && member.known)",
            "AnyOf MemberKnown [Bool(true)]\nAnyOf LineCategory [Text(\"shoes\")]\n\
             AtLeast LineAmount 50000000",
        ),
        (
            "receipt.lines.exists(x, x.brand == 'a') || receipt.lines.exists(y, y.brand == 'b')",
            r#"AnyOf LineBrand [Text("a"), Text("b")]"#,
        ),
        ("receipt.lines.all(x, x.brand == 'a')", ""),
        ("member.known ? member.kind == 'a' : member.kind == 'a'", ""),
    ];
    for (text, told) in cases {
        let required: Vec<String> = compiled(text, Expected::Bool)
            .required()
            .into_iter()
            .map(|requirement| match requirement {
                Requirement::AnyOf { fact, any_of } => format!("AnyOf {fact:?} {any_of:?}"),
                Requirement::AtLeast { fact, value_millionths } => {
                    format!("AtLeast {fact:?} {value_millionths}")
                }
            })
            .collect();
        assert_eq!(required.join("\n"), told, "{text}");
    }
}
