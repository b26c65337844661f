//! P12: a programme that members pay for.

use crate::support::{Desk, in_dollars, joining, key, tell};
use symbolon_core::engine::Activity;

const PAID: &str = "
[benefit.delivery]
name = \"Free delivery\"
quota = 2
every = \"month\"
[ladder.club]
measure = 'spent(months(12))'
tier = [{ id = \"basic\" }, { id = \"silver\", from = 100 }, { id = \"gold\", from = 5000 }]
[points.points]
name.en = { one = \"point\", other = \"points\" }
[membership.club]
name = \"Club\"
fee = \"36.60\"
period = \"1 year\"
benefits = [\"delivery\"]
tiers = { club = \"silver\" }
refund = { whole_within = \"14 days\", then = \"in-proportion\" }
[[rule]]
id = \"club-price\"
on = \"purchase\"
when = 'member.has_membership(\"club\")'
discount = { percent = 10 }
[[rule]]
id = \"reminder\"
on = \"before-membership-end\"
membership = \"club\"
before = \"30 days\"
earn = { points = \"points\", give = 5 }
";

#[test]
fn p12_a_fee_buys_a_year_of_prices_tier_and_benefits() {
    let stories = "
story: paid, used, run out
2027-03-01  Ana joins
2027-03-01  Ana buys 1 tea at 10.00
    pays 10.00
    is no member of club
2027-03-02  Ana pays for club
    is member of club until 2028-03-01
    is on silver in club
    has 2 uses of delivery
2027-03-02  Ana buys 1 tea at 10.00
    pays 9.00
2027-03-03  Ana uses delivery
    has 1 use of delivery
2028-01-30  Ana waits
    has 0 points
2028-01-31  Ana waits
    has 5 points
2028-03-01  Ana buys 1 tea at 10.00
    pays 9.00
2028-03-02  Ana buys 1 tea at 10.00
    pays 10.00
    is on basic in club
    lacks benefit delivery
    is no member of club

story: who pays again goes on without a gap, and is reminded once a year
2027-03-02  Ana joins
2027-03-02  Ana pays for club
2028-02-20  Ana pays for club
    is member of club until 2029-03-01
2028-03-05  Ana waits
    has 5 points
2029-02-28  Ana waits
    has 10 points

story: a tier that was reached is not lowered by a membership
2027-03-02  Ana joins
2027-03-02  Ana buys 1 yacht at 6000.00
    is on gold in club
2027-03-02  Ana pays for club
    is on gold in club

story: unknown
2027-03-02  Ana joins
2027-03-02  Ana pays for golf
    is refused: unknown-membership
";
    tell(&in_dollars(PAID), stories);
}

/// P12: what is given back of a fee: all within two weeks or before its time began, then a share.
#[test]
fn p12_a_fee_is_given_back_whole_or_by_days() {
    let stories = "
story: within two weeks all of it
2027-03-02  Ana joins
2027-03-02  Ana pays for club as fee
2027-03-16  Ana voids fee
    is refunded 36.60
    is no member of club
    is on basic in club
2027-03-17  Ana voids fee
    is refused: already-voided

story: later by the days that are left, 183 of 366
2027-03-02  Ana joins
2027-03-02  Ana pays for club as fee
2027-08-31  Ana voids fee
    is refunded 18.30
    is member of club until 2027-08-31
2027-09-01  Ana waits
    is no member of club

story: on the last day nothing is left, and afterwards nothing can end
2027-03-02  Ana joins
2027-03-02  Ana pays for club as fee
2028-03-01  Ana voids fee
    is refunded 0.00

story: what has not begun comes back whole
2027-03-02  Ana joins
2027-03-02  Ana pays for club
2027-06-01  Ana pays for club as second
    is member of club until 2029-03-01
2027-12-01  Ana voids second
    is refunded 36.60
    is member of club until 2028-03-01
";
    tell(&in_dollars(PAID), stories);
    let mut desk = Desk::new(crate::support::always(&in_dollars(PAID)));
    desk.does("2027-03-02 10:00:00Z", joining());
    let pay = Activity::MembershipPayment { membership: key("club") };
    let (of, _) = desk.does("2027-03-02 10:00:00Z", pay);
    assert_eq!(desk.refuses("2028-03-02 10:00:00Z", Activity::Void { of }), "not-reversible");
}

/// I6: a fee that comes back whole leaves the state as it was before, to the unit.
#[test]
fn i6_a_fee_that_comes_back_whole_was_never_paid() {
    let mut desk = Desk::new(crate::support::always(&in_dollars(PAID)));
    desk.does("2027-03-02 10:00:00Z", joining());
    let before = desk.state().clone();
    let pay = Activity::MembershipPayment { membership: key("club") };
    let (of, _) = desk.does("2027-03-02 10:00:00Z", pay);
    desk.does("2027-03-05 10:00:00Z", Activity::Void { of });
    let after = desk.state();
    assert_eq!(before.memberships, after.memberships);
    assert_eq!(before.days, after.days);
    assert_eq!(before.last_activity(), after.last_activity());
}
