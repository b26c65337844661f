//! Fills page values from reading transactions.

use super::PageError;
use crate::app::{
    App, MemberFound, REFERRAL_KIND, contact_names, gifts_of, ledger_overview, member_by_query,
    member_fetch, receipt_fetch,
};
use crate::console::{
    Gift, Happened, Identifier, IdentifierKind, MemberFacts, MemberLabel, MemberPage, MemberRow,
    MembersPage, OverviewPage, Page, People, Person, PointTotals, ReceiptPage, ReceiptRow, links,
};
use crate::store::StoreError;
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::directories::{self, Identifier as StoredIdentifier};
use crate::store::nouns::members;
use crate::words::{Language, Speaker, points_changes};
use std::sync::Arc;
use symbolon_core::engine::{Activity, Effect};
use symbolon_core::member::Contact;
use symbolon_core::programme::{Programme, Version};
use symbolon_core::values::{ActivityId, Key, MemberId, Money, Points};

const ROWS: u32 = 10;
const PAGE_ROWS: u32 = 50;

/// A command that books a first receipt, for copying.
const FIRST_RECEIPT: &str = r#"curl -X POST http://127.0.0.1:8080/v1/receipts \
  -H "Authorization: Bearer $SYMBOLON_KEY" -H "Content-Type: application/json" \
  -d '{"number": "1", "lines": [{"product": "latte", "quantity": "2", "unit_price": "3.50"}]}'"#;

fn current(app: &App) -> Option<Version> {
    app.programmes().at(app.world.now()).cloned()
}

pub fn overview(app: &App) -> Result<Option<Page>, PageError> {
    let Some(version) = current(app) else { return Ok(None) };
    let programme = &version.programme;
    let sums = ledger_overview(app)?;
    let points = programme.points.iter().map(|kind| {
        let sum = sums.points.iter().find(|sum| sum.points == kind.key.as_str());
        let amount = |of: fn(&crate::app::PointsOverview) -> i64| Points::new(sum.map_or(0, of));
        PointTotals {
            points: kind.key.clone(),
            issued: amount(|sum| sum.earned),
            redeemed: amount(|sum| sum.redeemed),
            expired: amount(|sum| sum.expired),
            reversed: amount(|sum| sum.reversed),
            adjusted: amount(|sum| sum.adjusted),
            converted: amount(|sum| sum.converted),
        }
    });
    let points = points.collect();
    let latest_receipts = app.store.read(|reader| {
        let rows = activities::activities_newest(reader, app.business, "receipt", ROWS)?;
        rows.iter().map(|row| receipt_row(app, reader, programme, row)).collect::<Result<_, _>>()
    });
    let latest_receipts: Vec<ReceiptRow> = latest_receipts.map_err(|e: StoreError| e)?;
    Ok(Some(Page::Overview(Box::new(OverviewPage {
        programme: Arc::clone(programme),
        version: version.number,
        version_from: (version.number > 1).then_some(version.from),
        counted_at: app.world.now(),
        members: sums.members,
        receipts: sums.receipts,
        returns: sums.returns,
        points,
        latest_receipts,
        latest_members: member_rows(app, programme, None, ROWS)?,
        first_receipt: FIRST_RECEIPT.to_owned(),
    }))))
}

fn receipt_row(
    app: &App,
    reader: &mut crate::store::Reader<'_>,
    programme: &Programme,
    row: &ActivityRow,
) -> Result<ReceiptRow, StoreError> {
    let decision = &row.recorded.decision;
    let member = match row.member {
        Some(member) => Some(label(app, reader, member)?),
        None => None,
    };
    Ok(ReceiptRow {
        id: row.recorded.id,
        number: row.label.clone().unwrap_or_default(),
        at: decision.at,
        member,
        total: Money::sum(decision.net.iter().copied()).unwrap_or_default(),
        points: points_changes(&Speaker::new(Language::En, programme), &decision.effects),
    })
}

fn label(
    app: &App,
    reader: &mut crate::store::Reader<'_>,
    member: MemberId,
) -> Result<MemberLabel, StoreError> {
    let identifiers = directories::identifiers_of_member(reader, app.business, member)?;
    let shown = identifiers
        .iter()
        .find(|one| one.kind != REFERRAL_KIND)
        .map_or_else(|| member.to_string(), masked);
    Ok(MemberLabel { id: member, shown })
}

/// Enough to recognise, too little to use. An external id is another system's and no secret.
fn masked(identifier: &StoredIdentifier) -> String {
    if identifier.kind == "external" {
        return identifier.value.clone();
    }
    let characters: Vec<char> = identifier.value.chars().collect();
    let shown_first = if identifier.kind == "phone" { 3 } else { 0 };
    let shown_last = 3;
    characters
        .iter()
        .enumerate()
        .map(|(position, character)| {
            let is_shown = position < shown_first || position + shown_last >= characters.len();
            if is_shown { *character } else { '•' }
        })
        .collect()
}

fn member_rows(
    app: &App,
    programme: &Programme,
    after: Option<MemberId>,
    most: u32,
) -> Result<Vec<MemberRow>, PageError> {
    let now = app.world.now();
    let found = app.store.read(|reader| {
        let ids = members::members_newest(reader, app.business, after, most)?;
        let states = members::states_find(reader, app.business, &ids)?;
        let mut found = Vec::new();
        for (id, state) in ids.into_iter().zip(states) {
            let Some(row) = state else { continue };
            found.push((label(app, reader, id)?, row.state));
        }
        Ok::<_, StoreError>(found)
    })?;
    let mut rows = Vec::with_capacity(found.len());
    for (member, state) in found {
        let mut available: Vec<(Key, Points)> = Vec::new();
        for kind in programme.points.iter().filter(|kind| kind.spendable) {
            let balance = state.balance(kind.key.as_str(), now, &programme.zone)?;
            available.push((kind.key.clone(), balance.available));
        }
        rows.push(MemberRow { member, kind: state.kind, joined: state.joined, available });
    }
    Ok(rows)
}

pub fn members(app: &App, after: Option<MemberId>) -> Result<Option<Page>, PageError> {
    let Some(version) = current(app) else { return Ok(None) };
    let rows = member_rows(app, &version.programme, after, PAGE_ROWS)?;
    let is_full = rows.len() == PAGE_ROWS as usize;
    let next = rows.last().filter(|_| is_full).map(|row| row.member.id.to_string());
    let members = app.store.read(|reader| members::members_count(reader, app.business))?;
    let programme = Arc::clone(&version.programme);
    let is_continued = after.is_some();
    Ok(Some(Page::Members(Box::new(MembersPage { programme, members, rows, is_continued, next }))))
}

pub fn member(app: &App, id: MemberId, after: Option<u64>) -> Result<Option<Page>, PageError> {
    let Some(version) = current(app) else { return Ok(None) };
    let Some(found) = member_fetch(app, id)? else { return Ok(None) };
    let now = app.world.now();
    let rows = app.store.read(|reader| {
        activities::activities_of_member(reader, app.business, id, after, PAGE_ROWS)
    })?;
    let is_full = rows.len() == PAGE_ROWS as usize;
    let next = rows.last().filter(|_| is_full).map(|row| row.recorded.sequence.to_string());
    let identifiers = found.identifiers.iter().map(|identifier| Identifier {
        kind: match identifier.kind.as_str() {
            "phone" => IdentifierKind::Phone,
            "email" => IdentifierKind::Email,
            "card" => IdentifierKind::Card,
            _ => IdentifierKind::External,
        },
        masked: masked(identifier),
    });
    let code = found
        .referral_code
        .iter()
        .map(|code| Identifier { kind: IdentifierKind::Referral, masked: code.clone() });
    let identifiers = identifiers.chain(code);
    Ok(Some(Page::Member(Box::new(MemberPage {
        at: now,
        id,
        identifiers: identifiers.collect(),
        kind: found.state.kind,
        joined: found.state.joined,
        facts: MemberFacts::of(&version.programme, &found.state, now)?,
        people: people_of(app, &found)?,
        timeline: happened(app, rows)?,
        is_continued: after.is_some(),
        next,
        programme: version.programme,
    }))))
}

/// The contacts of a member with their names, and the gifts that they got.
fn people_of(app: &App, found: &MemberFound) -> Result<People, PageError> {
    let mut names = contact_names(app, found.member)?;
    let person = |(key, contact): (&Key, &Contact)| Person {
        key: key.clone(),
        name: names.remove(key.as_str()),
        contact: contact.clone(),
    };
    let persons = found.state.contacts.iter().map(person).collect();
    let gifts = gifts_of(app, found)?.into_iter().map(|gift| Gift {
        at: gift.at,
        reward: gift.reward,
        contact: gift.contact,
        person: gift.person,
        worth: gift.worth,
        asked_by: gift.asked_by,
        approved_by: gift.approved_by,
        is_voided: gift.voided,
    });
    Ok(People { persons, gifts: gifts.collect() })
}

/// Adds to each activity the version that judged it, and the number of the receipt it is about.
fn happened(app: &App, rows: Vec<ActivityRow>) -> Result<Vec<Happened>, PageError> {
    let programmes = app.programmes();
    let about: Vec<ActivityId> = rows.iter().filter_map(takes_back).collect();
    let receipts =
        app.store.read(|reader| activities::activities_find(reader, app.business, &about))?;
    let mut happened = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(version) = programmes.number(row.recorded.version) else { continue };
        let of = takes_back(&row);
        let number = receipts
            .iter()
            .flatten()
            .find(|receipt| Some(receipt.recorded.id) == of)
            .and_then(|receipt| receipt.label.clone());
        let is_receipt = matches!(row.recorded.activity, Activity::Purchase(_));
        happened.push(Happened {
            programme: Arc::clone(&version.programme),
            record: row.recorded,
            receipt_number: if is_receipt { row.label } else { number },
        });
    }
    Ok(happened)
}

/// The receipt that a return or void is about; the first one where there are several.
fn takes_back(row: &ActivityRow) -> Option<ActivityId> {
    row.recorded.decision.effects.iter().find_map(|effect| match effect {
        Effect::ReturnLine { receipt, .. } => Some(*receipt),
        _ => None,
    })
}

pub fn receipt(app: &App, id: ActivityId) -> Result<Option<Page>, PageError> {
    let Some(found) = receipt_fetch(app, id)? else { return Ok(None) };
    let programmes = app.programmes();
    let row = found.receipt;
    let is_receipt = matches!(row.recorded.activity, Activity::Purchase(_));
    let Some(version) = programmes.number(row.recorded.version).filter(|_| is_receipt) else {
        return Ok(None);
    };
    let member = match row.member {
        Some(member) => Some(app.store.read(|reader| label(app, reader, member))?),
        None => None,
    };
    Ok(Some(Page::Receipt(Box::new(ReceiptPage {
        programme: Arc::clone(&version.programme),
        record: row.recorded,
        number: row.label.unwrap_or_default(),
        member,
        returns: happened(app, found.reversals)?,
    }))))
}

/// The address of what was searched for: a member, or a receipt by its number or id.
pub fn search(app: &App, query: &str) -> Result<Option<String>, PageError> {
    let query = query.trim();
    if query.is_empty() {
        return Ok(None);
    }
    if let Some(member) = member_by_query(app, query)? {
        return Ok(Some(links::member(member)));
    }
    let digits = query.split_once('_').map(|(_, digits)| digits);
    let id = digits.and_then(|digits| format!("act_{digits}").parse::<ActivityId>().ok());
    if let Some(id) = id
        && receipt_fetch(app, id)?.is_some()
    {
        return Ok(Some(links::receipt(id)));
    }
    let found = app
        .store
        .read(|reader| activities::activities_by_label(reader, app.business, query, 10))?;
    let receipt = found.iter().find(|row| matches!(row.recorded.activity, Activity::Purchase(_)));
    Ok(receipt.map(|row| links::receipt(row.recorded.id)))
}
