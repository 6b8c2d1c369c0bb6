//! Backup, restore and the doctor: what they promise, and that they see what is broken.

use crate::world::{World, backend, prepared};
use rusqlite::Connection;
use store::backup::{BackupError, backup, restore};
use store::doctor::{Finding, Report, examine};
use store::{IfMatch, Store};

fn fill(store: &Store, from: usize) {
    for number in from..from + 20 {
        let text = format!(
            r#"{{"resourceType":"Patient","id":"p{number}","name":[{{"family":"Family{number}"}}],"birthDate":"1970-01-01"}}"#
        );
        store.write_blocking(backend(), move |t| t.update(&prepared(&text), IfMatch::Any)).unwrap();
    }
}

#[test]
fn a_backup_of_an_open_store_restores_equal() {
    let world = World::new();
    let store = world.open();
    fill(&store, 0);
    let places = tempfile::tempdir().unwrap();
    let (copy, back) = (places.path().join("copy"), places.path().join("back"));
    let made = backup(world.path(), &copy).unwrap();
    assert_eq!(made.position.0, 20);
    fill(&store, 20);
    assert_eq!(restore(&copy, &back).unwrap(), made);
    assert!(matches!(restore(&copy, &back), Err(BackupError::NotEmpty(_))));
    assert!(matches!(backup(world.path(), &copy), Err(BackupError::NotEmpty(_))));
    assert!(examine(&back).unwrap().is_sound());
    let again = World { directory: places, ..World::new() };
    let options = store::Options { readers: 1, ..store::Options::default() };
    let restored = Store::open(&back, options, again.environment.clone()).unwrap();
    let read = |store: &Store, id: &'static str| {
        store.read_blocking(backend(), move |s| s.read("Patient", id)).unwrap()
    };
    assert_eq!(read(&restored, "p3"), read(&store, "p3"));
    assert_eq!(read(&restored, "p30"), store::Found::Absent, "it came after the backup");
}

#[test]
fn a_damaged_backup_is_refused() {
    let world = World::new();
    let store = world.open();
    fill(&store, 0);
    let places = tempfile::tempdir().unwrap();
    let copy = places.path().join("copy");
    backup(world.path(), &copy).unwrap();
    let database = copy.join("bevan.sqlite");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    assert!(matches!(restore(&copy, &places.path().join("back")), Err(BackupError::Mismatch(_))));
    std::fs::remove_file(copy.join("manifest.txt")).unwrap();
    assert!(matches!(restore(&copy, &places.path().join("back")), Err(BackupError::Manifest)));
}

/// A backup whose files are those of its manifest, and whose audit log was changed before it was made.
fn unsound(world: &World, copy: &std::path::Path) {
    use sha2::Digest as _;
    let store = world.open();
    fill(&store, 0);
    backup(world.path(), copy).unwrap();
    let database = copy.join("bevan.sqlite");
    Connection::open(&database).unwrap().execute("UPDATE audit SET agent = 'x' WHERE seq = 3", []).unwrap();
    let hash = sha2::Sha256::digest(std::fs::read(&database).unwrap());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = std::fs::read_to_string(copy.join("manifest.txt")).unwrap();
    let named = |line: &str| match line.ends_with(" bevan.sqlite") {
        true => format!("sha256 {hash} bevan.sqlite\n"),
        false => format!("{line}\n"),
    };
    std::fs::write(copy.join("manifest.txt"), manifest.lines().map(named).collect::<String>()).unwrap();
}

#[test]
fn what_was_not_restored_and_checked_to_the_end_is_not_opened() {
    let world = World::new();
    let places = tempfile::tempdir().unwrap();
    let (copy, back) = (places.path().join("copy"), places.path().join("back"));
    unsound(&world, &copy);
    assert!(matches!(restore(&copy, &back), Err(BackupError::Differs(_))));
    assert!(back.join("bevan.sqlite").exists(), "the copy is there");
    let opened = Store::open(&back, store::Options::default(), world.environment.clone());
    let said = opened.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(said.contains("empty the directory and restore the backup again"), "{said}");
}

/// What the doctor says after one thing was broken.
fn broken(sql: &str) -> Report {
    let world = World::new();
    let store = world.open();
    fill(&store, 0);
    drop(store);
    assert!(examine(world.path()).unwrap().is_sound());
    let connection = Connection::open(world.path().join("bevan.sqlite")).unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    examine(world.path()).unwrap()
}

#[test]
fn the_doctor_sees_each_kind_of_damage() {
    let report = broken("UPDATE version SET json = CAST(json || ' ' AS BLOB) WHERE position = 3");
    assert_eq!(report.findings, [Finding::Hash { position: 3 }]);
    let report = broken("DELETE FROM idx_string WHERE rid = 4");
    assert!(
        matches!(report.findings.as_slice(), [Finding::Index { extra: 0, missing: 1.., .. }]),
        "{report:?}"
    );
    let report = broken("INSERT INTO idx_token VALUES (65536, 'x', 0, 4)");
    assert!(
        matches!(report.findings.as_slice(), [Finding::Index { extra: 1, missing: 0, .. }]),
        "{report:?}"
    );
    let report = broken("DELETE FROM compartment WHERE rid = 5");
    assert!(matches!(report.findings.as_slice(), [Finding::Compartment { .. }]), "{report:?}");
    let report = broken("DELETE FROM version WHERE rid = 6");
    assert!(matches!(report.findings.as_slice(), [Finding::Version { .. }]), "{report:?}");
    let report = broken("DELETE FROM resource WHERE rid = 7");
    assert!(report.findings.iter().any(|finding| matches!(finding, Finding::Orphans { .. })), "{report:?}");
    let report = broken("DELETE FROM audit WHERE seq = 8");
    assert_eq!(report.audit.first_bad_row(), Some(8));
}
