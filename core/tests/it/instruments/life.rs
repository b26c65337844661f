//! The life of an instrument: every change from every status, and the ledger of its value.

use crate::support::{at, key, money};
use symbolon_core::instrument::{Change, Instrument, InstrumentKind, Status, ValueAccount};
use symbolon_core::values::InstrumentId;

const NOW: &str = "2027-01-10T12:00:00Z";
const EARLIER: &str = "2027-01-01T12:00:00Z";

fn id() -> InstrumentId {
    InstrumentId::new(1)
}

/// A certificate of 50.00 that stands at a status at `NOW`.
fn certificate(status: Status) -> Instrument {
    let sell = Change::Sell { face: money(5_000), active: true, ends_at: None };
    let wait = Change::Sell { face: money(5_000), active: false, ends_at: None };
    let ending = Change::Sell { face: money(5_000), active: true, ends_at: Some(at(NOW)) };
    let pay = |cents| Change::Pay { amount: money(cents) };
    let way = match status {
        Status::Prepared => vec![],
        Status::Sold => vec![wait],
        Status::Active => vec![sell],
        Status::PartlyUsed => vec![sell, pay(2_000)],
        Status::Used => vec![sell, pay(5_000)],
        Status::Expired => vec![ending],
        Status::Blocked => vec![sell, Change::Block],
        Status::Returned => vec![sell, Change::TakeBack],
    };
    let mut made = Instrument::certificate(key("gift"), at(EARLIER), money(0), false);
    for change in way {
        let done = made.apply(id(), &change, at(EARLIER));
        assert!(done.is_ok(), "{}", change.name());
    }
    assert_eq!(made.status(at(NOW)), status);
    made
}

/// What each change makes of each status; `-` is a change that is refused and changes nothing.
#[test]
fn every_transition_of_a_certificate() {
    let changes = [
        Change::Sell { face: money(5_000), active: true, ends_at: None },
        Change::Sell { face: money(5_000), active: false, ends_at: None },
        Change::Activate { ends_at: None },
        Change::Pay { amount: money(1_000) },
        Change::Pay { amount: money(5_000) },
        Change::Refill { amount: money(1_000) },
        Change::Use,
        Change::GiveBack,
        Change::TakeBack,
        Change::Block,
        Change::Unblock,
    ];
    // sell, sell and wait, activate, pay 10, pay 50, refill 10, use, give back, take back, block, unblock
    let table = [
        ("prepared", "active sold - - - - - - - blocked -"),
        ("sold", "- - active - - - - - returned blocked -"),
        ("active", "- - - partly-used used - - - returned blocked -"),
        ("partly-used", "- - - partly-used - partly-used - - - blocked -"),
        ("used", "- - - - - partly-used - - - blocked -"),
        ("expired", "- - - - - - - - returned blocked -"),
        ("blocked", "- - - - - - - - returned - active"),
        ("returned", "- - - - - - - - - - -"),
    ];
    for (status, (name, row)) in Status::ALL.into_iter().zip(table) {
        assert_eq!(status.name(), name);
        let wanted: Vec<&str> = row.split(' ').collect();
        for (change, wanted) in changes.iter().zip(wanted) {
            let mut instrument = certificate(status);
            let before = instrument.clone();
            match instrument.apply(id(), change, at(NOW)) {
                Ok(entry) => {
                    let found = instrument.status(at(NOW)).name();
                    assert_eq!(found, wanted, "{name}, {}", change.name());
                    assert_eq!(entry.number, before.entries + 1);
                }
                Err(refused) => {
                    assert_eq!(wanted, "-", "{name}, {}", change.name());
                    assert_eq!(refused.status, status);
                    assert_eq!(instrument, before, "what is refused changes nothing");
                }
            }
        }
    }
}

/// A certificate that was prepared with its value is activated by hand, too.
#[test]
fn a_certificate_with_a_value_is_activated_by_hand() {
    let mut made = Instrument::certificate(key("gift"), at(EARLIER), money(5_000), false);
    assert_eq!(made.status(at(NOW)), Status::Prepared);
    made.apply(id(), &Change::Activate { ends_at: Some(at(NOW)) }, at(EARLIER)).unwrap();
    assert_eq!(made.status(at(EARLIER)), Status::Active);
    assert_eq!(made.status(at(NOW)), Status::Expired, "the end itself no longer counts (I14)");
}

#[test]
fn every_transition_of_a_coupon() {
    let coupon = |used: u32| {
        let mut made = Instrument::coupon(key("twice"), at(EARLIER), Some(2));
        for _ in 0..used {
            made.apply(id(), &Change::Use, at(EARLIER)).unwrap();
        }
        made
    };
    let changes = [Change::Use, Change::GiveBack, Change::TakeBack, Change::Block, Change::Unblock];
    for (used, status, row) in [
        (0, "active", "partly-used - returned blocked -"),
        (1, "partly-used", "used active - blocked -"),
        (2, "used", "- partly-used - blocked -"),
    ] {
        assert_eq!(coupon(used).status(at(NOW)).name(), status);
        for (change, wanted) in changes.iter().zip(row.split(' ')) {
            let mut instrument = coupon(used);
            let done = instrument.apply(id(), change, at(NOW)).is_ok();
            let found = if done { instrument.status(at(NOW)).name() } else { "-" };
            assert_eq!(found, wanted, "{status}, {}", change.name());
        }
    }
    let mut endless = Instrument::coupon(key("any"), at(EARLIER), None);
    for _ in 0..100 {
        endless.apply(id(), &Change::Use, at(NOW)).unwrap();
    }
    assert_eq!(endless.status(at(NOW)), Status::Active);
}

/// A card names somebody: it is never used up, sold, or paid with.
#[test]
fn a_card_is_blocked_and_nothing_else() {
    let card = Instrument::card(key("card"), at(EARLIER));
    assert_eq!((card.kind, card.status(at(NOW))), (InstrumentKind::Card, Status::Active));
    for change in
        [Change::Use, Change::GiveBack, Change::TakeBack, Change::Pay { amount: money(1) }]
    {
        assert!(card.clone().apply(id(), &change, at(NOW)).is_err(), "{}", change.name());
    }
    let mut blocked = card.clone();
    blocked.apply(id(), &Change::Block, at(NOW)).unwrap();
    assert_eq!(blocked.status(at(NOW)), Status::Blocked);
}

/// I1, I3: what is left is what its entries brought and took.
#[test]
fn the_entries_of_a_certificate_sum_to_what_is_left() {
    let mut made = Instrument::certificate(key("gift"), at(EARLIER), money(0), false);
    let mut left = 0;
    for change in [
        Change::Sell { face: money(5_000), active: true, ends_at: None },
        Change::Pay { amount: money(3_000) },
        Change::Refill { amount: money(1_000) },
        Change::Pay { amount: money(2_500) },
        Change::Refill { amount: money(4_500) },
        Change::TakeBack,
    ] {
        let entry = made.apply(id(), &change, at(NOW)).unwrap();
        left += if entry.to == ValueAccount::Left { entry.amount.units() } else { 0 };
        left -= if entry.from == ValueAccount::Left { entry.amount.units() } else { 0 };
        assert_eq!(left, made.value_left.units(), "{}", change.name());
    }
    assert_eq!((left, made.entries), (0, 6));
    assert!(made.apply(id(), &Change::Refill { amount: money(1) }, at(NOW)).is_err());
}
