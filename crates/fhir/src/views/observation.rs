//! A measurement or finding (<https://hl7.org/fhir/R4/observation.html>).

use super::datatypes::CodeableConcept;
use super::quantity::{Quantity, Range, Ratio};
use super::read::{concept, concepts};
use super::{Resource, When};
use crate::json::{Number, Value};

/// A measurement or finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation<'a>(pub &'a Value);

/// One of several values observed together, such as the two of a blood pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservationComponent<'a>(pub &'a Value);

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedValue<'a> {
    /// An amount.
    Quantity(Quantity<'a>),
    /// A concept.
    Concept(CodeableConcept<'a>),
    /// An amount between two.
    Range(Range<'a>),
    /// An amount to an amount.
    Ratio(Ratio<'a>),
    /// Words, or a moment as written.
    Text(&'a str),
    /// A whole number.
    Integer(&'a Number),
    /// Yes or no.
    Boolean(bool),
    /// Any other type: the JSON member's name and its value.
    Other(&'a str, &'a Value),
}

impl<'a> Resource<'a> for Observation<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Resource<'a> for ObservationComponent<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Observation<'a> {
    /// When it was true.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// What was found.
    #[must_use]
    pub fn observed(self) -> Option<ObservedValue<'a>> {
        ObservedValue::of(self.0)
    }

    /// Why there is no value.
    #[must_use]
    pub fn data_absent_reason(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "dataAbsentReason")
    }

    /// High, low, normal, …
    pub fn interpretations(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "interpretation")
    }

    /// What is usual.
    pub fn reference_ranges(self) -> impl Iterator<Item = Range<'a>> {
        self.0.items("referenceRange").iter().map(Range)
    }

    /// Values observed together.
    pub fn components(self) -> impl Iterator<Item = ObservationComponent<'a>> {
        self.0.items("component").iter().map(ObservationComponent)
    }
}

impl<'a> ObservationComponent<'a> {
    /// What was found.
    #[must_use]
    pub fn observed(self) -> Option<ObservedValue<'a>> {
        ObservedValue::of(self.0)
    }
}

impl<'a> ObservedValue<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let mut members = value.as_object()?.iter();
        let (name, value) = members.find(|(name, _)| name.starts_with("value"))?;
        Some(match (name, value) {
            ("valueQuantity", _) => Self::Quantity(Quantity(value)),
            ("valueCodeableConcept", _) => Self::Concept(CodeableConcept(value)),
            ("valueRange", _) => Self::Range(Range(value)),
            ("valueRatio", _) => Self::Ratio(Ratio(value)),
            (_, Value::String(text)) => Self::Text(text),
            (_, Value::Bool(truth)) => Self::Boolean(*truth),
            (_, Value::Number(number)) => Self::Integer(number),
            _ => Self::Other(name, value),
        })
    }

    /// The number, when it is one.
    #[must_use]
    pub fn number(self) -> Option<&'a Number> {
        match self {
            Self::Quantity(quantity) => quantity.number(),
            Self::Integer(number) => Some(number),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn reads_what_was_observed() {
        for (member, number) in [
            (r#""valueQuantity": {"value": 5.10, "comparator": "<", "unit": "mmol/L"}"#, Some("5.10")),
            (r#""valueInteger": 4"#, Some("4")),
            (r#""valueBoolean": true"#, None),
            (r#""valuePeriod": {"start": "2024"}"#, None),
        ] {
            let text =
                format!(r#"{{"resourceType": "Observation", "effectiveDateTime": "2024-05", {member}}}"#);
            let value = parse(text.as_bytes(), &Limits::default()).unwrap();
            let observation = Observation(&value);
            let read = observation.observed().unwrap();
            assert_eq!(read.number().map(Number::as_str), number, "{member}");
            assert_eq!(matches!(read, ObservedValue::Other(..)), member.contains("Period"));
            assert_eq!(observation.effective().and_then(When::start), Some("2024-05"));
        }
    }
}
