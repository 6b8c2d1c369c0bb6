//! Bundles of type `transaction` and `batch` (<https://hl7.org/fhir/R4/http.html#transaction>).
//!
//! A transaction is planned on a snapshot (ids, references, validation, index entries) and done by the writer, which
//! first asks every condition again: when another write changed an answer in between, the plan is made anew, and after
//! three tries the answer is a conflict. So it is when a conditional reference turned out to name another resource than the plan
//! took it to name; the next plan waits for what is written. Conditional references are resolved against the record as the transaction leaves it
//! (see `late`). Nothing of a refused transaction is ever written.

mod apply;
mod batch;
mod entry;
mod late;
mod plan;
mod references;
mod respond;

use crate::{Actor, Error, Fact, Store};
use fhir::issue::{Issue, IssueCode};
use fhir::json::Value;
use plan::Plan;
use std::sync::Arc;

/// How often a plan is made before the answer is a conflict.
const TRIES: usize = 3;

/// Entries of one bundle at most.
pub const ENTRIES_MAX: usize = 20_000;

/// Does all entries of a transaction bundle, or none. The response has one entry for each, in their order.
///
/// # Errors
/// [`Error::Invalid`] for a bundle that cannot be understood, [`Error::Conflict`] when other writes kept coming between;
/// otherwise the error of the first entry that fails.
pub async fn transaction(store: &Store, actor: impl Into<Arc<Actor>>, bundle: Value) -> Result<Value, Error> {
    let (actor, bundle) = (actor.into(), Arc::new(bundle));
    let mut outcome = Err(Error::Conflict("other writes came between"));
    let mut wary = false;
    for _ in 0..TRIES {
        let asked = Arc::clone(&bundle);
        let plan = store.read(Arc::clone(&actor), move |snapshot| Plan::new(snapshot, &asked, wary)).await?;
        outcome = store.write(Arc::clone(&actor), move |transaction| apply::apply(transaction, plan)).await;
        match &outcome {
            Err(Error::Conflict(why)) => wary |= *why == late::ANOTHER,
            _ => return outcome,
        }
    }
    outcome
}

/// [`transaction`] for a thread outside a runtime.
///
/// # Errors
/// As [`transaction`].
pub fn transaction_blocking(
    store: &Store,
    actor: impl Into<Arc<Actor>>,
    bundle: Value,
) -> Result<Value, Error> {
    blocking(store, &actor.into(), bundle, None)
}

/// [`transaction_blocking`] with a fact in the same commit: an importer marks by it what is done.
///
/// # Errors
/// As [`transaction`].
pub fn transaction_marked(
    store: &Store,
    actor: impl Into<Arc<Actor>>,
    bundle: Value,
    mark: &Fact,
) -> Result<Value, Error> {
    blocking(store, &actor.into(), bundle, Some(mark))
}

fn blocking(store: &Store, actor: &Arc<Actor>, bundle: Value, mark: Option<&Fact>) -> Result<Value, Error> {
    let bundle = Arc::new(bundle);
    let mut outcome = Err(Error::Conflict("other writes came between"));
    let mut wary = false;
    for _ in 0..TRIES {
        let asked = Arc::clone(&bundle);
        let plan =
            store.read_blocking(Arc::clone(actor), move |snapshot| Plan::new(snapshot, &asked, wary))?;
        let mark = mark.cloned();
        outcome = store.write_blocking(Arc::clone(actor), move |transaction| {
            if let Some(mark) = mark {
                transaction.put_fact(&mark)?;
            }
            apply::apply(transaction, plan)
        });
        match &outcome {
            Err(Error::Conflict(why)) => wary |= *why == late::ANOTHER,
            _ => return outcome,
        }
    }
    outcome
}

/// Does each entry of a batch bundle by itself. The response has one entry for each, in their order; an entry that fails
/// has its status and an OperationOutcome.
///
/// # Errors
/// [`Error::Invalid`] for a bundle that cannot be understood at all.
pub async fn batch(store: &Store, actor: impl Into<Arc<Actor>>, bundle: Value) -> Result<Value, Error> {
    batch::batch(store, actor.into(), &bundle).await
}

/// The entries of a bundle of that type.
fn entries<'b>(bundle: &'b Value, kind: &str) -> Result<&'b [Value], Error> {
    let wrong = |text: String, at: &str| Err(Error::invalid(Issue::error(IssueCode::Invalid, text).at(at)));
    if bundle.text_at(&["resourceType"]) != Some("Bundle") {
        return wrong(String::from("a Bundle is expected"), "resourceType");
    }
    if bundle.text_at(&["type"]) != Some(kind) {
        return wrong(format!("a Bundle of type {kind} is expected"), "Bundle.type");
    }
    let entries = bundle.items("entry");
    if entries.len() > ENTRIES_MAX {
        return Err(Error::TooCostly("the bundle has too many entries"));
    }
    Ok(entries)
}
