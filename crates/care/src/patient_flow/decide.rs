//! What one event changes, given what is present: facts to keep, resources to write. Pure.
//!
//! The outcome depends only on the set of events that the streams then hold, so the last event of any order leaves
//! the same resources. It must never refuse because of what has or has not arrived yet: a refusal is a property of
//! the event alone.

use super::echo::echo;
use super::event::{Event, Kind, Place, Stream};
use super::outlook::Outlook;
use super::present::Present;
use super::resources::{self, Change};
use std::collections::BTreeSet;

/// What to keep and write.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Streams to which the event is added.
    pub streams: Vec<Stream>,
    /// Facts that the event makes superfluous, by stream and key.
    pub superseded: Vec<(Stream, String)>,
    /// What the feed now says differently, each resource once.
    pub resources: Vec<Change>,
    /// Beds that the event may take or free: their Locations follow from everybody who then holds them.
    pub beds: BTreeSet<Place>,
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

/// What the event changes: the fold without it and the fold with it, as resources, and what differs. Beds are marked by
/// the holders that `present` tells.
///
/// # Errors
/// [`Refusal`] when the event can never be applied.
pub fn decide(present: &Present, event: &Event) -> Result<Changes, Refusal> {
    refuse(event)?;
    let outlook = Outlook::of(present, event);
    let mut changes = decide_apart(present, &outlook);
    for bed in &changes.beds {
        let id = resources::location_id(bed);
        let mut holders = present.holders.get(&id).cloned().unwrap_or_default();
        outlook.hold(bed, &mut holders);
        let of = |kind: &str, id: &str| {
            let fresh = changes.resources.iter().find(|change| change.key() == (kind, id));
            fresh.map(|change| &change.after).or_else(|| present.known.get(&(kind.to_owned(), id.to_owned())))
        };
        let standing = (of("Location", &id), of("DetectedIssue", &resources::bed_concern_id(bed)));
        let marked = resources::bed_changes(bed, standing, &holders, &event.times.recorded_at());
        for mut change in marked {
            let known = changes.resources.iter().position(|other| other.key() == change.key());
            match known.and_then(|at| changes.resources.get_mut(at)) {
                Some(created) => {
                    change.before = created.before.take();
                    *created = change;
                }
                None => changes.resources.push(change),
            }
        }
    }
    Ok(changes)
}

/// [`decide`] without the marks on beds, which whoever writes makes from the holders that then stand.
#[must_use]
pub fn decide_apart(present: &Present, outlook: &Outlook<'_>) -> Changes {
    let event = outlook.event;
    let mut changes =
        Changes { resources: outlook.changes(), beds: outlook.beds().clone(), ..Changes::default() };
    for stream in event.streams() {
        if let Stream::Patient(key) = &stream {
            let known = present.streams.get(&stream).map(Vec::as_slice).unwrap_or_default();
            let echo = echo(key, known, event);
            changes.superseded.extend(echo.superseded.into_iter().map(|key| (stream.clone(), key)));
            if echo.silent {
                continue;
            }
        }
        changes.streams.push(stream);
    }
    changes.resources.extend(outlook.revealed(&present.known));
    changes
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
