//! A parent acts for a child over real HTTP: what they may see follows the child's date of birth at each request, the review
//! that a clinician recorded, the age that the surgery has chosen, and what was approved. The clock is the machine's, so it is
//! the date of birth that moves; midnight itself is a matter of the rules' own tables.

use crate::browser::Browser;
use crate::document::read;
use crate::support::http::Client;
use crate::support::process::Bevan;
use fhir::json::{Value, to_string};
use jiff::civil::Date;
use jiff::{Span, Zoned};

const NUMBER: &str = "9990000018";
const CHILD: &str = "child-of-the-journey";

/// A house with a parent, their surgery, and the child's record in it.
struct Family {
    bevan: Bevan,
    parent: Browser,
    surgery: Browser,
    /// Reference to the surgery, as the Patient names it.
    practice: Value,
    _folder: tempfile::TempDir,
}

fn put(client: &mut Client, path: &str, text: &str) {
    let answer = client.put_fhir(&format!("/fhir/{path}"), text.as_bytes()).expect("an answer");
    assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.text());
}

/// The day on which somebody was born who comes of an age in so many days; negative is days ago.
fn born(age: i16, in_days: i64) -> Date {
    let today = Zoned::now().with_time_zone(fhir::time::default_zone().clone()).date();
    let birthday = today.checked_add(Span::new().days(in_days)).expect("a day");
    birthday.checked_sub(Span::new().years(age)).expect("a day")
}

impl Family {
    fn given() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bevan = Bevan::start(folder.path());
        let me = bevan.client().bearer("demo-patient").get("/fhir/Patient").expect("an answer");
        let me = read(&me.body);
        let me =
            me.items("entry").first().and_then(|entry| entry.get("resource")).expect("a patient").clone();
        let practice = me.get("generalPractitioner").expect("a surgery").clone();
        let (parent, surgery) =
            (Browser::signed_in(&bevan, "patient"), Browser::signed_in(&bevan, "surgery"));
        let family = Self { bevan, parent, surgery, practice, _folder: folder };
        family.birthday(born(8, 0));
        for (id, meta) in [
            ("plain", ""),
            (
                "private",
                r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"SEX"}]},"#,
            ),
        ] {
            let text = format!(
                r#"{{"resourceType":"Condition","id":"{id}-of-the-journey",{meta}"subject":{{"reference":"Patient/{CHILD}"}},
                "code":{{"text":"A {id} condition"}},"clinicalStatus":{{"coding":[{{
                "system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}}]}}}}"#
            );
            put(&mut family.bevan.system(), &format!("Condition/{id}-of-the-journey"), &text);
        }
        family
    }

    /// The record says that the child was born on that day.
    fn birthday(&self, day: Date) {
        let practice = to_string(&self.practice);
        let text = format!(
            r#"{{"resourceType":"Patient","id":"{CHILD}","birthDate":"{day}","generalPractitioner":{practice},
            "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{NUMBER}"}}],
            "name":[{{"family":"Journey","given":["Child"]}}]}}"#
        );
        put(&mut self.bevan.system(), &format!("Patient/{CHILD}"), &text);
    }

    /// The age from which the surgery suspends a parent's access.
    fn suspends_from(&self, age: Option<u8>) {
        let reference = self.practice.as_array().and_then(|all| all.first()?.text_at(&["reference"]));
        let path = reference.expect("a reference to the surgery").to_owned();
        let mut client = self.bevan.system();
        let mut surgery = read(&client.get(&format!("/fhir/{path}")).expect("an answer").body);
        let members = surgery.as_object_mut().expect("an organisation");
        members.remove("extension");
        if let Some(age) = age {
            let url = "https://bevan.example/StructureDefinition/family-access-suspended-from";
            let text = format!(r#"[{{"url":"{url}","valueInteger":{age}}}]"#);
            members.insert("extension", read(text.as_bytes()));
        }
        put(&mut client, &path, &to_string(&surgery));
    }

    /// What the parent gets from a page of the child's.
    fn asks(&mut self, relationship: &str, path: &str) -> (u16, String) {
        let answer = self.parent.get(&format!("/as/{relationship}{path}"));
        (answer.status, answer.text())
    }

    fn list(&mut self) -> String {
        self.parent.get("/family").text()
    }

    /// The parent applies, and the surgery approves it for some parts.
    fn relationship(&mut self, once: &str, parts: &[&str]) -> String {
        let day = born(8, 0);
        let (d, m, y) = (day.day().to_string(), day.month().to_string(), day.year().to_string());
        let who = [("name", "My child"), ("number", NUMBER), ("day", &d), ("month", &m), ("year", &y)];
        let sent = self.parent.post("/family/apply", "/family/apply", &who);
        assert_eq!(sent.header("location"), Some("/family/apply/right"), "{}", sent.text());
        let right = [("kin", "parent"), ("basis", "parental-responsibility")];
        self.parent.post("/family/apply/right", "/family/apply/right", &right);
        self.parent.post(
            "/family/apply/access",
            "/family/apply/access",
            &[("access", "record"), ("access", "results")],
        );
        let sent = self.parent.post("/family/apply/check", "/family/apply/check", &[("once", once)]);
        assert_eq!(sent.header("location"), Some("/family/apply/done"), "{}", sent.text());
        let found = self.bevan.system().get(&format!("/fhir/Consent?patient={CHILD}&status=proposed"));
        let found = read(&found.expect("an answer").body);
        let id =
            found.items("entry").first().and_then(|one| one.text_at(&["resource", "id"])).expect("a consent");
        assert_eq!(self.asks(id, "/home").0, 404, "not before the surgery says so");
        let mut fields = vec![("once", once)];
        fields.extend(parts.iter().map(|part| ("access", *part)));
        let place = format!("/staff/family/{id}");
        assert!(self.surgery.get("/staff/family").text().contains("JOURNEY, Child"));
        let sent = self.surgery.post(&place, &format!("{place}/approve"), &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        id.to_owned()
    }

    /// A clinician of the surgery talks with the young person.
    fn reviewed(&mut self, relationship: &str, (competent, agrees): (&str, &str)) -> u16 {
        let place = format!("/staff/family/{relationship}");
        let once = format!("review-{competent}-{agrees}");
        let fields = [("once", once.as_str()), ("competent", competent), ("agrees", agrees)];
        self.surgery.post(&place, &format!("{place}/review"), &fields).status
    }
}

#[test]
fn a_parent_s_access_follows_the_date_of_birth_at_every_request() {
    let mut family = Family::given();
    let id = family.relationship("first", &["record"]);

    // What was approved is open, what was not is not, and what is labelled as sensitive is as if it were not there.
    let (status, page) = family.asks(&id, "/record/conditions");
    assert_eq!(status, 200);
    assert!(page.contains("A plain condition") && !page.contains("A private condition"), "{page}");
    assert!(page.contains("acting for Child Journey") || page.contains("acting for <"), "{page}");
    assert_eq!(family.asks(&id, "/record/conditions/private-of-the-journey").0, 404);
    let (_, results) = family.asks(&id, "/results");
    assert!(results.contains("You do not currently have access to this section"), "{results}");

    // From eleven on a review is due, and nothing is closed yet.
    for (age, in_days, status, word) in [
        (11, 2, 200, "Active"),
        (11, -2, 200, "Review due"),
        (13, 2, 200, "Review due"),
        (13, -2, 404, "Suspended"),
        (12, -2, 200, "Review due"),
    ] {
        family.birthday(born(age, in_days));
        assert_eq!(family.asks(&id, "/record/conditions").0, status, "{age} in {in_days} days");
        assert!(family.list().contains(word), "{age} in {in_days} days: {word}");
        let waits = family.surgery.get("/staff/family").text().contains("JOURNEY, Child");
        assert_eq!(waits, word != "Active", "the surgery's list at {age} in {in_days} days");
    }
    // A surgery may suspend earlier, and never later.
    family.suspends_from(Some(12));
    assert_eq!(family.asks(&id, "/record/conditions").0, 404, "twelve, where the surgery says twelve");
    family.suspends_from(Some(15));
    family.birthday(born(13, -2));
    assert_eq!(family.asks(&id, "/record/conditions").0, 404, "thirteen is the latest");
    family.suspends_from(None);

    // A review before eleven is none; after it the access goes on to sixteen, and no further.
    family.birthday(born(10, -2));
    assert_eq!(family.reviewed(&id, ("yes", "yes")), 422);
    family.birthday(born(13, -2));
    assert_eq!(family.reviewed(&id, ("no", "yes")), 303);
    for (age, in_days, status) in [(13, -2, 200), (16, 2, 200), (16, -2, 404), (15, -2, 200)] {
        family.birthday(born(age, in_days));
        assert_eq!(family.asks(&id, "/record/conditions").0, status, "reviewed, {age} in {in_days} days");
    }
    let (_, page) = family.asks(&id, "/record/conditions");
    assert!(!page.contains("A private condition"), "fifteen is under sixteen");

    // A competent young person who does not want it ends it, for good.
    assert_eq!(family.reviewed(&id, ("yes", "no")), 303);
    assert_eq!(family.asks(&id, "/record/conditions").0, 404);
    family.birthday(born(8, 0));
    assert_eq!(family.asks(&id, "/record/conditions").0, 404, "what is over stays over");
    assert!(!family.list().contains("Child Journey"));

    // Everything that was done is in the log as done by somebody who acts for another.
    let log = family.bevan.system().get(&format!("/fhir/AuditEvent?patient={CHILD}&_count=200"));
    assert!(log.expect("an answer").text().contains("carer"));
}

#[test]
fn a_date_of_birth_that_is_not_whole_opens_what_its_strictest_day_opens() {
    let mut family = Family::given();
    let id = family.relationship("only", &["record", "results"]);
    let (_, results) = family.asks(&id, "/results");
    assert!(!results.contains("You do not currently have access to this section"), "{results}");
    let year = born(8, 0).year();
    let practice = to_string(&family.practice);
    for (birth, status) in [
        (format!(r#""birthDate":"{year}","#), 200),
        // Somebody born in that year may be thirteen already.
        (format!(r#""birthDate":"{}","#, year - 5), 404),
        (String::new(), 404),
    ] {
        let text = format!(
            r#"{{"resourceType":"Patient","id":"{CHILD}",{birth}"generalPractitioner":{practice},
            "name":[{{"family":"Journey","given":["Child"]}}]}}"#
        );
        put(&mut family.bevan.system(), &format!("Patient/{CHILD}"), &text);
        assert_eq!(family.asks(&id, "/record/conditions").0, status, "{birth}");
    }
}
