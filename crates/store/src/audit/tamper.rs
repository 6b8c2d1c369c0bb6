//! The proof of the audit log: a thousand random tampers, every one found; and none found where nothing was touched.

use super::record::{AuditRecord, COLUMNS};
use super::tree::leaf;
use super::verify::{Finding, verify};
use crate::environment::known::{Drawn, known};
use crate::{Actor, Options, Role, Scopes, Store};
use rusqlite::Connection;
use std::path::Path;

const ROWS: u64 = 60;

fn row(drawn: &Drawn) -> u64 {
    drawn.next() % ROWS + 1
}

/// A closed store with [`ROWS`] rows about two patients and some heads.
fn log() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let environment = known(300_000);
    let options = Options { readers: 1, reserve_bytes: 1, head_interval_ms: 4_000, ..Options::default() };
    let store = Store::open(directory.path(), options, environment).unwrap();
    let actor = Actor { role: Role::Backend { scopes: Scopes::everything() }, ..Actor::system("tamper") };
    for number in 0..ROWS {
        let actor = actor.clone();
        if number < 2 {
            let text = format!(r#"{{"resourceType":"Patient","id":"p{number}"}}"#);
            let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
            let patient = crate::Prepared::new(value).unwrap();
            store.write_blocking(actor, move |t| t.update(&patient, crate::IfMatch::Any)).unwrap();
        } else {
            store.read_blocking(actor, move |s| s.read("Patient", &format!("p{}", number % 3))).unwrap();
        }
    }
    drop(store);
    directory
}

fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for name in [crate::open::DATABASE, crate::open::HEAD_KEY, super::head::FILE] {
        std::fs::copy(from.join(name), to.path().join(name)).unwrap();
    }
    to
}

/// One tamper; returns the first row touched and what it was.
fn tamper(connection: &Connection, drawn: &Drawn) -> (u64, String) {
    let (row, other) = (row(drawn), row(drawn));
    let columns = [
        "agent",
        "agent_name",
        "role",
        "organisation",
        "purpose",
        "trace",
        "action",
        "interaction",
        "capability",
        "relationship",
    ];
    let column = columns[drawn.next() as usize % columns.len()];
    let run = |sql: &str| assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
    match drawn.next() % 8 {
        0 => {
            run(&format!("UPDATE audit SET {column} = coalesce({column}, '') || 'x' WHERE seq = {row}"));
            (row, format!("{column} of {row}"))
        }
        1 => {
            run(&format!("UPDATE audit SET recorded_at = recorded_at + 1 WHERE seq = {row}"));
            (row, format!("time of {row}"))
        }
        2 => {
            run(&format!(
                "UPDATE audit SET patient = CASE WHEN patient = 1 THEN 2 ELSE 1 END WHERE seq = {row}"
            ));
            (row, format!("patient of {row}"))
        }
        3 => {
            run(&format!("DELETE FROM audit WHERE seq = {row}"));
            (row, format!("deletion of {row}"))
        }
        4 => {
            run(&format!("DELETE FROM audit WHERE seq >= {row}"));
            (row, format!("cut at {row}"))
        }
        5 => {
            run(&format!("UPDATE audit SET leaf = zeroblob(32) WHERE seq = {row}"));
            (row, format!("leaf of {row}"))
        }
        6 if row != other => {
            run(&format!("UPDATE audit SET seq = -1 WHERE seq = {row}"));
            run(&format!("UPDATE audit SET seq = {row} WHERE seq = {other}"));
            run(&format!("UPDATE audit SET seq = {other} WHERE seq = -1"));
            (row.min(other), format!("{row} and {other} change places"))
        }
        _ => {
            rewrite(connection, row);
            (row, format!("rewriting of {row} with its leaf"))
        }
    }
}

/// Changes a row and makes its leaf fit, as somebody does who knows the format.
fn rewrite(connection: &Connection, row: u64) {
    connection.execute("UPDATE audit SET agent_name = 'nobody' WHERE seq = ?1", [row]).unwrap();
    let sql =
        format!("SELECT {COLUMNS} FROM audit a LEFT JOIN patient p ON p.id = a.patient WHERE a.seq = ?1");
    let record = connection.query_row(&sql, [row], AuditRecord::of).unwrap();
    let mut content = Vec::new();
    record.content(&mut content);
    connection
        .execute("UPDATE audit SET leaf = ?2 WHERE seq = ?1", (row, leaf(&content).as_slice()))
        .unwrap();
}

#[test]
fn a_thousand_tampers_are_found() {
    let original = log();
    let sound = verify(original.path()).unwrap();
    assert!(sound.is_sound(), "{sound:?}");
    assert_eq!(sound.rows, ROWS);
    assert!(sound.heads >= 3, "{sound:?}");
    let drawn = Drawn::new(11);
    for number in 0..1_000 {
        let copy = copied(original.path());
        let connection = Connection::open(copy.path().join(crate::open::DATABASE)).unwrap();
        connection.pragma_update(None, "synchronous", "OFF").unwrap();
        let (row, what) = tamper(&connection, &drawn);
        drop(connection);
        let report = verify(copy.path()).unwrap();
        let first = report.first_bad_row();
        assert!(first.is_some(), "tamper {number} was missed: {what}");
        let named = match report.findings.first().unwrap() {
            Finding::Rewritten { from, to } => (*from..=*to).contains(&row),
            finding => finding.first_row() == row,
        };
        assert!(named, "tamper {number}, {what}, was put at {first:?}: {:?}", report.findings.first());
    }
}

#[test]
fn heads_are_guarded_on_both_sides() {
    let original = log();
    let newest_gone = copied(original.path());
    let file = newest_gone.path().join(super::head::FILE);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    std::fs::write(&file, lines[..lines.len() - 1].join("\n")).unwrap();
    assert!(verify(newest_gone.path()).unwrap().is_sound(), "a kill between commit and file is no tamper");
    std::fs::write(&file, lines[1..].join("\n")).unwrap();
    assert!(!verify(newest_gone.path()).unwrap().is_sound(), "an older head is gone outside");

    // Rows, tree and heads inside are cut consistently; the file outside still knows.
    let cut = copied(original.path());
    let connection = Connection::open(cut.path().join(crate::open::DATABASE)).unwrap();
    connection
        .execute_batch("DELETE FROM audit WHERE seq > 5; DELETE FROM audit_head WHERE size > 5;")
        .unwrap();
    let mut tree = super::tree::Tree::default();
    let mut leaves = connection.prepare("SELECT leaf FROM audit ORDER BY seq").unwrap();
    for hash in leaves.query_map([], |row| row.get::<_, [u8; 32]>(0)).unwrap() {
        tree.append(hash.unwrap());
    }
    connection
        .execute("UPDATE audit_tree SET size = ?1, frontier = ?2", (tree.size(), tree.frontier()))
        .unwrap();
    drop(leaves);
    drop(connection);
    assert!(verify(cut.path()).unwrap().findings.contains(&Finding::CutOff { seq: 6 }));

    let forged = copied(original.path());
    std::fs::write(forged.path().join(crate::open::HEAD_KEY), [0; 32]).unwrap();
    assert!(!verify(forged.path()).unwrap().is_sound());
}
