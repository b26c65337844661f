//! Discounts: what each form takes off, and how several of them stand together.

use crate::support::{POINTS, in_dollars, tell};

/// I16: a rule of a group that has nothing to give on a receipt excludes nobody, and does not
/// move the place at which another one applies.
#[test]
fn i16_a_rule_of_a_group_with_nothing_to_give_changes_nothing() {
    let text = in_dollars(&format!(
        "{POINTS}
[[rule]]
id = \"bread-off\"
on = \"purchase\"
group = \"g\"
priority = -5
discount = {{ sum = \"1.00\", where = 'line.category == \"bread\"' }}

[[rule]]
id = \"five-off\"
on = \"purchase\"
discount = {{ sum = \"5.00\" }}

[[rule]]
id = \"tenth-off\"
on = \"purchase\"
group = \"g\"
priority = 5
when = 'receipt.total >= 100'
discount = {{ percent = 10 }}

[[rule]]
id = \"points\"
on = \"purchase\"
group = \"g\"
priority = 6
earn = {{ points = \"points\", give = 7 }}
"
    ));
    tell(
        &text,
        "
story: without bread the rule for bread is not there
2027-01-03  Ana joins
2027-01-03  Ana buys 1 coat at 100.00
    pays 85.50
    points gives nothing: excluded
    bread-off gives nothing: nothing-to-count
2027-01-03  Ana buys 1 hat at 50.00
    pays 45.00
    earns 7 points
2027-01-03  Ana buys 1 coat at 100.00, 1 loaf at 2.00 in bread
    pays 86.80
    bread-off gives nothing: excluded
    points gives nothing: excluded
",
    );
}
