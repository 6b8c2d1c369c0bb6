//! Who sees a record because of where its patient is registered and where they are referred to.

use crate::world::{World, backend, prepared, staff, surgery};
use rusqlite::Connection;
use store::{Actor, Found, IfMatch, Store};

fn put(store: &Store, text: &str) {
    let resource = prepared(text);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

fn organisation(store: &Store, id: &str, ods: &str) {
    put(
        store,
        &format!(
            r#"{{"resourceType":"Organization","id":"{id}","identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{ods}"}}]}}"#
        ),
    );
}

fn registered(store: &Store, practice: &str) {
    put(
        store,
        &format!(
            r#"{{"resourceType":"Patient","id":"p","generalPractitioner":[{{"reference":"Organization/{practice}"}}]}}"#
        ),
    );
}

fn referred(store: &Store, status: &str) {
    put(
        store,
        &format!(
            r#"{{"resourceType":"ServiceRequest","id":"r","status":"{status}","intent":"order",
            "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],
            "subject":{{"reference":"Patient/p"}},"performer":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RHH"}}}}]}}"#
        ),
    );
}

fn sees(store: &Store, actor: Actor) -> bool {
    matches!(store.read_blocking(actor, |s| s.read("Patient", "p")), Ok(Found::Present(_)))
}

/// Organisation, whether it still lasts, and when it started and ended.
fn rows(world: &World) -> Vec<(String, bool)> {
    let conn = Connection::open(world.path().join("bevan.sqlite")).unwrap();
    let mut statement =
        conn.prepare("SELECT organisation, ended IS NULL FROM relationship ORDER BY organisation").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_practice_sees_whom_it_has_registered_until_they_move() {
    let world = World::new();
    let store = world.open();
    organisation(&store, "practice-one", "Y10001");
    organisation(&store, "practice-two", "Y10002");
    registered(&store, "practice-one");
    assert!(sees(&store, surgery("Y10001")) && !sees(&store, surgery("Y10002")));
    assert!(!sees(&store, surgery("")), "nobody works for no organisation");
    registered(&store, "practice-two");
    assert!(!sees(&store, surgery("Y10001")) && sees(&store, surgery("Y10002")));
    assert_eq!(rows(&world), [("Y10001".into(), false), ("Y10002".into(), true)]);
    registered(&store, "practice-one");
    assert!(sees(&store, surgery("Y10001")), "and again when they come back");
    store.write_blocking(backend(), |t| t.delete("Patient", "p", IfMatch::Any)).unwrap();
    assert!(rows(&world).is_empty());
}

#[test]
fn an_organisation_that_comes_after_its_patients_is_known_by_its_code_all_the_same() {
    let world = World::new();
    let store = world.open();
    registered(&store, "practice-one");
    assert!(!sees(&store, surgery("Y10001")));
    organisation(&store, "practice-one", "Y10001");
    assert!(sees(&store, surgery("Y10001")));
    assert_eq!(rows(&world), [("Y10001".into(), true)]);
    // An id that looks like somebody's code is never taken over.
    registered(&store, "RHH");
    organisation(&store, "RHH", "Y10009");
    assert!(!sees(&store, surgery("Y10009")));
}

#[test]
fn a_referral_opens_the_record_to_whom_it_was_sent_until_it_ends() {
    let world = World::new();
    let store = world.open();
    put(&store, r#"{"resourceType":"Patient","id":"p"}"#);
    assert!(!sees(&store, staff("RHH")));
    for (status, seen) in [
        ("draft", false),
        ("active", true),
        ("on-hold", true),
        ("completed", false),
        ("active", true),
        ("revoked", false),
    ] {
        referred(&store, status);
        assert_eq!(sees(&store, staff("RHH")), seen, "{status}");
    }
    referred(&store, "entered-in-error");
    assert!(rows(&world).is_empty(), "what was wrong never was");
}

#[test]
fn a_file_from_before_learns_its_relationships_at_the_next_start() {
    let world = World::new();
    let store = world.open();
    organisation(&store, "practice-one", "Y10001");
    registered(&store, "practice-one");
    referred(&store, "active");
    put(&store, r#"{"resourceType":"Patient","id":"q"}"#);
    let before = rows(&world);
    drop(store);
    let conn = Connection::open(world.path().join("bevan.sqlite")).unwrap();
    conn.execute_batch(
        "DROP INDEX audit_emergency; DROP TABLE merged; DELETE FROM relationship; DELETE FROM migration WHERE number > 4;",
    )
    .unwrap();
    drop(conn);
    let store = world.open();
    assert_eq!(rows(&world), before);
    assert_eq!(before.len(), 2);
    assert!(sees(&store, surgery("Y10001")) && sees(&store, staff("RHH")));
}
