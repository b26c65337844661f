//! What the book says of prices is what the reader and the engine do.

use super::{goods, rule, total, with};
use crate::support::{in_dollars, programme};

const BOOK: &str = include_str!("../../../../docs/using/prices.md");

/// The rows of the tables of the book, each as its cells.
fn rows() -> Vec<Vec<&'static str>> {
    let of_table = BOOK.lines().filter(|line| line.starts_with("| "));
    of_table.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The first table: each discount on the same receipt, with what is left.
#[test]
fn the_figures_of_the_book_are_right() {
    let receipt = [goods("mug", "2", 2_500), goods("spoon", "1", 800)];
    let mut seen = 0;
    for row in rows() {
        let [discount, _, left] = row[..] else { continue };
        let Ok(left) = left.replace('.', "").parse::<i64>() else { continue };
        let text = with("", &[rule("r", "", quoted(discount)[0])]);
        assert_eq!(total(&text, &receipt), left, "{discount}");
        seen += 1;
    }
    assert_eq!(seen, 7);
}

/// Every example of a discount can be read; so can the caps.
#[test]
fn the_examples_of_the_book_can_be_read() {
    let ladder = "[ladder.club]\nmeasure = 'spent(months(12))'\ntier = [{ id = \"red\" }, \
                  { id = \"silver\", from = 1 }, { id = \"gold\", from = 2 }]\n";
    let mut seen = 0;
    for block in BOOK.split("```toml\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        if block.starts_with("[stacking]") {
            programme(&in_dollars(block));
            seen += 1;
        }
        for discount in block.split("discount = ").skip(1) {
            let text = format!("[[rule]]\nid = \"r\"\non = \"purchase\"\ndiscount = {discount}\n");
            programme(&in_dollars(&format!("{ladder}{text}")));
            seen += 1;
        }
    }
    assert_eq!(seen, 10);
}

/// Every setting of prices stands in the table with all of its answers, the default first.
#[test]
fn the_settings_of_the_book_are_those_of_the_reader() {
    let choices = programme(&in_dollars(&rule("r", "", "percent = 5"))).settings.choices();
    let mut seen = 0;
    for row in rows() {
        let Some(key) = quoted(row[0]).first().copied() else { continue };
        let Some(choice) = choices.iter().find(|choice| choice.key == key) else { continue };
        let told: Vec<&str> =
            quoted(row[1]).into_iter().filter(|word| choice.answers.contains(word)).collect();
        assert_eq!(told, choice.answers, "{key}");
        assert_eq!(row.len(), 3, "{key} has a reason");
        seen += 1;
    }
    assert_eq!(seen, 18);
}
