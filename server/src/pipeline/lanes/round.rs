//! Which commands may be decided together.
//!
//! Each bucket's share of a round is booked or not for itself. So no command may stand on what
//! another one of the same round did, unless both stand and fall together. The first that would
//! ends the round; so commands are still decided in their order.

use super::super::command::{Command, OtherMember, Subject};
use super::super::workspace::{Owner, Workspace};
use crate::store::nouns::directories::Identifier;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::engine::{CounterKey, Effect, instruments_needed};
use symbolon_core::programme::QuotaPer;
use symbolon_core::values::{InstrumentId, MemberId};

impl Workspace {
    /// Whether a command may be decided in this round; and the bucket that it works in, where that
    /// is known.
    pub(super) fn joins_round(&self, command: &Command) -> Option<Option<u8>> {
        let owner = self.owner(command).ok();
        let bucket = owner.as_ref().map(|owner| match owner {
            Owner::Member(member) => member.bucket().number(),
            Owner::Guest(receipt) => receipt.bucket().number(),
            Owner::New { .. } => command.new_member.bucket().number(),
        });
        let waits = self.repeats_in_round(command)
            || self.names_changed_member(command)
            || self.needs_changed_instrument(command, owner.as_ref());
        (!waits).then_some(bucket)
    }

    /// The same key, number or phone came in this round: what it is booked with is not known yet.
    fn repeats_in_round(&self, command: &Command) -> bool {
        let answers = self.new_answers.iter().map(|(key, ..)| key);
        let naturals = self.new_naturals.iter().map(|(key, _)| key);
        let same_key =
            command.idempotency.as_ref().is_some_and(|own| answers.clone().any(|key| key == own));
        let same_natural = command
            .intent
            .natural
            .as_ref()
            .is_some_and(|own| naturals.clone().any(|key| key == own));
        // Who was made in this round is known by its phone, and lies with its maker.
        let is_new =
            |wanted: &Identifier| self.new_identifiers.iter().any(|(known, ..)| known == wanted);
        let same_phone = match &command.subject {
            Subject::New { identifiers, .. } => identifiers.iter().any(is_new),
            _ => false,
        };
        let other = match &command.other {
            Some(OtherMember::Identified(identifier)) => is_new(identifier),
            _ => false,
        };
        same_key || same_natural || same_phone || other
    }

    /// It names another member, or the line of one, who changed in this round.
    fn names_changed_member(&self, command: &Command) -> bool {
        let has_changed =
            |member: &MemberId| self.members.get(member).is_some_and(|working| working.changed);
        let other = command.other.as_ref().and_then(|other| self.find_other(other));
        let line = other.map(|other| self.line_from(other)).unwrap_or_default();
        let person = self.person_of_gift(command);
        line.iter().chain(&person).any(has_changed)
    }

    /// It looks at an instrument that changed in this round, or was issued in it.
    fn needs_changed_instrument(&self, command: &Command, owner: Option<&Owner>) -> bool {
        if self.new_instrument_entries.is_empty() && self.issued.is_empty() {
            return false;
        }
        let none = BTreeMap::new();
        let records = match owner {
            Some(Owner::Member(member)) => self.members.get(member),
            Some(Owner::Guest(receipt)) => self.guests.get(receipt),
            _ => None,
        };
        let records = records.map_or(&none, |working| &working.book.records);
        let mut needed: BTreeSet<InstrumentId> =
            instruments_needed(&command.intent.activity, records);
        let shown = command.shown.hashes().filter_map(|hash| self.codes.get(&hash));
        needed.extend(shown.map(|code| code.instrument));
        let entries = self.new_instrument_entries.iter().map(|row| row.entry.instrument);
        entries.chain(self.issued.iter().copied()).any(|changed| needed.contains(&changed))
    }

    /// Whether the command that was decided last lets no other one follow: whoever is merged leads
    /// elsewhere from now on, and what came back of a limit is there only once it is booked.
    pub(super) fn closes_round(&self, activities_before: usize) -> bool {
        let new = self.new_activities.get(activities_before..).unwrap_or_default();
        new.iter().any(|row| {
            let effects = &row.recorded.decision.effects;
            let merges = effects.iter().any(|effect| matches!(effect, Effect::Close { .. }));
            merges || net_counts(effects).values().any(|change| *change < 0)
        })
    }
}

/// What an activity counts on each limit that belongs to no member, all in all.
pub(in crate::pipeline) fn net_counts(effects: &[Effect]) -> BTreeMap<CounterKey, i64> {
    let mut net = BTreeMap::new();
    for effect in effects {
        if let Effect::CountShared { counter, change } = effect
            && counter.per != QuotaPer::Member
        {
            // What does not fit was refused when it was booked.
            let sum: &mut i64 = net.entry(counter.clone()).or_default();
            *sum = sum.saturating_add(*change);
        }
    }
    net
}
