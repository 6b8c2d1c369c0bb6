//! Bodies and queries nobody should send.

use super::house::{House, Reply, house, issue, with_limits};
use interop::fhir::Limits;

async fn post(house: &House, body: &[u8]) -> Reply {
    house.ask("POST", "/Patient").body(body).header("content-type", "application/fhir+json").send().await
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let house = house();
    let deep = [b"{\"resourceType\":\"Patient\",\"x\":".to_vec(), vec![b'['; 10_000]].concat();
    for (body, code) in [
        (br#"{"resourceType":"Patient","name":[{"family":"Ok"#.as_slice(), "structure"),
        (b"", "structure"),
        (b"{\"resourceType\":\"Patient\",\"x\":\"\xff\"}", "structure"),
        (br#"{"resourceType":"Patient","active":true,"active":false}"#, "structure"),
        (&deep, "too-long"),
        (b"[1,2", "structure"),
    ] {
        let reply = post(&house, body).await;
        assert_eq!(
            reply.issue(),
            issue(400, code, ""),
            "{:?}",
            String::from_utf8_lossy(&body[..body.len().min(60)])
        );
        let text = reply.json().text_at(&["issue", "diagnostics"]).unwrap().to_owned();
        assert!(text.contains("line 1, column "), "{text}");
        assert!(!text.contains("Ok"), "no values");
    }
    assert_eq!(post(&house, b"[]").await.issue(), issue(400, "required", "resourceType"));
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_413() {
    let house = with_limits(Limits { body_bytes: 1_000, ..Limits::default() });
    let body = format!(r#"{{"resourceType":"Patient","language":"{}"}}"#, "x".repeat(1_000));
    assert_eq!(post(&house, body.as_bytes()).await.issue(), issue(413, "too-long", ""));
    let announced =
        house.ask("POST", "/Patient").header("content-length", "99999999").json("{}").send().await;
    assert_eq!(announced.issue(), issue(413, "too-long", ""));
    assert_eq!(post(&house, br#"{"resourceType":"Patient"}"#).await.status, 201);
}

#[tokio::test]
async fn hostile_queries_are_refused_or_harmless() {
    let house = house();
    house.put("/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    assert_eq!(house.get("/Patient?_id=%ff").await.issue(), issue(400, "invalid", "http._id"));
    let posted = house.ask("POST", "/Patient/_search").body(b"_id=p1&gender=%g1");
    let posted = posted.header("content-type", "application/x-www-form-urlencoded").send().await;
    assert_eq!(posted.issue(), issue(400, "invalid", "http.gender"));
    let injected = house.get("/Patient?_id=x'%20OR%20'1'='1").await;
    assert!(injected.status == 400 || injected.json().items("entry").is_empty(), "{injected:?}");
    assert_eq!(house.get("/Patient?_sort=rid;drop%20table%20resource").await.status, 400);
    assert_eq!(house.get("/Patient?_count=99999999999999999999").await.status, 200);
    assert_eq!(house.get("/Patient/p1").await.status, 200);
    let form = house.ask("POST", "/Patient/_search").json("{}").send().await;
    assert_eq!(form.issue(), issue(415, "not-supported", "http.Content-Type"));
}
