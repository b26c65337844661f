//! `symbolon settlement`: what partners of the programme owe each other for a time.

use super::output::{CliError, print_json, print_line};
use super::{Format, open_existing};
use crate::app::{self, Settlement};
use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, format_decimal};

#[derive(Debug, Args)]
pub struct SettlementArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// The first day that counts.
    #[arg(long)]
    from: Date,
    /// The last day that counts.
    #[arg(long)]
    until: Date,
    /// Prints comma-separated values.
    #[arg(long)]
    csv: bool,
}

/// One line as people read it: decimals as the programme says.
struct Row {
    partner: String,
    points: String,
    /// Issued, taken back, redeemed, given back.
    moved: [String; 4],
    /// What the partner pays, is paid, and owes.
    money: [String; 3],
}

pub fn run(arguments: &SettlementArguments, format: Format) -> Result<u8, CliError> {
    if arguments.until < arguments.from {
        return Err(CliError::usage("the last day lies before the first one"));
    }
    let app = open_existing(&arguments.database)?;
    let programmes = app.programmes();
    let programme = &programmes
        .latest()
        .ok_or_else(|| CliError::failed("no programme was published yet"))?
        .programme;
    let settled =
        app::settlement(&app, arguments.from, arguments.until).map_err(CliError::caused)?;
    let rows = rows_of(programme, &settled)?;
    let house = programme.currency.format(settled.house);
    let currency = programme.currency.code();
    if arguments.csv {
        print_line("partner,points,issued,taken_back,redeemed,given_back,pays,is_paid,owes");
        for row in &rows {
            let cells: Vec<&str> = row.cells().collect();
            print_line(&cells.join(","));
        }
        return Ok(0);
    }
    match format {
        Format::Json => print_json(&json!({
            "from": arguments.from,
            "until": arguments.until,
            "currency": currency,
            "lines": rows.iter().map(Row::json).collect::<Vec<Value>>(),
            "house_receives": house,
        })),
        Format::Text => {
            for row in &rows {
                let Row { partner, points, moved, money } = row;
                let [issued, taken_back, redeemed, given_back] = moved;
                let [pays, is_paid, owes] = money;
                print_line(&format!(
                    "{partner}, {points}: {issued} issued, {taken_back} taken back, \
                     {redeemed} redeemed, {given_back} given back; pays {pays}, is paid \
                     {is_paid}, owes {owes} {currency}"
                ));
            }
            print_line(&format!("The house receives {house} {currency} in all."));
        }
    }
    Ok(0)
}

fn rows_of(programme: &Programme, settled: &Settlement) -> Result<Vec<Row>, CliError> {
    let currency = programme.currency;
    settled
        .lines
        .iter()
        .map(|line| {
            let found = programme.find_points(line.points.as_str());
            let decimals = found.map_or(0, |(_, kind)| kind.decimals);
            let moved = [line.issued, line.taken_back, line.redeemed, line.given_back];
            let net = line.net().map_err(CliError::caused)?;
            Ok(Row {
                partner: line.partner.as_ref().map_or("the house", Key::as_str).to_owned(),
                points: line.points.to_string(),
                moved: moved.map(|amount| format_decimal(amount.units(), decimals)),
                money: [line.pays, line.is_paid, net].map(|money| currency.format(money)),
            })
        })
        .collect()
}

impl Row {
    fn cells(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.partner, &self.points].into_iter();
        texts.chain(&self.moved).chain(&self.money).map(String::as_str)
    }

    fn json(&self) -> Value {
        let [issued, taken_back, redeemed, given_back] = &self.moved;
        let [pays, is_paid, owes] = &self.money;
        json!({
            "partner": self.partner,
            "points": self.points,
            "issued": issued,
            "taken_back": taken_back,
            "redeemed": redeemed,
            "given_back": given_back,
            "pays": pays,
            "is_paid": is_paid,
            "owes": owes,
        })
    }
}
