//! What a practice measures: blood pressure, weight, height, body mass index, smoking. UKCore-Observation with LOINC
//! codes and UCUM units, blood pressure as components (FHIR vital signs).

use super::Chart;
use super::illness::Problem;
use crate::calendar::Day;
use crate::compose::{LOINC, SNOMED, coded, concept, hl7_coded, one, quantity, resource, text};
use crate::names::Sex;
use crate::rng::Rng;
use fhir::json::Value;

/// The days of reviews, newest last: yearly for those with a lasting illness or from the age of 60, else rarer.
pub(super) fn reviews(chart: &Chart<'_>, problems: &[Problem], years: i32) -> Vec<Day> {
    let mut rng = chart.rng("reviews");
    let lasting = problems.iter().filter(|problem| problem.illness.lasting).count();
    let age = chart.age_on(chart.last);
    let every = if lasting > 1 || age >= 60 {
        1
    } else if age >= 18 {
        3
    } else {
        5
    };
    let mut days: Vec<Day> = (0..years)
        .step_by(every)
        .map(|year| chart.last.plus(-(year * 365) - rng.between(3, 330) as i32))
        .filter(|day| *day > chart.person.birth)
        .collect();
    days.reverse();
    days
}

pub(super) fn measurements(chart: &mut Chart<'_>, problems: &[Problem], years: i32) {
    let mut rng = chart.rng("measurement");
    let body = Body::of(chart, problems, &mut rng);
    let smoker = rng.chance(0.14);
    let ex_smoker = rng.chance(0.25);
    for day in reviews(chart, problems, years) {
        let age = chart.age_on(day);
        let when = chart.moment(day, &mut rng);
        let (height, weight) = body.on(age, &mut rng);
        add(chart, ("8302-2", "Body height"), &when, quantity(&format!("{height:.0}"), "cm", "cm"));
        add(chart, ("29463-7", "Body weight"), &when, quantity(&format!("{weight:.1}"), "kg", "kg"));
        if age < 18 {
            continue;
        }
        let index = weight / (height * height / 10_000.0);
        add(chart, ("39156-5", "Body mass index"), &when, quantity(&format!("{index:.1}"), "kg/m2", "kg/m2"));
        blood_pressure(chart, &body, &when, &mut rng);
        let status = match (smoker, ex_smoker) {
            (true, _) => ("77176002", "Smoker"),
            (false, true) => ("8517006", "Ex-smoker"),
            (false, false) => ("266919005", "Never smoked tobacco"),
        };
        smoking(chart, status, &when);
    }
}

struct Body {
    height: f64,
    index: f64,
    systolic: f64,
}

impl Body {
    fn of(chart: &Chart<'_>, problems: &[Problem], rng: &mut Rng) -> Self {
        let has = |code: &str| problems.iter().any(|problem| problem.illness.code == code);
        let height = match chart.person.sex {
            Sex::Female => rng.bell(162.0, 6.5),
            Sex::Male => rng.bell(176.0, 7.0),
        };
        let index = if has("414916001") { rng.bell(34.5, 2.5) } else { rng.bell(25.5, 2.6) };
        let age = f64::from(chart.age_on(chart.last));
        let systolic = 112.0 + age * 0.28 + if has("38341003") { 9.0 } else { 0.0 } + rng.bell(0.0, 6.0);
        Self { height, index: index.clamp(17.0, 48.0), systolic }
    }

    /// Height in cm and weight in kg at an age.
    fn on(&self, age: i32, rng: &mut Rng) -> (f64, f64) {
        let grown = f64::from(age.clamp(0, 18)) / 18.0;
        let height = 50.0 + (self.height - 50.0) * grown.min(1.0) * (1.35 - 0.35 * grown);
        let index = if age >= 18 { self.index } else { 15.5 + grown * (self.index - 15.5) * 0.7 };
        (height, height * height / 10_000.0 * (index + rng.bell(0.0, 0.4)))
    }
}

fn category() -> Value {
    hl7_coded("observation-category", "vital-signs", "Vital Signs")
}

fn add(chart: &mut Chart<'_>, code: (&str, &str), when: &str, value: Value) {
    let id = chart.id("observation");
    let observation = resource(
        "Observation",
        &id,
        [
            ("status", text("final")),
            ("category", one(category())),
            ("code", Some(concept(LOINC, code.0, code.1))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("performer", chart.practice().and_then(one)),
            ("valueQuantity", Some(value)),
        ],
    );
    chart.out.push(observation);
}

fn blood_pressure(chart: &mut Chart<'_>, body: &Body, when: &str, rng: &mut Rng) {
    let systolic = (body.systolic + rng.bell(0.0, 7.0)).clamp(88.0, 210.0);
    let diastolic = (systolic * 0.60 + rng.bell(0.0, 5.0)).clamp(45.0, 125.0);
    let part = |code: &str, display: &str, value: f64| {
        Value::object([
            ("code", coded(LOINC, code, display)),
            ("valueQuantity", quantity(&format!("{value:.0}"), "mmHg", "mm[Hg]")),
        ])
    };
    let components = vec![
        part("8480-6", "Systolic blood pressure", systolic),
        part("8462-4", "Diastolic blood pressure", diastolic),
    ];
    let (flag, display) =
        if systolic >= 140.0 || diastolic >= 90.0 { ("H", "High") } else { ("N", "Normal") };
    let id = chart.id("observation");
    let observation = resource(
        "Observation",
        &id,
        [
            ("status", text("final")),
            ("category", one(category())),
            ("code", Some(concept(LOINC, "85354-9", "Blood pressure"))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("performer", chart.practice().and_then(one)),
            ("interpretation", one(hl7_coded("v3-ObservationInterpretation", flag, display))),
            ("component", Some(Value::Array(components))),
        ],
    );
    chart.out.push(observation);
}

fn smoking(chart: &mut Chart<'_>, status: (&str, &str), when: &str) {
    let id = chart.id("observation");
    let observation = resource(
        "Observation",
        &id,
        [
            ("status", text("final")),
            ("category", one(hl7_coded("observation-category", "social-history", "Social History"))),
            ("code", Some(concept(LOINC, "72166-2", "Tobacco smoking status"))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("valueCodeableConcept", Some(concept(SNOMED, status.0, status.1))),
        ],
    );
    chart.out.push(observation);
}
