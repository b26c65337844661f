//! `symbolon ending`: what the end of the programme costs, and afterwards the final audit.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::{Format, open_existing};
use crate::app::{self, App, EndingReport, KindReport};
use clap::Args;
use serde_json::json;
use std::sync::Arc;
use symbolon_core::programme::Programme;
use symbolon_core::values::{Money, format_decimal};

#[derive(Debug, Args)]
pub struct EndingArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
}

pub fn run(arguments: &EndingArguments, format: Format) -> Result<u8, CliError> {
    let app = open_existing(&arguments.database)?;
    let overview = app::ledger_overview(&app).map_err(CliError::caused)?;
    let members = u64::try_from(overview.members).unwrap_or(0);
    let bar = progress_bar(members, "looking at members");
    let report = app::ending_report(&app, |done| bar.inc(done)).map_err(CliError::caused)?;
    bar.finish_and_clear();
    let (Some(report), Some(programme)) = (report, latest(&app)) else {
        let error = CliError::failed("the programme does not end");
        return Err(error.hinted("an [ending] in its text says when: docs/using/ending.md"));
    };
    // Before the end there is nothing to prove that `symbolon verify` does not prove.
    let mut differences = None;
    if report.is_over {
        let bar = progress_bar(members, "verifying members");
        let verified = app::verify(&app, |done| bar.inc(done)).map_err(CliError::caused)?;
        bar.finish_and_clear();
        let more = usize::try_from(verified.more_differences).unwrap_or(usize::MAX);
        differences = Some(verified.differences.len().saturating_add(more));
    }
    let holds = !report.is_over || (report.is_settled() && differences == Some(0));
    match format {
        Format::Json => print_json(&json!({
            "ending": report,
            "settled": report.is_settled(),
            "verify_differences": differences,
        })),
        Format::Text => {
            for line in text(&programme, &report, differences) {
                print_line(&line);
            }
        }
    }
    Ok(u8::from(!holds))
}

fn latest(app: &App) -> Option<Arc<Programme>> {
    app.programmes().latest().map(|version| Arc::clone(&version.programme))
}

fn text(programme: &Programme, report: &EndingReport, differences: Option<usize>) -> Vec<String> {
    let mut lines = vec![format!(
        "{}: last earning day {}, last spending day {}",
        programme.key, report.last_earning_day, report.last_spending_day
    )];
    if let Some(announced) = report.announced {
        lines.push(format!("members are told from {announced} on"));
    }
    if report.is_over {
        lines.push(format!(
            "over since {}; final audit, members: {}",
            day_after(report),
            report.members
        ));
    } else {
        let (today, days, members) = (report.today, report.days_left, report.members);
        lines.push(format!("today {today}; days to spend: {days}; members: {members}"));
    }
    for kind in &report.kinds {
        let say = Say { programme, kind };
        lines.push(String::new());
        if report.is_over { say.audit(&mut lines) } else { say.liability(&mut lines) }
    }
    lines.push(String::new());
    lines.push(format!("open holds: {}", report.open_holds));
    lines.push(format!("open tasks: {}", report.open_tasks));
    let left = Money::new(report.certificates_left);
    lines.push(format!("left on gift certificates: {}", money(programme, left)));
    if let Some(differences) = differences {
        lines.push(format!("members not settled: {}", report.unsettled_members));
        lines.extend(report.unsettled.iter().map(|member| format!("  {member}")));
        if report.unsettled_members > 0 {
            lines.push("`symbolon calendar` settles them".to_owned());
        }
        lines.push(format!("verify: {differences} differences"));
        let said = if report.is_settled() && differences == 0 { "settled" } else { "not settled" };
        lines.push(said.to_owned());
    }
    lines
}

fn day_after(report: &EndingReport) -> String {
    let next = report.last_spending_day.tomorrow().unwrap_or(report.last_spending_day);
    next.to_string()
}

fn money(programme: &Programme, money: Money) -> String {
    let currency = programme.currency;
    format!("{} {}", currency.format(money), currency.code())
}

/// One kind in words.
struct Say<'s> {
    programme: &'s Programme,
    kind: &'s KindReport,
}

impl Say<'_> {
    fn amount_of(&self, points: &str, amount: i64) -> String {
        let decimals = self.programme.find_points(points).map_or(0, |(_, kind)| kind.decimals);
        format!("{} {points}", format_decimal(amount, decimals))
    }

    fn amount(&self, amount: i64) -> String {
        self.amount_of(&self.kind.points, amount)
    }

    fn worth(&self, worth: Option<i64>) -> String {
        worth.map_or_else(String::new, |worth| {
            format!(", worth {}", money(self.programme, Money::new(worth)))
        })
    }

    fn title(&self) -> String {
        let kind = self.kind;
        let what = match (&kind.converts_to, kind.remainder) {
            (Some(to), _) => format!("becomes {to}"),
            (None, word) => word.to_owned(),
        };
        format!("{}: what is left {what}", kind.points)
    }

    fn liability(&self, lines: &mut Vec<String>) {
        let kind = self.kind;
        lines.push(self.title());
        let had = kind.available.saturating_add(kind.pending);
        lines.push(format!(
            "  members who have any: {}; together {}, of which {} wait{}",
            kind.members,
            self.amount(had),
            self.amount(kind.pending),
            self.worth(kind.worth)
        ));
        if kind.owed != 0 {
            lines.push(format!("  members owe {}", self.amount(kind.owed)));
        }
        lines.push(format!(
            "  spent in the last twelve weeks {}; at that pace {} more until the last day",
            self.amount(kind.spent_lately),
            self.amount(kind.foretold_spent)
        ));
        let (Some(conversion), Some(to)) = (&kind.conversion, &kind.converts_to) else { return };
        lines.push(format!(
            "  if it ended today: {} become {}{}; members: {}",
            self.amount(conversion.amount),
            self.amount_of(to, conversion.given),
            self.worth(conversion.costs),
            conversion.members
        ));
        if conversion.too_few_members > 0 {
            lines.push(format!(
                "  members who have too few: {}; together {}",
                conversion.too_few_members,
                self.amount(conversion.too_few)
            ));
        }
    }

    fn audit(&self, lines: &mut Vec<String>) {
        let audit = &self.kind.audit;
        lines.push(self.title());
        let rows = [
            ("granted", audit.granted),
            ("given by hand", audit.by_hand),
            ("came of other points", audit.converted_to),
            ("taken back", -audit.taken_back),
            ("spent", -audit.spent),
            ("expired", -audit.expired),
            ("became other points", -audit.converted),
            ("on the way between members", -audit.on_the_way),
        ];
        for (name, amount) in rows.into_iter().filter(|(_, amount)| *amount != 0) {
            lines.push(format!("  {name:<28}{:>20}", self.amount(amount)));
        }
        lines.push(format!("  {:<28}{:>20}", "outstanding", self.amount(audit.outstanding)));
        if self.kind.converts_to.is_none() && self.kind.remainder == "stays" {
            let worth = self.worth(self.kind.worth);
            lines.push(format!("  members who have any: {}{worth}", self.kind.members));
        }
        if !audit.is_balanced {
            let by_states = self.amount(audit.outstanding_by_states);
            lines.push(format!("  not balanced: members have {by_states}"));
        }
    }
}
