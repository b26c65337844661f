//! Exact values: decimals, currencies, rounding, spreading, the calendar, ids and texts.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use std::collections::BTreeMap;
use symbolon_core::member::MemberState;
use symbolon_core::values::{
    ActivityId, BUCKETS, Bucket, CalendarUnit, Currency, DecimalError, Forms, Key, MemberId, Money,
    Overflow, Period, PeriodUnit, Points, Quantity, Rate, Rounding, Texts, Zone, divide,
    format_decimal, line_amount, parse_decimal, plural_categories, spread,
};

#[test]
fn decimals_are_read_exactly() {
    use DecimalError::{NotANumber, TooLarge, TooManyDecimals};
    let cases = [
        ("0", 0, Ok(0)),
        ("12", 0, Ok(12)),
        ("12", 2, Ok(1_200)),
        ("12.5", 2, Ok(1_250)),
        ("12.50", 2, Ok(1_250)),
        ("12.500", 2, Ok(1_250)),
        ("2.0", 0, Ok(2)),
        ("0.000001", 6, Ok(1)),
        ("-0", 2, Ok(0)),
        ("-0.01", 2, Ok(-1)),
        ("-12.34", 2, Ok(-1_234)),
        ("007", 0, Ok(7)),
        ("9223372036854775807", 0, Ok(i64::MAX)),
        ("-9223372036854775808", 0, Ok(i64::MIN)),
        ("92233720368547758.07", 2, Ok(i64::MAX)),
        ("12.505", 2, Err(TooManyDecimals(2))),
        ("1.5", 0, Err(TooManyDecimals(0))),
        ("0.0000001", 6, Err(TooManyDecimals(6))),
        ("9223372036854775808", 0, Err(TooLarge)),
        ("-9223372036854775809", 0, Err(TooLarge)),
        ("92233720368547758.08", 2, Err(TooLarge)),
        ("999999999999999999999999999999", 6, Err(TooLarge)),
        ("", 2, Err(NotANumber)),
        ("-", 2, Err(NotANumber)),
        (".", 2, Err(NotANumber)),
        (".5", 2, Err(NotANumber)),
        ("5.", 2, Err(NotANumber)),
        ("--5", 2, Err(NotANumber)),
        ("+5", 2, Err(NotANumber)),
        (" 5", 2, Err(NotANumber)),
        ("5 ", 2, Err(NotANumber)),
        ("1,5", 2, Err(NotANumber)),
        ("1.2.3", 2, Err(NotANumber)),
        ("1e3", 2, Err(NotANumber)),
        ("0x10", 2, Err(NotANumber)),
        ("1_000", 2, Err(NotANumber)),
        ("٣", 2, Err(NotANumber)),
        ("NaN", 2, Err(NotANumber)),
        ("inf", 2, Err(NotANumber)),
    ];
    for (text, decimals, expected) in cases {
        assert_eq!(parse_decimal(text, decimals), expected, "{text:?} with {decimals}");
    }
}

#[test]
fn decimals_are_printed_in_full() {
    for (units, decimals, text) in [
        (0, 0, "0"),
        (0, 2, "0.00"),
        (5, 0, "5"),
        (5, 2, "0.05"),
        (50, 2, "0.50"),
        (1_250, 2, "12.50"),
        (-1, 2, "-0.01"),
        (-1_234, 3, "-1.234"),
        (i64::MAX, 0, "9223372036854775807"),
        (i64::MIN, 2, "-92233720368547758.08"),
        (i64::MIN, 6, "-9223372036854.775808"),
    ] {
        assert_eq!(format_decimal(units, decimals), text);
    }
}

#[test]
fn currencies_have_their_own_decimals() {
    // Case 46.
    for (code, exponent) in [
        ("UAH", 2),
        ("RUB", 2),
        ("NOK", 2),
        ("EUR", 2),
        ("USD", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("ISK", 0),
        ("VND", 0),
        ("XOF", 0),
        ("CLP", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("TND", 3),
    ] {
        let currency = Currency::find(code).unwrap_or_else(|| panic!("{code} is a currency"));
        assert_eq!((currency.code(), currency.exponent()), (code, exponent));
        let one = currency.parse("1").unwrap();
        assert_eq!(one, Money::new(10_i64.pow(u32::from(exponent))));
        assert_eq!(currency.parse(&currency.format(one)), Ok(one));
        let json = serde_json::to_string(&currency).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<Currency>(&json).unwrap(), currency);
    }
    for code in ["", "usd", "US", "USDD", "XXX", "XAU", "DEM", "USD ", "AED AFN", " "] {
        assert_eq!(Currency::find(code), None, "{code:?}");
    }
    assert!(serde_json::from_str::<Currency>("\"usd\"").is_err());
    let yen = Currency::find("JPY").unwrap().parse("1.5").unwrap_err();
    assert_eq!(yen.to_string(), "not an amount of JPY: only whole numbers are possible here");
}

#[test]
fn rounding_is_what_its_name_says() {
    // Down is towards zero, up away from it; a half goes away, or to the even neighbour.
    let cases = [
        // Numerator, divisor: down, up, half-up, half-even.
        (29, 10, [2, 3, 3, 3]),
        (25, 10, [2, 3, 3, 2]),
        (35, 10, [3, 4, 4, 4]),
        (24, 10, [2, 3, 2, 2]),
        (21, 10, [2, 3, 2, 2]),
        (20, 10, [2, 2, 2, 2]),
        (5, 10, [0, 1, 1, 0]),
        (0, 10, [0, 0, 0, 0]),
        (-29, 10, [-2, -3, -3, -3]),
        (-25, 10, [-2, -3, -3, -2]),
        (-35, 10, [-3, -4, -4, -4]),
        (-21, 10, [-2, -3, -2, -2]),
        (25, -10, [-2, -3, -3, -2]),
        (-25, -10, [2, 3, 3, 2]),
        (1, 3, [0, 1, 0, 0]),
        (2, 3, [0, 1, 1, 1]),
    ];
    for (numerator, divisor, expected) in cases {
        for (rounding, expected) in Rounding::ALL.into_iter().zip(expected) {
            let name = rounding.name();
            assert_eq!(divide(numerator, divisor, rounding), Ok(expected), "{numerator} {name}");
            // The wide way around must agree with the narrow one.
            let wide = 1_i128 << 70;
            let (numerator, divisor) = (numerator * wide, divisor * wide);
            assert_eq!(divide(numerator, divisor, rounding), Ok(expected), "wide {name}");
            let json = serde_json::to_string(&rounding).unwrap();
            assert_eq!(json, format!("\"{name}\""));
        }
    }
    for rounding in Rounding::ALL {
        assert_eq!(divide(1, 0, rounding), Err(Overflow));
        assert_eq!(divide(i128::MAX, 0, rounding), Err(Overflow));
        assert_eq!(divide(i128::from(i64::MAX) + 1, 1, rounding), Err(Overflow));
        assert_eq!(divide(i128::from(i64::MIN), -1, rounding), Err(Overflow));
        assert_eq!(divide(i128::MIN, -1, rounding), Err(Overflow));
        assert_eq!(divide(i128::from(i64::MIN), 1, rounding), Ok(i64::MIN));
    }
}

#[test]
fn exact_integers_never_wrap() {
    // I21.
    let most = Points::new(i64::MAX);
    assert_eq!(most.plus(Points::new(1)), Err(Overflow));
    assert_eq!(Points::new(i64::MIN).minus(Points::new(1)), Err(Overflow));
    assert_eq!(Points::new(i64::MIN).negated(), Err(Overflow));
    assert_eq!(Points::sum([most, Points::new(-1), Points::new(1)]), Ok(most));
    assert_eq!(Points::sum([most, Points::new(1), Points::new(-1)]), Err(Overflow));
    assert_eq!(Points::sum([]), Ok(Points::ZERO));
    let cases = [
        (333, 1_000, Ok(333)),
        (999, 333, Ok(333)),
        (1, 499, Ok(0)),
        (1, 500, Ok(1)),
        (i64::MAX, 1_000, Ok(i64::MAX)),
        (i64::MAX, 1_001, Err(Overflow)),
        (i64::MAX, i64::MAX, Err(Overflow)),
    ];
    for (price, quantity, expected) in cases {
        let amount = line_amount(Money::new(price), Quantity::new(quantity), Rounding::HalfUp);
        assert_eq!(amount, expected.map(Money::new), "{price} × {quantity}");
    }
    assert_eq!((Rate::ONE.units(), Quantity::ONE.units()), (1_000_000, 1_000));
}

#[test]
fn totals_are_spread_by_largest_remainder() {
    let cases: &[(i64, &[i64], &[i64])] = &[
        (100, &[1, 1, 1], &[34, 33, 33]),
        (101, &[1, 1, 1], &[34, 34, 33]),
        (2, &[1, 1, 1], &[1, 1, 0]),
        (10, &[1, 2, 3], &[2, 3, 5]),
        (10, &[3, 3, 1], &[4, 4, 2]),
        (7, &[0, 5, 0], &[0, 7, 0]),
        (5, &[0, 0], &[5, 0]),
        (0, &[4, 4], &[0, 0]),
        (0, &[], &[]),
        (1, &[1, 1_000_000], &[0, 1]),
        (i64::MAX, &[i64::MAX, i64::MAX], &[4_611_686_018_427_387_904, 4_611_686_018_427_387_903]),
    ];
    for (total, weights, expected) in cases {
        assert_eq!(spread(*total, weights).as_deref(), Ok(*expected), "{total} {weights:?}");
    }
    for (total, weights) in [(1, &[][..]), (-1, &[1]), (1, &[-1, 2]), (0, &[-1])] {
        assert_eq!(spread(total, weights), Err(Overflow), "{total} {weights:?}");
    }
}

proptest! {
    #[test]
    fn spreading_loses_nothing(
        total in prop_oneof![0_i64..10_000, 0..=i64::MAX],
        weights in prop::collection::vec(prop_oneof![Just(0_i64), 0_i64..1_000, 0..=i64::MAX], 1..20),
    ) {
        let parts = spread(total, &weights).unwrap();
        prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));
        let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            if whole > 0 {
                // Each part lies within one unit of its exact share.
                let share = i128::from(total) * i128::from(*weight) / whole;
                prop_assert!((share..=share + 1).contains(&i128::from(*part)));
            }
        }
        for ((one, heavy), (two, light)) in parts.iter().zip(&weights).zip(parts.iter().zip(&weights).skip(1)) {
            prop_assert!(heavy < light || one >= two, "the heavier, and the earlier of equals, gets no less");
        }
    }

    #[test]
    fn decimals_print_and_read_the_same(units in any::<i64>(), decimals in 0_u8..=6) {
        prop_assert_eq!(parse_decimal(&format_decimal(units, decimals), decimals), Ok(units));
    }

    #[test]
    fn no_text_is_a_number_by_accident(text in ".{0,12}", decimals in 0_u8..=6) {
        if let Ok(units) = parse_decimal(&text, decimals) {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit() || b".-".contains(&byte)));
            prop_assert!(format_decimal(units, decimals).len() + 12 > text.len());
        }
    }

    #[test]
    fn ids_print_and_read_the_same(number in any::<u128>(), bucket in any::<u128>()) {
        let id = ActivityId::new(number);
        prop_assert_eq!(id.to_string().parse::<ActivityId>(), Ok(id));
        prop_assert_eq!(id.to_string().len(), 30);
        let bucket = Bucket::of(bucket);
        prop_assert!(bucket.number() < BUCKETS);
        prop_assert_eq!(id.in_bucket(bucket).bucket(), bucket);
        prop_assert_eq!(id.in_bucket(bucket).number() / 64, number / 64);
        // The order of ids is the order of their texts.
        let other = ActivityId::new(number ^ 1);
        prop_assert_eq!(id.cmp(&other), id.to_string().cmp(&other.to_string()));
    }
}

#[test]
fn ids_are_type_ids() {
    // From the examples of the TypeID specification.
    for (digits, number) in [
        ("00000000000000000000000000", 0_u128),
        ("00000000000000000000000001", 1),
        ("0000000000000000000000000a", 10),
        ("0000000000000000000000000g", 16),
        ("00000000000000000000000010", 32),
        ("7zzzzzzzzzzzzzzzzzzzzzzzzz", u128::MAX),
        ("0123456789abcdefghjkmnpqrs", 0x0110_c853_1d09_52d8_d73e_1194_e95b_5f19),
        ("01h455vb4pex5vsknk084sn02q", 0x0189_0a5d_ac96_774b_bcce_b302_099a_8057),
    ] {
        let text = format!("mem_{digits}");
        assert_eq!(text.parse::<MemberId>(), Ok(MemberId::new(number)), "{text}");
        assert_eq!(MemberId::new(number).to_string(), text);
        let json = format!("\"{text}\"");
        assert_eq!(serde_json::to_string(&MemberId::new(number)).unwrap(), json);
        assert_eq!(serde_json::from_str::<MemberId>(&json).unwrap().number(), number);
    }
    for text in [
        "",
        "mem",
        "mem_",
        "act_00000000000000000000000000",
        "MEM_00000000000000000000000000",
        "00000000000000000000000000",
        "_00000000000000000000000000",
        "mem-00000000000000000000000000",
        "mem_0000000000000000000000000",
        "mem_000000000000000000000000000",
        "mem_80000000000000000000000000",
        "mem_0123456789ABCDEFGHJKMNPQRS",
        "mem_0000000000000000000000000i",
        "mem_0000000000000000000000000l",
        "mem_0000000000000000000000000o",
        "mem_0000000000000000000000000u",
        "mem_000000000000000000000000-0",
        "mem_0000000000000000000000000é",
        "mem_é000000000000000000000000",
    ] {
        let error = text.parse::<MemberId>().unwrap_err();
        assert_eq!(error.expected_prefix, "mem", "{text}");
    }
    assert!(serde_json::from_str::<ActivityId>("7").is_err());
    assert_eq!(format!("{:?} {}", Key::new("a-b"), Key::new("a-b")), "\"a-b\" a-b");
}

#[test]
fn periods_are_read_and_printed() {
    for (text, count, unit) in [
        ("1 day", 1, PeriodUnit::Days),
        ("14 days", 14, PeriodUnit::Days),
        ("1 week", 1, PeriodUnit::Weeks),
        ("2 weeks", 2, PeriodUnit::Weeks),
        ("1 month", 1, PeriodUnit::Months),
        ("36 months", 36, PeriodUnit::Months),
        ("1 year", 1, PeriodUnit::Years),
        ("9999 years", 9_999, PeriodUnit::Years),
    ] {
        assert_eq!(Period::parse(text), Some(Period { count, unit }), "{text}");
        assert_eq!(Period { count, unit }.to_string(), text);
    }
    for text in [
        "",
        "1",
        "day",
        "0 days",
        "-1 days",
        "+1 day",
        "1.5 days",
        "10000 days",
        "1  day",
        "1 dayss",
        "1day",
        "one day",
        "1 hour",
        "1 quarter",
        "1 Day",
        "1 day ",
        " 1 day",
        "99999999999 days",
    ] {
        assert_eq!(Period::parse(text), None, "{text:?}");
    }
}

#[test]
fn periods_end_on_days_that_exist() {
    let cases = [
        ("1 month", date(2027, 1, 31), date(2027, 2, 28)),
        ("1 month", date(2028, 1, 31), date(2028, 2, 29)),
        ("1 month", date(2027, 2, 28), date(2027, 3, 28)),
        ("3 months", date(2027, 11, 30), date(2028, 2, 29)),
        ("12 months", date(2028, 2, 29), date(2029, 2, 28)),
        ("1 year", date(2028, 2, 29), date(2029, 2, 28)),
        ("4 years", date(2028, 2, 29), date(2032, 2, 29)),
        ("365 days", date(2028, 2, 29), date(2029, 2, 28)),
        ("1 week", date(2027, 12, 29), date(2028, 1, 5)),
    ];
    for (period, from, to) in cases {
        assert_eq!(Period::parse(period).unwrap().after(from), Ok(to), "{period} after {from}");
    }
    let month = Period::parse("1 month").unwrap();
    assert_eq!(month.before(date(2027, 3, 31)), Ok(date(2027, 2, 28)));
    assert_eq!(month.before(date(2028, 3, 30)), Ok(date(2028, 2, 29)));
    assert_eq!(Period::NONE.after(date(2027, 1, 31)), Ok(date(2027, 1, 31)));
    assert!(Period::parse("9999 years").unwrap().after(date(2027, 1, 1)).is_err());
    assert!(Period::parse("1 day").unwrap().after(Date::MAX).is_err());
    assert!(Period::parse("1 day").unwrap().before(Date::MIN).is_err());
}

#[test]
fn periods_of_the_calendar_begin_and_end() {
    let day = date(2028, 2, 16);
    let cases = [
        (CalendarUnit::Day, day, day),
        (CalendarUnit::Week, date(2028, 2, 14), date(2028, 2, 20)),
        (CalendarUnit::Month, date(2028, 2, 1), date(2028, 2, 29)),
        (CalendarUnit::Quarter, date(2028, 1, 1), date(2028, 3, 31)),
        (CalendarUnit::Year, date(2028, 1, 1), date(2028, 12, 31)),
    ];
    for (unit, first, last) in cases {
        assert_eq!((unit.first_day(day), unit.last_day(day)), (Ok(first), Ok(last)));
        assert_eq!(CalendarUnit::parse(unit.name()), Some(unit));
        for edge in [first, last] {
            assert_eq!((unit.first_day(edge), unit.last_day(edge)), (Ok(first), Ok(last)));
        }
        let next = last.tomorrow().unwrap();
        assert_eq!(unit.first_day(next), Ok(next));
    }
    // A week may lie in two years.
    assert_eq!(CalendarUnit::Week.first_day(date(2028, 1, 1)), Ok(date(2027, 12, 27)));
    assert_eq!(CalendarUnit::Quarter.last_day(date(2027, 12, 31)), Ok(date(2027, 12, 31)));
    assert_eq!(CalendarUnit::Quarter.first_day(date(2027, 6, 30)), Ok(date(2027, 4, 1)));
    assert!(CalendarUnit::Year.last_day(Date::MAX).is_err());
    assert_eq!(CalendarUnit::parse("weeks"), None);
}

#[test]
fn zones_know_when_days_begin() {
    for name in ["Europe/Kyiv", "Europe/Oslo", "America/New_York", "Asia/Kolkata", "UTC"] {
        assert_eq!(Zone::find(name).map(|zone| zone.name().to_owned()).as_deref(), Some(name));
    }
    for name in ["", "Europe/Atlantis", "europe/oslo", "EUROPE/OSLO", "+01:00", "local", "../etc"] {
        assert!(Zone::find(name).is_none(), "{name:?}");
    }
    let cases = [
        ("UTC", date(2027, 1, 1), "2027-01-01T00:00:00Z"),
        ("Europe/Kyiv", date(2027, 7, 1), "2027-06-30T21:00:00Z"),
        ("Europe/Kyiv", date(2027, 1, 1), "2026-12-31T22:00:00Z"),
        ("America/New_York", date(2027, 3, 14), "2027-03-14T05:00:00Z"),
        ("America/New_York", date(2027, 3, 15), "2027-03-15T04:00:00Z"),
        // São Paulo began its summer time at midnight: the day began at one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z"),
        // Apia had no 30 December 2011.
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00:00Z"),
    ];
    for (zone, day, start) in cases {
        let zone = Zone::find(zone).unwrap();
        let start: Timestamp = start.parse().unwrap();
        assert_eq!(zone.start_of_day(day), Ok(start), "{zone:?} {day}");
        assert_eq!(zone.end_of_day(day.yesterday().unwrap()), Ok(start));
    }
    let oslo = Zone::find("Europe/Oslo").unwrap();
    let moment: Timestamp = "2027-10-31T00:30:00Z".parse().unwrap();
    assert_eq!(oslo.local(moment), date(2027, 10, 31).at(2, 30, 0, 0));
    assert_eq!(oslo.day(moment), date(2027, 10, 31));
    // The hour that is shown twice is meant the first time, the one that is skipped later on.
    assert_eq!(oslo.instant(date(2027, 10, 31).at(2, 30, 0, 0)), Ok(moment));
    let skipped = oslo.instant(date(2027, 3, 28).at(2, 30, 0, 0)).unwrap();
    assert_eq!(oslo.local(skipped), date(2027, 3, 28).at(3, 30, 0, 0));
    assert!(oslo.end_of_day(Date::MAX).is_err());
}

/// Most days are found without the database, and each of them as the database has it.
#[test]
fn days_begin_as_the_database_of_time_zones_says() {
    for name in [
        "UTC",
        "Europe/Oslo",
        "Europe/Kyiv",
        "America/Sao_Paulo",
        "America/Santiago",
        "Africa/Casablanca",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ] {
        let (zone, database) = (Zone::find(name).unwrap(), TimeZone::get(name).unwrap());
        for day in date(2019, 12, 1).series(1.day()).take_while(|day| day.year() < 2041) {
            let start = day.to_zoned(database.clone()).unwrap().timestamp();
            assert_eq!(zone.start_of_day(day), Ok(start), "{name} {day}");
            for moment in [start - 1.nanosecond(), start, start + 90.minutes()] {
                assert_eq!(zone.local(moment), database.to_datetime(moment), "{name} {moment}");
            }
        }
    }
}

#[test]
fn languages_have_their_plural_forms() {
    let two: &[&str] = &["one", "other"];
    let four: &[&str] = &["one", "few", "many", "other"];
    for (language, categories) in [
        ("en", two),
        ("en-GB", two),
        ("nb", two),
        ("nn-NO", two),
        ("de", two),
        ("ru", four),
        ("uk", four),
        ("uk-UA", four),
        ("pl", four),
        ("cs", four),
        ("lt", four),
        ("ja", &["other"]),
        ("xx", &["other"]),
        ("", &["other"]),
    ] {
        assert_eq!(plural_categories(language), categories, "{language}");
    }
}

#[test]
fn texts_fall_back() {
    let forms = |entries: &[(&'static str, &str)]| Forms {
        by_category: entries.iter().map(|(key, text)| (*key, (*text).to_owned())).collect(),
    };
    let english = forms(&[("one", "point"), ("other", "points")]);
    let ukrainian = forms(&[("one", "бал"), ("few", "бали"), ("many", "балів"), ("other", "бала")]);
    let texts = |languages: &[(&str, &Forms)]| Texts {
        by_language: languages
            .iter()
            .map(|(language, forms)| ((*language).to_owned(), (*forms).clone()))
            .collect::<BTreeMap<_, _>>(),
    };
    let both = texts(&[("en", &english), ("uk", &ukrainian)]);
    assert_eq!(both.plain("uk"), Some("бала"));
    assert_eq!(both.find("uk").map(|forms| forms.get("few")), Some("бали"));
    assert_eq!(both.plain("nb"), Some("points"), "English where the language is missing");
    assert_eq!(texts(&[("uk", &ukrainian)]).plain("nb"), Some("бала"), "else the first there is");
    assert_eq!(english.get("few"), "points", "`other` where the form is missing");
    assert_eq!(Texts::default().plain("en"), None);
    assert_eq!(Forms { by_category: BTreeMap::new() }.get("other"), "");
}

/// A state lists the parts of its lots without their names; one that was kept with names is read
/// as the same.
#[test]
fn lots_are_kept_as_lists_and_read_in_both_forms() {
    let activity = ActivityId::new(7);
    let named = format!(
        r#"{{"kind":"person","joined":"2026-01-02","lots":[
            {{"number":1,"points":"points","remaining":48,"life":{{"granted":50,
              "expires":{{"at":"2027-11-22T23:00:00Z"}},"earned_on":"2026-11-22",
              "activity":"{activity}"}}}},
            {{"number":2,"points":"status","remaining":4,"life":{{"granted":4,
              "available_at":"2026-12-24T00:00:00Z","expires":"never",
              "earned_on":"2026-11-22","activity":"{activity}"}}}},
            {{"number":3,"points":"status","remaining":5,"life":{{"granted":5,"awaits":"delivery",
              "expires":{{"idle":{{"count":1,"unit":"years"}}}},"earned_on":"2026-11-23","activity":"{activity}"}}}}],
          "next_lot":4,"entries":3,"sequence":1}}"#
    );
    let state: MemberState = serde_json::from_str(&named).expect("a state with names");
    let listed = serde_json::to_value(&state).expect("a state");
    assert_eq!(
        listed["lots"],
        serde_json::json!([
            [1, "points", 48, 50, "2026-11-22", activity, {"at": "2027-11-22T23:00:00Z"}],
            [2, "status", 4, 4, 0, 0, "never", "2026-12-24T00:00:00Z", null],
            [3, "status", 5, 5, "2026-11-23", 0, {"idle": {"count": 1, "unit": "years"}},
             null, "delivery"],
        ])
    );
    assert_eq!(serde_json::from_value::<MemberState>(listed).expect("a state"), state);
    let short = named.replace(r#","expires":"never""#, "");
    assert!(serde_json::from_str::<MemberState>(&short).is_err(), "a lot without its end");
    let cut = r#"{"kind":"person","joined":"2026-01-02","lots":[[1,"points",48]]}"#;
    let error = serde_json::from_str::<MemberState>(cut).expect_err("a lot of three parts");
    assert!(error.to_string().contains("seven parts"), "{error}");
    let first = cut.replace("48]", "48,48,0,0,\"never\"]");
    let error = serde_json::from_str::<MemberState>(&first).expect_err("nothing is before it");
    assert!(error.to_string().contains("no lot before"), "{error}");
}
