//! `symbolon backup` and `symbolon restore`: a whole copy of an SQLite database, while tills go on,
//! and the way back.
//!
//! Neither ever writes over anything, and neither calls a copy whole before it was verified. The
//! secret of codes is never part of a copy: it has to be kept elsewhere.

use super::output::{CliError, print_json, print_line};
use super::{Format, open_existing};
use crate::app::{App, verify};
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The database: sqlite:PATH. PostgreSQL is backed up by its own tools.
    #[arg(long)]
    database: String,
    /// The file for the copy. It must not be there yet.
    #[arg(long)]
    out: PathBuf,
    /// Does not fold the copy again to prove it.
    #[arg(long)]
    unverified: bool,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The copy that `symbolon backup` made.
    #[arg(long)]
    from: PathBuf,
    /// Where it goes: sqlite:PATH. It must not be there yet.
    #[arg(long)]
    database: String,
    /// Does not fold the copy again to prove it.
    #[arg(long)]
    unverified: bool,
}

pub fn back_up(arguments: &BackupArguments, format: Format) -> Result<u8, CliError> {
    let app = open_existing(&arguments.database)?;
    let part = part_of(&arguments.out)?;
    app.store.back_up(&part).map_err(CliError::caused)?;
    let members = settle(&part, arguments.unverified).inspect_err(|_| {
        drop(std::fs::remove_file(&part));
    })?;
    move_into_place(&part, &arguments.out)?;
    tell(format, &arguments.out, members);
    if format == Format::Text {
        print_line("the secret of codes is not in it: keep a copy of that file in another place");
    }
    Ok(0)
}

pub fn restore(arguments: &RestoreArguments, format: Format) -> Result<u8, CliError> {
    let url = DatabaseUrl::parse(&arguments.database).map_err(CliError::usage)?;
    let Some(path) = url.beside("") else {
        return Err(CliError::usage("a copy becomes a file: --database sqlite:PATH")
            .hinted("PostgreSQL is restored by its own tools, such as pg_restore"));
    };
    let part = part_of(&path)?;
    std::fs::copy(&arguments.from, &part).map_err(|error| {
        CliError::usage(format!("{} cannot be copied: {error}", arguments.from.display()))
    })?;
    let members = settle(&part, arguments.unverified).inspect_err(|_| {
        // What was copied is still where it came from.
        drop(std::fs::remove_file(&part));
    })?;
    move_into_place(&part, &path)?;
    tell(format, &path, members);
    if format == Format::Text {
        let mut secret = path.into_os_string();
        secret.push(".secret");
        print_line(&format!(
            "put the secret of its codes back as {}, or name it with --secret-file",
            PathBuf::from(secret).display()
        ));
    }
    Ok(0)
}

/// The name of a copy that is not whole yet. Neither it nor the whole one may be there.
fn part_of(path: &Path) -> Result<PathBuf, CliError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    for there in [path, &part] {
        if there.exists() {
            let message = format!("{} is there already", there.display());
            return Err(CliError::usage(message).hinted("nothing is ever written over; move it"));
        }
    }
    Ok(part)
}

/// Proves a copy and brings it to the disk. Says how many members it has.
fn settle(part: &Path, unverified: bool) -> Result<i64, CliError> {
    let url = DatabaseUrl::parse(&format!("sqlite:{}", part.display())).map_err(CliError::usage)?;
    let app = App::open(&url, World::Real).map_err(CliError::caused)?;
    let members = crate::app::ledger_overview(&app).map_err(CliError::caused)?.members;
    if !unverified {
        let report = verify(&app, |_| {}).map_err(CliError::caused)?;
        if !report.is_clean() {
            let first = report.differences.first().cloned().unwrap_or_default();
            return Err(CliError::failed(format!("the copy does not verify: {first}")));
        }
    }
    // The last connection that closes brings the write-ahead log into the file.
    drop(app);
    sync(part)?;
    Ok(members)
}

fn move_into_place(part: &Path, path: &Path) -> Result<(), CliError> {
    std::fs::rename(part, path).map_err(CliError::caused)?;
    // The name has to be on the disk as well as what it names.
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => sync(folder),
        None => sync(Path::new(".")),
    }
}

fn sync(path: &Path) -> Result<(), CliError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(CliError::caused)
}

fn tell(format: Format, path: &Path, members: i64) {
    let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
    let path = path.display().to_string();
    match format {
        Format::Json => print_json(&json!({ "file": path, "members": members, "bytes": bytes })),
        Format::Text => print_line(&format!("{path}: {members} members, {bytes} bytes")),
    }
}
