//! Staff in a patient's place: they reach that one person while their organisation cares for them, write by capabilities
//! alone, and the same commit says by whose hand, for whom and how it was asked for.

use crate::world::{World, backend, carer, patient, prepared, staff, surgery};
use fhir::json::Value;
use store::{
    Actor, Asked, Behalf, CONFIRM, CONFIRM_WITHOUT_POST, Capability, Error, Found, IfMatch, Store, Withheld,
};

const ORDERING: Capability =
    Capability { name: "ordering", writes: &["MedicationRequest", "Patient"], shared: &[] };

fn put(store: &Store, text: &str) {
    let resource = prepared(text);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

fn registered(id: &str, surgery: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{surgery}"}}}}]}}"#
    )
}

fn observation(id: &str, label: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","meta":{{"security":[{{"code":"{label}"}}]}},"status":"final","code":{{"text":"c"}},"subject":{{"reference":"Patient/ann"}}}}"#
    )
}

fn world() -> (World, Store) {
    let world = World::new();
    let store = &world.open();
    put(store, &registered("ann", "Z00001"));
    put(store, &registered("bob", "Z00001"));
    put(store, &registered("cas", "Z00002"));
    put(store, &observation("plain", "N"));
    put(store, &observation("private", "SEX"));
    let store = store.clone();
    (world, store)
}

fn behalf(patient: &str, asked: Asked) -> Behalf {
    Behalf { patient: patient.into(), asked, post: true, withheld: Withheld::default() }
}

fn helping(patient: &str) -> Actor {
    surgery("Z00001").asked_by(behalf(patient, Asked::Phone)).within(&ORDERING)
}

fn order(patient: &str) -> String {
    format!(
        r#"{{"resourceType":"MedicationRequest","status":"active","intent":"proposal","medicationCodeableConcept":{{"text":"m"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    )
}

fn ordered(store: &Store, actor: Actor, patient: &str) -> Result<String, Error> {
    let resource = prepared(&order(patient));
    store.write_blocking(actor, move |t| Ok(t.create(&resource)?.resource.id.to_string()))
}

fn provenances(store: &Store, about: &str) -> Vec<Value> {
    let pairs = [(String::from("target"), about.to_owned())];
    let query =
        fhir::search::Query::parse("Provenance", &pairs, fhir::search::Handling::Strict).unwrap().query;
    let found = store.read_blocking(backend(), move |s| s.search(&query)).unwrap();
    found.entries.iter().map(|one| one.resource.value().unwrap()).collect()
}

fn sees(store: &Store, actor: Actor, type_: &'static str, id: &'static str) -> bool {
    matches!(store.read_blocking(actor, move |s| s.read(type_, id)), Ok(Found::Present(_)))
}

#[test]
fn they_reach_the_one_who_asked_while_the_organisation_cares_for_them() {
    let (_world, store) = &world();
    assert!(
        sees(store, helping("ann"), "Patient", "ann")
            && sees(store, helping("ann"), "Observation", "private")
    );
    for other in ["bob", "cas"] {
        assert!(!sees(store, helping("ann"), "Patient", other), "{other} did not ask");
        assert_eq!(ordered(store, helping("ann"), other), Err(Error::NotFound));
    }
    assert!(!sees(store, helping("cas"), "Patient", "cas"), "registered elsewhere");
    assert_eq!(ordered(store, helping("cas"), "cas"), Err(Error::NotFound));
    assert!(ordered(store, helping("ann"), "ann").is_ok());
    put(store, &registered("ann", "Z00002"));
    assert!(!sees(store, helping("ann"), "Patient", "ann"), "no longer registered");
    assert_eq!(ordered(store, helping("ann"), "ann"), Err(Error::NotFound));
}

#[test]
fn they_write_by_capabilities_alone() {
    let (_world, store) = &world();
    let bare = surgery("Z00001").asked_by(behalf("ann", Asked::InPerson));
    assert_eq!(ordered(store, bare.clone(), "ann"), Err(Error::Forbidden));
    assert!(ordered(store, surgery("Z00001"), "ann").is_ok(), "in their own right they may");
    let note = prepared(&observation("own", "N"));
    let written = store.write_blocking(helping("ann"), move |t| t.update(&note, IfMatch::NoneExists));
    assert_eq!(written.map(|_| ()), Err(Error::Forbidden), "a type that the capability does not name");
    assert!(store.read_blocking(bare, |s| s.audit_about_patient("ann", 5, None)).is_err());
}

#[test]
fn the_same_commit_says_by_whose_hand_it_was() {
    let (_world, store) = &world();
    let person = prepared(&registered("ann", "Z00001").replace("\"id\"", "\"active\":true,\"id\""));
    let new = prepared(&order("ann"));
    let id = store.write_blocking(helping("ann"), move |t| {
        t.update(&person, IfMatch::Any)?;
        Ok(t.create(&new)?.resource.id.to_string())
    });
    let id = id.unwrap();
    let found = provenances(store, "Patient/ann");
    let [one] = found.as_slice() else { panic!("{} of them", found.len()) };
    let targets: Vec<_> = one.items("target").iter().filter_map(|one| one.text_at(&["reference"])).collect();
    assert_eq!(
        targets,
        ["Patient/ann/_history/2", &format!("MedicationRequest/{id}/_history/1"), "Patient/ann"]
    );
    let agents = one.items("agent");
    assert_eq!(agents[0].text_at(&["who", "reference"]), Some("Practitioner/gp"));
    assert_eq!(agents[0].text_at(&["onBehalfOf", "reference"]), Some("Patient/ann"));
    assert_eq!(agents[1].text_at(&["who", "identifier", "value"]), Some("Z00001"));
    let codes: Vec<_> =
        one.items("reason")[0].items("coding").iter().filter_map(|one| one.text_at(&["code"])).collect();
    assert_eq!(codes, ["PATRQT", "phone"]);
    assert_eq!(one.get("meta").unwrap().items("tag")[0].text_at(&["code"]), Some(CONFIRM));
    assert!(sees(store, patient("ann"), "Patient", "ann"));
    let rows = store.read_blocking(backend(), |s| s.audit_about_patient("ann", 20, None)).unwrap();
    let mine: Vec<_> = rows.iter().filter(|row| row.asked().is_some()).collect();
    assert!(mine.iter().any(|row| row.resource_type.as_deref() == Some("MedicationRequest")));
    for row in mine {
        assert_eq!(
            (row.asked(), row.purpose.as_str(), row.role.as_str()),
            (Some("phone"), "PATRQT", "surgery")
        );
        assert_eq!(row.broken_glass(), None);
    }
}

#[test]
fn what_came_to_nothing_is_not_attested() {
    let (_world, store) = &world();
    let new = prepared(&order("ann"));
    let failed: Result<(), Error> = store.write_blocking(helping("ann"), move |t| {
        t.create(&new)?;
        Err(Error::Conflict("no"))
    });
    assert!(failed.is_err());
    let new = prepared(&order("ann"));
    store
        .write_blocking(helping("ann"), move |t| {
            let inner: Result<(), Error> = t.attempt(|t| {
                t.create(&new)?;
                Err(Error::Conflict("no"))
            });
            assert!(inner.is_err());
            Ok(())
        })
        .unwrap();
    store.read_blocking(helping("ann"), |s| s.read("Patient", "ann")).unwrap();
    ordered(store, surgery("Z00001"), "ann").unwrap();
    assert_eq!(provenances(store, "Patient/ann"), []);
    let quiet = Behalf { post: false, ..behalf("ann", Asked::Writing) };
    ordered(store, surgery("Z00001").asked_by(quiet).within(&ORDERING), "ann").unwrap();
    let found = provenances(store, "Patient/ann");
    assert_eq!(found[0].get("meta").unwrap().items("tag")[0].text_at(&["code"]), Some(CONFIRM_WITHOUT_POST));
}

#[test]
fn whoever_asked_for_somebody_else_is_shown_no_more_than_they_may_see() {
    let (_world, store) = &world();
    let withheld = Withheld { types: vec!["Condition".into()], labels: vec!["SEX".into()] };
    let asked = Behalf { withheld, ..behalf("ann", Asked::Carer("rel-1".into())) };
    let helping = || surgery("Z00001").asked_by(asked.clone()).within(&ORDERING);
    assert!(
        sees(store, helping(), "Observation", "plain") && !sees(store, helping(), "Observation", "private")
    );
    assert_eq!(store.read_blocking(helping(), |s| s.read("Condition", "x")).unwrap_err(), Error::Forbidden);
    ordered(store, helping(), "ann").unwrap();
    let found = provenances(store, "Patient/ann");
    assert_eq!(found[0].items("agent")[2].text_at(&["who", "reference"]), Some("RelatedPerson/rel-1"));
}

#[test]
fn nobody_but_staff_of_wards_and_surgeries_stands_in_for_a_patient() {
    let (_world, store) = &world();
    let ward = staff("Z00001").asked_by(behalf("ann", Asked::Phone));
    assert!(sees(store, ward, "Patient", "ann"));
    for actor in [patient("ann"), carer("ann", &[]), crate::world::operator()] {
        let asked = actor.asked_by(behalf("ann", Asked::Phone));
        assert!(!sees(store, asked, "Patient", "ann"));
    }
}
