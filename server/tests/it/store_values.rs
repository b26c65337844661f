//! The chapters of the store's story about single values. The table is in `store.rs`.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use symbolon::store::{Json, Store, StoreError, Value, ValueType};
use uuid::Uuid;

use crate::store::{Outcome, execute, query};

const INSERT_SAMPLE: &str = "insert into sample
    (number, small, a_text, truth, content, id, moment, day, document)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const SAMPLE_TYPES: [ValueType; 9] = [
    ValueType::Integer,
    ValueType::Integer,
    ValueType::Text,
    ValueType::Bool,
    ValueType::Bytes,
    ValueType::Uuid,
    ValueType::Timestamp,
    ValueType::Date,
    ValueType::Json,
];

fn samples() -> [[Value; 9]; 5] {
    let id = |number| Value::from(Uuid::from_u128(number));
    let at = |text: &str| Value::from(text.parse::<Timestamp>().expect("a timestamp"));
    let json = |text: &str| Value::from(Json(text.to_owned()));
    let day = |year, month, day| Value::from(date(year, month, day));
    let text = |text: &str| Value::from(text);
    let bytes = |bytes: &[u8]| Value::from(bytes);
    let int = Value::Integer;
    let [yes, no] = [true, false].map(Value::Bool);
    let none = SAMPLE_TYPES.map(Value::Null);
    let [_, no_small, no_text, no_bool, no_bytes, no_id, no_moment, no_day, no_json] = none;

    let [moment, before, long_before, long_after] = [
        at("1970-01-01T00:00:00Z"),
        at("1969-12-31T23:59:59.999999Z"),
        at("1583-02-28T12:00:00.000001Z"),
        at("2101-03-04T05:06:07.123456Z"),
    ];
    let greek = text("Šimon 🏺 'drachma' $1 --");
    let nested = json(r#"{"a":[1,"🏺",null]}"#);
    #[rustfmt::skip] // A table is read by its columns.
    let samples = [
        [int(0), int(0), text(""), no.clone(), bytes(b""), id(0), moment, day(1970, 1, 1), json("{}")],
        [int(i64::MAX), int(32_767), greek, yes.clone(), bytes(&[0, 255]), id(u128::MAX), before, day(1969, 12, 31), nested],
        [int(i64::MIN), int(1), text("line\nline\t"), yes, bytes(b"'"), id(1), long_before, day(1582, 10, 4), json("[]")],
        [int(-1), int(2), text("\u{10FFFF}"), no, bytes(&[7; 1000]), id(1 << 127), long_after, day(2400, 2, 29), json("\"text\"")],
        [int(20), no_small, no_text, no_bool, no_bytes, no_id, no_moment, no_day, no_json],
    ];
    samples
}

pub fn every_value_comes_back(store: &Store) -> Outcome {
    // PostgreSQL keeps the document and not its spelling.
    let respelt = |Json(text)| {
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        Json(document.to_string())
    };
    for values in samples() {
        assert_eq!(execute(store, INSERT_SAMPLE, &values)?, 1);
        // Every value is found by itself, so it is written and compared in one representation.
        let sql = "select * from sample where number = $1
            and small is not distinct from $2 and a_text is not distinct from $3
            and truth is not distinct from $4 and content is not distinct from $5
            and id is not distinct from $6 and moment is not distinct from $7
            and day is not distinct from $8";
        let row = store.read(|reader| reader.query_one(sql, &values[..8]))?;
        let read: [Value; 9] = [
            row.get::<i64>("number")?.into(),
            row.get::<Option<u16>>("small")?.into(),
            row.get::<Option<&str>>("a_text")?.into(),
            row.get::<Option<bool>>("truth")?.into(),
            row.get::<Option<Vec<u8>>>("content")?.into(),
            row.get::<Option<Uuid>>("id")?.into(),
            row.get::<Option<Timestamp>>("moment")?.into(),
            row.get::<Option<Date>>("day")?.into(),
            row.get::<Option<Json>>("document")?.map(respelt).into(),
        ];
        assert_eq!(read, values);
        assert_eq!(read.map(|value| value.value_type()), SAMPLE_TYPES);
    }
    let sql = "select number from sample where number <> 20 order by moment";
    let numbers = query(store, sql, &[])?;
    let numbers = numbers.iter().map(|row| row.get::<i64>("number"));
    let numbers = numbers.collect::<Outcome<Vec<_>>>()?;
    assert_eq!(numbers, [i64::MIN, i64::MAX, 0, -1]);
    Ok(())
}

/// What is finer than a microsecond goes towards the past, on both sides of 1970.
pub fn moments_are_kept_to_the_microsecond(store: &Store) -> Outcome {
    for (number, nanosecond, kept) in [(11, -1, -1_000), (12, 1_999, 1_000)] {
        let at = |nanosecond| Timestamp::from_nanosecond(nanosecond).expect("a timestamp");
        let sql = "insert into sample (number, moment) values ($1, $2) returning moment";
        let values = [Value::Integer(number), at(nanosecond).into()];
        let row = store.write(|transaction| transaction.query_one(sql, &values))?;
        assert_eq!(row.get::<Timestamp>("moment")?, at(kept));
    }
    Ok(())
}

pub fn values_that_do_not_fit_are_inconsistent(store: &Store) -> Outcome {
    let sql = "insert into sample (number, small, a_text, content) values ($1, $2, $3, $4)
        returning number, small, a_text, content, truth";
    let values = [
        Value::Integer(-5),
        Value::Integer(2),
        "ana@example.org".into(),
        Value::Bytes(vec![1, 2, 3]),
    ];
    let row = store.write(|transaction| transaction.query_one(sql, &values))?;
    check_inconsistent(row.get::<u32>("number"), "number", "an integer from 0 to 4294967295");
    check_inconsistent(row.get::<bool>("small"), "small", "a bool");
    check_inconsistent(row.get::<i64>("a_text"), "a_text", "an integer");
    check_inconsistent(row.get::<Option<Date>>("a_text"), "a_text", "a date");
    check_inconsistent(row.get::<Uuid>("content"), "content", "a uuid");
    check_inconsistent(row.get::<String>("content"), "content", "a text");
    check_inconsistent(row.get::<bool>("truth"), "truth", "a bool");
    check_inconsistent(row.get::<i64>("absent"), "absent", "anything, as there is no such column");
    Ok(())
}

#[track_caller]
fn check_inconsistent<T: std::fmt::Debug>(
    result: Outcome<T>,
    column_expected: &str,
    expected_expected: &str,
) {
    let error = result.expect_err("a value that does not fit");
    assert!(!format!("{error} {error:?}").contains("ana@"), "{error:?}");
    let StoreError::Inconsistent { column, expected, statement } = error else {
        panic!("{error:?}");
    };
    assert_eq!((&*column, expected), (column_expected, expected_expected));
    assert!(statement.starts_with("insert into sample"), "{statement}");
}
