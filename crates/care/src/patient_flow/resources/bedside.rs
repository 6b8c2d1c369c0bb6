//! Which reports are bedside observations (vital signs, NEWS2) and not laboratory results. HL7 v2 has no field for it that
//! senders keep to, so it goes by the codes: the vital signs of <https://hl7.org/fhir/R4/observation-vitalsigns.html> and
//! those of a British observation chart. It must never call a laboratory's result a vital sign: a report whose section
//! is a laboratory's stays one, and so does a report of which any part is unknown here.

use super::super::clinical::{Finding, Report};
use super::super::person::Coded;
use super::code_system;
use fhir::systems;

/// LOINC panels.
const PANELS: [&str; 4] = ["85353-1", "85354-9", "35094-2", "8716-3"];

/// LOINC: pulse, breaths, oxygen, pressures, temperature, body measures, responsiveness, pain, early-warning score.
const LOINC: [&str; 34] = [
    "9279-1", "8867-4", "2708-6", "59408-5", "3151-8", "3150-6", "19994-3", "8480-6", "8462-4", "8478-0",
    "8310-5", "8331-1", "8302-2", "9843-4", "29463-7", "3141-9", "39156-5", "67775-7", "80288-4", "9269-2",
    "9267-6", "9268-4", "9270-0", "72514-3", "8884-9", "8890-6", "60842-2", "57036-6", "8306-3", "8328-7",
    "8893-0", "8334-5", "60839-8", "88330-6",
];

/// SNOMED CT: NEWS2 total, and the items of its chart.
const SNOMED: [&str; 15] = [
    "1104051000000101",
    "1104301000000104",
    "86290005",
    "431314004",
    "103228002",
    "371825009",
    "57485005",
    "72313002",
    "271649006",
    "271650006",
    "364075005",
    "78564009",
    "276885007",
    "386725007",
    "1104441000000107",
];

/// Sections of table 0074 that are no laboratory's: none, nursing, other, physician, patient.
const SECTIONS: [&str; 5] = ["", "NRS", "OTH", "PHY", "PAT"];

/// Whether the report is made of bedside observations: it is named a panel of them, or every finding is one.
pub fn bedside(report: &Report) -> bool {
    if !SECTIONS.contains(&report.section.trim()) {
        return false;
    }
    let findings = &report.findings;
    let all = !findings.is_empty() && findings.iter().all(|Finding { code, .. }| is_vital_sign(code));
    is(&report.code, systems::LOINC, &PANELS) || is_vital_sign(&report.code) || all
}

fn is_vital_sign(code: &Coded) -> bool {
    is(code, systems::LOINC, &LOINC)
        || is(code, systems::LOINC, &PANELS)
        || is(code, systems::SNOMED, &SNOMED)
}

fn is(code: &Coded, system: &str, codes: &[&str]) -> bool {
    code_system(&code.system) == system && codes.contains(&code.code.trim())
}
