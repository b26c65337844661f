//! The secret that codes are made from and found by.
//!
//! It lies in a file of its own beside the database, never in it: whoever gets hold of the
//! database alone can neither make a code nor learn one (I22). A code is a function of the secret
//! and the id of its instrument, so that nothing is stored in clear and a reprint is possible.

use crate::store::nouns::businesses::BusinessId;
use crate::store::nouns::instruments::{self, CodeHash};
use crate::store::{StoreError, Transaction};
use crate::world::World;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use symbolon_core::instrument::{
    CERTIFICATE_LENGTH, COUPON_LENGTH, InstrumentKind, card_number_of, code_of,
};
use symbolon_core::values::{ActivityId, InstrumentId, MemberId};

const KEY_BYTES: usize = 32;
/// A key is filled up to a block of the hash with zeros (RFC 2104).
const BLOCK_BYTES: usize = 64;

/// The secret itself. It is never printed.
#[derive(Clone)]
pub struct CodeSecret {
    /// With the key taken in already, which is half of the work of a short hash.
    mac: Hmac<Sha256>,
}

impl fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeSecret")
    }
}

impl CodeSecret {
    fn new(key: [u8; KEY_BYTES]) -> Self {
        let mut block = [0; BLOCK_BYTES];
        block[..KEY_BYTES].copy_from_slice(&key);
        Self { mac: Hmac::new(&block.into()) }
    }

    /// The keyed hash of something, each use with a name of its own.
    fn keyed(&self, what: &str, content: &[u8]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(content);
        mac.finalize().into_bytes().into()
    }

    /// The code of an instrument, without its prefix; the whole number of a card.
    #[must_use]
    pub fn body(&self, instrument: InstrumentId, kind: InstrumentKind, prefix: &str) -> String {
        let keyed = self.keyed("code 1", &instrument.number().to_be_bytes());
        let mut chance = [0; 16];
        chance.copy_from_slice(&keyed[..16]);
        match kind {
            InstrumentKind::Coupon => code_of(chance, COUPON_LENGTH),
            InstrumentKind::Certificate => code_of(chance, CERTIFICATE_LENGTH),
            // The reader of programmes lets no other prefix through.
            InstrumentKind::Card => card_number_of(prefix, chance).unwrap_or_default(),
        }
    }

    /// The code that a member passes on to friends.
    #[must_use]
    pub fn referral(&self, member: MemberId) -> String {
        let keyed = self.keyed("referral 1", &member.number().to_be_bytes());
        let mut chance = [0; 16];
        chance.copy_from_slice(&keyed[..16]);
        code_of(chance, COUPON_LENGTH)
    }

    /// What a code is found by.
    #[must_use]
    pub fn hash(&self, body: &str) -> CodeHash {
        let keyed = self.keyed("find 1", body.as_bytes());
        let mut hash = CodeHash::default();
        hash.copy_from_slice(&keyed[..16]);
        hash
    }

    /// The seed of the chance of a day; anybody may see it when the day is over.
    #[must_use]
    pub fn luck_seed(&self, day: Date) -> [u8; 32] {
        self.keyed("luck 1", day.to_string().as_bytes())
    }

    /// The word of chance of an activity: the first eight bytes of the hash of the seed of its day,
    /// by universal time, and of its id.
    #[must_use]
    pub fn luck_of(&self, recorded_at: Timestamp, activity: ActivityId) -> u64 {
        let day = recorded_at.to_zoned(TimeZone::UTC).date();
        let mut hash = Sha256::new();
        hash.update(self.luck_seed(day));
        hash.update(activity.number().to_be_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let mut word = [0; 8];
        word.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(word)
    }

    fn fingerprint(&self) -> [u8; 32] {
        self.keyed("fingerprint 1", &[])
    }
}

/// Knows where the secret lies, and reads it once. The first to ask for it makes it.
#[derive(Debug, Clone)]
pub struct CodeKeeper {
    path: Option<PathBuf>,
    /// A database in memory is gone with its secret; any other needs a file for it.
    needs_file: bool,
    world: Arc<World>,
    loaded: Arc<OnceLock<CodeSecret>>,
}

impl CodeKeeper {
    #[must_use]
    pub fn new(path: Option<PathBuf>, needs_file: bool, world: Arc<World>) -> Self {
        Self { path, needs_file, world, loaded: Arc::default() }
    }

    /// The secret, where it was asked for before.
    #[must_use]
    pub fn loaded(&self) -> Option<&CodeSecret> {
        self.loaded.get()
    }

    /// The secret of this database.
    ///
    /// A database that has codes already never gets a new secret: every code would be unknown.
    pub fn secret(
        &self,
        transaction: &mut Transaction<'_>,
        business: BusinessId,
        now: Timestamp,
    ) -> Result<&CodeSecret, StoreError> {
        if let Some(secret) = self.loaded.get() {
            return Ok(secret);
        }
        let known = instruments::secret_fingerprint_find(transaction, business)?;
        let key = match &self.path {
            None if self.needs_file => {
                return Err(problem(
                    "the secret of codes must not lie in the database that it protects: name a \
                     file for it with --secret-file",
                ));
            }
            None => Some(self.new_key()),
            Some(path) => read_key(path)?,
        };
        let key = match (key, &self.path, known) {
            (Some(key), ..) => key,
            (None, Some(path), None) => make_key(path, self.new_key())?,
            (None, path, _) => {
                let path = path.as_deref().unwrap_or(Path::new("")).display();
                return Err(problem(format!(
                    "the codes of this database are made with a secret that lies in {path}, and \
                     it is not there: put the file back, or name it with --secret-file"
                )));
            }
        };
        let secret = CodeSecret::new(key);
        match known {
            None => {
                let fingerprint = secret.fingerprint();
                instruments::secret_fingerprint_add(transaction, business, &fingerprint, now)?;
            }
            Some(known) if known == secret.fingerprint() => {}
            Some(_) => {
                return Err(problem("the file with the secret of codes is of another database"));
            }
        }
        Ok(self.loaded.get_or_init(|| secret))
    }

    fn new_key(&self) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        self.world.fill(&mut key);
        key
    }
}

fn problem(text: impl Into<String>) -> StoreError {
    StoreError::Other { source: text.into().into() }
}

fn file_problem(path: &Path, error: &std::io::Error) -> StoreError {
    problem(format!("the secret of codes in {} cannot be used: {error}", path.display()))
}

fn read_key(path: &Path) -> Result<Option<[u8; KEY_BYTES]>, StoreError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file_problem(path, &error)),
    };
    let digits = text.trim();
    let mut key = [0; KEY_BYTES];
    if digits.len() != 2 * KEY_BYTES || !digits.is_ascii() {
        return Err(problem(format!("{} does not hold a secret of codes", path.display())));
    }
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16)
            .map_err(|_| problem(format!("{} does not hold a secret of codes", path.display())))?;
    }
    Ok(Some(key))
}

/// Writes a new secret, for nobody else to read. Where another process was faster, its secret holds.
fn make_key(path: &Path, key: [u8; KEY_BYTES]) -> Result<[u8; KEY_BYTES], StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read_key(path)?.ok_or_else(|| file_problem(path, &error))
        }
        Err(error) => Err(file_problem(path, &error)),
    }
}
