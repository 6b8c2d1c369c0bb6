//! HL7 v2 messages into source-neutral events. MSH-9.2 decides what a message means, never EVN-1 or MSH-9.3.
//!
//! The same bytes always give the same events. It must never hold a rule about beds or people (those stand in
//! `care::patient_flow`), and an [`Unmappable`] reason never carries a value of the message.

use crate::adt;
use crate::fields::{code, trimmed};
use crate::{orders, oru};
use care::patient_flow::{Action, Event, Flow, Kind, MessageKey, Source, Subject, Times, Warning};
use hl7v2::{Message, Segment};
use sha2::{Digest, Sha256};

/// Version of the mapping, kept with every dead letter. Raise it when a message would map differently.
pub const VERSION: &str = "2";

/// Why a message has no events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmappable {
    /// A message type or trigger that nothing here understands.
    #[error("message type {0} is not yet understood")]
    NotUnderstood(String),
    /// No segment of that name, and nothing can be said without it.
    #[error("there is no {0} segment")]
    NoSegment(&'static str),
    /// Nobody is named.
    #[error("PID names no patient identifier")]
    NoPatient,
    /// A movement without anything that tells which stay.
    #[error("nothing tells which stay is meant: no PV1 and no visit or account number")]
    NoStay,
    /// A merge without the number that gives way.
    #[error("MRG names neither a patient nor a visit")]
    NoPrior,
    /// A swap with one patient only.
    #[error("a swap needs two PID and two PV1 segments")]
    HalfASwap,
    /// Results without an OBR, or orders without an ORC or OBR.
    #[error("there is nothing in the message to record")]
    Empty,
}

/// What all events of a message share.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Sender.
    pub source: Source,
    /// Message.
    pub message: MessageKey,
    /// Times of header and event segment.
    pub times: Times,
    /// Oddities.
    pub warnings: Vec<Warning>,
}

impl Frame {
    fn of(message: &Message<'_>) -> Self {
        let header = |number| message.header(number);
        let facility = trimmed(&header(4).component(1)).or_else(|| trimmed(&header(3).component(1)));
        let source = Source {
            application: trimmed(&header(3).component(1)).unwrap_or_default(),
            facility: facility.unwrap_or_else(|| "unknown".into()),
        };
        let digest = Sha256::digest(message.raw());
        let key = MessageKey {
            control_id: message.control_id().map(|id| id.trim().to_owned()).unwrap_or_default(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            sequence: trimmed(&header(13)).and_then(|number| number.parse().ok()),
        };
        let mut warnings = Vec::new();
        let trigger = message.trigger().unwrap_or_default().trim().to_owned();
        let event = message.segment(b"EVN");
        let said = event.and_then(|event| trimmed(&event.field(1)));
        if let Some(said) = said.filter(|said| !trigger.is_empty() && *said != trigger) {
            warnings.push(Warning::EventCodeDiffers { said });
        }
        let mut read = |part| adt::time::moment(&part, &mut warnings);
        let times = Times {
            specific: None,
            occurred: event.and_then(|event| read(event.field(6))),
            recorded: event.and_then(|event| read(event.field(2))),
            sent: read(message.header(7)),
            received_at: None,
        };
        Self { source, message: key, times, warnings }
    }

    /// An event of this message.
    pub fn event(&self, subject: Subject, kind: Kind) -> Event {
        Event {
            source: self.source.clone(),
            message: self.message.clone(),
            part: 0,
            inbox: None,
            times: self.times.clone(),
            subject,
            allergies: Vec::new(),
            kind,
            warnings: self.warnings.clone(),
        }
    }
}

/// The events of a message, numbered in order.
///
/// # Errors
/// [`Unmappable`] with a reason for the dead letter.
pub fn events(message: &Message<'_>) -> Result<Vec<Event>, Unmappable> {
    let mut events = match code(message).as_str() {
        "ADT" => adt::events(message)?,
        "ORU" | "OUL" => oru::events(message)?,
        "ORM" | "OML" | "OMG" => orders::events(message)?,
        _ => return Err(Unmappable::NotUnderstood(kind_of(message))),
    };
    for (part, event) in (0..).zip(&mut events) {
        event.part = part;
    }
    Ok(events)
}

/// The first number of events that a message reveals besides what it is about. Later mappings, which number from 0, are
/// not taken for repeats of them.
const REVEALED: u32 = 1_000;

/// What a message that is not understood reveals all the same: the stay that its PV1 names, implied, and the person.
/// Empty when it names none.
#[must_use]
pub fn revealed(message: &Message<'_>) -> Vec<Event> {
    let frame = frame(message);
    let Ok(subject) = adt::person::subject(message, &frame) else { return Vec::new() };
    let mut events = mentions(&frame, message, &subject);
    if !events.iter().any(|event| matches!(event.kind, Kind::Flow(_))) {
        return Vec::new();
    }
    for (part, event) in (REVEALED..).zip(&mut events) {
        event.part = part;
    }
    events
}

/// What another message (a result, an order) reveals besides its content: the person, and the stay when PV1 names
/// one.
pub(crate) fn mentions(frame: &Frame, message: &Message<'_>, subject: &Subject) -> Vec<Event> {
    let mut events = vec![frame.event(subject.clone(), Kind::Mention)];
    let visit = message.segment(b"PV1").and_then(|visit| named_visit(&visit));
    if let (Some(stay), Some(visit)) = (adt::stay::key(message, frame, subject), visit) {
        let visit = adt::visit::read(message, &visit, frame);
        let flow = Flow { action: Action::Imply, stay, visit };
        events.push(frame.event(key_only(subject), Kind::Flow(flow)));
    }
    events
}

fn named_visit<'m>(visit: &Segment<'m>) -> Option<Segment<'m>> {
    let told = [3, 19, 44].into_iter().any(|number| trimmed(&visit.field(number)).is_some());
    told.then_some(*visit)
}

/// The person by key alone, for events that say nothing else about the person.
pub(crate) fn key_only(subject: &Subject) -> Subject {
    Subject { key: subject.key.clone(), identifiers: Vec::new(), demographics: Default::default() }
}

pub(crate) fn frame(message: &Message<'_>) -> Frame {
    Frame::of(message)
}

/// The message's type in words such as `MDM^T02`: structure only, never a value.
pub(crate) fn kind_of(message: &Message<'_>) -> String {
    let trigger = message.trigger().unwrap_or_default();
    format!("{}^{}", code(message), trigger.trim())
}
