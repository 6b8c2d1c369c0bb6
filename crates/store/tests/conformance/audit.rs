//! The audit log: a row for everything served and written.

use crate::world::{World, backend, breaking_glass, operator, patient, prepared, privacy, staff};
use fhir::json::Value;
use store::{Actor, Error, IfMatch};

fn searched(store: &store::Store, written: &str) -> Result<usize, Error> {
    let pairs: Vec<(String, String)> = written
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let query =
        fhir::search::Query::parse("AuditEvent", &pairs, fhir::search::Handling::Strict).unwrap().query;
    store.read_blocking(backend(), move |s| s.search(&query)).map(|page| page.entries.len())
}

#[test]
fn what_the_log_cannot_do_is_refused_and_never_passed_over() {
    let world = World::new();
    let store = world.open();
    store
        .write_blocking(backend(), |t| {
            t.update(&prepared(r#"{"resourceType":"Patient","id":"p1"}"#), IfMatch::Any)
        })
        .unwrap();
    for allowed in ["_sort=-date", "_sort=-_lastUpdated", "patient=p1", "action=C"] {
        assert!(searched(&store, allowed).is_ok_and(|found| found > 0), "{allowed}");
    }
    let table = [
        ("_sort=date", "http._sort"),
        ("_sort=-_id", "http._sort"),
        ("_include=AuditEvent:agent", "http._include"),
        ("_revinclude=Provenance:target", "http._revinclude"),
        ("site=x", "site"),
    ];
    for (refused, at) in table {
        let Err(Error::Invalid(issues)) = searched(&store, refused) else {
            panic!("{refused} is passed over")
        };
        assert_eq!(issues[0].expression.as_deref(), Some(at), "{refused}");
    }
}

#[test]
fn what_joins_other_resources_with_the_log_is_refused_and_never_empty() {
    let world = World::new();
    let store = world.open();
    let asked = |type_: &str, name: &str, value: &str| {
        let pair = [(name.to_owned(), value.to_owned())];
        let query = fhir::search::Query::parse(type_, &pair, fhir::search::Handling::Strict).unwrap().query;
        store.read_blocking(backend(), move |s| s.search(&query))
    };
    for (type_, name, value, at) in [
        ("Patient", "_revinclude", "AuditEvent:patient", "http._revinclude"),
        ("Patient", "_has:AuditEvent:patient:action", "R", "http._has"),
        (
            "Practitioner",
            "_has:Patient:general-practitioner:_has:AuditEvent:patient:action",
            "R",
            "http._has",
        ),
        ("Patient", "_include:iterate", "AuditEvent:agent", "http._include"),
    ] {
        let Err(Error::Invalid(issues)) = asked(type_, name, value) else { panic!("{name}={value}") };
        assert_eq!(issues[0].expression.as_deref(), Some(at), "{name}={value}");
    }
    let scope = store::history::Scope::Type(fhir::json::Text::from("AuditEvent"));
    let all = store::history::Params { since: None, at: None, count: 10, before: None };
    let history = store.read_blocking(backend(), move |s| s.history(&scope, &all));
    assert!(matches!(history, Err(Error::Invalid(_))), "{history:?}");
}

/// Action, type, query and whether it is a refusal of every row that nobody's record is in, oldest first.
fn rows(store: &store::Store) -> Vec<(String, Option<String>, Option<String>)> {
    let query = fhir::search::Query::parse("AuditEvent", &[], fhir::search::Handling::Strict).unwrap().query;
    let page = store.read_blocking(operator(), move |s| s.search(&query)).unwrap();
    let of = |event: Value| {
        let entity = |path: &[&str]| {
            event.items("entity").iter().find_map(|entity| entity.text_at(path).map(str::to_owned))
        };
        let outcome = event.text_at(&["outcome"]).unwrap().to_owned();
        (
            outcome + event.text_at(&["action"]).unwrap(),
            entity(&["what", "type"]),
            entity(&["what", "display"]),
        )
    };
    page.entries.iter().rev().map(|entry| of(entry.resource.value().unwrap())).collect()
}

#[test]
fn refusals_by_role_leave_one_row_a_minute() {
    let world = World::new();
    let store = world.open();
    let read =
        |store: &store::Store| store.read_blocking(operator(), |s| s.read("Observation", "o").map(drop));
    for _ in 0..50 {
        assert_eq!(read(&store), Err(Error::Forbidden));
        let written = store.write_blocking(patient("p1"), |t| {
            t.create(&prepared(r#"{"resourceType":"Basic","code":{"text":"c"}}"#)).map(drop)
        });
        assert_eq!(written, Err(Error::Forbidden));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.refuse(patient("p1"), "GET /staff/operations")).unwrap();
    let refused = |action: &str, type_: Option<&str>, words: &str| {
        (format!("4{action}"), type_.map(String::from), Some(String::from(words)))
    };
    assert_eq!(
        rows(&store),
        [
            refused("R", Some("Observation"), "any Observation"),
            refused("C", Some("Basic"), "any Basic"),
            refused("E", None, "GET /staff/operations"),
        ]
    );
    drop(store);
    assert!(store::audit::verify(world.path()).unwrap().is_sound());
}

#[test]
fn reads_and_writes_leave_rows_about_the_patient() {
    let world = World::new();
    let store = world.open();
    store
        .write_blocking(backend(), |t| {
            t.update(&prepared(r#"{"resourceType":"Patient","id":"p1"}"#), IfMatch::Any)?;
            t.update(
                &prepared(r#"{"resourceType":"Basic","id":"b","code":{"text":"c"},"subject":{"reference":"Patient/p1"}}"#),
                IfMatch::Any,
            )
        })
        .unwrap();
    store.read_blocking(breaking_glass("R", "p1"), |s| s.read("Patient", "p1")).unwrap();
    store.read_blocking(backend(), |s| s.read("Patient", "absent")).unwrap();
    let rows = store.read_blocking(patient("p1"), |s| s.audit_about_patient("p1", 10, None)).unwrap();
    let shape: Vec<_> = rows.iter().map(|r| (r.seq, r.interaction.as_str(), r.id.as_deref())).collect();
    assert_eq!(shape, [(3, "read", Some("p1")), (2, "create", Some("b")), (1, "create", Some("p1"))]);
    assert_eq!(rows[0].reason.as_deref(), Some("collapsed in the corridor"));
    let other = store.read_blocking(patient("p2"), |s| s.audit_about_patient("p1", 10, None));
    assert_eq!(other, Err(Error::NotFound));
}

#[test]
fn the_newest_emergency_is_found_however_much_was_looked_at_since() {
    let world = World::new();
    let store = world.open();
    for id in ["p1", "p2"] {
        let person = prepared(&format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
        store.write_blocking(backend(), move |t| t.update(&person, IfMatch::Any)).unwrap();
    }
    let began = jiff::Timestamp::UNIX_EPOCH;
    let of = |actor: Actor, since| {
        let found = store.read_blocking(actor, move |s| s.audit_emergency_about("p1", since));
        found.map(|row| row.map(|row| row.seq))
    };
    assert_eq!(of(patient("p1"), began), Ok(None));
    store.read_blocking(breaking_glass("R", "p1"), |s| s.read("Patient", "p1")).unwrap();
    let rows = store.read_blocking(patient("p1"), |s| s.audit_about_patient("p1", 1, None)).unwrap();
    for _ in 0..300 {
        store.read_blocking(patient("p1"), |s| s.read("Patient", "p1")).unwrap();
    }
    assert_eq!(of(patient("p1"), began), Ok(Some(rows[0].seq)));
    let at = jiff::Timestamp::from_microsecond(rows[0].recorded_at).unwrap();
    assert_eq!(of(patient("p1"), at), Ok(Some(rows[0].seq)));
    let later = at.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    assert_eq!(of(patient("p1"), later), Ok(None), "it is no news any more");
    assert_eq!(of(patient("p2"), began), Err(Error::NotFound), "nor is it anybody else's to know");
    assert_eq!(of(staff("R"), began), Err(Error::Forbidden));
}

#[test]
fn emergencies_are_told_to_the_privacy_officer_of_that_organisation_and_to_nobody_else() {
    let world = World::new();
    let store = world.open();
    for id in ["p1", "p2"] {
        let person = prepared(&format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
        store.write_blocking(backend(), move |t| t.update(&person, IfMatch::Any)).unwrap();
    }
    for (organisation, patient) in [("R", "p1"), ("S", "p2"), ("R", "absent")] {
        let looked =
            store.read_blocking(breaking_glass(organisation, patient), move |s| s.read("Patient", patient));
        looked.unwrap();
    }
    let of = |actor: Actor, organisation: Option<&'static str>| {
        let rows = store.read_blocking(actor, move |s| s.audit_emergencies(organisation, None, 10));
        rows.map(|rows| {
            rows.into_iter().filter_map(|row| row.patient).map(|p| p.to_string()).collect::<Vec<_>>()
        })
    };
    assert_eq!(of(privacy("R"), Some("R")), Ok(vec!["p1".to_owned()]));
    assert_eq!(of(Actor::system("t"), None), Ok(vec!["p2".to_owned(), "p1".to_owned()]));
    for (actor, organisation) in [
        (privacy("R"), Some("S")),
        (privacy("R"), None),
        (privacy(""), Some("")),
        (staff("R"), Some("R")),
        (operator(), Some("R")),
        (patient("p1"), Some("R")),
    ] {
        assert_eq!(
            of(actor.clone(), organisation),
            Err(Error::Forbidden),
            "{:?} {organisation:?}",
            actor.role
        );
    }
    let about =
        store.read_blocking(privacy("S"), |s| s.audit_emergencies(Some("S"), Some("p1"), 10)).unwrap();
    assert!(about.is_empty(), "the other organisation's access to p1 is not theirs to see");
    // Reading the list is itself in the log of the patient whom it names, and of no other.
    let rows = |id: &'static str| {
        store.read_blocking(patient(id), move |s| s.audit_about_patient(id, 10, None)).unwrap()
    };
    assert!(rows("p1").iter().any(|row| row.role == "privacy-officer"));
    assert!(rows("p2").iter().all(|row| row.role != "privacy-officer"));
    assert!(
        store.read_blocking(privacy("R"), |s| s.read("Patient", "p1")).is_err(),
        "no record is open to them"
    );
}
