//! The CapabilityStatement, and every interaction it lists.

use super::house::{House, Reply, house};
use fhir::json::Value;
use interop::fhir::{Access, Interaction, ROUTES, Verb};

const BASIC: &str = r#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#;
const FORM: &str = "application/x-www-form-urlencoded";

fn codes(value: &Value) -> Vec<&str> {
    value.items("interaction").iter().map(|item| item.text_at(&["code"]).unwrap()).collect()
}

#[tokio::test]
async fn the_statement_is_sound() {
    let house = house();
    let statement = house.get("/metadata").await.json();
    assert_eq!(fhir::validate::structural(&statement), []);
    let rest = &statement.items("rest")[0];
    assert_eq!(rest.items("resource").len(), 146);
    let patient = rest.items("resource").iter().find(|r| r.text_at(&["type"]) == Some("Patient")).unwrap();
    let parameters: Vec<_> =
        patient.items("searchParam").iter().map(|p| p.text_at(&["name"]).unwrap()).collect();
    for wanted in ["_id", "_lastUpdated", "family", "birthdate", "identifier", "general-practitioner"] {
        assert!(parameters.contains(&wanted), "{wanted} in {parameters:?}");
    }
    for absent in ["_filter", "_text", "_content", "_query"] {
        assert!(!parameters.contains(&absent), "{absent}");
    }
    assert!(patient.items("searchInclude").contains(&Value::from("Patient:general-practitioner")));
    let reverse = patient.items("searchRevInclude");
    assert!(reverse.contains(&Value::from("Observation:subject")), "{reverse:?}");
    assert!(!reverse.contains(&Value::from("Observation:encounter")));
    let audit = rest.items("resource").iter().find(|r| r.text_at(&["type"]) == Some("AuditEvent")).unwrap();
    assert_eq!(codes(audit), ["search-type", "read"]);
    assert!(!reverse.contains(&Value::from("AuditEvent:patient")), "{reverse:?}");
}

#[tokio::test]
async fn every_search_listed_for_the_audit_log_works() {
    let house = house();
    let statement = house.get("/metadata").await.json();
    let resources = statement.items("rest")[0].items("resource");
    let audit = resources.iter().find(|r| r.text_at(&["type"]) == Some("AuditEvent")).unwrap();
    assert!(audit.items("searchInclude").is_empty() && audit.items("searchRevInclude").is_empty());
    let listed = audit.items("searchParam");
    assert!(!listed.is_empty());
    for parameter in listed {
        let name = parameter.text_at(&["name"]).unwrap();
        let value = if parameter.text_at(&["type"]) == Some("date") { "2020" } else { "x" };
        let reply = house.get(&format!("/AuditEvent?{name}={value}&_summary=count")).await;
        assert_eq!(reply.status, 200, "{name}: {reply:?}");
    }
}

#[tokio::test]
async fn every_listed_interaction_works() {
    let house = house();
    let statement = house.get("/metadata").await.json();
    let rest = &statement.items("rest")[0];
    let basic = rest.items("resource").iter().find(|r| r.text_at(&["type"]) == Some("Basic")).unwrap();
    let listed = [codes(rest), codes(basic)].concat();
    assert_eq!(listed.len(), 11, "{listed:?}");
    house.put("/Basic/b", BASIC).await;
    for code in listed {
        let reply = call(&house, code).await;
        assert!(reply.status.is_success(), "{code}: {reply:?}");
    }
}

async fn call(house: &House, code: &str) -> Reply {
    let bundle = |kind: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"request":{{"method":"PUT","url":"Basic/c"}},"resource":{}}}]}}"#,
            BASIC.replace("\"b\"", "\"c\"")
        )
    };
    match code {
        "read" => house.get("/Basic/b").await,
        "vread" => house.get("/Basic/b/_history/1").await,
        "history-instance" => house.get("/Basic/b/_history").await,
        "history-type" => house.get("/Basic/_history").await,
        "history-system" => house.get("/_history").await,
        "search-type" => house.get("/Basic?_id=b").await,
        "create" => house.ask("POST", "/Basic").json(BASIC).send().await,
        "update" => house.ask("PUT", "/Basic/d").json(&BASIC.replace("\"b\"", "\"d\"")).send().await,
        "delete" => house.ask("DELETE", "/Basic/d").send().await,
        "transaction" | "batch" => house.ask("POST", "").json(&bundle(code)).send().await,
        other => panic!("no call for {other}"),
    }
}

#[tokio::test]
async fn every_route_is_served_and_guarded() {
    let house = house();
    house.put("/Basic/b", BASIC).await;
    for route in ROUTES {
        let path = route.path.replace("{type}", "Basic").replace("{id}", "b").replace("{version}", "1");
        let path = if path == "/" { String::new() } else { path };
        let content_type = if path.ends_with("_search") { FORM } else { "application/fhir+json" };
        let body = if path.ends_with("_search") { "_id=b" } else { BASIC };
        let ask = |token| {
            let ask = house.ask(route.verb.name(), &path).token(token).header("content-type", content_type);
            if route.verb == Verb::Get { ask } else { ask.body(body.as_bytes()) }
        };
        let anonymous = ask(None).send().await.status;
        match route.access {
            Access::Everybody => assert_eq!(anonymous, 200, "{route:?}"),
            Access::SignedIn => assert_eq!(anonymous, 401, "{route:?}"),
        }
        let known = ask(Some("system")).send().await;
        let expected = match route.interaction {
            // No bundle, no criteria: the route answers, with a refusal of its own.
            Interaction::Bundle | Interaction::ProcessMessage | Interaction::Release => 400,
            Interaction::ConditionalUpdate | Interaction::ConditionalDelete => 412,
            Interaction::Create => 201,
            Interaction::Delete => 204,
            _ if house.get("/Basic/b").await.status == 410 && route.interaction == Interaction::Read => 410,
            _ => 200,
        };
        assert_eq!(known.status, expected, "{route:?}: {known:?}");
        if route.interaction == Interaction::Delete {
            house.put("/Basic/b", BASIC).await;
        }
    }
}

#[tokio::test]
async fn nobody_writes_the_audit_log() {
    let house = house();
    house.put("/Basic/b", BASIC).await;
    let log = house.get("/AuditEvent?_count=1").await;
    assert_eq!(log.status, 200, "{log:?}");
    let event = log.json().at(&["entry", "resource"]).cloned().unwrap();
    let id = event.text_at(&["id"]).unwrap().to_owned();
    let json = fhir::json::to_string(&event);
    for (method, path) in [("POST", String::from("/AuditEvent")), ("PUT", format!("/AuditEvent/{id}"))] {
        let reply = house.ask(method, &path).json(&json).send().await;
        assert_eq!(reply.status, 403, "{method} {path}: {reply:?}");
    }
    assert_eq!(house.ask("DELETE", &format!("/AuditEvent/{id}")).send().await.status, 403);
}
