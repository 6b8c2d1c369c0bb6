//! Codes, identifiers, contact points and truth values (<https://hl7.org/fhir/R4/search.html#token>).

use super::entry::{Entries, IndexValue};
use super::walk::Leaf;
use crate::json::{Text, Value};

/// Appends the codes of an element.
pub(super) fn append(leaf: &Leaf<'_>, entries: &mut Entries) {
    let value = leaf.value;
    match (leaf.type_, value) {
        ("CodeableConcept", _) => {
            value.items("coding").iter().for_each(|coding| append_coding(coding, entries));
            push(None, None, text(value, "text"), entries);
        }
        ("Coding", _) => append_coding(value, entries),
        ("Identifier", _) => {
            let kind = value.text_at(&["type", "text"]);
            push(text(value, "system"), text(value, "value"), kind, entries);
        }
        // The system of a contact point is its use (R4 §3.1.1.4.10).
        ("ContactPoint", _) => push(text(value, "use"), text(value, "value"), None, entries),
        (_, Value::Bool(truth)) => push(None, Some(if *truth { "true" } else { "false" }), None, entries),
        (_, Value::String(code)) => push(leaf.implied_system, Some(code), None, entries),
        _ => {}
    }
}

fn append_coding(coding: &Value, entries: &mut Entries) {
    push(text(coding, "system"), text(coding, "code"), text(coding, "display"), entries);
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// An entry with nothing to search by is none.
fn push(system: Option<&str>, code: Option<&str>, text: Option<&str>, entries: &mut Entries) {
    if code.is_some() || text.is_some() {
        let (system, code) = (system.map(Text::new), code.map(Text::new));
        entries.push(IndexValue::Token { system, code, text: text.map(str::to_owned) });
    }
}
