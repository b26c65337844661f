//! Answers to questions about members and receipts.

use super::referral::{self, REFERRAL_KIND};
use super::requests::{IDENTIFIER_KINDS, identifier_parse};
use super::{App, release_holds};
use crate::pipeline::{Answer, Command};
use crate::store::StoreError;
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::directories::{self, Identifier};
use crate::store::nouns::members;
use jiff::Timestamp;
use symbolon_core::engine::{Effect, measure_on, tier_on};
use symbolon_core::member::MemberState;
use symbolon_core::programme::Programme;
use symbolon_core::values::{ActivityId, MemberId};

/// A member as he stands now.
#[derive(Debug, Clone)]
pub struct MemberFound {
    pub member: MemberId,
    pub state: MemberState,
    pub name: Option<String>,
    pub identifiers: Vec<Identifier>,
    /// The code that the member passes on to friends, where the programme shares with them.
    pub referral_code: Option<String>,
}

/// The member with an id, or nothing.
pub fn member_fetch(app: &App, member: MemberId) -> Result<Option<MemberFound>, StoreError> {
    release_holds(app)?;
    let found = app.store.read(|reader| {
        let states = members::states_find(reader, app.business, &[member])?;
        let Some(row) = states.into_iter().next().flatten() else { return Ok(None) };
        let identifiers = directories::identifiers_of_member(reader, app.business, member)?;
        let name = members::profile_name_find(reader, app.business, member)?;
        let referral_code = None;
        Ok::<_, StoreError>(Some(MemberFound {
            member,
            state: row.state,
            name,
            identifiers,
            referral_code,
        }))
    })?;
    let Some(mut found) = found else { return Ok(None) };
    let codes: Vec<Identifier> =
        found.identifiers.extract_if(.., |one| one.kind == REFERRAL_KIND).collect();
    let programmes = app.programmes();
    let shares = programmes.latest().is_some_and(|latest| latest.programme.shares_with_friends());
    if shares && found.state.merged_into.is_none() {
        found.referral_code = Some(match codes.first() {
            Some(code) => referral::printed(code),
            None => referral::referral_code(app, member)?,
        });
    }
    Ok(Some(found))
}

/// Finds a member by whatever was typed: an id, a phone number, a card, an external id.
pub fn member_by_query(app: &App, query: &str) -> Result<Option<MemberId>, StoreError> {
    if let Ok(member) = query.trim().parse::<MemberId>() {
        return Ok(member_fetch(app, member)?.map(|found| found.member));
    }
    let identifiers: Vec<Identifier> =
        IDENTIFIER_KINDS.iter().filter_map(|kind| identifier_parse(kind, query).ok()).collect();
    let found = app
        .store
        .read(|reader| directories::identifiers_find(reader, app.business, &identifiers))?;
    Ok(found.into_iter().flatten().next())
}

/// A receipt with everything that later happened to it.
#[derive(Debug, Clone)]
pub struct ReceiptFound {
    pub receipt: ActivityRow,
    pub reversals: Vec<ActivityRow>,
}

/// The activity with an id, with the returns and voids of it.
pub fn receipt_fetch(app: &App, id: ActivityId) -> Result<Option<ReceiptFound>, StoreError> {
    app.store.read(|reader| {
        let found = activities::activities_find(reader, app.business, &[id])?;
        let Some(receipt) = found.into_iter().next().flatten() else { return Ok(None) };
        let later = match receipt.member {
            Some(member) => {
                let after = receipt.recorded.sequence;
                activities::reversals_of_member(reader, app.business, member, after)?
            }
            None => activities::guest_reversals_since(reader, app.business, id)?,
        };
        let reversals = later.into_iter().filter(|row| concerns(row, id)).collect();
        Ok(Some(ReceiptFound { receipt, reversals }))
    })
}

/// Whether an activity takes something of a receipt back.
fn concerns(row: &ActivityRow, receipt: ActivityId) -> bool {
    row.recorded.decision.effects.iter().any(|effect| match effect {
        Effect::ReturnLine { receipt: of, .. }
        | Effect::Reverse { of, .. }
        | Effect::Restore { of, .. }
        | Effect::Voided { of } => *of == receipt,
        _ => false,
    })
}

/// Where a member stands on one ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierStanding {
    /// The position of the ladder in the programme, and of the tier on it.
    pub ladder: usize,
    pub tier: usize,
    /// The measure, and how much of it the next tier needs; in millionths.
    pub measure: i128,
    pub next_from: Option<i128>,
}

/// The member's tiers at a moment, and what comes next.
#[must_use]
pub fn standing_of(programme: &Programme, state: &MemberState, at: Timestamp) -> Vec<TierStanding> {
    let day = programme.zone.day(at);
    programme
        .ladders
        .iter()
        .enumerate()
        .filter_map(|(ladder, definition)| {
            let tier = usize::from(tier_on(programme, definition, state, day).ok()?);
            let measure = measure_on(programme, definition, state, day).ok()?;
            let next_from = definition.tiers.get(tier + 1).map(|next| next.from);
            Some(TierStanding { ladder, tier, measure, next_from })
        })
        .collect()
}

impl App {
    /// What booking a command would decide. Nothing is booked.
    pub fn quote(
        &self,
        command: &Command,
    ) -> Result<Result<Answer, crate::pipeline::Failure>, StoreError> {
        self.pipeline().quote(&self.programmes(), command)
    }
}
