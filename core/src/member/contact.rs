//! The people of a company or a household, as far as decisions need them.
//!
//! A contact is a key, what the person does there, and the member that the person is, if any.
//! Never a name, a telephone or an address: those stand apart, so that they can be erased.

use crate::values::{Key, MemberId, Rate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person who acts for a company or belongs to a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The member that the person is. Without one, everything stays with the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<MemberId>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Key>,
    /// The department, shop or branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Key>,
    /// The share of this person, in per cent, where it is another than the programme's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Rate>,
    /// Whether this person may spend from the purse that all share.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub may_spend: bool,
}

impl Default for Contact {
    fn default() -> Self {
        let (person, roles, unit, share) = (None, BTreeSet::new(), None, None);
        Self { person, roles, unit, share, may_spend: true }
    }
}

impl Contact {
    /// The role that stands for the person: of several, the first in the programme's list.
    #[must_use]
    pub fn role<'k>(&self, roles: &'k [Key]) -> Option<&'k Key> {
        roles.iter().find(|role| self.roles.contains(*role))
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_yes(yes: &bool) -> bool {
    *yes
}
