//! T2, T4, T5, T8, G6, P5, P9, P10: benefits as entitlements, and the catalogue of rewards.

use crate::support::{Desk, POINTS, in_dollars, line, purchase, tell};
use symbolon_core::engine::{Activity, SharedCounter};
use symbolon_core::programme::QuotaPer;

const CLUB: &str = "
[points.points]
name.en = { one = \"point\", other = \"points\" }
[points.account]
name.en = { one = \"dollar\", other = \"dollars\" }
decimals = 2
worth = 1
[choice.treat]
name = \"A treat of your choice\"
quota = 1
every = \"quarter\"
[benefit.lounge]
name = \"Lounge\"
quota = 2
every = \"year\"
[benefit.check-in]
name = \"Priority check-in\"
[benefit.spa]
name = \"Spa\"
choice = \"treat\"
[benefit.theatre]
name = \"Theatre\"
choice = \"treat\"
[benefit.evening]
name = \"An invitation to an evening\"
fulfil = \"10 days\"
quota = 1
every = \"year\"
[benefit.article]
name = \"An article about you\"
when = 'member.tenure_years >= 2 && member.spent(months(12)) >= 1000'
quota = 1
every = \"year\"
fulfil = \"2 months\"
[benefit.stage]
name = \"A speaker's place\"
fulfil = \"30 days\"
[ladder.club]
measure = 'spent(months(12))'
tier = [
  { id = \"red\" },
  { id = \"gold\", from = 1000, benefits = [\"lounge\", \"check-in\", \"spa\", \"theatre\", \"evening\"] },
]
[[rule]]
id = \"base\"
on = \"purchase\"
earn = { points = \"points\", give = 1, per = \"1.00\" }
[[rule]]
id = \"big-order\"
on = \"purchase\"
when = 'receipt.total >= 5000'
benefit = { id = \"stage\", uses = 1, lasts = \"1 year\" }
[[rule]]
id = \"birthday-lounge\"
on = \"tenure\"
after = \"1 month\"
benefit = { id = \"lounge\", uses = 1, lasts = \"1 month\" }
[[reward]]
id = \"lounge-visit\"
name = \"A visit to the lounge\"
cost = { points = 100 }
gives = { benefit = \"lounge\", uses = 1, lasts = \"3 months\" }
[[reward]]
id = \"mug\"
name = \"Mug\"
cost = { points = 10 }
gives = { item = {} }
stock = 2
fulfil = \"5 days\"
[partner.northern-cars]
name = \"Northern Cars\"
redeemed = { points = \"0.01\" }
[[reward]]
id = \"car-day\"
name = \"A day's car rental\"
cost = { points = 500 }
gives = { item = {} }
partner = \"northern-cars\"
fulfil = \"1 month\"
[[reward]]
id = \"cash\"
name = \"Money\"
cost = { points = 100 }
gives = { points = { account = \"25.00\" } }
";

/// T2, T5: what a tier gives is kept like money: so often in a period, given back by a void.
#[test]
fn t2_t5_benefits_of_a_tier_have_a_quota_and_somebody_to_do_them() {
    let stories = "
story: twice a year, and not before the tier
2027-01-01  Ana joins
2027-01-02  Ana uses lounge
    is refused: not-entitled
2027-01-03  Ana buys 1 ring at 1000.00
    has benefit lounge
    has 2 uses of lounge
    has unlimited uses of check-in
2027-01-04  Ana uses lounge because a delay as first
    has 1 use of lounge
2027-01-05  Ana uses lounge
    has 0 uses of lounge
2027-01-06  Ana uses lounge
    is refused: benefit-used-up
2027-01-06  Ana voids first
    has 1 use of lounge
2027-01-06  Ana voids first
    is refused: already-voided
2027-01-07  Ana uses check-in
    has unlimited uses of check-in
2027-01-07  Ana uses sauna
    is refused: unknown-benefit

story: a new year is a new quota, as long as the tier holds
2027-06-01  Ana joins
2027-06-01  Ana buys 1 ring at 1000.00
2027-06-02  Ana uses lounge
2027-06-03  Ana uses lounge
    has 0 uses of lounge
2028-01-01  Ana waits
    has 2 uses of lounge
2028-06-02  Ana waits
    lacks benefit lounge

story: an invitation is asked for, and somebody has to answer in ten days
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 1000.00
2027-01-03  Ana uses evening as asked
    is owed evening by 2027-01-13
2027-01-20  Ana is served asked
    is owed nothing
    evening gives nothing: task-done
2027-01-21  Ana is served asked
    is refused: unknown-task

story: what is voided nobody has to do
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 1000.00
2027-01-03  Ana uses evening as asked
2027-01-04  Ana voids asked
    is owed nothing
    has 1 use of evening
";
    tell(&in_dollars(CLUB), stories);
}

/// T4: who has a choice takes one of its benefits, and the others are used up with it.
#[test]
fn t4_a_choice_among_benefits() {
    let stories = "
story: the spa or the theatre, once in a quarter
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 1000.00
    has 1 use of spa
    has 1 use of theatre
2027-02-01  Ana uses theatre as evening
    has 0 uses of spa
2027-02-02  Ana uses spa
    is refused: benefit-used-up
2027-02-03  Ana voids evening
2027-02-04  Ana uses spa
    has 0 uses of theatre
2027-04-01  Ana uses theatre
    has 0 uses of spa
";
    tell(&in_dollars(CLUB), stories);
}

/// T8, G6: praise for those who are long with us and buy much; a speaker's place for an order.
#[test]
fn t8_g6_an_article_and_a_speakers_place_with_somebody_who_sees_to_it() {
    let stories = "
story: two years and a good year open an article
2027-01-01  Ana joins
2028-12-01  Ana buys 1 ring at 1000.00
    lacks benefit article
2029-01-01  Ana uses article as praise
    is owed article by 2029-03-01
2029-02-01  Ana is served praise
    is owed nothing
2029-02-02  Ana uses article
    is refused: benefit-used-up

story: a large order gives a place to speak, and goes with it
2027-01-01  Ana joins
2027-01-02  Ana buys 1 yacht at 5000.00 as order
    big-order gives nothing: benefit-granted
    has 1 use of stage
2027-01-03  Ana uses stage as talk
    is owed stage by 2027-02-02
    has 0 uses of stage
2027-01-04  Ana voids talk
    has 1 use of stage
2027-01-05  Ana voids order
    lacks benefit stage

story: a place that nobody took is gone after a year
2027-01-01  Ana joins
2027-01-02  Ana buys 1 yacht at 5000.00
2028-01-02 23:59  Ana waits
    has benefit stage
2028-01-03 00:00  Ana waits
    lacks benefit stage
";
    tell(&in_dollars(CLUB), stories);
}

#[test]
fn what_a_period_leaves_goes_before_single_uses_and_those_before_that_end_sooner() {
    let stories = "
story: one bought, one given, two of the tier
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 1000.00
2027-01-20  Ana takes lounge-visit as bought
    has 3 uses of lounge
2027-02-01  Ana waits
    has 4 uses of lounge
2027-02-02  Ana uses lounge
2027-02-02  Ana uses lounge
2027-02-02  Ana uses lounge
    has 1 use of lounge
2027-03-02  Ana waits
    has 1 use of lounge
2027-03-03  Ana voids bought
    has 0 uses of lounge
    has 900 points... 
";
    let stories = stories.replace("    has 900 points... \n", "    has 1000 points\n");
    tell(&in_dollars(CLUB), &stories);
}

/// P5, P10: a gift of the catalogue is taken as long as there are any, and somebody hands it over.
#[test]
fn p5_p10_gifts_with_stock_and_partners() {
    let stories = "
story: two mugs, three friends
2027-01-01  Ana joins
2027-01-01  Ben joins
2027-01-02  Ana buys 1 ring at 900.00
2027-01-02  Ben buys 1 ring at 900.00
2027-01-03  Ana takes mug as first
    is owed mug by 2027-01-08
2027-01-03  Ben takes mug
2027-01-04  Ana takes mug
    is refused: reward-not-possible
2027-01-05  Ana voids first
    is owed nothing
    has 900 points
2027-01-06  Ben takes mug
    has 880 points
2027-01-07  Ana takes mug
    is refused: reward-not-possible

story: a partner hands over the car
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 900.00
2027-01-03  Ana takes car-day as car
    is owed car-day by 2027-02-03
2027-01-10  Ana is served car
    is owed nothing
    has 400 points
";
    tell(&in_dollars(CLUB), stories);
}

/// P9: a prize in money is paid onto an account, and taken back with its reward.
#[test]
fn p9_money_onto_the_account() {
    let stories = "
story: points become money
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 900.00
2027-01-03  Ana takes cash as payout
    spends 100 points
    earns 25.00 account
    has 25.00 account
2027-01-04  Ana voids payout
    has 0 account
    has 900 points

story: not on a receipt, where it would be spent at once
2027-01-01  Ana joins
2027-01-02  Ana buys 1 ring at 900.00
2027-01-03  Ana buys 1 ring at 900.00 with cash
    is refused: reward-not-possible
";
    tell(&in_dollars(CLUB), stories);
}

/// I7: stock is a limit for all; whatever is taken and voided, it is never passed.
#[test]
fn i7_stock_is_never_oversold() {
    let text = in_dollars(&format!(
        "{POINTS}\n[[rule]]\nid = \"base\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = 1, per = \"1.00\" }}\n\
         [[reward]]\nid = \"mug\"\nname = \"Mug\"\ncost = {{ points = 1 }}\n\
         gives = {{ item = {{}} }}\nstock = 3\n"
    ));
    let mut desk = Desk::with_member(&text, "2027-01-01 10:00:00Z");
    desk.does("2027-01-02 10:00:00Z", purchase(vec![line("ring", "1", 90_000)]));
    let mut taken = Vec::new();
    for step in 0_u32..30 {
        let take = Activity::Redemption { reward: crate::support::key("mug"), contact: None };
        if step % 4 == 3 {
            let of = taken.pop().expect("one was taken");
            desk.does("2027-01-03 10:00:00Z", Activity::Void { of });
        } else if taken.len() < 3 {
            taken.push(desk.does("2027-01-03 10:00:00Z", take).0);
        } else {
            assert_eq!(desk.refuses("2027-01-03 10:00:00Z", take), "reward-not-possible");
        }
        let counters = desk.book.shared.counters.iter();
        let used: Vec<&SharedCounter> =
            counters.filter(|(key, _)| key.per == QuotaPer::All).map(|(_, used)| used).collect();
        let used = used.first().map_or(0, |counter| counter.used);
        assert_eq!(usize::try_from(used).expect("small"), taken.len());
    }
}
