//! Why a receipt got what it got: the decision made again with every rule looked at.

use super::App;
use crate::store::StoreError;
use crate::store::nouns::activities;
use symbolon_core::engine::{Activity, Book, Candidates, Decision, DecisionFacts, Outcome};
use symbolon_core::programme::Version;
use symbolon_core::values::{ActivityId, Rounding, line_amount};

/// A decision with the reason of every rule, given or not.
#[derive(Debug)]
pub struct Explained {
    pub version: Version,
    pub decision: Decision,
    /// The effects are those that were booked.
    pub is_same: bool,
    /// For each rule whose condition is false, the facts that it compared.
    pub compared: Vec<(String, Vec<(String, String)>)>,
}

/// Folds the member's activities up to this one and decides it again. The inner error says
/// why that cannot be done.
pub fn explain_receipt(app: &App, id: ActivityId) -> Result<Result<Explained, String>, StoreError> {
    let found = app.store.read(|reader| {
        let found = activities::activities_find(reader, app.business, &[id])?;
        let Some(row) = found.into_iter().next().flatten() else { return Ok(None) };
        let history = match row.member {
            Some(member) => activities::history_of_member(reader, app.business, member)?,
            None => Vec::new(),
        };
        Ok::<_, StoreError>(Some((row, history)))
    })?;
    let Some((row, history)) = found else { return Ok(Err("there is no such receipt".to_owned())) };
    let programmes = app.programmes();
    let Some(version) = programmes.number(row.recorded.version) else {
        return Ok(Err("the version that judged it is missing".to_owned()));
    };
    let mut book = Book { member_id: row.member, ..Book::default() };
    for earlier in history.iter().take_while(|earlier| earlier.recorded.id != id) {
        let recorded = earlier.recorded.clone();
        book.shared = recorded.seen;
        let booked = book.book(recorded.id, recorded.version, recorded.activity, recorded.decision);
        if let Err(error) = booked {
            return Ok(Err(error.to_string()));
        }
    }
    // What the decision saw that is nobody's, as it was then.
    book.shared = row.recorded.seen.clone();
    let activity = &row.recorded.activity;
    let at = row.recorded.decision.at;
    let decided = book.decide_by(version, &programmes, id, at, activity, Candidates::All);
    let decision = match decided {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Err(format!("deciding again is refused: {}", refusal.code()))),
    };
    let is_same = decision.effects == row.recorded.decision.effects;
    let compared = compared(version, &book, activity, &decision);
    Ok(Ok(Explained { version: version.clone(), decision, is_same, compared }))
}

/// The facts behind every condition that was false.
fn compared(
    version: &Version,
    book: &Book,
    activity: &Activity,
    decision: &Decision,
) -> Vec<(String, Vec<(String, String)>)> {
    let Activity::Purchase(purchase) = activity else { return Vec::new() };
    let programme = &version.programme;
    let amounts: Vec<_> = purchase
        .lines
        .iter()
        .map(|line| {
            line_amount(line.unit_price, line.quantity, Rounding::HalfUp).unwrap_or_default()
        })
        .collect();
    let mut facts = DecisionFacts::new(programme, book.member.as_ref(), decision.at);
    facts.add_receipt(purchase, &amounts);
    decision
        .reasons
        .iter()
        .filter_map(|reason| {
            let Outcome::ConditionFalse { part } = reason.outcome else { return None };
            let condition = programme.find_rule(reason.about.as_str())?.when.as_ref()?;
            Some((reason.about.to_string(), condition.compared(part as usize, &facts, None)))
        })
        .collect()
}
