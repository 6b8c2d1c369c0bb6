//! Appointments that people made with their surgery, by telephone or at the desk: UKCore-Appointment. They lie at times
//! that are not offered online.

use super::holiday::is_bank_holiday;
use super::service::surgery_service;
use super::slot::{CHANNELS, delivery};
use crate::calendar::{Day, HOUR, MINUTE, Seconds, fhir_instant, london_wall};
use crate::compose::{list, named_reference, object, one, reference, resource, text};
use crate::person::Person;
use crate::record::doctor;
use crate::rng::Rng;
use crate::world::World;
use fhir::identity;
use fhir::json::{Number, Value};

/// An appointment to write down.
pub(super) struct Planned<'a> {
    pub(super) id: String,
    pub(super) status: &'static str,
    pub(super) start: Seconds,
    pub(super) minutes: i64,
    pub(super) channel: &'a str,
    /// Who else takes part, as references.
    pub(super) with: Vec<Value>,
    pub(super) description: &'a str,
    pub(super) based_on: Option<Value>,
    pub(super) specialty: Option<Value>,
}

pub(super) fn at_the_surgery(world: &World, person: &Person) -> Vec<Value> {
    let mut rng = Rng::keyed(world.plan().seed, "surgery-appointments", person.index);
    let Some(surgery) = world.organisations().get(person.practice) else { return Vec::new() };
    let doctor = doctor(world, person);
    let mut out = Vec::new();
    let draws = [(rng.chance(0.35), -rng.between(3, 80)), (rng.chance(0.4), rng.between(2, 24))];
    for (number, (there, days)) in draws.into_iter().enumerate() {
        let (hour, minute) = rng.pick(&[(11, 30), (12, 10), (13, 20), (15, 50), (17, 30)]);
        let channel = rng.weighted(CHANNELS);
        let missed = rng.chance(0.06);
        if !there {
            continue;
        }
        let day = working_day(Day::holding(world.start()).plus(days as i32));
        let start = london_wall(day.at(12 * HOUR), 0, hour * HOUR + minute * MINUTE);
        if day <= person.birth {
            continue;
        }
        let service = named_reference("HealthcareService", &surgery_service(&surgery.ods), &surgery.name);
        let with = doctor.map(|one| named_reference("Practitioner", &one.id, &one.name()));
        out.push(appointment(
            person,
            Planned {
                id: identity::resource_id(
                    "appointment",
                    &person.patient_id,
                    &["surgery", &number.to_string()],
                ),
                status: status(start, world.start(), missed),
                start,
                minutes: 10,
                channel,
                with: with.into_iter().chain([service]).collect(),
                description: "GP appointment",
                based_on: None,
                specialty: None,
            },
        ));
    }
    out
}

/// What has become of an appointment by a moment.
pub(super) fn status(start: Seconds, now: Seconds, missed: bool) -> &'static str {
    match (start > now, missed) {
        (true, _) => "booked",
        (false, true) => "noshow",
        (false, false) => "fulfilled",
    }
}

/// The first day on or after one when surgeries and clinics are open.
pub(super) fn working_day(from: Day) -> Day {
    let mut day = from;
    while day.is_weekend() || is_bank_holiday(day) {
        day = day.plus(1);
    }
    day
}

pub(super) fn appointment(person: &Person, planned: Planned<'_>) -> Value {
    let accepted = |actor: Value| Value::object([("actor", actor), ("status", Value::from("accepted"))]);
    let patient =
        object([("actor", Some(reference("Patient", &person.patient_id))), ("status", text("accepted"))]);
    let participants = list(std::iter::once(patient).chain(planned.with.into_iter().map(accepted)));
    resource(
        "Appointment",
        &planned.id,
        [
            ("extension", one(delivery(planned.channel))),
            ("status", text(planned.status)),
            ("specialty", planned.specialty.and_then(one)),
            ("description", text(planned.description)),
            ("start", text(&fhir_instant(planned.start))),
            ("end", text(&fhir_instant(planned.start + planned.minutes * MINUTE))),
            ("minutesDuration", Some(Value::Number(Number::from(planned.minutes)))),
            ("basedOn", planned.based_on.and_then(one)),
            ("participant", Some(participants)),
        ],
    )
}
