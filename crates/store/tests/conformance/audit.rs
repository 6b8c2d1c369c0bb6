//! The audit log: a row for everything served and written.

use crate::world::{World, backend, breaking_glass, patient, prepared};
use store::{Error, IfMatch};

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
