//! One person's longitudinal record as UK Core resources, from birth (or the years a general practice looks back)
//! to the world's day or their death. Plausible in kind, age, sex and order; it describes nobody.
//!
//! Invariant: no event lies before birth or after death, medicines follow the problem they treat, and every
//! reference points at a resource of the same record or of [`World::resources`].

mod allergy;
mod encounter;
pub(crate) mod family;
mod illness;
pub(crate) mod laboratory;
mod letter;
mod measurement;
mod medicine;
mod patient;
mod questionnaire;
mod recent;
mod repeat;
mod vaccine;

#[cfg(test)]
mod tests;

pub(crate) use allergy::Allergy;

use crate::calendar::{Day, HOUR, MINUTE, fhir_instant};
use crate::compose::{named_reference, reference};
use crate::person::Person;
use crate::rng::Rng;
use crate::world::{Practitioner, Role, World};
use fhir::json::Value;

/// How much of a life is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Demographics, problems, medicines, allergies and the last measurements.
    Lean,
    /// Also encounters, vaccinations, procedures and years of results.
    Full,
}

/// The record; its first resource is the Patient, and each resource stands after those it refers to.
#[must_use]
pub fn record(world: &World, person: &Person, detail: Detail) -> Vec<Value> {
    let mut chart = Chart::new(world, person);
    let patient = patient::patient(&chart);
    chart.out.push(patient);
    let problems = illness::problems(&mut chart);
    medicine::medicines(&mut chart, &problems, detail);
    allergy::allergies(&mut chart);
    let years = if detail == Detail::Full { 6 } else { 1 };
    measurement::measurements(&mut chart, &problems, years);
    laboratory::results(&mut chart, &problems, years);
    if detail == Detail::Full {
        encounter::encounters(&mut chart, &problems);
        vaccine::vaccinations(&mut chart);
    }
    repeat::repeats(&mut chart, detail);
    if detail == Detail::Full {
        questionnaire::questionnaires(&mut chart, &problems);
        recent::results(&mut chart, &problems);
        letter::letters(&mut chart, &problems);
    }
    family::relationships(&mut chart);
    chart.out
}

/// Somebody from outside the area who comes to a hospital: their Patient, registered with no surgery of the area.
pub(crate) fn stranger(world: &World, person: &Person) -> Value {
    let mut patient = patient::patient(&Chart::new(world, person));
    if let Some(members) = patient.as_object_mut() {
        members.remove("generalPractitioner");
    }
    patient
}

/// A person's allergies, for messages.
pub(crate) fn allergies(world: &World, person: &Person) -> Vec<&'static Allergy> {
    allergy::found(&Chart::new(world, person))
}

/// The doctor whom a person usually sees at their practice.
pub(crate) fn doctor<'a>(world: &'a World, person: &Person) -> Option<&'a Practitioner> {
    let mut rng = Rng::keyed(world.plan().seed, "doctor", person.index);
    // The doctors of a practice stand together in the staff list, three and a receptionist to each.
    let place = person.practice.saturating_sub(world.practices.start) * 4 + rng.below(3) as usize;
    world.staff().get(place).filter(|doctor| doctor.role == Role::GeneralPractitioner)
}

/// A record in the making.
struct Chart<'a> {
    world: &'a World,
    person: &'a Person,
    /// The last day on which something can happen.
    last: Day,
    doctor: Option<&'a Practitioner>,
    serial: u32,
    out: Vec<Value>,
}

impl<'a> Chart<'a> {
    fn new(world: &'a World, person: &'a Person) -> Self {
        let doctor = doctor(world, person);
        let last = person.last_day(world.today());
        Self { world, person, last, doctor, serial: 0, out: Vec::with_capacity(64) }
    }

    /// A generator for one topic of this person.
    fn rng(&self, topic: &str) -> Rng {
        Rng::keyed(self.world.plan().seed, topic, self.person.index)
    }

    /// A new id.
    fn id(&mut self, kind: &str) -> String {
        self.serial += 1;
        fhir::identity::resource_id(kind, &self.person.patient_id, &[&self.serial.to_string()])
    }

    fn subject(&self) -> Value {
        reference("Patient", &self.person.patient_id)
    }

    fn practice(&self) -> Option<Value> {
        let practice = self.world.organisations().get(self.person.practice)?;
        Some(named_reference("Organization", &practice.id, &practice.name))
    }

    fn doctor(&self) -> Option<Value> {
        let doctor = self.doctor?;
        Some(named_reference("Practitioner", &doctor.id, &doctor.name()))
    }

    fn age_on(&self, day: Day) -> i32 {
        self.person.age_on(day)
    }

    /// A moment in working hours of a day, at the latest the end of what can have happened.
    fn moment(&self, day: Day, rng: &mut Rng) -> String {
        let second = 8 * HOUR + rng.below(9) as i64 * HOUR + rng.below(12) as i64 * 5 * MINUTE;
        fhir_instant(day.at(second).min(self.latest()))
    }

    fn latest(&self) -> i64 {
        match self.person.death {
            Some(death) => death.at(0),
            None => self.world.start(),
        }
    }
}
