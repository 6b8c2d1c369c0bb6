//! Create, read, update, delete, versions and history.

use crate::world::{World, backend, breaking_glass, json, patient, prepared, staff};
use fhir::json::{Text, canonical};
use store::history::{Params, Scope};
use store::{Error, Found, IfMatch, Method, OpenError, Position};

const OBSERVATION: &str = r#"{"resourceType":"Observation","id":"o1","meta":{"tag":[{"code":"t"}]},"status":"final",
    "code":{"text":"x"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":1.00,"unit":"\u00b5g"},
    "extension":[{"url":"http://example.org/unknown","valueDecimal":0.10}]}"#;

fn everything() -> Params {
    Params { since: None, at: None, count: 100, before: None }
}

#[test]
fn what_was_put_comes_back() {
    let world = World::new();
    let store = world.open();
    let put = prepared(OBSERVATION);
    let saved = store.write_blocking(backend(), move |t| t.update(&put, IfMatch::Any)).unwrap();
    assert!(saved.created && saved.changed && saved.resource.version == 1);
    let read = store.read_blocking(backend(), |s| s.read("Observation", "o1")?.present()).unwrap();
    assert_eq!(read, saved.resource);
    let (mut back, mut put) = (read.value().unwrap(), json(OBSERVATION));
    for document in [&mut back, &mut put] {
        let meta = document.as_object_mut().unwrap().get_mut("meta").unwrap().as_object_mut().unwrap();
        meta.remove("versionId");
        meta.remove("lastUpdated");
    }
    assert_eq!(canonical(&back), canonical(&put));
    assert_eq!(read.value().unwrap().text_at(&["meta", "versionId"]), Some("1"));
}

#[test]
fn versions_grow_and_stay() {
    let world = World::new();
    let store = world.open();
    let id = store
        .write_blocking(backend(), |t| {
            t.create(&prepared(r#"{"resourceType":"Basic","id":"mine","code":{"text":"1"}}"#))
        })
        .unwrap()
        .resource
        .id;
    assert_ne!(id, "mine", "a create does not use the client's id");
    let second = format!(r#"{{"resourceType":"Basic","id":"{id}","code":{{"text":"2"}}}}"#);
    let put = |condition: IfMatch| {
        let text = second.clone();
        store.write_blocking(backend(), move |t| t.update(&prepared(&text), condition))
    };
    assert!(matches!(put(IfMatch::Version(7)), Err(Error::PreconditionFailed(_))));
    assert!(matches!(put(IfMatch::NoneExists), Err(Error::PreconditionFailed(_))));
    let saved = put(IfMatch::Version(1)).unwrap();
    assert!(!saved.created && saved.resource.version == 2 && saved.position == Position(2));
    let again = put(IfMatch::Any).unwrap();
    assert!(!again.changed && again.resource == saved.resource, "an update without change keeps the version");

    let (a, b) = (id.clone(), id.clone());
    assert_eq!(
        store.write_blocking(backend(), move |t| t.delete("Basic", &a, IfMatch::Any)).unwrap().version,
        Some(3)
    );
    assert_eq!(
        store.write_blocking(backend(), move |t| t.delete("Basic", &b, IfMatch::Any)).unwrap().version,
        None
    );
    let read = id.clone();
    let found = store.read_blocking(backend(), move |s| s.read("Basic", &read)).unwrap();
    assert!(matches!(found, Found::Gone { version: 3, .. }));
    let read = id.clone();
    let first = store.read_blocking(backend(), move |s| s.vread("Basic", &read, 1)?.present()).unwrap();
    assert_eq!(first.value().unwrap().text_at(&["code", "text"]), Some("1"));
    let revived = put(IfMatch::NoneExists).unwrap();
    assert!(revived.created && revived.resource.version == 4);

    let scope = Scope::Instance { type_: Text::from("Basic"), id: id.clone() };
    let page = store.read_blocking(backend(), move |s| s.history(&scope, &everything())).unwrap();
    let shape: Vec<_> = page.entries.iter().map(|e| (e.version, e.method, e.resource.is_some())).collect();
    let expected =
        [(4, Method::Put, true), (3, Method::Delete, false), (2, Method::Put, true), (1, Method::Post, true)];
    assert_eq!(shape, expected);
    assert_eq!((page.total, page.next), (Some(4), None));
}

#[test]
fn history_pages_and_narrows() {
    let world = World::new();
    let store = world.open();
    for n in 0..5 {
        let text = format!(r#"{{"resourceType":"Basic","id":"a","code":{{"text":"{n}"}}}}"#);
        store.write_blocking(backend(), move |t| t.update(&prepared(&text), IfMatch::Any)).unwrap();
    }
    let page =
        |scope: Scope, params: Params| store.read_blocking(backend(), move |s| s.history(&scope, &params));
    let all = page(Scope::System, everything()).unwrap().entries;
    let first = page(Scope::Type(Text::from("Basic")), Params { count: 2, ..everything() }).unwrap();
    assert_eq!(first.entries, all[..2]);
    // A write between two pages moves neither.
    store
        .write_blocking(backend(), |t| t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#)))
        .unwrap();
    let second = Params { count: 3, before: first.next, ..everything() };
    let second = page(Scope::Type(Text::from("Basic")), second).unwrap();
    assert_eq!(second.entries, all[2..]);
    assert_eq!(second.next, None);
    let since = Params { since: Some(all[1].recorded_at), ..everything() };
    let instance = Scope::Instance { type_: Text::from("Basic"), id: Text::from("a") };
    let since = page(instance.clone(), since).unwrap();
    assert_eq!((&since.entries[..], since.total), (&all[..2], Some(2)));
    let at = Params { at: Some((all[3].recorded_at, all[2].recorded_at)), ..everything() };
    let at = page(instance.clone(), at).unwrap();
    assert_eq!((&at.entries[..], at.total), (&all[3..4], Some(1)));
    let never = Params { since: Some(jiff::Timestamp::MAX), ..everything() };
    let never = page(instance.clone(), never).unwrap();
    assert_eq!((never.entries.len(), never.total), (0, Some(0)));
    let last = Params { count: 2, before: first.next, ..everything() };
    assert_eq!(page(instance, last).unwrap().total, Some(5));
    let absent = Scope::Instance { type_: Text::from("Basic"), id: Text::from("zzz") };
    assert_eq!(page(absent, everything()), Err(Error::NotFound));
}

#[test]
fn the_feed_resumes_by_position() {
    let world = World::new();
    let store = world.open();
    let watch = store.changes();
    for _ in 0..3 {
        store
            .write_blocking(backend(), |t| {
                t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#))
            })
            .unwrap();
    }
    assert_eq!(*watch.borrow(), Position(3));
    let changes = store.read_blocking(backend(), |s| s.changes_since(Position(1), 10)).unwrap();
    assert_eq!(changes.iter().map(|c| c.position.0).collect::<Vec<_>>(), [2, 3]);
    drop(store);
    assert_eq!(*world.open().changes().borrow(), Position(3));
}

#[test]
fn an_error_or_a_panic_undoes_one_write_only() {
    let world = World::new();
    let store = world.open();
    let refused = store.write_blocking(backend(), |t| {
        t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#))?;
        Err::<(), _>(Error::Conflict("on purpose"))
    });
    assert_eq!(refused, Err(Error::Conflict("on purpose")));
    let panicked = store.write_blocking(backend(), |t| -> Result<(), Error> {
        t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#))?;
        panic!("on purpose")
    });
    assert!(matches!(panicked, Err(Error::Internal(_))));
    let saved = store
        .write_blocking(backend(), |t| t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#)))
        .unwrap();
    assert_eq!(saved.position, Position(1));
    let page = store.read_blocking(backend(), |s| s.history(&Scope::System, &everything())).unwrap();
    assert_eq!(page.entries.len(), 1);
}

#[test]
fn a_second_opening_is_refused_and_a_reopening_finds_everything() {
    let world = World::new();
    let store = world.open();
    store.write_blocking(backend(), |t| t.update(&prepared(OBSERVATION), IfMatch::Any)).unwrap();
    assert!(matches!(world.try_open(), Err(OpenError::InUse(_))));
    drop(store);
    let store = world.open();
    assert!(store.read_blocking(backend(), |s| s.read("Observation", "o1")?.present()).is_ok());
}

#[test]
fn hidden_and_absent_are_alike() {
    let world = World::new();
    let store = world.open();
    let encounter = r#"{"resourceType":"Encounter","id":"e1","status":"in-progress","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p1"},"serviceProvider":{"identifier":
        {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}"#;
    store
        .write_blocking(backend(), move |t| {
            t.update(&prepared(r#"{"resourceType":"Patient","id":"p1"}"#), IfMatch::Any)?;
            t.update(&prepared(encounter), IfMatch::Any)?;
            t.update(&prepared(OBSERVATION), IfMatch::Any)
        })
        .unwrap();
    let read = |actor, id: &str| {
        let id = String::from(id);
        store.read_blocking(actor, move |s| s.read("Observation", &id)).unwrap()
    };
    assert!(matches!(read(patient("p1"), "o1"), Found::Present(_)));
    assert_eq!(read(patient("p2"), "o1"), Found::Absent);
    assert_eq!(read(patient("p2"), "o2"), Found::Absent);
    assert!(matches!(read(staff("RXX"), "o1"), Found::Present(_)));
    assert_eq!(read(staff("RYY"), "o1"), Found::Absent);
    assert!(matches!(read(breaking_glass("RYY", "p1"), "o1"), Found::Present(_)));
    let closed = encounter.replace("in-progress", "finished");
    store.write_blocking(backend(), move |t| t.update(&prepared(&closed), IfMatch::Any)).unwrap();
    assert_eq!(read(staff("RXX"), "o1"), Found::Absent, "the relationship ended with the encounter");
}

/// A stay that only a result speaks of (status `unknown`) opens no record to a ward, unless it holds a place.
#[test]
fn an_implied_stay_is_no_relationship_until_it_holds_a_place() {
    let world = World::new();
    let store = world.open();
    let implied = r#"{"resourceType":"Encounter","id":"e1","status":"unknown","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p1"},"location":[{"location":{"display":"W01"}}],"serviceProvider":{"identifier":
        {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}"#;
    let seen_after = |encounter: String| {
        store.write_blocking(backend(), move |t| t.update(&prepared(&encounter), IfMatch::Any)).unwrap();
        store.read_blocking(staff("RXX"), |s| s.read("Observation", "o1")).unwrap() != Found::Absent
    };
    store
        .write_blocking(backend(), |t| {
            t.update(&prepared(r#"{"resourceType":"Patient","id":"p1"}"#), IfMatch::Any)?;
            t.update(&prepared(OBSERVATION), IfMatch::Any)
        })
        .unwrap();
    assert!(!seen_after(implied.to_owned()));
    let held = implied.replace(r#""display":"W01"}"#, r#""display":"W01"},"status":"active""#);
    assert!(seen_after(held), "it holds a place");
    assert!(!seen_after(implied.to_owned()), "and holds it no more");
    assert!(seen_after(implied.replace("unknown", "in-progress")), "an admission arrived");
}

#[test]
fn older_versions_stay_with_the_patient_they_spoke_of() {
    let world = World::new();
    let store = world.open();
    let moved = OBSERVATION.replace("Patient/p1", "Patient/p2");
    store.write_blocking(backend(), |t| t.update(&prepared(OBSERVATION), IfMatch::Any)).unwrap();
    store.write_blocking(backend(), move |t| t.update(&prepared(&moved), IfMatch::Any)).unwrap();
    let vread =
        |actor, version| store.read_blocking(actor, move |s| s.vread("Observation", "o1", version)).unwrap();
    assert_eq!(vread(patient("p2"), 1), Found::Absent);
    assert!(matches!(vread(patient("p2"), 2), Found::Present(_)));
    assert_eq!(vread(patient("p1"), 1), Found::Absent);
    assert!(matches!(vread(backend(), 1), Found::Present(_)));
    let scope = Scope::Instance { type_: Text::from("Observation"), id: Text::from("o1") };
    let page = store.read_blocking(patient("p2"), move |s| s.history(&scope, &everything())).unwrap();
    assert_eq!(page.entries.iter().map(|e| e.version).collect::<Vec<_>>(), [2]);
}
