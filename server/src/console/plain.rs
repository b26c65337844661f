//! Pages that know nothing but what went wrong, or that somebody has to sign in.

use super::links;
use minijinja::{Value, context};

/// There is nothing at this address, or nothing that the reader may see.
#[derive(Debug, Clone, Default)]
pub struct NotFoundPage {
    /// What was searched for, where it was a search.
    pub search: Option<String>,
}

impl NotFoundPage {
    pub(super) fn values(&self) -> Value {
        context! { search => &self.search, overview => links::OVERVIEW, members => links::MEMBERS }
    }
}

/// Something went wrong on our side.
#[derive(Debug, Clone, Default)]
pub struct ErrorPage {
    /// By which the operator finds the cause; the cause itself is never shown.
    pub reference: Option<String>,
}

impl ErrorPage {
    pub(super) fn values(&self) -> Value {
        context! { reference => &self.reference, overview => links::OVERVIEW }
    }
}

/// Asks for an access key.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    /// Whether the key that was given is wrong.
    pub is_wrong: bool,
    /// Where to go afterwards: a path of the console.
    pub next: Option<String>,
}

impl SignInPage {
    pub(super) fn values(&self) -> Value {
        context! { is_wrong => self.is_wrong, next => &self.next, action => links::SIGN_IN }
    }
}
