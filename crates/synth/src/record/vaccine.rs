//! Vaccinations of the British schedule, in outline: childhood, seasonal influenza, COVID-19. UKCore-Immunization;
//! the vaccine is text, the procedure a SNOMED CT code where it is certain.

use super::Chart;
use crate::calendar::Day;
use crate::compose::{SNOMED, coded, extension, object, one, resource, text};
use fhir::json::Value;

struct Dose {
    name: &'static str,
    procedure: Option<(&'static str, &'static str)>,
}

const SIX_IN_ONE: Dose = Dose { name: "6-in-1 vaccine (DTaP/IPV/Hib/HepB)", procedure: None };
const MMR: Dose = Dose { name: "MMR vaccine", procedure: None };
const TEENAGE: Dose = Dose { name: "3-in-1 teenage booster (Td/IPV)", procedure: None };
const HPV: Dose = Dose { name: "HPV vaccine", procedure: None };
const INFLUENZA: Dose =
    Dose { name: "Influenza vaccine", procedure: Some(("73701000119109", "Influenza vaccination given")) };
const COVID: Dose = Dose {
    name: "COVID-19 vaccine",
    procedure: Some((
        "1324681000000101",
        "Administration of first dose of severe acute respiratory syndrome coronavirus 2 vaccine",
    )),
};

pub(super) fn vaccinations(chart: &mut Chart<'_>) {
    let mut rng = chart.rng("vaccination");
    let birth = chart.person.birth;
    let mut given: Vec<(Day, &Dose)> = Vec::new();
    if birth >= Day::of(1995, 1, 1) && rng.chance(0.92) {
        for weeks in [8, 12, 16] {
            given.push((birth.plus(weeks * 7 + rng.between(0, 6) as i32), &SIX_IN_ONE));
        }
        given.push((birth.plus(372 + rng.between(0, 20) as i32), &MMR));
        given.push((birth.plus(1_225 + rng.between(0, 40) as i32), &MMR));
        given.push((birth.plus(14 * 365 + rng.between(0, 200) as i32), &TEENAGE));
        given.push((birth.plus(12 * 365 + 90 + rng.between(0, 200) as i32), &HPV));
    }
    let takes_influenza = rng.chance(0.72);
    let (year, _, _) = chart.last.date();
    for season in year - 4..=year {
        let day = Day::of(season, 10, 1).plus(rng.between(0, 60) as i32);
        if takes_influenza && chart.age_on(day) >= 65 {
            given.push((day, &INFLUENZA));
        }
    }
    let first = Day::of(2021, 2, 1).plus(rng.between(0, 150) as i32);
    if chart.age_on(first) >= 18 && rng.chance(0.88) {
        given.push((first, &COVID));
    }
    let last = chart.last;
    given.sort_by_key(|(day, _)| *day);
    for (day, dose) in given.into_iter().filter(|(day, _)| *day > birth && *day < last) {
        let resource = immunization(chart, dose, day);
        chart.out.push(resource);
    }
}

fn immunization(chart: &mut Chart<'_>, dose: &Dose, day: Day) -> Value {
    let id = chart.id("immunization");
    let procedure = dose.procedure.map(|(code, display)| {
        extension("VaccinationProcedure", "valueCodeableConcept", coded(SNOMED, code, display))
    });
    let performer = chart.practice().map(|practice| object([("actor", Some(practice))]));
    resource(
        "Immunization",
        &id,
        [
            ("extension", procedure.and_then(one)),
            ("status", text("completed")),
            ("vaccineCode", Some(object([("text", text(dose.name))]))),
            ("patient", Some(chart.subject())),
            ("occurrenceDateTime", text(&day.to_string())),
            ("primarySource", Some(Value::from(true))),
            ("performer", performer.and_then(one)),
        ],
    )
}
