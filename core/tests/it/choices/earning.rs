//! Choices about earning: base, tax, rewards, rounding, multipliers, groups, bounds.

use crate::support::{
    Desk, POINTS, earned, in_dollars, key, line, line_in, outcomes, purchase, purchase_with, tell,
    why,
};
use symbolon_core::engine::{
    Activity, Arithmetic, Bound, Combined, Decision, Line, LineKind, Outcome, Purchase,
};
use symbolon_core::programme::{Severity, read};
use symbolon_core::values::{Points, Rate};

const JOINED: &str = "2027-01-03T10:00:00Z";
const BOUGHT: &str = "2027-01-03T12:00:00Z";

fn with_settings(settings: &str, rest: &str) -> String {
    in_dollars(&format!("[settings]\n{settings}\n{POINTS}{rest}"))
}

fn rule(id: &str, what: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\non = \"purchase\"\n{what}\n")
}

fn earning(id: &str, what: &str) -> String {
    rule(id, &format!("earn = {{ points = \"points\", {what} }}"))
}

fn item(cost: i64) -> String {
    format!(
        "[[reward]]\nid = \"item\"\nname = \"Item\"\ncost = {{ points = {cost} }}\n\
         gives = {{ item = {{}} }}\n"
    )
}

/// What a member with a thousand points gets who buys this.
fn bought(text: &str, activity: Activity) -> Decision {
    let mut desk = Desk::with_member(text, JOINED);
    desk.does(JOINED, crate::support::adjustment("points", 1_000));
    desk.does(BOUGHT, activity).1
}

/// The messages of the errors of a text that must have some.
fn errors(text: &str) -> Vec<String> {
    let remarks = read("test.toml", text).remarks;
    let errors = remarks.into_iter().filter(|remark| remark.severity == Severity::Error);
    errors.map(|remark| remark.message).collect()
}

/// Case 37: a certificate that is sold and carriage earn nothing, unless the rule names them.
#[test]
fn case_37_lines_that_are_not_goods_earn_only_by_name() {
    let mut lines = vec![line("mug", "1", 1_000), line("post", "1", 500), line("gift", "1", 5_000)];
    lines[1].kind = LineKind::Delivery;
    lines[2].kind = LineKind::Certificate;
    let cases = [
        ("", 10),
        (", where = 'line.unit_price >= 1'", 10),
        (", where = 'line.kind == \"delivery\"'", 5),
        (", where = 'line.kind == \"certificate\"'", 50),
        (", where = 'line.kind != \"certificate\"'", 15),
        (", where = 'line.kind == \"goods\" || line.kind == \"delivery\"'", 15),
    ];
    for (filter, points) in cases {
        let text = in_dollars(&format!(
            "{POINTS}{}",
            earning("r", &format!("give = 1, per = \"1.00\"{filter}"))
        ));
        let decision = bought(&text, purchase(lines.clone()));
        assert_eq!(earned(&decision, "points"), points, "{filter}");
    }
    let text = in_dollars(&format!("{POINTS}{}", earning("r", "give = 7")));
    let decision = bought(&text, purchase(lines[1..].to_vec()));
    assert_eq!(earned(&decision, "points"), 0, "a visit for a certificate alone");
    assert_eq!(why(&decision, "r"), ["nothing-to-count"]);
}

/// Case 37: what was sold beside the goods takes no points back when it returns.
#[test]
fn case_37_a_returned_certificate_takes_nothing_back() {
    let text = in_dollars(&format!("{POINTS}{}", earning("r", "give = 1, per = \"1.00\"")));
    let mut desk = Desk::with_member(&text, JOINED);
    let gift = Line { kind: LineKind::Certificate, ..line("gift", "1", 5_000) };
    let (receipt, _) = desk.does(BOUGHT, purchase(vec![line("mug", "1", 1_000), gift]));
    desk.does(BOUGHT, crate::support::return_of(receipt, &[(1, "1")]));
    assert_eq!(desk.has("points", BOUGHT), 10);
    desk.does(BOUGHT, crate::support::return_of(receipt, &[(0, "1")]));
    assert_eq!(desk.has("points", BOUGHT), 0);
}

/// Row "earning base": a mug for 20.00 with 2.00 off mugs and a bowl for 10.00, then 10 % off
/// the whole receipt: 30.00, 28.00, 25.20.
#[test]
fn earning_base() {
    let discounts =
        rule("mugs", "discount = { sum = \"2.00\", where = 'line.product == \"mug\"' }")
            + &rule("tenth", "priority = 1\ndiscount = { percent = 10 }");
    let lines = vec![line("mug", "1", 2_000), line("bowl", "1", 1_000)];
    for (base, points) in
        [("after-discounts", 252), ("after-line-discounts", 280), ("before-discounts", 300)]
    {
        let earn = earning("r", "give = 10, per = \"1.00\", steps = \"proportional\"");
        let by_setting =
            with_settings(&format!("earning_base = \"{base}\""), &format!("{discounts}{earn}"));
        let decision = bought(&by_setting, purchase(lines.clone()));
        assert_eq!(earned(&decision, "points"), points, "{base} by the settings");
        // An earning may say it for itself, whatever the settings say.
        for settings in ["", "earning_base = \"before-discounts\""] {
            let what =
                format!("give = 10, per = \"1.00\", steps = \"proportional\", base = \"{base}\"");
            let text = with_settings(settings, &format!("{discounts}{}", earning("r", &what)));
            let decision = bought(&text, purchase(lines.clone()));
            assert_eq!(earned(&decision, "points"), points, "{base} by the earning");
        }
    }
}

/// Row "earning base", before or after tax: what is paid holds 20 % and 8.25 % tax, and a line
/// of unknown tax counts whole. Each line is rounded down.
#[test]
fn earning_tax() {
    let taxed = |units: Option<i64>, line: Line| Line { tax: units.map(Rate::new), ..line };
    let lines = vec![
        taxed(Some(20_000_000), line("mug", "1", 1_199)),
        taxed(Some(8_250_000), line("bread", "1", 999)),
        taxed(None, line("stamp", "1", 100)),
    ];
    let earn = earning("r", "give = 100, per = \"1.00\", steps = \"proportional\"");
    // 9.99 of 9.9916…, 9.22 of 9.2286…, and 1.00.
    for (tax, points) in [("with-tax", 2_298), ("without-tax", 999 + 922 + 100)] {
        let text = with_settings(&format!("earning_tax = \"{tax}\""), &earn);
        let decision = bought(&text, purchase(lines.clone()));
        assert_eq!(earned(&decision, "points"), points, "{tax}");
    }
}

/// Row "discount bought with points lowers the base": of 30.00 a mug for 20.00 is had for points.
#[test]
fn reward_discount() {
    let rest = earning("r", "give = 1, per = \"1.00\"") + &item(100);
    let lines = vec![line("mug", "1", 2_000), line("bowl", "1", 1_000)];
    for (answer, points) in [("lowers-base", 10), ("keeps-base", 30)] {
        let text = with_settings(&format!("reward_discount = \"{answer}\""), &rest);
        let mut desk = Desk::with_member(&text, JOINED);
        desk.does(JOINED, crate::support::adjustment("points", 100));
        let (receipt, decision) =
            desk.does(BOUGHT, purchase_with(lines.clone(), &[("item", Some(0))]));
        assert_eq!(earned(&decision, "points"), points, "{answer}");
        // Each line takes back what it had counted for.
        desk.does(BOUGHT, crate::support::return_of(receipt, &[(0, "1")]));
        assert_eq!(desk.has("points", BOUGHT), 100 + 10, "{answer}: the bowl's points stay");
        desk.does(BOUGHT, crate::support::return_of(receipt, &[(1, "1")]));
        assert_eq!(desk.has("points", BOUGHT), 100, "{answer}");
    }
}

/// Case 38: a fixed amount is not given where points paid for all of its lines.
#[test]
fn case_38_points_only_receipt() {
    let rest = earning("visit", "give = 5")
        + &earning("mug", "give = 3, where = 'line.product == \"mug\"'")
        + &item(100);
    let mug = || line("mug", "1", 2_000);
    let cases: [(Vec<Line>, bool, i64, i64); 4] = [
        (vec![mug()], true, 0, 8),
        // The bowl was paid for with money, so the visit counts; the mug does not.
        (vec![mug(), line("bowl", "1", 1_000)], true, 5, 8),
        (vec![line("mug", "2", 2_000)], true, 8, 8),
        // What costs nothing without points is another matter.
        (vec![line("mug", "1", 0)], false, 8, 8),
    ];
    for (lines, claims, nothing, all) in cases {
        for (answer, points) in [("earns-nothing", nothing), ("earns", all)] {
            let text = with_settings(&format!("points_only_receipt = \"{answer}\""), &rest);
            let rewards: &[(&str, Option<u32>)] = if claims { &[("item", Some(0))] } else { &[] };
            let decision = bought(&text, purchase_with(lines.clone(), rewards));
            assert_eq!(earned(&decision, "points"), points, "{answer} {lines:?}");
        }
    }
}

/// Row "points of this receipt spendable on it": 60 points are there and 50 are earned; the
/// reward costs 100. Earned first, on the price without the reward, so that there is no circle.
#[test]
fn own_points() {
    let rest = earning("r", "give = 1, per = \"1.00\"") + &item(100);
    let lines = vec![line("coat", "1", 4_000), line("hat", "1", 1_000)];
    let start = |settings: &str| {
        let mut desk = Desk::with_member(&with_settings(settings, &rest), JOINED);
        desk.does(JOINED, crate::support::adjustment("points", 60));
        desk
    };
    let claiming = purchase_with(lines, &[("item", Some(1))]);
    let mut later = start("own_points = \"later\"");
    assert_eq!(later.refuses(BOUGHT, claiming.clone()), "reward-not-possible");
    let same = "own_points = \"same-receipt\"\nreward_discount = \"keeps-base\"\n\
                points_only_receipt = \"earns\"";
    let mut desk = start(same);
    let before = desk.clone();
    let (receipt, decision) = desk.does(BOUGHT, claiming.clone());
    assert_eq!(earned(&decision, "points"), 50);
    assert_eq!(desk.has("points", BOUGHT), 10);
    // Back in two parts, in both orders: all is as it was.
    for order in [[0, 1], [1, 0]] {
        let mut desk = desk.clone();
        for line in order {
            desk.does(BOUGHT, crate::support::return_of(receipt, &[(line, "1")]));
        }
        assert_eq!(desk.has("points", BOUGHT), before.has("points", BOUGHT), "{order:?}");
        assert_eq!(desk.state().debt("points"), Points::ZERO);
    }
    // What waits cannot be spent, also not at once.
    let pending = with_settings(same, &rest).replace("[[rule]]", "[[rule]]\n# waits\n");
    let pending =
        pending.replace("points\" }\n[[rule]]", "points\" }\npending = \"1 day\"\n[[rule]]");
    let mut desk = Desk::with_member(&pending, JOINED);
    desk.does(JOINED, crate::support::adjustment("points", 60));
    assert_eq!(desk.refuses(BOUGHT, claiming), "reward-not-possible");
    // What is let go at a return would be there when the rest comes back.
    let forgiven = with_settings(same, &rest)
        .replace("\"points\" }\n", "\"points\" }\nshortfall = \"forgiven\"\n");
    assert_eq!(
        errors(&forgiven),
        ["points that pay on the receipt that earns them must be owed at a return"]
    );
    // A reward cannot lower what paid for it.
    let circle = with_settings("own_points = \"same-receipt\"", &rest);
    assert_eq!(
        errors(&circle),
        ["points cannot pay on the receipt that earns them and lower what it earns, too"]
    );
}

/// Row "rounding of points": three rules give 3.6, 2.25 and 0.9 points. Each by itself they are
/// rounded three times; together they are 6.75, shared out to the largest remainders.
#[test]
fn points_rounding() {
    let rules = earning("a", "percent = 30")
        + &earning("b", "percent = \"18.75\"")
        + &earning("c", "percent = \"7.5\"");
    let cases = [
        ("each-award", "down", vec![3, 2]),
        ("each-award", "half-up", vec![4, 2, 1]),
        ("each-award", "up", vec![4, 3, 1]),
        ("receipt", "down", vec![3, 2, 1]),
        ("receipt", "half-up", vec![4, 2, 1]),
        ("receipt", "up", vec![4, 2, 1]),
    ];
    for (answer, rounding, awards) in cases {
        let text = with_settings(&format!("points_rounding = \"{answer}\""), &rules).replace(
            "points\" }\n[[rule]]\nid = \"a\"",
            &format!("points\" }}\nrounding = \"{rounding}\"\n[[rule]]\nid = \"a\""),
        );
        let decision = bought(&text, purchase(vec![line("tea", "1", 1_200)]));
        let given: Vec<i64> = ["a", "b", "c"]
            .into_iter()
            .flat_map(|rule| outcomes(&decision, rule))
            .filter_map(|outcome| match outcome {
                Outcome::Earned { amount, .. } => Some(amount.units()),
                _ => None,
            })
            .collect();
        assert_eq!(given, awards, "{answer} {rounding}");
    }
}

/// Row "several earning rules": gold gives 1.5 times, the weekend twice, toys three times.
#[test]
fn multipliers() {
    let ladder = "[ladder.club]\nmeasure = 'visits()'\n\
                  tier = [{ id = \"gold\", multiplies = { points = \"1.5\" } }]\n";
    let rules = earning("r", "give = 1, per = \"1.00\"")
        + &earning("weekend", "times = 2")
        + &earning("toys", "times = 3, where = 'line.category == \"toys\"'");
    let lines = vec![line("tea", "1", 1_000), line_in("toys", "ball", "1", 1_000)];
    // Tea and ball: 10 × 3 and 10 × 9; 10 × 2.5 and 10 × 4.5; 10 × 2 and 10 × 3.
    let cases = [
        ("multiply", 30 + 90, Combined::Multiplied, vec!["gold", "toys", "weekend"]),
        ("add", 25 + 45, Combined::Added, vec!["gold", "toys", "weekend"]),
        ("highest", 20 + 30, Combined::Highest, vec!["toys", "weekend"]),
    ];
    for (answer, points, how, names) in cases {
        let text =
            with_settings(&format!("multipliers = \"{answer}\""), &format!("{ladder}{rules}"));
        let mut desk = Desk::with_member(&text, JOINED);
        let (receipt, decision) = desk.does(BOUGHT, purchase(lines.clone()));
        assert_eq!(earned(&decision, "points"), points, "{answer}");
        let Some(Outcome::Earned { arithmetic, .. }) = outcomes(&decision, "r").first().copied()
        else {
            panic!("{decision:?}")
        };
        let Arithmetic::PerAmount { multipliers, combined, .. } = arithmetic else { panic!() };
        assert_eq!(*combined, how);
        let named: Vec<&str> = multipliers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, names, "{answer}");
        // The ball takes back what the ball earned.
        let (_, back) = desk.does(BOUGHT, crate::support::return_of(receipt, &[(1, "1")]));
        let ball =
            [90, 45, 30][usize::from(answer == "add") + 2 * usize::from(answer == "highest")];
        let lost = points - desk.has("points", BOUGHT);
        assert_eq!(lost, ball, "{answer} {back:?}");
    }
    // A lower multiplier says which one is higher, and counts as not used.
    let text = with_settings(
        "multipliers = \"highest\"",
        &(earning("r", "give = 1, per = \"1.00\"")
            + &earning("double", "times = 2")
            + &earning("triple", "times = 3")),
    );
    let decision = bought(&text, purchase(vec![line("tea", "1", 1_000)]));
    assert_eq!(earned(&decision, "points"), 30);
    assert_eq!(outcomes(&decision, "double"), [&Outcome::Outdone { by: key("triple") }]);
    assert_eq!(why(&decision, "triple"), ["multiplied"]);
}

/// Row "several earning rules": what is taken off twice adds up to nothing, never below.
#[test]
fn multipliers_below_one_add_up_to_nothing_at_least() {
    let rules = earning("r", "give = 1, per = \"1.00\"")
        + &earning("a", "times = \"0.25\"")
        + &earning("b", "times = \"0.1\"");
    let text = with_settings("multipliers = \"add\"", &rules);
    let decision = bought(&text, purchase(vec![line("tea", "1", 1_000)]));
    assert_eq!(earned(&decision, "points"), 0);
}

/// Row "several earning rules": fixed points after the multipliers, or under them.
#[test]
fn fixed_points() {
    let rules = earning("visit", "give = 5") + &earning("double", "times = \"2.5\"");
    for (answer, points) in [("not-multiplied", 5), ("multiplied", 12)] {
        let text = with_settings(&format!("fixed_points = \"{answer}\""), &rules);
        let decision = bought(&text, purchase(vec![line("tea", "1", 1_000)]));
        assert_eq!(earned(&decision, "points"), points, "{answer}");
        let multiplied = answer == "multiplied";
        let told = why(&decision, "double");
        assert_eq!(told, [if multiplied { "multiplied" } else { "nothing-to-count" }]);
        let Some(Outcome::Earned { arithmetic, .. }) = outcomes(&decision, "visit").first() else {
            panic!("{decision:?}")
        };
        assert_eq!(matches!(arithmetic, Arithmetic::FixedTimes { .. }), multiplied);
    }
}

/// Of a group of rules that only earn, the one that gives most is applied: by points of one
/// kind, by what several kinds are worth, or simply the first where that is not known.
#[test]
fn of_a_group_the_rule_that_gives_most_points_is_applied() {
    let kinds = |worth: &str| {
        format!(
            "[points.miles]\nname.en = {{ one = \"mile\", other = \"miles\" }}\n{worth}\
             [points.stars]\nname.en = {{ one = \"star\", other = \"stars\" }}\ndecimals = 1\n{worth}",
        )
    };
    let grouped = |id: &str, what: &str| rule(id, &format!("group = \"g\"\n{what}"));
    let worth = |miles: &str, stars: &str| {
        let each = kinds("");
        let each = each.replace("\"miles\" }\n", &format!("\"miles\" }}\nworth = \"{miles}\"\n"));
        each.replace("decimals = 1\n", &format!("decimals = 1\nworth = \"{stars}\"\n"))
    };
    let miles = |give: i64| format!("earn = {{ points = \"miles\", give = {give} }}");
    let stars = |give: i64| format!("earn = {{ points = \"stars\", give = {give} }}");
    let cases: Vec<(String, [String; 2], &str)> = vec![
        (kinds(""), [miles(1), miles(50)], "b"),
        (kinds(""), [miles(50), miles(50)], "a"),
        (
            kinds(""),
            [miles(50), "earn = { points = \"miles\", give = 1, per = \"0.10\" }".to_owned()],
            "b",
        ),
        (kinds(""), [miles(10), "earn = { points = \"miles\", times = 3 }".to_owned()], "b"),
        (kinds(""), [miles(1), stars(9)], "a"),
        (worth("0.01", "0.10"), [miles(1), stars(9)], "b"),
        (worth("0.01", "0.10"), [miles(90), stars(9)], "a"),
        (worth("0.01", "0.10"), [miles(91), stars(9)], "a"),
        (worth("0.01", "0.10"), [miles(89), stars(9)], "b"),
        // A rule that has nothing to give on this receipt neither wins nor loses (I16).
        (
            kinds(""),
            [
                miles(1),
                "earn = { points = \"miles\", give = 99, where = 'line.product == \"car\"' }"
                    .to_owned(),
            ],
            "a",
        ),
        // What takes money off comes before points, whatever they are; nothing off does not.
        (kinds(""), [miles(99), "discount = { percent = 1 }".to_owned()], "b"),
        (
            kinds(""),
            [
                miles(1),
                "discount = { percent = 50, where = 'line.product == \"car\"' }\n".to_owned()
                    + &miles(2),
            ],
            "b",
        ),
    ];
    for (kinds, [a, b], winner) in cases {
        let base = rule("base", "earn = { points = \"miles\", give = 10, per = \"1.00\" }");
        let text = in_dollars(&format!("{kinds}{base}{}{}", grouped("a", &a), grouped("b", &b)));
        let mut desk = Desk::with_member(&text, JOINED);
        let (_, decision) = desk.does(BOUGHT, purchase(vec![line("tea", "1", 600)]));
        for (id, other) in [("a", "b"), ("b", "a")] {
            let excluded = Outcome::Excluded { group: key("g"), by: key(other) };
            let is_out = outcomes(&decision, id).contains(&&excluded);
            let gives = why(&decision, id) != ["nothing-to-count"];
            assert_eq!(is_out, id != winner && gives, "{id} of {a} | {b}\n{:?}", decision.reasons);
        }
    }
}

/// Rules of a group on an action: the one that gives most, too.
#[test]
fn of_a_group_the_rule_that_gives_most_for_an_action_is_applied() {
    let on = |id: &str, give: i64| {
        format!(
            "[[rule]]\nid = \"{id}\"\non = \"action:wave\"\ngroup = \"g\"\n\
             earn = {{ points = \"points\", give = {give} }}\n"
        )
    };
    let text = format!(
        "{POINTS}[action.wave]\nname = \"Wave\"\n{}{}{}",
        on("a", 3),
        on("b", 9),
        on("c", 5)
    );
    tell(
        &in_dollars(&text),
        "
story: nine points
2027-01-01  Ana joins
2027-01-01  Ana does wave
    earns 9 points
    a gives nothing: excluded
    c gives nothing: excluded
",
    );
}

/// Row "cap per purchase": the excess is lost, what was there before is untouched, and the
/// reason says what was computed.
#[test]
fn an_earning_gives_at_most_and_at_least() {
    let cases = [
        ("at_most = 100", 9_999, 99, None),
        ("at_most = 100", 10_000, 100, None),
        ("at_most = 100", 50_000, 100, Some((Bound::AtMost, 500))),
        ("at_least = 5", 50, 5, Some((Bound::AtLeast, 0))),
        ("at_least = 5", 499, 5, Some((Bound::AtLeast, 4))),
        ("at_least = 5", 700, 7, None),
        // Nothing to pay is no purchase that would earn.
        ("at_least = 5", 0, 0, None),
        ("at_least = 5, at_most = 6", 700, 6, Some((Bound::AtMost, 7))),
    ];
    for (bounds, price, points, bounded) in cases {
        let text = in_dollars(&format!(
            "{POINTS}{}",
            earning("r", &format!("give = 1, per = \"1.00\", {bounds}"))
        ));
        let decision = bought(&text, purchase(vec![line("tea", "1", price)]));
        assert_eq!(earned(&decision, "points"), points, "{bounds} of {price}");
        let found = outcomes(&decision, "r").into_iter().find_map(|outcome| match outcome {
            Outcome::Bounded { computed, given, bound, .. } => {
                assert_eq!(given.units(), points);
                Some((*bound, computed.units()))
            }
            _ => None,
        });
        assert_eq!(found, bounded, "{bounds} of {price}");
    }
}

/// Row "cap per purchase", by kind: on a receipt, on a day, in a month of the calendar; a late
/// receipt finds what the month has given already, and a return makes room again.
#[test]
fn a_kind_gives_at_most_per_receipt_day_and_month() {
    let text = in_dollars(&format!(
        "{}at_most = {{ per_receipt = 50, per_day = 80, per_month = 100 }}\n\
         [action.wave]\nname = \"Wave\"\n\
         [[rule]]\nid = \"wave\"\non = \"action:wave\"\nearn = {{ points = \"points\", give = 60 }}\n\
         {}{}",
        POINTS,
        earning("a", "give = 1, per = \"1.00\""),
        earning("b", "give = 10"),
    ));
    tell(
        &text,
        "
story: receipts, days and months
2027-01-01  Ana joins
2027-01-03  Ana buys 1 coat at 30.00
    earns 40 points
2027-01-04  Ana buys 1 coat at 45.00 as R
    earns 50 points
2027-01-04  Ana buys 1 coat at 45.00
    earns 10 points
2027-01-04  Ana does wave
    earns nothing
2027-01-05  Ana voids R
    has 50 points
2027-01-02  Ana buys 1 coat at 48.00
    earns 50 points
2027-01-31  Ana does wave
    earns nothing
2027-02-01  Ana does wave
    earns 60 points
2027-02-01  Ana buys 1 coat at 45.00
    earns 20 points
",
    );
    let mut desk = Desk::with_member(&text, JOINED);
    let (_, decision) = desk.does(BOUGHT, purchase(vec![line("coat", "1", 4_500)]));
    let bounded = |decision: &Decision, about: &str| match outcomes(decision, about)[..] {
        [Outcome::Bounded { computed, given, bound, .. }] => {
            (computed.units(), given.units(), *bound)
        }
        _ => panic!("{decision:?}"),
    };
    assert_eq!(bounded(&decision, "b"), (10, 5, Bound::PerReceipt));
    let (_, decision) = desk.does(BOUGHT, purchase(vec![line("coat", "1", 4_500)]));
    assert_eq!(bounded(&decision, "a"), (45, 30, Bound::PerDay));
    assert_eq!(bounded(&decision, "b"), (10, 0, Bound::PerDay));
}

/// Bounds and bases stand where points are given, and nowhere else.
#[test]
fn bounds_in_the_wrong_place_are_errors() {
    let times = earning("r", "times = 2, at_most = 5");
    let action = "[action.wave]\nname = \"Wave\"\n[[rule]]\nid = \"r\"\non = \"action:wave\"\n\
                  earn = { points = \"points\", give = 1, at_most = 5 }\n";
    let crossed = earning("r", "give = 1, per = \"1.00\", at_least = 6, at_most = 5");
    let cases = [
        (
            times.as_str(),
            "`times` multiplies what other rules give, it gives nothing that could be bounded",
        ),
        (action, "an action has no amount to earn by"),
        (crossed.as_str(), "`at_most` is below `at_least`"),
    ];
    for (rest, message) in cases {
        assert_eq!(errors(&in_dollars(&format!("{POINTS}{rest}"))), [message]);
    }
    let empty = format!("{POINTS}at_most = {{}}\n{}", earning("r", "give = 1"));
    assert_eq!(errors(&in_dollars(&empty)), ["it is not said of how much"]);
}

/// Row "which points go first": the soonest to end were earned later, by an adjustment of their
/// own; a spend of 10 takes those, or the older ones.
#[test]
fn spend_order() {
    for (answer, left_after_end) in [("soonest-to-end", 20), ("oldest", 10)] {
        let kinds = "expires = \"end of the month\"\n";
        let text = in_dollars(&format!(
            "[settings]\nspend_order = \"{answer}\"\n{POINTS}{kinds}{}{}",
            earning("r", "give = 20"),
            item(10),
        ));
        // Older points that live longer: earned in an earlier version of the programme, whose
        // points never end.
        let older = text.replace(kinds, "");
        let versions = [(older, "2027-01-01T00:00:00Z"), (text, "2027-02-01T00:00:00Z")];
        let programmes = crate::support::versions(&versions);
        let mut desk = Desk::new(programmes);
        desk.does("2027-01-03T10:00:00Z", crate::support::joining());
        desk.does("2027-01-03T12:00:00Z", purchase(vec![line("tea", "1", 100)]));
        desk.does("2027-02-03T12:00:00Z", purchase(vec![line("tea", "1", 100)]));
        let reward = Activity::Redemption { reward: key("item"), contact: None };
        desk.does("2027-02-04T12:00:00Z", reward);
        assert_eq!(desk.has("points", "2027-02-28T12:00:00Z"), 30, "{answer}");
        assert_eq!(desk.has("points", "2027-03-01T12:00:00Z"), left_after_end, "{answer}");
    }
}

/// No setting is read by a purchase that has nothing to do with it.
#[test]
fn a_plain_receipt_is_the_same_under_every_answer() {
    let rest = earning("r", "give = 1, per = \"1.00\"");
    let plain = bought(&with_settings("", &rest), purchase(vec![line("tea", "1", 1_000)]));
    let others = [
        "earning_base = \"before-discounts\"",
        "reward_discount = \"keeps-base\"",
        "points_only_receipt = \"earns\"",
        "points_rounding = \"receipt\"",
        "fixed_points = \"multiplied\"",
        "spend_order = \"oldest\"",
    ];
    for settings in others {
        let activity = Activity::Purchase(Purchase {
            lines: vec![line("tea", "1", 1_000)],
            ..Purchase::default()
        });
        let decision = bought(&with_settings(settings, &rest), activity);
        assert_eq!(earned(&decision, "points"), earned(&plain, "points"), "{settings}");
        assert_eq!(decision.reasons, plain.reasons, "{settings}");
    }
}
