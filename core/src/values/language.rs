//! Texts in several languages, with the plural forms that each language needs.

use std::collections::BTreeMap;

/// The plural categories of Unicode's CLDR, in their usual order.
pub const PLURAL_CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The categories that a language uses for cardinal numbers (CLDR 48, "Language Plural Rules").
///
/// For languages that are not listed only `other` is demanded; giving more is allowed.
#[must_use]
pub fn plural_categories(language: &str) -> &'static [&'static str] {
    match language.split('-').next().unwrap_or(language) {
        "en" | "nb" | "nn" | "no" | "da" | "sv" | "de" | "nl" | "fi" | "et" => &["one", "other"],
        "ru" | "uk" | "be" | "pl" => &["one", "few", "many", "other"],
        "cs" | "sk" | "lt" => &["one", "few", "many", "other"],
        _ => &["other"],
    }
}

/// One text of one language: a single form, or one form per plural category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    pub by_category: BTreeMap<&'static str, String>,
}

impl Forms {
    /// The form of a category, or `other`, which is always there.
    #[must_use]
    pub fn get(&self, category: &str) -> &str {
        self.by_category
            .get(category)
            .or_else(|| self.by_category.get("other"))
            .map_or("", String::as_str)
    }
}

/// A text in the languages that the programme gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    pub by_language: BTreeMap<String, Forms>,
}

impl Texts {
    /// The forms in `language`, else in English, else in the first language there is.
    #[must_use]
    pub fn find(&self, language: &str) -> Option<&Forms> {
        self.by_language
            .get(language)
            .or_else(|| self.by_language.get("en"))
            .or_else(|| self.by_language.values().next())
    }

    /// The plain text in `language` (the form `other` where there are several).
    #[must_use]
    pub fn plain(&self, language: &str) -> Option<&str> {
        self.find(language).map(|forms| forms.get("other"))
    }
}
