//! When a patient reads their record: results with what happens next, each entry on a page of its own, the timeline, copies to
//! keep, and who looked. What belongs to somebody else is not there.

use crate::browser::{Browser, after};
use crate::document::read;
use crate::house::{House, running};
use fhir::json::Value;

/// The demo patient's id, and that of somebody else.
fn people(house: &House) -> (String, String) {
    let own = house.bevan.client().bearer("demo-patient").get("/fhir/Patient").unwrap();
    let own = read(&own.body).text_at(&["entry", "resource", "id"]).unwrap().to_owned();
    let all = read(&house.bevan.system().get("/fhir/Patient?_count=5").unwrap().body);
    let ids = all.items("entry").iter().filter_map(|entry| entry.text_at(&["resource", "id"]));
    let other = ids.map(str::to_owned).find(|id| *id != own).unwrap();
    (own, other)
}

/// Writes a resource as a connected system, and gives back its id.
fn write(house: &House, json: &str) -> String {
    let type_ = read(json.as_bytes()).text_at(&["resourceType"]).unwrap().to_owned();
    let answer = house.bevan.system().post_fhir(&format!("/fhir/{type_}"), json.as_bytes()).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    read(&answer.body).text_at(&["id"]).unwrap().to_owned()
}

fn potassium(house: &House, patient: &str, day: &str, value: &str) -> String {
    write(
        house,
        &format!(
            r#"{{"resourceType":"Observation","status":"final","subject":{{"reference":"Patient/{patient}"}},"effectiveDateTime":"{day}",
                "code":{{"coding":[{{"system":"http://loinc.org","code":"2823-3"}}],"text":"Potassium"}},{value},
                "referenceRange":[{{"low":{{"value":3.5,"unit":"mmol/L"}},"high":{{"value":5.3,"unit":"mmol/L"}}}}]}}"#
        ),
    )
}

fn report(house: &House, patient: &str, status: &str, results: &[String]) -> String {
    let results: Vec<String> =
        results.iter().map(|id| format!(r#"{{"reference":"Observation/{id}"}}"#)).collect();
    let now = jiff::Timestamp::now();
    write(
        house,
        &format!(
            r#"{{"resourceType":"DiagnosticReport","status":"{status}","subject":{{"reference":"Patient/{patient}"}},
                "code":{{"text":"Journey salts"}},"effectiveDateTime":"{now}","issued":"{now}",
                "performer":[{{"display":"Journey Laboratory"}}],"result":[{}]}}"#,
            results.join(",")
        ),
    )
}

#[test]
fn a_result_says_where_it_stands_what_is_missing_and_what_happens_next() {
    // Given a report with a value above its range, and one without a value; and one of somebody else.
    let house = running();
    let (own, other) = people(&house);
    let high = potassium(&house, &own, "2026-10-01", r#""valueQuantity":{"value":5.90,"unit":"mmol/L"}"#);
    let missing = write(
        &house,
        &format!(
            r#"{{"resourceType":"Observation","status":"final","subject":{{"reference":"Patient/{own}"}},
                "code":{{"text":"Sodium"}},"dataAbsentReason":{{"text":"the sample clotted"}}}}"#
        ),
    );
    let older = potassium(&house, &own, "2025-03-01", r#""valueQuantity":{"value":4.1,"unit":"mmol/L"}"#);
    let id = report(&house, &own, "final", &[high, missing]);
    let theirs = potassium(&house, &other, "2026-10-01", r#""valueQuantity":{"value":7.77,"unit":"mmol/L"}"#);
    let foreign = report(&house, &other, "final", std::slice::from_ref(&theirs));
    let mut patient = Browser::signed_in(&house.bevan, "patient");

    // Then the feed names it, says what is missing, and that nobody has looked.
    let feed = patient.get("/results").text();
    for words in ["Journey salts", "No result for Sodium.", "Not yet reviewed", "Potassium"] {
        assert!(feed.contains(words), "no {words} in the feed");
    }
    assert!(!feed.contains("7.77") && !feed.contains(&foreign));

    // And its page has value, unit, range, plain words, next step and whom to ask.
    let page = patient.get(&format!("/results/{id}")).text();
    for words in [
        "5.90 mmol/L",
        "above the usual range",
        "3.5 to 5.3 mmol/L",
        "salt that the heart and muscles need",
        "the sample clotted",
        "Part of this result is missing",
        "Not yet reviewed",
        "What happens next",
        "Ask Journey Laboratory.",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    // No address says what was tested.
    assert!(!page.contains("2823-3"), "{page}");
    assert_eq!(patient.get(&format!("/results/{foreign}")).status, 404);
    assert_eq!(patient.get("/results/nothing").status, 404);

    // And the trend has a chart and every value in a table, of this person alone.
    let trend = patient.get(&format!("/results/trend/{}", after(&page, "/results/trend/"))).text();
    assert!(trend.contains("<svg") && trend.contains("<desc") && trend.contains("Usual range"), "{trend}");
    for words in ["Potassium over time", "5.90 mmol/L", "4.1 mmol/L", "1 March 2025"] {
        assert!(trend.contains(words), "no {words} in {trend}");
    }
    assert!(!trend.contains("7.77") && !trend.contains(&older));
    for address in ["nothing", "2823-3", theirs.as_str()] {
        assert_eq!(patient.get(&format!("/results/trend/{address}")).status, 404, "{address}");
    }
    let moved = patient.get("/record/results");
    assert_eq!((moved.status, moved.header("location")), (303, Some("/results")));
}

#[test]
fn every_entry_has_a_page_and_somebody_elses_is_not_there() {
    let house = running();
    let (own, other) = people(&house);
    let mut patient = Browser::signed_in(&house.bevan, "patient");
    let of = |whom: &str| {
        [
            (
                "conditions",
                format!(
                    r#""resourceType":"Condition","code":{{"text":"Journey asthma"}},"onsetDateTime":"2024-05-02","note":[{{"text":"Worse in spring"}}],"subject":{{"reference":"Patient/{whom}"}}"#
                ),
                "Worse in spring",
            ),
            (
                "medicines",
                format!(
                    r#""resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{{"text":"Journey inhaler"}},"authoredOn":"2024-05-03","dosageInstruction":[{{"text":"two puffs"}}],"subject":{{"reference":"Patient/{whom}"}}"#
                ),
                "two puffs",
            ),
            (
                "allergies",
                format!(
                    r#""resourceType":"AllergyIntolerance","code":{{"text":"Journey latex"}},"recordedDate":"2024-05-04","patient":{{"reference":"Patient/{whom}"}}"#
                ),
                "Journey latex",
            ),
            (
                "vaccinations",
                format!(
                    r#""resourceType":"Immunization","status":"completed","vaccineCode":{{"text":"Journey vaccine"}},"occurrenceDateTime":"2024-05-05","lotNumber":"B77","patient":{{"reference":"Patient/{whom}"}}"#
                ),
                "B77",
            ),
            (
                "documents",
                format!(
                    r#""resourceType":"DocumentReference","status":"current","date":"2024-05-06T10:00:00Z","subject":{{"reference":"Patient/{whom}"}},"content":[{{"attachment":{{"contentType":"text/html","title":"Journey letter","data":"PHA+RGVhciBBbm48L3A+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="}}}}]"#
                ),
                "Dear Ann",
            ),
            (
                "scans",
                format!(
                    r#""resourceType":"ImagingStudy","status":"available","started":"2024-05-08T09:00:00Z","modality":[{{"code":"CT"}}],"procedureCode":[{{"text":"Journey sinuses"}}],"series":[{{"uid":"2.25.7","modality":{{"code":"CT"}},"description":"Thin slices","numberOfInstances":31}}],"subject":{{"reference":"Patient/{whom}"}}"#
                ),
                "Thin slices: 31 pictures",
            ),
            (
                "visits",
                format!(
                    r#""resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},"reasonCode":[{{"text":"Journey cough"}}],"period":{{"start":"2024-05-07T09:00:00Z"}},"subject":{{"reference":"Patient/{whom}"}}"#
                ),
                "Journey cough",
            ),
        ]
    };
    for ((part, json, words), (_, theirs, _)) in of(&own).into_iter().zip(of(&other)) {
        let id = write(&house, &format!("{{{json}}}"));
        let page = patient.get(&format!("/record/{part}/{id}"));
        assert_eq!(page.status, 200, "{part}");
        assert!(page.text().contains(words), "no {words} in {}", page.text());
        assert!(!page.text().contains("alert(1)"), "{part}");
        let list = patient.get(&format!("/record/{part}")).text();
        assert!(list.contains(&format!("/record/{part}/{id}")), "{part} lists {id}");
        let foreign = write(&house, &format!("{{{theirs}}}"));
        assert_eq!(patient.get(&format!("/record/{part}/{foreign}")).status, 404, "{part}");
        // An entry stands under its own part and no other.
        let elsewhere = if part == "conditions" { "visits" } else { "conditions" };
        assert_eq!(patient.get(&format!("/record/{elsewhere}/{id}")).status, 404, "{part}");
    }

    // And the timeline has all of them in their year, newest first, and leads to the nearest others.
    let page = patient.get("/record/timeline?year=2024").text();
    let places: Vec<usize> = [
        "Journey sinuses",
        "Journey cough",
        "Journey letter",
        "Journey vaccine",
        "Journey latex",
        "Journey inhaler",
        "Journey asthma",
    ]
    .into_iter()
    .map(|words| page.find(words).unwrap_or_else(|| panic!("no {words} in {page}")))
    .collect();
    assert!(places.is_sorted(), "newest first: {places:?}");
    assert!(page.contains("Later: 202"), "{page}");
    assert_eq!(patient.get("/record/timeline?year=x").status, 404);
    assert_eq!(patient.get("/record/timeline").status, 200);
}

#[test]
fn a_copy_of_the_record_is_whole_sound_and_of_one_person() {
    let house = running();
    let (own, other) = people(&house);
    let mine = write(
        &house,
        &format!(
            r#"{{"resourceType":"Condition","code":{{"text":"Copied <b>asthma</b>"}},"subject":{{"reference":"Patient/{own}"}}}}"#
        ),
    );
    write(
        &house,
        &format!(
            r#"{{"resourceType":"Condition","code":{{"text":"Somebody elses"}},"subject":{{"reference":"Patient/{other}"}}}}"#
        ),
    );
    let mut patient = Browser::signed_in(&house.bevan, "patient");

    // The page to read has every part, and values are never markup.
    let page = patient.get("/record/download/page");
    assert_eq!(page.header("content-disposition"), Some("attachment; filename=\"record.html\""));
    let text = page.text();
    for words in ["Copy of the record of", "Allergies", "Test results", "Documents", "Copied &lt;b&gt;asthma"]
    {
        assert!(text.contains(words), "no {words}");
    }
    assert!(!text.contains("Somebody elses") && !text.contains("could not be shown"));

    // The FHIR document is sound, begins with its Composition, and stands by itself.
    let file = patient.get("/record/download/fhir");
    assert_eq!(file.header("content-type"), Some("application/fhir+json"));
    let bundle = read(&file.body);
    assert_eq!(fhir::validate::structural(&bundle), []);
    let entries = bundle.items("entry");
    assert_eq!(entries[0].text_at(&["resource", "resourceType"]), Some("Composition"));
    let addresses: Vec<&str> = entries.iter().filter_map(|entry| entry.text_at(&["fullUrl"])).collect();
    let sections = entries[0].at(&["resource"]).map(|one| one.items("section")).unwrap();
    let mut named = 0;
    for reference in sections.iter().flat_map(|section| section.items("entry")) {
        named += 1;
        assert!(addresses.contains(&reference.text_at(&["reference"]).unwrap()));
    }
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry.text_at(&["resource", "id"])).collect();
    assert!(ids.contains(&mine.as_str()) && named > 10, "{named}");
    assert!(!file.text().contains("Somebody elses"));
    // As many as the record has.
    for type_ in ["Condition", "DiagnosticReport", "Observation", "Encounter", "Immunization"] {
        let of = |entry: &&Value| entry.text_at(&["resource", "resourceType"]) == Some(type_);
        let copied = entries.iter().filter(of).count() as u64;
        assert_eq!(copied, house.count(&format!("{type_}?patient={own}")), "{type_}");
    }
}

#[test]
fn a_patient_sees_who_looked_in_an_emergency_and_what_the_review_said() {
    // Given a ward manager who opens the patient's record in an emergency.
    let house = running();
    let (own, _) = people(&house);
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let page = format!("/staff/patients/{own}/break-glass");
    let asked = manager.post(&page, &page, &[("reason", "Found unconscious on the stairs")]);
    assert_eq!(asked.status, 303, "{}", asked.text());
    assert_eq!(manager.get(&format!("/staff/patients/{own}")).status, 200);

    // Then the patient reads who, in which role, for whom, why, and that the review is to come.
    let mut patient = Browser::signed_in(&house.bevan, "patient");
    let page = patient.get("/profile/who-looked").text();
    for words in [
        "Ward staff",
        "Hospitals Trust",
        "Emergency access",
        "Found unconscious on the stairs",
        "not recorded yet",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }

    // When the privacy officer's system tells the outcome, the patient reads it.
    let trail =
        house.bevan.system().get(&format!("/fhir/AuditEvent?patient=Patient/{own}&_count=50")).unwrap();
    let trail = read(&trail.body);
    let agents = trail
        .items("entry")
        .iter()
        .filter_map(|entry| entry.at(&["resource"]))
        .flat_map(|one| one.items("agent"));
    let agent = agents
        .filter_map(|agent| agent.text_at(&["who", "reference"]))
        .find(|who| who.starts_with("Practitioner/"))
        .unwrap();
    write(
        &house,
        &format!(
            r#"{{"resourceType":"Communication","status":"completed","category":[{{"coding":[{{"code":"break-glass-review"}}]}}],
                "subject":{{"reference":"Patient/{own}"}},"about":[{{"reference":"{agent}"}}],"sent":"{}",
                "payload":[{{"contentString":"The look was justified."}}]}}"#,
            jiff::Timestamp::now()
        ),
    );
    let page = patient.get("/profile/who-looked").text();
    assert!(page.contains("The look was justified.") && !page.contains("not recorded yet"), "{page}");
}
