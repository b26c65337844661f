//! Rules: `[[rule]]`.

use super::companies::read_split_of;
use super::discount::{read_discount, read_percent};
use super::limit::read_limits_of;
use super::people::read_sharing;
use super::{Declared, entitlement, games, instrument, is_new_key, occasion, read_condition};
use crate::condition::{Condition, Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Audience, DiscountOrder, Discounting, EarnAmount, Earning, EarningBase, Rule, Schedule, Trigger,
};
use crate::values::{Key, Period, Points, Rate};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;
use std::ops::Range;

pub fn read_rules<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    declared: &Declared<'_>,
    known: &mut BTreeSet<Key>,
) -> Vec<Rule> {
    let (mut rules, mut groups) = (Vec::new(), BTreeSet::<Key>::new());
    for node in node.map(|node| reader.list(node)).unwrap_or_default() {
        let Some(table) = reader.fields(node, "the rule") else { continue };
        let Some(mut rule) = read_rule(reader, table, declared) else { continue };
        if let Some(group) = &mut rule.group {
            // One key for all rules of a group: that two are of one is then seen without reading.
            match groups.get(group) {
                Some(known) => *group = known.clone(),
                None => groups.extend([group.clone()]),
            }
        }
        if is_new_key(reader, &rule.key, node.span(), known) {
            rules.push(rule);
        }
    }
    // A total order that does not depend on the place in the file (I16).
    let lines_first = declared.settings.order == DiscountOrder::LinesFirst;
    let on_receipt = |rule: &Rule| {
        let whole = |discount: &Discounting| discount.filter.is_none() && !discount.has_parts();
        lines_first && rule.discount.as_ref().is_some_and(whole)
    };
    let order = |rule: &Rule| (on_receipt(rule), rule.priority);
    rules.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key)));
    rules
}

fn read_rule<'a>(
    reader: &Reader<'a>,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Rule> {
    let key = table.required("id", "\"my-rule\"").and_then(|node| reader.key(node));
    let name = table.optional("name").map(|node| reader.texts(node, false));
    let on_node = table.required("on", "\"purchase\"");
    let on = on_node.and_then(|node| read_trigger(reader, node, &mut table, declared));
    let audience = read_audience(reader, &mut table);
    let schedule = read_schedule(reader, &mut table, declared);
    let when = read_when(reader, &mut table, declared, on);
    let (span, earn_node) = (table.span(), table.optional("earn"));
    let earn = earn_node.map_or_else(Vec::new, |node| {
        reader
            .one_or_more(node)
            .into_iter()
            .filter_map(|node| read_earning(reader, node, declared, on))
            .collect()
    });
    let discount_node = table.optional("discount");
    let discount = discount_node.and_then(|node| read_discount(reader, node, declared));
    let offer = table.optional("offer").map(|node| reader.texts(node, false));
    let (coupon_node, issue_node) = (table.optional("coupon"), table.optional("issue"));
    let coupon = coupon_node.and_then(|node| instrument::read_coupon_of(reader, node, declared));
    let issue = issue_node.and_then(|node| instrument::read_issuing(reader, node, declared));
    let share_node = table.optional("share");
    let share = share_node.and_then(|node| read_sharing(reader, node, declared));
    let (plays, win, surprise) = games::read_plays(reader, &mut table, declared);
    let group_node = table.optional("group");
    let group = group_node.and_then(|node| reader.key(node));
    let benefit_node = table.optional("benefit");
    let benefit = benefit_node.and_then(|node| entitlement::read_granting(reader, node, declared));
    let mut says = |key| table.optional(key).and_then(|node| reader.boolean(node)).unwrap_or(false);
    let (exclusive, hidden) = (says("exclusive"), says("hidden"));
    let announce_node = table.optional("announce");
    let announce = announce_node.and_then(|node| read_announce(reader, node));
    let priority = table
        .optional("priority")
        .and_then(|node| {
            reader.decimal_within(node, 0, -1_000_000..=1_000_000, "between -1000000 and 1000000")
        })
        .unwrap_or(0);
    let limits = read_limits_of(reader, &mut table, declared);
    let campaign = table
        .optional("campaign")
        .and_then(|node| reader.reference(node, "campaign", &declared.campaign_keys()));
    let split = read_split_of(reader, &mut table, on);
    table.finish();
    let said = Said {
        on,
        audience,
        earn: earn_node,
        discount: discount_node,
        coupon: coupon_node,
        announce: announce_node,
        share: share_node,
        plays,
        is_of_group: group_node.is_some(),
        grouped: group.is_some(),
        offers: offer.is_some() || issue_node.is_some() || benefit_node.is_some(),
        begins: schedule.from.is_some(),
        hidden,
        exclusive,
    };
    check_said(reader, span, &said);
    Some(Rule {
        key: key?,
        name: name.unwrap_or_default(),
        on: on?,
        audience,
        schedule,
        when,
        earn,
        discount,
        offer,
        coupon,
        issue,
        share: share.map(Box::new),
        win,
        surprise,
        benefit,
        group,
        exclusive,
        hidden,
        announce,
        priority,
        limit: limits.member,
        quotas: limits.quotas,
        campaign,
        split,
    })
}

fn read_audience<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>) -> Audience {
    let words = [
        ("members", Audience::Members),
        ("guests", Audience::Guests),
        ("everyone", Audience::Everyone),
    ];
    let read = table.optional("for").and_then(|node| reader.choice(node, &words));
    read.unwrap_or(Audience::Members)
}

/// The condition of a rule; what it may speak of follows from what the rule waits for.
fn read_when<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
    on: Option<Trigger>,
) -> Option<Condition> {
    let (scope, action) = match on {
        Some(Trigger::Action(action)) => (Scope::ACTION, Some(action)),
        Some(Trigger::Joining) => (Scope::JOINING, None),
        Some(Trigger::Occasion(_)) => (Scope { time: true, ..Scope::MEASURE }, None),
        _ => (Scope::PURCHASE, None),
    };
    let environment = declared.environment(scope, action);
    let node = table.optional("when")?;
    read_condition(reader, node, &environment, Expected::Bool)
}

/// What a rule says, by what stands there: what cannot be read is a problem of its own.
struct Said<'a> {
    on: Option<Trigger>,
    audience: Audience,
    earn: Option<Node<'a>>,
    discount: Option<Node<'a>>,
    coupon: Option<Node<'a>>,
    announce: Option<Node<'a>>,
    share: Option<Node<'a>>,
    /// A win or a surprise.
    plays: Option<Node<'a>>,
    is_of_group: bool,
    offers: bool,
    grouped: bool,
    begins: bool,
    hidden: bool,
    exclusive: bool,
}

/// Finds what makes no sense together.
fn check_said(reader: &Reader<'_>, span: Range<usize>, said: &Said<'_>) {
    if said.on == Some(Trigger::Joining) && said.discount.or(said.coupon).is_some() {
        let hint = "give it `earn`, `issue` or `offer`, or use on = \"purchase\"";
        reader.error(span.clone(), "whoever joins has bought nothing yet", hint);
    }
    if let (Some(node), Some(Trigger::Action(_) | Trigger::Joining)) = (said.share, said.on) {
        let hint = "share = { … } stands in rules with on = \"purchase\"";
        reader.error(node.span(), "only purchases are shared", hint);
    }
    if said.discount.is_some() && matches!(said.on, Some(Trigger::Action(_))) {
        reader.error(span.clone(), "an action has no price to discount", "use on = \"purchase\"");
    }
    if let (Some(node), Some(Trigger::Action(_))) = (said.coupon, said.on) {
        reader.error(node.span(), "no coupon comes with an action", "use on = \"purchase\"");
    }
    if let Some(Trigger::Occasion(_)) = said.on {
        let hint = "use on = \"purchase\", with a condition such as today.month == 5";
        if said.discount.is_some() {
            reader.error(span.clone(), "an occasion has no price to discount", hint);
        }
        if let Some(node) = said.coupon {
            reader.error(node.span(), "no coupon comes with an occasion", hint);
        }
        if said.audience != Audience::Members {
            reader.error(span.clone(), "occasions come to members alone", "leave `for` out");
        }
    }
    if let Some(node) = said.announce {
        if !said.begins {
            let hint = "say from when the rule is in force";
            reader.error(node.span(), "there is nothing to announce", hint);
        }
        if said.hidden {
            let hint = "leave one of `hidden` and `announce` out";
            reader.error(node.span(), "a hidden rule is not announced", hint);
        }
    }
    if said.exclusive && said.discount.is_none() {
        let hint = "`exclusive` speaks of a discount; other rules exclude each other by `group`";
        reader.error(span.clone(), "there is no discount to stand alone", hint);
    }
    let is_empty = |node: Node<'_>| node.get_ref().as_array().is_some_and(|list| list.is_empty());
    let earns = said.earn.is_some_and(|node| !is_empty(node));
    let shares = said.share.is_some();
    if let (Some(node), true) = (said.plays, said.is_of_group) {
        let hint = "leave `group` out; `limit` says how often it is given";
        reader.error(node.span(), "chance and taste exclude no other rule", hint);
    }
    let does_more = shares || said.plays.is_some();
    if !earns && said.discount.is_none() && !said.offers && !does_more {
        let hint =
            "give it `earn`, `discount`, `offer`, `issue`, `benefit`, `share`, `win` or `surprise`";
        reader.error(span.clone(), "the rule does nothing", hint);
    }
    if shares && said.grouped && !earns && said.discount.is_none() {
        let hint = "rules of a group exclude each other by what they give the member";
        reader.error(span.clone(), "a share alone stands in no group", hint);
    }
    if said.audience == Audience::Guests && shares {
        reader.error(span.clone(), "nobody brought a guest", "use for = \"members\"");
    }
    if said.audience == Audience::Guests && earns {
        reader.error(span, "guests have no account to earn on", "use for = \"members\"");
    }
}

/// `7 days before`.
fn read_announce<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Period> {
    let text = reader.text(node)?;
    let period = text.strip_suffix(" before").and_then(Period::parse);
    if period.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` does not say how early members are told"),
            "write `7 days before`",
        );
    }
    period
}

fn read_trigger<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Trigger> {
    let text = reader.text(node)?;
    if text == "purchase" {
        return Some(Trigger::Purchase);
    }
    if text == "joining" {
        return Some(Trigger::Joining);
    }
    if let Some(read) = occasion::read_occasion(reader, node, text, table, declared) {
        return read;
    }
    let Some(action) = text.strip_prefix("action:") else {
        reader.error(
            node.span(),
            format!("`{text}` is nothing that a rule can wait for"),
            format!(
                "`purchase`, `joining`, `action:` and the id of a declared action, or an occasion: {}",
                occasion::words()
            ),
        );
        return None;
    };
    let keys: Vec<&str> = declared.actions.iter().map(|action| action.key.as_str()).collect();
    reader.reference_to(action, node.span(), "action", &keys).map(Trigger::Action)
}

fn read_earning<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    on: Option<Trigger>,
) -> Option<Earning> {
    let mut table = reader.fields(node, "the earning")?;
    let keys = declared.point_keys();
    let points = table
        .required("points", "\"points\"")
        .and_then(|node| reader.reference(node, "point kind", &keys));
    let decimals = points.map_or(0, |points| declared.points[points].decimals);
    let give_node = table.optional("give");
    let give = give_node.filter(|_| points.is_some()).and_then(|node| {
        reader.decimal_within(node, decimals, 1..=1_000_000_000_000, "above zero").map(Points::new)
    });
    let per_node = table.optional("per");
    // `per = "piece"` is a fixed amount for each of them.
    let per_piece = per_node.is_some_and(|node| node.get_ref().as_str() == Some("piece"));
    let per_node = per_node.filter(|_| !per_piece);
    let per = per_node.and_then(|node| reader.money(node, declared.currency));
    let steps = table
        .optional("steps")
        .and_then(|node| reader.choice(node, &[("full", true), ("proportional", false)]));
    let percent_node = table.optional("percent");
    let percent = percent_node.and_then(|node| read_percent(reader, node));
    let times_node = table.optional("times");
    let times = times_node.and_then(|node| {
        let range = 1..=1_000 * Rate::ONE.units();
        reader.decimal_within(node, Rate::DECIMALS, range, "above 0, at most 1000").map(Rate::new)
    });
    let environment = declared.environment(Scope::LINES, None);
    let filter_node = table.optional("where");
    let filter =
        filter_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let bounds = read_bounds(reader, &mut table, decimals);
    let base_node = table.optional("base");
    let base = base_node.and_then(|node| reader.choice(node, EarningBase::ANSWERS));
    let span = table.span();
    table.finish();
    if steps.is_some() && per_node.is_none() {
        reader.error(span.clone(), "`steps` speaks of `per`, which is missing", "");
    }
    // By what stands there, not by what could be read: that has its own problem already.
    let stands = [give_node, per_node, percent_node, times_node].map(|node| node.is_some());
    let amount = match stands {
        [true, true, false, false] => give.zip(per).map(|(give, per)| EarnAmount::PerAmount {
            give,
            per,
            steps: steps.unwrap_or(true),
        }),
        [true, false, false, false] => give.map(EarnAmount::Fixed),
        [false, false, true, false] => percent.map(EarnAmount::Percent),
        [false, false, false, true] => times.map(EarnAmount::Times),
        _ => {
            reader.error(
                span,
                "it is not clear how much is earned",
                "exactly one of: give; give and per; percent; times",
            );
            return None;
        }
    };
    let by_amount = stands != [true, false, false, false];
    let on_receipt = filter_node.is_some() || bounds.stand || base_node.is_some() || per_piece;
    if per_piece && stands != [true, false, false, false] {
        reader.error(span, "`per = \"piece\"` needs `give`, and nothing else", "");
        return None;
    }
    if matches!(on, Some(Trigger::Action(_))) && (by_amount || on_receipt) {
        reader.error(span, "an action has no amount to earn by", "use `give` alone");
        return None;
    }
    if on == Some(Trigger::Joining) && (by_amount || on_receipt) {
        reader.error(span, "joining has no amount to earn by", "use `give` alone");
        return None;
    }
    if matches!(on, Some(Trigger::Occasion(_))) && (by_amount || on_receipt) {
        reader.error(span, "an occasion has no amount to earn by", "use `give` alone");
        return None;
    }
    let of_others = times_node.is_some();
    if of_others && (bounds.stand || base_node.is_some()) {
        reader.error(
            span,
            "`times` multiplies what other rules give, it gives nothing that could be bounded",
            "write `at_least`, `at_most` and `base` where the points are given",
        );
        return None;
    }
    let Bounds { at_least, at_most, .. } = bounds;
    Some(Earning { points: points?, amount: amount?, filter, base, at_least, at_most, per_piece })
}

/// The least and the most that an earning gives on a receipt.
struct Bounds {
    at_least: Option<Points>,
    at_most: Option<Points>,
    /// Whether the text has any.
    stand: bool,
}

fn read_bounds<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>, decimals: u8) -> Bounds {
    let (least_node, most_node) = (table.optional("at_least"), table.optional("at_most"));
    let read = |node: Option<Node<'a>>| {
        let node = node?;
        let range = 1..=1_000_000_000_000;
        reader.decimal_within(node, decimals, range, "above zero").map(Points::new)
    };
    let (at_least, at_most) = (read(least_node), read(most_node));
    if let (Some(least), Some(most), Some(node)) = (at_least, at_most, most_node)
        && most < least
    {
        reader.error(node.span(), "`at_most` is below `at_least`", "exchange them");
    }
    Bounds { at_least, at_most, stand: least_node.is_some() || most_node.is_some() }
}

const WEEKDAYS: [(&str, usize); 7] = [
    ("monday", 0),
    ("tuesday", 1),
    ("wednesday", 2),
    ("thursday", 3),
    ("friday", 4),
    ("saturday", 5),
    ("sunday", 6),
];

fn read_schedule<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Schedule {
    let from_node = table.optional("from");
    let until_node = table.optional("until");
    let from = from_node.and_then(|node| read_moment(reader, node, declared, false));
    let until = until_node.and_then(|node| read_moment(reader, node, declared, true));
    if let (Some(from), Some(until), Some(node)) = (from, until, until_node)
        && until <= from
    {
        reader.error(node.span(), "the rule ends before it begins", "exchange `from` and `until`");
    }
    let weekdays = table.optional("weekdays").map(|node| {
        let mut days = [false; 7];
        if node.get_ref().as_array().is_some_and(|days| days.is_empty()) {
            let hint = "name at least one day, or leave `weekdays` out";
            reader.error(node.span(), "the rule is in force on no day", hint);
        }
        for node in reader.one_or_more(node) {
            if let Some(day) = reader.choice(node, &WEEKDAYS) {
                days[day] = true;
            }
        }
        days
    });
    let hours = table.optional("hours").map_or_else(Vec::new, |node| {
        reader.one_or_more(node).into_iter().filter_map(|node| read_hours(reader, node)).collect()
    });
    Schedule { from, until, weekdays, hours }
}

/// A date, a local date and time, or a moment with its offset. A date as an end counts whole.
pub(super) fn read_moment<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    is_end: bool,
) -> Option<Timestamp> {
    let value = node.get_ref();
    let text = match value.as_datetime() {
        Some(moment) => moment.to_string(),
        None => reader.text(node)?.to_owned(),
    };
    let moment = if let Ok(moment) = text.parse::<Timestamp>() {
        Some(moment)
    } else if let (Ok(day), true) = (text.parse::<Date>(), text.len() == 10) {
        if is_end { declared.zone.end_of_day(day) } else { declared.zone.start_of_day(day) }.ok()
    } else {
        text.parse::<DateTime>().ok().and_then(|local| declared.zone.instant(local).ok())
    };
    if moment.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` is neither a date nor a moment"),
            "write 2027-02-14, or 2027-02-14T18:00:00 in the programme's time zone",
        );
    }
    moment
}

fn read_hours<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<(u16, u16)> {
    let text = reader.text(node)?;
    let minute = |clock: &str| -> Option<u16> {
        let (hour, minute) = clock.split_once(':')?;
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !two_digits(hour) || !two_digits(minute) {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    };
    let span = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    if span.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` is not a span of hours"),
            "write 14:00-16:00; 22:00-02:00 goes on past midnight",
        );
    }
    span
}
