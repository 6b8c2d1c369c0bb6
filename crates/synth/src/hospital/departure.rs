//! Leaving: the plan of the morning, its cancellation, discharge in the hours at which people leave, death, and
//! discharges told by mistake.

use super::StayId;
use super::simulation::{Simulation, Task};
use crate::calendar::{DAY, HOUR, MINUTE, Seconds, london_wall};
use crate::stream::{Departure, Extra};

impl Simulation<'_> {
    pub(super) fn plan_discharge(&mut self, hospital: usize, id: StayId) {
        let full = self.occupancy(hospital);
        let Some(stay) = self.stay(hospital, id).filter(|stay| !stay.gone) else { return };
        let leaves_at = stay.leaves_at.max(self.clock + 20 * MINUTE);
        // An empty hospital keeps people a day longer, a full one does not.
        if (full < 0.84 && self.rng.chance(0.7)) || stay_is_away(self, hospital, id) {
            self.postpone(hospital, id, leaves_at + DAY);
            return;
        }
        if self.rng.chance(0.75) {
            if let Some(stay) = self.stay_mut(hospital, id) {
                stay.plan_told = true;
            }
            self.tell(
                hospital,
                id,
                ("A16", self.clock),
                Extra { expected: Some(leaves_at), ..Extra::default() },
            );
        }
        self.at(leaves_at, hospital, Task::Discharge(id));
        if full > 0.95 {
            self.hasten(hospital);
        }
    }

    fn postpone(&mut self, hospital: usize, id: StayId, leaves_at: Seconds) {
        if let Some(stay) = self.stay_mut(hospital, id) {
            stay.leaves_at = leaves_at;
        }
        self.at(leaves_at - 3 * HOUR, hospital, Task::PlanDischarge(id));
    }

    /// A full hospital looks for someone who could go today.
    fn hasten(&mut self, hospital: usize) {
        let clock = self.clock;
        let soonest = self.hospitals.get(hospital).and_then(|state| {
            let later = |stay: &&super::Stay| {
                stay.inpatient
                    && !stay.gone
                    && !stay.on_leave
                    && !stay.plan_told
                    && stay.leaves_at > clock + 6 * HOUR
            };
            let ids =
                state.stays.iter().filter(|(_, stay)| later(stay) && stay.admitted_at < clock - 20 * HOUR);
            ids.min_by_key(|(id, stay)| (stay.leaves_at, **id)).map(|(id, _)| *id)
        });
        let Some(id) = soonest else { return };
        let leaves_at = self.leaving_time(clock, 1.0);
        if let Some(stay) = self.stay_mut(hospital, id) {
            (stay.leaves_at, stay.plan_told) = (leaves_at, true);
        }
        self.tell(hospital, id, ("A16", clock), Extra { expected: Some(leaves_at), ..Extra::default() });
        self.at(leaves_at, hospital, Task::Discharge(id));
    }

    pub(super) fn discharge(&mut self, hospital: usize, id: StayId) {
        let clock = self.clock;
        let Some(stay) = self.stay(hospital, id).filter(|stay| !stay.gone && !stay.on_leave) else { return };
        let (age, severity, planned, inpatient) = (
            stay.person.age_on(crate::calendar::Day::holding(clock)),
            stay.severity,
            stay.plan_told,
            stay.inpatient,
        );
        if planned && self.rng.chance(0.07) {
            if let Some(stay) = self.stay_mut(hospital, id) {
                stay.plan_told = false;
            }
            self.tell(hospital, id, ("A25", clock), Extra::default());
            let next = london_wall(clock, 1, 11 * HOUR);
            self.postpone(hospital, id, next);
            return;
        }
        let died = inpatient && self.rng.chance(0.01 + severity * f64::from(age.max(0)) / 1_800.0);
        let departure = match (died, inpatient && self.rng.chance(0.08)) {
            (true, _) => Departure { at: clock, method: "4", destination: "79", died },
            (false, true) => Departure { at: clock, method: "1", destination: "54", died },
            (false, false) => Departure { at: clock, method: "1", destination: "19", died },
        };
        self.tell(hospital, id, ("A03", clock), Extra { departure: Some(departure), ..Extra::default() });
        if inpatient && !died && self.rng.chance(0.015) {
            if let Some(stay) = self.stay_mut(hospital, id) {
                stay.gone = true;
            }
            self.soon(5 * MINUTE, 50 * MINUTE, hospital, Task::Undischarge(id));
            return;
        }
        let closed = self.hospitals.get_mut(hospital).and_then(|state| state.close(id));
        // Whoever died stays in the set and is never chosen again.
        if let Some(stay) = closed.filter(|_| !died) {
            self.present.remove(&stay.person.index);
        }
        self.place_waiting(hospital);
    }

    pub(super) fn undischarge(&mut self, hospital: usize, id: StayId) {
        let clock = self.clock;
        let Some(stay) = self.stay_mut(hospital, id) else { return };
        stay.gone = false;
        self.tell(hospital, id, ("A13", clock), Extra::default());
        self.soon(3 * HOUR, 30 * HOUR, hospital, Task::Discharge(id));
    }
}

fn stay_is_away(simulation: &Simulation<'_>, hospital: usize, id: StayId) -> bool {
    simulation.stay(hospital, id).is_some_and(|stay| stay.on_leave)
}
