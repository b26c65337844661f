//! What members do besides buying, and what they are when they join.

use crate::support::{Desk, POINTS, always, in_dollars, joining, key, tell, why};
use std::collections::BTreeMap;
use symbolon_core::engine::Activity;
use symbolon_core::member::{AttributeValue, MemberKind};

fn programme_text() -> String {
    in_dollars(&format!(
        "{POINTS}[attribute.shoe-size]\ntype = \"decimal\"\n[attribute.city]\ntype = \"text\"\n\
         [action.review]\nname = \"Review\"\nfields = {{ stars = \"integer\", on-photo = \"boolean\" }}\n\
         [action.wave]\nname = \"Wave\"\n\
         [[rule]]\nid = \"a-review\"\non = \"action:review\"\nearn = {{ points = \"points\", give = 10 }}\n\
         limit = {{ per_member = 1, every = \"day\" }}\n\
         [[rule]]\nid = \"b-good\"\non = \"action:review\"\ngroup = \"praise\"\n\
         when = 'action.stars >= 4'\nearn = {{ points = \"points\", give = 5 }}\n\
         [[rule]]\nid = \"c-photo\"\non = \"action:review\"\ngroup = \"praise\"\n\
         when = 'action.on_photo'\nearn = {{ points = \"points\", give = 7 }}\noffer = \"Thank you\"\n"
    ))
}

/// Of a group the rule that gives most for an action is applied; rules without a group give besides.
#[test]
fn actions_earn_by_their_fields() {
    tell(
        &programme_text(),
        "
story: reviews
2027-01-03  Ana joins with shoe-size=42.5, city=Oslo
2027-01-03  Ana does review with stars=5, on-photo=true as V
    earns 17 points
    b-good gives nothing: excluded
2027-01-03  Ana does review with stars=3, on-photo=true
    earns 7 points
    is offered c-photo
    a-review gives nothing: limit-reached
    b-good gives nothing: condition-false
2027-01-04  Ana does review
    earns 10 points
2027-01-05  Ana does wave
    earns nothing
2027-01-06  Ana voids V
    loses 17 points
    has 17 points
2027-01-06  Ana voids V
    is refused: already-voided
2027-01-06  Ana does dance
    is refused: unknown-action
2027-01-06  Ana does review with length=5
    is refused: unknown-attribute
2027-01-06  Ana does wave with stars=5
    is refused: unknown-attribute

story: an action of somebody who is no member
2027-01-03  Ben does wave
    is refused: no-member

story: joining with what the programme does not know
2027-01-03  Cleo joins with shoes=5
    is refused: unknown-attribute
2027-01-03  Cleo joins as employee with city=Bergen
2027-01-03  Cleo joins
    is refused: already-member
",
    );
}

/// Case 69: values of another type than declared are refused, whoever sends them.
#[test]
fn case_69_values_have_their_declared_types() {
    let values = [
        AttributeValue::Text("5".to_owned()),
        AttributeValue::Integer(5),
        AttributeValue::Decimal(5_000_000),
        AttributeValue::Boolean(true),
        AttributeValue::Date(jiff::civil::date(2027, 1, 1)),
    ];
    let mut desk = Desk::new(always(&programme_text()));
    let moment = "2027-01-03T10:00:00Z";
    for (name, fits) in [("shoe-size", 2), ("city", 0)] {
        for (position, value) in values.iter().enumerate().filter(|(place, _)| *place != fits) {
            let attributes = BTreeMap::from([(key(name), value.clone())]);
            let activity =
                Activity::Joining { kind: MemberKind::Company, attributes, line: Vec::new() };
            assert_eq!(desk.refuses(moment, activity), "wrong-attribute-type", "{name} {position}");
        }
    }
    let long = AttributeValue::Text("x".repeat(201));
    let attributes = BTreeMap::from([(key("city"), long)]);
    let activity = Activity::Joining { kind: MemberKind::Person, attributes, line: Vec::new() };
    assert_eq!(desk.refuses(moment, activity), "name-too-long");
    desk.does(moment, joining());
    for (position, value) in values.iter().enumerate().filter(|(place, _)| *place != 1) {
        let fields = BTreeMap::from([(key("stars"), value.clone())]);
        let activity = Activity::Action { action: key("review"), fields };
        assert_eq!(desk.refuses(moment, activity), "wrong-attribute-type", "stars {position}");
    }
    let fields = BTreeMap::from([(key("stars"), values[1].clone())]);
    let (_, decision) = desk.does(moment, Activity::Action { action: key("review"), fields });
    assert_eq!(why(&decision, "b-good"), ["earned"]);
}

/// Somebody who was a member elsewhere is one since that day, and no rule welcomes him.
#[test]
fn an_imported_member_is_one_since_long_ago_and_is_not_welcomed() {
    let welcome = "\n[[rule]]\nid = \"welcome\"\nname = \"Welcome\"\non = \"joining\"\n\
                   earn = { points = \"points\", give = 50 }\n";
    let programmes = always(&(programme_text() + welcome));
    let moment = "2027-01-03T10:00:00Z";
    let import = |since: &str, city: &str| {
        let value = AttributeValue::Text(city.to_owned());
        let attributes = BTreeMap::from([(key("city"), value)]);
        let since = since.parse().expect("a day");
        Activity::Import { kind: MemberKind::Person, attributes, since }
    };
    let mut desk = Desk::new(programmes.clone());
    assert_eq!(desk.refuses(moment, import("2027-01-04", "Bergen")), "date-out-of-range");
    assert_eq!(desk.refuses(moment, import("2019-05-03", &"x".repeat(201))), "name-too-long");
    let (_, decision) = desk.does(moment, import("2019-05-03", "Bergen"));
    assert!(decision.effects.len() == 1 && decision.reasons.is_empty(), "{decision:?}");
    let state = desk.book.member.as_ref().expect("a member");
    assert_eq!((state.joined, state.lots.len()), (jiff::civil::date(2019, 5, 3), 0));
    assert_eq!(desk.refuses(moment, import("2019-05-03", "Bergen")), "already-member");
    // Whoever joins is welcomed, so it is the import that is not.
    let mut desk = Desk::new(programmes);
    let (_, decision) = desk.does(moment, joining());
    assert_eq!(why(&decision, "welcome"), ["earned"]);
}
