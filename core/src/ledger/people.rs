//! What effects among members do to a state: points that leave and arrive, members that become one.

use super::{Account, Booking};
use crate::engine::Effect;
use crate::member::{Holdings, LotLife, Referral};
use crate::values::{MemberId, Overflow};

pub(super) fn apply(booking: &mut Booking<'_>, effect: &Effect) -> Result<(), Overflow> {
    match effect {
        Effect::Attribute { line } => {
            booking.state.referral = Some(Referral { line: line.clone(), since: booking.day });
            Ok(())
        }
        Effect::HandOver { points, parts, .. } => booking.take_parts(points, parts, Account::Moved),
        Effect::Arrive { points, amount, lot, expires, earned_on } => {
            let life = LotLife {
                granted: *amount,
                available_at: None,
                awaits: None,
                expires: *expires,
                earned_on: *earned_on,
                activity: booking.activity,
            };
            booking.grant(Account::Moved, points, *amount, *lot, life)
        }
        Effect::SetTeam { team } => {
            booking.state.team = *team;
            Ok(())
        }
        Effect::Crew { member, since } => {
            match since {
                Some(since) => booking.state.crew.insert(*member, *since),
                None => booking.state.crew.remove(member),
            };
            Ok(())
        }
        Effect::TeamScore { goal, from, member, change } => {
            booking.state.count_for_goal((goal, *from), *member, *change)
        }
        Effect::TeamGoal { goal, from, award } => {
            booking.state.award_goal(goal, *from, award.clone());
            Ok(())
        }
        Effect::Close { into } => close(booking, *into),
        Effect::Absorb { holdings } => absorb(booking, holdings),
        _ => Ok(()),
    }
}

/// All lots and debts leave, and nothing stays.
fn close(booking: &mut Booking<'_>, into: MemberId) -> Result<(), Overflow> {
    let at = booking.at;
    for lot in booking.state.lots.clone() {
        let accounts = (Account::Lots, Account::Moved);
        booking.enter(&lot.points, accounts, lot.remaining, Some(lot.number), at)?;
    }
    for (points, debt) in booking.state.debts.clone() {
        booking.enter(&points, (Account::Moved, Account::Debt), debt, None, at)?;
    }
    booking.state.close(into);
    Ok(())
}

/// All lots and debts of another member arrive, in the numbers of this one.
fn absorb(booking: &mut Booking<'_>, holdings: &Holdings) -> Result<(), Overflow> {
    let at = booking.at;
    let next = booking.state.next_lot;
    if holdings.lots.iter().any(|lot| lot.number < next) {
        // The decision was made on another state than this one: its lots are not these.
        return Err(Overflow);
    }
    for lot in &holdings.lots {
        booking.state.lots.push(lot.clone());
        booking.check_total(&lot.points)?;
        let accounts = (Account::Moved, Account::Lots);
        booking.enter(&lot.points, accounts, lot.remaining, Some(lot.number), at)?;
    }
    for (points, debt) in &holdings.debts {
        booking.owe(points, *debt, Account::Moved)?;
    }
    booking.state.take_over(holdings)
}
