//! Random histories over random programmes, step by step on SQLite and on PostgreSQL, beside the
//! engine at its desk and the naive model of the core's own tests.
//!
//! What the pipeline reads for a decision is only what it believes to be needed; the desk has all of
//! it at hand. So whatever is read too little, written wrongly or read back otherwise shows here.

#[path = "../../../core/tests/it"]
mod core_tests {
    #![expect(dead_code, unused_imports, reason = "the core's tests need more of them than these")]
    pub mod model;
    pub mod random;
    pub mod support;
}

use crate::support::skip;
use crate::throwaway;
use core_tests::model::{World as Model, check_step};
use core_tests::random::{Played, cases, histories, play_all, shapes};
use core_tests::support::NotBooked;
use proptest::prelude::*;
use serde_json::Value;
use symbolon::app::{App, verify};
use symbolon::pipeline::{Command, Failure, Intent, ShownCodes, Subject};
use symbolon::store::DatabaseUrl;
use symbolon::store::nouns::directories::{Fingerprint, Identifier};
use symbolon::store::nouns::members::member_walked;
use symbolon::world::World;
use symbolon_core::engine::{Activity, Returned};
use symbolon_core::values::{ActivityId, MemberId};

const MEMBER: MemberId = MemberId::new(1 << 70);

/// A database, and what each activity of the desk is called in it.
struct Side {
    app: App,
    ids: Vec<(ActivityId, ActivityId)>,
}

impl Side {
    fn new(address: &str, text: &str) -> Self {
        let url = DatabaseUrl::parse(address).expect("an address");
        let then = crate::support::moment("2026-01-01T00:00:00Z");
        let app = App::open(&url, World::staged(then, 1)).expect("a database");
        app.publish("random.toml", text, then).expect("a programme");
        Self { app, ids: Vec::new() }
    }

    /// The activity with the ids of this database.
    fn here(&self, activity: &Activity) -> Activity {
        let id = |at_desk: &ActivityId| {
            let known = self.ids.iter().find(|(known, _)| known == at_desk);
            known.map_or(*at_desk, |(_, here)| *here)
        };
        let mut activity = activity.clone();
        match &mut activity {
            Activity::Void { of } => *of = id(of),
            Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => {
                *receipt = id(receipt);
            }
            _ => {}
        }
        activity
    }

    /// A value with the ids of the desk.
    fn at_desk(&self, value: &impl serde::Serialize) -> Value {
        let mut text = serde_json::to_string(value).expect("JSON");
        for (at_desk, here) in &self.ids {
            text = text.replace(&here.to_string(), &at_desk.to_string());
        }
        serde_json::from_str(&text).expect("JSON")
    }

    /// Books what was tried at the desk, and compares the answer and the state that is stored.
    fn check_step(&mut self, played: &Played<'_>, told: &str) {
        let joins = matches!(played.activity, Activity::Joining { .. });
        let external = Identifier { kind: "external".to_owned(), value: "1".to_owned() };
        let at_desk = played.before.next_id();
        let command = Command {
            idempotency: None,
            content: Fingerprint::default(),
            request: Fingerprint::default(),
            subject: match joins {
                true => Subject::New { identifiers: vec![external], name: None },
                false => Subject::Identified(external),
            },
            intent: Intent { activity: self.here(played.activity), natural: None, label: None },
            shown: ShownCodes::default(),
            other: None,
            at: played.at,
            recorded_at: played.at,
            any_age: true,
            new_activity: ActivityId::new(at_desk.number() << 80),
            new_member: MEMBER,
        };
        let answers = self.app.pipeline().run(&self.app.programmes(), &[command]);
        let answer = answers.expect("it can be booked").pop().expect("an answer");
        match (&played.result, answer) {
            (Ok((id, decision)), Ok(answer)) => {
                self.ids.push((*id, answer.activity));
                let mut stored = self.at_desk(&answer.decision);
                let mut expected = serde_json::to_value(decision).expect("JSON");
                // The desk looks at every rule, the pipeline at those that the index finds; so the
                // desk says why of more.
                let [why, all] = [&mut stored, &mut expected].map(|told| told["reasons"].take());
                let all = all.as_array().cloned().unwrap_or_default();
                let why = why.as_array().cloned().unwrap_or_default();
                assert!(why.iter().all(|reason| all.contains(reason)), "{why:?} {all:?}\n{told}");
                assert_eq!(stored, expected, "{told}");
            }
            (Err(NotBooked::Refused(expected)), Err(Failure::Refused(refusal))) => {
                assert_eq!(refusal.code(), expected.code(), "{told}");
            }
            (Err(NotBooked::Overflow(_)), Err(Failure::Refused(refusal))) => {
                assert_eq!(refusal.code(), "number-too-large", "{told}");
            }
            (expected, answer) => panic!("{:?}\nbut {answer:?}\n{told}", expected.is_ok()),
        }
        let read = |reader: &mut symbolon::store::Reader<'_>| {
            member_walked(reader, self.app.business, MEMBER)
        };
        let walked = self.app.store.read(read).expect("it can be read").expect("the member");
        let stored = self.at_desk(&walked.state.state);
        assert_eq!(stored, serde_json::to_value(played.desk.state()).expect("JSON"), "{told}");
    }
}

proptest! {
    #![proptest_config(cases(24))]

    /// I9, I14: model, engine, SQLite and PostgreSQL agree after each step.
    #[test]
    fn the_model_and_both_databases_agree(
        (shape, steps) in shapes().prop_flat_map(|shape| (Just(shape), histories(16))),
    ) {
        let text = shape.text();
        let mut sides = vec![Side::new("sqlite::memory:", &text)];
        match throwaway::new_database() {
            Ok(address) => sides.push(Side::new(&address, &text)),
            Err(why) => skip("the_model_and_both_databases_agree on PostgreSQL", &why),
        }
        let mut model: Option<Model<'_>> = None;
        play_all(&shape, &steps, |played| {
            match &mut model {
                None => model = Some(Model::new(&shape, played.before.next_id(), played.at)),
                Some(model) => check_step(model, &shape, played),
            }
            let told = format!("{} {:?}\n{text}", played.at, played.activity);
            for side in &mut sides {
                side.check_step(played, &told);
            }
        });
        for side in &sides {
            let report = verify(&side.app, |_| {}).expect("it can be read");
            assert_eq!(report.differences, Vec::<String>::new(), "{text}");
        }
    }
}
