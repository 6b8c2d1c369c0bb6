//! Somebody who does not use the site calls their surgery: it orders, books and answers for them on their own pages, which is
//! recorded as done on their behalf, shown to them and confirmed by one letter; nobody else's staff can.

use crate::appointments::{location, neighbours, put, search, until};
use crate::browser::{Browser, after};
use crate::document::read;
use crate::support::http::Client;
use crate::support::process::Bevan;
use fhir::json::{Limits, Value, parse};

const REPEAT: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation";

fn document(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default()).expect("JSON")
}

/// A repeat medicine that can be ordered today.
pub fn authorised(client: &mut Client, patient: &str) {
    put(
        client,
        &document(&format!(
            r#"{{"resourceType":"MedicationRequest","id":"assisted-1","status":"active","intent":"plan","authoredOn":"2020-01-05",
            "subject":{{"reference":"Patient/{patient}"}},"medicationCodeableConcept":{{"text":"Assistol 5mg tablets"}},
            "courseOfTherapyType":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy","code":"continuous"}}]}},
            "extension":[{{"url":"{REPEAT}","extension":[{{"url":"authorisationExpiryDate","valueDateTime":"2199-03-01"}}]}}]}}"#
        )),
    );
}

fn id(resource: &Value) -> String {
    resource.text_at(&["id"]).expect("an id").to_owned()
}

/// The surgery says that this patient calls, and that a letter may go home.
pub fn begun(surgery: &mut Browser, patient: &str) -> String {
    let confirm = format!("/staff/patients/{patient}/on-behalf");
    let fields = [
        ("given", "born"),
        ("given", "address"),
        ("given", "nhs-number"),
        ("asked", "phone"),
        ("post", "yes"),
    ];
    let began = surgery.post(&confirm, &confirm, &fields);
    let place = format!("/as/for-{patient}");
    assert_eq!((began.status, location(&began)), (303, format!("{place}/home")), "{}", began.text());
    place
}

pub fn order(surgery: &mut Browser, place: &str) {
    let step = format!("{place}/prescriptions/request/medicines");
    let page = surgery.get(&step).text();
    assert!(page.contains("Assistol 5mg tablets"), "{page}");
    let taken = surgery.post(&step, &step, &[("medicine", "assisted-1"), ("once", "m-1")]);
    assert_eq!(location(&taken), format!("{place}/prescriptions/request/note"), "{}", taken.text());
    let note = format!("{place}/prescriptions/request/note");
    surgery.post(&note, &note, &[("note", ""), ("once", "n-1")]);
    let check = format!("{place}/prescriptions/request/check");
    let sent = surgery.post(&check, &check, &[("medicine", "assisted-1"), ("once", "c-1")]);
    assert!(location(&sent).starts_with(&format!("{place}/prescriptions/request/done")), "{}", sent.text());
    let done = surgery.get(&location(&sent)).text();
    assert!(
        done.contains("What happens next") && done.contains("A letter that says what was done goes to"),
        "{done}"
    );
}

pub fn book(surgery: &mut Browser, place: &str) {
    let when = format!("{place}/appointments/book/when?type=in-person");
    let days = until("days with free times", || {
        let page = surgery.get(&when).text();
        page.contains("&amp;date=").then_some(page)
    });
    let date = after(&days, &format!("{place}/appointments/book/slot?type=in-person&amp;date="));
    let times = surgery.get(&format!("{place}/appointments/book/slot?type=in-person&date={date}")).text();
    let slot = after(&times, &format!("{place}/appointments/book/details?type=in-person&amp;slot="));
    let details = format!("{place}/appointments/book/details?type=in-person&slot={slot}");
    surgery.post(&details, &details, &[("note", "A sore knee"), ("once", "d-1")]);
    let check = format!("{place}/appointments/book/check?type=in-person&slot={slot}");
    let booked = surgery.post(&check, &check, &[("once", "b-1")]);
    assert!(
        location(&booked).starts_with(&format!("{place}/appointments/book/done?id=")),
        "{}",
        booked.text()
    );
}

/// The demo’s carer asks to act for its first patient; the surgery approves it. Gives the relationship.
pub fn approved(bevan: &Bevan, surgery: &mut Browser, person: &Value) -> String {
    let mut carer = Browser::signed_in(bevan, "carer");
    let mut client = bevan.system();
    let patient = id(person);
    let asked = |client: &mut Client| -> Vec<String> {
        search(client, &format!("/fhir/Consent?patient=Patient/{patient}&status=proposed"))
            .iter()
            .map(id)
            .collect()
    };
    let before = asked(&mut client);
    // The demo has somebody who acts for them already: that is over first.
    for known in search(&mut client, &format!("/fhir/Consent?patient=Patient/{patient}&status=active")) {
        let case = format!("/staff/family/{}", id(&known));
        let ended = surgery.post(&case, &format!("{case}/end"), &[("once", &id(&known))]);
        assert_eq!(ended.status, 303, "{}", ended.text());
    }
    let number = person
        .items("identifier")
        .iter()
        .find(|one| one.text_at(&["system"]) == Some("https://fhir.nhs.uk/Id/nhs-number"));
    let number = number.and_then(|one| one.text_at(&["value"])).expect("an NHS number").to_owned();
    let born = person.text_at(&["birthDate"]).expect("a date of birth").to_owned();
    let parts: Vec<&str> = born.split('-').collect();
    let fields = [
        ("name", "Somebody I help"),
        ("number", &number),
        ("year", parts[0]),
        ("month", parts[1]),
        ("day", parts[2]),
        ("kin", "partner"),
        ("basis", "agreement"),
        ("access", "medicines"),
        ("once", "a-1"),
    ];
    let sent = carer.post("/family/apply", "/family/apply/check", &fields);
    assert_eq!(location(&sent), "/family/apply/done", "{}", sent.text());
    let relationship =
        asked(&mut client).into_iter().find(|one| !before.contains(one)).expect("an application");
    let case = format!("/staff/family/{relationship}");
    let said = surgery.post(&case, &format!("{case}/approve"), &[("access", "medicines"), ("once", "f-1")]);
    assert_eq!(said.status, 303, "{}", said.text());
    assert_eq!(carer.get(&format!("/as/{relationship}/home")).status, 200);
    relationship
}

#[test]
fn a_surgery_orders_books_and_answers_for_somebody_who_does_not_use_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let people = neighbours(&bevan);
    let (person, patient) = (&people[0], id(&people[0]));
    let mut client = bevan.system();
    authorised(&mut client, &patient);
    let mut surgery = Browser::signed_in(&bevan, "surgery");

    // Found by NHS number, never by a name alone.
    let alone = surgery.post("/staff/on-behalf", "/staff/on-behalf", &[("q", "Example")]);
    assert_eq!(alone.status, 422);
    let number = after(&fhir::json::to_string(person), "https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"");
    surgery.post("/staff/on-behalf", "/staff/on-behalf", &[("q", &number)]);
    let found = surgery.get("/staff/on-behalf").text();
    assert!(found.contains(&format!("/staff/patients/{patient}/on-behalf")), "{found}");

    let relationship = approved(&bevan, &mut surgery, person);
    let place = begun(&mut surgery, &patient);
    order(&mut surgery, &place);
    book(&mut surgery, &place);
    let helper = format!("{place}/family/{relationship}");
    let hidden = surgery.post(&helper, &format!("{helper}/hide"), &[("once", "h-1")]);
    assert_eq!((hidden.status, location(&hidden)), (303, helper), "{}", hidden.text());
    let mut carer = Browser::signed_in(&bevan, "carer");
    assert_eq!(carer.get(&format!("/as/{relationship}/home")).status, 404, "hidden on the patient's word");
    assert_eq!(surgery.get(&format!("{place}/profile/who-looked")).status, 403, "for the patient alone");

    // Done on their behalf, by the same hand, once for each thing.
    let attested = search(&mut client, &format!("/fhir/Provenance?patient=Patient/{patient}"));
    let targets: Vec<String> = attested.iter().map(fhir::json::to_string).collect();
    for kind in ["MedicationRequest/", "Appointment/", "Consent/"] {
        assert_eq!(targets.iter().filter(|one| one.contains(kind)).count(), 1, "{kind}: {targets:?}");
    }
    for one in &targets {
        assert!(one.contains(&format!("\"onBehalfOf\":{{\"reference\":\"Patient/{patient}\"}}")), "{one}");
        assert!(one.contains("\"code\":\"phone\"") && one.contains("to-confirm"), "{one}");
    }
    let asked =
        search(&mut client, &format!("/fhir/MedicationRequest?patient=Patient/{patient}&intent=proposal"));
    let requester = asked.iter().find_map(|one| one.text_at(&["requester", "display"])).expect("a requester");
    assert!(requester.ends_with(", on behalf of the patient"), "{requester}");

    // One letter tells all of it.
    let ended = surgery.post(&format!("{place}/home"), "/staff/on-behalf/end", &[]);
    assert_eq!(location(&ended), "/staff/on-behalf");
    let told = surgery.get("/staff/on-behalf").text();
    assert!(told.contains("You have finished for") && told.contains("A letter goes to"), "{told}");
    assert_eq!(surgery.get(&format!("{place}/home")).status, 303, "it is over");
    let letters =
        search(&mut client, &format!("/fhir/Communication?patient=Patient/{patient}&category=assisted"));
    let [letter] = letters.as_slice() else { panic!("{} letters", letters.len()) };
    let words = letter.items("payload")[0].text_at(&["contentString"]).expect("words");
    for said in [
        "You called us on",
        "a repeat of Assistol 5mg tablets",
        "You have an appointment on",
        "What other people may do",
    ] {
        assert!(words.contains(said), "{words}");
    }
    assert_eq!(letter.get("meta").unwrap().items("tag")[0].text_at(&["code"]), Some("due"));
    let left = search(&mut client, &format!("/fhir/Provenance?patient=Patient/{patient}&_tag=to-confirm"));
    assert!(left.is_empty(), "they have been told");

    // And the patient, or whoever shows them, can read it.
    let mut own = Browser::signed_in_at(&bevan, "patient", 1);
    let looked = own.get("/profile/who-looked").text();
    assert!(looked.contains("On your behalf") && looked.contains("you called and asked them to"), "{looked}");
    assert!(looked.contains("Did for you:"), "{looked}");
}

#[test]
fn another_practices_patient_is_not_there_and_neither_is_one_who_has_left() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let people = neighbours(&bevan);
    let patient = id(&people[0]);
    let mut client = bevan.system();
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    let stranger = document(
        r#"{"resourceType":"Patient","id":"assisted-stranger","birthDate":"1960-02-03","name":[{"family":"Elsewhere","given":["Ann"]}],
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196"}],
        "address":[{"line":["1 Far Street"],"postalCode":"ZZ9 9ZZ"}],
        "generalPractitioner":[{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Z99999"}}]}"#,
    );
    put(&mut client, &stranger);
    surgery.post("/staff/on-behalf", "/staff/on-behalf", &[("q", "9990079196")]);
    assert!(surgery.get("/staff/on-behalf").text().contains("No patient found"));
    let fields = [("given", "born"), ("given", "address"), ("asked", "phone"), ("post", "yes")];
    let confirm = "/staff/patients/assisted-stranger/on-behalf";
    assert_eq!(surgery.get(confirm).status, 404);
    assert_eq!(surgery.post("/staff/home", confirm, &fields).status, 404);
    for path in
        ["/as/for-assisted-stranger/home", "/as/for-assisted-stranger/prescriptions", "/as/for-nobody/home"]
    {
        assert_eq!(surgery.get(path).status, 404, "{path}");
    }
    // The desk of a hospital: not for a stranger, but for whom the hospital has, and as long as it has them.
    let mut desk = Browser::signed_in(&bevan, "receptionist");
    for path in [confirm, "/as/for-assisted-stranger/home"] {
        assert_eq!(desk.get(path).status, 404, "{path}");
    }
    let stay = |status: &str| {
        document(&format!(
            r#"{{"resourceType":"Encounter","id":"assisted-stay","status":"{status}","class":{{"code":"IMP"}},
            "subject":{{"reference":"Patient/assisted-stranger"}},
            "serviceProvider":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"ZZ1"}}}}}}"#
        ))
    };
    put(&mut client, &stay("in-progress"));
    let theirs = begun(&mut desk, "assisted-stranger");
    let page = desk.get(&format!("{theirs}/appointments"));
    assert!(page.status == 200 && page.text().contains("You are doing this for"), "{}", page.text());
    assert_eq!(desk.get(&format!("{theirs}/profile/who-looked")).status, 403);
    assert_eq!(
        desk.get("/staff/patients/assisted-stranger/problems").status,
        403,
        "nothing in their own right"
    );
    put(&mut client, &stay("finished"));
    assert_eq!(desk.get(&format!("{theirs}/appointments")).status, 404, "they have gone home");

    // The registration ends between two pages.
    let place = begun(&mut surgery, &patient);
    assert_eq!(surgery.get(&format!("{place}/prescriptions")).status, 200);
    let mut left = people[0].clone();
    let elsewhere = stranger.get("generalPractitioner").unwrap().clone();
    left.as_object_mut().unwrap().insert("generalPractitioner", elsewhere);
    put(&mut client, &left);
    for path in ["/home", "/prescriptions", "/appointments/book", "/family"] {
        assert_eq!(surgery.get(&format!("{place}{path}")).status, 404, "{path}");
    }
    let late =
        surgery.post("/staff/home", &format!("{place}/prescriptions/request/check"), &[("once", "x-1")]);
    assert_eq!(late.status, 404, "{}", late.text());
    assert_eq!(surgery.get(&format!("/staff/patients/{patient}/on-behalf")).status, 404);
    let audited =
        read(&client.get(&format!("/fhir/AuditEvent?patient=Patient/{patient}&_count=200")).unwrap().body);
    let text = fhir::json::to_string(&audited);
    assert!(text.contains("on behalf of the patient, who asked: phone"), "audit rows name it");
}
