//! What the waist does about failures that no database can be made to have on demand.

use std::cell::Cell as Counter;
use std::sync::Mutex;

use rusqlite::ffi;

use super::*;

/// Answers every `execute` with the next of the errors, then with success.
struct FailingEngine {
    errors: Mutex<Vec<StoreError>>,
}

struct FailingSession<'engine>(&'engine FailingEngine);

impl Engine for FailingEngine {
    fn run(
        &self,
        _mode: Mode,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        work(&mut FailingSession(self)).map(|_| ())
    }
}

impl Session for FailingSession<'_> {
    fn query_stream(
        &mut self,
        _sql: &str,
        _values: &[Value],
        _each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    fn query_each(&mut self, _sql: &str, _: &[Vec<Value>]) -> Result<Vec<Vec<Row>>, StoreError> {
        Ok(Vec::new())
    }

    fn execute(&mut self, _sql: &str, _values: &[Value]) -> Result<u64, StoreError> {
        match self.0.errors.lock().unwrap().pop() {
            Some(error) => Err(error),
            None => Ok(1),
        }
    }

    fn execute_each(&mut self, _sql: &str, _: &[Vec<Value>]) -> Result<Vec<u64>, StoreError> {
        Ok(Vec::new())
    }

    fn load(&mut self, _sql: &str, _: &[Vec<Value>]) -> Result<(), StoreError> {
        Ok(())
    }

    fn execute_schema(&mut self, _sql: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

fn failing_store(errors: Vec<StoreError>) -> Store {
    Store {
        url: DatabaseUrl(Location::SqliteMemory),
        engine: Arc::new(FailingEngine { errors: Mutex::new(errors) }),
        writes_left: Arc::new(AtomicU64::new(u64::MAX)),
    }
}

fn durability() -> StoreError {
    StoreError::Durability { source: "flush".into() }
}

#[test]
fn a_conflict_is_tried_again_and_not_for_ever() {
    for (conflicts, runs_expected, kept_expected) in [(0, 1, true), (2, 3, true), (3, 3, false)] {
        let store = failing_store((0..conflicts).map(|_| StoreError::Busy).collect());
        let runs = Counter::new(0);
        let result: Result<(), StoreError> = store.write(|transaction| {
            runs.set(runs.get() + 1);
            // The closure makes an error of its own of it, and the store knows nonetheless.
            transaction.execute("update", &[]).map(|_| ()).map_err(|_| StoreError::ForeignKey)
        });
        assert_eq!(runs.get(), runs_expected, "{conflicts} conflicts");
        match result {
            Ok(()) => assert!(kept_expected, "{conflicts} conflicts"),
            Err(StoreError::Busy) => assert!(!kept_expected, "{conflicts} conflicts"),
            Err(other) => panic!("{conflicts} conflicts gave {other:?}"),
        }
    }
}

#[test]
fn a_failed_statement_dooms_its_transaction() {
    let store = failing_store(vec![StoreError::ForeignKey]);
    let result: Result<(), StoreError> = store.write(|transaction| {
        assert!(transaction.execute("first", &[]).is_err());
        let second = transaction.execute("second", &[]);
        assert!(matches!(second, Err(StoreError::Statement { .. })));
        Ok(())
    });
    let Err(StoreError::Statement { statement, .. }) = result else {
        panic!("the transaction was kept: {result:?}");
    };
    assert_eq!(statement, "first");
}

#[test]
fn a_loss_of_durability_is_told_even_if_the_closure_hides_it() {
    for keep in [true, false] {
        let store = failing_store(vec![durability()]);
        let result: Result<(), StoreError> = store.write(|transaction| {
            let _hidden = transaction.execute("update", &[]);
            if keep { Ok(()) } else { Err(StoreError::ForeignKey) }
        });
        assert!(matches!(result, Err(StoreError::Durability { .. })));
    }
}

#[test]
fn nothing_is_written_after_durability_was_lost() {
    let sqlite = sqlite::Sqlite::open_memory().unwrap();
    assert!(sqlite.run(Mode::Write, &mut |_| Ok(true)).is_ok());
    let lost = sqlite.run(Mode::Write, &mut |_| Err(durability()));
    assert!(matches!(lost, Err(StoreError::Durability { .. })));
    let after = sqlite.run(Mode::Write, &mut |_| panic!("this must not run"));
    assert!(matches!(after, Err(StoreError::Durability { .. })));
}

#[test]
fn codes_of_sqlite() {
    for (code, mode, expected) in [
        (ffi::SQLITE_BUSY, Mode::Write, "Busy"),
        (ffi::SQLITE_BUSY_SNAPSHOT, Mode::Write, "Busy"),
        (ffi::SQLITE_LOCKED, Mode::Read, "Busy"),
        (ffi::SQLITE_IOERR_FSYNC, Mode::Write, "Durability"),
        (ffi::SQLITE_IOERR_WRITE, Mode::Write, "Durability"),
        (ffi::SQLITE_CORRUPT, Mode::Write, "Durability"),
        (ffi::SQLITE_IOERR_READ, Mode::Read, "Other"),
        (ffi::SQLITE_FULL, Mode::Write, "Other"),
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, Mode::Write, "ForeignKey"),
        (ffi::SQLITE_CONSTRAINT_CHECK, Mode::Write, "Other"),
        (ffi::SQLITE_ERROR, Mode::Write, "Other"),
    ] {
        let message = Some("quotes ana@example.org".to_owned());
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), message);
        let told = format!("{:?}", sqlite_error::problem(None, mode, error, "update"));
        assert!(told.starts_with(expected), "{code}: {told}");
        let quotes_allowed = code == ffi::SQLITE_CONSTRAINT_CHECK;
        assert_eq!(told.contains("ana@example.org"), quotes_allowed, "{told}");
    }
}
