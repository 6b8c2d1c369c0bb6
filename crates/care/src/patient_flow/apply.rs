//! The shell: loads what an event may touch, decides, and writes everything in one store transaction, the settlement
//! of its message included.
//!
//! It must hold no rule. Facts are kept under their message's key, so the same message twice has one effect.

use super::decide::{Present, Refusal, decide, refuse};
use super::event::{Event, Stream};
use super::resources::{self, Change};
use super::stay::Concern;
use fhir::json::{Text, Value, canonical};
use fhir::search::{Handling, Query};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::inbox::Settlement;
use store::{Actor, Error, Fact, Found, IfMatch, Prepared, Store, Transaction};

/// The message that the events came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number in the inbox and how it is settled with its effect; `None` for what came otherwise.
    pub inbox: Option<(i64, Settlement)>,
    /// When it was received, in microseconds UTC.
    pub received_at: i64,
}

/// What applying did.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Resources that got a new version.
    pub changed: usize,
    /// Matters for a person.
    pub concerns: Vec<Concern>,
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A rule says no; trying again would end alike.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Applies the events of one message: all of them or none.
///
/// # Errors
/// [`ApplyError`].
pub async fn apply(
    store: &Store,
    actor: Arc<Actor>,
    events: Vec<Event>,
    receipt: Receipt,
) -> Result<Applied, ApplyError> {
    for event in &events {
        refuse(event)?;
    }
    let applied = store
        .write(actor, move |transaction| {
            let mut applied = Applied::default();
            let mut events = events;
            for event in &mut events {
                event.inbox = receipt.inbox.as_ref().map(|(id, _)| *id);
                event.times.received_at = Some(receipt.received_at);
                one(transaction, event, &mut applied)?;
            }
            if let Some(after) = resources::provenance(&events) {
                let change = Change { before: None, after, withdrawn: Vec::new() };
                write(transaction, &change, &mut applied)?;
            }
            if let Some((id, settlement)) = &receipt.inbox {
                transaction.settle_inbox(*id, settlement)?;
            }
            Ok(applied)
        })
        .await?;
    Ok(applied)
}

fn one(transaction: &mut Transaction, event: &Event, applied: &mut Applied) -> Result<(), Error> {
    let present = load(transaction, event)?;
    let changes = decide(&present, event).map_err(|refusal| Error::Internal(refusal.to_string()))?;
    let body = serde_json::to_vec(event).map_err(|fault| Error::Internal(fault.to_string()))?;
    let occurred_at = event.times.occurred_at().from;
    for stream in &changes.streams {
        let known = present.streams.get(stream).into_iter().flatten();
        if known.into_iter().any(|one| one.key() == event.key()) {
            continue;
        }
        transaction.put_fact(&Fact {
            stream: Text::from(stream.name()),
            key: Text::from(event.key()),
            occurred_at,
            body: body.clone(),
            message: event.inbox,
        })?;
    }
    for change in &changes.resources {
        write(transaction, change, applied)?;
    }
    applied.concerns.extend(changes.concerns);
    Ok(())
}

/// Writes what the feed now says over what stands, unless that is how it stands already.
fn write(transaction: &mut Transaction, change: &Change, applied: &mut Applied) -> Result<(), Error> {
    let (kind, id) = change.key();
    let known = match transaction.read(kind, id)? {
        Found::Present(known) => Some(known.value()?),
        // Deleted by a person: it stays so until the source says something new.
        Found::Gone { .. } if change.before.as_ref() == Some(&change.after) => return Ok(()),
        Found::Gone { .. } | Found::Absent => None,
    };
    let resource = change.over(known.as_ref());
    if known.is_some_and(|known| canonical(&plain(known)) == canonical(&resource)) {
        return Ok(());
    }
    let prepared = Prepared::new(resource).map_err(Error::Unprocessable)?;
    let saved = transaction.update(&prepared, IfMatch::Any)?;
    applied.changed += usize::from(saved.changed);
    Ok(())
}

/// Without the store's own version and time.
fn plain(mut resource: Value) -> Value {
    if let Some(object) = resource.as_object_mut() {
        if let Some(meta) = object.get_mut("meta").and_then(Value::as_object_mut) {
            meta.remove("versionId");
            meta.remove("lastUpdated");
        }
        if object.get("meta").and_then(Value::as_object).is_some_and(fhir::json::Object::is_empty) {
            object.remove("meta");
        }
    }
    resource
}

fn load(transaction: &mut Transaction, event: &Event) -> Result<Present, Error> {
    let mut present = Present::default();
    loop {
        let missing = present.missing(event);
        if missing.is_empty() {
            break;
        }
        for stream in missing {
            let events = events(transaction, &stream)?;
            present.streams.insert(stream, events);
        }
    }
    for (kind, id) in present.resources_of(event) {
        if let Found::Present(resource) = transaction.read(kind, &id)? {
            present.known.insert((kind.to_owned(), id), resource.value()?);
        }
    }
    for place in present.places_of(event).iter().filter(|place| !place.bed.is_empty()) {
        let bed = resources::location_id(place);
        let holders = holders(transaction, &bed)?;
        present.holders.insert(bed, holders);
    }
    Ok(present)
}

fn events(transaction: &Transaction, stream: &Stream) -> Result<Vec<Event>, Error> {
    let read = |fact: store::RecordedFact| {
        serde_json::from_slice(&fact.fact.body)
            .map_err(|fault| Error::Internal(format!("fact cannot be read: {fault}")))
    };
    transaction.facts(&stream.name())?.into_iter().map(read).collect()
}

/// The Encounters that hold a bed now.
fn holders(transaction: &mut Transaction, bed: &str) -> Result<BTreeSet<String>, Error> {
    let reference = format!("Location/{bed}");
    let pairs: Vec<(String, String)> = [
        ("location", reference.as_str()),
        ("status", "in-progress,onleave,arrived,triaged"),
        ("_count", "100"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let query = Query::parse("Encounter", &pairs, Handling::Strict).map_err(Error::Invalid)?.query;
    let mut holding = BTreeSet::new();
    for entry in transaction.search(&query)?.entries {
        let encounter = entry.resource.value()?;
        let here = |stood: &Value| {
            stood.text_at(&["status"]) == Some("active")
                && stood.text_at(&["location", "reference"]) == Some(reference.as_str())
        };
        if encounter.items("location").iter().any(here) {
            holding.insert(entry.resource.id.to_string());
        }
    }
    Ok(holding)
}
