//! Booking a shop's recorded receipts in their order of time.

use super::App;
use super::{Moments, command_for};
use crate::pipeline::{Answer, BATCH_COMMANDS_MAX, Command, Failure, Intent, Subject};
use crate::recorded::{Document, DocumentKind};
use crate::store::StoreError;
use crate::store::nouns::directories::{Identifier, NaturalKey};
use serde::Serialize;
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Outcome, Returned};
use symbolon_core::values::Quantity;

/// What a replay did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    pub receipts: u64,
    pub returns: u64,
    pub actions: u64,
    /// Documents that were booked by an earlier run.
    pub already_booked: u64,
    pub matched_return_lines: u64,
    /// Matched in part only.
    pub partly_matched_return_lines: u64,
    pub unmatched_return_lines: u64,
    /// Documents that were refused, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// Books documents in their order. `progress` is told how many are done.
pub fn run_documents(
    app: &App,
    documents: &[Document],
    mut progress: impl FnMut(usize),
) -> Result<ReplayReport, StoreError> {
    let pipeline = app.pipeline();
    let programmes = app.programmes();
    let mut report = ReplayReport::default();
    for batch in documents.chunks(BATCH_COMMANDS_MAX) {
        let commands = batch
            .iter()
            .map(|document| command_of(app, document))
            .collect::<Result<Vec<_>, _>>()?;
        let answers = pipeline.run(&programmes, &commands)?;
        for (document, answer) in batch.iter().zip(answers) {
            report.count(document, answer);
        }
        progress(batch.len());
    }
    Ok(report)
}

fn command_of(app: &App, document: &Document) -> Result<Command, StoreError> {
    let natural = |kind: &'static str, till: &str| {
        let zone = app.programmes().latest().map(|latest| latest.programme.zone.clone());
        let day = zone.map(|zone| zone.day(document.at).to_string()).unwrap_or_default();
        natural_key(kind, [&document.location, till, &document.number, &day])
    };
    let till = document.till.as_deref().unwrap_or("");
    let (activity, natural) = match &document.kind {
        DocumentKind::Receipt(purchase) => {
            (Activity::Purchase(purchase.as_ref().clone()), natural("receipt", till))
        }
        DocumentKind::Return(products) => (
            Activity::Return { returned: Returned::WithoutReceipt { products: products.clone() } },
            natural("return", till),
        ),
        DocumentKind::Action(action) => (
            Activity::Action { action: action.clone(), fields: BTreeMap::new() },
            natural("action", action.as_str()),
        ),
    };
    let subject = match &document.member {
        Some(value) => Subject::IdentifiedOrNew(Identifier {
            kind: "external".to_owned(),
            value: value.clone(),
        }),
        None => Subject::Guest,
    };
    let intent = Intent { activity, natural: Some(natural), label: Some(document.number.clone()) };
    let moments = Moments { given: Some(document.at), recorded: document.at };
    let command = command_for(app, subject, intent, moments, None)?;
    Ok(Command { any_age: true, ..command })
}

/// The name of a paper in the world outside: where, at which till, which number, which day.
#[must_use]
pub fn natural_key(kind: &'static str, parts: [&str; 4]) -> NaturalKey {
    // JSON keeps the parts apart whatever they contain.
    NaturalKey { kind, key: serde_json::json!(parts).to_string() }
}

impl ReplayReport {
    fn count(&mut self, document: &Document, answer: Result<Answer, Failure>) {
        match answer {
            Ok(answer) if answer.replayed => self.already_booked += 1,
            Ok(answer) => match &document.kind {
                DocumentKind::Receipt(_) => self.receipts += 1,
                DocumentKind::Action(_) => self.actions += 1,
                DocumentKind::Return(products) => {
                    self.returns += 1;
                    self.count_return(products, &answer);
                }
            },
            Err(failure) => {
                *self.refused.entry(failure_name(&failure)).or_default() += 1;
            }
        }
    }

    fn count_return(&mut self, products: &[(String, Quantity)], answer: &Answer) {
        let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
        for (product, quantity) in products {
            *wanted.entry(product).or_default() += quantity.units();
        }
        for (product, quantity) in wanted {
            let missing = answer.decision.reasons.iter().find_map(|reason| match reason.outcome {
                Outcome::Unmatched { quantity } if reason.about.as_str() == product => {
                    Some(quantity.units())
                }
                _ => None,
            });
            match missing.unwrap_or(0) {
                0 => self.matched_return_lines += 1,
                missing if missing < quantity => self.partly_matched_return_lines += 1,
                _ => self.unmatched_return_lines += 1,
            }
        }
    }
}

/// The code of a failure, as in the table of the API's errors.
#[must_use]
pub fn failure_name(failure: &Failure) -> String {
    match failure {
        Failure::Refused(refusal) => refusal.code(),
        Failure::MemberNotFound => "member-not-found",
        Failure::OtherMemberNotFound => "other-member-not-found",
        Failure::IdentifierTaken { .. } => "identifier-taken",
        Failure::ActivityNotFound => "activity-not-found",
        Failure::KeyReused => "idempotency-key-reused",
        Failure::BookedDifferently { .. } => "booked-differently",
        Failure::TooOld { .. } => "too-old",
        Failure::InFuture { .. } => "in-future",
        Failure::Inconsistent(_) => "internal",
    }
    .to_owned()
}
