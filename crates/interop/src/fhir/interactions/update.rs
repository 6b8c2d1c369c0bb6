//! `update`, update as create, and conditional update (<https://hl7.org/fhir/R4/http.html#update>).

use super::written::{answer, prepare};
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::precondition::{Precondition, of_write};
use crate::fhir::refusal::{Refusal, in_request};
use fhir::issue::{Issue, IssueCode};
use std::sync::Arc;
use store::{Condition, Error, Found, IfMatch, Transaction};

/// Updates the resource under the path's id, or creates it there.
pub(super) async fn update(mut call: Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let document = call.document()?;
    let prepared = prepare(&call.resource_type, document).await?;
    if prepared.id() != Some(call.id.as_str()) {
        let issue = Issue::error(IssueCode::Invalid, "the id must be the one in the address");
        return Err(Refusal::bad_request(issue.at(format!("{}.id", call.resource_type))));
    }
    let precondition = of_write(&call.headers)?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let work = move |transaction: &mut Transaction| {
        let known = match precondition {
            Precondition::Store(known) => known,
            Precondition::Exists => current(transaction, &resource_type, &id)?,
        };
        transaction.update(&prepared, known)
    };
    let saved = call.store().write(Arc::clone(&call.actor), work).await?;
    Ok(answer(&call, &saved.resource, saved.created))
}

/// Updates the one resource that the query matches, or creates it when none does.
pub(super) async fn conditional_update(mut call: Call) -> Result<Answer, Refusal> {
    let document = call.document()?;
    let prepared = prepare(&call.resource_type, document).await?;
    let condition = Condition { resource_type: call.resource_type.clone(), parameters: call.query.clone() };
    let Precondition::Store(precondition) = of_write(&call.headers)? else {
        let issue = Issue::error(IssueCode::NotSupported, "a conditional update takes one version, not *");
        return Err(Refusal::bad_request(issue.at(in_request("If-Match"))));
    };
    let work =
        move |transaction: &mut Transaction| transaction.update_where(&prepared, &condition, precondition);
    let saved = call.store().write(Arc::clone(&call.actor), work).await?;
    Ok(answer(&call, &saved.resource, saved.created))
}

/// The version that `If-Match: *` stands for.
pub(super) fn current(
    transaction: &mut Transaction,
    resource_type: &str,
    id: &str,
) -> Result<IfMatch, Error> {
    match transaction.read(resource_type, id)? {
        Found::Present(resource) => Ok(IfMatch::Version(resource.version)),
        Found::Gone { .. } | Found::Absent => Err(Error::PreconditionFailed("there is no current version")),
    }
}
