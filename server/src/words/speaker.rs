//! A language together with a programme: what is needed to speak of what was decided.
//!
//! Names come from the programme's texts. A thing without a name is called by its id,
//! which is what its author would look for.

use super::{Arg, Language, Words};
use super::{money, number, number_trimmed, points, points_title};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use symbolon_core::member::Expiry;
use symbolon_core::programme::{Programme, Rule};
use symbolon_core::values::{Key, Money, Period, PeriodUnit, Points, Texts};

/// Says things about a programme in a language.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    pub words: &'static Words,
    pub language: Language,
    pub programme: &'a Programme,
}

impl<'a> Speaker<'a> {
    #[must_use]
    pub fn new(language: Language, programme: &'a Programme) -> Self {
        Self { words: super::words(), language, programme }
    }

    #[must_use]
    pub fn text(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.words.text(self.language, key, args)
    }

    /// A text of the programme, or the id of the thing it names.
    #[must_use]
    pub fn name(&self, texts: &Texts, key: &Key) -> String {
        let text = texts.plain(self.language.code()).filter(|text| !text.is_empty());
        text.unwrap_or(key.as_str()).to_owned()
    }

    #[must_use]
    pub fn programme_name(&self) -> String {
        self.name(&self.programme.name, &self.programme.key)
    }

    /// The rule, the reward or the campaign of this id: reasons and effects name either.
    #[must_use]
    pub fn giver(&self, key: &Key) -> String {
        let rule = self.programme.find_rule(key.as_str()).map(|rule| &rule.name);
        let reward = || self.programme.find_reward(key.as_str()).map(|reward| &reward.name);
        let campaign = || {
            let campaigns = &self.programme.campaigns;
            campaigns.iter().find(|campaign| campaign.key == *key).map(|campaign| &campaign.name)
        };
        rule.or_else(reward).or_else(campaign).map_or_else(
            || super::companies::giver(self, key).unwrap_or_else(|| key.to_string()),
            |texts| self.name(texts, key),
        )
    }

    #[must_use]
    pub fn reward(&self, key: &Key) -> String {
        self.programme
            .find_reward(key.as_str())
            .map_or_else(|| key.to_string(), |reward| self.name(&reward.name, key))
    }

    #[must_use]
    pub fn benefit(&self, key: &Key) -> String {
        self.programme
            .find_benefit(key.as_str())
            .map_or_else(|| key.to_string(), |benefit| self.name(&benefit.name, key))
    }

    /// The name of a coupon, a certificate or a card, where there is such a thing.
    #[must_use]
    pub fn instrument(&self, key: &Key) -> Option<String> {
        let (_, definition) = self.programme.find_instrument(key.as_str())?;
        Some(self.name(&definition.name, key))
    }

    #[must_use]
    pub fn action(&self, key: &Key) -> String {
        self.programme
            .find_action(key.as_str())
            .map_or_else(|| key.to_string(), |(_, action)| self.name(&action.name, key))
    }

    /// What points wait for, such as a delivery.
    #[must_use]
    pub fn event(&self, key: &Key) -> String {
        let found = self.programme.events.iter().find(|event| event.key == *key);
        found.map_or_else(|| key.to_string(), |event| self.name(&event.name, key))
    }

    #[must_use]
    pub fn ladder(&self, key: &Key) -> String {
        let found = self.programme.ladders.iter().find(|ladder| ladder.key == *key);
        found.map_or_else(|| key.to_string(), |ladder| self.name(&ladder.name, key))
    }

    /// The tier of a ladder.
    #[must_use]
    pub fn tier(&self, ladder: &Key, tier: &Key) -> String {
        let ladder = self.programme.ladders.iter().find(|known| known.key == *ladder);
        let found = ladder.and_then(|ladder| ladder.tiers.iter().find(|known| known.key == *tier));
        found.map_or_else(|| tier.to_string(), |found| self.name(&found.name, tier))
    }

    /// What multiplied an award: a rule, or a tier of any ladder.
    #[must_use]
    pub fn multiplier_name(&self, key: &Key) -> String {
        if self.programme.find_rule(key.as_str()).is_some() {
            return self.giver(key);
        }
        let mut tiers = self.programme.ladders.iter().flat_map(|ladder| &ladder.tiers);
        let found = tiers.find(|tier| tier.key == *key);
        found.map_or_else(|| key.to_string(), |tier| self.name(&tier.name, key))
    }

    /// The name of a point kind, as a heading.
    #[must_use]
    pub fn points_title(&self, key: &Key) -> String {
        let kind = self.programme.find_points(key.as_str()).map(|(_, kind)| &kind.name);
        let title = kind.and_then(|name| points_title(self.language, name));
        capitalised(title.unwrap_or(key.as_str()))
    }

    /// An amount of points with its name: `16 points`.
    #[must_use]
    pub fn points(&self, key: &Key, amount: Points) -> String {
        match self.programme.find_points(key.as_str()) {
            Some((_, kind)) => points(self.language, &kind.name, amount, kind.decimals),
            None => format!("{} {key}", number(self.language, amount.units(), 0)),
        }
    }

    /// The same with the sign of a change: `+16 points`, `−3 points`.
    #[must_use]
    pub fn points_change(&self, key: &Key, amount: Points) -> String {
        let sign = if amount.is_positive() { "+" } else { "" };
        format!("{sign}{}", self.points(key, amount))
    }

    /// An amount of points without the name, for tables that have it in their head.
    #[must_use]
    pub fn points_figure(&self, key: &Key, amount: Points) -> String {
        let decimals =
            self.programme.find_points(key.as_str()).map_or(0, |(_, kind)| kind.decimals);
        number_trimmed(self.language, amount.units(), decimals)
    }

    #[must_use]
    pub fn money(&self, amount: Money) -> String {
        money(self.language, amount, self.programme.currency)
    }

    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        self.words.moment(self.language, self.programme.zone.local(at))
    }

    #[must_use]
    pub fn date(&self, date: Date) -> String {
        self.words.date(self.language, date)
    }

    /// The last day on which something still counts that no longer counts at `end`.
    #[must_use]
    pub fn last_day(&self, end: Timestamp) -> String {
        let before = end.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
        self.date(self.programme.zone.day(before))
    }

    /// `36 months`.
    #[must_use]
    pub fn period(&self, period: Period) -> String {
        let key = match period.unit {
            PeriodUnit::Days => "period-days",
            PeriodUnit::Weeks => "period-weeks",
            PeriodUnit::Months => "period-months",
            PeriodUnit::Years => "period-years",
        };
        self.text(key, &[("count", Arg::Count(i64::from(period.count)))])
    }

    /// Until when points count.
    #[must_use]
    pub fn expiry(&self, expires: &Expiry) -> String {
        match expires {
            Expiry::Never => self.text("expiry-never", &[]),
            Expiry::At(end) => self.text("expiry-date", &[("date", self.last_day(*end).into())]),
            Expiry::Idle(period) => {
                self.text("expiry-idle", &[("period", self.period(*period).into())])
            }
        }
    }

    /// The days on which a rule is in force: `Monday–Friday, Sunday`.
    #[must_use]
    pub fn weekdays(&self, days: &[bool; 7]) -> String {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for day in (0..7).filter(|day| days[*day]) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == day => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let name = |day: usize| self.text(&format!("weekday-{}", day + 1), &[]);
        let runs: Vec<String> = runs
            .into_iter()
            .map(|(first, last)| match last - first {
                0 => name(first),
                1 => format!("{}, {}", name(first), name(last)),
                _ => format!("{}–{}", name(first), name(last)),
            })
            .collect();
        runs.join(", ")
    }

    /// The hours at which a rule is in force: `11:00–14:00`.
    #[must_use]
    pub fn hours(&self, spans: &[(u16, u16)]) -> String {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let spans: Vec<String> =
            spans.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect();
        spans.join(", ")
    }

    pub(super) fn rule(&self, key: &Key) -> Option<&'a Rule> {
        self.programme.find_rule(key.as_str())
    }
}

/// The same text beginning with a capital letter.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
