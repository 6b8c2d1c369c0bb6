//! The machines' door: FHIR REST, the MLLP listener, and HL7 v2 turned into care events. Translates and holds no rules.

pub mod intake;
pub mod mllp;
