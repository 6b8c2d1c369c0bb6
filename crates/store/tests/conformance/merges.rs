//! A person whose numbers were merged: what lies under an earlier number is theirs while both records say so, and not a
//! statement longer; it is never anybody else's.

use crate::world::{World, backend, breaking_glass, carer, patient, prepared, staff, surgery};
use store::doctor::{Finding, Remark, Report, examine};
use store::{Actor, Asked, Behalf, Capability, IfMatch, Store, Withheld};

fn put(store: &Store, text: &str) {
    let resource = prepared(text);
    store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

/// A Patient with its links, each as type and other id.
fn person(store: &Store, id: &str, links: &[(&str, &str)]) {
    let links: Vec<String> = links
        .iter()
        .map(|(type_, other)| format!(r#"{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}"#))
        .collect();
    put(
        store,
        &format!(
            r#"{{"resourceType":"Patient","id":"{id}","link":[{}],"generalPractitioner":[{{"identifier":
            {{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y-{id}"}}}}]}}"#,
            links.join(",")
        )
        .replace(r#""link":[],"#, ""),
    );
}

fn note(store: &Store, id: &str, patient: &str) {
    put(
        store,
        &format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"c"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
        ),
    );
}

/// What of the notes an actor reads, by id and by search.
fn seen(store: &Store, actor: &Actor) -> Vec<String> {
    let ids: [&'static str; 4] = ["of-now", "of-before", "of-long-ago", "of-another"];
    let mut read = Vec::new();
    for id in ids {
        let found = store.read_blocking(actor.clone(), move |s| s.read("Observation", id));
        if found.and_then(store::Found::present).is_ok() {
            read.push(id.to_owned());
        }
    }
    let query = fhir::search::Query::parse("Observation", &[], fhir::search::Handling::Strict).unwrap().query;
    let found = store.read_blocking(actor.clone(), move |s| s.search(&query)).unwrap();
    let mut searched: Vec<String> = found.entries.iter().map(|one| one.resource.id.to_string()).collect();
    searched.sort_by_key(|id| ids.iter().position(|one| one == id));
    assert_eq!(searched, read, "by search as by id");
    read
}

fn helping(organisation: &str, patient: &str) -> Actor {
    let withheld = Withheld::default();
    surgery(organisation).asked_by(Behalf {
        patient: patient.into(),
        asked: Asked::Phone,
        post: true,
        withheld,
    })
}

/// "now" replaced "before", which had replaced "long-ago"; "another" is only named beside them.
fn house() -> (World, Store) {
    let world = World::new();
    let store = world.open();
    person(&store, "long-ago", &[("replaced-by", "before")]);
    person(&store, "before", &[("replaced-by", "now"), ("replaces", "long-ago")]);
    person(&store, "now", &[("replaces", "before"), ("seealso", "another")]);
    person(&store, "another", &[("seealso", "now"), ("refer", "now")]);
    for (id, of) in
        [("of-now", "now"), ("of-before", "before"), ("of-long-ago", "long-ago"), ("of-another", "another")]
    {
        note(&store, id, of);
    }
    (world, store)
}

const ALL: [&str; 3] = ["of-now", "of-before", "of-long-ago"];

#[test]
fn a_person_reads_what_lies_under_their_earlier_numbers_and_so_does_whoever_acts_for_them() {
    let (_world, store) = house();
    for actor in [patient("now"), carer("now", &[]), helping("Y-now", "now"), breaking_glass("R", "now")] {
        assert_eq!(seen(&store, &actor), ALL, "{}", actor.role.code());
    }
    assert_eq!(seen(&store, &patient("before")), ["of-before", "of-long-ago"], "and never the other way");
    assert_eq!(seen(&store, &patient("another")), ["of-another"]);
    assert_eq!(
        seen(&store, &helping("Y-elsewhere", "now")),
        [""; 0],
        "not for whoever does not care for them"
    );
    assert_eq!(seen(&store, &staff("R")), [""; 0]);
}

#[test]
fn what_either_record_takes_back_is_closed_with_the_next_statement() {
    let (_world, store) = house();
    let now = || seen(&store, &patient("now"));
    person(&store, "now", &[]);
    assert_eq!(now(), ["of-now"], "the later one says no more");
    person(&store, "now", &[("replaces", "before")]);
    assert_eq!(now(), ALL);
    person(&store, "before", &[("replaces", "long-ago")]);
    assert_eq!(now(), ["of-now"], "nor does the earlier one");
    person(&store, "before", &[("replaced-by", "now")]);
    assert_eq!(now(), ["of-now", "of-before"], "a link in the middle");
    person(&store, "before", &[("replaced-by", "now"), ("replaces", "long-ago")]);
    assert_eq!(now(), ALL);
    store.write_blocking(backend(), |t| t.delete("Patient", "before", IfMatch::Any)).unwrap();
    assert_eq!(now(), ["of-now"], "a record that is gone links nobody");
}

#[test]
fn one_record_alone_opens_nothing_of_another() {
    let (_world, store) = house();
    person(&store, "another", &[("replaces", "now")]);
    assert_eq!(seen(&store, &patient("another")), ["of-another"], "whoever says so of themselves");
    person(&store, "another", &[("replaced-by", "now")]);
    assert_eq!(seen(&store, &patient("now")), ALL, "or of somebody else");
}

const NOTES: Capability = Capability { name: "notes", writes: &["Observation"], shared: &[] };

#[test]
fn a_person_writes_where_they_read_and_nowhere_else() {
    let (_world, store) = house();
    let write = |actor: &Actor, id: &str, of: &str| {
        let text = format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"amended","code":{{"text":"c"}},"subject":{{"reference":"Patient/{of}"}}}}"#
        );
        let changed = prepared(&text);
        store.write_blocking(actor.within(&NOTES), move |t| t.update(&changed, IfMatch::Any)).is_ok()
    };
    for actor in [patient("now"), carer("now", &[]), helping("Y-now", "now")] {
        assert!(write(&actor, "of-long-ago", "long-ago"), "{}", actor.role.code());
        assert!(!write(&actor, "of-another", "another"));
        assert!(!write(&actor, "of-now", "another"), "nothing is moved to somebody else");
    }
    assert!(!write(&patient("before"), "of-now", "now"));
    person(&store, "now", &[]);
    assert!(!write(&patient("now"), "of-before", "before"), "not after the link was taken back");
}

#[test]
fn who_looked_is_told_of_all_numbers() {
    let (_world, store) = house();
    let looked = |whose: &'static str| {
        let rows = store.read_blocking(patient(whose), move |s| s.audit_about_patient(whose, 200, None));
        let glass = |row: &&store::audit::AuditRecord| row.role == "ward-staff-break-glass";
        rows.unwrap().iter().filter(glass).count()
    };
    assert_eq!(looked("now"), 0);
    store.read_blocking(breaking_glass("R", "before"), |s| s.read("Observation", "of-before")).unwrap();
    assert_eq!((looked("now"), looked("another")), (1, 0));
    let began = jiff::Timestamp::UNIX_EPOCH;
    let alarm = |whose: &'static str| {
        store.read_blocking(patient(whose), move |s| s.audit_emergency_about(whose, began)).unwrap().is_some()
    };
    assert!(alarm("now") && !alarm("another"));
    person(&store, "now", &[]);
    assert_eq!((looked("now"), alarm("now")), (0, false));
}

#[test]
fn merges_of_a_file_from_before_there_were_any_are_found() {
    let (world, store) = house();
    drop(store);
    let conn = rusqlite::Connection::open(world.path().join("bevan.sqlite")).unwrap();
    conn.execute_batch("DROP TABLE merged; DELETE FROM migration WHERE number > 6;").unwrap();
    drop(conn);
    let store = world.open();
    assert_eq!(seen(&store, &patient("now")), ALL);
    assert_eq!(seen(&store, &patient("another")), ["of-another"]);
}

#[test]
fn merges_and_referrals_of_such_a_file_are_found_by_our_own_address_too() {
    const HERE: &str = "https://health.example/fhir";
    let world = World::new();
    let store = world.open_at(HERE);
    let link = |type_: &str, other: &str| {
        format!(r#""link":[{{"type":"{type_}","other":{{"reference":"{HERE}/Patient/{other}"}}}}]"#)
    };
    for (id, link) in [("before", link("replaced-by", "now")), ("now", link("replaces", "before"))] {
        put(&store, &format!(r#"{{"resourceType":"Patient","id":"{id}",{link}}}"#));
    }
    note(&store, "of-before", "before");
    put(
        &store,
        &format!(
            r#"{{"resourceType":"ServiceRequest","id":"r","status":"active","intent":"order","subject":{{"reference":"{HERE}/Patient/now"}},
            "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],"performer":[{{"identifier":
            {{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RHH"}}}}]}}"#
        ),
    );
    let opened = |store: &Store| {
        let (now, ward) = (seen(store, &patient("now")), staff("RHH"));
        (now, store.read_blocking(ward, |s| s.cares_for("now")).unwrap())
    };
    let whole = (vec![String::from("of-before")], true);
    assert_eq!(opened(&store), whole);
    drop(store);
    let conn = rusqlite::Connection::open(world.path().join("bevan.sqlite")).unwrap();
    conn.execute_batch(
        "DROP INDEX audit_emergency; DROP TABLE merged; DELETE FROM relationship; DELETE FROM migration WHERE number > 4;",
    )
    .unwrap();
    drop(conn);
    let store = world.open_at(HERE);
    assert_eq!(opened(&store), whole);
    drop(store);
    let report = examine(world.path()).unwrap();
    assert!(report.is_sound() && report.remarks.is_empty(), "{report:?}");
}

/// What the doctor says of the house after one thing was done to it, and the rows were changed by that statement.
fn examined(act: impl FnOnce(&Store), sql: &str) -> Report {
    let (world, store) = house();
    act(&store);
    drop(store);
    let conn = rusqlite::Connection::open(world.path().join("bevan.sqlite")).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    examine(world.path()).unwrap()
}

fn faults(ids: &[&str]) -> Vec<Finding> {
    ids.iter().map(|id| Finding::Merge { reference: format!("Patient/{id}") }).collect()
}

#[test]
fn the_doctor_compares_merges_with_what_the_patients_say() {
    let key = |id: &str| format!("(SELECT id FROM patient WHERE fhir_id = '{id}')");
    let report = examined(|_| {}, "");
    assert!(report.is_sound() && report.remarks.is_empty(), "{report:?}");
    let lost = format!("DELETE FROM merged WHERE survivor = {} AND side = 1", key("now"));
    assert_eq!(examined(|_| {}, &lost).findings, faults(&["now"]));
    let lost = format!("DELETE FROM merged WHERE survivor = {} AND side = 0", key("now"));
    assert_eq!(examined(|_| {}, &lost).findings, faults(&["before"]));
    // What would let "now" into the record of somebody who is only named beside them.
    let (now, another) = (key("now"), key("another"));
    let added = format!("INSERT INTO merged VALUES ({now}, {another}, 0), ({now}, {another}, 1)");
    assert_eq!(examined(|_| {}, &added).findings, faults(&["another", "now"]));
    let gone = examined(|_| {}, "INSERT INTO merged VALUES (7001, 7002, 1)");
    assert_eq!(gone.findings.len(), 1, "rows of nobody: {gone:?}");
}

#[test]
fn the_doctor_remarks_links_that_open_nothing_and_finds_those_that_go_round() {
    let named = |id: &str| format!("Patient/{id}");
    let silent = examined(|store| person(store, "before", &[("replaces", "long-ago")]), "");
    let (reference, other) = (named("now"), named("before"));
    assert_eq!(silent.remarks, [Remark::OneSided { reference, other }]);
    assert!(silent.is_sound(), "it is what a source said: {silent:?}");
    let nobody = examined(|store| person(store, "another", &[("replaced-by", "nobody")]), "");
    let (reference, other) = (named("another"), named("nobody"));
    assert_eq!(nobody.remarks, [Remark::Nobody { reference, other }]);
    assert!(nobody.is_sound(), "{nobody:?}");
    let deleted = |store: &Store| {
        store.write_blocking(backend(), |t| t.delete("Patient", "long-ago", IfMatch::Any)).unwrap();
    };
    let (reference, other) = (named("before"), named("long-ago"));
    assert_eq!(examined(deleted, "").remarks, [Remark::Nobody { reference, other }]);
    let two = |store: &Store| {
        person(
            store,
            "before",
            &[("replaced-by", "now"), ("replaced-by", "another"), ("replaces", "long-ago")],
        );
        person(store, "another", &[("replaces", "before")]);
    };
    let parted = examined(two, "");
    assert_eq!(parted.findings, [Finding::Parted { reference: named("before") }], "{parted:?}");
    let circle = |store: &Store| {
        person(store, "long-ago", &[("replaced-by", "before"), ("replaces", "now")]);
        person(store, "now", &[("replaces", "before"), ("replaced-by", "long-ago")]);
    };
    let round = examined(circle, "");
    let all = ["before", "long-ago", "now"].map(|id| Finding::Circle { reference: named(id) });
    assert_eq!(round.findings, all);
    assert!(!round.is_sound());
}
