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

    let kept = store.read(patient, |snapshot| snapshot.read("Condition", "mine")?.present()).await.unwrap();
    let served = String::from_utf8(kept.json.to_vec()).unwrap();
    assert!(served.contains("https://health.example/fhir/Patient/p1"), "{served}");
}
