//! The ruler on SQLite: the rows of one checkout in one transaction each, by prepared statements,
//! on a file of its own beside the other one. It decides nothing and is given its JSON ready made.

use super::load::now;
use super::sample::Sample;
use crate::app::App;
use crate::cli::output::CliError;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::Duration;

const TABLES: [&str; 6] =
    ["activity", "entry", "natural_key", "idempotency_key", "member_state", "identifier"];

pub struct SqliteRuler {
    connection: Connection,
    members: Vec<(i64, Vec<u8>, String)>,
    sample: Sample,
    business: Vec<u8>,
    done: i64,
}

impl SqliteRuler {
    /// Makes the file, with the members as they are now.
    pub fn new(app: &App, database: &Path, file: &Path, sample: Sample) -> Result<Self, CliError> {
        let schema = app
            .store
            .read(|reader| {
                let rows = reader.query(
                    "select tbl_name, sql from sqlite_master where sql is not null
                     order by type desc, name",
                    &[],
                )?;
                rows.iter().map(|row| Ok((row.get("tbl_name")?, row.get("sql")?))).collect()
            })
            .map(|rows: Vec<(String, String)>| rows)
            .map_err(|error: crate::store::StoreError| CliError::caused(error))?;
        let made = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(file)?;
            connection.execute_batch(
                "pragma journal_mode = wal; pragma synchronous = full;
                 pragma cache_size = -65536; pragma mmap_size = 268435456;",
            )?;
            for (table, sql) in &schema {
                if TABLES.contains(&table.as_str()) {
                    connection.execute_batch(sql)?;
                }
            }
            connection.execute("attach $1 as measured", [database.display().to_string()])?;
            for table in ["member_state", "identifier"] {
                let sql = format!("insert into main.{table} select * from measured.{table}");
                connection.execute_batch(&sql)?;
            }
            connection.execute_batch("detach measured")?;
            connection.set_prepared_statement_cache_capacity(32);
            Ok(connection)
        };
        let connection = made().map_err(CliError::caused)?;
        let members = {
            let read = || -> rusqlite::Result<Vec<(i64, Vec<u8>, String)>> {
                let mut statement = connection
                    .prepare("select bucket, kind, value from identifier where kind = 'phone'")?;
                let rows = statement.query_map([], |row| {
                    Ok((row.get(0)?, row.get::<_, String>(1)?.into_bytes(), row.get(2)?))
                })?;
                rows.collect()
            };
            read().map_err(CliError::caused)?
        };
        let business = app.business.0.to_be_bytes().to_vec();
        Ok(Self { connection, members, sample, business, done: 0 })
    }

    /// Checkouts per second, one after the other, as SQLite has one writer.
    pub fn run(&mut self, lasts: Duration) -> Result<f64, CliError> {
        let (begun, before) = (now(), self.done);
        while begun.elapsed() < lasts {
            self.checkout().map_err(CliError::caused)?;
        }
        Ok((self.done - before) as f64 / begun.elapsed().as_secs_f64())
    }

    fn checkout(&mut self) -> rusqlite::Result<()> {
        self.done += 1;
        let id = self.done;
        // Members in an order that is not that of the file.
        let place = (id.unsigned_abs() as usize).wrapping_mul(7_919) % self.members.len().max(1);
        let (identifier_bucket, _, phone) = &self.members[place];
        let (key, bucket) = (format!("receipt-{id:08}"), id % 64);
        let activity = (id as u128).to_be_bytes();
        let (chain, now) = ([0x5a_u8; 32], 1_800_000_000_000_000_i64);
        let Self { connection, sample, business, .. } = &*self;
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values))
        };
        run("begin immediate", &[])?;
        connection
            .prepare_cached(
                "select fingerprint, answer from idempotency_key
                 where bucket = ?1 and business_id = ?2 and principal = 'till' and key = ?3",
            )?
            .exists(params![bucket, business, key])?;
        let member: Vec<u8> = connection
            .prepare_cached(
                "select member_id from identifier
                 where bucket = ?1 and business_id = ?2 and kind = 'phone' and value = ?3",
            )?
            .query_row(params![identifier_bucket, business, phone], |row| row.get(0))?;
        let of = i64::from(symbolon_core::values::Bucket::of(
            member.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte)),
        )
        .number());
        let (version, _state): (i64, String) = connection
            .prepare_cached(
                "select version, state from member_state where bucket = ?1 and member_id = ?2",
            )?
            .query_row(params![of, member], |row| Ok((row.get(0)?, row.get(1)?)))?;
        run(
            "insert into activity (bucket, member_id, activity_id, business_id, sequence, kind,
             label, at, recorded_at, programme_version, payload, decision, chain)
             values (?1, ?2, ?3, ?4, ?5, 'receipt', ?6, ?7, ?7, 1, ?8, ?9, ?10)",
            params![of, member, activity, business, version + 1, key, now, sample.payload,
                sample.decision, chain],
        )?;
        for (place, entry) in (0_i64..).zip(&sample.entries) {
            run(
                "insert into entry (bucket, member_id, number, business_id, activity_id, effect,
                 points, from_account, to_account, amount, lot, at)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?6, ?11)",
                params![of, member, id * 10 + place, business, activity, place, entry.points,
                    entry.from_account, entry.to_account, entry.amount, now],
            )?;
        }
        run(
            "update member_state set version = version + 1, previous_version = version,
             state = ?3, chain = ?4 where bucket = ?1 and member_id = ?2",
            params![of, member, sample.state, chain],
        )?;
        run(
            "insert into natural_key
             (bucket, business_id, kind, key, activity_id, member_id, fingerprint)
             values (?1, ?2, 'receipt', ?3, ?4, ?5, ?6)",
            params![bucket, business, key, activity, member, chain],
        )?;
        run(
            "insert into idempotency_key
             (bucket, business_id, principal, key, fingerprint, answer, recorded_at)
             values (?1, ?2, 'till', ?3, ?4, ?5, ?6)",
            params![bucket, business, key, chain, sample.answer, now],
        )?;
        run("commit", &[])?;
        Ok(())
    }
}
