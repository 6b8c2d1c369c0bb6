//! Life on the wards: moves between wards and beds, a wrong bed put right, swaps, leave, small updates.

use super::simulation::{Simulation, Task};
use super::{Place, StayId};
use crate::calendar::{DAY, HOUR, MINUTE, Seconds};
use crate::stream::Extra;
use crate::world::WardKind;

impl Simulation<'_> {
    /// Moves a stay and tells it (A02).
    pub(super) fn move_to(&mut self, hospital: usize, id: StayId, place: Place, at: Seconds) {
        let Some(prior) = self.stay(hospital, id).map(|stay| stay.place) else { return };
        if prior == place {
            return;
        }
        let attending = (prior.ward != place.ward).then(|| self.consultant(hospital, place.ward));
        if let Some(state) = self.hospitals.get_mut(hospital) {
            state.go_to(id, place);
        }
        if let (Some(attending), Some(stay)) = (attending, self.stay_mut(hospital, id)) {
            stay.attending = attending;
        }
        self.tell(hospital, id, ("A02", at), Extra { prior: Some(prior), ..Extra::default() });
    }

    /// From the assessment unit to the ward of the specialty, when it has a bed.
    pub(super) fn move_on(&mut self, hospital: usize, id: StayId) {
        let Some(stay) = self.stay(hospital, id).filter(|stay| !stay.gone) else { return };
        let today = crate::calendar::Day::holding(self.clock);
        let old = stay.person.age_on(today) >= 75;
        let kinds: &[(WardKind, u32)] = if old {
            &[
                (WardKind::Elderly, 6),
                (WardKind::Medicine, 2),
                (WardKind::Respiratory, 1),
                (WardKind::Stroke, 1),
            ]
        } else {
            &[
                (WardKind::Medicine, 5),
                (WardKind::Respiratory, 2),
                (WardKind::Cardiology, 2),
                (WardKind::Surgery, 2),
                (WardKind::Orthopaedics, 2),
            ]
        };
        let kind = self.rng.weighted(kinds);
        let wards = self.wards(hospital, kind);
        let Some(place) = wards.into_iter().find_map(|ward| self.free_bed(hospital, ward)) else {
            self.soon(2 * HOUR, 6 * HOUR, hospital, Task::MoveOn(id));
            return;
        };
        self.move_to(hospital, id, place, self.clock);
        if self.rng.chance(0.03) {
            self.soon(4 * MINUTE, 25 * MINUTE, hospital, Task::Correct(id));
        }
        self.place_waiting(hospital);
    }

    /// The last move named the wrong bed: A12 says where the patient is.
    pub(super) fn correct(&mut self, hospital: usize, id: StayId) {
        let Some(stay) = self.stay(hospital, id).filter(|stay| !stay.gone) else { return };
        let prior = stay.place;
        let Some(place) = self.free_bed(hospital, prior.ward) else { return };
        if let Some(state) = self.hospitals.get_mut(hospital) {
            state.go_to(id, place);
        }
        self.tell(hospital, id, ("A12", self.clock), Extra { prior: Some(prior), ..Extra::default() });
    }

    pub(super) fn leave_out(&mut self, hospital: usize, id: StayId) {
        let clock = self.clock;
        let Some(stay) = self.stay_mut(hospital, id) else { return };
        if stay.on_leave || stay.gone || stay.leaves_at < clock + DAY {
            return;
        }
        stay.on_leave = true;
        self.tell(hospital, id, ("A21", clock), Extra::default());
        self.soon(3 * HOUR, 20 * HOUR, hospital, Task::LeaveBack(id));
    }

    pub(super) fn leave_back(&mut self, hospital: usize, id: StayId) {
        let clock = self.clock;
        let Some(stay) = self.stay_mut(hospital, id).filter(|stay| stay.on_leave) else { return };
        stay.on_leave = false;
        self.tell(hospital, id, ("A22", clock), Extra::default());
        self.soon(DAY, 6 * DAY, hospital, Task::LeaveOut(id));
    }

    /// What happens here and there in an hour: someone moves to another bed of the ward, two swap, a detail changes.
    pub(super) fn small_changes(&mut self, hospital: usize, hour: i64) {
        let wards = self.trust(hospital).map_or(0, |trust| trust.wards.len());
        if !(7..23).contains(&hour) {
            return;
        }
        for ward in 0..wards {
            let there = self.hospitals.get(hospital).map(|state| state.on_ward(ward)).unwrap_or_default();
            let there: Vec<StayId> = there
                .into_iter()
                .filter(|id| self.stay(hospital, *id).is_some_and(|stay| !stay.gone && !stay.on_leave))
                .collect();
            let (first, second) = (self.rng.pick(&there), self.rng.pick(&there));
            if first == 0 {
                continue;
            }
            if self.rng.chance(0.06) {
                if let Some(place) = self.free_bed(hospital, ward) {
                    self.move_to(hospital, first, place, self.clock);
                }
            } else if self.rng.chance(0.012) && first != second {
                self.swap(hospital, first, second);
            } else if self.rng.chance(0.08) {
                self.update(hospital, first);
            }
        }
        if self.rng.chance(0.05) {
            self.register_twice(hospital);
        }
    }

    fn swap(&mut self, hospital: usize, first: StayId, second: StayId) {
        if let Some(state) = self.hospitals.get_mut(hospital) {
            state.swap(first, second);
        }
        self.tell_swap(hospital, first, second, self.clock);
    }

    /// A telephone number or the consultant changes (A08 for the stay, A31 for the person).
    fn update(&mut self, hospital: usize, id: StayId) {
        let person = self.rng.chance(0.4);
        let mobile = crate::place::mobile(&mut self.rng);
        let ward = self.stay(hospital, id).map(|stay| stay.place.ward).unwrap_or_default();
        let attending = self.consultant(hospital, ward);
        if let Some(stay) = self.stay_mut(hospital, id) {
            if person {
                stay.person.mobile = Some(mobile);
            } else {
                stay.attending = attending;
            }
        }
        self.tell(hospital, id, (if person { "A31" } else { "A08" }, self.clock), Extra::default());
    }

    /// A clerk registers someone known under a new number (A28); days later the two are merged (A40).
    fn register_twice(&mut self, hospital: usize) {
        let Some(person) = self.choose(hospital, WardKind::Emergency) else { return };
        let index = person.index;
        self.tell_person(hospital, "A28", person, None);
        self.soon(2 * HOUR, 30 * HOUR, hospital, Task::Merge(index));
    }

    pub(super) fn merge(&mut self, hospital: usize, index: u64) {
        let person = self.world.person(index);
        self.tell_person(hospital, "A40", person, Some(index));
    }
}
