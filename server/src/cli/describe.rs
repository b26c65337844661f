//! `symbolon describe`: what a programme chooses, in words.

use super::Format;
use super::output::{CliError, print_json, print_line};
use crate::words::{Language, setting_sentence, stacking_sentences, words};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use symbolon_core::programme::read;

#[derive(Debug, Args)]
pub struct DescribeArguments {
    /// The programme text.
    file: PathBuf,
    /// The language of the sentences: en, ru, uk, nb.
    #[arg(long, default_value = "en")]
    language: String,
}

pub fn run(arguments: &DescribeArguments, format: Format) -> Result<u8, CliError> {
    let language = Language::from_code(&arguments.language)
        .ok_or_else(|| CliError::usage("the languages are en, ru, uk, nb"))?;
    let name = arguments.file.display().to_string();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| CliError::usage(format!("{name} cannot be read: {error}")))?;
    let Some(programme) = read(&name, &text).programme else {
        return Err(CliError::failed(format!("{name} is no programme"))
            .hinted(format!("symbolon check {name} tells what is wrong")));
    };
    let choices = programme.settings.choices();
    let bounds = stacking_sentences(language, &programme.stacking);
    match format {
        Format::Json => print_json(&json!({
            "id": programme.key,
            "settings": choices.iter().map(|choice| json!({
                "key": choice.key,
                "chosen": choice.chosen,
                "is_default": choice.is_default(),
                "answers": choice.answers,
                "sentence": setting_sentence(language, choice),
            })).collect::<Vec<_>>(),
            "stacking": bounds.iter().map(|(is_set, sentence)| json!({
                "is_default": !is_set,
                "sentence": sentence,
            })).collect::<Vec<_>>(),
        })),
        Format::Text => {
            let marked = |differs: bool| if differs { '*' } else { ' ' };
            let title = programme.name.plain(language.code()).unwrap_or(programme.key.as_str());
            print_line(title);
            print_line(&words().text(language, "describe-settings", &[]));
            for choice in &choices {
                let sentence = setting_sentence(language, choice);
                let (mark, key) = (marked(!choice.is_default()), choice.key);
                print_line(&format!("{mark} {key} = \"{}\": {sentence}", choice.chosen));
            }
            print_line(&words().text(language, "describe-stacking", &[]));
            for (is_set, sentence) in &bounds {
                print_line(&format!("{} {sentence}", marked(*is_set)));
            }
        }
    }
    Ok(0)
}
