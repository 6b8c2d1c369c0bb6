//! The bookable times of a day at every surgery: UKCore-Slot. A day depends on nothing but the seed and its date.

use super::holiday::is_bank_holiday;
use super::service::{doctors, schedule};
use crate::calendar::{Day, HOUR, MINUTE, Seconds, fhir_instant, london_wall};
use crate::compose::{coded, concept, extension, hl7_coded, one, reference, resource, text};
use crate::rng::Rng;
use crate::world::World;
use fhir::identity;
use fhir::json::Value;

/// When an appointment that can be booked online begins, by London's clock: hour and minute.
const TIMES: &[(Seconds, Seconds)] =
    &[(8, 40), (9, 10), (9, 50), (10, 30), (11, 0), (14, 0), (14, 40), (15, 20), (16, 10), (17, 0)];
/// How long an appointment is.
const LENGTH: Seconds = 10 * MINUTE;
/// How many of these times are taken when they are made.
const TAKEN: f64 = 0.4;

/// How an appointment is held.
pub(super) const CHANNELS: &[(&str, u32)] = &[("In-person", 6), ("Telephone", 3), ("Video", 1)];

/// The bookable times of a day.
#[must_use]
pub fn slots(world: &World, day: Day) -> Vec<Value> {
    if day.is_weekend() || is_bank_holiday(day) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (number, (doctor, _)) in doctors(world).enumerate() {
        // Each doctor is away one day a week.
        if (number as i32 + day.0).rem_euclid(5) == 0 {
            continue;
        }
        let mut rng = Rng::keyed(world.plan().seed, "slots", number as u64 * 1_000_003 + day.0 as u64);
        for (hour, minute) in TIMES {
            let channel = rng.weighted(CHANNELS);
            let (offered, taken) = (rng.chance(0.85), rng.chance(TAKEN));
            if offered {
                let start = london_wall(day.at(12 * HOUR), 0, hour * HOUR + minute * MINUTE);
                out.push(slot(&schedule(doctor), start, channel, taken));
            }
        }
    }
    out
}

fn slot(schedule: &str, start: Seconds, channel: &str, taken: bool) -> Value {
    let start_text = fhir_instant(start);
    resource(
        "Slot",
        &identity::resource_id("slot", schedule, &[&start_text]),
        [
            ("extension", one(delivery(channel))),
            ("serviceType", one(concept("", "", "GP appointment"))),
            ("appointmentType", Some(routine())),
            ("schedule", Some(reference("Schedule", schedule))),
            ("status", text(if taken { "busy" } else { "free" })),
            ("start", text(&start_text)),
            ("end", text(&fhir_instant(start + LENGTH))),
        ],
    )
}

fn routine() -> Value {
    hl7_coded("v2-0276", "ROUTINE", "Routine appointment")
}

/// The extension that says how an appointment is held.
pub(super) fn delivery(channel: &str) -> Value {
    let code = coded(fhir::systems::DELIVERY_CHANNEL_CODE, channel, channel);
    extension("DeliveryChannel", "valueCodeableConcept", code)
}
