//! What an auditor adds up after every step, from the entries and the effects alone.
#![expect(clippy::unwrap_used, reason = "an auditor's sums over what was booked")]

use crate::random::{Played, Shape};
use crate::support::{Desk, NotBooked};
use jiff::ToSpan;
use std::collections::BTreeMap;
use symbolon_core::engine::{Activity, Decision, Effect, LotPart};
use symbolon_core::ledger::Account;
use symbolon_core::values::{ActivityId, Money, Points};

pub fn check(shape: &Shape, played: &Played<'_>) {
    let desk = played.desk;
    for kind in 0..shape.kinds.len() {
        let kind = format!("k{kind}");
        accounts_balance(desk, &kind);
        ends_are_sharp(played, &kind);
    }
    lots_follow_from_entries(desk);
    debts_are_debts(shape, played);
    for record in desk.book.records.values() {
        reversals_stay_within(desk, record.id);
    }
    history_is_only_added_to(played);
    if let Ok((_, decision)) = played.result {
        match played.activity {
            Activity::Purchase(purchase) => {
                let amounts: Vec<i64> = purchase
                    .lines
                    .iter()
                    .map(|line| {
                        let product =
                            i128::from(line.unit_price.units()) * i128::from(line.quantity.units());
                        i64::try_from((product + 500) / 1_000).unwrap()
                    })
                    .collect();
                discounts_are_the_difference(decision, &amounts);
            }
            Activity::Void { of } => {
                // Voiding twice is voiding once.
                let again = desk.decide(played.at, &Activity::Void { of: *of });
                assert_eq!(again.unwrap_err().code(), "already-voided");
            }
            _ => {}
        }
    }
}

/// I1: the accounts of a kind sum to nothing. I2: the balance is the sum of the entries, and of
/// the open lots without the debt.
fn accounts_balance(desk: &Desk, kind: &str) {
    let mut accounts: BTreeMap<Account, i128> = BTreeMap::new();
    for entry in desk.entries.iter().filter(|entry| entry.points.as_str() == kind) {
        assert!(entry.amount.is_positive() && entry.from != entry.to, "{entry:?}");
        *accounts.entry(entry.from).or_default() -= i128::from(entry.amount.units());
        *accounts.entry(entry.to).or_default() += i128::from(entry.amount.units());
    }
    let of = |account: Account| accounts.get(&account).copied().unwrap_or(0);
    assert_eq!(accounts.values().sum::<i128>(), 0, "I1: {accounts:?}");
    let lots = desk.state().lots.iter().filter(|lot| lot.points.as_str() == kind);
    let open: i128 = lots.map(|lot| i128::from(lot.remaining.units())).sum();
    let debt = i128::from(desk.state().debt(kind).units());
    assert_eq!(of(Account::Lots), open, "I2: the open lots");
    assert_eq!(of(Account::Debt), -debt, "I2: the debt");
    let entries = desk.entries.iter().filter(|entry| entry.points.as_str() == kind);
    let changes: i128 = entries.map(symbolon_core::ledger::Entry::change).sum();
    assert_eq!(changes, open - debt, "I2: the sum of the entries");
    assert!(of(Account::Issued) <= 0 && of(Account::Redeemed) >= 0, "{accounts:?}");
    assert!(of(Account::Expired) >= 0 && of(Account::Forgiven) <= 0, "{accounts:?}");
}

/// I2 and I14: just before the end of a lot the balance holds it, at its end it does not, and
/// once everything is settled the balance is the sum of the entries.
fn ends_are_sharp(played: &Played<'_>, kind: &str) {
    let desk = played.desk;
    let zone = &desk.programmes.latest().unwrap().programme.zone;
    let state = desk.state();
    let mut by_end: BTreeMap<_, i128> = BTreeMap::new();
    for lot in state.lots.iter().filter(|lot| lot.points.as_str() == kind) {
        if let Some(end) = lot.life.expires_at(state.last_activity(), zone).unwrap() {
            *by_end.entry(end).or_default() += i128::from(lot.remaining.units());
        }
    }
    for (end, lost) in by_end {
        let before = desk.balance(kind, end - 1.microsecond()).total();
        assert_eq!(before - desk.balance(kind, end).total(), lost, "I14: the end {end}");
    }
    let mut settled = desk.clone();
    if settled.try_at(played.at, Activity::Settlement).is_ok() {
        let entries = settled.entries.iter().filter(|entry| entry.points.as_str() == kind);
        let changes: i128 = entries.map(symbolon_core::ledger::Entry::change).sum();
        assert_eq!(settled.balance(kind, played.at).total(), changes, "I2 at {}", played.at);
    }
    for days in [0, 1, 30, 400] {
        let later = played.at + (24 * days).hours();
        let (now, then) = (desk.balance(kind, later), settled.balance(kind, later));
        assert_eq!(now, then, "I14: settling changed the balance of {later}");
    }
}

/// I3: what is left of each lot follows from the entries that name it.
fn lots_follow_from_entries(desk: &Desk) {
    let mut granted: BTreeMap<u32, i64> = BTreeMap::new();
    let mut left: BTreeMap<u32, i64> = BTreeMap::new();
    for entry in &desk.entries {
        let Some(lot) = entry.lot else { continue };
        let amount = entry.amount.units();
        let rest = left.entry(lot).or_default();
        match (entry.from, entry.to) {
            (Account::Issued | Account::Adjusted, Account::Lots) => {
                assert!(granted.insert(lot, amount).is_none(), "lot {lot} was granted twice");
                *rest += amount;
            }
            (Account::Redeemed, Account::Lots) => *rest += amount,
            (Account::Lots, _) => *rest -= amount,
            _ => panic!("{entry:?} names a lot"),
        }
        assert!((0..=granted[&lot]).contains(rest), "I3: lot {lot} holds {rest}");
    }
    left.retain(|_, rest| *rest != 0);
    let open: BTreeMap<u32, i64> =
        desk.state().lots.iter().map(|lot| (lot.number, lot.remaining.units())).collect();
    assert_eq!(open, left, "I3: the open lots are what the entries leave");
    for lot in &desk.state().lots {
        assert_eq!(lot.life.granted.units(), granted[&lot.number], "the grant is remembered");
        assert!(lot.number < desk.state().next_lot);
    }
}

/// I4: debts are positive, only where the programme lets members owe, and never beside points
/// that could pay them.
fn debts_are_debts(shape: &Shape, played: &Played<'_>) {
    for (points, debt) in &played.desk.state().debts {
        assert!(debt.is_positive(), "I4: {debt:?}");
        let kind: usize = points.as_str()[1..].parse().unwrap();
        assert!(!shape.kinds[kind].forgives, "I4: {points} are forgiven, not owed");
        let balance = played.desk.balance(points.as_str(), played.at);
        assert_eq!(balance.available, Points::ZERO, "I4: points lie beside a debt");
        assert_eq!(balance.pending, Points::ZERO, "I4: points lie beside a debt");
    }
}

fn sum_by_lot(parts: &[LotPart]) -> BTreeMap<u32, i64> {
    let mut sums = BTreeMap::new();
    for part in parts {
        assert!(part.amount.is_positive());
        *sums.entry(part.lot).or_default() += part.amount.units();
    }
    sums
}

/// I5: a spend names its lots and what comes back goes to them, at most what was taken.
/// I6: what is taken back of an award is at most the award.
fn reversals_stay_within(desk: &Desk, id: ActivityId) {
    let record = &desk.book.records[&id];
    for (position, effect) in (0_u32..).zip(&record.decision.effects) {
        let later = desk.book.records.values().flat_map(|record| &record.decision.effects);
        match effect {
            Effect::Spend { amount, parts, .. } => {
                let mut taken = sum_by_lot(parts);
                assert_eq!(taken.values().sum::<i64>(), amount.units(), "I5: the lots are named");
                for effect in later {
                    let Effect::Restore { of, effect, amount, parts, .. } = effect else {
                        continue;
                    };
                    if (*of, *effect) != (id, position) {
                        continue;
                    }
                    let back = sum_by_lot(parts);
                    assert_eq!(back.values().sum::<i64>(), amount.units());
                    for (lot, amount) in back {
                        let left = taken.get_mut(&lot).expect("I5: back to the same lots");
                        *left -= amount;
                        assert!(*left >= 0, "I5: more came back than was taken");
                    }
                }
            }
            Effect::Earn { amount, .. } => {
                let mut left = amount.units();
                for effect in later {
                    let Effect::Reverse {
                        of, effect, amount, taken, lapsed, owed, forgiven, ..
                    } = effect
                    else {
                        continue;
                    };
                    if (*of, *effect) != (id, position) {
                        continue;
                    }
                    left -= amount.units();
                    let taken: i64 = taken.iter().map(|(_, part)| part.units()).sum();
                    let rest = lapsed.units() + owed.units() + forgiven.units();
                    assert_eq!(taken + rest, amount.units(), "I6: every point is accounted for");
                }
                assert!(left >= 0, "I6: more was taken back than was given");
            }
            _ => {}
        }
    }
    let Activity::Purchase(purchase) = &record.activity else { return };
    for (line, bought) in (0_u32..).zip(&purchase.lines) {
        let progress = record.progress.line(line);
        let net = record.decision.net[line as usize];
        assert!(progress.returned <= bought.quantity && progress.refunded <= net, "I6");
        if progress.returned == bought.quantity {
            assert_eq!(progress.refunded, net, "I6: the last part takes the remainder");
        }
    }
}

/// I12: the lines' discounts are the discount, and no line costs less than nothing.
fn discounts_are_the_difference(decision: &Decision, amounts: &[i64]) {
    let mut net = amounts.to_vec();
    for effect in &decision.effects {
        if let Effect::Discount { amount, lines, .. } = effect {
            let parts = Money::sum(lines.iter().map(|(_, part)| *part)).unwrap();
            assert_eq!(parts, *amount, "I12: the lines sum to the discount");
            for (line, part) in lines {
                assert!(part.is_positive(), "I12");
                net[*line as usize] -= part.units();
                assert!(net[*line as usize] >= 0, "I12: below nothing");
            }
        }
    }
    let decided: Vec<i64> = decision.net.iter().map(|net| net.units()).collect();
    assert_eq!(decided, net, "I12: what is left to pay");
}

/// I15: entries are numbered without a gap, and nothing that was booked ever changes. A step
/// that is refused changes nothing at all.
fn history_is_only_added_to(played: &Played<'_>) {
    let (before, after) = (played.before, played.desk);
    for (number, entry) in (1_u64..).zip(&after.entries) {
        assert_eq!(entry.number, number, "I15: numbered from 1");
    }
    assert_eq!(u64::try_from(after.entries.len()), Ok(after.state().entries));
    assert_eq!(after.entries[..before.entries.len()], before.entries[..], "I15");
    for (id, record) in &before.book.records {
        let now = &after.book.records[id];
        let fixed = |record: &symbolon_core::engine::Recorded| {
            let record = record.clone();
            (record.sequence, record.version, record.activity, record.decision)
        };
        assert_eq!(fixed(record), fixed(now), "I15: {id}");
    }
    match played.result {
        Ok((id, _)) => {
            let sequence = before.book.member.as_ref().map_or(0, |state| state.sequence);
            assert_eq!(after.state().sequence, sequence + 1);
            assert_eq!(after.book.records[id].sequence, sequence + 1);
        }
        Err(NotBooked::Refused(_) | NotBooked::Overflow(_)) => assert_eq!(before.book, after.book),
    }
}
