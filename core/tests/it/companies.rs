//! Companies and households with their people: contacts, splits, purses, gifts, rebates.

mod gifts;
mod partners;
mod properties;
mod rebate;
mod split;
mod staff;
mod teams;

use symbolon_core::programme::{Severity, read};

/// What is wrong with a text.
fn problems_of(text: &str) -> Vec<String> {
    let remarks = read("test.toml", text).remarks;
    let errors = remarks.iter().filter(|remark| remark.severity == Severity::Error);
    errors.map(ToString::to_string).collect()
}
