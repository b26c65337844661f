//! A shop's past, member by member, ready to be decided again in memory.
//!
//! It holds what happened and nothing of what was decided about it.

use crate::recorded::{Document, DocumentKind};
use jiff::Timestamp;
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Purchase, Returned};
use symbolon_core::instrument::Instrument;
use symbolon_core::member::MemberKind;
use symbolon_core::values::{ActivityId, InstrumentId, MemberId};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Past {
    pub at: Timestamp,
    pub id: ActivityId,
    /// The number that stands on it.
    pub label: Option<String>,
    pub activity: Activity,
    /// The coupons and certificates that were shown, as they were then.
    pub shown: Vec<(InstrumentId, Instrument)>,
}

/// All of one member, or the one receipt of a guest.
#[derive(Debug, Clone)]
pub struct PastMember {
    /// `None` for a guest.
    pub member: Option<MemberId>,
    /// What the shop calls him.
    pub name: Option<String>,
    /// In the order in which it happened.
    pub activities: Vec<Past>,
}

/// The past of everybody.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub members: Vec<PastMember>,
}

impl History {
    /// The past that documents tell, which come in their order of time. Customers become members
    /// at their first document, as they do when the documents are booked.
    #[must_use]
    pub fn of_documents(documents: Vec<Document>) -> Self {
        let mut members: Vec<PastMember> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (number, document) in (1_u128..).zip(documents) {
            // The place in the file is id enough; the one before it is left to the joining.
            let id = ActivityId::new(number << 16);
            let place = document.member.as_ref().and_then(|name| places.get(name).copied());
            let place = place.unwrap_or_else(|| {
                let mut new = PastMember { member: None, name: None, activities: Vec::new() };
                if let Some(name) = document.member {
                    new.member = Some(MemberId::new(number << 16));
                    let (kind, attributes) = (MemberKind::Person, BTreeMap::new());
                    new.activities.push(Past {
                        at: document.at,
                        id: ActivityId::new((number << 16) - 1),
                        label: None,
                        activity: Activity::Joining { kind, attributes, line: Vec::new() },
                        shown: Vec::new(),
                    });
                    places.insert(name.clone(), members.len());
                    new.name = Some(name);
                }
                members.push(new);
                members.len() - 1
            });
            members[place].activities.push(Past {
                at: document.at,
                id,
                label: Some(document.number),
                activity: activity_of(document.kind),
                shown: Vec::new(),
            });
        }
        Self { members }
    }

    #[must_use]
    pub fn activities(&self) -> usize {
        self.members.iter().map(|member| member.activities.len()).sum()
    }

    #[must_use]
    pub fn receipts(&self) -> usize {
        self.purchases().count()
    }

    /// Every receipt.
    pub fn purchases(&self) -> impl Iterator<Item = (&Past, &Purchase)> {
        let all = self.members.iter().flat_map(|member| &member.activities);
        all.filter_map(|past| match &past.activity {
            Activity::Purchase(purchase) => Some((past, purchase)),
            _ => None,
        })
    }

    /// Whether what one member does may mean something for another: somebody was brought by
    /// somebody, or something has come to somebody from another.
    #[must_use]
    pub fn knows_others(&self) -> bool {
        let mut all = self.members.iter().flat_map(|member| &member.activities);
        all.any(|past| match &past.activity {
            Activity::Joining { line, .. } => !line.is_empty(),
            Activity::Attribution { .. } | Activity::Incoming(_) => true,
            _ => false,
        })
    }

    /// The first and the last moment.
    #[must_use]
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let moments = self.members.iter().flat_map(|member| &member.activities);
        moments.map(|past| past.at).fold(None, |span, at| match span {
            None => Some((at, at)),
            Some((first, last)) => Some((first.min(at), last.max(at))),
        })
    }
}

fn activity_of(kind: DocumentKind) -> Activity {
    match kind {
        DocumentKind::Receipt(purchase) => Activity::Purchase(*purchase),
        DocumentKind::Return(products) => {
            Activity::Return { returned: Returned::WithoutReceipt { products } }
        }
        DocumentKind::Action(action) => Activity::Action { action, fields: BTreeMap::new() },
    }
}

/// What of the decisions before has to be remembered for those to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    Nothing,
    /// The newest receipts: a return without a receipt is matched to them.
    NewestReceipts,
    /// Everything: something to come names what it speaks of.
    Everything,
}

impl PastMember {
    /// What has to be remembered, and of how many of the first activities.
    #[must_use]
    pub fn memory(&self) -> (Memory, usize) {
        let mut memory = (Memory::Nothing, 0);
        for (position, past) in self.activities.iter().enumerate() {
            let names_others = match &past.activity {
                Activity::Return { returned: Returned::WithoutReceipt { .. } } => false,
                Activity::Return { .. }
                | Activity::Void { .. }
                | Activity::Event { .. }
                | Activity::Purchase(Purchase { hold: Some(_), .. }) => true,
                _ => continue,
            };
            let everything = names_others || memory.0 == Memory::Everything;
            let what = if everything { Memory::Everything } else { Memory::NewestReceipts };
            memory = (what, position);
        }
        memory
    }
}
