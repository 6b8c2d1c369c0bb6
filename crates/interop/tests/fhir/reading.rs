//! read, vread, history.

use super::house::{house, issue};
use fhir::json::Value;

const ANNA: &str = r#"{"resourceType":"Patient","id":"p1","active":true,"name":[{"family":"Okoro"}]}"#;

#[tokio::test]
async fn read_with_its_headers() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    let reply = house.get("/Patient/p1").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("etag"), "W/\"1\"");
    assert_eq!(reply.header("content-type"), "application/fhir+json; charset=utf-8");
    assert!(reply.header("last-modified").ends_with(" GMT"), "{reply:?}");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.json().text_at(&["name", "family"]), Some("Okoro"));
    assert_eq!(reply.json().text_at(&["meta", "versionId"]), Some("1"));

    let head = house.ask("HEAD", "/Patient/p1").send().await;
    assert_eq!((head.status.as_u16(), head.header("etag"), head.bytes.len()), (200, "W/\"1\"", 0));
}

#[tokio::test]
async fn not_modified() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    let last_modified = house.get("/Patient/p1").await.header("last-modified").to_owned();
    for (name, value, status) in [
        ("if-none-match", "W/\"1\"", 304),
        ("if-none-match", "W/\"7\", W/\"1\"", 304),
        ("if-none-match", "W/\"2\"", 200),
        ("if-modified-since", last_modified.as_str(), 304),
        ("if-modified-since", "Mon, 01 Jan 2001 00:00:00 GMT", 200),
    ] {
        let reply = house.ask("GET", "/Patient/p1").header(name, value).send().await;
        assert_eq!(reply.status, status, "{name}: {value}");
        assert_eq!(reply.bytes.is_empty(), status == 304);
        assert_eq!(reply.header("etag"), "W/\"1\"");
    }
}

#[tokio::test]
async fn a_part_of_a_resource_is_marked_and_keeps_what_it_must() {
    const WHOLE: &str = r#"{"resourceType":"Observation","id":"o1","text":{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "status":"final","code":{"text":"Weight"},"note":[{"text":"n"}],"valueQuantity":{"value":70.00,"unit":"kg"}}"#;
    let house = house();
    house.put("/Observation/o1", WHOLE).await;
    house.put("/Observation/o1", &WHOLE.replace("70.00", "71.00")).await;
    for (asked, holds, lacks) in [
        ("_elements=value", &["valueQuantity", "71.00"][..], &["note", "\"text\":{\"status"][..]),
        ("_elements=note,Observation.text", &["note", "\"text\":{\"status"], &["valueQuantity"]),
        ("_summary=true", &["valueQuantity"], &["note", "\"text\":{\"status"]),
        ("_summary=text", &["\"text\":{\"status"], &["note", "valueQuantity"]),
        ("_summary=data", &["note", "valueQuantity"], &["\"text\":{\"status"]),
    ] {
        for (path, version) in [("/Observation/o1", "W/\"2\""), ("/Observation/o1/_history/2", "W/\"2\"")] {
            let reply = house.get(&format!("{path}?{asked}&_pretty=false&_format=json")).await;
            assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, version), "{path} {asked}");
            let text = String::from_utf8(reply.bytes.clone()).unwrap();
            for word in [
                &["SUBSETTED", "\"status\":\"final\"", "\"code\":{\"text\":\"Weight\"}", "\"id\":\"o1\""],
                holds,
            ]
            .concat()
            {
                assert!(text.contains(word), "{path} {asked}: no {word} in {text}");
            }
            for word in lacks {
                assert!(!text.contains(word), "{path} {asked}: {word} in {text}");
            }
            let found = house.get(&format!("/Observation?_id=o1&{asked}")).await.json();
            assert_eq!(Some(&reply.json()), found.items("entry")[0].get("resource"), "as a search: {asked}");
        }
    }
    let whole = house.get("/Observation/o1?_summary=false").await;
    assert_eq!(whole.bytes, house.get("/Observation/o1").await.bytes);
    let pretty = house.get("/Observation/o1?_elements=value&_pretty=true").await;
    assert!(String::from_utf8_lossy(&pretty.bytes).contains("\n  \"resourceType\": \"Observation\""));
    for (asked, refused) in [
        ("_summary=count", issue(400, "value", "http._summary")),
        ("_summary=maybe", issue(400, "value", "http._summary")),
        ("_elements=nonsense", issue(400, "not-supported", "http._elements")),
        ("_count=1", issue(400, "not-supported", "http._count")),
    ] {
        assert_eq!(house.get(&format!("/Observation/o1?{asked}")).await.issue(), refused, "{asked}");
    }
}

#[tokio::test]
async fn versions() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    house.put("/Patient/p1", &ANNA.replace("true", "false")).await;
    assert_eq!(house.ask("DELETE", "/Patient/p1").send().await.status, 204);
    assert_eq!(house.get("/Patient/p1/_history/1").await.json().get("active"), Some(&Value::from(true)));
    assert_eq!(house.get("/Patient/p1/_history/2").await.json().get("active"), Some(&Value::from(false)));
    assert_eq!(house.get("/Patient/p1/_history/3").await.issue(), issue(410, "deleted", ""));
    assert_eq!(house.get("/Patient/p1").await.issue(), issue(410, "deleted", ""));
    for absent in ["/Patient/p1/_history/4", "/Patient/p1/_history/x", "/Patient/p2", "/Patient/p2/_history"]
    {
        assert_eq!(house.get(absent).await.issue(), issue(404, "not-found", ""), "{absent}");
    }

    let history = house.get("/Patient/p1/_history").await.json();
    assert_eq!(history.text_at(&["type"]), Some("history"));
    assert_eq!(fhir::validate::structural(&history), []);
    let methods: Vec<_> =
        history.items("entry").iter().map(|entry| entry.text_at(&["request", "method"]).unwrap()).collect();
    assert_eq!(methods, ["DELETE", "PUT", "PUT"]);
    assert!(history.items("entry")[0].get("resource").is_none());
    assert_eq!(history.text_at(&["entry", "fullUrl"]), Some("http://bevan.test/fhir/Patient/p1"));
}

#[tokio::test]
async fn history_pages_follow_their_links() {
    let house = house();
    for number in 1..=5 {
        house.put(&format!("/Patient/p{number}"), &ANNA.replace("p1", &format!("p{number}"))).await;
    }
    house.put("/Basic/b", r#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#).await;
    for (start, wanted) in [("/Patient/_history?_count=2", 5), ("/_history?_count=4", 6)] {
        let (mut next, mut seen) = (Some(start.to_owned()), Vec::new());
        while let Some(path) = next {
            let page = house.get(&path).await.json();
            seen.extend(
                page.items("entry").iter().map(|entry| entry.text_at(&["fullUrl"]).unwrap().to_owned()),
            );
            let links = page.items("link");
            let next_link = links.iter().find(|link| link.text_at(&["relation"]) == Some("next"));
            next = next_link.map(|link| {
                link.text_at(&["url"]).unwrap().strip_prefix("http://bevan.test/fhir").unwrap().to_owned()
            });
        }
        let total = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), total), (wanted, wanted));
    }
    let none = house.get("/Patient/_history?_since=2031-01-01T00:00:00Z").await.json();
    assert_eq!(none.items("entry").len(), 0);
    assert_eq!(house.get("/_history?_since=soon").await.issue(), issue(400, "value", "http._since"));
    assert_eq!(house.get("/_history?_sort=x").await.issue(), issue(400, "not-supported", "http._sort"));
}

#[tokio::test]
async fn forbidden_and_absent_look_alike() {
    let house = house();
    house.put("/Patient/p1", ANNA).await;
    house.put("/Patient/p2", &ANNA.replace("p1", "p2")).await;
    let own = house.ask("GET", "/Patient/p1").token(Some("patient")).send().await;
    assert_eq!(own.status, 200);
    let mut bodies = Vec::new();
    for path in ["/Patient/p2", "/Patient/p9", "/Patient/p2/_history/1", "/Patient/p2/_history"] {
        let reply = house.ask("GET", path).token(Some("patient")).header("x-request-id", "same").send().await;
        assert_eq!(reply.status, 404, "{path}");
        bodies.push((reply.bytes, format!("{:?}", reply.headers)));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let closed = house.ask("GET", "/Observation/x").token(Some("reader")).send().await;
    assert_eq!(closed.issue(), issue(403, "forbidden", ""));
}
