//! Visits: to the practice, to outpatients, and past stays in hospital with the procedure done there.
//! UKCore-Encounter, UKCore-Procedure.

use super::Chart;
use super::illness::{Problem, coded_illness};
use crate::calendar::{DAY, Day, HOUR, fhir_instant};
use crate::compose::{
    SNOMED, UK_CODES, coding, concept, extension, list, named_reference, object, one, period, reference,
    resource, text, uk_coded,
};
use crate::rng::Rng;
use crate::world::WardKind;
use fhir::json::{Object, Value};

/// An illness that leads to a stay: its code, the ward, the procedure done there, the nights.
struct Cause {
    code: &'static str,
    ward: WardKind,
    procedure: Option<(&'static str, &'static str)>,
    nights: (i64, i64),
}

const CAUSES: &[Cause] = &[
    Cause {
        code: "5913000",
        ward: WardKind::Orthopaedics,
        procedure: Some(("52734007", "Total replacement of hip")),
        nights: (7, 21),
    },
    Cause {
        code: "74400008",
        ward: WardKind::Surgery,
        procedure: Some(("80146002", "Appendectomy")),
        nights: (1, 4),
    },
    Cause {
        code: "22298006",
        ward: WardKind::Medicine,
        procedure: Some(("415070008", "Percutaneous coronary intervention")),
        nights: (2, 6),
    },
    Cause { code: "230690007", ward: WardKind::Medicine, procedure: None, nights: (4, 25) },
    Cause { code: "233604007", ward: WardKind::Medicine, procedure: None, nights: (2, 9) },
    Cause { code: "84114007", ward: WardKind::Elderly, procedure: None, nights: (3, 12) },
];

pub(super) fn encounters(chart: &mut Chart<'_>, problems: &[Problem]) {
    let mut rng = chart.rng("encounter");
    practice_visits(chart, problems, &mut rng);
    for problem in problems {
        let Some(cause) = CAUSES.iter().find(|cause| cause.code == problem.illness.code) else { continue };
        let nights = rng.between(cause.nights.0, cause.nights.1) as i32;
        let stay = problem.onset.plus(nights);
        // A stay under way belongs to the message stream, not to the past.
        if stay.plus(1) < chart.last && problem.onset > chart.person.birth {
            hospital_stay(chart, problem, cause, nights, &mut rng);
        }
    }
}

fn practice_visits(chart: &mut Chart<'_>, problems: &[Problem], rng: &mut Rng) {
    let age = chart.age_on(chart.last);
    let most = match age {
        0..5 => 16,
        5..18 => 7,
        18..60 => 12,
        _ => 22,
    };
    let span = i64::from((chart.last.0 - chart.person.birth.0).min(5 * 365));
    let count = rng.between(1, most);
    let mut days: Vec<Day> =
        (0..count).map(|_| chart.last.plus(-(rng.between(1, span.max(1)) as i32))).collect();
    days.sort_unstable();
    for day in days.into_iter().filter(|day| *day > chart.person.birth && !day.is_weekend()) {
        let current: Vec<&Problem> = problems.iter().filter(|problem| problem.onset <= day).collect();
        let at = rng.below(current.len().max(1) as u64) as usize;
        let reason = current.get(at).filter(|_| rng.chance(0.6)).copied();
        practice_visit(chart, day, reason, rng);
    }
}

fn class(code: &str, display: &str) -> Value {
    coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", code, display)
}

fn attender(who: Value) -> Value {
    let kind = concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND", "attender");
    Value::object([("type", list([kind])), ("individual", who)])
}

fn practice_visit(chart: &mut Chart<'_>, day: Day, reason: Option<&Problem>, rng: &mut Rng) {
    let id = chart.id("encounter");
    let start = day.at(8 * HOUR + rng.below(54) as i64 * 600).min(chart.latest());
    let end = fhir_instant((start + 600).min(chart.latest()));
    let telephone = rng.chance(0.35);
    let class = if telephone { class("VR", "virtual") } else { class("AMB", "ambulatory") };
    let encounter = resource(
        "Encounter",
        &id,
        [
            ("status", text("finished")),
            ("class", Some(class)),
            ("type", one(concept("", "", if telephone { "Telephone consultation" } else { "Consultation" }))),
            ("subject", Some(chart.subject())),
            ("participant", chart.doctor().map(attender).and_then(one)),
            ("period", Some(period(&fhir_instant(start), Some(&end)))),
            ("reasonCode", reason.map(|problem| coded_illness(problem.illness)).and_then(one)),
            ("serviceProvider", chart.practice()),
        ],
    );
    chart.out.push(encounter);
}

fn hospital_stay(chart: &mut Chart<'_>, problem: &Problem, cause: &Cause, nights: i32, rng: &mut Rng) {
    // Past stays were in the acute trust of the person's town, whoever knows them today.
    let Some(trust) = chart.world.trusts().get(chart.person.trust % 2) else { return };
    let ward = trust.wards.iter().find(|ward| ward.kind == cause.ward);
    let bed = ward.and_then(|ward| ward.beds.get(rng.below(ward.beds.len() as u64) as usize));
    chart.serial += 1;
    let visit = format!("H{}{}", chart.person.mrn, chart.serial);
    let id = fhir::identity::encounter(&trust.ods, &visit);
    let begin = problem.onset.at(9 * HOUR + rng.below(12) as i64 * HOUR);
    let finish = begin.div_euclid(DAY) * DAY + i64::from(nights) * DAY + 11 * HOUR;
    let (start, end) = (fhir_instant(begin), fhir_instant(finish));
    let admission = extension(
        "AdmissionMethod",
        "valueCodeableConcept",
        uk_coded(
            "UKCore-AdmissionMethodEngland",
            "21",
            "Emergency Admission: Emergency Care Department or dental casualty department of the Health Care Provider",
        ),
    );
    let mut hospitalization = Object::new();
    hospitalization.insert("extension", list([admission]));
    let system = Value::from(format!("{UK_CODES}UKCore-DischargeDestinationEngland"));
    let home = Value::object([
        ("coding", list([Value::object([("system", system), ("code", Value::from("19"))])])),
        ("text", Value::from("Usual place of residence")),
    ]);
    hospitalization.insert("dischargeDisposition", home);
    let discharge = extension(
        "DischargeMethod",
        "valueCodeableConcept",
        uk_coded(
            "UKCore-DischargeMethodEngland",
            "1",
            "Patient discharged on clinical advice or with clinical consent",
        ),
    );
    let place = bed.map(|bed| {
        object([
            ("location", Some(reference("Location", &bed.id))),
            ("status", text("completed")),
            ("period", Some(period(&start, Some(&end)))),
        ])
    });
    let mut provider = named_reference("Organization", &trust.id, &trust.name);
    if let Some(provider) = provider.as_object_mut() {
        provider.insert("identifier", crate::compose::identifier(crate::compose::ODS, &trust.ods));
    }
    let encounter = resource(
        "Encounter",
        &id,
        [
            ("extension", one(discharge)),
            (
                "identifier",
                one(crate::compose::identifier(
                    &format!("https://bevan.example/id/{}/visit", trust.ods.to_lowercase()),
                    &visit,
                )),
            ),
            ("status", text("finished")),
            ("class", Some(class("IMP", "inpatient encounter"))),
            ("subject", Some(chart.subject())),
            ("period", Some(period(&start, Some(&end)))),
            ("reasonCode", one(coded_illness(problem.illness))),
            ("hospitalization", Some(Value::Object(hospitalization))),
            ("location", place.and_then(one)),
            ("serviceProvider", Some(provider)),
        ],
    );
    chart.out.push(encounter);
    if let Some((code, name)) = cause.procedure {
        let done = fhir_instant(begin + 18 * HOUR);
        let procedure = procedure(chart, (code, name), &id, &done);
        chart.out.push(procedure);
    }
}

fn procedure(chart: &mut Chart<'_>, code: (&str, &str), encounter: &str, when: &str) -> Value {
    let id = chart.id("procedure");
    resource(
        "Procedure",
        &id,
        [
            ("status", text("completed")),
            ("code", Some(concept(SNOMED, code.0, code.1))),
            ("subject", Some(chart.subject())),
            ("encounter", Some(reference("Encounter", encounter))),
            ("performedDateTime", text(when)),
        ],
    )
}
