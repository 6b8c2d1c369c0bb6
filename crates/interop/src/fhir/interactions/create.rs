//! `create` and conditional create (<https://hl7.org/fhir/R4/http.html#create>).

use super::written::{answer, prepare};
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::links;
use crate::fhir::refusal::{Refusal, in_request};
use fhir::issue::{Issue, IssueCode};
use std::sync::Arc;
use store::{Condition, ConditionalCreate, Transaction};

/// Creates a resource under a new id, unless `If-None-Exist` matches one.
pub(super) async fn create(mut call: Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let document = call.document()?;
    let prepared = prepare(&call.resource_type, document).await?;
    let Some(condition) = if_none_exist(&call)? else {
        let work = move |transaction: &mut Transaction| transaction.create(&prepared);
        let saved = call.store().write(Arc::clone(&call.actor), work).await?;
        return Ok(answer(&call, &saved.resource, true));
    };
    let work = move |transaction: &mut Transaction| transaction.create_unless(&prepared, &condition);
    match call.store().write(Arc::clone(&call.actor), work).await? {
        ConditionalCreate::Created(saved) => Ok(answer(&call, &saved.resource, true)),
        ConditionalCreate::Exists(resource) => Ok(answer(&call, &resource, false)),
    }
}

fn if_none_exist(call: &Call) -> Result<Option<Condition>, Refusal> {
    let Some(header) = call.headers.get("if-none-exist") else { return Ok(None) };
    let malformed = || {
        let issue = Issue::error(IssueCode::Invalid, "must be search parameters, percent-encoded");
        Refusal::bad_request(issue.at(in_request("If-None-Exist")))
    };
    let text = header.to_str().map_err(|_| malformed())?;
    let text = text.rsplit_once('?').map_or(text, |(_, query)| query);
    let parameters = links::pairs(text).map_err(|_| malformed())?;
    Ok(Some(Condition { resource_type: call.resource_type.clone(), parameters }))
}
