//! `symbolon simulate`: a year ahead, many times over, with every assumption written out.

use super::Format;
use super::backtest::{PastArguments, parse_worths, read_past};
use super::output::{CliError, print_json, print_line, progress_bar};
use super::programme_file::{programme_of, programme_text};
use crate::insight::{
    Assumptions, Shop, Simulation, TRADES, Trade, Year, decimal, percentile, simulate,
};
use crate::world::World;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use symbolon_core::programme::Programme;
use symbolon_core::values::Key;

#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// The programme text.
    #[arg(long)]
    programme: PathBuf,
    #[command(flatten)]
    past: PastArguments,
    /// Instead of a past: cafe, grocer, clothes or wholesale, as stated in the book.
    #[arg(long, conflicts_with_all = ["receipts", "database"])]
    trade: Option<String>,
    /// How many customers a shop of the trade has.
    #[arg(long, requires = "trade")]
    customers: Option<u32>,
    /// Learn from the past up to this day, and begin after it.
    #[arg(long)]
    until: Option<Date>,
    /// The first day of the year of a trade; today where nothing is said.
    #[arg(long)]
    from: Option<Date>,
    /// Another currency than the programme's text names.
    #[arg(long)]
    currency: Option<String>,
    /// What one point of a kind is worth in money, such as miles=0.01.
    #[arg(long, value_name = "KIND=MONEY")]
    worth: Vec<String>,
    #[arg(long, default_value_t = 12)]
    months: u32,
    /// How many times the time ahead is imagined.
    #[arg(long, default_value_t = 200)]
    years: u32,
    /// The same seed gives the same output.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How much more is bought because of the programme, in per cent.
    #[arg(long, default_value_t = 0.0)]
    uplift: f64,
    /// An uplift above this is not believed, in per cent.
    #[arg(long, default_value_t = 10.0)]
    believable: f64,
    /// Of a hundred members who have enough for a reward, so many take it at the next visit.
    #[arg(long, default_value_t = 70.0)]
    redeem: f64,
    /// What goods leave of their price, in per cent; from unit costs, or the trade's, where it is
    /// not said.
    #[arg(long)]
    margin: Option<f64>,
    /// For so many members of each year every receipt is decided; they stand for all.
    #[arg(long, default_value_t = 500)]
    members: usize,
    /// Launch: the price of one card, for each member; nothing where cards are on phones.
    #[arg(long, default_value_t = 0.0)]
    card_cost: f64,
    /// Launch: scanner and receipt printer at the till.
    #[arg(long, default_value_t = 400.0)]
    hardware: f64,
    /// Launch: design and printing.
    #[arg(long, default_value_t = 200.0)]
    printing: f64,
    /// What running it costs in a month, beside what it gives.
    #[arg(long, default_value_t = 0.0)]
    per_month: f64,
}

/// All figures of the output, in units of the currency.
struct Outlook {
    purchases: [f64; 3],
    purchases_of_known: [f64; 3],
    sales: [f64; 3],
    cost: [f64; 3],
    liability: [f64; 3],
    worst_cost: f64,
    launch: f64,
    running: f64,
    /// In per cent; none where no uplift pays.
    break_even: [Option<f64>; 3],
    reach_share: f64,
    days_to_reward: Option<u32>,
    pays: bool,
}

pub fn run(arguments: &SimulateArguments, format: Format) -> Result<u8, CliError> {
    check(arguments)?;
    let text = programme_text(&arguments.programme, arguments.currency.as_deref())?;
    let programme = programme_of(&arguments.programme.display().to_string(), &text)?;
    let worths = parse_worths(&arguments.worth, [&programme, &programme])?;
    let shop = learn(arguments, &programme)?;
    let margin = arguments.margin.or(shop.margin_per_cent).ok_or_else(|| {
        CliError::usage("nobody says what the goods leave: name it, such as --margin 30")
    })?;
    let assumptions = Assumptions {
        months: arguments.months,
        years: arguments.years,
        seed: arguments.seed,
        uplift_per_cent: arguments.uplift,
        redeem_per_cent: arguments.redeem,
        members: arguments.members,
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let bar = progress_bar(u64::from(arguments.years), "imagining years");
    let found = simulate(&shop, &programme, &worths, &assumptions, threads, &|done| bar.inc(done));
    bar.finish_and_clear();
    if found.errors > 0 {
        return Err(CliError::failed(format!("{} figures do not add up", found.errors)));
    }
    let outlook = Outlook::of(arguments, &found, &programme, margin);
    let stated = stated(arguments, &shop, &found, &programme, margin);
    match format {
        Format::Json => print_json(&outlook.json(arguments, &programme, &found, margin, &stated)),
        Format::Text => {
            outlook.text(arguments, &programme, &stated).iter().for_each(|line| print_line(line));
        }
    }
    Ok(0)
}

fn check(arguments: &SimulateArguments) -> Result<(), CliError> {
    let shares = [("redeem", arguments.redeem), ("margin", arguments.margin.unwrap_or(0.0))];
    for (name, value) in shares {
        if !(0.0..=100.0).contains(&value) {
            return Err(CliError::usage(format!("--{name} is a percentage from 0 to 100")));
        }
    }
    let costs = [
        ("card-cost", arguments.card_cost),
        ("hardware", arguments.hardware),
        ("printing", arguments.printing),
        ("per-month", arguments.per_month),
        ("believable", arguments.believable),
    ];
    for (name, value) in costs {
        if !(0.0..1e12).contains(&value) {
            return Err(CliError::usage(format!("--{name} is zero or more")));
        }
    }
    if !(-100.0..=1_000.0).contains(&arguments.uplift) {
        return Err(CliError::usage("--uplift is a percentage from -100 to 1000"));
    }
    if !(1..=120).contains(&arguments.months) || !(1..=100_000).contains(&arguments.years) {
        return Err(CliError::usage("--months is from 1 to 120, --years from 1 to 100000"));
    }
    if arguments.members == 0 {
        return Err(CliError::usage("--members is one or more"));
    }
    Ok(())
}

fn learn(arguments: &SimulateArguments, programme: &Arc<Programme>) -> Result<Shop, CliError> {
    let zone = &programme.zone;
    if let Some(name) = &arguments.trade {
        let trade = Trade::find(name).ok_or_else(|| {
            let known: Vec<&str> = TRADES.iter().map(|trade| trade.name).collect();
            CliError::usage(format!("--trade: {}", known.join(", ")))
        })?;
        let from = arguments.from.unwrap_or_else(|| zone.day(World::Real.now()));
        let now = zone.start_of_day(from).map_err(CliError::usage)?;
        return Ok(trade.shop(now, arguments.customers, programme.currency.exponent()));
    }
    let past = read_past(&arguments.past, programme)?;
    let last = past.history.span().map(|(_, last)| last);
    let last = last.ok_or_else(|| CliError::failed("the past is empty"))?;
    let day = arguments.until.unwrap_or_else(|| zone.day(last));
    let until: Timestamp = zone.end_of_day(day).map_err(CliError::usage)?;
    let shop = Shop::learn(&past.history, programme, until);
    shop.ok_or_else(|| {
        CliError::failed("no member bought anything, so there is no rhythm to learn")
    })
}

/// What lies below a tenth, a half and nine tenths of the years.
fn band(years: &[Year], of: impl Fn(&Year) -> f64) -> [f64; 3] {
    let mut values: Vec<f64> = years.iter().map(of).collect();
    [0.1, 0.5, 0.9].map(|share| percentile(&mut values, share))
}

impl Outlook {
    fn of(
        arguments: &SimulateArguments,
        found: &Simulation,
        programme: &Programme,
        margin: f64,
    ) -> Self {
        let minor = 10_f64.powi(i32::from(programme.currency.exponent()));
        let years = &found.years;
        let members = band(years, |year| year.members as f64)[1];
        let launch = arguments.hardware + arguments.printing + arguments.card_cost * members;
        let running = arguments.per_month * f64::from(arguments.months);
        // Sales without any uplift, and what each unit of more sales leaves after the programme.
        let uplift = 1.0 + arguments.uplift / 100.0;
        let break_even = |year: &Year| {
            let (sales, cost) = (year.sales / minor / uplift, year.cost / minor / uplift);
            let left = sales * margin / 100.0 - cost;
            if left > 0.0 { (cost + launch + running) / left * 100.0 } else { f64::INFINITY }
        };
        let break_even = band(years, break_even).map(|value| value.is_finite().then_some(value));
        let watched = found.members_watched.max(1) as f64;
        let days = &found.days_to_reward;
        let pays = break_even[1].is_some_and(|needed| needed <= arguments.believable);
        Self {
            purchases: band(years, |year| year.purchases as f64),
            purchases_of_known: band(years, |year| year.purchases_of_known as f64),
            sales: band(years, |year| year.sales / minor),
            cost: band(years, |year| year.cost / minor),
            liability: band(years, |year| year.liability / minor),
            worst_cost: years.iter().map(|year| year.cost / minor).fold(0.0, f64::max),
            launch,
            running,
            break_even,
            reach_share: days.len() as f64 * 100.0 / watched,
            days_to_reward: days.get(days.len() / 2).copied(),
            pays,
        }
    }

    fn verdict(&self, arguments: &SimulateArguments, programme: &Programme) -> String {
        let believable = arguments.believable;
        if let (true, Some(key)) = (self.pays, unknown_worths(arguments, programme).next()) {
            return format!(
                "Nothing can be said yet: nobody says what {key} are worth, and what is owed in \
                 them may be most of the cost. Name it with --worth {key}=0.01."
            );
        }
        match self.break_even[1] {
            Some(needed) if self.pays => format!(
                "The programme pays if purchases grow by {needed:.1} % because of it, which is \
                 within the {believable:.1} % that are believed."
            ),
            Some(needed) => format!(
                "No programme: it pays only if purchases grow by {needed:.1} % because of it, and \
                 no more than {believable:.1} % are believed."
            ),
            None => {
                "No programme: it gives away at least as much as the goods leave, so no growth \
                     pays for it."
                    .to_owned()
            }
        }
    }

    fn json(
        &self,
        arguments: &SimulateArguments,
        programme: &Programme,
        found: &Simulation,
        margin: f64,
        stated: &[String],
    ) -> Value {
        let counts = |band: [f64; 3]| json!({"p10": band[0], "p50": band[1], "p90": band[2]});
        let money = |value: f64| format!("{value:.2}");
        let moneys = |band: [f64; 3]| json!({"p10": money(band[0]), "p50": money(band[1]), "p90": money(band[2])});
        let percent = |value: Option<f64>| value.map(|value| format!("{value:.2}"));
        json!({
            "programme": arguments.programme.display().to_string(),
            "currency": programme.currency.code(),
            "months": arguments.months, "years": arguments.years, "seed": arguments.seed,
            "margin_per_cent": format!("{margin:.2}"),
            "purchases": counts(self.purchases),
            "purchases_of_known_customers": counts(self.purchases_of_known),
            "sales": moneys(self.sales),
            "cost": moneys(self.cost),
            "cost_worst_case": money(self.worst_cost),
            "liability_at_the_end": moneys(self.liability),
            "launch_cost": money(self.launch),
            "running_cost": money(self.running),
            "break_even_uplift_per_cent": {
                "p10": percent(self.break_even[0]),
                "p50": percent(self.break_even[1]),
                "p90": percent(self.break_even[2]),
            },
            "reward": {
                "members_who_reach_one_per_cent": format!("{:.1}", self.reach_share),
                "median_days_to_the_first": self.days_to_reward,
                "taken": found.taken,
                "refused": found.refused,
            },
            "pays": self.pays,
            "verdict": self.verdict(arguments, programme),
            "assumed": stated,
        })
    }

    fn text(
        &self,
        arguments: &SimulateArguments,
        programme: &Programme,
        stated: &[String],
    ) -> Vec<String> {
        let mut lines = vec![format!(
            "{} months ahead, imagined {} times, in {}",
            arguments.months,
            arguments.years,
            programme.currency.code()
        )];
        lines.push(format!("{:<30}{:>16}{:>16}{:>16}", "", "P10", "P50", "P90"));
        let mut row = |name: &str, cells: [String; 3]| {
            let [low, middle, high] = cells;
            lines.push(format!("{name:<30}{low:>16}{middle:>16}{high:>16}"));
        };
        row("purchases", self.purchases.map(|value| format!("{value:.0}")));
        row("  of known customers", self.purchases_of_known.map(|value| format!("{value:.0}")));
        row("sales", self.sales.map(|value| format!("{value:.2}")));
        row("cost", self.cost.map(|value| format!("{value:.2}")));
        row("liability at the end", self.liability.map(|value| format!("{value:.2}")));
        let never = |value: Option<f64>| value.map_or("never".to_owned(), |v| format!("{v:.1} %"));
        row("break-even uplift", self.break_even.map(never));
        lines.push(format!("worst case: cost {:.2}", self.worst_cost));
        lines.push(format!("launch {:.2}, running {:.2}", self.launch, self.running));
        lines.push(match self.days_to_reward {
            Some(days) => format!(
                "first reward: {:.1} % of members reach one, half of those within {days} days",
                self.reach_share
            ),
            None => "first reward: nobody reaches one".to_owned(),
        });
        lines.push(self.verdict(arguments, programme));
        lines.push("Assumed:".to_owned());
        lines.extend(stated.iter().map(|stated| format!("  {stated}")));
        lines
    }
}

/// Every assumption, in words.
fn stated(
    arguments: &SimulateArguments,
    shop: &Shop,
    found: &Simulation,
    programme: &Programme,
    margin: f64,
) -> Vec<String> {
    let rhythm = shop.rhythm;
    let mut stated = vec![
        format!("learnt from {}", shop.learnt_from),
        format!(
            "customers buy and stop as in the BG/NBD model: r {:.3}, alpha {:.3} weeks, a {:.3}, \
             b {:.3}; {:.2} new customers a week; baskets are those of the past",
            rhythm.shape, rhythm.scale_weeks, rhythm.stop_a, rhythm.stop_b, shop.newcomers_a_week
        ),
        format!(
            "what nobody foresees moves all purchases of the time ahead by about {:.1} %",
            shop.doubt_a_week * (f64::from(arguments.months) * 365.25 / 84.0).sqrt() * 100.0
        ),
        format!("purchases grow by {:.1} % because of the programme", arguments.uplift),
        format!("goods leave {margin:.1} % of their price"),
        format!(
            "of a hundred members who have enough for a reward, {:.0} take the cheapest one at \
             their next visit",
            arguments.redeem
        ),
        "everybody joins at the first purchase, with no points from before".to_owned(),
        format!(
            "launch: hardware {:.2}, design and printing {:.2}, {:.2} for each card; running: \
             {:.2} a month",
            arguments.hardware, arguments.printing, arguments.card_cost, arguments.per_month
        ),
    ];
    if found.is_sample {
        stated.push(format!(
            "every receipt of {} members of each year was decided; they stand for all",
            arguments.members
        ));
    }
    for key in unknown_worths(arguments, programme) {
        stated.push(format!(
            "nobody says what {key} are worth, so the cost is without what is owed in them: \
             name it with --worth {key}=0.01"
        ));
    }
    for kind in programme.points.iter().filter(|kind| kind.spendable) {
        if let Some(worth) = kind.worth.filter(|_| !is_named(arguments, &kind.key)) {
            let worth = decimal(i128::from(worth.units()), 6);
            stated.push(format!("a point of {} is worth {worth}", kind.key));
        }
    }
    stated
}

/// Whether the worth of a kind of points is named by hand.
fn is_named(arguments: &SimulateArguments, key: &Key) -> bool {
    let names = |text: &String| text.split_once('=').is_some_and(|(name, _)| name == key.as_str());
    arguments.worth.iter().any(names)
}

/// Kinds of points that can be spent and of which nobody says what they are worth.
fn unknown_worths<'p>(
    arguments: &'p SimulateArguments,
    programme: &'p Programme,
) -> impl Iterator<Item = &'p Key> {
    let unknown = programme
        .points
        .iter()
        .filter(|kind| kind.spendable && kind.worth.is_none() && !is_named(arguments, &kind.key));
    unknown.map(|kind| &kind.key)
}
