//! Team goals (W6): reached exactly once, shared to the unit, taken back when what counted comes
//! back.

use super::problems_of;
use crate::support::{in_dollars, tell};
use symbolon_core::programme::{Severity, read};

/// A shop in which a thanks is earned for a dollar by staff.
fn shop(goals: &str) -> String {
    in_dollars(&format!(
        "[points.thanks]
name.en = {{ one = \"thanks\", other = \"thanks\" }}
spendable = false
shortfall = \"debt\"
[points.score]
name.en = {{ one = \"point\", other = \"points\" }}
spendable = false
[action.course-passed]
name.en = \"Course passed\"
[[rule]]
id = \"sold\"
on = \"purchase\"
when = 'member.kind == \"employee\"'
earn = {{ points = \"score\", give = 1, per = \"1.00\" }}
{goals}
"
    ))
}

fn goal(lines: &str) -> String {
    shop(&format!("[team_goal.together]\nname.en = \"Together\"\nevery = \"month\"\n{lines}"))
}

const TEAM: &str = "2027-01-01 North joins as team
2027-01-01 South joins as team
2027-01-01 Ola joins as employee
2027-01-01 Kari joins as employee
2027-01-01 Liv joins as employee
2027-01-01 Ana joins
2027-01-01 Ola joins-team North
2027-01-01 Kari joins-team North
2027-01-01 Liv joins-team South
";

fn story(text: &str) -> String {
    format!("story: a team (W6)\n{TEAM}{text}")
}

#[test]
fn w6_a_goal_is_reached_once_by_all_and_begins_anew_each_period() {
    let text = goal(
        "counts = \"action:course-passed\"\ntarget = 3\n\
         gives = { points = \"thanks\", each = 100 }",
    );
    tell(
        &text,
        &story(
            "2027-01-02 Ola does course-passed
2027-01-03 Liv does course-passed
2027-01-03 Ana does course-passed
2027-01-04 Kari does course-passed
2027-01-04 Kari waits
    has 0 thanks
2027-01-31T23:59:59 Ola does course-passed
2027-01-31T23:59:59 Kari waits
    has 100 thanks
2027-01-31T23:59:59 Ola waits
    has 100 thanks
2027-01-31T23:59:59 Liv waits
    has 0 thanks
2027-01-31T23:59:59 Kari does course-passed
2027-01-31T23:59:59 Kari waits
    has 100 thanks
2027-02-01 Kari does course-passed
2027-02-02 Kari does course-passed
2027-02-02 Ola waits
    has 100 thanks
2027-02-03 Kari does course-passed
2027-02-03 Ola waits
    has 200 thanks
",
        ),
    );
}

/// A10: a programme that ends pays no goal for what is done after its last earning day; what was
/// reached before stays reached.
#[test]
fn w6_a10_a_goal_ends_with_the_last_earning_day() {
    let text = goal(
        "counts = \"action:course-passed\"\ntarget = 2\n\
         gives = { points = \"thanks\", each = 100 }\n\
         [ending]\nlast_earning_day = 2027-01-20\nlast_spending_day = 2027-12-31",
    );
    tell(
        &text,
        &story(
            "2027-01-19 Ola does course-passed
2027-01-19 Liv does course-passed
2027-01-20 Kari does course-passed
2027-01-21 Ola waits
    has 100 thanks
2027-01-21 Liv does course-passed
2027-01-22 Liv waits
    has 0 thanks
",
        ),
    );
}

#[test]
fn w6_what_comes_back_counts_no_longer_and_takes_the_award_back_or_leaves_it() {
    let gives = "counts = \"earned:score\"\ntarget = 100\n\
                 gives = { points = \"thanks\", each = 10 }\n";
    let steps = |after: i32, again: i32| {
        story(&format!(
            "2027-01-02 Ola buys 2 coat at 30.00 as R
2027-01-03 Kari buys 1 hat at 40.00 as S
2027-01-03 Ola waits
    has 10 thanks
2027-02-04 Ola returns 1 coat of R
2027-02-04 Ola waits
    has {after} thanks
2027-02-04 Kari waits
    has {after} thanks
2027-01-31 Kari buys 1 hat at 30.00
2027-01-31 Kari waits
    has {again} thanks
2027-02-05 Kari voids S
2027-02-05 Ola returns 1 coat of R
2027-02-05 Ola waits
    has {after} thanks
"
        ))
    };
    // The default: what was given goes with it, and comes again when the goal is reached again.
    tell(&goal(gives), &steps(0, 10));
    tell(&goal(&format!("{gives}on_return = \"take-back\"\n")), &steps(0, 10));
    tell(&goal(&format!("{gives}on_return = \"keep\"\n")), &steps(10, 10));
    // Buy and void: the state before, for everybody.
    tell(
        &goal(
            "counts = \"action:course-passed\"\ntarget = 1\ngives = { points = \"thanks\", each = 7 }",
        ),
        &story(
            "2027-01-02 Ola does course-passed as C
2027-01-02 Kari waits
    has 7 thanks
2027-01-03 Ola voids C
2027-01-03 Ola waits
    has 0 thanks
2027-01-03 Kari waits
    has 0 thanks
",
        ),
    );
}

#[test]
fn w6_a_pot_is_shared_to_the_unit() {
    // What is left over goes to the largest remainder; of equal ones, to whoever is in the team
    // longer.
    for (split, ola, kari, per) in [
        ("", 51, 50, 0),
        (", split = \"equally\"", 51, 50, 0),
        (", split = \"by-score\"", 67, 34, 0),
    ] {
        let text = goal(&format!(
            "counts = \"earned:score\"\ntarget = 90\n\
             gives = {{ points = \"thanks\", pot = 101{split} }}"
        ));
        tell(
            &text,
            &story(&format!(
                "2027-01-02 Per joins as employee
2027-01-02 Per buys 1 coat at 90.00
2027-01-03 Ola buys 1 coat at 60.00
2027-01-03 Kari buys 1 hat at 30.00
2027-01-04 Ola waits
    has {ola} thanks
2027-01-04 Kari waits
    has {kari} thanks
2027-01-04 Per waits
    has {per} thanks
"
            )),
        );
    }
}

#[test]
fn w6_whoever_is_in_the_team_when_it_is_reached_gets_it_unless_only_from_the_start() {
    let gives = "counts = \"action:course-passed\"\ntarget = 2\n\
                 gives = { points = \"thanks\", each = 10 }\n";
    let steps = |late: i32| {
        story(&format!(
            "2027-01-02 Ola does course-passed
2027-01-03 Ola leaves-team
2027-01-04 Liv joins-team North
2027-01-05 Kari does course-passed
2027-01-06 Ola waits
    has 0 thanks
2027-01-06 Kari waits
    has 10 thanks
2027-01-06 Liv waits
    has {late} thanks
"
        ))
    };
    tell(&goal(gives), &steps(10));
    tell(&goal(&format!("{gives}members = \"everybody\"\n")), &steps(10));
    tell(&goal(&format!("{gives}members = \"from-the-start\"\n")), &steps(0));
    // What counted for the old team comes back to the old team, not to the new one.
    tell(
        &goal(gives),
        &story(
            "2027-01-02 Ola does course-passed as C
2027-01-02 Kari does course-passed
2027-01-03 Ola joins-team South
2027-01-03 Liv does course-passed
2027-01-04 Ola voids C
2027-01-04 Kari waits
    has 0 thanks
2027-01-05 Liv does course-passed
2027-01-05 Liv waits
    has 10 thanks
2027-01-05 Ola waits
    has 10 thanks
",
        ),
    );
}

#[test]
fn w6_thanks_and_awards_count_as_they_are_said_to_and_no_goal_reaches_another() {
    let text = goal(
        "counts = \"earned:thanks\"\ntarget = 20\ngives = { points = \"thanks\", each = 15 }\n\
         [recognition]\npoints = \"thanks\"\nallowance = 100\nevery = \"month\"\n\
         [team_goal.further]\nname.en = \"Further\"\nevery = \"month\"\n\
         counts = \"earned:thanks\"\ntarget = 30\ngives = { points = \"score\", each = 1 }",
    );
    tell(
        &text,
        &story(
            "2027-01-02 Liv thanks Ola with 20 thanks for the shift as T
2027-01-02 Ola waits
    has 35 thanks
    has 0 score
2027-01-02 Kari waits
    has 15 thanks
2027-01-03 Liv voids T
2027-01-03 Ola waits
    has 0 thanks
2027-01-03 Kari waits
    has 0 thanks
",
        ),
    );
}

#[test]
fn w6_a_period_that_is_long_over_pays_no_second_time() {
    let text =
        goal("counts = \"earned:score\"\ntarget = 5\ngives = { points = \"thanks\", each = 1 }");
    let text = text.replacen("every = \"month\"", "every = \"day\"", 1);
    let mut steps = String::new();
    let mut day = jiff::civil::date(2027, 1, 2);
    for _ in 0..41 {
        steps.push_str(&format!("{day} Ola buys 1 coat at 5.00\n"));
        day = day.tomorrow().unwrap();
    }
    // The first of these days is forgotten by now, and the second is not.
    steps.push_str(
        "2027-01-02 Kari buys 1 coat at 5.00
2027-01-02 Kari waits
    has 41 thanks
2027-01-03 Kari buys 1 coat at 5.00
2027-01-03 Kari waits
    has 41 thanks
",
    );
    tell(&text, &story(&steps));
}

#[test]
fn w6_a_merged_colleague_keeps_the_place_and_is_paid_once() {
    let text = goal(
        "counts = \"action:course-passed\"\ntarget = 2\n\
         gives = { points = \"thanks\", each = 10 }",
    );
    tell(
        &text,
        &story(
            "2027-01-02 Ola does course-passed as C
2027-01-03 Olga joins as employee
2027-01-03 Ola merges into Olga
2027-01-03 Kari does course-passed
2027-01-03 Olga waits
    has 10 thanks
2027-01-03 Kari waits
    has 10 thanks
2027-01-04 Ola voids C
2027-01-04 Olga waits
    has 0 thanks
2027-01-04 Kari waits
    has 0 thanks
2027-01-05 Olga does course-passed
2027-01-05 Kari merges into Olga
2027-01-05 Olga waits
    has 20 thanks
2027-01-06 North merges into South
    is refused: team-not-merged
",
        ),
    );
    // An old receipt that comes back after the merger counts no longer, once.
    tell(
        &goal(
            "counts = \"earned:score\"\ntarget = 100\n\
             gives = { points = \"thanks\", each = 10 }",
        ),
        &story(
            "2027-01-02 Ola buys 2 coat at 30.00 as R
2027-01-03 Olga joins as employee
2027-01-03 Ola merges into Olga
2027-01-03 Kari buys 1 hat at 40.00
2027-01-03 Olga waits
    has 10 thanks
2027-01-04 Ola returns 1 coat of R
2027-01-04 Olga waits
    has 0 thanks
2027-01-04 Kari buys 1 hat at 29.00
2027-01-04 Kari waits
    has 0 thanks
2027-01-04 Kari buys 1 hat at 1.00
2027-01-04 Kari waits
    has 10 thanks
",
        ),
    );
}

#[test]
fn w6_only_employees_have_a_team_and_what_is_wrong_is_said() {
    let text = goal(
        "counts = \"action:course-passed\"\ntarget = 2\n\
         gives = { points = \"thanks\", each = 10 }",
    );
    tell(&text, &story("2027-01-02 Ana joins-team North\n    is refused: not-staff\n"));
    assert!(problems_of(&text).is_empty());
    for (from, to) in [
        ("action:course-passed", "action:lunch"),
        ("action:course-passed", "earned:kudos"),
        ("action:course-passed", "receipts"),
        ("target = 2", "target = 0"),
        ("each = 10", "each = 0"),
        ("each = 10", "each = 10, pot = 5"),
        (", each = 10", ""),
        ("each = 10", "each = 10, split = \"equally\""),
        ("each = 10", "pot = 10, split = \"fairly\""),
        ("target = 2", "target = 2\nmembers = \"me\""),
        ("target = 2", "target = 2\non_return = \"maybe\""),
        ("every = \"month\"", "every = \"moon\""),
        ("team_goal.together", "team_goal.team"),
        ("id = \"sold\"", "id = \"together\""),
    ] {
        assert_eq!(problems_of(&text.replacen(from, to, 1)).len(), 1, "{to}");
    }
}

#[test]
fn w6_a_goal_that_nobody_can_reach_is_found() {
    let found = |text: &str| {
        let remarks = read("test.toml", text).remarks;
        let found = remarks.iter().filter(|remark| remark.severity == Severity::Finding);
        let said: Vec<String> = found.map(ToString::to_string).collect();
        said.iter().any(|remark| remark.contains("no team reaches `together`"))
    };
    let gives = "target = 2\ngives = { points = \"score\", each = 10 }\ncounts = ";
    // Thanks come from nowhere here, and what goals give does not count.
    assert!(found(&goal(&format!("{gives}\"earned:thanks\""))));
    assert!(!found(&goal(&format!("{gives}\"earned:score\""))));
    assert!(!found(&goal(&format!("{gives}\"action:course-passed\""))));
}

/// Whatever is done and voided, in any order: at each moment everybody has what the goal gives
/// exactly if the team stands at the target, and never twice (I7, I8).
#[test]
fn w6_after_any_order_of_deeds_and_voids_all_have_it_once_or_not_at_all() {
    let text = goal(
        "counts = \"action:course-passed\"\ntarget = 3\n\
         gives = { points = \"thanks\", each = 10 }",
    );
    for seed in 1..=40_u64 {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            (state >> 33) % below
        };
        let (mut steps, mut open, mut crossings) = (String::new(), Vec::new(), 0);
        for number in 0..40 {
            let before = open.len();
            if before > 0 && next(2) == 0 {
                let chosen = usize::try_from(next(u64::try_from(before).unwrap())).unwrap();
                let (who, name): (&str, String) = open.remove(chosen);
                steps.push_str(&format!("2027-01-05 {who} voids {name}\n"));
            } else {
                let who = ["Ola", "Kari"][usize::try_from(next(2)).unwrap()];
                let name = format!("C{number}");
                steps.push_str(&format!("2027-01-05 {who} does course-passed as {name}\n"));
                open.push((who, name));
            }
            crossings += usize::from((before < 3) != (open.len() < 3));
            let due = if open.len() < 3 { 0 } else { 10 };
            for (who, due) in [("Ola", due), ("Kari", due), ("Liv", 0)] {
                steps.push_str(&format!("2027-01-05 {who} waits\n    has {due} thanks\n"));
            }
        }
        tell(&text, &story(&steps));
        assert!(seed > 1 || crossings > 0, "the goal was never reached");
    }
}
