//! What one event changes, given what is present: facts to keep, resources to write. Pure.
//!
//! The outcome depends only on the set of events that the streams then hold, so the last event of any order leaves
//! the same resources. It must never refuse because of what has or has not arrived yet: a refusal is a property of
//! the event alone.

use super::event::{Action, Event, Kind, Place, StayKey, Stream};
use super::people::fold_person;
use super::person::PatientKey;
use super::reports::{fold_order, fold_report};
use super::resources::{self, Change};
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
    /// Locations and Organizations that the event may reveal or mark, by type and id.
    pub known: BTreeMap<(String, String), Value>,
    /// Encounters that hold a bed now, by the bed's Location id.
    pub holders: BTreeMap<String, BTreeSet<String>>,
}

/// What to keep and write.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Streams to which the event is added.
    pub streams: Vec<Stream>,
    /// What the feed now says differently, each resource once.
    pub resources: Vec<Change>,
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

    /// The places whose Locations the event reveals or whose beds it may take or free: those that its stays had not
    /// spoken of before, and those that they hold before or after it.
    #[must_use]
    pub fn places_of(&self, event: &Event) -> BTreeSet<Place> {
        let (_, stays) = self.reach(event);
        let (before, after) = (self.spoken_of(None, &stays), self.spoken_of(Some(event), &stays));
        let (held, holds) = (self.held(None, &stays), self.held(Some(event), &stays));
        let mut places: BTreeSet<Place> = after.difference(&before).cloned().collect();
        places.extend(held.symmetric_difference(&holds).cloned());
        places
    }

    /// The Locations and Organizations that must be loaded before deciding, as far as they exist.
    #[must_use]
    pub fn resources_of(&self, event: &Event) -> BTreeSet<(&'static str, String)> {
        let places = self.places_of(event);
        let mut wanted: BTreeSet<(&'static str, String)> = BTreeSet::new();
        wanted.extend(places.iter().flat_map(resources::location_ids).map(|id| ("Location", id)));
        let organisations = self.facilities_of(event, &places);
        wanted.extend(organisations.iter().map(|code| ("Organization", fhir::identity::organization(code))));
        wanted
    }

    /// Facilities that the event may be the first to name.
    fn facilities_of(&self, event: &Event, places: &BTreeSet<Place>) -> BTreeSet<String> {
        let (people, stays) = self.reach(event);
        let streams = people.into_iter().map(Stream::Patient).chain(stays.iter().cloned().map(Stream::Stay));
        let mut earlier =
            streams.chain(event.streams()).filter_map(|stream| self.streams.get(&stream)).flatten();
        let named = earlier.any(|one| one.source.facility == event.source.facility);
        let own = (!named).then(|| event.source.facility.clone());
        let of_stays =
            stays.into_iter().map(|stay| stay.facility).filter(|code| *code != event.source.facility);
        places.iter().map(|place| place.facility.clone()).chain(own).chain(of_stays).collect()
    }

    /// Every place that these stays ever spoke of.
    fn spoken_of(&self, event: Option<&Event>, stays: &BTreeSet<StayKey>) -> BTreeSet<Place> {
        let mut places = BTreeSet::new();
        for key in stays {
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

    /// The places that these stays hold.
    fn held(&self, event: Option<&Event>, stays: &BTreeSet<StayKey>) -> BTreeSet<Place> {
        let folded = fold_stays(self, event, stays);
        folded.iter().filter_map(|stay| stay.current().map(|held| held.place.clone())).collect()
    }

    /// Events of a stream with the new one, once.
    fn events<'a>(&'a self, stream: &Stream, event: Option<&'a Event>) -> Vec<&'a Event> {
        let mut events: Vec<&Event> = self.streams.get(stream).into_iter().flatten().collect();
        events.extend(event.filter(|event| event.streams().contains(stream)));
        events
    }

    /// The people and stays that the event reaches, by links and moves of visits.
    fn reach(&self, event: &Event) -> (BTreeSet<PatientKey>, BTreeSet<StayKey>) {
        let (mut people, mut stays) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting: Vec<Stream> = event.streams();
        while let Some(stream) = waiting.pop() {
            let events = self.events(&stream, Some(event));
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

/// What the event changes: the fold without it and the fold with it, as resources, and what differs.
///
/// # Errors
/// [`Refusal`] when the event can never be applied.
pub fn decide(present: &Present, event: &Event) -> Result<Changes, Refusal> {
    refuse(event)?;
    let reach = present.reach(event);
    let streams = event.streams();
    let before = rendered(present, None, &reach, &streams);
    let after = rendered(present, Some(event), &reach, &streams);
    let mut changes = Changes { streams, concerns: after.concerns, ..Changes::default() };
    for ((kind, id), value) in after.resources {
        let (kind, id) = (kind.as_str(), id.as_str());
        let former = before.resources.get(&(kind.to_owned(), id.to_owned())).cloned();
        // A Patient is looked at every time: its numbers and links must stand whatever was written over it.
        if kind != "Patient" && former.as_ref() == Some(&value) {
            continue;
        }
        let deleted = |rendered: &BTreeMap<String, BTreeSet<&'static str>>| {
            rendered.get(id).filter(|_| kind == "Patient").cloned().unwrap_or_default()
        };
        let withdrawn = deleted(&after.deleted).difference(&deleted(&before.deleted)).copied().collect();
        changes.resources.push(Change { before: former, after: value, withdrawn });
    }
    changes.resources.extend(places(present, event, &after.held));
    Ok(changes)
}

/// The fold of what an event reaches, as resources.
#[derive(Default)]
struct Rendered {
    resources: BTreeMap<(String, String), Value>,
    /// What a source deleted, by Patient id.
    deleted: BTreeMap<String, BTreeSet<&'static str>>,
    concerns: Vec<Concern>,
    held: Vec<(StayKey, Vec<StayKey>, Option<Place>)>,
}

impl Rendered {
    fn add(&mut self, resources: impl IntoIterator<Item = Value>) {
        for resource in resources {
            let key = (text(&resource, "resourceType"), text(&resource, "id"));
            self.resources.insert(key, resource);
        }
    }
}

fn rendered(
    present: &Present,
    event: Option<&Event>,
    (people, stays): &(BTreeSet<PatientKey>, BTreeSet<StayKey>),
    streams: &[Stream],
) -> Rendered {
    let mut rendered = Rendered::default();
    let everyone: Vec<&Event> =
        people.iter().flat_map(|key| present.events(&Stream::Patient(key.clone()), event)).collect();
    for key in people {
        if let Some(person) = fold_person(key, everyone.iter().copied()) {
            rendered.deleted.insert(resources::patient_id(key), person.known.deleted.clone());
            rendered.add([resources::patient(&person)]);
            rendered.add(resources::allergies(&person));
        }
    }
    for stay in fold_stays(present, event, stays) {
        rendered.add([resources::encounter(&stay), resources::episode(&stay)]);
        rendered.add(resources::former(&stay));
        rendered.add(resources::conditions(&stay));
        let holds = stay.current().map(|held| held.place.clone());
        rendered.concerns.extend(stay.concerns);
        rendered.held.push((stay.key, stay.former_keys, holds));
    }
    for stream in streams {
        let events = present.events(stream, event);
        match stream {
            Stream::Report(key) => {
                let report = fold_report(key, events, &ORDERS);
                rendered.add(report.iter().flat_map(resources::report));
            }
            Stream::Order(key) => {
                let order = fold_order(key, events, &ORDERS);
                rendered.add(order.iter().map(resources::order));
            }
            Stream::Patient(_) | Stream::Stay(_) => {}
        }
    }
    rendered
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
fn fold_stays(present: &Present, event: Option<&Event>, stays: &BTreeSet<StayKey>) -> Vec<Stay> {
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

/// Locations and Organizations that the event reveals, and the beds that it takes or frees. What is known already is
/// other people's, but for whether a bed is occupied.
fn places(present: &Present, event: &Event, stays: &[(StayKey, Vec<StayKey>, Option<Place>)]) -> Vec<Change> {
    let mut written: BTreeMap<(String, String), Value> = BTreeMap::new();
    let beds = present.places_of(event);
    let facilities = present.facilities_of(event, &beds);
    let seeds = facilities.iter().map(|code| resources::organization(code));
    for seed in seeds.chain(beds.iter().flat_map(resources::locations)) {
        let key = (text(&seed, "resourceType"), text(&seed, "id"));
        if !present.known.contains_key(&key) {
            written.entry(key).or_insert(seed);
        }
    }
    let mine: BTreeSet<String> = stays
        .iter()
        .flat_map(|(key, former, _)| std::iter::once(key).chain(former))
        .map(resources::encounter_id)
        .collect();
    for bed in beds.iter().filter(|place| !place.bed.is_empty()) {
        let key = ("Location".to_owned(), resources::location_id(bed));
        let Some(location) = written.get(&key).or_else(|| present.known.get(&key)) else { continue };
        let held = stays.iter().any(|(_, _, holds)| holds.as_ref() == Some(bed));
        let others = present.holders.get(&key.1).is_some_and(|holders| !holders.is_subset(&mine));
        let marked = resources::with_status(location, held || others);
        if resources::is_free_or_occupied(location) && marked != *location {
            written.insert(key, marked);
        }
    }
    let change = |(key, after): ((String, String), Value)| {
        let before = present.known.get(&key).cloned();
        Change { before, after, withdrawn: Vec::new() }
    };
    written.into_iter().map(change).collect()
}

fn text(resource: &Value, member: &str) -> String {
    resource.text_at(&[member]).unwrap_or_default().to_owned()
}
