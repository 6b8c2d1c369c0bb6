//! SQL, headers and nonsense in every part of an address: an answer that says what is wrong or finds nothing, never a
//! fault, and no effect.

use crate::browser::encoded;
use crate::document::{read, refusal};
use crate::house::{House, running};
use crate::support::http::Answer;

/// What an attacker would try; each would end a string, a number or a statement of SQL.
const SQL: &[&str] = &[
    "' OR '1'='1",
    "'; DROP TABLE resource; --",
    "1; DELETE FROM version",
    "\" OR \"\"=\"",
    "x') UNION SELECT json FROM version --",
    "%' OR 1=1 --",
    "\\",
    "\0",
    "?1",
    "$position",
    ":position",
    "{{7*7}}",
];

/// One search of every kind of parameter; the payload takes the place of `*`.
const SEARCHES: &[&str] = &[
    "Patient?name=*",
    "Patient?family:exact=*",
    "Patient?family:contains=*",
    "Patient?identifier=*",
    "Patient?identifier=urn:x|*",
    "Patient?identifier=*|1",
    "Patient?gender:not=*",
    "Patient?active:missing=*",
    "Observation?subject=*",
    "Observation?subject=Patient/*",
    "Observation?subject:identifier=*",
    "Patient?birthdate=*",
    "Patient?birthdate=ge*",
    "RiskAssessment?probability=*",
    "Observation?value-quantity=*",
    "Observation?value-quantity=5|*|*",
    "ValueSet?url=*",
    "ValueSet?url:below=*",
    "Observation?code-value-quantity=a$*",
    "Location?near=*",
    "Patient?_id=*",
    "Patient?_lastUpdated=*",
    "Patient?_profile=*",
    "Patient?_tag=*",
    "Patient?_security=*",
    "Patient?_has:Observation:subject:code=*",
    "Patient?_has:Observation:*:code=x",
    "Patient?_has:*=x",
    "Observation?subject.name=*",
    "Observation?subject:Patient.birthdate=*",
    "Observation?subject.*=x",
    "Patient?_sort=*",
    "Patient?_count=*",
    "Patient?_include=*",
    "Patient?_include=Patient:*",
    "Patient?_revinclude=Observation:*",
    "Patient?_elements=*",
    "Patient?_summary=*",
    "Patient?_total=*",
    "Patient?_page=*",
    "Patient?_cursor=*",
    "Patient?*=x",
    "Patient?name:*=x",
    "Patient/_history?_since=*",
    "Patient/_history?_count=*",
    "*",
    "Patient/*",
    "Patient/known/_history/*",
    "*/known",
    "*/_history",
];

/// Parameters that choose no resources: an answer to them may hold some.
const SHAPES: &[&str] = &[
    "_sort",
    "_count",
    "_include",
    "_revinclude",
    "_elements",
    "_summary",
    "_total",
    "gender:not",
    "_history",
];

fn is_clear(answer: &Answer, path: &str) {
    assert!(
        matches!(answer.status, 200 | 400 | 404 | 405 | 414 | 422),
        "{path}: {} {}",
        answer.status,
        answer.text()
    );
    if answer.status != 200 {
        refusal(answer);
    }
}

fn house() -> House {
    let house = running();
    let patient = br#"{"resourceType":"Patient","id":"known","name":[{"family":"Known"}],"gender":"other"}"#;
    assert_eq!(house.bevan.system().put_fhir("/fhir/Patient/known", patient).unwrap().status, 201);
    house
}

#[test]
fn sql_in_parameters_has_no_effect() {
    let house = house();
    let (before, patients) = (house.position(), house.count("Patient"));
    let mut client = house.bevan.system();
    for search in SEARCHES {
        for sql in SQL {
            let path = format!("/fhir/{}", search.replace('*', &encoded(sql)));
            let answer = client.get(&path).unwrap();
            is_clear(&answer, &path);
            if answer.status == 200 && !SHAPES.iter().any(|shape| search.contains(shape)) {
                // A string search passes over signs, so that `" OR "` may find a name with these letters; never this one.
                let found = read(&answer.body);
                let ids = found.items("entry").iter().map(|entry| entry.text_at(&["resource", "id"]));
                assert!(ids.into_iter().all(|id| id != Some("known")), "{path} found what it did not name");
            }
            if let Some(query) = search.strip_prefix("Patient?") {
                let form = query.replace('*', &encoded(sql));
                let headers = [("Content-Type", "application/x-www-form-urlencoded")];
                let posted = client.send("POST", "/fhir/Patient/_search", &headers, form.as_bytes()).unwrap();
                assert_eq!(posted.status, answer.status, "{path}: by POST {}", posted.text());
            }
        }
    }
    assert_eq!(house.position(), before);
    assert_eq!(house.count("Patient"), patients);
    let sound: String = house.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn sql_in_conditions_and_ids_of_writes_has_no_effect() {
    let house = house();
    let before = house.position();
    let mut client = house.bevan.system();
    let patient = br#"{"resourceType":"Patient","active":true}"#;
    for sql in SQL {
        let condition = encoded(sql);
        for (method, path) in
            [("PUT", format!("/fhir/Patient/{condition}")), ("DELETE", format!("/fhir/Patient/{condition}"))]
        {
            let answer =
                client.send(method, &path, &[("Content-Type", "application/fhir+json")], patient).unwrap();
            assert!(matches!(answer.status, 400 | 404 | 405), "{path}: {}", answer.status);
            refusal(&answer);
        }
        // What matches nothing may delete nothing.
        let answer =
            client.send("DELETE", &format!("/fhir/Patient?identifier={condition}"), &[], b"").unwrap();
        assert!(matches!(answer.status, 200 | 204 | 400 | 404 | 412), "{sql}: {}", answer.status);
        let tag = sql.replace('\0', "");
        let matched = [("If-Match", tag.as_str()), ("Content-Type", "application/fhir+json")];
        let answer = client.send("PUT", "/fhir/Patient/known", &matched, patient).unwrap();
        assert!(matches!(answer.status, 400 | 412), "If-Match {sql}: {} {}", answer.status, answer.text());
    }
    assert_eq!(house.position(), before);
    assert_eq!(client.get("/fhir/Patient/known").unwrap().status, 200);
}

#[test]
fn headers_cannot_be_injected() {
    let house = house();
    let before = house.position();
    let mut client = house.bevan.system();
    let injected = encoded("x\r\nSet-Cookie: planted=1\r\n\r\n<script>alert(1)</script>");
    for path in [
        format!("/fhir/Patient?name={injected}"),
        format!("/fhir/Patient/{injected}"),
        format!("/fhir/{injected}"),
        format!("/{injected}"),
        format!("/staff/patients?q={injected}"),
        format!("/staff/patients/{injected}"),
        format!("/sign-in?next={injected}"),
        format!("/assets/{injected}"),
    ] {
        let answer = client.get(&path).unwrap();
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let planted = |(name, value): &(String, String)| name == "set-cookie" && value.contains("planted");
        assert!(!answer.headers.iter().any(planted), "{path}: {:?}", answer.headers);
        assert!(answer.headers.iter().all(|(_, value)| !value.contains('\n')), "{path}");
        assert!(!answer.text().contains("<script>alert"), "{path} echoes a script: {}", answer.text());
    }
    for (name, value) in [
        ("X-Request-Id", "a\" onload=\"alert(1)"),
        ("X-Request-Id", "<script>alert(1)</script>"),
        ("X-Forwarded-Host", "evil.example"),
        ("Prefer", "return=<script>"),
        ("If-Modified-Since", "' OR 1=1"),
        ("If-None-Match", "<script>alert(1)</script>"),
        ("Authorization", "Bearer ' OR '1'='1"),
        ("Authorization", "Basic ZGVtbzpkZW1v"),
    ] {
        let answer = house
            .bevan
            .client()
            .bearer("demo-system")
            .send("GET", "/fhir/Patient", &[(name, value)], b"")
            .unwrap();
        assert!(answer.status < 500, "{name}: {value}: {}", answer.status);
        assert!(
            !answer.text().contains("<script>") && !answer.text().contains("evil.example"),
            "{name}: {}",
            answer.text()
        );
        assert!(answer.headers.iter().all(|(_, value)| !value.contains('<')), "{name}: {:?}", answer.headers);
    }
    assert_eq!(house.position(), before);
}

#[test]
fn what_is_too_long_or_no_http_is_refused_in_words() {
    let house = house();
    let long = format!("/fhir/Patient?family={}", "x".repeat(70_000));
    let answer = house.bevan.system().get(&long).unwrap();
    let (status, code, _, words) = refusal(&answer);
    assert_eq!((status, code.as_str()), (414, "too-long"));
    assert!(words.contains("_search"), "{words}");
    let answer = house.bevan.system().get("/fhir/Patient/\u{1}").unwrap();
    assert_eq!(refusal(&answer).0, 400);
    // The same search, sent as the words say.
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let posted =
        house.bevan.system().send("POST", "/fhir/Patient/_search", &headers, b"family=Known").unwrap();
    assert_eq!(posted.status, 200, "{}", posted.text());
}

#[test]
fn a_query_that_is_not_percent_encoded_is_refused_by_name() {
    let house = house();
    let answer = house.bevan.system().get("/fhir/Patient?gender=other&family=%zz").unwrap();
    let (status, _, place, _) = refusal(&answer);
    assert_eq!((status, place.as_str()), (400, "http.family"));
}
