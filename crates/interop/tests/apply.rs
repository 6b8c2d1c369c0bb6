//! From inbox bytes to the record, on a real store: the log replayed in any order leaves the same bytes, and every
//! sample ends as applied or as a dead letter with its reason.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test should stop at once")]

mod shared;

use fhir::json::{Value, canonical};
use interop::apply::Feed;
use interop::intake::{Intake, Retry};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use store::inbox::{Arrival, State, receive};
use store::{Actor, Clock, Entropy, Environment, Position, Store};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> jiff::Timestamp {
        "2026-06-03T12:00:00Z".parse().unwrap()
    }
}

impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = number.to_le_bytes()[at % 8] ^ u8::try_from(at % 251).unwrap();
        }
    }
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("test"))
}

/// Feeds the messages in that order into a fresh store; returns it with its folder.
async fn fed(messages: &[&[u8]]) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let environment = Environment { clock: Arc::new(Fixed), entropy: Arc::new(Fixed) };
    let store = Store::open(folder.path(), store::Options::default(), environment).unwrap();
    for raw in messages {
        let parsed = hl7v2::Message::parse(raw).unwrap().message;
        let text = |number| parsed.header(number).component(1).text().unwrap_or_default().into_owned();
        let arrival = Arrival {
            source: "test".into(),
            application: text(3).into(),
            facility: text(4).into(),
            control_id: text(10).into(),
            raw: raw.to_vec(),
        };
        receive(&store, system(), arrival).await.unwrap();
    }
    let apply = Feed { store: store.clone(), actor: system() };
    let retry = Retry { first_ms: 1, longest_ms: 2, ..Retry::new(interop::mapping::VERSION) };
    let intake = Intake { store: store.clone(), actor: system(), apply, retry, lanes: 4 };
    intake.catch_up().await.unwrap();
    (folder, store)
}

/// Every resource by type and id, without version and time of recording.
async fn record(store: &Store) -> BTreeMap<(String, String), Value> {
    store
        .read(system(), |snapshot| {
            let mut record = BTreeMap::new();
            for change in snapshot.changes_since(Position(0), 1_000_000)? {
                let (kind, id) = (change.type_.to_string(), change.id.to_string());
                let mut value = snapshot.read(&kind, &id)?.present()?.value()?;
                let object = value.as_object_mut().unwrap();
                if let Some(meta) = object.get_mut("meta").and_then(Value::as_object_mut) {
                    meta.remove("versionId");
                    meta.remove("lastUpdated");
                    if meta.is_empty() {
                        object.remove("meta");
                    }
                }
                record.insert((kind, id), value);
            }
            Ok(record)
        })
        .await
        .unwrap()
}

fn hash(record: &BTreeMap<(String, String), Value>) -> String {
    let mut hash = Sha256::new();
    for value in record.values() {
        hash.update(canonical(value));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn own(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mapping");
    std::fs::read(folder.join(name).with_extension("hl7")).unwrap()
}

#[tokio::test]
async fn the_log_replayed_in_any_order_leaves_the_same_bytes() {
    let names = [
        "a01-admit",
        "a02-transfer",
        "oru-results",
        "oru-corrected",
        "orm-order",
        "orm-cancel",
        "a60-allergies",
        "a40-merge",
        "a04-emergency",
        "a17-swap",
        "a21-leave",
        "a03-discharge",
    ];
    let messages: Vec<Vec<u8>> = names.iter().map(|name| own(name)).collect();
    let live: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let (_folder, store) = fed(&live).await;
    let expected = record(&store).await;
    assert!(expected.len() > 30, "{}", expected.len());
    let mut orders: Vec<Vec<&[u8]>> = vec![live.iter().rev().copied().collect()];
    orders.extend((1..live.len()).map(|by| {
        let mut order = live.clone();
        order.rotate_left(by);
        order
    }));
    orders.push(live.iter().flat_map(|one| [*one, *one]).collect());
    for order in orders {
        let (_folder, store) = fed(&order).await;
        let got = record(&store).await;
        if hash(&got) != hash(&expected) {
            for (key, value) in &expected {
                let text = |value: &Value| String::from_utf8(canonical(value)).unwrap();
                assert_eq!(got.get(key).map(text), Some(text(value)), "{key:?}");
            }
            panic!("more resources in one order than in another");
        }
    }
}

#[tokio::test]
async fn every_sample_ends_applied_or_dead_with_a_reason() {
    let Some(samples) = shared::samples("every_sample_ends_applied_or_dead_with_a_reason") else { return };
    let messages: Vec<&[u8]> = samples.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let (_folder, store) = fed(&messages).await;
    let counts = store.read(system(), |snapshot| snapshot.inbox_counts()).await.unwrap();
    let total =
        |state: State| -> u64 { counts.iter().filter(|one| one.state == state).map(|one| one.count).sum() };
    eprintln!("applied {}, dead letters {}", total(State::Applied), total(State::Dead));
    assert_eq!(total(State::Received), 0, "nothing waits");
    let dead = store.read(system(), |snapshot| snapshot.inbox_list(State::Dead, None, 100)).await.unwrap();
    for letter in &dead {
        let reason = letter.reason.as_deref().unwrap_or_default();
        assert!(reason.contains("not yet understood"), "{}: {reason}", letter.control_id);
    }
    assert_eq!((total(State::Applied), total(State::Dead)), (41, 29));
    for value in record(&store).await.values() {
        assert!(fhir::validate::structural(value).is_empty());
    }
}

/// The ward sees a bed from a message: the encounter, its place and the organisation that makes the relationship.
#[tokio::test]
async fn an_admission_is_in_the_record() {
    let (_folder, store) = fed(&[&own("a01-admit")]).await;
    let record = record(&store).await;
    let encounter = &record[&("Encounter".to_owned(), fhir::identity::encounter("ZA1", "V1"))];
    assert_eq!(encounter.text_at(&["status"]), Some("in-progress"));
    assert_eq!(encounter.text_at(&["location", "location", "display"]), Some("W01 B1 03"));
    assert_eq!(encounter.text_at(&["serviceProvider", "identifier", "value"]), Some("ZA1"));
    let bed = &record[&("Location".to_owned(), fhir::identity::location("ZA101", "W01", "B1", "03"))];
    assert_eq!(bed.text_at(&["operationalStatus", "code"]), Some("O"));
    assert_eq!(bed.text_at(&["meta", "tag", "code"]), Some("provisional"));
}
