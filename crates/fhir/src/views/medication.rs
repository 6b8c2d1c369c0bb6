//! Medicines: asked for and taken (<https://hl7.org/fhir/R4/medicationrequest.html>,
//! <https://hl7.org/fhir/R4/medicationstatement.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, notes, reference};
use super::view::{resource_views, text};
use super::when::When;
use crate::json::Value;

resource_views! {
    /// A prescription, or the plan of one.
    MedicationRequest,
    /// What a patient takes, as somebody says.
    MedicationStatement,
}

/// Which medicine: in place, or as a resource of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medication<'a> {
    /// The medicine's code or name.
    Concept(CodeableConcept<'a>),
    /// The resource that describes it.
    Reference(Reference<'a>),
}

impl<'a> Medication<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let concept = concept(value, "medicationCodeableConcept").map(Self::Concept);
        concept.or_else(|| reference(value, "medicationReference").map(Self::Reference))
    }

    /// What to show.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        match self {
            Self::Concept(concept) => concept.display(),
            Self::Reference(reference) => reference.display(),
        }
    }
}

/// The words of each dosage.
fn dosage_texts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    value.items(member).iter().filter_map(|d| text(d, "text").or_else(|| text(d, "patientInstruction")))
}

impl<'a> MedicationRequest<'a> {
    /// `active`, `on-hold`, `cancelled`, `completed`, `entered-in-error`, `stopped`, `draft` or `unknown`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// `proposal`, `plan`, `order`, …
    #[must_use]
    pub fn intent(self) -> Option<&'a str> {
        text(self.0, "intent")
    }

    /// Which medicine.
    #[must_use]
    pub fn medication(self) -> Option<Medication<'a>> {
        Medication::of(self.0)
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

    /// When it was written.
    #[must_use]
    pub fn authored_on(self) -> Option<&'a str> {
        text(self.0, "authoredOn")
    }

    /// Who wrote it.
    #[must_use]
    pub fn requester(self) -> Option<Reference<'a>> {
        reference(self.0, "requester")
    }

    /// How to take it, in words.
    pub fn dosage_texts(self) -> impl Iterator<Item = &'a str> {
        dosage_texts(self.0, "dosageInstruction")
    }

    /// Acute, continuous, repeat dispensing.
    #[must_use]
    pub fn course_of_therapy(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "courseOfTherapyType")
    }

    /// Why.
    pub fn reasons(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "reasonCode")
    }

    /// The id that requests written together share.
    #[must_use]
    pub fn group_identifier(self) -> Option<super::Identifier<'a>> {
        self.0.get("groupIdentifier").map(super::Identifier)
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}

impl<'a> MedicationStatement<'a> {
    /// `active`, `completed`, `entered-in-error`, `intended`, `stopped`, `on-hold`, `unknown` or `not-taken`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// Which medicine.
    #[must_use]
    pub fn medication(self) -> Option<Medication<'a>> {
        Medication::of(self.0)
    }

    /// The patient.
    #[must_use]
    pub fn subject(self) -> Option<Reference<'a>> {
        reference(self.0, "subject")
    }

    /// When it is or was taken.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// When this was said.
    #[must_use]
    pub fn date_asserted(self) -> Option<&'a str> {
        text(self.0, "dateAsserted")
    }

    /// How it is taken, in words.
    pub fn dosage_texts(self) -> impl Iterator<Item = &'a str> {
        dosage_texts(self.0, "dosage")
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::build;

    #[test]
    fn reads_a_prescription() {
        let value = Value::object([
            ("resourceType", Value::from("MedicationRequest")),
            ("medicationReference", build::reference_named("Medication", "1", "Salbutamol")),
            ("dosageInstruction", Value::Array(vec![Value::object([("text", Value::from("Two puffs"))])])),
        ]);
        let request = MedicationRequest::of(&value).unwrap();
        assert_eq!(request.medication().unwrap().display(), Some("Salbutamol"));
        assert_eq!(request.dosage_texts().collect::<Vec<_>>(), ["Two puffs"]);
    }
}
