//! Tasks about prescriptions: a pharmacy takes one (`Task/$release`), gives it back (a Task that is `rejected`), and says how
//! far its items are (a transaction of Tasks with a business status, as the national status update service takes them).
//!
//! None of these Tasks is kept: what they say moves the MedicationRequests, as every message about prescriptions does.

use super::eps::{issues, refusal};
use super::message::{code, identifier, moment, referred, text};
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use care::prescriptions::{ItemRef, ItemStatus, Message, Pharmacy, Says, Tracked, apply};
use fhir::issue::{Issue, IssueCode, outcome};
use fhir::json::Value;
use fhir::systems::prescription::ITEM_STATUS;
use fhir::systems::{ODS, PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};
use fhir::views::{Reference, Resource, build};
use std::sync::Arc;

/// A pharmacy takes a prescription; it is answered with the prescription's items.
pub(super) async fn release(call: &Call, parameters: &Value) -> Result<Answer, Refusal> {
    let missing = |name: &str| {
        let issue = Issue::error(IssueCode::Required, "a release names a pharmacy and a prescription");
        Refusal::bad_request(issue.at(format!("Parameters.parameter('{name}')")))
    };
    let named =
        |name: &str| parameters.items("parameter").iter().find(|one| one.text_at(&["name"]) == Some(name));
    let owner = named("owner").and_then(|one| one.get("resource")).ok_or_else(|| missing("owner"))?;
    let ods = identifier(owner, "identifier", ODS).ok_or_else(|| missing("owner"))?;
    let group = named("group-identifier").and_then(|one| one.get("valueIdentifier"));
    let order = group.filter(|one| one.text_at(&["system"]) == Some(PRESCRIPTION_ORDER_NUMBER));
    let order = order.and_then(|one| one.text_at(&["value"])).ok_or_else(|| missing("group-identifier"))?;
    let pharmacy = Pharmacy { ods: ods.to_owned(), name: owner.name_text().unwrap_or_default().to_owned() };
    let id = parameters.id().unwrap_or(&call.actor.trace).to_owned();
    let says = Says::Release(order.to_owned(), pharmacy);
    let occurred_at = call.store().environment().clock.now();
    let message = Message { id: format!("release|{id}"), occurred_at, says };
    let applied = apply(call.store(), Arc::clone(&call.actor), message).await.map_err(refusal)?;
    let entry = |request: &Value| {
        let url = request.id().map(|id| text(&call.url_of("MedicationRequest", id)));
        build::object([("fullUrl", url), ("resource", Some(request.clone()))])
    };
    let items: Vec<Value> = applied.requests.iter().map(entry).collect();
    let passed = build::object([
        ("resourceType", Some(text("Bundle"))),
        ("type", Some(text("collection"))),
        ("entry", Some(Value::Array(items))),
    ]);
    let parameter = build::object([("name", Some(text("passedPrescriptions"))), ("resource", Some(passed))]);
    let answer = build::object([
        ("resourceType", Some(text("Parameters"))),
        ("parameter", Some(build::one(parameter))),
    ]);
    Ok(Answer::of(fhir::json::to_vec(&answer)))
}

/// Whether a document is a Task by which a pharmacy gives a prescription back.
pub(super) fn is_return(document: &Value) -> bool {
    document.type_() == Some("Task")
        && document.status() == Some("rejected")
        && identifier(document, "groupIdentifier", PRESCRIPTION_ORDER_NUMBER).is_some()
}

/// A pharmacy gives a prescription back.
pub(super) async fn give_back(call: &Call, task: &Value) -> Result<Answer, Refusal> {
    let order = identifier(task, "groupIdentifier", PRESCRIPTION_ORDER_NUMBER).unwrap_or_default();
    let own = task.items("identifier").first().and_then(|one| one.text_at(&["value"]));
    let now = call.store().environment().clock.now();
    let id = own.unwrap_or(&call.actor.trace).to_owned();
    let at = task.text_at(&["lastModified"]).or_else(|| task.text_at(&["authoredOn"])).and_then(moment);
    let message = Message {
        id: format!("return|{id}"),
        occurred_at: at.unwrap_or(now),
        says: Says::Return(order.to_owned(), pharmacy(task)),
    };
    let applied = apply(call.store(), Arc::clone(&call.actor), message).await.map_err(refusal)?;
    Ok(Answer::of(fhir::json::to_vec(&outcome(&issues(&applied)))))
}

/// Whether a document is a transaction of Tasks that each say how far an item is.
pub(super) fn is_tracking(document: &Value) -> bool {
    let entries = document.items("entry");
    let is_tracked = |entry: &Value| {
        let task = entry.get("resource");
        task.is_some_and(|task| {
            task.type_() == Some("Task")
                && task.get("businessStatus").is_some_and(|one| code(one, ITEM_STATUS).is_some())
        }) && entry.text_at(&["request", "method"]) == Some("POST")
    };
    document.text_at(&["type"]) == Some("transaction")
        && !entries.is_empty()
        && entries.iter().all(is_tracked)
}

/// A pharmacy says how far items are: all of them are taken, or none.
pub(super) async fn track(call: &Call, bundle: &Value) -> Result<Answer, Refusal> {
    let tasks: Vec<&Value> = bundle.items("entry").iter().filter_map(|entry| entry.get("resource")).collect();
    let mut tracked = Vec::new();
    for (at, task) in tasks.iter().enumerate() {
        let one = tracked_item(task).map_err(|issue| {
            let place = issue.expression.clone().unwrap_or_default();
            Refusal::bad_request(issue.at(format!("Bundle.entry[{at}].resource.{place}")))
        })?;
        tracked.push((task.id().map(str::to_owned), one));
    }
    let now = call.store().environment().clock.now();
    // Each Task is a message of its own, so that one that comes again in another bundle has no effect.
    for (at, (id, one)) in tracked.into_iter().enumerate() {
        let id = id.unwrap_or_else(|| format!("{}-{at}", call.actor.trace));
        let message = Message { id: format!("track|{id}"), occurred_at: now, says: Says::Track(vec![one]) };
        apply(call.store(), Arc::clone(&call.actor), message).await.map_err(refusal)?;
    }
    let response =
        build::object([("response", Some(build::object([("status", Some(text("201 Created")))])))]);
    let answer = build::object([
        ("resourceType", Some(text("Bundle"))),
        ("type", Some(text("transaction-response"))),
        ("entry", Some(Value::Array(vec![response; tasks.len()]))),
    ]);
    Ok(Answer::status(StatusCode::CREATED).with_body(&answer))
}

fn tracked_item(task: &Value) -> Result<Tracked, Issue> {
    let invalid = |text: &str, at: &str| Issue::error(IssueCode::Value, text).at(at);
    let based =
        task.items("basedOn").first().and_then(|one| referred(Reference(one), PRESCRIPTION_ORDER_NUMBER));
    let order = based.ok_or_else(|| invalid("the Task names its prescription", "basedOn"))?;
    if !fhir::prescription_id::PrescriptionId::is_valid(order) {
        return Err(invalid("the prescription id fails its check", "basedOn"));
    }
    let focus = task.get("focus").and_then(|one| referred(Reference(one), PRESCRIPTION_ORDER_ITEM_NUMBER));
    let item = focus.ok_or_else(|| invalid("the Task names its item", "focus"))?;
    let status = task.get("businessStatus").and_then(|one| ItemStatus::of_code(code(one, ITEM_STATUS)?));
    Ok(Tracked {
        item: ItemRef { order_number: order.to_owned(), item_number: item.to_owned() },
        status: status.ok_or_else(|| invalid("the status is none of those of an item", "businessStatus"))?,
        at: task.text_at(&["lastModified"]).and_then(moment),
        pharmacy: pharmacy(task),
    })
}

fn pharmacy(task: &Value) -> Option<Pharmacy> {
    let owner = Reference(task.get("owner")?);
    let ods = referred(owner, ODS)?.to_owned();
    Some(Pharmacy { ods, name: owner.display().unwrap_or_default().to_owned() })
}
