//! Buying and returning: the state of before, whatever the parts and their order.

use crate::random::{Deed, Shape, Step, deeds_of_buying, play_all};
use crate::support::{Desk, adjustment};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::Strategy;
use symbolon_core::engine::{Activity, Effect, Returned};
use symbolon_core::member::MemberState;
use symbolon_core::programme::OwnPoints;
use symbolon_core::values::{ActivityId, Key, Quantity};

pub fn purchases() -> impl Strategy<Value = Deed> {
    deeds_of_buying()
}

/// The state without what only ever grows: the numbers of lots, entries and activities.
///
/// Where a receipt can spend what it earns, parts may come back in an order in which the points
/// end in other lots than before, so that there the sums are compared.
fn comparable(shape: &Shape, desk: &Desk) -> (MemberState, Vec<i64>) {
    let mut state = MemberState { next_lot: 0, entries: 0, sequence: 0, ..desk.state().clone() };
    let sums = (0..shape.kinds.len()).map(|kind| {
        let kind = format!("k{kind}");
        let lots = state.lots.iter().filter(|lot| lot.points.as_str() == kind);
        lots.map(|lot| lot.remaining.units()).sum()
    });
    let sums = sums.collect();
    if shape.settings.own_points == OwnPoints::SameReceipt {
        state.lots.clear();
    }
    (state, sums)
}

/// A desk after a history, with everything settled that has run out, and a later moment.
fn settled_desk(shape: &Shape, steps: &[Step]) -> (Desk, Timestamp) {
    let mut last = Timestamp::MIN;
    let mut desk = play_all(shape, steps, |played| last = last.max(played.at));
    let moment = last + 5.hours();
    desk.try_at(moment, Activity::Settlement).expect("settling is always possible");
    (desk, moment)
}

/// Returns parts of lines, then what is left of each line, from the last to the first.
fn return_in_pieces(
    desk: &mut Desk,
    moment: Timestamp,
    receipt: ActivityId,
    pieces: &[(usize, i64)],
) {
    let Activity::Purchase(purchase) = desk.book.records[&receipt].activity.clone() else { return };
    let wanted = pieces.iter().map(|(line, share)| {
        let line = line % purchase.lines.len();
        (line, (purchase.lines[line].quantity.units() * share / 1_000).max(1))
    });
    let rest = (0..purchase.lines.len()).rev().map(|line| (line, i64::MAX));
    for (line, part) in wanted.chain(rest) {
        let position = u32::try_from(line).expect("few lines");
        let returned = desk.book.records[&receipt].progress.line(position).returned;
        let left = purchase.lines[line].quantity.units() - returned.units();
        let part = Quantity::new(part.min(left));
        if part.is_positive() {
            let returned = Returned::OfReceipt { receipt, lines: vec![(position, part)] };
            desk.try_at(moment, Activity::Return { returned }).expect("what is left goes back");
        }
    }
}

pub fn check_nothing_stays(shape: &Shape, steps: &[Step], buying: &Deed, pieces: &[(usize, i64)]) {
    let (before, moment) = settled_desk(shape, steps);
    let mut desk = before.clone();
    let Some(activity) = buying.resolve(shape, &desk) else { return };
    let Ok((receipt, _)) = desk.try_at(moment, activity) else { return };
    let mut at_once = desk.clone();
    return_in_pieces(&mut desk, moment, receipt, pieces);
    assert_eq!(comparable(shape, &desk), comparable(shape, &before), "in parts\n{}", shape.text());
    at_once.try_at(moment, Activity::Void { of: receipt }).expect("a void is possible");
    assert_eq!(
        comparable(shape, &at_once),
        comparable(shape, &before),
        "at once\n{}",
        shape.text()
    );
}

pub fn check_parts_end_like_the_whole(
    shape: &Shape,
    steps: &[Step],
    buying: &Deed,
    spent: Option<(usize, i64)>,
    pieces: &[(usize, i64)],
) {
    let (mut desk, moment) = settled_desk(shape, steps);
    let Some(activity) = buying.resolve(shape, &desk) else { return };
    let Ok((receipt, _)) = desk.try_at(moment, activity) else { return };
    if let Some((kind, amount)) = spent {
        // Taking more than there is may be refused; then nothing was spent.
        let kind = format!("k{}", kind % shape.kinds.len());
        let _ = desk.try_at(moment, adjustment(&kind, -amount));
    }
    let later = moment + (24 * 3).hours();
    let mut at_once = desk.clone();
    let settled = |desk: &mut Desk| {
        desk.try_at(later, Activity::Settlement).expect("settling is always possible");
    };
    settled(&mut desk);
    settled(&mut at_once);
    return_in_pieces(&mut desk, later, receipt, pieces);
    at_once.try_at(later, Activity::Void { of: receipt }).expect("a void is possible");
    if shape.settings.own_points == OwnPoints::SameReceipt {
        // Points that ended while they were spent are gone, and a part that came back before them
        // has asked others for what they would have been excused from.
        return;
    }
    let forgiven = [forgiven_kinds(&desk), forgiven_kinds(&at_once)].concat();
    let without_forgiven = |desk: &Desk| {
        let (mut state, _) = comparable(shape, desk);
        state.lots.retain(|lot| !forgiven.contains(&lot.points));
        state
    };
    assert_eq!(without_forgiven(&desk), without_forgiven(&at_once), "{}", shape.text());
}

/// Kinds of which points were let go. What was let go with one part is not asked for when a
/// later part gives spent points back, so there the order of parts may tell, and only there.
fn forgiven_kinds(desk: &Desk) -> Vec<Key> {
    let effects = desk.book.records.values().flat_map(|record| &record.decision.effects);
    effects
        .filter_map(|effect| match effect {
            Effect::Reverse { points, forgiven, .. } if !forgiven.is_zero() => Some(points.clone()),
            _ => None,
        })
        .collect()
}
