//! Reads a text into a syntax tree. It knows the grammar and the limits against abuse, and
//! nothing of facts and types.

use super::token::{Token, tokens};
use super::{ConditionProblem, DEPTH_MAX, NODES_MAX, Span, TEXT_CHARS_MAX};

#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub span: Span,
    pub kind: ExpressionKind,
    /// How many calls deep a walk of this tree goes.
    height: usize,
}

#[derive(Clone, Debug)]
pub(super) enum ExpressionKind {
    Bool(bool),
    Int(i64),
    Decimal(i128),
    Text(String),
    List(Vec<Expression>),
    Name(String),
    Member {
        object: Box<Expression>,
        name: String,
    },
    Call {
        target: Option<Box<Expression>>,
        name: String,
        name_span: Span,
        arguments: Vec<Expression>,
    },
    Not(Box<Expression>),
    Negate(Box<Expression>),
    Binary {
        operator: &'static str,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Choose {
        condition: Box<Expression>,
        then: Box<Expression>,
        otherwise: Box<Expression>,
    },
}

/// How high a tree may become. Chains such as `a + b + c` are trees too, without being nested;
/// the limit keeps every walk within a small stack. Chains of `&&` and of `||` are walked flat.
const HEIGHT_MAX: usize = 150;

/// Binary operators with how tightly they bind, as in CEL.
const OPERATORS: [(&str, u8); 12] = [
    ("||", 0),
    ("&&", 1),
    ("==", 2),
    ("!=", 2),
    ("<", 2),
    ("<=", 2),
    (">", 2),
    (">=", 2),
    ("in", 2),
    ("+", 3),
    ("-", 3),
    ("*", 4),
];

/// Words of other languages for the operators.
const OPERATOR_WORDS: [(&str, &str); 5] =
    [("and", "&&"), ("AND", "&&"), ("or", "||"), ("OR", "||"), ("is", "==")];

pub(super) fn parse(text: &str) -> Result<Expression, Vec<ConditionProblem>> {
    let chars = text.chars().count();
    if chars > TEXT_CHARS_MAX {
        let at = text.char_indices().nth(TEXT_CHARS_MAX).map_or(0, |(at, _)| at);
        return Err(vec![Span { at, end: text.len() }.problem(
            format!("a condition has at most {TEXT_CHARS_MAX} characters, this one has {chars}"),
            "split it into several rules",
        )]);
    }
    let mut problems = Vec::new();
    let read = tokens(text, &mut problems).and_then(|tokens| {
        let mut parser = Parser { text, tokens, next: 0, depth: 0, nodes: 0 };
        parser.whole()
    });
    match read {
        Ok(expression) if problems.is_empty() => Ok(expression),
        Ok(_) => Err(problems),
        Err(problem) => {
            problems.push(problem);
            problems.sort_by_key(|problem| problem.at);
            Err(problems)
        }
    }
}

impl ExpressionKind {
    fn height(&self) -> usize {
        let highest = |items: &[Expression]| items.iter().map(|item| item.height).max();
        1 + match self {
            ExpressionKind::List(items) => highest(items).unwrap_or(0),
            ExpressionKind::Member { object, .. } => object.height,
            ExpressionKind::Call { target, arguments, .. } => {
                let target = target.as_ref().map_or(0, |target| target.height);
                target.max(highest(arguments).unwrap_or(0))
            }
            ExpressionKind::Not(operand) | ExpressionKind::Negate(operand) => operand.height,
            ExpressionKind::Binary { operator, left, right } => {
                let is_flat = matches!(*operator, "&&" | "||")
                    && matches!(&left.kind, ExpressionKind::Binary { operator: inner, .. }
                        if inner == operator);
                let left = if is_flat { left.height - 1 } else { left.height };
                left.max(right.height)
            }
            ExpressionKind::Choose { condition, then, otherwise } => {
                condition.height.max(then.height).max(otherwise.height)
            }
            _ => 0,
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Never empty: the last one is [`Token::End`], and `next` never passes it.
    tokens: Vec<(Token, Span)>,
    next: usize,
    depth: usize,
    nodes: usize,
}

type Parsed<T> = Result<T, ConditionProblem>;

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Expression> {
        if *self.peek() == Token::End {
            return Err(self.span().problem("there is no condition here", "write one, or `true`"));
        }
        let expression = self.expression()?;
        if *self.peek() == Token::End {
            return Ok(expression);
        }
        Err(self.unexpected("expected an operator or the end"))
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn span(&self) -> Span {
        self.tokens[self.next].1
    }

    fn advance(&mut self) -> (Token, Span) {
        let taken = self.tokens[self.next].clone();
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
        taken
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn take_symbol(&mut self, symbol: &str) -> Option<Span> {
        self.is_symbol(symbol).then(|| self.advance().1)
    }

    fn expect(&mut self, symbol: &'static str, opened: &str) -> Parsed<Span> {
        if let Some(span) = self.take_symbol(symbol) {
            return Ok(span);
        }
        Err(self.unexpected(&format!("expected `{symbol}` {opened}")))
    }

    fn unexpected(&self, expected: &str) -> ConditionProblem {
        let span = self.span();
        let hint = match self.peek() {
            Token::Name(name) => OPERATOR_WORDS
                .iter()
                .find(|(word, _)| word == name)
                .map_or_else(String::new, |(_, symbol)| format!("write `{symbol}`")),
            _ => String::new(),
        };
        span.problem(format!("{expected}, found {}", self.peek().found(self.text, span)), hint)
    }

    /// Counts the node, so that no text becomes a tree that is too large to walk.
    fn node(&mut self, span: Span, kind: ExpressionKind) -> Parsed<Expression> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(span.problem(
                format!("a condition has at most {NODES_MAX} parts"),
                "split it into several rules",
            ));
        }
        let height = kind.height();
        if height > HEIGHT_MAX {
            return Err(span.problem(
                format!("at most about {HEIGHT_MAX} operators may follow one another"),
                "split it into several rules",
            ));
        }
        Ok(Expression { span, kind, height })
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.span().problem(
                format!("a condition is nested at most {DEPTH_MAX} deep"),
                "split it into several rules",
            ));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.deeper(|parser| {
            let condition = parser.binary(0)?;
            if parser.take_symbol("?").is_none() {
                return Ok(condition);
            }
            // As in CEL, another choice between `?` and `:` needs parentheses.
            let then = parser.binary(0)?;
            parser.expect(":", "after the first choice of `?`")?;
            let otherwise = parser.expression()?;
            let span = condition.span.to(otherwise.span);
            let (condition, then, otherwise) =
                (Box::new(condition), Box::new(then), Box::new(otherwise));
            parser.node(span, ExpressionKind::Choose { condition, then, otherwise })
        })
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let found = match self.peek() {
            Token::Symbol(symbol) => *symbol,
            Token::Name(name) if name == "in" => "in",
            _ => return None,
        };
        OPERATORS.iter().copied().find(|(operator, _)| *operator == found)
    }

    /// Operators that bind at least as tightly as `least`, from left to right.
    fn binary(&mut self, least: u8) -> Parsed<Expression> {
        let mut left = self.unary()?;
        while let Some((operator, binds)) = self.operator().filter(|(_, binds)| *binds >= least) {
            self.advance();
            let right = self.binary(binds + 1)?;
            let span = left.span.to(right.span);
            let (first, second) = (Box::new(left), Box::new(right));
            left =
                self.node(span, ExpressionKind::Binary { operator, left: first, right: second })?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let make = if self.is_symbol("!") {
            ExpressionKind::Not
        } else if self.is_symbol("-") {
            ExpressionKind::Negate
        } else {
            return self.postfix();
        };
        let (_, start) = self.advance();
        let operand = self.deeper(Self::unary)?;
        self.node(start.to(operand.span), make(Box::new(operand)))
    }

    fn postfix(&mut self) -> Parsed<Expression> {
        let mut object = self.primary()?;
        while self.take_symbol(".").is_some() {
            let (name, name_span) = self.name("a name after `.`")?;
            object = if self.is_symbol("(") {
                let (arguments, end) = self.arguments()?;
                let span = object.span.to(end);
                let target = Some(Box::new(object));
                self.node(span, ExpressionKind::Call { target, name, name_span, arguments })?
            } else {
                let span = object.span.to(name_span);
                self.node(span, ExpressionKind::Member { object: Box::new(object), name })?
            };
        }
        Ok(object)
    }

    fn name(&mut self, what: &str) -> Parsed<(String, Span)> {
        if let Token::Name(name) = self.peek() {
            let name = name.clone();
            return Ok((name, self.advance().1));
        }
        Err(self.unexpected(&format!("expected {what}")))
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let span = self.span();
        let kind = match self.peek().clone() {
            Token::Int(value) => ExpressionKind::Int(value),
            Token::Decimal(value) => ExpressionKind::Decimal(value),
            Token::Text(value) => ExpressionKind::Text(value),
            Token::Name(name) => match name.as_str() {
                "true" => ExpressionKind::Bool(true),
                "false" => ExpressionKind::Bool(false),
                "in" => return Err(self.unexpected("expected a value")),
                "not" => {
                    return Err(span.problem("expected a value, found `not`", "write `!`"));
                }
                _ => {
                    self.advance();
                    return self.name_or_call(name, span);
                }
            },
            Token::Symbol("(") => {
                self.advance();
                let mut inner = self.expression()?;
                let end = self.expect(")", "to close the parenthesis")?;
                // The parentheses belong to the text of what they hold.
                inner.span = span.to(end);
                return Ok(inner);
            }
            Token::Symbol("[") => {
                self.advance();
                let (items, end) = self.items("]", "to close the list")?;
                return self.node(span.to(end), ExpressionKind::List(items));
            }
            _ => return Err(self.unexpected("expected a value")),
        };
        self.advance();
        self.node(span, kind)
    }

    fn name_or_call(&mut self, name: String, span: Span) -> Parsed<Expression> {
        if !self.is_symbol("(") {
            return self.node(span, ExpressionKind::Name(name));
        }
        let (arguments, end) = self.arguments()?;
        let kind = ExpressionKind::Call { target: None, name, name_span: span, arguments };
        self.node(span.to(end), kind)
    }

    fn arguments(&mut self) -> Parsed<(Vec<Expression>, Span)> {
        self.advance();
        self.items(")", "to close the call")
    }

    /// Items up to the closing symbol; the opening one is already read.
    fn items(&mut self, close: &'static str, opened: &str) -> Parsed<(Vec<Expression>, Span)> {
        let mut items = Vec::new();
        if let Some(end) = self.take_symbol(close) {
            return Ok((items, end));
        }
        loop {
            items.push(self.expression()?);
            if self.take_symbol(",").is_none() {
                return Ok((items, self.expect(close, opened)?));
            }
        }
    }
}
