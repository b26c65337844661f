//! Coupons, certificates and cards in stories: they go by the names that the story gives them,
//! and nothing here has a code.

use super::parse::{Mark, Paying};
use crate::engine::{CodeProblem, Decision, Effect, Outcome, Payment, Presented, Refusal, Shared};
use crate::instrument::{Change, Instrument, InstrumentKind};
use crate::programme::Programme;
use crate::values::{InstrumentId, Key, MemberId, Money, Points, parse_decimal};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The instruments of a story and their names.
#[derive(Debug, Default)]
pub(super) struct Drawer {
    pub shared: Shared,
    named: BTreeMap<String, InstrumentId>,
}

/// What the shop issues.
pub(super) struct Issued<'a> {
    pub name: &'a str,
    pub instrument: &'a str,
    pub value: Option<&'a str>,
    pub holder: Option<MemberId>,
    pub is_active: bool,
}

impl Drawer {
    pub fn issue(
        &mut self,
        programme: &Programme,
        at: Timestamp,
        issued: &Issued<'_>,
    ) -> Result<(), String> {
        let (_, definition) = programme
            .find_instrument(issued.instrument)
            .ok_or(format!("there is no instrument `{}`", issued.instrument))?;
        let value = match issued.value {
            Some(value) => programme.currency.parse(value).map_err(|error| error.to_string())?,
            None => Money::ZERO,
        };
        let of = definition.key.clone();
        let mut made = match definition.kind() {
            InstrumentKind::Coupon => {
                let most_uses = definition.coupon().and_then(|coupon| coupon.most_uses);
                Instrument::coupon(of, at, most_uses)
            }
            InstrumentKind::Certificate => Instrument::certificate(of, at, value, issued.is_active),
            InstrumentKind::Card => Instrument::card(of, at),
        };
        made.holder = issued.holder;
        if let (Some(lasts), true) = (definition.lasts, issued.is_active) {
            let day = lasts.after(programme.zone.day(at)).map_err(|error| error.to_string())?;
            let end = programme.zone.end_of_day(day).map_err(|error| error.to_string())?;
            made.ends_at = Some(end);
        }
        let number = u128::try_from(self.named.len()).map_err(|error| error.to_string())?;
        let id = InstrumentId::new((number + 1) << 100);
        self.named.insert(issued.name.to_owned(), id);
        self.shared.instruments.insert(id, made);
        Ok(())
    }

    pub fn mark(
        &mut self,
        programme: &Programme,
        at: Timestamp,
        what: Mark,
        name: &str,
    ) -> Result<(), String> {
        let id = self.find(name)?;
        let instrument = self.shared.instruments.get_mut(&id).ok_or("it is nowhere")?;
        let change = match what {
            Mark::Blocked => Change::Block,
            Mark::Unblocked => Change::Unblock,
            Mark::Activated => {
                let found = programme.find_instrument(instrument.of.as_str());
                let lasts = found.and_then(|(_, definition)| definition.lasts);
                let day = lasts.map(|lasts| lasts.after(programme.zone.day(at))).transpose();
                let day = day.map_err(|error| error.to_string())?;
                let ends_at = day.map(|day| programme.zone.end_of_day(day)).transpose();
                Change::Activate { ends_at: ends_at.map_err(|error| error.to_string())? }
            }
        };
        let done = instrument.apply(id, &change, at);
        done.map(|_| ()).map_err(|refused| {
            format!("`{name}` is {} and cannot be changed so", refused.status.name())
        })
    }

    pub fn find(&self, name: &str) -> Result<InstrumentId, String> {
        self.named.get(name).copied().ok_or(format!("nothing was issued as `{name}`"))
    }

    /// What a till would find for a code. A name that nobody gave is a code that nobody knows.
    pub fn presented(&self, programme: &Programme, name: &str) -> Presented {
        if let Some(id) = self.named.get(name) {
            return Presented::Instrument(*id);
        }
        match programme.find_public_code(name) {
            Some(definition) => Presented::Public(definition.key.clone()),
            None => Presented::Unknown,
        }
    }

    pub fn payment(
        programme: &Programme,
        codes: &[String],
        paying: &Paying,
    ) -> Result<Payment, String> {
        match paying {
            Paying::Points { amount, points } => {
                let (_, kind) =
                    programme.find_points(points).ok_or(format!("no point kind `{points}`"))?;
                let amount = parse_decimal(amount, kind.decimals);
                let amount = amount.map_err(|error| error.to_string())?;
                Ok(Payment::Points { points: Key::new(points), amount: Points::new(amount) })
            }
            Paying::Certificate { amount, from } => {
                let place = codes.iter().position(|code| code == from);
                let place = place.and_then(|place| u32::try_from(place).ok());
                let presented = place.ok_or(format!("say also: with code {from}"))?;
                let amount = programme.currency.parse(amount);
                let at_most = Some(amount.map_err(|error| error.to_string())?);
                Ok(Payment::Certificate { presented, at_most })
            }
        }
    }

    /// A coupon that a rule issued goes by the name of the coupon, until the next one.
    pub fn learn(&mut self, decision: &Decision) {
        for effect in &decision.effects {
            if let Effect::IssueCoupon { coupon, instrument, .. } = effect {
                self.named.insert(coupon.to_string(), *instrument);
            }
        }
    }

    pub fn get(&self, name: &str) -> Result<&Instrument, String> {
        self.shared.instruments.get(&self.find(name)?).ok_or(format!("`{name}` is nowhere"))
    }
}

/// Why a code did not hold, by its place.
pub(super) fn code_problem(
    decided: Option<&Result<Decision, Refusal>>,
    place: usize,
) -> Option<CodeProblem> {
    let is_place = |position: u32| usize::try_from(position).is_ok_and(|known| known == place);
    match decided? {
        Ok(decision) => decision.reasons.iter().find_map(|reason| match reason.outcome {
            Outcome::CodeRefused { position, why } if is_place(position) => Some(why),
            _ => None,
        }),
        Err(Refusal::CodeRefused { position, why }) if is_place(*position) => Some(*why),
        Err(_) => None,
    }
}
