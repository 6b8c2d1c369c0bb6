//! Messages as patients, surgeries and hospitals use them: a conversation on a referral that all three see and nobody else,
//! a form sent twice, what sounds urgent, a thread that was closed; and what is not opened goes out by email, text message
//! and letter, also when the house is killed in between.

use crate::browser::{Browser, after};
use crate::house::until;
use crate::support::http::{Answer, Client};
use crate::support::process::Bevan;
use fhir::json::{Limits, Value, parse, to_string};
use std::path::Path;

fn document(bytes: &[u8]) -> Value {
    parse(bytes, &Limits::default()).expect("JSON")
}

fn put(client: &mut Client, path: &str, resource: &str) {
    let answer = client.put_fhir(&format!("/fhir/{path}"), resource.as_bytes()).expect("an answer");
    assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.text());
}

fn get(client: &mut Client, path: &str) -> Value {
    let answer = client.get(&format!("/fhir/{path}")).expect("an answer");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    document(&answer.body)
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").unwrap_or_default().to_owned()
}

/// The patient who signs in first, as their own record has it.
fn first_patient(bevan: &Bevan) -> (Browser, String) {
    let mut browser = Browser::signed_in(bevan, "patient");
    let name = after(&browser.get("/profile").text(), "<dd class=\"nhsuk-summary-list__value\">");
    let name = name.split('<').next().unwrap_or_default().trim().to_owned();
    let mut client = bevan.system();
    let all = get(&mut client, "Patient?_count=200");
    let page = Browser::visitor(bevan).get("/sign-in").text();
    let mut found: Vec<(usize, String)> = all
        .items("entry")
        .iter()
        .filter_map(|entry| {
            let one = entry.get("resource")?;
            let (given, family) = (one.text_at(&["name", "given"])?, one.text_at(&["name", "family"])?);
            Some((page.find(&format!("{given} {family}"))?, one.text_at(&["id"])?.to_owned()))
        })
        .collect();
    found.sort();
    let (_, id) = found.into_iter().next().unwrap_or_else(|| panic!("no demo patient, {name}"));
    (browser, id)
}

/// A referral of the patient to the trust of the ward's staff.
fn refer(bevan: &Bevan, patient: &str) {
    let referral = format!(
        r#"{{"resourceType":"ServiceRequest","id":"the-referral","status":"active","intent":"order",
        "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],"code":{{"text":"Knee clinic"}},
        "subject":{{"reference":"Patient/{patient}"}},
        "performer":[{{"reference":"Organization/{}","identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"ZZ1"}},"display":"The knee hospital"}}]}}"#,
        fhir::identity::organization("ZZ1")
    );
    put(&mut bevan.system(), "ServiceRequest/the-referral", &referral);
}

/// The rest of a conversation's row in the list of staff.
fn row(staff: &mut Browser, work: &str) -> String {
    let list = staff.get("/staff/messages").text();
    let rest =
        list.split(&format!("href=\"{work}\"")).nth(1).unwrap_or_else(|| panic!("no {work} in {list}"));
    rest.split("</tr>").next().unwrap_or_default().to_owned()
}

/// Writes a message and stops before it is sent.
fn compose(browser: &mut Browser, to: &str, subject: &str, text: &str) -> String {
    compose_for(browser, "", (to, subject, text))
}

/// The same for whoever is acted for under that address.
fn compose_for(browser: &mut Browser, whose: &str, (to, subject, text): (&str, &str, &str)) -> String {
    let new = format!("{whose}/messages/new");
    let whom = browser.post(&new, &new, &[("to", to), ("once", "whom")]);
    let write = location(&whom);
    let fields = [("subject", subject), ("text", text), ("once", "write")];
    location(&browser.post(&write, &write, &fields))
}

#[test]
fn a_referral_is_talked_about_by_patient_surgery_and_hospital_and_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let (mut patient, id) = first_patient(&bevan);
    refer(&bevan, &id);
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    let mut ward = Browser::signed_in(&bevan, "ward-manager");
    let mut other = Browser::signed_in_at(&bevan, "patient", 2);

    // When the patient writes, and presses twice.
    let check = compose(&mut patient, "the-referral", "My knee <b>", "How long is the wait?");
    let page = patient.get(&check).text();
    assert!(page.contains("How long is the wait?") && !page.contains("<b>"), "{page}");
    let sent = location(&patient.post(&check, &check, &[("once", "send-1")]));
    let again = location(&patient.post("/messages", &check, &[("once", "send-1")]));
    assert_eq!(sent, again);
    let thread = sent.strip_suffix("/sent").unwrap().to_owned();
    let key = thread.strip_prefix("/messages/").unwrap().to_owned();
    let confirmation = patient.get(&sent).text();
    assert!(confirmation.contains("Message sent") && confirmation.contains("The knee hospital"));
    let waiting =
        get(&mut bevan.system(), "Communication?status=in-progress&based-on=ServiceRequest/the-referral");
    assert_eq!(waiting.items("entry").len(), 1, "one message, however often the form was sent");

    // Then surgery and hospital see it wait, and another patient does not know of it.
    let work = format!("/staff/messages/{key}");
    for staff in [&mut surgery, &mut ward] {
        assert!(row(staff, &work).contains("answer by"), "it waits");
        assert!(staff.get(&work).text().contains("How long is the wait?"));
    }
    for path in [thread.clone(), format!("{thread}/check"), format!("{thread}/letter"), sent.clone()] {
        assert_eq!(other.get(&path).status, 404, "{path}");
    }
    let foreign = other.post("/messages/new", &thread, &[("text", "Hello"), ("once", "x-1")]);
    assert_eq!(foreign.status, 404);
    assert_eq!(other.post("/messages/new", &format!("{thread}/check"), &[("once", "x-2")]).status, 404);

    // When the hospital answers, the patient and the surgery read it, and nothing waits any more.
    let said = [("text", "About ten weeks."), ("once", "answer-1")];
    location(&ward.post(&work, &work, &said));
    let home = patient.get("/home").text();
    assert!(home.contains("1 unread") || home.contains("1 new"), "{home}");
    assert!(patient.get("/messages").text().contains("You have 1 new message."));
    assert!(patient.get(&thread).text().contains("About ten weeks."));
    assert!(patient.get("/messages").text().contains("You have no new messages."), "it was opened");
    assert!(surgery.get(&work).text().contains("About ten weeks."));
    assert!(!row(&mut surgery, &work).contains("answer by"), "nothing waits");

    // When both have closed it, the patient is asked to begin another.
    for (staff, once) in [(&mut surgery, "close-1"), (&mut ward, "close-2")] {
        assert!(patient.get(&thread).text().contains("Your reply"), "open as long as one has not closed it");
        assert_eq!(
            location(&staff.post(&work, &format!("{work}/close"), &[("once", once)])),
            "/staff/messages"
        );
    }
    let closed = patient.get(&thread).text();
    assert!(
        closed.contains("closed this conversation on") && !closed.contains("Your reply goes to"),
        "{closed}"
    );
    let late = patient.post("/messages/new", &thread, &[("text", "One more thing"), ("once", "late-1")]);
    location(&late);
    let refused = patient.post("/messages/new", &format!("{thread}/check"), &[("once", "late-2")]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("This conversation is closed"));
    // And when the hospital says something more, it is open again.
    location(&ward.post(&work, &work, &[("text", "One place is free next week."), ("once", "answer-2")]));
    assert!(patient.get(&thread).text().contains("Your reply goes to"));
}

#[test]
fn what_sounds_like_an_emergency_is_pointed_to_999_and_can_still_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let (mut patient, _) = first_patient(&bevan);
    let check = compose(&mut patient, "surgery", "Chest", "I have chest pain since this morning");
    let page = patient.get(&check).text();
    assert!(page.contains("tel:999") && page.contains("Your message has not been sent"), "{page}");
    // Without having read it, nothing is sent.
    assert_eq!(location(&patient.post(&check, &check, &[("once", "a-1")])), check);
    let sent = location(&patient.post(&check, &check, &[("once", "a-2"), ("sure", "yes")]));
    assert!(patient.get(&sent).text().contains("Message sent"));
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    let list = surgery.get("/staff/messages").text();
    assert!(list.contains("May be urgent: read now"), "{list}");
    // What is missing is named.
    let whom = patient.post("/messages/new", "/messages/new", &[("once", "b-1")]);
    assert_eq!(whom.status, 422);
    assert!(whom.text().contains("Select who your message is for"));
}

#[test]
fn whoever_acts_for_a_patient_writes_in_their_own_name_and_opens_nothing_in_the_patients_place() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let mut carer = Browser::signed_in(&bevan, "carer");
    let relationship = after(&carer.get("/family").text(), "href=\"/as/");
    let relationship = relationship.split('/').next().unwrap();
    let whose = format!("/as/{relationship}");
    // Given a child whose surgery has written to them.
    let related = get(&mut bevan.system(), &format!("RelatedPerson/{relationship}"));
    let child =
        related.text_at(&["patient", "reference"]).unwrap().strip_prefix("Patient/").unwrap().to_owned();
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    let write = format!("/staff/patients/{child}/message");
    let fields =
        [("to", "patient"), ("subject", "School jabs"), ("text", "They are due in May."), ("once", "w-1")];
    let place = location(&surgery.post(&write, &write, &fields));
    let key = place.strip_prefix("/staff/messages/").unwrap().to_owned();
    // When the parent reads it, it is new to them no more, and still new to the child.
    let inbox = carer.get(&format!("{whose}/messages")).text();
    assert!(inbox.contains("School jabs") && inbox.contains("You are acting for"), "{inbox}");
    assert!(carer.get(&format!("{whose}/messages/{key}")).text().contains("They are due in May."));
    let one = get(&mut bevan.system(), &format!("Communication/{key}"));
    assert!(one.get("received").is_none(), "it still goes on to email, text message and letter");
    assert_eq!(carer.get(&format!("/messages/{key}")).status, 404, "it is not in their own record");
    // And what the parent writes carries the parent's name.
    let check = compose_for(&mut carer, &whose, ("surgery", "School jabs", "May is fine."));
    let sent = location(&carer.post(&check, &check, &[("once", "send-1")]));
    assert!(sent.starts_with(&whose), "{sent}");
    let told = sent.strip_prefix(&format!("{whose}/messages/")).unwrap().strip_suffix("/sent").unwrap();
    let said = get(&mut bevan.system(), &format!("Communication/{told}"));
    let hand =
        said.items("extension").iter().find_map(|one| one.text_at(&["valueString"]).map(str::to_owned));
    let name = hand.expect("who wrote");
    assert!(surgery.get(&format!("/staff/messages/{told}")).text().contains(&name), "{name}");
}

/// The files of a kind in the outbox.
fn outbox(folder: &Path, kind: &str) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder.join("outbox").join(kind)) else { return Vec::new() };
    let whole = files.filter_map(Result::ok).filter(|one| !one.path().ends_with("unfinished"));
    whole.map(|one| std::fs::read_to_string(one.path()).unwrap_or_default()).collect()
}

#[test]
fn what_is_not_opened_goes_out_by_email_text_message_and_letter_also_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let hurried =
        [("BEVAN_MESSAGES_UNREAD_S", "0"), ("BEVAN_MESSAGES_NOTICED_S", "0"), ("BEVAN_MESSAGES_LOOK_S", "1")];
    let quiet = ("BEVAN_MESSAGES_UNREAD_S", "86400");
    let bevan = Bevan::start_with(folder.path(), &["--demo"], &[quiet]);
    let (_, id) = first_patient(&bevan);
    let mut client = bevan.system();
    let mut person = get(&mut client, &format!("Patient/{id}"));
    let reach = r#"{"telecom":[{"system":"email","value":"one@example.org"},{"system":"phone","value":"07700 900111","use":"mobile"}],
        "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference","extension":[{"url":"PreferredWrittenCommunicationFormat",
        "valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat","code":"11"}]}}]}]}"#;
    let reach = document(reach.as_bytes());
    for name in ["telecom", "extension"] {
        person.as_object_mut().unwrap().insert(name, reach.get(name).unwrap().clone());
    }
    put(&mut client, &format!("Patient/{id}"), &to_string(&person));
    refer(&bevan, &id);
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    let write = format!("/staff/patients/{id}/message");
    let fields =
        [("to", "patient"), ("subject", "Your blood test"), ("text", "Your sugar is high."), ("once", "w-1")];
    let place = location(&surgery.post(&write, &write, &fields));
    // Given that nothing has gone out yet, when the house is killed and comes back with no patience left.
    bevan.kill();
    assert!(outbox(folder.path(), "sms").is_empty());
    let bevan = Bevan::start_with(folder.path(), &["--demo"], &hurried);
    let of = |kind: &str, mark: &str| {
        outbox(folder.path(), kind).into_iter().filter(|one| one.contains(mark)).collect::<Vec<_>>()
    };
    until("the letter lies in the outbox", 60, || !of("letters", "Your sugar is high.").is_empty());
    // Then the email and the text message came before it, said nothing of it, and each lies there once.
    for (kind, address) in [("email", "one@example.org"), ("sms", "07700 900111")] {
        let files = of(kind, address);
        assert_eq!(files.len(), 1, "{kind}: {files:?}");
        assert!(
            !files[0].contains("sugar") && !files[0].contains("blood") && files[0].contains("/messages"),
            "{files:?}"
        );
    }
    let letters = of("letters", "Your sugar is high.");
    assert!(letters.len() == 1 && letters[0].contains("class=\"large\""), "in large print: {letters:?}");
    // And staff see what was tried.
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    until("the letter is noted", 60, || {
        let page = surgery.get(&place).text();
        page.contains("Email sent") && page.contains("Text message sent") && page.contains("Letter sent")
    });
    let message = place.strip_prefix("/staff/messages/").unwrap();
    until("nothing more is due", 60, || {
        let one = get(&mut bevan.system(), &format!("Communication/{message}"));
        one.at(&["meta"]).is_none_or(|meta| meta.items("tag").is_empty())
    });
}
