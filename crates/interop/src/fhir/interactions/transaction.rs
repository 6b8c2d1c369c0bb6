//! `transaction` and `batch` at the base (<https://hl7.org/fhir/R4/http.html#transaction>).

use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::refusal::Refusal;
use fhir::issue::{Issue, IssueCode};
use std::sync::Arc;

/// Performs a bundle by its type.
pub(super) async fn transaction(mut call: Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let bundle = call.document()?;
    if bundle.text_at(&["resourceType"]) != Some("Bundle") {
        let issue = Issue::error(IssueCode::Invalid, "only a Bundle can be posted to the base");
        return Err(Refusal::bad_request(issue.at("resourceType")));
    }
    let actor = Arc::clone(&call.actor);
    let response = match bundle.text_at(&["type"]) {
        Some("transaction") => store::bundle::transaction(call.store(), actor, bundle).await?,
        Some("batch") => store::bundle::batch(call.store(), actor, bundle).await?,
        _ => {
            let issue = Issue::error(IssueCode::NotSupported, "the type must be transaction or batch");
            return Err(Refusal::bad_request(issue.at("Bundle.type")));
        }
    };
    Ok(Answer::of(fhir::json::to_vec(&response)))
}
