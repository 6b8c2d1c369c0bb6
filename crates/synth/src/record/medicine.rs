//! Medicines: MedicationRequest for each course, MedicationStatement for what is taken now. Names are generic names
//! with strength and form; a dm+d (SNOMED CT) code stands only where it is certain, otherwise the text alone.

use super::illness::Problem;
use super::{Chart, Detail};
use crate::calendar::Day;
use crate::compose::{
    SNOMED, concept, hl7_coded, identifier, list, object, one, period, reference, resource, text,
};
use fhir::json::Value;

struct Medicine {
    treatment: &'static str,
    code: &'static str,
    name: &'static str,
    dose: &'static str,
    /// Share of those with the problem who take it.
    share: f64,
}

const fn medicine(treatment: &'static str, name: &'static str, dose: &'static str, share: f64) -> Medicine {
    Medicine { treatment, code: "", name, dose, share }
}

const MEDICINES: &[Medicine] = &[
    medicine("hypertension", "Amlodipine 5mg tablets", "One tablet once a day", 0.50),
    medicine("hypertension", "Ramipril 5mg capsules", "One capsule once a day", 0.45),
    medicine("hypertension", "Indapamide 2.5mg tablets", "One tablet in the morning", 0.15),
    medicine("diabetes", "Metformin 500mg tablets", "One tablet twice a day with meals", 0.80),
    medicine("diabetes", "Gliclazide 80mg tablets", "One tablet twice a day with meals", 0.22),
    medicine("diabetes", "Empagliflozin 10mg tablets", "One tablet once a day", 0.25),
    medicine("diabetes", "Atorvastatin 20mg tablets", "One tablet at night", 0.60),
    medicine("insulin", "Insulin glargine 100units/ml solution for injection", "As directed, at night", 1.0),
    medicine("insulin", "Insulin lispro 100units/ml solution for injection", "As directed, with meals", 0.95),
    medicine("asthma", "Salbutamol 100micrograms/dose inhaler", "Two puffs when needed", 0.60),
    medicine("asthma", "Beclometasone 100micrograms/dose inhaler", "Two puffs twice a day", 0.45),
    medicine("copd", "Tiotropium bromide 2.5micrograms/dose inhaler", "Two puffs once a day", 0.60),
    medicine("copd", "Salbutamol 100micrograms/dose inhaler", "Two puffs when needed", 0.75),
    medicine("atrial-fibrillation", "Apixaban 5mg tablets", "One tablet twice a day", 0.70),
    medicine("atrial-fibrillation", "Bisoprolol 2.5mg tablets", "One tablet in the morning", 0.65),
    Medicine {
        treatment: "heart",
        code: "319775004",
        name: "Aspirin 75mg dispersible tablets",
        dose: "One tablet once a day",
        share: 0.70,
    },
    medicine("heart", "Atorvastatin 80mg tablets", "One tablet at night", 0.75),
    medicine("heart", "Bisoprolol 2.5mg tablets", "One tablet in the morning", 0.50),
    medicine("heart-failure", "Furosemide 40mg tablets", "One tablet in the morning", 0.70),
    medicine("heart-failure", "Spironolactone 25mg tablets", "One tablet in the morning", 0.35),
    medicine("depression", "Sertraline 50mg tablets", "One tablet once a day", 0.40),
    medicine("depression", "Citalopram 20mg tablets", "One tablet once a day", 0.25),
    medicine("depression", "Mirtazapine 15mg tablets", "One tablet at night", 0.15),
    medicine("thyroid", "Levothyroxine sodium 100microgram tablets", "One tablet in the morning", 0.95),
    Medicine {
        treatment: "pain",
        code: "322236009",
        name: "Paracetamol 500mg tablets",
        dose: "Two tablets up to four times a day when needed",
        share: 0.45,
    },
    medicine("pain", "Ibuprofen 5% gel", "Apply three times a day when needed", 0.20),
    medicine("bones", "Alendronic acid 70mg tablets", "One tablet once a week", 0.60),
    medicine("bones", "Colecalciferol 800unit capsules", "One capsule once a day", 0.60),
    medicine("dementia", "Donepezil 10mg tablets", "One tablet at night", 0.40),
    medicine("epilepsy", "Lamotrigine 100mg tablets", "One tablet twice a day", 0.45),
    medicine("epilepsy", "Levetiracetam 500mg tablets", "One tablet twice a day", 0.45),
    medicine("stroke", "Clopidogrel 75mg tablets", "One tablet once a day", 0.75),
    medicine("stroke", "Atorvastatin 80mg tablets", "One tablet at night", 0.70),
    medicine("rheumatoid", "Methotrexate 2.5mg tablets", "Six tablets once a week", 0.60),
    medicine("rheumatoid", "Folic acid 5mg tablets", "One tablet once a week", 0.60),
    medicine("skin", "Hydrocortisone 1% cream", "Apply thinly once or twice a day", 0.30),
    medicine("skin", "Emollient cream", "Apply as often as needed", 0.50),
    medicine("migraine", "Sumatriptan 50mg tablets", "One tablet when an attack begins", 0.35),
    medicine("reflux", "Omeprazole 20mg gastro-resistant capsules", "One capsule in the morning", 0.70),
    medicine("parkinson", "Co-careldopa 25mg/100mg tablets", "One tablet three times a day", 0.90),
    medicine("gout", "Allopurinol 300mg tablets", "One tablet once a day", 0.60),
    medicine("statin", "Atorvastatin 20mg tablets", "One tablet at night", 0.65),
    medicine("hay-fever", "Cetirizine 10mg tablets", "One tablet once a day when needed", 0.30),
    medicine("iron", "Ferrous fumarate 210mg tablets", "One tablet once a day", 0.50),
    medicine("psychosis", "Olanzapine 10mg tablets", "One tablet at night", 0.60),
    medicine("psychosis", "Aripiprazole 10mg tablets", "One tablet in the morning", 0.35),
    medicine("bipolar", "Lithium carbonate 400mg modified-release tablets", "One tablet at night", 0.60),
    medicine("bipolar", "Quetiapine 100mg tablets", "One tablet at night", 0.40),
    Medicine {
        treatment: "antibiotic",
        code: "323510009",
        name: "Amoxicillin 500mg capsules",
        dose: "One capsule three times a day for 5 days",
        share: 0.80,
    },
    medicine(
        "penicillin",
        "Phenoxymethylpenicillin 250mg tablets",
        "Two tablets four times a day for 5 days",
        0.8,
    ),
    medicine(
        "urine",
        "Nitrofurantoin 100mg modified-release capsules",
        "One capsule twice a day for 3 days",
        0.85,
    ),
];

pub(super) fn medicines(chart: &mut Chart<'_>, problems: &[Problem], detail: Detail) {
    let mut rng = chart.rng("medicine");
    let mut taken: Vec<&'static str> = Vec::new();
    for problem in problems.iter().filter(|problem| !problem.illness.treatment.is_empty()) {
        let lasting = problem.illness.lasting;
        if !lasting && (detail == Detail::Lean || chart.last.0 - problem.onset.0 > 6 * 365) {
            continue;
        }
        for medicine in MEDICINES.iter().filter(|medicine| medicine.treatment == problem.illness.treatment) {
            let wanted = rng.chance(medicine.share);
            let begun = problem.onset.plus(rng.between(0, 40) as i32);
            if !wanted || begun > chart.last || taken.contains(&medicine.name) {
                continue;
            }
            if lasting && taken.iter().any(|name| substance(name) == substance(medicine.name)) {
                // Nobody takes one medicine in two strengths; what follows keeps the ids it had with both.
                chart.serial += if chart.person.death.is_none() { 2 } else { 1 };
                continue;
            }
            if lasting {
                taken.push(medicine.name);
            }
            course(chart, problem, medicine, begun);
        }
    }
}

/// The name without strength and form.
fn substance(name: &str) -> &str {
    name.split(|c: char| c.is_ascii_digit()).next().unwrap_or(name)
}

fn course(chart: &mut Chart<'_>, problem: &Problem, medicine: &Medicine, begun: Day) {
    let lasting = problem.illness.lasting;
    let ongoing = lasting && chart.person.death.is_none();
    let request = chart.id("medication-request");
    let what = concept(SNOMED, medicine.code, medicine.name);
    let dosage = Value::object([("text", Value::from(medicine.dose))]);
    let (therapy, display) = if lasting {
        ("continuous", "Continuous long term therapy")
    } else {
        ("acute", "Short course (acute) therapy")
    };
    let reason = reference("Condition", &problem.id);
    let resource_ = resource(
        "MedicationRequest",
        &request,
        [
            ("status", text(if ongoing { "active" } else { "completed" })),
            ("intent", text("order")),
            ("category", one(hl7_coded("medicationrequest-category", "community", "Community"))),
            ("medicationCodeableConcept", Some(what.clone())),
            ("subject", Some(chart.subject())),
            ("authoredOn", text(&begun.to_string())),
            ("requester", chart.doctor()),
            ("reasonReference", one(reason.clone())),
            ("courseOfTherapyType", Some(hl7_coded("medicationrequest-course-of-therapy", therapy, display))),
            ("dosageInstruction", one(dosage.clone())),
            ("substitution", Some(object([("allowedBoolean", Some(Value::from(true)))]))),
        ],
    );
    chart.out.push(resource_);
    if !ongoing {
        return;
    }
    let id = chart.id("medication-statement");
    let statement = resource(
        "MedicationStatement",
        &id,
        [
            ("identifier", one(identifier("https://bevan.example/id/medication-statement", &id))),
            ("basedOn", one(reference("MedicationRequest", &request))),
            ("status", text("active")),
            ("medicationCodeableConcept", Some(what)),
            ("subject", Some(chart.subject())),
            ("effectivePeriod", Some(period(&begun.to_string(), None))),
            ("dateAsserted", text(&begun.to_string())),
            ("reasonReference", Some(list([reason]))),
            ("dosage", one(dosage)),
        ],
    );
    chart.out.push(statement);
}
