//! One scan of some months ago with the report on it, outside of the weeks of which a department's list tells.

use super::{
    HEAD, HOUR, OPENS, Order, Seconds, Trust, World, fhir_instant, id, london_wall, request, study, works,
};
use crate::compose::{hl7_coded, named_reference, object, one, reference, resource, text};
use crate::person::Person;
use fhir::json::Value;

/// So many days ago, or on the last working day before.
const PAST: i32 = 124;

/// A scan of somebody's head, some months ago: the order, the study and the report on it.
#[must_use]
pub fn past(world: &World, person: Person) -> Vec<Value> {
    let Some(trust) = world.trusts().iter().find(|trust| !trust.mental_health) else { return Vec::new() };
    let day = (PAST..).map(|back| world.today().plus(-back)).find(|day| works(*day)).unwrap_or(world.today());
    let start = london_wall(day.at(12 * HOUR), 0, OPENS + 2 * HOUR);
    let order = Order {
        person,
        protocol: &HEAD,
        // A department counts its orders from one.
        number: 0,
        ordered: start - 20 * 24 * HOUR,
        referred: false,
        missed: Vec::new(),
        booked: Some((start, 0, true)),
    };
    vec![request(trust, &order), study(world, trust, &order, (start, 0)), report(trust, &order, start)]
}

/// What a radiologist wrote of a study.
fn report(trust: &Trust, order: &Order, start: Seconds) -> Value {
    let name = format!("MRI: {}", order.protocol.name);
    resource(
        "DiagnosticReport",
        &id(trust, order, "report", 0),
        [
            ("basedOn", one(reference("ServiceRequest", &id(trust, order, "service-request", 0)))),
            ("status", text("final")),
            ("category", one(hl7_coded("v2-0074", "RAD", "Radiology"))),
            ("code", Some(object([("text", text(&name))]))),
            ("subject", Some(reference("Patient", &order.person.patient_id))),
            ("effectiveDateTime", text(&fhir_instant(start))),
            ("issued", text(&fhir_instant(start + 3 * 24 * HOUR))),
            ("performer", one(named_reference("Organization", &trust.id, &trust.name))),
            ("imagingStudy", one(reference("ImagingStudy", &id(trust, order, "imaging-study", 0)))),
            ("conclusion", text("Nothing out of the ordinary is seen.")),
        ],
    )
}
