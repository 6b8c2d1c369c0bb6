//! Transactions and batches.

use crate::world::{World, backend, json, patient, prepared, staff};
use fhir::json::Value;
use store::bundle::{batch, transaction_blocking};
use store::{Error, Found, IfMatch, Store};

fn bundle(kind: &str, entries: &[&str]) -> Value {
    json(&format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(",")))
}

fn statuses(response: &Value) -> Vec<String> {
    let status = |entry: &Value| entry.text_at(&["response", "status"]).unwrap()[..3].to_owned();
    response.items("entry").iter().map(status).collect()
}

fn located(response: &Value, at: usize) -> (String, String) {
    let location = response.items("entry")[at].text_at(&["response", "location"]).unwrap();
    let mut parts = location.split('/').map(String::from);
    (parts.next().unwrap(), parts.next().unwrap())
}

fn read(store: &Store, (name, id): (String, String)) -> Value {
    store.read_blocking(backend(), move |s| s.read(&name, &id)?.present()).unwrap().value().unwrap()
}

const OBSERVATION: &str = r#"{"fullUrl":"urn:uuid:o","request":{"method":"POST","url":"Observation"},"resource":
    {"resourceType":"Observation","id":"mine","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:p"},
    "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:p\">p</a></div>"}}}"#;
const PATIENT: &str = r#"{"fullUrl":"urn:uuid:p","request":{"method":"POST","url":"Patient"},
    "resource":{"resourceType":"Patient"}}"#;

#[test]
fn a_transaction_resolves_what_its_entries_say_of_each_other() {
    let world = World::new();
    let store = world.open();
    let response =
        transaction_blocking(&store, backend(), bundle("transaction", &[OBSERVATION, PATIENT])).unwrap();
    assert_eq!(statuses(&response), ["201", "201"]);
    let (observation, patient) = (located(&response, 0), located(&response, 1));
    assert_eq!((observation.0.as_str(), patient.0.as_str()), ("Observation", "Patient"));
    assert_ne!(observation.1, "mine");
    let stored = read(&store, observation);
    let reference = format!("Patient/{}", patient.1);
    assert_eq!(stored.text_at(&["subject", "reference"]), Some(reference.as_str()));
    assert!(stored.text_at(&["text", "div"]).unwrap().contains(&format!("href=\"{reference}\"")));
}

#[test]
fn a_relative_reference_means_the_entry_and_not_a_namesake_here() {
    let world = World::new();
    let store = world.open();
    let namesake = r#"{"resourceType":"Patient","id":"123"}"#;
    store.write_blocking(backend(), move |t| t.update(&prepared(namesake), IfMatch::Any)).unwrap();
    let given = r#"{"fullUrl":"http://there/fhir/Patient/123","request":{"method":"POST","url":"Patient"},
        "resource":{"resourceType":"Patient","id":"123"}}"#;
    let about = r#"{"fullUrl":"http://there/fhir/Basic/1","request":{"method":"POST","url":"Basic"},
        "resource":{"resourceType":"Basic","code":{"text":"c"},"subject":{"reference":"Patient/123"}}}"#;
    let response = transaction_blocking(&store, backend(), bundle("transaction", &[about, given])).unwrap();
    let stored = read(&store, located(&response, 0));
    let reference = format!("Patient/{}", located(&response, 1).1);
    assert_ne!(reference, "Patient/123");
    assert_eq!(stored.text_at(&["subject", "reference"]), Some(reference.as_str()));
}

#[test]
fn an_empty_transaction_is_answered_by_a_valid_bundle() {
    let world = World::new();
    let response = transaction_blocking(&world.open(), backend(), bundle("transaction", &[])).unwrap();
    assert_eq!(fhir::validate::structural(&response), []);
}

#[test]
fn a_transaction_is_all_or_nothing_and_ordered() {
    let world = World::new();
    let store = world.open();
    let old = r#"{"resourceType":"Basic","id":"old","code":{"text":"c"}}"#;
    store.write_blocking(backend(), move |t| t.update(&prepared(old), IfMatch::Any)).unwrap();
    let get = r#"{"request":{"method":"GET","url":"Basic/new"}}"#;
    let put = r#"{"request":{"method":"PUT","url":"Basic/new"},
        "resource":{"resourceType":"Basic","id":"new","code":{"text":"c"}}}"#;
    let delete = r#"{"request":{"method":"DELETE","url":"Basic/old"}}"#;
    let stale = r#"{"request":{"method":"PUT","url":"Basic/old","ifMatch":"W/\"9\""},
        "resource":{"resourceType":"Basic","id":"old","code":{"text":"d"}}}"#;
    let failed = transaction_blocking(&store, backend(), bundle("transaction", &[put, stale]));
    assert!(matches!(failed, Err(Error::PreconditionFailed(_))));
    let absent = store.read_blocking(backend(), |s| s.read("Basic", "new")).unwrap();
    assert_eq!(absent, Found::Absent, "nothing of a failed transaction is there");
    let response =
        transaction_blocking(&store, backend(), bundle("transaction", &[get, put, delete])).unwrap();
    assert_eq!(statuses(&response), ["200", "201", "204"], "answers are in the order of the requests");
    assert_eq!(response.items("entry")[0].text_at(&["resource", "id"]), Some("new"), "reads come last");
}

#[test]
fn what_a_transaction_may_not_say_is_refused() {
    let world = World::new();
    let store = world.open();
    let put = r#"{"request":{"method":"PUT","url":"Basic/a"},
        "resource":{"resourceType":"Basic","id":"a","code":{"text":"c"}}}"#;
    let wrong = r#"{"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","x":1}}"#;
    let dangling = r#"{"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","code":{"text":"c"},
        "subject":{"reference":"Patient?_id=nobody"}}}"#;
    let run = |entries: &[&str]| transaction_blocking(&store, backend(), bundle("transaction", entries));
    assert!(matches!(run(&[put, put]), Err(Error::Invalid(_))), "the same resource twice");
    assert!(matches!(run(&[PATIENT, PATIENT]), Err(Error::Invalid(_))), "two resources under one full URL");
    let Err(Error::Invalid(issues)) = run(&[put, wrong]) else { panic!() };
    assert!(issues[0].expression.as_deref().unwrap().starts_with("Bundle.entry[1].resource"));
    assert!(matches!(run(&[dangling]), Err(Error::Unprocessable(_))));
    let Err(Error::Unprocessable(issues)) = run(&[put, OBSERVATION]) else { panic!("it is kept") };
    let place = Some("Bundle.entry[1].resource.subject.reference");
    assert_eq!(issues[0].expression.as_deref(), place, "an entry that is not there");
    let batch = bundle("batch", &[put]);
    assert!(matches!(transaction_blocking(&store, backend(), batch), Err(Error::Invalid(_))));
    assert_eq!(store.read_blocking(backend(), |s| s.position()).unwrap().0, 0);
}

#[test]
fn conditional_entries_find_or_make() {
    let world = World::new();
    let store = world.open();
    let p1 = r#"{"resourceType":"Patient","id":"p1"}"#;
    store.write_blocking(backend(), move |t| t.update(&prepared(p1), IfMatch::Any)).unwrap();
    let unless = r#"{"fullUrl":"urn:uuid:p","request":{"method":"POST","url":"Patient","ifNoneExist":"_id=p1"},
        "resource":{"resourceType":"Patient"}}"#;
    let about = r#"{"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","code":{"text":"c"},
        "subject":{"reference":"Patient?_id=p1"}}}"#;
    let response =
        transaction_blocking(&store, backend(), bundle("transaction", &[unless, OBSERVATION, about]))
            .unwrap();
    assert_eq!(statuses(&response), ["200", "201", "201"]);
    for at in [1, 2] {
        let stored = read(&store, located(&response, at));
        assert_eq!(stored.text_at(&["subject", "reference"]), Some("Patient/p1"));
    }
    let delete = r#"{"request":{"method":"DELETE","url":"Patient?_id=p2"}}"#;
    let response = transaction_blocking(&store, backend(), bundle("transaction", &[delete])).unwrap();
    assert_eq!(statuses(&response), ["204"]);
}

/// R4 resolves conditional references after every delete, create and update of the transaction.
#[test]
fn a_conditional_reference_is_of_the_record_as_the_transaction_leaves_it() {
    let world = World::new();
    let store = world.open();
    let put = |value: &str| {
        format!(
            r#"{{"request":{{"method":"PUT","url":"Patient/p2"}},"resource":{{"resourceType":"Patient",
            "id":"p2","identifier":[{{"system":"urn:x","value":"{value}"}}]}}}}"#
        )
    };
    let new = |value: &str, unless: &str| {
        format!(
            r#"{{"request":{{"method":"POST","url":"Patient"{unless}}},"resource":{{"resourceType":"Patient",
            "identifier":[{{"system":"urn:x","value":"{value}"}}]}}}}"#
        )
    };
    let about = |id: &str, to: &str| {
        format!(
            r#"{{"request":{{"method":"PUT","url":"Basic/{id}"}},"resource":{{"resourceType":"Basic","id":"{id}",
            "identifier":[{{"system":"urn:b","value":"{id}"}}],"code":{{"text":"c"}},"subject":{{"reference":"{to}"}}}}}}"#
        )
    };
    let run = |entries: &[&str]| transaction_blocking(&store, backend(), bundle("transaction", entries));
    let subject = |id: &str| {
        let stored = read(&store, ("Basic".into(), id.into()));
        stored.text_at(&["subject", "reference"]).unwrap_or_default().to_owned()
    };
    let one = about("b1", "Patient?identifier=urn:x|1");
    let nothing =
        [one.clone(), about("b2", "Basic?identifier=urn:b|none"), about("b3", "Patient?identifier=urn:x|1")];
    for alone in &nothing {
        let Err(Error::Unprocessable(issues)) = run(&[alone]) else { panic!("{alone}") };
        assert_eq!(issues[0].expression.as_deref(), Some("Bundle.entry[0].resource"));
    }
    // The referring entry stands first, and comes after what it names all the same.
    let unless = r#","ifNoneExist":"identifier=urn:x|1""#;
    let response = run(&[&one, &new("1", unless)]).unwrap();
    assert_eq!(statuses(&response), ["201", "201"]);
    assert_eq!(subject("b1"), format!("Patient/{}", located(&response, 1).1));
    let response = run(&[&about("b1", "Patient?identifier=urn:x|1"), &new("1", unless)]).unwrap();
    assert_eq!(statuses(&response), ["200", "200"], "found, and unchanged");
    // Through an update, and from one that waits to another.
    let chain = [
        about("b5", "Basic?identifier=urn:b|b4"),
        about("b4", "Patient?identifier=urn:x|2"),
        put("2"),
        r#"{"request":{"method":"GET","url":"Basic?subject=Patient/p2"}}"#.to_owned(),
    ];
    let response = run(&chain.each_ref().map(String::as_str)).unwrap();
    assert_eq!(statuses(&response), ["201", "201", "201", "200"]);
    assert_eq!((subject("b4").as_str(), subject("b5").as_str()), ("Patient/p2", "Basic/b4"));
    let found = response.items("entry")[3].get("resource").unwrap().items("entry").len();
    assert_eq!(found, 1, "what is read is read after what waited");
    let position = || store.read_blocking(backend(), |s| s.position()).unwrap();
    let before = position();
    // A second match, one that goes away, one that becomes another's, two that wait for each other: none is written.
    assert_eq!(run(&[&about("b6", "Patient?identifier=urn:x|2"), &new("2", "")]), Err(Error::Multiple));
    assert_eq!(
        run(&[&about("b6", "Patient?identifier=urn:x|3"), &new("3", ""), &new("3", "")]),
        Err(Error::Multiple)
    );
    let gone = r#"{"request":{"method":"DELETE","url":"Patient/p2"}}"#;
    assert!(matches!(run(&[&about("b6", "Patient?identifier=urn:x|2"), gone]), Err(Error::Unprocessable(_))));
    let renamed = put("9");
    assert!(matches!(
        run(&[&about("b6", "Patient?identifier=urn:x|2"), &renamed]),
        Err(Error::Unprocessable(_))
    ));
    let circle = [about("b7", "Basic?identifier=urn:b|b8"), about("b8", "Basic?identifier=urn:b|b7")];
    assert!(matches!(run(&circle.each_ref().map(String::as_str)), Err(Error::Unprocessable(_))));
    let wrong = about("b9", "Patient?identifier=urn:x|4").replace(r#""code""#, r#""nonsense":1,"code""#);
    let Err(Error::Invalid(issues)) = run(&[&new("4", ""), &wrong]) else { panic!("it is kept") };
    assert!(issues[0].expression.as_deref().unwrap().starts_with("Bundle.entry[1].resource"));
    assert_eq!(position(), before, "nothing of what was refused is there");
}

#[test]
fn of_many_at_once_one_makes_what_all_ask_for() {
    let world = World::new();
    let store = world.open();
    let unless = r#"{"request":{"method":"POST","url":"Basic","ifNoneExist":"identifier=urn:x|one"},
        "resource":{"resourceType":"Basic","identifier":[{"system":"urn:x","value":"one"}],"code":{"text":"c"}}}"#;
    for _ in 0..10 {
        let start = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    transaction_blocking(&store, backend(), bundle("transaction", &[unless])).unwrap()
                });
            }
        });
    }
    assert_eq!(store.read_blocking(backend(), |s| s.position()).unwrap().0, 1, "one resource, written once");
}

#[test]
fn a_transaction_reaches_no_further_than_its_actor() {
    let world = World::new();
    let store = world.open();
    let encounter = r#"{"resourceType":"Encounter","id":"e1","status":"in-progress","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p1"},"serviceProvider":{"identifier":
        {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}"#;
    store
        .write_blocking(backend(), move |t| {
            for id in ["p1", "p2"] {
                t.update(&prepared(&format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#)), IfMatch::Any)?;
            }
            t.update(&prepared(encounter), IfMatch::Any)
        })
        .unwrap();
    let about = |id: &str| {
        format!(
            r#"{{"request":{{"method":"PUT","url":"Observation/o1"}},"resource":{{"resourceType":"Observation",
            "id":"o1","status":"final","code":{{"text":"c"}},"subject":{{"reference":"Patient/{id}"}}}}}}"#
        )
    };
    let run = |actor, id| transaction_blocking(&store, actor, bundle("transaction", &[&about(id)]));
    assert_eq!(run(staff("RXX"), "p2"), Err(Error::NotFound), "another's patient");
    let chosen = run(staff("RXX"), "p1");
    assert_eq!(chosen, Err(Error::NotFound), "an id of one's own choice would tell whether it is taken");
    assert!(run(backend(), "p1").is_ok());
    assert!(run(staff("RXX"), "p1").is_ok());
    assert_eq!(run(staff("RXX"), "p2"), Err(Error::NotFound), "a record may not be moved away");
    assert_eq!(run(staff("RYY"), "p1"), Err(Error::NotFound), "nor be changed from outside");
    assert_eq!(run(patient("p1"), "p1"), Err(Error::Forbidden));
}

#[test]
fn batch_entries_stand_alone() {
    let world = World::new();
    let store = world.open();
    let put = r#"{"request":{"method":"PUT","url":"Basic/a"},
        "resource":{"resourceType":"Basic","id":"a","code":{"text":"c"}}}"#;
    let wrong = r#"{"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","x":1}}"#;
    let absent = r#"{"request":{"method":"GET","url":"Basic/zzz"}}"#;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response =
        runtime.block_on(batch(&store, backend(), bundle("batch", &[wrong, put, absent]))).unwrap();
    assert_eq!(statuses(&response), ["400", "201", "404"]);
    let outcome = response.items("entry")[0].at(&["response", "outcome", "resourceType"]).unwrap();
    assert_eq!(outcome.as_str(), Some("OperationOutcome"));
}
