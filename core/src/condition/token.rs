//! Cuts a text into tokens. It knows nothing of meaning.

use super::fact::{ONE, millionths};
use super::{ConditionProblem, Span};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Int(i64),
    /// In millionths.
    Decimal(i128),
    Text(String),
    Name(String),
    Symbol(&'static str),
    End,
}

impl Token {
    /// How a problem names it.
    pub(super) fn found(&self, text: &str, span: Span) -> String {
        match self {
            Token::End => "the end".to_owned(),
            _ => format!("`{}`", text.get(span.at..span.end).unwrap_or_default()),
        }
    }
}

/// Longer symbols first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 20] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "(", ")", "[", "]", ",", ".",
    "?", ":",
];

/// Characters of other languages, with what to write instead.
const FOREIGN: [(&str, &str); 8] = [
    ("=", "write `==` to compare"),
    ("&", "write `&&` for and"),
    ("|", "write `||` for or"),
    ("/", "there is no division; multiply the other side instead"),
    ("%", "there is no remainder"),
    ("“", "write a text in straight quotes"),
    ("”", "write a text in straight quotes"),
    ("’", "write a text in straight quotes"),
];

/// All tokens, ending with [`Token::End`]. Numbers that do not fit are reported and read as
/// 0, so that the rest of the text can still be checked.
pub(super) fn tokens(
    text: &str,
    problems: &mut Vec<ConditionProblem>,
) -> Result<Vec<(Token, Span)>, ConditionProblem> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if first.is_ascii_whitespace() {
            at += 1;
            continue;
        } else if first.is_ascii_digit() {
            number(rest, at, problems)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length = name_length(rest);
            (Token::Name(rest[..length].to_owned()), length)
        } else if first == '"' || first == '\'' {
            quoted_text(rest, at, first)?
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            return Err(foreign(rest, at, first));
        };
        found.push((token, Span { at, end: at + length }));
        at += length;
    }
    found.push((Token::End, Span { at, end: at }));
    Ok(found)
}

fn name_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
}

fn foreign(rest: &str, at: usize, first: char) -> ConditionProblem {
    let hint = FOREIGN
        .iter()
        .find(|(character, _)| rest.starts_with(character))
        .map_or("names have the letters a to z, digits and `_`", |(_, hint)| hint);
    let span = Span { at, end: at + first.len_utf8() };
    span.problem(format!("`{first}` has no meaning here"), hint)
}

fn digits_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
}

fn number(
    rest: &str,
    at: usize,
    problems: &mut Vec<ConditionProblem>,
) -> Result<(Token, usize), ConditionProblem> {
    let whole_length = digits_length(rest);
    let places = rest[whole_length..]
        .strip_prefix('.')
        .map(|after| &after[..digits_length(after)])
        .filter(|places| !places.is_empty());
    let length = whole_length + places.map_or(0, |places| places.len() + 1);
    let tail = name_length(&rest[length..]);
    if tail > 0 {
        let span = Span { at, end: at + length + tail };
        return Err(span.problem(
            format!("`{}` is neither a number nor a name", &rest[..length + tail]),
            "write numbers as 12 or 12.50",
        ));
    }
    let span = Span { at, end: at + length };
    let whole = rest[..whole_length].parse::<i64>().unwrap_or_else(|_| {
        problems.push(span.problem("this number is too large", "the most is 9223372036854775807"));
        0
    });
    let Some(places) = places else {
        return Ok((Token::Int(whole), length));
    };
    if places.len() > 6 {
        problems.push(span.problem(
            format!("a decimal has at most 6 places, this one has {}", places.len()),
            "decimals are exact to the millionth; shorten it",
        ));
        return Ok((Token::Decimal(0), length));
    }
    // Padded to six places the digits are millionths, and six digits always parse.
    let part = format!("{places:0<6}").parse::<i128>().unwrap_or_default();
    debug_assert!(part < ONE);
    Ok((Token::Decimal(millionths(whole) + part), length))
}

fn quoted_text(rest: &str, at: usize, quote: char) -> Result<(Token, usize), ConditionProblem> {
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((offset, character)) = characters.next() {
        match character {
            '\n' | '\r' => break,
            '\\' => {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                value.push(match escaped {
                    Some(same @ ('\\' | '"' | '\'')) => same,
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    other => {
                        let width = 1 + other.map_or(0, char::len_utf8);
                        let span = Span { at: at + offset, end: at + offset + width };
                        return Err(span.problem(
                            "a `\\` in a text stands before `\\`, a quote, `n`, `r` or `t`",
                            "write `\\\\` for the character itself",
                        ));
                    }
                });
            }
            _ if character == quote => return Ok((Token::Text(value), offset + 1)),
            _ => value.push(character),
        }
    }
    let end = at + rest.find(['\n', '\r']).unwrap_or(rest.len());
    Err(Span { at, end }.problem("this text is not closed", format!("end it with `{quote}`")))
}
