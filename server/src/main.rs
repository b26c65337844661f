//! The program `symbolon`.

use clap::Parser;
use std::process::ExitCode;
use symbolon::cli::{Arguments, run};

/// What one thread makes of a request another one drops, thousands of times a second, which is dear
/// with the system's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(run(Arguments::parse()))
}
