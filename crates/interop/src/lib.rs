//! The machines' door: FHIR REST, the MLLP listener, and HL7 v2 turned into care events. Translates and holds no rules.

pub mod adt;
pub mod apply;
pub mod fhir;
mod fields;
pub mod intake;
pub mod mapping;
pub mod mllp;
pub mod orders;
pub mod oru;
