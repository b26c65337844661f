//! Taking members over from a list. Each is enrolled as somebody who was a member before, with
//! what he has; nothing is given for joining.
//!
//! Who is found by one of the identifiers already is left as he is, so a list may be taken over
//! again, in whole or in part, and makes nobody twice.

use super::App;
use crate::members_csv::MemberRow;
use crate::pipeline::{Command, Failure, Intent, ShownCodes, Subject};
use crate::store::StoreError;
use crate::store::nouns::directories::{Fingerprint, Identifier, identifiers_find};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use symbolon_core::engine::Activity;
use symbolon_core::values::{ActivityId, MemberId};

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    Added(MemberId),
    /// One of the identifiers is that member's already.
    Known(MemberId),
    /// The member is taken over, but points of the row cannot be booked.
    WithoutPoints(MemberId, String),
    Refused(String),
}

impl ImportOutcome {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Known(_) => "known",
            Self::WithoutPoints(..) => "without-points",
            Self::Refused(_) => "refused",
        }
    }
}

/// Takes members over in one transaction, and says of each row what became of it.
pub fn import_members(
    app: &App,
    rows: &[MemberRow],
    from: &str,
) -> Result<Vec<ImportOutcome>, StoreError> {
    let now = app.world.now();
    let programmes = app.programmes();
    let today = programmes.at(now).map(|version| version.programme.zone.day(now));
    let today = today.unwrap_or_default();
    let known = known_members(app, rows)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut commands = Vec::with_capacity(rows.len());
    // Where the commands of a row begin.
    let mut begins: Vec<(usize, usize)> = Vec::new();
    // Who is new in this very list.
    let mut new: HashMap<&Identifier, MemberId> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        let find = |identifier| new.get(identifier).or_else(|| known.get(identifier)).copied();
        let owners: BTreeSet<MemberId> = row.identifiers.iter().filter_map(find).collect();
        outcomes.push(match (owners.first(), owners.len()) {
            (None, _) if row.since.is_some_and(|since| since > today) => {
                ImportOutcome::Refused("the day of joining is still to come".to_owned())
            }
            (None, _) => {
                let member = app.world.new_member_id(now);
                new.extend(row.identifiers.iter().map(|identifier| (identifier, member)));
                begins.push((place, commands.len()));
                commands.extend(commands_of(app, row, member, (now, today), from));
                ImportOutcome::Added(member)
            }
            (Some(owner), 1) => ImportOutcome::Known(*owner),
            _ => ImportOutcome::Refused("its identifiers are those of two members".to_owned()),
        });
    }
    let answers = app.pipeline().run(&programmes, &commands)?;
    let ends = begins.iter().skip(1).map(|(_, begin)| *begin).chain([answers.len()]);
    for ((place, begin), end) in begins.iter().zip(ends) {
        let ImportOutcome::Added(member) = outcomes[*place] else { continue };
        let mut answers = answers[*begin..end].iter();
        let joined = answers.next().and_then(|answer| answer.as_ref().err());
        outcomes[*place] = match (joined, answers.find_map(|answer| answer.as_ref().err())) {
            (None, None) => continue,
            (None, Some(failure)) => {
                ImportOutcome::WithoutPoints(member, super::failure_name(failure))
            }
            // Somebody enrolled meanwhile.
            (Some(Failure::IdentifierTaken { by, .. }), _) => ImportOutcome::Known(*by),
            (Some(failure), _) => ImportOutcome::Refused(super::failure_name(failure)),
        };
        let instead = match &outcomes[*place] {
            ImportOutcome::Known(by) => Some(ImportOutcome::Known(*by)),
            ImportOutcome::Refused(_) => {
                let problem = "a row before it with the same identifier was refused";
                Some(ImportOutcome::Refused(problem.to_owned()))
            }
            _ => None,
        };
        // Later rows of the same person were compared with somebody who is not there.
        if let Some(instead) = instead {
            let known = outcomes.iter_mut().filter(|it| **it == ImportOutcome::Known(member));
            known.for_each(|outcome| *outcome = instead.clone());
        }
    }
    Ok(outcomes)
}

fn known_members(
    app: &App,
    rows: &[MemberRow],
) -> Result<HashMap<Identifier, MemberId>, StoreError> {
    let identifiers: Vec<Identifier> =
        rows.iter().flat_map(|row| row.identifiers.iter().cloned()).collect();
    let found = app.store.read(|reader| identifiers_find(reader, app.business, &identifiers))?;
    Ok(identifiers.into_iter().zip(found).filter_map(|(key, owner)| Some((key, owner?))).collect())
}

/// One command to take the member over, and one for each kind of points.
fn commands_of<'r>(
    app: &'r App,
    row: &'r MemberRow,
    member: MemberId,
    (now, today): (Timestamp, Date),
    from: &'r str,
) -> impl Iterator<Item = Command> + 'r {
    let command = move |subject, activity| Command {
        idempotency: None,
        // Neither a key nor a number names it, so nobody compares these.
        content: Fingerprint::default(),
        request: Fingerprint::default(),
        subject,
        intent: Intent { activity, natural: None, label: None },
        shown: ShownCodes::default(),
        other: None,
        at: now,
        recorded_at: now,
        any_age: true,
        new_activity: ActivityId::new(app.world.new_id(now)),
        new_member: member,
    };
    let since = row.since.unwrap_or(today);
    let (identifiers, name) = (row.identifiers.clone(), row.name.clone());
    let joining = Activity::Import { kind: row.kind, attributes: row.attributes.clone(), since };
    let first = command(Subject::New { identifiers, name }, joining);
    let points = row.points.iter().map(move |(points, amount)| {
        let activity = Activity::Adjustment {
            points: points.clone(),
            amount: *amount,
            reason: format!("brought along from {from}"),
            actor: "import".to_owned(),
        };
        command(Subject::Exactly(member), activity)
    });
    std::iter::once(first).chain(points)
}
