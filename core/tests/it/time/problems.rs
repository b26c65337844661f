//! What cannot be meant is a problem with a place and a hint, and never half a programme.

use crate::support::{POINTS, in_dollars};
use symbolon_core::programme::read;

#[test]
fn problems_of_the_calendar_benefits_memberships_and_credit() {
    let table: &[(&str, &str)] = &[
        ("[[rule]]\nid = \"a\"\non = \"birthday\"\noffer = \"x\"", "attribute of type date"),
        (
            "[[rule]]\nid = \"a\"\non = \"easter\"\noffer = \"x\"",
            "nothing that a rule can wait for",
        ),
        ("[[rule]]\nid = \"a\"\non = \"tenure\"\noffer = \"x\"", "`after` is missing"),
        ("[[rule]]\nid = \"a\"\non = \"month-end\"\nafter = \"1 day\"\noffer = \"x\"", "`after`"),
        (
            "[[rule]]\nid = \"a\"\non = \"month-end\"\ndiscount = { percent = 5 }",
            "no price to discount",
        ),
        (
            "[[rule]]\nid = \"a\"\non = \"month-end\"\nearn = { points = \"points\", percent = 5 }",
            "no amount to earn by",
        ),
        (
            "[[rule]]\nid = \"a\"\non = \"month-end\"\nfor = \"everyone\"\noffer = \"x\"",
            "to members alone",
        ),
        (
            "[ladder.l]\nmeasure = 'spent()'\ntier = [{ id = \"b\" }, { id = \"g\", from = 1 }]\n\
             [[rule]]\nid = \"a\"\non = \"tier-review\"\nladder = \"l\"\noffer = \"x\"",
            "never reviewed",
        ),
        (
            "[ladder.l]\nmeasure = 'spent() + member.tenure_days'\n\
             tier = [{ id = \"b\" }, { id = \"g\", from = 1 }]",
            "a measure of tenure and of purchases",
        ),
        ("tenure_from = \"hired\"", "attribute of type date"),
        ("[benefit.b]\nname = \"B\"\nevery = \"year\"", "`every` speaks of `quota`"),
        ("[benefit.b]\nname = \"B\"\nquota = 0", "above zero"),
        (
            "[choice.c]\nname = \"C\"\n[benefit.b]\nname = \"B\"\nchoice = \"c\"\nquota = 1",
            "no quota of its own",
        ),
        ("[benefit.b]\nname = \"B\"\nwhen = 'receipt.total > 1'", "there is no `receipt` here"),
        ("[membership.m]\nname = \"M\"\nperiod = \"1 year\"", "`fee` is missing"),
        (
            "[membership.m]\nname = \"M\"\nfee = \"1.00\"\nperiod = \"1 year\"\ntiers = { x = \"g\" }",
            "ladder",
        ),
        ("[credit.c]\nname = \"C\"\npoints = \"miles\"\nlimits = [{ amount = 1 }]", "point kind"),
        (
            "[points.status]\nspendable = false\n[credit.c]\nname = \"C\"\npoints = \"status\"\n\
             limits = [{ amount = 1 }]",
            "could not be spent",
        ),
        ("[attribute.tenure-days]\ntype = \"integer\"", "every member has `tenure-days` already"),
        (
            "[[reward]]\nid = \"r\"\nname = \"R\"\ncost = { points = 1 }\n\
             gives = { item = {}, uses = 2 }",
            "not clear what the reward gives",
        ),
        (
            "[[reward]]\nid = \"r\"\nname = \"R\"\ncost = { points = 1 }\n\
             gives = { item = {} }\nstock = 0",
            "above zero",
        ),
    ];
    for (text, wanted) in table {
        // A key of the programme itself stands before its tables.
        let text = in_dollars(&format!("{text}\n{POINTS}"));
        let reading = read("test.toml", &text);
        assert!(reading.programme.is_none(), "{text}");
        let remarks: Vec<String> = reading.remarks.iter().map(ToString::to_string).collect();
        assert!(remarks.iter().any(|remark| remark.contains(wanted)), "{wanted}: {remarks:?}");
    }
}
