//! What a return takes back of what its receipt had sent to others.
//!
//! It only says so: whoever got it decides about it by an activity of its own. Never more is
//! taken back than was sent (I6).

use super::super::book::Recorded;
use super::super::decision::{Effect, Outcome, Reason, Refusal};
use super::points::shares_by_line;
use super::{Part, Returning};
use crate::programme::PointKind;
use crate::values::{Overflow, Points};

impl Returning<'_> {
    /// Recalls the share of what was sent that belongs to the lines on their way back.
    pub(super) fn recall_sent(&mut self, record: &Recorded, parts: &[Part]) -> Result<(), Refusal> {
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let Effect::Send { what, shares, .. } = effect else { continue };
            let Some((points, amount)) = what.given() else { continue };
            if !self.is_void && self.kind_of(record, points).is_some_and(PointKind::stays) {
                continue;
            }
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            let by_line = shares_by_line(amount, shares, &record.decision.net)?;
            let (mut lines, mut sum) = (Vec::new(), Points::ZERO);
            for part in parts {
                let Some(share) = by_line.get(&part.line) else { continue };
                let before = record.progress.points_of(position, part.line);
                let points = Points::new(part.share_of(*share, before.units())?);
                if !points.is_zero() {
                    lines.push((part.line, points));
                    sum = sum.plus(points)?;
                }
            }
            self.recall(record, position, sum, lines)?;
        }
        Ok(())
    }

    /// Recalls so much of one thing that was sent.
    pub(super) fn recall(
        &mut self,
        record: &Recorded,
        position: u32,
        amount: Points,
        lines: Vec<(u32, Points)>,
    ) -> Result<(), Refusal> {
        let sent = record.decision.effects.get(position as usize);
        let Some(Effect::Send { to, by, what, .. }) = sent else { return Ok(()) };
        let Some((points, _)) = what.given().filter(|_| amount.is_positive()) else {
            return Ok(());
        };
        let (to, points) = (*to, points.clone());
        let outcome = Outcome::Recalled { from: to, points: points.clone(), amount };
        self.reasons.push(Reason { about: by.clone(), outcome });
        let (of, by) = (record.id, by.clone());
        self.effects.push(Effect::Recall { of, effect: position, to, by, points, amount, lines });
        Ok(())
    }
}
