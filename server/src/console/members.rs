//! The list of members.

use super::{MemberRow, links};
use crate::words::{Language, Speaker};
use minijinja::{Value, context};
use std::sync::Arc;
use symbolon_core::programme::Programme;

#[derive(Debug)]
pub struct MembersPage {
    /// The version in force now.
    pub programme: Arc<Programme>,
    /// How many there are in all, whatever the page shows.
    pub members: i64,
    pub rows: Vec<MemberRow>,
    /// Whether this is not the beginning of the list.
    pub is_continued: bool,
    /// The cursor behind the last row, if there is more.
    pub next: Option<String>,
}

impl MembersPage {
    pub(super) fn values(&self, language: Language) -> Value {
        let say = Speaker::new(language, &self.programme);
        let rows: Vec<Value> = self.rows.iter().map(|row| row.values(&say)).collect();
        context! {
            members => self.members,
            rows,
            first => self.is_continued.then_some(links::MEMBERS),
            next => self.next.as_ref().map(|cursor| links::after(links::MEMBERS, cursor)),
        }
    }
}
