//! What the store holds that an event may touch, and how far the event reaches. Pure.

use super::event::{Event, StayKey, Stream};
use super::joined::{Joined, rivals};
use super::people::{Person, fold_person};
use super::person::PatientKey;
use super::resources::Holders;
use super::stays::{linked, renumbered};
use fhir::json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the store holds that an event may touch.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// Events by stream.
    pub streams: BTreeMap<Stream, Vec<Event>>,
    /// Locations, Organizations and matters of beds that the event may reveal or mark, by type and id.
    pub known: BTreeMap<(String, String), Value>,
    /// Encounters that hold a bed now, by the bed's Location id.
    pub holders: BTreeMap<String, Holders>,
    /// The stays of people, for an event that changes which of them are one.
    pub stays_of: BTreeMap<PatientKey, BTreeSet<StayKey>>,
}

/// The people and stays that an event reaches, by links and moves of visits.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    pub people: BTreeSet<PatientKey>,
    pub stays: BTreeSet<StayKey>,
    /// People whose links decide whether a stay's messages name one patient. Nothing of theirs changes.
    pub named: BTreeSet<PatientKey>,
}

impl Present {
    /// The streams that must be loaded before deciding, and are not. Empty when all are there.
    #[must_use]
    pub fn missing(&self, event: &Event) -> BTreeSet<Stream> {
        let Reach { people, stays, named } = self.reach(event);
        let people = people.into_iter().chain(named).map(Stream::Patient);
        let wanted = people.chain(stays.into_iter().map(Stream::Stay));
        wanted.chain(event.streams()).filter(|stream| !self.streams.contains_key(stream)).collect()
    }

    /// The people whose stays must be in `stays_of` before deciding, and are not.
    #[must_use]
    pub fn strangers(&self, event: &Event) -> BTreeSet<PatientKey> {
        let mut reach = Reach::default();
        self.follow(event, event.streams(), &mut reach);
        let rejoins = self.rejoins(&reach.people, event);
        reach.people.into_iter().filter(|key| rejoins && !self.stays_of.contains_key(key)).collect()
    }

    /// Events of a stream, with the new one.
    pub(super) fn events<'a>(&'a self, stream: &Stream, event: Option<&'a Event>) -> Vec<&'a Event> {
        let mut events: Vec<&Event> = self.streams.get(stream).into_iter().flatten().collect();
        events.extend(event.filter(|event| event.streams().contains(stream)));
        events
    }

    pub(super) fn reach(&self, event: &Event) -> Reach {
        let mut reach = Reach::default();
        self.follow(event, event.streams(), &mut reach);
        if self.rejoins(&reach.people, event) {
            let stays = reach.people.iter().filter_map(|key| self.stays_of.get(key)).flatten();
            let stays = stays.cloned().map(Stream::Stay).collect();
            self.follow(event, stays, &mut reach);
        }
        let rivals = |key: &StayKey| rivals(key, &self.events(&Stream::Stay(key.clone()), Some(event)));
        let mut named: Vec<PatientKey> = reach.stays.iter().flat_map(rivals).collect();
        while let Some(key) = named.pop() {
            if !reach.people.contains(&key) && reach.named.insert(key.clone()) {
                named.extend(linked(&self.events(&Stream::Patient(key), Some(event))));
            }
        }
        reach
    }

    /// Follows streams by links and moves of visits.
    fn follow(&self, event: &Event, mut waiting: Vec<Stream>, reach: &mut Reach) {
        while let Some(stream) = waiting.pop() {
            let events = self.events(&stream, Some(event));
            match stream {
                Stream::Patient(key) if reach.people.insert(key.clone()) => {
                    waiting.extend(linked(&events).into_iter().map(Stream::Patient));
                }
                Stream::Stay(key) if reach.stays.insert(key.clone()) => {
                    waiting.extend(renumbered(&events).into_iter().map(Stream::Stay));
                }
                _ => {}
            }
        }
    }

    /// Whether the event changes which of these people are one: by a link, or by a number that lets one hold or not.
    fn rejoins(&self, people: &BTreeSet<PatientKey>, event: &Event) -> bool {
        let joined = |event: Option<&Event>| {
            let streams = people.iter().cloned().map(Stream::Patient);
            let events: Vec<&Event> = streams.flat_map(|stream| self.events(&stream, event)).collect();
            if linked(&events).is_empty() {
                return Joined::default();
            }
            let people: Vec<Person> =
                people.iter().filter_map(|key| fold_person(key, events.iter().copied())).collect();
            Joined::of(&people)
        };
        joined(None) != joined(Some(event))
    }
}
