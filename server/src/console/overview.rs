//! The first page: what there is, what became of the points, what came last.

use super::{MemberRow, ReceiptRow, links};
use crate::words::{Language, Speaker};
use jiff::Timestamp;
use minijinja::{Value, context};
use std::sync::Arc;
use symbolon_core::ledger::Account;
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Overflow, Points};

#[derive(Debug)]
pub struct OverviewPage {
    /// The version in force now.
    pub programme: Arc<Programme>,
    pub version: u32,
    /// Since when it is in force; the first version judges everything, however old.
    pub version_from: Option<Timestamp>,
    /// The moment that every figure of the page is of.
    pub counted_at: Timestamp,
    pub members: i64,
    pub receipts: i64,
    pub returns: i64,
    /// One for every point kind, in the order of the programme.
    pub points: Vec<PointTotals>,
    /// The latest first.
    pub latest_receipts: Vec<ReceiptRow>,
    pub latest_members: Vec<MemberRow>,
    /// A command that sends a first receipt, for copying. Shown while there is none.
    pub first_receipt: String,
}

/// What became of the points of a kind, from the ledger's entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointTotals {
    pub points: Key,
    /// Earned by rules.
    pub issued: Points,
    /// Spent on rewards, less what was given back.
    pub redeemed: Points,
    pub expired: Points,
    /// Taken back from members after returns and voids.
    pub reversed: Points,
    /// Given by persons, less what they took; negative where they took more.
    pub adjusted: Points,
    /// What others became when the programme ended; negative where these became others.
    pub converted: Points,
}

impl PointTotals {
    #[must_use]
    pub fn new(points: Key) -> Self {
        let zero = Points::ZERO;
        Self {
            points,
            issued: zero,
            redeemed: zero,
            expired: zero,
            reversed: zero,
            adjusted: zero,
            converted: zero,
        }
    }

    /// Adds entries of the ledger that go from one account to another. What happens within the
    /// member's accounts, or within the business's, changes no total.
    pub fn add(&mut self, from: Account, to: Account, amount: Points) -> Result<(), Overflow> {
        let (total, change) = match (from.is_members(), to.is_members()) {
            (false, true) => match from {
                // What is advanced is had before it is earned; nothing more comes when it is paid.
                Account::Issued | Account::Advanced => (&mut self.issued, amount),
                Account::Redeemed => (&mut self.redeemed, amount.negated()?),
                Account::Expired => (&mut self.expired, amount.negated()?),
                Account::Forgiven | Account::Withheld => (&mut self.reversed, amount.negated()?),
                Account::Adjusted | Account::Lots | Account::Debt => (&mut self.adjusted, amount),
                Account::Converted => (&mut self.converted, amount),
                // What one member gives another is the members' all the time.
                Account::Moved => return Ok(()),
            },
            (true, false) => match to {
                Account::Issued | Account::Forgiven | Account::Withheld | Account::Advanced => {
                    (&mut self.reversed, amount)
                }
                Account::Redeemed => (&mut self.redeemed, amount),
                Account::Expired => (&mut self.expired, amount),
                Account::Adjusted | Account::Lots | Account::Debt => {
                    (&mut self.adjusted, amount.negated()?)
                }
                Account::Converted => (&mut self.converted, amount.negated()?),
                Account::Moved => return Ok(()),
            },
            _ => return Ok(()),
        };
        *total = total.plus(change)?;
        Ok(())
    }

    /// What members have, pending points included, less what they owe.
    pub fn outstanding(&self) -> Result<Points, Overflow> {
        let gone = self.redeemed.plus(self.expired)?.plus(self.reversed)?;
        self.issued.plus(self.adjusted)?.plus(self.converted)?.minus(gone)
    }

    fn values(&self, say: &Speaker<'_>) -> Value {
        let figure = |amount: Points| say.points_figure(&self.points, amount);
        let taken = |amount: Points| amount.negated().map_or_else(|_| String::new(), figure);
        let rows = [
            ("issued", figure(self.issued)),
            ("redeemed", taken(self.redeemed)),
            ("expired", taken(self.expired)),
            ("reversed", taken(self.reversed)),
            ("adjusted", figure(self.adjusted)),
        ];
        // Most programmes do not end, and nobody needs a row of them that is always nothing.
        let converted = [("converted", figure(self.converted))];
        let converted = converted.into_iter().filter(|_| !self.converted.is_zero());
        let rows: Vec<Value> = rows
            .into_iter()
            .chain(converted)
            .map(|(name, figure)| {
                let label = say.text(&format!("points-{name}"), &[]);
                let definition = say.text(&format!("points-{name}-definition"), &[]);
                context! { label, definition, figure }
            })
            .collect();
        let outstanding = self.outstanding().map(|amount| say.points(&self.points, amount));
        context! {
            title => say.points_title(&self.points),
            rows,
            // Beyond 64 bits there is no sum to show, and none was ever booked.
            outstanding => outstanding.unwrap_or_default(),
        }
    }
}

impl OverviewPage {
    pub(super) fn values(&self, language: Language) -> Value {
        let say = Speaker::new(language, &self.programme);
        let points: Vec<Value> = self.points.iter().map(|totals| totals.values(&say)).collect();
        let receipts: Vec<Value> =
            self.latest_receipts.iter().map(|row| row.values(&say)).collect();
        let members: Vec<Value> = self.latest_members.iter().map(|row| row.values(&say)).collect();
        context! {
            programme => say.programme_name(),
            version => self.version,
            version_from => self.version_from.map(|from| say.date(say.programme.zone.day(from))),
            counted_at => say.moment(self.counted_at),
            counts => [
                count(&say, "members", self.members, Some(links::MEMBERS)),
                count(&say, "receipts", self.receipts, None),
                count(&say, "returns", self.returns, None),
            ],
            is_empty => self.members == 0 && self.receipts == 0,
            first_receipt => &self.first_receipt,
            points,
            receipts,
            members,
            all_members => links::MEMBERS,
        }
    }
}

fn count(say: &Speaker<'_>, name: &str, count: i64, href: Option<&str>) -> Value {
    context! {
        label => say.text(&format!("overview-{name}"), &[]),
        definition => say.text(&format!("overview-{name}-definition"), &[]),
        figure => crate::words::number(say.language, count, 0),
        href,
    }
}
