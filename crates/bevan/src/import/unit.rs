//! One unit into the record. What it holds and the mark that says so are one commit; where one resource of many is
//! refused, the others go in without it.

use super::cut::{Content, Unit};
use super::files::Source;
use super::item::{Item, is_nothing, read};
use super::mark::{self, Done, Hash};
use super::report::{Outcome, Refusal, breaks_off};
use super::{inbox, report};
use anyhow::{Result, bail};
use fhir::json::Value;
use std::sync::Arc;
use store::{Actor, Error, IfMatch, Prepared, Store, Transaction};

/// The file that a unit is part of, and where it goes.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The record.
    pub store: &'a Store,
    /// Who imports.
    pub actor: &'a Arc<Actor>,
    /// The file.
    pub source: &'a Source,
    /// What earlier runs put in of it.
    pub done: &'a Done,
}

/// An item that is ready to go in.
#[derive(Clone)]
struct Ready {
    resource: Prepared,
    number: u64,
    hash: Hash,
}

impl Task<'_> {
    /// Imports a unit.
    pub fn import(self, unit: Unit) -> Result<Outcome> {
        match unit.content {
            Content::Lines(lines) => {
                let items = (unit.first..).zip(lines).filter_map(|(number, line)| Item::text(number, line));
                self.items("line", items)
            }
            Content::Document(document) => self.document(document),
            Content::Message(message) => inbox::receive(self.store, self.actor, self.source, &message),
            Content::Break(error) => Ok(breaks_off(unit.first.saturating_sub(1), &error)),
        }
    }

    fn document(self, text: Vec<u8>) -> Result<Outcome> {
        if is_nothing(&text) {
            return Ok(Outcome::default());
        }
        let document = match read(&text) {
            Err(reason) => return Ok(Outcome::refused("document", reason)),
            Ok(document) => document,
        };
        let is_bundle = document.text_at(&["resourceType"]) == Some("Bundle");
        match document.text_at(&["type"]).unwrap_or_default() {
            "transaction" if is_bundle => self.transaction(&text, document),
            // A collection is a bag of resources; a message or a document is one resource and is kept as such.
            "collection" | "batch" | "searchset" if is_bundle => {
                let entries = (1..).zip(document.items("entry"));
                let items =
                    entries.filter_map(|(number, entry)| Some(Item::entry(number, entry.get("resource")?)));
                self.items("entry", items)
            }
            _ => self.items("document", Item::text(1, text).into_iter()),
        }
    }

    fn transaction(self, text: &[u8], bundle: Value) -> Result<Outcome> {
        let hash = mark::hash(text);
        if self.done.take(hash) {
            return Ok(Outcome::passed_over(1));
        }
        let written = bundle.items("entry").len() as u64;
        let mark = mark::of(self.source, "transaction", std::iter::once(hash));
        match store::bundle::transaction_marked(self.store, Arc::clone(self.actor), bundle, &mark) {
            Ok(_) => Ok(Outcome { written, ..Outcome::default() }),
            Err(error) => Ok(Outcome::refused("transaction", refused_or_stop(error)?)),
        }
    }

    /// Items, each a resource: those that are in are passed over, the others are put in.
    fn items(self, word: &str, items: impl Iterator<Item = Item>) -> Result<Outcome> {
        let (mut outcome, mut ready) = (Outcome::default(), Vec::new());
        for item in items {
            let (number, hash) = (item.number, item.hash());
            if self.done.take(hash) {
                outcome.passed_over += 1;
                continue;
            }
            match prepare(item) {
                Ok(resource) => ready.push(Ready { resource, number, hash }),
                Err(reason) => outcome.refused.push(Refusal::at(word, number, reason)),
            }
        }
        self.halves(word, ready, &mut outcome)?;
        Ok(outcome)
    }

    /// What is ready, in one commit with its mark. Where one resource is refused, each half in a commit of its own, and so
    /// on down to it: the others go in without it.
    fn halves(self, word: &str, ready: Vec<Ready>, outcome: &mut Outcome) -> Result<()> {
        let Some(first) = ready.first().map(|one| one.number) else { return Ok(()) };
        let all = Arc::new(ready);
        let reason = match self.commit(&format!("{word} {first}"), &all)? {
            Ok(()) => {
                outcome.written += all.len() as u64;
                return Ok(());
            }
            Err(reason) => reason,
        };
        let mut ready = Arc::unwrap_or_clone(all);
        if ready.len() == 1 {
            outcome.refused.push(Refusal::at(word, first, reason));
            return Ok(());
        }
        let second = ready.split_off(ready.len() / 2);
        self.halves(word, ready, outcome)?;
        self.halves(word, second, outcome)
    }

    /// One commit. The inner error is the content's; a store that cannot write stops the import.
    fn commit(self, first: &str, ready: &Arc<Vec<Ready>>) -> Result<Result<(), String>> {
        let mark = mark::of(self.source, first, ready.iter().map(|one| one.hash));
        let shared = Arc::clone(ready);
        let together = self.store.write_blocking(Arc::clone(self.actor), move |transaction| {
            for one in shared.iter() {
                put(transaction, &one.resource)?;
            }
            transaction.put_fact(&mark).map(drop)
        });
        match together {
            Ok(()) => Ok(Ok(())),
            Err(error) => refused_or_stop(error).map(Err),
        }
    }
}

/// Makes the resource of an item ready.
fn prepare(item: Item) -> Result<Prepared, String> {
    Prepared::new(item.read()?).map_err(|issues| report::reason(&issues))
}

/// As create, or as update under its own id.
fn put(transaction: &mut Transaction, prepared: &Prepared) -> Result<(), Error> {
    if prepared.id().is_some() {
        transaction.update(prepared, IfMatch::Any)?;
    } else {
        transaction.create(prepared)?;
    }
    Ok(())
}

/// The reason of a refusal of the content; a store that cannot write stops the import.
fn refused_or_stop(error: Error) -> Result<String> {
    let of_the_store = matches!(
        error,
        Error::ReadOnly | Error::AuditUnavailable | Error::Stopped | Error::Busy | Error::Internal(_)
    );
    match &error {
        _ if of_the_store => bail!(error),
        Error::Invalid(issues) | Error::Unprocessable(issues) => Ok(report::reason(issues)),
        other => Ok(other.to_string()),
    }
}
