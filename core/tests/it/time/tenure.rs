//! W3, W4: benefits and rates that grow with the years, from joining or from hiring.

use crate::support::{in_dollars, tell};

/// W3: a rate by tenure is a ladder of it, or the steps of a discount; W4: steps of a career with
/// benefits in money, in kind, and in standing.
#[test]
fn w3_w4_rates_benefits_and_steps_by_tenure() {
    let text = in_dollars(
        "tenure_from = \"hired\"\n\
         [attribute.hired]\ntype = \"date\"\n\
         [points.thanks]\nname.en = { one = \"thanks\", other = \"thanks\" }\n\
         [benefit.extra-day]\nname = \"A day off\"\nquota = 2\nevery = \"year\"\n\
         [benefit.mentor]\nname = \"Mentor\"\nwhen = 'member.tenure_years >= 5'\n\
         [ladder.career]\nmeasure = 'member.tenure_months'\n\
         tier = [\n\
           { id = \"new\" },\n\
           { id = \"settled\", from = 12, multiplies = { thanks = \"1.5\" }, \
             benefits = [\"extra-day\"] },\n\
           { id = \"old\", from = 60, multiplies = { thanks = \"2\" }, \
             benefits = [\"extra-day\"] },\n\
         ]\n\
         [[rule]]\nid = \"staff-price\"\non = \"purchase\"\n\
         when = 'member.kind == \"employee\"'\n\
         discount = { measure = 'member.tenure_months', steps = [\
           { from = 6, percent = 5 }, { from = 24, percent = 15 }] }\n\
         [[rule]]\nid = \"thanks\"\non = \"purchase\"\n\
         earn = { points = \"thanks\", give = 1, per = \"1.00\" }\n\
         [[rule]]\nid = \"years\"\non = \"anniversary\"\n\
         when = 'member.tenure_years >= 2'\nearn = { points = \"thanks\", give = 100 }\n",
    );
    let stories = "
story: tenure counts from hiring
2027-01-31  Eva joins as employee with hired=2026-08-31
2027-02-27  Eva buys 1 coat at 100.00
    pays 100.00
    is on new in career
2027-02-28  Eva buys 1 coat at 100.00
    pays 95.00
2027-08-30  Eva waits
    is on new in career
    lacks benefit extra-day
2027-08-31  Eva buys 1 coat at 100.00
    is on settled in career
    has benefit extra-day
    earns 142.5 thanks
2028-08-31  Eva buys 1 coat at 100.00
    pays 85.00
    earns 127.5 thanks
2031-08-31  Eva waits
    is on old in career
    has benefit mentor

story: without the date it counts from joining
2027-01-31  Eva joins as employee
2028-01-30  Eva waits
    is on new in career
2028-01-31  Eva waits
    is on settled in career
    has 2 uses of extra-day
";
    let text = text.replace("[points.thanks]\n", "[points.thanks]\ndecimals = 1\n");
    tell(&text, stories);
}

/// T6: what is lacking for the next tier can be said, and asked for.
#[test]
fn t6_what_is_lacking_for_the_next_tier() {
    let text = in_dollars(
        "[ladder.club]\nmeasure = 'spent(months(12))'\n\
         tier = [{ id = \"basic\" }, { id = \"silver\", from = 100 }, { id = \"gold\", from = 500 }]\n\
         [[rule]]\nid = \"nearly\"\non = \"purchase\"\nwhen = 'member.lacks(\"club\") <= 50'\n\
         offer = { en = \"Nearly there\" }\n",
    );
    let stories = "
story: the offer comes near each step, and not on the highest one
2027-01-01  Ana joins
2027-01-02  Ana buys 1 tea at 49.00
    nearly gives nothing: condition-false
2027-01-03  Ana buys 1 tea at 1.00
    nearly gives nothing: condition-false
2027-01-04  Ana buys 1 tea at 50.00
    is offered nearly
2027-01-05  Ana buys 1 tea at 350.00
    nearly gives nothing: condition-false
2027-01-06  Ana buys 1 tea at 50.00
    is offered nearly
2027-01-07  Ana buys 1 tea at 50.00
    nearly gives nothing: condition-false
";
    tell(&text, stories);
}
