//! The one list: appointments, referrals and places on waiting lists of a person, from this record and from the other
//! sources that are asked. What another source does not say in time is missing by name; the rest is shown.

use super::elsewhere::{self, Elsewhere};
use super::from_fhir::{self, Known, age, list};
use super::matters::moved_from;
use super::measure;
use super::rules::{self, Refusal};
use super::view::{
    Ahead, Answered, Booking, BookingState, Diary, Referral, ReferralState, Setting, Waiting, WaitingState,
    Waits,
};
use crate::lookup::{all, id, unseen};
use crate::record::Whom;
use crate::view::Unseen;
use fhir::json::Value;
use fhir::views::Reference;
use jiff::Timestamp;
use std::collections::BTreeSet;
use store::{Actor, Error, Role, Snapshot, Store};

/// SNOMED CT: patient referral. Orders for tests are ServiceRequests too, and are no referrals.
pub(super) const REFERRAL: &str = "3457005";

/// What this record holds.
struct Local {
    diary: Diary,
    person: Value,
    /// Whose list each place is on, in order of [`Diary::waiting`].
    lists: Vec<Option<(String, String)>>,
}

/// The whole list.
pub(super) async fn diary(
    store: &Store,
    actor: &Actor,
    patient: &str,
    others: &[Elsewhere],
) -> Result<Diary, Unseen> {
    let Local { mut diary, person, lists } = local(store, actor, patient).await?;
    if diary.too_young || diary.no_access {
        // Nobody else is asked for what this reader is not shown.
        return Ok(diary);
    }
    let waits = waits(store, actor, lists).await?;
    for (place, waits) in diary.waiting.iter_mut().zip(waits) {
        place.waits = waits;
    }
    elsewhere::join(&mut diary, &person, others).await;
    order(&mut diary);
    Ok(diary)
}

/// The list as this record alone knows it, without what is published about waits.
pub(super) async fn own(store: &Store, actor: &Actor, patient: &str) -> Result<Diary, Unseen> {
    Ok(local(store, actor, patient).await?.diary)
}

/// One appointment.
pub(super) async fn booking(
    store: &Store,
    actor: &Actor,
    (patient, id): (&str, &str),
    others: &[Elsewhere],
) -> Result<Booking, Unseen> {
    let diary = diary(store, actor, patient, asked(id, others)).await?;
    let found = diary.upcoming.into_iter().chain(diary.past).find(|one| one.id == id);
    found.ok_or(Unseen::NotFound)
}

/// One referral, unless the reader is too young for their own.
pub(super) async fn referral(
    store: &Store,
    actor: &Actor,
    (patient, id): (&str, &str),
    others: &[Elsewhere],
) -> Result<Answered<Referral>, Unseen> {
    let diary = diary(store, actor, patient, asked(id, others)).await?;
    if let Some(refused) = under_16(&diary) {
        return Ok(refused);
    }
    diary.referrals.into_iter().find(|one| one.id == id).map(Answered::Done).ok_or(Unseen::NotFound)
}

/// One place on a waiting list, unless the reader is too young for their own.
pub(super) async fn waiting(
    store: &Store,
    actor: &Actor,
    (patient, id): (&str, &str),
    others: &[Elsewhere],
) -> Result<Answered<Waiting>, Unseen> {
    let diary = diary(store, actor, patient, asked(id, others)).await?;
    if let Some(refused) = under_16(&diary) {
        return Ok(refused);
    }
    diary.waiting.into_iter().find(|one| one.id == id).map(Answered::Done).ok_or(Unseen::NotFound)
}

fn under_16<T>(diary: &Diary) -> Option<Answered<T>> {
    let phone = diary.surgery.as_ref().and_then(|one| one.phone.clone());
    diary.too_young.then(|| Answered::Refused { why: Refusal::Under16, phone, alternatives: Vec::new() })
}

/// The other sources are asked only for what is theirs.
fn asked<'a>(id: &str, others: &'a [Elsewhere]) -> &'a [Elsewhere] {
    if id.contains(elsewhere::MARK) { others } else { &[] }
}

async fn local(store: &Store, actor: &Actor, patient: &str) -> Result<Local, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| read(snapshot, &patient, now));
    read.await.map_err(|error| unseen(&error))
}

/// What one type holds; `None` of a type that is closed to the reader (a carer, for example).
fn permitted(
    snapshot: &mut Snapshot,
    type_: &str,
    pairs: &[(&str, &str)],
) -> Result<Option<Vec<Value>>, Error> {
    match all(snapshot, type_, pairs) {
        Ok(page) => Ok(Some(page.items)),
        Err(Error::Forbidden) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same; a type that is closed to the reader holds nothing.
fn documents(snapshot: &mut Snapshot, type_: &str, pairs: &[(&str, &str)]) -> Result<Vec<Value>, Error> {
    Ok(permitted(snapshot, type_, pairs)?.unwrap_or_default())
}

fn read(snapshot: &mut Snapshot, patient: &str, now: Timestamp) -> Result<Local, Error> {
    let Whom { person, ids, .. } = Whom::read(snapshot, patient)?;
    let too_young =
        matches!(snapshot.actor().role, Role::Patient { .. }) && rules::too_young(age(&person, now));
    let appointments = permitted(snapshot, "Appointment", &[("patient", &ids)])?;
    let no_access = appointments.is_none();
    let appointments = appointments.unwrap_or_default();
    let (mut requests, mut plans) = (Vec::new(), Vec::new());
    if !too_young {
        let referral = format!("{}|{REFERRAL}", fhir::systems::SNOMED);
        requests = documents(snapshot, "ServiceRequest", &[("patient", &ids), ("category", &referral)])?;
        let listed = format!("{}|waiting-list", fhir::systems::CARE_PLAN_CATEGORY);
        plans = documents(snapshot, "CarePlan", &[("patient", &ids), ("category", &listed)])?;
    }
    let known = known(snapshot, &person, appointments.iter().chain(&requests).chain(&plans))?;
    let surgery = known.surgery.as_ref().and_then(|id| known.get(&organisation(id)));
    let mut diary = Diary {
        read_at: now,
        upcoming: Vec::new(),
        past: Vec::new(),
        referrals: Vec::new(),
        waiting: Vec::new(),
        surgery: surgery.map(from_fhir::surgery),
        too_young,
        no_access,
        silent: Vec::new(),
    };
    let lists =
        fill(&mut diary, &Documents { appointments: appointments.clone(), requests, plans }, &known, now);
    if too_young {
        diary.upcoming.retain(|one| one.setting == Setting::Surgery);
        diary.past.retain(|one| one.setting == Setting::Surgery);
    }
    for booking in &mut diary.upcoming {
        let document = appointments.iter().find(|one| id(one) == booking.id);
        if let Some(document) = document {
            booking.moved_from = moved_from(snapshot, (booking, document), now)?;
        }
    }
    order(&mut diary);
    Ok(Local { diary, person, lists })
}

/// What a source said.
pub(super) struct Documents {
    pub appointments: Vec<Value>,
    pub requests: Vec<Value>,
    pub plans: Vec<Value>,
}

/// Adds what a source said to the list; whose waiting list each place is on.
pub(super) fn fill(
    diary: &mut Diary,
    documents: &Documents,
    known: &Known,
    now: Timestamp,
) -> Vec<Option<(String, String)>> {
    let mut bookings: Vec<Booking> =
        documents.appointments.iter().filter_map(|one| from_fhir::booking(one, known, now)).collect();
    let mut referrals: Vec<Referral> =
        documents.requests.iter().filter_map(|one| from_fhir::referral(one, known)).collect();
    let mut lists = Vec::new();
    let mut waiting: Vec<Waiting> = Vec::new();
    for plan in &documents.plans {
        if let Some(place) = from_fhir::waiting(plan, known, now) {
            waiting.push(place);
            lists.push(list(plan));
        }
    }
    let ahead = |referral: &str| {
        let of =
            |one: &&Booking| one.referral.as_deref() == Some(referral) && one.state == BookingState::Booked;
        let found = bookings.iter().find(of)?;
        Some(Ahead { id: found.id.clone(), service: found.service.clone(), start: found.start })
    };
    for place in &mut waiting {
        place.booking = place.referral.as_deref().and_then(ahead);
    }
    for referral in &mut referrals {
        let on_list = |one: &&Waiting| {
            one.referral.as_deref() == Some(referral.id.as_str()) && one.state == WaitingState::Waiting
        };
        referral.waiting = waiting.iter().find(on_list).map(|one| one.id.clone());
        referral.booking = ahead(&referral.id);
        if matches!(referral.state, ReferralState::Sent) && referral.waiting.is_some() {
            referral.state = ReferralState::Accepted;
        }
        if matches!(referral.state, ReferralState::Sent | ReferralState::Accepted)
            && referral.booking.is_some()
        {
            referral.state = ReferralState::Appointed;
        }
    }
    for booking in &mut bookings {
        let of = |one: &&Referral| Some(&one.id) == booking.referral.as_ref();
        booking.referral_for = referrals.iter().find(of).map(|one| one.specialty.clone());
    }
    let to_come = |one: &Booking| {
        matches!(one.state, BookingState::Booked | BookingState::Requested) && one.start > now
    };
    let (upcoming, past): (Vec<_>, Vec<_>) = bookings.into_iter().partition(to_come);
    diary.upcoming.extend(upcoming);
    diary.past.extend(past);
    diary.referrals.extend(referrals);
    diary.waiting.extend(waiting);
    lists
}

/// Soonest first, newest first, longest first.
fn order(diary: &mut Diary) {
    diary.upcoming.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    diary.past.sort_by(|a, b| (b.start, &b.id).cmp(&(a.start, &a.id)));
    let written = |one: &Referral| match one.on {
        Some(crate::view::When::Instant(at)) => at,
        _ => Timestamp::MIN,
    };
    diary.referrals.sort_by_key(|one| std::cmp::Reverse(written(one)));
}

fn organisation(id: &str) -> Value {
    fhir::views::build::reference("Organization", id)
}

/// The surgery of a patient: the id of its Organization. Feeds name it by its ODS code alone.
pub(super) fn surgery_of(person: &Value) -> Option<String> {
    let mut all = person.items("generalPractitioner").iter();
    all.find_map(|one| {
        let view = Reference(one);
        let code = || view.identifier().filter(|one| one.is_of(fhir::systems::ODS))?.identifier();
        view.id_of("Organization").map(str::to_owned).or_else(|| code().map(fhir::identity::organization))
    })
}

/// The services and organisations that documents name, and the patient's surgery.
fn known<'a>(
    snapshot: &mut Snapshot,
    person: &Value,
    documents: impl Iterator<Item = &'a Value>,
) -> Result<Known, Error> {
    let mut known = Known { surgery: surgery_of(person), ..Known::default() };
    let mut services = BTreeSet::new();
    let mut organisations: BTreeSet<String> = known.surgery.iter().cloned().collect();
    for document in documents {
        let service = from_fhir::participant(document, "HealthcareService");
        services.extend(service.and_then(|one| Reference(one).id_of("HealthcareService")).map(str::to_owned));
        let named = document.items("performer").iter().chain(document.get("author"));
        organisations.extend(named.filter_map(|one| Reference(one).id_of("Organization")).map(str::to_owned));
    }
    let services = by_id(snapshot, "HealthcareService", services)?;
    let providers = services.iter().filter_map(|one| Reference(one.get("providedBy")?).id_of("Organization"));
    organisations.extend(providers.map(str::to_owned));
    known.add(services);
    known.add(by_id(snapshot, "Organization", organisations)?);
    Ok(known)
}

fn by_id(snapshot: &mut Snapshot, type_: &str, ids: BTreeSet<String>) -> Result<Vec<Value>, Error> {
    let ids: Vec<String> = ids.into_iter().collect();
    let mut found = Vec::new();
    for some in ids.chunks(100) {
        found.extend(documents(snapshot, type_, &[("_id", &some.join(","))])?);
    }
    Ok(found)
}

/// The published waits of lists. Read by the system: they are figures about many people and no document of anybody.
async fn waits(
    store: &Store,
    actor: &Actor,
    lists: Vec<Option<(String, String)>>,
) -> Result<Vec<Waits>, Unseen> {
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let read = store.read(Actor::system(actor.trace.clone()), move |snapshot| {
        let mut waits = Vec::with_capacity(lists.len());
        for list in &lists {
            waits.push(match list {
                Some((organisation, specialty)) => measure::published(snapshot, organisation, specialty)?,
                None => Waits::TooFew,
            });
        }
        Ok(waits)
    });
    read.await.map_err(|error| unseen(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surgery_is_known_by_reference_or_by_code() {
        let of = |gp: &str| {
            let text = format!(r#"{{"generalPractitioner":[{{"reference":"Practitioner/a"}},{gp}]}}"#);
            surgery_of(&fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap())
        };
        let system = fhir::systems::ODS;
        assert_eq!(of(r#"{"reference":"Organization/o"}"#).as_deref(), Some("o"));
        let by_code =
            of(&format!(r#"{{"identifier":{{"system":"{system}","value":"ZZ4007"}},"display":"S"}}"#));
        assert_eq!(by_code, Some(fhir::identity::organization("ZZ4007")));
        assert_eq!(of(r#"{"display":"S"}"#), None);
    }
}
