//! A batch: entries that know nothing of each other, each with its own commit and its own answer.

use super::entry::{Entry, Target, Verb};
use super::{apply, plan, respond};
use crate::{Actor, ConditionalCreate, Error, Store};
use fhir::issue::{Issue, IssueCode};
use fhir::json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Entries that are on their way at once; their commits are shared.
const TOGETHER: usize = 64;

type Answer = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

pub(super) async fn batch(store: &Store, actor: Arc<Actor>, bundle: &Value) -> Result<Value, Error> {
    let entries = super::entries(bundle, "batch")?;
    let mut answers = Vec::with_capacity(entries.len());
    for (group, chunk) in entries.chunks(TOGETHER).enumerate() {
        // Each is queued when it is made; waiting in order loses nothing.
        let waiting: Vec<Result<Answer, Error>> = chunk
            .iter()
            .enumerate()
            .map(|(at, entry)| begin(store, &actor, Entry::of(group * TOGETHER + at, entry)?))
            .collect();
        for begun in waiting {
            let answer = match begun {
                Ok(answer) => answer.await,
                Err(error) => Err(error),
            };
            answers.push(answer.unwrap_or_else(|error| respond::failed(&error)));
        }
    }
    Ok(respond::bundle("batch-response", answers))
}

fn begin(store: &Store, actor: &Arc<Actor>, entry: Entry) -> Result<Answer, Error> {
    let actor = Arc::clone(actor);
    let resource = match entry.resource {
        Some(resource) => Some(plan::prepare(entry.at, resource)?),
        None => None,
    };
    let (condition, if_match) = (entry.if_none_exist, entry.if_match);
    Ok(match (entry.verb, entry.target, resource) {
        (Verb::Get, Target::Instance(type_, id), _) => {
            Box::pin(store.read(actor, move |s| respond::found(&s.read(&type_, &id)?.present()?)))
        }
        (Verb::Get, Target::Version(type_, id, version), _) => {
            Box::pin(store.read(actor, move |s| respond::found(&s.vread(&type_, &id, version)?.present()?)))
        }
        (Verb::Get, Target::Query(condition), _) => {
            Box::pin(store.read(actor, move |s| apply::search(s, &condition)))
        }
        (Verb::Get, Target::Type(resource_type), _) => {
            let condition = crate::Condition { resource_type, parameters: Vec::new() };
            Box::pin(store.read(actor, move |s| apply::search(s, &condition)))
        }
        (Verb::Post, _, Some(resource)) => Box::pin(store.write(actor, move |t| match condition {
            None => Ok(respond::saved(&t.create(&resource)?)),
            Some(condition) => Ok(match t.create_unless(&resource, &condition)? {
                ConditionalCreate::Created(saved) => respond::saved(&saved),
                ConditionalCreate::Exists(resource) => respond::kept(&resource),
            }),
        })),
        (Verb::Put, Target::Query(condition), Some(resource)) => Box::pin(
            store
                .write(actor, move |t| Ok(respond::saved(&t.update_where(&resource, &condition, if_match)?))),
        ),
        (Verb::Put, _, Some(resource)) => {
            Box::pin(store.write(actor, move |t| Ok(respond::saved(&t.update(&resource, if_match)?))))
        }
        (Verb::Delete, Target::Instance(type_, id), _) => {
            Box::pin(store.write(actor, move |t| Ok(respond::deleted(&t.delete(&type_, &id, if_match)?))))
        }
        (Verb::Delete, Target::Query(condition), _) => {
            Box::pin(store.write(actor, move |t| Ok(respond::deleted(&t.delete_where(&condition)?))))
        }
        _ => {
            let issue = Issue::error(IssueCode::Invalid, "the entry cannot be understood");
            return Err(Error::invalid(issue.at(format!("Bundle.entry[{}]", entry.at))));
        }
    })
}
