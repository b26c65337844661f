//! What a programme chooses, in sentences: one for each setting, and the bounds of discounts.

use super::{Arg, Language, percent, words};
use symbolon_core::programme::{Choice, Stacking};

/// The key of the text for an answer to a choice.
#[must_use]
pub fn setting_key(choice: &str, answer: &str) -> String {
    format!("setting-{}-{answer}", choice.replace('_', "-"))
}

/// What holds, as a sentence.
#[must_use]
pub fn setting_sentence(language: Language, choice: &Choice) -> String {
    words().text(language, &setting_key(choice.key, choice.chosen), &[])
}

/// The bounds of discounts, each with whether the programme sets it.
#[must_use]
pub fn stacking_sentences(language: Language, stacking: &Stacking) -> Vec<(bool, String)> {
    let say = |key: &str, args: &[(&str, Arg<'_>)]| words().text(language, key, args);
    let count = |count: u32| [("count", Arg::from(i64::from(count)))];
    let share = |rate| [("percent", Arg::from(percent(language, rate)))];
    let most_rules = match stacking.most_rules {
        Some(most) => (true, say("stacking-most-rules", &count(most))),
        None => (false, say("stacking-no-most-rules", &[])),
    };
    let most_percent = match stacking.most_percent {
        Some(most) => (true, say("stacking-most-percent", &share(most))),
        None => (false, say("stacking-no-most-percent", &[])),
    };
    let margin_floor = match stacking.margin_floor {
        Some(floor) => (true, say("stacking-margin-floor", &share(floor))),
        None => (false, say("stacking-no-margin-floor", &[])),
    };
    let is_usual = stacking.effort == Stacking::EFFORT;
    let effort = (!is_usual, say("stacking-effort", &count(stacking.effort)));
    vec![most_rules, most_percent, margin_floor, effort]
}
