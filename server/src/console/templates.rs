//! The templates, embedded in the program, and what they may call.
//!
//! Templates are strict: a value that is not there is an error, which the test that renders
//! every sample page finds.

use crate::assets;
use crate::words::{Arg, Language, words};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior};
use std::sync::LazyLock;

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// The templates by name, as they are embedded.
pub const SOURCES: [(&str, &str); 14] = sources![
    "console/layout.html",
    "console/parts/changes.html",
    "console/parts/happened.html",
    "console/parts/members.html",
    "console/parts/pager.html",
    "console/parts/reasons.html",
    "console/parts/receipts.html",
    "console/overview.html",
    "console/members.html",
    "console/member.html",
    "console/receipt.html",
    "console/not-found.html",
    "console/error.html",
    "console/sign-in.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default(),
    );
    environment.add_function("t", text);
    environment.add_function("asset", asset);
    environment.add_function("icon", icon);
    environment.add_filter("codes", codes);
    for (name, source) in SOURCES {
        // A template with an error is missing, which is an error where it is rendered.
        let _ = environment.add_template(name, source);
    }
    environment
});

pub(super) fn environment() -> &'static Environment<'static> {
    &ENVIRONMENT
}

/// `t("key", name=value)`: a text in the language of the page.
fn text(state: &State, key: &str, kwargs: Kwargs) -> Result<String, Error> {
    let language = state
        .lookup("lang")
        .and_then(|code| Language::from_code(code.as_str()?))
        .ok_or_else(|| Error::new(ErrorKind::UndefinedError, "the page has no language"))?;
    let mut args = Vec::new();
    for name in kwargs.args() {
        let value: Value = kwargs.get(name)?;
        let arg = match value.kind() {
            ValueKind::Number => Arg::Count(i64::try_from(value)?),
            _ => Arg::from(value.to_string()),
        };
        args.push((name, arg));
    }
    kwargs.assert_all_used()?;
    Ok(words().text(language, key, &args))
}

fn asset(name: &str) -> Result<String, Error> {
    let missing = || Error::new(ErrorKind::InvalidOperation, format!("there is no file {name}"));
    assets::url(name).ok_or_else(missing)
}

fn icon(name: &str) -> Result<Value, Error> {
    let missing = || Error::new(ErrorKind::InvalidOperation, format!("there is no icon {name}"));
    assets::icon(name).map(Value::from_safe_string).ok_or_else(missing)
}

/// Shows what stands between backticks as code. The text is escaped first.
fn codes(text: &str) -> Value {
    let mut html = String::with_capacity(text.len() + 16);
    for (position, part) in text.split('`').enumerate() {
        let escaped = minijinja::HtmlEscape(part).to_string();
        if position % 2 == 1 {
            html.push_str("<code>");
            html.push_str(&escaped);
            html.push_str("</code>");
        } else {
            html.push_str(&escaped);
        }
    }
    Value::from_safe_string(html)
}
