//! Booking and referral messages at the door: every published sample file with what becomes of it, and one booking's life
//! from 111's message to its cancellation.

use super::house::{House, Reply, house};
use super::shared::located;
use fhir::json::{Limits, Value, parse, to_string};
use std::path::PathBuf;

const SAMPLES: usize = 45;
const BOOKING: &str = "POST-body.json";
const REFERRAL: &str = "ValidationRequest (HTTP Response) .json";
const ANSWER: &str = "ValidationResponse (POST) .json";

fn document(bytes: &[u8]) -> Value {
    parse(bytes, &Limits::default()).unwrap()
}

fn folder(test: &str) -> Option<PathBuf> {
    located(test, "fhir/bars")
}

async fn send(house: &House, body: &str) -> Reply {
    house.ask("POST", "/$process-message").json(body).send().await
}

/// Status, issue code and code of the standard; for a message taken, what it changed.
fn said(reply: &Reply) -> String {
    let answer = reply.json();
    let text = |path: &[&str]| answer.text_at(path).unwrap_or_default().to_owned();
    match answer.text_at(&["resourceType"]) {
        Some("OperationOutcome") => format!(
            "{} {} {}",
            reply.status.as_u16(),
            text(&["issue", "code"]),
            text(&["issue", "details", "coding", "code"])
        ),
        _ => {
            let header = answer.items("entry")[0].get("resource").unwrap();
            let focus =
                header.text_at(&["focus", "reference"]).unwrap().split('/').next().unwrap().to_owned();
            format!("{} {focus}", reply.status.as_u16())
        }
    }
}

/// The patient of a message, as the record knows them.
fn patient(message: &Value) -> Value {
    let all = message.items("entry").iter().filter_map(|entry| entry.get("resource"));
    let found = all.into_iter().find(|one| one.text_at(&["resourceType"]) == Some("Patient")).unwrap();
    let mut patient = found.clone();
    let members = patient.as_object_mut().unwrap();
    members.insert("id", Value::from("p1"));
    for name in ["generalPractitioner", "managingOrganization", "contact", "extension"] {
        members.remove(name);
    }
    patient
}

async fn admit(house: &House, message: &Value, id: &str) {
    let text = to_string(&patient(message)).replace("\"p1\"", &format!("\"{id}\""));
    house.put(&format!("/Patient/{id}"), &text).await;
}

#[tokio::test]
async fn every_sample_is_applied_or_refused_with_a_reason() {
    let Some(folder) = folder("every_sample_is_applied_or_refused_with_a_reason") else { return };
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), SAMPLES);
    let house = house();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    admit(&house, &document(&read(BOOKING)), "p1").await;
    admit(&house, &document(&read(REFERRAL)), "p2").await;
    let (mut applied, mut refused, mut not_messages) = (Vec::new(), Vec::new(), 0);
    for name in &names {
        let body = String::from_utf8(read(name)).unwrap();
        let answer = said(&send(&house, &body).await);
        match answer.as_str() {
            "400 structure " => not_messages += 1,
            one if one.starts_with("200") => applied.push(format!("{name}: {one}")),
            one => refused.push(format!("{name}: {one}")),
        }
    }
    // The published booking lies days after the slot that it names.
    assert_eq!(
        refused,
        [
            "Booking (POST).json: 422 processing REC_UNPROCESSABLE_ENTITY",
            "POST-body.json: 422 processing REC_UNPROCESSABLE_ENTITY",
        ]
    );
    assert_eq!(applied, [format!("{REFERRAL}: 200 ServiceRequest"), format!("{ANSWER}: 200 ServiceRequest")]);
    assert_eq!(not_messages, SAMPLES - 4);
    // The answer ends the referral that the request began.
    let found = house.get("/ServiceRequest?subject=Patient/p2").await.json();
    let [only] = found.items("entry") else { panic!("{found:?}") };
    assert_eq!(only.text_at(&["resource", "status"]), Some("completed"));
    assert_eq!(only.text_at(&["resource", "subject", "reference"]), Some("Patient/p2"));
    // Sent again, both are duplicates.
    for name in [REFERRAL, ANSWER] {
        let body = String::from_utf8(read(name)).unwrap();
        assert_eq!(said(&send(&house, &body).await), "409 duplicate REC_CONFLICT", "{name}");
    }
}

#[tokio::test]
async fn refusals_carry_the_codes_of_the_published_ones() {
    let Some(folder) = folder("refusals_carry_the_codes_of_the_published_ones") else { return };
    let published = |name: &str| {
        let outcome = document(&std::fs::read(folder.join(name)).unwrap());
        let text = |path: &[&str]| outcome.text_at(path).unwrap().to_owned();
        let status = name.split('-').next().unwrap().to_owned();
        format!("{status} {} {}", text(&["issue", "code"]), text(&["issue", "details", "coding", "code"]))
    };
    let house = house();
    let booking = String::from_utf8(std::fs::read(folder.join(BOOKING)).unwrap()).unwrap();
    let referral = String::from_utf8(std::fs::read(folder.join(REFERRAL)).unwrap()).unwrap();
    admit(&house, &document(referral.as_bytes()), "p2").await;
    assert_eq!(
        said(&send(&house, &booking).await),
        "422 processing REC_UNPROCESSABLE_ENTITY",
        "nobody known"
    );
    let unknown = referral.replace("\"code\": \"new\"", "\"code\": \"update\"");
    assert_eq!(said(&send(&house, &unknown).await), published("404-REC_NOT_FOUND-not-found.json"));
    send(&house, &referral).await;
    assert_eq!(said(&send(&house, &referral).await), published("409-REC_CONFLICT-duplicate.json"));
    let other = referral.replace("1959-05-04", "1959-05-05").replace("86e3371d", "86e3371e");
    assert_eq!(
        said(&send(&house, &other).await),
        "422 processing REC_UNPROCESSABLE_ENTITY",
        "another birthday"
    );
}

/// A booking of 111 in a diary of this record, made from the published one. The house's clock stands at 1 May 2024.
fn from_111(sample: &str, id: &str, slot: &str) -> String {
    sample
        .replace("777a156c-af3c-4748-a8a3-7e95e4b0df9a", id)
        .replace("urn:uuid:deb4c4b3-870b-4599-84df-5e54cef7afda", slot)
        .replace("2021-10-12T12:30:30+00:00", "2024-05-02T12:30:00+00:00")
        .replace("2021-10-12T12:40:30+00:00", "2024-05-02T12:40:00+00:00")
}

#[tokio::test]
async fn a_booking_takes_a_slot_once_moves_and_gives_it_back() {
    let Some(folder) = folder("a_booking_takes_a_slot_once_moves_and_gives_it_back") else { return };
    let sample = String::from_utf8(std::fs::read(folder.join(BOOKING)).unwrap()).unwrap();
    let house = house();
    admit(&house, &document(sample.as_bytes()), "p1").await;
    house
        .put(
            "/HealthcareService/h",
            r#"{"resourceType":"HealthcareService","id":"h","name":"Urgent treatment"}"#,
        )
        .await;
    let schedule = r#"{"resourceType":"Schedule","id":"d","actor":[{"reference":"HealthcareService/h","display":"Urgent treatment"}]}"#;
    house.put("/Schedule/d", schedule).await;
    for (id, from, to) in [("s1", "12:30", "12:40"), ("s2", "13:00", "13:10")] {
        let slot = format!(
            r#"{{"resourceType":"Slot","id":"{id}","schedule":{{"reference":"Schedule/d"}},"status":"free","start":"2024-05-02T{from}:00Z","end":"2024-05-02T{to}:00Z"}}"#
        );
        house.put(&format!("/Slot/{id}"), &slot).await;
    }
    let status = async |slot: &str| {
        house.get(&format!("/Slot/{slot}")).await.json().text_at(&["status"]).unwrap().to_owned()
    };

    assert_eq!(said(&send(&house, &from_111(&sample, "m1", "Slot/s1")).await), "200 Appointment");
    assert_eq!(status("s1").await, "busy");
    assert_eq!(said(&send(&house, &from_111(&sample, "m1", "Slot/s1")).await), "409 duplicate REC_CONFLICT");
    // Another appointment for the same time.
    let second = from_111(&sample, "m2", "Slot/s1").replace("aca94bdb-2e38", "aca94bdc-2e38");
    assert_eq!(said(&send(&house, &second).await), "409 conflict REC_CONFLICT");

    let found = house.get("/Appointment?patient=Patient/p1").await.json();
    let [booked] = found.items("entry") else { panic!("{found:?}") };
    assert_eq!(booked.text_at(&["resource", "slot", "reference"]), Some("Slot/s1"));
    assert_eq!(booked.text_at(&["resource", "status"]), Some("booked"));

    let moved = from_111(&sample, "m3", "Slot/s2")
        .replace("\"code\": \"new\"", "\"code\": \"update\"")
        .replace("T12:30:00+00:00", "T13:00:00+00:00")
        .replace("T12:40:00+00:00", "T13:10:00+00:00");
    assert_eq!(said(&send(&house, &moved).await), "200 Appointment");
    assert_eq!((status("s1").await, status("s2").await), ("free".into(), "busy".into()));

    let cancelled = from_111(&sample, "m4", "Slot/s2")
        .replace("\"code\": \"new\"", "\"code\": \"update\"")
        .replace("\"status\": \"booked\"", "\"status\": \"cancelled\"");
    assert_eq!(said(&send(&house, &cancelled).await), "200 Appointment");
    assert_eq!(status("s2").await, "free");
    let found = house.get("/Appointment?patient=Patient/p1").await.json();
    let [booked] = found.items("entry") else { panic!("{found:?}") };
    assert_eq!(booked.text_at(&["resource", "status"]), Some("cancelled"));

    // The time is another appointment's now: to cancel the first once more does not free it, and to change the first
    // does not take it.
    let at_one = |message: String| {
        message.replace("T12:30:00+00:00", "T13:00:00+00:00").replace("T12:40:00+00:00", "T13:10:00+00:00")
    };
    let theirs = at_one(from_111(&sample, "m5", "Slot/s2")).replace("aca94bdb-2e38", "aca94bdc-2e38");
    assert_eq!(said(&send(&house, &theirs).await), "200 Appointment");
    let again = cancelled.replace("\"m4\"", "\"m6\"");
    assert_eq!(said(&send(&house, &again).await), "200 Appointment");
    assert_eq!(status("s2").await, "busy", "a cancelled appointment gave its time back once");
    let changed =
        at_one(from_111(&sample, "m7", "Slot/s2")).replace("\"code\": \"new\"", "\"code\": \"update\"");
    assert_eq!(said(&send(&house, &changed).await), "409 conflict REC_CONFLICT");
    assert_eq!(status("s2").await, "busy");
}

#[tokio::test]
async fn a_senders_own_note_is_never_the_advice_with_which_a_referral_came_back() {
    let Some(folder) = folder("a_senders_own_note_is_never_the_advice_with_which_a_referral_came_back")
    else {
        return;
    };
    let read = |name: &str| String::from_utf8(std::fs::read(folder.join(name)).unwrap()).unwrap();
    let noted = read(REFERRAL).replace(
        "\"resourceType\": \"ServiceRequest\",",
        "\"resourceType\": \"ServiceRequest\", \"note\": [{\"text\": \"Ours\"}],",
    );
    let notes = async |house: &House| {
        let found = house.get("/ServiceRequest?subject=Patient/p2").await.json();
        let [only] = found.items("entry") else { panic!("{found:?}") };
        let request = only.get("resource").unwrap();
        let notes: Vec<String> = request
            .items("note")
            .iter()
            .filter_map(|one| one.text_at(&["text"]))
            .map(str::to_owned)
            .collect();
        (request.text_at(&["status"]).unwrap().to_owned(), notes)
    };
    for withdrawn in [true, false] {
        let house = house();
        admit(&house, &document(noted.as_bytes()), "p2").await;
        assert_eq!(said(&send(&house, &noted).await), "200 ServiceRequest");
        assert_eq!(notes(&house).await, ("active".into(), vec!["Ours".into()]));
        let ended = match withdrawn {
            true => {
                noted.replace("86e3371d", "86e3371e").replace("\"code\": \"new\"", "\"code\": \"delete\"")
            }
            false => read(ANSWER).replacen("\"status\": \"active\"", "\"status\": \"revoked\"", 1),
        };
        assert_eq!(said(&send(&house, &ended).await), "200 ServiceRequest", "{withdrawn}");
        let (status, notes) = notes(&house).await;
        assert_eq!(status, "revoked");
        assert!(!notes.contains(&String::from("Ours")), "{withdrawn}: {notes:?}");
    }
}

#[tokio::test]
async fn a_booking_in_a_diary_elsewhere_is_taken_down_when_it_fits_its_slot() {
    let Some(folder) = folder("a_booking_in_a_diary_elsewhere_is_taken_down_when_it_fits_its_slot") else {
        return;
    };
    let sample = String::from_utf8(std::fs::read(folder.join(BOOKING)).unwrap()).unwrap();
    let house = house();
    admit(&house, &document(sample.as_bytes()), "p1").await;
    let its_own = "urn:uuid:deb4c4b3-870b-4599-84df-5e54cef7afda";
    let fitting = from_111(&sample, "m1", its_own)
        .replace("2021-10-06T10:00:00.000+00:00", "2024-05-02T12:00:00.000+00:00")
        .replace("2021-10-06T11:00:00.000+00:00", "2024-05-02T13:00:00.000+00:00");
    assert_eq!(said(&send(&house, &fitting).await), "200 Appointment");
    let patient = house.ask("POST", "/$process-message").token(Some("patient")).json(&fitting).send().await;
    assert!(patient.status.is_client_error(), "patients send no messages: {patient:?}");
}
