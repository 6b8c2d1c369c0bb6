//! Structural validation: is a document a resource of R4 at all?
//!
//! It checks names, types, cardinalities, the formats of primitives, choices, the shape of references, required bindings
//! whose codes are known, and the pairing of `name` with `_name` (<https://hl7.org/fhir/R4/json.html>,
//! <https://hl7.org/fhir/R4/datatypes.html>). Profiles and invariants are not its business. It must never repeat a value
//! of the document, never recurse without bound, and never change the document.

mod binding;
mod place;
mod primitive;
mod reference;
mod walk;

use crate::definitions::definitions;
use crate::issue::{Issue, IssueCode};
use crate::json::Value;

/// The most faults that are listed for one document; one more issue then says that the list was cut.
pub const MAX_ISSUES: usize = 50;

/// The deepest nesting that is followed.
pub const MAX_DEPTH: usize = 100;

/// The faults of a resource; none when it is structurally sound. A reference to a type that the element does not list is
/// a warning, so only [`Issue::is_error`] may refuse.
#[must_use]
pub fn structural(resource: &Value) -> Vec<Issue> {
    structural_as(resource, "Resource")
}

/// The faults of a document that should be of the given type: a resource type, `Resource` for any of them, or a data
/// type such as `HumanName`.
#[must_use]
pub fn structural_as(value: &Value, type_name: &str) -> Vec<Issue> {
    match definitions().type_(type_name) {
        Some(type_) => walk::validate(value, type_),
        None => vec![Issue::error(IssueCode::NotSupported, "the expected type is not one of R4")],
    }
}

#[cfg(test)]
mod tests;
