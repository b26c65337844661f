//! `symbolon draw`: prize draws that anybody can draw again, in a database or in a file alone.

use super::output::{CliError, print_json, print_line};
use super::{Format, SecretFile, open_existing};
use crate::app::{
    GameError, draw_close, draw_open, draw_publication, draw_reveal, holder_word, sha256,
};
use crate::world::World;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use symbolon_core::draw::{Drawn, PerHolder, Publication, PublishedPrize, Tickets, hex};
use symbolon_core::values::MemberId;

#[derive(Debug, Subcommand)]
pub enum DrawCommand {
    /// Opens a draw of the programme: commits to a secret seed and to the prizes.
    Open(DrawArguments),
    /// Shows what a draw has published so far.
    Show(DrawArguments),
    /// Fixes the list of tickets.
    Close(DrawArguments),
    /// Shows the seed, draws, and sends the prizes.
    Reveal(RevealArguments),
    /// Checks a published file with nothing but the file.
    Verify(VerifyArguments),
    /// Makes a draw for somebody else to run among people of their own.
    Kit(KitArguments),
    /// Says which word a member has in a draw.
    Holder(HolderArguments),
}

#[derive(Debug, Args)]
pub struct DrawArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, required_unless_present = "file")]
    database: Option<String>,
    /// The draw of the programme.
    #[arg(long, required_unless_present = "file")]
    draw: Option<String>,
    /// The file of a kit, where there is no database.
    #[arg(long, conflicts_with_all = ["database", "draw"])]
    file: Option<PathBuf>,
    /// With --file: a CSV file with the columns ticket and given_to; tickets that were given to
    /// nobody take no part.
    #[arg(long, requires = "file")]
    tickets: Option<PathBuf>,
    #[command(flatten)]
    secret: SecretFile,
}

#[derive(Debug, Args)]
pub struct RevealArguments {
    #[command(flatten)]
    draw: DrawArguments,
    /// The public text, where the draw has announced one.
    #[arg(long, default_value = "")]
    entropy: String,
    /// With --file: the file with the seed of the kit.
    #[arg(long)]
    seed_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The published file.
    file: PathBuf,
    /// The commitment as it was published at the opening.
    #[arg(long)]
    commitment: Option<String>,
    /// The digest of the tickets as it was published at the closing.
    #[arg(long)]
    digest: Option<String>,
}

#[derive(Debug, Args)]
pub struct KitArguments {
    /// What the draw is called: one word.
    #[arg(long)]
    draw: String,
    /// A prize as COUNT:ID:NAME, such as 3:phone:A phone. Repeated, in the order of drawing.
    #[arg(long = "prize", required = true)]
    prizes: Vec<String>,
    /// How many tickets there are.
    #[arg(long)]
    tickets: u32,
    /// One person may win several times.
    #[arg(long)]
    any_ticket: bool,
    /// A folder for the kit; it is made.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub struct HolderArguments {
    /// The draw.
    #[arg(long)]
    draw: String,
    /// The id of the member.
    #[arg(long)]
    member: String,
}

pub fn run(command: &DrawCommand, format: Format) -> Result<u8, CliError> {
    match command {
        DrawCommand::Open(of) => {
            let (app, draw) = database_of(of)?;
            show(&draw_open(&app, &draw).map_err(failed)?, format)
        }
        DrawCommand::Show(of) => match &of.file {
            Some(file) => show(&read(file)?, format),
            None => {
                let (app, draw) = database_of(of)?;
                show(&draw_publication(&app, &draw).map_err(failed)?, format)
            }
        },
        DrawCommand::Close(of) => match &of.file {
            Some(file) => close_file(file, of.tickets.as_deref(), format),
            None => {
                let (app, draw) = database_of(of)?;
                show(&draw_close(&app, &draw).map_err(failed)?, format)
            }
        },
        DrawCommand::Reveal(of) => match &of.draw.file {
            Some(file) => reveal_file(file, of, format),
            None => {
                let (app, draw) = database_of(&of.draw)?;
                show(&draw_reveal(&app, &draw, &of.entropy).map_err(failed)?, format)
            }
        },
        DrawCommand::Verify(of) => verify(of, format),
        DrawCommand::Kit(of) => kit(of, format),
        DrawCommand::Holder(of) => {
            let member: MemberId = of.member.parse().map_err(CliError::usage)?;
            print_line(&holder_word(&of.draw, member));
            Ok(0)
        }
    }
}

fn database_of(of: &DrawArguments) -> Result<(crate::app::App, String), CliError> {
    let missing = || CliError::usage("--database and --draw are needed");
    let app = of.secret.of(open_existing(of.database.as_deref().ok_or_else(missing)?)?);
    Ok((app, of.draw.clone().ok_or_else(missing)?))
}

pub(super) fn failed(error: GameError) -> CliError {
    match error {
        GameError::Store(error) => CliError::caused(error),
        other => CliError::failed(other),
    }
}

fn broken(problem: symbolon_core::draw::Problem) -> CliError {
    CliError::failed(problem.sentence())
}

fn file_problem(path: &Path, error: impl std::fmt::Display) -> CliError {
    CliError::usage(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<Publication, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| file_problem(path, error))?;
    serde_json::from_str(&text).map_err(|error| file_problem(path, error))
}

fn pretty(publication: &Publication) -> Result<String, CliError> {
    serde_json::to_string_pretty(publication).map_err(CliError::caused)
}

fn write(path: &Path, publication: &Publication) -> Result<(), CliError> {
    let text = pretty(publication)? + "\n";
    std::fs::write(path, text).map_err(|error| file_problem(path, error))
}

/// The file of a draw is what is published, in either format.
fn show(publication: &Publication, _format: Format) -> Result<u8, CliError> {
    print_line(&pretty(publication)?);
    Ok(0)
}

fn close_file(file: &Path, tickets: Option<&Path>, format: Format) -> Result<u8, CliError> {
    let list = tickets.ok_or_else(|| CliError::usage("--tickets is needed with --file"))?;
    let mut publication = read(file)?;
    publication.check(sha256).map_err(broken)?;
    let mut rows = csv::Reader::from_path(list).map_err(|error| file_problem(list, error))?;
    let head = rows.headers().map_err(|error| file_problem(list, error))?.clone();
    let column = |name: &str| {
        let found = head.iter().position(|known| known.trim() == name);
        found.ok_or_else(|| file_problem(list, format!("there is no column {name}")))
    };
    let (ticket, given_to) = (column("ticket")?, column("given_to")?);
    let mut given = Vec::new();
    for row in rows.records() {
        let row = row.map_err(|error| file_problem(list, error))?;
        let is_given = row.get(given_to).is_some_and(|who| !who.trim().is_empty());
        if let (Some(holder), true) = (row.get(ticket), is_given) {
            given.push(Tickets { holder: holder.trim().to_owned(), count: 1 });
        }
    }
    publication.close(sha256, given).map_err(broken)?;
    write(file, &publication)?;
    show(&publication, format)
}

fn reveal_file(file: &Path, of: &RevealArguments, format: Format) -> Result<u8, CliError> {
    let path = of.seed_file.as_deref();
    let path = path.ok_or_else(|| CliError::usage("--seed-file is needed with --file"))?;
    let text = std::fs::read_to_string(path).map_err(|error| file_problem(path, error))?;
    let seed = seed_of(text.trim()).ok_or_else(|| file_problem(path, "this is no seed"))?;
    let mut publication = read(file)?;
    publication.draw(sha256, seed, &of.entropy).map_err(broken)?;
    write(file, &publication)?;
    show(&publication, format)
}

/// Sixty-four hexadecimal digits.
fn seed_of(text: &str) -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in seed.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(seed)
}

fn verify(of: &VerifyArguments, format: Format) -> Result<u8, CliError> {
    let publication = read(&of.file)?;
    let mut problem = publication.check(sha256).err().map(|problem| problem.sentence().to_owned());
    let differs = |said: &Option<String>, found: Option<&str>| {
        said.as_deref().is_some_and(|said| Some(said) != found)
    };
    if differs(&of.commitment, Some(&publication.commitment)) {
        problem = Some("the commitment is not the one that was published".to_owned());
    }
    if differs(&of.digest, publication.tickets_digest.as_deref()) {
        problem = Some("the tickets are not those that were published".to_owned());
    }
    let state = match publication.check(sha256) {
        Ok(Drawn::Open) => "open",
        Ok(Drawn::Closed) => "closed",
        Ok(Drawn::Drawn) => "drawn",
        Err(_) => "broken",
    };
    match (format, &problem) {
        (Format::Json, _) => print_json(&json!({
            "draw": publication.draw,
            "state": state,
            "holds": problem.is_none(),
            "problem": problem,
        })),
        (Format::Text, Some(problem)) => print_line(&format!("does not hold: {problem}")),
        (Format::Text, None) => print_line(&format!(
            "holds: {} is {state}, {} winners",
            publication.draw,
            publication.winners.len()
        )),
    }
    Ok(u8::from(problem.is_some()))
}

fn kit(of: &KitArguments, format: Format) -> Result<u8, CliError> {
    let prizes = of.prizes.iter().map(|text| read_prize(text)).collect::<Result<Vec<_>, _>>()?;
    let mut seed = [0; 32];
    World::Real.fill(&mut seed);
    let per_holder = if of.any_ticket { PerHolder::Any } else { PerHolder::One };
    let publication =
        Publication::open(&of.draw, per_holder, prizes, "", (sha256, seed)).map_err(broken)?;
    // A seed is never written over: its draw could not be drawn any more.
    std::fs::create_dir(&of.out).map_err(|error| file_problem(&of.out, error))?;
    write(&of.out.join("draw.json"), &publication)?;
    let put = |name: &str, text: String| {
        let path = of.out.join(name);
        std::fs::write(&path, text).map_err(|error| file_problem(&path, error))
    };
    put("seed.txt", hex(&seed) + "\n")?;
    let digits = of.tickets.to_string().len();
    let rows = (1..=of.tickets).map(|number| format!("{number:0digits$},\n"));
    put("tickets.csv", format!("ticket,given_to\n{}", rows.collect::<String>()))?;
    match format {
        Format::Json => print_json(&json!({
            "draw": of.draw, "folder": of.out, "tickets": of.tickets,
            "commitment": publication.commitment,
        })),
        Format::Text => print_line(&format!(
            "kit of {} in {}: publish draw.json now, keep seed.txt secret, and write into \
             tickets.csv whom each ticket was given to",
            of.draw,
            of.out.display()
        )),
    }
    Ok(0)
}

/// `3:phone:A phone`.
fn read_prize(text: &str) -> Result<PublishedPrize, CliError> {
    let mut parts = text.splitn(3, ':');
    let count = parts.next().and_then(|count| count.parse().ok());
    let (id, name) = (parts.next(), parts.next());
    match (count, id, name) {
        (Some(count), Some(id), Some(name)) => {
            Ok(PublishedPrize { id: id.to_owned(), name: name.to_owned(), count })
        }
        _ => Err(CliError::usage(format!("`{text}`: write a prize as 3:phone:A phone"))),
    }
}
