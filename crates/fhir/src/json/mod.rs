//! The lossless JSON document behind every resource (RFC 8259, <https://hl7.org/fhir/R4/json.html>).
//!
//! Numbers keep their digits, members keep their order, unknown members survive. Duplicate member names,
//! invalid UTF-8, lone surrogates and nesting beyond the limit are refused with the place where they stand.

mod number;
mod parse;
mod value;
mod write;

pub use number::Number;
pub use parse::{Limits, ParseError, ParseErrorKind, parse};
pub use value::{Object, Text, Value};
pub use write::{canonical, to_string, to_vec, write};
