//! A problem or diagnosis (<https://hl7.org/fhir/R4/condition.html>).

use super::read::code;
use super::{Resource, When};
use crate::json::Value;

/// A problem or diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition<'a>(pub &'a Value);

impl<'a> Resource<'a> for Condition<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Condition<'a> {
    /// `active`, `recurrence`, `relapse`, `inactive`, `remission` or `resolved`.
    #[must_use]
    pub fn clinical_status(self) -> Option<&'a str> {
        code(self.0, "clinicalStatus")
    }

    /// `unconfirmed`, `provisional`, `differential`, `confirmed`, `refuted` or `entered-in-error`.
    #[must_use]
    pub fn verification_status(self) -> Option<&'a str> {
        code(self.0, "verificationStatus")
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
}
