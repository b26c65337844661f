//! Programmes that are right, and texts that could be anything.

use super::HEAD;
use crate::random::{cases, shapes};
use crate::support::{in_dollars, programme};
use jiff::Timestamp;
use proptest::prelude::*;
use symbolon_core::programme::{
    Audience, Discount, DiscountAmount, EarnAmount, ExpiryRule, Gives, Keep, PendingRule, Severity,
    Shortfall, Trigger, read,
};
use symbolon_core::values::{CalendarUnit, Money, Period, PeriodUnit, Rounding};

/// Every feature that the reader knows, in one programme.
const EVERYTHING: &str = r#"
format = 1
id = "everything-1"
name = { en = "Everything", uk = "Усе", "zh-Hant" = "一切" }
currency = "KWD"
timezone = "Europe/Kyiv"
backdating = "2 weeks"

[points.miles]
name.en = { one = "mile", other = "miles" }
name.uk = { one = "миля", few = "милі", many = "миль", other = "милі" }
decimals = 2
spendable = true
expires = "3 months after the end of the year"
pending = "14 days"
shortfall = "forgiven"
rounding = "half-even"

[points.status]
name.en = { one = "status point", other = "status points" }
spendable = false

[attribute.shoe-size]
type = "decimal"
name = "Shoe size"

[attribute.vip]
type = "boolean"

[action.review]
name = "Review"
fields = { stars = "integer", product = "text", seen-on = "date" }

[benefit.lounge]
name = "Lounge"

[ladder.club]
name = "Club"
measure = 'earned("status", months(12)) + (member.vip ? 100 : 0)'
keep = "until the end of the next year"
grace = "2 weeks"

[[ladder.club.tier]]
id = "red"

[[ladder.club.tier]]
id = "gold"
name = { en = "Gold" }
from = "1000.5"
multiplies = { miles = "1.5", status = 0 }
benefits = ["lounge"]

[[rule]]
id = "earn"
name = "Earn"
on = "purchase"
for = "everyone"
priority = -5
when = '''
member.tier("club") >= "gold" && receipt.total > 5.5 &&
  receipt.lines.exists(l, l.category == "shoes")'''
from = 2027-02-01
until = 2027-02-14
weekdays = ["monday", "sunday"]
hours = ["09:00-12:30", "22:00-02:00", "00:00-24:00"]
group = "seasonal"
limit = { per_member = 2, every = "quarter" }
earn = [
  { points = "miles", give = "0.50", per = "1.000", steps = "proportional", where = 'line.quantity > 1' },
  { points = "status", give = 1, per = 2, steps = "full" },
  { points = "miles", percent = "2.5" },
  { points = "miles", times = 2, where = 'line.brand == "own"' },
  { points = "status", give = 5 },
]
discount = { price = 0, where = 'line.product == "bag"' }
offer = { en = "Say hello", uk = "Привітайтеся" }

[[rule]]
id = "reviewed"
on = "action:review"
when = 'action.stars >= 4 && action.seen_on >= date("2027-01-01") && member.shoe_size != 42.5'
from = 2027-02-01T10:00:00
until = 2027-02-14T10:00:00+02:00
weekdays = "friday"
hours = "10:00-12:00"
earn = { points = "miles", give = 10 }
limit = { per_member = 1 }

[[rule]]
id = "guests"
on = "purchase"
for = "guests"
discount = { percent = 100 }

[[rule]]
id = "off"
on = "purchase"
discount = { sum = "0.001" }

[[reward]]
id = "item"
name = "Item"
cost = { miles = "12.34" }
gives = { item = { where = 'line.category in ["food", "drink"]' } }
when = 'member.visits(days(30)) >= 2 && today.weekday < 6 && now.hour >= 9'
limit = { per_member = 1, every = "week" }

[[reward]]
id = "lounge"
name = "Lounge"
cost = { miles = 5 }
gives = { benefit = "lounge", lasts = "1 year" }

[[reward]]
id = "ten-off"
name = "Ten off"
cost = { miles = 5 }
gives = { discount = { percent = "10" } }
"#;

#[test]
fn a_programme_with_everything_reads_without_an_error() {
    let reading = read("everything.toml", EVERYTHING);
    let errors = reading.remarks.iter().filter(|remark| remark.severity == Severity::Error);
    assert_eq!(errors.count(), 0);
    let programme = reading.programme.unwrap();
    assert_eq!(programme.text, EVERYTHING);
    assert_eq!((programme.key.as_str(), programme.currency.exponent()), ("everything-1", 3));
    assert_eq!(programme.backdating, Period { count: 2, unit: PeriodUnit::Weeks });
    assert_eq!(programme.name.plain("nb"), Some("Everything"));
    assert_eq!(programme.name.plain("zh-Hant"), Some("一切"));
    let (_, miles) = programme.find_points("miles").unwrap();
    assert_eq!((miles.decimals, miles.shortfall), (2, Shortfall::Forgiven));
    assert_eq!((miles.rounding, miles.spendable), (Rounding::HalfEven, true));
    assert_eq!(miles.name.find("uk").map(|forms| forms.get("few")), Some("милі"));
    let (_, status) = programme.find_points("status").unwrap();
    assert_eq!((status.decimals, status.shortfall), (0, Shortfall::Debt));
    assert_eq!((status.rounding, status.spendable), (Rounding::Down, false));
    assert_eq!(status.pending, PendingRule::Nothing);
    let club = &programme.ladders[0];
    assert_eq!(club.keep, Keep::Until { unit: CalendarUnit::Year, following: 1 });
    assert_eq!((club.tiers[1].from, club.tiers[1].multiplies.len()), (1_000_500_000, 2));
    let order: Vec<&str> = programme.rules.iter().map(|rule| rule.key.as_str()).collect();
    assert_eq!(order, ["earn", "guests", "off", "reviewed"], "by priority, then by id");
    let earn = programme.find_rule("earn").unwrap();
    assert_eq!(
        (earn.audience, earn.on, earn.priority),
        (Audience::Everyone, Trigger::Purchase, -5)
    );
    assert_eq!(earn.schedule.hours, [(540, 750), (1_320, 120), (0, 1_440)]);
    assert_eq!(earn.schedule.weekdays, Some([true, false, false, false, false, false, true]));
    let moment = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    assert_eq!(earn.schedule.from, moment("2027-01-31T22:00:00Z"));
    assert_eq!(earn.schedule.until, moment("2027-02-14T22:00:00Z"), "a date as an end is whole");
    let reviewed = programme.find_rule("reviewed").unwrap();
    assert_eq!(reviewed.schedule.from, moment("2027-02-01T08:00:00Z"));
    assert_eq!(reviewed.schedule.until, moment("2027-02-14T08:00:00Z"));
    assert!(matches!(earn.earn[0].amount, EarnAmount::PerAmount { steps: false, .. }));
    assert!(matches!(earn.earn[1].amount, EarnAmount::PerAmount { steps: true, .. }));
    assert!(matches!(earn.earn[2].amount, EarnAmount::Percent(rate) if rate.units() == 2_500_000));
    let discount = earn.discount.as_ref().map(|discounting| &discounting.what);
    assert!(
        matches!(discount, Some(Discount::Plain(plain)) if plain.amount == DiscountAmount::UnitPrice(Money::ZERO))
    );
    let lounge = programme.find_reward("lounge").map(|reward| &reward.gives);
    assert!(matches!(lounge, Some(Gives::Benefit { benefit: 0, lasts: Some(_), uses: None })));
}

#[test]
fn all_forms_of_expiry_are_read() {
    let period = |count, unit| Period { count, unit };
    let of = |unit, then| ExpiryRule::AfterCalendar { unit, then };
    let cases = [
        ("never", ExpiryRule::Never),
        ("12 months after earning", ExpiryRule::AfterEarning(period(12, PeriodUnit::Months))),
        ("1 day after earning", ExpiryRule::AfterEarning(period(1, PeriodUnit::Days))),
        ("end of the day", of(CalendarUnit::Day, Period::NONE)),
        ("end of the week", of(CalendarUnit::Week, Period::NONE)),
        ("end of the month", of(CalendarUnit::Month, Period::NONE)),
        ("end of the quarter", of(CalendarUnit::Quarter, Period::NONE)),
        ("end of the year", of(CalendarUnit::Year, Period::NONE)),
        (
            "3 months after the end of the year",
            of(CalendarUnit::Year, period(3, PeriodUnit::Months)),
        ),
        ("1 week after the end of the day", of(CalendarUnit::Day, period(1, PeriodUnit::Weeks))),
        (
            "36 months after the last activity",
            ExpiryRule::AfterActivity(period(36, PeriodUnit::Months)),
        ),
    ];
    for (phrase, expected) in cases {
        let text = in_dollars(&format!(
            "[points.p]\nname.en = {{ one = \"a\", other = \"b\" }}\nexpires = \"{phrase}\"\n"
        ));
        assert_eq!(programme(&text).points[0].expires, expected, "{phrase}");
    }
}

#[test]
fn all_forms_of_keeping_a_tier_are_read() {
    let mut cases = vec![
        ("while the measure holds".to_owned(), Keep::AtOnce),
        ("always".to_owned(), Keep::Always),
    ];
    for unit in [
        CalendarUnit::Day,
        CalendarUnit::Week,
        CalendarUnit::Month,
        CalendarUnit::Quarter,
        CalendarUnit::Year,
    ] {
        let name = unit.name();
        cases.push((format!("until the end of the {name}"), Keep::Until { unit, following: 0 }));
        cases.push((
            format!("until the end of the next {name}"),
            Keep::Until { unit, following: 1 },
        ));
    }
    for (phrase, expected) in cases {
        let text = in_dollars(&format!(
            "[ladder.l]\nmeasure = 'spent()'\nkeep = \"{phrase}\"\ntier = [{{ id = \"a\" }}]\n"
        ));
        assert_eq!(programme(&text).ladders[0].keep, expected, "{phrase}");
    }
}

#[test]
fn one_plain_text_is_english() {
    let text = in_dollars("[benefit.b]\nname = \"Lounge\"\n[benefit.c]\nname.uk = \"Зал\"\n");
    let programme = programme(&text);
    assert_eq!(programme.benefits[0].name.plain("en"), Some("Lounge"));
    assert_eq!(programme.benefits[0].name.plain("uk"), Some("Lounge"));
    assert_eq!(programme.benefits[1].name.plain("en"), Some("Зал"));
}

/// Whatever the text: a programme, or problems with places that are in the text.
fn check_reads(text: &str) {
    let reading = read("any.toml", text);
    let errors = reading.remarks.iter().filter(|remark| remark.severity == Severity::Error).count();
    assert_eq!(reading.programme.is_none(), errors > 0, "{text}");
    let lines: Vec<&str> = text.split('\n').collect();
    for remark in &reading.remarks {
        let line = lines.get(remark.line - 1).copied();
        let width = line.map(|line| line.chars().count());
        assert!(width.is_some_and(|width| remark.column <= width + 1), "{remark:?}\n{text}");
        assert!(!remark.message.is_empty());
    }
}

const PIECES: [&str; 28] = [
    "[",
    "]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\"",
    "'",
    "\n",
    "'''",
    "\"\"\"",
    "#",
    "-",
    "1",
    "99999999999999999999",
    "0.5",
    "inf",
    "true",
    "2027-02-30",
    "é",
    "\u{0}",
    "\\u",
    "rule",
    "points",
    "[[rule]]\n",
    "id = ",
    " ",
];

/// One change to a text: something cut out, something put in.
fn mutated(text: &str, (place, removed, piece): &(usize, usize, &str)) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = place % (characters.len() + 1);
    let end = (start + removed).min(characters.len());
    let mut changed: String = characters[..start].iter().collect();
    changed.push_str(piece);
    changed.extend(&characters[end..]);
    changed
}

fn mutations() -> impl Strategy<Value = Vec<(usize, usize, &'static str)>> {
    let piece = prop::sample::select(PIECES.to_vec());
    prop::collection::vec((any::<usize>(), 0_usize..12, piece), 1..4)
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        check_reads(&text);
    }

    #[test]
    fn any_heap_of_pieces_can_be_read(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
    ) {
        check_reads(&format!("{HEAD}{}", pieces.concat()));
    }

    #[test]
    fn any_change_to_a_programme_can_be_read(changes in mutations()) {
        check_reads(&changes.iter().fold(EVERYTHING.to_owned(), |text, change| mutated(&text, change)));
    }

    #[test]
    fn any_change_to_a_random_programme_can_be_read(shape in shapes(), changes in mutations()) {
        check_reads(&changes.iter().fold(shape.text(), |text, change| mutated(&text, change)));
    }
}
