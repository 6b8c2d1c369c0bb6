//! A row of the log as a FHIR AuditEvent after the Basic Audit Log Patterns of IHE
//! (<https://profiles.ihe.net/ITI/BALP/>): create, read, update, delete, query, each with and without a patient.

use super::number;
use super::record::AuditRecord;
use crate::snapshot::instant;
use crate::{Error, Resource};
use fhir::json::{Object, Text, Value};
use std::sync::Arc;

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const BALP: &str = "https://profiles.ihe.net/ITI/BALP";

/// The AuditEvent of a row, as version 1 of a resource that never changes.
pub(super) fn resource(record: &AuditRecord, key: &[u8; 32]) -> Result<Resource, Error> {
    let id = Text::from(number::id(record.seq, key));
    let last_updated = instant(record.recorded_at)?;
    let json: Arc<[u8]> = fhir::json::to_vec(&document(record, &id, last_updated)).into();
    Ok(Resource { type_: Text::const_new("AuditEvent"), id, version: 1, last_updated, json })
}

fn document(record: &AuditRecord, id: &str, at: jiff::Timestamp) -> Value {
    let at = format!("{at:.6}");
    let meta = Value::object([
        ("versionId", Value::from("1")),
        ("lastUpdated", Value::from(at.as_str())),
        ("profile", Value::Array(vec![Value::from(profile(record))])),
    ]);
    let mut event = Object::of([
        ("resourceType", Value::from("AuditEvent")),
        ("id", Value::from(id)),
        ("meta", meta),
        ("type", coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest")),
        ("subtype", Value::Array(vec![coding("http://hl7.org/fhir/restful-interaction", subtype(record))])),
        ("action", Value::from(record.action.as_str())),
        ("recorded", Value::from(at)),
        ("outcome", Value::from(record.outcome.to_string())),
    ]);
    let broken = record.broken_glass().map(|reason| format!("break-glass: {reason}"));
    let refused = record.is_refusal().then(|| String::from("refused: the role does not open it"));
    let asked = record.asked().map(|asked| format!("on behalf of the patient, who asked: {asked}"));
    let words: Vec<String> = refused.into_iter().chain(broken).chain(asked).collect();
    if !words.is_empty() {
        event.insert("outcomeDesc", Value::from(words.join("; ")));
    }
    event
        .insert("purposeOfEvent", Value::Array(vec![concept(fhir::systems::V3_ACT_REASON, &record.purpose)]));
    event.insert("agent", Value::Array(agents(record)));
    event.insert("source", Value::object([("observer", server())]));
    event.insert("entity", Value::Array(entities(record)));
    Value::Object(event)
}

/// The interaction as restful-interaction writes it.
fn subtype(record: &AuditRecord) -> &str {
    match record.interaction.as_str() {
        "search" => "search-type",
        "changes" => "history-system",
        other => other,
    }
}

fn profile(record: &AuditRecord) -> String {
    let action = match record.action.as_str() {
        "C" => "Create",
        "R" => "Read",
        "U" => "Update",
        "D" => "Delete",
        _ => "Query",
    };
    let patient = if record.patient.is_some() { "Patient" } else { "" };
    format!("{BALP}/StructureDefinition/IHE.BasicAudit.{patient}{action}")
}

/// The client program, this server and the person. For reads the profile has the data flow from server to client, for
/// everything else from client to server; a deletion has words of its own.
fn agents(record: &AuditRecord) -> Vec<Value> {
    let (client, server_type) = match record.action.as_str() {
        "R" => (concept(DICOM, "110152"), concept(DICOM, "110153")),
        "D" => (
            concept(DICOM, "110150"),
            concept("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian"),
        ),
        _ => (concept(DICOM, "110153"), concept(DICOM, "110152")),
    };
    let user = if matches!(record.action.as_str(), "R" | "E") { "IRCP" } else { "AUT" };
    let program = |kind: Value, who: Value| {
        Value::object([
            ("type", kind),
            ("who", who),
            ("requestor", Value::from(false)),
            ("network", unknown()),
        ])
    };
    let mut role = vec![coding("https://bevan.example/audit/role", &record.role)];
    if !record.organisation.is_empty() {
        role.push(coding(fhir::systems::ODS, &record.organisation));
    }
    let mut person = Object::of([
        ("type", concept(PARTICIPATION, user)),
        (
            "role",
            Value::Array(
                role.into_iter().map(|c| Value::object([("coding", Value::Array(vec![c]))])).collect(),
            ),
        ),
        ("who", who(record)),
        ("name", Value::from(record.agent_name.as_str())),
        ("requestor", Value::from(true)),
        ("purposeOfUse", Value::Array(vec![concept(fhir::systems::V3_ACT_REASON, &record.purpose)])),
    ]);
    if let Some(capability) = &record.capability {
        let policy = Value::from(format!("https://bevan.example/capability/{capability}"));
        person.insert("policy", Value::Array(vec![policy]));
    }
    let person = Value::Object(person);
    let by_program = Value::object([("display", Value::from("the program that sent the request"))]);
    vec![program(client, by_program), program(server_type, server()), person]
}

fn who(record: &AuditRecord) -> Value {
    let is_reference = record
        .agent
        .split_once('/')
        .is_some_and(|(name, _)| fhir::definitions::definitions().is_resource(name));
    let mut reference = Object::new();
    if is_reference {
        reference.insert("reference", Value::from(record.agent.as_str()));
    } else {
        reference.insert("identifier", Value::object([("value", Value::from(record.agent.as_str()))]));
    }
    reference.insert("display", Value::from(record.agent_name.as_str()));
    Value::Object(reference)
}

fn server() -> Value {
    Value::object([("display", Value::from("Bevan"))])
}

/// The network of an agent is demanded by the profile and not recorded here.
fn unknown() -> Value {
    let absent = Value::object([
        ("url", Value::from("http://hl7.org/fhir/StructureDefinition/data-absent-reason")),
        ("valueCode", Value::from("unknown")),
    ]);
    Value::object([("extension", Value::Array(vec![absent]))])
}

fn entities(record: &AuditRecord) -> Vec<Value> {
    let mut entities = Vec::new();
    if record.is_refusal() {
        entities.push(refused(record));
    }
    if let (Some(name), Some(id)) = (&record.resource_type, &record.id) {
        let reference = match record.version {
            Some(version) => format!("{name}/{id}/_history/{version}"),
            None => format!("{name}/{id}"),
        };
        entities.push(entity(&reference, "2", "4"));
    }
    if let Some(query) = &record.query {
        let asked = format!("{}?{query}", record.resource_type.as_deref().unwrap_or_default());
        entities.push(Value::object([
            ("type", coding(ENTITY_TYPE, "2")),
            ("role", coding(OBJECT_ROLE, "24")),
            ("query", Value::from(base64(asked.as_bytes()))),
        ]));
    }
    if let Some(patient) = &record.patient {
        entities.push(entity(&format!("Patient/{patient}"), "1", "1"));
    }
    if let Some(relationship) = &record.relationship {
        let mut by_right = Object::of([("what", reference(&format!("RelatedPerson/{relationship}")))]);
        by_right.insert("name", Value::from("the relationship by whose right a carer acted"));
        entities.push(Value::Object(by_right));
    }
    if !record.trace.is_empty() {
        let identifier = Value::object([("value", Value::from(record.trace.as_str()))]);
        entities.push(Value::object([
            ("what", Value::object([("identifier", identifier)])),
            ("type", coding(&format!("{BALP}/CodeSystem/BasicAuditEntityType"), "XrequestId")),
        ]));
    }
    entities
}

/// What was refused: any resource of a type, or what a door calls it.
fn refused(record: &AuditRecord) -> Value {
    let mut what = Object::new();
    match record.resource_type.as_deref() {
        Some("*") => {
            what.insert("display", Value::from("resources of all types"));
        }
        Some(name) => {
            what.insert("type", Value::from(name));
            what.insert("display", Value::from(format!("any {name}")));
        }
        None => {
            let words = record.query.as_deref().unwrap_or("an operation");
            what.insert("display", Value::from(words));
        }
    }
    Value::object([
        ("what", Value::Object(what)),
        ("type", coding(ENTITY_TYPE, "2")),
        ("role", coding(OBJECT_ROLE, "4")),
    ])
}

fn entity(reference: &str, kind: &str, role: &str) -> Value {
    Value::object([
        ("what", self::reference(reference)),
        ("type", coding(ENTITY_TYPE, kind)),
        ("role", coding(OBJECT_ROLE, role)),
    ])
}

fn reference(to: &str) -> Value {
    Value::object([("reference", Value::from(to))])
}

fn coding(system: &str, code: &str) -> Value {
    Value::object([("system", Value::from(system)), ("code", Value::from(code))])
}

fn concept(system: &str, code: &str) -> Value {
    Value::object([("coding", Value::Array(vec![coding(system, code)]))])
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = (word >> (18 - 6 * at)) as usize & 63;
            let letter = if at <= chunk.len() { ALPHABET.get(letter).copied() } else { None };
            text.push(char::from(letter.unwrap_or(b'=')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(action: &str, interaction: &str) -> AuditRecord {
        AuditRecord {
            seq: 7,
            recorded_at: 1_767_225_600_000_000,
            agent: Text::from("Practitioner/n1"),
            agent_name: String::from("The nurse"),
            role: Text::from("ward-staff"),
            organisation: Text::from("RXX"),
            purpose: Text::from("TREAT"),
            trace: Text::from("t-1"),
            action: Text::from(action),
            interaction: Text::from(interaction),
            resource_type: Some(Text::from("Observation")),
            id: (action != "E").then(|| Text::from("o1")),
            version: (action != "E").then_some(2),
            patient: Some(Text::from("p1")),
            query: (action == "E").then(|| String::from("code=1")),
            outcome: 0,
            ..AuditRecord::default()
        }
    }

    #[test]
    fn base64_pads() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn every_kind_of_event_is_a_valid_resource_of_its_profile() {
        for (action, interaction, profile) in [
            ("C", "create", "PatientCreate"),
            ("R", "vread", "PatientRead"),
            ("U", "update", "PatientUpdate"),
            ("D", "delete", "PatientDelete"),
            ("E", "search", "PatientQuery"),
        ] {
            let event = resource(&record(action, interaction), &[1; 32]).unwrap().value().unwrap();
            let issues = fhir::validate::structural(&event);
            assert!(issues.iter().all(|issue| !issue.is_error()), "{action}: {issues:?}");
            let named = event.text_at(&["meta", "profile"]).unwrap();
            assert!(named.ends_with(profile), "{named}");
            let types: Vec<_> =
                event.items("entity").iter().filter_map(|e| e.text_at(&["type", "code"])).collect();
            assert!(types.contains(&"1") && types.contains(&"2"), "{action}: {types:?}");
            assert_eq!(event.items("agent").len(), 3);
        }
        let plain = AuditRecord { patient: None, ..record("R", "read") };
        let event = resource(&plain, &[1; 32]).unwrap().value().unwrap();
        assert!(event.text_at(&["meta", "profile"]).unwrap().ends_with("BasicAudit.Read"));
    }

    #[test]
    fn a_refusal_by_role_is_an_event_with_outcome_4() {
        for (action, interaction, name, words) in [
            ("R", "read", Some("Observation"), "any Observation"),
            ("E", "search", Some("Observation"), "any Observation"),
            ("C", "create", Some("Location"), "any Location"),
            ("R", "read", Some("*"), "resources of all types"),
            ("E", "operation", None, "GET /staff/operations"),
        ] {
            let refusal = AuditRecord {
                resource_type: name.map(Text::from),
                id: None,
                version: None,
                patient: None,
                query: name.is_none().then(|| String::from(words)),
                outcome: 4,
                ..record(action, interaction)
            };
            let event = resource(&refusal, &[1; 32]).unwrap().value().unwrap();
            let issues = fhir::validate::structural(&event);
            assert!(issues.iter().all(|issue| !issue.is_error()), "{words}: {issues:?}");
            assert_eq!(event.text_at(&["outcome"]), Some("4"));
            assert!(event.text_at(&["outcomeDesc"]).unwrap().starts_with("refused"));
            let said: Vec<_> =
                event.items("entity").iter().filter_map(|e| e.text_at(&["what", "display"])).collect();
            assert_eq!(said, [words]);
        }
    }

    #[test]
    fn a_carer_is_named_with_the_right_and_the_capability() {
        let carer = AuditRecord {
            agent: Text::from("Patient/parent"),
            role: Text::from("carer"),
            organisation: Text::default(),
            capability: Some(Text::from("booking")),
            relationship: Some(Text::from("rel-1")),
            ..record("U", "update")
        };
        let event = resource(&carer, &[1; 32]).unwrap().value().unwrap();
        assert!(fhir::validate::structural(&event).iter().all(|issue| !issue.is_error()));
        let person = event.items("agent").last().unwrap();
        assert_eq!(person.text_at(&["who", "reference"]), Some("Patient/parent"));
        assert_eq!(person.text_at(&["role", "coding", "code"]), Some("carer"));
        assert_eq!(person.text_at(&["policy"]), Some("https://bevan.example/capability/booking"));
        let what: Vec<_> =
            event.items("entity").iter().filter_map(|e| e.text_at(&["what", "reference"])).collect();
        assert!(what.contains(&"Patient/p1") && what.contains(&"RelatedPerson/rel-1"), "{what:?}");
    }

    #[test]
    fn the_raw_query_is_kept() {
        let event = resource(&record("E", "search"), &[1; 32]).unwrap().value().unwrap();
        let queries: Vec<_> = event.items("entity").iter().filter_map(|e| e.text_at(&["query"])).collect();
        assert_eq!(queries, [base64(b"Observation?code=1")]);
    }
}
