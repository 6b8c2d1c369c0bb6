//! Doing a planned transaction, inside one savepoint of the group commit.

use super::plan::{Plan, Step};
use super::{late, respond};
use crate::{Error, Interaction, Transaction};
use fhir::json::Value;
use fhir::search::{Handling, Query};

/// Does everything, or fails with the first error, which undoes everything.
pub(super) fn apply(transaction: &mut Transaction, plan: Plan) -> Result<Value, Error> {
    for (condition, matched) in &plan.conditions {
        if transaction.matches(condition, 2)? != *matched {
            return Err(Error::Conflict("a condition has another answer now"));
        }
    }
    let Plan { steps, late, mut resolved, files, .. } = plan;
    transaction.makes_files(files)?;
    let mut answers = Vec::with_capacity(steps.len() + late.len());
    let (reads, writes): (Vec<_>, Vec<_>) = steps.into_iter().partition(|(_, step)| step.reads());
    for (at, step) in writes {
        answers.push((at, step_answer(transaction, step)?));
    }
    for (at, saved) in late::write(transaction, late, &mut resolved)? {
        answers.push((at, respond::saved(&saved)));
    }
    late::hold(transaction, &resolved)?;
    for (at, step) in reads {
        answers.push((at, step_answer(transaction, step)?));
    }
    answers.sort_by_key(|(at, _)| *at);
    Ok(respond::bundle("transaction-response", answers.into_iter().map(|(_, answer)| answer).collect()))
}

fn step_answer(transaction: &mut Transaction, step: Step) -> Result<Value, Error> {
    Ok(match step {
        Step::Create(resource, id) => respond::saved(&transaction.create_as(&resource, &id)?),
        Step::Keep(type_, id) => {
            transaction.may(Interaction::Create, &type_)?;
            respond::kept(&transaction.read(&type_, &id)?.present()?)
        }
        Step::Update(resource, condition) => respond::saved(&transaction.update(&resource, condition)?),
        Step::Delete(type_, Some(id), condition) => {
            respond::deleted(&transaction.delete(&type_, &id, condition)?)
        }
        Step::Delete(type_, None, _) => {
            transaction.may(Interaction::Delete, &type_)?;
            respond::deleted(&crate::Deleted { version: None })
        }
        Step::Read(type_, id) => respond::found(&transaction.read(&type_, &id)?.present()?)?,
        Step::Version(type_, id, version) => {
            respond::found(&transaction.vread(&type_, &id, version)?.present()?)?
        }
        Step::Search(condition) => transaction.asking(|snapshot| search(snapshot, &condition))?,
    })
}

/// A search inside a bundle: strict, and its pages go on by a search of its own.
pub(super) fn search(snapshot: &mut crate::Snapshot, condition: &crate::Condition) -> Result<Value, Error> {
    let parsed = Query::parse(&condition.resource_type, &condition.parameters, Handling::Strict);
    let query = parsed.map_err(Error::Invalid)?.query;
    let page = snapshot.search(&query)?;
    respond::searched(&query, &page)
}
