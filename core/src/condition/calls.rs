//! Checks calls: facts with arguments, dates, windows, tests of texts, and the two macros
//! over the lines of a receipt.

use jiff::civil::Date;

use super::Span;
use super::check::{Checker, Typed, path_of};
use super::fact::{Fact, Literal, Type, Window};
use super::names::{MEMBER_FUNCTIONS, nearest};
use super::parse::{Expression, ExpressionKind};
use super::program::{Node, Quantifier, TextTest};

/// Names that a line inside `exists` and `all` cannot have, because they mean something else
/// or are reserved in CEL. `line` is allowed: there it means just that.
const RESERVED: [&str; 34] = [
    "member",
    "receipt",
    "contact",
    "action",
    "today",
    "now",
    "company",
    "date",
    "days",
    "weeks",
    "months",
    "years",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
    "type",
];

impl<'a> Checker<'a> {
    pub(super) fn call(
        &mut self,
        span: Span,
        target: Option<&'a Expression>,
        name: &'a str,
        name_span: Span,
        arguments: &'a [Expression],
    ) -> Option<Typed> {
        let Some(target) = target else {
            return self.global_call(span, name, name_span, arguments);
        };
        let path = path_of(target);
        match (path.as_deref(), name) {
            (Some("member"), _) => self.member_call(span, name, name_span, arguments, true),
            (Some("receipt.lines"), "exists") => {
                self.lines(span, Quantifier::Exists, name_span, arguments)
            }
            (Some("receipt.lines"), "all") => {
                self.lines(span, Quantifier::All, name_span, arguments)
            }
            (Some("receipt.lines"), _) => self.report(
                name_span,
                format!("`receipt.lines` has no `{name}`"),
                "ask `receipt.lines.exists(x, …)` or `receipt.lines.all(x, …)`",
            ),
            (_, "startsWith") => self.text_test(TextTest::StartsWith, span, target, arguments),
            (_, "endsWith") => self.text_test(TextTest::EndsWith, span, target, arguments),
            (_, "contains") => self.text_test(TextTest::Contains, span, target, arguments),
            _ => {
                let hint = nearest(name, ["startsWith", "endsWith", "contains"].into_iter())
                    .map_or_else(
                        || "texts have startsWith, endsWith and contains".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                self.report(name_span, format!("there is no `{name}(…)` here"), hint)
            }
        }
    }

    fn global_call(
        &mut self,
        span: Span,
        name: &'a str,
        name_span: Span,
        arguments: &'a [Expression],
    ) -> Option<Typed> {
        match name {
            "visits" | "spent" | "earned" => {
                self.member_call(span, name, name_span, arguments, false)
            }
            "date" => self.date(span, arguments),
            "days" | "weeks" | "months" | "years" => self.report(
                span,
                format!("`{name}(…)` is not a value by itself"),
                "it says how far visits(…), spent(…) and earned(…) look back",
            ),
            _ => {
                let known = ["visits", "spent", "earned", "date", "days", "weeks", "months"];
                let member = MEMBER_FUNCTIONS.iter().find(|(function, _)| *function == name);
                let hint = match (member, nearest(name, known.into_iter())) {
                    (Some((_, usage)), _) => format!("write {usage}"),
                    (None, Some(near)) => format!("did you mean `{near}`?"),
                    (None, None) => String::new(),
                };
                self.report(name_span, format!("there is no `{name}(…)`"), hint)
            }
        }
    }

    /// A fact of the member with arguments; three of them may stand without `member.`.
    fn member_call(
        &mut self,
        span: Span,
        name: &'a str,
        name_span: Span,
        arguments: &'a [Expression],
        has_prefix: bool,
    ) -> Option<Typed> {
        if let Err(unknown) = self.environment.scope.require("member") {
            return self.unknown(if has_prefix { span } else { name_span }, unknown);
        }
        let Some((_, usage)) = MEMBER_FUNCTIONS.iter().find(|(function, _)| *function == name)
        else {
            let names = MEMBER_FUNCTIONS.iter().map(|(function, _)| *function);
            let hint = nearest(name, names).map_or_else(
                || {
                    "member has tier, visits, spent, earned, balance, lacks and has_membership"
                        .to_owned()
                },
                |near| format!("did you mean `member.{near}(…)`?"),
            );
            return self.report(name_span, format!("there is no `member.{name}(…)`"), hint);
        };
        let fact = match (name, arguments) {
            ("tier", [ladder]) => Fact::MemberTier(self.ladder(ladder)?),
            ("lacks", [ladder]) => Fact::MemberLacks(self.ladder(ladder)?),
            ("has_membership", [membership]) => {
                let environment = self.environment;
                let names = environment.memberships.iter().map(String::as_str).collect();
                Fact::MemberHasMembership(self.declared(membership, "membership", names)?)
            }
            ("balance", [points]) => Fact::MemberBalance(self.points(points)?),
            ("visits", []) => Fact::MemberVisits(Window::AllTime),
            ("visits", [window]) => Fact::MemberVisits(self.window(window)?),
            ("spent", []) => Fact::MemberSpent(Window::AllTime),
            ("spent", [window]) => Fact::MemberSpent(self.window(window)?),
            ("earned", [points]) => {
                Fact::MemberEarned { points: self.points(points)?, window: Window::AllTime }
            }
            ("earned", [points, window]) => {
                let (points, window) = (self.points(points), self.window(window));
                Fact::MemberEarned { points: points?, window: window? }
            }
            _ => {
                let message = format!("`{name}` does not take these arguments");
                return self.report(span, message, format!("write {usage}"));
            }
        };
        Some(self.fact(fact))
    }

    fn ladder(&mut self, argument: &'a Expression) -> Option<u16> {
        let environment = self.environment;
        let names = environment.ladders.iter().map(|(name, _)| name.as_str()).collect();
        self.declared(argument, "ladder", names)
    }

    fn points(&mut self, argument: &'a Expression) -> Option<u16> {
        let environment = self.environment;
        let names = environment.points.iter().map(String::as_str).collect();
        self.declared(argument, "kind of points", names)
    }

    /// The place of a declared name that stands in quotes.
    fn declared(
        &mut self,
        argument: &'a Expression,
        what: &str,
        names: Vec<&'a str>,
    ) -> Option<u16> {
        let ExpressionKind::Text(name) = &argument.kind else {
            let hint = format!("write its name in quotes: {}", names.join(", "));
            return self.report(argument.span, format!("here stands a {what}"), hint);
        };
        let place = names.iter().position(|declared| declared == name);
        if let Some(place) = place.and_then(|place| u16::try_from(place).ok()) {
            return Some(place);
        }
        let hint = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None if names.is_empty() => "the programme declares none".to_owned(),
            None => format!("declared are {}", names.join(", ")),
        };
        self.report(argument.span, format!("there is no {what} \"{name}\""), hint)
    }

    fn window(&mut self, argument: &'a Expression) -> Option<Window> {
        let unit = match &argument.kind {
            ExpressionKind::Call { target: None, name, arguments, .. } => Window::UNITS
                .iter()
                .find(|(unit, _, _)| unit == name)
                .map(|found| (found, arguments.as_slice())),
            _ => None,
        };
        let Some(((name, most, make), arguments)) = unit else {
            return self.report(
                argument.span,
                "here stands how far to look back",
                "write days(90), weeks(4), months(12) or years(1)",
            );
        };
        let count = match arguments {
            [Expression { kind: ExpressionKind::Int(count), .. }] if *count > 0 => {
                u16::try_from(*count).unwrap_or(u16::MAX)
            }
            _ => {
                return self.report(
                    argument.span,
                    format!("`{name}` takes a whole number above 0"),
                    format!("write for example {name}(3)"),
                );
            }
        };
        if count > *most {
            return self.report(
                argument.span,
                "a window is at most 36 months or 1,096 days long",
                format!("write at most {name}({most}), or nothing for all time"),
            );
        }
        Some(make(count))
    }

    fn date(&mut self, span: Span, arguments: &'a [Expression]) -> Option<Typed> {
        let date = match arguments {
            [Expression { kind: ExpressionKind::Text(text), .. }] => text
                .parse::<Date>()
                .ok()
                // The calendar reads other forms too; a condition has only one.
                .filter(|date| date.to_string() == *text),
            _ => None,
        };
        let Some(date) = date else {
            return self.report(
                span,
                "this is not a date of the calendar",
                "write year, month and day, as in date(\"2027-01-31\")",
            );
        };
        Some(self.node(Node::Literal(Literal::Date(date)), Type::Date))
    }

    fn text_test(
        &mut self,
        test: TextTest,
        span: Span,
        target: &'a Expression,
        arguments: &'a [Expression],
    ) -> Option<Typed> {
        let value = self.check(target)?;
        if value.kind != Type::Text {
            return self.report(
                target.span,
                "startsWith, endsWith and contains are asked of a text, this is none",
                "compare it with `==`, `<` or `>=`",
            );
        }
        let [Expression { kind: ExpressionKind::Text(part), .. }] = arguments else {
            let message = "startsWith, endsWith and contains take one text in quotes";
            return self.report(span, message, "");
        };
        let node = Node::Text { test, value: value.index, part: part.as_str().into() };
        Some(self.node(node, Type::Bool))
    }

    fn lines(
        &mut self,
        span: Span,
        quantifier: Quantifier,
        name_span: Span,
        arguments: &'a [Expression],
    ) -> Option<Typed> {
        if let Err(unknown) = self.environment.scope.require("receipt") {
            return self.unknown(span, unknown);
        }
        if self.variable.is_some() {
            let message = "`exists` and `all` cannot stand in one another";
            return self.report(span, message, "join two of them with `&&` or `||`");
        }
        let [variable, body] = arguments else {
            let message = "`exists` and `all` take a name for the line and a condition";
            return self.report(name_span, message, "for example exists(x, x.quantity >= 2)");
        };
        let ExpressionKind::Name(name) = &variable.kind else {
            let message = "here stands a name for the line";
            return self.report(variable.span, message, "for example `x`");
        };
        if RESERVED.contains(&name.as_str()) {
            let message = format!("a line cannot be called `{name}`, which means something else");
            return self.report(variable.span, message, "call it `x`");
        }
        self.variable = Some(name);
        let body = self.truth(body, "what is asked of a line must be true or false");
        self.variable = None;
        Some(self.node(Node::Lines { quantifier, body: body? }, Type::Bool))
    }
}
