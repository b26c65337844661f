//! `symbolon challenge`: how a challenge stands, and its end.

use super::draw::failed;
use super::output::{CliError, print_json, print_line};
use super::{Format, SecretFile, open_existing};
use crate::app::{Standing, challenge_end, challenge_standing};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use symbolon_core::values::format_decimal;

#[derive(Debug, Subcommand)]
pub enum ChallengeCommand {
    /// How a period stands, or how it ended.
    Standing(ChallengeArguments),
    /// Freezes the places of a period that is over, and sends the prizes.
    End(ChallengeArguments),
}

#[derive(Debug, Args)]
pub struct ChallengeArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// The challenge of the programme.
    #[arg(long)]
    challenge: String,
    /// A day of the period, such as 2027-01-31.
    #[arg(long)]
    day: Date,
    #[command(flatten)]
    secret: SecretFile,
}

pub fn run(command: &ChallengeCommand, format: Format) -> Result<u8, CliError> {
    let standing = match command {
        ChallengeCommand::Standing(of) => {
            let app = of.secret.of(open_existing(&of.database)?);
            challenge_standing(&app, &of.challenge, Some(of.day)).map_err(failed)?
        }
        ChallengeCommand::End(of) => {
            let app = of.secret.of(open_existing(&of.database)?);
            challenge_end(&app, &of.challenge, of.day).map_err(failed)?
        }
    };
    match format {
        Format::Json => {
            print_json(&serde_json::to_value(&standing).map_err(CliError::caused)?);
        }
        Format::Text => print_standing(&standing),
    }
    Ok(0)
}

fn print_standing(standing: &Standing) {
    let Standing { challenge, from, until, decimals, placed, digest } = standing;
    print_line(&format!("{challenge}, {from} to {until}"));
    for place in placed {
        let score = format_decimal(place.scored.score, *decimals);
        print_line(&format!("{:>5}  {}  {score}", place.place, place.scored.member));
    }
    if let Some(digest) = digest {
        print_line(&format!("ended; digest of the places {digest}"));
    }
}
