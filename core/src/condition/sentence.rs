//! Prints a condition as a sentence for people.
//!
//! It must never say less or more than the condition: parts within parts stand in
//! parentheses, and a value that is not a plain word stands in quotes.

use super::fact::{Fact, Literal, Type, Window, decimal_text, declared_name};
use super::program::{Comparison, Condition, Node, NodeIndex, Operation, Quantifier, TextTest};
use super::words::{Counted, ENGLISH, Predicate, Predicates, Subject, Words};

/// A printed part.
struct Part {
    text: String,
    is_plural: bool,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Can stand anywhere.
    Simple,
    /// “either … or …”, which needs parentheses only within another part.
    Either,
    /// Needs parentheses beside or within other parts.
    Compound,
}

impl Part {
    fn simple(text: String) -> Part {
        Part { text, is_plural: false, shape: Shape::Simple }
    }

    fn compound(text: String) -> Part {
        Part { text, is_plural: false, shape: Shape::Compound }
    }

    /// The part within another.
    fn nested(self) -> String {
        if self.shape == Shape::Simple { self.text } else { format!("({})", self.text) }
    }
}

impl Condition {
    /// The condition in English.
    pub fn sentence(&self) -> String {
        let writer = Writer { condition: self, words: &ENGLISH };
        if let [whole] = &*self.conjuncts {
            return writer.part(whole.root, false).text;
        }
        let parts: Vec<String> = self
            .conjuncts
            .iter()
            .map(|conjunct| {
                let part = writer.part(conjunct.root, false);
                if part.shape == Shape::Either { part.text } else { part.nested() }
            })
            .collect();
        parts.join(ENGLISH.and_also)
    }

    /// One part of the condition in English, for reasons; none if there is no such part.
    pub fn conjunct_sentence(&self, conjunct: usize) -> Option<String> {
        let writer = Writer { condition: self, words: &ENGLISH };
        self.conjuncts.get(conjunct).map(|conjunct| writer.part(conjunct.root, false).text)
    }
}

struct Writer<'a> {
    condition: &'a Condition,
    words: &'static Words,
}

impl Writer<'_> {
    /// `in_lines` tells the line looked for by `exists` and `all` from the line at hand.
    fn part(&self, index: NodeIndex, in_lines: bool) -> Part {
        let words = self.words;
        let nested = |index: &NodeIndex| self.part(*index, in_lines).nested();
        match self.condition.node(index) {
            Node::Literal(literal) => Part::simple(self.literal(literal, None)),
            Node::Fact(fact) => {
                let part = self.fact(fact, in_lines);
                // That the member is known, or has paid, is a statement already.
                let says_all = matches!(
                    fact,
                    Fact::MemberKnown | Fact::MemberReferred | Fact::MemberHasMembership(_)
                );
                let is_truth = fact.kind(&self.condition.names) == Type::Bool;
                if is_truth && !says_all {
                    return Part::simple(say(&words.is_true, &part, ""));
                }
                part
            }
            Node::Widen(operand) => self.part(*operand, in_lines),
            Node::Not(operand) => Part::compound(fill(words.not, &[&nested(operand)])),
            Node::Negate(operand) => Part::compound(fill(words.negative, &[&nested(operand)])),
            Node::All(parts) => {
                let [before, between] = if parts.len() == 2 { words.both } else { words.all_of };
                Part::compound(format!("{before}{}", self.joined(parts, between, in_lines)))
            }
            Node::Any(parts) => {
                let [before, between] = words.either;
                let text = format!("{before}{}", self.joined(parts, between, in_lines));
                Part { text, is_plural: false, shape: Shape::Either }
            }
            Node::Choose { condition, then, otherwise } => {
                let parts = [condition, then, otherwise].map(nested);
                Part::compound(fill(words.choose, &[&parts[0], &parts[1], &parts[2]]))
            }
            Node::Compare { comparison, left, right } => {
                self.comparison(*comparison, *left, *right, in_lines)
            }
            Node::Within { value, list } => {
                let fact = self.fact_of(*value);
                let list: Vec<String> =
                    list.iter().map(|literal| self.literal(literal, fact)).collect();
                let value = self.part(*value, in_lines);
                Part::simple(say(&words.within, &value, &list.join(", ")))
            }
            Node::Calculate { operation, left, right } => {
                let pattern = words.calculation(*operation);
                Part::compound(fill(pattern, &[&nested(left), &nested(right)]))
            }
            Node::Text { test, value, part } => {
                let value = self.part(*value, in_lines);
                Part::simple(say(words.text_test(*test), &value, &plain_or_quoted(part)))
            }
            Node::Lines { quantifier, body } => {
                // The pattern has its own parentheses, so that what follows is not about lines.
                let pattern = match quantifier {
                    Quantifier::Exists => words.some_line,
                    Quantifier::All => words.every_line,
                };
                Part::simple(fill(pattern, &[&self.part(*body, true).text]))
            }
        }
    }

    fn joined(&self, parts: &[NodeIndex], between: &str, in_lines: bool) -> String {
        let parts: Vec<String> =
            parts.iter().map(|part| self.part(*part, in_lines).nested()).collect();
        parts.join(between)
    }

    fn comparison(
        &self,
        comparison: Comparison,
        left: NodeIndex,
        right: NodeIndex,
        in_lines: bool,
    ) -> Part {
        let words = self.words;
        let table: &Predicates = match self.condition.kind(left) {
            Type::Bool => &words.truths,
            Type::Int | Type::Decimal => &words.numbers,
            Type::Text => &words.texts,
            Type::Date => &words.dates,
            Type::Tier(_) => &words.tiers,
        };
        let predicate = &table[comparison.place()];
        let object = match self.condition.node(right) {
            Node::Literal(literal) => {
                let fact = self.fact_of(left).or_else(|| self.fact_of(right));
                self.literal(literal, fact)
            }
            _ if self.condition.kind(right) == Type::Bool => {
                let [before, after] = words.statement;
                format!("{before}{}{after}", self.part(right, in_lines).text)
            }
            _ => self.part(right, in_lines).nested(),
        };
        let subject = match self.condition.node(left) {
            Node::Literal(literal) => Part::simple(self.literal(literal, None)),
            _ => self.part(left, in_lines),
        };
        Part::simple(say(predicate, &subject, &object))
    }

    /// The first fact in a part: its ladder gives names to the tiers compared with it.
    fn fact_of(&self, index: NodeIndex) -> Option<Fact> {
        match self.condition.node(index) {
            Node::Fact(fact) => Some(*fact),
            Node::Choose { then, .. } => self.fact_of(*then),
            _ => None,
        }
    }

    fn literal(&self, literal: &Literal, compared_with: Option<Fact>) -> String {
        match literal {
            Literal::Bool(true) => self.words.true_word.to_owned(),
            Literal::Bool(false) => self.words.false_word.to_owned(),
            Literal::Int(value) => value.to_string(),
            Literal::Decimal(value) => decimal_text(*value),
            Literal::Text(value) => plain_or_quoted(value),
            Literal::Date(value) => value.to_string(),
            Literal::Tier(rank) => {
                let kind = compared_with.map(|fact| fact.kind(&self.condition.names));
                let tiers = match kind {
                    Some(Type::Tier(ladder)) => self.condition.names.tiers(ladder),
                    _ => &[],
                };
                tiers.get(usize::from(*rank)).map_or_else(String::new, |tier| plain_or_quoted(tier))
            }
        }
    }

    fn fact(&self, fact: &Fact, in_lines: bool) -> Part {
        let words = self.words;
        let names = &self.condition.names;
        let line = if in_lines { words.line_looked_at } else { words.line_at_hand };
        let (subject, arguments) = match *fact {
            Fact::MemberKnown => (&words.member_known, vec![]),
            Fact::MemberReferred => (&words.member_referred, vec![]),
            Fact::MemberTier(ladder) => {
                (&words.member_tier, vec![names.ladder_name(ladder).to_owned()])
            }
            Fact::MemberVisits(window) => (&words.member_visits, vec![self.window(window)]),
            Fact::MemberSpent(window) => (&words.member_spent, vec![self.window(window)]),
            Fact::MemberEarned { points, window } => {
                let points = names.points_name(points).to_owned();
                (&words.member_earned, vec![points, self.window(window)])
            }
            Fact::MemberBalance(points) => {
                (&words.member_balance, vec![names.points_name(points).to_owned()])
            }
            Fact::MemberTenureDays => (&words.member_tenure_days, vec![]),
            Fact::MemberTenureMonths => (&words.member_tenure_months, vec![]),
            Fact::MemberTenureYears => (&words.member_tenure_years, vec![]),
            Fact::MemberLacks(ladder) => {
                (&words.member_lacks, vec![names.ladder_name(ladder).to_owned()])
            }
            Fact::MemberHasMembership(place) => {
                (&words.member_has_membership, vec![names.membership_name(place).to_owned()])
            }
            Fact::MemberJoined => (&words.member_joined, vec![]),
            Fact::MemberKind => (&words.member_kind, vec![]),
            Fact::MemberAttribute(index) => {
                (&words.member_attribute, vec![declared_name(&names.attributes, index).to_owned()])
            }
            Fact::ReceiptTotal => (&words.receipt_total, vec![]),
            Fact::ReceiptQuantity => (&words.receipt_quantity, vec![]),
            Fact::ReceiptLocation => (&words.receipt_location, vec![]),
            Fact::ReceiptTill => (&words.receipt_till, vec![]),
            Fact::ReceiptCashier => (&words.receipt_cashier, vec![]),
            Fact::ReceiptPartner => (&words.receipt_partner, vec![]),
            Fact::ContactRole => (&words.contact_role, vec![]),
            Fact::ContactUnit => (&words.contact_unit, vec![]),
            Fact::LineKind => (&words.line_kind, vec![line.to_owned()]),
            Fact::LineProduct => (&words.line_product, vec![line.to_owned()]),
            Fact::LineCategory => (&words.line_category, vec![line.to_owned()]),
            Fact::LineBrand => (&words.line_brand, vec![line.to_owned()]),
            Fact::LineQuantity => (&words.line_quantity, vec![line.to_owned()]),
            Fact::LineUnitPrice => (&words.line_unit_price, vec![line.to_owned()]),
            Fact::LineAmount => (&words.line_amount, vec![line.to_owned()]),
            Fact::ActionField(index) => {
                (&words.action_field, vec![declared_name(&names.action_fields, index).to_owned()])
            }
            Fact::Today => (&words.today, vec![]),
            Fact::TodayYear => (&words.today_year, vec![]),
            Fact::TodayMonth => (&words.today_month, vec![]),
            Fact::TodayDay => (&words.today_day, vec![]),
            Fact::TodayWeekday => (&words.today_weekday, vec![]),
            Fact::NowHour => (&words.now_hour, vec![]),
        };
        subject_part(subject, &arguments)
    }

    fn window(&self, window: Window) -> String {
        let words = self.words;
        let counted = |words: &Counted, count: u16| {
            let pattern = if count == 1 { words.one } else { words.other };
            fill(pattern, &[&count.to_string()])
        };
        match window {
            Window::AllTime => words.all_time.to_owned(),
            Window::Days(count) => counted(&words.days, count),
            Window::Weeks(count) => counted(&words.weeks, count),
            Window::Months(count) => counted(&words.months, count),
            Window::Years(count) => counted(&words.years, count),
        }
    }
}

impl Words {
    fn calculation(&self, operation: Operation) -> &'static str {
        match operation {
            Operation::Add => self.plus,
            Operation::Subtract => self.minus,
            Operation::Multiply => self.times,
        }
    }

    fn text_test(&self, test: TextTest) -> &Predicate {
        match test {
            TextTest::StartsWith => &self.starts_with,
            TextTest::EndsWith => &self.ends_with,
            TextTest::Contains => &self.contains,
        }
    }
}

impl Comparison {
    /// The place in a table of words.
    fn place(self) -> usize {
        match self {
            Comparison::Equal => 0,
            Comparison::NotEqual => 1,
            Comparison::Less => 2,
            Comparison::LessOrEqual => 3,
            Comparison::Greater => 4,
            Comparison::GreaterOrEqual => 5,
        }
    }
}

fn subject_part(subject: &Subject, arguments: &[String]) -> Part {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = fill(subject.text, &arguments);
    Part { text, is_plural: subject.is_plural, shape: Shape::Simple }
}

fn say(predicate: &Predicate, subject: &Part, object: &str) -> String {
    let pattern = if subject.is_plural { predicate.plural } else { predicate.singular };
    let is_simple = subject.shape == Shape::Simple;
    if is_simple {
        return fill(pattern, &[&subject.text, object]);
    }
    fill(pattern, &[&format!("({})", subject.text), object])
}

/// Puts the arguments into a pattern in one pass, so that what they say is never a pattern.
fn fill(pattern: &str, arguments: &[&str]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let place = rest[open + 1..].chars().next().and_then(|digit| digit.to_digit(10));
        let argument = place
            .and_then(|place| usize::try_from(place).ok())
            .and_then(|place| arguments.get(place));
        filled.push_str(argument.copied().unwrap_or_default());
        rest = rest.get(open + 3..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}

/// A text as it stands in a sentence: quoted, unless it is one plain word.
fn plain_or_quoted(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphanumeric)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    if is_plain { text.to_owned() } else { format!("“{text}”") }
}
