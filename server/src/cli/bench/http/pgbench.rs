//! The ruler on PostgreSQL: what a shop's own program would write for one checkout, by hand, run
//! by `pgbench` against tables of the same form on the same server.
//!
//! It decides nothing, knows no HTTP and is given its JSON ready made.

use super::sample::Sample;
use crate::cli::output::CliError;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The scripts in a folder, and what they are run with.
pub struct Scripts {
    folder: PathBuf,
    database: String,
    variables: Vec<(&'static str, String)>,
    /// Every run has ids of its own.
    runs: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Plain,
    Folded,
}

impl Script {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Folded => "folded",
        }
    }
}

const SETUP: &str =
    "-- Tables of the same form as those of Symbolon, in a schema of their own, with its members as
-- they are now. Run it in the database of the benchmark.
drop schema if exists symbolon_ruler cascade;
create schema symbolon_ruler;
create table symbolon_ruler.activity (like activity including all);
create table symbolon_ruler.entry (like entry including all);
create table symbolon_ruler.natural_key (like natural_key including all);
create table symbolon_ruler.idempotency_key (like idempotency_key including all);
create table symbolon_ruler.member_state (like member_state including all);
create table symbolon_ruler.identifier (
    business_id uuid not null, kind text not null, value text not null,
    member_bucket smallint not null, member_id uuid not null,
    primary key (business_id, kind, value)
);
alter table symbolon_ruler.member_state set (toast_tuple_target = 8160, fillfactor = 70);
alter table symbolon_ruler.activity set (toast_tuple_target = 8160);
insert into symbolon_ruler.member_state select * from member_state;
insert into symbolon_ruler.identifier
    select i.business_id, i.kind, i.value, s.bucket, i.member_id
    from identifier i join member_state s on s.member_id = i.member_id;
vacuum analyze symbolon_ruler.member_state;
vacuum analyze symbolon_ruler.identifier;
";

/// Both scripts begin so: a receipt of any member, with an id that nobody else has.
const BEGIN: &str = "\\set i :i + 1
\\set n random(0, :members - 1)
\\set id :run * 1000000000000 + :client_id * 1000000000 + :i
\\set b :id % 64
";

/// The keys of a receipt as SQL.
const ACTIVITY_ID: &str = "cast(lpad(to_hex(cast(:id as bigint)), 32, '0') as uuid)";
const KEY: &str = "cast(cast(:id as bigint) as text)";
const PHONE: &str = "'+479' || lpad(cast(cast(:n as bigint) as text), 7, '0')";

/// One statement per round trip, in one transaction.
fn plain(sample: &Sample) -> String {
    let mut entries = String::new();
    for (place, entry) in sample.entries.iter().enumerate() {
        let comma = if place == 0 { "" } else { ",\n" };
        // Writing into a text cannot fail.
        let _ = write!(
            entries,
            "{comma}  (:bucket, :member_id, cast(:id as bigint) * 10 + {place}, :business, \
             {ACTIVITY_ID}, {place}, '{}', '{}', '{}', {}, {place}, now())",
            entry.points, entry.from_account, entry.to_account, entry.amount
        );
    }
    format!(
        "{BEGIN}begin;
select fingerprint, answer from symbolon_ruler.idempotency_key
  where bucket = :b and business_id = :business and principal = 'till' and key = {KEY};
select s.bucket, s.member_id, s.version, s.state as old_state, s.chain as old_chain
  from symbolon_ruler.identifier i join symbolon_ruler.member_state s
  on s.bucket = i.member_bucket and s.member_id = i.member_id
  where i.business_id = :business and i.kind = 'phone' and i.value = {PHONE} for update of s \\gset
insert into symbolon_ruler.activity
  (bucket, member_id, activity_id, business_id, sequence, kind, label, at, recorded_at,
   programme_version, payload, decision, chain)
  values (:bucket, :member_id, {ACTIVITY_ID}, :business, cast(:version as bigint) + 1, 'receipt',
   {KEY}, now(), now(), 1, :payload, :decision, :chain);
insert into symbolon_ruler.entry
  (bucket, member_id, number, business_id, activity_id, effect, points, from_account, to_account,
   amount, lot, at) values
{entries};
update symbolon_ruler.member_state
  set version = version + 1, previous_version = version, state = :state, chain = :chain
  where bucket = :bucket and member_id = :member_id;
insert into symbolon_ruler.natural_key
  (bucket, business_id, kind, key, activity_id, member_id, fingerprint)
  values (:b, :business, 'receipt', {KEY}, {ACTIVITY_ID}, :member_id, :chain);
insert into symbolon_ruler.idempotency_key
  (bucket, business_id, principal, key, fingerprint, answer, recorded_at)
  values (:b, :business, 'till', {KEY}, :chain, :answer, now());
commit;
"
    )
}

/// The same in two round trips: one that reads and one that writes, if nobody wrote meanwhile.
fn folded(sample: &Sample) -> String {
    let mut entries = String::new();
    for (place, entry) in sample.entries.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let _ = write!(
            entries,
            "{comma}({place}, '{}', '{}', '{}', cast({} as bigint))",
            entry.points, entry.from_account, entry.to_account, entry.amount
        );
    }
    format!(
        "{BEGIN}select s.bucket, s.member_id, s.version, s.state as old_state, s.chain as old_chain,
  k.answer as old_answer
  from symbolon_ruler.identifier i join symbolon_ruler.member_state s
  on s.bucket = i.member_bucket and s.member_id = i.member_id
  left join symbolon_ruler.idempotency_key k
  on k.bucket = :b and k.business_id = :business and k.principal = 'till' and k.key = {KEY}
  where i.business_id = :business and i.kind = 'phone' and i.value = {PHONE} \\gset
with s as (
  update symbolon_ruler.member_state
  set version = version + 1, previous_version = version, state = :state, chain = :chain
  where bucket = :bucket and member_id = :member_id and version = :version returning version
), a as (
  insert into symbolon_ruler.activity
  (bucket, member_id, activity_id, business_id, sequence, kind, label, at, recorded_at,
   programme_version, payload, decision, chain)
  select :bucket, :member_id, {ACTIVITY_ID}, :business, s.version, 'receipt', {KEY}, now(), now(),
   1, :payload, :decision, :chain from s
), e as (
  insert into symbolon_ruler.entry
  (bucket, member_id, number, business_id, activity_id, effect, points, from_account, to_account,
   amount, lot, at)
  select :bucket, :member_id, cast(:id as bigint) * 10 + v.place, :business, {ACTIVITY_ID}, v.place,
   v.points, v.f, v.t, v.amount, v.place, now()
  from s, (values {entries}) as v(place, points, f, t, amount)
), n as (
  insert into symbolon_ruler.natural_key
  (bucket, business_id, kind, key, activity_id, member_id, fingerprint)
  select :b, :business, 'receipt', {KEY}, {ACTIVITY_ID}, :member_id, :chain from s
)
insert into symbolon_ruler.idempotency_key
  (bucket, business_id, principal, key, fingerprint, answer, recorded_at)
  select :b, :business, 'till', {KEY}, :chain, :answer, now() from s;
"
    )
}

const README: &str = "# The ruler: a checkout written by hand

The same reads and writes as those of `symbolon bench checkout`, by `pgbench`: `plain.sql` in one
statement per round trip, `folded.sql` in two round trips. `setup.sql` makes the tables, in the
schema `symbolon_ruler`. `run.sh DATABASE SCRIPT CLIENTS SECONDS` runs one of them; give it another
RUN in its environment each time.
";

impl Scripts {
    /// Writes the scripts with the rows of a sample.
    pub fn write(
        folder: &Path,
        database: &str,
        members: u32,
        sample: &Sample,
    ) -> Result<Self, CliError> {
        std::fs::create_dir_all(folder).map_err(CliError::caused)?;
        let put = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).map_err(CliError::caused)
        };
        put("README.md", README)?;
        put("setup.sql", SETUP)?;
        put("plain.sql", &plain(sample))?;
        put("folded.sql", &folded(sample))?;
        let chain = format!("\\x{}", "5a".repeat(32));
        let variables = vec![
            ("business", sample.business.clone()),
            ("payload", sample.payload.clone()),
            ("decision", sample.decision.clone()),
            ("state", sample.state.clone()),
            ("answer", sample.answer.clone()),
            ("chain", chain),
            ("members", members.to_string()),
            ("i", "0".to_owned()),
        ];
        let mut run = String::from(
            "#!/bin/sh\n# DATABASE SCRIPT CLIENTS SECONDS\ncd \"$(dirname \"$0\")\"\n\
             exec pgbench -n -M prepared -j 2 -f \"$2.sql\" -c \"$3\" -T \"$4\" -D run=\"${RUN:-1}\"",
        );
        for (name, value) in &variables {
            put(&format!("{name}.value"), value)?;
            let _ = write!(run, " \\\n  -D {name}=\"$(cat {name}.value)\"");
        }
        put("run.sh", &format!("{run} \\\n  \"$1\"\n"))?;
        Ok(Self { folder: folder.to_owned(), database: database.to_owned(), variables, runs: 0 })
    }

    /// Makes the tables, empty but for the members.
    pub fn set_up(&self) -> Result<(), CliError> {
        let done = Command::new("psql")
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-f"])
            .arg(self.folder.join("setup.sql"))
            .args(["-d", &self.database])
            .output()
            .map_err(|error| CliError::failed(format!("psql: {error}")))?;
        if done.status.success() {
            return Ok(());
        }
        Err(CliError::failed(String::from_utf8_lossy(&done.stderr)))
    }

    /// Checkouts per second of one script, and how many there were.
    pub fn run(
        &mut self,
        script: Script,
        clients: u32,
        seconds: u64,
    ) -> Result<(f64, u64), CliError> {
        self.runs += 1;
        let mut command = Command::new("pgbench");
        command.args(["-n", "-M", "prepared", "-j", "2", "-f"]);
        command.arg(self.folder.join(format!("{}.sql", script.name())));
        command.args(["-c", &clients.to_string(), "-T", &seconds.to_string()]);
        command.args(["-D", &format!("run={}", self.runs)]);
        for (name, value) in &self.variables {
            command.args(["-D", &format!("{name}={value}")]);
        }
        let done = command
            .arg(&self.database)
            .output()
            .map_err(|error| CliError::failed(format!("pgbench: {error}")))?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|rate| rate.split_whitespace().next()?.parse().ok());
        let count = said
            .lines()
            .find_map(|line| line.strip_prefix("number of transactions actually processed: "))
            .and_then(|count| count.split('/').next()?.parse().ok());
        let complained = String::from_utf8_lossy(&done.stderr).into_owned();
        match rate {
            Some(rate) if done.status.success() => Ok((rate, count.unwrap_or(0))),
            _ => Err(CliError::failed(format!("pgbench: {complained}"))),
        }
    }
}
