//! Texts, names, addresses and URIs (<https://hl7.org/fhir/R4/search.html#string>).

use super::entry::{Entries, IndexValue};
use super::walk::Leaf;
use crate::json::{Text, Value};
use crate::search::fold;

const NAME_PARTS: [&str; 5] = ["family", "given", "prefix", "suffix", "text"];
const ADDRESS_PARTS: [&str; 7] = ["line", "city", "district", "state", "postalCode", "country", "text"];

/// Appends a text, or each part of a name or address.
pub(super) fn append(leaf: &Leaf<'_>, entries: &mut Entries) {
    match leaf.type_ {
        "HumanName" => append_parts(leaf.value, &NAME_PARTS, entries),
        "Address" => append_parts(leaf.value, &ADDRESS_PARTS, entries),
        _ => append_text(leaf.value, entries),
    }
}

fn append_parts(value: &Value, parts: &[&str], entries: &mut Entries) {
    for part in parts {
        match value.get(part) {
            Some(Value::Array(items)) => items.iter().for_each(|item| append_text(item, entries)),
            Some(item) => append_text(item, entries),
            None => {}
        }
    }
}

fn append_text(value: &Value, entries: &mut Entries) {
    if let Some(text) = value.as_str() {
        entries.push(IndexValue::String { folded: fold(text), exact: text.to_owned() });
    }
}

/// Appends a URI.
pub(super) fn append_uri(leaf: &Leaf<'_>, entries: &mut Entries) {
    if let Some(uri) = leaf.value.as_str() {
        entries.push(IndexValue::Uri(Text::new(uri)));
    }
}
