//! The shell of a surgery's answer: medicines of a request approved or refused, in one commit. Approving issues
//! electronic prescriptions of at most four items, counts the issue, and settles the proposal.

use super::authorisation::{Reason, Why, authorisations};
use super::read::{lines_of, requests_of};
use super::render::approved;
use super::request::{number, status_reason};
use super::rules::ITEMS_MAX;
use crate::labels::inherited;
use crate::lookup::unseen;
use crate::view::Unseen;
use fhir::json::{Object, Value};
use fhir::prescription_id::PrescriptionId;
use fhir::systems::prescription::{
    COURSE_OF_THERAPY, LONG_ID, REPEAT_INFORMATION, SITE_TYPE, SITE_TYPE_EXTENSION, TYPE, TYPE_EXTENSION,
};
use fhir::systems::{PRESCRIPTION, PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};
use fhir::views::{MedicationEntry, Resource, build};
use jiff::Timestamp;
use store::{Actor, Capability, Error, IfMatch, Prepared, Store, Transaction};

/// Answering writes MedicationRequests and nothing else.
pub const ANSWER: Capability =
    Capability { name: "prescription-answer", writes: &["MedicationRequest"], shared: &[] };
/// Characters of the words of a refusal at most.
pub const WORDS_MAX: usize = 300;

/// A surgery's answer to medicines of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Prescribe them.
    Approve,
    /// Do not, for this reason.
    Refuse(Why),
}

/// Why an answer had no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No medicine was chosen.
    #[error("no medicine was chosen")]
    NothingSelected,
    /// The words are too long, or missing where the reason needs them.
    #[error("the reason needs words of at most 300 characters")]
    Words,
    /// Somebody has answered in the meantime.
    #[error("the request has been answered already")]
    Answered,
    /// Medicines that cannot be issued: stopped since, or no issues left.
    #[error("a medicine cannot be issued any more")]
    NotIssuable(Vec<String>),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}

/// Answers medicines of a request, by the ids of their proposals. The same key again does nothing.
pub(crate) async fn answer(
    store: &Store,
    actor: &Actor,
    (request, once): (&str, &str),
    (lines, answer): (Vec<String>, Answer),
) -> Result<(), Unanswered> {
    check(&lines, &answer)?;
    let (request, once) = (request.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let written = store.write(actor.within(&ANSWER), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let all = lines_of(transaction, &request)?;
        let chosen: Vec<Value> = all
            .into_iter()
            .filter(|one| one.id().is_some_and(|id| lines.iter().any(|line| line == id)))
            .collect();
        if chosen.len() != lines.len() || chosen.iter().any(|one| one.status() != Some("active")) {
            return Ok(Err(Unanswered::Answered));
        }
        let answered = match &answer {
            Answer::Approve => approve(transaction, &chosen, now)?,
            Answer::Refuse(why) => {
                for proposal in chosen {
                    let refused = with(
                        proposal,
                        [("status", Value::from("cancelled")), ("statusReason", status_reason(why))],
                    );
                    save(transaction, refused)?;
                }
                Ok(())
            }
        };
        if answered.is_ok() {
            transaction.settle_once(&once, "")?;
        }
        Ok(answered)
    });
    written.await.map_err(|error| unseen(&error))?
}

fn check(lines: &[String], answer: &Answer) -> Result<(), Unanswered> {
    if lines.is_empty() {
        return Err(Unanswered::NothingSelected);
    }
    if let Answer::Refuse(why) = answer {
        let words = why.words.as_deref().unwrap_or_default();
        let missing = why.reason == Reason::Other && words.trim().is_empty();
        if missing || words.chars().count() > WORDS_MAX {
            return Err(Unanswered::Words);
        }
    }
    Ok(())
}

fn approve(
    transaction: &mut Transaction,
    proposals: &[Value],
    now: Timestamp,
) -> Result<Result<(), Unanswered>, Error> {
    let Some(patient) = proposals.first().and_then(|one| one.subject()).and_then(|one| one.id_of("Patient"))
    else {
        return Err(Error::NotFound);
    };
    let all = requests_of(transaction, patient)?;
    let known = authorisations(&all);
    let plan_id = |proposal: &Value| {
        let plan = MedicationEntry(proposal).based_on().find_map(|one| one.id_of("MedicationRequest"));
        plan.map(str::to_owned)
    };
    // This request itself is counted among the issues, so what is left may be nothing, but not less.
    let issuable = |proposal: &Value| {
        let id = plan_id(proposal);
        let plan = known.iter().find(|one| Some(&one.id) == id.as_ref());
        plan.is_some_and(|one| one.active && one.left.is_none_or(|left| left >= 0))
    };
    let not: Vec<String> = proposals
        .iter()
        .filter(|one| !issuable(one))
        .map(|one| MedicationEntry(one).medication_name().unwrap_or_default().to_owned())
        .collect();
    if !not.is_empty() {
        return Ok(Err(Unanswered::NotIssuable(not)));
    }
    for chunk in proposals.chunks(ITEMS_MAX) {
        let number = order_number(transaction)?;
        let long_id = transaction.fresh_id();
        for proposal in chunk {
            let id = plan_id(proposal);
            let Some(plan) = all.iter().find(|one| one.id() == id.as_deref()) else { continue };
            let item = transaction.fresh_id();
            let prescriber = prescriber(transaction.actor());
            let ids = Ids { number: &number, long: &long_id, item: &item };
            let order = approved(order(&ids, (plan, proposal), prescriber, now), now);
            let order = with(order, [("id", Value::from(super::render::request_id(&number, &item)))]);
            save(transaction, order)?;
            save(transaction, counted(plan.clone()))?;
            save(transaction, with(proposal.clone(), [("status", Value::from("completed"))]))?;
        }
    }
    Ok(Ok(()))
}

/// A new prescription id of the actor's organisation.
fn order_number(transaction: &Transaction) -> Result<String, Error> {
    let random = uuid::Uuid::parse_str(&transaction.fresh_id())
        .map_err(|_| Error::Internal(String::from("a fresh id is no UUID")))?;
    // The first six bytes of a random UUID are all random.
    let entropy: Option<[u8; 6]> = random.as_bytes().get(..6).and_then(|bytes| bytes.try_into().ok());
    let id = entropy.and_then(|bytes| PrescriptionId::from_entropy(&transaction.actor().organisation, bytes));
    id.map(|id| id.as_str().to_owned()).ok_or(Error::Forbidden)
}

struct Ids<'a> {
    number: &'a str,
    long: &'a str,
    item: &'a str,
}

fn order(ids: &Ids<'_>, (plan, proposal): (&Value, &Value), prescriber: Value, now: Timestamp) -> Value {
    let coded = |url, system: &str, code: &str| {
        let coding = Value::object([("system", Value::from(system)), ("code", Value::from(code))]);
        build::extension(url, "valueCoding", coding)
    };
    let pharmacy = proposal.at(&["dispenseRequest", "performer"]).cloned();
    let site = if pharmacy.is_some() { "P1" } else { "0004" };
    let long = build::extension(LONG_ID, "valueIdentifier", build::identifier(PRESCRIPTION, ids.long));
    let group = build::object([
        ("extension", Some(build::one(long))),
        ("system", Some(Value::from(PRESCRIPTION_ORDER_NUMBER))),
        ("value", Some(Value::from(ids.number))),
    ]);
    let dispense = build::object([
        ("extension", Some(build::one(coded(SITE_TYPE_EXTENSION, SITE_TYPE, site)))),
        ("quantity", plan.at(&["dispenseRequest", "quantity"]).cloned()),
        ("expectedSupplyDuration", plan.at(&["dispenseRequest", "expectedSupplyDuration"]).cloned()),
        ("performer", pharmacy),
    ]);
    let based = [plan.id(), proposal.id()].into_iter().flatten();
    let based = based.map(|id| build::reference("MedicationRequest", id)).collect();
    // The prescription's id stands among the identifiers too, because R4 has no search by group.
    let identifiers = vec![
        build::identifier(PRESCRIPTION_ORDER_ITEM_NUMBER, ids.item),
        build::identifier(PRESCRIPTION_ORDER_NUMBER, ids.number),
    ];
    let order = build::object([
        ("resourceType", Some(Value::from("MedicationRequest"))),
        ("extension", Some(build::one(coded(TYPE_EXTENSION, TYPE, "0101")))),
        ("identifier", Some(Value::Array(identifiers))),
        ("status", Some(Value::from("active"))),
        ("intent", Some(Value::from("order"))),
        ("category", plan.get("category").cloned()),
        ("medicationCodeableConcept", plan.get("medicationCodeableConcept").cloned()),
        ("medicationReference", plan.get("medicationReference").cloned()),
        ("subject", plan.get("subject").cloned()),
        ("authoredOn", Some(Value::from(now.to_string()))),
        ("requester", Some(prescriber)),
        ("basedOn", Some(Value::Array(based))),
        ("groupIdentifier", Some(group)),
        (
            "courseOfTherapyType",
            Some(build::codeable_concept(COURSE_OF_THERAPY, "continuous", "Continuous long term therapy")),
        ),
        ("dosageInstruction", plan.get("dosageInstruction").cloned()),
        ("dispenseRequest", Some(dispense)),
        ("substitution", Some(Value::object([("allowedBoolean", Value::from(false))]))),
    ]);
    inherited(inherited(order, plan), proposal)
}

fn prescriber(actor: &Actor) -> Value {
    let reference = actor.id.starts_with("Practitioner/").then(|| Value::String(actor.id.clone()));
    build::object([("reference", reference), ("display", Some(Value::from(actor.name.as_str())))])
}

/// The authorisation with one more issue.
fn counted(mut plan: Value) -> Value {
    let issued = MedicationEntry(&plan).times_issued().unwrap_or(0).saturating_add(1);
    let information = plan.extension(REPEAT_INFORMATION);
    let parts = information.map(|one| one.items("extension")).unwrap_or_default();
    let others = parts.iter().filter(|one| one.text_at(&["url"]) != Some("numberOfPrescriptionsIssued"));
    let count = build::extension("numberOfPrescriptionsIssued", "valueUnsignedInt", number(issued));
    let parts: Vec<Value> = std::iter::once(count).chain(others.cloned()).collect();
    let information =
        Value::object([("url", Value::from(REPEAT_INFORMATION)), ("extension", Value::Array(parts))]);
    let others =
        plan.items("extension").iter().filter(|one| one.text_at(&["url"]) != Some(REPEAT_INFORMATION));
    let extensions: Vec<Value> = others.cloned().chain([information]).collect();
    if let Some(members) = plan.as_object_mut() {
        members.insert("extension", Value::Array(extensions));
    }
    plan
}

fn with<const N: usize>(mut resource: Value, members: [(&str, Value); N]) -> Value {
    let set = |object: &mut Object| {
        for (name, value) in members {
            object.insert(name, value);
        }
    };
    resource.as_object_mut().map(set);
    resource
}

/// Writes what was read in this same transaction, so that no other change can lie between.
fn save(transaction: &mut Transaction, resource: Value) -> Result<(), Error> {
    let prepared = Prepared::new(resource).map_err(Error::Unprocessable)?;
    transaction.update(&prepared, IfMatch::Any).map(|_| ())
}
