//! Referrals to hospital, from the general practitioner's letter to the first appointment: ServiceRequest (the
//! referral; sent back with a note), CarePlan (the place on the waiting list), Appointment.
//!
//! Waits are drawn so that the county has different waits by specialty and trust; they describe no real hospital.

use super::appointment::{Planned, appointment, status, working_day};
use super::service::{CHILDREN, SPECIALTIES, Specialty, clinic, clinic_name};
use crate::calendar::{Day, HOUR, MINUTE, Seconds, fhir_instant, london_wall};
use crate::compose::{
    ODS, SNOMED, UK_CODES, coded, concept, identifier, list, named_reference, object, one, period, reference,
    resource, text, uk_coded,
};
use crate::person::Person;
use crate::record::doctor;
use crate::rng::Rng;
use crate::world::{Practitioner, Trust, World};
use fhir::identity;
use fhir::json::Value;

/// How far back referrals go.
const DAYS: i64 = 440;
/// A hospital looks at a referral within these days.
const TRIAGE_DAYS: i32 = 9;
/// A first appointment is given out this long before.
const NOTICE_DAYS: i32 = 45;

/// One way from the surgery to the clinic.
struct Pathway<'a> {
    person: &'a Person,
    trust: &'a Trust,
    specialty: &'a Specialty,
    doctor: Option<&'a Practitioner>,
    consultant: Option<&'a Practitioner>,
    number: u32,
    /// Unique booking reference number.
    ubrn: String,
    referred: Day,
    seen: Day,
    hour: Seconds,
    urgent: bool,
    returned: bool,
    now: Seconds,
}

/// A referral that is open: what messages about it need to know.
pub(super) struct Open {
    /// Which of the person's.
    pub number: u32,
    /// Id of its ServiceRequest.
    pub id: String,
    /// The specialty's name.
    pub specialty: &'static str,
    /// The reference to the hospital.
    pub hospital: Value,
    /// When it was written.
    pub written: Seconds,
    /// Who wrote it.
    pub doctor: Option<String>,
    /// Who answers for the clinic.
    pub consultant: Option<String>,
}

/// A person's referrals and what follows from them, and those that are open.
pub(super) fn pathways(world: &World, person: &Person) -> (Vec<Value>, Vec<Open>) {
    let mut rng = Rng::keyed(world.plan().seed, "referrals", person.index);
    let age = person.age_on(world.today());
    let share = match age {
        0..16 => 0.2,
        16..50 => 0.45,
        50..70 => 0.75,
        _ => 0.9,
    };
    let (mut out, mut open) = (Vec::new(), Vec::new());
    for number in 0..2 {
        let there = rng.chance(if number == 0 { share } else { share * 0.35 });
        let specialty = choose(age, &mut rng);
        // People of the towns near the second trust go there; it has shorter lists.
        let place = person.practice % 2;
        let factor = if place == 0 { 1.0 } else { 0.8 };
        let urgent = rng.chance(0.12);
        let mean = specialty.weeks * 7.0 * factor * if urgent { 0.3 } else { 1.0 };
        let days = rng.bell(mean, mean * 0.42).max(10.0) as i32;
        let referred = Day::holding(world.start()).plus(-(rng.between(2, DAYS) as i32));
        let (returned, hour) =
            (rng.chance(0.05), rng.between(9, 15) * HOUR + rng.between(0, 5) * 10 * MINUTE);
        let Some(trust) = world.trusts().get(place).filter(|_| there && referred > person.birth) else {
            continue;
        };
        let team = world.staff().iter().filter(|one| {
            one.organisation == trust.organisation
                && one.ward_kind.is_some_and(|kind| kind.specialty().0 == specialty.code)
        });
        let consultant = team.filter(|one| one.gmc.is_some()).nth(number as usize);
        let pathway = Pathway {
            person,
            trust,
            specialty,
            doctor: doctor(world, person),
            consultant,
            number,
            ubrn: format!("000{:09}", rng.below(1_000_000_000)),
            referred: working_day(referred),
            seen: working_day(referred.plus(days)),
            hour,
            urgent,
            returned,
            now: world.start(),
        };
        out.extend(resources(&pathway));
        open.extend(pathway.open());
    }
    (out, open)
}

fn choose(age: i32, rng: &mut Rng) -> &'static Specialty {
    let total: u64 = SPECIALTIES.iter().map(|one| u64::from(one.weight)).sum();
    let mut left = rng.below(total);
    if age < 16 {
        return &CHILDREN;
    }
    for one in SPECIALTIES {
        let weight = u64::from(one.weight);
        if left < weight {
            return one;
        }
        left -= weight;
    }
    &CHILDREN
}

impl Pathway<'_> {
    fn id(&self, kind: &str) -> String {
        identity::resource_id(kind, &self.person.patient_id, &["referral", &self.number.to_string()])
    }

    fn today(&self) -> Day {
        Day::holding(self.now)
    }

    fn reviewed(&self) -> bool {
        self.referred.plus(TRIAGE_DAYS) < self.today()
    }

    fn is_returned(&self) -> bool {
        self.returned && self.reviewed()
    }

    fn is_seen(&self) -> bool {
        !self.is_returned() && self.start() <= self.now
    }

    fn open(&self) -> Option<Open> {
        (!self.is_returned() && !self.is_seen()).then(|| Open {
            number: self.number,
            id: self.id("service-request"),
            specialty: self.specialty.name,
            hospital: self.hospital(),
            written: self.referred.at(15 * HOUR).min(self.now),
            doctor: self.doctor.map(Practitioner::name),
            consultant: self.consultant.map(Practitioner::name),
        })
    }

    fn has_appointment(&self) -> bool {
        !self.is_returned() && self.reviewed() && self.seen.plus(-NOTICE_DAYS) <= self.today()
    }

    fn start(&self) -> Seconds {
        london_wall(self.seen.at(12 * HOUR), 0, self.hour)
    }

    fn hospital(&self) -> Value {
        let mut hospital = named_reference("Organization", &self.trust.id, &self.trust.name);
        if let Some(members) = hospital.as_object_mut() {
            members.insert("identifier", identifier(ODS, &self.trust.ods));
        }
        hospital
    }

    fn specialty(&self) -> Value {
        uk_coded("UKCore-PracticeSettingCode", self.specialty.code, self.specialty.name)
    }

    fn patient(&self) -> Value {
        reference("Patient", &self.person.patient_id)
    }
}

fn resources(pathway: &Pathway<'_>) -> Vec<Value> {
    let mut out = vec![referral(pathway)];
    if pathway.reviewed() && !pathway.is_returned() {
        out.push(waiting_list(pathway));
    }
    if pathway.has_appointment() {
        out.push(first_appointment(pathway));
    }
    out
}

fn referral(pathway: &Pathway<'_>) -> Value {
    let state = match (pathway.is_returned(), pathway.is_seen()) {
        (true, _) => "revoked",
        (_, true) => "completed",
        _ => "active",
    };
    let written = fhir_instant(pathway.referred.at(15 * HOUR).min(pathway.now));
    let advice =
        "The hospital team sent advice to your GP instead of an appointment. Your surgery will contact you.";
    let advice = pathway.is_returned().then(|| Value::object([("text", Value::from(advice))]));
    let doctor = pathway.doctor.map(|one| named_reference("Practitioner", &one.id, &one.name()));
    resource(
        "ServiceRequest",
        &pathway.id("service-request"),
        [
            ("identifier", one(identifier(fhir::systems::UBRN, &pathway.ubrn))),
            ("status", text(state)),
            ("intent", text("order")),
            ("category", one(concept(SNOMED, "3457005", "Patient referral"))),
            ("priority", text(if pathway.urgent { "urgent" } else { "routine" })),
            (
                "code",
                Some(concept(
                    &format!("{UK_CODES}UKCore-PracticeSettingCode"),
                    pathway.specialty.code,
                    pathway.specialty.name,
                )),
            ),
            ("subject", Some(pathway.patient())),
            ("authoredOn", text(&written)),
            ("requester", doctor),
            ("performer", one(pathway.hospital())),
            ("note", advice.and_then(one)),
        ],
    )
}

fn waiting_list(pathway: &Pathway<'_>) -> Value {
    let seen = pathway.is_seen();
    let end = fhir_instant(pathway.start());
    let listed = coded(fhir::systems::CARE_PLAN_CATEGORY, "waiting-list", "Waiting list");
    let activity =
        Value::object([("reference", reference("ServiceRequest", &pathway.id("service-request")))]);
    object([
        ("resourceType", text("CarePlan")),
        ("id", text(&pathway.id("care-plan"))),
        ("status", text(if seen { "completed" } else { "active" })),
        ("intent", text("order")),
        ("category", Some(list([listed, pathway.specialty()]))),
        ("title", text(&format!("{} waiting list", pathway.specialty.name))),
        ("subject", Some(pathway.patient())),
        ("period", Some(period(&fhir_instant(pathway.referred.at(15 * HOUR)), seen.then_some(end.as_str())))),
        ("author", Some(pathway.hospital())),
        ("activity", one(activity)),
    ])
}

fn first_appointment(pathway: &Pathway<'_>) -> Value {
    let start = pathway.start();
    let id = clinic(&pathway.trust.ods, pathway.specialty.code);
    let service = named_reference("HealthcareService", &id, &clinic_name(pathway.specialty.name));
    let consultant = pathway.consultant.map(|one| named_reference("Practitioner", &one.id, &one.name()));
    appointment(
        pathway.person,
        Planned {
            id: pathway.id("appointment"),
            status: status(start, pathway.now, false),
            start,
            minutes: 30,
            channel: "In-person",
            with: consultant.into_iter().chain([service]).collect(),
            description: "First outpatient appointment",
            based_on: Some(reference("ServiceRequest", &pathway.id("service-request"))),
            specialty: Some(pathway.specialty()),
        },
    )
}
