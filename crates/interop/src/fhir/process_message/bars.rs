//! Messages of the Booking and Referral Standard (`NHSDigital/booking-and-referral-fhir-api` 1.4): booking requests,
//! referral requests and their answers, from 111, ambulance services and other settings. From FHIR into the words of
//! `care::appointments::message`, and its answer back.
//!
//! Refusals carry the codes of the standard (`REC_BAD_REQUEST`, `REC_CONFLICT`, …). What is not read: observations, flags
//! and consents that come along with a referral.

use super::message::{Message, identifier, moment, named, text};
use crate::fhir::answer::Answer;
use crate::fhir::call::Call;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use care::appointments::message::{
    Applied, ApplyError, Booking, MessageRefusal, Person, Reason, Referral, Says, SlotSaid, apply,
};
use fhir::issue::{Issue, IssueCode};
use fhir::json::Value;
use fhir::systems::NHS_NUMBER;
use fhir::views::{HumanName, Reference, Resource, build};
use std::sync::Arc;

const BOOKING: &str = "booking-request";
const REFERRAL: &str = "servicerequest-request";
const ANSWER: &str = "servicerequest-response";

/// The events that are understood.
pub(super) const EVENTS: &[&str] = &[BOOKING, REFERRAL, ANSWER];

const EVENT_SYSTEM: &str = "https://fhir.nhs.uk/CodeSystem/message-events-bars";
const ERROR_SYSTEM: &str = "https://fhir.nhs.uk/Codesystem/http-error-codes";

/// Takes a message.
pub(super) async fn process(call: &Call, message: &Message) -> Result<Answer, Refusal> {
    let read = match read(message) {
        Ok(read) => read,
        Err(issue) => return Ok(refused(StatusCode::BAD_REQUEST, "REC_BAD_REQUEST", issue)),
    };
    let id = read.id.clone();
    match apply(call.store(), Arc::clone(&call.actor), read).await {
        Ok(applied) => Ok(Answer::of(fhir::json::to_vec(&response(message, &applied, (&id, &call.base))))),
        Err(ApplyError::Store(error)) => Err(Refusal::from(error)),
        Err(ApplyError::Refused(refusal)) => {
            let (status, code, issue) = words(refusal);
            Ok(refused(status, code, Issue::error(issue, refusal.to_string())))
        }
    }
}

/// What a message says.
fn read(message: &Message) -> Result<care::appointments::message::Message, Issue> {
    let id = message.id().or_else(|| message.bundle_id()).or_else(|| message.header().id());
    let id = id.ok_or_else(|| missing("Bundle.id", "a message has an id"))?;
    let says = match message.event() {
        Some(BOOKING) => Says::Booking(Box::new(booking(message)?)),
        Some(REFERRAL) => Says::Referral(Box::new(referral(message)?)),
        _ => answer(message)?,
    };
    Ok(care::appointments::message::Message { id: id.to_owned(), person: person(message)?, says })
}

fn missing(at: &str, text: &str) -> Issue {
    Issue::error(IssueCode::Required, text).at(at)
}

fn person(message: &Message) -> Result<Person, Issue> {
    let patient = message.resources("Patient").next();
    let patient = patient.ok_or_else(|| missing("Patient", "a message names its patient"))?;
    let number = identifier(patient, "identifier", NHS_NUMBER)
        .ok_or_else(|| missing("Patient.identifier", "the patient is known by an NHS number"))?;
    let born = patient.text_at(&["birthDate"]);
    let born =
        born.ok_or_else(|| missing("Patient.birthDate", "a patient is linked by date of birth too"))?;
    let family = patient.items("name").iter().find_map(|name| HumanName(name).family());
    let family = family.ok_or_else(|| missing("Patient.name", "a patient is linked by family name too"))?;
    Ok(Person { nhs_number: number.to_owned(), born: born.to_owned(), family: family.to_owned() })
}

/// The resource of a type that the header points at, else the only one.
fn focus<'a>(message: &'a Message, type_: &str) -> Option<(&'a Value, Option<&'a str>)> {
    let named = message.header().items("focus").iter().filter_map(|one| one.text_at(&["reference"]));
    let mut found = named.filter_map(|one| Some((message.resolve(one)?, Some(one))));
    found
        .find(|(one, _)| one.type_() == Some(type_))
        .or_else(|| message.resources(type_).next().map(|one| (one, message.address(one))))
}

/// The key that a sender has for a resource: a business identifier, its id, or its address in the message.
fn key(resource: &Value, address: Option<&str>) -> Option<String> {
    let identifiers = resource.items("identifier").iter();
    let identified = identifiers.filter_map(|one| one.text_at(&["value"])).next();
    let address = || address.map(|one| one.strip_prefix("urn:uuid:").unwrap_or(one));
    // The standard's samples give one resource an id in one message and only its address in the next.
    let uuid = address().filter(|one| fhir::reference::is_id(one));
    identified.or(uuid).or_else(|| resource.id()).or_else(address).map(str::to_owned)
}

fn reason(message: &Message, status: Option<&str>) -> Reason {
    let said = message.header().text_at(&["reason", "coding", "code"]).unwrap_or("new");
    match (said, status) {
        ("delete", _) | (_, Some("cancelled" | "revoked" | "entered-in-error")) => Reason::Cancel,
        ("update", _) => Reason::Update,
        _ => Reason::New,
    }
}

fn booking(message: &Message) -> Result<Booking, Issue> {
    let (appointment, address) = focus(message, "Appointment")
        .ok_or_else(|| missing("Appointment", "a booking holds an appointment"))?;
    let key = key(appointment, address)
        .ok_or_else(|| missing("Appointment.identifier", "an appointment can be told from others"))?;
    let mut alone = message.alone(appointment);
    if let Some(members) = alone.as_object_mut() {
        // The patient is put in by whoever links them; services and people stay as they are called.
        let mut others: Vec<Value> = Vec::new();
        for (said, kept) in
            appointment.items("participant").iter().zip(alone_items(members.get("participant")))
        {
            let target = said.text_at(&["actor", "reference"]).and_then(|one| message.resolve(one));
            if target.and_then(|one| one.type_()) != Some("Patient") {
                others.push(kept.clone());
            }
        }
        others.extend(service(message));
        members.insert("participant", Value::Array(others));
        members.remove("slot");
    }
    let slot = appointment.items("slot").first().map(|one| slot(message, one));
    let reason = reason(message, appointment.text_at(&["status"]));
    Ok(Booking { key, reason, appointment: alone, slot })
}

fn alone_items(items: Option<&Value>) -> Vec<Value> {
    items.and_then(Value::as_array).map(<[Value]>::to_vec).unwrap_or_default()
}

/// The service that is booked, by its name.
fn service(message: &Message) -> Option<Value> {
    let name = message.resources("HealthcareService").next()?.text_at(&["name"])?;
    let actor = build::object([("display", Some(text(name)))]);
    Some(build::object([("actor", Some(actor)), ("status", Some(text("accepted")))]))
}

/// A slot of ours by reference or id; else the span that the message's own slot has.
fn slot(message: &Message, reference: &Value) -> SlotSaid {
    let ours = Reference(reference).id_of("Slot").map(str::to_owned);
    let target = reference.text_at(&["reference"]).and_then(|one| message.resolve(one));
    let time = |name: &str| target.and_then(|one| one.text_at(&[name])).and_then(moment);
    SlotSaid { ours, span: time("start").zip(time("end")) }
}

fn referral(message: &Message) -> Result<Referral, Issue> {
    let (request, address) = focus(message, "ServiceRequest")
        .ok_or_else(|| missing("ServiceRequest", "a referral holds a request"))?;
    let key = key(request, address)
        .ok_or_else(|| missing("ServiceRequest.identifier", "a referral can be told from others"))?;
    let mut alone = message.alone(request);
    if let Some(members) = alone.as_object_mut() {
        for name in ["encounter", "basedOn", "supportingInfo", "insurance"] {
            members.remove(name);
        }
        let performers: Vec<Value> =
            request.items("performer").iter().filter_map(|one| performer(message, one)).collect();
        members.remove("performer");
        if !performers.is_empty() {
            members.insert("performer", Value::Array(performers));
        }
    }
    let service = message.resources("HealthcareService").next().and_then(|one| one.text_at(&["name"]));
    let reason = reason(message, request.text_at(&["status"]));
    Ok(Referral { key, reason, request: alone, service: service.map(str::to_owned) })
}

/// Who is asked, by identifier and name. The standard's samples write an address without `urn:uuid:` too.
fn performer(message: &Message, reference: &Value) -> Option<Value> {
    let address = reference.text_at(&["reference"])?;
    let target = message.resolve(address).or_else(|| message.resolve(&format!("urn:uuid:{address}")))?;
    Some(named(target))
}

/// What the receiver says of a referral: that it is done, given up, or on hold.
fn answer(message: &Message) -> Result<Says, Issue> {
    let request = message.resources("ServiceRequest").next();
    let request = request.ok_or_else(|| missing("ServiceRequest", "an answer names its referral"))?;
    let key = key(request, message.address(request))
        .ok_or_else(|| missing("ServiceRequest.id", "an answer names its referral"))?;
    let finished =
        focus(message, "Encounter").is_some_and(|(one, _)| one.text_at(&["status"]) == Some("finished"));
    let status = match request.text_at(&["status"]) {
        Some("revoked" | "entered-in-error") => "revoked",
        Some("on-hold") => "on-hold",
        Some("completed") => "completed",
        _ if finished => "completed",
        _ => "active",
    };
    let plans = message.resources("CarePlan").flat_map(|plan| plan.items("activity"));
    let words =
        plans.flat_map(|one| one.items("outcomeCodeableConcept")).find_map(|one| one.text_at(&["text"]));
    Ok(Says::Answer { key, status, note: words.map(str::to_owned) })
}

/// Status, code of the standard and issue code of a refusal.
fn words(refusal: MessageRefusal) -> (StatusCode, &'static str, IssueCode) {
    use MessageRefusal as R;
    match refusal {
        R::Duplicate => (StatusCode::CONFLICT, "REC_CONFLICT", IssueCode::Duplicate),
        R::SlotTaken => (StatusCode::CONFLICT, "REC_CONFLICT", IssueCode::Conflict),
        R::NotFound => (StatusCode::NOT_FOUND, "REC_NOT_FOUND", IssueCode::NotFound),
        R::SlotMissing | R::NoTime => (StatusCode::BAD_REQUEST, "REC_BAD_REQUEST", IssueCode::Required),
        R::TooLong | R::Invalid => (StatusCode::BAD_REQUEST, "REC_BAD_REQUEST", IssueCode::Invalid),
        R::PatientUnknown | R::PatientDiffers | R::OutsideSlot | R::Past => {
            (StatusCode::UNPROCESSABLE_ENTITY, "REC_UNPROCESSABLE_ENTITY", IssueCode::Processing)
        }
    }
}

/// An OperationOutcome with the code of the standard.
fn refused(status: StatusCode, code: &str, issue: Issue) -> Answer {
    let mut outcome = fhir::issue::outcome(&[issue]);
    let details = build::codeable_concept(ERROR_SYSTEM, code, "");
    if let Some(Value::Array(issues)) = outcome.as_object_mut().and_then(|members| members.get_mut("issue"))
        && let Some(first) = issues.first_mut().and_then(Value::as_object_mut)
    {
        first.insert("details", details);
    }
    Answer::of(fhir::json::to_vec(&outcome)).with_status(status)
}

/// The answer: the resource as it stands now.
fn response(message: &Message, applied: &Applied, (id, base): (&str, &str)) -> Value {
    let event = match message.event() {
        Some(BOOKING) => "booking-response",
        _ => "servicerequest-response",
    };
    let (type_, resource) = (applied.focus.0, &applied.focus.1);
    let header = build::object([
        ("resourceType", Some(text("MessageHeader"))),
        ("eventCoding", Some(build::coding(EVENT_SYSTEM, event, ""))),
        ("source", Some(build::object([("endpoint", Some(text(&format!("{base}/$process-message"))))]))),
        ("response", Some(build::object([("identifier", Some(text(id))), ("code", Some(text("ok")))]))),
        ("focus", Some(build::one(build::reference(type_, resource)))),
    ]);
    let whole = build::object([
        ("fullUrl", Some(text(&format!("{base}/{type_}/{resource}")))),
        ("resource", Some(applied.resource.clone())),
    ]);
    build::object([
        ("resourceType", Some(text("Bundle"))),
        ("type", Some(text("message"))),
        ("entry", Some(Value::Array(vec![build::object([("resource", Some(header))]), whole]))),
    ])
}
