//! Results of the last days that nobody has looked at yet: from the practice and from hospital, some with a value missing, some
//! still early. A stream of its own, so that older results stay as they are.

use super::Chart;
use super::illness::Problem;
use super::laboratory::{BLOOD_COUNT, KIDNEY, LIPIDS, Panel, result, value};
use crate::compose::{LOINC, concept, hl7_coded, named_reference, object, one, reference, resource_as, text};
use crate::rng::Rng;
use fhir::json::Value;

pub(super) fn results(chart: &mut Chart<'_>, problems: &[Problem]) {
    let mut rng = chart.rng("recent");
    let followed = problems.iter().any(|problem| problem.illness.lasting);
    let wanted = rng.chance(0.15) || followed;
    if chart.person.death.is_some() || chart.age_on(chart.last) < 18 || !wanted {
        return;
    }
    let trust = chart.world.trusts().get(chart.person.trust % 2);
    let hospital = trust.map(|trust| named_reference("Organization", &trust.id, &trust.name));
    let practice = chart.practice();
    report(chart, &KIDNEY, ("final", rng.between(2, 9)), practice, &mut rng);
    if rng.chance(0.6) {
        report(chart, &BLOOD_COUNT, ("final", rng.between(1, 6)), hospital.clone(), &mut rng);
    }
    if rng.chance(0.3) {
        report(chart, &LIPIDS, ("preliminary", 1), hospital, &mut rng);
    }
}

fn report(
    chart: &mut Chart<'_>,
    (code, name, tests): &Panel,
    (status, days_ago): (&str, i64),
    maker: Option<Value>,
    rng: &mut Rng,
) {
    let when = chart.moment(chart.last.plus(-(days_ago as i32)), rng);
    let clotted = rng.chance(0.35).then(|| rng.below(tests.len() as u64) as usize);
    let mut references = Vec::with_capacity(tests.len());
    for (at, test) in tests.iter().enumerate() {
        let shift = if rng.chance(0.2) { 0.7 } else { 0.0 };
        let value = value(test, shift, chart.person.sex, rng);
        let id = chart.id("observation");
        let mut observation = result(chart, test, value, (&id, &when));
        if let Some(members) = observation.as_object_mut() {
            if clotted == Some(at) {
                for member in ["valueQuantity", "interpretation"] {
                    members.remove(member);
                }
                members.insert("dataAbsentReason", object([("text", text("the sample clotted"))]));
            }
            if let Some(maker) = &maker {
                members.insert("performer", Value::Array(vec![maker.clone()]));
            }
        }
        chart.out.push(observation);
        references.push(reference("Observation", &id));
    }
    let id = chart.id("report");
    let report = resource_as(
        "DiagnosticReport",
        "DiagnosticReport-Lab",
        &id,
        [
            ("status", text(status)),
            ("category", one(hl7_coded("v2-0074", "LAB", "Laboratory"))),
            ("code", Some(concept(LOINC, code, name))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(&when)),
            ("issued", text(&when)),
            ("performer", maker.and_then(one)),
            ("result", Some(Value::Array(references))),
        ],
    );
    chart.out.push(report);
}
