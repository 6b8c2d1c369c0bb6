//! What is to come: the surgeries' diaries, people's appointments, referrals, places on waiting lists, and what is being said
//! about them.
//!
//! Apart from [`crate::record`], which tells a past: everything here stands around the world's moment, and the diaries of
//! a day can be made for any day, so that a demonstration that is started again has free appointments ahead of it.
//! Draws from random streams of its own. Schedule, Slot, Appointment, ServiceRequest, CarePlan and
//! Communication of FHIR R4.

mod appointment;
mod holiday;
mod message;
mod referral;
mod scan;
mod service;
mod slot;

pub use scan::scans;
pub use service::{diaries, services};
pub use slot::slots;

use crate::demo::{DemoRole, demo_people};
use crate::person::Person;
use crate::world::World;
use fhir::json::Value;

/// A person's appointments with their surgery, referrals, waiting list entries, hospital appointments and messages.
#[must_use]
pub fn bookings(world: &World, person: &Person) -> Vec<Value> {
    if person.death.is_some() {
        return Vec::new();
    }
    let mut out = appointment::at_the_surgery(world, person);
    let (pathways, open) = referral::pathways(world, person);
    out.extend(pathways);
    out.extend(message::messages(world, person, &open));
    out
}

/// What the first patient who can sign in to a demonstration has to read: an answer of their surgery to a question of theirs.
#[must_use]
pub fn demo_messages(world: &World) -> Vec<Value> {
    first_patient(world).map(|one| message::question(world, &one)).unwrap_or_default()
}

/// A scan of the same patient some months ago: what asked for it, the study and its report.
#[must_use]
pub fn demo_scans(world: &World) -> Vec<Value> {
    first_patient(world).map(|one| scan::past(world, one)).unwrap_or_default()
}

/// The first patient who can sign in to a demonstration, while alive.
fn first_patient(world: &World) -> Option<Person> {
    let first = demo_people(world).into_iter().find(|one| one.role == DemoRole::Patient)?;
    let id = first.reference.strip_prefix("Patient/")?;
    world.people().find(|person| person.patient_id == id).filter(|one| one.death.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::world::Plan;
    use std::collections::{BTreeMap, HashSet};

    fn world(people: u64) -> World {
        World::new(Plan { seed: 42, people, start: "2026-11-02T08:00:00Z".parse().unwrap() })
    }

    fn key(resource: &Value) -> String {
        let part = |name: &str| resource.text_at(&[name]).unwrap().to_owned();
        format!("{}/{}", part("resourceType"), part("id"))
    }

    fn references(value: &Value, seen: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| match member.as_str() {
                Some(text) if name == "reference" => seen.push(text.to_owned()),
                _ => references(member, seen),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, seen)),
            _ => {}
        }
    }

    #[test]
    fn everything_is_sound_and_points_at_something() {
        let world = world(400);
        let today = Day::holding(world.start());
        let mut all = services(&world);
        all.extend((0..14).flat_map(|ahead| slots(&world, today.plus(ahead))));
        all.extend(world.people().flat_map(|person| bookings(&world, &person)));
        let mut known: HashSet<String> = world.resources().iter().map(key).collect();
        known.extend(world.people().map(|person| format!("Patient/{}", person.patient_id)));
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for resource in &all {
            assert_eq!(fhir::validate::structural(resource), [], "{}", fhir::json::to_string(resource));
            assert!(known.insert(key(resource)), "{} is given twice", key(resource));
            *kinds.entry(resource.text_at(&["resourceType"]).unwrap().to_owned()).or_default() += 1;
        }
        for resource in &all {
            let mut targets = Vec::new();
            references(resource, &mut targets);
            for target in targets {
                assert!(known.contains(&target), "{target} in {}", key(resource));
            }
        }
        for kind in [
            "HealthcareService",
            "Schedule",
            "Slot",
            "Appointment",
            "ServiceRequest",
            "CarePlan",
            "Communication",
        ] {
            assert!(kinds.get(kind).is_some_and(|count| *count >= 20), "{kind}: {kinds:?}");
        }
    }

    #[test]
    fn the_first_demo_patient_has_an_answer_to_read() {
        for seed in [7, 42] {
            let start = "2026-11-02T08:00:00Z".parse().unwrap();
            let world = World::new(Plan { seed, people: 2_000, start });
            let own = demo_people(&world).into_iter().find(|one| one.role == DemoRole::Patient).unwrap();
            let person = world.people().find(|one| own.reference.ends_with(&one.patient_id)).unwrap();
            let others: HashSet<String> = bookings(&world, &person).iter().map(key).collect();
            let messages = demo_messages(&world);
            for one in &messages {
                assert_eq!(fhir::validate::structural(one), [], "{}", fhir::json::to_string(one));
                assert!(!others.contains(&key(one)), "{} is given twice", key(one));
                assert_eq!(one.text_at(&["subject", "reference"]), Some(own.reference.as_str()));
            }
            let [asked, answered] = messages.as_slice() else { panic!("{}", messages.len()) };
            assert_eq!(asked.text_at(&["sender", "reference"]), Some(own.reference.as_str()));
            assert_eq!(answered.items("recipient").len(), 1);
            assert_eq!(answered.items("partOf")[0].text_at(&["reference"]), Some(key(asked).as_str()));
            assert!(answered.get("received").is_none(), "read already");
            assert_eq!(messages, demo_messages(&world));
        }
    }

    #[test]
    fn the_first_demo_patient_has_a_scan_with_a_report() {
        for (seed, people) in [(7, 2_000), (42, 300)] {
            let world = World::new(Plan { seed, people, start: "2026-11-02T08:00:00Z".parse().unwrap() });
            let own = demo_people(&world).into_iter().find(|one| one.role == DemoRole::Patient).unwrap();
            let found = demo_scans(&world);
            let mut known: HashSet<String> =
                world.resources().iter().chain(&scans(&world)).map(key).collect();
            known.insert(own.reference.clone());
            for one in &found {
                assert_eq!(fhir::validate::structural(one), [], "{}", fhir::json::to_string(one));
                assert_eq!(one.text_at(&["subject", "reference"]), Some(own.reference.as_str()));
                assert!(known.insert(key(one)), "{} is given twice", key(one));
            }
            for one in &found {
                let mut targets = Vec::new();
                references(one, &mut targets);
                for target in targets {
                    assert!(known.contains(&target), "{target} in {}", key(one));
                }
            }
            let [order, study, report] = found.as_slice() else { panic!("{}", found.len()) };
            assert_eq!(study.items("basedOn")[0].text_at(&["reference"]), Some(key(order).as_str()));
            assert_eq!(report.items("imagingStudy")[0].text_at(&["reference"]), Some(key(study).as_str()));
        }
    }

    #[test]
    fn any_fortnight_has_free_appointments_of_each_kind() {
        let world = world(100);
        for first in [Day::holding(world.start()), Day::of(2027, 12, 20), Day::of(2031, 3, 24)] {
            let fortnight: Vec<Value> = (0..14).flat_map(|ahead| slots(&world, first.plus(ahead))).collect();
            let free = fortnight.iter().filter(|slot| slot.text_at(&["status"]) == Some("free"));
            let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
            for slot in free {
                *by_kind
                    .entry(slot.text_at(&["extension", "valueCodeableConcept", "coding", "code"]).unwrap())
                    .or_default() += 1;
            }
            assert_eq!(by_kind.keys().copied().collect::<Vec<_>>(), ["In-person", "Telephone", "Video"]);
            assert!(by_kind.values().all(|count| *count >= 30), "{by_kind:?}");
        }
    }

    #[test]
    fn a_day_is_the_same_whenever_it_is_made() {
        let day = Day::of(2026, 11, 12);
        assert_eq!(slots(&world(50), day), slots(&world(50), day));
        assert!(slots(&world(50), Day::of(2026, 12, 25)).is_empty());
        assert!(slots(&world(50), Day::of(2026, 11, 14)).is_empty(), "a Saturday");
    }
}
