//! Errors as RFC 9457 problem details, from one closed list of codes.
//!
//! The caller gets a code, a sentence and what to do; the cause of what is our fault goes to
//! the log, once, and never to the caller.

use crate::app::App;
use crate::pipeline::{Failure, QueueError};
use crate::words::{Language, refusal_sentence};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::error::Error;
use symbolon_core::engine::Refusal;

/// What can go wrong before or beside a decision. Refusals of the engine have codes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    NotFound,
    MethodNotAllowed,
    KeyMissing,
    KeyUnknown,
    IdempotencyKeyMissing,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    BodyInvalid,
    BodyTooLarge,
    WrongCurrency,
    MemberNotFound,
    OtherMemberNotFound,
    IdentifierTaken,
    IdentifierInvalid,
    ActivityNotFound,
    BookedDifferently,
    TooOld,
    InFuture,
    CodeMistyped,
    CodeNotValid,
    CodeNotChanged,
    InstrumentNotPossible,
    Busy,
    Internal,
}

/// Every code with its status and its title: the table of the book, and a test compares them.
pub const CODES: [(Code, &str, u16, &str); 24] = [
    (Code::NotFound, "not-found", 404, "There is no such resource"),
    (Code::MethodNotAllowed, "method-not-allowed", 405, "The resource has no such method"),
    (Code::KeyMissing, "key-missing", 401, "The access key is missing"),
    (Code::KeyUnknown, "key-unknown", 401, "The access key is not valid"),
    (Code::IdempotencyKeyMissing, "idempotency-key-missing", 400, "Idempotency-Key is missing"),
    (Code::IdempotencyKeyInvalid, "idempotency-key-invalid", 400, "Idempotency-Key is not valid"),
    (
        Code::IdempotencyKeyReused,
        "idempotency-key-reused",
        422,
        "The key was used for another request",
    ),
    (Code::BodyInvalid, "body-invalid", 400, "The body cannot be read"),
    (Code::BodyTooLarge, "body-too-large", 413, "The body is too large"),
    (Code::WrongCurrency, "wrong-currency", 422, "The currency is not the programme's"),
    (Code::MemberNotFound, "member-not-found", 404, "There is no such member"),
    (Code::OtherMemberNotFound, "other-member-not-found", 404, "There is no such other member"),
    (Code::IdentifierTaken, "identifier-taken", 409, "The identifier belongs to another member"),
    (Code::IdentifierInvalid, "identifier-invalid", 422, "The identifier is not valid"),
    (Code::ActivityNotFound, "activity-not-found", 404, "There is no such receipt or activity"),
    (
        Code::BookedDifferently,
        "booked-differently",
        409,
        "It is booked already, with another content",
    ),
    (Code::TooOld, "too-old", 422, "It happened too long ago to be booked"),
    (Code::InFuture, "in-future", 422, "It has not happened yet"),
    (Code::CodeMistyped, "code-mistyped", 422, "The code is mistyped: no such code can exist"),
    (Code::CodeNotValid, "code-not-valid", 404, "The code is not valid"),
    (Code::CodeNotChanged, "code-not-changed", 409, "It stands where this cannot be done"),
    (
        Code::InstrumentNotPossible,
        "instrument-not-possible",
        422,
        "The programme does not issue that",
    ),
    (Code::Busy, "busy", 503, "Too many requests wait"),
    (Code::Internal, "internal", 500, "Something went wrong here"),
];

/// An error answer.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    pub code: String,
    pub title: String,
    pub detail: String,
}

impl Problem {
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let known = CODES.iter().find(|(known, ..)| *known == code);
        let (name, status, title) = known
            .map_or(("internal", 500, ""), |(_, name, status, title)| (*name, *status, *title));
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: name.to_owned(),
            title: title.to_owned(),
            detail: detail.into(),
        }
    }

    /// Our fault: the caller learns no more than that, the operator all of it.
    pub fn internal(error: &dyn Error) -> Self {
        let mut causes = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            causes = format!("{causes}: {cause}");
            source = cause.source();
        }
        tracing::error!(error = causes, "a request failed");
        Self::new(Code::Internal, "the cause is in the server's log; nothing was booked")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:symbolon:problem:{}", self.code),
            "code": self.code,
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// Why a command was not booked.
pub fn of_failure(app: &App, language: Language, failure: &Failure) -> Problem {
    match failure {
        Failure::Refused(refusal) => of_refusal(app, language, refusal),
        Failure::MemberNotFound => {
            Problem::new(Code::MemberNotFound, "enrol the member first: POST /v1/members")
        }
        Failure::OtherMemberNotFound => Problem::new(
            Code::OtherMemberNotFound,
            "the member that the request names beside its own is not one of this business",
        ),
        Failure::IdentifierTaken { kind, by } => {
            Problem::new(Code::IdentifierTaken, format!("this {kind} belongs to {by}"))
        }
        Failure::ActivityNotFound => {
            Problem::new(Code::ActivityNotFound, "the id is not one of this business")
        }
        Failure::KeyReused => Problem::new(
            Code::IdempotencyKeyReused,
            "a key stands for one request: make a new key for a new operation",
        ),
        Failure::BookedDifferently { activity } => Problem::new(
            Code::BookedDifferently,
            format!(
                "{} has the same location, till, number and business date and another content",
                super::ids::receipt(*activity)
            ),
        ),
        Failure::TooOld { oldest } => Problem::new(
            Code::TooOld,
            format!("the programme takes receipts from {oldest} on; older ones are imported"),
        ),
        Failure::InFuture { latest } => {
            Problem::new(Code::InFuture, format!("the latest moment is {latest}: check the clock"))
        }
        Failure::Inconsistent(problem) => {
            tracing::error!(problem, "stored data cannot be read");
            Problem::new(Code::Internal, "the cause is in the server's log; nothing was booked")
        }
    }
}

fn of_refusal(app: &App, language: Language, refusal: &Refusal) -> Problem {
    let programmes = app.programmes();
    let programme = programmes.latest().map(|latest| &*latest.programme);
    let status = match refusal {
        Refusal::UnknownActivity { .. } => StatusCode::NOT_FOUND,
        Refusal::AlreadyVoided { .. } | Refusal::MoreThanBought { .. } => StatusCode::CONFLICT,
        Refusal::NoProgramme => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem {
        status,
        code: refusal.code().to_owned(),
        title: "The programme refuses this; nothing was booked".to_owned(),
        detail: refusal_sentence(language, programme, refusal),
    }
}

/// Why a command got no answer.
pub fn of_queue(error: &QueueError) -> Problem {
    match error {
        QueueError::Full => {
            Problem::new(Code::Busy, "try again in a second, with the same number or key")
        }
        QueueError::Stopped | QueueError::Store(_) => {
            tracing::error!(?error, "a command was not booked");
            let detail = "the cause is in the server's log; try again with the same number or key";
            Problem::new(Code::Internal, detail)
        }
    }
}
