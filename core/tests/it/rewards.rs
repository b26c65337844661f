//! What points buy: money off, free items and benefits.

use crate::support::{
    Desk, POINTS, adjustment, in_dollars, key, line, line_in, net, purchase_with, tell,
};
use symbolon_core::engine::{Effect, Outcome, Refusal};
use symbolon_core::values::Points;

/// Ten points are any item that passes the filter, twenty are five dollars off.
fn with_rewards(rewards: &str) -> String {
    in_dollars(&format!(
        "{POINTS}[benefit.lounge]\nname = \"Lounge\"\n\
         [[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n{rewards}"
    ))
}

const ITEM: &str =
    "[[reward]]\nid = \"item\"\nname = \"Item\"\ncost = { points = 10 }\ngives = { item = {} }\n";

#[test]
fn each_free_item_is_a_whole_piece() {
    tell(
        &with_rewards(ITEM),
        "
story: two pieces of one line for nothing
2027-01-03  Ana joins
2027-01-03  Ana is-given 100 points because test
2027-01-03  Ana buys 3 latte at 9.50 with item, item
    pays 9.50
    spends 20 points
2027-01-03  Ana buys 2 latte at 9.50, 1 tea at 6.00 with item, item as R
    pays 6.00
2027-01-03  Ana buys 2 latte at 9.50, 1 tea at 6.00 with item, item, item
    pays 0.00
2027-01-03  Ana buys 2 latte at 9.50 with item, item, item
    is refused: reward-not-possible
2027-01-03  Ana buys 1.500 cheese at 8.00 with item
    pays 4.00
2027-01-03  Ana buys 1.500 cheese at 8.00 with item, item
    pays 0.00
    has 19 points
2027-01-04  Ana returns 1 latte of R
    is refunded 0.00
    gets back 10 points
",
    );
}

/// Rewards with the lines that were chosen for them.
type Claims<'a> = &'a [(&'a str, Option<u32>)];

#[test]
fn the_dearest_piece_or_the_chosen_one_is_free() {
    let tea = "[[reward]]\nid = \"tea\"\nname = \"Tea\"\ncost = { points = 10 }\n\
               gives = { item = { where = 'line.category == \"tea\"' } }\n";
    let text = with_rewards(&format!("{ITEM}{tea}"));
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    desk.does("2027-01-03T10:00:00Z", adjustment("points", 1_000));
    let lines = || {
        vec![
            line_in("tea", "green", "3", 200),
            line_in("tea", "black", "1", 500),
            line_in("pot", "pot", "1", 900),
            line_in("tea", "loose", "0.250", 8_000),
        ]
    };
    // What is left of 6.00, 5.00, 9.00 and 20.00.
    let cases: &[(Claims<'_>, [i64; 4])] = &[
        // A quarter of a kilogram is not a piece of a kilogram, but all there is: 20.00 for
        // 0.25 is a price of 80.00, the dearest.
        (&[("item", None)], [600, 500, 900, 0]),
        (&[("item", Some(2))], [600, 500, 0, 2_000]),
        (&[("item", Some(0))], [400, 500, 900, 2_000]),
        (&[("tea", None)], [600, 500, 900, 0]),
        (&[("tea", None), ("tea", None)], [600, 0, 900, 0]),
        (&[("tea", None), ("tea", None), ("tea", None)], [400, 0, 900, 0]),
        (&[("tea", Some(1)), ("item", None), ("item", None)], [600, 0, 0, 0]),
    ];
    for (claims, expected) in cases {
        let decision = desk
            .decide("2027-01-03T11:00:00Z".parse().unwrap(), &purchase_with(lines(), claims))
            .unwrap();
        assert_eq!(net(&decision), expected, "{claims:?}");
        let free = decision.effects.iter().filter(|e| matches!(e, Effect::FreeItem { .. }));
        assert_eq!(free.count(), claims.len());
    }
    for claims in
        [&[("tea", Some(2))][..], &[("item", Some(9))], &[("item", Some(3)), ("item", Some(3))]]
    {
        let refused = desk.refuses("2027-01-03T11:00:00Z", purchase_with(lines(), claims));
        assert_eq!(refused, "reward-not-possible", "{claims:?}");
    }
}

#[test]
fn rewards_take_money_off_after_all_discounts() {
    let off = "[[reward]]\nid = \"five-off\"\nname = \"Five off\"\ncost = { points = 20 }\n\
               gives = { discount = { sum = \"5.00\" } }\n\
               [[reward]]\nid = \"fifth-off\"\nname = \"A fifth off\"\ncost = { points = 20 }\n\
               gives = { discount = { percent = 20, where = 'line.category == \"tea\"' } }\n\
               [[rule]]\nid = \"half\"\non = \"purchase\"\ndiscount = { percent = 50 }\n";
    tell(
        &with_rewards(off),
        "
story: half, and then what points buy, in the order in which it is asked for
2027-01-03  Ana joins
2027-01-03  Ana is-given 500 points because test
2027-01-03  Ana buys 1 pot at 30.00 with five-off
    pays 10.00
    spends 20 points
    earns 10 points
2027-01-03  Ana buys 1 pot at 6.00 with five-off
    pays 0.00
    earns nothing
2027-01-03  Ana buys 1 green at 30.00 in tea with five-off, fifth-off
    pays 8.00
2027-01-03  Ana buys 1 green at 30.00 in tea with fifth-off, five-off
    pays 7.00
2027-01-03  Ana buys 1 pot at 30.00 with fifth-off
    is refused: reward-not-possible
2027-01-03  Ana buys 1 pot at 0.00 with five-off
    is refused: reward-not-possible
2027-01-03  Ana takes five-off
    is refused: reward-needs-receipt
",
    );
}

#[test]
fn benefits_last_to_the_end_of_their_last_day() {
    let lounge = "[[reward]]\nid = \"lounge\"\nname = \"Lounge\"\ncost = { points = 10 }\n\
                  gives = { benefit = \"lounge\", lasts = \"1 month\" }\n\
                  [[reward]]\nid = \"for-ever\"\nname = \"Lounge\"\ncost = { points = 50 }\n\
                  gives = { benefit = \"lounge\" }\nwhen = 'member.visits() >= 1'\n";
    tell(
        &with_rewards(lounge),
        "
story: a month of lounge
2027-01-31 09:00  Ana joins
2027-01-31 09:00  Ana is-given 100 points because test
2027-01-31 09:00  Ana takes lounge as T
    spends 10 points
    has benefit lounge
2027-02-28 23:59  Ana waits
    has benefit lounge
2027-03-01 00:00  Ana waits
    lacks benefit lounge
2027-03-01 09:00  Ana takes for-ever
    is refused: reward-not-possible
2027-03-02 09:00  Ana buys 1 tea at 2.00 with lounge as R
    pays 2.00
    spends 10 points
    has benefit lounge
2027-03-03 09:00  Ana takes for-ever
2099-03-03 09:00  Ana waits
    has benefit lounge

story: a receipt that comes back takes its benefit along
2027-03-01 09:00  Ben joins
2027-03-01 09:00  Ben is-given 100 points because test
2027-03-02 09:00  Ben buys 2 tea at 2.00 with lounge as R
    has benefit lounge
2027-03-03 09:00  Ben returns 1 tea of R
    gets back 0 points
    has benefit lounge
2027-03-04 09:00  Ben returns 1 tea of R
    gets back 10 points
    lacks benefit lounge
    has 100 points
",
    );
}

#[test]
fn a_reward_may_cost_several_kinds() {
    let text = in_dollars(&format!(
        "{POINTS}[points.stars]\nname.en = {{ one = \"star\", other = \"stars\" }}\ndecimals = 1\n\
         [[reward]]\nid = \"item\"\nname = \"Item\"\ncost = {{ points = 10, stars = \"2.5\" }}\n\
         gives = {{ item = {{}} }}\n"
    ));
    tell(
        &text,
        "
story: points and stars
2027-01-03  Ana joins
2027-01-03  Ana is-given 10 points because test
2027-01-03  Ana is-given 2.4 stars because test
2027-01-03  Ana buys 2 tea at 2.00 with item
    is refused: reward-not-possible
    has 10 points
2027-01-03  Ana is-given 0.1 stars because test
2027-01-03  Ana buys 2 tea at 2.00 with item as R
    spends 10 points
    spends 2.5 stars
    has 0 stars
2027-01-04  Ana returns 1 tea of R
    gets back 5 points
    gets back 1.2 stars
2027-01-05  Ana returns 1 tea of R
    gets back 5 points
    gets back 1.3 stars
    has 10 points
",
    );
}

#[test]
fn what_is_lacking_is_told() {
    let mut desk = Desk::with_member(&with_rewards(ITEM), "2027-01-03T10:00:00Z");
    desk.does("2027-01-03T10:00:00Z", adjustment("points", 7));
    let wanted = purchase_with(vec![line("tea", "1", 200)], &[("item", None)]);
    let refusal = desk.decide("2027-01-03T11:00:00Z".parse().unwrap(), &wanted).unwrap_err();
    let Refusal::RewardNotPossible { reason } = refusal else { panic!("{refusal:?}") };
    let (needed, available) = (Points::new(10), Points::new(7));
    assert_eq!(
        reason.outcome,
        Outcome::NotEnoughPoints {
            points: key("points"),
            needed,
            available,
            pending: Points::ZERO
        }
    );
}

/// Points are taken from the lots that end soonest, those without an end last (I5).
#[test]
fn i5_the_soonest_to_end_are_spent_first() {
    let text = in_dollars(
        "[points.points]\nname.en = { one = \"point\", other = \"points\" }\n\
         expires = \"end of the month\"\n\
         [[reward]]\nid = \"lounge\"\nname = \"L\"\ncost = { points = 15 }\ngives = { item = {} }\n",
    );
    let mut desk = Desk::with_member(&text, "2027-01-01T10:00:00Z");
    // A late gift of January is booked after February's.
    desk.does("2027-02-01T10:00:00Z", adjustment("points", 10));
    desk.does("2027-01-20T10:00:00Z", adjustment("points", 10));
    let redemption =
        symbolon_core::engine::Activity::Redemption { reward: key("lounge"), contact: None };
    let (_, decision) = desk.does("2027-01-25T10:00:00Z", redemption);
    let parts: Vec<(u32, i64)> = decision
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Spend { parts, .. } => Some(parts),
            _ => None,
        })
        .flatten()
        .map(|part| (part.lot, part.amount.units()))
        .collect();
    assert_eq!(parts, [(2, 10), (1, 5)]);
}

/// What was taken last comes back first, so that the member gets the points that live longer,
/// and each lot at most what was taken from it (I5).
#[test]
fn i5_the_last_taken_come_back_first() {
    let text = in_dollars(&format!(
        "[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         expires = \"end of the month\"\n{ITEM}"
    ));
    let mut desk = Desk::with_member(&text, "2027-01-01T10:00:00Z");
    // A late gift of January is booked after February's.
    desk.does("2027-02-01T10:00:00Z", adjustment("points", 9));
    desk.does("2027-01-20T10:00:00Z", adjustment("points", 6));
    let bought = purchase_with(vec![line("tea", "4", 200)], &[("item", Some(0))]);
    let (receipt, _) = desk.does("2027-01-25T10:00:00Z", bought);
    let mut left = Vec::new();
    for day in 26..30 {
        let moment = format!("2027-01-{day}T10:00:00Z");
        desk.does(&moment, crate::support::return_of(receipt, &[(0, "1")]));
        let lots = desk.state().lots.iter();
        left.push(lots.map(|lot| (lot.number, lot.remaining.units())).collect::<Vec<_>>());
    }
    // Six of the second lot and four of the first were spent; two come back with each quarter,
    // and the rest with the last.
    let expected = [vec![(1, 7)], vec![(1, 9)], vec![(1, 9), (2, 2)], vec![(1, 9), (2, 6)]];
    assert_eq!(left, expected);
}
