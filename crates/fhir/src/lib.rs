//! FHIR R4 (4.0.1) vocabulary: the lossless document, the definitions, FHIRPath, the search grammar and
//! structural validation. Pure: no clock, no sockets, no database.
//!
//! Invariant: the document keeps what it was given. No view, index or validator loses an unknown element or
//! a decimal's trailing zero.

pub mod definitions;
pub mod fhirpath;
pub mod identity;
pub mod index;
pub mod issue;
pub mod json;
pub mod nhs_number;
pub mod ods;
pub mod prescription_id;
pub mod reference;
pub mod search;
pub mod systems;
pub mod time;
pub mod validate;
pub mod views;
