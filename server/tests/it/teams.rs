//! Team goals over HTTP and from two servers at once (W6), and gifts to persons who are one (B11).

use crate::support::{Caller, Shop, receipt};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::Barrier;

const TEXT: &str = r#"
format = 1
id = "shop"
name = "Shop"
currency = "USD"
timezone = "UTC"
[points.thanks]
name.en = { one = "thanks", other = "thanks" }
[action.course-passed]
name.en = "Course passed"
[team_goal.learning]
name.en = "Learning together"
counts = "action:course-passed"
target = 2
every = "month"
gives = { points = "thanks", each = 100 }
[gifts]
per_person = "100.00"
every = "year"
[[rule]]
id = "much"
on = "purchase"
earn = { points = "thanks", give = 1, per = "1.00" }
[[reward]]
id = "set"
name = "Coffee set"
cost = { thanks = 10 }
gives = { item = {} }
gift = { worth = "60.00" }
"#;

fn enrol(till: &Caller, phone: &str, kind: &str) -> String {
    let made = till.post("/v1/members", &json!({ "phone": phone, "kind": kind })).expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

fn member(till: &Caller, id: &str) -> Value {
    till.get(&format!("/v1/members/{id}")).expect(200)
}

fn thanks(till: &Caller, id: &str) -> String {
    member(till, id)["balances"][0]["available"].as_str().expect("a balance").to_owned()
}

fn join(till: &Caller, id: &str, team: &str) {
    let team = json!({ "team": { "id": team } });
    till.post(&format!("/v1/members/{id}/team"), &team).expect(201);
}

fn course(id: &str) -> Value {
    json!({ "member": { "id": id }, "action": "course-passed" })
}

/// Two members of a team, each at another server, take the last steps at the same moment: the
/// goal is reached by exactly one of them, and pays everybody once (I7, I8).
#[test]
fn w6_two_at_once_on_two_connections_reach_a_goal_that_pays_once() {
    let first = Shop::in_file_with_text(TEXT);
    let second = first.another();
    let (here, there) = (first.till(), second.till());
    let people: Vec<[String; 4]> = (0..8)
        .map(|number| {
            let phone = |one: u32| format!("+1202555{number}{one:03}");
            let team = enrol(&here, &phone(0), "team");
            let members = [1, 2, 3].map(|one| enrol(&here, &phone(one), "employee"));
            members.iter().for_each(|member| join(&here, member, &team));
            let [ola, kari, liv] = members;
            [team, ola, kari, liv]
        })
        .collect();
    for (number, [team, ola, kari, liv]) in people.iter().enumerate() {
        let barrier = Barrier::new(2);
        let passes = |till: &Caller, who: &str| {
            let till = till.once(&format!("{number}-{who}"));
            barrier.wait();
            till.post("/v1/actions", &course(who)).expect(201)
        };
        let done = std::thread::scope(|scope| {
            let other = scope.spawn(|| passes(&there, kari));
            [passes(&here, ola), other.join().expect("no panic")]
        });
        for who in [ola, kari, liv] {
            assert_eq!(thanks(&here, who), "100", "team {number}");
        }
        // Asked again it is the same, and what comes back takes the award with it.
        here.once(&format!("{number}-{ola}")).post("/v1/actions", &course(ola)).expect(200);
        assert_eq!(member(&here, team)["team"]["goals"][0]["total"], "2");
        assert_eq!(member(&here, team)["team"]["goals"][0]["reached"], true);
        if number % 2 == 0 {
            let id = done[number % 4 / 2]["id"].as_str().expect("an id");
            let path = format!("/v1/activities/{id}/void");
            there.once(&format!("{number}-void")).post(&path, &json!({})).expect(201);
            for who in [ola, kari, liv] {
                assert_eq!(thanks(&there, who), "0", "team {number}");
            }
            assert_eq!(member(&here, team)["team"]["goals"][0]["reached"], false);
        }
    }
    first.assert_clean();
}

#[test]
fn w6_employees_alone_join_teams_alone() {
    let shop = Shop::with_text(TEXT);
    let till = shop.till();
    let (team, ola) =
        (enrol(&till, "+12025550001", "team"), enrol(&till, "+12025550002", "employee"));
    let ana = enrol(&till, "+12025550003", "person");
    let path = |id: &str| format!("/v1/members/{id}/team");
    till.post(&path(&ola), &json!({ "team": { "id": ana } })).refused(422, "not-a-team");
    till.post(&path(&ana), &json!({ "team": { "id": team } })).refused(422, "not-staff");
    join(&till, &ola, &team);
    assert_eq!(member(&till, &ola)["team"]["id"], json!(team));
    assert_eq!(member(&till, &team)["team"]["members"][0]["id"], json!(ola));
    let into = json!({ "into": { "id": ana } });
    till.once("m")
        .post(&format!("/v1/members/{team}/merge"), &into)
        .refused(422, "team-not-merged");
    till.send(Method::DELETE, &path(&ola), "application/json", Vec::new()).expect(201);
    assert_eq!(member(&till, &team)["team"]["members"], json!([]));
    shop.assert_clean();
}

/// Two persons that are one get what one may get, whichever of the two a company names.
#[test]
fn b11_case_54_the_cap_of_gifts_follows_a_merged_person() {
    let shop = Shop::with_text(TEXT);
    let till = shop.till();
    let acme = enrol(&till, "+12025550001", "company");
    let (kari, karin) =
        (enrol(&till, "+12025550002", "person"), enrol(&till, "+12025550003", "person"));
    let contacts = format!("/v1/members/{acme}/contacts");
    for (contact, person) in [("kari", &kari), ("karin", &karin)] {
        let body = json!({ "contact": contact, "person": { "id": person } });
        till.post(&contacts, &body).expect(201);
    }
    let bought = receipt("R1").of("+12025550001").line("desk", "1", "100.00").json();
    till.post("/v1/receipts", &bought).expect(201);
    let gift = |to: &str| json!({ "reward": "set", "to": to, "asked_by": "Ola" });
    let gifts = format!("/v1/members/{acme}/gifts");
    till.once("1").post(&gifts, &gift("kari")).expect(201);
    let into = json!({ "into": { "id": karin } });
    till.once("m").post(&format!("/v1/members/{kari}/merge"), &into).expect(201);
    till.once("2").post(&gifts, &gift("karin")).refused(422, "reward-not-possible");
    till.once("3").post(&gifts, &gift("kari")).refused(422, "reward-not-possible");
    shop.assert_clean();
}
