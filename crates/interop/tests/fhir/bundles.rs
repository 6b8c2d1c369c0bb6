//! Transactions and batches, and what reaches the record through the whole door.

use super::house::{house, issue};
use fhir::json::Value;

const TRANSACTION: &str = r#"{"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a",
     "resource":{"resourceType":"Patient","name":[{"family":"Okoro"}]},
     "request":{"method":"POST","url":"Patient"}},
    {"resource":{"resourceType":"Observation","status":"final","code":{"text":"Weight"},
        "subject":{"reference":"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"},
        "valueQuantity":{"value":70.00,"unit":"kg"}},
     "request":{"method":"POST","url":"Observation"}}]}"#;

#[tokio::test]
async fn a_transaction_is_done_whole() {
    let house = house();
    let reply = house.ask("POST", "").json(TRANSACTION).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let response = reply.json();
    assert_eq!(response.text_at(&["type"]), Some("transaction-response"));
    let locations: Vec<_> = response
        .items("entry")
        .iter()
        .map(|entry| {
            entry.text_at(&["response", "location"]).unwrap().split("/_history").next().unwrap().to_owned()
        })
        .collect();
    let observation = house.get(&format!("/{}", locations[1])).await;
    assert_eq!(observation.json().text_at(&["subject", "reference"]), Some(locations[0].as_str()));
    assert!(String::from_utf8_lossy(&observation.bytes).contains("70.00"), "digits are kept");
}

#[tokio::test]
async fn a_transaction_with_a_fault_leaves_nothing() {
    let house = house();
    let broken = TRANSACTION.replace("\"status\":\"final\"", "\"status\":\"nonsense\"");
    let reply = house.ask("POST", "").json(&broken).send().await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.issue().2.contains("status"), "{:?}", reply.issue());
    assert!(!String::from_utf8_lossy(&reply.bytes).contains("nonsense"), "no values");
    assert_eq!(house.get("/Patient").await.json().items("entry").len(), 0);
}

#[tokio::test]
async fn each_entry_of_a_batch_has_its_own_status() {
    let house = house();
    let batch = r#"{"resourceType":"Bundle","type":"batch","entry":[
        {"request":{"method":"GET","url":"Patient/none"}},
        {"resource":{"resourceType":"Patient","id":"p1"},"request":{"method":"PUT","url":"Patient/p1"}}]}"#;
    let response = house.ask("POST", "").json(batch).send().await.json();
    let statuses: Vec<_> = response
        .items("entry")
        .iter()
        .map(|entry| entry.text_at(&["response", "status"]).unwrap().get(..3).unwrap().to_owned())
        .collect();
    assert_eq!(statuses, ["404", "201"]);
}

#[tokio::test]
async fn invalid_resources_are_refused_with_their_place() {
    let house = house();
    for (resource, place) in [
        (r#"{"resourceType":"Patient","nonsense":1}"#, "Patient"),
        (r#"{"resourceType":"Patient","birthDate":"2023-02-30"}"#, "Patient.birthDate"),
        (r#"{"resourceType":"Patient","active":"yes"}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","gender":"robot"}"#, "Patient.gender"),
    ] {
        let reply = house.ask("POST", "/Patient").json(resource).send().await;
        let (status, _, expression) = reply.issue();
        assert_eq!(status, 400, "{resource}");
        assert!(expression.starts_with(place), "{expression}");
        let text = String::from_utf8_lossy(&reply.bytes).into_owned();
        assert!(!text.contains("robot") && !text.contains("02-30"), "{text}");
    }
}

#[tokio::test]
async fn parallel_conditional_creates_make_one_resource() {
    let house = house();
    let json = r#"{"resourceType":"Patient","identifier":[{"system":"http://x","value":"1"}]}"#;
    let create =
        || house.ask("POST", "/Patient").header("if-none-exist", "identifier=http://x|1").json(json).send();
    let (a, b, c, d) = tokio::join!(create(), create(), create(), create());
    let mut statuses = [a.status.as_u16(), b.status.as_u16(), c.status.as_u16(), d.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 201]);
    assert_eq!(house.get("/Patient?identifier=http://x|1").await.json().items("entry").len(), 1);
}

#[tokio::test]
async fn search_includes_and_chains_through_the_door() {
    let house = house();
    house.put("/Patient/p1", r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okoró"}]}"#).await;
    house.put("/Patient/p2", r#"{"resourceType":"Patient","id":"p2","name":[{"family":"Smith"}]}"#).await;
    for (id, patient) in [("o1", "p1"), ("o2", "p2")] {
        let json = format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
        );
        house.put(&format!("/Observation/{id}"), &json).await;
    }
    let urls = |bundle: &Value| -> Vec<String> {
        bundle
            .items("entry")
            .iter()
            .map(|entry| entry.text_at(&["fullUrl"]).unwrap().rsplit('/').next().unwrap().into())
            .collect()
    };
    assert_eq!(urls(&house.get("/Patient?family=okoro").await.json()), ["p1"]);
    let included =
        house.get("/Observation?subject:Patient.family=okoro&_include=Observation:subject").await.json();
    assert_eq!(urls(&included), ["o1", "p1"]);
    let modes: Vec<_> =
        included.items("entry").iter().map(|e| e.text_at(&["search", "mode"]).unwrap()).collect();
    assert_eq!(modes, ["match", "include"]);
    assert_eq!(urls(&house.get("/Patient?_has:Observation:subject:_id=o2").await.json()), ["p2"]);
    assert_eq!(
        house.get("/Patient?family:nonsense=x").await.issue(),
        issue(400, "not-supported", "http.family")
    );
}
