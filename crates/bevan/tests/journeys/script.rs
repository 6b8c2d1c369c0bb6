//! Script in names, narrative and texts: it is text in our pages, never markup.

use crate::browser::Browser;
use crate::document::read;
use crate::house::{House, running};
use crate::support::mllp::{Sender, code};

const SCRIPT: &str = "<script>alert(1)</script>";
const BREAKOUT: &str = "\"><img src=x onerror=alert(2)>";

fn is_text(page: &str, path: &str) {
    for planted in ["<script>alert", "<img src=x", "onerror=alert(2)>"] {
        assert!(!page.contains(planted), "{path} holds {planted} as markup");
    }
}

/// Facility, ward, bay and bed of the demo ward manager's trust, as its messages would name them.
pub fn a_bed(house: &House) -> (String, String) {
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let page = manager.get("/staff/wards").text();
    let ward =
        page.split("href=\"/staff/wards/").nth(1).and_then(|rest| rest.split('"').next()).expect("a ward");
    let location = read(&house.bevan.system().get(&format!("/fhir/Location/{ward}")).unwrap().body);
    let organisation = location.text_at(&["managingOrganization", "reference"]).expect("a trust").to_owned();
    let trust = read(&house.bevan.system().get(&format!("/fhir/{organisation}")).unwrap().body);
    let ods = trust.text_at(&["identifier", "value"]).expect("an ODS code").to_owned();
    let code = location.text_at(&["identifier", "value"]).expect("a ward code").to_owned();
    (ods, code.rsplit('|').next().unwrap_or_default().to_owned())
}

#[test]
fn script_in_narrative_and_names_is_never_executed_in_our_pages() {
    let house = running();
    let (facility, ward) = a_bed(&house);
    let message = format!(
        "MSH|^~\\&|PAS|{facility}|BEVAN|BEVAN|20261101090000||ADT^A01|X1|P|2.4\rEVN||20261101090000\r\
         PID|1||X1^^^{facility}||{SCRIPT}^{BREAKOUT}||19700101|F|||{SCRIPT}^^{BREAKOUT}\r\
         PV1|1|I|{ward}^{SCRIPT}^{BREAKOUT}|||||||||||||||||X1|||||||||||||||||||||||||20261101090000\r\
         PV2|||{SCRIPT}^{SCRIPT}\r"
    );
    let answer = Sender::connect(house.bevan.mllp).unwrap().send(message.as_bytes()).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("AA"));
    house.settled();
    assert_eq!(house.metric("bevan_inbox_applied"), 1);
    let found = read(&house.bevan.system().get("/fhir/Patient?family:contains=script").unwrap().body);
    let patient = found.text_at(&["entry", "resource", "id"]).expect("the patient").to_owned();
    let quoted = SCRIPT.replace('"', "\\\"") + &BREAKOUT.replace('"', "\\\"");
    let subject = format!(r#""subject":{{"reference":"Patient/{patient}"}}"#);
    for (kind, body) in [
        (
            "Condition",
            format!(
                r#"{{"resourceType":"Condition",{subject},"code":{{"text":"{quoted}"}},"note":[{{"text":"{quoted}"}}]}}"#
            ),
        ),
        (
            "AllergyIntolerance",
            format!(
                r#"{{"resourceType":"AllergyIntolerance","patient":{{"reference":"Patient/{patient}"}},"code":{{"text":"{quoted}"}},"reaction":[{{"manifestation":[{{"text":"{quoted}"}}]}}]}}"#
            ),
        ),
        (
            "MedicationRequest",
            format!(
                r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order",{subject},"medicationCodeableConcept":{{"text":"{quoted}"}},"dosageInstruction":[{{"text":"{quoted}"}}]}}"#
            ),
        ),
        (
            "Observation",
            format!(
                r#"{{"resourceType":"Observation","status":"final",{subject},"code":{{"text":"{quoted}"}},"valueString":"{quoted}","effectiveDateTime":"2026-11-01T09:00:00Z"}}"#
            ),
        ),
        (
            "DiagnosticReport",
            format!(
                r#"{{"resourceType":"DiagnosticReport","status":"final",{subject},"code":{{"text":"{quoted}"}},"conclusion":"{quoted}","effectiveDateTime":"2026-11-01T09:00:00Z"}}"#
            ),
        ),
        (
            "Encounter",
            format!(
                r#"{{"resourceType":"Encounter","status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"{quoted}"}},{subject},"reasonCode":[{{"text":"{quoted}"}}]}}"#
            ),
        ),
    ] {
        let answer = house.bevan.system().post_fhir(&format!("/fhir/{kind}"), body.as_bytes()).unwrap();
        assert_eq!(answer.status, 201, "{kind}: {}", answer.text());
    }
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let wards = manager.get("/staff/wards").text();
    let mut pages: Vec<String> = wards
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.starts_with("/staff/wards/"))
        .map(str::to_owned)
        .collect();
    pages.extend(
        ["", "/problems", "/medicines", "/allergies", "/results", "/observations", "/encounters"]
            .map(|tab| format!("/staff/patients/{patient}{tab}")),
    );
    let mut escaped = Vec::new();
    for path in &pages {
        let answer = manager.get(path);
        assert_eq!(answer.status, 200, "{path}");
        let page = answer.text();
        is_text(&page, path);
        assert!(
            answer
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("script-src 'self'") && !policy.contains("unsafe"))
        );
        if page.contains("&lt;script&gt;") {
            escaped.push(path.clone());
        }
    }
    for tab in ["", "/problems", "/medicines", "/allergies", "/results", "/observations", "/encounters"] {
        let path = format!("/staff/patients/{patient}{tab}");
        assert!(escaped.contains(&path), "{path} does not show the text, so this test proves nothing there");
    }
    assert!(escaped.iter().any(|path| path.starts_with("/staff/wards/")), "no board shows the name");
}

/// Decision: a narrative is kept as it was given, because a record must give back what it took. No page of ours shows a
/// narrative, and FHIR answers say that they are data: a browser neither runs nor guesses them.
#[test]
fn a_narrative_with_script_is_data_and_never_a_page() {
    let house = running();
    let html = "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\" onclick=\\\"alert(1)\\\"><script>alert(1)</script></div>";
    let body =
        format!(r#"{{"resourceType":"Patient","id":"n","text":{{"status":"generated","div":"{html}"}}}}"#);
    assert_eq!(house.bevan.system().put_fhir("/fhir/Patient/n", body.as_bytes()).unwrap().status, 201);
    for accept in ["application/fhir+json", "text/html,application/xhtml+xml,*/*;q=0.8"] {
        for path in ["/fhir/Patient/n", "/fhir/Patient?_id=n", "/fhir/Patient/n/_history"] {
            let answer = house.bevan.system().send("GET", path, &[("Accept", accept)], b"").unwrap();
            assert_eq!(answer.status, 200, "{path}");
            let content_type = answer.header("content-type").unwrap_or_default();
            assert!(content_type.starts_with("application/fhir+json"), "{path}: {content_type}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        }
    }
    let kept = read(&house.bevan.system().get("/fhir/Patient/n").unwrap().body);
    assert!(kept.text_at(&["text", "div"]).is_some_and(|div| div.contains("<script>alert(1)</script>")));
    assert!(crate::document::content(&kept) == crate::document::content(&read(body.as_bytes())));
}

#[test]
fn a_wrong_check_digit_gets_a_message_on_the_search_page() {
    let house = running();
    for role in ["ward-manager", "receptionist"] {
        let mut reader = Browser::signed_in(&house.bevan, role);
        for number in ["999 007 9195", "9000000042", "1234567890"] {
            let answer = reader.post("/staff/patients", "/staff/patients", &[("q", number)]);
            assert_eq!(answer.status, 303);
            let page = reader.get("/staff/patients");
            assert_eq!(page.status, 422, "{number}");
            assert!(
                page.text().contains("its last digit does not fit the others"),
                "{number}: {}",
                page.text()
            );
        }
        reader.post("/staff/patients", "/staff/patients", &[("q", "<script>alert(1)</script>' OR '1'='1")]);
        let page = reader.get("/staff/patients");
        assert!(page.status < 500);
        is_text(&page.text(), "the search page");
    }
}
