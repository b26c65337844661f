//! Words: every text that a person reads, in four languages, and every figure in it.
//!
//! Texts are Fluent messages in `server/locales`, embedded in the program. Figures are
//! written from exact integers. This module never touches the database, never asks what
//! time it is and never fails while the program runs: a text that is missing is marked
//! with `⟦ ⟧`, and tests look for these marks.

mod arithmetic;
mod companies;
mod dates;
mod effects;
mod ending;
mod figures;
mod games;
mod instruments;
mod language;
mod others;
mod people;
mod prices;
mod quotas;
mod reasons;
mod refusals;
mod settings;
mod speaker;
mod teams;
mod time;

pub use companies::happened;
pub use effects::{effect_sentence, member_kind, points_changes};
pub use figures::{
    money, multiplier, number, number_trimmed, percent, plural_form, points, points_title, quantity,
};
pub use language::Language;
pub use reasons::{Explanation, Tone, explain_reason, reason_sentence};
pub use refusals::refusal_sentence;
pub use settings::{setting_key, setting_sentence, stacking_sentences};
pub use speaker::Speaker;
pub use time::{credit, membership, occasion};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// What is put into a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A name, or a figure that is written already.
    Text(Cow<'a, str>),
    /// A number of things: it chooses the plural form and is written in the language's way.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

/// The texts of all languages.
pub struct Words {
    bundles: [FluentBundle<FluentResource>; Language::ALL.len()],
    problems: Vec<String>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("problems", &self.problems).finish_non_exhaustive()
    }
}

/// The files of a language; the names are those below `server/locales/<code>/`.
macro_rules! files {
    ($code:literal) => {
        [
            (
                concat!($code, "/figures.ftl"),
                include_str!(concat!("../../locales/", $code, "/figures.ftl")),
            ),
            (
                concat!($code, "/console.ftl"),
                include_str!(concat!("../../locales/", $code, "/console.ftl")),
            ),
            (
                concat!($code, "/reasons.ftl"),
                include_str!(concat!("../../locales/", $code, "/reasons.ftl")),
            ),
            (
                concat!($code, "/instruments.ftl"),
                include_str!(concat!("../../locales/", $code, "/instruments.ftl")),
            ),
            (
                concat!($code, "/others.ftl"),
                include_str!(concat!("../../locales/", $code, "/others.ftl")),
            ),
            (
                concat!($code, "/companies.ftl"),
                include_str!(concat!("../../locales/", $code, "/companies.ftl")),
            ),
            (
                concat!($code, "/people.ftl"),
                include_str!(concat!("../../locales/", $code, "/people.ftl")),
            ),
            (
                concat!($code, "/time.ftl"),
                include_str!(concat!("../../locales/", $code, "/time.ftl")),
            ),
            (
                concat!($code, "/settings.ftl"),
                include_str!(concat!("../../locales/", $code, "/settings.ftl")),
            ),
            (
                concat!($code, "/games.ftl"),
                include_str!(concat!("../../locales/", $code, "/games.ftl")),
            ),
            (
                concat!($code, "/ending.ftl"),
                include_str!(concat!("../../locales/", $code, "/ending.ftl")),
            ),
        ]
    };
}

/// The files of a language with their names, as they are embedded.
#[must_use]
pub fn files(language: Language) -> [(&'static str, &'static str); 11] {
    match language {
        Language::En => files!("en"),
        Language::Ru => files!("ru"),
        Language::Uk => files!("uk"),
        Language::Nb => files!("nb"),
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::load);

/// The texts that the program brings along, read once.
#[must_use]
pub fn words() -> &'static Words {
    &WORDS
}

impl Words {
    fn load() -> Self {
        let mut problems = Vec::new();
        let bundles = Language::ALL.map(|language| bundle(language, &mut problems));
        Self { bundles, problems }
    }

    /// What was wrong with the files; empty, or a test fails.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    #[must_use]
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.bundle(language).has_message(key)
    }

    /// The text of a key with its variables filled in.
    #[must_use]
    pub fn text(&self, language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let bundle = self.bundle(language);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("⟦{key}⟧");
        };
        let mut fluent_args = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            let value = match arg {
                Arg::Text(text) => FluentValue::from(text.as_ref()),
                Arg::Count(count) => FluentValue::from(*count),
            };
            fluent_args.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&fluent_args), &mut errors);
        if errors.is_empty() { text.into_owned() } else { format!("⟦{key}: {text}⟧") }
    }

    fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        let [en, ru, uk, nb] = &self.bundles;
        match language {
            Language::En => en,
            Language::Ru => ru,
            Language::Uk => uk,
            Language::Nb => nb,
        }
    }
}

fn bundle(language: Language, problems: &mut Vec<String>) -> FluentBundle<FluentResource> {
    let locales = language.code().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(locales);
    // The marks that isolate writing directions end up in searches and in copied text,
    // and none of our languages is written from right to left.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::En => |value, _| count_in(Language::En, value),
        Language::Ru => |value, _| count_in(Language::Ru, value),
        Language::Uk => |value, _| count_in(Language::Uk, value),
        Language::Nb => |value, _| count_in(Language::Nb, value),
    }));
    for (name, source) in files(language) {
        // Half a file is better than a program that does not start; a test sees the problems.
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(half, errors)| {
                problems.extend(errors.iter().map(|error| format!("{name}: {error}")));
                half
            });
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(|error| format!("{name}: {error}")));
        }
    }
    bundle
}

/// Writes a count. Fluent carries numbers as floats and writes them without separators;
/// counts are whole and small enough that a float holds them exactly (below 2^53).
fn count_in(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(count) => {
            count.as_string().parse().ok().map(|count| number(language, count, 0))
        }
        _ => None,
    }
}
