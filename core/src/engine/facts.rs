//! The facts of one decision, and the tiers of a member on a day.

use super::activity::{Line, LineKind, Purchase};
use super::decision::Effect;
use super::line_marks::{LineMarks, Marked};
use super::membership::least_tier;
use super::tenure::tenure_fact;
use crate::condition::{EvaluateError, Fact, Facts, LineTexts, Value, Window};
use crate::member::{AttributeValue, Contact, Measures, MemberState};
use crate::programme::{ByHand, Keep, Ladder, Programme};
use crate::values::{CalendarError, Key, Money, Overflow, Period, same_text};
use jiff::Timestamp;
use jiff::civil::Date;
use std::cell::Cell;
use std::collections::BTreeMap;

/// How many ladders keep their computed tier for the length of a decision.
const LADDERS_REMEMBERED: usize = 8;

/// Answers what conditions ask while one activity is decided.
#[derive(Debug)]
pub struct DecisionFacts<'a> {
    programme: &'a Programme,
    member: Option<&'a MemberState>,
    at: Timestamp,
    pub day: Date,
    hour: i8,
    location: Option<&'a str>,
    till: Option<&'a str>,
    cashier: Option<&'a str>,
    partner: Option<&'a str>,
    contact: Option<&'a Contact>,
    lines: &'a [Line],
    amounts: &'a [Money],
    marks: LineMarks,
    all_goods: bool,
    total: i128,
    /// Another total, while a condition is judged by what discounts have left.
    total_left: Cell<Option<Money>>,
    quantity: i128,
    fields: Option<&'a BTreeMap<Key, AttributeValue>>,
    action: Option<usize>,
    tiers: [Cell<Option<u16>>; LADDERS_REMEMBERED],
    sums: Sums,
}

impl<'a> DecisionFacts<'a> {
    pub fn new(programme: &'a Programme, member: Option<&'a MemberState>, at: Timestamp) -> Self {
        let local = programme.zone.local(at);
        Self {
            programme,
            member,
            at,
            day: local.date(),
            hour: local.hour(),
            location: None,
            till: None,
            cashier: None,
            partner: None,
            contact: None,
            lines: &[],
            amounts: &[],
            marks: LineMarks::default(),
            all_goods: true,
            total: 0,
            total_left: Cell::new(None),
            quantity: 0,
            fields: None,
            action: None,
            tiers: [const { Cell::new(None) }; LADDERS_REMEMBERED],
            sums: Sums::default(),
        }
    }

    /// Adds a receipt. `amounts` are its lines before any discount.
    pub fn add_receipt(&mut self, purchase: &'a Purchase, amounts: &'a [Money]) {
        let lines = &purchase.lines;
        self.location = purchase.location.as_deref();
        self.till = purchase.till.as_deref();
        self.cashier = purchase.cashier.as_deref();
        self.partner = purchase.partner.as_ref().map(Key::as_str);
        if let (Some(contact), Some(member)) = (&purchase.contact, self.member) {
            self.contact = member.contacts.get(contact);
        }
        (self.lines, self.amounts) = (lines, amounts);
        self.marks = LineMarks::of(lines, self.programme.index.files_brands());
        let mut all_goods = true;
        for (line, amount) in lines.iter().zip(amounts) {
            // Delivery and certificates are no goods.
            match line.kind {
                LineKind::Goods => self.total += i128::from(amount.units()),
                LineKind::Delivery | LineKind::Certificate => all_goods = false,
            }
            self.quantity += i128::from(line.quantity.units());
        }
        self.all_goods = all_goods;
    }

    pub fn with_action(mut self, action: usize, fields: &'a BTreeMap<Key, AttributeValue>) -> Self {
        (self.action, self.fields) = (Some(action), Some(fields));
        self
    }

    /// The marks of a text of every line, in order; empty where the fact has no marks.
    pub(crate) fn line_marks(&self, fact: &Fact) -> &[Marked] {
        self.marks.column(fact).map_or(&[], |column| column.marked)
    }

    /// Whether every line of the receipt is goods, as nearly always.
    pub const fn all_goods(&self) -> bool {
        self.all_goods
    }

    /// What a line cost when it was handed in.
    pub fn amount(&self, line: usize) -> Money {
        self.amounts.get(line).copied().unwrap_or_default()
    }

    /// What the goods of the receipt cost when they were handed in.
    pub fn goods(&self) -> Money {
        // The lines of a receipt are refused where their sum does not fit.
        Money::new(i64::try_from(self.total).unwrap_or(i64::MAX))
    }

    /// What is left to pay of the goods.
    pub fn goods_left(&self, net: &[Money]) -> Result<Money, Overflow> {
        let is_goods = |(line, _): &(&Line, &Money)| line.kind == LineKind::Goods;
        Money::sum(self.lines.iter().zip(net).filter(is_goods).map(|(_, net)| *net))
    }

    /// Lets conditions see another total of the receipt; nothing brings the first one back.
    pub(super) fn set_total_left(&self, total: Option<Money>) {
        self.total_left.set(total);
    }

    pub const fn is_member(&self) -> bool {
        self.member.is_some()
    }

    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The rank of the member's tier on a ladder.
    pub fn tier(&self, ladder: usize) -> u16 {
        let remembered = self.tiers.get(ladder);
        if let Some(rank) = remembered.and_then(Cell::get) {
            return rank;
        }
        let rank = match (self.member, self.programme.ladders.get(ladder)) {
            // A measure that overflows reaches no tier; sums of that size cannot be booked.
            (Some(member), Some(definition)) => {
                let history = History { member, sums: &self.sums, extra: None };
                tier_with(self.programme, definition, &history, self.day).unwrap_or(0)
            }
            _ => 0,
        };
        if let Some(cell) = remembered {
            cell.set(Some(rank));
        }
        rank
    }

    /// The rank that the tier will have with what the decision adds to the history.
    pub fn tier_after(&self, ladder: &Ladder, extra: &Extra<'_>) -> Result<u16, CalendarError> {
        let Some(member) = self.member else { return Ok(0) };
        let history = History { member, sums: &self.sums, extra: Some(extra) };
        tier_with(self.programme, ladder, &history, self.day)
    }

    fn minor_units(&self, money: i128) -> Value<'static> {
        Value::Decimal(money * millionths_per_unit(self.programme.currency.exponent()))
    }

    /// What the measure of a ladder lacks for the next tier; nothing on the highest.
    fn lacking(&self, member: &'a MemberState, ladder: usize) -> Value<'static> {
        let Some(definition) = self.programme.ladders.get(ladder) else { return Value::Absent };
        let Some(next) = definition.tiers.get(usize::from(self.tier(ladder)) + 1) else {
            return Value::Absent;
        };
        let history = History { member, sums: &self.sums, extra: None };
        measure_with(self.programme, definition, &history, self.day)
            .map_or(Value::Absent, |measure| Value::Decimal((next.from - measure).max(0)))
    }

    fn member_fact(&self, fact: &Fact) -> Value<'a> {
        let Some(member) = self.member else {
            return if *fact == Fact::MemberKnown { Value::Bool(false) } else { Value::Absent };
        };
        match *fact {
            Fact::MemberKnown => Value::Bool(true),
            Fact::MemberReferred => Value::Bool(member.referral.is_some()),
            Fact::MemberTier(ladder) => Value::Tier(self.tier(usize::from(ladder))),
            Fact::MemberJoined => Value::Date(member.joined),
            Fact::MemberKind => Value::Text(member.kind.name()),
            Fact::MemberAttribute(index) => attribute(self.programme, member, index),
            Fact::MemberBalance(index) => {
                let Some(kind) = self.programme.points.get(usize::from(index)) else {
                    return Value::Absent;
                };
                member.balance(kind.key.as_str(), self.at, &self.programme.zone).map_or(
                    Value::Absent,
                    |balance| {
                        let units = i128::from(balance.available.units())
                            - i128::from(balance.debt.units());
                        Value::Decimal(units * millionths_per_unit(kind.decimals))
                    },
                )
            }
            Fact::MemberHasMembership(index) => {
                let membership = self.programme.memberships.get(usize::from(index));
                let key = membership.map_or("", |membership| membership.key.as_str());
                Value::Bool(member.has_membership(key, self.day))
            }
            Fact::MemberLacks(index) => self.lacking(member, usize::from(index)),
            _ => {
                let history = History { member, sums: &self.sums, extra: None };
                history.answer(self.programme, self.day, fact)
            }
        }
    }
}

impl DecisionFacts<'_> {
    /// The lines that have one of some texts, of a fact that has no marks.
    fn push_unmarked(&self, texts: &LineTexts, lines: &mut Vec<u32>) -> Result<(), EvaluateError> {
        for line in 0..self.lines.len() {
            if self.line_text(&texts.fact, line)?.is_some_and(|text| texts.has(text)) {
                lines.push(u32::try_from(line).map_err(|_| EvaluateError::Overflow)?);
            }
        }
        Ok(())
    }
}

impl Facts for DecisionFacts<'_> {
    fn fact(&self, fact: &Fact, line: Option<usize>) -> Value<'_> {
        let at_line = line.and_then(|line| self.lines.get(line));
        match *fact {
            Fact::ReceiptTotal => {
                let left = self.total_left.get().map(|left| i128::from(left.units()));
                self.minor_units(left.unwrap_or(self.total))
            }
            Fact::ReceiptQuantity => Value::Decimal(self.quantity * 1_000),
            Fact::ReceiptLocation => text_or_absent(self.location),
            Fact::ReceiptTill => text_or_absent(self.till),
            Fact::ReceiptCashier => text_or_absent(self.cashier),
            Fact::ReceiptPartner => text_or_absent(self.partner),
            Fact::ContactRole => {
                let role = self.contact.and_then(|one| one.role(&self.programme.companies.roles));
                text_or_absent(role.map(Key::as_str))
            }
            Fact::ContactUnit => {
                let unit = self.contact.and_then(|contact| contact.unit.as_ref());
                text_or_absent(unit.map(Key::as_str))
            }
            Fact::LineKind => at_line.map_or(Value::Absent, |line| Value::Text(line.kind.name())),
            Fact::LineProduct => at_line.map_or(Value::Absent, |line| Value::Text(&line.product)),
            Fact::LineCategory => text_or_absent(at_line.and_then(|line| line.category.as_deref())),
            Fact::LineBrand => text_or_absent(at_line.and_then(|line| line.brand.as_deref())),
            Fact::LineQuantity => at_line.map_or(Value::Absent, |line| {
                Value::Decimal(i128::from(line.quantity.units()) * 1_000)
            }),
            Fact::LineUnitPrice => at_line.map_or(Value::Absent, |line| {
                self.minor_units(i128::from(line.unit_price.units()))
            }),
            Fact::LineAmount => {
                let amount = line.and_then(|line| self.amounts.get(line));
                amount.map_or(Value::Absent, |amount| self.minor_units(i128::from(amount.units())))
            }
            Fact::ActionField(index) => declared(
                self.action
                    .and_then(|action| self.programme.actions.get(action))
                    .and_then(|action| action.fields.get(usize::from(index)))
                    .and_then(|(key, _)| self.fields?.get(key)),
            ),
            Fact::NowHour => Value::Int(i64::from(self.hour)),
            _ => fact.of_date(self.day).unwrap_or_else(|| self.member_fact(fact)),
        }
    }

    /// The same answers as of `fact`, by a way that is short enough for a loop.
    #[inline]
    fn line_text(&self, fact: &Fact, line: usize) -> Result<Option<&str>, EvaluateError> {
        let line = self.lines.get(line);
        Ok(match fact {
            Fact::LineKind => line.map(|line| line.kind.name()),
            Fact::LineProduct => line.map(|line| line.product.as_str()),
            Fact::LineCategory => line.and_then(|line| line.category.as_deref()),
            Fact::LineBrand => line.and_then(|line| line.brand.as_deref()),
            _ => None,
        })
    }

    /// The same lines as by `line_text`; nearly all others are told apart by their marks.
    fn find_line(&self, texts: &LineTexts, from: usize) -> Result<Option<usize>, EvaluateError> {
        let has_text = |line: usize| -> Result<bool, EvaluateError> {
            Ok(self.line_text(&texts.fact, line)?.is_some_and(|text| texts.has(text)))
        };
        let column = self.marks.column(&texts.fact);
        if let (Some(column), Some(mark)) = (column, texts.only_mark()) {
            for line in column.lines_with(mark, from) {
                if has_text(line as usize)? {
                    return Ok(Some(line as usize));
                }
            }
            return Ok(None);
        }
        let marked = column.map(|column| column.marked);
        let may_have = |line: usize| {
            marked.and_then(|marked| marked.get(line)).is_none_or(|one| texts.may_have(one.mark))
        };
        for line in from..self.lines.len() {
            if may_have(line) && has_text(line)? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// The same lines as by `find_line`. Those with a text are found without the others.
    fn push_lines(&self, texts: &LineTexts, lines: &mut Vec<u32>) -> Result<(), EvaluateError> {
        let Some(column) = self.marks.column(&texts.fact) else {
            return self.push_unmarked(texts, lines);
        };
        let Some(few) = texts.few() else {
            for (line, one) in (0_u32..).zip(column.marked) {
                let text = || self.line_text(&texts.fact, line as usize);
                if texts.may_have(one.mark) && text()?.is_some_and(|text| texts.has(text)) {
                    lines.push(line);
                }
            }
            return Ok(());
        };
        let begin = lines.len();
        let mut looked_for = 0;
        for (mark, wanted) in few {
            looked_for += 1;
            for line in column.lines_of(mark) {
                let text = self.line_text(&texts.fact, line as usize)?;
                if text.is_some_and(|text| same_text(text, wanted)) {
                    lines.push(line);
                }
            }
        }
        if looked_for > 1 {
            lines[begin..].sort_unstable();
        }
        Ok(())
    }

    fn line_count(&self) -> usize {
        self.lines.len()
    }
}

fn text_or_absent(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Absent, Value::Text)
}

fn declared(value: Option<&AttributeValue>) -> Value<'_> {
    match value {
        None => Value::Absent,
        Some(AttributeValue::Text(text)) => Value::Text(text),
        Some(AttributeValue::Integer(number)) => Value::Int(*number),
        Some(AttributeValue::Decimal(number)) => Value::Decimal(i128::from(*number)),
        Some(AttributeValue::Boolean(value)) => Value::Bool(*value),
        Some(AttributeValue::Date(date)) => Value::Date(*date),
    }
}

fn attribute<'a>(programme: &Programme, member: &'a MemberState, index: u16) -> Value<'a> {
    let attribute = programme.attributes.get(usize::from(index));
    declared(attribute.and_then(|attribute| member.attributes.get(&attribute.key)))
}

/// How many millionths one unit of `10^-decimals` is; decimals are at most six.
fn millionths_per_unit(decimals: u8) -> i128 {
    const BY_DECIMALS: [i128; 7] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    BY_DECIMALS.get(usize::from(decimals)).copied().unwrap_or(1)
}

/// How many sums of the history are kept for the length of a decision.
const SUMS_REMEMBERED: usize = 4;

/// Whose sums were asked for: the window and the day that it ends with, the kind of points.
type Asked = (Window, Date, Option<u16>);

/// Sums of one member's history. The tier after a decision asks for those of the tier before.
#[derive(Debug, Default)]
struct Sums([Cell<Option<(Asked, Measures)>>; SUMS_REMEMBERED]);

impl Sums {
    fn of(&self, asked: Asked, add_up: impl FnOnce() -> Measures) -> Measures {
        let place = self.0.iter().find(|place| place.get().is_none_or(|(of, _)| of == asked));
        let sums = place.and_then(Cell::get).map_or_else(add_up, |(_, sums)| sums);
        if let Some(place) = place {
            place.set(Some((asked, sums)));
        }
        sums
    }
}

/// The history of a member, with what a decision adds to it where that is asked for.
#[derive(Debug)]
struct History<'a> {
    member: &'a MemberState,
    sums: &'a Sums,
    extra: Option<&'a Extra<'a>>,
}

impl History<'_> {
    /// Sums over the history up to and including `day`.
    fn answer(&self, programme: &Programme, day: Date, fact: &Fact) -> Value<'static> {
        // Every window that ends with a day holds that day, so what is extra on it always counts.
        let extra = self.extra.filter(|extra| extra.day == day);
        let all = |window: Window| {
            self.sums.of((window, day, None), || self.member.measures(window, day, None))
        };
        match *fact {
            Fact::MemberVisits(window) => {
                Value::Int(all(window).visits + extra.map_or(0, |extra| extra.visits))
            }
            Fact::MemberSpent(window) => Value::Decimal(
                (all(window).spent + extra.map_or(0, |extra| extra.spent))
                    * millionths_per_unit(programme.currency.exponent()),
            ),
            Fact::MemberEarned { points, window } => {
                let Some(kind) = programme.points.get(usize::from(points)) else {
                    return Value::Absent;
                };
                let key = &kind.key;
                let add_up = || self.member.measures(window, day, Some(key));
                let earned = self.sums.of((window, day, Some(points)), add_up).earned
                    + extra.map_or(0, |extra| extra.earned(&kind.key));
                Value::Decimal(earned * millionths_per_unit(kind.decimals))
            }
            _ => tenure_fact(programme, self.member, day, fact).unwrap_or(Value::Absent),
        }
    }
}

/// What a decision adds to the history of one day and that is not booked yet.
#[derive(Debug)]
pub struct Extra<'a> {
    pub day: Date,
    pub visits: i64,
    pub spent: i128,
    pub effects: &'a [Effect],
}

impl Extra<'_> {
    fn earned(&self, key: &Key) -> i128 {
        let of_kind = self.effects.iter().map(|effect| match effect {
            Effect::Earn { points, amount, .. } if points == key => i128::from(amount.units()),
            _ => 0,
        });
        of_kind.sum()
    }
}

/// The measure of a ladder sees the history of one member up to one day, and what never
/// changes of the member. The reader refuses measures that ask for more.
struct MeasureFacts<'a> {
    programme: &'a Programme,
    history: &'a History<'a>,
    day: Date,
}

impl Facts for MeasureFacts<'_> {
    fn fact(&self, fact: &Fact, _line: Option<usize>) -> Value<'_> {
        match *fact {
            Fact::MemberKnown => Value::Bool(true),
            Fact::MemberReferred => Value::Bool(self.history.member.referral.is_some()),
            Fact::MemberJoined => Value::Date(self.history.member.joined),
            Fact::MemberKind => Value::Text(self.history.member.kind.name()),
            Fact::MemberAttribute(index) => attribute(self.programme, self.history.member, index),
            _ => self.history.answer(self.programme, self.day, fact),
        }
    }

    fn line_count(&self) -> usize {
        0
    }
}

/// The measure of a ladder on a day, in millionths.
pub fn measure_on(
    programme: &Programme,
    ladder: &Ladder,
    member: &MemberState,
    day: Date,
) -> Result<i128, CalendarError> {
    let history = History { member, sums: &Sums::default(), extra: None };
    measure_with(programme, ladder, &history, day)
}

fn measure_with(
    programme: &Programme,
    ladder: &Ladder,
    history: &History<'_>,
    day: Date,
) -> Result<i128, CalendarError> {
    let facts = MeasureFacts { programme, history, day };
    ladder.measure.evaluate_number(&facts).map_err(|_| CalendarError)
}

/// The rank of the tier that a member has on a day.
///
/// It is the highest tier that the measure reached between the first day whose tier is still
/// kept and the day itself. Nothing is stored of it: a return, a late receipt or the passing
/// of time change the answer by changing the history, and no job is ever late.
pub fn tier_on(
    programme: &Programme,
    ladder: &Ladder,
    member: &MemberState,
    day: Date,
) -> Result<u16, CalendarError> {
    let history = History { member, sums: &Sums::default(), extra: None };
    tier_with(programme, ladder, &history, day)
}

fn tier_with(
    programme: &Programme,
    ladder: &Ladder,
    history: &History<'_>,
    day: Date,
) -> Result<u16, CalendarError> {
    let set = history.member.hand_tiers.get(&ladder.key).filter(|set| set.holds_on(day));
    let set = set.and_then(|set| ladder.tiers.iter().position(|tier| tier.key == set.tier));
    let paid = least_tier(programme, ladder, history.member, day);
    let Some(set) = set else {
        return Ok(measured_tier(programme, ladder, history, day)?.max(paid));
    };
    let set = u16::try_from(set).map_err(|_| CalendarError)?;
    match ladder.by_hand {
        ByHand::Frozen => Ok(set),
        ByHand::Floor => Ok(measured_tier(programme, ladder, history, day)?.max(set).max(paid)),
    }
}

/// How many tiers above the lowest a measure reaches.
fn reached(ladder: &Ladder, measure: i128) -> usize {
    ladder.tiers.iter().skip(1).filter(|tier| tier.from <= measure).count()
}

/// At least the largest measure of the days from the first to the last, in millionths, where
/// the measure is nothing but one sum. What a decision adds counts on the last day alone, which
/// is looked at by itself.
fn most_measured(
    programme: &Programme,
    ladder: &Ladder,
    history: &History<'_>,
    days: (Option<Date>, Date),
) -> Option<i128> {
    let most = |window, points| history.member.measures_at_most(window, days, points);
    Some(match ladder.measure.only_fact()? {
        Fact::MemberVisits(window) => i128::from(most(window, None).visits) * 1_000_000,
        Fact::MemberSpent(window) => {
            most(window, None).spent * millionths_per_unit(programme.currency.exponent())
        }
        Fact::MemberEarned { points, window } => {
            let kind = programme.points.get(usize::from(points))?;
            most(window, Some(&kind.key)).earned * millionths_per_unit(kind.decimals)
        }
        _ => return None,
    })
}

fn measured_tier(
    programme: &Programme,
    ladder: &Ladder,
    history: &History<'_>,
    day: Date,
) -> Result<u16, CalendarError> {
    let rank_on = |day: Date| -> Result<u16, CalendarError> {
        let measure = measure_with(programme, ladder, history, day)?;
        u16::try_from(reached(ladder, measure)).map_err(|_| CalendarError)
    };
    if ladder.keep == Keep::AtOnce && ladder.grace == Period::NONE {
        return rank_on(day);
    }
    let mut rank = rank_on(day)?;
    let no_better = |days| {
        let most = most_measured(programme, ladder, history, days);
        most.is_some_and(|most| reached(ladder, most) <= usize::from(rank))
    };
    if no_better((None, day)) {
        // Most members: nothing they ever did adds up to more, whichever days are still kept.
        return Ok(rank);
    }
    let graced = ladder.grace.before(day)?;
    let kept_from = match ladder.keep {
        Keep::AtOnce => Some(graced),
        Keep::Until { unit, following } => {
            let mut first = unit.first_day(graced)?;
            for _ in 0..following {
                first = unit.first_day(first.yesterday().map_err(|_| CalendarError)?)?;
            }
            Some(first)
        }
        Keep::Always => None,
    };
    if kept_from.is_some() && no_better((kept_from, day)) {
        // Nearly every member: no day that is still kept can have been better.
        return Ok(rank);
    }
    let top = u16::try_from(ladder.tiers.len().saturating_sub(1)).unwrap_or(u16::MAX);
    // A measure made of sums can only rise on days with activity, so these days suffice,
    // together with the first one, which may have inherited a high measure.
    if let Some(first) = kept_from {
        rank = rank.max(rank_on(first)?);
    }
    for kept in history.member.days.iter().rev().skip_while(|kept| kept.day >= day) {
        if rank == top || kept_from.is_some_and(|first| kept.day < first) {
            break;
        }
        rank = rank.max(rank_on(kept.day)?);
    }
    Ok(rank)
}
