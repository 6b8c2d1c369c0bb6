//! The shells of sending, answering, closing and opening: snapshot, decision, one commit. A form sent twice has one effect.

use super::decide::{Draft, Refusal, decide, sounds_urgent, written};
use super::document::{New, answered, communication, done_by, message, opened, read_by};
use super::lists::subjects;
use super::read::{Whole, document, organisation, performer, referrals, surgery, whole};
use super::rules::{Standing, same};
use super::view::{Kind, Message, Party, Thread};
use crate::labels::inherited;
use crate::lookup::{page, unseen};
use crate::record::{Whom, numbers};
use crate::view::Unseen;
use fhir::json::Value;
use fhir::views::Resource;
use jiff::{SignedDuration, Timestamp};
use store::{Actor, Capability, Error, IfMatch, Prepared, Role, Store, Transaction};

/// Messages are Communications and nothing else.
pub const MESSAGES: Capability = Capability { name: "messages", writes: &["Communication"], shared: &[] };

/// Why a message was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}

/// Who writes, for whom.
struct Writer {
    from: Party,
    written_by: String,
    /// Whether the limits of patients hold.
    patient: bool,
}

fn writer(transaction: &mut Transaction) -> Result<Writer, Error> {
    let actor = transaction.actor().clone();
    if let Some(id) = organisation(&actor) {
        let read = document(transaction, "Organization", &id)?;
        let name = read.as_ref().and_then(|one| one.name_text()).unwrap_or(&actor.organisation).to_owned();
        let ods = actor.organisation.to_string();
        let from = Party::Organisation { id, ods, name };
        return Ok(Writer { from, written_by: actor.name, patient: false });
    }
    // Whoever acts for the patient is named; the message is the patient's.
    let own = matches!(&actor.role, Role::Patient { .. });
    let written_by = if own { String::new() } else { actor.name };
    Ok(Writer { from: Party::Patient, written_by, patient: true })
}

/// Begins a thread; answers its id.
pub(super) async fn send(
    store: &Store,
    actor: &Actor,
    (patient, once): (&str, &str),
    draft: Draft,
) -> Result<String, Unsent> {
    let (patient, once) = (patient.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let sent = store.write(actor.within(&MESSAGES), move |transaction| {
        if let Some(known) = transaction.once(&once)? {
            return Ok(Ok(known));
        }
        let writer = writer(transaction)?;
        if let Err(refusal) = allowed(transaction, (&patient, &writer), &draft, now)? {
            return Ok(Err(refusal));
        }
        let Some((to, referral)) = addressed(transaction, &patient, (&draft.to, &writer))? else {
            return Ok(Err(Refusal::Nobody));
        };
        let id = transaction.fresh_id().to_string();
        put(
            transaction,
            &New {
                id: &id,
                thread: None,
                patient: &patient,
                kind: Kind::Message,
                subject: draft.subject.as_deref().unwrap_or_default().trim(),
                text: draft.text.trim(),
                from: writer.from,
                written_by: &writer.written_by,
                to,
                referral: referral.as_deref(),
                at: now,
            },
        )?;
        transaction.settle_once(&once, &id)?;
        Ok(Ok(id))
    });
    Ok(sent.await.map_err(|error| unseen(&error))??)
}

/// Answers in a thread, to everybody who takes part.
pub(super) async fn reply(
    store: &Store,
    actor: &Actor,
    (thread, once): (&str, &str),
    draft: Draft,
) -> Result<(), Unsent> {
    let (thread, once) = (thread.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let sent = store.write(actor.within(&MESSAGES), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let Whole { thread, able } = whole(transaction, &thread, now)?;
        let writer = writer(transaction)?;
        // An organisation that closed a thread can take it up again; the patient begins another.
        match thread.standing {
            Standing::NoReply => return Ok(Err(Refusal::Closed)),
            Standing::Closed { .. } if writer.patient => return Ok(Err(Refusal::Closed)),
            _ => {}
        }
        let draft = Draft { subject: None, ..draft };
        if let Err(refusal) = allowed(transaction, (&thread.patient, &writer), &draft, now)? {
            return Ok(Err(refusal));
        }
        let everybody = std::iter::once(Party::Patient).chain(able);
        let to = everybody.filter(|party| !same(party, &writer.from)).collect();
        add(transaction, (&thread, &writer), (Kind::Message, draft.text.trim(), to), now)?;
        if !writer.patient {
            for one in thread.messages.iter().filter(|one| one.waits) {
                change(transaction, &one.id, answered)?;
            }
        }
        transaction.settle_once(&once, "")?;
        Ok(Ok(()))
    });
    Ok(sent.await.map_err(|error| unseen(&error))??)
}

/// Closes a thread for the actor's organisation: nothing in it waits for them any more, and the patient is told that they
/// have closed it.
pub(super) async fn close(store: &Store, actor: &Actor, (thread, once): (&str, &str)) -> Result<(), Unsent> {
    let own = organisation(actor).ok_or(Unseen::NoAccess)?;
    let (thread, once) = (thread.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let closed = store.write(actor.within(&MESSAGES), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let Whole { thread, .. } = whole(transaction, &thread, now)?;
        if thread.standing == Standing::NoReply {
            return Ok(Err(Refusal::Closed));
        }
        let writer = writer(transaction)?;
        add(transaction, (&thread, &writer), (Kind::Closed, "", vec![Party::Patient]), now)?;
        for one in thread.messages.iter().filter(|one| one.waits_for(&own)) {
            let others = one.to.iter().filter_map(Party::organisation);
            let left = others.filter(|id| *id != own && !one.done_by.iter().any(|done| done == id)).count();
            change(transaction, &one.id, |document| {
                let document = done_by(document, &own);
                if left == 0 { answered(document) } else { document }
            })?;
        }
        transaction.settle_once(&once, "")?;
        Ok(Ok(()))
    });
    Ok(closed.await.map_err(|error| unseen(&error))??)
}

/// Adds to a conversation: what is said to whom, or that somebody closes it.
fn add(
    transaction: &mut Transaction,
    (thread, writer): (&Thread, &Writer),
    (kind, text, to): (Kind, &str, Vec<Party>),
    at: Timestamp,
) -> Result<(), Error> {
    let id = transaction.fresh_id().to_string();
    let last = thread.messages.last().map_or(thread.id.as_str(), |one| one.id.as_str());
    put(
        transaction,
        &New {
            id: &id,
            thread: Some((&thread.id, last)),
            patient: &thread.patient,
            kind,
            subject: thread.subject.as_deref().unwrap_or_default(),
            text,
            from: writer.from.clone(),
            written_by: &writer.written_by,
            to,
            referral: thread.messages.first().and_then(|one| one.referral.as_deref()),
            at,
        },
    )
}

/// Changes a message.
fn change(transaction: &mut Transaction, id: &str, change: impl FnOnce(Value) -> Value) -> Result<(), Error> {
    let found = transaction.read("Communication", id)?.present()?;
    let version = found.version;
    let prepared = Prepared::new(change(found.value()?)).map_err(Error::Unprocessable)?;
    transaction.update(&prepared, IfMatch::Version(version))?;
    Ok(())
}

/// Writes a message. What is said on a referral, or in a conversation, is as sensitive as these are.
fn put(transaction: &mut Transaction, new: &New<'_>) -> Result<(), Error> {
    let mut message = communication(new);
    let referral = new.referral.map(|id| ("ServiceRequest", id));
    for (type_, id) in referral.into_iter().chain(new.thread.map(|(id, _)| ("Communication", id))) {
        // Whether or not whoever writes may read it.
        if let Some(about) = transaction.for_the_house(|house| document(house, type_, id))? {
            message = inherited(message, &about);
        }
    }
    let prepared = Prepared::new(message).map_err(Error::Unprocessable)?;
    transaction.update(&prepared, IfMatch::NoneExists)?;
    Ok(())
}

fn allowed(
    transaction: &mut Transaction,
    (patient, writer): (&str, &Writer),
    draft: &Draft,
    now: Timestamp,
) -> Result<Result<(), Refusal>, Error> {
    if !writer.patient {
        return Ok(written(draft));
    }
    // A day's messages are one person's, under whichever number they stand.
    let person = subjects(&Whom::read(transaction, patient)?.ids);
    let day = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    let since = format!("gt{day:.0}");
    let pairs = [("sender", person.as_str()), ("sent", since.as_str()), ("_count", "50")];
    let found = page(transaction, "Communication", &pairs)?.items;
    let today = found.iter().filter_map(message).filter(|one| one.kind != Kind::Application).count();
    let said = format!("{} {}", draft.subject.as_deref().unwrap_or_default(), draft.text);
    Ok(decide(draft, sounds_urgent(&said), today))
}

/// To whom, and the id of the referral.
type Addressed = (Vec<Party>, Option<String>);

/// To whom a new message goes, and on which referral. On a referral everybody who has to do with it is written to.
fn addressed(
    transaction: &mut Transaction,
    patient: &str,
    (to, writer): (&str, &Writer),
) -> Result<Option<Addressed>, Error> {
    let Whom { person, ids, .. } = Whom::read(transaction, patient)?;
    let surgery = surgery(transaction, &person)?.map(|(party, _)| party);
    let everyone = |parties: Vec<Option<Party>>| {
        let all = std::iter::once(Party::Patient).chain(parties.into_iter().flatten());
        all.filter(|one| !same(one, &writer.from)).collect::<Vec<Party>>()
    };
    if to == "surgery" && writer.patient {
        return Ok(surgery.map(|surgery| (vec![surgery], None)));
    }
    let registered = surgery.as_ref().is_some_and(|one| same(one, &writer.from));
    // A hospital writes on a referral, where it can be answered; the surgery also to the patient alone.
    if to == "patient" && registered {
        return Ok(Some((vec![Party::Patient], None)));
    }
    let referral = referrals(transaction, &ids)?.into_iter().find(|one| one.id() == Some(to));
    let takes_part = |one: &Value| performer(one).is_some_and(|hospital| same(&hospital, &writer.from));
    let referral = referral.filter(|one| writer.patient || registered || takes_part(one));
    Ok(referral.map(|referral| {
        let id = referral.id().map(str::to_owned);
        (everyone(vec![surgery, performer(&referral)]), id)
    }))
}

/// Notes that messages were opened: by the patient, by somebody who acts for them, or by an organisation. Whoever acts for a
/// patient opens nothing in the patient's place, so that nothing new is hidden from them.
pub(super) async fn open(store: &Store, actor: &Actor, messages: &[Message]) -> Result<(), Unseen> {
    let own = organisation(actor);
    let reader = match &actor.role {
        Role::Carer { person, .. } => Some(person.to_string()),
        _ => own.clone(),
    };
    let is_new = |one: &&Message| match (&actor.role, &own) {
        (Role::Patient { .. }, _) => one.is_new_to_patient(),
        (Role::Carer { person, .. }, _) => one.is_new_to_carer(person),
        (_, Some(own)) => one.is_new_to(own),
        _ => false,
    };
    let unread: Vec<(String, String)> =
        messages.iter().filter(is_new).map(|one| (one.id.clone(), one.patient.clone())).collect();
    if unread.is_empty() {
        return Ok(());
    }
    let now = store.environment().clock.now();
    let noted = store.write(actor.within(&MESSAGES), move |transaction| {
        let own = match &transaction.actor().role {
            Role::Patient { patient } => Some(numbers(transaction, patient)?),
            _ => None,
        };
        for (id, patient) in unread {
            // A message about somebody else is not opened by whoever happens to be named in it.
            if own.as_ref().is_some_and(|own| own.split(',').all(|one| one != patient)) {
                continue;
            }
            change(transaction, &id, |document| match &reader {
                Some(reader) => read_by(document, reader),
                None => opened(document, now),
            })?;
        }
        Ok(())
    });
    noted.await.map_err(|error| unseen(&error))
}
