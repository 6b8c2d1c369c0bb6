//! create, update, delete, their conditions, and bundles.

use super::house::{Reply, house, issue};

const ANNA: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okoro"}]}"#;
const SLOT: &str = r#"{"resourceType":"Slot","id":"s1","schedule":{"reference":"Schedule/s"},"status":"free","start":"2026-11-23T09:00:00Z","end":"2026-11-23T09:10:00Z"}"#;

#[tokio::test]
async fn an_id_that_nothing_can_have_is_refused() {
    let house = house();
    for id in ["a_b", "a%20b", &"x".repeat(65)] {
        let put = house.ask("PUT", &format!("/Patient/{id}"));
        let put = put.json(&format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#)).send().await;
        assert_eq!(put.issue(), issue(400, "value", "Patient.id"), "{id}");
        assert_eq!(house.get(&format!("/Patient/{id}")).await.status, 404, "there is none");
    }
}

#[tokio::test]
async fn create_gives_an_id_and_a_location() {
    let house = house();
    let reply = house.ask("POST", "/Patient").json(ANNA).send().await;
    assert_eq!(reply.status, 201);
    let created = reply.json();
    let id = created.text_at(&["id"]).unwrap();
    assert_ne!(id, "p1", "the client's id is not used");
    assert_eq!(reply.header("location"), format!("http://bevan.test/fhir/Patient/{id}/_history/1"));
    assert_eq!(reply.header("etag"), "W/\"1\"");
    assert_eq!(house.get(&format!("/Patient/{id}")).await.bytes, reply.bytes);
}

#[tokio::test]
async fn prefer_says_what_comes_back() {
    let house = house();
    let prefer =
        async |value: &str| house.ask("POST", "/Patient").header("prefer", value).json(ANNA).send().await;
    let minimal = prefer("return=minimal").await;
    assert_eq!((minimal.status.as_u16(), minimal.bytes.len()), (201, 0));
    assert!(!minimal.header("location").is_empty());
    let outcome = prefer("return=OperationOutcome").await;
    assert_eq!(outcome.json().text_at(&["resourceType"]), Some("OperationOutcome"));
    let whole = prefer("return=representation").await;
    assert_eq!(whole.json().text_at(&["resourceType"]), Some("Patient"));
}

#[tokio::test]
async fn update_creates_updates_and_obeys_if_match() {
    let house = house();
    let put = async |json: &str, header: Option<(&str, &str)>| -> Reply {
        let ask = house.ask("PUT", "/Patient/p1").json(json);
        match header {
            Some((name, value)) => ask.header(name, value).send().await,
            None => ask.send().await,
        }
    };
    assert_eq!(put(ANNA, Some(("if-match", "*"))).await.issue(), issue(412, "conflict", ""));
    assert_eq!(put(ANNA, Some(("if-none-match", "*"))).await.status, 201);
    assert_eq!(put(ANNA, Some(("if-none-match", "*"))).await.issue(), issue(412, "conflict", ""));
    let changed = ANNA.replace("Okoro", "Smith");
    assert_eq!(put(&changed, Some(("if-match", "W/\"7\""))).await.issue(), issue(412, "conflict", ""));
    let updated = put(&changed, Some(("if-match", "W/\"1\""))).await;
    assert_eq!((updated.status.as_u16(), updated.header("etag")), (200, "W/\"2\""));
    assert_eq!(put(ANNA, Some(("if-match", "*"))).await.status, 200);
    assert_eq!(put(ANNA, Some(("if-match", "two"))).await.issue(), issue(400, "value", "http.If-Match"));
}

#[tokio::test]
async fn the_document_must_fit_the_address() {
    let house = house();
    let wrong_type = house.ask("POST", "/Observation").json(ANNA).send().await;
    assert_eq!(wrong_type.issue(), issue(400, "invalid", "resourceType"));
    let wrong_id = house.ask("PUT", "/Patient/p2").json(ANNA).send().await;
    assert_eq!(wrong_id.issue(), issue(400, "invalid", "Patient.id"));
    let no_id = house.ask("PUT", "/Patient/p2").json(r#"{"resourceType":"Patient"}"#).send().await;
    assert_eq!(no_id.issue(), issue(400, "invalid", "Patient.id"));
    let no_type = house.ask("POST", "/Patient").json("{}").send().await;
    assert_eq!(no_type.issue(), issue(400, "required", "resourceType"));
}

#[tokio::test]
async fn delete_is_repeatable() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    let stale = house.ask("DELETE", "/Patient/p1").header("if-match", "W/\"9\"").send().await;
    assert_eq!(stale.issue(), issue(412, "conflict", ""));
    let deleted = house.ask("DELETE", "/Patient/p1").send().await;
    assert_eq!((deleted.status.as_u16(), deleted.header("etag"), deleted.bytes.len()), (204, "W/\"2\"", 0));
    assert_eq!(house.ask("DELETE", "/Patient/p1").send().await.status, 204);
    let told = house.ask("DELETE", "/Patient/p1").header("prefer", "return=OperationOutcome").send().await;
    assert_eq!((told.status.as_u16(), told.json().text_at(&["issue", "code"])), (200, Some("informational")));
    assert_eq!(house.put("/Patient/p1", ANNA).await.status, 201, "a deleted id can be used again");
}

#[tokio::test]
async fn conditional_writes() {
    let house = house();
    let create = async || {
        let ask = house.ask("POST", "/Patient").header("if-none-exist", "_id=p1");
        ask.json(ANNA).send().await.status.as_u16()
    };
    assert_eq!(create().await, 201, "nothing matches yet");
    house.put("/Patient/p1", ANNA).await;
    assert_eq!(create().await, 200, "one matches");
    let update = async |query: &str| house.ask("PUT", &format!("/Patient{query}")).json(ANNA).send().await;
    assert_eq!(update("?_id=p1").await.status, 200);
    assert_eq!(update("?_lastUpdated=gt2000").await.issue(), issue(412, "multiple-matches", ""));
    assert_eq!(update("").await.issue(), issue(412, "conflict", ""));
    assert_eq!(update("?nonsense=1").await.issue(), issue(400, "not-supported", "http.nonsense"));
    let delete = async |query: &str| house.ask("DELETE", &format!("/Patient{query}")).send().await;
    assert_eq!(delete("?_lastUpdated=gt2000").await.issue(), issue(412, "multiple-matches", ""));
    assert_eq!(delete("?_id=p1").await.status, 204);
    assert_eq!(delete("?_id=p1").await.status, 204, "nothing matches any more");
    assert_eq!(house.get("/Patient/p1").await.status, 410);
}

#[tokio::test]
async fn only_bundles_come_to_the_base() {
    let house = house();
    let post = async |json: &str| house.ask("POST", "").json(json).send().await;
    assert_eq!(post(ANNA).await.issue(), issue(400, "invalid", "resourceType"));
    let collection = post(r#"{"resourceType":"Bundle","type":"collection"}"#).await;
    assert_eq!(collection.issue(), issue(400, "not-supported", "Bundle.type"));
}

#[tokio::test]
async fn a_patients_token_writes_nothing_whatever_capability_it_comes_with() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    house.put("/Slot/s1", SLOT).await;
    let booked = r#"{"resourceType":"Appointment","status":"booked","participant":[{"actor":{"reference":"Patient/p1"},"status":"accepted"}]}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{booked},"request":{{"method":"POST","url":"Appointment"}}}}]}}"#
    );
    for token in ["patient", "patient-with-capability"] {
        for (verb, path, json) in [
            ("POST", "/Appointment", booked),
            ("PUT", "/Patient/p1", ANNA),
            ("PUT", "/Slot/s1", SLOT),
            ("POST", "/", &bundle),
        ] {
            let reply = house.ask(verb, path).token(Some(token)).json(json).send().await;
            assert_eq!(reply.status, 403, "{token} {verb} {path}");
        }
    }
}

/// What `_elements` and `_summary` answer has the whole's ETag: put back, it would stand over the whole.
#[tokio::test]
async fn a_part_of_a_resource_is_never_written_over_the_whole() {
    const WHOLE: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okoro"}],"birthDate":"1950-01-01",
        "identifier":[{"system":"https://mrn.example","value":"7"}],"generalPractitioner":[{"reference":"Organization/surgery"}]}"#;
    let house = house();
    house.put("/Patient/p1", WHOLE).await;
    let kept = house.get("/Patient/p1").await.bytes;
    let read = house.get("/Patient/p1?_elements=name").await;
    let (etag, read) = (read.header("etag").to_owned(), String::from_utf8(read.bytes).unwrap());
    let version = String::from_utf8(house.get("/Patient/p1/_history/1?_summary=true").await.bytes).unwrap();
    let found = house.get("/Patient?identifier=7&_elements=birthDate").await.json();
    let found = fhir::json::to_string(found.items("entry")[0].get("resource").unwrap());
    let plain = r#"{"resourceType":"Patient","id":"p1","meta":{"tag":[{"code":"SUBSETTED"}]}}"#;
    for part in [&read, &version, &found, plain] {
        assert!(part.contains("SUBSETTED"), "{part}");
        let entry = |method: &str, url: &str| {
            format!(r#"{{"resource":{part},"request":{{"method":"{method}","url":"{url}"}}}}"#)
        };
        let (put, post) = (entry("PUT", "Patient/p1"), entry("POST", "Patient"));
        let bundle = |kind: &str, entry: &str| {
            format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entry}]}}"#)
        };
        let refused = issue(422, "business-rule", "Patient.meta.tag");
        for (method, path) in [("PUT", "/Patient/p1"), ("PUT", "/Patient?identifier=7"), ("POST", "/Patient")]
        {
            let ask = house.ask(method, path).json(part);
            let ask = if path == "/Patient/p1" { ask.header("if-match", &etag) } else { ask };
            let reply = ask.send().await;
            assert_eq!(reply.issue(), refused, "{method} {path} {part}");
            let why = reply.json().text_at(&["issue", "diagnostics"]).unwrap().to_owned();
            assert!(why.contains("part of a resource") && why.contains("SUBSETTED"), "{why}");
        }
        for entry in [&put, &post] {
            let reply = house.ask("POST", "/").json(&bundle("transaction", entry)).send().await;
            let within = issue(422, "business-rule", "Bundle.entry[0].resource.meta.tag");
            assert_eq!(reply.issue(), within, "{entry}");
            let reply = house.ask("POST", "/").json(&bundle("batch", entry)).send().await.json();
            let response = |path: &[&str]| reply.text_at(&[&["entry", "response"], path].concat());
            assert!(response(&["status"]).unwrap().starts_with("422"), "{reply:?}");
            assert_eq!(response(&["outcome", "issue", "code"]), Some("business-rule"));
        }
    }
    assert_eq!(house.get("/Patient/p1").await.bytes, kept, "nothing is lost");
    let all = house.get("/Patient?_summary=count").await.json();
    assert_eq!(all.get("total").and_then(|total| total.as_number()).map(|n| n.as_str()), Some("1"));
    // Another tag, or the word in another system, is nobody's part.
    let other = WHOLE.replace(
        r#""id":"p1","#,
        r#""id":"p1","meta":{"tag":[{"system":"https://tags.example","code":"SUBSETTED"}]},"#,
    );
    assert_eq!(house.ask("PUT", "/Patient/p1").json(&other).send().await.status, 200);
}
