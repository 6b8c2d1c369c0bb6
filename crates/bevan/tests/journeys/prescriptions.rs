//! Repeat medicines as patients order them (journey P3): nothing selected is named, what was and was not ordered is named, a
//! form that is sent twice orders once, of two windows that ask for the last repeat one gets it, the surgery answers, and each
//! of the thirteen statuses is told in words of its own.

use crate::browser::{Browser, after};
use crate::document::read;
use crate::house::{House, running};
use crate::support::http::Answer;
use fhir::json::Value;
use fhir::systems::prescription::{COURSE_OF_THERAPY, ITEM_STATUS, REPEAT_INFORMATION, STATUS_HISTORY};
use fhir::systems::{PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};
use std::sync::{Arc, Barrier};

const ORDER: &str = "24F5DA-A83008-7EFE6Z";

/// The demo patient's id.
fn patient(house: &House) -> String {
    let own = house.bevan.client().bearer("demo-patient").get("/fhir/Patient").unwrap();
    read(&own.body).text_at(&["entry", "resource", "id"]).unwrap().to_owned()
}

fn put(house: &House, id: &str, body: &str) {
    let path = format!("/fhir/MedicationRequest/{id}");
    let answer = house.bevan.system().put_fhir(&path, body.as_bytes()).unwrap();
    assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.text());
}

/// A repeat medicine that was issued so often of six times, last a year ago.
fn repeat(house: &House, id: &str, issued: u8, status: &str) {
    let review = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(200)).unwrap();
    let body = format!(
        r#"{{"resourceType":"MedicationRequest","id":"{id}","status":"{status}","intent":"plan",
            "extension":[{{"url":"{REPEAT_INFORMATION}","extension":[
                {{"url":"numberOfPrescriptionsIssued","valueUnsignedInt":{issued}}},
                {{"url":"authorisationExpiryDate","valueDateTime":"{review}"}}]}}],
            "medicationCodeableConcept":{{"text":"{id} 5mg tablets"}},"subject":{{"reference":"Patient/{}"}},
            "authoredOn":"2025-01-02","dosageInstruction":[{{"text":"One tablet once a day"}}],
            "courseOfTherapyType":{{"coding":[{{"system":"{COURSE_OF_THERAPY}","code":"continuous"}}]}},
            "dispenseRequest":{{"numberOfRepeatsAllowed":6,"quantity":{{"value":28,"unit":"tablet"}},
                "expectedSupplyDuration":{{"value":28,"unit":"day","system":"http://unitsofmeasure.org","code":"d"}}}}}}"#,
        patient(house)
    );
    put(house, id, &body);
}

/// The proposals that wait for the surgery, of one repeat.
fn waiting(house: &House, repeat: &str) -> Vec<Value> {
    let search = format!("/fhir/MedicationRequest?patient={}&intent=proposal&status=active", patient(house));
    let found = read(&house.bevan.system().get(&search).unwrap().body);
    let all = found.items("entry").iter().filter_map(|entry| entry.get("resource").cloned());
    let wanted = format!("MedicationRequest/{repeat}");
    all.filter(|one| one.text_at(&["basedOn", "reference"]) == Some(&wanted)).collect()
}

const MEDICINES: &str = "/prescriptions/request/medicines";
const NOTE: &str = "/prescriptions/request/note";
const CHECK: &str = "/prescriptions/request/check";

/// Goes from the medicines to the check page.
fn up_to_check(browser: &mut Browser, medicines: &[&str], note: &str) -> Answer {
    let mut fields: Vec<(&str, &str)> = medicines.iter().map(|one| ("medicine", *one)).collect();
    fields.push(("once", "medicines-1"));
    let chosen = browser.post(MEDICINES, MEDICINES, &fields);
    assert_eq!((chosen.status, chosen.header("location")), (303, Some(NOTE)), "{}", chosen.text());
    let noted = browser.post(NOTE, NOTE, &[("note", note), ("once", "note-1")]);
    assert_eq!(noted.status, 303, "{}", noted.text());
    browser.get(CHECK)
}

#[test]
fn of_two_windows_that_ask_for_the_last_repeat_one_gets_it() {
    // Given a medicine with one issue left, and the same person in two browsers up to the last page.
    let house = running();
    repeat(&house, "Lastazole", 5, "active");
    let mut windows =
        [Browser::signed_in(&house.bevan, "patient"), Browser::signed_in(&house.bevan, "patient")];
    for window in &mut windows {
        let page = up_to_check(window, &["Lastazole"], "").text();
        assert!(page.contains("Lastazole 5mg tablets"), "{page}");
    }

    // When both send at once.
    let start = Arc::new(Barrier::new(2));
    let sent = windows.into_iter().zip(["first-1", "second-1"]).map(|(mut browser, once)| {
        let start = Arc::clone(&start);
        std::thread::spawn(move || {
            browser.get(CHECK);
            start.wait();
            let answer = browser.post(CHECK, CHECK, &[("once", once)]);
            (browser, answer, once)
        })
    });
    let sent: Vec<_> = sent.collect();
    let mut sent: Vec<_> = sent.into_iter().map(|one| one.join().unwrap()).collect();
    sent.sort_by_key(|(_, answer, _)| answer.status);

    // Then one is confirmed, the other hears why not, and one request waits for the surgery.
    let [(winner, won, once), (_, lost, _)] = sent.as_mut_slice() else { panic!("two windows") };
    assert_eq!((won.status, lost.status), (303, 422), "{} {}", won.text(), lost.text());
    let done = won.header("location").unwrap().to_owned();
    assert!(done.starts_with("/prescriptions/request/done?request="), "{done}");
    let page = lost.text();
    for words in [
        "<title>Error: Check your request",
        "None of these medicines can be ordered now",
        "You asked for this on",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert_eq!(waiting(&house, "Lastazole").len(), 1);

    // And the winner's form sent again leads to the same place and orders nothing more.
    let again = winner.post("/prescriptions", CHECK, &[("once", once)]);
    assert!(again.status == 303, "{}", again.text());
    assert_eq!(waiting(&house, "Lastazole").len(), 1);
    assert!(winner.get(&done).text().contains("Request sent"));
}

#[test]
fn what_was_and_was_not_ordered_is_named() {
    let house = running();
    repeat(&house, "Keepazole", 1, "active");
    repeat(&house, "Stopazole", 1, "active");
    let mut browser = Browser::signed_in(&house.bevan, "patient");

    // Nothing selected and a note that is too long are named on their pages.
    let nothing = browser.post(MEDICINES, MEDICINES, &[("once", "n-1")]);
    assert_eq!(nothing.status, 422);
    assert!(
        nothing.text().contains("Select at least one medicine") && nothing.text().contains("<title>Error: ")
    );
    let long = browser.post(NOTE, NOTE, &[("note", &"x".repeat(501)), ("once", "n-2")]);
    assert_eq!(long.status, 422, "{}", long.text());

    // When one of two medicines is stopped before the request is sent.
    let check = up_to_check(&mut browser, &["Keepazole", "Stopazole"], "I am away from Friday").text();
    for words in ["Keepazole 5mg tablets", "Stopazole 5mg tablets", "I am away from Friday"] {
        assert!(check.contains(words), "no {words} in {check}");
    }
    repeat(&house, "Stopazole", 1, "stopped");
    let sent = browser.post(CHECK, CHECK, &[("once", "send-1")]);
    assert_eq!(sent.status, 303, "{}", sent.text());

    // Then both are named, in their places, and the home page says what was not prescribed.
    let done = browser.get(sent.header("location").unwrap()).text();
    assert!(done.contains("Part of your request was sent"), "{done}");
    let (ordered, not) = done.split_once("What was not ordered").expect("both parts");
    assert!(ordered.contains("Keepazole") && !ordered.contains("Stopazole"), "{ordered}");
    assert!(not.contains("Stopazole") && not.contains("stopped or paused"), "{not}");
    assert_eq!((waiting(&house, "Keepazole").len(), waiting(&house, "Stopazole").len()), (1, 0));
    let home = browser.get("/home").text();
    assert!(home.contains("Not prescribed:") && home.contains("Stopazole 5mg tablets"), "{home}");

    // Somebody else sees nothing of it.
    let request = sent.header("location").unwrap().split("request=").nth(1).unwrap().to_owned();
    let mut other = Browser::signed_in_at(&house.bevan, "patient", 2);
    assert_eq!(other.get(&format!("/prescriptions/{request}")).status, 404);

    // The surgery reads the note, refuses with a reason, and the patient reads that.
    let mut surgery = Browser::signed_in(&house.bevan, "surgery");
    let place = format!("/staff/prescriptions/{request}");
    let case = surgery.get(&place).text();
    assert!(case.contains("I am away from Friday"), "{case}");
    let line = after(&case, "name=\"line\" type=\"checkbox\" value=\"");
    let fields = [
        ("line", line.as_str()),
        ("answer", "refuse"),
        ("reason", "talk-to-us"),
        ("words", ""),
        ("once", "s-1"),
    ];
    let answered = surgery.post(&place, &place, &fields);
    assert_eq!(answered.status, 303, "{}", answered.text());
    let told = browser.get(&format!("/prescriptions/{request}")).text();
    assert!(told.contains("would like to talk to you before it prescribes this"), "{told}");
}

#[test]
fn each_of_the_thirteen_statuses_says_what_to_do() {
    let house = running();
    let mut browser = Browser::signed_in(&house.bevan, "patient");
    let patient = patient(&house);
    // Words of each status that no other has.
    let statuses = [
        ("Prescriber Approved", "No pharmacy has started on it yet"),
        ("Prescriber Cancelled", "Your prescriber cancelled this"),
        ("With Pharmacy", "Wait until it says that it is ready"),
        ("With Pharmacy but Tracking not Supported", "does not send updates"),
        ("With Pharmacy - Preparing Remainder", "is preparing the rest"),
        ("Ready to Collect", "Collect it from the pharmacy"),
        ("Ready to Collect - Partial", "You can collect some of it now"),
        ("Ready to Dispatch", "has packed it and will send it"),
        ("Ready to Dispatch - Partial", "will send some of it now and the rest later"),
        ("Dispatched", "It is on its way"),
        ("Collected", "You have it"),
        ("Not Dispensed", "The pharmacy did not supply this"),
        ("Tracking Temporarily Unavailable", "We cannot say where this is at the moment"),
    ];
    let now = format!("{:.0}", jiff::Timestamp::now());
    for (status, _) in statuses {
        let body = format!(
            r#"{{"resourceType":"MedicationRequest","id":"tracked","status":"active","intent":"order",
                "extension":[{{"url":"{STATUS_HISTORY}","extension":[
                    {{"url":"status","valueCoding":{{"system":"{ITEM_STATUS}","code":"{status}"}}}},
                    {{"url":"statusDate","valueDateTime":"{now}"}}]}}],
                "identifier":[{{"system":"{PRESCRIPTION_ORDER_ITEM_NUMBER}","value":"58828c55-8104-4d4a-9d4a-3c1d1f6d7b7a"}},
                    {{"system":"{PRESCRIPTION_ORDER_NUMBER}","value":"{ORDER}"}}],
                "groupIdentifier":{{"system":"{PRESCRIPTION_ORDER_NUMBER}","value":"{ORDER}"}},
                "medicationCodeableConcept":{{"text":"Trackazole 5mg tablets"}},"subject":{{"reference":"Patient/{patient}"}},
                "authoredOn":"{now}"}}"#
        );
        put(&house, "tracked", &body);
        let page = browser.get(&format!("/prescriptions/{ORDER}"));
        assert_eq!(page.status, 200, "{status}");
        let page = page.text();
        for (other, others) in statuses {
            assert_eq!(page.contains(others), other == status, "{status}: {others} in {page}");
        }
        // What can be collected, and what will not come, needs the person.
        let home = browser.get("/home").text();
        let named = home.contains(&format!("/prescriptions/{ORDER}"));
        let needs = status.starts_with("Ready to Collect")
            || matches!(status, "Not Dispensed" | "Prescriber Cancelled");
        let shown = named || home.contains("in the services below");
        assert!(if needs { shown } else { !named }, "{status}: {home}");
    }
}
