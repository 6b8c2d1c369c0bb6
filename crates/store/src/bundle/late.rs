//! Conditional references (`Patient?identifier=…`) to what the same transaction writes. R4 has them resolved after every
//! delete, create and update of the transaction (<https://hl7.org/fhir/R4/http.html#trules>), so that what holds is the
//! record as the transaction leaves it: a reference may name what it creates, may not name what it deletes, and is refused
//! when it creates a second match.
//!
//! What the snapshot of the plan answered is asked once more at the end. A resource whose references the snapshot could not
//! answer waits until what it refers to is written.

use super::plan::prepare;
use super::references::{Known, rewrite};
use crate::{Condition, Error, IfMatch, Saved, Transaction};
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Text, Value};
use std::collections::HashMap;

/// Resources of one transaction that may wait. They are made ready by the writer, while everybody else waits for it.
pub(super) const LATE_MAX: usize = 1_000;
/// Turns in which they are taken: one resource may wait for another that waits itself.
const TURNS: usize = 8;

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
    for _ in 0..TURNS {
        let (before, mut answers) = (waiting.len(), HashMap::new());
        let mut left = Vec::new();
        for late in waiting {
            match names(transaction, &late, &mut answers)? {
                Some(found) => written.push((late.at, put(transaction, late, found, resolved)?)),
                None => left.push(late),
            }
        }
        waiting = left;
        if waiting.len() == before {
            break;
        }
    }
    match waiting.first() {
        None => Ok(written),
        Some(late) => Err(matches_nothing(late.at)),
    }
}

/// Asks every reference again now that all is written: each must name one resource, the one it was taken to name.
pub(super) fn hold(transaction: &Transaction, resolved: &[Resolved]) -> Result<(), Error> {
    let mut answers = HashMap::new();
    for Resolved { at, condition, id } in resolved {
        match ask(transaction, condition, &mut answers)? {
            Some(found) if found == *id => {}
            Some(_) => return Err(Error::Conflict("a conditional reference names another resource now")),
            None => return Err(matches_nothing(*at)),
        }
    }
    Ok(())
}

/// The refusal of a reference that names nothing.
pub(super) fn matches_nothing(at: usize) -> Error {
    let text = "a conditional reference matches nothing, neither in the record nor in what the transaction writes \
                before it; entries that refer to each other do so by urn:uuid";
    Error::unprocessable(Issue::error(IssueCode::NotFound, text).at(format!("Bundle.entry[{at}].resource")))
}

/// What each reference of a resource names; `None` while one of them names nothing yet.
fn names(
    transaction: &Transaction,
    late: &Late,
    answers: &mut HashMap<Condition, Option<Text>>,
) -> Result<Option<Vec<Text>>, Error> {
    late.waits_for.iter().map(|(_, condition)| ask(transaction, condition, answers)).collect()
}

fn ask(
    transaction: &Transaction,
    condition: &Condition,
    answers: &mut HashMap<Condition, Option<Text>>,
) -> Result<Option<Text>, Error> {
    if let Some(known) = answers.get(condition) {
        return Ok(known.clone());
    }
    let found = match transaction.matches(condition, 2)?.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => return Err(Error::Multiple),
    };
    answers.insert(condition.clone(), found.clone());
    Ok(found)
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
