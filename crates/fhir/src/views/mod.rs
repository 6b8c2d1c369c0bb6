//! Typed views: the words of the resources that care computes with, read from the document beneath.
//!
//! A view borrows and computes nothing that the document does not say; it never copies, repairs or loses an element
//! (<https://hl7.org/fhir/R4/resourcelist.html>). What most resources have is a method of [`Resource`], which a plain
//! document answers too; a type of its own holds only what is its own. What has no word here stays reachable through
//! [`Resource::value`].

mod allergy_intolerance;
pub mod build;
mod condition;
mod datatypes;
mod document;
mod encounter;
mod human_name;
mod imaging_study;
mod immunization;
mod location;
mod medication;
mod observation;
mod patient;
mod prescription;
mod quantity;
mod read;
mod report;
mod resource;
mod when;

pub use allergy_intolerance::{AllergyIntolerance, Reaction};
pub use condition::Condition;
pub use datatypes::{Address, CodeableConcept, Coding, Identifier, Period, Reference};
pub use document::{Attachment, Composition, Document, DocumentSection};
pub use encounter::{Encounter, EncounterLocation};
pub use human_name::HumanName;
pub use imaging_study::{ImagingSeries, ImagingStudy};
pub use immunization::Immunization;
pub use location::Location;
pub use medication::{Medication, MedicationEntry};
pub use observation::{Observation, ObservationComponent, ObservedValue};
pub use patient::Patient;
pub use prescription::StatusSince;
pub use quantity::{Quantity, Range, Ratio};
pub use report::DiagnosticReport;
pub use resource::Resource;
pub use when::When;
