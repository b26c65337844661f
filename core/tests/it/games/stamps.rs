//! Cards of stamps: full by themselves or on request, and open again when goods come back.

use crate::support::{
    Desk, always, failures_of, in_dollars, joining, line_in, purchase, return_of, tell, why,
};
use proptest::prelude::*;
use symbolon_core::engine::{Activity, Effect};

fn coffee(rest: &str) -> String {
    in_dollars(&format!(
        "[points.stamps]\nname.en = {{ one = \"stamp\", other = \"stamps\" }}\n{rest}\n\
         [instrument.free-coffee]\nkind = \"coupon\"\nname.en = \"A free coffee\"\nuses = 1\n\
         [[rule]]\nid = \"stamp\"\non = \"purchase\"\n\
         earn = {{ points = \"stamps\", give = 1, per = \"piece\", where = 'line.category == \"coffee\"' }}\n\
         [[rule]]\nid = \"cup\"\non = \"purchase\"\ncoupon = \"free-coffee\"\n\
         discount = {{ percent = 100, where = 'line.category == \"coffee\"', pieces = 1 }}\n"
    ))
}

fn automatic() -> String {
    coffee("card = { of = 10, gives = { coupon = \"free-coffee\" } }")
}

/// P1, P2: a stamp for each piece, a free one of a list for a full card.
#[test]
fn p1_p2_g_stamps_fill_cards_by_themselves() {
    tell(
        &automatic(),
        "story: ten cups\n\
         2027-01-01 Ana joins\n\
         2027-01-02 Ana buys 4 latte at 4.00 in coffee, 1 cake at 5.00 in food\n\
         \x20   earns 4 stamps\n\
         \x20   has 4 stamps\n\
         2027-01-03 Ana buys 5 latte at 4.00 in coffee\n\
         \x20   has 9 stamps\n\
         2027-01-04 Ana buys 2 latte at 4.00 in coffee\n\
         \x20   is issued free-coffee\n\
         \x20   spends 10 stamps\n\
         \x20   has 1 stamps\n\
         2027-01-05 Ana buys 1 latte at 4.00 in coffee with code free-coffee\n\
         \x20   pays 0.00\n\
         2027-01-06 Ana buys 25 latte at 4.00 in coffee as R1\n\
         \x20   spends 20 stamps\n\
         \x20   has 7 stamps\n\
         story: the card opens again when the tenth cup comes back\n\
         2027-01-01 Ana joins\n\
         2027-01-02 Ana buys 9 latte at 4.00 in coffee\n\
         2027-01-04 Ana buys 1 latte at 4.00 in coffee as R1\n\
         \x20   is issued free-coffee\n\
         \x20   has 0 stamps\n\
         2027-01-05 Ana returns 1 latte of R1\n\
         \x20   gets back 10 stamps\n\
         \x20   loses 1 stamps\n\
         \x20   has 9 stamps\n\
         \x20   free-coffee is now returned\n\
         2027-01-06 Ana buys 1 latte at 4.00 in coffee\n\
         \x20   is issued free-coffee\n\
         story: a card whose coffee was drunk stays full, and its stamp is owed\n\
         2027-01-01 Ana joins\n\
         2027-01-02 Ana buys 10 latte at 4.00 in coffee as R1\n\
         \x20   is issued free-coffee\n\
         2027-01-03 Ana buys 1 latte at 0.01 in coffee with code free-coffee\n\
         \x20   pays 0.00\n\
         \x20   has 1 stamps\n\
         2027-01-05 Ana returns 10 latte of R1\n\
         \x20   gets back 0 stamps\n\
         \x20   loses 10 stamps\n\
         \x20   owes 9 stamps\n\
         2027-01-06 Ana buys 12 latte at 4.00 in coffee\n\
         \x20   has 3 stamps\n",
    );
}

/// On request a card is a reward that costs its stamps; several cards may be full.
#[test]
fn g_stamps_on_request_and_for_channels() {
    let text = coffee("card = 5")
        + "[[rule]]\nid = \"app\"\non = \"purchase\"\nwhen = 'receipt.location == \"app\"'\n\
           earn = { points = \"stamps\", give = 1 }\n\
           [[reward]]\nid = \"cup-of-choice\"\nname.en = \"A cup\"\ncost = { stamps = 5 }\n\
           gives = { item = { where = 'line.category == \"coffee\"' } }\n";
    tell(
        &text,
        "story: one stamp more by the app\n\
         2027-01-01 Ana joins\n\
         2027-01-02 Ana buys @app 1 latte at 4.00 in coffee\n\
         \x20   earns 2 stamps\n\
         2027-01-03 Ana buys @shop 9 latte at 4.00 in coffee\n\
         \x20   has 11 stamps\n\
         2027-01-04 Ana buys 1 latte at 4.00 in coffee with cup-of-choice\n\
         \x20   pays 0.00\n\
         \x20   spends 5 stamps\n",
    );
    let mut desk = Desk::new(always(&text));
    desk.does("2027-01-01T00:00:00Z", joining());
    let lines = vec![line_in("coffee", "latte", "7", 400)];
    let (_, decision) = desk.does("2027-01-02T00:00:00Z", purchase(lines));
    assert_eq!(why(&decision, "stamps"), ["stamped"], "two of five are said");
    // A part of a piece is no piece.
    let lines = vec![line_in("coffee", "beans", "0.900", 400), line_in("coffee", "mix", "1.9", 9)];
    let (_, decision) = desk.does("2027-01-02T00:00:00Z", purchase(lines));
    assert_eq!(crate::support::earned(&decision, "stamps"), 1);
}

/// Stamps end like any points, and those that ended fill no card.
#[test]
fn g_stamps_expire() {
    let text = coffee(
        "expires = \"30 days after earning\"\n\
         card = { of = 3, gives = { coupon = \"free-coffee\" } }",
    );
    tell(
        &text,
        "story: too slow\n\
         2027-01-01 Ana joins\n\
         2027-01-02 Ana buys 2 latte at 4.00 in coffee\n\
         2027-02-10 Ana buys 2 latte at 4.00 in coffee\n\
         \x20   spends 0 stamps\n\
         \x20   has 2 stamps\n\
         2027-02-11 Ana buys 1 latte at 4.00 in coffee\n\
         \x20   is issued free-coffee\n",
    );
}

/// A receipt that is only held fills no card; the next activity finds its stamps (I13).
#[test]
fn g_a_hold_fills_no_card() {
    tell(
        &automatic(),
        "story: held\n\
         2027-01-01 10:00 Ana joins\n\
         2027-01-01 10:01 Ana holds 10 latte at 4.00 in coffee for 15 minutes as H1\n\
         2027-01-01 10:02 Ana confirms H1\n\
         \x20   has 10 stamps\n\
         2027-01-01 10:03 Ana buys 1 cake at 4.00 in food\n\
         \x20   is issued free-coffee\n\
         \x20   has 0 stamps\n",
    );
}

#[test]
fn what_makes_no_card_is_a_problem() {
    let wrong = [
        ("card = 0", "above zero"),
        ("card = { of = 5, gives = { points = { stamps = 1 } } }", "gives no points"),
        ("card = { of = 5, gives = { coupon = \"tea\" } }", "there is no coupon `tea`"),
        ("card = { of = 5, gives = { item = \"cup\", count = 3 } }", "count"),
        ("shortfall = \"forgiven\"\ncard = { of = 5, gives = { item = \"cup\" } }", "are owed"),
    ];
    for (card, problem) in wrong {
        let reading = symbolon_core::programme::read("t.toml", &coffee(card));
        let told = reading.remarks.iter().any(|remark| remark.to_string().contains(problem));
        assert!(told && reading.programme.is_none(), "{card}: {:?}", reading.remarks);
    }
}

/// A story that expects what does not come true fails.
#[test]
fn stories_of_games_can_fail() {
    let story = "story: no\n2027-01-01 Ana joins\n2027-01-02 Ana buys 1 tea at 1.00 in tea\n\
                 \x20   likes coffee\n";
    let text = automatic() + "[settings]\npreferences = \"by-category\"\n";
    assert_eq!(failures_of(&text, story).len(), 1);
}

proptest! {
    /// Buy and return everything, in whatever parts: the state is the one before, to the lot (I6).
    #[test]
    fn g_stamps_returned_in_any_parts_leave_nothing(
        before in 0_i64..25,
        bought in 1_i64..25,
        parts in prop::collection::vec(1_i64..6, 0..12),
    ) {
        let mut desk = Desk::new(always(&automatic()));
        desk.does("2027-01-01T00:00:00Z", joining());
        let buys = |count: i64| purchase(vec![line_in("coffee", "latte", &count.to_string(), 400)]);
        if before > 0 {
            desk.does("2027-01-02T00:00:00Z", buys(before));
        }
        let state = desk.state().clone();
        let (receipt, decision) = desk.does("2027-01-03T00:00:00Z", buys(bought));
        let filled = decision.effects.iter().filter(|e| matches!(e, Effect::Spend { .. })).count();
        prop_assert_eq!(i64::try_from(filled), Ok((before % 10 + bought) / 10));
        let mut left = bought;
        for part in parts {
            let part = part.min(left);
            if part > 0 {
                left -= part;
                desk.does("2027-01-04T00:00:00Z", return_of(receipt, &[(0, &part.to_string())]));
            }
        }
        if left > 0 {
            desk.does("2027-01-04T00:00:00Z", Activity::Void { of: receipt });
        }
        let after = desk.state();
        prop_assert_eq!(&after.lots, &state.lots);
        prop_assert_eq!(&after.debts, &state.debts);
        prop_assert_eq!(&after.days, &state.days);
    }
}
