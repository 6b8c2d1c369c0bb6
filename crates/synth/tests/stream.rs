//! The message stream against the truth it states: a small board, folded from the messages alone, must equal the
//! census; occupancy, rates and shapes stay near what is documented.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use hl7v2::Message;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use synth::{Imperfections, Plan, Stream, Timed, World};

fn world(people: u64) -> World {
    World::new(Plan { seed: 42, people, start: "2026-11-02T08:00:00Z".parse().unwrap() })
}

fn days(world: &World, count: i64) -> jiff::Timestamp {
    world.plan().start + jiff::SignedDuration::from_hours(24 * count)
}

fn text(message: &Message<'_>, path: &str) -> String {
    message.text(path).map(|text| text.into_owned()).unwrap_or_default()
}

/// Facility, visit.
type Key = (String, String);
/// Ward, bay, bed, patient number.
type Bed = (String, String, String, String);

/// A deliberately plain fold, written apart from the simulation: each stay's events by the time at which they were
/// recorded, the last one that says where the patient is wins.
#[derive(Default)]
struct Board {
    events: BTreeMap<Key, BTreeMap<String, (String, Bed)>>,
    merged: HashMap<(String, String), String>,
}

impl Board {
    fn read(&mut self, bytes: &[u8]) {
        let parsed = Message::parse(bytes).unwrap();
        let message = &parsed.message;
        let trigger = text(message, "MSH-9.2");
        let facility = text(message, "MSH-4");
        if text(message, "MSH-9.1") != "ADT" || matches!(trigger.as_str(), "A28" | "A31" | "A60") {
            return;
        }
        if trigger == "A40" {
            self.merged.insert((facility, text(message, "MRG-1.1")), text(message, "PID-3.1"));
            return;
        }
        let recorded = plain_time(&text(message, "EVN-2"));
        for number in 1..=message.segments_named(b"PV1").count() {
            let part = |path: &str| text(message, &format!("PV1[{number}]-{path}"));
            let bed = (part("3.1"), part("3.2"), part("3.3"), text(message, &format!("PID[{number}]-3.1")));
            let key = (facility.clone(), part("19.1"));
            assert!(!key.1.is_empty() && part("3.4") == facility, "{trigger}");
            self.events.entry(key).or_default().insert(recorded.clone(), (trigger.clone(), bed));
        }
    }

    fn beds(&self) -> BTreeSet<(Key, Bed)> {
        let mut beds = BTreeSet::new();
        for (key, events) in &self.events {
            let mut place = None;
            for (trigger, bed) in events.values() {
                match trigger.as_str() {
                    "A03" | "A11" | "A38" | "A05" => place = None,
                    "A01" | "A04" | "A02" | "A12" | "A13" | "A17" => place = Some(bed.clone()),
                    _ => {}
                }
                if let Some(place) = &mut place {
                    place.3 = bed.3.clone();
                }
            }
            if let Some(mut place) = place {
                if let Some(survivor) = self.merged.get(&(key.0.clone(), place.3.clone())) {
                    place.3 = survivor.clone();
                }
                beds.insert((key.clone(), place));
            }
        }
        beds
    }
}

/// A stamp in UTC order: London is at +0000 throughout these tests' winter.
fn plain_time(stamp: &str) -> String {
    stamp.chars().take(14).collect()
}

fn truth(census: &synth::Census) -> BTreeSet<(Key, Bed)> {
    census
        .placements
        .iter()
        .map(|one| {
            let bed = (one.ward.clone(), one.bay.clone(), one.bed.clone(), one.mrn.clone());
            ((one.facility.clone(), one.visit.clone()), bed)
        })
        .collect()
}

#[test]
fn the_board_of_the_messages_is_the_census() {
    for (people, length) in [(2_000, 7), (25_000, 2)] {
        let world = world(people);
        let mut stream = Stream::new(&world, 42, world.plan().start).ending_at(days(&world, length));
        let mut board = Board::default();
        let mut messages = 0;
        for timed in stream.by_ref() {
            board.read(&timed.bytes);
            messages += 1;
        }
        let (folded, told) = (board.beds(), truth(&stream.census()));
        let wrong: Vec<_> = folded.symmetric_difference(&told).take(6).collect();
        assert!(wrong.is_empty(), "{people}: {wrong:?}");
        assert!(told.len() > 200 && messages > 5_000, "{} {messages}", told.len());
    }
}

#[test]
fn the_opening_census_fills_the_wards() {
    let world = world(2_000);
    let stream = Stream::new(&world, 42, world.plan().start);
    let census = stream.census();
    for trust in world.trusts() {
        let (held, beds) = census.occupied(&trust.ods);
        let share = held as f64 / beds as f64;
        assert!((0.82..=0.94).contains(&share), "{} {share}", trust.ods);
    }
    let mut board = Board::default();
    let start = world.plan().start;
    for timed in stream.take_while(|timed| timed.at == start) {
        board.read(&timed.bytes);
    }
    assert_eq!(board.beds(), truth(&census));
    let people: HashSet<u64> = census.placements.iter().map(|one| one.person).collect();
    assert_eq!(people.len(), census.placements.len(), "nobody is in two places");
}

#[test]
fn occupancy_stays_within_bounds_for_a_week() {
    week_within_bounds(2_000);
}

#[test]
fn occupancy_of_a_larger_county_stays_within_bounds_for_a_week() {
    week_within_bounds(30_000);
}

fn week_within_bounds(people: u64) {
    let world = world(people);
    let mut stream = Stream::with_imperfections(&world, 42, world.plan().start, Imperfections::NONE)
        .ending_at(days(&world, 7));
    let mut hour = 0;
    let mut shares: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    while let Some(timed) = stream.next() {
        let now = timed.at.as_second() / 3_600;
        if now == hour {
            continue;
        }
        hour = now;
        let census = stream.census();
        let mut beds = HashSet::new();
        for one in census.placements.iter().filter(|one| !one.bed.is_empty()) {
            assert!(beds.insert((&one.facility, &one.ward, &one.bed)), "{one:?}");
        }
        for trust in world.trusts() {
            let (held, beds) = census.occupied(&trust.ods);
            shares.entry(trust.ods.clone()).or_default().push(held as f64 / beds as f64);
            let waiting = census.on_ward(&trust.ods, "ED").count();
            assert!(waiting < 100, "{waiting} people in the emergency department of {}", trust.ods);
        }
    }
    for (ods, shares) in shares {
        let (low, high) =
            shares.iter().fold((2.0_f64, 0.0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
        println!("{ods}: {low:.3} to {high:.3} over {} hours", shares.len());
        assert!(low >= 0.75 && high <= 1.0, "{ods}: {low} to {high}");
        assert!(high > low, "{ods} never changes");
    }
}

#[test]
fn imperfections_come_at_the_stated_rates() {
    let world = world(2_000);
    let rates = Imperfections { late: 0.02, duplicate: 0.03, control_id_reused: 0.01, out_of_order: 0.04 };
    let mut stream =
        Stream::with_imperfections(&world, 42, world.plan().start, rates).ending_at(days(&world, 7));
    let mut seen: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut control: HashMap<String, HashSet<Vec<u8>>> = HashMap::new();
    for timed in stream.by_ref() {
        let id = text(&Message::parse(&timed.bytes).unwrap().message, "MSH-10");
        *seen.entry(timed.bytes.clone()).or_default() += 1;
        control.entry(id).or_default().insert(timed.bytes);
    }
    let tally = stream.tally();
    let near = |count: u64, rate: f64| {
        let share = count as f64 / tally.written as f64;
        assert!((rate * 0.7..rate * 1.3).contains(&share), "{share} wanted {rate}");
    };
    near(tally.late, rates.late);
    near(tally.duplicates, rates.duplicate);
    near(tally.control_ids_reused, rates.control_id_reused);
    near(tally.out_of_order, rates.out_of_order);
    let twice = seen.values().filter(|count| **count == 2).count() as u64;
    assert_eq!(twice, tally.duplicates);
    let reused: u64 = control.values().map(|bodies| bodies.len() as u64 - 1).sum();
    assert_eq!(reused, tally.control_ids_reused);
}

#[test]
fn the_week_has_every_kind_of_event_and_a_day_has_its_shape() {
    let world = world(2_000);
    let stream = Stream::new(&world, 42, world.plan().start).ending_at(days(&world, 14));
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let mut discharges = [0_u32; 24];
    let mut corrected = 0;
    for timed in stream {
        let parsed = Message::parse(&timed.bytes).unwrap();
        let message = &parsed.message;
        assert!(parsed.findings.is_empty(), "{:?}", parsed.findings);
        let (kind, trigger) = (text(message, "MSH-9.1"), text(message, "MSH-9.2"));
        *kinds.entry(format!("{kind}^{trigger}")).or_default() += 1;
        if trigger == "A03" && text(message, "PV1-2") == "I" {
            let hour: usize = text(message, "PV1-45")[8..10].parse().unwrap();
            discharges[hour] += 1;
        }
        corrected += u32::from(text(message, "OBX-11") == "C");
    }
    println!("{kinds:?}\n{discharges:?}");
    for kind in [
        "ADT^A01", "ADT^A02", "ADT^A03", "ADT^A04", "ADT^A05", "ADT^A06", "ADT^A08", "ADT^A11", "ADT^A12",
        "ADT^A13", "ADT^A15", "ADT^A16", "ADT^A17", "ADT^A21", "ADT^A22", "ADT^A25", "ADT^A28", "ADT^A31",
        "ADT^A38", "ADT^A40", "ADT^A60", "ORM^O01", "ORU^R01",
    ] {
        assert!(kinds.contains_key(kind), "no {kind} in two weeks");
    }
    assert!(corrected > 0);
    let by_day: u32 = discharges[9..20].iter().sum();
    assert!(f64::from(by_day) > 0.8 * f64::from(discharges.iter().sum::<u32>()), "{discharges:?}");
}

#[test]
fn the_seed_fixes_the_stream() {
    let world = world(2_000);
    let take =
        |seed: u64| -> Vec<Timed> { Stream::new(&world, seed, world.plan().start).take(4_000).collect() };
    assert_eq!(take(7), take(7));
    assert_ne!(take(7), take(8));
}

/// The place in the population of a patient who lies in a bed.
fn census_person(world: &World, seed: u64, reference: &str) -> u64 {
    let census = Stream::new(world, seed, world.plan().start).census();
    let lies = |bed: &&synth::Placement| Some(bed.patient_id.as_str()) == reference.strip_prefix("Patient/");
    census.placements.iter().find(lies).unwrap().person
}

#[test]
fn demo_people_lie_in_the_manager_s_ward_and_have_a_record() {
    use synth::{DemoRole, Detail, demo_people, record};
    for (people, seed) in [(2_000, 42), (1_000, 7), (500, 1), (30_000, 3)] {
        let world = World::new(Plan { seed, people, start: "2026-11-02T08:00:00Z".parse().unwrap() });
        let demo = demo_people(&world);
        let of = |role: DemoRole| demo.iter().filter(|one| one.role == role).collect::<Vec<_>>();
        let managers = of(DemoRole::WardManager);
        assert_eq!(
            (managers.len(), of(DemoRole::Receptionist).len(), of(DemoRole::Operator).len()),
            (1, 1, 1)
        );
        let patients = of(DemoRole::Patient);
        println!("{} carers", of(DemoRole::Carer).len());
        let [doctor] = of(DemoRole::Surgery)[..] else { panic!("one doctor") };
        let index = census_person(&world, seed, &patients[0].reference);
        let practice = &world.organisations()[world.person(index).practice];
        assert_eq!((doctor.organisation.as_str(), doctor.ward.as_str()), (practice.ods.as_str(), ""));
        assert!(patients.len() >= 2, "{people} {seed}");
        assert_eq!(patients[0].ward, managers[0].ward);
        let census = Stream::new(&world, seed, world.plan().start).census();
        let resources = world.resources();
        for one in &demo {
            println!("{one:?}");
            let (kind, id) = one.reference.split_once('/').unwrap();
            if one.role == DemoRole::Carer {
                // Those whom they act for say so in their records.
                for cared in &one.acts_for {
                    let person = world.people().find(|person| person.patient_id == *cared).unwrap();
                    let consents: Vec<_> = record(&world, &person, Detail::Full)
                        .into_iter()
                        .filter(|resource| resource.text_at(&["resourceType"]) == Some("Consent"))
                        .collect();
                    assert_eq!(consents[0].text_at(&["status"]), Some("active"));
                }
                continue;
            }
            if kind == "Practitioner" {
                assert!(resources.iter().any(|resource| resource.text_at(&["id"]) == Some(id)));
                continue;
            }
            let bed = census.placements.iter().find(|bed| bed.patient_id == id).unwrap();
            assert_eq!((&bed.facility, &bed.ward), (&one.organisation, &one.ward));
            let record = record(&world, &world.person(bed.person), Detail::Full);
            assert_eq!(record[0].text_at(&["id"]), Some(id));
            assert!(record.len() >= 30, "{}", record.len());
        }
    }
}
