//! Use cases: what can be asked of a business, apart from how it is asked.
//!
//! Every write goes through the pipeline, every list through a reading transaction. No HTTP,
//! no templates and no driver here.

mod calendar;
mod emission;
mod ending;
mod explain;
mod games;
mod holds;
mod import;
mod instruments;
mod lanes;
mod overview;
mod people;
mod programme;
mod reading;
mod referral;
mod replay;
mod requests;
mod settlement;
mod settling;
mod verify;
mod verify_instruments;

pub use calendar::{catch_up, run_calendar};
pub use emission::{BATCH_MAX, Emission, Stored, Tries};
pub use ending::{EndingReport, KindReport, ending_report};
pub use explain::{Explained, explain_receipt};
pub use games::{
    GameError, Standing, challenge_end, challenge_standing, draw_close, draw_open,
    draw_publication, draw_reveal, holder_word, sha256,
};
pub use holds::{held_purchase, release_holds};
pub use import::{ImportOutcome, import_members};
pub use instruments::{EmittedCard, InstrumentError, MadeCode, Mark, definition_of};
pub use lanes::{LaneChoice, LaneError, finish as finish_lanes, lanes_choose};
pub use overview::{LedgerOverview, PointsOverview, ledger_overview};
pub use people::{GiftFound, contact_name_set, contact_names, gifts_of, member_named};
pub use programme::{PublishError, Published};
pub use reading::{
    MemberFound, ReceiptFound, TierStanding, member_by_query, member_fetch, receipt_fetch,
    standing_of,
};
pub use referral::{REFERRAL_KIND, referral_identifier, with_other};
pub use replay::{ReplayReport, failure_name, natural_key, run_documents};
pub use requests::{
    IDENTIFIER_KINDS, IdentifierError, Moments, command_for, identifier_parse, with_shown_codes,
};
pub use settlement::{Settlement, SettlementError, settlement};
pub use settling::{settle_all, settle_expired, settle_expired_aside};
pub use verify::{VerifyReport, verify, verify_buckets};

use crate::code_secret::CodeKeeper;
use crate::pipeline::{Lanes, Pipeline, Queue};
use crate::store::nouns::MIGRATIONS;
use crate::store::nouns::businesses::{self, BusinessId};
use crate::store::{DatabaseUrl, Store, StoreError};
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use symbolon_core::programme::Programmes;

/// A business on its database.
#[derive(Debug, Clone)]
pub struct App {
    pub store: Store,
    pub business: BusinessId,
    pub world: Arc<World>,
    codes: CodeKeeper,
    /// Where every transaction touches one bucket only.
    lanes: Option<Lanes>,
    programmes: Arc<RwLock<Arc<Programmes>>>,
    keys: Arc<Mutex<BTreeMap<[u8; 32], KnownKey>>>,
}

/// An access key that was found, and when.
#[derive(Debug)]
struct KnownKey {
    name: String,
    found_at: Timestamp,
}

/// How long a key counts as valid without being looked up again: one that is revoked, by whichever
/// server, is refused after that.
const KEY_KNOWN_FOR: SignedDuration = SignedDuration::from_secs(1);
/// No shop has as many keys; what is not there is looked up.
const KEYS_KNOWN_MAX: usize = 1_000;

/// What can go wrong before a question is even asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored version that cannot be read is damage, not a mistake of the caller.
    #[error("version {number} of the programme, as it is stored, cannot be read: {problem}")]
    StoredProgramme { number: u32, problem: String },
    #[error("the pipeline could not be started")]
    Thread(#[from] std::io::Error),
}

impl App {
    /// Opens a database, brings its schema up to date, and makes its business where there is none.
    pub fn open(url: &DatabaseUrl, world: World) -> Result<Self, AppError> {
        let store = Store::open(url)?;
        let now = world.now();
        store.migrate(MIGRATIONS, now)?;
        let new = BusinessId(world.new_id(now));
        let business = store.write(|transaction| {
            if let Some(business) = businesses::business_find(transaction)? {
                return Ok(business);
            }
            businesses::business_add(transaction, new, "", now)?;
            Ok::<_, StoreError>(new)
        })?;
        let versions = store.read(|reader| businesses::versions_list(reader, business))?;
        let programmes = programme::compile_versions(versions)?;
        let world = Arc::new(world);
        let lanes = lanes::lanes_of(&store, business, &world)?;
        let codes = CodeKeeper::new(url.beside(".secret"), url.is_lasting(), Arc::clone(&world));
        Ok(Self {
            store,
            business,
            world,
            codes,
            lanes,
            programmes: Arc::new(RwLock::new(Arc::new(programmes))),
            keys: Arc::default(),
        })
    }

    /// Keeps the secret of codes in another file than the one beside the database.
    #[must_use]
    pub fn with_secret_file(self, path: PathBuf) -> Self {
        let codes = CodeKeeper::new(Some(path), true, Arc::clone(&self.world));
        Self { codes, ..self }
    }

    /// The versions as they are now.
    #[must_use]
    pub fn programmes(&self) -> Arc<Programmes> {
        match self.programmes.read() {
            Ok(programmes) => Arc::clone(&programmes),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    #[must_use]
    pub fn pipeline(&self) -> Pipeline {
        Pipeline {
            store: self.store.clone(),
            business: self.business,
            codes: self.codes.clone(),
            lanes: self.lanes.clone(),
        }
    }

    /// Starts the pipeline's thread for a server.
    pub fn start_queue(&self) -> Result<Queue, AppError> {
        // At the first start, not at the first coupon: whoever backs up sees what there is.
        self.code_secret()?;
        // What a stop left unfinished is finished before anything new begins.
        lanes::finish(self)?;
        self.pipeline().follow(&self.programmes())?;
        let app = self.clone();
        // Before each batch, and not before each command: nobody sees a hold whose time is over.
        let looking = Mutex::new(());
        let prepare = move || {
            // Two who cancel the same would be in each other's way.
            let _turn = looking.lock().unwrap_or_else(PoisonError::into_inner);
            release_holds(&app).map(|_| ())
        };
        let programmes = Arc::clone(&self.programmes);
        Ok(Queue::start(self.pipeline(), programmes, prepare)?)
    }

    /// Makes the first access key, if there is none.
    pub fn first_key(&self) -> Result<Option<String>, AppError> {
        let exists = self.store.read(|reader| businesses::api_keys_exist(reader, self.business))?;
        if exists { Ok(None) } else { self.new_key("first").map(Some) }
    }

    /// Makes an access key. It is shown once and stored hashed.
    pub fn new_key(&self, name: &str) -> Result<String, AppError> {
        let mut secret = [0; 20];
        self.world.fill(&mut secret);
        let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!("sym_{text}");
        let now = self.world.now();
        self.store.write(|transaction| {
            businesses::api_key_add(transaction, self.business, &hash_key(&key), name, now)
        })?;
        Ok(key)
    }

    /// The name of an access key, if it is one.
    pub fn key_find(&self, key: &str) -> Result<Option<String>, AppError> {
        let hash = hash_key(key);
        let found_at = self.world.now();
        let found =
            self.store.read(|reader| businesses::api_key_find(reader, self.business, &hash))?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &found {
            Some(name) if keys.len() < KEYS_KNOWN_MAX || keys.contains_key(&hash) => {
                keys.insert(hash, KnownKey { name: name.clone(), found_at });
            }
            Some(_) => {}
            None => drop(keys.remove(&hash)),
        }
        Ok(found)
    }

    /// The name of an access key that was found a moment ago, without looking it up.
    #[must_use]
    pub fn key_known(&self, key: &str) -> Option<String> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys.get(&hash_key(key))?;
        let age = self.world.now().duration_since(known.found_at);
        let is_fresh = (SignedDuration::ZERO..KEY_KNOWN_FOR).contains(&age);
        is_fresh.then(|| known.name.clone())
    }
}

/// Keys have 160 bits of chance, so a plain hash cannot be guessed backwards.
fn hash_key(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}
