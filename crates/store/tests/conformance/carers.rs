//! Carers see one record, as it is now, less what is withheld; capabilities open what they write and nothing beyond.

use crate::world::{World, backend, carer, patient, prepared, staff, surgery};
use store::history::{Params, Scope};
use store::{Actor, Capability, Error, Found, IfMatch, Role, Store};

const BOOKING: Capability = Capability { name: "booking", writes: &["Appointment"], shared: &["Slot"] };

fn put(store: &Store, text: &str) {
    let resource = prepared(text);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

fn observation(id: &str, patient: &str, label: &str) -> String {
    let security = if label.is_empty() {
        String::new()
    } else {
        format!(
            r#""meta":{{"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{label}"}}]}},"#
        )
    };
    format!(
        r#"{{"resourceType":"Observation","id":"{id}",{security}"status":"final","code":{{"text":"c"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    )
}

fn read(store: &Store, actor: Actor, id: &'static str) -> Result<Found, Error> {
    store.read_blocking(actor, move |s| s.read("Observation", id))
}

fn versions(store: &Store, actor: Actor, id: &str) -> Result<Vec<u64>, Error> {
    let scope = Scope::Instance { type_: "Observation".into(), id: id.into() };
    let params = Params { since: None, at: None, count: 50, before: None };
    let page = store.read_blocking(actor, move |s| s.history(&scope, &params))?;
    assert_eq!(page.total, Some(page.entries.len() as u64));
    Ok(page.entries.into_iter().map(|entry| entry.version).collect())
}

fn world() -> (World, Store) {
    let world = World::new();
    let store = &world.open();
    for id in ["child", "other", "parent"] {
        put(store, &format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
    }
    put(store, &observation("plain", "child", ""));
    put(store, &observation("private", "child", "SEX"));
    put(store, &observation("anothers", "other", ""));
    put(store, &observation("own", "parent", ""));
    put(store, r#"{"resourceType":"Schedule","id":"s","actor":[{"reference":"Practitioner/gp"}]}"#);
    put(
        store,
        r#"{"resourceType":"Slot","id":"slot","schedule":{"reference":"Schedule/s"},"status":"free","start":"2026-11-23T09:00:00Z","end":"2026-11-23T09:10:00Z"}"#,
    );
    let store = store.clone();
    (world, store)
}

#[test]
fn a_carer_sees_the_one_they_care_for_less_what_is_withheld() {
    let (_world, store) = &world();
    let carer = || carer("child", &["/SEX"]);
    assert!(matches!(read(store, carer(), "plain"), Ok(Found::Present(_))));
    for hidden in ["private", "anothers", "own", "nothing"] {
        assert_eq!(read(store, carer(), hidden), Ok(Found::Absent), "{hidden}");
    }
    assert!(matches!(read(store, patient("child"), "private"), Ok(Found::Present(_))));
    let closed = crate::world::carer("child", &["Observation"]);
    assert_eq!(read(store, closed, "plain"), Err(Error::Forbidden));
}

#[test]
fn a_label_that_was_taken_off_hides_what_came_before() {
    let (_world, store) = &world();
    let carer = || carer("child", &["/SEX"]);
    put(store, &observation("private", "child", ""));
    assert!(matches!(read(store, carer(), "private"), Ok(Found::Present(_))));
    assert_eq!(versions(store, carer(), "private"), Ok(vec![2]));
    assert_eq!(versions(store, patient("child"), "private"), Ok(vec![2, 1]));
    let first = store.read_blocking(carer(), |s| s.vread("Observation", "private", 1));
    assert_eq!(first, Ok(Found::Absent));
    let first = store.read_blocking(patient("child"), |s| s.vread("Observation", "private", 1));
    assert!(matches!(first, Ok(Found::Present(_))));
}

#[test]
fn a_deletion_does_not_tell_a_carer_that_something_was_withheld() {
    let (_world, store) = &world();
    for id in ["private", "plain"] {
        store.write_blocking(backend(), move |t| t.delete("Observation", id, IfMatch::Any)).unwrap();
    }
    for id in ["private", "plain"] {
        assert_eq!(read(store, carer("child", &["/SEX"]), id), Ok(Found::Absent), "{id}");
        assert_eq!(versions(store, carer("child", &["/SEX"]), id), Err(Error::NotFound), "{id}");
        assert!(matches!(read(store, patient("child"), id), Ok(Found::Gone { .. })), "{id}");
    }
}

fn appointment(patient: &str) -> String {
    format!(
        r#"{{"resourceType":"Appointment","status":"booked","participant":[{{"actor":{{"reference":"Patient/{patient}"}},"status":"accepted"}}]}}"#
    )
}

fn booked(store: &Store, actor: Actor, patient: &str) -> Result<String, Error> {
    let resource = prepared(&appointment(patient));
    store.write_blocking(actor, move |t| Ok(t.create(&resource)?.resource.id.to_string()))
}

#[test]
fn a_capability_writes_within_reach_and_only_what_it_names() {
    let (_world, store) = &world();
    let own = patient("child").within(&BOOKING);
    assert_eq!(booked(store, patient("child"), "child"), Err(Error::Forbidden));
    let id = booked(store, own.clone(), "child").unwrap();
    assert_eq!(booked(store, own.clone(), "other"), Err(Error::NotFound));
    assert!(booked(store, carer("child", &[]).within(&BOOKING), "child").is_ok());
    assert_eq!(booked(store, carer("child", &[]).within(&BOOKING), "parent"), Err(Error::NotFound));
    assert_eq!(booked(store, surgery("G1").within(&BOOKING), "child"), Err(Error::NotFound));

    // Before and after: what is one's own cannot be given away, and what is another's cannot be taken.
    let moved = prepared(&appointment("other").replacen("{", &format!(r#"{{"id":"{id}","#), 1));
    assert_eq!(
        store.write_blocking(own.clone(), move |t| t.update(&moved, IfMatch::Any)),
        Err(Error::NotFound)
    );
    let taken = prepared(&appointment("other").replacen("{", &format!(r#"{{"id":"{id}","#), 1));
    let thief = patient("other").within(&BOOKING);
    assert_eq!(store.write_blocking(thief, move |t| t.update(&taken, IfMatch::Any)), Err(Error::NotFound));

    // What it does not name stays closed.
    let note = prepared(&observation("plain", "child", ""));
    assert_eq!(
        store.write_blocking(own.clone(), move |t| t.update(&note, IfMatch::Any)),
        Err(Error::Forbidden)
    );
    let deleted = store.write_blocking(own, move |t| t.delete("Appointment", &id, IfMatch::Any));
    assert_eq!(deleted, Err(Error::Forbidden));
}

#[test]
fn a_shared_type_is_updated_through_a_capability_and_never_made() {
    let (_world, store) = &world();
    let busy = |id: &str| {
        prepared(&format!(
            r#"{{"resourceType":"Slot","id":"{id}","schedule":{{"reference":"Schedule/s"}},"status":"busy","start":"2026-11-23T09:00:00Z","end":"2026-11-23T09:10:00Z"}}"#
        ))
    };
    let write = |actor: Actor, id: &str| {
        let slot = busy(id);
        store.write_blocking(actor, move |t| t.update(&slot, IfMatch::Any)).map(|saved| saved.created)
    };
    assert_eq!(write(patient("child"), "slot"), Err(Error::Forbidden));
    assert_eq!(write(patient("child").within(&BOOKING), "slot"), Ok(false));
    assert_eq!(write(patient("child").within(&BOOKING), "new"), Err(Error::NotFound));
    assert_eq!(write(staff("RAA").within(&BOOKING), "slot"), Ok(false));
    let slot = busy("x");
    let made = store.write_blocking(patient("child").within(&BOOKING), move |t| t.create(&slot));
    assert_eq!(made.map(|saved| saved.created), Err(Error::Forbidden));
}

#[test]
fn the_audit_log_names_capability_carer_and_right() {
    let (_world, store) = &world();
    booked(store, carer("child", &[]).within(&BOOKING), "child").unwrap();
    let rows = store.read_blocking(patient("child"), |s| s.audit_about_patient("child", 1, None)).unwrap();
    let row = rows.first().unwrap();
    assert_eq!(
        (row.agent.as_str(), row.role.as_str(), row.action.as_str()),
        ("Patient/parent", "carer", "C")
    );
    assert_eq!(row.capability.as_deref(), Some("booking"));
    assert_eq!(row.relationship.as_deref(), Some("rel-1"));
    assert_eq!(row.patient.as_deref(), Some("child"));
    let log = store.read_blocking(carer("child", &[]), |s| s.audit_about_patient("child", 1, None));
    assert_eq!(log, Err(Error::Forbidden));
}

#[test]
fn somebody_unproven_sees_no_record() {
    let (_world, store) = &world();
    let unproven = Actor { role: Role::Unproven, ..patient("child") };
    assert_eq!(read(store, unproven.clone(), "plain"), Err(Error::Forbidden));
    let own = store.read_blocking(unproven, |s| s.read("Patient", "child"));
    assert_eq!(own, Err(Error::Forbidden));
}
