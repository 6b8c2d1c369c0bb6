//! `$process-message`: messages of other systems, told apart by the event in their header and read into the words of the
//! slice of `care` that they concern (<https://hl7.org/fhir/R4/messageheader-operation-process-message.html>).
//!
//! A file here knows one family of messages. It translates and holds no rules. The operation is synchronous: what a
//! message says is in the record before it is answered, and what is refused had no effect.

mod bars;
mod eps;
mod message;
mod tasks;

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use fhir::issue::{Issue, IssueCode};
use fhir::json::Value;
pub(super) use message::Message;

/// Takes a message.
pub(super) async fn process(mut call: Call) -> Result<Answer, Refusal> {
    call.only(&["async", "response-url"])?;
    let message = Message::read(call.document()?)?;
    match message.event() {
        Some(event) if bars::EVENTS.contains(&event) => bars::process(&call, &message).await,
        Some(event) if eps::EVENTS.contains(&event) => eps::process(&call, &message).await,
        _ => {
            let issue =
                Issue::error(IssueCode::NotSupported, "no message with this event is understood here");
            Err(Refusal::bad_request(issue.at("MessageHeader.event")))
        }
    }
}

/// `Task/$release`: a pharmacy takes a prescription.
pub(super) async fn release(mut call: Call) -> Result<Answer, Refusal> {
    call.only(&[])?;
    if call.resource_type != "Task" {
        let issue = Issue::error(IssueCode::NotSupported, "$release is an operation of Task");
        return Err(Refusal::bad_request(issue));
    }
    let document = call.document()?;
    tasks::release(&call, &document).await
}

/// Tasks that speak of prescriptions, which `care` has rules for; `None` for every other document.
pub(super) async fn tasks(call: &Call, document: &Value) -> Option<Result<Answer, Refusal>> {
    if tasks::is_return(document) {
        return Some(tasks::give_back(call, document).await);
    }
    match tasks::is_tracking(document) {
        true => Some(tasks::track(call, document).await),
        false => None,
    }
}
