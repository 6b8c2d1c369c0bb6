//! Messages of the Electronic Prescription Service: orders, cancellations and their outcomes, dispense notifications
//! (`NHSDigital/electronic-prescription-service-api`). From FHIR into the words of `care::prescriptions`, and its answer
//! back.
//!
//! What is not read: signatures (present or not is all that is told), endorsements, and claims.

use super::message::{Message, code, identifier, moment, text};
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use care::prescriptions::{
    Applied, ApplyError, Cancellation, Dispensed, Identity, ItemRef, MessageRefusal, Order, Outcome, Says,
    apply,
};
use fhir::issue::{Issue, IssueCode, outcome};
use fhir::json::Value;
use fhir::systems::prescription::{DISPENSE_TYPE, MESSAGE_EVENT, MESSAGE_ID, ORDER_OUTCOME};
use fhir::systems::{NHS_NUMBER, PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};
use fhir::views::{HumanName, MedicationEntry, Resource, build};
use jiff::Timestamp;
use std::sync::Arc;

const ORDER: &str = "prescription-order";
const UPDATE: &str = "prescription-order-update";
const RESPONSE: &str = "prescription-order-response";
const DISPENSE: &str = "dispense-notification";

/// The events that are understood.
pub(super) const EVENTS: &[&str] = &[ORDER, UPDATE, RESPONSE, DISPENSE];

/// Takes a message.
pub(super) async fn process(call: &Call, message: &Message) -> Result<Answer, Refusal> {
    let now = call.store().environment().clock.now();
    let Some(read) = read(message, now).map_err(Refusal::bad_request)? else {
        let nothing = Issue::information("understood; it changes nothing here");
        return Ok(Answer::of(fhir::json::to_vec(&outcome(&[nothing]))));
    };
    let id = read.id.clone();
    let applied = apply(call.store(), Arc::clone(&call.actor), read).await.map_err(refusal)?;
    let answer = match message.event() {
        Some(UPDATE) if applied.cancellations.iter().all(|(_, became)| *became != Cancellation::Unknown) => {
            response(&applied, &id, &call.base)
        }
        _ => outcome(&issues(&applied)),
    };
    Ok(Answer::of(fhir::json::to_vec(&answer)))
}

/// What a message says; `None` when that changes nothing here.
pub(crate) fn read(message: &Message, now: Timestamp) -> Result<Option<care::prescriptions::Message>, Issue> {
    let id = message.id().ok_or_else(|| missing("Bundle.identifier", "a message has an id"))?;
    let requests: Vec<&Value> = message.resources("MedicationRequest").collect();
    let says = match message.event() {
        Some(ORDER) => Says::Order(order(message, &requests)?),
        Some(UPDATE) => {
            let items = requests.iter().map(|one| Ok((item(one)?, reason(one))));
            Says::Cancel(items.collect::<Result<_, Issue>>()?)
        }
        Some(RESPONSE) => match said_of(&requests)? {
            Some(says) => says,
            None => return Ok(None),
        },
        Some(DISPENSE) => {
            let items = message.resources("MedicationDispense").map(|one| dispensed(message, one));
            Says::Dispense(items.collect::<Result<_, Issue>>()?)
        }
        _ => return Ok(None),
    };
    let occurred_at = occurred_at(message, &requests).unwrap_or(now);
    Ok(Some(care::prescriptions::Message { id: id.to_owned(), occurred_at, says }))
}

/// When what the message says happened: when it was signed, else made.
fn occurred_at(message: &Message, requests: &[&Value]) -> Option<Timestamp> {
    let signed = message.resources("Provenance").find_map(|one| {
        let when = one.items("signature").iter().find_map(|one| one.text_at(&["when"]));
        moment(when.or_else(|| one.text_at(&["recorded"]))?)
    });
    let told = || {
        requests
            .iter()
            .find_map(|one| MedicationEntry(one).status_history().find_map(|one| moment(one.since?)))
    };
    signed.or_else(told).or_else(|| message.timestamp())
}

fn order(message: &Message, requests: &[&Value]) -> Result<Order, Issue> {
    let items: Vec<(ItemRef, Value)> =
        requests.iter().map(|one| Ok((item(one)?, message.alone(one)))).collect::<Result<_, Issue>>()?;
    let number = items.first().map(|(item, _)| item.order_number.clone()).unwrap_or_default();
    if items.iter().any(|(item, _)| item.order_number != number) {
        return Err(Issue::error(IssueCode::Value, "a message holds one prescription")
            .at("MedicationRequest.groupIdentifier"));
    }
    let person = message
        .resources("Patient")
        .next()
        .ok_or_else(|| missing("Patient", "an order names its patient"))?;
    let number_of = identifier(person, "identifier", NHS_NUMBER)
        .ok_or_else(|| missing("Patient.identifier", "the patient is known by an NHS number"))?;
    let names = person.items("name").iter().map(HumanName);
    let names = names.flat_map(|name| name.family().into_iter().chain(name.given())).map(str::to_owned);
    Ok(Order {
        order_number: number,
        patient: Identity {
            nhs_number: number_of.to_owned(),
            born: person.text_at(&["birthDate"]).map(str::to_owned),
            names: names.collect(),
        },
        signed: message.resources("Provenance").any(|one| !one.items("signature").is_empty()),
        items: items.into_iter().map(|(item, request)| (item.item_number, request)).collect(),
    })
}

fn dispensed(message: &Message, dispense: &Value) -> Result<Dispensed, Issue> {
    let request = dispense
        .text_at(&["authorizingPrescription", "reference"])
        .and_then(|reference| match reference.strip_prefix('#') {
            Some(id) => dispense.items("contained").iter().find(|one| one.id() == Some(id)),
            None => message.resolve(reference),
        })
        .ok_or_else(|| {
            missing("MedicationDispense.authorizingPrescription", "what was dispensed names its item")
        })?;
    let outcome = dispense.get("type").and_then(|type_| Outcome::of_code(code(type_, DISPENSE_TYPE)?));
    let at = dispense.text_at(&["whenHandedOver"]).or_else(|| dispense.text_at(&["whenPrepared"]));
    let mut alone = message.alone(dispense);
    if let Some(members) = alone.as_object_mut() {
        members.remove("subject");
        members.remove("authorizingPrescription");
    }
    Ok(Dispensed {
        item: item(request)?,
        outcome: outcome.ok_or_else(|| {
            Issue::error(IssueCode::CodeInvalid, "the type says what came of the item")
                .at("MedicationDispense.type")
        })?,
        at: at.and_then(moment),
        dispense: alone,
    })
}

/// What the outcome of an earlier order or cancellation says of an item.
fn said_of(requests: &[&Value]) -> Result<Option<Says>, Issue> {
    for request in requests {
        let mut history = MedicationEntry(request).status_history();
        let Some(said) = history.find(|one| one.system == Some(ORDER_OUTCOME)) else { continue };
        let item = item(request)?;
        return Ok(match said.code {
            "R-0001" => Some(Says::Cancel(vec![(item, reason(request))])),
            "R-0005" => Some(Says::Dispense(vec![Dispensed {
                item,
                outcome: Outcome::Expired,
                at: said.since.and_then(moment),
                dispense: Value::Null,
            }])),
            _ => None,
        });
    }
    Ok(None)
}

/// Prescription and item of a MedicationRequest.
fn item(request: &Value) -> Result<ItemRef, Issue> {
    let order = identifier(request, "groupIdentifier", PRESCRIPTION_ORDER_NUMBER);
    let item = identifier(request, "identifier", PRESCRIPTION_ORDER_ITEM_NUMBER);
    Ok(ItemRef {
        order_number: order
            .ok_or_else(|| missing("MedicationRequest.groupIdentifier", "an item names its prescription"))?
            .to_owned(),
        item_number: item
            .ok_or_else(|| missing("MedicationRequest.identifier", "an item has an item number"))?
            .to_owned(),
    })
}

/// Why a request was cancelled: the national code and its words.
fn reason(request: &Value) -> Option<String> {
    let coding = request.get("statusReason")?.items("coding").first()?;
    let (code, words) = (coding.text_at(&["code"])?, coding.text_at(&["display"]).unwrap_or_default());
    Some(format!("{code} {words}").trim_end().to_owned())
}

fn missing(at: &str, text: &str) -> Issue {
    Issue::error(IssueCode::Required, text).at(at)
}

/// What came of a message, item by item.
pub(super) fn issues(applied: &Applied) -> Vec<Issue> {
    let unknown = |item: &ItemRef| {
        applied.cancellations.iter().any(|(one, became)| one == item && *became == Cancellation::Unknown)
    };
    let issue = |(item, status): &(ItemRef, Option<care::prescriptions::ItemStatus>)| match status {
        Some(status) => Issue::information(format!("item {}: {}", item.item_number, status.code())),
        None if unknown(item) => {
            let (code, words) = Cancellation::Unknown.coding();
            let text = format!("{code} {words}: {}. Kept in case its order comes later", item.item_number);
            Issue::warning(IssueCode::NotFound, text)
        }
        None => Issue::information(format!("item {}: kept until its order comes", item.item_number)),
    };
    applied.items.iter().map(issue).collect()
}

/// The answer to a cancellation: the items as they stand, with what became of it.
fn response(applied: &Applied, id: &str, base: &str) -> Value {
    let focus =
        applied.requests.iter().filter_map(|one| Some(build::reference("MedicationRequest", one.id()?)));
    let header = build::object([
        ("resourceType", Some(Value::from("MessageHeader"))),
        ("eventCoding", Some(build::coding(MESSAGE_EVENT, RESPONSE, "Prescription Order Response"))),
        ("source", Some(build::object([("endpoint", Some(text(&format!("{base}/$process-message"))))]))),
        ("response", Some(build::object([("identifier", Some(text(id))), ("code", Some(text("ok")))]))),
        ("focus", Some(Value::Array(focus.collect()))),
    ]);
    let entry = |resource: &Value| {
        let url = resource.id().map(|id| text(&format!("{base}/MedicationRequest/{id}")));
        build::object([("fullUrl", url), ("resource", Some(resource.clone()))])
    };
    let entries = std::iter::once(&header).chain(&applied.requests).map(entry);
    build::object([
        ("resourceType", Some(Value::from("Bundle"))),
        ("identifier", Some(build::identifier(MESSAGE_ID, id))),
        ("type", Some(text("message"))),
        ("entry", Some(Value::Array(entries.collect()))),
    ])
}

/// A refusal in the words of HTTP.
pub(super) fn refusal(error: ApplyError) -> Refusal {
    let refusal = match error {
        ApplyError::Store(error) => return Refusal::from(error),
        ApplyError::Refused(refusal) => refusal,
    };
    let (status, code) = match refusal {
        MessageRefusal::NotFound => (StatusCode::NOT_FOUND, IssueCode::NotFound),
        MessageRefusal::Differs | MessageRefusal::MessageReused => {
            (StatusCode::CONFLICT, IssueCode::Duplicate)
        }
        MessageRefusal::AnotherDispenser | MessageRefusal::Over => {
            (StatusCode::CONFLICT, IssueCode::BusinessRule)
        }
        MessageRefusal::PatientUnknown | MessageRefusal::PatientDiffers => {
            (StatusCode::UNPROCESSABLE_ENTITY, IssueCode::NotFound)
        }
        MessageRefusal::OrderNumber => (StatusCode::BAD_REQUEST, IssueCode::Value),
        _ => (StatusCode::BAD_REQUEST, IssueCode::BusinessRule),
    };
    Refusal::new(status, Issue::error(code, refusal.to_string()))
}
