//! A vaccination (<https://hl7.org/fhir/R4/immunization.html>).

use super::datatypes::CodeableConcept;
use super::read::{concept, text};
use super::{Resource, When};
use crate::json::Value;

/// A vaccination, given or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Immunization<'a>(pub &'a Value);

impl<'a> Resource<'a> for Immunization<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Immunization<'a> {
    /// Which vaccine.
    #[must_use]
    pub fn vaccine_code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "vaccineCode")
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

    /// Why it was not given.
    #[must_use]
    pub fn status_reason(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "statusReason")
    }
}
