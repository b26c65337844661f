//! Whose the points are that a company earns with a contact person, and who may spend them.

use super::problems_of;
use crate::support::{POINTS, in_dollars, tell};

fn splitting(settings: &str, kind: &str, rule: &str) -> String {
    in_dollars(&format!(
        "{settings}\n[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n{kind}\n\
         [[rule]]\nid = \"per-dollar\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n{rule}\n"
    ))
}

const CAST: &str = "\
2027-01-01 Kari joins
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with person=Kari, role=decision-maker, role=user, unit=oslo
2027-01-01 Acme names per with role=influencer
";

#[test]
fn b1_b2_a_receipt_gives_a_part_to_the_person_and_the_rest_to_the_company() {
    tell(
        &splitting("", "", "split = { person = \"30\" }"),
        &format!(
            "story: thirty per cent are Kari's (B1, B2)\n{CAST}\
2027-01-02 Acme buys 1 desk at 101.00 through kari as R
    earns 71 points
    shares 30 points
    has 71 points
2027-01-02 Kari waits
    has 30 points
2027-01-03 Acme buys 1 desk at 10.00 through per
    earns 10 points
2027-01-03 Acme buys 1 desk at 10.00
    earns 10 points
2027-01-04 Acme returns 1 desk of R
    loses 71 points
    calls-back 30 points
    has 20 points
2027-01-04 Kari waits
    has 0 points
2027-01-05 Acme buys 1 desk at 10.00 through nobody
    is refused: unknown-contact
2027-01-05 Kari buys 1 desk at 10.00 through kari
    is refused: unknown-contact
"
        ),
    );
}

/// Settings, what the point kind says, what the rule says, Kari's own share, and the points of
/// the company and of Kari for 100 dollars.
const WHOSE: &[(&str, &str, &str, &str, i64, i64)] = &[
    ("", "", "", "", 100, 0),
    ("", "", "", "40", 100, 0),
    ("", "split = { person = \"20\" }", "", "", 80, 20),
    ("", "split = { person = \"20\" }", "split = { person = \"50\" }", "", 50, 50),
    ("", "split = { person = \"20\" }", "split = { person = \"0\" }", "40", 100, 0),
    ("", "split = { person = \"20\" }", "", "45", 55, 45),
    ("", "split = { person = \"20\" }", "", "0", 100, 0),
    ("person-owned", "", "", "", 0, 100),
    ("person-owned", "", "", "60", 40, 60),
    ("person-owned", "split = { person = \"0\" }", "", "", 100, 0),
    ("company-owned", "", "split = { person = \"100\" }", "", 0, 100),
];

#[test]
fn p6_whose_points_they_are_is_said_by_person_rule_kind_and_programme() {
    for (setting, kind, rule, own, company, person) in WHOSE {
        let settings = match *setting {
            "" => String::new(),
            answer => format!("[settings]\ncompany_points = \"{answer}\""),
        };
        let share = if own.is_empty() { String::new() } else { format!(", share={own}") };
        tell(
            &splitting(&settings, kind, rule),
            &format!(
                "story: whose they are (P6)\n\
2027-01-01 Kari joins
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with person=Kari{share}
2027-01-02 Acme buys 1 desk at 100.00 through kari
    shares {person} points
    has {company} points
2027-01-02 Kari waits
    has {person} points
"
            ),
        );
    }
}

#[test]
fn a_void_a_change_of_contacts_and_a_person_who_spent_leave_nothing_behind() {
    tell(
        &splitting("", "", "split = { person = \"50\" }").replace(
            "[[rule]]",
            "[[reward]]\nid = \"pen\"\nname = \"Pen\"\n\
              cost = { points = 40 }\ngives = { item = {} }\n[[rule]]",
        ),
        &format!(
            "story: what was shared is recalled, and owed where it is gone (I6)\n{CAST}\
2027-01-02 Acme buys 1 desk at 100.00 through kari as R
2027-01-03 Kari takes pen
    has 10 points
2027-01-04 Acme forgets kari
2027-01-05 Acme voids R
    calls-back 50 points
    has 0 points
2027-01-05 Kari waits
    has 0 points
    owes 40 points
2027-01-05 Acme forgets kari
    is refused: unknown-contact
"
        ),
    );
}

#[test]
fn conditions_ask_for_the_role_and_the_unit_of_the_contact() {
    let programme = in_dollars(&format!(
        "{POINTS}
[contacts]
roles = [\"boss\", \"buyer\"]
[[rule]]
id = \"boss\"
on = \"purchase\"
when = 'member.kind == \"company\" && contact.role == \"boss\"'
earn = {{ points = \"points\", give = 7 }}
[[rule]]
id = \"oslo\"
on = \"purchase\"
when = 'contact.unit == \"oslo\"'
earn = {{ points = \"points\", give = 3 }}
"
    ));
    tell(
        &programme,
        "story: of two roles, the first of the programme's list counts (B1)
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with role=buyer, role=boss, unit=oslo
2027-01-01 Acme names per with role=buyer
2027-01-01 Acme names liv with role=user
    is refused: unknown-role
2027-01-02 Acme buys 1 desk at 1.00 through kari
    earns 10 points
2027-01-02 Acme buys 1 desk at 1.00 through per
    earns nothing
    boss gives nothing: condition-false
2027-01-02 Acme buys 1 desk at 1.00
    earns nothing
",
    );
}

#[test]
fn a_household_shares_a_purse_that_those_spend_who_may() {
    let programme = in_dollars(&format!(
        "[settings]\npurse_spending = \"named-contact\"\n{POINTS}
[[rule]]
id = \"ten\"
on = \"purchase\"
earn = {{ points = \"points\", give = 10 }}
[[reward]]
id = \"pen\"
name = \"Pen\"
cost = {{ points = 5 }}
gives = {{ item = {{}} }}
"
    ));
    tell(
        &programme,
        "story: any adult spends, the child does not (B2)
2027-01-01 Home joins as household
2027-01-01 Home names mum with role=user
2027-01-01 Home names kid with spends=no
2027-01-02 Home buys 1 milk at 1.00 through kid
    earns 10 points
2027-01-02 Home buys 1 milk at 1.00
    has 20 points
2027-01-03 Home takes pen through kid
    is refused: contact-may-not-spend
2027-01-03 Home buys 1 pen at 1.00 with pen through kid
    is refused: contact-may-not-spend
2027-01-03 Home takes pen
    is refused: contact-missing
2027-01-03 Home takes pen through mum
    has 15 points
2027-01-04 Ana joins
2027-01-04 Ana names mum with role=user
    is refused: no-contacts
",
    );
}

#[test]
fn what_cannot_be_split_to_the_unit_is_refused_when_the_text_is_read() {
    let whole = "cannot be split with a person";
    let split = "split = { person = \"30\" }";
    for (settings, kind) in [
        ("[settings]\nearned_points_on_return = \"on-what-is-kept\"", ""),
        ("", "at_most = { per_day = 10 }"),
        ("", "at_most = { per_month = 10 }"),
        ("[event.delivered]\nname = \"Delivered\"", "pending = \"until delivered\""),
    ] {
        let problems = problems_of(&splitting(settings, kind, split));
        let found = problems.iter().any(|problem| problem.contains(whole));
        assert!(found, "{settings} {kind}: {problems:?}");
        assert_eq!(problems_of(&splitting(settings, kind, "")), Vec::<String>::new());
    }
    for wrong in ["split = { person = \"101\" }", "split = { person = \"-1\" }", "split = \"3\""] {
        assert_eq!(problems_of(&splitting("", "", wrong)).len(), 1, "{wrong}");
    }
}
