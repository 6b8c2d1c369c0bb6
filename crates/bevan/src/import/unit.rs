//! One unit into the record: one commit with its mark. Where one resource of many is refused, the others go in without it.

use super::cut::{Content, Unit};
use super::files::Source;
use super::report::{Outcome, Refusal};
use super::{inbox, mark};
use anyhow::{Result, bail};
use fhir::issue::Issue;
use fhir::json::{Limits, Value, parse};
use std::sync::Arc;
use store::{Actor, Error, Fact, IfMatch, Prepared, Store, Transaction};

/// Imports a unit.
pub fn import(store: &Store, actor: &Arc<Actor>, source: &Source, unit: Unit) -> Result<Outcome> {
    let mark = mark::of(source, &unit.key);
    match unit.content {
        Content::Lines(lines) => {
            let places = (unit.first..).map(|number| format!("line {number}"));
            resources(store, actor, lines.iter().map(|line| read(line)).zip(places).collect(), mark)
        }
        Content::Document(document) => match read(&document) {
            Err(reason) => Ok(Outcome::refused("document", reason)),
            Ok(None) => Ok(Outcome::default()),
            Ok(Some(document)) => whole(store, actor, document, mark),
        },
        Content::Message(message) => inbox::receive(store, actor, source, &message),
    }
}

fn whole(store: &Store, actor: &Arc<Actor>, document: Value, mark: Fact) -> Result<Outcome> {
    let kind = document.text_at(&["type"]).unwrap_or_default().to_owned();
    if document.text_at(&["resourceType"]) != Some("Bundle") {
        return resources(store, actor, vec![(Ok(Some(document)), "document".into())], mark);
    }
    let entries = document.items("entry").len() as u64;
    match kind.as_str() {
        "transaction" => match store::bundle::transaction_marked(store, Arc::clone(actor), document, &mark) {
            Ok(_) => Ok(Outcome { written: entries, ..Outcome::default() }),
            Err(error) => refused_or_stop("transaction", error),
        },
        // A collection is a bag of resources; a message or a document is one resource and is kept as such.
        "collection" | "batch" | "searchset" => {
            let entries = document.items("entry").iter().map(|entry| Ok(entry.get("resource").cloned()));
            let places = (1..).map(|number| format!("entry {number}"));
            resources(store, actor, entries.zip(places).collect(), mark)
        }
        _ => resources(store, actor, vec![(Ok(Some(document)), "document".into())], mark),
    }
}

/// Each resource as create, or as update under its own id.
fn resources(
    store: &Store,
    actor: &Arc<Actor>,
    items: Vec<(Result<Option<Value>, String>, String)>,
    mark: Fact,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut ready = Vec::with_capacity(items.len());
    for (item, place) in items {
        let prepared = match item {
            Ok(None) => continue,
            Ok(Some(value)) => Prepared::new(value).map_err(|issues| reason(&issues)),
            Err(reason) => Err(reason),
        };
        match prepared {
            Ok(prepared) => ready.push((prepared, place)),
            Err(reason) => outcome.refused.push(Refusal { place, reason }),
        }
    }
    halves(store, actor, ready, &mut outcome, Some(&mark))?;
    Ok(outcome)
}

/// What is ready, in one commit with the mark. Where one resource is refused, each half in a commit of its own, and so on
/// down to it: the others go in without it. The mark goes with the last.
fn halves(
    store: &Store,
    actor: &Arc<Actor>,
    mut ready: Vec<(Prepared, String)>,
    outcome: &mut Outcome,
    mark: Option<&Fact>,
) -> Result<()> {
    let (count, marked) = (ready.len(), mark.cloned());
    let all = Arc::new(ready);
    let shared = Arc::clone(&all);
    let together = store.write_blocking(Arc::clone(actor), move |transaction| {
        for (prepared, _) in shared.iter() {
            put(transaction, prepared)?;
        }
        marked.map_or(Ok(()), |mark| transaction.put_fact(&mark).map(drop))
    });
    let error = match together {
        Ok(()) => {
            outcome.written += count as u64;
            return Ok(());
        }
        Err(error) if is_passing(&error) => bail!(error),
        Err(error) => error,
    };
    ready = Arc::unwrap_or_clone(all);
    if count == 0 {
        bail!(error);
    }
    if count == 1 {
        let place = ready.first().map_or("document", |(_, place)| place.as_str());
        let refused = refused_or_stop(place, error)?;
        outcome.refused.extend(refused.refused);
        return mark.map_or(Ok(()), |mark| halves(store, actor, Vec::new(), outcome, Some(mark)));
    }
    let second = ready.split_off(count / 2);
    halves(store, actor, ready, outcome, None)?;
    halves(store, actor, second, outcome, mark)
}

fn put(transaction: &mut Transaction, prepared: &Prepared) -> Result<(), Error> {
    if prepared.id().is_some() {
        transaction.update(prepared, IfMatch::Any)?;
    } else {
        transaction.create(prepared)?;
    }
    Ok(())
}

/// A refusal of the content goes to the report; a store that cannot write stops the import.
fn refused_or_stop(place: &str, error: Error) -> Result<Outcome> {
    if is_passing(&error) {
        bail!(error);
    }
    let reason = match &error {
        Error::Invalid(issues) | Error::Unprocessable(issues) => reason(issues),
        other => other.to_string(),
    };
    Ok(Outcome::refused(place, reason))
}

/// Whether the store, not the content, is at fault.
fn is_passing(error: &Error) -> bool {
    matches!(
        error,
        Error::ReadOnly | Error::AuditUnavailable | Error::Stopped | Error::Busy | Error::Internal(_)
    )
}

/// An empty line is nothing.
fn read(bytes: &[u8]) -> Result<Option<Value>, String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    parse(bytes, &Limits { bytes: 256 << 20, ..Limits::default() })
        .map(Some)
        .map_err(|error| error.to_string())
}

/// The first issues in one line.
fn reason(issues: &[Issue]) -> String {
    let one = |issue: &Issue| match &issue.expression {
        Some(at) => format!("{at}: {}", issue.diagnostics),
        None => issue.diagnostics.clone(),
    };
    let shown: Vec<String> = issues.iter().take(3).map(one).collect();
    let more = issues.len().saturating_sub(3);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join("; "))
}
