//! The readers that views are made of: a member of a document by its name, as the data type that stands there.

use super::datatypes::{CodeableConcept, Period, Reference};
use crate::json::Value;

/// The string member of that name.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}

/// The strings of the array member of that name; gaps are passed over.
pub(super) fn texts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    value.items(member).iter().filter_map(Value::as_str)
}

/// The concept member of that name.
pub(super) fn concept<'a>(value: &'a Value, member: &str) -> Option<CodeableConcept<'a>> {
    value.get(member).map(CodeableConcept)
}

/// The concepts of the array member of that name.
pub(super) fn concepts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = CodeableConcept<'a>> {
    value.items(member).iter().map(CodeableConcept)
}

/// The code of the concept member of that name, for elements whose codes are all of one system.
pub(super) fn code<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    concept(value, member)?.codings().next()?.code()
}

/// The reference member of that name.
pub(super) fn reference<'a>(value: &'a Value, member: &str) -> Option<Reference<'a>> {
    value.get(member).map(Reference)
}

/// The references of the array member of that name.
pub(super) fn references<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = Reference<'a>> {
    value.items(member).iter().map(Reference)
}

/// The period member of that name.
pub(super) fn period<'a>(value: &'a Value, member: &str) -> Option<Period<'a>> {
    value.get(member).map(Period)
}
