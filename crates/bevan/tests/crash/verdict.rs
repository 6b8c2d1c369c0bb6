//! Compares the record with the ledger.

use crate::ledger::{Ledger, PARTS};
use crate::support::http::Client;
use crate::support::mllp::{Sender, code};
use crate::support::process::Bevan;
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

/// After a restart: everything of the last life is there whole, and senders repeat what was not answered.
pub fn after_restart(bevan: &Bevan, ledger: &mut Ledger) {
    let mut http = bevan.system();
    for id in ledger.creates.iter().skip(ledger.creates_checked) {
        let answer = http.get(&format!("/fhir/Observation/{id}")).expect("an answer");
        assert_eq!(answer.status, 200, "lost: Observation/{id} was acknowledged");
    }
    ledger.creates_checked = ledger.creates.len();
    for one in ledger.transactions.iter().skip(ledger.transactions_checked) {
        let path = "/fhir/Observation?identifier=urn:crash:transaction|";
        let found = count(&mut http, &format!("{path}{}&_summary=count", one.marker));
        whole(found, one.acknowledged, &one.marker).unwrap_or_else(|fault| panic!("{fault}"));
    }
    ledger.transactions_checked = ledger.transactions.len();
    if !ledger.unanswered.is_empty() {
        let mut sender = Sender::connect(bevan.mllp).expect("the listener");
        for message in std::mem::take(&mut ledger.unanswered) {
            let answer = sender.send(&message).expect("an acknowledgement");
            assert_eq!(code(&answer).as_deref(), Some("AA"));
            let text = String::from_utf8_lossy(&message).into_owned();
            ledger.messages.push(text.split('|').nth(9).expect("a control id").to_owned());
        }
    }
}

/// At the end, the process gone: with plain SQL, and with the product's own checks.
pub fn at_the_end(data: &Path, ledger: &Ledger) {
    let database = Connection::open(data.join("bevan.sqlite")).expect("the database opens");
    by_sql(&database, ledger).unwrap_or_else(|fault| panic!("{fault}"));
    drop(database);
    for words in [vec!["doctor"], vec!["audit", "verify"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bevan"));
        let status = command.args(&words).arg("--data").arg(data).status().expect("bevan runs");
        assert!(status.success(), "bevan {words:?}: {status}");
    }
}

/// Plants each fault into a copy of the record: the comparison must find every one, or it proves nothing.
pub fn controls(data: &Path, ledger: &Ledger) {
    let faults = [
        ("a lost create", format!("DELETE FROM resource WHERE id = '{}'", ledger.creates[0])),
        (
            "a message with two effects",
            String::from(
                "INSERT INTO fact(stream, key, occurred_at, recorded_at, body) SELECT stream, key || 'x', occurred_at, recorded_at, body FROM fact WHERE stream LIKE 'stay:ZZ9:%' LIMIT 1",
            ),
        ),
        (
            "a message without effect",
            String::from(
                "DELETE FROM fact WHERE id = (SELECT min(id) FROM fact WHERE stream LIKE 'stay:ZZ9:%')",
            ),
        ),
        ("a lost message", format!("DELETE FROM inbox WHERE control_id = '{}'", ledger.messages[0])),
        ("a read without an audit row", format!("DELETE FROM audit WHERE trace = '{}'", ledger.reads[0])),
        (
            "half a transaction",
            format!(
                "DELETE FROM resource WHERE rid = (SELECT min(rid) FROM idx_token WHERE code = '{}')",
                marker(ledger)
            ),
        ),
    ];
    for (name, statement) in &faults {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy.sqlite");
        std::fs::copy(data.join("bevan.sqlite"), &copy).expect("a copy");
        let database = Connection::open(copy).expect("the copy opens");
        assert!(by_sql(&database, ledger).is_ok(), "the copy is sound before the fault is planted");
        assert!(
            database.execute(statement, []).expect("the fault is planted") > 0,
            "{name}: nothing was planted"
        );
        let found = by_sql(&database, ledger);
        assert!(found.is_err(), "{name} was planted and not found");
    }
    println!("crash: {} planted faults, each found", faults.len());
}

fn marker(ledger: &Ledger) -> &str {
    &ledger.transactions.iter().find(|one| one.acknowledged).expect("a transaction").marker
}

/// What must hold of every acknowledged thing; the first breach in words. Each table is read once, as none of them has an
/// index for these questions.
fn by_sql(database: &Connection, ledger: &Ledger) -> Result<(), String> {
    let there = counts(database, "SELECT id, count(*) FROM resource WHERE deleted = 0 GROUP BY id");
    for id in &ledger.creates {
        (there.contains_key(id)).then_some(()).ok_or(format!("lost: {id} was acknowledged"))?;
    }
    let parts = counts(
        database,
        "SELECT i.code, count(DISTINCT i.rid) FROM idx_token i JOIN resource r ON r.rid = i.rid GROUP BY i.code",
    );
    for one in &ledger.transactions {
        whole(parts.get(&one.marker).copied().unwrap_or(0), one.acknowledged, &one.marker)?;
    }
    let times = counts(database, "SELECT control_id, count(*) FROM inbox GROUP BY control_id");
    let states = counts(database, "SELECT control_id, max(state) FROM inbox GROUP BY control_id");
    let effects = counts(database, "SELECT stream, count(*) FROM fact GROUP BY stream");
    for control_id in &ledger.messages {
        let times = times.get(control_id).copied().unwrap_or(0);
        (times == 1)
            .then_some(())
            .ok_or(format!("message {control_id} stands {times} times in the inbox"))?;
        let stay = format!("stay:ZZ9:{}", control_id.replacen('C', "V", 1));
        let effects = effects.get(&stay).copied().unwrap_or(0);
        let expected = match states.get(control_id) {
            Some(0) => 0,
            Some(1) => 1,
            other => return Err(format!("message {control_id} of the load ended in state {other:?}")),
        };
        (effects == expected).then_some(()).ok_or(format!("message {control_id} had {effects} effects"))?;
    }
    let audited = counts(database, "SELECT trace, count(*) FROM audit GROUP BY trace");
    for trace in &ledger.reads {
        let rows = audited.get(trace).copied().unwrap_or(0);
        (rows >= 1).then_some(()).ok_or(format!("a read was served without an audit row: {trace}"))?;
    }
    Ok(())
}

/// Two columns of a table as a map.
fn counts(database: &Connection, sql: &str) -> HashMap<String, u64> {
    let mut statement = database.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

fn whole(found: u64, acknowledged: bool, marker: &str) -> Result<(), String> {
    match found {
        PARTS => Ok(()),
        0 if !acknowledged => Ok(()),
        0 => Err(format!("lost: transaction {marker} was acknowledged")),
        some => Err(format!("half a transaction: {some} of {PARTS} parts of {marker}")),
    }
}

fn count(http: &mut Client, path: &str) -> u64 {
    let answer = http.get(path).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let total = text.split("\"total\":").nth(1).expect("a total");
    total.split([',', '}']).next().and_then(|digits| digits.trim().parse().ok()).expect("a number")
}
