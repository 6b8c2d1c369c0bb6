//! What a write answers with, by `Prefer: return`.

use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::prefer::Return;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use fhir::issue::{Issue, IssueCode, outcome};
use fhir::json::Value;
use store::{Prepared, Resource};

/// The answer to a write that left this version current.
pub(super) fn answer(call: &Call, resource: &Resource, created: bool) -> Answer {
    let whole =
        Answer::resource(resource).with_status(if created { StatusCode::CREATED } else { StatusCode::OK });
    let (resource_type, id) = (resource.type_.as_str(), resource.id.as_str());
    let location = format!("{}/_history/{}", call.url_of(resource_type, id), resource.version);
    let answer = Answer { location: Some(location), ..whole };
    match call.prefer.returning {
        Return::Representation => answer,
        Return::Minimal => answer.without_body(),
        Return::OperationOutcome => {
            let text = if created { "created" } else { "updated" };
            answer.with_body(&outcome(&[Issue::information(text)]))
        }
    }
}

/// Makes the document ready to be stored, away from the threads that serve others. It must be of the path's type.
pub(super) async fn prepare(resource_type: &str, document: Value) -> Result<Prepared, Refusal> {
    let given = document.get("resourceType").and_then(Value::as_str);
    if given != Some(resource_type) {
        let code = if given.is_some() { IssueCode::Invalid } else { IssueCode::Required };
        let issue = Issue::error(code, "resourceType must be the type in the address").at("resourceType");
        return Err(Refusal::bad_request(issue));
    }
    let preparing = tokio::task::spawn_blocking(move || Prepared::new(document)).await;
    let prepared =
        preparing.map_err(|_| store::Error::Internal(String::from("preparing a resource stopped")))?;
    prepared.map_err(|issues| Refusal::listed(StatusCode::BAD_REQUEST, issues))
}
