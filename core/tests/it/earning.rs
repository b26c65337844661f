//! How many points a receipt earns.

use crate::support::{Desk, POINTS, earned, in_dollars, line_in, purchase};

/// I21: many multipliers on an ordinary receipt stay within the numbers, and are exact.
#[test]
fn i21_many_multipliers_are_exact() {
    let times = |id: usize, category: &str, times: &str| {
        format!(
            "[[rule]]\nid = \"times-{id}\"\non = \"purchase\"\nearn = {{ points = \"points\", \
             times = \"{times}\", where = 'line.category == \"{category}\"' }}\n"
        )
    };
    let rules: String = (0..6).map(|id| times(id, "tea", "1.1")).collect();
    let text = in_dollars(&format!(
        "{POINTS}decimals = 2\n[[rule]]\nid = \"earn\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", percent = \"33.333333\" }}\n{rules}{}{}",
        times(6, "pot", "0.5"),
        times(7, "pot", "0.5"),
    ));
    let mut desk = Desk::with_member(&text, "2027-01-03T10:00:00Z");
    // A third of 10,000.00 × 1.1⁶ and of 0.03 ÷ 4: 17,715.61 × a third and 0.0075 × a third.
    let lines = vec![line_in("tea", "tea", "1", 1_000_000), line_in("pot", "pot", "1", 3)];
    let (_, decision) = desk.does("2027-01-03T11:00:00Z", purchase(lines));
    assert_eq!(earned(&decision, "points"), 590_520);
    // 12.03 ÷ 4 is 3.0075, a third of it 1.0025: half cents are not lost on the way.
    let lines = vec![line_in("pot", "pot", "1", 1_203), line_in("tea", "tea", "1", 0)];
    let (_, decision) = desk.does("2027-01-03T12:00:00Z", purchase(lines));
    assert_eq!(earned(&decision, "points"), 100);
}
