//! Rules that nobody reads of before they strike, and rules that members are told of early.

use super::{BOUGHT, JOINED, goods, rule, with};
use crate::support::{Desk, always, at, failures_of, headed, in_dollars, purchase, tell};
use symbolon_core::engine::{Activity, Candidates, Decision, Line, announcements};

/// What a till is told, with only those rules looked at that the index finds.
fn at_the_till(programme: &str, moment: &str, lines: &[Line]) -> Decision {
    let desk = Desk::with_member(programme, JOINED);
    let (programmes, activity) = (always(programme), purchase(lines.to_vec()));
    let (id, when) = (desk.next_id(), at(moment));
    let decided = desk.book.decide(&programmes, id, when, &activity, Candidates::Indexed);
    decided.map_or_else(|why| panic!("{why:?}"), |(_, decision)| decision)
}

fn names(decision: &Decision, about: &str) -> Vec<&'static str> {
    crate::support::why(decision, about)
}

/// D8: a glass of beer with the dish, unannounced; then the same dish cheaper. Before it strikes
/// no till and no member reads of it; who explains all rules does.
#[test]
fn d8_a_hidden_rule_is_silent_until_it_strikes() {
    let dish = "where = 'line.product == \"ribs\"'";
    let beer = "where = 'line.product == \"beer\"'";
    let rules = [
        rule(
            "blind",
            "hidden = true\nwhen = 'receipt.total >= 5'",
            &format!("buy = 1, gift = [\"beer\"], {dish}"),
        ),
        rule("lonely", "hidden = true", &format!("nth = 2, percent = 50, {beer}")),
        rule("later", "hidden = true\nfrom = 2028-01-01", "percent = 10"),
        rule("open", "", &format!("nth = 2, percent = 50, {beer}")),
    ];
    let text = with("", &rules);
    let ribs = at_the_till(&text, BOUGHT, &[goods("ribs", "1", 1_500)]);
    assert_eq!(names(&ribs, "blind"), ["gift-added"]);
    // Its condition fails; it matches and finds nothing; it is not in force: nothing is said.
    let cheap = at_the_till(&text, BOUGHT, &[goods("ribs", "1", 400), goods("beer", "1", 50)]);
    for hidden in ["blind", "lonely", "later"] {
        assert_eq!(names(&cheap, hidden), [] as [&str; 0], "{hidden}");
    }
    assert_eq!(names(&cheap, "open"), ["nothing-to-count"]);
    let mut desk = Desk::with_member(&text, JOINED);
    let lines = vec![goods("ribs", "1", 400), goods("beer", "1", 50)];
    let (_, explained) = desk.does(BOUGHT, purchase(lines));
    assert_eq!(names(&explained, "blind"), ["condition-false"]);
    assert_eq!(names(&explained, "lonely"), ["nothing-to-count"]);
    assert_eq!(names(&explained, "later"), ["out-of-schedule"]);
}

/// D8: a hidden rule whose limit for all is used up is silent as well.
#[test]
fn d8_a_hidden_rule_that_is_used_up_is_silent() {
    let text = with("", &[rule("blind", "hidden = true\nlimit = { total = 1 }", "percent = 10")]);
    let lines = [goods("ribs", "1", 1_500)];
    let mut desk = Desk::with_member(&text, JOINED);
    let (_, first) = desk.does(BOUGHT, purchase(lines.to_vec()));
    assert_eq!(names(&first, "blind"), ["discounted"]);
    let again = purchase(lines.to_vec());
    let names_of = |candidates: Candidates| {
        let decided =
            desk.book.decide(&always(&text), desk.next_id(), at(BOUGHT), &again, candidates);
        decided.map(|(_, decision)| names(&decision, "blind"))
    };
    assert_eq!(names_of(Candidates::Indexed), Ok(vec![]));
    assert_eq!(names_of(Candidates::All), Ok(vec!["quota-reached"]));
}

/// A story that says nothing is read of a rule fails where it is.
#[test]
fn a_story_sees_what_is_read_of_a_rule() {
    let story = |hidden: &str, total: &str| {
        let says = format!("{hidden}when = 'receipt.total >= 5'");
        let told = format!(
            "story: quiet\n2027-01-02  Ana joins\n2027-01-02  Ana buys 1 ribs at {total}\n    \
             reads nothing of tenth\n"
        );
        failures_of(&with("", &[rule("tenth", &says, "percent = 10")]), &told).len()
    };
    assert_eq!(story("hidden = true\n", "4.00"), 0, "it holds back");
    assert_eq!(story("hidden = true\n", "6.00"), 1, "it strikes");
}

/// D8: of a group, a hidden rule that gives less than another is not spoken of either.
#[test]
fn d8_a_hidden_rule_that_stands_aside_is_silent() {
    let rules = [
        rule("blind", "hidden = true\ngroup = \"g\"", "percent = 5"),
        rule("open", "group = \"g\"", "percent = 10"),
    ];
    let text = with("", &rules);
    let decision = at_the_till(&text, BOUGHT, &[goods("ribs", "1", 1_500)]);
    assert_eq!(names(&decision, "blind"), [] as [&str; 0]);
    assert_eq!(names(&decision, "open"), ["discounted"]);
    // Where it wins it has struck, and the other one names it.
    let turned = with("", &[rules[0].replace("percent = 5", "percent = 15"), rules[1].clone()]);
    let decision = at_the_till(&turned, BOUGHT, &[goods("ribs", "1", 1_500)]);
    assert_eq!(names(&decision, "blind"), ["discounted"]);
    assert_eq!(names(&decision, "open"), ["excluded"]);
}

/// A hidden rule that waits for an action is silent as well.
#[test]
fn d8_hidden_rules_of_actions_are_silent() {
    let text = in_dollars(&format!(
        "{}[action.wave]\nname = \"Wave\"\n[[rule]]\nid = \"blind\"\non = \"action:wave\"\n\
         hidden = true\nwhen = 'member.visits() > 3'\nearn = {{ points = \"points\", give = 1 }}\n",
        crate::support::POINTS
    ));
    let desk = Desk::with_member(&text, JOINED);
    let wave = Activity::Action { action: crate::support::key("wave"), fields: Default::default() };
    let names_of = |candidates: Candidates| {
        let decided =
            desk.book.decide(&always(&text), desk.next_id(), at(BOUGHT), &wave, candidates);
        decided.map(|(_, decision)| names(&decision, "blind"))
    };
    assert_eq!(names_of(Candidates::Indexed), Ok(vec![]));
    assert_eq!(names_of(Candidates::All), Ok(vec!["condition-false"]));
}

/// D4: the holiday window: 10 % on a popular group of products, 5 % on another, in these days
/// only. D5: told a week ahead, so that it can be passed on.
#[test]
fn d4_d5_a_holiday_window_is_announced_a_week_ahead() {
    let window = "from = 2027-12-20\nuntil = 2027-12-26\nannounce = \"7 days before\"";
    let text = headed(
        "UAH",
        "Europe/Kyiv",
        &format!(
            "{}{}",
            rule("sweets", window, "percent = 10, where = 'line.category == \"sweets\"'"),
            rule("wine", window, "percent = 5, where = 'line.category == \"wine\"'"),
        ),
    );
    tell(
        &text,
        "
story: before, within and after
2027-12-01  Ana joins
2027-12-12 23:59  Ana buys 1 cake at 100.00 in sweets
    pays 100.00
    sweets gives nothing: out-of-schedule
2027-12-13 00:00  Ana buys 1 cake at 100.00 in sweets, 1 wine at 100.00 in wine
    pays 200.00
    sweets gives nothing: announced
    wine gives nothing: announced
2027-12-20 00:00  Ana buys 1 cake at 100.00 in sweets, 1 wine at 100.00 in wine, 1 tea at 10.00
    pays 195.00
2027-12-26 23:59  Ana buys 1 cake at 100.00 in sweets
    pays 90.00
2027-12-27 00:00  Ana buys 1 cake at 100.00 in sweets
    pays 100.00
    sweets gives nothing: out-of-schedule
",
    );
    let programme = crate::support::programme(&text);
    let told = |moment: &str| -> Vec<String> {
        let all = announcements(&programme, at(moment)).unwrap_or_default();
        all.iter().map(|told| format!("{} {}", told.rule, told.from)).collect()
    };
    // Midnight in Kyiv is 22:00 in UTC.
    assert_eq!(told("2027-12-12T21:59:59Z"), [] as [&str; 0]);
    let both = ["sweets 2027-12-19T22:00:00Z", "wine 2027-12-19T22:00:00Z"];
    assert_eq!(told("2027-12-12T22:00:00Z"), both);
    assert_eq!(told("2027-12-19T21:59:59Z"), both);
    assert_eq!(told("2027-12-19T22:00:00Z"), [] as [&str; 0]);
}

/// D12: the soonest comes first; hidden rules and those that are always in force are never told.
#[test]
fn d12_announcements_are_in_order() {
    let offer = |id: &str, keys: &str| {
        format!("[[rule]]\nid = \"{id}\"\non = \"purchase\"\noffer = \"x\"\n{keys}\n")
    };
    let text = in_dollars(
        &[
            offer("b", "from = 2027-02-10\nannounce = \"1 month before\""),
            offer("a", "from = 2027-02-01\nannounce = \"2 weeks before\""),
            offer("c", "from = 2027-02-01\nhidden = true"),
            offer("d", "from = 2027-02-01"),
            offer("e", ""),
        ]
        .concat(),
    );
    let programme = crate::support::programme(&text);
    let told = announcements(&programme, at("2027-01-20T00:00:00Z")).unwrap_or_default();
    let rules: Vec<&str> = told.iter().map(|told| told.rule.as_str()).collect();
    assert_eq!(rules, ["a", "b"]);
}
