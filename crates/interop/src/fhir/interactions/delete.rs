//! `delete` and conditional delete of one resource (<https://hl7.org/fhir/R4/http.html#delete>).

use super::update::current;
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::precondition::{Precondition, of_write};
use crate::fhir::prefer::Return;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use fhir::issue::{Issue, outcome};
use std::sync::Arc;
use store::{Condition, Deleted, Transaction};

/// Deletes a resource. Deleting what is not there, or no longer, succeeds as well.
pub(super) async fn delete(call: &Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    let precondition = of_write(&call.headers)?;
    let (resource_type, id) = (call.resource_type.clone(), call.id.clone());
    let work = move |transaction: &mut Transaction| {
        let known = match precondition {
            Precondition::Store(known) => known,
            Precondition::Exists => current(transaction, &resource_type, &id)?,
        };
        transaction.delete(&resource_type, &id, known)
    };
    let deleted = call.store().write(Arc::clone(&call.actor), work).await?;
    Ok(answer(call, &deleted))
}

/// Deletes the one resource that the query matches; none is no error, several are 412.
pub(super) async fn conditional_delete(call: &Call) -> Result<Answer, Refusal> {
    let condition = Condition { resource_type: call.resource_type.clone(), parameters: call.query.clone() };
    let work = move |transaction: &mut Transaction| transaction.delete_where(&condition);
    let deleted = call.store().write(Arc::clone(&call.actor), work).await?;
    Ok(answer(call, &deleted))
}

fn answer(call: &Call, deleted: &Deleted) -> Answer {
    let answer = Answer { version: deleted.version, ..Answer::status(StatusCode::NO_CONTENT) };
    if call.prefer.said && call.prefer.returning == Return::OperationOutcome {
        let text = if deleted.version.is_some() { "deleted" } else { "there was nothing to delete" };
        return answer.with_status(StatusCode::OK).with_body(&outcome(&[Issue::information(text)]));
    }
    answer
}
