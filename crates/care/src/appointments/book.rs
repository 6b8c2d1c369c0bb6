//! Books a time. The decision is made inside the commit, on what the writer sees then: of two people who want one time,
//! one gets it and the other hears what else is free. The same form sent twice books once.

use super::CAPABILITY;
use super::from_fhir::channel;
use super::resources::{self, Draft};
use super::rules::{self, Refusal, Wanted};
use super::slots::{Desk, no_surgery};
use super::view::{Answered, Booked, Channel};
use crate::lookup::{all, unseen};
use crate::view::Unseen;
use crate::words::instant;
use fhir::json::Value;
use jiff::Timestamp;
use store::{Actor, Error, IfMatch, Prepared, Snapshot, Store, Transaction};

/// A time that somebody asks for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub patient: String,
    pub slot: String,
    pub note: String,
    /// The same for the same form.
    pub once: String,
}

/// What is written when the answer is yes.
struct Plan {
    desk: Desk,
    slot: Value,
    /// The version of the slot that the documents were made from.
    version: u64,
    busy: Prepared,
    appointment: Prepared,
}

/// Books.
pub(super) async fn book(store: &Store, actor: &Actor, request: Request) -> Result<Answered<Booked>, Unseen> {
    let actor = actor.within(&CAPABILITY);
    let now = store.environment().clock.now();
    let wanted = request.clone();
    let plan = store.read(actor.clone(), move |snapshot| plan(snapshot, &wanted, now)).await;
    let Some(plan) = plan.map_err(|error| unseen(&error))? else { return Ok(no_surgery(None)) };
    let Plan { desk, slot, version, busy, appointment } = plan;
    let (ids, slot_id) = (desk.ids.clone(), request.slot.clone());
    let written = store.write(actor.clone(), move |transaction| {
        if let Some(id) = transaction.once(&request.once)? {
            return Ok(Ok(id));
        }
        let current = transaction.read("Slot", &slot_id)?.present()?;
        let (free, start) = free(&current.value()?).ok_or(Error::NotFound)?;
        let wanted = Wanted { free: free && current.version == version, start, note: &request.note };
        let ahead = ahead(transaction, &ids, now)?;
        if let Err(why) = rules::may_book(&wanted, ahead, now) {
            return Ok(Err(why));
        }
        transaction.update(&busy, IfMatch::Version(version))?;
        let saved = transaction.create(&appointment)?;
        let id = saved.resource.id.to_string();
        transaction.settle_once(&request.once, &id)?;
        Ok(Ok(id))
    });
    match written.await.map_err(|error| unseen(&error))? {
        Ok(id) => Ok(Answered::Done(Booked { id })),
        Err(why) => refused(store, &actor, (why, desk, slot)).await,
    }
}

fn plan(snapshot: &mut Snapshot, request: &Request, now: Timestamp) -> Result<Option<Plan>, Error> {
    let Some(desk) = Desk::read(snapshot, &request.patient)? else { return Ok(None) };
    let found = snapshot.read("Slot", &request.slot)?.present()?;
    let slot = snapshot.document(&found)?;
    // A diary of another surgery is none of theirs.
    let doctor = desk.doctor(&slot).ok_or(Error::NotFound)?;
    let draft = Draft {
        patient: &desk.patient,
        organisation: &desk.organisation,
        service: desk.service(),
        created: format!("{now:.0}"),
        note: request.note.trim(),
    };
    let appointment =
        Prepared::new(resources::appointment(&draft, &slot, doctor)).map_err(Error::Unprocessable)?;
    let busy = Prepared::new(resources::with_status(&slot, "busy")).map_err(Error::Unprocessable)?;
    Ok(Some(Plan { desk, version: found.version, busy, appointment, slot }))
}

/// Whether a slot is free, and when it begins.
pub(super) fn free(slot: &Value) -> Option<(bool, Timestamp)> {
    Some((slot.text_at(&["status"])? == "free", instant(slot.text_at(&["start"])?)?))
}

/// How many appointments with slots of this record a person has ahead.
fn ahead(transaction: &mut Transaction, ids: &str, now: Timestamp) -> Result<usize, Error> {
    let from = format!("gt{now:.0}");
    let words = [("patient", ids), ("status", "booked"), ("date", &from)];
    let found = all(transaction, "Appointment", &words)?.items;
    Ok(found.iter().filter(|one| !one.items("slot").is_empty()).count())
}

/// A refusal, with other free times where somebody else was faster.
pub(super) async fn refused<T: Send + 'static>(
    store: &Store,
    actor: &Actor,
    (why, desk, slot): (Refusal, Desk, Value),
) -> Result<Answered<T>, Unseen> {
    let now = store.environment().clock.now();
    let wanted = free(&slot).map(|(_, start)| (start, channel(&slot).unwrap_or(Channel::InPerson)));
    let Some(wanted) = wanted.filter(|_| why == Refusal::SlotGone) else {
        return Ok(Answered::Refused { why, phone: desk.surgery.phone, alternatives: Vec::new() });
    };
    let phone = desk.surgery.phone.clone();
    let near = store.read(actor.clone(), move |snapshot| desk.near(snapshot, wanted, now)).await;
    let alternatives = near.map_err(|error| unseen(&error))?;
    Ok(Answered::Refused { why, phone, alternatives })
}
