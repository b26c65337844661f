//! Rows that several pages have: a receipt, a member.

use super::links;
use crate::words::{Speaker, member_kind};
use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::{Value, context};
use symbolon_core::member::MemberKind;
use symbolon_core::values::{ActivityId, Key, MemberId, Money, Points};

/// What a member is called on a page: a masked identifier, never personal data in full.
#[derive(Debug, Clone)]
pub struct MemberLabel {
    pub id: MemberId,
    pub shown: String,
}

impl MemberLabel {
    pub(super) fn values(&self) -> Value {
        context! { href => links::member(self.id), shown => &self.shown }
    }
}

/// A receipt in a list.
#[derive(Debug, Clone)]
pub struct ReceiptRow {
    pub id: ActivityId,
    /// As the till numbered it.
    pub number: String,
    pub at: Timestamp,
    /// `None` for a guest.
    pub member: Option<MemberLabel>,
    /// What was left to pay.
    pub total: Money,
    /// What it did to the member's points, by kind.
    pub points: Vec<(Key, Points)>,
}

impl ReceiptRow {
    pub(super) fn values(&self, say: &Speaker<'_>) -> Value {
        context! {
            href => links::receipt(self.id),
            number => &self.number,
            at => say.words.moment_short(say.language, say.programme.zone.local(self.at)),
            machine_time => self.at.to_string(),
            member => self.member.as_ref().map(MemberLabel::values),
            total => say.money(self.total),
            points => changes(say, &self.points),
        }
    }
}

/// A member in a list.
#[derive(Debug, Clone)]
pub struct MemberRow {
    pub member: MemberLabel,
    pub kind: MemberKind,
    pub joined: Date,
    /// What can be spent now, by kind.
    pub available: Vec<(Key, Points)>,
}

impl MemberRow {
    pub(super) fn values(&self, say: &Speaker<'_>) -> Value {
        let available: Vec<String> =
            self.available.iter().map(|(key, amount)| say.points(key, *amount)).collect();
        context! {
            member => self.member.values(),
            kind => member_kind(say, self.kind),
            joined => say.words.date_short(say.language, self.joined),
            machine_date => self.joined.to_string(),
            available,
        }
    }
}

/// Changes in points with their signs.
pub(super) fn changes(say: &Speaker<'_>, points: &[(Key, Points)]) -> Vec<Value> {
    points
        .iter()
        .map(|(key, amount)| {
            let is_gain = amount.is_positive();
            context! { text => say.points_change(key, *amount), is_gain }
        })
        .collect()
}
