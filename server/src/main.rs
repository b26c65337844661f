//! The program `symbolon`.

use clap::Parser;
use std::process::ExitCode;
use symbolon::cli::{Arguments, run};

fn main() -> ExitCode {
    ExitCode::from(run(Arguments::parse()))
}
