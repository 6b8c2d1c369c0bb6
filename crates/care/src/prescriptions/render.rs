//! A folded item as FHIR: the MedicationRequest with its status and status history, and its MedicationDispenses. Pure.
//!
//! What the order said is kept to the letter; only what the fold knows is laid over it. The status that people see stands
//! in the extension that the national patient-facing service uses, because R4's Patient compartment has no Task.

use super::event::Pharmacy;
use super::fold::Item;
use fhir::json::{Limits, Object, Value, parse};
use fhir::systems::prescription::{CANCELLATION_REASON, ITEM_STATUS, ORDER_OUTCOME, STATUS_HISTORY};
use fhir::systems::{ODS, PRESCRIPTION_DISPENSE_ITEM_NUMBER};
use fhir::views::{Resource, build};
use jiff::Timestamp;

/// The id of an item's MedicationRequest that came in a message.
pub fn request_id(order_number: &str, item_number: &str) -> String {
    fhir::identity::resource_id("prescription-item", order_number, &[item_number])
}

/// The item's MedicationRequest under that id; `None` while its order has not come.
pub fn request(item: &Item<'_>, id: &str) -> Option<Value> {
    let mut request = read(item.order?)?;
    let members = request.as_object_mut()?;
    members.insert("id", Value::from(id));
    members.insert("status", Value::from(item.status.request_status()));
    match (item.status, item.reason) {
        (super::ItemStatus::PrescriberCancelled, Some(reason)) => {
            members.insert("statusReason", cancellation_reason(reason));
        }
        _ => {
            members.remove("statusReason");
        }
    }
    history(members, item);
    if let Some(pharmacy) = item.pharmacy {
        performer(members, pharmacy);
    }
    Some(request)
}

/// A MedicationRequest that has just been written, with the first status of its history.
pub fn approved(mut request: Value, at: Timestamp) -> Value {
    if let Some(members) = request.as_object_mut() {
        let status = status(super::ItemStatus::PrescriberApproved, at);
        members.insert("extension", with_history(members, status));
    }
    request
}

/// The item's MedicationDispenses, as of its patient, under ids of their own.
pub fn dispenses(item: &Item<'_>, request: &Value) -> Vec<Value> {
    let (Some(subject), Some(id)) = (request.get("subject"), request.id()) else { return Vec::new() };
    let one = |text: &&str| {
        let mut dispense = read(text)?;
        let numbered = |one: &&Value| one.text_at(&["system"]) == Some(PRESCRIPTION_DISPENSE_ITEM_NUMBER);
        let number = dispense.items("identifier").iter().find(numbered)?.text_at(&["value"])?.to_owned();
        let members = dispense.as_object_mut()?;
        members.insert("id", Value::from(fhir::identity::resource_id("dispense-item", id, &[&number])));
        members.insert("subject", subject.clone());
        members.insert("authorizingPrescription", build::one(build::reference("MedicationRequest", id)));
        Some(crate::labels::inherited(dispense, request))
    };
    // A notification that is sent again under the same number takes the place of the first.
    let mut all: Vec<Value> = Vec::new();
    for dispense in item.dispenses.iter().filter_map(one) {
        match all.iter_mut().find(|known| (&**known).id() == (&dispense).id()) {
            Some(known) => *known = dispense,
            None => all.push(dispense),
        }
    }
    all
}

/// The reason of a cancellation: a code of the national list before its words.
fn cancellation_reason(reason: &str) -> Value {
    match reason.split_once(' ') {
        Some((code, words)) if code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            build::codeable_concept(CANCELLATION_REASON, code, words)
        }
        _ => build::concept_text(reason),
    }
}

fn history(members: &mut Object, item: &Item<'_>) {
    let at = Timestamp::from_microsecond(item.since).unwrap_or(Timestamp::UNIX_EPOCH);
    members.insert("extension", with_history(members, status(item.status, at)));
    if let Some((_, became)) = item.cancellations.last() {
        let (code, words) = became.coding();
        let outcome = history_extension(build::coding(ORDER_OUTCOME, code, words), None);
        if let Some(Value::Array(all)) = members.get_mut("extension") {
            all.push(outcome);
        }
    }
}

/// The extensions, with this status in the place of earlier ones.
fn with_history(members: &Object, status: Value) -> Value {
    let all = members.get("extension").and_then(Value::as_array).unwrap_or_default();
    let kept = all.iter().filter(|one| one.text_at(&["url"]) != Some(STATUS_HISTORY)).cloned();
    Value::Array(kept.chain([status]).collect())
}

fn status(status: super::ItemStatus, at: Timestamp) -> Value {
    history_extension(
        Value::object([("system", Value::from(ITEM_STATUS)), ("code", Value::from(status.code()))]),
        Some(at),
    )
}

fn history_extension(coding: Value, at: Option<Timestamp>) -> Value {
    let mut parts = vec![build::extension("status", "valueCoding", coding)];
    let since = at.map(|at| build::extension("statusDate", "valueDateTime", Value::from(at.to_string())));
    parts.extend(since);
    Value::object([("url", Value::from(STATUS_HISTORY)), ("extension", Value::Array(parts))])
}

/// The pharmacy takes the place of the one it was meant for.
fn performer(members: &mut Object, pharmacy: &Pharmacy) {
    let known = members.get("dispenseRequest").cloned().unwrap_or_else(|| Value::Object(Object::new()));
    let Value::Object(mut dispense) = known else { return };
    let same = dispense
        .get("performer")
        .and_then(|one| one.text_at(&["identifier", "value"]))
        .is_some_and(|ods| ods == pharmacy.ods);
    if !same {
        dispense.insert("performer", pharmacy_reference(&pharmacy.ods, &pharmacy.name, false));
    }
    members.insert("dispenseRequest", Value::Object(dispense));
}

/// A reference to a pharmacy by its code; `known` when its Organization is in the record.
pub fn pharmacy_reference(ods: &str, name: &str, known: bool) -> Value {
    let target = known.then(|| Value::from(format!("Organization/{}", fhir::identity::organization(ods))));
    build::object([
        ("reference", target),
        ("type", Some(Value::from("Organization"))),
        ("identifier", Some(build::identifier(ODS, ods))),
        ("display", Some(Value::from(name))),
    ])
}

fn read(text: &str) -> Option<Value> {
    parse(text.as_bytes(), &Limits::default()).ok()
}

/// A resource without the store's own version, as a fact keeps it.
pub fn plain(mut resource: Value) -> String {
    if let Some(members) = resource.as_object_mut() {
        if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
            meta.remove("versionId");
            meta.remove("lastUpdated");
        }
        if members.get("meta").and_then(Value::as_object).is_some_and(Object::is_empty) {
            members.remove("meta");
        }
    }
    fhir::json::to_string(&resource)
}
