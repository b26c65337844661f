//! Splits sum to the whole, and returns recall them to the unit, in any order.

#![expect(clippy::unwrap_used, reason = "these helpers stand in tests only")]

use crate::support::{at, in_dollars, key, line, purchase, return_of};
use proptest::prelude::*;
use std::collections::BTreeSet;
use symbolon_core::engine::{
    Activity, Book, Candidates, Decision, Effect, Purchase, Sent, derived_of,
};
use symbolon_core::member::{Contact, MemberKind};
use symbolon_core::programme::Programmes;
use symbolon_core::values::{ActivityId, MemberId, Rate};

const COMPANY: MemberId = MemberId::new(1 << 16);
const PERSON: MemberId = MemberId::new(2 << 16);

/// A company and one of its people, with everything that is sent brought at once.
struct Pair {
    programmes: Programmes,
    company: Book,
    person: Book,
    next: u128,
}

impl Pair {
    fn new(programme: &str, share: Rate) -> Self {
        let book = |member| Book { member_id: Some(member), ..Book::default() };
        let programmes = crate::support::always(programme);
        let mut pair = Self { programmes, company: book(COMPANY), person: book(PERSON), next: 1 };
        let joining =
            |kind| Activity::Joining { kind, attributes: Default::default(), line: Vec::new() };
        let (id, decision) =
            decide(&pair.person, &pair.programmes, 9_000, &joining(MemberKind::Person));
        pair.person.book(id, 1, joining(MemberKind::Person), decision).unwrap();
        pair.does(joining(MemberKind::Company));
        let details = Contact { person: Some(PERSON), share: Some(share), ..Contact::default() };
        pair.does(Activity::ContactSet { contact: key("kari"), details });
        pair
    }

    fn does(&mut self, activity: Activity) -> (ActivityId, Decision) {
        let (id, decision) = decide(&self.company, &self.programmes, self.next, &activity);
        self.next += 1;
        self.company.book(id, 1, activity, decision.clone()).unwrap();
        for derived in derived_of(id, Some(COMPANY), &decision) {
            assert_eq!(derived.to, PERSON);
            let activity = Activity::Incoming(derived.incoming);
            let when = at("2027-01-02T10:00:00Z");
            let decided = self
                .person
                .decide(&self.programmes, derived.id, when, &activity, Candidates::Indexed)
                .unwrap();
            self.person.book(derived.id, decided.0, activity, decided.1).unwrap();
        }
        (id, decision)
    }

    fn balances(&self) -> (i128, i128) {
        let zone = &self.programmes.latest().unwrap().programme.zone;
        let when = at("2027-01-03T10:00:00Z");
        let of = |book: &Book| {
            book.member.as_ref().unwrap().balance("points", when, zone).unwrap().total()
        };
        (of(&self.company), of(&self.person))
    }
}

fn decide(
    book: &Book,
    programmes: &Programmes,
    number: u128,
    activity: &Activity,
) -> (ActivityId, Decision) {
    let id = ActivityId::new(number << 16);
    let when = at("2027-01-02T10:00:00Z");
    (id, book.decide(programmes, id, when, activity, Candidates::All).unwrap().1)
}

/// What a receipt gives to the company, and what it sends away.
fn parts(decision: &Decision) -> (i64, i64) {
    let (mut kept, mut sent) = (0, 0);
    for effect in &decision.effects {
        match effect {
            Effect::Earn { amount, .. } => kept += amount.units(),
            Effect::Send { what: Sent::Points { amount, .. }, .. } => sent += amount.units(),
            _ => {}
        }
    }
    (kept, sent)
}

fn programme(give: i64) -> String {
    in_dollars(&format!(
        "[points.points]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
         split = {{ person = \"50\" }}\n\
         [[rule]]\nid = \"a\"\non = \"purchase\"\n\
         earn = {{ points = \"points\", give = {give}, per = \"1.00\", steps = \"proportional\" }}\n\
         [[rule]]\nid = \"b\"\non = \"purchase\"\nearn = {{ points = \"points\", give = 7 }}\n"
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// B2, I6: both parts are the whole, neither is off by more than its rounding, and after all
    /// partial returns in any order both stand where they stood.
    #[test]
    fn parts_are_the_whole_and_come_back_to_the_unit(
        give in 1..40_i64,
        share in 0..=100_000_000_i64,
        lines in prop::collection::vec((1..5_i64, 0..9_000_i64), 1..5),
        order in prop::collection::vec((0..5_usize, 1..3_i64), 0..8),
    ) {
        let mut pair = Pair::new(&programme(give), Rate::new(share));
        let bought: Vec<_> =
            lines.iter().map(|(pieces, price)| line("x", &pieces.to_string(), *price)).collect();
        let Activity::Purchase(plain) = purchase(bought.clone()) else { unreachable!() };
        let alone = decide(&pair.company, &pair.programmes, pair.next, &Activity::Purchase(plain.clone())).1;
        let with = Activity::Purchase(Purchase { contact: Some(key("kari")), ..plain });
        let (receipt, decision) = pair.does(with);
        let ((whole, none), (kept, sent)) = (parts(&alone), parts(&decision));
        prop_assert_eq!(none, 0);
        prop_assert_eq!(kept + sent, whole);
        // Each of the two awards is rounded once, by less than one.
        let exact = i128::from(whole) * i128::from(share);
        prop_assert!((i128::from(sent) * 100_000_000 - exact).abs() <= 2 * 100_000_000);
        prop_assert_eq!(pair.balances(), (i128::from(kept), i128::from(sent)));
        let mut left: Vec<i64> = lines.iter().map(|(pieces, _)| *pieces).collect();
        let mut seen = BTreeSet::new();
        let rest: Vec<_> = (0..left.len()).map(|line| (line, i64::MAX)).collect();
        for (line, pieces) in order.into_iter().chain(rest) {
            let Some(there) = left.get_mut(line) else { continue };
            let pieces = pieces.min(*there);
            if pieces == 0 { continue }
            *there -= pieces;
            let number = u32::try_from(line).unwrap();
            pair.does(return_of(receipt, &[(number, &pieces.to_string())]));
            let (company, person) = pair.balances();
            prop_assert!(company >= 0 && person >= 0);
            prop_assert!(seen.insert((left_of(&left), company, person)));
        }
        prop_assert_eq!(pair.balances(), (0, 0));
    }
}

fn left_of(left: &[i64]) -> i64 {
    left.iter().sum()
}
