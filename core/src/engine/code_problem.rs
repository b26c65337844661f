//! Why a code does not hold, and what pays besides money. As data, like all of a decision.

use crate::values::{InstrumentId, Key, Points};
use serde::{Deserialize, Serialize};

/// What pays besides money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// The lots that they come from are named by the `Spend` right before.
    Points {
        points: Key,
        amount: Points,
    },
    Certificate {
        instrument: InstrumentId,
    },
}

/// Why a code does not hold. A stranger is told no more than that it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeProblem {
    Unknown,
    Used,
    Expired,
    NotYet,
    Blocked,
    /// Its sale was taken back.
    Returned,
    /// It was never sold, or waits to be activated.
    NotActive,
    /// It was issued to somebody else.
    NotYours,
    /// It gives nothing on this receipt, or cannot do what was asked.
    NotForThis,
    /// The same code was shown before on this receipt.
    Twice,
    /// The programme takes one certificate for a receipt.
    OnlyOne,
}

impl CodeProblem {
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::Used,
        Self::Expired,
        Self::NotYet,
        Self::Blocked,
        Self::Returned,
        Self::NotActive,
        Self::NotYours,
        Self::NotForThis,
        Self::Twice,
        Self::OnlyOne,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::NotYet => "not-yet",
            Self::Blocked => "blocked",
            Self::Returned => "returned",
            Self::NotActive => "not-active",
            Self::NotYours => "not-yours",
            Self::NotForThis => "not-for-this",
            Self::Twice => "twice",
            Self::OnlyOne => "only-one",
        }
    }
}
