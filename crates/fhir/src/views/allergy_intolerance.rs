//! An allergy or intolerance (<https://hl7.org/fhir/R4/allergyintolerance.html>).

use super::datatypes::CodeableConcept;
use super::read::{code, concept, concepts, text};
use super::{Resource, When};
use crate::json::Value;

/// A substance that harms the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllergyIntolerance<'a>(pub &'a Value);

/// What happened on exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reaction<'a>(pub &'a Value);

impl<'a> Resource<'a> for AllergyIntolerance<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> AllergyIntolerance<'a> {
    /// `active`, `inactive` or `resolved`.
    #[must_use]
    pub fn clinical_status(self) -> Option<&'a str> {
        code(self.0, "clinicalStatus")
    }

    /// `unconfirmed`, `confirmed`, `refuted` or `entered-in-error`.
    #[must_use]
    pub fn verification_status(self) -> Option<&'a str> {
        code(self.0, "verificationStatus")
    }

    /// `low`, `high` or `unable-to-assess`.
    #[must_use]
    pub fn criticality(self) -> Option<&'a str> {
        text(self.0, "criticality")
    }

    /// When it began.
    #[must_use]
    pub fn onset(self) -> Option<When<'a>> {
        When::choice(self.0, "onset")
    }

    /// What happened on exposure.
    pub fn reactions(self) -> impl Iterator<Item = Reaction<'a>> {
        self.0.items("reaction").iter().map(Reaction)
    }
}

impl<'a> Reaction<'a> {
    /// The substance of this reaction.
    #[must_use]
    pub fn substance(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "substance")
    }

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
