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
    fed_by(messages, 4).await
}

/// [`fed`] with that many patients worked on at once.
async fn fed_by(messages: &[&[u8]], lanes: usize) -> (tempfile::TempDir, Store) {
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
    let intake = Intake { store: store.clone(), actor: system(), apply, retry, lanes };
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
    let revealing =
        dead.iter().filter(|one| one.reason.as_deref().unwrap_or_default().contains("as implied"));
    let revealing = revealing.count();
    eprintln!("{revealing} of the dead letters name a stay");
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

fn staff(organisation: &str) -> Actor {
    let role = store::Role::WardStaff { break_glass: None };
    Actor { role, organisation: organisation.into(), purpose: store::Purpose::Treat, ..Actor::system("ward") }
}

/// An ADT message of a facility about a number of the authority ZA1.
fn adt(facility: &str, (trigger, control): (&str, &str), number: &str, rest: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|PAS|{facility}|||20260602120000||ADT^{trigger}|{control}|P|2.4\rEVN|{trigger}|20260602120000\r\
         PID|1||{number}^^^ZA1^MR||FAMILY{number}^Ann||19500101|F\r{rest}\r"
    )
    .into_bytes()
}

/// The record of a number that gave way answers with the survivor's and says so; stays under both numbers are shown to
/// those who may see them and to nobody else.
#[tokio::test]
async fn a_merged_record_is_one_for_those_who_may_see_it() {
    let visit = |number: &str| {
        format!("PV1|1|I|W01^B1^{number}||||||||||||||||{number}|||||||||||||||||||||||||20260602")
    };
    let messages = [
        adt("ZA1", ("A01", "1"), "1", &visit("1")),
        adt("ZB1", ("A01", "2"), "9", &visit("9")),
        adt("ZA1", ("A40", "3"), "9", "MRG|1^^^ZA1^MR"),
    ];
    let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let (_folder, store) = fed(&messages).await;
    let (prior, survivor) = (fhir::identity::patient("ZA1", "1"), fhir::identity::patient("ZA1", "9"));
    let care = care::Care::new(store.clone());
    let part = care::record::Part::Encounters;
    let read = |actor, patient: String| {
        let care = care.clone();
        async move { care.record(&actor, &patient, part, None).await }
    };
    let visits = |record: &care::record::Record| match record.encounters.as_ref().unwrap() {
        care::view::Section::Shown(listed) => listed.items.len(),
        other => panic!("{other:?}"),
    };
    let whole = read(Actor::system("all"), prior.clone()).await.unwrap();
    assert_eq!(whole.banner.patient_id, survivor);
    assert_eq!(whole.banner.replaced_by.as_deref(), Some(survivor.as_str()));
    assert!(format!("{:?}", whole.banner.name).contains("FAMILY9"), "{:?}", whole.banner.name);
    assert_eq!(visits(&whole), 2);
    let later = read(staff("ZB1"), survivor.clone()).await.unwrap();
    assert_eq!(
        (later.banner.replaced_by.as_deref(), visits(&later)),
        (None, 1),
        "the prior's stay is not theirs"
    );
    for organisation in ["ZA1", "ZB1"] {
        let one = read(staff(organisation), prior.clone()).await.unwrap();
        assert_eq!(one.banner.patient_id, survivor, "linked records are in each other's compartment");
        assert_eq!(visits(&one), 1, "and each organisation sees its own stay");
    }
    assert_eq!(read(staff("ZC1"), prior).await, Err(care::view::Unseen::NotFound));
}

/// A message that is not understood stays a dead letter, and the stay that it names is known, holding no bed and opening
/// no record. The same message may be understood later.
#[tokio::test]
async fn a_dead_letter_reveals_the_stay_that_it_names() {
    let raw =
        String::from_utf8(adt("ZA1", ("A01", "1"), "1", "PV1|1|I|W01^B1^03||||||||||||||||V1")).unwrap();
    let raw = raw.replace("ADT^A01", "MDM^T02");
    let (_folder, store) = fed(&[raw.as_bytes()]).await;
    let dead = store.read(system(), |snapshot| snapshot.inbox_list(State::Dead, None, 10)).await.unwrap();
    assert_eq!(
        dead[0].reason.as_deref(),
        Some("message type MDM^T02 is not yet understood; the stay that it names is recorded as implied")
    );
    let record = record(&store).await;
    let encounter = &record[&("Encounter".to_owned(), fhir::identity::encounter("ZA1", "V1"))];
    assert_eq!(encounter.text_at(&["status"]), Some("unknown"));
    let bed = &record[&("Location".to_owned(), fhir::identity::location("ZA1", "W01", "B1", "03"))];
    assert_eq!(bed.text_at(&["operationalStatus", "code"]), Some("U"));
    let id = fhir::identity::patient("ZA1", "1");
    let seen =
        store.read(Arc::new(staff("ZA1")), move |snapshot| snapshot.read("Patient", &id)).await.unwrap();
    assert_eq!(seen, store::Found::Absent);
}

/// A bed of another facility than the sender's belongs to that facility; the stay is the sender's.
#[tokio::test]
async fn a_place_of_another_facility_is_that_facilitys() {
    let raw = adt("ZA1", ("A01", "1"), "1", "PV1|1|I|W01^B1^03^ZB202||||||||||||||||V1");
    let (_folder, store) = fed(&[&raw]).await;
    let record = record(&store).await;
    let encounter = &record[&("Encounter".to_owned(), fhir::identity::encounter("ZA1", "V1"))];
    assert_eq!(encounter.text_at(&["serviceProvider", "identifier", "value"]), Some("ZA1"));
    let held = &encounter.items("location")[0];
    assert_eq!(held.text_at(&["location", "display"]), Some("W01 B1 03"), "as the message said");
    let bed = fhir::identity::location("ZB202", "W01", "B1", "03");
    assert_eq!(held.text_at(&["location", "reference"]), Some(format!("Location/{bed}").as_str()));
    let bed = &record[&("Location".to_owned(), bed)];
    let owner = bed.text_at(&["managingOrganization", "identifier", "value"]);
    assert_eq!((owner, bed.text_at(&["operationalStatus", "code"])), (Some("ZB202"), Some("O")));
}

/// Bedside observations are vital signs and stand among the observations; a laboratory's results stand among the results.
#[tokio::test]
async fn bedside_observations_are_no_test_results() {
    let report = |control: &str, code: &str, line: &str| {
        format!(
            "MSH|^~\\&|EOBS|ZA1|||20260602120000||ORU^R01|{control}|P|2.4\rPID|1||1^^^ZA1^MR||A^B\r\
             OBR|1||{control}|{code}|||20260602110000|||||||||||||||20260602110500|||F\r\
             OBX|1|NM|{line}||||||F\r"
        )
    };
    let vital = report("1", "85353-1^Vital signs^LN", "8867-4^Heart rate^LN||80");
    let score = report("2", "OBS^Chart^L", "1104051000000101^NEWS2 total^SCT||3");
    let blood = report("3", "51990-0^Basic metabolic panel^LN", "2951-2^Sodium^LN||140");
    let (_folder, store) = fed(&[vital.as_bytes(), score.as_bytes(), blood.as_bytes()]).await;
    let mut found: Vec<String> = record(&store)
        .await
        .into_iter()
        .filter(|((kind, _), _)| kind == "Observation")
        .map(|(_, value)| value.text_at(&["category", "coding", "code"]).unwrap().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, ["laboratory", "vital-signs", "vital-signs"]);
    let whole = care::Care::new(store)
        .record(
            &Actor::system("all"),
            &fhir::identity::patient("ZA1", "1"),
            care::record::Part::Summary,
            None,
        )
        .await
        .unwrap();
    let care::view::Section::Shown(results) = whole.results.unwrap() else { panic!("no results") };
    let names: Vec<&str> = results.items.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Basic metabolic panel"]);
    let care::view::Section::Shown(seen) = whole.observations.unwrap() else { panic!("no observations") };
    assert_eq!(seen.items.len(), 2);
}

/// Patients follow each other into the same few beds, so that what is worked out side by side meets in the commit: beds,
/// places first named at once, and matters end as they do one by one.
#[tokio::test]
async fn patients_side_by_side_end_as_one_by_one() {
    let mut messages = Vec::new();
    for round in 0..3 {
        for number in 1..=24 {
            let (bed, next) = ((number + round) % 5, (number + round + 1) % 5);
            let visit = |bed: i32| {
                format!("PV1|1|I|W01^B1^{bed}||||||||||||||||{number}|||||||||||||||||||||||||20260602")
            };
            let (trigger, rest) = match round {
                0 => ("A01", visit(bed)),
                1 => ("A02", visit(next)),
                _ if number % 3 == 0 => ("A02", visit(bed)),
                _ => ("A03", visit(bed)),
            };
            let control = format!("{round}-{number}");
            messages.push(adt("ZA1", (trigger, &control), &number.to_string(), &rest));
        }
    }
    let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let (_one, store) = fed_by(&messages, 1).await;
    let expected = standing(record(&store).await);
    let beds = expected.values().filter(|one| one.text_at(&["operationalStatus", "code"]).is_some());
    assert_eq!(beds.count(), 5);
    assert!(expected.keys().any(|(kind, _)| kind == "DetectedIssue"), "no bed is held twice");
    for lanes in [8, 24] {
        let (_many, store) = fed_by(&messages, lanes).await;
        let got = standing(record(&store).await);
        for (key, value) in &expected {
            let text = |value: &Value| String::from_utf8(canonical(value)).unwrap();
            assert_eq!(got.get(key).map(text), Some(text(value)), "{key:?}");
        }
        assert_eq!(got.len(), expected.len());
    }
}

/// Without the matters that later messages settled: whether they ever stood is history.
fn standing(mut record: BTreeMap<(String, String), Value>) -> BTreeMap<(String, String), Value> {
    record.retain(|(kind, _), value| kind != "DetectedIssue" || value.text_at(&["status"]) == Some("final"));
    record
}
