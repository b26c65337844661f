//! Every mistake that the reader knows, with its place and what to do about it.

use super::{HEAD, errors};

/// Problems of a condition stand where they stand in the file, however its text is quoted.
#[test]
fn problems_of_conditions_stand_in_their_text() {
    let rule = "[[rule]]\nid = \"r\"\non = \"purchase\"\noffer = \"x\"\n";
    let told = "there is no fact `receipt.totl` | did you mean `receipt.total`?\n";
    let cases = [
        ("when = 'receipt.totl > 5'", "10:9"),
        ("when = \"receipt.totl > 5\"", "10:9"),
        ("when = '''receipt.totl > 5'''", "10:11"),
        ("when = '''\nreceipt.totl > 5'''", "11:1"),
        ("when = '''\nreceipt.total > 5 &&\n  receipt.totl > 5'''", "12:3"),
        ("when = \"\"\"\nreceipt.total > 5 &&\n  receipt.totl > 5\"\"\"", "12:3"),
        ("when = 'receipt.location == \"жжж\" && receipt.totl > 5'", "10:38"),
        // Where the quotes know no escapes, a backslash moves nothing.
        (r#"when = 'receipt.location == "a\"b" && receipt.totl > 5'"#, "10:39"),
        // Where they do, the beginning of the value is the honest place.
        (r#"when = "receipt.location == \"a\" && receipt.totl > 5""#, "10:8"),
    ];
    for (when, place) in cases {
        let text = format!("{HEAD}{rule}{when}\n");
        assert_eq!(errors(&text), format!("{place}: {told}"), "{when}");
        let windows = text.replace('\n', "\r\n");
        assert_eq!(errors(&windows), format!("{place}: {told}"), "{when} with CR LF");
    }
}
