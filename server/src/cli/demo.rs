//! `symbolon demo`: a lifelike shop with a year behind it, and the server on it.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::{Format, SecretFile, serve};
use crate::app::App;
use crate::demo_shop::{SHOPS, populate};
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::Args;
use jiff::Timestamp;
use serde_json::json;

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Which programme the shop runs: boloco-card, flying-club or discount-card.
    #[arg(long, default_value = "boloco-card")]
    programme: String,
    /// Where the demo is kept; a new file in the temporary folder where it is not said.
    #[arg(long)]
    database: Option<String>,
    /// How many members the shop has.
    #[arg(long, default_value_t = 500)]
    members: u32,
    /// The same seed and end give the same shop.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// When the year of the shop ends, such as 2027-03-02T17:00:00Z; now, where it is not said.
    #[arg(long)]
    until: Option<Timestamp>,
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Fills the database and ends, without starting the server.
    #[arg(long)]
    no_server: bool,
}

pub fn run(arguments: DemoArguments, format: Format) -> Result<u8, CliError> {
    let shop = SHOPS.iter().find(|shop| shop.key == arguments.programme).ok_or_else(|| {
        let known: Vec<&str> = SHOPS.iter().map(|shop| shop.key).collect();
        CliError::usage(format!("there is no demo of `{}`", arguments.programme))
            .hinted(format!("one of: {}", known.join(", ")))
    })?;
    let address = match arguments.database {
        Some(address) => address,
        None => {
            let file = format!("symbolon-demo-{}-{}.db", shop.key, std::process::id());
            format!("sqlite:{}", std::env::temp_dir().join(file).display())
        }
    };
    let url = DatabaseUrl::parse(&address).map_err(CliError::usage)?;
    let now = arguments.until.unwrap_or_else(|| World::Real.now());
    let app = App::open(&url, World::staged(now, arguments.seed)).map_err(CliError::caused)?;
    if app.programmes().latest().is_none() {
        let bar = progress_bar(100, "a year of receipts");
        populate(&app, shop, arguments.members, arguments.seed, now, |percent| {
            bar.set_position(percent);
        })
        .map_err(CliError::caused)?;
        bar.finish_and_clear();
    }
    drop(app);
    match format {
        Format::Text => print_line(&format!("demo shop `{}` in {address}", shop.key)),
        Format::Json if arguments.no_server => {
            print_json(&json!({ "programme": shop.key, "database": address }));
        }
        Format::Json => {}
    }
    if arguments.no_server {
        return Ok(0);
    }
    serve::serve(&address, &arguments.listen, serve::Pages::Open, &SecretFile::default(), format)
}
