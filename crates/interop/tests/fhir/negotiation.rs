//! Formats, compression, tokens, methods, addresses.

use super::house::{house, issue};
use std::io::Read as _;

const ANNA: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okoro"}]}"#;

#[tokio::test]
async fn json_only() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    let accept = async |accept: &str| house.ask("GET", "/Patient/p1").header("accept", accept).send().await;
    assert_eq!(accept("application/fhir+xml").await.issue(), issue(406, "not-supported", "http.Accept"));
    assert_eq!(accept("application/json").await.status, 200);
    assert_eq!(accept("text/html,*/*;q=0.1").await.status, 200);
    assert_eq!(
        house.get("/Patient/p1?_format=xml").await.issue(),
        issue(406, "not-supported", "http._format")
    );
    assert_eq!(house.get("/Patient/p1?_format=application/fhir+json").await.status, 200);
    for content_type in ["application/fhir+xml", "text/plain", "application/json;charset=utf-16"] {
        let reply = house
            .ask("POST", "/Patient")
            .body(ANNA.as_bytes())
            .header("content-type", content_type)
            .send()
            .await;
        assert_eq!(reply.issue(), issue(415, "not-supported", "http.Content-Type"), "{content_type}");
    }
    let untyped = house.ask("PUT", "/Patient/p1").body(ANNA.as_bytes()).send().await;
    assert_eq!(untyped.issue(), issue(415, "not-supported", "http.Content-Type"));
}

#[tokio::test]
async fn pretty_and_compressed() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    let plain = house.get("/Patient/p1").await;
    let pretty = house.get("/Patient/p1?_pretty=true").await;
    assert_eq!(pretty.json(), plain.json());
    assert!(pretty.bytes.starts_with(b"{\n  \"resourceType\": \"Patient\","));
    let packed = house.ask("GET", "/Patient/p1").header("accept-encoding", "gzip").send().await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.bytes);
}

#[tokio::test]
async fn tokens() {
    let house = house();
    for (method, path) in
        [("GET", "/Patient/p1"), ("POST", ""), ("GET", "/_history"), ("DELETE", "/Patient?_id=1")]
    {
        for token in [None, Some("unknown")] {
            let reply = house.ask(method, path).token(token).json("{}").send().await;
            assert_eq!(reply.issue(), issue(401, "login", ""), "{method} {path}");
            assert!(reply.header("www-authenticate").starts_with("Bearer"));
        }
    }
    assert_eq!(house.ask("GET", "/metadata").token(None).send().await.status, 200);
}

#[tokio::test]
async fn addresses_and_methods() {
    let house = house();
    let patch = house.ask("PATCH", "/Patient/p1").json("[]").send().await;
    assert_eq!(patch.issue(), issue(405, "not-supported", ""));
    let mut allow: Vec<_> = patch.header("allow").split(", ").collect();
    allow.sort_unstable();
    assert_eq!(allow, ["DELETE", "GET", "HEAD", "PUT"]);
    assert_eq!(house.ask("GET", "").send().await.header("allow"), "POST");
    assert_eq!(house.ask("GET", "/").send().await.header("allow"), "POST", "the base with its slash");
    assert_eq!(house.ask("DELETE", "/metadata").send().await.status, 405);
    assert_eq!(house.get("/Patient/p1/_history/1/more").await.issue(), issue(404, "not-supported", ""));
    assert_eq!(house.get("/Nonsense/1").await.issue(), issue(404, "not-supported", ""));
    assert_eq!(house.get("/DomainResource/1").await.issue(), issue(404, "not-supported", ""));
    assert_eq!(house.get("/Patient/a%20b").await.issue(), issue(404, "not-found", ""));
    assert_eq!(house.get("/Patient/p1?_sort=name").await.issue(), issue(400, "not-supported", "http._sort"));
}

#[tokio::test]
async fn the_request_id_is_echoed_when_it_is_harmless() {
    let house = house();
    let given = house.ask("GET", "/Patient/p1").header("x-request-id", "abc-1.2").send().await;
    assert_eq!(given.header("x-request-id"), "abc-1.2");
    let hostile = house.ask("GET", "/Patient/p1").header("x-request-id", "<script>").send().await;
    assert_eq!(hostile.header("x-request-id").len(), 32);
    let (first, second) = (house.get("/metadata").await, house.get("/metadata").await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}
