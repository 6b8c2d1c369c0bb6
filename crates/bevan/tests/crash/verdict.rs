//! Compares the record with the ledger.

use crate::ledger::{Ledger, PARTS};
use crate::support::http::Client;
use crate::support::mllp::{Sender, code};
use crate::support::process::Bevan;
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
        let found = count(
            &mut http,
            &format!("/fhir/Observation?identifier=urn:crash:transaction|{}&_summary=count", one.marker),
        );
        assert!(
            found == 0 || found == PARTS,
            "half a transaction: {} of {PARTS} parts of {}",
            found,
            one.marker
        );
        assert!(!one.acknowledged || found == PARTS, "lost: transaction {} was acknowledged", one.marker);
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
    let path = data.join("bevan.sqlite");
    let database = rusqlite::Connection::open(path).expect("it opens");
    let mut messages = database.prepare("SELECT count(*) FROM inbox WHERE control_id = ?1").expect("inbox");
    for control_id in &ledger.messages {
        let times: u64 = messages.query_row([control_id], |row| row.get(0)).expect("a count");
        assert_eq!(times, 1, "message {control_id} stands {times} times in the inbox");
    }
    let mut facts = database.prepare("SELECT count(*) FROM fact WHERE stream = ?1").expect("facts");
    let mut applied = 0;
    for control_id in &ledger.messages {
        let waiting: bool = messages_waiting(&database, control_id);
        let effects: u64 = facts
            .query_row([format!("stay:ZZ9:{}", control_id.replacen('C', "V", 1))], |row| row.get(0))
            .expect("a count");
        assert_eq!(effects, u64::from(!waiting), "message {control_id} had {effects} effects");
        applied += effects;
    }
    println!("crash: {applied} of {} messages applied, each once", ledger.messages.len());
    let dead: usize = database
        .query_row("SELECT count(*) FROM inbox WHERE reason IS NOT NULL", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(dead, 0, "messages of the load were refused");
    let mut audit = database.prepare("SELECT count(*) FROM audit WHERE trace = ?1").expect("audit");
    for trace in &ledger.reads {
        let rows: u64 = audit.query_row([trace], |row| row.get(0)).expect("a count");
        assert!(rows >= 1, "a read was served without an audit row: {trace}");
    }
    drop((messages, facts, audit));
    drop(database);
    for words in [vec!["doctor"], vec!["audit", "verify"]] {
        let status = Command::new(env!("CARGO_BIN_EXE_bevan"))
            .args(&words)
            .arg("--data")
            .arg(data)
            .status()
            .expect("bevan runs");
        assert!(status.success(), "bevan {words:?}: {status}");
    }
}

/// Whether a message has not been applied yet.
fn messages_waiting(database: &rusqlite::Connection, control_id: &str) -> bool {
    let state = database
        .query_row("SELECT state FROM inbox WHERE control_id = ?1", [control_id], |row| row.get::<_, i64>(0));
    state.expect("a state") == 0
}

fn count(http: &mut Client, path: &str) -> u64 {
    let answer = http.get(path).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let total = text.split("\"total\":").nth(1).expect("a total");
    total.split([',', '}']).next().and_then(|digits| digits.trim().parse().ok()).expect("a number")
}
