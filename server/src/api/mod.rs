//! The API under `/v1`: one file per resource.
//!
//! It turns requests into commands and answers into JSON. It never touches a statement or a
//! transaction, and knows nothing of pages.

mod actions;
mod announcements;
mod body;
mod companies;
mod events;
mod games;
mod holds;
mod ids;
mod instruments;
mod members;
mod people;
mod problem;
mod receipts;
mod redemptions;
mod returns;
mod services;
mod tasks;
mod teams;
mod views;

pub use problem::{CODES, Code, Problem};

use crate::app::{App, EmittedCard, Moments};
use crate::pipeline::{Answer, Command, Intent, Queue, Subject};
use crate::store::nouns::directories::{IdempotencyKey, Identifier};
use crate::words::Language;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::request::Parts;
use axum::routing::{delete, get, post};
use jiff::Timestamp;

/// The largest body of a request. A receipt of the most lines fits with room to spare.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What the API works with.
#[derive(Debug, Clone)]
pub struct ApiState {
    pub app: App,
    pub queue: Queue,
}

/// The routes of the API, on one screen.
pub fn router(state: ApiState) -> Router {
    Router::new()
        .route("/v1/quotes", post(receipts::quote))
        .route("/v1/receipts", post(receipts::book))
        .route("/v1/receipts/{id}", get(receipts::fetch))
        .route("/v1/receipts/{id}/returns", post(returns::of_receipt))
        .route("/v1/receipts/{id}/void", post(returns::void))
        .route("/v1/receipts/{id}/events", post(events::of_receipt))
        .route("/v1/returns", post(returns::without_receipt))
        .route("/v1/actions", post(actions::book))
        .route("/v1/members", post(members::enrol))
        .route("/v1/members/{id}", get(members::fetch))
        .route("/v1/members/{id}/entries", get(members::entries))
        .route("/v1/members/{id}/contacts", post(companies::set_contact))
        .route("/v1/members/{id}/contacts/{contact}", delete(companies::remove_contact))
        .route("/v1/members/{id}/gifts", get(companies::gifts).post(companies::give))
        .route("/v1/members/{id}/rebates", post(companies::rebate))
        .route("/v1/members/{id}/recognitions", post(companies::recognise))
        .route("/v1/members/{id}/team", post(teams::join).delete(teams::leave))
        .route("/v1/members/{id}/attribution", post(people::attribute))
        .route("/v1/members/{id}/transfers", post(people::transfer))
        .route("/v1/members/{id}/merge", post(people::merge))
        .route("/v1/transfers/{id}/void", post(returns::void))
        .route("/v1/members/{id}/benefits/{benefit}/uses", post(services::use_benefit))
        .route("/v1/members/{id}/memberships/{membership}/payments", post(services::pay_membership))
        .route("/v1/members/{id}/credits/{credit}/advances", post(services::advance))
        .route("/v1/members/{id}/credits/{credit}/set-offs", post(services::set_off))
        .route("/v1/activities/{id}/void", post(returns::void))
        .route("/v1/tasks", get(tasks::list))
        .route("/v1/tasks/{activity}/{effect}/done", post(tasks::done))
        .route("/v1/redemptions", post(redemptions::book))
        .route("/v1/instruments", post(instruments::make))
        .route("/v1/instruments/{id}", get(instruments::fetch))
        .route("/v1/codes/check", post(instruments::check))
        .route("/v1/codes/block", post(instruments::block))
        .route("/v1/announcements", get(announcements::list))
        .route("/v1/holds", post(holds::hold))
        .route("/v1/holds/{id}/confirm", post(holds::confirm))
        .route("/v1/holds/{id}/cancel", post(holds::cancel))
        .route("/v1/codes/unblock", post(instruments::unblock))
        .route("/v1/codes/activate", post(instruments::activate))
        .route("/v1/challenges/{id}", get(games::standing))
        .route("/v1/draws/{id}", get(games::draw))
        .route("/v1", axum::routing::any(unknown))
        .route("/v1/", axum::routing::any(unknown))
        .route("/v1/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(state)
}

async fn unknown() -> Problem {
    Problem::new(Code::NotFound, "there is no such resource")
}

async fn wrong_method() -> Problem {
    Problem::new(Code::MethodNotAllowed, "the resource is there; see the methods that it has")
}

/// The proof that a request came with a valid key, and what else handlers need of it.
#[derive(Debug, Clone)]
pub struct Integration {
    pub key_name: String,
    pub language: Language,
    idempotency: Option<String>,
}

impl FromRequestParts<ApiState> for Integration {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let text = |name: &axum::http::HeaderName| {
            parts.headers.get(name).and_then(|value| value.to_str().ok())
        };
        let language = Language::choose(None, None, text(&ACCEPT_LANGUAGE));
        let key = text(&AUTHORIZATION)
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::new(Code::KeyMissing, "send Authorization: Bearer <key>"))?;
        let found = match state.app.key_known(key) {
            Some(name) => Some(name),
            None => {
                let (app, given) = (state.app.clone(), key.to_owned());
                blocking(move || app.key_find(&given)).await?
            }
        };
        let key_name = found
            .ok_or_else(|| Problem::new(Code::KeyUnknown, "the key is unknown or was revoked"))?;
        let idempotency = parts.headers.get("idempotency-key");
        let idempotency = match idempotency {
            Some(value) => Some(read_key(value)?),
            None => None,
        };
        Ok(Self { key_name, language, idempotency })
    }
}

fn read_key(value: &axum::http::HeaderValue) -> Result<String, Problem> {
    let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if text.is_empty() || text.len() > 200 {
        let detail = "Idempotency-Key has from 1 to 200 visible characters";
        return Err(Problem::new(Code::IdempotencyKeyInvalid, detail));
    }
    Ok(text.to_owned())
}

impl Integration {
    fn idempotency_key(&self) -> Option<IdempotencyKey> {
        let key = self.idempotency.clone()?;
        Some(IdempotencyKey { principal: self.key_name.clone(), key })
    }

    /// For operations that have no natural key: without a key a retry would double them.
    fn require_idempotency(&self) -> Result<(), Problem> {
        if self.idempotency.is_some() {
            return Ok(());
        }
        let detail = "send a fresh Idempotency-Key with each new operation, and the same one \
                      when you try it again";
        Err(Problem::new(Code::IdempotencyKeyMissing, detail))
    }
}

/// Runs what waits for the database beside the threads that serve requests.
async fn blocking<T, E, F>(work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    E: std::error::Error + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Problem::internal(&error)),
        Err(error) => Err(Problem::internal(&error)),
    }
}

impl ApiState {
    fn command(
        &self,
        caller: &Integration,
        subject: Subject,
        intent: Intent,
        moments: Moments,
    ) -> Result<Command, Problem> {
        let idempotency = caller.idempotency_key();
        crate::app::command_for(&self.app, subject, intent, moments, idempotency)
            .map_err(|error| Problem::internal(&error))
    }

    /// Whom a caller means. A card that was emitted here and that nobody has used yet joins a
    /// member without a name, who can get one later (requirement E5).
    async fn subject(&self, member: &members::MemberRef) -> Result<Subject, Problem> {
        let subject = member.subject()?;
        let Subject::Identified(identifier) = &subject else { return Ok(subject) };
        if identifier.kind != "card" {
            return Ok(subject);
        }
        let (app, number) = (self.app.clone(), identifier.value.clone());
        match blocking(move || app.emitted_card(&number)).await? {
            EmittedCard::NotOurs => Ok(subject),
            EmittedCard::Active(value) => {
                Ok(Subject::IdentifiedOrNew(Identifier { kind: "card".to_owned(), value }))
            }
            EmittedCard::Blocked => Err(Problem::new(Code::CodeNotValid, "this card is not valid")),
        }
    }

    /// What a caller says of the moment, and the moment now.
    fn moments(&self, given: Option<Timestamp>) -> Moments {
        Moments { given, recorded: self.app.world.now() }
    }

    /// Cancels holds whose time is over, so that nobody sees them.
    async fn release_holds(&self) -> Result<(), Problem> {
        let app = self.app.clone();
        blocking(move || crate::app::release_holds(&app)).await.map(|_| ())
    }

    /// Books a command through the queue.
    async fn submit(&self, caller: &Integration, command: Command) -> Result<Answer, Problem> {
        match self.queue.submit(command).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failure)) => Err(problem::of_failure(&self.app, caller.language, &failure)),
            Err(error) => Err(problem::of_queue(&error)),
        }
    }
}
