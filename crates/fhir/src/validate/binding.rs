//! Required bindings (<https://hl7.org/fhir/R4/terminologies.html#required>): is the code one of the value set?
//!
//! Value sets whose codes the tables do not hold are passed over; weaker bindings never make a fault.

use crate::definitions::{ElementDef, ValueSetCodes, definitions};
use crate::json::Value;

/// The codes an element's values must come from.
pub(super) fn required_codes(element: &ElementDef) -> Option<&'static ValueSetCodes> {
    definitions().codes_at(element.codes?)
}

/// Whether a value of that type agrees with the codes.
pub(super) fn agrees(codes: &ValueSetCodes, type_name: &str, value: &Value) -> bool {
    match type_name {
        "code" => value.as_str().is_none_or(|code| codes.contains_code(code)),
        "Coding" => coding_agrees(codes, value),
        "CodeableConcept" => {
            let codings = value.items("coding");
            // Text alone says that no code fits, which only an extension may say of a required binding.
            codings.iter().any(|coding| coding_agrees(codes, coding)) || value.get("extension").is_some()
        }
        _ => true,
    }
}

fn coding_agrees(codes: &ValueSetCodes, coding: &Value) -> bool {
    let text = |member: &str| coding.get(member).and_then(Value::as_str);
    match (text("system"), text("code")) {
        (Some(system), Some(code)) => codes.contains(system, code),
        _ => false,
    }
}
