//! `verify` is clean after whatever happened, and finds whatever was tampered with.

use crate::history::tell;
use crate::support::{
    Folder, PROGRAMMES, Shop, assert_clean, damaging, open_app, programme_text, receipt,
};
use serde_json::{Value as JsonValue, json};
use symbolon::app::{App, verify};
use symbolon::store::nouns::members::members_after;
use symbolon::store::nouns::{activities, entries};
use symbolon::store::{Json, StoreError, Value};
use symbolon_core::values::{BUCKETS, MemberId};
use uuid::Uuid;

const MEMORY: &str = "sqlite::memory:";

#[test]
fn i2_i3_i10_i15_every_history_verifies() {
    for programme in PROGRAMMES {
        let text = programme_text(programme);
        for seed in 1..=3 {
            let app = open_app(MEMORY, &text, seed);
            let history = tell(&app, seed, 220);
            let report = assert_clean(&app);
            let case = format!("{programme}, seed {seed}: {report:?}");
            assert!(history.booked > 100 && history.refused > 5, "{case}");
            assert!(report.members > 3 && report.guest_activities > 5, "{case}");
            let counts = crate::support::counts(&app.store);
            let folded = report.activities + report.guest_activities;
            assert_eq!(i64::try_from(folded).ok(), counts.get("activity").copied(), "{case}");
            assert_eq!(i64::try_from(report.entries).ok(), counts.get("entry").copied(), "{case}");
        }
    }
}

/// Everything of every member and guest, letter by letter.
fn everything(app: &App) -> Vec<String> {
    let mut all = Vec::new();
    for bucket in 0..BUCKETS {
        let read = app.store.read(|reader| {
            let mut rows = Vec::new();
            for walked in members_after(reader, app.business, bucket, None, 10_000)? {
                let member = walked.member;
                rows.push(format!("{member} {} {:?}", walked.text, walked.state.chain));
                for row in activities::history_of_member(reader, app.business, member)? {
                    rows.push(format!("{row:?}"));
                }
                for entry in
                    entries::entries_of_member(reader, app.business, member, None, u32::MAX)?
                {
                    rows.push(format!("{member} {entry:?}"));
                }
            }
            for row in
                activities::guest_activities_after(reader, app.business, bucket, None, 10_000)?
            {
                rows.push(format!("{row:?}"));
            }
            Ok::<_, StoreError>(rows)
        });
        all.extend(read.expect("the database can be read"));
    }
    all
}

/// The same commands again, into an empty database and in other batches, give the same rows
/// byte by byte; and once more, into the same database, they change nothing.
#[test]
fn i10_the_same_commands_give_the_same_rows() {
    for programme in PROGRAMMES {
        let text = programme_text(programme);
        let first = open_app(MEMORY, &text, 5);
        let history = tell(&first, 5, 160);
        let second = open_app(MEMORY, &text, 99);
        for batch in history.commands.chunks(7) {
            second.pipeline().run(&second.programmes(), batch).expect("a batch");
        }
        let rows = everything(&first);
        assert!(rows.len() > 100, "{programme}");
        assert_eq!(rows, everything(&second), "{programme}");
        let third = open_app(MEMORY, &text, 1);
        for command in &history.commands {
            let command = std::slice::from_ref(command);
            third.pipeline().run(&third.programmes(), command).expect("a batch");
        }
        assert_eq!(rows, everything(&third), "{programme}");
        assert_clean(&third);
    }
}

/// A shop with one member of whom much is known, and one of whom little is.
fn damaged_soon() -> (Shop, MemberId) {
    let shop = Shop::open("boloco-card");
    let ana = shop.enrol("+12025550001");
    shop.enrol("+12025550002");
    let buy = |number: &str, phone: &str| {
        let body = receipt(number).of(phone).line("catering", "2", "30.00").json();
        shop.till().post("/v1/receipts", &body).expect(201)
    };
    let first = buy("R1", "+12025550001");
    buy("R2", "+12025550001");
    buy("R3", "+12025550002");
    let id = first["id"].as_str().expect("an id");
    let back = json!({ "number": "B1", "lines": [{ "line": 1, "quantity": 1 }] });
    shop.till().post(&format!("/v1/receipts/{id}/returns"), &back).expect(201);
    let guest = receipt("G1").line("tea", "2", "5.00").json();
    let guest = shop.till().post("/v1/receipts", &guest).expect(201);
    let id = guest["id"].as_str().expect("an id");
    shop.till().post(&format!("/v1/receipts/{id}/returns"), &back).expect(201);
    shop.assert_clean();
    (shop, ana.parse().expect("an id"))
}

fn keys(member: MemberId) -> Vec<Value> {
    vec![member.bucket().number().into(), Uuid::from_u128(member.number()).into()]
}

/// Runs a statement on a member's rows; `$1` and `$2` are its bucket and its id.
fn damage(shop: &Shop, member: MemberId, sql: &str) {
    let changed =
        shop.app.store.write(|transaction| transaction.execute(&damaging(sql), &keys(member)));
    let changed: Result<u64, StoreError> = changed;
    assert!(changed.expect("a statement") > 0, "{sql}");
}

/// Changes one number somewhere in a JSON column of one row.
fn damage_json(shop: &Shop, member: MemberId, select: &str, update: &str, pointer: &str) {
    let changed: Result<u64, StoreError> = shop.app.store.write(|transaction| {
        let row = transaction.query_one(select, &keys(member))?;
        let text: Json = row.get("document")?;
        let mut document: JsonValue = serde_json::from_str(&text.0).expect("JSON");
        let found =
            document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {}", text.0));
        *found = json!(found.as_i64().expect("a number") + 1);
        let mut values = keys(member);
        values.push(Json(document.to_string()).into());
        transaction.execute(update, &values)
    });
    assert_eq!(changed.expect("a statement"), 1, "{update}");
}

/// `verify` finds the damage and says whose it is.
#[track_caller]
fn found(shop: &Shop, named: &str, expected: &str) {
    let report = verify(&shop.app, |_| {}).expect("the database can be read");
    assert!(!report.is_clean(), "{expected} was not found");
    let told = report.differences.join("\n");
    assert!(told.contains(named), "{told} does not name {named}");
    assert!(told.contains(expected), "{told} does not say: {expected}");
}

const OF_MEMBER: &str = "bucket = $1 and member_id = $2";

/// I2, I3: entries that were changed, lost or added.
#[test]
fn i2_i3_damaged_entries_are_found() {
    for (sql, expected) in [
        ("update entry set amount = amount + 1 where M and number = 1", "the entries differ"),
        ("update entry set amount = amount + 1 where M and number = 1", "the lots differ"),
        ("update entry set amount = amount + 1 where M and number = 1", "the balance of points"),
        ("delete from entry where M and number = 1", "is not where it should be"),
        ("delete from entry where M and number = 3", "the entries differ"),
        ("update entry set to_account = 'redeemed' where M and number = 3", "the entries differ"),
        ("update entry set lot = 2 where M and number = 3", "the lots differ"),
        // Moments are numbers in this database.
        ("update entry set at = at + 1 where M and number = 2", "the entries differ"),
        (
            "insert into entry select bucket, member_id, number + 100, business_id, activity_id,
             effect, points, from_account, to_account, amount, lot, at from entry
             where M and number = 1",
            "the entries differ",
        ),
    ] {
        let (shop, ana) = damaged_soon();
        damage(&shop, ana, &sql.replace('M', OF_MEMBER));
        found(&shop, &ana.to_string(), expected);
    }
}

#[test]
fn i10_damaged_states_are_found() {
    let select = "select state as document from member_state where bucket = $1 and member_id = $2";
    let update = "update member_state set state = $3 where bucket = $1 and member_id = $2";
    for pointer in ["/lots/0/2", "/sequence"] {
        let (shop, ana) = damaged_soon();
        damage_json(&shop, ana, select, update, pointer);
        found(&shop, &ana.to_string(), "the state differs");
    }
    let (shop, ana) = damaged_soon();
    damage(&shop, ana, &format!("delete from member_state where {OF_MEMBER}"));
    found(&shop, "belong to nobody", "activities");
    found(&shop, "belong to nobody", "entries");
}

/// I15: what happened cannot be changed, left out or exchanged.
#[test]
fn i15_damaged_activities_are_found() {
    let of = |column: &str| {
        format!("select {column} as document from activity where {OF_MEMBER} and label = 'R2'")
    };
    let to = |column: &str| {
        format!("update activity set {column} = $3 where {OF_MEMBER} and label = 'R2'")
    };
    for (column, pointer) in [
        ("decision", "/effects/0/earn/amount"),
        ("decision", "/net/0"),
        ("payload", "/purchase/lines/0/unit_price"),
        ("payload", "/purchase/lines/0/quantity"),
    ] {
        let (shop, ana) = damaged_soon();
        damage_json(&shop, ana, &of(column), &to(column), pointer);
        found(&shop, &ana.to_string(), "deciding again gives another decision");
    }
    // What no decision depends on is still held by the chain.
    let (shop, ana) = damaged_soon();
    let sql = "update activity set payload = replace(payload, 'catering', 'catered') where M and label = 'R2'";
    damage(&shop, ana, &sql.replace('M', OF_MEMBER));
    found(&shop, &ana.to_string(), "the chain is broken");

    for (sql, expected) in [
        ("delete from activity where M and kind = 'return'", "missing at the end of the chain"),
        ("delete from activity where M and label = 'R2'", "the chain is broken"),
        ("delete from activity where M and kind = 'joining'", "deciding again"),
        ("update activity set programme_version = 2 where M and label = 'R2'", "is missing"),
        (
            "update activity set sequence = 5 - sequence where M and label in ('R1', 'R2')",
            "deciding again",
        ),
        ("update activity_progress set progress = '{}' where M", "what was taken back differs"),
        ("delete from activity_progress where M", "what was taken back differs"),
    ] {
        let (shop, ana) = damaged_soon();
        damage(&shop, ana, &sql.replace('M', OF_MEMBER));
        found(&shop, &ana.to_string(), expected);
    }
}

#[test]
fn i15_swapped_and_foreign_chains_are_found() {
    let (shop, ana) = damaged_soon();
    let swap = "update activity set chain =
        (select o.chain from activity o where o.bucket = activity.bucket
         and o.member_id = activity.member_id
         and o.label in ('R1', 'R2') and o.label <> activity.label)
        where M and label in ('R1', 'R2')";
    damage(&shop, ana, &swap.replace('M', OF_MEMBER));
    found(&shop, &ana.to_string(), "the chain is broken");

    let (shop, ana) = shop_with_foreign_chain();
    found(&shop, &ana.to_string(), "missing at the end of the chain");
}

/// The state of one member with the end of another one's chain.
fn shop_with_foreign_chain() -> (Shop, MemberId) {
    let (shop, ana) = damaged_soon();
    let sql = "update member_state set chain =
        (select o.chain from member_state o where o.member_id <> member_state.member_id limit 1)
        where M";
    damage(&shop, ana, &sql.replace('M', OF_MEMBER));
    (shop, ana)
}

#[test]
fn damage_to_guests_is_found() {
    let nobody = MemberId::new(0);
    for (sql, expected) in [
        (
            "update activity set payload = replace(payload, 'tea', 'pie') where label = 'G1'",
            "the chain is broken",
        ),
        (
            "update activity set payload = replace(payload, '500', '501') where label = 'G1'",
            "another decision",
        ),
        ("delete from activity where label = 'G1'", "deciding again is refused"),
        ("delete from activity where member_id = $2 and kind = 'return'", "taken back differs"),
        ("update activity_progress set progress = '{}' where member_id = $2", "taken back differs"),
    ] {
        let (shop, _) = damaged_soon();
        let sql = match sql.contains("$2") {
            // Both values have to be taken, and nobody's bucket is the smallest.
            true => format!("{sql} and $1 <= bucket"),
            false => format!("{sql} and $1 <= bucket and $2 <= member_id"),
        };
        damage(&shop, nobody, &sql);
        found(&shop, "guest act_", expected);
    }
}

/// Versions are immutable: a text changed behind our back changes what was decided.
#[test]
fn a_changed_programme_text_is_found() {
    let folder = Folder::new();
    let address = folder.database("shop.db");
    let text = programme_text("boloco-card");
    let app = open_app(&address, &text, 1);
    tell(&app, 1, 30);
    assert_clean(&app);
    let changed: Result<u64, StoreError> = app.store.write(|transaction| {
        let values = [text.replace("give = 1,", "give = 2,").into()];
        transaction.execute("update programme_version set text = $1", &values)
    });
    assert_eq!(changed.expect("a statement"), 1);
    let url = symbolon::store::DatabaseUrl::parse(&address).expect("an address");
    let reopened = App::open(&url, symbolon::world::World::staged(crate::support::start(), 1));
    match reopened {
        Ok(app) => {
            let report = verify(&app, |_| {}).expect("the database can be read");
            assert!(!report.is_clean());
        }
        // Not to open it at all is an answer too.
        Err(error) => assert!(error.to_string().contains("version 1"), "{error}"),
    }
}
