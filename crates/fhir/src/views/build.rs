//! Makers of the common data types, so that what Bevan writes always has the same shape.
//!
//! Empty text makes no member, because FHIR knows no empty strings.

use crate::json::{Object, Text, Value};

/// An object of the members that are there; `None` and empty text are left out.
pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Value {
    let there = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut object = Object::new();
    for (name, value) in there.filter(|(_, value)| value.as_str() != Some("")) {
        object.insert(name, value);
    }
    Value::Object(object)
}

/// A list of one.
#[must_use]
pub fn one(value: Value) -> Value {
    Value::Array(vec![value])
}

/// A code of a system, with the system's words for it.
#[must_use]
pub fn coding(system: &str, code: &str, display: &str) -> Value {
    object([("system", some(system)), ("code", some(code)), ("display", some(display))])
}

/// A concept of one coding.
#[must_use]
pub fn codeable_concept(system: &str, code: &str, display: &str) -> Value {
    Value::object([("coding", one(coding(system, code, display)))])
}

/// A concept of words alone.
#[must_use]
pub fn concept_text(text: &str) -> Value {
    object([("text", some(text))])
}

/// A reference to a resource on this server.
#[must_use]
pub fn reference(type_: &str, id: &str) -> Value {
    Value::object([("reference", Value::from(format!("{type_}/{id}")))])
}

/// A reference to a resource on this server, with words that name it.
#[must_use]
pub fn reference_named(type_: &str, id: &str, display: &str) -> Value {
    object([("reference", some(&format!("{type_}/{id}"))), ("display", some(display))])
}

/// An identifier.
#[must_use]
pub fn identifier(system: &str, value: &str) -> Value {
    object([("system", some(system)), ("value", some(value))])
}

/// A period; an end that is open is left out.
#[must_use]
pub fn period(start: Option<&str>, end: Option<&str>) -> Value {
    object([("start", start.map(Value::from)), ("end", end.map(Value::from))])
}

/// A quantity with a UCUM code; the digits of the number are kept.
#[must_use]
pub fn quantity(number: crate::json::Number, unit: &str, ucum: &str) -> Value {
    let system = if ucum.is_empty() { "" } else { crate::systems::UCUM };
    object([
        ("value", Some(Value::Number(number))),
        ("unit", some(unit)),
        ("system", some(system)),
        ("code", some(ucum)),
    ])
}

/// A name of its parts.
#[must_use]
pub fn human_name(family: &str, given: &[&str], prefix: Option<&str>) -> Value {
    let list = |texts: &[&str]| {
        let there: Vec<Value> = texts.iter().filter(|t| !t.is_empty()).map(|t| Value::from(*t)).collect();
        (!there.is_empty()).then_some(Value::Array(there))
    };
    object([("family", some(family)), ("given", list(given)), ("prefix", prefix.and_then(|p| list(&[p])))])
}

/// An extension with a value; the member is named with its type: `valueCode`.
pub fn extension(url: &str, member: impl Into<Text>, value: Value) -> Value {
    Value::object([(Text::new("url"), Value::from(url)), (member.into(), value)])
}

fn some(text: &str) -> Option<Value> {
    Some(Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Number, to_string};
    use crate::validate::structural_as;

    #[test]
    fn what_is_made_is_sound() {
        for (type_, value) in [
            ("CodeableConcept", codeable_concept("urn:s", "c", "")),
            ("CodeableConcept", concept_text("words")),
            ("Reference", reference_named("Patient", "1", "A")),
            ("Identifier", identifier("urn:s", "1")),
            ("Period", period(Some("2024"), None)),
            ("Quantity", quantity(Number::from_literal("5.10").unwrap(), "mmol/L", "mmol/L")),
            ("HumanName", human_name("A", &["B", ""], None)),
            ("Extension", extension("urn:x", "valueBoolean", Value::from(true))),
        ] {
            assert_eq!(structural_as(&value, type_), [], "{}", to_string(&value));
        }
    }
}
