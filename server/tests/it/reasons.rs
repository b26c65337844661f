//! Every reason, effect and refusal is said in every language, with its figures.

mod choices;
mod companies;
mod ending;
mod games;
mod instruments;
mod others;
mod people;
mod time;

use choices::{effects_of_choices, reasons_of_choices};
use companies::{effects_on_companies, reasons_about_companies, refusals_of_companies};
use games::{GAMES, effects_of_games, reasons_of_games};
use instruments::{instrument_effects, instrument_reasons, payment_reasons};
use jiff::Timestamp;
use jiff::civil::date;
use others::{effects_on_others, reasons_about_others};
use people::{effects_among_people, reasons_about_people, refusals_among_people};
use std::collections::{BTreeMap, BTreeSet};
use symbolon::words::{
    Language, Speaker, effect_sentence, points_changes, reason_sentence, refusal_sentence,
};
use symbolon_core::engine::{
    Arithmetic, CodeProblem, Combined, CounterKey, DiscountHow, Effect, LotPart, Outcome, Reason,
    Refusal, ScheduleMiss, Shares,
};
use symbolon_core::member::{Expiry, LotLife, MemberKind};
use symbolon_core::programme::{self, Programme, QuotaPer};
use symbolon_core::values::{
    ActivityId, Key, Money, Period, PeriodUnit, Points, Quantity, Rate, Rounding,
};

const TEXT: &str = r#"
format = 1
id = "cafe"
name = { en = "Café", uk = "Кавʼярня" }
currency = "USD"
timezone = "America/New_York"

[points.points.name]
en = { one = "point", other = "points" }
ru = { one = "балл", few = "балла", many = "баллов", other = "балла" }
uk = { one = "бал", few = "бали", many = "балів", other = "бала" }
nb = { one = "poeng", other = "poeng" }

[benefit.lounge]
name = { en = "Lounge", nb = "Lounge" }

[ladder.club]
name = { en = "Club", ru = "Клуб", uk = "Клуб", nb = "Klubb" }
measure = 'spent(months(12))'
tier = [
  { id = "basic", name = { en = "Basic" } },
  { id = "gold", name = { en = "Gold", ru = "Золотой" }, from = 100, multiplies = { points = "1.5" } },
]

[[rule]]
id = "per-dollar"
name = { en = "A point per dollar", ru = "Балл за доллар", uk = "Бал за долар", nb = "Ett poeng per dollar" }
on = "purchase"
when = 'receipt.total > 5.00 && receipt.location == "Boston"'
weekdays = ["monday", "tuesday", "wednesday", "friday", "saturday"]
hours = ["11:00-14:00", "22:00-02:00"]
offer = { en = "A muffin for half the price?" }
earn = { points = "points", give = 1, per = "1.00" }
group = "lunch"

[[rule]]
id = "double-days"
on = "purchase"
earn = { points = "points", times = 2 }

[[reward]]
id = "coffee"
name = { en = "A coffee", ru = "Кофе", uk = "Кава", nb = "En kaffe" }
cost = { points = 50 }
gives = { item = {} }
"#;

fn cafe() -> Programme {
    let reading = programme::read("cafe.toml", &format!("{TEXT}{GAMES}"));
    reading.programme.unwrap_or_else(|| panic!("{:#?}", reading.remarks))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn key(text: &str) -> Key {
    Key::new(text)
}

fn per_amount(basis: i64, multipliers: &[(&str, i64)], steps: bool) -> Arithmetic {
    Arithmetic::PerAmount {
        basis: Money::new(basis),
        give: Points::new(1),
        per: Money::new(100),
        steps,
        multipliers: multipliers.iter().map(|(by, rate)| (key(by), Rate::new(*rate))).collect(),
        combined: Combined::Multiplied,
        rounding: Rounding::Down,
    }
}

fn earned(amount: i64, arithmetic: Arithmetic) -> Outcome {
    Outcome::Earned { points: key("points"), amount: Points::new(amount), arithmetic }
}

fn percent(basis: i64, rounding: Rounding) -> Arithmetic {
    let percent = Rate::new(10_000_000);
    let (basis, multipliers) = (Money::new(basis), Vec::new());
    Arithmetic::Percent { basis, percent, multipliers, combined: Combined::Multiplied, rounding }
}

fn discounted(how: DiscountHow) -> Outcome {
    Outcome::Discounted { amount: Money::new(164), basis: Money::new(1640), how }
}

fn reversed(lapsed: i64, owed: i64, forgiven: i64) -> Outcome {
    Outcome::Reversed {
        points: key("points"),
        amount: Points::new(16),
        lapsed: Points::new(lapsed),
        owed: Points::new(owed),
        forgiven: Points::new(forgiven),
    }
}

fn out_of(schedule: ScheduleMiss) -> Outcome {
    Outcome::OutOfSchedule { schedule }
}

fn adjusted(amount: i64) -> Outcome {
    Outcome::Adjusted {
        points: key("points"),
        amount: Points::new(amount),
        reason: "birthday".to_owned(),
        actor: "Ana".to_owned(),
    }
}

/// What each reason is about, the reason, and what is said of it in English.
fn reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let points = || key("points");
    let mut all = given_reasons();
    all.extend(schedule_reasons());
    all.extend(taken_reasons());
    all.extend(crate::price_reasons::price_reasons());
    all.extend(instrument_reasons());
    all.extend(payment_reasons());
    all.extend(reasons_about_others());
    all.extend(reasons_about_companies());
    all.extend(reasons_about_people());
    all.extend(reasons_of_games());
    all.extend(reasons_of_choices());
    all.extend([
        (
            "per-dollar",
            Outcome::ConditionFalse { part: 1 },
            "A point per dollar – not given, because this is not so: the receipt's location is Boston",
        ),
        (
            "per-dollar",
            Outcome::ConditionFalse { part: 7 },
            "A point per dollar – not given: its condition does not hold",
        ),
        (
            "double-days",
            Outcome::NothingToCount,
            "double-days – gave nothing: nothing on the receipt counts for it",
        ),
        (
            "double-days",
            Outcome::BelowStep { basis: Money::new(680), step: Money::new(1000) },
            "double-days – gave nothing: $3.20 more needed to reach $10.00 (there is $6.80)",
        ),
        (
            "double-days",
            Outcome::BelowStep { basis: Money::new(1680), step: Money::new(1000) },
            "double-days – gave nothing on $16.80",
        ),
        (
            "coffee",
            Outcome::LimitReached { times: 1, from: date(2027, 1, 1) },
            "A coffee – not given: used once since 1~January 2027, which is the limit",
        ),
        (
            "double-days",
            Outcome::Excluded { group: key("lunch"), by: key("per-dollar") },
            "double-days – not given: of the group “lunch” only one applies, and \
             “A point per dollar” gives more or comes first",
        ),
        (
            "double-days",
            Outcome::NotForMembers,
            "double-days – not given: only for customers who are not members",
        ),
        ("double-days", Outcome::NotForGuests, "double-days – not given: only for members"),
        (
            "coffee",
            Outcome::NotEnoughPoints {
                points: points(),
                needed: Points::new(50),
                available: Points::new(1),
                pending: Points::new(4),
            },
            "A coffee – not possible: costs 50~points, available: 1~point, pending: 4~points",
        ),
        (
            "espresso",
            Outcome::Unmatched { quantity: Quantity::new(1500) },
            "espresso – 1.5 could not be matched to any purchase; nothing was taken back for it",
        ),
    ]);
    all
}

fn schedule_reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    vec![
        (
            "per-dollar",
            out_of(ScheduleMiss::NotYet(at("2027-03-01T05:00:00Z"))),
            "A point per dollar – not given: begins on 1~March 2027, 00:00",
        ),
        (
            "per-dollar",
            out_of(ScheduleMiss::Over(at("2027-03-01T05:00:00Z"))),
            "A point per dollar – not given: ended on 1~March 2027, 00:00",
        ),
        (
            "per-dollar",
            out_of(ScheduleMiss::Weekday),
            "A point per dollar – not given: only on these days: Monday–Wednesday, Friday, Saturday",
        ),
        (
            "per-dollar",
            out_of(ScheduleMiss::Hour),
            "A point per dollar – not given: only at these hours: 11:00–14:00, 22:00–02:00",
        ),
    ]
}

fn given_reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let points = || key("points");
    vec![
        ("per-dollar", earned(16, Arithmetic::Fixed), "A point per dollar – 16~points"),
        (
            "per-dollar",
            earned(16, per_amount(1640, &[], true)),
            "A point per dollar – 16~points: 16 full steps of $1.00 in $16.40, 1~point each",
        ),
        (
            "per-dollar",
            earned(1, per_amount(140, &[], true)),
            "A point per dollar – 1~point: 1 full step of $1.00 in $1.40, 1~point each",
        ),
        (
            "per-dollar",
            earned(49, per_amount(1640, &[("gold", 1_500_000), ("double-days", 2_000_000)], false)),
            "A point per dollar – 49~points: 1~point per $1.00 of $16.40; Gold~×1.5, \
             double-days~×2, rounded down",
        ),
        (
            "per-dollar",
            earned(20, per_amount(1640, &[("double-days", 2_000_000)], true)),
            "A point per dollar – 20~points: 16 full steps of $1.00 in $16.40, 1~point each; \
             double-days~×2, the multiplier counts for some of the lines",
        ),
        (
            "per-dollar",
            earned(2, percent(1640, Rounding::HalfUp)),
            "A point per dollar – 2~points: 10% of $16.40, rounded to the nearest, halves up",
        ),
        (
            "double-days",
            Outcome::Multiplied { points: points(), times: Rate::new(2_000_000) },
            "double-days – multiplied what other rules give: Points ×2",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::Percent(Rate::new(10_000_000))),
            "A point per dollar – $1.64 off: 10% of $16.40",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::Sum(Money::new(500))),
            "A point per dollar – $1.64 off $16.40 (at most $5.00)",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::UnitPrice(Money::new(99))),
            "A point per dollar – $1.64 off $16.40: the price becomes $0.99 each",
        ),
        (
            "coffee",
            discounted(DiscountHow::FreePiece),
            "A coffee – one piece for free: $1.64 off $16.40",
        ),
        (
            "per-dollar",
            Outcome::Offered,
            "A point per dollar – offered at the till: “A muffin for half the price?”",
        ),
    ]
}

fn taken_reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let points = || key("points");
    vec![
        (
            "coffee",
            Outcome::Redeemed { points: points(), amount: Points::new(50) },
            "A coffee – redeemed for 50~points",
        ),
        (
            "points",
            Outcome::DebtRepaid { amount: Points::new(1) },
            "Points – 1~point of what was earned settled a debt",
        ),
        (
            "club",
            Outcome::TierReached { from: key("basic"), to: key("gold") },
            "Club – from “Basic” up to “Gold”",
        ),
        (
            "club",
            Outcome::TierReached { from: key("gold"), to: key("basic") },
            "Club – from “Gold” down to “Basic”",
        ),
        ("per-dollar", reversed(0, 0, 0), "A point per dollar – 16~points taken back"),
        (
            "per-dollar",
            reversed(3, 1, 2),
            "A point per dollar – 16~points taken back; of that 3~points had expired already and \
             is not taken twice; of that 1~point is owed and will be settled by the next points; \
             of that 2~points was let go",
        ),
        (
            "coffee",
            Outcome::Restored { points: points(), amount: Points::new(50) },
            "A coffee – 50~points given back, with their original end",
        ),
        ("receipt", Outcome::Refunded { amount: Money::new(1640) }, "Receipt – $16.40 refunded"),
        (
            "points",
            Outcome::Expired {
                points: points(),
                amount: Points::new(7),
                at: at("2028-01-01T05:00:00Z"),
            },
            "Points – 7~points expired at the end of 31~December 2027",
        ),
        ("points", adjusted(5), "Points – +5~points by Ana: “birthday”"),
        ("points", adjusted(-5), "Points – −5~points by Ana: “birthday”"),
    ]
}

/// The names of all outcomes, read from the one place where each gets its own.
fn all_names() -> BTreeSet<&'static str> {
    let source = include_str!("../../../core/src/engine/outcome.rs");
    let (_, names) = source.split_once("pub const fn name").expect("outcomes have names");
    let names: Vec<&str> = names.split('"').skip(1).step_by(2).collect();
    assert!(names.len() > 50, "the names are not written as they were");
    names.into_iter().collect()
}

#[test]
fn every_reason_is_said_in_every_language() {
    let cafe = cafe();
    let mut seen = BTreeSet::new();
    for (about, outcome, expected) in reasons() {
        seen.insert(outcome.name());
        let reason = Reason { about: key(about), outcome };
        for language in Language::ALL {
            let said = reason_sentence(language, &cafe, &reason);
            assert!(!said.contains('⟦'), "{said}");
            if language == Language::En {
                assert_eq!(said, expected.replace('~', "\u{a0}"));
            }
        }
    }
    seen.extend(time::reasons().into_iter().map(|(_, outcome, _)| outcome.name()));
    seen.extend(ending::reasons().into_iter().map(|(_, outcome, _)| outcome.name()));
    assert_eq!(seen, all_names(), "a reason has no sample");
}

#[test]
fn some_reasons_in_the_other_languages() {
    let cafe = cafe();
    let steps = Reason {
        about: key("per-dollar"),
        outcome: earned(32, per_amount(2140, &[("gold", 1_500_000)], true)),
    };
    for (language, expected) in [
        (
            Language::Ru,
            "Балл за доллар — 32~балла: 21 полный шаг по 1,00~$ в сумме 21,40~$, каждый — 1~балл; \
             Золотой~×1,5, округлено вниз",
        ),
        (
            Language::Uk,
            "Бал за долар — 32~бали: 21 повний крок по 1,00~$ у сумі 21,40~$, кожен — 1~бал; \
             Gold~×1,5, заокруглено вниз",
        ),
        (
            Language::Nb,
            "Ett poeng per dollar – 32~poeng: 21 hele trinn på 1,00~$ i 21,40~$, 1~poeng for hvert; \
             Gold~×1,5, rundet ned",
        ),
    ] {
        assert_eq!(reason_sentence(language, &cafe, &steps), expected.replace('~', "\u{a0}"));
    }
    // Until the core prints conditions in all languages, they read what was written.
    let outcome = Outcome::ConditionFalse { part: 1 };
    let condition = Reason { about: key("per-dollar"), outcome };
    assert_eq!(
        reason_sentence(Language::Nb, &cafe, &condition),
        "Ett poeng per dollar – ikke gitt, fordi dette ikke stemmer: \
         `receipt.location == \"Boston\"`"
    );
}

fn part() -> LotPart {
    let life = LotLife {
        granted: Points::new(9),
        available_at: None,
        awaits: None,
        expires: Expiry::Never,
        earned_on: date(2027, 1, 1),
        activity: ActivityId::new(1),
    };
    LotPart { lot: 1, amount: Points::new(9), life }
}

fn lounge(ends_at: Option<Timestamp>) -> Effect {
    Effect::GrantBenefit { by: key("coffee"), benefit: key("lounge"), ends_at, uses: None }
}

fn effects() -> Vec<Effect> {
    let points = || key("points");
    let (id, end) = (ActivityId::new(1), at("2028-01-01T05:00:00Z"));
    let idle = Expiry::Idle(Period { count: 36, unit: PeriodUnit::Months });
    let earn = |available_at, expires| Effect::Earn {
        by: key("per-dollar"),
        points: points(),
        amount: Points::new(16),
        lot: 1,
        available_at,
        awaits: None,
        expires,
        shares: Shares::None,
        recount: None,
    };
    vec![
        Effect::Join { kind: MemberKind::Company, attributes: BTreeMap::new(), since: None },
        Effect::Visit { day: date(2027, 1, 1), visits: -1, activities: 1, spent: Money::new(-5) },
        Effect::Discount { by: key("per-dollar"), amount: Money::new(164), lines: Vec::new() },
        Effect::Offer { by: key("per-dollar") },
        earn(None, idle),
        earn(Some(end), Expiry::At(end)),
        earn(None, Expiry::Never),
        Effect::Repay { points: points(), amount: Points::new(2), lot: 1 },
        Effect::Spend {
            by: key("coffee"),
            points: points(),
            amount: Points::new(9),
            parts: vec![part()],
            lines: Vec::new(),
        },
        Effect::FreeItem {
            by: key("coffee"),
            line: Some(0),
            products: std::sync::Arc::default(),
            pieces: 1,
        },
        lounge(Some(end)),
        lounge(None),
        Effect::RevokeBenefit { benefit: key("lounge"), activity: id },
        Effect::Count { of: key("coffee"), from: date(2027, 1, 1), change: 1 },
        Effect::Expire { points: points(), lot: 1, amount: Points::new(3), at: end },
        Effect::ReturnLine {
            receipt: id,
            line: 0,
            quantity: Quantity::ONE,
            refund: Money::new(500),
        },
        Effect::Voided { of: id },
        Effect::Reverse {
            of: id,
            effect: 0,
            points: points(),
            amount: Points::new(10),
            day: date(2027, 1, 1),
            lines: Vec::new(),
            taken: Vec::new(),
            lapsed: Points::new(1),
            lapsed_lot: Some(1),
            owed: Points::new(2),
            forgiven: Points::new(3),
            withheld: Points::ZERO,
            money: Money::ZERO,
        },
        Effect::Restore {
            of: id,
            effect: 0,
            points: points(),
            amount: Points::new(4),
            parts: vec![part()],
            lines: Vec::new(),
        },
        Effect::Give {
            points: points(),
            amount: Points::new(5),
            lot: 2,
            expires: Expiry::Never,
            reason: "birthday".to_owned(),
            actor: "Ana".to_owned(),
        },
        Effect::Take {
            points: points(),
            amount: Points::new(7),
            parts: Vec::new(),
            owed: Points::ZERO,
            reason: "mistake".to_owned(),
            actor: "Ana".to_owned(),
        },
        Effect::Tier { ladder: key("club"), from: key("basic"), to: key("gold") },
    ]
}

#[test]
fn every_effect_is_said_in_every_language() {
    let cafe = cafe();
    for language in Language::ALL {
        let say = Speaker::new(language, &cafe);
        let all = effects().into_iter().chain(instrument_effects()).chain(effects_of_choices());
        let all = all.chain(effects_on_others()).chain(effects_on_companies());
        let all = all.chain(effects_among_people()).chain(effects_of_games());
        for effect in all {
            let said = effect_sentence(&say, &effect);
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
    let english = Speaker::new(Language::En, &cafe);
    let all = effects().into_iter().chain(instrument_effects()).chain(effects_of_choices());
    let said: Vec<String> = all.map(|effect| effect_sentence(&english, &effect)).collect();
    for expected in [
        "A point per dollar: 16~points earned, until 36 months after the last activity",
        "A point per dollar: 16~points earned, available from 1~January 2028, 00:00, \
         until 31~December 2027 inclusive",
        "Benefit granted until 31~December 2027 inclusive: Lounge",
        "Line 1: 1 returned, $5.00 refunded",
        "Line 1: certificate of $5.00 sold",
        "500~points paid $5.00",
        "A point per dollar: 16~points earned, waiting for “delivered”, no end",
        "delivered: Points available from 1~January 2028, 00:00",
        "Club: “Gold” set until the end of 31~December 2027 by Ana: “goodwill”",
        "Club: no longer set by hand; by Ana: “goodwill”",
        "History of 1~January 2027: visits −1, spent −$0.05",
    ] {
        assert!(said.contains(&expected.replace('~', "\u{a0}")), "{expected} not in {said:#?}");
    }
}

#[test]
fn the_change_in_points_is_the_sum_of_what_came_and_went() {
    let cafe = cafe();
    let say = Speaker::new(Language::En, &cafe);
    // 3 × 16 earned, 9 spent, 3 expired, 10 − 1 − 3 reversed, 4 restored, 5 given, 7 taken.
    let all: Vec<Effect> = effects().into_iter().chain(instrument_effects()).collect();
    let changes = points_changes(&say, &all);
    assert_eq!(changes, vec![(key("points"), Points::new(48 - 9 - 3 - 6 + 4 + 5 - 7))]);
}

fn refusals() -> Vec<Refusal> {
    let activity = ActivityId::new(7);
    let reason = Reason {
        about: key("coffee"),
        outcome: Outcome::NotEnoughPoints {
            points: key("points"),
            needed: Points::new(50),
            available: Points::ZERO,
            pending: Points::ZERO,
        },
    };
    let payment = Reason { about: key("points"), outcome: Outcome::PointsDoNotPay };
    vec![
        Refusal::NoProgramme,
        Refusal::NoMember,
        Refusal::AlreadyMember,
        Refusal::NoLines,
        Refusal::TooManyLines { most: 5000 },
        Refusal::NegativePrice { line: 0 },
        Refusal::QuantityNotPositive { line: 1 },
        Refusal::NameTooLong { what: "product".to_owned() },
        Refusal::Overflow,
        Refusal::CalendarRange,
        Refusal::UnknownReward { reward: key("tea") },
        Refusal::UnknownAction { action: key("tea") },
        Refusal::UnknownPoints { points: key("tea") },
        Refusal::UnknownAttribute { attribute: key("tea") },
        Refusal::WrongAttributeType { attribute: key("tea") },
        Refusal::RewardNeedsReceipt { reward: key("coffee") },
        Refusal::RewardNotPossible { reason: Box::new(reason) },
        Refusal::UnknownActivity { activity },
        Refusal::NotReversible { activity },
        Refusal::AlreadyVoided { activity },
        Refusal::UnknownLine { line: 4 },
        Refusal::MoreThanBought { line: 0, left: Quantity::ONE },
        Refusal::NothingReturned,
        Refusal::AmountZero,
        Refusal::ReasonMissing,
        Refusal::NotEnoughToTake { available: Points::new(3) },
        Refusal::TooManyCodes { most: 50 },
        Refusal::CodeRefused { position: 0, why: CodeProblem::Used },
        Refusal::CodeRefused { position: 0, why: CodeProblem::Twice },
        Refusal::PaymentNotPossible { reason: Box::new(payment) },
        Refusal::PaidTwice { points: key("points") },
        Refusal::OneMeansOnly,
        Refusal::CertificateNotForSale { line: 0 },
        Refusal::CertificateUsed { line: 1 },
        Refusal::UnknownEvent { event: key("tea") },
        Refusal::UnknownLadder { ladder: key("tea") },
        Refusal::UnknownTier { tier: key("tea") },
        Refusal::EndsBeforeToday,
        Refusal::HoldTooLong { most: 10_080 },
        Refusal::HoldEnded { activity },
        Refusal::HoldDiffers { activity },
        Refusal::CounterNotAtHand {
            counter: Box::new(CounterKey {
                of: key("per-dollar"),
                per: QuotaPer::All,
                scope: String::new(),
                unit: key("times"),
                from: date(2027, 1, 1),
            }),
        },
    ]
}

#[test]
fn every_refusal_is_said_in_every_language() {
    let cafe = cafe();
    let all = refusals().into_iter().chain(refusals_of_companies());
    for refusal in all.chain(refusals_among_people()) {
        for language in Language::ALL {
            for programme in [None, Some(&cafe)] {
                let said = refusal_sentence(language, programme, &refusal);
                assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
            }
        }
    }
    let said = |refusal: usize| {
        refusal_sentence(Language::En, Some(&cafe), &refusals()[refusal]).replace('\u{a0}', "~")
    };
    assert_eq!(said(4), "The receipt has too many lines; at most 5,000 are possible.");
    assert_eq!(said(5), "The price on line 1 is below zero.");
    assert_eq!(
        said(16),
        "The reward cannot be had. A coffee – not possible: costs 50~points, available: 0~points"
    );
    assert_eq!(said(27), "The receipt is not booked, because of code 1: this code is not valid.");
    assert_eq!(said(33), "The certificate on line 2 was used already and cannot come back.");
    assert_eq!(said(25), "There are not so many points to take; available: 3~points.");
}
