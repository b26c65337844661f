//! What a shop has on paper of its past: receipts, returns and actions, as they came from a file.
//!
//! Plain values that whoever books them and whoever only counts them share. Nothing is decided
//! or stored here.

use jiff::Timestamp;
use symbolon_core::engine::Purchase;
use symbolon_core::values::{Key, Quantity};

/// One recorded paper: a receipt, a return without receipt, or an action.
#[derive(Debug, Clone)]
pub struct Document {
    pub at: Timestamp,
    /// Its external customer; none for a guest.
    pub member: Option<String>,
    pub number: String,
    pub location: String,
    pub till: Option<String>,
    pub kind: DocumentKind,
}

#[derive(Debug, Clone)]
pub enum DocumentKind {
    Receipt(Box<Purchase>),
    Return(Vec<(String, Quantity)>),
    Action(Key),
}
