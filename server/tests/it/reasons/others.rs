//! Samples of what one member's activity means for another.

use super::key;
use symbolon_core::engine::{Effect, Outcome, Sent, Shares};
use symbolon_core::values::{ActivityId, MemberId, Points};

pub fn reasons_about_others() -> Vec<(&'static str, Outcome, &'static str)> {
    let (points, amount, ben) = (key("points"), Points::new(16), MemberId::new(1));
    vec![
        (
            "per-dollar",
            Outcome::Received { points: points.clone(), amount, from: Some(ben) },
            "A point per dollar – 16~points received from mem_00000000000000000000000001",
        ),
        (
            "per-dollar",
            Outcome::Received { points: points.clone(), amount, from: None },
            "A point per dollar – 16~points received",
        ),
        (
            "per-dollar",
            Outcome::Sent { to: ben, points: points.clone(), amount },
            "A point per dollar – 16~points go to mem_00000000000000000000000001",
        ),
        (
            "per-dollar",
            Outcome::Recalled { from: ben, points, amount },
            "A point per dollar – 16~points are taken back from mem_00000000000000000000000001",
        ),
    ]
}

pub fn effects_on_others() -> Vec<Effect> {
    let (points, amount, to) = (key("points"), Points::new(16), MemberId::new(1));
    let (by, of) = (key("per-dollar"), ActivityId::new(1));
    let what = Sent::Points { points: points.clone(), amount };
    let take_back = Sent::TakeBack { of, points: points.clone(), amount };
    vec![
        Effect::Send { to, by: by.clone(), what, shares: Shares::AllLines },
        Effect::Send { to, by: by.clone(), what: take_back, shares: Shares::None },
        Effect::Recall { of, effect: 0, to, by, points, amount, lines: Vec::new() },
    ]
}
