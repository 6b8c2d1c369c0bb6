//! Conditional references (`Patient?identifier=…`) to what the same transaction writes. R4 has them resolved after every
//! delete, create and update of the transaction (<https://hl7.org/fhir/R4/http.html#trules>), so that what holds is the
//! record as the transaction leaves it: a reference may name what it creates, may not name what it deletes, and is refused
//! when it creates a second match.
//!
//! What the snapshot of the plan answered is asked once more at the end. A resource whose references the snapshot could not
//! answer, or answered by what the transaction takes away, waits until what it refers to is written.

use super::plan::prepare;
use super::references::{Known, rewrite};
use crate::{Condition, Error, IfMatch, Saved, Transaction};
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Text, Value};
use std::collections::{HashMap, HashSet};

/// Resources of one transaction that may wait. They are made ready by the writer, while everybody else waits for it.
pub(super) const LATE_MAX: usize = 1_000;
/// Questions that they may ask while they wait for each other, for the same reason.
const QUESTIONS_MAX: usize = 20_000;
/// Why a transaction is refused whose reference turns out to name another resource than the plan took it to name.
pub(super) const ANOTHER: &str = "a conditional reference names another resource now";

/// A resource that waits for what its references name.
#[derive(Debug)]
pub(super) struct Late {
    /// Its entry.
    pub at: usize,
    /// The document, with its id and every other reference.
    pub resource: Value,
    /// References as they stand in it, and what they ask.
    pub waits_for: Vec<(Text, Condition)>,
    /// How it is written.
    pub write: Write,
}

/// How a resource that waited is written.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// As a new one with this id.
    Create(Text),
    /// As an update under its own id.
    Update(IfMatch),
}

/// A reference that was resolved, and what it was taken to name.
#[derive(Debug)]
pub(super) struct Resolved {
    /// The entry that refers.
    pub at: usize,
    /// What the reference asks.
    pub condition: Condition,
    /// The id that it now names.
    pub id: Text,
}

/// Writes what waited; gives what was saved by entry, and adds what was resolved.
pub(super) fn write(
    transaction: &mut Transaction,
    mut waiting: Vec<Late>,
    resolved: &mut Vec<Resolved>,
) -> Result<Vec<(usize, Saved)>, Error> {
    let mut written = Vec::with_capacity(waiting.len());
    let mut answers = Answers::default();
    while !waiting.is_empty() {
        let (before, mut types) = (waiting.len(), HashSet::new());
        let mut left = Vec::new();
        for late in waiting {
            match answers.to(transaction, &late)? {
                Some(found) => {
                    types.extend(late.resource.text_at(&["resourceType"]).map(Text::from));
                    written.push((late.at, put(transaction, late, found, resolved)?));
                }
                None => left.push(late),
            }
        }
        if left.len() == before {
            return Err(matches_nothing(left.iter().map(|late| late.at).min().unwrap_or_default()));
        }
        answers.forget(&types);
        // What waits for each other stands mostly in one order or in the opposite one.
        left.reverse();
        waiting = left;
    }
    Ok(written)
}

/// Asks every reference again now that all is written: each must name one resource, the one it was taken to name.
pub(super) fn hold(transaction: &mut Transaction, resolved: &[Resolved]) -> Result<(), Error> {
    let mut held = HashSet::new();
    for one in resolved {
        if held.insert((&one.condition, &one.id)) {
            still(transaction, one)?;
        }
    }
    Ok(())
}

/// Whether a reference names one resource, that one. Whoever ends their own care of somebody by the transaction does not see
/// them at its end: the house then says whether what they saw at its beginning still matches, and nothing else.
fn still(transaction: &mut Transaction, Resolved { at, condition, id }: &Resolved) -> Result<(), Error> {
    let found = transaction.meant(condition)?;
    if found.len() > 1 {
        return Err(Error::Multiple);
    }
    if found.first() == Some(id) {
        return Ok(());
    }
    let out_of_reach = transaction.current(&condition.resource_type, id)?.is_none();
    let matches = out_of_reach && {
        let mut this = condition.clone();
        this.parameters.push((String::from("_id"), id.to_string()));
        let found = transaction.asking(|snapshot| snapshot.for_the_house(|house| house.matches(&this, 1)))?;
        !found.is_empty()
    };
    match (found.is_empty(), matches) {
        (true, true) => Ok(()),
        (true, false) => Err(matches_nothing(*at)),
        (false, true) => Err(Error::Multiple),
        (false, false) => Err(Error::Conflict(ANOTHER)),
    }
}

/// The refusal of a reference that names nothing.
pub(super) fn matches_nothing(at: usize) -> Error {
    let text = "a conditional reference matches nothing, neither in the record nor in what the transaction writes \
                before it; entries that refer to each other do so by urn:uuid";
    Error::unprocessable(Issue::error(IssueCode::NotFound, text).at(format!("Bundle.entry[{at}].resource")))
}

/// What references name so far.
#[derive(Default)]
struct Answers {
    known: HashMap<Condition, Option<Text>>,
    asked: usize,
}

impl Answers {
    /// What each reference of a resource names; `None` while one of them names nothing yet.
    fn to(&mut self, transaction: &Transaction, late: &Late) -> Result<Option<Vec<Text>>, Error> {
        late.waits_for.iter().map(|(_, condition)| self.one(transaction, condition)).collect()
    }

    fn one(&mut self, transaction: &Transaction, condition: &Condition) -> Result<Option<Text>, Error> {
        if let Some(known) = self.known.get(condition) {
            return Ok(known.clone());
        }
        self.asked += 1;
        if self.asked > QUESTIONS_MAX {
            return Err(Error::TooCostly("entries wait too deep for each other by conditional references"));
        }
        let found = match transaction.meant(condition)?.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            _ => return Err(Error::Multiple),
        };
        self.known.insert(condition.clone(), found.clone());
        Ok(found)
    }

    /// Forgets what the writing of those types may have changed. A condition through other resources is of many types.
    fn forget(&mut self, written: &HashSet<Text>) {
        let through = |(name, _): &(String, String)| name.contains('.') || name.starts_with("_has:");
        self.known.retain(|condition, _| {
            !written.contains(&condition.resource_type) && !condition.parameters.iter().any(through)
        });
    }
}

fn put(
    transaction: &mut Transaction,
    late: Late,
    found: Vec<Text>,
    resolved: &mut Vec<Resolved>,
) -> Result<Saved, Error> {
    let Late { at, mut resource, waits_for, write } = late;
    let mut known = Known::new();
    for ((text, condition), id) in waits_for.into_iter().zip(found) {
        known.insert(text, super::plan::reference(&condition.resource_type, &id));
        resolved.push(Resolved { at, condition, id });
    }
    rewrite(&mut resource, &known, None);
    let ready = prepare(at, resource)?;
    match write {
        Write::Create(id) => transaction.create_as(&ready, &id),
        Write::Update(condition) => transaction.update(&ready, condition),
    }
}
