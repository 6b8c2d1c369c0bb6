//! A world in memory: events are decided one by one as they arrive, and what is left at the end is hashed. Whatever
//! the order of arrival, the hash must be the same.

use super::clinical::*;
use super::decide::{Refusal, decide};
use super::event::*;
use super::person::*;
use super::present::Present;
use super::resources::{Holders, is_open};
use super::scenarios::*;
use fhir::json::{Value, canonical};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct World {
    present: Present,
    pub resources: BTreeMap<(String, String), Value>,
}

impl World {
    pub fn of(events: &[Event]) -> Self {
        let mut world = Self::default();
        for event in events {
            world.apply(event).unwrap();
        }
        world
    }

    pub fn apply(&mut self, event: &Event) -> Result<(), Refusal> {
        self.present.stays_of.clear();
        loop {
            for key in self.present.strangers(event) {
                let stays = self.stays_of(&key);
                self.present.stays_of.insert(key, stays);
            }
            let missing = self.present.missing(event);
            if missing.is_empty() {
                break;
            }
            for stream in missing {
                self.present.streams.entry(stream).or_default();
            }
        }
        self.present.holders = self.holders();
        let changes = decide(&self.present, event)?;
        for (stream, key) in changes.superseded {
            self.present.streams.entry(stream).or_default().retain(|fact| fact.key() != key);
        }
        for stream in changes.streams {
            let facts = self.present.streams.entry(stream).or_default();
            if facts.iter().all(|fact| fact.key() != event.key()) {
                facts.push(event.clone());
            }
        }
        for change in changes.resources {
            let (kind, id) = change.key();
            let resource = change.over(self.resources.get(&(kind.to_owned(), id.to_owned())));
            let issues = fhir::validate::structural(&resource);
            assert!(issues.is_empty(), "{issues:?}\n{}", fhir::json::to_string(&resource));
            let text = |name| resource.text_at(&[name]).unwrap().to_owned();
            let key = (text("resourceType"), text("id"));
            if matches!(key.0.as_str(), "Location" | "Organization" | "DetectedIssue") {
                self.present.known.insert(key.clone(), resource.clone());
            }
            self.resources.insert(key, resource);
        }
        Ok(())
    }

    /// What somebody configured.
    pub fn know(&mut self, resource: Value) {
        let text = |name| resource.text_at(&[name]).unwrap().to_owned();
        let key = (text("resourceType"), text("id"));
        self.present.known.insert(key.clone(), resource.clone());
        self.resources.insert(key, resource);
    }

    fn stays_of(&self, key: &PatientKey) -> BTreeSet<StayKey> {
        let subject = format!("Patient/{}", super::resources::patient_id(key));
        let stays = self.resources.values().filter(|one| one.text_at(&["resourceType"]) == Some("Encounter"));
        let theirs = stays.filter(|one| one.text_at(&["subject", "reference"]) == Some(&subject));
        theirs.flat_map(super::resources::stay_keys).collect()
    }

    fn holders(&self) -> BTreeMap<String, Holders> {
        let mut holders: BTreeMap<String, Holders> = BTreeMap::new();
        for ((kind, id), encounter) in &self.resources {
            for location in encounter.items("location") {
                if kind == "Encounter" && location.text_at(&["status"]) == Some("active") {
                    let reference = location.text_at(&["location", "reference"]).unwrap();
                    let bed = reference.strip_prefix("Location/").unwrap();
                    holders.entry(bed.to_owned()).or_default().insert(id.clone(), location.clone());
                }
            }
        }
        holders
    }

    /// Everything but matters that later messages settled: whether they ever stood is history, as versions are.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let settled = |one: &&Value| one.text_at(&["resourceType"]) == Some("DetectedIssue") && !is_open(one);
        for resource in self.resources.values().filter(|one| !settled(one)) {
            hash.update(canonical(resource));
            hash.update(b"\n");
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn one(&self, kind: &str, id: &str) -> &Value {
        &self.resources[&(kind.to_owned(), id.to_owned())]
    }
}

/// Every order, arriving one by one, leaves the same bytes.
pub fn same_bytes(events: &[Event]) -> World {
    let expected = World::of(events);
    every_order(&mut events.to_vec(), &mut |order| {
        let world = World::of(order);
        if world.hash() != expected.hash() {
            for (key, resource) in &expected.resources {
                let other = world.resources.get(key);
                assert_eq!(
                    other.map(|value| String::from_utf8(canonical(value)).unwrap()),
                    Some(String::from_utf8(canonical(resource)).unwrap()),
                );
            }
            panic!("more resources in one order than in another: {:?}", world.resources.keys());
        }
    });
    let doubled: Vec<Event> = events.iter().flat_map(|event| [event.clone(), event.clone()]).collect();
    assert_eq!(World::of(&doubled).hash(), expected.hash());
    expected
}

pub fn person(control: &str, number: &str) -> Event {
    let mut event = Event { subject: patient(number), ..message(control, 500, Kind::Person) };
    let name = Name { family: "Testcase".into(), given: vec!["Ann".into()], ..Name::default() };
    event.subject.demographics.names = Field::Set(vec![name]);
    event.subject.demographics.gender = Field::Set("female".into());
    let nhs = Identifier { value: "9990079196".into(), authority: "NHS".into(), kind: String::new() };
    event.subject.identifiers.push(nhs);
    event
}

fn stroke() -> Diagnosis {
    let code = Coded { code: "422504002".into(), display: "Ischaemic stroke".into(), system: "SCT".into() };
    Diagnosis { code, made_at: Some(at(610)), withdrawn: false }
}

#[test]
fn moves_leave_the_same_bytes_in_every_order() {
    let world = same_bytes(&simple_moves()[..5]);
    let encounter = world.one("Encounter", &super::encounter_id(&stay("V1")));
    let places: Vec<_> = encounter
        .items("location")
        .iter()
        .map(|one| (one.text_at(&["location", "display"]).unwrap(), one.text_at(&["status"]).unwrap()))
        .collect();
    assert_eq!(
        places,
        [
            ("W1 B1 ED", "completed"),
            ("W1 B1 A", "completed"),
            ("W1 B1 B", "completed"),
            ("W1 B1 C", "active")
        ]
    );
    let status = |name: &str| {
        let location = world.one("Location", &super::location_id(&bed(name)));
        location.text_at(&["operationalStatus", "code"]).unwrap().to_owned()
    };
    assert_eq!([status("A"), status("C")], ["U", "O"]);
}

#[test]
fn cancels_and_corrections_leave_the_same_bytes_in_every_order() {
    same_bytes(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Transfer, Some("B")),
        flow("3", 710, Action::CancelTransfer, Some("A")),
        flow("4", 900, Action::Discharge, Some("A")),
        flow("5", 910, Action::CancelDischarge, Some("A")),
    ]);
    same_bytes(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 660, Action::Update, Some("B")),
        flow("3", 700, Action::Imply, Some("X")),
        flow("4", 720, Action::CancelAdmit, Some("B")),
    ]);
    let world = same_bytes(&[
        flow("1", 500, Action::PreAdmit, Some("A")),
        flow("2", 600, Action::CancelPlanAdmit, Some("A")),
    ]);
    let encounter = world.one("Encounter", &super::encounter_id(&stay("V1")));
    assert_eq!(encounter.text_at(&["status"]), Some("cancelled"));
}

#[test]
fn two_patients_in_one_bed_leave_the_same_bytes_in_every_order() {
    let world = same_bytes(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Discharge, Some("A")),
        flow("3", 710, Action::Admit, Some("A")).of("2", "V2"),
        flow("4", 720, Action::CancelDischarge, Some("A")),
        flow("5", 800, Action::Transfer, Some("B")).of("2", "V2"),
    ]);
    let status = world.one("Location", &super::location_id(&bed("A")));
    assert_eq!(status.text_at(&["operationalStatus", "code"]), Some("O"), "one of the two is still there");
}

#[test]
fn merges_and_moved_visits_leave_the_same_bytes_in_every_order() {
    same_bytes(&[
        person("1", "1"),
        person("2", "9"),
        flow("3", 600, Action::Admit, Some("A")),
        merge("4", 650, "1", "9"),
        flow("5", 700, Action::Transfer, Some("B")).of("9", "V1"),
    ]);
    let kind = Kind::MoveVisit { from: stay("V1"), to: stay("V7"), prior: None };
    same_bytes(&[
        flow("1", 600, Action::Admit, Some("A")).visit(|visit| visit.diagnoses.push(stroke())),
        Event { subject: patient("9"), ..message("2", 700, kind) },
        flow("3", 800, Action::Transfer, Some("B")).of("9", "V7"),
        flow("4", 900, Action::Discharge, None).of("9", "V7"),
    ]);
}

#[test]
fn merge_then_unmerge_restores_every_byte_but_its_own_trace() {
    let mut events = vec![
        person("1", "1"),
        person("2", "9"),
        flow("3", 600, Action::Admit, Some("A")),
        flow("5", 700, Action::Transfer, Some("B")),
    ];
    let before = World::of(&events);
    events.push(merge("4", 650, "1", "9"));
    let prior = patient("1").key;
    events.push(Event { subject: patient("9"), ..message("6", 800, Kind::Unmerge { prior }) });
    let mut after = World::of(&events);
    after.resources.retain(|key, _| before.resources.contains_key(key));
    assert_eq!(after.hash(), before.hash());
}

#[test]
fn a_swap_is_whole_or_refused() {
    let flow_to = |visit: &str, place: Option<&str>| Flow {
        action: Action::Swap,
        stay: stay(visit),
        visit: Visit { place: place.map(bed), ..Visit::default() },
    };
    let swap = |place: Option<&str>| {
        let side = Side { subject: patient("2"), flow: flow_to("V2", place) };
        message("3", 700, Kind::Swap(flow_to("V1", Some("B")), Box::new(side)))
    };
    same_bytes(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 610, Action::Admit, Some("B")).of("2", "V2"),
        swap(Some("A")),
        flow("4", 800, Action::Transfer, Some("C")),
    ]);
    let mut world = World::default();
    assert_eq!(world.apply(&swap(None)), Err(Refusal::SwapWithoutPlaces));
    assert!(world.resources.is_empty());
}

#[test]
fn results_orders_and_allergies_leave_the_same_bytes_in_every_order() {
    let finding = |value: &str, status: &str| Finding {
        code: Coded { code: "718-7".into(), display: "Haemoglobin".into(), system: "LN".into() },
        sub_id: String::new(),
        readings: vec![Reading::Number(value.into())],
        unit: Coded { code: "g/L".into(), display: String::new(), system: "UCUM".into() },
        range: "130-170".into(),
        flags: vec!["L".into()],
        status: status.into(),
        observed_at: Some(at(600)),
        method: Coded::default(),
        notes: vec!["Checked".into()],
    };
    let report = |control: &str, minutes: i64, value: &str, status: &str| {
        let report = Report {
            key: OrderKey { facility: "ZA1".into(), number: "L1".into() },
            placer: "O1".into(),
            filler: "L1".into(),
            code: Coded { code: "26604007".into(), display: "Full blood count".into(), system: "SCT".into() },
            status: status.into(),
            section: "HM".into(),
            observed_at: Some(at(590)),
            issued_at: Some(at(minutes)),
            interpreter: Clinician::default(),
            specimen: Coded::default(),
            findings: vec![finding(value, status)],
            notes: Vec::new(),
        };
        message(control, minutes, Kind::Report(Box::new(report), Some(stay("V1"))))
    };
    let mut allergic = person("5", "1");
    allergic.allergies.push(Allergy {
        action: AllergyAction::State,
        substance: Coded {
            code: "91936005".into(),
            display: "Penicillin allergy".into(),
            system: "SCT".into(),
        },
        category: "medication".into(),
        criticality: "high".into(),
        reactions: vec!["Rash".into()],
        severity: "moderate".into(),
        onset: None,
        verification: "confirmed".into(),
    });
    let world = same_bytes(&[
        report("1", 600, "101", "preliminary"),
        report("2", 660, "120.0", "final"),
        report("3", 720, "121.50", "corrected"),
        message("4", 590, Kind::Order(Box::new(an_order()), Some(stay("V1")))),
        allergic,
    ]);
    let observation = world.resources.iter().find(|((kind, _), _)| kind == "Observation").unwrap().1;
    assert_eq!(observation.at(&["valueQuantity", "value"]).unwrap().as_number().unwrap().as_str(), "121.50");
    assert_eq!(observation.text_at(&["status"]), Some("corrected"));
}
