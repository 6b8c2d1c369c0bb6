//! DiagnosticReport and Observations from a folded report. A corrected result is a new version of the same
//! resource: the id comes from the report's number and the observation's code.

use super::super::clinical::{Finding, Reading, Report};
use super::super::event::StayKey;
use super::super::moment::Moment;
use super::super::person::Coded;
use super::super::reports::About;
use super::bedside::bedside;
use super::encounter::encounter_id;
use super::patient::patient_id;
use super::{
    Draft, clinician, code_system, concept, concept_of, draft, identifier, instant, list, notes, own_system,
    reference,
};
use fhir::json::{Number, Value};
use fhir::{identity, systems};

/// HL7 table 0078 codes that FHIR's interpretation system knows.
const FLAGS: [&str; 28] = [
    "L", "H", "LL", "HH", "<", ">", "N", "A", "AA", "U", "D", "B", "W", "S", "R", "I", "MS", "VS", "POS",
    "NEG", "IND", "DET", "ND", "HU", "LU", "HX", "LX", "E",
];

/// The DiagnosticReport and its Observations.
#[must_use]
pub fn report(about: &About<Report>) -> Vec<Value> {
    let report = &about.content;
    let facility = &report.key.facility;
    let observations: Vec<Value> =
        report.findings.iter().map(|finding| observation(finding, about)).collect();
    let results = observations.iter().filter_map(|one| one.text_at(&["id"]));
    let id = identity::resource_id("report", facility, &[&report.key.number]);
    let mut diagnostic = Draft::resource("DiagnosticReport", &id, Some("UKCore-DiagnosticReport"));
    let section = if bedside(report) { Some(category(report)) } else { coded_section(&report.section) };
    let placer = Some(&report.placer).filter(|number| !number.is_empty());
    let based_on = placer.map(|number| {
        let order = identifier(&own_system(facility, "placer-order"), number);
        list([Value::object([("type", Value::from("ServiceRequest")), ("identifier", order)])])
    });
    diagnostic
        .maybe("identifier", Some(order_numbers(facility, &report.placer, &report.filler)))
        .maybe("basedOn", based_on)
        .set("status", report.status.as_str())
        .maybe("category", section.map(|section| list([section])))
        .set("code", concept(&report.code).unwrap_or_else(unknown))
        .set("subject", reference("Patient", &patient_id(&about.patient)))
        .maybe("encounter", about.stay.as_ref().map(in_stay))
        .maybe("effectiveDateTime", report.observed_at.as_ref().map(Moment::to_fhir))
        .maybe("issued", report.issued_at.as_ref().and_then(instant))
        .maybe(
            "resultsInterpreter",
            clinician(&report.interpreter, facility).map(|interpreter| list([interpreter])),
        )
        .maybe("result", Some(list(results.map(|id| reference("Observation", id)))))
        .maybe("conclusion", Some(report.notes.join("\n")));
    let mut resources = vec![diagnostic.done()];
    resources.extend(observations);
    resources
}

/// Placer and filler numbers as identifiers.
pub(super) fn order_numbers(facility: &str, placer: &str, filler: &str) -> Value {
    let one = |number: &str, kind: &str| {
        let told = !number.trim().is_empty();
        told.then(|| identifier(&own_system(facility, kind), number))
    };
    list(one(placer, "placer-order").into_iter().chain(one(filler, "filler-order")))
}

pub(super) fn in_stay(stay: &StayKey) -> Value {
    reference("Encounter", &encounter_id(stay))
}

pub(super) fn unknown() -> Value {
    concept_of(systems::DATA_ABSENT_REASON, "unknown", "Unknown")
}

fn coded_section(section: &str) -> Option<Value> {
    (!section.is_empty()).then(|| concept_of(systems::DIAGNOSTIC_SERVICE, section, ""))
}

fn observation(finding: &Finding, about: &About<Report>) -> Value {
    let report = &about.content;
    let code = &finding.code;
    let id = identity::resource_id(
        "observation",
        &report.key.facility,
        &[&report.key.number, &code.system, &code.code, &code.display, &finding.sub_id],
    );
    let mut observation = Draft::resource("Observation", &id, Some("UKCore-Observation"));
    let observed_at = finding.observed_at.as_ref().or(report.observed_at.as_ref());
    let flags: Vec<Value> = finding.flags.iter().filter_map(|flag| interpretation(flag)).collect();
    observation
        .set("status", finding.status.as_str())
        .set("category", list([category(report)]))
        .set("code", concept(code).unwrap_or_else(unknown))
        .set("subject", reference("Patient", &patient_id(&about.patient)))
        .maybe("encounter", about.stay.as_ref().map(in_stay))
        .maybe("effectiveDateTime", observed_at.map(Moment::to_fhir))
        .maybe("issued", report.issued_at.as_ref().and_then(instant));
    match value(finding) {
        Some((member, value)) => observation.set(member, value),
        None => observation.set("dataAbsentReason", unknown()),
    };
    observation
        .maybe("interpretation", Some(list(flags)))
        .maybe("note", notes(&finding.notes))
        .maybe("method", concept(&finding.method))
        .maybe("referenceRange", range(finding).map(|range| list([range])));
    observation.done()
}

/// What kind of observations a report holds, by its section (HL7 table 0074); bedside observations go by their codes,
/// because the systems that send them often name no section.
fn category(report: &Report) -> Value {
    let category = match report.section.as_str() {
        _ if bedside(report) => "vital-signs",
        "RAD" | "RUS" | "CT" | "NMR" | "XRC" | "CUS" | "VUS" | "RX" | "NMS" | "IMG" => "imaging",
        _ => "laboratory",
    };
    concept_of(systems::OBSERVATION_CATEGORY, category, "")
}

fn interpretation(flag: &str) -> Option<Value> {
    let flag = flag.trim();
    match flag {
        "" => None,
        _ if FLAGS.contains(&flag) => Some(concept_of(systems::OBSERVATION_INTERPRETATION, flag, "")),
        _ => Some(Value::object([("text", Value::from(flag))])),
    }
}

fn value(finding: &Finding) -> Option<(&'static str, Value)> {
    let unit = &finding.unit;
    match finding.readings.as_slice() {
        [] => None,
        [one] => Some(match one {
            Reading::Number(number) => ("valueQuantity", quantity(number, "", unit)?),
            Reading::Bounded { comparator, number } => ("valueQuantity", quantity(number, comparator, unit)?),
            Reading::Range(low, high) => (
                "valueRange",
                Value::object([("low", quantity(low, "", unit)?), ("high", quantity(high, "", unit)?)]),
            ),
            Reading::Ratio(top, bottom) => {
                let none = Coded::default();
                let (top, bottom) = (quantity(top, "", &none)?, quantity(bottom, "", &none)?);
                ("valueRatio", Value::object([("numerator", top), ("denominator", bottom)]))
            }
            Reading::Coded(coded) => ("valueCodeableConcept", concept(coded)?),
            Reading::Text(text) | Reading::Pointer(text) => ("valueString", Value::from(text.as_str())),
            Reading::When(moment) => ("valueDateTime", Value::from(moment.to_fhir())),
            Reading::TimeOfDay(time) => ("valueTime", Value::from(time.as_str())),
        }),
        several => {
            let words: Vec<String> = several.iter().map(words).collect();
            Some(("valueString", Value::from(words.join("; "))))
        }
    }
}

fn words(reading: &Reading) -> String {
    match reading {
        Reading::Number(text) | Reading::Text(text) | Reading::Pointer(text) | Reading::TimeOfDay(text) => {
            text.clone()
        }
        Reading::Bounded { comparator, number } => format!("{comparator}{number}"),
        Reading::Range(low, high) => format!("{low}-{high}"),
        Reading::Ratio(top, bottom) => format!("{top}:{bottom}"),
        Reading::Coded(coded) if coded.display.is_empty() => coded.code.clone(),
        Reading::Coded(coded) => coded.display.clone(),
        Reading::When(moment) => moment.to_fhir(),
    }
}

/// A quantity with the source's own unit; a UCUM code only where the source says that it is one.
fn quantity(number: &str, comparator: &str, unit: &Coded) -> Option<Value> {
    let number = Number::from_literal(number.trim().trim_start_matches('+'))?;
    let name = if unit.display.is_empty() { &unit.code } else { &unit.display };
    let system = code_system(&unit.system);
    let coded = system == systems::UCUM && !unit.code.is_empty();
    let mut quantity = draft();
    quantity
        .set("value", Value::Number(number))
        .maybe("comparator", Some(comparator))
        .maybe("unit", Some(name.as_str()))
        .maybe("system", coded.then_some(system))
        .maybe("code", coded.then_some(unit.code.as_str()));
    Some(quantity.done())
}

fn range(finding: &Finding) -> Option<Value> {
    let text = finding.range.trim();
    if text.is_empty() {
        return None;
    }
    let ends = text.split_once('-').map(|(low, high)| (low.trim(), high.trim()));
    let (low, high) = ends.map_or((None, None), |(low, high)| {
        (quantity(low, "", &finding.unit), quantity(high, "", &finding.unit))
    });
    let both = low.is_some() && high.is_some();
    let mut range = draft();
    range.maybe("low", low.filter(|_| both)).maybe("high", high.filter(|_| both)).set("text", text);
    Some(range.done())
}
