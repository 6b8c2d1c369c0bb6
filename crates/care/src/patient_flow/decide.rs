//! What one event changes, given what is present: facts to keep, resources to write. Pure.
//!
//! The outcome depends only on the set of events that the streams then hold, so the last event of any order leaves
//! the same resources. It must never refuse because of what has or has not arrived yet: a refusal is a property of
//! the event alone.

use super::event::{Action, Event, Kind, Place, StayKey, Stream};
use super::people::fold_person;
use super::person::PatientKey;
use super::reports::{fold_order, fold_report};
use super::resources;
use super::sequence::ORDERS;
use super::stay::{Concern, Stay};
use super::stays::{group, linked, renumbered};
use fhir::json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the store holds that an event may touch.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// Events by stream.
    pub streams: BTreeMap<Stream, Vec<Event>>,
    /// Locations, Organizations and Patients by type and id.
    pub known: BTreeMap<(String, String), Value>,
    /// Encounters that hold a bed now, by the bed's Location id.
    pub holders: BTreeMap<String, BTreeSet<String>>,
}

/// What to keep and write.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Streams to which the event is added.
    pub streams: Vec<Stream>,
    /// Resources to write, each with its id.
    pub resources: Vec<Value>,
    /// Matters for a person.
    pub concerns: Vec<Concern>,
}

/// Why an event is not applied. A property of the event alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A merge of a person with itself.
    #[error("the message joins a patient number with itself")]
    SamePatient,
    /// A swap of a stay with itself.
    #[error("the message swaps a stay with itself")]
    SameStay,
    /// A swap that does not say where both patients go.
    #[error("the swap does not name both places")]
    SwapWithoutPlaces,
}

impl Present {
    /// The streams that must be loaded before deciding, and are not. Empty when all are there.
    #[must_use]
    pub fn missing(&self, event: &Event) -> BTreeSet<Stream> {
        let (people, stays) = self.reach(event);
        let wanted = people.into_iter().map(Stream::Patient).chain(stays.into_iter().map(Stream::Stay));
        wanted.chain(event.streams()).filter(|stream| !self.streams.contains_key(stream)).collect()
    }

    /// Every place that the stays of this event ever spoke of.
    #[must_use]
    pub fn places_of(&self, event: &Event) -> BTreeSet<Place> {
        let (_, stays) = self.reach(event);
        let mut places = BTreeSet::new();
        for key in &stays {
            for one in self.events(&Stream::Stay(key.clone()), event) {
                let Some((_, flow)) = one.flow_of(key) else { continue };
                let visit = &flow.visit;
                let before = visit.prior_place.as_ref().filter(|_| flow.action == Action::Depart);
                let all = [&visit.place, &visit.temporary_place, &visit.pending_place];
                places.extend(all.into_iter().flatten().chain(before).cloned());
            }
        }
        places
    }

    /// The types and ids of resources that must be loaded before deciding, as far as they exist.
    #[must_use]
    pub fn resources_of(&self, event: &Event) -> BTreeSet<(&'static str, String)> {
        let (people, stays) = self.reach(event);
        let places = self.places_of(event);
        let mut wanted: BTreeSet<(&'static str, String)> = BTreeSet::new();
        wanted.extend(people.iter().map(|key| ("Patient", resources::patient_id(key))));
        wanted.extend(places.iter().flat_map(resources::location_ids).map(|id| ("Location", id)));
        let facilities = places.iter().map(|place| &place.facility);
        let facilities = facilities.chain([&event.source.facility]);
        let facilities = facilities.chain(stays.iter().map(|stay| &stay.facility));
        wanted.extend(facilities.map(|code| ("Organization", fhir::identity::organization(code))));
        wanted
    }

    /// Events of a stream with the new one, once.
    fn events<'a>(&'a self, stream: &Stream, event: &'a Event) -> Vec<&'a Event> {
        let mut events: Vec<&Event> = self.streams.get(stream).into_iter().flatten().collect();
        if event.streams().contains(stream) {
            events.push(event);
        }
        events
    }

    /// The people and stays that the event reaches, by links and moves of visits.
    fn reach(&self, event: &Event) -> (BTreeSet<PatientKey>, BTreeSet<StayKey>) {
        let (mut people, mut stays) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting: Vec<Stream> = event.streams();
        while let Some(stream) = waiting.pop() {
            let events = self.events(&stream, event);
            match stream {
                Stream::Patient(key) if people.insert(key.clone()) => {
                    waiting.extend(linked(&events).into_iter().map(Stream::Patient));
                }
                Stream::Stay(key) if stays.insert(key.clone()) => {
                    waiting.extend(renumbered(&events).into_iter().map(Stream::Stay));
                }
                _ => {}
            }
        }
        (people, stays)
    }
}

/// What the event changes.
///
/// # Errors
/// [`Refusal`] when the event can never be applied.
pub fn decide(present: &Present, event: &Event) -> Result<Changes, Refusal> {
    refuse(event)?;
    let (people, stays) = present.reach(event);
    let mut changes = Changes { streams: event.streams(), ..Changes::default() };
    let everyone: Vec<&Event> =
        people.iter().flat_map(|key| present.events(&Stream::Patient(key.clone()), event)).collect();
    for key in &people {
        if let Some(person) = fold_person(key, everyone.iter().copied()) {
            let id = ("Patient".to_owned(), resources::patient_id(key));
            changes.resources.push(resources::patient_over(&person, present.known.get(&id)));
            changes.resources.extend(resources::allergies(&person));
        }
    }
    let folded = fold_stays(present, event, &stays);
    for stay in &folded {
        changes.resources.push(resources::encounter(stay));
        changes.resources.extend(resources::former(stay));
        changes.resources.push(resources::episode(stay));
        changes.resources.extend(resources::conditions(stay));
        changes.concerns.extend(stay.concerns.iter().cloned());
    }
    changes.resources.extend(places(present, event, &folded));
    for stream in &changes.streams {
        let events = present.events(stream, event);
        match stream {
            Stream::Report(key) => {
                let report = fold_report(key, events, &ORDERS);
                changes.resources.extend(report.iter().flat_map(resources::report));
            }
            Stream::Order(key) => {
                let order = fold_order(key, events, &ORDERS);
                changes.resources.extend(order.iter().map(resources::order));
            }
            Stream::Patient(_) | Stream::Stay(_) => {}
        }
    }
    changes.resources.push(resources::provenance(event));
    Ok(changes)
}

/// Whether the event can ever be applied.
///
/// # Errors
/// [`Refusal`] when it cannot.
pub fn refuse(event: &Event) -> Result<(), Refusal> {
    match &event.kind {
        Kind::Merge { prior } | Kind::Renumber { prior } | Kind::Unmerge { prior }
            if *prior == event.subject.key =>
        {
            Err(Refusal::SamePatient)
        }
        Kind::Swap(flow, side) if flow.stay == side.flow.stay => Err(Refusal::SameStay),
        Kind::Swap(flow, side) if flow.visit.place.is_none() || side.flow.visit.place.is_none() => {
            Err(Refusal::SwapWithoutPlaces)
        }
        _ => Ok(()),
    }
}

/// The stays that the event reaches, each once, under its present number.
fn fold_stays(present: &Present, event: &Event, stays: &BTreeSet<StayKey>) -> Vec<Stay> {
    let owned: BTreeMap<&StayKey, Vec<&Event>> =
        stays.iter().map(|key| (key, present.events(&Stream::Stay(key.clone()), event))).collect();
    let mut done: BTreeSet<StayKey> = BTreeSet::new();
    let mut folded = Vec::new();
    for key in stays {
        if done.contains(key) {
            continue;
        }
        let (keys, events) = group(key, |key| owned.get(key).map(Vec::as_slice), &ORDERS);
        done.extend(keys.iter().cloned());
        folded.extend(super::fold::fold_stay(&keys, events));
    }
    folded
}

/// Locations and Organizations that the event reveals, and the beds whose occupancy it changes.
fn places(present: &Present, event: &Event, folded: &[Stay]) -> Vec<Value> {
    let mut written: BTreeMap<(String, String), Value> = BTreeMap::new();
    let beds = present.places_of(event);
    let facilities: BTreeSet<&str> = beds
        .iter()
        .map(|place| place.facility.as_str())
        .chain([event.source.facility.as_str()])
        .chain(folded.iter().map(|stay| stay.key.facility.as_str()))
        .collect();
    let seeds = facilities.into_iter().map(resources::organization);
    for seed in seeds.chain(beds.iter().flat_map(resources::locations)) {
        let key = (text(&seed, "resourceType"), text(&seed, "id"));
        if !present.known.contains_key(&key) {
            written.entry(key).or_insert(seed);
        }
    }
    let mine: BTreeSet<String> = folded
        .iter()
        .flat_map(|stay| std::iter::once(&stay.key).chain(&stay.former_keys))
        .map(resources::encounter_id)
        .collect();
    for bed in beds.iter().filter(|place| !place.bed.is_empty()) {
        let key = ("Location".to_owned(), resources::location_id(bed));
        let Some(location) = written.get(&key).or_else(|| present.known.get(&key)) else { continue };
        let held = folded.iter().any(|stay| stay.current().is_some_and(|held| held.place == *bed));
        let others = present.holders.get(&key.1).is_some_and(|holders| !holders.is_subset(&mine));
        let marked = resources::with_status(location, held || others);
        if resources::is_free_or_occupied(location) && marked != *location {
            written.insert(key, marked);
        }
    }
    written.into_values().collect()
}

fn text(resource: &Value, member: &str) -> String {
    resource.text_at(&[member]).unwrap_or_default().to_owned()
}
