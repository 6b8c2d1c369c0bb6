//! People who act for others, as the documents of `docs/family.md` say it, written by hand; and what a practice has that can be
//! booked and ordered. Only the people's door has pages for them, so they stand in its worlds alone.
//!
//! Hal acts for Eve (eight). For Fay (thirteen, nobody asked her yet) the access is suspended, for Gus (sixteen) it is over, for
//! Dee it was ended, and Ben hides his record. Ben acts for Dee, which is none of Hal's business. Dee asks to act for Eve.

use super::expect::{Class, Owner};
use super::records::{HOSPITAL_B, PRACTICE, Record, about, canary, id, patient, person};
use super::world::merge;
use serde_json::{Value, json};

/// Hal's relationship with Eve, which opens.
pub const OPEN: u32 = 941;
/// With Fay, which is suspended until she was asked.
pub const SUSPENDED: u32 = 942;
/// With Gus, which is over by his age.
pub const OVER: u32 = 943;
/// With Dee, which was ended.
pub const ENDED: u32 = 944;
/// With Ben, who hides his record.
pub const HIDDEN: u32 = 945;
/// Ben's with Dee.
pub const ANOTHERS: u32 = 946;
/// Dee's with Eve, which waits for the practice.
pub const WAITING: u32 = 947;

/// A repeat of Ann's that can be ordered.
pub const REPEAT: u32 = 961;
/// What Ann asked for already, and the number of that request; the same of Cas.
pub const ASKED: [(u32, &str, Owner); 2] =
    [(962, "request-of-ann", Owner::Ann), (963, "request-of-cas", Owner::Cas)];

/// What the children's records hold.
const OF_EVE: &[(&str, Class, u32)] = &[
    ("ImagingStudy", Class::Clinical, 909),
    ("Communication", Class::Clinical, 910),
    ("Encounter", Class::Administrative, 911),
    ("Appointment", Class::Administrative, 912),
    ("Condition", Class::Clinical, 913),
    ("MedicationRequest", Class::Clinical, 914),
    ("AllergyIntolerance", Class::Clinical, 915),
    ("Immunization", Class::Clinical, 916),
    ("DocumentReference", Class::Clinical, 917),
    ("DiagnosticReport", Class::Clinical, 918),
    ("Observation", Class::Clinical, 919),
];

/// What the numbers of Eve's things are more under her earlier number.
const EARLIER: u32 = 60;

/// Everybody and what is theirs.
pub fn records() -> Vec<Record> {
    let mut all = Vec::new();
    let born = [
        (Owner::Eve, "2018-05-20"),
        (Owner::Fay, "2013-05-20"),
        (Owner::Gus, "2010-05-20"),
        (Owner::Hal, "1985-05-20"),
        (Owner::EveBefore, "2018-05-20"),
    ];
    for (owner, day) in born {
        let mut json = person(owner as u32 + 1);
        let owners = merge(&mut json, owner, (Owner::Eve, Owner::EveBefore));
        json["birthDate"] = json!(day);
        json["generalPractitioner"] =
            json!([{"identifier": {"system": fhir::systems::ODS, "value": PRACTICE}}]);
        let patient = record(("Patient", Class::Administrative, owner as u32 + 1), owner, json);
        all.push(Record { owners, ..patient });
    }
    let whose = |owner: Owner| (patient(owner), HOSPITAL_B);
    for (owner, more) in [(Owner::Eve, 0), (Owner::EveBefore, EARLIER)] {
        let (subject, of) = whose(owner);
        for (type_, class, number) in OF_EVE.iter().map(|one| (one.0, one.1, one.2 + more)) {
            let mut json = about(type_, number, (&subject, of));
            if type_ == "DiagnosticReport" {
                json["result"] = json!([{"reference": format!("Observation/{}", id(919 + more))}]);
            }
            all.push(record((type_, class, number), owner, json));
        }
        let mut sealed = about("Condition", 920 + more, (&subject, of));
        sealed["meta"]["security"] = json!([
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": super::expect::LABEL}]);
        let mut sealed = record(("Condition", Class::Clinical, 920 + more), owner, sealed);
        sealed.sealed = true;
        all.push(sealed);
    }
    for (owner, number) in [(Owner::Fay, 921), (Owner::Gus, 931)] {
        let (subject, of) = whose(owner);
        all.push(record(
            ("Condition", Class::Clinical, number),
            owner,
            about("Condition", number, (&subject, of)),
        ));
    }
    all.extend(orders());
    all
}

fn record((type_, class, number): (&'static str, Class, u32), owner: Owner, json: Value) -> Record {
    Record {
        number,
        type_,
        class,
        owners: vec![owner],
        versions: vec![json],
        deleted: false,
        buried: None,
        sealed: false,
    }
}

/// A repeat, and two requests that wait for a practice.
fn orders() -> Vec<Record> {
    let order = |number: u32, owner: Owner, intent: &str| {
        let mut json = about("MedicationRequest", number, (&patient(owner), HOSPITAL_B));
        json["intent"] = json!(intent);
        json["authoredOn"] = json!("2026-01-05");
        json["courseOfTherapyType"] = json!({"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy",
            "code": "continuous"}]});
        json["dispenseRequest"] =
            json!({"numberOfRepeatsAllowed": 6, "quantity": {"value": 28, "unit": "tablet"}});
        (json, number, owner)
    };
    let class = |(json, number, owner): (Value, u32, Owner)| {
        record(("MedicationRequest", Class::Clinical, number), owner, json)
    };
    let mut all = vec![class(order(REPEAT, Owner::Ann, "plan"))];
    for (number, request, owner) in ASKED {
        let (mut json, number, owner) = order(number, owner, "proposal");
        let named = json!({"system": "https://bevan.example/id/prescription-request", "value": request});
        json["identifier"] = json!([named]);
        json["groupIdentifier"] = named;
        json["authoredOn"] = json!("2026-11-21T09:00:00Z");
        all.push(class((json, number, owner)));
    }
    all
}

/// Relationships, which hold no canary, and what belongs to nobody.
pub fn documents() -> Vec<Value> {
    let mut all = Vec::new();
    for bond in [
        Bond::new(OPEN, Owner::Eve, "parental-responsibility"),
        Bond::new(SUSPENDED, Owner::Fay, "parental-responsibility"),
        Bond::new(OVER, Owner::Gus, "parental-responsibility"),
        Bond { status: "inactive", ended: true, ..Bond::new(ENDED, Owner::Dee, "agreement") },
        Bond { hidden: true, ..Bond::new(HIDDEN, Owner::Ben, "agreement") },
        Bond { carer: Owner::Ben, ..Bond::new(ANOTHERS, Owner::Dee, "agreement") },
        Bond {
            carer: Owner::Dee,
            status: "proposed",
            ..Bond::new(WAITING, Owner::Eve, "parental-responsibility")
        },
    ] {
        all.extend(bond.documents());
    }
    all.extend(diary());
    all
}

/// A relationship.
struct Bond {
    number: u32,
    of: Owner,
    carer: Owner,
    basis: &'static str,
    status: &'static str,
    ended: bool,
    hidden: bool,
}

impl Bond {
    fn new(number: u32, of: Owner, basis: &'static str) -> Self {
        Self { number, of, carer: Owner::Hal, basis, status: "active", ended: false, hidden: false }
    }

    fn documents(&self) -> [Value; 2] {
        const OURS: &str = "https://bevan.example";
        let (id, of) = (id(self.number), json!({"reference": format!("Patient/{}", patient(self.of))}));
        let kin = if self.basis == "agreement" { "friend" } else { "parent" };
        let person = json!({"resourceType": "RelatedPerson", "id": id, "active": self.status == "active", "patient": of,
            "identifier": [{"system": format!("{OURS}/id/carer"), "value": patient(self.carer)}],
            "relationship": [{"coding": [{"system": format!("{OURS}/CodeSystem/family-kin"), "code": kin}]}],
            "name": [{"text": "Somebody who helps"}]});
        let class =
            |code: &str| json!({"system": format!("{OURS}/CodeSystem/family-category"), "code": code});
        let classes = ["appointments", "medicines", "record"].map(class);
        let mut consent = json!({"resourceType": "Consent", "id": id, "status": self.status, "patient": of,
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": format!("{OURS}/CodeSystem/family"), "code": "family-access"}]}],
            "dateTime": "2026-10-01T10:00:00Z",
            "policyRule": {"coding": [{"system": format!("{OURS}/CodeSystem/family-basis"), "code": self.basis}]},
            "performer": [{"reference": format!("RelatedPerson/{id}")}],
            "provision": {"type": "permit", "class": classes}});
        if self.status != "proposed" {
            consent["verification"] = json!([{"verified": true, "verificationDate": "2026-10-05T10:00:00Z"}]);
        }
        let mut extensions = Vec::new();
        if self.ended {
            extensions.push(json!({"url": format!("{OURS}/StructureDefinition/ended-at"), "valueDateTime": "2026-11-01T10:00:00Z"}));
            extensions
                .push(json!({"url": format!("{OURS}/StructureDefinition/ended-by"), "valueCode": "surgery"}));
        }
        if self.hidden {
            extensions.push(json!({"url": format!("{OURS}/StructureDefinition/hidden-since"), "valueDateTime": "2026-11-01T10:00:00Z"}));
        }
        if !extensions.is_empty() {
            consent["extension"] = json!(extensions);
        }
        [person, consent]
    }
}

/// The practice, its service, a diary and three free times.
fn diary() -> Vec<Value> {
    let practice = fhir::identity::organization(PRACTICE).to_string();
    let channel = json!([{"url": fhir::systems::DELIVERY_CHANNEL, "valueCodeableConcept": {"coding": [
        {"system": fhir::systems::DELIVERY_CHANNEL_CODE, "code": "In-person"}]}}]);
    let slot = |number: u32, hour: u32| {
        json!({"resourceType": "Slot", "id": format!("free-{number}"), "extension": channel, "status": "free",
            "schedule": {"reference": "Schedule/diary-of-the-practice"},
            "start": format!("2026-11-24T{hour:02}:00:00Z"), "end": format!("2026-11-24T{hour:02}:10:00Z")})
    };
    vec![
        json!({"resourceType": "Organization", "id": practice, "name": "Practice of the matrix",
            "identifier": [{"system": fhir::systems::ODS, "value": PRACTICE}],
            "telecom": [{"system": "phone", "value": "0300 000 0001"}]}),
        json!({"resourceType": "HealthcareService", "id": "service-of-the-practice", "active": true,
            "name": "GP appointments", "providedBy": {"reference": format!("Organization/{practice}")}}),
        json!({"resourceType": "Schedule", "id": "diary-of-the-practice", "active": true, "actor": [
            {"reference": "HealthcareService/service-of-the-practice"},
            {"reference": "Practitioner/doctor-of-the-practice", "display": "Dr Diary"}]}),
        json!({"resourceType": "Practitioner", "id": "doctor-of-the-practice", "name": [{"family": "Diary"}]}),
        slot(1, 10),
        slot(2, 11),
        slot(3, 12),
    ]
}

#[test]
fn everybody_here_has_a_number_of_their_own() {
    let mut numbers: Vec<u32> = records().iter().map(|one| one.number).collect();
    numbers.extend([OPEN, SUSPENDED, OVER, ENDED, HIDDEN, ANOTHERS, WAITING]);
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all);
    assert_eq!(canary(901), canary(Owner::Eve as u32 + 1));
}
