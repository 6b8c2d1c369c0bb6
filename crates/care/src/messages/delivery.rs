//! What a worker asks and tells: which messages must be brought to whom by which channel now, and how each try ended.
//! Everything that it has to know stands in the Communications themselves, so that a worker that is killed goes on where
//! it stopped: what was sent and not yet noted is sent again, and nothing is ever left out.

use super::cascade::{Case, Next, Patience, Step, next, plan};
use super::document::{DUE, message, settled, with_step};
use super::reach::Reach;
use super::read::{Names, document, phone};
use super::view::{Kind, Letter, Message};
use crate::lookup::{page, present, unseen};
use crate::profile::contacts::at_present;
use crate::profile::{Channel, preferences};
use crate::record::known_now;
use crate::view::Unseen;
use fhir::json::Value;
use fhir::systems::DELIVERY as DELIVERY_TAG;
use fhir::time::default_zone;
use fhir::views::Patient;
use jiff::Timestamp;
use store::{Actor, Error, IfMatch, Prepared, Snapshot, Store};

/// One thing to bring to one person by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The id of the message.
    pub message: String,
    /// By which channel.
    pub channel: Channel,
    /// The email address or the mobile number; empty for letters.
    pub address: String,
    /// The message itself, for a letter only: an email or a text message has nothing of it to give away.
    pub letter: Option<Letter>,
}

/// What a look at the messages found.
#[derive(Debug, Default)]
pub struct Round {
    /// What to send now.
    pub parcels: Vec<Parcel>,
    /// Messages that need nothing more: their ids, and whether they reached the person.
    pub settled: Vec<(String, bool)>,
    /// Where to go on looking.
    pub next: Option<String>,
}

fn worker() -> Actor {
    Actor::system("messages")
}

/// Looks at a page of the messages that are still to be brought.
pub async fn due(store: &Store, patience: Patience, cursor: Option<String>) -> Result<Round, Unseen> {
    let now = store.environment().clock.now();
    let read = store.read(worker(), move |snapshot| {
        let tag = format!("{DELIVERY_TAG}|{DUE}");
        let mut pairs = vec![("_tag", tag.as_str()), ("_count", "100")];
        pairs.extend(cursor.as_deref().map(|cursor| ("_page", cursor)));
        let found = page(snapshot, "Communication", &pairs)?;
        let mut round = Round { next: found.next, ..Round::default() };
        for one in found.items.iter().filter_map(message) {
            look(snapshot, &one, (&patience, now), &mut round)?;
        }
        Ok(round)
    });
    read.await.map_err(|error| unseen(&error))
}

fn look(
    snapshot: &mut Snapshot,
    one: &Message,
    (patience, now): (&Patience, Timestamp),
    round: &mut Round,
) -> Result<(), Error> {
    // What was written under an earlier number is brought to where the person is reached now.
    let person = known_now(snapshot, &one.patient)?;
    // Nobody writes to the dead, nor to a record that is gone.
    let Some(person) = person.filter(|person| !died(person)) else {
        round.settled.push((one.id.clone(), false));
        return Ok(());
    };
    let stated = preferences(&person);
    let today = now.to_zoned(default_zone().clone()).date().to_string();
    let reach = Reach::of(&person, &today);
    let letter_only = one.kind == Kind::Assisted;
    let case = Case { sent: one.sent, opened: one.opened, letter_only, steps: &one.steps };
    match next(&case, &plan(&stated, &reach, letter_only), patience, now) {
        Next::Delivered => round.settled.push((one.id.clone(), true)),
        Next::Lost => round.settled.push((one.id.clone(), false)),
        Next::Wait(_) => {}
        Next::Send(channel) => {
            let address = match channel {
                Channel::Email => reach.email,
                Channel::Text => reach.mobile,
                Channel::App | Channel::Letter => None,
            };
            let letter = match channel {
                Channel::Letter => Some(letter(snapshot, one, (&person, now))?),
                _ => None,
            };
            let address = address.unwrap_or_default();
            round.parcels.push(Parcel { message: one.id.clone(), channel, address, letter });
        }
    }
    Ok(())
}

fn died(person: &Value) -> bool {
    Patient(person).deceased_at().is_some()
        || person.get("deceasedBoolean").and_then(Value::as_bool) == Some(true)
}

/// A message as a letter.
pub(super) fn letter(
    snapshot: &mut Snapshot,
    one: &Message,
    (person, now): (&Value, Timestamp),
) -> Result<Letter, Error> {
    let from = one.from.as_ref().and_then(|party| Names::default().of(snapshot, party)).unwrap_or_default();
    let sender = match one.from.as_ref().and_then(super::view::Party::organisation) {
        Some(id) => document(snapshot, "Organization", id)?,
        None => None,
    };
    // Where they lived once is no address to write to.
    let person = &at_present(person, now);
    let stated = preferences(person);
    Ok(Letter {
        id: one.id.clone(),
        name: crate::family::called(person),
        address: Patient(person)
            .address()
            .map(|address| address.envelope().map(str::to_owned).collect())
            .unwrap_or_default(),
        from,
        phone: sender.as_ref().and_then(phone),
        subject: one.subject.clone(),
        kind: one.kind,
        text: one.text.clone(),
        signed: one.written_by.clone(),
        sent: one.sent,
        format: stated.format,
        attachments: one.attachments.iter().map(|one| one.title.clone()).collect(),
        language: stated.language,
        interpreter: stated.interpreter,
    })
}

/// Notes how a try ended.
pub async fn tried(store: &Store, id: &str, step: Step) -> Result<(), Unseen> {
    change(store, id, move |document| with_step(document, &step)).await
}

/// Notes that nothing more is to be done for a message.
pub async fn settle(store: &Store, id: &str, delivered: bool) -> Result<(), Unseen> {
    change(store, id, move |document| settled(document, delivered)).await
}

async fn change(
    store: &Store,
    id: &str,
    change: impl FnOnce(Value) -> Value + Send + 'static,
) -> Result<(), Unseen> {
    let id = id.to_owned();
    let written = store.write(worker(), move |transaction| {
        let found = transaction.read("Communication", &id)?.present()?;
        let version = found.version;
        let prepared = Prepared::new(change(found.value()?)).map_err(Error::Unprocessable)?;
        transaction.update(&prepared, IfMatch::Version(version))?;
        Ok(())
    });
    written.await.map_err(|error| unseen(&error))
}

/// One message of a person as a letter, for them to print.
pub(super) async fn printable(store: &Store, actor: &Actor, id: &str) -> Result<Letter, Unseen> {
    let (id, now) = (id.to_owned(), store.environment().clock.now());
    let read = store.read(actor.clone(), move |snapshot| {
        let one = message(&present(snapshot, "Communication", &id)?).ok_or(Error::NotFound)?;
        let person = known_now(snapshot, &one.patient)?.ok_or(Error::NotFound)?;
        letter(snapshot, &one, (&person, now))
    });
    read.await.map_err(|error| unseen(&error))
}
