//! A programme as plain values, and its text.

use std::fmt::Write as _;
use symbolon_core::programme::Settings;
use symbolon_core::values::{CalendarUnit, Currency, Rounding, format_decimal};

/// What is sold: each product with its category.
pub const PRODUCTS: [(&str, Option<&str>); 4] =
    [("tea", Some("drink")), ("milk", Some("drink")), ("bread", Some("food")), ("pot", None)];

#[derive(Debug, Clone)]
pub struct Shape {
    pub currency: &'static str,
    pub zone: &'static str,
    pub settings: Settings,
    pub kinds: Vec<KindShape>,
    pub ladder: Option<LadderShape>,
    pub rules: Vec<RuleShape>,
    pub rewards: Vec<RewardShape>,
    pub most_rules: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct KindShape {
    pub decimals: u8,
    pub rounding: Rounding,
    pub forgives: bool,
    pub pending: Option<&'static str>,
    pub end: End,
    /// In millionths of a unit of money.
    pub worth: Option<i64>,
}

/// Periods stand as the programme writes them.
#[derive(Debug, Clone, Copy)]
pub enum End {
    Never,
    AfterEarning(&'static str),
    AfterCalendar(CalendarUnit, Option<&'static str>),
    AfterActivity(&'static str),
}

#[derive(Debug, Clone)]
pub struct LadderShape {
    pub measure: Measure,
    /// The first is everybody's; the others have a threshold in whole units.
    pub tiers: Vec<TierShape>,
    pub kept: Kept,
    pub grace: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
pub enum Measure {
    Spent(Option<u16>),
    Visits(Option<u16>),
    EarnedFirstKind(Option<u16>),
}

#[derive(Debug, Clone)]
pub struct TierShape {
    pub from: i64,
    /// Of the first kind, in millionths.
    pub multiplies: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub enum Kept {
    AtOnce,
    Until(CalendarUnit, bool),
    Always,
}

#[derive(Debug, Clone)]
pub struct RuleShape {
    pub on_action: bool,
    pub everyone: bool,
    pub when: Option<When>,
    /// Monday and the days after it.
    pub weekdays: Option<u8>,
    pub earn: Vec<Earn>,
    pub discount: Option<Discount>,
    pub group: Option<u8>,
    pub exclusive: bool,
    pub priority: i8,
    pub limit: Option<LimitShape>,
}

#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Whole units of the currency.
    TotalAtLeast(i64),
    TierAtLeast(usize),
    VisitsAtLeast(i64),
    Sells(usize),
}

#[derive(Debug, Clone, Copy)]
pub enum Filter {
    Category(&'static str),
    Product(usize),
}

#[derive(Debug, Clone, Copy)]
pub struct Earn {
    pub kind: usize,
    pub amount: Amount,
    pub filter: Option<Filter>,
}

/// Points and money in their smallest units, rates in millionths.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    Fixed(i64),
    Per { give: i64, per: i64, steps: bool },
    Percent(i64),
    Times(i64),
}

#[derive(Debug, Clone, Copy)]
pub struct Discount {
    pub off: Off,
    pub filter: Option<Filter>,
}

#[derive(Debug, Clone, Copy)]
pub enum Off {
    Percent(i64),
    Sum(i64),
    /// Always with a filter.
    Price(i64),
}

#[derive(Debug, Clone, Copy)]
pub struct LimitShape {
    pub times: u32,
    pub every: Option<CalendarUnit>,
}

#[derive(Debug, Clone)]
pub struct RewardShape {
    /// By kind, in smallest units; at least one.
    pub cost: Vec<(usize, i64)>,
    pub gives: Give,
    pub limit: Option<LimitShape>,
}

#[derive(Debug, Clone, Copy)]
pub enum Give {
    Discount(Discount),
    Item(Option<Filter>),
    Benefit(Option<&'static str>),
}

impl Filter {
    pub fn passes(self, product: &str) -> bool {
        match self {
            Self::Category(category) => {
                PRODUCTS.iter().any(|(name, of)| *name == product && *of == Some(category))
            }
            Self::Product(position) => PRODUCTS[position].0 == product,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Category(category) => format!("where = 'line.category == \"{category}\"'"),
            Self::Product(position) => {
                format!("where = 'line.product == \"{}\"'", PRODUCTS[position].0)
            }
        }
    }
}

fn rate(millionths: i64) -> String {
    format_decimal(millionths, 6)
}

impl LimitShape {
    fn text(self) -> String {
        let every =
            self.every.map_or(String::new(), |unit| format!(", every = \"{}\"", unit.name()));
        format!("limit = {{ per_member = {}{every} }}\n", self.times)
    }
}

impl When {
    fn text(self) -> String {
        match self {
            Self::TotalAtLeast(total) => format!("receipt.total >= {total}"),
            Self::TierAtLeast(tier) => format!("member.tier(\"club\") >= \"t{tier}\""),
            Self::VisitsAtLeast(visits) => format!("member.visits(days(30)) >= {visits}"),
            Self::Sells(product) => {
                format!("receipt.lines.exists(l, l.product == \"{}\")", PRODUCTS[product].0)
            }
        }
    }
}

impl Measure {
    fn text(self) -> String {
        let window = |months: Option<u16>| months.map(|months| format!("months({months})"));
        match self {
            Self::Spent(months) => format!("spent({})", window(months).unwrap_or_default()),
            Self::Visits(months) => format!("visits({})", window(months).unwrap_or_default()),
            Self::EarnedFirstKind(months) => match window(months) {
                Some(window) => format!("earned(\"k0\", {window})"),
                None => "earned(\"k0\")".to_owned(),
            },
        }
    }
}

impl Shape {
    pub fn exponent(&self) -> u8 {
        Currency::find(self.currency).map_or(2, Currency::exponent)
    }

    /// The rules that the programme applies, in its order: by priority, then by id.
    pub fn rules_in_order(&self) -> Vec<(usize, &RuleShape)> {
        let mut rules: Vec<(usize, &RuleShape)> = self.rules.iter().enumerate().collect();
        rules.sort_by_key(|(position, rule)| (rule.priority, rule_key(*position)));
        rules
    }

    pub fn text(&self) -> String {
        let order: Vec<usize> = (0..self.rules.len()).collect();
        self.text_with_rules_in(&order)
    }

    /// The same programme with its rules written down in another order.
    pub fn text_with_rules_in(&self, order: &[usize]) -> String {
        let mut text = super::super::support::headed(self.currency, self.zone, "");
        text.push_str("[settings]\n");
        for choice in self.settings.choices() {
            if choice.chosen != choice.answers[0] {
                let _ = writeln!(text, "{} = \"{}\"", choice.key, choice.chosen);
            }
        }
        if let Some(most) = self.most_rules {
            let _ = writeln!(text, "[stacking]\nmost_rules = {most}");
        }
        text.push_str("[action.wave]\nname = \"Wave\"\n[benefit.lounge]\nname = \"Lounge\"\n");
        for (position, kind) in self.kinds.iter().enumerate() {
            text.push_str(&kind.text(position));
        }
        if let Some(ladder) = &self.ladder {
            text.push_str(&ladder.text());
        }
        for position in order {
            text.push_str(&self.rule_text(*position));
        }
        for position in 0..self.rewards.len() {
            text.push_str(&self.reward_text(position));
        }
        text
    }

    fn money(&self, units: i64) -> String {
        format_decimal(units, self.exponent())
    }

    fn points(&self, kind: usize, units: i64) -> String {
        format_decimal(units, self.kinds[kind].decimals)
    }

    fn rule_text(&self, position: usize) -> String {
        let rule = &self.rules[position];
        let on = if rule.on_action { "action:wave" } else { "purchase" };
        let mut text = format!(
            "[[rule]]\nid = \"{}\"\non = \"{on}\"\npriority = {}\n",
            rule_key(position),
            rule.priority
        );
        if rule.everyone {
            text.push_str("for = \"everyone\"\n");
        }
        if let Some(when) = rule.when {
            let _ = writeln!(text, "when = '{}'", when.text());
        }
        if let Some(count) = rule.weekdays {
            let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
            let _ = writeln!(text, "weekdays = {:?}", &days[..usize::from(count)]);
        }
        if let Some(group) = rule.group {
            let _ = writeln!(text, "group = \"g{group}\"");
        }
        if rule.exclusive {
            text.push_str("exclusive = true\n");
        }
        if let Some(limit) = rule.limit {
            text.push_str(&limit.text());
        }
        if let Some(discount) = &rule.discount {
            let _ = writeln!(text, "discount = {}", self.discount_text(*discount));
        }
        let earn: Vec<String> = rule.earn.iter().map(|earn| self.earn_text(*earn)).collect();
        if !earn.is_empty() {
            let _ = writeln!(text, "earn = [{}]", earn.join(", "));
        }
        text
    }

    fn earn_text(&self, earn: Earn) -> String {
        let amount = match earn.amount {
            Amount::Fixed(give) => format!("give = \"{}\"", self.points(earn.kind, give)),
            Amount::Per { give, per, steps } => format!(
                "give = \"{}\", per = \"{}\", steps = \"{}\"",
                self.points(earn.kind, give),
                self.money(per),
                if steps { "full" } else { "proportional" }
            ),
            Amount::Percent(percent) => format!("percent = \"{}\"", rate(percent)),
            Amount::Times(times) => format!("times = \"{}\"", rate(times)),
        };
        let filter = earn.filter.map_or(String::new(), |filter| format!(", {}", filter.text()));
        format!("{{ points = \"k{}\", {amount}{filter} }}", earn.kind)
    }

    fn discount_text(&self, discount: Discount) -> String {
        let off = match discount.off {
            Off::Percent(percent) => format!("percent = \"{}\"", rate(percent)),
            Off::Sum(sum) => format!("sum = \"{}\"", self.money(sum)),
            Off::Price(price) => format!("price = \"{}\"", self.money(price)),
        };
        let filter = discount.filter.map_or(String::new(), |filter| format!(", {}", filter.text()));
        format!("{{ {off}{filter} }}")
    }

    fn reward_text(&self, position: usize) -> String {
        let reward = &self.rewards[position];
        let cost: Vec<String> = reward
            .cost
            .iter()
            .map(|(kind, units)| format!("k{kind} = \"{}\"", self.points(*kind, *units)))
            .collect();
        let gives = match reward.gives {
            Give::Discount(discount) => format!("discount = {}", self.discount_text(discount)),
            Give::Item(filter) => {
                format!("item = {{ {} }}", filter.map_or(String::new(), Filter::text))
            }
            Give::Benefit(None) => "benefit = \"lounge\"".to_owned(),
            Give::Benefit(Some(lasts)) => format!("benefit = \"lounge\", lasts = \"{lasts}\""),
        };
        let limit = reward.limit.map_or(String::new(), LimitShape::text);
        format!(
            "[[reward]]\nid = \"{}\"\nname = \"R\"\ncost = {{ {} }}\ngives = {{ {gives} }}\n{limit}",
            reward_key(position),
            cost.join(", ")
        )
    }
}

pub fn rule_key(position: usize) -> String {
    format!("rule-{position}")
}

pub fn reward_key(position: usize) -> String {
    format!("reward-{position}")
}

impl KindShape {
    fn text(&self, position: usize) -> String {
        let end = match self.end {
            End::Never => "never".to_owned(),
            End::AfterEarning(period) => format!("{period} after earning"),
            End::AfterCalendar(unit, None) => format!("end of the {}", unit.name()),
            End::AfterCalendar(unit, Some(then)) => {
                format!("{then} after the end of the {}", unit.name())
            }
            End::AfterActivity(period) => format!("{period} after the last activity"),
        };
        let mut pending =
            self.pending.map_or(String::new(), |wait| format!("pending = \"{wait}\"\n"));
        if let Some(worth) = self.worth {
            let _ = writeln!(pending, "worth = \"{}\"", rate(worth));
        }
        format!(
            "[points.k{position}]\nname.en = {{ one = \"point\", other = \"points\" }}\n\
             decimals = {}\nrounding = \"{}\"\nshortfall = \"{}\"\nexpires = \"{end}\"\n{pending}",
            self.decimals,
            self.rounding.name(),
            if self.forgives { "forgiven" } else { "debt" },
        )
    }
}

impl LadderShape {
    fn text(&self) -> String {
        let kept = match self.kept {
            Kept::AtOnce => "while the measure holds".to_owned(),
            Kept::Until(unit, false) => format!("until the end of the {}", unit.name()),
            Kept::Until(unit, true) => format!("until the end of the next {}", unit.name()),
            Kept::Always => "always".to_owned(),
        };
        let grace = self.grace.map_or(String::new(), |grace| format!("grace = \"{grace}\"\n"));
        let tiers: Vec<String> = self
            .tiers
            .iter()
            .enumerate()
            .map(|(position, tier)| {
                let from =
                    if position == 0 { String::new() } else { format!(", from = {}", tier.from) };
                let multiplies = tier.multiplies.map_or(String::new(), |times| {
                    format!(", multiplies = {{ k0 = \"{}\" }}", rate(times))
                });
                format!("{{ id = \"t{position}\"{from}{multiplies} }}")
            })
            .collect();
        format!(
            "[ladder.club]\nmeasure = '{}'\nkeep = \"{kept}\"\n{grace}tier = [{}]\n",
            self.measure.text(),
            tiers.join(", ")
        )
    }
}
