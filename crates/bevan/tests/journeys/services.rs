//! What anybody may open: services and their hours from the record's own directory, read by an actor who reaches no
//! patient; and the questions of a set that the configuration names.

use crate::document::read;
use crate::house::{command, running, running_with, until};
use fhir::json::to_string;

/// The first service that a page of results leads to.
fn first_service(page: &str) -> String {
    let link = page.split("href=\"/services/").nth(1).expect("a service");
    link.split('"').next().unwrap().to_owned()
}

#[test]
fn a_change_of_hours_is_seen_and_nobody_reads_a_patient() {
    // Given a pharmacy near a town of the demo, found by the town's name and by a postcode.
    let house = running();
    let mut anybody = house.bevan.client();
    let results = anybody.get("/services/results?near=Pellinford&type=pharmacy").unwrap();
    assert_eq!(results.status, 200);
    let id = first_service(&results.text());
    let by_code = anybody.get("/services/results?near=QB7+2AD&type=pharmacy").unwrap().text();
    assert!(by_code.contains(&id) && by_code.contains("<h1>Pharmacies near QB7</h1>"));
    let page = format!("/services/{id}");
    assert!(!anybody.get(&page).unwrap().text().contains("Open 24 hours"));

    // When the pharmacy says that it is now open day and night.
    let mut system = house.bevan.system();
    let mut service = read(&system.get(&format!("/fhir/HealthcareService/{id}")).unwrap().body);
    let always = r#"[{"daysOfWeek":["mon","tue","wed","thu","fri","sat","sun"],"allDay":true}]"#;
    let usual = r#"[{"url":"https://bevan.example/fhir/StructureDefinition/bank-holiday-hours","valueCode":"as-usual"}]"#;
    let members = service.as_object_mut().unwrap();
    members.insert("availableTime", read(always.as_bytes()));
    members.insert("extension", read(usual.as_bytes()));
    members.remove("notAvailable");
    let put =
        system.put_fhir(&format!("/fhir/HealthcareService/{id}"), to_string(&service).as_bytes()).unwrap();
    assert_eq!(put.status, 200, "{}", put.text());

    // Then the page says so soon, without a restart.
    until("the new hours are shown", 90, || anybody.get(&page).unwrap().text().contains("Open 24 hours"));

    // And the audit log shows a reader without a proven identity who asked for services and places, and for nothing else.
    let mut events = 0;
    let mut at = String::from("/fhir/AuditEvent?_sort=-date&_count=200");
    for _ in 0..50 {
        let found = read(&system.get(&at).unwrap().body);
        for event in found.items("entry").iter().filter_map(|entry| entry.get("resource")) {
            let text = to_string(event);
            if !text.contains("\"Public pages\"") {
                continue;
            }
            events += 1;
            assert!(text.contains("\"unproven\""), "{text}");
            let asks = event.items("entity").iter().filter_map(|entity| entity.text_at(&["query"]));
            // The query is base64: the first letters are those of the type.
            let plain =
                |ask: &&str| ask.starts_with("SGVhbHRoY2FyZVNlcnZpY2") || ask.starts_with("TG9jYXRpb2");
            assert!(asks.clone().count() == 1 && asks.clone().all(|ask| plain(&ask)), "{text}");
            assert!(!text.contains("Patient/"), "{text}");
        }
        let next = found.items("link").iter().find(|link| link.text_at(&["relation"]) == Some("next"));
        let Some(next) = next.and_then(|link| link.text_at(&["url"])) else { break };
        at = next[next.find("/fhir/").unwrap()..].to_owned();
    }
    assert!(events >= 4, "{events} readings of the directory are in the audit log");
}

#[test]
fn neighbourhood_health_centres_show_what_is_under_their_roof() {
    let house = running();
    let mut anybody = house.bevan.client();
    let results =
        anybody.get("/services/results?near=Pellinford&type=neighbourhood-health-centre").unwrap().text();
    let link = results.split("href=\"/neighbourhood/").nth(1).expect("a centre").split('"').next().unwrap();
    let centre = anybody.get(&format!("/neighbourhood/{link}")).unwrap().text();
    for service in ["Blood tests", "Physiotherapy", "Talking therapies", "Help with everyday life"] {
        assert!(centre.contains(service), "{service}");
    }
    let under = anybody.get(&format!("/services/{}", first_service(&centre))).unwrap().text();
    assert!(under.contains("Part of") && under.contains(&format!("/neighbourhood/{link}")));
}

#[test]
fn another_set_of_pathways_takes_the_place_of_the_demonstration() {
    let demonstration = include_str!("../../../care/pathways/demonstration.toml");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("licensed.toml");
    let approved = demonstration.replacen("demonstration = true", "demonstration = false", 1).replacen(
        "title = \"Demonstration pathways\"",
        "title = \"Pathways of the county\"",
        1,
    );
    std::fs::write(&path, &approved).unwrap();
    let named = [("BEVAN_TRIAGE_PATHWAYS", path.to_str().unwrap())];

    // Given a set that is approved, its pages carry its name and no label.
    let house = running_with(&named);
    let first = house.bevan.client().get("/check").unwrap().text();
    assert!(first.contains("Pathways of the county, version 1.0.0"));
    assert!(!first.contains("must not be used for care"));
    drop(house);

    // When it breaks a rule, nothing starts, and the reason is printed with its place.
    std::fs::write(&path, approved.replacen("outcome = \"call-999-stroke\"", "outcome = \"gp-routine\"", 1))
        .unwrap();
    let data = folder.path().join("data");
    let mut serve = command(&["serve", "--check-config", "--data", data.to_str().unwrap()]);
    let refused = serve.envs(named).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("licensed.toml") && said.contains("flag stroke: leads to gp-routine"), "{said}");
}

#[test]
fn outside_a_demonstration_the_demonstration_questions_say_that_they_must_not_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = crate::support::process::Bevan::start_with(folder.path(), &[], &[]);
    let first = bevan.client().get("/check").unwrap().text();
    assert!(first.contains("Do not use these questions"), "{first}");
    assert!(first.contains("no clinician has approved"), "{first}");
    // A demonstration says it less loudly: everything in it is one.
    let house = running();
    let shown = house.bevan.client().get("/check").unwrap().text();
    assert!(!shown.contains("Do not use these questions") && shown.contains("must not be used for care"));
}
