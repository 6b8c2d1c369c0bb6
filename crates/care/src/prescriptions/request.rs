//! The shell of a request for repeat medicines: snapshot, decision, one commit. The request is one MedicationRequest of
//! intent `proposal` for each medicine, based on its authorisation; what was refused is kept with its reason, so that
//! person and surgery read the same.

use super::authorisation::{Authorisation, Reason, Why, authorisations, day};
use super::decide::{Ask, Decision, Refusal, decide};
use super::read::{requests_of, today};
use super::render::pharmacy_reference;
use super::view::Place;
use crate::lookup::{present, unseen};
use crate::view::Unseen;
use fhir::json::{Number, Value};
use fhir::systems::prescription::COURSE_OF_THERAPY;
use fhir::views::{MedicationEntry, Resource, build};
use jiff::Timestamp;
use store::{Actor, Capability, Error, Prepared, Role, Store, Transaction};

/// Asking for repeats writes MedicationRequests and nothing else.
pub const REQUEST: Capability =
    Capability { name: "prescription-request", writes: &["MedicationRequest"], shared: &[] };
/// Ids of requests.
pub const REQUEST_SYSTEM: &str = "https://bevan.example/id/prescription-request";
/// Reasons why a medicine was not ordered ([`Reason::code`]).
pub const REASON_SYSTEM: &str = "https://bevan.example/CodeSystem/prescription-refusal";

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unasked {
    /// A rule says no, in words that the person can be told.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}

/// Asks for repeat medicines; answers the request's id. The same key again answers the same id and does nothing.
pub(crate) async fn ask(
    store: &Store,
    actor: &Actor,
    (patient, once): (&str, &str),
    ask: Ask,
) -> Result<String, Unasked> {
    let (patient, once) = (patient.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let written = store.write(actor.within(&REQUEST), move |transaction| {
        if let Some(request) = transaction.once(&once)? {
            return Ok(Ok(request));
        }
        let all = requests_of(transaction, &patient)?;
        let known = authorisations(&all);
        let decision = match decide(&known, &ask, today(now)) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = present(transaction, "Patient", &patient)?;
        let pharmacy = super::pharmacy::nominated(transaction, &person)?;
        let request = transaction.fresh_id().to_string();
        let about = About { patient: &patient, request: &request, note: &ask.note, pharmacy, now };
        propose(transaction, &about, (&all, &decision))?;
        transaction.settle_once(&once, &request)?;
        Ok(Ok(request))
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}

/// What the proposals of a request share.
struct About<'a> {
    patient: &'a str,
    request: &'a str,
    note: &'a str,
    pharmacy: Option<Place>,
    now: Timestamp,
}

fn propose(
    transaction: &mut Transaction,
    about: &About<'_>,
    (all, decision): (&[Value], &Decision<'_>),
) -> Result<(), Error> {
    let ordered = decision.ordered.iter().map(|one| (*one, None));
    let refused = decision.refused.iter().map(|(one, why)| (*one, Some(why)));
    for (one, why) in ordered.chain(refused) {
        let Some(plan) = all.iter().find(|plan| plan.id() == Some(&one.id)) else { continue };
        let proposal = proposal(about, (plan, one), why, requester(transaction.actor(), about.patient));
        let prepared = Prepared::new(proposal).map_err(Error::Unprocessable)?;
        transaction.create(&prepared)?;
    }
    Ok(())
}

fn proposal(
    about: &About<'_>,
    (plan, one): (&Value, &Authorisation),
    why: Option<&Why>,
    requester: Value,
) -> Value {
    let mut dispense: Vec<(&str, Option<Value>)> = Vec::new();
    let day = |day: jiff::civil::Date| Some(Value::from(day.to_string()));
    // Where a day matters it is told where FHIR keeps it: from when, or until when, the medicine may be dispensed.
    match why.map(|why| (why.reason, why.on)) {
        Some((Reason::TooEarly, Some(on))) => {
            dispense.push(("validityPeriod", Some(build::object([("start", day(on))]))));
        }
        Some((Reason::ReviewDue, Some(on))) => {
            dispense.push(("validityPeriod", Some(build::object([("end", day(on))]))));
        }
        _ => {}
    }
    if let Some(place) = &about.pharmacy {
        dispense.push(("performer", Some(pharmacy_reference(&place.ods, &place.name, true))));
    }
    let dispense = build::object(dispense);
    let dispense = dispense.as_object().is_some_and(|one| !one.is_empty()).then_some(dispense);
    let note = (!about.note.trim().is_empty())
        .then(|| build::one(Value::object([("text", Value::from(about.note.trim()))])));
    let request = build::identifier(REQUEST_SYSTEM, about.request);
    let proposal = build::object([
        ("resourceType", Some(Value::from("MedicationRequest"))),
        ("identifier", Some(build::one(request.clone()))),
        ("status", Some(Value::from(if why.is_some() { "cancelled" } else { "active" }))),
        ("statusReason", why.map(status_reason)),
        ("intent", Some(Value::from("proposal"))),
        ("category", plan.get("category").cloned()),
        ("medicationCodeableConcept", plan.get("medicationCodeableConcept").cloned()),
        ("medicationReference", plan.get("medicationReference").cloned()),
        ("subject", Some(build::reference("Patient", about.patient))),
        ("authoredOn", Some(Value::from(about.now.to_string()))),
        ("requester", Some(requester)),
        ("basedOn", Some(build::one(build::reference("MedicationRequest", &one.id)))),
        ("groupIdentifier", Some(request)),
        (
            "courseOfTherapyType",
            Some(build::codeable_concept(COURSE_OF_THERAPY, "continuous", "Continuous long term therapy")),
        ),
        ("note", note),
        ("dosageInstruction", plan.get("dosageInstruction").cloned()),
        ("dispenseRequest", dispense),
        ("substitution", Some(Value::object([("allowedBoolean", Value::from(false))]))),
    ]);
    crate::labels::inherited(proposal, plan)
}

/// Who asks. Somebody who asks for another person is named and not linked: their own record is not part of this one.
fn requester(actor: &Actor, patient: &str) -> Value {
    if actor.is_on_behalf() {
        let words = format!("{}, on behalf of the patient", actor.name);
        return build::object([
            ("reference", actor.id.starts_with("Practitioner/").then(|| Value::from(actor.id.clone()))),
            ("display", Some(Value::from(words))),
        ]);
    }
    match &actor.role {
        Role::Patient { .. } => build::reference_named("Patient", patient, &actor.name),
        Role::WardStaff { .. } | Role::Surgery { .. } => build::object([
            ("reference", actor.id.starts_with("Practitioner/").then(|| Value::from(actor.id.clone()))),
            ("display", Some(Value::from(actor.name.as_str()))),
        ]),
        _ => Value::object([("display", Value::from(actor.name.as_str()))]),
    }
}

/// Why a medicine was not ordered, as FHIR.
pub(super) fn status_reason(why: &Why) -> Value {
    let code =
        Value::object([("system", Value::from(REASON_SYSTEM)), ("code", Value::from(why.reason.code()))]);
    build::object([("coding", Some(build::one(code))), ("text", why.words.as_deref().map(Value::from))])
}

/// Why a proposal was not ordered.
pub(super) fn why_of(proposal: MedicationEntry<'_>) -> Option<Why> {
    let said = proposal.status_reason()?;
    let reason = said.code(REASON_SYSTEM).and_then(Reason::of_code).unwrap_or(Reason::Other);
    let period = proposal.validity_period();
    let on = match reason {
        Reason::TooEarly => period.and_then(|one| one.start()),
        Reason::ReviewDue => period.and_then(|one| one.end()),
        _ => None,
    };
    Some(Why { reason, on: on.and_then(day), words: said.text().map(str::to_owned) })
}

/// A whole number of FHIR.
pub(super) fn number(count: i64) -> Value {
    Number::from_literal(&count.to_string()).map_or(Value::Null, Value::Number)
}
