//! Patients that somebody else wrote first, or changed since: messages add to them and take nothing away.

use super::event::*;
use super::person::*;
use super::resources::{location_id, patient_id};
use super::scenarios::*;
use super::world::{World, person};
use fhir::json::{Limits, Value, canonical, parse};

/// A Patient as an import brings it, with what no message ever says.
fn imported(number: &str) -> Value {
    let text = r#"{"resourceType":"Patient","meta":{"profile":["http://example.org/Person"],"versionId":"3"},
        "text":{"status":"additional","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Told by hand</div>"},
        "extension":[{"url":"https://example.org/birth-sex","valueCode":"F"},
                     {"url":"https://example.org/nation","valueCode":"GB"},{"url":"https://example.org/nation","valueCode":"IE"}],
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196","period":{"start":"1990"},
                       "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                         "valueCodeableConcept":{"coding":[{"code":"01"}]}}]},
                      {"use":"old","system":"https://example.org/other","value":"77"}],
        "name":[{"family":"Imported"}],"birthDate":"1990-01-02","_birthDate":{"extension":[{"url":"https://example.org/time","valueString":"3 am"}]},
        "maritalStatus":{"text":"Married"},"contact":[{"name":{"family":"Next"}}],
        "communication":[{"language":{"coding":[{"code":"cy"}]},"preferred":true}],
        "generalPractitioner":[{"reference":"Organization/surgery"}],
        "link":[{"other":{"reference":"Patient/elsewhere"},"type":"seealso"}]}"#;
    let mut value = parse(text.as_bytes(), &Limits::default()).unwrap();
    value.as_object_mut().unwrap().insert("id", Value::from(patient_id(&patient(number).key)));
    value
}

fn world_with(base: &[Value], events: &[Event]) -> World {
    let mut world = World::default();
    for one in base {
        let text = |name| one.text_at(&[name]).unwrap().to_owned();
        world.resources.insert((text("resourceType"), text("id")), one.clone());
    }
    for event in events {
        world.apply(event).unwrap();
    }
    world
}

fn one<'w>(world: &'w World, number: &str) -> &'w Value {
    world.one("Patient", &patient_id(&patient(number).key))
}

fn bytes(value: &Value) -> String {
    String::from_utf8(canonical(value)).unwrap()
}

#[test]
fn what_no_message_stated_is_kept() {
    let world = world_with(&[imported("1")], &[person("1", "1"), flow("2", 600, Action::Admit, Some("A"))]);
    let (kept, base) = (one(&world, "1"), imported("1"));
    for member in [
        "extension",
        "text",
        "birthDate",
        "_birthDate",
        "maritalStatus",
        "contact",
        "communication",
        "link",
        "generalPractitioner",
    ] {
        assert_eq!(kept.get(member), base.get(member), "{member}");
    }
    assert_eq!(kept.items("name")[0].text_at(&["family"]), Some("Testcase"), "the message stated it");
    let numbers: Vec<&str> =
        kept.items("identifier").iter().filter_map(|one| one.text_at(&["value"])).collect();
    assert_eq!(numbers, ["1", "9990079196", "77"]);
    let nhs = &kept.items("identifier")[1];
    assert_eq!(bytes(nhs), bytes(&base.items("identifier")[0]), "a message without a status overrules none");
}

#[test]
fn an_import_and_messages_leave_the_same_bytes_in_every_order() {
    let mut marriage = person("2", "1");
    let demographics = &mut marriage.subject.demographics;
    demographics.marital = Field::Delete;
    demographics.language = Field::Set(Coded { code: "en".into(), ..Coded::default() });
    demographics.birth = Field::Set(at(0));
    marriage.times = message("2", 700, Kind::Person).times;
    let mut events = vec![
        person("1", "1"),
        marriage,
        flow("3", 600, Action::Admit, Some("A")),
        merge("4", 650, "1", "9"),
        Event { subject: patient("9"), ..message("5", 800, Kind::Unmerge { prior: patient("1").key }) },
    ];
    let base = [imported("1"), imported("9")];
    let expected = world_with(&base, &events);
    assert!(one(&expected, "1").get("maritalStatus").is_none(), "deleted by the source");
    assert!(one(&expected, "1").get("_birthDate").is_none(), "it spoke of another date");
    assert_eq!(one(&expected, "1").items("communication").len(), 2);
    every_order(&mut events, &mut |order| {
        let world = world_with(&base, order);
        for number in ["1", "9"] {
            assert_eq!(bytes(one(&world, number)), bytes(one(&expected, number)));
        }
    });
}

#[test]
fn merge_then_unmerge_restores_an_imported_record_byte_for_byte() {
    let base = [imported("1"), imported("9")];
    let mut events = vec![person("1", "1"), person("2", "9")];
    let before = world_with(&base, &events);
    events.push(merge("4", 650, "1", "9"));
    let merged = world_with(&base, &events);
    assert_eq!(one(&merged, "1").items("link").len(), 2, "the link of the import stands beside ours");
    events.push(Event {
        subject: patient("9"),
        ..message("6", 800, Kind::Unmerge { prior: patient("1").key })
    });
    let after = world_with(&base, &events);
    for number in ["1", "9"] {
        assert_eq!(bytes(one(&after, number)), bytes(one(&before, number)));
    }
}

#[test]
fn what_a_person_changed_stands_until_the_source_says_something_new() {
    let mut world = World::of(&[person("1", "1"), flow("2", 600, Action::Admit, Some("A"))]);
    let id = patient_id(&patient("1").key);
    let edited = world.resources.get_mut(&("Patient".to_owned(), id)).unwrap();
    let object = edited.as_object_mut().unwrap();
    object.insert("gender", Value::from("other"));
    object.remove("identifier");
    world.apply(&message("3", 700, Kind::Mention)).unwrap();
    assert_eq!(one(&world, "1").text_at(&["gender"]), Some("other"));
    assert_eq!(one(&world, "1").items("identifier").len(), 2, "the source's numbers always stand");
    let mut told = person("4", "1");
    told.times = message("4", 800, Kind::Person).times;
    told.subject.demographics.gender = Field::Set("male".into());
    world.apply(&told).unwrap();
    assert_eq!(one(&world, "1").text_at(&["gender"]), Some("male"));
}

#[test]
fn a_configured_bed_keeps_its_words_and_gets_its_occupancy() {
    let text = r#"{"resourceType":"Location","id":"x","name":"Bed 3 by the window","description":"Oxygen",
        "extension":[{"url":"https://example.org/e","valueCode":"a"}]}"#;
    let mut location = parse(text.as_bytes(), &Limits::default()).unwrap();
    location.as_object_mut().unwrap().insert("id", Value::from(location_id(&bed("A"))));
    let mut world = World::default();
    world.know(location.clone());
    world.apply(&flow("2", 600, Action::Admit, Some("A"))).unwrap();
    let marked = world.one("Location", &location_id(&bed("A")));
    assert_eq!(marked.text_at(&["operationalStatus", "code"]), Some("O"));
    for member in ["name", "description", "extension"] {
        assert_eq!(marked.get(member), location.get(member));
    }
    let encounter = world.one("Encounter", &super::encounter_id(&stay("V1")));
    assert_eq!(
        encounter.items("location")[0].text_at(&["location", "display"]),
        Some("W1 B1 A"),
        "as the message said"
    );
}
