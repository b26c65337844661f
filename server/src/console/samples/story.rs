//! Lets things happen to a member in memory, so that samples are what the core really decides.

use crate::console::Happened;
use std::sync::Arc;
use symbolon_core::engine::{Activity, Book, Candidates, Line, Purchase, Recorded};
use symbolon_core::member::{MemberKind, MemberState};
use symbolon_core::programme::{self, Programme, Programmes, Version};
use symbolon_core::values::{ActivityId, Key, Money, Quantity};

/// One member with a book of their own.
pub struct Story {
    pub programme: Arc<Programme>,
    programmes: Programmes,
    book: Book,
    next: u128,
}

/// A line of a receipt: quantity in thousandths, product, category, unit price in minor units.
pub type Item = (i64, &'static str, &'static str, i64);

impl Story {
    pub fn begin(file: &str, text: &str) -> Result<Self, String> {
        let reading = programme::read(file, text);
        let programme = reading.programme.ok_or_else(|| format!("{:?}", reading.remarks))?;
        let programme = Arc::new(programme);
        let from = "2026-01-01T00:00:00Z".parse().map_err(|error| format!("{error}"))?;
        let version = Version { number: 3, from, programme: Arc::clone(&programme) };
        let programmes = Programmes::new(vec![version]);
        Ok(Self { programme, programmes, book: Book::default(), next: FIRST_ID })
    }

    /// Decides and books.
    pub fn happens(&mut self, at: &str, activity: Activity) -> Result<ActivityId, String> {
        let at = at.parse().map_err(|error| format!("{error}"))?;
        self.next += 0x1_0000_0000_2b37;
        let id = ActivityId::new(self.next);
        let decided = self.book.decide(&self.programmes, id, at, &activity, Candidates::All);
        let (version, decision) = decided.map_err(|refusal| format!("{refusal:?}"))?;
        self.book.book(id, version, activity, decision).map_err(|error| error.to_string())?;
        Ok(id)
    }

    pub fn joins(&mut self, at: &str) -> Result<ActivityId, String> {
        let attributes = std::collections::BTreeMap::new();
        self.happens(
            at,
            Activity::Joining { kind: MemberKind::Person, attributes, line: Vec::new() },
        )
    }

    pub fn buys(
        &mut self,
        at: &str,
        items: &[Item],
        rewards: &[&str],
    ) -> Result<ActivityId, String> {
        let lines = items.iter().map(|(quantity, product, category, price)| Line {
            product: (*product).to_owned(),
            category: Some((*category).to_owned()),
            brand: None,
            quantity: Quantity::new(*quantity),
            unit_price: Money::new(*price),
            ..Line::default()
        });
        let rewards = rewards
            .iter()
            .map(|reward| symbolon_core::engine::Claim { reward: Key::new(reward), line: None });
        let purchase = Purchase {
            location: Some("Grünerløkka".to_owned()),
            till: Some("2".to_owned()),
            lines: lines.collect(),
            rewards: rewards.collect(),
            ..Purchase::default()
        };
        self.happens(at, Activity::Purchase(purchase))
    }

    pub fn record(&self, id: ActivityId) -> Result<Recorded, String> {
        self.book.records.get(&id).cloned().ok_or_else(|| format!("there is no {id}"))
    }

    pub fn happened(&self, id: ActivityId, number: Option<&str>) -> Result<Happened, String> {
        Ok(Happened {
            programme: Arc::clone(&self.programme),
            record: self.record(id)?,
            receipt_number: number.map(str::to_owned),
        })
    }

    pub fn state(&self) -> Result<&MemberState, String> {
        self.book.member.as_ref().ok_or_else(|| "nobody joined".to_owned())
    }

    /// Everything that happened, the latest first. Receipts are numbered from 1041 on.
    pub fn timeline(&self) -> Vec<Happened> {
        let mut records: Vec<&Recorded> = self.book.records.values().collect();
        records.sort_by_key(|record| record.sequence);
        let mut number = 1040;
        let mut timeline: Vec<Happened> = records
            .into_iter()
            .map(|record| {
                number += i32::from(matches!(record.activity, Activity::Purchase(_)));
                let of_receipt = !matches!(
                    record.activity,
                    Activity::Adjustment { .. } | Activity::Joining { .. }
                );
                Happened {
                    programme: Arc::clone(&self.programme),
                    record: record.clone(),
                    receipt_number: of_receipt.then(|| number.to_string()),
                }
            })
            .collect();
        timeline.reverse();
        timeline
    }
}

/// The ids of samples look like real ones, which begin with the time.
const FIRST_ID: u128 = 0x019a_d1f0_7c00_7000_8000_0000_0000_0000;
