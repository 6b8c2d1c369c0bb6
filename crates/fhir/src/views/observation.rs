//! A measurement or finding (<https://hl7.org/fhir/R4/observation.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, notes, reference, references};
use super::quantity::Quantity;
use super::view::{resource_views, text, views};
use super::when::When;
use crate::json::Value;

resource_views! {
    /// A measurement or finding.
    Observation,
}

views! {
    /// One of several values observed together, such as the two of a blood pressure.
    ObservationComponent,
    /// What is usual.
    ReferenceRange,
}

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedValue<'a> {
    /// An amount.
    Quantity(Quantity<'a>),
    /// A concept.
    Concept(CodeableConcept<'a>),
    /// Words, or a moment as written.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Any other type: the JSON member's name and its value.
    Other(&'a str, &'a Value),
}

impl<'a> Observation<'a> {
    /// `registered`, `preliminary`, `final`, `amended`, `corrected`, `entered-in-error`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// What was observed.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// Vital sign, laboratory, social history, …
    pub fn categories(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "category")
    }

    /// The patient.
    #[must_use]
    pub fn subject(self) -> Option<Reference<'a>> {
        reference(self.0, "subject")
    }

    /// The stay.
    #[must_use]
    pub fn encounter(self) -> Option<Reference<'a>> {
        reference(self.0, "encounter")
    }

    /// When it was true.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// When it was made available.
    #[must_use]
    pub fn issued(self) -> Option<&'a str> {
        text(self.0, "issued")
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
    pub fn reference_ranges(self) -> impl Iterator<Item = ReferenceRange<'a>> {
        self.0.items("referenceRange").iter().map(ReferenceRange)
    }

    /// Values observed together.
    pub fn components(self) -> impl Iterator<Item = ObservationComponent<'a>> {
        self.0.items("component").iter().map(ObservationComponent)
    }

    /// Who answers for it.
    pub fn performers(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "performer")
    }

    /// The order it answers.
    pub fn based_on(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "basedOn")
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}

impl<'a> ObservationComponent<'a> {
    /// What was observed.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// What was found.
    #[must_use]
    pub fn observed(self) -> Option<ObservedValue<'a>> {
        ObservedValue::of(self.0)
    }

    /// High, low, normal, …
    pub fn interpretations(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "interpretation")
    }
}

impl<'a> ReferenceRange<'a> {
    /// The least usual amount.
    #[must_use]
    pub fn low(self) -> Option<Quantity<'a>> {
        self.0.get("low").map(Quantity)
    }

    /// The greatest usual amount.
    #[must_use]
    pub fn high(self) -> Option<Quantity<'a>> {
        self.0.get("high").map(Quantity)
    }

    /// The range in words.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        text(self.0, "text")
    }
}

impl<'a> ObservedValue<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let mut members = value.as_object()?.iter();
        let (name, value) = members.find(|(name, _)| name.starts_with("value"))?;
        Some(match (name, value) {
            ("valueQuantity", _) => Self::Quantity(Quantity(value)),
            ("valueCodeableConcept", _) => Self::Concept(CodeableConcept(value)),
            (_, Value::String(text)) => Self::Text(text),
            (_, Value::Bool(truth)) => Self::Boolean(*truth),
            (_, Value::Number(number)) => match number.as_i64() {
                Some(whole) => Self::Integer(whole),
                None => Self::Other(name, value),
            },
            _ => Self::Other(name, value),
        })
    }

    /// What to show; empty for types that have no short form.
    #[must_use]
    pub fn display(self) -> String {
        match self {
            Self::Quantity(quantity) => quantity.display(),
            Self::Concept(concept) => concept.display().unwrap_or_default().to_owned(),
            Self::Text(text) => text.to_owned(),
            Self::Integer(whole) => whole.to_string(),
            Self::Boolean(true) => "Yes".to_owned(),
            Self::Boolean(false) => "No".to_owned(),
            Self::Other(..) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn reads_what_was_observed() {
        for (member, shown) in [
            (r#""valueQuantity": {"value": 5.10, "comparator": "<", "unit": "mmol/L"}"#, "<5.10 mmol/L"),
            (r#""valueQuantity": {"value": 3, "code": "1"}"#, "3"),
            (r#""valueCodeableConcept": {"coding": [{"display": "Positive"}]}"#, "Positive"),
            (r#""valueString": "as before""#, "as before"),
            (r#""valueBoolean": true"#, "Yes"),
            (r#""valueInteger": 4"#, "4"),
            (r#""valuePeriod": {"start": "2024"}"#, ""),
        ] {
            let text =
                format!(r#"{{"resourceType": "Observation", "effectiveDateTime": "2024-05", {member}}}"#);
            let value = parse(text.as_bytes(), &Limits::default()).unwrap();
            let observation = Observation::of(&value).unwrap();
            assert_eq!(observation.observed().unwrap().display(), shown, "{member}");
            assert_eq!(observation.effective().and_then(When::start), Some("2024-05"));
        }
    }
}
