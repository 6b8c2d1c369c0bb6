//! Search on a type.

use super::house::{house, issue};

fn patient(id: &str) -> String {
    format!(r#"{{"resourceType":"Patient","id":"{id}","active":true}}"#)
}

#[tokio::test]
async fn finds_by_id_with_absolute_links() {
    let house = house();
    house.put("/Patient/p1", &patient("p1")).await;
    house.put("/Patient/p2", &patient("p2")).await;
    let bundle = house.get("/Patient?_id=p1").await.json();
    assert_eq!(fhir::validate::structural(&bundle), []);
    assert_eq!(bundle.text_at(&["type"]), Some("searchset"));
    assert_eq!(bundle.items("entry").len(), 1);
    assert_eq!(bundle.text_at(&["entry", "fullUrl"]), Some("http://bevan.test/fhir/Patient/p1"));
    assert_eq!(bundle.text_at(&["entry", "search", "mode"]), Some("match"));
    assert_eq!(bundle.text_at(&["link", "url"]), Some("http://bevan.test/fhir/Patient?_id=p1"));
    assert_eq!(bundle.get("total").and_then(|total| total.as_number()).map(|n| n.as_str()), Some("1"));

    let posted = house
        .ask("POST", "/Patient/_search")
        .body(b"_id=p1")
        .header("content-type", "application/x-www-form-urlencoded");
    let posted = posted.send().await.json();
    assert_eq!(posted.items("entry"), bundle.items("entry"));
    assert_eq!(posted.items("link"), bundle.items("link"));
}

#[tokio::test]
async fn pages_follow_their_links() {
    let house = house();
    for number in 0..7 {
        house.put(&format!("/Patient/p{number}"), &patient(&format!("p{number}"))).await;
    }
    let (mut next, mut seen, mut pages) = (Some("/Patient?_count=3".to_owned()), Vec::new(), 0);
    while let Some(path) = next {
        let page = house.get(&path).await.json();
        pages += 1;
        seen.extend(page.items("entry").iter().map(|e| e.text_at(&["resource", "id"]).unwrap().to_owned()));
        let link = page.items("link").iter().find(|link| link.text_at(&["relation"]) == Some("next"));
        next = link
            .map(|l| l.text_at(&["url"]).unwrap().strip_prefix("http://bevan.test/fhir").unwrap().to_owned());
    }
    seen.sort();
    assert_eq!((pages, seen), (3, (0..7).map(|n| format!("p{n}")).collect::<Vec<_>>()));
}

#[tokio::test]
async fn unknown_parameters_are_refused_unless_the_client_is_lenient() {
    let house = house();
    house.put("/Patient/p1", &patient("p1")).await;
    assert_eq!(house.get("/Patient?familly=x").await.issue(), issue(400, "not-supported", "http.familly"));
    assert_eq!(house.get("/Patient?_lastUpdated=yesterday").await.status, 400);
    let lenient =
        house.ask("GET", "/Patient?familly=x&_id=p1").header("prefer", "handling=lenient").send().await;
    let bundle = lenient.json();
    assert_eq!(
        bundle.text_at(&["link", "url"]),
        Some("http://bevan.test/fhir/Patient?_id=p1"),
        "what was used"
    );
    let outcome = bundle.items("entry").last().unwrap();
    assert_eq!(outcome.text_at(&["search", "mode"]), Some("outcome"));
    assert_eq!(outcome.text_at(&["resource", "issue", "severity"]), Some("warning"));
    assert_eq!(bundle.items("entry").len(), 2);
}

#[tokio::test]
async fn count_only() {
    let house = house();
    house.put("/Patient/p1", &patient("p1")).await;
    let bundle = house.get("/Patient?_summary=count").await.json();
    assert_eq!(bundle.items("entry").len(), 0);
    assert_eq!(bundle.get("total").and_then(|total| total.as_number()).map(|n| n.as_str()), Some("1"));
    let none = house.get("/Observation?_summary=count").await.json();
    assert_eq!(none.get("total").and_then(|total| total.as_number()).map(|n| n.as_str()), Some("0"));
}
