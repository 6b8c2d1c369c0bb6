//! Looking over the database after an unclean stop, while it is served: every page is read once (`PRAGMA quick_check`).
//!
//! SQLite's log makes a kill harmless, so the record is served at once: a large one takes a minute to read. Damage that
//! something else did is found here; the store then stops, and says so. It never repairs.

use crate::store::Shared;
use crate::{Health, OpenError, open};
use rusqlite::{Connection, ErrorCode, InterruptHandle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// A look-over that may be under way.
pub(crate) struct LookOver {
    thread: Option<JoinHandle<()>>,
    interrupt: Option<InterruptHandle>,
    due: Arc<AtomicBool>,
}

impl LookOver {
    /// Begins one when it is due.
    pub(crate) fn begin(shared: &Arc<Shared>, due: bool) -> Result<Self, OpenError> {
        let mut begun = Self { thread: None, interrupt: None, due: Arc::new(AtomicBool::new(due)) };
        if due {
            tracing::info!("the last stop was not clean: looking over the database while it is served");
            let connection = open::reader(&shared.directory, &shared.options)?;
            begun.interrupt = Some(connection.get_interrupt_handle());
            let (shared, due) = (Arc::clone(shared), Arc::clone(&begun.due));
            let named = std::thread::Builder::new().name(String::from("look-over"));
            let thread = named.spawn(move || {
                if conclude(&shared, look(&connection)) {
                    due.store(false, Ordering::Release);
                }
            });
            let failed = |source| OpenError::Io { path: String::from("the look-over thread"), source };
            begun.thread = Some(thread.map_err(failed)?);
        }
        Ok(begun)
    }

    /// Ends it, and says whether the next start owes one.
    pub(crate) fn end(&mut self) -> bool {
        if let Some(interrupt) = &self.interrupt {
            interrupt.interrupt();
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.due.load(Ordering::Acquire)
    }

    /// Waits until it has read everything, and says whether the next start owes one.
    #[cfg(test)]
    pub(crate) fn finish(&mut self) -> bool {
        self.interrupt = None;
        self.end()
    }
}

/// The first damage found. Table by table, so that the log can be folded in between.
fn look(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names {
        let mut finding = String::new();
        connection.pragma(None, "quick_check", &name, |row| {
            finding = row.get(0)?;
            Ok(())
        })?;
        if finding != "ok" {
            return Ok(Some(finding));
        }
    }
    Ok(None)
}

/// Whether all of it was read and nothing found.
fn conclude(shared: &Shared, found: rusqlite::Result<Option<String>>) -> bool {
    match found {
        Ok(None) => {
            tracing::info!("the database is whole");
            return true;
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            tracing::info!("the look-over was cut short; the next start begins it again");
            return false;
        }
        Ok(Some(finding)) => tracing::error!(%finding, "the database is damaged: restore a backup"),
        Err(error) => tracing::error!(%error, "the database cannot be read: restore a backup"),
    }
    shared.set_health(Health::Stopped);
    false
}

#[cfg(test)]
mod tests {
    use crate::environment::known::known;
    use crate::{Actor, Health, Options, Store};
    use std::path::Path;

    fn open(directory: &Path) -> Store {
        let options = Options { readers: 1, reserve_bytes: 1 << 16, ..Options::default() };
        Store::open(directory, options, known(20_000)).unwrap()
    }

    /// A record of some size that was closed, with the mark of an unclean stop.
    fn stopped_uncleanly() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let fact = |number: i64| crate::Fact {
            stream: "s".into(),
            key: number.to_string().into(),
            occurred_at: number,
            body: vec![7; 4_000],
            message: None,
        };
        let written = store.write_blocking(Actor::system("t"), move |transaction| {
            (0..500).try_for_each(|number| transaction.put_fact(&fact(number)).map(drop))
        });
        written.unwrap();
        drop(store);
        let database = rusqlite::Connection::open(directory.path().join("bevan.sqlite")).unwrap();
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        std::fs::write(directory.path().join("bevan.running"), "").unwrap();
        directory
    }

    #[test]
    fn a_whole_record_is_served_and_owes_nothing_more() {
        let directory = stopped_uncleanly();
        let store = open(directory.path());
        assert!(!store.look_over_to_the_end());
        assert_eq!(store.health(), Health::Ready);
        drop(store);
        assert!(!directory.path().join("bevan.running").exists());
    }

    #[test]
    fn damage_stops_the_store_and_is_looked_for_again() {
        let directory = stopped_uncleanly();
        let path = directory.path().join("bevan.sqlite");
        let mut bytes = std::fs::read(&path).unwrap();
        let pages = bytes.len() / 8192;
        for page in pages / 2..pages / 2 + 20 {
            bytes[page * 8192..page * 8192 + 64].fill(0xff);
        }
        std::fs::write(&path, bytes).unwrap();
        let store = open(directory.path());
        assert!(store.look_over_to_the_end());
        assert_eq!(store.health(), Health::Stopped);
        drop(store);
        assert!(directory.path().join("bevan.running").exists());
    }
}
