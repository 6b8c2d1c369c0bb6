//! A diagnostic report (<https://hl7.org/fhir/R4/diagnosticreport.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, reference, references};
use super::view::{resource_views, text};
use super::when::When;

resource_views! {
    /// Results that were reported together.
    DiagnosticReport,
}

impl<'a> DiagnosticReport<'a> {
    /// `registered`, `partial`, `preliminary`, `final`, `amended`, `corrected`, `cancelled`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// What was reported on.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// The service's department.
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

    /// When the results were true.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// When it was made available.
    #[must_use]
    pub fn issued(self) -> Option<&'a str> {
        text(self.0, "issued")
    }

    /// The observations in it.
    pub fn results(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "result")
    }

    /// The order it answers.
    pub fn based_on(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "basedOn")
    }

    /// Who answers for it.
    pub fn performers(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "performer")
    }

    /// What it comes to.
    #[must_use]
    pub fn conclusion(self) -> Option<&'a str> {
        text(self.0, "conclusion")
    }
}
