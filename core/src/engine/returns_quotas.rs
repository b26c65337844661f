//! What a return gives back to limits: money and points by what came back, uses when all did.
//!
//! The share of a line grows with what came back of it in all, so that any order of partial
//! returns ends at the same figures (I6, I7).

use super::activity::Activity;
use super::book::Recorded;
use super::counters::CounterKey;
use super::decision::{Effect, Shares};
use super::returns::{Part, points::shares_by_line};
use crate::programme::Programme;
use crate::values::{Key, Overflow, Rounding, divide};
use std::collections::BTreeMap;

/// Adds the effects that give back to the limits of a receipt.
pub(super) fn give_back_quotas(
    programme: Option<&Programme>,
    record: &Recorded,
    parts: &[Part],
    complete: bool,
    effects: &mut Vec<Effect>,
) -> Result<(), Overflow> {
    for effect in &record.decision.effects {
        let Effect::CountShared { counter, change } = effect else { continue };
        let back = match counter.unit.as_str() {
            "times" if complete => *change,
            // What was handed over is not there any more.
            "times" | "pieces" => 0,
            _ => {
                let by_line = by_line(programme, record, counter)?;
                amount_back(record, &by_line, *change, parts, complete)?
            }
        };
        if back != 0 {
            effects.push(Effect::CountShared { counter: counter.clone(), change: -back });
        }
    }
    Ok(())
}

/// What comes back of an amount: what the receipt counted, less what is still with the member.
fn amount_back(
    record: &Recorded,
    by_line: &BTreeMap<u32, i64>,
    counted: i64,
    parts: &[Part],
    complete: bool,
) -> Result<i64, Overflow> {
    let before = share(record, by_line, &[])?;
    let after = if complete { counted } else { share(record, by_line, parts)? };
    // Parts that are rounded never give back more than was counted.
    Ok(after.min(counted) - before.min(counted))
}

/// What a limit counted of a receipt, by line.
fn by_line(
    programme: Option<&Programme>,
    record: &Recorded,
    counter: &CounterKey,
) -> Result<BTreeMap<u32, i64>, Overflow> {
    let counts = |by: &Key| counts(programme, by, counter);
    let mut sums: BTreeMap<u32, i64> = BTreeMap::new();
    let mut add = |line: u32, units: i64| -> Result<(), Overflow> {
        let sum = sums.entry(line).or_default();
        *sum = sum.checked_add(units).ok_or(Overflow)?;
        Ok(())
    };
    for effect in &record.decision.effects {
        match effect {
            Effect::Discount { by, lines, .. }
                if counter.unit.as_str() == "money" && counts(by) =>
            {
                lines.iter().try_for_each(|(line, part)| add(*line, part.units()))?;
            }
            Effect::Earn { by, points, amount, shares, .. }
                if unit_of(points) == counter.unit && counts(by) =>
            {
                let shares: &Shares = shares;
                let lines = shares_by_line(*amount, shares, &record.decision.net)?;
                lines.into_iter().try_for_each(|(line, part)| add(line, part))?;
            }
            // A part that went to somebody else was given by the rule all the same.
            Effect::Send { by, what, shares, .. } if counts(by) => {
                let given = what.given().filter(|(points, _)| unit_of(points) == counter.unit);
                let Some((_, amount)) = given else { continue };
                let lines = shares_by_line(amount, shares, &record.decision.net)?;
                lines.into_iter().try_for_each(|(line, part)| add(line, part))?;
            }
            _ => {}
        }
    }
    Ok(sums)
}

/// Whether what a rule or reward gives counts on a counter: its own, or its campaign's.
fn counts(programme: Option<&Programme>, by: &Key, counter: &CounterKey) -> bool {
    let campaign = programme
        .and_then(|programme| programme.campaigns.get(programme.find_rule(by.as_str())?.campaign?));
    counter.of == *by || campaign.is_some_and(|campaign| campaign.key == counter.of)
}

fn unit_of(points: &Key) -> Key {
    Key::new(&format!("points:{points}"))
}

/// The share of what came back before, with `parts` on top.
fn share(record: &Recorded, by_line: &BTreeMap<u32, i64>, parts: &[Part]) -> Result<i64, Overflow> {
    let mut all = 0_i64;
    for (line, whole) in by_line {
        let Activity::Purchase(purchase) = &record.activity else { continue };
        let Some(bought) = purchase.lines.get(*line as usize) else { continue };
        let part = parts.iter().find(|part| part.line == *line);
        let now = part.map_or(0, |part| part.quantity.units());
        let back = record.progress.line(*line).returned.units().checked_add(now);
        let product = i128::from(*whole) * i128::from(back.ok_or(Overflow)?);
        let share = divide(product, i128::from(bought.quantity.units()), Rounding::Down)?;
        all = all.checked_add(share).ok_or(Overflow)?;
    }
    Ok(all)
}
