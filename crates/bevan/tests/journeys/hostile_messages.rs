//! What breaks the wire over MLLP: garbage, half frames, oversize frames, many connections. The listener answers what it
//! can, keeps what it acknowledged, and goes on.

use crate::house::{House, running_with, until};
use crate::support::mllp::{Sender, code};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

const FRAME_KIB: usize = 256;

fn house() -> House {
    running_with(&[("BEVAN_MLLP_MAX_MESSAGE_KIB", "256"), ("BEVAN_MLLP_MAX_CONNECTIONS_PER_PEER", "64")])
}

fn observation(control_id: &str, extra: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|LAB|RX1|BEVAN|BEVAN|20261101090000||ORU^R01|{control_id}|P|2.4\r\
         PID|1||{control_id}^^^RX1||EXAMPLE^SAM||19700101|F\r\
         OBR|1||{control_id}|HR^Heart rate|||20261101085900\r\
         OBX|1|NM|HR^Heart rate||60|/min|||||F|||20261101085900\r{extra}"
    )
    .into_bytes()
}

fn framed(message: &[u8]) -> Vec<u8> {
    [b"\x0b", message, b"\x1c\r"].concat()
}

/// Writes bytes, then reads acknowledgements until the other side is silent or gone; their codes.
fn codes(house: &House, bytes: &[u8], wanted: usize) -> Vec<String> {
    let mut stream = TcpStream::connect(house.bevan.mllp).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // The listener may hang up on an oversize frame before all of it is sent.
    let _ = stream.write_all(bytes);
    let mut answers = Vec::new();
    let mut buffer = [0; 4096];
    while answers.iter().filter(|byte| **byte == 0x1C).count() < wanted {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => answers.extend_from_slice(&buffer[..read]),
        }
    }
    answers.split(|byte| *byte == 0x1C).filter_map(code).collect()
}

fn kept(house: &House) -> i64 {
    house.database().query_row("SELECT count(*) FROM inbox", [], |row| row.get(0)).unwrap()
}

/// A plain message on a fresh connection is taken: the listener works.
fn goes_on(house: &House, control_id: &str) {
    let answer = Sender::connect(house.bevan.mllp).unwrap().send(&observation(control_id, "")).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("AA"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn garbage_around_frames_loses_no_message() {
    let house = house();
    let garbage: Vec<u8> =
        (0..=255u8).filter(|byte| !matches!(byte, 0x0B | 0x1C)).cycle().take(10_000).collect();
    let bytes = [
        &garbage[..],
        &framed(&observation("G1", "")),
        b"\r\n\r\n",
        &framed(&observation("G2", "")),
        &garbage,
        &framed(&observation("G3", "")),
    ]
    .concat();
    assert_eq!(codes(&house, &bytes, 3), ["AA", "AA", "AA"]);
    assert_eq!(codes(&house, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0), [""; 0]);
    assert_eq!(kept(&house), 3);
    house.settled();
    assert_eq!(house.metric("bevan_inbox_applied"), 3);
    goes_on(&house, "G4");
}

#[test]
fn what_is_no_message_is_rejected_and_not_kept() {
    let house = house();
    for content in [
        &b""[..],
        b"PID|1||X\r",
        b"hello",
        b"MSH",
        b"MSH|",
        b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01||P|2.4\r",
        b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|X|2.4\r",
        b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|9.9\r",
        b"MSH|^~\\&|A|B|C|D|20260101|||1|P|2.4\r",
        &[0; 5000],
    ] {
        let found = codes(&house, &framed(content), 1);
        assert!(
            matches!(found.first().map(String::as_str), Some("AR" | "AE")),
            "{}: {found:?}",
            String::from_utf8_lossy(content)
        );
    }
    assert_eq!(kept(&house), 0, "what was rejected is not kept");
    goes_on(&house, "N1");
}

#[test]
fn an_oversize_frame_is_refused_and_the_next_connection_works() {
    let house = house();
    let large = observation("O1", &"NTE|1||".repeat(FRAME_KIB * 1024 / 4));
    assert_eq!(codes(&house, &framed(&large), 1), ["AR"]);
    // Without an end, and without even a header.
    let endless = [b"\x0b".as_slice(), &vec![b'x'; FRAME_KIB * 2048]].concat();
    assert_eq!(codes(&house, &endless, 1), ["AR"]);
    assert_eq!(kept(&house), 0);
    goes_on(&house, "O2");
}

#[test]
fn half_a_frame_is_not_a_message() {
    let house = house();
    let whole = framed(&observation("H1", ""));
    for cut in [1, 10, whole.len() / 2, whole.len() - 2] {
        let mut stream = TcpStream::connect(house.bevan.mllp).unwrap();
        stream.write_all(&whole[..cut]).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.read_to_end(&mut answer).unwrap();
        assert!(
            code(&answer).is_none(),
            "half a frame was acknowledged: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    assert_eq!(kept(&house), 0);
    goes_on(&house, "H2");
    // A frame that begins again before its end has lost its end; what was begun last is whole.
    let begun_twice = [&whole[..whole.len() / 2], &framed(&observation("H3", ""))].concat();
    let found = codes(&house, &begun_twice, 2);
    assert_eq!(found.last().map(String::as_str), Some("AA"), "{found:?}");
}

#[test]
fn fifty_connections_at_once_are_all_answered() {
    let house = house();
    std::thread::scope(|scope| {
        for number in 0..50 {
            let house = &house;
            scope.spawn(move || {
                let mut sender = Sender::connect(house.bevan.mllp).unwrap();
                for turn in 0..4 {
                    let answer = sender.send(&observation(&format!("F{number}-{turn}"), "")).unwrap();
                    assert_eq!(code(&answer).as_deref(), Some("AA"));
                }
            });
        }
    });
    assert_eq!(kept(&house), 200);
    house.settled();
    assert_eq!(house.metric("bevan_inbox_applied"), 200);
    until("the connections are closed", 20, || house.metric("bevan_mllp_connections_closed_total") >= 50);
}

#[test]
fn wrong_encodings_are_kept_as_sent_and_read_as_best_they_can() {
    let house = house();
    let name = |control_id: &str, charset: &str, family: &[u8]| {
        let head = format!(
            "MSH|^~\\&|LAB|RX1|BEVAN|BEVAN|20261101090000||ADT^A28|{control_id}|P|2.4||||||{charset}\rPID|1||{control_id}^^^RX1||"
        );
        [head.as_bytes(), family, b"^SAM||19700101|F\r"].concat()
    };
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    let sent = [
        name("E1", "", b"M\xfcller"),
        name("E2", "UNICODE UTF-8", b"M\xfcller"),
        name("E3", "UNICODE UTF-8", "Müller".as_bytes()),
        name("E4", "8859/1", b"M\xfcller"),
        name("E5", "NO-SUCH-SET", b"M\xfcller"),
        name("E6", "", b"\xff\xfe\x00M"),
    ];
    for message in &sent {
        let answer = sender.send(message).unwrap();
        assert_eq!(code(&answer).as_deref(), Some("AA"), "{}", String::from_utf8_lossy(&answer));
    }
    house.settled();
    let database = house.database();
    for (message, id) in sent.iter().zip(1..) {
        let raw: Vec<u8> =
            database.query_row("SELECT raw FROM inbox WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        assert_eq!(&raw, message);
    }
    let found = house.count("Patient?family:exact=M%C3%BCller");
    assert_eq!(found, 5, "Windows-1252 is what undeclared and wrongly declared bytes are read as");
}

#[test]
fn a_message_of_5000_segments_is_taken_whole() {
    let house = house();
    let results: String = (2..5000)
        .map(|number| format!("OBX|{number}|NM|HR^Heart rate||6{}|/min|||||F\r", number % 10))
        .collect();
    let message = observation("S1", &results);
    assert!(message.len() < FRAME_KIB * 1024);
    let answer = Sender::connect(house.bevan.mllp).unwrap().send(&message).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("AA"), "{}", String::from_utf8_lossy(&answer));
    house.settled();
    let (state, reason): (i64, Option<String>) = house
        .database()
        .query_row("SELECT state, reason FROM inbox", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    println!(
        "5,000 segments: state {state}, {reason:?}, {} observations",
        house.count("Observation?code=HR")
    );
    assert!(state == 1 || reason.is_some());
    goes_on(&house, "S2");
}
