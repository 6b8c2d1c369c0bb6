//! Allergies and intolerances, or the statement that none is known. UKCore-AllergyIntolerance.

use super::Chart;
use crate::compose::{SNOMED, concept, hl7_coded, list, one, resource, text};
use fhir::json::Value;

/// One allergy.
#[derive(Debug)]
pub(crate) struct Allergy {
    /// SNOMED CT.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) reaction: (&'static str, &'static str),
    pub(crate) severity: &'static str,
    share: f64,
}

const ALLERGIES: &[Allergy] = &[
    Allergy {
        code: "91936005",
        name: "Allergy to penicillin",
        category: "medication",
        reaction: ("271807003", "Eruption of skin"),
        severity: "moderate",
        share: 0.060,
    },
    Allergy {
        code: "293586001",
        name: "Allergy to aspirin",
        category: "medication",
        reaction: ("267036007", "Dyspnoea"),
        severity: "moderate",
        share: 0.008,
    },
    Allergy {
        code: "91935009",
        name: "Allergy to peanut",
        category: "food",
        reaction: ("39579001", "Anaphylaxis"),
        severity: "severe",
        share: 0.014,
    },
    Allergy {
        code: "300913006",
        name: "Allergy to shellfish",
        category: "food",
        reaction: ("41291007", "Angioedema"),
        severity: "severe",
        share: 0.006,
    },
    Allergy {
        code: "300916003",
        name: "Allergy to latex",
        category: "environment",
        reaction: ("126485001", "Urticaria"),
        severity: "mild",
        share: 0.009,
    },
];

/// SNOMED CT: no known allergy.
const NONE_KNOWN: (&str, &str) = ("716186003", "No known allergy");

pub(super) fn allergies(chart: &mut Chart<'_>) {
    let mut rng = chart.rng("allergy-days");
    let found = found(chart);
    for allergy in &found {
        let span = i64::from(chart.last.0 - chart.person.birth.0);
        let day = chart.person.birth.plus(rng.between(0, span) as i32);
        let resource = known(chart, allergy, &day.to_string());
        chart.out.push(resource);
    }
    if found.is_empty() && rng.chance(0.7) {
        let resource = none_known(chart);
        chart.out.push(resource);
    }
}

/// The person's allergies.
pub(super) fn found(chart: &Chart<'_>) -> Vec<&'static Allergy> {
    let mut rng = chart.rng("allergy");
    ALLERGIES.iter().filter(|allergy| rng.chance(allergy.share)).collect()
}

/// The id is the one that the home trust's message about the same allergy leads to.
fn known(chart: &Chart<'_>, allergy: &Allergy, day: &str) -> Value {
    let trust = chart.world.trusts().get(chart.person.trust).map_or("", |trust| trust.ods.as_str());
    let parts = [chart.person.mrn.as_str(), "SCT", allergy.code, allergy.name];
    let id = fhir::identity::resource_id("allergy", trust, &parts);
    let (code, name) = allergy.reaction;
    let reaction = Value::object([
        ("manifestation", list([concept(SNOMED, code, name)])),
        ("severity", Value::from(allergy.severity)),
    ]);
    let criticality = if allergy.severity == "severe" { "high" } else { "low" };
    resource(
        "AllergyIntolerance",
        &id,
        [
            ("clinicalStatus", Some(hl7_coded("allergyintolerance-clinical", "active", "Active"))),
            (
                "verificationStatus",
                Some(hl7_coded("allergyintolerance-verification", "confirmed", "Confirmed")),
            ),
            ("type", text("allergy")),
            ("category", one(Value::from(allergy.category))),
            ("criticality", text(criticality)),
            ("code", Some(concept(SNOMED, allergy.code, allergy.name))),
            ("patient", Some(chart.subject())),
            ("recordedDate", text(day)),
            ("recorder", chart.doctor()),
            ("reaction", one(reaction)),
        ],
    )
}

fn none_known(chart: &mut Chart<'_>) -> Value {
    let id = chart.id("allergy");
    resource(
        "AllergyIntolerance",
        &id,
        [
            ("clinicalStatus", Some(hl7_coded("allergyintolerance-clinical", "active", "Active"))),
            (
                "verificationStatus",
                Some(hl7_coded("allergyintolerance-verification", "confirmed", "Confirmed")),
            ),
            ("code", Some(concept(SNOMED, NONE_KNOWN.0, NONE_KNOWN.1))),
            ("patient", Some(chart.subject())),
        ],
    )
}
