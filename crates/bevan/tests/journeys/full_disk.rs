//! A disk that fills up, on a small file system in memory: reads go on and are audited, writes answer 503, messages are
//! not acknowledged, and when there is space again everything goes on by itself with nothing lost that was acknowledged.

use crate::corpus::skip;
use crate::document::refusal;
use crate::house::{database, run, text, until};
use crate::support::http::Client;
use crate::support::mllp::{Sender, code};
use crate::support::process::Bevan;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A file system of a fixed size.
struct Disk(TempDir);

impl Disk {
    /// `None` where this user may not mount.
    fn new(test: &str, size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let words = ["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", text(folder.path())];
        let mounted = Command::new("mount")
            .args(words)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            skip(test, "a small file system cannot be mounted here (root is needed)");
            return None;
        }
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn resize(&self, size: &str) {
        let words = ["-o", &format!("remount,size={size}"), text(self.path())];
        assert!(Command::new("mount").args(words).status().unwrap().success());
    }

    /// Takes all space that is left, as a neighbour would who writes and writes.
    fn take_the_rest(&self) -> std::path::PathBuf {
        let path = self.path().join("neighbour");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [1 << 20, 4096] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").args(["--lazy", text(self.path())]).status().ok();
    }
}

/// Sizes of what is written, so that a disk is full soon.
const LARGE: usize = 200 << 10;

fn put(client: &mut Client, number: usize) -> u16 {
    let body = format!(
        r#"{{"resourceType":"Basic","id":"b{number}","code":{{"text":"x"}},"extension":[{{"url":"urn:x","valueString":"{}"}}]}}"#,
        "x".repeat(LARGE)
    );
    let answer = client.put_fhir(&format!("/fhir/Basic/b{number}"), body.as_bytes()).unwrap();
    match answer.status {
        201 => {}
        503 => {
            let (_, code, _, words) = refusal(&answer);
            assert_eq!(code, "no-store", "{words}");
            let wait: u32 = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
            assert!((1..=300).contains(&wait));
        }
        other => panic!("a write on a full disk answers {other}: {}", answer.text()),
    }
    answer.status
}

fn message(number: usize) -> Vec<u8> {
    format!(
        "MSH|^~\\&|LAB|RX1|BEVAN|BEVAN|20261101090000||ADT^A28|M{number}|P|2.4\rPID|1||M{number}^^^RX1||EXAMPLE^SAM||19700101|F\rNTE|1||{}\r",
        "x".repeat(LARGE)
    )
    .into_bytes()
}

/// Whether a message is acknowledged while the disk is full; the connection on which it is not.
fn offer(bevan: &Bevan, number: usize) -> Result<(), TcpStream> {
    let mut stream = TcpStream::connect(bevan.mllp).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.write_all(&[b"\x0b", &message(number)[..], b"\x1c\r"].concat()).unwrap();
    let mut answer = [0; 512];
    match stream.read(&mut answer) {
        Ok(read) => {
            assert_eq!(code(&answer[..read]).as_deref(), Some("AA"), "nothing but a positive answer or none");
            Ok(())
        }
        Err(_) => Err(stream),
    }
}

/// Everything acknowledged is there, and the record is sound.
fn all_there(bevan: &Bevan, created: &[usize], messages: &[usize]) {
    let mut client = bevan.system();
    for number in created {
        assert_eq!(
            client.get(&format!("/fhir/Basic/b{number}")).unwrap().status,
            200,
            "lost: Basic/b{number}"
        );
    }
    let database = database(&bevan.data);
    for number in messages {
        let sql = "SELECT count(*) FROM inbox WHERE control_id = ?1";
        let times: u64 = database.query_row(sql, [format!("M{number}")], |row| row.get(0)).unwrap();
        assert_eq!(times, 1, "message M{number} was acknowledged");
    }
}

fn is_ready(bevan: &Bevan) -> bool {
    bevan.client().get("/readyz").is_ok_and(|answer| answer.status == 200)
}

#[test]
fn when_the_disk_fills_up_reads_go_on_and_nothing_acknowledged_is_lost() {
    let test = "when_the_disk_fills_up_reads_go_on_and_nothing_acknowledged_is_lost";
    let Some(disk) = Disk::new(test, "192m") else { return };
    let data = disk.path().join("data");
    let bevan = Bevan::start(&data);
    let mut client = bevan.system();
    let mut created = Vec::new();
    let mut number = 0;
    while put(&mut client, number) == 201 {
        created.push(number);
        number += 1;
        assert!(number < 1_000, "1,000 times 200 kB fitted on a disk of 192 MiB");
    }
    assert!(created.len() > 10, "the disk was full from the start");

    let mut traces = Vec::new();
    for turn in 0..2_000 {
        let wanted = created[turn % created.len()];
        let answer = client.get(&format!("/fhir/Basic/b{wanted}")).unwrap();
        assert_eq!(answer.status, 200, "a read on a full disk: {}", answer.text());
        traces.push(answer.header("x-request-id").unwrap().to_owned());
        if turn % 100 == 0 {
            number += 1;
            if put(&mut client, number) == 201 {
                created.push(number);
            }
        }
    }
    assert_eq!(client.get("/fhir/Basic?_count=5").unwrap().status, 200, "a search on a full disk");
    let database_open = database(&data);
    for trace in &traces {
        let sql = "SELECT count(*) FROM audit WHERE trace = ?1";
        let rows: u64 = database_open.query_row(sql, [trace], |row| row.get(0)).unwrap();
        assert!(rows > 0, "a read on the full disk was served without its audit row");
    }

    drop(database_open);

    let mut acknowledged = Vec::new();
    let mut held = None;
    for number in 0..100 {
        match offer(&bevan, number) {
            Ok(()) => acknowledged.push(number),
            Err(stream) => {
                held = Some((number, stream));
                break;
            }
        }
    }
    let (number_held, mut stream) = held.expect("a full disk acknowledges no message for ever");

    disk.resize("512m");
    until("it is ready again by itself", 30, || is_ready(&bevan));
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut answer = [0; 512];
    let read = stream.read(&mut answer).expect("the message that was held is acknowledged now");
    assert_eq!(code(&answer[..read]).as_deref(), Some("AA"));
    acknowledged.push(number_held);
    number += 1;
    assert_eq!(put(&mut client, number), 201);
    created.push(number);
    println!("{} writes and {} messages acknowledged around a full disk", created.len(), acknowledged.len());
    all_there(&bevan, &created, &acknowledged);
    bevan.kill();
    let bevan = Bevan::start(&data);
    all_there(&bevan, &created, &acknowledged);
    assert!(bevan.stop());
    assert_eq!(run(&["doctor", "--data", text(&data)]).code, 0);
    assert_eq!(run(&["audit", "verify", "--data", text(&data)]).code, 0);
}

#[test]
fn when_not_even_the_audit_fits_nothing_is_served_until_there_is_space() {
    let test = "when_not_even_the_audit_fits_nothing_is_served_until_there_is_space";
    let Some(disk) = Disk::new(test, "192m") else { return };
    let data = disk.path().join("data");
    let bevan = Bevan::start(&data);
    let mut client = bevan.system();
    assert_eq!(put(&mut client, 0), 201);
    let neighbour = disk.take_the_rest();
    until("nothing is served", 60, || {
        // The reserve is given up when it is needed; the neighbour takes that too.
        let mut file = std::fs::OpenOptions::new().append(true).open(&neighbour).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        put(&mut client, 1);
        client.get("/fhir/Basic/b0").unwrap().status == 503
    });
    let answer = client.get("/fhir/Basic/b0").unwrap();
    if answer.status == 503 {
        let (_, code, _, _) = refusal(&answer);
        assert_eq!(code, "no-store");
        assert!(answer.header("retry-after").is_some() && !answer.text().contains("valueString"));
    }
    assert_eq!(bevan.client().get("/livez").unwrap().status, 200, "the process lives");
    std::fs::remove_file(neighbour).unwrap();
    until("it is ready again by itself", 30, || is_ready(&bevan));
    assert_eq!(client.get("/fhir/Basic/b0").unwrap().status, 200);
    assert_eq!(put(&mut client, 2), 201);
    let answer = Sender::connect(bevan.mllp).unwrap().send(&message(1)).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("AA"));
    all_there(&bevan, &[0, 2], &[1]);
    drop(bevan);

    let neighbour = disk.take_the_rest();
    std::fs::remove_file(data.join("bevan.reserve")).ok();
    let mut file = std::fs::OpenOptions::new().append(true).open(&neighbour).unwrap();
    while file.write_all(&vec![0; 1 << 16]).is_ok() {}
    let ran = run(&["serve", "--data", text(&data), "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0"]);
    assert_eq!(ran.code, 1, "a start on a full disk: {ran:?}");
    assert!(ran.err.contains("bevan: ") && ran.err.lines().count() < 6, "one sentence: {ran:?}");
}
