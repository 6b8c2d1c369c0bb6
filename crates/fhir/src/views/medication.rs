//! Medicines: asked for and taken (<https://hl7.org/fhir/R4/medicationrequest.html>,
//! <https://hl7.org/fhir/R4/medicationstatement.html>).

use super::datatypes::{CodeableConcept, Period, Reference};
use super::read::{concept, period, reference, text};
use super::{Resource, When};
use crate::json::Value;

/// A prescription, or the statement that a medicine is taken: the two say the same things, some under other names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MedicationEntry<'a>(pub &'a Value);

/// Which medicine: in place, or as a resource of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medication<'a> {
    /// The medicine's code or name.
    Concept(CodeableConcept<'a>),
    /// The resource that describes it.
    Reference(Reference<'a>),
}

impl<'a> Resource<'a> for MedicationEntry<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> MedicationEntry<'a> {
    /// `proposal`, `plan`, `order`, …
    #[must_use]
    pub fn intent(self) -> Option<&'a str> {
        text(self.0, "intent")
    }

    /// Whether it says that the medicine must not be given.
    #[must_use]
    pub fn do_not_perform(self) -> bool {
        self.0.get("doNotPerform").and_then(Value::as_bool) == Some(true)
    }

    /// Which medicine.
    #[must_use]
    pub fn medication(self) -> Option<Medication<'a>> {
        let concept = concept(self.0, "medicationCodeableConcept").map(Medication::Concept);
        concept.or_else(|| reference(self.0, "medicationReference").map(Medication::Reference))
    }

    /// The medicine's name, also that of a contained resource.
    #[must_use]
    pub fn medication_name(self) -> Option<&'a str> {
        match self.medication()? {
            Medication::Concept(concept) => concept.display(),
            Medication::Reference(reference) => {
                reference.display().or_else(|| self.contained(reference)?.code()?.display())
            }
        }
    }

    /// When a prescription was written.
    #[must_use]
    pub fn authored_on(self) -> Option<&'a str> {
        text(self.0, "authoredOn")
    }

    /// When the medicine is or was taken.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// When a statement was made.
    #[must_use]
    pub fn date_asserted(self) -> Option<&'a str> {
        text(self.0, "dateAsserted")
    }

    /// From when to when a prescription may be dispensed.
    #[must_use]
    pub fn validity_period(self) -> Option<Period<'a>> {
        period(self.0.get("dispenseRequest")?, "validityPeriod")
    }

    /// How to take it, in words.
    pub fn dosage_texts(self) -> impl Iterator<Item = &'a str> {
        let dosages = self.0.items("dosageInstruction").iter().chain(self.0.items("dosage"));
        dosages.filter_map(|one| text(one, "text").or_else(|| text(one, "patientInstruction")))
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
        let request = MedicationEntry(&value);
        assert_eq!(request.medication_name(), Some("Salbutamol"));
        assert_eq!(request.dosage_texts().collect::<Vec<_>>(), ["Two puffs"]);
    }
}
