//! The ruler on SQLite: the rows of one checkout in one transaction each, by prepared statements,
//! on a file of its own beside the other one. It decides nothing and is given its JSON ready made.

use super::load::now;
use super::sample::Sample;
use crate::app::App;
use crate::cli::output::CliError;
use crate::store::{Cell, Json, PlainSqlite, StoreError, Value};
use std::path::Path;
use std::time::Duration;
use symbolon_core::values::Bucket;
use uuid::Uuid;

const TABLES: [&str; 6] =
    ["activity", "entry", "natural_key", "idempotency_key", "member_state", "identifier"];

pub struct SqliteRuler {
    database: PlainSqlite,
    /// The bucket of each phone number.
    phones: Vec<(i64, String)>,
    sample: Sample,
    business: Value,
    done: i64,
}

impl SqliteRuler {
    /// Makes the file, with the members as they are now.
    pub fn new(app: &App, measured: &Path, file: &Path, sample: Sample) -> Result<Self, CliError> {
        Self::made(app, measured, file, sample).map_err(CliError::caused)
    }

    fn made(app: &App, measured: &Path, file: &Path, sample: Sample) -> Result<Self, StoreError> {
        let database = PlainSqlite::open(file)?;
        // As the store sets it.
        database.batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536;
             pragma wal_autocheckpoint = 16384; pragma mmap_size = 268435456;",
        )?;
        let schema = app.store.read(|reader| {
            reader.query(
                "select tbl_name, sql from sqlite_master where sql is not null
                 order by type desc, name",
                &[],
            )
        })?;
        for row in &schema {
            if TABLES.contains(&row.get("tbl_name")?) {
                database.batch(row.get("sql")?)?;
            }
        }
        database.run("attach ?1 as measured", &[measured.display().to_string().into()])?;
        database.batch(
            "insert into main.member_state select * from measured.member_state;
             insert into main.identifier select * from measured.identifier;
             detach measured",
        )?;
        let phones = app.store.read(|reader| {
            let sql = "select bucket, value from identifier where kind = 'phone'";
            let rows = reader.query(sql, &[])?;
            rows.iter().map(|row| Ok((row.get("bucket")?, row.get("value")?))).collect()
        })?;
        let business = Value::from(app.business);
        Ok(Self { database, phones, sample, business, done: 0 })
    }

    /// Checkouts per second, one after the other, as SQLite has one writer; and how many.
    pub fn run(&mut self, lasts: Duration) -> Result<(f64, u64), CliError> {
        let (begun, before) = (now(), self.done);
        while begun.elapsed() < lasts {
            self.done += 1;
            self.checkout(self.done).map_err(CliError::caused)?;
        }
        let count = self.done - before;
        Ok((count as f64 / begun.elapsed().as_secs_f64(), count.unsigned_abs()))
    }

    fn checkout(&self, id: i64) -> Result<(), StoreError> {
        let key = Value::from(format!("receipt-{id:08}"));
        let bucket = Value::from(id % 64);
        self.database.run("begin immediate", &[])?;
        let (member, version) = self.read(id, &bucket, &key)?;
        self.write(id, &bucket, &key, member, version)?;
        self.database.run("commit", &[])
    }

    /// What a shop reads before it decides: whether it did this before, whose the phone is, and
    /// how that member stands.
    fn read(&self, id: i64, bucket: &Value, key: &Value) -> Result<(Uuid, i64), StoreError> {
        let (database, business) = (&self.database, &self.business);
        database.row(
            "select fingerprint, answer from idempotency_key
             where bucket = ?1 and business_id = ?2 and principal = 'till' and key = ?3",
            &[bucket.clone(), business.clone(), key.clone()],
        )?;
        // Members in an order that is not that of the file.
        let place = usize::try_from(id).unwrap_or(0).wrapping_mul(7_919);
        let missing = || StoreError::Other { source: "a member is not there".into() };
        let (of_phone, phone) =
            self.phones.get(place % self.phones.len().max(1)).ok_or_else(missing)?;
        let found = database.row(
            "select member_id from identifier
             where bucket = ?1 and business_id = ?2 and kind = 'phone' and value = ?3",
            &[(*of_phone).into(), business.clone(), phone.as_str().into()],
        )?;
        let member = match found.as_deref() {
            Some([Cell::Bytes(bytes)]) => Uuid::from_slice(bytes).map_err(|_| missing())?,
            _ => return Err(missing()),
        };
        let found = database.row(
            "select version, state, chain from member_state where bucket = ?1 and member_id = ?2",
            &[Bucket::of(member.as_u128()).number().into(), member.into()],
        )?;
        match found.as_deref() {
            Some([Cell::Integer(version), ..]) => Ok((member, *version)),
            _ => Err(missing()),
        }
    }

    fn write(
        &self,
        id: i64,
        bucket: &Value,
        key: &Value,
        member: Uuid,
        version: i64,
    ) -> Result<(), StoreError> {
        let Self { database, sample, business, .. } = self;
        let json = |text: &str| Value::from(Json(text.to_owned()));
        let text = |text: &str| Value::from(text);
        let (business, key, bucket) = (business.clone(), key.clone(), bucket.clone());
        let of = Value::from(Bucket::of(member.as_u128()).number());
        let member = Value::from(member);
        let activity = Value::from(Uuid::from_u128(u128::from(id.unsigned_abs())));
        let (chain, at) = (Value::from(&[0x5a_u8; 32][..]), Value::from(1_800_000_000_000_000_i64));
        database.run(
            "insert into activity (bucket, member_id, activity_id, business_id, sequence, kind,
             label, at, recorded_at, programme_version, payload, decision, chain)
             values (?1, ?2, ?3, ?4, ?5, 'receipt', ?6, ?7, ?7, 1, ?8, ?9, ?10)",
            &[
                of.clone(),
                member.clone(),
                activity.clone(),
                business.clone(),
                (version + 1).into(),
                key.clone(),
                at.clone(),
                json(&sample.payload),
                json(&sample.decision),
                chain.clone(),
            ],
        )?;
        for (place, entry) in (0_i64..).zip(&sample.entries) {
            database.run(
                "insert into entry (bucket, member_id, number, business_id, activity_id, effect,
                 points, from_account, to_account, amount, lot, at)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?6, ?11)",
                &[
                    of.clone(),
                    member.clone(),
                    (id * 10 + place).into(),
                    business.clone(),
                    activity.clone(),
                    place.into(),
                    text(&entry.points),
                    text(&entry.from_account),
                    text(&entry.to_account),
                    entry.amount.into(),
                    at.clone(),
                ],
            )?;
        }
        database.run(
            "update member_state set version = version + 1, previous_version = version,
             state = ?3, chain = ?4 where bucket = ?1 and member_id = ?2",
            &[of, member.clone(), json(&sample.state), chain.clone()],
        )?;
        database.run(
            "insert into natural_key
             (bucket, business_id, kind, key, activity_id, member_id, fingerprint)
             values (?1, ?2, 'receipt', ?3, ?4, ?5, ?6)",
            &[bucket.clone(), business.clone(), key.clone(), activity, member, chain.clone()],
        )?;
        database.run(
            "insert into idempotency_key
             (bucket, business_id, principal, key, fingerprint, answer, recorded_at)
             values (?1, ?2, 'till', ?3, ?4, ?5, ?6)",
            &[bucket, business, key, chain, json(&sample.answer), at],
        )
    }
}
