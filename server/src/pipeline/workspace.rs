//! The working set of a batch: what was read, and what is to be written.
//!
//! Decisions happen here, in memory, in the order of the commands. Nothing here reads or
//! writes a database; what was not fetched does not exist for it.

use super::command::{Answer, AnsweredBalance, Command, Failure, Remembered, ShownCode, Subject};
use super::lanes::{Doubt, Proof};
use crate::code_secret::CodeSecret;
use crate::store::StoreError;
use crate::store::nouns::activities::{ActivityRow, ActivityTexts, ProgressChange};
use crate::store::nouns::attempts::AttemptId;
use crate::store::nouns::businesses::BusinessId;
use crate::store::nouns::claims::ClaimKey;
use crate::store::nouns::derived::{WaitingActivity, WaitingKey};
use crate::store::nouns::directories::{
    IdempotencyKey, Identifier, KnownActivity, NaturalKey, StoredAnswer,
};
use crate::store::nouns::holds::OpenHold;
use crate::store::nouns::instruments::{CodeFound, CodeHash, InstrumentEntryRow};
use crate::store::nouns::members::Chain;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use symbolon_core::engine::{
    Activity, Book, Booked, Candidates, CounterKey, Decision, Effect, Presented, Progress,
    Recorded, Refusal, Shared, counters_possible, derived_of, is_for_closed, may_win, promise_of,
};
use symbolon_core::ledger::Entry;
use symbolon_core::programme::{Programmes, QuotaPer};
use symbolon_core::values::{ActivityId, InstrumentId, MemberId};

/// A till's clock may be this much ahead of the server's.
const CLOCK_AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// A member's book while a batch is decided.
#[derive(Debug, Default)]
pub(super) struct Working {
    pub book: Book,
    pub chain: Chain,
    /// The version that is stored; 0 where the member is new.
    pub stored: u64,
    pub changed: bool,
}

/// What is known of an instrument as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredInstrument {
    /// Its version.
    pub entries: u32,
    /// The batch that its code names.
    pub batch: Option<u128>,
}

pub(super) struct Workspace {
    pub business: BusinessId,
    /// Where the chance of wins comes from, where there are any.
    pub luck: Option<CodeSecret>,
    pub(super) programmes: Arc<Programmes>,
    // What was read.
    pub members: BTreeMap<MemberId, Working>,
    pub guests: BTreeMap<ActivityId, Working>,
    pub identifiers: BTreeMap<Identifier, MemberId>,
    pub naturals: BTreeMap<NaturalKey, KnownActivity>,
    pub answers: BTreeMap<IdempotencyKey, StoredAnswer>,
    pub owners: BTreeMap<ActivityId, Option<MemberId>>,
    pub codes: BTreeMap<CodeHash, CodeFound>,
    /// What belongs to no member; each decision sees what the ones before it left.
    pub shared: Shared,
    /// How each instrument is stored.
    pub stored_instruments: BTreeMap<InstrumentId, StoredInstrument>,
    // What is to be written.
    pub new_identifiers: Vec<(Identifier, MemberId, Timestamp)>,
    /// Whose identifiers lead to whom from now on.
    pub moved_identifiers: Vec<(MemberId, MemberId)>,
    pub new_profiles: Vec<(MemberId, Option<String>, Timestamp)>,
    pub new_naturals: Vec<(NaturalKey, KnownActivity)>,
    pub new_answers: Vec<(IdempotencyKey, StoredAnswer, Timestamp)>,
    pub new_activities: Vec<ActivityRow>,
    pub new_entries: Vec<(MemberId, Entry)>,
    pub new_instrument_entries: Vec<InstrumentEntryRow>,
    /// Coupons that activities of this batch issued.
    pub issued: Vec<InstrumentId>,
    /// What the batch means for other members, and still is to be booked.
    pub new_derived: Vec<WaitingActivity>,
    /// What waited and is booked now, or was before.
    pub booked_derived: Vec<WaitingKey>,
    progressed: BTreeSet<(Option<MemberId>, ActivityId)>,
    // Where every transaction touches one bucket only; empty otherwise.
    pub by_bucket: bool,
    /// Keys that were claimed, by whom, and what is there if they are booked.
    pub claimed: Vec<(ClaimKey, AttemptId, Proof)>,
    /// What stands in the way of deciding.
    pub doubts: Vec<Doubt>,
    /// What counters said when they were read.
    pub stored_counters: BTreeMap<CounterKey, i64>,
    /// What was taken back of guests' activities when they were read.
    pub guest_progress: BTreeMap<ActivityId, Progress>,
    /// By whose booking each of the new answers stands; nothing where that was booked before.
    pub answered_by: Vec<Option<ActivityId>>,
}

/// Whose book a command works on, once that is known.
pub(super) enum Owner {
    Member(MemberId),
    /// A guest, by the receipt that is the whole of what is known of him.
    Guest(ActivityId),
    New {
        identifiers: Vec<Identifier>,
        name: Option<String>,
        joins_silently: bool,
    },
}

impl Workspace {
    pub fn new(business: BusinessId, programmes: Arc<Programmes>) -> Self {
        Self {
            business,
            programmes,
            luck: None,
            members: BTreeMap::new(),
            guests: BTreeMap::new(),
            identifiers: BTreeMap::new(),
            naturals: BTreeMap::new(),
            answers: BTreeMap::new(),
            owners: BTreeMap::new(),
            codes: BTreeMap::new(),
            shared: Shared::default(),
            stored_instruments: BTreeMap::new(),
            new_identifiers: Vec::new(),
            moved_identifiers: Vec::new(),
            new_profiles: Vec::new(),
            new_naturals: Vec::new(),
            new_answers: Vec::new(),
            new_activities: Vec::new(),
            new_entries: Vec::new(),
            new_instrument_entries: Vec::new(),
            issued: Vec::new(),
            new_derived: Vec::new(),
            booked_derived: Vec::new(),
            progressed: BTreeSet::new(),
            by_bucket: false,
            claimed: Vec::new(),
            doubts: Vec::new(),
            stored_counters: BTreeMap::new(),
            guest_progress: BTreeMap::new(),
            answered_by: Vec::new(),
        }
    }

    /// The counters of limits that commands may look at, as far as can be said beforehand.
    pub fn counters_possible(&self, commands: &[Command]) -> BTreeSet<CounterKey> {
        let books = self.members.values().chain(self.guests.values());
        let takes_back = |activity: &Activity| {
            matches!(activity, Activity::Return { .. } | Activity::Void { .. })
        };
        let mut keys = BTreeSet::new();
        for command in commands {
            let activity = &command.intent.activity;
            let Some(version) = self.programmes.at(command.at) else { continue };
            let programme = &version.programme;
            if takes_back(activity) {
                for working in books.clone() {
                    let records = &working.book.records;
                    keys.extend(counters_possible(programme, activity, records, command.at));
                }
            } else {
                let none = BTreeMap::new();
                keys.extend(counters_possible(programme, activity, &none, command.at));
            }
        }
        keys
    }

    /// Holds that the batch opened.
    pub fn opened_holds(&self) -> Vec<OpenHold> {
        let opened = self.new_activities.iter().filter_map(|row| {
            let (ends_at, _) = promise_of(&row.recorded)?;
            Some((row.member?, row.recorded.id, ends_at))
        });
        opened.collect()
    }

    /// What ended with the batch and may have been a hold.
    pub fn ended_holds(&self) -> Vec<(MemberId, ActivityId)> {
        let mut ended = Vec::new();
        for row in &self.new_activities {
            let effects = &row.recorded.decision.effects;
            let of = effects.iter().filter_map(|effect| match effect {
                Effect::EndHold { hold: of } | Effect::Voided { of } => Some(*of),
                _ => None,
            });
            ended.extend(of.filter_map(|of| Some((row.member?, of))));
        }
        ended
    }

    /// What the batch counted on limits that belong to no member.
    pub fn counter_changes(&self) -> BTreeMap<CounterKey, i64> {
        let mut changes: BTreeMap<CounterKey, i64> = BTreeMap::new();
        let effects = self.new_activities.iter().flat_map(|row| &row.recorded.decision.effects);
        for effect in effects {
            if let Effect::CountShared { counter, change } = effect
                && counter.per != QuotaPer::Member
            {
                // What does not fit was refused when it was booked.
                let sum = changes.entry(counter.clone()).or_default();
                *sum = sum.saturating_add(*change);
            }
        }
        changes
    }

    /// Decides one command and books it in memory. On a failure nothing of it stays.
    pub fn decide(&mut self, command: &Command) -> Result<Answer, Failure> {
        if let Some(answer) = self.repeated(command)? {
            return Ok(answer);
        }
        let owner = self.owner(command)?;
        if let Some(known) = self.known(command, &owner)? {
            let answer = self.recall(known)?;
            self.remember(command, &answer)?;
            return Ok(answer);
        }
        if let Some(known) = self.arrived(command) {
            return self.recall(known);
        }
        self.check_age(command)?;
        let looked_up;
        let command = if command.shown.is_empty() {
            command
        } else {
            looked_up = self.with_codes(command)?;
            &looked_up
        };
        let named;
        let command = match &command.other {
            None => command,
            Some(other) => {
                named = self.with_other(command, other)?;
                &named
            }
        };
        let persons;
        let command = match self.with_person(command) {
            None => command,
            Some(found) => {
                persons = found;
                &persons
            }
        };
        let answer = match owner {
            Owner::Member(member) => {
                self.let_occasions_happen(command, member)?;
                self.book_for(command, Some(member), command.new_activity)?
            }
            Owner::Guest(receipt) => self.book_for(command, None, receipt)?,
            Owner::New { identifiers, name, joins_silently } => {
                self.enrol(command, identifiers, name, joins_silently)?
            }
        };
        if let Some(natural) = &command.intent.natural {
            let (activity, member) = (answer.activity, answer.member);
            let known = KnownActivity { activity, member, fingerprint: command.content };
            self.naturals.insert(natural.clone(), known);
            self.new_naturals.push((natural.clone(), known));
        }
        self.remember(command, &answer)?;
        Ok(answer)
    }

    /// The command with the instruments that its codes stand for.
    fn with_codes(&self, command: &Command) -> Result<Command, Failure> {
        let find = |code: &ShownCode| match code {
            ShownCode::Mistyped => Presented::Unknown,
            ShownCode::Public(coupon) => Presented::Public(coupon.clone()),
            ShownCode::Hashes(hashes) => {
                let found = hashes.iter().find_map(|hash| self.codes.get(hash));
                found.map_or(Presented::Unknown, |code| Presented::Instrument(code.instrument))
            }
        };
        let mut command = command.clone();
        // What a hold was shown stands in the receipt that confirms it.
        let purchase = match &mut command.intent.activity {
            Activity::Purchase(purchase) if purchase.hold.is_none() => Some(purchase),
            Activity::Hold { purchase, .. } => Some(purchase),
            _ => None,
        };
        if let Some(purchase) = purchase {
            purchase.codes = command.shown.codes.iter().map(find).collect();
            for (position, code) in &command.shown.sells {
                let not_for_sale = Refusal::CertificateNotForSale {
                    line: u32::try_from(*position).unwrap_or(u32::MAX),
                };
                let (Presented::Instrument(id), Some(line)) =
                    (find(code), purchase.lines.get_mut(*position))
                else {
                    return Err(not_for_sale.into());
                };
                line.sells = Some(id);
            }
        }
        Ok(command)
    }

    /// The first answer to the caller's key, if there was one.
    fn repeated(&self, command: &Command) -> Result<Option<Answer>, Failure> {
        let Some(key) = &command.idempotency else { return Ok(None) };
        let Some(stored) = self.answers.get(key) else { return Ok(None) };
        if stored.fingerprint != command.request {
            return Err(Failure::KeyReused);
        }
        let Remembered { activity, member, version, balances, decision } =
            Remembered::read(&stored.answer)?;
        let decision = match decision {
            Some(decision) => decision,
            None => self.record(member, activity)?.decision.clone(),
        };
        Ok(Some(Answer { activity, member, version, decision, balances, replayed: true }))
    }

    /// What is recorded of an activity that was read or booked.
    fn record(&self, member: Option<MemberId>, activity: ActivityId) -> Result<&Recorded, Failure> {
        let working = match member {
            Some(member) => self.members.get(&member),
            None => self.guest_with(activity),
        };
        let record = working.and_then(|working| working.book.records.get(&activity));
        record.ok_or(Failure::ActivityNotFound)
    }

    fn remember(&mut self, command: &Command, answer: &Answer) -> Result<(), Failure> {
        let Some(key) = &command.idempotency else { return Ok(()) };
        let remembered = Remembered {
            activity: answer.activity,
            member: answer.member,
            version: answer.version,
            balances: answer.balances.clone(),
            // It stands with the activity, and is found there.
            decision: None,
        };
        let text = serde_json::to_string(&remembered)
            .map_err(|error| Failure::Inconsistent(error.to_string()))?;
        let stored = StoredAnswer { fingerprint: command.request, answer: text };
        self.answers.insert(key.clone(), stored.clone());
        self.new_answers.push((key.clone(), stored, command.recorded_at));
        self.answered_by.push((!answer.replayed).then_some(answer.activity));
        Ok(())
    }

    /// Finds whose book the command works on.
    pub(super) fn owner(&self, command: &Command) -> Result<Owner, Failure> {
        // Whoever was merged goes on as the survivor, but for what happened before.
        let stays = is_for_closed(&command.intent.activity);
        let exists = |member: MemberId| match self.members.get(&member) {
            Some(working) if working.book.member.is_some() => {
                let goes_on = if stays { None } else { self.goes_on_as(member) };
                Ok(Owner::Member(goes_on.unwrap_or(member)))
            }
            _ => Err(Failure::MemberNotFound),
        };
        match &command.subject {
            Subject::Guest => Ok(Owner::Guest(command.new_activity)),
            Subject::Member(member) => exists(*member),
            Subject::Exactly(member) => match self.members.get(member) {
                Some(working) if working.book.member.is_some() => Ok(Owner::Member(*member)),
                _ => Err(Failure::MemberNotFound),
            },
            Subject::Identified(identifier) => {
                exists(*self.identifiers.get(identifier).ok_or(Failure::MemberNotFound)?)
            }
            Subject::IdentifiedOrNew(identifier) => match self.identifiers.get(identifier) {
                Some(member) => exists(*member),
                None => Ok(Owner::New {
                    identifiers: vec![identifier.clone()],
                    name: None,
                    joins_silently: true,
                }),
            },
            Subject::New { identifiers, name } => Ok(Owner::New {
                identifiers: identifiers.clone(),
                name: name.clone(),
                joins_silently: false,
            }),
            Subject::OwnerOf(activity) => match self.owners.get(activity) {
                Some(Some(member)) => exists(*member),
                Some(None) => Ok(Owner::Guest(*activity)),
                None => Err(Failure::ActivityNotFound),
            },
        }
    }

    /// What is booked already under the natural key.
    fn known(&self, command: &Command, owner: &Owner) -> Result<Option<KnownActivity>, Failure> {
        let Some(natural) = &command.intent.natural else { return Ok(None) };
        let Some(known) = self.naturals.get(natural) else { return Ok(None) };
        let same_owner = match owner {
            Owner::Member(member) => known.member == Some(*member),
            Owner::Guest(_) => known.member.is_none(),
            Owner::New { .. } => false,
        };
        if known.fingerprint == command.content && same_owner {
            return Ok(Some(*known));
        }
        Err(Failure::BookedDifferently { activity: known.activity })
    }

    /// What came from another member and is booked already: it came a second time.
    fn arrived(&self, command: &Command) -> Option<KnownActivity> {
        let (Activity::Incoming(_), Subject::Exactly(to)) =
            (&command.intent.activity, &command.subject)
        else {
            return None;
        };
        let activity = command.new_activity;
        let is_there = self.members.get(to)?.book.records.contains_key(&activity);
        let (member, fingerprint) = (Some(*to), command.content);
        is_there.then_some(KnownActivity { activity, member, fingerprint })
    }

    /// The answer about an activity that was booked before.
    fn recall(&self, known: KnownActivity) -> Result<Answer, Failure> {
        let working = match known.member {
            Some(member) => self.members.get(&member),
            None => self.guest_with(known.activity),
        };
        let working = working.ok_or(Failure::ActivityNotFound)?;
        let record = working.book.records.get(&known.activity).ok_or(Failure::ActivityNotFound)?;
        let balances = self.balances(&working.book, record.decision.at)?;
        Ok(Answer {
            activity: known.activity,
            member: known.member,
            version: record.version,
            decision: record.decision.clone(),
            balances,
            replayed: true,
        })
    }

    fn check_age(&self, command: &Command) -> Result<(), Failure> {
        let latest = command.recorded_at.saturating_add(CLOCK_AHEAD).unwrap_or(Timestamp::MAX);
        if command.at > latest {
            return Err(Failure::InFuture { latest });
        }
        if command.any_age {
            return Ok(());
        }
        let version = self.programmes.at(command.recorded_at).ok_or(Refusal::NoProgramme)?;
        let programme = &version.programme;
        let today = programme.zone.day(command.recorded_at);
        let oldest = programme
            .backdating
            .before(today)
            .and_then(|day| programme.zone.start_of_day(day))
            .map_err(|_| Refusal::CalendarRange)?;
        if command.at < oldest { Err(Failure::TooOld { oldest }) } else { Ok(()) }
    }

    /// Makes a member, and books the command for it unless joining is all that was asked.
    fn enrol(
        &mut self,
        command: &Command,
        identifiers: Vec<Identifier>,
        name: Option<String>,
        joins_silently: bool,
    ) -> Result<Answer, Failure> {
        for identifier in &identifiers {
            if let Some(by) = self.identifiers.get(identifier) {
                return Err(Failure::IdentifierTaken { kind: identifier.kind.clone(), by: *by });
            }
        }
        let member = command.new_member;
        let mut working = Working::default();
        working.book.member_id = Some(member);
        self.members.insert(member, working);
        let counters = self.shared.counters.clone();
        let booked = if joins_silently {
            self.join_and_book(command, member)
        } else {
            self.book_for(command, Some(member), command.new_activity)
        };
        let answer = match booked {
            Ok(answer) => answer,
            Err(failure) => {
                // The member never was: what joining left behind goes with it.
                self.shared.counters = counters;
                self.members.remove(&member);
                self.new_activities.retain(|row| row.member != Some(member));
                self.new_derived.retain(|row| row.derived.incoming.from != Some(member));
                return Err(failure);
            }
        };
        for identifier in identifiers {
            self.identifiers.insert(identifier.clone(), member);
            self.new_identifiers.push((identifier, member, command.recorded_at));
        }
        self.new_profiles.push((member, name, command.recorded_at));
        Ok(answer)
    }

    fn join_and_book(&mut self, command: &Command, member: MemberId) -> Result<Answer, Failure> {
        let joining = Command {
            intent: super::Intent {
                activity: Activity::Joining {
                    kind: symbolon_core::member::MemberKind::Person,
                    attributes: BTreeMap::new(),
                    line: Vec::new(),
                },
                natural: None,
                label: None,
            },
            ..command.clone()
        };
        // The joining needs an id of its own, which follows from the activity's.
        let id = ActivityId::new(command.new_activity.number() ^ (1 << 64));
        self.book_for(&joining, Some(member), id)?;
        self.book_for(command, Some(member), command.new_activity)
    }

    /// Decides on a book and books it there. `id` is also the guest's, where there is no member.
    pub(super) fn book_for(
        &mut self,
        command: &Command,
        member: Option<MemberId>,
        id: ActivityId,
    ) -> Result<Answer, Failure> {
        let working = match member {
            Some(member) => self.members.get_mut(&member).ok_or(Failure::MemberNotFound)?,
            None => self.guests.entry(id).or_default(),
        };
        let bucket = member.map_or(id.bucket(), MemberId::bucket);
        let id = match (member, &command.intent.activity) {
            // A guest's return is a further activity in the book of the guest's receipt.
            (None, Activity::Return { .. } | Activity::Void { .. } | Activity::Event { .. }) => {
                command.new_activity.in_bucket(bucket)
            }
            _ => id.in_bucket(bucket),
        };
        let activity = &command.intent.activity;
        let luck = self.luck.as_ref().filter(|_| may_win(activity));
        self.shared.chance = luck.map(|luck| luck.luck_of(command.recorded_at, id));
        // The book holds what is shared while it decides, and gives it back in any case.
        std::mem::swap(&mut working.book.shared, &mut self.shared);
        let done = decide_and_book(&mut working.book, &self.programmes, id, command.at, activity);
        std::mem::swap(&mut working.book.shared, &mut self.shared);
        let (version, decision, booked) = done?;
        let record = working.book.records.get(&id).ok_or(Failure::ActivityNotFound)?.clone();
        let texts =
            ActivityTexts::of(&record).map_err(|error| Failure::Inconsistent(error.to_string()))?;
        let chain = link_texts(working.chain, &record, &texts);
        // A guest has no state that could hold the end of a chain: whatever happens to a
        // guest's receipt is linked to the receipt itself.
        if member.is_some() || matches!(activity, Activity::Purchase(_)) {
            working.chain = chain;
        }
        working.changed = true;
        for effect in &decision.effects {
            if let Some(of) = taken_back(effect) {
                self.progressed.insert((member, of));
            }
        }
        let rows = booked.instrument_entries.into_iter().map(|entry| InstrumentEntryRow {
            entry,
            activity: id,
            reason: None,
            actor: None,
        });
        self.new_instrument_entries.extend(rows);
        let waiting = derived_of(id, member, &decision)
            .into_iter()
            .map(|derived| WaitingActivity::new(derived, decision.at, command.recorded_at));
        self.new_derived.extend(waiting);
        self.issued.extend(decision.effects.iter().filter_map(|effect| match effect {
            Effect::IssueCoupon { instrument, .. } => Some(*instrument),
            _ => None,
        }));
        self.new_activities.push(ActivityRow {
            member,
            recorded: record,
            label: command.intent.label.clone(),
            recorded_at: command.recorded_at,
            chain,
            texts: Some(texts),
        });
        if let Some(member) = member {
            self.move_identifiers(member, &decision.effects);
            self.new_entries.extend(booked.entries.into_iter().map(|entry| (member, entry)));
        }
        self.owners.insert(id, member);
        let book = match member {
            Some(member) => self.members.get(&member),
            None => None,
        };
        let balances = match book {
            Some(working) => self.balances(&working.book, command.at)?,
            None => Vec::new(),
        };
        Ok(Answer { activity: id, member, version, decision, balances, replayed: false })
    }

    fn balances(&self, book: &Book, at: Timestamp) -> Result<Vec<AnsweredBalance>, Failure> {
        let (Some(state), Some(version)) = (&book.member, self.programmes.at(at)) else {
            return Ok(Vec::new());
        };
        let programme = &version.programme;
        let of_kind = |kind: &symbolon_core::programme::PointKind| {
            let balance = state
                .balance(kind.key.as_str(), at, &programme.zone)
                .map_err(|_| Refusal::CalendarRange)?;
            Ok(AnsweredBalance {
                points: kind.key.clone(),
                available: balance.available,
                pending: balance.pending,
                owed: balance.debt,
            })
        };
        programme.points.iter().map(of_kind).collect()
    }

    fn guest_with(&self, activity: ActivityId) -> Option<&Working> {
        self.guests.values().find(|working| working.book.records.contains_key(&activity))
    }

    /// What was taken back of earlier activities, as it stands after the batch.
    pub fn progress_changes(&self) -> Vec<ProgressChange> {
        self.progressed
            .iter()
            .filter_map(|(member, activity)| {
                let working = match member {
                    Some(member) => self.members.get(member),
                    None => self
                        .guests
                        .values()
                        .find(|working| working.book.records.contains_key(activity)),
                };
                let record = working?.book.records.get(activity)?;
                Some((*member, *activity, record.progress.clone()))
            })
            .collect()
    }
}

/// Decides on a book and books it there.
fn decide_and_book(
    book: &mut Book,
    programmes: &Programmes,
    id: ActivityId,
    at: Timestamp,
    activity: &Activity,
) -> Result<(u32, Decision, Booked), Refusal> {
    let (version, decision) = book.decide(programmes, id, at, activity, Candidates::Indexed)?;
    let booked = book
        .book(id, version, activity.clone(), decision.clone())
        .map_err(|_| Refusal::Overflow)?;
    Ok((version, decision, booked))
}

/// The activity that an effect takes something back from.
fn taken_back(effect: &Effect) -> Option<ActivityId> {
    match effect {
        Effect::ReturnLine { receipt, .. } => Some(*receipt),
        Effect::EndHold { hold } => Some(*hold),
        Effect::Reverse { of, .. }
        | Effect::Restore { of, .. }
        | Effect::Refill { of, .. }
        | Effect::Recall { of, .. }
        | Effect::Carry { of, .. }
        | Effect::Voided { of } => Some(*of),
        _ => None,
    }
}

/// Links an activity to all that the member did before: a changed or missing one breaks
/// every link after it (I15).
pub(crate) fn link(before: Chain, record: &Recorded) -> Result<Chain, StoreError> {
    Ok(link_texts(before, record, &ActivityTexts::of(record)?))
}

fn link_texts(before: Chain, record: &Recorded, texts: &ActivityTexts) -> Chain {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(record.id.number().to_be_bytes());
    hash.update(record.version.to_be_bytes());
    let ActivityTexts { payload, decision, seen } = texts;
    // Most decisions look at nothing that is shared, and their link is what it always was.
    for part in [Some(payload), Some(decision), seen.as_ref()].into_iter().flatten() {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}
