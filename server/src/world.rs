//! The clock and the chance of the program, and the ids made of both.
//!
//! This is the only place that asks for either. Everything else is handed a moment and an id,
//! so that a test, a demo or a question about next March can hand over others.

use jiff::Timestamp;
use std::sync::Mutex;
use symbolon_core::values::{ActivityId, MemberId};

/// Where moments and chance come from.
#[derive(Debug)]
pub enum World {
    /// The machine's clock and the operating system's randomness.
    Real,
    /// A clock that stands and a generator with a seed, for tests and the demo.
    Staged(Mutex<Stage>),
}

#[derive(Debug)]
pub struct Stage {
    now: Timestamp,
    chance: fastrand::Rng,
}

impl World {
    #[must_use]
    pub fn staged(now: Timestamp, seed: u64) -> Self {
        Self::Staged(Mutex::new(Stage { now, chance: fastrand::Rng::with_seed(seed) }))
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
            Self::Real => {
                // Databases keep microseconds; what is decided and what is stored agree in them.
                let now = Timestamp::now();
                Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
            }
            Self::Staged(stage) => stage.lock().map_or(Timestamp::UNIX_EPOCH, |stage| stage.now),
        }
    }

    /// Moves a staged clock. The real one moves by itself.
    pub fn set_now(&self, now: Timestamp) {
        if let Self::Staged(stage) = self
            && let Ok(mut stage) = stage.lock()
        {
            stage.now = now;
        }
    }

    /// Fills a buffer with chance.
    ///
    /// # Panics
    /// Where the operating system has no randomness to give, no id and no secret can be made.
    pub fn fill(&self, buffer: &mut [u8]) {
        match self {
            #[expect(
                clippy::disallowed_methods,
                clippy::expect_used,
                reason = "this is the one source of chance, and nothing can go on without it"
            )]
            Self::Real => getrandom::fill(buffer).expect("the operating system gives randomness"),
            Self::Staged(stage) => {
                if let Ok(mut stage) = stage.lock() {
                    stage.chance.fill(buffer);
                }
            }
        }
    }

    /// A new id of version 7 (RFC 9562) of the moment `at`.
    #[must_use]
    pub fn new_id(&self, at: Timestamp) -> u128 {
        let mut chance = [0; 10];
        self.fill(&mut chance);
        // Moments before 1970 have no place in such an id; they are told apart by chance alone.
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid().as_u128()
    }

    #[must_use]
    pub fn new_member_id(&self, at: Timestamp) -> MemberId {
        MemberId::new(self.new_id(at))
    }

    #[must_use]
    pub fn new_activity_id(&self, at: Timestamp) -> ActivityId {
        ActivityId::new(self.new_id(at))
    }
}
