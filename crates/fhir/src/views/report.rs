//! A diagnostic report (<https://hl7.org/fhir/R4/diagnosticreport.html>).

use super::datatypes::Reference;
use super::read::{references, text};
use super::{Resource, When};
use crate::json::Value;

/// Results that were reported together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiagnosticReport<'a>(pub &'a Value);

impl<'a> Resource<'a> for DiagnosticReport<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> DiagnosticReport<'a> {
    /// When the results were true.
    #[must_use]
    pub fn effective(self) -> Option<When<'a>> {
        When::choice(self.0, "effective")
    }

    /// The observations in it.
    pub fn results(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "result")
    }

    /// The studies of images it is about.
    pub fn imaging_studies(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "imagingStudy")
    }

    /// The orders it answers.
    pub fn based_on(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "basedOn")
    }

    /// Who looked at the results and says what they come to.
    pub fn interpreters(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "resultsInterpreter")
    }

    /// What it comes to.
    #[must_use]
    pub fn conclusion(self) -> Option<&'a str> {
        text(self.0, "conclusion")
    }
}
