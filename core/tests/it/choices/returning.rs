//! Choices about returns: points earned, points spent, too few points, ends, visits.

use crate::support::{
    Desk, POINTS, adjustment, in_dollars, key, line, line_in, outcomes, purchase, purchase_with,
    return_of, tell,
};
use symbolon_core::engine::{Activity, Effect, Outcome};
use symbolon_core::ledger::Account;
use symbolon_core::programme::read;
use symbolon_core::values::{ActivityId, Points};

const JOINED: &str = "2027-01-03T10:00:00Z";
const BOUGHT: &str = "2027-01-03T12:00:00Z";

fn programme(settings: &str, kind: &str, rest: &str) -> String {
    in_dollars(&format!("[settings]\n{settings}\n{POINTS}{kind}\n{rest}"))
}

fn earning(what: &str) -> String {
    format!("[[rule]]\nid = \"r\"\non = \"purchase\"\nearn = {{ points = \"points\", {what} }}\n")
}

const ITEM: &str = "[[reward]]\nid = \"item\"\nname = \"Item\"\ncost = { points = 100 }\n\
                    gives = { item = { where = 'line.product == \"mug\"' } }\n";

/// Returns pieces of lines one after another and says what is there after each.
fn after_each(desk: &Desk, receipt: ActivityId, lines: &[u32]) -> Vec<i64> {
    let mut desk = desk.clone();
    let each = lines.iter().map(|line| {
        desk.does(BOUGHT, return_of(receipt, &[(*line, "1")]));
        desk.has("points", BOUGHT)
    });
    each.collect()
}

/// Row "points spent, partial return": 100 points paid for a mug of 20.00; a bowl for 20.00 and
/// a pot for 10.00 stand beside it.
#[test]
fn spent_points_on_return() {
    // Back come the bowl, the mug, the pot; and the other way round.
    let cases = [
        ("with-product", [0, 100, 100], [0, 100, 100]),
        ("in-proportion", [40, 80, 100], [20, 60, 100]),
        ("whole-return-only", [0, 0, 100], [0, 0, 100]),
    ];
    for (answer, forth, back) in cases {
        let text = programme(&format!("spent_points_on_return = \"{answer}\""), "", ITEM);
        let mut desk = Desk::with_member(&text, JOINED);
        desk.does(JOINED, adjustment("points", 100));
        let lines =
            vec![line("mug", "1", 2_000), line("bowl", "1", 2_000), line("pot", "1", 1_000)];
        let (receipt, _) = desk.does(BOUGHT, purchase_with(lines, &[("item", None)]));
        assert_eq!(after_each(&desk, receipt, &[1, 0, 2]), forth, "{answer}");
        assert_eq!(after_each(&desk, receipt, &[2, 0, 1]), back, "{answer}");
        // A void gives all back at once, also after a part.
        desk.does(BOUGHT, return_of(receipt, &[(1, "1")]));
        desk.does(BOUGHT, Activity::Void { of: receipt });
        assert_eq!(desk.has("points", BOUGHT), 100, "{answer}");
    }
}

/// Row "points earned, partial return": 3 pieces at 3.50 and a pot for 4.60 gave a point for
/// every full 5.00 of 15.10, that is 3. Computed anew, 11.60 give 2, 8.10 give 1, 4.60 none.
#[test]
fn earned_points_on_return() {
    let cases = [
        // In proportion the pieces had earned 2, the last of them takes both, and the pot 1.
        ("in-proportion", [3, 3, 1, 0], [2, 2, 2, 0]),
        ("on-what-is-kept", [2, 1, 0, 0], [2, 1, 0, 0]),
    ];
    for (answer, pieces_first, pot_first) in cases {
        let text = programme(
            &format!("earned_points_on_return = \"{answer}\""),
            "",
            &earning("give = 1, per = \"5.00\""),
        );
        let mut desk = Desk::with_member(&text, JOINED);
        let lines = vec![line("cup", "3", 350), line("pot", "1", 460)];
        let (receipt, _) = desk.does(BOUGHT, purchase(lines));
        assert_eq!(desk.has("points", BOUGHT), 3);
        assert_eq!(after_each(&desk, receipt, &[0, 0, 0, 1]), pieces_first, "{answer}");
        assert_eq!(after_each(&desk, receipt, &[1, 0, 0, 0]), pot_first, "{answer}");
    }
}

/// Row "points earned, partial return", computed on what is kept: multipliers by line, bounds,
/// fixed amounts and bases go with it.
#[test]
fn what_is_kept_is_computed_by_the_recorded_arithmetic() {
    let settings = "earned_points_on_return = \"on-what-is-kept\"";
    let toys = "[[rule]]\nid = \"toys\"\non = \"purchase\"\n\
                earn = { points = \"points\", times = 3, where = 'line.category == \"toys\"' }\n";
    let tenth = "[[rule]]\nid = \"tenth\"\non = \"purchase\"\ndiscount = { percent = 10 }\n";
    let cases = [
        // Tea 10, ball 30; without the ball 10, without the tea 30.
        (settings.to_owned(), earning("give = 1, per = \"1.00\"") + toys, 40, [10, 0], [30, 0]),
        // 20 and at most 15: one of the two alone still gives 10.
        (
            settings.to_owned(),
            earning("give = 1, per = \"1.00\", at_most = 15"),
            15,
            [10, 0],
            [10, 0],
        ),
        (settings.to_owned(), earning("give = 1, per = \"3.00\", at_least = 5"), 6, [5, 0], [5, 0]),
        // A fixed amount stays with the last piece, of its own lines if it has some.
        (settings.to_owned(), earning("give = 7"), 7, [7, 0], [7, 0]),
        (
            settings.to_owned(),
            earning("give = 7, where = 'line.category == \"toys\"'"),
            7,
            [0, 0],
            [7, 0],
        ),
        // Before discounts: 20 and not 18.
        (
            format!("{settings}\nearning_base = \"before-discounts\""),
            earning("give = 1, per = \"1.00\"") + tenth,
            20,
            [10, 0],
            [10, 0],
        ),
    ];
    for (settings, rules, given, ball_first, tea_first) in cases {
        let mut desk = Desk::with_member(&programme(&settings, "", &rules), JOINED);
        let lines = vec![line("tea", "1", 1_000), line_in("toys", "ball", "1", 1_000)];
        let (receipt, _) = desk.does(BOUGHT, purchase(lines));
        assert_eq!(desk.has("points", BOUGHT), given, "{rules}");
        assert_eq!(after_each(&desk, receipt, &[1, 0]), ball_first, "{rules}");
        assert_eq!(after_each(&desk, receipt, &[0, 1]), tea_first, "{rules}");
    }
}

/// Row "too few points at a return": 60 points were earned and 50 of them are gone. Each point
/// is worth two cents where that is asked.
#[test]
fn shortfall() {
    let cases = [
        // The price, what is owed, what the refund is, what it was kept back for.
        ("debt", 6_000, 50, 6_000, 0),
        ("forgiven", 6_000, 0, 6_000, 0),
        ("withheld", 6_000, 0, 5_900, 50),
    ];
    for (answer, price, owed, refund, withheld) in cases {
        let kind = format!("shortfall = \"{answer}\"\nworth = \"0.02\"");
        let text = programme("", &kind, &earning("give = 60"));
        let mut desk = Desk::with_member(&text, JOINED);
        let (receipt, _) = desk.does(BOUGHT, purchase(vec![line("coat", "1", price)]));
        desk.does(BOUGHT, adjustment("points", -50));
        let (_, back) = desk.does(BOUGHT, return_of(receipt, &[(0, "1")]));
        assert_eq!(desk.state().debt("points").units(), owed, "{answer}");
        assert_eq!(back.refund().unwrap().unwrap().units(), refund, "{answer}");
        let kept = desk.entries.iter().filter(|entry| entry.from == Account::Withheld);
        assert_eq!(kept.map(|entry| entry.amount.units()).sum::<i64>(), withheld, "{answer}");
        let told = outcomes(&back, "r").into_iter().any(|o| matches!(o, Outcome::Withheld { .. }));
        assert_eq!(told, withheld > 0, "{answer}");
        assert_eq!(desk.has("points", BOUGHT), 0);
    }
}

/// Row "too few points at a return", kept back from the money: never more than the refund; what
/// it does not cover is owed. Over several partial returns nothing is kept back twice.
#[test]
fn what_the_refund_does_not_cover_is_owed() {
    let text = programme("", "shortfall = \"withheld\"\nworth = \"0.02\"", &earning("give = 60"));
    let mut desk = Desk::with_member(&text, JOINED);
    let (receipt, _) = desk.does(BOUGHT, purchase(vec![line("cup", "2", 30)]));
    desk.does(BOUGHT, adjustment("points", -60));
    let mut refunds = Vec::new();
    for _ in 0..2 {
        let (_, back) = desk.does(BOUGHT, return_of(receipt, &[(0, "1")]));
        refunds.push(back.refund().unwrap().unwrap().units());
    }
    // Thirty points a piece are worth 0.60, and a piece gives back 0.30: 15 points of each.
    assert_eq!(refunds, [0, 0]);
    assert_eq!(desk.state().debt("points"), Points::new(30));
    let progress = desk.book.records[&receipt].progress.line(0);
    assert_eq!(progress.refunded.units(), 60, "the receipt is refunded to the cent all the same");
    // A worth that money cannot express keeps nothing back in money, and owes nothing.
    let fine = programme("", "shortfall = \"withheld\"\nworth = \"0.0001\"", &earning("give = 60"));
    let mut desk = Desk::with_member(&fine, JOINED);
    let (receipt, _) = desk.does(BOUGHT, purchase(vec![line("cup", "1", 500)]));
    desk.does(BOUGHT, adjustment("points", -60));
    let (_, back) = desk.does(BOUGHT, return_of(receipt, &[(0, "1")]));
    assert_eq!(back.refund().unwrap().unwrap().units(), 500);
    assert_eq!(desk.state().debt("points"), Points::ZERO);
    let unworthy = programme("", "shortfall = \"withheld\"", &earning("give = 60"));
    let remarks = read("test.toml", &unworthy).remarks;
    let told = "points of unknown worth cannot be kept back from money";
    assert!(remarks.iter().any(|remark| remark.message == told), "{remarks:?}");
}

/// Row "stamps at a return": taken back with the product, or kept. A void says that the
/// purchase never happened, and takes them back in any case.
#[test]
fn stamps_on_return() {
    for (answer, returned, voided) in [("taken-back", 0, 0), ("kept", 6, 0)] {
        let kind = format!("on_return = \"{answer}\"");
        let text = programme("", &kind, &earning("give = 6"));
        let mut desk = Desk::with_member(&text, JOINED);
        let (receipt, _) = desk.does(BOUGHT, purchase(vec![line("tea", "2", 300)]));
        let mut void = desk.clone();
        desk.does(BOUGHT, return_of(receipt, &[(0, "2")]));
        assert_eq!(desk.has("points", BOUGHT), returned, "{answer}");
        void.does(BOUGHT, Activity::Void { of: receipt });
        assert_eq!(void.has("points", BOUGHT), voided, "{answer}");
    }
}

/// Row "points given back" and case 31: 100 points of January 2027, which live a year, are spent
/// in December and given back in January 2028 and in December.
#[test]
fn case_31_restored_points() {
    let lives = "expires = \"12 months after earning\"\n";
    // When they come back, and how many are there then, at the end of January 2028 (they ended
    // on the 3rd), in February, and at the end of the year.
    let cases = [
        ("original-end", "", "2027-12-20", [100, 0, 0, 0]),
        ("original-end", "", "2028-01-10", [0, 0, 0, 0]),
        ("original-end", "restored_grace = \"30 days\"", "2027-12-20", [100, 0, 0, 0]),
        ("original-end", "restored_grace = \"30 days\"", "2028-01-10", [100, 100, 100, 0]),
        ("new-end", "", "2027-12-20", [100, 100, 100, 0]),
        ("new-end", "", "2028-01-10", [100, 100, 100, 100]),
    ];
    for (answer, grace, day, there) in cases {
        let text = programme(
            &format!("restored_points = \"{answer}\""),
            &format!("{lives}{grace}"),
            &(earning("give = 100") + ITEM),
        );
        let mut desk = Desk::with_member(&text, JOINED);
        desk.does(BOUGHT, purchase(vec![line("tea", "1", 300)]));
        let taken = Activity::Redemption { reward: key("item"), contact: None };
        let (redemption, _) = desk.does("2027-12-15T12:00:00Z", taken);
        let moment = format!("{day}T12:00:00Z");
        let (_, back) = desk.does(&moment, Activity::Void { of: redemption });
        let restored = back.effects.iter().any(|effect| matches!(effect, Effect::Restore { .. }));
        assert!(restored, "what came back is on record");
        let moments = [
            moment.as_str(),
            "2028-01-31T12:00:00Z",
            "2028-02-09T12:00:00Z",
            "2028-12-30T12:00:00Z",
        ];
        let found = moments.map(|moment| desk.has("points", moment));
        assert_eq!(found, there, "{answer} {grace} {day}");
        // Settling changes no answer (I14).
        desk.does("2028-12-31T12:00:00Z", Activity::Settlement);
    }
}

/// Points that got a new end are a lot of their own: some of them may still stand in the old one,
/// and a part that comes back twice makes two.
#[test]
fn restored_points_with_a_new_end_have_lots_of_their_own() {
    let text = programme(
        "restored_points = \"new-end\"\nspent_points_on_return = \"in-proportion\"",
        "expires = \"12 months after earning\"",
        ITEM,
    );
    let mut desk = Desk::with_member(&text, JOINED);
    desk.does(JOINED, adjustment("points", 150));
    let lines = vec![line("mug", "1", 1_000), line("cup", "3", 1_000)];
    let (receipt, _) = desk.does("2027-06-01T12:00:00Z", purchase_with(lines, &[("item", None)]));
    desk.does("2027-07-01T12:00:00Z", return_of(receipt, &[(1, "2")]));
    desk.does("2027-08-01T12:00:00Z", return_of(receipt, &[(0, "1"), (1, "1")]));
    let left = ["2027-08-01", "2028-01-04", "2028-07-02", "2028-08-02"]
        .map(|day| desk.has("points", &format!("{day}T12:00:00Z")));
    assert_eq!(left, [150, 100, 50, 0]);
    let lots: Vec<u32> = desk.state().lots.iter().map(|lot| lot.number).collect();
    assert_eq!(lots, [1, 2, 3]);
    desk.does("2027-08-02T12:00:00Z", adjustment("points", 5));
    assert_eq!(desk.state().next_lot, 5);
}

/// Row "a void" and "n-th purchase": every third visit gives 10; the second one is voided.
#[test]
fn voided_receipts() {
    for (answer, earned) in [("not-counted", 0), ("counted", 10)] {
        let third = "[[rule]]\nid = \"third\"\non = \"purchase\"\nwhen = 'member.visits() == 2'\n\
                     earn = { points = \"points\", give = 10 }\n";
        let text = programme(&format!("voided_receipts = \"{answer}\""), "", third);
        let story = format!(
            "
story: the second one is voided
2027-01-03  Ana joins
2027-01-03  Ana buys 1 tea at 3.00
2027-01-04  Ana buys 1 tea at 3.00 as R
2027-01-04  Ana voids R
2027-01-05  Ana buys 1 tea at 3.00
    earns {earned} points
"
        );
        tell(&text, &story);
    }
}
