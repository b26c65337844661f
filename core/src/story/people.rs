//! Members among each other in stories: who brought whom, what goes from hand to hand, and who
//! turns out to be one.

use super::parse::Verb;
use crate::engine::{Activity, Book, Decision, Effect};
use crate::programme::Programme;
use crate::values::{Key, MemberId, Points, parse_decimal};
use std::collections::BTreeMap;

/// `joins as company with size=3 brought by Ana`: what is left, and who brought him.
pub(super) fn split_brought(rest: &str) -> (&str, Option<String>) {
    match rest.rsplit_once("brought by ") {
        Some((rest, by)) => (rest.trim_end(), Some(by.trim().to_owned())),
        None => (rest, None),
    }
}

/// `is attributed to Ana for a letter of hers`.
pub(super) fn read_attribution(rest: &str) -> Result<Verb, String> {
    let (to, reason) =
        rest.split_once(" for ").ok_or("write: is attributed to <name> for <reason>")?;
    Ok(Verb::IsAttributed { to: to.trim().to_owned(), reason: reason.trim().to_owned() })
}

/// `transfers 100 points to Ben`.
pub(super) fn read_transfer(rest: &str) -> Result<Verb, String> {
    let form = "write: transfers <amount> <points> to <name>";
    let (what, to) = rest.rsplit_once(" to ").ok_or(form)?;
    let (amount, points) = what.trim().split_once(' ').ok_or(form)?;
    let [amount, points, to] = [amount, points, to].map(|text| text.trim().to_owned());
    Ok(Verb::Transfers { amount, points, to })
}

/// `merges into Ben`.
pub(super) fn read_merge(rest: &str) -> Result<Verb, String> {
    let into = rest.strip_prefix("into ").ok_or("write: merges into <name>")?;
    Ok(Verb::Merges { into: into.trim().to_owned() })
}

type Books = BTreeMap<String, Book>;

/// The name by which a member goes on: that of the one it was merged into.
pub(super) fn goes_on_as<'s>(books: &'s Books, who: &'s str) -> &'s str {
    let into = books.get(who).and_then(|book| book.member.as_ref()?.merged_into);
    let Some(into) = into else { return who };
    let next = books.iter().find(|(_, book)| book.member_id == Some(into));
    next.map_or(who, |(name, _)| goes_on_as(books, name))
}

/// The id of somebody who is a member.
pub(super) fn id_of(books: &Books, who: &str) -> Result<MemberId, String> {
    let book = books.get(goes_on_as(books, who)).filter(|book| book.member.is_some());
    book.and_then(|book| book.member_id).ok_or(format!("`{who}` is no member"))
}

/// A gift to a contact, for the one as whom its person goes on.
pub(super) fn gift_goes_on(books: &Books, book: &Book, activity: &mut Activity) {
    let Activity::Gift { to: Some(to), person, .. } = activity else { return };
    let Some(contact) = book.member.as_ref().and_then(|member| member.contacts.get(to)) else {
        return;
    };
    let known = books.iter().find(|(_, book)| book.member_id == contact.person);
    let Some((name, _)) = known.filter(|_| contact.person.is_some()) else { return };
    let goes_on = books.get(goes_on_as(books, name)).and_then(|book| book.member_id);
    *person = goes_on.filter(|_| goes_on != contact.person);
}

/// The line of those who brought each other, from somebody on, as it is now.
pub(super) fn line_from(books: &Books, who: &str) -> Result<Vec<MemberId>, String> {
    let mut line = vec![id_of(books, who)?];
    loop {
        let last = line.last().copied();
        let book = books.values().find(|book| book.member_id == last);
        let next = book.and_then(|book| book.member.as_ref()?.line().first().copied());
        match next {
            Some(next) if !line.contains(&next) => line.push(next),
            _ => return Ok(line),
        }
    }
}

/// The activity of one of the verbs of this file.
pub(super) fn activity(
    programme: &Programme,
    books: &Books,
    verb: &Verb,
) -> Result<Option<Activity>, String> {
    Ok(Some(match verb {
        Verb::IsAttributed { to, reason } => Activity::Attribution {
            line: line_from(books, to)?,
            reason: reason.clone(),
            actor: "story".to_owned(),
        },
        Verb::Transfers { amount, points, to } => Activity::Transfer {
            to: id_of(books, to)?,
            points: Key::new(points),
            amount: Points::new(read_amount(programme, amount, points)?),
        },
        Verb::Merges { into } => Activity::Merge { into: id_of(books, into)? },
        _ => return Ok(None),
    }))
}

fn read_amount(programme: &Programme, amount: &str, points: &str) -> Result<i64, String> {
    let (_, kind) = programme.find_points(points).ok_or(format!("no point kind `{points}`"))?;
    parse_decimal(amount, kind.decimals).map_err(|error| format!("`{amount}`: {error}"))
}

/// How many points of a kind a decision sends to somebody.
pub(super) fn sent_to(decision: Option<&Decision>, points: &str, to: MemberId) -> i128 {
    let effects = decision.map_or(&[][..], |decision| &decision.effects);
    let sent = effects.iter().map(|effect| match effect {
        Effect::Send { to: known, what, .. } if *known == to => match what.given() {
            Some((kind, amount)) if kind.as_str() == points => i128::from(amount.units()),
            _ => 0,
        },
        Effect::HandOver { to: known, points: kind, amount, .. }
            if *known == to && kind.as_str() == points =>
        {
            i128::from(amount.units())
        }
        _ => 0,
    });
    sent.sum()
}
