//! Identities. The core is given them; it never makes one.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// How many buckets the members of a database are divided into (design.md, section 5).
pub const BUCKETS: u8 = 64;

/// The bucket of a member: the lowest bits of its id, which are random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket(u8);

impl Bucket {
    /// The bucket of any 128-bit number, such as the hash of a key.
    #[must_use]
    pub fn of(number: u128) -> Self {
        // The remainder is below 64, so the conversion keeps the value.
        Self(u8::try_from(number % u128::from(BUCKETS)).unwrap_or(0))
    }

    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    pub expected_prefix: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an id of this kind begins with `{}_` and has 26 letters and digits behind it",
            self.expected_prefix
        )
    }
}

/// Crockford's alphabet in lower case, as in the TypeID specification 0.3.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

fn write_id(number: u128, prefix: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [b'0'; LENGTH];
    let mut rest = number;
    for place in text.iter_mut().rev() {
        *place = ALPHABET[usize::try_from(rest & 31).unwrap_or(0)];
        rest >>= 5;
    }
    write!(f, "{prefix}_{}", std::str::from_utf8(&text).unwrap_or_default())
}

fn read_id(text: &str, expected_prefix: &'static str) -> Result<u128, IdError> {
    let error = || IdError { expected_prefix };
    let (prefix, digits) = text.split_once('_').ok_or_else(error)?;
    // The first of 26 digits holds only three bits: anything above 7 would not fit 128.
    if prefix != expected_prefix || digits.len() != LENGTH || digits.as_bytes()[0] > b'7' {
        return Err(error());
    }
    digits.bytes().try_fold(0_u128, |number, byte| {
        let digit = ALPHABET.iter().position(|known| *known == byte).ok_or_else(error)?;
        Ok(number << 5 | u128::try_from(digit).map_err(|_| error())?)
    })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            #[must_use]
            pub const fn new(number: u128) -> Self {
                Self(number)
            }

            #[must_use]
            pub const fn number(self) -> u128 {
                self.0
            }

            #[must_use]
            pub fn bucket(self) -> Bucket {
                Bucket::of(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_id(self.0, $prefix, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                read_id(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// A member: person, company or employee.
    MemberId, "mem"
}
id! {
    /// Something that happened: a receipt, a return, an action, a redemption, an adjustment.
    ///
    /// Its bucket is its member's, so that all of a member lies together.
    ActivityId, "act"
}

id! {
    /// A coupon, a gift certificate or a card. Its bucket is its own.
    InstrumentId, "ins"
}

impl InstrumentId {
    /// The id of the instrument that an activity issues as its n-th, counted from 0. It follows
    /// from the activity, so that a decision that is made again issues the same.
    #[must_use]
    pub fn issued_by(activity: ActivityId, position: u32) -> Self {
        /// Odd, so that all positions differ; its bits spread over buckets.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        // Only the lower 62 bits are chance; the moment and the version above them stay.
        const CHANCE: u128 = (1 << 62) - 1;
        let moved = u128::from(STEP.wrapping_mul(u64::from(position) + 1)) & CHANCE;
        let low = ((activity.0 & CHANCE) + moved) & CHANCE;
        Self((activity.0 & !CHANCE) | low)
    }
}

impl ActivityId {
    /// The id of the activity that an effect of another one causes for a member. It follows from
    /// them, so that what is sent twice is the same; it lies in the bucket of that member.
    #[must_use]
    pub fn derived(cause: Self, effect: u32, to: MemberId) -> Self {
        /// The mixing of SplitMix64 (Steele, Lea and Flood 2014): neighbours lie far apart.
        const MIX: [u64; 2] = [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb];
        const CHANCE: u128 = (1 << 62) - 1;
        let half = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0);
        let mut mixed = half(cause.0) ^ half(to.0).rotate_left(32) ^ half(to.0 >> 64);
        mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(effect) + 1));
        for (factor, shift) in MIX.into_iter().zip([30, 27]) {
            mixed = (mixed ^ (mixed >> shift)).wrapping_mul(factor);
        }
        // The moment and the version of the cause stay, so that ids go on in order of time.
        let low = u128::from(mixed ^ (mixed >> 31)) & CHANCE;
        Self((cause.0 & !CHANCE) | low).in_bucket(to.bucket())
    }

    /// The id of an occasion of the calendar. It follows from whose it is, what it is and when, so
    /// that it is the same whoever finds that it came.
    #[must_use]
    pub fn of_occasion(member: MemberId, occasion: &Key, at: jiff::Timestamp) -> Self {
        // FNV-1a of the name (Fowler, Noll and Vo), spread by the mixing of `derived`.
        let step = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let name = occasion.as_str().bytes().fold(0x811c_9dc5, step);
        let moment = u128::try_from(at.as_millisecond()).unwrap_or(0) & ((1 << 48) - 1);
        // The version and the variant of an id that begins with its moment (RFC 9562).
        let first = Self(moment << 80 | 7 << 76 | 2 << 62);
        Self::derived(first, name, member)
    }

    /// The same id moved into the bucket of its member.
    #[must_use]
    pub fn in_bucket(self, bucket: Bucket) -> Self {
        let buckets = u128::from(BUCKETS);
        Self(self.0 - self.0 % buckets + u128::from(bucket.number()))
    }
}

/// The name that a programme gives to one of its parts: a rule, a point kind, a tier.
///
/// Cheap to clone, because decisions name rules and point kinds often.
#[derive(Clone, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(Arc<str>);

/// Keys that are the same nearly always come from the same place in a programme.
impl PartialEq for Key {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || same_text(&self.0, &other.0)
    }
}

impl PartialOrd for Key {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

/// Whether two texts are the same. Names on receipts and in programmes tend to begin alike and
/// to end differently, so that their length and their last byte tell nearly all of them apart;
/// and they are so short that a call to compare them costs more than to do it here.
#[inline]
pub(crate) fn same_text(one: &str, other: &str) -> bool {
    const WORD: usize = size_of::<u64>();
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() || one.last() != other.last() {
        return false;
    }
    let (one, other) = (one.chunks_exact(WORD), other.chunks_exact(WORD));
    let mut rest = one.remainder().iter().zip(other.remainder());
    rest.all(|(one, other)| one == other)
        && one.zip(other).all(|(one, other)| word(one) == word(other))
}

fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.hash(hasher);
    }
}

impl Key {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl std::borrow::Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}
