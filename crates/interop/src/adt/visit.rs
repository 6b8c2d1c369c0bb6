//! PV1, PV2 and DG1 to what a message says about a stay.

use super::time::moment;
use crate::fields::{clinician, coded, field, plain, some_coded, trimmed};
use crate::mapping::Frame;
use care::patient_flow::{Class, Diagnosis, Place, Visit};
use fhir::ods::OdsCode;
use hl7v2::{Message, Part, Segment};

/// Reads a PV1 with the PV2 and DG1 of its message.
pub fn read(message: &Message<'_>, visit: &Segment<'_>, frame: &Frame) -> Visit {
    let mut unreadable = Vec::new();
    let mut when = |part: Part<'_>| moment(&part, &mut unreadable);
    let more = message.segment(b"PV2");
    let place = |number: usize| place(&visit.field(number), frame);
    let outcome = |number: usize| some_coded(&visit.field(number));
    Visit {
        place: place(3),
        prior_place: place(6),
        temporary_place: place(11),
        pending_place: place(42),
        class: class(&visit.field(2)),
        admitted_at: when(visit.field(44)),
        discharged_at: when(visit.field(45)),
        expected_admission: more.and_then(|more| when(more.field(8))),
        expected_discharge: more.and_then(|more| when(more.field(9))),
        disposition: outcome(36),
        destination: outcome(37),
        attending: field(&visit.field(7), clinician),
        service: field(&visit.field(10), some_coded),
        admit_source: field(&visit.field(14), some_coded),
        reason: more.map(|more| field(&more.field(3), some_coded)).unwrap_or_default(),
        diagnoses: message.segments_named(b"DG1").filter_map(|one| diagnosis(&one)).collect(),
    }
}

/// PL: ward, room, bed. The facility is that of component 4 when it is an ODS code, otherwise the sender's.
pub fn place(part: &Part<'_>, frame: &Frame) -> Option<Place> {
    let component = |number| plain(&part.component(number));
    let (ward, bay, bed) = (component(1), component(2), component(3));
    if ward.is_empty() && bay.is_empty() && bed.is_empty() {
        return None;
    }
    let stated = component(4);
    let facility = if OdsCode::is_valid(&stated) && OdsCode::is_valid(&frame.source.facility) {
        stated
    } else {
        frame.source.facility.clone()
    };
    Some(Place { facility, ward, bay, bed })
}

/// PV1-2 (table 0004), or what a sender writes in its place.
fn class(part: &Part<'_>) -> Option<Class> {
    let text = trimmed(part)?;
    Some(match text.to_ascii_uppercase().as_str() {
        "I" | "B" | "INPATIENT" => Class::Inpatient,
        "E" | "EMERGENCY" => Class::Emergency,
        "O" | "R" | "OUTPATIENT" => Class::Outpatient,
        "D" | "DAY CASE" | "DAYCASE" | "DAY" => Class::DayCase,
        "P" | "PREADMIT" => Class::PreAdmission,
        _ => Class::Other(text),
    })
}

/// DG1: code (3), otherwise description (4); time (5); withdrawn when the action code (21) is `D`.
fn diagnosis(segment: &Segment<'_>) -> Option<Diagnosis> {
    let mut code = coded(&segment.field(3));
    if code.display.is_empty() {
        code.display = plain(&segment.field(4));
    }
    if code.code.is_empty() && code.display.is_empty() {
        return None;
    }
    let made_at = moment(&segment.field(5), &mut Vec::new());
    Some(Diagnosis { code, made_at, withdrawn: plain(&segment.field(21)) == "D" })
}
