//! I16: what does not match changes nothing, and neither does the place of a rule in the text.
#![expect(clippy::unwrap_used, reason = "the texts differ in their rules only")]

use crate::random::{Shape, Step, play_all};
use crate::support::{Desk, always};
use proptest::sample::Index;
use symbolon_core::engine::{Book, Candidates, Decision, Effect};
use symbolon_core::programme::Programmes;

/// Rules that never match: by their condition, by their filter, and by their moment.
fn idle_rules(group: Option<u8>) -> String {
    let group = group.map_or(String::new(), |group| format!("group = \"g{group}\"\n"));
    let head = |id: &str| format!("[[rule]]\nid = \"{id}\"\non = \"purchase\"\n{group}");
    format!(
        "{}priority = -9\nwhen = 'receipt.total < 0'\ndiscount = {{ percent = 100 }}\n\
         {}priority = -8\nearn = {{ points = \"k0\", times = 7, where = 'line.product == \"x\"' }}\n\
         {}priority = -7\ndiscount = {{ percent = 99, where = 'line.brand == \"x\"' }}\n\
         {}from = 2099-01-01\ndiscount = {{ percent = 98 }}\nlimit = {{ per_member = 1 }}\n\
         {}for = \"guests\"\npriority = -6\ndiscount = {{ percent = 97 }}\n\
         {}when = 'receipt.location == \"nowhere\"'\nearn = {{ points = \"k0\", give = 1 }}\n",
        head("idle-a"),
        head("idle-b"),
        head("idle-c"),
        head("idle-d"),
        head("idle-e"),
        head("idle-f"),
    )
}

/// Decides and books all that a desk recorded under another text of the programme; the effects
/// must be the same.
fn check_alike(desk: &Desk, programmes: &Programmes, candidates: Candidates, told: &str) {
    let mut book = Book { member_id: desk.book.member_id, ..Book::default() };
    let mut records: Vec<_> = desk.book.records.values().collect();
    records.sort_by_key(|record| record.sequence);
    for record in records {
        let moment = record.decision.at;
        book.shared.instruments.extend(record.seen.instruments.clone());
        let (version, decision): (u32, Decision) =
            book.decide(programmes, record.id, moment, &record.activity, candidates).unwrap();
        let (ours, theirs): (&[Effect], &[Effect]) = (&decision.effects, &record.decision.effects);
        assert_eq!(ours, theirs, "I16: {told}");
        assert_eq!(decision.net, record.decision.net, "I16: {told}");
        book.book(record.id, version, record.activity.clone(), decision).unwrap();
    }
    assert_eq!(book.member, desk.book.member, "I16: {told}");
}

pub fn check(shape: &Shape, steps: &[Step], order: Index, group: Option<u8>) {
    let desk = play_all(shape, steps, |_| {});
    let mut turned: Vec<usize> = (0..shape.rules.len()).collect();
    turned.rotate_left(order.index(shape.rules.len()));
    let reversed: Vec<usize> = turned.iter().rev().copied().collect();
    for order in [turned, reversed] {
        let text = shape.text_with_rules_in(&order);
        check_alike(&desk, &always(&text), Candidates::All, &text);
    }
    let text = format!("{}{}", shape.text(), idle_rules(group));
    let programmes = always(&text);
    for candidates in [Candidates::All, Candidates::Indexed] {
        check_alike(&desk, &programmes, candidates, &text);
    }
}
