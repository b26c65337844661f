//! Lots: what was earned at once, with its own pending time and its own end.

use crate::values::{ActivityId, CalendarError, Key, Overflow, Period, Points, Zone};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// When a lot stops counting. At `e` it is gone already: it counts at `t` iff `t < e` (I14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    Never,
    At(Timestamp),
    /// At the end of the day that lies this long after the member's last activity.
    Idle(Period),
}

/// What stays the same for a lot from its grant to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotLife {
    pub granted: Points,
    /// Pending before this moment; `None` is spendable at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_at: Option<Timestamp>,
    /// The event that it waits for; pending until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Key>,
    pub expires: Expiry,
    pub earned_on: Date,
    /// The activity that granted it.
    pub activity: ActivityId,
}

/// An open lot: something of it is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Unique within the member, in order of granting.
    pub number: u32,
    pub points: Key,
    pub remaining: Points,
    pub life: LotLife,
}

/// How much of a lot ran out unused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiredLot {
    pub number: u32,
    pub amount: Points,
}

/// What was left of points when the programme ended, in all, and what it has become. What was
/// taken back afterwards is taken off both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Negative, where more was owed than was left.
    pub left: Points,
    pub given: Points,
}

impl Ended {
    pub(crate) fn plus(self, other: Self) -> Result<Self, Overflow> {
        let (left, given) = (self.left.plus(other.left)?, self.given.plus(other.given)?);
        Ok(Self { left, given })
    }
}

impl LotLife {
    /// The day from which idleness counts for the lot. It cannot end for idleness before the
    /// member could be idle with it.
    pub(crate) fn idle_since(&self, last_activity: Date) -> Date {
        last_activity.max(self.earned_on)
    }

    /// The first instant at which the lot no longer counts.
    pub fn expires_at(
        &self,
        last_activity: Date,
        zone: &Zone,
    ) -> Result<Option<Timestamp>, CalendarError> {
        match self.expires {
            Expiry::Never => Ok(None),
            Expiry::At(at) => Ok(Some(at)),
            Expiry::Idle(period) => {
                zone.end_of_day(period.after(self.idle_since(last_activity))?).map(Some)
            }
        }
    }
}

impl Lot {
    pub fn is_expired(
        &self,
        at: Timestamp,
        last_activity: Date,
        zone: &Zone,
    ) -> Result<bool, CalendarError> {
        Ok(self.life.expires_at(last_activity, zone)?.is_some_and(|expires_at| expires_at <= at))
    }

    #[must_use]
    pub fn is_pending(&self, at: Timestamp) -> bool {
        self.life.awaits.is_some()
            || self.life.available_at.is_some_and(|available_at| at < available_at)
    }
}

/// Lots as a state keeps them: each a list of its parts without their names, because a state holds
/// many and is read and written with every receipt. Lots with names, as they were kept before, are
/// read, too.
pub(super) mod listed {
    use super::{Lot, LotLife};
    use serde::de::value::MapAccessDeserializer;
    use serde::de::{Error, MapAccess, SeqAccess, Visitor};
    use serde::ser::SerializeSeq;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::fmt;

    struct Listed<'l>(&'l Lot);

    impl Serialize for Listed<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let Lot { number, points, remaining, life } = self.0;
            let LotLife { granted, available_at, awaits, expires, earned_on, activity } = life;
            let mut parts = serializer.serialize_seq(None)?;
            parts.serialize_element(number)?;
            parts.serialize_element(points)?;
            parts.serialize_element(remaining)?;
            parts.serialize_element(granted)?;
            parts.serialize_element(earned_on)?;
            parts.serialize_element(activity)?;
            parts.serialize_element(expires)?;
            if available_at.is_some() || awaits.is_some() {
                parts.serialize_element(available_at)?;
                parts.serialize_element(awaits)?;
            }
            parts.end()
        }
    }

    struct Read(Lot);

    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(EitherForm)
        }
    }

    struct EitherForm;

    impl<'de> Visitor<'de> for EitherForm {
        type Value = Read;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a lot")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Read, A::Error> {
            macro_rules! part {
                () => {
                    parts
                        .next_element()?
                        .ok_or_else(|| A::Error::custom("a lot has seven parts, or nine"))?
                };
            }
            let (number, points, remaining) = (part!(), part!(), part!());
            let (granted, earned_on, activity, expires) = (part!(), part!(), part!(), part!());
            let available_at = parts.next_element()?.flatten();
            let awaits = parts.next_element()?.flatten();
            let life = LotLife { granted, available_at, awaits, expires, earned_on, activity };
            Ok(Read(Lot { number, points, remaining, life }))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Read, A::Error> {
            Lot::deserialize(MapAccessDeserializer::new(map)).map(Read)
        }
    }

    pub fn serialize<S: Serializer>(lots: &[Lot], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(lots.iter().map(Listed))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Lot>, D::Error> {
        let read: Vec<Read> = Vec::deserialize(deserializer)?;
        Ok(read.into_iter().map(|Read(lot)| lot).collect())
    }
}
