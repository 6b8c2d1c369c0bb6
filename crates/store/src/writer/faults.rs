//! When the disk is full: reads go on and stay audited, writes are refused, and both come back. SQLite answers a
//! database at its page limit as it answers a full disk.

use crate::environment::known::known;
use crate::{Actor, Error, Health, IfMatch, Options, Prepared, Role, Scopes, Store};

fn backend() -> Actor {
    Actor { role: Role::Backend { scopes: Scopes::everything() }, ..Actor::system("faults") }
}

fn prepared(text: &str) -> Prepared {
    Prepared::new(fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()).unwrap()
}

fn open(directory: &std::path::Path) -> Store {
    let options = Options { readers: 1, reserve_bytes: 1 << 16, ..Options::default() };
    Store::open(directory, options, known(20_000)).unwrap()
}

fn read(store: &Store) -> Result<(), Error> {
    store.read_blocking(backend(), |s| s.read("Patient", "p1")?.present()).map(|_| ())
}

/// A create of a megabyte.
fn grow(store: &Store) -> Result<(), Error> {
    let text = format!(r#"{{"resourceType":"Basic","code":{{"text":"{}"}}}}"#, "x".repeat(1 << 20));
    let resource = prepared(&text);
    store.write_blocking(backend(), move |t| t.create(&resource)).map(|_| ())
}

/// Lets the database grow by so many pages.
fn allow(store: &Store, pages: i64) {
    store
        .write_blocking(backend(), move |t| {
            let count: i64 = t.conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
            t.conn.pragma_update(None, "max_page_count", count + pages)?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_does_not_fit_is_refused_and_reads_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let patient = prepared(r#"{"resourceType":"Patient","id":"p1"}"#);
    store.write_blocking(backend(), move |t| t.update(&patient, IfMatch::Any)).unwrap();
    allow(&store, 16);
    assert_eq!(grow(&store), Err(Error::ReadOnly));
    assert_eq!(store.health(), Health::ReadOnly);
    assert_eq!(store.effort().failed(), 1);
    assert!(!directory.path().join(crate::open::RESERVE).exists(), "the reserve is given up");
    assert_eq!(grow(&store), Err(Error::ReadOnly));
    let mut served = 0;
    while store.health() != Health::Ready {
        read(&store).unwrap();
        served += 1;
        assert!(served < 1_000, "the store does not recover");
    }
    assert!(served > 1, "reads go on while writes are refused");
    allow(&store, 1 << 20);
    grow(&store).unwrap();
    drop(store);
    let report = crate::doctor::examine(directory.path()).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.versions, 2, "nothing of the refused writes is there");
    assert_eq!(report.audit.rows, 2 + served, "one row for each write and each read served");
}

#[test]
fn without_an_audit_row_nothing_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let patient = prepared(r#"{"resourceType":"Patient","id":"p1"}"#);
    store.write_blocking(backend(), move |t| t.update(&patient, IfMatch::Any)).unwrap();
    allow(&store, 0);
    let mut served = 0;
    let refused = loop {
        match read(&store) {
            Ok(()) => served += 1,
            Err(error) => break error,
        }
        assert!(served < 1_000);
    };
    assert_eq!(refused, Error::AuditUnavailable);
    drop(store);
    assert_eq!(crate::audit::verify(directory.path()).unwrap().rows, 1 + served);
}

#[test]
fn an_answer_waits_for_its_commit_and_a_batch_shares_one() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let (release, held) = std::sync::mpsc::channel::<()>();
    // The writer is held in the first write; the others queue up behind it and share the next commit.
    let first = store.queue_write(backend().into(), move |_| Ok(held.recv().is_ok())).unwrap();
    let patient = prepared(r#"{"resourceType":"Patient","id":"p1"}"#);
    let mut waiting: Vec<_> = (0..10)
        .map(|n| {
            let patient = patient.clone();
            let work = move |t: &mut crate::Transaction| {
                let saved = t.update(&patient, IfMatch::Any)?;
                if n == 3 { Err(Error::Conflict("on purpose")) } else { Ok(saved.position) }
            };
            store.queue_write(backend().into(), work).unwrap()
        })
        .collect();
    assert!(
        waiting.iter_mut().all(|answer| answer.try_recv().is_err()),
        "nobody is answered before the commit"
    );
    let outside = rusqlite::Connection::open(directory.path().join(crate::open::DATABASE)).unwrap();
    let versions =
        || outside.query_row("SELECT count(*) FROM version", [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(versions(), 0);
    release.send(()).unwrap();
    assert_eq!(first.blocking_recv().unwrap(), Ok(true));
    let answers: Vec<_> = waiting.into_iter().map(|answer| answer.blocking_recv().unwrap()).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1, "one is undone alone");
    assert_eq!(versions(), 1);
    let (groups, commits) = (store.effort().writes.read(), store.effort().commits.read());
    assert_eq!(groups.sum, 11, "every write is counted with the commit that it shared");
    assert!(groups.count < 11 && commits.count >= groups.count, "{groups:?} {commits:?}");
    assert_eq!(store.effort().failed(), 0);
}

#[test]
fn on_a_full_disk_nothing_new_is_kept_and_what_is_kept_stays() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let wait = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let kept = |key: &str, bytes: usize| crate::Kept {
        kind: "draft".into(),
        key: key.into(),
        owner: "ann".into(),
        body: vec![1; bytes],
        ends_at: jiff::Timestamp::from_second(4_000_000_000).unwrap(),
    };
    wait.block_on(store.keep(kept("a", 10))).unwrap();
    allow(&store, 16);
    assert_eq!(wait.block_on(store.keep(kept("b", 1 << 20))), Err(Error::ReadOnly));
    assert_eq!(wait.block_on(store.keep(kept("a", 20))), Err(Error::ReadOnly));
    let refused = wait.block_on(store.write(backend(), |t| t.settle_once("k", "never")));
    assert_eq!(refused, Err(Error::ReadOnly));
    assert_eq!(wait.block_on(store.kept("draft", "a")).unwrap(), Some(kept("a", 10)));
    assert_eq!(wait.block_on(store.kept("draft", "b")).unwrap(), None);
}
