//! Who is in which bed: derived from placements, for any moment, as known now or as known then.
//!
//! It must never hide a conflict: two stays in one bed are both returned, and a place that names no bed is nobody's
//! bed and conflicts with nothing.

use super::event::{Event, Place};
use super::stay::{Opening, Placement, Stay};
use super::stays::{Stays, fold};
use std::collections::BTreeMap;

/// A stay in a place.
#[derive(Clone, Copy, Debug)]
pub struct Occupant<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// Its placement there.
    pub placement: &'a Placement,
}

/// Every occupied place at the moment `at` (microseconds UTC). A stay that is only implied occupies nothing.
#[must_use]
pub fn occupancy<'a>(
    stays: impl IntoIterator<Item = &'a Stay>,
    at: i64,
) -> BTreeMap<&'a Place, Vec<Occupant<'a>>> {
    let mut places: BTreeMap<&Place, Vec<Occupant<'a>>> = BTreeMap::new();
    for stay in stays.into_iter().filter(|stay| stay.opening != Opening::Implied) {
        for placement in &stay.placements {
            let ended = placement.to.as_ref().is_some_and(|to| to.from <= at);
            if placement.from.from <= at && !ended {
                places.entry(&placement.place).or_default().push(Occupant { stay, placement });
            }
        }
    }
    places
}

/// The beds that more than one stay holds at the moment `at`.
#[must_use]
pub fn conflicts<'a>(
    stays: impl IntoIterator<Item = &'a Stay>,
    at: i64,
) -> BTreeMap<&'a Place, Vec<Occupant<'a>>> {
    let mut places = occupancy(stays, at);
    places.retain(|place, occupants| !place.bed.is_empty() && occupants.len() > 1);
    places
}

/// The state as it was known at the moment `known_at` (microseconds UTC): events received later are left out.
#[must_use]
pub fn as_known_at(events: &[Event], known_at: i64) -> Stays {
    let then: Vec<Event> = events
        .iter()
        .filter(|event| event.times.received_at.is_none_or(|received| received <= known_at))
        .cloned()
        .collect();
    fold(&then)
}
