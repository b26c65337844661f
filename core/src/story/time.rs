//! What stories say of the calendar, of benefits, memberships and credit.

use super::check::{Scene, same};
use super::parse::{Expectation, Verb, split_word};
use super::run::{Stage, read_points};
use crate::engine::{Activity, Candidates, Entitlement, SetOffAgainst, derived_of, entitlements};
use crate::programme::Programme;
use crate::values::{Key, Points};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a member does with a benefit, a membership or a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeVerb {
    UsesBenefit { benefit: String, note: String },
    IsServed { of: String },
    PaysFor { membership: String },
    IsAdvanced { amount: String, credit: String },
    SetsOff { amount: String, credit: String, against: SetOffAgainst },
}

/// What is expected of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeExpectation {
    HasUses {
        uses: String,
        benefit: String,
    },
    /// Somebody has to do it by a day; without one, nobody has to do anything.
    IsOwed(Option<(String, Date)>),
    /// Paid until a day; without one, not paid.
    IsMemberOf {
        membership: String,
        until: Option<Date>,
    },
    HasAdvanced {
        amount: String,
        credit: String,
    },
}

/// `uses lounge because of a delay`, `pays for club`, `sets off 300.00 on advance against balance`.
pub(super) fn read_verb(verb: &str, rest: &str) -> Result<Option<Verb>, String> {
    let text = |text: &str| text.trim().to_owned();
    Ok(Some(Verb::Time(match verb {
        "uses" => {
            let (benefit, note) = rest.split_once(" because ").unwrap_or((rest, ""));
            TimeVerb::UsesBenefit { benefit: text(benefit), note: text(note) }
        }
        "pays" => {
            let membership = rest.strip_prefix("for ").ok_or("write: pays for <membership>")?;
            TimeVerb::PaysFor { membership: text(membership) }
        }
        "is" if rest.starts_with("served ") => {
            TimeVerb::IsServed { of: text(rest.trim_start_matches("served ")) }
        }
        "is" if rest.starts_with("advanced ") => {
            let form = "write: is advanced <amount> on <credit>";
            let (amount, credit) =
                rest.trim_start_matches("advanced ").split_once(" on ").ok_or(form)?;
            TimeVerb::IsAdvanced { amount: text(amount), credit: text(credit) }
        }
        "sets" => {
            let form = "write: sets off <amount> on <credit> against payment, or balance";
            let (amount, rest) =
                rest.strip_prefix("off ").and_then(|r| r.split_once(" on ")).ok_or(form)?;
            let (credit, against) = rest.split_once(" against ").ok_or(form)?;
            let against = match against.trim() {
                "payment" => SetOffAgainst::Payment,
                "balance" => SetOffAgainst::Balance,
                _ => return Err(form.to_owned()),
            };
            TimeVerb::SetsOff { amount: text(amount), credit: text(credit), against }
        }
        _ => return Ok(None),
    })))
}

/// `has 2 uses of lounge`, `is owed lounge by 2027-01-11`, `is member of club until 2027-12-31`.
pub(super) fn read_expectation(content: &str) -> Result<Option<Expectation>, String> {
    let (verb, rest) = split_word(content);
    let (word, after) = split_word(rest);
    let day = |text: &str| {
        let text = text.trim();
        text.parse::<Date>().map_err(|_| format!("`{text}` is not a date such as 2027-01-31"))
    };
    let expectation = match (verb, word) {
        ("has", uses) if after.starts_with("uses of ") || after.starts_with("use of ") => {
            let (_, benefit) = after.split_once(" of ").unwrap_or_default();
            TimeExpectation::HasUses { uses: uses.to_owned(), benefit: benefit.trim().to_owned() }
        }
        ("has", amount) if after.starts_with("advanced on ") => TimeExpectation::HasAdvanced {
            amount: amount.to_owned(),
            credit: after.trim_start_matches("advanced on ").trim().to_owned(),
        },
        ("is", "owed") if after == "nothing" => TimeExpectation::IsOwed(None),
        ("is", "owed") => {
            let (about, due) =
                after.split_once(" by ").ok_or("write: is owed <benefit> by <day>")?;
            TimeExpectation::IsOwed(Some((about.trim().to_owned(), day(due)?)))
        }
        ("is", "member") => {
            let form = "write: is member of <membership> until <day>";
            let (membership, until) =
                after.strip_prefix("of ").and_then(|a| a.split_once(" until ")).ok_or(form)?;
            let membership = membership.trim().to_owned();
            TimeExpectation::IsMemberOf { membership, until: Some(day(until)?) }
        }
        ("is", "no") => {
            let form = "write: is no member of <membership>";
            let membership = after.strip_prefix("member of ").ok_or(form)?.trim().to_owned();
            TimeExpectation::IsMemberOf { membership, until: None }
        }
        _ => return Ok(None),
    };
    Ok(Some(Expectation::Time(expectation)))
}

impl Stage<'_> {
    /// Books what the calendar brought to everybody since the last step, in the order of time.
    pub(super) fn let_occasions_happen(&mut self, until: Timestamp) -> Result<(), String> {
        loop {
            let due = self.books.iter().filter_map(|(who, book)| {
                let (id, at, activity) = book.occasion_due(self.programmes, until)?;
                Some((at, id, activity, who.clone()))
            });
            let Some((at, id, activity, who)) = due.min_by_key(|(at, id, ..)| (*at, *id)) else {
                return Ok(());
            };
            let Some(book) = self.books.get_mut(&who) else { return Ok(()) };
            std::mem::swap(&mut book.shared, &mut self.drawer.shared);
            let done = book
                .decide(self.programmes, id, at, &activity, Candidates::Indexed)
                .map_err(|refusal| format!("an occasion is refused: {}", refusal.code()))
                .and_then(|(version, decision)| {
                    let booked = book.book(id, version, activity, decision.clone());
                    booked.map(|_| decision).map_err(|error| error.to_string())
                });
            std::mem::swap(&mut book.shared, &mut self.drawer.shared);
            let decision = done?;
            self.waiting.extend(derived_of(id, book.member_id, &decision));
            self.drawer.learn(&decision);
            self.deliver(at)?;
        }
    }

    pub(super) fn time_activity(
        &self,
        programme: &Programme,
        book: &crate::engine::Book,
        verb: &TimeVerb,
    ) -> Result<Activity, String> {
        let amount_on = |credit: &str, amount: &str| -> Result<Points, String> {
            let found = programme.credits.iter().find(|known| known.key.as_str() == credit);
            let found = found.ok_or(format!("there is no credit `{credit}`"))?;
            let kind = programme.points.get(found.points).ok_or("its kind is not there")?;
            read_points(programme, amount, kind.key.as_str()).map(Points::new)
        };
        Ok(match verb {
            TimeVerb::UsesBenefit { benefit, note } => {
                Activity::BenefitUse { benefit: Key::new(benefit), note: note.clone() }
            }
            TimeVerb::PaysFor { membership } => {
                Activity::MembershipPayment { membership: Key::new(membership) }
            }
            TimeVerb::IsServed { of } => {
                let of = self.find_named(of)?;
                let tasks = book.member.as_ref().map_or(&[][..], |member| &member.tasks);
                let effect = tasks.iter().find(|task| task.activity == of);
                // What is not there is refused by the engine, which says so better.
                let effect = effect.map_or(0, |task| task.effect);
                let (note, actor) = (String::new(), "story".to_owned());
                Activity::Fulfilment { of, effect, note, actor }
            }
            TimeVerb::IsAdvanced { amount, credit } => {
                Activity::Advance { amount: amount_on(credit, amount)?, credit: Key::new(credit) }
            }
            TimeVerb::SetsOff { amount, credit, against } => Activity::SetOff {
                amount: amount_on(credit, amount)?,
                credit: Key::new(credit),
                against: *against,
            },
        })
    }
}

impl Scene<'_> {
    fn entitlement(&self, benefit: &str) -> Result<Option<Entitlement>, String> {
        let member = self.book.member.as_ref().ok_or("not a member")?;
        self.programme.find_benefit(benefit).ok_or(format!("there is no benefit `{benefit}`"))?;
        let all = entitlements(self.programme, member, self.at);
        let all = all.map_err(|refusal| refusal.code().to_owned())?;
        Ok(all.into_iter().find(|had| had.benefit.as_str() == benefit))
    }

    pub(super) fn check_benefit(&self, benefit: &str, wanted: bool) -> Result<(), String> {
        // Who has used up all single uses that were given no longer has it.
        let had = self.entitlement(benefit)?;
        let has = had.is_some_and(|had| had.standing || had.single_uses > 0);
        if has == wanted { Ok(()) } else { Err(format!("has benefit `{benefit}`: {has}")) }
    }

    pub(super) fn check_time(&self, expectation: &TimeExpectation) -> Result<(), String> {
        let member = self.book.member.as_ref().ok_or("not a member")?;
        match expectation {
            TimeExpectation::HasUses { uses, benefit } => {
                let left = self.entitlement(benefit)?.map_or(Some(0), |had| had.left());
                same(uses, &left.map_or("unlimited".to_owned(), |left| left.to_string()))
            }
            TimeExpectation::IsOwed(wanted) => {
                let is_it = |about: &str, due: Date| {
                    member.tasks.iter().any(|t| t.about.as_str() == about && t.due == due)
                };
                let holds = match wanted {
                    Some((about, due)) => is_it(about, *due),
                    None => member.tasks.is_empty(),
                };
                if holds { Ok(()) } else { Err(format!("is owed {:?}", member.tasks)) }
            }
            TimeExpectation::IsMemberOf { membership, until } => {
                let day = self.programme.zone.day(self.at);
                let paid = member.has_membership(membership, day);
                let found = member.membership_until(membership).filter(|_| paid);
                let said = |day: Option<Date>| day.map_or("not paid".to_owned(), |d| d.to_string());
                same(&said(*until), &said(found))
            }
            TimeExpectation::HasAdvanced { amount, credit } => {
                let found = self.programme.credits.iter().find(|c| c.key.as_str() == credit);
                let found = found.ok_or(format!("there is no credit `{credit}`"))?;
                let kind = self.programme.points.get(found.points).ok_or("no such kind")?;
                let open = member.advanced(credit);
                self.same_points(amount, kind.key.as_str(), i128::from(open.units()))
            }
        }
    }
}
