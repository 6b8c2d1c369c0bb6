//! A problem or diagnosis (<https://hl7.org/fhir/R4/condition.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, notes, reference};
use super::view::{resource_views, text};
use super::when::When;
use crate::systems;

resource_views! {
    /// A problem or diagnosis.
    Condition,
}

impl<'a> Condition<'a> {
    /// What it is.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// `active`, `recurrence`, `relapse`, `inactive`, `remission` or `resolved`.
    #[must_use]
    pub fn clinical_status(self) -> Option<&'a str> {
        concept(self.0, "clinicalStatus")?.code(systems::CONDITION_CLINICAL)
    }

    /// `unconfirmed`, `provisional`, `differential`, `confirmed`, `refuted` or `entered-in-error`.
    #[must_use]
    pub fn verification_status(self) -> Option<&'a str> {
        concept(self.0, "verificationStatus")?.code(systems::CONDITION_VERIFICATION)
    }

    /// Whether the patient has it now.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self.clinical_status(), Some("active" | "recurrence" | "relapse"))
    }

    /// Whether it was withdrawn: refuted or entered in error.
    #[must_use]
    pub fn is_withdrawn(self) -> bool {
        matches!(self.verification_status(), Some("refuted" | "entered-in-error"))
    }

    /// Problem list item, encounter diagnosis, …
    pub fn categories(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "category")
    }

    /// How severe.
    #[must_use]
    pub fn severity(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "severity")
    }

    /// The patient.
    #[must_use]
    pub fn subject(self) -> Option<Reference<'a>> {
        reference(self.0, "subject")
    }

    /// The stay in which it was recorded.
    #[must_use]
    pub fn encounter(self) -> Option<Reference<'a>> {
        reference(self.0, "encounter")
    }

    /// When it began.
    #[must_use]
    pub fn onset(self) -> Option<When<'a>> {
        When::choice(self.0, "onset")
    }

    /// When it ended.
    #[must_use]
    pub fn abatement(self) -> Option<When<'a>> {
        When::choice(self.0, "abatement")
    }

    /// When it was written down.
    #[must_use]
    pub fn recorded_date(self) -> Option<&'a str> {
        text(self.0, "recordedDate")
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}
