//! The emergency department: arrival, triage, the decision, the wait for a bed; people registered before anybody
//! knows who they are; and planned admissions, which begin with an expectation.

use super::simulation::{Simulation, Task};
use super::{Place, StayId};
use crate::calendar::{HOUR, MINUTE, london_hour, london_wall};
use crate::stream::Extra;
use crate::world::WardKind;

impl Simulation<'_> {
    pub(super) fn arrive(&mut self, hospital: usize) {
        let Some(person) = self.choose(hospital, WardKind::Emergency) else { return };
        let mut stay = self.new_stay(hospital, person, Place { ward: 0, bed: None }, self.clock);
        stay.inpatient = false;
        let unknown = self.rng.chance(0.02);
        if unknown {
            stay.mrn = format!("T{}{}", stay.visit.get(1..).unwrap_or_default(), stay.person.index % 10);
        }
        let id = self.open(hospital, stay);
        self.tell(hospital, id, ("A04", self.clock), Extra::default());
        self.soon(3 * MINUTE, 40 * MINUTE, hospital, Task::Triage(id));
        if unknown {
            self.soon(45 * MINUTE, 150 * MINUTE, hospital, Task::Identify(id));
        }
    }

    pub(super) fn triage(&mut self, hospital: usize, id: StayId) {
        if let Some(place) = self.free_bed(hospital, 0) {
            self.move_to(hospital, id, place, self.clock);
        }
        self.tell_observations(hospital, id, self.clock + 4 * MINUTE);
        self.soon(20 * MINUTE, 60 * MINUTE, hospital, Task::Order(id));
        // Four hours are wanted, not always reached.
        let wait = self.rng.skewed(70.0, 420.0, 2) as i64 * MINUTE;
        self.at(self.clock + wait, hospital, Task::Decide(id));
    }

    /// Home or ward: older and more ill people are admitted more often, a full hospital admits fewer.
    pub(super) fn decide(&mut self, hospital: usize, id: StayId) {
        let full = self.occupancy(hospital);
        let queue = self.hospitals.get(hospital).map_or(0, |state| state.waiting.len());
        let today = crate::calendar::Day::holding(self.clock);
        let Some(stay) = self.stay(hospital, id) else { return };
        let (severity, age) = (stay.severity, stay.person.age_on(today));
        // Many who wait for a bed: only the most ill are kept, the others go home or to another hospital.
        let crowded = if queue > 10 { 0.25 } else { 1.0 };
        let pressure = ((0.98 - full) * 8.0).clamp(0.35, 1.5) * crowded;
        let share = (0.12 + f64::from(age) / 220.0 + severity * 0.3) * pressure;
        if !self.rng.chance(share) {
            self.at(self.clock, hospital, Task::Discharge(id));
            return;
        }
        if let Some(stay) = self.stay_mut(hospital, id) {
            stay.inpatient = true;
        }
        self.tell(hospital, id, ("A06", self.clock), Extra::default());
        if let Some(state) = self.hospitals.get_mut(hospital) {
            state.waiting.push(id);
        }
        self.place_waiting(hospital);
    }

    /// Gives free beds to those who have waited longest.
    pub(super) fn place_waiting(&mut self, hospital: usize) {
        let waiting = self.hospitals.get(hospital).map(|state| state.waiting.clone()).unwrap_or_default();
        for id in waiting {
            let Some(place) = self.bed_for_new(hospital, id) else { continue };
            if let Some(state) = self.hospitals.get_mut(hospital) {
                state.waiting.retain(|one| *one != id);
            }
            let kind = self.ward(hospital, place.ward).map(|ward| ward.kind).unwrap_or_default();
            let hours = self.length_of_stay(kind);
            let leaves_at = self.leaving_time(self.clock, hours);
            if let Some(stay) = self.stay_mut(hospital, id) {
                stay.leaves_at = leaves_at;
            }
            let moved_at = self.clock + self.rng.between(60, 15 * MINUTE);
            if self.rng.chance(0.3) {
                self.tell(
                    hospital,
                    id,
                    ("A15", self.clock),
                    Extra { pending: Some(place), ..Extra::default() },
                );
            }
            self.move_to(hospital, id, place, moved_at);
            self.tell_allergies(hospital, id, moved_at + 10 * MINUTE);
            self.settle(hospital, id, leaves_at);
        }
    }

    fn bed_for_new(&mut self, hospital: usize, id: StayId) -> Option<Place> {
        let today = crate::calendar::Day::holding(self.clock);
        let stay = self.stay(hospital, id)?;
        let child = stay.person.age_on(today) < 16;
        let severe = stay.severity > 0.8;
        // The wards after the first few take people of other specialties when theirs are full.
        let kinds: &[WardKind] = match (child, severe) {
            (true, _) => &[WardKind::Children, WardKind::Assessment, WardKind::Medicine],
            (false, true) => {
                &[WardKind::CriticalCare, WardKind::Assessment, WardKind::Medicine, WardKind::Elderly]
            }
            (false, false) => &[
                WardKind::Assessment,
                WardKind::Medicine,
                WardKind::Surgery,
                WardKind::Orthopaedics,
                WardKind::Elderly,
                WardKind::Respiratory,
                WardKind::Cardiology,
                WardKind::Stroke,
            ],
        };
        kinds.iter().find_map(|kind| {
            self.wards(hospital, *kind).into_iter().find_map(|ward| self.free_bed(hospital, ward))
        })
    }

    /// The temporary number gives way to the person's own.
    pub(super) fn identify(&mut self, hospital: usize, id: StayId) {
        let Some(stay) = self.stay_mut(hospital, id) else { return };
        let prior = std::mem::replace(&mut stay.mrn, stay.person.mrn.clone());
        self.tell(hospital, id, ("A40", self.clock), Extra { merged: Some(prior), ..Extra::default() });
        self.tell(hospital, id, ("A08", self.clock + 60), Extra::default());
    }

    /// Books some people for tomorrow while there is room.
    pub(super) fn bookings(&mut self, hospital: usize) {
        let full = self.occupancy(hospital);
        for kind in [WardKind::Surgery, WardKind::Orthopaedics, WardKind::Medicine] {
            for ward in self.wards(hospital, kind) {
                let wanted = ((0.96 - full) * 9.0).clamp(0.05, 1.0) * 0.75;
                if self.rng.chance(wanted) {
                    self.soon(0, HOUR - 1, hospital, Task::Book(ward));
                }
            }
        }
    }

    pub(super) fn book(&mut self, hospital: usize, ward: usize) {
        let Some(kind) = self.ward(hospital, ward).map(|ward| ward.kind) else { return };
        let Some(person) = self.choose(hospital, kind) else { return };
        let wall = self.rng.between(7 * HOUR, 11 * HOUR);
        let expected = london_wall(self.clock, 1, wall);
        let index = person.index;
        let mut stay = self.new_stay(hospital, person, Place { ward, bed: None }, self.clock);
        (stay.elective, stay.gone) = (true, true);
        stay.admitted_at = expected;
        let id = self.open(hospital, stay);
        self.tell(hospital, id, ("A05", self.clock), Extra { expected: Some(expected), ..Extra::default() });
        self.at(expected, hospital, Task::Admit(index, id as usize));
    }

    /// Someone expected comes, or the bed is not there and the admission is cancelled.
    pub(super) fn admit_booked(&mut self, hospital: usize, _person: u64, id: usize) {
        let id = id as StayId;
        let Some(ward) = self.stay(hospital, id).map(|stay| stay.place.ward) else { return };
        let place = self.free_bed(hospital, ward).filter(|_| self.rng.chance(0.95));
        let Some(place) = place else {
            self.tell(hospital, id, ("A38", self.clock), Extra::default());
            self.forget(hospital, id);
            return;
        };
        let kind = self.ward(hospital, ward).map(|ward| ward.kind).unwrap_or_default();
        let hours = self.length_of_stay(kind);
        let leaves_at = self.leaving_time(self.clock, hours);
        let clock = self.clock;
        if let Some(state) = self.hospitals.get_mut(hospital) {
            state.go_to(id, place);
        }
        if let Some(stay) = self.stay_mut(hospital, id) {
            (stay.gone, stay.admitted_at, stay.leaves_at) = (false, clock, leaves_at);
        }
        self.tell(hospital, id, ("A01", clock), Extra::default());
        self.tell_allergies(hospital, id, clock + 15 * MINUTE);
        self.settle(hospital, id, leaves_at);
        if self.rng.chance(0.015) {
            self.soon(5 * MINUTE, 40 * MINUTE, hospital, Task::Unadmit(id));
        }
    }

    pub(super) fn unadmit(&mut self, hospital: usize, id: StayId) {
        if self.stay(hospital, id).is_some() {
            self.tell(hospital, id, ("A11", self.clock), Extra::default());
            self.forget(hospital, id);
        }
    }

    /// Ends a stay without a discharge.
    pub(super) fn forget(&mut self, hospital: usize, id: StayId) {
        let closed = self.hospitals.get_mut(hospital).and_then(|state| state.close(id));
        if let Some(stay) = closed {
            self.present.remove(&stay.person.index);
        }
    }

    /// Admissions to mental-health wards come without an emergency department.
    pub(super) fn mental_health_hour(&mut self, hospital: usize, hour: i64) {
        debug_assert_eq!(hour, london_hour(self.clock));
        let wards = self.trust(hospital).map_or(0, |trust| trust.wards.len());
        for ward in 0..wards {
            let share = ((0.97 - self.occupancy(hospital)) * 3.0).clamp(0.0, 0.4);
            if !self.rng.chance(share) || !(8..23).contains(&hour) {
                continue;
            }
            let Some(kind) = self.ward(hospital, ward).map(|ward| ward.kind) else { continue };
            let (Some(place), Some(person)) = (self.free_bed(hospital, ward), self.choose(hospital, kind))
            else {
                continue;
            };
            let hours = self.length_of_stay(kind);
            let leaves_at = self.leaving_time(self.clock, hours);
            let mut stay = self.new_stay(hospital, person, place, self.clock);
            stay.leaves_at = leaves_at;
            let id = self.open(hospital, stay);
            self.tell(hospital, id, ("A01", self.clock), Extra::default());
            self.settle(hospital, id, leaves_at);
        }
    }
}
