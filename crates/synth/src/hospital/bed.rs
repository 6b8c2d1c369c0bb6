//! The state of one hospital: its stays and who holds which bed.

use crate::calendar::Seconds;
use crate::person::Person;
use crate::world::{Trust, Ward, WardKind};
use std::collections::{BTreeMap, BTreeSet};

/// Key of a stay inside its hospital.
pub(crate) type StayId = u32;

/// A ward and, when one is held, a bed: positions in [`Trust::wards`] and [`Ward::beds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) ward: usize,
    pub(crate) bed: Option<usize>,
}

/// One stay, from registration to discharge.
#[derive(Clone, Debug)]
pub struct Stay {
    pub(crate) visit: String,
    pub(crate) person: Person,
    /// The number the messages carry; that of a temporary registration until it is merged.
    pub(crate) mrn: String,
    pub(crate) place: Place,
    pub(crate) inpatient: bool,
    pub(crate) elective: bool,
    pub(crate) admitted_at: Seconds,
    pub(crate) leaves_at: Seconds,
    /// When something last happened that was told.
    pub(crate) told_at: Seconds,
    /// When the hospital last wrote something down about the stay: never goes back.
    pub(crate) recorded_at: Seconds,
    pub(crate) attending: usize,
    /// How ill, from 0 to 1.
    pub(crate) severity: f64,
    pub(crate) on_leave: bool,
    /// Discharged by mistake: the bed is kept, the messages say it is empty.
    pub(crate) gone: bool,
    pub(crate) plan_told: bool,
    pub(crate) reason: (&'static str, &'static str),
}

/// One hospital.
#[derive(Clone, Debug)]
pub(crate) struct Hospital {
    pub(crate) trust: usize,
    pub(crate) stays: BTreeMap<StayId, Stay>,
    /// Emergency patients who wait for a bed on a ward, in order.
    pub(crate) waiting: Vec<StayId>,
    held: BTreeMap<(usize, usize), StayId>,
    next: StayId,
    pub(crate) orders: u64,
}

impl Hospital {
    pub(crate) fn new(trust: usize) -> Self {
        let held = BTreeMap::new();
        Self { trust, stays: BTreeMap::new(), waiting: Vec::new(), held, next: 1, orders: 0 }
    }

    /// Takes a stay in at its place.
    pub(crate) fn open(&mut self, stay: Stay) -> StayId {
        let id = self.next;
        self.next += 1;
        if let Some(bed) = stay.place.bed {
            self.held.insert((stay.place.ward, bed), id);
        }
        self.stays.insert(id, stay);
        id
    }

    /// The number that the next stay will have.
    pub(crate) fn next_visit(&self) -> String {
        format!("V{:08}", self.next)
    }

    /// Moves a stay; the bed it held is free at once.
    pub(crate) fn go_to(&mut self, id: StayId, place: Place) {
        let Some(stay) = self.stays.get_mut(&id) else { return };
        if let Some(bed) = stay.place.bed {
            self.held.remove(&(stay.place.ward, bed));
        }
        stay.place = place;
        if let Some(bed) = place.bed {
            self.held.insert((place.ward, bed), id);
        }
    }

    /// Two stays exchange their places.
    pub(crate) fn swap(&mut self, first: StayId, second: StayId) {
        let place = |id| self.stays.get(&id).map(|stay: &Stay| stay.place);
        let (Some(one), Some(other)) = (place(first), place(second)) else { return };
        self.go_to(first, Place { ward: one.ward, bed: None });
        self.go_to(second, one);
        self.go_to(first, other);
    }

    /// Ends a stay.
    pub(crate) fn close(&mut self, id: StayId) -> Option<Stay> {
        let stay = self.stays.remove(&id)?;
        if let Some(bed) = stay.place.bed {
            self.held.remove(&(stay.place.ward, bed));
        }
        self.waiting.retain(|one| *one != id);
        Some(stay)
    }

    /// Positions of the free beds of a ward.
    pub(crate) fn free(&self, ward: usize, beds: usize) -> Vec<usize> {
        let taken: BTreeSet<usize> =
            self.held.range((ward, 0)..(ward + 1, 0)).map(|((_, bed), _)| *bed).collect();
        (0..beds).filter(|bed| !taken.contains(bed)).collect()
    }

    /// Who holds beds on a ward.
    pub(crate) fn on_ward(&self, ward: usize) -> Vec<StayId> {
        self.held.range((ward, 0)..(ward + 1, 0)).map(|(_, id)| *id).collect()
    }

    /// Occupied share of the beds outside the emergency department.
    pub(crate) fn occupancy(&self, trust: &Trust) -> f64 {
        let bedded = |ward: &Ward| ward.kind != WardKind::Emergency;
        let beds: usize = trust.wards.iter().filter(|ward| bedded(ward)).map(|ward| ward.beds.len()).sum();
        let held = self.held.keys().filter(|(ward, _)| trust.wards.get(*ward).is_some_and(bedded)).count();
        held as f64 / beds.max(1) as f64
    }
}
