//! A copy of a record to keep: everything that the reader may see, for a page that can be read anywhere, and as a FHIR
//! document that other systems can read (<https://hl7.org/fhir/R4/documents.html>).
//!
//! A copy is whole or it is not made: a section that cannot be read is said in the readable copy and refuses the FHIR one,
//! and nothing is cut off in silence.

mod bundle;
mod door;
mod read;
mod view;

pub use view::Copy;
