//! `symbolon import`: takes members over from a list, with a report on every row.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::{Format, open_existing};
use crate::app::{App, ImportOutcome, import_members};
use crate::members_csv::{MemberRow, MembersCsv, MembersCsvOptions, RefusedRow};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// How many rows are taken over in one transaction.
const AT_ONCE: usize = 5_000;
/// So many refused rows are shown; the report has them all.
const EXAMPLES_MAX: usize = 10;

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE. It has a programme.
    #[arg(long)]
    database: String,
    /// The CSV file, with a line of column names.
    #[arg(long)]
    members: PathBuf,
    /// Which column is what: "phone=Mobile email=Mail card=Card external=Number name=Name
    /// since=Joined points.bonus=Balance attribute.city=Town kind=Kind". One of the first four is
    /// needed.
    #[arg(long)]
    map: String,
    /// How dates are written, such as %d.%m.%Y; as 2019-05-03 where it is not given.
    #[arg(long)]
    date_format: Option<String>,
    /// The country of phone numbers that are written without one, such as 47.
    #[arg(long)]
    country_code: Option<String>,
    /// A CSV file for what became of every row.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Reads and checks the file, and takes nobody over.
    #[arg(long)]
    check: bool,
}

pub fn run(arguments: &ImportArguments, format: Format) -> Result<u8, CliError> {
    #[expect(clippy::disallowed_methods, reason = "the summary says how long it took")]
    let started = std::time::Instant::now();
    let app = open_existing(&arguments.database)?;
    let mut report = Report::create(arguments.report.as_deref())?;
    let options = MembersCsvOptions {
        map: &arguments.map,
        date_format: arguments.date_format.as_deref(),
        country_code: arguments.country_code.as_deref(),
    };
    import(&app, &arguments.members, &options, arguments.check, &mut report)?;
    report.finish().map_err(CliError::caused)?;
    let seconds = started.elapsed().as_secs_f64();
    let of = |name: &str| report.count(name);
    match format {
        Format::Json => print_json(&json!({
            "rows": report.rows, "added": of("added"), "known": of("known"),
            "without_points": of("without-points"), "refused": of("refused"),
            "checked": of("checked"),
            "refused_examples": report.examples, "seconds": seconds,
        })),
        Format::Text => {
            let done = if arguments.check { ("checked", "fine") } else { ("added", "added") };
            let (good, rows) = (of(done.0), report.rows);
            print_line(&format!(
                "{rows} rows: {good} {}, {} known already, {} added without their points, {} refused, \
                 in {seconds:.1} s",
                done.1,
                of("known"),
                of("without-points"),
                of("refused"),
            ));
            for example in &report.examples {
                print_line(&format!("  {example}"));
            }
        }
    }
    Ok(u8::from(of("refused") + of("without-points") > 0))
}

/// Takes a file over, and tells the report of every row.
pub fn import(
    app: &App,
    path: &Path,
    options: &MembersCsvOptions<'_>,
    is_check: bool,
    report: &mut Report,
) -> Result<(), CliError> {
    let programmes = app.programmes();
    let programme = &programmes
        .latest()
        .ok_or_else(|| CliError::usage("the database has no programme yet"))?
        .programme;
    let mut csv = MembersCsv::open(path, programme, options).map_err(CliError::usage)?;
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    let bar = progress_bar(bytes, "taking members over");
    let from = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut rows: Vec<MemberRow> = Vec::with_capacity(AT_ONCE);
    loop {
        let row = csv.next_row().map_err(CliError::failed)?;
        let is_over = row.is_none();
        match row {
            Some(Ok(row)) if is_check => report.tell(row.number, "checked", "", "")?,
            Some(Ok(row)) => rows.push(row),
            Some(Err(RefusedRow { number, problem })) => {
                report.tell(number, "refused", "", &problem)?;
            }
            None => {}
        }
        if rows.len() == AT_ONCE || is_over {
            let outcomes = import_members(app, &rows, &from).map_err(CliError::caused)?;
            for (row, outcome) in rows.drain(..).zip(outcomes) {
                report.tell_outcome(row.number, &outcome)?;
            }
            bar.set_position(csv.bytes_read());
        }
        if is_over {
            bar.finish_and_clear();
            return Ok(());
        }
    }
}

/// What became of the rows: counted, and written into a file where one was named.
#[derive(Debug)]
pub struct Report {
    file: Option<BufWriter<File>>,
    rows: u64,
    counts: BTreeMap<&'static str, u64>,
    examples: Vec<String>,
}

impl Report {
    pub fn create(path: Option<&Path>) -> Result<Self, CliError> {
        let file = match path {
            None => None,
            Some(path) => {
                let file = File::create(path).map_err(|error| {
                    CliError::usage(format!("{} cannot be written: {error}", path.display()))
                })?;
                let mut file = BufWriter::new(file);
                writeln!(file, "row,outcome,member,problem").map_err(CliError::caused)?;
                Some(file)
            }
        };
        Ok(Self { file, rows: 0, counts: BTreeMap::new(), examples: Vec::new() })
    }

    fn tell_outcome(&mut self, number: u64, outcome: &ImportOutcome) -> Result<(), CliError> {
        match outcome {
            ImportOutcome::Added(member) | ImportOutcome::Known(member) => {
                self.tell(number, outcome.name(), &member.to_string(), "")
            }
            ImportOutcome::WithoutPoints(member, problem) => {
                self.tell(number, outcome.name(), &member.to_string(), problem)
            }
            ImportOutcome::Refused(problem) => self.tell(number, outcome.name(), "", problem),
        }
    }

    /// Nothing of the file itself stands in the report, so it needs no quotes but its own.
    fn tell(
        &mut self,
        number: u64,
        outcome: &'static str,
        member: &str,
        problem: &str,
    ) -> Result<(), CliError> {
        self.rows += 1;
        *self.counts.entry(outcome).or_default() += 1;
        if !problem.is_empty() && self.examples.len() < EXAMPLES_MAX {
            self.examples.push(format!("row {number}: {problem}"));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let problem = problem.replace('"', "'");
        writeln!(file, "{number},{outcome},{member},\"{problem}\"").map_err(CliError::caused)
    }

    /// How many rows came to this.
    pub fn count(&self, outcome: &str) -> u64 {
        self.counts.get(outcome).copied().unwrap_or(0)
    }

    pub fn finish(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}
