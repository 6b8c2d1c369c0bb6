//! What other settings say about bookings and referrals (Booking and Referral Standard, BaRS 1.x): 111 books a time, an
//! ambulance service refers, a receiver answers. One message is one commit, kept under its id, so that the same message
//! twice is told to be a duplicate. Never sees FHIR messaging: the door reads a bundle into these words.
//!
//! A person is linked by NHS number with date of birth and family name agreeing. A time in a diary of this record must be
//! free; a time in somebody else's diary is taken down as said, when it fits its own slot.

use super::book::free;
use super::read::REFERRAL;
use super::resources;
use crate::lookup::all;
use crate::words::instant;
use fhir::json::{Text, Value};
use fhir::views::build::{coding, concept_text, object, one, reference, reference_named};
use fhir::views::{CodeableConcept, Patient, Reference};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::{Actor, Error, Fact, Found, IfMatch, Prepared, Store, Transaction};

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id, the same when it is sent again.
    pub id: String,
    /// Whom it is about; an answer to a referral names them too.
    pub person: Person,
    /// What it says.
    pub says: Says,
}

/// Whom a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Ten digits.
    pub nhs_number: String,
    /// Date of birth.
    pub born: String,
    /// Family name.
    pub family: String,
}

/// Whether something is new, changed or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// New.
    New,
    /// A change of what was said before.
    Update,
    /// Taken back.
    Cancel,
}

/// What a message says.
#[derive(Debug, Clone)]
pub enum Says {
    /// An appointment.
    Booking(Box<Booking>),
    /// A referral.
    Referral(Box<Referral>),
    /// An answer to a referral.
    Answer {
        /// The sender's key of the referral.
        key: String,
        /// The status that it has now.
        status: &'static str,
        /// What the receiver wrote.
        note: Option<String>,
    },
}

/// An appointment as another setting says it.
#[derive(Debug, Clone)]
pub struct Booking {
    /// The sender's key of it: the same in every message about it.
    pub key: String,
    /// New, changed or taken back.
    pub reason: Reason,
    /// The Appointment, its references into the message replaced by names; without patient and slot.
    pub appointment: Value,
    /// The time in a diary.
    pub slot: Option<SlotSaid>,
}

/// A time in a diary as another setting says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotSaid {
    /// Id of a Slot of ours, when the message means one.
    pub ours: Option<String>,
    /// When it begins and ends, when the message says.
    pub span: Option<(Timestamp, Timestamp)>,
}

/// A referral as another setting says it.
#[derive(Debug, Clone)]
pub struct Referral {
    /// The sender's key of it.
    pub key: String,
    /// New, changed or taken back.
    pub reason: Reason,
    /// The ServiceRequest, its references into the message replaced by names; without patient.
    pub request: Value,
    /// What it is called, where it has no code.
    pub service: Option<String>,
}

/// What a message came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Type and id of the resource that it changed.
    pub focus: (&'static str, String),
    /// The resource as it stands.
    pub resource: Value,
}

/// Why a message had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageRefusal {
    /// It came before.
    #[error("the message was processed before")]
    Duplicate,
    /// Nobody has that NHS number here.
    #[error("the patient is not known here")]
    PatientUnknown,
    /// Date of birth or family name differ.
    #[error("the patient with that NHS number has another date of birth or family name")]
    PatientDiffers,
    /// What it changes or answers is not known here.
    #[error("what the message is about is not known here")]
    NotFound,
    /// A booking without a slot.
    #[error("a booking names the slot that it takes")]
    SlotMissing,
    /// The time is taken.
    #[error("the slot is not free")]
    SlotTaken,
    /// The appointment is at another time than its slot.
    #[error("the appointment does not lie within its slot")]
    OutsideSlot,
    /// The appointment has no time.
    #[error("the appointment has no start")]
    NoTime,
    /// The time is over.
    #[error("the appointment lies in the past")]
    Past,
    /// The description or the comment is too long.
    #[error("a description has 100 characters at most and a comment 500")]
    TooLong,
    /// What came cannot be kept as a resource.
    #[error("the appointment or referral is not valid")]
    Invalid,
}

/// Why a message was not applied.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApplyError {
    /// A rule says no; sending it again would end alike.
    #[error(transparent)]
    Refused(#[from] MessageRefusal),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] Error),
}

type Outcome<T> = Result<Result<T, MessageRefusal>, Error>;

/// Goes on with what is right, and returns a refusal.
macro_rules! ok {
    ($outcome:expr) => {
        match $outcome {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

/// Applies a message: all of it or nothing.
///
/// # Errors
/// [`ApplyError`].
pub async fn apply(store: &Store, actor: Arc<Actor>, message: Message) -> Result<Applied, ApplyError> {
    let now = store.environment().clock.now();
    let written = store.write(actor, move |transaction| {
        let mut refused = None;
        let outcome = transaction.attempt(|inner| match whole(inner, &message, now)? {
            Ok(applied) => Ok(applied),
            Err(refusal) => {
                refused = Some(refusal);
                // What was written on the way to a refusal is undone.
                Err(Error::Conflict("a message was refused"))
            }
        });
        match refused {
            Some(refusal) => Ok(Err(refusal)),
            None => outcome.map(Ok),
        }
    });
    Ok(written.await??)
}

fn whole(transaction: &mut Transaction, message: &Message, now: Timestamp) -> Outcome<Applied> {
    let stream = Text::from(format!("bars:{}", message.id));
    if !transaction.facts(&stream)?.is_empty() {
        return Ok(Err(MessageRefusal::Duplicate));
    }
    let patient = ok!(link(transaction, &message.person)?);
    let applied = match &message.says {
        Says::Booking(booking) => ok!(book(transaction, &patient, booking, now)?),
        Says::Referral(referral) => ok!(refer(transaction, &patient, referral)?),
        Says::Answer { key, status, note } => {
            ok!(answer(transaction, &patient, (key, status, note.as_deref()))?)
        }
    };
    let digest = Sha256::digest(format!("{:?}", message.says).as_bytes());
    let fact = Fact {
        stream,
        key: Text::const_new("message"),
        occurred_at: now.as_microsecond(),
        body: digest.to_vec(),
        message: None,
    };
    transaction.put_fact(&fact)?;
    Ok(Ok(applied))
}

/// The one patient with that NHS number, when date of birth and family name agree.
fn link(transaction: &mut Transaction, person: &Person) -> Outcome<String> {
    let number = format!("{}|{}", fhir::systems::NHS_NUMBER, person.nhs_number);
    let found = all(transaction, "Patient", &[("identifier", &number)])?.items;
    let [patient] = found.as_slice() else { return Ok(Err(MessageRefusal::PatientUnknown)) };
    let view = Patient(patient);
    let same = |one: &str| one.trim().to_lowercase() == person.family.trim().to_lowercase();
    let named = view.names().filter_map(|name| name.family()).any(same);
    if view.birth_date() != Some(person.born.as_str()) || !named {
        return Ok(Err(MessageRefusal::PatientDiffers));
    }
    Ok(patient.text_at(&["id"]).map(str::to_owned).ok_or(MessageRefusal::PatientUnknown))
}

fn id_of(kind: &str, key: &str) -> String {
    fhir::identity::resource_id(kind, "booking-and-referral", &[key])
}

/// The resource that a key means: one made from an earlier message, or one of ours by its id.
fn known(
    transaction: &mut Transaction,
    type_: &'static str,
    key: &str,
) -> Result<Option<(Value, u64)>, Error> {
    for id in [id_of(type_, key).as_str(), key] {
        if !fhir::reference::is_id(id) {
            continue;
        }
        if let Found::Present(found) = transaction.read(type_, id)? {
            return Ok(Some((transaction.document(&found)?, found.version)));
        }
    }
    Ok(None)
}

fn put(transaction: &mut Transaction, type_: &'static str, resource: Value) -> Outcome<Applied> {
    let Ok(prepared) = Prepared::new(resource) else { return Ok(Err(MessageRefusal::Invalid)) };
    let saved = transaction.update(&prepared, IfMatch::Any)?;
    let resource = saved.resource.value()?;
    Ok(Ok(Applied { focus: (type_, saved.resource.id.to_string()), resource }))
}

fn book(transaction: &mut Transaction, patient: &str, booking: &Booking, now: Timestamp) -> Outcome<Applied> {
    let before = known(transaction, "Appointment", &booking.key)?;
    match (booking.reason, before) {
        (Reason::New, Some(_)) => Ok(Err(MessageRefusal::Duplicate)),
        (Reason::Update | Reason::Cancel, None) => Ok(Err(MessageRefusal::NotFound)),
        (Reason::Cancel, Some((mut appointment, _))) => {
            ok!(theirs(&appointment, patient));
            give_back(transaction, &appointment)?;
            if let Some(members) = appointment.as_object_mut() {
                members.insert("status", Value::from("cancelled"));
            }
            put(transaction, "Appointment", appointment)
        }
        (reason, before) => {
            let said = &booking.appointment;
            let length = |name: &str| said.text_at(&[name]).map_or(0, |text| text.chars().count());
            if length("description") > 100 || length("comment") > 500 {
                return Ok(Err(MessageRefusal::TooLong));
            }
            let time = |name: &str| said.text_at(&[name]).and_then(instant);
            let Some(start) = time("start") else { return Ok(Err(MessageRefusal::NoTime)) };
            let Some(slot) = &booking.slot else { return Ok(Err(MessageRefusal::SlotMissing)) };
            if let (None, Some((from, to))) = (&slot.ours, slot.span)
                && (start < from || time("end").unwrap_or(start) > to)
            {
                return Ok(Err(MessageRefusal::OutsideSlot));
            }
            if start <= now {
                return Ok(Err(MessageRefusal::Past));
            }
            let mut id = id_of("Appointment", &booking.key);
            if let (Reason::Update, Some((before, _))) = (reason, &before) {
                ok!(theirs(before, patient));
                give_back(transaction, before)?;
                id = before.text_at(&["id"]).unwrap_or(&id).to_owned();
            }
            let mut appointment = appointment(&id, patient, said);
            if let Some(ours) = &slot.ours {
                ok!(take(transaction, ours, start, &mut appointment)?);
            }
            put(transaction, "Appointment", appointment)
        }
    }
}

/// Whether a resource is about that patient: what is known under a key belongs to one person for good.
fn theirs(resource: &Value, patient: &str) -> Result<(), MessageRefusal> {
    let wanted = format!("Patient/{patient}");
    let people = resource.items("participant").iter().filter_map(|one| one.get("actor"));
    let mut about = people.chain(resource.get("subject"));
    let same = about.any(|one| one.text_at(&["reference"]) == Some(wanted.as_str()));
    if same { Ok(()) } else { Err(MessageRefusal::PatientDiffers) }
}

/// The Appointment as it is kept: the patient first, the others as they were named.
fn appointment(id: &str, patient: &str, said: &Value) -> Value {
    let mut appointment = said.clone();
    if let Some(members) = appointment.as_object_mut() {
        members.insert("id", Value::from(id));
        members.insert("status", Value::from("booked"));
        members.remove("slot");
        let person = object([
            ("actor", Some(reference("Patient", patient))),
            ("status", Some(Value::from("accepted"))),
        ]);
        let others = said.items("participant").iter().cloned();
        members.insert("participant", Value::Array(std::iter::once(person).chain(others).collect()));
    }
    appointment
}

/// Takes a time in a diary of ours.
fn take(transaction: &mut Transaction, slot: &str, start: Timestamp, appointment: &mut Value) -> Outcome<()> {
    let Found::Present(found) = transaction.read("Slot", slot)? else {
        return Ok(Err(MessageRefusal::NotFound));
    };
    let document = transaction.document(&found)?;
    match free(&document) {
        Some((true, begins)) if begins == start => {}
        Some((true, _)) => return Ok(Err(MessageRefusal::OutsideSlot)),
        _ => return Ok(Err(MessageRefusal::SlotTaken)),
    }
    let Ok(busy) = Prepared::new(resources::with_status(&document, "busy")) else {
        return Ok(Err(MessageRefusal::Invalid));
    };
    transaction.update(&busy, IfMatch::Version(found.version))?;
    let schedule = document.get("schedule").and_then(|one| Reference(one).id_of("Schedule"));
    let schedule = match schedule.map(|id| transaction.read("Schedule", id)).transpose()? {
        Some(Found::Present(schedule)) => transaction.document(&schedule)?,
        _ => Value::Null,
    };
    let actor = |type_: &str| {
        schedule.items("actor").iter().find(|one| Reference(one).id_of(type_).is_some()).cloned()
    };
    resources::move_to(
        appointment,
        &document,
        actor("Practitioner").as_ref(),
        actor("HealthcareService").as_ref(),
    );
    Ok(Ok(()))
}

/// Frees the time of an appointment, when it is in a diary of ours. One that is cancelled gave its time back then, and it
/// may be somebody else's by now.
fn give_back(transaction: &mut Transaction, appointment: &Value) -> Result<(), Error> {
    if matches!(appointment.text_at(&["status"]), Some("cancelled" | "noshow" | "entered-in-error")) {
        return Ok(());
    }
    let held = appointment.items("slot").first().and_then(|one| Reference(one).id_of("Slot"));
    let Some(held) = held else { return Ok(()) };
    if let Found::Present(slot) = transaction.read("Slot", held)?
        && let Ok(freed) = Prepared::new(resources::with_status(&slot.value()?, "free"))
    {
        transaction.update(&freed, IfMatch::Version(slot.version))?;
    }
    Ok(())
}

fn refer(transaction: &mut Transaction, patient: &str, referral: &Referral) -> Outcome<Applied> {
    let before = known(transaction, "ServiceRequest", &referral.key)?;
    let mut id = id_of("ServiceRequest", &referral.key);
    match (referral.reason, &before) {
        (Reason::New, Some(_)) => return Ok(Err(MessageRefusal::Duplicate)),
        (Reason::Update | Reason::Cancel, None) => return Ok(Err(MessageRefusal::NotFound)),
        (_, Some((before, _))) => {
            ok!(theirs(before, patient));
            id = before.text_at(&["id"]).unwrap_or(&id).to_owned();
        }
        (_, None) => {}
    }
    let mut request = referral.request.clone();
    let Some(members) = request.as_object_mut() else { return Ok(Err(MessageRefusal::Invalid)) };
    members.insert("id", Value::from(id));
    members.insert("subject", reference("Patient", patient));
    if referral.reason == Reason::Cancel {
        members.insert("status", Value::from("revoked"));
        // A note beside a revoked referral is the advice with which it was sent back; the sender's own is none.
        members.remove("note");
    }
    let listed =
        Value::object([("coding", one(coding(fhir::systems::SNOMED, REFERRAL, "Patient referral")))]);
    let mut categories = vec![listed];
    categories.extend(referral.request.items("category").iter().cloned());
    let called = referral.request.items("category").iter().find_map(|one| CodeableConcept(one).display());
    if members.get("code").is_none()
        && let Some(called) = referral.service.as_deref().or(called)
    {
        members.insert("code", concept_text(called));
    }
    members.insert("category", Value::Array(categories));
    let mut performers = Vec::new();
    for performer in referral.request.items("performer") {
        performers.push(organisation(transaction, performer)?);
    }
    if !performers.is_empty() {
        members.insert("performer", Value::Array(performers));
    }
    put(transaction, "ServiceRequest", request)
}

/// A reference to the organisation of ours that an ODS code means; otherwise as it was named.
fn organisation(transaction: &mut Transaction, named: &Value) -> Result<Value, Error> {
    let view = Reference(named);
    let code = view.identifier().filter(|one| one.is_of(fhir::systems::ODS)).and_then(|one| one.identifier());
    if let Some(code) = code {
        let id = fhir::identity::organization(code);
        if let Found::Present(found) = transaction.read("Organization", &id)? {
            let name = found.value()?.text_at(&["name"]).unwrap_or_default().to_owned();
            return Ok(reference_named("Organization", &id, &name));
        }
    }
    Ok(named.clone())
}

fn answer(
    transaction: &mut Transaction,
    patient: &str,
    (key, status, note): (&str, &'static str, Option<&str>),
) -> Outcome<Applied> {
    let Some((mut request, _)) = known(transaction, "ServiceRequest", key)? else {
        return Ok(Err(MessageRefusal::NotFound));
    };
    ok!(theirs(&request, patient));
    let Some(members) = request.as_object_mut() else { return Ok(Err(MessageRefusal::Invalid)) };
    members.insert("status", Value::from(status));
    let before = members.get("note").and_then(Value::as_array).map(<[Value]>::to_vec).unwrap_or_default();
    // What is sent back carries the receiver's words alone: the sender's own would read as advice.
    let mut notes = if status == "revoked" { Vec::new() } else { before };
    notes.extend(note.map(|note| object([("text", Some(Value::from(note)))])));
    if notes.is_empty() {
        members.remove("note");
    } else {
        members.insert("note", Value::Array(notes));
    }
    put(transaction, "ServiceRequest", request)
}
