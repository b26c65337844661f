//! The console's pages: typed values in, HTML out.
//!
//! A page is a value with everything on it; a template only places what it is given. Figures
//! are formatted here, in the reader's language, and never before. This module must never touch
//! the database, ask what time it is, or decide anything: it is handed what is true.

mod facts;
mod history;
pub mod links;
mod member;
mod members;
mod overview;
mod people;
mod plain;
mod receipt;
mod rows;
pub mod samples;
mod templates;

pub use facts::{
    BalanceFacts, BenefitFacts, BenefitSource, LotFacts, MeasuredIn, MemberFacts, NextTier,
    RewardFacts, RewardState, TierFacts,
};
pub use history::Happened;
pub use member::{Identifier, IdentifierKind, MemberPage};
pub use members::MembersPage;
pub use overview::{OverviewPage, PointTotals};
pub use people::{Gift, People, Person};
pub use plain::{ErrorPage, NotFoundPage, SignInPage};
pub use receipt::ReceiptPage;
pub use rows::{MemberLabel, MemberRow, ReceiptRow};

use crate::words::{Language, words};
use minijinja::{Value, context};
use std::fmt;
use symbolon_core::values::{Key, Texts};

/// A page of the console.
#[derive(Debug)]
pub enum Page {
    Overview(Box<OverviewPage>),
    Members(Box<MembersPage>),
    Member(Box<MemberPage>),
    Receipt(Box<ReceiptPage>),
    NotFound(NotFoundPage),
    Error(ErrorPage),
    SignIn(SignInPage),
}

/// What stands around every page.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// The path and query of the page, from which the language switch makes its links.
    pub here: String,
    /// The programme in force, if there is one.
    pub programme: Option<ProgrammeLabel>,
    /// Whether the data is made up.
    pub is_demo: bool,
    /// Whether there is somebody who can sign out. Without, the page has no navigation either,
    /// unless the server is a demo, where nobody signs in.
    pub is_signed_in: bool,
    /// What was searched for, to stand in the field.
    pub search: String,
}

/// What the frame of a page says about the programme.
#[derive(Debug, Clone)]
pub struct ProgrammeLabel {
    pub key: Key,
    pub name: Texts,
    pub version: u32,
    /// The IANA name of the time zone that all times on the page are in.
    pub zone: String,
}

/// A page that could not be written: a fault of the program, never of its reader.
#[derive(Debug)]
pub struct RenderError(minijinja::Error);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The alternate form names the template and the line.
        write!(f, "a page could not be written: {:#}", self.0)
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl From<minijinja::Error> for RenderError {
    fn from(error: minijinja::Error) -> Self {
        Self(error)
    }
}

/// Writes a page in a language.
pub fn render(page: &Page, language: Language, chrome: &Chrome) -> Result<String, RenderError> {
    let (template, values) = match page {
        Page::Overview(page) => ("console/overview.html", page.values(language)),
        Page::Members(page) => ("console/members.html", page.values(language)),
        Page::Member(page) => ("console/member.html", page.values(language)),
        Page::Receipt(page) => ("console/receipt.html", page.values(language)),
        Page::NotFound(page) => ("console/not-found.html", page.values()),
        Page::Error(page) => ("console/error.html", page.values()),
        Page::SignIn(page) => ("console/sign-in.html", page.values()),
    };
    let values = context! {
        lang => language.code(),
        chrome => chrome.values(language, page.section()),
        page => values,
    };
    Ok(templates::environment().get_template(template)?.render(values)?)
}

impl Page {
    /// Which entry of the navigation the page belongs to.
    const fn section(&self) -> &'static str {
        match self {
            Self::Overview(_) | Self::Receipt(_) => "overview",
            Self::Members(_) | Self::Member(_) => "members",
            Self::NotFound(_) | Self::Error(_) | Self::SignIn(_) => "",
        }
    }
}

impl Chrome {
    fn values(&self, language: Language, section: &str) -> Value {
        let languages: Vec<Value> = Language::ALL
            .into_iter()
            .map(|other| {
                context! {
                    code => other.code(),
                    name => other.native_name(),
                    href => links::in_language(&self.here, other),
                    is_current => other == language,
                }
            })
            .collect();
        let programme = self.programme.as_ref().map(|label| {
            let name = label.name.plain(language.code()).unwrap_or(label.key.as_str());
            let version = words().text(
                language,
                "footer-version",
                &[("number", i64::from(label.version).into())],
            );
            let zone =
                words().text(language, "footer-zone", &[("zone", label.zone.as_str().into())]);
            context! { name, version, zone }
        });
        context! {
            languages,
            language_name => language.native_name(),
            programme,
            section,
            is_demo => self.is_demo,
            is_signed_in => self.is_signed_in,
            has_navigation => self.is_signed_in || self.is_demo,
            search => &self.search,
            program_version => env!("CARGO_PKG_VERSION"),
        }
    }
}
