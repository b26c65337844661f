//! What a migration becomes on SQLite, and what the schema keeps so that it can grow.

use crate::support::{repository, symbolon};
use symbolon::app::App;
use symbolon::store::migrate::schema_for_sqlite;
use symbolon::store::{DatabaseUrl, Reader, StoreError};
use symbolon::world::World;

#[test]
fn schemas_for_sqlite() {
    for (written, expected) in [
        (
            "create table t (a uuid, b timestamptz, c date, d jsonb, e bigint, f integer)",
            "create table t (a blob, b integer, c integer, d text, e integer, f integer) strict",
        ),
        (
            "CREATE TABLE IF NOT EXISTS t (a BYTEA NOT NULL, b Boolean, c text, d smallint);",
            "CREATE TABLE IF NOT EXISTS t (a blob NOT NULL, b integer, c text, d integer) strict;",
        ),
        (
            "create table t (date date, \"uuid\" uuid, text text default 'a, uuid (''b'', date')",
            "create table t (date integer, \"uuid\" blob, text text default 'a, uuid (''b'', date') strict",
        ),
        (
            "create table t (\n  a uuid, -- uuid, date\n  /* b date, */ c date\n);",
            "create table t (\n  a blob, -- uuid, date\n  /* b date, */ c integer\n) strict;",
        ),
        (
            "create table t (a bigint, b bigint check (b in (1, 2)), primary key (a, b)); -- clustered",
            "create table t (a integer, b integer check (b in (1, 2)), primary key (a, b)) strict, without rowid; -- clustered",
        ),
        (
            "create table t (a bigint) -- clustered\n; create table u (b bigint);\n-- clustered",
            "create table t (a integer) strict, without rowid -- clustered\n; create table u (b integer) strict;\n-- clustered",
        ),
        (
            "create table t (a uuid, constraint x unique (a), foreign key (a) references date (a))",
            "create table t (a blob, constraint x unique (a), foreign key (a) references date (a)) strict",
        ),
        (
            "alter table t add column at timestamptz; alter table t add day date not null default 0;",
            "alter table t add column at integer; alter table t add day integer not null default 0;",
        ),
        (
            "create index date on t (uuid, date); insert into t (uuid, date) values ('date', '-- x');",
            "create index date on t (uuid, date); insert into t (uuid, date) values ('date', '-- x');",
        ),
    ] {
        assert_eq!(schema_for_sqlite(written).as_deref(), Ok(expected));
    }
    for (written, said) in [
        ("create table t (a numeric(10, 2))", "numeric"),
        ("create table t (a varchar)", "varchar"),
        ("create table t (a text default 'x)", "does not end"),
        ("create table t (a text))", "closed"),
    ] {
        let problem = schema_for_sqlite(written).expect_err(written);
        assert!(problem.contains(said), "{problem}");
    }
}

/// Small tables that every machine of a cluster would hold a copy of. All others have a bucket.
const EVERYWHERE: [&str; 9] = [
    "housekeeping",
    "api_key",
    "business",
    "calendar_written",
    "code_secret",
    "game_run",
    "instrument_batch",
    "lane_setting",
    "programme_version",
];

/// Directories: their bucket is the one of their own key.
const DIRECTORIES: [&str; 4] = ["identifier", "idempotency_key", "limit_counter", "natural_key"];

/// One column of a table, and its place in the primary key.
struct Column {
    name: String,
    place: i64,
}

fn columns(reader: &mut Reader<'_>, table: &str) -> Result<Vec<Column>, StoreError> {
    let sql = "select name, pk from pragma_table_info($1) order by pk, cid";
    let rows = reader.query(sql, &[table.into()])?;
    rows.iter().map(|row| Ok(Column { name: row.get("name")?, place: row.get("pk")? })).collect()
}

/// What lets the schema grow beyond one machine: each member's rows lie under his bucket, nothing
/// points from one member to another, every row has its business, and the database counts nothing.
#[test]
fn the_schema_can_grow_beyond_one_machine() {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("an address");
    let app = App::open(&url, World::Real).expect("a database");
    let tables: Vec<(String, String)> = app
        .store
        .read(|reader| {
            let sql = "select name, sql from sqlite_master where type = 'table' order by name";
            let rows = reader.query(sql, &[])?;
            rows.iter().map(|row| Ok((row.get("name")?, row.get("sql")?))).collect()
        })
        .map_err(|error: StoreError| error.to_string())
        .expect("the schema");
    let mut of_members = 0;
    for (table, sql) in &tables {
        if table == "schema_migration" || table.starts_with("sqlite_") {
            continue;
        }
        let columns = app.store.read(|reader| columns(reader, table)).expect("columns");
        let key: Vec<&str> =
            columns.iter().filter(|c| c.place > 0).map(|c| c.name.as_str()).collect();
        let has = |name: &str| columns.iter().any(|column| column.name == name);
        assert!(has("business_id"), "{table} has no business_id");
        for word in ["references", "autoincrement", "default", "generated", "current_"] {
            assert!(!sql.to_lowercase().contains(word), "{table}: {word}");
        }
        if EVERYWHERE.contains(&table.as_str()) {
            assert!(!has("bucket"), "{table} has a bucket and need not lie everywhere");
        } else if DIRECTORIES.contains(&table.as_str()) || !has("member_id") {
            assert_eq!(key.first(), Some(&"bucket"), "{table}: {key:?}");
        } else {
            assert_eq!(key.get(..2), Some(&["bucket", "member_id"][..]), "{table}: {key:?}");
            of_members += 1;
        }
    }
    assert!(of_members >= 9, "{of_members} tables of members");
    for name in EVERYWHERE.iter().chain(&DIRECTORIES) {
        assert!(tables.iter().any(|(table, _)| table == name), "there is no table {name}");
    }
}

/// Time and chance are parameters: a statement that asked the database for them would answer
/// differently on each machine.
#[test]
fn no_statement_asks_the_database_for_time_or_chance() {
    let mut folders = vec![repository().join("server/src")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a file").to_lowercase();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for word in
                    ["nextval", "current_timestamp", "clock_timestamp", "gen_random", "random()"]
                {
                    assert!(!line.contains(word), "{}: {line}", path.display());
                }
            }
            read += 1;
        }
    }
    assert!(read > 50, "{read} files");
}

/// What `symbolon schema citus` prints fits the schema as it is: every table with a bucket is
/// spread by it, together with all others; every other table lies everywhere; and what has to be
/// unique within a table that is spread has the bucket in it.
#[test]
fn the_statements_for_citus_fit_the_schema() {
    let statements = symbolon(&["schema", "citus"]).exits(0).out();
    let lines: Vec<&str> = statements.lines().collect();
    assert_eq!(lines[0], "create extension if not exists citus;");
    let url = DatabaseUrl::parse("sqlite::memory:").expect("an address");
    let app = App::open(&url, World::Real).expect("a database");
    let read = app.store.read(|reader| {
        let sql = "select name from sqlite_master where type = 'table' order by name";
        let tables: Vec<String> =
            reader.query(sql, &[])?.iter().map(|row| row.get("name")).collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for table in tables {
            let columns = columns(reader, &table)?;
            let sql = "select l.name as index_name, i.name as column_name
                from pragma_index_list($1) l, pragma_index_info(l.name) i where l.\"unique\" = 1";
            let mut unique: std::collections::BTreeMap<String, Vec<String>> = Default::default();
            for row in reader.query(sql, &[table.as_str().into()])? {
                unique.entry(row.get("index_name")?).or_default().push(row.get("column_name")?);
            }
            all.push((table, columns, unique));
        }
        Ok::<_, StoreError>(all)
    });
    let (mut spread, mut everywhere) = (0, 0);
    for (table, columns, unique) in read.expect("the schema") {
        if table == "schema_migration" || table.starts_with("sqlite_") {
            // Which steps the schema made is of no use on other machines.
            assert!(!statements.contains(&format!("'{table}'")), "{table}");
            continue;
        }
        if columns.iter().any(|column| column.name == "bucket") {
            let told = format!("select create_distributed_table('{table}', 'bucket', ");
            assert_eq!(lines.iter().filter(|line| line.starts_with(&told)).count(), 1, "{table}");
            let key = |column: &&Column| column.place > 0;
            assert!(columns.iter().filter(key).any(|c| c.name == "bucket"), "{table}");
            for (index, of) in unique {
                assert!(of.iter().any(|column| column == "bucket"), "{table}: {index}");
            }
            spread += 1;
        } else {
            let told = format!("select create_reference_table('{table}') ");
            assert_eq!(lines.iter().filter(|line| line.starts_with(&told)).count(), 1, "{table}");
            everywhere += 1;
        }
    }
    assert_eq!(lines.len(), 1 + spread + everywhere);
    assert_eq!(everywhere, EVERYWHERE.len());
    let colocated = lines.iter().filter(|line| line.contains("colocate_with => '")).count();
    assert_eq!(colocated, spread, "the first with none, the others with it");
}
