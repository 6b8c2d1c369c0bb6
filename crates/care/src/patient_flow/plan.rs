//! A message's effect, worked out on a snapshot away from the writer: the facts to keep and the resources to write, made
//! ready, each with the condition under which it still holds.
//!
//! It must never be committed when anything it was decided on has changed meanwhile: then nothing is written and it is
//! made again, inside the writer. Beds are not planned, as they follow from everybody who holds them: they are marked in
//! the commit itself.

use super::decide::{Changes, decide_apart, refuse};
use super::event::{Event, Place, StayKey, Stream};
use super::moment::Moment;
use super::outlook::Outlook;
use super::person::PatientKey;
use super::present::Present;
use super::resources::{self, Change, Holders};
use fhir::json::{Text, Value, canonical};
use fhir::search::{Handling, Query};
use std::collections::{BTreeMap, BTreeSet};
use store::{Error, Fact, Found, IfMatch, Prepared, Snapshot, Transaction};

/// What one message changes.
pub(super) struct Plan {
    marks: Vec<(String, i64)>,
    superseded: Vec<(String, String)>,
    facts: Vec<Fact>,
    writes: Vec<(Prepared, IfMatch)>,
    beds: BTreeSet<Place>,
    at: Moment,
}

/// A resource as it stands and as it is to stand.
struct Standing {
    condition: IfMatch,
    known: Option<Value>,
    gone: bool,
    next: Option<Value>,
}

/// What is being planned.
#[derive(Default)]
struct Draft {
    present: Present,
    marks: Vec<(String, i64)>,
    superseded: Vec<(String, String)>,
    facts: Vec<Fact>,
    resources: BTreeMap<(String, String), Standing>,
    beds: BTreeSet<Place>,
}

impl Plan {
    /// Decides the events of one message, in order.
    pub fn of(snapshot: &mut Snapshot, events: &[Event]) -> Result<Self, Error> {
        let mut draft = Draft::default();
        let mut at = Moment::at(0);
        for event in events {
            refuse(event).map_err(|refusal| Error::Internal(refusal.to_string()))?;
            draft.load(snapshot, event)?;
            let outlook = Outlook::of(&draft.present, event);
            for (kind, id) in outlook.asks_for() {
                if let Some(known) = draft.standing(snapshot, kind, &id)?.present().cloned() {
                    draft.present.known.insert((kind.to_owned(), id), known);
                }
            }
            let changes = decide_apart(&draft.present, &outlook);
            draft.take(snapshot, event, changes)?;
            at = event.times.recorded_at();
        }
        if let Some(after) = resources::provenance(events) {
            draft.write(snapshot, &Change { before: None, after, withdrawn: Vec::new() })?;
        }
        let Draft { marks, superseded, facts, resources, beds, .. } = draft;
        let mut writes = Vec::new();
        for Standing { condition, next, .. } in resources.into_values() {
            if let Some(next) = next {
                writes.push((Prepared::new(next).map_err(Error::Unprocessable)?, condition));
            }
        }
        Ok(Self { marks, superseded, facts, writes, beds, at })
    }

    /// Writes all of it and returns how many resources got a new version; `None`, with nothing written, when what it was
    /// decided on has changed.
    pub fn commit(&self, transaction: &mut Transaction) -> Result<Option<usize>, Error> {
        for (stream, mark) in &self.marks {
            if transaction.stream_mark(stream)? != *mark {
                return Ok(None);
            }
        }
        match transaction.attempt(|transaction| self.write(transaction)) {
            Ok(changed) => Ok(Some(changed)),
            Err(Error::PreconditionFailed(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, transaction: &mut Transaction) -> Result<usize, Error> {
        for fact in &self.facts {
            transaction.put_fact(fact)?;
        }
        for (stream, key) in &self.superseded {
            transaction.end_fact(stream, key)?;
        }
        let mut changed = 0;
        for (prepared, condition) in &self.writes {
            changed += usize::from(transaction.update(prepared, *condition)?.changed);
        }
        for bed in &self.beds {
            changed += mark(transaction, bed, &self.at)?;
        }
        Ok(changed)
    }
}

impl Standing {
    fn of(found: Found) -> Result<Self, Error> {
        let (condition, known, gone) = match found {
            Found::Present(known) => (IfMatch::Version(known.version), Some(plain(known.value()?)), false),
            Found::Gone { .. } => (IfMatch::NoneExists, None, true),
            Found::Absent => (IfMatch::NoneExists, None, false),
        };
        Ok(Self { condition, known, gone, next: None })
    }

    /// The resource with what is planned for it so far.
    fn present(&self) -> Option<&Value> {
        self.next.as_ref().or(self.known.as_ref())
    }
}

impl Draft {
    /// Loads every stream that the event reaches.
    fn load(&mut self, snapshot: &mut Snapshot, event: &Event) -> Result<(), Error> {
        loop {
            for key in self.present.strangers(event) {
                let stays = stays(snapshot, &key)?;
                self.present.stays_of.insert(key, stays);
            }
            let missing = self.present.missing(event);
            if missing.is_empty() {
                return Ok(());
            }
            for stream in missing {
                let name = stream.name();
                let events = events(snapshot, &name)?;
                self.marks.push((name.clone(), snapshot.stream_mark(&name)?));
                self.present.streams.insert(stream, events);
            }
        }
    }

    fn standing(&mut self, snapshot: &mut Snapshot, kind: &str, id: &str) -> Result<&mut Standing, Error> {
        let key = (kind.to_owned(), id.to_owned());
        Ok(match self.resources.entry(key) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(Standing::of(snapshot.read(kind, id)?)?)
            }
        })
    }

    /// Takes in what an event changes, so that the next one of the message finds it.
    fn take(&mut self, snapshot: &mut Snapshot, event: &Event, changes: Changes) -> Result<(), Error> {
        for (stream, key) in changes.superseded {
            let name = stream.name();
            self.present.streams.entry(stream).or_default().retain(|fact| fact.key() != key);
            self.superseded.push((name, key));
        }
        self.keep(event, changes.streams)?;
        for change in &changes.resources {
            self.write(snapshot, change)?;
        }
        self.beds.extend(changes.beds);
        Ok(())
    }

    fn keep(&mut self, event: &Event, streams: Vec<Stream>) -> Result<(), Error> {
        let body = serde_json::to_vec(event).map_err(|fault| Error::Internal(fault.to_string()))?;
        let (key, occurred_at) = (event.key(), event.times.occurred_at().from);
        for stream in streams {
            let name = Text::from(stream.name());
            let known = self.present.streams.entry(stream).or_default();
            if known.iter().any(|one| one.key() == key) {
                continue;
            }
            known.push(event.clone());
            let key = Text::from(key.as_str());
            self.facts.push(Fact {
                stream: name,
                key,
                occurred_at,
                body: body.clone(),
                message: event.inbox,
            });
        }
        Ok(())
    }

    /// Lays what the feed now says over what stands, unless that is how it stands already.
    fn write(&mut self, snapshot: &mut Snapshot, change: &Change) -> Result<(), Error> {
        let (kind, id) = change.key();
        let standing = self.standing(snapshot, kind, id)?;
        if standing.gone && standing.next.is_none() && change.before.as_ref() == Some(&change.after) {
            // Deleted by a person: it stays so until the source says something new.
            return Ok(());
        }
        let resource = change.over(standing.present());
        if !standing.present().is_some_and(|known| same(known, &resource)) {
            standing.next = Some(resource);
        }
        Ok(())
    }
}

/// Marks a bed as taken or free, and as held by several, by those who hold it now.
fn mark(transaction: &mut Transaction, bed: &Place, at: &Moment) -> Result<usize, Error> {
    let id = resources::location_id(bed);
    let holders = holders(transaction, &id)?;
    let location = Standing::of(transaction.read("Location", &id)?)?;
    let issue = Standing::of(transaction.read("DetectedIssue", &resources::bed_concern_id(bed))?)?;
    let standing = (location.known.as_ref(), issue.known.as_ref());
    let mut changed = 0;
    for change in resources::bed_changes(bed, standing, &holders, at) {
        let known = if change.key().0 == "Location" { standing.0 } else { standing.1 };
        let resource = change.over(known);
        if !known.is_some_and(|known| same(known, &resource)) {
            let prepared = Prepared::new(resource).map_err(Error::Unprocessable)?;
            changed += usize::from(transaction.update(&prepared, IfMatch::Any)?.changed);
        }
    }
    Ok(changed)
}

/// Whether two documents differ in nothing but the order of members.
fn same(a: &Value, b: &Value) -> bool {
    a == b || canonical(a) == canonical(b)
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

fn events(snapshot: &Snapshot, stream: &str) -> Result<Vec<Event>, Error> {
    let read = |fact: store::RecordedFact| {
        serde_json::from_slice(&fact.fact.body)
            .map_err(|fault| Error::Internal(format!("fact cannot be read: {fault}")))
    };
    snapshot.facts(stream)?.into_iter().map(read).collect()
}

/// The stays that stand under a person.
fn stays(snapshot: &mut Snapshot, key: &PatientKey) -> Result<BTreeSet<StayKey>, Error> {
    let mut stays = BTreeSet::new();
    let mut page: Option<String> = None;
    loop {
        let mut pairs = vec![
            (String::from("subject"), format!("Patient/{}", resources::patient_id(key))),
            (String::from("_count"), String::from("500")),
        ];
        pairs.extend(page.map(|page| (String::from("_page"), page)));
        let query = Query::parse("Encounter", &pairs, Handling::Strict).map_err(Error::Invalid)?.query;
        let found = snapshot.search(&query)?;
        for entry in found.entries {
            stays.extend(resources::stay_keys(&entry.resource.value()?));
        }
        page = found.next;
        if page.is_none() {
            return Ok(stays);
        }
    }
}

/// The Encounters that hold a bed now.
fn holders(snapshot: &mut Snapshot, bed: &str) -> Result<Holders, Error> {
    let reference = format!("Location/{bed}");
    let pairs: Vec<(String, String)> = [
        ("location", reference.as_str()),
        ("status", "in-progress,onleave,arrived,triaged"),
        ("_count", "100"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let query = Query::parse("Encounter", &pairs, Handling::Strict).map_err(Error::Invalid)?.query;
    let mut holders = Holders::new();
    for entry in snapshot.search(&query)?.entries {
        if let Some(held) = resources::held_by(&entry.resource.value()?, bed) {
            holders.insert(entry.resource.id.to_string(), held.clone());
        }
    }
    Ok(holders)
}
