//! Members taken over from a list: read, validated, each of them once, with a report, beside public
//! tools that load the same list and validate nothing.

use super::LoadArguments;
use super::loads::{Loaded, Measured, compare};
use super::tools::{Place, seconds};
use crate::app::{App, identifier_parse, member_fetch};
use crate::cli::Format;
use crate::cli::import::{Report, import};
use crate::cli::output::CliError;
use crate::members_csv::MembersCsvOptions;
use crate::store::StoreError;
use crate::store::nouns::directories::identifiers_find;
use crate::store::nouns::members::members_count;
use crate::world::World;
use std::io::{BufWriter, Write};
use std::path::Path;

const PROGRAMME: &str = r#"
format = 1
id = "bench-import"
name = "Members"
currency = "EUR"
timezone = "Europe/Oslo"
"#;
const MAP: &str = "phone=phone name=name since=since";
/// One row of so many is somebody who stands in the list already, in another form.
const TWICE_EVERY: u32 = 100;
/// So many are looked up again.
const LOOKED_UP: u32 = 500;

const LOADED: Loaded = Loaded {
    benchmark: "import",
    ours: "rows taken over, each member once",
    ruler: "the same list loaded by",
};

pub fn run(arguments: &LoadArguments, format: Format) -> Result<u8, CliError> {
    let write_list = |list: &Path| write_list(list, arguments.count);
    compare(&LOADED, arguments, format, write_list, ruler, |place, folder, list| {
        let app = App::open(&place.url()?, World::Real).map_err(CliError::caused)?;
        app.publish("bench-import", PROGRAMME, app.world.now()).map_err(CliError::caused)?;
        let mut report = Report::create(Some(&folder.file("report.csv")))?;
        let options = MembersCsvOptions { map: MAP, date_format: None, country_code: Some("47") };
        let (_, took) = seconds(|| {
            import(&app, list, &options, false, &mut report)?;
            report.finish().map_err(CliError::caused)
        })?;
        let wrong = count_wrong(&app, &report, arguments.count).map_err(CliError::caused)?;
        Measured::of(&app, took, wrong)
    })
}

/// What somebody would write by hand. Nothing is validated, and one phone number in two forms is
/// two members.
fn ruler(place: &Place, list: &Path) -> String {
    let file = list.display();
    match place {
        Place::Sqlite(_) => format!(
            "pragma journal_mode = wal;\npragma synchronous = full;\n\
             create table member (phone text not null primary key, name text, since text) \
             without rowid;\nbegin;\n.import --csv --skip 1 {file} member\ncommit;\n"
        ),
        Place::Postgres { .. } => format!(
            "set synchronous_commit = on;\nbegin;\n\
             create table member (phone text primary key, name text, since date);\n\
             create temporary table list (phone text, name text, since date) on commit drop;\n\
             \\copy list from '{file}' csv header\n\
             insert into member (phone, name, since) select phone, name, since from list \
             on conflict (phone) do nothing;\ncommit;\n"
        ),
    }
}

fn phone(number: u32) -> String {
    // Neighbours in the list are no neighbours in the order of phone numbers.
    format!("{:08}", 10_000_000 + number.wrapping_mul(2_654_435_761) % 89_999_999)
}

fn write_list(path: &Path, count: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "phone,name,since")?;
    for number in 0..count {
        let (year, month, day) = (2010 + number % 16, 1 + number % 12, 1 + number % 28);
        let since = format!("{year}-{month:02}-{day:02}");
        match number % TWICE_EVERY {
            1 => writeln!(file, "+47 {},Member {number},{since}", phone(number - 1))?,
            _ => writeln!(file, "+47{},Member {number},{since}", phone(number))?,
        }
    }
    file.flush()
}

/// Rows that came to something else than they should have, and members who are not found.
fn count_wrong(app: &App, report: &Report, count: u32) -> Result<u64, StoreError> {
    let mut expected = std::collections::HashSet::new();
    expected.extend((0..count).filter(|number| number % TWICE_EVERY != 1).map(phone));
    let members = expected.len() as u64;
    let stored = app.store.read(|reader| members_count(reader, app.business))?;
    let mut wrong = u64::from(report.count("added") != members)
        + u64::from(report.count("known") != u64::from(count) - members)
        + u64::from(u64::try_from(stored) != Ok(members));
    let step = (count / LOOKED_UP).max(1);
    for number in (0..count).step_by(step as usize) {
        if number % TWICE_EVERY == 1 {
            continue;
        }
        let identifier = identifier_parse("phone", &format!("+47{}", phone(number))).ok();
        let identifiers: Vec<_> = identifier.into_iter().collect();
        let found =
            app.store.read(|reader| identifiers_find(reader, app.business, &identifiers))?;
        let member = match found.into_iter().flatten().next() {
            Some(member) => member_fetch(app, member)?,
            None => None,
        };
        wrong += u64::from(member.is_none());
    }
    Ok(wrong)
}
