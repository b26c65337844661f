//! The program `symbolon`.

use clap::Parser;
use std::process::ExitCode;
use symbolon::cli::{Arguments, run};

/// What one thread makes of a request another one drops, thousands of times a second: the
/// system's own allocator loses a sixth of the server's time there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(run(Arguments::parse()))
}
