//! Provenance: which message the facts came from. It names the message by its number and its hash; the bytes are in
//! the inbox.

use super::super::event::{Event, Kind};
use super::encounter::encounter_id;
use super::location::provider;
use super::patient::patient_id;
use super::{Draft, coding, identifier, list, own_system, reference};
use fhir::identity;
use fhir::json::Value;

/// The Provenance of one message. Its targets depend on the message's events alone, never on what else is known.
#[must_use]
pub fn provenance(events: &[Event]) -> Option<Value> {
    let event = events.first()?;
    let mut targets: Vec<Value> = Vec::new();
    for target in events.iter().flat_map(targets_of) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let facility = &event.source.facility;
    let recorded = event.times.received_at.map_or_else(
        || event.times.recorded_at().to_instant(),
        |received| super::Moment::at(received).to_instant(),
    );
    let message = &event.message;
    let what = Value::object([
        ("identifier", identifier(&own_system(facility, "message"), &message.control_id)),
        ("display", Value::from(format!("message {} sha256 {}", message.control_id, message.sha256))),
    ]);
    let entity = Value::object([("role", Value::from("source")), ("what", what)]);
    let kind = coding("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "assembler", "");
    let agent =
        Value::object([("type", Value::object([("coding", list([kind]))])), ("who", provider(facility))]);
    let id = identity::resource_id("provenance", facility, &[&event.key()]);
    let mut provenance = Draft::resource("Provenance", &id, None);
    provenance
        .set("target", list(targets))
        .set("occurredDateTime", event.times.occurred_at().to_fhir())
        .set("recorded", recorded)
        .set("agent", list([agent]))
        .set("entity", list([entity]));
    Some(provenance.done())
}

fn targets_of(event: &Event) -> Vec<Value> {
    let mut targets = vec![reference("Patient", &patient_id(&event.subject.key))];
    let stay = |key| reference("Encounter", &encounter_id(key));
    match &event.kind {
        Kind::Flow(flow) => targets.push(stay(&flow.stay)),
        Kind::Swap(flow, side) => targets.extend([
            stay(&flow.stay),
            reference("Patient", &patient_id(&side.subject.key)),
            stay(&side.flow.stay),
        ]),
        Kind::Merge { prior } | Kind::Renumber { prior } | Kind::Unmerge { prior } => {
            targets.push(reference("Patient", &patient_id(prior)));
        }
        Kind::MoveVisit { to, .. } => targets.push(stay(to)),
        Kind::Report(report, _) => {
            let key = &report.key;
            let id = identity::resource_id("report", &key.facility, &[&key.number]);
            targets.push(reference("DiagnosticReport", &id));
        }
        Kind::Order(order, _) => {
            let key = &order.key;
            let kind = match order.asked {
                super::super::clinical::Asked::Service => "ServiceRequest",
                super::super::clinical::Asked::Medicine => "MedicationRequest",
            };
            targets.push(reference(kind, &identity::resource_id("order", &key.facility, &[&key.number])));
        }
        Kind::Person | Kind::Mention | Kind::Deactivate => {}
    }
    targets
}
