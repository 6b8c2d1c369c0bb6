//! The fold of everything that an event reaches, without it and with it, and what that makes different. Pure.

use super::clinical::{Order, Report};
use super::event::{Action, Event, Place, StayKey, Stream};
use super::joined::Joined;
use super::people::{Person, fold_person};
use super::present::{Present, Reach};
use super::reports::{About, fold_order, fold_report};
use super::resources::{self, Change, Holders};
use super::sequence::ORDERS;
use super::stay::{Concern, Placement, Stay};
use super::stays::group;
use fhir::json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An event and the two states around it.
#[derive(Debug)]
pub struct Outlook<'e> {
    pub(super) event: &'e Event,
    before: State,
    after: State,
    /// Places that no earlier event of these stays spoke of.
    news: BTreeSet<Place>,
    beds: BTreeSet<Place>,
    facilities: BTreeSet<String>,
}

/// The part of the state that an event reaches.
#[derive(Debug, Default, PartialEq)]
struct State {
    people: Vec<Person>,
    stays: Vec<Stay>,
    reports: Vec<About<Report>>,
    orders: Vec<About<Order>>,
}

impl State {
    fn of(present: &Present, reach: &Reach, streams: &[Stream], event: Option<&Event>) -> Self {
        let mut state = Self::default();
        let people = reach.people.iter();
        let everyone: Vec<&Event> =
            people.flat_map(|key| present.events(&Stream::Patient(key.clone()), event)).collect();
        let one = |key| fold_person(key, everyone.iter().copied());
        state.people = reach.people.iter().filter_map(one).collect();
        state.stays = fold_stays(present, event, &reach.stays);
        let differs =
            |stay: &Stay| stay.concerns.iter().any(|one| matches!(one, Concern::PatientDiffers(..)));
        if state.stays.iter().any(differs) {
            let joined = Joined::of(&people_of(present, event, reach));
            state.stays.iter_mut().for_each(|stay| joined.excuse(stay));
        }
        for stream in streams {
            let events = || present.events(stream, event);
            match stream {
                Stream::Report(key) => state.reports.extend(fold_report(key, events(), &ORDERS)),
                Stream::Order(key) => state.orders.extend(fold_order(key, events(), &ORDERS)),
                Stream::Patient(_) | Stream::Stay(_) => {}
            }
        }
        state
    }
}

/// The people that the event reaches, and those whose links decide whom a message names.
fn people_of(present: &Present, event: Option<&Event>, reach: &Reach) -> Vec<Person> {
    let keys = || reach.people.iter().chain(&reach.named);
    let everyone: Vec<&Event> =
        keys().flat_map(|key| present.events(&Stream::Patient(key.clone()), event)).collect();
    keys().filter_map(|key| fold_person(key, everyone.iter().copied())).collect()
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

/// Resources with what a source deleted from each Patient.
#[derive(Default)]
struct Rendered {
    resources: BTreeMap<(String, String), Value>,
    deleted: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Rendered {
    fn add(&mut self, resources: impl IntoIterator<Item = Value>) {
        for resource in resources {
            let text = |member| resource.text_at(&[member]).unwrap_or_default().to_owned();
            self.resources.insert((text("resourceType"), text("id")), resource);
        }
    }

    fn person(&mut self, person: &Person) {
        self.deleted.insert(resources::patient_id(&person.key), person.known.deleted.clone());
        self.add([resources::patient(person)]);
        self.add(resources::allergies(person));
        self.add(resources::parked(person));
    }

    fn stay(&mut self, stay: &Stay) {
        self.add([resources::encounter(stay), resources::episode(stay)]);
        self.add(resources::former(stay));
        self.add(resources::conditions(stay));
        self.add(resources::concerns(stay));
    }
}

impl<'e> Outlook<'e> {
    /// Folds. Every stream of [`Present::missing`] is there.
    #[must_use]
    pub fn of(present: &Present, event: &'e Event) -> Self {
        let reach = present.reach(event);
        let streams = event.streams();
        let before = State::of(present, &reach, &streams, None);
        let after = State::of(present, &reach, &streams, Some(event));
        let spoken: BTreeSet<&Place> = spoken(reach.stays.iter().flat_map(|key| {
            let earlier = present.streams.get(&Stream::Stay(key.clone())).into_iter().flatten();
            earlier.map(move |one| (one, key))
        }))
        .collect();
        let news: BTreeSet<Place> = self::spoken(reach.stays.iter().map(|key| (event, key)))
            .filter(|place| !spoken.contains(place))
            .cloned()
            .collect();
        let beds = beds(&before, &after, &news);
        let mut outlook = Self { event, before, after, news, beds, facilities: BTreeSet::new() };
        outlook.facilities = outlook.facilities(present, &reach);
        outlook
    }

    /// Facilities that the event may be the first to name.
    fn facilities(&self, present: &Present, reach: &Reach) -> BTreeSet<String> {
        let own = &self.event.source.facility;
        let people = reach.people.iter().cloned().map(Stream::Patient);
        let stays = reach.stays.iter().cloned().map(Stream::Stay);
        let mut earlier = people
            .chain(stays)
            .chain(self.event.streams())
            .filter_map(|stream| present.streams.get(&stream))
            .flatten();
        let first = !earlier.any(|one| one.source.facility == *own);
        let of_stays = reach.stays.iter().map(|stay| &stay.facility).filter(|code| *code != own);
        let of_places = self.news.iter().chain(&self.beds).map(|place| &place.facility);
        of_places.chain(of_stays).chain(first.then_some(own)).cloned().collect()
    }

    /// The Locations and Organizations that deciding asks for, as far as they exist.
    #[must_use]
    pub fn asks_for(&self) -> BTreeSet<(&'static str, String)> {
        let places = self.news.iter().chain(&self.beds).flat_map(resources::location_ids);
        let mut wanted: BTreeSet<(&'static str, String)> = places.map(|id| ("Location", id)).collect();
        wanted
            .extend(self.facilities.iter().map(|code| ("Organization", fhir::identity::organization(code))));
        wanted
    }

    /// Beds that the event may take or free.
    #[must_use]
    pub fn beds(&self) -> &BTreeSet<Place> {
        &self.beds
    }

    /// Puts the stays of this outlook among the holders of a bed as they stand after the event.
    pub fn hold(&self, bed: &Place, holders: &mut Holders) {
        for stay in &self.after.stays {
            for key in std::iter::once(&stay.key).chain(&stay.former_keys) {
                holders.remove(&resources::encounter_id(key));
            }
            if stay.current().is_some_and(|held| held.place == *bed) {
                let encounter = resources::encounter(stay);
                if let Some(entry) = resources::held_by(&encounter, &resources::location_id(bed)) {
                    holders.insert(resources::encounter_id(&stay.key), entry.clone());
                }
            }
        }
    }

    /// What the feed now says differently.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let (before, after) = self.rendered();
        let mut changes = Vec::new();
        for ((kind, id), value) in after.resources {
            let former = before.resources.get(&(kind.clone(), id.clone()));
            // A Patient is looked at every time: its numbers and links must stand whatever was written over it.
            if kind != "Patient" && former == Some(&value) {
                continue;
            }
            let deleted = |rendered: &BTreeMap<String, BTreeSet<&'static str>>| {
                rendered.get(&id).filter(|_| kind == "Patient").cloned().unwrap_or_default()
            };
            let withdrawn = deleted(&after.deleted).difference(&deleted(&before.deleted)).copied().collect();
            changes.push(Change { before: former.cloned(), after: value, withdrawn });
        }
        changes
    }

    /// Both states as resources; stays, reports and orders only where they differ. A matter that only the first one has is
    /// settled in the second.
    fn rendered(&self) -> (Rendered, Rendered) {
        let (mut before, mut after) = (Rendered::default(), Rendered::default());
        for (state, rendered) in [(&self.before, &mut before), (&self.after, &mut after)] {
            state.people.iter().for_each(|person| rendered.person(person));
            if self.before.stays != self.after.stays {
                state.stays.iter().for_each(|stay| rendered.stay(stay));
            }
            if self.before.reports != self.after.reports {
                rendered.add(state.reports.iter().flat_map(resources::report));
            }
            if self.before.orders != self.after.orders {
                rendered.add(state.orders.iter().map(resources::order));
            }
        }
        let at = self.event.times.recorded_at();
        for (key, issue) in before.resources.iter().filter(|((kind, _), _)| kind == "DetectedIssue") {
            after.resources.entry(key.clone()).or_insert_with(|| resources::settled(issue, &at));
        }
        (before, after)
    }

    /// Locations and Organizations that the event reveals. What is known already is other people's.
    #[must_use]
    pub fn revealed(&self, known: &BTreeMap<(String, String), Value>) -> Vec<Change> {
        let organisations = self.facilities.iter().map(|code| resources::organization(code));
        let places = self.news.iter().chain(&self.beds).flat_map(resources::locations);
        let mut revealed = Rendered::default();
        revealed.add(organisations.chain(places));
        let unknown = revealed.resources.into_iter().filter(|(key, _)| !known.contains_key(key));
        unknown.map(|(_, after)| Change { before: None, after, withdrawn: Vec::new() }).collect()
    }
}

/// The beds newly spoken of, and those that a stay holds before or after in another way than on the other side.
fn beds(before: &State, after: &State, news: &BTreeSet<Place>) -> BTreeSet<Place> {
    fn held(state: &State) -> Vec<(&StayKey, &Placement)> {
        state.stays.iter().filter_map(|stay| Some((&stay.key, stay.current()?))).collect()
    }
    let (before, after) = (held(before), held(after));
    let left = before.iter().filter(|one| !after.contains(one));
    let taken = after.iter().filter(|one| !before.contains(one));
    let places = left.chain(taken).map(|(_, placement)| &placement.place).chain(news);
    places.filter(|place| !place.bed.is_empty()).cloned().collect()
}

/// Every place that these events speak of for these stays.
fn spoken<'a>(parts: impl Iterator<Item = (&'a Event, &'a StayKey)>) -> impl Iterator<Item = &'a Place> {
    parts.filter_map(|(event, key)| event.flow_of(key)).flat_map(|(_, flow)| {
        let visit = &flow.visit;
        let before = visit.prior_place.as_ref().filter(|_| flow.action == Action::Depart);
        [&visit.place, &visit.temporary_place, &visit.pending_place].into_iter().flatten().chain(before)
    })
}
