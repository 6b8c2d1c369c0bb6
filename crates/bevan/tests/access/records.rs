//! The made-up people's resources: every type that care uses, with the resource's own canary in every text.

use super::expect::{Class, Owner, Who, may_read};
use base64::Engine;
use serde_json::{Map, Value, json};

/// ODS codes of the two hospitals, and of one where nobody is.
pub const HOSPITAL_A: &str = "XHA01";
pub const HOSPITAL_B: &str = "XHB01";
pub const ELSEWHERE: &str = "XHC01";
/// ODS code of the practice where Ann is registered.
pub const PRACTICE: &str = "XPR01";
/// ODS code of a practice where nobody of these is registered.
pub const OTHER_PRACTICE: &str = "XPR02";

/// One resource.
#[derive(Clone, Debug)]
pub struct Record {
    /// Number of its canary and of its id.
    pub number: u32,
    pub type_: &'static str,
    pub class: Class,
    /// Whose it is; empty for nobody's.
    pub owners: Vec<Owner>,
    /// Every version in order, each with its own canary where it had another owner.
    pub versions: Vec<Value>,
    /// Whether it was deleted at the end.
    pub deleted: bool,
    /// Canary of versions that its present owner must not see.
    pub buried: Option<u32>,
    /// Whether it carries the label that is withheld from the carer.
    pub sealed: bool,
}

impl Record {
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_default().to_owned()
    }

    /// The newest document.
    pub fn json(&self) -> &Value {
        self.versions.last().expect("a record has a version")
    }

    /// How many versions there are, the deletion among them.
    pub fn version(&self) -> usize {
        self.versions.len() + usize::from(self.deleted)
    }

    /// Whether somebody may read it. A carer is not shown what is sealed, nor told of what was deleted.
    pub fn is_open_to(&self, who: Who) -> bool {
        let kept_back = matches!(who, Who::Carer | Who::CarerEve) && (self.sealed || self.deleted);
        may_read(who, self.kind(), &self.owners) && !kept_back
    }

    pub fn kind(&self) -> (&'static str, Class) {
        (self.type_, self.class)
    }
}

/// A number that no resource has.
pub const NOBODY: u32 = 9999;

pub fn id(number: u32) -> String {
    format!("r{number:04}-canary-free")
}

/// An id that no resource has, as long as those of a record's type: lengths must not be what differs.
pub fn nobody_like(record: &Record) -> String {
    if record.type_ == "AuditEvent" { "0123456789abcdef".repeat(2) } else { id(NOBODY) }
}

/// A word that belongs to one resource and stands in all its texts.
pub fn canary(number: u32) -> String {
    format!("Zkx{number:04}Q")
}

/// A made-up NHS number of the test range, valid by its check digit: of the first of ten tries that has one.
pub fn nhs_number(number: u32) -> String {
    let tries = (0..10).map(|last| format!("99912{number:03}{last}"));
    let valid = tries.filter_map(|nine| fhir::nhs_number::NhsNumber::completing(&nine)).next();
    valid.expect("one in ten has a check digit").as_str().to_owned()
}

/// The logical id of a patient.
pub fn patient(owner: Owner) -> String {
    id(owner as u32 + 1)
}

/// Every type that a patient's records have here.
pub const OF_A_PATIENT: &[(&str, Class)] = &[
    ("Encounter", Class::Administrative),
    ("EpisodeOfCare", Class::Administrative),
    ("RelatedPerson", Class::Administrative),
    ("Appointment", Class::Administrative),
    ("Condition", Class::Clinical),
    ("MedicationRequest", Class::Clinical),
    ("AllergyIntolerance", Class::Clinical),
    ("Observation", Class::Clinical),
    ("DiagnosticReport", Class::Clinical),
    ("ServiceRequest", Class::Clinical),
    ("Immunization", Class::Clinical),
    ("Procedure", Class::Clinical),
    ("Provenance", Class::Clinical),
    ("Basic", Class::Clinical),
    ("DocumentReference", Class::Clinical),
    ("DetectedIssue", Class::Clinical),
    ("MedicationStatement", Class::Clinical),
    ("Communication", Class::Clinical),
    ("ImagingStudy", Class::Clinical),
];

/// A Patient.
pub fn person(number: u32) -> Value {
    let c = canary(number);
    let mut members = base("Patient", number);
    let numbers = members.get_mut("identifier").and_then(Value::as_array_mut).expect("identifiers");
    numbers.push(json!({"system": fhir::systems::NHS_NUMBER, "value": nhs_number(number)}));
    members.insert("name".into(), json!([{"family": c, "given": [c], "text": c}]));
    members.insert("gender".into(), json!("female"));
    members.insert("birthDate".into(), json!(format!("19{:02}-03-0{}", 40 + number, number % 9 + 1)));
    members.insert("address".into(), json!([{"line": [c], "city": c, "postalCode": c}]));
    members.insert("telecom".into(), json!([{"system": "phone", "value": c}]));
    members.insert("contact".into(), json!([{"name": {"text": c}}]));
    Value::Object(members)
}

/// A resource of one of [`OF_A_PATIENT`] about a patient. `of` is the ODS code of whoever provides it.
pub fn about(type_: &str, number: u32, (subject, of): (&str, &str)) -> Value {
    let c = canary(number);
    let who = json!({"reference": format!("Patient/{subject}"), "display": c});
    let concept =
        json!({"coding": [{"system": "https://world.example/codes", "code": c, "display": c}], "text": c});
    let note = json!([{"text": c}]);
    let mut m = base(type_, number);
    let fields = match type_ {
        "Encounter" => {
            json!({"status": "in-progress", "subject": who, "type": [concept], "reasonCode": [concept],
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "serviceProvider": {"reference": format!("Organization/{}", fhir::identity::organization(of)),
                "identifier": {"system": fhir::systems::ODS, "value": of}},
            "location": [{"location": {"reference": format!("Location/{}", ward_of(of)), "display": c}, "status": "active"}],
            "period": {"start": "2026-11-20T08:00:00Z"}})
        }
        "EpisodeOfCare" => json!({"status": "active", "patient": who, "type": [concept]}),
        "RelatedPerson" => {
            json!({"patient": who, "name": [{"family": c, "given": [c]}], "relationship": [concept]})
        }
        "Appointment" => json!({"status": "booked", "description": c, "comment": c, "serviceType": [concept],
            "start": "2026-12-01T09:00:00Z", "end": "2026-12-01T09:20:00Z",
            "participant": [{"actor": who, "status": "accepted"}]}),
        "Condition" => json!({"subject": who, "code": concept, "note": note,
            "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}}),
        "MedicationRequest" => json!({"status": "active", "intent": "order", "subject": who, "note": note,
            "medicationCodeableConcept": concept, "dosageInstruction": [{"text": c}], "authoredOn": "2026-11-01"}),
        "AllergyIntolerance" => json!({"patient": who, "code": concept, "note": note,
            "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]},
            "reaction": [{"description": c, "manifestation": [concept]}]}),
        "Observation" => json!({"status": "final", "subject": who, "code": concept, "note": note,
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
            "effectiveDateTime": "2026-11-21T10:00:00Z", "valueQuantity": {"value": number, "unit": c}}),
        "DiagnosticReport" => json!({"status": "final", "subject": who, "code": concept, "conclusion": c,
            "effectiveDateTime": "2026-11-21T09:00:00Z", "issued": "2026-11-21T10:00:00Z", "presentedForm": [{"contentType": "text/plain", "title": c}]}),
        "ServiceRequest" => {
            json!({"status": "active", "intent": "order", "subject": who, "code": concept, "note": note})
        }
        "Immunization" => json!({"status": "completed", "patient": who, "vaccineCode": concept, "note": note,
            "lotNumber": c, "occurrenceDateTime": "2026-10-01"}),
        "Procedure" => {
            json!({"status": "completed", "subject": who, "code": concept, "note": note, "performedDateTime": "2026-10-01"})
        }
        "Provenance" => json!({"target": [who], "recorded": "2026-11-21T10:00:00Z", "activity": concept,
            "agent": [{"who": {"display": c}}]}),
        "Basic" => json!({"subject": who, "code": concept, "author": {"display": c}}),
        "DocumentReference" => json!({"status": "current", "subject": who, "description": c, "type": concept,
            "content": [{"attachment": {"contentType": "application/rtf", "title": c, "data": base64::engine::general_purpose::STANDARD.encode(&c)}}]}),
        "ImagingStudy" => {
            json!({"status": "available", "subject": who, "description": c, "note": note, "procedureCode": [concept],
            "started": "2026-11-20T09:00:00Z", "modality": [{"system": "https://world.example/codes", "code": c}],
            "series": [{"uid": "2.25.1", "modality": {"code": "MR"}, "bodySite": {"display": c}, "description": c}]})
        }
        "DetectedIssue" => json!({"status": "final", "patient": who, "code": concept, "detail": c}),
        "MedicationStatement" => json!({"status": "active", "subject": who, "note": note,
            "medicationCodeableConcept": concept, "dosage": [{"text": c}], "dateAsserted": "2026-11-02"}),
        "Communication" => {
            json!({"status": "completed", "subject": who, "topic": {"text": c}, "recipient": [who],
            "payload": [{"contentString": c}], "sent": "2026-11-20T09:00:00Z", "received": "2026-11-20T10:00:00Z"})
        }
        "NutritionOrder" => {
            json!({"status": "active", "intent": "order", "patient": who, "dateTime": "2026-11-21", "note": note})
        }
        other => panic!("no sample of {other}"),
    };
    m.extend(fields.as_object().cloned().unwrap_or_default());
    if matches!(type_, "Provenance") {
        m.remove("identifier");
    }
    Value::Object(m)
}

/// The ward of a hospital.
pub fn ward_of(ods: &str) -> String {
    fhir::identity::location(ods, "W1", "", "")
}

/// Id, identifier and narrative.
pub fn base(type_: &str, number: u32) -> Map<String, Value> {
    let c = canary(number);
    let value = json!({"resourceType": type_, "id": id(number),
        "meta": {"tag": [{"system": "https://world.example/tags", "code": c}]},
        "text": {"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{c}</div>")},
        "identifier": [{"system": "https://world.example/ids", "value": c}]});
    value.as_object().cloned().unwrap_or_default()
}
