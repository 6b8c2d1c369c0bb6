//! Messages of the Electronic Prescription Service at the door: every published sample file with what becomes of it, and
//! one prescription's life in every order of arrival.

use super::house::{House, Reply, house};
use super::shared::located;
use fhir::json::{Limits, Value, canonical, parse, to_string};
use std::fmt::Write as _;

/// What becomes of each sample file; regenerate by running the test and reading its diff.
const EXPECTED: &str = include_str!("eps.tsv");

fn document(bytes: &[u8]) -> Value {
    parse(bytes, &Limits::default()).unwrap()
}

fn samples(test: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = located(test, "fhir/eps")?;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    Some(files)
}

/// Puts the patients of a message into the record, as its own system knows them.
async fn admit(house: &House, message: &Value) {
    let patients = message.items("entry").iter().filter_map(|entry| entry.get("resource"));
    for (at, patient) in patients.filter(|one| one.text_at(&["resourceType"]) == Some("Patient")).enumerate()
    {
        let mut patient = patient.clone();
        let members = patient.as_object_mut().unwrap();
        let number = members.get("identifier").and_then(|one| one.text_at_first("value")).unwrap().to_owned();
        members.insert("id", Value::from(format!("p-{number}-{at}")));
        members.remove("generalPractitioner");
        members.remove("managingOrganization");
        house.put(&format!("/Patient/p-{number}-{at}"), &to_string(&patient)).await;
    }
}

trait First {
    fn text_at_first(&self, member: &str) -> Option<&str>;
}

impl First for Value {
    fn text_at_first(&self, member: &str) -> Option<&str> {
        self.as_array()?.first()?.text_at(&[member])
    }
}

async fn send(house: &House, path: &str, body: &[u8]) -> Reply {
    let body = String::from_utf8(body.to_vec()).unwrap();
    house.ask("POST", path).json(&body).send().await
}

/// Status and what the answer says, in one line.
fn said(reply: &Reply) -> String {
    let answer = reply.json();
    let texts = answer.items("issue").iter().filter_map(|issue| issue.text_at(&["diagnostics"]));
    let mut words: Vec<String> = texts.map(|text| text.to_owned()).collect();
    for entry in answer.items("entry").iter().filter_map(|entry| entry.get("resource")) {
        if let Some(status) = entry.text_at(&["status"]) {
            words.push(format!("{} {status}", entry.text_at(&["resourceType"]).unwrap()));
        }
    }
    for parameter in answer.items("parameter") {
        let items = parameter.get("resource").map_or(0, |bundle| bundle.items("entry").len());
        words.push(format!("{} of {items}", parameter.text_at(&["name"]).unwrap()));
    }
    words.sort();
    // Items are told apart by numbers that say nothing here.
    for word in words.iter_mut().filter(|_| reply.status.is_success()) {
        if let Some((_, status)) = word.strip_prefix("item ").and_then(|rest| rest.split_once(": ")) {
            *word = status.to_owned();
        } else if let Some((known, _)) = word.split_once(": ") {
            *word = format!("{known}; kept in case its order comes later");
        }
    }
    words.dedup();
    format!("{} {}", reply.status.as_u16(), words.join("; "))
}

/// What becomes of one file in a record that knows its patient and nothing else.
async fn outcome(bytes: &[u8]) -> String {
    let Ok(message) = parse(bytes, &Limits::default()) else { return "not JSON".into() };
    let house = house();
    let is_message = message.text_at(&["type"]) == Some("message");
    if is_message {
        admit(&house, &message).await;
        return said(&send(&house, "/$process-message", bytes).await);
    }
    let release =
        message.items("parameter").iter().any(|one| one.text_at(&["name"]) == Some("group-identifier"));
    if release {
        return said(&send(&house, "/Task/$release", bytes).await);
    }
    format!("an answer or document of {}", message.text_at(&["resourceType"]).unwrap_or("no type"))
}

#[tokio::test]
async fn every_sample_file_is_applied_or_refused_for_a_reason() {
    let Some(files) = samples("every_sample_file_is_applied_or_refused_for_a_reason") else { return };
    let mut found = String::new();
    let (mut applied, mut kept, mut refused, mut other) = (0, 0, 0, 0);
    for (name, bytes) in &files {
        let outcome = outcome(bytes).await;
        match outcome.as_bytes().first() {
            Some(b'2') if outcome.contains("kept") => kept += 1,
            Some(b'2') => applied += 1,
            Some(b'4') => refused += 1,
            _ => other += 1,
        }
        // The samples' own verdict: what they call 400 is refused here too.
        if name.contains("-400_") {
            assert!(outcome.starts_with("400"), "{name}: {outcome}");
        }
        writeln!(found, "{name}\t{outcome}").unwrap();
    }
    writeln!(
        found,
        "{applied} applied, {kept} kept for their order, {refused} refused, {other} not messages"
    )
    .unwrap();
    let differing: Vec<_> =
        found.lines().zip(EXPECTED.lines().chain(std::iter::repeat(""))).filter(|(a, b)| a != b).collect();
    assert!(differing.is_empty() && found.len() == EXPECTED.len(), "{differing:#?}\n{found}");
}

/// The life of one prescription of four items: ordered, taken by a pharmacy, ready, handed out; one item cancelled late.
async fn life(files: &[(String, Vec<u8>)]) -> Vec<(&'static str, String)> {
    let text = |wanted: &str| {
        let (_, bytes) = files.iter().find(|(name, _)| name.contains(wanted)).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    // The two files speak of one person under two NHS numbers.
    let order = text("acute_nominated-pharmacy_medical-prescriber_1-Process-Request-Send")
        .replace("5839945242", "9449304130");
    let dispense = text("dispense-notification_acute-primary-example-04");
    let task = |item: &str, status: &str, at: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"resourceType":"Task","id":"t-{at}","status":"in-progress",
            "intent":"order","basedOn":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/prescription-order-number","value":"24F5DA-A83008-7EFE6Z"}}}}],
            "businessStatus":{{"coding":[{{"system":"https://fhir.nhs.uk/CodeSystem/task-businessStatus-nppt","code":"{status}"}}]}},
            "focus":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/prescription-order-item-number","value":"{item}"}}}},
            "for":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9449304130"}}}},
            "lastModified":"2022-11-{at}T09:00:00Z",
            "owner":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"VNE51"}},"display":"The Simple Pharmacy"}}}},
            "request":{{"method":"POST","url":"Task"}}}}]}}"#
        )
    };
    let item = "a54219b8-f741-4c47-b662-e4f8dfa49ab6";
    vec![
        ("/$process-message", order),
        ("", task(item, "with pharmacy", "24")),
        ("", task(item, "Ready to Collect", "25")),
        ("/$process-message", dispense),
    ]
}

async fn end(messages: &[&(&'static str, String)], order: &[usize]) -> String {
    let house = house();
    house
        .put(
            "/Patient/tom",
            r#"{"resourceType":"Patient","id":"tom","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9449304130"}],
            "name":[{"family":"Twitchett","given":["Stacey"]}],"birthDate":"1948-04-30"}"#,
        )
        .await;
    for at in order {
        let (path, body) = messages[*at];
        let reply = send(&house, path, body.as_bytes()).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
    }
    let requests = house.get("/MedicationRequest?patient=tom&_sort=_id&_count=50").await.json();
    let dispenses = house.get("/MedicationDispense?patient=tom&_sort=_id&_count=50").await.json();
    let mut lines = Vec::new();
    for entry in requests.items("entry").iter().chain(dispenses.items("entry")) {
        let mut resource = entry.get("resource").unwrap().clone();
        resource.as_object_mut().unwrap().remove("meta");
        lines.push(String::from_utf8(canonical(&resource)).unwrap());
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_prescription_ends_alike_in_every_order_of_arrival_and_when_sent_twice() {
    let Some(files) = samples("a_prescription_ends_alike_in_every_order_of_arrival") else { return };
    let messages = life(&files).await;
    let messages: Vec<_> = messages.iter().collect();
    let expected = end(&messages, &[0, 1, 2, 3]).await;
    assert_eq!(expected.lines().count(), 8, "four items and what was handed out of each:\n{expected}");
    assert_eq!(expected.matches("\"Collected\"").count(), 3, "{expected}");
    assert_eq!(expected.matches("\"Prescriber Cancelled\"").count(), 1, "{expected}");
    assert!(expected.contains("\"subject\":{\"reference\":\"Patient/tom\"}"));
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| *c != a && *c != b) {
                let d = 6 - a - b - c;
                assert_eq!(end(&messages, &[a, b, c, d]).await, expected, "{a}{b}{c}{d}");
            }
        }
    }
    assert_eq!(end(&messages, &[0, 0, 3, 1, 3, 2, 0, 2]).await, expected, "twice");
}

#[tokio::test]
async fn a_pharmacy_takes_a_prescription_that_no_other_can_take_then_and_gives_it_back() {
    let Some(files) = samples("a_pharmacy_takes_a_prescription") else { return };
    let house = house();
    let (_, order) =
        files.iter().find(|(name, _)| name.contains("cancellations_4-Process-Request-Send")).unwrap();
    admit(&house, &document(order)).await;
    let number = "C293C8-A83008-470B8U";
    let release = |ods: &str| {
        format!(
            r#"{{"resourceType":"Parameters","id":"r-{ods}","parameter":[
            {{"name":"owner","resource":{{"resourceType":"Organization","name":"P {ods}","identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{ods}"}}]}}}},
            {{"name":"group-identifier","valueIdentifier":{{"system":"https://fhir.nhs.uk/Id/prescription-order-number","value":"{number}"}}}}]}}"#
        )
    };
    let status = async || {
        let found = house.get("/MedicationRequest?_count=10").await.json();
        let resource = found.items("entry")[0].get("resource").unwrap().clone();
        fhir::views::MedicationEntry(&resource).status_history().next().unwrap().code.to_owned()
    };
    assert_eq!(send(&house, "/Task/$release", release("VNE51").as_bytes()).await.status, 404);
    assert_eq!(send(&house, "/$process-message", order).await.status, 200);
    assert_eq!(status().await, "Prescriber Approved");
    let taken = send(&house, "/Task/$release", release("VNE51").as_bytes()).await;
    assert_eq!(said(&taken), "200 passedPrescriptions of 1");
    assert_eq!(status().await, "With Pharmacy but Tracking not Supported");
    assert_eq!(send(&house, "/Task/$release", release("VN6XW").as_bytes()).await.status, 409);
    let cancel = String::from_utf8(order.clone())
        .unwrap()
        .replace("prescription-order\"", "prescription-order-update\"")
        .replace("cf1a34ba-5e6f-428c-8858-c7e3f88f19d7", "99999999-5e6f-428c-8858-c7e3f88f19d7")
        .replace("2021-04-20T05:45:34", "2024-05-02T05:45:34");
    let answer = send(&house, "/$process-message", cancel.as_bytes()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(String::from_utf8_lossy(&answer.bytes).contains("R-0002"), "it is with the dispenser");
    let back = format!(
        r#"{{"resourceType":"Task","status":"rejected","intent":"order","groupIdentifier":{{"system":"https://fhir.nhs.uk/Id/prescription-order-number","value":"{number}"}}}}"#
    );
    let given = send(&house, "/Task", back.as_bytes()).await;
    assert_eq!(given.status, 200, "{given:?}");
    assert_eq!(status().await, "Prescriber Cancelled", "the cancellation waited for this");
    assert_eq!(send(&house, "/Task/$release", release("VN6XW").as_bytes()).await.status, 409);
}

#[tokio::test]
async fn an_order_for_somebody_else_or_with_a_used_id_is_refused() {
    let Some(files) = samples("an_order_for_somebody_else_is_refused") else { return };
    let (_, order) =
        files.iter().find(|(name, _)| name.contains("cancellations_4-Process-Request-Send")).unwrap();
    let house = house();
    assert_eq!(send(&house, "/$process-message", order).await.issue().0, 422, "nobody has this number");
    admit(&house, &document(order)).await;
    let text = String::from_utf8(order.clone()).unwrap();
    let other = text.replace("1932-01-06", "1932-01-07");
    assert_eq!(
        send(&house, "/$process-message", other.as_bytes()).await.issue().0,
        422,
        "another birth date"
    );
    assert_eq!(send(&house, "/$process-message", order).await.status, 200);
    let reused = text.replace("299c610b-f4f1-4eac-a7d7-4fb6b0556e11", "399c610b-f4f1-4eac-a7d7-4fb6b0556e11");
    assert_eq!(
        send(&house, "/$process-message", reused.as_bytes()).await.issue().0,
        409,
        "another item under one id"
    );
    for token in [Some("patient"), Some("patient-with-capability"), Some("reader"), None] {
        let reply = house.ask("POST", "/$process-message").token(token).json(&text).send().await;
        assert!(matches!(reply.status.as_u16(), 401 | 403 | 404), "{token:?}: {reply:?}");
    }
    let found = house.get("/MedicationRequest?_summary=count").await.json();
    assert_eq!(found.get("total").unwrap().as_number().unwrap().as_i64(), Some(1));
}
