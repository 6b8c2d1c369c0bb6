//! Who is the same person by the links in force, and what that makes of a stay: a message that names the survivor of a merge
//! names nobody else. Pure.

use super::event::{Event, Kind, StayKey};
use super::people::Person;
use super::person::PatientKey;
use super::stay::{Concern, Stay};
use std::collections::{BTreeMap, BTreeSet};

/// Links in force, in both directions.
#[derive(Debug, Default, PartialEq)]
pub struct Joined(BTreeMap<PatientKey, BTreeSet<PatientKey>>);

impl Joined {
    /// From the people that the links are between. A parked link joins nobody.
    pub fn of<'a>(people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut joined = Self::default();
        for person in people {
            for link in person.links.iter().filter(|link| !link.parked) {
                for (one, other) in [(&person.key, &link.other), (&link.other, &person.key)] {
                    joined.0.entry(one.clone()).or_default().insert(other.clone());
                }
            }
        }
        joined
    }

    /// Takes the mark "another patient" from messages that name the stay's patient by another number.
    pub fn excuse(&self, stay: &mut Stay) {
        let same = self.all_of(&stay.patient);
        stay.concerns
            .retain(|concern| !matches!(concern, Concern::PatientDiffers(_, named) if same.contains(named)));
    }

    fn all_of(&self, key: &PatientKey) -> BTreeSet<PatientKey> {
        let (mut all, mut waiting) = (BTreeSet::new(), vec![key.clone()]);
        while let Some(next) = waiting.pop() {
            waiting.extend(self.0.get(&next).into_iter().flatten().cloned());
            if !all.insert(next.clone()) {
                waiting.retain(|key| !all.contains(key));
            }
        }
        all
    }
}

/// The people that the events of a stay name, when there is more than one.
#[must_use]
pub fn rivals(stay: &StayKey, events: &[&Event]) -> BTreeSet<PatientKey> {
    let named = events.iter().filter_map(|event| Some(event.flow_of(stay)?.0.key.clone()));
    let moved = events.iter().filter(|event| matches!(event.kind, Kind::MoveVisit { .. }));
    let all: BTreeSet<_> = named.chain(moved.map(|event| event.subject.key.clone())).collect();
    if all.len() > 1 { all } else { BTreeSet::new() }
}
