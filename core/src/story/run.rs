//! Runs stories on the real engine, in memory.

use super::check::Scene;
use super::instruments::{Drawer, Issued};
use super::parse::{Expectation, Item, Step, Story, Verb};
use super::people;
use crate::condition::Type;
use crate::engine::{
    Activity, Book, Candidates, Claim, Decision, Derived, Line, LineKind, Purchase, Recorded,
    Refusal, Returned, derived_of, promise_of,
};
use crate::member::{AttributeValue, MemberKind};
use crate::programme::{Programme, Programmes};
use crate::values::{ActivityId, Key, MemberId, Points, parse_decimal};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// An expectation that did not come true, or a step that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub line: usize,
    pub message: String,
}

/// Runs a story under the versions of a programme. An empty list means that all came true.
#[must_use]
pub fn run(programmes: &Programmes, story: &Story) -> Vec<Failure> {
    let mut stage = Stage {
        programmes,
        books: BTreeMap::new(),
        named: BTreeMap::new(),
        drawer: Drawer::default(),
        told: Vec::new(),
        waiting: Vec::new(),
        next: 1,
    };
    let mut failures = Vec::new();
    for step in &story.steps {
        if let Err(message) = stage.play(step, &mut failures) {
            failures.push(Failure { line: step.line, message });
        }
    }
    failures
}

pub(super) struct Stage<'a> {
    pub(super) programmes: &'a Programmes,
    pub(super) books: BTreeMap<String, Book>,
    named: BTreeMap<String, ActivityId>,
    pub(super) drawer: Drawer,
    /// What the reasons of the last step are about, as a till and a member read them.
    told: Vec<Key>,
    /// What the step means for others and was not brought to them yet.
    pub(super) waiting: Vec<Derived>,
    pub(super) next: u128,
}

impl Stage<'_> {
    fn play(&mut self, step: &Step, failures: &mut Vec<Failure>) -> Result<(), String> {
        let zone = self.programmes.latest().ok_or("there is no programme")?.programme.zone.clone();
        let at = zone.instant(step.at).map_err(|error| error.to_string())?;
        let programme =
            self.programmes.at(at).ok_or("no version is in force yet")?.programme.clone();
        self.let_occasions_happen(at)?;
        self.release_over(at)?;
        let before = matches!(
            step.verb,
            Verb::Returns { .. } | Verb::Voids { .. } | Verb::Hears { .. } | Verb::Merges { .. }
        );
        let who = if before { &step.who } else { people::goes_on_as(&self.books, &step.who) };
        let who = who.to_owned();
        let mut book = self.book_of(&who);
        book.shared = std::mem::take(&mut self.drawer.shared);
        self.told.clear();
        let outcome = self.act(&programme, &mut book, step, at);
        self.drawer.shared = std::mem::take(&mut book.shared);
        if let Ok(Some(Ok(decision))) = &outcome {
            self.drawer.learn(decision);
        }
        let drawer = &self.drawer;
        let (told, verb) = (self.told.as_slice(), &step.verb);
        let books = &self.books;
        let scene = Scene { programme: &programme, book: &book, books, drawer, told, verb, at };
        match outcome {
            Ok(result) => {
                let refusal_expected =
                    step.expectations.iter().any(|(_, e)| matches!(e, Expectation::IsRefused(_)));
                if let (Some(Err(refusal)), false) = (&result, refusal_expected) {
                    let message = format!("refused: {} ({refusal:?})", refusal.code());
                    failures.push(Failure { line: step.line, message });
                }
                for (line, expectation) in &step.expectations {
                    if let Err(message) = scene.check(expectation, result.as_ref()) {
                        failures.push(Failure { line: *line, message });
                    }
                }
                self.books.insert(who, book);
                self.deliver(at)
            }
            Err(message) => {
                self.books.insert(who, book);
                Err(message)
            }
        }
    }

    /// Cancels what was held and not confirmed in time, whoever held it.
    fn release_over(&mut self, at: Timestamp) -> Result<(), String> {
        for book in self.books.values_mut() {
            let is_over = |record: &&Recorded| {
                let ended = promise_of(record).is_some_and(|(ends_at, _)| ends_at <= at);
                ended && !record.progress.voided
            };
            let over: Vec<(ActivityId, Timestamp)> = book
                .records
                .values()
                .filter(is_over)
                .filter_map(|record| Some((record.id, promise_of(record)?.0)))
                .collect();
            for (of, ends_at) in over {
                let id = ActivityId::new(self.next << 16);
                self.next += 1;
                std::mem::swap(&mut book.shared, &mut self.drawer.shared);
                let activity = Activity::Void { of };
                let done = book
                    .decide(self.programmes, id, ends_at, &activity, Candidates::Indexed)
                    .map_err(|refusal| format!("a hold could not end: {}", refusal.code()))
                    .and_then(|(version, decision)| {
                        let booked = book.book(id, version, activity, decision);
                        booked.map_err(|error| error.to_string())
                    });
                std::mem::swap(&mut book.shared, &mut self.drawer.shared);
                done?;
            }
        }
        Ok(())
    }

    /// The book of somebody; whoever is new gets a number of his own.
    fn book_of(&mut self, who: &str) -> Book {
        let number = u128::try_from(self.books.len()).unwrap_or(0) + 1;
        let member_id = Some(MemberId::new(number << 16));
        // It goes back where it was taken from, so the place keeps its number meanwhile.
        let new = || Book { member_id, ..Book::default() };
        self.books.entry(who.to_owned()).or_insert_with(new).clone()
    }

    /// Decides and books. The outer error is a step that makes no sense, the inner a refusal.
    fn act(
        &mut self,
        programme: &Programme,
        book: &mut Book,
        step: &Step,
        at: Timestamp,
    ) -> Result<Option<Result<Decision, Refusal>>, String> {
        if self.shop(programme, book, step, at)? || self.game(programme, &step.verb, at)? {
            return Ok(None);
        }
        let Some(activity) = self.activity(programme, book, &step.verb)? else { return Ok(None) };
        // Stories number their activities, which keeps them in order and repeatable.
        let id = ActivityId::new(self.next << 16);
        self.next += 1;
        if let Some(name) = &step.name {
            self.named.insert(name.clone(), id);
        }
        // A story has its chance from the number of the step, so that it is told alike each time.
        book.shared.chance = u64::try_from(self.next).ok();
        // With every rule looked at, a story may ask about any of them; with the index the
        // answer must be the same, and here it is compared for free (I16).
        let decided = book.decide(self.programmes, id, at, &activity, Candidates::All);
        let indexed = book.decide(self.programmes, id, at, &activity, Candidates::Indexed);
        let effects = |decided: &Result<(u32, Decision), Refusal>| {
            decided.as_ref().ok().map(|(_, decision)| decision.effects.clone())
        };
        if effects(&decided) != effects(&indexed) {
            return Err("the index of rules changed the answer: please report this".to_owned());
        }
        if let Ok((_, read)) = indexed {
            self.told.extend(read.reasons.into_iter().map(|reason| reason.about));
        }
        let (version, decision) = match decided {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Some(Err(refusal))),
        };
        book.book(id, version, activity, decision.clone()).map_err(|error| error.to_string())?;
        self.waiting.extend(derived_of(id, book.member_id, &decision));
        Ok(Some(Ok(decision)))
    }

    /// Brings to others what a step means for them, and what that means for others again.
    pub(super) fn deliver(&mut self, at: Timestamp) -> Result<(), String> {
        while !self.waiting.is_empty() {
            for Derived { id, to, incoming } in std::mem::take(&mut self.waiting) {
                let book = self.books.values_mut().find(|book| book.member_id == Some(to));
                let book = book.ok_or("something was sent to nobody")?;
                let activity = Activity::Incoming(incoming);
                let (version, decision) = book
                    .decide(self.programmes, id, at, &activity, Candidates::Indexed)
                    .map_err(|refusal| format!("what was sent is refused: {}", refusal.code()))?;
                self.waiting.extend(derived_of(id, Some(to), &decision));
                let booked = book.book(id, version, activity, decision);
                booked.map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    /// What the shop does by itself, if the step is that.
    fn shop(
        &mut self,
        programme: &Programme,
        book: &mut Book,
        step: &Step,
        at: Timestamp,
    ) -> Result<bool, String> {
        // While a step is played, its book holds the instruments.
        std::mem::swap(&mut self.drawer.shared, &mut book.shared);
        let done = match &step.verb {
            Verb::Issues { instrument, value, holder, is_active } => {
                let name = step.name.as_deref().ok_or("say how it is called: … as C1")?;
                let holder = holder.as_deref().and_then(|holder| self.book_of(holder).member_id);
                let (value, is_active) = (value.as_deref(), *is_active);
                let issued = Issued { name, instrument, value, holder, is_active };
                self.drawer.issue(programme, at, &issued).map(|()| true)
            }
            Verb::Marks { what, instrument } => {
                self.drawer.mark(programme, at, *what, instrument).map(|()| true)
            }
            _ => Ok(false),
        };
        std::mem::swap(&mut self.drawer.shared, &mut book.shared);
        done
    }

    fn activity(
        &self,
        programme: &Programme,
        book: &Book,
        verb: &Verb,
    ) -> Result<Option<Activity>, String> {
        Ok(Some(match verb {
            Verb::Waits
            | Verb::Issues { .. }
            | Verb::Marks { .. }
            | Verb::Ends { .. }
            | Verb::Draws { .. } => return Ok(None),
            Verb::IsAttributed { .. } | Verb::Transfers { .. } | Verb::Merges { .. } => {
                return people::activity(programme, &self.books, verb);
            }
            Verb::Joins { kind, attributes, brought_by } => Activity::Joining {
                line: match brought_by {
                    Some(by) => people::line_from(&self.books, by)?,
                    None => Vec::new(),
                },
                kind: read_kind(kind)?,
                attributes: read_values(attributes, |key| {
                    let declared = programme.attributes.iter().find(|a| a.key.as_str() == key);
                    declared.map(|attribute| attribute.value_type)
                })?,
            },
            Verb::Company(verb) => {
                let called = |who: &str| self.member_called(who);
                let mut activity = super::companies::activity(verb, programme, called)?;
                people::gift_goes_on(&self.books, book, &mut activity);
                activity
            }
            Verb::Buys { .. } => Activity::Purchase(self.purchase(programme, verb)?),
            Verb::Time(verb) => self.time_activity(programme, book, verb)?,
            Verb::Holds { buys, minutes } => {
                let Some(Activity::Purchase(purchase)) = self.activity(programme, book, buys)?
                else {
                    return Ok(None);
                };
                Activity::Hold { purchase, minutes: *minutes }
            }
            Verb::Confirms { hold } => {
                let hold = self.find_named(hold)?;
                let Some(Activity::Hold { purchase, .. }) =
                    book.records.get(&hold).map(|record| &record.activity)
                else {
                    return Err("nothing of that name is held".to_owned());
                };
                Activity::Purchase(Purchase { hold: Some(hold), ..purchase.clone() })
            }
            Verb::Returns { items, of } => {
                Activity::Return { returned: self.returned(book, items, of.as_deref())? }
            }
            Verb::Voids { of } => Activity::Void { of: self.find_named(of)? },
            Verb::Does { action, fields } => {
                let declared = programme.find_action(action).map(|(_, declared)| declared);
                Activity::Action {
                    action: Key::new(action),
                    fields: read_values(fields, |key| {
                        let fields = &declared?.fields;
                        fields.iter().find(|(name, _)| name.as_str() == key).map(|(_, t)| *t)
                    })?,
                }
            }
            Verb::Takes { reward, through } => Activity::Redemption {
                reward: Key::new(reward),
                contact: through.as_deref().map(Key::new),
            },
            Verb::IsSet { tier, ladder, until, reason } => Activity::TierSetting {
                ladder: Key::new(ladder),
                tier: tier.as_deref().map(Key::new),
                until: *until,
                reason: reason.clone(),
                actor: "story".to_owned(),
            },
            Verb::Hears { event, of } => {
                Activity::Event { of: self.find_named(of)?, event: Key::new(event) }
            }
            Verb::IsGiven { amount, points, reason } => Activity::Adjustment {
                points: Key::new(points),
                amount: Points::new(read_points(programme, amount, points)?),
                reason: reason.clone(),
                actor: "story".to_owned(),
            },
        }))
    }

    fn purchase(&self, programme: &Programme, verb: &Verb) -> Result<Purchase, String> {
        let Verb::Buys { location, items, rewards, codes, pays, through, partner } = verb else {
            return Err("nothing is bought".to_owned());
        };
        let lines = items.iter().map(|item| self.read_line(programme, item));
        let pay = pays.iter().map(|paying| Drawer::payment(programme, codes, paying));
        let claims = rewards.iter().map(|reward| Claim { reward: Key::new(reward), line: None });
        Ok(Purchase {
            contact: through.as_deref().map(Key::new),
            partner: partner.as_deref().map(Key::new),
            location: location.clone(),
            lines: lines.collect::<Result<_, _>>()?,
            codes: codes.iter().map(|code| self.drawer.presented(programme, code)).collect(),
            pay: pay.collect::<Result<_, _>>()?,
            rewards: claims.collect(),
            ..Purchase::default()
        })
    }

    /// Somebody who was in the story before.
    fn member_called(&self, who: &str) -> Result<MemberId, String> {
        let known = self.books.get(who).and_then(|book| book.member_id);
        known.ok_or(format!("nobody earlier is called `{who}`"))
    }

    fn read_line(&self, programme: &Programme, item: &Item) -> Result<Line, String> {
        let sells = item.sells.as_deref().map(|name| self.drawer.find(name)).transpose()?;
        let cost = item.cost.as_deref().map(|cost| programme.currency.parse(cost)).transpose();
        Ok(Line {
            kind: if sells.is_some() { LineKind::Certificate } else { item.kind },
            unit_cost: cost.map_err(|error| error.to_string())?,
            product: item.product.clone(),
            category: item.category.clone(),
            brand: item.brand.clone(),
            quantity: item.quantity,
            unit_price: programme.currency.parse(&item.price).map_err(|error| error.to_string())?,
            sells,
            ..Line::default()
        })
    }

    pub(super) fn find_named(&self, name: &str) -> Result<ActivityId, String> {
        self.named.get(name).copied().ok_or(format!("nothing earlier is called `{name}`"))
    }

    fn returned(&self, book: &Book, items: &[Item], of: Option<&str>) -> Result<Returned, String> {
        let Some(of) = of else {
            let products = items.iter().map(|item| (item.product.clone(), item.quantity)).collect();
            return Ok(Returned::WithoutReceipt { products });
        };
        let receipt = self.find_named(of)?;
        let Some(Activity::Purchase(purchase)) =
            book.records.get(&receipt).map(|record| &record.activity)
        else {
            return Err(format!("`{of}` is not a receipt of this member"));
        };
        let lines = items.iter().map(|item| {
            let line = purchase.lines.iter().position(|line| line.product == item.product);
            let line = line.and_then(|line| u32::try_from(line).ok());
            Ok((line.ok_or(format!("`{of}` has no {}", item.product))?, item.quantity))
        });
        Ok(Returned::OfReceipt { receipt, lines: lines.collect::<Result<_, String>>()? })
    }
}

fn read_kind(kind: &str) -> Result<MemberKind, String> {
    MemberKind::ALL
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or(format!("`{kind}` is no kind of member: person, company, employee, household"))
}

pub(super) fn read_points(
    programme: &Programme,
    amount: &str,
    points: &str,
) -> Result<i64, String> {
    let (_, kind) = programme.find_points(points).ok_or(format!("no point kind `{points}`"))?;
    parse_decimal(amount, kind.decimals).map_err(|error| format!("`{amount}`: {error}"))
}

fn read_values(
    pairs: &[(String, String)],
    type_of: impl Fn(&str) -> Option<Type>,
) -> Result<BTreeMap<Key, AttributeValue>, String> {
    let mut values = BTreeMap::new();
    for (key, text) in pairs {
        let wrong = || format!("`{text}` does not fit `{key}`");
        let value = match type_of(key) {
            Some(Type::Int) => AttributeValue::Integer(text.parse().map_err(|_| wrong())?),
            Some(Type::Decimal) => {
                AttributeValue::Decimal(parse_decimal(text, 6).map_err(|_| wrong())?)
            }
            Some(Type::Bool) => AttributeValue::Boolean(text.parse().map_err(|_| wrong())?),
            Some(Type::Date) => AttributeValue::Date(text.parse().map_err(|_| wrong())?),
            // What is not declared is refused by the engine, which says so better.
            Some(Type::Text | Type::Tier(_)) | None => AttributeValue::Text(text.clone()),
        };
        values.insert(Key::new(key), value);
    }
    Ok(values)
}
