//! Other members that activities name: looked up, and written into the activity as they are now.
//!
//! A decision reads one member; what it must know of another one travels in the activity.

use super::command::{Command, Failure, OtherMember, Subject};
use super::workspace::Workspace;
use symbolon_core::engine::{Activity, Effect};
use symbolon_core::member::LINE_MAX;
use symbolon_core::values::MemberId;

/// A line longer than this is not followed further; nobody shares with that many.
pub(super) const LINE_WALK_MAX: usize = 1_000;

impl Workspace {
    /// The member as which one goes on: itself, unless it was merged into another.
    pub(super) fn goes_on_as(&self, member: MemberId) -> Option<MemberId> {
        let mut member = member;
        loop {
            let state = self.members.get(&member)?.book.member.as_ref()?;
            match state.merged_into {
                Some(into) => member = into,
                None => return Some(member),
            }
        }
    }

    /// Those who brought each other, from a member on, as it is now.
    pub(super) fn line_from(&self, member: MemberId) -> Vec<MemberId> {
        let mut line = vec![member];
        while line.len() < LINE_WALK_MAX {
            let last = line.last().and_then(|last| self.members.get(last));
            let next = last.and_then(|last| last.book.member.as_ref()?.line().first().copied());
            let next = next.map(|next| self.goes_on_as(next).unwrap_or(next));
            match next {
                Some(next) if !line.contains(&next) => line.push(next),
                _ => break,
            }
        }
        line
    }

    /// The first one in the line of another member who was not read yet.
    pub(super) fn unread_in_line(&self, of: &OtherMember) -> Option<MemberId> {
        let last = *self.line_from(self.find_other(of)?).last()?;
        (!self.members.contains_key(&last)).then_some(last)
    }

    pub(super) fn find_other(&self, other: &OtherMember) -> Option<MemberId> {
        let member = match other {
            OtherMember::Member(member) => *member,
            OtherMember::Identified(identifier) => *self.identifiers.get(identifier)?,
        };
        self.goes_on_as(member)
    }

    /// The command with the other member that it names.
    pub(super) fn with_other(
        &self,
        command: &Command,
        other: &OtherMember,
    ) -> Result<Command, Failure> {
        let member = self.find_other(other).ok_or(Failure::OtherMemberNotFound)?;
        let mut command = command.clone();
        match &mut command.intent.activity {
            Activity::Joining { line, .. } => {
                *line = self.line_from(member);
                line.truncate(LINE_MAX);
            }
            Activity::Attribution { line, .. } => *line = self.line_from(member),
            Activity::Transfer { to, .. } => *to = member,
            Activity::Merge { into } => *into = member,
            _ => {}
        }
        Ok(command)
    }

    /// The member that a command names first, where it is known already.
    fn subject_of(&self, command: &Command) -> Option<MemberId> {
        let member = match &command.subject {
            Subject::Member(member) | Subject::Exactly(member) => *member,
            Subject::Identified(identifier) | Subject::IdentifiedOrNew(identifier) => {
                *self.identifiers.get(identifier)?
            }
            Subject::Guest | Subject::OwnerOf(_) | Subject::New { .. } => return None,
        };
        self.goes_on_as(member)
    }

    /// The person of the contact that a gift is for.
    pub(super) fn person_of_gift(&self, command: &Command) -> Option<MemberId> {
        let Activity::Gift { to: Some(to), .. } = &command.intent.activity else { return None };
        let company = self.members.get(&self.subject_of(command)?)?.book.member.as_ref()?;
        company.contacts.get(to)?.person
    }

    /// A gift for a contact whose person was merged is for the one as whom that person goes on.
    pub(super) fn with_person(&self, command: &Command) -> Option<Command> {
        let person = self.person_of_gift(command)?;
        let goes_on = self.goes_on_as(person).filter(|other| *other != person)?;
        let mut command = command.clone();
        if let Activity::Gift { person, .. } = &mut command.intent.activity {
            *person = Some(goes_on);
        }
        Some(command)
    }

    /// Lets the identifiers of a member that was merged lead to the survivor.
    pub(super) fn move_identifiers(&mut self, member: MemberId, effects: &[Effect]) {
        for effect in effects {
            let Effect::Close { into } = effect else { continue };
            self.moved_identifiers.push((member, *into));
            for owner in self.identifiers.values_mut().filter(|owner| **owner == member) {
                *owner = *into;
            }
        }
    }
}
