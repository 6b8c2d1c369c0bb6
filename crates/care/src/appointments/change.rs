//! Moves an appointment to another time, or cancels it. Both times and the appointment change in one commit, decided on
//! what the writer sees then.

use super::book::{free, refused};
use super::from_fhir::{self, Known};
use super::resources;
use super::rules::{self, Refusal, Wanted};
use super::slots::{Desk, no_surgery};
use super::view::{Answered, Booked};
use super::{BOOKINGS_LIMIT, CAPABILITY};
use crate::lookup::{present, unseen};
use crate::view::Unseen;
use fhir::json::Value;
use fhir::views::Reference;
use jiff::Timestamp;
use store::{Actor, Error, Found, IfMatch, Prepared, Resource, Snapshot, Store, Transaction};

/// What becomes of an appointment.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub patient: String,
    pub appointment: String,
    /// The other time; `None` cancels.
    pub slot: Option<String>,
    /// The same for the same form.
    pub once: String,
}

/// A document, its version, and what is written in its place.
struct Step {
    type_: &'static str,
    id: String,
    version: u64,
    to: Prepared,
}

struct Plan {
    desk: Desk,
    appointment: Step,
    /// The time that becomes free; none when its slot is gone.
    old: Option<Step>,
    /// The time that is taken, and its document.
    new: Option<(Step, Value)>,
}

/// Changes or cancels.
pub(super) async fn change(
    store: &Store,
    actor: &Actor,
    request: Request,
) -> Result<Answered<Booked>, Unseen> {
    let actor = actor.within(&CAPABILITY);
    let now = store.environment().clock.now();
    let wanted = request.clone();
    let plan = store.read(actor.clone(), move |snapshot| plan(snapshot, &wanted)).await;
    let Some(plan) = plan.map_err(|error| unseen(&error))? else { return Ok(no_surgery(None)) };
    let Plan { desk, appointment, old, new } = plan;
    let slot = new.as_ref().map_or(Value::Null, |(_, slot)| slot.clone());
    let surgery = desk.organisation.clone();
    let written = store.write(actor.clone(), move |transaction| {
        if let Some(id) = transaction.once(&request.once)? {
            return Ok(Ok(id));
        }
        if let Err(why) = decide(transaction, (&appointment, new.as_ref()), &surgery, now)? {
            return Ok(Err(why));
        }
        for step in old.iter().chain(new.as_ref().map(|(step, _)| step)).chain([&appointment]) {
            transaction.update(&step.to, IfMatch::Version(step.version))?;
        }
        transaction.settle_once(&request.once, &appointment.id)?;
        Ok(Ok(appointment.id))
    });
    match written.await {
        Ok(Ok(id)) => Ok(Answered::Done(Booked { id })),
        Ok(Err(why)) => refused(store, &actor, (why, desk, slot)).await,
        // Between reading and writing the appointment or a slot changed: whoever asks again sees how it stands now.
        Err(Error::PreconditionFailed(_)) => refused(store, &actor, (Refusal::SlotGone, desk, slot)).await,
        Err(error) => Err(unseen(&error)),
    }
}

fn plan(snapshot: &mut Snapshot, request: &Request) -> Result<Option<Plan>, Error> {
    let found = snapshot.read("Appointment", &request.appointment)?.present()?;
    let Some(desk) = Desk::read(snapshot, &request.patient)? else { return Ok(None) };
    let mut appointment = snapshot.document(&found)?;
    let held = appointment.items("slot").first().and_then(|one| Reference(one).id_of("Slot"));
    let old = match held.map(|id| snapshot.read("Slot", id)).transpose()? {
        Some(Found::Present(slot)) => {
            Some(step("Slot", &slot, resources::with_status(&slot.value()?, "free"))?)
        }
        _ => None,
    };
    let new = match &request.slot {
        None => {
            resources::cancel(&mut appointment);
            None
        }
        Some(id) => {
            let slot = snapshot.read("Slot", id)?.present()?;
            let document = snapshot.document(&slot)?;
            let doctor = desk.doctor(&document).ok_or(Error::NotFound)?;
            resources::move_to(&mut appointment, &document, doctor, None);
            Some((step("Slot", &slot, resources::with_status(&document, "busy"))?, document))
        }
    };
    let appointment = step("Appointment", &found, appointment)?;
    Ok(Some(Plan { desk, appointment, old, new }))
}

fn step(type_: &'static str, found: &Resource, to: Value) -> Result<Step, Error> {
    let to = Prepared::new(to).map_err(Error::Unprocessable)?;
    Ok(Step { type_, id: found.id.to_string(), version: found.version, to })
}

/// Whether the change is still allowed, and the other time still free, as the writer sees it.
fn decide(
    transaction: &mut Transaction,
    (appointment, new): (&Step, Option<&(Step, Value)>),
    surgery: &str,
    now: Timestamp,
) -> Result<Result<(), Refusal>, Error> {
    let found = transaction.read(appointment.type_, &appointment.id)?.present()?;
    let current = transaction.document(&found)?;
    let mut known = Known { surgery: Some(surgery.to_owned()), ..Known::default() };
    if let Some(service) = from_fhir::participant(&current, "HealthcareService")
        && let Some(id) = Reference(service).id_of("HealthcareService")
        && let Found::Present(document) = transaction.read("HealthcareService", id)?
    {
        known.add([transaction.document(&document)?]);
    }
    let Some(booking) = from_fhir::booking(&current, &known, now) else { return Ok(Err(Refusal::Over)) };
    if let Err(why) = rules::may_change(booking.change) {
        return Ok(Err(why));
    }
    let Some((step, _)) = new else { return Ok(Ok(())) };
    let slot = present(transaction, step.type_, &step.id)?;
    let (free, start) = free(&slot).ok_or(Error::NotFound)?;
    // Moving adds no appointment, so the limit is one further away.
    Ok(rules::may_book(&Wanted { free, start, note: "" }, BOOKINGS_LIMIT - 1, now))
}
