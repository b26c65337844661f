//! `symbolon bench`: measures the jobs that the book gives figures for.
//!
//! Every benchmark checks its answers while it measures: a wrong answer is counted and makes
//! the command fail, however fast it was.

mod checkout;
mod codes;
mod engine;
mod http;
mod import;
mod loads;
mod machine;
mod replay;
mod rulers;
mod tools;
mod workload;

use super::Format;
use super::output::CliError;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// One receipt decided in memory, with reasons, beside ever more rules that do not match.
    Engine(EngineArguments),
    /// Durable checkouts over HTTP: a server of its own, a load, and a look at every answer.
    Checkout(http::CheckoutArguments),
    /// The month's end: points of very many members run out at one moment while tills sell.
    Expiry(http::ExpiryArguments),
    /// Recorded receipts decided and booked in memory, as `backtest` does it.
    Replay(ReplayBenchArguments),
    /// Unguessable codes made, stored and indexed, beside the loading of codes that lie ready.
    Codes(LoadArguments),
    /// Members taken over from a list, validated and each once, beside the loading of the same list.
    Import(LoadArguments),
}

#[derive(Debug, Args)]
pub struct EngineArguments {
    /// Numbers of active rules, ten of which match.
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000")]
    rules: Vec<usize>,
    /// What the rules are.
    #[arg(long, value_enum, default_value_t = workload::Kind::All)]
    kind: workload::Kind,
    /// Pieces in each line of sets; several numbers are measured side by side.
    #[arg(long, value_delimiter = ',')]
    pieces: Vec<u32>,
    /// Issued codes at hand besides the one that is shown; several numbers are measured side by
    /// side.
    #[arg(long, value_delimiter = ',', default_value = "0")]
    codes: Vec<u32>,
    /// Lines of the receipt.
    #[arg(long, default_value_t = 20)]
    lines: usize,
    /// Measured rounds; sizes are alternated within each.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Decisions per round and size.
    #[arg(long, default_value_t = 2_000)]
    decisions: usize,
    /// Files of the neutral checkout workload, instead of the built-in one.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    workload: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ReplayBenchArguments {
    /// The programme text; the Flying Club where none is named.
    #[arg(long)]
    programme: Option<PathBuf>,
    /// A CSV file of receipts; without it, receipts of one to three lines are made up.
    #[arg(long, requires = "map")]
    receipts: Option<PathBuf>,
    /// Which column is what, as for `replay`.
    #[arg(long)]
    map: Option<String>,
    /// Another currency than the programme's text names.
    #[arg(long)]
    currency: Option<String>,
    /// How many receipts are made up.
    #[arg(long, default_value_t = 200_000)]
    count: usize,
    /// Measured rounds.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Members whose standing is compared with what the pipeline books.
    #[arg(long, default_value_t = 500)]
    sample: usize,
}

#[derive(Debug, Args)]
pub struct LoadArguments {
    /// A database on a PostgreSQL server, in which each round makes another one and drops it;
    /// SQLite, with a new file for each round, where it is left out.
    #[arg(long)]
    database: Option<String>,
    /// How many codes, or rows of the list.
    #[arg(long, default_value_t = 1_000_000)]
    count: u32,
    /// Measured rounds; the product and the ruler are alternated.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Where the files of the rounds lie meanwhile; the folder for temporary files otherwise.
    #[arg(long)]
    folder: Option<PathBuf>,
}

pub fn run(command: &BenchCommand, format: Format) -> Result<u8, CliError> {
    match command {
        BenchCommand::Engine(arguments) if !arguments.workload.is_empty() => {
            checkout::run(arguments, format)
        }
        BenchCommand::Engine(arguments) => engine::run(arguments, format),
        BenchCommand::Checkout(arguments) => http::run(arguments, format),
        BenchCommand::Expiry(arguments) => http::run_expiry(arguments, format),
        BenchCommand::Replay(arguments) => replay::run(arguments, format),
        BenchCommand::Codes(arguments) => codes::run(arguments, format),
        BenchCommand::Import(arguments) => import::run(arguments, format),
    }
}
