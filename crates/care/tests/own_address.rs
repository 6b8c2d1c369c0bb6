//! A reference that begins with our own address means the same as a relative one, on every page that goes by references: the
//! entry stands in its list and on its own page, and nobody else's does. What is stored stays as it was sent.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use care::record::Part;
use care::view::Unseen;
use care::{Actor, Care, Purpose, Role};
use fhir::json::{Limits, parse};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_795_341_600).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(0x9e37_79b9, Ordering::Relaxed).to_le_bytes()[1];
        }
    }
}

const BASE: &str = "https://health.example/fhir";

#[test]
fn entries_that_name_their_patient_by_the_whole_address_are_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let environment =
        Environment { clock: Arc::new(Standing), entropy: Arc::new(Counting(AtomicU64::new(7))) };
    let options = Options { base: Some(BASE.to_owned()), ..Options::default() };
    // Opened where nothing asynchronous runs yet: opening a record waits for its writer.
    let store = Store::open(folder.path(), options, environment).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(theirs(&store));
}

async fn theirs(store: &Store) {
    let hospital = fhir::identity::organization("RHH01");
    let condition = |id: &str, whom: &str| {
        format!(
            r#"{{"resourceType":"Condition","id":"{id}","code":{{"text":"Asthma"}},"subject":{{"reference":"{BASE}/Patient/{whom}"}}}}"#
        )
    };
    let documents = [
        String::from(r#"{"resourceType":"Patient","id":"p1"}"#),
        String::from(r#"{"resourceType":"Patient","id":"p2"}"#),
        condition("mine", "p1"),
        condition("theirs", "p2"),
        // A ward whose hospital, a letter whose patient and a record whose survivor are named by the whole address.
        format!(
            r#"{{"resourceType":"Location","id":"ward","name":"Ward","physicalType":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/location-physical-type","code":"wa"}}]}},
            "managingOrganization":{{"reference":"{BASE}/Organization/{hospital}"}}}}"#
        ),
        format!(
            r#"{{"resourceType":"Communication","id":"letter","status":"completed","subject":{{"reference":"{BASE}/Patient/p1"}},
            "sent":"2026-11-01T09:00:00Z","recipient":[{{"reference":"{BASE}/Patient/p1"}}],"sender":{{"display":"Clinic"}},
            "payload":[{{"contentString":"Please call us."}}]}}"#
        ),
        format!(
            r#"{{"resourceType":"Patient","id":"gone","birthDate":"1970-01-01","generalPractitioner":[{{"reference":"{BASE}/Organization/{hospital}"}}],
            "link":[{{"type":"replaced-by","other":{{"reference":"{BASE}/Patient/p2"}}}}]}}"#
        ),
        format!(
            r#"{{"resourceType":"Organization","id":"{hospital}","identifier":[{{"system":"{}","value":"RHH01"}}]}}"#,
            fhir::systems::ODS
        ),
    ];
    let put = move |transaction: &mut store::Transaction| {
        for document in &documents {
            let value = parse(document.as_bytes(), &Limits::default()).unwrap();
            transaction.update(&Prepared::new(value).unwrap(), IfMatch::Any)?;
        }
        Ok(())
    };
    store.write(Actor::system("test"), put).await.unwrap();
    let care = Care::new(store.clone());
    let patient = Actor {
        id: "Patient/p1".into(),
        name: String::from("Sam Sample"),
        role: Role::Patient { patient: "p1".into() },
        organisation: "".into(),
        purpose: Purpose::PatientRequest,
        trace: "test".into(),
        via: None,
        behalf: None,
    };

    let record = care.record(&patient, "p1", Part::Problems, None).await.unwrap();
    assert_eq!(record.problems.unwrap().items().len(), 1);
    assert!(care.entry(&patient, "p1", (Part::Problems, "mine")).await.is_ok());
    let other = care.entry(&patient, "p1", (Part::Problems, "theirs")).await;
    assert_eq!(other.unwrap_err(), Unseen::NotFound);

    let letter = care.letter(&patient, "letter").await.unwrap();
    assert!(format!("{letter:?}").contains("Please call us."));
    let staff = |role| Actor { role, organisation: "RHH01".into(), ..Actor::system("test") };
    let ward = Role::WardStaff { break_glass: None };
    assert!(care.ward_board(&staff(ward), "ward", &store::Viewing::default()).await.is_ok());
    let surgery = staff(Role::Surgery { break_glass: None });
    assert!(
        care.to_assist(&surgery, "gone").await.unwrap().closed,
        "a record that was replaced is not helped"
    );

    let kept = store.read(patient, |snapshot| snapshot.read("Condition", "mine")?.present()).await.unwrap();
    let served = String::from_utf8(kept.json.to_vec()).unwrap();
    assert!(served.contains("https://health.example/fhir/Patient/p1"), "{served}");
}

/// What a page reads it reads by `lookup::present`, which takes references to our own address for ours. Bytes are read by those
/// alone who write them back.
#[test]
fn no_page_reads_a_document_past_our_own_address() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            read += usize::from(text.contains("present("));
            assert!(!text.contains("present()?.value()"), "{}", path.display());
        }
    }
    assert!(read > 10, "the sources were found");
}
