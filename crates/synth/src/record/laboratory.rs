//! Blood results of the last years: kidney function, full blood count, HbA1c, lipids, thyroid. One
//! UKCore-DiagnosticReport-Lab per panel with its UKCore-Observation-Lab results, LOINC codes, UCUM units, adult
//! reference ranges and interpretation.

use super::Chart;
use super::illness::Problem;
use super::measurement::reviews;
use crate::calendar::Day;
use crate::compose::{
    LOINC, concept, decimal, hl7_coded, list, object, one, quantity, reference, resource_as, text,
};
use crate::names::Sex;
use crate::rng::Rng;
use fhir::json::Value;

/// One kind of result.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Test {
    /// LOINC.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// UCUM.
    pub(crate) unit: &'static str,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Digits after the point.
    pub(crate) digits: usize,
}

const fn test(
    code: &'static str,
    name: &'static str,
    unit: &'static str,
    range: (f64, f64),
    digits: usize,
) -> Test {
    Test { code, name, unit, low: range.0, high: range.1, digits }
}

/// Panel code, panel name, tests.
pub(crate) type Panel = (&'static str, &'static str, &'static [Test]);

pub(crate) const KIDNEY: Panel = (
    "24362-6",
    "Urea and electrolytes",
    &[
        test("2951-2", "Sodium", "mmol/L", (133.0, 146.0), 0),
        test("2823-3", "Potassium", "mmol/L", (3.5, 5.3), 1),
        test("22664-7", "Urea", "mmol/L", (2.5, 7.8), 1),
        test("14682-9", "Creatinine", "umol/L", (45.0, 104.0), 0),
    ],
);
pub(crate) const BLOOD_COUNT: Panel = (
    "58410-2",
    "Full blood count",
    &[
        test("718-7", "Haemoglobin", "g/L", (115.0, 165.0), 0),
        test("6690-2", "White blood cells", "10*9/L", (4.0, 11.0), 1),
        test("777-3", "Platelets", "10*9/L", (150.0, 450.0), 0),
        test("787-2", "Mean cell volume", "fL", (80.0, 100.0), 1),
    ],
);
pub(crate) const INFLAMMATION: Panel =
    ("1988-5", "C reactive protein", &[test("1988-5", "C reactive protein", "mg/L", (0.0, 5.0), 0)]);
pub(super) const LIPIDS: Panel = (
    "24331-1",
    "Lipids",
    &[
        test("14647-2", "Total cholesterol", "mmol/L", (2.5, 5.0), 1),
        test("14646-4", "HDL cholesterol", "mmol/L", (1.0, 2.5), 1),
        test("14927-8", "Triglycerides", "mmol/L", (0.4, 1.7), 1),
    ],
);
const GLUCOSE: Panel = ("59261-8", "HbA1c", &[test("59261-8", "HbA1c", "mmol/mol", (20.0, 41.0), 0)]);
const THYROID: Panel =
    ("3016-3", "Thyroid stimulating hormone", &[test("3016-3", "TSH", "m[IU]/L", (0.27, 4.2), 2)]);

pub(super) fn results(chart: &mut Chart<'_>, problems: &[Problem], years: i32) {
    let mut rng = chart.rng("laboratory");
    let treated = |key: &str| problems.iter().any(|problem| problem.illness.treatment == key);
    let diabetic = treated("diabetes") || treated("insulin");
    let watched = diabetic || treated("hypertension") || treated("heart") || treated("statin");
    let thyroid = treated("thyroid");
    for day in reviews(chart, problems, years) {
        if chart.age_on(day) < 18 {
            continue;
        }
        let when = chart.moment(day, &mut rng);
        let wanted = [
            (KIDNEY, watched || rng.chance(0.25)),
            (BLOOD_COUNT, watched || rng.chance(0.25)),
            (GLUCOSE, diabetic || rng.chance(0.12)),
            (LIPIDS, watched),
            (THYROID, thyroid),
        ];
        for (panel, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
            let shift = if diabetic && panel.0 == GLUCOSE.0 { 0.9 } else { 0.0 };
            report(chart, panel, (&when, day), shift, &mut rng);
        }
    }
}

/// A value for a test: `shift` moves it from the middle of its range, in widths of the range.
pub(crate) fn value(test: &Test, shift: f64, sex: Sex, rng: &mut Rng) -> f64 {
    let lower = if sex == Sex::Female && matches!(test.code, "718-7" | "14682-9") { -0.18 } else { 0.0 };
    let middle = (test.low + test.high) / 2.0;
    let width = test.high - test.low;
    (middle + width * (lower + shift + rng.bell(0.0, 0.24))).max(test.low * 0.35)
}

/// The interpretation of a value: code and meaning.
pub(crate) fn flag(test: &Test, value: f64) -> (&'static str, &'static str) {
    if value > test.high {
        ("H", "High")
    } else if value < test.low {
        ("L", "Low")
    } else {
        ("N", "Normal")
    }
}

/// After so many days a doctor of the practice has looked at a report.
const REVIEWED_DAYS: i32 = 14;

fn report(chart: &mut Chart<'_>, panel: &Panel, (when, day): (&str, Day), shift: f64, rng: &mut Rng) {
    let (code, name, tests) = *panel;
    let reviewer = chart.doctor().filter(|_| day.plus(REVIEWED_DAYS) < chart.last);
    let mut references = Vec::with_capacity(tests.len());
    for test in tests {
        let value = value(test, shift, chart.person.sex, rng);
        let id = chart.id("observation");
        let observation = result(chart, test, value, (&id, when));
        chart.out.push(observation);
        references.push(reference("Observation", &id));
    }
    let id = chart.id("report");
    let report = resource_as(
        "DiagnosticReport",
        "DiagnosticReport-Lab",
        &id,
        [
            ("status", text("final")),
            ("category", one(hl7_coded("v2-0074", "LAB", "Laboratory"))),
            ("code", Some(concept(LOINC, code, name))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("issued", text(when)),
            ("performer", chart.practice().and_then(one)),
            ("resultsInterpreter", reviewer.and_then(one)),
            ("result", Some(Value::Array(references))),
        ],
    );
    chart.out.push(report);
}

pub(super) fn result(chart: &Chart<'_>, test: &Test, value: f64, (id, when): (&str, &str)) -> Value {
    let digits = test.digits;
    let (code, display) = flag(test, value);
    let amount = |value: f64| quantity(&format!("{value:.digits$}"), test.unit, test.unit);
    let range =
        object([("low", (test.low > 0.0).then(|| amount(test.low))), ("high", Some(amount(test.high)))]);
    debug_assert!(decimal(&format!("{value:.digits$}")).as_number().is_some());
    resource_as(
        "Observation",
        "Observation-Lab",
        id,
        [
            ("status", text("final")),
            ("category", Some(list([hl7_coded("observation-category", "laboratory", "Laboratory")]))),
            ("code", Some(concept(LOINC, test.code, test.name))),
            ("subject", Some(chart.subject())),
            ("effectiveDateTime", text(when)),
            ("performer", chart.practice().and_then(one)),
            ("valueQuantity", Some(amount(value))),
            ("interpretation", one(hl7_coded("v3-ObservationInterpretation", code, display))),
            ("referenceRange", one(range)),
        ],
    )
}
