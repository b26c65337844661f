//! What a migration becomes on SQLite.

use symbolon::store::migrate::schema_for_sqlite;

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
