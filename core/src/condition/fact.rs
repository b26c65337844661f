//! The closed list of facts, their types and values, and the names they are reached by.
//!
//! A fact is a question with a name. It must never carry an answer: answers come from the
//! [`Facts`](super::Facts) given at evaluation.

use jiff::civil::Date;

/// The type of a fact or of a part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    Bool,
    Int,
    Decimal,
    Text,
    Date,
    /// A tier of the ladder with this index in [`Environment::ladders`].
    Tier(u16),
}

/// Which facts there are where a condition stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub member: bool,
    pub receipt: bool,
    /// The line at hand, in conditions that choose lines.
    pub line: bool,
    pub action: bool,
    /// `today` and `now`.
    pub time: bool,
}

impl Scope {
    /// The measure of a ladder: it must not change from hour to hour, so it has no `now`.
    pub const MEASURE: Scope =
        Scope { member: true, receipt: false, line: false, action: false, time: false };
    /// A rule on a purchase.
    pub const PURCHASE: Scope = Scope { receipt: true, time: true, ..Scope::MEASURE };
    /// A filter of the lines of a purchase.
    pub const LINES: Scope = Scope { line: true, ..Scope::PURCHASE };
    /// A rule on joining.
    pub const JOINING: Scope = Scope { time: true, ..Scope::MEASURE };
    /// A rule on an action.
    pub const ACTION: Scope = Scope { action: true, time: true, ..Scope::MEASURE };
}

/// What a condition may speak of. Compiled facts refer to these lists by index.
///
/// A declared name with hyphens is written with underscores (`shoe-size` as
/// `member.shoe_size`), because a hyphen is a minus. Whoever declares names must refuse two
/// that differ only so, and attributes called like one of [`MEMBER_NAMES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    pub scope: Scope,
    /// Each ladder with its tiers, lowest first.
    pub ladders: Vec<(String, Vec<String>)>,
    pub points: Vec<String>,
    pub attributes: Vec<(String, Type)>,
    pub action_fields: Vec<(String, Type)>,
    /// Memberships that are paid for.
    pub memberships: Vec<String>,
}

/// How far back a measure of a member looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    AllTime,
    Days(u16),
    Weeks(u16),
    Months(u16),
    Years(u16),
}

/// A unit's name, the most of it that a window may have, and how the window is made.
pub(super) type WindowUnit = (&'static str, u16, fn(u16) -> Window);

impl Window {
    /// The units with the most that each may be: 36 months, or 1,096 days.
    pub(super) const UNITS: [WindowUnit; 4] = [
        ("days", 1_096, Window::Days),
        ("weeks", 156, Window::Weeks),
        ("months", 36, Window::Months),
        ("years", 3, Window::Years),
    ];

    fn text(self) -> String {
        match self {
            Window::AllTime => String::new(),
            Window::Days(count) => format!("days({count})"),
            Window::Weeks(count) => format!("weeks({count})"),
            Window::Months(count) => format!("months({count})"),
            Window::Years(count) => format!("years({count})"),
        }
    }
}

/// Everything that a condition can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    MemberKnown,
    MemberTier(u16),
    MemberVisits(Window),
    MemberSpent(Window),
    MemberEarned {
        points: u16,
        window: Window,
    },
    MemberBalance(u16),
    MemberJoined,
    MemberKind,
    MemberAttribute(u16),
    MemberReferred,
    /// Whole days, months and years since the member joined, or was hired.
    MemberTenureDays,
    MemberTenureMonths,
    MemberTenureYears,
    /// What is lacking for the next tier of a ladder.
    MemberLacks(u16),
    /// Whether a membership is paid for the day.
    MemberHasMembership(u16),
    ReceiptTotal,
    ReceiptQuantity,
    ReceiptLocation,
    ReceiptTill,
    ReceiptCashier,
    ReceiptPartner,
    /// Of whoever of a company or a household it was.
    ContactRole,
    ContactUnit,
    LineKind,
    LineProduct,
    LineCategory,
    LineBrand,
    LineQuantity,
    LineUnitPrice,
    LineAmount,
    ActionField(u16),
    Today,
    TodayYear,
    TodayMonth,
    TodayDay,
    /// 1 is Monday, 7 is Sunday.
    TodayWeekday,
    /// 0 to 23, local time.
    NowHour,
}

/// Facts whose source form is one fixed path. Reading, printing and suggestions share it.
pub(super) const PLAIN_FACTS: &[(&str, Fact)] = &[
    ("member.known", Fact::MemberKnown),
    ("member.joined", Fact::MemberJoined),
    ("member.kind", Fact::MemberKind),
    ("member.referred", Fact::MemberReferred),
    ("member.tenure_days", Fact::MemberTenureDays),
    ("member.tenure_months", Fact::MemberTenureMonths),
    ("member.tenure_years", Fact::MemberTenureYears),
    ("receipt.total", Fact::ReceiptTotal),
    ("receipt.quantity", Fact::ReceiptQuantity),
    ("receipt.location", Fact::ReceiptLocation),
    ("receipt.till", Fact::ReceiptTill),
    ("receipt.cashier", Fact::ReceiptCashier),
    ("receipt.partner", Fact::ReceiptPartner),
    ("contact.role", Fact::ContactRole),
    ("contact.unit", Fact::ContactUnit),
    ("line.kind", Fact::LineKind),
    ("line.product", Fact::LineProduct),
    ("line.category", Fact::LineCategory),
    ("line.brand", Fact::LineBrand),
    ("line.quantity", Fact::LineQuantity),
    ("line.unit_price", Fact::LineUnitPrice),
    ("line.amount", Fact::LineAmount),
    ("today", Fact::Today),
    ("today.year", Fact::TodayYear),
    ("today.month", Fact::TodayMonth),
    ("today.day", Fact::TodayDay),
    ("today.weekday", Fact::TodayWeekday),
    ("now.hour", Fact::NowHour),
];

/// Names after `member.` that no declared attribute may have.
pub const MEMBER_NAMES: [&str; 14] = [
    "known",
    "joined",
    "kind",
    "tier",
    "visits",
    "spent",
    "earned",
    "balance",
    "referred",
    "tenure-days",
    "tenure-months",
    "tenure-years",
    "lacks",
    "has-membership",
];

impl Fact {
    /// Whether the answer belongs to one line.
    pub const fn is_of_line(&self) -> bool {
        matches!(
            self,
            Fact::LineKind
                | Fact::LineProduct
                | Fact::LineCategory
                | Fact::LineBrand
                | Fact::LineQuantity
                | Fact::LineUnitPrice
                | Fact::LineAmount
        )
    }

    /// The type of the answer. An index that the environment does not have counts as text.
    pub fn kind(&self, environment: &Environment) -> Type {
        let declared = |list: &[(String, Type)], index: u16| {
            list.get(usize::from(index)).map_or(Type::Text, |(_, kind)| *kind)
        };
        match *self {
            Fact::MemberKnown | Fact::MemberReferred | Fact::MemberHasMembership(_) => Type::Bool,
            Fact::MemberTier(ladder) => Type::Tier(ladder),
            Fact::MemberVisits(_)
            | Fact::MemberTenureDays
            | Fact::MemberTenureMonths
            | Fact::MemberTenureYears
            | Fact::TodayYear
            | Fact::TodayMonth
            | Fact::TodayDay
            | Fact::TodayWeekday
            | Fact::NowHour => Type::Int,
            Fact::MemberSpent(_)
            | Fact::MemberEarned { .. }
            | Fact::MemberBalance(_)
            | Fact::MemberLacks(_)
            | Fact::ReceiptTotal
            | Fact::ReceiptQuantity
            | Fact::LineQuantity
            | Fact::LineUnitPrice
            | Fact::LineAmount => Type::Decimal,
            Fact::MemberJoined | Fact::Today => Type::Date,
            Fact::MemberKind
            | Fact::ReceiptLocation
            | Fact::ReceiptTill
            | Fact::ReceiptCashier
            | Fact::ReceiptPartner
            | Fact::ContactRole
            | Fact::ContactUnit
            | Fact::LineKind
            | Fact::LineProduct
            | Fact::LineCategory
            | Fact::LineBrand => Type::Text,
            Fact::MemberAttribute(index) => declared(&environment.attributes, index),
            Fact::ActionField(index) => declared(&environment.action_fields, index),
        }
    }

    /// The source form: compiled in the same environment, it gives this fact again.
    pub fn text(&self, environment: &Environment) -> String {
        match *self {
            Fact::MemberTier(ladder) => {
                format!("member.tier({})", quoted(environment.ladder_name(ladder)))
            }
            Fact::MemberVisits(window) => format!("member.visits({})", window.text()),
            Fact::MemberSpent(window) => format!("member.spent({})", window.text()),
            Fact::MemberEarned { points, window } => {
                let separator = if window == Window::AllTime { "" } else { ", " };
                let points = quoted(environment.points_name(points));
                format!("member.earned({points}{separator}{})", window.text())
            }
            Fact::MemberBalance(points) => {
                format!("member.balance({})", quoted(environment.points_name(points)))
            }
            Fact::MemberLacks(ladder) => {
                format!("member.lacks({})", quoted(environment.ladder_name(ladder)))
            }
            Fact::MemberHasMembership(place) => {
                format!("member.has_membership({})", quoted(environment.membership_name(place)))
            }
            Fact::MemberAttribute(index) => {
                format!("member.{}", written(declared_name(&environment.attributes, index)))
            }
            Fact::ActionField(index) => {
                format!("action.{}", written(declared_name(&environment.action_fields, index)))
            }
            _ => PLAIN_FACTS
                .iter()
                .find(|(_, fact)| fact == self)
                .map_or_else(String::new, |(text, _)| (*text).to_owned()),
        }
    }

    /// The answer to the facts that follow from the date alone, so that every implementation
    /// of [`Facts`](super::Facts) counts weekdays in the same way.
    pub fn of_date(&self, today: Date) -> Option<Value<'static>> {
        let number = match self {
            Fact::Today => return Some(Value::Date(today)),
            Fact::TodayYear => i64::from(today.year()),
            Fact::TodayMonth => i64::from(today.month()),
            Fact::TodayDay => i64::from(today.day()),
            Fact::TodayWeekday => i64::from(today.weekday().to_monday_one_offset()),
            _ => return None,
        };
        Some(Value::Int(number))
    }
}

impl Environment {
    pub(super) fn ladder_name(&self, ladder: u16) -> &str {
        self.ladders.get(usize::from(ladder)).map_or("", |(name, _)| name)
    }

    /// The tiers of a ladder, lowest first; none for a ladder that is not there.
    pub(super) fn tiers(&self, ladder: u16) -> &[String] {
        self.ladders.get(usize::from(ladder)).map_or(&[], |(_, tiers)| tiers)
    }

    pub(super) fn membership_name(&self, place: u16) -> &str {
        self.memberships.get(usize::from(place)).map_or("", String::as_str)
    }

    pub(super) fn points_name(&self, points: u16) -> &str {
        self.points.get(usize::from(points)).map_or("", String::as_str)
    }

    /// The same environment with only the names that these facts need, in the same places:
    /// a condition keeps it for printing, and thousands of conditions must stay small.
    pub(super) fn pruned(&self, facts: &[Fact]) -> Environment {
        let mut pruned = Environment { scope: self.scope, ..Environment::default() };
        for fact in facts {
            if let Type::Tier(index) = fact.kind(self) {
                keep(&mut pruned.ladders, &self.ladders, index, || (String::new(), Vec::new()));
            }
            match *fact {
                Fact::MemberEarned { points: index, .. } | Fact::MemberBalance(index) => {
                    keep(&mut pruned.points, &self.points, index, String::new);
                }
                Fact::MemberLacks(index) => {
                    keep(&mut pruned.ladders, &self.ladders, index, || (String::new(), Vec::new()));
                }
                Fact::MemberHasMembership(index) => {
                    keep(&mut pruned.memberships, &self.memberships, index, String::new);
                }
                Fact::MemberAttribute(index) => {
                    keep(&mut pruned.attributes, &self.attributes, index, unnamed);
                }
                Fact::ActionField(index) => {
                    keep(&mut pruned.action_fields, &self.action_fields, index, unnamed);
                }
                _ => {}
            }
        }
        pruned
    }
}

fn unnamed() -> (String, Type) {
    (String::new(), Type::Text)
}

fn keep<T: Clone>(kept: &mut Vec<T>, all: &[T], index: u16, nothing: fn() -> T) {
    let index = usize::from(index);
    let Some(item) = all.get(index) else { return };
    if kept.len() <= index {
        kept.resize_with(index + 1, nothing);
    }
    kept[index] = item.clone();
}

pub(super) fn declared_name(list: &[(String, Type)], index: u16) -> &str {
    list.get(usize::from(index)).map_or("", |(name, _)| name)
}

/// How a declared name is written in a condition.
pub(super) fn written(name: &str) -> String {
    name.replace('-', "_")
}

/// A text as a literal of the language.
fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// The answer to a fact, or the value of a part of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    /// In millionths.
    Decimal(i128),
    Text(&'a str),
    Date(Date),
    /// The rank in the ladder, 0 being the lowest.
    Tier(u16),
    /// There is no answer; the module's documentation says what that means.
    Absent,
}

/// A value that stands in the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    Bool(bool),
    Int(i64),
    /// In millionths.
    Decimal(i128),
    Text(String),
    Date(Date),
    Tier(u16),
}

impl Literal {
    /// The literal as a value to compare with.
    #[inline]
    pub fn value(&self) -> Value<'_> {
        match self {
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Int(value) => Value::Int(*value),
            Literal::Decimal(value) => Value::Decimal(*value),
            Literal::Text(value) => Value::Text(value),
            Literal::Date(value) => Value::Date(*value),
            Literal::Tier(value) => Value::Tier(*value),
        }
    }
}

/// How many of the smallest unit of a decimal make one.
pub(super) const ONE: i128 = 1_000_000;

/// A whole number in millionths. It always fits: 64 bits and 20 more are fewer than 127.
pub(super) fn millionths(value: i64) -> i128 {
    i128::from(value) * ONE
}

/// A decimal without superfluous zeros, such as `12.5`.
pub(super) fn decimal_text(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let one = ONE.unsigned_abs();
    let (whole, rest) = (magnitude / one, magnitude % one);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let places = format!("{rest:06}");
    format!("{sign}{whole}.{}", places.trim_end_matches('0'))
}
