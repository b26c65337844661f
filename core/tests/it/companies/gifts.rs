//! Gifts must not be bribes (B11): a most for each person, a second person who approves.

use super::problems_of;
use crate::support::{POINTS, in_dollars, tell};

fn gifts() -> String {
    in_dollars(&format!(
        "{POINTS}
[gifts]
per_person = \"100.00\"
every = \"year\"
approval_above = \"50.00\"
[[rule]]
id = \"much\"
on = \"purchase\"
earn = {{ points = \"points\", give = 1000 }}
[[reward]]
id = \"coffee-set\"
name = \"Coffee set\"
cost = {{ points = 40 }}
gives = {{ item = {{}} }}
gift = {{ worth = \"40.00\" }}
[[reward]]
id = \"kettle\"
name = \"Kettle\"
cost = {{ points = 60 }}
gives = {{ item = {{}} }}
gift = {{ worth = \"60.00\" }}
"
    ))
}

#[test]
fn b11_a_person_gets_at_most_so_much_in_a_year_whoever_gives() {
    tell(
        &gifts(),
        "story: the cap is Kari's, not the company's (B11, I7)
2027-01-01 Kari joins
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with person=Kari
2027-01-01 Acme names per with role=user
2027-01-01 Best joins as company
2027-01-01 Best names kar with person=Kari
2027-01-02 Acme buys 1 desk at 1.00
2027-01-02 Best buys 1 desk at 1.00
2027-02-01 Acme gives coffee-set to kari asked by Ola as G1
    spends 40 points
2027-02-02 Best gives coffee-set to kar asked by Ola
2027-02-03 Acme gives coffee-set to kari asked by Ola
    is refused: reward-not-possible
2027-02-03 Acme gives coffee-set to per asked by Ola
    has 920 points
2027-02-04 Acme voids G1
    gets back 40 points
2027-02-05 Best gives kettle to kar asked by Ola approved by Liv
2027-02-06 Acme gives coffee-set to kari asked by Ola
    is refused: reward-not-possible
2028-01-01 Acme gives coffee-set to kari asked by Ola
",
    );
}

#[test]
fn b11_case_54_two_persons_who_are_one_get_no_more_than_one() {
    tell(
        &gifts(),
        "story: what both got adds up, and a void gives nothing away (B11, I20)
2027-01-01 Kari joins
2027-01-01 Karin joins
2027-01-01 Acme joins as company
2027-01-01 Best joins as company
2027-01-01 Acme names kari with person=Kari
2027-01-01 Acme names karin with person=Karin
2027-01-01 Acme names per with role=user
2027-01-01 Best names per with role=user
2027-01-02 Acme buys 1 desk at 1.00
2027-02-01 Acme gives coffee-set to kari asked by Ola as G
2027-02-01 Acme gives coffee-set to per asked by Ola
2027-02-02 Kari merges into Karin
2027-02-03 Acme gives kettle to karin asked by Ola approved by Liv
2027-02-03 Acme gives coffee-set to karin asked by Ola
    is refused: reward-not-possible
2027-02-03 Acme gives coffee-set to kari asked by Ola
    is refused: reward-not-possible
2027-02-04 Acme voids G
2027-02-04 Acme gives coffee-set to kari asked by Ola
    is refused: reward-not-possible
2027-02-05 Acme merges into Best
2027-02-06 Best gives kettle to per asked by Ola approved by Liv
2027-02-06 Best gives coffee-set to per asked by Ola
    is refused: reward-not-possible
2028-01-01 Best gives coffee-set to kari asked by Ola
2028-01-01 Best gives kettle to karin asked by Ola approved by Liv
2028-01-01 Best gives coffee-set to karin asked by Ola
    is refused: reward-not-possible
",
    );
}

#[test]
fn b11_what_is_worth_much_is_approved_by_somebody_else() {
    tell(
        &gifts(),
        "story: two persons answer for it (B11)
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with role=user
2027-01-02 Acme buys 1 desk at 1.00
2027-02-01 Acme gives kettle to kari asked by Ola
    is refused: gift-needs-approval
2027-02-01 Acme gives kettle to kari asked by Ola approved by OLA
    is refused: approved-by-asker
2027-02-01 Acme gives kettle to kari
    is refused: reason-missing
2027-02-01 Acme gives kettle asked by Ola approved by Liv
    is refused: gift-needs-recipient
2027-02-01 Acme gives kettle to liv asked by Ola approved by Liv
    is refused: unknown-contact
2027-02-01 Acme takes kettle
    is refused: gift-needs-recipient
2027-02-01 Acme buys 1 desk at 1.00 with kettle
    is refused: gift-needs-recipient
2027-02-01 Acme gives kettle to kari asked by Ola approved by Liv
    spends 60 points
",
    );
}

#[test]
fn b11_what_a_person_buys_for_shared_points_counts_too() {
    tell(
        &gifts(),
        "story: the same most for the person's own points (B11)
2027-01-01 Kari joins
2027-01-01 Acme joins as company
2027-01-01 Acme names kari with person=Kari
2027-01-02 Acme buys 1 desk at 1.00
2027-01-02 Kari buys 1 desk at 1.00
2027-02-01 Kari gives kettle asked by Kari approved by Liv
2027-02-02 Acme gives coffee-set to kari asked by Ola
2027-02-03 Kari gives coffee-set asked by Kari
    is refused: reward-not-possible
2027-02-03 Kari gives coffee-set to kari asked by Kari
    is refused: no-contacts
",
    );
}

#[test]
fn a_gift_needs_a_most_for_one_person() {
    let text = gifts().replace("[gifts]\nper_person = \"100.00\"\nevery = \"year\"\n", "[gifts]\n");
    assert_eq!(problems_of(&text).len(), 3, "two keys are missing, and so is the most");
    let discount =
        gifts().replacen("gives = { item = {} }", "gives = { discount = { sum = \"1.00\" } }", 1);
    let problems = problems_of(&discount);
    assert!(problems.iter().any(|one| one.contains("takes nothing off")), "{problems:?}");
}
