//! The shell of messages about prescriptions: loads the facts of the prescription, checks, folds, and writes facts and
//! resources in one transaction.
//!
//! It must hold no rule. Facts are kept under their message's id, so the same message twice has one effect; what comes
//! before its order waits as a fact. An order that was written here (or imported) and has no facts yet gives its own.

use super::ItemStatus;
use super::event::{
    Cancellation, Dispensed, Event, Identity, ItemRef, Message, Order, Pharmacy, Says, Tracked, What,
};
use super::fold::fold;
use super::render;
use super::rules::{MessageRefusal, check};
use crate::lookup::all;
use fhir::json::{Text, Value, canonical};
use fhir::systems::{NHS_NUMBER, PRESCRIPTION_ORDER_ITEM_NUMBER};
use fhir::views::{MedicationEntry, Patient, Resource, build};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Actor, Error, Fact, IfMatch, Prepared, Store, Transaction};

/// What a message came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Each item with how far it is now; `None` while its order has not come.
    pub items: Vec<(ItemRef, Option<ItemStatus>)>,
    /// What became of each request to cancel.
    pub cancellations: Vec<(ItemRef, Cancellation)>,
    /// The MedicationRequests as they stand now.
    pub requests: Vec<Value>,
    /// Resources that got a new version.
    pub changed: usize,
}

/// Why a message had no effect.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A rule says no; sending it again would end alike.
    #[error(transparent)]
    Refused(#[from] MessageRefusal),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Applies a message: all of it or nothing.
///
/// # Errors
/// [`ApplyError`].
pub async fn apply(store: &Store, actor: Arc<Actor>, message: Message) -> Result<Applied, ApplyError> {
    if let Says::Order(order) = &message.says {
        check(order)?;
    }
    let outcome = store.write(actor, move |transaction| one(transaction, &message)).await;
    match outcome {
        Ok(applied) => Ok(applied?),
        Err(error) => Err(error.into()),
    }
}

/// A refusal stands inside, because it wrote nothing; an error outside undoes what was written.
fn one(transaction: &mut Transaction, message: &Message) -> Result<Result<Applied, MessageRefusal>, Error> {
    let mut applied = Applied::default();
    let mut prepared = Vec::new();
    for (order_number, events) in events_of(transaction, message)? {
        let mut known = Known::load(transaction, &order_number, &events)?;
        let events = match known.admit(message, events) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        prepared.push((order_number, known, events));
    }
    if prepared.is_empty() {
        return Ok(Err(MessageRefusal::NoItems));
    }
    if let Says::Order(order) = &message.says
        && let Err(refusal) = admit_patient(transaction, &order.patient, &mut prepared)?
    {
        return Ok(Err(refusal));
    }
    for (order_number, known, events) in prepared {
        known.write(transaction, (&order_number, events), &mut applied)?;
    }
    Ok(Ok(applied))
}

/// What is known of one prescription.
struct Known {
    facts: Vec<Event>,
    /// Item number → id of its MedicationRequest, and the document.
    requests: BTreeMap<String, (String, Value)>,
    /// Facts that the documents give where there are none.
    seeds: Vec<Event>,
}

type New = (String, Known, Vec<Event>);

impl Known {
    fn load(transaction: &mut Transaction, order_number: &str, events: &[Event]) -> Result<Self, Error> {
        let read = |fact: store::RecordedFact| {
            serde_json::from_slice(&fact.fact.body)
                .map_err(|fault| Error::Internal(format!("fact cannot be read: {fault}")))
        };
        let facts: Vec<Event> =
            transaction.facts(&stream(order_number))?.into_iter().map(read).collect::<Result<_, _>>()?;
        let items: BTreeSet<&str> =
            facts.iter().chain(events).filter_map(|event| event.item.as_deref()).collect();
        let mut known = Self { facts: facts.clone(), requests: BTreeMap::new(), seeds: Vec::new() };
        for item in &items {
            known.find(transaction, order_number, item)?;
        }
        // A release names the prescription alone: its items are those whose order is in the record.
        if items.is_empty() {
            known.find_all(transaction, order_number)?;
        }
        for (item, (_, request)) in &known.requests {
            let ordered = facts
                .iter()
                .any(|one| one.item.as_deref() == Some(item) && matches!(one.what, What::Ordered(_)));
            if !ordered {
                known.seeds.extend(seeds(item, request));
            }
        }
        Ok(known)
    }

    fn find(&mut self, transaction: &mut Transaction, order_number: &str, item: &str) -> Result<(), Error> {
        let words = format!("{PRESCRIPTION_ORDER_ITEM_NUMBER}|{item}");
        for request in all(transaction, "MedicationRequest", &[("identifier", &words)])?.items {
            self.keep(order_number, request);
        }
        Ok(())
    }

    fn find_all(&mut self, transaction: &mut Transaction, order_number: &str) -> Result<(), Error> {
        let words = format!("{}|{order_number}", fhir::systems::PRESCRIPTION_ORDER_NUMBER);
        for request in all(transaction, "MedicationRequest", &[("identifier", &words)])?.items {
            self.keep(order_number, request);
        }
        Ok(())
    }

    fn keep(&mut self, order_number: &str, request: Value) {
        let view = MedicationEntry(&request);
        let (Some(id), Some(item)) = (view.id().map(str::to_owned), view.item_number().map(str::to_owned))
        else {
            return;
        };
        if view.order_number() == Some(order_number) && !matches!(view.intent(), Some("proposal" | "plan")) {
            self.requests.insert(item, (id, request));
        }
    }

    fn events(&self) -> Vec<Event> {
        self.facts.iter().chain(&self.seeds).cloned().collect()
    }

    fn items(&self) -> BTreeSet<String> {
        let of_facts = self.facts.iter().filter_map(|event| event.item.clone());
        of_facts.chain(self.requests.keys().cloned()).collect()
    }

    /// The events of the message that are new; refuses a message that contradicts what is known.
    fn admit(&mut self, message: &Message, events: Vec<Event>) -> Result<Vec<Event>, MessageRefusal> {
        let mut new = Vec::new();
        for event in events {
            match self.facts.iter().find(|known| known.key == event.key) {
                Some(known) if known.what == event.what || matches!(event.what, What::Ordered(_)) => {}
                Some(_) => return Err(MessageRefusal::MessageReused),
                None => new.push(event),
            }
        }
        let before = self.events();
        match &message.says {
            Says::Order(order) => self.admit_order(order, &before)?,
            Says::Release(_, pharmacy) => admit_release(&self.items(), &before, pharmacy)?,
            Says::Return(..) if self.items().is_empty() => return Err(MessageRefusal::NotFound),
            _ => {}
        }
        Ok(new)
    }

    /// A prescription that is known must be the same prescription.
    fn admit_order(&self, order: &Order, before: &[Event]) -> Result<(), MessageRefusal> {
        let ordered: BTreeSet<&str> = before
            .iter()
            .filter(|event| matches!(event.what, What::Ordered(_)))
            .filter_map(|event| event.item.as_deref())
            .collect();
        let asked: BTreeSet<&str> = order.items.iter().map(|(number, _)| number.as_str()).collect();
        if ordered.is_empty() || ordered == asked { Ok(()) } else { Err(MessageRefusal::Differs) }
    }

    fn write(
        self,
        transaction: &mut Transaction,
        (order_number, new): (&str, Vec<Event>),
        applied: &mut Applied,
    ) -> Result<(), Error> {
        for event in self.seeds.iter().chain(&new) {
            let body = serde_json::to_vec(event).map_err(|fault| Error::Internal(fault.to_string()))?;
            transaction.put_fact(&Fact {
                stream: Text::from(stream(order_number)),
                key: Text::from(event.key.as_str()),
                occurred_at: event.occurred_at,
                body,
                message: None,
            })?;
        }
        let mut items = self.items();
        items.extend(new.iter().filter_map(|event| event.item.clone()));
        let events: Vec<Event> = self.events().into_iter().chain(new.iter().cloned()).collect();
        for number in items {
            let item = ItemRef { order_number: order_number.to_owned(), item_number: number.clone() };
            let state = fold(&events, &number);
            let asked = new.iter().find(|event| {
                matches!(event.what, What::Cancelled(_)) && event.item.as_deref() == Some(&number)
            });
            if let Some(asked) = asked {
                let became = state.cancellations.iter().find(|(key, _)| *key == asked.key);
                let became = match state.order {
                    Some(_) => became.map_or(Cancellation::Unknown, |(_, became)| *became),
                    None => Cancellation::Unknown,
                };
                applied.cancellations.push((item.clone(), became));
            }
            applied.items.push((item, state.order.map(|_| state.status)));
            let known = self.requests.get(&number);
            let id = known.map_or_else(|| render::request_id(order_number, &number), |(id, _)| id.clone());
            let Some(request) = render::request(&state, &id) else { continue };
            let dispenses = render::dispenses(&state, &request);
            put(transaction, request.clone(), known.map(|(_, request)| request), applied)?;
            for dispense in dispenses {
                put(transaction, dispense, None, applied)?;
            }
            applied.requests.push(request);
        }
        Ok(())
    }
}

fn admit_release(items: &BTreeSet<String>, events: &[Event], by: &Pharmacy) -> Result<(), MessageRefusal> {
    let states: Vec<_> =
        items.iter().map(|item| fold(events, item)).filter(|one| one.order.is_some()).collect();
    if states.is_empty() {
        return Err(MessageRefusal::NotFound);
    }
    let held = |state: &super::fold::Item<'_>| {
        state.status.is_with_pharmacy() && state.pharmacy.is_some_and(|one| one.ods != by.ods)
    };
    if states.iter().any(held) {
        return Err(MessageRefusal::AnotherDispenser);
    }
    let open = |state: &super::fold::Item<'_>| {
        state.status == ItemStatus::PrescriberApproved || state.status.is_with_pharmacy()
    };
    if states.iter().any(open) { Ok(()) } else { Err(MessageRefusal::Over) }
}

/// Facts that a document gives of itself: that it was ordered, and how far it is.
fn seeds(item: &str, request: &Value) -> Vec<Event> {
    let view = MedicationEntry(request);
    let moment =
        |text: Option<&str>| text.and_then(crate::words::instant).map_or(0, Timestamp::as_microsecond);
    let event = |word: &str, occurred_at: i64, what: What| Event {
        key: format!("record|{word}|{item}"),
        item: Some(item.to_owned()),
        occurred_at,
        what,
    };
    let mut seeds =
        vec![event("order", moment(view.authored_on()), What::Ordered(render::plain(request.clone())))];
    let status = view.status_history().find_map(|one| Some((ItemStatus::of_code(one.code)?, one.since)));
    match status {
        Some((ItemStatus::PrescriberCancelled, since)) => {
            seeds.push(event("status", moment(since), What::Cancelled(None)));
        }
        Some((status, since)) if status != ItemStatus::PrescriberApproved => {
            let pharmacy = view.dispenser_ods().map(|ods| Pharmacy {
                ods: ods.to_owned(),
                name: view.dispenser().and_then(|one| one.display()).unwrap_or_default().to_owned(),
            });
            seeds.push(event("status", moment(since), What::Tracked(status, pharmacy)));
        }
        _ => {}
    }
    seeds
}

/// The events of a message, by prescription.
fn events_of(transaction: &Transaction, message: &Message) -> Result<BTreeMap<String, Vec<Event>>, Error> {
    let now = Timestamp::from_microsecond(transaction.now_us()).unwrap_or(message.occurred_at);
    // Nothing from outside may lie in the future, or it would win over everything that is still to come.
    let moment = |at: Option<Timestamp>| at.unwrap_or(message.occurred_at).min(now).as_microsecond();
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    let mut add = |order: &str, item: Option<&str>, at: Option<Timestamp>, what: What| {
        let kind = match what {
            What::Ordered(_) => "order",
            What::Released(_) => "release",
            What::Returned => "return",
            What::Tracked(..) => "track",
            What::Dispensed(..) => "dispense",
            What::Cancelled(_) => "cancel",
        };
        let key = format!("{}|{kind}|{}", message.id, item.unwrap_or_default());
        let event = Event { key, item: item.map(str::to_owned), occurred_at: moment(at), what };
        events.entry(order.to_owned()).or_default().push(event);
    };
    match &message.says {
        Says::Order(order) => {
            for (number, request) in &order.items {
                let text = fhir::json::to_string(request);
                add(&order.order_number, Some(number), None, What::Ordered(text));
            }
        }
        Says::Cancel(items) => {
            for (item, reason) in items {
                add(&item.order_number, Some(&item.item_number), None, What::Cancelled(reason.clone()));
            }
        }
        Says::Dispense(items) => {
            for Dispensed { item, outcome, at, dispense } in items {
                let what = What::Dispensed(*outcome, fhir::json::to_string(dispense));
                add(&item.order_number, Some(&item.item_number), *at, what);
            }
        }
        Says::Release(order, pharmacy) => add(order, None, None, What::Released(pharmacy.clone())),
        Says::Return(order, _) => add(order, None, None, What::Returned),
        Says::Track(items) => {
            for Tracked { item, status, at, pharmacy } in items {
                let what = What::Tracked(*status, pharmacy.clone());
                add(&item.order_number, Some(&item.item_number), *at, what);
            }
        }
    }
    Ok(events)
}

/// Finds the patient of an order and makes each of its items theirs.
fn admit_patient(
    transaction: &mut Transaction,
    identity: &Identity,
    prepared: &mut [New],
) -> Result<Result<(), MessageRefusal>, Error> {
    let words = format!("{NHS_NUMBER}|{}", identity.nhs_number);
    let mut found = all(transaction, "Patient", &[("identifier", &words)])?.items;
    found.retain(|person| Patient(person).linked("replaced-by").next().is_none());
    let [person] = found.as_slice() else { return Ok(Err(MessageRefusal::PatientUnknown)) };
    if !agrees(identity, Patient(person)) {
        return Ok(Err(MessageRefusal::PatientDiffers));
    }
    let id = person.id().unwrap_or_default();
    for event in prepared.iter_mut().flat_map(|(_, _, events)| events) {
        if let What::Ordered(text) = &mut event.what
            && let Ok(mut request) = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default())
        {
            if let Some(members) = request.as_object_mut() {
                members.insert("subject", build::reference("Patient", id));
                if members.get("authoredOn").is_none() {
                    let at = Timestamp::from_microsecond(event.occurred_at).unwrap_or(Timestamp::UNIX_EPOCH);
                    members.insert("authoredOn", Value::from(at.to_string()));
                }
            }
            *text = fhir::json::to_string(&request);
        }
    }
    Ok(Ok(()))
}

/// An NHS number alone never links: date of birth and one name must agree.
fn agrees(identity: &Identity, person: Patient<'_>) -> bool {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let names: Vec<&str> =
        person.names().flat_map(|name| name.family().into_iter().chain(name.given())).collect();
    let one_name = identity.names.iter().any(|name| names.iter().any(|known| same(name, known)));
    one_name && identity.born.is_some() && identity.born.as_deref() == person.birth_date()
}

fn put(
    transaction: &mut Transaction,
    resource: Value,
    known: Option<&Value>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if known.is_some_and(|known| same(known, &resource)) {
        return Ok(());
    }
    let prepared = Prepared::new(resource).map_err(Error::Unprocessable)?;
    let saved = transaction.update(&prepared, IfMatch::Any)?;
    applied.changed += usize::from(saved.changed);
    Ok(())
}

fn same(known: &Value, resource: &Value) -> bool {
    let bare = |one: &Value| {
        let text = render::plain(one.clone());
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).map(|one| canonical(&one)).ok()
    };
    bare(known) == bare(resource)
}

fn stream(order_number: &str) -> String {
    format!("prescription:{order_number}")
}
