//! A naive model of the whole core: it keeps flat lists, adds everything up anew for every
//! answer and shares no code with the engine. Random histories over random programmes must
//! end alike in both. The server's tests take it in, too, and lay both databases beside it.
#![expect(clippy::unwrap_used, reason = "what the model draws for itself is sound")]

mod back;
mod earning;
mod sale;
mod standing;
mod sums;
mod world;

use super::random::{Played, Shape};
use super::support::NotBooked;
use jiff::{Timestamp, ToSpan};
use symbolon_core::engine::{Activity, Decision, Effect, Returned, tier_on};
use symbolon_core::values::{ActivityId, Key};
pub use world::World;

/// What an activity came to, in the terms that model and engine are compared in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    net: Vec<i64>,
    discounts: Vec<(String, Vec<(u32, i64)>)>,
    earned: Vec<(String, usize, i64)>,
    spent: Vec<(String, usize, i64)>,
    refunds: Vec<(ActivityId, u32, i64, i64)>,
    /// Kind, amount, lapsed, owed, forgiven.
    reversed: Vec<(usize, i64, i64, i64, i64)>,
    restored: Vec<(usize, i64)>,
    expired: Vec<(usize, i64)>,
    repaid: Vec<(usize, i64)>,
}

impl Answer {
    fn repaid(&mut self, kind: usize, amount: i64) {
        if amount > 0 {
            self.repaid.push((kind, amount));
        }
    }

    /// Points that end or pay a debt together may stand in any order and in several parts.
    fn settled(mut self) -> Self {
        for list in [&mut self.expired, &mut self.repaid] {
            let sum =
                |kind: usize| list.iter().filter(|(of, _)| *of == kind).map(|(_, n)| *n).sum();
            let sums: Vec<(usize, i64)> = (0..2).map(|kind| (kind, sum(kind))).collect();
            *list = sums;
        }
        self
    }

    fn of(decision: &Decision) -> Self {
        let mut answer = Self::default();
        let kind = |points: &Key| points.as_str()[1..].parse::<usize>().unwrap();
        answer.net = decision.net.iter().map(|net| net.units()).collect();
        for effect in &decision.effects {
            match effect {
                Effect::Discount { by, lines, .. } => {
                    let lines = lines.iter().map(|(line, part)| (*line, part.units())).collect();
                    answer.discounts.push((by.to_string(), lines));
                }
                Effect::Earn { by, points, amount, .. } => {
                    answer.earned.push((by.to_string(), kind(points), amount.units()));
                }
                Effect::Spend { by, points, amount, .. } => {
                    answer.spent.push((by.to_string(), kind(points), amount.units()));
                }
                Effect::ReturnLine { receipt, line, quantity, refund } => {
                    answer.refunds.push((*receipt, *line, quantity.units(), refund.units()));
                }
                Effect::Reverse { points, amount, lapsed, owed, forgiven, .. } => {
                    let [amount, lapsed, owed, forgiven] =
                        [amount, lapsed, owed, forgiven].map(|points| points.units());
                    answer.reversed.push((kind(points), amount, lapsed, owed, forgiven));
                }
                Effect::Restore { points, amount, .. } => {
                    answer.restored.push((kind(points), amount.units()));
                }
                Effect::Expire { points, amount, .. } => {
                    answer.expired.push((kind(points), amount.units()));
                }
                Effect::Repay { points, amount, .. } => answer.repaid(kind(points), amount.units()),
                _ => {}
            }
        }
        answer
    }
}

impl World<'_> {
    /// The moment of what an activity takes back: it happened after that, whatever a clock says.
    fn moment_of(&self, activity: &Activity) -> Timestamp {
        let of = match activity {
            Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => receipt,
            Activity::Void { of } => of,
            _ => return Timestamp::MIN,
        };
        let known = self.past.iter().find(|past| past.id == *of);
        known.map_or(Timestamp::MIN, |past| past.at)
    }

    /// Lets an activity happen, or says why it cannot; then nothing has changed.
    fn play(
        &mut self,
        id: ActivityId,
        at: Timestamp,
        activity: &Activity,
    ) -> Result<Answer, &'static str> {
        let mut after = self.clone();
        let now = after.now(at.max(self.moment_of(activity)));
        let answer = match activity {
            Activity::Purchase(purchase) => after.sell(id, now, purchase),
            Activity::Return { returned } => after.return_lines(id, now, returned),
            Activity::Void { of } => after.void(id, now, *of),
            _ => after.deed(id, now, activity),
        }?;
        *self = after;
        Ok(answer.settled())
    }
}

/// Lets the same happen in the model as happened at the desk, and compares all that can be asked.
pub fn check_step(world: &mut World<'_>, shape: &Shape, played: &Played<'_>) {
    let id = played.before.next_id();
    let ours = world.play(id, played.at, played.activity);
    let engine = match played.result {
        Ok((_, decision)) => Ok(Answer::of(decision).settled()),
        Err(NotBooked::Refused(refusal)) => Err(refusal.code()),
        Err(NotBooked::Overflow(_)) => Err("number-too-large"),
    };
    let told = format!("{} {:?}\n{}", played.at, played.activity, shape.text());
    assert_eq!(engine, ours, "left: engine, right: model\n{told}");
    let state = played.desk.state();
    let later = [0, 24, 24 * 10, 24 * 70, 24 * 500].map(|later| played.at + later.hours());
    let ends = world.ends();
    let edges = ends.iter().flat_map(|end| [*end - 1.microsecond(), *end]);
    for moment in later.into_iter().chain(edges) {
        for kind in 0..shape.kinds.len() {
            let engine = played.desk.balance(&format!("k{kind}"), moment);
            assert_eq!(engine, world.balance(kind, moment), "kind {kind} at {moment}\n{told}");
        }
    }
    let programme = &played.desk.programmes.latest().unwrap().programme;
    if let Some(ladder) = programme.ladders.first() {
        for later in [0, 40] {
            let day = programme.zone.day(played.at + (24 * later).hours());
            let engine = tier_on(programme, ladder, state, day).unwrap();
            assert_eq!(usize::from(engine), world.tier(day), "tier on {day}\n{told}");
        }
    }
    let counted: i64 = state.counters.iter().map(|counter| i64::from(counter.used)).sum();
    assert_eq!(counted, world.uses.iter().map(|(.., change)| *change).sum::<i64>(), "{told}");
    let ends: Vec<_> =
        state.benefits.iter().map(|granted| (granted.activity, granted.ends_at)).collect();
    assert_eq!(ends, world.benefits, "{told}");
}
