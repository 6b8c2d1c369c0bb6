//! The scan lists of the acute trusts' MR departments: scanners (Location), orders (ServiceRequest), bookings (Appointment), images
//! (ImagingStudy), and the referrals that most orders follow from.
//!
//! A department is played from its orders: so many a working day, scanned in order, one after the other from eight to six.
//! Slightly more come than are scanned, so that the list grows. A county of a few thousand people would not fill a
//! scanner: most who come live outside the area, as in the hospitals' messages, and bring their Patient with them. Minutes,
//! mix and waits are made up and describe no real hospital.

mod past;

pub use past::past;

use super::appointment::{Planned, appointment};
use super::holiday::is_bank_holiday;
use crate::calendar::{Day, HOUR, MINUTE, Seconds, fhir_instant, london_wall};
use crate::compose::{
    SNOMED, UK_CODES, coded, coding, concept, hl7_coded, list, named_reference, object, one, reference,
    resource, text,
};
use crate::names::Sex;
use crate::person::Person;
use crate::record::stranger;
use crate::rng::Rng;
use crate::world::{Trust, World};
use fhir::identity;
use fhir::json::{Number, Value};
use std::collections::{HashSet, VecDeque};

/// The code system of protocols, as `care::imaging` reads it.
const PROTOCOL: &str = "https://bevan.example/CodeSystem/mr-protocol";
/// Working days of orders before today.
const ORDERED: i32 = 35;
/// Working days of scans before today.
const SCANNED: i32 = 20;
/// Working days booked ahead, today included.
const BOOKED: i32 = 6;
/// Orders over what is scanned.
const GROWTH: f64 = 1.08;
/// When scanning begins and ends.
const OPENS: Seconds = 8 * HOUR;
const CLOSES: Seconds = 18 * HOUR;
/// A referral that led to a scan ends so long after it.
const REPORT: i32 = 14;

/// Pictures in a series.
const PICTURES: std::ops::RangeInclusive<i64> = 20..=48;

/// A kind of scan.
struct Protocol {
    code: &'static str,
    name: &'static str,
    minutes: i64,
    weight: u32,
    /// Who refers for it: treatment function.
    specialty: (&'static str, &'static str),
    /// Ages of those who come.
    ages: std::ops::RangeInclusive<i32>,
}

const ORTHOPAEDICS: (&str, &str) = ("110", "Trauma and Orthopaedics");
const NEUROLOGY: (&str, &str) = ("400", "Neurology");

const fn protocol(
    code: &'static str,
    name: &'static str,
    (minutes, weight): (i64, u32),
    specialty: (&'static str, &'static str),
    ages: std::ops::RangeInclusive<i32>,
) -> Protocol {
    Protocol { code, name, minutes, weight, specialty, ages }
}

const HEAD: Protocol = protocol("head", "Head", (30, 26), NEUROLOGY, 8..=95);
const PROTOCOLS: &[Protocol] = &[
    HEAD,
    protocol("lumbar-spine", "Lumbar spine", (30, 20), ORTHOPAEDICS, 18..=90),
    protocol("whole-spine", "Whole spine", (45, 6), NEUROLOGY, 18..=90),
    protocol("knee", "Knee", (30, 14), ORTHOPAEDICS, 12..=80),
    protocol("shoulder", "Shoulder", (30, 6), ORTHOPAEDICS, 16..=80),
    protocol("hip-and-pelvis", "Hip and pelvis", (35, 6), ORTHOPAEDICS, 16..=90),
    protocol("prostate", "Prostate", (45, 8), ("101", "Urology"), 50..=80),
    protocol("liver", "Liver", (40, 6), ("301", "Gastroenterology"), 25..=85),
    protocol("heart", "Heart", (60, 5), ("320", "Cardiology"), 18..=85),
    protocol("vessels", "Blood vessels", (30, 3), ("320", "Cardiology"), 40..=90),
];

/// An order on its way.
struct Order {
    person: Person,
    protocol: &'static Protocol,
    number: u32,
    ordered: Seconds,
    /// Whether it follows from a referral to the hospital; else a surgery ordered it, and the hospital has no other business
    /// with the patient's record.
    referred: bool,
    /// Bookings to which nobody came.
    missed: Vec<(Seconds, usize)>,
    /// The last booking, and whether images are there.
    booked: Option<(Seconds, usize, bool)>,
}

/// Every acute trust's MR department. Small counties have one scanner.
#[must_use]
pub fn scans(world: &World) -> Vec<Value> {
    let people = world.plan().people;
    let mut out = Vec::new();
    for (at, trust) in world.trusts().iter().enumerate().filter(|(_, trust)| !trust.mental_health) {
        let scanners = match (at, people) {
            (0, ..1_000) => 1,
            (0, _) => 2,
            (_, ..1_000) => 0,
            _ => 1,
        };
        out.extend((0..scanners).map(|number| scanner(trust, number)));
        if scanners > 0 {
            department(world, (at, trust), scanners, &mut out);
        }
    }
    out
}

fn department(world: &World, (at, trust): (usize, &Trust), scanners: usize, out: &mut Vec<Value>) {
    let mut rng = Rng::keyed(world.plan().seed, "scans", at as u64);
    let weights: i64 = PROTOCOLS.iter().map(|one| i64::from(one.weight)).sum();
    let minutes: i64 = PROTOCOLS.iter().map(|one| one.minutes * i64::from(one.weight)).sum();
    let a_day = (CLOSES - OPENS) as f64 / 60.0 * weights as f64 / minutes as f64 * scanners as f64 * GROWTH;
    let mut crowd = Crowd::new(world, at, (a_day * f64::from(ORDERED)) as u64);
    let mut list: VecDeque<Order> = VecDeque::new();
    let mut done = Vec::new();
    let mut number = 0;
    let first = (1..).map(|back| world.today().plus(-back)).filter(|day| works(*day));
    let first = first.take(ORDERED as usize).last().unwrap_or(world.today());
    let days = (0..).map(|on| first.plus(on)).filter(|day| works(*day)).take((ORDERED + BOOKED) as usize);
    for (nth, day) in days.enumerate() {
        if nth as i32 >= ORDERED - SCANNED {
            for scanner in 0..scanners {
                let mut returned = Vec::new();
                scan(world, (day, scanner), &mut list, &mut rng, (&mut done, &mut returned));
                list.extend(returned);
            }
        }
        let orders = rng.bell(a_day, a_day * 0.16).max(1.0) as usize;
        for _ in 0..orders {
            let ordered = london_wall(day.at(12 * HOUR), 0, 9 * HOUR + rng.between(0, 85) * 5 * MINUTE);
            let protocol = choose(&mut rng);
            let (person, referred) = (crowd.next(protocol), rng.chance(0.85));
            if ordered < world.start() {
                number += 1;
                let (missed, booked) = (Vec::new(), None);
                list.push_back(Order { person, protocol, number, ordered, referred, missed, booked });
            }
        }
    }
    for order in done.into_iter().chain(list) {
        out.extend(resources(world, trust, &order));
    }
}

/// One scanner's day: bookings one after the other, with a gap now and then.
fn scan(
    world: &World,
    (day, scanner): (Day, usize),
    list: &mut VecDeque<Order>,
    rng: &mut Rng,
    (done, returned): (&mut Vec<Order>, &mut Vec<Order>),
) {
    let mut clock = OPENS;
    while let Some(mut order) = list.pop_front() {
        let length = order.protocol.minutes * MINUTE;
        if clock + length > CLOSES {
            list.push_front(order);
            return;
        }
        let start = london_wall(day.at(12 * HOUR), 0, clock);
        clock += length + if rng.chance(0.04) { 15 * MINUTE } else { 0 };
        let over = start + length <= world.start();
        if over && rng.chance(0.06) {
            order.missed.push((start, scanner));
            returned.push(order);
        } else {
            order.booked = Some((start, scanner, over && rng.chance(0.97)));
            done.push(order);
        }
    }
}

fn works(day: Day) -> bool {
    !day.is_weekend() && !is_bank_holiday(day)
}

fn choose(rng: &mut Rng) -> &'static Protocol {
    let kinds: Vec<(usize, u32)> = PROTOCOLS.iter().map(|one| one.weight).enumerate().collect();
    PROTOCOLS.get(rng.weighted(&kinds)).unwrap_or(&HEAD)
}

/// Those who come: a few of the area, each once, and beyond them people from outside.
struct Crowd<'a> {
    world: &'a World,
    trust: usize,
    /// Which share lives in the area.
    local: f64,
    rng: Rng,
    seen: HashSet<u64>,
    outside: u64,
}

impl<'a> Crowd<'a> {
    /// About one in fifty people of the area needs a scan in the weeks that are told.
    fn new(world: &'a World, trust: usize, orders: u64) -> Self {
        let people = world.plan().people;
        let local = (people as f64 / 50.0 / (orders.max(1) * 2) as f64).min(0.9);
        let rng = Rng::keyed(world.plan().seed, "scanned", trust as u64);
        // Far beyond those whom the hospitals' messages tell of.
        let outside = people.max(100_000) + 200_000 * trust as u64;
        Self { world, trust, local, rng, seen: HashSet::new(), outside }
    }

    fn next(&mut self, protocol: &Protocol) -> Person {
        let from_here = self.rng.chance(self.local);
        let people = self.world.plan().people;
        for _ in 0..if from_here { 200 } else { 0 } {
            let index = self.rng.below(people);
            let person = self.world.person(index);
            if self.fits(&person, protocol) && self.seen.insert(index) {
                return person;
            }
        }
        loop {
            self.outside += 1;
            let person = self.world.person(self.outside);
            if self.fits(&person, protocol) {
                return person;
            }
        }
    }

    fn fits(&self, person: &Person, protocol: &Protocol) -> bool {
        let right = protocol.code != "prostate" || person.sex == Sex::Male;
        let age = protocol.ages.contains(&person.age_on(self.world.today()));
        person.trust == self.trust && person.death.is_none() && age && right
    }
}

fn scanner_id(trust: &Trust, number: usize) -> String {
    identity::location(&trust.ods, &format!("MR{}", number + 1), "", "")
}

fn scanner_name(number: usize) -> String {
    format!("MR scanner {}", number + 1)
}

fn scanner(trust: &Trust, number: usize) -> Value {
    let kind = hl7_coded("v3-RoleCode", "RADDX", "Radiology diagnostics or therapeutics unit");
    let site = identity::location(&trust.ods, "", "", "");
    resource(
        "Location",
        &scanner_id(trust, number),
        [
            ("status", text("active")),
            ("name", text(&scanner_name(number))),
            ("mode", text("instance")),
            ("type", one(kind)),
            ("physicalType", Some(hl7_coded("location-physical-type", "ro", "Room"))),
            ("managingOrganization", Some(named_reference("Organization", &trust.id, &trust.name))),
            ("partOf", Some(reference("Location", &site))),
        ],
    )
}

fn resources(world: &World, trust: &Trust, order: &Order) -> Vec<Value> {
    let mut out = Vec::new();
    if order.person.index >= world.plan().people {
        out.push(stranger(world, &order.person));
    }
    if order.referred {
        out.push(referral(world, trust, order));
    }
    out.push(request(trust, order));
    let bookings = order.missed.iter().map(|(start, scanner)| (*start, *scanner, "noshow"));
    let last = order.booked.iter().map(|(start, scanner, _)| {
        let over = start + order.protocol.minutes * MINUTE <= world.start();
        (*start, *scanner, if over { "fulfilled" } else { "booked" })
    });
    for (nth, booked) in bookings.chain(last).enumerate() {
        out.push(booking(trust, order, (nth, booked)));
    }
    if let Some((start, scanner, true)) = order.booked {
        out.push(study(world, trust, order, (start, scanner)));
    }
    out
}

fn id(trust: &Trust, order: &Order, kind: &str, nth: usize) -> String {
    identity::resource_id(kind, &trust.ods, &["scan", &order.number.to_string(), &nth.to_string()])
}

fn accession(trust: &Trust, order: &Order) -> Value {
    object([
        ("type", Some(hl7_coded("v2-0203", "ACSN", "Accession ID"))),
        ("system", text(&format!("https://bevan.example/id/{}/accession", trust.ods.to_lowercase()))),
        ("value", text(&format!("{}-MR-{:05}", trust.ods, order.number))),
    ])
}

/// The referral to the hospital whose clinic asks for the scan.
fn referral(world: &World, trust: &Trust, order: &Order) -> Value {
    let (code, name) = order.protocol.specialty;
    let over = order.booked.is_some_and(|(start, ..)| Day::holding(start).plus(REPORT) < world.today());
    resource(
        "ServiceRequest",
        &id(trust, order, "referral", 0),
        [
            ("status", text(if over { "completed" } else { "active" })),
            ("intent", text("order")),
            ("category", one(concept(SNOMED, "3457005", "Patient referral"))),
            ("code", Some(concept(&format!("{UK_CODES}UKCore-PracticeSettingCode"), code, name))),
            ("subject", Some(reference("Patient", &order.person.patient_id))),
            ("authoredOn", text(&fhir_instant(order.ordered - 21 * 24 * HOUR))),
            ("performer", one(named_reference("Organization", &trust.id, &trust.name))),
        ],
    )
}

fn request(trust: &Trust, order: &Order) -> Value {
    let imaged = order.booked.is_some_and(|(.., imaged)| imaged);
    let name = format!("MRI: {}", order.protocol.name);
    let code = object([
        ("coding", Some(list([coding(PROTOCOL, order.protocol.code, order.protocol.name)]))),
        ("text", text(&name)),
    ]);
    let referral = order.referred.then(|| reference("ServiceRequest", &id(trust, order, "referral", 0)));
    resource(
        "ServiceRequest",
        &id(trust, order, "service-request", 0),
        [
            ("identifier", one(accession(trust, order))),
            ("basedOn", referral.and_then(one)),
            ("status", text(if imaged { "completed" } else { "active" })),
            ("intent", text("order")),
            ("category", one(concept(SNOMED, "363679005", "Imaging"))),
            ("priority", text("routine")),
            ("code", Some(code)),
            ("subject", Some(reference("Patient", &order.person.patient_id))),
            ("authoredOn", text(&fhir_instant(order.ordered))),
            ("performer", one(named_reference("Organization", &trust.id, &trust.name))),
        ],
    )
}

fn booking(
    trust: &Trust,
    order: &Order,
    (nth, (start, scanner, status)): (usize, (Seconds, usize, &'static str)),
) -> Value {
    let place = named_reference("Location", &scanner_id(trust, scanner), &scanner_name(scanner));
    appointment(
        &order.person,
        Planned {
            id: id(trust, order, "appointment", nth),
            status,
            start,
            minutes: order.protocol.minutes,
            channel: "In-person",
            with: vec![place],
            description: "MRI scan",
            based_on: Some(reference("ServiceRequest", &id(trust, order, "service-request", 0))),
            specialty: None,
        },
    )
}

/// What the scanner sent: one series, without its pixels.
fn study(world: &World, trust: &Trust, order: &Order, (start, scanner): (Seconds, usize)) -> Value {
    let mut rng = Rng::keyed(world.plan().seed, &trust.ods, u64::from(order.number));
    let mut uid = || format!("2.25.{}", (u128::from(rng.bits()) << 60) | u128::from(rng.bits() >> 4));
    let (study, series) = (uid(), uid());
    let pictures = Value::Number(Number::from(rng.between(*PICTURES.start(), *PICTURES.end())));
    let place = named_reference("Location", &scanner_id(trust, scanner), &scanner_name(scanner));
    let modality = coding("http://dicom.nema.org/resources/ontology/DCM", "MR", "Magnetic Resonance");
    let dicom = object([("system", text("urn:dicom:uid")), ("value", text(&format!("urn:oid:{study}")))]);
    let series = object([
        ("uid", text(&series)),
        ("modality", Some(modality.clone())),
        ("description", text(order.protocol.name)),
        ("numberOfInstances", Some(pictures.clone())),
        ("bodySite", Some(object([("display", text(order.protocol.name))]))),
        ("started", text(&fhir_instant(start))),
    ]);
    object([
        ("resourceType", text("ImagingStudy")),
        ("id", text(&id(trust, order, "imaging-study", 0))),
        ("identifier", Some(list([dicom, accession(trust, order)]))),
        ("status", text("available")),
        ("modality", one(modality)),
        ("subject", Some(reference("Patient", &order.person.patient_id))),
        ("started", text(&fhir_instant(start))),
        ("basedOn", one(reference("ServiceRequest", &id(trust, order, "service-request", 0)))),
        ("numberOfSeries", Some(Value::Number(Number::from(1_i64)))),
        ("numberOfInstances", Some(pictures)),
        ("location", Some(place)),
        ("procedureCode", one(coded(PROTOCOL, order.protocol.code, order.protocol.name))),
        ("description", text(&format!("MRI: {}", order.protocol.name))),
        ("series", one(series)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Plan;
    use std::collections::BTreeMap;

    fn world(people: u64) -> World {
        World::new(Plan { seed: 42, people, start: "2026-11-05T11:20:00Z".parse().unwrap() })
    }

    fn of<'a>(all: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
        all.iter().filter(move |one| one.text_at(&["resourceType"]) == Some(kind))
    }

    #[test]
    fn everything_is_sound_and_names_something() {
        let world = world(2_000);
        let all = scans(&world);
        let mut known: HashSet<String> =
            world.people().map(|one| format!("Patient/{}", one.patient_id)).collect();
        for one in world.resources().iter().chain(&all) {
            assert_eq!(fhir::validate::structural(one), [], "{}", fhir::json::to_string(one));
            let name = |part: &str| one.text_at(&[part]).unwrap().to_owned();
            assert!(known.insert(format!("{}/{}", name("resourceType"), name("id"))), "{}", name("id"));
        }
        for one in &all {
            let mut targets: Vec<&str> =
                ["subject", "performer", "basedOn", "partOf", "managingOrganization"]
                    .iter()
                    .filter_map(|name| one.text_at(&[name, "reference"]))
                    .collect();
            targets.extend(
                one.items("participant").iter().filter_map(|who| who.text_at(&["actor", "reference"])),
            );
            assert!(targets.iter().all(|target| known.contains(*target)), "{targets:?}");
        }
        assert_eq!(of(&all, "Location").count(), 3);
    }

    #[test]
    fn no_scanner_holds_two_at_once_and_the_list_grows() {
        let world = world(2_000);
        let all = scans(&world);
        let mut held: BTreeMap<(String, String), String> = BTreeMap::new();
        for one in of(&all, "Appointment") {
            let mut named =
                one.items("participant").iter().filter_map(|who| who.text_at(&["actor", "reference"]));
            let place = named.find(|one| one.starts_with("Location/")).unwrap().to_owned();
            let at = |name: &str| one.text_at(&[name]).unwrap().to_owned();
            assert!(held.insert((place, at("start")), at("end")).is_none());
        }
        let rows: Vec<_> = held.iter().collect();
        for pair in rows.windows(2) {
            let ((place, _), end) = pair[0];
            let ((next, start), _) = pair[1];
            assert!(place != next || end <= start, "{pair:?}");
        }
        let status = |kind: &str, wanted: &str| {
            of(&all, kind).filter(|one| one.text_at(&["status"]) == Some(wanted)).count()
        };
        let (fulfilled, booked) = (status("Appointment", "fulfilled"), status("Appointment", "booked"));
        // Three scanners, twenty days, some seventeen a day.
        assert!((900..1_100).contains(&fulfilled), "{fulfilled}");
        assert!((200..330).contains(&booked), "{booked}");
        assert!((30..110).contains(&status("Appointment", "noshow")));
        let studies = of(&all, "ImagingStudy").count();
        assert!(studies <= fulfilled && studies * 100 >= fulfilled * 94, "{studies} {fulfilled}");
        let waiting = of(&all, "ServiceRequest")
            .filter(|one| one.text_at(&["status"]) == Some("active") && !one.items("identifier").is_empty());
        let waiting = waiting.count();
        assert!(waiting > booked + 500, "{waiting}");
    }

    #[test]
    fn a_small_county_has_one_scanner_and_the_same_seed_the_same_list() {
        let small = scans(&world(300));
        assert_eq!(of(&small, "Location").count(), 1);
        assert_eq!(small, scans(&world(300)));
        let local: HashSet<String> = world(300).people().map(|one| one.patient_id).collect();
        let here = of(&small, "ServiceRequest").filter_map(|one| one.text_at(&["subject", "reference"]));
        let here: HashSet<&str> = here.filter(|one| local.contains(&one["Patient/".len()..])).collect();
        assert!(here.len() < 20, "{} of 300 people", here.len());
    }
}
