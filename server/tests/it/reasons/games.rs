//! Samples of stamps, wins, surprises, milestones and prizes.

use super::key;
use symbolon_core::engine::{Effect, Gift, Outcome, Sent, Shares};
use symbolon_core::values::{MemberId, Points, Quantity, Rate};

/// What the café plays.
pub const GAMES: &str = r#"
[milestone.hundredth]
name.en = "The hundredth"
members = 100
prize = { item = "cake" }

[action.course-passed]
name.en = "Course passed"

[team_goal.together]
name.en = "Together"
counts = "action:course-passed"
target = 3
every = "month"
gives = { points = "points", each = 10 }

[challenge.january]
name.en = "January"
every = "month"
score = "visits"
prizes = [{ place = 1, name.en = "A speaker", item = "speaker" }]

[[rule]]
id = "lucky"
name.en = "Lucky day"
on = "purchase"
win = { chance = 5, prizes = [{ id = "mug", name.en = "A mug", item = "mug" }] }
"#;

pub fn reasons_of_games() -> Vec<(&'static str, Outcome, &'static str)> {
    let points = key("points");
    let (on_card, of) = (Points::new(7), Points::new(10));
    let (number, below) = (Rate::new(4_217_000), Rate::new(5_000_000));
    let liked = Some("tea".to_owned());
    vec![
        (
            "points",
            Outcome::Stamped { points: points.clone(), on_card, of },
            "Points – 7 of 10~points on the card",
        ),
        ("points", Outcome::CardFilled { points, of }, "Points – a card of 10~points is full"),
        (
            "lucky",
            Outcome::Won { prize: key("mug"), number, below },
            "Lucky day – won: A mug (drawn 4.217%, wins below 5%)",
        ),
        (
            "lucky",
            Outcome::NotWon { number: below, below },
            "Lucky day – nothing won (drawn 5%, wins below 5%)",
        ),
        ("lucky", Outcome::PrizesGone, "Lucky day – all prizes are gone"),
        ("lucky", Outcome::DrawnWhenBooked, "Lucky day – it is drawn when the purchase is booked"),
        (
            "lucky",
            Outcome::Surprised { prize: key("mug"), category: None },
            "Lucky day – a surprise: A mug",
        ),
        (
            "lucky",
            Outcome::Surprised { prize: key("mug"), category: liked },
            "Lucky day – a surprise for somebody who likes tea: A mug",
        ),
        (
            "hundredth",
            Outcome::MilestoneReached { members: 100 },
            "The hundredth – this is member number 100",
        ),
        (
            "january",
            Outcome::PrizeReceived { place: 1, prize: key("place-1") },
            "January – place 1: A speaker",
        ),
    ]
}

pub fn effects_of_games() -> Vec<Effect> {
    let gifts = [
        Gift::Points { points: key("points"), amount: Points::new(5) },
        Gift::Benefit { benefit: key("lounge"), ends_at: None },
        Gift::Item { product: "mug".to_owned() },
        Gift::Coupon { coupon: key("c") },
    ];
    let mut effects =
        vec![Effect::Taste { changes: vec![("tea".to_owned(), Quantity::new(1500))] }];
    for gift in gifts {
        let what = Sent::Prize { place: 1, prize: key("place-1"), gift };
        let (to, by) = (MemberId::new(1), key("january"));
        effects.push(Effect::Send { to, by, what, shares: Shares::None });
    }
    effects
}
