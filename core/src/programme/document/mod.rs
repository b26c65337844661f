//! From the text to the checked programme.

mod companies;
mod discount;
mod ending;
mod entitlement;
mod games;
mod instrument;
mod ladder;
mod limit;
mod occasion;
mod partner;
mod people;
mod points;
mod reward;
mod rule;
mod staff;

use super::findings;
use super::problem::{Problem, Severity, Source};
use super::reader::{Fields, Node, Reader};
use super::{
    ActionKind, Attribute, Benefit, Campaign, EventKind, InstrumentDefinition, Ladder, Membership,
    Occasion, OwnPoints, Partner, PointKind, PointsOnlyReceipt, Programme, RewardDiscount,
    RuleIndex, Settings,
};
use crate::condition::{self, Condition, Environment, Expected, MEMBER_NAMES, Scope, Type};
use crate::values::{Currency, Key, Period, Texts, Zone};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::DeTable;

/// The longest programme text, in bytes.
const TEXT_BYTES_MAX: usize = 4_000_000;

/// The result of reading a text: a programme, or the problems that stand against it.
#[derive(Debug)]
pub struct Reading {
    /// There where no remark is an error.
    pub programme: Option<Programme>,
    pub remarks: Vec<Problem>,
}

/// Reads a programme text. `file` is only its name in the remarks.
#[must_use]
pub fn read(file: &str, text: &str) -> Reading {
    let source = Source { file, text };
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("the text is longer than {TEXT_BYTES_MAX} bytes");
        let problem =
            source.problem(Severity::Error, &(0..0), message, "split the programme".to_owned());
        return Reading { programme: None, remarks: vec![problem] };
    }
    let (table, syntax_errors) = DeTable::parse_recoverable(text);
    let reader = Reader::new(source);
    for error in &syntax_errors {
        let span = error.span().unwrap_or(0..0);
        reader.error(span, format!("not TOML: {}", error.message()), "see toml.io for the syntax");
    }
    let programme = if syntax_errors.is_empty() {
        let fields = Fields::new(&reader, table.get_ref(), 0..0, "the programme");
        read_programme(&reader, fields)
    } else {
        // What the parser recovered may lack whole tables: problems about them would mislead.
        None
    };
    let programme = programme.filter(|_| reader.is_sound());
    // Of half a programme, findings would tell what is merely not read.
    if let Some(programme) = &programme {
        findings::find(&reader, table.get_ref(), programme);
    }
    Reading { programme, remarks: reader.into_problems() }
}

/// What a part of the programme may refer to while it is read.
pub(super) struct Declared<'p> {
    pub currency: Currency,
    pub zone: &'p Zone,
    pub points: &'p [PointKind],
    pub attributes: &'p [Attribute],
    pub actions: &'p [ActionKind],
    pub benefits: &'p [Benefit],
    pub instruments: &'p [InstrumentDefinition],
    pub ladders: &'p [Ladder],
    pub settings: Settings,
    pub campaigns: &'p [Campaign],
    pub partners: &'p [Partner],
    pub memberships: &'p [Membership],
    /// What of the calendar rules wait for, gathered while they are read.
    pub occasions: &'p RefCell<Vec<Occasion>>,
}

impl Declared<'_> {
    pub fn point_keys(&self) -> Vec<&str> {
        self.points.iter().map(|kind| kind.key.as_str()).collect()
    }

    pub fn campaign_keys(&self) -> Vec<&str> {
        self.campaigns.iter().map(|campaign| campaign.key.as_str()).collect()
    }

    pub fn benefit_keys(&self) -> Vec<&str> {
        self.benefits.iter().map(|benefit| benefit.key.as_str()).collect()
    }

    pub fn environment(&self, scope: Scope, action: Option<usize>) -> Environment {
        let action = action.and_then(|action| self.actions.get(action));
        let memberships = self.memberships;
        environment_of(scope, self.points, self.attributes, self.ladders, memberships, action)
    }
}

/// The names that a condition may use.
pub(super) fn environment_of(
    scope: Scope,
    points: &[PointKind],
    attributes: &[Attribute],
    ladders: &[Ladder],
    memberships: &[Membership],
    action: Option<&ActionKind>,
) -> Environment {
    let text = |key: &Key| key.as_str().to_owned();
    Environment {
        scope,
        ladders: ladders
            .iter()
            .map(|ladder| {
                (text(&ladder.key), ladder.tiers.iter().map(|tier| text(&tier.key)).collect())
            })
            .collect(),
        points: points.iter().map(|kind| text(&kind.key)).collect(),
        attributes: attributes
            .iter()
            .map(|attribute| (text(&attribute.key), attribute.value_type))
            .collect(),
        action_fields: action.map_or_else(Vec::new, |action| {
            action.fields.iter().map(|(key, value_type)| (text(key), *value_type)).collect()
        }),
        memberships: memberships.iter().map(|membership| text(&membership.key)).collect(),
    }
}

/// What every programme begins with.
struct Head {
    key: Option<Key>,
    name: Texts,
    currency: Option<Currency>,
    zone: Option<Zone>,
    backdating: Option<Period>,
}

fn read_head<'a>(reader: &Reader<'a>, fields: &mut Fields<'_, 'a>) -> Head {
    if let Some(node) = fields.required("format", "1") {
        reader.decimal_within(node, 0, 1..=1, "1, the only format so far");
    }
    let key = fields.required("id", "\"my-programme\"").and_then(|node| reader.key(node));
    let name = fields
        .required("name", "{ en = \"My programme\" }")
        .map(|node| reader.texts(node, false))
        .unwrap_or_default();
    let currency =
        fields.required("currency", "\"EUR\"").and_then(|node| read_currency(reader, node));
    let zone =
        fields.required("timezone", "\"Europe/Oslo\"").and_then(|node| read_zone(reader, node));
    let backdating =
        fields.optional("backdating").map_or(Some(DEFAULT_BACKDATING), |node| reader.period(node));
    Head { key, name, currency, zone, backdating }
}

/// The tables that are read when what they may name is known.
struct Tables<'a> {
    instruments: Vec<(Key, Range<usize>, Node<'a>)>,
    ladders: Vec<(Key, Range<usize>, Node<'a>)>,
    rules: Option<Node<'a>>,
    rewards: Option<Node<'a>>,
    campaigns: Vec<(Key, Range<usize>, Node<'a>)>,
}

impl<'a> Tables<'a> {
    fn take(fields: &mut Fields<'_, 'a>) -> Self {
        Self {
            instruments: fields.named("instrument"),
            ladders: fields.named("ladder"),
            rules: fields.optional("rule"),
            rewards: fields.optional("reward"),
            campaigns: fields.named("campaign"),
        }
    }
}

fn read_programme<'a>(reader: &Reader<'a>, mut fields: Fields<'_, 'a>) -> Option<Programme> {
    let Head { key, name, currency, zone, backdating } = read_head(reader, &mut fields);
    let settings = read_settings(reader, &mut fields);
    let stacking = discount::read_stacking(reader, &mut fields);
    let events = read_events(reader, &mut fields);
    let ((mut points, cards), attributes, actions) = (
        points::read_points(reader, &mut fields, &events, settings),
        read_attributes(reader, &mut fields),
        read_actions(reader, &mut fields),
    );
    let entitlement::Beginnings { tenure_from, choices, mut benefits, conditions } =
        entitlement::read_beginnings(reader, &mut fields, &attributes);
    let tables = Tables::take(&mut fields);
    let people = companies::Nodes::take(&mut fields);
    let referral = people::read_referral(reader, &mut fields);
    let game_nodes = games::GameNodes::of(&mut fields, cards);
    let (paid_nodes, credit_nodes) = (fields.named("membership"), fields.named("credit"));
    let ending_node = fields.optional("ending");
    fields.finish();
    // Everything below needs the currency and the zone: without them, each amount and each
    // date would be one more problem that says nothing new.
    let (currency, zone) = (currency?, zone?);
    let occasions = RefCell::default();
    let mut declared = Declared {
        currency,
        zone: &zone,
        points: &points,
        attributes: &attributes,
        actions: &actions,
        benefits: &benefits,
        instruments: &[],
        ladders: &[],
        settings,
        campaigns: &[],
        partners: &[],
        memberships: &[],
        occasions: &occasions,
    };
    let companies = companies::read_companies(reader, &people, currency, &points);
    let partners = partner::read_partners(reader, &people.partners, &points);
    declared.partners = &partners;
    let campaigns = limit::read_campaigns(reader, tables.campaigns, &declared);
    declared.campaigns = &campaigns;
    let instruments = instrument::read_instruments(reader, tables.instruments, &declared, settings);
    declared.instruments = &instruments;
    let ladders = ladder::read_ladders(reader, tables.ladders, &declared);
    declared.ladders = &ladders;
    let staff = staff::read_staff(reader, &people, &declared);
    let memberships = entitlement::read_memberships(reader, paid_nodes, &declared);
    declared.memberships = &memberships;
    let credits = entitlement::read_credits(reader, credit_nodes, &declared);
    let conditions = entitlement::read_conditions(reader, conditions, &declared);
    // Limits count by id, and reasons name it: rules and rewards share their ids' space.
    let mut known = companies::reserved(&companies, &staff);
    let rules = rule::read_rules(reader, tables.rules, &declared, &mut known);
    let rewards = reward::read_rewards(reader, tables.rewards, &declared, &mut known);
    companies::check(reader, &people, (settings, &companies), (&points, &rules, &rewards));
    let ending = ending::read_ending(reader, ending_node, &declared);
    let (games, cards) = game_nodes.read(reader, &declared, &mut known);
    cards.into_iter().for_each(|(position, card)| points[position].card = Some(card));
    entitlement::set_conditions(&mut benefits, conditions);
    Some(Programme {
        key: key?,
        name,
        currency,
        zone: zone.clone(),
        backdating: backdating?,
        settings,
        prices_by_default: settings.prices_by_default(),
        stacking,
        text: reader.source.text.to_owned(),
        index: RuleIndex::build(&rules),
        points,
        attributes,
        actions,
        events,
        benefits,
        instruments,
        ladders,
        rules,
        rewards,
        campaigns,
        companies,
        staff,
        partners,
        referral,
        games,
        tenure_from,
        occasions: occasions.into_inner(),
        choices,
        memberships,
        credits,
        ending,
    })
}

/// Long enough for a till that was without a line for a holiday, short enough that nobody
/// writes a summer's receipts in autumn.
const DEFAULT_BACKDATING: Period = Period { count: 30, unit: crate::values::PeriodUnit::Days };

fn read_settings<'a>(reader: &Reader<'a>, fields: &mut Fields<'_, 'a>) -> Settings {
    let node = fields.optional("settings");
    let Some(mut table) = node.and_then(|node| reader.fields(node, "the settings")) else {
        return Settings::default();
    };
    let span = table.span();
    let settings = Settings::read(&mut table);
    table.finish();
    // Points that are spent on the receipt that earns them are earned before any reward is taken,
    // so that there is no circle: then a reward cannot lower what is earned.
    let lowers = settings.reward_discount == RewardDiscount::LowersBase
        || settings.points_only_receipt == PointsOnlyReceipt::EarnsNothing;
    if settings.own_points == OwnPoints::SameReceipt && lowers {
        reader.error(
            span,
            "points cannot pay on the receipt that earns them and lower what it earns, too",
            "with own_points = \"same-receipt\" write reward_discount = \"keeps-base\" and \
             points_only_receipt = \"earns\"",
        );
    }
    settings
}

fn read_currency<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Currency> {
    let code = reader.text(node)?;
    let currency = Currency::find(code);
    if currency.is_none() {
        reader.error(
            node.span(),
            format!("`{code}` is not a currency of ISO 4217"),
            "three capital letters, such as EUR, NOK, UAH",
        );
    }
    currency
}

fn read_zone<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Zone> {
    let name = reader.text(node)?;
    let zone = Zone::find(name);
    if zone.is_none() {
        reader.error(
            node.span(),
            format!("`{name}` is not a time zone of the IANA database"),
            "a place such as Europe/Kyiv, Europe/Oslo, America/New_York, or UTC",
        );
    }
    zone
}

const VALUE_TYPES: [(&str, Type); 5] = [
    ("text", Type::Text),
    ("integer", Type::Int),
    ("decimal", Type::Decimal),
    ("boolean", Type::Bool),
    ("date", Type::Date),
];

fn read_type<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Type> {
    let words: Vec<(&str, usize)> =
        VALUE_TYPES.iter().enumerate().map(|(position, (word, _))| (*word, position)).collect();
    reader.choice(node, &words).map(|position| VALUE_TYPES[position].1)
}

fn read_attributes(reader: &Reader<'_>, fields: &mut Fields<'_, '_>) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    for (key, span, node) in fields.named("attribute") {
        if MEMBER_NAMES.contains(&key.as_str()) {
            reader.error(span, format!("every member has `{key}` already"), "choose another id");
        }
        let Some(mut table) = reader.fields(node, "the attribute") else { continue };
        let value_type =
            table.required("type", "\"text\"").and_then(|node| read_type(reader, node));
        let name = table.optional("name").map(|node| reader.texts(node, false));
        table.finish();
        if let Some(value_type) = value_type {
            attributes.push(Attribute { key, name: name.unwrap_or_default(), value_type });
        }
    }
    attributes
}

fn read_actions(reader: &Reader<'_>, fields: &mut Fields<'_, '_>) -> Vec<ActionKind> {
    let mut actions = Vec::new();
    for (key, _, node) in fields.named("action") {
        let Some(mut table) = reader.fields(node, "the action") else { continue };
        let name = table
            .required("name", "{ en = \"…\" }")
            .map(|node| reader.texts(node, false))
            .unwrap_or_default();
        let mut action_fields = Vec::new();
        for (field, _, value) in table.named("fields") {
            if let Some(value_type) = read_type(reader, value) {
                action_fields.push((field, value_type));
            }
        }
        table.finish();
        actions.push(ActionKind { key, name, fields: action_fields });
    }
    actions
}

fn read_events(reader: &Reader<'_>, fields: &mut Fields<'_, '_>) -> Vec<EventKind> {
    let mut events = Vec::new();
    for (key, _, node) in fields.named("event") {
        let Some(mut table) = reader.fields(node, "the event") else { continue };
        let name = table
            .required("name", "{ en = \"…\" }")
            .map(|node| reader.texts(node, false))
            .unwrap_or_default();
        table.finish();
        events.push(EventKind { key, name });
    }
    events
}

/// Reads a condition and places its problems where they stand in the programme text.
pub(super) fn read_condition<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    environment: &Environment,
    expected: Expected,
) -> Option<Condition> {
    let text = reader.text(node)?;
    match condition::compile(text, environment, expected) {
        Ok(condition) => Some(condition),
        Err(problems) => {
            for problem in problems {
                let span = reader.span_inside(node, problem.at, problem.length);
                reader.error(span, problem.message, problem.hint);
            }
            None
        }
    }
}

/// Refuses a second use of one id. The first one stands.
pub(super) fn is_new_key(
    reader: &Reader<'_>,
    key: &Key,
    span: Range<usize>,
    known: &mut BTreeSet<Key>,
) -> bool {
    let is_new = known.insert(key.clone());
    if !is_new {
        reader.error(span, format!("the id `{key}` is used twice"), "ids are unique");
    }
    is_new
}
