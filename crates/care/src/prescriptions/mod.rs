//! Prescriptions: repeat medicines asked for, approved or refused, prescribed, and followed to the pharmacy.
//!
//! What stands for what, in FHIR R4 and UK Core ([ADR 6](../../../../docs/adr/0006-prescriptions-as-medication-requests.md)):
//! - an authorisation is a MedicationRequest of intent `plan` with UK Core's repeat information;
//! - a person's wish is a MedicationRequest of intent `proposal`, based on it; refused with a reason, or completed;
//! - an item of an electronic prescription is a MedicationRequest of intent `order`, whose status history holds one of the
//!   thirteen statuses that patients are shown; what was handed out is a MedicationDispense.
//!
//! Rules are pure: [`Authorisation::orderable`] and [`decide`] for requests, [`fold`] and [`check`] for messages of the
//! Electronic Prescription Service. Shells read, decide and commit once. Nothing here signs or sends a prescription.

mod answer;
mod apply;
mod authorisation;
mod decide;
mod door;
mod event;
mod fold;
mod matters;
mod pharmacy;
mod read;
mod render;
mod request;
mod rules;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod status;
mod view;

pub use answer::{Answer, Unanswered, WORDS_MAX};
pub use apply::{Applied, ApplyError, apply};
pub(crate) use authorisation::quantity;
pub use authorisation::{AHEAD_DAYS, Authorisation, Course, Reason, Why};
pub use decide::{Ask, Decision, NOTE_MAX, Refusal, decide};
pub use event::{
    Cancellation, Dispensed, Event, Identity, ItemRef, Message, Order, Outcome, Pharmacy, Says, Tracked, What,
};
pub use fold::{Item as FoldedItem, fold};
pub use matters::Matter;
pub use request::Unasked;
pub use rules::{ITEMS_MAX, MessageRefusal, check};
pub use status::{ItemStatus, Stage};
pub use view::{
    Case, CaseLine, Item, One, Place, Prescription, Prescriptions, Queue, Repeat, Request, RequestAnswer,
    RequestLine, Waiting,
};
