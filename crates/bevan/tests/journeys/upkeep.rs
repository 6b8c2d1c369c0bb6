//! Backup under load, restore, and checks that find what was changed behind the record's back.

use crate::document::{content, read};
use crate::house::{database, run, running, text};
use crate::support::process::Bevan;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

fn observation(number: usize) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"o{number}","status":"final","code":{{"text":"Heart rate"}},"valueQuantity":{{"value":{number}.00,"unit":"/min"}}}}"#
    )
}

#[test]
fn a_backup_under_load_restores_to_the_same_record() {
    let house = running();
    let target = house.folder.path().join("backup");
    let (stop, written) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()));
    let (before, ran, after) = std::thread::scope(|scope| {
        for client in 0..3 {
            let (house, stop, written) = (&house, &stop, &written);
            scope.spawn(move || {
                let mut http = house.bevan.system();
                for turn in 0.. {
                    let number = turn * 3 + client;
                    let answer = http
                        .put_fhir(&format!("/fhir/Observation/o{number}"), observation(number).as_bytes());
                    assert_eq!(answer.unwrap().status, 201);
                    written.lock().unwrap().insert(number, turn);
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        crate::house::until("there is something to copy", 60, || written.lock().unwrap().len() > 100);
        let before: Vec<usize> = written.lock().unwrap().keys().copied().collect();
        let ran = run(&["backup", "--data", text(&house.bevan.data), "--to", text(&target)]);
        let after = written.lock().unwrap().len();
        stop.store(true, Ordering::Relaxed);
        (before, ran, after)
    });
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("backed up, restored and compared"), "{ran:?}");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("restored");
    let restored = run(&["restore", "--from", text(&target), "--data", text(&data)]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(run(&["doctor", "--data", text(&data)]).code, 0);
    assert_eq!(run(&["audit", "verify", "--data", text(&data)]).code, 0);

    for place in [&house.bevan.data, &target, &data] {
        for entry in std::fs::read_dir(place).unwrap() {
            let entry = entry.unwrap();
            let mode = std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "others may read {}", entry.path().display());
        }
    }

    let (original, bevan) = (house.bevan.system(), Bevan::start(&data));
    let (mut original, mut copy) = (original, bevan.system());
    for number in &before {
        let path = format!("/fhir/Observation/o{number}");
        let (one, other) = (original.get(&path).unwrap(), copy.get(&path).unwrap());
        assert_eq!((one.status, other.status), (200, 200), "{path}");
        assert_eq!(one.header("etag"), other.header("etag"), "{path}");
        assert!(content(&read(&one.body)) == content(&read(&other.body)), "{path} differs");
    }
    let found = read(&copy.get("/fhir/Observation?_summary=count&_id:missing=false").unwrap().body);
    let copied: usize = database(&data)
        .query_row("SELECT count(*) FROM resource WHERE id LIKE 'o%' AND length(id) < 8", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(before.len() <= copied && copied <= after + 3, "{} {copied} {after}: {found:?}", before.len());
    for name in ["Patient", "Practitioner", "Location", "Organization", "Condition"] {
        let count = |client: &mut crate::support::http::Client| {
            let answer = client.get(&format!("/fhir/{name}?_summary=count")).unwrap();
            read(&answer.body).get("total").and_then(|total| total.as_number()?.as_i64()).unwrap()
        };
        assert_eq!(count(&mut original), count(&mut copy), "{name}");
    }
    assert_eq!(copy.put_fhir("/fhir/Observation/o1", observation(1).as_bytes()).unwrap().status, 200);
}

#[test]
fn backup_and_restore_refuse_what_would_do_harm() {
    let house = running();
    let (data, target) = (house.bevan.data.clone(), house.folder.path().join("backup"));
    let backup = ["backup", "--data", text(&data), "--to", text(&target)];
    assert_eq!(run(&backup).code, 0);
    let twice = run(&backup);
    assert_eq!(twice.code, 1, "{twice:?}");
    assert!(twice.err.contains("is not empty"), "{twice:?}");
    let over = run(&["restore", "--from", text(&target), "--data", text(&data)]);
    assert_eq!(over.code, 1, "{over:?}");
    assert!(over.err.contains("is not empty"), "{over:?}");
    let nothing = run(&["restore", "--from", text(house.folder.path()), "--data", text(&target.join("new"))]);
    assert!(matches!(nothing.code, 1 | 5), "{nothing:?}");

    let copy = target.join("bevan.sqlite");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&copy, bytes).unwrap();
    let place = tempfile::tempdir().unwrap();
    let damaged = run(&["restore", "--from", text(&target), "--data", text(&place.path().join("new"))]);
    assert_eq!(damaged.code, 5, "{damaged:?}");
    assert!(damaged.err.contains("the backup is damaged"), "{damaged:?}");
}

/// A record with some writes and reads, stopped in order.
fn a_record(folder: &Path) {
    let bevan = Bevan::start(folder);
    let mut client = bevan.system();
    for number in 0..20 {
        assert_eq!(
            client
                .put_fhir(&format!("/fhir/Observation/o{number}"), observation(number).as_bytes())
                .unwrap()
                .status,
            201
        );
        assert_eq!(client.get(&format!("/fhir/Observation/o{number}")).unwrap().status, 200);
    }
    assert!(bevan.stop());
}

#[test]
fn doctor_and_audit_verify_find_a_planted_change() {
    let folder = tempfile::tempdir().unwrap();
    let sound = folder.path().join("sound");
    a_record(&sound);
    let rid = "(SELECT rid FROM resource WHERE id = 'o7')";
    let plants: [(&str, String, i32, i32, &str); 10] = [
        ("nothing", "SELECT 1".into(), 0, 0, "0 faults"),
        ("a value", format!("UPDATE version SET json = CAST(replace(CAST(json AS TEXT), '7.00', '9.00') AS BLOB) WHERE rid = {rid}"), 5, 0, "is not what was written"),
        ("a lost version", format!("DELETE FROM version WHERE rid = {rid}"), 5, 0, "versions are missing or disagree"),
        ("a search row", format!("DELETE FROM idx_quantity WHERE rid = {rid}"), 5, 0, "search rows are missing"),
        ("a row too many", format!("INSERT INTO idx_uri SELECT p, 'urn:planted', {rid} FROM idx_uri LIMIT 1"), 5, 0, "are too many"),
        ("a merge that nobody stated", "INSERT INTO merged VALUES (1, 2, 0), (1, 2, 1)".into(), 5, 0, "merges is not what it says"),
        ("a reader's name", "UPDATE audit SET agent_name = 'Somebody else' WHERE seq = (SELECT max(seq) - 10 FROM audit)".into(), 5, 5, "is not what was recorded"),
        ("a removed row", "DELETE FROM audit WHERE seq = (SELECT max(seq) - 10 FROM audit)".into(), 5, 5, "audit rows are missing"),
        ("a cut end", "DELETE FROM audit WHERE seq > (SELECT max(seq) - 5 FROM audit)".into(), 5, 5, "cut off"),
        (
            "two rows changed over",
            "UPDATE audit SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6); UPDATE audit SET seq = -seq WHERE seq < 0".into(),
            5,
            5,
            "audit row",
        ),
    ];
    for (what, sql, doctor, verify, says) in plants {
        let data = folder.path().join(what.replace([' ', '\''], "-"));
        std::fs::create_dir(&data).unwrap();
        for entry in std::fs::read_dir(&sound).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, data.join(path.file_name().unwrap())).unwrap();
        }
        let planted = database(&data);
        planted.execute_batch(&sql).unwrap_or_else(|error| panic!("{what}: {error}"));
        drop(planted);
        let examined = run(&["doctor", "--data", text(&data)]);
        assert_eq!(examined.code, doctor, "{what}: {examined:?}");
        let verified = run(&["audit", "verify", "--data", text(&data)]);
        assert_eq!(verified.code, verify, "{what}: {verified:?}");
        let said = examined.out + &verified.out;
        assert!(said.contains(says), "{what}: {said}");
    }
}
