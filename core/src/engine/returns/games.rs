//! What a return does to games: cards that were filled, and what the member is known to like.

use super::super::activity::{LineKind, Purchase};
use super::super::book::Recorded;
use super::super::decision::{Effect, Refusal};
use super::super::games::summed;
use super::{Part, Returning};
use crate::values::Quantity;

impl Returning<'_> {
    /// Whether a card that was filled stays full: its coupon was used meanwhile, or a thing was
    /// handed over for it. Then its stamps do not come back, and a stamp that is taken back is
    /// owed to the next card.
    pub(super) fn card_is_used(&self, record: &Recorded, position: u32) -> bool {
        let effects = &record.decision.effects;
        let Some(Effect::Spend { by, points, .. }) = effects.get(position as usize) else {
            return false;
        };
        if by != points {
            return false;
        }
        // What a card gives stands right behind its stamps.
        match effects.get(position as usize + 1) {
            Some(Effect::FreeItem { by: of, line: None, .. }) => of == by,
            Some(Effect::IssueCoupon { by: of, instrument, .. }) if of == by => {
                let known = self.context.shared.instruments.get(instrument);
                known.is_some_and(|coupon| !coupon.is_untouched())
            }
            _ => false,
        }
    }

    /// Takes what came back out of what the member is known to like.
    pub(super) fn take_back_tastes(
        &mut self,
        record: &Recorded,
        purchase: &Purchase,
        parts: &[Part],
    ) -> Result<(), Refusal> {
        let counted = |effect: &Effect| matches!(effect, Effect::Taste { .. });
        if !record.decision.effects.iter().any(counted) {
            return Ok(());
        }
        let back = parts.iter().filter_map(|part| {
            let line = purchase.lines.get(part.line as usize)?;
            let category = line.category.clone().filter(|_| line.kind == LineKind::Goods)?;
            Some((category, Quantity::new(-part.quantity.units())))
        });
        let changes = summed(back)?;
        if !changes.is_empty() {
            self.effects.push(Effect::Taste { changes });
        }
        Ok(())
    }
}
