//! Typed views: the words of the resources that care computes with, read from the document beneath.
//!
//! A view borrows and computes nothing that the document does not say; it never copies, repairs or loses an element
//! (<https://hl7.org/fhir/R4/resourcelist.html>). What a view has no word for stays reachable through `value()`.

mod allergy_intolerance;
mod audit_event;
pub mod build;
mod condition;
mod datatypes;
mod encounter;
mod human_name;
mod immunization;
mod location;
mod medication;
mod observation;
mod organization;
mod patient;
mod procedure;
mod quantity;
mod report;
mod request;
mod view;
mod when;

pub use allergy_intolerance::{AllergyIntolerance, Reaction};
pub use audit_event::{AuditAgent, AuditEntity, AuditEvent};
pub use condition::Condition;
pub use datatypes::{Address, CodeableConcept, Coding, ContactPoint, Identifier, Period, Reference};
pub use encounter::{Encounter, EncounterLocation, EpisodeOfCare};
pub use human_name::HumanName;
pub use immunization::Immunization;
pub use location::Location;
pub use medication::{Medication, MedicationRequest, MedicationStatement};
pub use observation::{Observation, ObservationComponent, ObservedValue, ReferenceRange};
pub use organization::{Organization, Practitioner};
pub use patient::{Contact, Patient};
pub use procedure::Procedure;
pub use quantity::Quantity;
pub use report::DiagnosticReport;
pub use request::ServiceRequest;
pub use view::Resource;
pub use when::When;
