//! The small pieces of FHIR that every resource here is made of: codings, references, quantities, extensions.
//! FHIR R4 datatypes, <https://hl7.org/fhir/R4/datatypes.html>.

use fhir::json::{Number, Value};

pub(crate) use fhir::systems::{LOINC, NHS_NUMBER, ODS, ODS_SITE, SDS_USER_ID as SDS_USER, SNOMED, UCUM};

pub(crate) const UK_CORE: &str = "https://fhir.hl7.org.uk/StructureDefinition/";
pub(crate) const UK_CODES: &str = "https://fhir.hl7.org.uk/CodeSystem/";
pub(crate) const HL7_CODES: &str = "http://terminology.hl7.org/CodeSystem/";

/// An object of members; absent ones are left out.
pub(crate) fn object<const N: usize>(members: [(&'static str, Option<Value>); N]) -> Value {
    Value::object(members.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))))
}

/// A resource with its type, id and UK Core profile, then the given members.
pub(crate) fn resource<const N: usize>(
    kind: &'static str,
    id: &str,
    members: [(&'static str, Option<Value>); N],
) -> Value {
    resource_as(kind, kind, id, members)
}

/// As [`resource`], for a profile whose name is not that of the type.
pub(crate) fn resource_as<const N: usize>(
    kind: &'static str,
    profile: &str,
    id: &str,
    members: [(&'static str, Option<Value>); N],
) -> Value {
    let profile = Value::Array(vec![Value::from(format!("{UK_CORE}UKCore-{profile}"))]);
    let head = [
        ("resourceType", Value::from(kind)),
        ("id", Value::from(id)),
        ("meta", Value::object([("profile", profile)])),
    ];
    let rest = members.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    Value::object(head.into_iter().chain(rest))
}

pub(crate) fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

/// A list of one.
pub(crate) fn one(item: Value) -> Option<Value> {
    Some(Value::Array(vec![item]))
}

pub(crate) fn text(text: &str) -> Option<Value> {
    Some(Value::from(text))
}

pub(crate) fn coding(system: &str, code: &str, display: &str) -> Value {
    Value::object([
        ("system", Value::from(system)),
        ("code", Value::from(code)),
        ("display", Value::from(display)),
    ])
}

/// A CodeableConcept; without a code only its text.
pub(crate) fn concept(system: &str, code: &str, display: &str) -> Value {
    if code.is_empty() {
        return Value::object([("text", Value::from(display))]);
    }
    Value::object([("coding", list([coding(system, code, display)])), ("text", Value::from(display))])
}

/// A CodeableConcept of a coding alone.
pub(crate) fn coded(system: &str, code: &str, display: &str) -> Value {
    Value::object([("coding", list([coding(system, code, display)]))])
}

/// A CodeableConcept of one of the code systems of HL7 International.
pub(crate) fn hl7_coded(system: &str, code: &str, display: &str) -> Value {
    coded(&format!("{HL7_CODES}{system}"), code, display)
}

/// A CodeableConcept of one of the code systems of UK Core.
pub(crate) fn uk_coded(system: &str, code: &str, display: &str) -> Value {
    coded(&format!("{UK_CODES}{system}"), code, display)
}

pub(crate) fn identifier(system: &str, value: &str) -> Value {
    Value::object([("system", Value::from(system)), ("value", Value::from(value))])
}

pub(crate) fn reference(kind: &str, id: &str) -> Value {
    Value::object([("reference", Value::from(format!("{kind}/{id}")))])
}

pub(crate) fn named_reference(kind: &str, id: &str, display: &str) -> Value {
    Value::object([("reference", Value::from(format!("{kind}/{id}"))), ("display", Value::from(display))])
}

/// A decimal with the digits given.
pub(crate) fn decimal(digits: &str) -> Value {
    Number::from_literal(digits).map_or(Value::Null, Value::Number)
}

/// A UCUM quantity.
pub(crate) fn quantity(digits: &str, unit: &str, code: &str) -> Value {
    Value::object([
        ("value", decimal(digits)),
        ("unit", Value::from(unit)),
        ("system", Value::from(UCUM)),
        ("code", Value::from(code)),
    ])
}

pub(crate) fn period(start: &str, end: Option<&str>) -> Value {
    object([("start", text(start)), ("end", end.map(Value::from))])
}

/// An extension of UK Core with one value.
pub(crate) fn extension(name: &str, value_name: &'static str, value: Value) -> Value {
    Value::object([("url", Value::from(format!("{UK_CORE}Extension-UKCore-{name}"))), (value_name, value)])
}

pub(crate) fn telecom(system: &str, value: &str, usage: &str) -> Value {
    Value::object([
        ("system", Value::from(system)),
        ("value", Value::from(value)),
        ("use", Value::from(usage)),
    ])
}

pub(crate) fn postal_address(address: &crate::place::Address, usage: &str) -> Value {
    Value::object([
        ("use", Value::from(usage)),
        ("line", list([Value::from(address.line.as_str())])),
        ("city", Value::from(address.town)),
        ("district", Value::from(crate::place::COUNTY)),
        ("postalCode", Value::from(address.postcode.as_str())),
    ])
}
