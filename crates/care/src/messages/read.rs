//! Reading one thread, and to whom a person can write. A thread on a referral belongs to the patient, the surgery and the
//! hospital team alike; staff open no thread in which their own organisation takes no part.

use super::document::message;
use super::lists::subjects;
use super::rules::{organisations, same, standing, waits_since};
use super::view::{Addressee, Desk, Message, Party, Thread};
use crate::lookup::{all, page, unseen};
use crate::profile::preferences;
use crate::record::Whom;
use crate::view::Unseen;
use crate::words;
use catalogue::say;
use fhir::json::Value;
use fhir::systems::{ODS, SNOMED};
use fhir::views::{Patient, Resource};
use jiff::Timestamp;
use std::collections::HashMap;
use store::{Actor, Error, Role, Snapshot, Store};

/// The id of the organisation for which the actor reads; `None` for patients, for whoever acts for one, and for staff who do
/// what a patient asked them to do in the patient's place.
pub(super) fn organisation(actor: &Actor) -> Option<String> {
    let staff = matches!(actor.role, Role::WardStaff { .. } | Role::Surgery { .. });
    let own = staff && !actor.is_on_behalf() && !actor.organisation.is_empty();
    own.then(|| fhir::identity::organization(&actor.organisation))
}

/// Names of organisations, each read once.
#[derive(Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// The name of whoever takes part besides the patient.
    pub fn of(&mut self, snapshot: &mut Snapshot, party: &Party) -> Option<String> {
        match party {
            Party::Patient => None,
            Party::Other { name } => Some(name.clone()).filter(|name| !name.is_empty()),
            Party::Organisation { name, .. } if !name.is_empty() => Some(name.clone()),
            Party::Organisation { id, ods, .. } => {
                if let Some(known) = self.0.get(id) {
                    return Some(known.clone());
                }
                let read = document(snapshot, "Organization", id).ok().flatten();
                let name =
                    read.and_then(|one| one.name_text().map(str::to_owned)).unwrap_or_else(|| ods.clone());
                self.0.insert(id.clone(), name.clone());
                Some(name).filter(|name| !name.is_empty())
            }
        }
    }
}

/// One thread, of any of its messages' ids.
pub(super) async fn thread(store: &Store, actor: &Actor, id: &str) -> Result<Thread, Unseen> {
    let (id, now) = (id.to_owned(), store.environment().clock.now());
    let read = store.read(actor.clone(), move |snapshot| Ok(whole(snapshot, &id, now)?.thread));
    read.await.map_err(|error| unseen(&error))
}

/// A thread as it stands, and who can read answers now.
pub(super) struct Whole {
    pub thread: Thread,
    pub able: Vec<Party>,
}

/// Reads a thread.
pub(super) fn whole(snapshot: &mut Snapshot, id: &str, now: Timestamp) -> Result<Whole, Error> {
    let found = snapshot.read("Communication", id)?.present()?;
    let asked = snapshot.document(&found)?;
    let asked = message(&asked).ok_or(Error::NotFound)?;
    let reference = format!("Communication/{}", asked.thread);
    let found = all(snapshot, "Communication", &[("part-of", reference.as_str()), ("_sort", "sent")])?;
    let mut messages: Vec<Message> = found.items.iter().filter_map(message).collect();
    // A message of another record has no part in this thread, whatever it says of itself.
    messages.retain(|one| one.patient == asked.patient);
    if asked.id == asked.thread {
        messages.insert(0, asked.clone());
    } else if let Some(first) = document(snapshot, "Communication", &asked.thread)?.as_ref().and_then(message)
        && first.patient == asked.patient
    {
        messages.insert(0, first);
    }
    let first = messages.first().unwrap_or(&asked).clone();
    let referral = match first.referral.as_deref() {
        Some(referral) => document(snapshot, "ServiceRequest", referral)?,
        None => None,
    };
    let hospital = referral.as_ref().and_then(performer);
    let parties = organisations(&messages);
    let own = organisation(snapshot.actor());
    let is_own = |party: &Party| party.organisation() == own.as_deref();
    if own.is_some() && !parties.iter().chain(&hospital).any(is_own) {
        return Err(Error::NotFound);
    }
    // What was written under an earlier number is answered by those who care for the person now.
    let Whom { person, ids, .. } = Whom::read(snapshot, &asked.patient)?;
    let sent = match &first.referral {
        Some(id) if referral.is_none() => unseen_referral(snapshot, id, &ids)?,
        _ => referral.clone(),
    };
    let able = able(snapshot, (&person, sent.as_ref()), &parties)?;
    let mut names = Names::default();
    let (mut with, mut readers): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for party in messages.iter().flat_map(|one| one.from.iter().chain(&one.to)) {
        with.extend(names.of(snapshot, party).filter(|name| !with.contains(name)));
    }
    for party in able.iter().filter(|one| own.is_none() || !is_own(one)) {
        readers.extend(names.of(snapshot, party));
    }
    let thread = Thread {
        id: asked.thread.clone(),
        patient: asked.patient.clone(),
        name: words::name(&person),
        subject: first.subject.clone(),
        kind: first.kind,
        with,
        standing: standing(&messages, &able),
        readers,
        waits_since: own.and_then(|own| waits_since(&messages, &own)),
        referral: referral.as_ref().map(title),
        preferences: preferences(&person),
        read_at: now,
        messages,
    };
    Ok(Whole { thread, able })
}

/// A person's referral that the reader of a thread may not read, such as a carer who has messages and not appointments. It
/// says who of those already named in the thread can read answers, and nothing else of it goes further.
fn unseen_referral(snapshot: &mut Snapshot, id: &str, ids: &str) -> Result<Option<Value>, Error> {
    let found = snapshot.for_the_house(|house| document(house, "ServiceRequest", id))?;
    let own = |one: &Value| one.subject().and_then(|one| one.id_of("Patient")).map(str::to_owned);
    Ok(found.filter(|one| own(one).is_some_and(|own| ids.split(',').any(|id| id == own))))
}

/// Those of a thread's organisations that can read answers now: the surgery where the patient is registered, and the
/// hospital while the referral is open. Whoever treated the patient before no longer reads their record.
fn able(
    snapshot: &mut Snapshot,
    (person, referral): (&Value, Option<&Value>),
    parties: &[Party],
) -> Result<Vec<Party>, Error> {
    let surgery = surgery(snapshot, person)?.map(|(party, _)| party);
    let open = referral.filter(|one| matches!(one.status(), Some("active" | "on-hold")));
    let now = [surgery, open.and_then(performer)];
    let takes_part = |one: &Party| parties.iter().any(|party| same(party, one));
    Ok(now.into_iter().flatten().filter(takes_part).collect())
}

/// To whom a person can write.
pub(super) async fn desk(store: &Store, actor: &Actor, patient: &str) -> Result<Desk, Unseen> {
    let patient = patient.to_owned();
    let read = store.read(actor.clone(), move |snapshot| {
        let Whom { person, ids, .. } = Whom::read(snapshot, &patient)?;
        let mut addressees = Vec::new();
        let own = organisation(snapshot.actor());
        let mut registered = false;
        if let Some((surgery, phone)) = surgery(snapshot, &person)? {
            registered = own.is_some() && surgery.organisation() == own.as_deref();
            if own.is_none() || registered {
                let key = String::from(if registered { "patient" } else { "surgery" });
                let name = Names::default().of(snapshot, &surgery).unwrap_or_default();
                addressees.push(Addressee { key, name, referral: None, phone });
            }
        }
        for referral in referrals(snapshot, &ids)? {
            let hospital = performer(&referral);
            let takes_part = hospital.as_ref().and_then(Party::organisation) == own.as_deref();
            if own.is_some() && !registered && !takes_part {
                continue;
            }
            let name = hospital.as_ref().and_then(|one| Names::default().of(snapshot, one));
            let phone = match hospital.as_ref().and_then(Party::organisation) {
                Some(id) => document(snapshot, "Organization", id)?.as_ref().and_then(phone),
                None => None,
            };
            if let (Some(key), Some(name)) = (referral.id(), name) {
                let referral = Some(title(&referral));
                addressees.push(Addressee { key: key.to_owned(), name, referral, phone });
            }
        }
        Ok(Desk { addressees, name: words::name(&person), preferences: preferences(&person) })
    });
    read.await.map_err(|error| unseen(&error))
}

/// The surgery where a person is registered, and its phone number.
pub(super) fn surgery(
    snapshot: &mut Snapshot,
    person: &Value,
) -> Result<Option<(Party, Option<String>)>, Error> {
    for one in Patient(person).general_practitioners() {
        let ods = one.identifier().filter(|id| id.is_of(ODS)).and_then(|id| id.identifier());
        let derived = ods.map(fhir::identity::organization);
        let Some(id) = one.id_of("Organization").map(str::to_owned).or(derived) else { continue };
        let Some(read) = document(snapshot, "Organization", &id)? else { continue };
        let ods = read.identifiers().find(|one| one.is_of(ODS)).and_then(|one| one.identifier());
        let ods = ods.unwrap_or_default().to_owned();
        let name = read.name_text().unwrap_or_default().to_owned();
        return Ok(Some((Party::Organisation { id, ods, name }, phone(&read))));
    }
    Ok(None)
}

/// A person's open referrals; none where the reader may not see them.
pub(super) fn referrals(snapshot: &mut Snapshot, ids: &str) -> Result<Vec<Value>, Error> {
    let subjects = subjects(ids);
    let pairs = [("subject", subjects.as_str()), ("status", "active,on-hold"), ("_count", "50")];
    match page(snapshot, "ServiceRequest", &pairs) {
        Ok(found) => Ok(found.items.into_iter().filter(is_referral).collect()),
        Err(Error::Forbidden | Error::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Whether an order sends somebody to another team (SNOMED CT 3457005, or the booking and referral standard).
fn is_referral(order: &Value) -> bool {
    order.items("category").iter().flat_map(|one| one.items("coding")).any(|one| {
        let code = one.text_at(&["code"]);
        (one.text_at(&["system"]) == Some(SNOMED) && code == Some("3457005")) || code == Some("referral")
    })
}

/// The organisation that a referral goes to.
pub(super) fn performer(referral: &Value) -> Option<Party> {
    referral.items("performer").iter().find_map(|one| {
        let ods = one.text_at(&["identifier", "value"]).unwrap_or_default().to_owned();
        let id = one.text_at(&["reference"]).and_then(|one| one.strip_prefix("Organization/"));
        let id = id
            .map(str::to_owned)
            .or_else(|| (!ods.is_empty()).then(|| fhir::identity::organization(&ods)))?;
        Some(Party::Organisation { id, ods, name: one.text_at(&["display"]).unwrap_or_default().to_owned() })
    })
}

/// What a referral is for.
fn title(referral: &Value) -> String {
    let code = referral.get("code");
    let text = code.and_then(|code| code.text_at(&["text"]));
    let display =
        code.and_then(|code| code.items("coding").first()).and_then(|one| one.text_at(&["display"]));
    text.or(display).unwrap_or_else(|| say("record-unnamed-referral")).to_owned()
}

/// An organisation's phone number.
pub(super) fn phone(organisation: &Value) -> Option<String> {
    let phone = organisation.items("telecom").iter().find(|one| one.text_at(&["system"]) == Some("phone"));
    phone.and_then(|one| one.text_at(&["value"])).map(str::to_owned)
}

/// A document, where there is one that the actor may read.
pub(super) fn document(snapshot: &mut Snapshot, type_: &str, id: &str) -> Result<Option<Value>, Error> {
    match snapshot.read(type_, id).and_then(store::Found::present) {
        Ok(found) => snapshot.document(&found).map(Some),
        Err(Error::NotFound | Error::Gone { .. } | Error::Forbidden) => Ok(None),
        Err(error) => Err(error),
    }
}
