//! What needs a person stands on their home page (what others moved or cancelled, a result that must not wait), and opening
//! one's own home page is no look at the record of somebody one acts for.

use crate::browser::{Browser, after};
use crate::document::read;
use crate::house::{House, running};
use fhir::json::to_string;
use jiff::{Span, Timestamp};

/// The demo patient's id.
fn patient(house: &House) -> String {
    let own = house.bevan.client().bearer("demo-patient").get("/fhir/Patient").unwrap();
    read(&own.body).text_at(&["entry", "resource", "id"]).unwrap().to_owned()
}

fn put(house: &House, path: &str, body: &str) {
    let answer = house.bevan.system().put_fhir(path, body.as_bytes()).unwrap();
    assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.text());
}

/// A clinic's appointment, as its hospital tells it.
fn clinic(house: &House, (id, status): (&str, &str), days: i64) -> String {
    let start = Timestamp::now() + Span::new().hours(24 * days);
    let body = format!(
        r#"{{"resourceType":"Appointment","id":"{id}","status":"{status}","start":"{start:.0}","end":"{:.0}",
            "specialty":[{{"text":"Cardiology"}}],"serviceType":[{{"text":"Journey clinic"}}],
            "participant":[{{"actor":{{"reference":"Patient/{}"}},"status":"accepted"}}]}}"#,
        start + Span::new().minutes(20),
        patient(house)
    );
    put(house, &format!("/fhir/Appointment/{id}"), &body);
    format!("/appointments/{id}")
}

#[test]
fn what_others_moved_or_cancelled_needs_the_person() {
    let house = running();
    let mut browser = Browser::signed_in(&house.bevan, "patient");

    // Given an appointment that is far away, it needs nobody.
    let page = clinic(&house, ("far", "booked"), 20);
    assert!(!browser.get("/home").text().contains(&page));
    assert!(browser.get("/appointments").text().contains(&page));

    // When the hospital moves it, home says so with the time before, and its page is one press away.
    clinic(&house, ("far", "booked"), 25);
    let home = browser.get("/home").text();
    for words in ["Your appointment has another time.", "It was on", page.as_str()] {
        assert!(home.contains(words), "no {words} in {home}");
    }
    let moved = browser.get(&page).text();
    assert!(moved.contains("Your appointment has another time.") && moved.contains("It was on"), "{moved}");

    // When the hospital cancels it, home says that.
    clinic(&house, ("far", "cancelled"), 25);
    let home = browser.get("/home").text();
    assert!(home.contains("Your appointment was cancelled."), "{home}");
    assert!(!home.contains("has another time"), "{home}");

    // What is tomorrow is named as soon.
    let soon = clinic(&house, ("near", "booked"), 1);
    let home = browser.get("/home").text();
    assert!(home.contains(&soon) || home.contains("in the services below"), "{home}");
}

#[test]
fn staff_see_what_a_person_chose_under_profile() {
    let house = running();
    let record = format!("/staff/patients/{}", patient(&house));
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let before = manager.get(&record);
    assert_eq!(before.status, 200, "the demo patient is on a ward of the manager's trust");
    assert!(!before.text().contains("Needs an interpreter"));
    let mut browser = Browser::signed_in(&house.bevan, "patient");
    let place = "/profile/language";
    let fields = [("language", "urdu"), ("interpreter", "yes"), ("once", "l-1")];
    assert_eq!(browser.post(place, place, &fields).status, 303);
    let told = manager.get(&record).text();
    assert!(told.contains("Needs an interpreter for Urdu"), "{told}");
}

#[test]
fn an_emergency_stands_on_the_home_page_however_much_was_looked_at_since() {
    // Given a ward manager who opened the record in an emergency, and a person who has looked at a lot since.
    let house = running();
    let own = patient(&house);
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let place = format!("/staff/patients/{own}/break-glass");
    assert_eq!(manager.post(&place, &place, &[("reason", "Found on the stairs")]).status, 303);
    assert_eq!(manager.get(&format!("/staff/patients/{own}")).status, 200);
    let mut browser = Browser::signed_in(&house.bevan, "patient");
    for _ in 0..40 {
        assert_eq!(browser.get("/record/conditions").status, 200);
        assert_eq!(browser.get("/home").status, 200);
    }

    // Then home still says so, and leads to the page of who looked that begins with it.
    let home = browser.get("/home").text();
    assert!(home.contains("Somebody opened this record in an emergency"), "{home}");
    let page = browser
        .get(&format!("/profile/who-looked?page={}", after(&home, "/profile/who-looked?page=")))
        .text();
    let first =
        page.split("id=\"newest\"").nth(1).and_then(|rest| rest.split("</li>").next()).expect("a look");
    assert!(first.contains("Found on the stairs"), "{first}");
}

#[test]
fn one_look_at_the_home_page_asks_for_news_once() {
    let house = running();
    let mut browser = Browser::signed_in(&house.bevan, "patient");
    let asked = || -> i64 {
        let sql =
            "SELECT count(*) FROM audit WHERE type = 'Communication' AND query LIKE '%received:missing%'";
        house.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = asked();
    assert_eq!(browser.get("/home").status, 200);
    assert_eq!(asked() - before, 1);
}

#[test]
fn a_result_that_must_not_wait_stands_first() {
    let house = running();
    let own = patient(&house);
    let now = Timestamp::now();
    put(
        &house,
        "/fhir/Observation/critical",
        &format!(
            r#"{{"resourceType":"Observation","id":"critical","status":"final","subject":{{"reference":"Patient/{own}"}},
                "code":{{"text":"Potassium"}},"effectiveDateTime":"{now:.0}","valueQuantity":{{"value":7.1,"unit":"mmol/L"}},
                "interpretation":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"HH"}}]}}]}}"#
        ),
    );
    put(
        &house,
        "/fhir/DiagnosticReport/critical",
        &format!(
            r#"{{"resourceType":"DiagnosticReport","id":"critical","status":"final","subject":{{"reference":"Patient/{own}"}},
                "code":{{"text":"Journey salts"}},"effectiveDateTime":"{now:.0}","issued":"{now:.0}",
                "result":[{{"reference":"Observation/critical"}}]}}"#
        ),
    );
    let home = Browser::signed_in(&house.bevan, "patient").get("/home").text();
    let first = home.split("class=\"bevan-items\"").nth(1).and_then(|rest| rest.split("</li>").next());
    let first = first.expect("an item");
    for words in ["A value is far from usual.", "call today", "/results/critical", "Journey salts"] {
        assert!(first.contains(words), "no {words} in {first}");
    }
    assert!(!home.contains("7.1"), "a value stands on its own page with what belongs to it");
}

#[test]
fn a_result_is_new_until_the_person_opens_it() {
    let house = running();
    let now = Timestamp::now();
    let body = format!(
        r#"{{"resourceType":"DiagnosticReport","id":"calm","status":"final","subject":{{"reference":"Patient/{}"}},
            "code":{{"text":"Journey scan"}},"effectiveDateTime":"{now:.0}","issued":"{now:.0}","conclusion":"As usual."}}"#,
        patient(&house)
    );
    put(&house, "/fhir/DiagnosticReport/calm", &body);
    let mut browser = Browser::signed_in(&house.bevan, "patient");
    let stands = |browser: &mut Browser| {
        let home = browser.get("/home").text();
        let items = home.split("class=\"bevan-items\"").nth(1).and_then(|rest| rest.split("</ul>").next());
        items.is_some_and(|items| items.contains("/results/calm"))
    };
    assert!(stands(&mut browser), "it is new");
    // Somebody at the surgery who looks has not seen it for the person, nor has the list.
    assert_eq!(browser.get("/results").status, 200);
    assert!(stands(&mut browser));
    assert_eq!(browser.get("/results/calm").status, 200);
    assert!(!stands(&mut browser), "they have opened it");
    // Another session of theirs knows it too; when it is corrected it is new again.
    assert!(!stands(&mut Browser::signed_in(&house.bevan, "patient")));
    let later = now + Span::new().minutes(1);
    put(
        &house,
        "/fhir/DiagnosticReport/calm",
        &body.replace(&format!("\"issued\":\"{now:.0}"), &format!("\"issued\":\"{later:.0}")),
    );
    assert!(stands(&mut browser), "it was issued again");
}

#[test]
fn opening_ones_own_home_page_is_no_look_at_somebody_elses_record() {
    let house = running();
    let mut carer = Browser::signed_in(&house.bevan, "carer");
    assert_eq!(carer.get("/home").status, 200);
    let looked = || {
        let log = read(&house.bevan.system().get("/fhir/AuditEvent?_count=1000").unwrap().body);
        log.items("entry").iter().filter(|event| to_string(event).contains("\"carer\"")).count()
    };
    assert_eq!(looked(), 0, "somebody opened their own home page and nothing else");
    // The page of those whom they act for reads their names, and that is a look.
    assert_eq!(carer.get("/family").status, 200);
    assert_eq!(looked(), 1, "they have seen one person's name");
}
