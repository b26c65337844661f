//! Commands, and the answers and failures that they get.

use crate::store::nouns::directories::{Fingerprint, IdempotencyKey, Identifier, NaturalKey};
use crate::store::nouns::instruments::CodeHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use symbolon_core::engine::{Activity, Decision, Refusal};
use symbolon_core::values::{ActivityId, Key, MemberId, Points};

/// One thing to be decided and booked, with everything that it depends on but the state.
#[derive(Debug, Clone)]
pub struct Command {
    /// The caller's key for retries.
    pub idempotency: Option<IdempotencyKey>,
    /// A hash of what happened, whoever it is named by: the same receipt with another content
    /// is an error.
    pub content: Fingerprint,
    /// A hash of all that is asked: the same idempotency key with another hash is an error.
    pub request: Fingerprint,
    pub subject: Subject,
    pub intent: Intent,
    /// The codes on a receipt, which the activity names once they are looked up.
    pub shown: ShownCodes,
    /// Another member that the activity names once it is looked up.
    pub other: Option<OtherMember>,
    /// The moment by which it is judged.
    pub at: Timestamp,
    /// The moment at which the server took it.
    pub recorded_at: Timestamp,
    /// Old records are allowed: an import or a replay, not a till.
    pub any_age: bool,
    /// Ids that the command may use; made beforehand, because nothing here has chance.
    pub new_activity: ActivityId,
    pub new_member: MemberId,
}

/// Whose command it is.
#[derive(Debug, Clone)]
pub enum Subject {
    Guest,
    Member(MemberId),
    /// That member and no other, even where it was merged into another one.
    Exactly(MemberId),
    Identified(Identifier),
    /// The member of that activity, or its guest.
    OwnerOf(ActivityId),
    /// Found by the identifier, or made with it. For imports and replays.
    IdentifiedOrNew(Identifier),
    /// A new member with these identifiers.
    New {
        identifiers: Vec<Identifier>,
        name: Option<String>,
    },
}

/// Another member, as a caller names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OtherMember {
    Member(MemberId),
    Identified(Identifier),
}

/// What somebody typed or scanned, as far as it can be read without looking it up. Never the
/// code itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum ShownCode {
    /// No such code can exist.
    Mistyped,
    /// A code that anybody may type, by its coupon.
    Public(Key),
    /// What it may be found by.
    Hashes(Vec<CodeHash>),
}

/// The codes that came with a receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ShownCodes {
    pub codes: Vec<ShownCode>,
    /// The certificates that lines sell, by the position of the line.
    pub sells: Vec<(usize, ShownCode)>,
}

impl ShownCodes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.sells.is_empty()
    }

    /// All hashes to look up.
    pub fn hashes(&self) -> impl Iterator<Item = CodeHash> {
        let sold = self.sells.iter().map(|(_, code)| code);
        self.codes
            .iter()
            .chain(sold)
            .flat_map(|code| match code {
                ShownCode::Hashes(hashes) => hashes.as_slice(),
                ShownCode::Mistyped | ShownCode::Public(_) => &[],
            })
            .copied()
    }
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Intent {
    pub activity: Activity,
    /// Its name in the world outside; the same name is booked once, for ever.
    pub natural: Option<NaturalKey>,
    /// The number that stands on it, for people.
    pub label: Option<String>,
}

/// What is kept of an answer under the caller's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub activity: ActivityId,
    pub member: Option<MemberId>,
    pub version: u32,
    pub balances: Vec<AnsweredBalance>,
    /// Kept here by earlier versions of the program; now it is found with the activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Remembered {
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|error| Failure::Inconsistent(error.to_string()))
    }
}

/// What was decided, and what the member has after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub activity: ActivityId,
    pub member: Option<MemberId>,
    pub version: u32,
    pub decision: Decision,
    pub balances: Vec<AnsweredBalance>,
    /// This was booked before; the answer is the one that was given then.
    pub replayed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredBalance {
    pub points: Key,
    pub available: Points,
    pub pending: Points,
    pub owed: Points,
}

/// Why a command was not booked. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Refused(Refusal),
    MemberNotFound,
    /// There is no such other member as the activity names.
    OtherMemberNotFound,
    IdentifierTaken {
        kind: String,
        by: MemberId,
    },
    ActivityNotFound,
    /// The idempotency key was used for something else.
    KeyReused,
    /// The receipt, return or action is booked already, with another content.
    BookedDifferently {
        activity: ActivityId,
    },
    TooOld {
        oldest: Timestamp,
    },
    InFuture {
        latest: Timestamp,
    },
    /// A stored answer cannot be read.
    Inconsistent(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
