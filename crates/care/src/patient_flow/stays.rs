//! The whole state: people, stays, reports and orders folded from a set of events.

use super::clinical::{Order, OrderKey, Report};
use super::event::{Event, Kind, StayKey, Stream};
use super::fold::fold_stay_by;
use super::joined::Joined;
use super::people::{Person, fold_person_by};
use super::person::PatientKey;
use super::reports::{About, fold_order, fold_report};
use super::sequence::{ORDERS, Orders, settle};
use super::stay::Stay;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a set of events says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// People by their source's key.
    pub people: BTreeMap<PatientKey, Person>,
    /// Stays by their present key.
    pub stays: BTreeMap<StayKey, Stay>,
    /// Reports.
    pub reports: BTreeMap<OrderKey, About<Report>>,
    /// Orders.
    pub orders: BTreeMap<OrderKey, About<Order>>,
}

/// Folds a set of events, in any order and any number of copies.
#[must_use]
pub fn fold(events: &[Event]) -> Stays {
    fold_by(events, &ORDERS)
}

/// [`fold`] with the orders given.
#[must_use]
pub fn fold_by(events: &[Event], orders: &Orders) -> Stays {
    let mut streams: BTreeMap<Stream, Vec<&Event>> = BTreeMap::new();
    for event in events {
        for stream in event.streams() {
            streams.entry(stream).or_default().push(event);
        }
    }
    let mut state = Stays::default();
    let mut grouped: BTreeSet<StayKey> = BTreeSet::new();
    for (stream, own) in &streams {
        match stream {
            Stream::Patient(key) => {
                let others = linked(own).into_iter().map(Stream::Patient);
                let all = others.filter_map(|other| streams.get(&other)).flatten().chain(own).copied();
                if let Some(person) = fold_person_by(key, all, orders) {
                    state.people.insert(key.clone(), person);
                }
            }
            Stream::Stay(key) if grouped.contains(key) => {}
            Stream::Stay(key) => {
                let find = |key: &StayKey| streams.get(&Stream::Stay(key.clone())).map(Vec::as_slice);
                let (keys, events) = group(key, find, orders);
                grouped.extend(keys.iter().cloned());
                if let (Some(first), Some(stay)) = (keys.first(), fold_stay_by(&keys, events, orders)) {
                    state.stays.insert(first.clone(), stay);
                }
            }
            Stream::Report(key) => {
                if let Some(report) = fold_report(key, own.iter().copied(), orders) {
                    state.reports.insert(key.clone(), report);
                }
            }
            Stream::Order(key) => {
                if let Some(order) = fold_order(key, own.iter().copied(), orders) {
                    state.orders.insert(key.clone(), order);
                }
            }
        }
    }
    let joined = Joined::of(state.people.values());
    state.stays.values_mut().for_each(|stay| joined.excuse(stay));
    state
}

/// The other people that merges in these events name.
#[must_use]
pub fn linked(events: &[&Event]) -> BTreeSet<PatientKey> {
    let mut others = BTreeSet::new();
    for event in events {
        if let Kind::Merge { prior } | Kind::Renumber { prior } | Kind::Unmerge { prior } = &event.kind {
            others.extend([prior.clone(), event.subject.key.clone()]);
        }
    }
    others
}

/// The numbers that moves of a visit have joined to `key`, the present one first, and all their events.
#[must_use]
pub fn group<'a: 'f, 'f>(
    key: &StayKey,
    find: impl Fn(&StayKey) -> Option<&'f [&'a Event]>,
    orders: &Orders,
) -> (Vec<StayKey>, Vec<&'a Event>) {
    let mut known: BTreeSet<StayKey> = BTreeSet::new();
    let mut waiting = vec![key.clone()];
    let mut events: Vec<&'a Event> = Vec::new();
    while let Some(next) = waiting.pop() {
        if !known.insert(next.clone()) {
            continue;
        }
        let own = find(&next).unwrap_or_default();
        events.extend_from_slice(own);
        waiting.extend(renumbered(own).into_iter().filter(|other| !known.contains(other)));
    }
    let settled = settle(events.iter().copied(), orders);
    let moves = settled.iter().filter_map(|one| match &one.event.kind {
        Kind::MoveVisit { from, to, .. } if from != to => Some(((orders.source)(one), to)),
        _ => None,
    });
    let present = moves.max_by(|a, b| a.0.cmp(&b.0)).map_or_else(|| key.clone(), |(_, to)| to.clone());
    known.remove(&present);
    let keys = std::iter::once(present).chain(known).collect();
    (keys, events)
}

/// The stays that moves of a visit in these events name.
#[must_use]
pub fn renumbered(events: &[&Event]) -> BTreeSet<StayKey> {
    let mut keys = BTreeSet::new();
    for event in events {
        if let Kind::MoveVisit { from, to, .. } = &event.kind {
            keys.extend([from.clone(), to.clone()]);
        }
    }
    keys
}
