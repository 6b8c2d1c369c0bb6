//! Bodies that nobody should send over HTTP: each is refused with its place, and the record is as it was.

use crate::document::{read, refusal};
use crate::house::{House, running};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Refused with this status, code and place, and words that hold none of the body's values.
fn refused(house: &House, body: &[u8], status: u16, code: &str, place: &str) {
    let before = house.position();
    let answer = house.bevan.system().post_fhir("/fhir/Patient", body).unwrap();
    let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    let (found_status, found_code, found_place, words) = refusal(&answer);
    assert_eq!(
        (found_status, found_code.as_str(), found_place.as_str()),
        (status, code, place),
        "{shown}: {words}"
    );
    assert!(!answer.text().contains("Canary"), "a value in a refusal: {}", answer.text());
    assert_eq!(house.position(), before, "a refused body changed the record: {shown}");
}

#[test]
fn malformed_bodies_get_a_clear_error_and_change_nothing() {
    let house = running();
    let deep = [
        br#"{"resourceType":"Patient","extension":"#.as_slice(),
        &vec![b'['; 10_000],
        &vec![b']'; 10_000],
        b"}",
    ]
    .concat();
    let nested = [
        br#"{"resourceType":"Patient","contained":["#.as_slice(),
        &br#"{"a":"#.repeat(10_000),
        b"1",
        &vec![b'}'; 10_000],
        b"]}",
    ]
    .concat();
    let whole =
        br#"{"resourceType":"Patient","name":[{"family":"Canary","given":["Canary"]}],"active":true}"#;
    for cut in 0..whole.len() {
        refused(&house, &whole[..cut], 400, "structure", "");
    }
    refused(&house, &deep, 400, "too-long", "");
    refused(&house, &nested, 400, "too-long", "");
    refused(&house, b"{\"resourceType\":\"Patient\",\"language\":\"Canary\xff\xfe\"}", 400, "structure", "");
    refused(&house, b"{\"resourceType\":\"Patient\",\"language\":\"\\ud800\"}", 400, "structure", "");
    refused(&house, br#"{"resourceType":"Patient","active":true,"active":false}"#, 400, "structure", "");
    refused(
        &house,
        br#"{"resourceType":"Patient","name":[{"family":"a","family":"Canary"}]}"#,
        400,
        "structure",
        "",
    );
    refused(&house, br#"{"resourceType":"Patient","active":NaN}"#, 400, "structure", "");
    refused(&house, br#"{"resourceType":"Patient"} trailing"#, 400, "structure", "");
    refused(&house, b"null", 400, "required", "resourceType");
    refused(&house, br#"{"resourceType":"Canary"}"#, 400, "invalid", "resourceType");
    refused(&house, br#"{"resourceType":"Observation","status":"final"}"#, 400, "invalid", "resourceType");
    assert_eq!(house.bevan.system().post_fhir("/fhir/Patient", whole).unwrap().status, 201);
}

#[test]
fn impossible_dates_are_refused_with_their_place() {
    let house = running();
    for date in [
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-1-1",
        "0000-01-01",
        "10000-01-01",
        "30/02/2026",
        "",
    ] {
        let body = format!(r#"{{"resourceType":"Patient","birthDate":"{date}"}}"#);
        refused(&house, body.as_bytes(), 400, "value", "Patient.birthDate");
    }
    for moment in [
        "2026-02-28T25:00:00Z",
        "2026-02-28T23:60:00Z",
        "2026-02-28T10:00:00",
        "2026-02-28T10:00:00+15:00",
        "2026-02-30T10:00:00Z",
    ] {
        let body = format!(r#"{{"resourceType":"Patient","deceasedDateTime":"{moment}"}}"#);
        refused(&house, body.as_bytes(), 400, "value", "Patient.deceased");
    }
    for date in ["2026-02-30", "2026-13", "yesterday", "ge2026-02-30"] {
        let answer = house.bevan.system().get(&format!("/fhir/Patient?birthdate={date}")).unwrap();
        let (status, _, place, words) = refusal(&answer);
        assert_eq!(status, 400, "{date}: {words}");
        assert!(place.contains("birthdate"), "{date}: {place}: {words}");
    }
}

/// Peak memory of the server, in bytes.
fn peak(house: &House) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", house.bevan.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn a_body_of_100_megabytes_is_413_within_bounded_memory() {
    const SIZE: usize = 100_000_000;
    let house = running();
    let before = house.position();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let body = vec![b' '; SIZE];
                let answer = house.bevan.system().post_fhir("/fhir/Patient", &body).unwrap();
                let (status, code, _, words) = refusal(&answer);
                assert_eq!((status, code.as_str()), (413, "too-long"), "{words}");
            });
        }
        scope.spawn(|| chunked(&house, SIZE));
    });
    let stranger = house.bevan.client().post_fhir("/fhir/Patient", &vec![b' '; 1 << 20]).unwrap();
    assert_eq!(stranger.status, 401, "nothing is read for a stranger");
    let peak = peak(&house);
    println!("peak memory with five bodies of 100 MB at once: {} MiB", peak >> 20);
    assert!(peak < 400 << 20, "peak memory is {peak} bytes");
    assert_eq!(house.position(), before);
}

/// The same body without an announced length.
fn chunked(house: &House, size: usize) {
    let mut stream = TcpStream::connect(house.bevan.http).unwrap();
    let head = "POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-system\r\nConnection: close\r\n\
                Content-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    for _ in 0..size.div_ceil(1 << 20) {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn unknown_content_types_and_xml_are_refused() {
    let house = running();
    let before = house.position();
    let mut client = house.bevan.system();
    let patient = br#"{"resourceType":"Patient"}"#;
    for media_type in [
        "application/fhir+xml",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
        "",
    ] {
        let answer = client.send("POST", "/fhir/Patient", &[("Content-Type", media_type)], patient).unwrap();
        let (status, code, place, _) = refusal(&answer);
        assert_eq!(
            (status, code.as_str(), place.as_str()),
            (415, "not-supported", "http.Content-Type"),
            "{media_type}"
        );
    }
    let answer = client.send("POST", "/fhir/Patient", &[], patient).unwrap();
    assert_eq!(refusal(&answer).0, 415, "no content type at all");
    for accept in ["application/fhir+xml", "text/turtle", "application/xml", "image/png"] {
        let answer = client.send("GET", "/fhir/Patient", &[("Accept", accept)], b"").unwrap();
        let (status, code, place, _) = refusal(&answer);
        assert_eq!(
            (status, code.as_str(), place.as_str()),
            (406, "not-supported", "http.Accept"),
            "{accept}"
        );
    }
    assert_eq!(refusal(&client.get("/fhir/Patient?_format=xml").unwrap()).0, 406);
    assert_eq!(house.position(), before);
}

/// Decision: the record keeps what a sender says. A number that fails its check is stored as it was given, is never
/// trusted as an NHS number by the pages, and a search for it is a plain token search.
#[test]
fn a_wrong_check_digit_is_kept_as_given_over_fhir() {
    let house = running();
    let mut client = house.bevan.system();
    let body = br#"{"resourceType":"Patient","id":"wrong-digit","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000042"}]}"#;
    let answer = client.put_fhir("/fhir/Patient/wrong-digit", body).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    let kept = read(&client.get("/fhir/Patient/wrong-digit").unwrap().body);
    assert_eq!(kept.text_at(&["identifier", "value"]), Some("9000000042"));
    assert_eq!(house.count("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9000000042"), 1);
}
