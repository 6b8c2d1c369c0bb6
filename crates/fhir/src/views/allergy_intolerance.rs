//! An allergy or intolerance (<https://hl7.org/fhir/R4/allergyintolerance.html>).

use super::datatypes::{CodeableConcept, Reference, concept, concepts, notes, reference};
use super::view::{resource_views, text, texts, views};
use super::when::When;
use crate::systems;

resource_views! {
    /// A substance that harms the patient.
    AllergyIntolerance,
}

views! {
    /// What happened on exposure.
    Reaction,
}

impl<'a> AllergyIntolerance<'a> {
    /// The substance, or the statement that there is none.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// `active`, `inactive` or `resolved`.
    #[must_use]
    pub fn clinical_status(self) -> Option<&'a str> {
        concept(self.0, "clinicalStatus")?.code(systems::ALLERGY_CLINICAL)
    }

    /// `unconfirmed`, `confirmed`, `refuted` or `entered-in-error`.
    #[must_use]
    pub fn verification_status(self) -> Option<&'a str> {
        concept(self.0, "verificationStatus")?.code(systems::ALLERGY_VERIFICATION)
    }

    /// Whether it must be shown as a present danger: not withdrawn, and not said to be over.
    #[must_use]
    pub fn is_active(self) -> bool {
        !matches!(self.verification_status(), Some("refuted" | "entered-in-error"))
            && !matches!(self.clinical_status(), Some("inactive" | "resolved"))
    }

    /// `low`, `high` or `unable-to-assess`.
    #[must_use]
    pub fn criticality(self) -> Option<&'a str> {
        text(self.0, "criticality")
    }

    /// `food`, `medication`, `environment`, `biologic`.
    pub fn categories(self) -> impl Iterator<Item = &'a str> {
        texts(self.0, "category")
    }

    /// The patient.
    #[must_use]
    pub fn patient(self) -> Option<Reference<'a>> {
        reference(self.0, "patient")
    }

    /// When it began.
    #[must_use]
    pub fn onset(self) -> Option<When<'a>> {
        When::choice(self.0, "onset")
    }

    /// When it was written down.
    #[must_use]
    pub fn recorded_date(self) -> Option<&'a str> {
        text(self.0, "recordedDate")
    }

    /// What happened on exposure.
    pub fn reactions(self) -> impl Iterator<Item = Reaction<'a>> {
        self.0.items("reaction").iter().map(Reaction)
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}

impl<'a> Reaction<'a> {
    /// Signs and symptoms.
    pub fn manifestations(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "manifestation")
    }

    /// `mild`, `moderate` or `severe`.
    #[must_use]
    pub fn severity(self) -> Option<&'a str> {
        text(self.0, "severity")
    }
}
