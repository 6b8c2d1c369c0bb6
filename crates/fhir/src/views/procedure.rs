//! Something done to a patient (<https://hl7.org/fhir/R4/procedure.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, notes, reference};
use super::view::{resource_views, text};
use super::when::When;

resource_views! {
    /// Something done to a patient.
    Procedure,
}

impl<'a> Procedure<'a> {
    /// `preparation`, `in-progress`, `not-done`, `on-hold`, `stopped`, `completed`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// What was done.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
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

    /// When it was done.
    #[must_use]
    pub fn performed(self) -> Option<When<'a>> {
        When::choice(self.0, "performed")
    }

    /// Who did it.
    pub fn performers(self) -> impl Iterator<Item = Reference<'a>> {
        self.0.items("performer").iter().filter_map(|p| reference(p, "actor"))
    }

    /// Why.
    pub fn reasons(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "reasonCode")
    }

    /// How it went.
    #[must_use]
    pub fn outcome(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "outcome")
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}
