//! `read` and `vread` (<https://hl7.org/fhir/R4/http.html#read>).

use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::precondition::is_unchanged;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use std::sync::Arc;
use store::Resource;

/// The current version; 304 when the client has it already.
pub(super) async fn read(call: &Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let work = move |snapshot: &mut store::Snapshot| snapshot.read(&resource_type, &id);
    let found = call.store().read(Arc::clone(&call.actor), work).await?;
    Ok(shown(call, &found.present()?))
}

/// One version.
pub(super) async fn vread(call: &Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let version = call.version.ok_or_else(Refusal::not_found)?;
    let work = move |snapshot: &mut store::Snapshot| snapshot.vread(&resource_type, &id, version);
    let found = call.store().read(Arc::clone(&call.actor), work).await?;
    Ok(shown(call, &found.present()?))
}

fn shown(call: &Call, resource: &Resource) -> Answer {
    let answer = Answer::resource(resource);
    if is_unchanged(&call.headers, resource) {
        answer.with_status(StatusCode::NOT_MODIFIED).without_body()
    } else {
        answer
    }
}
