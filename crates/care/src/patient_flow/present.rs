//! What the store holds that an event may touch, and how far the event reaches. Pure.

use super::event::{Event, StayKey, Stream};
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
}

/// The people and stays that an event reaches, by links and moves of visits.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    pub people: BTreeSet<PatientKey>,
    pub stays: BTreeSet<StayKey>,
}

impl Present {
    /// The streams that must be loaded before deciding, and are not. Empty when all are there.
    #[must_use]
    pub fn missing(&self, event: &Event) -> BTreeSet<Stream> {
        let Reach { people, stays } = self.reach(event);
        let wanted = people.into_iter().map(Stream::Patient).chain(stays.into_iter().map(Stream::Stay));
        wanted.chain(event.streams()).filter(|stream| !self.streams.contains_key(stream)).collect()
    }

    /// Events of a stream, with the new one.
    pub(super) fn events<'a>(&'a self, stream: &Stream, event: Option<&'a Event>) -> Vec<&'a Event> {
        let mut events: Vec<&Event> = self.streams.get(stream).into_iter().flatten().collect();
        events.extend(event.filter(|event| event.streams().contains(stream)));
        events
    }

    pub(super) fn reach(&self, event: &Event) -> Reach {
        let mut reach = Reach::default();
        let mut waiting: Vec<Stream> = event.streams();
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
        reach
    }
}
