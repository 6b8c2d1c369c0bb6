//! `read` and `vread` (<https://hl7.org/fhir/R4/http.html#read>), whole or in part by `_summary` and `_elements`
//! (<https://hl7.org/fhir/R4/search.html#summary>).

use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::precondition::is_unchanged;
use crate::fhir::refusal::{Refusal, in_request};
use axum::http::StatusCode;
use fhir::issue::{Issue, IssueCode};
use fhir::search::{Handling, Query, Summary};
use std::sync::Arc;
use store::Resource;

/// The current version; 304 when the client has it already.
pub(super) async fn read(call: &Call) -> Result<Answer, Refusal> {
    let part = part(call)?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let work = move |snapshot: &mut store::Snapshot| snapshot.read(&resource_type, &id);
    let found = call.store().read(Arc::clone(&call.actor), work).await?;
    Ok(shown(call, &found.present()?.part(&part)?))
}

/// One version.
pub(super) async fn vread(call: &Call) -> Result<Answer, Refusal> {
    let part = part(call)?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let version = call.version.ok_or_else(Refusal::not_found)?;
    let work = move |snapshot: &mut store::Snapshot| snapshot.vread(&resource_type, &id, version);
    let found = call.store().read(Arc::clone(&call.actor), work).await?;
    Ok(shown(call, &found.present()?.part(&part)?))
}

/// What of the resource is wanted, in the words of a search. A read has nothing to count.
fn part(call: &Call) -> Result<Query, Refusal> {
    call.only(&["_summary", "_elements"])?;
    let parsed = Query::parse(&call.resource_type, &call.query, Handling::Strict);
    let query = parsed.map_err(|issues| Refusal::listed(StatusCode::BAD_REQUEST, issues))?.query;
    if query.summary == Summary::Count {
        let text = "a read has nothing to count: true, false, text or data";
        return Err(Refusal::bad_request(Issue::error(IssueCode::Value, text).at(in_request("_summary"))));
    }
    Ok(query)
}

fn shown(call: &Call, resource: &Resource) -> Answer {
    let answer = Answer::resource(resource);
    if is_unchanged(&call.headers, resource) {
        answer.with_status(StatusCode::NOT_MODIFIED).without_body()
    } else {
        answer
    }
}
