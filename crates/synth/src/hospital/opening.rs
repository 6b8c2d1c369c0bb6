//! The hospital as it stands at the start: wards filled by people admitted in the days before, a few people in the
//! emergency department.

use super::simulation::{Simulation, Task};
use super::{Place, Stay};
use crate::calendar::{DAY, HOUR, MINUTE, Seconds};
use crate::person::Person;
use crate::stream::Extra;
use crate::world::WardKind;

/// Reasons for coming, SNOMED CT.
pub(super) const REASONS: &[(&str, &str)] = &[
    ("233604007", "Pneumonia"),
    ("29857009", "Chest pain"),
    ("267036007", "Dyspnoea"),
    ("21522001", "Abdominal pain"),
    ("68566005", "Urinary tract infection"),
    ("84114007", "Heart failure"),
    ("128045006", "Cellulitis"),
    ("230690007", "Cerebrovascular accident"),
    ("91302008", "Sepsis"),
    ("14669001", "Acute renal failure syndrome"),
    ("5913000", "Fracture of neck of femur"),
    ("25064002", "Headache"),
    ("25374005", "Gastroenteritis"),
];

impl Simulation<'_> {
    /// Fills the wards and tells it.
    pub(super) fn fill(&mut self, hospital: usize) {
        let Some(trust) = self.trust(hospital) else { return };
        for (ward, place) in trust.wards.iter().enumerate() {
            let share = if place.kind == WardKind::Emergency { 0.25 } else { 0.84 + self.rng.unit() * 0.10 };
            let wanted = (place.beds.len() as f64 * share + 0.5) as usize;
            for _ in 0..wanted {
                let (Some(bed), Some(person)) =
                    (self.free_bed(hospital, ward), self.choose(hospital, place.kind))
                else {
                    continue;
                };
                if place.kind == WardKind::Emergency {
                    self.already_in_emergency(hospital, bed, person);
                } else {
                    self.already_on_ward(hospital, bed, person);
                }
            }
        }
    }

    pub(super) fn new_stay(&mut self, hospital: usize, person: Person, place: Place, at: Seconds) -> Stay {
        let visit = self.hospitals.get(hospital).map(super::Hospital::next_visit).unwrap_or_default();
        self.present.insert(person.index);
        Stay {
            visit,
            mrn: person.mrn.clone(),
            place,
            inpatient: true,
            elective: false,
            admitted_at: at,
            leaves_at: at,
            told_at: at - 1,
            recorded_at: at,
            attending: self.consultant(hospital, place.ward),
            severity: self.rng.skewed(0.02, 0.95, 2),
            on_leave: false,
            gone: false,
            plan_told: false,
            reason: self.rng.pick(REASONS),
            person,
        }
    }

    /// Hours that a stay on such a ward lasts.
    pub(super) fn length_of_stay(&mut self, kind: WardKind) -> f64 {
        let (low, high, skew) = match kind {
            WardKind::Assessment => (20.0, 300.0, 2),
            WardKind::Surgery | WardKind::Children => (20.0, 240.0, 2),
            WardKind::Orthopaedics => (40.0, 420.0, 2),
            WardKind::Elderly | WardKind::Stroke => (60.0, 620.0, 2),
            WardKind::AdultMentalHealth | WardKind::OlderMentalHealth => (150.0, 1_700.0, 2),
            _ => (40.0, 460.0, 2),
        };
        self.rng.skewed(low, high, skew)
    }

    fn already_on_ward(&mut self, hospital: usize, place: Place, person: Person) {
        let Some(kind) = self.ward(hospital, place.ward).map(|ward| ward.kind) else { return };
        // Whoever is met on a ward is met in proportion to the length of their stay: take the longer of two.
        let hours = self.length_of_stay(kind).max(self.length_of_stay(kind));
        let elapsed = (hours * self.rng.unit() * HOUR as f64) as Seconds + 2 * HOUR;
        let admitted_at = self.clock - elapsed;
        let mut stay = self.new_stay(hospital, person, place, admitted_at);
        stay.leaves_at = self.leaving_time(self.clock, (hours - elapsed as f64 / HOUR as f64).max(4.0));
        stay.elective = matches!(kind, WardKind::Surgery | WardKind::Orthopaedics) && self.rng.chance(0.5);
        let moved = elapsed > 20 * HOUR && self.rng.chance(0.35) && !stay.elective;
        let first = self.wards(hospital, WardKind::Assessment).first().copied().filter(|_| moved);
        let leaves_at = stay.leaves_at;
        let id = match first.filter(|ward| *ward != place.ward) {
            Some(ward) => {
                // The earlier bed is not named: others hold the beds of that ward now.
                stay.place = Place { ward, bed: None };
                let id = self.open(hospital, stay);
                self.tell(hospital, id, ("A01", admitted_at), Extra::default());
                self.move_to(hospital, id, place, admitted_at + 8 * HOUR + elapsed / 20);
                id
            }
            None => {
                let id = self.open(hospital, stay);
                self.tell(hospital, id, ("A01", admitted_at), Extra::default());
                id
            }
        };
        self.tell_allergies(hospital, id, admitted_at + 20 * MINUTE);
        let observed = self.clock - self.rng.between(5 * MINUTE, 110 * MINUTE);
        self.tell_observations(hospital, id, observed);
        self.settle(hospital, id, leaves_at);
    }

    /// Plans what comes next for someone on a ward.
    pub(super) fn settle(&mut self, hospital: usize, id: super::StayId, leaves_at: Seconds) {
        self.soon(HOUR, 7 * HOUR, hospital, Task::Observe(id));
        if self.rng.chance(0.7) {
            self.soon(30 * MINUTE, 20 * HOUR, hospital, Task::Order(id));
        }
        let morning = self.rng.between(HOUR, 5 * HOUR);
        self.at((leaves_at - morning).max(self.clock + 60), hospital, Task::PlanDischarge(id));
        let ward = self.stay(hospital, id).map(|stay| stay.place.ward).unwrap_or_default();
        if self.ward(hospital, ward).is_some_and(|ward| ward.kind == WardKind::Assessment)
            && self.rng.chance(0.8)
        {
            self.soon(6 * HOUR, 40 * HOUR, hospital, Task::MoveOn(id));
        }
        let mental_health = self.trust(hospital).is_some_and(|trust| trust.mental_health);
        if self.rng.chance(if mental_health { 0.6 } else { 0.02 }) {
            self.soon(3 * HOUR, 5 * DAY, hospital, Task::LeaveOut(id));
        }
    }

    fn already_in_emergency(&mut self, hospital: usize, place: Place, person: Person) {
        let admitted_at = self.clock - self.rng.between(20 * MINUTE, 3 * HOUR);
        let mut stay = self.new_stay(hospital, person, place, admitted_at);
        stay.inpatient = false;
        let id = self.open(hospital, stay);
        self.tell(hospital, id, ("A04", admitted_at), Extra::default());
        self.tell_observations(hospital, id, self.clock - 5 * MINUTE);
        self.soon(10 * MINUTE, 3 * HOUR, hospital, Task::Decide(id));
    }

    pub(super) fn open(&mut self, hospital: usize, stay: Stay) -> super::StayId {
        self.hospitals.get_mut(hospital).map(|state| state.open(stay)).unwrap_or_default()
    }
}
