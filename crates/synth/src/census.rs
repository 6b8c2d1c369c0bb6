//! The truth a bed board must show: who is in which bed, as the hospitals of the stream have told it.

use crate::hospital::{Simulation, Stay};
use crate::world::{Trust, WardKind};
use jiff::Timestamp;

/// One patient in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placement {
    /// ODS code of the trust (PV1-3.4).
    pub facility: String,
    /// Ward code.
    pub ward: String,
    /// Bay code; empty without a bed.
    pub bay: String,
    /// Bed code; empty in the waiting room.
    pub bed: String,
    /// Visit number (PV1-19).
    pub visit: String,
    /// The patient's number there (PID-3).
    pub mrn: String,
    /// The FHIR id of the Patient that number leads to.
    pub patient_id: String,
    /// The person's place in the population; at or beyond [`crate::Plan::people`] they have no record here.
    pub person: u64,
    /// Away with permission; the bed is held.
    pub on_leave: bool,
}

/// Everyone in hospital at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Census {
    /// The simulated moment.
    pub taken_at: Timestamp,
    /// Patients, by facility, ward, bay and bed.
    pub placements: Vec<Placement>,
    /// Beds outside emergency departments, by facility.
    beds: Vec<(String, usize)>,
}

impl Census {
    pub(crate) fn of(simulation: &Simulation<'_>) -> Self {
        let mut placements = Vec::new();
        let mut beds = Vec::new();
        for (hospital, state) in simulation.hospitals.iter().enumerate() {
            let Some(trust) = simulation.trust(hospital) else { continue };
            let bedded = trust.wards.iter().filter(|ward| ward.kind != WardKind::Emergency);
            beds.push((trust.ods.clone(), bedded.map(|ward| ward.beds.len()).sum()));
            placements.extend(state.stays.values().filter_map(|stay| placement(trust, stay)));
        }
        placements.sort();
        Self { taken_at: Timestamp::from_second(simulation.clock).unwrap_or_default(), placements, beds }
    }

    /// Who is in the beds of a ward.
    pub fn on_ward(&self, facility: &str, ward: &str) -> impl Iterator<Item = &Placement> {
        self.placements.iter().filter(move |one| one.facility == facility && one.ward == ward)
    }

    /// Occupied beds and beds, emergency departments left out.
    #[must_use]
    pub fn occupied(&self, facility: &str) -> (usize, usize) {
        let held = |one: &&Placement| one.facility == facility && one.ward != "ED" && !one.bed.is_empty();
        let beds = self.beds.iter().find(|(ods, _)| ods == facility).map_or(0, |(_, beds)| *beds);
        (self.placements.iter().filter(held).count(), beds)
    }
}

fn placement(trust: &Trust, stay: &Stay) -> Option<Placement> {
    if stay.gone {
        return None;
    }
    let ward = trust.wards.get(stay.place.ward)?;
    let bed = stay.place.bed.and_then(|bed| ward.beds.get(bed));
    Some(Placement {
        facility: trust.ods.clone(),
        ward: ward.code.clone(),
        bay: bed.map(|bed| bed.bay.to_owned()).unwrap_or_default(),
        bed: bed.map(|bed| bed.code.clone()).unwrap_or_default(),
        visit: stay.visit.clone(),
        mrn: stay.mrn.clone(),
        patient_id: fhir::identity::patient(&trust.ods, &stay.mrn),
        person: stay.person.index,
        on_leave: stay.on_leave,
    })
}
