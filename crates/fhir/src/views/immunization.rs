//! A vaccination (<https://hl7.org/fhir/R4/immunization.html>).

use super::datatypes::{CodeableConcept, Reference, concept, notes, reference};
use super::quantity::Quantity;
use super::view::{resource_views, text};
use super::when::When;

resource_views! {
    /// A vaccination, given or not.
    Immunization,
}

impl<'a> Immunization<'a> {
    /// `completed`, `entered-in-error` or `not-done`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// Which vaccine.
    #[must_use]
    pub fn vaccine_code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "vaccineCode")
    }

    /// The patient.
    #[must_use]
    pub fn patient(self) -> Option<Reference<'a>> {
        reference(self.0, "patient")
    }

    /// When it was given.
    #[must_use]
    pub fn occurrence(self) -> Option<When<'a>> {
        When::choice(self.0, "occurrence")
    }

    /// The batch.
    #[must_use]
    pub fn lot_number(self) -> Option<&'a str> {
        text(self.0, "lotNumber")
    }

    /// Where in the body.
    #[must_use]
    pub fn site(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "site")
    }

    /// How much.
    #[must_use]
    pub fn dose_quantity(self) -> Option<Quantity<'a>> {
        self.0.get("doseQuantity").map(Quantity)
    }

    /// Why it was not given.
    #[must_use]
    pub fn status_reason(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "statusReason")
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}
