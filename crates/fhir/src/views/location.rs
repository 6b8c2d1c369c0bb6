//! A place (<https://hl7.org/fhir/R4/location.html>).

use super::datatypes::{CodeableConcept, Reference, concept, reference};
use super::view::{resource_views, text, texts};
use crate::systems;

resource_views! {
    /// A site, ward, bay or bed.
    Location,
}

impl<'a> Location<'a> {
    /// Its name.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        text(self.0, "name")
    }

    /// Other names.
    pub fn aliases(self) -> impl Iterator<Item = &'a str> {
        texts(self.0, "alias")
    }

    /// `active`, `suspended` or `inactive`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// The bed's state, HL7 v2 table 0116: occupied `O`, unoccupied `U`, housekeeping `H`, closed `C`, …
    #[must_use]
    pub fn operational_status(self) -> Option<&'a str> {
        text(self.0.get("operationalStatus")?, "code")
    }

    /// The physical kind's code: site `si`, building `bu`, ward `wa`, room `ro`, bed `bd`.
    #[must_use]
    pub fn physical_type(self) -> Option<&'a str> {
        concept(self.0, "physicalType")?.code(systems::LOCATION_PHYSICAL_TYPE)
    }

    /// What happens there.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        super::datatypes::concepts(self.0, "type")
    }

    /// The place it is in.
    #[must_use]
    pub fn part_of(self) -> Option<Reference<'a>> {
        reference(self.0, "partOf")
    }

    /// The organisation that runs it.
    #[must_use]
    pub fn managing_organization(self) -> Option<Reference<'a>> {
        reference(self.0, "managingOrganization")
    }
}
