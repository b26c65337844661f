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
/// many and is read and written with every receipt. The day and the activity are 0 where they are
/// those of the lot before. Lots with names, as they were kept before, are read, too.
pub(super) mod listed {
    use super::{Lot, LotLife};
    use serde::de::value::{MapAccessDeserializer, StrDeserializer};
    use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
    use serde::ser::SerializeSeq;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::fmt;

    struct Listed<'l> {
        before: Option<&'l Lot>,
        lot: &'l Lot,
    }

    impl Serialize for Listed<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let Lot { number, points, remaining, life } = self.lot;
            let LotLife { granted, available_at, awaits, expires, earned_on, activity } = life;
            let before = self.before.map(|before| &before.life);
            let mut parts = serializer.serialize_seq(None)?;
            parts.serialize_element(number)?;
            parts.serialize_element(points)?;
            parts.serialize_element(remaining)?;
            parts.serialize_element(granted)?;
            if before.is_some_and(|before| before.earned_on == *earned_on) {
                parts.serialize_element(&0)?;
            } else {
                parts.serialize_element(earned_on)?;
            }
            if before.is_some_and(|before| before.activity == *activity) {
                parts.serialize_element(&0)?;
            } else {
                parts.serialize_element(activity)?;
            }
            parts.serialize_element(expires)?;
            if available_at.is_some() || awaits.is_some() {
                parts.serialize_element(available_at)?;
                parts.serialize_element(awaits)?;
            }
            parts.end()
        }
    }

    /// A part that is written as a text, or as 0 where it is that of the lot before.
    struct Part<T> {
        before: Option<T>,
    }

    impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Part<T> {
        type Value = T;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Part<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text, or 0 after another lot")
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
            self.before.ok_or_else(|| E::custom("there is no lot before the first one"))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            T::deserialize(StrDeserializer::new(text))
        }
    }

    struct One<'l> {
        before: Option<&'l Lot>,
    }

    impl<'de> DeserializeSeed<'de> for One<'_> {
        type Value = Lot;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lot, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl<'de> Visitor<'de> for One<'_> {
        type Value = Lot;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a lot")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Lot, A::Error> {
            let missing = || A::Error::custom("a lot has seven parts, or nine");
            let before = self.before.map(|before| &before.life);
            let number = parts.next_element()?.ok_or_else(missing)?;
            let points = parts.next_element()?.ok_or_else(missing)?;
            let remaining = parts.next_element()?.ok_or_else(missing)?;
            let granted = parts.next_element()?.ok_or_else(missing)?;
            let earned_on = Part { before: before.map(|before| before.earned_on) };
            let earned_on = parts.next_element_seed(earned_on)?.ok_or_else(missing)?;
            let activity = Part { before: before.map(|before| before.activity) };
            let activity = parts.next_element_seed(activity)?.ok_or_else(missing)?;
            let expires = parts.next_element()?.ok_or_else(missing)?;
            let available_at = parts.next_element()?.flatten();
            let awaits = parts.next_element()?.flatten();
            let life = LotLife { granted, available_at, awaits, expires, earned_on, activity };
            Ok(Lot { number, points, remaining, life })
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Lot, A::Error> {
            Lot::deserialize(MapAccessDeserializer::new(map))
        }
    }

    struct All;

    impl<'de> Visitor<'de> for All {
        type Value = Vec<Lot>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of lots")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut listed: A) -> Result<Vec<Lot>, A::Error> {
            let mut lots = Vec::new();
            while let Some(lot) = listed.next_element_seed(One { before: lots.last() })? {
                lots.push(lot);
            }
            Ok(lots)
        }
    }

    pub fn serialize<S: Serializer>(lots: &[Lot], serializer: S) -> Result<S::Ok, S::Error> {
        let before = std::iter::once(None).chain(lots.iter().map(Some));
        let listed = before.zip(lots).map(|(before, lot)| Listed { before, lot });
        serializer.collect_seq(listed)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Lot>, D::Error> {
        deserializer.deserialize_seq(All)
    }
}
