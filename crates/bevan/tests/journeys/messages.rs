//! Every HL7 v2 sample over a real MLLP socket: acknowledged as it asks, kept byte for byte, and applied, or not applied
//! for a stated reason. What is not applied stands in `not-applied.tsv`.

use crate::browser::Browser;
use crate::corpus::{self, compare, located};
use crate::house::{House, running};
use crate::support::mllp::{Sender, code};
use std::path::Path;

const SAMPLES: usize = 70;

/// The codes that MSH-15 and MSH-16 ask for when all is well (HL7 v2.8 §2.9).
fn wanted(header: &str) -> &'static [&'static str] {
    let field = |number: usize| header.split('|').nth(number - 1).unwrap_or_default().trim();
    match (field(15), field(16)) {
        ("", "") | ("NE" | "ER", "AL") => &["AA"],
        ("NE", "NE") => &[],
        ("AL", "AL") => &["CA", "AA"],
        ("AL", "") => &["CA"],
        other => panic!("a mode that no sample had: {other:?}"),
    }
}

fn header(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message).into_owned();
    text.trim_start_matches('\u{feff}').split(['\r', '\n']).next().unwrap_or_default().to_owned()
}

/// Sends a message and reads exactly the answers it asks for.
fn send(sender: &mut Sender, message: &[u8], file: &str) {
    let header = header(message);
    let control_id = header.split('|').nth(9).unwrap_or_default();
    sender.write(message).unwrap();
    for wanted in wanted(&header) {
        let answer = sender.receive().unwrap_or_else(|error| panic!("{file}: no {wanted}: {error}"));
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert_eq!(code(&answer).as_deref(), Some(*wanted), "{file}: {text}");
        let acknowledged = text.split('\r').find(|line| line.starts_with("MSA")).unwrap().split('|').nth(2);
        assert_eq!(acknowledged.map(str::trim_end), Some(control_id), "{file}: {text}");
    }
}

/// File, state and reason of every message that was not applied.
fn not_applied(house: &House, files: &[std::path::PathBuf]) -> Vec<String> {
    let database = house.database();
    let mut rows = database.prepare("SELECT id, state, reason FROM inbox ORDER BY id").unwrap();
    let rows = rows.query_map([], |row| {
        Ok((row.get::<_, usize>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?))
    });
    let mut lines = Vec::new();
    for row in rows.unwrap() {
        let (id, state, reason) = row.unwrap();
        let state = match state {
            1 => continue,
            2 => "dead",
            3 => "ignored",
            other => panic!("message {id} is in state {other}"),
        };
        let reason = reason.filter(|reason| !reason.is_empty()).expect("a reason");
        lines.push(format!("{}\t{state}\t{reason}", corpus::name(&files[id - 1])));
    }
    lines
}

fn everything_sent(house: &House, folder: &Path) -> Vec<std::path::PathBuf> {
    let files = corpus::files(folder, ".hl7");
    assert_eq!(files.len(), SAMPLES);
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    for file in &files {
        send(&mut sender, &std::fs::read(file).unwrap(), &corpus::name(file));
    }
    house.settled();
    files
}

#[test]
fn all_sample_messages_are_accepted_over_a_real_mllp_socket() {
    let test = "all_sample_messages_are_accepted_over_a_real_mllp_socket";
    let Some(folder) = located(test, "hl7v2/samples") else { return };
    let house = running();
    let files = everything_sent(&house, &folder);
    let database = house.database();
    for (file, id) in files.iter().zip(1..) {
        let raw: Vec<u8> =
            database.query_row("SELECT raw FROM inbox WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        assert!(raw == std::fs::read(file).unwrap(), "{} was not kept byte for byte", file.display());
    }
    let lines = not_applied(&house, &files);
    let count = |state: &str| lines.iter().filter(|line| line.contains(&format!("\t{state}\t"))).count();
    let (dead, ignored) = (count("dead"), count("ignored"));
    println!("{SAMPLES} messages: {} applied, {ignored} ignored, {dead} dead", SAMPLES - dead - ignored);
    compare(&lines, include_str!("not-applied.tsv"), "not-applied.tsv");
    let most = lines.iter().all(|line| !["ADT-A0", "ORU", "ORM"].iter().any(|kind| line.starts_with(kind)));
    assert!(most, "an ADT A01 to A09, an ORU or an ORM was not applied");
    assert_eq!(house.metric("bevan_inbox_applied"), (SAMPLES - dead - ignored) as u64);
    assert_eq!(house.metric("bevan_inbox_dead"), dead as u64);

    // Sent again, every message is acknowledged alike and has no second effect.
    let position = house.position();
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    for file in &files {
        send(&mut sender, &std::fs::read(file).unwrap(), &corpus::name(file));
    }
    house.settled();
    assert_eq!(house.position(), position, "a repeat changed the record");
    let kept: usize = database.query_row("SELECT count(*) FROM inbox", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, SAMPLES);
}

#[test]
fn dead_letters_replay_with_one_click_and_no_second_effect() {
    let test = "dead_letters_replay_with_one_click_and_no_second_effect";
    let Some(folder) = located(test, "hl7v2/samples") else { return };
    let house = running();
    let files = everything_sent(&house, &folder);
    let (before, position) = (not_applied(&house, &files), house.position());
    let dead: Vec<i64> = {
        let database = house.database();
        let mut rows = database.prepare("SELECT id FROM inbox WHERE state = 2").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert!(!dead.is_empty());
    let mut operator = Browser::signed_in(&house.bevan, "operator");
    let page = operator.get("/staff/operations");
    assert_eq!(page.status, 200);
    for line in before.iter().filter(|line| line.contains("\tdead\t")) {
        let reason = line
            .split('\t')
            .nth(2)
            .unwrap()
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        assert!(page.text().contains(&reason), "the operator's page does not say: {reason}");
    }
    for _ in 0..2 {
        for id in &dead {
            let answer = operator.post("/staff/operations", &format!("/staff/operations/{id}/replay"), &[]);
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        house.settled();
        assert_eq!(not_applied(&house, &files), before);
    }
    assert_eq!(house.position(), position, "a replay of a dead letter changed the record");
}
