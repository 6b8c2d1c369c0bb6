//! Search through the store's own door: what comes along, what is counted, what is projected and what is refused.

use crate::world::{World, backend, json, operator, patient, prepared, staff};
use fhir::json::to_string;
use fhir::search::{Handling, Query};
use store::search::{Mode, SearchPage};
use store::{Actor, Error, IfMatch, Store};

fn query(name: &str, text: &str) -> Query {
    let pairs: Vec<_> = text
        .split('&')
        .filter_map(|p| p.split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    Query::parse(name, &pairs, Handling::Strict).unwrap_or_else(|i| panic!("{text}: {i:?}")).query
}

fn search(store: &Store, actor: Actor, name: &str, text: &str) -> Result<SearchPage, Error> {
    let query = query(name, text);
    store.read_blocking(actor, move |s| s.search(&query))
}

/// `Type/id` of each entry, with `+` before what was included.
fn shown(page: &SearchPage) -> Vec<String> {
    let mark = |mode| if mode == Mode::Include { "+" } else { "" };
    let entries = page.entries.iter();
    entries.map(|e| format!("{}{}/{}", mark(e.mode), e.resource.type_, e.resource.id)).collect()
}

fn find(store: &Store, actor: Actor, name: &str, text: &str) -> Vec<String> {
    shown(&search(store, actor, name, text).unwrap_or_else(|e| panic!("{text}: {e:?}")))
}

fn put(store: &Store, text: &str) {
    let resource = prepared(text);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

/// Two patients in two organisations; the first has an encounter on ward w in site s, with an observation.
fn filled(store: &Store) {
    for text in [
        r#"{"resourceType":"Organization","id":"o1","name":"North Trust"}"#,
        r#"{"resourceType":"Organization","id":"o2","name":"South Trust"}"#,
        r#"{"resourceType":"Location","id":"s","name":"Site"}"#,
        r#"{"resourceType":"Location","id":"w","name":"Ward","partOf":{"reference":"Location/s"}}"#,
        r#"{"resourceType":"Patient","id":"p1","name":[{"family":"O’Neill","given":["Zoë"]}],"birthDate":"1970-02","managingOrganization":{"reference":"Organization/o1"}}"#,
        r#"{"resourceType":"Patient","id":"p2","name":[{"family":"Oneida"}],"managingOrganization":{"reference":"Organization/o2"}}"#,
        r#"{"resourceType":"Encounter","id":"e1","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/p1"},
            "location":[{"location":{"reference":"Location/w"}}],
            "serviceProvider":{"reference":"Organization/o1","identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RAA"}}}"#,
        r#"{"resourceType":"Encounter","id":"e2","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/p2"},
            "serviceProvider":{"reference":"Organization/o2","identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RAA"}}}"#,
        r#"{"resourceType":"Observation","id":"b1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
            "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2024-03-01T10:00:00Z",
            "valueQuantity":{"value":72.0,"unit":"beats","system":"http://unitsofmeasure.org","code":"/min"}}"#,
        r#"{"resourceType":"Observation","id":"b2","status":"final","code":{"text":"odd"},"subject":{"reference":"Patient/p2"}}"#,
    ] {
        put(store, text);
    }
}

#[test]
fn what_matches_refer_to_comes_along() {
    let world = World::new();
    let store = world.open();
    filled(&store);
    let table = [
        ("Observation", "_id=b1&_include=Observation:subject", vec!["Observation/b1", "+Patient/p1"]),
        (
            "Observation",
            "_id=b1&_include=Observation:encounter&_include:iterate=Encounter:location&_include:iterate=Location:partof",
            vec!["Observation/b1", "+Encounter/e1", "+Location/w", "+Location/s"],
        ),
        ("Observation", "_id=b1&_include=*", vec!["Observation/b1", "+Encounter/e1", "+Patient/p1"]),
        ("Observation", "_id=b1&_include=Observation:subject:Group", vec!["Observation/b1"]),
        ("Patient", "_id=p1&_revinclude=Observation:subject", vec!["Patient/p1", "+Observation/b1"]),
        ("Patient", "_id=p1&_revinclude=Encounter:*", vec!["Patient/p1", "+Encounter/e1"]),
        (
            "Organization",
            "_id=o1&_revinclude=Patient:organization&_revinclude:iterate=Observation:patient",
            vec!["Organization/o1", "+Patient/p1", "+Observation/b1"],
        ),
        ("Patient", "_count=1&_include=Patient:organization", vec!["Patient/p1", "+Organization/o1"]),
    ];
    for (name, text, expected) in table {
        assert_eq!(find(&store, backend(), name, text), expected, "{text}");
    }
}

#[test]
fn what_comes_along_is_seen_with_the_actors_own_eyes() {
    let world = World::new();
    let store = world.open();
    filled(&store);
    let mine = find(&store, patient("p1"), "Organization", "_revinclude=Patient:organization");
    assert_eq!(mine, ["Organization/o1", "Organization/o2", "+Patient/p1"]);
    let ward = find(&store, staff("RAA"), "Patient", "name=o&_revinclude=Observation:subject");
    assert_eq!(ward, ["Patient/p1", "+Observation/b1"], "p2 has no open encounter");
    assert!(find(&store, staff("RBB"), "Patient", "name=o").is_empty());
    assert_eq!(search(&store, operator(), "Patient", "name=o"), Err(Error::Forbidden));
    assert_eq!(search(&store, patient("p1"), "Group", ""), Err(Error::Forbidden));
    let hidden = search(&store, patient("p1"), "Organization", "_has:Patient:organization:family=oneida");
    assert_eq!(hidden.unwrap().total, Some(0));
}

#[test]
fn values_are_found_as_people_write_them() {
    let world = World::new();
    let store = world.open();
    filled(&store);
    let table = [
        ("Patient", "family=oneill", vec!["Patient/p1"]),
        ("Patient", "family=O'Neill", vec!["Patient/p1"]),
        ("Patient", "given=ZOE", vec!["Patient/p1"]),
        ("Patient", "family=one&_sort=-family", vec!["Patient/p1", "Patient/p2"]),
        ("Patient", "birthdate=1970", vec!["Patient/p1"]),
        ("Patient", "birthdate=1970-02-01", vec![]),
        ("Observation", "value-quantity=72", vec!["Observation/b1"]),
        ("Observation", "value-quantity=72.00||/min", vec!["Observation/b1"]),
        ("Observation", "value-quantity=72||beats", vec!["Observation/b1"]),
        ("Observation", "value-quantity=gt72", vec![]),
        ("Observation", "code=http://loinc.org|8867-4&patient=p1", vec!["Observation/b1"]),
        ("Observation", "code:missing=true", vec![]),
        ("Observation", "patient.family=oneida", vec!["Observation/b2"]),
        ("Encounter", "service-provider:identifier=RAA&status:not=finished", vec!["Encounter/e1"]),
        ("Encounter", "location=Location/w", vec!["Encounter/e1"]),
    ];
    for (name, text, expected) in table {
        assert_eq!(find(&store, backend(), name, text), expected, "{name}?{text}");
    }
}

#[test]
fn rows_follow_the_current_version() {
    let world = World::new();
    let store = world.open();
    filled(&store);
    put(&store, r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okoro"}]}"#);
    assert!(find(&store, backend(), "Patient", "family=oneill").is_empty());
    assert_eq!(find(&store, backend(), "Patient", "family=okoro"), ["Patient/p1"]);
    assert!(find(&store, backend(), "Patient", "birthdate=1970").is_empty());
    store.write_blocking(backend(), |t| t.delete("Patient", "p1", IfMatch::Any)).unwrap();
    assert!(find(&store, backend(), "Patient", "family=okoro").is_empty());
    assert_eq!(find(&store, backend(), "Observation", "patient.family=okoro"), [""; 0]);
    assert_eq!(find(&store, backend(), "Patient", ""), ["Patient/p2"]);
}

#[test]
fn totals_pages_and_parts() {
    let world = World::new();
    let store = world.open();
    filled(&store);
    let first = search(&store, backend(), "Location", "_count=1").unwrap();
    assert_eq!((first.total, shown(&first)), (None, vec![String::from("Location/s")]));
    let counted = search(&store, backend(), "Location", "_count=1&_total=accurate").unwrap();
    assert_eq!(counted.total, Some(2));
    let next = first.next.unwrap();
    let second = search(&store, backend(), "Location", &format!("_count=1&_page={next}")).unwrap();
    assert_eq!((second.next.as_deref(), shown(&second)), (None, vec![String::from("Location/w")]));
    for stolen in [
        search(&store, backend(), "Location", &format!("name=w&_page={next}")),
        search(&store, patient("p1"), "Location", &format!("_count=1&_page={next}")),
        search(&store, backend(), "Location", "_page=00"),
    ] {
        assert!(matches!(stolen, Err(Error::Invalid(_))));
    }
    let count = search(&store, backend(), "Location", "_summary=count").unwrap();
    assert_eq!((count.total, count.entries.len()), (Some(2), 0));
    assert_eq!(search(&store, backend(), "Slot", "").unwrap().total, Some(0), "a type never seen");
    let part = search(&store, backend(), "Patient", "_id=p1&_elements=birthDate").unwrap();
    let document = part.entries[0].resource.value().unwrap();
    assert!(document.get("name").is_none() && document.get("birthDate").is_some());
    assert!(to_string(document.get("meta").unwrap()).contains("SUBSETTED"));
}

#[test]
fn too_many_includes_are_refused_and_not_cut() {
    let world = World::new();
    let store = world.open();
    put(&store, r#"{"resourceType":"Patient","id":"p1"}"#);
    let basic = |n: usize| {
        json(&format!(
            r#"{{"resourceType":"Basic","id":"b{n}","code":{{"text":"c"}},"subject":{{"reference":"Patient/p1"}}}}"#
        ))
    };
    let all: Vec<_> = (0..2001).map(|n| store::Prepared::new(basic(n)).unwrap()).collect();
    store
        .write_blocking(backend(), move |t| {
            all.iter().try_for_each(|b| t.update(b, IfMatch::Any).map(|_| ()))
        })
        .unwrap();
    let refused = search(&store, backend(), "Patient", "_revinclude=Basic:subject");
    assert!(matches!(refused, Err(Error::TooCostly(_))));
    store.write_blocking(backend(), |t| t.delete("Basic", "b7", IfMatch::Any)).unwrap();
    assert_eq!(
        search(&store, backend(), "Patient", "_revinclude=Basic:subject").unwrap().entries.len(),
        2001
    );
}
