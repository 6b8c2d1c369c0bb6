//! Problems: which illnesses people of an age and sex live with, and since when.
//!
//! Each illness has the share of people who have ever had it at ages 0, 20, 40, 60 and 80 (orders of magnitude as
//! in published British prevalence, rounded). One random number per person and illness is held against that curve,
//! so the age at which the curve passes the number is the age at onset. Codes are SNOMED CT.

use super::Chart;
use crate::calendar::Day;
use crate::compose::{SNOMED, coded, concept, hl7_coded, one, resource, text};
use crate::names::Sex;
use fhir::json::Value;

/// A problem of one person.
pub(super) struct Problem {
    pub(super) illness: &'static Illness,
    pub(super) onset: Day,
    /// The id of its Condition.
    pub(super) id: String,
}

/// One illness.
pub(super) struct Illness {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Share ever affected at ages 0, 20, 40, 60, 80.
    curve: [f64; 5],
    /// How much more often women have it than men.
    women: f64,
    /// Whether it lasts; otherwise it resolves within weeks.
    pub(super) lasting: bool,
    /// Which medicines treat it: a key of the medicine table.
    pub(super) treatment: &'static str,
}

const fn lasting(
    code: &'static str,
    name: &'static str,
    curve: [f64; 5],
    women: f64,
    treatment: &'static str,
) -> Illness {
    Illness { code, name, curve, women, lasting: true, treatment }
}

const fn passing(
    code: &'static str,
    name: &'static str,
    curve: [f64; 5],
    women: f64,
    treatment: &'static str,
) -> Illness {
    Illness { code, name, curve, women, lasting: false, treatment }
}

const ILLNESSES: &[Illness] = &[
    lasting("38341003", "Hypertension", [0.0, 0.004, 0.06, 0.30, 0.58], 0.95, "hypertension"),
    lasting("44054006", "Type 2 diabetes mellitus", [0.0, 0.002, 0.03, 0.12, 0.19], 0.8, "diabetes"),
    lasting("46635009", "Type 1 diabetes mellitus", [0.0, 0.003, 0.005, 0.006, 0.006], 0.9, "insulin"),
    lasting("195967001", "Asthma", [0.0, 0.10, 0.12, 0.13, 0.14], 1.1, "asthma"),
    lasting("13645005", "Chronic obstructive lung disease", [0.0, 0.0, 0.006, 0.045, 0.11], 0.9, "copd"),
    lasting("49436004", "Atrial fibrillation", [0.0, 0.0, 0.003, 0.025, 0.14], 0.8, "atrial-fibrillation"),
    lasting("53741008", "Coronary arteriosclerosis", [0.0, 0.0, 0.008, 0.07, 0.18], 0.55, "heart"),
    lasting("84114007", "Heart failure", [0.0, 0.0, 0.002, 0.015, 0.09], 0.85, "heart-failure"),
    lasting("433144002", "Chronic kidney disease stage 3", [0.0, 0.0, 0.004, 0.045, 0.28], 1.1, ""),
    lasting("35489007", "Depressive disorder", [0.0, 0.05, 0.14, 0.19, 0.21], 1.5, "depression"),
    lasting("197480006", "Anxiety disorder", [0.0, 0.05, 0.10, 0.12, 0.12], 1.5, ""),
    lasting("40930008", "Hypothyroidism", [0.0, 0.003, 0.02, 0.05, 0.09], 3.0, "thyroid"),
    lasting("396275006", "Osteoarthritis", [0.0, 0.0, 0.02, 0.18, 0.38], 1.3, "pain"),
    lasting("64859006", "Osteoporosis", [0.0, 0.0, 0.004, 0.03, 0.16], 2.6, "bones"),
    lasting("52448006", "Dementia", [0.0, 0.0, 0.0, 0.004, 0.10], 1.2, "dementia"),
    lasting("84757009", "Epilepsy", [0.0, 0.006, 0.009, 0.012, 0.016], 0.95, "epilepsy"),
    lasting("230690007", "Cerebrovascular accident", [0.0, 0.0, 0.004, 0.03, 0.12], 0.85, "stroke"),
    lasting("22298006", "Myocardial infarction", [0.0, 0.0, 0.004, 0.03, 0.08], 0.45, "heart"),
    lasting("69896004", "Rheumatoid arthritis", [0.0, 0.0, 0.004, 0.011, 0.018], 2.4, "rheumatoid"),
    lasting("9014002", "Psoriasis", [0.0, 0.01, 0.02, 0.028, 0.03], 1.0, "skin"),
    lasting("43116000", "Eczema", [0.02, 0.14, 0.16, 0.17, 0.18], 1.1, "skin"),
    lasting("37796009", "Migraine", [0.0, 0.06, 0.13, 0.16, 0.16], 2.4, "migraine"),
    lasting("235595009", "Gastro-oesophageal reflux disease", [0.0, 0.01, 0.07, 0.16, 0.24], 1.0, "reflux"),
    lasting("10743008", "Irritable bowel syndrome", [0.0, 0.03, 0.09, 0.11, 0.12], 1.8, ""),
    lasting("254837009", "Malignant neoplasm of breast", [0.0, 0.0, 0.004, 0.03, 0.07], 60.0, ""),
    lasting("399068003", "Malignant neoplasm of prostate", [0.0, 0.0, 0.0, 0.02, 0.12], 0.0, ""),
    lasting("49049000", "Parkinson's disease", [0.0, 0.0, 0.0, 0.003, 0.017], 0.7, "parkinson"),
    lasting("90560007", "Gout", [0.0, 0.0, 0.01, 0.04, 0.07], 0.3, "gout"),
    lasting("414916001", "Obesity", [0.01, 0.08, 0.18, 0.24, 0.26], 1.1, ""),
    lasting("55822004", "Hyperlipidaemia", [0.0, 0.0, 0.04, 0.20, 0.30], 0.95, "statin"),
    lasting("406506008", "Attention deficit hyperactivity disorder", [0.0, 0.035, 0.04, 0.04, 0.04], 0.4, ""),
    lasting("61582004", "Allergic rhinitis", [0.0, 0.14, 0.20, 0.21, 0.21], 1.1, "hay-fever"),
    lasting("193570009", "Cataract", [0.0, 0.0, 0.002, 0.05, 0.35], 1.15, ""),
    lasting("87522002", "Iron deficiency anaemia", [0.0, 0.02, 0.05, 0.07, 0.12], 2.2, "iron"),
    passing("54150009", "Upper respiratory infection", [0.2, 0.75, 0.85, 0.9, 0.93], 1.1, ""),
    passing("65363002", "Otitis media", [0.05, 0.42, 0.44, 0.45, 0.45], 1.0, "antibiotic"),
    passing("90176007", "Tonsillitis", [0.0, 0.25, 0.32, 0.33, 0.33], 1.2, "penicillin"),
    passing("68566005", "Urinary tract infection", [0.01, 0.08, 0.18, 0.28, 0.45], 4.0, "urine"),
    passing("233604007", "Pneumonia", [0.005, 0.02, 0.03, 0.06, 0.16], 0.9, "antibiotic"),
    passing("128045006", "Cellulitis", [0.0, 0.02, 0.05, 0.09, 0.16], 1.0, "penicillin"),
    passing("25374005", "Gastroenteritis", [0.03, 0.2, 0.26, 0.3, 0.34], 1.0, ""),
    passing("74400008", "Appendicitis", [0.0, 0.045, 0.065, 0.07, 0.072], 0.9, ""),
    passing("5913000", "Fracture of neck of femur", [0.0, 0.0, 0.001, 0.006, 0.07], 2.2, "bones"),
];

const AGES: [f64; 5] = [0.0, 20.0, 40.0, 60.0, 80.0];

/// The person's problems as Conditions, oldest first.
pub(super) fn problems(chart: &mut Chart<'_>) -> Vec<Problem> {
    let mut rng = chart.rng("illness");
    let lived = f64::from(chart.last.0 - chart.person.birth.0) / 365.25;
    let mut found: Vec<(Day, &'static Illness)> = Vec::new();
    for illness in ILLNESSES {
        let draw = rng.unit();
        let factor = match chart.person.sex {
            Sex::Female => 2.0 * illness.women / (1.0 + illness.women),
            Sex::Male => 2.0 / (1.0 + illness.women),
        };
        if let Some(age) = onset_age(&illness.curve, factor, draw).filter(|age| *age < lived) {
            found.push((chart.person.birth.plus((age * 365.25) as i32 + 1).min(chart.last), illness));
        }
    }
    found.extend(serious_mental_illness(chart));
    found.sort_by_key(|(onset, illness)| (*onset, illness.code));
    found
        .into_iter()
        .map(|(onset, illness)| {
            let id = chart.id("condition");
            let condition = condition(chart, illness, onset, &id);
            chart.out.push(condition);
            Problem { illness, onset, id }
        })
        .collect()
}

/// The age at which the curve, times `factor`, passes `draw`; `None` when it never does by the age of 100.
fn onset_age(curve: &[f64; 5], factor: f64, draw: f64) -> Option<f64> {
    let mut from = (0.0, 0.0);
    let ends = AGES.iter().zip(curve).map(|(age, share)| (*age, share * factor));
    let last = curve.last().copied().unwrap_or_default() * factor;
    for (age, share) in ends.chain([(100.0, last * 1.15)]) {
        if draw < share {
            let part = if share > from.1 { (draw - from.1).max(0.0) / (share - from.1) } else { 0.0 };
            return Some(from.0 + part * (age - from.0));
        }
        from = (age, share);
    }
    None
}

fn serious_mental_illness(chart: &Chart<'_>) -> Option<(Day, &'static Illness)> {
    static PSYCHOSIS: Illness = lasting("58214004", "Schizophrenia", [0.0; 5], 1.0, "psychosis");
    static BIPOLAR: Illness = lasting("13746004", "Bipolar disorder", [0.0; 5], 1.0, "bipolar");
    if !chart.person.serious_mental_illness {
        return None;
    }
    let mut rng = chart.rng("serious-mental-illness");
    let onset = chart.person.birth.plus(rng.between(17 * 365, 35 * 365) as i32).min(chart.last);
    Some((onset, if rng.chance(0.5) { &PSYCHOSIS } else { &BIPOLAR }))
}

fn condition(chart: &Chart<'_>, illness: &Illness, onset: Day, id: &str) -> Value {
    let resolved = onset.plus(12 + (onset.0 & 15));
    let over = !illness.lasting && resolved < chart.last;
    let (status, display) = if over { ("resolved", "Resolved") } else { ("active", "Active") };
    resource(
        "Condition",
        id,
        [
            ("clinicalStatus", Some(hl7_coded("condition-clinical", status, display))),
            ("verificationStatus", Some(hl7_coded("condition-ver-status", "confirmed", "Confirmed"))),
            ("category", one(hl7_coded("condition-category", "problem-list-item", "Problem List Item"))),
            ("code", Some(concept(SNOMED, illness.code, illness.name))),
            ("subject", Some(chart.subject())),
            ("onsetDateTime", Some(Value::from(onset.to_string()))),
            ("abatementDateTime", over.then(|| Value::from(resolved.to_string()))),
            ("recordedDate", text(&onset.to_string())),
            ("recorder", chart.doctor()),
        ],
    )
}

/// A coding for messages and reasons.
pub(super) fn coded_illness(illness: &Illness) -> Value {
    coded(SNOMED, illness.code, illness.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn onset_is_where_the_curve_passes() {
        let curve = [0.0, 0.0, 0.1, 0.3, 0.5];
        assert_eq!(onset_age(&curve, 1.0, 0.2), Some(50.0));
        assert_eq!(onset_age(&curve, 2.0, 0.2), Some(40.0));
        assert_eq!(onset_age(&curve, 1.0, 0.9), None);
        assert_eq!(onset_age(&[0.2, 0.2, 0.2, 0.2, 0.2], 1.0, 0.1), Some(0.0));
    }

    #[test]
    fn codes_have_a_valid_snomed_check_digit() {
        for illness in ILLNESSES {
            assert!(crate::record::tests::verhoeff(illness.code), "{} {}", illness.code, illness.name);
        }
    }
}
