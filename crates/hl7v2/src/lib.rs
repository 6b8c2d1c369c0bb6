//! Message syntax of HL7 v2, MLLP frames and acknowledgements. Bytes in, bytes out; no sockets, no FHIR.
//!
//! [`Message::parse`] indexes every delimiter of a message in one pass and copies nothing: parts of the message
//! are views on the bytes that came, and text is decoded (escapes, character set) only when it is asked for.
//! Oddities are [`Finding`]s beside the message, not errors; only bytes that are no message at all are refused.
//!
//! Invariants: no input makes this crate panic; the raw bytes stay reachable; an empty field (no change) and a
//! null field (`""`, delete the value) are never confused.
//!
//! Specification: HL7 v2.8 chapter 2 (control), HL7 v2.4 chapter 2 for the older forms still on the wire, and
//! "Transport Specification: MLLP, Release 2".

pub mod ack;
pub mod admission;
pub mod batch;
pub mod build;
mod charset;
mod escape;
mod finding;
mod leaves;
mod message;
pub mod mllp;
mod part;
mod path;
mod scan;
mod separators;
pub mod time;

pub use charset::Charset;
pub use finding::{Finding, Oddity, ParseError};
pub use leaves::{Leaf, Leaves};
pub use message::{Limits, Message, Parsed, Segment};
pub use part::{Part, Slot};
pub use path::{Path, PathError};
pub use separators::Separators;
