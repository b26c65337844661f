//! The contract of the store, told once as a story and run against every database.
//!
//! Whatever is true of one engine only stands in a test of its own, at the end.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;

use jiff::Timestamp;
use symbolon::store::{DatabaseUrl, Migration, Row, Store, StoreError, Value};

use crate::support::skip;
use crate::{store_values, throwaway};

pub type Outcome<T = ()> = Result<T, StoreError>;

const EPOCH: Timestamp = Timestamp::UNIX_EPOCH;

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("symbolon-store-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        // A process that crashed may have had the same id.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn url(&self) -> DatabaseUrl {
        url(&format!("sqlite:{}/store.db", self.0.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn url(address: &str) -> DatabaseUrl {
    DatabaseUrl::parse(address).expect("an address")
}

#[test]
fn story_on_sqlite_in_memory() -> Outcome {
    let reads_wait_for_writes = true;
    store_story(&url("sqlite::memory:"), reads_wait_for_writes)
}

#[test]
fn story_on_sqlite_in_a_file() -> Outcome {
    let folder = Folder::new();
    let reads_wait_for_writes = false;
    store_story(&folder.url(), reads_wait_for_writes)?;
    what_was_kept_is_there_after_reopening(&folder.url())?;
    two_servers_on_one_database(&folder.url())
}

#[test]
fn story_on_postgres() -> Outcome {
    let address = match throwaway::new_database() {
        Ok(address) => address,
        Err(why) => {
            skip("story_on_postgres", &why);
            return Ok(());
        }
    };
    let reads_wait_for_writes = false;
    store_story(&url(&address), reads_wait_for_writes)?;
    what_was_kept_is_there_after_reopening(&url(&address))?;
    two_servers_on_one_database(&url(&address))
}

fn store_story(url: &DatabaseUrl, reads_wait_for_writes: bool) -> Outcome {
    let store = Store::open(url)?;
    migrations_are_applied_once(&store)?;
    migrations_that_do_not_match_are_refused(&store)?;
    store_values::every_value_comes_back(&store)?;
    store_values::moments_are_kept_to_the_microsecond(&store)?;
    store_values::values_that_do_not_fit_are_inconsistent(&store)?;
    rows_are_found_and_streamed(&store)?;
    many_rows_and_many_keys(&store)?;
    new_rows_are_loaded(&store)?;
    violated_constraints_have_names(&store)?;
    a_failed_write_leaves_nothing(&store)?;
    statements_that_cannot_run_are_refused(&store)?;
    a_read_sees_one_snapshot(&store, reads_wait_for_writes)?;
    writers_take_turns(&[store.clone(), store.clone()])?;
    more_readers_than_connections(&store)
}

const MIGRATIONS: [Migration; 2] = [
    Migration {
        number: 1,
        name: "values",
        sql: "
            -- Every type of the waist; a comment may say uuid or boolean, ');' or date.
            create table sample (
                number bigint primary key,
                small smallint,
                a_text text default 'a date, a uuid',
                truth boolean,
                content bytea,
                id uuid,
                moment timestamptz,
                day date,
                document jsonb,
                constraint sample_small check (small <> 13)
            );",
    },
    Migration {
        number: 2,
        name: "members",
        sql: "
            create table business (id bigint primary key);
            create table member (
                business_id bigint not null references business (id),
                number integer not null,
                name text not null,
                email text not null,
                card text,
                points bigint not null default 0,
                primary key (business_id, number),
                unique (business_id, name)
            ); -- clustered
            create unique index member_email on member (business_id, email);
            create unique index member_card on member (lower(card)) where card is not null;
            insert into business (id) values (1);",
    },
];

fn migrations_are_applied_once(store: &Store) -> Outcome {
    assert_eq!(store.migrate(&MIGRATIONS[..1], EPOCH)?, [1]);
    assert_eq!(store.migrate(&MIGRATIONS, EPOCH)?, [2]);
    assert_eq!(store.migrate(&MIGRATIONS, Timestamp::MAX)?, [0_u32; 0]);
    let rows = query(store, "select * from schema_migration order by number", &[])?;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].get::<String>("name")?, "members");
    assert_eq!(rows[1].get::<Timestamp>("applied_at")?, EPOCH);
    Ok(())
}

fn migrations_that_do_not_match_are_refused(store: &Store) -> Outcome {
    let [first, second] = MIGRATIONS;
    let changed = Migration { sql: "create table business (id bigint primary key);", ..second };
    let half_broken = Migration {
        number: 3,
        name: "half",
        sql: "create table half (id bigint primary key); insert into nowhere (id) values (1);",
    };
    let unknown_type =
        Migration { sql: "create table half (id varchar primary key);", ..half_broken };
    let renumbered = Migration { number: 4, ..second };
    for (migrations, number_expected, said) in [
        (vec![first, changed], 2, "changed"),
        (vec![first], 2, "newer"),
        (vec![first, renumbered], 2, "does not have it"),
        (vec![second, first], 1, "greater than 2"),
        (vec![first, second, half_broken], 3, "nowhere"),
        (vec![first, second, unknown_type], 3, "varchar"),
    ] {
        let Err(StoreError::Migration { number, problem, .. }) = store.migrate(&migrations, EPOCH)
        else {
            panic!("not refused: {said}");
        };
        assert_eq!(number, number_expected, "{problem}");
        assert!(problem.contains(said), "{problem}");
    }
    assert!(query(store, "select id from half", &[]).is_err());
    assert_eq!(store.migrate(&MIGRATIONS, EPOCH)?, [0_u32; 0]);
    Ok(())
}

pub fn query(store: &Store, sql: &str, values: &[Value]) -> Outcome<Vec<Row>> {
    store.read(|reader| reader.query(sql, values))
}

pub fn execute(store: &Store, sql: &str, values: &[Value]) -> Outcome<u64> {
    store.write(|transaction| transaction.execute(sql, values))
}

fn rows_are_found_and_streamed(store: &Store) -> Outcome {
    store.read(|reader| {
        let sql = "select cast($2 as bigint) as second, cast($1 as bigint) as first,
            cast($2 as bigint) as again";
        let row = reader.query_one(sql, &[1_i64.into(), 2_i64.into()])?;
        let numbers: [i64; 3] = [row.get("first")?, row.get("second")?, row.get("again")?];
        assert_eq!(numbers, [1, 2, 2]);

        let sql = "select number from sample where number = $1";
        let one = |number: i64| [Value::Integer(number)];
        assert!(reader.query_optional(sql, &one(0))?.is_some());
        assert!(reader.query_optional(sql, &one(999))?.is_none());
        let none = reader.query_one(sql, &one(999));
        assert!(matches!(none, Err(StoreError::Statement { .. })));
        let many = reader.query_optional("select number from sample", &[]);
        assert!(matches!(many, Err(StoreError::Statement { .. })));

        let sql = "select number from sample order by number";
        let mut seen = Vec::new();
        reader.query_stream(sql, &[], |row| {
            seen.push(row.get::<i64>("number")?);
            Ok::<bool, StoreError>(seen.len() < 3)
        })?;
        assert_eq!(seen, [i64::MIN, -5, -1]);
        let stopped: Outcome = reader.query_stream(sql, &[], |row| row.get("absent"));
        assert!(matches!(stopped, Err(StoreError::Inconsistent { .. })));
        // The scans above ended early, and the reader goes on.
        reader.query_one("select count(*) as n from sample", &[]).map(|_| ())
    })
}

const INSERT_MEMBER: &str = "insert into member (business_id, number, name, email, card)
    values ($1, $2, $3, $4, $5)";

fn member(number: i64, name: &str, email: &str, card: Option<&str>) -> Vec<Value> {
    vec![1_i64.into(), number.into(), name.into(), email.into(), card.into()]
}

fn member_count(store: &Store) -> Outcome<i64> {
    query(store, "select count(*) as n from member", &[])?[0].get("n")
}

fn many_rows_and_many_keys(store: &Store) -> Outcome {
    let insert = format!("{INSERT_MEMBER} on conflict do nothing");
    let rows = [
        member(1, "Ana", "ana@example.org", Some("A1")),
        member(2, "Boris", "boris@example.org", None),
        member(1, "Twice", "twice@example.org", None),
        member(3, "Chloé", "chloe@example.org", None),
    ];
    store.write(|transaction| {
        assert_eq!(transaction.execute_each(&insert, &rows)?, [1, 1, 0, 1]);
        assert_eq!(transaction.execute_each(&insert, &rows)?, [0, 0, 0, 0]);
        assert_eq!(transaction.execute_each(&insert, &[])?, [0_u64; 0]);
        let update = "update member set points = points + $2 where number = $1";
        let rows = [
            vec![2_i64.into(), 5_i64.into()],
            vec![9_i64.into(), 5_i64.into()],
            vec![1_i64.into(), 7_i64.into()],
        ];
        assert_eq!(transaction.execute_each(update, &rows)?, [1, 0, 1]);
        // A version that moves on by one, which is how concurrent changes of a member are seen.
        let version = "insert into member (business_id, number, name, email, points)
            values ($1, $2, 'Boris', 'boris@example.org', $3)
            on conflict (business_id, number) do update set points = excluded.points
            where member.points = excluded.points - 1";
        let row = |points: i64| vec![1_i64.into(), 2_i64.into(), points.into()];
        assert_eq!(transaction.execute_each(version, &[row(6)])?, [1]);
        assert_eq!(transaction.execute_each(version, &[row(6)])?, [0]);

        let sql = "select name, points from member where number >= $1 and number <= $2
            order by number";
        let keys: Vec<Vec<Value>> = [(2, 3), (9, 9), (1, 1), (2, 2), (1, 1)]
            .map(|(from, to): (i64, i64)| vec![from.into(), to.into()])
            .to_vec();
        let mut names = Vec::new();
        for rows in transaction.query_each(sql, &keys)? {
            let of_key = rows.iter().map(|row| row.get::<String>("name"));
            names.push(of_key.collect::<Outcome<Vec<_>>>()?.join(" "));
        }
        assert_eq!(names, ["Boris Chloé", "", "Ana", "Boris", "Ana"]);
        assert!(transaction.query_each(sql, &[])?.is_empty());
        Ok(())
    })
}

fn new_rows_are_loaded(store: &Store) -> Outcome {
    let rows: Vec<Vec<Value>> = (100..3_100)
        .map(|n| member(n, &format!("Name {n}"), &format!("{n}@example.org"), None))
        .collect();
    store.write(|transaction| {
        transaction.load(INSERT_MEMBER, &[])?;
        transaction.load(INSERT_MEMBER, &rows)?;
        assert_eq!(
            transaction.query("select name from member where number >= 100", &[])?.len(),
            3_000
        );
        Ok::<_, StoreError>(())
    })?;
    // One that is there already, and none of the others is kept.
    let mut again = vec![member(99, "Name 99", "99@example.org", None)];
    again.push(rows[0].clone());
    let error = store.write(|transaction| transaction.load(INSERT_MEMBER, &again));
    assert!(matches!(error, Err(StoreError::Unique { .. })), "{error:?}");
    for sql in
        ["delete from member where number = $1", "insert into member (number) values ($1 + 0)"]
    {
        let refused = store.write(|transaction| transaction.load(sql, &[vec![1_i64.into()]]));
        assert!(refused.is_err(), "{sql}");
    }
    assert_eq!(execute(store, "delete from member where number >= 99", &[])?, 3_000);
    Ok(())
}

fn violated_constraints_have_names(store: &Store) -> Outcome {
    for (values, expected) in [
        (member(1, "New", "new@example.org", None), "member_pkey"),
        (member(8, "Ana", "new@example.org", None), "member_business_id_name_key"),
        (member(8, "New", "ana@example.org", None), "member_email"),
        (member(8, "New", "new@example.org", Some("a1")), "member_card"),
    ] {
        let error = execute(store, INSERT_MEMBER, &values).expect_err("a violation");
        let told = format!("{error} {error:?}");
        assert!(!told.contains("@example.org") && !told.contains("Ana"), "{told}");
        let StoreError::Unique { constraint } = error else {
            panic!("{told}");
        };
        assert_eq!(constraint, expected);
    }
    let mut stranger = member(8, "New", "new@example.org", None);
    stranger[0] = 2_i64.into();
    let error = execute(store, INSERT_MEMBER, &stranger).expect_err("a violation");
    assert!(matches!(error, StoreError::ForeignKey), "{error:?}");
    let error = execute(store, "insert into sample (number, small) values (13, 13)", &[])
        .expect_err("a violation");
    assert!(format!("{error:?}").contains("sample_small"), "{error:?}");
    Ok(())
}

fn a_failed_write_leaves_nothing(store: &Store) -> Outcome {
    #[derive(Debug, PartialEq)]
    enum Refusal {
        Store,
        NotToday,
    }
    impl From<StoreError> for Refusal {
        fn from(_: StoreError) -> Refusal {
            Refusal::Store
        }
    }
    let count = member_count(store)?;
    let values = member(30, "Dora", "dora@example.org", None);

    let refused: Result<(), Refusal> = store.write(|transaction| {
        transaction.execute(INSERT_MEMBER, &values)?;
        Err(Refusal::NotToday)
    });
    assert_eq!(refused, Err(Refusal::NotToday));
    assert_eq!(member_count(store)?, count);

    let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
        store.write(|transaction| -> Outcome {
            transaction.execute(INSERT_MEMBER, &values)?;
            panic!("the closure panics on purpose");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(member_count(store)?, count);

    let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
        store.read(|reader| -> Outcome {
            reader.query("select * from member", &[])?;
            panic!("the closure panics on purpose");
        })
    }));
    assert!(panicked.is_err());

    // A batch of which one row fails is not kept, even by a closure that does not care.
    let rows = [values.clone(), member(1, "Twice", "twice@example.org", None)];
    let doomed = store.write(|transaction| {
        let batch = transaction.execute_each(INSERT_MEMBER, &rows);
        assert!(matches!(batch, Err(StoreError::Unique { .. })));
        assert!(transaction.query("select * from member", &[]).is_err());
        Ok(())
    });
    assert!(matches!(doomed, Err(StoreError::Statement { .. })), "{doomed:?}");
    assert_eq!(member_count(store)?, count);

    assert_eq!(execute(store, INSERT_MEMBER, &values)?, 1);
    assert_eq!(execute(store, "delete from member where number = 30", &[])?, 1);
    Ok(())
}

fn statements_that_cannot_run_are_refused(store: &Store) -> Outcome {
    let count = member_count(store)?;
    let two: [Value; 2] = [1_i64.into(), 2_i64.into()];
    for (sql, values) in [
        ("select * from member where number = $1", &two[..]),
        ("select * from member where number = $1", &[]),
        ("select * from member where number = $2", &two[..1]),
        ("select * from member where number = $2", &two[..]),
        ("select * from nowhere", &[]),
        ("select from where", &[]),
        ("select * from member where name = \"Ana\"", &[]),
        // A reader does not write, not even sideways.
        ("delete from member returning number", &[]),
        ("select * from member where name = $1", &["\0".into()]),
    ] {
        assert!(query(store, sql, values).is_err(), "{sql}");
    }
    let writing_keys = store.write(|transaction| {
        transaction.query_each("delete from member returning number", &[vec![]])
    });
    assert!(writing_keys.is_err());
    let with_rows = execute(store, "delete from member returning number", &[]);
    assert!(with_rows.is_err());
    let nested = store.write(|_| execute(store, "delete from member", &[]));
    let Err(StoreError::Statement { problem, .. }) = nested else {
        panic!("{nested:?}");
    };
    assert!(problem.contains("inside another"), "{problem}");
    assert_eq!(member_count(store)?, count);
    Ok(())
}

fn a_read_sees_one_snapshot(store: &Store, reads_wait_for_writes: bool) -> Outcome {
    let count_sql = "select count(*) as n from member";
    let (written, wait_for_written) = mpsc::channel();
    let before = thread::scope(|scope| {
        store.read(|reader| {
            let before: i64 = reader.query_one(count_sql, &[])?.get("n")?;
            let written = written.clone();
            let writer = scope.spawn(move || {
                let values = member(40, "Emil", "emil@example.org", None);
                let result = execute(store, INSERT_MEMBER, &values);
                written.send(()).expect("the reader is there");
                result
            });
            if !reads_wait_for_writes {
                wait_for_written.recv().expect("the writer is there");
                assert_eq!(writer.join().expect("the writer ends")?, 1);
            }
            let after: i64 = reader.query_one(count_sql, &[])?.get("n")?;
            assert_eq!(after, before, "the snapshot moved");
            Ok::<i64, StoreError>(before)
        })
    })?;
    assert_eq!(member_count(store)?, before + 1);

    // What is not yet committed is seen by nobody else.
    if !reads_wait_for_writes {
        store.write(|transaction| {
            transaction.execute("delete from member where number = 40", &[])?;
            let seen = thread::scope(|scope| scope.spawn(|| member_count(store)).join());
            assert_eq!(seen.expect("the reader ends")?, before + 1);
            Ok::<(), StoreError>(())
        })?;
        assert_eq!(member_count(store)?, before);
    }
    Ok(())
}

/// Reads and then writes in each transaction: an increment is lost as soon as two overlap.
fn writers_take_turns(stores: &[Store]) -> Outcome {
    const INCREMENTS: i64 = 50;
    let points_sql = "select points from member where number = 3";
    let before: i64 = query(&stores[0], points_sql, &[])?[0].get("points")?;
    thread::scope(|scope| {
        for store in stores {
            scope.spawn(move || {
                for _ in 0..INCREMENTS {
                    let increment = store.write(|transaction| {
                        let points: i64 = transaction.query_one(points_sql, &[])?.get("points")?;
                        let update = "update member set points = $1 where number = 3";
                        transaction.execute(update, &[(points + 1).into()])
                    });
                    assert_eq!(increment.expect("a write"), 1);
                }
            });
        }
    });
    let after: i64 = query(&stores[0], points_sql, &[])?[0].get("points")?;
    let writers = i64::try_from(stores.len()).expect("a few");
    assert_eq!(after - before, writers * INCREMENTS);
    Ok(())
}

fn more_readers_than_connections(store: &Store) -> Outcome {
    let count = member_count(store)?;
    thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| assert_eq!(member_count(store).expect("a read"), count));
        }
    });
    Ok(())
}

fn what_was_kept_is_there_after_reopening(url: &DatabaseUrl) -> Outcome {
    let store = Store::open(url)?;
    assert_eq!(store.migrate(&MIGRATIONS, EPOCH)?, [0_u32; 0]);
    let row = &query(&store, "select email from member where number = 1", &[])?[0];
    assert_eq!(row.get::<&str>("email")?, "ana@example.org");
    // Not even by accident does a row show what it holds.
    assert_eq!(format!("{row:?}"), r#"["email"]"#);
    Ok(())
}

fn two_servers_on_one_database(url: &DatabaseUrl) -> Outcome {
    writers_take_turns(&[Store::open(url)?, Store::open(url)?])
}

#[test]
fn addresses() {
    for (address, shown) in [
        ("sqlite:store.db", "sqlite:store.db"),
        ("sqlite:/var/lib/symbolon/store.db", "sqlite:/var/lib/symbolon/store.db"),
        ("sqlite::memory:", "sqlite::memory:"),
    ] {
        let url = url(address);
        assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
    }
    for (address, said) in [
        ("postgres://ana:secret@host", "database is missing"),
        ("postgres://ana:secret@host/loyalty?sslmode=require", "without TLS"),
        ("postgresql://ana:secret@host:secret/loyalty", "`postgres://USER"),
        ("mysql://ana:secret@host/loyalty", "`sqlite:PATH` or `postgres://"),
        ("secret.db", "`sqlite:PATH` or `postgres://"),
        ("sqlite:", "path is missing"),
        ("sqlite://secret.db", "without `//`"),
    ] {
        let error = DatabaseUrl::parse(address).expect_err(address);
        assert!(error.to_string().contains(said), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    let nowhere = Store::open(&url("sqlite:/nowhere/at/all/store.db"));
    assert!(matches!(nowhere, Err(StoreError::Open { .. })), "{nowhere:?}");
}

#[test]
fn a_closed_file_is_left_whole() -> Outcome {
    let folder = Folder::new();
    Store::open(&folder.url())?.migrate(&MIGRATIONS, EPOCH)?;
    let names: Vec<String> = fs::read_dir(&folder.0)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().display().to_string())
        .collect();
    assert_eq!(names, ["store.db"], "one file of data, once the program has ended");
    Ok(())
}

/// SQLite quotes the path in its message, and the path may be what a member typed.
#[test]
fn messages_of_sqlite_are_not_passed_on() -> Outcome {
    let store = Store::open(&url("sqlite::memory:"))?;
    let sql = "select json_extract('{}', $1) as x";
    let error = query(&store, sql, &["ana@example.org".into()]).expect_err("no such path");
    let told = format!("{error} {error:?}");
    assert!(told.contains("json_extract") && !told.contains("ana@example.org"), "{told}");
    Ok(())
}
