//! A load of many rows, by the product and by a public tool in turns.

use super::LoadArguments;
use super::machine::{self, machine};
use super::tools::{Folder, Place, Spread, seconds, spread};
use crate::app::App;
use crate::cli::Format;
use crate::cli::output::{CliError, print_json, print_line, progress_bar};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// What is loaded, and how that is told.
#[derive(Debug)]
pub struct Loaded {
    pub benchmark: &'static str,
    /// What the product does with so many rows, after their number.
    pub ours: &'static str,
    /// What the public tool does, before its name.
    pub ruler: &'static str,
}

/// What one round of the product came to.
#[derive(Debug)]
pub struct Measured {
    pub seconds: f64,
    pub wrong: u64,
    pub durability: BTreeMap<String, String>,
}

impl Measured {
    pub fn of(app: &App, seconds: f64, wrong: u64) -> Result<Self, CliError> {
        let durability = machine::durability(app).map_err(CliError::caused)?;
        Ok(Self { seconds, wrong, durability })
    }
}

/// Alternates the script of a public tool over a file that lies ready, and the product.
pub fn compare(
    loaded: &Loaded,
    arguments: &LoadArguments,
    format: Format,
    write_ready: impl FnOnce(&Path) -> std::io::Result<()>,
    ruler: impl Fn(&Place, &Path) -> String,
    mut measure: impl FnMut(&Place, &Folder, &Path) -> Result<Measured, CliError>,
) -> Result<u8, CliError> {
    let rounds = arguments.rounds.max(1);
    let folder = Folder::new(arguments.folder.as_deref())?;
    let ready = folder.file("ready.csv");
    let bar = progress_bar(rounds as u64 * 2 + 1, "measuring");
    write_ready(&ready).map_err(CliError::caused)?;
    bar.inc(1);
    let (mut ours, mut rulers, mut wrong) = (Vec::new(), Vec::new(), 0);
    let (mut tool, mut durability) = ("", BTreeMap::new());
    for round in 0..rounds {
        let place = Place::new(arguments.database.as_deref(), &folder, &format!("ruler{round}"))?;
        tool = place.tool();
        rulers.push(seconds(|| place.run_script(&ruler(&place, &ready)))?.1);
        drop(place);
        bar.inc(1);
        let place = Place::new(arguments.database.as_deref(), &folder, &format!("ours{round}"))?;
        let measured = measure(&place, &folder, &ready)?;
        ours.push(measured.seconds);
        wrong += measured.wrong;
        durability = measured.durability;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let ratio = spread(ours.iter().zip(&rulers).map(|(ours, ruler)| ours / ruler));
    let (ours, rulers) = (spread(ours), spread(rulers));
    match format {
        Format::Json => print_json(&json!({
            "benchmark": loaded.benchmark, "machine": machine(), "durability": durability,
            "count": arguments.count, "rounds": rounds, "seconds": ours,
            "ruler": { "tool": tool, "seconds": rulers }, "ours_to_that": ratio,
            "wrong_answers": wrong,
        })),
        Format::Text => {
            let told = |Spread { least, median, most }: Spread, unit: &str| {
                format!("{median:.2}{unit} ({least:.2} to {most:.2})")
            };
            let Loaded { ours: does, ruler, .. } = loaded;
            print_line(&machine::told(&machine(), &durability));
            print_line(&format!("{} {does}: {}", arguments.count, told(ours, " s")));
            print_line(&format!("{ruler} {tool}: {}", told(rulers, " s")));
            print_line(&format!("× {}; wrong answers: {wrong}", told(ratio, "")));
        }
    }
    Ok(u8::from(wrong > 0))
}
