//! Samples of every page: empty, typical, long. Tests render them all, and so can a server.
//!
//! They are made by the core itself from a small programme, so a sample cannot show what
//! could never be.

mod story;

use super::{
    Chrome, ErrorPage, Gift, Identifier, IdentifierKind, MemberFacts, MemberLabel, MemberPage,
    MemberRow, MembersPage, NotFoundPage, OverviewPage, Page, People, Person, PointTotals,
    ProgrammeLabel, ReceiptPage, ReceiptRow, SignInPage, links,
};
use jiff::Timestamp;
use jiff::civil::date;
use std::sync::Arc;
use story::{Item, Story};
use symbolon_core::engine::{Activity, Returned};
use symbolon_core::ledger::Account;
use symbolon_core::member::{Contact, MemberKind};
use symbolon_core::programme::Programme;
use symbolon_core::values::{ActivityId, Key, MemberId, Money, Points, Quantity};

const CAFE: &str = include_str!("cafe.toml");
const FLYING_CLUB: &str = include_str!("../../../../programmes/flying-club.toml");
const DISCOUNT_CARD: &str = include_str!("../../../../programmes/discount-card.toml");

const FIRST_RECEIPT: &str = "curl http://localhost:8080/v1/receipts \\\n  \
    -H 'Authorization: Bearer sk_test_…' \\\n  \
    -H 'Idempotency-Key: 1' \\\n  \
    -d '{\"number\":\"1\",\"member\":\"+4791234567\",\"lines\":[{\"product\":\"Coffee\",\
    \"quantity\":\"1\",\"unit_price\":\"42.00\"}]}'";

const COFFEE: Item = (1_000, "Coffee", "coffee", 4_200);
const BUN: Item = (2_000, "Cinnamon bun", "food", 3_900);
const SOUP: Item = (1_000, "Soup of the day", "food", 12_900);
const BEANS: Item = (1_000, "Beans 250 g", "beans", 12_900);
const CHEESE: Item = (385, "Brown cheese by weight, from the counter", "food", 28_990);

/// A page with what stands around it.
#[derive(Debug)]
pub struct Sample {
    pub name: &'static str,
    pub page: Page,
    pub chrome: Chrome,
}

/// All samples; an error says why the core refused to let one happen.
pub fn all() -> Result<Vec<Sample>, String> {
    let cafe = Cafe::tell()?;
    let flights = Story::begin("flying-club.toml", FLYING_CLUB)?;
    let cards = Story::begin("discount-card.toml", DISCOUNT_CARD)?;
    let programme = &cafe.story.programme;
    let label = label(programme);
    let inside = |here: &str| Chrome {
        here: here.to_owned(),
        programme: Some(label.clone()),
        is_signed_in: true,
        ..Chrome::default()
    };
    let demo = |here: &str| Chrome { is_demo: true, is_signed_in: false, ..inside(here) };
    let search =
        || Chrome { search: "912 34 567".to_owned(), ..inside("/console/search?q=912%2034%20567") };
    let outside = || Chrome { here: links::SIGN_IN.to_owned(), ..Chrome::default() };
    let members = links::MEMBERS;
    let sample = |name, page, chrome| Sample { name, page, chrome };
    Ok(vec![
        sample("overview-empty", overview_empty(programme)?, inside(links::OVERVIEW)),
        sample("overview", cafe.overview()?, demo(links::OVERVIEW)),
        sample("overview-large", overview_large(&flights)?, inside(links::OVERVIEW)),
        sample("overview-no-points", overview_without_points(&cards)?, inside(links::OVERVIEW)),
        sample("members-empty", members_empty(programme), inside(members)),
        sample("members", cafe.members(), inside("/console/members?after=c2Ft&sort=joined")),
        sample("member-new", member_new(&flights)?, inside(members)),
        sample("member", cafe.member()?, demo(&links::member(cafe.label.id))),
        sample("member-flights", member_flying(flights)?, inside(members)),
        sample("receipt", cafe.receipt(cafe.lunch, "1043", &cafe.returns)?, demo("/console")),
        sample("receipt-voided", cafe.receipt(cafe.voided, "1044", &[])?, inside("/console")),
        sample("receipt-guest", guest_receipt()?, inside("/console")),
        sample("not-found", Page::NotFound(NotFoundPage::default()), inside("/console/x")),
        sample("not-found-search", not_found_search(), search()),
        sample(
            "error",
            Page::Error(ErrorPage { reference: Some("req_01k9x4".to_owned()) }),
            outside(),
        ),
        sample("sign-in", Page::SignIn(SignInPage::default()), outside()),
        sample("sign-in-wrong", sign_in_wrong(), outside()),
    ])
}

fn not_found_search() -> Page {
    Page::NotFound(NotFoundPage { search: Some("912 34 567 <b>".to_owned()) })
}

fn sign_in_wrong() -> Page {
    Page::SignIn(SignInPage { is_wrong: true, next: Some("/console/members".to_owned()) })
}

fn label(programme: &Programme) -> ProgrammeLabel {
    ProgrammeLabel {
        key: programme.key.clone(),
        name: programme.name.clone(),
        version: 3,
        zone: programme.zone.name().to_owned(),
    }
}

fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error| format!("{error}"))
}

fn member_label(number: u128, shown: &str) -> MemberLabel {
    let id = MemberId::new(0x019a_d1f0_7c00_7000_8000_0000_0000_0000 + number);
    MemberLabel { id, shown: shown.to_owned() }
}

fn member_row(number: u128, shown: &str, kind: MemberKind, available: &[(&str, i64)]) -> MemberRow {
    let available =
        available.iter().map(|(key, amount)| (Key::new(key), Points::new(*amount))).collect();
    let day = i8::try_from(number % 28).unwrap_or(0) + 1;
    MemberRow { member: member_label(number, shown), kind, joined: date(2026, 10, day), available }
}

fn overview_empty(programme: &Arc<Programme>) -> Result<Page, String> {
    Ok(Page::Overview(Box::new(OverviewPage {
        programme: Arc::clone(programme),
        version: 3,
        version_from: None,
        counted_at: moment("2026-11-22T08:01:00Z")?,
        members: 0,
        receipts: 0,
        returns: 0,
        points: programme.points.iter().map(|kind| PointTotals::new(kind.key.clone())).collect(),
        latest_receipts: Vec::new(),
        latest_members: Vec::new(),
        first_receipt: FIRST_RECEIPT.to_owned(),
    })))
}

fn overview_large(flights: &Story) -> Result<Page, String> {
    let mut miles = PointTotals::new(Key::new("miles"));
    for (from, to, amount) in [
        (Account::Issued, Account::Lots, 98_765_432_109),
        (Account::Lots, Account::Redeemed, 40_000_000_001),
        (Account::Redeemed, Account::Lots, 9_000),
        (Account::Lots, Account::Expired, 8_765_432_100),
        (Account::Lots, Account::Issued, 17_000),
        (Account::Debt, Account::Issued, 3),
        (Account::Lots, Account::Adjusted, 250),
    ] {
        miles.add(from, to, Points::new(amount)).map_err(|error| error.to_string())?;
    }
    let at = moment("2026-11-22T23:58:00Z")?;
    let rows = (0_u32..3).map(|number| ReceiptRow {
        id: ActivityId::new(u128::from(number)),
        number: format!("LHR-T3-2026-11-22-{:07}", 9_000_000 + number),
        at,
        member: Some(member_label(u128::from(number), "a•••••••••••••••••••••@example.org")),
        total: Money::new(12_345_678_900 + i64::from(number)),
        points: vec![
            (Key::new("miles"), Points::new(1_234_567)),
            (Key::new("tier-points"), Points::new(-123_456)),
        ],
    });
    Ok(Page::Overview(Box::new(OverviewPage {
        programme: Arc::clone(&flights.programme),
        version: 128,
        version_from: Some(moment("2026-01-01T00:00:00Z")?),
        counted_at: moment("2026-11-22T23:59:00Z")?,
        members: 9_876_543,
        receipts: 1_234_567_890,
        returns: 21,
        points: vec![miles, PointTotals::new(Key::new("tier-points"))],
        latest_receipts: rows.collect(),
        latest_members: Vec::new(),
        first_receipt: FIRST_RECEIPT.to_owned(),
    })))
}

fn overview_without_points(cards: &Story) -> Result<Page, String> {
    Ok(Page::Overview(Box::new(OverviewPage {
        programme: Arc::clone(&cards.programme),
        version: 1,
        version_from: Some(moment("2026-01-01T00:00:00Z")?),
        counted_at: moment("2026-11-22T23:59:00Z")?,
        members: 1,
        receipts: 0,
        returns: 0,
        points: Vec::new(),
        latest_receipts: Vec::new(),
        latest_members: vec![member_row(1, "+380 •• ••• •• 12", MemberKind::Person, &[])],
        first_receipt: FIRST_RECEIPT.to_owned(),
    })))
}

fn members_empty(programme: &Arc<Programme>) -> Page {
    Page::Members(Box::new(MembersPage {
        programme: Arc::clone(programme),
        members: 0,
        rows: Vec::new(),
        is_continued: false,
        next: None,
    }))
}

fn member_new(flights: &Story) -> Result<Page, String> {
    let programme = Arc::clone(&flights.programme);
    let state = symbolon_core::member::MemberState::new(MemberKind::Employee, date(2026, 11, 22));
    let at = moment("2026-11-22T12:00:00Z")?;
    let facts = MemberFacts::of(&programme, &state, at).map_err(|error| error.to_string())?;
    Ok(Page::Member(Box::new(MemberPage {
        programme,
        at,
        id: member_label(7, "").id,
        identifiers: Vec::new(),
        kind: MemberKind::Employee,
        joined: state.joined,
        facts,
        people: People::default(),
        timeline: Vec::new(),
        is_continued: false,
        next: None,
    })))
}

fn member_flying(mut story: Story) -> Result<Page, String> {
    story.joins("2026-01-10T10:00:00Z")?;
    let flight: Item = (1_000, "London–Oslo", "flight", 300_000);
    story.buys("2026-02-10T10:00:00Z", &[flight], &[])?;
    let charter: Item = (1_000, "Charter", "flight", 1_250_000);
    story.buys("2026-03-10T10:00:00Z", &[charter], &[])?;
    let reward = Key::new("car-day");
    story.happens("2026-05-02T10:00:00Z", Activity::Redemption { reward, contact: None })?;
    let at = moment("2026-11-22T12:00:00Z")?;
    let facts =
        MemberFacts::of(&story.programme, story.state()?, at).map_err(|error| error.to_string())?;
    Ok(Page::Member(Box::new(MemberPage {
        programme: Arc::clone(&story.programme),
        at,
        id: member_label(9, "").id,
        identifiers: vec![Identifier {
            kind: IdentifierKind::Email,
            masked: "a••••••••••••••••••••••••••••••••@a-rather-long-company-name.example"
                .to_owned(),
        }],
        kind: MemberKind::Company,
        joined: story.state()?.joined,
        facts,
        people: people_flying(at),
        timeline: story.timeline(),
        is_continued: true,
        next: None,
    })))
}

/// A contact of whom all is known, one of whom nothing is, and gifts to each.
fn people_flying(at: Timestamp) -> People {
    let known = Contact {
        person: Some(member_label(7, "").id),
        roles: [Key::new("decision-maker"), Key::new("user")].into(),
        unit: Some(Key::new("oslo")),
        may_spend: false,
        ..Contact::default()
    };
    let person = |key, name, contact| Person { key: Key::new(key), name, contact };
    let gift = |contact, approved_by, is_voided| Gift {
        at,
        reward: Key::new("car-day"),
        contact: Some(Key::new(contact)),
        person: None,
        worth: Money::new(4_000),
        asked_by: "Ola".to_owned(),
        approved_by,
        is_voided,
    };
    People {
        persons: vec![
            person("kari", Some("Kari Nordmann".to_owned()), known),
            person("desk", None, Contact::default()),
        ],
        gifts: vec![gift("kari", Some("Liv".to_owned()), false), gift("desk", None, true)],
    }
}

fn guest_receipt() -> Result<Page, String> {
    let mut story = Story::begin("cafe.toml", CAFE)?;
    let id = story.buys("2026-11-17T16:40:00Z", &[COFFEE], &[])?;
    Ok(Page::Receipt(Box::new(ReceiptPage {
        programme: Arc::clone(&story.programme),
        record: story.record(id)?,
        number: "1".to_owned(),
        member: None,
        returns: Vec::new(),
    })))
}

/// A regular of the coffee bar, with a year of history.
struct Cafe {
    story: Story,
    label: MemberLabel,
    /// A receipt with everything: discounts, points, a reward, and parts that came back.
    lunch: ActivityId,
    returns: Vec<ActivityId>,
    voided: ActivityId,
}

impl Cafe {
    fn tell() -> Result<Self, String> {
        let mut story = Story::begin("cafe.toml", CAFE)?;
        story.joins("2026-01-12T09:00:00Z")?;
        story.buys("2026-01-12T09:01:00Z", &[COFFEE, BUN], &[])?;
        for day in 13..19 {
            story.buys(&format!("2026-10-{day}T07:30:00Z"), &[COFFEE], &[])?;
        }
        let adjust = |amount: i64, reason: &str| Activity::Adjustment {
            points: Key::new("points"),
            amount: Points::new(amount),
            reason: reason.to_owned(),
            actor: "Ingrid".to_owned(),
        };
        story.happens("2026-10-20T09:00:00Z", adjust(30, "The soup was cold"))?;
        let action = Key::new("review");
        let fields = std::collections::BTreeMap::new();
        story.happens("2026-10-21T18:20:00Z", Activity::Action { action, fields })?;
        // A Tuesday at noon.
        let items = [COFFEE, COFFEE, SOUP, BUN, BEANS, CHEESE];
        let lunch = story.buys("2026-10-27T11:15:00Z", &items, &["free-coffee"])?;
        let back = |line: u32, quantity: i64| Activity::Return {
            returned: Returned::OfReceipt {
                receipt: lunch,
                lines: vec![(line, Quantity::new(quantity))],
            },
        };
        let first = story.happens("2026-10-28T10:00:00Z", back(3, 1_000))?;
        let reward = Key::new("tasting");
        story.happens("2026-11-10T17:00:00Z", Activity::Redemption { reward, contact: None })?;
        let second = story.happens("2026-11-11T10:00:00Z", back(4, 1_000))?;
        story.happens("2026-11-12T08:00:00Z", adjust(-10, "Given twice by mistake"))?;
        story.buys("2026-11-19T07:45:00Z", &[COFFEE, BUN, SOUP, BEANS], &[])?;
        let voided =
            story.buys("2026-11-20T12:20:00Z", &[(9_000, "Beans 250 g", "beans", 12_900)], &[])?;
        story.happens("2026-11-20T12:30:00Z", Activity::Void { of: voided })?;
        let label = member_label(4, "+47 ••• •• 567");
        Ok(Self { story, label, lunch, returns: vec![first, second], voided })
    }

    fn member(&self) -> Result<Page, String> {
        let at = moment("2026-11-22T12:00:00Z")?;
        let (programme, state) = (&self.story.programme, self.story.state()?);
        let facts = MemberFacts::of(programme, state, at).map_err(|error| error.to_string())?;
        let identifier = |kind, masked: &str| Identifier { kind, masked: masked.to_owned() };
        Ok(Page::Member(Box::new(MemberPage {
            programme: Arc::clone(programme),
            at,
            id: self.label.id,
            identifiers: vec![
                identifier(IdentifierKind::Phone, &self.label.shown),
                identifier(IdentifierKind::Card, "••• ••• 0042"),
                identifier(IdentifierKind::Email, "o•••@example.no"),
            ],
            kind: state.kind,
            joined: state.joined,
            facts,
            people: People::default(),
            timeline: self.story.timeline(),
            is_continued: false,
            next: Some("c2Ft/+=".to_owned()),
        })))
    }

    fn receipt(
        &self,
        id: ActivityId,
        number: &str,
        returns: &[ActivityId],
    ) -> Result<Page, String> {
        let returns = returns.iter().map(|id| self.story.happened(*id, Some(number)));
        Ok(Page::Receipt(Box::new(ReceiptPage {
            programme: Arc::clone(&self.story.programme),
            record: self.story.record(id)?,
            number: number.to_owned(),
            member: Some(self.label.clone()),
            returns: returns.collect::<Result<_, _>>()?,
        })))
    }

    fn rows() -> Vec<MemberRow> {
        vec![
            member_row(4, "+47 ••• •• 567", MemberKind::Person, &[("points", 151), ("stamps", 2)]),
            member_row(11, "••• ••• 0043", MemberKind::Employee, &[("points", 1), ("stamps", 1)]),
            member_row(12, "p•••@example.no", MemberKind::Company, &[("points", 21_022)]),
            member_row(13, "+380 •• ••• •• 12", MemberKind::Person, &[("points", 0)]),
        ]
    }

    fn members(&self) -> Page {
        Page::Members(Box::new(MembersPage {
            programme: Arc::clone(&self.story.programme),
            members: 1_022,
            rows: Self::rows(),
            is_continued: true,
            next: Some("MDE5YWQxZjA3Yw==".to_owned()),
        }))
    }

    fn overview(&self) -> Result<Page, String> {
        let mut points = PointTotals::new(Key::new("points"));
        for (from, to, amount) in [
            (Account::Issued, Account::Lots, 184_220),
            (Account::Lots, Account::Redeemed, 61_250),
            (Account::Lots, Account::Expired, 9_001),
            (Account::Lots, Account::Issued, 2_418),
            (Account::Adjusted, Account::Lots, 330),
        ] {
            points.add(from, to, Points::new(amount)).map_err(|error| error.to_string())?;
        }
        let mut stamps = PointTotals::new(Key::new("stamps"));
        let issued = Points::new(5_021);
        stamps.add(Account::Issued, Account::Lots, issued).map_err(|error| error.to_string())?;
        let row = |number: u32, total, member: Option<&MemberLabel>, change| ReceiptRow {
            id: ActivityId::new(u128::from(number)),
            number: number.to_string(),
            at: Timestamp::from_second(1_795_346_000 + i64::from(number) * 60).unwrap_or_default(),
            member: member.cloned(),
            total: Money::new(total),
            points: change,
        };
        let change = |key: &str, amount: i64| (Key::new(key), Points::new(amount));
        let some = Some(&self.label);
        Ok(Page::Overview(Box::new(OverviewPage {
            programme: Arc::clone(&self.story.programme),
            version: 3,
            version_from: Some(moment("2026-01-01T00:00:00Z")?),
            counted_at: moment("2026-11-22T12:00:00Z")?,
            members: 1_022,
            receipts: 18_431,
            returns: 112,
            points: vec![points, stamps],
            latest_receipts: vec![
                row(1046, 47_310, some, vec![change("points", 94), change("stamps", 1)]),
                row(1045, 4_200, None, Vec::new()),
                row(1044, 12_000, some, vec![change("points", 12), change("stamps", -5)]),
            ],
            latest_members: Self::rows(),
            first_receipt: FIRST_RECEIPT.to_owned(),
        })))
    }
}
