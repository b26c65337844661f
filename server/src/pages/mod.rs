//! The console's routes: who may see a page, in which language, and what it is filled with.
//!
//! Pages are read only. They take their values from reading transactions and hand them to
//! `console`, which knows how to show them. Nothing here books anything.

mod load;

use crate::app::App;
use crate::assets;
use crate::console::{Chrome, ErrorPage, NotFoundPage, Page, ProgrammeLabel, SignInPage, links};
use crate::words::Language;
use axum::extract::{Form, FromRequestParts, Path, Query, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http};
use serde::Deserialize;
use symbolon_core::values::{ActivityId, MemberId};

/// What the pages work with.
#[derive(Debug, Clone)]
pub struct PagesState {
    pub app: App,
    /// A demo's pages are open to whoever can reach them.
    pub is_open: bool,
}

const KEY_COOKIE: &str = "symbolon_key";
const LANGUAGE_COOKIE: &str = "symbolon_language";

/// The routes of the pages, on one screen.
pub fn router(state: PagesState) -> Router {
    Router::new()
        .route("/", get(async || redirect(links::OVERVIEW)))
        .route(links::OVERVIEW, get(overview))
        .route(links::MEMBERS, get(members))
        .route("/console/members/{id}", get(member))
        .route("/console/receipts/{id}", get(receipt))
        .route(links::SEARCH, get(search))
        .route(links::SIGN_IN, get(sign_in).post(sign_in_with_key))
        .route(links::SIGN_OUT, post(sign_out))
        .route("/assets/{file}", get(asset))
        .fallback(missing)
        .with_state(state)
}

/// A reader, in a language, at an address. Whether he has signed in is asked of it.
struct Reader {
    language: Language,
    here: String,
    key: Option<String>,
    /// The language was chosen by a link and is to be remembered.
    chosen: bool,
    search: String,
}

#[derive(Debug, Default, Deserialize)]
struct Parameters {
    lang: Option<String>,
    after: Option<String>,
    q: Option<String>,
    next: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let parameters =
            Query::<Parameters>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        let cookie = |name: &str| cookie(&parts.headers, name);
        let accept = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let remembered = cookie(LANGUAGE_COOKIE);
        let language = Language::choose(parameters.lang.as_deref(), remembered.as_deref(), accept);
        Ok(Self {
            language,
            here: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            key: cookie(KEY_COOKIE),
            chosen: parameters.lang.is_some(),
            search: parameters.q.unwrap_or_default(),
        })
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// A page that could not be filled. The cause goes to the log, its reference to the reader.
struct PageError(String);

impl<E: std::error::Error> From<E> for PageError {
    fn from(error: E) -> Self {
        let mut causes = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            causes = format!("{causes}: {cause}");
            source = cause.source();
        }
        Self(causes)
    }
}

impl PagesState {
    /// Shows a page to a reader who has signed in, and the way to sign in to others.
    async fn show<F>(&self, reader: Reader, load: F) -> Response
    where
        F: FnOnce(&App) -> Result<Option<Page>, PageError> + Send + 'static,
    {
        let state = self.clone();
        let shown = tokio::task::spawn_blocking(move || state.load_and_render(&reader, load));
        match shown.await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(%error, "a page was not shown");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    fn load_and_render<F>(&self, reader: &Reader, load: F) -> Response
    where
        F: FnOnce(&App) -> Result<Option<Page>, PageError>,
    {
        let is_signed_in = match self.may_read(reader) {
            Ok(true) => true,
            Ok(false) => {
                let page = SignInPage { is_wrong: false, next: Some(reader.here.clone()) };
                return self.render(reader, &Page::SignIn(page), StatusCode::UNAUTHORIZED, false);
            }
            Err(error) => return self.failed(reader, &error),
        };
        match load(&self.app) {
            Ok(Some(page)) => self.render(reader, &page, StatusCode::OK, is_signed_in),
            Ok(None) => {
                let search = (!reader.search.is_empty()).then(|| reader.search.clone());
                let page = Page::NotFound(NotFoundPage { search });
                self.render(reader, &page, StatusCode::NOT_FOUND, is_signed_in)
            }
            Err(error) => self.failed(reader, &error),
        }
    }

    fn may_read(&self, reader: &Reader) -> Result<bool, PageError> {
        if self.is_open {
            return Ok(true);
        }
        match &reader.key {
            Some(key) => Ok(self.app.key_find(key)?.is_some()),
            None => Ok(false),
        }
    }

    fn failed(&self, reader: &Reader, error: &PageError) -> Response {
        let reference = self.app.world.new_activity_id(self.app.world.now()).to_string();
        let reference = reference.chars().rev().take(8).collect::<String>();
        tracing::error!(reference, cause = error.0, "a page could not be filled");
        let page = Page::Error(ErrorPage { reference: Some(reference) });
        self.render(reader, &page, StatusCode::INTERNAL_SERVER_ERROR, false)
    }

    fn render(
        &self,
        reader: &Reader,
        page: &Page,
        status: StatusCode,
        is_signed_in: bool,
    ) -> Response {
        let programmes = self.app.programmes();
        let current = programmes.at(self.app.world.now());
        let chrome = Chrome {
            here: reader.here.clone(),
            programme: current.map(|version| ProgrammeLabel {
                key: version.programme.key.clone(),
                name: version.programme.name.clone(),
                version: version.number,
                zone: version.programme.zone.name().to_owned(),
            }),
            is_demo: self.is_open,
            is_signed_in: is_signed_in && !self.is_open,
            search: reader.search.clone(),
        };
        let html = match crate::console::render(page, reader.language, &chrome) {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be written");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        let mut response = (status, html).into_response();
        let headers = response.headers_mut();
        let fixed = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, assets::CONTENT_SECURITY_POLICY),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "same-origin"),
            // Pages show members: neither a proxy nor a shared browser keeps them.
            (CACHE_CONTROL, "no-store"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if reader.chosen {
            let code = reader.language.code();
            let value = format!("{LANGUAGE_COOKIE}={code}; Path=/; Max-Age=31536000; SameSite=Lax");
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(SET_COOKIE, value);
            }
        }
        response
    }
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

async fn overview(State(state): State<PagesState>, reader: Reader) -> Response {
    state.show(reader, load::overview).await
}

async fn members(
    State(state): State<PagesState>,
    Query(parameters): Query<Parameters>,
    reader: Reader,
) -> Response {
    let after = parameters.after.and_then(|after| after.parse::<MemberId>().ok());
    state.show(reader, move |app| load::members(app, after)).await
}

async fn member(
    State(state): State<PagesState>,
    Path(id): Path<String>,
    Query(parameters): Query<Parameters>,
    reader: Reader,
) -> Response {
    let after = parameters.after.and_then(|after| after.parse::<u64>().ok());
    state
        .show(reader, move |app| match id.parse::<MemberId>() {
            Ok(id) => load::member(app, id, after),
            Err(_) => Ok(None),
        })
        .await
}

async fn receipt(
    State(state): State<PagesState>,
    Path(id): Path<String>,
    reader: Reader,
) -> Response {
    state
        .show(reader, move |app| match id.parse::<ActivityId>() {
            Ok(id) => load::receipt(app, id),
            Err(_) => Ok(None),
        })
        .await
}

/// Goes to the one thing that was searched for: a member, or a receipt by its number.
async fn search(State(state): State<PagesState>, reader: Reader) -> Response {
    match state.may_read(&reader) {
        Ok(true) => {}
        Ok(false) => return redirect(links::SIGN_IN),
        Err(error) => return state.failed(&reader, &error),
    }
    let (app, query) = (state.app.clone(), reader.search.clone());
    let found = tokio::task::spawn_blocking(move || load::search(&app, &query)).await;
    match found {
        Ok(Ok(Some(address))) => redirect(&address),
        Ok(Ok(None)) => state.show(reader, |_| Ok(None)).await,
        Ok(Err(error)) => state.failed(&reader, &error),
        Err(error) => state.failed(&reader, &PageError(error.to_string())),
    }
}

async fn sign_in(
    State(state): State<PagesState>,
    Query(parameters): Query<Parameters>,
    reader: Reader,
) -> Response {
    let page = Page::SignIn(SignInPage { is_wrong: false, next: parameters.next });
    state.render(&reader, &page, StatusCode::OK, false)
}

#[derive(Debug, Deserialize)]
struct SignInForm {
    key: String,
    next: Option<String>,
}

async fn sign_in_with_key(
    State(state): State<PagesState>,
    reader: Reader,
    Form(form): Form<SignInForm>,
) -> Response {
    let key = form.key.trim().to_owned();
    let (app, asked) = (state.app.clone(), key.clone());
    let found = tokio::task::spawn_blocking(move || app.key_find(&asked)).await;
    if !matches!(found, Ok(Ok(Some(_)))) {
        let page = Page::SignIn(SignInPage { is_wrong: true, next: form.next });
        return state.render(&reader, &page, StatusCode::UNAUTHORIZED, false);
    }
    // Only a path of the console: an address of somebody else's must not get our readers.
    let next = form.next.filter(|next| is_page(next));
    let mut response = redirect(next.as_deref().unwrap_or(links::OVERVIEW));
    let cookie = format!("{KEY_COOKIE}={key}; Path=/console; HttpOnly; SameSite=Strict");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// Whether a text is the address of a page of the console, and can stand in a header.
fn is_page(next: &str) -> bool {
    let rest = next.strip_prefix(links::OVERVIEW);
    let is_below = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    is_below && next.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn sign_out() -> Response {
    let mut response = redirect(links::SIGN_IN);
    let cookie = format!("{KEY_COOKIE}=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

async fn asset(Path(file): Path<String>) -> Response {
    let Some(asset) = assets::find(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, assets::CACHE_CONTROL),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}

async fn missing(
    State(state): State<PagesState>,
    method: http::Method,
    reader: Reader,
) -> Response {
    if method != http::Method::GET {
        return StatusCode::NOT_FOUND.into_response();
    }
    state.show(reader, |_| Ok(None)).await
}
