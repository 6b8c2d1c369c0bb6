//! Matters for a person, in every order: what is open at the end follows from the messages alone, and what later messages
//! settle is open no more.

use super::event::*;
use super::person::*;
use super::resources::{bed_concern_id, closed, is_open, patient_id};
use super::scenarios::*;
use super::world::{World, person, same_bytes};
use fhir::json::Value;

/// Codes of the matters in a world, with whether each is open.
fn matters(world: &World) -> Vec<(&str, bool)> {
    let issues = world.resources.iter().filter(|((kind, _), _)| kind == "DetectedIssue");
    let mut told: Vec<(&str, bool)> = issues
        .map(|(_, issue)| (issue.text_at(&["code", "coding", "code"]).unwrap(), is_open(issue)))
        .collect();
    told.sort_unstable();
    told
}

fn evidence(issue: &Value) -> Vec<&str> {
    let said = issue.items("evidence").iter().flat_map(|one| one.items("detail"));
    said.map(|one| one.text_at(&["identifier", "value"]).unwrap()).collect()
}

fn two_in_one_bed() -> Vec<Event> {
    vec![
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Admit, Some("A")).of("2", "V2"),
        flow("3", 720, Action::Update, Some("A")).of("2", "V2"),
    ]
}

#[test]
fn a_bed_with_two_patients_is_open_until_one_leaves() {
    let mut events = two_in_one_bed();
    let world = same_bytes(&events);
    assert_eq!(matters(&world), [("bed-held-twice", true)]);
    let issue = world.one("DetectedIssue", &bed_concern_id(&bed("A")));
    assert_eq!(issue.items("implicated").len(), 3, "the bed and both stays");
    assert!(issue.get("patient").is_none(), "it belongs to nobody's record");
    assert_eq!(
        issue.text_at(&["identifiedDateTime"]),
        Some("2026-03-02T11:40:00+00:00"),
        "since the second came"
    );
    let mut both = evidence(issue);
    both.sort_unstable();
    assert_eq!(both, ["1", "2"]);
    events.push(flow("4", 800, Action::Transfer, Some("B")));
    same_bytes(&events);
    let world = World::of(&events);
    assert_eq!(matters(&world), [("bed-held-twice", false)]);
    let issue = world.one("DetectedIssue", &bed_concern_id(&bed("A")));
    assert_eq!(issue.text_at(&["status"]), Some("cancelled"));
    assert_eq!(issue.items("mitigation")[0].text_at(&["date"]), Some("2026-03-02T13:20:00+00:00"));
    let rather: Vec<Event> = [0, 3, 1, 2].map(|at| events[at].clone()).into();
    assert_eq!(matters(&World::of(&rather)), [], "in this order nobody ever saw two");
}

#[test]
fn matters_of_a_stay_are_open_in_every_order() {
    let mut late = flow("4", 720, Action::Update, Some("X"));
    late.times.specific = Some(at(60 * 24 * 900));
    late.times.received_at = Some(at(800).from);
    let mut events = vec![
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 650, Action::CancelTransfer, Some("A")),
        flow("3", 700, Action::Transfer, Some("B")),
        late,
        flow("5", 730, Action::Update, Some("Y")),
        flow("6", 740, Action::LeaveBack, None).of("2", "V1"),
    ];
    let world = same_bytes(&events);
    let open = ["future-time", "not-on-leave", "nothing-to-cancel", "patient-differs", "place-differs"];
    assert_eq!(matters(&world), open.map(|code| (code, true)));
    let of = |code: &str| {
        let found =
            world.resources.values().find(|one| one.text_at(&["code", "coding", "code"]) == Some(code));
        found.unwrap()
    };
    assert_eq!(evidence(of("place-differs")), ["4", "5"], "one matter for all messages of its kind");
    assert_eq!(of("place-differs").items("implicated")[1].text_at(&["display"]), Some("W1"));
    let patient = format!("Patient/{}", patient_id(&patient("1").key));
    assert_eq!(of("patient-differs").text_at(&["patient", "reference"]), Some(patient.as_str()));
    // The transfer that was cancelled comes after all.
    events.push(flow("7", 640, Action::Transfer, Some("C")));
    let world = World::of(&events);
    assert!(matters(&world).contains(&("nothing-to-cancel", false)), "{:?}", matters(&world));
    let mut rather = events.clone();
    rather.rotate_right(1);
    assert_eq!(World::of(&rather).hash(), world.hash());
}

#[test]
fn a_join_of_two_verified_numbers_waits_for_a_person() {
    let numbered = |control: &str, number: &str, nhs: &str| {
        let mut event = person(control, number);
        event.subject.demographics.nhs_number_status = Field::Set("01".into());
        event.subject.identifiers.last_mut().unwrap().value = nhs.into();
        event
    };
    let mut events =
        vec![numbered("1", "1", "9990079196"), numbered("2", "9", "9990000018"), merge("3", 650, "1", "9")];
    let world = same_bytes(&events);
    assert_eq!(
        matters(&world),
        [("merge-parked", true); 2],
        "each record has it, without the other's number"
    );
    for ((kind, _), issue) in &world.resources {
        if kind == "DetectedIssue" {
            assert_eq!(evidence(issue), ["3"]);
            assert!(issue.get("implicated").is_none());
        }
    }
    events.push(Event {
        subject: patient("9"),
        ..message("4", 800, Kind::Unmerge { prior: patient("1").key })
    });
    same_bytes(&events);
    assert_eq!(matters(&World::of(&events)), [("merge-parked", false); 2]);
}

/// Codes of the open matters that every order leaves.
fn open_in_every_order(events: &[Event]) -> Vec<String> {
    let world = same_bytes(events);
    matters(&world).into_iter().filter(|(_, open)| *open).map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn whoever_was_joined_is_no_other_patient() {
    let mut events = vec![
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Update, Some("A")).of("9", "V1"),
        flow("3", 720, Action::Imply, Some("A")).of("8", "V1"),
    ];
    assert_eq!(open_in_every_order(&events), ["patient-differs"]);
    events.push(merge("4", 650, "1", "9"));
    assert_eq!(open_in_every_order(&events), ["patient-differs"], "8 is somebody else");
    events.push(merge("5", 660, "9", "8"));
    assert_eq!(open_in_every_order(&events), [""; 0]);
    let prior = patient("9").key;
    events.push(Event { subject: patient("8"), ..message("6", 900, Kind::Unmerge { prior }) });
    assert_eq!(open_in_every_order(&events), ["patient-differs"], "parted again");
}

#[test]
fn a_join_that_waits_for_a_person_excuses_nobody() {
    let numbered = |control: &str, number: &str, nhs: &str| {
        let mut event = person(control, number);
        event.subject.demographics.nhs_number_status = Field::Set("01".into());
        event.subject.identifiers.last_mut().unwrap().value = nhs.into();
        event
    };
    let events = [
        numbered("1", "1", "9990079196"),
        numbered("2", "9", "9990000018"),
        merge("3", 650, "1", "9"),
        flow("4", 600, Action::Admit, Some("A")),
        flow("5", 700, Action::Update, Some("A")).of("9", "V1"),
    ];
    assert!(open_in_every_order(&events).contains(&String::from("patient-differs")));
}

#[test]
fn what_a_person_noted_is_kept_when_a_matter_is_settled() {
    let mut world = World::of(&two_in_one_bed());
    let noted = Value::object([("action", Value::object([("text", Value::from("Rang the ward"))]))]);
    let key = ("DetectedIssue".to_owned(), bed_concern_id(&bed("A")));
    let mut issue = world.resources[&key].clone();
    issue.as_object_mut().unwrap().insert("mitigation", Value::Array(vec![noted.clone()]));
    world.know(issue);
    world.apply(&flow("4", 800, Action::Transfer, Some("B"))).unwrap();
    let issue = &world.resources[&key];
    assert!(!is_open(issue));
    assert_eq!(issue.items("mitigation").len(), 2);
    assert_eq!(issue.items("mitigation")[0], noted);
}

#[test]
fn what_a_person_closed_stays_closed_until_messages_say_something_new() {
    let mut world = World::of(&two_in_one_bed());
    let key = ("DetectedIssue".to_owned(), bed_concern_id(&bed("A")));
    world.know(closed(&world.resources[&key].clone(), "Practitioner/op", jiff::Timestamp::UNIX_EPOCH));
    let is_closed = |world: &World| {
        let issue = &world.resources[&key];
        assert_eq!(issue.text_at(&["mitigation", "author", "reference"]), Some("Practitioner/op"));
        !is_open(issue)
    };
    assert!(is_closed(&world));
    world.apply(&flow("4", 750, Action::Update, Some("A")).of("2", "V2")).unwrap();
    assert!(is_closed(&world), "an update says nothing new of the bed");
    world.apply(&flow("5", 760, Action::Admit, Some("A")).of("3", "V3")).unwrap();
    assert!(!is_closed(&world), "a third patient does");
}
