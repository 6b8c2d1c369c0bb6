//! What is kept beside the record, and what is done once: durable, and gone when its end has come.

use crate::world::{World, backend, patient, prepared, staff};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::future::Future;
use store::{Capability, Error, IfMatch, Kept, Store};

const DRUGS: Capability = Capability { name: "drugs", writes: &[], shared: &[] };
const VISITS: Capability = Capability { name: "visits", writes: &[], shared: &[] };

fn now(world: &World) -> Timestamp {
    world.environment.clock.now()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn row(key: &str, owner: &str, ends_at: Timestamp) -> Kept {
    Kept {
        kind: "session".into(),
        key: key.into(),
        owner: owner.into(),
        body: key.as_bytes().to_vec(),
        ends_at,
    }
}

fn there(store: &Store, key: &str) -> bool {
    wait(store.kept("session", key)).unwrap().is_some()
}

#[test]
fn a_kept_row_outlives_the_process_and_ends_in_time() {
    let world = World::new();
    let store = world.open();
    let later = now(&world) + SignedDuration::from_hours(1);
    let soon = now(&world) + SignedDuration::from_millis(40);
    wait(store.keep(row("a", "ann", later))).unwrap();
    wait(store.keep(row("b", "ann", soon))).unwrap();
    drop(store);
    let store = world.open();
    assert_eq!(wait(store.kept("session", "a")).unwrap(), Some(row("a", "ann", later)));
    assert_eq!(wait(store.kept("draft", "a")).unwrap(), None, "another kind");
    while now(&world) < soon {}
    assert!(!there(&store, "b"), "its end has come");
    assert_eq!(wait(store.sweep()).unwrap(), 1);
    assert_eq!(wait(store.sweep()).unwrap(), 0);
    let again = Kept { body: vec![1], ..row("a", "ben", later) };
    wait(store.keep(again.clone())).unwrap();
    assert_eq!(wait(store.kept("session", "a")).unwrap(), Some(again), "the newer one stands in its place");
}

#[test]
fn forgetting_gives_a_row_to_one_and_to_no_other() {
    let world = World::new();
    let store = world.open();
    let later = now(&world) + SignedDuration::from_hours(1);
    for (key, owner) in [("a", "ann"), ("b", "ann"), ("c", "ben")] {
        wait(store.keep(row(key, owner, later))).unwrap();
    }
    let (one, other) = (store.forget("session", "a"), store.forget("session", "a"));
    let got = [wait(one).unwrap(), wait(other).unwrap()];
    assert_eq!(got.iter().flatten().count(), 1);
    wait(store.keep(row("a", "ann", later))).unwrap();
    assert_eq!(wait(store.forget_all("session", "ann")), Ok(2));
    assert_eq!((there(&store, "a"), there(&store, "b"), there(&store, "c")), (false, false, true));
}

#[test]
fn keeping_leaves_no_trace_in_the_record_or_its_log() {
    let world = World::new();
    let store = world.open();
    let position = *store.changes().borrow();
    wait(store.keep(row("a", "ann", now(&world) + SignedDuration::from_hours(1)))).unwrap();
    assert!(there(&store, "a"));
    wait(store.forget("session", "a")).unwrap();
    assert_eq!(*store.changes().borrow(), position);
    drop(store);
    assert_eq!(store::audit::verify(world.path()).unwrap().rows, 0);
}

fn work(store: &Store, actor: store::Actor, key: &'static str) -> Result<(String, bool), Error> {
    let note = prepared(r#"{"resourceType":"Basic","code":{"text":"done"}}"#);
    store.write_blocking(actor, move |t| match t.once(key)? {
        Some(outcome) => Ok((outcome, false)),
        None => {
            let outcome = t.now_us().to_string();
            if t.actor().role == backend().role {
                t.create(&note)?;
            }
            t.settle_once(key, &outcome)?;
            Ok((outcome, true))
        }
    })
}

#[test]
fn a_key_works_once_for_each_actor_and_capability() {
    let world = World::new();
    let store = world.open();
    let (outcome, first) = work(&store, backend(), "k").unwrap();
    assert!(first);
    drop(store);
    let store = world.open();
    assert_eq!(work(&store, backend(), "k"), Ok((outcome, false)), "the repeat has the first one's outcome");
    assert!(work(&store, backend(), "l").unwrap().1);
    assert!(work(&store, staff("RAA"), "k").unwrap().1, "a key of somebody else");
    assert!(work(&store, patient("p").within(&DRUGS), "k").unwrap().1);
    assert!(work(&store, patient("p").within(&VISITS), "k").unwrap().1, "the same key for another errand");
    assert!(!work(&store, patient("p").within(&VISITS), "k").unwrap().1);
    let twice = store.write_blocking(backend(), |t| t.settle_once("k", "again"));
    assert_eq!(twice, Err(Error::Conflict("it was done before")));
}

#[test]
fn what_fails_was_not_done() {
    let world = World::new();
    let store = world.open();
    let failed = store.write_blocking(backend(), |t| {
        t.settle_once("k", "never")?;
        Err::<(), _>(Error::Conflict("on purpose"))
    });
    assert!(failed.is_err());
    assert!(work(&store, backend(), "k").unwrap().1);
}

/// Takes a closed file back to the schema before `kept`, as an earlier program left it.
fn age(world: &World) {
    let conn = Connection::open(world.path().join("bevan.sqlite")).unwrap();
    conn.execute_batch(
        "DROP INDEX audit_emergency; DROP TABLE kept; DROP TABLE done; ALTER TABLE audit DROP COLUMN capability; \
         ALTER TABLE audit DROP COLUMN relationship; DROP TABLE merged; DELETE FROM migration WHERE number > 2;",
    )
    .unwrap();
}

#[test]
fn a_file_of_an_earlier_program_is_brought_up() {
    let world = World::new();
    let store = world.open();
    let resource = prepared(r#"{"resourceType":"Patient","id":"p"}"#);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
    drop(store);
    age(&world);
    let before = store::audit::verify(world.path()).unwrap();
    assert!(before.is_sound(), "an old log is read as it is: {before:?}");
    let store = world.open();
    assert!(store.read_blocking(patient("p"), |s| s.read("Patient", "p")?.present()).is_ok());
    wait(store.keep(row("a", "ann", now(&world) + SignedDuration::from_hours(1)))).unwrap();
    assert!(work(&store, patient("p").within(&DRUGS), "k").unwrap().1);
    drop(store);
    let after = store::audit::verify(world.path()).unwrap();
    assert!(after.is_sound() && after.rows > before.rows, "{after:?}");
    assert!(store::doctor::examine(world.path()).unwrap().is_sound());
}
