//! A place (<https://hl7.org/fhir/R4/location.html>).

use super::Resource;
use super::datatypes::CodeableConcept;
use super::read::{code, concepts, reference, text};
use crate::json::Value;

/// A site, ward, bay or bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a>(pub &'a Value);

impl<'a> Resource<'a> for Location<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Location<'a> {
    /// The bed's state, HL7 v2 table 0116: occupied `O`, unoccupied `U`, housekeeping `H`, closed `C`, …
    #[must_use]
    pub fn operational_status(self) -> Option<&'a str> {
        text(self.0.get("operationalStatus")?, "code")
    }

    /// The physical kind's code: site `si`, building `bu`, ward `wa`, room `ro`, bed `bd`.
    #[must_use]
    pub fn physical_type(self) -> Option<&'a str> {
        code(self.0, "physicalType")
    }

    /// What happens there.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "type")
    }

    /// The id of the place it is in.
    #[must_use]
    pub fn part_of(self) -> Option<&'a str> {
        reference(self.0, "partOf")?.id_of("Location")
    }
}
