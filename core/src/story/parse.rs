//! Reads stories. Every line that cannot be read is a problem with its place.

use super::companies::{self, CompanyVerb};
use super::people;
use super::time::{self, TimeExpectation, TimeVerb};
use crate::engine::LineKind;
use crate::programme::{Problem, Severity};
use crate::values::{Quantity, parse_decimal};
use jiff::civil::{Date, DateTime, Time};

/// One story: a name and what happens in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub name: String,
    pub line: usize,
    pub steps: Vec<Step>,
}

/// Something that happens at a moment, and what must follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub line: usize,
    pub at: DateTime,
    pub who: String,
    pub verb: Verb,
    /// The name by which later steps may refer to this one.
    pub name: Option<String>,
    pub expectations: Vec<(usize, Expectation)>,
}

/// A product on a line of a receipt, as the story writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub quantity: Quantity,
    pub product: String,
    /// Empty where the line gives none, as in a return.
    pub price: String,
    pub category: Option<String>,
    pub brand: Option<String>,
    /// The name of the certificate that the line sells.
    pub sells: Option<String>,
    /// What one piece cost the shop.
    pub cost: Option<String>,
    pub kind: LineKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    Joins {
        kind: String,
        attributes: Vec<(String, String)>,
        brought_by: Option<String>,
    },
    /// Somebody writes down who brought the member.
    IsAttributed {
        to: String,
        reason: String,
    },
    Transfers {
        amount: String,
        points: String,
        to: String,
    },
    Merges {
        into: String,
    },
    Buys {
        location: Option<String>,
        items: Vec<Item>,
        rewards: Vec<String>,
        /// Codes that are shown, by the names that the story gave them.
        codes: Vec<String>,
        pays: Vec<Paying>,
        /// Who of a company or a household it was.
        through: Option<String>,
        partner: Option<String>,
    },
    /// A checkout that is held for so many minutes; `buys` is what is held.
    Holds {
        buys: Box<Verb>,
        minutes: u32,
    },
    Confirms {
        hold: String,
    },
    Returns {
        items: Vec<Item>,
        of: Option<String>,
    },
    Voids {
        of: String,
    },
    Does {
        action: String,
        fields: Vec<(String, String)>,
    },
    Takes {
        reward: String,
        through: Option<String>,
    },
    /// A negative amount is taken.
    IsGiven {
        amount: String,
        points: String,
        reason: String,
    },
    /// A tier that a person sets; none takes it back.
    IsSet {
        tier: Option<String>,
        ladder: String,
        until: Option<Date>,
        reason: String,
    },
    /// An event of a receipt, such as its delivery.
    Hears {
        event: String,
        of: String,
    },
    /// Nothing happens but time.
    Waits,
    Time(TimeVerb),
    /// The shop makes a coupon, a certificate or a card; only prepared, it waits for its sale.
    Issues {
        instrument: String,
        value: Option<String>,
        holder: Option<String>,
        is_active: bool,
    },
    /// A challenge ends, and its prizes go out. The day lies in its period.
    Ends {
        challenge: String,
        day: Date,
    },
    /// The shop closes a draw and draws it.
    Draws {
        draw: String,
    },
    /// The shop blocks, unblocks or activates something that it issued.
    Marks {
        what: Mark,
        instrument: String,
    },
    /// Something with companies, their people or staff.
    Company(CompanyVerb),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Blocked,
    Unblocked,
    Activated,
}

/// A payment that is not money, as the story writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paying {
    Points { amount: String, points: String },
    Certificate { amount: String, from: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    Earns(String, String),
    EarnsNothing,
    Spends(String, String),
    GetsBack(String, String),
    Loses(String, String),
    Owes(String, String),
    Has(String, String),
    WaitsFor(String, String),
    Pays(String),
    IsRefunded(String),
    IsOn {
        tier: String,
        ladder: String,
    },
    HasBenefit(String),
    LacksBenefit(String),
    IsOffered(String),
    /// Members are told of the rule before it is in force; without one, of none.
    IsToldOf(Option<String>),
    /// What a till and a member read about the step does not speak of the rule.
    ReadsNothingOf(String),
    /// So many pieces are handed over on top.
    IsHanded {
        pieces: String,
        product: String,
        by: String,
    },
    /// So many points go to somebody else.
    Sends {
        amount: String,
        points: String,
        to: String,
    },
    GetsOff {
        amount: String,
        by: String,
    },
    /// The rule or reward gave nothing, for the reason with this name.
    GaveNothing {
        about: String,
        why: String,
    },
    IsRefused(String),
    IsIssued(String),
    /// What is left on a certificate.
    HasLeft {
        amount: String,
        instrument: String,
    },
    /// Where an instrument stands in its life.
    IsNow {
        instrument: String,
        status: String,
    },
    /// The code did not hold, for the reason with this name.
    CodeFails {
        instrument: String,
        why: String,
    },
    Unmatched(String, String),
    /// What goes to somebody else, and what is called back from somebody.
    Shares(String, String),
    CallsBack(String, String),
    /// The category of goods that the member bought most of.
    Likes(String),
    Time(TimeExpectation),
}

/// Reads the stories of a file.
pub fn parse(file: &str, text: &str) -> Result<Vec<Story>, Vec<Problem>> {
    let mut stories: Vec<Story> = Vec::new();
    let mut problems = Vec::new();
    for (position, raw) in text.lines().enumerate() {
        let line = position + 1;
        let content = raw.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Err(message) = read_line(&mut stories, line, raw, content) {
            problems.push(Problem {
                file: file.to_owned(),
                line,
                column: raw.len() - raw.trim_start().len() + 1,
                severity: Severity::Error,
                message,
                hint: "docs/using/stories.md lists the sentences that stories are made of"
                    .to_owned(),
            });
        }
    }
    if problems.is_empty() { Ok(stories) } else { Err(problems) }
}

fn read_line(
    stories: &mut Vec<Story>,
    line: usize,
    raw: &str,
    content: &str,
) -> Result<(), String> {
    if let Some(name) = content.strip_prefix("story:") {
        stories.push(Story { name: name.trim().to_owned(), line, steps: Vec::new() });
        return Ok(());
    }
    let story = stories.last_mut().ok_or("a story begins with `story:` and its name")?;
    if raw.starts_with(char::is_whitespace) {
        let step =
            story.steps.last_mut().ok_or("nothing has happened yet that this could follow")?;
        step.expectations.push((line, read_expectation(content)?));
        return Ok(());
    }
    story.steps.push(read_step(line, content)?);
    Ok(())
}

fn read_step(line: usize, content: &str) -> Result<Step, String> {
    let (day, rest) = split_word(content);
    let day: Date = day.parse().map_err(|_| format!("`{day}` is not a date such as 2027-01-31"))?;
    let (word, after) = split_word(rest);
    let (time, rest) = match word.split_once(':') {
        Some((hour, rest)) => {
            let (minute, second) = rest.split_once(':').unwrap_or((rest, "0"));
            let number = |text: &str| text.parse::<i8>().ok();
            let time = number(hour).zip(number(minute)).zip(number(second));
            let time =
                time.and_then(|((hour, minute), second)| Time::new(hour, minute, second, 0).ok());
            (time.ok_or(format!("`{word}` is not a time such as 14:30"))?, after)
        }
        None => (Time::constant(12, 0, 0, 0), rest),
    };
    if let Some(rest) = rest.strip_prefix("the shop ") {
        return read_shop_step(line, day.to_datetime(time), rest);
    }
    let (who, rest) = split_word(rest);
    let (verb, rest) = split_word(rest);
    let (rest, name) = match rest.rsplit_once(" as ") {
        // `joins as employee` and `5.00 as delivery with code G1` say what, not how it is called.
        Some((rest, name)) if verb != "joins" && is_name(name.trim()) => {
            (rest, Some(name.trim().to_owned()))
        }
        _ => (rest, None),
    };
    let verb = read_verb(verb, rest.trim())?;
    let at = day.to_datetime(time);
    Ok(Step { line, at, who: who.to_owned(), verb, name, expectations: Vec::new() })
}

/// A name is one word, and none that says what a line is.
fn is_name(text: &str) -> bool {
    !text.contains(char::is_whitespace) && LineKind::parse(text).is_none()
}

/// What the shop does by itself: `issues coupon ten-percent as C1`, `blocks C1`.
fn read_shop_step(line: usize, at: DateTime, rest: &str) -> Result<Step, String> {
    let (verb, rest) = split_word(rest);
    let mark = |what: Mark| Verb::Marks { what, instrument: rest.trim().to_owned() };
    let (verb, name) = match verb {
        "blocks" => (mark(Mark::Blocked), None),
        "unblocks" => (mark(Mark::Unblocked), None),
        "activates" => (mark(Mark::Activated), None),
        "issues" | "prepares" => {
            let (rest, name) = rest.rsplit_once(" as ").ok_or("say how it is called: … as C1")?;
            let (_, rest) = split_word(rest);
            let (rest, holder) = match rest.split_once(" for ") {
                Some((rest, holder)) => (rest, Some(holder.trim().to_owned())),
                None => (rest, None),
            };
            let (instrument, value) = split_word(rest);
            let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            let (instrument, is_active) = (instrument.to_owned(), verb == "issues");
            let name = Some(name.trim().to_owned());
            (Verb::Issues { instrument, value, holder, is_active }, name)
        }
        "ends" | "draws" => (super::games::read_game(verb, rest)?, None),
        _ => {
            let can = "the shop issues, prepares, activates, blocks, unblocks, ends or draws";
            return Err(can.to_owned());
        }
    };
    Ok(Step { line, at, who: "the shop".to_owned(), verb, name, expectations: Vec::new() })
}

/// `paying 200 points, 20.00 from G1`.
fn read_payments(text: &str) -> Result<Vec<Paying>, String> {
    let payments = text.split(',').map(str::trim).filter(|payment| !payment.is_empty());
    payments
        .map(|payment| {
            let (amount, rest) = split_word(payment);
            let amount = amount.to_owned();
            match rest.strip_prefix("from ") {
                Some(from) => Ok(Paying::Certificate { amount, from: from.trim().to_owned() }),
                None if rest.is_empty() => Err(format!("`{payment}`: pay what with what?")),
                None => Ok(Paying::Points { amount, points: rest.trim().to_owned() }),
            }
        })
        .collect()
}

fn read_verb(verb: &str, rest: &str) -> Result<Verb, String> {
    if let Some(verb) = time::read_verb(verb, rest)? {
        return Ok(verb);
    }
    match verb {
        "joins" => {
            let (rest, brought_by) = people::split_brought(rest);
            let (before, with) = split_with(rest);
            let kind = before.strip_prefix("as ").unwrap_or("person").trim().to_owned();
            Ok(Verb::Joins { kind, attributes: read_pairs(with)?, brought_by })
        }
        "buys" => {
            let (rest, partner) = split_last(rest, " via ");
            let (rest, through) = split_last(rest, " through ");
            let (rest, paying) = rest.split_once(" paying ").unwrap_or((rest, ""));
            let (before, with) = split_with(rest);
            let (location, items) = match before.strip_prefix('@') {
                Some(rest) => {
                    let (location, items) = split_word(rest);
                    (Some(location.to_owned()), items)
                }
                None => (None, before),
            };
            let items = read_items(items, true)?;
            let (mut rewards, mut codes) = (Vec::new(), Vec::new());
            for with in with.split(',').map(str::trim).filter(|with| !with.is_empty()) {
                match with.strip_prefix("code ") {
                    Some(code) => codes.push(code.trim().to_owned()),
                    None => rewards.push(with.to_owned()),
                }
            }
            let pays = read_payments(paying)?;
            Ok(Verb::Buys { location, items, rewards, codes, pays, through, partner })
        }
        "holds" => {
            let (what, minutes) =
                rest.rsplit_once(" for ").ok_or("say how long: … for 15 minutes")?;
            let minutes = minutes.trim().strip_suffix(" minutes").map(str::parse);
            let Some(Ok(minutes)) = minutes else {
                return Err("say how long: … for 15 minutes".to_owned());
            };
            Ok(Verb::Holds { buys: Box::new(read_verb("buys", what)?), minutes })
        }
        "confirms" => Ok(Verb::Confirms { hold: rest.to_owned() }),
        "returns" => {
            let (items, of) = match rest.rsplit_once(" of ") {
                Some((items, of)) => (items, Some(of.trim().to_owned())),
                None => (rest, None),
            };
            Ok(Verb::Returns { items: read_items(items, false)?, of })
        }
        "voids" => Ok(Verb::Voids { of: rest.to_owned() }),
        "does" => {
            let (action, with) = split_with(rest);
            Ok(Verb::Does { action: action.trim().to_owned(), fields: read_pairs(with)? })
        }
        "takes" => {
            let (reward, through) = split_last(rest, " through ");
            Ok(Verb::Takes { reward: reward.to_owned(), through })
        }
        "is-given" => {
            let (amount, points) = split_word(rest);
            let (points, reason) =
                points.split_once(" because ").ok_or("say why: … because <reason>")?;
            Ok(Verb::IsGiven {
                amount: amount.to_owned(),
                points: points.trim().to_owned(),
                reason: reason.trim().to_owned(),
            })
        }
        "transfers" => people::read_transfer(rest),
        "merges" => people::read_merge(rest),
        "is" => match rest.strip_prefix("attributed to ") {
            Some(rest) => people::read_attribution(rest),
            None => read_setting(rest),
        },
        "hears" => {
            let (event, of) = rest.split_once(" of ").ok_or("write: hears <event> of <receipt>")?;
            Ok(Verb::Hears { event: event.trim().to_owned(), of: of.trim().to_owned() })
        }
        "waits" => Ok(Verb::Waits),
        _ => match companies::read_verb(verb, rest) {
            Some(read) => read.map(Verb::Company),
            None => Err(format!(
                "`{verb}` is nothing that happens in stories: joins, buys, returns, voids, does, \
                 takes, is-given, is set to, is attributed to, transfers, merges, hears, uses, \
                 pays for, is served, is advanced, sets off, names, forgets, gives, settles, \
                 thanks, was-enrolled, waits"
            )),
        },
    }
}

/// `set to gold in club until 2027-12-31 for goodwill`; `set to nothing` takes it back.
fn read_setting(rest: &str) -> Result<Verb, String> {
    let form = "write: is set to <tier> in <ladder> until <day> for <reason>";
    let (what, reason) = rest.split_once(" for ").ok_or(form)?;
    let (tier, place) =
        what.strip_prefix("set to ").and_then(|w| w.split_once(" in ")).ok_or(form)?;
    let (ladder, until) = match place.split_once(" until ") {
        Some((ladder, day)) => {
            let wrong = || format!("`{day}` is not a date such as 2027-01-31");
            (ladder, Some(day.trim().parse::<Date>().map_err(|_| wrong())?))
        }
        None => (place, None),
    };
    let tier = (tier.trim() != "nothing").then(|| tier.trim().to_owned());
    let (ladder, reason) = (ladder.trim().to_owned(), reason.trim().to_owned());
    Ok(Verb::IsSet { tier, ladder, until, reason })
}

fn read_expectation(content: &str) -> Result<Expectation, String> {
    if let Some(expectation) = time::read_expectation(content)? {
        return Ok(expectation);
    }
    let (verb, rest) = split_word(content);
    let amount = || -> Result<(String, String), String> {
        let (amount, points) = split_word(rest);
        if points.is_empty() {
            return Err(format!("`{verb}` needs an amount and a point kind"));
        }
        Ok((amount.to_owned(), points.to_owned()))
    };
    let text = rest.to_owned();
    Ok(match (verb, split_word(rest)) {
        ("earns", ("nothing", "")) => Expectation::EarnsNothing,
        ("earns", _) => amount().map(|(amount, points)| Expectation::Earns(amount, points))?,
        ("spends", _) => amount().map(|(amount, points)| Expectation::Spends(amount, points))?,
        ("sends", (amount, rest)) => {
            let form = "write: sends <amount> <points> to <name>";
            let (points, to) = rest.rsplit_once(" to ").ok_or(form)?;
            let [amount, points, to] = [amount, points, to].map(|text| text.trim().to_owned());
            Expectation::Sends { amount, points, to }
        }
        ("loses", _) => amount().map(|(amount, points)| Expectation::Loses(amount, points))?,
        ("owes", _) => amount().map(|(amount, points)| Expectation::Owes(amount, points))?,
        ("gets", ("back", rest)) => {
            let (amount, points) = split_word(rest);
            Expectation::GetsBack(amount.to_owned(), points.to_owned())
        }
        ("has", ("benefit", benefit)) => Expectation::HasBenefit(benefit.to_owned()),
        ("lacks", ("benefit", benefit)) => Expectation::LacksBenefit(benefit.to_owned()),
        ("has", (amount, left)) if left.starts_with("left on ") => Expectation::HasLeft {
            amount: amount.to_owned(),
            instrument: left.trim_start_matches("left on ").trim().to_owned(),
        },
        ("is", ("issued", coupon)) => Expectation::IsIssued(coupon.to_owned()),
        ("code", (instrument, rest)) if rest.starts_with("fails:") => Expectation::CodeFails {
            instrument: instrument.to_owned(),
            why: rest.trim_start_matches("fails:").trim().to_owned(),
        },
        (instrument, ("is", rest)) if rest.starts_with("now ") => Expectation::IsNow {
            instrument: instrument.to_owned(),
            status: rest.trim_start_matches("now ").trim().to_owned(),
        },
        ("has", _) => amount().map(|(amount, points)| Expectation::Has(amount, points))?,
        ("shares", _) => amount().map(|(amount, points)| Expectation::Shares(amount, points))?,
        ("calls-back", _) => {
            amount().map(|(amount, points)| Expectation::CallsBack(amount, points))?
        }
        ("waits", ("for", rest)) => {
            let (amount, points) = split_word(rest);
            Expectation::WaitsFor(amount.to_owned(), points.to_owned())
        }
        ("likes", _) => Expectation::Likes(text),
        ("pays", _) => Expectation::Pays(text),
        ("is", ("refunded", amount)) => Expectation::IsRefunded(amount.to_owned()),
        ("is", ("refused:", code)) => Expectation::IsRefused(code.to_owned()),
        ("is", ("told", "of nothing")) => Expectation::IsToldOf(None),
        ("is", ("told", rule)) if rule.starts_with("of ") => {
            Expectation::IsToldOf(Some(rule.trim_start_matches("of ").trim().to_owned()))
        }
        ("reads", ("nothing", rule)) if rule.starts_with("of ") => {
            Expectation::ReadsNothingOf(rule.trim_start_matches("of ").trim().to_owned())
        }
        ("is", ("given", rest)) => read_handed(rest)?,
        ("gets", (amount, rest)) if rest.starts_with("off from ") => Expectation::GetsOff {
            amount: amount.to_owned(),
            by: rest.trim_start_matches("off from ").trim().to_owned(),
        },
        ("is", ("offered", rule)) => Expectation::IsOffered(rule.to_owned()),
        ("is", ("on", rest)) => {
            let (tier, ladder) =
                rest.split_once(" in ").ok_or("write: is on <tier> in <ladder>")?;
            Expectation::IsOn { tier: tier.to_owned(), ladder: ladder.to_owned() }
        }
        ("unmatched", (quantity, product)) => {
            Expectation::Unmatched(quantity.to_owned(), product.to_owned())
        }
        (about, ("gives", rest)) if rest.starts_with("nothing:") => Expectation::GaveNothing {
            about: about.to_owned(),
            why: rest.trim_start_matches("nothing:").trim().to_owned(),
        },
        _ => return Err(format!("`{content}` is nothing that a story can expect")),
    })
}

/// `1 cup from beer-on-top`.
fn read_handed(rest: &str) -> Result<Expectation, String> {
    let (product, by) =
        rest.split_once(" from ").ok_or("write: is given 1 <product> from <rule>")?;
    let (pieces, product) = match split_word(product) {
        (pieces, product) if !product.is_empty() => (pieces, product),
        (product, _) => ("1", product),
    };
    let [pieces, product, by] = [pieces, product, by].map(|text| text.trim().to_owned());
    Ok(Expectation::IsHanded { pieces, product, by })
}

pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

/// Splits the last part off, where it is there.
fn split_last<'t>(text: &'t str, word: &str) -> (&'t str, Option<String>) {
    match text.rsplit_once(word) {
        Some((text, last)) => (text, Some(last.trim().to_owned())),
        None => (text, None),
    }
}

/// Splits `… with …`; the second part is empty where there is none.
fn split_with(text: &str) -> (&str, &str) {
    if let Some(rest) = text.strip_prefix("with ") {
        return ("", rest);
    }
    text.split_once(" with ").unwrap_or((text, ""))
}

pub(super) fn read_pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or(format!("`{pair}` is not key=value"))?;
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

fn read_items(text: &str, with_prices: bool) -> Result<Vec<Item>, String> {
    text.split(',').map(|item| read_item(item.trim(), with_prices)).collect()
}

fn read_item(text: &str, with_price: bool) -> Result<Item, String> {
    let (quantity, rest) = split_word(text);
    let quantity = parse_decimal(quantity, Quantity::DECIMALS)
        .map_err(|cause| format!("`{quantity}` is not a quantity: {cause}"))?;
    let (rest, kind) = match rest.rsplit_once(" as ") {
        Some((rest, kind)) => {
            let kind = LineKind::parse(kind.trim());
            (rest, kind.ok_or(format!("`{text}`: a line is of goods or of delivery"))?)
        }
        None => (rest, LineKind::Goods),
    };
    let (rest, cost) = match rest.split_once(" costing ") {
        Some((rest, cost)) => (rest, Some(cost.trim().to_owned())),
        None => (rest, None),
    };
    let (rest, sells) = match rest.split_once(" selling ") {
        Some((rest, sells)) => (rest, Some(sells.trim().to_owned())),
        None => (rest, None),
    };
    let (rest, brand) = match rest.split_once(" by ") {
        Some((rest, brand)) => (rest, Some(brand.trim().to_owned())),
        None => (rest, None),
    };
    let (rest, category) = match rest.split_once(" in ") {
        Some((rest, category)) => (rest, Some(category.trim().to_owned())),
        None => (rest, None),
    };
    let (product, price) = match rest.split_once(" at ") {
        Some((product, price)) => (product, price.trim()),
        None => (rest, ""),
    };
    if with_price == price.is_empty() || product.trim().is_empty() {
        return Err(format!("`{text}`: write `2 latte at 3.50`, and no price in a return"));
    }
    Ok(Item {
        quantity: Quantity::new(quantity),
        product: product.trim().to_owned(),
        price: price.to_owned(),
        category,
        brand,
        sells,
        cost,
        kind,
    })
}
