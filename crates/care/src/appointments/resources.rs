//! The documents that booking, changing and cancelling write: Appointment, Slot, Communication. UK Core STU2; GP Connect forbids a
//! reason and a specialty on what a patient books.

use fhir::json::{Object, Value};
use fhir::views::build::{codeable_concept, extension, object, one, reference, reference_named};

const UK_CORE: &str = "https://fhir.hl7.org.uk/StructureDefinition/";

/// A new appointment.
pub(super) struct Draft<'a> {
    /// Id of the patient.
    pub patient: &'a str,
    /// Id of the surgery's Organization.
    pub organisation: &'a str,
    /// Reference to the service.
    pub service: &'a Value,
    /// When it is made, as an instant.
    pub created: String,
    /// What the patient wrote.
    pub note: &'a str,
}

/// The Appointment for a slot. `doctor` is the reference of the diary's practitioner.
pub(super) fn appointment(draft: &Draft<'_>, slot: &Value, doctor: Option<&Value>) -> Value {
    let booked_by = extension(
        &format!("{UK_CORE}Extension-UKCore-BookingOrganization"),
        "valueReference",
        reference("Organization", draft.organisation),
    );
    let mut document = object([
        ("resourceType", Some(Value::from("Appointment"))),
        (
            "meta",
            Some(Value::object([("profile", one(Value::from(format!("{UK_CORE}UKCore-Appointment"))))])),
        ),
        ("extension", Some(one(booked_by))),
        ("status", Some(Value::from("booked"))),
        ("description", Some(Value::from(catalogue::say("appointments-booked-online")))),
        ("created", Some(Value::from(draft.created.as_str()))),
        ("comment", Some(Value::from(draft.note))),
        ("participant", Some(Value::Array(vec![taking_part(reference("Patient", draft.patient))]))),
    ]);
    move_to(&mut document, slot, doctor, Some(draft.service));
    document
}

/// Puts an Appointment at the time of a slot: its times, channel, slot and practitioner.
pub(super) fn move_to(
    appointment: &mut Value,
    slot: &Value,
    doctor: Option<&Value>,
    service: Option<&Value>,
) {
    let Some(members) = appointment.as_object_mut() else { return };
    for name in ["start", "end"] {
        if let Some(time) = slot.get(name) {
            members.insert(name, time.clone());
        }
    }
    for name in ["serviceType", "serviceCategory"] {
        if let Some(kind) = slot.get(name) {
            members.insert(name, kind.clone());
        }
    }
    members.insert("slot", one(reference("Slot", slot.text_at(&["id"]).unwrap_or_default())));
    let is_channel = |one: &Value| one.text_at(&["url"]) == Some(fhir::systems::DELIVERY_CHANNEL);
    let held = slot.items("extension").iter().find(|one| is_channel(one)).cloned();
    let mut extensions = items(members, "extension");
    extensions.retain(|one| !is_channel(one));
    extensions.extend(held);
    set(members, "extension", extensions);
    let mut participants = items(members, "participant");
    let is_doctor = |one: &Value| {
        one.text_at(&["actor", "reference"]).is_some_and(|text| text.starts_with("Practitioner/"))
    };
    participants.retain(|one| !is_doctor(one));
    participants.extend(doctor.cloned().map(taking_part));
    participants.extend(service.cloned().map(taking_part));
    set(members, "participant", participants);
}

/// Marks an Appointment as cancelled by the patient.
pub(super) fn cancel(appointment: &mut Value) {
    let Some(members) = appointment.as_object_mut() else { return };
    members.insert("status", Value::from("cancelled"));
    let system = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason";
    members.insert("cancelationReason", codeable_concept(system, "pat", "Patient"));
}

/// A slot that is taken, or free again.
pub(super) fn with_status(slot: &Value, status: &'static str) -> Value {
    let mut slot = slot.clone();
    if let Some(members) = slot.as_object_mut() {
        members.insert("status", Value::from(status));
    }
    slot
}

/// A question to the surgery.
pub(super) fn question(patient: &str, organisation: (&str, &str), text: &str, sent: &str) -> Value {
    let kind =
        codeable_concept(fhir::systems::COMMUNICATION_KIND, "ask-surgery", "Question to the GP surgery");
    object([
        ("resourceType", Some(Value::from("Communication"))),
        ("status", Some(Value::from("in-progress"))),
        ("category", Some(one(kind))),
        ("subject", Some(reference("Patient", patient))),
        ("recipient", Some(one(reference_named("Organization", organisation.0, organisation.1)))),
        ("sent", Some(Value::from(sent))),
        ("sender", Some(reference("Patient", patient))),
        ("payload", Some(one(Value::object([("contentString", Value::from(text))])))),
    ])
}

fn taking_part(actor: Value) -> Value {
    Value::object([("actor", actor), ("status", Value::from("accepted"))])
}

fn items(members: &Object, name: &str) -> Vec<Value> {
    members.get(name).and_then(Value::as_array).map(<[Value]>::to_vec).unwrap_or_default()
}

fn set(members: &mut Object, name: &'static str, items: Vec<Value>) {
    if items.is_empty() {
        members.remove(name);
    } else {
        members.insert(name, Value::Array(items));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointments::Channel;

    /// The extension that says how an appointment is held.
    fn delivery(channel: Channel) -> Value {
        let code = channel.code();
        let concept = codeable_concept(fhir::systems::DELIVERY_CHANNEL_CODE, code, code);
        extension(fhir::systems::DELIVERY_CHANNEL, "valueCodeableConcept", concept)
    }

    fn slot() -> Value {
        let mut slot = object([
            ("resourceType", Some(Value::from("Slot"))),
            ("id", Some(Value::from("s"))),
            ("status", Some(Value::from("free"))),
            ("schedule", Some(reference("Schedule", "d"))),
            ("start", Some(Value::from("2026-11-23T09:10:00Z"))),
            ("end", Some(Value::from("2026-11-23T09:20:00Z"))),
        ]);
        slot.as_object_mut().unwrap().insert("extension", one(delivery(Channel::Video)));
        slot
    }

    #[test]
    fn what_is_written_is_sound_and_keeps_to_gp_connect() {
        let service = reference("HealthcareService", "h");
        let draft = Draft {
            patient: "p",
            organisation: "o",
            service: &service,
            created: "2026-11-22T09:00:00Z".into(),
            note: "Sore throat",
        };
        let doctor = reference_named("Practitioner", "a", "Dr A");
        let mut booked = appointment(&draft, &slot(), Some(&doctor));
        assert_eq!(fhir::validate::structural(&booked), []);
        assert!(booked.get("reasonCode").is_none() && booked.get("specialty").is_none());
        assert_eq!(booked.items("participant").len(), 3);
        assert_eq!(booked.items("extension").len(), 2);
        let other = reference_named("Practitioner", "b", "Dr B");
        move_to(&mut booked, &slot(), Some(&other), None);
        assert_eq!(booked.items("participant").len(), 3, "the other doctor stands for the first");
        assert_eq!(booked.items("extension").len(), 2);
        cancel(&mut booked);
        assert_eq!(fhir::validate::structural(&booked), []);
        assert_eq!(fhir::validate::structural(&with_status(&slot(), "busy")), []);
        assert_eq!(
            fhir::validate::structural(&question("p", ("o", "Surgery"), "Help", "2026-11-22T09:00:00Z")),
            []
        );
    }
}
