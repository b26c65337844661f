//! The calendar, benefits, tasks, memberships and credit in words.

use super::{at, key};
use jiff::civil::date;
use symbolon::words::{
    Language, Speaker, effect_sentence, occasion, reason_sentence, refusal_sentence,
};
use symbolon_core::engine::{Effect, Outcome, Reason, Refusal};
use symbolon_core::member::Expiry;
use symbolon_core::programme::{self, Programme};
use symbolon_core::values::{ActivityId, Money, Points};

const TEXT: &str = r#"
format = 1
id = "club"
name = "Club"
currency = "USD"
timezone = "UTC"
[attribute.birthday]
type = "date"
[points.account]
name.en = { one = "dollar", other = "dollars" }
decimals = 2
[benefit.lounge]
name = "Lounge"
[membership.club]
name = "The club"
fee = "29.00"
period = "1 year"
[credit.advance]
name = "Advance"
points = "account"
limits = [{ amount = 500 }]
[ladder.level]
name = "Level"
measure = 'spent()'
keep = "until the end of the year"
tier = [{ id = "basic" }, { id = "gold", from = 100 }]
[[reward]]
id = "mug"
name = "Mug"
cost = { account = 10 }
gives = { item = {} }
fulfil = "5 days"
[[rule]]
id = "a"
name = "A gift"
on = "birthday"
benefit = "lounge"
[[rule]]
id = "b"
on = "anniversary"
offer = "x"
[[rule]]
id = "c"
on = "tenure"
after = "6 months"
offer = "x"
[[rule]]
id = "d"
on = "inactive"
after = "90 days"
offer = "x"
[[rule]]
id = "e"
on = "before-expiry"
points = "account"
before = "2 weeks"
offer = "x"
[[rule]]
id = "f"
on = "month-end"
offer = "x"
[[rule]]
id = "g"
on = "tier-review"
ladder = "level"
offer = "x"
[[rule]]
id = "h"
on = "before-membership-end"
membership = "club"
before = "1 month"
offer = "x"
[[rule]]
id = "i"
on = "week-end"
offer = "x"
[[rule]]
id = "j"
on = "quarter-end"
offer = "x"
[[rule]]
id = "k"
on = "year-end"
offer = "x"
"#;

fn club() -> Programme {
    let reading = programme::read("club.toml", TEXT);
    reading.programme.unwrap_or_else(|| panic!("{:#?}", reading.remarks))
}

pub fn reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let (lounge, account, day) = (key("lounge"), key("account"), date(2027, 3, 5));
    let cents = Points::new;
    let done = |note: &str, late| Outcome::TaskDone {
        note: note.to_owned(),
        actor: "Eva".to_owned(),
        late,
    };
    let granted =
        |uses, ends_at| Outcome::BenefitGranted { benefit: lounge.clone(), uses, ends_at };
    let end = Some(at("2028-01-01T00:00:00Z"));
    vec![
        ("birthday:birthday", Outcome::OccasionCame { day }, "Birthday – came on 5~March 2027"),
        ("a", granted(None, None), "A gift – gives “Lounge”"),
        ("a", granted(Some(1), None), "A gift – gives “Lounge” once"),
        (
            "a",
            granted(Some(3), end),
            "A gift – gives “Lounge” 3 times, until 31~December 2027 inclusive",
        ),
        ("lounge", Outcome::BenefitUsed { left: None }, "Lounge – used"),
        (
            "lounge",
            Outcome::BenefitUsed { left: Some(2) },
            "Lounge – used; 2 times more are possible",
        ),
        ("mug", Outcome::TaskOpened { due: day }, "Mug – to be done by 5~March 2027"),
        ("lounge", done("", 0), "Lounge – done by Eva"),
        ("lounge", done("sent", 0), "Lounge – done by Eva: sent"),
        ("lounge", done("", 1), "Lounge – done by Eva, 1 day late"),
        ("lounge", done("sent", 4), "Lounge – done by Eva, 4 days late: sent"),
        (
            "club",
            Outcome::MembershipPaid { fee: Money::new(2900), from: day, until: date(2028, 3, 4) },
            "The club – $29.00 paid for 5~March 2027 – 4~March 2028",
        ),
        (
            "club",
            Outcome::MembershipEnded { refund: Money::new(1450) },
            "The club – ended before its time, $14.50 given back",
        ),
        (
            "advance",
            Outcome::Advanced {
                points: account.clone(),
                amount: cents(10_000),
                open: cents(30_000),
                most: cents(50_000),
            },
            "Advance – 100~dollars advanced; 300~dollars are open, of at most 500~dollars",
        ),
        (
            "advance",
            Outcome::SetOff { points: account, amount: cents(100), open: cents(0) },
            "Advance – 1~dollar set off; 0~dollars are open",
        ),
    ]
}

#[test]
fn reasons_of_the_calendar_and_of_services() {
    let club = club();
    for (about, outcome, expected) in reasons() {
        let reason = Reason { about: key(about), outcome };
        let said = reason_sentence(Language::En, &club, &reason).replace('\u{a0}', "~");
        assert_eq!(said, expected);
        for language in Language::ALL {
            let said = reason_sentence(language, &club, &reason);
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
}

#[test]
fn occasions_are_said_in_every_language() {
    let club = club();
    let english = Speaker::new(Language::En, &club);
    let said: Vec<String> =
        club.occasions.iter().map(|known| occasion(&english, &known.name())).collect();
    let expected = [
        "Birthday",
        "Anniversary",
        "Tenure: 6 months",
        "Nothing for 90 days",
        "dollars end in 2 weeks",
        "The end of the month",
        "Review of the tier: Level",
        "The club runs out in 1 month",
        "The end of the week",
        "The end of the quarter",
        "The end of the year",
    ];
    assert_eq!(said.len(), expected.len());
    for (said, expected) in said.iter().zip(expected) {
        assert_eq!(said.replace('\u{a0}', " ").to_lowercase(), expected.to_lowercase());
    }
    for language in Language::ALL {
        let say = Speaker::new(language, &club);
        for known in &club.occasions {
            let said = occasion(&say, &known.name());
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
}

#[test]
fn effects_of_the_calendar_and_of_services() {
    let (lounge, account, of) = (key("lounge"), key("account"), ActivityId::new(1));
    let day = date(2027, 3, 5);
    let amount = Points::new(100);
    let set_off =
        |parts| Effect::SetOff { credit: key("advance"), points: account.clone(), amount, parts };
    let effects = vec![
        (Effect::Occasion { occasion: key("birthday:birthday"), day }, "Birthday (5~March 2027)"),
        (Effect::UseBenefit { benefit: lounge.clone(), granted: None, change: 1 }, "Used: Lounge"),
        (
            Effect::UseBenefit { benefit: lounge.clone(), granted: Some(of), change: -1 },
            "Use given back: Lounge",
        ),
        (
            Effect::OpenTask { about: key("mug"), due: day, partner: None },
            "To be done by 5~March 2027: Mug",
        ),
        (Effect::CloseTask { of, effect: 1, about: key("mug"), done: true }, "Done: Mug"),
        (
            Effect::CloseTask { of, effect: 1, about: lounge, done: false },
            "No longer to be done: Lounge",
        ),
        (
            Effect::PayMembership {
                membership: key("club"),
                from: day,
                until: day,
                fee: Money::new(2900),
            },
            "The club: $29.00 paid for 5~March 2027 – 5~March 2027",
        ),
        (
            Effect::EndMembership {
                of,
                membership: key("club"),
                last: None,
                refund: Money::new(2900),
            },
            "The club ended, $29.00 given back",
        ),
        (
            Effect::Advance {
                credit: key("advance"),
                points: account.clone(),
                amount,
                lot: 1,
                expires: Expiry::Never,
            },
            "Advance: 1~dollar advanced",
        ),
        (set_off(Vec::new()), "Advance: 1~dollar set off against a payment"),
        (set_off(vec![super::part()]), "Advance: 1~dollar set off against the balance"),
    ];
    let club = club();
    for (effect, expected) in effects {
        let english = Speaker::new(Language::En, &club);
        assert_eq!(effect_sentence(&english, &effect).replace('\u{a0}', "~"), expected);
        for language in Language::ALL {
            let said = effect_sentence(&Speaker::new(language, &club), &effect);
            assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
        }
    }
}

#[test]
fn refusals_of_the_calendar_and_of_services() {
    let (lounge, advance) = (key("lounge"), key("advance"));
    let from = Some(date(2027, 1, 1));
    let table = vec![
        (
            Refusal::OccasionNotDue { occasion: key("easter") },
            "The occasion “easter” is not due: no rule waits for it, or it is booked already.",
        ),
        (
            Refusal::UnknownBenefit { benefit: key("sauna") },
            "The programme has no benefit “sauna”.",
        ),
        (Refusal::NotEntitled { benefit: lounge.clone() }, "The member does not have “Lounge”."),
        (
            Refusal::BenefitUsedUp { benefit: lounge.clone(), times: 4, from },
            "“Lounge” was used 4 times in the period from 1~January 2027; more is not possible.",
        ),
        (Refusal::BenefitUsedUp { benefit: lounge, times: 0, from: None }, "“Lounge” is used up."),
        (
            Refusal::UnknownMembership { membership: key("golf") },
            "The programme has no membership “golf”.",
        ),
        (Refusal::UnknownCredit { credit: key("loan") }, "The programme has no credit “loan”."),
        (
            Refusal::OverCredit {
                credit: advance.clone(),
                most: Points::new(50_000),
                open: Points::new(100),
            },
            "“Advance” allows at most 500~dollars; 1~dollar are open.",
        ),
        (
            Refusal::NothingAdvanced { credit: advance, open: Points::new(100) },
            "Not so much is open on “Advance”.",
        ),
    ];
    let club = club();
    for (refusal, expected) in table {
        let said = refusal_sentence(Language::En, Some(&club), &refusal).replace('\u{a0}', "~");
        assert_eq!(said, expected);
        for language in Language::ALL {
            for programme in [None, Some(&club)] {
                let said = refusal_sentence(language, programme, &refusal);
                assert!(!said.contains('⟦') && !said.is_empty(), "{said}");
            }
        }
    }
    let unknown = Refusal::UnknownTask { activity: ActivityId::new(1) };
    for language in Language::ALL {
        let said = refusal_sentence(language, None, &unknown);
        assert!(said.contains("act_") && !said.contains('⟦'), "{said}");
    }
}
