//! The end of a programme in words.

use super::key;
use jiff::civil::date;
use symbolon::words::{
    Language, Speaker, effect_sentence, occasion, points_changes, reason_sentence, refusal_sentence,
};
use symbolon_core::engine::{Effect, Outcome, Reason, Refusal};
use symbolon_core::member::Expiry;
use symbolon_core::programme::{self, Ending, Programme};
use symbolon_core::values::Points;

const TEXT: &str = r#"
format = 1
id = "shop"
name = "Shop"
currency = "USD"
timezone = "UTC"
[points.points]
name.en = { one = "point", other = "points" }
[points.cash]
name.en = { one = "dollar", other = "dollars" }
decimals = 2
[[rule]]
id = "base"
name = "A point per dollar"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
[ending]
last_earning_day = 2027-12-31
last_spending_day = 2028-03-31
remainder = { points = { to = "cash", give = "0.01" } }
"#;

fn shop() -> Programme {
    let reading = programme::read("shop.toml", TEXT);
    reading.programme.unwrap_or_else(|| panic!("{:#?}", reading.remarks))
}

pub fn reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let (points, amount) = (key("points"), Points::new(150));
    let ended = |to: Option<&str>, back: i64| Outcome::DebtEnded {
        points: key("points"),
        amount: Points::new(1),
        to: to.map(key),
        back: Points::new(back),
    };
    vec![
        (
            "ending",
            Outcome::EndingAnnounced {
                last_earning: date(2027, 12, 31),
                last_spending: date(2028, 3, 31),
            },
            "The programme ends – points are earned until 31~December 2027 and can be spent until \
             31~March 2028",
        ),
        (
            "base",
            Outcome::EarningOver { last: date(2027, 12, 31) },
            "A point per dollar – the programme ended earning on 31~December 2027",
        ),
        (
            "points",
            Outcome::EndedWithProgramme { points: points.clone(), amount },
            "Points – 150~points ended with the programme",
        ),
        (
            "points",
            Outcome::Converted {
                points: points.clone(),
                amount,
                to: key("cash"),
                given: Points::new(150),
            },
            "Points – 150~points became 1.5~dollars",
        ),
        (
            "points",
            Outcome::TooFewToConvert { points, amount },
            "Points – too few to become anything: 150~points",
        ),
        ("points", ended(None, 0), "Points – no longer owed: 1~point"),
        (
            "points",
            ended(Some("cash"), 100),
            "Points – no longer owed: 1~point; taken for it: 1~dollar",
        ),
    ]
}

#[test]
fn a10_reasons_of_the_end() {
    let shop = shop();
    for (about, outcome, expected) in reasons() {
        let reason = Reason { about: key(about), outcome };
        let said = reason_sentence(Language::En, &shop, &reason).replace('\u{a0}', "~");
        assert_eq!(said, expected);
        for language in Language::ALL {
            let said = reason_sentence(language, &shop, &reason);
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
    for language in Language::ALL {
        let say = Speaker::new(language, &shop);
        assert!(!occasion(&say, &Ending::name()).contains('⟦'));
        let refusal = Refusal::ProgrammeEnded { last: date(2028, 3, 31) };
        for programme in [None, Some(&shop)] {
            let said = refusal_sentence(language, programme, &refusal);
            assert!(!said.contains('⟦') && said.contains("2028"), "{said}");
        }
    }
}

fn convert(amount: i64, given: i64) -> Effect {
    Effect::Convert {
        points: key("points"),
        amount: Points::new(amount),
        parts: Vec::new(),
        to: key("cash"),
        given: Points::new(given),
        lot: None,
        available_at: None,
        expires: Expiry::Never,
    }
}

fn end_debt(to: Option<&str>, back: i64, forgiven: i64) -> Effect {
    Effect::EndDebt {
        points: key("points"),
        amount: Points::new(30),
        to: to.map(key),
        back: Points::new(back),
        parts: Vec::new(),
        owed: Points::ZERO,
        forgiven: Points::new(forgiven),
    }
}

#[test]
fn a10_effects_of_the_end() {
    let shop = shop();
    let english = Speaker::new(Language::En, &shop);
    for (effect, expected) in [
        (convert(150, 150), "Converted at the end of the programme: 150~points became 1.5~dollars"),
        (end_debt(None, 0, 0), "No longer owed: 30~points"),
        (end_debt(Some("cash"), 0, 0), "No longer owed: 30~points"),
        (end_debt(Some("cash"), 30, 0), "No longer owed: 30~points; taken for it: 0.3~dollars"),
    ] {
        assert_eq!(effect_sentence(&english, &effect).replace('\u{a0}', "~"), expected);
        for language in Language::ALL {
            let said = effect_sentence(&Speaker::new(language, &shop), &effect);
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
    // 150 points left and became 1.50; what is owed is less than nothing, and what is let go was
    // never had.
    let effects = [convert(150, 150), end_debt(Some("cash"), 30, 10)];
    let changes = points_changes(&english, &effects);
    let expected = [(key("points"), Points::new(-120)), (key("cash"), Points::new(130))];
    assert_eq!(changes, expected);
}
