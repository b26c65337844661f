//! The command line. It composes everything else and decides nothing.
//!
//! Exit codes: 0 fine, 1 what was asked does not hold, 2 wrong use.

mod backtest;
mod backup;
mod bench;
mod calendar;
mod challenge;
mod check;
mod demo;
mod describe;
mod draw;
mod emit;
mod ending;
mod explain;
mod import;
mod serve;
mod simulate;

mod key;
mod output;
mod programme_file;
mod replay;
mod schema;
mod settlement;

mod verify;

pub use output::CliError;

use crate::app::App;
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Symbolon: a loyalty system that anybody can run.
#[derive(Debug, Parser)]
#[command(name = "symbolon", version, about)]
pub struct Arguments {
    /// How results are printed.
    #[arg(long, value_enum, global = true, default_value = "text")]
    pub format: Format,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts a lifelike shop with a year of receipts, and the server on it.
    Demo(demo::DemoArguments),
    /// Starts the server.
    Serve(serve::ServeArguments),
    /// Reads programmes, lists what is wrong with them, and runs the stories beside them.
    Check(check::CheckArguments),
    /// Says in words what a programme chooses where loyalty systems differ.
    Describe(describe::DescribeArguments),
    /// Books recorded receipts from a CSV file in their order of time.
    Replay(replay::ReplayArguments),
    /// Takes members over from a CSV file, with what they have.
    Import(import::ImportArguments),
    /// Decides recorded receipts again under two programmes and compares them.
    #[command(name = "backtest")]
    BackTest(backtest::BackTestArguments),
    /// Imagines the year ahead, many times over, and says what a programme would cost.
    Simulate(simulate::SimulateArguments),
    /// Proves the ledger by folding everything again.
    Verify(verify::VerifyArguments),
    /// Writes a whole copy of an SQLite database while the server runs, and proves it.
    Backup(backup::BackupArguments),
    /// Makes a database of such a copy, and proves it.
    Restore(backup::RestoreArguments),
    /// Says what partners of the programme owe each other for a time.
    Settlement(settlement::SettlementArguments),
    /// Says why a receipt earned, spent and cost what it did.
    Explain(explain::ExplainArguments),
    /// Books what the calendar brought, such as birthdays. A server does so by itself.
    Calendar(calendar::CalendarArguments),
    /// Says what the end of the programme costs, and afterwards whether all of it is settled.
    Ending(ending::EndingArguments),
    /// Makes coupons, gift certificates or cards, and writes their codes into a file.
    Emit(emit::EmitArguments),
    /// Makes an access key for the API and the pages.
    Key(key::KeyArguments),
    /// Prize draws that anybody can draw again.
    #[command(subcommand)]
    Draw(draw::DrawCommand),
    /// Challenges between members: how they stand, and their end.
    #[command(subcommand)]
    Challenge(challenge::ChallengeCommand),
    /// Statements about the tables, for whoever runs the database.
    #[command(subcommand)]
    Schema(schema::SchemaCommand),
    /// Measures.
    #[command(subcommand)]
    Bench(bench::BenchCommand),
}

/// Runs a command; the exit code says how it went.
pub fn run(arguments: Arguments) -> u8 {
    let format = arguments.format;
    let result = match arguments.command {
        Command::Demo(arguments) => demo::run(arguments, format),
        Command::Serve(arguments) => serve::run(arguments, format),
        Command::Check(arguments) => check::run(&arguments, format),
        Command::Describe(arguments) => describe::run(&arguments, format),
        Command::Replay(arguments) => replay::run(&arguments, format),
        Command::Import(arguments) => import::run(&arguments, format),
        Command::BackTest(arguments) => backtest::run(&arguments, format),
        Command::Simulate(arguments) => simulate::run(&arguments, format),
        Command::Verify(arguments) => verify::run(&arguments, format),
        Command::Backup(arguments) => backup::back_up(&arguments, format),
        Command::Restore(arguments) => backup::restore(&arguments, format),
        Command::Settlement(arguments) => settlement::run(&arguments, format),
        Command::Explain(arguments) => explain::run(&arguments, format),
        Command::Calendar(arguments) => calendar::run(&arguments, format),
        Command::Ending(arguments) => ending::run(&arguments, format),
        Command::Emit(arguments) => emit::run(&arguments, format),
        Command::Key(arguments) => key::run(&arguments, format),
        Command::Draw(command) => draw::run(&command, format),
        Command::Challenge(command) => challenge::run(&command, format),
        Command::Schema(command) => schema::run(&command, format),
        Command::Bench(command) => bench::run(&command, format),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            output::print_error(&error, format);
            error.exit
        }
    }
}

/// Where the secret lies that codes and seeds of draws are made from.
#[derive(Debug, Clone, Default, Args)]
pub struct SecretFile {
    /// The file with the secret that codes are made from; beside the database, with the ending
    /// `.secret`, where it is not given. It is made where it is not there. Keep a copy of it.
    #[arg(long)]
    secret_file: Option<PathBuf>,
}

impl SecretFile {
    fn of(&self, app: App) -> App {
        match &self.secret_file {
            Some(path) => app.with_secret_file(path.clone()),
            None => app,
        }
    }
}

/// Opens a database that is there. A mistyped path must not become an empty one without faults.
fn open_existing(address: &str) -> Result<App, CliError> {
    let url = DatabaseUrl::parse(address).map_err(CliError::usage)?;
    if !url.exists() {
        return Err(CliError::usage(format!("there is no database at {url}")));
    }
    open(address)
}

/// Opens the database that an address names, and makes it where it is not there.
fn open(address: &str) -> Result<App, CliError> {
    let url = DatabaseUrl::parse(address).map_err(CliError::usage)?;
    App::open(&url, World::Real).map_err(CliError::caused)
}
