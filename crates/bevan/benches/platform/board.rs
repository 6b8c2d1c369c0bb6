//! Message in to board out: an A01 goes to the HL7 v2 listener, and the clock runs until the live board of the demo's ward
//! manager, a page held open by server-sent events, shows the name. The A03 that follows empties the bed again.

use crate::message::{Bed, demo_world, visit};
use crate::support::http::Client;
use crate::support::mllp::{Sender, code};
use crate::support::process::Bevan;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use synth::{Trust, Ward, WardKind, World};

/// An event that does not come is waited for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// The times from sending to showing, in milliseconds: of admissions, and of discharges.
pub fn measure(bevan: &Bevan, seconds: Duration) -> (Vec<f64>, Vec<f64>) {
    let world = demo_world(jiff::Timestamp::now());
    let (trust, ward) = medicine(&world);
    let board = watch(bevan, &ward.id);
    let first = board.recv_timeout(PATIENCE).expect("the board as it is").1;
    assert!(first.contains("bevan"), "the first event is not a board");
    let mut sender = Sender::connect(bevan.mllp).expect("the listener");
    let (mut admitted, mut discharged) = (Vec::new(), Vec::new());
    let began = Instant::now();
    for number in 0.. {
        if began.elapsed() > seconds {
            break;
        }
        let bed = &ward.beds[number as usize % ward.beds.len()];
        let bed = Bed { place: [&ward.code, bed.bay, &bed.code, &trust.ods] };
        let family = format!("Bench{}", letters(number));
        for (event, times) in [("A01", &mut admitted), ("A03", &mut discharged)] {
            let message = visit(event, &bed, &family, number, jiff::Timestamp::now());
            let sent = Instant::now();
            let answer = sender.send(message.as_bytes()).expect("an acknowledgement");
            assert_eq!(code(&answer).as_deref(), Some("AA"), "{event} is taken");
            let shown = until(&board, |html| {
                html.to_lowercase().contains(&family.to_lowercase()) == (event == "A01")
            });
            times.push(shown.duration_since(sent).as_secs_f64() * 1000.0);
        }
    }
    (admitted, discharged)
}

/// The page of the ward whose live board is watched.
pub fn page() -> String {
    format!("/staff/wards/{}", medicine(&demo_world(jiff::Timestamp::now())).1.id)
}

/// A medical ward of the hospital where the demo's ward manager works.
fn medicine(world: &World) -> (&Trust, &Ward) {
    let trust = world.trusts().first().expect("a trust");
    (trust, trust.wards.iter().find(|ward| ward.kind == WardKind::Medicine).expect("a ward"))
}

/// When the board was first as wanted.
fn until(board: &Receiver<(Instant, String)>, wanted: impl Fn(&str) -> bool) -> Instant {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let (at, html) = board.recv_timeout(left).expect("the board changes");
        if wanted(&html) {
            return at;
        }
    }
}

/// Opens the live board of a ward as the ward manager; gives every event and when it was there in full.
fn watch(bevan: &Bevan, ward: &str) -> Receiver<(Instant, String)> {
    let cookie = sign_in(bevan);
    let mut stream = TcpStream::connect(bevan.http).expect("the pages");
    let head = format!(
        "GET /staff/wards/{ward}/events HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n",
        bevan.http
    );
    stream.write_all(head.as_bytes()).expect("asked for the board");
    let (seen, events) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            line.clear();
        }
        let mut text = String::new();
        while let Some(part) = chunk(&mut reader) {
            text.push_str(&part);
            while let Some((event, rest)) = text.split_once("\n\n") {
                if seen.send((Instant::now(), event.to_owned())).is_err() {
                    return;
                }
                text = rest.to_owned();
            }
        }
    });
    events
}

/// One chunk of a chunked body.
fn chunk(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let size = usize::from_str_radix(line.trim(), 16).ok().filter(|size| *size > 0)?;
    let mut bytes = vec![0; size + 2];
    reader.read_exact(&mut bytes).ok()?;
    bytes.truncate(size);
    String::from_utf8(bytes).ok()
}

/// Signs in as the demo's ward manager; gives the cookies.
pub fn sign_in(bevan: &Bevan) -> String {
    let mut client = Client::new(bevan.http);
    let page = client.get("/sign-in").expect("the sign-in page");
    let visit = page.header("set-cookie").and_then(|set| set.split(';').next()).expect("a cookie").to_owned();
    let text = page.text();
    let token = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let body = format!("csrf={}&person=ward-manager-1", token.expect("a form"));
    let origin = format!("http://{}", bevan.http);
    let headers = [
        ("Cookie", visit.as_str()),
        ("Origin", origin.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let answer = client.send("POST", "/sign-in", &headers, body.as_bytes()).expect("signed in");
    assert_eq!(answer.status, 303, "signing in: {}", answer.text());
    answer.header("set-cookie").and_then(|set| set.split(';').next()).expect("a session").to_owned()
}

/// A number as letters, so that a name has no digits.
fn letters(mut number: u64) -> String {
    let mut text = String::new();
    for _ in 0..4 {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text
}
