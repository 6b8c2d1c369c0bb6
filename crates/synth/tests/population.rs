//! The population against the shape of the country's: ages, sexes, households, numbers, illness.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::{HashMap, HashSet};
use synth::{Detail, Plan, Sex, World, record};

fn world(people: u64) -> World {
    World::new(Plan { seed: 42, people, start: "2026-11-02T08:00:00Z".parse().unwrap() })
}

/// Lowest age, highest age, lowest and highest share wanted (census 2021 of England and Wales, with room).
const AGES: &[(i32, i32, f64, f64)] = &[
    (0, 4, 0.045, 0.070),
    (5, 15, 0.110, 0.155),
    (16, 24, 0.085, 0.130),
    (25, 44, 0.230, 0.300),
    (45, 64, 0.230, 0.290),
    (65, 74, 0.075, 0.125),
    (75, 84, 0.045, 0.085),
    (85, 120, 0.015, 0.040),
];

#[test]
fn ages_and_sexes_have_the_shape_of_the_country() {
    let world = world(40_000);
    let today = world.today();
    let living: Vec<_> = world.people().filter(|person| person.death.is_none()).collect();
    let total = living.len() as f64;
    let mut wrong = Vec::new();
    for (low, high, least, most) in AGES {
        let count = living.iter().filter(|person| (*low..=*high).contains(&person.age_on(today))).count();
        let share = count as f64 / total;
        println!("{low} to {high}: {share:.3}");
        if !(*least..=*most).contains(&share) {
            wrong.push((low, high, share));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    let women = living.iter().filter(|person| person.sex == Sex::Female).count() as f64 / total;
    assert!((0.495..=0.53).contains(&women), "{women}");
    let old: Vec<_> = living.iter().filter(|person| person.age_on(today) >= 85).collect();
    let old_women = old.iter().filter(|person| person.sex == Sex::Female).count() as f64 / old.len() as f64;
    assert!((0.55..=0.72).contains(&old_women), "{old_women}");
}

#[test]
fn nobody_shares_a_number() {
    let world = world(50_000);
    let (mut numbers, mut hospital, mut ids) = (HashSet::new(), HashSet::new(), HashSet::new());
    for person in world.people() {
        let number = person.nhs_number.clone().unwrap();
        assert!(number.starts_with("999") && fhir::nhs_number::NhsNumber::parse(&number).is_ok(), "{number}");
        assert!(numbers.insert(number));
        assert!(hospital.insert((person.trust, person.mrn.clone())));
        assert!(ids.insert(person.patient_id.clone()));
    }
    // Beyond the capacity of the range people have no number rather than somebody else's.
    assert!(world.person(synth::number::CAPACITY - 1).nhs_number.is_some());
    assert!(world.person(synth::number::CAPACITY).nhs_number.is_none());
}

#[test]
fn illness_follows_age() {
    let world = world(6_000);
    let today = world.today();
    let (mut young, mut old) = ((0, 0), (0, 0));
    let mut kinds: HashMap<String, u32> = HashMap::new();
    for person in world.people().filter(|person| person.death.is_none()) {
        let age = person.age_on(today);
        let record = record(&world, &person, Detail::Lean);
        for resource in &record {
            *kinds.entry(resource.text_at(&["resourceType"]).unwrap().to_owned()).or_default() += 1;
        }
        let pressure = record.iter().any(|one| one.text_at(&["code", "coding", "code"]) == Some("38341003"));
        let slot = match age {
            20..40 => &mut young,
            70.. => &mut old,
            _ => continue,
        };
        slot.0 += 1;
        slot.1 += i32::from(pressure);
    }
    let share = |(all, ill): (i32, i32)| f64::from(ill) / f64::from(all);
    println!("hypertension {:.3} at 20 to 39, {:.3} from 70; {kinds:?}", share(young), share(old));
    assert!(share(young) < 0.06 && (0.40..0.70).contains(&share(old)));
    for kind in ["Condition", "MedicationRequest", "MedicationStatement", "AllergyIntolerance", "Observation"]
    {
        assert!(kinds[kind] > 500, "{kind}");
    }
}
