//! What must hold for every record: references resolve, nothing happens before birth or after death, codes are
//! well formed, the same seed gives the same bytes.

use super::*;
use crate::world::Plan;
use std::collections::{HashMap, HashSet};

/// Whether a SNOMED CT identifier has its check digit (Verhoeff) and is a concept id.
pub(super) fn verhoeff(code: &str) -> bool {
    const D: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const P: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let check = code.bytes().rev().enumerate().fold(0_u8, |sum, (at, digit)| {
        D[usize::from(sum)][usize::from(P[at % 8][usize::from(digit - b'0')])]
    });
    let bytes = code.as_bytes();
    check == 0 && matches!(bytes[bytes.len() - 2], b'0') // partition 00 or 10: a concept
}

pub(crate) fn world(people: u64) -> World {
    World::new(Plan { seed: 42, people, start: "2026-11-02T08:00:00Z".parse().unwrap() })
}

fn walk<'a>(value: &'a Value, seen: &mut impl FnMut(&str, &'a Value)) {
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter() {
                seen(name, member);
                walk(member, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        _ => {}
    }
}

#[test]
fn every_reference_resolves() {
    let world = world(400);
    let key = |value: &Value| {
        format!("{}/{}", value.text_at(&["resourceType"]).unwrap(), value.text_at(&["id"]).unwrap())
    };
    let mut known: HashSet<String> = world.resources().iter().map(key).collect();
    for resource in world.resources() {
        walk(&resource, &mut |name, value| {
            if name == "reference" {
                assert!(known.contains(value.as_str().unwrap()), "{}", value.as_str().unwrap());
            }
        });
    }
    for person in world.people() {
        for resource in record(&world, &person, Detail::Full) {
            walk(&resource, &mut |name, value| {
                // A Consent names an actor by a member of that name, with the reference inside.
                if let ("reference", Some(to)) = (name, value.as_str()) {
                    assert!(known.contains(to), "{to}");
                }
            });
            assert!(known.insert(key(&resource)), "id given twice: {}", key(&resource));
        }
    }
}

#[test]
fn nothing_happens_before_birth_or_after_death() {
    let world = world(3_000);
    let now = fhir_instant(world.start());
    let mut deaths = 0;
    for person in world.people() {
        let birth = person.birth.to_string();
        let end = person.death.map_or(now.clone(), |day| {
            deaths += 1;
            format!("{day}T23:59:59Z")
        });
        for resource in record(&world, &person, Detail::Full) {
            // The day of a review to come is known beforehand.
            walk(&without_reviews(resource), &mut |name, value| {
                let dated =
                    name.ends_with("Date") || name.ends_with("DateTime") || name == "start" || name == "end";
                if let (true, Some(text)) = (dated || matches!(name, "issued" | "authoredOn"), value.as_str())
                {
                    assert!(text >= birth.as_str() && text <= end.as_str(), "{name} {text} {birth}..{end}");
                }
            });
        }
    }
    assert!(deaths > 30, "{deaths}");
}

fn without_reviews(mut resource: Value) -> Value {
    let repeat = resource.text_at(&["intent"]) == Some("plan");
    if let Some(members) = resource.as_object_mut().filter(|_| repeat) {
        members.remove("extension");
    }
    resource
}

#[test]
fn repeats_are_due_early_at_their_maximum_and_on_their_way() {
    let world = world(2_000);
    let (mut plans, mut spent, mut requests, mut statuses) = (0, 0, 0, HashMap::new());
    for person in world.people() {
        for resource in record(&world, &person, Detail::Full) {
            let number =
                |path: &[&str]| resource.at(path).and_then(Value::as_number).and_then(|n| n.as_i64());
            match resource.text_at(&["intent"]) {
                Some("plan") => {
                    plans += 1;
                    let issued = number(&["extension", "extension", "valueUnsignedInt"]).unwrap();
                    spent +=
                        u32::from(issued >= number(&["dispenseRequest", "numberOfRepeatsAllowed"]).unwrap());
                }
                Some("proposal") => requests += 1,
                Some("order") if resource.get("groupIdentifier").is_some() => {
                    let id = resource.text_at(&["groupIdentifier", "value"]).unwrap();
                    assert!(fhir::prescription_id::PrescriptionId::is_valid(id), "{id}");
                    let status =
                        resource.text_at(&["extension", "extension", "valueCoding", "code"]).unwrap();
                    *statuses.entry(status.to_owned()).or_insert(0) += 1;
                }
                _ => {}
            }
        }
    }
    assert!(plans > 1_000 && spent * 5 < plans && spent * 20 > plans, "{spent} of {plans}");
    assert!(requests > 40, "{requests}");
    assert_eq!(statuses.len(), 13, "{statuses:?}");
}

#[test]
fn medicines_follow_their_problem() {
    let world = world(500);
    let mut checked = 0;
    for person in world.people() {
        let mut onset = HashMap::new();
        for resource in record(&world, &person, Detail::Full) {
            let id = format!("Condition/{}", resource.text_at(&["id"]).unwrap());
            match resource.text_at(&["resourceType"]) {
                Some("Condition") => {
                    onset.insert(id, resource.text_at(&["onsetDateTime"]).unwrap().to_owned());
                }
                Some("MedicationRequest") => {
                    let reason = resource.text_at(&["reasonReference", "reference"]).unwrap();
                    assert!(resource.text_at(&["authoredOn"]).unwrap() >= onset[reason].as_str());
                    checked += 1;
                }
                _ => {}
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn snomed_codes_are_well_formed() {
    let world = world(300);
    let mut seen = HashSet::new();
    for person in world.people() {
        for resource in record(&world, &person, Detail::Full) {
            walk(&resource, &mut |name, value| {
                if name == "coding" {
                    for coding in value.as_array().unwrap() {
                        if coding.text_at(&["system"]) == Some(crate::compose::SNOMED) {
                            seen.insert(coding.text_at(&["code"]).unwrap().to_owned());
                        }
                    }
                }
            });
        }
    }
    assert!(seen.len() > 40, "{}", seen.len());
    for code in seen {
        assert!(verhoeff(&code), "{code}");
    }
}

#[test]
fn the_seed_fixes_every_byte() {
    use sha2::{Digest, Sha256};
    let digest = |seed: u64| {
        let plan = Plan { seed, people: 200, start: "2026-11-02T08:00:00Z".parse().unwrap() };
        let world = World::new(plan);
        let mut bytes = Vec::new();
        crate::output::write_ndjson(&mut bytes, &world.resources()).unwrap();
        for person in world.people() {
            crate::output::write_ndjson(&mut bytes, &record(&world, &person, Detail::Full)).unwrap();
        }
        assert!(bytes.len() > 1_000_000, "{}", bytes.len());
        Sha256::digest(&bytes)
    };
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn nobody_takes_one_medicine_in_two_strengths() {
    let world = world(600);
    let mut lasting = 0;
    for person in world.people() {
        let mut taken = HashSet::new();
        for one in record(&world, &person, Detail::Lean) {
            let is = |path: &[&str], word: &str| one.text_at(path) == Some(word);
            // An issue of a repeat has the repeat's name again; it is based on it.
            if !is(&["resourceType"], "MedicationRequest")
                || !is(&["status"], "active")
                || one.get("basedOn").is_some()
            {
                continue;
            }
            let name = one.text_at(&["medicationCodeableConcept", "text"]).unwrap_or_default().to_owned();
            let substance = name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().to_owned();
            lasting += 1;
            assert!(taken.insert(substance), "{name} twice for person {}", person.index);
        }
    }
    assert!(lasting > 300, "{lasting}");
}
