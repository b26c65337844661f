//! The words of the sentences, one table for each language.
//!
//! A table holds no logic: `{0}` and `{1}` stand where [`sentence`](super::sentence) puts the
//! parts, so that another language can put them in another order.

/// A form for one and a form for any other number.
pub(super) struct Counted {
    pub one: &'static str,
    pub other: &'static str,
}

/// What is compared, with the number of the verb that follows it.
pub(super) struct Subject {
    pub text: &'static str,
    pub is_plural: bool,
}

const fn singular(text: &'static str) -> Subject {
    Subject { text, is_plural: false }
}

const fn plural(text: &'static str) -> Subject {
    Subject { text, is_plural: true }
}

/// What is said of a subject: `{0}` is the subject, `{1}` what it is compared with.
pub(super) struct Predicate {
    pub singular: &'static str,
    pub plural: &'static str,
}

/// The six comparisons of one type, in the order of the operators `== != < <= > >=`.
pub(super) type Predicates = [Predicate; 6];

pub(super) struct Words {
    pub is_true: Predicate,
    pub member_known: Subject,
    pub member_referred: Subject,
    pub member_tier: Subject,
    pub member_visits: Subject,
    pub member_spent: Subject,
    /// `{0}` is the kind of points, `{1}` the window.
    pub member_earned: Subject,
    pub member_balance: Subject,
    pub member_tenure_days: Subject,
    pub member_tenure_months: Subject,
    pub member_tenure_years: Subject,
    pub member_lacks: Subject,
    pub member_has_membership: Subject,
    pub member_joined: Subject,
    pub member_kind: Subject,
    pub member_attribute: Subject,
    pub receipt_total: Subject,
    pub receipt_quantity: Subject,
    pub receipt_location: Subject,
    pub receipt_till: Subject,
    pub receipt_cashier: Subject,
    pub receipt_partner: Subject,
    pub contact_role: Subject,
    pub contact_unit: Subject,
    pub line_kind: Subject,
    /// `{0}` is the line: the one at hand, or the one looked for.
    pub line_product: Subject,
    pub line_category: Subject,
    pub line_brand: Subject,
    pub line_quantity: Subject,
    pub line_unit_price: Subject,
    pub line_amount: Subject,
    pub line_at_hand: &'static str,
    pub line_looked_at: &'static str,
    pub action_field: Subject,
    pub today: Subject,
    pub today_year: Subject,
    pub today_month: Subject,
    pub today_day: Subject,
    pub today_weekday: Subject,
    pub now_hour: Subject,
    pub all_time: &'static str,
    pub days: Counted,
    pub weeks: Counted,
    pub months: Counted,
    pub years: Counted,
    pub numbers: Predicates,
    pub texts: Predicates,
    pub dates: Predicates,
    pub tiers: Predicates,
    pub truths: Predicates,
    pub within: Predicate,
    pub starts_with: Predicate,
    pub ends_with: Predicate,
    pub contains: Predicate,
    /// Around a statement that another is compared with.
    pub statement: [&'static str; 2],
    pub true_word: &'static str,
    pub false_word: &'static str,
    pub not: &'static str,
    /// Between the parts of the whole condition.
    pub and_also: &'static str,
    /// Around and between parts that stand within another.
    pub both: [&'static str; 2],
    pub all_of: [&'static str; 2],
    pub either: [&'static str; 2],
    pub choose: &'static str,
    pub some_line: &'static str,
    pub every_line: &'static str,
    pub plus: &'static str,
    pub minus: &'static str,
    pub times: &'static str,
    pub negative: &'static str,
}

const fn same(text: &'static str) -> Predicate {
    Predicate { singular: text, plural: text }
}

const fn verb(singular: &'static str, plural: &'static str) -> Predicate {
    Predicate { singular, plural }
}

pub(super) static ENGLISH: Words = Words {
    is_true: verb("{0} is true", "{0} are true"),
    member_known: singular("the member is known"),
    member_referred: singular("somebody brought the member"),
    member_tier: singular("the member's tier in {0}"),
    member_visits: plural("the member's visits{0}"),
    member_spent: singular("the member's spending{0}"),
    member_earned: plural("the {0} earned by the member{1}"),
    member_balance: singular("the member's balance of {0}"),
    member_tenure_days: plural("the member's days of tenure"),
    member_tenure_months: plural("the member's months of tenure"),
    member_tenure_years: plural("the member's years of tenure"),
    member_lacks: singular("what the member lacks for the next tier of {0}"),
    member_has_membership: singular("the member's membership in {0} is paid"),
    member_joined: singular("the member's joining date"),
    member_kind: singular("the member's kind"),
    member_attribute: singular("the member's {0}"),
    receipt_total: singular("the receipt's total"),
    receipt_quantity: singular("the receipt's quantity"),
    receipt_location: singular("the receipt's location"),
    receipt_till: singular("the receipt's till"),
    receipt_cashier: singular("the receipt's cashier"),
    receipt_partner: singular("the receipt's partner"),
    contact_role: singular("the contact's role"),
    contact_unit: singular("the contact's unit"),
    line_kind: singular("{0} kind"),
    line_product: singular("{0} product"),
    line_category: singular("{0} category"),
    line_brand: singular("{0} brand"),
    line_quantity: singular("{0} quantity"),
    line_unit_price: singular("{0} unit price"),
    line_amount: singular("{0} amount"),
    line_at_hand: "the line's",
    line_looked_at: "that line's",
    action_field: singular("the action's {0}"),
    today: singular("today's date"),
    today_year: singular("today's year"),
    today_month: singular("today's month"),
    today_day: singular("today's day of the month"),
    today_weekday: singular("today's day of the week (1 is Monday)"),
    now_hour: singular("the hour of the day"),
    all_time: "",
    days: Counted { one: " in the last day", other: " in the last {0} days" },
    weeks: Counted { one: " in the last week", other: " in the last {0} weeks" },
    months: Counted { one: " in the last month", other: " in the last {0} months" },
    years: Counted { one: " in the last year", other: " in the last {0} years" },
    numbers: [
        verb("{0} is {1}", "{0} are {1}"),
        verb("{0} is not {1}", "{0} are not {1}"),
        verb("{0} is less than {1}", "{0} are fewer than {1}"),
        verb("{0} is at most {1}", "{0} are at most {1}"),
        verb("{0} is more than {1}", "{0} are more than {1}"),
        verb("{0} is at least {1}", "{0} are at least {1}"),
    ],
    // Texts and truths have no order; the checker refuses it.
    texts: [
        same("{0} is {1}"),
        same("{0} is not {1}"),
        same("{0} < {1}"),
        same("{0} <= {1}"),
        same("{0} > {1}"),
        same("{0} >= {1}"),
    ],
    dates: [
        same("{0} is {1}"),
        same("{0} is not {1}"),
        same("{0} is before {1}"),
        same("{0} is {1} or earlier"),
        same("{0} is after {1}"),
        same("{0} is {1} or later"),
    ],
    tiers: [
        same("{0} is {1}"),
        same("{0} is not {1}"),
        same("{0} is below {1}"),
        same("{0} is {1} or lower"),
        same("{0} is above {1}"),
        same("{0} is {1} or higher"),
    ],
    truths: [
        same("that {0} is {1}"),
        same("that {0} is not {1}"),
        same("{0} < {1}"),
        same("{0} <= {1}"),
        same("{0} > {1}"),
        same("{0} >= {1}"),
    ],
    within: verb("{0} is one of ({1})", "{0} are one of ({1})"),
    starts_with: same("{0} starts with {1}"),
    ends_with: same("{0} ends with {1}"),
    contains: same("{0} contains {1}"),
    statement: ["as true as that (", ")"],
    true_word: "true",
    false_word: "false",
    not: "it is not so that {0}",
    and_also: ", and ",
    both: ["both ", " and "],
    all_of: ["all of ", ", and "],
    either: ["either ", " or "],
    choose: "{1} if {0}, otherwise {2}",
    some_line: "the receipt has a line where ({0})",
    every_line: "on every line of the receipt ({0})",
    plus: "{0} plus {1}",
    minus: "{0} minus {1}",
    times: "{0} times {1}",
    negative: "minus {0}",
};
