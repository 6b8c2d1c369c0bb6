//! Questionnaires about mood and worry that the mental-health trust asks of those with depression or anxiety: PHQ-9 and GAD-7
//! sums, as reports with one observation each. LOINC 44261-6 and 70274-6.

use super::Chart;
use super::illness::Problem;
use crate::compose::{
    LOINC, concept, hl7_coded, named_reference, object, one, quantity, reference, resource, resource_as, text,
};

/// LOINC of panel and sum, names, the largest sum, and the sum from which it is called raised.
struct Questionnaire {
    panel: (&'static str, &'static str),
    sum: (&'static str, &'static str),
    most: i64,
    raised: i64,
}

const MOOD: Questionnaire = Questionnaire {
    panel: ("44249-1", "Mood questionnaire (PHQ-9)"),
    sum: ("44261-6", "PHQ-9 total"),
    most: 27,
    raised: 10,
};
const WORRY: Questionnaire = Questionnaire {
    panel: ("69737-5", "Worry questionnaire (GAD-7)"),
    sum: ("70274-6", "GAD-7 total"),
    most: 21,
    raised: 8,
};

pub(super) fn questionnaires(chart: &mut Chart<'_>, problems: &[Problem]) {
    let mut rng = chart.rng("questionnaire");
    for (code, questionnaire) in [("35489007", &MOOD), ("197480006", &WORRY)] {
        let Some(problem) = problems.iter().find(|problem| problem.illness.code == code) else { continue };
        if chart.age_on(problem.onset) < 16 || !rng.chance(0.5) {
            continue;
        }
        // Better from one time to the next, as most who are treated.
        let mut sum = rng.between(questionnaire.raised + 2, questionnaire.most - 5);
        for months in [15, 9, 4] {
            let day = chart.last.plus(-(months * 30) - rng.between(0, 20) as i32);
            sum = (sum - rng.between(1, 5)).max(2);
            if day > problem.onset {
                let when = chart.moment(day, &mut rng);
                report(chart, questionnaire, sum, &when);
            }
        }
    }
}

fn report(chart: &mut Chart<'_>, questionnaire: &Questionnaire, sum: i64, when: &str) {
    let trust = chart.world.trusts().iter().find(|trust| trust.mental_health);
    let maker = trust.map(|trust| named_reference("Organization", &trust.id, &trust.name));
    let score = |number: i64| quantity(&number.to_string(), "points", "{score}");
    let usual = questionnaire.raised - 1;
    let range = object([
        ("low", Some(score(0))),
        ("high", Some(score(usual))),
        ("text", text(&format!("0 to {usual} of {} points", questionnaire.most))),
    ]);
    let id = chart.id("observation");
    let observation = resource(
        "Observation",
        &id,
        [
            ("status", text("final")),
            ("category", one(hl7_coded("observation-category", "survey", "Survey"))),
            ("code", Some(concept(LOINC, questionnaire.sum.0, questionnaire.sum.1))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("performer", maker.clone().and_then(one)),
            ("valueQuantity", Some(score(sum))),
            ("referenceRange", one(range)),
        ],
    );
    chart.out.push(observation);
    let result = reference("Observation", &id);
    let id = chart.id("report");
    let report = resource_as(
        "DiagnosticReport",
        "DiagnosticReport",
        &id,
        [
            ("status", text("final")),
            ("category", one(object([("text", text("Questionnaire"))]))),
            ("code", Some(concept(LOINC, questionnaire.panel.0, questionnaire.panel.1))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("issued", text(when)),
            ("performer", maker.and_then(one)),
            ("result", one(result)),
            ("conclusion", text("We talked about the answers at the appointment.")),
        ],
    );
    chart.out.push(report);
}
