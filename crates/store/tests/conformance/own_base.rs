//! Our own address in a reference is as good as none: in search, in what is searched for, in compartments, and after the
//! address changed.

use crate::world::{World, backend, patient, prepared, staff};
use fhir::search::{Handling, Query};
use store::{Actor, Error, Found, IfMatch, Store};

const HERE: &str = "https://health.example/fhir";
const SUBJECTS: [(&str, &str); 4] = [
    ("relative", "Patient/x"),
    ("ours", "https://health.example/fhir/Patient/x"),
    ("other-scheme", "http://health.example/fhir/Patient/x"),
    ("elsewhere", "https://other.example/fhir/Patient/x"),
];

fn fill(store: &Store) {
    let wrote = store.write_blocking(backend(), |transaction| {
        let mut put = |text: &str| transaction.update(&prepared(text), IfMatch::Any).map(drop);
        put(r#"{"resourceType":"Patient","id":"x","name":[{"family":"Ash"}]}"#)?;
        for (id, subject) in SUBJECTS {
            put(&format!(
                r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"c"}},"subject":{{"reference":"{subject}"}}}}"#
            ))?;
        }
        put(&format!(
            r#"{{"resourceType":"Encounter","id":"stay","status":"in-progress","class":{{"code":"IMP"}},
            "subject":{{"reference":"{HERE}/Patient/x"}},"serviceProvider":{{"identifier":
            {{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}}}}"#
        ))
    });
    wrote.unwrap();
}

/// Ids of the Observations that a search finds, in order of id.
fn found(store: &Store, actor: Actor, name: &str, value: &str) -> Vec<String> {
    let pairs = [(name.to_owned(), value.to_owned())];
    let query = Query::parse("Observation", &pairs, Handling::Strict).unwrap().query;
    let page = store.read_blocking(actor, move |snapshot| snapshot.search(&query)).unwrap();
    let mut ids: Vec<String> = page.entries.iter().map(|entry| entry.resource.id.to_string()).collect();
    ids.sort();
    ids
}

fn reads(store: &Store, actor: Actor, id: &'static str) -> bool {
    let read = store.read_blocking(actor, move |snapshot| snapshot.read("Observation", id));
    matches!(read.unwrap(), Found::Present(_))
}

/// What has to hold while `HERE` is our address.
fn is_ours(store: &Store) {
    let ours = ["other-scheme", "ours", "relative"];
    for (name, value) in [
        ("subject", "Patient/x"),
        ("patient", "x"),
        ("subject:Patient", "x"),
        ("patient", "https://health.example/fhir/Patient/x"),
        ("subject", "http://health.example/fhir/Patient/x"),
        ("subject:Patient", "https://health.example/fhir/Patient/x"),
        ("patient.family", "ash"),
    ] {
        assert_eq!(found(store, backend(), name, value), ours, "{name}={value}");
    }
    let elsewhere = "https://other.example/fhir/Patient/x";
    assert_eq!(found(store, backend(), "subject", elsewhere), ["elsewhere"]);
    for actor in [patient("x"), staff("RXX")] {
        assert_eq!(found(store, actor.clone(), "code:missing", "false"), ours, "{}", actor.role.code());
        assert!(reads(store, actor.clone(), "ours") && !reads(store, actor, "elsewhere"));
    }
    assert!(!reads(store, patient("y"), "ours") && !reads(store, staff("RYY"), "ours"));
}

/// Without an address of our own, only the relative reference is ours.
fn is_not_ours(store: &Store) {
    assert_eq!(found(store, backend(), "subject", "Patient/x"), ["relative"]);
    assert_eq!(found(store, patient("x"), "code:missing", "false"), ["relative"]);
    assert!(!reads(store, staff("RXX"), "relative"), "the stay is at another server's patient");
}

#[test]
fn a_reference_with_our_address_is_a_relative_one() {
    let world = World::new();
    let store = world.open_at(HERE);
    fill(&store);
    is_ours(&store);
    // A record of another patient may not be named by its address either.
    let other = prepared(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"c"},"subject":{"reference":"https://health.example/fhir/Patient/y"}}"#,
    );
    let refused = store.write_blocking(staff("RXX"), move |transaction| transaction.create(&other).map(drop));
    assert_eq!(refused, Err(Error::NotFound));
    drop(store);
    assert!(store::doctor::examine(world.path()).unwrap().is_sound());
}

#[test]
fn the_address_is_read_anew_when_it_changes_and_kept_when_nobody_says_it() {
    let world = World::new();
    let store = world.open();
    fill(&store);
    is_not_ours(&store);
    drop(store);
    let store = world.open_at(HERE);
    is_ours(&store);
    drop(store);
    let store = world.open();
    is_ours(&store);
    drop(store);
    assert!(store::doctor::examine(world.path()).unwrap().is_sound());
    let store = world.open_at("https://moved.example/fhir");
    is_not_ours(&store);
    drop(store);
    assert!(store::doctor::examine(world.path()).unwrap().is_sound());
}
